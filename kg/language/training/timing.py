"""Fits the weights of `kg.facts.timing`: which times are the starts and ends of rows, from documents with gold."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from spacy.language import Language

from kg import annotate
from kg.documents import read_corpus
from kg.evaluate import dates_of
from kg.facts import settled
from kg.facts.times import TimeExpression
from kg.facts.timing import PARTS, described
from kg.language import load
from kg.language.components import TIMING
from kg.language.training.decision import rows_of
from kg.reference import Reference

#: Times near rows that have a property, from which it gets a weight.
_OFTEN = 8
#: What a right weight may cost against its use: with less, few properties keep one (an L1 penalty).
_COST = 0.3

Example = tuple[dict[str, float], str | None]


def fit(model: Path, folders: Iterable[Path]) -> None:
    """Write the weights into a model's folder; each of ``folders`` holds ``texts/`` (with ``metadata.csv``) and ``gold/``."""
    weights = model / "kg_encoder" / TIMING
    weights.unlink(missing_ok=True)
    nlp = load(model)
    found = fitted([example for folder in folders for example in examples(nlp, folder)])
    with weights.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("property", "weight"))
        writer.writerows((name, f"{weight:.4f}") for name, weight in sorted(found.items()))


def fitted(examples: Sequence[Example]) -> dict[str, float]:
    """The weights that are not nought, by "start" or "end" and the property."""
    often = Counter(name for properties, _ in examples for name in properties)
    vectors = DictVectorizer(sort=True)
    table = vectors.fit_transform([{n: v for n, v in properties.items() if often[n] >= _OFTEN} for properties, _ in examples])
    table.indices, table.indptr = table.indices.astype(np.int32), table.indptr.astype(np.int32)  # liblinear takes no others
    weights: dict[str, float] = {}
    for part in PARTS:
        model = LogisticRegression(l1_ratio=1.0, solver="liblinear", C=_COST, fit_intercept=False, max_iter=300, random_state=0)
        model.fit(table, [kind == part for _, kind in examples])
        weights |= {f"{part}: {n}": float(w) for n, w in zip(vectors.feature_names_, model.coef_[0], strict=True) if abs(w) >= 5e-5}
    return weights


def examples(nlp: Language, folder: Path) -> Iterator[Example]:
    """(properties of a time near a row, what it is to the row) for every row that the gold has.

    Documents to whose facts the gold gives no dates at all are left out, as nobody looked for them there.
    """
    reference = Reference.load()
    for document in sorted(read_corpus([folder / "texts"]).documents, key=lambda d: d.id):
        gold = json.loads((folder / "gold" / f"{document.id}.json").read_text(encoding="utf-8"))
        if not any(row.get(part) for row in gold["facts"] for part in PARTS):
            continue
        context = annotate.contextualise(nlp, document, reference)
        rows = settled(context)
        for (_, times), dates in zip(described(context, rows), dates_of(gold, *rows_of(context, rows)), strict=True):
            if dates is not None:
                yield from _labelled(times, dates)


def _labelled(
    times: Sequence[tuple[TimeExpression, dict[str, float]]], dates: tuple[str | None, str | None]
) -> Iterator[Example]:
    """The times that are a row's start, its end or neither; what is named twice is left out where it stands further off or less exactly."""
    kinds: dict[int, str | None] = dict.fromkeys(range(len(times)))
    for part, date in zip(PARTS, dates, strict=True):
        like = [k for k, (item, _) in enumerate(times) if date and (item.value.startswith(date) or date.startswith(item.value))]
        exact = [k for k in like if times[k][0].value == date] or like
        chosen = [k for k in exact if "inside" in times[k][1]] or exact
        for k in like:
            if k in chosen:
                kinds[k] = part
            elif kinds.get(k) is None:
                kinds.pop(k, None)
    yield from ((times[k][1], kind) for k, kind in kinds.items())

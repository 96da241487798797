"""Fits the weights of `kg.facts.decision`: how sure a row is, from documents with gold that the network was not trained on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from spacy.language import Language

from kg import annotate
from kg.documents import read_corpus
from kg.evaluate import Row, verdicts
from kg.facts import candidates
from kg.facts.context import Context
from kg.facts.decision import described
from kg.language import load
from kg.language.components import DECISION
from kg.model import LITERAL, Fact
from kg.reference import Reference


def fit(model: Path, folders: Iterable[Path]) -> None:
    """Write the weights into a model's folder; each of ``folders`` holds ``texts/`` (with ``metadata.csv``) and ``gold/``."""
    weights = model / "kg_encoder" / DECISION
    weights.unlink(missing_ok=True)
    nlp = load(model)
    rows = [row for folder in folders for row in examples(nlp, folder)]
    vectors = DictVectorizer(sort=True)
    table = vectors.fit_transform([properties for properties, _ in rows])
    fitted = LogisticRegression(C=0.1, fit_intercept=False, max_iter=2000).fit(table, [right for _, right in rows])
    lines = [f"{name},{weight:.4f}\n" for name, weight in zip(vectors.feature_names_, fitted.coef_[0], strict=True)]
    weights.write_text("property,weight\n" + "".join(lines), encoding="utf-8")


def examples(nlp: Language, folder: Path) -> Iterator[tuple[dict[str, float], bool]]:
    """(properties of a row, whether it is right) for every candidate row that the gold does not leave open."""
    reference = Reference.load()
    for document in sorted(read_corpus([folder / "texts"]).documents, key=lambda d: d.id):
        context = annotate.contextualise(nlp, document, reference)
        found = list(described(context, *candidates(context)))
        gold = json.loads((folder / "gold" / f"{document.id}.json").read_text(encoding="utf-8"))
        for (_, properties), right in zip(found, verdicts(gold, *rows_of(context, [f for f, _ in found])), strict=True):
            if right is not None:
                yield properties, right


def rows_of(context: Context, facts: Iterable[Fact]) -> tuple[list[Row], list[Row]]:
    """A document's entities, and its facts, as `kg.evaluate` takes them."""
    entities: list[Row] = [{"id": str(i), "type": c.type, "name": c.name, "names": c.names} for i, c in enumerate(context.chains)]
    return entities, [
        {
            "subject": entities[f.subject],
            "predicate": f.predicate,
            "object": {"type": LITERAL, "name": f.object, "names": [f.object]} if isinstance(f.object, str) else entities[f.object],
            "status": f.status,
        }
        for f in facts
    ]

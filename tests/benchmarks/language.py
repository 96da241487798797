"""How well the shipped pipeline reads treebank test sets from raw text: words, sentences, trees, names, coreference.

    python -m tests.benchmarks.language DATA      (DATA holds gum/ and ud-ewt/ as the model card names them)

Raw text is put together from the treebank's words, spaces and paragraphs, and only what lies at the same characters counts, as in
the CoNLL 2018 shared task. Coreference is scored as CoNLL 2012 does: the mean F1 of MUC (Vilain et al. 1995), B³ (Bagga & Baldwin
1998) and CEAF-e (Luo 2005), over predicted mentions. Names: PERSON, ORG and PLACE, exact bounds.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from spacy.tokens import Doc, Token

from kg import language
from kg.annotate import antecedents, encoder_of
from kg.language.components import WINDOWS
from kg.language.training import treebanks
from kg.language.training.treebanks import NOMINAL, Sentence, raw
from tests.clusters import Clusters, b_cubed, ceaf_e, muc

Span = tuple[int, int]
#: Which of the three kinds of name each of ours counts as.
_KINDS = {
    "Person": "Person", "Place": "Place", "Organisation": "Organisation", "PoliceForce": "Organisation",
    "OversightBody": "Organisation", "Unit": "Organisation", "Court": "Organisation",
}  # fmt: skip


def gold_rows(document: Sequence[Sentence], offsets: list[list[Span]]) -> Iterator[tuple[str, object]]:
    """(what is counted, row) for words, sentences, trees and names."""
    for sentence, spans in zip(document, offsets, strict=True):
        yield "sentences", (spans[0][0], spans[-1][1])
        for i, span in enumerate(spans):
            head = spans[sentence.heads[i] - 1] if sentence.heads[i] else None
            yield "words", span
            yield "tags", (span, sentence.upos[i])
            yield "lemmas", (span, sentence.lemmas[i])
            yield "UAS", (span, head)
            yield "LAS", (span, head, sentence.deps[i])
        for start, end, kind in sentence.names or ():
            yield "names", (spans[start][0], spans[end - 1][1], kind)


def read_rows(doc: Doc, named: bool) -> Iterator[tuple[str, object]]:
    """The same of a pipeline's document."""
    place = lambda t: (t.idx, t.idx + len(t))  # noqa: E731
    for sentence in doc.sents:
        words = [t for t in sentence if not t.is_space]
        if words:
            yield "sentences", (words[0].idx, place(words[-1])[1])
        for t in words:
            head = None if t.head == t else place(t.head)
            yield "words", place(t)
            yield "tags", (place(t), t.pos_)
            yield "lemmas", (place(t), t.lemma_)
            yield "UAS", (place(t), head)
            yield "LAS", (place(t), head, "root" if head is None else t.dep_)
    for ent in doc.ents if named else ():
        if ent.label_ in _KINDS:
            yield "names", (ent.start_char, ent.end_char, _KINDS[ent.label_])


def gold_clusters(document: Sequence[Sentence], offsets: list[list[Span]]) -> list[list[Span]]:
    """Coreference clusters of OntoGUM as spans of characters; clusters of one mention are none."""
    found: dict[str, list[Span]] = {}
    for sentence, spans in zip(document, offsets, strict=True):
        for start, end, name in sentence.mentions:
            found.setdefault(name, []).append((spans[start][0], spans[end - 1][1]))
    return [sorted(set(c)) for c in found.values() if len(set(c)) > 1]


def read_clusters(nlp: language.Language, doc: Doc) -> list[list[Span]]:
    """Every nominal word to the earlier one that the network prefers to none; mentions are the words' noun phrases."""
    network = encoder_of(nlp)
    assert network is not None
    cache: dict[int, object] = {}
    home: dict[int, int] = {}
    heads = [t for t in doc if t.pos_ in NOMINAL]
    for k, t in enumerate(heads):
        window = next((s for s in doc.user_data[WINDOWS] if s[0] <= t.i < s[1]), None)
        earlier = [h.i for h in heads[:k] if window and h.i >= window[0]]
        if not earlier:
            continue
        scores = antecedents(network, doc, cache, t.i, earlier)
        best = int(scores.argmax())
        if scores[best] > 0:
            home[t.i] = earlier[best]
    clusters: dict[int, list[int]] = {}
    for t in heads:
        top = t.i
        while top in home:
            top = home[top]
        clusters.setdefault(top, []).append(t.i)
    _join_names(doc, clusters)
    return [sorted({_phrase(doc[i]) for i in c}) for c in clusters.values() if len({_phrase(doc[i]) for i in c}) > 1]


def _join_names(doc: Doc, clusters: dict[int, list[int]]) -> None:
    """Clusters whose names are the same words are one, however far apart (windows end)."""
    first: dict[str, int] = {}
    for top in sorted(clusters):
        if doc[top].pos_ != "PROPN":
            continue
        name = doc[top].text
        if name in first:
            clusters[first[name]] += clusters.pop(top)
        else:
            first[name] = top


def _phrase(token: Token) -> Span:
    """The noun phrase a word heads, without what is joined to it."""
    inside = [token]
    for child in token.children:
        if child.dep_ not in {"conj", "cc", "parataxis", "punct", "discourse", "case", "cop", "mark", "nsubj", "advcl", "aux", "dep"}:
            inside += [t for t in child.subtree if not t.is_space]
    first, last = min(inside), max(inside)
    return first.idx, last.idx + len(last)


def f1(gold: Counter[object], found: Counter[object]) -> float:
    """F1 in per cent of rows counted as often as they stand."""
    return 200 * sum((gold & found).values()) / max(1, gold.total() + found.total())


def trees(nlp: language.Language, documents: Iterable[Sequence[Sentence]], named: bool) -> dict[str, float]:
    """F1 of everything counted, over all documents."""
    gold: dict[str, Counter[object]] = {}
    found: dict[str, Counter[object]] = {}
    for number, document in enumerate(documents):
        text, offsets = raw(document)
        for rows, table in ((gold_rows(document, offsets), gold), (read_rows(nlp(text), named), found)):
            for kind, row in rows:
                table.setdefault(kind, Counter())[number, row] += 1
    return {kind: f1(gold[kind], found.get(kind, Counter())) for kind in gold}


def coreference(nlp: language.Language, documents: Iterable[Sequence[Sentence]]) -> dict[str, float]:
    """MUC, B³, CEAF-e and their mean, F1 in per cent over all documents."""
    pairs: list[tuple[Clusters, Clusters]] = []
    for document in documents:
        text, offsets = raw(document)
        pairs.append((gold_clusters(document, offsets), read_clusters(nlp, nlp(text))))
    out = {}
    for name, metric in (("MUC", muc), ("B³", b_cubed), ("CEAF-e", ceaf_e)):
        recall = np.sum([metric(gold, found) for gold, found in pairs], axis=0)
        precision = np.sum([metric(found, gold) for gold, found in pairs], axis=0)
        p, r = precision[0] / max(precision[1], 1), recall[0] / max(recall[1], 1)
        out[name] = 200 * p * r / max(p + r, 1e-9)
    return out | {"CoNLL": sum(out.values()) / 3}


def main(data: Path, model: str | None = None) -> None:
    """Print the tables."""
    nlp = language.load(model)
    gum = treebanks.gum(data / "gum", "test")
    news = [d for d in gum if d[0].source.startswith(("GUM_news", "GUM_interview"))]
    ewt = treebanks.ewt(data / "ud-ewt", "test")
    sets = {"GUM test": (gum, True), "GUM test, news and interview": (news, True), "EWT test": (ewt, False)}
    columns = ("words", "sentences", "tags", "lemmas", "UAS", "LAS", "names")
    print("Raw text, F1 in per cent\n\n|  | " + " | ".join(columns) + " |\n|---|" + "--:|" * len(columns))
    for name, (documents, named) in sets.items():
        row = trees(nlp, documents, named)
        print(f"| {name} | " + " | ".join(f"{row[c]:.1f}" if c in row else "" for c in columns) + " |")
    score = coreference(nlp, gum)
    print("\nCoreference, OntoGUM test: " + ", ".join(f"{k} {v:.1f}" for k, v in score.items()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])

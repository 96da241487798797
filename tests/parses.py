"""Sentences with the trees a parser gave them, frozen in `tests/cases/*.tsv`, so that tests of the rules need no model.

A word is written ``text/UPOS/tag/head/relation``, with ``~`` after it where no space follows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import spacy
from spacy.tokens import Doc

from kg.facts.context import Context
from kg.model import Chain, Document, Mention
from kg.reference import Reference

CASES = Path(__file__).parent / "cases"
_VOCAB = spacy.blank("en").vocab
#: every name of the cases with its type
NAMES = {
    "Ann Cole": "Person", "Bob Dale": "Person", "Essex Police": "PoliceForce", "Leeds Crown Court": "Court",
    "Independent Office for Police Conduct": "OversightBody", "Halloran Review": "Review",
    "murder": "Offence", "theft": "Offence", "fraud": "Offence", "rape": "Offence", "manslaughter": "Offence", "robbery": "Offence",
    "Gross misconduct": "Offence",
}  # fmt: skip


def rows(name: str) -> Iterator[list[str]]:
    """The rows of a file of cases."""
    with (CASES / f"{name}.tsv").open(encoding="utf-8", newline="") as stream:
        yield from csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)


def parsed(frozen: str) -> Doc:
    """The document of a frozen sentence."""
    words = [item.removesuffix("~").rsplit("/", 4) for item in frozen.split(" ")]
    return Doc(
        _VOCAB,
        words=[w[0] for w in words],
        spaces=[not item.endswith("~") for item in frozen.split(" ")],
        pos=[w[1] for w in words],
        tags=[w[2] for w in words],
        heads=[int(w[3]) for w in words],
        deps=[w[4] for w in words],
        lemmas=[w[0].lower() for w in words],
    )


def context(doc: Doc, date: str | None = "2024-05-14") -> Context:
    """The sentence as extractors see it: every known name is a chain."""
    chains = []
    for name, kind in NAMES.items():
        at = doc.text.find(name)
        if at >= 0:
            chains.append(Chain(kind, name, (Mention(at, at + len(name), name, kind),)))
    return Context(Document("case", doc.text, date=date), doc, tuple(chains), None, Reference.load())

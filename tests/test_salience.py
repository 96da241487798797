"""Whom a pronoun means: properties of the candidates, and the choice among them."""

from __future__ import annotations

import spacy
from spacy.tokens import Doc

from kg.salience import Candidate, chosen, describe, paragraphs

ANN, EVE = 0, 1


def parsed() -> tuple[Doc, list[int]]:
    """ "Ann met Eve." and, in a paragraph of its own, "Eve spoke. She left." """
    words = ["Ann", "met", "Eve", ".", "\n\n", "Eve", "spoke", ".", "She", "left", "."]
    doc = Doc(
        spacy.blank("en").vocab,
        words=words,
        spaces=[True, True, False, False, False, True, False, True, True, False, False],
        deps=["nsubj", "ROOT", "obj", "punct", "dep", "nsubj", "ROOT", "punct", "nsubj", "ROOT", "punct"],
        heads=[1, 1, 1, 1, 1, 6, 6, 6, 9, 9, 9],
        pos=["PROPN", "VERB", "PROPN", "PUNCT", "SPACE", "PROPN", "VERB", "PUNCT", "PRON", "VERB", "PUNCT"],
    )
    return doc, [0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_where_each_was_last_mentioned() -> None:
    doc, sentences = parsed()
    candidates = {ANN: Candidate([0], [0.5], 1, False), EVE: Candidate([2, 5], [0.1, 0.2], 2, True)}
    found = describe(doc, sentences, paragraphs(doc)[8], 8, candidates)
    assert found[EVE]["same paragraph"] == found[EVE]["alone in the paragraph"] == 1.0
    assert found[EVE]["subject of the sentence before"] == found[EVE]["opens the sentence before"] == found[EVE]["nearest"] == 1.0
    assert found[ANN]["same paragraph"] == found[ANN]["nearest"] == found[ANN]["sentence before"] == 0.0
    assert found[ANN]["second nearest"] == 1.0
    assert found[EVE]["gender"] == 1.0 and found[ANN]["gender"] == 0.0


def test_the_most_salient_is_meant() -> None:
    assert chosen({"nearest": 2.0}, {ANN: {"nearest": 0.0}, EVE: {"nearest": 1.0}}) == EVE


def test_nobody_is_meant_where_three_are_alike() -> None:
    assert chosen({"nearest": 2.0}, {k: {"nearest": 1.0} for k in range(3)}) is None


def test_nobody_is_meant_where_there_is_nobody() -> None:
    assert chosen({"nearest": 2.0}, {}) is None

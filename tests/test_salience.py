"""Whom or what a pronoun means: properties of the candidates, and the choice among them."""

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
    candidates = {ANN: Candidate([0], [0.5], 1, "Person"), EVE: Candidate([2, 5], [0.1, 0.2], 2, "Person", agrees=True)}
    found = describe(doc, sentences, paragraphs(doc)[8], 8, candidates)
    assert found[EVE]["he same paragraph"] == found[EVE]["he alone in the paragraph"] == 1.0
    assert found[EVE]["he subject of the sentence before"] == found[EVE]["he opens the sentence before"] == found[EVE]["he nearest"] == 1.0
    assert found[ANN]["he same paragraph"] == found[ANN]["he nearest"] == found[ANN]["he sentence before"] == 0.0
    assert found[ANN]["he second nearest"] == 1.0
    assert found[EVE]["he gender"] == 1.0 and found[ANN]["he gender"] == 0.0


def test_what_is_no_person_is_known_by_its_type_and_the_place_of_the_pronoun() -> None:
    words = ["Kent", "ordered", "a", "review", ".", "It", "was", "published", "."]
    doc = Doc(
        spacy.blank("en").vocab,
        words=words,
        deps=["nsubj", "ROOT", "det", "obj", "punct", "nsubj:pass", "aux:pass", "ROOT", "punct"],
        heads=[1, 1, 3, 1, 1, 7, 7, 7, 7],
        pos=["PROPN", "VERB", "DET", "NOUN", "PUNCT", "PRON", "AUX", "VERB", "PUNCT"],
    )
    candidates = {0: Candidate([0], [0.1], 1, "PoliceForce"), 1: Candidate([3], [0.1], 1, "Review")}
    found = describe(doc, [0, 0, 0, 0, 0, 1, 1, 1, 1], -1, 5, candidates)
    assert found[1]["it Review"] == found[1]["it Review as nsubj:pass"] == found[1]["it nearest"] == 1.0
    assert found[0]["it PoliceForce as nsubj:pass"] == found[0]["it subject of the sentence before"] == 1.0
    assert "it gender" not in found[0] and "it Review" not in found[0]


def test_more_is_asked_of_they_than_of_it() -> None:
    found = {ANN: {"nearest": 1.0}, EVE: {"nearest": 0.0}}
    assert chosen({"nearest": 1.0}, found, "it") == ANN
    assert chosen({"nearest": 1.0}, found, "they") is None


def test_the_most_salient_is_meant() -> None:
    assert chosen({"nearest": 2.0}, {ANN: {"nearest": 0.0}, EVE: {"nearest": 1.0}}) == EVE


def test_nobody_is_meant_where_three_are_alike() -> None:
    assert chosen({"nearest": 2.0}, {k: {"nearest": 1.0} for k in range(3)}) is None


def test_nobody_is_meant_where_there_is_nobody() -> None:
    assert chosen({"nearest": 2.0}, {}) is None

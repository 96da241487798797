"""Negation, modals, reports, charges, conditions and questions, on frozen trees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parses import context, parsed, rows

from kg.facts.status import compose, status_of
from kg.facts.words import base
from kg.model import STATUSES

CASES = [(row[0], row[1], int(row[2]), row[3]) for row in rows("status")]


def test_the_cases_are_there() -> None:
    assert len(CASES) >= 75
    assert {case[0] for case in CASES} == set(STATUSES)


@pytest.mark.parametrize(("expected", "predicate", "trigger", "frozen"), CASES, ids=lambda value: str(value)[:0] or None)
def test_status(expected: str, predicate: str, trigger: int, frozen: str) -> None:
    doc = parsed(frozen)
    assert status_of(context(doc), doc[trigger], predicate or None) == expected, doc.text


@given(st.sampled_from(STATUSES), st.sampled_from(STATUSES))
def test_nothing_said_under_another_status_becomes_asserted(inner: str, outer: str) -> None:
    composed = compose(inner, outer)
    assert composed in STATUSES
    assert (composed == "asserted") == (inner == outer == "asserted")


@given(st.sampled_from(STATUSES))
def test_a_condition_over_anything_is_hypothetical(inner: str) -> None:
    assert compose(inner, "hypothetical") == "hypothetical"


@pytest.mark.parametrize(
    ("word", "expected"), [("acquitted", "acquit"), ("denies", "deny"), ("quashed", "quash"), ("sought", "seek"), ("inquiries", "inquiry")]
)
def test_dictionary_forms_do_not_hang_on_the_lemmatiser(word: str, expected: str) -> None:
    doc = parsed(f"{word}/VERB/VBD/0/ROOT")
    assert base(doc[0]) == expected

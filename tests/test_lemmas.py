"""Lemmas as edit rules: what is learned from a treebank is what is applied to a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language.lemmas import apply, rule

WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs")), min_size=1, max_size=14)


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("dismissed", "dismiss"), ("Officers", "officer"), ("officers", "officer"), ("said", "say"), ("is", "be"), ("was", "be"),
        ("charged", "charge"), ("police", "police"), ("London", "London"), ("IOPC", "IOPC"), ("PC", "PC"), ("'s", "be"), ("n't", "not"),
        ("Met", "Met"), ("I", "I"), ("its", "its"), ("£4m", "£4m"),
    ],
)  # fmt: skip
def test_a_rule_gives_back_the_lemma_it_was_made_from(form: str, lemma: str) -> None:
    assert apply(rule(form, lemma), form) == lemma


@given(WORDS, st.integers(1, 14), st.text(max_size=6))
def test_a_rule_gives_back_every_lemma_that_begins_as_the_form_does(form: str, kept: int, ending: str) -> None:
    for base in (form, form.lower()):
        lemma = base[:kept] + ending
        assert apply(rule(form, lemma), form) == lemma


@given(WORDS, WORDS)
def test_where_nothing_is_shared_the_rule_keeps_the_word_rather_than_inventing_one(form: str, lemma: str) -> None:
    assert apply(rule(form, lemma), form) in {lemma, form.lower()}


@given(WORDS, st.sampled_from(["l|0|", "w|0|", "l|1|", "l|2|e", "w|3|y", "l|9|ing", "l|1||", "w|2||a|"]))
def test_a_rule_applied_to_a_word_it_was_not_made_for_still_gives_a_word(form: str, rule_: str) -> None:
    assert apply(rule_, form)


def test_one_rule_serves_many_words() -> None:
    assert rule("accused", "accuse") == rule("Charged", "charge") == "l|1|"
    assert apply("l|1|", "Charged") == "charge"

"""Posts that are still to be taken up are proposed, by whatever sentence says so; those that somebody holds stay as they are."""

from __future__ import annotations

import pytest
from trees import chain, context_of

from kg.facts.ahead import ahead
from kg.facts.context import Context
from kg.model import Fact

COLE, KENT = range(2)
#: One sentence of the choice, and one of the beginning, in which "She" is the subject of the verb.
TREE = (
    "PROPN:nsubj:pass:2 AUX:aux:pass:2 VERB:ROOT:2 NOUN:xcomp:2 NOUN:flat:3 ADP:case:6 PROPN:nmod:3 PUNCT:punct:2 "
    "PRON:nsubj:9 VERB:ROOT:9 ADP:case:11 PROPN:obl:9 PUNCT:punct:9"
)
CHOSEN = "Cole was {} chief constable of Kent."


def text_of(word: str, forward: str) -> str:
    return f"{CHOSEN.format(word)} She {forward}."


def context(text: str, tree: str | None = TREE, date: str | None = "2024-03-01") -> Context:
    chains = chain(text, "Person", "Cole", *([("She", "pronoun")] if "She" in text else [])), chain(text, "PoliceForce", "Kent")
    return context_of(text, *([tree] if tree else []), chains=chains, date=date)


def statuses(found: Context, *predicates: str) -> dict[str, str]:
    """The predicate and status of each row that is left of asserted ones with the document's first sentence as evidence."""
    end = found.document.text.index(".") + 1
    rows = [
        Fact(predicate, COLE, "chief constable" if predicate == "holdsRole" else KENT, "asserted", (0, end), "test", 0.9)
        for predicate in predicates or ("headOf", "holdsRole", "memberOf")
    ]
    return {fact.predicate: fact.status for fact in ahead(found, rows)}


ALL_HELD = {"headOf": "asserted", "holdsRole": "asserted", "memberOf": "asserted"}
ALL_AHEAD = {"headOf": "proposed", "holdsRole": "proposed"}


@pytest.mark.parametrize(
    ("word", "forward", "expected"),
    [
        ("appointed", "starts in May", ALL_AHEAD),
        ("appointed", "started in May", ALL_HELD),
        ("appointed", "starts in 2020", ALL_HELD),  # before the document's day: a tale in the present tense
        ("acting", "starts in May", ALL_HELD),
    ],
)
def test_what_somebody_was_chosen_for_is_proposed_until_they_begin(word: str, forward: str, expected: dict[str, str]) -> None:
    assert statuses(context(text_of(word, forward))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The new chief constable of Kent is Cole, who will be sworn in next week.", ALL_AHEAD),
        ("The new chief constable of Kent is Cole, who will take charge of the inquiry.", ALL_HELD),
        ("Chief constable of Kent Cole, who will be sworn in again, won an award.", ALL_HELD),  # nobody is told to have chosen her for it
        ("The new chief constable of Kent is Cole, re-elected, who will be sworn in.", ALL_HELD),
    ],
)
def test_the_name_before_a_relative_clause_is_who_begins(text: str, expected: dict[str, str]) -> None:
    assert statuses(context(text, tree=None)) == expected


def test_a_post_that_a_coming_one_is_told_of_is_not_held() -> None:
    text = "Cole, the incoming chief constable of Kent, spoke."
    rows = [Fact("headOf", COLE, KENT, status, (0, len(text)), "test", 0.9) for status in ("asserted", "proposed")]
    assert [fact.status for fact in ahead(context(text, tree=None), rows)] == ["proposed"]


def test_an_heir_has_not_succeeded_yet() -> None:
    assert statuses(context(text_of("appointed", "starts in May")), "headOf", "succeeds")["succeeds"] == "proposed"

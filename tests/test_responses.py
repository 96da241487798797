"""Who answers a review: which words are a reply, to which review, and whose words are none."""

from __future__ import annotations

import pytest
from signs import context

from kg.facts.responses import responses
from kg.model import Fact

REPORT = "The audit by Ann Parr found that files were lost. "
LOOKED_AT = "Kent Police"
CHAINS = {
    "audit": ("Review", "audit by Ann Parr"),
    "parr": ("Person", "Ann Parr", "Parr"),
    "wells": ("Person", "Joe Wells", "Wells"),
    "kent": ("PoliceForce", LOOKED_AT),
}
AUDIT, PARR, WELLS, KENT = range(4)


def replies(said: str, *further: tuple[str, int, int], speaker: int = WELLS, between: str = "", told: bool = True) -> set[int]:
    """Who replies to the audit where the speaker is quoted with some words."""
    text = f'{REPORT}{between}Joe Wells said: "{said}"'
    start = text.index("Joe Wells said")
    rows = [Fact("said", speaker, said, "asserted", (start, len(text)), "quotations", 0.9)]
    rows += [Fact("finds", AUDIT, "files were lost", "asserted", (0, len(REPORT) - 1), "learned", 0.9)] if told else []
    rows += [Fact(p, s, o, "asserted", (0, 10), "reviews", 0.9) for p, s, o in further]
    return {f.subject for f in responses(context(text, **CHAINS), rows) if f.predicate == "respondsTo" and f.object == AUDIT}


@pytest.mark.parametrize(
    "said", ["I would not argue with a word.", "The conclusions were accepted by us all.", "I read every page.", "They called it thin."]
)
def test_words_of_a_reply_are_one_whoever_says_them(said: str) -> None:
    assert replies(said) == {WELLS}


@pytest.mark.parametrize("said", ["It rained on Friday.", "I am sorry for her loss.", "The trial starts in May."])
def test_other_words_are_none_of_somebody_whom_the_review_does_not_look_at(said: str) -> None:
    assert replies(said, between="Much else happened. " * 40) == set()


def test_the_body_looked_at_owns_up() -> None:
    member, about = ("memberOf", WELLS, KENT), ("examines", AUDIT, KENT)
    assert replies("I am ashamed of it.", member, about) == {WELLS}
    assert replies("I am ashamed of it.", member) == set()


def test_its_maker_does_not_answer_it() -> None:
    assert replies("I would not argue with a word.", ("ledBy", AUDIT, PARR), speaker=PARR) == set()
    assert replies("I would not argue with a word.", ("ledBy", AUDIT, WELLS)) == set()
    assert replies("I would not argue with a word.", ("ledBy", AUDIT, KENT), ("memberOf", WELLS, KENT)) == set()


def test_nothing_is_answered_that_has_found_nothing_yet() -> None:
    assert replies("I would not argue with a word.", told=False) == set()


def test_words_far_from_the_review_answer_something_else() -> None:
    assert replies("I would not argue with a word.", between="Much else happened. " * 12) == set()


def test_who_refuses_to_speak_of_it_answers_nothing() -> None:
    member, about = ("memberOf", WELLS, KENT), ("examines", AUDIT, KENT)
    assert replies("I will not comment on the audit.", member, about) == set()


def test_a_chief_constable_answers_for_the_force() -> None:
    head, about = ("headOf", WELLS, KENT), ("examines", AUDIT, KENT)
    assert replies("I am ashamed of it.", head, about) == {WELLS, KENT}


def test_a_review_called_after_whom_it_is_about_is_not_theirs() -> None:
    chains = CHAINS | {"audit": ("Review", "audit of how Joe Wells was treated")}
    text = 'The audit of how Joe Wells was treated found that files were lost. Joe Wells said: "Every line of it is true."'
    rows = [
        Fact("finds", AUDIT, "files were lost", "asserted", (0, 66), "learned", 0.9),
        Fact("said", WELLS, "Every line of it is true.", "asserted", (67, len(text)), "quotations", 0.9),
    ]
    assert {f.subject for f in responses(context(text, **chains), rows)} == {WELLS}

"""Rules and network held against each other: what one of several people in a sentence did is not given to another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from signs import context
from trees import chain, context_of

from kg.facts import checked
from kg.facts.checks_accusations import check_accusations, check_dropped
from kg.facts.context import Context
from kg.facts.endings import ended
from kg.facts.settle import settle
from kg.model import Fact

TEXT = "Anna Wells spoke after Omar Khan was given a life order for theft. Wells had asked for a review of Kent Police."


@pytest.fixture
def two() -> Context:
    found = context(TEXT, wells=("Person", "Anna Wells", "Wells"), khan=("Person", "Omar Khan"), theft=("Offence", "theft"))
    found.network = object()  # there is a network; what it says is given by the tests
    return found


WELLS, KHAN, THEFT = range(3)
SENTENCE = (0, TEXT.index(".") + 1)


def told(monkeypatch: pytest.MonkeyPatch, found: Context, rules: list[Fact], network: list[Fact]) -> list[Fact]:
    monkeypatch.setattr(checked, "CHECKS", (check_accusations, check_dropped))
    return list(checked.reconciled(found, rules, network))


def row(predicate: str, subject: int, object_: int | str, status: str = "asserted", source: str = "rule", confidence: float = 0.9) -> Fact:
    return Fact(predicate, subject, object_, status, SENTENCE, source, confidence)


def test_a_rule_alone_convicts_nobody_among_several(monkeypatch: pytest.MonkeyPatch, two: Context) -> None:
    assert told(monkeypatch, two, [row("convictedOf", WELLS, THEFT)], []) == []


def test_a_rule_that_the_network_finds_likely_stands(monkeypatch: pytest.MonkeyPatch, two: Context) -> None:
    rule, hint = row("convictedOf", KHAN, THEFT), row("convictedOf", KHAN, THEFT, source="learned", confidence=0.3)
    assert told(monkeypatch, two, [rule], [hint]) == [rule]


def test_a_rule_gives_way_where_the_network_means_somebody_else(monkeypatch: pytest.MonkeyPatch, two: Context) -> None:
    network = [row("convictedOf", WELLS, THEFT, source="learned", confidence=0.2), row("convictedOf", KHAN, THEFT, source="learned")]
    assert [f.subject for f in told(monkeypatch, two, [row("convictedOf", WELLS, THEFT)], network)] == [KHAN]


def test_what_does_grave_harm_needs_more_of_the_network(monkeypatch: pytest.MonkeyPatch, two: Context) -> None:
    unsure = row("offenderAgainst", KHAN, WELLS, source="learned", confidence=0.7)
    assert told(monkeypatch, two, [], [unsure]) == []
    assert len(told(monkeypatch, two, [], [replace(unsure, confidence=0.9)])) == 1


def test_a_denial_needs_a_word_of_denial(monkeypatch: pytest.MonkeyPatch, two: Context) -> None:
    assert told(monkeypatch, two, [], [row("accusedOf", KHAN, THEFT, "denied", "learned")]) == []


def test_a_dropped_charge_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Khan was jailed. A second charge, of theft, was dropped."
    found = context(text, khan=("Person", "Khan"), theft=("Offence", "theft"))
    found.network = object()
    charge = Fact("accusedOf", 0, 1, "alleged", (0, len(text)), "learned", 0.9)
    assert [f.status for f in told(monkeypatch, found, [], [charge])] == ["denied"]


def test_evidence_is_no_longer_than_the_row_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "It rained. Khan was late. Khan admitted theft."
    found = context_of(text, chains=(chain(text, "Person", "Khan"), chain(text, "Offence", "theft")))
    found.network = object()
    wide = Fact("convictedOf", 0, 1, "asserted", (0, len(text)), "learned", 0.9)
    (kept,) = told(monkeypatch, found, [], [wide])
    assert text[slice(*kept.evidence)] == "Khan admitted theft."


def test_who_is_sentenced_is_no_victim(two: Context) -> None:
    rows = [row("sentencedTo", KHAN, "a life order"), row("victimOf", KHAN, THEFT, source="learned"), row("victimOf", WELLS, THEFT)]
    assert {(f.predicate, f.subject) for f in settle(two, rows)} == {("sentencedTo", KHAN), ("victimOf", WELLS)}


def test_nobody_is_the_offender_against_a_victim_of_other_deeds() -> None:
    text = "Khan admitted fraud. Wells was the victim of theft."
    found = context(text, khan=("Person", "Khan"), wells=("Person", "Wells"), fraud=("Offence", "fraud"), theft=("Offence", "theft"))
    told_of = (("convictedOf", 0, 2), ("victimOf", 1, 3), ("offenderAgainst", 0, 1))
    rows = [Fact(p, s, o, "asserted", (0, 20), "learned", 0.9) for p, s, o in told_of]
    assert {f.predicate for f in settle(found, rows)} == {"convictedOf", "victimOf"}
    same = [replace(f, object=2) if f.predicate == "victimOf" else f for f in rows]
    assert {f.predicate for f in settle(found, same)} == {"convictedOf", "victimOf", "offenderAgainst"}


def test_a_person_leads_one_force_and_has_one_age() -> None:
    text = "Wells leads Kent Police. Essex Police said no."
    found = context(text, wells=("Person", "Wells"), kent=("PoliceForce", "Kent Police"), essex=("PoliceForce", "Essex Police"))
    rows = [
        Fact(p, 0, o, "asserted", (0, 24), source, sure)
        for p, o, source, sure in (
            ("headOf", 1, "posts", 0.8), ("headOf", 2, "learned", 0.95), ("memberOf", 2, "learned", 0.9), ("memberOf", 1, "posts", 0.8),
            ("age", "50", "ages", 0.8), ("age", "33", "learned", 0.9),
        )
    ]  # fmt: skip
    assert {(f.predicate, f.object) for f in settle(found, rows)} == {("headOf", 1), ("memberOf", 1), ("age", "50")}


@pytest.mark.parametrize(
    "later",
    [
        "She was told that she wouldn't be charged.",
        "The Crown Prosecution Service dropped that in May and she is to be regarded as innocent.",
        "No charges were brought against her.",
        "Wells was released without charge.",
    ],
)
def test_a_later_sentence_of_nobody_else_clears(later: str) -> None:
    wells = ("Person", "Anna Wells", "Wells", "@she", "@her")
    made = context(f"Anna Wells was arrested for theft. {later}", wells=wells, theft=("Offence", "theft"))
    (found,) = ended(made, [Fact("accusedOf", 0, 1, "alleged", (0, 34), "rule", 0.9)])
    assert found.status == "denied"


def test_a_later_sentence_of_another_clears_nobody() -> None:
    text = "Anna Wells was arrested for theft. Omar Khan was told that he wouldn't be charged."
    made = context(text, wells=("Person", "Anna Wells"), theft=("Offence", "theft"), khan=("Person", "Omar Khan"))
    assert check_dropped(made, Fact("accusedOf", 0, 1, "alleged", (0, 34), "rule", 0.9)).status == "alleged"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Anna Wells was dismissed by Kent Police. The tribunal set aside the dismissal.", "denied"),
        ("Anna Wells was dismissed by Kent Police. The tribunal upheld the dismissal.", "asserted"),
        ("Anna Wells was dismissed by Kent Police and set aside the decision.", "asserted"),
        ("Anna Wells of Kent Police won. The tribunal set aside the decision. She was dismissed again.", "asserted"),
    ],
)
def test_a_dismissal_that_its_own_row_goes_on_to_undo_is_denied(text: str, status: str) -> None:
    made = context(text, wells=("Person", "Anna Wells"), kent=("PoliceForce", "Kent Police"))
    assert check_dropped(made, Fact("dismissedFrom", 0, 1, "asserted", (0, len(text)), "rule", 0.9)).status == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Anna Wells was charged with theft but the case against Wells was dropped.", "denied"),
        ("Anna Wells was charged with theft but all charges against Ms Wells were dropped.", "denied"),
        ("Anna Wells was charged with theft but the case against Omar Khan was dropped.", "alleged"),
        ("Anna Wells was charged with theft but a charge against Wells of fraud was dropped.", "alleged"),
    ],
)
def test_an_accusation_is_denied_where_the_whole_case_against_its_own_person_is_dropped(text: str, status: str) -> None:
    wells, theft = ("Person", "Anna Wells", "Wells"), ("Offence", "theft")
    made = context(text, wells=wells, theft=theft, khan=("Person", "Omar Khan"))
    assert check_dropped(made, Fact("accusedOf", 0, 1, "alleged", (0, len(text)), "rule", 0.9)).status == status


def test_a_dismissal_that_is_set_aside_is_denied() -> None:
    text = "Anna Wells was dismissed by Kent Police. The tribunal set that aside in May. Omar Khan spoke."
    made = context(text, wells=("Person", "Anna Wells"), kent=("PoliceForce", "Kent Police"), khan=("Person", "Omar Khan"))
    dismissed = Fact("dismissedFrom", 0, 1, "asserted", (0, 40), "rule", 0.9)
    assert check_dropped(made, dismissed).status == "denied"
    assert check_dropped(made, replace(dismissed, evidence=(41, 76))).status == "asserted"


@pytest.mark.parametrize(
    ("following", "status"),
    [
        ("Prosecutors dropped that in May.", "denied"),
        ("Prosecutors dropped the charge in May.", "denied"),
        ("Anna Wells said that prosecutors dropped that in May.", "alleged"),  # whose it was is not told
        ("He was bailed. Prosecutors dropped that in May.", "denied"),  # nobody else is charged with anything
    ],
)
def test_what_the_next_sentence_drops_is_denied(following: str, status: str) -> None:
    text = f"Omar Khan was charged with theft. {following}"
    made = context(text, khan=("Person", "Omar Khan"), theft=("Offence", "theft"), wells=("Person", "Anna Wells"))
    accusation = Fact("accusedOf", 0, 1, "alleged", (0, text.index(".") + 1), "rule", 0.9)
    (found,) = ended(made, [check_dropped(made, accusation)])
    assert found.status == status

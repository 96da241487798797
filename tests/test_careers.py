"""Careers: successions, appointments and departures; and departures that did not happen or were another's."""

from __future__ import annotations

import pytest
from signs import context, rows

from kg.facts.careers import careers, departures
from kg.facts.masked import masked, secure
from kg.model import Fact

ANN, BEA, KENT = ("Person", "Ann Moss", "Moss", "@her", "@she"), ("Person", "Bea Orr", "Orr"), ("PoliceForce", "Kent Police")


@pytest.mark.parametrize(
    "text",
    [
        "Ann Moss succeeded Bea Orr.",
        "Ann Moss took over from Chief Constable Bea Orr.",
        "Ann Moss, who took over as chief constable of Kent Police from Bea Orr, spoke.",
        "Bea Orr was replaced by Ann Moss.",
        "Ann Moss praised her predecessor, Bea Orr.",
        "Bea Orr's successor, Ann Moss, spoke.",
    ],
)
def test_successions(text: str) -> None:
    made = context(text, ann=ANN, bea=BEA, kent=KENT)
    assert ("Ann Moss", "succeeds", "Bea Orr", "asserted") in rows(careers(made), made)


def test_appointments_and_mere_nominations() -> None:
    made = context("Ann Moss appointed Bea Orr as deputy chief constable.", ann=ANN, bea=BEA)
    assert rows(careers(made), made) == {("Bea Orr", "appointedBy", "Ann Moss", "asserted")}
    made = context("Ann Moss nominated Bea Orr as deputy chief constable.", ann=ANN, bea=BEA)
    assert rows(careers(made), made) == {("Bea Orr", "appointedBy", "Ann Moss", "proposed")}


@pytest.mark.parametrize(
    ("words", "predicate"),
    [
        ("was dismissed from Kent Police", "dismissedFrom"),
        ("was sacked by Kent Police", "dismissedFrom"),
        ("resigned from Kent Police", "resignedFrom"),
        ("retired from Kent Police", "retiredFrom"),
        ("has been suspended by Kent Police", "suspendedFrom"),
    ],
)
def test_departures(words: str, predicate: str) -> None:
    made = context(f"Sergeant Ann Moss {words}.", ann=ANN, kent=KENT)
    assert ("Ann Moss", predicate, "Kent Police", "asserted") in rows(careers(made), made)


@pytest.mark.parametrize(
    "text",
    [
        "Ann Moss was given a suspended sentence. Kent Police spoke.",
        "Ann Moss was suspended for two years by a court. Kent Police spoke.",
        "Sergeant Ann Moss of Kent Police dismissed the claims.",
        "Sergeant Ann Moss of Kent Police was sacked but reinstated.",
        "Suppose that Sergeant Ann Moss were sacked by Kent Police.",
    ],
)
def test_what_is_no_departure(text: str) -> None:
    made = context(text, ann=ANN, kent=KENT)
    assert not [r for r in rows(careers(made), made) if r[3] == "asserted"]


def test_a_departure_hangs_on_no_pronoun_after_another_name() -> None:
    made = context("Ann Moss met Bea Orr of Kent Police. Later she resigned from Kent Police.", ann=ANN, bea=BEA, kent=KENT)
    assert not [r for r in rows(careers(made), made) if r[1] == "resignedFrom"]
    assert not secure(made, masked(made)[1], "P0")


def test_who_leaves_without_a_word_of_what_left_the_only_force_that_is_known() -> None:
    made = context("Ann Moss, who resigned in May, had served with Kent Police.", ann=ANN, kent=KENT)
    serves = Fact("memberOf", 0, 1, "asserted", (0, 10), "rule", 0.9)
    assert rows(departures(made, [serves]), made) == {("Ann Moss", "resignedFrom", "Kent Police", "asserted")}
    assert not rows(departures(made, []), made)
    assert not rows(departures(made, [serves, Fact("resignedFrom", 0, 1, "denied", (0, 10), "rule", 0.9)]), made)


def test_a_departure_from_something_named_says_nothing_of_the_force() -> None:
    acme = ("Organisation", "Acme Trust")
    made = context("Ann Moss resigned as a trustee of Acme Trust. She had served with Kent Police.", ann=ANN, kent=KENT, acme=acme)
    serves = Fact("memberOf", 0, 1, "asserted", (0, 10), "rule", 0.9)
    assert not rows(departures(made, [serves]), made)


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("Commissioner Bea Orr suspended Sergeant Ann Moss of Kent Police.", "suspendedFrom"),
        ("The panel dismissed Sergeant Ann Moss of Kent Police.", "dismissedFrom"),
        ("Kent Police sacked Sergeant Ann Moss.", "dismissedFrom"),
        ("Bea Orr took the decision to suspend Kent Police's Sergeant Ann Moss.", "suspendedFrom"),
    ],
)
def test_sent_away_by_somebody(text: str, predicate: str) -> None:
    made = context(text, ann=ANN, bea=BEA, kent=KENT)
    assert ("Ann Moss", predicate, "Kent Police", "asserted") in rows(careers(made), made)
    assert not [r for r in rows(careers(made), made) if r[0] == "Bea Orr"]


@pytest.mark.parametrize(
    "text",
    [
        "Bea Orr of Kent Police dismissed Ann Moss as a liar.",
        "Bea Orr of Kent Police dismissed Ann Moss's claims.",
        "A judge suspended Ann Moss's sentence. Kent Police spoke.",
    ],
)
def test_dismissing_what_somebody_says_sends_nobody_away(text: str) -> None:
    made = context(text, ann=ANN, bea=BEA, kent=KENT)
    assert not [r for r in rows(careers(made), made) if r[1] in {"dismissedFrom", "suspendedFrom"}]


def test_each_of_a_list_from_their_own_force() -> None:
    made = context("Ann Moss, of Essex Police, and Bea Orr, of Kent Police, were dismissed.", ann=ANN, bea=BEA, kent=KENT,
                   essex=("PoliceForce", "Essex Police"))  # fmt: skip
    found = rows(careers(made), made)
    assert {("Ann Moss", "dismissedFrom", "Essex Police", "asserted"), ("Bea Orr", "dismissedFrom", "Kent Police", "asserted")} <= found

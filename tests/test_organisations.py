"""Organisations and people: parts, places, partners, programmes, money; homes and families."""

from __future__ import annotations

import pytest
from signs import context, rows

from kg.facts.organisations import organisations
from kg.facts.people import people

KENT, ESSEX = ("PoliceForce", "Kent Police", "Kent"), ("PoliceForce", "Essex Police")
TEAM, DOVER, HEDGE = ("Unit", "Rural Crime Team"), ("Place", "Dover"), ("Programme", "Operation Hedge")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Kent Police's Rural Crime Team grew. Essex Police watched.", ("Rural Crime Team", "unitOf", "Kent Police")),
        ("The Rural Crime Team of Kent Police grew. Essex Police watched.", ("Rural Crime Team", "unitOf", "Kent Police")),
        ("Kent Police and Essex Police share a Rural Crime Team.", ("Rural Crime Team", "unitOf", "Essex Police")),
        ("The Rural Crime Team, which is based in Dover, grew.", ("Rural Crime Team", "basedIn", "Dover")),
        ("Kent Police, which covers Dover, spoke.", ("Kent Police", "polices", "Dover")),
        ("Kent Police is working with Essex Police.", ("Kent Police", "worksWith", "Essex Police")),
        ("Kent Police launched Operation Hedge.", ("Kent Police", "participatesIn", "Operation Hedge")),
        ("Operation Hedge, run by Kent Police and Essex Police, ended.", ("Essex Police", "participatesIn", "Operation Hedge")),
    ],
)
def test_rows(text: str, row: tuple[str, str, str]) -> None:
    made = context(text, kent=KENT, essex=ESSEX, team=TEAM, dover=DOVER, hedge=HEDGE)
    assert (*row, "asserted") in rows(organisations(made), made)


def test_a_unit_is_the_only_forces_and_nobodys_where_there_are_two() -> None:
    text = "Kent Police spoke.\nThe Rural Crime Team grew."
    made = context(text, kent=KENT, team=TEAM)
    assert ("Rural Crime Team", "unitOf", "Kent Police", "asserted") in rows(organisations(made), made)
    made = context(text + " Essex Police watched.", kent=KENT, team=TEAM, essex=ESSEX)
    assert not [r for r in rows(organisations(made), made) if r[1] == "unitOf"]


def test_money() -> None:
    made = context("Essex Police has paid for two drones. Kent Police promised £5m for new vans.", kent=KENT, essex=ESSEX)
    assert rows(organisations(made), made) == {
        ("Essex Police", "funds", "two drones", "asserted"),
        ("Kent Police", "funds", "new vans", "proposed"),
    }


ANN, BEA = ("Person", "Ann Moss", "Moss", "@Her", "@her"), ("Person", "Bea Orr")


@pytest.mark.parametrize(
    "text",
    [
        "Ann Moss, 41, of Dover, spoke.",
        "Ann Moss, who lives in Dover, spoke.",
        "Ann Moss, a teacher from Dover, spoke.",
        "Dover resident Ann Moss spoke.",
    ],
)
def test_homes(text: str) -> None:
    made = context(text, ann=ANN, dover=DOVER)
    assert rows(people(made), made) == {("Ann Moss", "residesIn", "Dover", "asserted")}


def test_where_an_officer_is_posted_is_no_home() -> None:
    made = context("Sergeant Ann Moss of Dover spoke.", ann=ANN, dover=DOVER)
    assert not list(people(made))


@pytest.mark.parametrize(
    "text", ["Ann Moss spoke. Her sister, Bea Orr, wept.", "Ann Moss's sister Bea Orr wept.", "Bea Orr, the sister of Ann Moss, wept."]
)
def test_families_run_from_the_relative(text: str) -> None:
    made = context(text, ann=ANN, bea=BEA)
    assert rows(people(made), made) == {("Bea Orr", "relativeOf", "Ann Moss", "asserted")}

"""Checks on the network's rows: what the text does not bear out is dropped or mended."""

from __future__ import annotations

import pytest
from signs import context

from kg.facts.checks_posts import check_posts
from kg.model import Fact

ANN, BEA, KENT, ESSEX = (
    ("Person", "Ann Moss", "Moss"),
    ("Person", "Bea Orr"),
    ("PoliceForce", "Kent Police", "Kent"),
    ("PoliceForce", "Essex Police", "Essex"),
)


def checked(text: str, predicate: str, target: int | str = 2, status: str = "asserted", **more: object) -> Fact | None:
    """The row Ann Moss -> chain 2 (Kent Police), with all of the text as its evidence, checked."""
    made = context(text, ann=ANN, bea=BEA, kent=KENT, essex=ESSEX, **more)
    return check_posts(made, Fact(predicate, 0, target, status, (0, len(text)), "learned", 0.9))


@pytest.mark.parametrize(
    "text",
    [
        "Deputy Chief Constable Ann Moss of Kent Police spoke.",
        "Ann Moss is a candidate for chief constable of Kent Police.",
        "Ann Moss, chief constable of Essex Police, met Kent Police.",
        "Former chief constable Ann Moss of Kent Police spoke.",
        "Kent Police and Crime Commissioner Ann Moss spoke.",
        "Ann Moss, a solicitor, criticised Kent Police.",
        "Ann Moss walked past Kent Police.",
    ],
)
def test_no_head_is_made_of_others(text: str) -> None:
    found = checked(text, "headOf")
    assert found is None or found.status != "asserted"


def test_a_head_stands() -> None:
    assert checked("Ann Moss, chief constable of Kent Police, spoke.", "headOf") is not None


@pytest.mark.parametrize(
    "text",
    [
        "Ann Moss, a journalist, wrote about Kent Police.",
        "Sergeant Ann Moss of Essex Police praised Kent.",
        "Ann Moss is no relation of Kent Police's chief constable, Bea Orr.",
        "Kent Police and Crime Commissioner Ann Moss spoke.",
        "PC Ann Moss was charged, but Chief Constable Bea Orr said that it could not happen in Kent Police. Essex Police agreed.",
        "Essex Police agreed: Kent Police's chief, Bea Orr, spoke of PC Ann Moss.",
    ],
)
def test_no_member_is_made_of_others(text: str) -> None:
    assert checked(text, "memberOf") is None


def test_colleagues_stand_side_by_side() -> None:
    assert checked("PC Ann Moss of Kent Police met Bea Orr.", "memberOf") is not None


def test_who_is_to_join_is_only_proposed() -> None:
    found = checked("Ann Moss is to become deputy chief constable of Kent Police.", "memberOf")
    assert found is not None and found.status == "proposed"


@pytest.mark.parametrize(
    ("predicate", "text"),
    [
        ("dismissedFrom", "Sergeant Ann Moss left Kent Police."),
        ("dismissedFrom", "Sergeant Ann Moss saw Bea Orr dismissed from Kent Police."),
        ("suspendedFrom", "Ann Moss was given a suspended sentence. Kent Police spoke."),
        ("retiredFrom", "Sergeant Ann Moss joined Kent Police."),
    ],
)
def test_no_departure_without_its_word_for_the_person(predicate: str, text: str) -> None:
    assert checked(text, predicate) is None


def test_promises_are_proposed_and_refusals_nothing() -> None:
    found = checked("Ann Moss promised to pay £5,000 for drones.", "funds", "drones")
    assert found is not None and found.status == "proposed"
    assert checked("Ann Moss declined to pay £5,000 for drones.", "funds", "drones") is None


def test_no_relation_is_denied() -> None:
    found = checked("Ann Moss, no relation of Bea Orr, has a sister.", "relativeOf", 1)
    assert found is not None and found.status == "denied"


def test_a_panel_has_no_officers_for_members() -> None:
    panel = ("OversightBody", "Kent Police and Crime Panel")
    assert checked("Sergeant Ann Moss of Essex Police told the Kent Police and Crime Panel so.", "memberOf", 4, panel=panel) is None

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


@pytest.mark.parametrize(
    ("text", "belongs"),
    [
        ("Kent Police were praised. PC Ann Moss retired in May. Kent Police said nothing.", True),
        ("PC Ann Moss retired in May. Kent Police said nothing, Kent Police being busy.", True),
        ("PC Ann Moss was jailed in May. Kent Police said nothing, Kent Police being busy.", True),
        ("PC Ann Moss retired in May. Essex Police and Kent Police said nothing; Kent Police were busy.", False),
    ],
)
def test_the_article_s_force_is_an_officer_s_where_no_other_is_near(text: str, belongs: bool) -> None:
    assert (checked(text, "memberOf") is not None) is belongs


@pytest.mark.parametrize(("confidence", "stands"), [(0.95, True), (0.7, False)])
def test_a_head_in_another_sentence_than_the_body_must_be_certain(confidence: float, stands: bool) -> None:
    text = "Officers met the Police Federation in Dover. Its chair, Ann Moss, spoke."
    made = context(text, ann=ANN, fed=("Organisation", "Police Federation"))
    row = Fact("headOf", 0, 1, "asserted", (0, len(text)), "learned", confidence)
    assert (check_posts(made, row) is not None) is stands


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Kent Police joined Operation Hedge in May. Essex Police was invited but declined.", True),
        ("Kent Police was invited to join Operation Hedge in May but declined.", False),
    ],
)
def test_who_declines_to_take_part_is_told_by_the_sentence_of_both(text: str, stands: bool) -> None:
    made = context(text, kent=KENT, hedge=("Programme", "Operation Hedge"), essex=ESSEX)
    row = Fact("participatesIn", 0, 1, "asserted", (0, len(text)), "learned", 0.9)
    assert (check_posts(made, row) is not None) is stands


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

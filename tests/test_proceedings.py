"""Each verdict to its own person, no victim an offender, no allegation a finding: rules and checks on frozen trees."""

from __future__ import annotations

import pytest
from parses import context, parsed, rows

from kg.facts.checks_proceedings import check_proceedings
from kg.facts.context import Context
from kg.facts.proceedings import PENALTY, proceedings
from kg.model import Fact

CASES = [(row[0], row[1]) for row in rows("proceedings")]


def _told(context_: Context, fact: Fact) -> str:
    object_ = fact.object if isinstance(fact.object, str) else context_.chains[fact.object].name
    return f"{context_.chains[fact.subject].name} {fact.predicate} {object_} {fact.status}"


def _case(opening: str) -> Context:
    found = [c for _, frozen in CASES if (c := context(parsed(frozen))).document.text.startswith(opening)]
    assert len(found) == 1, opening
    return found[0]


def _row(context_: Context, subject: str, predicate: str, object_: str, status: str = "asserted") -> Fact:
    names = [c.name for c in context_.chains]
    target: int | str = names.index(object_) if object_ in names else object_
    return Fact(predicate, names.index(subject), target, status, (0, len(context_.document.text)), "learned", 0.9)


@pytest.mark.parametrize(("expected", "frozen"), CASES)
def test_rows_of_a_sentence(expected: str, frozen: str) -> None:
    case = context(parsed(frozen))
    assert {_told(case, f) for f in proceedings(case)} == {e for e in expected.split("; ") if e}, case.document.text


@pytest.mark.parametrize(
    ("opening", "subject", "object_"),
    [
        ("A jury convicted", "Bob Dale", "theft"),
        ("A jury convicted", "Bob Dale", "murder"),
        ("Ann Cole was found", "Ann Cole", "fraud"),
        ("Ann Cole was charged", "Ann Cole", "murder"),
        ("Ann Cole pleaded", "Bob Dale", "fraud"),
        ("If Ann Cole", "Ann Cole", "fraud"),
        ("Ann Cole was not", "Ann Cole", "fraud"),
        ("Ann Cole was jailed", "Bob Dale", "manslaughter"),
        ("A charge of fraud", "Ann Cole", "fraud"),
        ("Bob Dale denies", "Bob Dale", "rape"),
    ],
)
def test_no_conviction_stands_that_the_text_does_not_give(opening: str, subject: str, object_: str) -> None:
    case = _case(opening)
    assert check_proceedings(case, _row(case, subject, "convictedOf", object_)) is None


def test_a_conviction_that_the_text_gives_stands() -> None:
    case = _case("A jury convicted")
    kept = check_proceedings(case, _row(case, "Ann Cole", "convictedOf", "murder"))
    assert kept is not None and kept.status == "asserted"


@pytest.mark.parametrize(
    ("opening", "doer", "victim"), [("Ann Cole was jailed", "Bob Dale", "Ann Cole"), ("Ann Cole is accused", "Bob Dale", "Ann Cole")]
)
def test_no_victim_becomes_an_offender(opening: str, doer: str, victim: str) -> None:
    case = _case(opening)
    kept = check_proceedings(case, _row(case, doer, "offenderAgainst", victim))
    assert kept is None or kept.status != "asserted"


@pytest.mark.parametrize(
    ("opening", "victim", "status"), [("A jury convicted", "Ann Cole", "alleged"), ("Ann Cole pleaded", "Bob Dale", "asserted")]
)
def test_a_deed_of_which_all_were_cleared_is_not_said_to_have_happened(opening: str, victim: str, status: str) -> None:
    """Nobody but who was cleared of the theft stood trial for it; where somebody admitted one, there was one."""
    case = _case(opening)
    kept = check_proceedings(case, _row(case, victim, "victimOf", "theft"))
    assert kept is not None and kept.status == status


def test_an_accusation_is_never_asserted() -> None:
    case = _case("Ann Cole is accused")
    kept = check_proceedings(case, _row(case, "Ann Cole", "offenderAgainst", "Bob Dale"))
    assert kept is not None and kept.status == "alleged"
    kept = check_proceedings(case, _row(case, "Ann Cole", "accusedOf", "murder"))
    assert kept is not None and kept.status == "alleged"


def test_an_acquittal_denies_the_accusation() -> None:
    case = _case("A jury convicted")
    kept = check_proceedings(case, _row(case, "Bob Dale", "accusedOf", "theft", "alleged"))
    assert kept is not None and kept.status == "denied"


def test_a_date_is_no_sentence() -> None:
    case = _case("Bob Dale was sentenced")
    assert check_proceedings(case, _row(case, "Bob Dale", "sentencedTo", "18 June")) is None


def test_rows_of_other_predicates_are_left_alone() -> None:
    case = _case("Bob Dale was sentenced")
    row = _row(case, "Bob Dale", "holdsRole", "constable")
    assert check_proceedings(case, row) is row


@pytest.mark.parametrize(
    "penalty",
    [
        "whole life order",
        "four years and two months",
        "fined £80",
        "150 hours' unpaid work",
        "12-month community order",
        "life imprisonment",
    ],
)
def test_penalties_are_taken_whole(penalty: str) -> None:
    found = PENALTY.search(f"given {penalty}.")
    assert found is not None and found.group() == penalty

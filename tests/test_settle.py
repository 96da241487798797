"""All extractors' rows to one set: types held, doubles joined, and no accusation turned into a finding."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.facts.settle import settle
from kg.model import Chain, Fact, Mention


def chain(kind: str, name: str) -> Chain:
    return Chain(kind, name, (Mention(0, len(name), name, kind),))


CONTEXT = SimpleNamespace(
    chains=(
        chain("Person", "Anna Wells"),
        chain("PoliceForce", "Kent Police"),
        chain("Offence", "theft"),
        chain("Person", "Omar Khan"),
        chain("Offence", "rape"),
        chain("Court", "Deal Crown Court"),
    ),
    once=lambda _: (),  # no step of proceedings is told of anybody
)
WELLS, KENT, THEFT, KHAN, RAPE, COURT = range(6)
ROW = Fact("memberOf", WELLS, KENT, "asserted", (0, 20), "posts", 0.8)


def test_rows_of_the_wrong_types_are_dropped() -> None:
    assert settle(CONTEXT, [
        replace(ROW, subject=KENT, object=WELLS),  # a force is a member of nobody
        replace(ROW, object=THEFT),
        replace(ROW, object="Kent Police"),  # text where a thing is needed
        Fact("holdsRole", WELLS, KENT, "asserted", (0, 9), "posts", 0.9),
        Fact("holdsRole", WELLS, "  ", "asserted", (0, 9), "posts", 0.9),
        Fact("relativeOf", WELLS, WELLS, "asserted", (0, 9), "posts", 0.9),
    ]) == ()  # fmt: skip


def test_the_surer_of_two_equal_rows_stands_with_the_dates_of_the_other() -> None:
    rows = [replace(ROW, confidence=0.6, source="learned", start="2021", end="2023-04"), replace(ROW, evidence=(30, 50))]
    assert settle(CONTEXT, rows) == (replace(ROW, evidence=(30, 50), start="2021", end="2023-04"),)


def test_dates_that_do_not_go_together_are_not_put_together() -> None:
    rows = [replace(ROW, start="2024-02"), replace(ROW, confidence=0.5, end="2023-04")]
    assert settle(CONTEXT, rows) == (replace(ROW, start="2024-02"),)


def test_dates_of_one_year_at_different_precision_go_together() -> None:
    rows = [replace(ROW, start="2023-06"), replace(ROW, confidence=0.5, end="2023")]
    assert settle(CONTEXT, rows) == (replace(ROW, start="2023-06", end="2023"),)


def test_literals_that_differ_in_case_and_spaces_are_one() -> None:
    rows = [Fact("holdsRole", WELLS, text, "asserted", (0, 9), "posts", 0.5) for text in ("chief constable", "Chief  Constable")]
    assert len(settle(CONTEXT, rows)) == 1


@pytest.mark.parametrize("source", ["learned", "proceedings"])
def test_an_accusation_is_never_a_finding(source: str) -> None:
    row = Fact("accusedOf", WELLS, THEFT, "asserted", (0, 9), source, 0.99)
    assert [f.status for f in settle(CONTEXT, [row])] == ["alleged"]


def test_an_accusation_that_was_cleared_stays_denied() -> None:
    rows = [Fact("accusedOf", WELLS, THEFT, status, (0, 9), "learned", 0.9) for status in ("denied", "hypothetical")]
    assert [f.status for f in settle(CONTEXT, rows)] == ["denied", "hypothetical"]


def test_a_charge_does_not_touch_a_conviction_nor_the_other_way_about() -> None:
    rows = [
        Fact("convictedOf", WELLS, THEFT, "asserted", (0, 9), "learned", 0.9),
        Fact("accusedOf", KHAN, THEFT, "alleged", (0, 9), "learned", 0.9),
    ]
    assert set(settle(CONTEXT, rows)) == set(rows)


def told(predicate: str, subject: int, object_: int | str, status: str = "asserted") -> Fact:
    return Fact(predicate, subject, object_, status, (0, 9), "learned", 0.9)


DEED = told("offenderAgainst", KHAN, WELLS)


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([told("convictedOf", KHAN, THEFT), told("victimOf", WELLS, THEFT)], "asserted"),
        ([told("convictedOf", KHAN, THEFT)], "asserted"),
        ([told("convictedOf", KHAN, THEFT), told("accusedOf", KHAN, RAPE, "alleged")], "alleged"),
        ([told("convictedOf", KHAN, THEFT), told("victimOf", WELLS, RAPE, "alleged")], "alleged"),
    ],
)
def test_a_conviction_bears_out_a_deed_of_its_own_kind_only(rows: list[Fact], status: str) -> None:
    """Who was convicted of theft and is charged with rape is not known to have raped."""
    settled = settle(CONTEXT, [*rows, replace(DEED, source="proceedings"), replace(DEED, status="alleged")])
    assert [f.status for f in settled if f.predicate == "offenderAgainst"] == [status]


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([told("victimOf", WELLS, THEFT)], False),
        ([], True),
        ([told("victimOf", WELLS, THEFT), told("accusedOf", WELLS, RAPE, "alleged")], True),
    ],
)
def test_a_court_that_hears_of_a_victim_tries_somebody_else(rows: list[Fact], kept: bool) -> None:
    tried = told("triedAt", WELLS, COURT)
    assert (tried in settle(CONTEXT, [*rows, tried])) is kept


def test_a_part_of_a_penalty_is_no_penalty_of_its_own() -> None:
    whole, part = told("sentencedTo", KHAN, "at least 15 years in prison"), told("sentencedTo", KHAN, "15 years")
    assert settle(CONTEXT, [whole, part]) == (whole,)
    elsewhere = replace(part, evidence=(40, 60))
    assert set(settle(CONTEXT, [whole, elsewhere])) == {whole, elsewhere}
    assert set(settle(CONTEXT, [whole, replace(part, object="a fine")])) == {whole, replace(part, object="a fine")}


def test_who_is_to_lead_a_force_is_not_said_to_be_going_to_belong_to_it() -> None:
    ahead = Fact("headOf", WELLS, KENT, "proposed", (0, 9), "posts", 0.9)
    assert settle(CONTEXT, [replace(ROW, status="proposed"), ahead]) == (ahead,)
    assert set(settle(CONTEXT, [ROW, ahead])) == {ROW, ahead}  # who is to lead the force that he is in
    assert settle(CONTEXT, [replace(ROW, status="proposed")]) == (replace(ROW, status="proposed"),)


def test_a_quotation_has_one_speaker_whom_its_attribution_names() -> None:
    rows = [
        Fact("said", WELLS, "No.", "asserted", (0, 9), "learned", 0.99),
        Fact("said", KHAN, "No.", "asserted", (0, 9), "quotations", 0.7),
    ]
    assert settle(CONTEXT, rows) == (rows[1],)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    predicate, subject, object_ = draw(st.sampled_from([
        ("memberOf", WELLS, KENT), ("accusedOf", WELLS, THEFT), ("accusedOf", KHAN, THEFT), ("relativeOf", WELLS, KHAN),
        ("holdsRole", WELLS, "PC"), ("holdsRole", WELLS, "pc"), ("said", WELLS, "No."), ("said", KHAN, "no."), ("memberOf", KENT, KHAN),
    ]))  # fmt: skip
    return Fact(
        predicate, subject, object_, draw(st.sampled_from(["asserted", "alleged", "denied"])), (draw(st.integers(0, 3)), 9),
        draw(st.sampled_from(["learned", "posts"])), draw(st.sampled_from([0.5, 0.9])),
        draw(st.sampled_from([None, "2021", "2023-05"])), draw(st.sampled_from([None, "2022", "2024"])),
    )  # fmt: skip


@settings(deadline=None)
@given(st.lists(facts(), max_size=8).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_in_which_extractors_run_changes_nothing(case: tuple[list[Fact], list[Fact]]) -> None:
    rows, shuffled = case
    settled = settle(CONTEXT, rows)
    assert settled == settle(CONTEXT, shuffled)
    assert settled == settle(CONTEXT, settled)


@settings(deadline=None)
@given(st.lists(facts(), max_size=8))
def test_what_is_settled_is_said_once_and_holds_the_types(rows: list[Fact]) -> None:
    settled = settle(CONTEXT, rows)
    keys = [(f.predicate, f.subject, str(f.object).casefold(), f.status) for f in settled]
    assert len(set(keys)) == len(keys)
    assert all((f.predicate, f.status) != ("accusedOf", "asserted") and f.subject != KENT for f in settled)
    assert all(
        not f.start or not f.end or f.start[:4] <= f.end[:4]
        for f in settled
        if not any(r.start and r.end and r.start > r.end for r in rows)
    )

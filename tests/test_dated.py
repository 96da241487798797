"""Rows about the same people lend each other their dates, and never take one away."""

from __future__ import annotations

from kg.facts.dated import dated
from kg.model import Fact

ANN, BOB, KENT, THEFT = range(4)


def row(predicate: str, subject: int, object_: int, start: str | None = None, end: str | None = None, status: str = "asserted") -> Fact:
    return Fact(predicate, subject, object_, status, (0, 1), "rule", 0.9, start, end)


def dates(*rows: Fact) -> list[tuple[str, str | None, str | None]]:
    return [(f.predicate, f.start, f.end) for f in dated(rows)]


def test_a_departure_ends_the_membership() -> None:
    assert dates(row("retiredFrom", ANN, KENT, "2021-05"), row("memberOf", ANN, KENT, "1990"))[1] == ("memberOf", "1990", "2021-05")


def rank(name: str, end: str | None = None) -> Fact:
    return Fact("holdsRole", ANN, name, "asserted", (0, 1), "rule", 0.9, None, end)


def test_a_departure_ends_the_only_rank() -> None:
    left, belongs = row("dismissedFrom", ANN, KENT, "2021-05"), row("memberOf", ANN, KENT)
    assert dates(left, belongs, rank("police constable"))[2] == ("holdsRole", None, "2021-05")
    assert dates(left, belongs, rank("councillor"))[2] == ("holdsRole", None, None)
    assert [d[2] for d in dates(left, belongs, rank("sergeant"), rank("inspector"))[2:]] == [None, None]


def test_who_serves_elsewhere_too_may_keep_the_rank() -> None:
    rows = row("retiredFrom", ANN, KENT, "2021-05"), row("memberOf", ANN, BOB), rank("inspector")
    assert dates(*rows)[2] == ("holdsRole", None, None)


def test_what_a_former_lead_took_over_later_begins_no_lead() -> None:
    rows = row("succeeds", ANN, BOB, "2022"), row("headOf", ANN, KENT, end="2022")
    assert dates(*rows)[1] == ("headOf", None, "2022")


def test_who_stood_in_first_is_no_chief_by_title_since_then() -> None:
    led, chief = row("headOf", ANN, KENT, "2023-06"), Fact("holdsRole", ANN, "chief constable", "asserted", (0, 1), "rule", 0.9)
    stood_in = Fact("holdsRole", ANN, "temporary chief constable", "asserted", (0, 1), "rule", 0.9)
    assert dates(led, chief)[1] == ("holdsRole", "2023-06", None)
    assert dates(led, chief, stood_in)[1] == ("holdsRole", None, None)


def test_a_departure_that_is_only_planned_ends_nothing() -> None:
    assert dates(row("retiredFrom", ANN, KENT, "2021-05", status="proposed"), row("memberOf", ANN, KENT))[1] == ("memberOf", None, None)


def test_two_departures_settle_no_end() -> None:
    rows = row("resignedFrom", ANN, KENT, "2001"), row("retiredFrom", ANN, KENT, "2021"), row("memberOf", ANN, KENT)
    assert dates(*rows)[2] == ("memberOf", None, None)


def test_a_succession_begins_one_post_and_ends_the_other() -> None:
    rows = row("succeeds", ANN, BOB, "2022"), row("headOf", ANN, KENT), row("headOf", BOB, KENT, "2015")
    assert dates(*rows)[1:] == [("headOf", "2022", None), ("headOf", "2015", "2022")]


def test_a_title_that_is_handed_on_ends_for_the_one_and_begins_for_the_other() -> None:
    def title(person: int, name: str) -> Fact:
        return Fact("holdsRole", person, name, "asserted", (0, 1), "rule", 0.9)

    taken = row("succeeds", ANN, BOB, "2022")
    assert dates(taken, title(ANN, "treasurer"), title(BOB, "treasurer"))[1:] == [("holdsRole", "2022", None), ("holdsRole", None, "2022")]
    assert dates(taken, title(ANN, "sergeant"), title(BOB, "sergeant"))[1:] == [("holdsRole", None, None)] * 2
    assert dates(taken, title(ANN, "treasurer"), title(BOB, "chair"))[1:] == [("holdsRole", None, None)] * 2


def test_what_the_victim_suffered_happened_when_it_was_done() -> None:
    rows = row("offenderAgainst", ANN, BOB, "2020-01"), row("victimOf", BOB, THEFT), row("accusedOf", ANN, THEFT, status="alleged")
    assert [d[1] for d in dates(*rows)] == ["2020-01"] * 3


def test_a_row_keeps_its_own_date_and_no_end_comes_before_a_start() -> None:
    rows = row("retiredFrom", ANN, KENT, "2001"), row("memberOf", ANN, KENT, "2010"), row("headOf", ANN, KENT, None, "1999")
    assert dates(*rows)[1:] == [("memberOf", "2010", None), ("headOf", None, "1999")]


def test_what_has_happened_did_not_begin_after_the_document() -> None:
    theft = row("accusedOf", ANN, THEFT, "2024-06", status="alleged")
    assert [f.start for f in dated([theft], "2024-05-15")] == [None]
    assert [f.start for f in dated([theft], "2024-06-15")] == ["2024-06"]
    assert [f.start for f in dated([row("headOf", ANN, KENT, "2024-06", status="proposed")], "2024-05-15")] == ["2024-06"]


def test_where_somebody_lives_has_no_date() -> None:
    assert dates(row("residesIn", ANN, KENT, "2020", "2021"), row("memberOf", ANN, KENT, "2020")) == [
        ("residesIn", None, None), ("memberOf", "2020", None),
    ]  # fmt: skip


def test_who_was_sent_away_leads_nothing_now() -> None:
    assert dates(row("dismissedFrom", ANN, KENT), row("headOf", ANN, KENT)) == [("dismissedFrom", None, None)]
    assert dates(row("dismissedFrom", ANN, KENT, "2021"), row("headOf", ANN, KENT))[1] == ("headOf", None, "2021")
    assert len(dates(row("dismissedFrom", ANN, KENT, status="hypothetical"), row("headOf", ANN, KENT))) == 2
    assert len(dates(row("suspendedFrom", ANN, KENT), row("headOf", ANN, KENT))) == 2

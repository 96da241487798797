"""Dates that rows about the same thing lend each other: who left a force then was its member until then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kg.model import Fact

_LEAVING = frozenset({"dismissedFrom", "resignedFrom", "retiredFrom"})
_BELONGING = frozenset({"memberOf", "headOf", "servesIn"})
_LEADING = frozenset({"headOf", "commissionerFor"})
#: What a date is told of, with the date; and such dates by what they are told of.
_Dated = tuple[tuple[object, ...], str | None]
_Dates = Mapping[tuple[object, ...], str]


def dated(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The rows, those without a date with the one that other rows of the same people imply; a row's own date is never changed.

    A departure ends the membership; a succession begins the successor's post and ends the predecessor's; what was done to a victim,
    what the victim suffered and what somebody is accused of or convicted for doing to that victim happened at one time.
    """
    rows = tuple(facts)
    ends = _one_each(((f.subject, f.object), f.start) for f in rows if f.predicate in _LEAVING and f.status == "asserted")
    begins, handed = _handovers(rows)
    deeds = _deeds(rows)
    return tuple(_with_dates(f, ends, begins, handed, deeds) for f in rows)


def _with_dates(fact: Fact, ends: _Dates, begins: _Dates, handed: _Dates, deeds: _Dates) -> Fact:
    start, end = fact.start, fact.end
    if fact.predicate in _LEADING:
        start = start or begins.get((fact.subject, fact.status))
        if fact.status == "asserted":
            end = end or handed.get((fact.subject, fact.object))
    if fact.predicate in _BELONGING and fact.status == "asserted":
        end = end or ends.get((fact.subject, fact.object))
    start = start or deeds.get((fact.predicate, fact.subject, fact.object))
    if start and end and start[: len(end)] > end[: len(start)]:
        return fact
    return replace(fact, start=start, end=end)


def _handovers(rows: tuple[Fact, ...]) -> tuple[_Dates, _Dates]:
    """When each successor's post began, by (person, status); and when each predecessor's ended, by (person, body)."""
    begins = _one_each(((f.subject, f.status), f.start) for f in rows if f.predicate == "succeeds")
    led: dict[int, set[object]] = {}
    for f in rows:
        if f.predicate in _LEADING and f.status == "asserted":
            led.setdefault(f.subject, set()).add(f.object)
    handed = _one_each(
        ((f.object, body), f.start)
        for f in rows
        if f.predicate == "succeeds" and f.status == "asserted" and isinstance(f.object, int)
        for body in led.get(f.subject, set()) & led.get(f.object, set())
    )
    return begins, handed


def _deeds(rows: tuple[Fact, ...]) -> _Dates:
    """When the deed of each row about it was done, by (predicate, subject, object)."""
    against = {(f.subject, f.object): f.start for f in rows if f.predicate == "offenderAgainst" and isinstance(f.object, int)}
    suffered = {(f.subject, f.object): f.start for f in rows if f.predicate == "victimOf"}
    told = list(_told(against, suffered))
    return _one_each(told)


def _told(against: Mapping[tuple[int, int], str | None], suffered: Mapping[tuple[int, object], str | None]) -> Iterator[_Dated]:
    for (offender, victim), start in against.items():
        done = [o for v, o in suffered if v == victim]
        for offence in done:
            when = start or suffered[victim, offence]
            yield ("offenderAgainst", offender, victim), suffered[victim, offence]
            if len(done) == 1:
                yield ("victimOf", victim, offence), start
            yield ("accusedOf", offender, offence), when


def _one_each(pairs: Iterable[_Dated]) -> _Dates:
    """The date of each key that has just one."""
    found: dict[tuple[object, ...], set[str]] = {}
    for key, date in pairs:
        if date:
            found.setdefault(key, set()).add(date)
    return {key: next(iter(dates)) for key, dates in found.items() if len(dates) == 1}

"""Dates that rows about the same people lend each other: who left a force then was its member until then."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from kg.model import Fact

_LEAVING = ("dismissedFrom", "resignedFrom", "retiredFrom")
_LEADING = ("headOf", "commissionerFor")
#: A role that is the lead of a force; acting ones are left out, as the same person mostly holds another role before and after.
_CHIEF = re.compile(r"(?:chief constable|(?:police(?:, fire)? and crime )?commissioner|chief executive)", re.I)
_STAND_IN = re.compile(rf"(?:acting|temporary|interim) {_CHIEF.pattern}", re.I)
#: An end of a row about one thing: (predicate, "start" or "end").
_End = tuple[str, str]
#: Ends that are one moment where both rows are of the same person and the same body. What the first says, the second takes; what
#: goes both ways stands twice. A chief who leaves the post may stay in the force, so that the end of a lead ends no membership.
_BODY: tuple[tuple[_End, _End], ...] = (
    *(((leaving, "start"), (belonging, "end")) for leaving in _LEAVING for belonging in ("memberOf", "headOf", "servesIn")),
    *((("memberOf", "end"), (leaving, "start")) for leaving in _LEAVING),
    (("memberOf", "end"), ("headOf", "end")),
    (("headOf", "start"), ("servesIn", "start")),
    (("headOf", "end"), ("servesIn", "end")),
)
#: The same for rows of one person whatever their objects, where the document knows one of each.
_PERSON: tuple[tuple[_End, _End], ...] = (
    *((("succeeds", "start"), (leading, "start")) for leading in _LEADING),
    *(((leading, "start"), ("succeeds", "start")) for leading in _LEADING),
    *(((leading, part), ("holdsRole", part)) for leading in _LEADING for part in ("start", "end")),
    *((("holdsRole", part), (leading, part)) for leading in _LEADING for part in ("start", "end")),
)
#: A police rank; whoever leaves the police has it no longer.
_RANK = re.compile(
    r"(?:(?:acting|temporary|detective|police|student|special|trainee|probationary|chief|deputy chief|assistant chief) )*"
    r"(?:constable|sergeant|inspector|superintendent|commander|officer)",
    re.I,
)
#: Ranks that many have at a time, so that nobody has one from another.
_LOWER_RANK = re.compile(r"(?!.*chief constable)(?:.*\b)?(?:constable|sergeant|inspector|superintendent|officer|detective)", re.I)
_FOR_NOW = re.compile(r"(?:acting|temporary|interim) ", re.I)
_Key = tuple[object, ...]
_Dates = Mapping[_Key, str]


#: Predicates of no moment: what texts say of their times belongs to something else.
_TIMELESS = frozenset(
    "age basedIn examines finds polices promptedBy publishedOn relativeOf reports residesIn respondsTo said unitOf".split()
)


def dated(facts: Iterable[Fact], day: str | None = None) -> tuple[Fact, ...]:
    """The rows, those without a date with the one that other rows of the same people imply.

    A row's own date is never changed, but dropped where it cannot be its: what is told as done began by ``day``, that of the document.

    A departure ends the membership; a succession begins the successor's post and ends the predecessor's; what was done to a victim,
    what the victim suffered and what somebody is accused of or convicted for doing to that victim happened at one time.
    """
    rows = tuple(_possible(fact, day) for fact in facts)
    before: tuple[Fact, ...] = ()
    while rows != before:  # ends, as rows only gain dates
        before = rows
        for told in (_of_bodies, _of_people, _of_ranks, _arrivals, _handed, _titles_handed, _deeds):
            dates = _one_each(told(rows))
            rows = tuple(_with(fact, dates) for fact in rows)
    # Who was sent away leads it no more, whenever that was.
    sent = {(f.subject, f.object) for f in rows if f.predicate == "dismissedFrom" and f.status == "asserted"}
    rows = tuple(f for f in rows if f.predicate != "headOf" or f.status != "asserted" or f.end or (f.subject, f.object) not in sent)
    outlived = _outlived(rows)
    return tuple(fact for fact in rows if fact not in outlived)


def _outlived(rows: tuple[Fact, ...]) -> set[Fact]:
    """The leads without an end of those whom somebody succeeded who leads the same body now: who is no longer in post needs one."""
    now = {(f.subject, f.object) for f in rows if f.predicate in _LEADING and f.status == "asserted" and not f.end}
    heirs = {(f.object, f.subject) for f in rows if f.predicate == "succeeds" and f.status == "asserted"}
    before = {old for old, _ in heirs} - {new for _, new in heirs}
    return {
        fact
        for fact in rows
        if fact.subject in before and (fact.subject, fact.object) in now and fact.predicate in _LEADING and fact.status == "asserted"
        if any(old == fact.subject and (new, fact.object) in now for old, new in heirs) and not fact.end
    }


def _possible(fact: Fact, day: str | None) -> Fact:
    """The row without dates that it cannot have."""
    if fact.predicate in _TIMELESS and (fact.start or fact.end):
        return replace(fact, start=None, end=None)
    to_come = day and fact.start and fact.status != "proposed" and fact.start[: len(day)] > day[: len(fact.start)]
    return replace(fact, start=None, end=None) if to_come else fact


def _with(fact: Fact, dates: _Dates) -> Fact:
    found = {part: dates.get((*_row(fact), part)) for part in ("start", "end") if getattr(fact, part) is None}
    changes: dict[str, Any] = {part: date for part, date in found.items() if date}
    if not changes:
        return fact
    mended = replace(fact, **changes)
    if mended.start and mended.end and mended.start[: len(mended.end)] > mended.end[: len(mended.start)]:
        return fact
    return mended


def _row(fact: Fact) -> _Key:
    return fact.predicate, fact.subject, fact.object, fact.status


def _of_bodies(rows: tuple[Fact, ...]) -> Iterator[tuple[_Key, str | None]]:
    yield from _told(rows, _BODY, lambda fact: (fact.subject, fact.object, fact.status))


def _of_people(rows: tuple[Fact, ...]) -> Iterator[tuple[_Key, str | None]]:
    objects: defaultdict[_Key, set[object]] = defaultdict(set)
    for fact in rows:
        if fact.predicate != "holdsRole" or _CHIEF.fullmatch(str(fact.object)):
            objects[fact.predicate, fact.subject, fact.status].add(fact.object)
    # What somebody took over who had left the lead told is another post: "chief constable until 2022, he then succeeded Cole at Kenova".
    left = {f.subject for f in rows if f.predicate in _LEADING and f.end}
    # Whoever led for the time being first was no chief by title from that day.
    stood_in = {f.subject for f in rows if f.predicate == "holdsRole" and _STAND_IN.fullmatch(str(f.object))}
    only = tuple(
        f
        for f in rows
        if not (f.predicate == "holdsRole" and f.subject in stood_in)
        and objects[f.predicate, f.subject, f.status] == {f.object}
        and not (f.predicate == "succeeds" and f.subject in left)
    )
    yield from _told(only, _PERSON, lambda fact: (fact.subject, fact.status))


def _of_ranks(rows: tuple[Fact, ...]) -> Iterator[tuple[_Key, str | None]]:
    """When each rank ended whose holder left, or was sent away from, the only body told; if it is the only one that the person had."""
    ranks: defaultdict[int, set[Fact]] = defaultdict(set)
    bodies: defaultdict[int, set[object]] = defaultdict(set)
    for fact in rows:
        if fact.status == "asserted" and fact.predicate == "holdsRole":
            ranks[fact.subject].add(fact)
        elif fact.status == "asserted" and fact.predicate in {"memberOf", *_LEADING}:
            bodies[fact.subject].add(fact.object)
    for fact in rows:
        leaves = fact.predicate in _LEAVING and fact.status == "asserted" and bodies[fact.subject] <= {fact.object}
        if leaves and len(ranks[fact.subject]) == 1:
            for row in ranks[fact.subject]:
                if _RANK.fullmatch(str(row.object)):
                    yield (*_row(row), "end"), fact.start


def _told(
    rows: tuple[Fact, ...], moments: Iterable[tuple[_End, _End]], shared: Callable[[Fact], _Key]
) -> Iterator[tuple[_Key, str | None]]:
    """What ends that are one moment tell each other, between rows that share what ``shared`` gives."""
    by: defaultdict[_Key, list[Fact]] = defaultdict(list)
    for fact in rows:
        by[fact.predicate, shared(fact)].append(fact)
    for (first, part), (second, other) in moments:
        for (predicate, key), facts in list(by.items()):
            if predicate == first:
                for fact in facts:
                    for taker in by.get((second, key), ()):
                        if part == other == "start" or fact.status == "asserted":
                            yield (*_row(taker), other), getattr(fact, part)


def _handed(rows: tuple[Fact, ...]) -> Iterator[tuple[_Key, str | None]]:
    """When each predecessor's lead ended, by the start of the successor's in the same body."""
    asserted = [f for f in rows if f.status == "asserted"]
    led: defaultdict[object, set[tuple[str, object]]] = defaultdict(set)
    for fact in asserted:
        if fact.predicate in _LEADING:
            led[fact.subject].add((fact.predicate, fact.object))
    for fact in asserted:
        if fact.predicate == "succeeds":
            for predicate, body in led[fact.subject] & led[fact.object]:
                yield (predicate, fact.object, body, "asserted", "end"), fact.start


def _arrivals(rows: tuple[Fact, ...]) -> Iterator[tuple[_Key, str | None]]:
    """When those who left one body as they took the lead of another became members of that: a lead alone may be a promotion."""
    left: defaultdict[object, list[Fact]] = defaultdict(list)
    for fact in rows:
        if fact.predicate == "memberOf" and fact.status == "asserted" and fact.end:
            left[fact.subject].append(fact)
    for fact in rows:
        if fact.predicate == "headOf" and fact.status == "asserted" and fact.start:
            others = (old for old in left[fact.subject] if old.object != fact.object)
            if any(fact.start.startswith(str(old.end)) or str(old.end).startswith(fact.start) for old in others):
                yield ("memberOf", fact.subject, fact.object, "asserted", "start"), fact.start


def _titles_handed(rows: tuple[Fact, ...]) -> Iterator[tuple[_Key, str | None]]:
    """When a title that both have passed from a predecessor to a successor: it ends the one's and begins the other's."""
    titles: defaultdict[object, list[Fact]] = defaultdict(list)
    for fact in rows:
        if fact.predicate == "holdsRole" and fact.status == "asserted" and not _LOWER_RANK.fullmatch(str(fact.object)):
            titles[fact.subject].append(fact)
    for fact in rows:
        if fact.predicate == "succeeds" and fact.status == "asserted" and fact.start:
            for old in titles[fact.object]:
                taken = [new for new in titles[fact.subject] if _FOR_NOW.sub("", str(new.object)) == str(old.object)]
                if len(taken) == 1:  # of two, one was for the time being, and there is no telling when the other began
                    yield (*_row(old), "end"), fact.start
                    yield (*_row(taken[0]), "start"), fact.start


def _deeds(rows: tuple[Fact, ...]) -> Iterator[tuple[_Key, str | None]]:
    """When the deed of each row about it was done."""
    suffered: defaultdict[object, list[Fact]] = defaultdict(list)
    accused: defaultdict[_Key, list[Fact]] = defaultdict(list)
    harmed: defaultdict[object, dict[int, Fact]] = defaultdict(dict)
    against: defaultdict[int, set[object]] = defaultdict(set)
    for fact in rows:
        if fact.predicate == "victimOf":
            suffered[fact.subject].append(fact)
            harmed[fact.object][fact.subject] = fact
        elif fact.predicate == "offenderAgainst":
            against[fact.subject].add(fact.object)
        elif fact.predicate == "accusedOf":
            accused[fact.subject, fact.object].append(fact)
    for (_, what), charges in accused.items():
        victims = harmed.get(what, {})
        if len(victims) == 1 and against.get(charges[0].subject, set()) <= set(victims):  # of murder, where one person was murdered
            for charge in charges:
                yield (*_row(charge), "start"), next(iter(victims.values())).start
    for deed in rows:
        if deed.predicate == "offenderAgainst":
            harms = suffered[deed.object]
            alike = len({harm.object for harm in harms}) == 1
            for harm in harms:
                yield (*_row(deed), "start"), harm.start
                if alike:
                    yield (*_row(harm), "start"), deed.start
                for row in accused[deed.subject, harm.object]:
                    yield (*_row(row), "start"), deed.start or harm.start


def _one_each(pairs: Iterable[tuple[_Key, str | None]]) -> _Dates:
    """The date of each key that has just one."""
    found: defaultdict[_Key, set[str]] = defaultdict(set)
    for key, date in pairs:
        if date:
            found[key].add(date)
    return {key: next(iter(dates)) for key, dates in found.items() if len(dates) == 1}

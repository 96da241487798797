"""What two graphs say differently: facts that came, went, or are told otherwise, subject by subject.

A fact is here one subject, predicate and object, and what the graph's documents say of it: with which status, from when to when. So a
charge that ends in an acquittal is one fact whose status changed, and not one that went and another that came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.folder import open_folder
from kg.model import LITERAL, STATUSES
from kg.rows import Row, facts
from kg.store import Store, memory_store, open_store

#: kinds of difference: no document says it any more; one does now; said with another status; with other dates; by other documents
CHANGES = ("came", "went", "status", "dates", "documents")


@dataclass(frozen=True, slots=True)
class Side:
    """What one graph's documents say of a fact, one way."""

    status: str
    start: str | None  #: ISO 8601 / EDTF
    end: str | None
    documents: tuple[str, ...]  #: ids
    sentence: str  #: of the first of them

    @property
    def said(self) -> tuple[str, str, str]:
        return (self.status, self.start or "", self.end or "")


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of which two graphs say different things."""

    change: str  #: one of CHANGES
    subject: Row  #: id, type, name
    predicate: str
    object: Row  #: type, name, and id where it is no text
    before: tuple[Side, ...]
    after: tuple[Side, ...]


def open_graph(path: Path) -> Store:
    """The store of a graph folder, or of a file of N-Quads. Raises GraphFolderError or InputError where it is neither."""
    if path.is_dir():
        return open_store(open_folder(path))
    if path.suffix != ".nq" or not path.is_file():
        raise InputError(f"{path}: neither a graph folder nor a file of N-Quads; give a folder that kg build made, or a .nq file")
    return memory_store(path)


def diff(before: Store, after: Store) -> Iterator[Difference]:
    """The differences, by the subject's name, then by predicate and object."""
    old, new = _by_fact(facts(before)), _by_fact(facts(after))
    ends = {key: (row["subject"], row["object"]) for table in (old, new) for key, rows in table.items() for row in rows[:1]}
    for key in sorted(ends, key=lambda key: (ends[key][0]["name"], *key)):
        was, is_ = _sides(old.get(key, ())), _sides(new.get(key, ()))
        change = _change(was, is_)
        if change:
            subject, target = ends[key]
            yield Difference(change, _end(subject), key[1], _end(target), was, is_)


def _by_fact(rows: Iterable[Row]) -> dict[tuple[str, str, str, str], list[Row]]:
    found: defaultdict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        target = row["object"]
        value = target["name"] if target["type"] == LITERAL else target["id"]
        found[row["subject"]["id"], row["predicate"], target["type"], value].append(row)
    return found


def _sides(rows: Iterable[Row]) -> tuple[Side, ...]:
    """The ways in which the fact is told, by status and dates."""
    ways: defaultdict[tuple[str, str | None, str | None], list[Row]] = defaultdict(list)
    for row in rows:
        ways[row["status"], row["start"], row["end"]].append(row)
    sides = (Side(*way, tuple(sorted({row["document"] for row in said})), said[0]["evidence"]["text"]) for way, said in ways.items())
    return tuple(sorted(sides, key=lambda side: (_rank(side.status), side.said)))


def _rank(status: str) -> int:
    return STATUSES.index(status) if status in STATUSES else len(STATUSES)


def _change(before: tuple[Side, ...], after: tuple[Side, ...]) -> str | None:
    if not before or not after:
        return "came" if after else "went"
    if {side.status for side in before} != {side.status for side in after}:
        return "status"
    if {side.said for side in before} != {side.said for side in after}:
        return "dates"
    return "documents" if [side.documents for side in before] != [side.documents for side in after] else None


def _end(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "type", "name") if name in row}

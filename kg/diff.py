"""What two graphs say differently: facts that came, went, or are told otherwise, subject by subject.

A fact is here one subject, predicate and object, and what the graph's documents say of it: with which status, from when to when. So a
charge that ends in an acquittal is one fact whose status changed, and not one that went and another that came.

An entity's id may change though it is the same (a person's does where a new document joins it to one with an earlier key). It is then told
as renumbered, once, and its facts are compared as those of one entity.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.folder import open_folder
from kg.model import LITERAL, STATUSES
from kg.rows import Row, facts
from kg.store import Store, memory_store, open_store

#: kinds of difference: an entity has another id; and of facts: a document says it now; none does any more; said with another status; with
#: other dates; by other documents
CHANGES = ("renumbered", "came", "went", "status", "dates", "documents")


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
    """One fact of which two graphs say different things; or one entity with its id before (``subject``) and after (``object``)."""

    change: str  #: one of CHANGES
    subject: Row  #: id, type, name
    predicate: str  #: empty where an entity was renumbered
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
    """The differences: what was renumbered first, then facts by the subject's name, predicate and object."""
    old_rows, new_rows = list(facts(before)), list(facts(after))
    moved = _renumbered(old_rows, new_rows)
    for was, is_ in sorted(moved.items(), key=lambda pair: (pair[1]["name"], pair[0])):
        yield Difference("renumbered", {**_end(is_), "id": was}, "", _end(is_), (), ())
    old, new = _by_fact(_under(moved, row) for row in old_rows), _by_fact(new_rows)
    ends = {key: (row["subject"], row["object"]) for table in (old, new) for key, rows in table.items() for row in rows[:1]}
    for key in sorted(ends, key=lambda key: (ends[key][0]["name"], *key)):
        sides = _sides(old.get(key, ())), _sides(new.get(key, ()))
        change = _change(*sides)
        if change:
            subject, target = ends[key]
            yield Difference(change, _end(subject), key[1], _end(target), *sides)


def _renumbered(before: Iterable[Row], after: Iterable[Row]) -> dict[str, Row]:
    """Old id -> the entity under its new id, for those that one graph alone has and whose name the other knows in the same document.

    Only where nobody else could be meant: where two share a name in a document, or two became one, nothing is told.
    """
    old, new = _named(before), _named(after)
    went, came = ({id_: found for id_, found in some.items() if id_ not in others} for some, others in ((old, new), (new, old)))
    called, known = _by_form((id_, one.called) for id_, one in came.items()), _by_form((id_, one.forms) for id_, one in came.items())
    fits = {id_: {found for form in one.called for found in known[form]} | {found for form in one.forms for found in called[form]}
            for id_, one in went.items()}
    taken = Counter(one for some in fits.values() for one in some)
    single = {id_: next(iter(some)) for id_, some in fits.items() if len(some) == 1}
    return {id_: came[one].entity for id_, one in single.items() if taken[one] == 1}


_Form = tuple[str, str, str]  # type, document, name


@dataclass(slots=True)
class _Named:
    """An entity with its own name in each document that tells of it, and all its names there."""

    entity: Row
    called: set[_Form] = field(default_factory=set)
    forms: set[_Form] = field(default_factory=set)


def _named(rows: Iterable[Row]) -> dict[str, _Named]:
    found: dict[str, _Named] = {}
    for row in rows:
        for end in (row["subject"], row["object"]):
            if "id" in end:
                one = found.setdefault(end["id"], _Named(end))
                one.called.add((end["type"], row["document"], end["name"]))
                one.forms.update((end["type"], row["document"], name) for name in end["names"])
    return found


def _by_form(some: Iterable[tuple[str, Iterable[_Form]]]) -> defaultdict[_Form, set[str]]:
    """Form -> the ids that have it."""
    found: defaultdict[_Form, set[str]] = defaultdict(set)
    for id_, forms in some:
        for form in forms:
            found[form].add(id_)
    return found


def _under(moved: Mapping[str, Row], row: Row) -> Row:
    """A row with the ids that its ends have now."""
    ends = {side: {**row[side], "id": moved[row[side]["id"]]["id"]} for side in ("subject", "object") if row[side].get("id") in moved}
    return {**row, **ends} if ends else row


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

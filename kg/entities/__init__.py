"""Which chains of different documents are one thing, in two steps.

First every chain gets a key that depends on its own document alone, and chains with one key are one record. A key joins a
name to what pins it down: for a person the force or body served, a unique office, a relative, the other party to an offence;
for a unit its parent; for an event its victim. What nothing pins down is keyed with its document and stays apart.

Then records of people, and of reviews, under different keys are joined where the evidence of all documents leaves no other
(``evidence``, ``joining``). A joined entity has the first of its members' keys as its id, those that name a document last: an id is
always a key of one of the entity's chains, and a key never changes while its document stays as it is. When documents are added, an
entity's id changes only where they join it to one with an earlier key; the old id stays in the graph as a key of the joined one.

Two nodes for one person are a nuisance, one node for two people is a libel: in doubt they stay apart, and the graph suggests a look.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from kg import names
from kg.entities import joining, reviews
from kg.entities.evidence import Comparison, Profile, are_several, compare, conflict, merged, profile
from kg.entities.joining import Pair, Sets
from kg.entities.people import person_tail
from kg.entities.reviews import Account
from kg.entities.things import TAILS
from kg.entities.view import FOLDERS, LOCAL, Tail, View, folder, local_tail
from kg.model import Entity, Likeness, Reading
from kg.reference import Reference

__all__ = [
    "FOLDERS", "Decisions", "Group", "Linked", "Record", "Sets", "Told", "comparison", "grouped", "ids", "link_others", "link_people",
    "local_id", "made", "named", "records", "resolve", "told",
]

#: two chains of one document that come to one key outside the reference data are kept apart: the document meant two
_APART = frozenset({"Person", "Review"})

#: a document, and the position of a chain in it
Place = tuple[str, int]

#: how often people are compared: what several records tell together may tell more of the others
_ROUNDS = 2


class Decisions(Protocol):
    """What people have settled: sets of two ids of entities, keys of their chains, or local keys (``person/ann-hart.doc.report``)."""

    @property
    def same(self) -> frozenset[frozenset[str]]: ...

    @property
    def different(self) -> frozenset[frozenset[str]]: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What one document tells of one of its chains, as far as it matters to other documents."""

    document: str
    position: int
    type: str
    name: str
    names: tuple[str, ...]
    key: str  #: the key that the document gives it, before any evidence of others and any decision
    local: str  #: the key that no other document has
    reference: str | None  #: slug of the row of the reference data that it is
    profile: Profile | None = None  #: of people
    account: Account | None = None  #: of reviews outside the reference data


@dataclass(slots=True)
class Record:
    """The chains under one key."""

    key: str
    type: str
    members: list[Told] = field(default_factory=list)
    reference: str | None = None


@dataclass(slots=True)
class Linked:
    """Records joined into sets, the joins, and what may be one beside that."""

    sets: Sets
    joined: list[Likeness] = field(default_factory=list)
    possible: list[Likeness] = field(default_factory=list)


def resolve(readings: Sequence[Reading], reference: Reference, *, decisions: Decisions | None = None) -> tuple[Entity, ...]:
    """The entities that the chains of all readings stand for, by id; every chain is a member of exactly one.

    An entity has the reference data's name where it is in there, otherwise the fullest name of its chains. It tells why its members
    are one (``Entity.joined``), and which others it may be (``Entity.possible``). What ``decisions`` call different is never joined,
    whatever the evidence; what they call the same is joined, unless they call it different as well.
    """
    same, different = (decisions.same, decisions.different) if decisions else (frozenset(), frozenset())
    found = records((one for reading in readings for one in told(reading, reference)), frozenset().union(*same, *different))
    people = link_people({key: record for key, record in found.items() if record.type == "Person"}, same, different, reference)
    called = {(one.document, one.position): people.sets.find(record.key)
              for record in found.values() if record.type == "Person" for one in record.members}
    others = link_others({key: record for key, record in found.items() if record.type != "Person"}, same, different, called.__getitem__)
    return tuple(sorted((entity for kind in (people, others) for entity in made(found, kind, reference)), key=lambda entity: entity.id))


def told(reading: Reading, reference: Reference) -> Iterator[Told]:
    """What a document tells of each of its chains."""
    view = View(reading, reference, {"Person": person_tail, **TAILS})
    for position, (key, local, slug) in enumerate(_keys(view)):
        chain = view.chains[position]
        yield Told(reading.document.id, position, chain.type, chain.name, chain.names, key, local, slug,
                   profile(view, position, local) if chain.type == "Person" else None,
                   reviews.account(view, position) if chain.type == "Review" and not slug else None)


def ids(reading: Reading, reference: Reference) -> tuple[str, ...]:
    """For every chain of a document the key that its document alone gives it, before any evidence of others and any decision."""
    return tuple(key for key, _, _ in _keys(View(reading, reference, {"Person": person_tail, **TAILS})))


def local_id(kind: str, name: str, document: str) -> str:
    """The local key of what goes by a name in one document, if it is the first there of its type and name."""
    return f"{folder(kind)}/{local_tail(kind, name, document)}"


def comparison(readings: Iterable[tuple[Reading, Sequence[str]]], reference: Reference, one: Container[tuple[str, str]],
               other: Container[tuple[str, str]]) -> tuple[Likeness | None, str]:
    """What speaks for and against two people being one, and why they cannot be, if they cannot.

    ``readings`` come with what each chain is called; ``one`` and ``other`` hold pairs of a document and what a chain of the person is
    called there. There is no likeness where nothing but a document that tells them apart is known.
    """
    found: tuple[list[Profile], list[Profile]] = ([], [])
    for reading, called in readings:
        view = View(reading, reference, {"Person": person_tail, **TAILS})
        for position, name in enumerate(called):
            for person, profiles in zip((one, other), found, strict=True):
                if (reading.document.id, name) in person:
                    profiles.append(profile(view, position, name))
    a, b = map(merged, found)
    said = compare(a, b, reference)
    return _likeness(a.key, b.key, said) if said.pinned or a.surname == b.surname else None, said.veto


# Records


def records(all_told: Iterable[Told], addressed: Container[str]) -> dict[str, Record]:
    """The records by key, in order.

    A chain that a decision addresses by its local key is a record of its own, and so are the chains of people who came to one key
    although what their documents say cannot be of one person.
    """
    found: dict[str, Record] = {}
    for one in all_told:
        own = one.local in addressed
        record = found.setdefault(one.local if own else one.key, Record(one.local if own else one.key, one.type))
        record.members.append(one)
        record.reference = None if own else one.reference
    for key, record in list(found.items()):
        if record.type == "Person" and are_several([_profile(one) for one in record.members]):
            del found[key]
            for one in record.members:
                found[one.local] = Record(one.local, record.type, [one])
    return dict(sorted(found.items()))


def _profile(one: Told) -> Profile:
    assert one.profile is not None
    return one.profile


def _keys(view: View) -> Iterator[tuple[str, str, str | None]]:
    """For every chain its key, the key that no other document has, and the slug of the reference row it is."""
    tails = [view.tail(i) for i in range(len(view.chains))]
    counts = Counter((chain.type, tail) for chain, tail in zip(view.chains, tails, strict=True))
    seen: Counter[tuple[str, str]] = Counter()
    for chain, tail in zip(view.chains, tails, strict=True):
        local = view.local_tail(chain)
        seen[chain.type, local] += 1
        if seen[chain.type, local] > 1:
            local = f"{local}.{seen[chain.type, local]}"
        if tail is None or (counts[chain.type, tail] > 1 and chain.type in _APART and tail.reference is None):
            tail = Tail(local)
        kind = folder(chain.type)
        yield f"{kind}/{tail.text}", f"{kind}/{local}", tail.reference


def _decided(records: Mapping[str, Record], same: Iterable[frozenset[str]], different: Iterable[frozenset[str]]) -> Linked:
    """The records as people have joined them, where none that would be joined so are said to be different, and the joins."""
    sets = Sets(records)
    joined: list[Likeness] = []
    apart = [tuple(pair) for pair in different if len(pair) == 2 and all(key in records for key in pair)]
    for a, b in sorted(tuple(sorted(pair)) for pair in same if len(pair) == 2 and all(key in records for key in pair)):
        ends = {sets.find(a), sets.find(b)}
        if records[a].type != records[b].type or any({sets.find(x), sets.find(y)} == ends for x, y in apart):
            continue
        if sets.unite(a, b):
            joined.append(Likeness(a, b, 1.0, ("a decision says so",)))
    return Linked(sets, joined)


# Joining


def link_people(records: Mapping[str, Record], same: Iterable[frozenset[str]], different: Collection[frozenset[str]],
                reference: Reference) -> Linked:
    """The records of people joined by decisions and evidence.

    Those of one surname depend on no others, but where one key or a decision ties surnames together.
    """
    linked = _decided(records, same, different)
    sets, parted = linked.sets, _parted(linked.sets, records, different)
    for _ in range(_ROUNDS):
        before = len(linked.joined)
        people = {name: merged(_profile(one) for key in keys for one in records[key].members) for name, keys in sets.groups().items()}
        linked.possible = _link(joining.compared(people, reference), partial(_conflicting, people), sets, parted, linked.joined)
        parted = {frozenset(map(sets.find, pair)) for pair in parted}
        if len(linked.joined) == before:
            break
    return linked


def link_others(records: Mapping[str, Record], same: Iterable[frozenset[str]], different: Collection[frozenset[str]],
                called: Callable[[Place], str]) -> Linked:
    """The records of what is no person joined by decisions, and reviews also by who led them.

    ``called`` tells what the set of records is called to which a person's chain belongs, given its document and position.
    """
    linked = _decided(records, same, different)
    accounts = sorted((one.document, one.position, linked.sets.find(r.key), one.account)
                      for r in records.values() for one in r.members if one.account)
    inquiries = reviews.inquiries(((name, document, account) for document, _, name, account in accounts), called)
    linked.possible = _link(reviews.compared(inquiries), lambda a, b: reviews.conflict(inquiries, a, b), linked.sets,
                            _parted(linked.sets, records, different), linked.joined)
    return linked


def _parted(sets: Sets, records: Container[str], different: Iterable[frozenset[str]]) -> set[frozenset[str]]:
    return {frozenset(map(sets.find, pair)) for pair in different if all(key in records for key in pair)}


def _conflicting(people: Mapping[str, Profile], a: str, b: str) -> bool:
    return bool(conflict(people[a], people[b]))


def _link(comparisons: Mapping[Pair, Comparison], cannot: Callable[[str, str], bool], sets: Sets, parted: set[frozenset[str]],
          joined: list[Likeness]) -> list[Likeness]:
    """Join in ``sets`` what comparisons join, say in ``joined`` why; what may be one beside that.

    ``cannot`` says of two records that they cannot be one; ``parted`` are the pairs that people have called different.
    """
    known: dict[Pair, bool] = {}

    def apart(a: str, b: str) -> bool:
        if (a, b) not in known:
            known[a, b] = frozenset((a, b)) in parted or cannot(a, b)
        return known[a, b]

    open_ = {pair: c for pair, c in comparisons.items() if frozenset(pair) not in parted}
    groups, used = joining.group({key for pair in open_ for key in pair}, open_, apart)
    for a, b in used:
        sets.unite(a, b)
        joined.append(_likeness(a, b, open_[a, b]))
    return [_likeness(one, other, open_[pair]) for (one, other), pair in joining.suggested(open_, groups, apart).items()]


def _likeness(a: str, b: str, c: Comparison) -> Likeness:
    return Likeness(a, b, round(c.score, 4), c.reasons, c.against)


# Entities


def made(records: Mapping[str, Record], linked: Linked, reference: Reference) -> Iterator[Entity]:
    """The entities of linked records."""
    for group in grouped(records, linked):
        members = sorted(((one.document, one.position), key, one) for key in group.keys for one in records[key].members)
        slug, name, names = named(records[group.id].reference, [(one.name, one.names) for _, _, one in members],
                                  records[group.id].type, reference)
        yield Entity(group.id, records[group.id].type, name, names, tuple(place for place, _, _ in members), slug,
                     tuple(key for _, key, _ in members) if len(group.keys) > 1 else (), group.joined, group.possible)


@dataclass(frozen=True, slots=True)
class Group:
    """The keys of one entity."""

    id: str
    keys: tuple[str, ...]
    joined: tuple[Likeness, ...]
    possible: tuple[Likeness, ...]


def grouped(records: Mapping[str, Record], linked: Linked) -> Iterator[Group]:
    """The keys of each entity, with its id: the first of them, those of the reference data first, those of one document last."""
    sets, groups = linked.sets, linked.sets.groups()
    ids = {name: min(keys, key=lambda key: (records[key].reference is None, LOCAL in key, key)) for name, keys in groups.items()}
    why: defaultdict[str, list[Likeness]] = defaultdict(list)
    others: defaultdict[str, list[Likeness]] = defaultdict(list)
    for likeness in linked.joined:
        why[sets.find(likeness.one)].append(likeness)
    for likeness in linked.possible:
        one, other = sorted((ids[sets.find(likeness.one)], ids[sets.find(likeness.other)]))
        others[one].append(Likeness(one, other, likeness.score, likeness.reasons, likeness.against))
    for name, keys in groups.items():
        yield Group(ids[name], tuple(keys), tuple(sorted(why[name])), tuple(sorted(others[ids[name]])))


def named(slug: str | None, chains: Sequence[tuple[str, tuple[str, ...]]], kind: str,
          reference: Reference) -> tuple[str | None, str, tuple[str, ...]]:
    """The slug of the reference row that an entity is, its name, and all its names, given those of its chains."""
    known = reference.by_slug(slug) if slug else None
    name = getattr(known, "name", None) or getattr(known, "label", None) or _fullest(kind, [name for name, _ in chains])
    return slug, name, tuple(dict.fromkeys((name, *sorted({form for _, forms in chains for form in forms}))))


def _fullest(kind: str, found: Iterable[str]) -> str:
    counts = Counter(found)
    if kind == "Person":
        return names.canonical_person(counts)
    return max(counts, key=lambda name: (not name.isupper(), counts[name], len(name), name))

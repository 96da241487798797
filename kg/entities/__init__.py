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
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from kg import names
from kg.entities import joining, reviews
from kg.entities.evidence import Comparison, Profile, are_several, compare, conflict, merged, profile
from kg.entities.joining import Pair, Sets
from kg.entities.people import person_tail
from kg.entities.things import TAILS
from kg.entities.view import FOLDERS, LOCAL, Tail, View, folder, local_tail
from kg.model import Chain, Entity, Likeness, Reading
from kg.reference import Reference

__all__ = ["FOLDERS", "Decisions", "comparison", "ids", "local_id", "resolve"]

#: two chains of one document that come to one key outside the reference data are kept apart: the document meant two
_APART = frozenset({"Person", "Review"})

#: how often people are compared: what several records tell together may tell more of the others
_ROUNDS = 2


class Decisions(Protocol):
    """What people have settled: sets of two ids of entities, keys of their chains, or local keys (``person/ann-hart.doc.report``)."""

    @property
    def same(self) -> frozenset[frozenset[str]]: ...

    @property
    def different(self) -> frozenset[frozenset[str]]: ...


@dataclass(slots=True)
class _Record:
    """The chains under one key."""

    key: str
    type: str
    members: list[tuple[str, int, Chain]] = field(default_factory=list)
    reference: str | None = None
    profiles: list[Profile] = field(default_factory=list)  #: of people, one a chain


def resolve(readings: Sequence[Reading], reference: Reference, *, decisions: Decisions | None = None) -> tuple[Entity, ...]:
    """The entities that the chains of all readings stand for, by id; every chain is a member of exactly one.

    An entity has the reference data's name where it is in there, otherwise the fullest name of its chains. It tells why its members
    are one (``Entity.joined``), and which others it may be (``Entity.possible``). What ``decisions`` call different is never joined,
    whatever the evidence; what they call the same is joined, unless they call it different as well.
    """
    views = [View(reading, reference, {"Person": person_tail, **TAILS}) for reading in readings]
    same, different = (decisions.same, decisions.different) if decisions else (frozenset(), frozenset())
    records = _records(views, frozenset().union(*same, *different))
    sets, joined = _decided(records, same, different)
    parted = {frozenset(map(sets.find, pair)) for pair in different if all(key in records for key in pair)}

    possible: list[Likeness] = []
    for _ in range(_ROUNDS):
        before = len(joined)
        people = {name: merged(p for key in keys for p in records[key].profiles)
                  for name, keys in sets.groups().items() if records[name].type == "Person"}
        possible = _link(joining.compared(people, reference), partial(_conflicting, people), sets, parted, joined)
        parted = {frozenset(map(sets.find, pair)) for pair in parted}
        if len(joined) == before:
            break
    inquiries = reviews.inquiries(views, {member[:2]: sets.find(r.key) for r in records.values() for member in r.members})
    possible += _link(reviews.compared(inquiries), lambda a, b: reviews.conflict(inquiries, a, b), sets, parted, joined)
    return _entities(records, sets, joined, possible, reference)


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


def _records(views: Iterable[View], addressed: frozenset[str]) -> dict[str, _Record]:
    """The records by key, in order.

    A chain that a decision addresses by its local key is a record of its own, and so are the chains of people who came to one key
    although what their documents say cannot be of one person.
    """
    found: dict[str, _Record] = {}
    for view in views:
        for position, (key, local, slug) in enumerate(_keys(view)):
            chain, own = view.chains[position], local in addressed
            record = found.setdefault(local if own else key, _Record(local if own else key, chain.type))
            record.members.append((view.reading.document.id, position, chain))
            record.reference = None if own else slug
            if chain.type == "Person":
                record.profiles.append(profile(view, position, local))
    for key, record in list(found.items()):
        if are_several(record.profiles):
            del found[key]
            for member, one in zip(record.members, record.profiles, strict=True):
                found[one.key] = _Record(one.key, record.type, [member], None, [one])
    return dict(sorted(found.items()))


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


def _decided(records: Mapping[str, _Record], same: Iterable[frozenset[str]],
             different: Iterable[frozenset[str]]) -> tuple[Sets, list[Likeness]]:
    """The records as people have joined them, where none that would be joined so are said to be different, and the joins."""
    sets, joined = Sets(records), []
    apart = [tuple(pair) for pair in different if len(pair) == 2 and all(key in records for key in pair)]
    for a, b in sorted(tuple(sorted(pair)) for pair in same if len(pair) == 2 and all(key in records for key in pair)):
        ends = {sets.find(a), sets.find(b)}
        if records[a].type != records[b].type or any({sets.find(x), sets.find(y)} == ends for x, y in apart):
            continue
        if sets.unite(a, b):
            joined.append(Likeness(a, b, 1.0, ("a decision says so",)))
    return sets, joined


# Joining


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


def _entities(records: Mapping[str, _Record], sets: Sets, joined: Iterable[Likeness], possible: Iterable[Likeness],
              reference: Reference) -> tuple[Entity, ...]:
    groups = sets.groups()
    ids = {name: min(keys, key=lambda key: (records[key].reference is None, LOCAL in key, key)) for name, keys in groups.items()}
    why: defaultdict[str, list[Likeness]] = defaultdict(list)
    others: defaultdict[str, list[Likeness]] = defaultdict(list)
    for likeness in joined:
        why[sets.find(likeness.one)].append(likeness)
    for likeness in possible:
        one, other = sorted((ids[sets.find(likeness.one)], ids[sets.find(likeness.other)]))
        others[one].append(Likeness(one, other, likeness.score, likeness.reasons, likeness.against))
    entities = [_entity(ids[name], [records[key] for key in keys], sorted(why[name]), sorted(others[ids[name]]), reference)
                for name, keys in groups.items()]
    return tuple(sorted(entities, key=lambda entity: entity.id))


def _entity(id_: str, records: Sequence[_Record], joined: Sequence[Likeness], possible: Sequence[Likeness],
            reference: Reference) -> Entity:
    found = sorted((document, position, record.key, chain) for record in records for document, position, chain in record.members)
    chains = [chain for _, _, _, chain in found]
    slug = next((record.reference for record in records if record.key == id_), None)
    named = reference.by_slug(slug) if slug else None
    name = getattr(named, "name", None) or getattr(named, "label", None) or _fullest(chains)
    forms = sorted({form for chain in chains for form in chain.names})
    keys = tuple(key for _, _, key, _ in found)
    return Entity(id_, chains[0].type, name, tuple(dict.fromkeys((name, *forms))), tuple((d, p) for d, p, _, _ in found), slug,
                  keys if len(records) > 1 else (), tuple(joined), tuple(possible))


def _fullest(chains: Sequence[Chain]) -> str:
    counts = Counter(chain.name for chain in chains)
    if chains[0].type == "Person":
        return names.canonical_person(counts)
    return max(counts, key=lambda name: (not name.isupper(), counts[name], len(name), name))

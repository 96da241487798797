"""Which chains of different documents are one thing: every chain gets a key that depends on its own document alone, and
chains with one key are one entity.

So an entity's id never changes when other documents are added, and neither their order nor their number matters. A key joins a
name to what pins it down: for a person the force or body served, a unique office, a relative, the other party to an offence;
for a unit its parent; for an event its victim. What nothing pins down is keyed with its document and stays apart.
Two nodes for one person are a nuisance, one node for two people is a libel: in doubt the keys differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

import networkx as nx

from kg import names
from kg.entities.people import person_tail
from kg.entities.things import TAILS
from kg.entities.view import FOLDERS, View, local_tail
from kg.errors import InputError
from kg.model import Chain, Entity, Reading
from kg.reference import Reference

__all__ = ["FOLDERS", "ids", "local_id", "local_ids", "resolve"]

#: two chains of one document that come to one key outside the reference data are kept apart: the document meant two
_APART = frozenset({"Person", "Review"})


class Told(Protocol):
    """What people decided about pairs of ids: that they are one thing, or two."""

    @property
    def same(self) -> frozenset[frozenset[str]]: ...

    @property
    def different(self) -> frozenset[frozenset[str]]: ...


def resolve(readings: Sequence[Reading], reference: Reference, *, decisions: Told | None = None) -> tuple[Entity, ...]:
    """The entities that the chains of all readings stand for, by id; every chain is a member of exactly one.

    An entity has the reference data's name where it is in there, otherwise the fullest name of its chains. Where decisions join
    ids, the entity has the smallest of them. A decision may also name a chain by the id that it would have if its document stood
    alone (``local_id``): being different from something then takes it out of whatever its key had joined it to.
    Raises InputError where the decisions contradict one another.
    """
    members: defaultdict[str, list[tuple[str, int, Chain]]] = defaultdict(list)
    known: dict[str, str] = {}
    alone = frozenset().union(*decisions.different) if decisions else frozenset()
    local: dict[str, str] = {}  # local id -> the id that its chain has
    for reading in readings:
        for position, ((id_, slug), own) in enumerate(zip(_ids(reading, reference), local_ids(reading), strict=True)):
            if own in alone:
                id_, slug = own, None
            local[own] = id_
            members[id_].append((reading.document.id, position, reading.chains[position]))
            if slug:
                known[id_] = slug
    groups = _joined(sorted(members), local, decisions) if decisions else {id_: (id_,) for id_ in members}
    return tuple(
        _entity(id_, sorted((m for part in _parts(names_, members) for m in members[part]), key=lambda m: m[:2]),
                next((known[part] for part in names_ if part in known), None), reference, names_)
        for id_, names_ in sorted(groups.items()))


def _parts(ids_: Sequence[str], members: Mapping[str, object]) -> list[str]:
    return [id_ for id_ in ids_ if id_ in members]


def _joined(found: Sequence[str], local: Mapping[str, str], decisions: Told) -> dict[str, tuple[str, ...]]:
    """Id of the entity -> all ids that decisions may name it by, for every group that the decisions make of the ids found."""
    graph = nx.Graph()
    graph.add_nodes_from(found)
    named: defaultdict[str, set[str]] = defaultdict(set)
    for pair in decisions.same | decisions.different:
        for id_ in pair:
            if id_ not in graph and id_ in local:
                named[local[id_]].add(id_)
    for pair in decisions.same:
        ends = [local.get(id_, id_) for id_ in pair]
        if all(end in graph for end in ends):
            graph.add_edge(ends[0], ends[-1])
    groups, group_of = {}, {}
    for group in nx.connected_components(graph):
        all_names = tuple(sorted(group.union(*(named[id_] for id_ in group))))
        groups[min(group)] = all_names
        group_of |= dict.fromkeys(all_names, all_names)
    for pair in sorted(map(sorted, decisions.different)):
        first, second = (group_of.get(id_) for id_ in pair)
        if first and first is second:
            raise InputError(f"decisions contradict one another: {' and '.join(pair)} are told to be different, "
                             f"and yet the same by way of {', '.join(first)}; take one of them back")
    return groups


def ids(reading: Reading, reference: Reference) -> tuple[str, ...]:
    """For every chain of a document the id that its document alone gives it, before any decision."""
    return tuple(id_ for id_, _ in _ids(reading, reference))


def local_ids(reading: Reading) -> tuple[str, ...]:
    """For every chain of a document the id that no other document's chain can have: its name and its document."""
    seen: Counter[str] = Counter()
    found = []
    for chain in reading.chains:
        own = local_id(chain.type, chain.name, reading.document.id)
        seen[own] += 1
        found.append(own if seen[own] == 1 else f"{own}.{seen[own]}")
    return tuple(found)


def local_id(kind: str, name: str, document: str) -> str:
    """The id of what goes by a name in one document, if it is the first there of its type and name."""
    return f"{FOLDERS[kind]}/{local_tail(kind, name, document)}"


def _ids(reading: Reading, reference: Reference) -> list[tuple[str, str | None]]:
    """For every chain the id of its entity and the slug of the reference row it is."""
    view = View(reading, reference, {"Person": person_tail, **TAILS})
    tails = [view.tail(i) for i in range(len(reading.chains))]
    counts = Counter((chain.type, tail) for chain, tail in zip(reading.chains, tails, strict=True))
    found: list[tuple[str, str | None]] = []
    for chain, tail, own in zip(reading.chains, tails, local_ids(reading), strict=True):
        if tail is None or (counts[chain.type, tail] > 1 and chain.type in _APART and tail.reference is None):
            found.append((own, None))
        else:
            found.append((f"{FOLDERS[chain.type]}/{tail.text}", tail.reference))
    return found


def _entity(id_: str, found: list[tuple[str, int, Chain]], slug: str | None, reference: Reference, keys: tuple[str, ...]) -> Entity:
    chains = [chain for _, _, chain in found]
    named = reference.by_slug(slug) if slug else None
    name = getattr(named, "name", None) or getattr(named, "label", None) or _fullest(chains)
    forms = sorted({form for chain in chains for form in chain.names})
    members = tuple((document, position) for document, position, _ in found)
    return Entity(id_, chains[0].type, name, tuple(dict.fromkeys((name, *forms))), members, slug, keys if len(keys) > 1 else ())


def _fullest(chains: Sequence[Chain]) -> str:
    counts = Counter(chain.name for chain in chains)
    if chains[0].type == "Person":
        return names.canonical_person(counts)
    return max(counts, key=lambda name: (not name.isupper(), counts[name], len(name), name))

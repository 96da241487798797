"""Which chains of different documents are one thing: every chain gets a key that depends on its own document alone, and
chains with one key are one entity.

So an entity's id never changes when other documents are added, and neither their order nor their number matters. A key joins a
name to what pins it down: for a person the force or body served, a unique office, a relative, the other party to an offence;
for a unit its parent; for an event its victim. What nothing pins down is keyed with its document and stays apart.
Two nodes for one person are a nuisance, one node for two people is a libel: in doubt the keys differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from kg import names
from kg.entities.people import person_tail
from kg.entities.things import TAILS
from kg.entities.view import FOLDERS, Tail, View, folder
from kg.model import Chain, Entity, Reading
from kg.reference import Reference

__all__ = ["FOLDERS", "resolve"]

#: two chains of one document that come to one key outside the reference data are kept apart: the document meant two
_APART = frozenset({"Person", "Review"})


def resolve(readings: Sequence[Reading], reference: Reference) -> tuple[Entity, ...]:
    """The entities that the chains of all readings stand for, by id; every chain is a member of exactly one.

    An entity has the reference data's name where it is in there, otherwise the fullest name of its chains.
    """
    members: defaultdict[str, list[tuple[str, int, Chain]]] = defaultdict(list)
    known: dict[str, str] = {}
    for reading in readings:
        for position, (id_, slug) in enumerate(_ids(reading, reference)):
            members[id_].append((reading.document.id, position, reading.chains[position]))
            if slug:
                known[id_] = slug
    return tuple(_entity(id_, sorted(found, key=lambda m: m[:2]), known.get(id_), reference) for id_, found in sorted(members.items()))


def _ids(reading: Reading, reference: Reference) -> list[tuple[str, str | None]]:
    """For every chain the id of its entity and the slug of the reference row it is."""
    view = View(reading, reference, {"Person": person_tail, **TAILS})
    tails = [view.tail(i) for i in range(len(reading.chains))]
    counts = Counter((chain.type, tail) for chain, tail in zip(reading.chains, tails, strict=True))
    seen: Counter[tuple[str, str]] = Counter()
    ids = []
    for chain, tail in zip(reading.chains, tails, strict=True):
        if tail is None or (counts[chain.type, tail] > 1 and chain.type in _APART and tail.reference is None):
            tail = Tail(view.local_tail(chain))
            seen[chain.type, tail.text] += 1
            if seen[chain.type, tail.text] > 1:
                tail = Tail(f"{tail.text}.{seen[chain.type, tail.text]}")
        ids.append((f"{folder(chain.type)}/{tail.text}", tail.reference))
    return ids


def _entity(id_: str, found: list[tuple[str, int, Chain]], slug: str | None, reference: Reference) -> Entity:
    chains = [chain for _, _, chain in found]
    named = reference.by_slug(slug) if slug else None
    name = getattr(named, "name", None) or getattr(named, "label", None) or _fullest(chains)
    forms = sorted({form for chain in chains for form in chain.names})
    members = tuple((document, position) for document, position, _ in found)
    return Entity(id_, chains[0].type, name, tuple(dict.fromkeys((name, *forms))), members, slug)


def _fullest(chains: Sequence[Chain]) -> str:
    counts = Counter(chain.name for chain in chains)
    if chains[0].type == "Person":
        return names.canonical_person(counts)
    return max(counts, key=lambda name: (not name.isupper(), counts[name], len(name), name))

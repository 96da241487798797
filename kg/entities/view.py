"""One document as the keys see it, and how a key is spelt."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kg import names, plugins
from kg.model import Chain, Fact, Reading
from kg.reference import Reference

#: entity type -> first part of the ids of its entities
FOLDERS: dict[str, str] = {
    "Person": "person",
    "PoliceForce": "force",
    "Unit": "unit",
    "OversightBody": "oversight-body",
    "Organisation": "organisation",
    "Court": "court",
    "Review": "review",
    "Programme": "programme",
    "Incident": "incident",
    "Offence": "offence",
    "Place": "place",
}

_SIMPLE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_EXACT = re.compile(r"[a-z0-9_-]+")
_LONGEST = 80
_SHORT = 3  #: letters of an abbreviation that many share
_ENGLISH_COURTS = frozenset({"high-court-of-justice", "court-of-appeal-england-and-wales"})

#: stands in keys before the document that alone has the key
LOCAL = ".doc."

CHIEF_OFFICER = 7  #: order of rank from which a force has so few that name and force make one person

#: what makes a person a party to a matter
_INVOLVED = frozenset({"accusedOf", "convictedOf", "sentencedTo", "victimOf", "offenderAgainst", "relativeOf", "residesIn"})
_POSTS = frozenset({"headOf", "commissionerFor"})

#: words that make no name of their own: "the Council" is another one in every document
GENERIC = frozenset(
    """a academy agency ambulance an and appeal assembly association at audit authority bench board branch business cabinet campaign centre
    chamber charity club coalition college combined command commission commissioner committee community company conference constabulary
    corporation coroner coroners council county court courts crime criminal crown department desk directorate district division employment
    executive family federation fire firm for force foundation fund government group health high home hospital in independent industrial
    inquiry inspectorate institute investigation joint judicial local magistrates ministry national network newspaper of office ombudsman
    panel parish parliament partnership party police policing prosecution prosecutors public regional review school scrutiny section senior
    service services society squad staff station support team the tribunal trust union unit university watchdog youth""".split()
)


@dataclass(frozen=True, slots=True)
class Tail:
    """An id behind its folder, shared by all documents; ``reference`` is the slug of the reference row, if it is one."""

    text: str
    reference: str | None = None


#: from a document and a chain's position to the text of its tail; None where only the document can tell the thing
Method = Callable[["View", int], str | None]


class View:
    """A reading with its facts by chain and the tails of its chains."""

    def __init__(self, reading: Reading, reference: Reference, methods: Mapping[str, Method]) -> None:
        self.reading, self.chains, self.reference = reading, reading.chains, reference
        self._methods = methods
        self._tails: dict[int, Tail | None] = {}
        self.out: defaultdict[int, list[Fact]] = defaultdict(list)  #: facts by subject
        self.into: defaultdict[int, list[Fact]] = defaultdict(list)  #: facts by object
        for fact in reading.facts:
            self.out[fact.subject].append(fact)
            if isinstance(fact.object, int):
                self.into[fact.object].append(fact)

    def tail(self, i: int) -> Tail | None:
        """The tail of a chain's id, or None where no other document can have it."""
        if i not in self._tails:
            self._tails[i] = None  # whoever asks for it on the way to itself gets no anchor
            self._tails[i] = self._known(self.chains[i]) or self._worked_out(i)
        return self._tails[i]

    def text(self, i: int) -> str | None:
        """The text of a chain's tail, or None."""
        tail = self.tail(i)
        return tail.text if tail else None

    def local_tail(self, chain: Chain) -> str:
        """The text of a tail that no other document has."""
        return local_tail(chain.type, chain.name, self.reading.document.id)

    def objects(self, i: int, predicate: str, *statuses: str) -> Iterator[int]:
        """The chains that a chain's facts with the predicate and one of the statuses point at."""
        for fact in self.out[i]:
            if fact.predicate == predicate and isinstance(fact.object, int) and (fact.status in statuses or not statuses):
                yield fact.object

    def literals(self, i: int, predicate: str, *statuses: str) -> Iterator[str]:
        """The literals of a chain's facts with the predicate and one of the statuses."""
        for fact in self.out[i]:
            if fact.predicate == predicate and isinstance(fact.object, str) and (fact.status in statuses or not statuses):
                yield fact.object

    @cached_property
    def people(self) -> dict[int, str]:
        """The people with full names: position of the chain -> the name as a part of a tail."""
        return {i: part(names.person_key(chain.name)) for i, chain in enumerate(self.chains)
                if chain.type == "Person" and names.is_full(chain.name)}

    @cached_property
    def involved(self) -> frozenset[int]:
        """The people who are of the matter: its parties, and police below the heads, who are named whatever a document is about."""
        return frozenset(i for i, chain in enumerate(self.chains) if chain.type == "Person" and self._is_involved(i))

    def _is_involved(self, i: int) -> bool:
        predicates = {fact.predicate for fact in self.out[i]}
        if predicates & _POSTS or any(fact.predicate == "ledBy" for fact in self.into[i]):
            return False
        if predicates & _INVOLVED:
            return True
        ranks = [rank for role in self.literals(i, "holdsRole") if (rank := self.reference.rank(role)) and rank.order]
        return bool(ranks) and all(int(rank.order) < CHIEF_OFFICER for rank in ranks)

    @cached_property
    def forces(self) -> Counter[str]:
        """Slugs of the known forces in the document with the number of their mentions."""
        found: Counter[str] = Counter()
        for chain in self.chains:
            if chain.type == "PoliceForce" and (tail := self._known(chain)):
                found[tail.text] += len(chain.mentions) or 1
        return found

    @cached_property
    def main_force(self) -> str | None:
        """Slug of the known force that the document mentions most, if one does stand out."""
        ranked = self.forces.most_common(2)
        return ranked[0][0] if len(ranked) == 1 or (ranked and ranked[0][1] > ranked[1][1]) else None

    @cached_property
    def jurisdiction(self) -> str:
        """Jurisdiction of the main force, or nothing."""
        force = self.reference.force_by_slug(self.main_force or "")
        return force.jurisdiction if force else ""

    def _worked_out(self, i: int) -> Tail | None:
        text = self._methods.get(self.chains[i].type, added_tail)(self, i)
        return Tail(text) if text else None

    def _known(self, chain: Chain) -> Tail | None:
        """The tail of a chain that is in the reference data, by its slug or else by its name."""
        found = self.reference.by_slug(chain.reference) if chain.reference else None
        if found is None or found.type != chain.type:
            found = self._named(chain)
        return Tail(found.slug, found.slug) if found else None

    def _named(self, chain: Chain) -> Any:
        for name in (chain.name, *chain.aliases):
            found = self.reference.named(name, chain.type)
            if found is None or found.type != chain.type:
                continue
            if found.slug in _ENGLISH_COURTS and self.jurisdiction in {"Scotland", "Northern Ireland"}:
                continue
            return found
        return None


def added_tail(view: View, i: int) -> str | None:
    """The name of a thing of a plug-in's type, where the plug-in says that one name is one thing everywhere."""
    return part(view.chains[i].name) if plugins.types()[view.chains[i].type].shared else None


def folder(kind: str) -> str:
    """The first part of the ids of the entities of a type; those of plug-ins have one that nothing of ours can have."""
    return FOLDERS.get(kind) or f"added/{kind}"


def local_tail(kind: str, name: str, document: str) -> str:
    """The text of a tail that no other document has."""
    stem = names.person_key(name) if kind == "Person" else ""
    return f"{part(stem or name)}{LOCAL}{part(document, exact=True)}"


def part(text: str, *, exact: bool = False) -> str:
    """Text as one part of a tail: lower-case letters, digits, "-" and "_", readable, and different for texts with different keys.

    ``exact``: different for any two different texts. What letters and digits cannot tell apart is told by a hash behind "~".
    """
    wanted = text if exact else names.key(text)
    simple = wanted if exact else wanted.replace(" ", "-")
    if (_EXACT if exact else _SIMPLE).fullmatch(simple) and len(simple) <= _LONGEST:
        return simple
    digest = hashlib.sha256(wanted.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{names.slug(text)[:_LONGEST].strip('-')}~{digest}"


def is_proper(name: str) -> bool:
    """Whether a name has a capital and a telling word: "Kent County Council"; not "the Council", "parish council" or a short "PCC"."""
    words = names.key(name).split()
    return any(c.isupper() for c in name) and any(w not in GENERIC for w in words) and sum(map(len, words)) > _SHORT

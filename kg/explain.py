"""Why two names are one node of the graph, or what speaks for and against where they are two, in words."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from shlex import quote
from typing import Any

import pyoxigraph

from kg import rows
from kg.entities import comparison
from kg.errors import QueryError
from kg.model import Chain, Document, Fact, Likeness, Mention, Reading
from kg.query import find_entities, named_query, run, suggestions
from kg.reference import Reference
from kg.store import Store
from kg.vocabulary import PREFIXES

_CHAINS = """
SELECT ?document ?entity ?key ?name ?form WHERE {
  ?chain a kg:Chain ; kg:entity ?entity ; prov:wasDerivedFrom/dct:identifier ?document ; rdfs:label ?name .
  OPTIONAL { ?chain kg:identityKey ?key }
  OPTIONAL { ?chain skos:altLabel ?form }
}"""
_LIKENESSES = """
SELECT ?node ?one ?other ?into ?score ?reason ?counter WHERE {
  { ?node kg:firstKey ?one ; kg:secondKey ?other ; kg:mergedInto ?into } UNION { ?node kg:first ?one ; kg:second ?other }
  ?node kg:score ?score .
  { ?node kg:reason ?reason } UNION { ?node kg:counterReason ?counter }
}"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name leads: an entity, and, where the name was that of a document or a key, the keys meant."""

    iri: str
    name: str
    type: str
    keys: tuple[str, ...]  #: of all its chains, or of those meant


class Explainer:
    """Answers about one graph. ``base_iri`` is what the IRIs of its things begin with."""

    def __init__(self, store: Store, base_iri: str) -> None:
        self._store, self._base = store, base_iri
        self._chains: defaultdict[str, list[tuple[str, str, set[str]]]] = defaultdict(list)  #: entity -> document, key, names
        grouped: dict[tuple[str, str, str], set[str]] = {}
        for row in store.query(_CHAINS, prefixes=PREFIXES):
            iri = row["entity"].value
            key = row["key"].value if row["key"] else iri.removeprefix(base_iri)
            names = grouped.setdefault((iri, row["document"].value, key), set())
            names.update(row[which].value for which in ("name", "form") if row[which])
        for (iri, document, key), names in sorted(grouped.items()):
            self._chains[iri].append((document, key, names))

    def merge(self, one: str, other: str) -> Iterator[str]:
        """Lines that tell why the two are one, or what speaks for and against it.

        Each is a name, an IRI, a key, or ``document:name``. Raises QueryError where one is unknown.
        """
        first, second = self._places(one), self._places(other)
        for a in first:
            for b in second:
                if a.iri == b.iri and (one != other or len(first) == 1):
                    yield from self._one(a, b)
                elif a.iri != b.iri and (one != other or a.iri < b.iri):
                    yield from self._two(a, b)

    def holder(self, document: str) -> Iterator[str]:
        """Lines that tell which posts a document speaks of without saying who holds them, and on what ground somebody probably does.

        Raises QueryError where there is no such document, or none of its posts is left unnamed.
        """
        names = {row["document"].value for row in self._store.query("SELECT ?document { ?d a kg:Document ; dct:identifier ?document }",
                                                                    prefixes=PREFIXES)}
        if document not in names:
            raise QueryError(f"there is no document {document!r}{suggestions(document, sorted(names))}")
        answer = run(self._store, named_query("unnamed-holders").text)
        assert isinstance(answer, pyoxigraph.QuerySolutions)
        found = [row for row in answer if row["document"].value == document]
        if not found:
            raise QueryError(f"{document} leaves nobody unnamed: it has no date, speaks of no head or commissioner of a force, or not only "
                             'by "the chief constable" and the like')
        for (post, force, sentence), several in groupby(found, key=lambda row: tuple(row[n].value for n in ("post", "of", "sentence"))):
            told = list(several)
            day = told[0]["date"].value
            yield f'{document} does not name the {post} of {force}: "{sentence}"'
            if told[0]["id"] is None:
                yield f"Who that was on {day} no other documents settle: one person, before and after it, and nobody else in between."
                yield f"See: kg query post-holders --force {quote(force)} --on {day}"
                continue
            yield f"On {day} that was probably {told[0]['probably'].value} <{told[0]['id'].value}>, since"
            yield from (f'  + {row["told_in"].value}: "{row["told"].value}"' for row in told)
            yield "Nothing follows from it: no fact of the document is about this person."

    # What is meant

    def _places(self, name: str) -> list[Place]:
        document, colon, inner = name.partition(":")
        if colon and any(document == d for chains in self._chains.values() for d, _, _ in chains):
            found = self._in_document(document, inner.strip())
            if not found:
                known = {form for chains in self._chains.values() for d, _, forms in chains if d == document for form in forms}
                raise QueryError(f"{document} names nothing {inner.strip()!r}{suggestions(inner, sorted(known))}")
            return found
        key = name.strip("<>").removeprefix(self._base)
        for iri, chains in self._chains.items():
            if any(k == key for _, k, _ in chains):
                return [self._place(iri, {key})]
        return [self._place(match.iri, {k for _, k, _ in self._chains[match.iri]}) for match in find_entities(self._store, name)]

    def _in_document(self, document: str, name: str) -> list[Place]:
        wanted = name.casefold()
        found = {iri: {k for d, k, names in chains if d == document and wanted in {n.casefold() for n in names}}
                 for iri, chains in self._chains.items()}
        return [self._place(iri, keys) for iri, keys in sorted(found.items()) if keys]

    def _place(self, iri: str, keys: set[str]) -> Place:
        match = find_entities(self._store, iri)[0]
        return Place(iri, match.name, match.type, tuple(sorted(keys)))

    # One node

    def _one(self, a: Place, b: Place) -> Iterator[str]:
        documents = sorted({document for document, _, _ in self._chains[a.iri]})
        yield f"{a.name} ({a.type}) is one node, <{a.iri}>, in {_listed(documents)}."
        keys = sorted({*a.keys, *b.keys})
        if len(keys) == 1:
            yield f"Each document alone leads to the key {keys[0]}: the name and what pins it down there."
            return
        likenesses = [likeness for into, likeness in self._likenesses() if into == a.iri]
        shown = _path(likenesses, keys[0], keys[1]) if len(a.keys) == len(b.keys) == 1 else likenesses
        for likeness in shown:
            yield f"{likeness.one} and {likeness.other} were joined (score {likeness.score:.4f}), since"
            yield from _said(likeness.reasons, likeness.against)

    # Two nodes

    def _two(self, a: Place, b: Place) -> Iterator[str]:
        yield f"{a.name} ({a.type}, <{a.iri}>) and {b.name} ({b.type}, <{b.iri}>) are two nodes."
        if a.type != b.type:
            yield f"They are of different types: {a.type}, {b.type}."
            return
        if a.type not in {"Person", "Review"}:
            yield f"A {a.type} is known by its key alone, and the keys differ: {_listed(a.keys)}; {_listed(b.keys)}."
            return
        veto = ""
        if a.type == "Person":
            likeness, veto = comparison(self._readings({a.iri, b.iri}), Reference.load(), *self._members(a, b))
        else:
            ends = {a.iri, b.iri}
            likeness = next((found for _, found in self._likenesses() if {found.one, found.other} == ends), None)
        if likeness is None:
            yield "Nothing that the documents tell speaks for their being one."
            return
        if veto:
            yield f"They cannot be one: {veto}."
        else:
            yield f"That they are one has the score {likeness.score:.4f}, which is not enough to join them."
        yield "What speaks for it (+) and against it (-):"
        yield from _said(likeness.reasons, likeness.against)

    def _members(self, a: Place, b: Place) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        return tuple({(document, place.iri) for document, _, _ in self._chains[place.iri]} for place in (a, b))  # type: ignore[return-value]

    def _likenesses(self) -> list[tuple[str, Likeness]]:
        """Merges with what they led to, and possible matches with nothing."""
        found: dict[str, tuple[str, str, str, float, set[str], set[str]]] = {}
        for row in self._store.query(_LIKENESSES, prefixes=PREFIXES):
            into = row["into"].value if row["into"] else ""
            _, _, _, _, reasons, against = found.setdefault(
                row["node"].value, (into, row["one"].value, row["other"].value, float(row["score"].value), set(), set()))
            if row["reason"]:
                reasons.add(row["reason"].value)
            if row["counter"]:
                against.add(row["counter"].value)
        return [(into, Likeness(one, other, score, tuple(sorted(reasons)), tuple(sorted(against))))
                for _, (into, one, other, score, reasons, against) in sorted(found.items())]

    def _readings(self, iris: set[str]) -> list[tuple[Reading, list[str]]]:
        """The documents that name the entities, as they were read, with the IRI behind each chain."""
        wanted = {document for iri in iris for document, _, _ in self._chains[iri]}
        dates = {row["id"]: row["date"] for row in rows.documents(self._store)}
        chains: defaultdict[str, list[str]] = defaultdict(list)
        readings: defaultdict[str, list[Chain]] = defaultdict(list)
        for row in rows.entities(self._store, within=wanted):
            mentions = tuple(Mention(m["start"], m["end"], m["text"], row["type"]) for m in row["mentions"])
            chains[row["document"]].append(row["id"])
            readings[row["document"]].append(Chain(row["type"], row["name"], mentions))
        facts: defaultdict[str, list[Fact]] = defaultdict(list)
        for row in rows.facts(self._store, within=wanted):
            facts[row["document"]].append(_fact(row, chains[row["document"]]))
        return [(Reading(Document(name, "", date=dates[name]), tuple(readings[name]), tuple(facts[name])), chains[name])
                for name in sorted(wanted)]


def _fact(row: dict[str, Any], chains: Sequence[str]) -> Fact:
    target = chains.index(row["object"]["id"]) if "id" in row["object"] else row["object"]["name"]
    return Fact(row["predicate"], chains.index(row["subject"]["id"]), target, row["status"], (0, 1), row["source"], row["confidence"],
                row["start"], row["end"])


def _path(likenesses: Sequence[Likeness], start: str, end: str) -> list[Likeness]:
    """The joins that lead from one key to another, in order."""
    steps: defaultdict[str, list[tuple[str, Likeness]]] = defaultdict(list)
    for likeness in likenesses:
        steps[likeness.one].append((likeness.other, likeness))
        steps[likeness.other].append((likeness.one, likeness))
    came: dict[str, tuple[str, Likeness] | None] = {start: None}
    queue = deque([start])
    while queue and end not in came:
        at = queue.popleft()
        for to, likeness in steps[at]:
            if to not in came:
                came[to] = (at, likeness)
                queue.append(to)
    found, at = [], end
    while (step := came.get(at)) is not None:
        at, likeness = step
        found.append(likeness)
    return found[::-1]


def _said(reasons: Iterable[str], against: Iterable[str]) -> Iterator[str]:
    for reason in reasons:
        yield f"  + {reason}"
    for reason in against:
        yield f"  - {reason}"


def _listed(names: Sequence[str]) -> str:
    shown = list(names[:5])
    return ", ".join(shown) + (f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")

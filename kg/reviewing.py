"""What in a graph a person should settle, the gravest first, and how what they settle is found again.

A fact is called by its handle, what its IRI has behind ``assertion/`` ("d05-essex-charged/accusedOf-1f2e..."). A handle is good for this
graph; a decision holds the fact's own words instead (``kg.decisions``), so that later graphs know it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pyoxigraph

from kg import names, plugins
from kg.decisions import ABOUT_FACTS, PAIRS, Address, Decision, Decisions, address_of
from kg.errors import QueryError
from kg.model import STATUSES, Reading
from kg.query import find_entities, named_query, run, suggestions
from kg.rdf.statements import GRAVE, NEVER_PLAIN
from kg.store import Store
from kg.vocabulary import PREFIXES, Minter

#: facts of our own predicates that do a person grave harm where they are wrong
_GRAVE = GRAVE | NEVER_PLAIN | {"chargedBy"}

#: facts that tell who somebody is
_TELLING = frozenset({"headOf", "commissionerFor", "memberOf", "servesIn", "holdsRole", "age", "residesIn", "relativeOf"})

#: kinds of items, the gravest first
KINDS = ("contradiction", "doubtful", "possible match", "two heads", "disagreement", "unnamed")

_FACTS = """
SELECT ?fact ?document ?s ?subject ?relation ?o ?object ?stance ?confidence ?start ?end ?sentence ?decided WHERE {
  %s
  ?fact a kg:Assertion ; kg:subject ?s ; kg:predicate ?relation ; kg:object ?o ; kg:status ?stance ; kg:confidence ?confidence ;
        prov:wasDerivedFrom/dct:identifier ?document ; kg:evidence/oa:hasSelector/oa:exact ?sentence .
  ?s rdfs:label ?subject .
  OPTIONAL { ?o rdfs:label ?label }
  OPTIONAL { ?fact kg:start ?start }
  OPTIONAL { ?fact kg:end ?end }
  BIND(COALESCE(?label, ?o) AS ?object)
  BIND(EXISTS { ?fact prov:wasInfluencedBy ?decision } AS ?decided)
}"""
_ABOUT = "{ SELECT DISTINCT ?fact { VALUES ?about { %s } ?fact kg:subject|kg:object ?about } }"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the graph, as a person is shown it."""

    handle: str
    document: str
    subject: str  #: IRI
    subject_name: str
    predicate: str
    object: str  #: IRI, or text
    object_name: str
    status: str
    confidence: float
    start: str | None
    end: str | None
    sentence: str
    decided: bool  #: whether a person has accepted or corrected it

    @property
    def told(self) -> str:
        """Subject, predicate, object and status in words."""
        return f"{self.subject_name} {self.predicate} {self.object_name}, {self.status}"

    def as_row(self) -> dict[str, Any]:
        """What is shown of it."""
        return {"fact": self.handle, "told": self.told, "confidence": self.confidence, "document": self.document, "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to settle."""

    kind: str  #: one of KINDS
    question: str
    facts: tuple[Fact, ...]
    entities: tuple[str, ...]  #: IRIs of what it is about

    def as_row(self) -> dict[str, Any]:
        """The item as JSON values."""
        return {"kind": self.kind, "question": self.question, "entities": list(self.entities), "facts": [f.as_row() for f in self.facts]}


def items(store: Store, minter: Minter, *, below: float, entities: Iterable[str] | None = None) -> list[Item]:
    """What should be settled, the gravest first and then in the order of documents; only about some entities (IRIs), if any are given.

    Facts that are less sure than ``below`` are doubtful. What a person has accepted or corrected is settled.
    """
    about = None if entities is None else set(entities)
    opposed, alike = _answers(store, "contradictions"), _answers(store, "possible-matches")
    if about is not None:
        alike = [row for row in alike if about & _values([row], "id", "other")]
    grave = _facts(store, minter, f"{'' if about is None else _ABOUT % _terms(about)} VALUES ?relation {{ {_grave_predicates()} }}")
    pairs, people = _terms(_values(opposed, "fact", "other")), _terms(_values(alike, "id", "other"))
    facts_opposed = _facts(store, minter, f"VALUES ?fact {{ {pairs} }}")
    facts_alike = _facts(store, minter, f"VALUES ?s {{ {people} }}")
    found = [*_contradictions(minter, opposed, {fact.handle: fact for fact in facts_opposed}), *_doubtful(grave, below),
             *_possible_matches(alike, facts_alike), *_unnamed(store, grave)]
    chosen = [item for item in found if about is None or about & set(item.entities)]
    return sorted(chosen, key=lambda item: (KINDS.index(item.kind), min((STATUSES.index(f.status) for f in item.facts), default=0),
                                            [(f.document, f.told) for f in item.facts], item.question, item.entities))


def facts_about(store: Store, minter: Minter, entities: Iterable[str]) -> list[Fact]:
    """The facts of which one of these things (IRIs) is the subject or the object, by document and handle."""
    return _facts(store, minter, _ABOUT % _terms(entities))


def one_fact(store: Store, minter: Minter, name: str) -> Fact:
    """The fact with a handle, or with an IRI, whole or as tables shorten it.

    Raises QueryError with the nearest handles where there is none.
    """
    base = minter.thing("assertion") + "/"
    handle = name.strip().removeprefix("<").removesuffix(">").removeprefix(base).removeprefix("assertion/")
    document, _, rest = handle.rpartition("/")
    found = _facts(store, minter, f"VALUES ?fact {{ <{minter.thing('assertion', unquote(document), unquote(rest))}> }}")
    if not found:
        known = (row["fact"].value.removeprefix(base) for row in store.query("SELECT ?fact { ?fact a kg:Assertion }", prefixes=PREFIXES))
        raise QueryError(f"no fact has the handle {name!r}{suggestions(handle, sorted(known))}; see: kg review --about NAME")
    return found[0]


def _facts(store: Store, minter: Minter, chosen: str) -> list[Fact]:
    """The facts that a pattern of ``?fact``, ``?s`` or ``?relation`` chooses, by document and handle."""
    base = minter.thing("assertion") + "/"
    found = []
    for row in store.query(_FACTS % chosen, prefixes=PREFIXES):
        found.append(Fact(
            row["fact"].value.removeprefix(base), row["document"].value, row["s"].value, row["subject"].value,
            row["relation"].value.rpartition("#")[2], row["o"].value, row["object"].value, row["stance"].value.rpartition("/")[2],
            float(row["confidence"].value), row["start"] and row["start"].value, row["end"] and row["end"].value,
            row["sentence"].value, row["decided"].value == "true"))
    return sorted(found, key=lambda fact: (fact.document, fact.handle))


def _answers(store: Store, question: str) -> list[pyoxigraph.QuerySolution]:
    """The rows of a named question that is asked of everything."""
    rows = run(store, named_query(question).text)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    return list(rows)


def _values(rows: Iterable[pyoxigraph.QuerySolution], *names: str) -> set[str]:
    return {row[name].value for row in rows for name in names}


def _terms(iris: Iterable[str]) -> str:
    return " ".join(str(pyoxigraph.NamedNode(iri)) for iri in sorted(iris))


def addresses(reading: Reading, fact: Fact, store: Store) -> list[Address]:
    """How decisions name a fact: one address for every row of the document's reading that the graph tells as this one.

    Raises QueryError where the reading has none, as a decision has changed it already.
    """
    ends = _names_in(store, reading.document.id)
    found = [address for row in reading.facts if _is_of(address := address_of(reading, row), fact, ends)]
    if not found:
        raise QueryError(f"{fact.handle}: nothing was read like that; a decision has changed it already, so change that one in the file")
    return sorted(set(found))


def standing(store: Store, minter: Minter, found: Iterable[Item], decided: Decisions) -> dict[str, tuple[Decision, ...]]:
    """The decisions that stand already about the facts and the things of items, by the handle of a fact and the IRI of a thing.

    Of what a graph was built with there is little: most of these wait for the next build.
    """
    by_document: dict[str, list[Decision]] = {}
    for decision in decided.of(*ABOUT_FACTS):
        if decision.fact:
            by_document.setdefault(decision.fact.document, []).append(decision)
    ends = {document: _names_in(store, document) for document in by_document}
    about_things = list(decided.of(*PAIRS, "rename"))
    told: dict[str, tuple[Decision, ...]] = {}
    for item in found:
        for fact in item.facts:
            if here := tuple(decision for decision in by_document.get(fact.document, ())
                             if decision.fact and _is_of(decision.fact, fact, ends[fact.document])):
                told[fact.handle] = here
        if about_things and item.kind in ("possible match", "unnamed"):
            ids = [set(ids_of(store, minter, iri)) for iri in item.entities]
            here = tuple(decision for decision in about_things if all(own & set(decision.entities) for own in ids))
            told |= dict.fromkeys(item.entities, here) if here else {}
    return told


def _names_in(store: Store, document: str) -> dict[str, set[str]]:
    """IRI of an entity -> the names that a document's chains of it have, as decisions call them."""
    ends: dict[str, set[str]] = {}
    for row in store.query("SELECT ?entity ?name { ?chain kg:entity ?entity ; rdfs:label ?name ; prov:wasDerivedFrom/dct:identifier ?d "
                           f"FILTER(STR(?d) = {_literal(document)}) }}", prefixes=PREFIXES):
        ends.setdefault(row["entity"].value, set()).add(row["name"].value)
    return ends


def _is_of(address: Address, fact: Fact, ends: dict[str, set[str]]) -> bool:
    """Whether an address means a fact of its document, where the ends of facts go by these names."""
    return (address.predicate, address.status, address.words) == (fact.predicate, fact.status, " ".join(fact.sentence.split())) \
        and address.subject in ends.get(fact.subject, ()) and address.object in ends.get(fact.object, {fact.object})


def _literal(text: str) -> str:
    return str(pyoxigraph.Literal(text))


def ids_of(store: Store, minter: Minter, iri: str) -> tuple[str, ...]:
    """Every id by which decisions may name an entity, the one in its IRI first."""
    own = unquote(iri.removeprefix(minter.base))
    keys = store.query(f"SELECT DISTINCT ?key {{ ?chain kg:entity <{iri}> ; kg:identityKey ?key }} ORDER BY ?key", prefixes=PREFIXES)
    return tuple(dict.fromkeys((own, *(row["key"].value for row in keys))))


def one_entity(store: Store, name: str) -> tuple[str, str, str]:
    """IRI, type and name of the one entity that goes by a name or has that IRI. Raises QueryError where there is none or are several."""
    found = find_entities(store, name)
    if len(found) > 1:
        listed = ", ".join(f"{match.name} ({match.type}) <{match.iri}>" for match in found)
        raise QueryError(f"{name!r} may be {listed}; give the IRI of the one you mean")
    return found[0].iri, found[0].type, found[0].name


def in_document(store: Store, document: str, name: str) -> list[tuple[str, str, str]]:
    """(type, name, IRI of the entity) of the chains of a document that go by a name in it."""
    wanted = names.key(name)
    rows = store.query(
        "SELECT DISTINCT ?chain ?type ?label ?entity ?form { ?chain kg:entity ?entity ; rdfs:label ?label ; "
        "rdfs:label|skos:altLabel ?form ; "
        "prov:wasDerivedFrom/dct:identifier ?document . ?entity a ?type . FILTER(STRSTARTS(STR(?type), STR(kg:))) "
        f"FILTER(STR(?document) = {_literal(document)}) }} ORDER BY ?chain", prefixes=PREFIXES)
    found = {row["chain"].value: (row["type"].value.rpartition("#")[2], row["label"].value, row["entity"].value)
             for row in rows if names.key(row["form"].value) == wanted}
    return list(found.values())


# What should be settled


def _contradictions(minter: Minter, rows: Iterable[pyoxigraph.QuerySolution], known: dict[str, Fact]) -> Iterator[Item]:
    base = minter.thing("assertion") + "/"
    for row in rows:
        pair = tuple(known[row[name].value.removeprefix(base)] for name in ("fact", "other"))
        if all(fact.decided for fact in pair):
            continue
        kind = row["kind"].value
        if kind == "two heads":
            question = f"were {row['subject'].value} and {row['against'].value} both head of {row['object'].value} at the same time?"
        elif pair[0].status == "alleged":
            continue  # somebody was accused and cleared: that is a story, and nothing that a person has to settle
        else:
            question = f"is it so that {pair[0].told}, where {pair[1].document} has it {kind}?"
            kind = "contradiction" if _is_grave(pair[0]) else "disagreement"
        yield Item(kind, question, pair, tuple(sorted({end for fact in pair for end in _ends(fact)})))


def _is_grave(fact: Fact) -> bool:
    return fact.predicate in _GRAVE or fact.predicate in plugins.grave()


def _grave_predicates() -> str:
    return _terms(PREFIXES["kg"] + name for name in _GRAVE | plugins.grave())


def _doubtful(grave: Iterable[Fact], below: float) -> Iterator[Item]:
    for fact in grave:
        if fact.confidence < below and not fact.decided and fact.status != "hypothetical":
            yield Item("doubtful", f"does the text say so? {fact.told}", (fact,), _ends(fact))


def _possible_matches(rows: Iterable[pyoxigraph.QuerySolution], known: Iterable[Fact]) -> Iterator[Item]:
    """Two nodes that may be one, with what tells of either and may be decisive: posts, ages, homes and grave facts."""
    telling: dict[str, list[Fact]] = {}
    for fact in known:
        if fact.predicate in _TELLING or _is_grave(fact):
            telling.setdefault(fact.subject, []).append(fact)
    for row in rows:
        pair = (row["id"].value, row["other"].value)
        against = f", against it {row['against'].value}" if row["against"] else ""
        question = (f"is {row['name'].value} <{pair[0]}> the same as {row['other_name'].value} <{pair[1]}>? "
                    f"score {row['score'].value}: {row['reasons'].value}{against}")
        yield Item("possible match", question, tuple(fact for iri in pair for fact in telling.get(iri, [])), pair)


def _unnamed(store: Store, grave: Iterable[Fact]) -> Iterator[Item]:
    """People without a full name of whom grave facts are told: whoever reads a mere surname may think of somebody else."""
    people = {row["person"].value: row["name"].value for row in
              store.query("SELECT ?person ?name { ?person a kg:Person ; rdfs:label ?name }", prefixes=PREFIXES)
              if not names.is_full(row["name"].value)}
    of: dict[str, list[Fact]] = {}
    for fact in grave:
        if fact.subject in people:
            of.setdefault(fact.subject, []).append(fact)
    for person, told in of.items():
        yield Item("unnamed", f"who is {people[person]!r}?", tuple(told), (person,))


def _ends(fact: Fact) -> tuple[str, ...]:
    return tuple(end for end in (fact.subject, fact.object) if end.startswith(("http:", "https:", "urn:")))

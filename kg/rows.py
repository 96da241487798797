"""The flat rows of the facts contract, read back from the RDF by SPARQL: one row an entity and document, one row a fact.

A row is a plain ``dict`` of JSON values, in the contract's order of keys. Offsets are characters into the document's text as read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

import pyoxigraph

from kg.model import LITERAL, SIGNATURES, STATUSES
from kg.plugins import entity_types
from kg.store import Queryable
from kg.vocabulary import PREFIXES, segment

Row = dict[str, Any]

_CHAINS = """
SELECT ?document ?entity ?type ?name ?chain WHERE {
  %s
  ?chain a kg:Chain ; kg:entity ?entity ; prov:wasDerivedFrom/dct:identifier ?document .
  ?entity a ?type ; rdfs:label ?name .
  FILTER(?type IN (%s))
}"""

_FORMS = """
SELECT ?chain ?form ?main WHERE {
  %s
  ?chain a kg:Chain .
  { ?chain rdfs:label ?form BIND(0 AS ?main) } UNION { ?chain skos:altLabel ?form BIND(1 AS ?main) }
}"""

_MENTIONS = "SELECT ?chain ?start ?end ?text WHERE { %s ?chain kg:mention ?m . ?m oa:start ?start ; oa:end ?end ; oa:exact ?text }"

_FACTS = """
SELECT ?fact ?document ?subject ?predicate ?object ?status ?start ?end ?confidence ?source ?from ?to ?text WHERE {
  %s
  ?fact a kg:Assertion ; kg:subject ?subject ; kg:predicate ?predicate ; kg:object ?object ; kg:status ?status ;
        kg:confidence ?confidence ; kg:source ?source ; prov:wasDerivedFrom/dct:identifier ?document ; kg:evidence ?evidence .
  ?evidence oa:hasSelector ?position, ?quote .
  ?position oa:start ?from ; oa:end ?to .
  ?quote oa:exact ?text .
  OPTIONAL { ?fact kg:start ?start }
  OPTIONAL { ?fact kg:end ?end }
}"""


# What narrows the questions above to the chains and facts of a few documents, and to facts about a few entities.
_CHAINS_WITHIN = "VALUES ?within { %s } ?chain prov:wasDerivedFrom ?within ."
_FACTS_WITHIN = "VALUES ?within { %s } ?fact prov:wasDerivedFrom ?within ."
_FACTS_ABOUT = "{ SELECT DISTINCT ?fact WHERE { VALUES ?about { %s } { ?fact kg:subject ?about } UNION { ?fact kg:object ?about } } }"

_IDENTIFIERS = "SELECT ?document ?id WHERE { ?document a kg:Document ; dct:identifier ?id }"
_MENTIONING = """
SELECT DISTINCT ?document ?id WHERE {
  VALUES ?about { %s } ?chain kg:entity ?about ; prov:wasDerivedFrom ?document . ?document dct:identifier ?id
}"""

#: Documents whose rows are held at once: what is read takes no more memory the more documents there are.
_AT_ONCE = 1_000

_DOCUMENTS = """
SELECT ?id ?title ?date ?source ?url WHERE {
  ?document a kg:Document ; dct:identifier ?id .
  OPTIONAL { ?document dct:title ?title }
  OPTIONAL { ?document dct:issued ?date }
  OPTIONAL { ?document dc:source ?source }
  OPTIONAL { ?document schema:url ?url }
} ORDER BY ?id"""

_ENTITY_COUNTS = """
SELECT ?type (COUNT(DISTINCT ?entity) AS ?count) WHERE {
  ?chain kg:entity ?entity . ?entity a ?type .
  FILTER(?type IN (%s))
} GROUP BY ?type"""

_FACT_COUNTS = """
SELECT ?predicate ?status (COUNT(DISTINCT ?fact) AS ?count) WHERE {
  ?fact a kg:Assertion ; kg:predicate ?predicate ; kg:status ?status
} GROUP BY ?predicate ?status"""


def _types() -> str:
    return ", ".join(f"kg:{name}" for name in entity_types())


def local_name(term: pyoxigraph.NamedNode) -> str:
    """What follows the last ``#`` or ``/`` of an IRI."""
    return term.value.rpartition("#")[2].rpartition("/")[2]


def base_iri(store: Queryable) -> str:
    """What the IRIs of the graph's own things begin with, told from its first document; empty where it has none."""
    for row in store.query("SELECT ?document ?id WHERE { ?document a kg:Document ; dct:identifier ?id } ORDER BY STR(?id) LIMIT 1",
                           prefixes=PREFIXES):
        base: str = row["document"].value.removesuffix(f"document/{segment(row['id'].value)}")
        return base
    return ""


def documents(store: Queryable) -> Iterator[Row]:
    """Every document's ``id``, ``title``, ``date``, ``source`` and ``url``, by id; None where it is not known."""
    for solution in store.query(_DOCUMENTS, prefixes=PREFIXES):
        yield {key: solution[key].value if solution[key] is not None else None for key in ("id", "title", "date", "source", "url")}


def entities(store: Queryable, about: Iterable[str] | None = None, within: Iterable[str] | None = None) -> Iterator[Row]:
    """Every entity of every document with its names and mentions there, by document, first mention and IRI.

    With ``about``, IRIs of entities, only of the documents that mention one of these; with ``within``, only of documents with these ids.
    """
    for documents in _batches(store, about, within):
        chains = _CHAINS_WITHIN % documents
        mentions = _mentions(store, chains)
        rows: list[Row] = []
        for (document, iri), (kind, name, names, members) in _entities(store, chains).items():
            spans = sorted({span for chain in members for span in mentions[chain]})
            rows.append({
                "document": document, "id": iri, "type": kind, "name": name, "names": list(names),
                "mentions": [{"start": start, "end": end, "text": text} for start, end, text in spans],
            })
        yield from sorted(rows, key=_entity_order)


def facts(store: Queryable, about: Iterable[str] | None = None, within: Iterable[str] | None = None) -> Iterator[Row]:
    """Every fact with its evidence, by document, place in the text, predicate, subject, object and status.

    With ``about``, IRIs of entities, only those in which one of these stands on either side; with ``within``, only of documents with
    these ids.
    """
    about = None if about is None else sorted(about)
    for documents in _batches(store, about, within):
        node = partial(_node, _entities(store, _CHAINS_WITHIN % documents))
        sources: defaultdict[str, set[str]] = defaultdict(set)
        found: dict[str, Row] = {}
        narrowed = _FACTS_WITHIN % documents + ("" if about is None else _FACTS_ABOUT % _iris(about))
        for solution in store.query(_FACTS % narrowed, prefixes=PREFIXES):
            sources[solution["fact"].value].add(solution["source"].value)
            if solution["fact"].value not in found:
                found[solution["fact"].value] = _fact(solution, node)
        for iri, row in found.items():
            row["source"] = ", ".join(sorted(sources[iri]))
        yield from sorted(found.values(), key=_fact_order)


def entity_counts(store: Queryable) -> dict[str, int]:
    """Entity type -> how many entities the documents mention, in the contract's order of types."""
    return in_order_of_types({local_name(row["type"]): int(row["count"].value)
                              for row in store.query(_ENTITY_COUNTS % _types(), prefixes=PREFIXES)})


def in_order_of_types(found: Mapping[str, int]) -> dict[str, int]:
    """Entity type -> how many, in the contract's order of types."""
    return {name: found[name] for name in entity_types() if name in found}


def fact_counts(store: Queryable) -> dict[str, dict[str, int]]:
    """Predicate -> status -> how many facts, in the contract's order of both."""
    return in_order_of_predicates({(local_name(row["predicate"]), local_name(row["status"])): int(row["count"].value)
                                   for row in store.query(_FACT_COUNTS, prefixes=PREFIXES)})


def in_order_of_predicates(found: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """Predicate -> status -> how many, in the contract's order of both."""
    predicates = [*SIGNATURES, *sorted({predicate for predicate, _ in found} - set(SIGNATURES))]
    table = {name: {status: found[name, status] for status in STATUSES if (name, status) in found} for name in predicates}
    return {name: counts for name, counts in table.items() if counts}


def _fact(solution: pyoxigraph.QuerySolution, node: Callable[[str, Any], Row]) -> Row:
    document = solution["document"].value
    return {
        "document": document,
        "subject": node(document, solution["subject"]),
        "predicate": local_name(solution["predicate"]),
        "object": node(document, solution["object"]),
        "status": local_name(solution["status"]),
        "start": solution["start"].value if solution["start"] else None,
        "end": solution["end"].value if solution["end"] else None,
        "evidence": {"start": int(solution["from"].value), "end": int(solution["to"].value), "text": solution["text"].value},
        "confidence": float(solution["confidence"].value),
        "source": "",
    }


def _entity_order(row: Row) -> tuple[Any, ...]:
    return (row["document"], row["mentions"][0]["start"] if row["mentions"] else -1, row["id"])


def _fact_order(row: Row) -> tuple[Any, ...]:
    where = row["evidence"]
    return (row["document"], where["start"], where["end"], row["predicate"], row["subject"]["id"],
            row["object"].get("id", ""), row["object"]["name"], row["status"], row["start"] or "", row["end"] or "")


def _node(known: dict[tuple[str, str], tuple[str, str, tuple[str, ...], list[str]]], document: str, term: Any) -> Row:
    """A fact's subject or object: an entity with its names in the document, or literal text."""
    if isinstance(term, pyoxigraph.Literal):
        return {"type": LITERAL, "name": term.value, "names": [term.value]}
    kind, name, names, _ = known[document, term.value]
    return {"id": term.value, "type": kind, "name": name, "names": list(names)}


def _iris(values: Iterable[str]) -> str:
    """IRIs as terms of SPARQL."""
    return " ".join(str(pyoxigraph.NamedNode(value)) for value in values)


def _batches(store: Queryable, about: Iterable[str] | None, within: Iterable[str] | None) -> Iterator[str]:
    """The documents as terms of SPARQL, by id, so many at once: all, or those that mention an entity (IRIs) and have one of these ids."""
    ids = None if within is None else set(within)
    found = store.query(_IDENTIFIERS if about is None else _MENTIONING % _iris(about), prefixes=PREFIXES)
    chosen = iter(sorted((row["id"].value, row["document"].value) for row in found if ids is None or row["id"].value in ids))
    while some := list(islice(chosen, _AT_ONCE)):
        yield _iris(iri for _, iri in some)


def _entities(store: Queryable, within: str) -> dict[tuple[str, str], tuple[str, str, tuple[str, ...], list[str]]]:
    """(document, IRI) -> type, name, names in that document (canonical first, then by how they stand there), chains."""
    forms = _forms(store, within)
    chains: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    labels: dict[tuple[str, str], tuple[str, str]] = {}
    for solution in store.query(_CHAINS % (within, _types()), prefixes=PREFIXES):
        key = (solution["document"].value, solution["entity"].value)
        chains[key].append(solution["chain"].value)
        labels[key] = (local_name(solution["type"]), solution["name"].value)
    result = {}
    for key, members in chains.items():
        kind, name = labels[key]
        names = (form for chain in sorted(members) for form in forms[chain])
        result[key] = (kind, name, tuple(dict.fromkeys((name, *names))), members)
    return result


def _forms(store: Queryable, within: str) -> dict[str, list[str]]:
    """Chain -> its names, its own label first and the others in order of the alphabet."""
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for solution in store.query(_FORMS % within, prefixes=PREFIXES):
        found[solution["chain"].value].append((int(solution["main"].value), solution["form"].value))
    return {chain: [form for _, form in sorted(forms)] for chain, forms in found.items()}


def _mentions(store: Queryable, within: str) -> dict[str, list[tuple[int, int, str]]]:
    """Chain -> its mentions as (start, end, text)."""
    found: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for solution in store.query(_MENTIONS % within, prefixes=PREFIXES):
        found[solution["chain"].value].append((int(solution["start"].value), int(solution["end"].value), solution["text"].value))
    return found

"""What the pages ask the store: each question in SPARQL, every value a term and never text of a query, and the answer as plain rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import pyoxigraph

from kg.model import STATUSES
from kg.plugins import entity_types, signatures
from kg.serve.http import Refused
from kg.serve.pool import Pool
from kg.serve.protocol import asked
from kg.vocabulary import PREFIXES

Row = dict[str, str]

#: what conditions and orders are about -> where it is found; a question names no more than it needs, as each is looked up for every fact
_PARTS = {
    "subject": "?fact kg:subject ?s .",
    "predicate": "?fact kg:predicate ?p .",
    "object": "?fact kg:object ?o .",
    "status": "?fact kg:status ?st .",
    "confidence": "?fact kg:confidence ?confidence .",
    "document": "?fact prov:wasDerivedFrom ?doc . ?doc dct:identifier ?document .",
    "date": "OPTIONAL { ?doc dct:issued ?date }",
}
_DETAILS = """
  ?fact kg:subject ?s ; kg:predicate ?p ; kg:object ?o ; kg:status ?st ; kg:confidence ?confidence ; prov:wasDerivedFrom ?doc ;
        kg:evidence ?evidence .
  ?doc dct:identifier ?document .
  ?evidence oa:hasSelector ?position, ?quote .
  ?position oa:start ?from ; oa:end ?to .
  ?quote oa:exact ?sentence .
  ?s rdfs:label ?subject .
  OPTIONAL { ?doc dct:issued ?date }
  OPTIONAL { ?o rdfs:label ?label }
  OPTIONAL { ?fact kg:start ?start }
  OPTIONAL { ?fact kg:end ?end }
  BIND(COALESCE(?label, STR(?o)) AS ?object)
  BIND(IF(ISIRI(?o), STR(?o), "") AS ?target)
  BIND(STRAFTER(STR(?p), "#") AS ?predicate)
  BIND(STRAFTER(STR(?st), "/status/") AS ?status)
"""
_COLUMNS = "?fact ?s ?subject ?predicate ?target ?object ?status ?start ?end ?confidence ?doc ?document ?date ?from ?to ?sentence"
#: order -> the parts that it needs, how facts are chosen for a page, and how they stand on it
_ORDERS = {
    "document": (("document",), "?document ?fact", "?document xsd:integer(?from) ?predicate ?s ?object ?status ?fact"),
    "predicate": (("predicate", "document", "date"), "?p ?date ?document ?fact",
                  "?predicate STR(COALESCE(?start, ?date)) ?document xsd:integer(?from) ?s ?object ?status ?fact"),
}


def _types() -> str:
    return " ".join(f"kg:{name}" for name in entity_types())


@dataclass(frozen=True, slots=True)
class Filter:
    """Which facts are wanted; empty means any. ``about`` is an IRI, ``name`` a part of a name or of an object's text."""

    about: str = ""
    name: str = ""
    predicate: str = ""
    status: str = ""
    type: str = ""
    document: str = ""
    since: str = ""
    until: str = ""
    confidence: str = ""

    def pattern(self, *parts: str) -> str:
        """The facts it lets through as SPARQL, with further parts of them; raises Refused on a value that no fact could have."""
        needed, bound, conditions = set(parts), [], []
        if self.about:
            # Whoever stands on both sides of a fact has it once.
            bound.append(f"{{ SELECT DISTINCT ?fact WHERE {{ VALUES ?about {{ {iri(self.about)} }} ?fact kg:subject|kg:object ?about }} }}")
        if self.predicate:
            needed.add("predicate")
            bound.append(f"VALUES ?p {{ {iri(PREFIXES['kg'] + self._known('predicate', signatures()))} }}")
        if self.status:
            needed.add("status")
            bound.append(f"VALUES ?st {{ {iri(PREFIXES['status'] + self._known('status', STATUSES))} }}")
        if self.document:
            needed.add("document")
            bound.append(f"VALUES ?document {{ {text(self.document)} }}")
        if self.type:
            needed |= {"subject", "object"}
            kind = iri(PREFIXES["kg"] + self._known("type", entity_types()))
            conditions.append(f"FILTER(EXISTS {{ ?s a {kind} }} || EXISTS {{ ?o a {kind} }})")
        if self.name:
            needed |= {"subject", "object"}
            part = text(self.name.casefold())
            conditions.append(f"FILTER(EXISTS {{ ?s rdfs:label|skos:altLabel ?n FILTER(CONTAINS(LCASE(?n), {part})) }} || "
                              f"EXISTS {{ ?o rdfs:label|skos:altLabel ?n FILTER(CONTAINS(LCASE(?n), {part})) }} || "
                              f"(ISLITERAL(?o) && CONTAINS(LCASE(STR(?o)), {part})))")
        if self.since or self.until:
            needed |= {"document", "date"}
        if self.since:
            conditions.append(f"FILTER(STR(?date) >= {text(self.since)})")
        if self.until:
            conditions.append(f"FILTER(STR(?date) <= {text(self.until + '~')})")
        if self.confidence:
            needed.add("confidence")
            conditions.append(f"FILTER(xsd:decimal(?confidence) >= {self._share()})")
        return "\n".join([*bound, "?fact a kg:Assertion .", *(lines for name, lines in _PARTS.items() if name in needed), *conditions])

    def _known(self, field: str, known: Iterable[str]) -> str:
        value: str = getattr(self, field)
        if value not in known:
            raise Refused(400, f"{field} {value!r} is unknown; it should be one of {', '.join(known)}")
        return value

    def _share(self) -> str:
        try:
            share = float(self.confidence)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise Refused(400, f"confidence {self.confidence!r} is no share; it should be a number from 0 to 1")
        return f"{share:f}"

    def given(self) -> dict[str, str]:
        """The conditions that are set, by name."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}


def read_filter(given: Mapping[str, str]) -> Filter:
    """A filter from the parameters of a request; those it does not know are left alone."""
    return Filter(**{field.name: given[field.name].strip() for field in fields(Filter) if given.get(field.name)})


def iri(value: str) -> str:
    """An IRI as a term of SPARQL; raises Refused where it is none."""
    try:
        return str(pyoxigraph.NamedNode(value))
    except ValueError as error:
        raise Refused(404, "nothing has such an IRI") from error


def text(value: str) -> str:
    """A text as a term of SPARQL."""
    return str(pyoxigraph.Literal(value))


async def rows(pool: Pool, sparql: str, limit: int) -> list[Row]:
    """A SELECT's rows, the lexical value of each variable, empty where it is not bound; at most ``limit``."""
    answer = await asked(pool, "sparql", sparql, "json", None, limit)
    return plain(answer.body)[1]


def plain(body: bytes) -> tuple[list[str], list[Row]]:
    """The columns and rows of SPARQL results in JSON, empty where nothing is bound."""
    result: dict[str, Any] = json.loads(body)
    columns = result["head"]["vars"]
    return columns, [{name: row[name]["value"] if name in row else "" for name in columns} for row in result["results"]["bindings"]]


async def facts(pool: Pool, wanted: Filter, limit: int, *, start: int = 0, order: str = "document") -> list[Row]:
    """The facts that a filter lets through, ``limit`` of them from number ``start``."""
    # Which facts, first: their details are then looked up for one page of them and not for all.
    parts, chosen, shown = _ORDERS[order]
    inner = f"SELECT ?fact WHERE {{ {wanted.pattern(*parts)} }} ORDER BY {chosen} LIMIT {limit} OFFSET {start}"
    found = await rows(pool, f"SELECT {_COLUMNS} WHERE {{ {{ {inner} }} {_DETAILS} }} ORDER BY {shown}", 2 * limit)
    return list({row["fact"]: row for row in found}.values())


async def count(pool: Pool, wanted: Filter) -> int:
    """How many facts a filter lets through."""
    return int((await rows(pool, f"SELECT (COUNT(?fact) AS ?count) WHERE {{ {wanted.pattern()} }}", 1))[0]["count"])


async def overview(pool: Pool) -> dict[str, dict[str, int]]:
    """How many entities of each type, facts of each status and documents there are."""
    kinds = await rows(pool, f"""SELECT ?name (COUNT(DISTINCT ?entity) AS ?count) {{ VALUES ?type {{ {_types()} }} ?entity a ?type .
        FILTER EXISTS {{ ?chain kg:entity ?entity }} BIND(STRAFTER(STR(?type), "#") AS ?name) }} GROUP BY ?name""", len(entity_types()))
    statuses = await rows(pool, """SELECT ?name (COUNT(?fact) AS ?count) { ?fact a kg:Assertion ; kg:status ?st
        BIND(STRAFTER(STR(?st), "/status/") AS ?name) } GROUP BY ?name""", 100)
    documents = await rows(pool, "SELECT (COUNT(?document) AS ?count) { ?document a kg:Document }", 1)
    by = {row["name"]: int(row["count"]) for row in [*kinds, *statuses]}
    return {"types": {name: by[name] for name in entity_types() if name in by}, "statuses": {name: by.get(name, 0) for name in STATUSES},
            "documents": {"count": int(documents[0]["count"])}}


async def named(pool: Pool, part: str, kind: str, limit: int) -> list[Row]:
    """Entities with a name that holds ``part``, whatever its case, those called just so first."""
    types = f"kg:{kind}" if kind in entity_types() else _types()
    wanted = text(" ".join(part.split()).casefold())
    return await rows(pool, f"""SELECT ?entity ?type ?name (SAMPLE(?form) AS ?as) (MAX(LCASE(?form) = {wanted}) AS ?just)
        (COUNT(DISTINCT ?fact) AS ?facts) WHERE {{
          {{ SELECT DISTINCT ?entity ?type ?form WHERE {{ VALUES ?kind {{ {types} }} ?entity a ?kind ; rdfs:label|skos:altLabel ?form
             FILTER(CONTAINS(LCASE(?form), {wanted})) BIND(STRAFTER(STR(?kind), "#") AS ?type) }} }}
          ?entity rdfs:label ?name .
          OPTIONAL {{ {{ ?fact kg:subject ?entity }} UNION {{ ?fact kg:object ?entity }} }}
        }} GROUP BY ?entity ?type ?name ORDER BY DESC(?just) DESC(?facts) ?name ?entity LIMIT {limit}""", limit)


async def entity(pool: Pool, name: str) -> dict[str, Any] | None:
    """An entity's type, name, other names, and the documents that mention it; None where no entity has the IRI."""
    subject = iri(name)
    found = await rows(pool, f"""SELECT ?type ?name ?form WHERE {{ VALUES ?kind {{ {_types()} }} {subject} a ?kind ; rdfs:label ?name .
        OPTIONAL {{ {subject} skos:altLabel ?form }} BIND(STRAFTER(STR(?kind), "#") AS ?type) }} ORDER BY ?form""", 1000)
    if not found:
        return None
    documents = await rows(pool, f"""SELECT ?doc ?document ?title ?date (COUNT(?mention) AS ?mentions) WHERE {{
        ?chain kg:entity {subject} ; kg:mention ?mention ; prov:wasDerivedFrom ?doc . ?doc dct:identifier ?document .
        OPTIONAL {{ ?doc dct:title ?title }} OPTIONAL {{ ?doc dct:issued ?date }}
        }} GROUP BY ?doc ?document ?title ?date ORDER BY ?date ?document""", 1000)
    names = list(dict.fromkeys(row["form"] for row in found if row["form"] and row["form"] != found[0]["name"]))
    return {"type": found[0]["type"], "name": found[0]["name"], "names": names, "documents": documents}


async def documents(pool: Pool, limit: int) -> list[Row]:
    """The documents with how many facts each gives."""
    return await rows(pool, """SELECT ?doc ?document ?title ?date ?source ?url (COUNT(?fact) AS ?facts) WHERE {
        ?doc a kg:Document ; dct:identifier ?document .
        OPTIONAL { ?doc dct:title ?title } OPTIONAL { ?doc dct:issued ?date }
        OPTIONAL { ?doc dc:source ?source } OPTIONAL { ?doc schema:url ?url }
        OPTIONAL { ?fact prov:wasDerivedFrom ?doc ; a kg:Assertion }
        } GROUP BY ?doc ?document ?title ?date ?source ?url ORDER BY ?document""", limit)


async def document(pool: Pool, name: str) -> Row | None:
    """A document's particulars; None where no document has the IRI."""
    subject = iri(name)
    found = await rows(pool, f"""SELECT ?document ?sha256 ?title ?date ?source ?url WHERE {{
        {subject} a kg:Document ; dct:identifier ?document . OPTIONAL {{ {subject} kg:sha256 ?sha256 }}
        OPTIONAL {{ {subject} dct:title ?title }} OPTIONAL {{ {subject} dct:issued ?date }} OPTIONAL {{ {subject} dc:source ?source }}
        OPTIONAL {{ {subject} schema:url ?url }} }}""", 1)
    return found[0] if found else None


async def mentions(pool: Pool, name: str) -> list[Row]:
    """Where a document speaks of entities: offsets in its text, the entity with type and name; in order, the longer first."""
    return await rows(pool, f"""SELECT ?from ?to ?entity ?name ?type WHERE {{
        ?chain prov:wasDerivedFrom {iri(name)} ; a kg:Chain ; kg:entity ?entity ; kg:mention ?mention .
        ?mention oa:start ?from ; oa:end ?to .
        VALUES ?kind {{ {_types()} }} ?entity a ?kind ; rdfs:label ?name . BIND(STRAFTER(STR(?kind), "#") AS ?type)
        }} ORDER BY xsd:integer(?from) DESC(xsd:integer(?to)) ?entity""", 100_000)


async def is_known(pool: Pool, name: str) -> bool:
    """Whether anything in the graph has the IRI."""
    answer = await asked(pool, "sparql", f"ASK {{ {{ {iri(name)} ?p ?o }} UNION {{ ?s ?p {iri(name)} }} }}", "json", None, 1)
    return bool(json.loads(answer.body)["boolean"])


async def properties(pool: Pool, name: str) -> tuple[list[Row], list[Row]]:
    """What stands in the graph about a thing that is neither entity nor document: its properties, and what points to it."""
    subject = iri(name)
    out = await rows(pool, f"SELECT ?p ?o (ISIRI(?o) AS ?link) WHERE {{ {subject} ?p ?o }} ORDER BY ?p ?o", 1000)
    into = await rows(pool, f"SELECT ?s ?p WHERE {{ ?s ?p {subject} }} ORDER BY ?p ?s LIMIT 1000", 1000)
    return out, into


def description(name: str) -> str:
    """A CONSTRUCT of what the graph holds of a thing: its own triples, and every statement about it with status, document and sentence."""
    return f"""CONSTRUCT {{ ?thing ?p ?o . ?fact ?fp ?fo . ?evidence ?ep ?eo . ?selector ?sp ?so . }} WHERE {{
        VALUES ?thing {{ {iri(name)} }}
        {{ ?thing ?p ?o }} UNION
        {{ ?fact kg:subject|kg:object ?thing ; a kg:Assertion ; ?fp ?fo }} UNION
        {{ ?fact kg:subject|kg:object ?thing ; a kg:Assertion ; kg:evidence ?evidence . ?evidence ?ep ?eo }} UNION
        {{ ?fact kg:subject|kg:object ?thing ; a kg:Assertion ; kg:evidence/oa:hasSelector ?selector . ?selector ?sp ?so }}
        }}"""

"""JSON-LD framed by entity: each thing with the facts of which it is the subject, each fact with its sentence; one thing a line.

The context is ``ontology/context.jsonld``, written out at the head, so that nothing needs to be fetched to read the file.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import pyoxigraph

from kg.export.rdf import sorted_lines
from kg.resources import ontology_dir
from kg.rows import base_iri
from kg.store import Store
from kg.vocabulary import KG, OA, PROV, RDF, XSD

Node = dict[str, Any]

#: links to what is shown within: a thing is written out where the first such link leads to it
_WITHIN = frozenset({KG("evidence"), OA("hasSelector"), KG("mention"), KG("step"), PROV("qualifiedAssociation")})

#: links shown from the other end, within the thing that they lead to
_REVERSED = {KG("subject"): "facts", KG("entity"): "chains"}

_STRING, _BOOLEAN, _WHOLE = XSD("string"), XSD("boolean"), XSD("integer")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")  #: what JSON's numbers hold exactly, written as xsd:integer is


def write_jsonld(store: Store, out: IO[bytes]) -> None:
    """JSON-LD in UTF-8, things in the order of their IRIs."""
    base, context = base_iri(store), json.loads((ontology_dir() / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    writer = _Writer(_Context(context, base if base.endswith("/") else ""))
    writer.add(pyoxigraph.parse(b"\n".join(sorted_lines(store)), format=pyoxigraph.RdfFormat.N_QUADS))
    out.write(f'{{"@context": {json.dumps([context, {"@base": base}])},\n"@graph": ['.encode())
    for number, node in enumerate(writer.roots()):
        out.write((b",\n" if number else b"\n") + json.dumps(node, ensure_ascii=False).encode())
    out.write(b"\n]}\n")


def _name(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Triple) -> str:
    return term.value if isinstance(term, pyoxigraph.NamedNode) else str(term)


@dataclass(frozen=True, slots=True)
class _Key:
    """How a predicate is written: its key, the type its values are coerced to, and whether they are always a list."""

    name: str
    coerced: str | None
    many: bool


class _Context:
    """Writes IRIs and literals in the terms of a context. What the context does not name keeps its IRI, with a prefix if there is one."""

    def __init__(self, context: dict[str, Any], base: str) -> None:
        self._base = base
        self._prefixes = {term: meaning for term, meaning in context.items()
                          if isinstance(meaning, str) and meaning.endswith(("/", "#")) and not term.startswith("@")}
        self._terms: dict[str, _Key] = {}
        for term, meaning in context.items():
            definition = meaning if isinstance(meaning, dict) else {"@id": meaning}
            if term[0] != "@" and "@id" in definition and term not in self._prefixes:
                coerced = definition.get("@type")
                coerced = coerced if coerced is None or coerced.startswith("@") else self._expanded(coerced)
                self._terms[self._expanded(definition["@id"])] = _Key(term, coerced, definition.get("@container") == "@set")
        self._terms[RDF("type")] = _Key("type", "@vocab", False)
        self._taken = set(context)

    def key(self, predicate: str) -> _Key:
        if predicate not in self._terms:
            self._terms[predicate] = _Key(self._vocabulary(predicate), None, False)
        return self._terms[predicate]

    def iri(self, iri: str) -> str:
        """An IRI as the value of ``id``: relative to the base, or with a prefix, where it can be."""
        local = iri.removeprefix(self._base) if self._base else iri
        if local != iri and local and ":" not in local and not local.startswith(("/", "?", "#", "@", ".")):
            return local
        return self._prefixed(iri)

    def reference(self, iri: str, coerced: str | None) -> Any:
        if coerced == "@vocab":
            return self.key(iri).name
        return self.iri(iri) if coerced == "@id" else {"id": self.iri(iri)}

    def literal(self, literal: pyoxigraph.Literal, coerced: str | None) -> Any:
        value, kind = literal.value, literal.datatype.value
        if coerced == kind or (coerced is None and kind == _STRING):
            return value
        if literal.language:
            return {"@value": value, "@language": literal.language}
        if coerced is None and kind == _BOOLEAN and value in ("true", "false"):
            return value == "true"
        if coerced is None and kind == _WHOLE and _INTEGER.fullmatch(value):
            return int(value)
        return {"@value": value, "@type": self._prefixed(kind)}

    def _expanded(self, term: str) -> str:
        prefix, colon, local = term.partition(":")
        return self._prefixes.get(prefix, prefix + colon) + local

    def _vocabulary(self, iri: str) -> str:
        """An IRI as a key or a type: a bare name for the project's own that the context does not use otherwise."""
        local = iri.removeprefix(KG.iri)
        return local if local != iri and local.isalnum() and local not in self._taken else self._prefixed(iri)

    def _prefixed(self, iri: str) -> str:
        for prefix, start in self._prefixes.items():
            local = iri.removeprefix(start)
            if local != iri and not local.startswith("//"):
                return f"{prefix}:{local}"
        return iri


@dataclass
class _Writer:
    """Gathers triples as nodes, and puts nodes within one another."""

    context: _Context
    _nodes: dict[str, Node] = field(default_factory=dict)
    _inner: set[str] = field(default_factory=set)  #: nodes to be shown within another
    _links: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))  #: node -> key -> nodes within it
    _placed: set[str] = field(default_factory=set)

    def add(self, quads: Iterable[pyoxigraph.Quad]) -> None:
        """Take in triples, those of one subject one after another."""
        context, subject, node = self.context, None, {}
        for quad in quads:
            name = _name(quad.subject)
            if name != subject:
                subject, node = name, self._node(name)
            predicate, value = quad.predicate.value, quad.object
            key = context.key(predicate)
            if isinstance(value, pyoxigraph.Literal):
                item = context.literal(value, key.coerced)
            elif predicate in _REVERSED:
                self._node(_name(value))
                self._link(_name(value), _REVERSED[predicate], name)
                continue
            elif predicate in _WITHIN:
                self._link(name, key.name, _name(value))
                continue
            else:
                item = context.reference(_name(value), key.coerced)
            if key.name not in node:
                node[key.name] = [item] if key.many else item
            elif isinstance(node[key.name], list):
                node[key.name].append(item)
            else:
                node[key.name] = [node[key.name], item]

    def roots(self) -> Iterator[Node]:
        """The nodes that stand within no other, whole; then those that only a circle of links leads to."""
        for within in (False, True):
            for name in self._nodes:
                if (name in self._inner) == within and name not in self._placed:
                    yield self._whole(name)

    def _whole(self, name: str) -> Node:
        self._placed.add(name)
        node = self._nodes[name]
        for key, names in self._links.get(name, {}).items():
            node[key] = [self._whole(inner) if inner in self._nodes and inner not in self._placed else {"id": self.context.iri(inner)}
                         for inner in names]
        return node

    def _node(self, name: str) -> Node:
        node = self._nodes.get(name)
        if node is None:
            node = self._nodes[name] = {"id": self.context.iri(name)}
        return node

    def _link(self, outer: str, key: str, inner: str) -> None:
        self._inner.add(inner)
        self._links[outer].setdefault(key, []).append(inner)

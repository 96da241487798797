"""Checks a graph against the project's shapes: SHACL to typed violations.

``ontology/shapes.ttl`` holds what a graph must satisfy, ``ontology/warnings.ttl`` what is merely worth a look. Both are standard
SHACL (W3C Recommendation, 2017), so any engine can run them. Here pySHACL runs the core constraints and Oxigraph the SPARQL
constraints, on which it is hundreds of times faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph
import pyshacl
import rdflib
from rdflib.namespace import RDF, SH, XSD

from kg.errors import GraphFolderError
from kg.resources import ontology_dir

SHAPE_FILES = ("shapes.ttl", "warnings.ttl")

_FORMATS = {".ttl": pyoxigraph.RdfFormat.TURTLE, ".nq": pyoxigraph.RdfFormat.N_QUADS, ".nt": pyoxigraph.RdfFormat.N_TRIPLES}


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One result of validation. IRIs and values are given as plain text."""

    severity: str  #: "Violation" (the graph must not be used), "Warning" or "Info"
    shape: str  #: local name of the shape
    focus: str  #: the node that was checked
    path: str  #: the property that was checked, "" where a constraint is about the node as a whole
    value: str  #: the value at fault, "" where there is none
    message: str  #: what would be right, or what is wrong

    def __str__(self) -> str:
        at = " ".join(part for part in (self.focus, self.path, self.value) if part)
        return f"{self.severity}: {self.message} ({at})"


@dataclass(frozen=True, slots=True)
class _Constraint:
    """A SPARQL constraint of a shape."""

    shape: str
    severity: str
    message: str
    query: str


def validate(source: pyoxigraph.Store | Path | str) -> tuple[Violation, ...]:
    """All results for a store or for a file of Turtle, N-Quads or N-Triples, sorted, violations before warnings.

    Raises GraphFolderError where the file cannot be read as RDF.
    """
    store = source if isinstance(source, pyoxigraph.Store) else _load(Path(source))
    core, constraints = _shapes()
    found = {*_core_results(store, core), *_sparql_results(store, constraints)}
    order = ("Violation", "Warning", "Info")
    return tuple(sorted(found, key=lambda result: (order.index(result.severity), result)))


def conforms(results: Iterable[Violation]) -> bool:
    """Whether none of the results forbids the use of the graph."""
    return not any(result.severity == "Violation" for result in results)


def _load(path: Path) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    try:
        store.bulk_load(path=str(path), format=_FORMATS[path.suffix])
    except KeyError as error:
        raise GraphFolderError(f"{path}: cannot be validated; give a .ttl, .nq or .nt file") from error
    except (OSError, SyntaxError) as error:
        raise GraphFolderError(f"{path}: cannot be read as RDF ({error})") from error
    return store


@cache
def _shapes() -> tuple[rdflib.Graph, tuple[_Constraint, ...]]:
    """The shapes without their SPARQL constraints, and those constraints as queries over a whole graph."""
    shapes = rdflib.Graph()
    for name in SHAPE_FILES:
        shapes.parse(ontology_dir() / name, format="turtle")
    constraints = tuple(sorted(_constraints(shapes), key=lambda c: (c.shape, c.query)))
    shapes.remove((None, SH.sparql, None))
    return shapes, constraints


def _constraints(shapes: rdflib.Graph) -> Iterator[_Constraint]:
    for shape, constraint in shapes.subject_objects(SH.sparql):
        # SHACL binds $this before it runs the query; here a line within the query does.
        head, brace, body = str(shapes.value(constraint, SH.select)).partition("{")
        nodes = " ".join(sorted(node.n3() for node in shapes.objects(shape, SH.targetNode)))
        yield _Constraint(
            shape=_local(shape),
            severity=_local(shapes.value(shape, SH.severity, default=SH.Violation)),
            message=str(shapes.value(constraint, SH.message)),
            query=f"{_prefixes(shapes, constraint)}{head}{brace} VALUES $this {{ {nodes} }} {body}",
        )


def _prefixes(shapes: rdflib.Graph, constraint: rdflib.term.Node) -> str:
    declared = {
        (str(shapes.value(declaration, SH.prefix)), str(shapes.value(declaration, SH.namespace)))
        for ontology in shapes.objects(constraint, SH.prefixes)
        for declaration in shapes.objects(ontology, SH.declare)
    }
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in sorted(declared))


def _sparql_results(store: pyoxigraph.Store, constraints: Iterable[_Constraint]) -> Iterator[Violation]:
    for constraint in constraints:
        solutions = store.query(constraint.query)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            bound = {name: solution[name] for name in names if solution[name] is not None}
            bound = {name: term.value for name, term in bound.items()}
            message = _filled(constraint.message, bound)
            yield Violation(constraint.severity, constraint.shape, bound["value"], "", bound.get("detail", ""), message)


def _filled(message: str, bound: Mapping[str, str]) -> str:
    """The message with the variables it names ({?value}, {$this}) replaced by what they are bound to."""
    for name, value in bound.items():
        message = message.replace(f"{{?{name}}}", value).replace(f"{{${name}}}", value)
    return message


def _core_results(store: pyoxigraph.Store, core: rdflib.Graph) -> Iterator[Violation]:
    _, report, _ = pyshacl.validate(_as_rdflib(store), shacl_graph=core, inplace=True)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        shape = report.value(result, SH.sourceShape)
        owner = core.value(predicate=SH.property, object=shape, default=shape)
        path = core.value(shape, SH.path)
        yield Violation(
            severity=_local(report.value(result, SH.resultSeverity)),
            shape=_local(owner),
            focus=str(report.value(result, SH.focusNode)),
            path=str(path) if isinstance(path, rdflib.URIRef) else "",
            value=str(report.value(result, SH.value, default="")),
            message=str(report.value(result, SH.resultMessage)),
        )


def _as_rdflib(store: pyoxigraph.Store) -> rdflib.Graph:
    """The store's triples, whatever graph they stand in, as pySHACL wants them."""
    graph = rdflib.Graph()
    terms: dict[object, rdflib.term.Node] = {}

    def term(value: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal) -> rdflib.term.Node:
        if value not in terms:
            terms[value] = _rdflib_term(value)
        return terms[value]

    for quad in store:
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def _rdflib_term(value: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal) -> rdflib.term.Node:
    if isinstance(value, pyoxigraph.NamedNode):
        return rdflib.URIRef(value.value)
    if isinstance(value, pyoxigraph.BlankNode):
        return rdflib.BNode(value.value)
    # rdflib takes "x" and "x"^^xsd:string, which are one in RDF 1.1, for two.
    plain = value.language or value.datatype.value == str(XSD.string)
    return rdflib.Literal(value.value, lang=value.language, datatype=None if plain else rdflib.URIRef(value.datatype.value))


def _local(iri: rdflib.term.Node | None) -> str:
    return str(iri).rsplit("#", 1)[-1]

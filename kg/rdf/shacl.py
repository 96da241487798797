"""SHACL as SPARQL: the part of SHACL that the project's shapes use, each constraint as one query over a whole graph.

An engine that visits node after node takes minutes for what the queries find in a second. Every query gives ``?focus`` and, where there is
one, ``?value``. What is not understood is refused, never passed over. pySHACL is the judge in the tests: both must find the same.

References: Shapes Constraint Language (W3C Recommendation, 2017), sections 2, 4 and 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH, XSD
from rdflib.term import BNode, Literal, Node, URIRef

#: parameters of shapes that constrain nothing by themselves
_DESCRIPTIVE = {
    RDF.type, RDFS.label, RDFS.comment, SH.path, SH.message, SH.severity, SH.property, SH.sparql, SH.targetClass, SH.targetNode,
    SH.targetObjectsOf, SH.targetSubjectsOf, SH.qualifiedMinCount, SH.qualifiedMaxCount,
}
_NODE_KINDS: dict[Node, str] = {SH.IRI: "isIRI(?value)", SH.Literal: "isLiteral(?value)", SH.IRIOrLiteral: "!isBlank(?value)"}
_CASTS = {XSD.date, XSD.integer, XSD.decimal, XSD.boolean}  # whose lexical form a cast can test


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint as a query with ``?focus`` and maybe ``?value``; the other names it selects may be named in the message."""

    shape: str  #: IRI of the node shape
    severity: str  #: IRI
    path: str  #: IRI of the property that is constrained, "" where there is none or it is no plain one
    message: str
    query: str


def constraints(shapes: rdflib.Graph) -> tuple[Constraint, ...]:
    """Every constraint in a shapes graph, sorted. Raises ValueError on SHACL that is not understood here."""
    found = [c for shape in shapes.subjects(RDF.type, SH.NodeShape) for c in _of_node_shape(shapes, shape)]
    return tuple(sorted(found, key=lambda c: (c.shape, c.query)))


def _of_node_shape(shapes: rdflib.Graph, shape: Node) -> Iterator[Constraint]:
    severity = str(shapes.value(shape, SH.severity, default=SH.Violation))
    targets = _targets(shapes, shape)
    _refuse_unknown(shapes, shape, set())
    for constraint in shapes.objects(shape, SH.sparql):
        yield Constraint(str(shape), severity, "", str(shapes.value(constraint, SH.message)), _select(shapes, shape, constraint))
    for prop in shapes.objects(shape, SH.property):
        _refuse_unknown(shapes, prop, set(_COMPONENTS))
        path = shapes.value(prop, SH.path)
        message = str(shapes.value(prop, SH.message))
        plain = str(path) if isinstance(path, URIRef) else ""
        for parameter, component in _COMPONENTS.items():
            for argument in shapes.objects(prop, parameter):
                assert path is not None
                for pattern in component(shapes, _path(shapes, path), argument, prop):
                    query = f"SELECT DISTINCT ?focus ?value WHERE {{ {targets} {pattern} }}"
                    yield Constraint(str(shape), severity, plain, message, query)


def _refuse_unknown(shapes: rdflib.Graph, shape: Node, known: set[URIRef]) -> None:
    for parameter in set(shapes.predicates(shape)) - _DESCRIPTIVE - known:
        raise ValueError(f"{shape.n3()}: {parameter} is not understood; known are {', '.join(sorted(_COMPONENTS))}")


def _targets(shapes: rdflib.Graph, shape: Node) -> str:
    """A pattern that binds ?focus to the shape's focus nodes."""
    names = list(shapes.objects(shape, SH.targetClass))
    if len(names) == 1 and not set(shapes.predicates(shape)) & {SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf}:
        return f"?focus a {names[0].n3()} ."
    ways = [f"{{ VALUES ?focus {{ {node.n3()} }} }}" for node in shapes.objects(shape, SH.targetNode)]
    ways += [f"{{ ?focus a {name.n3()} }}" for name in names]
    ways += [f"{{ ?focus {name.n3()} ?any }}" for name in shapes.objects(shape, SH.targetSubjectsOf)]
    ways += [f"{{ ?any {name.n3()} ?focus }}" for name in shapes.objects(shape, SH.targetObjectsOf)]
    if not ways:
        raise ValueError(f"{shape.n3()}: has no target")
    return "{ SELECT DISTINCT ?focus WHERE { " + " UNION ".join(sorted(ways)) + " } }"


def _select(shapes: rdflib.Graph, shape: Node, constraint: Node) -> str:
    """A SPARQL constraint with its prefixes; SHACL binds $this before the query runs, here a line within the query does."""
    declared = {
        (str(shapes.value(declaration, SH.prefix)), str(shapes.value(declaration, SH.namespace)))
        for ontology in shapes.objects(constraint, SH.prefixes)
        for declaration in shapes.objects(ontology, SH.declare)
    }
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in sorted(declared))
    nodes = " ".join(sorted(node.n3() for node in shapes.objects(shape, SH.targetNode)))
    if not nodes or set(shapes.predicates(shape)) & {SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf}:
        raise ValueError(f"{shape.n3()}: a SPARQL constraint is understood here for sh:targetNode alone")
    head, brace, body = str(shapes.value(constraint, SH.select)).partition("{")
    return f"{prefixes}{head}{brace} VALUES $this {{ {nodes} }} {body}"


def _path(shapes: rdflib.Graph, path: Node) -> str:
    """A SHACL path as a SPARQL property path."""
    if isinstance(path, URIRef):
        return path.n3()
    if (inverse := shapes.value(path, SH.inversePath)) is not None:
        return f"^({_path(shapes, inverse)})"
    if (alternatives := shapes.value(path, SH.alternativePath)) is not None:
        return "(" + "|".join(_path(shapes, step) for step in Collection(shapes, alternatives)) + ")"
    if isinstance(path, BNode) and shapes.value(path, RDF.first) is not None:
        return "(" + "/".join(_path(shapes, step) for step in Collection(shapes, path)) + ")"
    raise ValueError(f"the path {path.n3()} is not understood")


# The components: each takes the graph, the path, its argument and the property shape and gives patterns that match where it is broken.
# They say MINUS and not FILTER NOT EXISTS: the engine takes away a whole set at once, where it would ask anew for every node.


def _min_count(_: rdflib.Graph, path: str, argument: Node, __: Node) -> Iterator[str]:
    _only(argument, {1})
    yield f"MINUS {{ ?focus {path} ?any }}"


def _max_count(_: rdflib.Graph, path: str, argument: Node, __: Node) -> Iterator[str]:
    if _only(argument, {0, 1}) == 0:
        yield f"FILTER EXISTS {{ ?focus {path} ?any }}"
    else:
        yield f"?focus {path} ?one, ?other . FILTER (!sameTerm(?one, ?other))"


def _datatype(_: rdflib.Graph, path: str, argument: Node, __: Node) -> Iterator[str]:
    right = f"isLiteral(?value) && DATATYPE(?value) = {argument.n3()}"
    if argument in _CASTS:
        yield f"?focus {path} ?value BIND({argument.n3()}(STR(?value)) AS ?cast) FILTER (!({right} && BOUND(?cast)))"
    else:
        yield f"?focus {path} ?value FILTER (!({right}))"


def _class(_: rdflib.Graph, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value MINUS {{ ?value a {argument.n3()} }}"


def _node_kind(_: rdflib.Graph, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value FILTER (!({_NODE_KINDS[argument]}))"


def _in(shapes: rdflib.Graph, path: str, argument: Node, _: Node) -> Iterator[str]:
    yield f"?focus {path} ?value FILTER (!({_is_one_of(shapes, argument)}))"


def _is_one_of(shapes: rdflib.Graph, argument: Node) -> str:
    return " || ".join(f"sameTerm(?value, {term.n3()})" for term in Collection(shapes, argument))


def _pattern(_: rdflib.Graph, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value FILTER (isBlank(?value) || !REGEX(STR(?value), {Literal(str(argument)).n3()}))"


def _min_length(_: rdflib.Graph, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value FILTER (isBlank(?value) || STRLEN(STR(?value)) < {int(str(argument))})"


def _min_inclusive(_: rdflib.Graph, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value FILTER (!COALESCE(?value >= {argument.n3()}, false))"


def _max_inclusive(_: rdflib.Graph, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value FILTER (!COALESCE(?value <= {argument.n3()}, false))"


def _equals(_: rdflib.Graph, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value MINUS {{ ?focus {argument.n3()} ?value }}"
    yield f"?focus {argument.n3()} ?value MINUS {{ ?focus {path} ?value }}"


def _less_than(_: rdflib.Graph, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value ; {argument.n3()} ?other FILTER (!COALESCE(?value < ?other, false))"


def _less_than_or_equals(_: rdflib.Graph, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value ; {argument.n3()} ?other FILTER (!COALESCE(?value <= ?other, false))"


def _qualified(shapes: rdflib.Graph, path: str, argument: Node, prop: Node) -> Iterator[str]:
    """Exactly one value is of a class, or one of a list."""
    for count in (SH.qualifiedMinCount, SH.qualifiedMaxCount):
        _only(shapes.value(prop, count), {1})
    ((parameter, qualifier),) = shapes.predicate_objects(argument)
    if parameter == SH["class"]:
        one, other = (f". ?{name} a {qualifier.n3()}" for name in ("one", "other"))
    elif parameter == SH["in"]:
        listed = ", ".join(term.n3() for term in Collection(shapes, qualifier))
        one, other = (f"FILTER (?{name} IN ({listed}))" for name in ("one", "other"))
    else:
        raise ValueError(f"{parameter} in sh:qualifiedValueShape is not understood")
    yield f"MINUS {{ ?focus {path} ?one {one} }}"
    yield f"?focus {path} ?one, ?other {one} {other} FILTER (!sameTerm(?one, ?other))"


def _only(argument: Node | None, counts: set[int]) -> int:
    if not isinstance(argument, Literal) or int(argument) not in counts:
        raise ValueError(f"the count {argument} is not understood; known are {sorted(counts)}")
    return int(argument)


_COMPONENTS = {
    SH.minCount: _min_count, SH.maxCount: _max_count, SH.datatype: _datatype, SH["class"]: _class, SH.nodeKind: _node_kind, SH["in"]: _in,
    SH.pattern: _pattern, SH.minLength: _min_length, SH.minInclusive: _min_inclusive, SH.maxInclusive: _max_inclusive, SH.equals: _equals,
    SH.lessThan: _less_than, SH.lessThanOrEquals: _less_than_or_equals, SH.qualifiedValueShape: _qualified,
}

"""SHACL as SPARQL: the part of SHACL that the project's shapes use, each constraint as one query over a whole graph.

An engine that visits node after node takes minutes for what the queries find in a second. Every query gives ``?focus`` and, where there is
one, ``?value``. What is not understood is refused, never passed over: every node of the shapes graph that says anything in SHACL must have
been made into queries. pySHACL is the judge in the tests: both must find the same.

Numbers beyond what the engine holds (integers of more than 64 bits, decimals of more than 18 places) are taken for wrong, not for right.

References: Shapes Constraint Language (W3C Recommendation, 2017), sections 2, 4 and 5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from functools import partial

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH, XSD
from rdflib.term import BNode, Literal, Node, URIRef

_TARGETS = {SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf}
_TOLD = {RDF.type, RDFS.label, RDFS.comment}  # what may be said of anything and constrains nothing
_OF_NODE_SHAPE = _TOLD | _TARGETS | {SH.severity, SH.property, SH.sparql}
_OF_PROPERTY_SHAPE = _TOLD | {SH.path, SH.message, SH.severity, SH.qualifiedValueShape}
_OF_QUERY = _TOLD | {SH.message, SH.prefixes, SH.select}
_NOT_IN_QUERY = re.compile(r"\b(MINUS|VALUES|SERVICE|SELECT|PATH)\b|\bAS\s*[$?]this\b", re.IGNORECASE)
_NODE_KINDS: dict[Node, str] = {SH.IRI: "isIRI(?value)", SH.Literal: "isLiteral(?value)", SH.IRIOrLiteral: "!isBlank(?value)"}
_CASTS = {XSD.date, XSD.integer, XSD.decimal, XSD.boolean}  # whose lexical form a cast can test


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint as a query with ``?focus`` and maybe ``?value``; the other names it selects may be named in the message."""

    shape: str  #: IRI of the node shape
    severity: str  #: IRI
    component: str  #: IRI of the constraint component, such as that of sh:minCount
    path: str  #: IRI of the property that is constrained, "" where there is none or it is no plain one
    message: str
    query: str
    screen: str = ""  #: a query that has a solution where this constraint or another of the same property is broken, "" where there is none


def constraints(shapes: rdflib.Graph, *, subclasses: bool = False) -> tuple[Constraint, ...]:
    """Every constraint in a shapes graph, sorted. Raises ValueError on SHACL that is not understood here.

    ``subclasses`` tells whether the data has rdfs:subClassOf, which SHACL follows; where it has not, the queries are simpler.
    """
    return _Compiler(shapes, "a/<%s>*" % RDFS.subClassOf if subclasses else "a").compiled()


class _Compiler:
    def __init__(self, shapes: rdflib.Graph, is_a: str) -> None:
        self.shapes, self.is_a = shapes, is_a
        self._understood: set[Node] = set()

    def compiled(self) -> tuple[Constraint, ...]:
        found = [constraint for shape in self.shapes.subjects(RDF.type, SH.NodeShape) for constraint in self._of_node_shape(shape)]
        self._understood.update(self.shapes.objects(None, SH.declare), self.shapes.subjects(SH.declare))
        for node, predicate in self.shapes.subject_predicates():
            if node not in self._understood and str(predicate).startswith(str(SH)):
                raise ValueError(f"{node.n3()}: its {_name(predicate)} is not understood: it belongs to no sh:NodeShape")
        return tuple(sorted(found, key=lambda c: (c.shape, c.component, c.query)))

    def _of_node_shape(self, shape: Node) -> Iterator[Constraint]:
        self._refuse_unknown(shape, _OF_NODE_SHAPE)
        severity, targets = self._severity(shape), self._targets(shape)
        for constraint in self.shapes.objects(shape, SH.sparql):
            self._refuse_unknown(constraint, _OF_QUERY)
            message = str(self.one(constraint, SH.message))
            yield Constraint(str(shape), severity, str(SH.SPARQLConstraintComponent), "", message, self._select(shape, constraint))
        for prop in self.shapes.objects(shape, SH.property):
            self._refuse_unknown(prop, _OF_PROPERTY_SHAPE | set(_COMPONENTS))
            severity, message, path = self._severity(prop), str(self.one(prop, SH.message)), self.one(prop, SH.path)
            plain, steps = str(path) if isinstance(path, URIRef) else "", self._path(path)
            screen = f"SELECT ?focus WHERE {{ {targets} {pattern} }} LIMIT 1" if (pattern := self._screen(prop, steps)) else ""
            for parameter, write in _COMPONENTS.items():
                name = str(parameter).removeprefix(str(SH))
                component = str(SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"])
                for argument in self.shapes.objects(prop, parameter):
                    for pattern in write(self, steps, argument, prop):
                        query = f"SELECT DISTINCT ?focus ?value WHERE {{ {targets} {pattern} }}"
                        yield Constraint(str(shape), severity, component, plain, message, query, screen if parameter in _SCREENED else "")

    def _screen(self, prop: Node, path: str) -> str:
        """A pattern that matches where any of the property's constraints that can be looked at together is broken.

        A graph without fault, as nearly all are, is so looked through once for each property and not once for each constraint.
        """
        together = [(parameter, argument) for parameter, argument in self.shapes.predicate_objects(prop) if parameter in _SCREENED]
        given = dict(together)
        if not 1 < len(together) == len(given) or str(given.get(SH.maxCount, 1)) != "1":
            return ""
        faults, more = [_FAULTS[parameter](self, argument) for parameter, argument in sorted(given.items()) if parameter in _FAULTS], ""
        if SH["class"] in given:
            more += f" OPTIONAL {{ ?value {self.is_a} {given[SH['class']].n3()} BIND(true AS ?there) }}"
            faults.append("!BOUND(?there)")
        if SH.maxCount in given:
            more += f" OPTIONAL {{ ?focus {path} ?other FILTER (!sameTerm(?value, ?other)) }}"
            faults.append("BOUND(?other)")
        values = f"?focus {path} ?value{more}"
        if SH.minCount in given:
            values, faults = f"OPTIONAL {{ {values} }}", ["!BOUND(?value)", *faults]
        return f"{values} FILTER ({' || '.join(faults)})"

    def one(self, node: Node, predicate: URIRef) -> Node:
        """The one value of a property; raises ValueError where there is none or another."""
        values = list(self.shapes.objects(node, predicate))
        if len(values) != 1:
            raise ValueError(f"{node.n3()}: one {_name(predicate)} is understood, not {len(values)}")
        return values[0]

    def _severity(self, shape: Node) -> str:
        return str(self.shapes.value(shape, SH.severity, default=SH.Violation))

    def _refuse_unknown(self, node: Node, known: Set[Node]) -> None:
        for parameter in set(self.shapes.predicates(node)) - known:
            raise ValueError(f"{node.n3()}: {_name(parameter)} is not understood; known are {', '.join(sorted(map(_name, known - _TOLD)))}")
        self._understood.add(node)

    def _targets(self, shape: Node) -> str:
        """A pattern that binds ?focus to the shape's focus nodes."""
        names = list(self.shapes.objects(shape, SH.targetClass))
        if len(names) == 1 and self.is_a == "a" and not set(self.shapes.predicates(shape)) & (_TARGETS - {SH.targetClass}):
            return f"?focus a {names[0].n3()} ."
        ways = [f"{{ VALUES ?focus {{ {node.n3()} }} }}" for node in self.shapes.objects(shape, SH.targetNode)]
        ways += [f"{{ ?focus {self.is_a} {name.n3()} }}" for name in names]
        ways += [f"{{ ?focus {name.n3()} ?any }}" for name in self.shapes.objects(shape, SH.targetSubjectsOf)]
        ways += [f"{{ ?any {name.n3()} ?focus }}" for name in self.shapes.objects(shape, SH.targetObjectsOf)]
        if not ways:
            raise ValueError(f"{shape.n3()}: has no target")
        return "{ SELECT DISTINCT ?focus WHERE { " + " UNION ".join(sorted(ways)) + " } }"

    def _select(self, shape: Node, constraint: Node) -> str:
        """A SPARQL constraint with its prefixes; SHACL binds $this before the query runs, here a line within the query does."""
        declared = {
            (str(self.one(declaration, SH.prefix)), str(self.one(declaration, SH.namespace)))
            for ontology in self.shapes.objects(constraint, SH.prefixes)
            for declaration in self.shapes.objects(ontology, SH.declare)
        }
        prefixes = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in sorted(declared))
        nodes = " ".join(sorted(node.n3() for node in self.shapes.objects(shape, SH.targetNode)))
        if not nodes or set(self.shapes.predicates(shape)) & (_TARGETS - {SH.targetNode}):
            raise ValueError(f"{shape.n3()}: a SPARQL constraint is understood here for sh:targetNode alone")
        head, brace, body = str(self.one(constraint, SH.select)).partition("{")
        if word := _NOT_IN_QUERY.search(body):  # what is bound outside of these does not hold within
            raise ValueError(f"{shape.n3()}: {word[0]} in a SPARQL constraint is not understood")
        return f"{prefixes}{head}{brace} VALUES $this {{ {nodes} }} {body}"

    def _path(self, path: Node) -> str:
        """A SHACL path as a SPARQL property path."""
        if isinstance(path, URIRef):
            return path.n3()
        self._understood.add(path)
        if (inverse := self.shapes.value(path, SH.inversePath)) is not None:
            return f"^({self._path(inverse)})"
        if (alternatives := self.shapes.value(path, SH.alternativePath)) is not None:
            return "(" + "|".join(self._path(step) for step in Collection(self.shapes, alternatives)) + ")"
        if isinstance(path, BNode) and self.shapes.value(path, RDF.first) is not None:
            return "(" + "/".join(self._path(step) for step in Collection(self.shapes, path)) + ")"
        raise ValueError(f"the path {path.n3()} is not understood")

    def understand(self, node: Node) -> tuple[Node, Node]:
        """The one statement about a node; raises ValueError where there are others."""
        self._understood.add(node)
        statements = list(self.shapes.predicate_objects(node))
        if len(statements) != 1:
            raise ValueError(f"{node.n3()}: one statement is understood here, not {len(statements)}")
        return statements[0]


def _name(term: Node) -> str:
    return "sh:" + str(term).removeprefix(str(SH)) if str(term).startswith(str(SH)) else str(term)


# The components: each takes the compiler, the path, its argument and the property shape and gives patterns that match where it is broken.
# What must not be there is an OPTIONAL that is not BOUND: the engine looks it up for each solution as it comes, where for a MINUS it would
# hold the whole set in memory that is taken away, and for FILTER NOT EXISTS plan anew for every node.


def _min_count(_: _Compiler, path: str, argument: Node, __: Node) -> Iterator[str]:
    _only(argument, {1})
    yield f"OPTIONAL {{ ?focus {path} ?any }} FILTER (!BOUND(?any))"


def _without(pattern: str) -> str:
    """A pattern that matches where another, which binds nothing new, does not."""
    return f"OPTIONAL {{ {pattern} BIND(true AS ?there) }} FILTER (!BOUND(?there))"


def _max_count(_: _Compiler, path: str, argument: Node, __: Node) -> Iterator[str]:
    if _only(argument, {0, 1}) == 0:
        yield f"FILTER EXISTS {{ ?focus {path} ?any }}"
    else:
        yield f"?focus {path} ?one, ?other . FILTER (!sameTerm(?one, ?other))"


def _class(compiler: _Compiler, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value {_without(f'?value {compiler.is_a} {argument.n3()}')}"


def _fault(write: Callable[[_Compiler, Node], str], compiler: _Compiler, path: str, argument: Node, _: Node) -> Iterator[str]:
    yield f"?focus {path} ?value FILTER ({write(compiler, argument)})"


def _equals(_: _Compiler, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value {_without(f'?focus {argument.n3()} ?value')}"
    yield f"?focus {argument.n3()} ?value {_without(f'?focus {path} ?value')}"


def _less_than(_: _Compiler, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value ; {argument.n3()} ?other FILTER (!COALESCE(?value < ?other, false))"


def _less_than_or_equals(_: _Compiler, path: str, argument: Node, __: Node) -> Iterator[str]:
    yield f"?focus {path} ?value ; {argument.n3()} ?other FILTER (!COALESCE(?value <= ?other, false))"


def _qualified_min_count(compiler: _Compiler, path: str, argument: Node, prop: Node) -> Iterator[str]:
    _only(argument, {1})
    yield f"OPTIONAL {{ ?focus {path} ?one {_qualifies(compiler, prop, '?one')} }} FILTER (!BOUND(?one))"


def _qualified_max_count(compiler: _Compiler, path: str, argument: Node, prop: Node) -> Iterator[str]:
    _only(argument, {1})
    both = f"{_qualifies(compiler, prop, '?one')} {_qualifies(compiler, prop, '?other')}"
    yield f"?focus {path} ?one, ?other {both} FILTER (!sameTerm(?one, ?other))"


def _qualifies(compiler: _Compiler, prop: Node, name: str) -> str:
    """A pattern that matches where a variable is what sh:qualifiedValueShape asks for: of a class, or one of a list."""
    parameter, qualifier = compiler.understand(compiler.one(prop, SH.qualifiedValueShape))
    if parameter == SH["class"]:
        return f". {name} {compiler.is_a} {qualifier.n3()}"
    if parameter == SH["in"]:
        return "FILTER (" + " || ".join(f"sameTerm({name}, {term.n3()})" for term in Collection(compiler.shapes, qualifier)) + ")"
    raise ValueError(f"{_name(parameter)} in sh:qualifiedValueShape is not understood")


def _only(argument: Node, counts: set[int]) -> int:
    if not isinstance(argument, Literal) or int(argument) not in counts:
        raise ValueError(f"the count {argument} is not understood; known are {sorted(counts)}")
    return int(argument)


# What is said of single values: each takes the compiler and its argument and gives an expression that is true of a ?value at fault. None of
# them may end in an error, which would hide the faults that it is looked at together with.


def _datatype(_: _Compiler, argument: Node) -> str:
    right = f"isLiteral(?value) && DATATYPE(?value) = {argument.n3()}"
    if argument in _CASTS:
        right += f" && COALESCE(STRLEN(STR({argument.n3()}(STR(?value)))) > 0, false)"
    return f"!({right})"


def _node_kind(_: _Compiler, argument: Node) -> str:
    if argument not in _NODE_KINDS:
        raise ValueError(f"the node kind {argument.n3()} is not understood; known are {', '.join(sorted(map(_name, _NODE_KINDS)))}")
    return f"!({_NODE_KINDS[argument]})"


def _in(compiler: _Compiler, argument: Node) -> str:
    return "!(" + " || ".join(f"sameTerm(?value, {term.n3()})" for term in Collection(compiler.shapes, argument)) + ")"


def _pattern(_: _Compiler, argument: Node) -> str:
    return f"(isBlank(?value) || !REGEX(STR(?value), {Literal(str(argument)).n3()}))"


def _min_length(_: _Compiler, argument: Node) -> str:
    return f"(isBlank(?value) || STRLEN(STR(?value)) < {int(str(argument))})"


def _min_inclusive(_: _Compiler, argument: Node) -> str:
    return f"!COALESCE(?value >= {argument.n3()}, false)"


def _max_inclusive(_: _Compiler, argument: Node) -> str:
    return f"!COALESCE(?value <= {argument.n3()}, false)"


_FAULTS: dict[Node, Callable[[_Compiler, Node], str]] = {
    SH.datatype: _datatype, SH.nodeKind: _node_kind, SH["in"]: _in, SH.pattern: _pattern, SH.minLength: _min_length,
    SH.minInclusive: _min_inclusive, SH.maxInclusive: _max_inclusive,
}
_COMPONENTS: dict[Node, Callable[[_Compiler, str, Node, Node], Iterator[str]]] = {
    SH.minCount: _min_count, SH.maxCount: _max_count, SH["class"]: _class, SH.equals: _equals, SH.lessThan: _less_than,
    SH.lessThanOrEquals: _less_than_or_equals, SH.qualifiedMinCount: _qualified_min_count, SH.qualifiedMaxCount: _qualified_max_count,
    **{parameter: partial(_fault, write) for parameter, write in _FAULTS.items()},
}
#: Components that can be looked at together.
_SCREENED = {SH.minCount, SH.maxCount, SH["class"], *_FAULTS}

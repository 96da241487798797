"""Checks a graph against the project's shapes: SHACL to typed violations.

``ontology/shapes.ttl`` and ``ontology/signatures.ttl`` hold what a graph must satisfy, ``ontology/warnings.ttl`` what is merely worth a
look. All are standard SHACL, so any engine can run them; here they run as SPARQL, see ``kg.rdf.shacl``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pyoxigraph
import rdflib

from kg import plugins
from kg.errors import GraphFolderError
from kg.pool import cores
from kg.rdf.shacl import Constraint, constraints
from kg.rdf.signatures import signature_shapes
from kg.rdf.statements import GRAVE
from kg.resources import ontology_dir

SHAPE_FILES = ("shapes.ttl", "signatures.ttl", "warnings.ttl")

_SUBCLASS = pyoxigraph.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
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


def validate(source: pyoxigraph.Store | Path | str) -> tuple[Violation, ...]:
    """All results for a store or for a file of Turtle, N-Quads or N-Triples, sorted, violations before warnings.

    Raises GraphFolderError where the file cannot be read as RDF.
    """
    store = source if isinstance(source, pyoxigraph.Store) else _load(Path(source))
    subclasses = next(store.quads_for_pattern(None, _SUBCLASS, None), None) is not None
    # The store lets go of Python's lock while it looks, so threads are enough to use all cores.
    with ThreadPoolExecutor(cores()) as threads:
        return ordered(set().union(*threads.map(partial(_of_property, store), _by_property(subclasses))))


def ordered(results: Iterable[Violation]) -> tuple[Violation, ...]:
    """Results in order, violations before warnings."""
    order = ("Violation", "Warning", "Info")
    return tuple(sorted(results, key=lambda result: (order.index(result.severity), result)))


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
def _shapes(subclasses: bool = False) -> tuple[Constraint, ...]:
    shapes = rdflib.Graph()
    for name in SHAPE_FILES:
        if name != "signatures.ttl":  # which tells of the project's own predicates alone
            shapes.parse(ontology_dir() / name, format="turtle")
    shapes.parse(data=signature_shapes(plugins.entity_types(), plugins.signatures(), GRAVE | plugins.grave()), format="turtle")
    return constraints(shapes, subclasses=subclasses)


def _by_property(subclasses: bool) -> list[list[Constraint]]:
    """The constraints, those together that one query can tell to be kept."""
    groups: dict[str, list[Constraint]] = {}
    for constraint in _shapes(subclasses):
        groups.setdefault(constraint.screen or constraint.query, []).append(constraint)
    return list(groups.values())


def _of_property(store: pyoxigraph.Store, constraints: Sequence[Constraint]) -> set[Violation]:
    screen = constraints[0].screen
    if screen and next(iter(_solutions(store, screen)), None) is None:
        return set()
    return set().union(*(_results(store, constraint) for constraint in constraints))


def _solutions(store: pyoxigraph.Store, query: str) -> pyoxigraph.QuerySolutions:
    solutions = store.query(query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return solutions


def _results(store: pyoxigraph.Store, constraint: Constraint) -> set[Violation]:
    solutions = _solutions(store, constraint.query)
    names = [variable.value for variable in solutions.variables]
    found = set()
    for solution in solutions:
        bound = {name: _text(solution[name]) for name in names if solution[name] is not None}
        found.add(Violation(
            severity=_local(constraint.severity),
            shape=_local(constraint.shape),
            focus=bound["focus"] if "focus" in bound else bound["value"],
            path=constraint.path,
            value=bound.get("value", "") if "focus" in bound else bound.get("detail", ""),
            message=_filled(constraint.message, bound),
        ))
    return found


def _text(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal) -> str:
    return str(term) if isinstance(term, pyoxigraph.BlankNode) else term.value


def _filled(message: str, bound: Mapping[str, str]) -> str:
    """The message with the variables it names ({?value}, {$this}) replaced by what they are bound to."""
    for name, value in bound.items():
        message = message.replace(f"{{?{name}}}", value).replace(f"{{${name}}}", value)
    return message


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1]

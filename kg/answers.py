"""Answers to questions in the forms they are written: table rows, CSV, and the W3C's JSON and XML; triples as Turtle."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph

from kg.query import Result
from kg.safe import for_cell
from kg.vocabulary import PREFIXES

_RESULTS = {"json": pyoxigraph.QueryResultsFormat.JSON, "xml": pyoxigraph.QueryResultsFormat.XML}


def columns(solutions: pyoxigraph.QuerySolutions) -> list[str]:
    """The names of a SELECT's variables, in order."""
    return [variable.value for variable in solutions.variables]


def table_rows(solutions: pyoxigraph.QuerySolutions) -> Iterator[list[str]]:
    """Each solution as plain texts; the project's IRIs shortened to what follows their namespace, nothing for the unbound."""
    names = columns(solutions)
    for solution in solutions:
        yield [_short(solution[name]) for name in names]


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV (RFC 4180, lines end in LF) that no spreadsheet runs as formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(["" if value is None else for_cell(str(value)) for value in row])
    return out.getvalue()


def csv_rows(solutions: pyoxigraph.QuerySolutions) -> Iterator[list[str | None]]:
    """Each solution as the lexical values of its terms."""
    names = columns(solutions)
    for solution in solutions:
        yield [solution[name].value if solution[name] is not None else None for name in names]


def as_results(result: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean, form: str) -> str:
    """SPARQL 1.1 Query Results in JSON or XML."""
    return result.serialize(format=_RESULTS[form]).decode()


def as_turtle(triples: pyoxigraph.QueryTriples) -> str:
    """The triples of a CONSTRUCT or DESCRIBE as Turtle, in a stable order."""
    ordered = sorted(set(triples), key=str)
    return pyoxigraph.serialize(ordered, format=pyoxigraph.RdfFormat.TURTLE, prefixes=PREFIXES).decode()


def is_boolean(result: Result) -> bool:
    return isinstance(result, pyoxigraph.QueryBoolean)


def is_triples(result: Result) -> bool:
    return isinstance(result, pyoxigraph.QueryTriples)


def _short(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple | None) -> str:
    if term is None:
        return ""
    if isinstance(term, pyoxigraph.Literal):
        return term.value
    if isinstance(term, pyoxigraph.NamedNode):
        for prefix, iri in PREFIXES.items():
            if term.value.startswith(iri):
                return f"{prefix}:{term.value.removeprefix(iri)}"
        return term.value
    return str(term)

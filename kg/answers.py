"""Answers to questions in the forms they are written: table rows, CSV, and the W3C's JSON and XML; triples as Turtle."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph

from kg.safe import for_cell
from kg.vocabulary import PREFIXES

Result = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples

_RESULTS = {"json": pyoxigraph.QueryResultsFormat.JSON, "xml": pyoxigraph.QueryResultsFormat.XML}


def columns(solutions: pyoxigraph.QuerySolutions) -> list[str]:
    """The names of a SELECT's variables, in order."""
    return [variable.value for variable in solutions.variables]


def table_rows(solutions: pyoxigraph.QuerySolutions, base_iri: str) -> Iterator[list[str]]:
    """Each solution as plain texts; IRIs shortened by the graph's base and the known prefixes, nothing for the unbound."""
    names = columns(solutions)
    for solution in solutions:
        yield [_short(solution[name], base_iri) for name in names]


class _Echo:
    """A file that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """CSV (RFC 4180) that no spreadsheet runs as formulas, a record at a time."""
    writer = csv.writer(_Echo())  # hands back what ``write`` does
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow(["" if value is None else for_cell(str(value)) for value in row])


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """``csv_lines`` in one text."""
    return "".join(csv_lines(header, rows))


def csv_rows(solutions: pyoxigraph.QuerySolutions) -> Iterator[list[str | None]]:
    """Each solution as the lexical values of its terms."""
    names = columns(solutions)
    for solution in solutions:
        yield [solution[name].value if solution[name] is not None else None for name in names]


def as_results(result: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean, form: str) -> str:
    """SPARQL 1.1 Query Results in JSON or XML."""
    written = result.serialize(format=_RESULTS[form])
    assert written is not None  # as it is where no output is given
    return written.decode()


def as_turtle(triples: Iterable[pyoxigraph.Triple]) -> str:
    """Triples as Turtle with the project's prefixes, subjects in order; the same triples give the same text."""
    ordered = sorted(set(triples), key=str)
    written = pyoxigraph.serialize(ordered, format=pyoxigraph.RdfFormat.TURTLE, prefixes=PREFIXES)
    assert written is not None  # as it is where no output is given
    text = written.decode()
    # The library writes its header in the order of a hash table, so the header is written anew, in the order of the alphabet.
    body = text.split("\n", len(PREFIXES))[-1]
    return "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in sorted(PREFIXES)) + "\n" + body


def _short(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple | None, base_iri: str) -> str:
    if term is None:
        return ""
    if isinstance(term, pyoxigraph.Literal):
        return term.value
    if isinstance(term, pyoxigraph.NamedNode):
        if term.value.startswith(base_iri):
            return term.value.removeprefix(base_iri)
        for prefix, iri in PREFIXES.items():
            if term.value.startswith(iri):
                return f"{prefix}:{term.value.removeprefix(iri)}"
        return term.value
    return str(term)

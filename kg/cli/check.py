"""``kg validate`` and ``kg evaluate``: what is wrong with the graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from kg import console
from kg.cli.common import DONE_WITH_PROBLEMS, broken, graph_option, opened_store, print_rows, rows_format, verdict
from kg.safe import for_json


@click.command(epilog="""\b
Examples:
  kg validate
  kg validate -g graph --format csv > violations.csv
""")
@graph_option
@rows_format
@click.pass_context
def validate(ctx: click.Context, graph_dir: Path, form: str | None) -> None:
    """Check the graph against its SHACL shapes; the exit code is 1 where it breaks one."""
    from dataclasses import asdict

    from kg import validate as stage

    with opened_store(graph_dir) as store, console.Bars().step("Checking the graph"):
        violations = stage.validate(store)
    columns = ("severity", "focus", "path", "value", "message", "shape")
    rows = [asdict(violation) for violation in violations]
    if rows:
        print_rows(rows, form, columns, lambda some: ([row[column] for column in columns] for row in some),
                    columns[:-1], lambda row: [row[column] for column in columns[:-1]])
    console.say(verdict(violations).removesuffix("; see: kg validate)") + (")" if violations else ""))
    if broken(violations):
        ctx.exit(DONE_WITH_PROBLEMS)


@click.command(epilog="""\b
Examples:
  kg build corpus/dev -g graph
  kg evaluate --gold corpus/dev
  kg evaluate --gold corpus/dev --errors 20
  kg evaluate --gold corpus/dev --format json
""")
@graph_option
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

    with opened_store(graph_dir) as store:
        report = stage.evaluate(gold, rows.entities(store), rows.facts(store), GraphFolder(graph_dir).texts)
    for error in report.errors[:errors]:
        console.say("  ".join(error))
    written: dict[str, Callable[[], str]] = {"table": report.table, "markdown": report.markdown, "json": lambda: for_json(report.as_dict())}
    console.out(written[form]())
    if report.forbidden:
        ctx.exit(DONE_WITH_PROBLEMS)

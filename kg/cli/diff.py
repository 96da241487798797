"""``kg diff``: what a graph says that another did not."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import console
from kg.cli.common import DONE_WITH_PROBLEMS, counted, print_rows, rows_format

if TYPE_CHECKING:
    from kg.diff import Difference, Side

_COLUMNS = ("change", "subject", "subject_type", "subject_id", "predicate", "object", "object_type", "object_id", "before", "after",
            "documents_before", "documents_after", "sentence_before", "sentence_after")


@click.command(epilog="""\b
Examples:
  kg diff graph-monday graph-tuesday
  kg diff old.nq graph --format jsonl | jq 'select(.change == "status")'
  kg diff graph-monday graph-tuesday --about "Essex Police" --format csv > changed.csv
""")
@click.argument("before", type=click.Path(path_type=Path), metavar="A")
@click.argument("after", type=click.Path(path_type=Path), metavar="B")
@click.option("--about", metavar="NAME", help="Only facts with this subject or object, by its name in either graph, whatever its case.")
@rows_format
@click.pass_context
def diff(ctx: click.Context, before: Path, after: Path, about: str | None, form: str | None) -> None:
    """List the facts that B has and A had not, or had otherwise.

    A and B are graph folders or files of N-Quads. A fact came or went, or its status, its dates or the documents behind it
    changed; an entity that has another id is told as renumbered, once. The exit code is 1 where there are differences and 0 where
    there are none.
    """
    from kg import diff as stage

    found = list(stage.diff(stage.open_graph(before), stage.open_graph(after)))
    if about is not None:
        found = [one for one in found if about.casefold() in (one.subject["name"].casefold(), one.object["name"].casefold())]
    rows = [asdict(one) for one in found]
    if rows:
        print_rows(rows, form, _COLUMNS, lambda _: map(_cells, found), ("change", "subject", "predicate", "object", "before", "after"),
                   lambda row: (row["change"], row["subject"]["name"], row["predicate"], row["object"]["name"], *_sides(row)))
    console.say(counted(len(found), "difference"))
    if found:
        ctx.exit(DONE_WITH_PROBLEMS)


def _cells(one: Difference) -> tuple[object, ...]:
    subject, target = one.subject, one.object
    return (one.change, subject["name"], subject["type"], subject["id"], one.predicate, target["name"], target["type"], target.get("id"),
            *_sides(asdict(one)),
            *("; ".join(_documents(sides)) for sides in (one.before, one.after)),
            *(" | ".join(side.sentence for side in sides) for sides in (one.before, one.after)))


def _documents(sides: tuple[Side, ...]) -> list[str]:
    return sorted({document for side in sides for document in side.documents})


def _sides(row: dict[str, Any]) -> tuple[str, str]:
    """What is told of a difference before and after: what was said, or the id."""
    if row["change"] == "renumbered":
        return row["subject"]["id"], row["object"]["id"]
    return _told(row["before"], row["change"]), _told(row["after"], row["change"])


def _told(sides: list[dict[str, Any]], change: str) -> str:
    """Status and dates in a cell, and the documents where they are all that changed."""
    cells = []
    for side in sides:
        when = f" {side['start'] or ''}..{side['end'] or ''}" if side["start"] or side["end"] else ""
        where = f" ({', '.join(side['documents'])})" if change == "documents" else ""
        cells.append(f"{side['status']}{when}{where}")
    return "; ".join(cells)

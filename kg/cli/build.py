"""``kg build``."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import console
from kg.cli.common import DONE_WITH_PROBLEMS, broken, counted, decisions_option, graph_option, verdict
from kg.model import STATUSES

if TYPE_CHECKING:
    from kg.pipeline import Summary


@click.command(epilog="""\b
Examples:
  kg build articles/
  kg build articles/ report.pdf -g graph
  kg build articles/ --decisions newsroom/decisions.txt
  kg build articles/ --base-iri https://example.org/policing/
  kg build articles/ --workers 4
  kg build articles/ --memory 2G
  cat article.txt | kg build - -g graph
  kg build s3a://bucket/articles --engine spark --work s3a://bucket/kg --spark spark.master=yarn
""")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@graph_option
@click.option("--config", "config_file", type=click.Path(path_type=Path), metavar="FILE", help="A TOML file with base_iri and model.")
@click.option("--base-iri", metavar="IRI", help="What the IRIs of the graph's own things begin with.")
@click.option("--model", metavar="NAME", help="An installed spaCy pipeline to use instead of the one that comes with kg.")
@decisions_option
@click.option("--workers", type=click.IntRange(1, 256), metavar="N",
              help="Processes that read, each with some 600 MB of memory. [default: one a core, fewer for few documents or little memory]")
@click.option("--memory", metavar="SIZE", callback=lambda ctx, option, given: _size(given),
              help="The memory that the build may take, such as 2G or 1500M, at least 1G: it decides how many processes read, and how much "
              "is sorted and loaded at a time. [default: what the machine has]")
@click.option("--engine", type=click.Choice(["processes", "spark"]), default="processes", show_default=True,
              help="What reads the documents: processes of this machine, or Apache Spark. The graph is the same.")
@click.option("--work", metavar="PATH", help="With spark: where it keeps what was read, to go on after a stop, and writes the graph in "
              "parts; any path that Spark reads and writes. It holds the documents' texts. [default: the graph folder's name with .spark]")
@click.option("--spark", "settings", multiple=True, metavar="KEY=VALUE", help="With spark: a setting of Spark's own; may be repeated.")
@click.option("--part", type=click.IntRange(1), metavar="N", help="With spark: documents in a part, which is read whole or read again. "
              "[default: 20000]")
@click.pass_context
def build(ctx: click.Context, paths: tuple[str, ...], graph_dir: Path, config_file: Path | None, base_iri: str | None,
          model: str | None, workers: int | None, memory: int | None, decisions_file: Path | None, engine: str, work: str | None,
          settings: tuple[str, ...], part: int | None) -> None:
    """Read documents and make their graph.

    PATH is a file (.txt .md .html .pdf .docx .json .jsonl), a folder, which is read with all its subfolders, or - for
    standard input. The graph folder is replaced as a whole once the new graph is ready; until then the old one stays.
    Documents that are as they were when the old graph was built are not read again.
    """
    from kg import pipeline
    from kg.config import Config, read_config
    from kg.decisions import to_obey
    from kg.render import render

    of_spark = {"--work": work, "--spark": settings, "--part": part}
    for option, value in {"--workers": workers}.items() if engine == "spark" else of_spark.items():
        if value:
            raise click.UsageError(f"{option} is not for --engine {engine}")
    config = (read_config(config_file) if config_file else Config()).with_choices(base_iri=base_iri, model=model)
    decisions = to_obey(graph_dir, decisions_file)
    began = time.perf_counter()
    if engine == "spark":
        from kg import spark

        summary = spark.build(paths, work or f"{graph_dir}.spark", graph_dir, config, decisions=decisions, settings=_settings(settings),
                              part=part or spark.PART, memory=memory, progress=console.Bars(), page=render)
    else:
        summary = pipeline.build(paths, graph_dir, config, decisions=decisions, workers=workers, memory=memory,
                                 stdin=sys.stdin.buffer, progress=console.Bars(), page=render)
    _print_summary(summary, time.perf_counter() - began)
    if summary.problems or broken(summary.violations):
        ctx.exit(DONE_WITH_PROBLEMS)


def _size(given: str | None) -> int | None:
    """Bytes; raises UsageError where what was given is no size."""
    from kg.memory import parse

    try:
        return None if given is None else parse(given)
    except ValueError as error:
        raise click.UsageError(f"--memory {error}") from error


def _settings(given: tuple[str, ...]) -> dict[str, str]:
    """Settings by name; raises UsageError where one is not of the form KEY=VALUE."""
    settings = {}
    for setting in given:
        key, sign, value = setting.partition("=")
        if not sign or not key.startswith("spark."):
            raise click.UsageError(f"--spark {setting!r}: give a setting of Spark such as spark.master=yarn")
        settings[key] = value
    return settings


def _print_summary(summary: Summary, seconds: float) -> None:
    unread = f" ({len(summary.problems)} could not be read, see above)" if summary.problems else ""
    kept = f", {summary.kept:,} of them the same as before and not read again" if summary.kept else ""
    console.out(f"{counted(summary.documents, 'document')}{unread}{kept}, {summary.words:,} words in {seconds:.1f} s: "
                f"{summary.words / max(seconds, 1e-9):,.0f} words a second\n")
    console.table(("entity type", "entities"), summary.entities.items())
    statuses = [status for status in STATUSES if any(status in counts for counts in summary.facts.values())]
    console.table(("predicate", *statuses, "facts"), [
        (predicate, *(counts.get(status, "") for status in statuses), sum(counts.values())) for predicate, counts in summary.facts.items()])
    total = sum(sum(counts.values()) for counts in summary.facts.values())
    console.out(f"{counted(sum(summary.entities.values()), 'entity', 'entities')}, {counted(total, 'fact')}")
    if summary.left_out:
        console.out(f"{counted(summary.left_out, 'row')} left out as no fact can be like that (listed in {summary.folder.manifest})")
    if summary.decided:
        gone = [trace.decision for trace in summary.decided if not trace.obeyed]
        console.out(f"{counted(len(summary.decided), 'decision')} of people: {len(summary.decided) - len(gone)} obeyed")
        for decision in gone:
            console.say(f"kg: decision on line {decision.line} is kept and not obeyed, as what it is about is not there "
                        f"(or another decision forbids it): {decision.text}")
    console.out(verdict(summary.violations))
    console.out(f"graph: {summary.folder.turtle}\npage:  "
                f"{summary.folder.page if summary.drawn else 'not drawn, as the graph is large; kg render draws it'}")

"""The command ``kg``: parse, call, print; one module a group of commands. The only place that prints and that picks exit codes."""

from __future__ import annotations

import sys
from typing import Any

import click

from kg import __version__, console
from kg.cli import ask, build, check, diff, explain, forget, review, train, write
from kg.errors import KgError
from kg.safe import for_terminal

FAILED = 2
STOPPED = 130


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
  1    done, but: some documents could not be read, the graph breaks its shapes or holds what the gold forbids, or two graphs differ
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


for _command in (build.build, ask.entities, ask.facts, ask.query, diff.diff, explain.explain, review.review, forget.forget,
                 check.validate, write.export, write.render, check.evaluate, train.train):
    cli.add_command(_command)


def main() -> None:
    """Entry point of the command ``kg``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli(prog_name="kg")

"""The command ``kg``: parse, call, print; one module a group of commands. The only place that prints and that picks exit codes."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from kg import __version__, console
from kg.cli import ask, build, check, diff, dossier, explain, forget, remote, review, serve, train, write
from kg.errors import KgError
from kg.safe import for_terminal

FAILED = 2
STOPPED = 130


class _Failure(click.ClickException):
    """An error that the user can mend, as one line."""

    exit_code = FAILED

    def show(self, file: Any = None) -> None:
        click.echo(f"kg: {for_terminal(self.message)}", file=file, err=True)


@contextmanager
def _one_line(ctx: click.Context) -> Iterator[None]:
    """The project's errors and wrong usage as one line; a command that was given nothing shows its help."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        command = (error.ctx or ctx).command_path
        raise _Failure(f"{error.format_message().rstrip('.')} (see: {command} --help)") from error
    except KgError as error:
        raise _Failure(str(error)) from error
    except OSError as error:
        if error.errno == errno.EPIPE:  # whoever read it has gone, which click knows how to take
            raise
        raise _Failure(f"{_place(error)}: {error.strerror or error}") from error
    except MemoryError as error:
        raise _Failure("not enough memory; give fewer or smaller documents, or fewer --workers") from error


def _place(error: OSError) -> str:
    """What could not be read or written. Standard output has no name; what it could not take is dropped, or leaving would fail again."""
    if error.filename is None:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return str(error.filename or "standard output")


class _Group(click.Group):
    """Commands in the order of a working day; the project's errors become one line and exit code 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _one_line(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _one_line(ctx):
                result = super().invoke(ctx)
                sys.stdout.flush()
                return result
        except KeyboardInterrupt as stop:
            console.say(f"kg: stopped; {stop or 'nothing was changed'}")
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


for _command in (build.build, ask.entities, ask.facts, ask.query, serve.serve, diff.diff, explain.explain, review.review,
                 forget.forget, check.validate, write.export, remote.push, write.render, dossier.dossier, check.evaluate, train.train):
    cli.add_command(_command)


def _look_for_no_code_here() -> None:
    """Have Python processes that this one starts import nothing from the current folder, unless this one does: documents may lie there."""
    try:
        here = str(Path.cwd())
    except OSError:  # it is gone
        here = ""
    if not {"", here} & set(sys.path):
        os.environ["PYTHONSAFEPATH"] = "1"


def main() -> None:
    """Entry point of the command ``kg``."""
    _look_for_no_code_here()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli(prog_name="kg")

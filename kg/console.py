"""What the command line shows: progress bars on standard error, tables, and texts that a terminal may be given."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import click

from kg.model import Problem
from kg.progress import Progress
from kg.safe import for_screen, for_terminal

T = TypeVar("T")

_PIPED_WIDTH = 200  # columns of a table that no terminal limits


def out(text: str, *, newline: bool = True) -> None:
    """Print an answer on standard output; on a terminal nothing in it can act on the terminal."""
    click.echo(for_screen(text) if sys.stdout.isatty() else text, nl=newline)


def say(text: str) -> None:
    """Print one line for the user on standard error."""
    click.echo(for_terminal(text), err=True)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table on standard output; long cells are folded."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for name in header:
        drawn.add_column(Text(name), overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(for_terminal("" if value is None else str(value))) for value in row))
    console = Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=_PIPED_WIDTH)
    console.print(drawn)


class Bars(Progress):
    """Bars with the time left on standard error where that is a terminal; problems as lines in any case."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)

    def each(self, label: str, items: Collection[T]) -> Iterator[T]:
        with self.counter(label) as count:
            for done, item in enumerate(items):
                count(done, len(items))
                yield item
                count(done + 1, len(items))

    @contextmanager
    def counter(self, label: str) -> Iterator[Callable[[int, int], None]]:
        if not self._console.is_terminal:
            yield lambda done, total: None
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task(label, total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        if not self._console.is_terminal:
            yield
            return
        with self._console.status(label):
            yield

    def problem(self, problem: Problem) -> None:
        say(f"kg: {problem}")

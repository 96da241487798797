"""How a long run tells its caller where it is. The base class says nothing; the command line draws bars."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from kg.model import Problem

T = TypeVar("T")


class Progress:
    """Hears of a run's steps and problems, and keeps silent about them."""

    def each(self, label: str, items: Collection[T]) -> Iterator[T]:
        """The items, one after another, while a bar moves along."""
        return iter(items)

    def counter(self, label: str) -> AbstractContextManager[Callable[[int, int], None]]:
        """Wraps a piece of work that calls what it is given with how many things are done, and of how many."""
        return nullcontext(lambda done, total: None)

    def step(self, label: str) -> AbstractContextManager[object]:
        """Wraps one piece of work whose length is not known."""
        return nullcontext()

    def problem(self, problem: Problem) -> None:
        """Something could not be read; the run goes on without it."""

"""What the benchmarks share: processor seconds of a piece of work, and the table of what was measured, which ``make bench`` draws too."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Row(NamedTuple):
    """One thing measured at one size, against a reference that was measured in the same run."""

    measured: str
    size: int
    unit: str  #: of the size: "documents", "triples"
    seconds: float  #: of the processor, children included
    reference: str = ""  #: what it is compared with; "" where there is nothing
    ratio: float | None = None  #: its seconds in those of the reference
    memory: int = 0  #: MiB, the peak of the process so far


def timed(work: Callable[[], object]) -> float:
    """Processor seconds of one call, those of processes that ended in it included."""
    begun = _spent()
    work()
    return _spent() - begun


def _spent() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def peak() -> int:
    """The most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def table(rows: Iterable[Row]) -> str:
    """The rows as a table in Markdown."""
    lines = ["| measured | size | processor seconds | per 1,000 | against | ratio | peak MiB |", "|---|--:|--:|--:|---|--:|--:|"]
    lines += [f"| {row.measured} | {row.size:,} {row.unit} | {row.seconds:,.3f} | {1000 * row.seconds / row.size:,.3f} | {row.reference} | "
              f"{'' if row.ratio is None else format(row.ratio, '.3f')} | {row.memory:,} |" for row in rows]
    return "\n".join(lines)

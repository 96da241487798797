"""What a build takes of time and memory as the documents become more: short ones, with two workers.

    python -m tests.benchmarks.scale [DOCUMENTS...] [--memory SIZE] [--network]     (default: 1000 10000 100000, which takes 20 GB of disk)

Documents are files, opened, read by two processes and built into a graph by the product's own code, each build in a process of its own.
``corpora.brief`` stands in for the network, so that all else is seen; with ``--network`` the network reads (texts of ``corpora.sewn``), as
it does for users. Memory is the peak of the process that builds, in each step; the most that a worker holds is told beside it.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import pyoxigraph

from kg import pipeline
from kg.config import Config
from kg.memory import parse
from kg.model import Document, Problem, Reading
from kg.progress import Progress
from tests.benchmarks.corpora import brief, brief_names, sewn
from tests.benchmarks.measure import Row, table

T = TypeVar("T")

SIZES = (1_000, 10_000, 100_000)
_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work took."""

    seconds: float  #: of the processor, without that of other processes
    memory: int  #: MiB at the most
    clock: float = 0.0  #: seconds on the wall


class Meter(Progress):
    """Costs by step."""

    def __init__(self) -> None:
        self.steps: dict[str, Cost] = {}

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        _forget_peak()
        begun, clock = time.process_time(), time.perf_counter()
        yield
        self.steps[label] = Cost(time.process_time() - begun, _peak(), time.perf_counter() - clock)
        print(f"{label}: {self.steps[label]}", file=sys.stderr, flush=True)

    @contextmanager
    def counter(self, label: str) -> Iterator[Callable[[int, int], None]]:
        with self.step(label):
            yield lambda done, total: None


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    """The most that this process has held since the last time that was forgotten, in MiB; Linux alone tells."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def known_reading(model: str | None) -> Callable[[Document], Reading | Problem]:
    """A reader that knows what is to be read by the document's name."""
    return lambda document: replace(brief(document.id), document=document)


def _build(articles: Path, graph: Path, memory: str | None, network: bool) -> tuple[dict[str, Cost], int, float]:
    """What the steps took, the MiB of a worker at the most and the seconds of all workers."""
    meter = Meter()
    if not network:
        pipeline.reader = known_reading
    pipeline.build([articles], graph, Config(), workers=_WORKERS, memory=memory and parse(memory), progress=meter)
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return meter.steps, workers.ru_maxrss // 1024, workers.ru_utime + workers.ru_stime


def _load(nquads: Path, store: Path) -> Cost:
    """pyoxigraph's own bulk load of the same triples."""
    begun, clock = time.process_time(), time.perf_counter()
    pyoxigraph.Store(str(store)).bulk_load(path=str(nquads), format=pyoxigraph.RdfFormat.N_QUADS)
    return Cost(time.process_time() - begun, _peak(), time.perf_counter() - clock)


def apart(work: Callable[..., T], *values: object) -> T:
    """What work gives in a process of its own."""
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *values).result()


def texts(size: int, network: bool) -> Iterator[tuple[str, str]]:
    """The names and texts of so many documents."""
    if network:
        yield from ((f"sewn-{number:06}", sewn(number)) for number in range(size))
    else:
        yield from ((name, brief(name).document.text) for name in brief_names(size))


def rows(size: int, memory: str | None, network: bool) -> list[Row]:
    """A row a step."""
    words = 0
    with tempfile.TemporaryDirectory() as folder:
        articles, graph = Path(folder, "articles"), Path(folder, "graph")
        for name, text in texts(size, network):
            (articles / name[-4:]).mkdir(parents=True, exist_ok=True)
            (articles / name[-4:] / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
            words += len(text.split())
        steps, worker, seconds = apart(_build, articles, graph, memory, network)
        bare = apart(_load, graph / "graph.nq", Path(folder, "bare"))
        quads, bytes_ = 0, (graph / "graph.nq").stat().st_size
        with (graph / "graph.nq").open("rb") as lines:
            quads = sum(1 for _ in lines)
    written = sum(steps[label].seconds for label in ("Writing the graph", "Loading the store"))
    most = max(cost.memory for cost in steps.values())
    print(f"{size:,} documents, {words:,} words: {quads:,} triples of {bytes_ / 2**20:,.0f} MiB; {most:,} MiB at the most, a worker "
          f"{'with' if network else 'without'} a network {worker:,}; {sum(cost.clock for cost in steps.values()):,.0f} s on the wall\n",
          flush=True)
    made = [Row(label, size, "documents", cost.seconds, memory=cost.memory) for label, cost in steps.items()]
    return [*made, Row("the workers", size, "documents", seconds, memory=worker),
            Row("all of it", size, "documents", seconds + sum(cost.seconds for cost in steps.values()), memory=most),
            Row("graph written and loaded", size, "documents", written, "bulk load alone", written / bare.seconds, bare.memory)]


def against_the_smallest(found: list[Row]) -> list[Row]:
    """The rows, with what a document costs beside what it costs among the fewest."""
    least = min(row.size for row in found)
    each = {row.measured: row.seconds / row.size for row in found if row.size == least}
    return [row if row.reference or row.size == least else
            row._replace(reference=f"{least:,} documents, each", ratio=row.seconds / row.size / each[row.measured]) for row in found]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("documents", type=int, nargs="*", default=SIZES)
    options.add_argument("--memory")
    options.add_argument("--network", action="store_true")
    given = options.parse_args()
    print(table(against_the_smallest([row for size in given.documents for row in rows(size, given.memory, given.network)])))


if __name__ == "__main__":
    main()

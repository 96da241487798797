"""What a build takes of time and memory as the documents become more: short ones, whose readings are known, with two workers.

    python -m tests.benchmarks.scale [DOCUMENTS...] [--memory SIZE]     (default: 1000 10000 100000; the last takes some 20 GB of disk)

Documents are files, opened, read by two processes (``corpora.brief`` stands in for the network) and built into a graph by the product's own
code, each build in a process of its own. Memory is the peak of the process that builds, in each step; the workers' own is told beside it.
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
from tests.benchmarks.corpora import brief, brief_names
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


def _build(articles: Path, graph: Path, memory: str | None) -> tuple[dict[str, Cost], int]:
    meter = Meter()
    pipeline.reader = known_reading
    pipeline.build([articles], graph, Config(), workers=_WORKERS, memory=memory and parse(memory), progress=meter)
    return meter.steps, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


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


def rows(size: int, memory: str | None) -> list[Row]:
    """A row a step."""
    with tempfile.TemporaryDirectory() as folder:
        articles, graph = Path(folder, "articles"), Path(folder, "graph")
        for name in brief_names(size):
            (articles / name[-4:]).mkdir(parents=True, exist_ok=True)
            (articles / name[-4:] / f"{name}.txt").write_text(brief(name).document.text, encoding="utf-8", newline="")
        steps, workers = apart(_build, articles, graph, memory)
        bare = apart(_load, graph / "graph.nq", Path(folder, "bare"))
        quads, text = 0, (graph / "graph.nq").stat().st_size
        with (graph / "graph.nq").open("rb") as lines:
            quads = sum(1 for _ in lines)
        written = sum(steps[label].seconds for label in ("Writing the graph", "Loading the store"))
        after = sum(cost.seconds for label, cost in steps.items())
        print(f"{size:,} documents: {quads:,} triples of {text / 2**20:,.0f} MiB; "
              f"{max(cost.memory for cost in steps.values()):,} MiB at the most, a worker without a network {workers:,}; "
              f"{sum(cost.clock for cost in steps.values()):,.0f} s on the wall\n", flush=True)
        made = [Row(label, size, "documents", cost.seconds, memory=cost.memory) for label, cost in steps.items()]
        return [*made, Row("all of it", size, "documents", after, memory=max(cost.memory for cost in steps.values())),
                Row("graph written and loaded", size, "documents", written, "bulk load alone", written / bare.seconds, bare.memory)]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("documents", type=int, nargs="*", default=SIZES)
    options.add_argument("--memory")
    given = options.parse_args()
    found: list[Row] = []
    for size in given.documents:
        found += rows(size, given.memory)
    print(table(found))


if __name__ == "__main__":
    main()

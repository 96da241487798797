"""What Spark adds to a build: the same documents read by a local cluster of two workers and by two processes, into the same graph.

    python -m tests.benchmarks.spark [DOCUMENTS...]     (default: 100000, which takes some 30 GB of disk)

Documents are short and ``corpora.brief`` stands in for the network in both, so that all the cost of passing documents about is seen beside
as little reading as there can be: with the network it is a smaller share. Spark's start and end are counted. Exits with 1 where the two
graphs differ.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg import pipeline
from kg import spark as engine
from kg.config import Config
from tests.benchmarks.corpora import brief, brief_names
from tests.benchmarks.measure import timed
from tests.benchmarks.scale import Meter, apart, known_reading

if TYPE_CHECKING:
    import pyarrow

ROOT = Path(__file__).resolve().parent.parent.parent
SIZES = (100_000,)
WORKERS = 2
_SETTINGS = {"spark.master": f"local-cluster[{WORKERS},1,1024]", "spark.ui.enabled": "false", "spark.executorEnv.PYTHONPATH": str(ROOT)}
_OWN = engine._read


def read_known(model: str | None, version: str, batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """What an executor reads, with the reader that knows what is to be read."""
    pipeline.reader = known_reading
    return _OWN(model, version, batches)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a build took."""

    steps: dict[str, float]  #: seconds on the clock
    clock: float  #: of all of it
    processor: float  #: seconds of all its processes


def by_processes(articles: Path, graph: Path) -> Taken:
    """A build by the process pool."""
    pipeline.reader = known_reading
    return _taken(lambda meter: pipeline.build([articles], graph, Config(), workers=WORKERS, progress=meter))


def by_spark(articles: Path, graph: Path) -> Taken:
    """A build by Spark, from its start to its end."""
    from pyspark import SparkContext

    from tests.benchmarks import spark as importable  # executors know no __main__

    def build(meter: Meter) -> None:
        engine.build([str(articles)], str(graph.parent / "work"), graph, Config(), settings=_SETTINGS, progress=meter)
        java = SparkContext._gateway
        java.shutdown()
        java.proc.stdin.close()
        java.proc.wait()  # only what has ended is counted

    engine._read = importable.read_known
    return _taken(build)


def _taken(build: Callable[[Meter], object]) -> Taken:
    meter, begun = Meter(), time.perf_counter()
    processor = timed(lambda: build(meter))
    return Taken({label: cost.clock for label, cost in meter.steps.items()}, time.perf_counter() - begun, processor)


def same(graph: Path, other: Path) -> bool:
    """Whether two graph folders hold the same, byte for byte, but for their stores."""
    return all(_read(graph / name) == _read(other / name) for name in ("graph.nq", "graph.ttl", "manifest.json", "readings", "texts"))


def _read(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (path, *path.glob("*")) if file.is_file()}


def main(sizes: list[int]) -> int:
    """Print the tables; 1 where the graphs differ."""
    differ = False
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            articles = Path(folder, "articles")
            for name in brief_names(size):
                (articles / name[-4:]).mkdir(parents=True, exist_ok=True)
                (articles / name[-4:] / f"{name}.txt").write_text(brief(name).document.text, encoding="utf-8", newline="")
            graphs = [Path(folder, name) for name in ("processes", "spark")]
            pool, cluster = (apart(work, articles, graph) for work, graph in zip((by_processes, by_spark), graphs, strict=True))
            equal = same(*graphs)
            differ |= not equal
        print(f"{size:,} documents, {WORKERS} workers each, {os.cpu_count()} cores under a load of {os.getloadavg()[0]:.1f}: Spark takes "
              f"{cluster.clock / pool.clock:.2f} times the process pool's time by the clock, "
              f"{cluster.processor / pool.processor:.2f} times its processor seconds; the graphs are "
              f"{'the same' if equal else 'NOT the same'}, byte for byte\n\n"
              "| seconds by the clock | process pool | Spark |\n|---|--:|--:|")
        for label in dict.fromkeys((*cluster.steps, *pool.steps)):
            print(_line(label, *(each.steps.get(label) for each in (pool, cluster))))
        print(_line("beside these (Spark's start and end)", *(each.clock - sum(each.steps.values()) for each in (pool, cluster))))
        print(_line("all of it", pool.clock, cluster.clock))
        print(_line("all of it, processor seconds", pool.processor, cluster.processor) + "\n")
    return int(differ)


def _line(label: str, *seconds: float | None) -> str:
    return f"| {label} | {' | '.join('' if some is None else f'{some:,.1f}' for some in seconds)} |"


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or list(SIZES)))

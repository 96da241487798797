"""Seconds to export a graph of a million triples in every format, against pyoxigraph's own dump of it in the same run.

    python -m tests.benchmarks.export [TRIPLES]

The graph is the golden files' many times over, in a store on disk, as a graph folder has it. Exits with 1 where an RDF syntax takes
more than twice as long as pyoxigraph's dump in that syntax, or another format more than five times as long as its dump of N-Quads.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from kg.export import FORMATS, export
from kg.store import write_store

SYNTAXES = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG,
            "jsonld": RdfFormat.JSON_LD, "rdfxml": RdfFormat.RDF_XML}
GOLDEN = Path(__file__).parent.parent / "golden"


def timed(work: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def write_lines(path: Path, triples: int) -> None:
    """At least so many triples as N-Quads: copies of the golden graphs, each with documents and things of its own."""
    lines = sorted({line for golden in GOLDEN.glob("*.nq") for line in golden.read_text(encoding="utf-8").splitlines()})
    things = re.compile(r"(?<=/id/)(\w+)/")
    # What an identifier names is renamed with its document, or base and id of a document would not fit together.
    identifiers = re.compile(r'(?<=terms/identifier> ")')
    with path.open("w", encoding="utf-8") as out:
        for number in range(-(-triples // len(lines))):
            for line in lines:
                out.write(identifiers.sub(f"{number}-", things.sub(rf"\1/{number}-", line)) + "\n")


def main(triples: int) -> int:
    """Print the table; 1 where a format takes too long."""
    with tempfile.TemporaryDirectory() as folder:
        write_lines(Path(folder, "graph.nq"), triples)
        write_store(Path(folder, "graph.nq"), Path(folder, "store"))
        store = pyoxigraph.Store.read_only(str(Path(folder, "store")))
        print(f"{len(store):,} triples\n{'format':<10} {'seconds':>8} {'dump':>8} {'ratio':>6} {'limit':>6}")
        late = False
        dumps: dict[RdfFormat, float] = {}
        for name in FORMATS:
            syntax = SYNTAXES.get(name, RdfFormat.N_QUADS)
            graph = None if syntax.supports_datasets else pyoxigraph.DefaultGraph()
            if syntax not in dumps:
                dumps[syntax] = timed(lambda: store.dump(Path(folder, "dump"), format=syntax, from_graph=graph))  # noqa: B023
            with Path(folder, "export").open("wb") as out:
                taken = timed(lambda: export(store, name, out))  # noqa: B023
            limit = 2 if name in SYNTAXES else 5
            late |= taken > limit * dumps[syntax]
            print(f"{name:<10} {taken:8.1f} {dumps[syntax]:8.1f} {taken / dumps[syntax]:6.2f} {limit:6}")
    return int(late)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))

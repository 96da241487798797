"""The named questions on graphs of a million and of ten million triples, each with its example's values, here and in Virtuoso.

    python -m tests.benchmarks.stores [TRIPLES...] [--graph graph.nq]      (default: 1000000 10000000)

The graph is that of the corpus's gold files (or the file given) many times over: documents, people, reviews, units and incidents are others
in each copy, while forces, courts, offences and places stay, as they do in real corpora. Seconds are the best of three; the reference is
a count of all triples in the same store. Virtuoso's are by the clock, HTTP and its answer's JSON included, against the embedded store's.
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pyoxigraph

from kg import entities, graph
from kg.errors import RemoteError
from kg.query import NamedQuery, ask, named_queries
from kg.reference import Reference
from kg.remote import Endpoint, RemoteStore
from kg.store import Queryable, write_store
from tests.benchmarks.corpora import readings
from tests.benchmarks.measure import Row, peak, table, timed
from tests.servers import PASSWORD, USER, virtuoso

SIZES = (1_000_000, 10_000_000)
_NQUADS = pyoxigraph.RdfFormat.N_QUADS
_PATIENCE = 20  # seconds that Virtuoso may take to answer
_BUFFERS = 250_000  # of 8 KiB: what Virtuoso may hold in memory
#: named in questions' examples, so these stay in the first copy
_OTHERS = re.compile(r"(?<=/id/)(?!policeforce/|oversightbody/|court/|offence/|place/|organisation/|scheme/)(\w+)/")
_NAME = re.compile(r'^(<[^>]*/id/(?:person|chain)/[^>]*> <[^>]*(?:label|altLabel|name|familyName)> ".*)("(?:@\w+)? \.)$')
_IDENTIFIER = re.compile(r'(?<=terms/identifier> ")')


def rows(sizes: Sequence[int] = SIZES, source: Path | None = None) -> list[Row]:
    """A row a size, question and store."""
    lines = source.read_text(encoding="utf-8").splitlines() if source else _lines()
    measured: list[Row] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            nquads = folder / "graph.nq"
            write_copies(nquads, lines, size)
            loaded = timed(lambda: pyoxigraph.Store(str(folder / "bare")).bulk_load(path=str(nquads), format=_NQUADS))  # noqa: B023
            ours = timed(lambda: write_store(nquads, folder / "store"))  # noqa: B023
            store = pyoxigraph.Store.read_only(str(folder / "store"))
            measured.append(Row("graph loaded and compacted", len(store), "triples", ours, "bulk load alone", ours / loaded, peak()))
            count = timed(lambda: len(store))  # noqa: B023
            embedded = {name: _asked(store, question, timed) for name, question in named_queries().items()}
            measured += (Row(f"kg query {name}", len(store), "triples", seconds, "counting all triples", seconds / count, peak())
                         for name, seconds in embedded.items())
            measured += _by_virtuoso(folder, nquads, embedded, len(store))
    return measured


def _by_virtuoso(folder: Path, nquads: Path, embedded: Mapping[str, float], triples: int) -> Iterator[Row]:
    """The same loaded into Virtuoso and asked of it."""
    nquads.rename(folder / "graph.nt")  # which it is, as no quad names a graph
    load = f"ld_dir('{folder}', 'graph.nt', 'urn:kg'); rdf_loader_run(); checkpoint;"
    with virtuoso(folder, buffers=_BUFFERS, rows=triples) as server, Endpoint(server.query, timeout=_PATIENCE) as endpoint:
        command = ["isql-vt", server.sql, USER, PASSWORD, f"exec={load}"]
        seconds = _by_clock(lambda: subprocess.run(command, check=True, capture_output=True))
        yield Row("Virtuoso: graph loaded", triples, "triples", seconds)
        store = RemoteStore(endpoint)
        for name, question in named_queries().items():
            try:
                seconds = _asked(store, question, _by_clock)
            except RemoteError as error:
                print(f"Virtuoso does not answer `kg query {name}` over {triples:,} triples: {str(error)[:150]}\n")
                continue
            yield Row(f"Virtuoso: kg query {name}", triples, "triples", seconds, "the embedded store", seconds / embedded[name])


def _asked(store: Queryable, question: NamedQuery, measure: Callable[[Callable[[], object]], float]) -> float:
    """The least of three times that a question takes with its example's values."""
    given = shlex.split(question.example)[3:]
    values = {option.removeprefix("--"): value for option, value in zip(given[::2], given[1::2], strict=True)}
    return min(measure(lambda: list(ask(store, question, values))) for _ in range(3))


def _by_clock(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _lines() -> list[str]:
    read, reference = list(readings(400)), Reference.load()
    return list(graph.build(read, entities.resolve(read, reference), base_iri="https://policing-kg.example/id/", reference=reference).lines)


def write_copies(path: Path, lines: Sequence[str], triples: int) -> None:
    """About so many triples as N-Quads, of which the first copy is as the lines are."""
    share = min(1.0, triples / len(lines))
    with path.open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in lines[:int(share * len(lines))])
        for number in range(1, round(triples / len(lines))):
            for line in lines:
                other = _OTHERS.sub(rf"\1/{number}-", _IDENTIFIER.sub(f"{number}-", line))
                out.write(_NAME.sub(rf"\1-{number}\2", other) + "\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("triples", type=int, nargs="*", default=SIZES)
    options.add_argument("--graph", type=Path)
    given = options.parse_args()
    print(table(rows(given.triples, given.graph)))


if __name__ == "__main__":
    main()

"""The named questions on graphs of a million and of ten million triples, each with its example's values.

    python -m tests.benchmarks.stores [TRIPLES...] [--graph graph.nq]      (default: 1000000 10000000)

The graph is that of the corpus's gold files (or the file given) many times over: documents, people, reviews, units and incidents are others
in each copy, while forces, courts, offences and places stay, as they do in real corpora. Seconds are the best of three; the reference is
a count of all triples in the same store.
"""

from __future__ import annotations

import argparse
import re
import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph

from kg import entities, graph
from kg.query import ask, named_queries
from kg.reference import Reference
from kg.store import write_store
from tests.benchmarks.corpora import readings
from tests.benchmarks.measure import Row, peak, table, timed

SIZES = (1_000_000, 10_000_000)
#: named in questions' examples, so these stay in the first copy
_OTHERS = re.compile(r"(?<=/id/)(?!policeforce/|oversightbody/|court/|offence/|place/|organisation/|scheme/)(\w+)/")
_NAME = re.compile(r'^(<[^>]*/id/(?:person|chain)/[^>]*> <[^>]*(?:label|altLabel|name|familyName)> ".*)("(?:@\w+)? \.)$')
_IDENTIFIER = re.compile(r'(?<=terms/identifier> ")')


def rows(sizes: Sequence[int] = SIZES, source: Path | None = None) -> list[Row]:
    """A row a size and question."""
    lines = source.read_text(encoding="utf-8").splitlines() if source else _lines()
    measured: list[Row] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            write_copies(Path(folder, "graph.nq"), lines, size)
            loaded = timed(lambda: pyoxigraph.Store(str(Path(folder, "bare"))).bulk_load(
                path=str(Path(folder, "graph.nq")), format=pyoxigraph.RdfFormat.N_QUADS))
            ours = timed(lambda: write_store(Path(folder, "graph.nq"), Path(folder, "store")))
            store = pyoxigraph.Store.read_only(str(Path(folder, "store")))
            measured.append(Row("graph loaded and compacted", len(store), "triples", ours, "bulk load alone", ours / loaded, peak()))
            count = timed(lambda: len(store))  # noqa: B023
            for name, question in named_queries().items():
                given = shlex.split(question.example)[3:]
                values = {option.removeprefix("--"): value for option, value in zip(given[::2], given[1::2], strict=True)}
                seconds = min(timed(lambda: list(ask(store, question, values))) for _ in range(3))  # noqa: B023
                measured.append(Row(f"kg query {name}", len(store), "triples", seconds, "counting all triples", seconds / count, peak()))
    return measured


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

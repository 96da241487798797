"""What a cluster needs for a million and for a hundred million documents, reckoned from costs that are measured here.

    python -m tests.benchmarks.cluster [DOCUMENTS]     (default: 400, of which 20 are read)

Reading is measured on texts of ``corpus/``, what comes after it on so many made-up readings of the same length (``corpora.py``). Costs of
documents are taken to add up; ``identities --sizes`` tells how far joining does not.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from kg import cache, pipeline
from kg.config import Config
from kg.documents import read_corpus
from kg.memory import LEAST
from tests.benchmarks.corpora import CORPUS, readings
from tests.benchmarks.measure import peak, timed

SIZES = (1_000_000, 100_000_000)
CORES = (16, 256, 4096)
_READ = 20  # documents
_COPIES = 3  # of the N-Quads' size: they themselves, sorted in pieces, as Turtle and in the store


def main(number: int) -> None:
    """Print the measured costs and the table."""
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder, "graph")
        after = timed(lambda: pipeline.from_readings(readings(number), graph, Config(), memory=LEAST)) / number
        memory = peak()
        nquads, state = ((graph / name).stat().st_size / number for name in ("graph.nq", "state/state.sqlite"))
    kept = sum(len(cache.dump(reading, "")) + len(reading.document.text.encode()) for reading in readings(number)) / number
    documents = read_corpus([CORPUS / "dev" / "texts"]).documents[:_READ]
    read = pipeline.reader(None)
    read(documents[0])  # what is done once a worker
    reading = timed(lambda: [read(document) for document in documents]) / len(documents)

    print(f"Measured a document: {reading:.3f} processor seconds of reading, {1000 * after:.1f} milliseconds of what comes after it, "
          f"{kept / 1024:.1f} KiB of kept readings and texts before compression, {nquads / 1024:.1f} KiB of N-Quads and {state / 1024:.1f} "
          f"KiB of the driver's state. The driver took {memory:,} MiB of memory for {number:,} documents, under --memory 1G.\n")
    print(f"| documents | reading, core hours | {' | '.join(f'hours on {cores:,} cores' for cores in CORES)} | the driver's hours "
          "| its disk, GiB | WORK, GiB | N-Quads, GiB |")
    print("|" + "--:|" * (len(CORES) + 6))
    for size in SIZES:
        hours = size * reading / 3600
        cells = [f"{size:,}", f"{hours:,.0f}", *(f"{hours / cores:,.1f}" for cores in CORES), f"{size * after / 3600:,.1f}",
                 f"{size * (state + _COPIES * nquads) / 2**30:,.0f}", f"{size * kept / 2**30:,.0f}", f"{size * nquads / 2**30:,.0f}"]
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)

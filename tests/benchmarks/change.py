"""What a build costs when one document of many has changed, against a build from nothing; and what each stage takes of it.

    python -m tests.benchmarks.change [DOCUMENTS]            (default: 1000)
    python -m tests.benchmarks.change --read [FOLDER]        seconds a document of the real reader, and two workers against one
    python -m tests.benchmarks.change --long                 a document of 100,000 words against one of 10,000

The first reads nothing: the documents are those of ``tests/benchmarks/corpora.py``, whose readings are known, and ``READING`` seconds a
document are added to the build from nothing. All else is the product's own code, run whole, on files. Processor seconds are counted,
as they depend less on what else a machine does. Nothing is asserted.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from kg import pipeline
from kg.documents import read_corpus
from kg.model import Document, Reading
from kg.progress import Progress
from kg.render import render
from tests.benchmarks.corpora import CORPUS, readings

#: processor seconds that the shipped model takes to read one document of the corpus, as ``--read`` measures it
READING = 0.2


class Clock(Progress):
    """Processor seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        begun = time.process_time()
        yield
        self.seconds[label] = self.seconds.get(label, 0.0) + time.process_time() - begun

    @contextmanager
    def counter(self, label: str) -> Iterator[Callable[[int, int], None]]:
        with self.step(label):
            yield lambda done, total: None


def measured(articles: Path, graph: Path, known: dict[str, Reading]) -> tuple[dict[str, float], float]:
    """Processor seconds by step of one build, and altogether."""
    clock, begun = Clock(), time.process_time()
    pipeline.reader = lambda model: lambda document: replace(known[document.id], document=document)  # what is not measured here
    pipeline.build([articles], graph, workers=1, progress=clock, page=render)
    return clock.seconds, time.process_time() - begun


def changed(number: int) -> None:
    """Print the table for so many documents."""
    with tempfile.TemporaryDirectory() as folder:
        articles, graph, fresh = (Path(folder) / name for name in ("articles", "graph", "fresh"))
        articles.mkdir()
        known = {reading.document.id: reading for reading in readings(number)}
        for name, reading in known.items():
            (articles / f"{name}.txt").write_text(reading.document.text, encoding="utf-8", newline="")
        full, whole = measured(articles, graph, known)
        first = articles / f"{min(known)}.txt"
        first.write_text(first.read_text(encoding="utf-8") + "\nThat is all.\n", encoding="utf-8")
        again, part = measured(articles, graph, known)
        measured(articles, fresh, known)
        same = all(_hash(graph / name) == _hash(fresh / name) for name in ("graph.nq", "graph.ttl", "graph.html", "manifest.json"))
    print(f"{number:,} documents; the changed graph {'has' if same else 'HAS NOT'} the bytes of a build from nothing\n")
    print("| processor seconds | from nothing | one document changed |\n|---|--:|--:|")
    for label in full:
        print(f"| {label} | {full[label]:.1f} | {again.get(label, 0):.1f} |")
    reading = number * READING
    print(f"| all of these | {whole:.1f} | {part:.1f} |\n| reading at {READING} s a document | {reading:.1f} | {READING:.1f} |")
    print(f"\nrebuilt in {100 * (part + READING) / (whole + reading):.1f} per cent of a build from nothing")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def real_reading(folder: Path) -> None:
    """Print the cost of reading, and the gain of a second worker."""
    documents = (read_corpus([folder]).documents * 60)[:60]
    documents = tuple(replace(document, id=f"{i:02}-{document.id}") for i, document in enumerate(documents))
    read = pipeline.reader(None)
    begun = time.process_time()
    for document in documents:
        read(document)
    print(f"{len(documents)} documents: {(time.process_time() - begun) / len(documents):.3f} processor seconds each, the model loaded")
    for turn in (1, 2):
        seconds = {}
        for workers in (1, 2):
            begun = time.perf_counter()
            pipeline.read_documents(documents, partial(pipeline.reader, None), Progress(), workers)
            seconds[workers] = time.perf_counter() - begun
        print(f"turn {turn}: {seconds[1]:.1f} s with one worker, {seconds[2]:.1f} s with two: {seconds[1] / seconds[2]:.2f} times as fast")


def long_documents() -> None:
    """Print seconds a thousand words for documents of growing length, made of the corpus's texts in a row."""
    texts = [document.text for document in read_corpus(sorted(CORPUS.glob("*/texts"))).documents]
    words = " \n\n".join(texts).split(" ")
    read = pipeline.reader(None)
    for length in (10_000, 100_000):
        document = Document("long", " ".join((words * (1 + length // len(words)))[:length]), date="2024-05-06")
        begun = time.process_time()
        found = read(document)
        seconds = time.process_time() - begun
        said = f"{len(found.facts)} facts" if isinstance(found, Reading) else str(found)
        print(f"{length:,} words: {seconds:.1f} processor seconds, {1000 * seconds / length:.2f} a thousand words; {said}", flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--read", *folder]:
            real_reading(Path(*folder) if folder else CORPUS / "tune" / "texts")
        case ["--long"]:
            long_documents()
        case number:
            changed(int(number[0]) if number else 1000)

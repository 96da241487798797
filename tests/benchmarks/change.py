"""What a build costs when one document of many has changed, against a build from nothing; what each stage takes of it, and of memory.

    python -m tests.benchmarks.change [DOCUMENTS ...]        (default: 400)
    python -m tests.benchmarks.change --read [FOLDER]        seconds a document of the real reader, and two workers against one
    python -m tests.benchmarks.change --long                 a document of 100,000 words against one of 10,000

The first builds from documents of ``tests/benchmarks/corpora.py``, whose readings are known. What the real reader takes to load, and for
``SAMPLE`` of these documents, is measured in the same run, and added to both builds for as many as they would read. All else is the
product's own code, run whole, on files, each build in a process of its own. Processor seconds are counted, as they depend less on what else
a machine does. Nothing is asserted.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pyoxigraph

from kg import cache, pipeline
from kg.documents import read_corpus
from kg.model import Document, Problem, Reading
from kg.progress import Progress
from kg.render import render
from tests.benchmarks.corpora import CORPUS, readings

SAMPLE = 25  #: documents that the real reader is timed on, from all over the corpus
_KEY = "0" * 64


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


@dataclass(frozen=True, slots=True)
class Cost:
    """What one build took."""

    steps: dict[str, float]  #: processor seconds by step
    seconds: float  #: processor seconds altogether
    memory: float  #: MiB at the most


def known_reading(known: Path, model: str | None) -> Callable[[Document], Reading | Problem]:
    """A reader that knows what is to be read; a document that was changed tells what it told before."""

    def read(document: Document) -> Reading | Problem:
        found = cache.load((known / document.id).read_bytes(), document, _KEY)
        assert found is not None
        return found

    return read


def _build(articles: Path, graph: Path, known: Path) -> Cost:
    clock, begun = Clock(), time.process_time()
    pipeline.reader = partial(known_reading, known)  # what is not measured here
    pipeline.build([articles], graph, workers=1, progress=clock, page=render)
    return Cost(clock.seconds, time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _read(articles: Path) -> Cost:
    """The real reader: what it takes to load, and for one document of the sample."""
    documents = read_corpus([articles]).documents
    begun = time.process_time()
    read = pipeline.reader(None)
    loaded = time.process_time()
    chosen = documents[::max(1, len(documents) // SAMPLE)][:SAMPLE]
    for document in chosen:
        read(document)
    ended = time.process_time()
    return Cost({"load": loaded - begun, "read": (ended - loaded) / len(chosen)}, ended - begun, 0.0)


def _load(nquads: Path, store: Path) -> Cost:
    """pyoxigraph's own bulk load of the same triples."""
    begun = time.process_time()
    pyoxigraph.Store(str(store)).bulk_load(path=str(nquads), format=pyoxigraph.RdfFormat.N_QUADS)
    return Cost({}, time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _apart(work: Callable[..., Cost], *paths: Path) -> Cost:
    """What work takes in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, paths)


def changed(number: int) -> None:
    """Print the table for so many documents."""
    with tempfile.TemporaryDirectory() as folder:
        articles, known, graph, fresh = (Path(folder) / name for name in ("articles", "known", "graph", "fresh"))
        articles.mkdir()
        known.mkdir()
        names = []
        for reading in readings(number):
            names.append(reading.document.id)
            (articles / f"{reading.document.id}.txt").write_text(reading.document.text, encoding="utf-8", newline="")
            (known / reading.document.id).write_bytes(cache.dump(reading, _KEY))
        reader = _apart(_read, articles).steps
        full = _apart(_build, articles, graph, known)
        first = articles / f"{min(names)}.txt"
        first.write_text(first.read_text(encoding="utf-8") + "\nThat is all.\n", encoding="utf-8")
        part = _apart(_build, articles, graph, known)
        _apart(_build, articles, fresh, known)
        load = _apart(_load, graph / "graph.nq", Path(folder) / "loaded")
        files = [name for name in ("graph.nq", "graph.ttl", "graph.html", "manifest.json") if (fresh / name).exists()]
        same = all(_hash(graph / name) == _hash(fresh / name) for name in files)
        with (graph / "graph.nq").open("rb") as lines:
            triples = sum(1 for _ in lines)
    print(f"{number:,} documents, {triples:,} triples; "
          f"the changed graph {'has' if same else 'HAS NOT'} the bytes of a build from nothing\n")
    print("| processor seconds | from nothing | one document changed |\n|---|--:|--:|")
    for label in full.steps:
        print(f"| {label} | {full.steps[label]:.1f} | {part.steps.get(label, 0):.1f} |")
    print(f"| all of these | {full.seconds:.1f} | {part.seconds:.1f} |")
    reading_all, reading_one = (reader["load"] + some * reader["read"] for some in (number, 1))
    print(f"| reading, {reader['load']:.1f} to load and {reader['read']:.2f} a document | {reading_all:.1f} | {reading_one:.1f} |")
    print(f"| peak memory, MiB | {full.memory:,.0f} | {part.memory:,.0f} |")
    whole, changed_all = full.seconds + reading_all, part.seconds + reading_one
    print(f"\nrebuilt in {100 * changed_all / whole:.2f} per cent of a build from nothing", end="")
    drawn = part.steps.get("Drawing the page", 0.0)
    print(f", {100 * (changed_all - drawn) / (whole - full.steps['Drawing the page']):.2f} where neither draws the page" if drawn else "")
    written = full.steps["Writing the graph"] + full.steps["Loading the store"]
    print(f"written and loaded in {written / load.seconds:.1f} times the {load.seconds:.1f} s of pyoxigraph's own bulk load\n", flush=True)


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
        case numbers:
            for number in numbers or ["400"]:
                changed(int(number))

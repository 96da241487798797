"""The order of the stages: files to documents, readings, entities, graph, and the graph folder. Nothing else knows it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg import __version__, cache, language, pool
from kg.config import Config
from kg.errors import InputError, KgError
from kg.folder import GraphFolder, check_replaceable, replacing
from kg.model import Document, Problem, Reading
from kg.progress import Progress

if TYPE_CHECKING:
    from kg.rows import Row
    from kg.validate import Violation

#: draws the page of the rows of entities, facts and documents into a file
Page = Callable[[Iterable["Row"], Iterable["Row"], Iterable["Row"], Path], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build made, for whoever asked for it."""

    folder: GraphFolder
    documents: int
    words: int
    entities: dict[str, int]  #: type -> entities
    facts: dict[str, dict[str, int]]  #: predicate -> status -> facts
    left_out: int  #: rows that could not be facts; the manifest lists them
    violations: tuple[Violation, ...]
    problems: tuple[Problem, ...] = field(default=())
    kept: int = 0  #: documents that were the same as in the graph before, and were not read again


def build(paths: Iterable[str | Path], graph_dir: Path, config: Config | None = None, *, workers: int | None = None,
          stdin: BinaryIO | None = None, progress: Progress | None = None, page: Page | None = None) -> Summary:
    """Read the documents at the paths and put their graph into a folder, in place of the graph that was there.

    What was there stays as it is until everything is ready, and what was read for it of documents that are still the same is not
    read again. ``workers`` is the number of processes that read; None takes as many as are worth it. Neither changes the result.
    Raises InputError where no document can be read and GraphFolderError where the folder cannot be written, holds something else,
    or is being built already.
    """
    from kg.documents import read_corpus

    config, progress = config or Config(), progress or Progress()
    check_replaceable(graph_dir)
    with progress.counter("Opening documents") as count:
        corpus = read_corpus(paths, stdin=stdin, progress=count)
    problems = list(corpus.problems)
    for problem in problems:
        progress.problem(problem)
    if not corpus.documents:
        raise InputError("no document could be read; give .txt, .md, .html, .pdf, .docx, .json or .jsonl files, or folders that hold some")
    with replacing(graph_dir) as folder:
        readings, unread, kept = _readings(corpus.documents, config, GraphFolder(graph_dir), folder, workers, progress)
        problems += unread
        if not readings:
            raise InputError("none of the documents could be read for facts")
        left_out, violations, (entity_counts, fact_counts) = _write(readings, config, folder, progress, page)
    return Summary(GraphFolder(graph_dir), len(readings), sum(reading.words for reading in readings), entity_counts, fact_counts,
                   left_out, violations, tuple(problems), kept)


def _readings(documents: Sequence[Document], config: Config, before: GraphFolder, after: GraphFolder, workers: int | None,
              progress: Progress) -> tuple[list[Reading], list[Problem], int]:
    """A reading of every document, by id, the problems of those that could not be read, and how many were kept from before."""
    readings, to_read = [], []
    with progress.step("Looking for what has changed"):
        version = cache.pipeline_version(language.folder(config.model))
        keys = {document.id: cache.key(document, version) for document in documents}
        after.readings.mkdir()
        for document in documents:
            kept = _kept(document, keys[document.id], before, after)
            if kept is None:
                to_read.append(document)
            else:
                readings.append(kept)
    fresh, problems = read_documents(to_read, partial(reader, config.model), progress, workers)
    for reading in fresh:
        after.reading(reading.document.id).write_bytes(cache.dump(reading, keys[reading.document.id]))
    return sorted((*readings, *fresh), key=lambda reading: reading.document.id), problems, len(readings)


def _kept(document: Document, key: str, before: GraphFolder, after: GraphFolder) -> Reading | None:
    """What was read of the very same document for the graph before, carried over to the new one; None where that is not to be had."""
    old, new = before.reading(document.id), after.reading(document.id)
    try:
        content = old.read_bytes()
    except OSError:
        return None
    reading = cache.load(content, document, key)
    if reading is not None:
        new.write_bytes(content)
    return reading


def reader(model: str | None) -> Callable[[Document], Reading | Problem]:
    """Reads one document after another; a fault of ours in one is a Problem, as the others are still worth having."""
    from kg import annotate
    from kg.reference import Reference

    nlp, reference = language.load(model), Reference.load()

    def read(document: Document) -> Reading | Problem:
        try:
            return annotate.read(nlp, document, reference)
        except KgError:
            raise
        except Exception as error:
            said = f"left out, as reading it failed ({type(error).__name__}: {error}); please report this"
            return Problem(document.path or document.id, "", said)

    return read


def read_documents(documents: Sequence[Document], make: Callable[[], pool.Read], progress: Progress,
                   workers: int | None = None) -> tuple[list[Reading], list[Problem]]:
    """A reading of every document, and the problems of those that could not be read, both in order of the documents' ids.

    What is read of one document depends on no other, so neither the number of workers nor what else is read makes a difference.
    """
    if not documents:
        return [], []
    ordered = sorted(documents, key=lambda document: document.id)
    readings, problems = [], []
    with progress.counter("Reading") as count:
        for done, found in enumerate(pool.read_all(ordered, make, workers or pool.default_workers(len(ordered))), 1):
            if isinstance(found, Problem):
                progress.problem(found)
                problems.append(found)
            else:
                readings.append(found)
            count(done, len(ordered))
    return sorted(readings, key=lambda reading: reading.document.id), sorted(problems, key=lambda problem: problem.path)


def _write(readings: Sequence[Reading], config: Config, folder: GraphFolder, progress: Progress, page: Page | None,
           ) -> tuple[int, tuple[Violation, ...], tuple[dict[str, int], dict[str, dict[str, int]]]]:
    """Fill the graph folder; how many rows were left out, what validation says, and the entities and facts counted."""
    from kg import copies, entities, graph, rows, validate
    from kg.reference import Reference
    from kg.store import open_store, write_store

    reference = Reference.load()
    with progress.step("Joining names across documents"):
        resolved = entities.resolve(readings, reference)
    with progress.step("Looking for copies"):
        alike = copies.groups(reading.document for reading in readings)
    with progress.step("Making the graph"):
        built = graph.build(readings, resolved, base_iri=config.base_iri, reference=reference, copies=alike)
    with progress.step("Writing the graph"):
        for path, write in ((folder.nquads, graph.write_nquads), (folder.turtle, graph.write_turtle)):
            with path.open("wb") as stream:
                write(built, stream)
        for reading in readings:
            folder.write_text(reading.document.id, reading.document.text)
        folder.write_manifest(_manifest(readings, config, language.title(language.folder(config.model)), built.left_out))
    left_out = len(built.left_out)
    del built  # the largest thing by far; what follows works on the store
    with progress.step("Loading the store"):
        write_store(folder.nquads, folder.store)
        store = open_store(folder)
    with progress.step("Checking the graph"):
        violations = validate.validate(store)
    if page is not None:
        with progress.step("Drawing the page"):
            page(rows.entities(store), rows.facts(store), rows.documents(store), folder.page)
    return left_out, violations, (rows.entity_counts(store), rows.fact_counts(store))


def _manifest(readings: Sequence[Reading], config: Config, pipeline_name: str, left_out: Sequence[str]) -> dict[str, Any]:
    """What the graph was made of and with; no clock and no paths, so that the same input gives the same bytes."""
    documents = [
        {"id": reading.document.id, "date": reading.document.date, "sha256": hashlib.sha256(reading.document.text.encode()).hexdigest()}
        for reading in readings
    ]
    return {"kg": __version__, "language": pipeline_name, "config": config.as_dict(), "documents": documents, "left_out": list(left_out)}

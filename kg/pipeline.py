"""The order of the stages: files to documents, readings, entities, graph, and the graph folder. Nothing else knows it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg import __version__
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
    violations: tuple[Violation, ...]
    problems: tuple[Problem, ...] = field(default=())


def build(paths: Iterable[str | Path], graph_dir: Path, config: Config | None = None, *,
          stdin: BinaryIO | None = None, progress: Progress | None = None, page: Page | None = None) -> Summary:
    """Read the documents at the paths and put their graph into a folder, in place of the graph that was there.

    What was there stays as it is until everything is ready. Raises InputError where no document can be read and
    GraphFolderError where the folder cannot be written or holds something else.
    """
    from kg.documents import read_corpus

    config, progress = config or Config(), progress or Progress()
    check_replaceable(graph_dir)
    with progress.step("Opening documents"):
        corpus = read_corpus(paths, stdin=stdin)
    problems = list(corpus.problems)
    for problem in problems:
        progress.problem(problem)
    if not corpus.documents:
        raise InputError("no document could be read; give .txt, .md, .html, .pdf, .docx, .json or .jsonl files, or folders that hold some")
    readings, unread, pipeline_name = read_documents(corpus.documents, config, progress)
    problems += unread
    if not readings:
        raise InputError("none of the documents could be read for facts")
    return _write(readings, graph_dir, config, pipeline_name, tuple(problems), progress, page)


def read_documents(documents: Sequence[Document], config: Config, progress: Progress) -> tuple[list[Reading], list[Problem], str]:
    """A reading of every document, by id; the problems of those that could not be read; the language pipeline's name and version.

    Documents are read one at a time: what is read of one depends on no other, and a fault in one costs no other.
    """
    from kg import language

    with progress.step("Loading the language model"):
        nlp = language.load(config.model)
    readings, problems = [], []
    for document in progress.each("Reading", sorted(documents, key=lambda document: document.id)):
        try:
            readings.extend(language.read(nlp, [document]))
        except KgError:
            raise
        except Exception as error:  # a fault of ours in one document; the others are still worth having
            said = f"left out, as reading it failed ({type(error).__name__}: {error}); please report this"
            problem = Problem(document.path or document.id, "", said)
            progress.problem(problem)
            problems.append(problem)
    return readings, problems, f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"


def _write(readings: Sequence[Reading], graph_dir: Path, config: Config, pipeline_name: str, problems: tuple[Problem, ...],
           progress: Progress, page: Page | None) -> Summary:
    from kg import entities, graph, reference, rows, validate
    from kg.store import open_store, write_store

    with progress.step("Joining names across documents"):
        known = reference.Reference.load()
        resolved = entities.resolve(readings, known)
    with progress.step("Writing the graph"):
        built = graph.build(readings, resolved, base_iri=config.base_iri, reference=known)
    with replacing(graph_dir) as folder:
        with progress.step("Writing the graph"):
            folder.nquads.write_bytes(graph.serialise_nquads(built))
            folder.turtle.write_bytes(graph.serialise_turtle(built))
            for reading in readings:
                folder.write_text(reading.document.id, reading.document.text)
            folder.write_manifest(_manifest(readings, config, pipeline_name))
            write_store(folder.nquads, folder.store)
        store = open_store(folder)
        with progress.step("Checking the graph"):
            violations = tuple(validate.validate(store))
        if page is not None:
            with progress.step("Drawing the page"):
                page(rows.entities(store), rows.facts(store), rows.documents(store), folder.page)
        counts = rows.entity_counts(store), rows.fact_counts(store)
    return Summary(GraphFolder(graph_dir), len(readings), sum(reading.words for reading in readings), *counts, violations, problems)


def _manifest(readings: Sequence[Reading], config: Config, pipeline_name: str) -> dict[str, Any]:
    """What the graph was made of and with; no clock and no paths, so that the same input gives the same bytes."""
    documents = [
        {"id": reading.document.id, "date": reading.document.date, "sha256": hashlib.sha256(reading.document.text.encode()).hexdigest()}
        for reading in readings
    ]
    return {"kg": __version__, "language": pipeline_name, "config": config.as_dict(), "documents": documents}

"""The order of the stages: files to documents, readings, entities, graph, and the graph folder. Nothing else knows it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg import __version__, plugins
from kg.config import Config
from kg.errors import InputError, KgError
from kg.folder import GraphFolder, check_replaceable, replacing
from kg.model import Document, Problem, Reading
from kg.progress import Progress

if TYPE_CHECKING:
    from kg.graph import Graph
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


def build(paths: Iterable[str | Path], graph_dir: Path, config: Config | None = None, *,
          stdin: BinaryIO | None = None, progress: Progress | None = None, page: Page | None = None) -> Summary:
    """Read the documents at the paths and put their graph into a folder, in place of the graph that was there.

    What was there stays as it is until everything is ready. Raises InputError where no document can be read and
    GraphFolderError where the folder cannot be written or holds something else.
    """
    from kg import annotate, entities, graph, language
    from kg.documents import read_corpus
    from kg.reference import Reference

    config, progress = config or Config(), progress or Progress()
    check_replaceable(graph_dir)
    with progress.counter("Opening documents") as count:
        corpus = read_corpus(paths, stdin=stdin, progress=count)
    problems = list(corpus.problems)
    for problem in problems:
        progress.problem(problem)
    if not corpus.documents:
        raise InputError("no document could be read; give .txt, .md, .html, .pdf, .docx, .json or .jsonl files, or folders that hold some")
    with progress.step("Loading the language model"):
        nlp, reference = language.load(config.model), Reference.load()
    readings, unread = read_documents(corpus.documents, partial(annotate.read, nlp, reference=reference), progress)
    problems += unread
    if not readings:
        raise InputError("none of the documents could be read for facts")
    with progress.step("Joining names across documents"):
        resolved = entities.resolve(readings, reference)
        built = graph.build(readings, resolved, base_iri=config.base_iri, reference=reference)
    name = f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"
    manifest = _manifest(readings, config, name, built.left_out)
    violations, (entity_counts, fact_counts) = _write(readings, built, graph_dir, manifest, progress, page)
    return Summary(GraphFolder(graph_dir), len(readings), sum(reading.words for reading in readings), entity_counts, fact_counts,
                   len(built.left_out), violations, tuple(problems))


def read_documents(documents: Sequence[Document], read: Callable[[Document], Reading],
                   progress: Progress) -> tuple[list[Reading], list[Problem]]:
    """A reading of every document, by id, and the problems of those that could not be read.

    Documents are read one at a time: what is read of one depends on no other, and a fault in one costs no other.
    """
    readings, problems = [], []
    for document in progress.each("Reading", sorted(documents, key=lambda document: document.id)):
        try:
            readings.append(read(document))
        except KgError:
            raise
        except Exception as error:  # a fault of ours in one document; the others are still worth having
            said = f"left out, as reading it failed ({type(error).__name__}: {error}); please report this"
            problem = Problem(document.path or document.id, "", said)
            progress.problem(problem)
            problems.append(problem)
    return readings, problems


def _write(readings: Sequence[Reading], built: Graph, graph_dir: Path, manifest: dict[str, Any], progress: Progress,
           page: Page | None) -> tuple[tuple[Violation, ...], tuple[dict[str, int], dict[str, dict[str, int]]]]:
    """Fill the graph folder; what validation says, and the entities and facts counted."""
    from kg import graph, rows, validate
    from kg.store import open_store, write_store

    with replacing(graph_dir) as folder:
        with progress.step("Writing the graph"):
            folder.nquads.write_bytes(graph.serialise_nquads(built))
            folder.turtle.write_bytes(graph.serialise_turtle(built))
            for reading in readings:
                folder.write_text(reading.document.id, reading.document.text)
            folder.write_manifest(manifest)
            write_store(folder.nquads, folder.store)
        store = open_store(folder)
        with progress.step("Checking the graph"):
            violations = validate.validate(store)
        if page is not None:
            with progress.step("Drawing the page"):
                page(rows.entities(store), rows.facts(store), rows.documents(store), folder.page)
        return violations, (rows.entity_counts(store), rows.fact_counts(store))


def _manifest(readings: Sequence[Reading], config: Config, pipeline_name: str, left_out: Sequence[str]) -> dict[str, Any]:
    """What the graph was made of and with; no clock and no paths, so that the same input gives the same bytes."""
    documents = [
        {"id": reading.document.id, "date": reading.document.date, "sha256": hashlib.sha256(reading.document.text.encode()).hexdigest()}
        for reading in readings
    ]
    return {"kg": __version__, "language": pipeline_name, "config": config.as_dict(), "plugins": plugins.identity(),
            "documents": documents, "left_out": list(left_out)}

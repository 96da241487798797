"""The order of the stages: files to documents, readings, entities, graph, and the graph folder. Nothing else knows it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg import __version__, cache, language, plugins, pool
from kg.config import Config
from kg.decisions import Decisions, Trace
from kg.errors import GraphFolderError, InputError, KgError
from kg.folder import GraphFolder, check_replaceable, open_folder, replacing
from kg.model import Document, Problem, Reading
from kg.progress import Progress

if TYPE_CHECKING:
    from kg.rows import Row
    from kg.validate import Violation

#: draws the page of the rows of entities, facts and documents into a file; texts come from a function of the document's id
Page = Callable[[Iterable["Row"], Iterable["Row"], Iterable["Row"], Path, Callable[[str], str]], None]

NOTHING_READ = "no document could be read; give .txt, .md, .html, .pdf, .docx, .json or .jsonl files, or folders that hold some"


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
    decided: tuple[Trace, ...] = field(default=())  #: what became of every decision


def build(paths: Iterable[str | Path], graph_dir: Path, config: Config | None = None, *, decisions: Decisions | None = None,
          workers: int | None = None, stdin: BinaryIO | None = None, progress: Progress | None = None,
          page: Page | None = None) -> Summary:
    """Read the documents at the paths and put their graph into a folder, in place of the graph that was there.

    What was there stays as it is until everything is ready, and what was read for it of documents that are still the same is not
    read again. ``workers`` is the number of processes that read; None takes as many as are worth it. Neither changes the result.
    Raises InputError where no document can be read or decisions contradict one another, and GraphFolderError where the folder cannot
    be written, holds something else, or is being built already.
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
        raise InputError(NOTHING_READ)
    with replacing(graph_dir) as folder:
        keeper = _Keeper(folder, decisions or Decisions())
        readings, unread, kept = _readings(corpus.documents, config, GraphFolder(graph_dir), keeper, workers, progress)
        problems += unread
        if not readings:
            raise InputError("none of the documents could be read for facts")
        summary = _write(readings, config, language.title(language.folder(config.model)), keeper, progress, page)
    return replace(summary, folder=GraphFolder(graph_dir), problems=tuple(problems), kept=kept)


_FORGOTTEN = "forgotten"  #: begins the key of a reading without somebody


class _Keeper:
    """Keeps readings in a new graph folder, without the people to be forgotten, and remembers where those were found."""

    def __init__(self, folder: GraphFolder, decisions: Decisions) -> None:
        self.folder, self.decisions = folder, decisions
        self._where: defaultdict[str, list[str]] = defaultdict(list)
        folder.readings.mkdir()

    def keep(self, reading: Reading, content: bytes) -> Reading:
        """The reading as it goes into the graph; ``content`` is that of the file which keeps it for the next build.

        A document that names somebody to be forgotten is kept under no key that a build asks for, so that the next one reads it again:
        what is kept of it is the reading of another text. It is kept with the hashes that were found.
        """
        from kg import forgetting

        result = forgetting.forget(reading, self.decisions.forgotten)
        found = result.hashes | self.decisions.forgotten & frozenset(cache.key_of(content).removeprefix(_FORGOTTEN).split())
        if found:
            content = cache.dump(result.reading, " ".join((_FORGOTTEN, *sorted(found))))
        self.folder.reading(result.reading.document.id).write_bytes(content)
        for entry in found:
            self._where[entry].append(result.reading.document.id)
        return result.reading

    @property
    def traces(self) -> tuple[Trace, ...]:
        """The decisions to forget that found somebody."""
        return tuple(Trace(decision, documents=tuple(sorted(self._where[decision.hash]))) for decision in self.decisions.of("forget")
                     if decision.hash in self._where)


def _readings(documents: Sequence[Document], config: Config, before: GraphFolder, keeper: _Keeper, workers: int | None,
              progress: Progress) -> tuple[list[Reading], list[Problem], int]:
    """A reading of every document, by id, the problems of those that could not be read, and how many were kept from before."""
    readings, to_read = [], []
    with progress.step("Looking for what has changed"):
        version = cache.pipeline_version(language.folder(config.model))
        keys = {document.id: cache.key(document, version) for document in documents}
        for document in documents:
            kept = _kept(document, keys[document.id], before, keeper)
            if kept is None:
                to_read.append(document)
            else:
                readings.append(kept)
    fresh, problems = read_documents(to_read, partial(reader, config.model), progress, workers)
    read = [keeper.keep(reading, cache.dump(reading, keys[reading.document.id])) for reading in fresh]
    return sorted((*readings, *read), key=lambda reading: reading.document.id), problems, len(readings)


def _kept(document: Document, key: str, before: GraphFolder, keeper: _Keeper) -> Reading | None:
    """What was read of the very same document for the graph before, carried over to the new one; None where that is not to be had."""
    try:
        content = before.reading(document.id).read_bytes()
    except OSError:
        return None
    reading = cache.load(content, document, key)
    return keeper.keep(reading, content) if reading is not None else None


def from_readings(readings: Sequence[Reading], graph_dir: Path, config: Config, *, decisions: Decisions | None = None,
                  problems: Iterable[Problem] = (), kept: int = 0, progress: Progress | None = None, page: Page | None = None) -> Summary:
    """Put the graph of readings that were made elsewhere, sorted by document, into a folder, as ``build`` does of its own.

    ``problems`` and ``kept`` are told in the summary. Raises what ``build`` raises of decisions and of the folder.
    """
    version = cache.pipeline_version(language.folder(config.model))
    with replacing(graph_dir) as folder:
        keeper = _Keeper(folder, decisions or Decisions())
        remaining = [keeper.keep(reading, cache.dump(reading, cache.key(reading.document, version))) for reading in readings]
        summary = _write(remaining, config, language.title(language.folder(config.model)), keeper, progress or Progress(), page)
    return replace(summary, folder=GraphFolder(graph_dir), problems=tuple(problems), kept=kept)


def rebuild(graph_dir: Path, readings: Iterable[Reading], decisions: Decisions, *, progress: Progress | None = None,
            page: Page | None = None) -> Summary:
    """Make the graph in a folder anew from the readings that it keeps (``kept_readings``), as people have decided since.

    Raises GraphFolderError where there is no graph or the folder cannot be written.
    """
    progress, before = progress or Progress(), open_folder(graph_dir)
    config, title = Config(**before.config), before.values["language"]
    with replacing(graph_dir) as folder:
        keeper = _Keeper(folder, decisions)
        remaining = [keeper.keep(reading, before.reading(reading.document.id).read_bytes()) for reading in readings]
        remaining.sort(key=lambda reading: reading.document.id)
        summary = _write(remaining, config, title, keeper, progress, page)
    return replace(summary, folder=before)


def kept_readings(folder: GraphFolder, only: str | None = None) -> list[Reading]:
    """The readings that a graph folder was made of, by id, or only that of one document.

    Raises GraphFolderError where one is missing or damaged.
    """
    from kg import rows
    from kg.store import open_store

    described = {row["id"]: row for row in rows.documents(open_store(folder))}
    readings = []
    for entry in folder.values["documents"]:
        if only is None or entry["id"] == only:
            reading = _kept_reading(folder, entry, described.get(entry["id"], {}))
            if reading is None:
                raise GraphFolderError(f"{folder.path}: what was read of {entry['id']!r} is missing or damaged; build it again")
            readings.append(reading)
    return readings


def _kept_reading(folder: GraphFolder, entry: dict[str, str], described: dict[str, Any]) -> Reading | None:
    try:
        text = folder.read_text(entry["id"])
        document = Document(entry["id"], text, date=entry["date"], **{name: described[name] for name in ("title", "source", "url")})
        content = folder.reading(document.id).read_bytes()
        if hashlib.sha256(text.encode()).hexdigest() != entry["sha256"]:
            return None
        return cache.load(content, document, cache.key_of(content))
    except (OSError, ValueError, KeyError, TypeError):
        return None


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


def _write(readings: Sequence[Reading], config: Config, language_title: str, keeper: _Keeper, progress: Progress,
           page: Page | None) -> Summary:
    """Fill the keeper's graph folder from the readings it has kept, as people have decided."""
    from kg import copies, entities, graph, rows, validate
    from kg import decisions as told
    from kg.reference import Reference
    from kg.store import open_store, write_store

    folder, decisions = keeper.folder, keeper.decisions
    reference = Reference.load()
    with progress.step("Joining names across documents"):
        settled = told.settle(readings, decisions, partial(entities.ids, reference=reference))
        resolved, traces = told.finish(entities.resolve(settled.readings, reference, decisions=settled), decisions, settled)
        traces += keeper.traces
    with progress.step("Looking for copies"):
        alike = copies.groups(reading.document for reading in readings)
    with progress.step("Making the graph"):
        built = graph.build(settled.readings, resolved, base_iri=config.base_iri, reference=reference, copies=alike, traces=traces)
    with progress.step("Writing the graph"):
        for path, write in ((folder.nquads, graph.write_nquads), (folder.turtle, graph.write_turtle)):
            with path.open("wb") as stream:
                write(built, stream)
        for reading in readings:
            folder.write_text(reading.document.id, reading.document.text)
        folder.write_manifest(_manifest(readings, config, language_title, len(decisions.all), built.left_out))
    left_out = len(built.left_out)
    del built  # the largest thing by far; what follows works on the store
    with progress.step("Loading the store"):
        write_store(folder.nquads, folder.store)
        store = open_store(folder)
    with progress.step("Checking the graph"):
        violations = validate.validate(store)
    if page is not None:
        with progress.step("Drawing the page"):
            page(rows.entities(store), rows.facts(store), rows.documents(store), folder.page, folder.read_text)
    return Summary(folder, len(readings), sum(reading.words for reading in readings), rows.entity_counts(store), rows.fact_counts(store),
                   left_out, violations, decided=traces)


def _manifest(readings: Sequence[Reading], config: Config, language_title: str, decisions: int, left_out: Sequence[str]) -> dict[str, Any]:
    """What the graph was made of and with; no clock and no paths, so that the same input gives the same bytes."""
    documents = [
        {"id": reading.document.id, "date": reading.document.date, "sha256": hashlib.sha256(reading.document.text.encode()).hexdigest()}
        for reading in readings
    ]
    return {"kg": __version__, "language": language_title, "config": config.as_dict(), "plugins": plugins.identity(),
            "decisions": decisions, "documents": documents, "left_out": list(left_out)}

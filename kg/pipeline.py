"""The order of the stages: files to documents, readings, entities, graph, and the graph folder. Nothing else knows it."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg import __version__, cache, language, plugins, pool
from kg.config import Config
from kg.decisions import Decisions, Trace
from kg.errors import GraphFolderError, InputError, KgError
from kg.folder import GraphFolder, check_replaceable, left_behind, lines_of, open_folder, put, replacing, take_over
from kg.memory import Budget, budget, give_back
from kg.model import Document, Problem, Reading
from kg.progress import Progress

if TYPE_CHECKING:
    from kg.rows import Row
    from kg.validate import Violation

#: draws the page of the rows of entities, facts and documents into a file; texts come from a function of the document's id
Page = Callable[[Iterable["Row"], Iterable["Row"], Iterable["Row"], Path, Callable[[str], str]], None]

NOTHING_READ = "no document could be read; give .txt, .md, .html, .pdf, .docx, .json or .jsonl files, or folders that hold some"
NONE_READ = "none of the documents could be read for facts"

#: documents above which a build draws no page: it would take longer than all else that a change asks for, and be too large to open
MOST_DRAWN = 2000


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
    drawn: bool = False  #: whether the page was drawn


def build(paths: Iterable[str | Path], graph_dir: Path, config: Config | None = None, *, decisions: Decisions | None = None,
          workers: int | None = None, memory: int | None = None, stdin: BinaryIO | None = None, progress: Progress | None = None,
          page: Page | None = None) -> Summary:
    """Read the documents at the paths and put their graph into a folder, in place of the graph that was there.

    What was there stays as it is until everything is ready. What was read for it of documents that are still the same is not read
    again, and neither is what a build of it had read that was killed. ``workers`` is the number of processes that read; None takes as
    many as are worth it. ``memory`` is how many bytes the build may take (see ``kg.memory``); None means what the machine has. None of
    these changes the result.

    Raises InputError where no document can be read, decisions contradict one another or the memory is too little, and GraphFolderError
    where the folder cannot be written, holds something else, or is being built already.
    """
    from kg.documents import open_corpus

    config, progress, room = config or Config(), progress or Progress(), budget(memory)
    if memory is not None:
        room.check(workers)
    check_replaceable(graph_dir)
    with replacing(graph_dir, going_on=True) as folder, _database(graph_dir), ExitStack() as opened:
        with progress.counter("Opening documents") as count:
            corpus = opened.enter_context(open_corpus(paths, folder.path / _SPOOL, stdin=stdin, progress=count))
        problems = list(corpus.problems)
        for problem in problems:
            progress.problem(problem)
        if not corpus.documents:
            raise InputError(NOTHING_READ)
        model = language.folder(config.model)
        making = _Making(folder, config, decisions or Decisions(), language.title(model), progress, room, cache.pipeline_version(model))
        unread, kept = _read_changed(corpus.documents, making, GraphFolder(graph_dir), workers)
        opened.close()  # the documents as they were opened are needed no more
        problems += unread
        if not making.state.document_count()[0]:
            raise InputError(NONE_READ)
        summary = making.finish(page)
    return replace(summary, folder=GraphFolder(graph_dir), problems=tuple(problems), kept=kept)


@contextmanager
def _database(graph_dir: Path) -> Iterator[None]:
    """Says in one line what a database in the graph folder could not do; nothing is wrong with one that a build made, so it is the disk."""
    try:
        yield
    except sqlite3.Error as error:
        raise GraphFolderError(f"{graph_dir}: cannot be written ({error}); give a folder you may write to, with room on its disk") \
            from error


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
        put(self.folder.reading(result.reading.document.id), content)
        for entry in found:
            self._where[entry].append(result.reading.document.id)
        return result.reading

    @property
    def traces(self) -> tuple[Trace, ...]:
        """The decisions to forget that found somebody."""
        return tuple(Trace(decision, documents=tuple(sorted(self._where[decision.hash]))) for decision in self.decisions.of("forget")
                     if decision.hash in self._where)


def _read_changed(documents: Sequence[Document], making: _Making, before: GraphFolder, workers: int | None) -> tuple[list[Problem], int]:
    """Make sure that there is a reading of every document; the problems of those that could not be read, and how many were kept."""
    progress, to_read = making.progress, []
    version = making.version or ""
    with progress.step("Looking for what has changed"):
        making.begin(before)
        places = (before, *left_behind(before.path))
        for at, document in enumerate(documents):
            key = cache.key(document, version)
            if not any(making.take_over(document, key, place) for place in places):
                to_read.append(at)
    workers = workers or pool.default_workers(len(to_read), making.room.workers)
    fresh, problems = _each_read(_Some(documents, to_read), partial(reader, making.config.model), progress, workers)
    for reading in fresh:
        making.add(reading, cache.dump(reading, cache.key(reading.document, version)))
    return sorted(problems, key=lambda problem: problem.path), len(documents) - len(to_read)


class _Some(Sequence[Document]):
    """Some of the documents of a sequence, by their places in it."""

    def __init__(self, documents: Sequence[Document], places: Sequence[int]) -> None:
        self._documents, self._places = documents, places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, i: Any) -> Any:
        return self._documents[self._places[i]]


def from_readings(readings: Iterable[Reading], graph_dir: Path, config: Config, *, decisions: Decisions | None = None,
                  kept: int = 0, memory: int | None = None, progress: Progress | None = None, page: Page | None = None) -> Summary:
    """Put the graph of readings that were made elsewhere into a folder, as ``build`` does of its own; few of them are held at a time.

    They may come in any order. ``kept`` is told in the summary; ``memory`` is that of ``build``.
    Raises what ``build`` raises of decisions, memory and the folder, and InputError where there are no readings.
    """
    model, room = language.folder(config.model), budget(memory)
    version = cache.pipeline_version(model)
    with replacing(graph_dir) as folder, _database(graph_dir):
        making = _Making(folder, config, decisions or Decisions(), language.title(model), progress or Progress(), room, version)
        making.begin(None)
        for reading in readings:
            making.add(reading, cache.dump(reading, cache.key(reading.document, version)))
        if not making.state.document_count()[0]:
            raise InputError(NONE_READ)
        summary = making.finish(page)
    return replace(summary, folder=GraphFolder(graph_dir), kept=kept)


def rebuild(graph_dir: Path, readings: Iterable[Reading], decisions: Decisions, *, progress: Progress | None = None,
            page: Page | None = None) -> Summary:
    """Make the graph in a folder anew from the readings that it keeps (``kept_readings``), as people have decided since.

    Raises GraphFolderError where there is no graph or the folder cannot be written.
    """
    progress, before = progress or Progress(), open_folder(graph_dir)
    config, title = Config(**before.config), before.values["language"]
    with replacing(graph_dir) as folder, _database(graph_dir):
        making = _Making(folder, config, decisions, title, progress, budget())
        making.begin(None)
        for reading in readings:
            making.add(reading, before.reading(reading.document.id).read_bytes())
        summary = making.finish(page)
    return replace(summary, folder=before)


def kept_readings(folder: GraphFolder, only: str | None = None) -> Iterator[Reading]:
    """The readings that a graph folder was made of, by id, one after another, or only that of one document.

    Raises GraphFolderError where one is missing or damaged.
    """
    from kg import rows
    from kg.store import open_store

    described = {row["id"]: row for row in rows.documents(open_store(folder))}
    for entry in folder.values["documents"]:
        if only is None or entry["id"] == only:
            reading = _kept_reading(folder, entry, described.get(entry["id"], {}))
            if reading is None:
                raise GraphFolderError(f"{folder.path}: what was read of {entry['id']!r} is missing or damaged; build it again")
            yield reading


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
    ordered = sorted(documents, key=lambda document: document.id)
    readings, problems = _each_read(ordered, make, progress, workers or pool.default_workers(len(ordered), budget().workers))
    return sorted(readings, key=lambda reading: reading.document.id), sorted(problems, key=lambda problem: problem.path)


def _each_read(documents: Sequence[Document], make: Callable[[], pool.Read], progress: Progress,
               workers: int) -> tuple[Iterator[Reading], list[Problem]]:
    """The readings as they come, and a list in which problems gather meanwhile, in no order."""
    problems: list[Problem] = []

    def read() -> Iterator[Reading]:
        if not documents:
            return
        with progress.counter("Reading") as count:
            for done, found in enumerate(pool.read_all(documents, make, workers), 1):
                if isinstance(found, Problem):
                    progress.problem(found)
                    problems.append(found)
                else:
                    yield found
                count(done, len(documents))

    return read(), problems


_STATE, _SEALS, _SPOOL = "state.sqlite", "seals.json", "spool.sqlite"
_PILES = "piles.sqlite"
_HELD = 2**22  #: characters of documents whose readings are kept in memory between the two times that they are needed
_FEW = 0.2  #: lines changed, of all, up to which the store is changed and not made anew


class _Making:
    """A new graph folder being filled: documents first (``take_over``, ``add``), then all that follows from them (``finish``)."""

    def __init__(self, folder: GraphFolder, config: Config, decisions: Decisions, title: str, progress: Progress, room: Budget,
                 version: str | None = None) -> None:
        self.folder, self.config, self.decisions, self.title, self.progress = folder, config, decisions, title, progress
        self.room = room
        self.version = version  #: of all that reads documents; None where that is not at hand, so that the next build knows of none
        self.keeper = _Keeper(folder, decisions)
        self._held: dict[str, Reading] = {}
        self._characters = 0  # of the documents whose readings are held
        self._open = ExitStack()
        self._before: GraphFolder | None = None

    def begin(self, before: GraphFolder | None) -> None:
        """Take over what a build before knew, where it was made by the same code, with the same decisions, and is whole."""
        from kg.piles import Piles
        from kg.rdf.lines import Sorted, Sorter
        from kg.reference import Reference
        from kg.state import State
        from kg.update import Update

        self.folder.state.mkdir()
        lines = old = None
        if before and self._is_whole(before):
            shutil.copyfile(before.state / _STATE, self.folder.state / _STATE)
            self._before, old = before, State(before.state / _STATE, self.room.cache)
            self._open.callback(old.close)
            lines = Sorted(self._open.enter_context(before.nquads.open("rb")))
        self.state = State(self.folder.state / _STATE, self.room.cache)
        piles = Piles(self.folder.path / _PILES)
        self._open.callback(piles.close)
        self._present, self._gone = piles.pile(), 0
        self.going, self.coming = (self._open.enter_context(Sorter(self.folder.path, self.room.lines)) for _ in range(2))
        self.update = Update(self.state, old, self.decisions, Reference.load(), self.config.base_iri, lines, self.going, self.coming,
                             piles)

    @property
    def _identity(self) -> list[Any]:
        return [self.version, self.config.as_dict(), plugins.identity(), [decision.text for decision in self.decisions.all]]

    def _is_whole(self, before: GraphFolder) -> bool:
        """Whether the files of a graph folder are those that were written together, by what would write the same now."""
        from kg.rdf.lines import seal

        try:
            told = json.loads((before.state / _SEALS).read_text(encoding="utf-8"))
            return bool(told == [self._identity, [seal(path) for path in self._sealed(before)]])
        except (OSError, ValueError):
            return False

    @staticmethod
    def _sealed(folder: GraphFolder) -> tuple[Path, ...]:
        return folder.state / _STATE, folder.nquads, folder.turtle

    def take_over(self, document: Document, key: str, before: GraphFolder) -> bool:
        """Use what was read of the very same document for the graph before, where that is to be had."""
        path = before.reading(document.id)
        try:
            content = path.read_bytes()
        except OSError:
            return False
        if self.state.key(document.id) == key and cache.holds(content, key):
            take_over(path, self.folder.reading(document.id))
            self._keep(document)
            return True
        reading = cache.load(content, document, key)
        if reading is not None:
            self.add(reading, content)
        return reading is not None

    def add(self, reading: Reading, content: bytes) -> None:
        """Use a reading, and keep it as the content of a file for the next build."""
        kept = self.keeper.keep(reading, content)
        document = kept.document
        self._keep(document)
        key = cache.key_of(self.folder.reading(document.id).read_bytes())
        entry = {"id": document.id, "date": document.date, "sha256": hashlib.sha256(document.text.encode()).hexdigest()}
        self.update.put(kept, key, entry)
        self._characters += len(document.text)
        if self._characters <= _HELD:
            self._held[document.id] = kept

    def _keep(self, document: Document) -> None:
        self._present.add(document.id)
        self.folder.write_text(document.id, document.text, self._before)

    def _reading(self, id_: str) -> Reading:
        if id_ in self._held:
            return self._held[id_]
        content = self.folder.reading(id_).read_bytes()
        reading = cache.load(content, self.state.described(id_, self.folder.read_text(id_)), cache.key_of(content))
        assert reading is not None
        return reading

    def finish(self, page: Page | None) -> Summary:
        """Everything after reading."""
        from kg import rows
        from kg.store import open_store

        folder, state = self.folder, self.state
        with self._open:
            with self._stage("Joining names across documents"):
                for id_ in [id_ for id_ in self.state.ids() if id_ not in self._present] if self._before else ():
                    self.update.drop(id_)
                    self._gone += 1
                self.update.join()
                self.update.traces += self.keeper.traces
            with self._stage("Making the graph"):
                self.update.write(self._reading)
            (documents, words), left_out = state.document_count(), state.left_out()
            with self._stage("Writing the graph"):
                self._write()
                state.keep("quads", quads := lines_of(folder.nquads) if self._before is None else state.value("quads") + self._more())
                folder.write_manifest({
                    "quads": quads,
                    "kg": __version__, "language": self.title, "config": self.config.as_dict(), "plugins": plugins.identity(),
                    "decisions": len(self.decisions.all), "documents": state.entries(), "left_out": left_out})
            violations = self._load()
        counts = rows.in_order_of_types(state.entity_counts()), rows.in_order_of_predicates(state.claim_counts())
        state.keep("violations", [astuple(one) for one in violations])
        state.close()
        self._seal()
        drawn = page is not None and documents <= MOST_DRAWN
        if page is not None and drawn:
            store = open_store(folder)
            with self._stage("Drawing the page"):
                page(rows.entities(store), rows.facts(store), rows.documents(store), folder.page, folder.read_text)
        return Summary(folder, documents, words, *counts, len(left_out), violations, decided=self.update.traces, drawn=drawn)

    @contextmanager
    def _stage(self, label: str) -> Iterator[None]:
        """A step that begins with no more memory than is in use."""
        give_back()
        with self.progress.step(label):
            yield

    def _seal(self) -> None:
        from kg.rdf.lines import seal

        if self.version is None:
            return
        content = json.dumps([self._identity, [seal(path) for path in self._sealed(self.folder)]])
        (self.folder.state / _SEALS).write_text(content, encoding="utf-8")

    def _write(self) -> None:
        """Write the files of the graph."""
        from kg.rdf import lines, turtle

        folder, before = self.folder, self._before
        with folder.nquads.open("w+b") as nquads, folder.turtle.open("wb") as ttl:
            if before is None:
                nquads.writelines(self.coming)
                nquads.seek(0)
                self.coming.close()  # of use beside the graph before alone
                turtle.write((line.rstrip(b"\n") for line in nquads), self.config.base_iri, ttl)
            else:
                with before.nquads.open("rb") as old:
                    lines.patch(lines.Sorted(old), self._edits(), nquads)
                nquads.flush()
                changed = dict.fromkeys(line[:line.index(b" ")] for _, line in self._edits())
                with before.turtle.open("rb") as old:
                    turtle.patch(old, changed, lines.Sorted(nquads), self.config.base_iri, ttl)

    def _load(self) -> tuple[Violation, ...]:
        """Load the store; what is wrong with it."""
        from kg.recheck import recheck
        from kg.store import open_made, write_changed, write_store
        from kg.validate import Violation, validate

        folder, before = self.folder, self._before
        few = before is not None and sum(1 for _ in self._edits()) <= _FEW * folder.quads
        with self._stage("Loading the store"):
            # Where a document went, so should its words, and a store that is changed keeps them somewhere.
            if before is None or not few or self._gone or not write_changed(
                    before.store, folder.store, self._edits()):
                shutil.rmtree(folder.store, ignore_errors=True)
                write_store(folder.nquads, folder.store, self.room.load)
            store = open_made(folder)
        with self._stage("Checking the graph"):
            if not few:
                return validate(store)
            known = [Violation(*values) for values in self.state.value("violations", [])]
            focus = {line[1:line.index(b"> ")].decode() for line in self.coming}
            focus |= {line[1:line.index(b"> ")].decode() for _, line in self._edits()}
            return recheck(store, focus, known)

    def _more(self) -> int:
        """How many lines more than the graph before this one has."""
        return sum(1 if comes else -1 for comes, _ in self._edits())

    def _edits(self) -> Iterator[tuple[bool, bytes]]:
        from kg.rdf.lines import edits

        return edits(self.going, self.coming)

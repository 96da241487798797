"""Everything that is given, read: a Corpus of documents with unique ids, and one line for each thing that could not be."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import partial
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from kg.documents import metadata
from kg.documents.dates import infer_anchor, infer_date
from kg.documents.parts import Fault, Meta, Part, plain, problem
from kg.documents.readers import READERS, read
from kg.documents.text import decode
from kg.documents.walk import STDIN, Source, find, reason
from kg.model import Corpus, Document, Problem

#: bytes; above this a file is left out
MAX_BYTES = 50 * 2**20
_ID_BYTES = 200  # leaves room for a suffix in the 255 bytes of a file name
_NOT_IN_ID = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")

Tables = dict[Path, dict[str, Meta]]

_TOLD = attrgetter(*[field.name for field in fields(Document)][1:])  #: all of a document but its id


def read_corpus(paths: Iterable[str | Path], *, stdin: BinaryIO | None = None, max_bytes: int = MAX_BYTES,
                progress: Callable[[int, int], None] | None = None) -> Corpus:
    """What ``open_corpus`` gives, in memory."""
    with open_corpus(paths, None, stdin=stdin, max_bytes=max_bytes, progress=progress) as corpus:
        return Corpus(tuple(corpus.documents), corpus.problems)


@contextmanager
def open_corpus(
    paths: Iterable[str | Path],
    spool: Path | None,
    *,
    stdin: BinaryIO | None = None,
    max_bytes: int = MAX_BYTES,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Corpus]:
    """The documents of files, folders (recursive) and, for the path "-", standard input, by id.

    They are kept in a file, ``spool``, which goes with the end of the block, so that they need not all be in memory; without one they are.
    Neither the order of the paths nor that of the file system matters. A document's date is what it says of itself,
    else what `metadata.csv` says, else what ``infer_date`` finds certain, else None.
    ``progress`` is called with the number of files read and of all files.
    Raises nothing for bad input: what cannot be read is a Problem, and the rest is there.
    """
    with Spool(spool) as documents:
        found = find(paths)
        problems = list(found.problems)
        tables = _tables(found.tables, found.sources, max_bytes, problems)
        for place, source in enumerate(found.sources):
            said = row(source, tables)
            for item in _parts(source, stdin, max_bytes):
                if isinstance(item, Fault):
                    problems.append(problem(_shown(source), item))
                else:
                    documents.add(place, item, document("", source, item, said))
            if progress:
                progress(place + 1, len(found.sources))
        parts = ((found.sources[place], Part("", id=own, number=number)) for place, own, number in documents.added())
        documents.name(names(parts, problems))
        del found, tables
        yield Corpus(documents, tuple(problems))


class Spool(Sequence[Document]):
    """Documents on disk, sorted by id; ids are given once all are there, as they depend on one another."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE part (at INTEGER PRIMARY KEY, place INTEGER, own TEXT, number INTEGER, document TEXT)")
        self._db.execute("CREATE TABLE id (id TEXT, at INTEGER)")
        self._db.execute("CREATE TABLE sorted (i INTEGER PRIMARY KEY, id TEXT, at INTEGER)")
        self._db.execute("BEGIN")

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        if self._path:
            self._path.unlink(missing_ok=True)

    def add(self, place: int, part: Part, document: Document) -> None:
        """Put down a document without its id; ``place`` is that of the file it came from. Texts of JSON in ASCII can be any text."""
        own = None if part.id is None else json.dumps(part.id)
        self._db.execute("INSERT INTO part (place, own, number, document) VALUES (?, ?, ?, ?)",
                         (place, own, part.number, json.dumps(_TOLD(document))))

    def added(self) -> Iterator[tuple[int, str | None, int | None]]:
        """Of what was put down, in order, the place of its file, the id it asks for and its number."""
        for place, own, number in self._db.execute("SELECT place, own, number FROM part ORDER BY at"):
            yield place, None if own is None else json.loads(own), number

    def name(self, ids: Iterable[str]) -> None:
        """Give ids to what was put down, in order."""
        self._db.executemany("INSERT INTO id VALUES (?, ?)", ((own, at) for at, own in enumerate(ids, 1)))
        self._db.execute("INSERT INTO sorted (id, at) SELECT id, at FROM id ORDER BY id")
        self._db.execute("DROP TABLE id")

    def __len__(self) -> int:
        found: int = self._db.execute("SELECT COUNT(*) FROM sorted").fetchone()[0]
        return found

    def __getitem__(self, i: Any) -> Any:
        found = self._db.execute("SELECT id, document FROM sorted JOIN part USING (at) WHERE i = ?", (i + 1,)).fetchone()
        if found is None:
            raise IndexError(i)
        return Document(found[0], *json.loads(found[1]))


def _parts(source: Source, stdin: BinaryIO | None, max_bytes: int) -> Iterator[Part | Fault]:
    try:
        data = _bytes(source, stdin, max_bytes)
    except Fault as fault:
        yield fault
    except (OSError, ValueError) as error:
        yield Fault(reason(error))
    else:
        yield from opened(source, data)


def opened(source: Source, data: bytes) -> Iterator[Part | Fault]:
    """The texts in a file's content, and what is wrong with it."""
    try:
        suffix = PurePosixPath(source.relative).suffix.lower()
        if suffix not in READERS and not source.named and not _known_by_content(data):
            raise Fault(f"not a type that is read ({' '.join(READERS)}); name it in .kgignore to leave it out")
        yield from read(data, suffix)
    except Fault as fault:
        yield fault
    except (OSError, ValueError) as error:
        yield Fault(reason(error))


def _known_by_content(data: bytes) -> bool:
    return data.startswith((b"%PDF-", b"PK\x03\x04")) or data[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _bytes(source: Source, stdin: BinaryIO | None, max_bytes: int) -> bytes:
    if source.shown == STDIN:
        if stdin is None:
            raise Fault("there is no standard input to read")
        data = stdin.read(max_bytes + 1)
    else:
        path = Path(source.shown)
        size = path.stat().st_size
        if size > max_bytes:
            raise too_large(size, max_bytes)
        with path.open("rb") as handle:
            data = handle.read(max_bytes + 1)
    if len(data) > max_bytes:  # grew while it was read, or has no size to ask for
        raise Fault(_too_large("is larger", max_bytes))
    return data


def too_large(size: int, max_bytes: int = MAX_BYTES) -> Fault:
    """What is wrong with a file of so many bytes."""
    return Fault(_too_large(f"is {_size(size)}", max_bytes))


def _too_large(what: str, max_bytes: int) -> str:
    return f"{what}, more than the limit of {_size(max_bytes)} for one file; split it or raise the limit"


def _size(count: int) -> str:
    return f"{count / 2**20:.0f} MB" if count >= 2**20 else f"{count} bytes"


def _shown(source: Source) -> str:
    return "standard input" if source.shown == STDIN else source.shown


def _tables(walked: Iterable[Path], sources: Iterable[Source], max_bytes: int, problems: list[Problem]) -> Tables:
    """The rows of every `metadata.csv` by its folder. One beside a file that was given itself is read too, but as the
    files it names were not asked for, it is not checked."""
    tables: Tables = {}
    for path in walked:
        rows, faults = _table(path, max_bytes)
        tables[path.parent] = rows
        problems.extend(problem(str(path), fault) for fault in faults)
    for folder in sorted({s.root for s in sources if s.named and s.root} - tables.keys()):
        if (folder / metadata.FILE_NAME).is_file():
            tables[folder], _ = _table(folder / metadata.FILE_NAME, max_bytes)
    return tables


def _table(path: Path, max_bytes: int) -> tuple[dict[str, Meta], list[Fault]]:
    try:
        data = _bytes(Source(path.name, str(path)), None, max_bytes)
    except Fault as fault:
        return {}, [fault]
    except OSError as error:
        return {}, [Fault(reason(error))]
    return table(data, partial(metadata.on_disk, path.parent))


def table(data: bytes, exists: Callable[[str], bool]) -> tuple[dict[str, Meta], list[Fault]]:
    """What a `metadata.csv` says of the files of its folder, of which ``exists`` knows, and what is wrong with it."""
    rows: dict[str, Meta] = {}
    faults: list[Fault] = []
    try:
        for item in metadata.read_table(decode(data), exists):
            if isinstance(item, Fault):
                faults.append(item)
            else:
                rows[item[0]] = item[1]
    except Fault as fault:
        faults.append(fault)
    return rows, faults


def row(source: Source, tables: Tables) -> Meta:
    """What the tables say of a file: that of its own folder first, then those above it up to the folder that was given."""
    meta = Meta()
    if source.root is None:
        return meta
    path = Path(source.shown)
    for folder in path.parents:
        if folder in tables:
            meta = meta.over(tables[folder].get(metadata.key(path.relative_to(folder).as_posix()), Meta()))
        if folder == source.root:
            break
    return meta


def names(parts: Iterable[tuple[Source, Part]], problems: list[Problem]) -> Iterator[str]:
    """An id of its own for each part, in their order; two that ask for the same are told in ``problems``."""
    taken: set[str] = set()
    for source, part in parts:
        wanted = _id(source, part)
        own = wanted if wanted.casefold() not in taken else _other_id(wanted, source, part, taken)
        taken.add(own.casefold())  # file systems that do not tell capitals apart must hold texts/<id>.txt too
        if own != wanted:
            place = f"record {part.number}" if part.number else ""
            clash = Fault(f"another document is called {wanted!r} already; this one is called {own!r}", place)
            problems.append(problem(_shown(source), clash))
        yield own


def document(own: str, source: Source, part: Part, said: Meta) -> Document:
    """The document that a part is, under an id; ``said`` is what a `metadata.csv` says of it."""
    meta = part.meta.over(said)
    date = meta.date or _certain_day(part)
    anchor = None if date else infer_anchor(part.text, part.body_start)
    return Document(own, part.text, plain(_shown(source)), date, meta.title, meta.source, meta.url, part.body_start, anchor)


def _certain_day(part: Part) -> str | None:
    found = infer_date(part.text, part.body_start)
    return found if found and len(found) == len("2021-09-30") else None


def _id(source: Source, part: Part) -> str:
    """The file's name without its suffix, or the record's own id; only what no file name can hold is replaced."""
    stem = PurePosixPath(source.relative).stem
    return _fit(part.id if part.id is not None else stem if part.number is None else f"{stem}-{part.number}")


def _fit(name: str) -> str:
    clean = _NOT_IN_ID.sub("-", name.strip()).lstrip(".") or "document"
    if len(clean.encode("utf-8")) <= _ID_BYTES:
        return clean
    return clean.encode("utf-8")[: _ID_BYTES - 9].decode("utf-8", "ignore") + "-" + _digest(clean)


def _other_id(wanted: str, source: Source, part: Part, taken: set[str]) -> str:
    """The wanted id with a mark derived from where the file lies, so that it is the same in every build."""
    for where in (f"{source.relative}#{part.number}", f"{source.shown}#{part.number}"):
        name = f"{wanted}-{_digest(where)}"
        if name.casefold() not in taken:
            return name
    raise AssertionError(f"two sources at {source.shown}")  # sources are distinct files, their parts distinct numbers


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]

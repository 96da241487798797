"""The graph folder: what lies in it, how it is replaced as a whole, and how it is recognised.

    graph.ttl      everything, as Turtle
    graph.nq       the same as sorted N-Quads, from which the store can be made anew
    graph.html     the page to look at
    store/         the same as an Oxigraph database
    texts/         every document's text as it was read; evidence offsets count in these
    readings/      what was read of every document, for the next build (``kg.cache``)
    state/         what else the last build knew of every document, for the next one (``kg.state``)
    manifest.json  format version, configuration, documents with their hashes
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from kg.errors import ExportError, GraphFolderError, KgError

FORMAT = 1  #: raised whenever the shape of the graph changes, so that older folders are refused

_MANIFEST = "manifest.json"
_NO_DOCUMENTS = '"documents": []'
_REBUILD = "build it again with: kg build PATH... -g"
_PATIENCE = 10  # seconds; a build that puts its graph in place of another is done with it in far less


@dataclass(frozen=True, slots=True)
class GraphFolder:
    """The paths within one graph folder."""

    path: Path

    @property
    def turtle(self) -> Path:
        return self.path / "graph.ttl"

    @property
    def nquads(self) -> Path:
        return self.path / "graph.nq"

    @property
    def page(self) -> Path:
        return self.path / "graph.html"

    @property
    def store(self) -> Path:
        return self.path / "store"

    @property
    def texts(self) -> Path:
        return self.path / "texts"

    @property
    def readings(self) -> Path:
        return self.path / "readings"

    @property
    def state(self) -> Path:
        return self.path / "state"

    @property
    def manifest(self) -> Path:
        return self.path / _MANIFEST

    @property
    def values(self) -> dict[str, Any]:
        """What the manifest holds; raises GraphFolderError where it cannot be read or is damaged."""
        try:
            values = json.loads(self.manifest.read_text(encoding="utf-8"))
        except OSError as error:
            raise GraphFolderError(f"{self.manifest}: cannot be read ({error.strerror or error})") from error
        except (ValueError, RecursionError) as error:
            raise GraphFolderError(f"{self.manifest}: damaged ({_first_line(error)}); {_REBUILD} {self.path}") from error
        if not isinstance(values, dict):
            raise GraphFolderError(f"{self.manifest}: damaged (it is no JSON object); {_REBUILD} {self.path}")
        return values

    @property
    def quads(self) -> int:
        """How many quads the graph has, as whoever made it counted them; as there are where an earlier version made it, which did not."""
        told = self.values.get("quads")
        return told if isinstance(told, int) and told >= 0 else lines_of(self.nquads)

    @property
    def base_iri(self) -> str:
        """What the IRIs of the graph's own things begin with."""
        return str(self.config["base_iri"])

    @property
    def config(self) -> dict[str, Any]:
        """The configuration that the graph was built with; raises GraphFolderError where the manifest has none."""
        config = self.values.get("config")
        if not isinstance(config, dict) or not isinstance(config.get("base_iri"), str):
            raise GraphFolderError(f"{self.manifest}: damaged (config is missing or incomplete); {_REBUILD} {self.path}")
        return config

    @property
    def decisions(self) -> int:
        """How many decisions of people the graph was built with; none where there is no graph or nobody can tell any more."""
        try:
            return max(0, int(self.values["decisions"]))
        except (GraphFolderError, ValueError, KeyError, TypeError, OverflowError):
            return 0

    def check_quads(self) -> None:
        """Raise GraphFolderError where ``graph.nq`` is not whole: cut short at the end of a line it could be read all the same."""
        try:
            found = lines_of(self.nquads)
        except OSError as error:
            raise GraphFolderError(f"{self.nquads}: cannot be read ({error.strerror or error})") from error
        if found != self.quads:
            raise GraphFolderError(f"{self.nquads}: damaged (it has {found:,} quads of {self.quads:,}); {_REBUILD} {self.path}")

    def write_text(self, document_id: str, text: str, before: GraphFolder | None = None) -> None:
        """Keep one document's text, line ends untouched; its file is that of the folder before where that has the very same text."""
        self.texts.mkdir(exist_ok=True)
        name, content = text_name(document_id), text.encode()
        if before:
            with suppress(OSError):
                if (before.texts / name).read_bytes() == content:
                    take_over(before.texts / name, self.texts / name)
                    return
        put(self.texts / name, content)

    def read_text(self, document_id: str) -> str:
        """One document's text as it was read; raises GraphFolderError where its file is missing or is not what it was."""
        path = self.texts / text_name(document_id)
        for _ in range(2):  # a new graph may come between the text and the manifest
            try:
                with path.open(encoding="utf-8", newline="") as stream:
                    text = stream.read()
                told = _hashes(self, stamp(self.manifest)) if self.manifest.exists() else {}
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or error
                raise GraphFolderError(f"{path}: cannot be read ({reason}); {_REBUILD} {self.path}") from error
            if told.get(document_id) in (None, hashlib.sha256(text.encode()).hexdigest()):
                return text
        raise GraphFolderError(f"{path}: damaged (it is not the text that was read); {_REBUILD} {self.path}")

    def reading(self, document_id: str) -> Path:
        """The file that keeps what was read of a document."""
        return self.readings / text_name(document_id, ".json")

    def write_manifest(self, values: Mapping[str, Any]) -> None:
        """Write the manifest, once ``graph.nq`` is written; the format version is added, and the number of quads where it is not given.

        Its ``documents`` may be any iterable, of which one is held at a time.
        """
        told = {"format": FORMAT, **values}
        if "quads" not in told:
            told["quads"] = lines_of(self.nquads)
        documents = iter(told.get("documents", ()))
        if "documents" in told:
            told["documents"] = []
        before, empty, after = _json(told).partition(_NO_DOCUMENTS)  # which can be within no text, as quotes are escaped there
        with self.manifest.open("w", encoding="utf-8") as out:
            out.write(before)
            if (first := next(documents, None)) is None:
                out.write(empty)
            else:
                out.write(_NO_DOCUMENTS[:-1])
                for separator, one in zip(chain([""], repeat(",")), chain([first], documents)):  # noqa: B905  one of them has no end
                    out.write(f"{separator}\n{_json(one)}".replace("\n", "\n  "))
                out.write("\n ]")
            out.write(f"{after}\n")
        (self.path / ".kgignore").write_text("*\n", encoding="utf-8")  # a build of a folder around this one reads none of it


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)


def stamp(path: Path) -> tuple[int, int, int]:
    """What tells a file or folder from the one that it replaces, where the clock was set back or has but seconds too.

    Raises OSError where there is none.
    """
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _hashes(folder: GraphFolder, stamp: tuple[int, int, int]) -> dict[str, str]:
    """The hashes of the texts by the documents' ids, as the manifest with that stamp tells them."""
    documents = folder.values.get("documents")
    rows = documents if isinstance(documents, list) else []
    return {row["id"]: row["sha256"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str) and "sha256" in row}


def text_name(document_id: str, suffix: str = ".txt") -> str:
    """A file name for what is kept of a document that no document id can lead out of the folder."""
    name = quote(document_id, safe=" -_.,()'&+")
    if len(name) > 200:
        name = name[:180] + "-" + hashlib.sha256(document_id.encode()).hexdigest()[:16]
    return name + suffix


def take_over(source: str | Path, target: str | Path) -> None:
    """Give a file of a graph folder a place in the one that is to replace it.

    It must be a file that is never written to once it is there, only replaced (``put``): it gets a second name, or is copied where it can
    have none.
    """
    try:
        os.link(source, target)
    except OSError:  # as on file systems that know no second names
        Path(target).unlink(missing_ok=True)
        shutil.copyfile(source, target)


def put(path: Path, content: bytes) -> None:
    """Write a file of a new graph folder. What is there is replaced and never written into: it may be a file of the folder before, too."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def lines_of(nquads: Path) -> int:
    """The number of quads in a file of N-Quads, one a line; none where there is no file."""
    if not nquads.exists():
        return 0
    with nquads.open("rb") as lines:
        return sum(1 for line in lines if line.strip())


def open_folder(path: Path) -> GraphFolder:
    """The graph folder at a path.

    Raises GraphFolderError where there is none, it is damaged, or another format version wrote it. Where a build was killed after it had
    taken the old graph away and before the new one was there, the old one is put back; what else such a build left is removed.
    """
    if path.is_dir():
        _sweep(path.resolve())
    else:
        _put_back(path)
    if not path.is_dir():
        raise GraphFolderError(f"{path}: no graph folder here; make one with: kg build PATH... -g {path}")
    folder = GraphFolder(path)
    if not folder.manifest.exists():
        raise GraphFolderError(f"{path}: not a graph folder (it has no {_MANIFEST}); {_REBUILD} DIR")
    manifest = folder.values
    version = manifest.get("format", _MANIFEST)
    if version == _MANIFEST:
        raise GraphFolderError(f"{folder.manifest}: damaged (it names no format); {_REBUILD} {path}")
    if version != FORMAT:
        raise GraphFolderError(f"{path}: written in format {version!r}, this version of kg reads format {FORMAT}; {_REBUILD} {path}")
    if manifest.get("plugins"):
        _check_plugins(path, manifest["plugins"])
    if not isinstance(manifest.get("documents"), list):
        raise GraphFolderError(f"{folder.manifest}: damaged (documents are missing); {_REBUILD} {path}")
    if not folder.nquads.is_file():
        raise GraphFolderError(f"{folder.nquads}: missing; {_REBUILD} {path}")
    return folder


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _check_plugins(path: Path, needed: list[dict[str, str]]) -> None:
    """Raise GraphFolderError where a plug-in is missing without which the graph's terms mean nothing here."""
    from kg.plugins import installed

    here = {(one.package, one.name) for one in installed()}
    for one in needed:
        if (one["package"], one["name"]) not in here:
            raise GraphFolderError(f"{path}: was built with the plug-in {one['name']!r} of the package {one['package']} {one['version']}, "
                                   "which is not installed; install it")


def check_replaceable(path: Path) -> None:
    """Raise GraphFolderError unless a build may write its graph folder at the path: nothing there, an empty folder or a graph folder."""
    if path.exists() and not path.is_dir():
        raise GraphFolderError(f"{path}: is a file; give a folder for the graph")
    if path.is_dir():
        if Path.cwd().is_relative_to(path.resolve()):
            raise GraphFolderError(f"{path}: is or holds the current folder and would be replaced; give another folder for the graph")
        if any(path.iterdir()) and not (path / _MANIFEST).is_file():
            raise GraphFolderError(f"{path}: is no graph folder (it has other files and no {_MANIFEST}); give an empty or a new folder")


@contextmanager
def replacing(path: Path, *, going_on: bool = False) -> Iterator[GraphFolder]:
    """A new folder beside ``path`` to fill; it takes the place of ``path`` when the block ends well, and is removed otherwise.

    Nobody else can replace ``path`` meanwhile: whoever tries gets a GraphFolderError. What a build that was killed left behind is
    removed, and where it was killed between taking the old folder away and putting the new one there, the old one is put back.
    Who may read the old folder may read the new one, and nobody else. With ``going_on`` the readings of builds that were killed stay
    until the block ends (``left_behind``).
    """
    check_replaceable(path)
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target, f"{target}: another build is writing this graph; wait until it is done, or give another folder"):
            _clear(target, going_on)
            workshop = Path(tempfile.mkdtemp(prefix=_workshop(target), dir=target.parent))
            try:
                fresh = workshop / "new"
                fresh.mkdir()
                if target.exists():
                    fresh.chmod(stat.S_IMODE(target.stat().st_mode))
                yield GraphFolder(fresh)
                _swap(fresh, target, workshop / "old")
            finally:
                if target.exists() or not _holds_old(workshop):  # else it could not be put back; who opens the folder tries again
                    shutil.rmtree(workshop, ignore_errors=True)
                    if going_on:
                        _clear(target)
    except OSError as error:
        reason = error.strerror or error
        raise GraphFolderError(f"{path}: cannot be written ({reason}); give a folder you may write to, with room on its disk") from error


def left_behind(path: Path) -> list[GraphFolder]:
    """The folders that builds of ``path`` were filling when they were killed, of which nothing but the readings may be there.

    Nothing in them is to be taken for whole. That of a build that goes on is among them.
    """
    return [GraphFolder(left / "new") for left in _left(path.resolve())]


def _workshop(target: Path) -> str:
    return f".{target.name}.building-"


@contextmanager
def locked(target: Path, busy: str, *, timeout: float = 0, failed: type[KgError] = GraphFolderError) -> Iterator[None]:
    """Holds the lock beside a file or folder; the system frees it where its holder is killed.

    Raises ``failed`` with the text ``busy`` where somebody else holds it for longer than ``timeout`` seconds, and OSError where there
    can be no file beside.
    """
    from filelock import FileLock, Timeout

    path = target.with_name(f".{target.name}.lock")
    path.touch()  # FileLock takes a folder in which no file can be made for one where another holds the lock
    lock = FileLock(path, timeout=timeout)
    try:
        lock.acquire()
    except Timeout as error:
        raise failed(busy) from error
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)  # whoever waits for it sees that it is gone, and makes a new one
        lock.release()


def _left(target: Path) -> list[Path]:
    """What builds that were killed left beside a folder."""
    return sorted(target.parent.glob(glob.escape(_workshop(target)) + "*"))


def _holds_old(left: Path) -> bool:
    return (left / "old" / _MANIFEST).is_file()


def _put_back(path: Path) -> None:
    """Put the old graph back where a build was killed between taking it away and putting the new one there."""
    target = path.resolve()
    if any(map(_holds_old, _left(target))):  # or a build is about to put the new one there, and has it done in no time
        try:
            with locked(target, f"{target}: another build is writing this graph; wait until it is done", timeout=_PATIENCE):
                _clear(target)
        except OSError as error:
            where = next(filter(_holds_old, _left(target)), target) / "old"
            raise GraphFolderError(f"{path}: was taken away by a build that was killed, and cannot be put back "
                                   f"({error.strerror or error}); move it there from {where}") from error


def _sweep(target: Path) -> None:
    """Remove what builds that were killed left: an old graph may tell of people who have been forgotten since."""
    if _left(target):
        with suppress(OSError, GraphFolderError), locked(target, "a build is under way"):
            _clear(target)


def _clear(target: Path, but_readings: bool = False) -> None:
    """Put right what a build that was killed left beside the folder, and remove it, or all of it but the readings."""
    for left in _left(target):
        if not target.exists() and _holds_old(left):
            (left / "old").rename(target)
        readings = GraphFolder(left / "new").readings
        if but_readings and readings.is_dir():
            for part in (*left.iterdir(), *readings.parent.iterdir()):
                if part not in (readings, readings.parent):
                    _remove(part)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _remove(part: Path) -> None:
    if part.is_dir() and not part.is_symlink():
        shutil.rmtree(part, ignore_errors=True)
    else:
        with suppress(OSError):
            part.unlink()


def _swap(fresh: Path, target: Path, old: Path) -> None:
    """Put ``fresh`` where ``target`` is; where that fails, ``target`` is what it was before."""
    had_one = target.exists()
    if had_one:
        target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        if had_one and not target.exists():
            old.rename(target)
        raise


@contextmanager
def writing(path: Path, failed: type[KgError] = ExportError) -> Iterator[IO[bytes]]:
    """A binary stream to a file, which takes its place only when all is written; raises ``failed`` where that cannot be.

    Who may read the old file may read the new one, and nobody else. What is no ordinary file (``/dev/stdout``, a pipe) is written to as
    it stands.
    """
    try:
        target = path.resolve()
        mode = target.stat().st_mode if target.exists() else None
        if mode is not None and not stat.S_ISREG(mode):
            with target.open("wb") as stream:
                yield stream
            return
        part = target.with_name(f".{target.name}.part")
        with locked(part, f"{path}: another program is writing this file; wait until it is done, or give another", failed=failed):
            try:
                with part.open("wb") as stream:
                    if mode is not None:
                        part.chmod(stat.S_IMODE(mode))
                    yield stream
                part.replace(target)
            finally:
                with suppress(OSError):
                    part.unlink(missing_ok=True)
    except OSError as error:
        raise failed(f"{path}: cannot be written ({error.strerror or error}); give a file in a folder you may write to, with room on its "
                     "disk") from error

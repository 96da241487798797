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
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from kg.errors import ExportError, GraphFolderError

FORMAT = 1  #: raised whenever the shape of the graph changes, so that older folders are refused

_MANIFEST = "manifest.json"
_REBUILD = "build it again with: kg build PATH... -g"


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
        """What the manifest holds."""
        return dict(json.loads(self.manifest.read_text(encoding="utf-8")))

    @property
    def base_iri(self) -> str:
        """What the IRIs of the graph's own things begin with."""
        return str(self.values["config"]["base_iri"])

    @property
    def decisions(self) -> int:
        """How many decisions of people the graph was built with; none where there is no graph or nobody can tell any more."""
        try:
            return int(self.values["decisions"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def write_text(self, document_id: str, text: str) -> None:
        """Keep one document's text, line ends untouched."""
        self.texts.mkdir(exist_ok=True)
        (self.texts / text_name(document_id)).write_text(text, encoding="utf-8", newline="")

    def read_text(self, document_id: str) -> str:
        """One document's text as it was read; raises GraphFolderError where its file is missing or damaged."""
        path = self.texts / text_name(document_id)
        try:
            with path.open(encoding="utf-8", newline="") as stream:
                return stream.read()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise GraphFolderError(f"{path}: cannot be read ({reason}); {_REBUILD} {self.path}") from error

    def reading(self, document_id: str) -> Path:
        """The file that keeps what was read of a document."""
        return self.readings / text_name(document_id, ".json")

    def write_manifest(self, values: Mapping[str, Any]) -> None:
        """Write the manifest; the format version is added here."""
        content = json.dumps({"format": FORMAT, **values}, ensure_ascii=False, indent=1, sort_keys=True)
        self.manifest.write_text(content + "\n", encoding="utf-8")
        (self.path / ".kgignore").write_text("*\n", encoding="utf-8")  # a build of a folder around this one reads none of it


def text_name(document_id: str, suffix: str = ".txt") -> str:
    """A file name for what is kept of a document that no document id can lead out of the folder."""
    name = quote(document_id, safe=" -_.,()'&+")
    if len(name) > 200:
        name = name[:180] + "-" + hashlib.sha256(document_id.encode()).hexdigest()[:16]
    return name + suffix


def open_folder(path: Path) -> GraphFolder:
    """The graph folder at a path.

    Raises GraphFolderError where there is none, it is damaged, or another format version wrote it.
    """
    if not path.is_dir():
        raise GraphFolderError(f"{path}: no graph folder here; make one with: kg build PATH... -g {path}")
    folder = GraphFolder(path)
    try:
        manifest = json.loads(folder.manifest.read_text(encoding="utf-8"))
        version = manifest["format"]
    except FileNotFoundError as error:
        raise GraphFolderError(f"{path}: not a graph folder (it has no {_MANIFEST}); {_REBUILD} DIR") from error
    except OSError as error:
        raise GraphFolderError(f"{folder.manifest}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise GraphFolderError(f"{folder.manifest}: damaged ({error}); {_REBUILD} {path}") from error
    if version != FORMAT:
        raise GraphFolderError(f"{path}: written in format {version!r}, this version of kg reads format {FORMAT}; {_REBUILD} {path}")
    if not folder.nquads.is_file():
        raise GraphFolderError(f"{folder.nquads}: missing; {_REBUILD} {path}")
    if manifest.get("plugins"):
        _check_plugins(path, manifest["plugins"])
    return folder


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
def replacing(path: Path) -> Iterator[GraphFolder]:
    """A new folder beside ``path`` to fill; it takes the place of ``path`` when the block ends well, and is removed otherwise.

    Nobody else can replace ``path`` meanwhile: whoever tries gets a GraphFolderError. What a build that was killed left behind is
    removed, and where it was killed between taking the old folder away and putting the new one there, the old one is put back.
    """
    check_replaceable(path)
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target):
            _clear(target)
            workshop = Path(tempfile.mkdtemp(prefix=_workshop(target), dir=target.parent))
            try:
                fresh = workshop / "new"
                fresh.mkdir()
                yield GraphFolder(fresh)
                _swap(fresh, target, workshop / "old")
            finally:
                shutil.rmtree(workshop, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or error
        raise GraphFolderError(f"{path}: cannot be written ({reason}); give a folder you may write to, with room on its disk") from error


def _workshop(target: Path) -> str:
    return f".{target.name}.building-"


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Holds the lock on a graph folder; the system frees it where its holder is killed."""
    from filelock import FileLock, Timeout

    lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise GraphFolderError(f"{target}: another build is writing this graph; wait until it is done, or give another folder") from error
    try:
        yield
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)  # whoever waits for it sees that it is gone, and makes a new one
        lock.release()


def _clear(target: Path) -> None:
    """Put right what a build that was killed left beside the folder."""
    for left in sorted(target.parent.glob(glob.escape(_workshop(target)) + "*")):
        if not target.exists() and (left / "old" / _MANIFEST).is_file():
            (left / "old").rename(target)
        shutil.rmtree(left, ignore_errors=True)


def _swap(fresh: Path, target: Path, old: Path) -> None:
    """Put ``fresh`` where ``target`` is; where that fails, ``target`` is what it was before."""
    had_one = target.exists()
    if had_one:
        target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        if had_one:
            old.rename(target)
        raise


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """A binary stream to a file, which takes its place only when all is written; raises ExportError where that cannot be."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(path)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror or error}); give a file in a folder you may write to") from error
    finally:
        part.unlink(missing_ok=True)

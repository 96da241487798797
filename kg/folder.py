"""The graph folder: what lies in it, how it is replaced as a whole, and how it is recognised.

    graph.ttl      everything, as Turtle
    graph.nq       the same as sorted N-Quads, from which the store can be made anew
    graph.html     the page to look at
    store/         the same as an Oxigraph database
    texts/         every document's text as it was read; evidence offsets count in these
    manifest.json  format version, configuration, documents with their hashes
"""

from __future__ import annotations

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
    def manifest(self) -> Path:
        return self.path / _MANIFEST

    @property
    def base_iri(self) -> str:
        """What the IRIs of the graph's own things begin with."""
        return str(json.loads(self.manifest.read_text(encoding="utf-8"))["config"]["base_iri"])

    def write_text(self, document_id: str, text: str) -> None:
        """Keep one document's text, line ends untouched."""
        self.texts.mkdir(exist_ok=True)
        (self.texts / text_name(document_id)).write_text(text, encoding="utf-8", newline="")

    def write_manifest(self, values: Mapping[str, Any]) -> None:
        """Write the manifest; the format version is added here."""
        content = json.dumps({"format": FORMAT, **values}, ensure_ascii=False, indent=1, sort_keys=True)
        self.manifest.write_text(content + "\n", encoding="utf-8")
        (self.path / ".kgignore").write_text("*\n", encoding="utf-8")  # a build of a folder around this one reads none of it


def text_name(document_id: str) -> str:
    """A file name for a document's text that no document id can lead out of the folder."""
    name = quote(document_id, safe=" -_.,()'&+")
    if len(name) > 200:
        name = name[:180] + "-" + hashlib.sha256(document_id.encode()).hexdigest()[:16]
    return name + ".txt"


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
    """A new folder beside ``path`` to fill; it takes the place of ``path`` when the block ends well, and is removed otherwise."""
    check_replaceable(path)
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=f".{target.name}.building-", dir=target.parent))
    except OSError as error:
        raise GraphFolderError(f"{path}: cannot be written ({error.strerror}); give a folder you may write to") from error
    try:
        fresh = workshop / "new"
        fresh.mkdir()
        yield GraphFolder(fresh)
        _swap(fresh, target, workshop / "old")
    except OSError as error:
        raise GraphFolderError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


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

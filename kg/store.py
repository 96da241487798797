"""The store: the graph of a folder, opened for questions. Oxigraph on disk, made anew from ``graph.nq`` where it is damaged."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import pyoxigraph

from kg.errors import GraphFolderError
from kg.folder import GraphFolder, take_over
from kg.rdf.lines import seal

_SEALS = "seals.json"  #: in the folder of a store, the checksums of its tables
_AT_ONCE = 2**25

#: what pyoxigraph raises on a damaged database
DAMAGE = (OSError, RuntimeError)


class Queryable(Protocol):
    """What questions need of a store; ``pyoxigraph.Store`` has it, and ``kg.remote.RemoteStore`` for a server."""

    def query(self, query: str, *, prefixes: dict[str, str] | None = None) -> Any:
        """Solutions, a boolean or triples, as SPARQL 1.1 has it; raises SyntaxError with line and column."""


class Store(Queryable, Protocol):
    """What exports need of a store beside; ``pyoxigraph.Store`` has it."""

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph_name: Any = None) -> Iterator[pyoxigraph.Quad]:
        """The quads with these terms; None stands for any."""

    def dump(self, *, format: pyoxigraph.RdfFormat) -> bytes | None:
        """Everything in a format of quads."""


def write_store(nquads: Path, target: Path, at_once: int = _AT_ONCE) -> None:
    """Make an on-disk store at ``target`` from a file of N-Quads; raises GraphFolderError where the file is damaged.

    ``at_once`` is how many bytes of it are loaded at a time: the library takes some five times as many, and holds a million quads
    and more if it is left to itself.
    """
    store = pyoxigraph.Store(str(target))
    _load(store, nquads, at_once)
    store.optimize()
    store.flush()
    del store  # closes it: its tables are then as they stay
    (target / _SEALS).write_text(json.dumps(_tables(target)), encoding="utf-8")


def write_changed(before: Path, target: Path, changes: Iterable[tuple[bool, bytes]]) -> bool:
    """Make an on-disk store at ``target`` from another one and lines of N-Quads that go (False) or come (True).

    False where the other one cannot be used; what is at ``target`` is then good for nothing. Its tables must be as they were written:
    opening it reads a part of them only, so that what is damaged would be handed on.
    """
    try:
        seals = _tables(before)
        if json.loads((before / _SEALS).read_text(encoding="utf-8")) != seals:
            return False
        shutil.copytree(before, target, copy_function=_copy)
        store = pyoxigraph.Store(str(target))
        for comes, lines in groupby(changes, lambda change: change[0]):
            quads = pyoxigraph.parse(b"".join(line for _, line in lines), format=pyoxigraph.RdfFormat.N_QUADS)
            if comes:
                store.extend(quads)
            else:
                for quad in quads:
                    store.remove(quad)
        store.flush()
        del store
        (target / _SEALS).write_text(json.dumps(_tables(target, seals)), encoding="utf-8")
    except (*DAMAGE, ValueError):
        return False
    return True


def _tables(store: Path, known: Mapping[str, int] = MappingProxyType({})) -> dict[str, int]:
    """The checksums of a store's tables, of which some are known: no two tables that it ever had are called the same."""
    return {path.name: known[path.name] if path.name in known else seal(path) for path in sorted(store.glob("*.sst"))}


def _copy(source: str, target: str) -> None:
    """Tables are never written to once they are there."""
    (take_over if source.endswith(".sst") else shutil.copyfile)(source, target)


def open_made(folder: GraphFolder) -> pyoxigraph.Store:
    """The database that was just made of a graph, to be read; it is not counted, as where it is found."""
    return pyoxigraph.Store.read_only(str(folder.store))


def open_store(folder: GraphFolder) -> pyoxigraph.Store:
    """The folder's store, for reading; raises GraphFolderError where neither ``store/`` nor ``graph.nq`` can be used."""
    store = _opened(folder)
    if store is None:
        folder.check_quads()
        store = _made_anew(folder)
    return store


def memory_store(nquads: Path) -> pyoxigraph.Store:
    """A store in memory with what a file of N-Quads holds; raises GraphFolderError where the file is damaged."""
    store = pyoxigraph.Store()
    _load(store, nquads)
    return store


def _load(store: pyoxigraph.Store, nquads: Path, at_once: int = _AT_ONCE) -> None:
    done = 0
    try:
        with nquads.open("rb") as lines:
            while some := lines.readlines(at_once):
                store.bulk_load(b"".join(some), format=pyoxigraph.RdfFormat.N_QUADS)
                done += len(some)
    except (*DAMAGE, SyntaxError) as error:
        after = f"after line {done:,}: " if done else ""
        raise GraphFolderError(f"{nquads}: damaged ({after}{error}); build it again with: kg build PATH... -g {nquads.parent}") from error


def _opened(folder: GraphFolder) -> pyoxigraph.Store | None:
    """The store on disk, or None where it is missing, damaged or not whole."""
    if not folder.store.is_dir():
        return None
    try:
        store = pyoxigraph.Store.read_only(str(folder.store))
        # Counting reads every block of one index, so a damaged file shows here and not in the middle of an answer.
        return store if len(store) == folder.quads else None
    except DAMAGE:
        return None


def _made_anew(folder: GraphFolder) -> pyoxigraph.Store:
    """A store from ``graph.nq``: put in place of ``store/`` where the folder can be written, in memory otherwise."""
    try:
        workshop = Path(tempfile.mkdtemp(prefix=".store.building-", dir=folder.path))
    except OSError:
        return memory_store(folder.nquads)
    try:
        write_store(folder.nquads, workshop / "store")
        shutil.rmtree(folder.store, ignore_errors=True)
        (workshop / "store").rename(folder.store)
        return pyoxigraph.Store.read_only(str(folder.store))
    except DAMAGE:
        return memory_store(folder.nquads)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)

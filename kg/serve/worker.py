"""The processes that ask the store: jobs come in by a socket, answers go out by it, one at a time.

They are forked from one process, which has loaded everything and opened nothing, so that another is there in milliseconds where one is
killed: starting Python costs ten times as much as opening the store.

A message is the length of its head, the length of its body (each four bytes, most significant first), a head in JSON, and a body of bytes.
The first message out says that the store is open, or why it could not be opened. A job is a JSON list of its kind and its arguments;
``JOBS`` has them all. An answer's head has ``state``: ``done``, ``refused`` (the question is wrong), ``failed`` (the disk is at fault),
``missing`` (no such graph) or ``unfit`` (it has no such format). What goes wrong beyond that ends the process, where it can after an
answer ``fault``, and the pool has another one.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pyoxigraph

from kg import query
from kg.errors import GraphFolderError, InputError, QueryError
from kg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from kg import reviewing

LENGTHS = struct.Struct(">II")

RESULTS = {
    "json": pyoxigraph.QueryResultsFormat.JSON, "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV, "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
GRAPHS = {
    "turtle": pyoxigraph.RdfFormat.TURTLE, "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD, "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
}
Head = dict[str, Any]


def pack(head: Any, body: bytes = b"") -> bytes:
    """A message."""
    text = json.dumps(head).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def _sparql(store: pyoxigraph.Store, sparql: str, results: str | None, graphs: str | None, rows: int,
            base: str | None = None, dataset: tuple[list[str], list[str]] | None = None) -> tuple[Head, bytes]:
    """Run a query; ``results`` is the format for rows and booleans, ``graphs`` that for triples."""
    return _written(query.run(store, sparql, base=base, dataset=dataset), results, graphs, rows)


def _question(store: pyoxigraph.Store, name: str, values: Mapping[str, str], results: str, rows: int) -> tuple[Head, bytes]:
    """Answer a named question with parameter values as a user writes them."""
    return _written(query.ask(store, query.named_query(name), values), results, None, rows)


def _written(result: query.Result, results: str | None, graphs: str | None, rows: int) -> tuple[Head, bytes]:
    """A result in the format for its kind, cut after ``rows`` rows or triples."""
    if isinstance(result, pyoxigraph.QueryTriples):
        if graphs is None:
            return {"state": "unfit", "kind": "triples"}, b""
        triples = list(islice(result, rows + 1))
        body = pyoxigraph.serialize(triples[:rows], format=GRAPHS[graphs], prefixes=PREFIXES if graphs in ("turtle", "rdfxml") else None)
        return {"state": "done", "form": graphs, "cut": len(triples) > rows}, body or b""
    if results is None:
        return {"state": "unfit", "kind": "rows"}, b""
    if isinstance(result, pyoxigraph.QueryBoolean):
        return {"state": "done", "form": results, "cut": False}, result.serialize(format=RESULTS[results]) or b""
    # The library writes all of a result or nothing. So it writes TSV, of which each line is a row and each term one of Turtle's, into a
    # stream that has enough after the rows wanted, and reads that again where another format is asked for.
    lines = _Lines(rows + 1)
    with suppress(_Enough):
        result.serialize(lines, format=RESULTS["tsv"])  # type: ignore[arg-type]  # which is written to and no more
    head, text = {"state": "done", "form": results, "cut": lines.cut}, lines.text()
    if results == "tsv":
        return head, text
    return head, pyoxigraph.parse_query_results(text, RESULTS["tsv"]).serialize(format=RESULTS[results]) or b""


class _Enough(Exception):
    """No more lines are wanted."""


class _Lines:
    """A binary stream that takes the first ``most`` lines."""

    def __init__(self, most: int) -> None:
        self.cut = False
        self._left = most
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        count = data.count(b"\n")
        if self.cut or count > self._left or not self._left:
            if not self.cut:
                self._parts += [line + b"\n" for line in data.split(b"\n", self._left)[:-1]]
            self.cut = True
            raise _Enough  # the library tries once more
        self._left -= count
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def text(self) -> bytes:
        return b"".join(self._parts)


def _graph(store: pyoxigraph.Store, name: str | None, form: str, path: str) -> tuple[Head, bytes]:
    """Write a whole graph, the default one where ``name`` is None, into a file that is there: it is gone where nobody waits for it."""
    try:
        graph = pyoxigraph.DefaultGraph() if name is None else pyoxigraph.NamedNode(name)
    except ValueError as error:
        raise QueryError(f"{name!r} is no absolute IRI ({error}), as the name of a graph is") from error
    if isinstance(graph, pyoxigraph.NamedNode) and not store.contains_named_graph(graph):
        return {"state": "missing"}, b""
    with suppress(FileNotFoundError), Path(path).open("r+b") as file:
        store.dump(file, format=GRAPHS[form], from_graph=graph, prefixes=PREFIXES if form in ("turtle", "rdfxml") else None)
    return {"state": "done", "form": form}, b""


def _review(store: pyoxigraph.Store, base_iri: str, decided: str | None, below: float, kind: str, about: str, start: int,
            most: int) -> tuple[Head, bytes]:
    """What ``kg review`` lists: ``most`` items from number ``start``, and the decisions about them.

    Only those of one kind and about what goes by a name or has an IRI, unless these are empty.
    """
    from kg import decisions, reviewing
    from kg.vocabulary import Minter

    minter = Minter(base_iri)
    if below not in _items:  # a worker lives no longer than its graph
        _items[below] = reviewing.items(store, minter, below=below)
    iris = {match.iri for match in query.find_entities(store, about)} if about else set()
    of_it = [item for item in _items[below] if not about or iris & set(item.entities)]
    found = [item for item in of_it if kind in ("", item.kind)]
    shown = found[start:start + most]
    standing = reviewing.standing(store, minter, shown, decisions.read(Path(decided))) if decided else {}
    told = {key: [{"kind": one.kind, "by": one.by, "on": one.on, "why": one.why} for one in some] for key, some in standing.items()}
    items = [{"kind": item.kind, "question": item.question, "entities": list(item.entities),
              "facts": [asdict(fact) for fact in item.facts]} for item in shown]
    kinds = {name: sum(item.kind == name for item in of_it) for name in reviewing.KINDS}
    return {"state": "done", "form": "json"}, json.dumps({"items": items, "standing": told, "kinds": kinds, "total": len(found)}).encode()


_items: dict[float, Sequence[reviewing.Item]] = {}  #: what a person should settle, by the confidence below which facts are doubtful
JOBS: dict[str, Callable[..., tuple[Head, bytes]]] = {"sparql": _sparql, "question": _question, "graph": _graph, "review": _review}


def main(path: str, memory: int, seconds: float) -> None:
    """Fork a worker for every socket that is passed on standard input, itself a socket, until that is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: the pool sees by their sockets that they have ended
    orders = socket.socket(fileno=sys.stdin.fileno())
    while True:
        order, files, _, _ = socket.recv_fds(orders, 1, 1)
        if not order:
            return
        if not os.fork():
            orders.close()
            os.setsid()
            work(files[0], path, memory, seconds)
            return
        os.close(files[0])


def work(file: int, path: str, memory: int, seconds: float) -> None:
    """Serve jobs on the store at ``path`` by a socket until that is closed; ``memory`` in MiB, ``seconds`` a job."""
    jobs, out = os.fdopen(file, "rb"), os.fdopen(file, "wb", closefd=False)
    try:
        store = pyoxigraph.Store.read_only(path)
    except OSError as error:
        _send(out, {"state": "closed", "message": str(error)})
        return
    _hold_to(memory)
    _send(out, {"state": "open", "process": os.getpid()})
    while len(lengths := jobs.read(LENGTHS.size)) == LENGTHS.size:
        kind, *arguments = json.loads(jobs.read(sum(LENGTHS.unpack(lengths))))
        signal.setitimer(signal.ITIMER_REAL, seconds)  # the system ends this process, should the pool that would kill it be gone
        try:
            head, body = JOBS[kind](store, *arguments)
        except (QueryError, GraphFolderError, InputError) as error:
            head, body = {"state": "refused", "message": str(error)}, b""
        except OSError as error:  # a disk without room for a whole graph, or a store that is damaged, or gone as the graph is built anew
            said = f"the graph could not be read or put together ({error.strerror or error})"
            head, body = {"state": "failed", "message": f"{said}; ask again, or make room on the disk, or build the graph again"}, b""
        except MemoryError:
            os.abort()  # as the library does
        except BaseException:  # a panic of the library is no Exception
            _send(out, {"state": "fault"})
            raise
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(out, head, body)


def _send(out: IO[bytes], head: Head, body: bytes = b"") -> None:
    out.write(pack(head, body))
    out.flush()


def _hold_to(memory: int) -> None:
    """Hold this process to so many MiB beside what it has now; the allocation that fails ends it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (now + memory * 2**20,) * 2)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))

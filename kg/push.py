"""The graph loaded into another store, over SPARQL 1.1 Update or the Graph Store Protocol, one named graph a document.

What belongs to one document (its description, chains, mentions, assertions, evidence, quotations, figures) stands in that document's graph;
entities, plain triples and events, which rest on several, in one of their own; the ontology in a third. No triple stands twice.
What has arrived is kept in a file beside the graph folder, a graph a line with its hash: a push that was cut off goes on where it was,
and a later one replaces what has changed and takes away what is gone.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyoxigraph

from kg.errors import GraphFolderError, RemoteError
from kg.folder import GraphFolder, locked, writing
from kg.progress import Progress
from kg.remote import Endpoint
from kg.resources import ontology_dir
from kg.vocabulary import DOCUMENT_KINDS, KG

Protocol = Literal["update", "graph-store"]

#: triples in one request; Virtuoso's compiler runs out of memory for a few thousand more in one INSERT DATA
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did."""

    sent: int  #: named graphs sent
    removed: int  #: named graphs taken away, as they are in the graph no more
    kept: int  #: named graphs that had arrived before
    triples: int  #: triples sent


def push(folder: GraphFolder, endpoint: Endpoint, *, protocol: Protocol = "update", again: bool = False,
         progress: Progress | None = None) -> Pushed:
    """Load a folder's graph into the store at an address; ``again`` sends also what has arrived before.

    Raises RemoteError where the server refuses, is slow or dies, saying what got there; what got there is remembered.
    """
    busy = f"{state_file(folder)}: another push of this graph is under way; wait until it is done"
    try:
        with locked(state_file(folder), busy):
            return _push(folder, endpoint, protocol, again, progress or Progress())
    except OSError as error:
        raise GraphFolderError(f"{state_file(folder)}: cannot be written ({error.strerror or error}); what has arrived is kept "
                               "there") from error


def _push(folder: GraphFolder, endpoint: Endpoint, protocol: Protocol, again: bool, progress: Progress) -> Pushed:
    graphs = named_graphs(folder)
    state = _State.of(folder, endpoint.url)
    gone = sorted(set(state.arrived) - set(graphs))
    hashes = {name: _hash(lines) for name, lines in graphs.items()}
    waiting = [name for name in graphs if again or state.arrived.get(name) != hashes[name]]
    state.doubt(waiting)  # what is to be sent again counts as not there until it has been, also where this run breaks off
    sent = triples = 0
    send = _Sender(endpoint, protocol)
    try:
        for group in progress.each("Sending", [*([name] for name in gone), *_groups(waiting, graphs)]):
            send.replace({name: graphs.get(name, ()) for name in group})
            state.settle(group, hashes)
            sent += sum(name in graphs for name in group)
            triples += sum(len(graphs.get(name, ())) for name in group)
    except RemoteError as error:
        kept = len(graphs) - len(waiting)
        raise RemoteError(f"{error}; {kept + sent:,} of {len(graphs):,} named graphs are there whole, {triples:,} triples were sent; "
                          f"the same command{' without --again' if again else ''} goes on from there") from error
    return Pushed(sent, len(gone), len(graphs) - len(waiting), triples)


def named_graphs(folder: GraphFolder) -> dict[str, list[str]]:
    """Graph IRI -> its triples as lines of N-Triples, without the dots: the ontology, what documents share, each document."""
    folder.check_quads()
    base = folder.base_iri
    own = {f"<{base}{kind}/" for kind in DOCUMENT_KINDS}
    starts = len(f"<{base}")
    shared, graphs = base + "graph/shared", defaultdict(list)
    try:
        with folder.nquads.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                kind_end = line.find("/", starts) + 1
                if line[:kind_end] in own:
                    document = line[kind_end:min(end for end in (line.find("/", kind_end), line.find(">", kind_end)) if end > 0)]
                    graphs[f"{base}graph/document/{document}"].append(line.removesuffix(" .\n"))
                else:
                    graphs[shared].append(line.removesuffix(" .\n"))
    except (OSError, ValueError) as error:
        raise GraphFolderError(f"{folder.nquads}: cannot be read ({error})") from error
    first = {KG.iri.rstrip("#"): _ontology(), shared: graphs.pop(shared, [])}
    return first | dict(sorted(graphs.items()))


def state_file(folder: GraphFolder) -> Path:
    """Where it is kept what has arrived at which server: beside the folder, which a build replaces as a whole."""
    path = folder.path.resolve()
    return path.with_name(f"{path.name}.pushed.json")


class _State:
    """What has arrived at one address, written after every request: the hash of each named graph, empty where it may be there in part."""

    def __init__(self, path: Path, url: str, everything: dict[str, dict[str, str]]) -> None:
        self._path, self._everything = path, everything
        self.arrived = everything.setdefault(url, {})

    @classmethod
    def of(cls, folder: GraphFolder, url: str) -> _State:
        path = state_file(folder)
        try:
            everything = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            if not all(isinstance(value, str) for graphs in everything.values() for value in graphs.values()):
                raise ValueError("not a mapping of addresses to graphs and hashes")
        except (OSError, ValueError, AttributeError, RecursionError) as error:
            raise GraphFolderError(f"{path}: cannot be read ({error}); delete it to send everything again") from error
        return cls(path, url, everything)

    def doubt(self, names: Sequence[str]) -> None:
        """These graphs may be there in part or in an old version."""
        if names:
            self.arrived.update(dict.fromkeys(names, ""))
            self._write()

    def settle(self, names: Sequence[str], hashes: Mapping[str, str]) -> None:
        """These graphs are there as their hashes say, and those without a hash are there no more."""
        for name in names:
            if name in hashes:
                self.arrived[name] = hashes[name]
            else:
                del self.arrived[name]
        self._write()

    def _write(self) -> None:
        with writing(self._path, GraphFolderError) as stream:
            stream.write((json.dumps(self._everything, indent=1, sort_keys=True) + "\n").encode())


@dataclass(frozen=True, slots=True)
class _Sender:
    """Puts named graphs in place of what the server has under their names."""

    endpoint: Endpoint
    protocol: Protocol

    def replace(self, graphs: dict[str, Sequence[str]]) -> None:
        """Replace the graphs by their lines; one without lines is taken away."""
        if self.protocol == "update":
            self._update(graphs)
        else:
            for name, lines in graphs.items():
                self._put(name, lines)

    def _update(self, graphs: dict[str, Sequence[str]]) -> None:
        operations = [f"CLEAR SILENT GRAPH <{name}>" for name in graphs]
        for name, lines in graphs.items():
            for batch in _batches(lines):
                operations.append(f"INSERT DATA {{ GRAPH <{name}> {{\n" + " .\n".join(batch) + "\n} }")
                if len(lines) > BATCH:
                    self._run(operations)
                    operations = []
        if operations:
            self._run(operations)

    def _run(self, operations: list[str]) -> None:
        self.endpoint.send("POST", " ;\n".join(operations).encode(), content_type="application/sparql-update")

    def _put(self, name: str, lines: Sequence[str]) -> None:
        if not lines:
            self.endpoint.send("DELETE", parameters={"graph": name}, may_be=(404,))
        for number, batch in enumerate(_batches(lines)):
            content = "".join(line + " .\n" for line in batch).encode()
            self.endpoint.send("POST" if number else "PUT", content, content_type="application/n-triples", parameters={"graph": name})


def _groups(names: Sequence[str], graphs: dict[str, list[str]]) -> Iterator[list[str]]:
    """The names in order, together so long as their triples fit into one batch."""
    group: list[str] = []
    size = 0
    for name in names:
        if group and size + len(graphs[name]) > BATCH:
            yield group
            group, size = [], 0
        group.append(name)
        size += len(graphs[name])
    if group:
        yield group


def _batches(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    return (lines[at:at + BATCH] for at in range(0, len(lines), BATCH))


def _ontology() -> list[str]:
    """The ontology's own triples: classes, predicates and concepts; it has no blank nodes."""
    triples = set()
    for name in ("kg.ttl", "schemes.ttl"):
        triples |= {str(quad.triple) for quad in pyoxigraph.parse(path=str(ontology_dir() / name), format=pyoxigraph.RdfFormat.TURTLE)}
    return sorted(triples)


def _hash(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()

"""Small SELECTs a second: what the endpoint of ``kg serve`` gives many clients, against what the same store answers in-process.

    python -m tests.benchmarks.serve GRAPH [SECONDS]      (default: 20 seconds a question)

Each kind of question is about one person or force after another, in-process and over HTTP alike; the last row has all kinds in turn. Over
HTTP it is asked in two ways: the same texts again and again, of which the server keeps the answers, and anew, where no text ever comes
twice (a comment tells the rounds apart), for which a worker is asked every time. In-process means what a program does that passes answers
on: ``kg.query.run`` on the open store, and the answer as JSON.

The clients are 32 connections of one process that ask again as soon as they are answered, and compare every answer with the in-process
one. A failed request ends the run. In-process, one thread has a core to itself; the clients, the server's front and its workers share the
machine's cores, and what each of them took of a processor for a question is told. As others may use the machine, which is told too (their
share of it), the two are measured in turn, a second at a time, and there is a second ratio, by processor: of what all cores would answer if
they had nothing else to do, to what one core would in-process. Seconds belong to a machine; what is comparable is the ratio.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import pyoxigraph

from kg.folder import open_folder
from kg.query import run
from kg.store import open_store
from tests.robustness.load import family

CLIENTS = 32
_ENTITIES = 500  # asked about, of a type; or as many as there are
#: what they are about, and the question
QUESTIONS = {
    "labels of a person": ("Person", "SELECT ?name ?type { %s rdfs:label ?name ; a ?type }"),
    "ten people of a force": ("PoliceForce", "SELECT ?person ?name { ?person kg:memberOf %s ; rdfs:label ?name } LIMIT 10"),
    "facts of a person with sentences": ("Person", """SELECT ?predicate ?object ?status ?document ?sentence {
        ?fact kg:subject %s ; kg:predicate ?predicate ; kg:object ?object ; kg:status ?status ;
              prov:wasDerivedFrom/dct:identifier ?document ; kg:evidence/oa:hasSelector/oa:exact ?sentence } LIMIT 20"""),
}
_ROUND = 1.0  # seconds over HTTP, before a quarter as many in-process


class Asked(NamedTuple):
    """A question and its answer."""

    query: str
    answer: bytes


@dataclass
class Figures:
    """What was seen of one kind of question."""

    answered: int = 0  #: over HTTP
    took: float = 0.0  #: and the seconds
    alone: int = 0  #: in-process
    alone_took: float = 0.0
    #: seconds of a processor that the front, the workers, the clients, the thread alone, and all of the machine over HTTP, have taken
    processor: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def row(self) -> str:
        """As cells of Markdown."""
        cores, share = os.cpu_count() or 1, {name: self.processor[name] / self.answered for name in _SHARES}
        ratio = (self.answered / self.took) / (self.alone / self.alone_took)
        by_processor = cores * (self.processor["alone"] / self.alone) / sum(share.values())
        others = (self.processor["machine"] - sum(self.processor[name] for name in _SHARES)) / self.took / cores
        return (f"{self.alone / self.alone_took:,.0f} | {self.answered / self.took:,.0f} | {ratio:.2f} | {by_processor:.2f} "
                f"| {1e6 * self.processor['alone'] / self.alone:.0f} | {', '.join(f'{1e6 * one:.0f}' for one in share.values())} "
                f"| {max(0.0, others):.0%}")


_SHARES = ("front", "workers", "clients")


class _Client(asyncio.Protocol):
    """One connection: a request, its answer, the next."""

    def __init__(self, requests: Iterator[tuple[bytes, bytes]]) -> None:
        self.requests, self.answered, self.stopping, self._got = requests, 0, False, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def begin(self) -> asyncio.Future[None]:
        """Ask, and go on until ``stopping``; what comes is done when the last answer is there."""
        self.stopping, self.done = False, asyncio.get_running_loop().create_future()
        self._ask()
        return self.done

    def _ask(self) -> None:
        request, self.expected = next(self.requests)
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found or len(body) < len(self.expected) and head.startswith(b"HTTP/1.1 200"):
            return
        if not head.startswith(b"HTTP/1.1 200") or body != self.expected:
            self._fail(RuntimeError(f"a request failed: {head.splitlines()[0].decode()} {body[:200]!r}"))
            return
        self.answered, self._got = self.answered + 1, b""
        if not self.stopping:
            self._ask()
        elif not self.done.done():
            self.done.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(RuntimeError(f"a connection was lost ({error})"))

    def _fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


def _requests(authority: str, asked: Sequence[Asked], numbers: Iterator[int] | None) -> Iterator[tuple[bytes, bytes]]:
    """One request after another, and the body of its answer; a number is told in a comment of each, where there are any."""
    end = f" HTTP/1.1\r\nHost: {authority}\r\nAccept: application/sparql-results+json\r\n\r\n".encode()
    for start, answer in cycle([(f"GET /sparql?query={quote(query)}%23".encode(), answer) for query, answer in asked]):
        yield start + (b"" if numbers is None else b"%d" % next(numbers)) + end, answer


async def measure(address: str, server: int, store: pyoxigraph.Store, asked: Sequence[Asked], seconds: float, *, anew: bool) -> Figures:
    """The figures of some questions; with ``anew``, none is asked twice. Raises RuntimeError where a request fails."""
    loop, parts = asyncio.get_running_loop(), urlsplit(address)
    host, port = parts.hostname or "", parts.port or 0
    requests = _requests(parts.netloc, asked, count() if anew else None)
    clients = [(await loop.create_connection(lambda: _Client(requests), host, port))[1] for _ in range(CLIENTS)]
    found, alone = Figures(), cycle(asked)
    while found.took < seconds:
        before, began = _processor(server), time.perf_counter()
        ends = [client.begin() for client in clients]
        await asyncio.wait(ends, timeout=_ROUND, return_when=asyncio.FIRST_EXCEPTION)
        for client in clients:
            client.stopping = True
        await asyncio.gather(*ends)
        found.took += time.perf_counter() - began
        for process, spent in _processor(server).items():
            name = {server: "front", os.getpid(): "clients", 0: "machine"}.get(process, "workers")
            found.processor[name] += spent - before.get(process, 0.0)
        began, spent = time.perf_counter(), time.process_time()
        while time.perf_counter() - began < _ROUND / 4:
            _answer(store, f"{next(alone).query}#{found.alone}")
            found.alone += 1
        found.alone_took += time.perf_counter() - began
        found.processor["alone"] += time.process_time() - spent
    for client in clients:
        client.transport.close()
    found.answered = sum(client.answered for client in clients)
    return found


def _answer(store: pyoxigraph.Store, query: str) -> bytes:
    rows = run(store, query)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    return rows.serialize(format=pyoxigraph.QueryResultsFormat.JSON) or b""


def _about(store: pyoxigraph.Store, kind: str, question: str) -> list[Asked]:
    """The question about one entity of a kind after another, and the answers."""
    entities = run(store, f"SELECT ?entity {{ ?entity a kg:{kind} }} ORDER BY ?entity LIMIT {_ENTITIES}")
    assert isinstance(entities, pyoxigraph.QuerySolutions)
    queries = [question % row["entity"] for row in entities]
    return [Asked(query, _answer(store, query)) for query in queries]


def _in_turn(kinds: Iterable[Sequence[Asked]]) -> list[Asked]:
    """One of each kind after another; a kind that has fewer begins again."""
    turns = [cycle(asked) for asked in kinds]
    return [next(turn) for _ in range(_ENTITIES) for turn in turns]


def _processor(server: int) -> dict[int, float]:
    """Seconds of a processor that the server's front, each of its workers and this process have taken, and (0) all of the machine."""
    hertz = os.sysconf("SC_CLK_TCK")
    user, nice, system, _, _, *interrupts = map(int, Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:8])
    found = {0: (user + nice + system + sum(interrupts)) / hertz, os.getpid(): time.process_time()}
    for process in family(server):
        with suppress(OSError):  # it has ended
            fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            found[process] = (int(fields[11]) + int(fields[12])) / hertz
    return found


def main(graph: str, seconds: float = 20.0) -> None:
    import uvloop

    store = open_store(open_folder(Path(graph)))
    kinds = {name: _about(store, kind, question) for name, (kind, question) in QUESTIONS.items()}
    kinds["all of them in turn"] = _in_turn(kinds.values())
    words = [sys.executable, "-m", "kg", "serve", "-g", graph, "--port", "0", "--quiet"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().strip()  # type: ignore[union-attr]
        print(f"{CLIENTS} clients, {seconds:g} s each, {os.cpu_count()} cores\n")
        print("| question | bytes | asked | in-process, a second | over HTTP, a second | ratio | by processor | in-process, µs "
              "| front, workers, clients, µs | others |")
        print("|---|---|---|---|---|---|---|---|---|---|")
        for name, asked in kinds.items():
            for anew in (False, True):
                found = uvloop.run(measure(address, server.pid, store, asked, seconds, anew=anew))
                length = sum(len(one.answer) for one in asked) / len(asked)
                print(f"| {name} | {length:,.0f} | {'anew' if anew else 'again'} | {found.row()} |", flush=True)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:3]))

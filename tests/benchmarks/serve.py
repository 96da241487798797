"""Small SELECTs a second: what the endpoint of ``kg serve`` gives many clients, against what the same store answers in-process.

    python -m tests.benchmarks.serve GRAPH [SECONDS]      (default: 20 seconds a question)

Each kind of question is about one person or force after another, in-process and over HTTP alike; the last row has all kinds in turn. Over
HTTP it is asked in two ways: the same texts again and again, of which the server keeps the answers, and anew, where no text ever comes twice
(a comment tells the rounds apart), for which a worker is asked every time. In-process means what a program does that passes answers on:
``kg.query.run`` on the open store, and the answer as JSON.

The clients are 32 connections of one process that ask again as soon as they are answered, and compare every answer with the in-process
one. A failed request ends the run. In-process, one thread has a core to itself; the clients, the server's front and its workers share the
machine's cores, and what each of them took of a processor for a question is told. Seconds belong to a machine; what is comparable is the ratio.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import count, cycle, repeat
from pathlib import Path
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
Asked = tuple[str, bytes]  #: a question, and its answer


class _Client(asyncio.Protocol):
    """One connection: a request, its answer, the next."""

    def __init__(self, requests: Iterator[tuple[bytes, bytes]], done: asyncio.Future[None]) -> None:
        self.requests, self.done = requests, done
        self.answered, self.stopping, self._got = 0, False, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._ask()

    def _ask(self) -> None:
        request, self.expected = next(self.requests)
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found or len(body) < len(self.expected) and head.startswith(b"HTTP/1.1 200"):
            return
        if not head.startswith(b"HTTP/1.1 200") or body != self.expected:
            self._end(RuntimeError(f"a request failed: {head.splitlines()[0].decode()} {body[:200]!r}"))
            return
        self.answered, self._got = self.answered + 1, b""
        if self.stopping:
            self._end(None)
        else:
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        self._end(RuntimeError(f"a connection was lost ({error})"))

    def _end(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error) if error else self.done.set_result(None)
        self.transport.close()


async def over_http(address: str, asked: Sequence[Asked], seconds: float, *, anew: bool) -> tuple[int, float]:
    """The answers to all clients together, and the seconds they took; with ``anew``, no question is asked twice."""
    loop, parts = asyncio.get_running_loop(), urlsplit(address)
    end = f" HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: application/sparql-results+json\r\n\r\n".encode()
    known = [(f"GET /sparql?query={quote(query)}%23".encode(), answer) for query, answer in asked]
    requests = ((start + b"%d" % number + end, answer)
                for number, (start, answer) in zip(count() if anew else repeat(0), cycle(known), strict=False))
    ends = [loop.create_future() for _ in range(CLIENTS)]
    clients = [(await loop.create_connection(lambda done=done: _Client(requests, done), parts.hostname, parts.port))[1] for done in ends]
    began = time.perf_counter()
    await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    answered, took = sum(client.answered for client in clients), time.perf_counter() - began
    for client in clients:
        client.stopping = True
    await asyncio.gather(*ends)
    return answered, took


def in_process(store: pyoxigraph.Store, asked: Sequence[Asked], seconds: float) -> float:
    """Answers a second of one thread."""
    began = time.perf_counter()
    for number, (query, _) in enumerate(cycle(asked)):
        _answer(store, f"{query}#{number}")
        if (took := time.perf_counter() - began) >= seconds:
            break
    return (number + 1) / took


def _answer(store: pyoxigraph.Store, query: str) -> bytes:
    return run(store, query).serialize(format=pyoxigraph.QueryResultsFormat.JSON) or b""  # type: ignore[union-attr,call-overload]


def _about(store: pyoxigraph.Store, kind: str, question: str) -> list[Asked]:
    """The question about one entity of a kind after another, and the answers."""
    found = run(store, f"SELECT ?entity {{ ?entity a kg:{kind} }} ORDER BY ?entity LIMIT {_ENTITIES}")
    queries = [question % row["entity"] for row in found]  # type: ignore[index,union-attr]
    return [(query, _answer(store, query)) for query in queries]


def _processor(front: int) -> tuple[float, float, float]:
    """Seconds of a processor that the server's front, its workers and this process have taken."""
    def taken(process: int) -> float:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    return taken(front), sum(taken(one) for one in family(front)[1:]), time.process_time()


def main(graph: str, seconds: float = 20.0) -> None:
    import uvloop

    store = open_store(open_folder(Path(graph)))
    rows = {name: _about(store, kind, question) for name, (kind, question) in QUESTIONS.items()}
    rows["all of them in turn"] = [asked for some in zip(*(_turns(asked) for asked in rows.values()), strict=True) for asked in some]
    words = [sys.executable, "-m", "kg", "serve", "-g", graph, "--port", "0", "--quiet"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().strip()  # type: ignore[union-attr]
        print(f"{CLIENTS} clients, {seconds:g} s each, {os.cpu_count()} cores; µs of a processor for a question: front, worker, client\n")
        print("| question | bytes | in-process, a second | again, a second | ratio | µs | anew, a second | ratio | µs |")
        print("|---|---|---|---|---|---|---|---|---|")
        for name, asked in rows.items():
            alone = in_process(store, asked, min(seconds, 5.0))
            cells = [name, f"{sum(len(answer) for _, answer in asked) / len(asked):,.0f}", f"{alone:,.0f}"]
            for anew in (False, True):
                before = _processor(server.pid)
                answered, took = uvloop.run(over_http(address, asked, seconds, anew=anew))
                shares = (1e6 * (after - one) / answered for one, after in zip(before, _processor(server.pid), strict=True))
                cells += [f"{answered / took:,.0f}", f"{answered / took / alone:.2f}", ", ".join(f"{share:.0f}" for share in shares)]
            print("| " + " | ".join(cells) + " |", flush=True)
    finally:
        server.terminate()
        server.wait()


def _turns(asked: Sequence[Asked]) -> list[Asked]:
    """As many of them as of any other kind, begun again where there are fewer."""
    turns = cycle(asked)
    return [next(turns) for _ in range(_ENTITIES)]


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:3]))

"""Small SELECTs a second: what the endpoint of ``kg serve`` gives many clients, against what the same store answers in-process.

    python -m tests.benchmarks.serve GRAPH [SECONDS]      (default: 20 seconds a question)

Every question is asked in two ways: the same again and again, of which the server keeps the answer, and never the same twice (a comment at
the end tells each from the others), for which a worker is asked every time.

The clients are 32 connections of one process that ask again as soon as they are answered, and compare every answer with the in-process
one. A failed request ends the run. They, the server's front and its workers share the machine's cores; in-process, one thread has a core to
itself. Seconds belong to a machine; what is comparable is the ratio.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count, repeat
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyoxigraph

from kg.folder import open_folder
from kg.query import run
from kg.store import open_store

CLIENTS = 32
_BUSIEST = """SELECT ?s (COUNT(?fact) AS ?n) { ?fact a kg:Assertion ; kg:subject ?s . ?s a kg:Person }
    GROUP BY ?s ORDER BY DESC(?n) ?s LIMIT 1"""
QUESTIONS = {
    "labels of a person": "SELECT ?name ?type { %s rdfs:label ?name ; a ?type }",
    "ten people": "SELECT ?person ?name { ?person a kg:Person ; rdfs:label ?name } LIMIT 10",
    "facts of a person with sentences": """SELECT ?predicate ?object ?status ?document ?sentence {
        ?fact kg:subject %s ; kg:predicate ?predicate ; kg:object ?object ; kg:status ?status ;
              prov:wasDerivedFrom/dct:identifier ?document ; kg:evidence/oa:hasSelector/oa:exact ?sentence } LIMIT 20""",
}


class _Client(asyncio.Protocol):
    """One connection: a request, its answer, the next."""

    def __init__(self, requests: Iterator[bytes], expected: bytes, done: asyncio.Future[None]) -> None:
        self.requests, self.expected, self.done = requests, expected, done
        self.answered, self.stopping, self._got = 0, False, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.transport.write(next(self.requests))

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
            self.transport.write(next(self.requests))

    def connection_lost(self, error: Exception | None) -> None:
        self._end(RuntimeError(f"a connection was lost ({error})"))

    def _end(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error) if error else self.done.set_result(None)
        self.transport.close()


async def over_http(address: str, query: str, expected: bytes, seconds: float, *, anew: bool) -> float:
    """Answers a second to all clients together; with ``anew``, no question is asked twice."""
    loop, parts = asyncio.get_running_loop(), urlsplit(address)
    start = f"GET /sparql?query={quote(query)}".encode()
    end = f" HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: application/sparql-results+json\r\n\r\n".encode()
    requests = (start + b"%%23%d" % number + end for number in count()) if anew else repeat(start + end)
    ends = [loop.create_future() for _ in range(CLIENTS)]
    clients = [(await loop.create_connection(lambda done=done: _Client(requests, expected, done), parts.hostname, parts.port))[1]
               for done in ends]
    began = time.perf_counter()
    await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    answered, took = sum(client.answered for client in clients), time.perf_counter() - began
    for client in clients:
        client.stopping = True
    await asyncio.gather(*ends)
    return answered / took


def in_process(store: pyoxigraph.Store, query: str, seconds: float) -> float:
    """Answers a second of one thread."""
    began, answered = time.perf_counter(), 0
    while (took := time.perf_counter() - began) < seconds:
        run(store, query).serialize(format=pyoxigraph.QueryResultsFormat.JSON)
        answered += 1
    return answered / took


def main(graph: str, seconds: float = 20.0) -> None:
    import uvloop

    store = open_store(open_folder(Path(graph)))
    person = f"<{next(iter(run(store, _BUSIEST)))['s'].value}>"
    words = [sys.executable, "-m", "kg", "serve", "-g", graph, "--port", "0", "--quiet"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().strip()  # type: ignore[union-attr]
        print(f"{CLIENTS} clients, {seconds:g} s each\n")
        print("| question | bytes | in-process, a second | again, a second | ratio | anew, a second | ratio |")
        print("|---|---|---|---|---|---|---|")
        for name, question in QUESTIONS.items():
            query = question % person if "%s" in question else question
            expected = run(store, query).serialize(format=pyoxigraph.QueryResultsFormat.JSON)
            alone = in_process(store, query, min(seconds, 5.0))
            again, anew = (uvloop.run(over_http(address, query, expected, seconds, anew=anew)) for anew in (False, True))
            print(f"| {name} | {len(expected):,} | {alone:,.0f} | {again:,.0f} | {again / alone:.2f} | {anew:,.0f} | {anew / alone:.2f} |",
                  flush=True)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:3]))

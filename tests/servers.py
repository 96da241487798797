"""SPARQL servers for tests, on loopback: a real Virtuoso, and a small one around pyoxigraph that can also be made to fail."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph

USER = PASSWORD = "dba"

_INI = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = {buffers}
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = {rows}
DefaultQuery = ASK {{}}
"""


@dataclass(frozen=True)
class Addresses:
    """Where a server is asked, and where it is written to."""

    query: str
    update: str
    graph_store: str
    sql: str = ""  #: where Virtuoso takes statements of its own


@contextmanager
def virtuoso(folder: Path, *, buffers: int = 10_000, rows: int = 10_000) -> Iterator[Addresses]:
    """A Virtuoso 7 with its database in the folder, from which it may load files; its user and password are dba.

    ``buffers`` of 8 KiB are its memory, ``rows`` the most that it gives as an answer.
    """
    sql, http = _free_port(), _free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(folder=folder, sql=sql, http=http, buffers=buffers, rows=rows))
    base = f"http://127.0.0.1:{http}"
    program = shutil.which("virtuoso-t") or "virtuoso-t"
    with (folder / "out.log").open("wb") as log:
        process = subprocess.Popen([program, "-f", "-c", str(folder / "virtuoso.ini")], cwd=folder, stdout=log, stderr=log)
    try:
        _wait(f"{base}/sparql?query=ASK%20%7B%7D", process)
        yield Addresses(f"{base}/sparql", f"{base}/sparql-auth", f"{base}/sparql-graph-crud-auth", f"127.0.0.1:{sql}")
    finally:
        process.kill()  # its database is thrown away, and a proper end would first write it out
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < until, "Virtuoso does not start"
            time.sleep(0.2)


@dataclass
class SmallServer:
    """A store behind the three protocols; ``faults`` says what to do instead of answering the next requests, None for nothing."""

    store: pyoxigraph.Store = field(default_factory=pyoxigraph.Store)
    faults: list[str | None] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)  #: method and address of what was asked
    union: bool = True  #: whether a plain question sees all named graphs
    at: str = ""

    @property
    def addresses(self) -> Addresses:
        return Addresses(f"{self.at}/query", f"{self.at}/update", f"{self.at}/data")


@contextmanager
def small_server() -> Iterator[SmallServer]:
    """A server around pyoxigraph on a free port of loopback."""
    state = SmallServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            state.requests.append((self.command, self.path))
            fault = state.faults.pop(0) if state.faults else None
            if fault == "die":
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
            elif fault == "sleep":
                time.sleep(1)
                self.answer(200, b"")
            elif fault == "partial":
                self.answer(200, b'{"head": {}, "boolean": true}', "application/sparql-results+json", **{"X-SPARQL-MaxRows": "1"})
            elif fault:
                status, _, said = fault.partition(" ")
                self.answer(int(status), said.encode(), Location="http://elsewhere.example/")
            else:
                self.serve(body)

        do_GET = do_POST = do_PUT = do_DELETE = handle_any

        def serve(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            try:
                if parts.path == "/update":
                    state.store.update(body.decode())
                    self.answer(204, b"")
                elif parts.path == "/data":
                    self.data(parse_qs(parts.query)["graph"][0], body)
                elif parts.path == "/query":
                    self.ask(parse_qs(body.decode())["query"][0])
                else:
                    self.answer(404, b"nothing here")
            except SyntaxError as error:
                self.answer(400, str(error).encode())

        def data(self, name: str, body: bytes) -> None:
            graph = pyoxigraph.NamedNode(name)
            if self.command == "DELETE" and not state.store.contains_named_graph(graph):
                self.answer(404, b"no such graph")
                return
            if self.command != "POST":
                state.store.remove_graph(graph)
            if self.command != "DELETE":
                state.store.load(body, format=pyoxigraph.RdfFormat.N_TRIPLES, to_graph=graph)
            self.answer(204, b"")

        def ask(self, sparql: str) -> None:
            result = state.store.query(sparql, use_default_graph_as_union=state.union)
            if isinstance(result, pyoxigraph.QueryTriples):
                self.answer(200, result.serialize(format=pyoxigraph.RdfFormat.N_TRIPLES), "application/n-triples")
            else:
                self.answer(200, result.serialize(format=pyoxigraph.QueryResultsFormat.JSON), "application/sparql-results+json")

        def answer(self, status: int, content: bytes, kind: str = "text/plain", **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.at = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()

"""A real server for tests: ``kg serve`` as a process of its own, on a free port of this machine."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from kg.config import Config
from kg.folder import replacing
from kg.store import write_store

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    address: str  #: with a slash at its end
    process: subprocess.Popen[str]

    @property
    def authority(self) -> tuple[str, int]:
        parts = urlsplit(self.address)
        return str(parts.hostname), int(parts.port or 0)

    def request(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(*self.authority, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path: str, accept: str = "*/*", **parameters: str) -> Answer:
        return self.request("GET", path + ("?" + urlencode(parameters) if parameters else ""), headers={"Accept": accept})

    def ask(self, query: str, accept: str = "application/sparql-results+json") -> Answer:
        return self.get("/sparql", accept, query=query)


@contextmanager
def serving(graph: Path, *options: str, log: Path | None = None) -> Iterator[Server]:
    """A server of a graph folder while the block runs; what it says goes to the file ``log``."""
    with (log or Path("/dev/null")).open("w") as said:
        process = subprocess.Popen([sys.executable, "-m", "kg", "serve", "-g", str(graph), "--port", "0", *options],
                                   stdout=subprocess.PIPE, stderr=said, text=True, cwd=ROOT)
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            assert address, "the server did not start"
            yield Server(address, process)
        finally:
            process.terminate()
            process.wait(20)
            process.stdout.close()


def write_graph(path: Path, nquads: str) -> Path:
    """A graph folder that holds the quads and no documents."""
    with replacing(path) as folder:
        folder.nquads.write_text(nquads, encoding="utf-8")
        folder.write_manifest({"config": Config().as_dict(), "documents": []})
        write_store(folder.nquads, folder.store)
    return path

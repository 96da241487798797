"""``kg serve`` under load: clients that ask as they should, and as many that are slow, endless, huge, malformed or greedy.

    python -m tests.robustness.load GRAPH [SECONDS]      (default: 600)

The good clients ask a page or a question, look at the answer for a second, and ask the next; they compare it with the first of its
kind, given before the load began; what they ask the endpoint nobody has asked before. The bad ones do what they do as fast as the server
lets them; what they are told is counted, and none may be told that kg is at fault. Memory, descriptors and processes are sampled once a
second over the server and its workers (Linux).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

GOOD, BAD = 32, 32
PATIENCE = 60.0  #: seconds a good client waits for an answer before it counts as failed
#: Megabytes that the server and its workers may hold more after a load than before it.
SLACK = 48

_ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
_GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f ?b"
_COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_BIG = "SELECT * { ?s ?p ?o }"
_PEOPLE = "SELECT ?person ?name { ?person a kg:Person ; rdfs:label ?name } ORDER BY ?name ?person LIMIT 20"
_FACTS = "SELECT ?s ?p ?o { ?f a kg:Assertion ; kg:subject ?s ; kg:predicate ?p ; kg:object ?o } LIMIT 20"
_ASKED = ("/", "/search?q=police", "/facts?status=alleged", "/questions", "/help", "/serve.css", "/static/query.js",
          "/sparql?query=" + quote(_PEOPLE), "/sparql?query=" + quote(_FACTS), "/sparql?query=" + quote("ASK { ?p a kg:Person }"))


@dataclass
class Figures:
    """What was seen."""

    seconds: float
    made: int = 0  #: good requests
    answers: list[tuple[float, float]] = field(default_factory=list)  #: those answered rightly: when, and the seconds it took
    failures: Counter[str] = field(default_factory=Counter)  #: of good requests
    bad: Counter[str] = field(default_factory=Counter)  #: requests made, by kind
    told: Counter[str] = field(default_factory=Counter)  #: status the bad ones were given, or what became of the connection
    faults: list[str] = field(default_factory=list)  #: answers to anybody that confess a fault: status 500, a traceback
    samples: list[tuple[float, int, int, int]] = field(default_factory=list)  #: seconds, bytes resident, descriptors, processes
    triples: int = 0  #: of the graph that is served
    busy: float = 0.0  #: processes of the whole machine that ran or could have run, the mean of the last minutes
    before: tuple[int, int, int] = (0, 0, 0)  #: bytes, descriptors, processes when idle before
    after: tuple[int, int, int] = (0, 0, 0)  #: and after

    @property
    def answered(self) -> int:
        return len(self.answers)

    def rate(self, begin: float = 0.0) -> float:
        """Good requests answered rightly in a second, from a share of the time on."""
        return sum(begin * self.seconds <= at <= self.seconds for at, _ in self.answers) / (self.seconds * (1 - begin))

    def quantile(self, share: float) -> float:
        """Seconds within which that share of the good requests was answered."""
        ordered = sorted(took for _, took in self.answers)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def resident(self, begin: float, end: float) -> float:
        """The mean of the memory resident between two shares of the time, in MB."""
        return statistics.mean(size for at, size, *_ in self.samples if begin <= at / self.seconds <= end) / 1e6

    def table(self) -> str:
        """As rows of Markdown."""
        peak = max(size for _, size, _, _ in self.samples) / 1e6
        rows = [
            ("clients", f"{GOOD} that ask as they should, {BAD} that do not"),
            ("seconds", f"{self.seconds:g}"),
            ("good requests answered rightly, of made", f"{self.answered:,} of {self.made:,}"),
            ("of which failed", ", ".join(f"{count} {name}" for name, count in self.failures.most_common()) or "none"),
            ("answered within, half of them and 99 per cent", f"{1000 * self.quantile(0.5):,.0f} ms, {1000 * self.quantile(0.99):,.0f} ms"),
            ("bad requests made", ", ".join(f"{count:,} {name}" for name, count in self.bad.most_common())),
            ("what they were told", ", ".join(f"{count:,} {name}" for name, count in self.told.most_common())),
            ("answers that confess a fault of kg", str(len(self.faults))),
            ("memory of all its processes, idle before", f"{self.before[0] / 1e6:,.0f} MB"),
            ("in the second third and the last third, mean", f"{self.resident(1 / 3, 2 / 3):,.0f} MB, {self.resident(2 / 3, 1):,.0f} MB"),
            ("peak, and idle after", f"{peak:,.0f} MB, {self.after[0] / 1e6:,.0f} MB"),
            ("descriptors of the server, idle before and after", f"{self.before[1]}, {self.after[1]}"),
            ("processes, idle before and after", f"{self.before[2]}, {self.after[2]}"),
        ]
        return "| | |\n|---|---|\n" + "".join(f"| {name} | {value} |\n" for name, value in rows)


@contextmanager
def serving(graph: Path, *options: str) -> Iterator[tuple[str, int, int]]:
    """A server of a graph folder: host, port, and its process."""
    words = [sys.executable, "-m", "kg", "serve", "-g", str(graph), "--port", "0", "--quiet", *options]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        parts = urlsplit(process.stdout.readline().strip())  # type: ignore[union-attr]
        yield str(parts.hostname), int(parts.port or 0), process.pid
        if process.poll() is not None:
            raise RuntimeError(f"the server ended by itself, with code {process.returncode}")
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()  # type: ignore[union-attr]


def family(pid: int) -> list[int]:
    """A process, its children, theirs, and so on."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [one for word in task.read_text().split() for one in family(int(word))]
    return found


def _look(pid: int) -> tuple[int, int, int]:
    """Bytes resident in a process and all that came of it, open descriptors of the process, and how many processes they are."""
    size, alive = 0, 0
    for one in family(pid):
        with contextlib.suppress(OSError):
            pages = re.search(r"^VmRSS:\s+(\d+)", Path(f"/proc/{one}/status").read_text(), re.MULTILINE)
            size, alive = size + (1024 * int(pages[1]) if pages else 0), alive + 1
    return size, len(list(Path(f"/proc/{pid}/fd").iterdir())), alive


class _Load:
    """One run."""

    def __init__(self, host: str, port: int, pid: int, seconds: float, seed: int, bad: int) -> None:
        self.host, self.port, self.pid, self.enemies = host, port, pid, bad
        self.figures = Figures(seconds)
        self.random = random.Random(seed)
        self.right: dict[str, bytes] = {}
        self.end = 0.0

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=2**24)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    def request(self, path: str, more: str = "") -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n{more}\r\n".encode("latin-1")

    def post(self, size: str) -> bytes:
        return (f"POST /sparql HTTP/1.1\r\nHost: {self.host}\r\nContent-Type: application/sparql-query\r\n{size}\r\n\r\n").encode()

    async def answer(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        """A response: its status and body."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        length = re.search(r"\r\ncontent-length: *(\d+)", head)
        if length:
            body = await reader.readexactly(int(length[1]))
        elif "transfer-encoding: chunked" in head:
            parts = []
            while size := int((await reader.readline()).split(b";")[0], 16):
                parts.append((await reader.readexactly(size + 2))[:-2])
            await reader.readline()
            body = b"".join(parts)
        else:
            body = await reader.read()
        if status == 500 or b"Traceback (most recent call last)" in body or b"a fault of kg" in body:
            self.figures.faults.append(f"{status} {body[:300]!r}")
        return status, body

    async def good(self, number: int) -> None:
        """Ask one thing after another, ten on a connection, and look whether it is the right answer."""
        paths = itertools.cycle(_ASKED[number % len(_ASKED):] + _ASKED[:number % len(_ASKED)])
        while time.monotonic() < self.end:
            try:
                async with self.connected() as (reader, writer):
                    for path in itertools.islice(paths, 10):
                        if time.monotonic() >= self.end:
                            break
                        self.figures.made += 1
                        anew = f"%23{self.figures.made}" if "query=" in path else ""
                        began = time.monotonic()
                        writer.write(self.request(path + anew))
                        status, body = await asyncio.wait_for(self.answer(reader), PATIENCE)
                        if status != 200:
                            why = "" if body.startswith(b"<") else f" ({body[:100].decode(errors='replace').strip()})"
                            self.figures.failures[f"told {status} at {path.partition('?')[0]}{why}"] += 1
                        elif body != self.right[path]:
                            self.figures.failures[f"wrong at {path.partition('?')[0]}"] += 1
                        else:
                            now = time.monotonic()
                            self.figures.answers.append((self.figures.seconds - (self.end - now), now - began))
                        await asyncio.sleep(1)
            except (OSError, EOFError, TimeoutError, ValueError) as error:
                self.figures.failures[type(error).__name__] += 1

    async def bad(self, kind: str, act: Callable[[asyncio.StreamReader, asyncio.StreamWriter], asyncio.Future[None]]) -> None:
        """Do one bad thing after another; what becomes of it is counted."""
        while time.monotonic() < self.end:
            self.figures.bad[kind] += 1
            try:
                async with self.connected() as (reader, writer):
                    await asyncio.wait_for(act(reader, writer), max(0.1, self.end - time.monotonic()))
                    told = f"{(await asyncio.wait_for(self.answer(reader), max(0.1, self.end - time.monotonic())))[0]}"
            except TimeoutError:
                told = "time was up"
            except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
                told = "connection ended"
            self.figures.told[told] += 1
            await asyncio.sleep(0.05)

    async def dribbled_head(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in itertools.chain(self.request("/help")[:-2], itertools.cycle(b"X: y\r\n")):
            await _send(writer, bytes([byte]))
            await asyncio.sleep(0.3)

    async def dribbled_body(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _send(writer, self.post("Content-Length: 100000"))
        while True:
            await _send(writer, b"#")
            await asyncio.sleep(0.3)

    async def silent(self, reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(1)

    async def endless_chunks(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _send(writer, self.post("Transfer-Encoding: chunked"))
        while True:
            await _send(writer, b"4000\r\n" + b"#" * 0x4000 + b"\r\n")

    async def huge_body(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _send(writer, self.post(f"Content-Length: {10**12}"))
        while True:
            await _send(writer, b"#" * 2**16)

    async def endless_headers(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _send(writer, self.request("/help")[:-2])
        for number in itertools.count():
            await _send(writer, b"X-%d: %b\r\n" % (number, b"x" * 500))

    async def long_address(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _send(writer, self.request("/search?q=" + "a" * 2**20))

    async def long_query(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        query = b"SELECT * { VALUES ?x { " + b"1 " * 400_000 + b"} }"
        await _send(writer, self.post(f"Content-Length: {len(query)}") + query)

    async def deep_query(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        query = b"SELECT * " + b"{" * 100_000 + b"}" * 100_000
        await _send(writer, self.post(f"Content-Length: {len(query)}") + query)

    async def ask_anew(self, writer: asyncio.StreamWriter, query: str) -> None:
        """A question in words that nobody has used before, so that it is not known by them."""
        await _send(writer, self.request(f"/sparql?query={quote(query)}%23{self.random.random()}"))

    async def big_answer(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.ask_anew(writer, _BIG)

    async def whole_graph(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _send(writer, self.request("/graphs?default"))

    async def unread(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Asks for much, reads a little of it, and is silent for a while."""
        await self.ask_anew(writer, _BIG)
        await reader.readexactly(1000)
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.sleep(self.random.uniform(1, 20))
        raise ConnectionError

    async def left(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Asks what takes long, and has gone."""
        await self.ask_anew(writer, _ENDLESS)
        await asyncio.sleep(self.random.uniform(0, 0.5))
        raise ConnectionError

    async def endless_question(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.ask_anew(writer, _ENDLESS)

    async def greedy_question(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.ask_anew(writer, _GREEDY)

    async def malformed(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = f"Host: {self.host}\r\n"
        await _send(writer, self.random.choice([
            self.random.randbytes(300) + b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), b"\0" * 5000,
            b"GET / HTTP/9.9\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", f"GET / HTTP/1.1\r\n{host}{host}\r\n".encode(),
            f"GET /\0 HTTP/1.1\r\n{host}\r\n".encode(), f"FROB / HTTP/1.1\r\n{host}\r\n".encode(), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            f"POST /sparql HTTP/1.1\r\n{host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode(),
            f"POST /sparql HTTP/1.1\r\n{host}Content-Length: -1\r\n\r\n".encode(),
            f"POST /sparql HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n".encode(),
            self.request("/sparql?query=%FF%FE"), self.request("/sparql?query=SELECT"), self.request("/id/%00%0d%0a"),
            self.request("/../../etc/passwd"), self.request("/static/%2e%2e/%2e%2e/app.py"), self.request("http://evil.example/"),
            self.request("/facts?" + "&".join(f"a{n}=1" for n in range(3000))), self.request("/", "Accept: " + "a/b," * 9000 + "\r\n"),
            self.request("/", "".join(f"X-{n}: y\r\n" for n in range(4000))), self.request("/", "Connection: Upgrade\r\nUpgrade: h2c\r\n"),
        ]))

    async def half_closed(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _send(writer, self.random.choice([b"", b"GET / HT", self.request("/")[:-2], self.post("Content-Length: 9") + b"ASK"]))
        writer.write_eof()

    async def sample(self) -> None:
        began = time.monotonic()
        while time.monotonic() < self.end:
            self.figures.samples.append((time.monotonic() - began, *_look(self.pid)))
            await asyncio.sleep(1)

    async def run(self) -> Figures:
        for path in _ASKED:
            async with self.connected() as (reader, writer):
                writer.write(self.request(path))
                status, self.right[path] = await self.answer(reader)
                if status != 200:
                    raise RuntimeError(f"{path}: {status} before the load began")
        async with self.connected() as (reader, writer):
            writer.write(self.request("/sparql?query=" + quote(_COUNT)))
            answer = json.loads((await self.answer(reader))[1])
            self.figures.triples = int(answer["results"]["bindings"][0]["n"]["value"])
        await asyncio.sleep(1)
        self.figures.before = _look(self.pid)
        acts = (*[self.endless_question] * 5,  # so that there are more of them than workers
                self.dribbled_head, self.dribbled_body, self.silent, self.endless_chunks, self.huge_body, self.endless_headers,
                self.long_address, self.long_query, self.deep_query, self.big_answer, self.whole_graph, self.unread, self.left,
                self.greedy_question, self.malformed, self.half_closed)
        self.end = time.monotonic() + self.figures.seconds
        kinds = itertools.islice(itertools.cycle(acts), self.enemies)
        await asyncio.gather(self.sample(), *(self.good(number) for number in range(GOOD)),
                             *(self.bad(act.__name__.replace("_", " "), act) for act in kinds))  # type: ignore[arg-type]
        self.figures.busy = os.getloadavg()[1 if self.figures.seconds < 600 else 2]
        await self._rest()
        return self.figures

    async def _rest(self) -> None:
        """Wait until nothing is left to do, at most for as long as a question may run and connections stay open."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            await asyncio.sleep(1)
            self.figures.after = _look(self.pid)
            if self.figures.after[1:] == self.figures.before[1:]:
                return


async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()


def measure(graph: Path, seconds: float, *options: str, seed: int = 1, bad: int = BAD, warm: float = 0.0) -> Figures:
    """The figures of a server of ``graph`` started with ``options`` and put under load for so many seconds, by so many bad clients.

    What is loaded and kept at first use is no leak: after ``warm`` seconds of the same load before, memory has to stay what it is.
    """
    with serving(graph, *options) as (host, port, pid):
        if warm:
            asyncio.run(_Load(host, port, pid, warm, seed + 1, bad).run())
        return asyncio.run(_Load(host, port, pid, seconds, seed, bad).run())


def section(graph: Path, seconds: float = 600.0) -> str:
    """What stands in the statement."""
    figures = measure(graph, seconds)
    return f"""{figures.answered:,} of {figures.made:,} good requests answered rightly under load.

`kg serve` on a graph of {figures.triples:,} triples, and its clients on the same machine ({os.cpu_count()} cores; over the run
{figures.busy:.0f} processes wanted them at once, those of others included). Answered rightly is 200 with the same bytes as before the load.

{figures.table()}"""


def main(graph: str, seconds: float = 600.0) -> None:
    print(section(Path(graph), seconds))


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:3]))

"""Input that nobody thought of: sound input changed at random, and what must hold whatever comes in.

    python -m tests.robustness.fuzz [SECONDS] [TARGET...]        (default: 60 seconds for each target)
    python -m tests.robustness.fuzz --again                      what was found before, kept in tests/robustness/found/

What goes wrong is written to ``tests/robustness/found/TARGET-HASH`` to be mended, and stays there as a test.
"""

from __future__ import annotations

import atexit
import hashlib
import io
import json
import random
import re
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kg.folder import FORMAT
from kg.graph import Graph, write_nquads
from tests.robustness.nasty import _SOUND as SOUND
from tests.robustness.nasty import GOOD, UNITS, W, pdf, word

SEED = 9
FOUND = Path(__file__).parent / "found"
LONGEST = 50_000  # bytes of an input
_TOO_LONG = 20  # seconds of the processor for one input of some thousand bytes

Target = Callable[[bytes], None]

_DECISION = {"by": "Eve Dunn", "on": "2026-03-01", "why": "her own CV"}
_ADDRESS = {"document": "d7", "subject": "Jon Bell", "predicate": "convictedOf", "object": "theft", "status": "asserted",
            "words": "He did."}
_DECISIONS = [json.dumps({**about, **_DECISION}).encode() for about in (
    {"same": ["person/a.b", "person/c.d"]}, {"different": ["person/a.b", "person/c.d"]}, {"rename": "person/a.b", "to": "Ann"},
    {"reject": _ADDRESS}, {"accept": _ADDRESS}, {"correct": _ADDRESS, "to": {"status": "denied", "start": "2024"}},
    {"forget": "s:" + "0" * 64})]
_TABLE = b"file,title,date,source,url\ncharged.txt,Officer charged,2023-02-01,The Example,https://example.org/charged\n"
_QUERY = b'PREFIX kg: <https://policing-kg.example/ontology#> SELECT ?n { ?p a kg:Person ; rdfs:label ?n FILTER(?n != "x") } LIMIT 5'
_NAMES = [b"Sir Ann O\xe2\x80\x99Hart-Lowe QPM", b"PC 1234 Bell", b"d'Arcy", b"D/Supt Lee"]
_DAYS = [b"2024", b"2024-03", b"2024-03-31", b"2024-03-XX", b"19XX", b"2024-02-30", b"2024~", b"2024-03-31?"]
_PARAGRAPHS = b"<w:p><w:r><w:t>One</w:t><w:tab/></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Two</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
_DRAWN = (b"q 1 0 0 1 9 9 cm BT /F1 12 Tf 14 TL 72 720 Td (PC Frost) Tj T* [(was) -250 (charged)] TJ 0 Tc 0 Tw 100 Tz ET Q "
          b"/I Do BI /W 1 /H 1 ID x EI 0 0 9 9 re f")
_TELLING = [line.encode() for line in (
    GOOD, "Chief Constable Anna Wells will retire in May 2024, Kent Police said. She succeeded Brian Holt.",
    "“We will listen,” said DI Eve Dunn, 47, of the IOPC. The review, led by Sir Ann Hart, found poor supervision.",
    "Jurors cleared PC Jon Bell of rape at Leeds Crown Court on Monday; Sgt Kit Lowe, 31, was jailed for two years.")]


_TOKEN, _SECRET = b"@TOKEN@", b"what lies beside the graph"
_FORM = b"POST /review HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
_REQUESTS = [line + b" HTTP/1.1\r\nHost: localhost\r\nAccept: text/html, */*;q=0.5\r\n\r\n" for line in (
    b"GET /sparql?query=" + quote(_QUERY).encode(), b"GET /facts?status=alleged&about=Ann+Hart&page=1", b"GET /id/person/ann-hart",
    b"GET /review?about=Ann+Hart&kind=doubtful", b"GET /graphs?default", b"GET /questions/who-led?force=Kent+Police&on=2024-01-01&ask=")]
_REQUESTS += [b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n\r\n" + _QUERY,
              _FORM + b"token=@TOKEN@&decision=rename&thing=Ann+Hart&name=Ann+Hart-Lowe&by=Eve&why=her+own+CV&kind=&about=&page=1",
              _FORM + b"token=@TOKEN@&decision=correct&fact=d/headOf-1f2e&status=denied&by=Eve&why=read+it&page=2"]


def targets(with_model: bool = False, served: bool = False) -> dict[str, tuple[Target, list[bytes]]]:
    """What is fuzzed: a function that raises AssertionError (or anything) where something is wrong, and sound input to begin with.

    What needs the model, and a server, is among them where that is wanted.
    """
    found: dict[str, tuple[Target, list[bytes]]] = {
        kind: (partial(_read, f".{kind}"), [data]) for kind, data in SOUND.items()}
    found |= {"word": (lambda data: _read(".docx", word(data.decode("utf-8", "replace"))), [_PARAGRAPHS]),
              "content": (lambda data: _read(".pdf", pdf(data)), [_DRAWN])}  # what lies within, since the shell breaks at a touch
    found |= {"decisions": (_decision, _DECISIONS), "table": (_table, [_TABLE]), "readings": (_reading, [_kept()]),
              "query": (_query, [_QUERY]), "dates": (_day, _DAYS), "names": (_name, _NAMES), "manifest": (_manifest, [_described()]),
              "exports": (_exports, [GOOD.encode(), b"=1+1", b"<b>\xe2\x80\xae\x1b[2J"])}
    if with_model:
        found["extraction"] = (lambda data: extract(data.decode("utf-8", "replace").replace("\0", "")), _TELLING)
    if served:
        found["http"] = _request, _REQUESTS
    return found


# --- what must hold ----------------------------------------------------------------------------------------------------


def _read(suffix: str, data: bytes) -> None:
    from kg.documents.parts import Fault, Part
    from kg.documents.readers import read

    try:
        for item in read(data, suffix):
            assert isinstance(item, Fault | Part)
            if isinstance(item, Part):
                assert item.text.strip() and "\0" not in item.text
                f"{item.text}{item.meta}{item.id}".encode()
                assert 0 <= item.body_start <= len(item.text)
            else:
                assert item.message
    except Fault as fault:
        assert fault.message


def _decision(data: bytes) -> None:
    from kg.decisions import parse

    try:
        decision = parse(data.decode("utf-8", "surrogateescape"))
    except ValueError as error:
        assert str(error)
        return
    assert parse(decision.text) == decision and "\n" not in decision.text
    decision.text.encode()


def _table(data: bytes) -> None:
    from kg.documents.metadata import on_disk, read_table
    from kg.documents.parts import Fault
    from kg.documents.text import decode

    try:
        list(read_table(decode(data), partial(on_disk, Path(__file__).parent)))
    except Fault as fault:
        assert fault.message


def _kept() -> bytes:
    from kg import cache
    from kg.model import Chain, Fact, Mention, Reading

    chains = (Chain("Person", "Daniel Frost", (Mention(3, 15, "Daniel Frost", "Person"),)),)
    facts = (Fact("holdsRole", 0, "PC", "asserted", (0, 20), "rule", 0.5, None, None),)
    return cache.dump(Reading(_document(), chains, facts, 9), "0" * 64)


def _document() -> Any:
    from kg.model import Document

    return Document("good", GOOD)


def _reading(data: bytes) -> None:
    from kg import cache

    held = cache.load(data, _document(), "0" * 64)
    assert held is None or cache.load(cache.dump(held, "0" * 64), _document(), "0" * 64) == held
    head, _, body = data.partition(b"\n")  # and with the hash of whatever it holds, so that it is looked at
    body = body.partition(b"\n")[0]
    forged = json.dumps({"key": "0" * 64, "sha256": hashlib.sha256(body).hexdigest()}).encode() + b"\n" + body + b"\n"
    held = cache.load(forged, _document(), "0" * 64)
    if held is not None:
        assert all(0 <= m.start <= m.end <= len(GOOD) for chain in held.chains for m in chain.mentions)


@cache
def _small() -> Any:
    from tests.graphs import build, read

    return _stored(build(read("d", "P:Ann_Hart headOf F:Kent_Police asserted 2021", "P:Ann_Hart said We_listen asserted")))


def _stored(built: Graph) -> Any:
    from kg.store import memory_store

    with tempfile.NamedTemporaryFile(suffix=".nq") as file:
        write_nquads(built, file)
        file.flush()
        return memory_store(Path(file.name))


def _query(data: bytes) -> None:
    """SPARQL of any kind, and the same text as the name that a named question asks for: a query is run, or refused in a clear line."""
    from kg.errors import QueryError
    from kg.query import ask, named_query, run

    text = data.decode("utf-8", "replace")
    before = len(_small())
    for asked in (lambda: run(_small(), text), lambda: ask(_small(), named_query("about"), {"entity": text})):
        try:
            asked()
        except QueryError as error:
            assert str(error)
    assert len(_small()) == before


def _day(data: bytes) -> None:
    from kg.documents.metadata import day
    from kg.rdf.dates import bounds

    text = data.decode("utf-8", "replace")
    found = bounds(text)
    assert found is None or found.earliest <= found.latest
    with suppress(ValueError):
        assert len(day(text)) == 10


def _name(data: bytes) -> None:
    from kg import names
    from kg.folder import text_name

    text = data.decode("utf-8", "replace")
    for looked_at in (names.parse, names.tokens, names.person_key, names.is_full, names.fold):
        looked_at(text)
    assert "/" not in text_name(text) and len(text_name(text).encode()) < 255


def _described() -> bytes:
    return json.dumps({"format": FORMAT, "quads": 0, "config": {"base_iri": "https://x.example/id/", "model": None}, "documents": [],
                       "decisions": 0}).encode()


def _manifest(data: bytes) -> None:
    from kg.errors import GraphFolderError
    from kg.folder import open_folder

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "graph.nq").touch()
        Path(folder, "manifest.json").write_bytes(data)
        try:
            opened = open_folder(Path(folder))
            assert isinstance(opened.base_iri, str) and opened.decisions >= 0 and opened.quads >= 0
        except GraphFolderError as error:
            assert "\n" not in str(error)


def _exports(data: bytes) -> None:
    """A graph in which everything has the text for its name, in every format that can be read back here."""
    import rdflib

    from kg import export
    from tests.graphs import build, read

    text = data.decode("utf-8", "replace")
    reading = read("d", "P:Ann headOf F:Kent_Police asserted 2021", "P:Ann said O:x asserted", title=text, source=text)
    reading = replace(reading, chains=tuple(replace(chain, name=f"{chain.name} {text}") for chain in reading.chains),
                      facts=tuple(fact if isinstance(fact.object, int) else replace(fact, object=text) for fact in reading.facts))
    held = _stored(build(reading))
    triples = len(set(held))
    for form in export.formats():
        out = io.BytesIO()
        export.export(held, form, out)
        assert out.getvalue()
        if form in ("ttl", "nt"):
            assert len(rdflib.Graph().parse(data=out.getvalue(), format={"ttl": "turtle"}.get(form, form))) == triples


@cache
def _served() -> tuple[Any, bytes, Path]:
    """A server that writes decisions, which runs as long as this process; the token of its forms; and the folder of its graph."""
    from kg.config import Config
    from kg.folder import replacing
    from kg.store import write_store
    from tests.graphs import BASE, build, read
    from tests.server import serving

    stack = ExitStack()
    atexit.register(stack.close)
    around = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kg-fuzz-")))
    (around / "graph.secret").write_bytes(_SECRET)
    with replacing(around / "graph") as fresh:
        with fresh.nquads.open("wb") as out:
            write_nquads(build(read("d", "P:Ann_Hart headOf F:Kent_Police asserted 2021", "P:Bell accusedOf X:theft alleged")), out)
        fresh.write_manifest({"config": Config(base_iri=BASE).as_dict(), "documents": []})
        write_store(fresh.nquads, fresh.store)
    server = stack.enter_context(serving(around / "graph", "--quiet", "--edit", "--timeout", "5", log=around / "log"))
    token = re.search(r'name="token" value="([^"]+)"', server.get("/review", "text/html").text)
    assert token
    return server, token[1].encode(), around


def _request(data: bytes) -> None:
    """A request, whose body is announced as long as it is: it is answered, or the connection ends, and nothing but decisions is written."""
    from kg import decisions

    server, token, around = _served()
    head, _, body = data.replace(_TOKEN, token).partition(b"\r\n\r\n")
    said = bytearray()
    with socket.create_connection(server.authority, 3) as connection, suppress(ConnectionError, TimeoutError):
        connection.sendall(head + b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
        while part := connection.recv(2**16):
            said += part
    assert not said or re.match(rb"HTTP/1\.1 ([1-4]\d\d|503) ", said), bytes(said[:300])
    assert b"Traceback" not in said and b"a fault of kg" not in said and _SECRET not in said, bytes(said[:300])
    assert server.process.poll() is None and b"Traceback" not in (around / "log").read_bytes()
    written = {path.name for path in around.iterdir()} - {"graph", "graph.secret", "log"}
    assert {name for name in written if not name.startswith(".decisions.txt.")} <= {"decisions.txt"}, written
    if "decisions.txt" in written:
        decisions.read(around / "decisions.txt")


@cache
def _language() -> Any:
    from kg import language
    from kg.reference import Reference

    return language.load(), Reference.load()


def extract(text: str) -> None:
    """Read a text for facts, and look at what comes out."""
    from kg import annotate
    from kg.model import STATUSES, Document

    if not text.strip():
        return
    nlp, reference = _language()
    reading = annotate.read(nlp, Document("d", text), reference)
    for chain in reading.chains:
        assert chain.name and all(text[m.start:m.end] == m.text for m in chain.mentions)
    for fact in reading.facts:
        assert fact.status in STATUSES and 0 <= fact.evidence[0] <= fact.evidence[1] <= len(text) and 0 <= fact.confidence <= 1


# --- input changed at random -------------------------------------------------------------------------------------------

_PIECES = [*(unit.encode() * times for unit in UNITS.values() for times in (1, 30)), *(text.encode() for text in (
    "\0", "\ufeff", "\u202e", "\u200b", "\x1b[2J", "\r", "\n---\n", "{", "}", "[", "]", '"', "'", "\\", "<", ">", "</", "&#0;",
    "<![CDATA[", "<!--", "-->", "%PDF-", "stream", "endstream", "obj", "null", "true", "-1", "0", "99999999999999999999", "1e999", "NaN",
    "\U0001f46e\u200d♀️", "é", "ß", "İ", "ﬁ", "\ud7ff", "2021-02-30", "9999-12-31", "0000-00-00", "../../", "file:///etc/passwd",
    "javascript:alert(1)", "=cmd|' /C calc'!A0", "${x}", "{{x}}", "%s%n", "!!python/object",
    "Mr", "Mrs Lee", "of the", "Kent Police", "not guilty", "who", "said", "“", "”", "’s", "; ", "…", W))]


def changed(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """The input with some changes: bytes flipped, cut out, doubled, moved, put in."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(made) + 1)
        to = min(len(made), at + chance.choice((1, 1, 4, 40, 400)))
        kind = chance.randrange(7)
        if kind == 0 and made:
            made[min(at, len(made) - 1)] = chance.randrange(256)
        elif kind == 1:
            del made[at:to]
        elif kind == 2:
            made[at:at] = made[at:to] * chance.choice((1, 2, 50))
        elif kind == 3:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            made[at:to] = other[start:start + chance.choice((1, 10, 200))]
        else:
            made[at:at] = chance.choice(_PIECES)
    return bytes(made[:LONGEST])


def check(target: Target, data: bytes) -> str:
    """What is wrong with what comes of the input; nothing where all is well."""
    began = time.process_time()
    try:
        target(data)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:500]
    took = time.process_time() - began
    return f"took {took:.0f} s" if took > _TOO_LONG else ""


def tries(name: str, seconds: float = float("inf"), number: int | None = None, turn: int = 0) -> Iterator[tuple[bytes, str]]:
    """Inputs made of the target's own, one after another, and what was wrong with each; for so long, or so many. Each turn has others."""
    target, begun = targets(with_model=name == "extraction", served=name == "http")[name]
    chance, until = random.Random(f"{SEED} {name} {turn}"), time.monotonic() + seconds
    done = 0
    while time.monotonic() < until and (number is None or done < number):
        data = changed(chance.choice(begun), chance, begun)
        if chance.random() < 0.2:
            data = changed(data, chance, begun)
        done += 1
        yield data, check(target, data)


def kept() -> list[Path]:
    """The inputs that were found before."""
    return sorted(FOUND.glob("*-*"))


def keep(name: str, data: bytes) -> str:
    """Keep an input that was found, and give the name that it is kept under."""
    FOUND.mkdir(exist_ok=True)
    path = FOUND / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return path.name


def main(arguments: list[str], turn: int = 0) -> dict[str, Any]:
    if arguments[:1] == ["--again"]:
        every = targets(*(any(path.name.startswith(f"{name}-") for path in kept()) for name in ("extraction", "http")))
        return {path.name: said for path in kept()
                if (said := check(every[path.name.partition("-")[0]][0], path.read_bytes()))}
    seconds = float(arguments[0]) if arguments else 60
    report: dict[str, Any] = {}
    for name in arguments[1:] or targets(with_model=True, served=True):
        began, count, seen = time.monotonic(), 0, set()
        for data, said in tries(name, seconds, turn=turn):
            count += 1
            if said and said[:60] not in seen:
                seen.add(said[:60])
                print(f"{keep(name, data)}: {said}", flush=True)
        report[name] = {"inputs": count, "seconds": round(time.monotonic() - began), "found": len(seen)}
    return report


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:])))

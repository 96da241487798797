"""``kg serve`` as its clients meet it: formats, refusals, limits, safety, starting and stopping. The pages have tests of their own."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph
import pytest
from click.testing import CliRunner
from conftest import write_sample
from hypothesis import given
from hypothesis import strategies as st
from server import ROOT, Server, serving, write_graph

from kg.cli import cli
from kg.query import run
from kg.serve import negotiation, pool
from kg.serve.http import Refused, pairs
from kg.serve.limits import Limits
from kg.serve.pool import Answer, Kept
from kg.serve.protocol import GraphStore
from kg.serve.worker import pack

PEOPLE = "SELECT ?person ?name { ?person a kg:Person ; rdfs:label ?name } ORDER BY ?name"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
_NUMBERS = count()
HEADERS = {"content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options", "cross-origin-opener-policy",
           "cross-origin-resource-policy", "permissions-policy"}


def anew() -> str:
    """A small question that was never asked before, so that a worker has to answer it."""
    return f"ASK {{}} # {next(_NUMBERS)}"


@pytest.fixture(scope="module")
def server(sample_dir: Path) -> Iterator[Server]:
    with serving(sample_dir, "--quiet") as running:
        yield running


@pytest.fixture(scope="module")
def strict(sample_dir: Path) -> Iterator[Server]:
    """A server with little patience."""
    with serving(sample_dir, "--quiet", "--timeout", "1", "--memory", "48", "--max-rows", "5", "--workers", "2") as running:
        yield running


@pytest.mark.parametrize(("accept", "form"), [
    ("application/sparql-results+json", "json"), ("application/json", "json"), ("*/*", "json"), ("", "json"),
    ("application/sparql-results+xml", "xml"), ("application/xml;q=0.9, text/csv;q=0.2", "xml"), ("text/csv", "csv"),
    ("text/tab-separated-values", "tsv"), ("text/*;q=0.5, application/sparql-results+xml;q=0.4", "csv"),
])
def test_rows_come_in_the_format_asked_for(accept: str, form: str, server: Server, store: pyoxigraph.Store) -> None:
    answer = server.ask(PEOPLE, accept)
    assert (answer.status, answer.headers["content-type"]) == (200, negotiation.content_type(form))
    assert answer.headers["vary"] == "Accept"
    assert answer.body == run(store, PEOPLE).serialize(format=getattr(pyoxigraph.QueryResultsFormat, form.upper()))


@pytest.mark.parametrize(("accept", "syntax"), [
    ("text/turtle", pyoxigraph.RdfFormat.TURTLE), ("application/n-triples", pyoxigraph.RdfFormat.N_TRIPLES),
    ("application/ld+json", pyoxigraph.RdfFormat.JSON_LD), ("application/rdf+xml", pyoxigraph.RdfFormat.RDF_XML),
    ("*/*", pyoxigraph.RdfFormat.TURTLE),
])
def test_triples_come_in_the_format_asked_for(accept: str, syntax: pyoxigraph.RdfFormat, server: Server, store: pyoxigraph.Store) -> None:
    query = "CONSTRUCT WHERE { ?person a kg:Person ; rdfs:label ?name }"
    answer = server.ask(query, accept)
    assert (answer.status, answer.type) == (200, syntax.media_type)
    assert {str(quad.triple) for quad in pyoxigraph.parse(answer.body, format=syntax)} == {str(triple) for triple in run(store, query)}


def test_a_posted_query_is_answered_as_one_in_the_address(server: Server) -> None:
    expected = server.ask(PEOPLE).body
    direct = server.request("POST", "/sparql", PEOPLE.encode(), {"Content-Type": "application/sparql-query; charset=utf-8"})
    fields = urlencode({"query": PEOPLE}).encode()
    form = server.request("POST", "/sparql", fields, {"Content-Type": "application/x-www-form-urlencoded"})
    assert direct.body == form.body == expected


def test_every_kind_of_term_survives_every_format(tmp_path: Path) -> None:
    """Rows pass through TSV within the server; what comes out is what the library writes by itself."""
    terms = ['"a\\tb\\nc\\r\\"\\\\ \\u0007"', '"x"@en-GB', '"01"^^<http://www.w3.org/2001/XMLSchema#integer>', "_:b", "<http://e/a%20b>",
             '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"nan"^^<http://e/t>', '""',
             '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>', '"=1+1, \'"',
             '"1e0"^^<http://www.w3.org/2001/XMLSchema#double>', '"ğ𝄞 <script>"']
    graph = write_graph(tmp_path / "graph", "".join(f"<http://e/{at}> <http://e/p> {term} .\n" for at, term in enumerate(terms)))
    query = "SELECT ?s ?o ?none { ?s <http://e/p> ?o FILTER(!isBlank(?o)) } ORDER BY ?s"
    expected = pyoxigraph.Store.read_only(str(graph / "store")).query(query)
    with serving(graph, "--quiet") as running:
        assert running.ask(query).body == expected.serialize(format=pyoxigraph.QueryResultsFormat.JSON)
        assert json.loads(running.ask("SELECT ?o { ?s ?p ?o FILTER isBlank(?o) }").body)["results"]["bindings"][0]["o"]["type"] == "bnode"
        assert json.loads(running.ask("SELECT * {}").body)["results"]["bindings"] == [{}]


def test_what_cannot_be_given_is_refused_with_what_can(server: Server) -> None:
    answer = server.ask(PEOPLE, "image/png")
    assert answer.status == 406
    assert "application/sparql-results+json" in answer.text
    assert server.ask("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv").status == 406
    assert server.ask(PEOPLE, "text/turtle").status == 406


@pytest.mark.parametrize(("query", "said"), [
    ("SELECT ?x {\n  ?x a kg:Person ; }}", "line 2, column 22"),
    ("SELECT ?x { ?x a nope:Person }", "unknown prefix"),
    ("SELECT * { SERVICE <http://127.0.0.1:1/sparql> { ?s ?p ?o } }", "column 12: SERVICE is refused"),
    ("INSERT DATA { <a:a> <a:b> <a:c> }", "updates are refused"),
    ("<script>alert(1)</script>", "line 1, column 1"),
])
def test_a_wrong_query_is_refused_in_one_line(query: str, said: str, server: Server) -> None:
    answer = server.ask(query)
    assert answer.status == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert said in answer.text
    assert answer.text.count("\n") == 1


@pytest.mark.parametrize(("method", "path", "body", "media", "status"), [
    ("POST", "/sparql", b"update=DROP+ALL", "application/x-www-form-urlencoded", 403),
    ("POST", "/sparql", b"DROP ALL", "application/sparql-update", 403),
    ("GET", "/sparql?update=DROP+ALL", None, None, 403),
    ("POST", "/sparql", b"ASK{}", "text/plain", 415),
    ("POST", "/sparql", b"", "application/x-www-form-urlencoded", 400),
    ("POST", "/sparql", b"\xff\xfe", "application/sparql-query", 400),
    ("GET", "/sparql?query=%ff", None, None, 400),
    ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=a%20b", None, None, 400),
    ("DELETE", "/sparql", None, None, 405),
    ("PUT", "/graphs?default", b"", "text/turtle", 405),
    ("GET", "/graphs", None, None, 400),
    ("GET", "/graphs?graph=http://e/none", None, None, 404),
    ("GET", "/graphs?graph=none", None, None, 400),
    ("POST", "/facts", b"", None, 405),
    ("GET", "/nothing", None, None, 404),
    ("GET", "/static/../app.py", None, None, 404),
    ("GET", "/static/%2e%2e/app.py", None, None, 404),
    ("GET", "/id/../../../etc/passwd", None, None, 404),
    ("GET", "/id/a%20b", None, None, 404),
    ("GET", "/facts?predicate=nope", None, None, 400),
    ("GET", "/facts?confidence=nan", None, None, 400),
    ("GET", "/facts?page=0", None, None, 400),
    ("GET", "/questions/nope", None, None, 404),
])
def test_refusals(method: str, path: str, body: bytes | None, media: str | None, status: int, server: Server) -> None:
    answer = server.request(method, path, body, {"Content-Type": media} if media else {})
    assert answer.status == status
    assert answer.headers.keys() >= HEADERS


def test_a_graph_is_read_whole(server: Server, store: pyoxigraph.Store) -> None:
    turtle = server.get("/graphs?default", "text/turtle")
    assert (turtle.status, turtle.type, int(turtle.headers["content-length"])) == (200, "text/turtle", len(turtle.body))
    found = {str(quad.triple) for quad in pyoxigraph.parse(turtle.body, format=pyoxigraph.RdfFormat.TURTLE)}
    assert found == {str(quad.triple) for quad in store}
    assert server.get("/graphs?graph=", "text/turtle").status == 400
    head = server.request("HEAD", "/graphs?default", headers={"Accept": "application/n-triples"})
    assert (head.status, head.type, head.body) == (200, "application/n-triples", b"")


def test_fetching_a_graph_leaves_no_file_behind(sample_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serving(sample_dir, "--quiet") as running:
        assert running.get("/graphs?default").status == 200
        assert running.get("/graphs?graph=http://e/none").status == 404
        with socket.create_connection(running.authority, timeout=20) as connection:
            connection.sendall(b"GET /graphs?default HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for _ in range(100):
            if not any(tmp_path.iterdir()):
                break
            time.sleep(0.1)
        assert list(tmp_path.iterdir()) == []


def test_a_named_graph_is_read_and_asked(tmp_path: Path) -> None:
    quads = "<http://e/a> <http://e/p> <http://e/b> <http://e/g> .\n<http://e/c> <http://e/p> <http://e/d> .\n"
    graph = write_graph(tmp_path / "graph", quads)
    with serving(graph, "--quiet") as running:
        assert running.get("/graphs?graph=http://e/g", "application/n-triples").text == "<http://e/a> <http://e/p> <http://e/b> .\n"
        assert running.get("/graphs?default", "application/n-triples").text == "<http://e/c> <http://e/p> <http://e/d> .\n"
        chosen = {"default-graph-uri": "http://e/g", "query": "SELECT ?s { ?s ?p ?o }"}
        assert running.get("/sparql", "text/csv", **chosen).text.split() == ["s", "http://e/a"]


def test_a_long_question_is_stopped_and_the_next_ones_answered(strict: Server) -> None:
    began = time.monotonic()
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(strict.ask(ENDLESS))) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    assert strict.ask(anew()).status == 200  # it waits until one of the two is stopped
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 15
    assert [answer.status for answer in answers] == [503, 503]
    assert "ran longer than 1 seconds" in answers[0].text
    assert all(strict.ask(anew()).status == 200 for _ in range(5))


def test_short_questions_at_hand_are_given_to_others_when_one_takes_long(sample_dir: Path) -> None:
    with serving(sample_dir, "--quiet", "--timeout", "30", "--workers", "2") as running:
        statuses: list[int] = []
        for _ in range(3):
            long = socket.create_connection(running.authority, timeout=20)
            long.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            began = time.monotonic()
            threads = [threading.Thread(target=lambda: statuses.append(running.ask(anew()).status)) for _ in range(12)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert time.monotonic() - began < 10
            long.close()
            time.sleep(2.5)  # the long one is called off
        assert statuses == [200] * 36


def test_a_short_question_does_not_wait_for_a_long_one(strict: Server) -> None:
    thread = threading.Thread(target=lambda: strict.ask(ENDLESS))
    thread.start()
    time.sleep(0.2)
    began = time.monotonic()
    assert strict.ask(anew()).status == 200
    assert time.monotonic() - began < 0.6
    thread.join()


def test_short_questions_are_answered_while_more_long_ones_are_asked_than_there_are_workers(sample_dir: Path) -> None:
    with serving(sample_dir, "--quiet", "--timeout", "120", "--workers", "2") as running, contextlib.ExitStack() as stack:
        for _ in range(4):
            long = stack.enter_context(socket.create_connection(running.authority, timeout=60))
            long.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        began = time.monotonic()
        assert [running.ask("ASK {}").status for _ in range(3)] == [200] * 3
        assert time.monotonic() - began < 60


def test_a_long_question_that_made_room_is_answered_in_its_turn(sample_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    returned = []
    lost = pool.Pool.lost
    monkeypatch.setattr(pool, "_LONG", 0.0)
    monkeypatch.setattr(pool, "_TICK", 0.005)
    monkeypatch.setattr(pool.Pool, "lost", lambda self, worker: (returned.append(worker.returned), lost(self, worker)))
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f VALUES ?g { 1 2 3 4 5 6 7 8 } BIND(NOW() AS ?now) }"

    async def asked() -> tuple[list[pool.Answer], list[pool.Answer]]:
        workers = pool.Pool(sample_dir / "store", Limits(workers=2, timeout=120))
        await workers.start()
        try:
            ask = [pack(["sparql", query, "csv", None, 10]) for query in (slow, "ASK { BIND(NOW() AS ?now) }")]  # never kept
            long = [asyncio.create_task(workers.ask(ask[0])) for _ in range(3)]
            await asyncio.sleep(0.02)
            short = [await workers.ask(ask[1]) for _ in range(3)]
            return await asyncio.gather(*long), short
        finally:
            await workers.stop()

    long, short = asyncio.run(asked())
    assert any(returned)
    assert len({answer.body for answer in long}) == 1 and long[0].body.startswith(b"n\r\n")
    assert [answer.body for answer in short] == [b"true"] * 3


def test_a_question_is_called_off_when_its_client_has_gone(sample_dir: Path) -> None:
    with serving(sample_dir, "--quiet", "--timeout", "60", "--workers", "1") as running:
        with socket.create_connection(running.authority, timeout=20) as connection:
            connection.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            time.sleep(0.3)
        began = time.monotonic()
        assert running.ask(anew()).status == 200
        assert time.monotonic() - began < 20


def test_no_question_waits_twice_however_often_it_is_put_back(sample_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_LONG", 0.0), ("_SLOW", 0.0), ("_TICK", 0.005)):
        monkeypatch.setattr(pool, name, value)

    async def asked() -> tuple[int, list[bytes]]:
        workers = pool.Pool(sample_dir / "store", Limits(workers=4, timeout=600))
        await workers.start()
        try:
            long = [workers.begin(pack(["sparql", ENDLESS, "csv", None, 10])) for _ in range(8)]
            short = [workers.begin(pack(["sparql", f"ASK {{ BIND(NOW() AS ?n{i}) }}", "csv", None, 10])) for i in range(40)]
            most = 0
            for _ in range(200):
                await asyncio.sleep(0.01)
                most = max(most, len(workers._queue))
                assert len(workers._queue) == len({id(question) for question in workers._queue})
            assert not any(question.done() for question in long)
            return most, [(await asyncio.wait_for(question, 300)).body for question in short]
        finally:
            await workers.stop()

    most, bodies = asyncio.run(asked())
    assert 0 < most <= 48 and bodies == [b"true"] * 40


def test_questions_whose_clients_have_gone_keep_nobody_out(sample_dir: Path) -> None:
    async def asked() -> bytes:
        workers = pool.Pool(sample_dir / "store", Limits(workers=1, waiting=2, timeout=60))
        await workers.start()
        try:
            at_work = workers.begin(pack(["sparql", ENDLESS, "csv", None, 10]))
            await asyncio.sleep(0.5)  # so that whatever comes now waits
            job = pack(["sparql", "ASK { BIND(NOW() AS ?now) }", "csv", None, 10])
            for _ in range(2):
                workers.begin(job).cancel()
            waiting = [workers.begin(job) for _ in range(2)]
            with pytest.raises(pool.Busy):
                workers.begin(job)
            at_work.cancel()
            return b" ".join([(await one).body for one in waiting])
        finally:
            await workers.stop()

    assert asyncio.run(asked()) == b"true true"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
def test_a_greedy_question_is_stopped_and_the_next_one_answered(sample_dir: Path) -> None:
    with serving(sample_dir, "--quiet", "--timeout", "50", "--memory", "48") as running:
        answer = running.ask(GREEDY)
        assert (answer.status, "more than 48 MiB of memory" in answer.text) == (503, True)
        assert running.ask(anew()).status == 200


def test_a_worker_that_dies_is_replaced(sample_dir: Path) -> None:
    with serving(sample_dir, "--quiet", "--workers", "2") as running:
        assert len(_children(running.process.pid)) == 3
        for killed in (slice(1, None), slice(1), slice(None)):  # the workers; what forks them; all
            for process in _children(running.process.pid)[killed]:
                os.kill(process, signal.SIGKILL)
            time.sleep(0.2)
            assert [running.ask(anew()).status for _ in range(4)] == [200] * 4


def _children(parent: int) -> list[int]:
    """The processes of a server but for its first: what forks the workers, and the workers."""
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return [one for word in done.stdout.split() for one in (int(word), *_children(int(word)))]


@pytest.mark.parametrize("accept", list(negotiation.RESULTS.values()))
def test_an_answer_is_cut_with_a_note(accept: str, strict: Server, server: Server) -> None:
    query = "SELECT ?s { ?s ?p ?o } ORDER BY ?s ?p ?o"
    whole, cut = strict.ask(f"{query} LIMIT 5", accept), strict.ask(query, accept)
    assert "kg-cut" not in whole.headers
    assert "only the first 5 rows" in cut.headers["kg-cut"]
    assert cut.headers["link"] == '</help#cut>; rel="help"'
    assert cut.body == whole.body
    assert server.get("/help").text.count('id="cut"') == 1


def test_triples_are_cut_with_a_note(strict: Server) -> None:
    answer = strict.ask("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")
    assert (answer.text.count("\n"), "kg-cut" in answer.headers) == (5, True)
    assert "kg-cut" not in strict.ask("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 5", "application/n-triples").headers


@pytest.mark.parametrize(("host", "status"), [
    ("127.0.0.1", 200), ("localhost:80", 200), ("LOCALHOST", 200), ("[::1]:8765", 200), ("evil.example", 421),
    ("127.0.0.1.evil.example", 421), ("evil.example:8765", 421), ("localhost:x", 421), ("", 421),
])
def test_it_answers_to_its_own_names_only(host: str, status: int, server: Server) -> None:
    for path in ("/", "/sparql?query=ASK%7B%7D"):
        assert server.request("GET", path, headers={"Host": host}).status == status


def test_other_names_are_given_with_an_option(sample_dir: Path) -> None:
    with serving(sample_dir, "--quiet", "--allow-host", "Graph.Example") as running:
        assert running.request("GET", "/help", headers={"Host": "graph.example:8765"}).status == 200
        assert running.request("GET", "/help", headers={"Host": "other.example"}).status == 421


def test_every_answer_has_the_headers_of_safety(server: Server) -> None:
    for path in ("/", "/sparql", "/sparql?query=ASK%7B%7D", "/serve.css", "/static/query.js", "/graphs?default", "/facts.csv"):
        answer = server.get(path)
        assert answer.headers.keys() >= HEADERS, path
        assert answer.status == 200, path
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "access-control-allow-origin" not in answer.headers
        assert "server" not in answer.headers


def test_scripts_of_others_may_read_only_where_that_is_asked_for(sample_dir: Path) -> None:
    with serving(sample_dir, "--quiet", "--cors", "https://app.example") as running:
        assert running.ask(anew()).headers["access-control-allow-origin"] == "https://app.example"
        asking = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
        preflight = running.request("OPTIONS", "/sparql", headers=asking)
        assert (preflight.status, preflight.headers["access-control-allow-origin"]) == (204, "https://app.example")


def test_a_body_may_not_be_endless(server: Server) -> None:
    answer = server.request("POST", "/sparql", b"#" * (2**20 + 1), {"Content-Type": "application/sparql-query"})
    assert answer.status == 413


def test_headers_may_not_be_endless(server: Server) -> None:
    with socket.create_connection(server.authority, timeout=20) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(OSError):  # reset or broken pipe, as the system has it
            for _ in range(10_000):
                connection.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")
            assert connection.recv(1) == b""
            raise ConnectionError
    assert server.ask(anew()).status == 200


_IMPATIENT = """
import sys
from pathlib import Path
from kg.folder import open_folder
from kg.serve.app import Service, listen, serve
from kg.serve.limits import Limits
folder = open_folder(Path(sys.argv[1]))
bound = listen("127.0.0.1", 0)
serve(Service(folder, folder.store, Limits(patience=0.5, workers=1)), bound, lambda: print(bound.getsockname()[1], flush=True))
"""


@pytest.mark.parametrize("start", [
    b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 9\r\n\r\nASK"])
def test_a_slow_client_is_sent_away(start: bytes, sample_dir: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", _IMPATIENT, str(sample_dir)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        port = int(process.stdout.readline())  # type: ignore[union-attr]
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(start)
            began = time.monotonic()
            with contextlib.suppress(ConnectionResetError):
                assert connection.recv(1) == b""
            assert 0.3 < time.monotonic() - began < 10
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()  # type: ignore[union-attr]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_told_and_answers_what_it_is_at(number: signal.Signals, sample_dir: Path, tmp_path: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
    with serving(sample_dir, "--workers", "2", log=tmp_path / "log") as running:
        workers = _children(running.process.pid)
        answers = []
        thread = threading.Thread(target=lambda: answers.append(running.ask(slow)))
        thread.start()
        time.sleep(0.15)
        running.process.send_signal(number)
        assert running.process.wait(20) == 0
        thread.join()
    assert [answer.status for answer in answers] == [200]
    assert "the server has stopped" in (tmp_path / "log").read_text()
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_the_log_tells_no_queries_unless_asked(sample_dir: Path, tmp_path: Path) -> None:
    with serving(sample_dir, log=tmp_path / "quiet") as running:
        running.ask("ASK { <http://secret.example/> ?p ?o }")
        running.get("/search?q=secret")
    said = (tmp_path / "quiet").read_text()
    assert "GET /sparql 200" in said
    assert "secret" not in said
    with serving(sample_dir, "--log-queries", log=tmp_path / "loud") as running:
        running.get("/search?q=secret%0a%1b")
    assert "/search?q=secret%0a%1b 200" in (tmp_path / "loud").read_text()


def test_a_log_line_is_one_line(sample_dir: Path, tmp_path: Path) -> None:
    with serving(sample_dir, log=tmp_path / "log") as running:
        running.get("/a%0akg:%20forged%1b[2J")
    [line] = [line for line in (tmp_path / "log").read_text().splitlines() if "forged" in line]
    assert line.startswith("127.0.0.1 GET /a")
    assert "\x1b" not in line


def test_a_graph_built_anew_is_served(tmp_path: Path) -> None:
    graph = write_graph(tmp_path / "graph", "<http://e/a> <http://e/p> <http://e/old> .\n")
    with serving(graph, "--quiet") as running:
        query = "SELECT ?o { ?s ?p ?o }"
        assert "old" in running.ask(query, "text/csv").text
        write_graph(graph, "<http://e/a> <http://e/p> <http://e/new> .\n")
        assert {running.ask(query, "text/csv").text for _ in range(4)} == {"o\r\nhttp://e/new\r\n"}


def test_a_kept_answer_is_the_answer(server: Server) -> None:
    for query in (PEOPLE, "SELECT ?p { ?p a kg:Nothing }", "ASK { ?p a kg:Person }", "CONSTRUCT WHERE { ?s a kg:Person }"):
        answers = [server.ask(query, "application/sparql-results+json, text/turtle") for _ in range(3)]
        assert len({(answer.status, answer.type, answer.body) for answer in answers}) == 1, query
    assert server.ask(PEOPLE, "text/csv").type == "text/csv"
    assert [server.ask("SELECT nothing").status for _ in range(2)] == [400, 400]


@pytest.mark.parametrize("changing", ["RAND()", "rand ( )", "UUID()", "STRUUID()", "NOW()"])
def test_an_answer_that_depends_on_more_than_the_graph_is_not_kept(changing: str, server: Server) -> None:
    assert len({server.ask(f"SELECT ({changing} AS ?x) {{}}").body for _ in range(3)}) == 3


def test_a_system_without_fork_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    result = CliRunner().invoke(cli, ["serve", "-g", "anywhere"])
    assert result.exit_code != 0 and "fork" in str(result.output) + str(result.exception)


def test_what_is_kept_has_an_end() -> None:
    limits = Limits(kept=1000, short=400)
    kept, graph = Kept(limits), object()
    answer = Answer("done", "json", "", False, bytes(290))
    first, second, third, fourth, long, late = (pack(["sparql", name]) for name in ("one", "two", "three", "four", "five", "six"))
    assert kept.get(first, graph) is None
    for message in (first, second, third):
        kept.put(message, answer, graph)
    assert kept.get(first, graph) is answer
    kept.put(fourth, answer, graph)
    assert [message for message in (first, second, third, fourth) if kept.get(message, graph)] == [first, third, fourth]
    kept.put(long, Answer("done", "json", "", False, bytes(400)), graph)
    assert kept.get(long, graph) is None
    other = object()
    assert kept.get(first, other) is None
    kept.put(late, answer, graph)
    assert kept.get(late, other) is None, "an answer from the graph that was there before"


def test_a_plain_question_has_the_headers_of_any_other(server: Server) -> None:
    plain = server.ask(PEOPLE)
    other = server.get("/sparql", "application/sparql-results+json", query=PEOPLE, other="")
    assert plain.body == other.body
    assert plain.headers | {"date": ""} == other.headers | {"date": ""}


def test_questions_that_come_in_one_piece_are_answered_in_order(server: Server) -> None:
    queries = [f"SELECT ({number % 7} AS ?n) {{}}" for number in range(1500)]
    head = f"Host: {server.authority[0]}\r\nAccept: text/csv\r\n"
    requests = "".join(f"GET /sparql?query={quote(query)} HTTP/1.1\r\n{head}{'Connection: close' * (query is queries[-1])}\r\n\r\n"
                       .replace("\r\n\r\n\r\n", "\r\n\r\n") for query in queries)
    with socket.create_connection(server.authority, timeout=60) as connection:
        threading.Thread(target=connection.sendall, args=(requests.encode(),)).start()
        got = b"".join(iter(lambda: connection.recv(65536), b""))
    assert [int(part.rpartition(b"\r\n\r\nn\r\n")[2]) for part in got.split(b"HTTP/1.1 200 OK\r\n")[1:]] == [n % 7 for n in range(1500)]


def test_plain_questions_whose_headers_are_known_are_answered_as_others_are(server: Server) -> None:
    head = f"Host: {server.authority[0]}\r\nAccept: text/csv\r\nX-Known: {anew()}\r\n\r\n"

    def line(query: str | bytes) -> bytes:
        return f"GET /sparql?query={quote(query)} HTTP/1.1\r\n{head}".encode()

    with socket.create_connection(server.authority, timeout=60) as connection:
        got = connection.makefile("rb")
        for query, status in ((anew(), 200), (anew(), 200), ("SELECT", 400), (anew(), 200), (b"\xff", 400), (anew(), 200)):
            connection.sendall(line(query))
            assert _read(got)[0] == status
        slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } #" + anew()
        for query in (slow, f"SELECT (5 AS ?five) {{}} #{anew()}", "SELECT"):  # the later ones come while the first is under way
            connection.sendall(line(query))
            time.sleep(0.05)
        answers = [_read(got) for _ in range(3)]
        assert [status for status, _ in answers] == [200, 200, 400]
        assert answers[0][1].startswith(b"n\r\n") and answers[1][1] == b"five\r\n5\r\n"


def test_what_follows_headers_that_announce_a_body_is_the_body(server: Server) -> None:
    head = f"Host: {server.authority[0]}\r\nContent-Length: 20\r\n\r\n"
    with socket.create_connection(server.authority, timeout=60) as connection:
        got = connection.makefile("rb")
        for _ in range(3):
            connection.sendall(f"GET /sparql?query={quote(anew())} HTTP/1.1\r\n{head}".encode())
            assert _read(got)[0] == 200
            connection.sendall(b"GET /help HTTP/1.1\r\n")  # 20 bytes
            time.sleep(0.05)


def test_a_name_that_the_server_does_not_go_by_is_never_known(server: Server) -> None:
    for _ in range(3):
        with socket.create_connection(server.authority, timeout=60) as connection:
            connection.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: evil.example\r\n\r\n")
            assert _read(connection.makefile("rb"))[0] == 421


def _read(file: Any) -> tuple[int, bytes]:
    """The status and body of the next response on a connection."""
    status, length = int(file.readline().split()[1]), 0
    while (line := file.readline()) != b"\r\n":
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return status, file.read(length)


def test_a_store_that_is_gone_is_made_anew(graph_dir: Path) -> None:
    import shutil

    shutil.rmtree(graph_dir / "store")
    with serving(graph_dir, "--quiet") as running:
        assert running.ask("ASK { ?p a kg:Person }", "text/csv").text == "true"


def _refused(*options: str) -> str:
    words = [sys.executable, "-m", "kg", "serve", *options]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_a_graph_that_is_replaced_again_and_again_is_answered_of(tmp_path: Path) -> None:
    graph = write_sample(tmp_path / "graph")
    with serving(graph, "--quiet", "--workers", "2", log=tmp_path / "log") as running:
        statuses: list[int] = []
        done = threading.Event()

        def ask(number: int) -> None:
            paths = ("/", "/id/document/charged", "/facts", "/graphs?default", f"/sparql?query={quote(anew())}", "/review")
            while not done.is_set():
                statuses.append(running.get(paths[(number + len(statuses)) % len(paths)], "text/html, */*;q=0.5").status)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(8):
            write_sample(graph)
        graph.rename(tmp_path / "away")  # as it is for a moment in between
        assert running.get("/help").status == 200
        assert running.get("/facts").status in {200, 503}  # 503 where a process was to open the graph just then
        (tmp_path / "away").rename(graph)
        done.set()
        for thread in threads:
            thread.join()
        assert 200 in statuses and set(statuses) <= {200, 404, 503}
        patience = time.monotonic() + 60
        while (status := running.ask(anew()).status) == 503 and time.monotonic() < patience:
            time.sleep(0.5)  # the processes open the graph anew, which they say
        assert status == 200
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize("content", [b"PC \xff\xfe", b"PC Daniel Frost, of Essex Police, murdered somebody."])
def test_a_text_that_is_not_the_one_that_was_read_is_not_shown(tmp_path: Path, content: bytes) -> None:
    graph = write_sample(tmp_path / "graph")
    with serving(graph, "--quiet", "--workers", "1") as running:
        assert running.get("/id/document/charged", "text/html").status == 200
        (graph / "texts" / "charged.txt").write_bytes(content)
        answer = running.get("/id/document/charged", "text/html")
        assert answer.status == 503 and "is not the one that was read" in answer.text and "murdered" not in answer.text


def test_a_disk_without_room_for_a_whole_graph_is_told(sample_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def asked() -> None:
        workers = pool.Pool(sample_dir / "store", Limits(workers=1))
        await workers.start()
        graphs = GraphStore(workers, Limits(copies=1))
        scope = {"type": "http", "method": "GET", "query_string": b"default", "headers": []}
        try:
            with pytest.raises(pool.Stopped, match=r"could not be read or put together \(No space left on device\); ask again"):
                await workers.ask(pack(["graph", None, "turtle", "/dev/full"]))
            monkeypatch.setattr(tempfile, "tempdir", "/dev/null")
            for _ in range(2):  # who is refused is not counted among those who fetch
                with pytest.raises(Refused, match="cannot be made here") as refused:
                    await graphs(scope, None, None)  # type: ignore[arg-type]
                assert refused.value.status == 503
        finally:
            await workers.stop()

    asyncio.run(asked())


def test_what_cannot_be_served_is_said_in_one_line(sample_dir: Path, tmp_path: Path, server: Server) -> None:
    assert "no graph folder" in _refused("-g", str(tmp_path / "none"))
    assert "cannot be listened on" in _refused("-g", str(sample_dir), "--port", str(server.authority[1]))
    assert "cannot be listened on" in _refused("-g", str(sample_dir), "--host", "256.0.0.1")


def test_what_is_not_installed_is_said(sample_dir: Path) -> None:
    code = "import sys; sys.modules['uvicorn'] = None; from kg.cli import main; sys.argv = ['kg', 'serve', '-g', sys.argv[1]]; main()"
    done = subprocess.run([sys.executable, "-c", code, str(sample_dir)], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, "pip install 'kg[serve]'" in done.stderr) == (2, True)


def test_csv_of_the_endpoint_is_the_standards_and_csv_of_the_pages_is_safe(server: Server) -> None:
    query = "SELECT ?n { ?r a kg:Review ; rdfs:label ?n }"
    assert next(csv.reader(io.StringIO(server.ask(query, "text/csv").text.split("\r\n", 1)[1]))) == ['=HYPERLINK("http://x") Review']
    page = server.get("/query", query=query, format="csv")
    assert next(csv.reader(io.StringIO(page.text.split("\r\n", 1)[1]))) == ['\'=HYPERLINK("http://x") Review']
    assert "'=HYPERLINK" in server.get("/facts.csv").text


_MEDIA = st.sampled_from([*negotiation.RESULTS.values(), *negotiation.GRAPHS.values(), "text/html", "*/*", "text/*", "x", ""])


@given(st.lists(st.tuples(_MEDIA, st.sampled_from(["", ";q=0", ";q=0.5", ";q=1", ";q=x", "; charset=utf-8;q=0.3"])), max_size=6))
def test_negotiation_never_gives_what_is_not_accepted(ranges: list[tuple[str, str]]) -> None:
    accept = ",".join(media + quality for media, quality in ranges)
    chosen = negotiation.best(accept, tuple(negotiation.RESULTS))
    if chosen is None:
        assert not any(media == "*/*" and quality in ("", ";q=1") for media, quality in ranges) or len(ranges) > 1
    elif any(media for media, _ in ranges):
        name = negotiation.RESULTS[chosen]
        assert any(media in (name, "*/*", name.partition("/")[0] + "/*") for media, quality in ranges if quality != ";q=0")


@given(st.binary(max_size=60))
def test_parameters_are_read_or_refused(text: bytes) -> None:
    try:
        assert all(isinstance(part, str) for pair in pairs(text) for part in pair)
    except Refused as refused:
        assert refused.status == 400


def test_a_long_question_gives_way_to_the_others_of_a_server_that_gives_way_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(os, "getpriority", lambda *_: 7)
    monkeypatch.setattr(os, "setpriority", lambda _kind, _process, nice: told.append(nice))
    worker = object.__new__(pool._Worker)
    worker._process = 2**30  # there is no such process
    worker._give_way()
    assert told == [7 + pool._NICE]

"""Requests nobody would make, to a real server: it answers or hangs up, confesses no fault, and shows no file but its own."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_from_bytes

import pytest
from conftest import write_sample
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from server import Server, serving
from test_serve import HEADERS

SECRET = "a-secret-that-lies-beside-the-graph"
#: what the server's own answers to what is no HTTP at all are like: they are made before anything of ours is asked
NO_HTTP = b"Invalid HTTP request received."
#: statuses that were seen
SEEN: list[int] = []
STATUSES = {200, 204, 206, 303, 304, 307, 400, 403, 404, 405, 406, 413, 415, 416, 421, 503}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "secret.txt").write_text(SECRET)
    (folder / "graph.secret").write_text(SECRET)
    graph = write_sample(folder / "graph")
    (graph / "secret.txt").write_text(SECRET)
    with serving(graph, "--quiet", "--timeout", "2", "--max-rows", "50", log=folder / "log") as running:
        yield running
        assert "Traceback" not in (folder / "log").read_text()


def exchanged(server: Server, request: bytes) -> bytes:
    """All that the server says until it hangs up, or waits for more than it will get."""
    said = bytearray()
    seconds = 3 if request.startswith((b"GET ", b"HEAD ", b"POST ")) else 0.5
    with socket.create_connection(server.authority, seconds) as connection, contextlib.suppress(ConnectionError, TimeoutError):
        connection.sendall(request)
        while part := connection.recv(2**16):
            said += part
    return bytes(said)


def check(server: Server, request: bytes) -> None:
    """One exchange is as it should be, whatever was sent; and the server goes on."""
    said = exchanged(server, request)
    assert b"Traceback" not in said
    assert b"a fault of kg" not in said
    assert SECRET.encode() not in said
    if said:
        head, _, body = said.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        found = re.fullmatch(r"HTTP/1\.1 (\d{3}) .*", lines[0])
        assert found and int(found[1]) in STATUSES, lines[0]
        headers = {line.partition(":")[0].lower() for line in lines[1:]}
        assert headers >= HEADERS or NO_HTTP in body, head
        assert all(re.fullmatch(r"[\w-]+: [\x20-\x7e]*", line) for line in lines[1:]), head
        SEEN.append(int(found[1]))


_words = st.one_of(st.text(max_size=30), st.sampled_from([
    "", "Essex", "SELECT * { ?s ?p ?o }", "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <x>", "'", '"', "}", "<script>", "\0",
    "\r\n", "{{7*7}}", "../../secret.txt", "http://e/a b", "_:b", "<>", "9" * 400, "1e999", "nan", "-1", "٣", "%", "DROP ALL",
    "\ud7ff", "\U0010ffff",
    "PREFIX : <" + "a" * 3000 + "> ASK {}", "BASE <:> ASK { <a> <b> <c> }", "SELECT (" + "(" * 300 + "1" + ")" * 300 + " AS ?x) {}"]))
_names = st.sampled_from([
    "query", "default-graph-uri", "named-graph-uri", "using-graph-uri", "update", "default", "graph", "q", "type", "about", "name",
    "predicate", "status", "document", "since", "until", "confidence", "page", "format", "ask", "force", "on", "x"])
_queries = st.lists(st.tuples(_names, _words), max_size=4).map(
    lambda pairs: "&".join(f"{name}={quote(value, safe='', errors='surrogatepass')}" for name, value in pairs).encode())
_paths = st.one_of(
    st.sampled_from([b"/", b"/sparql", b"/sparql/", b"/graphs", b"/search", b"/facts", b"/facts.csv", b"/questions", b"/questions/who-led",
                     b"/documents", b"/query", b"/terms.json", b"/review", b"/help", b"/serve.css", b"/static/query.js",
                     b"/id/person/anna-wells", b"*", b"//", b"/id/", b"/id/document/charged"]),
    st.binary(max_size=20).map(lambda raw: b"/id/" + quote_from_bytes(raw, safe="/%:").encode()),
    st.lists(st.sampled_from(["..", "%2e%2e", "%2E.", "static", "id", "texts", "%2f", "%5c", "secret.txt", "graph.secret", "%00", "etc",
                              "passwd", ""]), max_size=8).map(lambda parts: b"/" + "/".join(parts).encode()),
    st.binary(max_size=30).map(lambda raw: b"/" + raw))
_methods = st.sampled_from([*[b"GET"] * 8, *[b"POST"] * 4, b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"TRACE", b"PATCH", b"get", b"FROB"])
_values = st.one_of(st.binary(max_size=40), st.sampled_from([
    b"text/html", b"application/sparql-results+json", b"text/turtle", b"*/*;q=x", b"application/sparql-query", b"application/sparql-update",
    b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x", b"bytes=0-1,5-", b"bytes=-1", b"bytes=99999999999-", b"gzip",
    b"chunked", b"5", b"-1", b"1e3", b"99999999999999999999", b"evil.example", b"upgrade", b"100-continue", b'"x"', b"W/\"x\", *"]))
_headers = st.lists(st.tuples(st.sampled_from([
    b"Accept", b"Content-Type", b"Content-Length", b"Transfer-Encoding", b"Range", b"If-Range", b"If-None-Match", b"If-Modified-Since",
    b"Host", b"Connection", b"Upgrade", b"Expect", b"Origin",
    b"Access-Control-Request-Method", b"X-Forwarded-For", b"Cookie", b"Accept-Encoding"]),
    _values), max_size=4)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(_methods, _paths, _queries, _headers,
       st.one_of(st.binary(max_size=200), _queries, _words.map(lambda text: text.encode(errors="replace"))))
@example(b"GET", b"/static/query.js", b"", [(b"Range", b"bytes=99999999999-")], b"")
def test_any_request_is_answered(server: Server, method: bytes, path: bytes, query: bytes, headers: list[tuple[bytes, bytes]],
                                 body: bytes) -> None:
    lines = [method + b" " + path + (b"?" + query if query else b"") + b" HTTP/1.1", b"Host: localhost", b"Connection: close",
             *(name + b": " + value for name, value in headers), b"Content-Length: %d" % len(body)]
    check(server, b"\r\n".join(lines) + b"\r\n\r\n" + body)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.sampled_from([b"application/sparql-query", b"application/x-www-form-urlencoded"]), st.booleans(), _words, _queries)
def test_any_question_is_answered(server: Server, media: bytes, direct: bool, query: str, more: bytes) -> None:
    content = query.encode(errors="surrogatepass") if direct else b"query=" + quote(query, errors="surrogatepass").encode() + b"&" + more
    check(server, b"POST /sparql?%b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b"
          % (more if direct else b"", media, len(content), content))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
@example(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200))
@example(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
@example(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")
@example(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
def test_what_is_no_http_is_answered(server: Server, request: bytes) -> None:
    check(server, request)


def test_it_answers_after_all_that(server: Server) -> None:
    assert server.ask("ASK {}").status == 200
    assert {200, 400, 403, 404, 405, 421} <= set(SEEN)  # the requests reached what they were meant for
    assert len(list(Path(f"/proc/{server.process.pid}/fd").iterdir())) < 40


@pytest.mark.parametrize("query", ["{" * 200_000 + "}" * 200_000, "ASK { ?s ?p ?o FILTER(" + "(" * 200_000 + "1" + ")" * 200_000 + ") }"])
def test_a_question_that_nests_too_deeply_is_refused(query: str, server: Server) -> None:
    answer = server.request("POST", "/sparql", query.encode(), {"Content-Type": "application/sparql-query"})
    assert answer.status in (400, 503)
    assert answer.text.count("\n") == 1
    assert server.ask("ASK {}").status == 200

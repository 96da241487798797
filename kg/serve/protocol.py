"""SPARQL 1.1 Protocol (queries), SPARQL 1.1 Service Description, and the reading half of the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from starlette.responses import FileResponse, RedirectResponse, Response

from kg.errors import GraphFolderError, QueryError
from kg.serve import negotiation
from kg.serve.http import Receive, Refused, Scope, Send, body, header, pairs
from kg.serve.limits import Limits
from kg.serve.pool import Answer, Busy, Pool, Stopped
from kg.serve.worker import pack
from kg.vocabulary import RDF, XSD

_UPDATES = "updates are refused, since a graph only changes by kg build; ask with SELECT, ASK, CONSTRUCT or DESCRIBE"
_READ = "GET, HEAD, POST"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
                 "Turtle", "N-Triples", "JSON-LD", "RDF_XML")
#: headers of every answer
ANSWERED = {"vary": "Accept", "cache-control": "no-cache"}
_RESULTS, _GRAPHS = tuple(negotiation.RESULTS), tuple(negotiation.GRAPHS)


async def asked(pool: Pool, *job: Any) -> Answer:
    """A job's answer; raises Refused where there is none."""
    return await _answered(pool.ask(pack(list(job))))


async def _answered(answer: Awaitable[Answer]) -> Answer:
    try:
        return await answer
    except QueryError as error:
        raise Refused(400, str(error)) from error
    except Stopped as error:
        raise Refused(503, str(error)) from error
    except Busy as error:
        raise Refused(503, "too many questions wait for an answer already; ask again in a moment", retry_after="1") from error
    except GraphFolderError as error:
        raise Refused(503, str(error)) from error


class Wanted(NamedTuple):
    """What the headers of a request say about its answer."""

    results: str | None  #: the format for rows and booleans
    graphs: str | None  #: that for triples
    address: str  #: what relative IRIs are resolved against


class Endpoint:
    """``/sparql``."""

    def __init__(self, pool: Pool, limits: Limits) -> None:
        self.pool, self.limits = pool, limits

    def plain(self, scope: Scope) -> bytes | None:
        """The job of a request that is a GET of a query and nothing beside; None where it needs a closer look."""
        asked: bytes = scope["query_string"]
        if scope["method"] != "GET" or not asked.startswith(b"query=") or b"&" in asked:
            return None
        try:
            return self.job(asked[6:], self.wanted(scope))
        except Refused:
            return None

    def job(self, query: bytes, wanted: Wanted) -> bytes | None:
        """What a worker is asked for a query as it stands in an address; None where that is no UTF-8."""
        try:
            return self._job(unquote_to_bytes(query.replace(b"+", b" ")).decode(), wanted)
        except UnicodeDecodeError:
            return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.answer(scope, receive)
        await response(scope, receive, send)  # type: ignore[arg-type]

    async def answer(self, scope: Scope, receive: Receive) -> Response:
        """The response to a request; raises Refused."""
        method = scope["method"]
        given = pairs(scope["query_string"])
        query = None
        if method == "POST":
            query, given = await self._posted(scope, receive, given)
        elif method not in ("GET", "HEAD"):
            raise Refused(405, "questions are asked by GET or POST", allow=_READ)
        if any(name in ("update", "using-graph-uri", "using-named-graph-uri") for name, _ in given):
            raise Refused(403, _UPDATES)
        queries = [value for name, value in given if name == "query"] + ([query] if query is not None else [])
        if not queries and method != "POST":
            return self._description(scope)
        if len(queries) != 1:
            raise Refused(400, f"one question is asked at a time; give one parameter 'query', not {len(queries) or 'none'}")
        return await self._run(scope, queries[0], given)

    async def _posted(self, scope: Scope, receive: Receive, given: list[tuple[str, str]]) -> tuple[str | None, list[tuple[str, str]]]:
        """A posted query, where it is the body itself, and the parameters."""
        media = header(scope, b"content-type").partition(";")[0].strip().lower()
        if media == "application/sparql-update":
            raise Refused(403, _UPDATES)
        if media not in ("application/x-www-form-urlencoded", "application/sparql-query"):
            raise Refused(415, "a question is posted as application/sparql-query or application/x-www-form-urlencoded")
        content = await body(scope, receive, self.limits.body)
        if media == "application/sparql-query":
            try:
                return content.decode("utf-8-sig"), given
            except UnicodeDecodeError as error:
                raise Refused(400, f"byte {error.start} of the query is not UTF-8; SPARQL is written in UTF-8") from error
        return None, given + pairs(content.strip())

    async def _run(self, scope: Scope, query: str, given: list[tuple[str, str]]) -> Response:
        default = [value for name, value in given if name == "default-graph-uri"]
        named = [value for name, value in given if name == "named-graph-uri"]
        job = self._job(query, self.wanted(scope), (default, named) if default or named else None)
        found = await _answered(scope["state"].get("begun") or self.pool.ask(job))
        if found.state == "unfit":
            raise _unfit(_GRAPHS if found.kind == "triples" else _RESULTS)
        return Response(found.body, 200, ANSWERED | (cut_headers(self.limits) if found.cut else {}), negotiation.content_type(found.form))

    def wanted(self, scope: Scope) -> Wanted:
        """What a request's headers say about its answer; raises Refused where the client takes no format."""
        accept = header(scope, b"accept")
        results, graphs = negotiation.best(accept, _RESULTS), negotiation.best(accept, _GRAPHS)
        if results is None and graphs is None:
            raise _unfit((*_RESULTS, *_GRAPHS))
        return Wanted(results, graphs, address(scope))

    def _job(self, query: str, wanted: Wanted, dataset: tuple[list[str], list[str]] | None = None) -> bytes:
        return pack(["sparql", query, wanted.results, wanted.graphs, self.limits.rows, wanted.address, dataset])

    def _description(self, scope: Scope) -> Response:
        accept = header(scope, b"accept")
        form = negotiation.best(accept, (*_GRAPHS, "html"))
        if form is None:
            raise _unfit(_GRAPHS)
        if form == "html":
            return RedirectResponse("/query", 303, {"vary": "Accept"})
        return Response(description(address(scope), form), 200, {"vary": "Accept"}, negotiation.content_type(form))


def cut_headers(limits: Limits) -> dict[str, str]:
    """The note that an answer is not whole."""
    return {"kg-cut": f"only the first {limits.rows} rows are given; ask for the others with LIMIT and OFFSET, in an order of your own",
            "link": '</help#cut>; rel="help"'}


def _unfit(forms: Sequence[str]) -> Refused:
    listed = ", ".join({**negotiation.RESULTS, **negotiation.GRAPHS}[form] for form in forms)
    return Refused(406, f"none of the formats in the Accept header is on offer for this; on offer are {listed}")


def address(scope: Scope) -> str:
    """The address a request was made to, without its query."""
    return f"{scope['scheme']}://{header(scope, b'host')}{scope['path']}"


def description(endpoint: str, form: str) -> bytes:
    """The service description of an endpoint in a format for triples."""
    import pyoxigraph as ox

    def sd(name: str) -> ox.NamedNode:
        return ox.NamedNode(_SD + name)

    service, dataset, graph = (ox.BlankNode(name) for name in ("service", "dataset", "graph"))
    kind = ox.NamedNode(RDF("type"))
    triples = [
        ox.Triple(service, kind, sd("Service")),
        ox.Triple(service, sd("endpoint"), ox.NamedNode(endpoint)),
        ox.Triple(service, sd("supportedLanguage"), sd("SPARQL11Query")),
        ox.Triple(service, sd("defaultDataset"), dataset),
        ox.Triple(dataset, kind, sd("Dataset")),
        ox.Triple(dataset, sd("defaultGraph"), graph),
        ox.Triple(graph, kind, sd("Graph")),
        *(ox.Triple(service, sd("resultFormat"), ox.NamedNode(_FORMATS + name)) for name in _FORMAT_NAMES),
    ]
    prefixes = {"sd": _SD, "formats": _FORMATS, "xsd": XSD.iri} if form in ("turtle", "rdfxml") else None
    from kg.serve.worker import GRAPHS

    return ox.serialize(triples, format=GRAPHS[form], prefixes=prefixes) or b""


@contextmanager
def _place() -> Iterator[Path]:
    """An empty file that is gone afterwards; raises Refused where there can be none."""
    try:
        with tempfile.NamedTemporaryFile(prefix="kg-graph-", delete=False) as file:
            path = Path(file.name)
    except OSError as error:
        raise Refused(503, f"a whole graph is put together in a temporary file, which cannot be made here ({error.strerror})") from error
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


class GraphStore:
    """``/graphs?default`` and ``/graphs?graph=IRI``: whole graphs, however large, each by way of a file."""

    def __init__(self, pool: Pool, limits: Limits) -> None:
        self.pool, self.limits = pool, limits
        self._copies = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._copies >= self.limits.copies:
            raise Refused(503, "too many graphs are being fetched already; ask again in a moment", retry_after="10")
        self._copies += 1
        try:
            with _place() as path:
                response = await self.answer(scope, path)
                await response(scope, receive, send)  # type: ignore[arg-type]
        finally:
            self._copies -= 1

    async def answer(self, scope: Scope, path: Path) -> Response:
        """The response to a request, which has the graph from a file at ``path``; raises Refused."""
        if scope["method"] not in ("GET", "HEAD"):
            raise Refused(405, "graphs are read here, and change only by kg build", allow="GET, HEAD")
        given = pairs(scope["query_string"])
        if len(given) != 1 or given[0][0] not in ("default", "graph") or (given[0][0] == "default") == bool(given[0][1]):
            raise Refused(400, "a graph is asked for as ?default or as ?graph= with its IRI")
        form = negotiation.best(header(scope, b"accept"), _GRAPHS)
        if form is None:
            raise _unfit(_GRAPHS)
        found = await asked(self.pool, "graph", given[0][1] or None, form, str(path))
        if found.state == "missing":
            raise Refused(404, "there is no graph of that name here")
        return FileResponse(path, 200, {"vary": "Accept"}, negotiation.content_type(form))

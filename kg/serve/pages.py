"""The pages: HTML made on the server, every text escaped, that needs no script but for the editor of queries.

A fact is shown with the word for its status wherever it is shown, and no wording of a predicate stands alone: an allegation never looks
like a finding.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from kg.answers import as_csv
from kg.errors import GraphFolderError
from kg.folder import GraphFolder, stamp, text_name
from kg.model import STATUSES
from kg.plugins import entity_types, signatures
from kg.query import NamedQuery, Parameter, named_queries
from kg.render.style import STATUS_STYLES, words
from kg.resources import ontology_dir
from kg.serve import facts, negotiation
from kg.serve.http import Refused, header
from kg.serve.limits import Limits
from kg.serve.pool import Pool
from kg.serve.protocol import asked, cut_headers
from kg.vocabulary import OWL, PREFIXES, RDF, RDFS, SH, Minter, web_address

_PAGE = 50  # facts on one page of a table
_CARD = 500  # facts on an entity's page; the rest is a link away
_FOUND = 100  # entities a search gives
_SHOWN = 500  # rows of an answer that a page shows; the CSV has them all
#: the columns of the table of facts as CSV: name, variable
_CSV = (("document", "document"), ("date", "date"), ("subject", "subject"), ("subject_id", "s"), ("predicate", "predicate"),
        ("object", "object"), ("object_id", "target"), ("status", "status"), ("start", "start"), ("end", "end"),
        ("confidence", "confidence"), ("evidence_start", "from"), ("evidence_end", "to"), ("evidence", "sentence"))
#: where terms are defined or used: predicate, object (empty for any), which end of the triple is the term, what it is
_DEFINED = (
    (RDF("type"), OWL("Class"), "s", "class"), (RDF("type"), OWL("ObjectProperty"), "s", "property"),
    (RDF("type"), OWL("DatatypeProperty"), "s", "property"), (RDF("type"), RDF("Property"), "s", "property"),
    (SH("targetClass"), "", "o", "class"), (SH("class"), "", "o", "class"), (SH("path"), "", "o", "property"),
)


class Pages:
    """Every page of one graph folder."""

    def __init__(self, folder: GraphFolder, pool: Pool, limits: Limits) -> None:
        self.folder, self.pool, self.limits = folder, pool, limits
        self.classes, self.properties = _terms()
        self.templates = Environment(loader=PackageLoader("kg.serve"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                                     lstrip_blocks=True)
        self.templates.globals |= {"styles": STATUS_STYLES, "types": entity_types(), "predicates": tuple(signatures()),
                                   "statuses": STATUSES, "says": {style.status: style.says for style in STATUS_STYLES}}
        self.templates.filters |= {"words": words, "local": self.local, "document": self._document_page, "brief": self._brief,
                                   "url": web_address}
        self._manifest, self._base = (0, 0, 0), folder.base_iri

    @property
    def base(self) -> str:
        """What the IRIs of the graph's own things begin with, in the graph that lies in the folder now, or lay there last.

        There is none for a moment where one takes the place of another.
        """
        with suppress(OSError, GraphFolderError):
            found = stamp(self.folder.manifest)
            if self._manifest != found:
                self._base, self._manifest = self.folder.base_iri, found
        return self._base

    @property
    def graph(self) -> str:
        """What tells the graph that lies in the folder now, or lay there last, from any built after it."""
        return self.base and "-".join(f"{number:x}" for number in self._manifest)

    def local(self, iri: str) -> str:
        """Where this server shows a thing of the graph, or nothing for any other IRI."""
        rest = iri.removeprefix(self.base)
        return "/id/" + quote(rest, safe="/%:@!$&'()*+,;=~") if rest not in ("", iri) else ""

    def _document_page(self, document: str) -> str:
        return self.local(Minter(self.base).document(document))

    def _brief(self, iri: str) -> str:
        for prefix, namespace in PREFIXES.items():
            if iri.startswith(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return iri.removeprefix(self.base)

    def page(self, name: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any) -> HTMLResponse:
        """A template's page."""
        return HTMLResponse(self.templates.get_template(f"{name}.html").render(**values), status, headers)

    async def refused(self, request: Request, error: Exception) -> Response:
        """The page of an error."""
        assert isinstance(error, Refused)
        return self.page("refused", error.status, error.headers, message=str(error))

    async def absent(self, request: Request, error: Exception) -> Response:
        """The page of an address that there is not, or that takes no such method."""
        status = getattr(error, "status_code", 404)
        message = "this address is read with GET" if status == 405 else "there is no page of that address"
        return self.page("refused", status, getattr(error, "headers", None), message=message)

    async def home(self, request: Request) -> Response:
        return self.page("home", counts=await facts.overview(self.pool), base=self.base)

    async def search(self, request: Request) -> Response:
        part, kind = request.query_params.get("q", "").strip(), request.query_params.get("type", "")
        found = await facts.named(self.pool, part, kind, _FOUND) if part else []
        return self.page("search", part=part, kind=kind, found=found, most=_FOUND)

    async def documents(self, request: Request) -> Response:
        return self.page("documents", found=await facts.documents(self.pool, self.limits.rows))

    async def thing(self, request: Request) -> Response:
        """What an IRI of the graph names, in the format the client likes best."""
        path = request.scope["raw_path"].decode("ascii")
        iri = self.base + path.removeprefix("/id/")
        form = negotiation.best(header(request.scope, b"accept"), ("html", *negotiation.GRAPHS))
        if form is None:
            raise Refused(406, f"this is on offer as text/html, {', '.join(negotiation.GRAPHS.values())}")
        if form != "html":
            return await self._described(iri, form)
        if (particulars := await facts.document(self.pool, iri)) is not None:
            response = await self._document(iri, particulars)
        elif (found := await facts.entity(self.pool, iri)) is not None:
            response = await self._entity(iri, found)
        else:
            out, into = await facts.properties(self.pool, iri)
            if not out and not into:
                raise Refused(404, "nothing in this graph has such an IRI")
            response = self.page("thing", iri=iri, out=out, into=into)
        response.headers["vary"] = "Accept"
        response.headers["link"] = ", ".join(f'<{path}>; rel="alternate"; type="{media}"' for media in negotiation.GRAPHS.values())
        return response

    async def _described(self, iri: str, form: str) -> Response:
        if not await facts.is_known(self.pool, iri):
            raise Refused(404, "nothing in this graph has such an IRI")
        answer = await asked(self.pool, "sparql", facts.description(iri), None, form, self.limits.rows)
        headers = {"vary": "Accept"} | (cut_headers(self.limits) if answer.cut else {})
        return Response(answer.body, 200, headers, negotiation.content_type(answer.form))

    async def _entity(self, iri: str, found: dict[str, Any]) -> HTMLResponse:
        wanted = facts.Filter(about=iri)
        rows = await facts.facts(self.pool, wanted, _CARD, order="predicate")
        total = len(rows) if len(rows) < _CARD else await facts.count(self.pool, wanted)
        sides = [("says", [row for row in rows if row["s"] == iri]), ("is said", [row for row in rows if row["s"] != iri])]
        groups = [(side, predicate, list(group)) for side, some in sides
                  for predicate, group in groupby(some, lambda row: row["predicate"])]
        return self.page("entity", iri=iri, found=found, groups=groups, shown=len(rows), total=total)

    async def _document(self, iri: str, particulars: facts.Row) -> HTMLResponse:
        text = self._text(particulars["document"], particulars["sha256"])
        found = await facts.mentions(self.pool, iri)
        rows = await facts.facts(self.pool, facts.Filter(document=particulars["document"]), self.limits.rows)
        return self.page("document", iri=iri, about=particulars, pieces=marked(text, found), rows=rows)

    def _text(self, document: str, sha256: str | None) -> str:
        """A document's text; raises Refused where it is not the very text in which the graph's offsets count."""
        try:
            content = (self.folder.texts / text_name(document)).read_bytes()
        except OSError as error:
            raise Refused(404, f"the text of the document is missing from the graph folder ({error.strerror})") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Refused(503, "the text of the document in the graph folder is not the one that was read; ask again where the graph is "
                               "being built, or else build it again")
        return content.decode()

    async def facts(self, request: Request) -> Response:
        wanted = facts.read_filter(request.query_params)
        page = request.query_params.get("page", "1")
        if not page.isascii() or not page.isdigit() or not 1 <= int(page) <= 10**6:
            raise Refused(400, f"page {page!r} is no page; it should be a whole number from 1")
        number = int(page)
        found = facts.facts(self.pool, wanted, _PAGE, start=_PAGE * (number - 1))
        rows, total = await asyncio.gather(found, facts.count(self.pool, wanted))
        links = {name: "/facts?" + urlencode({**wanted.given(), "page": at})
                 for name, at in (("before", number - 1), ("after", number + 1)) if 1 <= at <= -(-total // _PAGE)}
        return self.page("facts", wanted=wanted, rows=rows, total=total, first=_PAGE * (number - 1) + 1, links=links,
                         csv="/facts.csv?" + urlencode(wanted.given()))

    async def facts_csv(self, request: Request) -> Response:
        rows = await facts.facts(self.pool, facts.read_filter(request.query_params), self.limits.rows)
        return _table("facts.csv", [name for name, _ in _CSV], [[row[variable] for _, variable in _CSV] for row in rows],
                      cut_headers(self.limits) if len(rows) == self.limits.rows else {})

    async def questions(self, request: Request) -> Response:
        return self.page("questions", questions=named_queries().values())

    async def question(self, request: Request) -> Response:
        question = named_queries().get(request.path_params["name"])
        if question is None:
            raise Refused(404, "no question has that name; they are listed at /questions")
        values = {parameter.name: value.strip() for parameter in question.parameters
                  if (value := request.query_params.get(parameter.name, "")).strip()}
        columns: list[str] = []
        rows: list[facts.Row] = []
        error, cut = "", False
        ready = "ask" in request.query_params and all(parameter.name in values for parameter in question.parameters if parameter.required)
        if ready:
            try:
                answer = await asked(self.pool, "question", question.name, values, "json", self.limits.rows)
                (columns, rows), cut = facts.plain(answer.body), answer.cut
            except Refused as refused:
                error = str(refused)
        if request.query_params.get("format") == "csv" and ready and not error:
            return _table(f"{question.name}.csv", columns, [[row.get(name) for name in columns] for row in rows],
                          cut_headers(self.limits) if cut else {})
        csv = f"/questions/{question.name}?" + urlencode({**values, "ask": "", "format": "csv"})
        return self.page("question", 400 if error else 200, question=question, fields=_fields(question), values=values, error=error,
                         ready=ready, columns=columns, rows=rows[:_SHOWN], total=len(rows), cut=cut, csv=csv, limits=self.limits)

    async def query(self, request: Request) -> Response:
        sparql = request.query_params.get("query", "")
        columns: list[str] = []
        rows: list[dict[str, tuple[str, bool]]] = []
        error, text, cut = "", "", False
        if sparql.strip():
            try:
                answer = await asked(self.pool, "sparql", sparql, "json", "turtle", self.limits.rows)
                cut = answer.cut
                if answer.form == "turtle":
                    text = answer.body.decode()
                else:
                    columns, rows, text = _linked(answer.body)
            except Refused as refused:
                error = str(refused)
        if request.query_params.get("format") == "csv" and columns:
            return _table("answer.csv", columns, [[row.get(name, ("", ""))[0] for name in columns] for row in rows],
                          cut_headers(self.limits) if cut else {})
        return self.page("query", 400 if error else 200, sparql=sparql, error=error, columns=columns, rows=rows[:_SHOWN], total=len(rows),
                         text=text[:500_000], cut=cut, csv="/query?" + urlencode({"query": sparql, "format": "csv"}), limits=self.limits,
                         saved=named_queries().values(), prefixes=PREFIXES)

    async def help(self, request: Request) -> Response:
        return self.page("help", limits=self.limits, base=self.base, results=negotiation.RESULTS, graphs=negotiation.GRAPHS)

    async def style(self, request: Request) -> Response:
        return Response(self.templates.get_template("serve.css").render(), media_type="text/css", headers={"cache-control": "no-cache"})

    async def terms(self, request: Request) -> Response:
        """What the editor completes: the prefixes, and the classes and properties that the ontology and the shapes speak of."""
        return JSONResponse({"prefixes": PREFIXES, "classes": self.classes, "properties": self.properties})


def _terms() -> tuple[list[str], list[str]]:
    """The classes and properties of the graph, as the ontology defines them and the shapes use them."""
    classes, properties = {RDFS("Class")}, {RDF("type")}
    for name in ("kg.ttl", "shapes.ttl"):
        for triple in pyoxigraph.parse(path=str(ontology_dir() / name), format=pyoxigraph.RdfFormat.TURTLE):
            ends = {"s": triple.subject, "o": triple.object}
            for predicate, object_, end, found in _DEFINED:
                iri = ends[end]
                if (triple.predicate.value == predicate and object_ in ("", getattr(triple.object, "value", ""))
                        and isinstance(iri, pyoxigraph.NamedNode)):
                    (classes if found == "class" else properties).add(iri.value)
    return sorted(classes), sorted(properties)


def marked(text: str, mentions: Sequence[facts.Row]) -> list[tuple[str, facts.Row | None]]:
    """A text in pieces, those that are mentions with their entity; of mentions that overlap, the first and longest is marked."""
    pieces: list[tuple[str, facts.Row | None]] = []
    at = 0
    for mention in mentions:
        start, end = int(mention["from"]), int(mention["to"])
        if at <= start < end <= len(text):
            pieces += [(text[at:start], None), (text[start:end], mention)]
            at = end
    return [*(piece for piece in pieces if piece[0]), (text[at:], None)]


def _fields(question: NamedQuery) -> list[tuple[Parameter, str, str]]:
    """A question's parameters with the kind of control each has in a form, and what it takes."""
    found = []
    for parameter in question.parameters:
        kind = parameter.kinds[0] if parameter.kinds[0] in ("date", "text", "status") else "entity"
        entities = "any entity" if len(parameter.kinds) == len(entity_types()) else " or ".join(map(words, parameter.kinds))
        takes = {"date": "a day", "text": "words", "status": "a status"}.get(kind, entities)
        found.append((parameter, kind, takes))
    return found


def _linked(body: bytes) -> tuple[list[str], list[dict[str, tuple[str, bool]]], str]:
    """The columns and rows of SPARQL results in JSON, each value with whether it is an IRI; for an ASK, its answer in a word."""
    result = json.loads(body)
    if "boolean" in result:
        return [], [], "yes" if result["boolean"] else "no"
    return result["head"]["vars"], [{name: (term["value"], term["type"] == "uri") for name, term in row.items() if term["type"] != "triple"}
                                    for row in result["results"]["bindings"]], ""


def _table(name: str, columns: Sequence[str], rows: Sequence[Sequence[object]], headers: Mapping[str, str]) -> Response:
    """Rows as CSV to download, in which no spreadsheet runs a formula."""
    headers = {**headers, "content-disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(columns, rows), 200, headers, negotiation.content_type("csv"))

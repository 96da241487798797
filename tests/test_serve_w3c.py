"""The W3C's tests of the SPARQL 1.1 Protocol and of service descriptions, sent to a running server as their manifests say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import rdflib
import rdflib.compare
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS
from server import Answer, Server, serving, write_graph

from kg.serve.negotiation import GRAPHS

DATA = Path(__file__).parent / "data" / "sparql-protocol"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")

MANIFEST = rdflib.Graph().parse(DATA / "protocol" / "manifest.ttl")
TESTS = {str(test).rpartition("#")[2]: test for test in MANIFEST.subjects(RDF.type, MF.ProtocolTest)}
#: the tests that are known to fail, with the reason
READ_ONLY = "updates are refused: a graph only changes by kg build"
KNOWN = dict.fromkeys((
    "update_dataset_default_graph", "update_dataset_default_graphs", "update_dataset_named_graphs", "update_dataset_full",
    "update_post_form", "update_post_direct", "update_base_uri"), READ_ONLY)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serves the graphs that the tests speak of, each under its name."""
    quads = []
    for data in set(MANIFEST.objects(None, UT.graphData)):
        path, name = Path(str(MANIFEST.value(data, UT.graph)).removeprefix("file://")), MANIFEST.value(data, RDFS.label)
        quads += [line.rstrip(" .\n") + f" <{name}> .\n" for line in path.read_text().splitlines()]
    with serving(write_graph(tmp_path_factory.mktemp("w3c") / "graph", "".join(sorted(set(quads)))), "--quiet") as running:
        yield running


def test_every_test_of_the_manifest_is_run() -> None:
    [entries] = MANIFEST.objects(None, MF.entries)
    assert {str(entry).rpartition("#")[2] for entry in Collection(MANIFEST, entries)} == set(TESTS)
    assert len(TESTS) == 34
    assert KNOWN.keys() <= TESTS.keys()


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.xfail(reason=KNOWN[name], strict=True)) if name in KNOWN else name
                                  for name in sorted(TESTS)])
def test_protocol(name: str, server: Server) -> None:
    action = MANIFEST.value(TESTS[name], MF.action)
    for request in Collection(MANIFEST, MANIFEST.value(action, HT.requests)):
        check(send(server, request), MANIFEST.value(request, HT.resp))


def send(server: Server, request: Any) -> Answer:
    """The answer to a request of the manifest."""
    headers = MANIFEST.value(request, HT.headers)
    fields = {str(MANIFEST.value(field, HT.fieldName)): str(MANIFEST.value(field, HT.fieldValue))
              for field in (Collection(MANIFEST, headers) if headers is not None else ())}
    body = MANIFEST.value(request, HT.body)
    content = None if body is None else str(MANIFEST.value(body, CNT.chars)).encode(str(MANIFEST.value(body, CNT.characterEncoding)))
    return server.request(str(MANIFEST.value(request, HT.methodName)), str(MANIFEST.value(request, HT.absolutePath)), content, fields)


def check(answer: Answer, expected: Any) -> None:
    """What a response of the manifest says of its status, its format and its boolean."""
    allowed = {str(status).rpartition("StatusCode")[2][0] for status in MANIFEST.objects(expected, MF.expectedStatus)}
    assert str(answer.status)[0] in allowed, answer
    form = str(MANIFEST.value(expected, MF.expectedFormat) or "")
    if form == "RDF":
        assert answer.type in GRAPHS.values()
    elif form:
        assert answer.type in ("application/sparql-results+json", "application/sparql-results+xml") or form == "tabular"
    boolean = MANIFEST.value(expected, MF.expectedBoolean)
    if boolean is not None:
        assert answer.type == "application/sparql-results+json"
        assert (b'"boolean":true' in answer.body) == bool(boolean)


@pytest.fixture(scope="module")
def description(server: Server) -> rdflib.Graph:
    answer = server.get("/sparql")
    assert (answer.status, answer.type) == (200, "text/turtle")
    return rdflib.Graph().parse(data=answer.body, format="turtle")


def test_service_description_returns_rdf(description: rdflib.Graph) -> None:
    assert len(description)


def test_service_description_has_endpoint_triple(description: rdflib.Graph, server: Server) -> None:
    assert list(description.objects(None, SD.endpoint)) == [rdflib.URIRef(f"{server.address}sparql")]


def test_service_description_conforms_to_schema(description: rdflib.Graph) -> None:
    """What the Recommendation demands: a service with one endpoint, its languages and formats as IRIs, its dataset with a default graph."""
    [service] = description.subjects(RDF.type, SD.Service)
    assert len(list(description.objects(service, SD.endpoint))) == 1
    assert set(description.objects(service, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert all(isinstance(form, rdflib.URIRef) for form in description.objects(service, SD.resultFormat))
    [dataset] = description.objects(service, SD.defaultDataset)
    assert (dataset, RDF.type, SD.Dataset) in description
    [graph] = description.objects(dataset, SD.defaultGraph)
    assert (graph, RDF.type, SD.Graph) in description


@pytest.mark.parametrize(("media", "syntax"), [
    ("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/ld+json", "json-ld"), ("application/rdf+xml", "xml")])
def test_a_description_comes_in_every_syntax(media: str, syntax: str, server: Server, description: rdflib.Graph) -> None:
    answer = server.get("/sparql", media)
    assert answer.type == media
    if syntax == "xml":
        ElementTree.fromstring(answer.text)
    assert rdflib.compare.isomorphic(rdflib.Graph().parse(data=answer.body, format=syntax), description)

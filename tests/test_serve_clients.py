"""Programs that people use ask ``kg serve``: SPARQLWrapper, rdflib and Comunica give what the store gives, also through SERVICE."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
from click.testing import CliRunner
from npm import installed
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from server import Server, serving
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from kg.cli import cli
from kg.query import named_queries, run
from kg.vocabulary import PREFIXES

COMUNICA = "4.5.0"  # the last that runs on Node.js below 22
HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("kg", "rdfs"))
ROWS = HEAD + "SELECT ?person ?name { ?person a kg:Person ; rdfs:label ?name } ORDER BY ?name"
CONSTRUCT = HEAD + "CONSTRUCT { ?person rdfs:label ?name } WHERE { ?person a kg:Person ; rdfs:label ?name }"


@pytest.fixture(scope="module")
def server(sample_dir: Path) -> Iterator[Server]:
    with serving(sample_dir, "--quiet") as running:
        yield running


@pytest.fixture(scope="module")
def expected(store: pyoxigraph.Store) -> list[tuple[str, str]]:
    """People with their names, as the store itself gives them."""
    rows = [(row["person"].value, row["name"].value) for row in run(store, ROWS)]
    assert len(rows) == 6
    return rows


def wrapped(server: Server, query: str, form: str) -> SPARQLWrapper:
    client = SPARQLWrapper(f"{server.address}sparql")
    client.setQuery(query)
    client.setReturnFormat(form)
    return client


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_json(method: str, server: Server, expected: list[tuple[str, str]]) -> None:
    client = wrapped(server, ROWS, JSON)
    client.setMethod(method)
    found = client.queryAndConvert()
    assert [(row["person"]["value"], row["name"]["value"]) for row in found["results"]["bindings"]] == expected


def test_sparqlwrapper_reads_other_formats(server: Server, expected: list[tuple[str, str]]) -> None:
    xml = wrapped(server, ROWS, XML).queryAndConvert()
    assert [node.firstChild.data for node in xml.getElementsByTagName("literal")] == [name for _, name in expected]
    assert wrapped(server, ROWS, CSV).queryAndConvert().decode().splitlines() == ["person,name", *(",".join(row) for row in expected)]
    graph = rdflib.Graph().parse(data=wrapped(server, CONSTRUCT, TURTLE).queryAndConvert(), format="turtle")
    assert {(str(s), str(o)) for s, o in graph.subject_objects()} == set(expected)


def test_sparqlwrapper_is_told_of_a_mistake(server: Server) -> None:
    with pytest.raises(QueryBadFormed, match="line 1, column"):
        wrapped(server, "SELECT ?x { ?x a }", JSON).query()


@pytest.mark.parametrize("options", [{}, {"returnFormat": "xml"}, {"returnFormat": "csv"}, {"method": "POST"}, {"method": "POST_FORM"}])
def test_rdflibs_store_asks_it(options: dict[str, Any], server: Server, expected: list[tuple[str, str]]) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{server.address}sparql", **options))
    assert [(str(row.person), str(row.name)) for row in graph.query(ROWS)] == expected
    person = rdflib.URIRef(expected[0][0])
    assert [str(name) for name in graph.objects(person, rdflib.RDFS.label)] == [expected[0][1]]


def test_rdflib_joins_it_to_its_own_graph(server: Server, expected: list[tuple[str, str]]) -> None:
    person, name = expected[0]
    own = rdflib.Graph()
    own.add((rdflib.URIRef(person), rdflib.URIRef("https://example.org/watched"), rdflib.Literal(True)))
    query = f"""{HEAD}SELECT ?name {{ ?person <https://example.org/watched> true .
        SERVICE <{server.address}sparql> {{ ?person rdfs:label ?name }} }}"""
    assert [str(row["name"]) for row in own.query(query)] == [name]


@pytest.fixture(scope="module")
def comunica() -> Path:
    """Comunica's command."""
    return installed("@comunica/query-sparql", COMUNICA) / ".bin" / "comunica-sparql"


def asked(comunica: Path, query: str, *sources: str) -> list[dict[str, str]]:
    """The rows that Comunica gives."""
    words = [str(comunica), *sources, query, "-t", "application/sparql-results+json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return [{name: term["value"] for name, term in row.items()} for row in json.loads(done.stdout)["results"]["bindings"]]


@pytest.mark.node
@pytest.mark.parametrize("prefix", ["", "sparql@"], ids=["recognised", "named"])
def test_comunica_asks_it(prefix: str, comunica: Path, server: Server, expected: list[tuple[str, str]]) -> None:
    """It knows an endpoint by its service description, or by being told."""
    rows = asked(comunica, ROWS, f"{prefix}{server.address}sparql")
    assert [(row["person"], row["name"]) for row in rows] == expected


@pytest.mark.node
def test_comunica_joins_two_of_them(comunica: Path, server: Server, sample_dir: Path, expected: list[tuple[str, str]]) -> None:
    with serving(sample_dir, "--quiet") as other:
        rows = asked(comunica, ROWS.replace("SELECT", "SELECT DISTINCT"), *(f"sparql@{one.address}sparql" for one in (server, other)))
    assert [(row["person"], row["name"]) for row in rows] == expected


@pytest.mark.parametrize("question", sorted(named_queries()))
def test_the_projects_own_command_asks_it_every_question(question: str, server: Server, sample_dir: Path) -> None:
    """``kg query --endpoint`` gives the same of a served graph as of its folder."""
    force, person = "Essex Police", "Daniel Frost"
    values = {"force": force, "entity": force, "person": person}
    given = [word for p in named_queries()[question].parameters if p.required for word in (f"--{p.name}", values[p.name])]
    here = CliRunner().invoke(cli, ["query", question, *given, "-g", str(sample_dir), "--format", "csv"])
    there = CliRunner().invoke(cli, ["query", question, *given, "--endpoint", f"{server.address}sparql", "--format", "csv"])
    assert (there.exit_code, there.stdout) == (here.exit_code, here.stdout)
    assert here.exit_code == 0

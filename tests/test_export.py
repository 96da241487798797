"""Exports: the same content in every format, the same bytes every time, nothing that runs."""

from __future__ import annotations

import csv
import io

import networkx as nx
import pyoxigraph
import pytest
import rdflib
from pyoxigraph import RdfFormat

from kg import rows
from kg.errors import ExportError
from kg.export import FORMATS, export

RDF_FORMATS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG,
               "jsonld": RdfFormat.JSON_LD, "rdfxml": RdfFormat.RDF_XML}


def _written(store: pyoxigraph.Store, name: str) -> bytes:
    out = io.BytesIO()
    export(store, name, out)
    return out.getvalue()


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_rdf_comes_back_whole(store: pyoxigraph.Store, name: str) -> None:
    back = pyoxigraph.Store()
    back.load(_written(store, name), format=RDF_FORMATS[name])
    assert set(back) == set(store)


@pytest.mark.parametrize(("name", "syntax"), [("ttl", "turtle"), ("nt", "nt"), ("rdfxml", "xml"), ("jsonld", "json-ld")])
def test_rdflib_reads_as_many_triples(store: pyoxigraph.Store, name: str, syntax: str) -> None:
    graph = rdflib.Dataset(default_union=True) if name == "jsonld" else rdflib.Graph()
    graph.parse(data=_written(store, name), format=syntax)
    assert len(graph) == len(store)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_bytes_every_time(store: pyoxigraph.Store, name: str) -> None:
    other = pyoxigraph.Store()
    other.extend(sorted(store, key=str, reverse=True))
    assert _written(store, name) == _written(other, name) == _written(store, name)


def test_csv_holds_every_fact(store: pyoxigraph.Store) -> None:
    table = list(csv.DictReader(io.StringIO(_written(store, "csv").decode(), newline="")))
    facts = list(rows.facts(store))
    assert [row["predicate"] for row in table] == [row["predicate"] for row in facts]
    assert [row["evidence"].removeprefix("'") for row in table] == [row["evidence"]["text"] for row in facts]
    assert not [cell for row in table for cell in row.values() if cell.startswith(("=", "+", "@"))]


def test_graphml_holds_every_fact_with_its_status(store: pyoxigraph.Store) -> None:
    graph = nx.read_graphml(io.BytesIO(_written(store, "graphml")), force_multigraph=True)
    edges = sorted((graph.nodes[a]["name"], data["predicate"], graph.nodes[b]["name"], data["status"], data["evidence"])
                   for a, b, data in graph.edges(data=True))
    assert edges == sorted((row["subject"]["name"], row["predicate"], row["object"]["name"], row["status"], row["evidence"]["text"])
                           for row in rows.facts(store))


def test_an_unknown_format(store: pyoxigraph.Store) -> None:
    with pytest.raises(ExportError, match="'xlsx' is no format; it should be one of ttl, nt"):
        export(store, "xlsx", io.BytesIO())

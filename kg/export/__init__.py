"""Exports: one format a file, each a function that writes a store's graph to a binary stream, listed in one visible table;
those of plug-ins come behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from kg.errors import ExportError, PluginError
from kg.export.followthemoney import write_followthemoney
from kg.export.frames import write_parquet
from kg.export.jsonld import write_jsonld
from kg.export.neo4j import write_neo4j
from kg.export.network import write_cytoscape, write_gexf, write_graphml
from kg.export.rdf import write_nquads, write_rdfxml, write_turtle
from kg.export.spreadsheet import write_xlsx
from kg.export.table import write_csv
from kg.plugins import exporters, installed
from kg.query import suggestions
from kg.store import Store

Exporter = Callable[[Store, IO[bytes]], None]

#: format -> (what it is, how it is written); the name is also its usual suffix
FORMATS: dict[str, tuple[str, Exporter]] = {
    "ttl": ("Turtle", write_turtle),
    "nt": ("N-Triples, sorted", write_nquads),
    "nq": ("N-Quads, sorted; as everything stands in the default graph, the same as N-Triples", write_nquads),
    "trig": ("TriG; as everything stands in the default graph, the same as Turtle", write_turtle),
    "jsonld": ("JSON-LD framed by entity, each with its facts and their sentences", write_jsonld),
    "rdfxml": ("RDF/XML", write_rdfxml),
    "graphml": ("GraphML, entities joined by facts, for yEd, Gephi, NetworkX, R", write_graphml),
    "gexf": ("GEXF, the same for Gephi", write_gexf),
    "cytoscape": ("Cytoscape JSON, the same for Cytoscape and Cytoscape.js", write_cytoscape),
    "neo4j": ("a zip archive of CSV files with headers for Neo4j's bulk import", write_neo4j),
    "ftm": ("FollowTheMoney entities as JSON Lines, for Aleph", write_followthemoney),
    "xlsx": ("a workbook with sheets of facts, entities, sentences and documents", write_xlsx),
    "csv": ("the facts as a table", write_csv),
    "parquet": ("the facts as a table with typed columns, for pandas, polars, DuckDB", write_parquet),
}


def formats() -> dict[str, tuple[str, Exporter]]:
    """Every format, the project's own first. Raises PluginError where a plug-in gives one a name that is taken."""
    for one in installed():
        for name in sorted(set(one.plugin.exporters) & set(FORMATS)):
            raise PluginError(f"{one}: the format {name!r} is there already; give it another name")
    return {**FORMATS, **exporters()}


def export(store: Store, format: str, out: IO[bytes]) -> None:
    """Write the graph in a format; the same graph gives the same bytes.

    Raises ExportError on an unknown format, and where a format needs what is not installed or cannot hold the graph.
    """
    known = formats()
    if format not in known:
        raise ExportError(f"{format!r} is no format{suggestions(format, known)}; it should be one of {', '.join(known)}")
    known[format][1](store, out)

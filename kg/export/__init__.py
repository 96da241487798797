"""Exports: one format a file, each a function that writes a store's graph to a binary stream, listed in one visible table."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from kg.errors import ExportError
from kg.export.graphml import write_graphml
from kg.export.jsonld import write_jsonld
from kg.export.rdf import write_nquads, write_rdfxml, write_turtle
from kg.export.table import write_csv
from kg.store import Store

Exporter = Callable[[Store, IO[bytes]], None]

#: format -> (what it is, how it is written); the name is also its usual suffix
FORMATS: dict[str, tuple[str, Exporter]] = {
    "ttl": ("Turtle", write_turtle),
    "nt": ("N-Triples, sorted", write_nquads),
    "nq": ("N-Quads, sorted", write_nquads),
    "trig": ("TriG; as everything stands in the default graph, the same as Turtle", write_turtle),
    "jsonld": ("JSON-LD framed by entity", write_jsonld),
    "rdfxml": ("RDF/XML", write_rdfxml),
    "graphml": ("GraphML, entities joined by facts, for Gephi, yEd, NetworkX", write_graphml),
    "csv": ("the facts as a table", write_csv),
}


def export(store: Store, format: str, out: IO[bytes]) -> None:
    """Write the graph in a format; the same graph gives the same bytes. Raises ExportError on an unknown format."""
    if format not in FORMATS:
        raise ExportError(f"{format!r} is no format; it should be one of {', '.join(FORMATS)}")
    FORMATS[format][1](store, out)

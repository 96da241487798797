"""Exports: one format a file, each a function that writes a store's graph to a binary stream, listed in one visible table;
those of plug-ins come behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from kg.errors import ExportError, PluginError
from kg.export.graphml import write_graphml
from kg.export.rdf import write_jsonld, write_nquads, write_ntriples, write_rdfxml, write_trig, write_turtle
from kg.export.table import write_csv
from kg.plugins import exporters, installed
from kg.store import Store

Exporter = Callable[[Store, IO[bytes]], None]

#: format -> (what it is, how it is written); the name is also its usual suffix
FORMATS: dict[str, tuple[str, Exporter]] = {
    "ttl": ("Turtle", write_turtle),
    "nt": ("N-Triples, sorted", write_ntriples),
    "nq": ("N-Quads, sorted", write_nquads),
    "trig": ("TriG", write_trig),
    "jsonld": ("JSON-LD", write_jsonld),
    "rdfxml": ("RDF/XML", write_rdfxml),
    "graphml": ("GraphML, entities joined by facts, for Gephi, yEd, NetworkX", write_graphml),
    "csv": ("the facts as a table", write_csv),
}


def formats() -> dict[str, tuple[str, Exporter]]:
    """Every format, the project's own first. Raises PluginError where a plug-in gives one a name that is taken."""
    for one in installed():
        for name in sorted(set(one.plugin.exporters) & set(FORMATS)):
            raise PluginError(f"{one}: the format {name!r} is there already; give it another name")
    return {**FORMATS, **exporters()}


def export(store: Store, format: str, out: IO[bytes]) -> None:
    """Write the graph in a format; the same graph gives the same bytes. Raises ExportError on an unknown format."""
    known = formats()
    if format not in known:
        raise ExportError(f"{format!r} is no format; it should be one of {', '.join(known)}")
    known[format][1](store, out)

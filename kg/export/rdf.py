"""The graph in RDF syntaxes, quads in order, so that the same graph gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pyoxigraph
from pyoxigraph import RdfFormat

from kg.answers import as_turtle
from kg.store import Store


def write_turtle(store: Store, out: IO[bytes]) -> None:
    """Turtle with the project's prefixes."""
    out.write(as_turtle(quad.triple for quad in _quads(store)).encode())


def write_ntriples(store: Store, out: IO[bytes]) -> None:
    """Sorted N-Triples."""
    _write(store, out, RdfFormat.N_TRIPLES)


def write_nquads(store: Store, out: IO[bytes]) -> None:
    """Sorted N-Quads."""
    _write(store, out, RdfFormat.N_QUADS)


def write_trig(store: Store, out: IO[bytes]) -> None:
    """TriG: as everything stands in the default graph, the same as Turtle."""
    write_turtle(store, out)


def write_jsonld(store: Store, out: IO[bytes]) -> None:
    """JSON-LD."""
    _write(store, out, RdfFormat.JSON_LD)


def write_rdfxml(store: Store, out: IO[bytes]) -> None:
    """RDF/XML."""
    _write(store, out, RdfFormat.RDF_XML)


def _write(store: Store, out: IO[bytes], syntax: RdfFormat) -> None:
    quads = sorted(_quads(store), key=str)
    pyoxigraph.serialize(quads if syntax.supports_datasets else [quad.triple for quad in quads], out, syntax)


def _quads(store: Store) -> Iterator[pyoxigraph.Quad]:
    return store.quads_for_pattern(None, None, None, None)

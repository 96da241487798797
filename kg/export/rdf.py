"""The graph in RDF syntaxes, quads in order, so that the same graph gives the same bytes."""

from __future__ import annotations

from typing import IO

import pyoxigraph
from pyoxigraph import RdfFormat

from kg.store import Store
from kg.vocabulary import PREFIXES


def write_turtle(store: Store, out: IO[bytes]) -> None:
    """Turtle with the project's prefixes."""
    _write(store, out, RdfFormat.TURTLE)


def write_ntriples(store: Store, out: IO[bytes]) -> None:
    """Sorted N-Triples."""
    _write(store, out, RdfFormat.N_TRIPLES)


def write_nquads(store: Store, out: IO[bytes]) -> None:
    """Sorted N-Quads."""
    _write(store, out, RdfFormat.N_QUADS)


def write_trig(store: Store, out: IO[bytes]) -> None:
    """TriG with the project's prefixes."""
    _write(store, out, RdfFormat.TRIG)


def write_jsonld(store: Store, out: IO[bytes]) -> None:
    """JSON-LD."""
    _write(store, out, RdfFormat.JSON_LD)


def write_rdfxml(store: Store, out: IO[bytes]) -> None:
    """RDF/XML."""
    _write(store, out, RdfFormat.RDF_XML)


def _write(store: Store, out: IO[bytes], syntax: RdfFormat) -> None:
    quads = sorted(store.quads_for_pattern(None, None, None, None), key=str)
    prefixes = None if syntax in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS) else PREFIXES
    statements = quads if syntax.supports_datasets else [quad.triple for quad in quads]
    pyoxigraph.serialize(statements, out, syntax, prefixes=prefixes)

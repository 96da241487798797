"""The graph in RDF syntaxes, in order, so that the same graph gives the same bytes."""

from __future__ import annotations

import io
import re
from typing import IO

import pyoxigraph

from kg.rdf import turtle
from kg.rows import base_iri
from kg.store import Store
from kg.vocabulary import PREFIXES

# What XML cannot hold at all, in UTF-8: controls but for tab and line ends, U+FFFE and U+FFFF.
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def write_turtle(store: Store, out: IO[bytes]) -> None:
    """Turtle with the project's prefixes, subjects in order, each with its types first."""
    turtle.write(sorted_lines(store), base_iri(store), out)


def write_nquads(store: Store, out: IO[bytes]) -> None:
    """Sorted N-Quads; as everything stands in the default graph, these are N-Triples too."""
    out.writelines(line + b"\n" for line in sorted_lines(store))


def write_rdfxml(store: Store, out: IO[bytes]) -> None:
    """RDF/XML; what XML cannot hold is written as U+FFFD."""
    quads = pyoxigraph.parse(b"\n".join(sorted_lines(store)), format=pyoxigraph.RdfFormat.N_QUADS)
    written = io.BytesIO()
    pyoxigraph.serialize((quad.triple for quad in quads), written, pyoxigraph.RdfFormat.RDF_XML, prefixes=PREFIXES)
    content = re.sub(rb"<rdf:RDF [^>]*>", _ordered_head, written.getvalue(), count=1)
    out.write(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}".encode(), content).replace(b"\r", b"&#13;"))  # a bare one is read as a line's end


def sorted_lines(store: Store) -> list[bytes]:
    """The graph's triples as lines of N-Quads, without line ends, by code point."""
    return sorted(line for line in (store.dump(format=pyoxigraph.RdfFormat.N_QUADS) or b"").split(b"\n") if line)


def _ordered_head(found: re.Match[bytes]) -> bytes:
    """The root element with its namespaces in order, which the library writes in the order of a hash table."""
    return b"<rdf:RDF " + b" ".join(sorted(re.findall(rb'[\w:]+="[^"]*"', found[0]))) + b">"

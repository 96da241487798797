"""Turtle as the project writes it: prefixes in order, IRIs relative to the base, subjects in order, each with its types first."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pyoxigraph

from kg.vocabulary import PREFIXES, RDF

_IS_TYPE = f" <{RDF('type')}> ".encode()


def turtle(lines: Iterable[bytes], base_iri: str) -> bytes:
    """Lines of N-Triples or default-graph N-Quads as Turtle; ``base_iri`` may be empty. The same lines give the same bytes."""
    ordered = sorted(lines, key=lambda line: line.replace(_IS_TYPE, b" \0", 1))  # before any other predicate of the same subject
    quads = pyoxigraph.parse(b"\n".join(ordered), format=pyoxigraph.RdfFormat.N_QUADS)
    written = io.BytesIO()
    pyoxigraph.serialize((quad.triple for quad in quads), written, pyoxigraph.RdfFormat.TURTLE,
                         prefixes=PREFIXES, base_iri=base_iri or None)
    # The library writes its header in the order of a hash table and the prefixes as relative IRIs: written anew here.
    body = written.getvalue().split(b"\n", bool(base_iri) + len(PREFIXES))[-1]
    header = [f"@base <{base_iri}> ."] if base_iri else []
    header += [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(PREFIXES)]
    return "\n".join(header).encode() + b"\n\n" + body.replace(b" .\n", b" .\n\n")

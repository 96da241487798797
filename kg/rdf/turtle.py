"""Turtle as the project writes it: prefixes in order, IRIs relative to the base, subjects in order, each with its types first."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph

from kg.vocabulary import PREFIXES, RDF

_IS_TYPE = f" <{RDF('type')}> "


def turtle(lines: Iterable[str], base_iri: str) -> bytes:
    """Lines of N-Triples or default-graph N-Quads as Turtle; ``base_iri`` may be empty. The same lines give the same bytes."""
    ordered = sorted(lines, key=lambda line: (line[:line.index(" ")], _IS_TYPE not in line, line))
    quads = pyoxigraph.parse("\n".join(ordered).encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    written = pyoxigraph.serialize((quad.triple for quad in quads), format=pyoxigraph.RdfFormat.TURTLE,
                                   prefixes=PREFIXES, base_iri=base_iri or None)
    # The library writes its header in the order of a hash table and the prefixes as relative IRIs: written anew here.
    body = written.split(b"\n", bool(base_iri) + len(PREFIXES))[-1]
    header = [f"@base <{base_iri}> ."] if base_iri else []
    header += [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(PREFIXES)]
    return "\n".join(header).encode() + b"\n\n" + body.replace(b" .\n", b" .\n\n")

"""Turtle as the project writes it: prefixes in order, IRIs relative to the base, subjects in order, each with its types first."""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import groupby, islice
from typing import IO

import pyoxigraph

from kg.vocabulary import PREFIXES, RDF

_TYPE = f"<{RDF('type')}>".encode()

#: subjects laid out at a time, so that the whole never stands in memory
_SUBJECTS = 500


def write(lines: Iterable[bytes], base_iri: str, out: IO[bytes]) -> None:
    """Write sorted lines of N-Triples or default-graph N-Quads as Turtle; ``base_iri`` may be empty. The same lines give the same bytes."""
    header = [f"@base <{base_iri}> ."] if base_iri else []
    header += [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(PREFIXES)]
    out.write("\n".join(header).encode() + b"\n\n")
    # The lines are sorted and no IRI holds a space, so those of one subject stand together.
    subjects = (sorted(some, key=_is_no_type) for _, some in groupby(lines, lambda line: line[:line.index(b" ")]))
    while some := list(islice(subjects, _SUBJECTS)):
        quads = pyoxigraph.parse(b"\n".join(line for subject in some for line in subject), format=pyoxigraph.RdfFormat.N_QUADS)
        written = io.BytesIO()
        pyoxigraph.serialize((quad.triple for quad in quads), written, pyoxigraph.RdfFormat.TURTLE,
                             prefixes=PREFIXES, base_iri=base_iri or None)
        # The library writes its header in the order of a hash table and the prefixes as relative IRIs, so the one above stands for it.
        body = written.getvalue().split(b"\n", len(header))[-1]
        out.write(body.replace(b" .\n", b" .\n\n"))


def _is_no_type(line: bytes) -> bool:
    return line.split(b" ", 2)[1] != _TYPE

"""Turtle as the project writes it: prefixes in order, IRIs relative to the base, subjects in order, each with its types first."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import IO

import pyoxigraph

from kg.rdf.lines import Patch, Sorted
from kg.vocabulary import PREFIXES, RDF

_TYPE = f" <{RDF('type')}> ".encode()

#: subjects laid out at a time, so that the whole never stands in memory
_SUBJECTS = 500


def write(lines: Iterable[bytes], base_iri: str, out: IO[bytes]) -> None:
    """Write sorted lines of N-Triples or default-graph N-Quads as Turtle; ``base_iri`` may be empty. The same lines give the same bytes."""
    out.write(_header(base_iri))
    for content in _subjects(lines, base_iri):
        out.write(content)


def patch(old: IO[bytes], changed: Iterable[bytes], lines: Sorted, base_iri: str, out: IO[bytes]) -> None:
    """Write a file of Turtle as it was, but for some subjects; the same bytes as ``write`` would give for all lines.

    ``changed`` are the subjects as N-Quads have them (``<iri>``), sorted, and ``lines`` all lines of the graph as it is now.
    """
    header = _header(base_iri)
    made = Patch(Sorted(old, partial(_subject, header=header), b"\n\n", len(header)), out)
    for subject in changed:
        key = subject + b" "
        if _subject(there := made.seek(key), header) == key:
            made.skip(len(there))
        for content in _subjects((line.rstrip(b"\n") for line in lines.beginning(key)), base_iri):
            made.write(content)
    made.copy()


def _subject(block: bytes, header: bytes) -> bytes:
    """What a block of Turtle is about, as N-Quads have it, with a space behind it; nothing at the end of the file."""
    if not block:
        return b"\xff"
    name = block.split(None, 1)[0]
    quad = next(iter(pyoxigraph.parse(header + name + b" a <x:x> .", format=pyoxigraph.RdfFormat.TURTLE)))
    return f"{quad.subject} ".encode()


def _header(base_iri: str) -> bytes:
    header = [f"@base <{base_iri}> ."] if base_iri else []
    header += [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(PREFIXES)]
    return "\n".join(header).encode() + b"\n\n"


def _subjects(lines: Iterable[bytes], base_iri: str) -> Iterator[bytes]:
    """Lines as blocks of Turtle, a subject each."""
    headed = len(PREFIXES) + bool(base_iri)
    subjects = _with_types_first(lines)
    while some := list(islice(subjects, _SUBJECTS)):
        triples = pyoxigraph.parse(b"\n".join(chain.from_iterable(some)), format=pyoxigraph.RdfFormat.N_TRIPLES)
        written = io.BytesIO()
        pyoxigraph.serialize(triples, written, pyoxigraph.RdfFormat.TURTLE, prefixes=PREFIXES, base_iri=base_iri or None)
        # The library writes its header in the order of a hash table and the prefixes as relative IRIs, so the one above stands for it.
        body = written.getvalue().split(b"\n", headed)[-1]
        yield body.replace(b" .\n", b" .\n\n")


def _with_types_first(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines of each subject; they are sorted and no IRI holds a space, so those of one stand together."""
    subject, types, others = b"", list[bytes](), list[bytes]()
    for line in lines:
        at = line.index(b" ")
        if line[:at] != subject:
            if subject:
                yield types + others
            subject, types, others = line[:at], [], []
        (types if line.startswith(_TYPE, at) else others).append(line)
    if subject:
        yield types + others

"""The graph stage: readings and entities to RDF triples, in Turtle and sorted N-Quads.

All triples stand in the default graph, no node is blank, and the lines are sorted by code point: the same readings in any
order give the same bytes. ``kg.rdf.statements`` tells how a fact is laid down,
``kg.rdf.events`` what is derived from facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph

from kg.decisions import Trace
from kg.model import Entity, Reading
from kg.rdf.decided import write_decisions
from kg.rdf.events import write_events
from kg.rdf.known import write_added_terms, write_known
from kg.rdf.likenesses import write_likenesses
from kg.rdf.statements import Row, members, rows_of, write_assertion, write_chains, write_document, write_entity, write_plain
from kg.rdf.triples import Triples
from kg.reference import Reference
from kg.vocabulary import PREFIXES, RDF, Minter

__all__ = ["Graph", "build", "serialise_nquads", "serialise_turtle"]


@dataclass(frozen=True, slots=True)
class Graph:
    """The triples as sorted lines of N-Quads, and what was left out because it cannot be a fact, a line each with the reason."""

    base_iri: str
    lines: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)


def build(readings: Iterable[Reading], entities: Sequence[Entity], *, base_iri: str, reference: Reference | None = None,
          traces: Iterable[Trace] = ()) -> Graph:
    """The graph of all readings, with what the reference data knows of the things they name and the traces of people's decisions.

    Every chain must be a member of exactly one entity. Raises ValueError where one is of none, or two documents share an id.
    """
    minter, triples, left_out = Minter(base_iri), Triples(), []
    ordered = sorted(readings, key=lambda reading: reading.document.id)
    entity_of = members(entities)
    _check(ordered, entity_of)
    write_added_terms(triples)
    named = {entity.reference: entity.id for entity in entities if entity.reference}
    for entity in entities:
        write_entity(triples, minter, entity)
        write_likenesses(triples, minter, entity)
        if reference:
            write_known(triples, minter, entity, reference, named)
    rows: list[Row] = []
    for reading in ordered:
        write_document(triples, minter, reading.document, reading.words)
        write_chains(triples, minter, reading, entity_of)
        found = list(rows_of(minter, reading, entity_of, left_out))
        for row in found:
            write_assertion(triples, minter, row, reading.document.text)
        rows += found
    write_plain(triples, minter, rows)
    write_events(triples, minter, rows)
    write_decisions(triples, minter, traces)
    return Graph(base_iri, tuple(sorted(triples.lines)), tuple(sorted(left_out)))


def _check(readings: Sequence[Reading], entity_of: dict[tuple[str, int], Entity]) -> None:
    seen: set[str] = set()
    for reading in readings:
        name = reading.document.id
        if name in seen:
            raise ValueError(f"two documents have the id {name!r}; ids are unique in a build")
        seen.add(name)
        for position, chain in enumerate(reading.chains):
            if (name, position) not in entity_of:
                raise ValueError(f"{name}: chain {position} ({chain.name!r}) belongs to no entity; every chain belongs to one")


def serialise_nquads(graph: Graph) -> bytes:
    """Sorted N-Quads, one a line, all in the default graph."""
    return "".join(line + "\n" for line in graph.lines).encode()


def serialise_turtle(graph: Graph) -> bytes:
    """Turtle with prefixes and IRIs relative to the base; subjects in order, each with its types first."""
    is_type = f" <{RDF('type')}> "
    ordered = sorted(graph.lines, key=lambda line: (line[:line.index(" ")], is_type not in line, line))
    quads = pyoxigraph.parse("\n".join(ordered).encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    turtle = pyoxigraph.serialize((quad.triple for quad in quads), format=pyoxigraph.RdfFormat.TURTLE,
                                  prefixes=PREFIXES, base_iri=graph.base_iri)
    # The library writes its header in the order of a hash table and the prefixes as relative IRIs: written anew here.
    body = turtle.split(b"\n", 1 + len(PREFIXES))[-1]
    header = [f"@base <{graph.base_iri}> .", *(f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(PREFIXES))]
    return "\n".join(header).encode() + b"\n\n" + body.replace(b" .\n", b" .\n\n")

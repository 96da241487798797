"""The graph stage: readings and entities to RDF triples, in Turtle and sorted N-Quads.

All triples stand in the default graph, no node is blank, and the lines are sorted by code point: the same readings in any
order give the same bytes. ``kg.rdf.statements`` tells how a fact is laid down,
``kg.rdf.events`` what is derived from facts.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from kg.decisions import Trace
from kg.model import Entity, Reading
from kg.rdf import turtle
from kg.rdf.decided import write_decisions
from kg.rdf.events import write_events, write_words
from kg.rdf.known import write_added_terms, write_known
from kg.rdf.likenesses import write_likenesses
from kg.rdf.posts import POSTS, Post, write_holders, write_posts
from kg.rdf.statements import (
    Row,
    members,
    rows_of,
    told_parts,
    unsettled_parts,
    write_assertion,
    write_chains,
    write_copies,
    write_document,
    write_entity,
    write_extractions,
    write_plain,
)
from kg.rdf.triples import Triples
from kg.reference import Reference
from kg.vocabulary import Minter

__all__ = [
    "Graph", "build", "serialise_nquads", "serialise_turtle", "write_claims", "write_common", "write_holders", "write_nquads",
    "write_posts", "write_reading", "write_thing", "write_turtle",
]


@dataclass(frozen=True, slots=True)
class Graph:
    """The triples as sorted lines of N-Quads, and what was left out because it cannot be a fact, a line each with the reason."""

    base_iri: str
    lines: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)


def build(readings: Iterable[Reading], entities: Sequence[Entity], *, base_iri: str, reference: Reference | None = None,
          copies: Iterable[Sequence[str]] = (), traces: Iterable[Trace] = ()) -> Graph:
    """The graph of all readings, with what the reference data knows of the things they name and the traces of people's decisions.

    ``copies`` are the ids of documents that are near copies of one another, a sequence a group. Every chain must be a
    member of exactly one entity. Raises ValueError where one is of none, or two documents share an id.
    """
    minter, triples = Minter(base_iri), Triples()
    left_out: list[str] = []
    ordered = sorted(readings, key=lambda reading: reading.document.id)
    entity_of = members(entities)
    _check(ordered, entity_of)
    named = {entity.reference: entity.id for entity in entities if entity.reference}
    for entity in entities:
        write_thing(triples, minter, entity, reference, named)
    rows = [row for reading in ordered for row in write_reading(triples, minter, reading, entity_of, left_out)]
    write_claims(triples, minter, rows, unsettled_parts(told_parts(rows)))
    write_common(triples, minter, copies, traces)
    if reference:
        posts = [post for reading in ordered for post in write_posts(triples, minter, reading, entity_of, reference)]
        _write_all_holders(triples, minter, posts, rows, {reading.document.id: reading.document.date for reading in ordered}, reference)
    return Graph(base_iri, tuple(sorted(triples.lines)), tuple(sorted(left_out)))


def _write_all_holders(triples: Triples, minter: Minter, posts: Sequence[Post], rows: Sequence[Row], dates: Mapping[str, str | None],
                       reference: Reference) -> None:
    """Who probably holds the posts that documents leave unnamed, force by force."""
    for force in {post.force for post in posts}:
        heads = {row.subject.id for row in rows if row.predicate in POSTS and isinstance(row.object, Entity) and row.object.id == force}
        write_holders(triples, minter, [post for post in posts if post.force == force], [row for row in rows if row.subject.id in heads],
                      dates.get, reference)


def write_thing(triples: Triples, minter: Minter, entity: Entity, reference: Reference | None, named: Mapping[str, str]) -> None:
    """What is told of one entity itself; ``named`` are the ids by slug of the things of the reference data that documents name."""
    write_entity(triples, minter, entity)
    write_likenesses(triples, minter, entity)
    if reference:
        write_known(triples, minter, entity, reference, named)


def write_reading(triples: Triples, minter: Minter, reading: Reading, entities: Mapping[tuple[str, int], Entity],
                  left_out: list[str]) -> list[Row]:
    """What one document tells, given the entities of its chains; its rows."""
    write_document(triples, minter, reading.document, reading.words)
    write_chains(triples, minter, reading, entities)
    rows = list(rows_of(minter, reading, entities, left_out))
    for row in rows:
        write_assertion(triples, minter, row, reading.document.text)
    write_words(triples, minter, rows)
    return rows


def write_claims(triples: Triples, minter: Minter, rows: Sequence[Row], unsettled: Container[tuple[str, str]]) -> None:
    """What rows of several documents support together. It is the same for all rows as for those of each subject by themselves."""
    write_extractions(triples, minter, rows)
    write_plain(triples, minter, rows, unsettled)
    write_events(triples, minter, rows, unsettled)


def write_common(triples: Triples, minter: Minter, copies: Iterable[Sequence[str]], traces: Iterable[Trace]) -> None:
    """What is of no one document or thing: the terms of plug-ins, groups of copies, people's decisions."""
    write_added_terms(triples)
    for group in copies:
        write_copies(triples, minter, group)
    write_decisions(triples, minter, traces)


def _check(readings: Sequence[Reading], entity_of: Mapping[tuple[str, int], Entity]) -> None:
    seen: set[str] = set()
    for reading in readings:
        name = reading.document.id
        if name in seen:
            raise ValueError(f"two documents have the id {name!r}; ids are unique in a build")
        seen.add(name)
        for position, chain in enumerate(reading.chains):
            if (name, position) not in entity_of:
                raise ValueError(f"{name}: chain {position} ({chain.name!r}) belongs to no entity; every chain belongs to one")


def write_nquads(graph: Graph, out: IO[bytes]) -> None:
    """Sorted N-Quads, one a line, all in the default graph."""
    for line in graph.lines:
        out.write(f"{line}\n".encode())


def write_turtle(graph: Graph, out: IO[bytes]) -> None:
    """Turtle as ``kg.rdf.turtle`` writes it."""
    turtle.write((line.encode() for line in graph.lines), graph.base_iri, out)


def serialise_nquads(graph: Graph) -> bytes:
    """What ``write_nquads`` writes."""
    return _written(write_nquads, graph)


def serialise_turtle(graph: Graph) -> bytes:
    """What ``write_turtle`` writes."""
    return _written(write_turtle, graph)


def _written(write: Callable[[Graph, IO[bytes]], None], graph: Graph) -> bytes:
    out = io.BytesIO()
    write(graph, out)
    return out.getvalue()

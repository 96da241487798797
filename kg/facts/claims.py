"""How rows of one document lie to each other and to the people of their sentences."""

from __future__ import annotations

from collections.abc import Iterable

from kg.facts.context import Context
from kg.model import Fact


def overlap(a: Fact, b: Fact) -> bool:
    """Whether the evidence of two rows overlaps."""
    return a.evidence[0] < b.evidence[1] and b.evidence[0] < a.evidence[1]


def same_object(a: Fact, b: Fact) -> bool:
    """Whether two rows have the same object; of literals one may be a part of the other."""
    if isinstance(a.object, str) and isinstance(b.object, str):
        return a.object.casefold() in b.object.casefold() or b.object.casefold() in a.object.casefold()
    return a.object == b.object


def cells(fact: Fact) -> range:
    """The stretches of the text, by number, that a row's evidence has a part in."""
    return range(fact.evidence[0] >> 10, (fact.evidence[1] >> 10) + 1)


def by_place(facts: Iterable[Fact]) -> dict[tuple[str, int], list[Fact]]:
    """Rows by predicate and by the stretches of text (``cells``) that their evidence lies in."""
    table: dict[tuple[str, int], list[Fact]] = {}
    for fact in facts:
        for cell in cells(fact):
            table.setdefault((fact.predicate, cell), []).append(fact)
    return table


def alone(context: Context, fact: Fact) -> bool:
    """Whether the evidence names no other person than the row's own, or those whom the same word means: "all three"."""
    people = context.starting_in(*fact.evidence, "Person")
    own = {mention.start for mention, index in people if index in {fact.subject, fact.object}}
    return all(mention.start in own for mention, _ in people)

"""What is told of several people by one word, said of each of them: "Two officers have been charged. PC Ann Cole and PC Joe Dunn ..."."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.facts.context import Context
from kg.model import Fact

SOURCE = "shared"


def shared(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The rows, and those that a member of a group has by the group's word alone for the others too."""
    groups = context.once(_groups)
    for fact in facts:
        yield fact
        own = [m.start for m, i in context.starting_in(*fact.evidence, "Person") if i == fact.subject] if groups else []
        for start, members in groups.items():
            if own == [start]:
                yield from (replace(fact, subject=other, source=SOURCE) for other in members if other not in {fact.subject, fact.object})


def _groups(context: Context) -> dict[int, list[int]]:
    """The chains that have a word in common, by where it starts."""
    found: dict[int, list[int]] = {}
    for mention, index in context.of_types("Person"):
        if mention.kind != "name":
            found.setdefault(mention.start, []).append(index)
    return {start: members for start, members in found.items() if len(members) > 1}

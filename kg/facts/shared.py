"""What is told of several people by one word, said of each of them: "Two officers have been charged. PC Ann Cole and PC Joe Dunn ..."."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.facts.context import Context
from kg.facts.proceedings import outcomes, steps_in
from kg.model import Fact

SOURCE = "shared"


def shared(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The rows, and those that a member of a group has by the group's word alone for the others too."""
    groups = context.once(_groups)
    for fact in facts:
        yield fact
        if _cleared_alone(context, fact):
            continue
        own = [m.start for m, i in context.starting_in(*fact.evidence, "Person") if i == fact.subject] if groups else []
        for start, members in groups.items():
            if own == [start]:
                yield from (replace(fact, subject=other, source=SOURCE) for other in members if other not in {fact.subject, fact.object})


def _cleared_alone(context: Context, fact: Fact) -> bool:
    """Whether somebody else's words clear the person: "The pair were accused of theft. Orr was convicted of fraud and Hall cleared"."""
    if fact.predicate != "accusedOf" or fact.status != "denied":
        return False
    clearing = [s for s in steps_in(context, *fact.evidence) if s.kind == "clear" or s.status == "denied"]
    return bool(outcomes(context).convicts) and not clearing


def _groups(context: Context) -> dict[int, list[int]]:
    """The chains that have a word in common, by where it starts."""
    found: dict[int, list[int]] = {}
    for mention, index in context.of_types("Person"):
        if mention.kind != "name":
            found.setdefault(mention.start, []).append(index)
    return {start: members for start, members in found.items() if len(members) > 1}

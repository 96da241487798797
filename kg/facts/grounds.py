"""The sentences that show a row to its reader: with its subject in them, where what was read stands in others.

Whoever is told of as "Chief Constable Ann Cole" in one sentence may be known to lead the force by its name in another; a reader who
asks who she is wants the first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.facts.context import Context
from kg.model import Fact

#: Most characters of sentences that show both a row's subject and what was read of it.
_LONGEST = 350
#: What a person's own name is told with: the title before it.
_POSTS = frozenset({"headOf", "memberOf", "servesIn", "commissionerFor"})


def grounded(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The rows, those whose sentences do not have their subject in them with those nearest that do.

    The sentences between are added where it makes few; else, of people, their own sentence stands for what was read elsewhere, but for
    what is told in words (quotations, findings), which stay.
    """
    for fact in facts:
        start, end = fact.evidence
        place = None if _is_in(context, fact.subject, start, end) else _nearest(context, fact)
        if place is None:
            yield fact
            continue
        own = context.evidence(context.tokens_in(place, len(context.document.text))[0])
        both = min(own[0], start), max(own[1], end)
        if fact.predicate not in _POSTS and both[1] - both[0] <= _LONGEST:
            yield replace(fact, evidence=both)
        elif isinstance(fact.object, int) and context.chains[fact.subject].type == "Person":
            yield replace(fact, evidence=own)
        else:
            yield fact


def _starts(context: Context) -> dict[int, list[int]]:
    """Where each chain is spoken of, and where it is named."""
    return {i: [m.start for m in chain.mentions] for i, chain in enumerate(context.chains)}


def _named(context: Context) -> dict[int, list[int]]:
    return {i: [m.start for m in chain.mentions if m.kind == "name"] for i, chain in enumerate(context.chains)}


def _is_in(context: Context, chain: int, start: int, end: int) -> bool:
    starts = context.once(_starts)[chain]
    at = bisect_left(starts, start)
    return at < len(starts) and starts[at] < end


def _nearest(context: Context, fact: Fact) -> int | None:
    """The place nearest to the row's sentences where its subject is spoken of; for a post, where it is named."""
    start, end = fact.evidence
    named = context.once(_named)[fact.subject] if fact.predicate in _POSTS else []
    starts = named or context.once(_starts)[fact.subject]
    at = bisect_left(starts, start)
    return min(starts[max(at - 1, 0) : at + 1], key=lambda place: (max(start - place, place - end), place), default=None)

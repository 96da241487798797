"""What rows imply: a head belongs to what he heads, and who serves in a unit belongs to the force that it is a part of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.facts.context import Context
from kg.model import Fact

SOURCE = "implied"
_IN_POST = frozenset({"headOf", "servesIn"})


def implied(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """``servesIn`` and ``memberOf`` rows that follow from ``headOf``, ``servesIn`` and ``unitOf`` rows, with their evidence and status.

    A unit of several forces tells nobody's force.
    """
    rows = list(facts)
    wholes: dict[int, set[int]] = {}
    for fact in rows:
        if fact.predicate == "unitOf" and fact.status == "asserted" and isinstance(fact.object, int):
            wholes.setdefault(fact.subject, set()).add(fact.object)
    known = {(f.predicate, f.subject, f.object) for f in rows}
    for fact in rows:
        if fact.predicate not in _IN_POST or fact.status not in {"asserted", "proposed"} or not isinstance(fact.object, int):
            continue
        for predicate, body in _links(context, fact.object, wholes):
            if (predicate, fact.subject, body) not in known:
                known.add((predicate, fact.subject, body))
                yield replace(fact, predicate=predicate, object=body, source=SOURCE, confidence=round(fact.confidence * 0.95, 2))


def _links(context: Context, body: int, wholes: dict[int, set[int]]) -> Iterator[tuple[str, int]]:
    if context.chains[body].type != "Unit":
        yield "memberOf", body
        return
    yield "servesIn", body
    whole = wholes.get(body, set())
    if len(whole) == 1:
        yield from (("memberOf", w) for w in whole if context.chains[w].type != "Unit")

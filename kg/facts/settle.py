"""All extractors' rows of one document to one set: types held, doubles joined, contradictions settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kg.facts.context import Context
from kg.model import LITERAL, SIGNATURES, Fact

#: ``Fact.source`` of the network's rows
LEARNED = "learned"


def settle(context: Context, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The rows that may stand, one for each subject, predicate, object and status, in stable order."""
    best: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        if not _fits(context, fact):
            continue
        key = (fact.predicate, fact.subject, _object_key(fact), fact.status)
        other = best.get(key)
        best[key] = fact if other is None else _join(other, fact)
    return tuple(sorted(_one_speaker(best.values()), key=lambda f: (f.subject, f.predicate, str(f.object), f.status, f.evidence)))


def _fits(context: Context, fact: Fact) -> bool:
    domain, range_ = SIGNATURES[fact.predicate]
    if context.chains[fact.subject].type not in domain:
        return False
    if isinstance(fact.object, str):
        return LITERAL in range_ and bool(fact.object.strip())
    return context.chains[fact.object].type in range_ and fact.object != fact.subject


def _one_speaker(facts: Iterable[Fact]) -> list[Fact]:
    """One speaker for each quotation: whom the attribution names before whom the network guesses, then the surest."""
    facts = list(facts)
    chosen: dict[object, Fact] = {}
    for fact in facts:
        if fact.predicate == "said":
            key = _object_key(fact)
            chosen[key] = min(chosen.get(key, fact), fact, key=lambda f: (f.source == LEARNED, -f.confidence, f.subject))
    return [f for f in facts if f.predicate != "said" or chosen[_object_key(f)] is f]


def _object_key(fact: Fact) -> object:
    return " ".join(fact.object.casefold().split()) if isinstance(fact.object, str) else fact.object


def _join(a: Fact, b: Fact) -> Fact:
    """The surer of two equal rows, with the other's dates where it has none."""
    first, second = sorted((a, b), key=lambda f: (-f.confidence, f.evidence, f.source))
    return replace(first, start=first.start or second.start, end=first.end or second.end)

"""How sure each row is, from what rules and network say of it; rows that are likelier wrong than worth giving are dropped.

A logistic model over a few properties of a row, fitted on documents that the network was not trained on, so that a confidence of
0.8 means that four of five such rows are right there. Its weights come with the language model (`kg.language.training.decision`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kg.facts.context import Context
from kg.model import Fact

#: Confidence from which a row is given; and the same for what does grave harm where it is wrong.
GIVEN = 0.4
GIVEN_GRAVE = 0.6
GRAVE = frozenset({"accusedOf", "convictedOf", "victimOf", "offenderAgainst", "sentencedTo", "dismissedFrom", "suspendedFrom"})
#: Log-odds of a claim that the network does not make, and the most that counts.
_SILENT, _SURE = -3.0, 6.0


def decided(context: Context, rows: Iterable[Fact], rules: Iterable[Fact], network: Iterable[Fact]) -> Iterator[Fact]:
    """The rows that are sure enough, each with its confidence; all of them as they are where the language model has no weights."""
    weights: Mapping[str, float] = getattr(context.network, "decision", {})
    if not weights:
        yield from rows
        return
    for fact, properties in described(context, rows, rules, network):
        confidence = _confidence(weights, properties)
        if confidence >= (GIVEN_GRAVE if fact.predicate in GRAVE else GIVEN):
            yield replace(fact, confidence=round(confidence, 2))


def described(
    context: Context, rows: Iterable[Fact], rules: Iterable[Fact], network: Iterable[Fact]
) -> Iterator[tuple[Fact, dict[str, float]]]:
    """Each row with the properties that its confidence is reckoned from, by name."""
    told, likely = _by_subject(rules), _by_subject(network)
    for fact in rows:
        claim = fact.predicate, fact.subject
        by_rule = any(same_object(f, fact) and f.status == fact.status for f in told.get(claim, ()))
        odds = max((_log_odds(f.confidence) for f in likely.get(claim, ()) if same_object(f, fact)), default=_SILENT)
        yield fact, _properties(context, fact, by_rule, odds)


def _properties(context: Context, fact: Fact, by_rule: bool, odds: float) -> dict[str, float]:
    people = {i for m, i in context.starting_in(*fact.evidence) if m.type == "Person"} - {fact.subject, fact.object}
    named = any(i == fact.subject and m.kind == "name" for m, i in context.starting_in(*fact.evidence))
    span = context.doc.char_span(*fact.evidence, alignment_mode="expand")
    sentences = sum(1 for _ in span.sents) if span is not None else 1
    found = {"any": 1.0, fact.predicate: 1.0, "network": odds, f"network {'with rule' if by_rule else 'alone'}": odds}
    found |= {"others": float(min(len(people), 3)), "far": float(sentences > 1), "unnamed": float(not named), f"status {fact.status}": 1.0}
    return found | ({"rule": 1.0, f"rule {fact.predicate}": 1.0} if by_rule else {})


def same_object(a: Fact, b: Fact) -> bool:
    """Whether two rows have the same object; of literals one may be a part of the other."""
    if isinstance(a.object, str) and isinstance(b.object, str):
        return a.object.casefold() in b.object.casefold() or b.object.casefold() in a.object.casefold()
    return a.object == b.object


def _by_subject(facts: Iterable[Fact]) -> dict[tuple[str, int], list[Fact]]:
    table: dict[tuple[str, int], list[Fact]] = {}
    for fact in facts:
        table.setdefault((fact.predicate, fact.subject), []).append(fact)
    return table


def _log_odds(probability: float) -> float:
    p = min(max(probability, 1e-3), 1 - 1e-3)
    return min(max(math.log(p / (1 - p)), _SILENT), _SURE)


def _confidence(weights: Mapping[str, float], properties: Mapping[str, float]) -> float:
    return 1 / (1 + math.exp(-sum(weights.get(name, 0.0) * value for name, value in properties.items())))

"""How sure each row is, from what rules and network say of it; rows that are likelier wrong than worth giving are dropped.

A logistic model over a few properties of a row, fitted on documents that the network was not trained on, so that a confidence of
0.8 means that four of five such rows are right there. Its weights come with the language model (`kg.language.training.decision`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kg.facts.claims import by_place, cells, overlap, same_object
from kg.facts.context import Context
from kg.model import Fact, Mention

#: Confidence from which a row is given.
GIVEN = 0.5
#: The same for predicates of which the least sure rows are nearly all wrong: who answers a review by standing near it.
_GIVEN_OF = {"respondsTo": 0.57}
#: The same for what a rule reads as alleged or denied: of those between the two nearly all are right, and they harm less than findings.
_GIVEN_WEAK = 0.4
_WEAK = frozenset({"alleged", "denied"})
#: The same for what happened, which harms nobody, where a rule reads that it was referred to a watchdog.
_GIVEN_EVENT = 0.35
#: And for what is still to come, of which the model has seen little and which it mistrusts for all predicates alike, where a rule reads it:
#: when a review is due, what somebody is to pay for, and who is to go.
_GIVEN_AHEAD = {
    **{"publishedOn": 0.15, "funds": 0.15, "worksWith": 0.3, "retiredFrom": 0.2, "resignedFrom": 0.3},
    **dict.fromkeys(("succeeds", "appointedBy", "headOf", "commissionerFor"), 0.35),
}
#: The same where the network alone reads it: at which court somebody is to appear, who is to retire, what is to be paid for, who will
#: work together, and which post somebody is chosen for, by whom and after whom.
_LIKELY_AHEAD = {
    **{"triedAt": 0.3, "retiredFrom": 0.2, "funds": 0.3, "worksWith": 0.3},
    **dict.fromkeys(("succeeds", "appointedBy", "headOf", "holdsRole"), 0.4),
}
#: Log-odds of a claim that the network does not make, and the most that counts.
_SILENT, _SURE = -3.0, 6.0
#: Distance of two ends that do not both stand in the evidence, in units of 40 characters.
_FAR = 6.0


def decided(context: Context, rows: Iterable[Fact], rules: Iterable[Fact], network: Iterable[Fact]) -> Iterator[Fact]:
    """The rows that are sure enough, each with its confidence; all of them as they are where the language model has no weights."""
    weights: Mapping[str, float] = getattr(context.network, "decision", {})
    if not weights:
        yield from rows
        return
    for fact, properties in described(context, rows, rules, network):
        confidence = _confidence(weights, properties)
        weak = "rule" in properties and fact.status in _WEAK and fact.predicate != "sentencedTo"
        given = _GIVEN_WEAK if weak else _GIVEN_OF.get(fact.predicate, GIVEN)
        if "rule" in properties and fact.predicate == "referredTo" and context.chains[fact.subject].type == "Incident":
            given = min(given, _GIVEN_EVENT)
        if fact.status == "proposed":
            given = (_GIVEN_AHEAD if "rule" in properties else _LIKELY_AHEAD).get(fact.predicate, given)
        if confidence >= given:
            yield replace(fact, confidence=round(confidence, 2))


def described(
    context: Context, rows: Iterable[Fact], rules: Iterable[Fact], network: Iterable[Fact]
) -> Iterator[tuple[Fact, dict[str, float]]]:
    """Each row with the properties that its confidence is reckoned from, by name."""
    network = list(network)
    told, likely, near = _by_subject(rules), _by_subject(network), by_place(network)
    for fact in rows:
        claim = fact.predicate, fact.subject
        by_rule = any(same_object(f, fact) and f.status == fact.status for f in told.get(claim, ()))
        own = [f for f in likely.get(claim, ()) if same_object(f, fact)]
        beside = [f for cell in cells(fact) for f in near.get((fact.predicate, cell), ()) if overlap(f, fact)]
        rivals = [f for f in beside if f.subject != fact.subject and same_object(f, fact)]
        instead = [f for f in beside if f.subject == fact.subject and not same_object(f, fact) and not _listed(context, f, fact)]
        properties = _properties(context, fact, by_rule, _odds(own))
        yield fact, properties | {"rival": _odds(rivals) - _SILENT, "other object": _odds(instead) - _SILENT}


def _properties(context: Context, fact: Fact, by_rule: bool, odds: float) -> dict[str, float]:
    inside = context.starting_in(*fact.evidence)
    people = {i for m, i in inside if m.type == "Person"} - {fact.subject, fact.object}
    named = {i for m, i in inside if m.kind == "name"}
    found = {
        "any": 1.0,
        fact.predicate: 1.0,
        f"status {fact.status}": 1.0,
        "network": odds,
        f"network {'with rule' if by_rule else 'alone'}": odds,
        "others": float(min(len(people), 3)),
        "unnamed": float(fact.subject not in named),
        "far": float(len(context.sentences(*fact.evidence)) > 1),
        "length": min((fact.evidence[1] - fact.evidence[0]) / 100, 6.0),
        "mentions": min(len(context.chains[fact.subject].mentions), 6) / 2,
    }
    if isinstance(fact.object, int):
        found[f"{fact.predicate} {context.chains[fact.object].type}"] = 1.0
        found["object named" if fact.object in named else "object not named"] = 1.0
        subjects, objects = ([m.start for m, i in inside if i == end] for end in (fact.subject, fact.object))
        found["gap"] = min((abs(a - b) / 40 for a in subjects for b in objects), default=_FAR)
    return found | ({"rule": 1.0, f"rule {fact.predicate}": 1.0} if by_rule else {})


def _listed(context: Context, one: Fact, other: Fact) -> bool:
    """Whether the objects of two rows stand in one list: "the kidnap, rape and murder of"."""
    if isinstance(one.object, str) or isinstance(other.object, str):
        return False
    first = [_opens_list(context, m) for m, i in context.starting_in(*other.evidence) if i == one.object]
    return any(_opens_list(context, m) in first for m, i in context.starting_in(*other.evidence) if i == other.object)


def _opens_list(context: Context, mention: Mention) -> int:
    """The position of the first word of the list that the mention's head stands in."""
    token = context.span(mention).root
    while token.dep_ == "conj" and token.head != token:
        token = token.head
    return int(token.i)


def _odds(facts: Iterable[Fact]) -> float:
    return max((_log_odds(f.confidence) for f in facts), default=_SILENT)


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

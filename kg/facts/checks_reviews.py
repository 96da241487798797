"""Rows of the learned heads about reviews: one that is only wanted, planned or refused has no lead or subject yet."""

from __future__ import annotations

from dataclasses import replace

from kg.facts.context import Context
from kg.facts.status import status_of
from kg.model import Fact

CHECKED = frozenset({"examines", "ledBy", "commissionedBy", "promptedBy"})
_NOT_YET = frozenset({"proposed", "hypothetical", "denied"})


def check_reviews(context: Context, fact: Fact) -> Fact:
    """The row with the status of the verb that the review hangs on in the evidence; rows of other predicates as they are."""
    if fact.predicate not in CHECKED or fact.status != "asserted":
        return fact
    for mention in context.chains[fact.subject].mentions:
        if not fact.evidence[0] <= mention.start < fact.evidence[1]:
            continue
        noun = context.span(mention).root
        if noun.dep_ in {"obj", "nsubj:pass", "obl"} and noun.head.pos_ == "VERB":
            status = status_of(context, noun.head, fact.predicate)
            if status in _NOT_YET:
                return replace(fact, status=status)
    return fact

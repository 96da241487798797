"""Rows of the learned heads about reviews: one that is only wanted, planned or refused has no lead or subject yet."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.facts.context import Context
from kg.facts.posts import held_by
from kg.facts.reviews import MAY_ORDER, asked
from kg.facts.status import status_of
from kg.model import Fact

CHECKED = frozenset({"examines", "ledBy", "commissionedBy", "promptedBy"})
_NOT_YET = frozenset({"proposed", "hypothetical", "denied"})


def check_reviews(context: Context, fact: Fact) -> Fact | None:
    """The row with the status of the verb that the review hangs on in the evidence; rows of other predicates as they are.

    What somebody who may order it asks another to do is ordered.

    None where the review's own name has another force than the one that it is said to examine, or a deed "by" whom it is said to be led by,
    and where somebody attributes it, rightly or not, to who is said to have led it.
    """
    if (fact.predicate == "examines" and _of_another(context, fact)) or (fact.predicate == "ledBy" and _did(context, fact)):
        return None
    if fact.predicate == "ledBy" and _attributed(context, fact):
        return None
    if fact.predicate in CHECKED and fact.status in {"asserted", "hypothetical"} and _is_out(context, fact):
        return replace(fact, status="asserted")
    if fact.predicate not in CHECKED or fact.status not in {"asserted", "proposed"}:
        return fact
    told = context.once(asked).get((fact.predicate, fact.subject, int(fact.object)))
    if told is not None and (told[0] is None or any(MAY_ORDER.search(post.role) for post in held_by(context, told[0]))):
        return replace(fact, status="asserted")
    if fact.status == "proposed":
        return fact
    for mention, chain in context.starting_in(*fact.evidence):
        if chain != fact.subject:
            continue
        noun = context.span(mention).root
        if noun.dep_ in {"obj", "nsubj:pass", "obl"} and noun.head.pos_ == "VERB":
            status = status_of(context, noun.head, fact.predicate)
            if status in _NOT_YET:
                return replace(fact, status=status)
    return fact


_OUT = re.compile(r",? (?:which was )?(?:published|released|issued|unveiled)\b")


def _is_out(context: Context, fact: Fact) -> bool:
    """Whether a report is told to be out, whatever may follow from it: "she may step in after a report, released today, found"."""
    text = context.document.text
    return any(i == fact.subject and _OUT.match(text, m.end) for m, i in context.starting_in(*fact.evidence, "Review"))


_DEED = re.compile(r"\b(?:murder|killing|manslaughter|rape|assault|attack|stabbing|shooting|abduction|abuse) of [^.;]+$", re.I)


def _did(context: Context, fact: Fact) -> bool:
    """Whether the review is called after a deed by the person: "the inquiry into the murder of Jane Roe by John Doe"."""
    text = context.document.text
    people = {m.start for m in context.chains[int(fact.object)].mentions if m.type == "Person"}
    mentions = context.chains[fact.subject].mentions
    return any(text.startswith(" by ", m.end) and m.end + 4 in people and _DEED.search(m.text) for m in mentions)


_ATTRIBUTES = frozenset({"attribute", "ascribe", "misattribute"})


def _attributed(context: Context, fact: Fact) -> bool:
    """Whether the evidence only tells that somebody attributed the review to a person: "an article attributed the audit to Ann Cole"."""
    nouns = (context.span(m).root for m, i in context.starting_in(*fact.evidence, "Review") if i == fact.subject)
    return any(noun.head.lemma_.lower() in _ATTRIBUTES for noun in nouns)  # the tree may take the review for who attributes


def _of_another(context: Context, fact: Fact) -> bool:
    """Whether the review is called after forces ("the report on Durham") and the row's force is none of them."""
    if context.chains[int(fact.object)].type != "PoliceForce":
        return False
    spans = [(m.start, m.end) for m in context.chains[fact.subject].mentions if m.kind == "name"]
    named = {i for span in spans for m, i in context.starting_in(*span) if m.kind == "name" and m.type == "PoliceForce"}
    return bool(named) and fact.object not in named

"""What follows from who speaks: "we" and "our" of a body's head, "my" of whoever has the relative.

The contract's ruling: a chief constable, commissioner or inspector speaking of "we", "our officers", "my force" means the body
they lead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Span, Token

from kg.facts.context import Context
from kg.facts.masked import chain_of, masked_in
from kg.facts.organisations import WE_WORK
from kg.facts.people import MINE
from kg.facts.status import status_of
from kg.model import Fact

SOURCE = "voices"
_OWN = frozenset({"our", "my"})
_BODIES = frozenset({"PoliceForce", "OversightBody", "Organisation"})


def voices(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Rows that follow from ``said`` rows, and those of bodies also from who heads what."""
    rows = list(facts)
    bodies = {f.subject: f.object for f in rows if f.predicate == "headOf" and f.status == "asserted" and not f.end}
    for fact in rows:
        span = _span(context, fact) if fact.predicate == "said" else None
        if span is None:
            continue
        own = fact.subject if context.chains[fact.subject].type in _BODIES else bodies.get(fact.subject)
        if isinstance(own, int):
            yield from _of_body(context, span, own)
        if context.chains[fact.subject].type == "Person":
            yield from _of_family(context, span, fact.subject)


def _span(context: Context, fact: Fact) -> Span | None:
    """The quoted words, as tokens."""
    at = context.document.text.find(str(fact.object), *fact.evidence)
    return context.doc.char_span(at, at + len(str(fact.object)), alignment_mode="expand") if at >= 0 else None


def _of_family(context: Context, span: Span, speaker: int) -> Iterator[Fact]:
    """The speaker's relatives: "My late husband, Bob, told me"."""
    for m in masked_in(context, span.start_char, span.end_char):
        for match in MINE.finditer(m.text):
            if span.start_char <= m.places[match["who"]][0] < span.end_char and chain_of(match["who"]) != speaker:
                yield _row(context, "relativeOf", chain_of(match["who"]), speaker, "asserted", m.token(context, match["who"]))


def _of_body(context: Context, span: Span, body: int) -> Iterator[Fact]:
    for mention, unit in context.within(span, "Unit"):
        root = context.span(mention).root
        if any(t.lower_ in _OWN for t in root.lefts) or context.doc[max(0, context.span(mention).start - 1)].lower_ in _OWN:
            yield _row(context, "unitOf", unit, body, "asserted", root)
    for mention, programme in context.within(span, "Programme"):
        root = context.span(mention).root
        verb = next(
            (t for t in root.ancestors if t.pos_ == "VERB" and any(c.lower_ == "we" and c.dep_ == "nsubj" for c in t.children)), None
        )
        if verb is not None:
            yield _row(context, "participatesIn", body, programme, status_of(context, verb, "participatesIn"), verb)


    for m in masked_in(context, span.start_char, span.end_char):
        for match in WE_WORK.finditer(m.text):
            for sign in re.findall(r"<([FBO]\d+)>", match["list"]):
                if span.start_char <= m.places[sign][0] < span.end_char and chain_of(sign) != body:
                    yield _row(context, "worksWith", body, chain_of(sign), "asserted", m.token(context, sign))


def _row(context: Context, predicate: str, subject: int, object_: int, status: str, token: Token) -> Fact:
    return Fact(predicate, subject, object_, status, context.evidence(token), SOURCE, 0.85)

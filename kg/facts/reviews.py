"""Reviews, inquiries and inspections: who led and ordered them, what they look at, why, when they came out, what they found.

A review that has been ordered is asserted even before it begins; one that is only called for is proposed.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.facts.context import Context, strip_offsets
from kg.facts.status import compose, status_of
from kg.facts.steps import is_passive
from kg.facts.times import expressions
from kg.facts.words import base
from kg.model import Fact, Mention

SOURCE = "reviews"
ACTORS = ("Person", "OversightBody", "Organisation", "PoliceForce")
SUBJECTS = ("PoliceForce", "Unit", "OversightBody", "Organisation", "Person", "Incident")
LEADING = frozenset("lead chair conduct carry undertake write author head run oversee produce complete".split())
ORDERING = frozenset("commission order establish announce request launch instigate".split())
FINDING = frozenset(
    "find conclude reveal show say warn criticise highlight identify uncover note state report accuse describe expose".split()
)
PUBLISHING = frozenset("publish release issue unveil print".split())
EXAMINING = frozenset("examine look investigate cover consider review inspect study assess scrutinise concern".split())
RESPONDING = frozenset(
    "accept welcome reject respond criticise condemn dismiss describe dispute apologise reply acknowledge back praise answer comment attack".split()
)
#: Words that join a review to what it is about.
_ABOUT = frozenset({"into", "of", "on", "about", "at"})
_PROMPTS = frozenset({"after", "following"})
_WANTING = frozenset("call demand urge want ask press seek campaign".split())


def reviews(context: Context) -> Iterator[Fact]:
    """Rows whose subject (of `respondsTo`: object) is a review of the document."""
    for mention, review in context.mentions:
        span = context.span(mention)
        if mention.type != "Review" or not len(span):
            continue
        noun = span.root
        called_for = _existence(context, noun)
        yield from _in_the_name(context, mention, review, noun, called_for)
        yield from _as_subject(context, review, noun)
        yield from _as_object(context, review, noun, called_for)


def _fact(
    context: Context,
    predicate: str,
    subject: int,
    object_: int | str,
    status: str,
    *tokens: Token,
    sure: float = 0.8,
    start: str | None = None,
) -> Fact:
    return Fact(predicate, subject, object_, status, context.evidence(*tokens), SOURCE, sure, start)


def _existence(context: Context, noun: Token) -> str:
    """Whether the review is there or ordered (asserted), wanted, or refused."""
    status = "asserted"
    token = noun
    for _ in range(3):
        head = token.head
        if head == token:
            break
        lemma = base(head)
        if token.dep_ in {"obj", "obl", "nmod", "nsubj:pass"} and lemma in _WANTING:
            status = compose(status, "proposed")
        if token.dep_ in {"obj", "nsubj:pass"} and lemma in ORDERING | {"hold", "set"}:
            return compose(status, status_of(context, head))
        if token.dep_ in {"obj", "nsubj:pass", "obl"} and lemma in {"reject", "refuse", "rule", "decline", "resist", "oppose"}:
            status = compose(status, "denied")
        if token.dep_ not in {"obj", "obl", "nmod"}:
            break
        token = head
    return status


def _actor(context: Context, token: Token, *types: str) -> int | None:
    kinds = types or ACTORS
    found = context.head_mention(token, *kinds) or (context.at(token, *kinds) if token.pos_ in {"PROPN", "PRON"} else None)
    if found is None:
        for child in token.children:
            if child.dep_ in {"appos", "flat"}:
                found = found or context.head_mention(child, *kinds)
    return found[1] if found else None


def _actors(context: Context, token: Token, *types: str) -> Iterator[tuple[int, Token]]:
    first = _actor(context, token, *types)
    if first is not None:
        yield first, token
    for child in token.children:
        if child.dep_ == "conj":
            yield from _actors(context, child, *types)


def _case(token: Token) -> str:
    return " ".join(c.lower_ for c in token.children if c.dep_ == "case")


def _in_the_name(context: Context, mention: Mention, review: int, noun: Token, status: str) -> Iterator[Fact]:
    """What the noun phrase of a review says: "Dame X's review", "a report by HMICFRS", "an inquiry into the Met"."""
    for child in noun.children:
        case = _case(child)
        if child.dep_ in {"nmod:poss", "compound", "amod"}:
            for actor, token in _actors(context, child):
                if context.chains[actor].type in {"OversightBody", "Person"}:
                    yield _fact(context, "ledBy", review, actor, status, noun, token)
        elif child.dep_ in {"nmod", "obl", "obl:agent"} and case in {"by", "from"}:
            for actor, token in _actors(context, child):
                yield _fact(context, "ledBy", review, actor, status, noun, token)
        elif child.dep_ in {"nmod", "obl"} and set(case.split()) & _ABOUT:
            yield from _about(context, review, noun, child, status)
        elif child.dep_ == "acl" and child.tag_ == "VBN":
            yield from _participle(context, review, noun, child)


def _about(context: Context, review: int, noun: Token, child: Token, status: str) -> Iterator[Fact]:
    """The subject of a review, directly or through what is looked at of it ("the culture of the Met")."""
    found = False
    for target, token in _actors(context, child, *SUBJECTS):
        found = True
        yield _fact(context, "examines", review, target, status, noun, token)
    if found:
        return
    for below in child.subtree:
        if below.dep_ in {"nmod", "nmod:poss", "compound"} and (below.dep_ != "nmod" or _case(below) in {"of", "at", "in", "within", "by"}):
            for target, token in _actors(context, below, "PoliceForce", "Unit", "OversightBody"):
                yield _fact(context, "examines", review, target, status, noun, token, sure=0.7)


def _participle(context: Context, review: int, noun: Token, verb: Token) -> Iterator[Fact]:
    """ "led by X", "commissioned by Y", "published on Z" and the like after a review or as its predicate."""
    lemma = base(verb)
    status = status_of(context, verb)
    agent = next((c for c in verb.children if c.dep_ == "obl:agent" or (c.dep_ in {"obl", "nmod"} and _case(c) == "by")), None)
    if agent is not None and lemma in LEADING | ORDERING:
        ordered = status if status in {"asserted", "denied", "hypothetical"} else "asserted"
        predicate = "ledBy" if lemma in LEADING else "commissionedBy"
        for actor, token in _actors(context, agent):
            yield _fact(context, predicate, review, actor, ordered, noun, token)
    if lemma in PUBLISHING:
        yield from _published(context, review, noun, verb, status)
    if lemma in ORDERING | {"set"}:
        for child in verb.children:
            if child.dep_ == "obl" and _case(child) in _PROMPTS:
                for cause, token in _actors(context, child, "Incident", "Person"):
                    yield _fact(context, "promptedBy", review, cause, "asserted" if status == "proposed" else status, noun, token)


def _published(context: Context, review: int, noun: Token, verb: Token, status: str) -> Iterator[Fact]:
    day = context.document.date or context.document.anchor
    for item in expressions(context.document.text, day):
        if verb.sent.start_char <= item.start < verb.sent.end_char and item.kind in {"point", "by"}:
            span = context.doc.char_span(item.start, item.end, alignment_mode="expand")
            if span is not None and len(span) and (span.root.head == verb or span.root.head.head == verb):
                yield _fact(context, "publishedOn", review, item.value, status, noun, verb, span.root, sure=0.85)
                return


def _as_subject(context: Context, review: int, noun: Token) -> Iterator[Fact]:
    """What a review is said to do, or to have had done to it."""
    verb = noun.head
    if noun.dep_ not in {"nsubj", "nsubj:pass"}:
        return
    verbs = [verb, *(c for c in verb.children if c.dep_ == "conj" and not any(g.dep_.startswith("nsubj") for g in c.children))]
    for word in verbs:
        lemma = base(word)
        if noun.dep_ == "nsubj:pass" and is_passive(word):
            yield from _participle(context, review, noun, word)
            continue
        if lemma in FINDING:
            yield from _findings(context, review, noun, word)
        if lemma in EXAMINING:
            status = status_of(context, word)
            for child in word.children:
                if child.dep_ in {"obj", "obl"}:
                    yield from _about(context, review, noun, child, "asserted" if status == "proposed" else status)


def _findings(context: Context, review: int, noun: Token, verb: Token) -> Iterator[Fact]:
    """The clause of finding, from its first word after "that" to its last."""
    status = status_of(context, verb)
    for clause in verb.children:
        if (
            clause.dep_ not in {"ccomp", "obj"}
            or clause.i < verb.i
            or (clause.dep_ == "obj" and base(verb) not in {"find", "identify", "reveal", "expose", "uncover"})
        ):
            continue
        for first, last in _clauses(clause):
            start, end = _trimmed(context, first, last)
            text = " ".join(context.document.text[start:end].split())
            if len(text.split()) >= 3:
                yield _fact(context, "finds", review, text, status, noun, last)


def _clauses(clause: Token) -> Iterator[tuple[Token, Token]]:
    """The coordinated clauses of a complement, each by its first and last word."""
    joined = [c for c in clause.children if c.dep_ == "conj" and any(g.dep_ in {"nsubj", "nsubj:pass"} for g in c.children)]
    words = list(clause.subtree)
    if not joined:
        yield words[0], words[-1]
        return
    yield words[0], clause.doc[max(joined[0].left_edge.i - 1, words[0].i)]
    for part in joined:
        yield part.left_edge, part.right_edge


def _trimmed(context: Context, first: Token, last: Token) -> tuple[int, int]:
    """Offsets of a clause without "that", "and" and marks at its edges."""
    doc = context.doc
    start, end = first.i, last.i
    while start < end and (doc[start].lower_ in {"that", "and", "but", "how"} or doc[start].is_punct and doc[start].text not in "“\"‘'£"):
        start += 1
    while end > start and (doc[end].lower_ in {"and", "but"} or doc[end].is_punct and doc[end].text not in "”\"’'%" or doc[end].is_space):
        end -= 1
    return strip_offsets(context.document.text, doc[start].idx, doc[end].idx + len(doc[end]))


def _as_object(context: Context, review: int, noun: Token, status: str) -> Iterator[Fact]:
    """Who leads, orders or answers a review of which something is said by its verb."""
    verb = noun.head
    if noun.dep_ not in {"obj", "obl"} or verb.pos_ != "VERB" or is_passive(verb):
        return
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    governor = verb
    while subject is None and governor.dep_ in {"xcomp", "conj"}:
        governor = governor.head
        subject = next((c for c in governor.children if c.dep_ == "nsubj"), None)
    if subject is None:
        return
    lemma = base(verb)
    case = _case(noun)
    said = status_of(context, verb)
    for actor, token in _actors(context, subject):
        if noun.dep_ == "obj" and lemma in LEADING:
            yield _fact(context, "ledBy", review, actor, "asserted" if said == "proposed" and verb.dep_ != "xcomp" else said, noun, token)
        elif noun.dep_ == "obj" and lemma in ORDERING and not (lemma == "announce" and context.chains[actor].type == "OversightBody"):
            yield _fact(context, "commissionedBy", review, actor, compose(said, status) if said == "asserted" else said, noun, token)
            yield from _causes(context, review, noun, verb, said)
        elif lemma in RESPONDING and (noun.dep_ == "obj" or case in {"to", "on", "with"}):
            yield _fact(
                context,
                "respondsTo",
                actor,
                review,
                "asserted" if lemma in {"reject", "dismiss", "dispute"} and said == "denied" else said,
                noun,
                token,
            )
    if lemma in PUBLISHING and noun.dep_ == "obj":
        yield from _published(context, review, noun, verb, said)


def _causes(context: Context, review: int, noun: Token, verb: Token, status: str) -> Iterator[Fact]:
    for holder in (noun, verb):
        for child in holder.children:
            if child.dep_ in {"obl", "nmod"} and _case(child) in _PROMPTS:
                for cause, token in _actors(context, child, "Incident", "Person"):
                    yield _fact(context, "promptedBy", review, cause, status, noun, token)

"""Facts the network's heads read: predicates and statuses over pairs of mentions of one window.

A pair of things is scored by all pairs of their mentions (log-sum-exp); the best pair of mentions gives evidence and status.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Span, Token

from kg.facts.context import Context
from kg.facts.masked import past_names
from kg.facts.times import fact_dates
from kg.language.components import LITERALS, WINDOWS
from kg.language.labels import KINDS, PREDICATES, REACH, THINGS, allowed
from kg.language.spans import literal_spans
from kg.model import STATUSES, Fact

PAIRS_AT_ONCE = 20_000
#: Log-odds from which a row is given on as a reading; and from which it counts as support for what a rule read.
THRESHOLD = 0.0
SUPPORT = -2.0
#: Log-odds by which a closer pair of mentions may score less than the best and still give the evidence.
NEARLY = 1.5

#: what may stand before an item of a list
_BULLETS = "-–—•*· "


@dataclass(frozen=True)
class _Thing:
    """A mention of a chain (``chain``) or of a literal (``text``), by tokens."""

    start: int
    end: int
    head: Token
    type: str
    kind: int
    chain: int | None
    text: str = ""

    @property
    def key(self) -> int | str:
        return self.chain if self.chain is not None else f"{self.type}:{self.start}:{self.text}"


def supported(context: Context) -> tuple[Fact, ...]:
    """All that the network finds likely enough to count as support; asked for by ``context.once``."""
    return tuple(learned(context, SUPPORT))


def learned(context: Context, threshold: float = THRESHOLD) -> Iterator[Fact]:
    """Rows whose log-odds reach the threshold, each with the sentences of its best pair of mentions."""
    if context.network is None:
        return
    things = _things(context)
    starts = [t.start for t in things]
    for start, end in context.doc.user_data[WINDOWS]:
        inside = things[bisect_left(starts, start) : bisect_left(starts, end)]
        yield from _window(context, (start, end), [t for t in inside if t.end <= end], threshold)


def _things(context: Context) -> list[_Thing]:
    found = []
    for mention, index in context.mentions:
        span = context.span(mention)
        if len(span) and mention.type in THINGS:  # the network was not trained on the types of plug-ins
            found.append(_Thing(span.start, span.end, span.root, mention.type, KINDS.index(mention.kind), index))
    for span in context.doc.spans.get(LITERALS, ()):
        span = _whole_title(context, _in_one_paragraph(span)) if span.label_ == "Role" else span
        if _says_something(span) and not (span.label_ == "Role" and _is_named(context, span)):
            found.append(_literal(context, span if span.label_ == "Role" else _whole_clause(span)))
    for start, end, kind in literal_spans(context.document.text):
        stretch = context.doc.char_span(start, end, alignment_mode="expand")
        if stretch is not None and len(stretch) and start >= context.document.body_start:
            found.append(_Thing(stretch.start, stretch.end, stretch.root, kind, 0, None, context.document.text[start:end].strip()))
    return sorted(found, key=lambda t: (t.start, t.end, t.type))


#: Words before a title that are part of it; others ("former", "new") say when it was held.
_PART_OF_TITLE = frozenset("senior chief deputy assistant acting temporary interim principal lead joint vice associate special".split())
_BEGINS_TITLE = frozenset("police crime chief prison custody detective firearms traffic response".split())
_ENDS_TITLE = frozenset("officer commissioner constable inspector superintendent executive".split())
#: What is no title by itself: bodies, and what lawyers do in court.
_NO_TITLE = frozenset(
    """unit force police prison crime defence prosecution team squad panel board court department prosecuting
    defending mitigating watchdog""".split()
)
_QUANTITIES = frozenset(
    "half third thirds quarter quarters none no majority most double dozen dozens hundreds thousands twice every".split()
)


def _in_one_paragraph(span: Span) -> Span:
    """A title without what stands before a blank line in it, as after a caption without a full stop."""
    parts = [t.i + 1 for t in span if t.is_space and t.text.count("\n") > 1]
    return Span(span.doc, parts[-1], span.end, label=span.label_) if parts else span


def _whole_title(context: Context, span: Span) -> Span:
    """A title from its first word to the noun it ends in: "temporary deputy [chief constable]", "[senior] crown prosecutor"."""
    doc, start, end, sentence = span.doc, span.start, span.end, span.sent
    while doc[end - 1].dep_ in {"compound", "amod"} and end <= doc[end - 1].head.i < min(end + 3, sentence.end):
        further = doc[end : doc[end - 1].head.i + 1]
        if any(context.at(t, "Person") or t.is_lower != doc[end - 1].is_lower for t in further):
            break  # "Constable Ann Cole", "response officer PC"
        end = further.end
    while end < sentence.end and doc[end - 1].lower_ in _BEGINS_TITLE and doc[end].lower_ in _ENDS_TITLE:
        end += 1  # "police and crime [commissioner]", whatever the tree says
    while end < sentence.end and "-" in (doc[end - 1].text, doc[end].text) and not doc[end - 1].whitespace_:
        end += 1  # "co-[founder]"
    while start > sentence.start and (
        doc[start - 1].lower_ in _PART_OF_TITLE or (doc[start - 1].dep_ == "compound" and start <= doc[start - 1].head.i < end)
    ):
        start -= 1
    return Span(doc, past_names(context.reference, doc, start, end), end, label=span.label_)


#: What a clause cannot end with: each leads up to a word that follows.
_LEADS_UP = frozenset({"case", "det", "mark", "amod", "compound", "nummod", "nmod:poss", "aux", "aux:pass", "cc"})
_FURTHEST = 8


def _whole_clause(span: Span) -> Span:
    """What was found, counted or paid for with the word that its last one leads up to: "rated the force as [inadequate]"."""
    doc, end, sentence = span.doc, span.end, span.sent
    while end < sentence.end and doc[end - 1].dep_ in _LEADS_UP and end <= doc[end - 1].head.i < span.end + _FURTHEST:
        end = doc[end - 1].head.i + 1
        if any(t.is_space and "\n" in t.text for t in doc[span.end : end]):
            return span
    return Span(doc, span.start, end, label=span.label_)


def _is_named(context: Context, span: Span) -> bool:
    """Whether what looks like a title is a name, or a part of one: "Mr [Usman] Tariq-Boyle", "Chief Superintendent Orr ([Knowsley])"."""
    if context.reference.title(span.text) is not None:
        return False  # "Police Ombudsman" is the body's name and the post's
    around = context.overlapping(span.start_char, span.end_char, "Person", "Place", "PoliceForce", "Organisation", "OversightBody", "Court")
    return any(m.kind == "name" and m.start <= span.start_char and span.end_char <= m.end for m, _ in around)


def _says_something(span: Span) -> bool:
    """Whether a literal span is more than a stray word: titles end in a noun, findings are clauses, statistics count something."""
    words = [t for t in span if t.is_alpha or t.like_num]
    if span.label_ == "Role" and span.end < len(span.doc) and span.doc[span.end].text == "-" and not span[-1].whitespace_:
        return False  # the first half of "stand-in"
    if span.label_ == "Role" and len(words) == 1 and words[0].lower_ in _NO_TITLE:
        return False
    if span.label_ == "Finding":
        return len(words) > 2
    if span.label_ == "Funded":
        return span[-1].pos_ not in {"ADP", "DET"}  # "a review of"
    if span.label_ == "Statistic":
        return len(words) > 1 and any(t.pos_ == "NUM" or t.lower_ in _QUANTITIES or any(map(str.isdigit, t.text)) for t in span)
    return span.label_ != "Role" or span[-1].pos_ not in {"ADJ", "VERB", "ADV", "ADP", "CCONJ", "DET"}


#: "Police" is the force's name before a chief's rank, where before a constable's it is a part of it.
_POLICE_CHIEF = re.compile(
    r"^police (?=(?:(?:acting|temporary|interim) )?(?:chief (?!officer)|deputy|assistant|superintendent|commander))", re.I
)


def _literal(context: Context, span: Span) -> _Thing:
    text = context.text(span)
    if span.label_ == "Role":
        text = context.reference.expand_title(text)
        text = _POLICE_CHIEF.sub("", text)
    return _Thing(span.start, span.end, span.root, span.label_, 0, None, " ".join(text.split()).lstrip(_BULLETS))


def _window(context: Context, window: tuple[int, int], things: list[_Thing], threshold: float) -> Iterator[Fact]:
    if not things:
        return
    # Positions count words, not white space, as in training.
    is_word = context.once(_words)[window[0] : window[1]]
    word = np.cumsum(is_word) - 1
    position = [int(word[t.start - window[0]]) for t in things]
    finish = [int(word[t.end - 1 - window[0]]) + 1 for t in things]
    tensor = context.doc.tensor[window[0] : window[1]][is_word]
    types, kinds = [THINGS.index(t.type) for t in things], [t.kind for t in things]
    numbers: dict[int | str, int] = {}
    keys = np.array([numbers.setdefault(t.key, len(numbers)) for t in things], dtype=np.int64)
    pairs = _pairs(things, np.array(position), np.array(types), keys)
    if not len(pairs):
        return
    chunks = [
        context.network.facts(tensor, position, finish, types, kinds, pairs[k : k + PAIRS_AT_ONCE])
        for k in range(0, len(pairs), PAIRS_AT_ONCE)
    ]
    predicates, statuses = np.concatenate([c[0] for c in chunks]), np.concatenate([c[1] for c in chunks])
    order, begins, sizes = _groups(keys[pairs[:, 0]] * len(numbers) + keys[pairs[:, 1]])
    # A sum of exponentials is at most its greatest term times their number: most pairs of things need no closer look.
    likely = np.maximum.reduceat(predicates[order], begins) + np.log(sizes)[:, None] + 1e-3 >= threshold
    apart = np.abs(np.array(position)[pairs[:, 0]] - np.array(position)[pairs[:, 1]]).tolist()
    first = pairs[order[begins]]
    kinds_of = np.array(types)
    likely &= _allowed()[kinds_of[first[:, 0]], kinds_of[first[:, 1]]]
    for group in np.flatnonzero(likely.any(1)):
        rows = order[begins[group] : begins[group] + sizes[group]]
        subject, object_ = things[pairs[rows[0], 0]], things[pairs[rows[0], 1]]
        for p in np.flatnonzero(likely[group]):
            scores = predicates[rows, p].astype(np.float64)
            total = float(np.logaddexp.reduce(scores))
            if total < threshold:
                continue
            # Of the pairs of mentions that are about as good as the best, the closest makes the shortest evidence.
            good = rows[scores >= scores.max() - NEARLY]
            best = min(good.tolist(), key=lambda row: (apart[row], row))
            share = np.exp(scores - total)
            status = STATUSES[int((share[:, None] * statuses[rows, p]).sum(0).argmax())]
            a, b = things[pairs[best, 0]], things[pairs[best, 1]]
            began, ended = _dates(context, a.head, b.head, PREDICATES[p])
            evidence = context.evidence(*(context.tokens[i] for i in (a.start, b.start, a.end - 1, b.end - 1)))
            yield Fact(
                PREDICATES[p],
                subject.chain or 0,
                object_.chain if object_.chain is not None else object_.text,
                status,
                evidence,
                "learned",
                round(1 / (1 + float(np.exp(-total))), 2),
                began,
                ended,
            )


def _words(context: Context) -> NDArray[np.bool_]:
    """Whether each token is a word and no white space."""
    found: NDArray[np.bool_] = context.doc.to_array("IS_SPACE") == 0
    return found


def _pairs(things: list[_Thing], position: NDArray[np.int64], types: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which things may stand in a relation, as rows (subject, object), in order."""
    may = np.array([t.chain is not None for t in things], dtype=bool)[:, None] & (keys[:, None] != keys[None])
    may &= np.abs(position[:, None] - position[None]) < REACH
    return np.argwhere(may & np.asarray(_allowed().any(axis=2))[types[:, None], types[None]])


@cache
def _allowed() -> NDArray[np.bool_]:
    """Whether a predicate may hold between things of two types: (subject's, object's, predicate)."""
    table = np.zeros((len(THINGS), len(THINGS), len(PREDICATES)), dtype=bool)
    for a, subject in enumerate(THINGS):
        for b, object_ in enumerate(THINGS):
            table[a, b, list(allowed(subject, object_))] = True
    return table


def _groups(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The positions of all codes, those of one together and ascending, and where each code's begin there and how many they are.

    The codes come in the order in which they first occur.
    """
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    number = np.argsort(np.argsort(first))[inverse]
    sizes = np.bincount(number)
    return np.argsort(number, kind="stable"), np.cumsum(sizes) - sizes, sizes


#: predicates whose rows may carry a date
_DATED = frozenset(
    """headOf memberOf servesIn holdsRole commissionerFor succeeds appointedBy dismissedFrom resignedFrom retiredFrom suspendedFrom
    accusedOf convictedOf sentencedTo victimOf offenderAgainst chargedBy triedAt investigatedBy referredTo""".split()
)


_STATES = frozenset({"headOf", "memberOf", "servesIn", "holdsRole", "commissionerFor"})
_POST_VERBS = frozenset(
    """be become join take lead head run serve appoint name move retire leave promote resign make succeed replace step start begin
    work hold elect return transfer quit confirm swear sack dismiss suspend""".split()
)


def _dates(context: Context, subject: Token, object_: Token, predicate: str) -> tuple[str | None, str | None]:
    """Start and end by the word that joins the two in the tree, where one sentence holds both."""
    if predicate not in _DATED:
        return None, None
    if context.sentence(subject) != context.sentence(object_):
        if predicate in _STATES:
            return None, None  # "Cole has led the force since 2020. Her deputy, Orr, said": the date is Cole's
        return fact_dates(context, object_.head, predicate)
    above = {object_.i, *(t.i for t in object_.ancestors)}
    joint = next((t for t in (subject, *subject.ancestors) if t.i in above), object_)
    if predicate in _STATES and joint.pos_ == "VERB" and joint.lemma_.lower() not in _POST_VERBS:
        return None, None  # "the chief constable said on Friday" dates the saying
    if predicate in _STATES and joint.pos_ == "VERB" and not _is_subject_of(subject, joint):
        return None, None  # "dismissed in May by a panel under Ann Cole" ends nothing of hers
    return fact_dates(context, joint, predicate)


def _is_subject_of(token: Token, verb: Token) -> bool:
    """Whether the word stands in the verb's subject, or is what the verb's object is made: "appointed Ann Cole in May"."""
    while token.head != verb and token.head != token:
        token = token.head
    return token == verb or token.dep_.startswith(("nsubj", "obj", "iobj", "xcomp"))

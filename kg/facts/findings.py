"""What reviews found: each clause that one is said to have found, and each item of a list of its findings.

Whose findings they are is told by the word itself ("the audit found"), by who made the review ("Dame Ann Cole concluded"), or it is the
review told of last ("inspectors said", "the report says").
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.responses import Reviews
from kg.facts.reviews import actors
from kg.facts.status import negated, status_of
from kg.facts.steps import segment
from kg.facts.words import base, occurrences
from kg.model import Fact
from kg.newcomers import INDEFINITE

SOURCE = "findings"
#: Verbs by which a review finds what follows with "that", whoever made it is their subject; and by which only the review itself tells it.
_FINDING = frozenset("find conclude establish discover uncover determine judge note".split())
_TELLING = frozenset("say reveal show state report warn suggest".split())
#: Verbs by which it finds what is their object; of the second what is found is told with the verb.
_WEIGHING = frozenset("find identify list highlight count call describe grade rate judge".split())
_JUDGING = frozenset("praise criticise fault commend blame condemn".split())
#: Verbs by which whoever made a review tells what it does not hold: "She does not think that he could have been saved".
_HOLDING = frozenset("accept think believe agree recommend".split())
#: Verbs of many other things: what they tell of is found only where the review itself is their subject.
_LOOSE = frozenset("call describe count list".split())
_SPEAKERS = frozenset("we she he team".split())
#: Words for those who make reviews, and for what they write, where they stand for no entity of their own.
_MAKERS = frozenset("inspectors investigators reviewers auditors assessors researchers authors author reviewer team they she he we".split())
_WORKS = frozenset("it report review inquiry audit inspection study assessment document evaluation investigation findings".split())
#: The kinds of review that such a word may tell of, where it does not fit all.
_KINDS = {
    **dict.fromkeys(("inspectors", "inspection"), re.compile(r"inspect|HMIC|PEEL|assessment|thematic|report|visit", re.I)),
    **dict.fromkeys(("investigators", "investigation"), re.compile(r"investigat|inquiry|IOPC|Ombudsman|report", re.I)),
    "inquiry": re.compile(r"inquiry|inquest|investigation", re.I),
    "review": re.compile(r"review|stocktake|debrief", re.I),
    **dict.fromkeys(("audit", "auditors"), re.compile(r"audit|inspect", re.I)),
    **dict.fromkeys(("study", "researchers"), re.compile(r"study|research|survey|analysis|evaluation", re.I)),
    "assessment": re.compile(r"assess|inspect|PEEL", re.I),
    "evaluation": re.compile(r"evaluat|study", re.I),
}
_OWN = frozenset("our its their his her".split())
#: Of these those that mean many things: only a review just told of.
_ANYBODY = frozenset("they she he it".split())
#: How many sentences after a review "it" and "inspectors" still tell of it.
_NEAR = 2
#: What finds nothing: "found no evidence that", "did not find that".
_NOTHING = r"(?:no|little|insufficient) (?:evidence|proof|sign|indication|suggestion)|nothing to (?:suggest|show|indicate)"
_CLAUSE = re.compile(rf"^(?P<no> {_NOTHING})?,? that\s+(?P<words>\S.*)$", re.S)
#: Where one of several clauses ends and the next begins.
_NEXT = re.compile(r"(?:;|,)?\s+(?:and|but|while)\s+(?:also )?that\s+|;\s+(?:that\s+)?|,\s+that\s+(?=[^;]*\band that\b)")
#: Behind what was not found: what was, or who had said so.
_GOES_ON = re.compile(r", (?:and|but|as|though|although|while|which|who)\b")
#: What is only wanted of somebody.
_WANTED = re.compile(r"\b(?:should|must|ought to)(?: not)?(?:$| (?!have\b))")
_END = re.compile(r"[\s.;,:]+$")


def findings(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """``finds`` rows for the clauses that a review is said to have found, where no row has them yet."""
    if not context.of_types("Review"):
        return
    rows = list(facts)
    reviews = Reviews(context, rows)
    known = [f for f in rows if f.predicate in _REPORTED and isinstance(f.object, str)]
    for verb in occurrences(context, _FINDING | _TELLING | _WEIGHING | _JUDGING | _HOLDING):
        if verb.pos_ != "VERB" or base(verb) in _HOLDING and not _refused(context, verb):
            continue
        review = _finder(context, reviews, verb)
        if review is None:
            continue
        status = status_of(context, verb)
        if status not in {"asserted", "denied"}:
            continue
        for words, denied in (*_clauses(context, verb), *_objects(context, verb)):
            told = "denied" if denied else status
            row = Fact("finds", review, words, told, context.evidence(verb), SOURCE, 0.8)
            if not any(_same(f, row) for f in known):
                known.append(row)
                yield row


def _finder(context: Context, reviews: Reviews, verb: Token) -> int | None:
    """The review whose findings the verb tells."""
    subject = _subject(verb)
    if subject is None:
        return None
    named = context.head_mention(subject, "Review") or context.at(subject, "Review")
    if named is not None:
        return named[1]
    actor = next((i for i, _ in actors(context, subject, "Person", "OversightBody", "Organisation")), None)
    if actor is not None:
        if base(verb) in _TELLING and not _refused(context, verb):
            return None
        made = {review for review, one in reviews.made if one == actor}
        return made.pop() if len(made) == 1 else None
    word = subject.lower_
    if any(c.dep_ == "nmod:poss" and c.lower_ not in _OWN for c in subject.lefts):
        return None  # "Ms Cole's investigators": somebody's of whom nothing tells which review she made
    if any(c.dep_ == "det" and c.lower_ in INDEFINITE | {"another"} for c in subject.lefts):
        return None  # "They want a public inquiry. An investigation found": it is another one
    if context.at(subject) is not None or not (word in _WORKS or word in _MAKERS and base(verb) not in _TELLING | _HOLDING):
        return None
    return _told_of(reviews, verb, word)


def _refused(context: Context, verb: Token) -> bool:
    """Whether a verb is denied by its tree and by a word right before it, as trees run on from one clause to the next."""
    before = context.document.text[max(0, verb.idx - _JUST_BEFORE) : verb.idx]
    return negated(verb) and re.search(r"\b(?:not|never|cannot)\b|n['’]t\b", before) is not None


_JUST_BEFORE = 20


def _subject(verb: Token) -> Token | None:
    if any(c.dep_ == "aux:pass" or c.lower_ in {"was", "were", "been"} for c in verb.lefts):
        return None  # "it was said that"
    return next((c for c in verb.children if c.dep_ == "nsubj" and c.i < verb.i), None)


def _told_of(reviews: Reviews, verb: Token, word: str) -> int | None:
    """The review that a word for its makers or its text means: the one named last, else the one that the document is about."""
    fits = (reviews.newest(verb, _NEAR), *(() if word in _ANYBODY else (reviews.main, reviews.only)))
    review = next((r for r in fits if r is not None), None)
    kind = _KINDS.get(word)
    if review is not None and kind is not None and not any(map(kind.search, reviews.context.chains[review].names)):
        return None
    return review


def _clauses(context: Context, verb: Token) -> Iterator[tuple[str, bool]]:
    """The clauses behind a verb's "that", each with whether nothing of it was found."""
    text = context.document.text
    match = _CLAUSE.match(text[verb.idx + len(verb) : min(context.sentence(verb).end_char, segment(context, verb)[1])])
    if match is None:
        return
    told = _GOES_ON.split(match["words"])[0] if negated(verb) else match["words"]
    for part in _NEXT.split(told):
        words = " ".join(_END.sub("", part).split())
        if len(words.split()) > 2 and not _WANTED.search(words):
            yield words, bool(match["no"])


def _objects(context: Context, verb: Token) -> Iterator[tuple[str, bool]]:
    """What a verb of finding has behind it but a clause: "graded the force inadequate", "found no sign of bribery"."""
    lemma = base(verb)
    subject = _subject(verb)
    if lemma not in _WEIGHING | _JUDGING | {"recommend"} or subject is None:
        return
    if context.at(subject, "Review") is None and (lemma in _LOOSE or subject.lower_ in _SPEAKERS):
        return
    text = context.document.text
    end = min(context.sentence(verb).end_char, segment(context, verb)[1])
    match = _OBJECT.match(text[verb.idx + len(verb) : end])
    if match is None or (lemma in {"grade", "rate", "judge"} and not _GRADE.search(match["words"])):
        return
    words = " ".join(_END.sub("", _SPOKEN.split(match["words"])[0]).split())
    if _DECIDED.search(words):
        return
    if lemma in _JUDGING | {"recommend"}:
        words = f"{verb.text} {words}"
    if len(words.split()) > 1:
        yield words, bool(match["no"])


_OBJECT = re.compile(
    rf"^ (?!that\b|out\b|him|her\b|them\b|himself|itself|guilty|in\b|for\b|on\b|to\b|:|,)(?P<no>(?:{_NOTHING}) (?:of|for) |no (?!one\b))?"
    r"(?P<words>(?:(?!, (?:but|and|which|who|while|though|although) )[^;])+)", re.S
)
#: The end of what is quoted, and what panels find of claims.
_SPOKEN = re.compile(r"[,.][\"”’']\s")
_DECIDED = re.compile(r"\bprove[nd]\b|\bcase to answer\b|\bupheld\b")
_GRADES = r"(?:outstanding|good|adequate|inadequate|requires? improvement|requiring improvement|satisfactory)"
_GRADE = re.compile(rf"\b{_GRADES}\b", re.I)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _same(one: Fact, other: Fact) -> bool:
    """Whether two rows tell the same finding, though one may have more of its words."""
    a, b = _words(str(one.object)), _words(str(other.object))
    return len(a & b) * 2 > min(len(a), len(b))


_BULLET = r"(?:[-–—•*·◆■▪●►▸»]|>{1,2})[ \t]+"
#: A line of a list; one that gives a grade to areas needs no bullet.
_ITEM = re.compile(rf"^[ \t]*(?:{_BULLET}|(?={_GRADES}[ \t]*:[ \t]))(?P<words>\S.*)$", re.M | re.I)
GRADED = re.compile(
    rf"[ \t]*(?:{_BULLET})?(?P<words>{_GRADES}(?::|[ \t]+[-–—])[ \t]+(?:no areas?\b.*|none\b.*|(?P<areas>\S.*?)))[ \t.;,]*$", re.M | re.I
)
_REPORTED = frozenset({"finds", "reports"})
#: An item of several sentences tells a story of its own.
_SECOND = re.compile(r"[.!?]\s+[A-Z]")
#: "Outstanding - no area"
_NO_AREA = re.compile(r"\b(?:no areas?|none)$", re.I)
_SURE = 0.7
#: The line before a list of findings, or of criticisms, and the line before one of something else.
_OPENS = re.compile(
    r"\b(?:f(?:ound|inds|indings?)|conclu\w+|establish\w*|criticis\w+|failings|reveal\w*|identified|says|said|told us that|graded|judged"
    r"|rated)\b",
    re.I,
)
#: A heading over a list of findings.
_HEADED = re.compile(r"^\W*(?:(?:the |key |main |our |its )*(?:grades?|findings|conclusions|criticisms)|what (?:\w+ ){1,3}found)\W*$", re.I)
_NO_FINDINGS = re.compile(r"\brecommend\w*|\bcall(?:s|ed|ing)? (?:for|on)\b|\bwill\b|\bshould\b|\bmust\b", re.I)
_EMPTY = re.compile(
    rf"(?:that )?(?:there (?:is|was) )?(?:{_NOTHING}|(?:it |she |he |they )?(?:found )?no evidence)(?: (?:was|were|is) found)?"
    r"(?: that| of| to suggest that)? ", re.I
)


def listed(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The items of a list of findings that were passed over: ``finds`` rows of the review that its other items are surely findings of,
    or of the one whose findings the line before the list announces."""
    rows = list(facts)
    told = [f for f in rows if f.predicate in _REPORTED and isinstance(f.object, str)]
    reviews: Reviews | None = None
    for items in _lists(context):
        beside: list[list[Fact]] = [[] for _ in items]
        ends, starts = [m.end() for m in items], [m.start() for m in items]
        for fact in told:
            for k in range(bisect_right(ends, fact.evidence[0]), bisect_left(starts, fact.evidence[1])):
                beside[k].append(fact)
        found = [f for row in beside for f in row if f.predicate == "finds"]
        sure = [f for f in found if f.status == "asserted" and f.confidence >= _SURE]
        if len({f.subject for f in found}) > 1:
            continue
        review: int | None = sure[0].subject if sure else None
        if review is None and not found and context.of_types("Review"):
            reviews = reviews or Reviews(context, rows)
            graded = sum(GRADED.match(match[0]) is not None for match in items) > 1
            review = _about(reviews) if graded else _announced(context, reviews, items[0].start())
        if review is None or any(f.subject != review for f in found):
            continue
        for match, row in zip(items, beside, strict=True):
            words = " ".join(match["words"].rstrip(" \t.;,").removesuffix(" and").rstrip(" \t.;,").split())
            span = context.tokens_in(*match.span("words"))
            if row or _SECOND.search(words) or _NO_AREA.search(words) or not len(span):
                continue
            status, nothing = "asserted", _EMPTY.match(words)
            words = words.removeprefix("that ")
            if nothing:
                status, words = "denied", words[nothing.end() :]
            if len(words.split()) > 2:
                yield Fact("finds", review, words, status, context.evidence(span[0], span[-1]), SOURCE, 0.8)


def _announced(context: Context, reviews: Reviews, start: int) -> int | None:
    """The review whose findings the line before a list announces: "The audit found:", "Inspectors said that:"."""
    text = context.document.text
    end = len(text[:start].rstrip())
    line = max(context.document.body_start, text.rfind("\n", 0, end) + 1)
    if end and _HEADED.match(text[line:end]):
        return _about(reviews)
    if not end or text[end - 1] != ":":
        return None
    before = context.tokens_in(line, end)
    if not len(before):
        return None
    sentence = context.sentence(before[-1])
    words = context.text(sentence)
    if not _OPENS.search(words) or _NO_FINDINGS.search(words):
        return None
    for verb in reversed(sentence):
        if base(verb) in _FINDING | _TELLING | {"tell"} and verb.pos_ == "VERB":
            review = _finder(context, reviews, verb)
            if review is not None:
                return review
    own = [i for _, i in context.within(sentence, "Review")]
    if own:
        return own[-1]
    return _told_of(reviews, sentence[0], "report")


def _about(reviews: Reviews) -> int | None:
    """The review that the document is about."""
    return reviews.main if reviews.main is not None else reviews.only


def _lists(context: Context) -> Iterator[list[re.Match[str]]]:
    """The lists of the document, each as its lines."""
    text = context.document.text
    items: list[re.Match[str]] = []
    for match in _ITEM.finditer(text, context.document.body_start):
        if items and text[items[-1].end() : match.start()].strip():
            yield items
            items = []
        items.append(match)
    if items:
        yield items

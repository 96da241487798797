"""When reviews came out: words of publishing with a review and a time beside them, and the years and days that reviews are told with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.reviews import SOURCE, existence, last_told
from kg.facts.status import status_of
from kg.facts.steps import case_of, segment, surface_status
from kg.facts.times import TimeExpression, expressions_in
from kg.facts.words import base
from kg.model import Fact, Mention


def published(context: Context) -> Iterator[Fact]:
    """Rows of `publishedOn` for the reviews of the document."""
    yield from _published(context)
    yield from _dated(context)


def _fact(context: Context, review: int, when: str, status: str, *tokens: Token) -> Fact:
    return Fact("publishedOn", review, when, status, context.evidence(*tokens), SOURCE, 0.85)


def _published(
    context: Context, led: Mapping[int, int] = MappingProxyType({}), cues: re.Pattern[str] | None = None
) -> Iterator[Fact]:
    """Rows of `publishedOn`: a word of publishing, the review named nearest to it and the time nearest to it, in one sentence.

    ``led`` tells of people which review is theirs: "She will report in May", "Her findings were published on Monday"; ``cues`` are other
    words to look for.
    """
    text = context.document.text
    day = context.document.date or context.document.anchor
    for cue in (cues or _PUBLISHED).finditer(text, context.document.body_start):
        span = context.doc.char_span(cue.start(), cue.end(), alignment_mode="expand")
        if span is None or not len(span):
            continue
        start, end = segment(context, span[0])
        when = _day_of(context, cue, start, end)
        near = context.starting_in(start, end, "Review") if when is not None and not led else []
        if when is not None and not near:
            near = list(_by_lead(context, start, span[0], led) if led else _told_before(context, start, cue.start()))
        if when is None or not near or cue["verb"] and _is_wanted(span[0]):
            continue
        if cue["of"]:  # "the publication on Monday of a review"
            near = [p for p in near if p[0].start > cue.start()]
        elif cues:
            near = [p for p in near if p[0].end < start or p[0].start < cue.start() and _STRAIGHT.fullmatch(text, p[0].end, cue.start())]
        elif cue["after"]:  # people appear, and letters are dated, too
            near = [p for p in near if p[0].start < cue.start() and not _BETWEEN.search(text[p[0].end : cue.start()])]
        if not near or not led and (cue["due"] or cue["after"]) and _of_a_person(context, span[0]):
            continue
        subjects = [p for p in near if context.span(p[0]).root.dep_.startswith("nsubj") and context.span(p[0]).root.head in _verbs(span[0])]
        mention, review = min(subjects or near, key=lambda p: (p[0].start > cue.start(), abs(p[0].start - cue.start())))
        word = span[-1] if span[0].pos_ in {"AUX", "PART"} else span[0]
        # "In a report published today the inspectorate said" reports no publishing: the participle's own clause tells its status.
        status = "asserted" if word.dep_ == "acl" else status_of(context, word)
        status = surface_status(context, word) if status == "asserted" else status
        if status == "asserted" and (cue["due"] or (day and when > day[: len(when)])):
            status = "proposed"
        if cue["verb"] and span[0].pos_ == "NOUN" and status == "proposed":
            continue  # "a report in March" is one that there is
        if status == "proposed" and day and when < day[: len(when)]:
            continue  # "ordered in May, is to be published before long"
        if status == "denied" and cue["verb"] and span[0].pos_ == "NOUN" and not _PROMISED.search(text, start, end):
            status = "asserted"  # "whose report in 2016 blamed nobody"
        if status == "denied" and not _PROMISED.search(text, start, end):
            continue  # "was handed over in May and never published": the day is something else's
        if status in {"asserted", "proposed", "denied"}:
            yield _fact(context, review, when, status, word, context.span(mention).root)


#: Words with the day on which something was to come out that did not.
_PROMISED = re.compile(
    r"\b(?:due|promised|planned|scheduled|expected|(?:should|was|were|ought) (?:to )?have|will not now|won['’]t now)\b", re.I
)


def _day_of(context: Context, cue: re.Match[str], start: int, end: int) -> str | None:
    """The time that a word of publishing has in its sentence."""
    text = context.document.text
    dated = [t for t in _times(context, start, end) if abs(t.start - cue.end()) < _NEAR and not _elsewhere(text, cue, t.start)]
    dated = [t for t in dated if not _SPAN_OF_YEARS.match(text, t.start)]  # "the PEEL 2023-25 report"
    return min(dated, key=lambda t: (t.start < cue.start(), abs(t.start - cue.start()))).value if dated else None


def _times(context: Context, start: int, end: int) -> list[TimeExpression]:
    """The times between two offsets that may be when something came out."""
    day = context.document.date or context.document.anchor
    return [t for t in expressions_in(context.document.text, day, start, end) if t.kind in {"point", "by", "from"}]


#: What a sentence calls the review of the sentence before by, or its outcome, as the subject of a word of publishing.
_OF_BEFORE = re.compile(
    r"(?:^|[.!?”\"]\s+|[,;] (?:and |but )?|\b(?:and|but|that) )(?:its|the|this|that|their|his|her) (?:[\w-]+ ){0,2}?"
    r"(?:report|review|inquiry|audit|study|findings|determination|conclusions?|results|inspection|exercise|document|summary|verdict)"
    r"(?=[, ])[^.;]{0,60}$",
    re.I,
)
#: And by "it": "It was released on Monday", "when it came out in May"; who "is expected in June" may be anybody.
_IT_IS = re.compile(
    r"(?:^[\"“‘ ]*|[.!?”\"]\s+|[,;] (?:and |but )?|\b(?:when|and|but) )it,? "
    r"(?:(?:was|is|has|had|been|will|would|be|to|should|ought|finally|first|eventually|also|then|only|never|not|did|now|itself) )*$",
    re.I,
)


def _by_lead(context: Context, start: int, word: Token, led: Mapping[int, int]) -> Iterator[tuple[Mention, int]]:
    """The review that somebody leads who is the subject of a word of publishing, or whose report is."""
    if any(review.start >= start for review, _ in context.starting_in(start, word.idx, "Review")):
        return
    for mention, person in reversed(context.starting_in(start, word.idx, "Person")):
        review = led.get(person)
        token = context.span(mention).root
        owns = token.dep_ == "nmod:poss" and token.head.lower_ in _OUTCOMES
        if review is not None and (owns or token.dep_ == "nsubj" and (token.head in (word, word.head) or word.head.head == token.head)):
            yield from [p for p in reversed(context.starting_in(0, start, "Review")) if p[1] == review][:1]
        return


#: What of a review comes out.
_OUTCOMES = frozenset("report review inquiry findings conclusions conclusion determination study audit verdict summary inspection".split())


def reported(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Rows of `publishedOn` for a review that a sentence tells by who led it, where none tells it yet: "Her report came out in May"."""
    rows = list(facts)
    reviews: dict[int, set[int]] = {}
    for row in rows:
        if row.predicate == "ledBy" and row.status in {"asserted", "proposed"} and context.chains[int(row.object)].type == "Person":
            reviews.setdefault(int(row.object), set()).add(row.subject)
    led = {person: found.pop() for person, found in reviews.items() if len(found) == 1}
    known = {row.subject for row in rows if row.predicate == "publishedOn"}
    if led:
        yield from (row for row in _published(context, led) if row.subject not in known)
    yield from _done(context, known)


def _done(context: Context, known: Iterable[int]) -> Iterator[Fact]:
    """Rows of `publishedOn` for reviews of which only the day is told on which they were finished, or will be."""
    text = context.document.text
    for row in _published(context, cues=_FINISHED) if context.of_types("Review") else ():
        told = ((s.start_char, s.end_char) for s in context.sentences(*row.evidence))
        if row.status != "asserted" or any(map(_SECRET.search, context.chains[row.subject].names)):
            continue
        if row.subject not in known and not any(_KEPT_BACK.search(text, *ends) for ends in told):
            yield row


#: What may stand between a review and the word that tells of its end.
_STRAIGHT = re.compile(
    r",?(?: by [^,.;]{2,60},?)?(?: paid for by [^,.;]{2,50}| (?:carried out|done|led|ordered) by [^,.;]{2,60})?"
    r"(?:,? (?:which|that|was|is|has|had|been|and|now|only))*,? "
)
#: Words of finishing, which do as words of publishing where no others tell when a review came out. Groups as in `_PUBLISHED`.
_FINISHED = re.compile(
    r"(?P<verb>(?!))|(?P<due>(?!))|(?P<of>(?!))"
    r"|(?P<after>\b(?:finished|completed)\b(?= (?:\w+ ){0,2}?(?:in|on|by|last|this|next)\b))"
)
#: What is finished long before anything of it comes out.
_SECRET = re.compile(r"\b(?:investigation|inquiry)\b", re.I)
#: What tells that it did not come out when it was finished.
_KEPT_BACK = re.compile(
    r"\b(?:kept|held|never|only (?:now|today|yesterday|this)|unpublished|secret|not (?:yet )?(?:been )?(?:made public|published))\b"
)


def _verbs(word: Token) -> tuple[Token, ...]:
    """The word of publishing and the verb that it goes with: "is due in May", "is to be published"."""
    return (word, word.head) if word.dep_ in {"xcomp", "conj", "advcl", "aux", "case"} else (word,)


def _is_wanted(word: Token) -> bool:
    """Whether the word is no verb but a report that something is done with: "asked for a report in July", "will discuss the report on"."""
    return word.pos_ == "NOUN" and (word.dep_ in {"obj", "conj"} or word.dep_ == "obl" and case_of(word) not in {"in", "since"})


def _of_a_person(context: Context, word: Token) -> bool:
    """Whether it is somebody who appears, or is due somewhere."""
    verb = word if any(c.dep_.startswith("nsubj") for c in word.children) else word.head
    return any(c.dep_.startswith("nsubj") and context.head_mention(c, "Person") is not None for c in verb.children)


#: What stands between a review and words of publishing that tell of much else, where they do not tell of it.
_BETWEEN = re.compile(r"\b(?:he|she|they|we|I|carr(?:y|ied)|letter|Mr|Ms|Mrs|who|where|when)\b|[^<]{90}")
def _told_before(context: Context, start: int, cue: int) -> Iterator[tuple[Mention, int]]:
    """The review that the sentences before told of where this one says only "the report" or "its findings"."""
    text, before = context.document.text, context.document.text[start:cue]
    goes_on = _OF_BEFORE.search(before) or (_IT_IS.search(before) and not text.startswith("expected", cue))
    if goes_on and (told := last_told(context, start)) is not None:
        yield told


def _dated(context: Context) -> Iterator[Fact]:
    """Rows of `publishedOn` for a review that has its year in its name ("a 2018 audit") or found something on a day."""
    text = context.document.text
    day = context.document.date or context.document.anchor
    for mention, review in context.of_types("Review"):
        noun = context.span(mention).root if len(context.span(mention)) else None
        if noun is None:
            continue
        if (year := _YEAR.match(mention.text)) and not (day and year[1] > day):
            yield _fact(context, review, year[1], "asserted", noun)
        elif (when := _in_name(context, mention)) is not None and existence(context, noun) == "asserted":
            yield _fact(context, review, when, "asserted", noun)
        verb = noun.head
        if noun.dep_ == "nsubj" and verb.i > noun.i and base(verb) in _TELLING and status_of(context, verb) == "asserted":
            start, end = segment(context, verb)
            at = next((t for t in _times(context, start, end) if _dates_telling(text, t, start, mention, verb)), None)
            if at is not None and not (day and at.value > day[: len(at.value)]):
                yield _fact(context, review, at.value, "asserted", noun, verb)


def _in_name(context: Context, mention: Mention) -> str | None:
    """The time that a description has in it, or right behind it: "an audit in May 2018", "the last inspection of the cells, in 2019"."""
    text, day = context.document.text, context.document.date or context.document.anchor
    noun = context.span(mention).root
    if not _LOOKS_ONCE.search(mention.text) or noun.dep_ == "ROOT":
        return None
    behind_it = _BEHIND if noun.dep_.startswith("nsubj") else _BEHIND_COMMA
    for time in _times(context, mention.start, min(len(text), mention.end + _CLOSE)):
        inside = _ENDED_BY.search(text, mention.start, time.start) and time.end <= mention.end
        behind = time.start > mention.end and behind_it.fullmatch(text, mention.end, time.start)
        if (inside or behind) and not (day and time.value > day[: len(time.value)]):
            return time.value
    return None


#: Reviews that are done at one time, which what they are called with tells.
_LOOKS_ONCE = re.compile(r"\b(?:audit|inspection|report|study|survey|assessment|evaluation|inquest|visit)\b", re.I)
_ENDED_BY = re.compile(rf"{_LOOKS_ONCE.pattern}[^,;]{{0,60}}? (?:in|of|from) $", re.I)
_BEHIND = re.compile(r",? in ")
_BEHIND_COMMA = re.compile(r", in ")


def _dates_telling(text: str, time: TimeExpression, start: int, review: Mention, verb: Token) -> bool:
    """Whether a time is when a review told something: right by the verb or the review, or before it at the head of the sentence."""
    if review.start < time.start < verb.idx and _BESIDE.fullmatch(text, review.end, time.start):
        return True
    aside = text[review.end : time.start] if review.end < time.start < verb.idx else ""
    if -_CLOSE < time.start - verb.idx < _CLOSE and not (_RELATIVE.search(aside) and not _DONE.search(aside)):
        low, high = sorted((verb.idx + len(verb), time.start))
        return not _CLAUSE.search(text, low, min(high, verb.idx) if time.start < verb.idx else high)
    opens = time.start < review.start and not text[start : time.start].strip(' \n“"')
    return opens and _OPENS.fullmatch(text, time.end, review.start) is not None


#: Between a review and the time of it: "an inspection of Wick by the inspectorate, in 2012, found".
_BESIDE = re.compile(r"(?: by [^,.;]{2,60}?)?,? ?(?:in|on|of|dated)? ?")
#: What else an aside between them may date.
_RELATIVE = re.compile(r"\b(?:which|who|whom|that)\b")
_DONE = re.compile(r"\b(?:finished|completed|published|released|done|carried out|dated)\b")
_OPENS = re.compile(r",? (?:a|an|the|its)? ?(?:[\w-]+ )?")


_YEAR = re.compile(r"((?:19|20)\d\d) (?:\w+ ){0,2}(?:audit|inspection|report|review|study|survey|assessment)\b")
#: What a review does on the day it comes out.
_TELLING = frozenset(
    """find conclude warn say judge grade rate criticise report call describe note identify praise reveal show uncover blame
    recommend""".split()
)
#: How far the day of it may stand from the verb, in characters.
_CLOSE = 35

_PUBLISHED = re.compile(
    r"\b(?:published|publishes|publish|publishing|released|release|issued|laid before|made public|came out|comes out|out on|printed|"
    r"delivered|handed over|handed in|put (?:out|online)|brought out|made available|"
    r"unveiled|posted"
    r"|(?P<verb>report(?:s|ed)?) (?=(?:back )?(?:in|on|by|before|last|next)\b)|(?P<due>due (?=in|on|by|out|next|this|before)"
    r"|expected (?=in|by|next|before)|promised for|ready (?=in|by|before|next))"
    r"|(?P<of>publication (?=on|in|yesterday|today|last)|brought out|c[ao]me the (?=(?:[\w-]+ ){0,2}report\b))"
    r"|(?P<after>appeared|appears|(?<!it )(?<!carried )(?<!come )out (?=in|last|this)|lays? before|reached (?=us|the|him|her)|went before"
    r"|dated|placed before))",
    re.I,
)
#: What years a programme of inspections covers; no day on which anything came out.
_SPAN_OF_YEARS = re.compile(r"(?:19|20)\d\d ?[-–/] ?\d\d\b(?![-–/])")
#: How far a date may stand from the word of publishing, in characters.
_NEAR = 60


def _elsewhere(text: str, cue: re.Match[str], at: int) -> bool:
    """Whether another clause begins between the word and the date."""
    low, high = sorted((cue.end(), at))
    return bool(_CLAUSE.search(text, low, high))


_CLAUSE = re.compile(r"[;:]|\b(?:who|which|after|when|that|said|says|found|finds|into)\b")

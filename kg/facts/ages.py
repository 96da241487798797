"""Ages: "Aneira Pritchard, 49,", "the 47-year-old", "Conal McAnespie, who turned 45", "a fisherman of 39", "(33)"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Span, Token

from kg.facts.context import Context
from kg.facts.posts import held_by, of_the_court
from kg.facts.speakers import narration, topic
from kg.language.spans import DOES_HARM
from kg.language.spans import ages as numbers
from kg.model import Fact, Mention
from kg.names import OFFICERS, PERSON_HEADS

SOURCE = "ages"
#: Between a name and its age: "Pritchard, now 49", "Pugh of Gwent Police, 52", "Khan, a father of two, 40".
_BETWEEN = re.compile(
    r"[\"”’')]*(?:,? (?:of|from|with|at|a|an|the|its|their|who|also|known|formerly|and)\b[^.;:!?()\n]{0,90})?"
    r",? ?\(?(?:(?:now|then|also|both|just|still|aged) )*"
)
_DIED = re.compile(r"[\"”’')]*,? [^.;:!?\n]{0,60}\b(?:died|dies)\b[^.;:!?\n]{0,20},? aged ")
_OFFICIAL = re.compile(
    r"\b(?:Judge|Justice|Sheriff|Recorder|Coroner|fiscal|prosecut\w+|magistrate|chair\w*|[Ii]nspector|[Ss]uperintendent)\b"
)
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NOT_YET = re.compile(
    r"\b(?:will|would|to|shall|if|when|before|until|not|never)(?: (?:have|be|she|he|they))?(?: (?:be|is|was|turned|turns))? $"
    r"|['’]ll be $|\b(?:twins|sons|daughters|children|under the) (?:aged? )?(?:of )?$",
    re.I,
)
_STATED = r"\b(?:(?:is|was|had turned|turned|turns)(?: (?:now|then|just|only|about|nearly|almost|still))?|(?<=who)['’]s(?: now)?) "
_OFFICER = re.compile(rf"-year-old (?:[a-z]+ )?(?:{'|'.join(sorted(OFFICERS))})\b")
PRONOUNS = {"he": "m", "she": "f"}


def ages(context: Context) -> Iterator[Fact]:
    """An ``age`` row for each age whose person is settled; the object is the number as written."""
    text = context.document.text
    pending = []
    told: set[int] = set()
    for start, end in numbers(text):
        if start < context.document.body_start or _NOT_YET.search(text[max(0, start - 24) : start]):
            continue
        span = context.doc.char_span(start, end, alignment_mode="expand")
        if span is None or not len(span):
            continue
        people = _people(context, span, start, end)
        for mention, chain in people:
            told.add(chain)
            yield _fact(context, span, mention, chain, text[start:end])
        if not people and text.startswith("-year-old", end):
            pending.append((span, start, end))
    for span, start, end in pending:  # "The 58-year-old": whoever the text was about, if no other age is told of them
        about = _anaphoric(context, start, end)
        if about is not None and about not in told and not _of_another(context, about, end):
            told.add(about)
            yield Fact("age", about, text[start:end], "asserted", context.evidence(*span), SOURCE, 0.75)


def _of_another(context: Context, person: int, end: int) -> bool:
    """Whether "the 19-year-old driver" is no officer, as the person is."""
    text = context.document.text
    called = re.match(r"-year-old ([a-z]+)", text[end : end + 40])
    if called is None or called[1] not in PERSON_HEADS or _OFFICER.match(text, end):
        return False
    return _is_ranked(context, person)


def _is_ranked(context: Context, person: int) -> bool:
    """Whether the person is told to have a police rank."""
    return any(context.reference.rank(post.role) is not None for post in held_by(context, person))


def _fact(context: Context, span: Span, mention: Mention, chain: int, number: str) -> Fact:
    evidence = context.evidence(context.span(mention)[0], *span)
    return Fact("age", chain, number, "asserted", evidence, SOURCE, 0.95 if mention.kind == "name" else 0.85)


def _people(context: Context, span: Span, start: int, end: int) -> list[tuple[Mention, int]]:
    """Whose age it is: one person, two where "both" says so, or nobody."""
    text = context.document.text
    if text.startswith("-year-old", end):
        return _one(_of_compound(context, span, end))
    before = text[max(0, start - 90) : start]
    if re.search(r"\bboth (?:aged )?$", before):
        return _both(context, start)
    if text[start:end].isalpha() and re.match(r" (?:when|at the time)\b", text[end : end + 12]):
        return []  # "was nine when she lost her father": how old somebody was then
    if match := re.search(rf"{_STATED}$", before):
        return _one(_stated(context, span, start - len(match.group())))
    if re.search(r"\b(?:at|the age of|age of) $", before, re.I):
        return _one(_by_verb(context, span))
    if re.search(r"\w of $", before):
        return _one(_of_noun(context, span, start))
    return _one(_apposed(context, start) or _by_tree(context, span))


def _one(found: tuple[Mention, int] | None) -> list[tuple[Mention, int]]:
    return [found] if found else []


def _preceding(context: Context, start: int, reach: int = 140) -> list[tuple[Mention, int]]:
    """Mentions of people by name that end before ``start`` in the same paragraph, nearest first."""
    floor = max(context.document.text.rfind("\n", 0, start), start - reach)
    found = [p for p in context.overlapping(floor, start, "Person") if p[0].kind == "name" and p[0].end <= start]
    return sorted(found, key=lambda p: (-p[0].end, p[0].start))


def _following(context: Context, end: int, reach: int = 60) -> tuple[Mention, int] | None:
    """The first person named behind ``end``."""
    return next((p for p in context.starting_in(end, end + reach + 1, "Person") if p[0].kind == "name"), None)


def _apposed(context: Context, start: int) -> tuple[Mention, int] | None:
    """The nearest person before, with nothing between but an apposition without a verb of its own."""
    text = context.document.text
    for mention, chain in _preceding(context, start)[:1]:
        between = text[mention.end : start]
        if _BETWEEN.fullmatch(between) and not _has_verb(context, mention.end, start):
            return mention, chain
        if _DIED.fullmatch(between):
            return mention, chain
    return None


def _has_verb(context: Context, start: int, end: int) -> bool:
    span = context.doc.char_span(start, end, alignment_mode="contract")
    return span is not None and any(t.tag_ in _FINITE and t.lower_ not in {"aged"} for t in span)


def _both(context: Context, start: int) -> list[tuple[Mention, int]]:
    """As in "Dearbhla McAnespie and Nathan Orr, both 29"."""
    text = context.document.text
    near = _preceding(context, start)[:2]
    if len(near) < 2 or near[0][1] == near[1][1]:
        return []
    joined = re.fullmatch(r",?(?: \w+){0,3} and (?:\w+ ){0,4}", text[near[1][0].end : near[0][0].start])
    return near if joined and _BETWEEN.fullmatch(text[near[0][0].end : start]) else []


def _of_compound(context: Context, span: Span, end: int) -> tuple[Mention, int] | None:
    """As in "47-year-old Ahmed Khan", "a 24-year-old joiner, Sean Orr", "Sean Orr, a 24-year-old joiner", "Sean Orr is a 24-year-old"."""
    text = context.document.text
    closing = end + len("-year-old")
    following = _following(context, closing)
    near = following and re.fullmatch(r"(?: [\w’'-]+){0,4},? ", text[closing : following[0].start])
    if following and near and not text.startswith(("'s", "’s"), closing) and not _has_verb(context, closing, following[0].start):
        return None if text.startswith(("'s", "’s"), following[0].end) else following
    opening = re.search(r"(?:, (?:a|an|the|now a)|\b(?:is|was) (?:a|an|the)) $", text[max(0, span.start_char - 12) : span.start_char])
    if opening:
        before = _preceding(context, span.start_char - len(opening.group()))
        if before and re.fullmatch(r"[\"”’') ]*", text[before[0][0].end : span.start_char - len(opening.group())]):
            return before[0]
    inside = context.at(span[-1], "Person")
    return inside if inside and inside[0].kind == "nominal" and not of_the_court(context, inside[1]) else None


def _anaphoric(context: Context, start: int, end: int) -> int | None:
    """As in "The 58-year-old from Otley": the person the sentences before are about; of "a 19-year-old" that can be nobody."""
    text = context.document.text
    if not re.search(r"\b[Tt]he $", text[max(0, start - 4) : start]) or DOES_HARM.match(text, end):
        return None
    chain = topic(context, start, None)
    if chain is None or of_the_court(context, chain) or any(_presides(context, m) for m in context.chains[chain].mentions):
        return None
    following = context.starting_in(end, context.sentence(context.tokens_in(start, end)[0]).end_char, "Person")
    if any(i == chain and m.kind == "name" for m, i in following):
        return None  # "The 21-year-old officer told jurors that he had hit Orr": it is not Orr
    return None if _OFFICER.match(text, end) and not _is_ranked(context, chain) else chain


def _presides(context: Context, mention: Mention) -> bool:
    """As in "Judge Orme", "the fiscal depute, Ann Moss": whoever runs the proceedings is not whom they are about."""
    return bool(_OFFICIAL.search(context.document.text[max(0, mention.start - 30) : mention.end].split("\n")[-1]))


def _stated(context: Context, span: Span, start: int) -> tuple[Mention, int] | None:
    """As in "Mr Quist is 61", "Prentice, who had turned 18", "an organist in Royston, who is 83", "She was 19".

    ``start`` is that of the verb.
    """
    text = context.document.text
    pronoun = re.search(r"\b(he|she)$", text[max(0, start - 4) : start].rstrip(), re.I)
    if pronoun:
        at = start - len(text[max(0, start - 4) : start]) + text[max(0, start - 4) : start].lower().rfind(pronoun.group().lower())
        chain = None if narration(context)[at].isspace() else topic(context, at, PRONOUNS[pronoun.group().lower()])
        return next(((m, c) for m, c in reversed(_preceding(context, start, 2000)) if c == chain), None) if chain is not None else None
    near = _preceding(context, start)
    if near:
        between = text[near[0][0].end : start]
        if re.fullmatch(r"[\"”’')]*,? ?(?:\([^)]*\),? ?)?(?:(?:a|an|the) [^.;:,]{2,50},? ?|[^.;:,]{2,40}, ?)?(?:who ?)?", between):
            return near[0] if not _has_verb(context, near[0][0].end, start) else None
    return None


def _by_verb(context: Context, span: Span) -> tuple[Mention, int] | None:
    """As in "At 45 Ann Moss was the youngest", "Hurst, who died at the age of 67": the subject of the verb, where it is named."""
    token = span.root
    for _ in range(5):
        if token.pos_ in {"VERB", "AUX"} or any(c.dep_ == "cop" for c in token.children):
            return _subject(context, token)
        if token.head is token:
            return None
        token = token.head
    return None


def _subject(context: Context, verb: Token) -> tuple[Mention, int] | None:
    """The person who is named as the subject of a predicate; of a relative clause, its antecedent."""
    token = verb
    for _ in range(4):
        for child in token.children:
            if child.dep_ in {"nsubj", "nsubj:pass"}:
                found = context.at(token.head if child.lower_ in {"who", "that", "which"} else child, "Person")
                return found if found and found[0].kind == "name" else None
        if token.dep_ not in {"conj", "xcomp", "advcl"} or token.head is token:
            return None
        token = token.head
    return None


def _of_noun(context: Context, span: Span, start: int) -> tuple[Mention, int] | None:
    """As in "Ann Moss, a hairdresser of 45", "An Old Swan man of 24, Kilbride"."""
    text = context.document.text
    near = _preceding(context, start)
    if near and re.fullmatch(r"[\"”’')]*, (?:a|an|the) [\w’' -]{2,40} of ", text[near[0][0].end : start]):
        return near[0]
    following = _following(context, span.end_char)
    opens = re.search(r"\b[Aa]n? [\w’' -]{2,40} of $", text[max(0, start - 50) : start])
    return following if following and opens and re.fullmatch(r", (?:[\w.]+ ){0,3}", text[span.end_char : following[0].start]) else None


def _by_tree(context: Context, span: Span) -> tuple[Mention, int] | None:
    """The person whom the number, or "aged" with it, modifies."""
    token = span.root
    for _ in range(2):
        token = token.head
        found = context.head_mention(token, "Person")
        if found and found[0].kind == "name" and found[0].end <= span.start_char:
            return found
        if token.pos_ not in {"ADJ", "NUM", "NOUN"}:
            return None
    return None

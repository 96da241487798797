"""Ages: "Aneira Pritchard, 49,", "the 47-year-old", "Conal McAnespie, who turned 45", "a fisherman of 39", "(33)"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Span, Token

from kg.facts.context import Context
from kg.language.spans import ages as numbers
from kg.model import Fact, Mention

SOURCE = "ages"
#: Between a name and its age: "Pritchard, now 49", "Pugh of Gwent Police, 52", "Khan, a father of two, 40".
_BETWEEN = re.compile(
    r"[\"”’')]*(?:,? (?:of|from|with|at|a|an|the|its|their|who|also|known|formerly|and)\b[^.;:!?()\n]{0,90})?"
    r",? ?\(?(?:(?:now|then|also|both|just|still|aged) )*"
)
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NOT_YET = re.compile(
    r"\b(?:will|would|to|shall|if|when|before|until|not|never)(?: (?:have|be|she|he|they))?(?: (?:be|is|was|turned|turns))? $|['’]ll be $", re.I
)
_HEADED = frozenset({"amod", "compound", "nummod", "nmod:unmarked", "obl:unmarked", "advmod", "punct", "flat"})


def ages(context: Context) -> Iterator[Fact]:
    """An ``age`` row for each age whose person is settled; the object is the number as written."""
    text = context.document.text
    for start, end in numbers(text):
        if start < context.document.body_start or _NOT_YET.search(text[max(0, start - 24) : start]):
            continue
        span = context.doc.char_span(start, end, alignment_mode="expand")
        if span is None or not len(span):
            continue
        for mention, chain in _people(context, span, start, end):
            evidence = context.evidence(context.span(mention)[0], *span)
            yield Fact("age", chain, text[start:end], "asserted", evidence, SOURCE, 0.95 if mention.kind == "name" else 0.85)


def _people(context: Context, span: Span, start: int, end: int) -> list[tuple[Mention, int]]:
    """Whose age it is: one person, two where "both" says so, or nobody."""
    text = context.document.text
    if text.startswith("-year-old", end):
        return _one(_of_compound(context, span, end))
    before = text[max(0, start - 10) : start]
    if re.search(r"\bboth (?:aged )?$", before):
        return _both(context, start)
    if re.search(r"\b(?:is|was|['’]s|am|turned|turns)(?: \w+)? $", before):
        return _one(_stated(context, span, start))
    if re.search(r"\b(?:at|at the age of|the age of|age of) $", text[max(0, start - 16) : start], re.I):
        return _one(_by_verb(context, span))
    if re.search(r"\w of $", before):
        return _one(_of_noun(context, span))
    return _one(_apposed(context, start) or _by_tree(context, span))


def _one(found: tuple[Mention, int] | None) -> list[tuple[Mention, int]]:
    return [found] if found else []


def _preceding(context: Context, start: int, reach: int = 140) -> list[tuple[Mention, int]]:
    """Mentions of people that end before ``start`` in the same paragraph, nearest first."""
    floor = max(context.document.text.rfind("\n", 0, start), start - reach)
    found = [p for p in context.mentions if p[0].type == "Person" and floor < p[0].end <= start]
    return sorted(found, key=lambda p: (-p[0].end, p[0].start))


def _apposed(context: Context, start: int) -> tuple[Mention, int] | None:
    """The nearest person before, with nothing between but an apposition without a verb of its own."""
    text = context.document.text
    for mention, chain in _preceding(context, start)[:1]:
        between = text[mention.end : start]
        if mention.kind != "pronoun" and _BETWEEN.fullmatch(between) and not _has_verb(context, mention.end, start):
            return mention, chain
    return None


def _has_verb(context: Context, start: int, end: int) -> bool:
    span = context.doc.char_span(start, end, alignment_mode="contract")
    return span is not None and any(t.tag_ in _FINITE and t.lower_ not in {"aged"} for t in span if t.dep_ not in {"acl:relcl"})


def _both(context: Context, start: int) -> list[tuple[Mention, int]]:
    """"Dearbhla McAnespie and Nathan Orr, both 29"."""
    text = context.document.text
    near = [p for p in _preceding(context, start) if p[0].kind == "name"][:2]
    if len(near) < 2 or near[0][1] == near[1][1]:
        return []
    joined = re.fullmatch(r",?(?: \w+){0,3} and (?:\w+ ){0,4}", text[near[1][0].end : near[0][0].start])
    return near if joined and _BETWEEN.fullmatch(text[near[0][0].end : start]) else []


def _of_compound(context: Context, span: Span, end: int) -> tuple[Mention, int] | None:
    """"the 47-year-old", "47-year-old Ahmed Khan", "a 24-year-old joiner, Sean Orr", "Sean Orr, a 24-year-old joiner"."""
    text = context.document.text
    closing = end + len("-year-old")
    if re.match(r"s?['’]|s\b", text[closing : closing + 2]):
        return None
    token = context.doc.char_span(end, closing, alignment_mode="expand")[-1]
    inside = context.at(token, "Person")
    if inside:
        return inside
    noun = token
    while noun.dep_ in _HEADED and noun.head is not noun:
        noun = noun.head
    named = _named_by(context, noun)
    if named:
        return named
    following = next((p for p in context.mentions if p[0].type == "Person" and closing <= p[0].start <= closing + 60), None)
    if following and re.fullmatch(r"(?: [\w'’-]+){0,4},? ", text[closing : following[0].start]) and not _has_verb(context, closing, following[0].start):
        return None if text.startswith(("'s", "’s"), following[0].end) else following
    opening = re.search(r"(?:, (?:a|an|the|now a)|\b(?:is|was) (?:a|an|the)) $", text[max(0, span.start_char - 12) : span.start_char])
    if opening:
        before = _preceding(context, span.start_char - len(opening.group()))
        if before and re.fullmatch(r"[\"”’')]*", text[before[0][0].end : span.start_char - len(opening.group())]):
            return before[0]
    return None


def _named_by(context: Context, noun: Token) -> tuple[Mention, int] | None:
    """The person whom a noun stands for: covered by a mention, in apposition to one, or said of one."""
    found = context.head_mention(noun, "Person")
    if found:
        return found
    for child in noun.children:
        if child.dep_ in {"appos", "flat"} and (hit := context.at(child, "Person")) and hit[0].kind == "name":
            return hit
    if noun.dep_ in {"appos", "flat"}:
        return context.head_mention(noun.head, "Person") or context.at(noun.head, "Person")
    if any(c.dep_ == "cop" for c in noun.children):
        return _subject(context, noun)
    return None


def _subject(context: Context, verb: Token) -> tuple[Mention, int] | None:
    """The person who is the subject of a predicate; of a relative clause, its antecedent."""
    token = verb
    while True:
        for child in token.children:
            if child.dep_ in {"nsubj", "nsubj:pass"}:
                if child.lower_ in {"who", "that", "which"}:
                    return context.head_mention(token.head, "Person") or context.at(token.head, "Person")
                return context.head_mention(child, "Person") or context.at(child, "Person")
        if token.dep_ not in {"conj", "xcomp", "advcl"} or token.head is token:
            return None
        token = token.head


def _stated(context: Context, span: Span, start: int) -> tuple[Mention, int] | None:
    """"Mr Quist is 61", "who turned 18", "Stainer was 31 when"."""
    found = _subject(context, span.root if span.root.dep_ not in {"obj", "xcomp"} else span.root.head)
    if found:
        return found
    text = context.document.text
    near = _preceding(context, start, 60)
    if near and re.fullmatch(r"[\"”’')]*(?:, who)? ?(?:is|was|['’]s|had turned|turned|turns)(?: (?:now|just|only|then))? ", text[near[0][0].end : start]):
        return near[0]
    return None


def _by_verb(context: Context, span: Span) -> tuple[Mention, int] | None:
    """"At 45 she was the youngest", "who died at the age of 67"."""
    token = span.root
    for _ in range(5):
        if token.pos_ in {"VERB", "AUX"} or any(c.dep_ == "cop" for c in token.children):
            return _subject(context, token)
        if token.head is token:
            return None
        token = token.head
    return None


def _of_noun(context: Context, span: Span) -> tuple[Mention, int] | None:
    """"Ann Moss, a hairdresser of 45": the noun that carries the number must stand for a person who is named."""
    noun = span.root.head
    return _named_by(context, noun) if noun.pos_ == "NOUN" else None


def _by_tree(context: Context, span: Span) -> tuple[Mention, int] | None:
    """The person whom the number, or "aged" with it, modifies."""
    token = span.root
    for _ in range(3):
        token = token.head
        found = context.head_mention(token, "Person")
        if found and found[0].kind != "pronoun":
            return found
        if token.pos_ not in {"VERB", "ADJ", "NUM", "NOUN"}:
            return None
    return None

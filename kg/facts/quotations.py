"""Who said what: every direct quotation with its speaker.

The words around a quotation are read in the order in which English news attributes: a speech verb in the same sentence
("Ms Mills said: ...", "...," said Ms Mills), a sentence that leads in with a colon, and then, where the quotation stands
alone, the speaker of the one before it. Where the speaker is an unnamed person or cannot be settled, there is no row: a
wrong speaker is worse than none.

References: Pareti et al. 2013, "Automatically Detecting and Attributing Indirect Quotations"; Muzny et al. 2017,
"A Two-stage Sieve Approach for Quote Attribution".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from spacy.tokens import Token

from kg.facts.context import Context, strip_end, strip_offsets
from kg.facts.speakers import (
    NOBODY,
    SPEAKERS,
    TELLING,
    Speaker,
    after_verb,
    before_verb,
    colon,
    narration,
    sentences_before,
    speaks,
    subject_of_sentence,
)
from kg.language.spans import quotations as quoted
from kg.model import Fact

SOURCE = "quotations"
_REPEATING = re.compile(
    r"\b(?:read(?:s|ing)? (?:out|aloud|from)|quot(?:e|es|ed|ing)|recit(?:ed|es|ing)|repeat(?:ed|ing)?|played|shown|copied)\b", re.I
)
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|Rev|Sgt|Insp|Supt|Ch|Det|Cllr|Lt|Col|Gen|Hon|No|vs?|cf|e\.g|i\.e|[A-Z]))\.$")
_MODALS = frozenset("would should could might be".split())
_BREAK = re.compile(r"[.!?…;][”\"’')\]]*(?=\s|$)")
#: characters; whoever a longer sentence is about is not looked for, as a paragraph of quotations would be gone through for each
_LONGEST = 2000
_SEQUEL = re.compile(
    r"[”\"’')\]]* *(?:Those|These|The words|His words|Her words) (?:are|were)\b"
    r"(?P<whose>[^.!?\n]*\bwords\b[^.!?\n]*|[^.!?\n]*\bby\b[^.!?\n]*)"
)
#: Nouns for what was said: "was her explanation", "was the verdict of Tunde Whitgift".
_SAYINGS = frozenset(
    "verdict explanation reply answer response view message advice comment assessment conclusion warning plea remark claim complaint"
    " suggestion".split()
)

#: Nouns for what is read out, mostly in the name of somebody else.
_READ_OUT = frozenset("statement letter message tribute note diary poem email text extract extracts eulogy".split())


@dataclass(frozen=True, slots=True)
class _Quotation:
    """One quotation's place: the words, its paragraph, and the stretches of its sentence before and after."""

    start: int
    end: int
    paragraph: tuple[int, int]
    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def opens_paragraph(self) -> bool:
        return self.start - self.paragraph[0] <= 2


def quotations(context: Context) -> Iterator[Fact]:
    """A ``said`` row for each quotation whose speaker is a person or body of the document."""
    for quotation, speaker in context.once(_spoken):
        yield from _row(context, quotation, speaker)


def check_speakers(context: Context, fact: Fact) -> Fact | None:
    """None for a person's words that the text has a spokeswoman or somebody else without a name say, and a force's that a report says."""
    if fact.predicate == "said" and context.chains[fact.subject].type == "PoliceForce" and fact.object in context.once(_reports):
        return None
    nameless = fact.predicate == "said" and context.chains[fact.subject].type == "Person" and fact.object in context.once(_nameless)
    return None if nameless else fact


#: Whoever speaks in what is quoted of a report: nobody of whom there could be a row.
_REPORT = Speaker((), confidence=0.0)
_REPORTS = r"(?:reports?|review|inspection|audit|inquiry|study|inspectorate|watchdog|inspectors|auditors|HMICFRS|HMICS?)"
_TELLS = r"(?:said|says|stated|states|noted|notes|added|adds|found|finds|warned|warns|continued|continues|concluded|concludes|read|reads)"
#: A report, or those who wrote it, with its verb of speech: "The watchdog's report also said".
_REPORT_TELLS = re.compile(
    rf"^\W*(?:[\w’'-]+ ){{0,5}}?{_REPORTS}(?:,? \w+ly| also| then)? {_TELLS}\b"
    r"|\bthe (?:report|review|inspectors|watchdog) (?:noting|saying|stating|adding|finding|warning)\b",
    re.I,
)
#: "It said", "it added", of whatever was named before.
_IT_TELLS = re.compile(rf"(?:^|[,”\"’] |\b(?:and|but|as) )it(?: also| then| has)? {_TELLS}\b", re.I)
#: Sentences before a quotation in which its "it" is looked for.
_BACK = 4


def _by_a_report(context: Context, quotation: _Quotation, speaker: Speaker) -> bool:
    """Whether words that seem to be a force's are those of a report on it: "The report said ... 'It is unsafe,' it added"."""
    if not speaker.chains or any(context.chains[i].type != "PoliceForce" for i in speaker.chains):
        return False
    text = context.document.text
    before, after = text[slice(*quotation.before)], text[slice(*quotation.after)]
    if len(before) > _LONGEST or len(after) > _LONGEST:
        return False
    if _REPORT_TELLS.search(before):
        return True
    if not _IT_TELLS.search(before) and not _IT_TELLS.match(after):
        return False
    told = narration(context)
    floor = max(context.document.body_start, quotation.start - _LONGEST)
    for start, end in islice(sentences_before(told, quotation.before[0], floor), _BACK):
        sentence = told[start:end]
        if _REPORT_TELLS.search(sentence):
            return True
        if not _IT_TELLS.match(sentence.strip()):
            return False
    return False


def _reports(context: Context) -> frozenset[str]:
    """The quotations that are a report's."""
    text = context.document.text
    spoken = context.once(_spoken)
    return frozenset(" ".join(text[q.start : q.end].split()) for q, speaker in spoken if not speaker.chains and not speaker.confidence)


#: Somebody without a name, beside a verb of speech.
_SOMEBODY = re.compile(
    r"\bspokes(?:man|woman|person|people)\b|^(?:an?|one|another) (?:[\w’'-]+ ){1,6}?(?:said|told|added|says|commented)\b"
    r"|\b(?:said|added|says|according to) (?:an?|one|another) [a-z]"
    r"|\bthe (?:trial )?(?:judge|sheriff|recorder|magistrate|coroner|court|jury|panel|chair|victim|complainant|woman|man|girl|boy)"
    r"(?: also| then)? (?:said|told|added|says|tells)\b"
    r"|\b(?:his|her|their) (?:barrister|solicitor|lawyer|advocate|counsel|QC|KC)(?: has| have)?(?: also| since)?"
    r" (?:said|told|added|says)\b",
    re.I,
)


def _nameless(context: Context) -> frozenset[str]:
    """The quotations that somebody without a name says."""
    text = context.document.text
    return frozenset(
        " ".join(text[quotation.start : quotation.end].split())
        for quotation, speaker in context.once(_spoken)
        if not speaker.chains or all(context.chains[i].type != "Person" for i in speaker.chains)
        if any(_SOMEBODY.search(text[start:end]) for start, end in (quotation.before, quotation.after) if start < end < start + _LONGEST)
    )


def _spoken(context: Context) -> tuple[tuple[_Quotation, Speaker], ...]:
    """The quotations of which something says who speaks."""
    found: list[tuple[_Quotation, Speaker]] = []
    last: tuple[_Quotation, Speaker] | None = None
    for quotation in _quotations(context):
        speaker = _speaker(context, quotation, last)
        if speaker is not None:
            speaker = _REPORT if _by_a_report(context, quotation, speaker) else speaker
            last = (quotation, speaker)
            found.append(last)
        elif last and _standing_alone(quotation):
            last = (quotation, NOBODY)
    return tuple(found)


def _row(context: Context, quotation: _Quotation, speaker: Speaker) -> Iterator[Fact]:
    words = " ".join(context.document.text[quotation.start : quotation.end].split())
    if not re.search(r"\w", words) or (len(words.split()) < 4 and not (speaker.direct and _beside(context, quotation))):
        return
    span = context.doc.char_span(quotation.start, quotation.end, alignment_mode="expand")
    if span is None or not len(span):
        return
    tokens = [t for t in (span[0], span[-1], *speaker.tokens) if not t.is_space]
    for chain in speaker.chains:
        yield Fact("said", chain, words, "asserted", context.evidence(*tokens), SOURCE, speaker.confidence)


def _beside(context: Context, quotation: _Quotation) -> bool:
    """Nothing but a colon or a linking word stands between the speech verb and a short quotation."""
    words = _tokens(context, quotation.before)
    named = bool(words) and words[-1].text[0].isupper() and not speaks(words[-1])  # Dave "Biscuit" Orr
    return not words or words[-1].text == ":" or (not named and any(speaks(t) for t in words[-3:]))


def _quotations(context: Context) -> Iterator[_Quotation]:
    """The quotations of the document's body with the words around each, outside all quotation marks."""
    text = context.document.text
    spans = [strip_offsets(text, *s) for s in quoted(text) if s[0] >= context.document.body_start]
    for i, (start, end) in enumerate(spans):
        paragraph = text.rfind("\n", 0, start) + 1, _line_end(text, end)
        floor = max(paragraph[0], spans[i - 1][1] + 1 if i and spans[i - 1][1] < start else 0)
        ceiling = min(paragraph[1], spans[i + 1][0] - 1 if i + 1 < len(spans) else len(text))
        before = _last_break(text, floor, start - 1), max(floor, start - 1)
        after = min(end + 1, ceiling), _first_break(text, min(end + 1, ceiling), ceiling)
        yield _Quotation(start, end, paragraph, strip_offsets(text, *before), strip_offsets(text, *after))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _last_break(text: str, start: int, end: int) -> int:
    """The end of the last sentence before ``end``."""
    found = start
    for match in _BREAK.finditer(text, start, end):
        if not _ABBREVIATION.search(text, max(start, match.start() - 8), match.start() + 1):
            found = match.end()
    return found


def _first_break(text: str, start: int, end: int) -> int:
    """The end of the sentence that goes on at ``start``; ``start`` itself where a new one begins there."""
    for match in _BREAK.finditer(text, start, end):
        if not _ABBREVIATION.search(text, max(start, match.start() - 8), match.start() + 1):
            return match.start()
    return end


def _speaker(context: Context, quotation: _Quotation, last: tuple[_Quotation, Speaker] | None) -> Speaker | None:
    """The speaker by the first way that says anything; None where nothing does."""
    return (
        _from_sequel(context, quotation)
        or _from_before(context, quotation)
        or _from_after(context, quotation)
        or _from_lead(context, quotation)
        or _from_last(context, quotation, last)
        or _from_previous_sentence(context, quotation)
        or _from_reported(context, quotation)
    )


def _from_sequel(context: Context, quotation: _Quotation) -> Speaker | None:
    """As in "Those are Lady Penrose's words", "The words were used in 2015 by Sir Guy Ellery": the next sentence says whose."""
    match = _SEQUEL.match(context.document.text, quotation.end, quotation.paragraph[1])
    if not match:
        return None
    words = _tokens(context, match.span("whose"))
    for token in words:
        if (found := context.at(token, *SPEAKERS)) and found[0].kind == "name":
            return Speaker((found[1],), (token,), 0.8)
    return NOBODY


def _from_before(context: Context, quotation: _Quotation) -> Speaker | None:
    """As in "She said: ...", "who told the BBC that it was ...", "the killer, he added, ..."."""
    words = _tokens(context, quotation.before)
    return _attributed(context, words) if words else None


def _from_after(context: Context, quotation: _Quotation) -> Speaker | None:
    """As in "..., she said", "..., said Ms Mills, who leads it", "..., Mr Bell, its chair, told the Gazette"."""
    text = context.document.text
    words = _tokens(context, quotation.after)
    if not words or (text[quotation.end - 1] in ".…" and not text[quotation.after[0]].islower()):
        return None
    noun = next((t for t in words[1:4] if t.lower_ in _SAYINGS), None) if words[0].lower_ in {"was", "is", "came"} else None
    if noun is not None:
        of = [t for t in words if t.i > noun.i]
        return after_verb(context, of[1:], noun) if of and of[0].lower_ in {"of", "from"} else before_verb(context, [words[1], noun], 1)
    for i, token in enumerate(words[:30]):
        if speaks(token):
            if i == 0 or all(t.pos_ in {"ADV", "AUX"} for t in words[:i]):
                return after_verb(context, words[i + 1 :], token)
            return before_verb(context, words, i)
    return None


def _from_lead(context: Context, quotation: _Quotation) -> Speaker | None:
    """The paragraph before ends in a colon: "Ms Mills said:"."""
    if not quotation.opens_paragraph or quotation.before[0] < quotation.before[1]:
        return None
    text = context.document.text
    end = strip_end(text, 0, quotation.paragraph[0])
    if not text.endswith(":", 0, end) or end <= context.document.body_start:
        return None
    start = max(text.rfind("\n", 0, end) + 1, context.document.body_start)
    words = _tokens(context, strip_offsets(text, _last_break(text, start, end - 1), end))
    return _attributed(context, words) if words else None


def _from_last(context: Context, quotation: _Quotation, last: tuple[_Quotation, Speaker] | None) -> Speaker | None:
    """A quotation that goes on where the last one stopped: in the same paragraph, or as the next paragraph."""
    if last is None:
        return None
    before, speaker = last
    text = context.document.text
    carried = replace(speaker, tokens=(), confidence=min(speaker.confidence, 0.85), direct=False)
    if not _standing_alone(quotation):
        near = before.paragraph == quotation.paragraph and quotation.start - before.end < 12
        return carried if near and re.fullmatch(r"\W*(?:and|or|but|then)?\W*", text[before.end : quotation.start]) else None
    narrated = text[before.end + 1 : quotation.start - 1].rstrip()
    if narrated.endswith("?") and quotation.after[0] >= quotation.after[1]:
        return carried  # an interview: the question stands between two answers
    if before.paragraph == quotation.paragraph:
        between = text[before.end + 1 : quotation.start - 1].strip()
        rest = [s for s in re.split(r"(?<=[.!?])\s+", between) if re.search(r"\w", s)]
        close = tuple(t for t in speaker.tokens if t.idx >= before.paragraph[0])
        return replace(carried, tokens=close) if len(rest) <= 1 else None
    adjoining = not text[before.paragraph[1] : quotation.paragraph[0]].strip()
    if adjoining and quotation.opens_paragraph:
        tail = text[before.end : before.paragraph[1]].strip()
        if len(tail) <= 1 or (before.after[0] < before.after[1] and before.after[1] >= before.paragraph[1] - 1):
            return carried
    return None


def _from_previous_sentence(context: Context, quotation: _Quotation) -> Speaker | None:
    """A quotation alone after a sentence about one person: that person."""
    if not _standing_alone(quotation) or quotation.opens_paragraph or quotation.after[0] < quotation.after[1]:
        return None
    text = context.document.text
    end = strip_end(text, 0, quotation.start - 1)
    start = _last_break(text, max(quotation.paragraph[0], end - _LONGEST), end - 1)
    if end - start >= _LONGEST:
        return None
    chain = subject_of_sentence(context, start, end)
    words = _tokens(context, strip_offsets(text, start, end))
    if chain is None or not words or words[0].lower_ in {"he", "she", "they", "it", "his", "her", "their", "its"}:
        return None
    return Speaker((chain,), (words[0],), 0.7, direct=False)


def _from_reported(context: Context, quotation: _Quotation) -> Speaker | None:
    """A quotation that is a paragraph of its own, after one that ends by reporting what somebody said: "Ms Mills said she was shocked." """
    if not _standing_alone(quotation) or not quotation.opens_paragraph or quotation.after[0] < quotation.after[1]:
        return None
    text = context.document.text
    end = strip_end(text, 0, quotation.paragraph[0])
    start = _last_break(text, max(text.rfind("\n", 0, end) + 1, context.document.body_start, end - _LONGEST), end - 1)
    if end - start >= _LONGEST or not text.endswith(".", 0, end) or _QUOTED.search(text, start, end):
        return None
    words = _tokens(context, strip_offsets(text, start, end))
    speaker = _attributed(context, words) if any(speaks(t) for t in words) else None
    return replace(speaker, confidence=min(speaker.confidence, 0.7), direct=False) if speaker is not None and speaker.chains else None


_QUOTED = re.compile("[\"“”‘]")


def _standing_alone(quotation: _Quotation) -> bool:
    """Nothing of the narration stands before the quotation in its sentence."""
    return quotation.before[0] >= quotation.before[1]


def _tokens(context: Context, offsets: tuple[int, int]) -> list[Token]:
    if offsets[0] >= offsets[1]:
        return []
    span = context.doc.char_span(*offsets, alignment_mode="contract")
    return [t for t in span if not t.is_space] if span is not None else []


def _attributed(context: Context, words: list[Token]) -> Speaker | None:
    """The speaker whom the words before a quotation name; None where nothing there is said to speak."""
    verbs = [i for i in reversed(range(len(words))) if speaks(words[i])]
    # "Ann Moss said members would expect": the verb of a reported clause only counts alone
    at = next((i for i in verbs if not i or words[i - 1].lower_ not in _MODALS), verbs[0] if verbs else None)
    tail = " ".join(t.text for t in (words if at is None else words[at:]))
    if _REPEATING.search(tail) or (at is not None and _REPEATING.search(" ".join(t.text for t in words[max(0, at - 1) :]))):
        return _origin(context, words)
    opening = [t.lower_ for t in words[: next((i for i, t in enumerate(words) if t.text == ","), 0)]]
    if opening[:1] in (["reading"], ["quoting"]) and "own" not in opening and not _READ_OUT.isdisjoint(opening):
        return _origin(context, words[: len(opening)])  # "Reading out a statement by X, Y said"
    for i, token in enumerate(words):
        said = token.lower_ == "words" and i + 1 < len(words) and words[i + 1].lower_ == "of"
        if (token.lower_ == "according" or said) and (at is None or i > at):
            return after_verb(context, words[i + 2 :], token)
    by = next((i for i in reversed(range(len(words) - 2)) if words[i].lower_ in _SAYINGS and words[i + 1].lower_ in {"by", "from"}), None)
    if by is not None and (at is None or by > at):
        return after_verb(context, words[by + 2 :], words[by])
    if at is None:
        return colon(context, words) if words[-1].text == ":" else None
    found = before_verb(context, words, at)
    if any(reads is not None and reads[1] in found.chains for reads in (context.at(t, "Person") for t in _reader(words))):
        return NOBODY  # "In a statement read by the prosecutor, she said"
    if not found.chains and words[at + 1 : at + 2] and words[at].lower_ not in TELLING and (at == 0 or words[at - 1].text == ","):
        found = after_verb(context, words[at + 1 :], words[at])
    if not found.chains and at == 0:
        return after_verb(context, words[1:], words[0])
    return found


def _reader(words: list[Token]) -> list[Token]:
    """The words that may tell who only reads something out: those after "read by", "read to the court by"."""
    read = next((i for i, t in enumerate(words) if t.lower_ == "read"), len(words))
    by = next((i for i, t in enumerate(words[read : read + 6], read) if t.lower_ == "by"), len(words))
    return words[by : by + 10]


def _origin(context: Context, words: list[Token]) -> Speaker:
    """Whoever first said words that somebody else reads out: "from a letter by X", "X's statement", "quotes X as saying"."""
    for i, token in enumerate(words):
        if token.lower_ not in {"from", "by"} and token.tag_ != "POS":
            continue
        near = words[i - 1 : i] if token.tag_ == "POS" else words[i + 1 : i + 7]
        for candidate in near:
            found = context.at(candidate, *SPEAKERS)
            if found and found[0].kind == "name":
                return Speaker((found[1],), (candidate,), 0.75)
    saying = next((i for i, t in enumerate(words[:-1]) if t.lower_ == "as" and words[i + 1].lower_ in {"saying", "telling"}), None)
    for token in reversed(words[:saying] if saying is not None else []):
        if found := context.at(token, *SPEAKERS):
            return Speaker((found[1],), (token,), 0.75)
    return NOBODY

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
from dataclasses import dataclass

from spacy.tokens import Token

from kg.facts.context import Context, strip_offsets
from kg.language.spans import quotations as quoted
from kg.model import SIGNATURES, Fact

SPEAKERS = tuple(sorted(SIGNATURES["said"][0]))
SOURCE = "quotations"


def _forms(*verbs: str) -> frozenset[str]:
    """The inflected forms of regular verbs."""
    found = set()
    for verb in verbs:
        stem = verb[:-1] if verb.endswith("e") else verb
        plural = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
        if verb.endswith("y") and verb[-2] not in "aeiou":
            found |= {verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"}
        else:
            found |= {verb, plural, stem + "ed", stem + "ing"}
    return frozenset(found)


#: Verbs that bring in speech of their own subject: regular ones, then the forms of the others.
_REGULAR = """
    accept accuse acknowledge add admire advise agree allege announce answer apologise appeal argue ask assure believe blog boast brand call
    chuckle claim comment complain concede conclude condemn confess confirm contend continue counter criticise cry declare demand deny describe
    direct dismiss dub echo email emphasise enthuse exclaim expect explain express fear grin hail hint hope inform insist joke label lament
    laugh maintain mention message murmur mutter note observe plead pledge point post praise predict promise protest question quip recall
    record reflect reiterate reject remark repeat reply report respond retort reveal rule shout shrug sigh smile snort state stress submit
    suggest summarise telegraph term testify text thank tweet urge volunteer vow warn welcome whisper wonder
"""
_IRREGULAR = """
    admits admit admitted admitting beg begs begged begging began begins begin feel feels felt found finds find paid pays put puts quipping read
    reads regret regrets regretted said say says saying speak speaks spoke speaking swear swears swore tell tells told telling think thinks
    thought thinking went write writes wrote writing written
"""
SPEECH = _forms(*_REGULAR.split()) | frozenset(_IRREGULAR.split())
#: Verbs that need a further word to be of speech.
_WITH = {"went": {"on"}, "point": {"out"}, "points": {"out"}, "pointed": {"out"}, "paid": {"tribute"}, "put": {"it"}, "read": set(), "reads": set()}
#: Words of those who speak for a body.
_SPOKEN_FOR = frozenset("spokesman spokeswoman spokesperson spokespeople statement press-officer representative".split())
_REPEATING = re.compile(
    r"\b(?:read(?:s|ing)? (?:out|aloud|from)|quot(?:e|es|ed|ing)|recit(?:ed|es|ing)|citing|cited|repeat(?:ed|ing)?|played|shown|copied)\b", re.I
)
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|Rev|Sgt|Insp|Supt|Ch|Det|Cllr|Lt|Col|Gen|Hon|No|vs?|cf|e\.g|i\.e|[A-Z]))\.$")
_BREAK = re.compile(r"[.!?…;][”\"’')\]]*(?=\s|$)")
_OPENING, _CLOSING = "“\"‘'", "”\"’'"


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


@dataclass(frozen=True, slots=True)
class _Speaker:
    """A chain, or nobody who can be named (``chain`` None), and the words that say so."""

    chain: int | None
    tokens: tuple[Token, ...] = ()
    confidence: float = 0.9
    spoken: bool = True  #: a speech verb says so


def quotations(context: Context) -> Iterator[Fact]:
    """A ``said`` row for each quotation whose speaker is a person or body of the document."""
    last: tuple[_Quotation, _Speaker] | None = None
    for quotation in _quotations(context):
        speaker = _speaker(context, quotation, last)
        if speaker is not None:
            last = (quotation, speaker)
            yield from _row(context, quotation, speaker)
        elif last and _standing_alone(context, quotation):
            last = (quotation, _Speaker(None))


def _row(context: Context, quotation: _Quotation, speaker: _Speaker) -> Iterator[Fact]:
    words = " ".join(context.document.text[quotation.start : quotation.end].split())
    if speaker.chain is None or (len(words.split()) < 4 and not speaker.spoken) or not re.search(r"\w", words):
        return
    span = context.doc.char_span(quotation.start, quotation.end, alignment_mode="expand")
    if span is None or not len(span):
        return
    tokens = [t for t in (span[0], span[-1], *speaker.tokens) if not t.is_space]
    yield Fact("said", speaker.chain, words, "asserted", context.evidence(*tokens), SOURCE, speaker.confidence)


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


def _speaker(context: Context, quotation: _Quotation, last: tuple[_Quotation, _Speaker] | None) -> _Speaker | None:
    """The speaker by the first way that says anything; None where nothing does."""
    return (
        _from_before(context, quotation)
        or _from_after(context, quotation)
        or _from_lead(context, quotation)
        or _from_last(context, quotation, last)
        or _from_previous_sentence(context, quotation)
    )


def _from_before(context: Context, quotation: _Quotation) -> _Speaker | None:
    """"She said: ...", "who told the BBC that it was ...", "the killer, he added, ..."."""
    words = _tokens(context, quotation.before)
    if not words:
        return None
    colon = context.document.text[quotation.before[1] - 1] == ":"
    return _attributed(context, words, colon=colon)


def _from_after(context: Context, quotation: _Quotation) -> _Speaker | None:
    """"..., she said", "..., said Ms Mills, who leads it", "..., Mr Bell, its chair, told the Gazette"."""
    text = context.document.text
    words = _tokens(context, quotation.after)
    if not words or (text[quotation.end - 1] in ".…" and not text[quotation.after[0]].islower()):
        return None
    for i, token in enumerate(words):
        if not _speaks(token, words):
            continue
        subject = _subject(context, token, words)
        first = words[0]
        if subject is None:
            return _Speaker(None, (token,)) if i <= 3 else None
        if token.i - first.i <= 2 or subject.left_edge.i <= first.i + 1 or _covers(context, subject, first):
            return _resolved(context, subject, token)
        return None
    return None


def _covers(context: Context, subject: Token, first: Token) -> bool:
    mention = context.at(subject)
    return bool(mention and mention[0].start <= first.idx + len(first))


def _from_lead(context: Context, quotation: _Quotation) -> _Speaker | None:
    """The paragraph before ends in a colon: "Ms Mills said:"."""
    if not quotation.opens_paragraph or quotation.before[0] < quotation.before[1]:
        return None
    text = context.document.text
    lead = text[: quotation.paragraph[0]].rstrip()
    if not lead.endswith(":") or len(lead) <= context.document.body_start:
        return None
    start = max(lead.rfind("\n") + 1, context.document.body_start)
    words = _tokens(context, strip_offsets(text, _last_break(text, start, len(lead) - 1), len(lead)))
    return _attributed(context, words, colon=True) if words else None


def _from_last(context: Context, quotation: _Quotation, last: tuple[_Quotation, _Speaker] | None) -> _Speaker | None:
    """A quotation that goes on where the last one stopped: in the same paragraph, or as the next paragraph."""
    if last is None:
        return None
    before, speaker = last
    text = context.document.text
    carried = _Speaker(speaker.chain, (), 0.85, spoken=False)
    if not _standing_alone(context, quotation):
        joined = before.paragraph == quotation.paragraph and re.fullmatch(r"\W*(?:and|or|but|then)?\W*", text[before.end : quotation.start])
        return carried if joined and len(text[before.end : quotation.start]) < 12 else None
    if before.paragraph == quotation.paragraph:
        between = text[before.end + 1 : quotation.start - 1]
        rest = [s for s in re.split(r"(?<=[.!?])\s+", between.strip()) if re.search(r"\w", s)]
        if len(rest) <= 1 and (not rest or before.after[0] < before.after[1]):
            tokens = tuple(t for t in speaker.tokens if before.start <= t.idx or t.idx >= before.paragraph[0])
            return _Speaker(speaker.chain, tokens, 0.88, spoken=False)
        return None
    adjoining = not text[before.paragraph[1] : quotation.paragraph[0]].strip()
    if adjoining and quotation.opens_paragraph:
        tail = text[before.end : before.paragraph[1]].strip()
        if len(tail) <= 1 or (before.after[0] < before.after[1] and before.after[1] >= before.paragraph[1] - 1):
            return carried
    return None


def _from_previous_sentence(context: Context, quotation: _Quotation) -> _Speaker | None:
    """A quotation alone after a sentence about one person who reacts: the subject of that sentence."""
    if not _standing_alone(context, quotation) or quotation.opens_paragraph:
        return None
    text = context.document.text
    end = quotation.start - 1
    start = _last_break(text, quotation.paragraph[0], len(text[:end].rstrip()) - 1)
    words = _tokens(context, strip_offsets(text, start, end))
    roots = [t for t in words if t.dep_ == "ROOT"]
    if len(roots) != 1:
        return None
    subject = _own_subject(roots[0])
    found = _resolved(context, subject, roots[0]) if subject is not None else None
    if found is None or found.chain is None or context.chains[found.chain].type != "Person":
        return None
    return _Speaker(found.chain, found.tokens, 0.7, spoken=False)


def _standing_alone(context: Context, quotation: _Quotation) -> bool:
    """Nothing of the narration shares the quotation's sentence (an attribution aside)."""
    return quotation.before[0] >= quotation.before[1]


def _tokens(context: Context, offsets: tuple[int, int]) -> list[Token]:
    if offsets[0] >= offsets[1]:
        return []
    span = context.doc.char_span(*offsets, alignment_mode="contract")
    return [t for t in span if not t.is_space] if span is not None else []


def _attributed(context: Context, words: list[Token], *, colon: bool) -> _Speaker | None:
    """The speaker that the words before a quotation name."""
    text = " ".join(t.text for t in words)
    if _REPEATING.search(text):
        return _origin(context, words)
    for token in reversed(words):
        if _speaks(token, words):
            agent = _agent(token)
            subject = agent if agent is not None else _subject(context, token, words)
            if subject is None:
                return _Speaker(None, (token,))
            return _resolved(context, subject, token)
        if token.lower_ == "according" or (token.lower_ == "words" and token.i + 1 < len(token.doc) and token.nbor().lower_ == "of"):
            return _first_named(context, [t for t in words if t.i > token.i])
    if not colon:
        return None
    return _by_colon(context, words)


def _by_colon(context: Context, words: list[Token]) -> _Speaker | None:
    """"Her sister was less forgiving: ...", "THE CHAIR: ..."."""
    for token in words:
        if token.dep_ in {"nsubj", "nsubj:pass"} and token.head in words and token.head.dep_ in {"ROOT", "conj", "parataxis", "ccomp"}:
            return _resolved(context, token, token.head)
    return _only(context, words)


def _first_named(context: Context, words: list[Token]) -> _Speaker:
    for token in words:
        found = context.at(token, *SPEAKERS)
        if found:
            return _named(context, token, found[1])
    return _Speaker(None)


def _only(context: Context, words: list[Token]) -> _Speaker | None:
    """The one person, or failing that the one body, that the words name."""
    for types in (("Person",), SPEAKERS):
        found = {hit[1]: t for t in reversed(words) if (hit := context.at(t, *types))}
        if len(found) == 1:
            chain, token = next(iter(found.items()))
            return _named(context, token, chain, 0.75)
        if found:
            return None
    return None


def _named(context: Context, token: Token, chain: int, confidence: float = 0.9) -> _Speaker:
    return _Speaker(chain, (token,), confidence)


def _origin(context: Context, words: list[Token]) -> _Speaker:
    """Whoever first said words that somebody else reads out: "from a letter by X", "X's statement", "quotes X as saying"."""
    for i, token in enumerate(words):
        if token.lower_ in {"from", "by"} or token.tag_ == "POS":
            near = words[i - 1 : i] if token.tag_ == "POS" else words[i + 1 : i + 7]
            for candidate in near:
                found = context.at(candidate, *SPEAKERS)
                if found and found[0].kind != "pronoun":
                    return _named(context, candidate, found[1], 0.75)
    for token in words:
        if token.lower_ in {"as"} and token.i + 1 < len(token.doc) and token.nbor().lower_ in {"saying", "telling"}:
            before = [t for t in words if t.i < token.i]
            return next((_named(context, t, hit[1], 0.75) for t in reversed(before) if (hit := context.at(t, *SPEAKERS))), _Speaker(None))
    return _Speaker(None)


def _speaks(token: Token, words: list[Token]) -> bool:
    if token.lower_ not in SPEECH or token.pos_ in {"NOUN", "PROPN", "ADJ", "ADP", "SCONJ"}:
        return False
    needs = _WITH.get(token.lower_)
    return not needs or any(t.lower_ in needs for t in words if 0 < t.i - token.i <= 2)


def _agent(token: Token) -> Token | None:
    """Who says it in "was described by X as": the agent of a passive."""
    for child in token.children:
        by = child.dep_ in {"obl:agent", "obl"} and any(c.dep_ == "case" and c.lower_ == "by" for c in child.children)
        if by and (child.dep_ == "obl:agent" or any(c.dep_ in {"aux:pass", "nsubj:pass"} for c in token.children)):
            return child
    return None


def _own_subject(verb: Token) -> Token | None:
    return next((c for c in verb.children if c.dep_ == "nsubj"), None)


def _subject(context: Context, verb: Token, words: list[Token]) -> Token | None:
    """The subject of a speech verb: by the tree, else by the words next to it."""
    if any(c.dep_ in {"aux:pass", "nsubj:pass"} for c in verb.children):
        return None
    here = set(words)
    token = verb
    for _ in range(4):
        subject = _own_subject(token)
        if subject is not None:
            if subject.lower_ in {"who", "which", "that"}:
                return token.head if token.dep_ == "acl:relcl" else None
            if subject in here or not _quoted(context, subject):
                return subject
            break
        if token.dep_ not in {"conj", "advcl", "xcomp", "parataxis", "acl", "acl:relcl"} or token.head is token:
            break
        if token.dep_ in {"acl", "acl:relcl"}:
            return token.head
        token = token.head
    return _beside(context, verb, words)


def _beside(context: Context, verb: Token, words: list[Token]) -> Token | None:
    """Where the tree fails: "said Ms Mills", "Ms Mills said", "Ms Mills, its chair, said"."""
    at = words.index(verb) if verb in words else -1
    if at < 0:
        return None
    following = words[at + 1 : at + 5]
    if at == 0:
        return next((t for t in following if context.at(t, *SPEAKERS)), None)
    before = words[at - 1]
    if before.pos_ == "ADV" and at > 1:
        before = words[at - 2]
    if context.at(before, *SPEAKERS):
        return before
    if before.text == ",":
        people = {hit[1]: t for t in reversed(words[:at]) if (hit := context.at(t, "Person"))}
        return next(iter(people.values())) if len(people) == 1 else None
    return None


def _quoted(context: Context, token: Token) -> bool:
    return any(s <= token.idx < e for s, e in quoted(context.document.text))


def _resolved(context: Context, subject: Token, verb: Token) -> _Speaker:
    """The chain that a subject stands for: itself, its apposition, the body a spokeswoman speaks for; or nobody."""
    if any(c.dep_ == "conj" and context.at(c, "Person") for c in subject.children):
        return _Speaker(None, (subject, verb))  # two speakers of one sentence
    for token in (subject, *(c for c in subject.children if c.dep_ in {"appos", "flat"})):
        found = context.head_mention(token, *SPEAKERS) or context.at(token, *SPEAKERS)
        if found and (token is subject or found[0].kind == "name"):
            return _named(context, token, found[1])
    if subject.lower_ in _SPOKEN_FOR:
        for token in subject.subtree:
            found = context.at(token, "PoliceForce", "OversightBody", "Organisation")
            if found and token.dep_ in {"nmod", "nmod:poss", "compound", "flat", "nmod:desc"}:
                return _named(context, token, found[1], 0.85)
    return _Speaker(None, (subject, verb))

"""An annotated text to mentions: the statistical names, put right by what is known for certain.

Closed classes (forces, bodies, courts, offences, named reviews) come from the reference data; the network finds the rest
and decides what an ambiguous form ("West Mercia", the force or the place) is in its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Doc, Span, Token

from kg.model import Mention
from kg.names import HONORIFICS
from kg.reference import Reference

SPANS = "kg_names"

_FORCE_TAIL = re.compile(r"(?:Police|Constabulary|Police Service|Police Force)$")
_COURT = re.compile(
    r"(?:(?:[A-Z][\w'’.-]+|upon|of|the|and|on) )*?[A-Z][\w'’.-]+ (?:Crown|Magistrates['’]?|Magistrate['’]s|Sheriff|County|Combined|Coroner['’]s|Youth|Family) "
    r"Court(?: of Justiciary)?|(?:[A-Z][\w-]+ )?High Court(?: of Justiciary)?(?: in [A-Z]\w+)?|Court of (?:Appeal|Session|Protection)|Supreme Court|"
    r"Employment Tribunal|Police Appeals Tribunal|[A-Z][\w'’-]+ magistrates\b(?! )|Old Bailey"
)
_OPERATION = re.compile(r"\b(?:Operation|Op|Project) [A-Z][\w'’-]+")
_PERSON_HEADS = frozenset(
    """officer constable sergeant inspector superintendent commander commissioner chief deputy man woman boy girl teenager detective father mother wife husband
    son daughter brother sister victim defendant driver chair chairman chairwoman minister secretary councillor judge solicitor barrister widow widower pensioner
    pathologist spokesman spokeswoman ex-officer recruit trainee mayor""".split()
)
_FORCE_HEADS = frozenset({"force", "constabulary", "service"})
_REVIEW_HEADS = frozenset({"review", "inquiry", "report", "inspection", "investigation", "audit", "probe"})
_BODY_HEADS = frozenset({"watchdog", "inspectorate", "panel", "ombudsman", "board", "authority", "regulator"})
_ORG_HEADS = frozenset({"council", "federation", "association", "charity", "union", "company", "college", "department", "agency"})
_UNIT_HEADS = frozenset({"unit", "team", "squad", "branch", "department"})
_AGED = re.compile(r"(?i)\b(?:the|a) (\d{2})-year-old\b")
#: words a person's name may not consist of
_NOT_NAMES = set(HONORIFICS) | {"police", "force", "court", "the", "council", "panel"}
_LEADING = frozenset({"the", "a", "an", "his", "her", "their", "its", "our", "this", "that"})


@dataclass(frozen=True)
class Gazetteer:
    """Closed-class names as token sequences: form's first word (folded) -> [(words, type, slug, ambiguous)]."""

    entries: dict[str, list[tuple[tuple[str, ...], str, str, bool]]]

    @classmethod
    @lru_cache(maxsize=2)
    def of(cls, reference: Reference) -> Gazetteer:
        """All forms of the reference data, longest first."""
        table: dict[str, list[tuple[tuple[str, ...], str, str, bool]]] = {}
        for form, kind, slug, ambiguous in reference.surface_forms():
            words = tuple(_WORD.findall(form.replace("’", "'")))
            if words:
                table.setdefault(words[0].casefold(), []).append((words, kind, slug, ambiguous))
        for rows in table.values():
            rows.sort(key=lambda r: (-len(r[0]), r))
        return cls(table)

    def find(self, doc: Doc) -> Iterator[tuple[int, int, str, str, bool]]:
        """(start, end, type, slug, ambiguous) in characters, leftmost longest; capitals must agree except in offences."""
        text = doc.text.replace("’", "'")
        tokens = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]
        i = 0
        while i < len(tokens):
            best = None
            for words, kind, slug, ambiguous in self.entries.get(tokens[i][0].casefold(), ()):
                if i + len(words) > len(tokens):
                    continue
                run = tokens[i : i + len(words)]
                if any(not _agrees(w, t[0], kind) for w, t in zip(words, run, strict=True)):
                    continue
                if any(not _GAP.fullmatch(text, a[2], b[1]) for a, b in zip(run, run[1:], strict=False)):
                    continue
                best = (run[0][1], run[-1][2], kind, slug, ambiguous)
                break
            if best:
                yield best
                while i < len(tokens) and tokens[i][1] < best[1]:
                    i += 1
            else:
                i += 1


_WORD = re.compile(r"[\w£&]+(?:'(?!s\b)\w+)?")
_GAP = re.compile(r"(?:[\s.,'()-]|'s)*")


def _agrees(form: str, word: str, kind: str) -> bool:
    if kind == "Offence":
        return form.casefold() == word.casefold()
    return form == word or (form.casefold() == word.casefold() and (form.islower() or word.isupper() and len(word) > 3 or word[:1].isupper() and len(form) > 4))


def find_mentions(doc: Doc, reference: Reference, body_start: int = 0) -> list[Mention]:
    """Names and nominals of a document, sorted; nested ones are kept, doubles and clashes are not."""
    names = _names(doc, reference)
    found = [m for m in [*names, *_nominals(doc, names)] if m.start >= body_start]
    return sorted(set(found), key=lambda m: (m.start, -m.end, m.type))


def _names(doc: Doc, reference: Reference) -> list[Mention]:
    statistical = [m for s in doc.spans.get(SPANS, ()) if (m := _statistical(doc, s, reference))]
    certain: list[Mention] = []
    for start, end, kind, slug, ambiguous in Gazetteer.of(reference).find(doc):
        if not ambiguous:
            certain.append(Mention(start, end, doc.text[start:end], kind))
        elif kind == "PoliceForce" and _is_force(doc, start, end):
            certain.append(Mention(start, end, doc.text[start:end], kind))
    for pattern, kind in ((_COURT, "Court"), (_OPERATION, "Programme")):
        for match in pattern.finditer(doc.text):
            start = match.start() + (4 if match.group().lower().startswith("the ") else 0)
            certain.append(Mention(start, match.end(), doc.text[start : match.end()], kind))
    return _settle(certain, statistical)


def _settle(certain: Iterable[Mention], statistical: Iterable[Mention]) -> list[Mention]:
    """A certain name beats a statistical one that it covers or crosses; a longer statistical one around it stands, and
    the certain one inside it stands too where it is of another type and may nest."""
    kept: list[Mention] = []
    for mention in sorted(certain, key=lambda m: (m.start - m.end, m.start, m.type)):
        if not any(k.start < mention.end and mention.start < k.end and (k.type == mention.type or not _nests(k, mention)) for k in kept):
            kept.append(mention)
    sure = list(kept)
    for mention in sorted(statistical, key=lambda m: (m.start - m.end, m.start, m.type)):
        clash = False
        for k in kept:
            if not (k.start < mention.end and mention.start < k.end):
                continue
            if (k.start, k.end) == (mention.start, mention.end) or k.type == mention.type:
                clash = True
            elif mention.start <= k.start and k.end <= mention.end:
                if not _nests(mention, k):
                    if k in sure and mention.type in _FLAT:
                        kept = [x for x in kept if x is not k]
                    else:
                        clash = True
            elif not _nests(k, mention):
                clash = True
        if not clash:
            kept.append(mention)
    return kept


_FLAT = {"Organisation", "Unit", "Court", "OversightBody", "Programme"}
_OUTER = {"Review": {"PoliceForce", "Person", "Unit", "Offence", "OversightBody", "Organisation", "Place", "Incident"}, "Incident": {"Person", "Offence", "Place", "Unit", "Organisation", "PoliceForce"},
          "Offence": {"Person", "PoliceForce", "Place"}, "OversightBody": {"PoliceForce"}, "Unit": {"PoliceForce"}}


def _nests(outer: Mention, inner: Mention) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and inner.type in _OUTER.get(outer.type, ())


def _statistical(doc: Doc, span: Span, reference: Reference) -> Mention | None:
    """A span of the network as a mention: without article, title and stray punctuation; None where nothing is left."""
    start, end = span.start, span.end
    while start < end and (doc[start].lower_ in _LEADING or doc[start].is_punct or doc[start].is_space):
        start += 1
    while end > start and (doc[end - 1].text in {"'s", "’s", ",", "(", ";", ":"} or doc[end - 1].is_space):
        end -= 1
    if span.label_ == "Person":
        start = _past_titles(doc, start, end, reference)
        if all(t.lower_ in _NOT_NAMES or not t.is_alpha for t in doc[start:end]) or not any(t.text[:1].isupper() for t in doc[start:end]):
            return None
    if start >= end or "\n" in doc[start:end].text:
        return None
    a, b = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
    text = doc.text[a:b]
    label = span.label_
    if label == "Place" and _FORCE_TAIL.search(text):
        label = "PoliceForce"
    return Mention(a, b, text, label)


def _past_titles(doc: Doc, start: int, end: int, reference: Reference) -> int:
    """The first token of a person's own name: "Det Ch Insp Jane Doe" -> "Jane"."""
    best = start
    for stop in range(start + 1, end):
        text = doc[start:stop].text.rstrip(".").rstrip()
        if text.casefold().rstrip(".") in HONORIFICS or reference.is_title(text):
            best = stop
    while best < end - 1 and (doc[best].text == "." or doc[best].lower_.rstrip(".") in HONORIFICS):
        best += 1
    return best if best == start else _past_titles(doc, best, end, reference)


_FORCE_VERBS = frozenset("say tell confirm announce admit apologise deny launch refer sack suspend dismiss recruit charge investigate arrest spend record accept appoint insist add respond face".split())
_FORCE_NEXT = re.compile(r"['’]s (?:chief|new chief|acting chief|top|deputy|assistant chief|most senior|temporary|professional standards|head of|officers|former chief|police)|['’]s \w+ (?:chief constable|unit|team|squad|department)|(?: officers?| chief constable| PC\b| detectives?| constable)\b")


def _is_force(doc: Doc, start: int, end: int) -> bool:
    """Whether a bare area name stands for its force: it acts, or has officers and a chief."""
    if _FORCE_NEXT.match(doc.text, end):
        return True
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None or not len(span):
        return False
    root = span.root
    return root.dep_ == "nsubj" and root.head.lemma_.lower() in _FORCE_VERBS


def _nominals(doc: Doc, names: list[Mention]) -> Iterator[Mention]:
    """Descriptions that point back: "the force", "the 47-year-old", "the chief constable", "the review"."""
    taken = {i for m in names for i in range(m.start, m.end)}
    for match in _AGED.finditer(doc.text):
        yield Mention(match.start(), match.end(), match.group(), "Person", "nominal")
    for token in doc:
        kind = _nominal_type(token)
        if kind is None or token.idx in taken:
            continue
        determiner = _determiner(token)
        if determiner is None:
            continue
        start = min([determiner.idx, *(t.idx for t in token.lefts if t.dep_ in {"compound", "amod"} and t.i > determiner.i)])
        if any(i in taken for i in range(start, token.idx + len(token))):
            continue
        yield Mention(start, token.idx + len(token), doc.text[start : token.idx + len(token)], kind, "nominal")


def _determiner(token: Token) -> Token | None:
    for child in token.lefts:
        if child.dep_ == "det" and child.lower_ in {"the", "this", "that"}:
            return child
    return None


_NOMINALS: tuple[tuple[frozenset[str], str], ...] = (
    (_FORCE_HEADS, "PoliceForce"), (_PERSON_HEADS, "Person"), (_REVIEW_HEADS, "Review"), (_BODY_HEADS, "OversightBody"), (_ORG_HEADS, "Organisation"), (_UNIT_HEADS, "Unit"),
)


def _nominal_type(token: Token) -> str | None:
    if token.tag_ != "NN" and not token.text.istitle():
        return None
    word = token.lower_
    for heads, kind in _NOMINALS:
        if word in heads:
            return kind
    return None


NameFinder = Callable[[Doc], list[Mention]]

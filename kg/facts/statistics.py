"""Figures: the clause that gives a number of a force or body, with whoever gives it or, failing that, the force itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Span, Token

from kg.facts.context import Context, strip_offsets
from kg.facts.status import status_of
from kg.facts.words import base
from kg.model import Fact

SOURCE = "statistics"
REPORTERS = ("PoliceForce", "Organisation", "OversightBody", "Review", "Person")
#: Verbs by which a body gives or bears its figures.
REPORTING = frozenset(
    "record report say show find employ spend receive cost reveal publish estimate count log deal make issue answer solve lose recruit have".split()
)
_FIGURE = re.compile(
    r"(?:£\d[\d,.]*(?:bn|m|k)?(?: (?:million|billion))?|\d[\d,.]*(?:\.\d+)? ?(?:per cent|percent|%)|\b\d{1,3}(?:,\d{3})+\b|\b\d+(?:\.\d+)?\b"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\w+ty) (?:in|out of) (?:\w+)\b)"
)
_COUNTED = re.compile(
    r"per cent|percent|%|offences?|crimes?|officers?|calls?|arrests?|complaints?|cases?|people|reports?|victims?|incidents?|searches|vacancies|staff|"
    r"hours|million|bn\b|charged|prosecut|detection|response|recruits|constables|deployments?|faces|matches|days|probationers|seiz",
    re.I,
)
_NOT_FIGURE = re.compile(r"\b(?:aged|age of|years? old|-year-old|sentenced|jailed|prison|born|court|Street|Road)\b")


def statistics(context: Context) -> Iterator[Fact]:
    """A ``reports`` row for each clause with a figure whose subject, or teller, is a body of the document."""
    for sentence in context.doc.sents:
        if sentence.start_char < context.document.body_start or not _is_figure(sentence):
            continue
        teller, clause = _teller(context, sentence.root)
        if teller is None or clause is None:
            continue
        words = [t for t in clause.subtree if not t.is_space]
        start, end = _trimmed(context, words[0], words[-1])
        text = " ".join(context.document.text[start:end].split())
        if len(text.split()) >= 4 and _FIGURE.search(text):
            yield Fact("reports", teller, text, status_of(context, clause), context.evidence(sentence[0], sentence[-1]), SOURCE, 0.7)


def _is_figure(sentence: Span) -> bool:
    figures = [m for m in _FIGURE.finditer(sentence.text) if not re.fullmatch(r"(?:19|20)\d\d|[12]?\d|3[01]", m.group())]
    return bool(figures) and bool(_COUNTED.search(sentence.text)) and not _NOT_FIGURE.search(sentence.text)


def _teller(context: Context, root: Token) -> tuple[int | None, Token | None]:
    """Who gives the figure, and the clause that holds it."""
    lemma = base(root)
    subject = next((c for c in root.children if c.dep_ == "nsubj"), None)
    who = _body(context, subject) if subject is not None else None
    told = next((c for c in root.children if c.dep_ == "ccomp"), None)
    if told is not None and lemma in {"say", "report", "show", "find", "reveal", "add", "confirm", "admit"} and who is not None:
        return who, told
    if who is not None and lemma in REPORTING:
        return who, root
    return None, None


def _body(context: Context, token: Token) -> int | None:
    found = context.head_mention(token, *REPORTERS)
    if found and (found[0].type != "Person" or found[0].kind == "name"):
        return found[1]
    return None


def _trimmed(context: Context, first: Token, last: Token) -> tuple[int, int]:
    doc = context.doc
    start, end = first.i, last.i
    while start < end and (doc[start].lower_ in {"that", "and", "but"} or doc[start].is_punct and doc[start].text not in "“\"‘'£"):
        start += 1
    while end > start and (doc[end].is_punct and doc[end].text not in "%" or doc[end].is_space):
        end -= 1
    return strip_offsets(context.document.text, doc[start].idx, doc[end].idx + len(doc[end]))

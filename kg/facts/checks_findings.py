"""Rows of the learned heads about what reviews found: clauses that are whole, what the text says against them, grades with their areas."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.facts.context import Context
from kg.facts.findings import GRADED
from kg.facts.steps import segment
from kg.model import Fact

_SPEAKS_AGAINST = re.compile(
    r"\b(?:no|not|never|neither|nor|none|nothing|nobody|without|cannot|reject\w*|den(?:y|ies|ied)|disput\w+|dismiss\w*|clear\w*|ruled out"
    r"|withdr\w+|correct\w*|unfounded|untrue|false\w*|wrong\w*|unsubstantiated|refut\w+|fail\w*|insufficient|little|quash\w*|overturn\w*"
    r"|exonerat\w+|contrary|unproven|disagree\w*)\b|n['’]t\b",
    re.I,
)
_NOT_FOUND = re.compile(
    r"\b(?:no evidence|nothing to (?:suggest|show|indicate)|found no|no sign|no proof|(?:did|does|could|do|had|has)(?: not|n['’]t)|"
    r"never|rejected|ruled out|dismissed|cannot)"
    r"\b[^.;:]{0,60}$",
    re.I,
)


def check_findings(context: Context, fact: Fact) -> Fact | None:
    """A finding as the text has it: one that it says was not made is denied, and none that nothing in its sentences speaks against.

    None where its words find nothing; rows of other predicates as they are.
    """
    if fact.predicate != "finds":
        return fact
    text = context.document.text
    at = text.find(str(fact.object), *fact.evidence)
    line = GRADED.match(text, text.rfind("\n", 0, at) + 1) if at >= 0 else None
    if line is not None and at >= line.start("words"):
        return _grade(context, fact, line)
    if (whole := _broken_off(context, fact)) is None:
        return None
    fact = replace(fact, object=whole)
    if fact.status == "denied" and not _SPEAKS_AGAINST.search(text[slice(*fact.evidence)]):
        return replace(fact, status="asserted")
    if fact.status == "asserted" and at >= 0:
        words = context.doc.char_span(at, at + 1, alignment_mode="expand")
        start = segment(context, words[0])[0] if words is not None and len(words) else fact.evidence[0]
        if _NOT_FOUND.search(text[start:at]):
            return replace(fact, status="denied")
    return fact


def _grade(context: Context, fact: Fact, line: re.Match[str]) -> Fact | None:
    """The finding as the whole line that gives a grade ("Good: Preventing crime"); None where nothing has that grade."""
    words = context.tokens_in(*line.span("words"))
    if not line["areas"] or not len(words):
        return None
    return replace(fact, object=line["words"], status="asserted", evidence=context.evidence(words[0], words[-1]))


def _broken_off(context: Context, fact: Fact) -> str | None:
    """A finding's words without what hangs on behind them ("was out of date, [and]"); None where what is left says nothing of anybody."""
    text, finding = context.document.text, str(fact.object)
    at = text.find(finding, *fact.evidence)
    words = list(context.tokens_in(at, at + len(finding))) if at >= 0 else []
    if not words:
        return finding
    while words and (words[-1].text in _HANGING or words[-1].pos_ == "ADP" and words[-1].nbor().text == "which"):
        words.pop()
    if not words:
        return None
    end = words[-1].idx + len(words[-1])
    relative = finding[end - at :].split()[-1:] in (["which"], ["who"])
    if (relative or words[0].pos_ in {"ADP", "SCONJ"} and words[0].lower_ != "as") and not any(t.tag_ in _FINITE for t in words):
        return None  # "In one force," of "In one force, every file was late"; "The crew," of "The crew, in which he served, was late"
    return text[at:end] if end < at + len(finding) else finding


_HANGING = frozenset(", : ; – - and but or who which".split())
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})

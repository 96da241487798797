"""Convictions and findings of misconduct that the document says were undone: quashed, overturned, found unsafe. Who was so freed is
convicted of nothing by it.

It is told far from the conviction, of "him" or of nobody ("the court quashed the conviction"), and most often before it, as the news. So
it is looked for in the whole document, and where it may be any of several who were convicted, those named nearest before it are meant.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Span, Token

from kg.facts.context import Context
from kg.facts.posts import of_the_court
from kg.facts.steps import is_passive, subject_people
from kg.model import Fact

_UNDONE = re.compile(
    r"\b(?:quash(?:es|ed|ing)?|overturn(?:s|ed|ing)?|set(?:s|ting)? aside|threw out|reversed)\b[^.;\n]{0,50}"
    r"\b(?:convictions?|guilty verdicts?)\b"
    r"|\bset(?:s|ting)? (?:[\w'’-]+ ){1,5}convictions? aside\b"
    r"|\b(?:that|his|her|their|both|the (?:first|original|jury['’]s)) verdicts? (?:was|were|has been|have been|had been) (?:later )?"
    r"(?:quashed|overturned|set aside)\b"
    r"|\b(?:convictions?|guilty verdicts?)\b[^.;\n]{0,70}\b(?:quashed|overturned|set aside|thrown out|reversed|unsafe)\b"
    r"|\bcleared (?:of [^.;\n]{1,50} )?(?:on|by|at) (?:appeal|the (?:Court of Appeal|appeal court|Appeal Court))\b"
    r"|\b(?:freed|released)(?: \w+){0,3} (?:by|at) (?:the )?(?:same )?(?:(?:appeal )?judges|Court of Appeal|appeal court|Appeal Court)\b"
    r"|\bwon (?:his|her|their) appeals? against (?:\w+ ){0,2}convictions?\b"
    # what a misconduct panel said, before an appeals tribunal
    r"|\b(?:quash(?:es|ed|ing)?|overturn(?:s|ed|ing)?|set(?:s|ting)? aside|reversed) (?:that|the|his|her|their|its|both)"
    r"(?: [\w'’-]+){0,3} (?:findings?|decisions?|dismissals?|sackings?)\b"
    r"|\b(?:findings?|dismissals?|sackings?|panel['’]s decisions?)\b[^.;\n]{0,70}\b(?:quashed|overturned|set aside|reversed)\b"
    r"|\bdismissed\b[^.;\n]{0,160}\b(?:be|been|was|were) reinstated\b",
    re.I,
)
#: Words before it by which it is only asked for, hoped or refused.
_NOT_SO = re.compile(
    r"\b(?:refus\w+|declin\w+|dismiss\w+|reject\w+|fail\w+|not|never|no|could|may|might|should|would|will|ask\w*|appl(?:y|ied|ies|ying)"
    r"|seek\w*|sought|want\w*|call\w*|urg\w+|bid|hop\w+|try\w*|tried|attempt(?:s|ed|ing)? to|if|whether|unless"
    r"|argu\w+|claim\w*|application|challeng\w*|upheld)\b|n['’]t\b",
    re.I,
)
_AGAIN = re.compile(r"\b(?:retrial|re-?tried|second (?:jury|trial|time)|again|fresh trial)\b", re.I)
_CONVICTED = re.compile(r"\b(?:convicted|guilty|admitted|jailed|sentenced)\b", re.I)
_FOUND = ("finding", "decision", "dismiss", "sacking")
#: What tells that a row is a panel's finding and no court's verdict.
_BY_PANEL = re.compile(r"\b(?:misconduct|panel|tribunal|dismissed|sacked|disciplinary|required to resign)\b", re.I)
_BY_COURT = re.compile(r"\b(?:court|convicted|jailed|jury|magistrates|sentenced)\b", re.I)
_SOON = 4  # sentences after one that undoes, in which news that opens with it names whose convictions they were
_REACH = 20  # sentences before one that undoes, in which it may be told whose conviction it is


def undone(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The rows, with the convictions that were undone, and the deeds told of those so freed, denied."""
    rows = list(facts)
    found = [f for f in rows if f.predicate == "convictedOf" and f.status == "asserted"]
    convicted = {(f.subject, f.object) for f in found}
    text = context.document.text
    by_panel = {(f.subject, f.object) for f in found if _BY_PANEL.search(text, *f.evidence) and not _BY_COURT.search(text, *f.evidence)}
    others = {f.subject for f in rows if f.predicate == "victimOf"} | {f.object for f in rows if f.predicate == "offenderAgainst"}
    freed = _freed(context, convicted, by_panel, others) if convicted else set()
    cleared = {person for person, _ in freed} - {person for person, _ in convicted - freed}
    told = {(f.subject, f.object, f.status) for f in rows if f.predicate == "accusedOf"}
    guilty = {f.subject for f in rows if f.predicate in {"convictedOf", "sentencedTo"}}
    acquitted = {p for p, _, status in told if status == "denied"} - {p for p, _, status in told if status == "alleged"} - guilty
    for fact in rows:
        pair = fact.subject, fact.object
        if fact.predicate == "accusedOf" and fact.status == "alleged" and (*pair, "denied") in told:
            continue  # of what somebody was accused and cleared, the clearing stands
        taken_back = fact.predicate == "convictedOf" and pair in freed or fact.predicate == "offenderAgainst" and fact.subject in cleared
        unproved = fact.predicate == "offenderAgainst" and fact.status == "alleged" and fact.subject in acquitted
        yield replace(fact, status="denied") if unproved or taken_back and fact.status == "asserted" else fact


def _freed(
    context: Context, convicted: set[tuple[int, int | str]], by_panel: set[tuple[int, int | str]], others: set[int | str]
) -> set[tuple[int, int | str]]:
    """Which convictions were undone, as (person, offence): those ``by_panel`` by what undoes a finding.

    ``others`` are people who suffered something.
    """
    found: set[tuple[int, int | str]] = set()
    again = context.once(_tried_again)
    for noun in context.once(_undoings):
        open_to_it = by_panel if noun.lower_.startswith(_FOUND) else convicted
        people = _people(context, noun, {person for person, _ in open_to_it}, others)
        offences = {i for _, i in context.within(context.sentence(noun), "Offence")}
        for person in (p for p in people if again.get(p, -1) < context.sentence(noun).start):
            theirs = {o for p, o in open_to_it if p == person}
            found |= {(person, offence) for offence in theirs & offences or theirs}
    return found


def _undoings(context: Context) -> list[Token]:
    """What is told to be undone: the word "conviction" or "finding", or where there is none the verb."""
    text, found = context.document.text, []
    for match in _UNDONE.finditer(text):
        span = context.doc.char_span(*match.span(), alignment_mode="expand")
        if span is not None and not _NOT_SO.search(text, context.sentence(span[0]).start_char, match.end()):
            nouns = [t for t in span if t.lower_.startswith(("conviction", "verdict", *_FOUND))]
            found.append(nouns[0] if nouns else span.root)
    return found


def _people(context: Context, noun: Token, convicted: set[int], others: set[int | str]) -> set[int]:
    """Whose conviction it is: who owns it by name, who alone is named beside it, else those named nearest before; or the only convict."""
    if noun.pos_ == "VERB" and is_passive(noun) and (whom := set(subject_people(context, noun))):
        return whom & convicted  # "X, who had been convicted with Y, was freed by the judges"
    owner = next((t for t in noun.lefts if t.dep_ == "nmod:poss"), None)
    if owner is not None and owner.lower_ == "whose":
        owner = next((t.head for t in (noun, *noun.ancestors) if t.dep_ == "acl:relcl"), None)
    found = context.at(owner, "Person") if owner is not None else None
    if found and found[0].kind == "name":
        return {found[1]} & convicted
    # "The conviction" is that of a convict; "his" and "that finding" follow those whom the text has just named, convicts or not.
    tied = noun.tag_ == "NNS" or any(t.tag_ == "PRP$" or t.lower_ in {"that", "this"} for t in noun.lefts)
    sentences, starts = context.once(_sentences)
    at = bisect_right(starts, noun.i) - 1
    for sentence in reversed(sentences[max(0, at - _REACH) : at + 1]):
        named = _named(context, sentence, others)
        if sentence.end > noun.i and not named <= convicted:
            of_whom = noun.i + 1 < len(noun.doc) and noun.nbor(1).lower_ in {"of", "against"}
            if not of_whom and not any(i in named and m.start < noun.idx for m, i in context.within(sentence, "Person")):
                continue  # "ruled that the convictions were unsafe since a witness, Y, had been paid" tells of Y something else
            return set()  # of "X, whom Y attacked" it may be either
        if named and (tied or named & convicted or _CONVICTED.search(context.text(sentence))):
            return named & convicted
    if len(convicted) == 1:
        return convicted
    # News that opens with it names them after: "Two men have had their convictions quashed. X and Y were found guilty in 1999".
    following = (_named(context, sentence, others) & convicted for sentence in sentences[at + 1 : at + 1 + _SOON])
    return next((named for named in following if named), set()) if tied else set()


def _named(context: Context, sentence: Span, others: set[int | str]) -> set[int]:
    """Whom a sentence names, but for those who suffered something and those who speak in court."""
    return {i for m, i in context.within(sentence, "Person") if m.kind == "name" and i not in others and not of_the_court(context, i)}


def _sentences(context: Context) -> tuple[list[Span], list[int]]:
    """The sentences, and the first token of each."""
    found = list(context.doc.sents)
    return found, [sentence.start for sentence in found]


def _tried_again(context: Context) -> dict[int, int]:
    """Who is told to have been convicted again -> the first token of the last sentence that says so."""
    told = (s for s in context.doc.sents if _AGAIN.search(text := context.text(s)) and _CONVICTED.search(text))
    return {i: s.start for s in told for _, i in context.within(s, "Person")}

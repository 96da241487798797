"""The rules' rows and the network's, held against each other and against the text before they may stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kg.facts.checks_posts import check_posts
from kg.facts.checks_proceedings import check_proceedings
from kg.facts.checks_reviews import check_reviews
from kg.facts.context import Context
from kg.facts.decision import overlap, same_object
from kg.model import Fact

Check = Callable[[Context, Fact], Fact | None]

#: Probability from which the network is taken to mean what it says; from which its row is given on, to be decided on; and the
#: same for what does grave harm where it is wrong.
FLOOR = 0.5
ROW_FLOOR = 0.25
GRAVE_FLOOR = 0.6
GRAVE = frozenset({"convictedOf", "victimOf", "offenderAgainst", "sentencedTo", "dismissedFrom", "suspendedFrom"})
#: Each gives a row back, mended or as it was, or None where the text speaks against it.
CHECKS: tuple[Check, ...] = (check_proceedings, check_posts, check_reviews)


#: What a rule says of one of several people in a sentence is given only if the network finds it likely too: a tree that is
#: wrong would else hand one defendant's verdict to another.
SHARED = frozenset({"accusedOf", "convictedOf", "sentencedTo", "victimOf", "offenderAgainst", "dismissedFrom", "suspendedFrom", "age"})
#: Of these the network is the better reader: a rule's row needs its word.
CONFIRMED = frozenset({"sentencedTo", "victimOf"})


def reconciled(context: Context, rules: Iterable[Fact], network: Iterable[Fact]) -> Iterator[Fact]:
    """The rules' rows and the network's, each held against the other and against the text."""
    likely = list(network)
    support: Counter[tuple[str, int, int | None]] = Counter()
    for fact in likely:
        support[_claim(fact)] = max(support[_claim(fact)], fact.confidence)
    for fact in rules:
        if context.network is None or fact.predicate not in SHARED or support[_claim(fact)] >= FLOOR:
            yield fact
        elif fact.predicate not in CONFIRMED:
            backed = _claim(fact) in support and not _rivalled(fact, likely)
            if backed or _alone(context, fact):
                yield fact
    for fact in likely:
        row: Fact | None = fact if fact.confidence >= _floor(fact) and not _unsaid(context, fact) else None
        if row is not None and _cleared(context, row):
            row = replace(row, status="denied") if _alone(context, row) and not _elsewise(context, row) else None
        if row is not None and _pending(context, row):
            row = replace(row, status="alleged")
        for check in CHECKS:
            row = check(context, row) if row is not None else None
        if row is not None:
            yield _tightened(context, replace(row, status="denied") if _dropped(context, row) else row)


def _floor(fact: Fact) -> float:
    return GRAVE_FLOOR if fact.predicate in GRAVE else ROW_FLOOR


def _rivalled(fact: Fact, likely: Iterable[Fact]) -> bool:
    """Whether the network gives the same to somebody else of the same sentences, and not to the row's own person."""
    same = [f for f in likely if f.predicate == fact.predicate and f.confidence >= FLOOR and same_object(f, fact) and overlap(f, fact)]
    return bool(same) and all(f.subject != fact.subject for f in same)


_DENIAL = re.compile(
    r"\b(?:clear(?:ed|s|ing)|acquit\w*|den(?:y|ies|ied|ying|ial)|not guilty|not proven|dropp\w+|quash\w*|overturn\w*|withdr[ae]w\w*|"
    r"discontinued|no further action|no case to answer|untrue|unfounded|false|exonerat\w*|never|not|no|without charge)\b",
    re.I,
)


def _tightened(context: Context, fact: Fact) -> Fact:
    """The row with no more evidence than it needs: the sentence that has both its things, else of a long run the object's."""
    span = context.doc.char_span(*fact.evidence, alignment_mode="expand")
    sentences = [s for s in span.sents if not all(t.is_space for t in s)] if span is not None else []
    if len(sentences) < 2:
        return fact
    inside = [(m.start, i) for m, i in context.starting_in(*fact.evidence)]
    if isinstance(fact.object, str):
        at = context.document.text.find(fact.object, *fact.evidence)
        objects = [at] if at >= 0 else []
    else:
        objects = [start for start, i in inside if i == fact.object]
    within = [s for s in sentences if any(s.start_char <= at < s.end_char for at in objects)]
    both = [s for s in within if any(i == fact.subject and s.start_char <= start < s.end_char for start, i in inside)]
    chosen = both[:1] or (within[-1:] if len(sentences) > 2 else [])
    return replace(fact, evidence=context.evidence(chosen[0][0], chosen[0][-1])) if chosen else fact


_DROPPED = re.compile(
    r"\b(?:charges?|counts?|allegations?|case|prosecution|indictment)\b[^.;!?\n]*?\b(?:was|were|is|are|been|being)\s+(?:\w+ )?"
    r"(?:dropped|withdrawn|discontinued|dismissed|abandoned|thrown out)\b",
    re.I,
)


def _dropped(context: Context, fact: Fact) -> bool:
    """An accusation of what a charge was dropped of: "a second charge, of theft, was dropped"."""
    if fact.predicate != "accusedOf" or fact.status != "alleged" or not isinstance(fact.object, int):
        return False
    spans = [m.span() for m in _DROPPED.finditer(context.document.text, *fact.evidence)]
    mentions = [m for m in context.chains[fact.object].mentions if fact.evidence[0] <= m.start < fact.evidence[1]]
    return bool(mentions) and any(start <= mentions[-1].start < end for start, end in spans)


_ACQUITTED = re.compile(
    r"\b(?:acquit\w*|cleared (?!up)|exonerat\w*|found not guilty|not guilty verdicts?|verdicts? of not guilty|not proven|quashed|"
    r"no further action|no case to answer)\b",
    re.I,
)


_OTHER_STEPS = re.compile(r"\b(?:charged|convicted|(?<!not )guilty of|pleaded|jailed|sentenced|admit\w*|faces?|accused|retrial)\b", re.I)


def _cleared(context: Context, fact: Fact) -> bool:
    """Whether an accusation is read from a sentence that clears somebody: its only person, else nobody can tell of what."""
    return fact.predicate == "accusedOf" and fact.status == "alleged" and bool(_ACQUITTED.search(context.document.text, *fact.evidence))


def _pending(context: Context, fact: Fact) -> bool:
    """A plea or a denial in a case that goes on, which leaves the accusation as it is."""
    if fact.predicate != "accusedOf" or fact.status != "denied":
        return False
    text = context.document.text[slice(*fact.evidence)]
    return bool(_PLEA.search(text)) and not _ACQUITTED.search(text) and not _DROPPED.search(text)


_PLEA = re.compile(r"\bplead\w* not guilty|\b(?:charged|trial|jury|jurors|accused|court)\b[^.;]*\bden(?:y|ies|ied)\b|\bnot only\b", re.I)


def _elsewise(context: Context, fact: Fact) -> bool:
    """Whether the sentence tells of other proceedings as well, so that what was cleared is not settled."""
    return bool(_OTHER_STEPS.search(context.document.text, *fact.evidence))


def _unsaid(context: Context, fact: Fact) -> bool:
    """A denial that no word of the sentence expresses."""
    return fact.predicate == "accusedOf" and fact.status == "denied" and not _DENIAL.search(context.document.text, *fact.evidence)


def _claim(fact: Fact) -> tuple[str, int, int | None]:
    """What a row says, whatever its status; of a literal only that there is one."""
    return fact.predicate, fact.subject, fact.object if isinstance(fact.object, int) else None


def _alone(context: Context, fact: Fact) -> bool:
    """Whether the evidence names no other person than the row's own."""
    own = {fact.subject, fact.object}
    return all(index in own for mention, index in context.starting_in(*fact.evidence) if mention.type == "Person")

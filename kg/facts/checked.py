"""The rules' rows and the network's, held against each other and against the text before they may stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kg.facts.checks_accusations import check_accusations, check_dropped
from kg.facts.checks_findings import check_findings
from kg.facts.checks_posts import check_posts, long_since
from kg.facts.checks_proceedings import check_proceedings
from kg.facts.checks_reviews import check_reviews
from kg.facts.claims import alone, by_place, cells, overlap, same_object
from kg.facts.context import Context
from kg.facts.proceedings import steps_in
from kg.facts.quotations import check_speakers
from kg.model import Fact

Check = Callable[[Context, Fact], Fact | None]

#: Probability from which the network is taken to mean what it says; and the same for what does grave harm where it is wrong.
FLOOR = 0.5
GRAVE_FLOOR = 0.8
GRAVE = frozenset({"convictedOf", "victimOf", "offenderAgainst", "sentencedTo", "dismissedFrom", "suspendedFrom"})
#: Each gives a row back, mended or as it was, or None where the text speaks against it.
CHECKS: tuple[Check, ...] = (
    check_accusations, check_proceedings, check_posts, check_reviews, check_findings, check_speakers, check_dropped,
)  # fmt: skip


#: What a rule says of one of several people in a sentence is given only if the network finds it likely too: a tree that is
#: wrong would else hand one defendant's verdict to another.
SHARED = frozenset({"accusedOf", "convictedOf", "sentencedTo", "victimOf", "offenderAgainst", "dismissedFrom", "suspendedFrom", "age"})
#: Of these the network is the better reader: a rule's row needs its word.
CONFIRMED = frozenset({"sentencedTo", "victimOf"})


def reconciled(context: Context, rules: Iterable[Fact], network: Iterable[Fact]) -> Iterator[Fact]:
    """The rules' rows and the network's, each held against the other and against the text."""
    likely = list(network)
    support: dict[tuple[str, int, int | None], float] = {}
    for fact in likely:
        support[_claim(fact)] = max(support.get(_claim(fact), 0.0), fact.confidence)
    near = by_place(likely)
    rules = list(rules)
    aged: dict[str, list[Fact]] = {}
    for fact in rules:
        if fact.predicate == "age":
            aged.setdefault(str(fact.object), []).append(fact)
    heirs = {(f.subject, f.object) for f in rules if f.predicate == "succeeds"}
    planned = {(f.subject, f.object): f for f in rules if f.predicate == "succeeds" and f.status == "proposed"}
    for fact in rules:
        if context.network is None or fact.predicate not in SHARED or support.get(_claim(fact), 0.0) >= FLOOR:
            yield check_dropped(context, fact)
        elif fact.predicate not in CONFIRMED:
            fellows = _fellows(context, fact)
            backed = _claim(fact) in support and not _rivalled(fact, near, fellows)
            backed = backed or any(support.get((fact.predicate, p, _claim(fact)[2]), 0.0) >= FLOOR for p in fellows)
            if backed or alone(context, fact):
                yield check_dropped(context, fact)
    for fact in likely:
        ends = fact.subject, fact.object
        if fact.predicate == "succeeds" and ends not in heirs and ends[::-1] in heirs:
            continue  # the words say which of the two came first
        ahead = planned.get(ends) if fact.predicate == "succeeds" and fact.status == "asserted" else None
        if ahead is not None and overlap(fact, ahead) and not long_since(context, fact):
            continue  # and that it is still to come
        if fact.predicate == "age" and _anothers(fact, aged.get(str(fact.object), [])):
            continue  # "Orr, who murdered 85-year-old Joe Dunn"
        row: Fact | None = fact if fact.confidence >= _floor(fact) else None
        for check in CHECKS:
            row = check(context, row) if row is not None else None
        if row is not None:
            yield _tightened(context, row)


def _anothers(fact: Fact, same: list[Fact]) -> bool:
    """Whether the rules give an age of the row's sentences to somebody else, and none like it to its own person."""
    return any(overlap(f, fact) for f in same) and all(f.subject != fact.subject for f in same)


def _floor(fact: Fact) -> float:
    return GRAVE_FLOOR if fact.predicate in GRAVE else FLOOR


def _fellows(context: Context, fact: Fact) -> set[int]:
    """Those to whom the same step happened, "Orr and Hall denied assault", or one of the same offence: "Hall admits the same charge"."""
    steps = steps_in(context, *fact.evidence)
    own = {m for s in steps if fact.subject in s.people for m, o in s.offences if o == fact.object}
    return {p for s in steps for p in s.people if any(m in own for m, _ in s.offences)} - {fact.subject}


def _rivalled(fact: Fact, near: dict[tuple[str, int], list[Fact]], fellows: set[int]) -> bool:
    """Whether the network gives the same to somebody else of the same sentences, no fellow, and not to the row's own person."""
    beside = (f for cell in cells(fact) for f in near.get((fact.predicate, cell), ()))
    same = [f for f in beside if f.confidence >= FLOOR and f.subject not in fellows and same_object(f, fact) and overlap(f, fact)]
    return bool(same) and all(f.subject != fact.subject for f in same)


def _tightened(context: Context, fact: Fact) -> Fact:
    """The row with no more evidence than it needs: the sentence that has both its things, else of a long run the object's."""
    sentences = [s for s in context.sentences(*fact.evidence) if not all(t.is_space for t in s)]
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


def _claim(fact: Fact) -> tuple[str, int, int | None]:
    """What a row says, whatever its status; of a literal only that there is one."""
    return fact.predicate, fact.subject, fact.object if isinstance(fact.object, int) else None

"""All extractors' rows of one document to one set: types held, doubles joined, contradictions settled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from kg.facts.claims import overlap
from kg.facts.context import Context
from kg.facts.proceedings import is_anothers_share, steps_of
from kg.model import LITERAL, STATUSES, Fact
from kg.plugins import signatures

#: ``Fact.source`` of the network's rows
LEARNED = "learned"


def settle(context: Context, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The rows that may stand, one for each subject, predicate, object and status, in stable order."""
    groups: dict[tuple[object, ...], list[Fact]] = {}
    for fact in map(_no_verdict, facts):
        if _fits(context, fact):
            groups.setdefault((fact.predicate, fact.subject, _object_key(fact), fact.status), []).append(fact)
    rows = _one_of_each(context, _one_speaker(map(_joined, groups.values())))
    return tuple(sorted(rows, key=lambda f: (f.subject, f.predicate, str(f.object), f.status, f.evidence)))


def _no_verdict(fact: Fact) -> Fact:
    """An accusation is never a finding, whatever extractor says so; that it was made is all that a text asserts of it."""
    return replace(fact, status="alleged") if fact.predicate == "accusedOf" and fact.status == "asserted" else fact


def _fits(context: Context, fact: Fact) -> bool:
    domain, range_ = signatures()[fact.predicate]
    if context.chains[fact.subject].type not in domain:
        return False
    if fact.predicate == "sentencedTo" and not re.search(r"[A-Za-z]", str(fact.object)):
        return False  # the number of "after admitting 14 counts"
    if fact.predicate == "sentencedTo" and is_anothers_share(context, fact):
        return False
    if isinstance(fact.object, str):
        return LITERAL in range_ and bool(fact.object.strip())
    return context.chains[fact.object].type in range_ and fact.object != fact.subject


def _one_speaker(facts: Iterable[Fact]) -> list[Fact]:
    """One speaker for each quotation: whom the attribution names before whom the network guesses, then the surest."""
    facts = list(facts)
    chosen: dict[object, Fact] = {}
    for fact in facts:
        if fact.predicate == "said":
            key = _object_key(fact)
            chosen[key] = min(chosen.get(key, fact), fact, key=_by_ground)
    return [f for f in facts if f.predicate != "said" or chosen[_object_key(f)] is f]


def _by_ground(fact: Fact) -> tuple[object, ...]:
    """Sort key: a rule's row before the network's, then the surest; the rest only keeps the order of extractors out of it."""
    return fact.source == LEARNED, -fact.confidence, fact.subject, str(fact.object), STATUSES.index(fact.status), fact.evidence


def _one_of_each(context: Context, facts: list[Fact]) -> list[Fact]:
    """At most one age a person, and one force that a person leads now; what was read with less ground gives way.

    With the force goes what the network read of the person's belonging to it, and a known review keeps its known subjects. Who is to
    lead a force is not said to be going to belong to it as well. Who
    is convicted or sentenced in a document is no victim in it: where it reads so, one of the two is misread, and silence is right.
    """
    offenders = {f.subject for f in facts if f.predicate in {"convictedOf", "sentencedTo"} and f.status == "asserted"}
    known = _known_subjects(context, facts)
    facts = [f for f in facts if not _off_subject(context, f, known) and not (f.predicate == "victimOf" and f.subject in offenders)]
    done: dict[int, set[object]] = {}
    charged: dict[int, set[object]] = {}
    suffered: dict[int | str, set[object]] = {}
    for fact in facts:
        if fact.predicate in {"convictedOf", "accusedOf"}:
            charged.setdefault(fact.subject, set()).add(fact.object)
        if fact.predicate == "convictedOf" and fact.status == "asserted":
            done.setdefault(fact.subject, set()).add(fact.object)
        elif fact.predicate == "victimOf":
            suffered.setdefault(fact.subject, set()).add(fact.object)
    # A doubt of the network about what a rule asserts stands, as it keeps that from being asserted.
    ruled = {(f.subject, f.object) for f in facts if f.predicate == "offenderAgainst" and f.source != LEARNED}
    facts = [
        f
        for f in facts
        if not _of_another_deed(f, done if f.status == "asserted" else charged, suffered)
        or f.status == "alleged" and (f.subject, f.object) in ruled
    ]
    facts = _done(_of_one_mind(facts, done, suffered))
    facts = _whole(context, facts)
    accused = {f.subject for f in facts if f.predicate in _IN_DOCK}
    tried = {p for p in suffered if p not in accused} - {p for step in steps_of(context) for p in step.people} if suffered else set()
    heads = {(f.subject, f.object) for f in facts if f.predicate == "headOf"}
    facts = [
        f
        for f in facts
        if not (f.predicate == "triedAt" and f.subject in tried)
        and not (f.predicate == "commissionerFor" and (f.subject, f.object) in heads and _led_by_commissioner(context, f))
    ]
    best: dict[tuple[str, int], Fact] = {}
    for fact in facts:
        if kind := _exclusive(context, fact):
            best[kind] = min(best.get(kind, fact), fact, key=_by_ground)
    lost = {(f.subject, f.object) for f in facts if f.predicate == "headOf" and (k := _exclusive(context, f)) and best[k] is not f}
    ahead = {(f.subject, f.object) for f in facts if f.predicate == "headOf" and f.status == "proposed"}
    return [
        f
        for f in facts
        if ((kind := _exclusive(context, f)) is None or best[kind] is f)
        and not (f.predicate == "memberOf" and f.source == LEARNED and (f.subject, f.object) in lost)
        and not (f.predicate == "memberOf" and f.status == "proposed" and (f.subject, f.object) in ahead)
    ]


#: What only somebody in the dock is the subject of: a court in which a victim's case is heard does not try the victim.
_IN_DOCK = frozenset({"accusedOf", "convictedOf", "sentencedTo", "offenderAgainst", "chargedBy"})


def _led_by_commissioner(context: Context, fact: Fact) -> bool:
    """Whether the force's own head is called commissioner: the Met's and the City's are police officers and not elected."""
    force = context.reference.by_slug(context.chains[int(fact.object)].reference or "")
    return "Commissioner" in getattr(force, "head_title", "")


def _whole(context: Context, facts: list[Fact]) -> list[Fact]:
    """The rows without what is a part of another of the same sentences: "15 years" of "at least 15 years", "owner" of "cafe owner".

    A role is more than a part where the sentences have it by itself as well: "sergeant, then detective sergeant".
    """
    told: dict[tuple[str, int, str], list[Fact]] = {}
    for fact in facts:
        if fact.predicate in {"sentencedTo", "holdsRole"}:
            told.setdefault((fact.predicate, fact.subject, fact.status), []).append(fact)

    def part(fact: Fact) -> bool:
        words = f" {fact.object} ".casefold()
        return any(
            len(str(f.object)) > len(str(fact.object)) and words in f" {f.object} ".casefold() and overlap(f, fact)
            and (fact.predicate == "sentencedTo" or _only_within(context, fact, str(f.object)))
            for f in told.get((fact.predicate, fact.subject, fact.status), ())
        )

    return [f for f in facts if not part(f)]


def _only_within(context: Context, fact: Fact, whole: str) -> bool:
    """Whether the row's sentences have its role only as a part of the longer one, which is not one with a body's name before it.

    Where the longer one goes on to tell of what ("commander for Hove"), either may be the role.
    """
    text, role = context.document.text[slice(*fact.evidence)].casefold(), str(fact.object).casefold()
    whole = whole.casefold()
    before = whole.removesuffix(role).strip()
    named = any(m.text.casefold() == before for m, _ in context.starting_in(*fact.evidence))  # "DUP board member"
    goes_on = re.match(rf"{re.escape(role)} (?:for|of|in|at|to)\b", whole) is not None
    return not named and not goes_on and 0 < text.count(whole) == text.count(role)


def paid_for_once(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The rows with what is paid for told once, by the network's words where a rule has more or fewer of the same sentence."""
    own: dict[int, list[Fact]] = {}
    for fact in facts:
        if fact.predicate == "funds":
            own.setdefault(fact.subject, []).append(fact)

    def again(fact: Fact) -> bool:
        if fact.predicate != "funds" or fact.source == LEARNED:
            return False
        words = set(str(fact.object).casefold().split())
        others = (f for f in own[fact.subject] if f.source == LEARNED and f.status == fact.status and overlap(f, fact))
        return any(words <= (theirs := set(str(f.object).casefold().split())) or theirs <= words for f in others)

    return tuple(fact for fact in facts if not again(fact))


def _of_one_mind(facts: list[Fact], done: dict[int, set[object]], suffered: dict[int | str, set[object]]) -> list[Fact]:
    """Each deed with one status: what a conviction in the document bears out stands, else the weaker.

    ``done`` is what each was convicted of, ``suffered`` what each victim suffered.
    """
    proved = {f.object for f in facts if f.predicate == "convictedOf" and f.status == "asserted"}
    open_to = {f.subject for f in facts if f.predicate == "accusedOf" and f.status == "alleged"}
    told: dict[tuple[str, int, int | str], set[str]] = {}
    for fact in facts:
        if fact.predicate in {"offenderAgainst", "victimOf"}:
            told.setdefault((fact.predicate, fact.subject, fact.object), set()).add(fact.status)

    def convicted_of_it(fact: Fact) -> bool:
        """Whether the person was convicted of what the victim suffered; where that is not told, of anything with no charge left open."""
        own, harm = done.get(fact.subject, set()), suffered.get(fact.object, set())
        return not own.isdisjoint(harm) or bool(own) and not harm and fact.subject not in open_to

    def beaten(fact: Fact) -> bool:
        statuses = told.get((fact.predicate, fact.subject, fact.object), set())
        borne_out = convicted_of_it(fact) if fact.predicate == "offenderAgainst" else fact.object in proved
        if "asserted" in statuses and borne_out:
            return fact.status in {"alleged", "denied"}
        if statuses >= {"alleged", "denied"} and fact.subject in open_to:
            return fact.status != "alleged"
        weaker = {"asserted": {"alleged", "denied"}, "alleged": {"denied"}}.get(fact.status, set())
        return not statuses.isdisjoint(weaker)

    return [f for f in facts if not beaten(f)]


#: What happens once: where it has happened, that it would or might is what was told before.
_ONCE = frozenset({"dismissedFrom", "suspendedFrom", "resignedFrom", "retiredFrom", "triedAt"})


def _done(facts: list[Fact]) -> list[Fact]:
    """Without what was to happen, or might, of what has happened, or what the network denies where a rule is surer that it has."""
    told = {(f.predicate, f.subject, f.object): f.confidence for f in facts if f.predicate in _ONCE and f.status == "asserted"}

    def over(fact: Fact) -> bool:
        sure = told.get((fact.predicate, fact.subject, fact.object), 0.0)
        denied = fact.status == "denied" and fact.source == LEARNED and fact.confidence < sure
        return denied or fact.status in {"proposed", "hypothetical"} and sure > 0

    return [f for f in facts if not over(f)]


def _of_another_deed(fact: Fact, done: dict[int, set[object]], suffered: dict[int | str, set[object]]) -> bool:
    """Whether the network makes somebody the offender against a victim of other offences than ``done``: his convictions, or charges."""
    if fact.predicate != "offenderAgainst" or fact.status == "denied" or fact.source != LEARNED or isinstance(fact.object, str):
        return False
    own, harm = done.get(fact.subject), suffered.get(fact.object)
    return bool(own and harm and not own & harm)


def _exclusive(context: Context, fact: Fact) -> tuple[str, int] | None:
    if fact.status != "asserted" or fact.end:
        return None
    if fact.predicate == "age":
        return "age", fact.subject
    if fact.predicate == "headOf" and isinstance(fact.object, int) and context.chains[fact.object].type == "PoliceForce":
        return "headOf", fact.subject
    return None


def _known_subjects(context: Context, facts: list[Fact]) -> dict[int, set[str]]:
    """Names of the forces that reviews are about for certain: by the reference data, else by what a rule read."""
    known: dict[int, set[str]] = {}
    for fact in facts:
        if fact.predicate == "examines" and fact.status != "denied" and isinstance(fact.object, int):
            entry = context.reference.by_slug(context.chains[fact.subject].reference or "")
            subjects = set(getattr(entry, "subject_slugs", ()))
            if not subjects and fact.source != LEARNED and context.chains[fact.object].type == "PoliceForce":
                subjects = {_force(context, fact.object)}
            known.setdefault(fact.subject, set()).update(subjects)
    return known


def _force(context: Context, chain: int) -> str:
    return context.chains[chain].reference or context.chains[chain].name


def _off_subject(context: Context, fact: Fact, known: dict[int, set[str]]) -> bool:
    """A force that the network takes for the subject of a review known to be about another."""
    if fact.predicate != "examines" or fact.source != LEARNED or not isinstance(fact.object, int):
        return False
    subjects = known.get(fact.subject, set())
    return bool(subjects) and context.chains[fact.object].type == "PoliceForce" and _force(context, fact.object) not in subjects


def _object_key(fact: Fact) -> object:
    return " ".join(fact.object.casefold().split()) if isinstance(fact.object, str) else fact.object


def _joined(rows: list[Fact]) -> Fact:
    """The surest of rows that say the same, with the others' dates where it has none and they go together."""
    first, *others = sorted(rows, key=lambda f: (-f.confidence, f.evidence, f.source, f.start or "", f.end or "", str(f.object)))
    for other in others:
        start, end = first.start or other.start, first.end or other.end
        if not start or not end or _not_after(start, end):
            first = replace(first, start=start, end=end)
    return first


def _not_after(start: str, end: str) -> bool:
    """Whether one ISO date is not after another at the coarser precision of the two."""
    return start[: len(end)] <= end[: len(start)]

"""Which of the times that a text names are the start and the end of a row.

Two logistic models, one of starts and one of ends, over what can be said of a row and a time near its evidence: how the time is put
("since", "until"), what the words by which it stands tell, who does what is told there, and how far off the row's subject and object
are. Their weights come with the language model (`kg.language.training.timing`). Where no time is likely a row goes without.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date as Date
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from spacy.tokens import Span, Token

from kg.facts.context import Context
from kg.facts.masked import Title, masked
from kg.facts.posts import held_in
from kg.facts.times import DEEDS, TimeExpression, begins, clause_of, ends, expressions, expressions_in, of_conduct
from kg.model import SIGNATURES, Fact

#: Probability from which a time of a row's evidence is given. Gold leaves out dates that go without saying, so that the models, which
#: take those for wrong, say too little.
GIVEN = 0.305
#: The same of a time elsewhere.
GIVEN_ELSEWHERE = 0.45
#: Sentences before and after a row's evidence that are looked at if they name its subject, or of a deed its object; those next to it
#: are always.
REACH = 25
#: Sentences that open a document: what they tell is told again further on, mostly with its times.
_LEAD = 4
#: Characters between the two times of a "from A to B".
_GAP = 16
PARTS = ("start", "end")
#: By part and kind of row (``_kinds``) the weight of each property.
_Weights = Mapping[tuple[str, str], Mapping[str, float]]

#: Predicates whose times are told in like ways.
_FAMILIES = {
    **dict.fromkeys(("headOf", "commissionerFor", "memberOf", "servesIn", "holdsRole"), "post"),
    **dict.fromkeys(("dismissedFrom", "resignedFrom", "retiredFrom", "suspendedFrom"), "leaving"),
    **dict.fromkeys(("succeeds", "appointedBy"), "taking over"),
    **dict.fromkeys(("accusedOf", "victimOf", "offenderAgainst"), "conduct"),
    **dict.fromkeys(("convictedOf", "sentencedTo", "triedAt"), "court"),
    **dict.fromkeys(("chargedBy", "referredTo", "investigatedBy"), "step"),
}
#: What words tell of, by their beginnings.
_TELLING = {
    name: re.compile(pattern)
    for name, pattern in {
        "conviction": r"convict|guilty|admit|plead|pled$|prove[nd]?$|found$",
        "sentence": r"sentenc|jail|imprison|order|ban(?:ned|s)?$|fine[ds]?$|given|handed|got$|term",
        "charge": r"charg|authoris|prosecut",
        "trial": r"trial|tried|appear|court|hear|jury|jurors?$|judge|inquest|stood|sat$",
        "dismissal": r"dismiss|sack|fire[ds]?$|struck|oust|remov|expel|throw",
        "resignation": r"resign|quit|step|stood|left$|leav|depart",
        "retirement": r"retir",
        "suspension": r"suspen",
        "referral": r"refer",
        "investigation": r"investigat|inquir|prob(?:e|ing)",
        "appointment": r"appoint|name[ds]?$|confirm|chos|select|elect|promot|approv",
        "succession": r"succe|replac|took|tak(?:e|es|ing|en)$|place|predecessor",
        "order": r"commission|ask|announc|order|set$|call|launch|establish",
        "accusation": r"accus|alleg|arrest|den(?:y|ie)|face[ds]?$",
        "speech": r"sa(?:y|id|ys)$|told|tell|speak|spoke|describ|wrot|writ|publish|report|interview",
    }.items()
}
_BEGINNING, _ENDING = frozenset({"beginning", "appointment", "succession"}), frozenset({"ending", "dismissal", "resignation", "retirement"})
_TENURE = (_BEGINNING, _ENDING)
#: What a row's start and end are told by.
_OWN: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    **dict.fromkeys((p for p, family in _FAMILIES.items() if family == "post"), _TENURE),
    **dict.fromkeys(("residesIn", "worksWith", "participatesIn", "unitOf"), _TENURE),
    **{
        predicate: (frozenset(own.split()), frozenset())
        for predicate, own in {
            "convictedOf": "conviction",
            "sentencedTo": "sentence",
            "chargedBy": "charge",
            "triedAt": "trial sentence conviction",
            "dismissedFrom": "dismissal",
            "resignedFrom": "resignation",
            "retiredFrom": "retirement",
            "suspendedFrom": "suspension",
            "referredTo": "referral",
            "investigatedBy": "investigation",
            "appointedBy": "appointment beginning",
            "succeeds": "succession appointment beginning",
            "commissionedBy": "order",
            "accusedOf": "deed",
            "victimOf": "deed",
            "offenderAgainst": "deed",
        }.items()
    },
}
#: Verbs that tell nothing without what they take: "was given a sentence", "stood trial".
_LIGHT = frozenset("be give take find plead have make step stand hand".split())
_RELATIVE = frozenset({"who", "which", "that"})
_PASSIVE = frozenset("was were been being be is are got get".split())
_QUOTES = frozenset(";:“”\"")
_NOBODY = -1
_BACK = 30  #: words before a verb among which whoever does what it tells is looked for
#: Verbs by which somebody is taken through a step, who stands behind them.
_TAKES = re.compile(
    r"(?:dismiss|sack|suspend|appoint|promot|charg|convict|jail|sentenc|refer|arrest|remov|elect|oust)(?!\w*ion)|(?:named?|found|chose|picked|fired)$"
)
#: Rows that hold of somebody no longer in post only as they tell the end.
_LEADING = frozenset({"headOf", "commissionerFor"})


@dataclass(frozen=True)
class _Time:
    """A time expression with what can be said of it whatever the row."""

    item: TimeExpression
    token: Token  #: its head word
    at: int  #: that word's position
    clause: Token  #: the head of its clause
    doer: Token | None  #: who does what the clause tells
    tells: frozenset[str]  #: what the clause tells of
    whose: frozenset[int]  #: the people whose step it tells
    left: tuple[frozenset[str], ...]  #: what words before it in its sentence tell, the nearest first, as far as a semicolon
    right: tuple[frozenset[str], ...]
    properties: tuple[str, ...]


@dataclass(frozen=True)
class _Place:
    """A mention in a sentence, with what spaCy would look for each time."""

    span: Span
    head: Token  #: its head word
    at: int  #: that word's position
    qualified: tuple[str, ...]  #: words that tell when a post was held, in the mention or close before it


@dataclass(frozen=True)
class _Seen:
    """A time near a row: what is seen of it, each once, and what it surely is or never is ("start given", "end barred")."""

    item: TimeExpression
    names: tuple[str, ...]
    sure: tuple[str, ...]


@dataclass(frozen=True)
class _Scene:
    """A document's times, mentions and things by the number of their sentence."""

    sentences: tuple[Span, ...]
    starts: tuple[int, ...]
    times: Mapping[int, Sequence[_Time]]
    mentions: Sequence[Mapping[int, Sequence[_Place]]]  #: of each chain
    things: Mapping[int, Set[int]]  #: the chains that have a mention there
    people: Mapping[int, Set[int]]  #: those of people
    #: where mentions stand to times (``_placed``), as many rows ask the same
    placed: dict[tuple[TimeExpression, int, int], tuple[str, ...]] = field(default_factory=dict)

    def at(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1


def timed(context: Context, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The rows, each with the start and the end that are likely; all of them as they are where the language model has no weights.

    A row of a plug-in's own predicate keeps its dates, and one of a former lead the end by which it stands.
    """
    rows = tuple(facts)
    weights: _Weights = getattr(context.network, "timing", {})
    if not weights:
        return rows
    day = context.document.date or context.document.anchor
    spells = context.once(_spells)
    found = (_timed(fact, times, weights, spells) if fact.predicate in SIGNATURES else fact for fact, times in _seen(context, rows))
    return tuple(replace(fact, start=None) if _begun_before(fact, day) else fact for fact in found)


def _begun_before(fact: Fact, day: str | None) -> bool:
    """Whether a post that is still to be taken up would have begun before the document's day."""
    to_come = fact.status == "proposed" and (_FAMILIES.get(fact.predicate) == "post" or fact.predicate == "succeeds")
    return bool(to_come and fact.start and day and _after(day, fact.start))


def _spells(context: Context) -> dict[tuple[str, int], TimeExpression]:
    """The other end of each "from A to B", by the part that the one is and its place."""
    text = context.document.text
    found: dict[tuple[str, int], TimeExpression] = {}
    for first, second in pairwise(expressions(text, context.document.date or context.document.anchor)):
        gap = text[first.end : second.start]
        if first.kind == "since" and second.kind == "until" and len(gap) < _GAP and "." not in gap:
            found["start", first.start] = second
            found["end", second.start] = first
    return found


def _timed(fact: Fact, times: Sequence[_Seen], weights: _Weights, spells: Mapping[tuple[str, int], TimeExpression]) -> Fact:
    likely: dict[str, tuple[float, str]] = {}
    chosen: dict[str, TimeExpression] = {}
    sure = {part: {seen.item.value for seen in times if f"{part} given" in seen.sure} for part in PARTS}
    of = {part: [weights[part, kind] for kind in _kinds(fact) if (part, kind) in weights] for part in PARTS}
    for seen in times:
        item, names = seen.item, (*seen.names, *seen.sure)
        enough = GIVEN if "inside" in names else GIVEN_ELSEWHERE
        parts = [part for part in PARTS if f"{part} barred" not in seen.sure]
        if not parts:
            continue
        odds, part = max((sum(table[name] for name in names for table in of[part] if name in table), part) for part in parts)
        given = next((part for part in parts if f"{part} given" in seen.sure and _agree(sure[part])), None)
        part = given or part
        probability = 1.0 if given else 1 / (1 + math.exp(-odds))
        if probability >= enough and probability > likely.get(part, (0.0, ""))[0]:
            likely[part] = probability, item.value
            chosen[part] = item
    if _FAMILIES.get(fact.predicate) == "post":  # "from 2012 to 2015": who takes the one takes the other
        for part, item in list(chosen.items()):
            other = "end" if part == "start" else "start"
            if other not in likely and (rest := spells.get((part, item.start))):
                likely[other] = likely[part][0], rest.value
        opening = spells.get(("end", chosen["end"].start)) if len(chosen) == 2 else None
        if opening is not None and opening.start != chosen["start"].start:
            del likely["end"]  # "superintendent in 2008, and led its standards department from 2011 to 2014": an end of something else
    start, end = (likely[part][1] if part in likely else None for part in PARTS)
    if start and end and _after(start, end):
        start, end = (None, end) if likely["start"] < likely["end"] else (start, None)
    others = {seen.item.value for seen in times if "of another" in seen.sure}
    if fact.predicate in _LEADING and fact.end and fact.end not in others and not end:
        start, end = None if start and _after(start, fact.end) else start, fact.end
    return replace(fact, start=start, end=end)


def _agree(dates: Set[str]) -> bool:
    """Whether ISO dates are of one time, some of them more exact."""
    longest = max(dates, key=len, default="")
    return all(longest.startswith(date) for date in dates)


def _after(one: str, other: str) -> bool:
    """Whether one ISO date is after another at the coarser precision of the two."""
    return one[: len(other)] > other[: len(one)]


def described(context: Context, rows: Sequence[Fact]) -> Iterator[tuple[Fact, list[tuple[TimeExpression, dict[str, float]]]]]:
    """Each row with the times that may be its, and of each its properties by name, told also of the row's predicate and its like."""
    for fact, times in _seen(context, rows):
        of = [f"{kind}: " if kind else "" for kind in _kinds(fact)]
        found = [{f"{kind}{name}": 1.0 for name in seen.names for kind in of} for seen in times]
        yield fact, [(seen.item, told | dict.fromkeys(seen.sure, 1.0)) for seen, told in zip(times, found, strict=True)]


def _kinds(fact: Fact) -> tuple[str, str, str]:
    """What weights are grouped by: of any row, of rows with a predicate like the row's, and with its own."""
    return "", _FAMILIES.get(fact.predicate, "other"), fact.predicate


def _seen(context: Context, rows: Sequence[Fact]) -> Iterator[tuple[Fact, list[_Seen]]]:
    """Each row with the times that may be its."""
    scene = context.once(_scene)
    of_subject, of_object = defaultdict(set), defaultdict(set)
    told = defaultdict(list)
    accused = {fact.subject for fact in rows if fact.predicate in _ACCUSING}
    for fact in rows:
        of_subject[fact.predicate, fact.subject].add(fact.object)
        of_object[fact.predicate, fact.object].add(fact.subject)
        told[fact.subject].append((fact.predicate, fact.evidence))
    for fact in rows:
        rivals = of_object[fact.predicate, fact.object] - {fact.subject}
        instead = {thing for thing in of_subject[fact.predicate, fact.subject] - {fact.object} if isinstance(thing, int)}
        alone = not instead if isinstance(fact.object, int) else len(of_subject[fact.predicate, fact.subject]) == 1
        a, b = fact.evidence
        beside = sorted({p for p, (start, end) in told[fact.subject] if p != fact.predicate and start < b and a < end})
        yield fact, list(_of_row(context, scene, fact, rivals, instead, beside, accused, alone=alone))


def _of_row(
    context: Context,
    scene: _Scene,
    fact: Fact,
    rivals: set[int],
    instead: set[int],
    beside: Sequence[str],
    accused: set[int],
    *,
    alone: bool,
) -> Iterator[_Seen]:
    """The times near a row; ``rivals`` share its predicate and object, ``instead`` are other objects, ``beside`` its other predicates.

    ``accused`` are all who are said to have done something; ``alone`` tells that the row's object is the only one of its subject's.
    """
    first, last = scene.at(fact.evidence[0]), scene.at(max(fact.evidence[1] - 1, fact.evidence[0]))
    inside = sum(len(scene.times.get(i, ())) for i in range(first, last + 1))
    subjects = scene.mentions[fact.subject]
    family = _FAMILIES.get(fact.predicate, "other")
    harmed = scene.mentions[fact.object] if family == "conduct" and isinstance(fact.object, int) else {}
    own = frozenset().union(*_OWN.get(fact.predicate, ()))
    told = any(time.tells & own for i in range(first, last + 1) for time in scene.times.get(i, ()))
    for i in range(max(first - REACH, 0), min(last + REACH + 1, len(scene.sentences))):
        of_deed = fact.predicate in _ACCUSING and last <= i <= last + _ON and _last_accused(scene, i, accused) == {fact.subject}
        if i not in scene.times or not (first - 1 <= i <= last + 1 or i in subjects or i in harmed or of_deed):
            continue
        where = "inside" if first <= i <= last else "before" if i == first - 1 else "behind" if i == last + 1 else "far"
        objects = _objects(context, scene, fact, i, whole=where != "inside")
        shared = ["any", where, f"status {fact.status}", *(f"beside {p}" for p in beside)]
        shared.append(f"{where} with {'subject' if i in subjects else ''} {'object' if objects else ''}")
        shared.append(f"{where}, times inside {min(inside, 3)}")
        lonely = not scene.people.get(i, set()) - {fact.subject, fact.object}
        if not lonely:
            shared.append("others")
        if first < _LEAD:
            shared.append(f"lead, {where}")
        if told and where != "inside":
            shared.append("told inside")
        here = scene.times[i]
        for time in here:
            subject, object_ = _nearest(time, subjects.get(i, ())), _nearest(time, objects)
            claims = list(_claimed(context, time, fact, where, subject is not None))
            present = {"subject": subject is not None, "object": object_ is not None, "alone": lonely}
            company = ", ".join([where, *(who for who, there in present.items() if there)])
            names = [*shared, *time.properties, *claims]
            names += (f"{company}, {claim}" for claim in claims if claim.startswith("clause"))
            names += (f"{where}, {name}" for name in time.properties if name.startswith(("age ", "named again")))
            if "of the deed" in time.properties or "deed" in time.tells:
                names.append(f"deed, {company}")
            for end, mention, others, claimed in (("subject", subject, rivals, "rival"), ("object", object_, instead, "other object")):
                if mention is None:
                    continue
                names += (f"{end} {name}" for name in _standing(context, scene, time, mention))
                if time.clause in (mention.head.head, mention.head):
                    names.append(f"{end} is {mention.head.dep_}")
                names += (f"{end} qualified {word}" for word in mention.qualified)
                if any(_nearer(time, scene.mentions[other].get(i, ()), mention) for other in scene.things[i] & others):
                    names.append(claimed)
                if _nearer(mention, here, time):
                    names.append(f"{end} nearer another time")
            if subject is not None and object_ is not None:
                order = sorted([(subject.at, "subject"), (object_.at, "object"), (time.at, "time")])
                names.append("order " + " ".join(name for _, name in order))
                if abs(subject.at - object_.at) <= 2:  # "Superintendent Ann Cole"
                    names.append("side by side")
            post = object_.span if object_ is not None else None
            if of_deed and lonely and _told_of_deeds(context, time):
                given, barred = ["end" if time.item.kind == "until" else "start"], []
            else:
                given = list(_given(context, time, fact, family, post, alone=alone))
                barred = list(_barred(context, time, fact, family, post, beside_others=subject is None and not lonely, alone=alone))
                if family == "post" and where != "inside" and subject is None:
                    barred = list(PARTS)  # "the chief constable will retire in March", wherever that is said to be
            sure = [*(f"{part} given" for part in given), *(f"{part} barred" for part in barred)]
            if _of_another(context, time, fact, family) and "succession" not in time.tells:
                sure.append("of another")
            yield _Seen(time.item, tuple(dict.fromkeys(names)), tuple(dict.fromkeys(sure)))


def _standing(context: Context, scene: _Scene, time: _Time, mention: _Place) -> tuple[str, ...]:
    key = time.item, mention.span.start, mention.span.end
    if key not in scene.placed:
        scene.placed[key] = tuple(_placed(context, time, mention))
    return scene.placed[key]


def _last_accused(scene: _Scene, i: int, accused: set[int]) -> Set[int]:
    """Who of the accused is named in a sentence, or in the last one before it that names any."""
    return next((who for k in range(i, max(i - _ON - 1, -1), -1) if (who := accused & scene.people.get(k, set()))), set())


def _told_of_deeds(context: Context, time: _Time) -> bool:
    """Whether it is told that "the offences are alleged to have taken place" then."""
    start = max(context.sentence(time.token).start_char, time.item.start - 2 * _REACHED)
    return time.item.kind in {"point", "since", "until"} and _DEED_TOLD.search(context.document.text, start, time.item.start) is not None


#: Rows of what somebody did, or is said to have done.
_ACCUSING = frozenset({"accusedOf", "offenderAgainst"})
#: Sentences behind one that accuses, in which it may be told when that happened.
_ON = 4
_DEED_TOLD = re.compile(
    r"\b(?:offen[cs]es?|offending|incidents?|crimes?|assaults?|attacks?|rapes?|abuse|allegations?|charges?|counts?)\b[^.;:“”\"]{0,60}?\b"
    r"(?:happened|occurred|(?:took|taken) place|(?:been|was|were) committed"
    r"|relates? to (?:an? |the |alleged )*(?:incident|event|conduct|offence)s?"
    r"|dates? (?:back )?(?:to|from))\b[^.;:“”\"]{0,60}$",
    re.I,
)


def _barred(
    context: Context, time: _Time, fact: Fact, family: str, object_: Span | None, *, beside_others: bool, alone: bool
) -> Iterator[str]:
    """What a time never is.

    The day of a charge is not that of the deed, nor that of the deed the day of a verdict; the day somebody is appointed ends no post of
    the appointer's, and the day somebody leaves a body does not begin the time there. Where others are told of and not the row's
    subject (``beside_others``), it is they who left.
    """
    lasting = time.item.kind in {"duration", "since"} and fact.predicate != "suspendedFrom"
    lasting = lasting and not (fact.predicate == "succeeds" and time.item.kind == "since" and _in_place_since(context, time, fact))
    if lasting and family in {"leaving", "taking over", "court"} and not _was_when(context, time, fact):
        yield from PARTS  # "retired after 30 years": what lasted so long is what ended
    if object_ is not None and fact.status == "asserted" and _came_from(context, time, object_):
        yield "start"
    if family == "post" and time.tells & _DEPARTURES and fact.object in _left_for(context, time.clause)[1]:
        yield "end"
    if family == "leaving" and time.tells & _DEPARTURES and time.whose and fact.subject not in time.whose:
        yield from PARTS
    if _of_another(context, time, fact, family):
        if "succession" in time.tells and fact.predicate != "memberOf":
            yield "start"  # the post of whoever is succeeded ends then
        else:
            yield from PARTS
    if family == "post":
        yield from _others(context, time, fact, object_)
        if time.item.kind in {"duration", "since"}:
            yield "end"
        elif time.item.kind == "until":
            yield "start"
    if time.item.kind != "point":
        return
    begins_only = time.tells & _BEGINNING and not time.tells & _ENDING
    if family == "post" and object_ is not None and begins_only and _begun(context, time, fact, object_):
        yield "end"
    if family == "court" and "of the deed" in time.properties:
        yield from PARTS
    if fact.predicate in {"convictedOf", "sentencedTo"} and _tells_of_afterwards(context, time):
        yield from PARTS
    if fact.predicate == "sentencedTo" and _SENTENCED_SINCE.match(context.document.text, time.item.end):
        yield from PARTS
    if family == "post" and object_ is not None and time.tells & _ENDING and not time.tells & _BEGINNING:
        between = object_.doc[time.clause.i + 1 : object_.start]  # "left Kent", "retired from the Met", but not "left for Kent"
        if time.clause.i < object_.start <= time.clause.i + 3 and all(t.lower_ in {"from", "the"} for t in between):
            yield "start"
    if family == "post" and beside_others and "succession" not in time.tells and time.tells.union(*time.left[:2]) & _ENDING:
        yield "end"
    if fact.predicate in _LEADING | {"holdsRole"} and object_ is not None and _of_joining(context, time, object_):
        yield "start"
    if fact.predicate in _LEADING and time.clause.lower_ in _JOINED and time.item.start not in context.once(_bound):
        yield "start"  # who joins a force seldom leads it from that day
    if family == "post" and _GATHERING.search(context.document.text, max(0, time.item.start - 30), time.item.start):
        yield from PARTS
    if family == "conduct" and any("charge" in tells for tells in time.left[:2]):
        # "charged with murder in May", whatever the tree makes of "murder"; but "charged with raping her in May"
        beside = object_ is not None and 0 < time.item.start - object_.end_char <= 4 and not object_.text.endswith("ing")
        if beside or "of the deed" not in time.properties:
            yield from PARTS
    posts = fact.predicate in _LEADING | {"holdsRole"} or (fact.predicate == "memberOf" and alone)
    if posts and "appointment" in time.tells and not time.tells & (_ENDING | {"succession"}):
        yield "end"


#: Words of whoever keeps a post of their own meanwhile.
_FOR_ANOTHER = re.compile(r"\b(?:standing|filling) in\b|\bcovering\b")


def _in_place_since(context: Context, time: _Time, fact: Fact) -> bool:
    """Whether it is the successor who has been in the post since then, or will be: "Ann Cole has been in post since May"."""
    if fact.status == "proposed":
        return "to come" in time.properties
    people = context.starting_in(context.sentence(time.token).start_char, time.item.start, "Person")
    for_now = people and _FOR_ANOTHER.search(context.document.text, people[-1][0].end, time.item.start)
    return bool(people) and people[-1][1] == fact.subject and not for_now


def _of_another(context: Context, time: _Time, fact: Fact, family: str) -> bool:
    """Whether the step told with a time is somebody else's than the holder's of a post."""
    another = family == "post" and time.whose and fact.subject not in time.whose
    return bool(another and not any(_given_by_title(context, time, fact, alone=False)))


def _tells_of_afterwards(context: Context, time: _Time) -> bool:
    """Whether the part of the sentence in which a time stands tells what became of a verdict or a sentence."""
    tokens, sentence = context.tokens, context.sentence(time.token)
    first = last = time.at
    while first > sentence.start and not tokens[first - 1].is_punct:
        first -= 1
    while last + 1 < sentence.end and not tokens[last + 1].is_punct:
        last += 1
    words = [token.lower_ for token in tokens[first : last + 1]]
    return any(map(_AFTERWARDS.match, words)) and not any(map(_JUDGED.match, words))


_AFTERWARDS = re.compile(r"appeal|releas|freed$|quash|overturn|parole|upheld|reinstat")
_JUDGED = re.compile(r"jail|sentenc|convict|found$|admit|plead|pled$|hand(?:ed|s)$|g[ai]ve|imprison|lock|fine[ds]?$")
#: Behind the time of a verdict: "who was found guilty last month, was handed a community order".
_SENTENCED_SINCE = re.compile(
    r",? (?:was|were|is|has been|have been) (?:\w+ )?(?:handed|given|jailed|sentenced|ordered|fined|spared|imprisoned|locked)\b"
)
#: What stands between a title and a time that is the title's: "deputy chief constable of Kent until 2018", "chair since May".
_OF_TITLE = re.compile(
    r"(?: (?:of|for|at|in|with) (?:(?! from | by | after )[^,.;:]){1,60}?| there)?,? \(?(?:(?:since|from|between|until"
    r"|in|starting in|beginning in|effective)(?: the)? "
    r"(?:(?:start|end|beginning|middle|spring|summer|autumn) of )?)?$"
)
#: The same of a title behind a time: "in March 2018 she was appointed assistant chief constable", "in 2005 became an inspector".
_TO_TITLE = re.compile(
    r",? (?:(?:he|she|they|(?:[A-Z][\w'’-]+ ){1,3})\s?)?(?:(?:was|were|has been|had been|and|then|he|she|also|later|made|got) ?)*"
    r"(?:appointed|promoted|made|elected|named|became|becoming|returned|confirmed|took over"
    r"|(?:joined|transferred to|moved to|went to|came to|returned to) [^,.;]{2,40}?)"
    r"(?: (?:as|to|to be|back|the|its|their|a|an|national|new|permanent|substantive|temporary|acting|force['’]s|head|next))* $"
    r"|,? as (?:(?:the|its|their|an?|new|temporary|acting) )*$"
)
#: Behind a title, its holder's name and how the post was come by: ", who was appointed last autumn", ", who took over from Cole in May".
_OF_HOLDER = re.compile(
    r"(?: (?:of|for|at) [^,.;:]{2,50}?)?,? (?:(?:Mr|Mrs|Ms|Sir|Dame|Dr)\.? )?[^,.;:]{3,40}(?:, \d\d)?,? who (?:(?:was|has been) (?:first )?"
    r"(?:appointed|elected|chosen|confirmed)(?: (?:to|in) the (?:post|role|job))?|took (?:over|up (?:the|his|her) (?:post|role|job)|office)"
    r"|(?:succeeded|replaced) [^,.;:]{3,40}?|has (?:been in (?:post|charge|office)|held the (?:post|role"
    r"|job)))(?: (?:by|from) [^,.;:]{3,40}?)?"
    r"(?: (?:in|on|since))? $"
)
#: "Ann Cole worked for the Met before she joined BTP in 2015": the time ends the former.
_BEFORE_NEXT = re.compile(
    r"\b[Bb]efore (?:(?:he|she|they|then|later|also) )*(?:join\w*|mov\w+|transferr?\w*|becom\w+|became|taking|took"
    r"|return\w*|going|went|leav\w+|left"
    r"|retir\w+|resign\w+|being (?:appointed|made|promoted|named))\b[^.;:]{0,80}$"
)
#: Words by which what stands behind them came before the time that stands before them: "since 2018, having been chief of Kent".
_EARLIER = re.compile(r"\b(?:having|previously|formerly|prior to|before that|until then)\b")
#: A title by which somebody leads.
_LEAD_TITLE = re.compile(
    r"^(?:(?!deputy|assistant|vice)[\w'’-]+ )*(?:constable|commissioner|chair\w*|president|director|director general"
    r"|secretary|executive|ombudsman"
    r"|inspector of \w+|commander|convener|leader|chief|captain|mayor|head(?: of .*)?)$"
)
#: Before the time of an election that somebody stood in.
_CONTEST = re.compile(
    r"\b(?:(?:came|finished|placed|was) (?:second|third|fourth|fifth|last)|runner-up|stood|ran|unsuccessfully) (?:in"
    r"|at) (?:the )?$"
)
#: Before the time of a post that is no time in a party or force.
_IN_OFFICE = re.compile(r"\b(?:in|held) (?:office|post|power|the (?:post|job|role|office)) (?:since|from|until) (?:the )?$")
#: Before a title that somebody took up at the time behind it: "who became [chief constable] of Kent in December".
_TAKING = re.compile(
    r"\b(?:became|becoming|appointed|promoted|made|named|elected|confirmed|sworn in)(?: (?:as|to|to be|the|its|their|a"
    r"|an|new|next|first|national"
    r"|acting|temporary|permanent|substantive|\w+['’]s))* $"
)
_BODIES = ("PoliceForce", "Unit", "OversightBody", "Organisation")
_NEAR = 12  # words between a verb of departure and its time
_REACHED = 90  # characters between a time and its title
_FAR = 160  # the same where the holder's name stands between


@dataclass(frozen=True)
class _Bound:
    """The title that a time stands beside: the role, and who holds it in which force where that is told."""

    role: str
    person: int | None
    force: int | None
    taken: bool  #: words between tell that the post was taken up then


def _bound(context: Context) -> dict[int, _Bound]:
    """Of each time that stands right beside a title, by its place, that title."""
    text = context.document.text
    found: dict[int, _Bound] = {}
    for m in masked(context) if context.once(_has_times) else ():
        if not m.titles:
            continue
        times = expressions_in(text, context.document.date or context.document.anchor, m.sentence.start_char, m.sentence.end_char)
        for item in times:
            before = next((t for t in reversed(m.titles) if t.end <= item.start), None)
            after = next((t for t in m.titles if t.start >= item.end), None)
            title, taken = None, False
            if before is not None and item.start - before.end < _REACHED and _OF_TITLE.fullmatch(text, before.end, item.start):
                title, taken = before, _TAKING.search(text, max(m.sentence.start_char, before.start - 50), before.start) is not None
            elif after is not None and after.start - item.end < _REACHED and _TO_TITLE.fullmatch(text, item.end, after.start):
                title, taken = after, True
            elif before is not None and item.start - before.end < _FAR and _OF_HOLDER.fullmatch(text, before.end, item.start):
                title, taken = before, True
            if title is not None:
                post = next((p for p in held_in(context, title.start, title.end)), None)
                person = post.person if post else _doer_of(context, title)
                found[item.start] = _Bound(title.role, person, post.force if post and post.of_body else None, taken)
    for (part, at), other in context.once(_spells).items():  # both ends of a spell
        if part == "start" and at in found:
            found.setdefault(other.start, found[at])
    return found


def _doer_of(context: Context, title: Title) -> int | None:
    """Whom a title that no wording gives anybody is said of by the tree."""
    words = context.tokens_in(title.start, title.end)
    who = doer(clause_of(words[-1])) if len(words) else None
    found = context.at(who, "Person") if who is not None else None
    return found[1] if found else None


def _has_times(context: Context) -> bool:
    return bool(expressions(context.document.text, context.document.date or context.document.anchor))


def _others(context: Context, time: _Time, fact: Fact, object_: Span | None) -> Iterator[str]:
    """The parts of a row about a post that a time never is, since it is told of another post, or of another time of the person's."""
    bound = context.once(_bound).get(time.item.start)
    if bound is not None:
        another = bound.person is not None and bound.person != fact.subject
        role = isinstance(fact.object, str) and not _same_post(str(fact.object), bound.role)
        elsewhere = bound.force is not None and bound.force != fact.object
        lower = fact.predicate in _LEADING and not _LEAD_TITLE.search(bound.role)
        if bound.taken and time.item.kind == "point":
            yield "end"
        if another or role or lower or (fact.predicate in _LEADING and elsewhere):
            yield from PARTS
        elif fact.predicate == "memberOf" and elsewhere:  # "left Kent to become chief constable of Essex in 2012"
            yield "start"
        elif fact.predicate == "memberOf" and bound.force is None and time.item.kind == "until":
            yield "end"
    before = context.document.text, max(0, time.item.start - 40), time.item.start
    if fact.predicate in {"memberOf", "holdsRole"} and _CONTEST.search(*before):
        yield from PARTS
    if fact.predicate == "memberOf" and _IN_OFFICE.search(*before):
        yield from PARTS
    if object_ is not None and _EARLIER.search(context.document.text, time.item.end, object_.start_char):
        yield "start"
    opening = context.document.text[max(context.sentence(time.token).start_char, time.item.start - _REACHED) : time.item.start]
    if object_ is not None and object_.start_char >= time.item.end and _BEFORE_NEXT.match(opening.lstrip()):
        yield "start"  # "before joining Kent in 2006 he was deputy chief constable of Essex"
    if object_ is not None and fact.predicate != "holdsRole" and _left_by(context, time, object_) and _told_since(context, time, object_):
        yield "end"
    if (object_ is not None and _left_by(context, time, object_)) or _doer_then(context, time, _ENDING) == fact.subject:
        yield "start"


def _left_by(context: Context, time: _Time, post: Span) -> bool:
    """Whether the time is that of the next step after a post: "worked for the Met before she joined BTP in 2015"."""
    text = context.document.text
    between = text[post.end_char : time.item.start]
    near = 0 < len(between) < _FAR and time.item.kind in {"point", "until"} and not re.search(r"[.!?]\s", between)
    return near and _BEFORE_NEXT.search(between) is not None


def _told_since(context: Context, time: _Time, post: Span) -> bool:
    """Whether further bodies are told between a post and a step that ends the last: "of Kent and then of Essex before he left in 2015"."""
    match = _BEFORE_NEXT.search(context.document.text[post.end_char : time.item.start])
    return match is not None and bool(context.starting_in(post.end_char, post.end_char + match.start(), *_BODIES))


_WHEN = re.compile(r",? when (?P<told>[^.;:]{3,90})")


def _was_when(context: Context, time: _Time, fact: Fact) -> bool:
    """Whether the time is told by what the row says: "she has been acting chief since November, when Bob Dale retired"."""
    return fact.predicate in _OWN and _doer_then(context, time, frozenset().union(*_OWN[fact.predicate])) == fact.subject


def _doer_then(context: Context, time: _Time, tells: frozenset[str]) -> int | None:
    """Who does what is told of a time by "when", if it is of one of those kinds."""
    match = _WHEN.match(context.document.text, time.item.end)
    if match is None:
        return None
    start, end = match.span("told")
    verb = next((word for word in context.tokens_in(start, end) if word.pos_ == "VERB" and _tells(context, word) & tells), None)
    before = [i for mention, i in context.starting_in(start, end, "Person") if verb is not None and mention.end <= verb.idx]
    return before[-1] if before else None


def _given(context: Context, time: _Time, fact: Fact, family: str, object_: Span | None, *, alone: bool) -> Iterator[str]:
    """What a time beside a title surely is of the row with that title and its holder: the start of a post "since 2018"."""
    if family == "post" and object_ is not None and fact.status == "asserted" and _left_by(context, time, object_):
        if fact.predicate == "holdsRole" or not _told_since(context, time, object_):
            yield "end"
        return
    if family == "leaving" and fact.status == "asserted" and _was_when(context, time, fact):
        yield "start"
        return
    belongs = fact.predicate in {"memberOf", "holdsRole"} and fact.status == "asserted"
    if belongs and object_ is not None and _came_from(context, time, object_):
        yield "end"
        return
    if family in {"leaving", "post"} and fact.status == "asserted" and _departed(context, time, fact, object_, alone=alone):
        yield "start" if family == "leaving" else "end"
        return
    if fact.predicate in _LEADING | {"holdsRole"} and fact.status == "asserted" and _taken_up(context, time, fact, object_, alone=alone):
        yield "start"
        return
    if family == "court" and fact.status == "asserted" and _at_court(context, time, fact, object_):
        yield "start"
        return
    yield from _given_by_title(context, time, fact, alone=alone)


#: Words before a verb by which it did not, or need not have, come about.
_UNREAL = frozenset("would could should may might will if not n't n’t never".split())
#: Words that lead from a departure on to what came next.
_ONWARDS = frozenset("to for and before".split())
_DEPARTURES = frozenset({"dismissal", "resignation", "retirement", "suspension"})


#: "She joined in 2018 from Kent, where she was [chief superintendent]", behind the verb; the body or the role may be the row's.
_FROM_WHERE = re.compile(
    r"\b(?:came|joined|arrived|moved|transferred|returned|went|recruited|hired|poached)\b[^.;:“”\"]{0,80}? from "
    r"(?P<body>[^.;:“”\"]{2,80}?),? where (?:he|she|they) "
    r"(?:was|were|had been|served as|had served as|worked as)(?: an?| the| its| their| also)* (?P<role>[^.,;:“”\"]{3,60})"
)


def _came_from(context: Context, time: _Time, object_: Span) -> bool:
    """Whether the time is that of somebody's coming from the body, or the role there, that is the row's: the one ended then."""
    sentence = context.sentence(time.token)
    if time.item.kind != "point" or not sentence.start_char <= object_.start_char < sentence.end_char:
        return False
    match = _FROM_WHERE.search(context.document.text, sentence.start_char, sentence.end_char)
    if match is None or not any(match.start(part) <= object_.start_char < match.end(part) for part in ("body", "role")):
        return False
    if object_.start_char - match.start("body") > 4 and object_.start_char < match.end("body"):
        return False  # "from the county of Kent Police"
    opens = not context.document.text[sentence.start_char : time.item.start].strip().count(" ") > 1
    behind = 0 <= time.item.start - match.end("role") <= 6
    return behind or opens or match.start() < time.item.start < match.start("body")


#: Before a time, how a lead was taken up then, or held since then.
_TAKEN_UP = re.compile(
    r"\b(?:(?:took|taken) (?:over|charge|command|the (?:reins|helm)|up (?:the|his|her|their) (?:post|role|job|position))"
    r"(?P<took>[^.;:,“”\"]{0,70}?)(?: (?:in|on|at the (?:start|end|beginning) of|since))?"
    r"|(?:has|had|have) (?:been in (?:charge|command|(?:the |his |her )?(?:post|job|role|office))"
    r"|led|run|headed|chaired|commanded)(?P<held>[^.;:,“”\"]{0,70}?) since)(?: the)? $"
)
#: What stands between a verb of taking over and a time that is then not its own.
_FURTHER = re.compile(r"\b(?:and|after|before|when|while|who|which|that|was|were|had|as|until|for)\b")


def _taken_up(context: Context, time: _Time, fact: Fact, object_: Span | None, *, alone: bool) -> bool:
    """Whether the row's person is said to have taken up then what the row says: the body that is named, or the only one led; the title
    by which that person is called there."""
    text, sentence = context.document.text, context.sentence(time.token)
    match = _TAKEN_UP.search(text, max(sentence.start_char, time.item.start - _FAR), time.item.start)
    if match is None or time.item.kind not in {"point", "since"} or "to come" in time.properties:
        return False
    what = match["took"] or match["held"] or ""
    verb = next(iter(context.tokens_in(match.start(), time.item.start)), None)
    if _FURTHER.search(what) or verb is None or fact.subject not in does(context, verb):
        return False
    if verb.i and verb.nbor(-1).lower_ in {"i", "we", "they"} and not context.at(verb.nbor(-1), "Person"):
        return False  # "so was Cole, and I took over in May"
    if isinstance(fact.object, int):
        named = {chain for _, chain in context.starting_in(match.start(), time.item.start, *_BODIES)}
        return fact.object in named or (alone and not named)
    if object_ is None or not _LEAD_TITLE.search(fact.object) or context.starting_in(match.start(), time.item.start, "Unit"):
        return False
    return object_.end_char <= match.start() and not any(t.pos_ == "VERB" for t in context.tokens_in(object_.end_char, match.start()))


def _at_court(context: Context, time: _Time, fact: Fact, object_: Span | None) -> bool:
    """Whether the time stands right behind a court's name and is that of the row's step: "was convicted of theft at Leeds Crown Court in
    May", where the verdict or the sentence is the last step told before it.

    A verdict told with the sentence is dated with it if no other time is told: "admitted theft and was jailed at ... in May".
    """
    tokens, sentence = context.tokens, context.sentence(time.token)
    text = context.document.text
    if time.item.kind != "point" or "to come" in time.properties:
        return False
    courts = context.starting_in(max(sentence.start_char, time.item.start - _REACHED), time.item.start, "Court")
    if not courts or not _BEHIND_COURT.fullmatch(text, max(mention.end for mention, _ in courts), time.item.start):
        return False
    before = reversed(tokens[sentence.start : next(t.i for t in context.tokens_in(time.item.start, time.item.end))])
    step = next((t for t in before if t.pos_ in {"VERB", "ADJ"} and _tells(context, t) & _STEPPED), None)
    if step is None or fact.subject not in whose(context, step):
        return False
    tells = _tells(context, step)
    inside = fact.evidence[0] <= time.item.start < fact.evidence[1]
    if fact.predicate == "sentencedTo":
        return "sentence" in tells and (inside or object_ is not None)
    if fact.predicate == "convictedOf" and not inside and (object_ is None or "conviction" not in tells):
        return False  # another conviction, or the sentence for one that is told with its own date
    if fact.predicate == "convictedOf" and "conviction" not in tells:
        others = expressions_in(text, context.document.date or context.document.anchor, sentence.start_char, sentence.end_char)
        return "sentence" in tells and len(others) == 1
    return fact.predicate == "convictedOf" or fact.object in {chain for _, chain in courts}


#: Between a court's name and the time of what was done there.
_BEHIND_COURT = re.compile(r",? (?:(?:in|on|earlier|late|early|back in)(?: the)? )?")
#: What is told of somebody before a court, or in place of that.
_STEPPED = frozenset("conviction sentence charge dismissal resignation suspension accusation trial appointment retirement".split())


def _departed(context: Context, time: _Time, fact: Fact, object_: Span | None, *, alone: bool) -> bool:
    """Whether the verb by which a time stands tells of the row's departure, or of the end of the row's membership, which is the only
    one told (``alone``) or the one that the clause names; or of the role, if it is the only one told of its holder."""
    tokens, verb = context.tokens, time.clause
    if "to come" in time.properties or verb.tag_ in {"VB", "VBP", "VBZ"}:
        return False  # "he leaves in the summer"
    told = _DEPARTURES & time.tells & frozenset().union(*_OWN.get(fact.predicate, ()))
    if not told or time.tells & _BEGINNING or time.item.kind != "point":
        return False
    if fact.subject not in time.whose:
        return False
    if any(t.lower_ in _UNREAL for t in tokens[max(verb.i - 4, context.sentence(verb).start) : verb.i]):
        return False
    a, b = sorted((verb.i, time.at))
    if any(t.pos_ == "VERB" for t in tokens[a + 1 : b]) or b - a > _NEAR:
        return False
    left, ahead = _left_for(context, verb)
    if isinstance(fact.object, str):
        opening = context.sentence(verb).start_char
        named = object_ is not None and opening <= object_.start_char < verb.idx
        if object_ is not None and verb.idx < object_.start_char < context.sentence(verb).end_char:
            return False  # "left to be deputy chief constable of Kent"
        served = not left or any(context.chains[body].type == "PoliceForce" for body in left)
        went = _LEFT_PLAINLY.match(context.document.text, verb.idx + len(verb)) is not None
        plain = bool(left) or went or not verb.lower_.startswith(("left", "leav"))
        leads = _LEAD_TITLE.search(fact.object) is not None and _POLICE.search(fact.object) is None
        leads = leads or _CHIEFS.fullmatch(fact.object) is not None
        further = context.tokens[verb.i + 1 : context.sentence(verb).end]
        if not leads and any(_tells(context, t) & _BEGINNING for t in further if t.pos_ == "VERB"):
            return False  # "left Kent in 2015 and joined Essex": with that rank, perhaps
        stayed = "dismissal" in time.tells and context.once(_taken_back)
        police = leads or _POLICE.search(fact.object) is not None  # nobody leaves the police as the nurse that they are now
        return "ending" in time.tells and served and plain and police and not stayed and (alone or (named and leads))
    return fact.object in left or (alone and not left and fact.object not in ahead)


#: What tells that a rank is one of the police.
_POLICE = re.compile(r"\b(?:constable|sergeant|detective|inspector|superintendent|commander|officer)$", re.I)
_CHIEFS = re.compile(r"(?:acting |temporary )?(?:chief constable|(?:police(?:, fire)? and crime )?commissioner)", re.I)
#: What tells of a dismissal that did not last.
_TAKEN_BACK = re.compile(r"\b(?:reinstat\w+|overturned|quashed)\b", re.I)


def _taken_back(context: Context) -> bool:
    return _TAKEN_BACK.search(context.document.text) is not None


#: Behind "left" where it is a post that is left.
_LEFT_PLAINLY = re.compile(
    r" (?:to|for|in|on|last|this|at the|after|(?:the|his|her|their) (?:force|job|post|role|service|police|office|constabulary))\b|[.,;]"
)


def _left_for(context: Context, verb: Token) -> tuple[set[int], set[int]]:
    """The bodies behind a verb of departure: those that are left, and those that are left for ("to be chief constable of Kent")."""
    left: set[int] = set()
    end = context.sentence(verb).end
    for token in context.tokens[verb.i + 1 : min(verb.i + _NEAR, end)]:
        if found := context.at(token, *_BODIES):
            left.add(found[1])
        elif token.lower_ in _ONWARDS:
            further = context.tokens[token.i + 1 : min(token.i + _NEAR, end)]
            return left, {found[1] for t in further if (found := context.at(t, *_BODIES))} - left
    return left, set()


def _given_by_title(context: Context, time: _Time, fact: Fact, *, alone: bool) -> Iterator[str]:
    bound = context.once(_bound).get(time.item.start)
    if bound is None or bound.person != fact.subject or fact.status not in {"asserted", "proposed"}:
        return
    led = fact.predicate in _LEADING and (fact.object == bound.force or (alone and not bound.force and _CHIEFS.fullmatch(bound.role)))
    if fact.object != bound.role and not led:
        return
    if time.item.kind == "until":
        yield "end"
    elif time.item.kind == "since" or (bound.taken and time.item.kind == "point"):
        yield "start"


def _same_post(one: str, other: str) -> bool:
    """Whether two roles may be one post: "chief constable" is none of a deputy's."""
    one, other = (re.sub(r"^(?:acting|temporary|interim|national) ", "", role.casefold()) for role in (one, other))
    one, other = (re.sub(r"\bchair(?:man|woman|person)$", "chair", role) for role in (one, other))
    if one == other:
        return True
    ranked = re.search(r"\b(?:deputy|assistant|vice|chief|superintendent|inspector|sergeant|constable)\b", f"{one} {other}")
    return not ranked and (one.endswith(other) or other.endswith(one) or one.startswith(other) or other.startswith(one))


def _begun(context: Context, time: _Time, fact: Fact, post: Span) -> bool:
    """Whether the post is what the row's person is said to begin then: "who became chief constable of Kent in December"."""
    who = doer(time.clause)
    meant = context.at(who, "Person") if who is not None else None
    if meant is None or meant[1] != fact.subject or time.clause.i >= post.start:
        return False
    words = post.doc[time.clause.i + 1 : post.start]
    return not any(t.pos_ == "VERB" or t.lower_ == "from" for t in words)


def _of_joining(context: Context, time: _Time, post: Span) -> bool:
    """Whether the time is that of joining, and another verb leads on to the post: "joined in 1993 and rose to superintendent".

    The words' order tells, as trees often hang the time on the second verb.
    """
    tokens, at = context.tokens, time.at
    before = next((t for t in reversed(tokens[context.sentence(time.token).start : at]) if t.pos_ == "VERB"), None)
    if before is None or before.lower_ not in _JOINED:
        return False
    return post.start < before.i or any(t.pos_ == "VERB" for t in tokens[at + 1 : post.start])


#: Verbs by which somebody enters a service, in whose course the post may be reached.
_JOINED = frozenset("joined started began enlisted enrolled entered".split())
#: "Its next meeting in June": the time is that of the meeting, whoever is asked to it.
_GATHERING = re.compile(r"\b(?:meeting|hearing|session|conference|sitting)s? (?:on|in|at) (?:the )?$")


def _claimed(context: Context, time: _Time, fact: Fact, where: str, subject: bool) -> Iterator[str]:
    """Whether the words by which the time stands tell of what the row says, and who does what they tell."""
    claims, near = [], []
    for part, own in zip(PARTS, _OWN.get(fact.predicate, (frozenset(), frozenset())), strict=True):
        if not own:
            continue
        claims.append(f"clause {'tells' if time.tells & own else 'tells not' if time.tells else 'tells nothing'} {part}")
        for side, words in (("left", time.left), ("right", time.right)):
            place = next((k for k, tells in enumerate(words) if tells & own), None)
            near.append(f"{part} told {side} {'nowhere' if place is None else min(place, 2)}")
    who = time.doer if subject else None
    if who is not None:
        meant = context.at(who, context.chains[fact.subject].type)
        does = "subject does" if meant and meant[1] == fact.subject else "another does" if context.at(who, "Person") else "something does"
        yield does
        yield from (f"{does}, {claim}" for claim in claims)
    for claim in claims:
        yield claim
        yield f"{where}, {claim}"
        yield f"{time.item.kind}, {claim}"
    for claim in near:
        yield claim
        yield f"{time.item.kind}, {claim}"


def _placed(context: Context, time: _Time, mention: _Place) -> Iterator[str]:
    """Where a mention stands to a time of its sentence."""
    thing, start = mention.head, mention.span.start
    clause = clause_of(thing)
    if clause == time.clause:
        yield "in the clause"
    elif time.clause.is_ancestor(thing):
        yield "below the clause"
    elif clause.is_ancestor(time.token):
        yield "above the clause"
    else:
        yield "in another clause"
    if thing.is_ancestor(time.token):
        yield "bears it"
    before = next((t for t in reversed(context.tokens[max(start - 3, 0) : start]) if t.pos_ != "DET"), None)
    if before is not None and before.pos_ in {"ADP", "ADJ", "ADV"}:
        yield f"after {before.lower_}"
    a, b = sorted((time.at, mention.at))
    between = context.tokens[a + 1 : b]
    side = "left" if mention.at < time.at else "right"
    yield side
    yield f"{side} {'close' if b - a <= 4 else 'near' if b - a <= 10 else 'distant'}"
    yield f"{side} verbs {min(sum(t.pos_ == 'VERB' for t in between), 2)}"
    yield f"{side} commas {min(sum(t.text in _STOPS for t in between), 2)}"
    if any(t.lower_ in _JOINING for t in between):
        yield "conjunction between"
    if any(context.head_mention(t, "Person") for t in between):
        yield "person between"


_STOPS = frozenset(",;:–-—")
_JOINING = frozenset("and but before after when".split())


#: Words before a title or a name that tell when the post was held.
_QUALIFIERS = frozenset(
    "then former ex acting temporary interim new outgoing present current previous next incoming late retired old".split()
)


def _nearest(time: _Time, mentions: Iterable[_Place]) -> _Place | None:
    return min(mentions, key=lambda mention: (abs(mention.at - time.at), mention.at), default=None)


def _nearer(to: _Time | _Place, others: Iterable[_Time | _Place], than: _Time | _Place) -> bool:
    return any(abs(other.at - to.at) < abs(than.at - to.at) for other in others)


def _objects(context: Context, scene: _Scene, fact: Fact, i: int, *, whole: bool) -> Sequence[_Place]:
    """Mentions of the row's object in a sentence; of a literal where as many of its last words stand, or the ``whole``."""
    if isinstance(fact.object, int):
        return scene.mentions[fact.object].get(i, ())
    sentence = scene.sentences[i]
    text = context.document.text[sentence.start_char : sentence.end_char].casefold()
    words = fact.object.casefold().split()
    for k in range(1 if whole else min(len(words), 12)):
        tail = " ".join(words[k:])
        at = text.find(tail) if len(tail) > 3 else -1
        if at >= 0:
            start = sentence.start_char + at
            found = context.doc.char_span(start, start + len(tail), alignment_mode="expand")
            return () if found is None else (_place(context, found),)
    return ()


def _place(context: Context, span: Span) -> _Place:
    head, start = span.root, context.sentence(context.tokens[span.start]).start
    words = (token.lower_ for token in context.tokens[max(span.start - 4, start) : span.end])
    return _Place(span, head, head.i, tuple(word for word in words if word in _QUALIFIERS))


def _scene(context: Context) -> _Scene:
    sentences = tuple(context.doc.sents)
    starts = tuple(sentence.start_char for sentence in sentences)
    day = context.document.date or context.document.anchor
    times: defaultdict[int, list[_Time]] = defaultdict(list)
    items = expressions(context.document.text, day)
    often = Counter(item.value for item in items)
    for item in items:
        span = context.doc.char_span(item.start, item.end, alignment_mode="expand")
        if item.kind != "attribute" and span is not None and len(span):
            times[bisect_right(starts, item.start) - 1].append(_time(context, item, span, day, again=often[item.value] > 1))
    mentions: list[dict[int, list[_Place]]] = [{} for _ in context.chains]
    things: defaultdict[int, set[int]] = defaultdict(set)
    people: defaultdict[int, set[int]] = defaultdict(set)
    for mention, chain in context.mentions:
        span = context.span(mention)
        if len(span):
            i = bisect_right(starts, mention.start) - 1
            mentions[chain].setdefault(i, []).append(_place(context, span))
            things[i].add(chain)
            if mention.type == "Person":
                people[i].add(chain)
    return _Scene(sentences, starts, times, mentions, things, people)


def _time(context: Context, item: TimeExpression, span: Span, day: str | None, *, again: bool) -> _Time:
    token = span.root
    clause = clause_of(token)
    tells = _tells(context, clause)
    if clause.lemma_.lower() in _LIGHT:
        tells = tells.union(*(_tells(context, c) for c in clause.children if c.dep_ in {"xcomp", "obj", "obl"}))
    opening, closing = context.sentence(context.tokens[span.start]).start, context.sentence(context.tokens[span.end - 1]).end
    left = _telling(context, reversed(context.tokens[opening : span.start]))
    right = _telling(context, context.tokens[span.end : closing])
    properties = [*_of_time(context, item, span, clause, tells, day), *(["named again"] if again else [])]
    between = context.tokens[clause.i + 1 : span.start]
    people = frozenset() if any(t.pos_ == "VERB" or t.text == ";" for t in between) else whose(context, clause)
    return _Time(item, token, token.i, clause, doer(clause), tells, people, left, right, tuple(properties))


def _of_time(
    context: Context, item: TimeExpression, span: Span, clause: Token, tells: frozenset[str], day: str | None
) -> Iterator[str]:
    yield f"kind {item.kind}"
    yield ("year", "month", "day")[item.value.count("-")]
    opening = context.sentence(context.tokens[span.start]).start
    before = context.tokens[span.start - 1] if span.start > opening else None
    yield f"after {before.lower_ if before is not None and before.pos_ in {'ADP', 'SCONJ', 'ADV'} else 'nothing'}"
    yield f"clause {clause.dep_}"
    if not tells:
        yield f"clause of a {'verb' if clause.pos_ in {'VERB', 'AUX'} else 'noun'}"
    yield from (f"clause of {what}" for what in sorted(tells))
    verb = next((t for t in reversed(context.tokens[opening : span.start]) if t.pos_ == "VERB"), None)
    if verb is not None:
        yield from (f"verb before of {what}" for what in sorted(_tells(context, verb)) or ["nothing"])
    if any(t.dep_.startswith("aux") and t.lemma_.lower() == "have" for t in clause.children):
        yield "perfect"
    if day:
        yield f"age {_age(item.value, day)}"
    if day and item.value > day[: len(item.value)]:
        yield "to come"
    if day and item.value == day[: len(item.value)]:
        yield "now"
    if of_conduct(context, span.root):
        yield "of the deed"
    if span.start <= opening + 1:
        yield "opens the sentence"


def _age(value: str, day: str) -> str:
    """How long before the document's day a time lies, roughly: news is of the week, careers and deeds are older."""
    if value > day[: len(value)]:
        return "to come"
    if len(value) == 10 and (Date.fromisoformat(day) - Date.fromisoformat(value)).days <= 8:
        return "of the week"
    months = 12 * (int(day[:4]) - int(value[:4])) + (int(day[5:7]) - int(value[5:7]) if len(value) > 4 else 0)
    if len(value) == 4:
        return "of the year" if not months else "of the last year" if months == 12 else "of five years" if months <= 60 else "old"
    return "of the month" if months <= 1 else "of months" if months <= 12 else "of years" if months <= 48 else "old"


@lru_cache(maxsize=1 << 14)
def _told_by(word: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _TELLING.items() if pattern.match(word))


def _tells(context: Context, token: Token) -> frozenset[str]:
    """What a word tells of."""
    if token.pos_ not in {"VERB", "AUX", "NOUN", "ADJ"}:
        return frozenset()
    found = set(_told_by(token.lower_))
    if token.pos_ in {"VERB", "AUX"} and begins(token):
        found.add("beginning")
    if token.pos_ in {"VERB", "AUX", "ADJ"} and ends(token):
        found.add("ending")
    if DEEDS.match(token.lower_) or (token.pos_ in {"NOUN", "VERB"} and context.at(token, "Offence")):
        found.add("deed")
    return frozenset(found)


def _telling(context: Context, tokens: Iterable[Token]) -> tuple[frozenset[str], ...]:
    found = []
    for token in tokens:
        if token.text in {";", ":"}:
            break
        if tells := _tells(context, token):
            found.append(tells)
    return tuple(found)


def whose(context: Context, verb: Token) -> frozenset[int]:
    """The people whose step a verb tells: of what is done to people, those people, and else those who do it; none where that is open.

    Read from the words' order, as trees often miss the subject of a long sentence: those who stand right before the verb, with what is
    said of them between ("Ann Cole, 41, of Hove, who left"); behind a verb that takes people ("dismissed her"), who follows.
    """
    tokens, at, sentence = context.tokens, verb.i, context.sentence(verb)
    first = sentence.start
    if _TAKES.match(verb.lower_) and not any(t.lower_ in _PASSIVE for t in tokens[max(at - 4, first) : at]):
        for token in tokens[at + 1 : min(at + 8, sentence.end)]:
            if found := context.at(token, "Person"):
                return frozenset({found[1]})
            if token.pos_ in {"ADP", "PUNCT", "VERB", "SCONJ"}:
                break
            if token.dep_ == "obj" and token.head == verb:
                return frozenset({_NOBODY})  # "dismissed the case against Cole"
    people: list[tuple[Span, int]] = []  # the last first
    for i in range(at - 1, max(first, at - _BACK) - 1, -1):
        token = tokens[i]
        if people and i >= people[-1][0].start:
            continue
        found = context.at(token, "Person")
        if found and not (_possessive(token) or (i + 1 < len(tokens) and _possessive(tokens[i + 1]))):
            people.append((context.span(found[0]), found[1]))
        elif token.pos_ == "VERB" or token.text in _QUOTES:
            break
        elif people and not (token.is_punct or token.lower_ == "and" or token.pos_ in {"NUM", "PROPN"}):
            break  # "Ann Cole and PC Bob Dale were dismissed"
    if people:
        relative = any(t.lower_ == "who" for t in tokens[people[0][0].end : at])
        before = next((t for t in reversed(tokens[first : people[-1][0].start]) if t.pos_ not in {"PROPN", "NOUN", "ADJ", "DET"}), None)
        taken = before is not None and before.pos_ in {"VERB", "ADP"} and before.lower_ not in _JOINING | {"until", "since", "as"}
        if taken and not relative:
            return frozenset()  # "Bob Dale, who succeeded Ann Cole, said"
    return frozenset(who for _, who in people)


def does(context: Context, verb: Token) -> frozenset[int]:
    """The people whose step a verb tells, and by the tree where the words' order leaves that open: "who came in 2015 and has led it"."""
    if people := whose(context, verb):
        return people
    subject = doer(verb.head if verb.pos_ == "AUX" and verb.dep_.startswith(("aux", "cop")) else verb)
    meant = context.at(subject, "Person") if subject is not None else None
    return frozenset({meant[1]}) if meant else people


def _possessive(token: Token) -> bool:
    return token.lower_ in {"'s", "’s", "'", "’"}


_position = attrgetter("i")


def doer(clause: Token) -> Token | None:
    """The word for who does what a clause tells; of a relative clause, or one that shares another's subject, that one's."""
    for _ in range(8):  # deeper than any sentence that people write
        subject = max((c for c in clause.children if c.dep_.startswith("nsubj")), key=_position, default=None)  # the name, not the rank
        if subject is not None and subject.lower_ not in _RELATIVE:
            return subject
        if subject is not None or clause.dep_ in {"acl", "acl:relcl"}:
            return clause.head
        if clause.dep_ not in {"conj", "xcomp", "advcl"} or clause.head == clause:
            return None
        clause = clause.head
    return None

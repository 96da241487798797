"""Posts that the document says are still to be taken up: who was elected or appointed and "will be sworn in next week" is not yet in post.

It is mostly told in another sentence than the choice ("She takes office on 9 May"), so it is looked for in the whole document. Rows
of the post somebody was chosen for become proposed; those of the post that they hold until then stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from spacy.tokens import Token

from kg.facts.careers import STILL_TO_GO
from kg.facts.claims import overlap
from kg.facts.context import Context
from kg.facts.times import clause_of, expressions_in
from kg.facts.timing import doer
from kg.model import Fact

_TO = r"(?:will|'ll|’ll|is to|is due to|is set to|is expected to|due to|set to)"
_POST = r"(?:the|his|her|their)(?: new)? (?:post|role|job|position|appointment|reins)"
_CHARGE = r"charge(?! of (?:the|an?|this|that|its|his|her|their) (?!force|constabulary))"
#: Words by which somebody will begin in a post; in the present ("now") only beside a time to come. A group is the verb.
_FORWARD = re.compile(
    rf"\b{_TO} (?:formally |officially )?(?:be (?P<a>sworn) in|(?P<b>take) (?:up )?(?:office|the oath|{_CHARGE}|{_POST}))\b"
    rf"|\b{_TO} (?P<c>start|begin)(?: work| in {_POST}| {_POST})?(?= (?:on|in|from|next)\b)"
    rf"|\b(?P<now_d>takes) (?:up )?(?:office|{_CHARGE}|{_POST})\b"
    rf"|\b(?P<now_e>starts)(?: work| in {_POST}| {_POST})?(?= (?:on|in|from|next)\b)"
    r"|\b(?P<now_g>takes) over(?= (?:on|in|from|next|as|at)\b)"
    r"|\b(?P<now_f>becomes)(?= (?:the )?(?:new |next )?(?:chief|police|commissioner|chair|director))"
)
#: A time after such a word, in a document without a date.
_TIME = re.compile(r"\b(?:on|in|from|next) (?:\d|[A-Z]|the new year|week|month|year|spring|summer|autumn)")
#: Words of the choice: the post that they come before is the one to be taken up.
_CHOSEN = re.compile(
    r"\b(?:elected|election|elect|won|wins|beat|beats|beaten|defeat(?:ed|s)|oust(?:ed|s)|unseat(?:ed|s)|appointed|named|chosen|selected"
    r"|picked|confirmed|approved|unveiled|becomes|incoming|next|newly|new|designate)\b",
    re.I,
)
_GOING_ON = (
    r"re-?elected|re-?appointed|(?:second|third|fourth|another|further|new) (?:\w+ )?term|acting|temporary|interim|caretaker|already"
    r"|since|permanent\w*|incumbent|sitting"
)
#: Words of somebody who goes on in the post; and of one who began in it long ago.
_STAYS = re.compile(rf"\b(?:{_GOING_ON})\b", re.I)
_IN_POST = re.compile(rf"\b(?:{_GOING_ON}|former|then|began|last year)\b", re.I)
#: What follows tells of somebody else: "beating the incumbent".
_OVER = re.compile(r"\b(?:beat|defeat|oust|unseat|replac|succeed)\w*\b", re.I)
#: Posts that one person has at a time.
_LEADS = re.compile(
    r"(?:chief constable|(?:police(?:, fire)? and crime )?commissioner|chief executive|(?:national )?(?:chair\w*"
    r"|president|general secretary)"
    r"|director general|ombudsman)",
    re.I,
)
#: Somebody so called is not in the post yet.
_COMING = re.compile(r"\b(?:incoming|designate|[ -]elect)\b", re.I)
_OF = frozenset({"headOf", "commissionerFor"})


def ahead(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The rows, with the posts that somebody is only going to take up proposed, and without the membership that was read from them."""
    rows = list(facts)
    people = context.once(_to_begin)
    coming = {fact for fact in rows if _is_ahead(context, fact, people)} if people else set()
    proposed = {(f.predicate, f.subject, f.object): f for f in rows if f.status == "proposed"}
    posts = {(f.subject, f.object): f for f in coming if f.predicate in _OF}
    heirs = {subject for subject, _ in posts}
    led = {f.subject for f in rows if f.predicate in _OF and f.status == "asserted" and f not in coming}
    to_come = {f.subject for f in rows if f.predicate in {*_OF, "holdsRole"} and f.status == "proposed"} - led
    done = {(f.predicate, f.subject, f.object): f for f in rows if f.status == "asserted" and f not in coming}
    for fact in rows:
        if fact.status == "proposed" and _is_held(context, fact, done.get((fact.predicate, fact.subject, fact.object))):
            continue
        follows = fact.predicate == "succeeds" and fact.status == "asserted"
        still_to_go = _is_still_to_go(context, fact) or follows and fact.subject in heirs
        # "She is to be the next chief. She follows Ian Orr, who retired in May"
        follows = follows and fact.subject in to_come
        both = ("succeeds", fact.subject, fact.object) in proposed
        still_to_go = still_to_go or follows and (both or _FOLLOWS.search(context.document.text, *fact.evidence) is not None)
        if still_to_go or fact in coming:
            yield replace(fact, status="proposed")
        elif fact.predicate == "memberOf" and (post := posts.get((fact.subject, fact.object))) and overlap(fact, post):
            continue
        elif not _is_told_both_ways(context, fact, proposed.get((fact.predicate, fact.subject, fact.object))):
            yield fact


#: In the present, of somebody who is still to come.
_FOLLOWS = re.compile(
    r"\b(?:[Hh]e|[Ss]he|Mr|Ms|Mrs|Miss|Sir|Dame|Dr)(?: [A-Z][\w'’-]+){0,3} "
    r"(?:follows|replaces|succeeds|takes over from|takes the (?:place|reins)|steps into the shoes)\b"
)


def _is_told_both_ways(context: Context, fact: Fact, proposed: Fact | None) -> bool:
    """Whether a row gives somebody a post that a proposed row with those words, which call the post a coming one, gives as well."""
    told = proposed and fact.status == "asserted" and fact.predicate in {*_OF, "holdsRole"} and overlap(fact, proposed)
    return bool(told and _COMING.search(context.document.text, *fact.evidence))


def _is_held(context: Context, fact: Fact, asserted: Fact | None) -> bool:
    """Whether the words of a proposed row about a post surely say that it is held, and call nothing a coming one."""
    if asserted is None or fact.predicate not in {*_OF, "holdsRole", "succeeds"} or not overlap(fact, asserted):
        return False
    return asserted.confidence > fact.confidence + _SURER and not _COMING.search(context.document.text, *fact.evidence)


_SURER = 0.12


def _to_begin(context: Context) -> frozenset[int]:
    """The people who the document says are still to begin in a post."""
    text, day = context.document.text, context.document.date or context.document.anchor
    found = set()
    for match in _FORWARD.finditer(text):
        group = match.lastgroup or ""
        verb = context.tokens_in(match.start(group), match.end(group))[0]
        sentence = context.sentence(verb)
        first, last = sentence.start_char, sentence.end_char
        cuts = [first, *(stop.end() for stop in _STOP.finditer(text, first, last)), last]
        start, end = max(cut for cut in cuts if cut <= verb.idx), min(cut for cut in cuts if cut > verb.idx)
        times = expressions_in(text, day, start, end)
        to_come = any(t.value > day[: len(t.value)] for t in times) if day else _TIME.search(text, verb.idx, end)
        if group.startswith("now") and not to_come:
            continue  # as tales and headlines have it
        person = _beginner(context, verb, match.start())
        if person is None:  # a tree without a subject: the only person of the sentence so far
            before = {i for _, i in context.starting_in(start, match.start(), "Person")}
            person = before.pop() if len(before) == 1 else None
        if person is not None and not _STAYS.search(text, start, end):
            found.add(person)
    return frozenset(found)


def _beginner(context: Context, verb: Token, start: int) -> int | None:
    """Who is to begin: whose name stands before "who", else the subject of the verb."""
    relative = re.search(r",? who $", context.document.text[max(0, start - 6) : start])
    if relative:
        end = start - len(relative.group())
        return next((i for m, i in context.overlapping(end - 1, end, "Person") if m.kind == "name" and m.end == end), None)
    who = doer(clause_of(verb))
    words = (who, *who.children) if who is not None else ()
    return next((found[1] for word in words if (found := context.at(word, "Person"))), None)


def _is_still_to_go(context: Context, fact: Fact) -> bool:
    """Whether somebody who is said to have retired "is retiring"."""
    if fact.predicate != "retiredFrom" or fact.status != "asserted":
        return False
    told = context.document.text[slice(*fact.evidence)]
    return STILL_TO_GO.search(told) is not None and not re.search(r"\bretired\b", told)


def _is_ahead(context: Context, fact: Fact, people: frozenset[int]) -> bool:
    """Whether the row gives somebody who is still to begin the post for which its evidence says that they were chosen."""
    if fact.subject not in people or fact.status != "asserted" or fact.end or fact.predicate not in {*_OF, "holdsRole"}:
        return False
    start, end = _telling(context.document.text, fact.evidence)
    text = context.document.text[start:end]
    chosen = _CHOSEN.search(text)
    day = context.document.date or context.document.anchor
    long_ago = day and any(t.value < f"{int(day[:4]) - 1}" for t in expressions_in(context.document.text, day, start, end))
    if chosen is None or long_ago or _IN_POST.search(_OVER.split(text, maxsplit=1)[0]):
        return False
    if isinstance(fact.object, str):
        role = re.search(rf"\b{_LEADS.pattern}", text, re.I)
        return bool(_LEADS.fullmatch(fact.object) and role and role.start() > chosen.start())
    places = [m.start - start for m, i in context.starting_in(start, end) if i == fact.object]
    by_title = [m.start - start for m, _ in context.starting_in(start, end, "Place")]  # "commissioner for Dorset" names a place
    return any(place > chosen.start() or _next_to(text, place) or _OPENS.fullmatch(text, 0, place) for place in places or by_title)


#: Before the area by which a round-up of results opens: "In Cheshire, Ann Cole beat".
_OPENS = re.compile(r"\W*(?:(?:(?:Meanwhile|Elsewhere|And|Over|But),? )?in )?(?:the )?", re.I)


#: Between two sentences, where the tree may have made one of them.
_STOP = re.compile(r"[.!?][)”\"’']*\s+(?=[A-Z])")


def _telling(text: str, evidence: tuple[int, int]) -> tuple[int, int]:
    """The first sentence of the evidence that tells of a choice, where there are several."""
    cuts = [evidence[0], *(m.end() for m in _STOP.finditer(text, *evidence)), evidence[1]]
    return next((cut for cut in pairwise(cuts) if cut[1] - cut[0] > _SHORT and _CHOSEN.search(text, *cut)), evidence)


_SHORT = 30  # characters of what is hardly a sentence: "Insp. Ann Cole"


def _next_to(text: str, place: int) -> bool:
    """Whether the body's name there owns what somebody was chosen for: "Dorset's next chief constable"."""
    return bool(re.match(r"[^.,;]{0,40}?['’]s? (?:new|next|newly|incoming)\b", text[place : place + 60]))

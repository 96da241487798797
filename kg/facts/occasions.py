"""Dates of what is told once and holds of several rows: who moved from one body to another, takes up a post, or was dealt with in court.

"She came from Kent Police in 2019" ends the one membership and begins the other. The weights of `kg.facts.timing` see one row at a time
and little beyond its sentence, so that such a year went to one end or to none. Only rows without a date gain one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from kg.facts.context import Context
from kg.facts.times import TimeExpression, expressions, expressions_in
from kg.facts.timing import does
from kg.model import Fact

#: Verbs by which somebody comes to where they are now, goes elsewhere, or is fetched; the last only in the passive.
_COMES = frozenset("came come arrived joined".split())
_GOES = frozenset("moved transferred switched went left crossed defected".split())
_FETCHED = frozenset("brought recruited hired poached lured headhunted".split())
_VERBS = _COMES | _GOES | _FETCHED
#: Words that end what a verb of moving says.
_STOPS = frozenset("; : “ ” \" ( ) – — and but before after when while until since who whose having".split())
#: Words before such a verb by which it did not come about.
_UNREAL = frozenset("would could should may might will to not n't n’t never if".split())
#: Between a body and the word that says which way it is: "from [neighbouring Kent Police]", "left [the force]".
_BETWEEN = frozenset({"DET", "ADJ", "PRON"})
#: What opens a sentence before its time.
_OPENS = re.compile(r"\W*(?:(?:[Tt]hen|[Bb]ut|[Aa]nd),? )?(?:(?:[Ii]n|[Oo]n|[Ee]arly in|[Ll]ate in|[Ll]ater in) (?:the )?)?")
_WHEN = re.compile(r",? when ")
#: "She has led it since May, having come from Kent".
_HAVING = re.compile(r",? having (?:recently |just )?")
_LENT = re.compile(r"\b(?:second|loan|lent|attach|exchange|posting|temporar)", re.I)
_BODIES = ("PoliceForce", "OversightBody", "Organisation")
_POLICE = frozenset({"PoliceForce", "OversightBody"})
_LATELY = 2  #: years before a document in which a move is from the body that it tells of
_LEAVING = frozenset("dismissedFrom resignedFrom retiredFrom".split())
_KEPT = _LEAVING | {"memberOf", "holdsRole"}


#: How a post was taken up, before the time; and behind it, whence: "took up her post in May after six years with Kent Police".
_TOOK_UP = re.compile(
    r"\b(?:took (?:over|up|charge|command|office|the (?:reins|helm|job|post|role))|started|arrived|became|was (?:appointed|sworn in))\b"
    r"[^.;:“”\"]{0,80}$"
)
_WHENCE = re.compile(
    r",? (?:after [\w-]+ years (?:[^.,;:]{3,40}? )?(?:with|at|in|for|of)|having (?:previously )?(?:been|served as|worked as) [^.;:]{3,50}? "
    r"(?:in|at|with|for|of)) (?:the )?"
)
#: Words by which somebody will begin in a post, before the time: "will take over as chief constable on".
_AHEAD = re.compile(
    r"\b(?:will|'ll|’ll|(?:is|are) (?:to|due to|set to|expected to)|due to|set to|would) (?:formally |officially |then |also )?"
    r"(?:be sworn in|start|begin|take (?:up|over|office|charge|command|temporary|the (?:post|role|job|reins|helm|oath))|assume"
    r"|become|succeed|replace|act as|step up|lead|join)\b[^.;:“”\"]{0,110}$"
    r"|\b(?:takes (?:up|over|office|charge|command)|starts|joins|becomes)\b[^.;:“”\"]{0,80}$"
)
#: How a commissioner came into office, before the time.
_ELECTED = re.compile(
    r"(?<!re-)\b(?:(?:(?:was|were|been|first) )?elected"
    r"|won (?:it|office|(?:the|his|her|their) (?:[\w'’]+ ){0,2}(?:election|job|post|office|seat|role))"
    r"|took (?:office|the oath)|was sworn in|been (?:the )?(?:[\w,]+ ){0,4}commissioner)\b[^.;:“”\"]{0,50}$"
)
_COMMISSIONER = re.compile(r"police(?:,? fire)? and crime commissioner|police, crime and fire commissioner", re.I)
#: What stands between such words and a time that is then not theirs.
_OTHERWISE = re.compile(r"\b(?:who|which|whose|after|before|until|when|while|once|if|retires?|leaves?|steps?|stands?|contract)\b", re.I)
_POSTS = frozenset("headOf commissionerFor memberOf servesIn holdsRole succeeds".split())
#: That several were sentenced together: "All were sentenced at Leeds Crown Court on Friday".
_NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+)"
_TOGETHER = re.compile(
    rf"\b(?:all(?: (?:of them|{_NUMBER}|of the {_NUMBER}))?|they|the (?:\w+ )?(?:{_NUMBER}|men|women|pair|trio|group|gang|others|couple"
    rf"|brothers|defendants|officers)|sentences?|{_NUMBER} (?:\w+ ){{1,5}}?),? (?:were|(?:have|had) been) (?:(?:all|each|both|today) )*"
    r"(?:sentenced|jailed|imprisoned|locked up|passed|handed down)\b[^.;:“”\"]{0,90}$",
    re.I,
)
#: That a case was heard, and nothing of how it ended: "he was put before a panel in May".
_HEARD = re.compile(
    r"\b(?:(?:was|were) (?:put|brought|hauled|called|taken) before (?:an? |the )?(?:\w+ ){0,3}?(?:panel|hearing|meeting|tribunal|court)"
    r"|(?:was|were) tried|(?:stood|went on|faced) trial|(?:hearing|panel|meeting|tribunal|trial)\b[^.;:“”\"]{0,60}\b(?:was held|sat|met"
    r"|took place|was convened))\b"
)
_ENDED = re.compile(r"\b(?:guilty|convict|admit|plead|pled|sentenc|jail|fined|found|acquit|clear|dismiss|sack|collaps|adjourn)", re.I)
_CONVICTED = re.compile(r"\b(?:guilty|convict|admit|plead|pled)", re.I)
#: A sentence that may have been passed long before, or another's than the one told with the court.
_SERVING = re.compile(r"\b(?:serving|served|appeal)\b", re.I)


@dataclass(frozen=True)
class _Move:
    """Who went where from where, and when."""

    who: int
    when: str
    left: frozenset[int]  #: the bodies come from
    reached: frozenset[int]  #: the bodies gone to
    here: bool  #: where no body gone to is named: it is the one that the person serves in now
    away: bool  #: where no body come from is named: it is the one that the person served in until then
    named: frozenset[int]  #: all bodies named behind the verb
    was: str  #: what the person was there: "where she was [superintendent]"
    became: str  #: what the person went as, or to be
    verb: int  #: the place of the verb
    sentence: Span


def moved(context: Context, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The rows, those of people who moved with the day on which they did."""
    rows = tuple(facts)
    dates: defaultdict[tuple[Fact, str], set[str]] = defaultdict(set)
    others: set[Fact] = set()
    of: defaultdict[int, list[Fact]] = defaultdict(list)
    for fact in rows:
        if fact.status == "asserted" and fact.predicate in _KEPT:
            of[fact.subject].append(fact)
    for move in _moves(context) if of else ():
        for fact, part in _ends(context, move, of.get(move.who, [])):
            dates[fact, part].add(move.when)
            if part == "start" and fact.object in move.reached and _of_another_step(context, move, fact):
                others.add(fact)
    return tuple(_with(fact, dates, start=None if fact in others else fact.start) for fact in rows)


def _of_another_step(context: Context, move: _Move, fact: Fact) -> bool:
    """Whether a row's start is another time of the sentence that tells when its body was gone to: "joined Kent in 1996, Essex in 2004"."""
    times = {item.value for item in _times(context, move.sentence.start_char, move.sentence.end_char)}
    return bool(fact.start) and fact.start in times and fact.start != move.when and not move.when.startswith(str(fact.start))


def _filled(fact: Fact, dates: Mapping[tuple[Fact, str], set[str]]) -> Fact:
    return _with(fact, dates, start=fact.start)


def _with(fact: Fact, dates: Mapping[tuple[Fact, str], set[str]], *, start: str | None) -> Fact:
    """The row with its only date of each part, where it has none; ``start`` is what it keeps of its own."""
    starts, ends = ({*dates.get((fact, part), ())} for part in ("start", "end"))
    one, other = start or (min(starts) if len(starts) == 1 else None), fact.end or (min(ends) if len(ends) == 1 else None)
    if (one, other) == (fact.start, fact.end) or (one and other and one[: len(other)] > other[: len(one)]):
        return fact
    return replace(fact, start=one, end=other)


def _ends(context: Context, move: _Move, rows: list[Fact]) -> Iterator[tuple[Fact, str]]:
    """The rows of whoever moved that the move begins or ends."""
    members = [f for f in rows if f.predicate == "memberOf" and isinstance(f.object, int)]
    yield from ((f, "end") for f in members if f.object in move.left)
    yield from ((f, "start") for f in members if f.object in move.reached)
    if move.here and not any(f.start and (f.start.startswith(move.when) or move.when.startswith(f.start)) for f in members):
        others = (f for f in members if f.object not in move.named and not f.start and not f.end)
        now = [f for f in others if context.chains[int(f.object)].type in _POLICE]
        if len(now) == 1:
            yield now[0], "start"
    gone = {f.object for f in rows if f.predicate in _LEAVING}
    if move.away and (last := _last(context, move, members)) and last.object not in gone:
        yield last, "end"
    text = context.document.text[move.sentence.start_char : move.sentence.end_char].casefold()
    for fact in rows if move.was or move.became else ():
        told = fact.predicate == "holdsRole" and fact.evidence[0] < move.sentence.end_char and move.sentence.start_char < fact.evidence[1]
        role = str(fact.object).casefold()
        if told and (role in move.was or role.split()[0] in move.was.split()) and role not in text.replace(move.was, " "):
            yield fact, "end"
        elif told and role in move.became and role not in text.replace(move.became, " "):
            yield fact, "start"


def _last(context: Context, move: _Move, members: list[Fact]) -> Fact | None:
    """The force that somebody served in until a move: the last begun before it, or the only one; none where another is told between."""
    before = [f for f in members if f.object not in move.named and not f.end and not (f.start and f.start >= move.when[: len(f.start)])]
    begun = sorted((f for f in before if f.start), key=lambda f: str(f.start))
    day = context.document.date or context.document.anchor
    lately = bool(day) and int(str(day)[:4]) - int(move.when[:4]) <= _LATELY  # long ago, what is told alone may be where they are now
    last = begun[-1] if begun else before[0] if len(before) == 1 and lately else None
    if last is None or context.chains[int(last.object)].type != "PoliceForce":
        return None
    between = {chain for _, chain in context.starting_in(last.evidence[0], move.verb, *_BODIES)}
    return None if between & {f.object for f in members if f is not last} and len(before) > 1 else last


def _moves(context: Context) -> Iterator[_Move]:
    text, day = context.document.text, context.document.date or context.document.anchor
    if not expressions(text, day):
        return
    for sentence in context.doc.sents:
        times = expressions_in(text, day, sentence.start_char, sentence.end_char)
        if not times or not context.starting_in(sentence.start_char, sentence.end_char, *_BODIES, "Person"):
            continue
        for verb in context.tokens[sentence.start : sentence.end]:
            if verb.lower_ in _VERBS and (move := _move(context, sentence, verb, times, day)):
                yield move
        for item in times:
            past = item.kind == "point" and not (day and item.value > day[: len(item.value)])
            if past and (move := _begun_after(context, sentence, item)):
                yield move


def _move(context: Context, sentence: Span, verb: Token, times: tuple[TimeExpression, ...], day: str | None) -> _Move | None:
    tokens = context.tokens
    before = {t.lower_ for t in tokens[max(verb.i - 4, sentence.start) : verb.i]}
    passive = bool(before & {"was", "were", "been"})
    if before & _UNREAL or (verb.lower_ in _FETCHED) != passive:
        return None
    words, was = _said(context, verb, sentence)
    told = _when(context, sentence, verb, times, {t.idx for t in words})
    if told is None or (day and told.when > day[: len(told.when)]):
        return None
    people = does(context, told.by)
    who = next(iter(people), -1)
    if len(people) != 1 or who < 0:
        return None
    left, reached, named = set(), set(), set()
    became: list[str] = []
    onwards = False
    for token in words:
        lately = tokens[token.i - 1].lower_
        onwards = onwards or (token.pos_ in {"VERB", "AUX"} and lately == "to")
        if became or lately == "as" or (onwards and token.lower_ in {"be", "become"}):
            became.append(token.lower_)
        found = context.at(token, *_BODIES)
        if found is None or found[1] in named:
            continue
        named.add(found[1])
        ahead = reversed(tokens[verb.i : context.span(found[0]).start])
        lead = next((t for t in ahead if t.pos_ not in _BETWEEN and t.tag_ != "VBG"), verb)
        if lead.lower_ in {"from", "left"}:
            left.add(found[1])
        elif onwards or lead.lower_ in {"to", "joined"} or (lead.lower_ == "for" and verb.lower_ == "left"):
            reached.add(found[1])
    end = words[-1].idx if words else verb.idx
    away = verb.lower_ in _GOES | {"came"} and bool(reached) and not left and not _LENT.search(context.document.text, verb.idx, end)
    comes = verb.lower_ in _COMES or passive or (verb.lower_ != "left" and all(t.lower_ != "to" for t in words))
    here = bool(left) and not reached and comes
    if not (left or away or became):
        return None
    later = {chain for _, chain in context.starting_in(verb.idx, sentence.end_char, *_BODIES)}
    return _Move(
        who, told.when, frozenset(left), frozenset(reached), here, away, frozenset(named | later), was, " ".join(became), verb.idx, sentence
    )


def _begun_after(context: Context, sentence: Span, item: TimeExpression) -> _Move | None:
    """Whoever took up a post then, from where it is told behind the time."""
    text = context.document.text
    took, whence = _TOOK_UP.search(text, sentence.start_char, item.start), _WHENCE.match(text, item.end, sentence.end_char)
    if took is None or whence is None:
        return None
    verb = context.tokens_in(took.start(), item.start)[0]
    people, left = does(context, verb), context.starting_in(whence.end(), whence.end() + 1, *_BODIES)
    if len(people) != 1 or not left or any(t.pos_ == "VERB" for t in context.tokens_in(verb.idx + len(verb), item.start)):
        return None
    bodies = frozenset(chain for _, chain in left)
    later = {chain for _, chain in context.starting_in(item.end, sentence.end_char, *_BODIES)}
    return _Move(next(iter(people)), item.value, bodies, frozenset(), True, False, frozenset(later), "", "", verb.idx, sentence)


def _said(context: Context, verb: Token, sentence: Span) -> tuple[list[Token], str]:
    """The words that belong to a verb of moving, and what is told of where somebody came from: "where he was a sergeant"."""
    words: list[Token] = []
    was: list[str] = []
    inside = False
    for token in context.tokens[verb.i + 1 : sentence.end]:
        if inside:
            if token.text in {",", ";", "."}:
                inside = False
            else:
                was.append(token.lower_)
            continue
        if token.lower_ == "where":
            inside = True
            continue
        infinitive = context.tokens[token.i - 1].lower_ == "to"
        qualifies = token.tag_ == "VBG" and context.tokens[token.i - 1].pos_ == "ADP"  # "from neighbouring Kent"
        if token.lower_ in _STOPS or (token.pos_ in {"VERB", "AUX"} and not infinitive and not qualifies):
            break
        words.append(token)
    return words, " ".join(was)


@dataclass(frozen=True)
class _Told:
    """When somebody moved, and the verb by which it is seen who that is."""

    when: str
    by: Token


def _when(context: Context, sentence: Span, verb: Token, times: tuple[TimeExpression, ...], words: set[int]) -> _Told | None:
    """The only time among the words behind the verb, or else that which opens the sentence or is told by "when" the verb's step was."""
    text = context.document.text
    behind = [item for item in times if any(t.idx in words for t in context.tokens_in(item.start, item.end))]
    if behind:
        return _Told(behind[0].value, verb) if len(behind) == 1 and behind[0].kind == "point" else None
    ahead = [item for item in times if item.end <= verb.idx]
    if not ahead:
        return None
    item = ahead[-1]
    if _HAVING.fullmatch(text, item.end, verb.idx) and item.kind in {"point", "since"}:
        held = next((t for t in reversed(context.tokens_in(sentence.start_char, item.start)) if t.pos_ == "VERB"), None)
        return _Told(item.value, held) if held is not None else None
    if any(t.pos_ == "VERB" for t in context.tokens_in(item.end, verb.idx)):
        return None
    if (told := _WHEN.match(text, item.end)) and told.end() < verb.idx:
        return _Told(item.value, verb) if item.kind in {"point", "since", "until"} else None
    opens = _OPENS.fullmatch(text, sentence.start_char, item.start)
    return _Told(item.value, verb) if item.kind == "point" and opens and len(ahead) == 1 else None


def awaited(context: Context, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The rows, those of the one post that somebody is to take up with the day that any sentence tells for that."""
    rows = tuple(facts)
    due: defaultdict[tuple[int, str], list[Fact]] = defaultdict(list)
    for fact in rows:
        if fact.status == "proposed" and fact.predicate in _POSTS:
            due[fact.subject, fact.predicate].append(fact)
    days = context.once(_due) if due else {}
    dates: dict[tuple[Fact, str], set[str]] = {}
    for (who, _), posts in due.items():
        if len(posts) == 1 and who in days:
            dates[posts[0], "start"] = set(days[who])
    return tuple(_filled(fact, dates) for fact in rows)


def _due(context: Context) -> dict[int, set[str]]:
    """When each person is said to take up a post."""
    text, day = context.document.text, context.document.date or context.document.anchor
    found: defaultdict[int, set[str]] = defaultdict(set)
    for item in expressions(text, day) if day else ():
        if item.kind not in {"point", "since"} or item.value <= str(day)[: len(item.value)]:
            continue
        words = context.tokens_in(item.start, item.end)
        opening = context.sentence(words[0]).start_char if len(words) else item.start
        told = _AHEAD.search(text, opening, item.start)
        if told is None or _OTHERWISE.search(text, told.start(), told.end()):
            continue
        verb = context.tokens_in(told.start(), told.end())[0]
        people = does(context, verb)
        if len(people) == 1:
            found[next(iter(people))].add(item.value)
    return found


def elected(context: Context, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The rows, those of commissioners with the day on which they are said to have been elected."""
    rows = tuple(facts)
    posts = {f for f in rows if f.status == "asserted" and not f.start and _of_commissioner(f)}
    text, day = context.document.text, context.document.date or context.document.anchor
    days: defaultdict[int, set[str]] = defaultdict(set)
    for item in expressions(text, day) if posts else ():
        words = context.tokens_in(item.start, item.end)
        opening = context.sentence(words[0]).start_char if len(words) else item.start
        told = _ELECTED.search(text, opening, item.start)
        past = item.kind in {"point", "since"} and not (day and item.value > day[: len(item.value)])
        if told is None or not past or _OTHERWISE.search(text, told.start(), told.end()):
            continue
        said = context.tokens_in(told.start(), told.end())
        people = does(context, next((t for t in said if t.pos_ == "VERB"), said[0]))
        if len(people) == 1:
            days[next(iter(people))].add(item.value)
    return tuple(_filled(f, {(f, "start"): days[f.subject]} if f in posts and f.subject in days else {}) for f in rows)


def _of_commissioner(fact: Fact) -> bool:
    return fact.predicate == "commissionerFor" or (fact.predicate == "holdsRole" and _COMMISSIONER.fullmatch(str(fact.object)) is not None)


def judged(context: Context, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The rows, verdicts and sentences with the day of the trial, the hearing or the sentencing of several that is told with them."""
    rows = tuple(facts)
    dates: defaultdict[tuple[Fact, str], set[str]] = defaultdict(set)
    tried: defaultdict[int, list[Fact]] = defaultdict(list)
    judged_ = {fact.subject for fact in rows if fact.predicate in {"convictedOf", "accusedOf", "sentencedTo"}}
    for fact in rows:
        if fact.predicate == "triedAt" and fact.status == "asserted" and fact.start:
            tried[fact.subject].append(fact)
    for fact in rows:
        if fact.predicate not in {"convictedOf", "sentencedTo"} or fact.status != "asserted" or fact.start:
            continue
        heard = _heard_before(context, fact, judged_)
        if heard:
            dates[fact, "start"].add(heard)
        elif fact.predicate == "sentencedTo":
            with_court = [f for f in tried[fact.subject] if f.evidence[0] < fact.evidence[1] and fact.evidence[0] < f.evidence[1]]
            if with_court and not any(_sentenced_later(context, fact, str(f.start)) for f in with_court):
                dates[fact, "start"].update(str(f.start) for f in with_court)
            elif (told := context.once(_sentencing)) and told[0] < fact.evidence[0] and not _times(context, *fact.evidence):
                dates[fact, "start"].add(told[1])
    return tuple(_filled(fact, dates) for fact in rows)


def _sentenced_later(context: Context, fact: Fact, day: str) -> bool:
    """Whether the sentence may be of another day than the trial it is told with: "was convicted in May and is serving six years"."""
    text = context.document.text
    told = next((item.start for item in _times(context, *fact.evidence) if item.value == day), fact.evidence[0])
    return _SERVING.search(text, *fact.evidence) is not None or _CONVICTED.search(text, fact.evidence[0], told) is not None


def _times(context: Context, start: int, end: int) -> tuple[TimeExpression, ...]:
    return expressions_in(context.document.text, context.document.date or context.document.anchor, start, end)


def _heard_before(context: Context, fact: Fact, judged_: set[int]) -> str | None:
    """The only time of the sentence before a verdict that tells that the case was heard: "was tried in 2016. He got nine years"."""
    if not _times(context, 0, len(context.document.text)):
        return None
    sentences = context.sentences(*fact.evidence)
    last = sentences[-1]
    if _times(context, last.start_char, last.end_char):
        return None
    before = sentences[-2] if len(sentences) > 1 else context.sentence(context.tokens[last.start - 1]) if last.start else None
    if before is None or len(sentences) > 2:
        return None
    text, times = context.text(before), _times(context, before.start_char, before.end_char)
    people = {chain for _, chain in context.within(before, "Person")} & judged_
    if len(times) != 1 or times[0].kind != "point" or not _HEARD.search(text) or _ENDED.search(text) or not people <= {fact.subject}:
        return None
    day = context.document.date or context.document.anchor
    return None if day and times[0].value > day[: len(times[0].value)] else times[0].value


def _sentencing(context: Context) -> tuple[int, str] | None:
    """Where the document tells that several were sentenced together, and when; None where it tells of more than one such day."""
    text = context.document.text
    found = []
    for item in _times(context, 0, len(text)):
        words = context.tokens_in(item.start, item.end)
        opening = context.sentence(words[0]).start_char if len(words) else item.start
        if item.kind == "point" and _TOGETHER.search(text, opening, item.start):
            found.append((opening, item.value))
    return found[0] if len({value for _, value in found}) == 1 else None


#: What is told once and holds of several rows.
OCCASIONS = (moved, awaited, elected, judged)

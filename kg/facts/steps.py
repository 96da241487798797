"""The steps of proceedings that a document tells of: who was charged with, cleared of or convicted of what, word by word.

A step belongs to the person of its own clause: in sentences with several defendants each verdict goes to its own. What is
not said of anybody by the syntax is given to nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.masked import OTHER_SEX
from kg.facts.posts import of_the_court
from kg.facts.status import ALLEGING, NEGATORS, TELLING, negated, status_of
from kg.facts.words import base, occurrences, spelt
from kg.model import Mention
from kg.names import FEMALE, GROUPS, HUMANS, MALE, NUMERALS, PERSON_HEADS, SEVERAL

#: kinds of step by the verb that tells of them; their person is the object, or the subject of the passive
CHARGE = frozenset("charge accuse arrest suspect indict summons summon prosecute try investigate question want".split())
CLEAR = frozenset("clear acquit exonerate absolve".split())
CONVICT = frozenset("convict jail imprison sentence fine".split())
#: their person is the subject
OWN_UP = frozenset({"admit", "confess"})
DENY = frozenset({"deny", "contest", "dispute"})
CHANGE = frozenset({"change", "switch"})  #: of a plea
FACE = frozenset({"face", "answer"})
#: misconduct ends so; only "for" says that it was proved
SENT_AWAY = frozenset({"dismiss", "sack"})
#: what undoes a conviction, and what ends a charge
UNDO = frozenset({"quash", "overturn", "set", "free"})
END = frozenset({"drop", "withdraw", "discontinue", "dismiss", "throw", "abandon", "fail", "collapse", "uphold", "prove", "find"})
#: what a panel finds somebody to have done
FOUND_TO = frozenset({"commit", "breach"})
#: what is done with a penalty; with "for" and an offence it tells of a conviction: "was given two years for theft"
DEALT_OUT = frozenset("give receive get hand serve send".split())
_TO_WHOM = frozenset({"give", "hand", "send"})  #: of these, those whose object the convict is
CONVICTIONS = frozenset({"conviction", "convictions"})
#: What a word of a step must be: a form of one of these verbs, or one of these words.
_TOLD_BY = CHARGE | CLEAR | CONVICT | OWN_UP | DENY | FACE | SENT_AWAY | UNDO | END | FOUND_TO | CHANGE
_TOLD_AS = frozenset({"guilty", "suspicion", "proven"})
_CHARGES = frozenset({"charge", "allegation", "case", "count", "prosecution", "accusation", "complaint", "proceedings", "offence", "trial"})
_RELATIVE = frozenset({"who", "whom", "that", "which", "whose"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its word, the chains of the people it happened to and the offences it was about."""

    kind: str  #: "charge", "deny", "clear", "convict" or "quash"
    token: Token
    status: str
    people: tuple[int, ...]
    offences: tuple[tuple[Mention, int], ...]


def steps(context: Context) -> tuple[Step, ...]:
    """All steps of the document, in order of their words."""
    words = sorted({*occurrences(context, _TOLD_BY), *spelt(context, _TOLD_AS)})
    marks = {t.i: kind for t in words if (kind := _kind(t))}
    punished = {**_punished(context, marks), **_findings(context, marks)}
    marks = dict(sorted({**marks, **dict.fromkeys(punished, "convict")}.items()))
    held = {**_offences(context, {i: kind for i, kind in marks.items() if i not in punished}), **punished}
    found: list[Step] = []
    of_several: list[Step] = []
    for i, kind in marks.items():
        token = context.doc[i]
        killed = _killed(context, token, held.get(i, []))
        people = tuple(p for p in _settled(context, token, kind) if p not in killed)
        if not held.get(i) and base(token) in OWN_UP and (before := found[-1] if found else None) and _admits_it(context, token, before):
            held = {**held, i: list(before.offences)} if people == before.people else held
        bare = not held.get(i) and base(token) in SENT_AWAY | OWN_UP | FOUND_TO
        if bare and not (base(token) in OWN_UP and _ALIKE.match(context.document.text, token.idx + len(token))):
            continue
            continue
        status = _of_conviction(context, token) if token.lower_ in CONVICTIONS else status_of(context, _verb_of(token))
        status = surface_status(context, token) if status == "asserted" or _plain_plea(token) else status
        if kind == "convict" and status == "asserted" and _somebodys_word(token):
            status = "alleged"
        if kind == "not guilty":
            pleaded = _pleads(token) and not _plea_accepted(context, token)
            kind, status = ("deny" if pleaded else "clear"), ("asserted" if status == "denied" else status)
        elif kind in {"not proved", "end"} or kind == "clear" and base(token) in FOUND_TO:
            kind, status = "clear", ("asserted" if status == "denied" else status)
        elif status == "denied" and (
            kind == "quash"
            and not _sought(context, token)
            or kind == "charge"
            and (_absent(context, token) or _of_failing(token, held.get(i)))
        ):
            status = "asserted"
        if kind == "clear" and status == "alleged" and _directed(context, token):
            status = "asserted"
        if kind == "clear" and not held.get(i) and (same := _same_offences(context, held, token)):
            held = {**held, i: same}
        if people or held.get(i):
            found.append(_completed(context, found, Step(kind, token, status, people, tuple(held.get(i, ())))))
        elif kind == "clear" and status == "asserted" or kind == "charge" and status == "denied":
            of_several.append(Step("clear", token, "asserted", (), ()))
    found += [*_shared(context, found, of_several), *_of_news(context, found, of_several), *_gapped(context, found)]
    return _vouched(context, sorted(found, key=lambda s: s.token.i))


#: From a word of dealing out to the offence for which the penalty is.
_PENALTY_FOR = re.compile(
    r"(?:(?!\b(?:after|who|whom|which|when|while|but|if|where)\b)[^.;:\n]){0,60}?"
    r"\b(?:years?|months?|weeks?|life|sentence|term|order|warning|discharge|unpaid work|caution|prison|jail|custody|detention"
    r"|institution)\b"
    r"(?:(?!\b(?:after|who|whom|which|when|while|but|if|where|to)\b)[^.;:\n]){0,60}?"
    r"(?<!and )\bfor (?:[\w'’-]+ ){0,4}"
)
#: Between "found" and the misconduct that a panel found.
_FOUND_GAP = re.compile(r" (?:only |lesser |the lesser |a lesser |an? (?:lesser )?finding of |(?:the|a) lesser (?:charge|allegation) of )?")
_PANEL = re.compile(r"\b(?:panel|tribunal|hearing|meeting|chair|chairman|chairwoman|chief constable|misconduct process)\b", re.I)
#: Behind it, what is no finding of it.
_NO_FINDING = re.compile(
    r"[’']?s? (?:not\b|was not|were not|had not|hearing|panel|meeting|process|case|proceedings|investigation|regulations|allegations?)"
)


def _findings(context: Context, marks: dict[int, str]) -> dict[int, list[tuple[Mention, int]]]:
    """The word "found" where a panel found misconduct, with that: "it cleared her of gross misconduct but found misconduct"."""
    text, found = context.document.text, dict[int, list[tuple[Mention, int]]]()
    for token in occurrences(context, {"find"}):
        if token.i in marks or token.pos_ != "VERB" or is_passive(token) or negated(token):
            continue
        start, end = segment(context, token)
        first, behind = context.starting_in(token.idx, min(end, token.idx + 60), "Offence")[:1], token.idx + len(token)
        if not first or not _FOUND_GAP.fullmatch(text, behind, first[0][0].start) or _NO_FINDING.match(text, first[0][0].end):
            continue
        known = context.reference.by_slug(context.chains[first[0][1]].reference or "")
        if getattr(known, "kind", "") == "misconduct" and _PANEL.search(text, max(0, start - _SAME_REACH // 2), token.idx):
            found[token.i] = first
    return found


#: Behind a finding, the words before whom it is on.
_ON_WHOM = re.compile(r"(?: (?:proved|proven|established))? (?:by|against|on the part of) (?:[A-Z][A-Za-z]*\.? ){0,3}")


#: "In the case of Sgt Orr the panel found"
_IN_CASE_OF = re.compile(
    r"\s*(?:(?:But|And) )?[Ii]n the (?:case|matter) of (?P<who>[^.;,]{1,50}?),? (?:the|a|its?|his|her|that) (?:\w+ )?$"
)


def _found_on(context: Context, token: Token) -> Iterator[int]:
    """Whom a panel's finding of misconduct is on: "by Sgt Orr"; else whom its sentence clears of worse, or deals with for it."""
    start, end = segment(context, token)
    offence = context.starting_in(token.idx, min(end, token.idx + 60), "Offence")[0][0]
    after = context.starting_in(offence.end, end, "Person")[:1]
    if after and _ON_WHOM.fullmatch(context.document.text, offence.end, after[0][0].start):
        yield after[0][1]
        return
    if case := _IN_CASE_OF.match(context.document.text, start, token.idx):
        yield from (i for _, i in context.starting_in(*case.span("who"), "Person"))
        return
    cleared = [t for t in context.tokens_in(start, token.idx) if base(t) in CLEAR and t.pos_ == "VERB"]
    if cleared:
        yield from _settled(context, cleared[-1], "clear")
    elif token.dep_ == "advcl" and base(token.head) in SENT_AWAY | {"give", "receive", "bar", "warn", "place"}:
        yield from subject_people(context, token.head)
    else:
        dealt = (c for c in token.children if c.dep_ == "conj" and base(c) in SENT_AWAY)
        yield from (p for verb in dealt for c in verb.children if c.dep_ == "obj" for p in people_at(context, c))


_CONVICTION_FOR = re.compile(r"(?:,? (?:in|from|at|last|earlier) [^.,;:\n]{1,40})? for (?:[\w'’-]+ ){0,4}")
_AND_FOR = re.compile(
    r",?(?: and|,)(?: also)?(?: (?:for|of|the|an?|his|her|their|one|two|three|four|five|six|\d+|counts?|charges?|offences?)){0,5} "
)


def _punished(context: Context, marks: dict[int, str]) -> dict[int, list[tuple[Mention, int]]]:
    """Words that tell of a conviction by its penalty or by the noun, with its offences: "got a year for theft", "his conviction for"."""
    text = context.document.text
    found: dict[int, list[tuple[Mention, int]]] = {}
    for token in sorted({*occurrences(context, DEALT_OUT), *spelt(context, CONVICTIONS)}):
        noun = token.lower_ in CONVICTIONS
        if token.i in marks or not noun and token.pos_ not in {"VERB", "AUX"}:
            continue
        start, end = segment(context, token)
        pattern = _CONVICTION_FOR if noun else _PENALTY_FOR
        at, held = token.idx + len(token), list[tuple[Mention, int]]()
        for mention, index in context.starting_in(at, end, "Offence"):
            if not (_AND_FOR if held else pattern).fullmatch(text, held[-1][0].end if held else at, mention.start):
                if held:
                    break
                continue
            held.append((mention, index))
        if not noun and not held and _PENALTY.match(text, at, end):
            held = _for_which(context, token)
        if noun and not held:  # "his blackmail conviction"
            held = [p for p in context.starting_in(start, token.idx, "Offence") if p[0].end == token.idx - 1][-1:]
        if held:
            found[token.i] = held
    return found


#: A penalty that follows a word of dealing out.
_PENALTY = re.compile(r" (?:[\w’'-]+ ){0,4}?(?:years?|months?|weeks?|life|sentence|term|order|warning|discharge)\b")
#: Between an offence and the step that its own clause tells of: "the robbery, for which Joe Orr, 22, was jailed".
_FOR_WHICH = re.compile(
    r"(?: (?:in|at|on|of|near|outside|against) [^.,;:\n]{1,60})?,? (?:for|of|with) which "
    r"(?:(?!\b(?:who|whom|that|but|while|because|after|when|if|nobody|none)\b)[^.;:\n]){1,90}"
)


def _for_which(context: Context, token: Token) -> list[tuple[Mention, int]]:
    """The offence that a step's clause hangs on: "the murder of Ann Cole, for which Joe Orr was jailed"."""
    start, _ = segment(context, token)
    last = context.starting_in(start, token.idx, "Offence")[-1:]
    return last if last and _FOR_WHICH.fullmatch(context.document.text, last[0][0].end, token.idx) else []


#: Of a conviction of which one of these tells, another part of the text tells whether it stands.
_AFTERWARDS = frozenset("overturn quash set reverse uphold challenge contest dispute appeal review refer".split())
_SOON_AFTER = 12  # words
_NO_CONVICTION = frozenset("no without any possible potential future wrongful unsafe false if".split())


def _of_conviction(context: Context, noun: Token) -> str:
    """The status of what the noun "conviction" says: there was one, wherever the text does not only speak of one that might be."""
    if any(t.lower_ in _NO_CONVICTION for t in context.doc[max(0, noun.i - 3) : noun.i]):
        return "hypothetical"
    behind = context.tokens_in(noun.idx, segment(context, noun)[1])[:_SOON_AFTER]
    return "asserted" if any(base(t) in _AFTERWARDS for t in (noun.head, noun.head.head, *behind)) else status_of(context, noun)


_PREVIOUS = re.compile(r"\b(?:previous(?:ly)?|earlier|already|once|before|separate(?:ly)?|another|different|in (?:19|20)\d\d)\b", re.I)
_ANOTHER_TIME = re.compile(r"\b(?:previous(?:ly)?|earlier|already|once|before|separate(?:ly)?|another|different)\b", re.I)
_OF_WHAT = re.compile(
    r" (?:of|to|in (?!(?:19|20)\d\d|[A-Z])|for"
    r"|on (?!all\b|both\b|every\b|(?:the|his|her) (?:\w+ )?(?:day|morning|eve)\b|\d|[A-Z])|by reason)\b"
)


def _completed(context: Context, found: list[Step], step: Step) -> Step:
    """A verdict of guilty with what the same person was told to deny or be charged with before it in the sentence.

    "Orr, who had denied common assault, was found guilty last month." And a step of "the same offence" with what was told of another.
    """
    text = context.document.text
    open_to_it = step.kind in {"convict", "charge", "deny"} and not step.offences
    like = _ALIKE.match(text, step.token.idx + len(step.token)) if open_to_it else None
    earlier = next((s for s in reversed(found) if s.offences), None) if like else None
    if like and earlier is not None and step.token.idx - earlier.token.idx < _SAME_REACH:
        told = not {*earlier.people} & {*step.people} if like["same"] else earlier.people == step.people
        return replace(step, offences=earlier.offences) if told else step
    before = found[-1] if found else None
    if step.kind != "convict" or step.status != "asserted" or step.offences or before is None:
        return step
    if not (step.token.lower_ == "guilty" or base(step.token) in CHANGE | {"convict"}):
        return step
    if segment(context, before.token) == segment(context, step.token) and step.people == before.people:
        return replace(step, offences=before.offences) if _leads_to(context, before, step) else step
    return replace(step, offences=_charged_before(context, found, step))


def _leads_to(context: Context, before: Step, step: Step) -> bool:
    """Whether a verdict of no offence of its own may be on what the step before it in the sentence tells of."""
    if before.kind not in {"deny", "charge"} or before.status not in {"asserted", "alleged"} or not before.offences:
        return False
    start, end = before.offences[-1][0].end, step.token.idx
    if _PREVIOUS.search(context.document.text, start, end) or _OF_WHAT.match(context.document.text, end + len(step.token)):
        return False
    return not context.starting_in(start, end, "Offence")


#: Before the name of who stood trial with whom the step before is told of.
_CO_ACCUSED = re.compile(r"\b(?:[Hh]is|[Hh]er|[Tt]heir|[Tt]he|[Aa]) (?:\w+ )?co-?(?:defendant|accused),? $")


def _charged_before(context: Context, found: list[Step], step: Step) -> tuple[tuple[Mention, int], ...]:
    """The offence of a verdict that stands in a sentence without one, where there is but one that it can be of.

    That is the only one that the very person was told before to be charged with or to deny, nothing having come of it: "Orr denied
    theft. The jury took an hour to convict him"; or what was just told of who stood trial beside: "His co-accused, Hall, was found guilty".
    """
    text = context.document.text
    start, end = segment(context, step.token)
    if len(step.people) != 1 or context.starting_in(start, end, "Offence") or _ANOTHER_TIME.search(text, start, end):
        return ()
    if _OF_WHAT.match(text, step.token.idx + len(step.token)):
        return ()
    own = [s for s in found if step.people[0] in s.people]
    if own:
        charges = [s for s in own if s.kind in {"charge", "deny"} and s.status in {"asserted", "alleged"}]
        offences = {o: (m, o) for s in charges for m, o in s.offences}
        near = step.token.idx - own[-1].token.idx < _SAME_REACH
        return tuple(offences.values()) if near and len(own) == len(charges) and len(offences) == 1 else ()
    names = [m for m, i in context.starting_in(start, step.token.idx, "Person") if i == step.people[0] and m.kind == "name"]
    before = found[-1]
    beside = bool(names) and _CO_ACCUSED.search(text, max(start, names[0].start - 40), names[0].start) is not None
    near = 0 <= start - before.token.idx < _SAME_REACH // 2
    return before.offences if beside and near and before.kind != "quash" and len(before.people) == 1 else ()


_IT = frozenset({"it", "that", "this", "these", "both"})
#: Where somebody owns up by pleading.
_AT_COURT = re.compile(r"\b(?:[Cc]ourt|[Mm]agistrates?|judge|sheriff|trial|hearing)\b")
_JUST_BEFORE = 300  # characters from a charge to its admission


def _admits_it(context: Context, token: Token, before: Step) -> bool:
    """Whether somebody owns up in court to the charge just told: "was held for assault. He later admitted that at Derby Crown Court"."""
    if before.kind not in {"charge", "deny"} or before.status not in {"asserted", "alleged"} or len(before.people) != 1:
        return False
    if negated(token) or not any(c.dep_ == "obj" and c.lower_ in _IT for c in token.children):
        return False
    start, end = segment(context, token)
    told = start - before.offences[-1][0].end if before.offences else -1
    return 0 <= told < _JUST_BEFORE and _AT_COURT.search(context.document.text, token.idx, end) is not None


_DIRECTED = re.compile(
    r"\b(?:[Jj]udge|[Jj]ustice|[Rr]ecorder|[Ss]heriff|[Cc]ourt)\b[^.;]{0,60}\b(?:told|directed|ordered|instructed)\b[^.;]{0,60}"
    r"\bto (?:\w+ )?(?:return|record|enter|find|acquit|clear)\b"
)


def _directed(context: Context, token: Token) -> bool:
    """Whether a judge has the jury acquit: "the judge told jurors to return not guilty verdicts"."""
    return _DIRECTED.search(context.document.text, *segment(context, token)) is not None


def _of_failing(token: Token, offences: list[tuple[Mention, int]] | None) -> bool:
    """Whether what denies the charge is a word of the offence itself: "accused of failing to act"."""
    return any(m.start <= token.head.idx < m.end for m, _ in offences or ())


def _same_offences(context: Context, held: dict[int, list[tuple[Mention, int]]], token: Token) -> list[tuple[Mention, int]]:
    """The offences that "the same charge" means, of whatever step before: "X got a year for theft. Y was found not guilty of the same"."""
    earlier = max((i for i, offences in held.items() if offences and i < token.i), default=-1)
    if earlier < 0 or token.idx - context.doc[earlier].idx > _SAME_REACH or not _SAME.match(context.document.text, token.idx + len(token)):
        return []
    return held[earlier]


_SOMEBODY = re.compile(
    rf"\b(?:(?P<many>{'|'.join(NUMERALS)})|[Aa]n?|[Tt]he) (?:(?!\b(?:who|and|of|by|with|after)\b)[\w'’-]+ ){{0,6}}"
    r"(?:officers?|constables?|sergeants?|detectives?|inspectors?|superintendents?|PCs?|PCSOs?|m[ae]n|wom[ae]n|police(?:wo)?m[ae]n)\b",
    re.I,
)


def _of_news(context: Context, found: list[Step], of_several: list[Step]) -> Iterator[Step]:
    """The acquittal that opens a text, of "a sergeant", with whom the next paragraph names as accused: "Sgt Orr was accused of assault".

    Of two or more as many must be named: "Two detectives have been found not guilty of perjury. PC Orr and PC Hall were charged in May".
    """
    of_whom = [s for s in found if s.kind == "clear" and s.status == "asserted" and not s.people]
    for step in sorted([*of_several, *of_whom], key=lambda s: s.token.i)[:2]:
        start, end = segment(context, step.token)
        who = _SOMEBODY.search(context.document.text, start, step.token.idx)
        if start - context.document.body_start > _LEAD or who is None:
            continue
        told_here = context.starting_in(start, end, "Offence")
        if bool(told_here) != bool(step.offences) or any(m.kind == "name" for m, _ in context.starting_in(start, end, "Person")):
            continue
        charge = next((s for s in found if s.token.idx > end), None)
        if charge is None or charge.kind not in {"charge", "deny"} or charge.status not in {"asserted", "alleged"}:
            continue
        told = segment(context, charge.token)
        named = {i for m, i in context.starting_in(*told, "Person") if m.kind == "name" and m.start < charge.token.idx}
        number = NUMERALS[who["many"].lower()] if who["many"] else 1
        if named != set(charge.people) or len(named) != number or bool(charge.offences) == bool(step.offences):
            continue
        if not context.document.text[end : told[0]].strip():
            yield replace(step, people=charge.people)


_LEAD = 400  # characters from the opening of a text within which it tells its news


#: A group that is told of as a whole: "both officers", "all three", "the pair", but not "of all charges".
_GROUP = re.compile(
    rf"\b(?:all (?:the )?(?P<of>{'|'.join(NUMERALS)})|(?P<both>both)|(?:the|these) (?P<the>{'|'.join({**GROUPS, **NUMERALS})}))\b"
    r"(?! (?:\w+ )?(?:charges|counts|allegations|offences|cases|trials|verdicts|occasions|days))"
    r"|\b(?P<none>none|neither) of (?:them|the (?:\w+ )?(?:officers|men|women|defendants|accused|policemen|suspects))\b"
    r"|\b(?P<all>all) (?:of )?(?:the )?(?:officers|men|women|defendants|accused|policemen|of them)\b",
    re.I,
)
_GROUP_REACH = 600  # characters before a group in which those whom it is of are named, if they were named


def _shared(context: Context, found: list[Step], of_several: list[Step]) -> Iterator[Step]:
    """Acquittals of a group of those charged, where they are as many as it says: "found both officers not guilty"."""
    accused = {p for s in found if s.kind in {"charge", "deny"} and s.status in {"asserted", "alleged"} and s.offences for p in s.people}
    accused -= {p for s in found if s.kind in {"clear", "convict"} and s.status == "asserted" for p in s.people}  # with ends of their own
    for step in of_several if len(accused) > 1 else ():
        start, end = segment(context, step.token)
        groups = [next(filter(None, m.groups())).lower() for m in _GROUP.finditer(context.document.text, start, end)]
        before = {i for _, i in context.starting_in(max(0, step.token.idx - _GROUP_REACH), step.token.idx, "Person")} & accused
        if before not in (accused, set()):
            continue  # "Orr is charged. The Halls were accused of theft; the case against the couple was dropped": it is not theirs
        if context.starting_in(start, end, "Offence"):
            continue
        verdicts = before and not groups and _ALL_VERDICTS.search(context.document.text, start, end)
        if verdicts or len(groups) == 1 and SEVERAL.get(groups[0], len(accused)) == len(accused):
            yield replace(step, people=tuple(sorted(accused)))


#: Verdicts of nobody in particular: "told the jury to return not guilty verdicts".
_ALL_VERDICTS = re.compile(
    r"\b(?:return|record|enter|direct)\w* (?:formal )?(?:not guilty verdicts|verdicts of not guilty)\b(?! (?:on|for|in|against)\b)", re.I
)


#: What the prosecution does not pursue after a plea to something less.
_ACCEPTED = re.compile(
    r"\bnot guilty pleas?\b[^.;]{0,90}\baccepted\b|\bpleas? of not guilty\b[^.;]{0,90}\baccepted\b"
    r"|\baccepted (?:his|her|their) (?:not guilty pleas?|pleas? of not guilty)\b",
    re.I,
)


def _plea_accepted(context: Context, token: Token) -> bool:
    """Whether the prosecution took the plea, and so drops it: "his plea of not guilty to rape was accepted by the Crown"."""
    return _ACCEPTED.search(context.document.text, *segment(context, token)) is not None


_JUDGES = frozenset("judge jury court magistrates magistrate sheriff jurors panel tribunal foreman bench".split())


def _somebodys_word(token: Token) -> bool:
    """Whether somebody who does not judge merely says that a person is guilty: "Orr told jurors that Hall was guilty of fraud"."""
    if token.lower_ != "guilty" or not any(c.dep_ == "cop" for c in token.children):
        return False
    clause = token.head if token.dep_ == "conj" else token
    if clause.dep_ not in {"ccomp", "parataxis"} or base(clause.head) not in TELLING | ALLEGING:
        return False
    return not any(c.dep_ == "nsubj" and c.lower_ in _JUDGES for c in clause.head.children)


def _plain_plea(token: Token) -> bool:
    """Whether somebody is told to have pleaded guilty, whatever the tree hangs that on: "denied theft but pleaded guilty in May"."""
    if token.lower_ != "guilty" or token.i < 2 or token.nbor(-1).lower_ != "pleaded":
        return False
    return token.nbor(-2).lower_ in {"but", "and", "then", "later", "eventually", "finally", "had", "has"} or token.nbor(-2).pos_ == "PROPN"


_ABSENT = re.compile(
    r"\b(?:fail(?:ed|s|ing)? to|(?:did|does)(?: not|n['’]t)) (?:appear|attend|turn up|show up|surrender)\b[^.;]{0,60}$", re.I
)


_SOUGHT = re.compile(
    r"\b(?:fail\w*|refus\w+|reject\w*|declin\w+|bids?|attempt\w*|tried|trying|lost|loses|unable|not|never|hop\w+|want\w*|seek\w*"
    r"|sought)\b",
    re.I,
)


_KILLING = re.compile(r"murder|manslaughter|kill|homicide", re.I)


def _killed(context: Context, token: Token, offences: Sequence[tuple[Mention, int]]) -> set[int]:
    """Whom the words of a killing have as its victim, where it is told of people without names: "two men were acquitted of his murder"."""
    if not any(c.dep_ in {"nsubj", "nsubj:pass"} and c.tag_ in {"NNS", "CD"} and not [*people_at(context, c)] for c in token.children):
        return set()
    spans = (context.span(m) for m, _ in offences if _KILLING.search(m.text))
    return {p for span in spans for c in span.root.children if c.tag_ == "PRP$" for p in people_at(context, c)}


def _sought(context: Context, token: Token) -> bool:
    """Whether somebody only wanted a conviction undone: "has failed to have his conviction overturned"."""
    return _SOUGHT.search(context.document.text, segment(context, token)[0], token.idx) is not None


def _absent(context: Context, token: Token) -> bool:
    """Whether what is denied is that somebody came to court, and not the charge: "failed to appear to answer a charge of theft"."""
    return bool(_ABSENT.search(context.document.text[segment(context, token)[0] : token.idx]))


def _verb_of(token: Token) -> Token:
    """The verb before "guilty", where the tree hangs the word on another: "cleared of rape but found guilty of assault"."""
    if base(token) in FOUND_TO and base(token.head) == "find":
        return token.head
    before = token.nbor(-1) if token.lower_ == "guilty" and token.i else token
    return before if base(before) in {"find", "plead"} and token.head != before else token


def _place(context: Context, step: Step) -> int:
    """The position of the first word of a step's offences, else of its own."""
    spans = [context.span(m) for m, _ in step.offences]
    return spans[0].start if spans and len(spans[0]) else step.token.i


def _vouched(context: Context, found: list[Step]) -> tuple[Step, ...]:
    """The steps without convictions of people whom only a pronoun makes convicts: a pronoun may be anybody's.

    Nor is anybody charged by a pronoun after another's name: "Orr was suspended by Hall while the force investigates him".
    """
    spans = [segment(context, s.token) for s in found]
    named = {(k, i) for k, span in enumerate(spans) for m, i in context.starting_in(*span) if m.kind == "name"}
    known = {p for k, s in enumerate(found) for p in s.people if (k, p) in named}
    kept = []
    for step in found:
        people = tuple(p for p in step.people if p in known or led_up_to(context, p, step.token)) if step.kind == "convict" else step.people
        if step.kind == "charge":
            people = tuple(p for p in people if not either(context, p, _place(context, step)))
        if people or step.offences:
            kept.append(replace(step, people=people))
    return tuple(kept)


_REACH_OF_A_NAME = 400  # characters back to the name that a pronoun stands for


def led_up_to(context: Context, person: int, token: Token) -> bool:
    """Whether a pronoun in the sentence of a word can mean nobody but the person: the last one named, with nobody brought in since.

    "Orr, 40, is a constable in Dover. He was convicted of theft": but not where "He arrested a man" stands between.
    """
    start, end = segment(context, token)
    own = next((m for m, i in context.starting_in(start, end, "Person") if i == person), None)
    if own is None or own.kind != "pronoun" or of_the_court(context, person):
        return False
    others = OTHER_SEX.get(own.text.lower())
    floor = own.start - _REACH_OF_A_NAME
    text = context.document.text
    named = None
    for mention, i in reversed(context.starting_in(floor, own.start, "Person")):
        if i == person and mention.kind == "name":
            named = mention
            break
        if i != person and mention.kind == "name" and presides(text, mention):
            continue  # who presides over a hearing is not the one whom its finding is on
        if i != person and not (others and (mention.kind == "pronoun" or others.search(text, max(0, mention.start - 6), mention.start))):
            return False
        if i != person and mention.kind == "pronoun" and OTHER_SEX.get(mention.text.lower()) == others:
            return False
    if named is None:
        return False
    told = segment(context, context.tokens_in(named.start, named.end)[0])
    here = ((m, i) for m, i in context.starting_in(told[0], token.idx, "Person") if i != person and m.kind == "name")
    if not all(presides(text, m) for m, _ in here):
        return False  # "Orr had warned Hall. He admitted misconduct": most likely Orr did
    covered = {t.i for m, i in context.overlapping(named.start, own.start, "Person") for t in context.tokens_in(m.start, m.end)}
    surnames = context.once(_surnames)
    heads = (PERSON_HEADS | HUMANS) - (FEMALE if own.text.lower() in {"he", "him", "his"} else MALE)
    return not any(
        t.i not in covered
        and (t.text in surnames or t.pos_ == "NOUN" and t.lower_ in heads and not _describes(t))
        for t in context.tokens_in(named.end, own.start)
    )


#: Before the name of who presides over a panel.
_CHAIRS = re.compile(
    r"\b(?:panel|hearing|tribunal|meeting)\b[^.;]{0,30}\b(?:chaired|led|headed|presided over|heard|held|conducted) by "
    r"(?:[a-z][a-z ’'-]{2,40}, )?(?:(?!\b(?:who|whom|and|but|found|ruled|decided|concluded|that)\b)[^.;,]){0,60}$"
)


_CHIEF = re.compile(r"\b(?:Chief Constable|Chief Officer|Commissioner|Commander|[Cc]hair(?:man|woman)?),? $")
_FINDS_SO = re.compile(r"(?:, [^.;,]{1,60},)? (?:found(?! (?:not )?(?:guilty|to have|in breach))|ruled|decided|concluded|determined)\b")


def presides(text: str, mention: Mention) -> bool:
    """Whether a name is that of who presides over a hearing: "a panel led by Ann Cole", "Chief Constable Ann Cole found"."""
    if _CHAIRS.search(text, max(0, mention.start - 90), mention.start):
        return True
    return bool(_CHIEF.search(text, max(0, mention.start - 40), mention.start) and _FINDS_SO.match(text, mention.end))


def _surnames(context: Context) -> set[str]:
    """The last words of all people's names: where two are Kerr, "Kerr" alone is neither's mention."""
    return {m.text.split()[-1] for m, _ in context.of_types("Person") if m.kind == "name" and m.text.split()}


def _describes(noun: Token) -> bool:
    """Whether a noun says what somebody named is, and brings in nobody: "Orr is a constable", "Orr, a driver from Dover"."""
    return noun.dep_ == "appos" or any(c.dep_ == "cop" for c in noun.children)


def either(context: Context, person: int, word: int) -> bool:
    """Whether the sentence of a word has the person last by a pronoun before it (else by any), and names somebody else first.

    "Orr was suspended by Hall while the force investigates him for theft": it may be either, most likely Orr.
    """
    people = context.starting_in(*segment(context, context.doc[word]), "Person")
    own = [m for m, i in people if i == person]
    last = next((m for m in reversed(own) if m.start < context.doc[word].idx), own[0] if own else None)
    text = context.document.text
    named = ((m, i) for m, i in people if m.kind == "name" and last is not None and m.start < last.start)
    first = next((i for m, i in named if i == person or not presides(text, m)), person)
    return last is not None and last.kind == "pronoun" and first != person


_VERDICT_ON = re.compile(r" (?:against|on) (?:[A-Z][A-Za-z]*\.? ){0,3}")


def _settled(context: Context, token: Token, kind: str) -> tuple[int, ...]:
    """The people of a step: those whom order and syntax agree on; those of one where the other has nobody.

    Of a charge those whom either of the two joins to them are people too. Where the two name others, neither is believed.
    """
    start, end = segment(context, token)
    near = {i for _, i in context.starting_in(start, end, "Person")}
    if token.lower_ == "suspicion":  # who is held on it stands before: "a man is held on suspicion of murder after PC Orr was stabbed"
        near &= {i for _, i in context.starting_in(start, token.idx, "Person")}
    noun = next((t for t in (token.head, *context.doc[token.i + 1 : token.i + 2]) if t.lower_ in {"verdict", "verdicts"}), None)
    if token.lower_ == "guilty" and noun is not None:
        # "the judge directed a not guilty verdict": it is on whom the noun tells
        own = _of_charge(context, noun)
        on = [p for c in noun.children if c.dep_ in {"nmod", "obl"} and _has_case(c, "on") for p in people_at(context, c)]
        after = context.starting_in(noun.idx, end, "Person")[:1]
        if after and _VERDICT_ON.fullmatch(context.document.text, noun.idx + len(noun), after[0][0].start):
            on.append(after[0][1])  # whatever the tree hangs it on: "took an hour to return a guilty verdict against Orr"
        return tuple(p for p in dict.fromkeys([*own, *on]) if p in near)
    tree = [p for p in dict.fromkeys(_people(context, token, kind)) if p in near]
    if base(token) == "find":
        return tuple(tree)
    if not tree and _of_another(context, token):
        return ()
    line = list(dict.fromkeys(_in_line(context, token, kind, start, end)))
    both = [p for p in line if p in tree]
    if base(token) in DEALT_OUT:  # who "was given two years" must be said so by the syntax
        last = [i for m, i in context.starting_in(start, token.idx, "Person") if m.kind == "name"][-1:]
        told = set(tree) <= {i for _, i in context.starting_in(token.idx, end, "Person")} or not last or last[0] in tree
        return tuple(both if line else tree) if told else ()
    if not (line and tree):
        return tuple(line or tree)
    row = _row(context, token, start, end, {*line, *tree})
    if row:
        return row
    if kind == "charge" and both and len(both) in {len(line), len(tree)}:
        return tuple(line if len(line) > len(tree) else tree)
    return tuple(both)


#: Between two names of a list: ages, homes, ranks and kin, and no verb: "PC Ann Orr, 40, of Luton, and the former Sgt Ben Hall".
_ITEM = re.compile(
    r"(?:,? \(?(?:aged )?\d\d\)?)?(?:,? (?:both |all )?(?:of|from|at) (?:the )?[A-Z][\w'’-]*(?:,? [A-Z&][\w'’-]*){0,3})?"
    r"(?:,? and(?: also)?|,) (?P<what>(?:[a-z-]+ ){0,4})(?:(?:ex-)?[A-Z][\w/]*\.? ){0,3}"
)
_OF_NOUNS = frozenset({"NOUN", "ADJ", "DET", "PROPN"})
#: The same of ranks, whatever they are tagged as.
_OF_RANKS = frozenset("former serving then retired acting temporary trainee".split())


def _row(context: Context, token: Token, start: int, end: int, people: set[int]) -> tuple[int, ...]:
    """All the people of the list nearest to a word that has others as members: "PC Orr, 31, DC Hall, 40, and PC Dale were jailed"."""
    rows: list[list[tuple[Mention, int]]] = []
    for found in context.starting_in(start, end, "Person"):
        if found[0].kind == "name":
            if rows and _in_row(context, rows[-1][-1][0].end, found[0].start):
                rows[-1].append(found)
            else:
                rows.append([found])
    text = context.document.text
    before = [row for row in rows if row[-1][0].end <= token.idx][-1:]
    behind = [row for row in rows if row[0][0].start > token.idx][:1]
    near = next((row for row in before + behind if people & {i for _, i in row}), [])
    members = dict.fromkeys(i for _, i in near)
    if len(members) < 2 or not people <= set(members) or " and " not in text[near[-2][0].end : near[-1][0].start]:
        return ()
    return tuple(members)


def _in_row(context: Context, start: int, end: int) -> bool:
    """Whether the words between two names leave them in one list."""
    match = _ITEM.fullmatch(context.document.text, start, end) if end - start < 120 else None
    if match is None:
        return False
    words = context.tokens_in(*match.span("what"))
    return all(t.pos_ in _OF_NOUNS or t.tag_ == "PRP$" or t.text == "-" or t.lower_ in _OF_RANKS for t in words)


_NEW = frozenset("a an another one".split())


def _of_another(context: Context, token: Token) -> bool:
    """Whether the step is told of somebody unnamed: "an officer who shot Orr was cleared", "there is no sign that Orr did it, and
    another man later admitted the assault".
    """
    verb = token.head if token.lower_ == "guilty" and token.head.pos_ in {"VERB", "AUX"} else token
    subject = next((c for c in verb.children if c.dep_ in {"nsubj", "nsubj:pass"} and c.i < verb.i), None)
    if subject is None or subject.pos_ != "NOUN" or not any(c.lower_ in _NEW for c in subject.lefts):
        return False
    if subject.lower_ in _JUDGES and not is_passive(verb):
        return False  # "a panel found him guilty"
    if context.at(subject, "Person"):
        return False
    following = context.starting_in(subject.idx + len(subject), verb.idx, "Person")
    named = following and context.document.text[subject.idx + len(subject) : following[0][0].start].lstrip()[:1] in {",", "(", ""}
    return not named


#: A full stop and what stands behind it, a line break or a bullet. It begins with their characters, so that others are passed over fast.
_STOP = re.compile(
    r"[.!?\s](?:(?<=[.!?])(?<![A-Z].)(?<!\bMr.)(?<!\bMs.)(?<!\bDr.)(?<!\bMrs.)(?<!\bSt.)[”\"’')]*\s+(?=[A-Z“\"‘'•*0-9])"
    r"|(?<=\n)|(?<=\s)•)"
)


def segment(context: Context, token: Token) -> tuple[int, int]:
    """Offsets of the sentence around a word by its marks alone, as parsed sentences may run together."""
    text = context.document.text
    floor, ceiling = max(0, token.idx - 600), min(len(text), token.idx + 600)
    start = max((m.end() for m in _STOP.finditer(text, floor, token.idx)), default=floor)
    closing = _STOP.search(text, token.idx + len(token), ceiling)
    return start, closing.start() + 1 if closing else ceiling


_AHEAD = {"will": "proposed", "'ll": "proposed", "’ll": "proposed", "shall": "proposed", "could": "hypothetical", "would": "hypothetical"}
_AHEAD |= {"might": "hypothetical", "may": "hypothetical", "can": "hypothetical", "cannot": "denied"} | dict.fromkeys(NEGATORS, "denied")


#: "There was insufficient evidence to", "did not have enough evidence to".
TOO_LITTLE = (
    r"(?:(?:\bnot|n['’]t|\bnever) (?:have )?(?:enough|sufficient)|\b(?:insufficient|no|too little|lack of))(?: \w+){0,2} evidence "
    r"(?:with which )?to"
)
#: Before a step that nobody takes: "it was not in the public interest to [prosecute]".
_NO_CASE = re.compile(
    rf"(?:{TOO_LITTLE}|(?:\bnot|n['’]t)(?: be)? in the public interest to|\b(?:decided|ruled|advised) against) $", re.I
)


def surface_status(context: Context, token: Token) -> str:
    """The status by the words right before a word, for where the tree went wrong."""
    start, _ = segment(context, token)
    before = context.document.text[start : token.idx]
    if (
        re.search(r"\b(?:if|unless|whether)\b[^,;]*$", before, re.I)
        or re.match(r"[\"“]?(?:If|Unless|Should|Were|Had)\b[^.]*\b(?:will|would|could)\b|[^.]*['’]ll\b", before)
        and before.lstrip('"“').startswith(("If", "Unless", "Should", "Were", "Had"))
    ):
        return "hypothetical"
    if _NO_CASE.search(before):
        return "denied"
    for other in reversed(context.doc[max(0, token.i - 5) : token.i]):
        if other.idx < start or other.text in {",", ";", ":"} or other.lower_ in {"but", "and", "who"}:
            break
        if other.lower_ in _AHEAD and not (other.lower_ == "not" and token.lower_ == "guilty"):
            return _AHEAD[other.lower_]
    return "asserted"


_OBLIQUE = re.compile(
    r"\b(?:of|on|against|by|to|with|for|from|after|about|at|over|as|in|told|tell|near|towards|alongside|\w+ing|\w{3,}ed)\s+"
    r"(?:(?!(?:and|or|but|while|nor|then|which)\b)[A-Za-z-]+,? ){0,4}$"
)
#: "the panel ruled that PC Orr": what stands behind is its subject
_RULES = "found|ruled|concluded|determined|decided"
_RULED = re.compile(rf"\b(?:{_RULES}) that (?:\w+ ){{0,4}}$")
_RULED_OR_SAID = re.compile(rf"\b(?:{_RULES}|said) that (?:\w+ ){{0,4}}$")
_DIRECT = re.compile(r"[ ,]*(?:(?:(?!(?:of|with|for|on|by|at|in|to|after|and|who|that)\b)[\w’'-]+),? ){0,6}")
_WHO = re.compile(
    r"(?:,? \(?(?:aged )?\d\d\)?)?,? who(?: (?:has|had|have|is|was|were|been|also|now|still|later|earlier|already|subsequently|eventually"
    r"|then|since|both|strongly|previously)){0,3} $"
)
_JOINED = re.compile(r"[^;:]*\b(?:and|nor)\b[^;:]*")


def _in_line(context: Context, token: Token, kind: str, start: int, end: int) -> Iterator[int]:
    """The people of a step by the order of words: the object right after an active verb, else the subject before it."""
    text = context.document.text
    lemma = base(token)
    people = [(m, i) for m, i in context.starting_in(start, end, "Person") if m.end <= end]
    if kind in {"end", "quash", "not proved"} or lemma == "prove" or token.lower_ in {"suspicion", *CONVICTIONS}:
        return
    verb = token
    if token.lower_ == "guilty":
        verb = next((t for t in reversed(context.doc[max(0, token.i - 8) : token.i]) if base(t) in {"find", "plead", "be", "say"}), token)
        between = [p for p in people if verb.idx < p[0].start < token.idx]
        if base(verb) == "find" and between:
            yield between[0][1]
            return
    elif lemma in CHARGE | CLEAR | CONVICT | _TO_WHOM and not _passive_before(context, token):
        after = next((p for p in people if p[0].start > token.idx), None)
        if (
            after
            and len(text[token.idx + len(token) : after[0].start]) < 70
            and _DIRECT.fullmatch(text[token.idx + len(token) : after[0].start])
        ):
            yield after[1]
            yield from _joined_people(context, people, after, forward=True)
            return
        if token.tag_ in {"VBD", "VBZ", "VBP", "VB"}:
            return
    # what somebody was dismissed for is mostly no crime of theirs: "who had been dismissed for hiding a caution for assault"
    if lemma not in SENT_AWAY and (who := _WHO.search(text, start, verb.idx)):
        # "was stabbed by his neighbour, Hall, who denies murder": whom the words stand right behind
        antecedent = next((i for m, i in people if m.kind == "name" and m.end == who.start()), None)
        if antecedent is not None:
            yield antecedent
            return
    before = [p for p in people if p[0].end <= verb.idx and not _oblique(text, p[0], start)]
    ruled = _RULED_OR_SAID if lemma in FOUND_TO else _RULED
    if not before:
        before = [p for p in people if p[0].end <= verb.idx and ruled.search(text, start, p[0].start)]
    row = _row_before(context, people, before[-1]) if before else []
    first = row[0][0] if row else None
    led_in = first is not None and any(pattern.search(text, start, first.start) for pattern in (_OPENING, ruled))
    oblique = first is not None and not led_in and _oblique(text, first, start)
    listed = len(row) > 2 and not oblique and _opens(context, start, row[0][0].start)
    if listed and not _does_more(context, row[-1][0].end, verb):  # not "Orr, Hall and Dale watched as their sergeant pleaded guilty"
        yield from (i for _, i in reversed(row))
    elif before and not oblique:  # "arrested by PC Orr and PC Hall, was charged": neither of them
        yield before[-1][1]
        yield from (i for m, i in before[:-1] if m.kind != "name" and m.start == before[-1][0].start)
        yield from _joined_people(context, people, before[-1], forward=False)


def _does_more(context: Context, end: int, verb: Token) -> bool:
    """Whether between a list's end and a verb another verb tells of those listed, in no clause of its own ("who denied it")."""
    between = [t for t in context.tokens_in(end, verb.idx) if t.idx < verb.idx]
    finite = [k for k, t in enumerate(between) if t.pos_ == "VERB" and t.tag_ in {"VBD", "VBZ", "VBP"}]
    return bool(finite) and not any(t.lower_ in {"who", "and", "but"} for t in between)


def _opens(context: Context, start: int, at: int) -> bool:
    """Whether a list at an offset opens its clause, with no verb before it: "when they met Cole, Orr and Hall were charged" does not."""
    before = [t for t in context.tokens_in(start, at) if start <= t.idx < at]
    that = max((k for k, t in enumerate(before) if t.lower_ == "that"), default=-1)
    return not any(t.pos_ in {"VERB", "AUX"} and not _OPENING.fullmatch(t.text + " ") for t in before[that + 1 :])


#: Before the first of a list that is no object, whatever stands before: "The men, including Sgt Orr", "Serving officers Sgt Orr", "Two
#: others tried alongside him, PC Orr".
_OPENING = re.compile(
    r"(?<!by )\b(?:(?:[Ii]ncluding|namely|[Ss]erving|[Aa]cting) (?:[\w/]+\.? ){0,4}|(?:him|her|them), (?:[A-Z][A-Za-z/]*\.? ){0,3})$"
)


def _row_before(context: Context, people: list[tuple[Mention, int]], last: tuple[Mention, int]) -> list[tuple[Mention, int]]:
    """The list of names that one closes."""
    at = people.index(last)
    row = [last]
    while at and people[at - 1][0].kind == "name" and _in_row(context, people[at - 1][0].end, row[0][0].start):
        at -= 1
        row.insert(0, people[at])
    return row


def _passive_before(context: Context, token: Token) -> bool:
    """Whether a form of "be" or "get" stands right before, adverbs and auxiliaries between."""
    for other in reversed(context.doc[max(0, token.i - 4) : token.i]):
        if base(other) in {"be", "get"}:
            return True
        if other.pos_ not in {"ADV", "AUX", "PART"} and other.lower_ not in {"both", "also", "all"}:
            return False
    return False


_CONCEDED_FIRST = re.compile(r"(?:Although|Though|While|Whereas)\b[^,;.\n]{1,120}, (?:[A-Z][A-Za-z/]*\.? ){0,3}")


def _oblique(text: str, mention: Mention, start: int) -> bool:
    """Whether a name is only mentioned: after a preposition or a verb, or as the possessor of what is spoken of."""
    if text[mention.end : mention.end + 2] in {"'s", "’s"} or mention.text.lower() in {"his", "her", "their"}:
        return True
    if _CONCEDED_FIRST.fullmatch(text, start, mention.start):
        return False  # "Although Orr was cleared of theft, Hall was convicted"
    return bool(_OBLIQUE.search(text[max(start, mention.start - 60) : mention.start]))


def _joined_people(context: Context, people: list[tuple[Mention, int]], found: tuple[Mention, int], *, forward: bool) -> Iterator[int]:
    """Those joined to a person by "and" without a verb between."""
    at = people.index(found)
    other = people[at + 1] if forward and at + 1 < len(people) else people[at - 1] if not forward and at else None
    if other is None:
        return
    first, last = sorted((found[0], other[0]))
    between = context.doc.char_span(first.end, last.start, alignment_mode="contract")
    if between is None or not _JOINED.fullmatch(context.text(between)):
        return
    if any(t.tag_ in {"VBD", "VBZ", "VBP", "MD", "VBN", "VBG"} for t in between):
        return
    if any(t.pos_ == "ADP" and t.lower_ not in {"of", "from"} for t in between):
        return
    yield other[1]


def _kind(token: Token) -> str | None:
    """The kind of step a word tells of."""
    word, lemma = token.lower_, base(token)
    if word == "guilty":
        return "not guilty" if _refused(token) else "convict"
    if token.pos_ not in {"VERB", "AUX", "ADJ"} and not (token.tag_ in {"VBN", "VBD"} and token.pos_ != "NOUN"):
        if word in {"suspicion"} and _has_case(token, "on"):
            return "charge"
        return None
    if word in {"proved", "proven"} and _found_against(token) is not None:
        return "convict"
    if word == "proven" or (lemma == "prove" and negated(token)):
        return "not proved" if _refused(token) or negated(token) else None
    if lemma == "prove" and _of_misconduct(token):
        return "convict"
    if lemma == "prosecute" and token.tag_ == "VBG":
        return None  # "Ann Cole, prosecuting, said"
    if lemma in CHARGE:
        return None if lemma in {"try", "want", "question"} and not is_passive(token) else "charge"
    if lemma in CLEAR and not (word == "clear" and token.pos_ == "ADJ"):  # not "a clear approach to tackling violence"
        return "clear"
    if lemma in FOUND_TO:
        return _found_to(token)
    if lemma in CONVICT or (lemma in SENT_AWAY and any(_has_case(c, "for") for c in token.children)):
        return "convict"
    if lemma in OWN_UP:
        return "convict"
    if lemma in CHANGE:
        pleas = any(c.dep_ == "obj" and c.lower_ in {"plea", "pleas"} for c in token.children)
        return "convict" if pleas and not any(t.lower_ == "not" for t in token.doc[token.i + 1 : token.i + 6]) else None
    if lemma in DENY:
        return "deny"
    if lemma in FACE:
        return "charge"
    if lemma in UNDO | END:
        for child in token.children:
            if child.dep_ in {"nsubj:pass", "obj", "nsubj"}:
                if base(child) == "conviction" and lemma in UNDO:
                    return "quash"
                if base(child) in _CHARGES and lemma in END - {"prove", "find"} and (lemma != "uphold" or negated(token)):
                    return "end"
    return None


_FINDERS = frozenset("panel tribunal chair chairman chairwoman hearing".split())
_FINDING = frozenset("find rule conclude determine decide say".split())


def _found_to(token: Token) -> str | None:
    """What a panel's finding makes of a verb: "was found to have committed", "was found not to have", "the panel said PC Orr had"."""
    verb = token.head if token.dep_ != "conj" else token.head.head
    first = token if token.dep_ != "conj" else token.head
    if not any(base(c) == "have" and c.dep_ == "aux" for c in first.children):
        return None
    passive = base(verb) == "find" and first.dep_ in {"xcomp", "ccomp", "advcl"} and is_passive(verb)
    by_panel = first.dep_ in {"ccomp", "parataxis"} and base(verb) in _FINDING and not is_passive(verb)
    if not passive and not (by_panel and any(c.dep_ == "nsubj" and c.lower_ in _FINDERS for c in verb.children)):
        return None
    return "clear" if negated(token) or negated(first) or negated(verb) else "convict"


def _of_misconduct(token: Token) -> bool:
    return any(
        c.dep_ in {"nsubj:pass", "obj", "nsubj"} and c.lower_ in {"misconduct", "allegation", "allegations", "breach"}
        for c in token.children
    )


_NOT_FOUND = frozenset({"not", "no", "never", ".", "if", "whether"})
_ACCUSATIONS = frozenset("case cases allegation allegations complaint complaints charge charges".split())


def _found_against(token: Token) -> tuple[int, int] | None:
    """The words that tell against whom a case was found proved, by position: "found the case against PC Orr proved"."""
    words = [t.lower_ for t in token.doc[max(0, token.i - 14) : token.i]]
    if not words or words[-1] == "not" or "against" not in words:
        return None
    at = len(words) - 1 - words[::-1].index("against")
    before = words[:at]
    if "found" not in before or not _ACCUSATIONS & {*before[before.index("found") :]} or _NOT_FOUND & {*words}:
        return None
    return token.i - len(words) + at + 1, token.i


def _refused(token: Token) -> bool:
    before = token.nbor(-1).lower_ if token.i else ""
    return before == "not" or negated(token) or (token.head != token and token.dep_ == "xcomp" and negated(token.head))


def _pleads(token: Token) -> bool:
    if token.i > 2 and token.nbor(-2).lower_ == "of" and token.nbor(-3).lower_ in {"plea", "pleas"}:
        return True
    if any(base(t) in {"plead", "say", "enter", "maintain", "insist", "plea"} for t in (token.head, *token.lefts)):
        return True
    # whatever the tree hangs it on: "was charged in May and pleaded not guilty", "indicated not guilty pleas"
    before = token.nbor(-2) if token.i > 1 and token.nbor(-1).lower_ == "not" else token
    after = token.nbor(1).lower_ if token.i + 1 < len(token.doc) else ""
    return base(before) in {"plead", "indicate", "enter"} or after in {"plea", "pleas"}


def _has_case(token: Token, *words: str) -> bool:
    return any(c.dep_ in {"case", "mark"} and c.lower_ in words for c in token.children)


_CUT = re.compile(r";|\b(?:after|who|whom|which|when|while|where|whose|because|although|though|before|until)\b|\bbut (?!also)")
_LINK = re.compile(r"\b(?:of|with|to|for|over|on|in)\b")
#: An acquittal of what was told before: "was cleared of the same charge", "found not guilty of both counts".
_SAME = re.compile(
    r"[^.;,]{0,60}?\b(?:of|on) (?:the same|both|all|that|these|those)(?: \w+)? (?:charge|count|offence|crime|allegation)s?\b", re.I
)
#: The same of other steps: "admitted the same offence", "pleaded guilty to both charges".
_ALIKE = re.compile(
    r"[^.;,]{0,40}?\b(?:(?P<same>the (?:very )?same (?:charge|count|offence|crime|thing)s?)"
    r"|(?:to|of|with) both(?: (?:charge|count|offence|crime)s)?(?=[.,;]| (?:on|in|at|last|this|by)\b)"
    r"|both (?:charge|count|offence|crime)s)(?!\w)",
    re.I,
)
_SAME_REACH = 500  # characters back to the step with the offences


#: Between a step's offence and one that it tells of somebody else: "jailed for theft and Joe Hall, 40, for fraud".
_AND_ANOTHER = re.compile(
    r",? (?:and |while )?(?:(?:PC|DC|DS|DI|Sgt|Mr|Mrs|Ms|Miss|Dr|Inspector|Sergeant|Constable) )?(?P<who>[A-Z][^.;,()]{2,40}?)"
    r"(?:,? \(?\d\d\)?,?)?(?: (?:for|of|to|with))?(?: (?:the|an?|one|two|three|four|counts?|charges?|of))* "
)


def _anothers(context: Context, start: int, end: int) -> int | None:
    """Who is named, and nobody else, between two offences of which no verb stands between: the second is that person's."""
    match = _AND_ANOTHER.fullmatch(context.document.text, start, end) if end - start < 90 else None
    if match is None:
        return None
    named = [(m, i) for m, i in context.starting_in(*match.span("who"), "Person") if m.kind == "name"]
    return named[0][1] if len(named) == 1 and named[0][0].end == match.end("who") else None


def _gapped(context: Context, found: list[Step]) -> Iterator[Step]:
    """The steps that a sentence tells without their verb: "Ann Orr was jailed for theft and Joe Hall for fraud"."""
    for step in found:
        if step.kind == "quash" or not step.offences or not step.people:
            continue
        last = step.offences[-1][0]
        while following := context.starting_in(last.end, min(segment(context, step.token)[1], last.end + 90), "Offence")[:1]:
            person = _anothers(context, last.end, following[0][0].start)
            if person is None or person in step.people:
                break
            yield replace(step, people=(person,), offences=tuple(following))
            last = following[0][0]


#: Between a denial and a wrong that is no charge against who denies: "denied that the cuts were to blame for the officers' misconduct".
_OF_OTHERS = re.compile(r"^(?!.*\b(?:he|she|they)\b).*\b(?:was|were|is|are|had|has|have)\b", re.I | re.S)


def _offences(context: Context, marks: dict[int, str]) -> dict[int, list[tuple[Mention, int]]]:
    """The offence mentions of each step: those after its word, up to the next step or clause; else those right before it."""
    text = context.document.text
    covered = {t.i for m, _ in context.of_types("Offence") for t in context.tokens_in(m.start, m.end)}
    held: dict[int, list[tuple[Mention, int]]] = {}
    taken: set[Mention] = set()
    ordered = sorted(marks)
    free = [i for i in ordered if i not in covered]
    for k, i in enumerate(ordered):
        token = context.doc[i]
        start, end = segment(context, token)
        if i in covered:
            if base(token) in FOUND_TO and (own := context.at(token, "Offence")) and own[0].start == token.idx:
                held[i] = [own]  # "found to have [breached the standards of professional behaviour]"
                taken.add(own[0])
            continue
        later = bisect_right(free, i)
        following = context.doc[free[later]].idx if later < len(free) else end
        # "cleared of rape but found guilty of assault" tells of both
        if token.lower_ not in {"guilty"} and base(token) not in CLEAR | DENY and any(
            context.doc[j].lower_ == "guilty" and context.doc[j].idx == following < end for j in ordered[k + 1 : k + 2]
        ):
            continue  # "admitted ... guilty", "found guilty": the outcome is told by the adjective of the same sentence
        stop = min(end, following)
        direct = base(token) in OWN_UP | DENY | FACE | FOUND_TO
        for mention, index in context.starting_in(token.idx + 1, stop, "Offence"):
            gap = text[token.idx + len(token) : mention.start]
            if _CUT.search(gap) or not (direct or _LINK.search(gap)) or (base(token) in DENY and _OF_OTHERS.search(gap)):
                break
            if held.get(i) and _anothers(context, held[i][-1][0].end, mention.start) is not None:
                break  # "jailed for theft and Joe Hall for fraud"
            held.setdefault(i, []).append((mention, index))
            taken.add(mention)
    for k, i in enumerate(ordered):
        token = context.doc[i]
        if held.get(i) or not (
            marks[i] in {"end", "not proved"}
            or base(token) in {"prove", "jail", "sentence", "imprison", "fine"}
            or token.lower_ == "guilty"
        ):
            continue
        start, _ = segment(context, token)
        floor = max(start, context.doc[ordered[k - 1]].idx) if k else start
        before = [p for p in context.starting_in(floor, token.idx, "Offence") if p[0].end <= token.idx and p[0] not in taken]
        if before and not _CUT.search(text[before[-1][0].end : token.idx]):
            held[i] = before[-1:]
    for i in (i for i in ordered if marks[i] in {"convict", "charge"} and not held.get(i)):
        if which := _for_which(context, context.doc[i]):
            held[i] = which
    told = [i for i in ordered if held.get(i)]
    for i in (i for i in ordered if marks[i] in {"clear", "not guilty"} and not held.get(i)):
        token = context.doc[i]
        earlier = told[bisect_right(told, i) - 1] if told and told[0] < i else None
        if earlier is not None and token.idx - context.doc[earlier].idx < _SAME_REACH and _SAME.match(text, token.idx + len(token)):
            held[i] = held[earlier]
    for i in (i for i in ordered if marks[i] in {"clear", "not guilty"}):
        later = bisect_right(ordered, i)
        following = ordered[later] if later < len(ordered) else i
        start = held[i][-1][0].end if held.get(i) else context.doc[i].idx
        if held.get(following) and marks[following] == "charge" and _ACCUSED_OF_IT.fullmatch(text, start, context.doc[following].idx):
            held[i] = held.get(i, []) + held[following]
    return held


#: What a jury clears somebody of is what he was accused of: "acquitted X, 57, who was accused of", "cleared of fraud after he was
#: accused of".
_ACCUSED_OF_IT = re.compile(
    r"[^.;\n]{0,80}?,? (?:who|after|having)(?: (?:he|she|they))?(?: (?:was|were|is|had|has|been|being|stood))* ", re.I
)


def _people(context: Context, token: Token, kind: str) -> Iterator[int]:
    """The chains of the people a step happened to."""
    lemma = base(token)
    if token.lower_ == "guilty":
        yield from _of_guilty(context, token)
    elif token.lower_ == "suspicion":
        head = token.head
        if base(head) not in CHARGE:
            yield from subject_people(context, head)
        elif head.pos_ == "VERB":  # "was arrested on suspicion of theft": the offence stands by the noun, whose it is by the verb
            yield from _people(context, head, "charge")
    elif kind in {"end", "quash", "not proved"}:
        for child in token.children:
            if child.dep_ in {"nsubj", "nsubj:pass", "obj"} and child.pos_ == "NOUN":
                yield from _of_charge(context, child)
        yield from (p for c in token.children if c.dep_ == "obl" and _has_case(c, "against") for p in people_at(context, c))
        if lemma == "free":
            yield from (p for c in token.children if c.dep_ == "obj" for p in people_at(context, c))
    elif token.lower_ in CONVICTIONS:
        yield from _of_charge(context, token)
        if base(token.head) == "have" and token.dep_ == "obj":
            yield from subject_people(context, token.head)
    elif lemma in OWN_UP | DENY | CHANGE | FACE | FOUND_TO | DEALT_OUT - _TO_WHOM:
        yield from subject_people(context, token)
    elif lemma == "prove":
        yield from (p for c in token.children if c.dep_ == "obl" and _has_case(c, "against") for p in people_at(context, c))
        if (words := _found_against(token)) is not None:
            first, last = (context.doc[i].idx for i in words)
            yield from (i for _, i in context.starting_in(first, last, "Person"))
    elif lemma == "find" and kind == "convict":
        yield from _found_on(context, token)
    elif is_passive(token):
        yield from subject_people(context, token)
    else:
        yield from (p for c in token.children if c.dep_ in {"obj", "iobj"} for p in people_at(context, c))


def _of_charge(context: Context, noun: Token) -> Iterator[int]:
    """Whose charge or conviction it is: "the charge against X", "X's conviction", "the conviction of X"."""
    for child in noun.children:
        if child.dep_ == "nmod:poss" or child.tag_ == "PRP$" or (child.dep_ in {"nmod", "obl"} and _has_case(child, "against", "of")):
            yield from people_at(context, child)


def _of_guilty(context: Context, token: Token) -> Iterator[int]:
    head = token.head
    plea = next((t for t in context.doc[max(0, token.i - 3) : token.i] if t.lower_ in {"plea", "pleas"}), None)
    if plea is not None:  # "his plea of not guilty was accepted"
        yield from _of_charge(context, plea)
        return
    if any(c.dep_ in {"nsubj", "cop"} for c in token.children):
        yield from subject_people(context, token)
    elif base(head) == "find" and not is_passive(head):
        yield from (p for c in head.children if c.dep_ in {"obj", "iobj"} for p in people_at(context, c))
    elif head != token and head.pos_ in {"VERB", "AUX"}:
        yield from subject_people(context, head)
    else:
        yield from subject_people(context, token)


def case_of(token: Token) -> str:
    """The prepositions of a noun: "by", "because of"."""
    return " ".join(c.lower_ for c in token.children if c.dep_ == "case")


def is_passive(token: Token) -> bool:
    """Whether a verb is passive: said so by its auxiliary or subject, or a participle that hangs on what it is said of."""
    deps = {c.dep_ for c in token.children}
    if deps & {"aux:pass", "nsubj:pass", "obl:agent"}:
        return True
    if token.tag_ not in {"VBN", "VBD"} or deps & {"nsubj", "obj"} or any(c.dep_ == "aux" and base(c) == "have" for c in token.children):
        return False
    if token.dep_ == "conj" and token.head.pos_ == "VERB":
        return is_passive(token.head) if base(token.head) not in {"admit", "appear", "plead"} else token.tag_ == "VBN"
    return token.tag_ == "VBN" or token.dep_ in {"acl", "advcl", "amod"}


def subject_people(context: Context, verb: Token) -> Iterator[int]:
    """The people who are the subject of a verb or predicate, through control, coordination and relative clauses."""
    token = verb
    for _ in range(6):
        subject = next((c for c in token.children if c.dep_ in {"nsubj", "nsubj:pass"}), None)
        if subject is not None:
            if subject.lower_ in _RELATIVE and token.dep_ in {"acl:relcl", "acl", "conj"}:
                noun = token.head if token.dep_ != "conj" else token.head.head
                yield from people_at(context, noun)
            else:
                yield from people_at(context, subject)
            return
        if token.dep_ in {"acl", "acl:relcl", "amod"} or (
            token.dep_ in {"advcl", "appos", "parataxis"} and token.head.pos_ in {"NOUN", "PROPN"}
        ):
            found = list(people_at(context, token.head))
            if not found and token.head.dep_ == "nsubj" and any(c.dep_ == "cop" for c in token.head.head.children):
                found = list(people_at(context, token.head.head))  # "the man jailed for theft was Joe Orr"
            yield from found
            return
        if token.dep_ in {"conj", "xcomp", "advcl", "parataxis", "ccomp"} and token.head.pos_ in {"VERB", "AUX", "ADJ"}:
            if token.dep_ in {"ccomp"}:
                return
            token = token.head
            continue
        break
    yield from _opening(context, verb)


def _opening(context: Context, verb: Token) -> Iterator[int]:
    """In lists and headlines without a verb of their own, the one person named before the word."""
    before = {index for _, index in context.starting_in(context.sentence(verb).start_char, verb.idx, "Person")}
    if len(before) == 1:
        yield from before


def people_at(context: Context, token: Token) -> Iterator[int]:
    """The chains of the person a noun stands for, of those joined to it, and of those it is a description of."""
    yield from _person(context, token)
    for child in token.children:
        if child.dep_ == "conj" and child.pos_ in {"NOUN", "PROPN", "PRON"}:
            yield from people_at(context, child)


def _person(context: Context, token: Token) -> Iterator[int]:
    if token.lower_ in _RELATIVE and token.head.dep_ == "acl:relcl":
        token = token.head.head
    found = context.head_mention(token, "Person") or (context.at(token, "Person") if token.pos_ in {"PROPN", "PRON"} else None)
    if found:
        yield found[1]
        if found[0].kind != "name":  # "they", "both": all who have the word in their chains
            yield from (i for _, i in context.starting_in(token.idx, token.idx + 1, "Person") if i != found[1])
        return
    for child in token.children:
        if child.dep_ in {"appos", "flat", "compound", "nmod:desc"}:
            hit = context.head_mention(child, "Person") or (context.at(child, "Person") if child.dep_ != "compound" else None)
            if hit and hit[0].kind != "pronoun":
                yield hit[1]
                if child.dep_ in {"flat", "appos"}:
                    return

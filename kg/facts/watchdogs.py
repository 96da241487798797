"""Watchdogs: who or what was referred to one, and whom one, or a force, looks into, where a verb's tree does not tell it.

Read off the words between the signs of a sentence (see ``kg.facts.masked``), as "to the Independent Office for Police Conduct" hangs on
anything in a tree. What is referred is told by name ("referred PC Orr"), by what happened ("referred the death") or is the force itself
("made a mandatory referral"); "the matter" is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.masked import Masked, chain_of, masked, secure
from kg.facts.status import status_of
from kg.facts.times import fact_dates
from kg.model import Fact

SOURCE = "watchdogs"

_HAS = (
    r"(?:(?:has|have|had|will|would|should|must|may|might|could|did|does|was|were|is|are|been|being|be|to|not|never|now|also|then|later"
    r"|since|already|voluntarily|immediately|formally|both|all|itself) )*"
)
_TO = r"to (?:the )?(?:(?:police )?watchdog,? (?:the )?)?<(?P<to>[BOU]\d+)>"
_KIND = r"(?:an?|its|the|another|this) (?:(?:\w+|self)[ -]){0,2}?"
_ONES = r"(?:(?:the|former|serving|both|retired|<F\d+>(?:'s)?) )*(?:<T\d+>,? )*"
_OF = (
    r"(?:, (?:\d\d, )?(?:(?:both|all|who (?:is|was|works|serves)|a|an|the)\b[^<>.;]{0,20})?(?:of|from|with|at|in)? ?"
    r"(?:[^<>.;,]|<[FULT]\d+>){1,60},)?"
)
#: a comma alone joins nobody: "an investigation into PC <P>, PC <P> was dismissed"
_LIST = rf"<P\d+>(?!')(?:(?:, {_ONES}<P\d+>(?!'))*,? and {_ONES}<P\d+>(?!'))?"
_LOOK = r"(?P<word>investigation|inquiry|probe)"
_BY = r"by (?:the )?(?:police watchdog,? )?(?:the )?<(?P<to>[BFU]\d+)>"
#: What is looked into where it is somebody: "the conduct of PC Orr", "allegations against PC Orr".
_CONDUCT = (
    r"(?:(?:\w+ ){0,3}(?:conduct|actions|behaviour|handling|allegations?|complaints?|claims?)(?: \w+){0,3} (?:of|by|against|about) )?"
)

_REFERS = re.compile(rf"<(?P<by>[FBOPT]\d+)>(?!') {_HAS}(?P<word>refer|refers|referred) (?P<what>(?:(?!<[BO]\d)[^.;]){{2,110}}?) {_TO}")
_TO_WHICH = re.compile(
    rf"<(?P<to>[BOU]\d+)>(?: \(<[BO]\d+>\))?, to (?:which|whom) (?:the )?<(?P<by>F\d+)> {_HAS}"
    rf"(?:(?P<word>referred) (?P<what>[^.;,]{{2,60}})|(?:made|sent|passed) {_KIND}(?P<noun>referral))"
)
_MAKES = re.compile(rf"<(?P<by>F\d+)>(?!') {_HAS}(?:made|make|makes|submitted|sent) {_KIND}(?P<word>referral) (?:\w+ ){{0,3}}{_TO}")
_SENT_ON = re.compile(rf"{_LIST}{_OF},? (?:who )?(?:has|have|had|was|were|been|being|be|is|are|will|to) {_HAS}(?P<word>referred) {_TO}")
_FROM = re.compile(
    rf"(?P<word>referral)(?: (?:in|on) \w+(?: \w+)?)? (?:from|by|made by) (?:the )?(?:<(?P<by>F\d+)>(?!')|<[FB]\d+>(?:'s <T\d+>)?)(?! to )"
    rf"(?P<about>,? (?:concerning|about|regarding|relating to|in relation to|over|into) {_CONDUCT}{_ONES}<(?P<person>P\d+)>)?"
)
_FORMAL = re.compile(r"\b(?:mandatory|voluntary|conduct|complaint|self-?) referral", re.I)
_INTO = re.compile(
    rf"<(?P<to>[BFU]\d+)>(?:(?:'s)? (?:(?:independent|criminal|misconduct|conduct|own|separate) )*"
    rf"| {_HAS}(?:launched|begun|began|opened|started|conducting|carrying out) (?:an?|its) (?:\w+ ){{0,2}}?){_LOOK} into {_CONDUCT}"
    rf"(?P<list>{_ONES}{_LIST})"
)
_UNDER = re.compile(
    rf"(?P<list>{_LIST}){_OF},? (?:(?:who|and|is|are|was|were|been|has|have|had|now|still|also|currently|both|all|remains?|remained) )*"
    rf"(?:under (?:\w+ ){{0,2}}|(?:faces?|faced|facing) (?:an?|the) (?:\w+ ){{0,2}}){_LOOK} {_BY}"
)
_AFTER = re.compile(
    rf"\b(?:[Ff]ollowing|[Aa]fter) (?:an?|the|its) (?:(?:independent|criminal|conduct|lengthy|long) )*"
    rf"(?:<(?P<to>[BF]\d+)>(?:'s)? {_LOOK}|(?P<noun>investigation|inquiry|probe) by (?:the )?<(?P<body>[BF]\d+)>)"
)
#: What becomes of those whom a watchdog has looked into.
_OUTCOME = (
    r"(?:,? (?:who )?(?:has|have|had|was|were|is|are|will) (?:\w+ ){0,2}?(?:dismissed|sacked|charged|convicted|jailed|sentenced|found"
    r"|cleared|acquitted|given|handed|issued)\b| (?:has|had) (?:an?|no) case to answer"
    r"| (?:resigned|pleaded|admitted|appeared|received|faces|faced)\b)"
)
#: What happened, told by a word for it: which incident is meant, the words of its chains tell.
_EVENT = (
    r"(?<!before )(?<!after )(?<!during )(?:[Tt]he|[Tt]hat|[Tt]his|[Hh]is|[Hh]er|<P\d+>'s) (?:fatal )?"
    r"(?P<event>death|crash|collision|shooting|incident|killing|murder|stabbing|pursuit|chase|arrest|protest|disturbance|fire|drowning)"
)
_HAPPENED = (
    ("referredTo", re.compile(rf"{_EVENT} {_HAS}(?P<word>referred|reported|passed) {_TO}")),
    ("referredTo", re.compile(rf"\b(?P<word>refer|refers|referred|reported) {_EVENT} {_TO}")),
    ("investigatedBy", re.compile(rf"{_EVENT} {_HAS}(?P<word>investigated|investigation) {_BY}")),
    (
        "investigatedBy",
        re.compile(rf"<(?P<to>[BFU]\d+)>(?:'s)? (?:(?:independent|criminal|own|separate|ongoing) )*{_LOOK} into {_EVENT}(?! of)"),
    ),
    ("investigatedBy", re.compile(rf"<(?P<to>[BFU]\d+)>(?:,? (?:which|who))? {_HAS}(?P<word>investigating|investigated) {_EVENT}(?! of)")),
    (
        "investigatedBy",
        re.compile(
            rf"<(?P<to>[BFU]\d+)> {_HAS}(?:launched|begun|began|opened|started|conducting|carrying out) (?:an?|its) (?:\w+ ){{0,2}}?"
            rf"{_LOOK} into {_EVENT}(?! of)"
        ),
    ),
)
#: What else a death is called, and what only points to what was told.
_DEATH = re.compile(r"\b(?:death|died|dead|murder|killing|shooting|stabbing|drown\w*)\b", re.I)
_WATCHDOG = re.compile(r"police (?:conduct|complaints)|investigations (?:and|&) review|police ombudsman", re.I)
#: What a force refers to a watchdog where it refers itself: "its contact with Ann Cole".
_DEALINGS = r"(?:own )?(?:\w+ )?(?:contact|dealings?|response|handling|conduct|actions|treatment|involvement|role|part|failures?)\b"
_DEALINGS_REFERRED = re.compile(
    rf"<(?P<by>F\d+)>'s {_DEALINGS}[^.;<>]{{0,60}}?(?:<[PFL]\d+>[^.;<>]{{0,30}}?)?{_HAS}(?P<word>referred) {_TO}"
)
#: What is looked into of a force as a whole: "the force's response to her calls", "whether the force failed".
_FORCES_OWN = rf"(?:(?:the )?<(?P<force>F\d+)>'s? {_DEALINGS}|(?:whether|how|why) (?:the )?<(?P<those>F\d+)>)"
#: Before a watchdog that is given something to look into.
_TOLD_TO = re.compile(r"\b(?:instructed|directed|ordered|tasked) (?:the )?$")
_LOOKS_AT_FORCE = re.compile(
    rf"<(?P<to>[BU]\d+)>(?!')[^.;<>]{{0,70}}?\b(?P<word>look|looking|looked|investigating|investigated|investigation|inquiry|examining"
    rf"|inquiring|investigate|examine) (?:into |at )?{_FORCES_OWN}"
)
#: Behind what is referred, a person whose it is and who is not referred himself.
_OTHERS = re.compile(r"\b(?:from|by|made by|to) <P\d+>|<P\d+>'")


def watchdogs(context: Context) -> Iterator[Fact]:
    """``referredTo`` and ``investigatedBy`` rows, and those of ``accusedOf`` that a watchdog's decision tells."""
    for m in masked(context):
        if "case to answer" in m.text:
            yield from _answerable(context, m)
        if _JUDGED.search(m.text):
            yield from _cleared(context, m)
        if "referr" in m.text or " refer" in m.text:
            yield from _referred(context, m)
        if "refer" in m.text or "reported" in m.text or "investigat" in m.text or "inquiry" in m.text:
            yield from _happened(context, m)
        if re.search(r"investigat|inquir|probe|look|examin", m.text):
            yield from _investigated(context, m)


def _referred(context: Context, m: Masked) -> Iterator[Fact]:
    for pattern in (_REFERS, _TO_WHICH, _MAKES, _DEALINGS_REFERRED):
        for match in pattern.finditer(m.text):
            told = match.groupdict()
            word = told["word"] or "referral"
            for subject in _what(context, m, told["by"], told.get("what"), word, match["to"]):
                yield from _row(context, m, "referredTo", subject, match["to"], word)
    for match in _SENT_ON.finditer(m.text):
        for sign in re.findall(r"<(P\d+)>", match.group()):
            yield from _row(context, m, "referredTo", sign, match["to"], match["word"])
    for match in _FROM.finditer(m.text):
        body = _watchdog(context, m)
        subject = match["person"] or match["by"]
        if body is not None and subject and (subject[0] != "P" or secure(context, m, subject)):
            yield from _row(context, m, "referredTo", subject, body, "referral")


def _happened(context: Context, m: Masked) -> Iterator[Fact]:
    """Rows of what happened, told by a word: "The crash was referred to <B>", "<B> is investigating the shooting"."""
    for predicate, pattern in _HAPPENED:
        for match in pattern.finditer(m.text):
            event = _event(context, match["event"].lower())
            if event is not None:
                yield from _row(context, m, predicate, event, match["to"], match["word"])


def _event(context: Context, word: str) -> int | None:
    """The only incident of the document that is called so, or the only one of all for "the incident"."""
    incidents = [(i, chain) for i, chain in enumerate(context.chains) if chain.type == "Incident"]
    so_called = [i for i, chain in incidents if any(re.search(rf"\b{word}\b", name, re.I) for name in chain.names)]
    if not so_called and word == "death":
        so_called = [i for i, chain in incidents if any(map(_DEATH.search, chain.names))]
    if not so_called and word == "incident":
        so_called = [i for i, _ in incidents]
    return so_called[0] if len(so_called) == 1 else None


def _what(context: Context, m: Masked, by: str, what: str | None, word: str, to: str) -> Iterator[str | int]:
    """What is referred, by sign or chain: the force that refers itself or makes a referral, what happened, else who is named."""
    if what is None or by[0] == "F" and re.fullmatch(rf"(?:itself|themselves|<{by}>)|(?:its|their|<{by}>'s) {_DEALINGS}.*", what):
        yield by
        return
    start, end = sorted((m.word(by, word).idx, m.places[to][0]))
    happened = [i for _, i in context.starting_in(start, end, "Incident")]
    if happened:
        yield happened[0]
    elif not _OTHERS.search(what):
        yield from (sign for sign in re.findall(r"<(P\d+)>", what) if sign != by)


def _watchdog(context: Context, m: Masked) -> int | None:
    """The watchdog that has a referral: the one of the sentence, else of a formal one the only one of the document."""
    here = {i for _, i in context.within(m.sentence, "OversightBody") if _WATCHDOG.search(context.chains[i].name)}
    if not here and _FORMAL.search(m.text):
        here = {i for i, c in enumerate(context.chains) if c.type == "OversightBody" and _WATCHDOG.search(c.name)}
    return here.pop() if len(here) == 1 else None


def _investigated(context: Context, m: Masked) -> Iterator[Fact]:
    for match in _LOOKS_AT_FORCE.finditer(m.text):
        if _WATCHDOG.search(context.chains[chain_of(match["to"])].name):
            for fact in _row(context, m, "investigatedBy", match["force"] or match["those"], match["to"], match["word"]):
                given = fact.status == "proposed" and _TOLD_TO.search(m.text, 0, match.start()) is not None
                yield replace(fact, status="asserted") if given else fact
    for pattern in (_INTO, _UNDER):
        for match in pattern.finditer(m.text):
            for sign in re.findall(r"<(P\d+)>", match["list"]):
                if secure(context, m, sign):
                    yield from _row(context, m, "investigatedBy", sign, match["to"], match["word"])
    people = {i for _, i in context.within(m.sentence, "Person")}
    for match in _AFTER.finditer(m.text):
        sign = next((s for s in m.places if s[0] == "P"), None)
        told = sign and len(people) == 1 and re.search(rf"<{sign}>(?!'){_OF}{_OUTCOME}", m.text)
        if sign and told and secure(context, m, sign):
            yield from _row(context, m, "investigatedBy", sign, match["to"] or match["body"], match["word"] or match["noun"])


#: Who is told to have a case to answer, or none: "PC Orr had a case to answer for gross misconduct", "no case for him to answer".
_ANSWERS = re.compile(
    rf"(?P<list>{_LIST}){_OF},? (?:(?:who|and|had|has|have|does|did|do|would|will|may|also|still|both|each|now|there|was|is|that"
    r"|also|were|by|told|said|not|he|she) )*(?:(?P<no>no)|an?|any) case to answer"
    r"(?: (?:for|in respect of|over|on|in relation to)\b(?P<of>[^.;]{3,90}))?"
)
_ANSWERED_BY = re.compile(
    r"\b(?:no|an?) case to answer (?:(?:for|in respect of) (?P<of>[^.;<>]{3,60}) )?(?:for|against|by|on the part of) "
    rf"(?P<list>{_LIST})"
)
#: Others who decide such a thing.
_TRIED = re.compile(
    r"\b(?:panel|hearing|tribunal|judge|court|jury|jurors|magistrates?|force|constabulary|standards|prosecut\w+|sheriff|council)\b|<C\d+>",
    re.I,
)
_NEAR_BEFORE = 400
#: How a case of misconduct ends.
_SETTLED = re.compile(
    r"\b(?:meeting|hearing|panel|tribunal)\b[^\n]{0,160}\b(?:found|proved|proven|cleared|dismiss\w*|warning|upheld)\b|\bnot prove[dn]\b"
)


def _answerable(context: Context, m: Masked) -> Iterator[Fact]:
    """Those of whom a watchdog says that they have a case to answer, or none: it looked into what they did."""
    body = _decider(context, m)
    for match in (*_ANSWERS.finditer(m.text), *_ANSWERED_BY.finditer(m.text)):
        for sign in re.findall(r"<(P\d+)>", match["list"]):
            if not secure(context, m, sign):
                continue
            trigger = m.word(sign, "case")
            if body is not None:  # whatever it makes of them, it looked into them
                yield Fact("investigatedBy", chain_of(sign), body, "asserted", context.evidence(trigger), SOURCE, 0.85)
            no = bool(match.groupdict().get("no")) or "no case" in match.group()
            if no and match["of"] is None:
                yield from _not_of_misconduct(context, m, sign, trigger)
            if match["of"] is None or _SETTLED.search(context.document.text, m.sentence.end_char):
                continue  # "A meeting found it not proved": that tells how it ended
            offences = [i for o, i in context.starting_in(trigger.idx, trigger.idx + 120, "Offence") if o.start < m.sentence.end_char]
            if offences:
                yield Fact("accusedOf", chain_of(sign), offences[0], "denied" if no else "alleged", context.evidence(trigger), SOURCE, 0.85)


_HAS_BEEN = r"(?:was|were|has|have|had|been|later|also|since|both|all|then|himself|herself|subsequently|eventually|too) "
_PANEL = r"(?:panel|hearing|meeting|tribunal)"
_SUCH = rf"(?:an?|the|the same) (?:[a-z]+ ){{0,2}}?{_PANEL}\b"
_RANKED = r"(?:(?:the|former) )?(?:<T\d+>,? )*"
_JUDGED = re.compile(rf"\b{_PANEL}\b|\bfound to have (?:done|acted)\b")
#: Who is told to be cleared by those who judge misconduct.
_CLEARS = (
    re.compile(rf"\b{_PANEL}\b[^.;<>]{{0,50}} (?:cleared|exonerated|acquitted) {_RANKED}(?P<list>{_LIST})(?! (?:of|to)\b)"),
    re.compile(
        rf"\b{_PANEL}\b[^.;]{{0,80}} (?P<word>dismissed|threw out|rejected|found) (?:(?:the|all|all the|both|an?|each|every) )?"
        rf"(?:cases?|allegations?|charges?|complaints?|<O\d+>|(?:gross )?misconduct) (?:(?:against|of [^.;<>]{{3,40}} against) )?{_RANKED}"
        rf"(?P<list>{_LIST})(?:, \d\d,)?(?P<not> not prove[dn])?"
    ),
    re.compile(
        rf"\b(?:case|allegations?|charges?|complaints?) against (?:an?(?:other)? (?:[a-z]+ |<F\d+> )+, )?{_RANKED}(?P<list>{_LIST}),? "
        rf"(?:{_HAS_BEEN})+(?:thrown out|dismissed|rejected|found (?:to be )?(?:not prove[dn]|unproven)|not (?:prove[dn]|upheld)) "
        rf"(?:by|at) {_SUCH}"
    ),
    re.compile(
        rf"(?P<list>{_LIST}){_OF},? (?:who )?(?:{_HAS_BEEN})*"
        rf"cleared (?:of (?:misconduct|(?:all|any) [a-z ]{{4,30}}) )?by {_SUCH}"
    ),
    re.compile(
        rf"(?P<list>{_LIST}){_OF},? (?:who )?(?:{_HAS_BEEN})*"
        r"found to have (?:done nothing wrong|acted (?:lawfully|properly|reasonably|correctly))\b"
    ),
)


def _cleared(context: Context, m: Masked) -> Iterator[Fact]:
    """Rows of `accusedOf`, denied, for those whom a panel clears of the one kind of misconduct that the document tells of."""
    for pattern in _CLEARS:
        for match in pattern.finditer(m.text):
            told = match.groupdict()
            if told.get("word") == "found" and not told["not"]:
                continue  # "found the allegations against him proved"
            for sign in re.findall(r"<(P\d+)>", match["list"]):
                if secure(context, m, sign):
                    yield from _not_of_misconduct(context, m, sign, m.token(context, sign))


def _not_of_misconduct(context: Context, m: Masked, sign: str, trigger: Token) -> Iterator[Fact]:
    """The row of somebody told to be cleared by no offence's name: of the misconduct of the sentence, else the document's only kind."""
    kinds = {i for i, c in enumerate(context.chains) if c.type == "Offence" and _MISCONDUCT.fullmatch(c.name)}
    here = {i for _, i in context.within(m.sentence, "Offence")} & kinds
    if len(here or kinds) == 1:
        yield Fact("accusedOf", chain_of(sign), (here or kinds).pop(), "denied", context.evidence(trigger), SOURCE, 0.85)


_MISCONDUCT = re.compile(r"(?:gross )?misconduct", re.I)


def _decider(context: Context, m: Masked) -> int | None:
    """The watchdog that decided: the only one of the sentence, else the only one of the sentences right before it in the paragraph."""
    here = {i for _, i in context.within(m.sentence, "OversightBody") if _WATCHDOG.search(context.chains[i].name)}
    if here or _TRIED.search(m.text):
        return here.pop() if len(here) == 1 else None
    start = m.sentence.start_char
    paragraph = max(context.document.text.rfind("\n", 0, start), start - _NEAR_BEFORE)
    before = {i for _, i in context.starting_in(paragraph, start, "OversightBody") if _WATCHDOG.search(context.chains[i].name)}
    return before.pop() if len(before) == 1 else None


def _row(context: Context, m: Masked, predicate: str, subject: str | int, body: str | int, word: str) -> Iterator[Fact]:
    """A row, by signs or chains, with the status and the time of the word that tells it."""
    one, other = (end if isinstance(end, int) else chain_of(end) for end in (subject, body))
    trigger = m.word("", word)
    if one != other:
        status = status_of(context, trigger, predicate)
        if status == "denied" and not _NEGATED.search(context.document.text, m.sentence.start_char, trigger.idx):
            status = "asserted"  # "was referred to the watchdog, which found no fault": what follows it denies something else
        yield Fact(predicate, one, other, status, context.evidence(trigger), SOURCE, 0.85, *fact_dates(context, trigger, predicate))


_NEGATED = re.compile(
    r"\b(?:not|never|no|nobody|none|nor|neither|without|refus\w+|declin\w+|den(?:y|ies|ied)|reject\w*|untrue|false\w*)\b|n['’]t\b", re.I
)

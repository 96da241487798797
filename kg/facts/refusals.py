"""What did not come about, told by words of its own: "kept his job", "was never suspended", "decided against charging her", "sent the
matter back to the force", "will not look at the ambulance service", "was never chief constable".

Rows for such words are denied (a dismissal that only would have followed is hypothetical), and are given only of people and bodies that
the sentence names, or that the one before it leaves as the only ones it may mean. They never take the place of what other rows tell.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.groups import PROSECUTORS, WATCHDOG
from kg.facts.masked import Masked, chain_of, main_force, masked, secure
from kg.facts.posts import of_the_court
from kg.facts.responses import Reviews
from kg.facts.reviews import last_told
from kg.facts.status import status_of
from kg.facts.steps import presides, subject_people
from kg.facts.times import fact_dates
from kg.model import Fact

SOURCE = "refusals"


def refusals(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The rows of what did not come about, of which no other row tells."""
    told = _Told(context, list(facts))
    known = {(f.predicate, f.subject, f.object) for f in told.rows}
    for m in masked(context):
        if not _CUES.search(m.text):
            continue
        for find in (_kept, _fellow_cleared, _charge_dropped, _uncharged, _left_alone, _never_headed, _out_of_scope):
            for fact in find(context, m, told):
                key = fact.predicate, fact.subject, fact.object
                if key not in known and fact.subject != fact.object:
                    known.add(key)
                    yield fact


#: A word that every pattern below has one of, so that most sentences need not be looked at.
_CUES = re.compile(
    r"n't\b|\b(?:[Nn]ot|cannot|[Nn]ever|[Nn]o|nor|[Nn]either|[Nn]one|nothing|keeps?|kept|los[et]|declined|refused|rejected|against|spared"
    r"|escape[sd]|avoid(?:s|ed)|would|could|may|might|ruled|short|turned|with(?:drew|drawn)|insufficient|little|acquitted|cleared|released"
    r"|freed|free|dropped|discontinued|thrown|abandoned|sent|handed|passed|gave|referred|returned|outside|beyond|excluded|left)\b"
)


class _Told:
    """The rows of the document, and what follows from them, found when it is first asked for."""

    def __init__(self, context: Context, rows: list[Fact]) -> None:
        self.context, self.rows = context, rows

    @cached_property
    def heads(self) -> set[int]:
        return {f.subject for f in self.rows if f.predicate == "headOf" and f.status == "asserted"}

    @cached_property
    def _proceedings(self) -> list[Fact]:
        """The rows of charges and verdicts that stand, by where they are told."""
        told = (f for f in self.rows if f.predicate in {"convictedOf", "accusedOf"} and f.status in {"asserted", "alleged"})
        return sorted(told, key=lambda f: (f.evidence, f.subject, str(f.object)))

    @cached_property
    def _ends(self) -> list[tuple[int, int]]:
        """Where each of them ends, with its place among them."""
        return sorted((fact.evidence[1], k) for k, fact in enumerate(self._proceedings))

    @cached_property
    def accused(self) -> set[int]:
        """Of whom any such row tells, or one that clears them."""
        return {f.subject for f in self.rows if f.predicate in {"convictedOf", "accusedOf"}}

    def _last(self, end: int, floor: int) -> list[Fact]:
        """The rows of the sentences that are the last to tell of proceedings before an offset."""
        at = bisect_right(self._ends, (end, len(self._ends)))
        if not at or self._ends[at - 1][0] < floor:
            return []
        last = self._ends[at - 1][0]
        return [self._proceedings[k] for _, k in self._ends[bisect_left(self._ends, (last, -1)) : at]]

    def tried_for(self, end: int, floor: int) -> set[int]:
        """What the sentences between two offsets convict or accuse anybody of."""
        first, last = bisect_left(self._ends, (floor, -1)), bisect_right(self._ends, (end, len(self._ends)))
        return {int(self._proceedings[k].object) for _, k in self._ends[first:last]}

    def in_dock(self, start: int) -> int | None:
        """Whom alone the sentence right before an offset accuses or convicts, in its paragraph."""
        before = self._last(start, start - 3)
        people = {fact.subject for fact in before}
        return people.pop() if len(people) == 1 and "\n" not in self.context.document.text[before[0].evidence[1] : start] else None

    @cached_property
    def looked_into(self) -> set[int]:
        return {f.subject for f in self.rows if f.predicate in {"investigatedBy", "referredTo", "accusedOf"}}

    @cached_property
    def sent(self) -> dict[int, list[Fact]]:
        """Who or what was referred to each body, by where it is told."""
        found: dict[int, list[Fact]] = {}
        for fact in self.rows:
            if fact.predicate == "referredTo" and fact.status == "asserted":
                found.setdefault(int(fact.object), []).append(fact)
        return found

    @cached_property
    def forces(self) -> dict[int, set[int]]:
        """The forces that each person belongs to."""
        found: dict[int, set[int]] = {}
        for fact in self.rows:
            belongs = fact.predicate in {"memberOf", "headOf"} and fact.status == "asserted"
            if belongs and self.context.chains[int(fact.object)].type == "PoliceForce":
                found.setdefault(fact.subject, set()).add(int(fact.object))
        return found

    @cached_property
    def left(self) -> set[tuple[str, int]]:
        """Of whom it is told by other rows that they were sent away, or were not."""
        return {(f.predicate, f.subject) for f in self.rows if f.predicate in {"dismissedFrom", "suspendedFrom"}}

    @cached_property
    def made(self) -> dict[int, set[int]]:
        """The reviews that each person or body makes."""
        found: dict[int, set[int]] = {}
        for fact in self.rows:
            if fact.predicate == "ledBy" and fact.status in {"asserted", "proposed"}:
                found.setdefault(int(fact.object), set()).add(fact.subject)
        return found

    @cached_property
    def review(self) -> int | None:
        """The review that the document is about, or its only one."""
        reviews = Reviews(self.context, self.rows)
        return reviews.main if reviews.main is not None else reviews.only


def _fact(context: Context, predicate: str, subject: int, object_: int, trigger: Token, status: str = "denied") -> Fact:
    return Fact(predicate, subject, object_, status, context.evidence(trigger), SOURCE, 0.8, *fact_dates(context, trigger, predicate))


#: What is only asked for, feared or told of by somebody, before words that tell that something did not come about.
_DOUBT = re.compile(
    r"\b(?:if|whether|why|should|ought|asked|wants?|wanted|hop(?:e|es|ed|ing)|fear\w*|claim\w*|suggest\w*|den(?:y|ies|ied)"
    r"|call(?:s|ed) (?:on|for)|urg\w+|demand\w*|unless|until)\b",
    re.I,
)

# -- sent away ---------------------------------------------------------------------------------------------------------------------

_RANKED = r"(?:(?:the|former|<F\d+>(?:'s)?) )*(?:<T\d+>,? )*"
_SENT = re.compile(
    r"\b(?P<word>suspended|dismissed|sacked)\b(?! (?:sentence|prison|jail|the |an? |all |claims?|it\b|for (?:\w+|\d+) (?:months|years)))"
)
_KEPT = (
    re.compile(
        r"<(?P<who>P\d+)>(?!')(?P<gap>(?:(?!<P)[^.;:\"]){0,110}?)\b(?P<word>kept|keeps|keep) (?:<P\d+>'s|his|her|their) "
        r"(?:job|post|warrant card)\b(?! (?:for|until|while)\b)"
    ),
    re.compile(
        rf"\b(?:declined|refused|decided not|opted not|chose not|voted not) to (?P<word>dismiss|sack) {_RANKED}<(?P<who>P\d+)>(?!')"
    ),
    re.compile(rf"\b(?:stopped short of|decided against|ruled out) (?P<word>dismissing|sacking) {_RANKED}<(?P<who>P\d+)>(?!')"),
    re.compile(
        r"<(?P<who>P\d+)>(?!')(?P<gap>[^.;:\"<>]{0,50}?)\b(?P<word>spared|escaped|avoided|escapes|avoids) (?:dismissal|the sack|being"
        r" (?:sacked|dismissed))\b"
    ),
)
#: Before "keep": who may, or wants to.
_KEEPS = re.compile(r"^[^\"]*\b(?:will|would|can|is to|was to|allowed to|told (?:that )?(?:he|she) (?:will|can|could|would)|be able to) $")
#: Wherever it stands before them: "hopes that she will keep her job".
_WISHED = re.compile(r"\b(?:if|whether|why|should|hop(?:e|es|ed|ing)|wants?|wanted|asked|fighting|fought|begged|unless)\b", re.I)
_WOULD_HAVE = (
    re.compile(rf"\b(?:would|'d|could) (?:\w+ )?have (?P<word>dismissed|sacked|fired) {_RANKED}<(?P<who>P\d+)>(?!')"),
    re.compile(
        r"<(?P<who>P\d+)>(?!')(?:,[^,<>;.]{3,60},)?(?P<gap>[^.;:\"<>]{0,20}?) (?:would|could|may|might)(?: \w+)? "
        r"(?P<word>lose|lost) (?:<P\d+>'s|his|her|their) job\b"
    ),
    re.compile(r"\b(?P<word>dismissal) would (?:\w+ )?(?:have )?follow(?:ed)?\b[^.;<>]{0,40}\b(?:had|if) <(?P<who>P\d+)>(?!')"),
)


def _kept(context: Context, m: Masked, told: _Told) -> Iterator[Fact]:
    """Who was not sent away, and who only would have been."""
    sent = _SENT.search(m.text)
    if sent is not None:
        token = m.word("", sent["word"])
        predicate = "suspendedFrom" if sent["word"] == "suspended" else "dismissedFrom"
        if token.lower_ == sent["word"] and _denies(context, m, token, predicate):
            for person in _those(context, m, token):
                yield from _of_own_force(context, told, predicate, person, token, "denied")
        elif token.lower_ == sent["word"] and predicate == "dismissedFrom" and _would_be(context, m, token):
            for person in _those(context, m, token) or _of_news(context, m, token):
                if not any(k.kind == "name" and presides(context.document.text, k) for k in context.chains[person].mentions):
                    yield from _of_own_force(context, told, predicate, person, token, "hypothetical")
    for patterns, status in ((_KEPT, "denied"), (_WOULD_HAVE, "hypothetical")):
        for pattern in patterns:
            for match in pattern.finditer(m.text):
                gap = match.groupdict().get("gap") or ""
                if match["word"] == "keep" and not _KEEPS.search(gap) or status == "denied" and _DOUBT.search(gap):
                    continue
                if status == "denied" and _WISHED.search(m.text, 0, match.start("word")):
                    continue
                if secure(context, m, match["who"]):
                    token = m.word("", match["word"])
                    yield from _of_own_force(context, told, "dismissedFrom", chain_of(match["who"]), token, status)


_NO = re.compile(r"\b(?:not|never|neither|nor|none)\b|n['’]t\b")
#: How far before a word of sending away it may be denied, in characters.
_JUST_BEFORE = 30
#: Behind it: what came to pass after all.
_AFTER_ALL = re.compile(r"[^.;]{0,12}\b(?:until|immediately|at once|straight away|at first|at the time|initially|then)\b")


#: Before the word: that it is only supposed; and what it would depend on, or stand in the way of it.
_WOULD_BE = re.compile(r"\b(?:would|could|might|may)(?: \w+ly| also| still)? (?:have )?(?:been|be|expect to be) (?:\w+ly )?$")
_TOO_LATE = re.compile(r"\bwould(?: \w+ly| also)? have been (?:\w+ly )?$")
_CONDITION = re.compile(r"\b(?:[Ii]f|(?:[Hh]ad|[Ww]ere|[Ss]hould) (?:he|she|they|<P\d+>|the|an?))\b")


def _would_be(context: Context, m: Masked, token: Token) -> bool:
    """Whether somebody would be sent away under a condition: "would be sacked if he were found guilty"; or would have been."""
    before = context.document.text[max(m.sentence.start_char, token.idx - 60) : token.idx]
    return bool(_TOO_LATE.search(before) or _WOULD_BE.search(before) and _CONDITION.search(m.text))


#: News that tells of an officer before it names one: "A former <F> constable would have been dismissed".
_AN_OFFICER = re.compile(
    r"\W*(?:An?|The|[Ff]ormer) (?:[\w’'&<>-]+ ){0,6}?(?:<T\d+>|(?:officer|constable|sergeant|inspector|detective|superintendent|PCSO|PC"
    r"|commander|police(?:wo)?man)\b)"
)
#: Between the beginning of a sentence and the name that it opens with.
_TITLE = re.compile(r"(?:(?:[Ff]ormer|[Ee]x-?|(?:[A-Z][A-Za-z]*\.?)),? ){0,4}")
_NEXT = 300  # characters from such news to the name


def _of_news(context: Context, m: Masked, token: Token) -> list[int]:
    """Whom news of what would have been means that is told before anybody is named: with whose name one of the next sentences opens."""
    if not _TOO_LATE.search(context.document.text, max(m.sentence.start_char, token.idx - 60), token.idx):
        return []
    names = [(k, i) for k, i in context.of_types("Person") if k.kind == "name" and k.start >= context.document.body_start]
    if not _AN_OFFICER.match(m.text) or not names:
        return []
    mention, person = min(names)
    before = mention.start - m.sentence.end_char
    opens = context.document.text[context.sentence(context.span(mention).root).start_char : mention.start].lstrip()
    return [person] if 0 <= before < _NEXT and _TITLE.fullmatch(opens) else []


def _denies(context: Context, m: Masked, token: Token, predicate: str) -> bool:
    """Whether the words say that nobody was sent away: by the tree and by what stands right before."""
    text = context.document.text
    before = text[max(m.sentence.start_char, token.idx - _JUST_BEFORE) : token.idx]
    if not (_NO.search(before) or m.text.startswith(("Neither ", "None "))) or _AFTER_ALL.match(text, token.idx + len(token)):
        return False
    if _DOUBT.search(text, m.sentence.start_char, token.idx) or re.search(r"\b(?:would|will|could|be) $", before):
        return False
    return status_of(context, token, predicate) == "denied" or re.search(r"\b(?:not|never)(?: \w+)? $", before) is not None


def _those(context: Context, m: Masked, token: Token) -> list[int]:
    """Whom a participle is told of: its subject by name or by a word that surely means him; or the two whom the sentence before names."""
    people = [p for p in dict.fromkeys(subject_people(context, token)) if f"P{p}" in m.places and secure(context, m, f"P{p}")]
    if people or not re.match(r"(?:Neither|Both|They|The (?:two|pair))\b", m.text):
        return people
    start = m.sentence.start_char
    before = context.sentences(max(context.document.body_start, start - 2), start)
    if not before or "\n\n" in context.document.text[before[0].end_char : start]:
        return []
    named = {i for s in before for k, i in context.within(s, "Person") if k.kind == "name" and not of_the_court(context, i)}
    return sorted(named) if len(named) == 2 else []


def _of_own_force(context: Context, told: _Told, predicate: str, person: int, token: Token, status: str) -> Iterator[Fact]:
    """The row with the only force that the person belongs to; of several the one that the sentence names, or the text is about."""
    if (predicate, person) in told.left:
        return
    forces = told.forces.get(person, set())
    here = forces & {i for _, i in context.within(context.sentence(token), "PoliceForce")}
    main = main_force(context)
    for pool in (forces, here, forces & {main}):
        if len(pool) == 1:
            yield _fact(context, predicate, person, min(pool), token, status)
            return


# -- cleared -----------------------------------------------------------------------------------------------------------------------

_NTH = r"(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|further)"
_DEFENDANT = r"(?:suspect|defendant|man|woman|officer|person|teenager|constable|youth|boy|driver|brother|sister|detective|sergeant)"
#: Who was in the dock with those told of before.
_FELLOW = re.compile(
    rf"\b(?:a|the) {_NTH} (?:[a-z-]+ ){{0,3}}?{_DEFENDANT}\b|\b(?:another|the other) (?:[a-z-]+ ){{0,2}}?{_DEFENDANT}\b"
    r"|\bco-(?:accused|defendant)\b|\b(?<!have )(?:stood|on) trial (?:with|alongside|beside)\b"
    r"|\b(?:tried|charged|arrested|accused|prosecuted) (?:with|alongside|beside) (?:him|her|them|<P)"
    r"|\b(?:the|that) same (?:charges?|offences?|counts?)\b",
    re.I,
)
_OF_ALL = r" (?:of|on) (?:all|both|every|each|any)(?: (?:the )?(?:other )?(?:charges?|counts?|offences?|part in it)\b|(?=[.,;]|$| by\b))"
#: By what he was cleared, of nothing that the words name.
_GOES_FREE = re.compile(
    r"\b(?:was|were|been|is)(?: \w+ly| later| also| since| too)? (?:acquitted|cleared|found not guilty"
    r"|(?:released|freed) without (?:any )?charge)"
    rf"(?P<all>{_OF_ALL})?(?=[.,;]|$| (?:by|at|in|on|after|when|last|because|this|that|earlier|later)\b)"
    r"|\bwalked free (?:when|after)\b|\bno evidence was offered\b|\boffered no evidence against (?:him|her|<P\d+>)"
)
_ACQUITS = re.compile(r"\b(?:acquitted|cleared) (?:(?:<P\d+>'s|his|her|their) (?:[a-z-]+ ){1,3},? ?)?<(?P<who>P\d+)>(?=[.,;]|$)")
_FAR = 600


def _fellow_cleared(context: Context, m: Masked, told: _Told) -> Iterator[Fact]:
    """Who was cleared beside those of whom it is told what they were tried for: "A third defendant, Ann Cole, was acquitted"."""
    free = _GOES_FREE.search(m.text)
    acquits = _ACQUITS.search(m.text)
    start, end = m.sentence.start_char, m.sentence.end_char
    named = [s for s in m.places if s[0] == "P" and f"<{s}>'s" not in m.text and not of_the_court(context, chain_of(s))]
    if acquits is not None and "convicted" in m.text:
        who, offences = acquits["who"], {i for _, i in context.starting_in(start, m.places[acquits["who"]][0], "Offence")}
    elif free is not None and (_FELLOW.search(m.text) or free["all"]) and len(named) == 1:
        who, offences = named[0], set()
        if {i for _, i in context.starting_in(start, end, "Offence")}:
            return  # of what, its own words tell
    else:
        return
    if not any(k.kind == "name" and i == chain_of(who) for k, i in context.within(m.sentence, "Person")):
        return
    at = m.text.index(f"<{who}>")
    if _DOUBT.search(m.text, 0, free.start() if free is not None else at) or chain_of(who) in told.accused:
        return
    offences = offences or told.tried_for(start, start - _FAR)
    if len(offences) == 1:  # of several it may be any
        yield _fact(context, "accusedOf", chain_of(who), min(offences), m.token(context, who))


#: A charge that came to nothing, of whoever the sentence before accuses or convicts; and one against somebody named.
_CHARGE_DROPPED = re.compile(
    r"(?:an?|another|two|three|four|five|six|\d+|the|one)"
    r"(?: (?:further|other|second|third|earlier|separate|alternative|more serious|similar|lesser|additional|original|remaining))*"
    r"(?: (?:[a-z]+ ){0,2}(?P<kind>charges?|counts?)|,? (?:charges?|counts?|allegations?),? of [^.;]{3,110}?),? "
    r"(?:was|were|has been|have been|had been)(?: \w+ly| later| also| then| since)? "
    r"(?:dropped|withdrawn|discontinued|not proceeded with|found not proven|thrown out|abandoned)\b",
    re.I,
)
_NOT_PROVEN = re.compile(
    rf"\b(?:jury|jurors|sheriff|panel|court|they|he|she)\b[^.;<>]{{0,30}} found (?:the|a|all|both) [^.;<>]{{0,60}}against {_RANKED}"
    r"<(?P<who>P\d+)>(?!')(?:,[^.;<>]{0,40}(?:<L\d+>)?,?)? not prove[dn]\b",
    re.I,
)


def _charge_dropped(context: Context, m: Masked, told: _Told) -> Iterator[Fact]:
    """A charge that came to nothing, of whoever alone the sentence right before accuses or convicts: "One of theft was dropped"."""
    start = m.sentence.start_char
    for match in _NOT_PROVEN.finditer(m.text):
        offences = {i for _, i in context.starting_in(start, m.places[match["who"]][0], "Offence")}
        named = any(k.kind == "name" for k, _ in context.overlapping(*m.places[match["who"]], "Person"))
        if named and len(offences) == 1 and chain_of(match["who"]) not in told.accused:
            yield _fact(context, "accusedOf", chain_of(match["who"]), min(offences), m.token(context, match["who"]))
    dropped = _CHARGE_DROPPED.match(m.text)
    if dropped is None or _DOUBT.search(dropped.group()) or " against " in dropped.group():
        return
    word = m.word("", dropped.group().split()[-1])
    offences = {i for _, i in context.starting_in(start, word.idx, "Offence")}
    person = told.in_dock(start)
    if len(offences) == 1 and person is not None and not any(i == person for _, i in context.starting_in(start, word.idx, "Person")):
        yield _fact(context, "accusedOf", person, min(offences), word)


# -- charged -----------------------------------------------------------------------------------------------------------------------

_NO_EVIDENCE = r"(?:insufficient|not enough|too little|not sufficient|no)(?: \w+){0,2} evidence"
#: What prosecutors say who charge nobody.
_DECLINES = re.compile(
    r"\b(?:not to (?:charge|prosecute|bring|proceed|press)|against (?:charging|prosecuting|bringing|(?:a|any) (?:charge|prosecution))"
    rf"|(?<!offered )(?<!offer )(?<!offering ){_NO_EVIDENCE}|no (?:criminal )?(?:charges?|prosecution)"
    r"|(?:not|n't|never) (?:be )?(?:charged|prosecuted)|no realistic prospect"
    r"|would face no)\b"
)
_CHARGES = re.compile(r"<(?P<by>O\d+)>(?!')")
_NOT_CHARGED = re.compile(
    r"<(?P<who>P\d+)>(?!')(?:,[^,<>;.]{3,60},)? (?:was|is|were|will|would)(?:n't| not| never) (?:\w+ly )?(?:be )?"
    r"(?P<word>charged|prosecuted)\b(?! with| under| until| in connection)"
)
_ONCE_MORE = re.compile(r"\b(?:at first|initially|originally|had been wrong|reversed|reopened|but later|review of that)\b", re.I)
_NEAR = 350


def _uncharged(context: Context, m: Masked, told: _Told) -> Iterator[Fact]:
    """Whom prosecutors decided not to charge: whoever alone is told of in the sentence, or alone was looked into in the ones before."""
    prosecutors = context.once(_prosecutors)
    if not prosecutors:
        return
    start = m.sentence.start_char
    near = {i for _, i in context.starting_in(start - _NEAR, m.sentence.end_char, "Organisation")} & set(prosecutors)
    for match in _NOT_CHARGED.finditer(m.text) if near and len(prosecutors) == 1 else ():
        if secure(context, m, match["who"]) and not _DOUBT.search(m.text, 0, match.start()):
            yield _fact(context, "chargedBy", chain_of(match["who"]), prosecutors[0], m.word("", match["word"]))
    no = _DECLINES.search(m.text)
    by = [chain_of(sign) for sign in _CHARGES.findall(m.text) if chain_of(sign) in prosecutors]
    if no is None or len(set(by)) != 1 or _ONCE_MORE.search(m.text) or _DOUBT.search(m.text, 0, no.start()):
        return
    signs = [s for s in m.places if s[0] == "P" and not of_the_court(context, chain_of(s))]
    if len(signs) == 1 and secure(context, m, signs[0]):
        yield _fact(context, "chargedBy", chain_of(signs[0]), by[0], m.token(context, signs[0]))
    elif not signs:
        before = {i for k, i in context.starting_in(start - _NEAR, start, "Person") if not of_the_court(context, i)}
        if len(before) == 1 and before <= told.looked_into:
            yield _fact(context, "chargedBy", min(before), by[0], m.word("", no.group().split()[-1]))


def _prosecutors(context: Context) -> list[int]:
    return [i for i, c in enumerate(context.chains) if c.type == "Organisation" and PROSECUTORS.search(c.name)]


# -- looked into -------------------------------------------------------------------------------------------------------------------

_ADVERB = r"(?:(?:has|have|had|later|then|since|also|now|last|this|in|on|that|\w+day|[A-Z][a-z]+|year|month|week|\d+) ?)*"
#: A watchdog that leaves to others what was sent to it, or to nobody.
_LEAVES = re.compile(
    rf"<(?P<by>[BU]\d+)>(?!')(?:, which|, though,|,)? {_ADVERB}(?:"
    r"(?:decided|ruled|concluded|determined|said|found|chose|opted)[^.;<>]{0,40}? (?:not to (?:investigate|look into|open|launch)"
    r"|(?:no|nothing)(?: \w+){0,2} (?:investigation|inquiry|to investigate)|against (?:investigating|an investigation|looking into)"
    r"|(?:would|did|does|need|was)(?:n't| not) (?:be )?(?:need(?:ed)? to be )?(?P<verb>investigat\w+))"
    r"|(?:sent|handed|passed|gave|referred|returned) (?:it|them|that|the (?:matter|case|complaint|papers|referral|file)) "
    r"(?:back|to the force)"
    r"|returned (?:it|them|that|the (?:matter|case|complaint|papers|referral|file)))"
)
_WILL_NOT = re.compile(
    rf"<(?P<by>[BU]\d+)>(?!') (?:is|was|will|would|has|did)(?:n't| not) (?:be )?(?:investigat\w+|looking into|look into) "
    rf"(?:(?:the|any|all) )?{_RANKED}<(?P<whom>[PF]\d+)>(?!')"
)
#: How far before such words it may be told who was referred, in characters.
_SENT_BEFORE = 700


def _left_alone(context: Context, m: Masked, told: _Told) -> Iterator[Fact]:
    """Whom a watchdog did not look into: who is told just before to have been referred to it, or whom the words name."""
    for match in _WILL_NOT.finditer(m.text):
        if WATCHDOG.search(context.chains[chain_of(match["by"])].name):
            yield _fact(context, "investigatedBy", chain_of(match["whom"]), chain_of(match["by"]), m.token(context, match["whom"]))
    for match in _LEAVES.finditer(m.text):
        by = chain_of(match["by"])
        if not WATCHDOG.search(context.chains[by].name) or _DOUBT.search(m.text, 0, match.start()):
            continue
        end = m.sentence.end_char
        sent = [f for f in told.sent.get(by, ()) if end - _SENT_BEFORE < f.evidence[0] < end]
        last = max((f.evidence for f in sent), default=None)
        people = {i for _, i in context.starting_in(m.sentence.start_char, end, "Person")}
        for fact in sent:
            if fact.evidence == last and (not people or fact.subject in people or context.chains[fact.subject].type != "Person"):
                yield _fact(context, "investigatedBy", fact.subject, by, m.token(context, match["by"]))


# -- posts -------------------------------------------------------------------------------------------------------------------------

_FORCES = r"(?: (?:of|for|at) (?:the )?)<(?P<body>[FU]\d+)>"
_CHIEF = rf"<(?P<title>T\d+)>{_FORCES}"
_NOT_HEAD = (
    re.compile(
        rf"\b(?P<word>declined|refused|decided|opted|chose|voted) (?:not to appoint|to appoint|against appointing) "
        rf"{_RANKED}<(?P<who>P\d+)>(?!')(?: as| to be)? (?:the )?{_CHIEF}"
    ),
    re.compile(
        rf"<(?P<who>P\d+)>(?!') (?P<word>was|has|is)(?: never| not|n't)(?: \w+ly)?(?: been)? (?:the |its )?{_CHIEF}"
        r"(?! (?:when|at|until|then)\b)"
    ),
    re.compile(
        rf"<(?P<who>P\d+)>(?!') (?:has )?(?P<word>turned|declined|rejected|refused) (?:down )?(?:the |an offer of the )?"
        rf"(?:job|post|role|position) (?:of|as) {_CHIEF}"
    ),
    re.compile(rf"<(?P<who>P\d+)>(?!') (?P<word>applied) (?:to be|for the (?:job|post|role) of) (?:the )?{_CHIEF},? but\b"),
    re.compile(
        r"<(?P<who>P\d+)>(?!') (?P<word>will|would|is)(?:n't| not)(?: to)? (?:be|become|(?:succeed|replace) <P\d+>(?: as)?) "
        rf"(?:the )?(?:next )?{_CHIEF}"
    ),
    re.compile(r"<(?P<who>P\d+)>(?!') (?P<word>no) longer (?:leads|heads|runs|commands) (?:the )?<(?P<body>[FU]\d+)>"),
    re.compile(rf"{_CHIEF}, (?P<word>not) {_RANKED}<(?P<who>P\d+)>(?!')"),
    re.compile(
        r"<(?P<who>P\d+)>(?!') (?:has |have )?(?P<word>withdrawn|withdrew) (?:<P\d+>'s|his|her|their|an) (?:application|bid|name) to "
        r"(?:lead|head|run) (?:the )?<(?P<body>[FU]\d+)>"
    ),
)
_HEADS = re.compile(r"(?:acting |temporary |interim )?(?:chief constable|commissioner|chief|head)")


def _never_headed(context: Context, m: Masked, told: _Told) -> Iterator[Fact]:
    """Who is told not to lead a force or unit, for the post went to another or was never his."""
    for pattern in _NOT_HEAD:
        for match in pattern.finditer(m.text):
            title, who = match.groupdict().get("title"), chain_of(match["who"])
            if title and not _HEADS.fullmatch(m.titles[int(title[1:])].role) or not secure(context, m, match["who"]) or who in told.heads:
                continue
            if not _DOUBT.search(m.text, 0, match.start()):
                yield _fact(context, "headOf", who, chain_of(match["body"]), m.word("", match["word"]))


# -- reviews -----------------------------------------------------------------------------------------------------------------------

_LOOK = (
    r"(?:look(?:ed|ing)? (?:at|into)|consider(?:ed)?|examin(?:e|ed|ing)|cover(?:ed)?|inspect(?:ed)?|revisit(?:ed)?|review(?:ed)?"
    r"|deal with|extend to)"
)
#: What a review leaves out stands behind such words, or before them.
_LOOKS_NOT = re.compile(
    r"\b(?:(?:will|would|did|does|do|has|have|is|was|can|could)(?: not|n['’]t)|cannot|won['’]t) (?:be )?"
    rf"(?:asked to |required to |able to )?{_LOOK}\b"
    r"|\bterms of reference (?:did|do) not (?:include|cover|extend to|take in)\b|\bdeclined to (?:look (?:at|into)|consider|examine)\b",
    re.I,
)
_LIES_OUTSIDE = re.compile(
    r"\b(?:(?:lay|lies|fell|falls|is|was|were|are) (?:expressly |firmly |well )?(?:outside|beyond) (?:its|his|her|my|our|their|the)"
    r"(?: \w+['’]s)? (?:scope|remit|terms)|(?:is|was|were|are) not (?:a )?part of (?:the|its|our|this) (?:inspection|review|visit|work"
    r"|inquiry|audit|study)|(?:was|were|is|are) (?:expressly |specifically )?(?:excluded|left out)\b(?! of (?!the|its|our))"
    r"|(?:was|were|is|are)(?: not|n['’]t) (?:looked at|inspected|covered|examined)|formed no part of)\b"
)
_SUBJECTS = ("PoliceForce", "Unit", "OversightBody", "Organisation", "Person", "Incident")
#: Where the words about what is left out end.
_BREAK = re.compile(
    r"[;:]|, (?:but|which|who|and|as|since|because|where|saying)\b|[.](?=\s|$)| (?:because|since|until|while|as that|before|after)\b"
)


def _out_of_scope(context: Context, m: Masked, told: _Told) -> Iterator[Fact]:
    """Whom a review is told to leave out: the first who is named behind the words that say so, or before them."""
    if not context.of_types("Review"):
        return
    text, (start, end) = context.document.text, (m.sentence.start_char, m.sentence.end_char)
    for pattern, behind in ((_LOOKS_NOT, True), (_LIES_OUTSIDE, False)):
        for match in pattern.finditer(text, start, end):
            if _DOUBT.search(text, start, match.start()) or _OTHER_SUBJECT.search(text, start, match.start()):
                continue
            if behind:
                stop = _BREAK.search(text, match.end(), end)
                named = context.starting_in(match.end(), stop.start() if stop else end, *_SUBJECTS)
            else:
                named = context.starting_in(start, match.start(), *_SUBJECTS)
            review = _review(context, told, m, match.start() if behind else end)
            kind = _KIND.search(match.group())
            if review is not None and kind and not any(kind.group() in name.lower() for name in context.chains[review].names):
                continue  # "not part of the study", where only an inspection is told of
            inspected = review is not None and any(map(_INSPECTION.search, context.chains[review].names))
            if "inspectors" in text[start : match.start()] and not inspected:
                continue
            if len(named) > 1 and named[0][0].type != "Person" and named[1][0].type == "Person" and not behind:
                named = named[1:]  # "the former head of the Drugs Squad, Ann Cole"
            named = [(k, i) for k, i in named if k.kind == "name" or k.type == "Incident" or _OWN.fullmatch(k.text)]
            if review is None or not named:
                continue
            first, target = named[0]
            if not behind and first.type == "Person" and _THING_OF.match(text, first.end):
                continue  # "Mr Orr's phone was not examined"
            if not any(target in {f.object, f.subject} and review in {f.object, f.subject} for f in told.rows):
                yield _fact(context, "examines", review, target, context.tokens_in(*match.span())[0])


_KIND = re.compile(r"inspection|review|inquiry|audit|study")
_INSPECTION = re.compile(r"inspect|PEEL|HMIC|visit", re.I)
#: "Will not look at his case".
_OWN = re.compile(r"his|her", re.I)
_THING_OF = re.compile(r"['’]s? (?!case\b|conduct\b|part\b|role\b|actions\b)")
#: Somebody else than the review or its makers whose deed it is: "The force did not consider".
_OTHER_SUBJECT = re.compile(
    r"\b(?:force|police|officers?|panel|court|jury|CPS|prosecutors?|magistrates|detectives|team)\b[^,;]{0,30}$", re.I
)


def _review(context: Context, told: _Told, m: Masked, end: int) -> int | None:
    """The review that a sentence tells of: the one that it names, the one that whom it names made, or the one told of right before."""
    start = m.sentence.start_char
    here = {i for _, i in context.starting_in(start, end, "Review")}
    if here:
        return min(here) if len(here) == 1 else None
    makers = (i for _, i in context.starting_in(start, end, "Person", "OversightBody", "Organisation"))
    made = set().union(*(told.made.get(i, ()) for i in makers))
    if made:
        return min(made) if len(made) == 1 else None
    before = last_told(context, start)
    return before[1] if before and not any(map(_EARLIER.search, context.chains[before[1]].names)) else told.review


#: A review that was another, told of in passing.
_EARLIER = re.compile(r"\b(?:previous|earlier|prior|preceding|last|first|joint) ", re.I)

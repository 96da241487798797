"""Who charged, looked into or referred those in the dock, where a text speaks of them as a group, or of their case only.

"Both were charged by the Crown Prosecution Service", "The force referred all three to the watchdog", "The case was investigated by ...":
only those of whom another row tells that they stood accused are meant, and only where as many of them are there as the words say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.facts.context import Context
from kg.facts.masked import Masked, chain_of, masked
from kg.facts.status import status_of
from kg.facts.times import fact_dates
from kg.model import Fact
from kg.names import GROUPS, NUMERALS

SOURCE = "groups"
_N = "|".join(NUMERALS)
#: Words that say by themselves how many there are.
_IN_WORD = {"both": 2, "couple": 2, **GROUPS}
_GROUP = (
    r"(?:police |former |serving |retired )?(?:officers|men|women|brothers|sisters|defendants|people|teenagers|boys|youths|constables"
    r"|detectives|suspects|couple|pair|trio|duo|accused|<T\d+>)"
)
_WHOM = (
    rf"(?P<whom>[Bb]oth(?: (?:of them|{_GROUP}))?|[Aa]ll (?:of them|(?:of )?(?:the |these |those )?(?:{_N})(?: {_GROUP})?)"
    rf"|(?:[Tt]he|[Tt]hese|[Tt]hose) (?:{_N})(?: {_GROUP})?|(?:[Tt]he|[Tt]hese|[Tt]hose) {_GROUP}|[Tt]hey|them)(?! (?:of|who)\b)"
)
_CASE = (
    r"(?P<whom>(?:[Tt]he|[Tt]his|[Tt]hat|[Hh]is|[Hh]er|[Tt]heir) (?:case|matter|charges?|prosecution)"
    r"|(?:both|all) (?:the )?(?:cases|charges))"
)
_HAS = (
    r"(?:(?:has|have|had|was|were|is|are|been|being|be|to|now|also|then|later|since|already|immediately|voluntarily|formally|both|all|jointly"
    r"|first|at first|initially|at once)(?: |$))*"
)
_BY = (
    r"(?:(?:detectives|officers|investigators|<T\d+>s?) (?:from|of|at|with|in) )?(?:the )?(?:<F\d+>'s (?:own )?(?:<T\d+> )?)?"
    r"<(?P<by>[FBOU]\d+)>(?!')"
)
_DOER = r"<(?P<by>[FBOU]\d+)>(?!')(?:,? (?:which|who))?"
_CHARGED = (
    rf"{_DOER} {_HAS}(?P<word>charged|prosecuted) {_WHOM}",
    rf"{_WHOM} {_HAS}(?P<word>charged|prosecuted)(?: [^.;<>]{{0,60}}?)? by {_BY}",
    rf"{_DOER} {_HAS}(?P<word>authori[sz]ed|brought) {_CASE}",
    rf"{_CASE} {_HAS}(?P<word>authori[sz]ed|brought) (?:[^.;<>]{{0,30}} )?by {_BY}",
)
_LOOKED = (
    rf"{_DOER} {_HAS}(?P<word>investigated|interviewed|arrested) {_WHOM}",
    rf"{_WHOM} {_HAS}(?:under )?(?P<word>investigated|investigation|arrested|interviewed)(?: under caution)? by {_BY}",
    rf"{_CASE} {_HAS}(?P<word>investigated|looked into|taken on|reopened) by {_BY}",
    rf"{_DOER} {_HAS}(?P<word>investigated|reopened|took on|looked into) {_CASE}",
    rf"(?P<whom>[Tt]he (?:hearing|charges?|case|prosecution|dismissal|conviction)) {_HAS}(?P<word>followed|follows|came after) an? "
    rf"(?:\w+ ){{0,2}}(?:investigation|inquiry) by {_BY}",
)
_REFERRED = (
    rf"(?P<word>refer|refers|referred) {_WHOM} to (?:the )?(?:police )?(?:watchdog,? )?(?:the )?<(?P<by>[BO]\d+)>",
    rf"{_WHOM} {_HAS}(?P<word>referred|passed|reported) to (?:the )?(?:police )?(?:watchdog,? )?(?:the )?<(?P<by>[BO]\d+)>",
)


_PATTERNS = {
    "chargedBy": tuple(map(re.compile, _CHARGED)),
    "investigatedBy": tuple(map(re.compile, _LOOKED)),
    "referredTo": tuple(map(re.compile, _REFERRED)),
}
_CUES = re.compile(
    r"charge|prosecut|investigat|interviewed|arrested|reopened|taken on|took on|looked into|refer|reported|passed to|brought"
)
#: Who brings charges beside the police.
PROSECUTORS = re.compile(r"prosecut|\bCPS\b|crown office|\bCOPFS\b|procurator|\bPPS\b", re.I)
WATCHDOG = re.compile(
    r"police (?:conduct|complaints)|investigations (?:and|&) review|police ombudsman|professional standards|anti-corruption", re.I
)
_ACCUSED = frozenset({"accusedOf", "convictedOf", "sentencedTo"})
#: How far before the group its members may be named, in characters.
_NEAR = 900


def groups(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """``chargedBy``, ``investigatedBy`` and ``referredTo`` rows of those accused who are told of as a group or by their case."""
    rows = list(facts)
    accused = {f.subject for f in rows if f.predicate in _ACCUSED}
    if not accused:
        return
    together = _together(rows)
    officers = {f.subject for f in rows if f.predicate in {"memberOf", "servesIn"} and _is_police(context, f.object)}
    known = {(f.predicate, f.subject, f.object) for f in rows}
    for m in masked(context):
        if not _CUES.search(m.text):
            continue
        for predicate, patterns in _PATTERNS.items():
            for pattern in patterns:
                for match in pattern.finditer(m.text):
                    body = chain_of(match["by"])
                    if not _fits(context, predicate, body):
                        continue
                    pool = accused & officers if WATCHDOG.search(context.chains[body].name) else accused
                    trigger = m.word("", match["word"].split()[0])
                    status = status_of(context, trigger, predicate)
                    if status not in {"asserted", "alleged"}:
                        continue
                    for person in _meant(context, m, match["whom"], pool, accused, together):
                        if (predicate, person, body) not in known:
                            known.add((predicate, person, body))
                            dates = fact_dates(context, trigger, predicate)
                            yield Fact(predicate, person, body, "asserted", context.evidence(trigger), SOURCE, 0.8, *dates)


def _is_police(context: Context, body: int | str) -> bool:
    return isinstance(body, int) and context.chains[body].type in {"PoliceForce", "Unit"}


def _fits(context: Context, predicate: str, body: int) -> bool:
    chain = context.chains[body]
    if predicate == "chargedBy":
        return chain.type == "PoliceForce" or chain.type == "Organisation" and PROSECUTORS.search(chain.name) is not None
    if predicate == "referredTo":
        return chain.type == "OversightBody" or PROSECUTORS.search(chain.name) is not None
    return chain.type in {"PoliceForce", "OversightBody", "Unit"} or "Crime Agency" in chain.name


def _meant(context: Context, m: Masked, whom: str, pool: set[int], accused: set[int], together: list[set[int]]) -> set[int]:
    """Those of the pool whom the words mean: as many as they say, all of the document's or those named last."""
    words = whom.lower().split()
    end = m.sentence.end_char
    near: set[int] = {i for _, i in context.starting_in(max(context.document.body_start, end - _NEAR), end, "Person")} & accused
    if words[-1] in {"case", "matter", "charge", "charges", "prosecution", "hearing", "dismissal", "conviction"}:
        return pool if len(pool) == 1 and near <= pool else near if len(near) == 1 and near <= pool else set()
    number = next((NUMERALS[w] for w in words if w in NUMERALS), _IN_WORD.get(words[0], _IN_WORD.get(words[-1])))
    one_case: list[set[int]] = [group for group in together if group & near and group <= pool]
    groups_meant: list[set[int]] = [pool, near & pool, *(one_case if len(one_case) == 1 or number else [])]
    for group in groups_meant:
        if len(group) == number or (number is None and len(group) > 1 and group == near & pool and group in one_case):
            return group
    return set()


def _together(rows: Iterable[Fact]) -> list[set[int]]:
    """Those accused of one offence, together."""
    by_offence: dict[int | str, set[int]] = {}
    for fact in rows:
        if fact.predicate in {"accusedOf", "convictedOf"}:
            by_offence.setdefault(fact.object, set()).add(fact.subject)
    found: list[set[int]] = []
    for group in by_offence.values():
        joined: set[int] = group.union(*(other for other in found if other & group))
        found = [*(other for other in found if not other & group), joined]
    return [group for group in found if len(group) > 1]

"""People: where they live or come from, and who is whose family or partner."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg import names
from kg.facts.context import Context
from kg.facts.masked import OTHER_SEX, Masked, chain_of, masked, secure
from kg.facts.times import fact_dates
from kg.model import Fact

SOURCE = "people"

#: Family and partners.
RELATIVES = (
    "wife|husband|widow|widower|mother|father|mum|mam|dad|stepfather|stepmother|stepson|stepdaughter|son|daughter|sister|brother"
    "|twin|half-brother|half-sister"
    "|uncle|aunt|cousin|niece|nephew|grandson|granddaughter|grandfather|grandmother|grandad|nan|partner|girlfriend|boyfriend"
    "|fiancée|fiancé|spouse"
    "|son-in-law|daughter-in-law|brother-in-law|sister-in-law|mother-in-law|father-in-law|ex-wife|ex-husband|ex-partner"
    "|ex-girlfriend|ex-boyfriend|godson|godfather"
)
_KIND = (
    rf"(?:(?:then|former|late|eldest|elder|older|younger|youngest|twin|estranged|only|identical|teenage|(?<!\w)\w+-year-old|long-term"
    rf"|second|first|own|grieving|ex|half|old|baby|little|big|surviving|infant|pregnant)[ -])*(?:(?:business"
    rf"|civil) )?(?P<kin>{RELATIVES})"
)
#: A relative of whoever speaks: "My late husband, <P>".
MINE = re.compile(rf"\b(?:[Mm]y|[Oo]ur) {_KIND},? (?:<T\d+>,? )?<(?P<who>P\d+)>")
#: One relative and whose it is. Of those that tell of the same relative the first holds.
_RELATIVE: tuple[str, ...] = (
    rf"<(?P<of>P\d+)>(?:,? (?:aged )?\d{{1,3}},?| \(\d{{1,3}}\))? and (?:his|her|<P\d+>'s) {_KIND},? <(?P<who>P\d+)>",
    rf"<(?P<of>P\d+)>'s? {_KIND}(?:,| \(| -| –)? (?:(?:an? |the )?(?:[a-z-]+ )?<T\d+>,? )?<(?P<who>P\d+)>",
    rf"<(?P<who>P\d+)>,? (?:\(|– |- )?<(?P<of>P\d+)>'s? {_KIND}\b",
    rf"<(?P<who>P\d+)>(?:, (?:the|a|an)|, who (?:is|was) (?:the|a)|,| is the| was the| is| was) {_KIND} (?:of|to) (?:the (?:late "
    rf"|victim,? )?)?(?:<T\d+>,? )?<(?P<of>P\d+)>",
    rf"<(?P<who>P\d+)>(?:, who)? (?:is|was) (?:also )?(?:married to )?<(?P<of>P\d+)>'s? {_KIND}\b",
    rf"(?:the )?{_KIND} of (?:the late )?(?:<T\d+>,? )?<(?P<of>P\d+)>,? (?:<T\d+>,? )?<(?P<who>P\d+)>",
    r"<(?P<who>P\d+)>(?:,? who)?(?: (?:is|was|had been|has been))? (?P<kin>married)(?: to)? (?:<T\d+>,? )?<(?P<of>P\d+)>",
    rf"<(?P<of>P\d+)>,? whose {_KIND},? (?:<T\d+>,? )?<(?P<who>P\d+)>",
    r"<(?P<who>P\d+)>(?:,? who)? (?:is|was|became|got) (?P<kin>engaged) to (?:<T\d+>,? )?<(?P<of>P\d+)>",
    rf"<(?P<who>P\d+)> (?:is|was) (?:also )?(?:the|a|an|one of the) {_KIND} (?:of|to) <P\d+>(?:, (?:an? |the )?[^,.;<>]*(?:<T\d+>)?,)?"
    r" and (?:of )?<(?P<of>P\d+)>",
)
#: Several relatives at once: "his sons, Ann and Bob", "the brothers Ann and Bob"; whom the first names is told by ``of``.
_PLURAL = (
    rf"(?:(?:two|three|four|five|six|young|younger|elder|older|little|grown-up|adult|teenage|surviving|late|other|twin)[ -])*"
    rf"(?P<kin>(?:{'|'.join(w for w in RELATIVES.split('|') if w.isalpha() and w != 'nan')})s|parents|children|siblings|grandchildren"
    rf"|grandparents|nieces|wives|stepchildren|grandsons|granddaughters)"
)
_NAMES = r"(?P<list><P\d+>(?:(?:, |,? and )<P\d+>)*,? and <P\d+>)"
_RELATIVES = re.compile(
    rf"<(?P<of>P\d+)>(?:'s|,? whose) {_PLURAL},? {_NAMES}"
    rf"|<(?P<of2>P\d+)> and (?:his|her|<P\d+>'s) {_PLURAL.replace('kin', 'kin2')},? {_NAMES.replace('list', 'list2')}"
)
_EACH_OTHERS = re.compile(
    r"\b(?P<kin>brothers|sisters|twins|twin brothers|twin sisters|siblings|cousins|half-brothers|half-sisters|the couple"
    r"|husband and wife|father and son|mother and daughter|father and daughter|mother and son|brother and sister|newlyweds),? "
    r"(?P<a><P\d+>),? and (?P<b><P\d+>)(?!'s)"
    r"|(?P<c><P\d+>),? and (?P<d><P\d+>),? (?:who are |both |are )?(?:twin )?(?P<kin2>brothers|sisters|twins|siblings|cousins)\b",
    re.I,
)
#: One whose relative is told by a pronoun, or by what he is ("the dead man's brother, <P>"), which says by itself too little of who it is.
_OF_WHOM = r"(?P<whose>[Hh]is|[Hh]er|[Tt]heir|<[PFOB]\d+>'s|[Tt]he (?:[a-z-]+ ){0,2}[a-z]+(?:'s|s'))"
_NAMESAKE: tuple[str, ...] = (
    rf"{_OF_WHOM} {_KIND}(?:,| \(| -| –)? (?:(?:an? |the )?(?:[a-z-]+ )?<T\d+>,? )?<(?P<who>P\d+)>",
    rf"<(?P<who>P\d+)>,? (?:\(|– |- |who (?:is|was) )?{_OF_WHOM} {_KIND}\b",
)
_NO_RELATION = re.compile(
    r"\b(?:no relation|no relative|not (?:a |any )?relat(?:ed|ion|ive)|unrelated(?= to |[.,;)]|$)|not connected"
    r"|no (?:family )?connection)\b"
    r"(?P<further> (?:of|to|with) (?:(?:the|his|her) (?:late |former )?)?(?:<T\d+>,? )?(?:<(?P<of>P\d+)>)?)?",
    re.I,
)
#: Words after "of" that are no home: what follows must be a place sign.
_HOME: tuple[str, ...] = (
    r"(?P<rank><T\d+> )?<(?P<who>P\d+)>,?(?: \(?who is [a-z ]+,)? (?:both |all )?(?:of|from|formerly of) (?:no fixed address in "
    r"|near |(?:[A-Z][\w'.-]+ ){1,4}(?:in )?,? ?)?(?:<L\d+>, (?:in |near )?){0,2}?<(?P<where>L\d+)>(?!'s (?!(?:said|was))| <"
    r"|[- ](?:based|Police|Constabulary))",
    r"<(?P<who>P\d+)>, (?:an? |the )(?:[a-z-]+ ){0,3}(?:<T\d+> from|[a-z-]+ (?:from|of)) <(?P<where>L\d+)>(?!'s| <)",
    r"<(?P<who>P\d+)>(?:, (?:an? |the )?(?:[^<>,.;]|<T\d+>){0,40})?(?:,? who)?(?: (?:now|still|also|then|had|has))* (?:lives?|lived"
    r"|living|resides|comes|hails) (?:alone |with [a-z ]{2,30} )?(?:in|at|from|near|on) (?:the )?(?:(?:town|village"
    r"|city) of )?<(?P<where>L\d+)>",
    r"<(?P<who>P\d+)>'s? (?:family )?(?:home|house|flat|cottage|farm) (?:in|at|near|outside) <(?P<where>L\d+)>",
    r"<(?P<where>L\d+)> (?:resident|man|woman|pensioner|mother|father|teenager|grandmother|grandfather|shopkeeper|(?:care |youth "
    r"|social )?worker|householder) (?:(?:Mr|Mrs|Ms) )?<(?P<who>P\d+)>",
)


#: Titles that have a place in them, where nothing else is known of who bears one.
_TITLED_AFTER = frozenset("Duke Duchess Earl Countess Prince Princess Marquess Viscount Bishop Archbishop Dean Archdeacon Provost".split())


def people(context: Context) -> Iterator[Fact]:
    """``relativeOf`` rows, from the person introduced as the relative, and ``residesIn`` rows."""
    for m in masked(context):
        yield from _relatives(context, m)
        yield from _several_relatives(context, m)
        yield from _namesakes(context, m)
        yield from _unrelated(context, m)
        yield from _homes(context, m)


def _relatives(context: Context, m: Masked) -> Iterator[Fact]:
    if m.text.count("<P") < 2:
        return
    told: set[int] = set()
    for pattern in _RELATIVE:
        for match in re.finditer(pattern, m.text):
            who, of = match["who"], match["of"]
            known, told = match.start("who") in told, told | {match.start("who")}
            if (
                known
                or who == of
                or not secure(context, m, of)
                or re.search(r"\bnot (?:the|a|an)? ?$", m.text[: match.start("kin")])
            ):
                continue
            anchor = m.word(who, match["kin"])
            start, end = fact_dates(context, anchor, "relativeOf")
            yield Fact(
                "relativeOf",
                chain_of(who),
                chain_of(of),
                "asserted",
                context.evidence(m.token(context, who)),
                SOURCE,
                0.9,
                start,
                end,
            )


def _kin(context: Context, m: Masked, who: str, of: int, status: str = "asserted", sure: float = 0.9) -> Iterator[Fact]:
    if chain_of(who) != of:
        yield Fact("relativeOf", chain_of(who), of, status, context.evidence(m.token(context, who)), SOURCE, sure)


def _several_relatives(context: Context, m: Masked) -> Iterator[Fact]:
    """ "His sons, Ann and Bob Cole", "the brothers Ann and Bob Cole"."""
    if m.text.count("<P") < 2 or " and " not in m.text:
        return
    for match in _RELATIVES.finditer(m.text):
        of = match["of"] or match["of2"]
        for sign in re.findall(r"P\d+", match["list"] or match["list2"]) if secure(context, m, of) else ():
            yield from _kin(context, m, sign, chain_of(of))
    for match in _EACH_OTHERS.finditer(m.text):
        one, other = (match["a"] or match["c"])[1:-1], (match["b"] or match["d"])[1:-1]
        yield from _kin(context, m, one, chain_of(other))


def _namesakes(context: Context, m: Masked) -> Iterator[Fact]:
    """Relatives of somebody whom only the surname that they have in common tells: "The victim's brother, Bob Cole, said", of Ann Cole.

    "His" may mean somebody else than was thought, and "the victim" is told of no one: whoever bears the relative's surname and was named
    before, the only one to do so (or the two of "their mother"), is the one.
    """
    if "<P" not in m.text:
        return
    for pattern in _NAMESAKE:
        for match in re.finditer(pattern, m.text):
            whose, words = match["whose"], ""
            if whose.startswith("<"):
                words = context.document.text[slice(*m.places[whose[1:-3]])].lower()
                if words not in _OWN or whose[1] == "P" and secure(context, m, whose[1:-3]):
                    continue
            who = match["who"]
            alike = _of_one_surname(context, chain_of(who), m.places[who][0])
            if words in OTHER_SEX or whose.lower() in OTHER_SEX:
                sex = {"his": "m", "her": "f"}.get(words or whose.lower(), "")
                alike = [i for i in alike if names.gender(context.chains[i].name) in {None, sex}] if len(alike) > 1 else alike
            several = words == "their" or whose.lower() == "their" or whose.endswith("s'")
            if len(alike) == 1 or several and len(alike) == 2:
                for i in alike:
                    yield from _kin(context, m, who, i, sure=0.85)


_OWN = frozenset({"his", "her", "their"})


def _of_one_surname(context: Context, person: int, before: int) -> list[int]:
    """The other people named before an offset who have the person's surname, or a part of it."""
    own = _surnames(context, person)
    named = {i for m, i in context.starting_in(0, before, "Person") if m.kind == "name"} - {person} if own else set()
    return sorted(i for i in named if own & _surnames(context, i))


def _surnames(context: Context, person: int) -> frozenset[str]:
    """The parts of a person's surname, of one who is named in full."""
    name = context.chains[person].name
    return frozenset(p for p in names.surname_key(name).split("-") if len(p) > 2) if names.is_full(name) else frozenset()


def _unrelated(context: Context, m: Masked) -> Iterator[Fact]:
    """Who is told to be no relation: of the one named after it, else of all others with the same surname."""
    for match in _NO_RELATION.finditer(m.text) if "<P" in m.text and "elat" in m.text or "connect" in m.text else ():
        before = re.findall(r"<(P\d+)>(?!'s)", m.text[: match.start()])
        if not before:
            continue
        who = before[-1]
        others = _of_one_surname(context, chain_of(who), len(context.document.text))
        if match["of"]:
            named = context.document.text[slice(*m.places[match["of"]])]
            if chain_of(match["of"]) in others or "relat" in match.group().lower() and named[:1].isupper():
                others = [chain_of(match["of"])]
            elif "relat" not in match.group().lower():
                others = []
        elif len(before) > 1 and re.search(r"(?:to|with) whom <P\d+> (?:is|was) $", m.text[: match.start()]):
            others = [chain_of(before[-2])]
        elif "connect" in match.group().lower():
            others = []
        for i in others:
            yield from _kin(context, m, who, i, "denied")


def _homes(context: Context, m: Masked) -> Iterator[Fact]:
    if "<P" not in m.text or "<L" not in m.text:
        return
    for pattern in _HOME:
        for match in re.finditer(pattern, m.text):
            title = m.titles[int(match["rank"].strip()[2:-1])].role if match.groupdict().get("rank") else ""
            if title and context.reference.rank(title) is not None:
                continue  # "Sergeant <P> of Castlebay" is posted there
            if context.chains[chain_of(match["who"])].name in _TITLED_AFTER:
                continue  # "the Duchess of Sussex"
            evidence = context.evidence(m.token(context, match["who"]))
            yield Fact("residesIn", chain_of(match["who"]), chain_of(match["where"]), "asserted", evidence, SOURCE, 0.85)

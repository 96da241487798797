"""People: where they live or come from, and who is whose family or partner."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.facts.context import Context
from kg.facts.masked import Masked, chain_of, masked, secure
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
_RELATIVE: tuple[tuple[str, str, str], ...] = (
    # pattern, group of the relative, group of whose relative it is
    (rf"<(?P<of>P\d+)>'s? {_KIND}(?:,| \(| -| –)? (?:(?:an? |the )?(?:[a-z-]+ )?<T\d+>,? )?<(?P<who>P\d+)>", "who", "of"),
    (rf"<(?P<who>P\d+)>,? (?:\(|– |- )?<(?P<of>P\d+)>'s? {_KIND}\b", "who", "of"),
    (
        rf"<(?P<who>P\d+)>(?:, (?:the|a|an)|, who (?:is|was) (?:the|a)|,| is the| was the| is| was) {_KIND} (?:of|to) (?:the (?:late "
        rf"|victim,? )?)?(?:<T\d+>,? )?<(?P<of>P\d+)>",
        "who",
        "of",
    ),
    (rf"<(?P<who>P\d+)>(?:, who)? (?:is|was) (?:also )?(?:married to )?<(?P<of>P\d+)>'s? {_KIND}\b", "who", "of"),
    (rf"(?:the )?{_KIND} of (?:the late )?(?:<T\d+>,? )?<(?P<of>P\d+)>,? (?:<T\d+>,? )?<(?P<who>P\d+)>", "who", "of"),
    (r"<(?P<who>P\d+)>(?:,? who)?(?: (?:is|was|had been|has been))? (?P<kin>married)(?: to)? (?:<T\d+>,? )?<(?P<of>P\d+)>", "who", "of"),
    (rf"<(?P<of>P\d+)> and (?:his|her|<P\d+>'s) {_KIND},? <(?P<who>P\d+)>", "who", "of"),
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
        yield from _homes(context, m)


def _relatives(context: Context, m: Masked) -> Iterator[Fact]:
    if m.text.count("<P") < 2:
        return
    for pattern, who, of in _RELATIVE:
        for match in re.finditer(pattern, m.text):
            if (
                match[who] == match[of]
                or not secure(context, m, match[of])
                or re.search(r"\bnot (?:the|a|an)? ?$", m.text[: match.start("kin")])
            ):
                continue
            anchor = m.word(match[who], match["kin"])
            start, end = fact_dates(context, anchor, "relativeOf")
            yield Fact(
                "relativeOf",
                chain_of(match[who]),
                chain_of(match[of]),
                "asserted",
                context.evidence(m.token(context, match[who])),
                SOURCE,
                0.9,
                start,
                end,
            )


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

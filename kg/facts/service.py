"""Service: whom a sentence says, by its verbs, to lead, command or chair a body, or to serve in, join or leave it.

Titles are read in ``kg.facts.posts``; here are "<P>, who runs <U>", "<U>, led by <P>", "<P> of <U>", "<P> joined <F> in 1998".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.facts.context import Context
from kg.facts.masked import Masked, chain_of, masked
from kg.facts.posts import held_by, too_low
from kg.facts.status import status_of
from kg.facts.times import fact_dates
from kg.model import Fact

SOURCE = "service"

_T = r"(?:(?:the |an? |its |former |then |new )*<T\d+>,? (?:<T\d+>,? )?)?"
_ASIDE = r"(?:,(?: [^<>.;:,]*| (?:an? |the |its |(?:<[FUBOL]\d+>(?:'s?)? ))*<T\d+>(?: (?:of|at|with|for|in) (?:the )?<[FUBO]\d+>)?),)?"
_AUX = (
    r"(?: (?:has|have|now|currently|also|still|will|is to|is due to|would|temporarily|since|been|was|had|is|himself|herself|already"
    r"|jointly))*"
)
_THE = r"(?:the |its |their |his |her |our |that |a |an |new |whole )*(?:<(?P<force>F\d+)>(?:'s? (?:[a-z][\w-]* ){0,2}| (?=<U)))?"
_BODY = rf"{_THE}<(?P<body>[FUBO]\d+)>(?!'s (?:response|inquiry|investigation|review|work|campaign|case|bid|operation|plan|defence|team))"
_BY = r"(?:led|headed|run|commanded|chaired|managed|headed up|overseen|supervised)"

#: pattern; whether the trigger is in the past ("led"), which needs an end.
_LEADS: tuple[tuple[str, bool], ...] = (
    (
        rf"<(?P<person>P\d+)>(?!'s){_ASIDE}(?:,? who)?{_AUX} (?P<word>leads|heads|heads up|runs|chairs|commands|leading|heading"
        rf"|running|chairing|commanding|lead|head|run|chair|command|captains) {_BODY}",
        False,
    ),
    (
        rf"<(?P<person>P\d+)>(?!'s){_ASIDE}(?:,? who)?(?: (?:has|have)(?: been)?) (?P<word>led|headed|run|chaired|commanded|leading"
        rf"|running|heading) {_BODY}",
        False,
    ),
    (
        rf"<(?P<person>P\d+)>(?!'s){_ASIDE}(?:,? who| and)?(?: (?:once|previously|formerly|then|had|later|used to|also))* (?P<word>led"
        rf"|headed|ran|chaired|commanded|run|lead|chair) {_BODY}",
        True,
    ),
    (
        rf"<(?P<person>P\d+)>(?!'s)(?:{_ASIDE}|,)(?:,? who)?{_AUX},? (?P<word>in charge|in command|at the head|at the helm|at the top"
        rf"|put in charge|put in temporary charge|in temporary charge|in overall charge) of {_BODY}",
        False,
    ),
    (
        rf"<(?P<person>P\d+)>(?!'s){_ASIDE}(?:,? who| and)?{_AUX}(?: \w+ly)? (?P<word>took|takes|take|taking|taken|assumed) (?:over "
        rf"|the reins (?:of|at) |command of |charge of |over as head of |over the running of |control of |the helm (?:of|at) ){_BODY}"
        r"(?!'s [a-z])",
        False,
    ),
    (
        rf"<(?P<body>[FUBO]\d+)>(?:,|,? which)?(?: has| will| is| was| now| be| been| to| currently)*,? (?P<word>{_BY})(?: (?:now"
        rf"|jointly|since [^<>,]*))? by (?:the |its )?{_T}<(?P<person>P\d+)>",
        False,
    ),
    (
        r"<(?P<body>[FUBO]\d+)>,? (?:which|that) <(?P<person>P\d+)>(?: (?:has|had|then|later|once|himself"
        r"|herself))* (?P<word>ran|led|headed"
        r"|commanded|chaired)\b",
        True,
    ),
    (rf"<(?P<body>[FUBO]\d+)>,? (?:now )?(?P<word>under) (?:the (?:command|leadership) of )?{_T}<(?P<person>P\d+)>(?!'s)", False),
    (r"<(?P<body>[FUBO]\d+)>,? (?P<word>whose) (?:new |acting |interim |then )?<T\d+>,? (?:is )?<(?P<person>P\d+)>", False),
)
_SERVES: tuple[tuple[str, bool], ...] = (
    (rf"<(?P<person>P\d+)>,? (?:of|from|with|at|in) {_BODY}(?!,? (?:and <P|said it))", False),
    (rf"<(?P<person>P\d+)>(?!'s){_ASIDE}(?:,? who| and)?{_AUX} (?P<word>joins?|joined|joining|rejoined) {_BODY}", False),
    (
        rf"<(?P<person>P\d+)>(?!'s){_ASIDE}(?:,? who| and)?{_AUX} (?P<word>works?|worked|working|serves?|served|serving|based|posted"
        rf"|attached|assigned|seconded|employed|volunteers|sits|sat) (?:\w+ly |now |also )?(?:for|with|in|at|on|to|by"
        rf"|as an? [a-z ]{{2,25}} (?:for|with|in|at)) {_BODY}",
        False,
    ),
    (
        rf"<(?P<person>P\d+)>(?!'s){_ASIDE}(?:,? who| and)?(?:(?!<P)[^.;]){{0,90}}? (?:and |then |later |, )?(?P<word>moved|moves"
        rf"|transferred|transfers|switched|crossed|returned|went|came) (?:across |over |back )?(?:to|from) {_BODY}",
        False,
    ),
    (
        rf"<(?P<person>P\d+)>(?:,| is| was|,? who is| who was) (?P<word>an?|one of the|the) (?:\w+ ){{0,2}}(?:officer|detective|member"
        rf"|volunteer|spokesman|spokeswoman|spokesperson|constable|official|representative|director|trustee|campaigner|founder"
        rf"|employee|recruit) (?:with|in|of|at|from|for) {_BODY}",
        False,
    ),
    (r"<(?P<body>[BO]\d+)>(?:'s?)? (?:<T\d+> )?<(?P<person>P\d+)>(?!'s)", False),
    (r"<(?P<body>[F]\d+)>'s? (?:own )?<(?P<person>P\d+)>(?!'s)", False),
    (r"<(?P<person>P\d+)> \(<(?P<body>[FBOU]\d+)>\)", False),
)


_PRONOUNS = frozenset("he she they him her them his their it who".split())


def service(context: Context) -> Iterator[Fact]:
    """``headOf``, ``memberOf`` and ``servesIn`` rows of verbs and prepositions."""
    for m in masked(context):
        if "<P" not in m.text:
            continue
        for pattern, past in _LEADS:
            for match in re.finditer(pattern, m.text):
                yield from _led(context, m, match, past)
        for pattern, _ in _SERVES:
            for match in re.finditer(pattern, m.text):
                yield from _served(context, m, match)


def _dated(context: Context, m: Masked, match: re.Match[str], predicate: str) -> tuple[str, str | None, str | None]:
    """Status, start and end from the clause of the trigger word."""
    word = match.groupdict().get("word")
    first = min(match["person"], match["body"], key=lambda s: m.places[s][0])
    anchor = m.word(first, word.split()[0]) if word else m.token(context, match["body"])
    status = status_of(context, anchor, predicate) if word else "asserted"
    if re.search(r"\b(?:will|is to|is due to)\b", match.group()) and status == "asserted":
        status = "proposed"
    return (status, *fact_dates(context, anchor, predicate))


def _led(context: Context, m: Masked, match: re.Match[str], past: bool) -> Iterator[Fact]:
    body, person = chain_of(match["body"]), chain_of(match["person"])
    if m.text.startswith("'s ", match.end("body") + 1) and context.chains[body].type == "PoliceForce":
        return  # "who chairs <F>'s independent advisory group"
    status, start, end = _dated(context, m, match, "headOf")
    if status in {"hypothetical", "alleged", "denied"}:
        return
    if context.chains[body].type == "PoliceForce" and too_low(context, held_by(context, person), body):
        return  # "Inspector Dale, who leads it": it is a team
    evidence = context.evidence(m.token(context, match["person"]))
    member = "servesIn" if context.chains[body].type == "Unit" else "memberOf"
    if not past or end or (start and len(start) == 4 and member == "servesIn"):
        yield Fact("headOf", person, body, status, evidence, SOURCE, 0.85, start, end)
    yield Fact(member, person, body, status, evidence, SOURCE, 0.85, None, end)
    if match.groupdict().get("force"):
        yield Fact("memberOf", person, chain_of(match["force"]), status, evidence, SOURCE, 0.8)


def _served(context: Context, m: Masked, match: re.Match[str]) -> Iterator[Fact]:
    body, person = chain_of(match["body"]), chain_of(match["person"])
    if not match.groupdict().get("word") and context.document.text[slice(*m.places[match["person"]])].lower() in _PRONOUNS:
        return
    kind = context.chains[body].type
    if kind == "Organisation" and re.search(r"^(?:The )?(?:BBC|Times|Guardian|Mail|Sun|Gazette|Sky News)\b", context.chains[body].name):
        return
    status, start, end = _dated(context, m, match, "memberOf")
    if status in {"hypothetical", "alleged", "denied"}:
        return
    word = (match.groupdict().get("word") or "").lower()
    if not word.startswith("join"):
        start = None
    evidence = context.evidence(m.token(context, match["person"]))
    yield Fact("servesIn" if kind == "Unit" else "memberOf", person, body, status, evidence, SOURCE, 0.8, start, None)
    if match.groupdict().get("force"):
        yield Fact("memberOf", person, chain_of(match["force"]), status, evidence, SOURCE, 0.75)

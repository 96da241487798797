"""Service: whom a sentence says, by its verbs, to lead, command or chair a body, or to serve in, join or leave it.

Titles are read in ``kg.facts.posts``; here are "<P>, who runs <U>", "<U>, led by <P>", "<P> of <U>", "<P> joined <F> in 1998".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.masked import Masked, chain_of, masked, secure
from kg.facts.posts import held_by, too_low
from kg.facts.status import NEGATORS, status_of
from kg.facts.steps import is_passive, people_at
from kg.facts.times import fact_dates
from kg.facts.words import base
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
        rf"<(?P<person>P\d+)>(?!'s){_ASIDE}(?:,? who| and)?{_AUX}(?: \w+ly)? (?P<word>took|takes|take|taking|taken|assumed) "
        r"(?:over (?:at )?|(?:up )?the reins (?:of|at) |command (?:of|at) |charge (?:of|at) |over as head of |over the running of "
        r"|control of "
        rf"|the helm (?:of|at) ){_BODY}(?!,? (?:in \w+ )?as (?!(?:the |its |their )?(?:new |acting |temporary )?(?:head|chief)))"
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
#: Words of leading before a body, whoever the tree says leads it where other words stand between, and what may follow the body.
_LEADING = re.compile(
    r"\b(?P<word>leads?|led|heads?|headed|runs?|ran|chairs?|chaired|commands?|commanded"
    r"|(?:takes?|took|taken|taking)(?= (?:over|charge|command|control|the (?:reins|helm)|up the reins)\b)"
    r"|(?<=in )(?:charge|command)(?= of )|(?<=at the )(?:helm|head|top)(?= of )|(?<=in temporary )charge(?= of ))"
    rf"(?: over at| over| (?:charge|command|control|the (?:reins|helm)|up the reins) (?:of|at)| of)? {_BODY}"
    r"(?!,?(?: (?:in|on|from) (?:\w+ ){0,2}\w+)? as )"
    r"(?=$|['\"”)]*[.,;:)]| [–—-]|,? (?:since|from|until|till|between|in|for|after|before|while|when|with|on|at|and|but|during|next|last"
    r"|this|again|today|temporarily|permanently|through|instead|himself|herself)\b)"
)
#: Verbs by which somebody goes where he then leads, and by which others make him do so, who may still be to begin.
_MOVES = frozenset("leave step stand resign retire quit depart go move return come arrive join transfer switch fly".split())
_SENT = frozenset("draft bring call send hire parachute poach headhunt second promote recruit".split())
_CHOSEN = frozenset("appoint choose pick select name elect".split())
_PUT = frozenset("put place leave install".split())
#: "the first woman to lead": she does, or did, or will, by the verb that says it of her.
_FIRST = frozenset("woman man person officer outsider civilian chief leader detective female policeman policewoman".split())
_TO_COME = frozenset("about due set likely expect".split())
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
        yield from _led_by_tree(context, m)
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
    yield from _lead(context, match, person, status, evidence, start, end, past)


def _lead(
    context: Context,
    match: re.Match[str],
    person: int,
    status: str,
    evidence: tuple[int, int],
    start: str | None,
    end: str | None,
    past: bool,
) -> Iterator[Fact]:
    """The rows of a lead; one that is over needs its end."""
    body = chain_of(match["body"])
    member = "servesIn" if context.chains[body].type == "Unit" else "memberOf"
    if not past or end or (start and len(start) == 4 and member == "servesIn"):
        yield Fact("headOf", person, body, status, evidence, SOURCE, 0.85, start, end)
    yield Fact(member, person, body, status, evidence, SOURCE, 0.85, None, end)
    if match.groupdict().get("force"):
        yield Fact("memberOf", person, chain_of(match["force"]), status, evidence, SOURCE, 0.8)


def _led_by_tree(context: Context, m: Masked) -> Iterator[Fact]:
    """Leads told by verbs whose subject stands further off: "<P>, who retired in May, stepped down to run <F>"."""
    for match in _LEADING.finditer(m.text):
        body = chain_of(match["body"])
        if match["body"][0] == "F" and context.document.text[slice(*m.places[match["body"]])].lower() in _PRONOUNS | {"it", "them"}:
            continue  # "Superintendent Dale, who was with the unit, runs it": it is the unit
        verb = _word(context, m, match)
        found = _leader(verb) if verb is not None else None
        if found is None:
            continue
        noun, told, status = found
        status = status or status_of(context, told, "headOf")
        if told is verb and status == "proposed" and not any(c.tag_ == "MD" or c.lower_ == "to" for c in verb.children):
            continue  # "now heads the watchdog. Asked if she would": what looks ahead is another clause
        past = told is verb and _is_past(verb) and not match["word"].startswith("t")
        for person in people_at(context, noun):
            sign = f"P{person}"
            if noun.pos_ == "PRON" and noun.lower_ != "who" and _named_before(context, m) - {person}:
                continue  # "Her successor, Ann Cole, brought her back. She was put in charge of"
            if sign not in m.places or status not in {"asserted", "proposed"} or not secure(context, m, sign):
                continue
            if context.chains[body].type == "PoliceForce" and too_low(context, held_by(context, person), body):
                continue
            start, end = fact_dates(context, told, "headOf")
            if told is not verb:  # the day on which somebody left for it
                start, end = start or end, None
            yield from _lead(context, match, person, status, context.evidence(told), start, end, past)


def _word(context: Context, m: Masked, match: re.Match[str]) -> Token | None:
    """The word of leading, which is the last one spelt so before the body."""
    start = m.places[match["body"]][0]
    tokens = context.tokens_in(max(m.sentence.start_char, start - _BEFORE), start)
    return next((t for t in reversed(tokens) if t.lower_ == match["word"].lower()), None)


_BEFORE = 60  # characters between a word of leading and the body


def _is_past(token: Token) -> bool:
    """Whether a verb, or a noun that is said of somebody by "was", tells of what is over."""
    helpers = {base(c): c.tag_ for c in token.children if c.dep_ in {"aux", "cop"}}
    if helpers:
        return "have" not in helpers and "VBD" in helpers.values()
    return token.tag_ in {"VBD", "VBN"}


def _leader(verb: Token) -> tuple[Token, Token, str] | None:
    """The noun of whoever leads, the word that tells when, and the status if that is sure of itself: "left to run" tells by "left"."""
    told, status = verb, ""
    for _ in range(5):
        subject = next((c for c in verb.children if c.dep_ in {"nsubj", "nsubj:pass"}), None)
        if subject is not None:
            if subject.lower_ in {"who", "that", "which"}:
                return (verb.head, told, status) if verb.dep_ == "acl:relcl" else None
            return subject, told, status
        head, to = verb.head, any(c.dep_ == "mark" and c.lower_ == "to" for c in verb.children)
        if any(c.lower_ in NEGATORS for c in verb.children):
            return None
        if to and verb.dep_ in {"advcl", "xcomp", "ccomp"} and head.pos_ in {"VERB", "ADJ", "AUX"}:
            if base(head) in _MOVES and not is_passive(head):
                status = "" if _is_past(head) or _is_perfect(head) else "proposed"
            elif base(head) in _CHOSEN and is_passive(head):
                status = "proposed" if not _is_past(head) else ""
            elif base(head) in _TO_COME and base(verb) == "become":
                status = "proposed"
            elif not (base(head) in _SENT and is_passive(head)):
                return None
            told = told if base(head) in _TO_COME else head
            verb = head
        elif to and verb.dep_ == "acl" and head.lower_ in _FIRST and any(c.lower_ in {"first", "only", "youngest"} for c in head.children):
            if head.dep_ == "appos":
                return head.head, head, status
            if head.dep_ in {"xcomp", "obj"} and base(head.head) == "become":
                told = verb = head.head
            elif any(c.dep_ == "cop" for c in head.children):
                told = verb = head
            else:
                return None
        elif verb.dep_ == "obl" and base(head) in _PUT and is_passive(head):
            told = verb = head
        elif verb.dep_ == "conj" and head.pos_ == "VERB" and verb.tag_ != "VB":
            verb = head
        else:
            return None
    return None


def _named_before(context: Context, m: Masked) -> set[int]:
    """Who is mentioned in the sentence before."""
    first = m.sentence.start
    before = context.sentence(context.doc[first - 1]) if first else m.sentence
    return {i for _, i in context.starting_in(before.start_char, before.end_char, "Person")}


def _is_perfect(verb: Token) -> bool:
    return any(c.dep_ == "aux" and base(c) == "have" for c in verb.children)


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

"""Organisations: what a unit is part of, where bodies sit and what forces police, who works with whom, runs or pays for what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.masked import Masked, chain_of, literals, main_force, masked
from kg.facts.posts import force_of_place
from kg.facts.status import status_of
from kg.facts.times import fact_dates
from kg.model import Fact

SOURCE = "organisations"

_ARTICLE = r"(?:the |its |their |an? |that |local |new |own )*"
_LIST = r"<[FBO]\d+>(?:(?:, | and |, and )(?:the )?<[FBO]\d+>)*"

#: A unit and what it is part of.
_UNIT_OF: tuple[str, ...] = (
    r"<(?P<whole>[FBO]\d+)>(?:'s?)? (?:(?!and\b|has\b|said\b|in\b|at\b|of\b|to\b|the\b|is\b|was\b|with\b"
    r"|by\b)[a-z][\w-]* ){0,3}<(?P<part>U\d+)>",
    r"<(?P<part>U\d+)>,? (?:of|at|in|within|inside) (?:the )?<(?P<whole>[FBO]\d+)>(?!'s)",
    r"<(?P<part>U\d+)>(?:,|,? which)?(?: is| are)? (?:a )?(?:part|branch|arm) of (?:the )?<(?P<whole>[FBO]\d+)>",
    r"<(?P<whole>[FBO]\d+)>, whose (?:[a-z]+ ){0,2}<(?P<part>U\d+)>",
    r"<(?P<part>U\d+)>, (?:run|set up|staffed|shared|funded) (?:jointly )?by (?:the )?<(?P<whole>F\d+)>",
)
_SHARED = re.compile(
    rf"<(?P<part>U\d+)>[^<>.;]{{0,40}}(?:belongs jointly to|shared by|run (?:jointly )?by|joint unit of"
    rf"|collaboration between|serves) (?P<list>{_LIST})|(?P<list2>{_LIST})(?:,? which)? (?:share|jointly run"
    rf"|together run|run) (?:an? |the )?<(?P<part2>U\d+)>",
    re.I,
)
_BASED: tuple[str, ...] = (
    r"<(?P<what>[FBOUC]\d+)>(?:,|,? (?:which|who) (?:is|was|are)|'s headquarters| headquarters| is| was| are)?(?:,? now)? (?:based"
    r"|headquartered|located|situated|housed) (?:\w+ )?(?:in|at|on|near|outside) (?:the |[A-Z][\w' ]{2,30}, )?<(?P<where>L\d+)>",
    r"<(?P<what>[FBOUC]\d+)>(?:'s)? (?:headquarters|HQ|head office|base|offices|office) (?:is |are |was )?(?:in|at|near"
    r"|outside) (?:the )?<(?P<where>L\d+)>",
    r"<(?P<where>L\d+)>-based (?:[a-z]+ ){0,4}<(?P<what>[FBOUC]\d+)>",
    r"<(?P<where>L\d+)> (?:headquarters|HQ|head office|base|offices) of (?:the )?<(?P<what>[FBOUC]\d+)>",
    r"(?:headquarters|HQ|head office) (?:of|for) (?:the )?<(?P<what>[FBOUC]\d+)>,? (?:in|at|near) <(?P<where>L\d+)>",
    r"<(?P<what>C\d+)>,? (?:in|at) <(?P<where>L\d+)>",
)
_POLICES: tuple[str, ...] = (
    r"<(?P<what>F\d+)>(?:,? which)?(?: is responsible for| covers?| polices?| serves?| looks? after"
    r"| is responsible for policing)(?: the (?:towns?|county|counties|area|city|boroughs?|whole) of)? (?:the |all of "
    r"|only )?(?P<list><L\d+>(?:(?:, | and |, and )(?:the )?<L\d+>)*)",
)
_WITH = r"(?:with|alongside)"
#: What a partner may be called before its name.
_AS = (
    r"(?:(?:the|its|their|an?|local|new|own|both|other|neighbouring|charity|charities|union|trade|firm|company|campaign|group"
    r"|police|forces?"
    r"|council|partners?|colleagues?|officers?|staff|experts?|teams?|volunteers?|from|at|of|in) )*"
)
_PARTY = rf"{_AS}<[FBOU]\d+>(?!'s (?!Police|Constabulary))"
_PARTIES = rf"(?P<list>{_PARTY}(?:(?:, | and |, and |, as well as | as well as ){_PARTY})*)"
_SEVERAL = rf"(?P<list>{_PARTY}(?:, {_PARTY})*(?:,? and (?:with )?{_PARTY}))"
_WORKS: tuple[str, ...] = (
    rf"<(?P<a>[FBOP]\d+)>(?!'s)(?:,? (?:which|who))?(?P<aux>(?: (?:has|have|had|is|are|was|were|will|be|been|also|now|already"
    rf"|not))*) (?P<word>working|worked|works|work|partnered|teamed up|teams up|joined forces|join forces|collaborated|collaborates"
    rf"|collaborating|liaising)(?: (?:closely|jointly|together|hand in hand|in partnership|side by side"
    rf"|hard))* {_WITH} {_ARTICLE}(?:<T\d+>,? )?<(?P<b>[FBO]\d+)>(?!'s)",
    r"<(?P<a>[FBO]\d+)> and (?:the )?<(?P<b>[FBO]\d+)>(?: (?:have|had|are|were|will))? (?P<word>work|working|worked|teamed up"
    r"|jointly|joined forces|collaborate|run jointly|share)",
    rf"<(?P<a>[FBO]\d+)>(?!'s)[^<>.;]{{0,80}} (?P<word>in partnership|jointly|in collaboration|together"
    rf"|in conjunction) with {_ARTICLE}<(?P<b>[FBO]\d+)>(?!'s)",
    r"(?P<word>partnership|collaboration|alliance|joint (?:operation|venture|project|unit)) (?:between"
    r"|of) (?:the )?<(?P<a>[FBO]\d+)>(?:,| and|, and) (?:the )?<(?P<b>[FBO]\d+)>",
    rf"<(?P<a>[FBO]\d+)>(?:'s)? (?P<word>partnership) with {_ARTICLE}<(?P<b>[FBO]\d+)>",
)
#: The same, of any number of partners: of the one named first with each of the others.
_WORKS_WITH_EACH: tuple[str, ...] = (
    rf"<(?P<a>[PFBO]\d+)>(?!'s)(?:,? (?:which|who))?(?: (?:has|have|had|is|are|was|were|will|be|been|also|now|already|currently|to))*"
    rf" (?P<word>working|worked|works|work|partnered|partnering|partners|teamed up|teaming up|teams up|joined forces|joining forces"
    rf"|joined|collaborated|collaborates|collaborating|liaising|liaised)(?: (?:closely|jointly|together|hand in hand|in partnership"
    rf"|side by side|hard|up))* {_WITH} {_PARTIES}",
    rf"<[GU]\d+>[\"'”’]?(?:[^<>.;]|<L\d+>){{0,60}},? which (?:the )?<(?P<a>[FBO]\d+)> (?:now |also |jointly |has "
    rf"|have )*(?P<word>runs?|ran|running"
    rf"|delivers?|delivered|leads?|led|operates?|launched|developed|set up|oversees|hosts?|shares?|staffs?|began|started)"
    rf" (?:jointly |together )?{_WITH} {_PARTIES}",
    rf"<(?P<a>[FBO]\d+)>(?!'s)(?:(?! (?:and|but|which|who|while|after) )[^<>.;]|<[GLUT]\d+>){{0,80}} (?P<word>in partnership|jointly"
    rf"|in collaboration|together|in conjunction|in tandem|hand in hand) with {_PARTIES}",
    rf"<(?P<b>[FBO]\d+)>,? {_WITH} (?:which|whom) (?:the )?<(?P<a>[FBO]\d+)> (?:has |have |had |also |now |long |already "
    rf"|closely )*(?P<word>works?"
    rf"|worked|working|partners?|partnered|collaborates?|collaborated|shares?|shared|runs?|ran|set up)\b",
    rf"<(?P<a>[FBO]\d+)>(?!'s) (?P<word>shares?|shared) (?:an? |the |its |their )?(?:[a-z-]+ ){{0,4}}(?:<U\d+> |<G\d+> )?with {_PARTIES}",
    rf"<(?P<a>[FBO]\d+)>(?!'s)(?:,? which)? (?:(?:has|have|had|is|are|now|also|jointly|already|will|to|been) )*(?P<word>runs?|ran"
    rf"|running|launch(?:es|ed|ing)|set up|sets up|deliver(?:s|ed|ing)|trains?|trained|training|pilot(?:s|ed|ing)|organise[sd]"
    rf"|develop(?:s|ed|ing)"
    rf"|creat(?:es|ed)|hosts?|hosted|mount(?:s|ed|ing)|drew up|began|started|opened|formed)(?:(?! (?:and|but|which|who|while|after|dealing"
    rf"|charged) )(?:[^<>.;,]|<[GUL]\d+>(?!'s)|\"[^\".]{{0,40}}\")){{0,60}}? (?:together |jointly )?with {_PARTIES}",
    rf"(?P<word>published|produced|conducted|written|drawn up|developed|launched|run|delivered|organised|set up|carried out|led"
    rf"|mounted|researched"
    rf"|piloted) (?:jointly )?by (?:the )?<(?P<a>[PFBO]\d+)> (?:together |jointly )?with (?:<T\d+> )?{_PARTIES}",
    rf"\b(?P<word>joint) (?:[a-z-]+ ){{0,3}}(?:by|between|of|from|involving) {_SEVERAL}",
    rf"\b(?P<word>partnership|collaboration|alliance|tie-up|appeal|operation|investigation|inspection|campaign|initiative|scheme"
    rf"|project|programme"
    rf"|venture|exercise|raids?)(?:,? (?:which )?involv(?:es|ed|ing)| (?:by|between|of)) (?!of){_SEVERAL}",
    rf"\b(?P<word>brings? together|brought together|bringing together) {_SEVERAL}",
    rf"\b(?P<word>published|produced|conducted|written|drawn up|developed|launched|run|delivered|organised|set up|hosted|staffed"
    rf"|carried out"
    rf"|made up of|mounted|led|issued|begun|started|shared)(?: jointly| together| in <L\d+>| (?:in|since) (?:[A-Z][a-z]+ )?\d{{4}})?"
    rf"(?: by|(?<=of)) {_SEVERAL}",
    rf"(?:^|[^a-z] ?){_SEVERAL} (?:have |has |had |are |were |will |both |also |jointly )*(?P<word>share|shared|jointly"
    rf"|joined forces|teamed up|run"
    rf" jointly|collaborate|collaborated|work together|worked together|working together)\b",
)
#: The same, of whoever speaks: "which we run with <O1>".
WE_WORK = re.compile(
    rf"\b[Ww]e (?:(?:have|are|also|now|already|all|jointly) )*(?P<word>work|worked|working|run|ran|deliver|delivered|share|shared"
    rf"|partner|partnered"
    rf"|launched|set up|teamed up|joined forces)(?: (?:closely|together|jointly|it|this))* {_WITH} {_PARTIES}"
)
_JOINS = (
    r"launch(?:es|ed)?|r[ua]ns?|joined|joins|signed up to|signed up for|leads?|led|deliver(?:s|ed)?|introduced|began|started"
    r"|mounted|set up|adopted|operates|piloted|pilots|is running|has run|have run|oversees|manages|created"
)
_PARTNER = r"(?:the )?(?:(?:charity|charities|trade union|council) )?<[FBO]\d+>"
_PARTNERS = rf"(?P<list>{_PARTNER}(?:(?:, | and |, and ){_PARTNER})*)(?!'s)"
_TAKES_PART: tuple[str, ...] = (
    rf"<(?P<who>[FBOP]\d+)>(?!'s)(?:,? (?:which|who))?(?: (?:has|have|had|also|first|since|jointly|now|will|is to|not"
    rf"|never))* (?P<word>{_JOINS})(?: up)? (?:the |its |their |his |her |an? )?(?:[a-z-]+ ){{0,2}}<(?P<what>G\d+)>",
    r"<(?P<what>G\d+)>,? (?:which (?:is|was) |was |is |has been |an? [a-z -]{2,40} )?(?:jointly )?(?P<word>launched|run|led"
    r"|delivered|mounted|set up|started|introduced|begun|headed|operated|piloted"
    r"|coordinated) (?:jointly )?by (?:the )?(?P<list><[FBO]\d+>(?:(?:, | and |, and | with )(?:the )?<[FBO]\d+>)*)",
    r"<(?P<who>[FBO]\d+)>'s? (?:own |new |[a-z-]+ ){0,3}<(?P<what>G\d+)>",
    r"<(?P<what>G\d+)>, (?:which |that )?(?P<list><[FBO]\d+>(?:(?:, | and |, and )(?:the )?<[FBO]\d+>)*) (?:has |have "
    r"|had )?(?P<word>launched|began|started|runs?|joined|set up|introduced)",
    r"<(?P<what>G\d+)>, (?:a|the) (?:[a-z-]+ ){0,4}(?:between|of|by|involving) (?P<list><[FBO]\d+>(?:(?:, | and "
    r"|, and )(?:the )?<[FBO]\d+>)*)",
    rf"<(?P<what>G\d+)>[\"'”’]?(?: (?:programme|campaign|scheme|plan|operation|project))?,? (?:(?:in|under) which|(?:which (?:is|was) )?"
    rf"(?P<word>run|delivered|launched|organised) (?:jointly |together )?with) {_PARTNERS}"
    r"(?! (?:refus|declin|no longer|never|(?:do|does|did|has|have|had|was|were|is|are|will|would) not))",
)
_PAYER = (
    r"<(?P<who>[PFBO]\d+)>(?!'s)(?:,? (?:said|says|announced|confirmed|added|told [^.;:<>\"]{3,40}|told <[TFBO]\d+>)(?: yesterday"
    r"| today)?(?: that)?"
    r" (?:he|she|it)(?= |'d )(?:'d)?|,? (?:which|who)|,(?= (?:has|had|is|was|will|pa(?:ys|id)|funds|gave|put|set)\b)"
    r"|, (?:a|an|the|whose|who (?:is|was|holds|heads|leads|took)) [^.;:\"“”]{2,60}?,(?= (?:has|had|is|was|will|pa(?:ys|id)|funds)\b))?"
    r"(?P<aux>(?: (?:has|have|had|is|are|was|will|also|since|to|now|already|not|never|agreed|promised|offered|instead|meanwhile|did|be"
    r"|been|jointly|partly|separately|would))*)"
)
_THING = r"(?P<what>(?:(?!\b(?:and has|but|which|who|while|after|because|until|last|this year|, )\b)[^.;:!?,\"“”])+)"
_SUM = r"£[\d.,]+ ?(?:m|bn|k|million|billion)?(?: a year| over [a-z]+ years| this year)?"
_FROM = r"(?:the )?<(?P<who>[PFBO]\d+)>(?!'s)"
_PAYS: tuple[str, ...] = (
    rf"{_PAYER} (?P<word>fund(?:s|ed|ing)?|pa(?:ys|id|ying|y) for|bankroll(?:s|ed)|financ(?:es|ed)|underwr(?:ites|ote)|sponsor(?:s"
    rf"|ed)|donated|bought|meet(?:s|ing)? the (?:cost|bill) of|met the (?:cost|bill) of) {_THING}",
    rf"{_PAYER} (?P<word>g[ai]ve[sn]?|giving|awarded|award|put|puts|putting|set aside|ring-fenced|contributed|granted|found|find|promised"
    rf"|provided|provid(?:es|ing)|giv(?:es|ing)|allocated|secured|committed|pledged|invested"
    rf"|spen(?:t|d|ds|ding)|allott?ed|put (?:up|in|aside)|puts (?:up|in)|putting (?:up|in))"
    rf"(?: (?:another|a further|a grant of|up to|some|more than|almost|nearly|about|the|an extra))* (?:{_SUM}|(?:the )?money|cash|funding)"
    rf"(?: <[FUBO]\d+>)? (?:to <[FUBO]\d+> )?(?:(?:next|this) year )?(?:for|towards|into|to|on) {_THING}",
    rf"{_PAYER} (?P<word>pa(?:y|ys|id|ying)) {_SUM}(?: to <[FUBO]\d+>)? (?:for|towards) {_THING}",
)
#: Money that is refused.
_REFUSES = (
    rf"{_PAYER} (?P<word>declin(?:ed|es) to|refus(?:ed|es) to|will not|would not|won't|wouldn't|has not|have not|did not"
    rf"|does not) (?:pay for|fund"
    rf"|contribute to|contribute towards|pay towards|finance|meet the cost of|find the money for|(?:renew|extend|continue) (?:its"
    rf"|his|her|the|their)"
    rf" (?:grant|funding|money|{_SUM} grant) (?:for|to)|provid(?:e|ed) (?:any )?(?:money|funding|cash) for|paid for|funded) {_THING}"
)
#: What has its money from somebody: "<G0>, which helps the bereaved, gets £30,000 a year from <O1> and £5,000 from <O2>".
_GETS = (
    rf"<(?P<what>[GUO]\d+)>[\"']?(?:,? which(?: [^.;<>]{{2,70}},)?| [a-z]+)?(?: (?:and which|will|has|is to|now|also))*"
    rf" (?P<word>gets?|got|getting|receives?|received|has|have|had|been given|was given|is given)(?: a grant of| another| a further"
    rf"| up to)? {_SUM}"
    rf"(?: for [a-z]+ years)? from {_FROM}(?: and {_SUM} from {_FROM.replace('who', 'other')})?"
)
#: The same told of the money: the payer stands behind it.
_PAID_BY: tuple[str, ...] = (
    rf"{_SUM},? (?P<aux>(?:has been|have been|is being|was|were|is|will be))(?: also)? (?P<word>provided|given|found|set aside|put up"
    rf"|put in|allocated|awarded|granted|donated) by {_FROM} (?:for|towards|to) {_THING}",
    rf"\b(?P<word>given|awarded|granted|handed) {_SUM} by {_FROM} (?:for|towards|to) {_THING}",
    rf"\b(?P<word>grant|gift|donation|award|sum) of {_SUM} (?:for|towards) {_THING} (?:came|comes|is|was given) (?:from|by) {_FROM}",
)
_PAID = (
    r"(?P<what>(?:[^.;:!?,\"“”<>]|<[UGFLBO]\d+>){3,90}?)(?:,? (?:(?:which|that) )?(?P<aux>(?:is|are|was|were|will be|has been"
    r"|have been|being|be)(?: [a-z]+ly| partly| also| jointly| still| now)?) ?|, (?:(?:ordered|commissioned|run|set up|led|organised) by"
    r" [^.,;]{3,50} and )?)(?P<word>funded|paid for|bankrolled|financed|sponsored"
    r"|underwritten) (?:[^<>.;]{0,25} )?by (?:the )?(?:(?:<[FL]\d+>'s? )?(?:[a-z]+ )?<T\d+>,? )?<(?P<who>[PFBO]\d+)>"
)

#: A programme or unit that there is "with" money from somebody.
_WITH_MONEY = (
    rf"<(?P<what>[GU]\d+)>(?:(?! (?:but|while|after|because|who) )[^.;<>]){{0,70}}? (?P<word>with|thanks to) "
    rf"(?:(?:a|an) (?:\w+ )?(?:budget|grant|gift|donation)"
    rf" of )?(?:a )?(?:money|funding|{_SUM}) (?:a year )?(?:grant |gift |donation )?from {_FROM}"
)


def organisations(context: Context) -> Iterator[Fact]:
    """``unitOf``, ``basedIn``, ``polices``, ``worksWith``, ``participatesIn`` and ``funds`` rows."""
    placed: set[int] = set()
    for m in masked(context):
        for fact in _units(context, m):
            placed.add(fact.subject)
            yield fact
        yield from _places(context, m)
        yield from _works(context, m)
        yield from _programmes(context, m)
        yield from _funding(context, m)
    yield from _only_force_units(context, placed)


def _row(
    context: Context, m: Masked, predicate: str, subject: str, object_: int | str, match: re.Match[str], status: str | None = None
) -> Iterator[Fact]:
    """The row, with the status of the match's trigger word where it has one; nothing where it is only supposed."""
    trigger = _trigger(m, match, subject)
    if status is None:
        told = trigger.head if trigger is not None and trigger.pos_ == "ADV" and trigger.head.pos_ == "VERB" else trigger
        status = status_of(context, told, predicate) if told is not None else "asserted"
    if status in {"alleged", "hypothetical"}:
        return
    anchor = trigger if trigger is not None else m.token(context, subject)
    start, end = fact_dates(context, anchor, predicate)
    yield Fact(predicate, chain_of(subject), object_, status, context.evidence(m.token(context, subject)), SOURCE, 0.8, start, end)


def _trigger(m: Masked, match: re.Match[str], subject: str) -> Token | None:
    word = match.groupdict().get("word")
    return m.word("", word.split()[0]) if word else None


def _units(context: Context, m: Masked) -> Iterator[Fact]:
    if "<U" not in m.text:
        return
    for pattern in _UNIT_OF:
        for match in re.finditer(pattern, m.text):
            yield from _row(context, m, "unitOf", match["part"], chain_of(match["whole"]), match, "asserted")
    for match in _SHARED.finditer(m.text):
        for sign in re.findall(r"F\d+", match["list"] or match["list2"]):
            yield from _row(context, m, "unitOf", match["part"] or match["part2"], chain_of(sign), match, "asserted")
    for match in re.finditer(r"<(L\d+)>(?:'s)? <(U\d+)>", m.text):
        force = force_of_place(context, chain_of(match.group(1)))
        if force is not None:
            yield from _row(context, m, "unitOf", match.group(2), force, match, "asserted")


def _only_force_units(context: Context, placed: set[int]) -> Iterator[Fact]:
    """The units of an article that is about one force only are that force's; regional and national ones have a body of their own."""
    main = main_force(context)
    if main is None or sum(c.type == "PoliceForce" for c in context.chains) > 1:
        return
    for i, chain in enumerate(context.chains):
        if chain.type == "Unit" and i not in placed and not chain.reference:
            span = context.span(chain.mentions[0])
            if len(span):
                yield Fact("unitOf", i, main, "asserted", context.evidence(span[0]), SOURCE, 0.6)


def _places(context: Context, m: Masked) -> Iterator[Fact]:
    if "<L" not in m.text:
        return
    for pattern in _BASED:
        for match in re.finditer(pattern, m.text):
            yield from _row(context, m, "basedIn", match["what"], chain_of(match["where"]), match, "asserted")
    for pattern in _POLICES:
        for match in re.finditer(pattern, m.text):
            for sign in re.findall(r"L\d+", match["list"]):
                yield from _row(context, m, "polices", match["what"], chain_of(sign), match, "asserted")


def _works(context: Context, m: Masked) -> Iterator[Fact]:
    for pattern in _WORKS:
        for match in re.finditer(pattern, m.text):
            if match["a"] != match["b"] and not _SUPPOSED.search(match.group()):
                yield from _row(context, m, "worksWith", match["a"], chain_of(match["b"]), match)
    if len(re.findall(r"<[PFBO]", m.text)) > 1 and not _SUPPOSED.search(m.text):
        for pattern in _WORKS_WITH_EACH:
            for match in re.finditer(pattern, m.text):
                groups = match.groupdict()
                others = re.findall(r"<([FBOU]\d+)>", groups.get("list") or "") or [groups["b"]]
                ahead = "proposed" if _WOULD.search(match.group()) else None
                one = groups.get("a") or others[0]
                for other in others:
                    if one != other:
                        yield from _row(context, m, "worksWith", one, chain_of(other), match, ahead)


_WOULD = re.compile(r"\b(?:will|is to|are to)\b")
#: Work that may never be done: "the inspectorate would examine it jointly with <O1>".
_SUPPOSED = re.compile(r"\b(?:would|could|should|might|(?-i:may)|if|whether|no longer|stopped|ended|refused|declined)\b", re.I)


def _programmes(context: Context, m: Masked) -> Iterator[Fact]:
    if "<G" not in m.text:
        return
    for pattern in _TAKES_PART:
        for match in re.finditer(pattern, m.text):
            groups = match.groupdict()
            signs = re.findall(r"[FBO]\d+", groups["list"]) if groups.get("list") else [groups["who"]]
            for sign in signs:
                yield from _row(context, m, "participatesIn", sign, chain_of(match["what"]), match)


def _funding(context: Context, m: Masked) -> Iterator[Fact]:
    patterns = _PAYS if "£" not in m.text else (*_PAYS, *_PAID_BY)
    for match in re.finditer(_WITH_MONEY, m.text) if " from " in m.text else ():
        yield from _row(context, m, "funds", match["who"], context.chains[chain_of(match["what"])].name, match, "asserted")
    for match in re.finditer(_GETS, m.text) if " from " in m.text else ():
        will = "proposed" if _WOULD.search(match.group()) else "asserted"
        for payer in filter(None, (match["who"], match["other"])):
            yield from _row(context, m, "funds", payer, context.chains[chain_of(match["what"])].name, match, will)
    for match in re.finditer(_REFUSES, m.text) if _NO.search(m.text) else ():
        if what := _paid_for(context, m, match):
            yield from _row(context, m, "funds", match["who"], what, match, "denied")
    for pattern in (*patterns, _PAID) if " by " in m.text else patterns:
        for match in re.finditer(pattern, m.text):
            what = _paid_for(context, m, match)
            if what:
                before = match.group()[: match.start("what") - match.start()]
                promised = re.search(r"\b(?:promised|pledged|committed|will|would|is to|(?:agreed|offered) to)\b", before)
                if promised and promised.group() == "would" and _IF.search(m.text):
                    continue
                yield from _row(context, m, "funds", match["who"], what, match, "proposed" if promised else None)
                for payer in _beside(m, match) if pattern is not _PAID else ():
                    yield from _row(context, m, "funds", payer, what, match, "proposed" if promised else None)


#: What money would be given on: "were they to apply again, the commissioner would fund it".
_IF = re.compile(r"\b(?:if|unless|provided|were (?:the|he|she|it|they|<\w\d+>))(?= |$)", re.I)
_NO = re.compile(r"\b(?:not|declin\w+|refus\w+)\b|n't\b")
_BESIDE = re.compile(r"(?:^|[^a-z,<>] |[.;,] |\b(?:[Tt]he|that|said|and|but) )<(?P<who>[PFBO]\d+)> and (?:the )?$")


def _beside(m: Masked, match: re.Match[str]) -> list[str]:
    """Who is said to pay together with the payer: "<P0> and <F1> set aside £2m for"."""
    found = _BESIDE.search(m.text[: match.start("who") - 1])
    return [found["who"]] if found else []


def _paid_for(context: Context, m: Masked, match: re.Match[str]) -> str:
    """What money is given for: the network's span where it found one in the matched words, else those words."""
    text = re.sub(r"<(\w\d+)>", lambda s: _named(context, m, s.group(1)), match["what"]).strip()
    for span in literals(context, "Funded", m.sentence):
        if (span.text in text or text in span.text) and span[-1].pos_ not in {"ADP", "DET", "VERB", "NUM"}:  # not "a review of"
            return " ".join(span.text.split())
    text = re.sub(r"^(?:'s|’s|his|her|their) ", "", text)
    text = re.sub(r"^(?:the|a|an|its|some|these|those|both|about|up to) ", "", text)
    text = re.split(
        r" (?:until|since|from|last|this|by|in|on|over) (?:[A-Z0-9]|the next|the last|which|year|month|week|february"
        r"|march|april)"
        r"| for (?:\w+ ){1,2}(?:years?|months?|weeks?)\b",
        text,
    )[0]
    text = re.sub(r" (?:on|in|of|for|to|with|by|at|from)$", "", text)
    return "" if len(text) < 5 or _NOTHING.match(text) else text


def _named(context: Context, m: Masked, sign: str) -> str:
    """The words of a sign; the name of what "it" stands for."""
    words = context.document.text[slice(*m.places[sign])]
    return context.chains[chain_of(sign)].name if words.lower() == "it" and context.chains[chain_of(sign)].type != "PoliceForce" else words


#: What money is not given for: "spent £20,000 on Monday", "found £300 to be too little", "is funded by the sale of bicycles".
_NOTHING = re.compile(
    r"(?i:(?:it|them|this|that|him|her|all|half|work|(?:the )?(?:first|second|third|next|last|whole) (?:year|month|week))$"
    r"|be |by |(?:he|she|they|it)['’]s )|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)


def operations(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Rows of ``participatesIn`` for the operations of which no row tells whose they are: the force's that the document is about.

    "Patrols were doubled under Operation Harrow": the police run operations, and this one is told of in their article.
    """
    main = main_force(context)
    if main is None or not any(re.match("Operation [A-Z]", chain.name) for chain in context.chains):
        return
    known = {fact.object for fact in facts if fact.predicate == "participatesIn"}
    for i, chain in enumerate(context.chains):
        if chain.type != "Programme" or i in known or not re.match("Operation [A-Z]", chain.name) or not chain.mentions:
            continue
        span = context.span(chain.mentions[0])
        if not len(span) or _LOOKED_INTO.search(context.document.text, max(0, span.start_char - 40), span.start_char):
            continue
        start, end = context.evidence(span.root)
        forces = {force for _, force in context.starting_in(start, end, "PoliceForce")}
        if forces <= {main} and not _NOT_RUN.search(context.document.text, start, end):
            yield Fact("participatesIn", main, i, "asserted", (start, end), SOURCE, 0.75)


_NOT_RUN = re.compile(r"\b(?:not|never|scrapped|called off|abandoned|refused|would|if|unless|should)\b|n['’]t\b", re.I)
#: Before an operation that others look into, or that is itself an inquiry into the force.
_LOOKED_INTO = re.compile(
    r"\b(?:review|report|inquiry|investigation|findings|failures?|collapse|audit) (?:\w+ )?"
    r"(?:of|into|on|about|known as|called|named|codenamed) $|\bno $",
    re.I,
)

"""Reviews, inquiries and inspections: who led and ordered them, what they look at, and why.

A review that has been ordered is asserted even before it begins; one that is only called for is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.masked import Masked, chain_of, main_force, masked
from kg.facts.status import compose, status_of
from kg.facts.steps import case_of, is_passive, surface_status
from kg.facts.words import base
from kg.model import Fact, Mention

SOURCE = "reviews"
ACTORS = ("Person", "OversightBody", "Organisation", "PoliceForce")
SUBJECTS = ("PoliceForce", "Unit", "OversightBody", "Organisation", "Person", "Incident")
LEADING = frozenset("lead chair conduct carry undertake write author head run oversee produce complete".split())
ORDERING = frozenset("commission order establish announce request launch instigate".split())
#: Verbs by which a watchdog takes up a review of its own.
BEGINNING = frozenset("begin start open launch".split())
EXAMINING = frozenset("examine look investigate cover consider review inspect study assess scrutinise concern".split())
#: Words that join a review to what it is about.
_ABOUT = frozenset({"into", "of", "on", "about", "at"})
_PROMPTS = frozenset({"after", "following"})
_WANTING = frozenset("call demand urge want ask press seek campaign".split())


def reviews(context: Context) -> Iterator[Fact]:
    """Rows about the reviews of the document: `ledBy`, `commissionedBy`, `examines`, `promptedBy`."""
    for mention, review in context.of_types("Review"):
        span = context.span(mention)
        if not len(span):
            continue
        noun = span.root
        called_for = existence(context, noun)
        yield from _in_the_name(context, mention, review, noun, called_for)
        yield from _as_subject(context, review, noun)
        yield from _as_object(context, review, noun, called_for)
    for token, review in context.once(_stand_ins):
        yield from _as_subject(context, review, token)
    yield from _by_whom(context)
    yield from _by_clauses(context)
    yield from _refused(context)


#: What a review is called where a sentence goes on about it.
_STANDING = frozenset("it work exercise report review inquiry audit study investigation inspection evaluation".split())
#: How far before the sentence the review may stand, in characters.
_NEAR_REVIEW = 350


def _stand_ins(context: Context) -> list[tuple[Token, int]]:
    """Words that nothing is known to be meant by and that tell, by what they are the subject of, of the only review told of just before.

    "She has ordered an audit of vetting. The work is being done by Kent Police."
    """
    if not context.of_types("Review"):
        return []
    found = []
    for token in context.tokens:
        if token.lower_ not in _STANDING or token.dep_ not in {"nsubj", "nsubj:pass"} or context.at(token) is not None:
            continue
        if token.lower_ != "it" and not any(c.dep_ == "det" and c.lower_ in {"the", "that", "this"} for c in token.children):
            continue
        if not {base(v) for v in (token.head, *token.head.children)} & (LEADING | ORDERING | {"set", "ask", "request"}):
            continue
        start = context.sentence(token).start_char
        if not context.starting_in(start, token.idx, "Review") and (review := _last(context, start)) is not None:
            found.append((token, review))
    return found


def _fronted(context: Context, review: int, noun: Token) -> Iterator[Fact]:
    """ "Conducted by Kent Police, it will look at vetting"."""
    for child in noun.head.children:
        if child.dep_ == "advcl" and child.tag_ == "VBN" and child.i < noun.i:
            yield from _participle(context, review, noun, child)
            yield from (f for c in child.children if c.dep_ == "conj" and c.tag_ == "VBN" for f in _participle(context, review, noun, c))


def _fact(
    context: Context,
    predicate: str,
    subject: int,
    object_: int | str,
    status: str,
    *tokens: Token,
    sure: float = 0.8,
    start: str | None = None,
) -> Fact:
    return Fact(predicate, subject, object_, status, context.evidence(*tokens), SOURCE, sure, start)


def existence(context: Context, noun: Token) -> str:
    """Whether the review is there or ordered (asserted), wanted, or refused."""
    status = "asserted"
    token = noun
    for _ in range(3):
        head = token.head
        if head == token:
            break
        lemma = base(head)
        if token.dep_ in {"obj", "obl", "nmod", "nsubj:pass"} and lemma in _WANTING:
            status = compose(status, "proposed")
        if token.dep_ in {"obj", "nsubj:pass"} and lemma in ORDERING | {"hold", "set"}:
            return compose(status, status_of(context, head))
        if token.dep_ in {"obj", "nsubj:pass", "obl"} and lemma in {"reject", "refuse", "rule", "decline", "resist", "oppose"}:
            status = compose(status, "denied")
        if token.dep_ not in {"obj", "obl", "nmod"}:
            break
        token = head
    return status


def _actor(context: Context, token: Token, *types: str) -> int | None:
    kinds = types or ACTORS
    found = context.head_mention(token, *kinds) or (context.at(token, *kinds) if token.pos_ in {"PROPN", "PRON"} else None)
    if found is None:
        for child in token.children:
            if child.dep_ in {"appos", "flat"}:
                found = found or context.head_mention(child, *kinds)
    return found[1] if found else None


def actors(context: Context, token: Token, *types: str) -> Iterator[tuple[int, Token]]:
    """Who or what a noun and those joined to it are, of some types, each with its word."""
    first = _actor(context, token, *types)
    if first is not None:
        yield first, token
    for child in token.children:
        if child.dep_ == "conj":
            yield from actors(context, child, *types)


#: Verbs of which a review is the object, as participles, with who leads and who orders it.
_LED = (
    r"led|chaired|conducted|carried out|undertaken|written|authored|headed|overseen|produced|done|performed|completed|drawn up|compiled"
    r"|commissioned|ordered|established|instigated|requested|set up|asked for"
)
_ORDERED = frozenset("commissioned ordered established instigated requested set asked".split())
#: What may stand between "by" and who it is: his title, where he comes from, whom he works for.
_PAST = (
    r"(?:(?!(?:and|but|who|which|after|before|when|that|while|as|to|or|at|from|request|members|officers|staff)\b)"
    r"(?:(?:of|from|at|with|in) (?:the )?<[FBOLU]\d+>|<T\d+>|<[FBOLU]\d+>'s|<[FBOLU]\d+>(?= (?:<T|[a-z]))|[\w'.-]+),? )"
)
#: A body that is the agent itself: "by a former <F1> chief" it is not.
_BODY = r"[FBO]\d+(?=>(?:[,.;:)]|$| (?:and|in|on|last|at|after|which|for|with|to|is|was|has|itself|between|since|as|but|when|before)\b))"
_BY_WHOM = re.compile(
    rf"\b(?P<verb>{_LED}) "
    rf"(?:(?:last|in|on|earlier|this|yesterday|today|<L\d+>|\w+day|[A-Z]\w+|\d+|jointly|for) ){{0,4}}?by {_PAST}{{0,9}}?"
    rf"<(?P<who>P\d+(?=>(?!'s))|{_BODY})>(?: and (?:the )?<(?P<also>P\d+(?=>(?!'s))|{_BODY})>)?"
)
#: Those who did it for a body: "by officers from Kent Police", "by the force's own training staff".
_STAFF = (
    r"(?:officers|detectives|staff|investigators|inspectors|auditors|academics|researchers|criminologists|experts|specialists|lawyers"
    r"|consultants|analysts|scientists|team)"
)
_BY_STAFF = re.compile(
    rf"\b(?P<verb>{_LED}) "
    rf"(?:(?:last|in|on|earlier|this|yesterday|today|<L\d+>|\w+day|[A-Z]\w+|\d+|jointly|for) ){{0,4}}?by "
    rf"(?:(?!(?:and|but|who|which|that|from|at|of|as)\b)[\w'’-]+ ){{0,4}}?"
    rf"(?:(?:{_STAFF}|<T\d+>) (?:from|at|of) (?:the )?<(?P<who>[FBO]\d+)>"
    rf"|(?:the )?<(?P<own>[FBO]\d+)>(?:'s)? (?:own )?(?:[a-z]+ ){{0,2}}?{_STAFF}\b)"
)
_AUXILIARY = (
    r"(?:(?:has|have|had|was|were|is|are|be|been|being|to|will|also|now|later|then|first|jointly|today|yesterday|independently|itself"
    r"|still|due|expected) )*"
)
_JOINED = rf",?(?: \([^)]{{1,30}}\))?(?:, [^,;.]{{1,60}},)?,? ?(?:(?:which|that|and) )?{_AUXILIARY}"
#: What stands between a review and the participle that tells of it.
_JOINS = re.compile(rf"(?:{_JOINED}(?:{_LED}|published|released|finished) [^.;:]{{0,110}}?,? and )?{_JOINED}")
#: How a sentence begins that goes on about the review of the one before.
_GOES_ON = re.compile(
    rf"\W*(?:It|(?:The|That|This) (?:[a-z-]+ ){{0,2}}?(?:work|exercise|task|report|review|inquiry|audit|study|investigation|inspection"
    rf"|evaluation)),? {_AUXILIARY}"
)
#: What is said of units.
_HEADED = re.compile(r"\W*It is (?:now )?(?:led|headed|overseen)")
_FRONTED = re.compile(r"\W*(?:[A-Z][a-z]+ (?:out |up )?(?:by [^,.;]{3,90},? )?and )?")


def _by_whom(context: Context) -> Iterator[Fact]:
    """Who led or ordered a review, by the words alone where trees go wrong: "an audit, carried out by the acting head, Ann Cole"."""
    if not context.of_types("Review"):
        return
    for m in masked(context):
        for match in (*_BY_WHOM.finditer(m.text), *_BY_STAFF.finditer(m.text)) if " by " in m.text else ():
            first, told = match["verb"].split()[0], match.groupdict()
            signs = [sign for sign in (told["who"], told.get("also"), told.get("own")) if sign]
            if first in _ORDERED and match.re is _BY_STAFF:
                continue
            at = m.places[signs[0]][0]
            verb = next((t for t in reversed(m.sentence) if t.idx < at and t.lower_ == first), None)
            if verb is None and match.re is _BY_STAFF:  # "The head of <F0> ordered an audit, done by <F0>'s own staff": named before, too
                verb = next((t for t in reversed(m.sentence) if t.lower_ == first), None)
            review = _told_of(context, m, verb, at) if verb is not None else None
            if verb is None or review is None:
                continue
            status = surface_status(context, verb)
            if status == "hypothetical" or context.chains[review].type != "Review":
                continue
            status = "denied" if status == "denied" else compose("asserted", _wanted(context, m, review))
            for sign in signs:
                predicate = "commissionedBy" if first in _ORDERED else "ledBy"
                yield _fact(context, predicate, review, chain_of(sign), status, verb, m.token(context, sign))


def _wanted(context: Context, m: Masked, review: int) -> str:
    """Whether the sentence only calls for the review."""
    nouns = (context.span(mention).root for mention, i in context.within(m.sentence, "Review") if i == review)
    return next((status for noun in nouns if (status := existence(context, noun)) != "asserted"), "asserted")


def _told_of(context: Context, m: Masked, verb: Token, at: int) -> int | None:
    """The review that a participle tells of: the one before it, the one that the sentence goes on about, or the one behind it."""
    text, start = context.document.text, m.sentence.start_char
    before = context.starting_in(start, verb.idx, "Review")
    if _HEADED.fullmatch(text[start : verb.idx + len(verb)]):
        return None
    for mention, review in reversed(before):
        if mention.end > verb.idx or _JOINS.fullmatch(text, mention.end, verb.idx):
            return review
    if before:
        return None
    if _GOES_ON.fullmatch(text[start : verb.idx]):
        return _last(context, start)
    if _FRONTED.fullmatch(text[start : verb.idx]):
        behind = context.starting_in(at, m.sentence.end_char, "Review")
        if behind and re.search(r", (?:the |this |that )?$", text[at : behind[0][0].start]) and behind[0][0].start - at < 150:
            return behind[0][1]
    return None


#: Who refuses a review that others want: "the Home Office said it had no plans for one", "she has ruled out a public inquiry".
_HAVING = r"(?:,[^<>;.]{0,60},|,)? (?:(?:has|have|had|later|again|twice|since|yesterday|also|then|this|last|week|year) )*"
_REFUSES = re.compile(
    rf"<(?P<who>[PBO]\d+)>(?!'s){_HAVING}(?:rejected|ruled out|turned down|thrown out|threw out|dismissed|refused|declined|resisted) "
    r"(?:to (?:order|hold|set up|commission|launch) )?(?:(?:an?|the|any|all|repeated|further) )?"
    r"(?:(?:calls?|demands?|requests?|pleas?)(?: by [^.;]{2,60}?,?)? for )?(?:an? |the )?(?P<what>[^.;,]{3,40})"
)
_NO_SUCH = re.compile(
    rf"(?<!, a )(?<!, an )<(?P<who>[PBO]\d+)>(?!'s)"
    rf"(?:{_HAVING}(?:ruled (?:it|that|one) out|ruled out (?:one|it|that)|turned (?:it|that|them) down"
    r"|refused to (?:order|set up|hold|set|launch|commission) one|(?:refused|declined)(?=[.]))"
    r"|[^.;]{0,60} (?:said|says|told [^.;]{2,30}?)(?: on \w+| yesterday| that| [^<>.;]{0,30} that)? "
    r"(?:(?:it|he|she|they|there|<[PBO]\d+>) )?(?:(?:had|has|have|was|were|is|are) )?[\"“]?"
    r"(?:no (?:[a-z]+ )?plans (?:[a-z]+ )?(?:for|to (?:hold|order|set up)) (?:one|it|such)|(?:would|will) (?:not be one|be no such)"
    r"|wouldn't be one|won't be one))"
)


#: Who is asked to look into things himself.
_LOOKS_ITSELF = re.compile(r"Inspectorate|Ombudsman|Office for Police Conduct|Review Commissioner")


def _refused(context: Context) -> Iterator[Fact]:
    """Rows of `commissionedBy`, denied, for who would have to order a review and will not."""
    if not context.of_types("Review"):
        return
    for m in masked(context):
        start = m.sentence.start_char
        for match in _REFUSES.finditer(m.text):
            _, end = m.places[match["who"]]
            near = [p for p in context.starting_in(end, m.sentence.end_char, "Review") if p[0].kind == "name"]
            if near and context.document.text[near[0][0].start :].startswith(match["what"].split()[0]):
                noun = context.span(near[0][0]).root
                yield _fact(context, "commissionedBy", near[0][1], chain_of(match["who"]), "denied", noun, m.token(context, match["who"]))
        for match in _NO_SUCH.finditer(m.text):
            token = m.token(context, match["who"])
            review = _only_before(context, start, token.idx)
            if review is not None and not _LOOKS_ITSELF.search(context.chains[chain_of(match["who"])].name):
                yield _fact(context, "commissionedBy", review, chain_of(match["who"]), "denied", token)


def last_told(context: Context, start: int) -> tuple[Mention, int] | None:
    """The only review that is told of right before an offset, where it is named last."""
    near = context.starting_in(start - _NEAR_REVIEW, start, "Review")
    if len({i for _, i in near}) != 1 or _OTHER_SINCE.search(context.document.text, near[-1][0].end, start):
        return None
    return near[-1]


def _last(context: Context, start: int) -> int | None:
    told = last_told(context, start)
    return told[1] if told else None


def _only_before(context: Context, start: int, end: int) -> int | None:
    """The only review of a sentence before a word of it; the one told of right before the sentence, where it names none."""
    inside = {i for _, i in context.starting_in(start, end, "Review")}
    return inside.pop() if len(inside) == 1 else None if inside else _last(context, start)


#: What tells of another review since, by its verb: "has asked the inspectorate to review stalking", "has inspected the cells".
_OTHER_SINCE = re.compile(
    r"\b(?:to|will|would) (?:[a-z]+ )?(?:review|inspect|audit|investigate|examine|assess|look (?:at|into))\b"
    r"|\b(?:has|have|had) (?:[a-z]+ )?(?:reviewed|inspected|audited|examined|assessed)\b"
)


_ACTIVE = (
    r"(?:(?:had|has|have|himself|herself|itself|themselves|jointly|also|then|first|formally|later) )*"
    r"(?P<verb>commissioned|ordered|set up|asked for|requested|established|instigated"
    r"|led|chaired|wrote|conducted|carried out|undertook|did|headed|oversaw|leads|chairs"
    r"|(?:will|is to|are to) (?:lead|chair|conduct|carry out))\b"
)
#: "A review which the panel had commissioned": who stands between the two.
_WHICH = re.compile(
    rf"\b(?:which|that) {_PAST}{{0,6}}?(?:{_STAFF} (?:from|at|of) (?:the )?)?<(?P<who>[PFBO]\d+)>(?!'s)(?: <P\d+>|,[^,<>;.]{{0,60}},)? "
    rf"{_ACTIVE}"
)
_UP_TO_WHOM = re.compile(r"(?: (?:of|into|on|by|from|for)\b[^.;:]{0,80})?,? (?:which|that) (?:[\w'’-]+ ){0,7}")
#: "The reviewer is Ann Cole", "Its author was named as Ann Cole".
_IS_AUTHOR = re.compile(
    rf"(?:\b[Ii]ts|\b[Ww]hose|^\W*The) (?:lead |principal |independent )?(?:reviewer|author|chair|chairman|chairwoman|lead investigator)"
    rf"(?: (?:is|was|will be|has been)(?: named as)?,?|,) {_PAST}{{0,8}}?<(?P<who>P\d+)>(?!'s)"
)
#: "Ann Cole will lead it", "Ann Cole was picked to chair the inquiry".
_WILL_LEAD = re.compile(
    r"<(?P<who>P\d+)>(?:,[^<>;.]{0,80}(?:<[FBOUT]\d+>[^<>;.]{0,60})?,)? (?:who )?"
    r"(?:(?:(?:will|is|was|has|had|been|to|then|now|also|were) )*"
    r"(?:(?:asked|chosen|appointed|picked|named|brought in|hired|drafted in|selected) "
    r"(?:by (?:the )?(?:then )?(?:<T\d+>,? )?(?:of (?:the )?)?(?:<[PFBO]\d+>,? )?)?to )?)"
    r"(?:lead|chair|head|conduct|carry out|write|undertake|led|chaired|headed|conducted|carried out|wrote|undertook|leads|chairs) "
    r"(?P<what>it\b|(?:the|that|this) (?:[a-z]+ )?(?:work|review|inquiry|study|audit|exercise|report|investigation|inspection)\b)"
)


def _by_clauses(context: Context) -> Iterator[Fact]:
    """Who led or ordered a review, where a clause of its own tells it."""
    if not context.of_types("Review"):
        return
    text = context.document.text
    for m in masked(context):
        start = m.sentence.start_char
        for match in _WHICH.finditer(m.text):
            at, end = m.places[match["who"]]
            named = [(r, i) for r, i in context.starting_in(start, at, "Review") if _UP_TO_WHOM.fullmatch(text, r.end, at)]
            predicate = "commissionedBy" if match["verb"].split()[0] in _ORDERED else "ledBy"
            for mention, review in named[-1:]:
                if _wanted(context, m, review) == "asserted":
                    words = context.span(mention).root, m.token(context, match["who"])
                    yield _fact(context, predicate, review, chain_of(match["who"]), "asserted", *words)
        for match in _IS_AUTHOR.finditer(m.text):
            token = m.token(context, match["who"])
            author_of = _only_before(context, start, token.idx)
            if author_of is not None:
                yield _fact(context, "ledBy", author_of, chain_of(match["who"]), "asserted", token)
        for match in _WILL_LEAD.finditer(m.text):
            token = m.token(context, match["who"])
            what = match["what"].split()[-1]
            noun = next((t for t in m.sentence if t.i > token.i and t.lower_ == what), None)
            if noun is None or context.sentence(noun).start_char != start:
                continue
            if surface_status(context, noun.head) in {"denied", "hypothetical"}:
                continue
            known = context.at(noun)
            if known is not None and known[0].type != "Review":
                continue
            told = known[1] if known is not None else _last(context, start)
            if told is not None:
                yield _fact(context, "ledBy", told, chain_of(match["who"]), "asserted", token, noun)


def _in_the_name(context: Context, mention: Mention, review: int, noun: Token, status: str) -> Iterator[Fact]:
    """What the noun phrase of a review says: "Dame X's review", "a report by HMICFRS", "an inquiry into the Met"."""
    for child in noun.children:
        case = case_of(child)
        if child.dep_ in {"nmod:poss", "compound", "amod"}:
            for actor, token in actors(context, child):
                if context.chains[actor].type == "OversightBody":  # "Tess's inquiry" is about her, not by her
                    yield _fact(context, "ledBy", review, actor, status, noun, token)
        elif child.dep_ in {"nmod", "obl", "obl:agent"} and case in {"by", "from"}:
            for actor, token in actors(context, child):
                yield _fact(context, "ledBy", review, actor, status, noun, token)
        elif child.dep_ in {"nmod", "obl"} and set(case.split()) & _ABOUT:
            yield from _about(context, review, noun, child, status)
        elif child.dep_ == "acl" and child.tag_ == "VBN" or child.dep_ == "acl:relcl" and is_passive(child):
            yield from _participle(context, review, noun, child)


def _about(context: Context, review: int, noun: Token, child: Token, status: str) -> Iterator[Fact]:
    """The subject of a review where it is named itself."""
    for target, token in actors(context, child, *SUBJECTS):
        yield _fact(context, "examines", review, target, status, noun, token)


def _participle(context: Context, review: int, noun: Token, verb: Token) -> Iterator[Fact]:
    """ "led by X", "commissioned by Y", "published on Z" and the like after a review or as its predicate."""
    lemma = base(verb)
    status = status_of(context, verb)
    agent = next((c for c in verb.children if c.dep_ == "obl:agent" or (c.dep_ in {"obl", "nmod"} and case_of(c) == "by")), None)
    if agent is not None and lemma in LEADING | ORDERING:
        ordered = status if status in {"asserted", "denied", "hypothetical"} else "asserted"
        predicate = "ledBy" if lemma in LEADING else "commissionedBy"
        for actor, token in actors(context, agent):
            yield _fact(context, predicate, review, actor, ordered, noun, token)
    if lemma in ORDERING | {"set"}:
        for child in verb.children:
            if child.dep_ == "obl" and case_of(child) in _PROMPTS:
                for cause, token in actors(context, child, "Incident", "Person"):
                    yield _fact(context, "promptedBy", review, cause, "asserted" if status == "proposed" else status, noun, token)


def _as_subject(context: Context, review: int, noun: Token) -> Iterator[Fact]:
    """What a review is said to do, or to have had done to it."""
    verb = noun.head
    if noun.dep_ not in {"nsubj", "nsubj:pass"}:
        return
    yield from _fronted(context, review, noun)
    verbs = [verb, *(c for c in verb.children if c.dep_ == "conj" and not any(g.dep_.startswith("nsubj") for g in c.children))]
    for word in verbs:
        lemma = base(word)
        if noun.dep_ == "nsubj:pass" and is_passive(word):
            yield from _participle(context, review, noun, word)
            continue
        if lemma in EXAMINING:
            status = status_of(context, word)
            for child in word.children:
                if child.dep_ in {"obj", "obl"}:
                    yield from _about(context, review, noun, child, "asserted" if status == "proposed" else status)


def _as_object(context: Context, review: int, noun: Token, status: str) -> Iterator[Fact]:
    """Who leads, orders or answers a review of which something is said by its verb."""
    verb = noun.head
    if noun.dep_ not in {"obj", "obl"} or verb.pos_ != "VERB" or is_passive(verb):
        return
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    governor = verb
    # "Announcing the inquiry, the home secretary said"
    while subject is None and (governor.dep_ in {"xcomp", "conj"} or (governor.dep_ == "advcl" and governor.tag_ == "VBG")):
        governor = governor.head
        subject = next((c for c in governor.children if c.dep_ == "nsubj"), None)
    if subject is None:
        return
    lemma = base(verb)
    said = status_of(context, verb)
    for actor, token in actors(context, subject):
        leads = lemma in LEADING or lemma in BEGINNING and _LOOKS_ITSELF.search(context.chains[actor].name) is not None
        if noun.dep_ == "obj" and leads:
            yield _fact(context, "ledBy", review, actor, "asserted" if said == "proposed" and verb.dep_ != "xcomp" else said, noun, token)
        elif noun.dep_ == "obj" and lemma in ORDERING and not (lemma == "announce" and context.chains[actor].type == "OversightBody"):
            yield _fact(context, "commissionedBy", review, actor, compose(said, status) if said == "asserted" else said, noun, token)
            yield from _causes(context, review, noun, verb, said)


def ordered(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Rows of `ledBy` and `commissionedBy` for who is given a review to do, and by whom, where none tells it yet."""
    rows = list(facts)
    known = {(f.predicate, f.subject, f.object) for f in rows}
    may = {f.subject for f in rows if f.predicate == "commissionerFor" or (f.predicate == "holdsRole" and MAY_ORDER.search(str(f.object)))}
    for row, (asker, tokens) in context.once(asked).items():
        if row not in known and (asker is None or asker in may):
            yield _fact(context, *row, "asserted", *tokens, sure=0.85)


_ACTOR = r"<[PFBO]\d+>"
_BESIDE_VERB = "will|to|also|now|then|later|since|therefore|formally|personally|jointly"
_AUX = rf"(?:(?:has|have|had|is|was|were|{_BESIDE_VERB}) )*"
_PASSIVE = rf"(?:(?:has|have|had|is|was|were|been|being|be|{_BESIDE_VERB}) )*"
#: Verbs by which a review is given to somebody to do; whoever only asks must be one who may order it.
_GIVEN = r"commission|appoint|instruct|direct|engag|hir|order|task|recruit|brought in|call(?:ed)? in|pick|chose|draft(?:ed)? in"
_ASKED = r"ask|invit|request|approach"
_DOING = (
    r"(?P<doing>carry out|conduct|undertake|lead|chair|do|run|head|perform|produce|write|oversee|hold|take|review|examine|look (?:at|into))"
)
_ITSELF = frozenset({"review", "examine", "look"})
_WHOM = r"(?:,? (?!(?:and|but|while|after|who|which|that|if|not)\b)(?:<[TL]\d+>|[\w’'-]+|–)){0,5}?"
_ASKS = re.compile(
    rf"(?P<by>{_ACTOR})(?:,[^<>;:.]{{0,60}},|,)? (?!(?:is|was|were) \w+ed\b){_AUX}"
    rf"(?:(?P<given>(?:{_GIVEN})(?:ed|s|ing)?)|(?P<asked>(?:{_ASKED})(?:e?d|s|ing)?))"
    rf"{_WHOM} (?P<to>{_ACTOR})[^;:.<]{{0,60}}?(?:<[PFBOTL]\d+>[^;:.<]{{0,40}}?){{0,3}},? to {_DOING}\b"
)
_IS_ASKED = re.compile(
    rf"(?P<to>{_ACTOR})(?:,[^<>;:]{{0,60}},|,)? (?=(?:has been|have been|had been|is|was|were|will be|being)\b){_PASSIVE}"
    rf"(?:(?P<given>(?:{_GIVEN})(?:ed))|(?P<asked>(?:{_ASKED})(?:e?d)))"
    rf"(?: by{_WHOM} (?P<by>{_ACTOR}))?[^;:.<]{{0,80}}? to {_DOING}\b"
)
#: Before whoever is himself only asked to ask.
_URGED = re.compile(
    r"\b(?:call\w* (?:on|for)|urg\w+|ask\w*|press\w*|want\w*|told|if|should|whether|beg\w*)(?: (?:the|that|<T\d+>))*,? ?$", re.I
)
MAY_ORDER = re.compile(
    r"chief constable|commissioner|secretary|minister|mayor|attorney general|advocate|\bchair|chief executive|coroner|chief officer", re.I
)
_GOVERNMENT = re.compile(r"government|home office|ministry|department|executive|city hall", re.I)


def asked(context: Context) -> dict[tuple[str, int, int], tuple[int | None, tuple[Token, ...]]]:
    """Who gave each review to whom to do, as (predicate, review, actor): "the mayor has asked Dame Ann Cole to lead a review".

    With each stands the person who only asked for it, which is an order if his post lets him give one, and the words that tell it.
    """
    found: dict[tuple[str, int, int], tuple[int | None, tuple[Token, ...]]] = {}
    if not context.of_types("Review"):
        return found
    for m in masked(context):
        if " to " not in m.text:
            continue
        for match in (*_ASKS.finditer(m.text), *_IS_ASKED.finditer(m.text)):
            by, to = match["by"] and match["by"][1:-1], match["to"][1:-1]
            if not _is_ordered(context, m, match):
                continue
            place = m.places[to]
            near = [p for p in context.starting_in(place[1], m.sentence.end_char, "Review") if p[0].start > place[1]]
            if match["doing"].split()[0] in _ITSELF:  # "to examine the unit": the review is called by the verb
                doing = m.word(to, match["doing"].split()[0])
                near = [p for p in near if p[0].start == doing.idx]
            if not near:
                continue
            mention, review = near[0]
            # Whoever names the person who shall do it does not only call for it.
            asker = chain_of(by) if by and by[0] == "P" and to[0] != "P" and not match["given"] else None
            noun = context.span(mention).root
            found.setdefault(("ledBy", review, chain_of(to)), (asker, (m.token(context, to), noun)))
            if by and chain_of(by) != chain_of(to):
                found.setdefault(("commissionedBy", review, chain_of(by)), (asker, (m.token(context, by), noun)))
    return found


def _is_ordered(context: Context, m: Masked, match: re.Match[str]) -> bool:
    """Whether the words order the review, as far as they tell; an outsider's wish for one is no order."""
    if _URGED.search(m.text, 0, match.start()):
        return False
    sign = (match["by"] or match["to"])[1:-1]
    verb = m.word(sign, match["given"] or match["asked"])
    if status_of(context, verb) in {"denied", "hypothetical"} or surface_status(context, verb) in {"denied", "hypothetical"}:
        return False
    if match["given"] or not match["by"]:
        return True
    by, to = chain_of(sign), chain_of(match["to"][1:-1])
    kind = context.chains[by].type
    if kind == "Organisation":
        return context.chains[to].type != "OversightBody" or _GOVERNMENT.search(context.chains[by].name) is not None
    return True


def examined(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Rows of `examines` for reviews of which it is only told what of a force they looked at: "she ordered an audit of vetting".

    It is the force of whoever ordered it; else, of an inspection, of a review of what the police do, or of one that found something of "the
    force", the one that the document is about. Only of reviews that are told to be there, whose names tell of nobody else. Else it is whom
    the name of a review tells of: "an audit of vetting at Kent Police", "a review of how the force vets". An inquest looks at the death.
    """
    rows = list(facts)
    named = list(_of_the_force(context, rows))
    yield from (*_named_in(context, rows), *named, *_of_the_death(context, rows))
    forces: dict[int, set[int]] = {}
    for row in rows:
        if row.predicate in {"headOf", "commissionerFor"} and context.chains[int(row.object)].type == "PoliceForce":
            forces.setdefault(row.subject, set()).add(int(row.object))
    by_review: dict[int, list[Fact]] = {}
    for row in rows:
        if context.chains[row.subject].type == "Review":
            by_review.setdefault(row.subject, []).append(row)
    for review, told in by_review.items():
        # When it is to come out tells nothing of whether it is there: "an audit of vetting is due to be published in May".
        if any(row.predicate == "examines" or (row.status != "asserted" and row.predicate != "publishedOn") for row in told):
            continue
        if any(row.subject == review for row in named):
            continue
        first = next((row for row in told if row.predicate in _TOLD and row.status == "asserted"), None)
        if first is None or any(_OF_OTHERS.search(name) for name in context.chains[review].names):
            continue
        leads, orderers = ([int(row.object) for row in told if row.predicate == p] for p in ("ledBy", "commissionedBy"))
        if _names_others(context, review, {*leads, *orderers}):
            continue
        force = _force_of(context, review, leads, orderers, forces)
        if force is None and _found_of_force(context, review, told, leads):
            force = main_force(context)
        if force is not None:
            yield Fact("examines", review, force, "asserted", first.evidence, SOURCE, 0.75)


def _found_of_force(context: Context, review: int, told: Iterable[Fact], leads: Iterable[int]) -> bool:
    """Whether a review found something of "the force", other than one that looks into what some officer did, or into a death."""
    chains = context.chains
    if any(map(_INQUEST.search, chains[review].names)) or any(_LOOKS_INTO_ONE.search(chains[actor].name) for actor in leads):
        return False
    return any(row.predicate == "finds" and _THE_FORCE.search(str(row.object)) for row in told)


def _of_the_force(context: Context, rows: Iterable[Fact]) -> Iterator[Fact]:
    """Rows of `examines` for the force that the document is about and the reviews named after "the force" and what it does."""
    main = main_force(context)
    if main is None:
        return
    known = {row.subject for row in rows if row.predicate == "examines"}
    actors: dict[int, set[int]] = {}
    for row in rows:
        if isinstance(row.object, int):
            actors.setdefault(row.subject, {main}).add(row.object)
    for mention, review in context.of_types("Review"):
        named = mention.kind == "name" and len(context.span(mention)) > 0 and _OF_THE_FORCE.search(mention.text)
        if named and review not in known and not _names_others(context, review, actors.get(review, {main})):
            known.add(review)
            noun = context.span(mention).root
            status, start = existence(context, noun), context.sentence(noun).start_char
            if status == "asserted" and _WISHED.search(context.document.text, start, mention.start):
                status = "proposed"
            yield _fact(context, "examines", review, main, status, noun, sure=0.75)


def _of_the_death(context: Context, rows: Iterable[Fact]) -> Iterator[Fact]:
    """The row of `examines` for the only inquest of a document, told of by that word alone, and its only death."""
    held = [i for i, c in enumerate(context.chains) if c.type == "Review" and any(map(_INQUEST.search, c.names))]
    happened = ((i, c) for i, c in enumerate(context.chains) if c.type == "Incident" and not _DEED.match(c.name))
    deaths = [i for i, c in happened if any(map(_DEATH.search, c.names))]
    if len(held) != 1 or len(deaths) != 1 or not all(map(_BARE_INQUEST.fullmatch, context.chains[held[0]].names)):
        return
    first = context.chains[held[0]].mentions[0]
    wanted = _WANTED.search(context.document.text, max(0, first.start - 25), first.start) or _not_held(context, held[0])
    if not wanted and len(context.span(first)) and all(row.subject != held[0] or row.predicate != "examines" for row in rows):
        yield _fact(context, "examines", held[0], deaths[0], "asserted", context.span(first).root, sure=0.75)


_THE_FORCE = re.compile(r"\b[Tt]he (?:force|constabulary)\b(?!['’]s)")
_LOOKS_INTO_ONE = re.compile(r"conduct|investigations (?:and|&) review|ombudsman|complaints", re.I)
#: What a review is called after that looks at the force that the text is about.
_OF_THE_FORCE = re.compile(
    r"\bhow (?:the|our|his|her|my) (?:force|constabulary|officers)\b|\b(?:of|into|at) (?:the (?:force|constabulary|county)['’]s|our)\b"
)
#: Before a review that somebody would like, where the tree does not tell it.
_WISHED = re.compile(
    r"\b(?:call(?:s|ed|ing)? (?:[\w ]{1,30} )?for|(?:would|will|to) (?:ask|press|urge|seek)|wants?|wanted|demand\w*|urged|asked for"
    r"|seeking)\b",
    re.I,
)
_WANTED = re.compile(r"\b(?:for|no|should be|of) (?:an? |the )?(?:full )?$", re.I)
_INQUEST = re.compile(r"\binquest\b|\bfatal accident inquiry\b|\bFAI\b", re.I)
_BARE_INQUEST = re.compile(
    r"(?:(?:an?|the|full|jury|[a-z]+-day) )*(?:inquest|fatal accident inquiry|FAI)(?: into (?:the|his|her) death)?", re.I
)
#: What somebody is told to have done in the past, before this death: "killing a neighbour".
_DEED = re.compile(r"\w+ing (?:an?|his|her|the|two|three) ", re.I)
_DEATH = re.compile(r"\b(?:deaths?|died|dead|murder\w*|kill\w*|shooting|stabbing|drown\w*|crash|collision|fire|disaster|bombing)\b", re.I)


def _named_in(context: Context, rows: Iterable[Fact]) -> Iterator[Fact]:
    """Rows of `examines` for the forces and bodies in the names of reviews of which no such row is known."""
    text = context.document.text
    known = {row.subject for row in rows if row.predicate == "examines"}
    subjects = {row.subject for row in rows}
    actors = {(row.subject, row.object) for row in rows if row.predicate in {"ledBy", "commissionedBy"}}
    for mention, review in context.of_types("Review"):
        if review in known or mention.kind != "name" or not len(context.span(mention)):
            continue
        noun = next((t for t in context.span(mention) if t.pos_ == "NOUN" and _LOOKING.fullmatch(t.lower_)), None)
        if noun is None or review not in subjects:
            continue
        told = {row.status for row in rows if row.subject == review and row.predicate in {"ledBy", "commissionedBy"}}
        status = existence(context, noun)
        if status == "asserted" and told and "asserted" not in told:
            continue
        for inner, target in context.starting_in(noun.idx, mention.end, "PoliceForce", "Unit", "OversightBody", "Organisation"):
            if (review, target) not in actors and not _NO_SUBJECT.search(text, noun.idx, inner.start):
                yield _fact(context, "examines", review, target, status, noun)


_LOOKING = re.compile(r"review|inquiry|report|inspection|audit|investigation|study|look|assessment|examination|probe|evaluation")
#: Before those in the name of a review whom it is not about.
_NO_SUBJECT = re.compile(
    r"(?:\b(?<!handling )(?<!use )(?:by|from|for|to|than|between|with|carried out|published|led|ordered)(?: the)? )$"
    r"|\b(?:by|from|published|ordered|led|commissioned|carried out)\b(?! the| [A-Z])"
)


def presided(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Rows of `ledBy` for the only inquest of a document, by its only coroner, and for the fatal accident inquiry, by the sheriff."""
    rows = list(facts)
    led = {row.subject for row in rows if row.predicate == "ledBy"}
    for title, review, told_as in _PRESIDED:
        held = [i for i, c in enumerate(context.chains) if c.type == "Review" and any(review.search(name) for name in c.names)]
        people = {row.subject: row for row in rows if row.predicate == "holdsRole" and title.search(str(row.object))}
        if len(held) == 1 and len(people) == 1 and held[0] not in led and not _not_held(context, held[0]):
            person, row = people.popitem()
            if not told_as.search(context.document.text, *row.evidence):
                continue
            yield Fact("ledBy", held[0], person, "asserted", row.evidence, SOURCE, 0.8)


def _not_held(context: Context, review: int) -> bool:
    """Whether the sentence that first tells of an inquest tells that there is none yet."""
    first = context.chains[review].mentions[0]
    return any(_NONE_YET.search(context.text(sentence)) for sentence in context.sentences(first.start, first.end))


_NONE_YET = re.compile(
    r"\byet to (?:be )?(?:open|held|begin|start)|\bno (?:inquest|fatal)|\bcall\w* for\b|\bwants?\b|\bnot (?:yet )?been\b"
    r"|\binqu(?:est|iry) (?:would|may|might|should|could)\b|\bshould be an?\b"
)
#: Who sits over which review, and what his post must be told with: sheriffs sit in criminal courts, too.
_PRESIDED = (
    (re.compile(r"\bcoroner\b(?!['’])", re.I), re.compile(r"\binquest\b", re.I), re.compile("")),
    (
        re.compile(r"\bsheriff(?: principal)?$", re.I),
        re.compile(r"\bfatal accident inquiry\b|\bFAI\b", re.I),
        re.compile(r"\b(?:inquiry|determination|FAI)\b"),
    ),
)


def _force_of(context: Context, review: int, leads: list[int], orderers: list[int], forces: Mapping[int, set[int]]) -> int | None:
    """Whose force a review looks at whose name tells none."""
    chains = context.chains
    names = chains[review].names
    police = any(_POLICE_WORK.search(name) for name in names)
    if not police and (any(_HAS_SUBJECT.search(name) for name in names) or all(map(_REPORT.fullmatch, names))):
        return None  # "an inquiry into the laboratory", "the interim report" on it
    own = {force for actor in orderers for force in ({actor} if chains[actor].type == "PoliceForce" else forces.get(actor, ()))}
    if orderers:  # "done for Dorset and Devon and Cornwall": a force that only pays may be one of several
        return own.pop() if len(own) == 1 and (main_force(context) in own or own.isdisjoint(orderers)) else None
    if any(_INSPECTS.search(chains[actor].name) for actor in leads):
        return main_force(context)
    if any(chains[actor].type == "OversightBody" for actor in leads):
        return None
    return main_force(context) if police and any(_LOOKS_AT.search(name) for name in names) else None


def _names_others(context: Context, review: int, own: set[int]) -> bool:
    """Whether a name of the review has somebody in it who neither led nor ordered it."""
    mentions = (m for m in context.chains[review].mentions if m.kind == "name")
    kinds = (*SUBJECTS, "Place")
    return any(m.type in kinds and i not in own for r in mentions for m, i in context.starting_in(r.start, r.end))


#: What tells that a review is, or was, there.
_TOLD = frozenset({"ledBy", "commissionedBy", "publishedOn", "finds"})
#: What reviews are called that look at others than the police, or at more than one body.
_OF_OTHERS = re.compile(
    r"inquests?\b|fatal accident|public inquiry|statutory|homicide review|safeguarding|serious case|further offence|evaluation|research"
    r"|pilot|scheme|\bfund\b|super-complaint|survey|study|national|in the north|elsewhere|similar|\bjoint\b",
    re.I,
)
_INSPECTS = re.compile(r"Inspectorate of Constabulary", re.I)
_HAS_SUBJECT = re.compile(r"\b(?:of|into|on|at|about)\b(?! (?:its own|\d|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun))", re.I)
_REPORT = re.compile(r"(?:[\w’'-]+ )*report", re.I)
_LOOKS_AT = re.compile(r"review|audit|inspection|examination|scrutiny|sample", re.I)
#: What the police do, and have.
_POLICE_WORK = re.compile(
    r"\b(?:vetting|custody|cells|stop and search|strip-search\w*|handcuff\w*|complaints?|firearms|licensing|disclosure|counter-corruption"
    r"|stalking cases|domestic abuse|call.handling|control room|pursuits|informants?|professional standards|use of force|tasers?|policing"
    r"|how (?:the|its|his|her|my|our) (?:force|constabulary|officers)|officers|detectives?|investigations?|burglary"
    r"|missing (?:person|people|children)|rapes?|child protection|spit|exhibits|batons|misconduct|vehicles?)\b",
    re.I,
)


def _causes(context: Context, review: int, noun: Token, verb: Token, status: str) -> Iterator[Fact]:
    for holder in (noun, verb):
        for child in holder.children:
            if child.dep_ in {"obl", "nmod"} and case_of(child) in _PROMPTS:
                for cause, token in actors(context, child, "Incident", "Person"):
                    yield _fact(context, "promptedBy", review, cause, status, noun, token)

"""Posts: who holds which rank or title, in what, and who therefore heads or belongs to it.

A title is joined to a person by the words between them ("Chief Constable <P>", "<P>, the force's chief constable,", "<P> was named
chief constable") and to a body by those about the title ("<F>'s chief constable", "chief constable of <F>") or the person
("<P> of <F>"). Where an article is about one force only, an officer whose force is not told is that force's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.masked import Masked, Title, chain_of, main_force, masked, masked_in, of_area
from kg.facts.status import status_of
from kg.facts.times import expressions_in, fact_dates
from kg.model import Fact, Mention
from kg.names import SEVERAL, key
from kg.reference import Reference

SOURCE = "posts"
_OF_THE_COURT = re.compile(
    r"\b(?:prosecutor|barrister|solicitor|lawyer|advocate|judge|recorder|coroner|magistrate|sheriff|bailiff|deemster|counsel|[kq]c)\b", re.I
)

#: Words that may stand between an article or possessive and a title.
_MODIFIERS = (
    r"(?:(?:new|former|ex|then|first|second|own|present|current|outgoing|incoming|next|future|retired|late|serving|senior|junior"
    r"|most|old|previous|long-serving"
    r"|newly|newly-appointed|appointed|local|regional|national|independent|elected|directly|tory|labour|conservative|lib|dem|lone"
    r"|female|male|woman|veteran|off-duty|suspended"
    r"|sacked|disgraced|permanent|part-time|full-time|assistant|preferred|candidate|for|nominee|replacement|successor|as|one-time"
    r"|sometime|erstwhile|acting|temporary"
    r"|interim|caretaker|\d\d-year-old|county|area|branch|borough|divisional|operational|deputy|overall|top|only|youngest|custody"
    r"|response|neighbourhood|designate)[- ])*"
)
_DETERMINER = r"(?:an? |the |one of (?:the |its |)|our |my |your |this |that |itself )?(?:(?:post|position|role|rank|job) of )?"
_OWNER = r"(?:<(?P<owner>[FUBOL]\d+)>(?:'s?)? )?"
_LED_IN = re.compile(
    rf"<(?P<person>P\d+)>['\"”)]*(?:, (?:[^<>,.;:]|<[A-OQ-Z]\d+>){{2,60}}(?=,))?(?P<link>, \(?| \(| – | - |: |,? who (?:is|was"
    rf"|had been|has been|remains|became|has become) |,? (?:is|was|has been|had been|became|becomes|has become|had become|remains"
    rf"|remained|serves|served) "
    rf"|,? (?:who )?(?:will|is to|is due to|is set to|was to|would|may|might|could|should) (?:be|become|act as|serve as|take over as) "
    rf"|,? (?:who )?(?:(?:has|had)(?: (?:now|today|just|also|since|this|last|week|month|formally|officially|unanimously)){{0,3}} been"
    rf"|was|is|were|is being|being|is to be|will be|would be) (?:re-?)?(?:appointed|named|made"
    rf"|promoted to|promoted|elected|confirmed as|confirmed|sworn in as"
    rf"|chosen as|chosen|selected as|nominated as|unveiled as|installed as)(?: as| to be)? |(?:(?!<P)[^.;])*?\b(?:joined|joining"
    rf"|served in|rejoined|moved to|transferred to|went to|switched to|returned to|came to"
    rf"|moving to) (?:the )?<(?P<joined>[FUOB]\d+)>(?: in \d{{4}})? as "
    rf"|,? (?:who )?(?:(?:has|had) )?(?:rose to(?: be| become| the rank of)?|retired as|served as|acts as|acted as|works as|worked as"
    rf"|took over as|started as|took up (?:the|his|her) (?:post|role) (?:of|as)) "
    rf"|,? (?:who )?(?:will |is to )?(?:continues?|stays?(?: on)?|returns?|returned) as "
    rf"|,? (?:who )?(?:(?:has|had) )?(?:beat|beats|beaten|saw off|sees off|seen off) (?:[^<>.;,]){{1,40}} to (?:be |become )?"
    rf"|,? (?:who )?(?:(?:has|had) )?(?:landed|lands|won|wins|got|gets|secured|clinched|(?:(?:has been|was) )?(?:given|handed))"
    rf" (?=the (?:top |vacant )?(?:post|position|role|job) of ))"
    rf"(?P<adverb>(?:now|then|also|currently|formerly|previously|once|until recently|at present|himself|herself|temporarily"
    rf"|until last year|at the time|still|not|never|no longer)[, ] ?)*{_DETERMINER}{_OWNER}(?P<mods>{_MODIFIERS})$",
    re.I,
)
#: "appointed <P> as its new <T>"
_MADE = re.compile(
    r"(?P<link>\b(?:appoint(?:s|ed|ing)?|nam(?:es|ed|ing)|chose|chosen|choosing|picks|picked|select(?:s|ed|ing)|confirm(?:s|ed|ing)|elect(?:s|ed)"
    r"|unveil(?:s|ed)|install(?:s|ed)|promot(?:es|ed)) (?:<T\d+>,? )?)<(?P<person>P\d+)>,? (?P<adverb>as|to be|to) "
    rf"{_DETERMINER}{_OWNER}(?P<mods>{_MODIFIERS})(?P<joined>)$",
    re.I,
)
_HELD_BEFORE = r"(?:<T\d+>,? )?<P\d+>"
_AS_POST = rf"(?P<adverb>) as {_DETERMINER}{_OWNER}(?P<mods>{_MODIFIERS})(?P<joined>)$"
#: "<P> succeeded <P> as <T>", "<P> will be replaced by <P> as <T>": the post is the successor's
_HANDED = re.compile(
    rf"<(?P<person>P\d+)>(?:,? who)?"
    rf"(?P<link>(?: (?:has|have|had|will|would|is to|is due to|is set to))? (?:replac(?:es?|ed)|succeed(?:s|ed)?"
    rf"|follow(?:s|ed)|t(?:akes?|ook) over from)) {_HELD_BEFORE}{_AS_POST}",
    re.I,
)
_HANDED_TO = re.compile(
    rf"<P\d+>(?:,? who)?(?: (?:was|has been|had been|is))?(?P<link>(?: (?:will be|would be|to be))? (?:replaced|succeeded|followed) by) "
    rf"(?:<T\d+>,? )?<(?P<person>P\d+)>{_AS_POST}",
    re.I,
)
_OWNED = re.compile(rf"<(?P<owner>[FUBOL]\d+)>(?:'s?)? (?:and <[FUBO]\d+>'s? )?(?P<mods>{_MODIFIERS})$", re.I)
_SOMEBODYS = re.compile(rf"<P(\d+)>'s? (?:own )?(?:{_MODIFIERS})$", re.I)
_UNOWNED = re.compile(rf"(?:^|[^\w<>])(?P<mods>{_MODIFIERS})$", re.I)
_OF = (
    r"(?:(?: \w+)? (?:of|for|at|in|with|from|to)|,) (?:the |that |old |its |their "
    r"|neighbouring )*(?:<(?P<force>F\d+)>(?:'s? (?:new |own )?| (?=<U)))?<(?P<of>[FUBOL]\d+)>"
)
_OF_BODY = re.compile(_OF)
_LED_OUT = re.compile(
    rf"(?P<gap>(?:{_OF})?,? (?:and (?:the )?<T\d+>,? |(?:is|has been) (?!<P\d+>'))?|: ?|,? |, (?:the )?|[- ](?:designate"
    rf"|elect),? )(?:<T\d+>,? )?<(?P<person>P\d+)>"
)
_AFTER_PERSON = re.compile(
    r"(?:,)? (?:(?:of|from|with|at|in|who (?:works|serves) (?:for|in|with)|attached to|based with|seconded to|a member of"
    r"|an officer (?:with|in|from)) )"
    r"(?:the |that |its |their |neighbouring )*(?:<(?P<force>F\d+)>(?:'s? (?:\w+ )?| (?=<U)))?<(?P<of>[FUBO]\d+)>"
    r"|, <(?P<list>[FUBO]\d+)>(?=[,;.)]|$)| \(<(?P<of2>[FUBO]\d+)>\)"
)
_FORMER = re.compile(
    r"\b(?:former|ex|then|retired|late|previous|previously|once|old|one-time|sometime|erstwhile|formerly|until"
    r"|sacked|disgraced|no longer)\b",
    re.I,
)
_WAS = re.compile(r"\b(?:was|had been|were|became|served|rose|retired|joined|worked|acted|started)\b", re.I)
_SO_FAR = re.compile(r"\bhas (?:served|acted|worked) as", re.I)
#: Words in the past that begin a post: "<P> was appointed <T>", "<P>, who became <T> in May, said".
_TAKEN_UP = re.compile(
    r"\b(?:was|were|been) (?:\w+ly |re-?)?(?:appointed|made|named|promoted|elected|confirmed|sworn|installed|chosen|selected|unveiled)\b"
    r"|^<P\d+>,? who became ",
    re.I,
)
_AHEAD = re.compile(
    r"\b(?:next|future|incoming|preferred|candidate|nominee|nominated|named|chosen|selected|unveiled|designate|elect|will|is to"
    r"|is due|is set|was to|would|is being)\b",
    re.I,
)
#: Words by which somebody only passes for something.
PRETENCE = r"posed|posing|impersonat\w+|pretend\w*|masquerad\w+|name as|claim\w* to be"
#: Somebody only passed himself off as what follows, or wished to be it.
_POSED = re.compile(
    rf"\b(?:{PRETENCE}|wish(?:es|ed)?|mistaken|mistook|confused|there (?:is|was) no"
    r"|call(?:ed|ing) (?:him|her|them)sel\w+)\b[^.;]{0,40}$|\b(?:not"
    r"|confused) [^.;]{0,20}with [^.;]{0,20}$",
    re.I,
)
_NOW = re.compile(r"\bwho (?:is|was|has been|had been|remains|became)\b|\b(?:now|currently|at present)\b", re.I)
_UNREAL = re.compile(r"\b(?:(?-i:may)|might|could|should)\b", re.I)
_NEGATED = re.compile(r"\b(?:not|never)\b", re.I)
#: Ranks and titles whose holder heads a force.
FORCE_HEADS = frozenset(
    {
        "chief constable",
        "commissioner",
        "chief officer",
        "chief",
        "head",
        "police chief",
        "chief constable and chief executive",
        "national police commissioner",
    }
)
_COMMISSIONERS = frozenset(
    {
        "police and crime commissioner",
        "police, fire and crime commissioner",
        "police, crime and victims' commissioner",
        "police and crime and victims' commissioner",
        "commissioner for police, fire and rescue and crime",
        "commissioner",
        "crime commissioner",
    }
)
#: Titles whose holder heads the unit they are "of".
UNIT_HEADS = re.compile(
    r"(?:^|\b(?:acting|temporary|interim) )(?:head|chief|commander|chair|director|officer in charge"
    r"|(?:\w+ )*commander)$"
)
#: What says too little to be a role.
VAGUE = frozenset(
    {
        "head",
        "chief",
        "deputy",
        "officer",
        "police officer",
        "member",
        "resident",
        "independent",
        "civilian",
        "security",
        "companion",
        "boss",
        "panel",
        "number two",
        "second-in-command",
        "supervisor",
        "partner",
        "victim",
        "leader",
        "designate",
        "lead",
        "lead for",
        "senior",
        "honour",
    }
)
_CAPACITIES = re.compile(r"^(?:(?:acting|temporary|interim|caretaker|former|ex) )+")
#: Titles told of no force: who holds them is no officer of the force an article is about.
OUTSIDE = re.compile(
    r"constabulary|inspectorate|prisons|\bfire\b|military|ombudsman|army|navy|school|tax|customs|immigration"
    r"|ticket|health|building|council|care home|nursing home|hospital|college|university|charity|hotel|\bshop|\bclub\b|church|teacher"
    r"|\bnurse\b|\bdoctor\b|farmer|landlord|landlady"
)


@dataclass(frozen=True)
class Post:
    """A title that a sentence gives a person, and the chains of what it is held in, as far as the sentence tells."""

    person: int
    role: str
    force: int | None
    body: int | None  #: unit, organisation or oversight body
    status: str
    former: bool
    foreign: bool  #: something stands by the title that may name a body not recognised
    anchor: Token
    of_body: bool = True  #: the body is told of the title, not only of the person ("head of <U>", not "Sergeant <P> of <U>")
    owner: int | None = None  #: the person whose title-holder it is ("<P>'s deputy")
    place: str = ""  #: the name of a place that is told of the title or the person, and is no force's area: "PC <P>, of Sleaford"
    placed: bool = False  #: and it stands before the title: "a Sleaford constable"

    @property
    def plain(self) -> str:
        """The role without acting and temporary."""
        return _CAPACITIES.sub("", self.role)


def posts(context: Context) -> Iterator[Fact]:
    """``holdsRole``, ``memberOf``, ``servesIn``, ``headOf`` and ``commissionerFor`` rows of the titles people are given."""
    for post in held(context):
        yield from _facts(context, post)
    for m in masked(context):
        for match in _PROSECUTES.finditer(m.text) if "rosecuting" in m.text else ():
            sign = match["after"] or match["before"]
            yield Fact("holdsRole", chain_of(sign), "prosecutor", "asserted", context.evidence(m.token(context, sign)), SOURCE, 0.85)


#: "Prosecuting, Ann Cole told the court", "Ann Cole, prosecuting, said": who prosecutes a case before a court.
_PROSECUTES = re.compile(
    r"(?:^|[.:;] )Prosecuting,? (?:for [^,<>]{1,40}, )?(?:Mr |Mrs |Ms |Miss )?<(?P<after>P\d+)>"
    r"|<(?P<before>P\d+)>(?: [KQ]C)?, (?:who (?:is|was) )?prosecuting(?:,|\.| said\b| told\b)"
)


def held(context: Context) -> tuple[Post, ...]:
    """Every title that a sentence gives a person, with forces filled in from the person's other posts or the article's only force."""
    return context.once(_held)


def held_in(context: Context, start: int, end: int) -> list[Post]:
    """The posts whose titles stand at an offset from ``start`` up to but not including ``end``."""
    found, starts = context.once(_by_place)
    return found[bisect_left(starts, start) : bisect_left(starts, end)]


def held_by(context: Context, person: int) -> list[Post]:
    """The posts of a person."""
    return context.once(_by_person).get(person, [])


#: The same by what stands beside a name: "Ann Cole, prosecuting, said", "Ian Orr, for the defence, told", "judge Lady Cole"; and by what
#: only a judge does: "Lord Cole upholds a defence submission".
_SPEAKS_FOR = re.compile(
    r",? (?:who (?:is|was) )?(?:(?:prosecuting|defending|mitigating|in mitigation)(?:,|\.| said\b| told\b| for\b)"
    r"|(?:representing|acting for|appearing for) "
    r"|for (?:the )?(?:Crown|prosecution|defence|(?:Mr|Mrs|Ms|Miss|PC|Sgt) [A-Z][\w'’-]+),? (?:said|told|added)\b"
    r"|[QK]C\b"
    r"|(?:directed|directs|instructed|instructs) (?:the )?(?:jury|jurors)\b"
    r"|(?:upheld|upholds|allowed|allows|rejected|rejects) (?:an?|the) (?:(?:defence|legal|half-time|prosecution) )*submissions?\b"
    r"|adjourn(?:ed|s) (?:the )?(?:case|trial|hearing|sentence|sentencing)\b)"
)
_SITS = re.compile(
    r"\b(?:[Jj]udge|[Jj]ustice|[Rr]ecorder|[Ss]heriff|[Bb]ailiff|[Dd]eemster|[Pp]rosecutor|[Bb]arrister|[Cc]ounsel|[Aa]dvocate)"
    r"(?: [Dd]epute)?,? "
    r"(?:(?:Mr|Mrs|Ms|Miss|Sir|Dame|Lord|Lady|HHJ) )?$"
    r"|\b(?:[Pp]rosecuting|[Dd]efending|[Mm]itigating)(?: [A-Z][\w'’-]+)?, (?:(?:Mr|Mrs|Ms|Miss|Sir|Dame|Lord|Lady) )?$"
)


def of_the_court(context: Context, person: int) -> bool:
    """Whether the person only speaks or sits in court, by a post or by the words beside a name."""
    if any(_OF_THE_COURT.search(post.role) for post in held_by(context, person)):
        return True
    return person in context.once(_in_robes)


def _in_robes(context: Context) -> set[int]:
    """Those beside a name of whom stands what lawyers and judges do."""
    text = context.document.text
    return {
        person
        for mention, person in context.of_types("Person")
        if mention.kind == "name"
        and (_SPEAKS_FOR.match(text, mention.end) or _SITS.search(text, max(0, mention.start - 40), mention.start))
    }


def _held(context: Context) -> tuple[Post, ...]:
    found = [post for m in masked(context) for post in _of_sentence(context, m)]
    own: dict[int, set[int]] = {}
    for post in found:
        if post.force is not None and not post.former:
            own.setdefault(post.person, set()).add(post.force)
    away = {post.person for post in found if _is_executive(context, post)}
    settled = [post if post.person in away else _settled(context, post, own.get(post.person, set())) for post in found]
    return tuple(_deputising(context, post, settled) for post in settled)


#: What leaves nobody time to serve in a force as well: "Chief Constable Ann Cole, chief executive of the College of Policing".
_EXECUTIVE = re.compile(r"(?:chief executive(?: officer)?|ceo|director[- ]general)", re.I)


def _is_executive(context: Context, post: Post) -> bool:
    """Whether the post is to lead another body, whose officers keep their ranks."""
    body = context.chains[post.body].type if post.body is not None else ""
    return not post.former and body in {"Organisation", "OversightBody"} and _EXECUTIVE.fullmatch(post.plain) is not None


def leads_elsewhere(context: Context, person: int) -> bool:
    """Whether the person, whatever police rank is told of, leads a body that is no force."""
    return any(_is_executive(context, post) for post in held_by(context, person))


#: Posts whose deputies are called after them.
_DEPUTISED = re.compile(r"chief constable|(?:police(?:, fire)? and crime )?commissioner|mayor|chief executive|chief officer|ombudsman")


def _deputising(context: Context, post: Post, posts: Sequence[Post]) -> Post:
    """A bare "deputy" is somebody's, whose post tells the title and the force: "her deputy, Ann Cole"."""
    if post.plain != "deputy" or post.owner == post.person:
        return post
    if post.owner is None:
        return replace(post, role=f"{post.role} chief constable") if _is_chiefs_deputy(context, post, posts) else post
    ranks = {p.role for p in posts if p.person == post.person and context.reference.rank(p.role)} - {"deputy chief constable"}
    if ranks == {"assistant chief constable"}:
        return replace(post, role=f"{post.role} chief constable")  # "Assistant Chief Constable Ann Cole becomes temporary deputy"
    theirs = {(full_role(context, p), p.force) for p in posts if p.person == post.owner and _DEPUTISED.fullmatch(full_role(context, p))}
    if len(theirs) != 1 or ranks:
        return post
    role, force = next(iter(theirs))
    return replace(post, role=f"{post.role} {role}", force=force if role == "chief constable" else None)


_NARRATORS = re.compile(r"\b(?:my|our|your) (?:own |then )?$", re.I)


def _is_chiefs_deputy(context: Context, post: Post, posts: Sequence[Post]) -> bool:
    """Whether "the deputy", of whom nobody is told, is a chief constable's: the text has one, and whoever it is has police ranks alone."""
    start, end = post.anchor.idx, post.anchor.idx + len(post.anchor)
    text, sentence = context.document.text, context.sentence(post.anchor)
    if not post.anchor.is_lower or post.body is not None:
        return False
    if _NARRATORS.search(text, max(0, start - 12), start) or text.startswith(" to ", end):
        return False
    others = [p for p in posts if p.person == post.person and p.plain != "deputy"]
    if any(context.reference.rank(p.plain) is None or context.sentence(p.anchor) == sentence and "constable" not in p.role for p in others):
        return False
    return context.once(_has_chief_constable)


def _has_chief_constable(context: Context) -> bool:
    return re.search(r"\bchief constables?\b", context.document.text, re.I) is not None


def _by_place(context: Context) -> tuple[list[Post], list[int]]:
    found = sorted(held(context), key=lambda post: post.anchor.idx)
    return found, [post.anchor.idx for post in found]


def _by_person(context: Context) -> dict[int, list[Post]]:
    table: dict[int, list[Post]] = {}
    for post in held(context):
        table.setdefault(post.person, []).append(post)
    return table


def _settled(context: Context, post: Post, own: set[int]) -> Post:
    if post.force is not None or post.body is not None and context.chains[post.body].type != "Unit" and not _is_partys(context, post):
        return post
    if post.body is None and (body := _described_body(context, post)) is not None:
        return replace(post, body=body, of_body=True)
    if post.foreign or not _is_police(context, post):
        return post
    unit = context.chains[post.body] if post.body is not None and not _is_partys(context, post) else None
    if unit is not None and (unit.reference or "region" in unit.name.lower()):
        return post  # a unit of several forces or of none
    if own:
        return replace(post, force=next(iter(own))) if len(own) == 1 and not post.former else post
    elected = post.plain in _COMMISSIONERS and (post.plain != "commissioner" or context.once(_has_elected_alone))
    told = context.text(context.sentence(post.anchor))
    if not elected and post.person in context.once(_candidates):
        return post  # who is preferred for a post may come from anywhere
    if not elected and _brought_in(context, post) or _NATIONAL.search(told):
        return post
    crime = CRIME.search(told) is not None
    grave = not elected and (crime or post.person in context.once(_in_trouble))
    main = main_force(context, _OF_TROUBLE if grave else 1.5)
    if grave and (_is_disowned(context, post) or crime and _is_only_referred_to(context, post)):
        return post
    if grave and context.once(_forces_beside).get(post.person, set()) - {main}:
        main = main_force(context, _BESIDE_OTHERS)
    if post.place and not may_be_of(context, post, main, grave):
        return post
    near = _force_near(context, post.anchor, main)
    return replace(post, force=overseen(context) if near is None and elected else near)


def overseen(context: Context) -> int | None:
    """The force whose commissioner an article that names no other means: its main force, else the only one whose panel it names."""
    main = main_force(context)
    return main if main is not None and _has_commissioner(context, main) else context.once(_overseen)


def _overseen(context: Context) -> int | None:
    bodies = (chain.name for chain in context.chains if chain.type == "OversightBody")
    areas = (of_area(name) for name in bodies)
    forces = {force.slug for area in areas if area and (force := context.reference.force_by_area(area)) is not None}
    return context.once(_forces).get(forces.pop()) if len(forces) == 1 else None


def _is_partys(context: Context, post: Post) -> bool:
    """Whether all that is told of an elected post is whose candidate won it: "the Labour police and crime commissioner, <P>"."""
    return post.body is not None and post.plain in _COMMISSIONERS and is_party(context, post.body)


def is_party(context: Context, body: int) -> bool:
    """Whether a body is a political party."""
    return key(context.chains[body].name) in _parties(context.reference)


@lru_cache(maxsize=2)
def _parties(reference: Reference) -> frozenset[str]:
    """The names of political parties, those that are common words as well among them."""
    parties = [body for body in reference.bodies if body.kind == "political party"]
    return frozenset(key(name) for body in parties for name in (body.name, *body.aliases, *body.recognised_as, *body.ambiguous))


#: What a force's head says of an officer of another.
_NOT_OURS = re.compile(
    r"\b(?:is|was|were|has|had|did)(?:n['’]t| not| never)(?: been)? (?:one of (?:mine|ours|my|our)|(?:an?|our|my) (?:officer|employee)"
    r"|(?:serve|served|work|worked) (?:with|for|in) (?:us|my|our|this))\b"
)


#: Before somebody whose crime is only what others speak of, or after: "The chief constable spoke after PC Cole was jailed".
_REFERRED_TO = re.compile(r"\b(?:after|following|since|over|about|on|in the wake of)\b[^.;,]{0,60}$", re.I)


def _is_only_referred_to(context: Context, post: Post) -> bool:
    """Whether the sentence of a post is about something else than its holder: forces speak of what others' officers did."""
    sentence = context.sentence(post.anchor)
    return _REFERRED_TO.search(context.document.text, max(sentence.start_char, post.anchor.idx - 80), post.anchor.idx) is not None


def _is_disowned(context: Context, post: Post) -> bool:
    """Whether the words about somebody, or right after, say that he is another force's."""
    return _NOT_OURS.search(context.document.text, post.anchor.idx, context.sentence(post.anchor).end_char + 120) is not None


def may_be_of(context: Context, post: Post, force: int | None, grave: bool) -> bool:
    """Whether the place that is told of a post does not speak against a force: no other force polices it.

    One that stands before the title tells whose the officer is, so where it is grave it must be known: "An Oslo sergeant was jailed".
    """
    policed = context.reference.force_of_place(post.place)
    if policed is None:
        return not (grave and post.placed)
    return force is not None and policed.slug == context.chains[force].reference


def _candidates(context: Context) -> frozenset[int]:
    """The people of whom some sentence that has them says that they are candidates, in whatever sentence their rank stands."""
    return frozenset(i for m, i in context.of_types("Person") if m.kind == "name" and _CANDIDATE.search(_sentence_text(context, m)))


#: How much more often than any other force the article's must be named where somebody is in trouble, as articles tell of the crimes of
#: others' officers; and where a sentence names him with another force.
_OF_TROUBLE, _BESIDE_OTHERS = 2.0, 3.0
#: What is told of those whom a force is not given lightly.
_TROUBLE = re.compile(
    r"\b(?:accus\w+|alleg\w+|arrest\w*|assault\w*|attack\w*|charge[sd]?|convict\w*|court|crimes?|dismiss\w*|guilty|imprison\w*|jail\w*|kill\w*"
    r"|kidnap\w*|life order|misconduct|murder\w*|prison|rap(?:e|es|ed|ing|ist)|sacked|sentenc\w+|stalk\w*|suspen\w+|trial|victims?)\b"
)


def _forces_beside(context: Context) -> dict[int, set[int]]:
    """The forces that are mentioned in the sentences that mention each person."""
    found: dict[int, set[int]] = {}
    for m in masked(context):
        forces = {int(sign) for sign in re.findall(r"<F(\d+)>", m.text)}
        for sign in re.findall(r"<P(\d+)>", m.text) if forces else ():
            found.setdefault(int(sign), set()).update(forces)
    return found


def _in_trouble(context: Context) -> frozenset[int]:
    """The people of whom some sentence with their name tells something grave: papers tell of the crimes of other forces' officers."""
    people = context.of_types("Person")
    return frozenset(i for m, i in people if m.kind == "name" and _TROUBLE.search(_sentence_text(context, m)))


def _sentence_text(context: Context, mention: Mention) -> str:
    """The text of a mention's sentence."""
    return context.text(context.sentence(context.span(mention)[0]))


#: Reviews and inquiries are often done by retired officers, and by officers of other forces.
_REVIEWER = re.compile(
    r"\bretired (?:[\w-]+ ){0,3}$|\b(?:led|headed|run|conducted|carried out|written|done|undertaken|prepared|completed)\b[^.;]{0,40} by "
    r"(?:the |an? )?(?:[\w-]+ ){0,3}$|\bunder (?:[\w-]+ ){0,3}$|\bauthors?\b[^.]{0,20}, (?:[\w-]+ ){0,4}$",
    re.I,
)
_TO_REVIEW = re.compile(r"[^.;]{0,60}? (?:will|is to|to) (?:head|lead|carry out|conduct|run|chair)\b")


def _brought_in(context: Context, post: Post) -> bool:
    """Whether the post's sentence has the person lead some work, for which officers of other forces are brought in."""
    sentence = context.sentence(post.anchor)
    text, at = context.text(sentence), post.anchor.idx - sentence.start_char
    return bool(_REVIEWER.search(text, max(0, at - 90), at) or _TO_REVIEW.match(text, at))


#: Chiefs of any force speak for all of them.
_NATIONAL = re.compile(
    r"\b(?:National Police Chiefs['’]? Council(?:['’]s)?|NPCC(?:['’]s)?|national)(?: \(NPCC\))? (?:[\w-]+ ){0,3}(?:lead|chair)\b"
)
_CANDIDATE = re.compile(r"\b(?:preferred candidate|shortlisted|to be the next|chosen to (?:be|lead)|nominated)\b", re.I)
CRIME = re.compile(
    r"\b(?:convict\w*|sentenc\w+|jail\w*|imprison\w*|guilty|murder\w*|rap(?:e|es|ed|ing|ist)|kidnap\w*|stalk\w*|charged with)\b"
)

#: A force so mentioned is where somebody came from, or goes, not the one spoken of.
_ELSEWHERE = re.compile(r"\b(?:from|to|than|like|unlike|neighbouring|against|join(?:s|ed|ing)?|with|leaves|left) (?:the )?$", re.I)


def _force_near(context: Context, token: Token, main: int | None) -> int | None:
    """The only force that the token's paragraph names before it, where its sentence brings in no other; else the main one."""
    start = context.document.text.rfind("\n", 0, token.idx) + 1
    end = context.sentence(token).end_char
    forces = context.starting_in(start, end, "PoliceForce")
    theirs = _of_others(context, start, end) - {main}
    forces = [(m, i) for m, i in forces if i not in theirs]
    named = {i for m, i in forces if m.kind == "name" and m.start < token.idx}
    every = {i for _, i in forces}
    if every <= {main} or main is not None and all(_is_aside(context, m, token) for m, i in forces if i != main):
        return main
    if any(_ELSEWHERE.search(context.document.text, max(0, m.start - 20), m.start) for m, _ in forces):
        return None
    return next(iter(named)) if len(named) == 1 and every == named else None


#: Before a force that somebody came from; and before one that may be his own.
_CAME_FROM = re.compile(
    r"\b(?:joins?|joined|joining|moves?|moved|transfers?|transferred|comes?|came|coming|arrives?|arrived|promotion)\b"
    r"[^.;,]{0,30} from (?:the )?$"
)
_MAY_BE_OWN = re.compile(r"\b(?:from|with|of|at|for|in|joins?|joined|joining|rejoined) (?:the )?$", re.I)


def _is_aside(context: Context, mention: Mention, token: Token) -> bool:
    """Whether a force that stands behind a title is not told of its holder, or only as where he came from: "asked Kent Police to look"."""
    if mention.start < token.idx:
        return False
    text, start = context.document.text, max(token.idx, mention.start - 60)
    return bool(_CAME_FROM.search(text, start, mention.start)) or not _MAY_BE_OWN.search(text, start, mention.start)


#: A force that is told of one officer: "It will be done by Chief Superintendent <P> of <F>".
_OFFICERS_OWN = re.compile(r"<P\d+>,? (?:of|from) (?:the )?<F(\d+)>")


def _of_others(context: Context, start: int, end: int) -> set[int]:
    """The forces of a stretch that are only told of some officers in it."""
    texts = [m.text for m in masked_in(context, start, end)]
    told = [int(sign) for text in texts for sign in re.findall(r"<F(\d+)>", text)]
    own = [int(sign) for text in texts for sign in _OFFICERS_OWN.findall(text)]
    return {force for force in own if told.count(force) == own.count(force)}


#: The first word of a title may be all that is said of the body ("panel chair", "board member").
_BODY_WORDS = ("panel", "board", "federation", "council", "branch", "committee", "authority")
_DESCRIBED = re.compile(rf"({'|'.join(_BODY_WORDS)}) ")
#: The same before a title: any chief is one of a "council".
_BEFORE_TITLES = frozenset(_BODY_WORDS) - {"council", "branch"}


#: Titles that only one body gives, and the kind of body that it is in the reference data, or its slug.
_TITLES_OF: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"(?:(?:his|her) majesty's |hm )(?:chief )?inspector(?: of constabulary)?|(?:chief )?inspector of constabulary|lead inspector"
            r"|associate inspector"
        ),
        "inspectorate",
    ),
    (re.compile(r"regional director(?: for .*)?"), "independent-office-for-police-conduct"),
    (re.compile(r"director[- ]general"), "director general"),
    (re.compile(r"commissioner"), "review commissioner"),
)


def _described_body(context: Context, post: Post) -> int | None:
    """The body that a title tells by itself, or by the word before it, where the text has one such: "Panel chair Ann Cole"."""
    for title, kind in _TITLES_OF:
        if title.fullmatch(post.plain):
            fits = context.once(_bodies_of_kinds).get(kind, [])
            return fits[0] if len(fits) == 1 else None
    match = _DESCRIBED.match(post.role)
    word = match.group(1) if match else _word_before(context, post)
    fits = context.once(_bodies_called).get(word, [])
    return fits[0] if len(fits) == 1 else None


def _word_before(context: Context, post: Post) -> str:
    """The word before a title, if it is one for a body: "[Authority] chair", "the [panel]'s chairman"."""
    end = post.anchor.idx + len(post.anchor)
    words = context.document.text[max(0, end - 60) : end].split()
    place = len(post.role.split()) + 1
    word = re.sub(r"['’]s?$", "", words[-place]).lower() if place <= len(words) else ""
    return word if word in _BEFORE_TITLES else ""


def _bodies_of_kinds(context: Context) -> dict[str, list[int]]:
    """The oversight bodies by their slugs; and those that inspect the police by what they are."""
    found: dict[str, list[int]] = {}
    for i, chain in enumerate(context.chains):
        if chain.type == "OversightBody" and chain.reference:
            found.setdefault("inspectorate" if chain.reference in _POLICE_INSPECTORATES else chain.reference, []).append(i)
        if chain.reference in _UNDER_DIRECTORS:
            found.setdefault("director general", []).append(i)
    forces = [context.reference.force_by_slug(c.reference or "") for c in context.chains if c.type == "PoliceForce"]
    if not any(f is None or f.local_policing_body_type in _ELECTED or "ommissioner" in f.head_title for f in forces):
        found["review commissioner"] = found.get(_REVIEWS, [])
    return found


_REVIEWS = "police-investigations-and-review-commissioner"
#: Bodies that a director general leads: of one alone in a text the title says enough.
_UNDER_DIRECTORS = frozenset({"independent-office-for-police-conduct", "national-crime-agency"})


_POLICE_INSPECTORATES = frozenset({"hmicfrs", "hmics"})


def _bodies_called(context: Context) -> dict[str, list[int]]:
    """The bodies that have each of the words by which a title may tell its body in their names."""
    names = [(i, c.name.lower()) for i, c in enumerate(context.chains) if c.type in {"OversightBody", "Organisation"}]
    return {word: [i for i, name in names if word in name] for word in _BODY_WORDS}


def _is_police(context: Context, post: Post) -> bool:
    """Whether the title is one that police officers, or elected commissioners, hold."""
    if OUTSIDE.search(post.role):
        return post.plain in _COMMISSIONERS
    if is_inspectors(context, post):
        return False
    if context.reference.rank(post.role) is not None or post.plain in _COMMISSIONERS:
        return True
    title = context.reference.title(post.plain)
    return title is not None and title.kind == "police"


def is_inspectors(context: Context, post: Post) -> bool:
    """Whether an "inspector" without a capital is one of an inspectorate that the article names, no police rank."""
    if post.role != "inspector" or not post.anchor.text.islower():
        return False
    return context.once(_has_inspectorate)


def _has_inspectorate(context: Context) -> bool:
    return any(c.type == "OversightBody" and re.search("inspectorate|hmic", " ".join(c.names), re.I) for c in context.chains)


def _of_sentence(context: Context, m: Masked) -> Iterator[Post]:
    for match in re.finditer(r"<T(\d+)>", m.text):
        title = m.titles[int(match.group(1))]
        before, after = m.text[: match.start()], m.text[match.end() :]
        post = _named_after(context, m, title, match.group()[1:-1], before, after) or _named_before(
            context, m, title, match.group()[1:-1], before, after
        )
        if post:
            yield post
        if (several := _NUMBERED.search(before)) and (members := _NAMED_LATER.match(after)):
            yield from (p for p in _each_of(context, m, title, several, members) if post is None or p.person != post.person)
        if post and context.document.text[title.start : title.end].endswith("s"):
            listed = _LISTED.match(after)
            for sign in re.findall(r"<(P\d+)>", listed.group()) if listed else ():
                if chain_of(sign) != post.person:
                    yield replace(post, person=chain_of(sign))


#: Before a title in the plural, and behind it those whom a clause or place parts from it: "the two constables who found him, <P> and <P>".
_NUMBERED = re.compile(
    r"\b(?P<number>two|three|four|five|six|both)(?: (?:of (?:the |its |his |her )?)?(?P<mods>(?:[a-z][\w-]+ ){0,2}))?"
    r"(?:(?:<(?P<owner>[FUBO]\d+)>(?:'s?)? )?(?:[a-z][\w-]+ )?)$",
    re.I,
)
_NAMED_LATER = re.compile(
    r"(?: (?:of|from|at|with|in) (?:the )?<(?P<of>[FUBO]\d+)>)?"
    r"(?: (?:who|whom|from|of|with|in|at|on|based|serving|attached|accused|involved|named)\b"
    r"(?:[^.;:<>]|<[A-OQ-Z]\d+>|<P\d+>(?!,? and)){1,90}?)?"
    r"[,:] (?P<list><P\d+>(?:,? (?:aged )?\(?\d\d\)?)?"
    r"(?:(?:,? and|,) <P\d+>(?:,? (?:aged )?\(?\d\d\)?)?(?=[\s,.;:)]))+)"
)


def _each_of(context: Context, m: Masked, title: Title, several: re.Match[str], members: re.Match[str]) -> Iterator[Post]:
    """The title for each of a list behind it that has as many names as the words before the title say."""
    people = re.findall(r"<(P\d+)>", members["list"])
    if len(people) != SEVERAL[several["number"].lower()] or not context.document.text[title.start : title.end].endswith("s"):
        return
    force, body = _bodies(context, several["owner"], None, members["of"])
    former = bool(_FORMER.search(several["mods"] or ""))
    for sign in people:
        of_body = body is not None or force is not None
        yield Post(chain_of(sign), title.role, force, body, "asserted", former, False, m.token(context, sign), of_body)


#: Those who share a title in the plural: "PCs <P>, 28, and <P>".
_LISTED = re.compile(r" <P\d+>(?:,? (?:aged )?\(?\d\d\)?)?(?:(?:,? and|,) <P\d+>(?:,? (?:aged )?\(?\d\d\)?)?(?=[\s,.;:)]))+")


def _named_after(context: Context, m: Masked, title: Title, sign: str, before: str, after: str) -> Post | None:
    """ "Chief Constable <P>", "the chief constable of <F>, <P>", "its chief officer, <P>"."""
    out = _LED_OUT.match(after)
    if not out:
        return None
    owned = _OWNED.search(before)
    lead = owned or _UNOWNED.search(before)
    possessor = _SOMEBODYS.search(before)
    if "," in out["gap"] and not (
        owned
        or possessor
        or re.search(
            rf"\b(?:the|an?|our|my|then|former)(?: (?:force|county|area|constabulary|city"
            rf"|island|region|service|panel|board|charity)'s?)?(?: then)? {_MODIFIERS}$"
            rf"|^{_MODIFIERS}$",
            before,
            re.I,
        )
        or out["of"]
        or _DEFINITE.match(title.role)
    ):
        return None
    if _PRONOUN.match(context.document.text, title.end) or _is_anothers(context, m, title, out["gap"]):
        return None  # "members would judge him on results"
    mods = lead["mods"] if lead else ""
    then = bool(re.search(r"\bthen[- ]$", before, re.I))
    force, body = _bodies(context, owned["owner"] if owned else None, out["force"], out["of"])
    of_body = body is not None or force is not None
    if force is None and body is None:
        force, body = _after_person(context, after[out.end("person") + 1 :])
    if _POSED.search(before):
        return None
    former = then or bool(_FORMER.search(mods))
    status = "proposed" if _AHEAD.search(mods) or re.match(r"[- ](?:designate|elect)", after) else "asserted"
    rest = after[out.end("person") + 1 :]
    foreign = _is_foreign(context, before[: lead.start("mods")] if lead else before, owned is not None, rest)
    owner = int(possessor[1]) if possessor else None
    token = m.token(context, sign)
    place, placed = _place(context, owned["owner"] if owned else None, _LIVES.match(rest))
    return Post(chain_of(out["person"]), title.role, force, body, status, former, foreign, token, of_body, owner, place, placed)


#: Titles of one holder that need no article: "chaired by His Majesty's Chief Inspector of Constabulary, <P>".
_DEFINITE = re.compile(r"(?:his|her) majesty's |hm ")
#: Where somebody, or the holder of a title, is from or serves: "<P>, of <L>", "sergeant in <L>".
_LIVES = re.compile(r",? (?:of|from|with|at) (?:the )?<(?P<place>L\d+)>")
_SERVES_IN = re.compile(r"[^<.;]{0,12} (?:of|at|with|for|from|in) (?:the )?<(?P<place>L\d+)>")


def _place(context: Context, owner: str | None, told: re.Match[str] | None) -> tuple[str, bool]:
    """The place that is told of a title, if it is no force's area, and whether it stands before it."""
    sign = owner if owner and owner[0] == "L" else told["place"] if told else None
    name = context.chains[chain_of(sign)].name if sign else ""
    return ("", False) if context.reference.force_by_area(name) else (name, bool(owner) and sign == owner)


def _is_anothers(context: Context, m: Masked, title: Title, gap: str) -> bool:
    """Whether a title is not that of the person after the next: "met the commissioner, and chief constable Ann Cole"."""
    second = re.search(r"(?P<comma>,?) and (?:the )?<T(?P<title>\d+)>", gap)
    if second is None:
        return False
    both = (title.role, m.titles[int(second["title"])].role)
    elected = [_CAPACITIES.sub("", role) in _COMMISSIONERS for role in both]
    ranked = [context.reference.rank(role) is not None for role in both]
    return bool(second["comma"]) or elected != [True, True] and elected != [False, False] and any(ranked)


_PRONOUN = re.compile(r"\s+(?:he|him|she|her|his|they|them|it)\b", re.I)


def _named_before(context: Context, m: Masked, title: Title, sign: str, before: str, after: str) -> Post | None:
    """ "<P>, the force's chief constable", "<P> was appointed chief constable of <F>"."""
    lead = _LED_IN.search(before) or _MADE.search(before)
    if lead is None and before.count("<P") > 1:
        lead = _HANDED.search(before) or _HANDED_TO.search(before)
    if not lead or _is_next_name(lead["link"], after) or _POSED.search(before) or after.startswith(("'s ", "’s ")):
        return None  # "<P> is the sergeant's nephew"
    link = f"{lead['link']} {lead['adverb'] or ''} {lead['mods']}"
    tail = _OF_BODY.match(after)
    force, body = _bodies(context, lead["owner"] or lead["joined"], tail["force"] if tail else None, tail["of"] if tail else None)
    anchor = m.token(context, sign)
    status = status_of(context, anchor, "holdsRole") if re.search(r"[a-z]", lead["link"]) else "asserted"
    if _UNREAL.search(link) or _NEGATED.search(link):
        status = "denied" if _NEGATED.search(link) else "hypothetical"
    elif _AHEAD.search(link) or re.match(r"[- ](?:designate|elect)", after):
        status = "proposed" if status == "asserted" else status
    elif status == "proposed" and _NOW.search(link):
        status = "asserted"  # "<P>, who is currently <T>, will"
    until = re.match(rf"(?:{_OF})?,? until\b", after)
    past = _WAS.search(lead["link"]) and not _TAKEN_UP.search(lead.group()) and not _SO_FAR.search(lead["link"])
    former = bool(_FORMER.search(link) or until or past)
    place, _ = _place(context, None, _SERVES_IN.match(after))
    foreign = (
        not (force or body or place) and re.match(r"[^<.;]{0,12} (?:of|at|with|for|from|in) (?:the )?(?:[A-Z]|<L)", after) is not None
    )
    of_body = body is not None or force is not None
    return Post(chain_of(lead["person"]), title.role, force, body, status, former, foreign, anchor, of_body, place=place)


def _is_next_name(link: str, after: str) -> bool:
    """Whether the title opens the next item of a list ("<P>, Sergeant <P>") and is not said of the name before it."""
    return link.strip() in {",", ":", "-", "–", ""} and bool(re.match(r",? ?<P", after))


def _bodies(context: Context, owner: str | None, force: str | None, of: str | None) -> tuple[int | None, int | None]:
    """The force and the other body that the signs about a title tell."""
    found_force = found_body = None
    for sign in (of, force, owner):
        if not sign:
            continue
        area = sign[0] == "L" or sign[0] in "OB" and context.reference.force_by_area(context.chains[chain_of(sign)].name)
        if sign[0] == "F" or area:
            chain = chain_of(sign) if sign[0] == "F" else force_of_place(context, chain_of(sign))
            found_force = found_force if found_force is not None else chain
        elif found_body is None:
            found_body = chain_of(sign)
    return found_force, found_body


def force_of_place(context: Context, place: int) -> int | None:
    """The force among the chains that is called after a place ("the chief constable of Durham")."""
    force = context.reference.force_by_area(context.chains[place].name)
    if force is None:
        return None
    return context.once(_forces).get(force.slug)


def _forces(context: Context) -> dict[str | None, int]:
    """The first chain of each known force."""
    return {c.reference: i for i, c in reversed(list(enumerate(context.chains))) if c.type == "PoliceForce"}


def _after_person(context: Context, after: str) -> tuple[int | None, int | None]:
    match = _AFTER_PERSON.match(after)
    if not match:
        return None, None
    return _bodies(context, None, match["force"], match["of"] or match["list"] or match["of2"])


def _is_foreign(context: Context, before: str, owned: bool, after: str) -> bool:
    """Whether an unrecognised name stands before the title or after the person ("Lancashire chief constable", "<P>, of Essex")."""
    name = re.search(r"([A-Z][\w-]+)(?:'s?)? (?:and )?$", before)
    if not owned and (name or re.search(r"<[LOB]\d+>(?:'s?)? (?:and )?$", before)):
        opens = re.search(r"(?:^|[.:;!?\"“] ?|•|\*)\w+ $", before)
        if not opens or name and (context.reference.force_by_area(name.group(1)) or context.reference.places_named(name.group(1))):
            return True
    lives = _LIVES.match(after)
    if lives and not context.reference.force_by_area(context.chains[chain_of(lives["place"])].name):
        return False
    return bool(re.match(r",? (?:of|from|with|at) (?:the )?(?:[A-Z]|<[LOB]\d+>)", after)) and not _AFTER_PERSON.match(after)


def _facts(context: Context, post: Post) -> Iterator[Fact]:
    evidence = context.evidence(post.anchor)
    start, end = _dates(context, post)
    if post.status not in {"asserted", "proposed"}:
        return
    if post.role not in VAGUE:
        yield Fact("holdsRole", post.person, full_role(context, post), post.status, evidence, SOURCE, 0.9, start, end)
    for predicate, target in _links(context, post):
        former = post.former and predicate in {"headOf", "commissionerFor"}
        if former and not end:
            continue
        yield Fact(
            predicate,
            post.person,
            target,
            post.status,
            evidence,
            SOURCE,
            0.85,
            start if predicate != "memberOf" else None,
            end if post.former else None,
        )


_BOUND = re.compile(r"(?: (?:of|for|at|in|with) [^,.;:]{1,50}?)?,? (since|from|until) (?:the )?$")


def _dates(context: Context, post: Post) -> tuple[str | None, str | None]:
    """When the post was held: what stands right after the title ("since May 2021"), else what its clause tells."""
    text, day = context.document.text, context.document.date or context.document.anchor
    finish = post.anchor.idx + len(post.anchor)
    for item in expressions_in(text, day, finish, finish + 80):
        if (match := _BOUND.fullmatch(text[finish : item.start])):
            return (None, item.value) if match.group(1) == "until" else (item.value, None)
    return fact_dates(context, post.anchor, "holdsRole")


def told_elsewhere(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The rows, those of titles without a date with what another sentence tells of the same title of the same person.

    A profile names its chief constable by the title throughout, and says once "She was made assistant chief constable in 2016".
    """
    told: dict[tuple[int, str], list[tuple[int, str | None, str | None]]] = {}
    day = context.document.date or context.document.anchor
    for post in held(context):
        if post.status == "asserted" and _is_only_told(context, post):
            start, end = _dates(context, post)
            end = None if end and day and end > day[: len(end)] else end  # who is to go is still in post
            told.setdefault((post.person, full_role(context, post)), []).append((post.anchor.idx, start, end))
    for fact in facts:
        if fact.predicate != "holdsRole" or fact.status != "asserted" or fact.start or fact.end:
            yield fact
            continue
        # What the row's own sentence tells of times has been weighed already.
        others = [dates for at, *dates in told.get((fact.subject, str(fact.object)), ()) if not fact.evidence[0] <= at < fact.evidence[1]]
        starts, ends = ({date for date in part if date} for part in (zip(*others, strict=True) if others else ((), ())))
        start, end = next(iter(starts), None), next(iter(ends), None)
        backwards = start and end and start[: len(end)] > end[: len(start)]
        yield fact if backwards or len(starts) > 1 or len(ends) > 1 else replace(fact, start=start, end=end)


def _is_only_told(context: Context, post: Post) -> bool:
    """Whether the post's sentence tells of no other post of its holder, so that its times are this one's."""
    sentence = context.sentence(post.anchor)
    others = (p for p in held_in(context, sentence.start_char, sentence.end_char) if p.person == post.person)
    times = expressions_in(
        context.document.text, context.document.date or context.document.anchor, sentence.start_char, sentence.end_char
    )
    return all(p.role == post.role for p in others) and (len(times) == 1 or len(times) == 2 and times[1].kind == "until")


def _links(context: Context, post: Post) -> Iterator[tuple[str, int]]:
    """What the post makes of the person for the force and the body it is held in."""
    kind = context.chains[post.body].type if post.body is not None else None
    if post.force is not None and is_commissioner(context, post, post.force):
        yield "commissionerFor", post.force
        if _is_partys(context, post):
            yield "memberOf", int(post.body or 0)
        return
    if post.body is not None:
        yield from _of_body(context, post, post.body, str(kind))
    if post.force is None or _is_outsider(context, post) or (kind is not None and kind != "Unit"):
        return
    yield "memberOf", post.force
    if kind is None and heads_force(context, post, post.force):
        yield "headOf", post.force


def _of_body(context: Context, post: Post, body: int, kind: str) -> Iterator[tuple[str, int]]:
    title = context.reference.title(post.plain)
    if title is not None and title.kind in {"legal", "judicial", "occupation", "media", "minister", "politician"}:
        return
    leads = title is not None and title.leads == "yes" or bool(re.search(r"^(?:panel|board|federation|branch|committee) chair", post.plain))
    leads = leads or post.plain == "commissioner" and context.chains[body].reference == _REVIEWS
    if kind == "Unit":
        yield "servesIn", body
        if post.of_body and (UNIT_HEADS.search(post.role) or leads) and "deputy" not in post.role:
            yield "headOf", body
    elif kind in {"Organisation", "OversightBody"}:
        yield "memberOf", body
        if (post.of_body or _DESCRIBED.match(post.role)) and (leads or post.plain in {"head", "chief"}) and "deputy" not in post.role:
            yield "headOf", body


#: Who is elected to oversee a force: a commissioner, or a mayor who has taken over from one.
_ELECTED = frozenset({"PCC", "PFCC", "mayor"})


def _has_commissioner(context: Context, force: int) -> bool:
    """Whether a police (fire) and crime commissioner is elected for the force's area."""
    entry = context.reference.force_by_slug(context.chains[force].reference or "")
    return entry is not None and entry.local_policing_body_type in _ELECTED


def is_commissioner(context: Context, post: Post, force: int) -> bool:
    """Whether the post is that of the elected commissioner for the force's area."""
    entry = context.reference.force_by_slug(context.chains[force].reference or "")
    if post.plain in _COMMISSIONERS - {"commissioner"}:
        return True
    if post.plain == "commissioner":
        return _has_commissioner(context, force)
    kind = entry.local_policing_body_type if entry else ""
    return post.plain in {"mayor of london", "mayor", "elected mayor", "metro mayor"} and kind in {"MOPAC", "mayor"} and post.of_body


def full_role(context: Context, post: Post) -> str:
    """The role in full words: a "commissioner" who is the elected one is the police and crime commissioner."""
    if post.plain == "crime commissioner":
        return post.role.replace("crime commissioner", "police and crime commissioner")
    if post.plain == "commissioner" and post.force is None and context.once(_has_elected_alone):
        return post.role.replace("commissioner", "police and crime commissioner")
    if post.plain != "commissioner" or post.force is None or not is_commissioner(context, post, post.force):
        return post.role
    entry = context.reference.force_by_slug(context.chains[post.force].reference or "")
    fire = entry is not None and entry.local_policing_body_type == "PFCC"
    return post.role.replace("commissioner", "police, fire and crime commissioner" if fire else "police and crime commissioner")


#: Commissioners of another kind.
_OTHER_COMMISSIONERS = re.compile(
    r"\b(?:Investigations and Review|Information|Surveillance|Biometrics|Victims['’]|Domestic Abuse) Commissioner\b", re.I
)


def _has_elected_alone(context: Context) -> bool:
    """Whether a "commissioner" of the text can only be an elected one: its forces have such, and none is headed by a commissioner."""
    entries = [context.reference.force_by_slug(c.reference or "") for c in context.chains if c.type == "PoliceForce"]
    elected = any(e is not None and e.local_policing_body_type in _ELECTED for e in entries)
    headed = any(e is not None and "ommissioner" in e.head_title for e in entries)
    return elected and not headed and not _OTHER_COMMISSIONERS.search(context.document.text)


def heads_force(context: Context, post: Post, force: int) -> bool:
    """Whether the title is that of the force's head: its own, no deputy's."""
    if post.plain not in FORCE_HEADS:
        return False
    entry = context.reference.force_by_slug(context.chains[force].reference or "")
    if post.plain == "commissioner":
        return entry is None or "ommissioner" in entry.head_title
    if post.plain == "chief constable":  # the Met and the City of London have none
        return entry is None or "ommissioner" not in entry.head_title
    return True


def too_low(context: Context, posts: list[Post], force: int) -> bool:
    """Whether somebody with these posts, who has some, is of too low a rank, or of another trade, to head a force unless that is told."""
    ranked = [p.role for p in posts if context.reference.rank(p.role) is not None and not is_inspectors(context, p)]
    high = any(re.search("deputy chief|assistant chief|superintendent|(?:deputy|assistant) commissioner", role) for role in ranked)
    return bool(posts) and not high and not any(heads_force(context, p, force) for p in posts)


def _is_outsider(context: Context, post: Post) -> bool:
    """Whether the title is one that no member of a force holds."""
    if context.reference.rank(post.role) is not None:
        # The Met's deputy commissioner is an officer, an elected commissioner's is not.
        return post.plain == "deputy commissioner" and post.force is not None and _has_commissioner(context, post.force)
    title = context.reference.title(post.plain)
    return (
        title is not None
        and title.kind not in {"police", "head", "role", "occupation", "military"}
        or "commissioner" in post.plain
        or "mayor" in post.plain
    )

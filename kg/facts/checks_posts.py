"""Checks on the network's rows about posts, careers and organisations: mended, or dropped where the text does not bear them out.

The network reads paraphrase well and is easily led astray by who stands near whom: deputies and candidates beside a chief's
post, an inspector beside the force inspected, a dismissal that somebody only called for. A row stands where its sentences
hold a word for it and nothing that the text says of the person elsewhere speaks against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from spacy.tokens import Span, Token

from kg.facts.careers import BY_OFFICE, told_statuses, told_to_leave
from kg.facts.context import NEXT_SENTENCE, Context
from kg.facts.masked import Masked, main_force, masked_in, secure
from kg.facts.posts import (
    CRIME,
    FORCE_HEADS,
    OUTSIDE,
    PRETENCE,
    VAGUE,
    Post,
    full_role,
    heads_force,
    held_by,
    held_in,
    is_commissioner,
    is_inspectors,
    leads_elsewhere,
    may_be_of,
    too_low,
)
from kg.facts.status import status_of
from kg.facts.steps import people_at
from kg.facts.times import expressions_in, fact_dates
from kg.model import Fact, Mention

#: Probability from which the network is believed of a person and a body that no sentence names together; and of a force, where the
#: document tells more of it than of any other and the evidence of no other.
CERTAIN = 0.9
CONFIDENT = 0.7

#: predicate -> words one of which the evidence must hold.
_CUES: dict[str, re.Pattern[str]] = {
    predicate: re.compile(pattern, re.I)
    for predicate, pattern in {
        "headOf": r"\b(?:lead\w*|led|head\w*|runs?|ran|running|chair\w*|command\w*|captain\w*|chief|commissioner|in charge|helm"
        r"|reins|director|president|secretary|convener|ombudsman"
        r"|t(?:ake|akes|aken|ook|aking) (?:over|charge)|top job|caretaker|acting|steer\w*|boss|inspector|manag\w+|in post"
        r"|supervis\w+|minister|editor|principal|superintendent|under|leader|coach|founder|DG|CC)\b",
        "commissionerFor": r"\b(?:commissioner|PF?CC|mayor)\b",
        "succeeds": r"\b(?:succe\w+|replac\w+|t(?:ake|akes|aken|ook|aking) over|follow\w*|predecessor|forerunner|place|shoes|boots"
        r"|stead|gap|vacan\w+|relieve\w*|inherit\w*|act\w*|beat|oust\w*|defeat\w*"
        r"|unseat\w*|mantle|seat|hand\w* over|pass\w*|stands? in|cover\w*|hold\w* the (?:reins|fort)|new|desk)\b",
        "appointedBy": r"\b(?:appoint\w*|chose\w*|choos\w*|pick\w*|named?|nominat\w*|select\w*|confirm\w*|made|choice|prefer\w*"
        r"|hire\w*|recruit\w*|promot\w*|elect\w*|approv\w*|back\w*|ratif\w*|install\w*"
        r"|put|ask\w*|candidate|blessing|settled|brought|poach\w*|draft\w*|extend\w*|propos\w*|recommend\w*|endors\w*|invit\w*"
        r"|veto\w*|want\w*|job|unveil\w*)\b",
        "dismissedFrom": r"\b(?:dismiss\w*|sack\w*|fired|thrown out|throw\w* out|kicked out|drummed out|struck off|given notice"
        r"|removed|shown the door|lost (?:his|her|their) jobs?|dispensed|barred|bann?ed|let go|axed)\b",
        "resignedFrom": r"\b(?:resign\w*|quit\w*|handed in|hand in|walk\w* (?:out|away)|step\w* down|stood down|stand\w* down|left"
        r"|leav\w*|gave up|g[ai]ve\w* up|pull\w* out|sword|papers|notice|bow\w* out|relinquish\w*|departure)\b",
        "retiredFrom": r"\b(?:retir\w*|pension\w*|hung up|hang\w* up|hand\w* in (?:his|her) warrant card|bow\w* out|put away|leaves"
        r"|left)\b",
        "suspendedFrom": r"\b(?:suspen\w+|sent home|gardening leave|at home on full pay|ordered to stay|stood down from duty"
        r"|removed from duty|relieved of)\b",
        "relativeOf": r"\b(?:wife|husband|widow\w*|mother|father|mum|mam|dad|step\w+|sons?|daughters?|sisters?|brothers?|twins?"
        r"|uncle|aunt|cousins?|niece|nephew|grand\w+|nan|partner|girlfriend|boyfriend|fianc\w+"
        r"|spouse|married|marry|divorced|in-law|ex-\w+|famil\w+|parents?|child\w*|couple|siblings?|relat\w+|born to|wed)\b",
        "worksWith": r"\b(?:with|joint\w*|partner\w*|together|alongside|collaborat\w*|shar\w+|help\w*|support\w*|joined|alliance"
        r"|two forces|both|between|team\w*|deliver\w*|pilot\w*|(?:run|set up|made up|launched)\b.* (?:by|of)|in which|under which)\b",
        "funds": r"£|\b(?:fund\w*|pa(?:y|ys|id|ying)|money|cost\w*|bill|bought|donat\w*|grant\w*|award\w*|g[ai]ve\w*|given"
        r"|sponsor\w*|invest\w*|financ\w*|met by|contribut\w*|present|budget|purse|wages|free|provided|underwr\w+|afford"
        r"|match)",
        "residesIn": r"\b(?:of|from|in|at|near|home|lives?|lived|living|resident|address|born|grew|comes|house|flat|near)\b",
    }.items()
}
#: Words by which somebody is only in the running for a post.
_RUNNING = re.compile(
    r"\b(?:candidates?|shortlist\w*|runner-up|applied|applicants?|interview\w*|nominees?|nominat\w+|prefer\w+|tipped|favourites?"
    r"|possible|potential|contenders?|in line|mentioned|hopeful|heir"
    r"|would|could|might|will (?:become|be|take|lead|head|chair|act|run)|is to (?:become|be|take|lead|head|chair|run|act)|to become"
    r"|designate|expected to|due to|set to|next|choice|pick|wants?|asked|named|elect(?:ed)?)\b",
    re.I,
)
_REFUSED = re.compile(
    r"\b(?:veto\w*|reject\w*|threw out|thrown out|turned down|refus\w+|declin\w+|withdr\w+|pulled out|not|never"
    r"|nor|no longer|rul\w+ out|blocked|lost)\b",
    re.I,
)
_CHARGE = re.compile(
    r"\b(?:in (?:temporary |interim |overall )?charge|at the helm|caretaker|has (?:led|run|headed)|leads|heads the (?:force|constabulary)"
    r"|took (?:over|charge|command|the reins)|in command|at the top of|acting chief|temporary chief)\b",
    re.I,
)
LEADING = re.compile(
    r"\b(?:head|chief|chair\w*|commander|director|president|general secretary|convener|ombudsman|commissioner"
    r"|leader|manager|founder)\b"
)
_LEADS = re.compile(
    r"\b(?:leads?|heads?|runs?|ran|led|headed|chairs?|chaired|commands?|commanded|in charge|under|at the head"
    r"|took over|takes over|whose)\b",
    re.I,
)
_CHIEF = re.compile(
    r"\b(?:chief constable|commissioner|chief officer|police chief|chief|CC)\b(?! (?:of staff|executive|inspector"
    r"|superintendent))",
    re.I,
)
_COMING = re.compile(
    r"\b(?:(?:is|are|was|looks?|due|set|likely|expected|about) to (?:become|join|move|take|be (?:an?|the|its|part|posted|seconded"
    r"|transferred|appointed|made|named))|set to"
    r"|will (?:become|join|be (?:an?|the|its|part|posted|seconded|transferred)|move|take|start)|lined up|to become|joins|moves to)\b",
    re.I,
)
_FROM = re.compile(r"\b(?:join\w*|moves?|moved|transfers?|transferred|comes?|came|arrives?|arrived)\b[^.;,]{0,30} from (?:the )?$")
_FORMERLY = re.compile(
    r"\b(?:former\w*|ex-\w+|retired|previous\w*|predecessor|until|then|was|were|had|once|late|used to|led|headed"
    r"|ran|chaired|commanded|resigned|left|quit)\b",
    re.I,
)
_MOVES = re.compile(
    r"\b(?:join\w*|mov\w+|transfer\w*|serv\w+|from|former\w*|ex-\w+|work\w*|rose|career|start\w*|second\w*|previous\w*|came|went"
    r"|enter\w*|sworn|recruit\w*|retired|left|spent|then|until|years?|loan|quit|switched"
    r"|signed up|becom\w*|was|were|been|where|return\w*|posted|cadet|probationer)\b",
    re.I,
)
_BELONGS = re.compile(
    r"\b(?:officers?|constables?|detectives?|sergeants?|inspectors?|superintendents?|commander|chief|deput\w+|chair\w*|members?"
    r"|director|join\w*|serv\w+|work\w*|spokes\w+|head|led|leads?|runs?|PC|DC|Sgt|Insp|DI|DCI|DS|ACC|DCC|PCSO"
    r"|staff|employ\w*|recruit\w*|cadet|volunteer\w*|official|secretary|president|treasurer|leader|councillor|cllr|MP"
    r"|representative|campaigner|founder|of|from|for|at|with|in)\b",
    re.I,
)
_OTHER_COMMISSIONERS = re.compile(
    r"\b(?:domestic abuse|victims['’]?|children['’]s|information|biometrics|surveillance camera|anti-slavery|equalities|older people['’]s"
    r"|future generations|electoral)(?: and \w+)* commissioner\b"
)
_OUTSIDERS = frozenset({"legal", "judicial", "media", "minister", "politician", "clergy", "academic", "law officer"})
_INSPECTS = re.compile(r"inspector of constabulary|inspectorate|ombudsman|regional director|investigat")
#: Words that take a stated partnership or payment back.
_WITHHELD = re.compile(
    r"\b(?:declin\w+|refus\w+|would not|will not|won't|not|never|stopped short|nor|neither|objects?"
    r"|called? (?:on|for)|asked to|should|turned down|no longer|rejected|denied)\b",
    re.I,
)
#: Work with others that is still to come, or that may be.
_TO_WORK = re.compile(
    r"\b(?:(?P<sure>will|is to|are to)(?: also| now| then| soon)? (?:be )?(?:work|team(?: up)?|partner|collaborate|join forces)(?:ing)?"
    r"|(?:would|could|might|should)(?: also| then)? (?:be )?(?:work|team(?: up)?|partner|collaborate|join forces|run)(?:ning|ing)?)\b",
    re.I,
)
_PROMISED = re.compile(
    r"\b(?:promis\w+|earmark\w*|pledg\w+|will (?:pay|fund|cost|use|be paid|meet)|is to (?:pay|fund)|would (?:pay|find"
    r"|fund|put up)|hopes? to"
    r"|plans? to|proposes?)\b",
    re.I,
)
#: Money that there would be on some condition, or that is asked about.
_CONDITION = re.compile(r"\bif\b|\bunless\b|\bwere (?:the|he|she|it|they)\b[^.;]*\bwould\b", re.I)
_SET_ASIDE = re.compile(r"\bset aside\b", re.I)
_SUPPOSED = re.compile(
    r"\b(?:suppos(?:e|ing)|imagine|unless|had (?:he|she) (?:still|not|stayed|remained)|(?:he|she) were"
    r"|would have been)\b",
    re.I,
)
_POSING = re.compile(rf"\b(?:{PRETENCE}|there (?:is|was) no (?=[A-Z]))\b", re.I)
_SENTENCE = re.compile(
    r"\bsuspended (?:sentence|jail|prison|term|for (?:a |one|two|\d+|twelve|eighteen|12|18) ?(?:year|month|years"
    r"|months)?)|\b(?:months?|years?)(?:'s?)?,? (?:\w+ )?suspended\b",
    re.I,
)


def check_posts(context: Context, fact: Fact) -> Fact | None:
    """The row as the text bears it out (status and dates mended), or None where it does not."""
    text = context.document.text[slice(*fact.evidence)]
    cue = _CUES.get(fact.predicate)
    if cue is not None and not cue.search(text):
        return None
    if fact.status == "proposed" and fact.predicate in _TAKEN_UP and _is_out(context, fact):
        return None
    check = _CHECKS.get(fact.predicate)
    checked = check(context, fact, text) if check else fact
    if checked is not None and fact.predicate in {"headOf", "commissionerFor"} and _is_over(context, checked, text):
        return replace(checked, status="denied")
    return _dated(context, checked) if checked is not None else None


_TAKEN_UP = frozenset({"headOf", "commissionerFor", "memberOf", "holdsRole"})
#: Words by which somebody is out of the running for a post.
_OUT = re.compile(
    r"\b(?:with(?:drew|drawn|draws|drawing) (?:(?:his|her|their|an?|the) (?:application|candidacy|bid|name|candidature)|from (?:the )?"
    r"(?:race|running|contest|process|competition))|pulled out of (?:the )?(?:race|running|contest|process)"
    r"|rul\w+ (?:him|her|them)sel\w+ out"
    r"|(?:is|was) not (?:shortlisted|appointed|selected)|(?:did|does) not (?:apply|intend to apply)|will not (?:apply|stand|seek)"
    r"|was (?:unsuccessful|passed over|overlooked)|no longer in the running)\b",
    re.I,
)


def _is_over(context: Context, fact: Fact, text: str) -> bool:
    """Whether the evidence tells that the row's person leads it "no longer"."""
    if fact.status == "denied" or fact.end or "no longer" not in text:
        return False
    over = re.compile(rf"<P{fact.subject}>(?!')[^.;<>]{{0,40}}\bno longer (?:leads?|heads?|runs?|commands?|chairs?|the <T|<T)")
    return any(over.search(m.text) for m in masked_in(context, *fact.evidence))


def _is_out(context: Context, fact: Fact) -> bool:
    """Whether the evidence tells that the row's person is out of the running."""
    match = _OUT.search(context.document.text, *fact.evidence)
    return match is not None and _nearest(context.starting_in(*fact.evidence, "Person"), match.start()) == fact.subject


def _dated(context: Context, fact: Fact) -> Fact:
    """The row with the times of its trigger's clause, where it has none."""
    if fact.start or fact.end or fact.predicate in {"memberOf", "holdsRole", "relativeOf", "unitOf", "polices", "basedIn", "funds"}:
        return fact
    trigger = _trigger(context, fact)
    if trigger is None:
        return fact
    start, end = fact_dates(context, trigger, fact.predicate)
    return replace(fact, start=start, end=end)


def _trigger(context: Context, fact: Fact) -> Token | None:
    """The first word of the evidence that tells the predicate."""
    cue = _CUES.get(fact.predicate)
    match = cue.search(context.document.text, *fact.evidence) if cue else None
    span = context.doc.char_span(*match.span(), alignment_mode="expand") if match else None
    return span[0] if span else None


def _is_outsider(context: Context, posts: list[Post]) -> bool:
    """Whether all that a person is told to be is what no member of a force is."""
    kinds = []
    for post in posts:
        if is_force_officer(context, post):
            return False
        title = context.reference.title(post.plain)
        kinds.append(
            is_inspectors(context, post)
            or any(pattern.search(post.role) for pattern in (_INSPECTS, OUTSIDE))
            or (title is not None and title.kind in _OUTSIDERS)
        )
    return bool(kinds) and all(kinds)


#: In the title of whoever stands in for the head.
_SECOND = re.compile(r"deputy|\bvice\b")


def _head(context: Context, fact: Fact, text: str) -> Fact | None:
    posts = held_by(context, fact.subject)
    target = int(fact.object)
    kind = context.chains[target].type
    if kind == "PoliceForce":
        return _head_of_force(context, fact, text, posts, target)
    if fact.status == "asserted" and fact.confidence < CERTAIN and not _together(context, fact):
        return None  # "the panel met. Its chair, Ann Cole, said": the network must be certain whose
    if any(_SECOND.search(p.role) for p in posts) and not any(p.body == target and not _SECOND.search(p.role) for p in posts):
        return None
    if (
        any(p.body == target for p in posts)
        and not any(p.body == target and LEADING.search(p.role) for p in posts)
        and not _LEADS.search(_without_roles(text, posts))
    ):
        return None
    if (
        kind in {"OversightBody", "Organisation"}
        and any(is_force_officer(context, p) for p in posts)
        and not re.search(r"\b(?:chairs?|chairman|chairwoman|president|leads?|heads?|general secretary|director)\b", text, re.I)
    ):
        return None
    if fact.status in {"asserted", "proposed"} and not fact.end and _LEFT_AS.search(text):
        return None
    return _not_running(fact, text)


def _without_roles(text: str, posts: list[Post]) -> str:
    """The words without the titles of some posts: the federation's "firearms lead" does not lead it."""
    for post in posts:
        text = re.sub(rf"\b{re.escape(post.role)}\b", "", text, flags=re.I)
    return text


#: Words of somebody who led a body until lately.
_LEFT_AS = re.compile(
    r"\b(?:(?:has|had|have) (?:stepped|stood) down|stepped down|stood down|resigned|(?:has|had) retired"
    r"|quit) (?:\w+ly )?as (?:its |the |their )?(?:\w+ ){0,2}"
    r"(?:chair\w*|president|secretary|head|director|leader|chief)\b",
    re.I,
)


def _head_of_force(context: Context, fact: Fact, text: str, posts: list[Post], force: int) -> Fact | None:
    if any(is_commissioner(context, p, force) for p in posts) or _is_outsider(context, posts):
        return None
    if leads_elsewhere(context, fact.subject) and not any(p.force == force for p in posts):
        return None
    heads = [p for p in posts if heads_force(context, p, force)]
    told = [p for p in held_in(context, *fact.evidence) if p.force == force]
    if not heads and any(p.person != fact.subject and heads_force(context, p, force) for p in told):
        return None  # "Cole sacked Dale, the chief constable of Kent"
    here = [p for p in heads if p.force == force]
    if heads and not here and any(p.force is not None for p in heads):
        return None
    standing = [p for p in here or heads if not p.former and p.status == "asserted"]
    if standing:
        return fact if fact.status == "asserted" else _told(fact, "asserted" if not _RUNNING.search(text) else fact.status)
    if heads and all(p.former for p in heads) and not fact.end:
        return None
    if any(p.status == "proposed" for p in heads):
        return _told(fact, "proposed") if fact.status == "asserted" else fact
    if fact.status != "asserted":
        return fact
    # Lower ranks and people of other trades head no force unless the sentence puts them in charge of it.
    if too_low(context, posts, force):
        return None
    if fact.confidence >= CERTAIN and (_is_named_next(context, fact.subject, force) or _is_to_be_succeeded(context, fact)):
        return fact
    own = " ".join(context.text(m.sentence) for m in masked_in(context, *fact.evidence) if fact.subject in m.chains)
    if _CHARGE.search(own) and not _RUNNING.search(own) and fact.confidence >= CERTAIN:
        return fact
    if _RUNNING.search(text) or not (_CHARGE.search(text) or (not posts and _CHIEF.search(text) and _together(context, fact))):
        return None
    return None if _FORMERLY.search(text) and not fact.end and not _CHARGE.search(text) else fact


def _is_to_be_succeeded(context: Context, fact: Fact) -> bool:
    """Whether the evidence says that somebody else will take the post over, or will not: "Ann Cole will be replaced as chief constable"."""
    person = rf"(?:<T\d+>,? )?<P{fact.subject}>(?!'s)"
    ahead = r"\b(?:will|would|won't|is to|is due to|is set to)(?: (?:not|soon|then))?"
    told = re.compile(
        rf"{person}(?:,? who)? {ahead} be (?:replaced|succeeded) (?:by|as)\b|{ahead} (?:replace|succeed|take over from) {person}"
    )
    texts = [m.text for m in masked_in(context, *fact.evidence)]
    return any(told.search(text) and re.search(r"<T\d+> of (?:the )?<F|at the top of", text) for text in texts)


#: A force's head of whom a sentence tells without the name: "the outgoing chief constable of <F> has apologised".
_UNNAMED_HEAD = re.compile(
    r"(?:\b[Tt]he|\b[Ii]ts|<[FL]\d+>(?:'s)?)(?: (?:current|present|outgoing|retiring|departing|long-serving|controversial|embattled))?"
    r" <T(?P<title>\d+)>(?! (?:of|at|for) (?:the )?<[BO]\d+>)"
)


def _is_named_next(context: Context, person: int, force: int) -> bool:
    """Whether somebody is first named as the subject of the sentence after one that tells of the force's head and of nobody by name.

    "The chief constable of Kent Police is to retire. Ann Cole, who joined it in 1990, said": the network must say so as well.
    """
    name = next((m for m in context.chains[person].mentions if m.kind == "name"), None)
    if name is None:
        return False
    here = masked_in(context, name.start, name.end)
    if not here or not re.match(rf"['\"“]?<P{person}>(?!'s)", here[0].text):
        return False
    start = here[0].sentence.start_char
    earlier = masked_in(context, max(context.document.body_start, start - 400), start)
    if not earlier:
        return False
    before = earlier[-1]
    told = _UNNAMED_HEAD.search(before.text)
    if told is None or before.titles[int(told["title"])].role not in FORCE_HEADS or before.chains & _named_people(context, before, person):
        return False
    forces = {i for _, i in context.starting_in(before.sentence.start_char, before.sentence.end_char, "PoliceForce")}
    return forces == {force} or not forces and main_force(context) == force


def _named_people(context: Context, m: Masked, person: int) -> set[int]:
    """Who is mentioned in a sentence beside a person."""
    return {i for _, i in context.starting_in(m.sentence.start_char, m.sentence.end_char, "Person")} - {person}


def is_force_officer(context: Context, post: Post) -> bool:
    """Whether the post is a police rank."""
    return context.reference.rank(post.role) is not None and not _INSPECTS.search(post.role) and not is_inspectors(context, post)


def _is_officer(context: Context, person: int) -> bool:
    return any(is_force_officer(context, post) for post in held_by(context, person))


def _told(fact: Fact, status: str) -> Fact:
    return fact if fact.status == status else replace(fact, status=status)


def _not_running(fact: Fact, text: str) -> Fact | None:
    if fact.status == "asserted" and re.search(
        r"\b(?:candidate|nominee|shortlist\w*|applied|runner-up|designate|will (?:lead|head"
        r"|chair|run|be (?:an?|the|its|chair|head|director|president))|is to (?:lead|head|chair|run)|to succeed|as chair of)\b",
        text,
        re.I,
    ):
        return replace(fact, status="proposed")
    return fact


def _together(context: Context, fact: Fact) -> bool:
    """Whether one sentence mentions both ends of the row."""
    target = int(fact.object)
    return any(fact.subject in m.chains and target in m.chains for m in masked_in(context, *fact.evidence))


def _member(context: Context, fact: Fact, text: str) -> Fact | None:
    posts = held_by(context, fact.subject)
    target = int(fact.object)
    if fact.status == "asserted" and re.search(
        r"\b(?:not|never|denied|no)\b[^.;]{0,60}\b(?:join|joining|move|moving|work|worked"
        r"|a member|an officer)\b",
        text,
        re.I,
    ):
        return None
    if context.chains[target].type != "PoliceForce":
        if _opposed(context, fact):
            return None
        if (
            context.chains[target].type == "OversightBody"
            and any(is_force_officer(context, p) for p in posts)
            and not any(p.body == target for p in posts)
        ):
            return fact if _together(context, fact) and _MOVES.search(text) else None
        return fact if _BELONGS.search(text) else None
    if any(is_commissioner(context, p, target) and p.force in {None, target} for p in posts) or _is_outsider(context, posts):
        return None
    if posts and all(p.plain == "deputy" and p.owner is not None and not _is_officer(context, p.owner) for p in posts):
        return None  # a commissioner's deputy is no member of the force
    if posts and all(p.body is not None and context.chains[p.body].type == "OversightBody" for p in posts) and not any(
        is_force_officer(context, p) for p in posts
    ):
        return None  # who chairs the police authority is no member of the force
    if not posts and _CONTEST.search(text):
        return None
    own = [p for p in posts if p.force == target]
    if not own and leads_elsewhere(context, fact.subject):
        return None
    if own:
        ahead = all(p.status == "proposed" for p in own)
        return _told(fact, "proposed") if ahead and fact.status == "asserted" else fact
    if any(p.placed and not may_be_of(context, p, target, grave=True) for p in posts):
        return None  # "an Oslo sergeant"
    if re.search(r"\bno relation\b", text) or _others_hold(context, fact, target):
        return None
    together = _together(context, fact)
    if together and _parted(context, fact):
        return None
    told = {p.force for p in posts if p.force is not None}
    if told and not (together and _MOVES.search(text)):
        return None
    if not together and _of_a_body(context, fact.subject):
        return None
    main = not together and target == context.once(_most_mentioned)
    if main and _introduced(context, fact.subject, OUTSIDE):
        return None
    if not (main and fact.confidence >= CONFIDENT and _is_plain(context, fact)):
        if not posts and not (together and _BELONGS.search(text)):
            return None
        if not together and not (main and _precedes(context, fact)):
            return None
    if fact.status == "asserted" and _REFUSED.search(text) and re.search(r"\b(?:appointment|candidate|nominee)\b", text, re.I):
        return None
    if _comes_from(context, fact):
        return _told(fact, "asserted") if fact.status == "proposed" else fact
    return _told(fact, "proposed") if fact.status == "asserted" and _COMING.search(text) else fact


#: Words of an election for commissioner, who is no member of the force.
_CONTEST = re.compile(
    r"\b(?:votes|ballot|turnout|turn-out|re-?elected|by-election|majority of|first preference"
    r"|won the (?:[\w-]+ ){0,3}(?:race|contest|seat|election))\b"
)
#: Before somebody who lost to, or runs against, whoever stands before.
_AGAINST = re.compile(
    r"\b(?:against|beat|beats|beating|defeat\w*|oust\w*|unseat\w*|ahead of|take on|took on|taking on|facing|over"
    r"|lost to)\b[^.;:]*$"
)


def _opposed(context: Context, fact: Fact) -> bool:
    """Whether a party is only that of the row's person's opponent: "Cole is defending the seat for Labour against Bob Dale"."""
    text = context.document.text
    inside = context.starting_in(*fact.evidence)
    people, parties = ([m for m, i in inside if i == end] for end in (fact.subject, fact.object))
    gaps = [text[party.end : own.start] for party in parties for own in people]
    return bool(gaps) and all(own.start > party.end for party in parties for own in people) and all(_AGAINST.search(gap) for gap in gaps)


def _comes_from(context: Context, fact: Fact) -> bool:
    """Whether all that the evidence says of the body is that somebody comes from it: "PC Dale joins us from Kent Police"."""
    text = context.document.text
    bodies = [m for m, i in context.starting_in(*fact.evidence) if i == fact.object]
    return bool(bodies) and all(_FROM.search(text, max(fact.evidence[0], m.start - 60), m.start) for m in bodies)


def _parted(context: Context, fact: Fact) -> bool:
    """Whether somebody else, who is no partner of the row's person, stands between that person and the force wherever both are named.

    "PC Dale was jailed, but Chief Constable Cole said that it could not happen in Kent": Dale may be anybody's.
    """
    inside = context.starting_in(*fact.evidence)
    bodies = [m for m, i in inside if i == int(fact.object)]
    others = [m for m, i in inside if m.type == "Person" and i != fact.subject]

    def parts(own: Mention, other: Mention, body: Mention) -> bool:
        if not min(own.start, body.start) < other.start < max(own.start, body.start):
            return False
        one, two = context.span(own).root, context.span(other).root
        return context.sentence(one) == context.sentence(two) and one not in two.conjuncts

    return bool(bodies) and all(any(parts(m, other, body) for other in others) for m, i in inside if i == fact.subject for body in bodies)


def _others_hold(context: Context, fact: Fact, force: int) -> bool:
    """Whether the evidence gives somebody else a post in the force, and the row's person none."""
    there = {p.person for p in held_in(context, *fact.evidence) if p.force == force and p.of_body}
    return bool(there) and fact.subject not in there


def _precedes(context: Context, fact: Fact) -> bool:
    """Whether the evidence mentions the body before the person, and the person first or among equals in a sentence."""
    first = {i: m for m, i in reversed(context.starting_in(*fact.evidence))}
    own, body = first.get(fact.subject), first.get(int(fact.object))
    return own is not None and body is not None and body.start < own.start and _leads_sentence(context, fact)


def _leads_sentence(context: Context, fact: Fact) -> bool:
    """Whether the sentence of the evidence that mentions the person first has no other person as its subject before.

    "The chief of Kent Police regrets the crimes. Chief Constable Cole spoke after PC Dale was jailed": Dale may be anybody's.
    """
    own = next((m for m, i in context.starting_in(*fact.evidence) if i == fact.subject), None)
    if own is None:
        return False
    root = context.span(own).root
    start = context.sentence(root).start_char
    before = [context.span(m).root for m, i in context.starting_in(start, own.start, "Person") if i != fact.subject]
    return not any(t.dep_.startswith("nsubj") and t.head != root.head and t not in root.ancestors for t in before)


def _is_plain(context: Context, fact: Fact) -> bool:
    """Whether the evidence mentions no other force than the row's, and tells of the person first and of no crime there."""
    forces = {i for _, i in context.starting_in(*fact.evidence, "PoliceForce")}
    return forces == {fact.object} and _leads_sentence(context, fact) and not _of_crime(context, fact)


def _of_crime(context: Context, fact: Fact) -> bool:
    """Whether a sentence of the evidence tells of a crime and of the row's person: forces speak of what others' officers did."""
    own = (context.sentence(context.span(m).root) for m, i in context.starting_in(*fact.evidence) if i == fact.subject)
    return any(CRIME.search(context.text(sentence)) for sentence in own)


def _introduced(context: Context, person: int, words: re.Pattern[str]) -> bool:
    """Whether some words stand right before the person's name: "care home manager Ann Cole"."""
    text = context.document.text
    names = (m for m in context.chains[person].mentions if m.kind == "name")
    return any(words.search(re.split(r"[.;:\n]", text[max(0, m.start - 40) : m.start])[-1].lower()) for m in names)


def _of_a_body(context: Context, person: int) -> bool:
    """Whether a body that oversees the police, as the title it also is, stands before the name: "the Review Commissioner, Ann Cole"."""
    text = context.document.text
    for mention in (m for m in context.chains[person].mentions if m.kind == "name"):
        bodies = context.overlapping(mention.start - 4, mention.start, "OversightBody")
        if any(text[body.end : mention.start] in {", ", " "} for body, _ in bodies):
            return True
    return False


def _most_mentioned(context: Context) -> int | None:
    forces = [(sum(m.kind != "pronoun" for m in c.mentions), -i) for i, c in enumerate(context.chains) if c.type == "PoliceForce"]
    return -max(forces)[1] if forces else None


#: Where nobody is elected to oversee a force.
_WITHOUT_COMMISSIONERS = frozenset({"Scotland", "Northern Ireland"})


def _commissioner(context: Context, fact: Fact, text: str) -> Fact | None:
    if _introduced(context, fact.subject, _OTHER_COMMISSIONERS) or _elsewhere(context, fact):
        return None
    posts = [p for p in held_by(context, fact.subject) if "commissioner" in p.role or "mayor" in p.role]
    target = int(fact.object)
    force = context.reference.by_slug(context.chains[target].reference or "")
    if getattr(force, "jurisdiction", "") in _WITHOUT_COMMISSIONERS:
        return None  # the commissioner of a Scottish text is the one for investigations, or for children
    others = held_by(context, fact.subject)
    if others and not posts and any(is_force_officer(context, p) for p in others):
        return None
    if posts and all("deputy" in p.role or "assistant" in p.role for p in posts):
        return None
    if posts and all(p.plain == "commissioner" and not is_commissioner(context, p, target) for p in posts):
        return None  # the Met's
    if not posts and any(_is_elected(p) and p.person != fact.subject for p in held_in(context, *fact.evidence)):
        return None  # "The chief constable is to leave. Dale said that PCC Ann Cole had asked him to": the post is hers
    if posts and all(p.force not in {None, target} for p in posts):
        return None
    if fact.status == "asserted" and posts and all(p.former for p in posts) and not fact.end:
        return None
    if (
        fact.status == "asserted"
        and re.search(
            r"\b(?:candidate|challenger|stand(?:s|ing)? for|hustings|rival|contest\w*|ballot"
            r"|elect(?:ed)? (?:on|in)|sworn in|deputy|chief of staff|would-be)\b",
            text,
            re.I,
        )
        and not any(not p.former for p in posts)
    ):
        return None
    if fact.status == "asserted" and _FORESEEN.search(text):
        return replace(fact, status="proposed")
    if fact.status == "asserted" and re.search(r"\bwill (?:be sworn in|take office|take up (?:the|his|her) (?:post|role|office))\b", text):
        return replace(fact, status="proposed")  # elected, and not yet in office
    return fact


def _is_elected(post: Post) -> bool:
    """Whether the post is told to be that of a police and crime commissioner, or of a mayor."""
    return post.plain.endswith("crime commissioner") or post.plain.endswith("mayor") and "deputy" not in post.plain


_FORESEEN = re.compile(r"\b(?:is|are) (?:widely )?(?:expected|likely|set|tipped|projected) to (?:be|become|win|take)\b")


def _elsewhere(context: Context, fact: Fact) -> bool:
    """Whether the sentences of the evidence that mention the person name areas of other forces, before the name, alone.

    "The count in Dyfed-Powys is over. In Gwent, Ann Cole has won".
    """
    own, told = context.chains[int(fact.object)].reference, False
    for m in masked_in(context, *fact.evidence):
        if fact.subject not in m.chains:
            continue
        whole = context.starting_in(m.sentence.start_char, m.sentence.end_char, "PoliceForce", "Place", "Person")
        first = min(mention.start for mention, i in whole if i == fact.subject)
        here = [(mention, i) for mention, i in whole if mention.type != "Person" and (mention.start < first or i == fact.object)]
        areas = (context.reference.force_by_area(context.chains[i].name) for mention, i in here if mention.type == "Place")
        slugs = {context.chains[i].reference for mention, i in here if mention.type == "PoliceForce"}
        slugs |= {force.slug for force in areas if force is not None}
        if own in slugs or any(i == fact.object for _, i in here):
            return False
        told = told or bool(slugs)
    return told


def _appointed(context: Context, fact: Fact, text: str) -> Fact | None:
    if fact.status == "asserted" and re.search(r"\b(?:veto\w*|threw out|turned down|would not|panel'?s? (?:choice|backing))\b", text, re.I):
        return None
    if fact.status == "asserted" and re.search(
        r"\b(?:prefer\w+|(?:choice|pick) of|nominee|nominat\w+|candidate|propos\w+|recommend\w+|if the"
        r"|when it meets|expected|wants?|ratif\w+|subject to|asked|asks)\b",
        text,
        re.I,
    ):
        return replace(fact, status="proposed")
    return fact


def _succession(context: Context, fact: Fact, text: str) -> Fact | None:
    if fact.status != "asserted":
        return fact
    if re.search(r"\b(?:veto\w*|reject\w*|had been expected|threw out|favourite|turned down)\b", text, re.I):
        return None
    if re.search(r"\b(?:possible|potential|likely) (?:success|replace)\w+\b|\b(?:predecessor|successor) but \w+\b", text, re.I):
        return None
    if _AS_DEPUTY.search(text) and not _TAKES_OVER.search(text):
        return None
    if not _told_together(context, fact) or (_DEFEATED.search(text) and not _UNSEATED.search(text)):
        return None
    if re.search(r"\b(?:will|would|wants|expected|preferred|due|set)\b", text, re.I):
        return replace(fact, status="proposed")
    if re.search(r"\bto (?:take|succeed|replace|follow|act|fill)\b", text, re.I) and not long_since(context, fact):
        return replace(fact, status="proposed")
    return fact


def long_since(context: Context, fact: Fact) -> bool:
    """Whether the words of a row tell of a choice, and a month, before the document's: "chosen in 2018 to succeed her"."""
    day, text = context.document.date or context.document.anchor, context.document.text
    if not day or not _WAS_CHOSEN.search(text, *fact.evidence):
        return False
    return any(t.value[:7] < day[: len(t.value[:7])] for t in expressions_in(text, day, *fact.evidence))


_CHOOSING = r"(?:appointed|chosen|chose|picked|selected|named|elected|hired|brought in)"
_WAS_CHOSEN = re.compile(
    rf"\b(?:(?:was|were|had been) (?:\w+ )?{_CHOOSING}|whom [^.;,]{{2,40}}? {_CHOOSING}|(?<!been ){_CHOOSING} (?:him|her|them))\b"
)


#: Who becomes somebody's deputy does not follow him.
_AS_DEPUTY = re.compile(
    r"\b(?:(?:job|post|role|position) (?:of|as)|appointed|becom\w+) (?:his|her|their) (?:new )?deputy\b"
)
_TAKES_OVER = re.compile(r"\b(?:succe\w+|replac\w+|t(?:ake|akes|aken|ook|aking) over|predecessor)\b")


def _told_together(context: Context, fact: Fact) -> bool:
    """Whether a sentence that mentions both tells of a succession, if any mentions both: "took the oath before Dale" does not."""
    text = context.document.text
    ends = {fact.subject, int(fact.object)}
    told = [_about_both(context, m, ends) for m in masked_in(context, *fact.evidence) if ends <= m.chains]
    return not told or any(_HANDING.search(text, *stretch) for stretch in told)


def _about_both(context: Context, m: Masked, ends: set[int]) -> tuple[int, int]:
    """The stretch of a sentence, as the full stops have it rather than the tree, that mentions both."""
    start, end = m.sentence.start_char, m.sentence.end_char
    places = [mention for mention, i in context.starting_in(start, end, "Person") if i in ends]
    cuts = [start, *(match.end() for match in NEXT_SENTENCE.finditer(context.document.text, start, end)), end]
    first, last = min(p.start for p in places), max(p.end for p in places)
    return max(cut for cut in cuts if cut <= first), min(cut for cut in cuts if cut >= last)


#: Who beats a rival at an election follows nobody in the post, unless the rival held it.
_DEFEATED = re.compile(r"\b(?:beat|beats|beating|beaten|defeat\w*)\b")
_UNSEATED = re.compile(
    r"\b(?:sitting|incumbent|oust\w*|unseat\w*|succe\w+|replac\w+|tak\w+ over|took over|held the (?:post|seat|job)|predecessor|outgoing"
    r"|(?:beat|beats|beating|beaten by|defeat\w*) (?:the )?(?:current|serving|[\w-]+(?:'s|’s)? )?(?:chair\w*|president"
    r"|commissioner|PCC|mayor|leader))\b",
    re.I,
)
#: The words for a succession that tell it by themselves, and not "new" or "place" somewhere in a sentence.
_HANDING = re.compile(
    r"\b(?:succe\w+|replac\w+|t(?:ake|akes|aken|ook|aking) (?:over|up|on|the (?:place|reins|helm))|follow\w*|predecessor|forerunner"
    r"|(?:place|shoes|boots|stead|mantle|seat|gap|desk|post|role|job|chair)\b|vacan\w+|relieve\w*|inherit\w*|acting|act(?:s|ed)?\b"
    r"|beat(?:en|ing)?\b|oust\w*"
    r"|defeat\w*|unseat\w*|hand\w* (?:over|on)|pass\w*|stands? in|stood in|cover\w*|fills?|filled|hold\w* the (?:reins"
    r"|fort)|retir\w+|resign\w+"
    r"|departure|departs?|left|leaves|leaving|stepp?\w* (?:down|up|in)|appoint\w*|new (?:chief|commissioner|chair\w*"
    r"|head|boss|leader|president))\b",
    re.I,
)


#: What may deny a suspension, whatever the tree makes of it.
_NO_SUSPENSION = re.compile(
    r"\b(?:no|not|never|nor|neither|without|unwarranted|lift\w*|revok\w*|quash\w*|unlawful\w*|overturn\w*)\b|n['’]t\b", re.I
)
_BY_OFFICE = re.compile(rf"\b(?:dismissed|sacked|suspended|fired) {BY_OFFICE}", re.I)
_SENT_AWAY = ("dismissedFrom", "suspendedFrom")
_DEPARTURES = (*_SENT_AWAY, "resignedFrom", "retiredFrom")


def _departure(context: Context, fact: Fact, text: str) -> Fact | None:
    """A departure needs its own word in a clause that commits itself to it, with the person near."""
    if fact.predicate == "suspendedFrom" and _SENTENCE.search(text):
        return None
    of_force = context.chains[int(fact.object)].type == "PoliceForce"
    if of_force and _BY_OFFICE.search(text):
        return None
    told = told_to_leave(context, fact.predicate, fact.subject)
    if told and fact.object not in told:
        return None  # the words by which they left name another body
    if of_force and _is_outsider(context, held_by(context, fact.subject)):
        return None
    others = {i for _, i in context.starting_in(*fact.evidence, "Person")} - {fact.subject}
    theirs = any(fact.object in told_to_leave(context, predicate, i) for i in others for predicate in _DEPARTURES)
    if theirs and not told and not _together(context, fact):
        return None  # the force may be somebody else's whom the sentence before tells of
    if fact.status == "asserted" and _SUPPOSED.search(text):
        return replace(fact, status="hypothetical") if fact.predicate == "dismissedFrom" else None
    statuses: list[str] = []
    forces: set[int] = set()
    sign = f"P{fact.subject}"
    for m in masked_in(context, *fact.evidence):
        pronoun = sign in m.places and context.document.text[slice(*m.places[sign])].lower() in {"he", "she", "they"}
        if fact.predicate in _SENT_AWAY and fact.status == "asserted" and pronoun and not secure(context, m, sign):
            continue  # "Orr's deputy, Hall, was arrested. He was dismissed in May": most likely Hall
        if near := _statuses_near(context, m, fact):
            statuses += near
            forces |= {i for _, i in context.within(m.sentence, "PoliceForce")}
    if not statuses or (of_force and forces and fact.object not in forces):
        return None  # or the force is one of another sentence, where that of the departure names another
    read = told_statuses(context, fact.predicate, fact.subject) if fact.predicate != "dismissedFrom" else set()
    if fact.status == "asserted" and fact.predicate != "suspendedFrom" and read == {"proposed"}:
        return replace(fact, status="proposed")  # all words for it tell of it as still to come
    if fact.status == "denied" and fact.predicate == "suspendedFrom" and read == {"asserted"}:
        return replace(fact, status="asserted")
    if fact.status in statuses:
        return fact
    if fact.status == "denied" and fact.predicate == "suspendedFrom" and set(statuses) == {"asserted"} and not _NO_SUSPENSION.search(text):
        return replace(fact, status="asserted")  # most that it has seen of "suspended" was "never suspended"
    if fact.status == "asserted":
        best = next((s for s in ("hypothetical", "denied", "proposed") if s in statuses), None)
        return replace(fact, status=best) if best else None
    return fact


def _statuses_near(context: Context, m: Masked, fact: Fact) -> list[str]:
    """The statuses of the departure's words in a sentence that mentions the person, before any other person between."""
    people = [(mention, i) for mention, i in context.within(m.sentence, "Person")]
    found = []
    for match in _CUES[fact.predicate].finditer(context.document.text, m.sentence.start_char, m.sentence.end_char):
        span = context.doc.char_span(*match.span(), alignment_mode="expand")
        nearest = _nearest(people, match.start()) if span else None
        told = nearest is not None and (
            nearest == fact.subject
            or _joined(m, fact.subject, nearest)
            # "Two officers were suspended that month: PC Orr and PC Hall"
            or people[0][0].start >= match.end() and _joined(m, nearest, fact.subject)
        )
        if span and told and not _within_clause(context, span, fact.subject):
            status = status_of(context, span[0], fact.predicate)
            due = status == "asserted" and _DUE.search(context.document.text, max(m.sentence.start_char, match.start() - 40), match.start())
            found.append("proposed" if due else status)
    return found


def _joined(m: Masked, person: int, last: int) -> bool:
    """Whether a sentence lists the person before another: "PC Orr and PC Hall were dismissed"."""
    joint = r"(?:,? and |, )(?:<T\d+>,? )?"
    return re.search(rf"<P{person}>(?:{joint}<P\d+>)*?{joint}<P{last}>(?!')", m.text) is not None


def _within_clause(context: Context, cue: Span, person: int) -> bool:
    """Whether the person stands in a clause about whom it befell: "Cole, the officer who supervised <S>, has been suspended"."""
    befell = {p for t in cue for c in t.children if c.dep_ == "nsubj:pass" for p in people_at(context, c)}
    start, end = cue.sent.start_char, cue[0].idx
    own = [m.start for m, i in context.starting_in(start, end, "Person") if i == person]
    others = [m.end for m, i in context.starting_in(start, end, "Person") if i in befell]
    if person in befell or not own or not others or own[-1] < others[-1]:
        return False
    return re.search(r"\bwho(?:m|se)?\b", context.document.text[others[-1] : own[-1]]) is not None


#: Before a verb of what is still to be done, whatever the tree makes of it: "has led it since 2020 and was due to retire".
_DUE = re.compile(
    r"\b(?:due|set|expected|about|scheduled|planning|plans?|planned|hoping|hopes?|intends?|intending|wants?|ready|is"
    r"|was|are|were) to (?:\w+ly )?$"
    r"|\b(?:will|['’]ll|shall|going to) (?:\w+ly )?(?:be )?$"
)


def _nearest(people: list[tuple[Mention, int]], at: int) -> int | None:
    """The person mentioned last before an offset, else first after it."""
    before = [i for mention, i in people if mention.end <= at]
    after = [i for mention, i in people if mention.start >= at]
    return before[-1] if before else after[0] if after else None


def _relative(context: Context, fact: Fact, text: str) -> Fact | None:
    if re.search(r"\bno relation\b|\bnot related\b|\bunrelated\b", text, re.I):
        return replace(fact, status="denied") if fact.status == "asserted" else fact
    return fact if _together(context, fact) else None


def _shared(context: Context, fact: Fact, text: str) -> Fact | None:
    if isinstance(fact.object, str) and len(fact.object) < 5:
        return None  # "a", "the": no thing that money is given for
    if fact.predicate == "funds" and fact.status in {"asserted", "proposed"} and "would" in text and _CONDITION.search(text):
        return None
    if fact.predicate == "funds" and fact.status == "proposed" and _SET_ASIDE.search(text) and not _PROMISED.search(text):
        return replace(fact, status="asserted")  # "has set aside £2m for" is what was done
    if fact.status != "asserted":
        return fact
    if _WITHHELD.search(text if fact.predicate == "funds" else _shared_sentence(context, fact) or text):
        return None
    if fact.predicate == "funds" and _PROMISED.search(text):
        return replace(fact, status="proposed")
    return fact


def _joint(context: Context, fact: Fact, text: str) -> Fact | None:
    """Work together as done, as still to come ("will work with"), or nothing where it only may be ("would run it jointly")."""
    ahead = _TO_WORK.search(_shared_sentence(context, fact) or text) if fact.status == "asserted" else None
    if ahead is None:
        return fact
    return replace(fact, status="proposed") if ahead["sure"] else None


def _shared_sentence(context: Context, fact: Fact) -> str | None:
    """The sentence of the evidence that mentions both ends of the row; None where none does."""
    text = context.document.text
    stops = [fact.evidence[0], *(m.end() for m in NEXT_SENTENCE.finditer(text, *fact.evidence)), fact.evidence[1]]
    for start, end in pairwise(stops):
        if {fact.subject, fact.object} <= {i for _, i in context.starting_in(start, end)}:
            return text[start:end]
    return None


def _policed(context: Context, fact: Fact, text: str) -> Fact | None:
    if fact.status == "asserted" and re.search(r"\b(?:not|never|outside|beyond|neighbouring)\b", text):
        return None
    force = context.reference.force_of_place(context.chains[int(fact.object)].name)
    own = context.chains[fact.subject].reference
    if force is not None and own and force.slug != own:
        entry = context.reference.force_by_slug(own)
        if entry is None or entry.kind == "territorial":
            return None
    return fact


_HONORIFICS_AFTER = re.compile(
    r"(?: (?:mr|mrs|ms|miss|dr|sir|dame|lord|baroness)|(?<!dinner)(?<!lollipop)(?<!cleaning)(?<!tea) lady)$", re.I
)


def _without_names(context: Context, role: str) -> str:
    """A title without the force, body or place before it and the "Dame" behind it: "[metropolitan police] commissioner [dame]"."""
    role = _HONORIFICS_AFTER.sub("", role)
    words = role.split()
    for size in range(min(len(words) - 1, 5), 0, -1):
        name, rest = " ".join(words[:size]).casefold(), " ".join(words[size:])
        known = name in context.once(_names_of_bodies) or context.reference.force(name.upper()) is not None
        if known and (context.reference.rank(rest) is not None or context.reference.title(rest) is not None):
            return rest
    return role


def _names_of_bodies(context: Context) -> frozenset[str]:
    """The names of the forces, bodies and places of the document, without their capitals."""
    types = {"PoliceForce", "OversightBody", "Organisation", "Place"}
    return frozenset(m.text.casefold() for c in context.chains if c.type in types for m in c.mentions if m.kind == "name")


#: What the news calls people for what they did, or what was done to them: nobody holds that as a post.
_DOERS = frozenset(
    """criminal murderer killer rapist offender thief suspect fugitive burglar robber paedophile gangster fraudster dealer hooligan convict
    attacker gunman stalker abuser groomer predator arsonist kidnapper terrorist extremist thug crook conman defendant accused prisoner
    inmate survivor complainant codename kc rt""".split()
)


_RANK_BEHIND = re.compile(
    r"(head of .+|(?:.+ )?(?:chair|chairman|chairwoman|chairperson|mayor|leader|lead|director|commander|coroner|spokesman|spokeswoman"
    r"|spokesperson))"
    r" (?:councillor|cllr|professor|dr|(?:(?:detective|chief|temporary|acting) )*(?:constable|sergeant|inspector|superintendent))"
)


def _role(context: Context, fact: Fact, text: str) -> Fact | None:
    """A rank that the sentence gives somebody else by name, and a rank of nobody, are no role of this person."""
    plain = _without_names(context, str(fact.object))
    if plain != fact.object:
        return _role(context, replace(fact, object=plain), text)
    role = str(fact.object).casefold()
    if role in VAGUE - {"chief"} or role.endswith(" capacity") or role.split()[-1] in _DOERS or _POSING.search(text):
        return None
    if role.endswith((" for", " of", " on")):  # "national lead for", where the network stopped short of what is led
        return _role(context, replace(fact, object=str(fact.object).rsplit(" ", 1)[0]), text)
    if (match := _RANK_BEHIND.fullmatch(role)) and context.reference.rank(role) is None:
        return _role(context, replace(fact, object=str(fact.object)[: match.end(1)]), text)  # "panel chairman [Councillor]" Ann Cole
    if any(p.role == role and full_role(context, p) != role for p in held_by(context, fact.subject)):
        return None  # "commissioner", which the posts give in full
    by_title = _by_title(context, fact)
    if by_title and fact.status == "proposed":
        fact = replace(fact, status="asserted")
    here = held_in(context, *fact.evidence)
    own = [p.role for p in here if p.person == fact.subject]
    if role not in own and any(other.endswith(f" {role}") for other in own):
        return None
    if any(role.endswith(f" {other}") and context.reference.force_by_area(role.removesuffix(f" {other}").title()) for other in own):
        return None  # "Northumbria police and crime commissioner"
    givers = {p.person for p in here if p.role == role}
    if givers and fact.subject not in givers:
        return None
    contested = role in FORCE_HEADS | {"police and crime commissioner"} and fact.subject not in givers
    if contested and not by_title and re.search(r"\b(?:candidate|nominee|shortlist\w*|applied|runner-up|designate)\b", text, re.I):
        return _told(fact, "proposed") if fact.status == "asserted" else fact
    return fact


def _by_title(context: Context, fact: Fact) -> bool:
    """Whether the sentence calls the person by the role, as one that is held: "has named DCI Ann Cole as her choice"."""
    title = re.compile(rf"\b{re.escape(str(fact.object))}(?:,?| (?:for|of) [^,.;:]{{2,40}},) $", re.I)
    names = [m.start for m, i in context.starting_in(*fact.evidence, "Person") if i == fact.subject and m.kind == "name"]
    found = (title.search(context.document.text, max(fact.evidence[0], at - 60), at) for at in names)
    return any(match and not _NOT_HELD.search(context.document.text, max(0, match.start() - 25), match.start()) for match in found)


#: Before a title that is not held, or is not all of one: "deputy [chief constable] Ann Cole".
_NOT_HELD = re.compile(
    r"\b(?:next|new|incoming|future|candidate|as|hopeful|prospective|preferred|designate|be|become)\b[^.;]*$"
    r"|\b(?:deputy|assistant|former|ex|detective|temporary|acting|T/?|A/?)[ -]$", re.I
)


_CHECKS: dict[str, Callable[[Context, Fact, str], Fact | None]] = {
    "headOf": _head,
    "memberOf": _member,
    "commissionerFor": _commissioner,
    "appointedBy": _appointed,
    "succeeds": _succession,
    "dismissedFrom": _departure,
    "resignedFrom": _departure,
    "retiredFrom": _departure,
    "suspendedFrom": _departure,
    "relativeOf": _relative,
    "participatesIn": _shared,
    "worksWith": _joint,
    "funds": _shared,
    "polices": _policed,
    "holdsRole": _role,
}

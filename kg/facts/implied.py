"""What rows imply: heads belong to what they head, those in a unit to its force, who chairs is chair, successors take posts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.facts.context import Context
from kg.facts.masked import masked, masked_in, secure
from kg.facts.posts import heads_force, held, held_by, is_commissioner
from kg.model import Fact

SOURCE = "implied"
_IN_POST = frozenset({"headOf", "servesIn"})
_LEFT = frozenset({"dismissedFrom", "suspendedFrom", "resignedFrom", "retiredFrom"})
#: How sure it must be that somebody left, to say more of it.
_LIKELY = 0.65


def implied(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """``servesIn`` and ``memberOf`` rows that follow from ``headOf``, ``servesIn`` and ``unitOf`` rows, with their evidence and status.

    A unit of several forces tells nobody's force. Who left a force, is to leave it or is suspended from it, belongs or belonged to it.
    """
    rows = list(facts)
    wholes = _wholes(rows)
    known = {(f.predicate, f.subject, f.object) for f in rows}
    for fact in rows:
        to_go = fact.status == "proposed" and fact.predicate in _STILL_IN
        if (to_go or _has_left(fact)) and isinstance(fact.object, int):
            claim = "memberOf", fact.subject, fact.object
            if context.chains[fact.object].type == "PoliceForce" and claim not in known and ("commissionerFor", *claim[1:]) not in known:
                known.add(claim)
                sure = round(fact.confidence * 0.95, 2)
                yield replace(fact, predicate="memberOf", status="asserted", source=SOURCE, confidence=sure, start=None, end=None)
        if fact.predicate not in _IN_POST or fact.status not in {"asserted", "proposed"} or not isinstance(fact.object, int):
            continue
        for predicate, body in _links(context, fact.object, wholes):
            if predicate == "memberOf" and ("commissionerFor", fact.subject, body) in known:
                continue  # who set up the force's hub, and oversees it, is no member of the force
            if (predicate, fact.subject, body) not in known:
                known.add((predicate, fact.subject, body))
                yield replace(fact, predicate=predicate, object=body, source=SOURCE, confidence=round(fact.confidence * 0.95, 2))


#: Who is to leave a force in such a way is in it.
_STILL_IN = frozenset({"resignedFrom", "retiredFrom"})


def _has_left(fact: Fact) -> bool:
    """Whether a row is likely enough to say that somebody left a force, or was suspended from it."""
    return fact.predicate in _LEFT and fact.status == "asserted" and fact.confidence >= _LIKELY


def chairs(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Who is told to chair a body is its chair: "Councillor Ann Cole, who chairs the panel"."""
    rows = list(facts)
    known = {fact.subject for fact in rows if fact.predicate == "holdsRole" and re.search(r"\bchair", str(fact.object))}
    for fact in rows:
        if fact.predicate != "headOf" or fact.status not in {"asserted", "proposed"} or fact.subject in known:
            continue
        person, body = rf"<P{fact.subject}>", rf"<[UBO]{fact.object}>"
        gap = r"(?:(?!<P)[^.;])*?"
        told = re.compile(rf"{person}{gap}\bchair(?:s|ed)? {gap}{body}|{body},? (?:\w+ )*chaired by {gap}{person}")
        if any(told.search(m.text) for m in masked_in(context, *fact.evidence)):
            yield replace(fact, predicate="holdsRole", object="chair", source=SOURCE, confidence=round(fact.confidence * 0.95, 2))


def led_before(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The leads of those whom the text calls a former head, and of heads who left: each needs an end, which other rows may tell.

    "The then chief constable, Ann Cole" led the force; when she retired in 2019, that is when she ceased to.
    """
    rows = list(facts)
    led = {f.subject for f in rows if f.predicate in _LED}
    overseen = {f.subject: f for f in rows if f.predicate == "commissionerFor" and f.status == "asserted" and not f.end}
    for fact in rows:
        if fact.predicate == "succeeds" and fact.status == "asserted" and fact.object not in led and fact.subject in overseen:
            before = replace(overseen[fact.subject], subject=int(fact.object), evidence=fact.evidence)
            yield replace(before, source=SOURCE, confidence=0.75, start=None)
    forces: dict[int, set[int]] = {}
    for fact in rows:
        force = fact.object if fact.predicate == "memberOf" and fact.status == "asserted" else None
        if isinstance(force, int) and context.chains[force].type == "PoliceForce":
            forces.setdefault(fact.subject, set()).add(force)
    left = {(f.subject, f.object) for f in rows if f.predicate in _GONE and f.status == "asserted" and f.start}
    for post in held(context):
        own = {post.force} if post.force is not None else forces.get(post.person, set())
        body = next(iter(own)) if len(own) == 1 else None
        if body is None or post.person in led or post.status != "asserted" or not (post.former or (post.person, body) in left):
            continue
        elected = is_commissioner(context, post, body)
        if elected or body in forces.get(post.person, ()) and heads_force(context, post, body):
            led.add(post.person)
            predicate = "commissionerFor" if elected else "headOf"
            yield Fact(predicate, post.person, body, "asserted", context.evidence(post.anchor), SOURCE, 0.75)


_LED = frozenset({"headOf", "commissionerFor"})
_GONE = frozenset({"dismissedFrom", "resignedFrom", "retiredFrom"})


#: A post that one person has at a time, by whatever words it is filled for the time being.
_ONE_HOLDER = re.compile(
    r"(?:(?:acting|temporary|interim|former) )?(?P<post>chief constable|(?:\w+,? fire and |\w+ and )?crime commissioner)", re.I
)
_ONE_HOLDER_NAMED = re.compile(r"\b(?:chief constable|crime commissioner)\b", re.I)
#: The post that somebody who is to come has until then.
_STILL_ELSEWHERE = re.compile(
    r"\b(?:currently|presently|at present|at the moment|now|today) (?:the )?(?:\w+ ){0,2}(?:chief constable|crime commissioner)\b", re.I
)
#: What successor and predecessor have in common, beside the post.
_HANDED_ON = ("headOf", "commissionerFor", "memberOf")


def successions(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The chief's or commissioner's post, and the force, of a successor whose predecessor's are known, and the other way round.

    "Ann Cole, chief constable of Kent Police, succeeded Bob Dale": he was a chief constable, of Kent Police.
    """
    rows = list(facts)
    held: dict[int, set[str]] = {}
    bodies: dict[tuple[str, int], set[int]] = {}
    for fact in rows:
        if fact.status not in {"asserted", "proposed"}:
            continue
        if fact.predicate == "holdsRole" and (match := _ONE_HOLDER.fullmatch(str(fact.object))):
            held.setdefault(fact.subject, set()).add(match["post"])
        elif fact.predicate in _HANDED_ON and isinstance(fact.object, int) and context.chains[fact.object].type == "PoliceForce":
            bodies.setdefault((fact.predicate, fact.subject), set()).add(fact.object)
    over = _led_then(context)
    for fact in rows:
        if fact.predicate != "succeeds" or fact.status not in {"asserted", "proposed"} or not isinstance(fact.object, int):
            continue
        successor, predecessor = fact.subject, fact.object
        for person, other, status in ((successor, predecessor, fact.status), (predecessor, successor, "asserted")):
            if person == predecessor and fact.status == "proposed" and _STILL_ELSEWHERE.search(context.document.text, *fact.evidence):
                continue  # "will be succeeded by Ann Cole, currently the chief constable of Kent": that is another post
            posts, led = held.get(other, set()), bodies.get(("headOf", other), set())
            unknown = len(posts) != 1 and not led and not (person == successor and other in over)
            if unknown or _of_another_post(context, fact) or _never(context, fact):
                continue
            if person == successor and _held_before(context, fact, other):
                continue
            sure = round(fact.confidence * 0.95, 2)
            row = replace(fact, subject=person, status=status, source=SOURCE, confidence=sure, start=None, end=None)
            if len(posts) == 1 and person not in held:
                yield replace(row, predicate="holdsRole", object=next(iter(posts)))
            for predicate in _HANDED_ON if person == successor else _HANDED_ON[1:]:
                # A new chief may come from elsewhere: what is handed on is what is headed.
                theirs = predicate == "memberOf" and led or bodies.get((predicate, other), set())
                if person == successor and not theirs and predicate != "commissionerFor":
                    theirs = over.get(other, set())
                if len(theirs) == 1 and (predicate, person) not in bodies and not _taken_up_since(context, fact, other, _any_of(theirs)):
                    yield replace(row, predicate=predicate, object=next(iter(theirs)))
    yield from _handed_on(context, rows)


def _led_then(context: Context) -> dict[int, set[int]]:
    """The forces that people are told to have headed once, of whom there may be no row as that needs an end."""
    found: dict[int, set[int]] = {}
    for post in held(context):
        told = post.former and post.body is None and post.status == "asserted"
        if told and post.force is not None and heads_force(context, post, post.force):
            found.setdefault(post.person, set()).add(post.force)
    return found


def _handed_on(context: Context, rows: list[Fact]) -> Iterator[Fact]:
    """What else a successor and a predecessor share: the body that either of them leads, whatever it is, and the title.

    "Ann Cole, head of the Fraud Squad, took over from Bob Dale": he was of the squad. "She follows Ian Orr as treasurer": so was he.
    A predecessor's own lead, which needs an end, is left to what else the text tells of it.
    """
    leads: dict[int, list[Fact]] = {}
    for fact in rows:
        if fact.predicate == "headOf" and fact.status in {"asserted", "proposed"}:
            leads.setdefault(fact.subject, []).append(fact)
    known = {(f.predicate, f.subject, f.object) for f in rows}
    wholes = _wholes(rows)
    for fact in rows:
        if fact.predicate != "succeeds" or fact.status not in {"asserted", "proposed"} or not isinstance(fact.object, int):
            continue
        if _never(context, fact) or _of_another_post(context, fact):
            continue
        new, old = fact.subject, fact.object
        row = replace(fact, source=SOURCE, confidence=round(fact.confidence * 0.95, 2), start=None, end=None)
        yield from _title_of_both(context, rows, row)
        area = _overseen_by(context, old)
        if area is not None and not {(p, new, area) for p in ("commissionerFor", "headOf", "memberOf")} & known:
            yield replace(row, predicate="commissionerFor", object=area)
        theirs, before = [f for f in leads.get(new, ()) if not _led_earlier(context, f)], leads.get(old, [])
        if len({f.object for f in theirs}) == 1 and not before and _is_near(theirs[0], fact) and theirs[0].status == fact.status:
            for predicate, whole in _links(context, int(theirs[0].object), wholes):
                if whole != theirs[0].object and context.chains[whole].type != "PoliceForce":
                    continue  # whose unit it is need not have employed whoever led it
                if not any((p, old, whole) in known for p in (predicate, "commissionerFor")):
                    yield replace(row, predicate=predicate, subject=old, object=whole, status="asserted")
        left = {int(f.object) for f in before}
        body = left.pop() if len(left) == 1 else None
        if body is None or any(f.status == fact.status for f in theirs) or _taken_up_since(context, before[0], old, _any_of({body})):
            continue
        yield replace(row, predicate="headOf", object=body)
        for predicate, whole in _links(context, body, wholes) if fact.status == "asserted" else ():
            if (predicate, new, whole) not in known:
                yield replace(row, predicate=predicate, object=whole)


#: Of a body that somebody led before: "Until then she ran the Fraud Squad".
_EARLIER = re.compile(r"\b(?:until then|before that|previously|formerly|earlier|used to|had (?:run|led|headed|been))\b", re.I)


def _led_earlier(context: Context, fact: Fact) -> bool:
    """Whether the words of a lead tell of it as one that is over."""
    return bool(fact.end) or _EARLIER.search(context.document.text, *fact.evidence) is not None


def _overseen_by(context: Context, person: int) -> int | None:
    """The only force that somebody is told to be, or to have been, the elected commissioner for."""
    forces = {post.force for post in held_by(context, person) if post.force is not None and is_commissioner(context, post, post.force)}
    return forces.pop() if len(forces) == 1 else None


#: Who holds elsewhere what another holds here: "his counterpart in Essex, Ann Cole".
_COUNTERPART = re.compile(
    r"<P(?P<one>\d+)>'s (?:counterpart|opposite number) (?:in|at|for|from) (?:neighbouring |the )*<F(?P<force>\d+)>,? (?:<T\d+>,? )?"
    r"<P(?P<other>\d+)>"
    r"|<P(?P<other2>\d+)>, <P(?P<one2>\d+)>'s (?:counterpart|opposite number) (?:in|at|for|from) (?:neighbouring |the )*<F(?P<force2>\d+)>"
)


def counterparts(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The chief's or commissioner's post of whoever is another's counterpart in a force."""
    rows = list(facts)
    roles: dict[int, set[str]] = {}
    for fact in rows:
        if fact.predicate == "holdsRole" and fact.status == "asserted" and (match := _ONE_HOLDER.fullmatch(str(fact.object))):
            roles.setdefault(fact.subject, set()).add(match["post"])
    for m in masked(context):
        for match in _COUNTERPART.finditer(m.text) if "counterpart" in m.text or "opposite number" in m.text else ():
            one, other, force = (int(match[name] or match[name + "2"]) for name in ("one", "other", "force"))
            posts = roles.get(one, set())
            if len(posts) != 1 or other in roles or one == other or not secure(context, m, f"P{one}", frozenset({other})):
                continue
            post = next(iter(posts))
            row = Fact("holdsRole", other, post, "asserted", context.evidence(m.token(context, f"P{other}")), SOURCE, 0.8)
            yield row
            elected = post != "chief constable"
            for predicate in ("commissionerFor",) if elected else ("headOf", "memberOf"):
                yield replace(row, predicate=predicate, object=force)


def _is_near(one: Fact, other: Fact) -> bool:
    """Whether two rows are told within a few sentences."""
    return one.evidence[0] - _NEAR < other.evidence[1] and other.evidence[0] - _NEAR < one.evidence[1]


_NEAR = 300


#: Titles that are handed on with a post, as ranks are not.
_HANDED_TITLES = frozenset({"head", "role", "office", "minister", "law officer", "deputy commissioner"})
_HANDED_ROLE = re.compile(
    r"(?:(?:national|regional|assistant|deputy|vice|chief|executive|area|district|borough|divisional|branch|general) )*"
    r"(?:head of |director (?:of|for) |(?:district|borough|area|divisional) commander|chair|treasurer|secretary|chief executive|director"
    r"|coordinator|co-ordinator|convener|ombudsman)",
    re.I,
)
_FOR_NOW = re.compile(r"\b(?:acting|temporary|interim|caretaker)\b", re.I)


def _title_of_both(context: Context, rows: list[Fact], row: Fact) -> Iterator[Fact]:
    """The title that one of the two has and the other has from or gave to them, where the words of the succession tell no other."""
    new, old = row.subject, int(row.object)
    roles_of = [f for f in rows if f.predicate == "holdsRole" and f.subject in {new, old} and _is_handed(context, str(f.object))]
    told = {person: [f for f in roles_of if f.subject == person] for person in (new, old)}
    for person, other in ((new, old), (old, new)):
        theirs = [f for f in told[other] if f.status == ("asserted" if other == old else row.status) and _is_near(f, row)]
        over = {post.role for post in held_by(context, other) if post.former}
        theirs = [f for f in theirs if not f.end and (other == old or f.object not in over)]
        near = [f for f in theirs if f.evidence[0] < row.evidence[1] and row.evidence[0] < f.evidence[1]]
        roles = {_FOR_NOW.sub("", str(f.object)).strip() for f in near or theirs}
        if told[person] or len(roles) != 1:
            continue
        role = next(iter(roles))
        if _tells_other_title(context, row, role) if not near else any(_has_since(context, f, other, role) for f in near):
            continue
        yield replace(row, predicate="holdsRole", subject=person, object=role, status="asserted" if person == old else row.status)


def _is_handed(context: Context, role: str) -> bool:
    """Whether a title goes with a post that one person has after another."""
    title = context.reference.title(_FOR_NOW.sub("", role).strip())
    return title.kind in _HANDED_TITLES if title is not None else _HANDED_ROLE.match(role) is not None


def _has_since(context: Context, row: Fact, person: int, role: str) -> bool:
    """Whether a title is one that somebody left the post for, or came to later: "from Bob Dale, who left to become director"."""
    signs = (f"T{k}" for m in masked_in(context, *row.evidence) for k, title in enumerate(m.titles) if title.role in role)
    return any(_taken_up_since(context, row, person, sign) for sign in signs)


def _taken_up_since(context: Context, row: Fact, person: int, sign: str) -> bool:
    """Whether the words of a row say that somebody left for what the sign tells, or came to it later."""
    taken = r"become|became|to (?:be|lead|head|run|join)|(?:gone|went|left) to|as an?|now|joined?|moved"
    since = rf"<P{person}>[^;]{{0,80}}\b(?:{taken})\b[^;]{{0,40}}<{sign}>"
    return any(re.search(since, m.text) for m in masked_in(context, *row.evidence))


def _any_of(bodies: Iterable[int]) -> str:
    """A pattern of the signs of bodies in masked sentences."""
    return rf"[FUBO](?:{'|'.join(map(str, sorted(bodies)))})"


def _held_before(context: Context, fact: Fact, person: int) -> bool:
    """Whether all posts of a predecessor were over already where they are told: "led by Ann Cole, a former chief constable"."""
    posts = [p for p in held_by(context, person) if _ONE_HOLDER.fullmatch(p.role)]
    if any(_THEN.search(context.document.text, max(0, p.anchor.idx - 40), p.anchor.idx) for p in posts):
        return False  # "Kent's then chief constable" was in post at the time that is told of
    beside = (i for p in posts for _, i in context.within(context.sentence(p.anchor), "Person"))
    return bool(posts) and all(p.former for p in posts) and fact.subject not in beside


_THEN = re.compile(r"\bthen[ -](?:\w+ ){0,2}$")


def _tells_other_title(context: Context, row: Fact, role: str) -> bool:
    """Whether the sentences of a row tell a title, which is no mere rank, other than the one asked for."""
    titles = {title.role for m in masked_in(context, *row.evidence) for title in m.titles}
    return any(_is_handed(context, title) and title not in role and role not in title for title in titles)


#: What is handed on where a chief hands on something else: "She takes over the portfolio from Chief Constable Dale".
_PORTFOLIO = re.compile(
    r"\b(?:portfolios?|(?:national|NPCC|ACPO|council['’]s) (?:[\w-]+ ){0,3}leads?\b|leads? (?:for|on) [a-z]"
    r"|as (?:the )?lead\b|(?:vice-)?chair\w*"
    r"|(?:vice-)?president|(?<!home )(?<!defence )(?<!justice )(?<!first )secretary(?! of state)"
    r"|treasurer|trustee|governor|captain|patron)\b",
    re.I,
)
#: A lower post that somebody was chosen for.
_LOWER = re.compile(
    r"\b(?:appointed|named|made|promoted(?: to)?|chosen|confirmed|becom(?:es?|ing)|became|(?:is|as) (?:the|its|our|a|an))(?: as| to be)?"
    r"(?: (?:the|its|a|an|new|next|substantive|permanent|temporary|acting|interim|\w+['’]s))* (?:deputy|assistant|DCC|ACC)\b",
    re.I,
)
#: Before a post that somebody left another for, or has come to since.
_ELSEWHERE = re.compile(
    r"\b(?:who|and|he|she|has|had)(?: (?:has|had|is|was|will|now|since|later|then|went|on|also|left|leaves|leaving|to|be|moved|moves))*"
    r" (?:became|becomes?|become|be|take over as|took over as|took up|appointed|named|made|now)\b(?:(?! by )[^.;]){0,60}?$",
    re.I,
)


def _of_another_post(context: Context, fact: Fact) -> bool:
    """Whether what was handed on is told to be something else than the post of a chief or commissioner that either of the two holds.

    "She is the new deputy chief constable, replacing Bob Dale, who became chief constable of Kent": she is no chief constable.
    """
    text, (start, end) = context.document.text, fact.evidence
    before = max(context.document.body_start, text.rfind("\n", 0, start) + 1, start - 300)  # the post is often told a sentence before
    if _PORTFOLIO.search(text, before, end) or _LOWER.search(text, before, end):
        return True
    old = [m.end for m, i in context.starting_in(start, end, "Person") if i == fact.object]
    post = _ONE_HOLDER_NAMED.search(text, old[-1], end) if old else None
    return bool(post and _ELSEWHERE.search(text, old[-1], post.start()))


#: What somebody is told not to take over: "Ann Cole will not succeed him".
_REFUSED = re.compile(
    r"\b(?:will not|won['’]t|would not|is not to|never|not going to) (?:now )?(?:succeed|replace|take over|follow)\b", re.I
)


def _never(context: Context, fact: Fact) -> bool:
    """Whether a succession that is said to be ahead is one that will not be."""
    return fact.status == "proposed" and _REFUSED.search(context.document.text, *fact.evidence) is not None


def _wholes(rows: list[Fact]) -> dict[int, set[int]]:
    """What each unit is a part of."""
    wholes: dict[int, set[int]] = {}
    for fact in rows:
        if fact.predicate == "unitOf" and fact.status == "asserted" and isinstance(fact.object, int):
            wholes.setdefault(fact.subject, set()).add(fact.object)
    return wholes


def _links(context: Context, body: int, wholes: dict[int, set[int]]) -> Iterator[tuple[str, int]]:
    if context.chains[body].type != "Unit":
        yield "memberOf", body
        return
    yield "servesIn", body
    whole = wholes.get(body, set())
    if len(whole) == 1:
        yield from (("memberOf", w) for w in whole if context.chains[w].type != "Unit")

"""Posts whose holder a document does not name ("the chief constable" of a force), and whom other documents let that be.

Nothing is joined on it, and no fact follows: the document goes on saying "the chief constable". A node of its own says who that probably
is, on which assertions. It is there only where documents from before and after the day (or that very day) have one person in the post,
and none has anybody else there in between, in whatever capacity and with whatever status. Where the text may lay something to the holder's
charge ("the commissioner has been suspended") it is nobody's: that is for the document to name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.model import Entity, Reading
from kg.rdf.dates import bounds
from kg.rdf.events import Role, roles_by_row
from kg.rdf.statements import Row, write_evidence
from kg.rdf.triples import Triples
from kg.reference import Force, Reference
from kg.vocabulary import KG, PROV, SCHEMA, Minter

#: what ties a person to a force whose head, or whose commissioner, they are; of either there is one at a time
POSTS = ("headOf", "commissionerFor")
_LEAVING = frozenset({"dismissedFrom", "resignedFrom", "retiredFrom", "suspendedFrom"})
_COMMISSIONERS = frozenset({"PCC", "PFCC"})  #: kinds of local policing bodies that are one person

_OWNER = re.compile(r"(?:['’]s?)?[^\S\n]+$")
_THE = re.compile(r"\bthe\s+(?:force['’]s\s+)?$", re.IGNORECASE)
_OF = re.compile(r"\s+(?:of|for|at)\s+(?:the\s+)?")
_OTHER_POST = re.compile(r"\b(?:assistant|deputy)\s+$", re.IGNORECASE)
#: before a post: somebody is it, or becomes it, who is named
_IS = re.compile(
    r"\b(?:is|was|are|were|be|been|being|becom\w+|became|as|named|appointed|made|elected|called)\s+(?:the\s+)?$", re.IGNORECASE)
#: before a post: the end of a name or an age, and a comma or bracket
_NAMED_BEFORE = re.compile(
    r"(?:\b(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|January\b|February\b|March\b|April\b|May\b|June\b|July\b|August\b|September\b"
    r"|October\b|November\b|December\b)[A-Z][\w'’-]*|\b\d\d)\s*[,(–—-]\s*(?:the\s+)?$")
#: after a post: a name, the end of a line that is a heading or a signature, or what belongs to the post and not to its holder
_NAMED_AFTER = re.compile(r"[^\S\n]*[,:(–—-]?[^\S\n]*[A-Z]|[^\S\n]*:?[^\S\n]*(?:\n|$)|['’]")
_POST_ITSELF = re.compile(
    r"\b(?:powers?|roles?|office|posts?|jobs?|functions?|duties|title|rank|elections?|candidates?)\s+(?:of|for|as)\s+(?:the\s+)?$",
    re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]['\"”’)]*\s+|\n")
#: words of a sentence that may speak of another time than the document's
_OTHER_TIME = re.compile(
    r"\b(?:at the time|then|former\w*|previous\w*|predecessor\w*|successor\w*|ago|last year|outgoing|incoming)\b", re.IGNORECASE)
#: Words of a sentence, or the next, that may lay something to the holder's charge: that is nobody's unless a document names them.
_GRAVE_WORDS = re.compile(
    r"\b(?:arrest|charg|accus|suspen|convict|guilty|plead|misconduct|investigat|alleg|fraud|assault|sack|dismiss|resign|rape|corrupt|harass"
    r"|bull(?:y|ied)|sentenc|jail|offence|crim(?:e\b(?! commissioner)|inal)|quit|step(?:s|ped|ping)? (?:down|aside|back))", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Post:
    """A post that a document speaks of without ever saying who holds it."""

    iri: str
    document: str
    force: str  #: id of the entity
    predicate: str  #: one of POSTS
    title: str  #: "chief constable"
    day: str  #: of the document, as ISO 8601


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A place where a text speaks of a post."""

    predicate: str
    title: str
    force: int | None  #: position of the chain of the force it is of; None where it may be of any
    sentence: tuple[int, int]
    unnamed: bool  #: whether the words leave it open who that is, and lay nothing to anybody's charge


# What one document tells


def write_posts(triples: Triples, minter: Minter, reading: Reading, entities: Mapping[tuple[str, int], Entity],
                reference: Reference) -> list[Post]:
    """The posts that a document speaks of without saying who holds them. Documents whose day is not known have none."""
    document, day = reading.document, _day(reading.document.date)
    found = []
    for spoken, force in _unnamed(reading, reference, day) if day else ():
        entity = entities[document.id, force].id
        post = Post(minter.thing("unnamed", document.id, f"{spoken.predicate}-{force}"), document.id, entity, spoken.predicate,
                    spoken.title, day or "")
        triples.type(post.iri, KG("UnnamedHolder"))
        triples.text(post.iri, SCHEMA("roleName"), post.title)
        triples.link(post.iri, KG("forForce"), minter.entity(entity))
        triples.link(post.iri, PROV("wasDerivedFrom"), minter.document(document.id))
        write_evidence(triples, minter, post.iri, document.id, spoken.sentence, document.text)
        found.append(post)
    return found


def _day(date: str | None) -> str | None:
    found = bounds(date)
    return found.earliest if found and found.earliest == found.latest else None


def _unnamed(reading: Reading, reference: Reference, day: str) -> Iterator[tuple[_Spoken, int]]:
    """The first place of each post that the text leaves open wherever it speaks of it, and the chain of the force."""
    by_post: defaultdict[str, list[_Spoken]] = defaultdict(list)
    for spoken in _all_spoken(reading, reference, day[:4]):
        by_post[spoken.predicate].append(spoken)
    forces = [i for i, chain in enumerate(reading.chains) if chain.type == "PoliceForce"]
    for predicate, places in by_post.items():
        if not all(spoken.unnamed for spoken in places) or any(spoken.force is None for spoken in places) and len(forces) != 1:
            continue
        named = {fact.object for fact in reading.facts if fact.predicate == predicate}
        for force in forces:
            of_it = [spoken for spoken in places if spoken.force in (None, force)]
            known = reference.force_by_slug(reading.chains[force].reference or "")
            if of_it and force not in named and known and all(_is_post_of(known, spoken) for spoken in of_it):
                yield of_it[0], force


def _is_post_of(force: Force, spoken: _Spoken) -> bool:
    """Whether a force has one holder of such a post."""
    if spoken.predicate == "commissionerFor":
        return force.local_policing_body_type in _COMMISSIONERS
    return _head_title(force) == spoken.title


def _head_title(force: Force) -> str:
    """What the head of a force is called: "chief constable", "commissioner"."""
    return force.head_title.casefold().partition(" of ")[0]


@lru_cache(maxsize=4)
def _titles(reference: Reference) -> tuple[re.Pattern[str], Mapping[str, tuple[str, str]]]:
    """What finds the words for all such posts, and, by those words, the predicate and the full title."""
    found = {_head_title(force): ("headOf", _head_title(force)) for force in reference.forces if force.head_title}
    for title in reference.titles:
        if title.kind == "commissioner":
            found |= {form.casefold(): ("commissionerFor", title.title) for form in (title.title, *title.abbreviations)}
    words = "|".join(re.escape(form) for form in sorted(found, key=lambda form: (-len(form), form)))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE), found


def _all_spoken(reading: Reading, reference: Reference, year: str) -> Iterator[_Spoken]:
    text = reading.document.text
    pattern, titles = _titles(reference)
    matches = [match for match in pattern.finditer(text, reading.document.body_start)
               if not _OTHER_POST.search(text, max(0, match.start() - 20), match.start())]
    if not matches:
        return
    mentions = [(mention, i) for i, chain in enumerate(reading.chains) if chain.type == "PoliceForce" for mention in chain.mentions]
    starts = {mention.start: (mention, i) for mention, i in mentions}
    ends = {mention.end: (mention, i) for mention, i in mentions}
    people = [(m.start, m.end) for chain in reading.chains if chain.type == "Person" for m in chain.mentions]
    for match in matches:
        predicate, title = titles[match[0].casefold()]
        start, end, force, open_ = match.start(), match.end(), None, False
        before = text[max(0, start - 60):start]
        if (owner := _OWNER.search(before)) and (of := ends.get(start - len(owner[0]))):
            start, force, open_ = of[0].start, of[1], True
        elif the := _THE.search(before):
            start, open_ = start - len(the[0]), True
            if of_ := _OF.match(text, end):
                following = starts.get(of_.end())
                end, force, open_ = (following[0].end, following[1], True) if following else (end, None, False)
        before = text[max(0, start - 60):start]
        sentence = _sentence(text, match.start(), reading.document.body_start)
        words = text[slice(*sentence)]
        next_ = text[slice(*_sentence(text, min(sentence[1] + 1, len(text)), reading.document.body_start))]
        named = any(a < match.end() and match.start() < b for a, b in people) or any((
            _IS.search(before), _POST_ITSELF.search(before), _NAMED_BEFORE.search(before), _NAMED_AFTER.match(text, end),
            _OTHER_TIME.search(words), set(_YEAR.findall(words)) - {year}, _GRAVE_WORDS.search(f"{words} {next_}")))
        yield _Spoken(predicate, title, force, sentence, open_ and not named)


def _sentence(text: str, at: int, first: int) -> tuple[int, int]:
    """The sentence around a place, by its full stops and line ends alone."""
    start = max((match.end() for match in _SENTENCE_END.finditer(text, first, at)), default=first)
    end = match.start() + len(match[0].rstrip()) if (match := _SENTENCE_END.search(text, at)) else len(text.rstrip())
    return start, end


# What the others tell


def write_holders(triples: Triples, minter: Minter, posts: Iterable[Post], rows: Sequence[Row], day_of: Callable[[str], str | None],
                  reference: Reference) -> None:
    """Who probably holds the posts of one force that documents leave unnamed.

    ``rows`` are all those about everybody who is said to hold one, whatever the status; ``day_of`` gives the date of a document.
    """
    roles = roles_by_row([row for row in rows if row.status == "asserted"])
    for post in posts:
        told = [told for row in rows if (told := _told(row, post, roles.get(row.iri), day_of, reference))]
        for person, grounds in _holders(told, post.day):
            iri = minter.thing("probable-holder", post.document, post.iri.rpartition("/")[2])
            triples.type(iri, KG("ProbableHolder"))
            triples.link(iri, KG("unnamed"), post.iri)
            triples.link(iri, KG("probably"), minter.entity(person))
            triples.link(iri, PROV("wasDerivedFrom"), *grounds)


@dataclass(frozen=True, slots=True)
class _Told:
    """What one row tells of who held a post, and when."""

    row: Row
    first: str  #: the first and the last day that it may speak of
    last: str
    points: tuple[str, ...]  #: days on which it has the person in the post, and between which too; none where it is no ground
    doubts: bool  #: whether it speaks against its own person's having held the post in those days
    rivals: bool = True  #: whether it speaks against anybody else's


def _told(row: Row, post: Post, role: Role | None, day_of: Callable[[str], str | None], reference: Reference) -> _Told | None:
    if not isinstance(row.object, Entity) or row.object.id != post.force or row.status == "hypothetical":
        return None
    written, starts, ends = day_of(row.document), row.starts, row.ends
    stated = [day for told in (starts, ends) if told for day in (told.earliest, told.latest)]
    if row.predicate in _LEAVING:
        # When no day is given, somebody has left by then: that is no sign that another was not there before.
        days = stated or ([written] if written else [])
        return _Told(row, min(days), max(days), (), True, bool(stated)) if days and row.status != "denied" else None
    if row.predicate != post.predicate:
        return None
    capacity = role.capacity if role else "substantive"
    future = bool(written and starts and starts.latest > written)
    days = list(stated)
    if written and capacity != "former" and not future and not (ends and ends.latest < written):
        days.append(written)
    stands_in = capacity not in ("substantive", "former")
    if not days:
        # Who stood in at an unknown time may have done so at any; who held the post did not hold it between two days of another.
        return _Told(row, "0000", "9999", (), True) if stands_in else None
    points: list[str] = []
    if written and not future and row.status == "asserted" and _is_holder(role, post, reference):
        points = [min(ends.earliest, written) if ends else written, *([starts.latest] if starts else [])]
    return _Told(row, min(days), max(days), tuple(points), stands_in or row.status != "asserted")


def _is_holder(role: Role | None, post: Post, reference: Reference) -> bool:
    """Whether a role is that post, held substantively; a commissioner for a force need not be called one."""
    if role is None:
        return post.predicate == "commissionerFor"
    if role.capacity != "substantive":
        return False
    _, titles = _titles(reference)
    return titles.get(role.title, ("", ""))[0] == post.predicate


def _holders(told: Sequence[_Told], day: str) -> Iterator[tuple[str, list[str]]]:
    """The one person whom rows have in the post before and after a day, or on it, and the assertions that say so; nobody in doubt."""
    grounds: defaultdict[str, list[_Told]] = defaultdict(list)
    for one in told:
        if one.points:
            grounds[one.row.subject.id].append(one)
    around: dict[str, tuple[str, str]] = {}
    for person, own in grounds.items():
        before = [point for one in own for point in one.points if point <= day]
        after = [point for one in own for point in one.points if point >= day]
        if before and after:
            around[person] = max(before), min(after)
    if len(around) != 1:
        return
    [(person, (before_, after_))] = around.items()
    for one in told:
        mine = one.row.subject.id == person
        if one.first <= after_ and before_ <= one.last and (one.doubts if mine else one.rivals):
            return
        starts, ends = one.row.starts, one.row.ends
        if mine and one.row.predicate in POSTS and (starts and starts.earliest > day or ends and ends.latest < day):
            return
    yield person, sorted({one.row.iri for one in grounds[person] if {before_, after_} & set(one.points)})

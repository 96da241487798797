"""What documents say of a person that tells them from others of the name, and how far two such records agree.

The measure is how many **namesakes** one would expect: the share of people who have the name, times how many people there are in
what both records agree on (the officers of one force, the people of one town), times the share of those who agree by chance in each
further thing (rank, age, the other party to an offence). Where hardly a hundredth of a person is expected, two records are one
person. A name alone leaves dozens of namesakes or more, so it never joins anybody. All shares are rough and stated here; they err towards
more namesakes, and do not depend on the documents, so that what two records are worth never changes when others are added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from math import prod

from kg import names
from kg.entities.people import ADVERSE, bodies_of, highest_rank, offices, ties
from kg.entities.view import View, part
from kg.reference import Reference

#: namesakes expected at most where two records are joined
JOINED = 0.01
#: the same where one record holds something against the person and the other does not, and where one has the offender, one the victim
JOINED_ADVERSE = 0.001
JOINED_OPPOSED = 0.0001

_ADULTS = 50_000_000
_OFFICERS = 5_000  #: of a force
_LARGEST = {"metropolitan-police-service": 40_000, "police-service-of-scotland": 20_000}
_POST_HOLDERS = 2  #: of one post at the head of a body, over the years that documents of one matter span
_OFFICE_HOLDERS = 20  #: of one high office
_TOWN, _COUNTY = 60_000, 500_000
_BODY = 2_000
#: order of rank -> share of a force's officers who hold it; the highest are a handful
_RANK_SHARES = {0: 0.1, 1: 0.75, 2: 0.2, 3: 0.07, 4: 0.02, 5: 0.01, 6: 0.005}
_CHIEF_SHARE = 0.002
#: what else records agree in -> the share of people who agree in it by chance, and how it is said
_SHARES: dict[str, tuple[float, str]] = {
    "unit": (1 / 30, "both serve in {}"),
    "place": (1 / 20, "both live in {}"),
    "offence": (1 / 30, "with both it is about {}"),
    "court": (1 / 10, "both are before {}"),
    "review": (1 / 50, "both are {}"),
    "programme": (1 / 20, "both take part in {}"),
    "body": (1 / 20, "both belong to {}"),
    "relative": (1 / 2000, "both are related to {}"),
    "party": (1 / 5000, "with both the other party is {}"),
    "colleague": (1 / 100, "both follow, precede or are appointed by {}"),
    "style": (1 / 2000, "both have {}"),
}
#: the same for somebody else of the matter, whose surname is common or not
_BESIDE, _BESIDE_COMMON = 1 / 200, 1 / 20
_MOST_BESIDE = 2  #: more of those who stand beside a person add nothing, since they come together
_AGE_SHARE = 1 / 30
_MIDDLE_NAME_SHARE = 1 / 50
_DAYS = 365.2425
_OTHER_FORCE, _OTHER_RANK, _LOWER_RANK, _ACROSS_THE_LAW = 100.0, 10.0, 20.0, 10.0
_STYLED = frozenset({"sir", "dame", "lord", "lady", "baroness", "baron"})
_GENERATIONS = {"jr": "junior", "jnr": "junior", "junior": "junior", "sr": "senior", "snr": "senior", "senior": "senior"}

#: (kind, the value two records share, the value in words)
Pin = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """A rank in a force, and the days between which documents give it."""

    order: int
    rank: str
    first: str
    last: str


@dataclass(frozen=True)
class Profile:
    """What the documents under one key say of one person."""

    key: str
    name: str  #: the fullest
    forms: tuple[str, ...]
    documents: frozenset[str]
    pins: frozenset[Pin]
    born: tuple[int, int] | None  #: first and last possible day of birth, as ordinals; an empty range where ages contradict one another
    standing: Standing | None
    adverse: bool
    roles: frozenset[str]  #: "victim", "offender", "officer"
    namesake_kin: bool  #: a document has a relative of the same name

    @cached_property
    def shared(self) -> dict[tuple[str, str], str]:
        """Pins without their words -> the words."""
        return {(kind, value): said for kind, value, said in sorted(self.pins, reverse=True)}

    @property
    def full(self) -> bool:
        return names.is_full(self.name)

    @cached_property
    def sexes(self) -> frozenset[str]:
        """What titles and given names tell of the sex; both where they contradict one another."""
        return frozenset(sex for form in self.forms if (sex := names.gender(form)))

    @cached_property
    def generations(self) -> frozenset[str]:
        """Whether called junior or senior."""
        words = (names.fold(word).strip(".,") for form in self.forms for word in names.parse(form).suffixes)
        return frozenset(_GENERATIONS[word] for word in words if word in _GENERATIONS)

    @cached_property
    def surname(self) -> str:
        return surname(self.name)

    def values(self, kind: str) -> dict[str, str]:
        """The values of the pins of a kind, with their words."""
        return {value: said for (k, value), said in self.shared.items() if k == kind}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far two records agree. ``veto`` says why they cannot be one person, whatever else they share."""

    namesakes: float  #: how many other people of the name one would expect among all whom the evidence fits
    pinned: bool  #: whether they share anything beside the name
    limit: float  #: namesakes up to which they are joined
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    veto: str = ""

    @property
    def joins(self) -> bool:
        return not self.veto and self.pinned and self.namesakes <= self.limit

    @property
    def score(self) -> float:
        """How likely the two are one person, if every namesake were as likely to be in the documents; 0 to 1."""
        return 0.0 if self.veto else 1 / (1 + self.namesakes)


def surname(name: str) -> str:
    """The folded surname without its marks."""
    return re.sub(r"[^\w -]+", "", names.fold(names.parse(name).surname))


# Profiles


def profile(view: View, i: int, key: str) -> Profile:
    """The profile of a person's chain in its document."""
    chain, document = view.chains[i], view.reading.document
    pins = frozenset(_pins(view, i))
    predicates = {fact.predicate for fact in view.out[i] if fact.status != "hypothetical"}
    roles = {role for role, telling in (("victim", {"victimOf"}), ("offender", {"convictedOf", "offenderAgainst", "accusedOf"}))
             if predicates & telling}
    roles |= {"victim" for fact in view.into[i] if fact.predicate == "offenderAgainst"}
    roles |= {"officer" for kind, _, _ in pins if kind == "force"}
    return Profile(key, chain.name, tuple(sorted({chain.name, *(m.text for m in chain.mentions if m.kind == "name")})),
                   frozenset({document.id}), pins, _born(view, i), _standing(view, i), bool(predicates & ADVERSE), frozenset(roles),
                   _has_namesake_kin(view, i))


def merged(profiles: Iterable[Profile]) -> Profile:
    """The profile of several records of one person."""
    several = list(profiles)
    if len(several) == 1:
        return several[0]
    forms = tuple(sorted({form for p in several for form in p.forms}))
    born = None
    for p in several:
        born = p.born if born is None else born if p.born is None else (max(born[0], p.born[0]), min(born[1], p.born[1]))
    ranks = [p.standing for p in several if p.standing]
    best = max(ranks, key=lambda s: (s.order, s.rank)) if ranks else None
    standing = best and Standing(best.order, best.rank, min(s.first for s in ranks if s.order == best.order),
                                 max(s.last for s in ranks if s.order == best.order))
    return Profile(min(p.key for p in several), names.canonical_person([p.name for p in several]), forms,
                   frozenset().union(*(p.documents for p in several)), frozenset().union(*(p.pins for p in several)), born, standing,
                   any(p.adverse for p in several), frozenset().union(*(p.roles for p in several)), any(p.namesake_kin for p in several))


def _pins(view: View, i: int) -> Iterator[Pin]:
    for fact in view.out[i]:
        for target in bodies_of(view, fact.object) if isinstance(fact.object, int) else ():
            post = {"headOf": "head of", "commissionerFor": "commissioner for"}.get(fact.predicate)
            if post and fact.status in {"asserted", "proposed"} and (tail := view.text(target)) and _is_direct(view, fact.object):
                yield "post", f"{fact.predicate}.{tail}", f"{post} {view.chains[target].name}"
    for tie, target in ties(view, i):
        kind = "force" if tie.kind == "PoliceForce" else "body"
        yield kind, tie.body, view.chains[target].name
    for office in offices(view, i):
        yield "office", office, f"the office of {office}"
    for kind, predicates in (("place", ("residesIn",)), ("offence", ("accusedOf", "convictedOf", "victimOf")), ("court", ("triedAt",)),
                             ("programme", ("participatesIn",)), ("unit", ("servesIn",))):
        for predicate in predicates:
            for target in view.objects(i, predicate, "asserted", "alleged", "denied", "proposed"):
                if tail := view.text(target):
                    yield kind, tail, view.chains[target].name
    for fact in view.into[i]:
        if fact.predicate == "ledBy" and fact.status != "hypothetical" and (tail := view.text(fact.subject)):
            yield "review", f"lead.{tail}", f"lead of {view.chains[fact.subject].name}"
        if fact.predicate in {"examines", "promptedBy"} and fact.status == "asserted" and (tail := view.text(fact.subject)):
            yield "review", f"subject.{tail}", f"subject of {view.chains[fact.subject].name}"
    styles = {names.fold(t) for form in view.chains[i].names for t in names.parse(form).titles} & _STYLED
    if styles:
        yield "style", "titled", "a title (" + ", ".join(sorted(s.capitalize() for s in styles)) + ")"
    yield from _people(view, i)


def _is_direct(view: View, target: object) -> bool:
    return isinstance(target, int) and view.chains[target].type != "Unit"


def _people(view: View, i: int) -> Iterator[Pin]:
    """Others by full name: relatives, the other party, colleagues of one step of a career, and who else is of the matter."""
    named: dict[int, str] = {}
    for fact in (*view.out[i], *view.into[i]):
        other = fact.object if fact.subject == i else fact.subject
        kind = {"relativeOf": "relative", "offenderAgainst": "party", "succeeds": "colleague", "appointedBy": "colleague"}.get(fact.predicate)
        if kind and isinstance(other, int) and view.chains[other].type == "Person" and fact.status in {"asserted", "alleged", "denied"}:
            named.setdefault(other, kind)
    for other in (*named, *view.involved):
        chain = view.chains[other]
        if other != i and names.is_full(chain.name) and names.person_key(chain.name) != names.person_key(view.chains[i].name):
            yield named.get(other, "beside"), part(names.person_key(chain.name)), chain.name


def _born(view: View, i: int) -> tuple[int, int] | None:
    """The days on which somebody of the stated ages may have been born; None where no age or no day is known."""
    found = None
    for fact in view.out[i]:
        if fact.predicate != "age" or fact.status != "asserted" or not re.fullmatch(r"\d{1,3}", str(fact.object), re.ASCII):
            continue
        on = _day(fact.start) or _day(view.reading.document.date)
        if on is None:
            continue
        years = int(str(fact.object))
        low, high = int(on - (years + 1) * _DAYS), int(on - years * _DAYS) + 1
        found = (low, high) if found is None else (max(found[0], low), min(found[1], high))
    return found


def _day(text: str | None) -> int | None:
    try:
        return date.fromisoformat(text).toordinal() if text and len(text) == 10 else None
    except ValueError:
        return None


def _standing(view: View, i: int) -> Standing | None:
    rank = highest_rank(view, i)
    when = view.reading.document.date or ""
    return Standing(int(rank.order), rank.name, when, when) if rank else None


def _has_namesake_kin(view: View, i: int) -> bool:
    own = names.person_key(view.chains[i].name)
    return any(chain.type == "Person" and j != i and names.person_key(chain.name) == own for j, chain in enumerate(view.chains))


# Comparing


def compare(a: Profile, b: Profile, reference: Reference) -> Comparison:
    """How far two records agree, with what speaks for and against in words."""
    shared = {pin: said for pin, said in a.shared.items() if pin in b.shared}
    share, said_name = _name_share(a, b, reference)
    reasons, against = [said_name], []
    people, base = _base(shared, reasons)
    expected = share * people * prod(_further(a, b, shared, base, reference, reasons))
    expected *= prod(_counter(a, b, shared, against))
    limit = JOINED
    if a.adverse != b.adverse:
        limit = JOINED_ADVERSE
        against.append("one record holds something against the person and the other does not, so more is asked")
    if {"victim", "offender"} <= a.roles ^ b.roles:
        limit = JOINED_OPPOSED
        against.append("one record has a victim and the other an offender, so more is asked")
    if (a.namesake_kin or b.namesake_kin) and not {"force", "post", "office"} & {kind for kind, _ in shared} and _ages_meet(a, b) is None:
        expected = max(expected, 1.0)
        against.append("a document tells of two people of this name, who may share a home and a family")
    return Comparison(expected, bool(shared) or bool(_ages_meet(a, b) and base), limit, tuple(reasons), tuple(against), conflict(a, b))


def conflict(a: Profile, b: Profile) -> str:
    """Why the two cannot be one person, or nothing."""
    if a.documents & b.documents:
        return f"the document {min(a.documents & b.documents)} tells them apart"
    if a.sexes and b.sexes and not a.sexes & b.sexes:
        return "one is a man and the other a woman"
    if not names.same_person_form(a.name, b.name):
        return f"their names differ: {a.name}, {b.name}"
    if a.generations and b.generations and not a.generations & b.generations:
        return "one is called senior and the other junior"
    if _ages_meet(a, b) is False:
        return "their ages do not fit one date of birth"
    return ""


def _ages_meet(a: Profile, b: Profile) -> bool | None:
    """Whether one day of birth fits both, within a year, as ages are often told of another day; None where an age is not known."""
    if a.born is None or b.born is None:
        return None
    return max(a.born[0], b.born[0]) <= min(a.born[1], b.born[1]) + _DAYS


def _name_share(a: Profile, b: Profile, reference: Reference) -> tuple[float, str]:
    """The share of people who have the name that the two records have in common."""
    one, other = names.parse(a.name), names.parse(b.name)
    share = 1 / 150 if reference.is_common_surname(one.surname) else 1 / 10_000
    said = f"the name {a.name}" if a.name == b.name else f"the names {a.name} and {b.name}"
    if one.given and other.given:
        given = [names.fold(p.given[0]).strip(".") for p in (one, other)]
        if min(map(len, given)) == 1:
            share /= 10
        else:
            share /= 60 if is_listed(given[0]) or is_listed(given[1]) else 1000
        middles = [{names.fold(w).strip(".") for w in p.given[1:]} for p in (one, other)]
        if {w for w in middles[0] & middles[1] if len(w) > 1}:
            share *= _MIDDLE_NAME_SHARE
    return share, f"{said}, which about one in {_round(1 / share)} has"


@lru_cache(maxsize=1 << 14)
def is_listed(given: str) -> bool:
    """Whether the given name, or the one it is short for, is among those that many people have."""
    return names.is_given(given)


def _base(shared: dict[tuple[str, str], str], reasons: list[str]) -> tuple[float, str]:
    """Of how many people the two are, by the narrowest thing they share, and its kind."""
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for (kind, value), said in shared.items():
        by_kind.setdefault(kind, []).append((value, said))
    if "post" in by_kind:
        reasons.append(f"both are {_listed(by_kind['post'])}")
        return _POST_HOLDERS, "post"
    if "office" in by_kind:
        reasons.append(f"both hold {_listed(by_kind['office'])}")
        return _OFFICE_HOLDERS, "office"
    if "force" in by_kind:
        people = min(_LARGEST.get(value, _OFFICERS) for value, _ in by_kind["force"])
        reasons.append(f"both belong to {_listed(by_kind['force'])}, one of about {people:,}")
        return people, "force"
    if "body" in by_kind:
        reasons.append(f"both belong to {_listed(by_kind['body'])}")
        return _BODY, "body"
    if "place" in by_kind:
        reasons.append(f"both live in {_listed(by_kind['place'])}")
        return _TOWN, "place"
    return _ADULTS, ""


def _further(a: Profile, b: Profile, shared: dict[tuple[str, str], str], base: str, reference: Reference,
             reasons: list[str]) -> Iterator[float]:
    """The shares of people who agree by chance in what else the two have in common."""
    if base == "force" and a.standing and b.standing and a.standing.order == b.standing.order:
        reasons.append(f"both are {a.standing.rank}")
        yield _RANK_SHARES.get(a.standing.order, _CHIEF_SHARE)
    if _ages_meet(a, b):
        reasons.append("their ages fit one date of birth")
        yield _AGE_SHARE
    beside: list[float] = []
    for (kind, _), said in sorted(shared.items()):
        if kind == "beside":
            beside.append(_BESIDE_COMMON if reference.is_common_surname(names.parse(said).surname) else _BESIDE)
            if len(beside) <= _MOST_BESIDE:
                reasons.append(f"both stand beside {said}")
        elif kind in _SHARES and kind != base:
            share, words = _SHARES[kind]
            reasons.append(words.format(said))
            yield share
    yield from sorted(beside)[:_MOST_BESIDE]


def _counter(a: Profile, b: Profile, shared: dict[tuple[str, str], str], against: list[str]) -> Iterator[float]:
    """By how much what does not fit raises the number of namesakes."""
    forces = a.values("force"), b.values("force")
    if all(forces) and not forces[0].keys() & forces[1].keys():
        against.append(f"they belong to different forces: {_listed(forces[0].items())}; {_listed(forces[1].items())}")
        yield _OTHER_FORCE
    one, other = sorted((p.standing for p in (a, b) if p.standing), key=lambda s: s.order) if a.standing and b.standing else (None, None)
    if one and other and one.order != other.order:
        if not (one.first and other.first):
            against.append(f"their ranks differ: {one.rank}, {other.rank}")
            yield _OTHER_RANK
        elif other.last < one.first:
            against.append(f"the later rank is the lower one: {other.rank} ({other.last}), {one.rank} ({one.first})")
            yield _LOWER_RANK
    for p, q in ((a, b), (b, a)):
        if "officer" in p.roles and "offender" in q.roles and "officer" not in q.roles:
            against.append("one is with the police; of the other only an offence is told")
            yield _ACROSS_THE_LAW


def _listed(pins: Iterable[tuple[str, str]]) -> str:
    return " and ".join(dict.fromkeys(said for _, said in sorted(pins)))


def _round(number: float) -> str:
    """A large number with one telling digit."""
    digits = len(str(int(number))) - 1
    return f"{round(number, -digits):,.0f}"

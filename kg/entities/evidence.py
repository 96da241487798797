"""What documents say of a person that tells them from others of the name, and how far two such records agree.

The measure is how many **namesakes** one would expect: the share of people who have the name, times how many people there are in
what both records agree on (the officers of one force, the people of one town), times the share of those who agree by chance in each
further thing (rank, age, the other party to an offence). Where less than a tenth of a person is expected, few of whom are ever in the
news, two records are one person; where the records hold something against the person, far less. A name alone never joins anybody.
All shares are rough and stated here; they err towards more namesakes, and do not depend on the documents, so that what two records
are worth to one another never changes when others are added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import prod

from kg import names
from kg.entities.people import ADVERSE, bodies_of, highest_rank, offices, ties
from kg.entities.view import View, part
from kg.reference import Reference

#: namesakes expected at most where two records are joined
JOINED = 0.1
#: the same where both records hold something against the person
JOINED_ACCUSED = 0.005
#: the same where only one does, and where one has an offender and the other a victim
JOINED_ADVERSE = 0.0002
JOINED_OPPOSED = 0.00005

_ADULTS = 50_000_000
_OFFICERS = 3_000  #: of a force
_LARGEST = {"metropolitan-police-service": 33_000, "police-service-of-scotland": 17_000}
_RESIDENTS = 1_200_000  #: of a force's area
_POST_HOLDERS = 2  #: of one post at the head of a body, over the years that documents of one matter span
_OFFICE_HOLDERS = 20  #: of one high office
_UNIT = 80
_MAY_BE_ELSEWHERE = 3  #: by how much more officers a document with a force may tell of than the force has
_TOWN, _DISTRICT = 60_000, 500_000
_BODY = 2_000
#: people named in reports as accused of one kind of offence, or as its victims, over three years, in all places and in one force's area
_NAMED_IN_CASES, _NAMED_IN_CASES_OF_A_FORCE = 100_000, 5_000
_YEARS_OF_A_CASE = 3
#: order of rank -> share of a force's officers who hold it; the highest are a handful
_RANK_SHARES = {0: 0.1, 1: 0.78, 2: 0.15, 3: 0.05, 4: 0.015, 5: 0.008, 6: 0.004}
_CHIEF_SHARE = 0.002
#: how common a name is -> the share of people who have it: surnames, and given names; what is not listed is rare
_SURNAMES = {"commonest": 1 / 100, "very common": 1 / 300, "common": 1 / 1000, "": 1 / 10_000}
_GIVEN_NAMES = {"very common": 1 / 80, "common": 1 / 400, "": 1 / 1000}
_INITIAL = 1 / 10
#: names that many more people have than the other common ones of the reference data
VERY_COMMON_SURNAMES = frozenset(
    """smith jones williams brown taylor davies wilson evans thomas johnson roberts walker wright robinson thompson white hughes edwards
    green hall wood harris lewis martin jackson clarke clark turner hill khan patel singh ahmed ali begum hussain campbell murphy""".split()
)
_COMMONEST_SURNAMES = frozenset({"smith", "jones"})
VERY_COMMON_GIVEN_NAMES = frozenset(
    """john david michael paul peter james robert william andrew richard thomas stephen steven mark christopher matthew daniel anthony ian
    kevin simon susan margaret sarah patricia elizabeth jane helen karen emma julie mary laura rebecca claire rachel amy jennifer christine
    alan martin stuart joseph benjamin nicholas catherine""".split()
)
#: what else records agree in -> the share of people who agree in it by chance, and how it is said
_SHARES: dict[str, tuple[float, str]] = {
    "unit": (1 / 30, "both serve in {}"),
    "place": (1 / 500, "both live in {}"),
    "district": (1 / 100, "both live in {}"),
    "offence": (1 / 30, "with both it is about {}"),
    "court": (1 / 50, "both are before {}"),
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
#: the same for others whom documents name whatever they are about, such as the head of a force, if the surname is not common
_ALSO = 1 / 4
_MOST_BESIDE = 2  #: more of those who stand beside a person add nothing, since they come together
_AGE_SHARE = 1 / 30
_MIDDLE_NAME_SHARE = 1 / 50
_WITHIN_A_FORCE = frozenset({"post", "force", "police", "unit", "around", "case of a force"})
_SHARES_IN_A_FORCE = {"place": 1 / 20, "district": 1 / 3, "court": 1 / 5}  #: what these tell of people whose force is known already
_DAYS = 365.2425
_OTHER_FORCE, _OTHER_RANK, _ACROSS_THE_LAW, _A_GENERATION = 100.0, 1000.0, 10.0, 10.0
_YEARS_OF_A_RANK = 2  #: that a rank between two others takes at least
_YEARS_OF_A_GENERATION, _UNKNOWN = 15, 1000.0
_KINDS = {"residesIn": "place", "triedAt": "court", "participatesIn": "programme", "servesIn": "unit"}
_RELATIONS = {"relativeOf": "relative", "offenderAgainst": "party", "succeeds": "colleague", "appointedBy": "colleague"}
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
    dates: tuple[str, str] | None  #: days of the first and last dated document
    standing: Standing | None
    adverse: bool
    roles: frozenset[str]  #: "victim", "offender", "officer"
    namesake_kin: bool  #: a document has a relative of the same name

    @cached_property
    def shared(self) -> dict[tuple[str, str], str]:
        """Pins without their words -> the words."""
        return {(kind, value): said for kind, value, said in sorted(self.pins, reverse=True)}

    @property
    def police(self) -> bool:
        """Whether somebody gives the person a rank or a force."""
        return self.standing is not None or "officer" in self.roles

    @property
    def full(self) -> bool:
        return names.is_full(self.name)

    @cached_property
    def forces(self) -> frozenset[str]:
        """The forces the person belongs to or belonged to."""
        return frozenset(value for kind, value, _ in self.pins if kind == "force")

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
    forms = {chain.name, *chain.aliases, *(m.text for m in chain.mentions if m.kind == "name")}
    dates = (document.date, document.date) if document.date else None
    return Profile(key, chain.name, tuple(sorted(forms)),
                   frozenset({document.id}), pins, _born(view, i), dates, _standing(view, i), bool(predicates & ADVERSE),
                   frozenset(roles), _has_namesake_kin(view, i))


def merged(profiles: Iterable[Profile]) -> Profile:
    """The profile of several records of one person."""
    several = list(profiles)
    if len(several) == 1:
        return several[0]
    forms = tuple(sorted({form for p in several for form in p.forms}))
    born = None
    for p in several:
        born = p.born if born is None else born if p.born is None else (max(born[0], p.born[0]), min(born[1], p.born[1]))
    dated = [p.dates for p in several if p.dates]
    dates = (min(first for first, _ in dated), max(last for _, last in dated)) if dated else None
    ranks = [p.standing for p in several if p.standing]
    best = max(ranks, key=lambda s: (s.order, s.rank)) if ranks else None
    standing = best and Standing(best.order, best.rank, min(s.first for s in ranks if s.order == best.order),
                                 max(s.last for s in ranks if s.order == best.order))
    return Profile(min(p.key for p in several), names.canonical_person([p.name for p in several]), forms,
                   frozenset().union(*(p.documents for p in several)), frozenset().union(*(p.pins for p in several)), born, dates, standing,
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
    for predicate, kind in _KINDS.items():
        for target in view.objects(i, predicate, "asserted", "alleged", "denied", "proposed"):
            if (tail := view.text(target)) and (within := _place_kind(view, target, tail) if kind == "place" else kind):
                yield within, tail, view.chains[target].name
    for role, predicates in (("accused", ("accusedOf", "convictedOf")), ("victim", ("victimOf",))):
        for predicate in predicates:
            for target in view.objects(i, predicate, "asserted", "alleged", "denied"):
                if tail := view.text(target):
                    yield "case", f"{role}.{tail}", f"{'a victim' if role == 'victim' else 'accused'} of {view.chains[target].name}"
                    yield "offence", tail, view.chains[target].name
    for slug in view.forces:
        force = view.reference.force_by_slug(slug)
        assert force is not None
        yield "around", slug, force.name
    for fact in view.into[i]:
        if fact.predicate == "ledBy" and fact.status != "hypothetical" and (tail := view.text(fact.subject)):
            yield "review", f"lead.{tail}", f"lead of {view.chains[fact.subject].name}"
        if fact.predicate in {"examines", "promptedBy"} and fact.status == "asserted" and (tail := view.text(fact.subject)):
            yield "review", f"subject.{tail}", f"subject of {view.chains[fact.subject].name}"
    styles = {names.fold(t) for form in view.chains[i].names for t in names.parse(form).titles} & _STYLED
    if styles:
        yield "style", "titled", "a title (" + ", ".join(sorted(s.capitalize() for s in styles)) + ")"
    yield from _people(view, i)


def _place_kind(view: View, target: int, tail: str) -> str:
    """"place" for a town or a village, "district" for a city or district, and nothing for what is larger and tells too little."""
    known = next((place.kind for place in view.reference.places_named(view.chains[target].name) if place.slug == tail), "town")
    return {"town": "place", "district": "district"}.get(known, "")


def _is_direct(view: View, target: object) -> bool:
    return isinstance(target, int) and view.chains[target].type != "Unit"


def _people(view: View, i: int) -> Iterator[Pin]:
    """Others by full name: relatives, the other party, colleagues of one step of a career, and who else is of the matter."""
    named: dict[int, str] = {}
    for fact in (*view.out[i], *view.into[i]):
        other = fact.object if fact.subject == i else fact.subject
        kind = _RELATIONS.get(fact.predicate)
        if kind and isinstance(other, int) and view.chains[other].type == "Person" and fact.status in {"asserted", "alleged", "denied"}:
            named.setdefault(other, kind)
    own = part(names.person_key(view.chains[i].name))
    for other, key in view.people.items():
        if key != own:
            yield named.get(other) or ("beside" if other in view.involved else "also"), key, view.chains[other].name


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
    return any(j != i and key == view.people.get(i) for j, key in view.people.items())


# Comparing


def compare(a: Profile, b: Profile, reference: Reference) -> Comparison:
    """How far two records agree, with what speaks for and against in words."""
    shared = {pin: said for pin, said in a.shared.items() if pin in b.shared}
    share, said_name = _name_share(a, b, reference)
    against: list[str] = []
    expected, reasons = min(_fitting(a, b, shared, people, base, words, reference) for people, base, words in _bases(a, b, shared))
    expected *= share * prod(_counter(a, b, shared, against))
    limit = JOINED_ACCUSED if a.adverse else JOINED
    if a.adverse != b.adverse:
        limit = JOINED_ADVERSE
        against.append("one record holds something against the person and the other does not, so more is asked")
    if {"victim", "offender"} <= a.roles ^ b.roles:
        limit = JOINED_OPPOSED
        against.append("one record has a victim and the other an offender, so more is asked")
    if (a.namesake_kin or b.namesake_kin) and not {"force", "post", "office"} & {kind for kind, _ in shared} and _ages_meet(a, b) is None:
        expected = max(expected, 1.0)
        against.append("a document tells of two people of this name, who may share a home and a family")
    return Comparison(expected, bool(shared), limit, (said_name, *reasons), tuple(against), conflict(a, b))


def conflict(a: Profile, b: Profile) -> str:
    """Why the two cannot be one person, or nothing."""
    if a.documents & b.documents:
        return f"the document {min(a.documents & b.documents)} tells them apart"
    if a.sexes and b.sexes and not a.sexes & b.sexes:
        return "one is a man and the other a woman"
    if not names.same_person_form(a.name, b.name) and not names.short_for_one(a.name, b.name):
        return f"their names differ: {a.name}, {b.name}"
    if a.generations and b.generations and not a.generations & b.generations:
        return "one is called senior and the other junior"
    forces = a.forces, b.forces
    if all(forces) and not forces[0] & forces[1] and a.dates and b.dates and a.dates[0] <= b.dates[1] and b.dates[0] <= a.dates[1]:
        return "they belong to different forces at one time"
    if _ages_meet(a, b) is False:
        return "their ages do not fit one date of birth"
    return ""


def are_several(profiles: Sequence[Profile]) -> bool:
    """Whether profiles with one name and key cannot all be of one person, by sex, generation or age; takes time in proportion to them."""
    born = [p.born for p in profiles if p.born]
    if born and max(low for low, _ in born) > min(high for _, high in born) + _DAYS:
        return True
    return any(len({next(iter(told)) for told in tellings if len(told) == 1}) > 1
               for tellings in ([p.sexes for p in profiles], [p.generations for p in profiles]))


def _ages_meet(a: Profile, b: Profile) -> bool | None:
    """Whether one day of birth fits both, within a year, as ages are often told of another day; None where an age is not known."""
    if a.born is None or b.born is None:
        return None
    return max(a.born[0], b.born[0]) <= min(a.born[1], b.born[1]) + _DAYS


def _name_share(a: Profile, b: Profile, reference: Reference) -> tuple[float, str]:
    """The share of people who have the name that the two records have in common."""
    one, other = names.parse(a.name), names.parse(b.name)
    share = _SURNAMES[_how_common(one.surname, reference)]
    said = f"the name {a.name}" if a.name == b.name else f"the names {a.name} and {b.name}"
    if one.given and other.given:
        given = [names.fold(p.given[0]).strip(".") for p in (one, other)]
        if min(map(len, given)) == 1:
            share *= _INITIAL
        else:
            share *= max(_GIVEN_NAMES[_how_common_given(name)] for name in given)
        middles = [{names.fold(w).strip(".") for w in p.given[1:]} for p in (one, other)]
        if {w for w in middles[0] & middles[1] if len(w) > 1}:
            share *= _MIDDLE_NAME_SHARE
    return share, f"{said}, which about one in {_round(1 / share)} has"


def _how_common(name: str, reference: Reference) -> str:
    folded = names.fold(name)
    if folded in _COMMONEST_SURNAMES:
        return "commonest"
    return "very common" if folded in VERY_COMMON_SURNAMES else "common" if reference.is_common_surname(name) else ""


def _how_common_given(name: str) -> str:
    """How common a given name is, or the commonest that it may be short for."""
    forms = names.given_forms(name)
    return "very common" if forms & VERY_COMMON_GIVEN_NAMES else "common" if any(map(names.is_given, forms)) else ""


def _bases(a: Profile, b: Profile, shared: dict[tuple[str, str], str]) -> Iterator[tuple[float, str, str]]:
    """Groups of people to which both belong: of how many, the kind, and the words for it. The last is everybody."""
    said: dict[str, str] = {}
    for kind in dict.fromkeys(kind for kind, _ in shared):
        said[kind] = _listed((value, words) for (k, value), words in shared.items() if k == kind)
    officers = min((_LARGEST.get(value, _OFFICERS) for kind, value in shared if kind == "force"), default=0)
    for kind, people, words in (
        ("post", _POST_HOLDERS, "both are {}"), ("office", _OFFICE_HOLDERS, "both hold {}"), ("unit", _UNIT, "both serve in {}"),
        ("force", officers, f"both belong to {{}}, one of about {officers:,}"), ("body", _BODY, "both belong to {}"),
        ("place", _TOWN, "both live in {}"), ("district", _DISTRICT, "both live in {}"),
        ("around", _RESIDENTS, "both are told of together with {}"),
    ):
        if kind in said:
            yield people, kind, words.format(said[kind])
    if "around" in said and a.police and b.police:
        around = min(_LARGEST.get(value, _OFFICERS) for kind, value in shared if kind == "around")
        yield _MAY_BE_ELSEWHERE * around, "police", f"both are police told of together with {said['around']}"
    if "case" in said and _years_between(a, b) <= _YEARS_OF_A_CASE:
        words = f"both are named as {said['case']} in documents not {_YEARS_OF_A_CASE} years apart"
        if "around" in said:
            yield _NAMED_IN_CASES_OF_A_FORCE, "case of a force", f"{words}, in the area of {said['around']}"
        else:
            yield _NAMED_IN_CASES, "case", words
    yield _ADULTS, "", ""


def _years_between(a: Profile, b: Profile) -> float:
    """The years between the documents of two records; a great many where it is not known."""
    if a.dates is None or b.dates is None:
        return _UNKNOWN
    first, second = sorted((a.dates, b.dates))
    return max(0, date.fromisoformat(second[0]).toordinal() - date.fromisoformat(first[1]).toordinal()) / _DAYS


def _fitting(a: Profile, b: Profile, shared: dict[tuple[str, str], str], people: float, base: str, words: str,
             reference: Reference) -> tuple[float, list[str]]:
    """Of so many people, how many would agree by chance in all else that the two have in common, and the reasons in words."""
    reasons = [words] if words else []
    if base in {"force", "unit", "police"} and a.standing and b.standing and a.standing.order == b.standing.order:
        reasons.append(f"both are {a.standing.rank}")
        people *= _RANK_SHARES.get(a.standing.order, _CHIEF_SHARE)
    if _ages_meet(a, b):
        reasons.append("their ages fit one date of birth")
        people *= _AGE_SHARE
    beside: list[tuple[float, str]] = []
    also: list[tuple[float, str]] = []
    for (kind, _), said in sorted(shared.items()):
        if kind == "beside":
            beside.append((_BESIDE_COMMON if reference.is_common_surname(names.parse(said).surname) else _BESIDE, said))
        elif kind == "also" and not reference.is_common_surname(names.parse(said).surname):
            also.append((_ALSO, said))
        elif kind in _SHARES and kind != base and not (kind == "offence" and base.startswith("case")):
            share, form = _SHARES[kind]
            reasons.append(form.format(said))
            people *= _SHARES_IN_A_FORCE.get(kind, share) if base in _WITHIN_A_FORCE else share
    for share, said in (*sorted(beside)[:_MOST_BESIDE], *sorted(also)[:_MOST_BESIDE]):
        reasons.append(f"both stand beside {said}")
        people *= share
    return people, reasons


def _counter(a: Profile, b: Profile, shared: dict[tuple[str, str], str], against: list[str]) -> Iterator[float]:
    """By how much what does not fit raises the number of namesakes."""
    if a.forces and b.forces and not a.forces & b.forces:
        against.append("they belong to different forces: " + "; ".join(
            _listed((value, said) for kind, value, said in p.pins if kind == "force") for p in (a, b)))
        yield _OTHER_FORCE
    if a.standing and b.standing and a.standing.order != b.standing.order:
        low, high = sorted((a.standing, b.standing), key=lambda standing: standing.order)
        if not _is_career(low, high):
            against.append(f"their ranks do not make one career: {_dated(low)}, {_dated(high)}")
            yield _OTHER_RANK
    lasting = {"force", "post", "office", "relative", "party", "style"}
    years = _years_between(a, b)
    if not lasting & {kind for kind, _ in shared} and _ages_meet(a, b) is None and _YEARS_OF_A_GENERATION < years < _UNKNOWN:
        against.append(f"their documents are over {_YEARS_OF_A_GENERATION} years apart, and a parent and child may share name and home")
        yield _A_GENERATION
    for p, q in ((a, b), (b, a)):
        if "officer" in p.roles and "offender" in q.roles and "officer" not in q.roles:
            against.append("one is with the police; of the other only an offence is told")
            yield _ACROSS_THE_LAW


def _is_career(low: Standing, high: Standing) -> bool:
    """Whether the lower rank comes first, and as long before the higher one as the ranks between them take."""
    if not (low.last and high.first) or low.first > high.last:
        return False
    years = (date.fromisoformat(high.last).toordinal() - date.fromisoformat(low.first).toordinal()) / _DAYS
    return years >= _YEARS_OF_A_RANK * (high.order - low.order - 1)


def _dated(standing: Standing) -> str:
    return f"{standing.rank} ({standing.last})" if standing.last else standing.rank


def _listed(pins: Iterable[tuple[str, str]]) -> str:
    return " and ".join(dict.fromkeys(said for _, said in sorted(pins)))


def _round(number: float) -> str:
    """A large number with one telling digit."""
    digits = len(str(int(number))) - 1
    return f"{round(number, -digits):,.0f}"

"""How well people are told apart and joined in a made-up corpus whose identities are known.

    python -m tests.benchmarks.identities [PEOPLE [SEED]]      (default: 10000 people, seed 1)
    python -m tests.benchmarks.identities --sizes [PEOPLE...]  that and what it costs as the corpus grows (default: 1000 10000 100000)

Ten thousand people with names as frequent as names are in Britain, so that many share one: officers with careers (ranks, units, moves
between forces), suspects, victims and relatives, fathers and sons of one name in one home. Matters (a charge, a trial, a sentence) are told
in several documents, and every document leaves out a third or so of what it could tell. Readings are made directly: this measures the
joining alone.
"""

from __future__ import annotations

import random
import sys
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from kg import entities, names
from kg.entities.evidence import VERY_COMMON_GIVEN_NAMES, VERY_COMMON_SURNAMES
from kg.model import Chain, Document, Entity, Fact, Mention, Reading
from kg.reference import Reference
from kg.resources import ontology_dir
from tests.benchmarks.measure import Row, peak, table, timed

RANKS = ("constable", "sergeant", "inspector", "chief inspector", "superintendent", "chief superintendent")
OFFENCES = ("assault", "theft", "fraud", "burglary", "rape", "murder", "robbery", "harassment", "perjury", "arson")
_BEATS = ("Serious Crime", "Roads Policing", "Fraud", "Public Protection", "Major Crime", "Cyber", "Rural Crime", "Custody")
UNITS = tuple(f"{beat} {kind}" for beat in _BEATS for kind in ("Unit", "Team", "Command"))
_STEMS = """ash bar birk black brad bram bran brock bur cal car clay cliff cran crom dal den dun east el ever fair far fen gold graf
    had ham hart has hather hay hazel hol horn kel kirk lam lang lin long mar mel mid mor nether new north nor oak old pad
    pem pen pres rad red ring rock row rus sel shel somer stan stock stoke sut thorn thwait tol wal ward wat wel west whit
    wick win wood wool yar""".split()
_ENDS = """bourne bridge brook bury by cliffe combe cote dale den field ford gate grave ham head hurst land ley low mere over shaw
    stead ton wall way well wick worth""".split()
SERVICE = timedelta(25 * 365)
_BIRTHS = date(1950, 1, 1)

Member = tuple[str, int]


@dataclass
class Person:
    """Somebody invented."""

    number: int
    given: str
    middle: str
    surname: str
    sex: str
    born: date
    home: str
    career: list[tuple[date, str, str, str]] = field(default_factory=list)  #: from when, force, rank, unit

    @property
    def name(self) -> str:
        return f"{self.given} {self.surname}"

    def post(self, on: date) -> tuple[str, str, str] | None:
        """Force, rank and unit on a day."""
        held = [post for since, *post in self.career if since <= on]
        return (held[-1][0], held[-1][1], held[-1][2]) if held else None


class _Weighted:
    """Draws from values as often as their weights say."""

    def __init__(self, values: Sequence[str], exponent: float) -> None:
        self._values, self._sums = values, list(accumulate((n + 5) ** -exponent for n in range(len(values))))

    def draw(self, rng: random.Random) -> str:
        return self._values[bisect(self._sums, rng.random() * self._sums[-1])]


def corpus(people: int = 10_000, seed: int = 1) -> tuple[list[Reading], dict[Member, int]]:
    """Readings of a made-up corpus, and which person each chain of a person is."""
    return _Maker(people, random.Random(seed)).made()


class _Maker:
    def __init__(self, count: int, rng: random.Random) -> None:
        self.rng, reference = rng, Reference.load()
        self.forces = _Weighted(["Metropolitan Police Service", *sorted(f.name for f in reference.forces if f.kind == "territorial"
                                                                       and f.slug != "metropolitan-police-service")], 0.8)
        self.towns = sorted(p.name for p in reference.places if p.kind == "town" and len(reference.places_named(p.name)) == 1)
        common = sorted((ontology_dir() / "reference" / "common_surnames.csv").read_text(encoding="utf-8").split()[1:])
        rare = sorted({(a + b).capitalize() for a in _STEMS for b in _ENDS})
        rng.shuffle(common)
        common.sort(key=lambda name: name.casefold() not in VERY_COMMON_SURNAMES)
        rng.shuffle(rare)
        self.force_of = {p.name: reference.force_by_slug(p.force).name for p in reference.places if p.force}
        self.towns = [town for town in self.towns if town in self.force_of]
        self.common, self.rare = _Weighted(common, 0.7), _Weighted(rare, 0.4)
        given = [line.split(",") for line in (ontology_dir() / "reference" / "given_names.csv").read_text(encoding="utf-8").split()[1:]]
        rng.shuffle(given)
        given.sort(key=lambda row: row[0].casefold() not in VERY_COMMON_GIVEN_NAMES)
        self.given = {sex: _Weighted([name for name, s in given if s == sex], 0.8) for sex in "mf"}
        self.short = {full.capitalize(): [s.capitalize() for s in some] for full, some in names._SHORT.items()}
        self.readings: list[Reading] = []
        self.truth: dict[Member, int] = {}
        self.people: list[Person] = []
        while len(self.people) < count:
            self._add_person()

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _add_person(self) -> None:
        rng, sex = self.rng, "m" if self._chance(0.7) else "f"
        born = _BIRTHS + timedelta(days=rng.randrange(40 * 365))
        surname = (self.common if self._chance(0.35) else self.rare).draw(rng)
        if self._chance(0.04):
            surname += "-" + self.rare.draw(rng)
        middle = self.given[sex].draw(rng) if self._chance(0.3) else ""
        person = Person(len(self.people), self.given[sex].draw(rng), middle, surname, sex, born, rng.choice(self.towns))
        self.people.append(person)
        if self._chance(0.45):
            self._add_career(person)
        if sex == "m" and born.year > 1970 and self._chance(0.03):  # his father, of the same name, in the same home
            father = Person(len(self.people), person.given, "", surname, "m", born - timedelta(days=rng.randrange(20 * 365, 35 * 365)),
                            person.home)
            self.people.append(father)

    def _add_career(self, person: Person) -> None:
        rng = self.rng
        day = person.born + timedelta(days=rng.randrange(19 * 365, 27 * 365))
        force, level, unit = self.forces.draw(rng), 0, rng.choice(UNITS)
        person.career.append((day, force, RANKS[0], unit))
        while self._chance(0.5) and level < len(RANKS) - 1:
            day += timedelta(days=rng.randrange(3 * 365, 8 * 365))
            level += 1
            if self._chance(0.08):
                force = self.forces.draw(rng)
            if self._chance(0.6):
                unit = rng.choice(UNITS)
            person.career.append((day, force, RANKS[level], unit))

    def made(self) -> tuple[list[Reading], dict[Member, int]]:
        rng = self.rng
        officers = [p for p in self.people if p.career]
        civilians = [p for p in self.people if not p.career]
        rng.shuffle(civilians)
        while civilians:
            suspects = [civilians.pop() for _ in range(min(len(civilians), 1 if self._chance(0.75) else 2))]
            if self._chance(0.03):  # the accused may be police too
                suspects[0] = rng.choice(officers)
            victim = civilians.pop() if civilians and self._chance(0.6) else None
            relative = civilians.pop() if civilians and victim and self._chance(0.3) else None
            self._tell_matter(suspects, victim, relative, officers)
        for officer in officers:
            for _ in range(rng.randrange(2, 5)):
                day = officer.career[0][0] + timedelta(days=rng.randrange(365, SERVICE.days))
                page = _Page(self, day)
                page.officer(officer)
                if self._chance(0.3):
                    page.officer(rng.choice(officers))
                page.close()
        return self.readings, self.truth

    def _tell_matter(self, suspects: Sequence[Person], victim: Person | None, relative: Person | None, officers: Sequence[Person]) -> None:
        rng, offence = self.rng, self.rng.choice(OFFENCES)
        force, court = self.force_of[suspects[0].home], f"{suspects[0].home} Crown Court"
        people = [*suspects, *filter(None, (victim, relative))]
        day = max(p.born for p in people) + timedelta(days=rng.randrange(18 * 365, 30 * 365))
        officer = next((o for o in rng.sample(officers, 30) if timedelta(365) < day - o.career[0][0] < SERVICE), None)
        for step in range(rng.randrange(2, 5)):
            page = _Page(self, day)
            if self._chance(0.9):
                page.thing("PoliceForce", force)
            accused = [page.civilian(p, offence, "convictedOf" if step > 1 else "accusedOf") for p in suspects]
            for one in accused:
                if step and self._chance(0.7):
                    page.fact("triedAt", one, page.thing("Court", court))
            if victim and self._chance(0.85):
                harmed = page.civilian(victim, offence, "victimOf")
                for one in accused:
                    if self._chance(0.6):
                        page.fact("offenderAgainst", one, harmed, "asserted" if step > 1 else "alleged")
                if relative and self._chance(0.6):
                    page.fact("relativeOf", page.civilian(relative, None, ""), harmed)
            if officer and self._chance(0.7):
                page.officer(officer)
            page.close()
            day += timedelta(days=rng.randrange(30, 400))


class _Page:
    """One document in the making."""

    def __init__(self, maker: _Maker, day: date) -> None:
        self.maker, self.day, self.id = maker, day, f"d{len(maker.readings):06d}"
        self.chains: list[Chain] = []
        self.facts: list[Fact] = []
        self.seen: dict[str, int] = {}
        self.told: set[int] = set()

    def fact(self, predicate: str, subject: int, target: int | str, status: str = "asserted") -> None:
        if subject >= 0 and target != -1:
            self.facts.append(Fact(predicate, subject, target, status, (0, 1), "made up", 1.0))

    def thing(self, kind: str, name: str) -> int:
        if f"{kind} {name}" not in self.seen:
            self.seen[f"{kind} {name}"] = len(self.chains)
            self.chains.append(Chain(kind, name, (Mention(0, 1, name, kind),)))
        return self.seen[f"{kind} {name}"]

    def civilian(self, person: Person, offence: str | None, predicate: str) -> int:
        if person.number in self.told:
            return -1
        position = self._person(person, "")
        chance = self.maker._chance
        if chance(0.7):
            self.fact("age", position, str((self.day - person.born).days * 4 // 1461))
        if chance(0.7):
            self.fact("residesIn", position, self.thing("Place", person.home))
        if offence:
            self.fact(predicate, position, self.thing("Offence", offence), "alleged" if predicate == "accusedOf" else "asserted")
        if person.career and chance(0.9):
            self._service(person, position)
        return position

    def officer(self, person: Person) -> int:
        post = person.post(self.day)
        if person.number in self.told or post is None:
            return -1
        position = self._person(person, post[1].title() if self.maker._chance(0.9) else "")
        self._service(person, position)
        return position

    def _service(self, person: Person, position: int) -> None:
        post, chance = person.post(self.day), self.maker._chance
        if post is None:
            return
        force, rank, unit = post
        if chance(0.9):
            self.fact("memberOf", position, self.thing("PoliceForce", force))
        elif chance(0.95):  # named beside it, but nothing says that they belong together
            self.thing("PoliceForce", force)
        if chance(0.7) or any(mention.text != self.chains[position].name for mention in self.chains[position].mentions):
            self.fact("holdsRole", position, rank)
        if chance(0.5):
            self.fact("servesIn", position, self.thing("Unit", unit))
            self.fact("unitOf", self.thing("Unit", unit), self.thing("PoliceForce", force))
        earlier = [f for since, f, _, _ in person.career if since <= self.day and f != force]
        if earlier and chance(0.5):  # "who joined from"
            self.fact("memberOf", position, self.thing("PoliceForce", earlier[-1]))

    def _person(self, person: Person, title: str) -> int:
        rng, given = self.maker.rng, person.given
        if rng.random() < 0.3:
            given = rng.choice(self.maker.short.get(given, [given]))
        name, dice = f"{given} {person.surname}", rng.random()
        if title and dice < 0.01:
            name = person.surname
        elif dice < 0.02:
            name = f"{given[0]}. {person.surname}"
        elif person.middle and dice < 0.1:
            name = f"{given} {person.middle} {person.surname}"
        form = " ".join(filter(None, (title, name)))
        self.told.add(person.number)
        self.maker.truth[self.id, len(self.chains)] = person.number
        self.chains.append(Chain("Person", name, (Mention(0, 1, form, "Person"),)))
        return len(self.chains) - 1

    def close(self) -> None:
        document = Document(self.id, "text", date=self.day.isoformat())
        self.maker.readings.append(Reading(document, tuple(self.chains), tuple(self.facts)))


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs of chains: found to be one and truly one."""

    found: int
    true: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0


def score(truth: Mapping[Member, int], groups: Iterable[Iterable[Member]]) -> Score:
    """Pairwise precision and recall of groups of chains; what is in no group counts as alone."""
    found = right = 0
    for group in groups:
        members = [truth[member] for member in group if member in truth]
        found += _pairs(len(members))
        right += sum(map(_pairs, Counter(members).values()))
    return Score(found, sum(map(_pairs, Counter(truth.values()).values())), right)


def _pairs(n: int) -> int:
    return n * (n - 1) // 2


def people_of(resolved: Iterable[Entity]) -> list[tuple[Member, ...]]:
    """The members of every person."""
    return [entity.members for entity in resolved if entity.type == "Person"]


def measured(people: int, seed: int = 1) -> tuple[float, int, str]:
    """Processor seconds of joining a corpus with so many people, its number of documents, and how right that was, in a paragraph."""
    readings, truth = corpus(people, seed)
    reference, resolved = Reference.load(), list[Entity]()
    seconds = timed(lambda: resolved.extend(entities.resolve(readings, reference)))
    result = score(truth, people_of(resolved))
    shared = Counter(Counter(truth.values()).values())
    return seconds, len(readings), (
        f"{len(readings):,} documents, {len(truth):,} chains of {len(set(truth.values())):,} people: pairwise precision "
        f"{result.precision:.4f}, recall {result.recall:.4f} ({result.found:,} pairs found, {result.true:,} true); "
        f"suggestions: {sum(len(e.possible) for e in resolved):,}; people by number of documents: {dict(sorted(shared.items()))}")


def sizes(several: Sequence[int]) -> Iterator[str]:
    """How right joining is with so many people and what it costs, against the smallest of these sizes, a document each."""
    rows: list[Row] = []
    for people in several:
        seconds, documents, told = measured(people)
        first = rows[0] if rows else None
        ratio = seconds / documents / (first.seconds / first.size) if first else None
        against = f"{first.size:,} documents, each" if first else ""
        rows.append(Row("people joined", documents, "documents", seconds, against, ratio, peak()))
        yield told
    yield table(rows)


def main() -> None:
    if sys.argv[1:2] == ["--sizes"]:
        for told in sizes([int(size) for size in sys.argv[2:]] or (1000, 10_000, 100_000)):
            print(told, end="\n\n", flush=True)
        return
    people, seed = (*map(int, sys.argv[1:]), *(10_000, 1)[len(sys.argv) - 1:])
    seconds, _, told = measured(people, seed)
    print(f"{told}; resolved in {seconds:.1f} s of CPU")


if __name__ == "__main__":
    main()

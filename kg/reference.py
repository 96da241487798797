"""Reference data on UK policing, read from ``ontology/reference/*.csv``, and look-ups by any spelling.

In every file ``name`` and ``aliases`` are verified (``sources`` names the rows of ``sources.csv``) and may be published;
``recognised_as`` only helps to recognise a thing in a text and states nothing; ``ambiguous`` are forms that also mean
something else, which no look-up here answers to. An empty field is an unknown, not a no.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from kg.names import fold, key
from kg.resources import ontology_dir


@dataclass(frozen=True, slots=True)
class Force:
    """A police force: territorial, special, former, other (ports, services) or foreign."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    recognised_as: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    kind: str = ""
    jurisdiction: str = ""
    police_uk_id: str = ""
    wikidata_qid: str = ""
    ons_pfa_code: str = ""
    area: tuple[str, ...] = ()  #: names of places it polices
    area_note: str = ""
    local_policing_body: str = ""
    local_policing_body_type: str = ""
    head_title: str = ""
    formed: str = ""  #: ISO date at the precision known
    dissolved: str = ""
    successor: str = ""  #: slug of a force
    sources: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        return "PoliceForce"


@dataclass(frozen=True, slots=True)
class Body:
    """An oversight body, other organisation, national or regional unit, or named tribunal; ``type`` is the contract's."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    recognised_as: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    type: str = ""
    kind: str = ""
    jurisdiction: str = ""
    force: str = ""  #: slug of the force it belongs to or watches
    formed: str = ""
    dissolved: str = ""
    predecessors: tuple[str, ...] = ()  #: slugs of bodies
    successors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rank:
    """A police rank; ``order`` grows with seniority and is empty where not comparable."""

    slug: str
    name: str
    order: str = ""
    abbreviations: tuple[str, ...] = ()
    recognised_as: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    detective_form: str = ""
    detective_abbreviations: tuple[str, ...] = ()
    used_by: str = ""
    group: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """An office or job title that is no police rank; ``leads`` is "yes" where its holder heads the body."""

    slug: str
    title: str
    abbreviations: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    kind: str = ""
    leads: str = ""


@dataclass(frozen=True, slots=True)
class Offence:
    """A kind of crime or misconduct; ``code`` is the recorded-crime code where there is one."""

    slug: str
    label: str
    aliases: tuple[str, ...] = ()
    recognised_as: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()  #: inflected forms that tell it in a sentence ("murdered")
    ambiguous: tuple[str, ...] = ()
    kind: str = ""
    group: str = ""
    code: str = ""
    sources: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        return "Offence"


@dataclass(frozen=True, slots=True)
class Review:
    """A named review, inquiry or operation; ``type`` is Review or Programme. A recurring one is a class, never one node."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    recognised_as: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    type: str = ""
    kind: str = ""
    lead: tuple[str, ...] = ()
    commissioner: str = ""
    subject_slugs: tuple[str, ...] = ()  #: slugs of forces and bodies it examines
    subject: tuple[str, ...] = ()
    cause: str = ""
    announced: str = ""
    started: str = ""
    reported: str = ""
    status: str = ""
    recurring: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A country, county, district or town; ``force`` is the slug of the force that polices it, where certain."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str = ""
    force: str = ""
    within: str = ""
    ambiguous: str = ""  #: "yes" where the word is also another place, a name or a common word
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Court:
    """A court with a name of its own, or (``kind`` "kind") a kind of court that takes a place's name before it."""

    slug: str
    name: str
    recognised_as: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    kind: str = ""
    place: str = ""

    @property
    def type(self) -> str:
        return "Court"


@dataclass(frozen=True, slots=True)
class Incident:
    """An event so well known that its name alone tells it."""

    slug: str
    name: str
    recognised_as: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        return "Incident"


Named = Force | Body | Review | Offence | Court | Incident
Row = TypeVar("Row")
_SUFFIX = re.compile(r" (?:county )?(?:police service|police force|police and fire|constabulary|police|force)$")
_NO_AREA = frozenset({"manchester", "isle of wight", "northern", "scottish", "royal ulster", "royal parks", "west yorkshire metropolitan"})
_CAUSED_TO = re.compile(
    r"(?:caus(?:ing|ed|es) (?:the )?(?P<harm>death of|serious injur(?:y|ies) to)|kill(?:ing|ed)) .{2,70}? by (?P<how>[\w ]+ driving)"
)
_COUNT = re.compile(
    r"^(?:(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|multiple|further|alleged|suspected|historic|historical|serious)\s+)*"
    r"(?:(?:counts?|charges?|offences?|allegations?|acts?|crimes?)\s+of\s+)?"
)
_SHORT = 4  #: look-ups of forms this short need a capital, so that "met" is not the Met


@dataclass(frozen=True, eq=False)  # is itself and no other, so that what is kept for it is found without hashing all rows
class Reference:
    """All reference data. Get it with ``Reference.load()``."""

    forces: tuple[Force, ...]
    bodies: tuple[Body, ...]
    ranks: tuple[Rank, ...]
    titles: tuple[Title, ...]
    offences: tuple[Offence, ...]
    reviews: tuple[Review, ...]
    places: tuple[Place, ...]
    courts: tuple[Court, ...]
    incidents: tuple[Incident, ...]
    common_surnames: frozenset[str]

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> Reference:
        """The data that ships with the package, read once."""
        folder = ontology_dir() / "reference"
        return Reference(
            forces=_read(folder / "forces.csv", Force),
            bodies=_read(folder / "bodies.csv", Body),
            ranks=_read(folder / "ranks.csv", Rank),
            titles=_read(folder / "titles.csv", Title),
            offences=_read(folder / "offences.csv", Offence),
            reviews=_read(folder / "reviews.csv", Review),
            places=_read(folder / "places.csv", Place),
            courts=_read(folder / "courts.csv", Court),
            incidents=_read(folder / "incidents.csv", Incident),
            common_surnames=frozenset(map(fold, (folder / "common_surnames.csv").read_text(encoding="utf-8").split()[1:])),
        )

    # Forces

    def force(self, name: str) -> Force | None:
        """The force of that name in any spelling: "the Met", "GMP", "West Mercia Constabulary", "the Kent force". Not "Kent"."""
        found = _find(self._force_names, name)
        if found is None:
            stem = _SUFFIX.sub("", key(name))
            found = self._force_stems.get(stem) if stem != key(name) else None
        return found

    def force_by_area(self, name: str) -> Force | None:
        """The force named after the area, for where the sentence means the force: "West Mercia", "Essex", "Herts"."""
        return self._force_areas.get(key(name))

    def force_by_slug(self, slug: str) -> Force | None:
        return self._forces_by_slug.get(slug)

    def force_of_place(self, name: str) -> Force | None:
        """The force that polices the place, where the name is that of one known place only."""
        place = self.place(name)
        return self._forces_by_slug.get(place.force) if place and place.force else None

    # Bodies, reviews, offences, courts, places

    def body(self, name: str) -> Body | None:
        """The body of that name: "IOPC", "HM Inspectorate of Constabulary", "Gwent Police and Crime Panel".

        One whose name is a common word too ("Inquest") is found by its exact spelling only.
        """
        return _find(self._body_names, name) or self._body_spellings.get(name)

    def review(self, name: str) -> Review | None:
        """The named review, inquiry or operation; None for recurring ones (PEEL), which are many."""
        return _find(self._review_names, name)

    def offence(self, text: str) -> Offence | None:
        """The offence a phrase names: "murder", "three counts of rape", "ABH", "kidnap", "murdered"."""
        found = _find(self._offence_names, text) or _find(self._offence_names, _COUNT.sub("", key(text)).upper())
        if found is None and (caused := _CAUSED_TO.fullmatch(text)):  # "causing the death of Ann Cole by dangerous driving"
            harm = "serious injury" if "injur" in (caused["harm"] or "") else "death"
            return _find(self._offence_names, f"causing {harm} by {caused['how']}")
        return found

    def court(self, name: str) -> Court | None:
        """The court with a name of its own; None for "Southwark Crown Court" and its like."""
        return _find(self._court_names, name)

    def place(self, name: str) -> Place | None:
        """The place, where only one known place has the name; see ``places_named``."""
        found = self.places_named(name)
        return found[0] if len(found) == 1 else None

    def places_named(self, name: str) -> tuple[Place, ...]:
        """Every known place of that name ("Newport" is several)."""
        return self._place_names.get(key(name), ())

    def incident(self, name: str) -> Incident | None:
        """The event, where its name alone tells it: "the Hillsborough disaster"."""
        return _find(self._incident_names, name)

    def named(self, name: str, kind: str) -> Named | None:
        """What a name means, looked up among the things of an entity type; None for people and places."""
        look_up = {
            "OversightBody": self.body, "Organisation": self.body, "Unit": self.body, "Offence": self.offence,
            "Review": self.review, "Programme": self.review, "Incident": self.incident,
        }.get(kind)  # fmt: skip
        if kind == "Court":
            return self.court(name) or self.body(name)
        if kind == "PoliceForce":
            return self.force(name) or self.force_by_area(name)
        return look_up(name) if look_up else None

    def by_slug(self, slug: str) -> Named | None:
        """Whatever has the slug; slugs are unique over forces, bodies, reviews, offences, courts and incidents."""
        return self._by_slug.get(slug)

    def is_common_surname(self, surname: str) -> bool:
        """Whether so many people have the surname that it tells little; a double one tells more."""
        return fold(surname) in self.common_surnames

    # Ranks and titles

    def rank(self, text: str) -> Rank | None:
        """The police rank a title states: "Det Ch Insp", "former Chief Constable", "T/DCC"; None for "chief inspector of constabulary"."""
        words = self.expand_title(text)
        while True:
            if words in self._rank_names:
                return self._rank_names[words]
            head, _, rest = words.partition(" ")
            if head not in _CAPACITIES or not rest:
                return None
            words = rest

    @lru_cache(maxsize=1 << 14)  # noqa: B019 - there is one reference, which lives as long as the process
    def expand_title(self, text: str) -> str:
        """The title in full lower-case words: "Det Ch Insp" -> "detective chief inspector", "T/DCC" -> "temporary deputy chief constable".

        Words that are not known abbreviations stay as they are; plurals become one ("PCs", "Councillors").
        """
        text = re.sub(r"(?<=[A-Z])s\b", "", text)  # PCs, MPs
        text = " ".join(
            re.sub(r"\b([ta])/\s*", lambda m: {"t": "temporary ", "a": "acting "}[m[1].lower()], text.strip(), flags=re.I).split()
        )
        words = [re.sub(r"[.,]+$", "", w) for w in text.split()]
        out: list[str] = []
        at = 0
        while at < len(words):
            size, full = self._longest_abbreviation(words, at)
            out.append(full or fold(words[at]))
            at += size
        title = re.sub(r"^the ", "", " ".join(filter(None, out)).replace("detective detective", "detective"))
        title = self._with_commas.get(title, title)
        one = title.removesuffix("s")
        return one if title not in self._rank_names and (one in self._rank_names or key(one) in self._title_names) else title

    @cached_property
    def _with_commas(self) -> dict[str, str]:
        """Titles as they are without their commas, and as they are: "police fire and crime commissioner"."""
        return {fold(title.title.replace(",", "")): fold(title.title) for title in self.titles if "," in title.title}

    def _longest_abbreviation(self, words: list[str], at: int) -> tuple[int, str | None]:
        for size in range(6, 0, -1):
            form = " ".join(words[at : at + size])
            if size > len(words) - at or (len(form) <= _SHORT and form.islower() and form not in _SAFE_LOWER):
                continue
            full = self._abbreviations.get(fold(form))
            if full:
                return size, full
        return 1, None

    def title(self, text: str) -> Title | None:
        """The office or job title, by name or abbreviation: "PCC", "chairwoman", "director-general"."""
        return self._title_names.get(key(self.expand_title(text))) or self._title_names.get(key(text))

    def is_title(self, text: str) -> bool:
        """Whether the whole text is a rank or a listed title, acting and former ones included."""
        words = self.expand_title(text)
        while words.partition(" ")[0] in _CAPACITIES and " " in words:
            words = words.partition(" ")[2]
        return self.rank(words) is not None or self.title(words) is not None

    def rank_forms(self) -> Iterator[tuple[str, str]]:
        """Every surface form of every rank, detectives and abbreviations included, with the rank's slug."""
        for rank in self.ranks:
            for form in (
                rank.name,
                rank.detective_form,
                *rank.abbreviations,
                *rank.recognised_as,
                *rank.ambiguous,
                *rank.detective_abbreviations,
            ):
                if form:
                    yield form, rank.slug

    # For a gazetteer

    def surface_forms(self) -> Iterator[tuple[str, str, str, bool]]:
        """(surface form, entity type, slug, ambiguous) of every closed-class name: forces, bodies, reviews, offences, courts.

        Ambiguous ones need the context to decide: areas that are forces too, "the watchdog", "murdered", kinds of court (slug "").
        Case is that of the files; match without case only forms longer than four letters.
        """
        for force in self.forces:
            yield from _forms(force, force.type, _names_of(force), force.ambiguous)
        for area, force in sorted(self._force_areas.items()):
            yield _area_spelling(area, force), force.type, force.slug, True
        for body in self.bodies:
            yield from _forms(body, body.type, _names_of(body), body.ambiguous)
        for review in self.reviews:
            if not review.recurring:
                yield from _forms(review, review.type, _names_of(review), review.ambiguous)
        for offence in self.offences:
            plain = (offence.label, *offence.aliases, *offence.recognised_as)
            spelt = set(map(key, plain))
            yield from _forms(offence, "Offence", plain, [f for f in (*offence.verbs, *offence.ambiguous) if key(f) not in spelt])
        for court in self.courts:
            kind = court.kind == "kind"
            for form in (court.name, *court.recognised_as):
                yield form, "Court", "" if kind else court.slug, kind

    # Tables

    @cached_property
    def _forces_by_slug(self) -> dict[str, Force]:
        return {f.slug: f for f in self.forces}

    @cached_property
    def _by_slug(self) -> dict[str, Named]:
        named: tuple[Named, ...] = (*self.incidents, *self.courts, *self.offences, *self.reviews, *self.bodies, *self.forces)
        return {r.slug: r for r in named}

    @cached_property
    def _force_names(self) -> dict[str, Force]:
        return _table((f, _names_of(f)) for f in self.forces)

    @cached_property
    def _force_stems(self) -> dict[str, Force]:
        """Names without "Police", "Constabulary" and the like; stems that two forces share are left out."""
        return _table(((f, _stems(_names_of(f))) for f in self.forces), shared=False)

    @cached_property
    def _force_areas(self) -> dict[str, Force]:
        local = [f for f in self.forces if f.kind == "territorial"]  # of a force that is no more, the area is today another's
        table = _table(((f, _stems(_names_of(f))) for f in local), shared=False)
        return {area: f for area, f in table.items() if area not in _NO_AREA and len(area) > 3}

    @cached_property
    def _body_names(self) -> dict[str, Body]:
        return _table((b, [n for n in _names_of(b) if key(n) not in set(map(key, b.ambiguous))]) for b in self.bodies)

    @cached_property
    def _body_spellings(self) -> dict[str, Body]:
        return {name: body for body in self.bodies for name in _names_of(body)}

    @cached_property
    def _review_names(self) -> dict[str, Review]:
        return _table((r, _names_of(r)) for r in self.reviews if not r.recurring)

    @cached_property
    def _offence_names(self) -> dict[str, Offence]:
        return _table((o, (o.label, *o.aliases, *o.recognised_as, *o.verbs)) for o in self.offences)

    @cached_property
    def _court_names(self) -> dict[str, Court]:
        return _table((c, (c.name, *c.recognised_as)) for c in self.courts if c.kind != "kind")

    @cached_property
    def _incident_names(self) -> dict[str, Incident]:
        return _table((i, (i.name, *i.recognised_as)) for i in self.incidents)

    @cached_property
    def _place_names(self) -> dict[str, tuple[Place, ...]]:
        table: dict[str, list[Place]] = {}
        for place in self.places:
            for form in dict.fromkeys(key(n) for n in (place.name, *place.aliases)):
                table.setdefault(form, []).append(place)
        return {form: tuple(places) for form, places in table.items()}

    @cached_property
    def _rank_names(self) -> dict[str, Rank]:
        return {
            fold(n): r for r in self.ranks for n in (r.name, r.detective_form, *r.recognised_as) if n and (n == r.name or n[0].islower())
        } | {fold(r.detective_form): r for r in self.ranks if r.detective_form}

    @cached_property
    def _title_names(self) -> dict[str, Title]:
        return _table((t, (t.title, *t.abbreviations, *t.ambiguous)) for t in self.titles)

    @cached_property
    def _abbreviations(self) -> dict[str, str]:
        """Folded abbreviation -> full words; after "detective" none is needed twice, so single words come too."""
        table = dict(_WORDS)
        for title in self.titles:
            table |= {fold(a): title.title for a in title.abbreviations if a.isupper() or a[0].isupper()}
        for rank in self.ranks:
            table |= {fold(a): rank.name for a in (*rank.abbreviations, *rank.recognised_as, *rank.ambiguous) if not a[0].islower()}
            table |= {fold(a): rank.detective_form for a in rank.detective_abbreviations}
        return table | _PREFERRED


_CAPACITIES = frozenset(
    {"temporary", "acting", "interim", "former", "ex", "ex-", "then", "retired", "late", "new", "current", "substantive", "special"}
)
_SAFE_LOWER = frozenset({"det", "insp", "sgt", "supt", "ch", "cllr", "temp", "cmdr"})
_WORDS = {
    "det": "detective",
    "d/": "detective",
    "ch": "chief",
    "temp": "temporary",
    "dep": "deputy",
    "asst": "assistant",
    "con": "constable",
    "spl": "special",
}
#: what the ambiguous abbreviations mean before a name in this field
_PREFERRED = {
    "pc": "police constable",
    "dc": "detective constable",
    "wpc": "woman police constable",
    "ds": "detective sergeant",
    "di": "detective inspector",
    "dac": "deputy assistant commissioner",
    "ac": "assistant commissioner",
    "cc": "chief constable",
    "ps": "police sergeant",
    "mp": "mp",
    "ms": "ms",
    "msp": "msp",
    "kc": "kc",
    "qc": "qc",
    "commissioner of police of the metropolis": "commissioner",
}


def _read(path: Path, kind: type[Row]) -> tuple[Row, ...]:
    """The rows of a file as dataclasses; fields that are tuples are split at semicolons."""
    many = {f.name for f in fields(kind) if str(f.type).startswith("tuple")}  # type: ignore[arg-type]
    with path.open(encoding="utf-8", newline="") as handle:
        return tuple(kind(**{k: _split(v) if k in many else v for k, v in row.items()}) for row in csv.DictReader(handle))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _table(rows: Iterable[tuple[Row, Iterable[str]]], *, shared: bool = True) -> dict[str, Row]:
    """Keyed names to rows; the first row keeps a name that two have, or, where not ``shared``, neither does."""
    table: dict[str, Row] = {}
    clashes: set[str] = set()
    for row, names in rows:
        for name in dict.fromkeys(key(n) for n in names):
            if table.setdefault(name, row) is not row:
                clashes.add(name)
    return table if shared else {name: row for name, row in table.items() if name not in clashes}


def _find(table: dict[str, Row], name: str) -> Row | None:
    wanted = key(name)
    if len(wanted) <= _SHORT and not (name.isascii() and any(c.isupper() for c in name)):
        return None
    return table.get(wanted)


def _names_of(row: Any) -> tuple[str, ...]:
    return (row.name, *row.aliases, *row.recognised_as)


def _stems(names: Iterable[str]) -> list[str]:
    keyed = [key(n) for n in names]
    return [s for n in keyed if (s := _SUFFIX.sub("", n)) != n]


def _forms(row: Any, kind: str, plain: Iterable[str], doubtful: Iterable[str]) -> Iterator[tuple[str, str, str, bool]]:
    """The plain forms, ambiguous where a doubtful one is the same word, then the other doubtful ones."""
    doubtful = tuple(doubtful)
    doubted = {key(form) for form in doubtful}
    for form in plain:
        yield form, kind, row.slug, key(form) in doubted
    plain_keys = set(map(key, plain))
    for form in doubtful:
        if key(form) not in plain_keys:
            yield form, kind, row.slug, True


def _area_spelling(area: str, force: Force) -> str:
    """The area's stem in the case in which a name of the force has it."""
    for name in _names_of(force):
        if key(name).startswith(area):
            words = name.split()
            for size in range(1, len(words) + 1):
                if key(" ".join(words[:size])) == area:
                    return " ".join(words[:size])
    return area


def load() -> Reference:
    """The reference data that ships with the package."""
    return Reference.load()

"""The events behind flat facts: holdings of posts, reviews, proceedings with their steps, quotations and figures.

Derived from asserted rows alone, but for the steps of proceedings, which carry their own status. Nothing is joined on a guess:
a rank goes with an organisation, a sentence with an offence only where the document leaves a single choice.
Every node names the assertions it rests on.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.model import Entity
from kg.rdf.dates import Bounds, bounds, meet
from kg.rdf.statements import Row, is_plain
from kg.rdf.triples import Triples
from kg.vocabulary import (
    CAPACITY,
    DCT,
    HOLDING_KIND,
    KG,
    ORG,
    PROV,
    RDFS,
    REVIEW_KIND,
    REVIEW_ROLE,
    SCHEMA,
    SKOS,
    STATUS,
    STEP_KIND,
    UNIT,
    Minter,
    digest,
    slug,
)

HOLDING_KINDS = {"headOf": "head", "commissionerFor": "commissioner", "memberOf": "member", "servesIn": "serves"}

#: word before a rank -> the capacity in which the post is held
CAPACITIES = {"acting": "acting", "temporary": "temporary", "interim": "interim", "designate": "designate",
              "former": "former", "ex": "former"}
_CAPACITY_WORD = re.compile(rf"\b({'|'.join(CAPACITIES)})\b[\s-]*", re.IGNORECASE)

#: words in a review's name -> its kind; the first that occurs counts
REVIEW_KINDS = {"inquiry": "inquiry", "inspection": "inspection", "audit": "audit", "investigation": "investigation", "survey": "survey",
                "report": "report", "review": "review"}

#: kind of procedural step -> its place in the order of proceedings
STEPS = {"accusation": 1, "charge": 2, "trial": 3, "conviction": 4, "denial": 4, "sentence": 5}

_FIGURE = re.compile(
    r"(?P<pounds>£ ?)?(?<![\w.,])(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?P<places>\.\d+)?(?![\d,.]*\d)"
    r"(?P<percent> ?(?:%|per ?cent\b))?(?P<million> ?(?:million|m)\b)?(?P<billion> ?(?:billion|bn)\b)?(?P<of> of\b)?",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:rise|rose|risen|rising|increas\w+|decreas\w+|fall|fell|fallen|drop\w*|cut|up|down|more|less|higher|lower|grew|growth)\b",
    re.IGNORECASE,
)


def write_events(triples: Triples, minter: Minter, rows: Sequence[Row], unsettled: Container[tuple[str, str]]) -> None:
    """The event nodes that rows support which come from several documents; what the rows of one subject support rests on no others.

    ``unsettled`` are the pairs that ``unsettled_parts`` finds in all rows.
    """
    denied = {row.triple for row in rows if row.status == "denied"}
    asserted = [row for row in rows if row.status == "asserted" and is_plain(row.predicate, row.triple in denied)]
    _write_holdings(triples, minter, asserted)
    _write_units(triples, minter, asserted, unsettled)
    _write_reviews(triples, minter, asserted)
    _write_proceedings(triples, minter, asserted, rows)


def write_words(triples: Triples, minter: Minter, rows: Iterable[Row]) -> None:
    """The quotations and figures of one document."""
    for row in rows:
        if row.status == "asserted" and row.predicate == "said":
            _write_quotation(triples, minter, row)
        elif row.status == "asserted" and row.predicate == "reports":
            _write_observation(triples, minter, row)


def _rest_on(triples: Triples, iri: str, rows: Iterable[Row]) -> None:
    triples.link(iri, PROV("wasDerivedFrom"), *(row.iri for row in rows))


def _thing(row: Row) -> Entity:
    """The object of a row whose predicate has an entity there."""
    assert isinstance(row.object, Entity)
    return row.object


def _words(row: Row) -> str:
    """The object of a row whose predicate has text there."""
    assert isinstance(row.object, str)
    return row.object


def _agreed(all_bounds: Iterable[Bounds | None]) -> tuple[Bounds | None, bool]:
    """What the known bounds have in common, and whether they disagree."""
    known = [b for b in all_bounds if b]
    if not known:
        return None, False
    common = meet(known)
    return common, common is None


def _write_term(triples: Triples, iri: str, rows: Sequence[Row]) -> None:
    """When it began and ended, so far as the rows agree."""
    starts, starts_differ = _agreed(row.starts for row in rows)
    ends, ends_differ = _agreed(row.ends for row in rows)
    if starts_differ or ends_differ or starts and ends and ends.latest < starts.earliest:
        triples.flag(iri, KG("datesDisagree"))
        return
    triples.bounds(iri, "start", starts)
    triples.bounds(iri, "end", ends)


# Posts


@dataclass(frozen=True, slots=True)
class Role:
    """A rank or title without the words that tell the capacity."""

    title: str
    capacity: str


def _role(text: str) -> Role | None:
    """The role in a holdsRole literal, or None where nothing is left beside the capacity."""
    words = [w.lower() for w in _CAPACITY_WORD.findall(text)]
    title = " ".join(_CAPACITY_WORD.sub("", text).split())
    # A former acting head is a former one: whether the post is still held says more than how it was.
    capacities = [CAPACITIES[w] for w in words]
    capacity = "former" if "former" in capacities else capacities[0] if capacities else "substantive"
    return Role(title.casefold(), capacity) if re.search(r"\w", title) else None


def _write_holdings(triples: Triples, minter: Minter, asserted: Sequence[Row]) -> None:
    holdings: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in asserted:
        if row.predicate in HOLDING_KINDS:
            holdings[row.subject.id, _thing(row).id, HOLDING_KINDS[row.predicate]].append(row)
    roles = roles_by_row(asserted)
    for (person, organisation, kind), rows in holdings.items():
        for role, held in _by_role(rows, roles).items():
            _write_holding(triples, minter, (person, organisation, kind), role, held)


def _by_role(rows: Sequence[Row], roles: Mapping[str, Role]) -> dict[Role | None, list[Row]]:
    """The rows by the role they go with; rows without one go with the only role there is, if there is only one."""
    found = {roles[row.iri] for row in rows if row.iri in roles}
    default = found.pop() if len(found) == 1 else None
    parts: dict[Role | None, list[Row]] = defaultdict(list)
    for row in rows:
        parts[roles.get(row.iri, default)].append(row)
    return parts


def roles_by_row(asserted: Sequence[Row]) -> dict[str, Role]:
    """Which role goes with which row: where the same sentence, or else the whole document, gives a person one of each and no more."""
    by_document: dict[tuple[str, str], list[Row]] = defaultdict(list)
    by_sentence: dict[tuple[str, str, tuple[int, int]], list[Row]] = defaultdict(list)
    for row in asserted:
        if row.predicate in HOLDING_KINDS or row.predicate == "holdsRole":
            by_document[row.document, row.subject.id].append(row)
            by_sentence[row.document, row.subject.id, row.evidence].append(row)
    found: dict[str, Role] = {}
    for rows in (*by_document.values(), *by_sentence.values()):  # what the sentence says comes last and counts
        roles = {_role(_words(row)) for row in rows if row.predicate == "holdsRole"}
        posts = [row for row in rows if row.predicate in HOLDING_KINDS]
        if len(roles) == 1 and len({_thing(row).id for row in posts}) == 1:
            role = roles.pop()
            # Who heads a body is also a member of it, and the role is then the head's.
            heads = [row for row in posts if row.predicate == "headOf"]
            found |= {row.iri: role for row in heads or posts if role}
    return found


def _write_holding(triples: Triples, minter: Minter, key: tuple[str, str, str], role: Role | None, rows: Sequence[Row]) -> None:
    person_id, organisation_id, kind = key
    iri = minter.about("holding", (person_id, organisation_id), kind, *((slug(role.title), role.capacity) if role else ()))
    person, organisation = rows[0].subject, _thing(rows[0])
    triples.type(iri, KG("Holding"))
    triples.text(iri, RDFS("label"), f"{person.name}, {role.title if role else kind}, {organisation.name}")
    triples.link(iri, KG("holdingKind"), HOLDING_KIND(kind))
    triples.link(iri, ORG("member"), minter.entity(person_id))
    if kind == "commissioner":  # a commissioner holds a force to account and is no member of it
        triples.link(iri, KG("forForce"), minter.entity(organisation_id))
    else:
        triples.type(iri, ORG("Membership"))
        triples.link(iri, ORG("organization"), minter.entity(organisation_id))
    if role:
        _write_post(triples, minter, iri, organisation, role, kind)
    _write_term(triples, iri, rows)
    _rest_on(triples, iri, rows)


def _write_post(triples: Triples, minter: Minter, holding: str, organisation: Entity, role: Role, kind: str) -> None:
    role_iri = minter.thing("role", slug(role.title))
    triples.common.type(role_iri, ORG("Role"), SKOS("Concept"))
    triples.common.text(role_iri, RDFS("label"), role.title)
    triples.link(holding, KG("capacity"), CAPACITY(role.capacity))
    triples.link(holding, ORG("role"), role_iri)
    if kind == "commissioner":
        return
    post = minter.about("post", [organisation.id], slug(role.title))
    triples.common.type(post, ORG("Post"))
    triples.common.text(post, RDFS("label"), f"{role.title}, {organisation.name}")
    triples.common.link(post, ORG("postIn"), minter.entity(organisation.id))
    triples.common.link(post, ORG("role"), role_iri)
    triples.link(holding, KG("post"), post)


# Units


def _write_units(triples: Triples, minter: Minter, asserted: Sequence[Row], unsettled: Container[tuple[str, str]]) -> None:
    """A unit that one document gives several parents is a joint one; parents from several documents do not make it so."""
    parents: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in asserted:
        if row.predicate == "unitOf" and (row.subject.id, _thing(row).id) not in unsettled:
            parents[row.document, row.subject.id].append(row)
            whole = ORG("subOrganizationOf") if _thing(row).type == "Unit" else ORG("unitOf")
            triples.link(minter.entity(row.subject.id), whole, minter.entity(_thing(row).id))
    for (_, unit), rows in parents.items():
        if len({_thing(row).id for row in rows if _thing(row).type != "Unit"}) > 1:
            triples.type(minter.entity(unit), ORG("OrganizationalCollaboration"))


# Reviews


def _write_reviews(triples: Triples, minter: Minter, asserted: Sequence[Row]) -> None:
    reviews = {entity.id: entity for row in asserted for entity in (row.subject, row.object)
               if isinstance(entity, Entity) and entity.type == "Review"}
    for review in reviews.values():
        kind = _review_kind(review.name)
        if kind:
            triples.common.link(minter.entity(review.id), KG("reviewKind"), REVIEW_KIND(kind))
    leads: dict[tuple[str, str], list[Row]] = defaultdict(list)
    reports: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in asserted:
        if row.predicate == "ledBy":
            leads[row.subject.id, _thing(row).id].append(row)
        elif row.predicate == "publishedOn":
            reports[row.subject.id, _words(row)].append(row)
    for (review_id, lead), rows in leads.items():
        iri = minter.about("association", (review_id, lead))
        triples.link(minter.entity(review_id), PROV("qualifiedAssociation"), iri)
        triples.type(iri, PROV("Association"))
        triples.link(iri, PROV("agent"), minter.entity(lead))
        triples.link(iri, PROV("hadRole"), REVIEW_ROLE("lead"))
        _write_term(triples, iri, rows)
        _rest_on(triples, iri, rows)
    for (review_id, published), rows in reports.items():
        _write_report(triples, minter, review_id, published, rows)


def _review_kind(name: str) -> str | None:
    words = re.findall(r"\w+", name.casefold())
    return next((REVIEW_KINDS[word] for word in words if word in REVIEW_KINDS), None)


def _write_report(triples: Triples, minter: Minter, review_id: str, published: str, rows: Sequence[Row]) -> None:
    iri = minter.about("report", [review_id], slug(published))
    triples.type(iri, KG("Report"), PROV("Entity"))
    triples.link(iri, PROV("wasGeneratedBy"), minter.entity(review_id))
    triples.text(iri, KG("published"), published)
    day = bounds(published)
    if day and day.earliest == day.latest:
        triples.date(iri, DCT("issued"), day.earliest)
    _rest_on(triples, iri, rows)


# Proceedings


@dataclass(frozen=True, slots=True)
class _Matter:
    """One person and one offence that the documents lay to their charge."""

    person: str
    offence: str


def _write_proceedings(triples: Triples, minter: Minter, asserted: Sequence[Row], rows: Sequence[Row]) -> None:
    steps: dict[_Matter, dict[tuple[str, str], list[Row]]] = defaultdict(lambda: defaultdict(list))
    denials: list[tuple[_Matter, Row]] = []
    standing = {row.iri for row in asserted}
    for row in rows:
        if row.predicate not in {"accusedOf", "convictedOf"}:
            continue
        matter = _Matter(row.subject.id, _thing(row).id)
        if row.predicate == "accusedOf" and row.status == "alleged":
            steps[matter]["accusation", ""].append(row)
        elif row.predicate == "convictedOf" and row.iri in standing:
            steps[matter]["conviction", ""].append(row)
        elif row.status == "denied":
            denials.append((matter, row))
    for matter, row in denials:  # a bare "was not accused of" opens no proceedings
        if matter in steps:
            steps[matter]["denial", ""].append(row)
    _attach(steps, asserted)
    for matter, found in steps.items():
        _write_proceeding(triples, minter, matter, found)


def _attach(steps: Mapping[_Matter, dict[tuple[str, str], list[Row]]], asserted: Sequence[Row]) -> None:
    """Charges, trials and sentences name no offence: they go to a matter only where their document leaves a single one."""
    matters: dict[tuple[str, str], set[_Matter]] = defaultdict(set)
    convicted: dict[tuple[str, str], set[_Matter]] = defaultdict(set)
    for matter, found in steps.items():
        for (kind, _), rows in found.items():
            for row in rows:
                matters[row.document, matter.person].add(matter)
                if kind == "conviction":
                    convicted[row.document, matter.person].add(matter)
    for row in asserted:
        # A sentence needs a conviction in the same document: nobody is sentenced for what is only alleged.
        choice = convicted if row.predicate == "sentencedTo" else matters
        fitting = choice.get((row.document, row.subject.id), set())
        if len(fitting) != 1:
            continue
        found = steps[next(iter(fitting))]
        if row.predicate == "sentencedTo":
            found["sentence", _words(row)].append(row)
        elif row.predicate == "chargedBy":
            found["charge", _thing(row).id].append(row)
        elif row.predicate == "triedAt":
            found["trial", _thing(row).id].append(row)


def _write_proceeding(triples: Triples, minter: Minter, matter: _Matter, found: Mapping[tuple[str, str], Sequence[Row]]) -> None:
    iri = minter.about("proceeding", (matter.person, matter.offence))
    first = next(iter(found.values()))[0]
    triples.type(iri, KG("Proceeding"))
    triples.text(iri, RDFS("label"), f"proceedings against {first.subject.name}: {_thing(first).name}")
    triples.link(iri, KG("defendant"), minter.entity(matter.person))
    triples.link(iri, KG("concerns"), minter.entity(matter.offence))
    for (kind, detail), rows in found.items():
        step = minter.about("step", (matter.person, matter.offence), kind, *((slug(detail),) if detail else ()))
        triples.link(iri, KG("step"), step)
        triples.type(step, KG("Step"))
        triples.link(step, KG("stepKind"), STEP_KIND(kind))
        triples.integer(step, KG("position"), STEPS[kind])
        triples.link(step, KG("status"), STATUS(rows[0].status))
        if kind == "sentence":
            triples.text(step, SCHEMA("text"), _words(rows[0]))
        elif kind in {"charge", "trial"}:
            triples.link(step, KG("decidedBy"), minter.entity(_thing(rows[0]).id))
        if kind != "accusation":  # an accusation's dates are those of the conduct, not of the step
            _write_term(triples, step, rows)
        _rest_on(triples, step, rows)


# Words and figures


def _write_quotation(triples: Triples, minter: Minter, row: Row) -> None:
    iri = minter.thing("quotation", row.document, digest(row.iri))
    triples.type(iri, KG("Quotation"), SCHEMA("Quotation"))
    triples.link(iri, SCHEMA("creator"), minter.entity(row.subject.id))
    triples.text(iri, SCHEMA("text"), _words(row))
    _rest_on(triples, iri, [row])


def _write_observation(triples: Triples, minter: Minter, row: Row) -> None:
    iri = minter.thing("observation", row.document, digest(row.iri))
    triples.type(iri, KG("Observation"), SCHEMA("Observation"))
    triples.link(iri, KG("reportedBy"), minter.entity(row.subject.id))
    triples.text(iri, SCHEMA("text"), _words(row))
    figure = read_figure(_words(row))
    if figure:
        triples.decimal(iri, KG("share" if figure.is_share else "value"), figure.value)
        triples.link(iri, KG("unit"), UNIT(figure.unit))
    _rest_on(triples, iri, [row])


@dataclass(frozen=True, slots=True)
class Figure:
    """The number in a statistic. A share is a part of a whole in per cent, within 0 to 100; a rise by 150 per cent is none."""

    value: Decimal
    unit: str  #: "percent", "pound" or "count"
    is_share: bool = False


def read_figure(text: str) -> Figure | None:
    """The one number in the text with its unit, or None where there is none or more than one."""
    found = list(_FIGURE.finditer(text))
    if len(found) != 1:
        return None
    match = found[0]
    value = Decimal(match["number"].replace(",", "") + (match["places"] or ""))
    value *= 10**6 if match["million"] else 10**9 if match["billion"] else 1
    if match["percent"]:
        return Figure(value, "percent", bool(match["of"]) and value <= 100 and not _CHANGE.search(text))
    return Figure(value, "pound" if match["pounds"] else "count")

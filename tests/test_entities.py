"""Chains become entities: never two people in one, and no id that depends on the other documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

import pytest
from gold_readings import CORPUS, gold_reading
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.entities import FOLDERS, resolve
from kg.entities.view import part
from kg.model import ENTITY_TYPES, SIGNATURES, STATUSES, Chain, Document, Entity, Fact, Mention, Reading
from kg.reference import Reference

REFERENCE = Reference.load()


def chain(kind: str, name: str, *forms: str, reference: str | None = None) -> Chain:
    return Chain(kind, name, tuple(Mention(i, i + len(f), f, kind) for i, f in enumerate((name, *forms))), reference)


def fact(
    predicate: str, subject: int, target: int | str, status: str = "asserted", start: str | None = None, end: str | None = None
) -> Fact:
    return Fact(predicate, subject, target, status, (0, 1), "test", 1.0, start, end)


def reading(name: str, chains: list[Chain], facts: list[Fact] | None = None) -> Reading:
    return Reading(Document(name, "text"), tuple(chains), tuple(facts or ()))


def ids(*readings: Reading) -> dict[tuple[str, int], str]:
    return {member: entity.id for entity in resolve(readings, REFERENCE) for member in entity.members}


def officer(document: str, name: str, force: str, role: str | None = None, *more: str) -> Reading:
    facts = [fact("memberOf", 0, 1)] + ([fact("holdsRole", 0, role)] if role else [])
    offence = chain("Offence", "rape")
    facts += [fact(predicate, 0, 2, "alleged") for predicate in more]
    return reading(document, [chain("Person", name), chain("PoliceForce", force), offence], facts)


def same(a: Reading, b: Reading, position: int = 0) -> bool:
    found = ids(a, b)
    return found[a.document.id, position] == found[b.document.id, position]


# The gold


@lru_cache(maxsize=1)
def dev() -> tuple[dict[str, Reading], dict[str, dict[str, int]]]:
    found = {path.stem: gold_reading(path) for path in sorted((CORPUS / "dev" / "gold").glob("*.json"))}
    assert len(found) == 16
    return {name: r for name, (r, _) in found.items()}, {name: p for name, (_, p) in found.items()}


def test_identities_of_the_gold() -> None:
    readings, positions = dev()
    told = json.loads((CORPUS / "dev" / "same.json").read_text(encoding="utf-8"))
    found = ids(*readings.values())

    def id_of(member: list[str]) -> str:
        return found[member[0], positions[member[0]][member[1]]]

    for group in told["different"]:
        assert len({id_of(member) for member in group["members"]}) == 2, group
    pairs = [(a, b) for group in told["same"] for a, b in combinations(group["members"], 2)]
    assert len(pairs) == 93 and len(told["different"]) == 26
    assert not [(a, b) for a, b in pairs if id_of(a) != id_of(b)]


def test_facts_overtaken_by_later_ones_are_about_the_same_things() -> None:
    readings, positions = dev()
    told = json.loads((CORPUS / "dev" / "same.json").read_text(encoding="utf-8"))["overtaken"]
    found = ids(*readings.values())
    assert len(told) == 5
    for pair in told:
        ends = []
        for row in (pair["earlier"], pair["later"]):
            place = positions[row["document"]]
            target = row["o"]["literal"] if isinstance(row["o"], dict) else found[row["document"], place[row["o"]]]
            ends.append((found[row["document"], place[row["s"]]], row["p"], target))
        assert ends[0] == ends[1]


# People


def test_people_pinned_to_one_force_are_one() -> None:
    assert same(
        officer("a", "Pippa Mills", "West Mercia Police", "chief constable"),
        officer("b", "Pippa Mills", "the West Mercia force", "deputy chief constable"),
    )
    assert same(officer("a", "Ngaire Blackett", "Kent Police", "sergeant"), officer("b", "Ngaire Blackett", "Kent Police", "Sgt"))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (officer("a", "Daniel Marsh", "Kent Police", "inspector"), officer("b", "Daniel Marsh", "Essex Police", "inspector")),
        (officer("a", "Callum Threlfall", "Kent Police", "police constable"), officer("b", "Callum Threlfall", "Kent Police", "sergeant")),
        (officer("a", "John Smith", "Kent Police", "police constable"), officer("b", "John Smith", "Kent Police", "police constable")),
        (
            officer("a", "Callum Threlfall", "Kent Police", "police constable"),
            officer("b", "Callum Threlfall", "Kent Police", "police constable", "accusedOf"),
        ),
        (
            officer("a", "John Smith", "Kent Police", "police constable", "accusedOf"),
            officer("b", "John Smith", "Kent Police", "police constable", "accusedOf"),
        ),
        (officer("a", "Threlfall", "Kent Police", "chief constable"), officer("b", "Threlfall", "Kent Police", "chief constable")),
        (officer("a", "C. Threlfall", "Kent Police", "chief constable"), officer("b", "C. Threlfall", "Kent Police", "chief constable")),
        (reading("a", [chain("Person", "Callum Threlfall")]), reading("b", [chain("Person", "Callum Threlfall")])),
        (officer("a", "Callum Threlfall", "Kent Police", "police constable"), reading("b", [chain("Person", "Callum Threlfall")])),
    ],
    ids=[
        "two forces",
        "two ranks",
        "common name",
        "one accused",
        "common name, both accused",
        "surname alone",
        "initial",
        "nothing known",
        "one unknown",
    ],
)
def test_people_who_may_be_two_stay_two(a: Reading, b: Reading) -> None:
    assert not same(a, b)


def test_two_people_of_one_document_are_never_one() -> None:
    twins = reading(
        "a",
        [chain("Person", "Callum Threlfall"), chain("Person", "Callum Threlfall"), chain("PoliceForce", "Kent Police")],
        [fact("headOf", 0, 2), fact("headOf", 1, 2)],
    )
    found = ids(twins, officer("b", "Callum Threlfall", "Kent Police", "chief constable"))
    assert len({found["a", 0], found["a", 1], found["b", 0]}) == 3


def test_a_charge_and_its_end_are_about_one_person() -> None:
    charged = officer("a", "Callum Threlfall", "Essex Police", "police constable", "accusedOf")
    cleared = officer("b", "Callum Threlfall", "Essex Police", "constable")
    cleared = replace(cleared, facts=(*cleared.facts, fact("accusedOf", 0, 2, "denied")))
    assert same(charged, cleared)


def test_a_commissioner_a_minister_a_lead_and_a_dame() -> None:
    def pcc(name: str) -> Reading:
        return reading(name, [chain("Person", "Tomos Bevan-Lloyd"), chain("PoliceForce", "Gwent Police")], [fact("commissionerFor", 0, 1)])

    assert same(pcc("a"), pcc("b"))

    def minister(name: str, role: str) -> Reading:
        return reading(name, [chain("Person", "Bryony Talgarth")], [fact("holdsRole", 0, role)])

    assert same(minister("a", "home secretary"), minister("b", "policing minister"))
    assert not same(minister("a", "councillor"), minister("b", "councillor"))

    def dame(name: str) -> Reading:
        return reading(name, [chain("Person", "Orla Halloran", "Dame Orla Halloran")])

    assert same(dame("a"), dame("b"))


def test_kin_and_the_other_party_pin_people_down() -> None:
    def family(name: str, relative: str) -> Reading:
        return reading(name, [chain("Person", "Denise Alleyne"), chain("Person", relative)], [fact("relativeOf", 0, 1)])

    assert same(family("a", "Jerome Alleyne-Watts"), family("b", "Jerome Alleyne-Watts"))
    assert not same(family("a", "Jerome Alleyne-Watts"), family("b", "Jerome"))
    assert not same(family("a", "Jerome Alleyne-Watts"), family("b", "Simone Alleyne-Watts"))

    def crime(name: str, victim: str) -> Reading:
        return reading(name, [chain("Person", "Darren Fenwick"), chain("Person", victim)], [fact("offenderAgainst", 0, 1)])

    assert same(crime("a", "Kasia Nowak"), crime("b", "Kasia Nowak"))
    assert same(crime("a", "Kasia Nowak"), crime("b", "Kasia Nowak"), position=1)
    assert not same(crime("a", "Kasia Nowak"), crime("b", "Piotr Nowak"))


def test_a_death_pins_its_victim_down() -> None:
    def death(name: str, event: str) -> Reading:
        return reading(name, [chain("Person", "Sarah Everard"), chain("Incident", event)])

    assert same(death("a", "murder of Sarah Everard"), death("b", "Sarah Everard's death"))
    assert not same(death("a", "murder of Sarah Everard"), death("b", "the murder"))


def test_denied_ties_pin_nobody_down() -> None:
    def denied(name: str) -> Reading:
        chains = [chain("Person", "Callum Threlfall"), chain("PoliceForce", "Kent Police")]
        return reading(name, chains, [fact("headOf", 0, 1, "denied"), fact("memberOf", 0, 1, "hypothetical")])

    assert not same(denied("a"), denied("b"))


# Other things


def test_reference_data_decide_by_slug_and_by_any_name() -> None:
    found = ids(
        reading("a", [chain("PoliceForce", "the Met"), chain("OversightBody", "IOPC"), chain("Offence", "three counts of rape")]),
        reading(
            "b",
            [
                chain("PoliceForce", "Scotland Yard"),
                chain("OversightBody", "Independent Office for Police Conduct"),
                chain("Offence", "raped"),
            ],
        ),
        reading(
            "c",
            [chain("PoliceForce", "Met", reference="metropolitan-police-service"), chain("OversightBody", "x", reference="no-such-slug")],
        ),
    )
    assert found["a", 0] == found["b", 0] == found["c", 0] == "force/metropolitan-police-service"
    assert found["a", 1] == found["b", 1] == "oversight-body/independent-office-for-police-conduct"
    assert found["a", 2] == found["b", 2] == "offence/rape"
    assert found["c", 1].endswith(".doc.c")


def test_units_of_two_forces_are_two() -> None:
    def unit(name: str, force: str | None) -> Reading:
        chains = [chain("Unit", "Professional Standards Department"), chain("PoliceForce", force or "Kent Police")]
        return reading(name, chains, [fact("unitOf", 0, 1)] if force else [])

    assert same(unit("a", "Kent Police"), unit("b", "the Kent force"))
    assert not same(unit("a", "Kent Police"), unit("b", "Essex Police"))
    assert not same(unit("a", None), unit("b", None)), "nobody knows whose"


def pair(kind: str, a: str, b: str | None = None) -> bool:
    return same(reading("a", [chain(kind, a)]), reading("b", [chain(kind, b or a)]))


def test_organisations_and_courts_by_their_names() -> None:
    assert pair("Organisation", "Kent County Council", "the Kent County Council")
    assert pair("Organisation", "Fenmedica Ltd", "Fenmedica")
    assert not pair("OversightBody", "PCC")
    assert not pair("Organisation", "the council") and not pair("Organisation", "The Council") and not pair("OversightBody", "the panel")
    assert pair("Court", "Folkestone Magistrates' Court", "magistrates in Folkestone")
    assert pair("Court", "Southwark Crown Court", "Crown Court at Southwark")
    assert not pair("Court", "the Crown Court") and not pair("Court", "Newcastle Crown Court", "Derby Crown Court")
    assert not pair("OversightBody", "Gwent Police and Crime Panel", "Cleveland Police and Crime Panel")


def test_places_by_name_where_there_is_one() -> None:
    assert pair("Place", "Pontypool")
    assert not pair("Place", "High Street") and not pair("Place", "Newport") and not pair("Place", "the valleys")

    def in_force(name: str, place: str, force: str) -> Reading:
        return reading(name, [chain("Place", place), chain("PoliceForce", force)])

    assert same(in_force("a", "Newport", "Gwent Police"), in_force("b", "Newport", "Gwent Police"))
    assert not same(in_force("a", "Newport", "Gwent Police"), in_force("b", "Newport", "Hampshire Constabulary"))
    assert same(in_force("a", "Tollesbury", "Essex Police"), in_force("b", "Tollesbury", "Essex Police"))
    assert not same(in_force("a", "Tollesbury", "Essex Police"), in_force("b", "Tollesbury", "Kent Police"))


def test_a_high_court_is_that_of_the_documents_country() -> None:
    def court(name: str, force: str) -> Reading:
        return reading(name, [chain("Court", "High Court"), chain("PoliceForce", force)])

    assert same(court("a", "Kent Police"), court("b", "Essex Police"))
    assert not same(court("a", "Kent Police"), court("b", "PSNI"))


def test_offences_are_kinds_but_deeds_are_not() -> None:
    assert pair("Offence", "possessing a stun gun")
    assert not pair("Offence", "the assault on him") and not pair("Offence", "fiddling £212 of expenses")


def test_reviews_by_name_or_by_lead_subject_and_day() -> None:
    assert pair("Review", "Halloran Review", "the Halloran report") and not pair("Review", "Halloran Review", "Castellane Inquiry")
    assert pair("Review", "Casey Review", "Baroness Casey Review")
    for vague in (
        "the review",
        "Public inquiry",
        "IOPC investigation",
        "PEEL inspection",
        "HMICFRS report",
        "Kent Police review",
        "Smith Review",
    ):
        assert not pair("Review", vague), vague

    def inspection(name: str, force: str, day: str) -> Reading:
        chains = [chain("Review", "inspection"), chain("OversightBody", "HMICFRS"), chain("PoliceForce", force)]
        return reading(name, chains, [fact("ledBy", 0, 1), fact("examines", 0, 2), fact("publishedOn", 0, day)])

    assert same(inspection("a", "Cleveland Police", "2024-10-08"), inspection("b", "Cleveland Police", "2024-10-08"))
    assert not same(inspection("a", "Cleveland Police", "2024-10-08"), inspection("b", "Durham Police", "2024-10-08"))
    assert not same(inspection("a", "Cleveland Police", "2024-10-08"), inspection("b", "Cleveland Police", "2022-03-01"))
    assert not same(inspection("a", "Cleveland Police", "2024"), inspection("b", "Cleveland Police", "2024"))


def test_incidents_by_their_victims() -> None:
    assert pair("Incident", "murder of Kasia Nowak", "killing of Kasia Nowak")
    assert not pair("Incident", "murder of Kasia Nowak", "murder of Aisling Devenney")
    assert not pair("Incident", "robbery of Kasia Nowak", "murder of Kasia Nowak")
    assert not pair("Incident", "murder of John Smith") and not pair("Incident", "the shooting") and not pair("Incident", "Nowak's murder")
    assert pair("Incident", "the Hillsborough disaster", "Hillsborough disaster")


def test_operations_of_two_forces_are_two() -> None:
    def operation(name: str, force: str) -> Reading:
        return reading(name, [chain("Programme", "Operation Lantern"), chain("PoliceForce", force)], [fact("participatesIn", 1, 0)])

    assert same(operation("a", "Kent Police"), operation("b", "Kent Police"))
    assert not same(operation("a", "Kent Police"), operation("b", "Essex Police"))
    assert pair("Programme", "Police Race Action Plan") and not pair("Programme", "equality plan")


# Names and ids


def test_the_entity_carries_the_reference_name_or_the_fullest() -> None:
    entities = resolve(
        [
            officer("a", "Pippa Mills", "West Mercia", "chief constable"),
            reading("b", [chain("PoliceForce", "West Mercia Police"), chain("Person", "Pippa Mills")], [fact("headOf", 1, 0)]),
            reading("c", [chain("PoliceForce", "the Met")]),
        ],
        REFERENCE,
    )
    by_id = {e.id: e for e in entities}
    assert by_id["force/metropolitan-police-service"].name == "Metropolitan Police Service"
    assert by_id["force/metropolitan-police-service"].names == ("Metropolitan Police Service", "the Met")
    assert by_id["force/metropolitan-police-service"].reference == "metropolitan-police-service"
    assert by_id["person/pippa-mills.west-mercia-police"].members == (("a", 0), ("b", 1))
    assert by_id["force/west-mercia-police"].members == (("a", 1), ("b", 0)), (
        "a force by its bare area, where the chain says that it is one"
    )


@given(st.text(max_size=120), st.text(max_size=120))
def test_parts_of_ids_are_plain_and_tell_texts_apart(a: str, b: str) -> None:
    assert set(part(a)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_~")
    assert (part(a, exact=True) == part(b, exact=True)) == (a == b)


def test_document_names_that_look_alike_stay_apart() -> None:
    looks = ["a b", "a-b", "A B", "a_b", "á b", "a-b~", "а-b"]
    found = ids(*(reading(name, [chain("Person", "Callum Threlfall")]) for name in looks))
    assert len(set(found.values())) == len(looks)


# Properties over invented readings

_NAMES = {
    "Person": ["Pippa Mills", "Mills", "Callum Threlfall", "John Smith", "Dame Orla Halloran", "Kasia Nowak", ""],
    "PoliceForce": ["Kent Police", "the Met", "Essex", "Romanian Police", "the force"],
    "Unit": ["Flying Squad", "control room"],
    "OversightBody": ["IOPC", "the panel", "Gwent Police and Crime Panel"],
    "Organisation": ["Home Office", "the council", "Kent County Council"],
    "Court": ["High Court", "Southwark Crown Court", "magistrates"],
    "Review": ["Halloran Review", "the review", "Operation Longmore"],
    "Programme": ["Operation Lantern", "Engage", "plan"],
    "Incident": ["murder of Kasia Nowak", "the shooting"],
    "Offence": ["rape", "murdered", "the assault on him"],
    "Place": ["Newport", "Pontypool", "High Street", "Łódź", "<script>"],
}
_CHAINS = st.sampled_from(ENTITY_TYPES).flatmap(lambda kind: st.sampled_from(_NAMES[kind]).map(lambda name: chain(kind, name)))


@st.composite
def readings(draw: st.DrawFn, name: str) -> Reading:
    chains = draw(st.lists(_CHAINS, max_size=6))
    literals = st.sampled_from(["chief constable", "sergeant", "home secretary", "2024-10-08"])
    facts = []
    for _ in range(draw(st.integers(0, 6)) if chains else 0):
        predicate = draw(st.sampled_from(sorted(SIGNATURES)))
        subject = draw(st.integers(0, len(chains) - 1))
        target = draw(st.one_of(st.integers(0, len(chains) - 1), literals))
        facts.append(fact(predicate, subject, target, draw(st.sampled_from(STATUSES))))
    return reading(name, chains, facts)


CORPORA = st.integers(1, 4).flatmap(lambda n: st.tuples(*(readings(f"d{i}") for i in range(n)))).map(list)


@settings(deadline=None, max_examples=50)
@given(CORPORA, st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_nothing(corpus: list[Reading], random) -> None:
    shuffled = random.sample(corpus, len(corpus))
    assert resolve(shuffled, REFERENCE) == resolve(corpus, REFERENCE)


def keys(corpus: Sequence[Reading]) -> dict[tuple[str, int], str]:
    found = resolve(corpus, REFERENCE)
    return {member: key for e in found for member, key in zip(e.members, e.keys or [e.id] * len(e.members), strict=True)}


@settings(deadline=None, max_examples=50)
@given(CORPORA)
def test_other_documents_change_no_key_and_an_id_is_the_first_of_its_keys(corpus: list[Reading]) -> None:
    together = keys(corpus)
    for one in corpus:
        assert keys([one]).items() <= together.items()
    for entity in resolve(corpus, REFERENCE):
        assert entity.id == min({together[member] for member in entity.members}, key=lambda key: (".doc." in key, key))
        assert len(entity.joined) == len(set(entity.keys) or {0}) - 1


@settings(deadline=None, max_examples=50)
@given(CORPORA)
def test_every_chain_is_in_one_entity_of_its_type(corpus: list[Reading]) -> None:
    entities = resolve(corpus, REFERENCE)
    members = [member for entity in entities for member in entity.members]
    assert sorted(members) == sorted((r.document.id, i) for r in corpus for i in range(len(r.chains)))
    chains = {(r.document.id, i): c for r in corpus for i, c in enumerate(r.chains)}
    for entity in entities:
        assert isinstance(entity, Entity) and entity.names[0] == entity.name
        assert {chains[member].type for member in entity.members} == {entity.type}
        assert entity.id.startswith(FOLDERS[entity.type] + "/")
        if entity.type == "Person":
            assert len({document for document, _ in entity.members}) == len(entity.members)

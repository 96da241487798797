"""The reference data holds together, and its look-ups find every spelling of a thing and of no other."""

from __future__ import annotations

import csv
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import ENTITY_TYPES
from kg.names import key
from kg.reference import Reference
from kg.resources import ontology_dir

REFERENCE = Reference.load()
NAMED = (*REFERENCE.forces, *REFERENCE.bodies, *REFERENCE.reviews, *REFERENCE.offences, *REFERENCE.courts, *REFERENCE.incidents)


def test_slugs_are_unique_and_plain() -> None:
    slugs = [row.slug for row in NAMED]
    assert len(slugs) == len(set(slugs))
    assert all(s and s.isascii() and s == s.lower() and " " not in s for s in slugs)
    assert all(REFERENCE.by_slug(row.slug) is row for row in NAMED)


def test_everything_referred_to_is_there() -> None:
    forces = {f.slug for f in REFERENCE.forces}
    bodies = {b.slug for b in REFERENCE.bodies}
    with (ontology_dir() / "reference" / "sources.csv").open(encoding="utf-8") as handle:
        sources = {row["id"] for row in csv.DictReader(handle)}
    assert {p.force for p in REFERENCE.places} <= forces | {""}
    assert {b.force for b in REFERENCE.bodies} <= forces | {""}
    assert {f.successor for f in REFERENCE.forces} <= forces | {""}
    assert {s for b in REFERENCE.bodies for s in (*b.predecessors, *b.successors)} <= bodies | forces
    assert {s for r in REFERENCE.reviews for s in r.subject_slugs} <= forces | bodies
    assert {s for r in (*NAMED, *REFERENCE.ranks, *REFERENCE.places) for s in getattr(r, "sources", ())} <= sources
    assert {b.type for b in REFERENCE.bodies} <= {"OversightBody", "Organisation", "Unit", "Court"}
    assert {r.type for r in REFERENCE.reviews} == {"Review", "Programme"}


def test_no_attribute_without_a_source_is_published() -> None:
    for force in REFERENCE.forces:
        if not force.sources:
            assert not (force.aliases or force.formed or force.head_title or force.area or force.wikidata_qid), force.slug
    for slug in ("wiltshire-police", "north-yorkshire-police"):  # their numbers in the source look like another item's
        assert REFERENCE.force_by_slug(slug).wikidata_qid == ""
    for body in REFERENCE.bodies:
        if not body.sources:
            assert not (body.aliases or body.formed or body.dissolved), body.slug


# Forces

LOCAL = [f for f in REFERENCE.forces if f.kind == "territorial" or f.slug == "british-transport-police"]


def test_no_name_of_a_uk_force_finds_another() -> None:
    pairs = list(combinations(LOCAL, 2))
    assert len(pairs) == 1035
    for a, b in pairs:
        for one, other in ((a, b), (b, a)):
            for name in (one.name, *one.aliases, *one.recognised_as):
                assert REFERENCE.force(name) is one, name
                assert REFERENCE.force(name) is not other
                assert REFERENCE.force_by_area(name) is not other


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("the Met", "metropolitan-police-service"),
        ("Scotland Yard", "metropolitan-police-service"),
        ("Met Police", "metropolitan-police-service"),
        ("Metropolitan Police", "metropolitan-police-service"),
        ("GMP", "greater-manchester-police"),
        ("West Mercia Constabulary", "west-mercia-police"),
        ("the Hertfordshire Constabulary", "hertfordshire-constabulary"),
        ("the Cambridgeshire force", "cambridgeshire-constabulary"),
        ("PSNI", "police-service-of-northern-ireland"),
        ("Police Scotland", "police-service-of-scotland"),
        ("Police Scotland's", "police-service-of-scotland"),
        ("Avon & Somerset Police", "avon-and-somerset-police"),
        ("Dyfed–Powys Police", "dyfed-powys-police"),
        ("HAMPSHIRE CONSTABULARY", "hampshire-and-isle-of-wight-constabulary"),
        ("Dorset Constabulary", "dorset-police"),
        ("the RUC", "royal-ulster-constabulary"),
    ],
)
def test_force_by_any_name(name: str, slug: str) -> None:
    found = REFERENCE.force(name)
    assert found is not None and found.slug == slug


@pytest.mark.parametrize(
    "name", ["met", "the met", "Kent", "West Mercia", "WMP", "DPP", "MP", "the City", "police", "the force", "Northern", "", "Old Bill"]
)
def test_what_is_no_force_by_itself(name: str) -> None:
    assert REFERENCE.force(name) is None


@pytest.mark.parametrize(
    ("area", "slug"),
    [("West Mercia", "west-mercia-police"), ("Essex", "essex-police"), ("Herts", "hertfordshire-constabulary"), ("Manchester", None)],
)
def test_force_by_area(area: str, slug: str | None) -> None:
    found = REFERENCE.force_by_area(area)
    assert (found.slug if found else None) == slug


@settings(deadline=None)
@given(
    st.sampled_from(LOCAL),
    st.sampled_from(["{}", "the {}", "The {}", "{}'s", "{}’s", "  {} "]),
    st.sampled_from([str, str.upper]),
    st.booleans(),
)
def test_a_force_is_found_in_every_setting(force, frame, case, ampersand) -> None:
    name = case(force.name)
    name = name.replace(" AND ", " & ").replace(" and ", " & ") if ampersand else name
    assert REFERENCE.force(frame.format(name)) is force


# Bodies, reviews, offences, courts, places


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("National Crime Agency", "Organisation"),
        ("CPS", "Organisation"),
        ("COPFS", "Organisation"),
        ("Home Office", "Organisation"),
        ("College of Policing", "Organisation"),
        ("National Police Chiefs’ Council", "Organisation"),
        ("APCC", "Organisation"),
        ("Police Federation", "Organisation"),
        ("Gwent Police Federation", "Organisation"),
        ("IOPC", "OversightBody"),
        ("HMICFRS", "OversightBody"),
        ("PIRC", "OversightBody"),
        ("Mayor's Office for Policing and Crime", "OversightBody"),
        ("Gwent Police and Crime Panel", "OversightBody"),
        ("Office of the Police and Crime Commissioner for Gwent", "OversightBody"),
        ("Police Ombudsman for Northern Ireland", "OversightBody"),
        ("Scottish Police Authority", "OversightBody"),
        ("ERSOU", "Unit"),
    ],
)
def test_bodies_have_the_type_that_the_contract_rules(name: str, kind: str) -> None:
    assert REFERENCE.body(name).type == kind


def test_the_inspectorate_was_renamed_and_the_scottish_one_is_another() -> None:
    today = REFERENCE.body("HMICFRS")
    assert REFERENCE.body("HMIC") is today
    assert REFERENCE.body("Her Majesty's Inspectorate of Constabulary and Fire & Rescue Services") is today
    assert REFERENCE.body("HM Inspectorate of Constabulary in Scotland").slug == "hmics"


def test_panels_of_two_forces_are_two() -> None:
    assert REFERENCE.body("Gwent Police and Crime Panel") is not REFERENCE.body("Cleveland Police and Crime Panel")
    assert REFERENCE.body("Police and Crime Panel") is None


@pytest.mark.parametrize("name", ["the watchdog", "the inspectorate", "the Ombudsman", "the Government", "Labour", "DPP", "DAC", "NPS"])
def test_ambiguous_names_of_bodies_find_nothing(name: str) -> None:
    assert REFERENCE.body(name) is None


def test_reviews_with_like_names_are_kept_apart() -> None:
    assert REFERENCE.review("Angiolini Inquiry") is not None
    assert REFERENCE.review("Angiolini Review") is not REFERENCE.review("Angiolini Inquiry")
    assert REFERENCE.review("the Casey Review").slug == "baroness-casey-review"
    assert REFERENCE.review("Macpherson report").slug == "stephen-lawrence-inquiry"
    assert REFERENCE.review("PEEL") is None, "one inspection a force and round, so no one thing"
    assert REFERENCE.review("Operation Soteria").type == "Programme"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("murder", "murder"),
        ("Murdered", "murder"),
        ("attempting to murder", "attempted-murder"),
        ("three counts of rape", "rape"),
        ("two assaults by beating", "assault-by-beating"),
        ("ABH", "actual-bodily-harm"),
        ("kidnap", "kidnapping"),
        ("misconduct in a public office", "misconduct-in-public-office"),
        ("gross misconduct", "gross-misconduct"),
        ("misconduct", "misconduct"),
        ("indecent exposure", "indecent-exposure"),
        ("data protection offences", "data-protection-offences"),
        ("perverting the course of justice", "perverting-the-course-of-justice"),
    ],
)
def test_offences_by_everyday_words(text: str, slug: str) -> None:
    assert REFERENCE.offence(text).slug == slug


@pytest.mark.parametrize("text", ["", "the", "counts of", "policing", "section 5"])
def test_what_is_no_offence(text: str) -> None:
    assert REFERENCE.offence(text) is None


def test_courts_and_places() -> None:
    assert REFERENCE.court("the Old Bailey").slug == "central-criminal-court"
    assert REFERENCE.court("Southwark Crown Court") is None
    assert REFERENCE.court("Crown Court") is None
    assert REFERENCE.place("Newport") is None and len(REFERENCE.places_named("Newport")) > 1
    assert REFERENCE.force_of_place("Pontypool").slug == "gwent-police"
    assert REFERENCE.force_of_place("Shropshire").slug == "west-mercia-police"
    assert REFERENCE.force_of_place("Atlantis") is None
    assert REFERENCE.incident("the Hillsborough disaster").slug == "hillsborough-disaster"


# Ranks and titles


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Det Ch Insp", "detective chief inspector"),
        ("DCI", "detective chief inspector"),
        ("T/DCC", "temporary deputy chief constable"),
        ("A/Insp", "acting inspector"),
        ("Temporary Assistant Chief Constable", "temporary assistant chief constable"),
        ("Ch Supt", "chief superintendent"),
        ("Det Supt", "detective superintendent"),
        ("PC", "police constable"),
        ("Sgt.", "sergeant"),
        ("DAC", "deputy assistant commissioner"),
        ("PCC", "police and crime commissioner"),
        ("Deputy PCC", "deputy police and crime commissioner"),
        ("the Chief Constable", "chief constable"),
        ("Cllr", "councillor"),
        ("PCs", "police constable"),
        ("Detective Sergeants", "detective sergeant"),
        ("former policing minister", "former policing minister"),
    ],
)
def test_titles_in_full(short: str, full: str) -> None:
    assert REFERENCE.expand_title(short) == full
    assert REFERENCE.is_title(short)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("former Temporary Chief Constable", "chief-constable"),
        ("DS", "sergeant"),
        ("chief inspector", "chief-inspector"),
        ("chief inspector of constabulary", None),
        ("HM inspector of constabulary", None),
        ("police and crime commissioner", None),
        ("Ms", None),
        ("", None),
    ],
)
def test_ranks(text: str, slug: str | None) -> None:
    found = REFERENCE.rank(text)
    assert (found.slug if found else None) == slug


def test_who_leads() -> None:
    assert REFERENCE.title("director general").leads == "yes"
    assert REFERENCE.title("chairwoman").leads == "yes"
    assert REFERENCE.title("deputy chair").leads == ""
    assert not REFERENCE.is_title("plumber of Stevenage")


def test_ranks_are_in_order() -> None:
    order = {r.slug: int(r.order) for r in REFERENCE.ranks if r.order}
    assert order["constable"] < order["sergeant"] < order["inspector"] < order["superintendent"] < order["chief-constable"]


@settings(deadline=None)
@given(st.text(max_size=40))
def test_look_ups_take_any_text(text: str) -> None:
    for look_up in (REFERENCE.force, REFERENCE.body, REFERENCE.offence, REFERENCE.review, REFERENCE.place, REFERENCE.rank, REFERENCE.title):
        look_up(text)
    REFERENCE.expand_title(text)


def test_every_form_of_a_rank_is_that_rank_in_full_words() -> None:
    for form, slug in REFERENCE.rank_forms():
        full = REFERENCE.expand_title(form)
        assert REFERENCE.expand_title(full) == full
        found = REFERENCE.rank(form)
        assert found is not None and found.slug == slug, form


# The gazetteer


def test_surface_forms_lead_back_to_their_things() -> None:
    count = 0
    for form, kind, slug, ambiguous in REFERENCE.surface_forms():
        assert kind in ENTITY_TYPES and form.strip() == form and form
        if slug:
            assert REFERENCE.by_slug(slug).type == kind, form
        if not ambiguous:
            assert REFERENCE.named(form, kind).slug == slug, form
            count += 1
    assert count > 900


def test_an_ambiguous_form_is_never_also_a_plain_one() -> None:
    forms = list(REFERENCE.surface_forms())
    plain = {key(form) for form, _, _, ambiguous in forms if not ambiguous}
    doubtful = {key(form) for form, kind, slug, ambiguous in forms if ambiguous and slug}
    assert plain & doubtful == set()


def test_no_plain_form_means_two_things() -> None:
    meanings: dict[str, set[str]] = {}
    for form, _, slug, ambiguous in REFERENCE.surface_forms():
        if not ambiguous:
            meanings.setdefault(key(form), set()).add(slug)
    assert {form: slugs for form, slugs in meanings.items() if len(slugs) > 1} == {}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Police, Fire and Crime Commissioner", "police, fire and crime commissioner"),
        ("police fire and crime commissioner", "police, fire and crime commissioner"),
        ("PFCC", "police, fire and crime commissioner"),
        ("Ch Con", "chief constable"),
        ("Fire and Rescue Commissioner", "fire and rescue commissioner"),
    ],
)
def test_titles_keep_the_commas_that_they_are_written_with(text: str, title: str) -> None:
    assert Reference.load().expand_title(text) == title

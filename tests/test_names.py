"""Names: which spellings are one, what the parts of a person's name are, and who can be whom."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import names
from kg.resources import ontology_dir

TEXT = st.text(max_size=60)
GIVEN = st.sampled_from(["Pippa", "Neil", "Aneira", "Tomos", "J.", "Siân", "Mary-Jane"])
SURNAME = st.sampled_from(["Mills", "O'Brien", "Bevan-Lloyd", "McKeague", "van Dijk", "de Souza", "Achebe"])
TITLE = st.sampled_from(
    ["", "Chief Constable ", "T/DCC ", "Det Ch Insp ", "Ms ", "Dr ", "Police and Crime Commissioner ", "Temporary Deputy Chief Constable "]
)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("the Home Office", "Home Office"),
        ("West Mercia Police's", "West Mercia Police"),
        ("Avon & Somerset", "Avon and Somerset"),
        ("Dyfed–Powys", "Dyfed Powys"),
        ("National Police Chiefs’ Council", "National Police Chiefs' Council"),
        ("I.O.P.C", "IOPC"),
        ("Siân", "SIAN"),
    ],
)
def test_spellings_of_one_name(a: str, b: str) -> None:
    assert names.key(a) == names.key(b)


@settings(deadline=None)
@given(TEXT)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert names.fold(names.fold(text)) == names.fold(text)
    assert names.key(names.key(text)) == names.key(text)
    assert names.slug(names.slug(text)) == names.slug(text)


@settings(deadline=None)
@given(TEXT)
def test_a_slug_is_plain(text: str) -> None:
    assert set(names.slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize(
    ("name", "titles", "given_names", "surname"),
    [
        ("Pippa Mills", "", "Pippa", "Mills"),
        ("Chief Constable Pippa Mills", "Chief Constable", "Pippa", "Mills"),
        ("Det Ch Insp Neil O'Brien-Smith QPM", "Det Ch Insp", "Neil", "O'Brien-Smith"),
        ("Police and Crime Commissioner Tomos Bevan-Lloyd", "Police and Crime Commissioner", "Tomos", "Bevan-Lloyd"),
        ("Panel chair Cllr Myfanwy Teague", "Panel chair Cllr", "Myfanwy", "Teague"),
        ("Dame Cressida Dick", "Dame", "Cressida", "Dick"),
        ("Baroness Casey of Blackstock", "Baroness", "", "Casey"),
        ("Rt Hon Suella Braverman MP", "Rt Hon", "Suella", "Braverman"),
        ("Mr van der Berg", "Mr", "", "van der Berg"),
        ("Peter van Dijk", "", "Peter", "van Dijk"),
        ("J. K. Smith", "", "J. K.", "Smith"),
        ("Di Mills", "", "Di", "Mills"),
        ("DI Mills", "DI", "", "Mills"),
        ("Van Dijk", "", "", "Van Dijk"),
        ("Ms Mills's", "Ms", "", "Mills"),
        ("Mills", "", "", "Mills"),
        ("", "", "", ""),
    ],
)
def test_parts_of_a_name(name: str, titles: str, given_names: str, surname: str) -> None:
    parsed = names.parse(name)
    assert (" ".join(parsed.titles), " ".join(parsed.given), parsed.surname) == (titles, given_names, surname)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ms Mills", "Pippa Mills"),
        ("Mills", "Chief Constable Pippa Mills"),
        ("Pippa", "Pippa Mills"),
        ("P. Mills", "Pippa Mills"),
        ("Dame Orla", "Dame Orla Halloran KC"),
        ("Sir Mark", "Mark Rowley"),
        ("Baroness Casey", "Louise Casey"),
        ("Pippa Jane Mills", "Pippa Mills"),
        ("Nick Adderley", "Nicholas Adderley"),
        ("Aneira Pritchard", "ANEIRA PRITCHARD"),
    ],
)
def test_who_can_be_one_person(a: str, b: str) -> None:
    assert names.same_person_form(a, b) and names.same_person_form(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Mr Mills", "Pippa Mills"),
        ("Mr Mills", "Ms Mills"),
        ("Jane Mills", "Pippa Mills"),
        ("J. Mills", "Pippa Mills"),
        ("Maddox", "Rhian Maddox-Ellis"),
        ("Denise Alleyne", "Jerome Alleyne-Watts"),
        ("Ms Pippa", "Pippa Mills"),
        ("Sir Mills", "Mark Mills"),
        ("Baroness Casey of Blackstock", "Baroness Casey of Camden"),
        ("", "Pippa Mills"),
        ("Kasia Nowak", "Mr Nowak"),
    ],
)
def test_who_cannot_be_one_person(a: str, b: str) -> None:
    assert not names.same_person_form(a, b) and not names.same_person_form(b, a)


@settings(deadline=None)
@given(TITLE, GIVEN, SURNAME)
def test_a_title_changes_neither_key_nor_person(title: str, given_name: str, surname: str) -> None:
    plain = f"{given_name} {surname}"
    assert names.person_key(title + plain) == names.person_key(plain)
    assert names.canonical_person([title + plain]) == plain


@settings(deadline=None)
@given(TEXT, TEXT)
def test_being_one_person_goes_both_ways(a: str, b: str) -> None:
    assert names.same_person_form(a, b) == names.same_person_form(b, a)


@settings(deadline=None)
@given(TEXT)
def test_any_text_has_parts(text: str) -> None:
    names.parse(text)
    names.person_key(text)
    names.gender(text)
    names.canonical_person([text])


@settings(deadline=None)
@given(st.permutations(["Ms Mills", "Pippa Mills", "Chief Constable Pippa Mills", "PIPPA MILLS", "Mills"]))
def test_the_fullest_name_does_not_depend_on_the_order(forms: list[str]) -> None:
    assert names.canonical_person(forms) == "Pippa Mills"


def test_a_lone_peerage_keeps_its_style() -> None:
    assert names.canonical_person(["Baroness Casey"]) == "Baroness Casey"
    assert names.canonical_person(["Baroness Casey", "Louise Casey"]) == "Louise Casey"
    assert names.canonical_person([]) == ""


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Ms Mills", "f"),
        ("Mr Mills", "m"),
        ("Sir Mark Rowley", "m"),
        ("Dame Lynne Owens", "f"),
        ("Pippa Mills", "f"),
        ("Chief Constable Aneira Pritchard", "f"),
        ("Dr Mills", None),
        ("Alex Mills", None),
        ("Robin Merrett", None),
        ("Eirlys Tomos", "f"),
        ("Kwabena Holt", "m"),
        ("Gurpreet Holt", None),
        ("Mills", None),
    ],
)
def test_gender_only_where_it_is_told(name: str, told: str | None) -> None:
    assert names.gender(name) == told


def test_a_lone_given_name_tells_a_gender_and_a_lone_surname_none() -> None:
    assert (names.lone_gender("Marcus"), names.lone_gender("Saira"), names.lone_gender("Tinworth")) == ("m", "f", None)


def test_no_given_name_is_listed_twice_nor_for_both() -> None:
    listed = [
        names.fold(line.split(",")[0])
        for file in ("given_names.csv", "rarer_given_names.csv")
        for line in (ontology_dir() / "reference" / file).read_text(encoding="utf-8").splitlines()[1:]
    ]
    assert len(listed) - len(set(listed)) <= 1  # "Sian" and "Siân", as both are written

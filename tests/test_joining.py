"""People under different keys: joined where no namesake is left, and never where there is a doubt; decisions above all evidence."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pytest
from benchmarks.identities import corpus, people_of, score
from hypothesis import given, settings
from hypothesis import strategies as st
from test_entities import REFERENCE, chain, fact

from kg.entities import resolve
from kg.model import Document, Entity, Reading

NOBODY = frozenset()


@dataclass(frozen=True)
class Settled:
    same: frozenset[frozenset[str]] = NOBODY
    different: frozenset[frozenset[str]] = NOBODY


def pairs(*some: tuple[str, str]) -> frozenset[frozenset[str]]:
    return frozenset(map(frozenset, some))


def told(document: str, name: str, *rows: str, date: str | None = "2020-05-01") -> Reading:
    """A reading about one person from rows such as ``memberOf PoliceForce Kent Police``, ``age 30`` or ``accusedOf Offence rape alleged``;
    a row that begins with + only names a thing."""
    chains, facts = [chain("Person", name)], []
    types = {"PoliceForce", "OversightBody", "Offence", "Place", "Person", "Unit", "Review"}
    for row in rows:
        predicate, first, *rest = row.split(" ")
        status = rest.pop() if rest and rest[-1] in {"alleged", "denied", "proposed"} else "asserted"
        if first in types:
            chains.append(chain(first, " ".join(rest)))
        if predicate != "+":
            facts.append(fact(predicate, 0, len(chains) - 1 if first in types else " ".join((first, *rest)), status))
    if "Unit" in {c.type for c in chains} and "PoliceForce" in {c.type for c in chains}:
        facts.append(fact("unitOf", *(next(i for i, c in enumerate(chains) if c.type == kind) for kind in ("Unit", "PoliceForce"))))
    return Reading(Document(document, "text", date=date), tuple(chains), tuple(facts))


def person(document: str, *readings: Reading, decisions: Settled | None = None) -> Entity:
    """Whom the first chain of a document stands for."""
    return next(e for e in resolve(readings, REFERENCE, decisions=decisions) if (document, 0) in e.members)


def one(*readings: Reading, decisions: Settled | None = None) -> bool:
    return len(person(readings[0].document.id, *readings, decisions=decisions).members) == len(readings)


KENT = "memberOf PoliceForce Kent Police"
ESSEX, GWENT = "memberOf PoliceForce Essex Police", "headOf PoliceForce Gwent Police"
CONSTABLE, SERGEANT = "holdsRole constable", "holdsRole sergeant"
HOME, THEFT, RAPE = "residesIn Place Pontypool", "accusedOf Offence theft alleged", "accusedOf Offence rape alleged"


@pytest.mark.parametrize("readings", [
    (told("a", "Ngaire Blackett", KENT, CONSTABLE, date="2015-01-01"), told("b", "Ngaire Blackett", KENT, SERGEANT, date="2019-01-01")),
    (told("a", "Robert Blackett", KENT, SERGEANT), told("b", "Bob Blackett", KENT, SERGEANT)),
    (told("a", "Dick Blackett", KENT, SERGEANT), told("b", "Rick Blackett", KENT, SERGEANT)),
    (told("a", "Aneira Pritchard", GWENT), told("b", "Chief Constable Pritchard", GWENT)),
    (told("a", "John Smith", "age 41", HOME, RAPE, "+ PoliceForce Gwent Police"),
     told("b", "John Smith", "age 42", HOME, "convictedOf Offence rape", "+ PoliceForce Gwent Police", date="2021-03-01")),
    (told("a", "Callum Threlfall", KENT, "+ PoliceForce Essex Police"), told("b", "Callum Threlfall", KENT, ESSEX)),
    (told("a", "Callum Threlfall", KENT, CONSTABLE, "servesIn Unit Dog Section", THEFT),
     told("b", "Callum Threlfall", KENT, CONSTABLE, "servesIn Unit Dog Section")),
], ids=["promoted", "everyday form", "two everyday forms", "surname and post", "age, home, offence and force", "two forces in one",
        "unit, one accused"])
def test_one_person_under_several_keys_is_one(readings: tuple[Reading, ...]) -> None:
    found = person("a", *readings)
    assert len(found.members) == 2
    if found.keys:
        assert len(found.joined) == 1 and len(found.joined[0].reasons) > 1


@pytest.mark.parametrize("readings", [
    (told("a", "Ngaire Blackett"), told("b", "Ngaire Blackett")),
    (told("a", "David Smith", KENT, CONSTABLE), told("b", "David Smith", KENT, SERGEANT)),
    (told("a", "John Ashworth", "age 61", HOME, THEFT),
     told("b", "John Ashworth", "age 24", HOME, THEFT)),
    (told("a", "John Ashworth", HOME, THEFT, date="1988-05-01"),
     told("b", "John Ashworth", HOME, THEFT, date="2018-05-01")),
    (told("a", "Callum Threlfall", KENT, CONSTABLE, THEFT), told("b", "Callum Threlfall", KENT, CONSTABLE)),
    (told("a", "Callum Threlfall", "victimOf Offence rape", HOME),
     told("b", "Callum Threlfall", RAPE, HOME)),
    (told("a", "Ngaire Blackett", KENT, SERGEANT), told("b", "Ngaire Blackett", ESSEX, SERGEANT)),
    (told("a", "Ngaire Blackett", KENT, "holdsRole inspector", date="2015-01-01"),
     told("b", "Ngaire Blackett", KENT, CONSTABLE, date="2019-01-01")),
    (told("a", "Ngaire Blackett", KENT, CONSTABLE, date="2015-01-01"),
     told("b", "Ngaire Blackett", KENT, "holdsRole deputy chief constable", date="2019-01-01")),
    (told("a", "Mr Alex Blackett", KENT, SERGEANT), told("b", "Mrs Alex Blackett", KENT, SERGEANT)),
    (told("a", "Sean Blackett Jr", KENT, SERGEANT), told("b", "Sean Blackett Sr", KENT, SERGEANT)),
    (told("a", "Chief Constable Pritchard", GWENT), told("b", "Chief Constable Pritchard", GWENT)),
], ids=["a rare name alone", "common name and force", "ages", "a generation apart", "one accused", "victim and accused", "two forces",
        "a fall in rank", "too steep a rise", "sexes", "senior and junior", "surnames alone"])
def test_people_who_may_be_two_stay_two(readings: tuple[Reading, ...]) -> None:
    assert not one(*readings)


def test_a_doubt_is_a_suggestion_with_its_reasons() -> None:
    readings = (told("a", "Callum Threlfall", KENT, CONSTABLE, THEFT), told("b", "Callum Threlfall", KENT, CONSTABLE))
    found = [likeness for entity in resolve(readings, REFERENCE) for likeness in entity.possible]
    assert len(found) == 1 and {found[0].one, found[0].other} == {person(name, *readings).id for name in "ab"}
    assert any("Kent Police" in reason for reason in found[0].reasons) and found[0].against and 0 < found[0].score < 1


def test_who_fits_two_that_are_not_one_joins_neither() -> None:
    old = told("a", "John Ashworth", KENT, "age 61", "servesIn Unit Dog Section")
    young = told("b", "John Ashworth", KENT, "age 24", "servesIn Unit Dog Section")
    either = told("c", "John Ashworth", KENT, "servesIn Unit Dog Section")
    assert one(old, either) and one(young, either)
    assert len(person("c", old, young, either).members) == 1 and len(person("a", old, young, either).members) == 1


def test_two_of_one_key_whose_ages_cannot_agree_are_two() -> None:
    readings = [told(name, "Ngaire Blackett", KENT, SERGEANT, f"age {age}") for name, age in (("a", 25), ("b", 26), ("c", 55))]
    assert one(*readings[:2])
    assert not one(readings[0], readings[2])
    assert len(person("c", *readings).members) == 1 and len(person("a", *readings).members) == 2


# Decisions

THREE = (told("a", "Ngaire Blackett", KENT, CONSTABLE, date="2015-01-01"), told("b", "Ngaire Blackett", KENT, SERGEANT, date="2019-01-01"),
         told("c", "Ngaire Blackett"))
A, B, C = "person/ngaire-blackett.kent-police.constable", "person/ngaire-blackett.kent-police.sergeant", "person/ngaire-blackett.doc.c"


def test_decisions_join_and_part_whatever_the_evidence() -> None:
    for decisions, members in ((None, 2), (Settled(pairs((A, C))), 3), (Settled(different=pairs((A, B))), 1)):
        assert len(person("a", *THREE, decisions=decisions).members) == members
    assert len(person("a", *THREE, decisions=Settled(pairs((A, B)), pairs((A, B)))).members) == 1, "different wins"
    parted = Settled(pairs((A, C), (B, C)), pairs((A, B)))
    assert {m[0] for m in person("c", *THREE, decisions=parted).members} in ({"a", "c"}, {"b", "c"})
    assert not [p for e in resolve(THREE, REFERENCE, decisions=Settled(different=pairs((A, C), (B, C)))) for p in e.possible]


def test_a_decision_can_take_one_document_out_of_a_key() -> None:
    two = [told(name, "Ngaire Blackett", KENT, SERGEANT) for name in "ab"]
    assert one(*two)
    assert not one(*two, decisions=Settled(different=pairs((B, "person/ngaire-blackett.doc.b"))))
    assert one(*two, decisions=Settled(pairs((B, "person/ngaire-blackett.doc.b"))))


def test_a_decision_about_what_is_not_there_changes_nothing() -> None:
    gone = Settled(pairs((A, "person/nobody")), pairs((B, "force/no-such-force")))
    assert resolve(THREE, REFERENCE, decisions=gone) == resolve(THREE, REFERENCE)
    across = [*THREE, told("d", "Ngaire Blackett", KENT)]
    assert all(len({e.type}) == 1 for e in resolve(across, REFERENCE, decisions=Settled(pairs((A, "force/kent-police")))))


_FACTS = st.lists(st.sampled_from(
    [KENT, ESSEX, CONSTABLE, SERGEANT, "age 30", "age 55", HOME, THEFT, "victimOf Offence theft", "+ Person Denise Alleyne"]),
    max_size=4, unique=True)
_NAMES = st.sampled_from(["Ngaire Blackett", "John Smith", "Bob Blackett", "Robert Blackett", "Sergeant Blackett"])
_PEOPLE = st.tuples(_NAMES, _FACTS, st.sampled_from([None, "1990-01-01", "2015-05-05", "2019-05-05"]))
_CORPORA = st.lists(_PEOPLE, min_size=2, max_size=6).map(
    lambda people: [told(f"d{i}", name, *rows, date=date) for i, (name, rows, date) in enumerate(people)])


@settings(max_examples=60)
@given(_CORPORA, st.data())
def test_different_is_never_joined_and_same_is_unless_different(readings: list[Reading], data: st.DataObject) -> None:
    plain = resolve(readings, REFERENCE)
    known = sorted({key for e in plain if e.type == "Person" for key in (e.keys or (e.id,))})
    if len(known) < 2:
        return
    choice = st.frozensets(st.sampled_from([frozenset(pair) for pair in combinations(known, 2)]), max_size=3)
    settled = Settled(data.draw(choice), data.draw(choice))
    found = resolve(readings, REFERENCE, decisions=settled)
    entity = {key: e.id for e in found for key in (e.keys or (e.id,))}
    for a, b in settled.different:
        assert entity[a] != entity[b]
    if not settled.different:
        for a, b in settled.same:
            assert entity[a] == entity[b]
    assert found == resolve(readings[::-1], REFERENCE, decisions=settled)


@settings(max_examples=60)
@given(_CORPORA)
def test_a_join_rests_on_more_than_a_name_and_reads_the_same_in_any_order(readings: list[Reading]) -> None:
    found = resolve(readings, REFERENCE)
    assert found == resolve(readings[::-1], REFERENCE)
    for entity in found:
        if entity.type == "Person":
            assert all(len(likeness.reasons) > 1 and 0 <= likeness.score <= 1 for likeness in entity.joined)
            assert len({document for document, _ in entity.members}) == len(entity.members)


# Known identities


@pytest.mark.slow
def test_ten_thousand_people_are_told_apart_and_joined() -> None:
    readings, truth = corpus(10_000, seed=1)
    result = score(truth, people_of(resolve(readings, REFERENCE)))
    assert result.precision >= 0.995 and result.recall >= 0.95, result

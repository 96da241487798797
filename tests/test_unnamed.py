"""Posts whose holder a document does not name: where that is so, and whom other documents let that be. In doubt nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph
import pytest
from click.testing import CliRunner
from graphs import BASE

from kg import graph
from kg.cli import cli
from kg.config import Config
from kg.entities import resolve
from kg.explain import Explainer
from kg.folder import replacing
from kg.model import Chain, Document, Fact, Mention, Reading
from kg.query import ask, named_query
from kg.reference import Reference
from kg.store import write_store
from kg.validate import validate

REFERENCE = Reference.load()
FORCES = {"West Mercia Police": "west-mercia-police", "Kent Police": "kent-police",
          "Metropolitan Police Service": "metropolitan-police-service"}
MERCIA = "West Mercia Police"
SAID = "The chief constable of West Mercia Police has apologised."


def spoken(text: str = SAID, date: str | None = "2022-03-05", *facts: Fact, name: str = "story", people: tuple[str, ...] = ()) -> Reading:
    """A document with a text, the forces and people in it found by their names."""
    def mentions(wanted: str, kind: str) -> tuple[Mention, ...]:
        return tuple(Mention(*match.span(), wanted, kind) for match in re.finditer(wanted, text))

    chains = [Chain("PoliceForce", force, found, slug) for force, slug in FORCES.items() if (found := mentions(force, "PoliceForce"))]
    chains += [Chain("Person", person, mentions(person, "Person")) for person in people]
    return Reading(Document(name, text, date=date), tuple(chains), facts, len(text.split()))


def chief(person: str, name: str, date: str | None, start: str | None = None, end: str | None = None, *, role: str = "chief constable",
          status: str = "asserted", predicate: str = "headOf", force: str = MERCIA) -> Reading:
    """A document that has somebody in a post."""
    text = f"{person} and {force}."
    facts = [Fact(predicate, 1, 0, status, (0, len(text)), "rule", 0.9, start, end)]
    if role:
        facts.append(Fact("holdsRole", 1, role, status, (0, len(text)), "rule", 0.9, start, end))
    return spoken(text, date, *facts, name=name, people=(person,))


BEFORE, AFTER = chief("Anna Wells", "before", "2021-10-01"), chief("Anna Wells", "after", "2022-08-01")


def store_of(*readings: Reading) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    made = graph.build(readings, resolve(readings, REFERENCE), base_iri=BASE, reference=REFERENCE)
    store.bulk_load(graph.serialise_nquads(made), format=pyoxigraph.RdfFormat.N_QUADS)
    assert not [one for one in validate(store) if one.severity == "Violation"]
    return store


def holders(*readings: Reading) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """(Document, post, force) left unnamed -> who that probably is and the documents that say so; nothing where that is open."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for row in ask(store_of(*readings), named_query("unnamed-holders"), {}):
        told = found.setdefault((row["document"].value, row["post"].value, row["of"].value), set())
        told |= {row["probably"].value, row["told_in"].value} if row["id"] else set()
    return {key: tuple(sorted(told)) for key, told in found.items()}


def holder(*others: Reading, text: str = SAID, date: str = "2022-03-05") -> tuple[str, ...]:
    [told] = holders(spoken(text, date), *others).values()
    return told


# --- who is left unnamed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [
    SAID,
    "West Mercia Police’s chief constable has apologised. The chief constable had met the family.",
    "A man died in the cells of West Mercia Police. On Tuesday, the chief constable said: “We are sorry.”",
    "West Mercia Police are sorry. The force's chief constable said so, and so did the deputy chief constable, Bob Holt.",
])
def test_a_post_that_is_only_spoken_of(text: str) -> None:
    assert list(holders(spoken(text))) == [("story", "chief constable", MERCIA)]


def test_a_commissioner_and_the_commissioner() -> None:
    text = "The police and crime commissioner for West Mercia Police, the PCC said, was sorry."
    assert list(holders(spoken(text))) == []  # "said" is no name, but a comma and a capital are: in doubt it is one
    text = "The police and crime commissioner for West Mercia Police was sorry, the PCC said."
    assert list(holders(spoken(text))) == [("story", "police and crime commissioner", MERCIA)]
    text = "The commissioner of the Metropolitan Police Service was sorry."
    assert list(holders(spoken(text))) == [("story", "commissioner", "Metropolitan Police Service")]


@pytest.mark.parametrize("text", [
    "The chief constable of West Mercia Police, Anna Wells, has apologised.",
    "Anna Wells, the chief constable of West Mercia Police, has apologised.",
    "Anna Wells, 54, the chief constable of West Mercia Police, has apologised.",
    "Anna Wells is the chief constable of West Mercia Police.",
    "Anna Wells, who joined West Mercia Police in May, became the chief constable.",
    "Chief Constable Anna Wells leads West Mercia Police. The chief constable said so.",
    "The former chief constable of West Mercia Police has apologised.",
    "The acting chief constable of West Mercia Police has apologised.",
    "The deputy chief constable of West Mercia Police has apologised.",
    "A chief constable of West Mercia Police has apologised.",
    "West Mercia Police\nChief constable: Somebody Else",
    "Somebody Else\nWest Mercia Police Chief Constable\nHindlip Hall",
    "The powers of the police and crime commissioner for West Mercia Police passed to the mayor.",
    "The police and crime commissioner’s fund helped West Mercia Police.",
    "The chief constables of West Mercia Police and others have apologised.",
    "West Mercia Police lost a case in 2011, when the chief constable apologised.",
    "At West Mercia Police the chief constable at the time apologised.",
    "At West Mercia Police the then chief constable apologised.",
    "The chief constable of West Mercia Police has apologised. She followed a previous chief constable.",
    "West Mercia Police and Kent Police met. The chief constable was there.",
    "West Mercia Police met the chief constable of Borsetshire.",
    "West Mercia Police met the commissioner.",
    "The police and crime commissioner of Metropolitan Police Service is none.",
    "The chief constable of Metropolitan Police Service is none.",
])
def test_nobody_is_left_unnamed(text: str) -> None:
    assert not holders(spoken(text, people=("Anna Wells",)), BEFORE, AFTER)


def test_nobody_is_left_unnamed_where_the_document_has_a_fact_about_the_post_or_no_day() -> None:
    text = f"{SAID} Anna Wells smiled."
    for status in ("asserted", "proposed", "denied", "alleged", "hypothetical"):
        fact = Fact("headOf", 1, 0, status, (0, 10), "rule", 0.9)
        assert not holders(spoken(text, "2022-03-05", fact, people=("Anna Wells",)), BEFORE, AFTER)
    for date in (None, "2022-03", "2022"):
        assert not holders(spoken(SAID, date), BEFORE, AFTER)


@pytest.mark.parametrize("text", [
    "The chief constable of West Mercia Police was arrested.",
    "The chief constable of West Mercia Police is at home. He has been charged with fraud.",
    "The chief constable of West Mercia Police is under investigation by the IOPC.",
    "The chief constable of West Mercia Police has been suspended.",
    "The chief constable of West Mercia Police is to step down.",
    "The chief constable of West Mercia Police has denied bullying staff.",
])
def test_what_lays_something_to_the_holders_charge_is_nobodys(text: str) -> None:
    assert not holders(spoken(text), BEFORE, AFTER)


def test_each_force_has_its_own() -> None:
    text = "The chief constable of West Mercia Police met the chief constable of Kent Police."
    found = holders(spoken(text), BEFORE, AFTER)
    assert found == {("story", "chief constable", MERCIA): ("Anna Wells", "after", "before"),
                     ("story", "chief constable", "Kent Police"): ()}


# --- who that is ---------------------------------------------------------------------------------------------------------


def test_one_person_before_and_after() -> None:
    assert holder(BEFORE, AFTER) == ("Anna Wells", "after", "before")


def test_a_stated_time_needs_one_document() -> None:
    assert holder(chief("Anna Wells", "later", "2023-01-01", "2021-09-06")) == ("Anna Wells", "later")
    assert holder(chief("Anna Wells", "later", "2023-06-01", "2021-09-06", "2023-01-01")) == ("Anna Wells", "later")
    assert holder(chief("Anna Wells", "same day", "2022-03-05")) == ("Anna Wells", "same day")


@pytest.mark.parametrize("others", [
    (),
    (BEFORE,), (AFTER,),
    (chief("Anna Wells", "start", "2021-10-01", "2021-09-06"),),  # nobody knows when she left
    (chief("Anna Wells", "past", "2023-06-01", "2019-01-01", "2021-01-01"),),
    (chief("Anna Wells", "to come", "2021-10-01", "2022-06-01"), AFTER),
    (BEFORE, chief("Anna Wells", "undated", None)),
    (chief("Anna Wells", "vague", "2023-06-01", "2022"),),  # it may have begun after March
], ids=lambda others: "+".join(reading.document.id for reading in others))
def test_gaps_leave_it_open(others: tuple[Reading, ...]) -> None:
    assert holder(*others) == ()


@pytest.mark.parametrize("other", [
    chief("Bob Holt", "other", "2022-01-01"),
    chief("Bob Holt", "other", "2022-06-01", role="acting chief constable"),
    chief("Bob Holt", "other", "2023-06-01", "2022-01-01", "2022-02-01", role="temporary chief constable"),
    chief("Bob Holt", "other", "2022-01-01", role=""),
    chief("Bob Holt", "other", "2022-01-01", status="proposed"),
    chief("Bob Holt", "other", "2022-01-01", status="alleged"),
    chief("Bob Holt", "other", "2020-01-01", "2022-02-01", status="proposed"),
    chief("Bob Holt", "other", "2023-06-01", "2019"),  # the whole time
    chief("Bob Holt", "other", None, role="acting chief constable"),
    chief("Bob Holt", "other", "2023-06-01", None, "2022-01", role="former chief constable"),
    chief("Anna Wells", "other", "2022-01-01", role="acting chief constable"),
    chief("Anna Wells", "other", "2022-01-01", status="denied"),
    chief("Anna Wells", "other", "2022-01-01", predicate="suspendedFrom"),
    chief("Anna Wells", "other", "2022-04-01", predicate="resignedFrom"),
    chief("Anna Wells", "other", "2023-06-01", "2022-04-01"),
    chief("Anna Wells", "other", "2023-06-01", "2019", "2021-12-31"),
], ids=lambda other: f"{other.document.date}-{[fact.predicate for fact in other.facts]}-{other.facts[0].status}-{other.facts[-1].object}")
def test_doubts_leave_it_open(other: Reading) -> None:
    assert holder(BEFORE, AFTER, other) == ()


@pytest.mark.parametrize("other", [
    chief("Bob Holt", "other", "2021-01-01"),
    chief("Bob Holt", "other", "2023-06-01"),
    chief("Bob Holt", "other", "2022-01-01", force="Kent Police"),
    chief("Bob Holt", "other", "2022-01-01", predicate="memberOf", role="assistant chief constable"),
    chief("Bob Holt", "other", "2022-01-01", role="former chief constable"),
    chief("Bob Holt", "other", "2022-01-01", status="hypothetical"),
    chief("Bob Holt", "other", "2022-04-01", predicate="retiredFrom", role="former chief constable"),
    chief("Anna Wells", "other", "2021-06-01", status="proposed"),
    chief("Anna Wells", "other", "2021-06-01", role="acting chief constable"),
    chief("Anna Wells", "other", "2024-06-01", predicate="retiredFrom"),
], ids=lambda other: f"{other.document.date}-{other.facts[0].predicate}-{other.facts[0].status}-{other.facts[-1].object}")
def test_others_at_other_times_and_places_do_not_matter(other: Reading) -> None:
    assert holder(BEFORE, AFTER, other) == ("Anna Wells", "after", "before")


def test_two_chiefs_at_once_leave_it_open_however_long_each_was() -> None:
    bob = chief("Bob Holt", "bob", "2023-01-01", "2020-01-01", "2022-12-31")
    assert holder(BEFORE, AFTER, bob) == ()
    assert holder(bob, chief("Anna Wells", "anna", "2023-01-01", "2022-02-01")) == ()


def test_an_acting_chief_is_nobodys_ground() -> None:
    both = (chief("Bob Holt", name, day, role="acting chief constable") for name, day in (("b", "2022-03-01"), ("c", "2022-04-01")))
    assert holder(*both) == ()


def test_a_successor_to_come_does_not_matter_before() -> None:
    bob = chief("Bob Holt", "bob", "2022-01-01", "2022-12-01")
    assert holder(BEFORE, AFTER, bob) == ("Anna Wells", "after", "before")


def test_a_commissioner_need_not_be_called_one() -> None:
    both = [chief("Gil Fox", name, day, predicate="commissionerFor", role="") for name, day in (("b", "2021-01-01"), ("c", "2023-01-01"))]
    assert holder(*both, text="The police and crime commissioner for West Mercia Police is sorry.") == ("Gil Fox", "b", "c")
    assert holder(*both) == ()


# --- what is told of it --------------------------------------------------------------------------------------------------


def test_nothing_follows_from_it() -> None:
    reading = spoken()
    with_, without = (set(map(str, store_of(*readings))) for readings in ((reading, BEFORE, AFTER), (BEFORE, AFTER)))
    added = {line for line in with_ - without if "anna-wells" in line}
    assert len(added) == 1 and "ontology#probably" in added.pop()


def test_explained_in_words() -> None:
    lines = list(Explainer(store_of(spoken(), BEFORE, AFTER), BASE).holder("story"))
    assert lines[0] == f'story does not name the chief constable of {MERCIA}: "{SAID}"'
    assert lines[1].startswith("On 2022-03-05 that was probably Anna Wells <")
    assert lines[2:] == [f'  + after: "Anna Wells and {MERCIA}."', f'  + before: "Anna Wells and {MERCIA}."',
                         "Nothing follows from it: no fact of the document is about this person."]
    open_ = list(Explainer(store_of(spoken(), BEFORE), BASE).holder("story"))
    assert len(open_) == 3 and "no other documents settle" in open_[1]
    assert open_[2] == f"See: kg query post-holders --force '{MERCIA}' --on 2022-03-05"


def test_asked_for_on_the_command_line(tmp_path: Path) -> None:
    readings = spoken(), BEFORE, AFTER
    with replacing(tmp_path / "graph") as folder:
        made = graph.build(readings, resolve(readings, REFERENCE), base_iri=BASE, reference=REFERENCE)
        folder.nquads.write_bytes(graph.serialise_nquads(made))
        write_store(folder.nquads, folder.store)
        folder.write_manifest({"config": Config().as_dict(), "documents": []})
    runs = {name: CliRunner().invoke(cli, ["explain", "holder", name, "-g", str(tmp_path / "graph")])
            for name in ("story", "before", "stori")}
    assert runs["story"].exit_code == 0 and "probably Anna Wells" in runs["story"].output
    assert runs["before"].exit_code == 2 and "before leaves nobody unnamed" in runs["before"].output
    assert runs["stori"].exit_code == 2 and "did you mean" in runs["stori"].output

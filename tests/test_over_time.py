"""One story from several documents: what was known on which day, and what cannot all be so."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph
import pytest
from gold_readings import CORPUS, gold_reading
from graphs import build, read

from kg import entities, graph
from kg.model import Reading
from kg.query import ask, find_entities, named_query
from kg.reference import Reference

REFERENCE = Reference.load()
TOLD = json.loads((CORPUS / "dev" / "same.json").read_text(encoding="utf-8"))["overtaken"]


def loaded(built: graph.Graph) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.bulk_load(graph.serialise_nquads(built), format=pyoxigraph.RdfFormat.N_QUADS)
    return store


def rows(store: pyoxigraph.Store, question: str, **values: str) -> list[dict[str, str]]:
    found = ask(store, named_query(question), {name.replace("_", "-"): value for name, value in values.items()})
    names = [variable.value for variable in found.variables]
    return [{name: row[name].value for name in names if row[name] is not None} for row in found]


@pytest.fixture(scope="module")
def dev() -> tuple[pyoxigraph.Store, dict[str, Reading], dict[str, dict[str, int]]]:
    found = {path.stem: gold_reading(path) for path in sorted((CORPUS / "dev" / "gold").glob("*.json"))}
    readings = [reading for reading, _ in found.values()]
    built = graph.build(readings, entities.resolve(readings, REFERENCE), base_iri="https://policing-kg.example/id/", reference=REFERENCE)
    return loaded(built), {name: reading for name, (reading, _) in found.items()}, {name: places for name, (_, places) in found.items()}


@pytest.mark.parametrize("case", TOLD, ids=[f"{case['later']['s']}-{case['later']['p']}-{i}" for i, case in enumerate(TOLD)])
def test_what_a_later_document_overtakes_is_answered_as_of_each_day(dev: tuple, case: dict) -> None:
    store, readings, places = dev
    earlier, later = case["earlier"], case["later"]
    days = [readings[row["document"]].document.date for row in (earlier, later)]
    assert days[0] and days[1] and days[0] < days[1]
    row = later
    reading = readings[row["document"]]
    subject = reading.chains[places[row["document"]][row["s"]]].name
    target = row["o"]["literal"] if isinstance(row["o"], dict) else None

    def known(day: str | None) -> set[tuple[str, str]]:
        """(document, status) of the fact as of a day, or by now."""
        found = rows(store, "about", entity=subject, **({"as_of": day} if day else {}))
        ends = {_name(store, readings, places, told) for told in (earlier, later)}
        return {(one["document"], one["status"]) for one in found
                if one["predicate"] == row["p"] and one["subject"] == subject and one["object"] in ({target} if target else ends)
                and one["document"] in {earlier["document"], later["document"]}}

    first, second = (earlier["document"], earlier["status"]), (later["document"], later["status"])
    assert first in known(days[0]) and second not in known(days[0])
    assert {first, second} <= known(days[1]) == known(None)
    assert not known("1999-01-01")


def _name(store: pyoxigraph.Store, readings: dict[str, Reading], places: dict[str, dict[str, int]], row: dict) -> str:
    """The name of the row's object in the graph."""
    if isinstance(row["o"], dict):
        return row["o"]["literal"]
    form = readings[row["document"]].chains[places[row["document"]][row["o"]]].name
    [match] = find_entities(store, form)
    return match.name


def test_an_allegation_was_undecided_until_the_acquittal(dev: tuple) -> None:
    store, readings, _ = dev
    charged, cleared = (readings[name].document.date for name in ("d05-essex-charged", "d06-essex-cleared"))
    def open_on(day: str) -> set[str]:
        return {row["offence"] for row in rows(store, "undecided-allegations", person="Callum Threlfall", as_of=day)}
    assert {"sexual assault", "misconduct in public office"} <= open_on(charged)
    assert not open_on(cleared)
    def outcomes(day: str) -> set[str]:
        found = rows(store, "officers-charged", force="Essex Police", as_of=day)
        return {row["outcome"] for row in found if row["name"] == "Callum Threlfall"}
    # The gold of dev has no sentences, so that nothing says who cleared him.
    assert outcomes(charged) == {"not decided"} and outcomes(cleared) == {"denied"}


def test_who_led_follows_acting_and_permanent(dev: tuple) -> None:
    store, readings, _ = dev
    acting, confirmed = (readings[name].document.date for name in ("d01-gwent-acting-chief", "d02-gwent-confirmed"))
    for day in (acting, confirmed):
        assert "Aneira Pritchard" in {row["name"] for row in rows(store, "who-led", force="Gwent Police", on=day)}
    def chief(day: str) -> set[str]:
        return {row["status"] for row in rows(store, "posts-of", person="Aneira Pritchard", as_of=day) if row["what"] == "chief constable"}
    assert "asserted" not in chief(acting) and "asserted" in chief(confirmed)


# Contradictions


def kinds(*readings: Reading) -> list[tuple[str, ...]]:
    return [(row["kind"], row["subject"], row["object"], row["against"]) for row in rows(loaded(build(*readings)), "contradictions")]


CHIEF = "P:{0} headOf F:Kent asserted {1}"
ROLE = "P:{0} holdsRole chief_constable asserted"


def chief(document: str, name: str, when: str = "", role: str = ROLE, **details: str) -> Reading:
    return read(document, CHIEF.format(name, when).strip(), role.format(name), **details)


def test_two_substantive_heads_at_once_are_listed_and_both_stand() -> None:
    readings = chief("a", "Ann", "2020-01-01 2023-12-31"), chief("b", "Bob", "2022-01-01 2024-12-31")
    assert kinds(*readings) == [("two heads", "Ann", "Kent", "Bob")]
    store = loaded(build(*readings))
    assert {row["name"] for row in rows(store, "who-led", force="Kent", on="2022-06-01")} == {"Ann", "Bob"}


def test_a_documents_own_day_stands_for_a_term() -> None:
    assert kinds(chief("a", "Ann", "2020-01-01 2023-12-31"), chief("b", "Bob", date="2022-03-01")) == [("two heads", "Ann", "Kent", "Bob")]
    assert not kinds(chief("a", "Ann", date="2021-03-01"), chief("b", "Bob", date="2022-03-01"))


@pytest.mark.parametrize("other", [
    chief("b", "Bob", "2024-01-01 2025-12-31"),
    chief("b", "Bob", "2022-01-01 2024-12-31", "P:{0} holdsRole acting_chief_constable asserted"),
    chief("b", "Bob"), chief("b", "Ann", "2022-01-01 2024-12-31"),
])
def test_heads_one_after_the_other_acting_or_undated_are_none(other: Reading) -> None:
    assert not kinds(chief("a", "Ann", "2020-01-01 2023-12-31"), other)


def test_convicted_and_cleared_of_the_same_is_listed_and_both_stand() -> None:
    readings = read("a", "P:Jon convictedOf X:theft asserted"), read("b", "P:Jon accusedOf X:theft denied")
    assert kinds(*readings) == [("cleared", "Jon", "theft", "cleared")]
    found = rows(loaded(build(*readings)), "about", entity="Jon")
    assert {(row["predicate"], row["status"]) for row in found} == {("convictedOf", "asserted"), ("accusedOf", "denied")}


def test_convicted_of_one_thing_and_cleared_of_another_is_no_contradiction() -> None:
    assert not kinds(read("a", "P:Jon convictedOf X:theft asserted"), read("b", "P:Jon accusedOf X:fraud denied"))
    assert not kinds(read("a", "P:Jon convictedOf X:theft asserted"), read("b", "P:Kit accusedOf X:theft denied"))


def test_all_questions_that_know_the_day_leave_out_documents_without_one() -> None:
    store = loaded(build(read("a", "P:Jon accusedOf X:theft alleged")))
    assert rows(store, "about", entity="Jon") and not rows(store, "about", entity="Jon", as_of="2030-01-01")


def test_questions_that_know_the_day() -> None:
    folder = Path(__file__).resolve().parent.parent / "ontology" / "queries"
    found = {path.stem for path in folder.glob("*.rq") if "# param as-of:" in path.read_text(encoding="utf-8")}
    assert found == {"about", "career", "case", "departures", "officers-charged", "posts-of", "undecided-allegations"}

"""``kg review`` and ``kg forget`` from the command line: what is listed, what is written, and what the next build makes of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest
from click.testing import Result
from graphs import BASE, join, read
from graphs import build as build_graph
from test_cli import _bytes, articles, hand_read, kg

from kg import decisions as told
from kg import graph as graph_stage
from kg import reviewing
from kg.model import Likeness, Reading
from kg.vocabulary import Minter

pytestmark = pytest.mark.usefixtures("hand_read")
__all__ = ["articles", "hand_read"]

WHO = ("--by", "Eve Dunn", "--why", "I looked it up", "--on", "2026-03-01")


@pytest.fixture
def graph(articles: Path) -> Path:
    """The sample's graph, built, with its documents beside it."""
    folder = articles.parent / "graph"
    assert kg("build", articles, "-g", folder).exit_code == 0
    return folder


def build(graph: Path) -> Result:
    result = kg("build", graph.parent / "articles", "-g", graph)
    assert result.exit_code == 0, result.output
    return result


def rows(graph: Path, *words: str) -> list[dict]:
    result = kg("review", "-g", graph, "--format", "jsonl", *words)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def handle(graph: Path, about: str, question: str) -> str:
    [row] = [row for row in rows(graph, "--about", about) if row["question"] == question]
    return row["facts"][0]["fact"]


def facts(graph: Path, *words: str) -> list[dict]:
    return [json.loads(line) for line in kg("facts", "-g", graph, "--format", "jsonl", *words).stdout.splitlines()]


def lines(graph: Path) -> list[str]:
    return [line for line in (graph.parent / "decisions.txt").read_text().splitlines() if line.startswith("{")]


def decide(graph: Path, *words: str) -> Result:
    result = kg("review", *words, *WHO, "-g", graph)
    assert result.exit_code == 0, result.output
    return result


def test_grave_and_doubtful_facts_are_listed_with_their_sentences(graph: Path) -> None:
    found = rows(graph)
    assert [(row["kind"], row["question"]) for row in found] == [
        ("doubtful", f"does the text say so? {told}") for told in (
            "Daniel Frost accusedOf assault, alleged", "Edward Lane accusedOf theft, alleged", "Daniel Frost accusedOf assault, denied")]
    assert found[0]["facts"][0]["sentence"] == "PC Daniel Frost, of Essex Police, has been charged with assault."
    assert not rows(graph, "--below", "0.5") and not rows(graph, "--kind", "unnamed")
    assert kg("review", "-g", graph, "--kind", "nonsense").exit_code == 2


def test_the_list_is_a_table_and_csv_too(graph: Path) -> None:
    assert "accusedOf theft" in kg("review", "-g", graph, "--format", "table").stdout
    assert kg("review", "-g", graph, "--format", "csv").stdout.startswith("kind,question,fact,told,confidence,document,sentence\n")


def test_a_rejected_fact_stays_out_of_every_later_build(graph: Path) -> None:
    fact = handle(graph, "Edward Lane", "Edward Lane convictedOf theft, asserted")
    result = decide(graph, "reject", fact)
    [line] = lines(graph)
    decision = told.parse(line)
    assert decision.kind == "reject" and decision.fact and decision.fact.subject == "Edward Lane" and decision.on == "2026-03-01"
    assert line in result.stdout and "the next kg build leaves the fact out" in result.stderr
    for _ in range(2):
        assert "1 decision of people: 1 obeyed" in build(graph).stdout
        assert not facts(graph, "--predicate", "convictedOf")
    assert kg("review", "reject", fact, *WHO, "-g", graph).exit_code == 2  # there is no such fact any more
    (graph.parent / "articles" / "charged.txt").unlink()
    (graph.parent / "articles" / "metadata.csv").unlink()
    result = build(graph)
    assert "not there" in result.stderr and line in result.stderr and lines(graph) == [line]


def test_a_corrected_and_an_accepted_fact(graph: Path) -> None:
    decide(graph, "accept", handle(graph, "Daniel Frost", "Daniel Frost accusedOf assault, alleged"))
    held = "Brian Holt headOf West Mercia Police, asserted"
    decide(graph, "correct", handle(graph, "Brian Holt", held), "--start", "2016", "--end", "none")
    build(graph)
    [fact] = [fact for fact in facts(graph, "--predicate", "headOf") if fact["subject"]["name"] == "Brian Holt"]
    assert (fact["start"], fact["end"], fact["confidence"]) == ("2016", None, 1.0)
    assert not [row for row in rows(graph) if "Daniel Frost accusedOf assault, alleged" in row["question"]]
    assert kg("validate", "-g", graph).exit_code == 0
    again = kg("review", "reject", handle(graph, "Brian Holt", held), *WHO, "-g", graph)
    assert again.exit_code == 2 and "contradict" in again.stderr  # a fact that was corrected cannot be rejected as well


def test_a_fact_goes_by_its_iri_as_well(graph: Path) -> None:
    fact = handle(graph, "Edward Lane", "Edward Lane convictedOf theft, asserted")
    iri = kg("query", "SELECT ?fact { ?fact kg:predicate kg:convictedOf }", "-g", graph, "--format", "csv").stdout.splitlines()[1]
    written = [decide(graph, "accept", name) and lines(graph) for name in (fact, iri, f"<{iri}>", f"assertion/{fact}")]
    assert iri.endswith(f"/assertion/{fact}") and all(some == written[0] for some in written)


def test_same_rename_and_different(graph: Path) -> None:
    decide(graph, "same", "Anna Wells", "Ruth Parr")
    decide(graph, "rename", "Carla Dean", "Carla Dean-Smith")
    build(graph)
    people = {json.loads(line)["name"] for line in kg("entities", "-g", graph, "--type", "Person", "--format", "jsonl").stdout.splitlines()}
    assert "Carla Dean-Smith" in people and not {"Anna Wells", "Ruth Parr"} <= people
    assert kg("review", "same", "Anna Wells", "Ruth Parr", *WHO, "-g", graph).exit_code == 2


def test_one_document_is_taken_out_of_a_person_and_stays_out(graph: Path) -> None:
    def ids() -> list[str]:
        found = kg("entities", "-g", graph, "--name", "Daniel Frost", "--format", "jsonl").stdout.splitlines()
        return sorted({json.loads(line)["id"] for line in found})

    if len(ids()) == 2:
        decide(graph, "same", *ids())
        build(graph)
    assert len(ids()) == 1
    refused = kg("review", "different", "Daniel Frost", "Daniel Frost", *WHO, "-g", graph)
    assert refused.exit_code == 2 and "give DOCUMENT:NAME" in refused.stderr
    (graph.parent / "decisions.txt").write_text("")
    decide(graph, "different", "charged:Daniel Frost", "cleared:Daniel Frost")
    build(graph)
    assert len(ids()) == 2
    shutil.rmtree(graph)
    build(graph)
    assert len(ids()) == 2


@pytest.mark.parametrize(("words", "said"), [
    (("same", "Anna Wells", "Essex Police"), "give two of one type"),
    (("same", "Anna Wells", "Nobody"), "no entity is called 'Nobody'"),
    (("different", "charged:Nobody", "Anna Wells"), "nothing goes by 'Nobody'"),
    (("reject", "charged/convictedOf-0"), "no fact has the handle"),
    (("rename", "Anna Wells", " "), "it should be a text"),
])
def test_what_is_not_there_is_not_decided_about(graph: Path, words: tuple[str, ...], said: str) -> None:
    result = kg("review", *words, *WHO, "-g", graph)
    assert result.exit_code == 2 and said in result.stderr
    assert not (graph.parent / "decisions.txt").exists()


def test_a_build_without_the_decisions_that_its_graph_obeyed_is_refused(graph: Path) -> None:
    decide(graph, "rename", "Carla Dean", "Carla Dean-Smith")
    build(graph)
    before = _bytes(graph)
    (graph.parent / "decisions.txt").rename(graph.parent / "elsewhere.txt")
    result = kg("build", graph.parent / "articles", "-g", graph)
    assert result.exit_code == 2 and "obeys 1 decision of people" in result.stderr and "--decisions FILE" in result.stderr
    assert _bytes(graph) == before
    assert kg("build", graph.parent / "articles", "-g", graph, "--decisions", graph.parent / "elsewhere.txt").exit_code == 0
    assert _bytes(graph) == before


def test_the_graph_may_be_given_before_or_after_the_way_to_settle(graph: Path) -> None:
    result = kg("review", "-g", graph, "rename", "Carla Dean", "Carla Dean-Smith", *WHO)
    assert result.exit_code == 0, result.output
    assert len(lines(graph)) == 1
    elsewhere = graph.parent / "elsewhere.txt"
    assert kg("review", "--decisions", elsewhere, "rename", "Anna Wells", "Anna W", "-g", graph, *WHO).exit_code == 0
    assert len(lines(graph)) == 1 and "Anna W" in elsewhere.read_text()


def test_a_bad_file_of_decisions_stops_the_build(graph: Path) -> None:
    (graph.parent / "decisions.txt").write_text("nonsense\n")
    result = kg("build", graph.parent / "articles", "-g", graph)
    assert result.exit_code == 2 and "decisions.txt: line 1: not JSON" in result.stderr


@pytest.mark.parametrize("name", ["same", "different", "rename", "reject", "accept", "correct"])
def test_every_way_to_settle_explains_itself_and_asks_who_and_why(graph: Path, name: str) -> None:
    shown = kg("review", name, "--help").stdout
    assert f"kg review {name} " in shown.split("Example")[1]
    for option, given in (("--by", WHO[2:]), ("--why", WHO[:2])):
        assert option in shown
        missing = kg("review", name, "a", *(("b",) if name in {"same", "different", "rename"} else ()), *given)
        assert missing.exit_code == 2 and f"Missing option '{option}'" in missing.stderr


def test_a_walk_asks_about_one_after_another_and_keeps_what_was_answered(graph: Path) -> None:
    result = kg("review", "--walk", "--by", "Eve Dunn", "-g", graph, stdin="r\nit was her brother\n\nq\n")
    assert result.exit_code == 0, result.output
    assert "1 of 3, doubtful: does the text say so? Daniel Frost accusedOf assault, alleged" in result.stdout
    assert "charged: PC Daniel Frost, of Essex Police, has been charged with assault." in result.stdout and "3 of 3" in result.stdout
    [decision] = map(told.parse, lines(graph))
    assert (decision.kind, decision.by, decision.why) == ("reject", "Eve Dunn", "it was her brother")
    assert decision.fact and decision.fact.subject == "Daniel Frost"
    assert kg("review", "--walk", "-g", graph).exit_code == 2  # whose answers?


# Forgetting


def holds(folder: Path, *names: str) -> list[Path]:
    """The files under a folder in which, in whatever case, a name stands, read as bytes; the store's as well."""
    return [path for path in folder.rglob("*") if path.is_file()
            and any(name.lower().encode() in path.read_bytes().lower() or name.lower() in path.name.lower() for name in names)]


def test_who_is_forgotten_is_in_no_byte_and_does_not_come_back(graph: Path) -> None:
    assert holds(graph, "Daniel Frost", "daniel-frost")
    result = kg("forget", "Daniel Frost", "--namesakes", *WHO, "-g", graph)
    assert result.exit_code == 0, result.output
    assert "4 facts gone from 2 documents, 4 of them also about somebody or something else" in result.stdout
    assert not holds(graph, "Daniel Frost", "daniel-frost", "Frost")
    assert "Frost" not in (graph.parent / "decisions.txt").read_text()
    assert (graph / "texts" / "cleared.txt").read_text().startswith("██████ █████, a constable at Essex Police, was cleared")
    assert facts(graph, "--document", "charged", "--predicate", "convictedOf")  # others keep theirs
    forgotten = _bytes(graph)
    build(graph)
    assert not holds(graph, "Daniel Frost", "daniel-frost", "Frost")
    assert _bytes(graph) == forgotten
    shutil.rmtree(graph)
    build(graph)
    assert _bytes(graph) == forgotten


def test_decisions_about_the_forgotten_go_and_others_stay(graph: Path) -> None:
    decide(graph, "accept", handle(graph, "Daniel Frost", "Daniel Frost accusedOf assault, alleged"))
    decide(graph, "rename", "Carla Dean", "Carla Dean-Smith")
    result = kg("forget", "Daniel Frost", "--namesakes", *WHO, "-g", graph)
    assert result.exit_code == 0 and "1 decision with the name taken out" in result.stdout
    assert [told.parse(line).kind for line in lines(graph)] == ["forget", "rename"]


def test_two_people_are_forgotten_one_after_the_other(graph: Path) -> None:
    for name in ("Daniel Frost", "Edward Lane"):
        assert kg("forget", name, "--namesakes", *WHO, "-g", graph).exit_code == 0
    assert not holds(graph, "Frost", "Lane,", "Edward Lane", "edward-lane")
    assert len({told.parse(line).hash.partition(":")[0] for line in lines(graph)}) == 1  # one salt, so that texts are searched once
    forgotten = _bytes(graph)
    build(graph)
    assert _bytes(graph) == forgotten


@pytest.mark.parametrize(("words", "said"), [
    (("Nobody Nowhere",), "no Person is called"),
    (("Essex Police",), "no Person is called"),
    (("Edward Lane", "--why", "Edward Lane asked"), "has the name in it"),
])
def test_what_cannot_be_forgotten_is_refused_and_changes_nothing(graph: Path, words: tuple[str, ...], said: str) -> None:
    before = _bytes(graph)
    result = kg("forget", *WHO, *words, "-g", graph)
    assert result.exit_code == 2 and said in result.stderr, result.output
    assert _bytes(graph) == before and not (graph.parent / "decisions.txt").exists()


def test_forgetting_needs_what_was_read(graph: Path) -> None:
    (graph / "readings" / "charged.json").write_text("{}")
    result = kg("forget", "Edward Lane", *WHO, "-g", graph)
    assert result.exit_code == 2 and "what was read of 'charged' is missing or damaged; build it again" in result.stderr
    assert not (graph.parent / "decisions.txt").exists()


# What is listed


def test_people_who_may_be_one_are_listed_with_what_tells_of_them() -> None:
    readings = [read("a", "P:Ngaire_Blackett memberOf F:Kent asserted", "P:Ngaire_Blackett accusedOf X:theft alleged"),
                read("b", "P:Ngaire_Blackett memberOf F:Kent asserted")]
    found = [replace(entity, members=(member,), id=f"{entity.id}-{member[0]}") for entity in join(*readings) for member in entity.members]
    people = [entity.id for entity in found if entity.type == "Person"]
    likeness = Likeness(*people, 0.6, ("the same rare name",), ("no age",))
    found = [replace(entity, possible=(likeness,) if entity.id == people[0] else ()) for entity in found]
    store = pyoxigraph.Store()
    store.bulk_load(graph_stage.serialise_nquads(graph_stage.build(readings, found, base_iri=BASE)), format=pyoxigraph.RdfFormat.N_QUADS)
    [item] = [item for item in reviewing.items(store, Minter(BASE), below=0.5) if item.kind == "possible match"]
    assert item.question == (f"is Ngaire Blackett <{BASE}{people[0]}> the same as Ngaire Blackett <{BASE}{people[1]}>? "
                             "score 0.6: the same rare name, against it no age")
    assert [(fact.predicate, fact.document) for fact in item.facts] == [("accusedOf", "a"), ("memberOf", "a"), ("memberOf", "b")]


def listed(*readings: Reading) -> list[tuple[str, str]]:
    store = pyoxigraph.Store()
    store.bulk_load(graph_stage.serialise_nquads(build_graph(*readings)), format=pyoxigraph.RdfFormat.N_QUADS)
    return [(item.kind, item.question) for item in reviewing.items(store, Minter(BASE), below=0.7)]


def test_the_gravest_comes_first() -> None:
    found = listed(
        read("a", "P:Jon_Bell convictedOf X:theft asserted", "P:Ann_Hart headOf F:Kent asserted 2020 2023-12-31",
             "P:Ann_Hart holdsRole chief_constable asserted", "P:Bell accusedOf X:fraud alleged", "P:Jon_Bell residesIn L:Dover asserted"),
        read("b", "P:Jon_Bell convictedOf X:theft denied", "P:Eve_Dunn headOf F:Kent asserted 2021 2024-12-31",
             "P:Eve_Dunn holdsRole chief_constable asserted", "P:Jon_Bell residesIn L:Dover denied"))
    assert found == [
        ("contradiction", "is it so that Jon Bell convictedOf theft, asserted, where b has it denied?"),
        ("two heads", "were Ann Hart and Eve Dunn both head of Kent at the same time?"),
        ("disagreement", "is it so that Jon Bell residesIn Dover, asserted, where b has it denied?"),
        ("unnamed", "who is 'Bell'?"),
    ]


def test_accused_and_then_cleared_is_a_story_and_nothing_to_settle() -> None:
    assert not listed(read("a", "P:Jon_Bell accusedOf X:theft alleged"), read("b", "P:Jon_Bell accusedOf X:theft denied"))

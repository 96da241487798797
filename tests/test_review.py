"""``kg review`` and ``kg forget`` from the command line: what is listed, what is written, and what the next build makes of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from test_cli import _bytes, articles, hand_read, kg

from kg import decisions as told

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


def test_a_bad_file_of_decisions_stops_the_build(graph: Path) -> None:
    (graph.parent / "decisions.txt").write_text("nonsense\n")
    result = kg("build", graph.parent / "articles", "-g", graph)
    assert result.exit_code == 2 and "decisions.txt: line 1: not JSON" in result.stderr


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

"""``kg explain merge``: why two names are one node or two, from the graph alone."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from click.testing import CliRunner
from graphs import BASE
from test_entities import REFERENCE
from test_joining import CONSTABLE, KENT, SERGEANT, told

from kg import graph
from kg.cli import cli
from kg.entities import resolve
from kg.errors import QueryError
from kg.explain import Explainer
from kg.model import Reading
from kg.query import ask, named_query

READINGS = (
    told("a", "Peter Blackett", KENT, CONSTABLE, "age 30", date="2015-01-01"),
    told("b", "Peter Blackett", KENT, SERGEANT, date="2019-01-01"),
    told("c", "Peter Blackett", date="2020-01-01"),
    told("d", "Peter Blackett", KENT, SERGEANT, "accusedOf Offence theft alleged", date="2019-06-01"),
    told("e", "Peter Blackett", "age 60", "residesIn Place Pontypool", date="2015-01-01"),
)
A, B = "person/peter-blackett.kent-police.constable", "person/peter-blackett.kent-police.sergeant"


def built(*readings: Reading) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    made = graph.build(readings, resolve(readings, REFERENCE), base_iri=BASE, reference=REFERENCE)
    store.bulk_load(graph.serialise_nquads(made), format=pyoxigraph.RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module")
def explainer() -> Explainer:
    return Explainer(built(*READINGS), BASE)


def text(explainer: Explainer, one: str, other: str) -> str:
    return "\n".join(explainer.merge(one, other))


@pytest.mark.parametrize(("one", "other"), [
    ("a:Peter Blackett", "b:peter blackett"), (A, B), (BASE + A, f"<{BASE}{B}>"), ("a:Peter Blackett", B)])
def test_one_node_is_explained_by_what_joined_it(explainer: Explainer, one: str, other: str) -> None:
    said = text(explainer, one, other)
    assert "is one node" in said and f"{A} and {B} were joined (score 0." in said
    assert "  + both belong to Kent Police" in said and "two nodes" not in said


def test_one_key_is_explained_by_itself(explainer: Explainer) -> None:
    assert f"leads to the key {A}" in text(explainer, "a:Peter Blackett", A)


def test_two_nodes_are_explained_by_what_speaks_for_and_against(explainer: Explainer) -> None:
    said = text(explainer, "b:Peter Blackett", "d:Peter Blackett")
    assert "are two nodes" in said and "is not enough to join them" in said
    assert "  + both belong to Kent Police" in said and "  - one record holds something against the person" in said
    bare = text(explainer, "b:Peter Blackett", "c:Peter Blackett")
    assert "two nodes" in bare and "Kent Police" not in bare


def test_what_cannot_be_one_is_said_with_the_reason(explainer: Explainer) -> None:
    assert "cannot be one: their ages do not fit one date of birth" in text(explainer, "a:Peter Blackett", "e:Peter Blackett")
    assert "different types" in text(explainer, A, "Kent Police")


def test_the_same_name_twice_compares_all_of_that_name(explainer: Explainer) -> None:
    assert text(explainer, "Peter Blackett", "Peter Blackett").count("are two nodes") == 6  # pairs of four nodes
    forces = Explainer(built(told("a", "X Y", KENT), told("b", "X Y", "memberOf PoliceForce Essex Police")), BASE)
    assert "A PoliceForce is known by its key" in text(forces, "Kent Police", "Essex Police")


@pytest.mark.parametrize("name", ["nobody", "a:nobody", "person/nobody", "<script>"])
def test_what_is_not_there_is_said(explainer: Explainer, name: str) -> None:
    with pytest.raises(QueryError, match="nobody|script"):
        text(explainer, name, A)


def test_the_explanation_agrees_with_the_build(explainer: Explainer) -> None:
    """The score that is worked out anew from the graph is the one that the build suggested."""
    suggestions = [likeness for entity in resolve(READINGS, REFERENCE) for likeness in entity.possible if likeness.score > 0.5]
    assert suggestions
    for likeness in suggestions:
        assert f"score {likeness.score:.4f}" in text(explainer, likeness.one, likeness.other)


def test_the_command_says_it_and_refuses_in_one_line(sample_dir: Path) -> None:
    def run(*words: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(cli, ["explain", "merge", *words, "-g", str(sample_dir)], prog_name="kg")
        return done.exit_code, done.stdout, done.stderr

    code, out, _ = run("Daniel Frost", "charged:PC Daniel Frost")
    assert code == 0 and "is one node" in out and "charged, cleared" in out
    code, out, _ = run("Daniel Frost", "Edward Lane")
    assert code == 0 and "cannot be one: the document charged tells them apart" in out
    code, out, error = run("Daniel Forst", "Edward Lane")
    assert code == 2 and not out and "did you mean 'Daniel Frost'" in error and error.count("\n") == 1


def test_possible_matches_are_asked_for_by_name() -> None:
    store = built(*READINGS)
    everything = [[str(cell) for cell in row] for row in ask(store, named_query("possible-matches"), {})]
    assert everything and len(everything) == sum(len(entity.possible) for entity in resolve(READINGS, REFERENCE))
    accused = f"{BASE}{B}.case"
    assert [row for row in everything if accused in row[5] or accused in row[6]] == [
        [str(cell) for cell in row] for row in ask(store, named_query("possible-matches"), {"entity": accused})]
    assert not list(store.query("SELECT * { ?x <http://www.w3.org/2002/07/owl#sameAs> ?y }"))


def test_bodies_are_linked_to_those_that_took_over() -> None:
    store = built(*(told(name, "Ngaire Blackett", f"memberOf OversightBody {name}") for name in ("IPCC", "IOPC", "HMIC", "HMICFRS")))
    found = list(store.query("SELECT ?old ?new { ?old <https://policing-kg.example/ontology#succeededBy> ?new }"))
    assert [(row["old"].value, row["new"].value) for row in found] == [
        (f"{BASE}oversight-body/independent-police-complaints-commission", f"{BASE}oversight-body/independent-office-for-police-conduct")]
    assert len(list(store.query("SELECT ?x { ?x a <https://policing-kg.example/ontology#OversightBody> }"))) == 3, "HMIC is HMICFRS renamed"

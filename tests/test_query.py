"""Named questions and free SPARQL: what they answer, what they refuse, and that nothing a user types becomes SPARQL."""

from __future__ import annotations

import csv
import io
import re
import shlex
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pyoxigraph
import pytest
from graphs import build, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.answers import as_csv, as_turtle, columns, csv_rows, table_rows
from kg.config import Config
from kg.errors import QueryError
from kg.graph import serialise_nquads
from kg.model import ENTITY_TYPES, STATUSES
from kg.query import ask, bind, find_entities, named_queries, named_query, parse_named_query, resolve, run
from kg.vocabulary import SKOS

QUESTIONS = named_queries()


def _rows(store: pyoxigraph.Store, name: str, **values: str) -> list[dict[str, str | None]]:
    solutions = ask(store, named_query(name), values)
    names = columns(solutions)
    return [dict(zip(names, row, strict=True)) for row in csv_rows(solutions)]


# --- the named questions ---------------------------------------------------------------------------------------------


def test_there_are_enough_of_them() -> None:
    assert len(QUESTIONS) >= 16


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_is_plain_sparql_that_answers_for_everything(store: pyoxigraph.Store, name: str) -> None:
    list(run(store, QUESTIONS[name].text))


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_runs_with_each_parameter(store: pyoxigraph.Store, name: str) -> None:
    samples = {"date": "2022-01-01", "text": "e", "status": "alleged", "Entity": "Essex Police"}
    named = {"Person": "Edward Lane", "PoliceForce": "Essex Police", "Review": '=HYPERLINK("http://x") Review', "OversightBody": "IOPC"}
    question = QUESTIONS[name]
    values = {}
    for parameter in question.parameters:
        kind = next(kind for kind in (*parameter.kinds, "Entity") if kind in samples or kind in named)
        values[parameter.name] = (samples | named)[kind]
        if all(p.name in values for p in question.parameters if p.required):
            list(ask(store, question, values))


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_row_bears_status_document_and_sentence(store: pyoxigraph.Store, name: str) -> None:
    if name in {"documents-about", "possible-matches"}:  # counts, and what people should decide: not facts
        return
    names = columns(run(store, QUESTIONS[name].text))
    assert {"status", "document", "sentence"} <= set(names)


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_example_is_a_call_of_it(name: str) -> None:
    words = shlex.split(QUESTIONS[name].example)
    known = {f"--{parameter.name}" for parameter in QUESTIONS[name].parameters}
    assert words[:3] == ["kg", "query", name]
    assert {word for word in words[3:] if word.startswith("--")} <= known
    assert {f"--{p.name}" for p in QUESTIONS[name].parameters if p.required} <= set(words)


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_parameter_hides_an_option(name: str) -> None:
    assert not {p.name for p in QUESTIONS[name].parameters} & {"graph", "format", "list", "file", "help"}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_answer_is_the_same_every_time(store: pyoxigraph.Store, name: str) -> None:
    answers = [as_csv((), csv_rows(run(store, QUESTIONS[name].text))) for _ in range(3)]
    assert len(set(answers)) == 1


@pytest.fixture(scope="module")
def many(store: pyoxigraph.Store) -> pyoxigraph.Store:
    """The sample's graph 48 times over, each time with things of its own."""
    lines = bytes(pyoxigraph.serialize(store, format=pyoxigraph.RdfFormat.N_QUADS))
    things = re.compile(re.escape(Config().base_iri.encode()) + rb"(\w+)/")
    large = pyoxigraph.Store()
    for number in range(48):
        large.load(things.sub(rb"\g<0>%d-" % number, lines), format=pyoxigraph.RdfFormat.N_QUADS)
    return large


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_answer_takes_time_that_grows_with_the_square(many: pyoxigraph.Store, name: str) -> None:
    began = time.process_time()
    found = sum(1 for _ in run(many, QUESTIONS[name].text))
    assert time.process_time() - began < 0.5  # in proportion it is under 0.05; with the square, seconds
    assert found == 0 or found >= 48


def test_who_led_on_a_day(store: pyoxigraph.Store) -> None:
    def heads(day: str) -> list[tuple[str | None, str | None]]:
        return [(row["name"], row["certainty"]) for row in _rows(store, "who-led", force="west mercia police", on=day)]

    assert heads("2022-01-01") == [("Anna Wells", "certain")]
    assert heads("2021-09-15") == [("Anna Wells", "possible")]  # it may have begun later that month
    assert heads("2021-08-31") == [("Brian Holt", "possible")]
    assert heads("2021-09-01") == [("Anna Wells", "possible")]
    assert heads("2023-01-01") == [("Anna Wells", "possible")]  # after the document was written


def test_a_nominee_does_not_lead(store: pyoxigraph.Store) -> None:
    assert _rows(store, "who-led", force="Essex Police") == []
    assert [row["name"] for row in _rows(store, "nominated")] == ["Carla Dean"]


def test_undecided_leaves_out_the_cleared_and_the_convicted(store: pyoxigraph.Store) -> None:
    assert _rows(store, "undecided-allegations") == []


def test_an_allegation_is_undecided_until_a_document_decides_it(store: pyoxigraph.Store) -> None:
    other = pyoxigraph.Store()
    other.extend(quad for quad in store if "cleared" not in str(quad))
    assert [(row["name"], row["status"]) for row in _rows(other, "undecided-allegations")] == [("Daniel Frost", "alleged")]


def test_outcomes_of_charges(store: pyoxigraph.Store) -> None:
    outcomes = {(row["name"], row["status"], row["outcome"]) for row in _rows(store, "officers-charged", force="Essex Police")}
    frost, lane = "Daniel Frost", "Edward Lane"
    assert outcomes == {(frost, "alleged", "cleared"), (frost, "denied", "cleared"), (lane, "alleged", "found proved")}


@pytest.mark.parametrize(("words", "outcome"), [
    ("Jon Bell was cleared of theft.", "cleared"), ("Jurors took an hour to clear Jon Bell of theft.", "cleared"),
    ("Jon Bell was found not guilty of theft.", "cleared"), ("The allegation of theft was not proved.", "cleared"),
    ("The charge of theft against Jon Bell was dropped.", "ended without a finding"),
    ("Prosecutors decided that Jon Bell should not be charged with theft.", "ended without a finding"),
    ("Jon Bell was released without charge over the theft.", "ended without a finding"),
    ("Jon Bell is not accused of theft.", "denied"), ("Jon Bell has pleaded not guilty to theft.", "denied"),
    ("It is clear that Jon Bell had no part in the theft.", "denied"),
])
def test_only_who_was_cleared_is_cleared(words: str, outcome: str) -> None:
    told = read("b", "P:Jon_Bell accusedOf X:theft denied", text=words)
    told = replace(told, facts=tuple(replace(fact, evidence=(0, len(words))) for fact in told.facts))
    found = pyoxigraph.Store()
    found.bulk_load(serialise_nquads(build(read("a", "P:Jon_Bell memberOf F:Kent asserted"), told)), format=pyoxigraph.RdfFormat.N_QUADS)
    assert [(row["outcome"], row["status"]) for row in _rows(found, "officers-charged")] == [(outcome, "denied")]


def test_only_the_convicted_are_convicted(store: pyoxigraph.Store) -> None:
    [row] = _rows(store, "convictions")
    assert (row["name"], row["offence"], row["sentenced_to"]) == ("Edward Lane", "theft", "12 months")
    assert [row["name"] for row in _rows(store, "cleared")] == ["Daniel Frost"]


def test_contradictions_show_both_sentences(store: pyoxigraph.Store) -> None:
    [row] = _rows(store, "contradictions")
    assert (row["subject"], row["object"], row["document"], row["other_document"]) == ("Daniel Frost", "assault", "charged", "cleared")
    assert (row["kind"], row["status"], row["against"]) == ("denied", "alleged", "denied")
    assert "charged with assault" in str(row["sentence"]) and "cleared of assault" in str(row["other_sentence"])


def test_one_source_leaves_out_what_two_documents_say(store: pyoxigraph.Store) -> None:
    found = {(row["subject"], row["predicate"]) for row in _rows(store, "one-source")}
    assert ("Edward Lane", "memberOf") in found
    assert ("Daniel Frost", "memberOf") not in found


def test_one_source_counts_near_copies_once() -> None:
    rows = ("P:Jon memberOf F:Kent asserted",)
    asked = named_query("one-source")
    for copies, expected in (((), []), ([("a", "b")], ["a", "b"]), ([("b", "c")], [])):
        store = pyoxigraph.Store()
        built = build(read("a", *rows), read("b", *rows), *([read("c", *rows)] if ("b", "c") in copies else []), copies=copies)
        store.bulk_load(serialise_nquads(built), format=pyoxigraph.RdfFormat.N_QUADS)
        found = run(store, bind(asked, resolve(store, asked, {})))
        assert [row["document"].value for row in found] == expected


def test_a_review_with_lead_and_findings(store: pyoxigraph.Store) -> None:
    aspects = {row["aspect"]: row["what"] for row in _rows(store, "reviews-of", force="West Mercia Police")}
    assert aspects == {"examines": "West Mercia Police", "ledBy": "Ruth Parr", "finds": "poor supervision"}


def test_about_takes_either_side(store: pyoxigraph.Store) -> None:
    assert {row["subject"] for row in _rows(store, "about", entity="IOPC")} == {"Edward Lane"}
    assert {row["status"] for row in _rows(store, "about", entity="Daniel Frost", **{"on-status": "denied"})} == {"denied"}


def test_text_is_looked_for_whatever_its_case(store: pyoxigraph.Store) -> None:
    assert len(_rows(store, "what-said", who="anna wells", about="EVERY VICTIM")) == 1
    assert _rows(store, "what-said", about="nothing of the kind") == []


# --- parameters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["West Mercia Police", "the WEST  mercia police", "<https://policing-kg.example/id/force/west-mercia>"])
def test_an_entity_by_any_of_its_names(store: pyoxigraph.Store, name: str) -> None:
    assert [match.iri for match in find_entities(store, name)] == [Config().base_iri + "force/west-mercia"]


def test_a_name_of_several(store: pyoxigraph.Store) -> None:
    other = pyoxigraph.Store()
    other.extend(store)
    holt, also_called = pyoxigraph.NamedNode(Config().base_iri + "person/brian-holt"), pyoxigraph.NamedNode(SKOS("altLabel"))
    other.add(pyoxigraph.Quad(holt, also_called, pyoxigraph.Literal("Anna Wells")))
    assert len(find_entities(other, "Anna Wells")) == 2
    assert {row["name"] for row in _rows(other, "posts-of", person="Anna Wells")} == {"Anna Wells", "Brian Holt"}


def test_an_unknown_name_gets_suggestions(store: pyoxigraph.Store) -> None:
    with pytest.raises(QueryError, match="no PoliceForce is called 'West Mercya Police' in this graph; did you mean 'West Mercia Police'"):
        ask(store, named_query("officers-charged"), {"force": "West Mercya Police"})


@pytest.mark.parametrize(("values", "said"), [
    ({}, "posts-of needs --person"),
    ({"person": "Edward Lane", "day": "x"}, "no parameter --day; it takes --person"),
])
def test_wrong_parameters(store: pyoxigraph.Store, values: dict[str, str], said: str) -> None:
    with pytest.raises(QueryError, match=said):
        ask(store, named_query("posts-of"), values)


@pytest.mark.parametrize("day", ["2022", "2022-1-1", "2022-02-30", "yesterday", "2022-01-01T00:00:00", "", "２０２２-01-01", "0000-01-01"])
def test_a_day_is_a_day(store: pyoxigraph.Store, day: str) -> None:
    with pytest.raises(QueryError, match="written like 2022-01-31"):
        ask(store, named_query("who-led"), {"on": day})


def test_a_status_is_one_of_the_five(store: pyoxigraph.Store) -> None:
    with pytest.raises(QueryError, match="should be one of asserted, alleged"):
        ask(store, named_query("about"), {"entity": "IOPC", "on-status": "true"})


def test_an_unknown_question_gets_suggestions() -> None:
    with pytest.raises(QueryError, match="did you mean 'who-led'"):
        named_query("who-leads")


@pytest.mark.parametrize("text", [
    "SELECT * {}", "# Said.\nSELECT * {}", "# Said.\n# param x: Nothing - y\n# example: kg query x\n# {parameters}",
    "# Said.\n# param x: date - y\n# example: kg query x\nSELECT * {}", "# Said.\n# param x\n# example: kg query x\n# {parameters}",
])
def test_a_malformed_head_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match=r"x\.rq"):
        parse_named_query("x", text)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60) | st.sampled_from(['" } #', "\\", "' } INSERT", "?about } }", '"""', "\u0000", "\\u0022 }", "# {parameters}"]))
def test_no_text_becomes_sparql(store: pyoxigraph.Store, text: str) -> None:
    sparql = bind(named_query("what-said"), {"about": (pyoxigraph.Literal(text),)})
    found = {row["words"] for row in _rows(store, "what-said", about=text)}
    assert found <= {"=We will listen to every victim,"}
    assert (found != set()) == (text.lower() in "=we will listen to every victim, she succeeded brian holt, who retired.")
    assert columns(run(store, sparql)) == ["name", "words", "status", "document", "sentence", "id"]


# --- free SPARQL -----------------------------------------------------------------------------------------------------


def test_prefixes_are_known(store: pyoxigraph.Store) -> None:
    assert bool(run(store, "ASK { ?who kg:headOf ?force ; rdfs:label ?name . ?fact kg:status status:asserted }"))


@pytest.mark.parametrize(("sparql", "said"), [
    ("SELECT * WHERE {\n  ?s ?p }", "line 2, column 10, at its end"),
    ("SELECT ?s WERE { ?s ?p ?o }", "line 1, column 16, at '{ "),
    ("SELECT * { ?s nope:x ?o }", "unknown prefix before this place; known without PREFIX are .*kg"),
    ("", "line 1, column 1"),
])
def test_a_syntax_error_is_one_line_with_its_place(store: pyoxigraph.Store, sparql: str, said: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        run(store, sparql)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 320


@pytest.mark.parametrize("sparql", [
    "INSERT DATA { <a:a> <a:a> <a:a> }", "delete where { ?s ?p ?o }", "PREFIX a: <b:>\n# c\nDELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "LOAD <http://127.0.0.1/x>", "CLEAR ALL", "DROP DEFAULT", "WITH <a:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
])
def test_updates_are_refused(store: pyoxigraph.Store, sparql: str) -> None:
    before = len(store)
    with pytest.raises(QueryError, match="updates are refused"):
        run(store, sparql)
    assert len(store) == before


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """A local server that notes who calls it."""
    calls: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_error(404)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/s", calls
    server.shutdown()


SERVICES = (
    "SELECT * { SERVICE <@> { ?s ?p ?o } }",
    "SELECT * { service silent <@> { ?s ?p ?o } }",
    "SELECT * {SERVICE<@>{?s ?p ?o}}",
    "SELECT * { SERVICE # gap {\n SILENT # gap\n <@> # gap\n { ?s ?p ?o } }",
    "PREFIX e: <@> SELECT * { SERVICE e: { ?s ?p ?o } }",
    "PREFIX e: <@> SELECT * { SERVICE e:#gap of words\n { ?s ?p ?o } }",
    "SELECT * { VALUES ?x { <@> } SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { VALUES ?service { <@> } SERVICE ?service { ?s ?p ?o } }",
    "SELECT * { BIND(<@> AS ?x) SERVICE SILENT ?x{ ?s ?p ?o } }",
    "SELECT * { FILTER(\"a\"<'>' ) SERVICE <@> { ?s ?p ?o } FILTER('a' < 'b') }",
    "SELECT * { ?a ?b 5 SERVICE <@> { ?s ?p ?o } }",
    "SELECT * { { SELECT * { ?a ?b true . SERVICE <@> { ?s ?p ?o } } LIMIT 1 } }",
    "ASK { FILTER EXISTS { SERVICE <@> { ?s ?p ?o } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <@> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <@> { ?s ?p ?o } }",
    "BASE <@> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "BASE <@> SELECT * { SERVICE <#?{> { ?s ?p ?o } }",
)


@pytest.mark.parametrize("sparql", SERVICES)
def test_nothing_leaves_the_machine(store: pyoxigraph.Store, listener: tuple[str, list[str]], sparql: str) -> None:
    address, calls = listener
    with pytest.raises(QueryError, match="SERVICE is refused|SPARQL, line"):
        list(run(store, sparql.replace("@", address)))
    assert not calls


def test_the_listener_would_hear_a_query_that_leaves(store: pyoxigraph.Store, listener: tuple[str, list[str]]) -> None:
    address, calls = listener
    list(store.query(f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}"))
    assert calls.pop() and not calls


@pytest.mark.parametrize("sparql", [
    'SELECT * { ?s rdfs:label "Police Service of Northern Ireland" }',
    "SELECT ?service { ?service rdfs:label ?x }",
    "SELECT ?service WHERE { ?service a <http://x/police-service> . # the SERVICE\n }",
    "SELECT ?police_service ?x { ?police_service rdfs:label ?x }",
    "PREFIX service: <http://x/> SELECT * { ?s service:x ?o }",
    "SELECT * { GRAPH ?service { ?s ?p ?o } }",
    "# INSERT is not asked here\nSELECT * { ?insert ?delete ?load }",
])
def test_harmless_queries_are_run(store: pyoxigraph.Store, sparql: str) -> None:
    list(run(store, sparql))


def test_no_graph_is_fetched(store: pyoxigraph.Store, listener: tuple[str, list[str]]) -> None:
    address, calls = listener
    assert list(run(store, f"SELECT * FROM <{address}> {{ ?s ?p ?o }}")) == []
    assert not calls


# --- how answers are written -----------------------------------------------------------------------------------------


def test_table_cells_are_short(store: pyoxigraph.Store) -> None:
    solutions = run(store, "SELECT ?who ?p ?n ?gap { ?who ?p ?n FILTER(?p = kg:headOf) }")
    assert sorted(table_rows(solutions, Config().base_iri)) == [["person/anna-wells", "kg:headOf", "force/west-mercia", ""],
                                                                ["person/brian-holt", "kg:headOf", "force/west-mercia", ""]]


@given(st.lists(st.one_of(st.text(), st.sampled_from(["=1+1", "+x", "-x", "@x", "\tx", " =x", "＝x"])), min_size=1, max_size=4))
def test_csv_comes_back_and_is_no_formula(cells: list[str]) -> None:
    text = as_csv(["c"] * len(cells), [cells])
    back = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert len(back) == len(cells)
    for cell, shown in zip(cells, back, strict=True):
        assert shown in (cell, "'" + cell)
        assert not shown.lstrip().startswith(("=", "@")) and not shown.startswith(("\t", "\r"))


def test_numbers_stay_numbers() -> None:
    assert as_csv(["n"], [[-5], ["-5.5"], ["+1e3"], ["-5 degrees"]]) == "n\r\n-5\r\n-5.5\r\n+1e3\r\n'-5 degrees\r\n"


def test_turtle_is_the_same_every_time(store: pyoxigraph.Store) -> None:
    texts = {as_turtle(run(store, "CONSTRUCT { ?s kg:headOf ?o } WHERE { ?s kg:headOf ?o }")) for _ in range(5)}
    assert len(texts) == 1
    assert len(list(pyoxigraph.parse(texts.pop(), format=pyoxigraph.RdfFormat.TURTLE))) == 2


def test_kinds_of_parameters_are_known() -> None:
    kinds = {kind for question in QUESTIONS.values() for parameter in question.parameters for kind in parameter.kinds}
    assert kinds <= {*ENTITY_TYPES, "date", "text", "status"} and len(STATUSES) == 5

"""The graph in other stores: what arrives, what is replaced, how a push that broke off goes on, and that answers stay the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest
from conftest import sample_entities, sample_readings, write_sample
from graphs import join, read
from hypothesis import given, settings
from hypothesis import strategies as st
from servers import PASSWORD, USER, Addresses, SmallServer, small_server, virtuoso
from test_unnamed import spoken

from kg import graph
from kg import push as pushing
from kg.answers import as_csv, as_results, columns, csv_rows
from kg.config import Config
from kg.decisions import Decision, Trace
from kg.errors import GraphFolderError, InputError, KgError, RemoteError
from kg.folder import GraphFolder, replacing
from kg.model import Likeness, Reading
from kg.push import Pushed, named_graphs, push, state_file
from kg.query import ask, named_queries, run
from kg.reference import Reference
from kg.remote import Endpoint, RemoteStore
from kg.store import memory_store
from kg.vocabulary import RDFS, encodable

QUESTIONS = named_queries()
BASE = Config().base_iri
VALUES = {"date": "2023-02-01", "text": "e", "status": "alleged", "Person": "Edward Lane", "PoliceForce": "Essex Police",
          "Review": '=HYPERLINK("http://x") Review', "OversightBody": "IOPC", "Organisation": "Essex Police"}


def _story() -> list[Reading]:
    """The sample and what it has not: a rival, posts, a plan, an acquittal, charges that stay open, a namesake, a day nobody knows."""
    post = "holdsRole chief_constable asserted"
    return [
        *sample_readings(),
        read("acquitted", "P:Edward_Lane accusedOf X:theft denied 2023-06-01", "P:Edward_Lane memberOf F:Essex_Police asserted",
             "P:Edward_Lane resignedFrom F:Essex_Police asserted 2023-07", date="2023-06-02"),
        read("moved", "P:Edward_Lane accusedOf X:fraud alleged 2022-12-01", "P:Edward_Lane headOf F:Essex_Police asserted 2022-01",
             f"P:Edward_Lane {post}", "P:Gil_Fox commissionerFor F:Essex_Police asserted", date="2022-12-24"),
        read("rival", "P:Eve_Dunn headOf F:Essex_Police asserted 2022-06", f"P:Eve_Dunn {post}", "P:Eve_Dunn accusedOf X:assault alleged",
             "F:Essex_Police participatesIn G:Operation_Yew asserted", "R:Hart_Inquiry examines F:Essex_Police asserted",
             "R:Hart_Inquiry finds people_were_let_down asserted", "P:Edward_Lane said It_is_over asserted", date="2022-12-24"),
        read("undated", "P:Eve_Dunn accusedOf X:fraud alleged", "P:Edward_Lane accusedOf X:assault denied"),
        spoken(date="2022-01-01", name="unnamed"),
    ]


def _write_story(path: Path) -> Path:
    """A graph folder with the story, where people may be one, two documents are copies, and somebody has decided something."""
    readings = _story()
    doubt = Likeness("person/edward-lane", "person/eve-dunn", 0.25, ("z: the force", "a: the post"), ("one name", "another name"))
    further = Likeness("person/edward-lane", "person/gil-fox", 0.5, ("b: the force", "c: the post"))
    entities = [replace(entity, possible=(doubt, further)) if entity.id == "person/edward-lane" else entity for entity in join(*readings)]
    entities = [replace(entity, names=(*entity.names, "IOPC")) if entity.type == "OversightBody" else entity for entity in entities]
    decided = Trace(Decision("rename", "Ann Hart", "2024-01-02", "her own CV", ("Eve Dunn",), to=(("name", "Eve Dunn"),)),
                    ("person/eve-dunn",), ("rival",))
    return _write(path, graph.build(readings, entities, base_iri=BASE, reference=Reference.load(), copies=[("moved", "rival")],
                                    traces=[decided]))


@pytest.fixture
def server() -> Iterator[SmallServer]:
    with small_server() as running:
        yield running


@pytest.fixture(scope="session")
def logins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("logins") / "netrc"
    path.write_text(f"machine 127.0.0.1 login {USER} password {PASSWORD}\n")
    return path


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as running:
        yield running


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph folder that every question finds something in."""
    return _write_story(tmp_path_factory.mktemp("story") / "graph")


@pytest.fixture(scope="session")
def loaded(real: Addresses, story: Path, logins: Path) -> Addresses:
    """A Virtuoso with the story's graph."""
    with Endpoint(real.update, logins=logins) as endpoint:
        push(GraphFolder(story), endpoint)
    return real


@pytest.fixture(scope="session")
def told(story: Path) -> pyoxigraph.Store:
    """The story's graph in memory."""
    return memory_store(GraphFolder(story).nquads)


def _push(folder: Path, url: str, **options: object) -> Pushed:
    with Endpoint(url, timeout=0.5) as endpoint:
        return push(GraphFolder(folder), endpoint, **options)


def _triples(quads: object) -> list[str]:
    return sorted(str(quad.triple) for quad in quads if "/ontology" not in str(quad.graph_name))


def _write(path: Path, built: graph.Graph) -> Path:
    with replacing(path) as folder:
        folder.nquads.write_bytes(graph.serialise_nquads(built))
        folder.write_manifest({"config": Config().as_dict(), "documents": []})
    return path


# --- what is sent ----------------------------------------------------------------------------------------------------


def test_each_triple_stands_in_one_graph(sample_dir: Path) -> None:
    graphs = named_graphs(GraphFolder(sample_dir))
    ontology, shared, *documents = graphs
    assert ontology == "https://policing-kg.example/ontology" and len(graphs[ontology]) > 500
    assert shared == BASE + "graph/shared"
    assert documents == [f"{BASE}graph/document/{name}" for name in ("appointed", "charged", "cleared")]
    lines = [line + " ." for name, some in graphs.items() if name != ontology for line in some]
    assert sorted(lines) == (sample_dir / "graph.nq").read_text().splitlines()


def test_a_documents_graph_holds_all_and_only_what_is_its_own(sample_dir: Path) -> None:
    found = named_graphs(GraphFolder(sample_dir))
    for name in ("appointed", "charged", "cleared"):
        lines = found[f"{BASE}graph/document/{name}"]
        assert {line.split(" ")[0].split("/")[5].rstrip(">") for line in lines} == {name}
    assert not [line for line in found[BASE + "graph/shared"] if "oa#exact" in line or "ontology#Assertion>" in line]


def test_what_rests_on_several_documents_is_shared(story: Path) -> None:
    graphs = named_graphs(GraphFolder(story))
    shared = {tuple(line.split(" ")[0][len(BASE) + 1:-1].split("/")[:2]) for line in graphs[BASE + "graph/shared"]}
    assert {kind for kind, *_ in shared} >= {"person", "holding", "possible-match", "copies", "decision", "editor"}
    documents = {name.rpartition("/")[2] for name in graphs}
    named_after_one = {kind for kind, *rest in shared if documents.intersection(rest)}
    assert named_after_one == {"copies", "probable-holder"}  # after their first; after the one that leaves open who that is


@pytest.mark.parametrize("protocol", ["update", "graph-store"])
@pytest.mark.parametrize("batch", [1, 7, 100_000])
def test_everything_arrives(server: SmallServer, graph_dir: Path, protocol: str, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "BATCH", batch)
    if batch == 1:  # a request a triple: the ontology would take too long
        monkeypatch.setattr(pushing, "_ontology", lambda: [])
    done = _push(graph_dir, getattr(server.addresses, protocol.replace("-", "_")), protocol=protocol)
    assert (done.sent, done.removed, done.kept) == (5, 0, 0)
    assert _triples(server.store) == _triples(memory_store(GraphFolder(graph_dir).nquads))


@pytest.mark.parametrize("protocol", ["update", "graph-store"])
def test_only_what_changed_is_sent_again(server: SmallServer, graph_dir: Path, protocol: str) -> None:
    url = getattr(server.addresses, protocol.replace("-", "_"))
    _push(graph_dir, url, protocol=protocol)
    assert _push(graph_dir, url, protocol=protocol) == Pushed(0, 0, 5, 0)

    readings = [reading for reading in sample_readings() if reading.document.id != "cleared"]
    entities = [entity for entity in sample_entities() if any(name != "cleared" for name, _ in entity.members)]
    _write(graph_dir, graph.build(readings, entities, base_iri=BASE))
    done = _push(graph_dir, url, protocol=protocol)
    assert (done.sent, done.removed, done.kept) == (1, 1, 3)  # what documents share has changed, one document is gone
    assert _triples(server.store) == _triples(memory_store(GraphFolder(graph_dir).nquads))
    assert f"{BASE}graph/document/cleared" not in json.loads(state_file(GraphFolder(graph_dir)).read_text())[url]

    assert _push(graph_dir, url, protocol=protocol, again=True).sent == 4


# --- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fault", "said"), [
    ("die", "the connection broke"), ("sleep", "no answer within 0.5 seconds; allow more with --timeout"),
    ("500 the disk is full", r"refused \(500 Internal Server Error\): the disk is full"),
    ("401 who are you", r"who are you; a login for this host, if it wants one, goes into a netrc file"),
    ("405 ", r"refused \(405 Method Not Allowed\)"),
    ("301 ", "it is at http://elsewhere.example/; give that address"),
])
def test_a_push_that_breaks_off_goes_on_where_it_was(server: SmallServer, graph_dir: Path, fault: str, said: str,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "BATCH", 100)  # each graph is a group of its own, of several requests
    url = server.addresses.update
    requests = -(-len(pushing._ontology()) // 100)
    server.faults = [*[None] * (requests + 1), fault]
    with pytest.raises(RemoteError, match=said) as raised:
        _push(graph_dir, url)
    assert "1 of 5 named graphs are there whole" in str(raised.value) and "goes on from there" in str(raised.value)
    state = json.loads(state_file(GraphFolder(graph_dir)).read_text())[url]
    assert [name for name, arrived in state.items() if arrived] == ["https://policing-kg.example/ontology"]
    assert _push(graph_dir, url).kept == 1
    assert _triples(server.store) == _triples(memory_store(GraphFolder(graph_dir).nquads))


def test_what_was_to_be_sent_again_counts_as_not_there(server: SmallServer, graph_dir: Path) -> None:
    url = server.addresses.update
    _push(graph_dir, url)
    server.store.clear()  # what arrived is lost, which nobody can know from here
    server.faults = ["die"]
    with pytest.raises(RemoteError, match="0 of 5 named graphs.* the same command without --again goes on"):
        _push(graph_dir, url, again=True)
    assert _push(graph_dir, url).sent == 5
    assert _triples(server.store) == _triples(memory_store(GraphFolder(graph_dir).nquads))


def test_what_could_not_be_taken_away_is_taken_away_later(server: SmallServer, graph_dir: Path) -> None:
    url = server.addresses.update
    _push(graph_dir, url)
    readings = [reading for reading in sample_readings() if reading.document.id != "cleared"]
    _write(graph_dir, graph.build(readings, sample_entities(), base_iri=BASE))
    server.faults = ["die"]
    with pytest.raises(RemoteError, match="3 of 4 named graphs are there whole"):
        _push(graph_dir, url)
    assert _push(graph_dir, url).removed == 1
    assert _triples(server.store) == _triples(memory_store(GraphFolder(graph_dir).nquads))


def test_a_damaged_state_file(server: SmallServer, graph_dir: Path) -> None:
    for content in ("{", "[]", '{"a": 1}', '{"a": {"b": 1}}'):
        state_file(GraphFolder(graph_dir)).write_text(content)
        with pytest.raises(GraphFolderError, match=r"graph.pushed.json: cannot be read .*delete it to send everything again"):
            _push(graph_dir, server.addresses.update)
    assert not server.requests


@pytest.mark.parametrize(("url", "said"), [
    ("localhost:8890", "is no address of a server"), ("file:///etc/passwd", "is no address"), ("http://", "is no address"),
    ("http://x:99999/", "is no address"), ("http://ann:secret@x.example/", "should hold no login"),
])
def test_a_wrong_address(url: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as raised:
        Endpoint(url)
    assert "secret" not in str(raised.value)


def test_a_wrong_netrc(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Endpoint("http://localhost/", logins=tmp_path / "none")
    (tmp_path / "netrc").write_text("wrong\n")
    with pytest.raises(InputError, match=r"netrc: line \d+: .*it should read: machine HOST login"):
        Endpoint("http://localhost/", logins=tmp_path / "netrc")


def test_a_server_that_is_not_there(graph_dir: Path) -> None:
    with pytest.raises(RemoteError, match=r"cannot be reached .*; 0 of 5 named graphs"):
        _push(graph_dir, "http://127.0.0.1:9/update")


def test_no_password_goes_where_it_was_not_asked_for(server: SmallServer, logins: Path, graph_dir: Path) -> None:
    server.faults = ["301 "]
    with Endpoint(server.addresses.update, logins=logins) as endpoint, pytest.raises(RemoteError):
        push(GraphFolder(graph_dir), endpoint)
    assert len(server.requests) == 1


# --- questions -------------------------------------------------------------------------------------------------------


@pytest.fixture
def remote(server: SmallServer, graph_dir: Path) -> Iterator[RemoteStore]:
    _push(graph_dir, server.addresses.update)
    with Endpoint(server.addresses.query, timeout=0.5) as endpoint:
        yield RemoteStore(endpoint)


def _answers(store: object, name: str) -> list[str]:
    """What a question answers without values, with each of its parameters, and with all."""
    question = QUESTIONS[name]
    sets: list[dict[str, str]] = [{}] if not any(p.required for p in question.parameters) else []
    given = {p.name: next(VALUES[kind] for kind in p.kinds if kind in VALUES) for p in question.parameters}
    sets += [{k: v for k, v in given.items() if k == p.name or next(q for q in question.parameters if q.name == k).required}
             for p in question.parameters]
    sets += [given] if len(given) > 1 else []
    answers = [run(store, question.text), *(ask(store, question, values) for values in sets)]
    return [as_csv(columns(answer), csv_rows(answer)) for answer in answers]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_server_of_our_own_answers_as_the_folder_does(remote: RemoteStore, store: pyoxigraph.Store, name: str) -> None:
    assert _answers(remote, name) == _answers(store, name)


def test_free_sparql_of_every_form(remote: RemoteStore, store: pyoxigraph.Store) -> None:
    for sparql in ("SELECT * { ?x a kg:PoliceForce ; rdfs:label ?name } ORDER BY ?name", "ASK { ?x kg:headOf ?y }"):
        assert as_results(run(remote, sparql), "json") == as_results(run(store, sparql), "json")
    answer = run(remote, "CONSTRUCT { ?x rdfs:label ?name } WHERE { ?x a kg:PoliceForce ; rdfs:label ?name }")
    assert isinstance(answer, pyoxigraph.QueryTriples) and len(list(answer)) == 2


@pytest.mark.parametrize(("sparql", "said"), [
    ("SELECT * { ?x", "SPARQL, line 1"), ("INSERT DATA { <a:a> <a:b> 1 }", "updates are refused"),
    ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "SERVICE is refused"),
])
def test_what_is_wrong_or_forbidden_is_never_sent(remote: RemoteStore, server: SmallServer, sparql: str, said: str) -> None:
    before = len(server.requests)
    with pytest.raises(KgError, match=said):
        run(remote, sparql)
    assert len(server.requests) == before


@pytest.mark.parametrize(("fault", "said"), [
    ("die", "the connection broke"), ("sleep", "no answer within 0.5 seconds"), ("503 busy", "refused .503 Service Unavailable.: busy"),
    ("200 <html>", "no SPARQL result in JSON"), ("partial", r"only a part of the answer \(X-SPARQL-MaxRows: 1\)"),
])
def test_a_server_that_fails_a_question(remote: RemoteStore, server: SmallServer, fault: str, said: str) -> None:
    server.faults = [fault]
    with pytest.raises(RemoteError, match=said):
        run(remote, "ASK {}")


def test_a_server_without_the_graph_or_that_hides_it(server: SmallServer, graph_dir: Path) -> None:
    def asked() -> None:
        with Endpoint(server.addresses.query) as endpoint:
            run(RemoteStore(endpoint), "ASK {}")

    with pytest.raises(RemoteError, match="holds no graph of kg"):
        asked()
    _push(graph_dir, server.addresses.update)
    server.union = False
    with pytest.raises(RemoteError, match="set the server to ask the union of all graphs"):
        asked()


def test_the_commands(server: SmallServer, graph_dir: Path) -> None:
    def kg(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "kg", *words], capture_output=True, text=True, check=False,
                              env={**os.environ, "HOME": str(graph_dir)})

    done = kg("push", server.addresses.update, "-g", str(graph_dir))
    assert done.returncode == 0 and "in 5 named graphs" in done.stderr, done.stderr
    done = kg("query", "who-led", "--force", "West Mercia Police", "--on", "2022-01-01", "--endpoint", server.addresses.query,
              "--format", "csv")
    assert done.returncode == 0 and done.stdout.splitlines()[1].startswith("Anna Wells,"), done.stderr
    done = kg("query", "ASK {}", "--endpoint", "http://127.0.0.1:9/")
    assert done.returncode == 2 and done.stderr.startswith("kg: http://127.0.0.1:9/: cannot be reached"), done.stderr


# --- a real Virtuoso -------------------------------------------------------------------------------------------------


@pytest.mark.virtuoso
@pytest.mark.parametrize("name", QUESTIONS)
def test_virtuoso_answers_as_the_folder_does(loaded: Addresses, told: pyoxigraph.Store, name: str) -> None:
    expected = _answers(told, name)
    assert "\n" in expected[0].strip()  # it finds something
    with Endpoint(loaded.query) as endpoint:
        assert _answers(RemoteStore(endpoint), name) == expected


@pytest.mark.virtuoso
@pytest.mark.parametrize("protocol", ["update", "graph-store"])
def test_virtuoso_holds_what_was_pushed(real: Addresses, loaded: Addresses, story: Path, logins: Path, told: pyoxigraph.Store,
                                        protocol: str) -> None:
    with Endpoint(getattr(real, protocol.replace("-", "_")), logins=logins) as endpoint:
        push(GraphFolder(story), endpoint, protocol=protocol, again=True)
    with Endpoint(real.query) as endpoint:
        answer = run(RemoteStore(endpoint), f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{BASE}')) }}")
        assert sorted(map(str, answer)) == _triples(told)


@pytest.mark.virtuoso
def test_virtuoso_wants_a_login(real: Addresses, sample_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login dba password wrong\n")
    with Endpoint(real.update, logins=tmp_path / "netrc") as endpoint, pytest.raises(RemoteError, match="a login for this host"):
        push(GraphFolder(write_sample(tmp_path / "graph")), endpoint)


@pytest.mark.virtuoso
@settings(max_examples=25)
@given(st.text(min_size=1, max_size=30))
def test_virtuoso_keeps_any_name(loaded: Addresses, logins: Path, name: str) -> None:
    lines = [f"<{BASE}person/any> <{RDFS('label')}> {pyoxigraph.Literal(encodable(name))}"]
    with Endpoint(loaded.update, logins=logins) as endpoint:
        pushing._Sender(endpoint, "update").replace({"urn:any": lines})
    with Endpoint(loaded.query) as endpoint:
        [found] = run(RemoteStore(endpoint), "SELECT ?name { GRAPH <urn:any> { ?s ?p ?name } }")
        assert found["name"].value == encodable(name)

"""Plug-ins: the example of CONTRIBUTING.md from text to graph, and every fault of one as a clear line that names its package."""

from __future__ import annotations

import html
import importlib.metadata
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyoxigraph
import pytest
from graphs import BASE, join, read
from packages import install_example
from test_render import part

from kg import graph, plugins, rows, validate
from kg.errors import GraphFolderError, PluginError
from kg.export import export, formats
from kg.facts import extract
from kg.folder import GraphFolder, open_folder
from kg.model import Chain, Document, Fact, Mention
from kg.plugins import EntityType, Plugin, Predicate
from kg.vocabulary import PREFIXES

ROOT = Path(__file__).resolve().parent.parent
TEXT = """PC Daniel Frost, of Essex Police, was awarded the King's Police Medal.

Sergeant Edward Lane was not awarded the King's Police Medal.
"""
AWARD = EntityType("A medal.", lambda text: [], shared=True)
RECEIVED = Predicate("Was given it.", frozenset({"Person"}), frozenset({"Award"}), grave=True)
WHOLE = Plugin({"Award": AWARD}, {"received": RECEIVED})


def _kg(site: Path | None, folder: Path, *words: str, code: int = 0) -> str:
    """What ``kg`` prints, on both streams, with the example installed or not."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [*([site] if site else []), ROOT]))}
    done = subprocess.run([sys.executable, "-m", "kg", *words], capture_output=True, text=True, cwd=folder, env=environment, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.model
def test_the_example_of_the_instructions_works(tmp_path: Path) -> None:
    site = install_example(tmp_path / "site")
    (tmp_path / "medals.txt").write_text(TEXT)
    assert "received" in _kg(site, tmp_path, "build", "medals.txt")

    facts = [json.loads(line) for line in _kg(site, tmp_path, "facts", "--predicate", "received").splitlines()]
    assert [(fact["subject"]["name"], fact["object"]["type"], fact["status"]) for fact in facts] == [
        ("Daniel Frost", "Award", "asserted"), ("Edward Lane", "Award", "denied")]
    [medal] = {fact["object"]["id"] for fact in facts}
    assert medal.startswith(BASE + "added/Award/")
    assert all(TEXT[fact["evidence"]["start"]:fact["evidence"]["end"]] == fact["evidence"]["text"] for fact in facts)

    assert _kg(site, tmp_path, "query", "SELECT ?name { ?who kg:received/rdfs:label \"King's Police Medal\" ; rdfs:label ?name }",
               "--format", "csv") == "name\nDaniel Frost\n"
    assert "Daniel Frost" in _kg(site, tmp_path, "query", "about", "--entity", "king's police medal", "--format", "csv")
    assert "King's Police Medal" in _kg(site, tmp_path, "entities", "--type", "Award", "--format", "csv")
    assert _kg(site, tmp_path, "validate") == "validation: the graph conforms to its shapes\n"
    assert _kg(site, tmp_path, "export", "--format", "awards") == "King's Police Medal\n"
    assert "A medal or honour." in _kg(site, tmp_path, "query", "SELECT ?d { kg:Award skos:definition ?d }", "--format", "csv")
    manifest = json.loads((tmp_path / "graph" / "manifest.json").read_text())
    [listed] = manifest["plugins"]
    assert (listed["name"], listed["package"], listed["version"], len(listed["sha256"])) == ("awards", "kg-awards", "1.0", 64)
    page = (tmp_path / "graph" / "graph.html").read_text(encoding="utf-8")
    assert "King's Police Medal" in {row[2] for row in part(page, "entities")}
    assert "King's Police Medal" in html.unescape(_kg(site, tmp_path, "dossier", medal))

    again = tmp_path / "again"
    _kg(site, tmp_path, "build", "medals.txt", "-g", str(again))
    assert (again / "graph.nq").read_bytes() == (tmp_path / "graph" / "graph.nq").read_bytes()

    asked = "SELECT ?fact { ?fact a kg:Assertion ; kg:predicate kg:received ; kg:status status:asserted }"
    handle = _kg(site, tmp_path, "query", asked, "--format", "csv").split()[-1].partition("assertion/")[2]
    _kg(site, tmp_path, "review", "reject", handle, "--by", "Eve Dunn", "--why", "read the list")
    _kg(site, tmp_path, "build", "medals.txt")
    assert [json.loads(line)["status"] for line in _kg(site, tmp_path, "facts", "--predicate", "received").splitlines()] == ["denied"]

    said = _kg(None, tmp_path, "facts", code=2)
    assert "was built with the plug-in 'awards' of the package kg-awards 1.0, which is not installed" in said and said.count("\n") == 1


@pytest.mark.model
def test_an_extractor_that_fails_stops_the_build_with_one_line(tmp_path: Path) -> None:
    site = install_example(tmp_path / "site")
    broken = (site / "kg_awards.py").read_text().replace("for sentence in", "1 / 0\n    for sentence in")
    (site / "kg_awards.py").write_text(broken)
    (tmp_path / "medals.txt").write_text(TEXT)
    assert _kg(site, tmp_path, "build", "medals.txt", code=2) == (
        "kg: the plug-in 'awards' of the package kg-awards 1.0: received on the document 'medals' failed "
        "(ZeroDivisionError: division by zero); mend it, or remove it with: pip uninstall kg-awards\n")
    assert not (tmp_path / "graph").exists()


def test_a_broken_package_costs_nothing_before_it_is_needed(tmp_path: Path) -> None:
    site = install_example(tmp_path / "site")
    (site / "kg_awards.py").write_text("import nothing_of_that_name\n")
    assert "Commands:" in _kg(site, tmp_path, "--help")
    (tmp_path / "medals.txt").write_text(TEXT)
    said = _kg(site, tmp_path, "build", "medals.txt", code=2)
    assert "the package kg-awards 1.0: loading kg_awards:PLUGIN failed (ModuleNotFoundError: No module named 'nothing_of" in said
    assert said.count("\n") == 1


def _forget() -> None:
    for cached in (plugins.installed, plugins.entity_types, plugins.types, plugins.predicates, plugins.signatures, plugins.grave):
        cached.cache_clear()


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Installs packages, given as (package, plug-in), for one test."""

    def points(*packages: tuple[str, object]) -> None:
        found = [SimpleNamespace(name="it", value="module:IT", module=__name__, load=lambda it=it: it,
                                 dist=SimpleNamespace(name=package, version="2.0")) for package, it in packages]
        monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: found if group == plugins.GROUP else [])
        _forget()

    _forget()
    yield points
    monkeypatch.undo()
    _forget()


@pytest.mark.parametrize(("plugin", "said"), [
    ("no plug-in", "module:IT is a str; it should be a kg.plugins.Plugin"),
    (Plugin({"award": AWARD}), "'award' cannot name a type"),
    (Plugin({"A> <": AWARD}), "'A> <' cannot name a type"),
    (Plugin({"Person": AWARD}), "the type 'Person' is there already"),
    (Plugin({"Assertion": AWARD}), "the type 'Assertion' is there already"),
    (Plugin({"Award": EntityType("A medal.", AWARD.find, "no IRI>")}), "the standard class 'no IRI>' of 'Award' is no IRI"),
    (Plugin({"Award": AWARD}, {"evidence": RECEIVED}), "the predicate 'evidence' is there already"),
    (Plugin(predicates={"headOf": RECEIVED}), "the predicate 'headOf' is there already"),
    (Plugin(predicates={"Received": RECEIVED}), "'Received' cannot name a predicate"),
    (Plugin(predicates={"received": RECEIVED}), "the predicate 'received' speaks of 'Award', which is no entity type"),
    (Plugin(exporters={"../x": ("", print)}), "'../x' cannot name a format"),
    (Plugin(exporters={"ttl": ("", print)}), "the format 'ttl' is there already"),
])
def test_a_plugin_that_cannot_be_used(install: Any, plugin: object, said: str) -> None:
    install(("Their_Package", plugin))
    with pytest.raises(PluginError, match="^the plug-in 'it' of the package their-package 2.0: ") as told:
        formats()
    assert said in str(told.value)


def test_two_packages_with_one_type(install: Any) -> None:
    install(("b", WHOLE), ("a", WHOLE))
    with pytest.raises(PluginError, match="^the plug-in 'it' of the package b 2.0: the type 'Award' is there already"):
        plugins.installed()


def test_packages_come_in_the_order_of_their_names(install: Any) -> None:
    for order in ([("b", Plugin()), ("a", WHOLE)], [("a", WHOLE), ("b", Plugin())]):
        install(*order)
        assert [entry["package"] for entry in plugins.identity()] == ["a", "b"]
    assert plugins.entity_types()[-1] == "Award" and list(plugins.signatures())[-1] == "received"


def test_a_plugin_is_known_by_its_code_as_well(tmp_path: Path) -> None:
    site = install_example(tmp_path / "site")
    program = "from kg import plugins; print(plugins.identity()[0]['sha256'])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(ROOT)]), "PYTHONDONTWRITEBYTECODE": "1"}
    told = []
    for change in ("", "", "# another line\n"):
        with (site / "kg_awards.py").open("a") as code:
            code.write(change)
        told.append(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True).stdout)
    assert told[0] == told[1] != told[2]


def test_without_plugins_there_is_what_the_project_has(install: Any) -> None:
    install()
    assert plugins.identity() == [] and not plugins.types() and list(formats())[0] == "ttl"


def _context() -> Any:
    chain = Chain("Person", "Ann Hart", (Mention(3, 11, "Ann Hart", "Person"),))
    return SimpleNamespace(document=Document("d", "PC Ann Hart"), network=None, chains=(chain,))


@pytest.mark.parametrize(("row", "said"), [
    ("a row", "extractors give kg.model.Fact"),
    (Fact("knows", 0, 0, "asserted", (0, 5), "x", 1.0), "unknown predicate 'knows'; declare it"),
    (Fact("age", 0, "5", "true", (0, 5), "x", 1.0), "unknown status 'true'; it should be one of asserted, alleged"),
    (Fact("age", 3, "5", "asserted", (0, 5), "x", 1.0), "there are only 1"),
    (Fact("age", 0, "5", "asserted", (5, 50), "x", 1.0), "not within the text"),
    (Fact("age", 0, "5", "asserted", (0, 5), "x", 2.0), "it should be from 0 to 1"),
])
def test_rows_that_no_extractor_may_give(install: Any, row: object, said: str) -> None:
    install(("their-package", Plugin(extractors=(lambda context: [row],))))
    with pytest.raises(PluginError, match="^the plug-in 'it' of the package their-package 2.0: .* on the document 'd': ") as told:
        list(plugins.facts(_context()))
    assert said in str(told.value)


@pytest.mark.parametrize(("find", "said"), [
    (lambda text: [(0, 99)], "0-99 is not within the text of 11 characters"),
    (lambda text: 5, "finding Award failed (TypeError"),
])
def test_names_that_no_type_may_find(install: Any, find: Any, said: str) -> None:
    install(("their-package", Plugin({"Award": EntityType("A medal.", find)})))
    with pytest.raises(PluginError, match="their-package 2.0") as told:
        plugins.mentions("PC Ann Hart", 0)
    assert said in str(told.value)


def test_names_are_looked_for_in_the_body_alone(install: Any) -> None:
    install(("a", Plugin({"Award": EntityType("A medal.", lambda text: [(0, 1), (5, 6), (5, 6)])})))
    assert [mention.start for mention in plugins.mentions("a b c d e f", 3)] == [5]


def test_an_accusation_by_a_plugin_is_no_finding_either(install: Any) -> None:
    def accuse(context: Any) -> Iterator[Fact]:
        yield Fact("accusedOf", 0, 1, "asserted", (0, 11), "theirs", 1.0)

    install(("a", Plugin(extractors=(accuse,))))
    from annotated import tokenizer

    from kg.facts.context import Context

    text = "PC Ann Hart theft"
    chains = tuple(Chain(kind, text[a:b], (Mention(a, b, text[a:b], kind),)) for kind, a, b in (("Person", 3, 11), ("Offence", 12, 17)))
    doc = tokenizer()(text)
    for token in doc:
        token.is_sent_start = token.i == 0
    assert {fact.status for fact in extract(Context(Document("d", text), doc, chains)) if fact.predicate == "accusedOf"} <= {"alleged"}


def _built(*readings: Any) -> tuple[graph.Graph, pyoxigraph.Store]:
    built = graph.build(readings, join(*readings), base_iri=BASE)
    store = pyoxigraph.Store()
    store.bulk_load(graph.serialise_nquads(built), format=pyoxigraph.RdfFormat.N_QUADS)
    return built, store


@pytest.fixture
def awards(install: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(__import__("graphs").TYPES, "A", "Award")
    install(("a", WHOLE))
    validate._shapes.cache_clear()
    yield
    validate._shapes.cache_clear()


def test_terms_of_plugins_are_checked_as_ours_are(awards: None) -> None:
    built, store = _built(read("given", "P:Ann_Hart received A:Medal asserted", "P:Ann_Hart headOf A:Medal asserted",
                               "A:Medal received P:Ann_Hart asserted", "P:Ann_Hart received text asserted"))
    assert [line.split(": ")[-1] for line in built.left_out] == [
        "its object is a Award, not Organisation or OversightBody or PoliceForce or Unit",
        "its object is a Literal, not Award", "its subject is a Award, not Person"]
    assert validate.validate(store) == ()
    assert store.query("ASK { ?who kg:received ?what }", prefixes=PREFIXES)
    store.update("PREFIX kg: <https://policing-kg.example/ontology#> DELETE { ?a kg:predicate kg:received } "
                 "INSERT { ?a kg:predicate kg:headOf } WHERE { ?a kg:predicate kg:received }")
    assert "the object" in str(validate.validate(store)) and not validate.conforms(validate.validate(store))


def test_a_grave_predicate_that_is_denied_is_no_plain_triple(awards: None) -> None:
    _, store = _built(read("given", "P:Ann_Hart received A:Medal asserted"), read("not", "P:Ann_Hart received A:Medal denied"))
    assert not store.query("ASK { ?who kg:received ?what }", prefixes=PREFIXES)
    assert [row["status"] for row in rows.facts(store)] == ["asserted", "denied"] and validate.conforms(validate.validate(store))
    store.update(f"INSERT DATA {{ <{BASE}person/ann-hart> <https://policing-kg.example/ontology#received> <{BASE}award/medal> }}")
    assert "Quashed" in {violation.shape for violation in validate.validate(store)}


def test_a_format_of_a_plugin(install: Any, store: pyoxigraph.Store) -> None:
    install(("a", Plugin(exporters={"count": ("how many", lambda store, out: out.write(str(len(list(rows.facts(store)))).encode()))})))
    out = io.BytesIO()
    export(store, "count", out)
    assert out.getvalue() == b"24"


def test_a_graph_of_a_missing_plugin_is_not_opened(install: Any, graph_dir: Path) -> None:
    install()
    folder = GraphFolder(graph_dir)
    folder.write_manifest({"plugins": [{"name": "awards", "package": "kg-awards", "version": "1.0"}]})
    with pytest.raises(GraphFolderError, match="was built with the plug-in 'awards' of the package kg-awards 1.0, which is not installed"):
        open_folder(graph_dir)
    install(("kg-awards", WHOLE))
    with pytest.raises(GraphFolderError, match="which is not installed"):
        open_folder(graph_dir)  # another plug-in of that package

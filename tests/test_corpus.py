"""The whole way through on the project's own documents: the graph conforms, other tools read it, the bytes are the same each time."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import rdflib

from kg import evaluate, pipeline, rows, validate
from kg.config import Config
from kg.folder import GraphFolder, open_folder
from kg.render import render
from kg.store import Store, open_store
from kg.vocabulary import PREFIXES

ROOT = Path(__file__).resolve().parent.parent
pytestmark = [pytest.mark.model, pytest.mark.slow]


@pytest.fixture(scope="module")
def corpus_graph(tmp_path_factory: pytest.TempPathFactory) -> GraphFolder:
    folder = tmp_path_factory.mktemp("corpus") / "graph"
    summary = pipeline.build([ROOT / "corpus"], folder, page=render)
    assert summary.documents == len(list((ROOT / "corpus").glob("*/texts/*.txt")))
    assert summary.problems == ()
    return open_folder(folder)


def test_the_corpus_gives_a_graph_that_conforms(corpus_graph: GraphFolder) -> None:
    assert validate.conforms(validate.validate(open_store(corpus_graph)))


@pytest.mark.rapper
def test_rapper_and_rdflib_read_as_many_triples(corpus_graph: GraphFolder) -> None:
    lines = sum(1 for _ in corpus_graph.nquads.open(encoding="utf-8"))
    told = subprocess.run(["rapper", "-q", "-i", "turtle", "-o", "ntriples", str(corpus_graph.turtle)], capture_output=True, check=True)
    assert len(set(told.stdout.splitlines())) == lines
    assert len(rdflib.Graph().parse(corpus_graph.turtle)) == lines


def test_dev_is_read_well_and_nothing_forbidden_is_asserted(corpus_graph: GraphFolder) -> None:
    store = open_store(corpus_graph)
    dev = ROOT / "corpus" / "dev"
    report = evaluate.evaluate(dev, rows.entities(store), rows.facts(store), dev / "texts").as_dict()
    assert report["forbidden"] == 0
    assert report["entities"]["f1"] >= 0.85
    assert report["facts"]["f1"] >= 0.70
    assert report["evidence"]["rows"] == report["evidence"]["exact"] > 0


def test_the_same_documents_give_the_same_bytes_wherever_they_lie(tmp_path: Path) -> None:
    texts = ROOT / "corpus" / "dev" / "texts"
    elsewhere = tmp_path / "z" / "y"
    elsewhere.mkdir(parents=True)
    for path in sorted(texts.iterdir(), reverse=True):
        shutil.copy(path, elsewhere / path.name)
    pipeline.build([texts], tmp_path / "one", page=render)
    pipeline.build([elsewhere], tmp_path / "two", page=render)
    for name in ("graph.ttl", "graph.nq", "graph.html", "manifest.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_a_document_is_read_the_same_alone_and_among_others(corpus_graph: GraphFolder, tmp_path: Path) -> None:
    name = "d05-essex-charged"
    (tmp_path / "alone").mkdir()
    shutil.copy(ROOT / "corpus" / "dev" / "texts" / f"{name}.txt", tmp_path / "alone")
    shutil.copy(ROOT / "corpus" / "dev" / "texts" / "metadata.csv", tmp_path / "alone")
    pipeline.build([tmp_path / "alone"], tmp_path / "graph")
    alone, among = open_store(open_folder(tmp_path / "graph")), open_store(corpus_graph)
    facts, others = ([row for row in rows.facts(store) if row["document"] == name] for store in (alone, among))
    key = ("predicate", "status", "start", "end", "evidence", "confidence", "source")
    assert [[row[k] for k in key] for row in facts] == [[row[k] for k in key] for row in others]
    joined = _joined(among, name)  # a thing's id may change when another document joins in; its key in its own document does not
    for fact, other in zip(facts, others, strict=True):
        assert fact["subject"]["id"] in (other["subject"]["id"], joined.get(other["subject"]["id"]))


def _joined(store: Store, document: str) -> dict[str, str]:
    """The things of a document that were joined with others': their ids, and those that they have of their own."""
    found = store.query(
        "SELECT ?entity ?key { ?chain kg:entity ?entity ; kg:identityKey ?key ; prov:wasDerivedFrom/dct:identifier ?document . "
        f'FILTER(?document = "{document}") }}', prefixes=PREFIXES
    )
    return {row["entity"].value: Config().base_iri + row["key"].value for row in found}

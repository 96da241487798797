"""Readings kept from one build to the next: found again whole or not at all, and never to be told from readings made anew."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import sample_readings
from gold_readings import CORPUS, gold_reading
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg import cache, language, memory, pipeline, pool
from kg.errors import GraphFolderError
from kg.folder import GraphFolder, replacing
from kg.language import folder
from kg.model import Chain, Document, Fact, Mention, Reading
from kg.store import open_store

GOLD = {path.stem: gold_reading(path)[0] for path in sorted((CORPUS / "dev" / "gold").glob("*.json"))}
KEY = "0" * 64

_text = st.text(max_size=12)
_maybe = st.none() | _text
_documents = st.builds(Document, _text.filter(bool), st.text(min_size=10, max_size=60), st.just(""), _maybe, _maybe, _maybe, _maybe,
                       st.integers(0, 5), _maybe)


@st.composite
def _readings(draw: st.DrawFn) -> Reading:
    document = draw(_documents)
    span = st.tuples(st.integers(0, 5), st.integers(5, 10))
    mentions = st.builds(lambda at, *rest: Mention(*at, *rest), span, _text, _text, _text)
    chains = draw(st.lists(st.builds(Chain, _text, _text, st.lists(mentions, max_size=3).map(tuple), _maybe,
                                     st.lists(_text, max_size=2).map(tuple)), min_size=1, max_size=3))
    position = st.integers(0, len(chains) - 1)
    facts = st.builds(Fact, _text, position, position | _text, _text, span, _text, st.floats(0, 1), _maybe, _maybe)
    return Reading(document, tuple(chains), tuple(draw(st.lists(facts, max_size=3))), draw(st.integers(0, 99)))


# --- one file --------------------------------------------------------------------------------------------------------


@given(_readings())
def test_a_reading_comes_back_as_it_was(reading: Reading) -> None:
    content = cache.dump(reading, KEY)
    assert cache.load(content, reading.document, KEY) == reading
    assert cache.dump(cache.load(content, reading.document, KEY), KEY) == content
    assert content.isascii() and content.count(b"\n") == 2


@given(_readings(), st.data())
def test_a_damaged_file_is_no_reading(reading: Reading, data: st.DataObject) -> None:
    content = bytearray(cache.dump(reading, KEY))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    assert cache.load(bytes(content), reading.document, KEY) is None
    assert cache.load(bytes(content[:at]), reading.document, KEY) is None


def _forged(held: Any) -> bytes:
    body = json.dumps(held).encode()
    return json.dumps({"key": KEY, "sha256": hashlib.sha256(body).hexdigest()}).encode() + b"\n" + body + b"\n"


_CHAIN = ["Person", "Ann", None, [], [[0, 3, "Ann", "Person", "name"]]]
_FACT = ["holdsRole", 0, "chief", "asserted", [0, 3], "rule", 0.5, None, None]


@pytest.mark.parametrize("held", [
    None, [], {}, "x", {"chains": [], "facts": []}, {"chains": [], "facts": [], "words": "1"}, {"chains": [], "facts": [], "words": True},
    {"chains": [_CHAIN[:3]], "facts": [], "words": 1}, {"chains": [["Person", 5, *_CHAIN[2:]]], "facts": [], "words": 1},
    {"chains": [[*_CHAIN[:3], "xy", []]], "facts": [], "words": 1},
    {"chains": [[*_CHAIN[:4], [[0, 99, "Ann", "Person", "name"]]]], "facts": [], "words": 1},
    {"chains": [[*_CHAIN[:4], [[-1, 3, "Ann", "Person", "name"]]]], "facts": [], "words": 1},
    {"chains": [_CHAIN], "facts": [[*_FACT[:1], 1, *_FACT[2:]]], "words": 1},
    {"chains": [_CHAIN], "facts": [[*_FACT[:2], 7, *_FACT[3:]]], "words": 1},
    {"chains": [_CHAIN], "facts": [[*_FACT[:2], -1, *_FACT[3:]]], "words": 1},
    {"chains": [_CHAIN], "facts": [[*_FACT[:4], [3, 0], *_FACT[5:]]], "words": 1},
    {"chains": [_CHAIN], "facts": [[*_FACT[:6], "0.5", None, None]], "words": 1},
])
def test_what_is_no_reading_is_not_taken_for_one_whoever_wrote_it(held: Any) -> None:
    document = Document("a", "Ann leads.")
    assert cache.load(_forged({"chains": [_CHAIN], "facts": [_FACT], "words": 2}), document, KEY) is not None
    assert cache.load(_forged(held), document, KEY) is None


def test_deep_nesting_ends_nothing() -> None:
    body = b"[" * 200_000
    head = json.dumps({"key": KEY, "sha256": hashlib.sha256(body).hexdigest()}).encode()
    assert cache.load(head + b"\n" + body + b"\n", Document("a", "x"), KEY) is None


@given(_documents, _documents)
def test_documents_that_differ_have_different_keys(one: Document, other: Document) -> None:
    assert (cache.key(one, "1") == cache.key(other, "1")) == (one == other)
    assert cache.key(one, "1") != cache.key(one, "2")
    assert cache.key(one, "1") == cache.key(replace(one, path="elsewhere/x.txt"), "1")


def test_the_version_follows_code_reference_data_and_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package, model = tmp_path / "kg", tmp_path / "model"
    shutil.copytree(Path(kg.__file__).parent / "rdf", package / "rdf")
    (package / "ontology" / "reference").mkdir(parents=True)
    model.mkdir()
    files = [package / "cache.py", package / "ontology" / "reference" / "forces.csv", model / "weights"]
    for file in files:
        file.write_text("as it was")
    monkeypatch.setattr(cache, "__file__", str(package / "cache.py"))
    monkeypatch.setattr(cache, "ontology_dir", lambda: package / "ontology")
    before = cache.pipeline_version(model)
    (package / "rdf" / "dates.pyc").write_text("compiled")
    assert cache.pipeline_version(model) == before
    for file in files:
        file.write_text("otherwise")
        assert cache.pipeline_version(model) != before
        file.write_text("as it was")
    files[2].rename(model / "renamed")
    assert cache.pipeline_version(model) != before


@pytest.mark.model
def test_the_version_is_worked_out_quickly() -> None:
    cache.pipeline_version(folder())
    begun = time.process_time()
    cache.pipeline_version(folder())
    assert time.process_time() - begun < 1


# --- builds ----------------------------------------------------------------------------------------------------------


class Reader:
    """A language stage that knows the gold readings, and which documents it was asked for."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, document: Document) -> Reading:
        self.read.append(document.id)
        found = next((reading for reading in (*GOLD.values(), *sample_readings()) if reading.document.text == document.text), None)
        if found is None:
            return Reading(document, (), (), len(document.text.split()))
        return replace(found, document=document, facts=tuple(replace(fact, confidence=0.9) for fact in found.facts))


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    made = Reader()
    monkeypatch.setattr(language, "load", lambda name=None: SimpleNamespace())
    monkeypatch.setitem(sys.modules, "kg.annotate", SimpleNamespace(read=lambda nlp, document, reference: made(document)))
    monkeypatch.setattr(kg, "annotate", sys.modules["kg.annotate"], raising=False)
    return made


def _write(articles: Path, texts: dict[str, str]) -> None:
    shutil.rmtree(articles, ignore_errors=True)
    articles.mkdir()
    for name, text in texts.items():
        (articles / f"{name}.txt").write_text(text)


def _content(graph: Path) -> dict[str, bytes | int]:
    """Every file of a graph folder, and hashes of what its databases hold."""
    files = {str(path.relative_to(graph)): path.read_bytes() for path in sorted(graph.rglob("*"))
             if path.is_file() and not {"store", "state"} & set(path.relative_to(graph).parts)}
    quads = sorted(str(quad) for quad in open_store(GraphFolder(graph)))
    return {**files, "store": hashlib.sha256("\n".join(quads).encode()).digest(),
            "state": hashlib.sha256(repr(state_tables(graph)).encode()).digest()}


def state_tables(graph: Path) -> dict[str, list[str]]:
    """What a graph folder's database of documents holds, but for signatures, which a document alone does without."""
    path = GraphFolder(graph).state / "state.sqlite"
    if not path.exists():
        return {}
    held = sqlite3.connect(path)
    held.execute("DELETE FROM signature")  # never committed
    names = [name for name, in held.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    found = {name: sorted(map(repr, held.execute(f"SELECT * FROM {name}").fetchall())) for name in names}
    held.close()
    return found


def _page(entities: Any, facts: Any, documents: Any, path: Path, text_of: Callable[[str], str]) -> None:
    """A page that holds all that a page is given."""
    told = list(documents)
    path.write_text(json.dumps([list(entities), list(facts), told, [text_of(document["id"]) for document in told]]))


_some = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.sampled_from(sorted(GOLD)), min_size=1)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_some, min_size=2, max_size=4))
def test_any_order_of_changes_gives_the_bytes_of_a_fresh_build(reader: Reader, tmp_path: Path, steps: list[dict[str, str]]) -> None:
    """Documents come, go, and change their text; one text may stand in several, which makes them copies of one another."""
    graph, fresh = tmp_path / "graph", tmp_path / "fresh"
    before: dict[str, str] = {}
    shutil.rmtree(graph, ignore_errors=True)
    for step in steps:
        _write(tmp_path / "articles", {name: GOLD[text].document.text for name, text in step.items()})
        reader.read.clear()
        pipeline.build([tmp_path / "articles"], graph, page=_page)
        assert reader.read == sorted(name for name, text in step.items() if before.get(name) != text)
        before = step
    shutil.rmtree(fresh, ignore_errors=True)
    pipeline.build([tmp_path / "articles"], fresh, page=_page)
    assert _content(graph) == _content(fresh)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    _write(tmp_path / "articles", {name: reading.document.text for name, reading in list(GOLD.items())[:4]})
    return tmp_path / "articles"


def _damages(path: Path) -> dict[str, Callable[[], object]]:
    return {
        "emptied": lambda: path.write_bytes(b""), "cut": lambda: path.write_bytes(path.read_bytes()[:-20]),
        "changed": lambda: path.write_bytes(path.read_bytes().replace(b"asserted", b"alleged ")), "gone": path.unlink,
        "of another document": lambda: shutil.copyfile(next(p for p in path.parent.iterdir() if p != path), path),
        "a folder": lambda: (path.unlink(), path.mkdir()),
        "no text": lambda: path.write_bytes(bytes(range(256))),
    }


@pytest.mark.parametrize("damage", list(_damages(Path())))
def test_what_is_damaged_is_read_again(reader: Reader, articles: Path, tmp_path: Path, damage: str) -> None:
    graph = tmp_path / "graph"
    pipeline.build([articles], graph)
    whole, name = _content(graph), reader.read[1]
    _damages(GraphFolder(graph).reading(name))[damage]()
    reader.read.clear()
    assert pipeline.build([articles], graph).kept == 3
    assert reader.read == [name]
    assert _content(graph) == whole


def test_another_version_reads_everything_again(reader: Reader, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.build([articles], tmp_path / "graph")
    monkeypatch.setattr(cache, "_version", lambda library: "another")
    assert pipeline.build([articles], tmp_path / "graph").kept == 0
    assert len(reader.read) == 8


def test_what_only_a_removed_document_supported_goes(reader: Reader, tmp_path: Path) -> None:
    sample = {reading.document.id: reading.document.text for reading in sample_readings()}
    _write(tmp_path / "articles", sample)
    pipeline.build([tmp_path / "articles"], tmp_path / "graph")
    assert b"Anna Wells" in (tmp_path / "graph" / "graph.nq").read_bytes()
    (tmp_path / "articles" / "appointed.txt").unlink()
    assert pipeline.build([tmp_path / "articles"], tmp_path / "graph").kept == 2
    held = b"".join(path.read_bytes() for path in (tmp_path / "graph").rglob("*") if path.is_file() and path.parent.name != "store")
    assert b"Anna Wells" not in held and b"Daniel Frost" in held


# --- builds at once, and builds that are killed -----------------------------------------------------------------------


def test_two_builds_of_one_graph_at_once(tmp_path: Path) -> None:
    with replacing(tmp_path / "graph") as one:
        one.write_manifest({"config": {}})
        with pytest.raises(GraphFolderError, match="another build is writing this graph"), replacing(tmp_path / "graph"):
            pass
        with replacing(tmp_path / "other") as other:
            other.write_manifest({"config": {}})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph", "other"]


_KILLED = """
import os, signal, sys
from pathlib import Path
from kg import folder
from kg.folder import replacing
if sys.argv[2] == "swapping":
    rename = Path.rename
    def killed(self, target):
        if self.name == "new":
            os.kill(os.getpid(), signal.SIGKILL)
        rename(self, target)
    Path.rename = killed
with replacing(Path(sys.argv[1])) as fresh:
    fresh.nquads.write_text("half")
    fresh.write_manifest({"config": {}})
    if sys.argv[2] == "writing":
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("when", ["writing", "swapping"])
def test_a_killed_build_leaves_the_old_graph_and_the_next_clears_up(graph_dir: Path, when: str) -> None:
    before = _content(graph_dir)
    done = subprocess.run([sys.executable, "-c", _KILLED, str(graph_dir), when], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(graph_dir.parent.glob(".graph.building-*"))) == 1
    with pytest.raises(RuntimeError), replacing(graph_dir):
        raise RuntimeError("nothing more is wanted of this one")
    assert [path.name for path in graph_dir.parent.iterdir()] == ["graph"]
    assert _content(graph_dir) == before


# --- workers ---------------------------------------------------------------------------------------------------------


def _simple(document: Document) -> Reading:
    return Reading(document, (), (), len(document.text))


def _deadly(document: Document) -> Reading:
    if document.text == "die" or (document.text == "die once" and not Path(document.path).exists()):
        Path(document.path).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return _simple(document)


def _make_simple() -> Callable[[Document], Reading]:
    return _simple


def _make_deadly() -> Callable[[Document], Reading]:
    return _deadly


def _make_nothing() -> Callable[[Document], Reading]:
    raise GraphFolderError("no model to be had")


def _documents_of(texts: list[str], folder: Path) -> list[Document]:
    return [Document(f"{i:03}", text, str(folder / f"{i:03}")) for i, text in enumerate(texts)]


@pytest.mark.parametrize(("documents", "cores", "gigabytes", "expected"), [
    (0, 8, 64, 1), (15, 8, 64, 1), (32, 8, 64, 2), (10_000, 8, 64, 8), (10_000, 1, 64, 1), (10_000, 64, 4, 4), (10_000, 64, 0, 1),
])
def test_as_many_workers_as_are_worth_it(documents: int, cores: int, gigabytes: int, expected: int,
                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(cores)), raising=False)
    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": gigabytes * 2**18, "SC_PAGE_SIZE": 2**12}.__getitem__, raising=False)
    assert pool.default_workers(documents, memory.budget().workers) == expected


def test_workers_give_what_one_gives(tmp_path: Path) -> None:
    documents = _documents_of(["x" * (i % 7) for i in range(50)], tmp_path)
    random.Random(3).shuffle(documents)
    one = pipeline.read_documents(documents, _make_simple, pipeline.Progress(), 1)
    assert pipeline.read_documents(documents, _make_simple, pipeline.Progress(), 3) == one
    assert [reading.document.id for reading in one[0]] == [f"{i:03}" for i in range(50)]


def test_a_worker_that_dies_costs_no_more_than_what_killed_it(tmp_path: Path) -> None:
    documents = _documents_of(["die" if i == 5 else "die once" if i == 12 else "fine" for i in range(20)], tmp_path)
    readings, [problem] = pipeline.read_documents(documents, _make_deadly, pipeline.Progress(), 2)
    assert len(readings) == 19
    assert str(problem).startswith(f"{tmp_path / '005'}: left out, as the process that read it ended twice")


def test_what_is_wrong_with_the_model_is_said_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(GraphFolderError, match="no model to be had"):
        pipeline.read_documents(_documents_of(["x"] * 20, tmp_path), _make_nothing, pipeline.Progress(), 2)


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    code = ("import os, sys, test_cache; from pathlib import Path; from kg import pipeline\n"
            "if __name__ == '__main__':\n"
            "    documents = test_cache._documents_of(['x'] * 4, Path(sys.argv[1]))\n"
            "    pipeline.read_documents(documents, test_cache._make_slow, pipeline.Progress(), 2)")
    script = tmp_path / "script.py"
    script.write_text(code)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(Path(kg.__file__).parent.parent)])}
    parent = subprocess.Popen([sys.executable, script, tmp_path], env=env)
    pids = _wait_for(lambda: [int(path.name.removeprefix("pid-")) for path in tmp_path.glob("pid-*")], 2)
    parent.kill()
    parent.wait()
    assert _wait_for(lambda: [pid for pid in pids if not _alive(pid)], 2)


def _make_slow() -> Callable[[Document], Reading]:
    def read(document: Document) -> Reading:
        (Path(document.path).parent / f"pid-{os.getpid()}").touch()
        time.sleep(60)
        return _simple(document)

    return read


def _wait_for(look: Callable[[], list[int]], number: int) -> list[int]:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if len(found := look()) == number:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited for {number}, found {look()}")


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.model
def test_workers_with_the_model_change_no_byte(tmp_path: Path) -> None:
    _write(tmp_path / "articles", {name: GOLD[name].document.text for name in list(GOLD)[:4]})
    for workers in (1, 2):
        pipeline.build([tmp_path / "articles"], tmp_path / str(workers), workers=workers)
    assert _content(tmp_path / "1") == _content(tmp_path / "2")

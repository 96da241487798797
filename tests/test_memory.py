"""What a build holds in memory does not grow with the documents, and what is done piece by piece gives what is done at once."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pyoxigraph
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg import memory, pipeline
from kg.cli import cli
from kg.config import Config
from kg.decisions import Decisions
from kg.documents import open_corpus, read_corpus
from kg.errors import GraphFolderError, InputError
from kg.folder import GraphFolder
from kg.model import Reading
from kg.piles import Piles
from kg.progress import Progress
from kg.store import write_store
from tests.benchmarks.corpora import brief, brief_names

G = 2**30
ARTICLE = "PC Daniel Frost, of Essex Police, has been charged with assault.\n"

texts = st.text(alphabet="abé  €😀", max_size=4)


@pytest.mark.parametrize(("text", "size"), [
    ("2G", 2 * G), ("1.5g", 3 * G // 2), ("1500M", 1500 * 2**20), ("1TiB", 1024 * G), (" 4GB ", 4 * G),
])
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    assert memory.parse(text) == size


@pytest.mark.parametrize("text", ["", "2", "G", "-1G", "2 G", "1e9", "2G2", "٣G", "1" * 30 + "G", "2K"])
def test_what_is_no_size_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="is no size; give one such as"):
        memory.parse(text)


def test_what_was_freed_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: SimpleNamespace(malloc_trim=calls.append))
    memory.give_back()
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: SimpleNamespace())
    memory.give_back()  # a C library that has no such call
    assert calls == [0]


@given(st.integers(memory.LEAST, 2**50))
def test_parts_of_a_budget_fit_into_it(size: int) -> None:
    room = memory.budget(size)
    assert 2 * room.lines + 2 * room.cache + 5 * room.load < room.total
    assert min(room.lines, room.cache, room.load) >= 2**24
    assert room.workers * G <= size
    assert size <= memory.parse(memory.shown(size)) < size + 2**20


def test_too_little_memory_is_one_line_that_says_what_would_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^512M of memory is too little for a build; give --memory 1G or more$"):
        memory.budget(G // 2)
    with pytest.raises(InputError, match=r"^2G of memory is too little for 4 workers; give --workers 2, or --memory 4G$"):
        memory.budget(2 * G).check(4)
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    for options, said in ((["--memory", "lots"], "--memory 'lots' is no size"), (["--memory", "1M"], "1M of memory is too little"),
                          (["--memory", "1G", "--workers", "3"], "too little for 3 workers")):
        told = CliRunner().invoke(cli, ["build", str(tmp_path / "a.txt"), "-g", str(tmp_path / "graph"), *options])
        assert (told.exit_code, said in told.output) == (2, True), told.output
        assert not (tmp_path / "graph").exists()


@given(st.lists(st.tuples(st.sampled_from(["add", "take", "pop"]), st.lists(texts, max_size=4))))
def test_a_pile_is_a_set(steps: list[tuple[str, list[str]]]) -> None:
    piles, there = Piles(Path(":memory:")), set[str]()
    pile = piles.pile()
    for step, some in steps:
        if step == "add":
            pile.update(some)
            there.update(some)
        elif step == "take":
            pile.difference_update(some)
            there.difference_update(some)
        else:
            assert pile.pop() == min(there, default=None)
            there.discard(min(there, default=""))
        assert (list(pile), len(pile)) == (sorted(there), len(there))
    assert all((text in pile) == (text in there) for text in ["", "a", "é", "😀"])


@given(st.lists(st.tuples(texts, st.integers(-2, 2))), st.integers(0, 3))
def test_a_tally_counts(counts: list[tuple[str, int]], held: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.piles._COUNTED", held)
        tally, expected = Piles(Path(":memory:")).tally(), Counter[str]()
        for text, times in counts:
            tally.count(text, times)
            expected[text] += times
        assert list(tally) == sorted((text, times) for text, times in expected.items() if times)


def test_piles_leave_no_file(tmp_path: Path) -> None:
    piles = Piles(tmp_path / "piles")
    piles.pile().add("a")
    piles.close()
    assert not list(tmp_path.iterdir())


@given(st.lists(st.dictionaries(st.sampled_from(["id", "date"]), texts | st.none())), texts)
def test_a_manifest_is_written_a_document_at_a_time(documents: list[dict[str, str | None]], left_out: str) -> None:
    written: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.folder.lines_of", lambda path: 7)
        patch.setattr(Path, "open", lambda self, *_, **__: _Written(written))
        patch.setattr(Path, "write_text", lambda *_, **__: None)
        GraphFolder(Path("x")).write_manifest({"documents": iter(documents), "left_out": [left_out, '"documents": []']})
    whole = {"format": 1, "quads": 7, "documents": documents, "left_out": [left_out, '"documents": []']}
    assert "".join(written) == json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class _Written:
    def __init__(self, texts: list[str]) -> None:
        self.write = texts.append

    def __enter__(self) -> _Written:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def test_documents_on_disk_are_those_in_memory(tmp_path: Path) -> None:
    folder, spool = tmp_path / "articles", tmp_path / "spool"
    folder.mkdir()
    for name in ("b.txt", "a.txt", "Ünï.txt", "c.html"):
        (folder / name).write_text(ARTICLE, encoding="utf-8")
    records = '{"id": "\\ud800", "text": "\\ud800 he said"}\n{"id": "a", "text": "two"}\n{"id": 5}\n'
    (folder / "many.jsonl").write_text(records, encoding="utf-8")
    (folder / "metadata.csv").write_text("file,title,date\na.txt,One,2024-05-06\n", encoding="utf-8")
    whole = read_corpus([folder])
    assert [document.id for document in whole.documents] == sorted(document.id for document in whole.documents)
    with open_corpus([folder], spool) as corpus:
        assert spool.exists()
        assert (tuple(corpus.documents), corpus.problems) == (whole.documents, whole.problems)
        assert len(corpus.documents) == len(whole.documents) > 4
    assert not spool.exists()


def test_a_store_is_loaded_in_pieces(tmp_path: Path) -> None:
    lines = [f"<x:s{i:03}> <x:p> <x:o> .\n" for i in range(200)]
    (tmp_path / "graph.nq").write_text("".join(lines), encoding="utf-8")
    write_store(tmp_path / "graph.nq", tmp_path / "store", 100)
    assert sorted(f"{quad.triple} .\n" for quad in pyoxigraph.Store.read_only(str(tmp_path / "store"))) == lines
    (tmp_path / "graph.nq").write_text("".join([*lines, "<x:s> nothing\n"]), encoding="utf-8")
    with pytest.raises(GraphFolderError, match=r"graph\.nq: damaged \(after line [1-9]\d*: "):
        write_store(tmp_path / "graph.nq", tmp_path / "other", 100)


def _readings(number: int) -> Iterator[Reading]:
    return (brief(name) for name in brief_names(number))


def test_little_memory_gives_the_same_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.from_readings(_readings(60), tmp_path / "one", Config())
    monkeypatch.setattr(pipeline, "_HELD", 0)
    for part in ("lines", "cache", "load"):
        monkeypatch.setattr(memory.Budget, part, 20_000)
    monkeypatch.setattr("kg.piles._COUNTED", 3)
    pipeline.from_readings(sorted(_readings(60), key=lambda reading: reading.document.text), tmp_path / "other", Config())
    for name in ("graph.nq", "graph.ttl", "manifest.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == [
        ".kgignore", "graph.nq", "graph.ttl", "manifest.json", "readings", "state", "store", "texts"]


def test_what_is_held_does_not_grow_with_the_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a hundred documents to three hundred Python comes to hold no more than their ids, and less than a kilobyte for each."""
    monkeypatch.setattr(pipeline, "_HELD", 0)
    held = []
    (tmp_path / "graph").mkdir()
    making = pipeline._Making(GraphFolder(tmp_path / "graph"), Config(), Decisions(), "", Progress(), memory.budget(G))
    making.begin(None)
    tracemalloc.start()
    try:
        for at, reading in enumerate(_readings(300), 1):
            making.add(reading, pipeline.cache.dump(reading, "0" * 64))
            if at in (100, 300):
                gc.collect()
                held.append(sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces([
                    tracemalloc.Filter(True, "*/kg/*"), tracemalloc.Filter(False, "*/names.py")]).traces))
    finally:
        tracemalloc.stop()
        making.state.close()
    assert held[1] - held[0] < 200 * 1000, held

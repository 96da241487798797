"""The graph folder and its store: replaced as a whole, recognised, mended."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyoxigraph
import pytest
from conftest import write_sample
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import GraphFolderError
from kg.folder import FORMAT, GraphFolder, open_folder, replacing, text_name
from kg.store import memory_store, open_store


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_has_its_parts(sample_dir: Path) -> None:
    assert _files(sample_dir) == [".kgignore", "graph.nq", "graph.ttl", "manifest.json", "store", "texts"]
    assert _files(sample_dir / "texts") == ["appointed.txt", "charged.txt", "cleared.txt"]


def test_no_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(GraphFolderError, match=r"no graph folder here; make one with: kg build"):
        open_folder(tmp_path / "none")


def test_another_folder_is_no_graph_folder(tmp_path: Path) -> None:
    with pytest.raises(GraphFolderError, match=r"no manifest\.json"):
        open_folder(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "1", '"x"'])
def test_a_damaged_manifest(graph_dir: Path, content: str) -> None:
    (graph_dir / "manifest.json").write_text(content)
    with pytest.raises(GraphFolderError, match="manifest.json: damaged"):
        open_folder(graph_dir)


@pytest.mark.parametrize("version", [0, FORMAT + 1, "1", None])
def test_another_format_version(graph_dir: Path, version: object) -> None:
    (graph_dir / "manifest.json").write_text(json.dumps({"format": version}))
    with pytest.raises(GraphFolderError, match=f"reads format {FORMAT}; build it again"):
        open_folder(graph_dir)


def test_a_folder_without_quads(graph_dir: Path) -> None:
    (graph_dir / "graph.nq").unlink()
    with pytest.raises(GraphFolderError, match="graph.nq: missing"):
        open_folder(graph_dir)


def test_damaged_quads_and_no_store(graph_dir: Path) -> None:
    shutil.rmtree(graph_dir / "store")
    (graph_dir / "graph.nq").write_text("<a> <b> .\n")
    with pytest.raises(GraphFolderError, match="damaged"):
        open_store(open_folder(graph_dir))


def test_a_missing_store_is_made_anew(graph_dir: Path) -> None:
    shutil.rmtree(graph_dir / "store")
    folder = open_folder(graph_dir)
    store = open_store(folder)
    assert len(store) == len(memory_store(folder.nquads)) > 500
    assert (graph_dir / "store").is_dir()
    assert not list(graph_dir.glob(".store*"))


@pytest.mark.parametrize("damage", ["flip", "cut", "delete", "half"])
def test_a_damaged_store_is_made_anew(graph_dir: Path, damage: str) -> None:
    folder = open_folder(graph_dir)
    whole = len(memory_store(folder.nquads))
    if damage == "half":
        shutil.rmtree(folder.store)
        half = pyoxigraph.Store(str(folder.store))
        half.add(pyoxigraph.Quad(pyoxigraph.NamedNode("a:a"), pyoxigraph.NamedNode("a:a"), pyoxigraph.NamedNode("a:a")))
        half.flush()
        del half
    else:
        for path in [*folder.store.glob("*.sst"), *folder.store.glob("MANIFEST*")]:
            content = bytearray(path.read_bytes())
            for position in range(0, len(content), 64):
                content[position] ^= 0xFF
            path.write_bytes(b"" if damage == "cut" else content)
            if damage == "delete":
                path.unlink()
    assert len(open_store(open_folder(graph_dir))) == whole
    assert len(open_store(open_folder(graph_dir))) == whole


def test_replacing_keeps_what_was_there_until_the_end(graph_dir: Path) -> None:
    before = (graph_dir / "graph.nq").read_bytes()
    with pytest.raises(RuntimeError, match="midway"), replacing(graph_dir) as fresh:
        fresh.nquads.write_text("")
        raise RuntimeError("midway")
    assert (graph_dir / "graph.nq").read_bytes() == before
    assert _files(graph_dir.parent) == ["graph"]


def test_replacing_replaces_everything(graph_dir: Path) -> None:
    (graph_dir / "old.txt").write_text("left from before")
    write_sample(graph_dir)
    assert "old.txt" not in _files(graph_dir)
    assert _files(graph_dir.parent) == ["graph"]


def test_replacing_never_touches_a_folder_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(GraphFolderError, match="is no graph folder"), replacing(tmp_path):
        pass
    assert _files(tmp_path) == ["thesis.docx"]


def test_replacing_never_touches_a_file(tmp_path: Path) -> None:
    path = tmp_path / "graph"
    path.write_text("a file")
    with pytest.raises(GraphFolderError, match="is a file"), replacing(path):
        pass
    assert path.read_text() == "a file"


def test_replacing_refuses_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GraphFolderError, match="current folder"), replacing(Path()):
        pass


def test_replacing_makes_the_folders_above(tmp_path: Path) -> None:
    write_sample(tmp_path / "a" / "b" / "graph")
    assert open_folder(tmp_path / "a" / "b" / "graph")


def test_replacing_follows_a_link(graph_dir: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(graph_dir, target_is_directory=True)
    write_sample(link)
    assert link.is_symlink()
    assert open_folder(graph_dir)


@given(st.text(min_size=1, max_size=300).filter(lambda text: text.isprintable() or "/" in text or "\n" in text))
def test_no_document_id_leads_out_of_the_folder(document_id: str) -> None:
    try:
        document_id.encode()
    except UnicodeEncodeError:
        return
    name = text_name(document_id)
    assert "/" not in name and "\\" not in name and "\x00" not in name
    assert len(name.encode()) < 255
    assert Path("texts", name).parent == Path("texts")


@given(st.lists(st.text(min_size=1, max_size=250), min_size=2, max_size=5, unique=True))
def test_two_documents_never_share_a_file(ids: list[str]) -> None:
    assert len({text_name(document_id) for document_id in ids}) == len(ids)


def test_texts_keep_their_line_ends(tmp_path: Path) -> None:
    folder = GraphFolder(tmp_path)
    folder.write_text("../x", "one\r\ntwo\rthree\n")
    assert (tmp_path / "texts" / text_name("../x")).read_bytes() == b"one\r\ntwo\rthree\n"
    assert folder.read_text("../x") == "one\r\ntwo\rthree\n"


@pytest.mark.parametrize(("content", "said"), [(None, "No such file"), (b"\xff", "can't decode byte 0xff")])
def test_a_text_that_cannot_be_read_is_one_clear_error(tmp_path: Path, content: bytes | None, said: str) -> None:
    folder = GraphFolder(tmp_path)
    folder.texts.mkdir()
    if content is not None:
        (folder.texts / text_name("x")).write_bytes(content)
    with pytest.raises(GraphFolderError, match=f"x.txt: cannot be read .*{said}.*build it again"):
        folder.read_text("x")

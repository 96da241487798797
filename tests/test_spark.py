"""Builds on Spark: with two worker processes of which one is killed the graph is that of a build here, to the byte; what fails says so."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pathspec import GitIgnoreSpec
from pyarrow import parquet

from kg import pipeline, spark
from kg.cli import cli
from kg.documents import walk
from kg.errors import EngineError, InputError
from kg.model import Document

ROOT = Path(__file__).resolve().parent.parent
CHARGED = "PC Daniel Frost, of Essex Police, has been charged with assault. He denies it.\n"
LEADS = "Anna Wells has led West Mercia Police since September 2021. She succeeded Brian Holt, who retired.\n"
#: two worker processes with a core each; this checkout is what they run
CLUSTER = {"spark.master": "local-cluster[2,1,1024]", "spark.ui.enabled": "false", "spark.executorEnv.PYTHONPATH": str(ROOT)}
HERE = {"spark.master": "local[1]", "spark.ui.enabled": "false"}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Documents of several types, with what is said of them elsewhere, what is left out, two of one name, and one that is broken."""
    files = {
        "charged.txt": CHARGED, "leads.md": f"---\ntitle: A new chief\ndate: 2021-09-30\n---\n{LEADS}", "sub/charged.txt": CHARGED + LEADS,
        "records.jsonl": '{"id": "one", "text": "Essex Police suspended PC Daniel Frost."}\n{"id": 5}\n', "broken.pdf": "%PDF-1.7 no more",
        "metadata.csv": "file,title,date,source,url\ncharged.txt,An [odd] title,2023-02-01,The Example,\nnowhere.txt,x,,,\n",
        ".kgignore": "left-*\n", "left-out.txt": "Nobody.", "sub/.kgignore": "*.html\n", "sub/page.html": "<p>Nobody.", "~$lock.txt": "x",
        "page.html": f"<html><body><article><p>{LEADS}</p><p>{CHARGED}</p></article></body></html>",
    }
    folder = tmp_path / "articles [1]"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def _same(graph: Path, other: Path) -> bool:
    """Whether two graph folders hold the same, byte for byte."""
    names = ("graph.nq", "graph.ttl", "manifest.json", "readings", "texts")
    files = [{path.relative_to(folder): path.read_bytes() for name in names for path in sorted([folder / name, *(folder / name).glob("*")])
              if path.is_file()} for folder in (graph, other)]
    return files[0] == files[1]


def _executors() -> list[int]:
    """The process ids of the executors that this process started."""
    parents, found = {}, []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if b"CoarseGrainedExecutorBackend" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:  # it has ended
            continue
    return [pid for pid in found if os.getpid() in _ancestors(pid, parents)]


def _ancestors(pid: int, parents: dict[int, int]) -> Iterator[int]:
    while pid in parents:
        pid = parents[pid]
        yield pid


def _kill_one_after(first: Callable[[], bool], killed: list[int]) -> None:
    while not first():
        time.sleep(0.05)
    pid = _executors()[0]
    os.kill(pid, signal.SIGKILL)
    killed.append(pid)


@pytest.mark.model
@pytest.mark.spark
@pytest.mark.slow
def test_a_killed_worker_changes_nothing_and_parts_that_are_done_are_kept(articles: Path, tmp_path: Path) -> None:
    local = pipeline.build([articles], tmp_path / "local", workers=1)
    work, killed = tmp_path / "work", list[int]()

    def done() -> list[Path]:
        return sorted(work.glob("readings/*/_SUCCESS"))

    killer = threading.Thread(target=_kill_one_after, args=(lambda: bool(done()), killed), daemon=True)
    killer.start()
    told = spark.build([str(articles)], str(work), tmp_path / "graph", settings=CLUSTER, part=2)
    killer.join(timeout=60)
    assert len(killed) == 1, "it was over before a worker could be killed"
    assert len(done()) > 1
    assert _same(tmp_path / "graph", tmp_path / "local")
    assert (told.documents, told.facts, told.kept) == (local.documents, local.facts, 0)
    assert sorted(problem.message for problem in told.problems) == sorted(problem.message for problem in local.problems)

    assert b"".join(path.read_bytes() for path in sorted(work.glob("nquads/part-*.nq"))) == (tmp_path / "local" / "graph.nq").read_bytes()
    assert parquet.read_table(work / "tables" / "facts.parquet").num_rows == sum(sum(some.values()) for some in local.facts.values())
    assert sorted(path.name for path in work.iterdir() if not path.name.startswith(".")) == ["nquads", "readings", "tables"]

    parts = {path: path.stat().st_mtime_ns for path in done()}
    (articles / "sub" / "charged.txt").write_text("DI Zoe Marsh leads Kent Police.\n", encoding="utf-8")
    pipeline.build([articles], tmp_path / "local", workers=1)
    again = spark.build([str(articles)], str(work), tmp_path / "graph", settings=HERE, part=2)
    assert _same(tmp_path / "graph", tmp_path / "local")
    assert 0 < again.kept < again.documents
    same = [path.parent for path in done() if parts.get(path) == path.stat().st_mtime_ns]
    assert again.kept == sum(parquet.read_table(folder).num_rows for folder in same)


@pytest.mark.spark
@pytest.mark.slow
def test_a_path_with_nothing_to_read_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "_kept.txt").write_text(CHARGED, encoding="utf-8")
    heard = pipeline.Progress()
    heard.problem = lambda problem: told.append(str(problem))  # type: ignore[method-assign]
    told: list[str] = []
    with pytest.raises(InputError, match="no document could be read"):
        spark.build([str(tmp_path / "missing"), str(tmp_path / "empty")], str(tmp_path / "work"), tmp_path / "graph", settings=HERE,
                    progress=heard)
    assert told == [f"{tmp_path}/missing: no such file or folder",
                    f"{tmp_path}/empty/_kept.txt: left out, as Spark passes over names that begin with _; rename it"]
    assert not (tmp_path / "graph").exists()


def test_files_are_left_out_as_in_a_walk_through_the_folder(articles: Path) -> None:
    walked = {source.relative for source in walk.find([articles]).sources}
    rules = tuple((str(path.parent), GitIgnoreSpec.from_lines(path.read_text().splitlines())) for path in articles.rglob(".kgignore"))
    root = spark._Root(str(articles), False, rules)
    found = {source.relative for path in articles.rglob("*") if path.is_file() and (source := root.source(str(path)))}
    assert found - {"metadata.csv"} == walked
    assert root.source(f"{articles}-other/charged.txt") is None


@pytest.mark.parametrize(("given", "as_it_is"), [
    ("s3a://bucket/articles/", "s3a://bucket/articles"), ("hdfs:///a b", "hdfs:///a b"), ("/a/b [1]/*", "file:///a/b [1]/*"),
])
def test_paths_keep_their_scheme_and_those_without_are_of_this_machine(given: str, as_it_is: str) -> None:
    assert spark._given(given) == as_it_is


def test_a_pattern_is_refused() -> None:
    with pytest.raises(InputError, match="pattern"):
        spark._given("s3a://bucket/*/articles")


def test_a_machine_with_another_version_refuses_to_read() -> None:
    with pytest.raises(EngineError, match="other code, models or plug-ins of kg"):
        next(spark._read(None, "another version", iter([spark._batch([{"id": "a", "text": "x", "path": "a", "body_start": 0}],
                                                                     spark._DOCUMENT)])))


@pytest.mark.parametrize(("text", "line"), [
    ("Job aborted: Traceback (most recent call last):\n  File \"x\"\nkg.errors.ModelError: no model\n\n\tat org.apache", "no model"),
    ("An exception was thrown:\nTraceback (most recent call last):\n  File \"x\"\nValueError: 5 is odd\n", "ValueError: 5 is odd"),
    ("Job aborted due to stage failure: ExecutorLostFailure (executor 1 exited)\n\tat org.apache", "Job aborted due to stage failure: "
     "ExecutorLostFailure (executor 1 exited)"),
    ("", "RuntimeError"),
])
def test_what_spark_says_is_one_line(text: str, line: str) -> None:
    assert spark._told(RuntimeError(text)) == line


def test_documents_pass_between_machines_unchanged() -> None:
    document = Document("a", "Some text.", body_start=0)
    batch = spark._batch([{"id": document.id, "text": document.text, "path": "", "body_start": 0}], spark._DOCUMENT)
    assert [Document(**row) for row in batch.to_pylist()] == [document]


@pytest.mark.parametrize(("options", "said"), [
    (["--engine", "spark", "--workers", "2"], "--workers is not for --engine spark"),
    (["--work", "x"], "--work is not for --engine processes"),
    (["--engine", "spark", "--spark", "master=x"], "give a setting of Spark such as spark.master=yarn"),
    (["--engine", "flink"], "flink"),
])
def test_wrong_usage_is_told(articles: Path, tmp_path: Path, options: list[str], said: str) -> None:
    result = CliRunner().invoke(cli, ["build", str(articles), "-g", str(tmp_path / "graph"), *options])
    assert result.exit_code == 2
    assert said in result.output


JAVAS = {"none": None, "old": 'echo openjdk version \\"11.0.2\\" >&2', "broken": "exit 1"}


@pytest.mark.spark
@pytest.mark.parametrize("java", JAVAS)
def test_a_missing_or_old_java_is_one_line_at_once(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, java: str) -> None:
    (tmp_path / "bin").mkdir()
    if script := JAVAS[java]:
        (tmp_path / "bin" / "java").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "bin" / "java").chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    result = CliRunner().invoke(cli, ["build", str(articles), "-g", str(tmp_path / "graph"), "--engine", "spark"])
    assert result.exit_code == 2
    assert "Spark needs Java 17 or newer; install openjdk-17-jre-headless" in result.output
    assert result.output.count("\n") == 1
    assert not (tmp_path / "graph").exists()


def test_a_missing_pyspark_is_one_line(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    result = CliRunner().invoke(cli, ["build", str(articles), "-g", str(tmp_path / "graph"), "--engine", "spark"])
    assert result.exit_code == 2
    assert "pip install 'kg[spark]'" in result.output

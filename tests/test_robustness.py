"""Faults, bad files and hostile input: what ``tests/robustness`` does at length, in little, and a test for each thing that it found."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
import time
from base64 import a85encode
from binascii import hexlify
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner, Result
from conftest import write_sample
from hypothesis import example, given
from hypothesis import strategies as st
from pdfminer import ascii85, lzw, pdftypes, runlength
from server import Server

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for tests.robustness, also where pytest is not called as a module

from kg import decisions, folder  # noqa: E402
from kg.cli import cli  # noqa: E402
from kg.documents import read_corpus, unpack  # noqa: E402
from kg.documents.parts import Fault  # noqa: E402
from kg.errors import ExportError, GraphFolderError, InputError  # noqa: E402
from kg.folder import GraphFolder, open_folder, replacing, writing  # noqa: E402
from kg.store import open_store  # noqa: E402
from tests.robustness import __main__ as statement  # noqa: E402
from tests.robustness import fuzz, growth, guided, load, nasty  # noqa: E402
from tests.robustness.apart import apart  # noqa: E402

CASES = nasty.cases()


def kg(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], prog_name="kg")


def command(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    """The command as users run it, in a process of its own."""
    return subprocess.run([sys.executable, "-m", "kg", *map(str, words)], text=True, check=False, timeout=300,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, **options)  # type: ignore[call-overload, no-any-return]


# --- faults --------------------------------------------------------------------------------------------------------------


def robustness(module: str, *words: object) -> dict[str, int]:
    """What a module of tests/robustness reports, run in a process without threads, as it forks."""
    done = subprocess.run([sys.executable, "-m", f"tests.robustness.{module}", *map(str, words)], cwd=ROOT, text=True, capture_output=True,
                          check=False, timeout=1800)
    assert done.returncode == 0, done.stderr
    *faults, report = done.stdout.splitlines()
    assert not faults
    return dict(json.loads(report))


@pytest.mark.slow
def test_every_write_may_fail() -> None:
    assert robustness("faults", "--every", 9, "build", "review", "export")["made"] > 30


@pytest.mark.slow
def test_a_command_may_be_killed_at_any_moment() -> None:
    assert robustness("kills", 8) == {"made": 8, "wrong": 0}


def test_an_old_graph_that_cannot_be_put_back_is_kept_and_found_again(graph_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def full(self: Path, target: Path) -> Path:
        if self != graph_dir:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return rename(self, target)

    before = (graph_dir / "graph.nq").read_bytes()
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(GraphFolderError, match="cannot be written"), replacing(graph_dir) as fresh:
        fresh.write_manifest({})
    assert not graph_dir.exists()
    with pytest.raises(GraphFolderError, match=r"was taken away by a build that was killed, and cannot be put back .*move it there from"):
        open_folder(graph_dir)
    monkeypatch.undo()
    assert kg("entities", "-g", graph_dir).exit_code == 0
    assert (graph_dir / "graph.nq").read_bytes() == before
    assert [path.name for path in graph_dir.parent.iterdir()] == ["graph"]


def test_what_a_killed_command_left_is_gone_once_somebody_asks(graph_dir: Path) -> None:
    left = graph_dir.with_name(f".{graph_dir.name}.building-killed")
    shutil.copytree(graph_dir, left / "old")
    with folder.locked(graph_dir, "busy"):
        open_folder(graph_dir)  # a build that goes on is let be
    assert left.exists()
    open_folder(graph_dir)
    assert not left.exists()


def test_a_graph_cut_short_at_the_end_of_a_line_is_not_taken_for_whole(graph_dir: Path) -> None:
    nquads = graph_dir / "graph.nq"
    nquads.write_text("".join(nquads.read_text().splitlines(keepends=True)[:-5]))
    assert len(open_store(GraphFolder(graph_dir))) == GraphFolder(graph_dir).quads  # the database is whole
    shutil.rmtree(graph_dir / "store")
    with pytest.raises(GraphFolderError, match=r"graph\.nq: damaged \(it has [\d,]+ quads of [\d,]+\); build it again"):
        open_store(GraphFolder(graph_dir))


@pytest.mark.parametrize("words", [("entities",), ("dossier", "Daniel Frost"), ("review",)])
@pytest.mark.parametrize("content", ['{"format": 1}', '{"format": 1, "config": {}, "documents": 5}', "[" * 100_000, "\udcff", "null", "{"])
def test_a_damaged_manifest_is_one_clear_line(graph_dir: Path, content: str, words: tuple[str, ...]) -> None:
    (graph_dir / "manifest.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    result = kg(*words, "-g", graph_dir)
    assert result.exit_code == 2 and result.output.count("\n") == 1, result.output
    assert "manifest.json: damaged" in result.output and "build it again" in result.output


@pytest.mark.parametrize("config", [{}, [], {"base_iri": 5}])
def test_a_manifest_without_a_base_iri_is_one_clear_line(graph_dir: Path, config: object) -> None:
    (graph_dir / "manifest.json").write_text(json.dumps({"format": folder.FORMAT, "config": config, "documents": []}))
    result = kg("review", "-g", graph_dir)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "manifest.json: damaged (config is missing or incomplete); build it again" in result.output


def test_a_text_that_was_changed_is_not_shown_as_what_was_read(graph_dir: Path, tmp_path: Path) -> None:
    made = GraphFolder(graph_dir)
    rows = [{"id": path.stem, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for path in made.texts.iterdir()]
    made.write_manifest({**made.values, "documents": rows})
    assert kg("dossier", "Daniel Frost", "-g", graph_dir, "-o", tmp_path / "d.html").exit_code == 0
    text = made.texts / "charged.txt"
    text.write_text(text.read_text().replace("assault", "murder!"))
    for words in (("dossier", "Daniel Frost", "-o", tmp_path / "e.html"), ("render", "-o", tmp_path / "e.html")):
        result = kg(*words, "-g", graph_dir)
        assert result.exit_code == 2 and "charged.txt: damaged (it is not the text that was read); build it again" in result.output
    assert not (tmp_path / "e.html").exists()


@pytest.mark.parametrize("where", ["/proc/x", "/dev/null", "/proc/x/y/z"])
def test_a_place_that_cannot_be_written_is_said_to_be_one(tmp_path: Path, where: str) -> None:
    with pytest.raises(GraphFolderError, match="cannot be written|is a file") as raised, replacing(Path(where)):
        pass
    assert "another build" not in str(raised.value)


def test_the_new_graph_is_read_by_whom_the_old_one_was(graph_dir: Path) -> None:
    graph_dir.chmod(0o700)
    write_sample(graph_dir)
    assert stat.S_IMODE(graph_dir.stat().st_mode) == 0o700


def test_a_file_written_anew_is_read_by_whom_the_old_one_was(tmp_path: Path) -> None:
    path = tmp_path / "private.txt"
    path.write_text("old")
    path.chmod(0o600)
    link = tmp_path / "link.txt"
    link.symlink_to(path)
    with writing(link) as stream:
        stream.write(b"new")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode), link.is_symlink()) == ("new", 0o600, True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.txt", "private.txt"]


def test_what_is_no_ordinary_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    with writing(pipe) as stream:
        stream.write(b"through")
    reader.join(timeout=10)
    assert got == [b"through"] and stat.S_ISFIFO(pipe.stat().st_mode)
    full = Path("/dev/full")
    with pytest.raises(ExportError, match=r"/dev/full: cannot be written \(No space left on device\)"), writing(full) as stream:
        stream.write(b"x" * 100_000)
    with pytest.raises(ExportError, match=r"cannot be written \(Is a directory\)"), writing(tmp_path) as stream:
        stream.write(b"x")


def test_two_writers_of_one_file_do_not_mix(tmp_path: Path) -> None:
    with writing(tmp_path / "x") as one:
        one.write(b"one")
        with pytest.raises(ExportError, match="another program is writing this file"), writing(tmp_path / "x") as two:
            two.write(b"two")
    assert (tmp_path / "x").read_bytes() == b"one"


@pytest.mark.parametrize("words", [("facts",), ("entities",), ("export", "--format", "nq"), ("query", "--list")])
def test_a_full_disk_for_standard_output_is_one_clear_line(sample_dir: Path, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = command(*words, *(() if words == ("query", "--list") else ("-g", sample_dir)), stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, "kg: standard output: No space left on device\n")


def _decide(path: Path, number: int) -> None:
    line = {"same": [f"person/a.{number}", f"person/b.{number}"], "by": "Eve", "on": "2026-03-01", "why": "x"}
    decisions.append(path, [decisions.parse(json.dumps(line))])


def test_people_who_decide_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "decisions.txt"
    writers = [multiprocessing.get_context("spawn").Process(target=_decide, args=(path, number)) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=120)
    assert len(decisions.read(path).all) == 6
    assert [p.name for p in tmp_path.iterdir()] == ["decisions.txt"]


def test_a_file_of_decisions_that_somebody_holds_is_waited_for_and_then_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "_PATIENCE", 0.1)
    path = tmp_path / "decisions.txt"
    with folder.locked(path, "held"), pytest.raises(InputError, match="another program is writing this file; try again"):
        _decide(path, 1)


def test_the_clock_does_not_matter(graph_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = {}
    for moment in (0.0, time.time(), 4e9):
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        for form in ("xlsx", "neo4j", "gexf", "ttl"):
            assert kg("export", "-g", graph_dir, "--format", form, "-o", tmp_path / "out").exit_code == 0
            assert written.setdefault(form, (tmp_path / "out").read_bytes()) == (tmp_path / "out").read_bytes()
        for path in graph_dir.rglob("*"):
            os.utime(path, (moment, moment))
        assert kg("entities", "-g", graph_dir).exit_code == 0


# --- bad files ------------------------------------------------------------------------------------------------------------


def test_there_are_many_bad_files() -> None:
    assert len(CASES) >= 200


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_told_or_read_and_harms_no_other(name: str, tmp_path: Path) -> None:
    done = apart(nasty.read_beside_good, CASES[name], tmp_path / "d", seconds=nasty.SECONDS, memory=nasty.MEMORY)
    assert not done.said


@pytest.mark.parametrize(("name", "said"), [
    ("600 comments", ""), ("pipe for patterns", "not a regular file; its folder is not read"),
    ("folder for patterns", "not a regular file; its folder is not read"), ("ignored: stars", "more than 3 * in one part of a pattern"),
    ("PDF: bomb", "unpacks to more than the limit of 200 MB for a PDF"), ("PDF: bomb in a bomb", "unpacks to more than the limit"),
    *((f"PDF: bomb of {name}", "unpacks to more than the limit of 200 MB for a PDF") for name in (
        "runs", "LZW", "LZW in a bomb", "ASCII85")),
    *((f"PDF: {name} under a predictor", "more than 16 MB under a predictor") for name in ("line", "bomb")),
    ("PDF: bomb cut off", "unpacks to more than the limit"), ("PDF: 200,000 characters", "more than 100,000 characters on one page"),
    ("Word: bomb in the text", "MB of XML, more than the limit of 32 MB for a Word document"), ("Word: bomb", "unpacks to 250 MB"),
])
def test_what_is_said_of_a_bad_file(name: str, said: str, tmp_path: Path) -> None:
    CASES[name](tmp_path)
    corpus = read_corpus([tmp_path])
    assert not said or [problem for problem in corpus.problems if said in problem.message], corpus.problems


@pytest.mark.parametrize("name", ["bomb in a bomb", "bomb of runs", "bomb of LZW", "bomb of ASCII85", "bomb under a predictor", "fax"])
def test_a_bomb_in_a_pdf_takes_little_memory(name: str, tmp_path: Path) -> None:
    done = apart(nasty.read_beside_good, CASES[f"PDF: {name}"], tmp_path / "d", seconds=60, memory=nasty.MEMORY)
    assert not done.said and done.memory < 500 * 2**20


@given(st.binary(max_size=600), st.sampled_from(["lzw", "runs", "ascii85", "hex"]))
@example(nasty.lzw([256, *b"Frost ", 258, 260, 262, 263, 257]), "lzw")
@example(nasty.lzw([256, 0, *range(258, 4096), 4095, 256, 65, 66]), "lzw")
@example(b"\x02abc\xfed\x80more", "runs")
def test_what_is_within_bounds_is_unpacked_as_by_pdfminer(data: bytes, kind: str) -> None:
    if kind in ("ascii85", "hex"):
        data = {"ascii85": a85encode, "hex": hexlify}[kind](data)
        data = b" \n".join(data[at:at + 7] for at in range(0, len(data), 7)) + {"ascii85": b" ~>", "hex": b">"}[kind]
    theirs, ours = {"lzw": (lzw.lzwdecode, pdftypes.lzwdecode), "runs": (runlength.rldecode, pdftypes.rldecode),
                    "ascii85": (ascii85.ascii85decode, pdftypes.ascii85decode),
                    "hex": (ascii85.asciihexdecode, pdftypes.asciihexdecode)}[kind]
    try:
        unpacked = theirs(data)
    except (RuntimeError, StopIteration, IndexError, TypeError):  # cut off, or damaged; then nothing is promised but an end
        with suppress(IndexError, TypeError):
            ours(data)
    else:
        with unpack.bounded():
            assert ours(data) == unpacked


def test_streams_share_what_they_may_unpack_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "MAX_UNPACKED", 250)
    with unpack.bounded():
        assert pdftypes.rldecode(b"\x81x") == b"x" * 128
        with pytest.raises(Fault, match="unpacks to more than the limit"):
            pdftypes.rldecode(b"\x81x")


def test_forms_within_forms_do_not_go_on_for_ever(tmp_path: Path) -> None:
    assert apart(nasty.read_beside_good, CASES["PDF: forms in forms"], tmp_path / "d", seconds=60, memory=nasty.MEMORY).seconds < 20


STAGES = growth.stages()


@pytest.mark.parametrize("stage", STAGES)
def test_four_times_the_text_takes_no_more_than_four_times_as_long(stage: str) -> None:
    slow = {unit: said for unit, text in growth.UNITS.items() if (said := growth.too_slow(STAGES[stage], text))}
    assert not slow


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("unit", ["capitals", "letters", "commas", "names", "quoted"])
def test_four_times_the_text_takes_no_more_than_four_times_as_long_to_read(unit: str) -> None:
    assert not growth.too_slow(fuzz.extract, growth.UNITS[unit], 2_500)


# --- input that nobody thought of -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", fuzz.targets())
def test_changed_input_is_told_or_taken(target: str) -> None:
    assert not {said: data for data, said in fuzz.tries(target, number=10 if target in ("exports", "pdf") else 100) if said}


@pytest.mark.model
@pytest.mark.slow
def test_changed_text_is_read() -> None:
    assert not {said: data for data, said in fuzz.tries("extraction", number=12) if said}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="atheris has no wheels elsewhere")
def test_input_led_by_coverage_is_told_or_taken() -> None:
    done = guided.main(["dates", "readings"], 2, 0)
    assert [(row["found"], row["inputs"] > 100) for row in done.values()] == [(0, True)] * 2


def test_runs_of_the_fuzzing_add_up_in_the_statement_and_the_rest_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[int] = []

    def fuzzed(arguments: list[str], turn: int) -> dict[str, dict[str, int]]:
        turns.append(turn)
        return {name: {"inputs": 1500, "seconds": int(arguments[0]), "found": 1} for name in arguments[1:]}

    monkeypatch.setattr(statement, "TABLE", tmp_path / "robustness.md")
    monkeypatch.setattr(fuzz, "main", fuzzed)
    monkeypatch.setattr(guided, "main", lambda names, seconds, turn: fuzzed([str(seconds), *names], turn))
    monkeypatch.setattr(load, "section", lambda graph: f"of {graph}")
    for words in ("load --graph g", "fuzz --seconds 1800 --target pdf", "fuzz --seconds 900 --target pdf --target txt",
                  "fuzz --guided --seconds 900 --target pdf"):
        monkeypatch.setattr(sys, "argv", ["robustness", *words.split()])
        statement.main()
    told = (tmp_path / "robustness.md").read_text()
    assert "## load\n\nof g\n" in told and "## kills\n\nNot measured yet." in told and "1.25 hours by the clock in all, 4 findings" in told
    assert re.findall(r"^\| (.*?) \| ([\d,]+) \| ([\d,]+) \| (\d+) \|$", told, re.MULTILINE) == [
        ("pdf", "3,000", "2,700", "2"), ("pdf, guided", "1,500", "900", "1"), ("txt", "1,500", "900", "1")]
    assert turns == [0, 1800, 3600]


def test_every_finding_has_its_test_and_stands_in_the_statement() -> None:
    found = statement.findings()
    told = statement.TABLE.read_text(encoding="utf-8")
    for what, file, test in found:
        assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), test
        assert f"| {what} | `{file}` | `{test}` |" in told, "write it anew: python -m tests.robustness findings"
    assert len({test for _, _, test in found}) == len(found) > 20


def test_what_was_found_before_is_mended() -> None:
    assert fuzz.main(["--again"]) == {}


# --- all together ------------------------------------------------------------------------------------------------------------

_NO_PICKLE = """
import sys
def forbid(event, arguments):
    if event.startswith(("pickle.", "subprocess.", "socket.connect", "os.system")):
        raise RuntimeError(f"{event} {arguments}")
sys.addaudithook(forbid)
from kg import annotate, language
from kg.model import Document
from kg.reference import Reference
reading = annotate.read(language.load(), Document("d", "PC Daniel Frost was charged with assault."), Reference.load())
print(len(reading.chains))
"""


@pytest.mark.model
@pytest.mark.slow
def test_neither_the_model_nor_a_document_unpickles_connects_or_runs_anything() -> None:
    done = subprocess.run([sys.executable, "-c", _NO_PICKLE], cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert (done.returncode, done.stdout) == (0, "2\n"), done.stderr


@pytest.fixture
def full_of_code(tmp_path: Path) -> Path:
    """A folder with modules that make a file ``ran`` where they are imported; beside it the command, which does not look there."""
    folder_ = tmp_path / "articles"
    folder_.mkdir()
    for name in ("kg", "json", "pickle", "multiprocessing", "selectors", "click", "pyoxigraph", "sitecustomize", "usercustomize"):
        (folder_ / f"{name}.py").write_text(f"open({str(folder_ / 'ran')!r}, 'w').close()\nraise ImportError('what lies here')\n")
    (tmp_path / "kg").write_text("from kg.cli import main\nif __name__ == '__main__':\n    main()\n")
    return folder_


def test_a_server_started_among_documents_runs_nothing_that_lies_there(full_of_code: Path, graph_dir: Path) -> None:
    words = [sys.executable, "../kg", "serve", "-g", graph_dir, "--port", "0", "--quiet", "--edit"]
    process = subprocess.Popen(words, cwd=full_of_code, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE)
    try:
        server = Server(process.stdout.readline().strip(), process)  # type: ignore[union-attr]
        assert server.address and server.ask("ASK {}").status == 200
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', server.get("/review", "text/html").text))
        given = hidden | {"decision": "rename", "thing": "Anna Wells", "name": "Anna Wells-Price", "by": "Eve", "why": "married"}
        answer = server.request("POST", "/review", urlencode(given).encode(), {"Origin": server.address.rstrip("/")})
        assert answer.status == 303, answer.text
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()  # type: ignore[union-attr]
    assert not (full_of_code / "ran").exists()


@pytest.mark.model
@pytest.mark.slow
def test_workers_of_a_build_among_documents_run_nothing_that_lies_there(full_of_code: Path) -> None:
    for number in range(4):
        (full_of_code / f"{number}.txt").write_text(nasty.GOOD, encoding="utf-8")
    words = [sys.executable, "../kg", "build", ".", "-g", "graph", "--workers", "2"]
    done = subprocess.run(words, cwd=full_of_code, text=True, check=False, timeout=600, capture_output=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 1 and done.stdout and "Traceback" not in done.stderr, done.stderr  # 1, as it tells of files it cannot read
    assert (full_of_code / "graph" / "graph.nq").stat().st_size and not (full_of_code / "ran").exists()


#: the names of bad files that become documents
_SMALL = {"right to left", "direction overrides", "zero width between letters", "soft hyphens", "homoglyphs", "full width", "tags",
          "combining on every letter", "separators", "escape sequences", "non-characters", "mark in the middle", "scripts",
          "table: formulas"}


@pytest.mark.model
@pytest.mark.slow
def test_bad_documents_change_nothing_of_a_good_one(tmp_path: Path) -> None:
    """All that is built and shown of a folder with one good document and many bad ones."""
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    (good / "good.txt").write_text(nasty.GOOD, encoding="utf-8")
    shutil.copytree(good, bad)
    made = [make for name, make in CASES.items() if name in _SMALL or name.startswith(("records: id", "records: t", "records: key"))]
    for number, make in enumerate(made):
        (bad / f"{number:03}").mkdir()
        make(bad / f"{number:03}")
    rows = []
    for folder_ in (good, bad):
        result = kg("build", folder_, "-g", tmp_path / f"{folder_.name}-graph", "--workers", 1)
        assert result.exit_code in (0, 1), result.output
        told = kg("facts", "-g", tmp_path / f"{folder_.name}-graph", "--document", "good", "--format", "jsonl").stdout
        rows.append([{name: row[name] for name in ("predicate", "status", "evidence")} for row in map(json.loads, told.splitlines())])
        assert kg("validate", "-g", tmp_path / f"{folder_.name}-graph").exit_code == 0
    assert rows[0] == rows[1] and rows[0]


def test_a_graph_written_where_the_clock_stood_still_is_read_by_its_own_hashes(tmp_path: Path) -> None:
    graph = GraphFolder(write_sample(tmp_path / "graph"))
    text = graph.read_text("charged") + "More was found.\n"
    before, values = graph.manifest.stat(), graph.values
    for row in values["documents"]:
        if row["id"] == "charged":
            row["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    (graph.texts / folder.text_name("charged")).write_bytes(text.encode())
    beside = tmp_path / "manifest"
    beside.write_text(json.dumps(values), encoding="utf-8")
    beside.replace(graph.manifest)
    os.utime(graph.manifest, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert graph.read_text("charged") == text

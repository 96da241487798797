"""Commands set up to be broken: a folder with documents, their graph, decisions and earlier output, and what must hold of it afterwards.

Every command runs in a process of its own that is forked from one which has the code loaded, with its standard streams in a file. Nothing
is read from language: the documents are of ``corpus/``, and their readings are those of the gold files. The server that a push speaks to is
a file to which requests are added. All else is the product's own code, run through its command line.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import kg as package
from kg import cache, cli, language, pipeline, remote, store
from kg.cli import forget
from kg.folder import GraphFolder
from kg.model import Document, Reading
from kg.render import render
from tests.benchmarks.corpora import readings

URL = "http://127.0.0.1:9/update"
WHO = ("--by", "Eve Dunn", "--why", "request 17", "--on", "2026-03-01")
_WAIT = 120  # seconds; a command that takes longer hangs
_PUSHED = "graph.pushed.json"
_OLD = {"page.html": "an earlier page", "out.xlsx": "an earlier workbook", "out.nq": "earlier triples", "dossier.pdf": "an earlier dossier"}


@dataclass(frozen=True)
class Command:
    """A command line, and what it writes beside the graph."""

    words: tuple[str, ...]
    graph: str = "graph"  #: the folder that must open afterwards


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int  #: exit code, or minus the number of the signal that killed it
    said: str  #: what it printed


def commands(handle: str, person: str) -> dict[str, Command]:
    """What is broken, by name; the fact to reject and the person to forget are the graph's own."""
    return {
        "build": Command(("build", "articles")),
        "first build": Command(("build", "articles", "-g", "fresh"), "fresh"),
        "review": Command(("review", "reject", handle, *WHO)),
        "forget": Command(("forget", person, "--namesakes", *WHO)),
        "export": Command(("export", "--format", "xlsx", "-o", "out.xlsx")),
        "export to a pipe's end": Command(("export", "--format", "nq", "-o", "out.nq")),
        "render": Command(("render", "-o", "page.html")),
        "dossier": Command(("dossier", person, "-o", "dossier.pdf")),
        "push": Command(("push", URL)),
    }


class Stage:
    """A folder in which commands are broken one after another, each time from the same start."""

    def __init__(self, folder: Path) -> None:
        """Set up the start; takes some seconds."""
        self.start, self.root = folder / "start", folder / "root"
        self._known = {reading.document.text: reading for reading in readings(4)}
        self._stand_in()
        documents = [reading.document for reading in self._known.values()]
        (self.start / "articles").mkdir(parents=True)
        self._write(documents[:3])
        for name, text in _OLD.items():
            (self.start / name).write_text(text)
        (self.start / "decisions.txt").write_text("# Kept by the news desk\n")
        self._warm()
        self._whole(self.start, ("build", "articles"))
        self._write(documents[1:])  # one document has gone, another has come
        told = self._whole(self.start, ("review", "--about", self._person(), "--format", "jsonl"))
        listed = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
        self.commands = commands(listed[0]["facts"][0]["fact"], self._person())
        self.whole: dict[str, dict[str, str]] = {}  #: command -> what it leaves behind when nothing is wrong
        self._arrives: dict[str, str] = {}  #: what a push tells of what has arrived, once its outcome was asked for

    def _stand_in(self) -> None:
        """Put the known readings in place of the language stage, and a file in place of a server."""
        def read(nlp: Any, document: Document, reference: Any) -> Reading:
            return replace(self._known[document.text], document=document)

        language.load = lambda name=None: SimpleNamespace()  # type: ignore[assignment, return-value]
        package.annotate = sys.modules["kg.annotate"] = SimpleNamespace(read=read)  # type: ignore[assignment]
        cache.pipeline_version = lambda model: "1"
        forget._salt = lambda: "0123456789abcdef"
        remote.Endpoint = _Server  # type: ignore[assignment, misc]

    def _warm(self) -> None:
        """Load what commands load, once for all, in this process; but no database, whose threads would not be there after a fork."""
        def in_memory(folder: GraphFolder) -> Any:
            return store.memory_store(folder.nquads)

        with tempfile.TemporaryDirectory() as folder, patch.multiple(
                store, write_store=lambda *_: None, open_store=in_memory, open_made=in_memory):
            graph = Path(folder, "graph")
            pipeline.build([self.start / "articles"], graph, page=render)
            for words in (("dossier", self._person(), "-o", f"{folder}/dossier.pdf"), ("review", "--format", "jsonl"),
                          ("export", "--format", "xlsx", "-o", f"{folder}/x.xlsx")):
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    cli.cli([*words, "-g", str(graph)], standalone_mode=False)

    def _write(self, documents: list[Document]) -> None:
        shutil.rmtree(self.start / "articles")
        (self.start / "articles").mkdir()
        for document in documents:
            (self.start / "articles" / f"{document.id}.txt").write_text(document.text, encoding="utf-8")

    def _person(self) -> str:
        """Somebody of whom the second document tells, so that the person is there in both versions of the graph."""
        reading = list(self._known.values())[1]
        return next(reading.chains[fact.subject].name for fact in reading.facts
                    if reading.chains[fact.subject].type == "Person" and " " in reading.chains[fact.subject].name)

    def _whole(self, folder: Path, words: tuple[str, ...]) -> str:
        ended = run(folder, words)
        assert ended.code == 0, ended
        return ended.said

    def reset(self) -> Path:
        """The folder as it was at the start."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.start, self.root)
        return self.root

    def outcome(self, name: str) -> dict[str, str]:
        """What a command leaves behind when nothing is wrong."""
        if name not in self.whole:
            self.reset()
            self._whole(self.root, self.commands[name].words)
            self.whole[name] = state(self.root)
            pushed = self.root / _PUSHED
            if pushed.exists():
                self._arrives = json.loads(pushed.read_text())[URL]
        return self.whole[name]

    def faults_of(self, name: str) -> Iterator[str]:
        """What is wrong after a command was broken: each thing must be as before or as it was to become, the graph must open and answer,
        and the same command must then succeed and leave nothing else behind. ``outcome`` must have been asked for before."""
        command, before, after = self.commands[name], state(self.start), self.whole[name]
        opened = run(self.root, ("entities", "-g", command.graph))
        missing_before = command.graph not in before
        if opened.code != 0 and not (missing_before and "no graph folder here" in opened.said):
            yield f"the graph does not open: {opened.said.strip()}"
        now = state(self.root)
        for thing in sorted(before.keys() | after.keys()):
            if now.get(thing) not in (before.get(thing), after.get(thing)) and not (thing == _PUSHED and self._on_its_way()):
                yield f"{thing} is neither as before nor as it was to become"
        again = run(self.root, command.words)
        now = state(self.root)
        gone = now == after and "no Person is called" in again.said  # who is forgotten already cannot be forgotten again
        if again.code != 0 and not gone:
            yield f"the next run fails: {again.said.strip()}"
        elif now != after:
            changed = sorted(key for key in now.keys() | after.keys() if now.get(key) != after.get(key))
            yield f"the next run leaves something else: {', '.join(changed)}"


    def _on_its_way(self) -> bool:
        """Whether what has arrived at the server is a part of what was to arrive, and the rest in doubt."""
        arrived = json.loads((self.root / _PUSHED).read_text())[URL]
        return all(value in ("", self._arrives.get(name)) for name, value in arrived.items())


class _Server:
    """Keeps requests in a file instead of sending them."""

    def __init__(self, url: str, **_: Any) -> None:
        self.url = url

    def __enter__(self) -> _Server:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, method: str, content: bytes | None = None, **_: Any) -> None:
        with Path("requests.log").open("ab") as log:
            log.write(hashlib.sha256(content or b"").digest())


def state(root: Path) -> dict[str, str]:
    """What lies in a folder: name -> hash, one for everything in a graph but its store, which ``entities`` compares with the graph."""
    found = {}
    for path in sorted(root.iterdir()):
        if path.name in ("articles", "requests.log") or path.suffix == ".lock":  # a lock that is left is empty, and nobody's
            continue
        files = [path] if path.is_file() else [file for file in sorted(path.rglob("*"))
                                               if file.is_file() and "store" not in file.relative_to(path).parts]
        whole = hashlib.sha256()
        for file in files:
            whole.update(f"{file.relative_to(root)}\0".encode() + hashlib.sha256(_told_by(file)).digest())
        found[path.name] = whole.hexdigest()
    return found


def _told_by(file: Path) -> bytes:
    """What a file says. Databases that say the same are not of the same bytes, and neither are the checksums of such."""
    if file.name == "state.sqlite":
        with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as held:
            return "\n".join(sorted(held.iterdump())).encode()
    return json.dumps(json.loads(file.read_bytes())[0]).encode() if file.name == "seals.json" else file.read_bytes()


def run(root: Path, words: tuple[str, ...], arm: Callable[[], None] | None = None, kill_after: float | None = None) -> Ended:
    """Run ``kg`` with the words in the folder, in a process of its own; ``arm`` is called in it first.

    It is killed after so many seconds where that is given. One that hangs is killed too, and has the code -14.
    """
    said = root.parent / "said.txt"
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        _child(root, words, said, arm)
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        passed = time.monotonic() - began
        if done:
            code = os.waitstatus_to_exitcode(status)
            break
        if passed > _WAIT or (kill_after is not None and passed > kill_after):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            code = -signal.SIGALRM if passed > _WAIT else -signal.SIGKILL
            break
        time.sleep(0.002)
    return Ended(code, said.read_text(encoding="utf-8", errors="replace"))


def _child(root: Path, words: tuple[str, ...], said: Path, arm: Callable[[], None] | None) -> None:
    """Be the command; never returns."""
    code = 99
    try:
        stream = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(stream, 1)
        os.dup2(stream, 2)
        os.chdir(root)
        if arm:
            arm()
        cli.cli(list(words), prog_name="kg")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:  # also where not even that can be printed
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)

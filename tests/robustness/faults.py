"""Every write of every command that writes, made to fail: the disk full, the folder not to be written to, the process killed.

    python -m tests.robustness.faults [--every N] [COMMAND...]

A write is whatever opens a file to write, makes, renames or removes something in the folder; Python reports each (``sys.addaudithook``)
before it is done. A command is run once for each of its writes and each fault, and the writes after the first that fails fail
as well where the disk is full or the folder cannot be written to, as they would. Whole files are written or not here; ``LIMITS`` cuts them
off in the middle, by the size that the system allows a file to have.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.robustness.stage import Stage, run

FAULTS = ("full", "forbidden", "killed")
#: bytes that a file may have
LIMITS = (1_000, 5_000, 20_000, 60_000, 200_000)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_AT_FIRST = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod"}


@dataclass
class _Trap:
    """Counts the writes below a folder and springs at one of them."""

    root: str
    fault: str
    at: int
    log: Path | None = None
    seen: int = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            if not isinstance(arguments[2], int) or not arguments[2] & _WRITES:
                return
        elif event not in _AT_FIRST:
            return
        if not self._within(event, arguments):
            return
        self.seen += 1
        if self.log is not None:
            log, self.log = self.log, None  # or the log would be logged
            with log.open("a") as stream:
                stream.write(f"{event} {arguments[0]!r}\n")
            self.log = log
        if self.fault == "killed" and self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        # Where nothing can be written, files can still be removed on a full disk, and not in a folder without permission.
        if self.seen >= self.at > 0 and (self.fault == "forbidden" or event not in ("os.remove", "os.rmdir")):
            number = errno.ENOSPC if self.fault == "full" else errno.EACCES
            raise OSError(number, os.strerror(number), arguments[0])

    def _within(self, event: str, arguments: tuple[Any, ...]) -> bool:
        path = arguments[0]
        if isinstance(path, int):
            return False
        path = os.fsdecode(path)
        if event in ("os.remove", "os.rmdir", "os.mkdir") and isinstance(arguments[-1], int) and arguments[-1] >= 0:
            return True  # within a folder that is open, as when a tree is removed
        return str(Path.cwd() / path).startswith(self.root)


def _arm(trap: _Trap) -> Callable[[], None]:
    return lambda: sys.addaudithook(trap)


def writes(stage: Stage, name: str) -> list[str]:
    """The writes of a command, in order."""
    log = stage.start.parent / "writes.txt"
    log.unlink(missing_ok=True)
    ended = run(stage.reset(), stage.commands[name].words, _arm(_Trap(str(stage.root), "none", 0, log)))
    assert ended.code == 0, ended
    return log.read_text().splitlines()


def walk(stage: Stage, name: str, every: int = 1) -> Iterator[tuple[str, list[str]]]:
    """Each fault at each write (or every so many) of a command: what was done, and what was wrong afterwards."""
    stage.outcome(name)
    listed = writes(stage, name)
    for fault in FAULTS:
        for at in range(1, len(listed) + 1, every):
            ended = run(stage.reset(), stage.commands[name].words, _arm(_Trap(str(stage.root), fault, at)))
            yield f"{name}: {fault} at write {at}, {listed[at - 1]}", [*_told(ended.code, ended.said, fault), *stage.faults_of(name)]
    for limit in LIMITS:
        ended = run(stage.reset(), stage.commands[name].words, partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit)))
        yield f"{name}: no file above {limit:,} bytes", [*_told(ended.code, ended.said, "full"), *stage.faults_of(name)]


def _told(code: int, said: str, fault: str) -> Iterator[str]:
    """A command that is not killed ends well, or says what is wrong in one line."""
    lines = [line for line in said.splitlines() if line.startswith("kg: ")]
    if "Traceback" in said or "Exception ignored" in said or code not in ((-signal.SIGKILL, 0) if fault == "killed" else (0, 2)):
        yield f"ended with {code}: {said.strip()[-2000:]}"
    elif code == 2 and len(lines) != 1:
        yield f"said {len(lines)} lines and not one: {said.strip()[-500:]}"


def measured(names: list[str], every: int = 1) -> Iterator[tuple[str, int, int]]:
    """Each of the commands, or every command: how many faults were made in it, and after how many something was wrong."""
    with tempfile.TemporaryDirectory(prefix="kg-faults-") as folder:
        stage = Stage(Path(folder))
        for name in names or stage.commands:
            made = wrong = 0
            for what, faults in walk(stage, name, every):
                made += 1
                wrong += bool(faults)
                for fault in faults:
                    print(f"{what}: {fault}", flush=True)
            yield name, made, wrong


def main(arguments: list[str]) -> dict[str, int]:
    """Walk through commands; ``--every N`` looks at one write of so many."""
    every, names = (int(arguments[1]), arguments[2:]) if arguments[:1] == ["--every"] else (1, arguments)
    done = list(measured(names, every))
    return {"made": sum(made for _, made, _ in done), "wrong": sum(wrong for _, _, wrong in done)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:])))

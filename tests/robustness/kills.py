"""Commands killed at any moment (``kill -9``), and what is there afterwards.

    python -m tests.robustness.kills [NUMBER]         (default: 200)

Every process is the product's own command line, forked from one that has its code loaded (``stage.py``), so that all of its time is work.
The moments are drawn from a seeded list of shares of the time that the command takes when nobody kills it.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.robustness.stage import Stage, run

SEED = 9
#: which command is killed; the build is the one with most to lose
TURNS = ("build", "review", "build", "export", "build", "push", "build", "forget", "build", "dossier", "first build", "render")


@dataclass(frozen=True)
class Killed:
    """One kill."""

    command: str
    share: float  #: of the time that the command takes, after which it was killed
    faults: list[str]
    survived: bool  #: whether the command was done before the kill came


def kills(stage: Stage, number: int) -> Iterator[Killed]:
    """So many commands, each killed at a moment of its own; those that had ended before are not counted."""
    chance, made, turn = random.Random(SEED), 0, 0
    while made < number:
        name, share = TURNS[turn % len(TURNS)], chance.random()
        turn += 1
        stage.outcome(name)
        stage.reset()
        began = time.monotonic()
        run(stage.root, stage.commands[name].words)
        takes = time.monotonic() - began  # measured each time, as it depends on what else the machine does
        stage.reset()
        ended = run(stage.root, stage.commands[name].words, kill_after=share * takes)
        made += ended.code != 0
        yield Killed(name, share, list(stage.faults_of(name)), ended.code == 0)


def main(number: int) -> dict[str, int]:
    with tempfile.TemporaryDirectory(prefix="kg-kills-") as folder:
        made = wrong = 0
        for killed in kills(Stage(Path(folder)), number):
            made += not killed.survived
            wrong += bool(killed.faults)
            for fault in killed.faults:
                print(f"{killed.command} killed after {killed.share:.3f} of its time: {fault}", flush=True)
        return {"made": made, "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)))

"""The targets of the fuzzing again, led by what their input reaches in the code (atheris, which is libFuzzer).

    python -m tests.robustness.guided SECONDS TURN TARGET         one target, in this process, which ends with it
    python -m tests.robustness fuzz --guided [--target TARGET]    as many as are wanted, and their figures in the statement

Input that reaches a branch which none has reached before is kept and changed further; chance alone stays near the sound input. The changes
are those of ``fuzz.py``, and libFuzzer's own every third time.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.robustness import fuzz

ROOT = Path(__file__).resolve().parent.parent.parent
#: the code whose branches lead; of libraries those that are written in Python and read what others wrote
LED_BY = ["kg", "pdfminer", "docx"]
#: seconds after which an input is given up, and MB of memory at which one counts as found
_PATIENCE, _MEMORY = 120, 4000


def main(names: list[str], seconds: float, turn: int) -> dict[str, Any]:
    """Each target (all where none is named) in a process of its own, for so many seconds. Each turn has other inputs."""
    report = {}
    for name in names or fuzz.targets(with_model=True):
        began = time.monotonic()
        words = [sys.executable, "-m", "tests.robustness.guided", f"{seconds:.0f}", str(turn), name]
        done = subprocess.run(words, cwd=ROOT, text=True, capture_output=True, check=False)
        found = done.stdout.splitlines()
        count = re.search(r"number_of_executed_units: (\d+)", done.stderr)
        if done.returncode or not count:  # it died, or an input took too long: that input is kept
            found.append(f"{name}: ended with {done.returncode}: {done.stderr[-500:]}")
        print(*found, sep="\n", end="\n" if found else "", flush=True)
        took = min(round(time.monotonic() - began), round(seconds))  # without what it takes to begin
        report[name] = {"inputs": int(count[1]) if count else 0, "seconds": took, "found": len(found)}
    return report


def run(seconds: float, turn: int, name: str) -> None:
    """One target; never returns."""
    import atheris

    with atheris.instrument_imports(include=LED_BY):  # what a target needs it loads when it is first called
        target, begun = fuzz.targets(with_model=name == "extraction")[name]
        for data in begun:
            target(data)
    seen: set[str] = set()

    def check(data: bytes) -> None:
        said = fuzz.check(target, data)
        if said and said[:60] not in seen:
            seen.add(said[:60])
            print(f"{fuzz.keep(name, data)}: {said}".replace("\n", " "), flush=True)

    def change(data: bytes, most: int, seed: int) -> bytes:
        if seed % 3:
            return fuzz.changed(bytes(data), random.Random(seed), begun)[:most]
        return bytes(atheris.Mutate(data, most))

    with tempfile.TemporaryDirectory(prefix="kg-guided-") as folder:
        for number, data in enumerate(begun):
            Path(folder, str(number)).write_bytes(data)
        fuzz.FOUND.mkdir(exist_ok=True)
        options = {"max_total_time": f"{seconds:.0f}", "max_len": fuzz.LONGEST, "seed": turn + 1, "print_final_stats": 1,
                   "timeout": _PATIENCE, "report_slow_units": _PATIENCE, "rss_limit_mb": _MEMORY,
                   "artifact_prefix": f"{fuzz.FOUND}/{name}-"}
        atheris.Setup([sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), folder], check, custom_mutator=change)
        atheris.Fuzz()


if __name__ == "__main__":
    run(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3])

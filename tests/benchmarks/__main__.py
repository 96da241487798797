"""Runs the benchmarks, each in a process of its own, and writes what they print to results.md beside this file, with curves.

    python -m tests.benchmarks [NAME...]       (default: all of them; ``make bench``)

A benchmark is a module here that prints Markdown when it is run. Of a table as ``measure.table`` prints it, whatever was measured at
several sizes is drawn as a curve into scaling.svg. Seconds belong to a machine; what can be compared is a ratio to a reference of the
same run.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
RESULTS, CURVES = FOLDER / "results.md", FOLDER / "scaling.svg"
#: benchmark -> what it is given; ``language`` and ``serve`` need treebanks and a graph, and are run by hand
BENCHMARKS: dict[str, tuple[str, ...]] = {
    "reading": (), "change": ("400", "10000"), "identities": ("--sizes",), "validation": (), "stores": (), "export": (), "page": (),
    "cluster": (), "scale": (),
}
_LIBRARIES = ("kg", "spacy", "onnxruntime", "pyoxigraph", "pyshacl", "pyspark", "pyvis")
_HEAD = "| measured | size |"


def main(names: Iterable[str]) -> int:
    """Write the results; 1 where a benchmark failed, which is told in its place."""
    printed, failed = {}, False
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}", *BENCHMARKS[name]], stdout=subprocess.PIPE, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        failed |= run.returncode != 0
        ended = "" if run.returncode == 0 else f" It ended with {run.returncode}."
        printed[name] = f"{_purpose(name)}\n\n{run.stdout.strip()}\n\n{spent:,.0f} processor seconds in all.{ended}"
    drawn = draw({name: curves(text) for name, text in printed.items()}, CURVES)
    RESULTS.write_text(_document(printed, drawn), encoding="utf-8")
    return int(failed)


def _purpose(name: str) -> str:
    """The first paragraph of a benchmark's docstring, read without running it."""
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    return " ".join(text.partition('"""')[2].partition("\n\n")[0].partition('"""')[0].split())


def _document(printed: Mapping[str, str], drawn: bool) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    machine = f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}"
    parts = ["# What the benchmarks measured",
             "Written by `make bench`. Seconds are of the processor of this machine; ratios are to a reference measured in the same run.",
             f"{machine}; Python {platform.python_version()}, {versions}."]
    if drawn:
        parts.append(f"![Seconds by size]({CURVES.name})")
    for name, text in printed.items():
        parts += [f"## {name}", text]
    return "\n\n".join(parts) + "\n"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def curves(printed: str) -> dict[str, list[tuple[int, float]]]:
    """What was measured at several sizes -> size and processor seconds, from the tables that ``measure.table`` prints."""
    found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    inside = False
    for line in printed.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and inside and not line.startswith("|--"):
            size, _, unit = cells[1].partition(" ")
            found[f"{cells[0].partition(',')[0]} ({unit})"].append((int(size.replace(",", "")), float(cells[2].replace(",", ""))))
        elif not line.startswith("|--"):
            inside = line.startswith(_HEAD)
    return {name: points for name, points in found.items() if len({size for size, _ in points}) > 1}


def draw(measured: Mapping[str, Mapping[str, list[tuple[int, float]]]], path: Path) -> bool:
    """Seconds by size, both on logarithmic axes, a picture a benchmark; a straight line of slope one is linear.

    False where nothing was measured at several sizes: then nothing is drawn.
    """
    drawn = {name: lines for name, lines in measured.items() if lines}
    if not drawn:
        return False
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "kg"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(drawn), figsize=(6 * len(drawn), 5), squeeze=False)
    for axis, (name, lines) in zip(axes[0], drawn.items(), strict=True):
        for label, points in lines.items():
            axis.loglog(*zip(*sorted(points), strict=True), marker="o", label=label)
        axis.set(title=name, xlabel="size", ylabel="processor seconds")
        axis.legend(fontsize="x-small")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    return True


if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(BENCHMARKS)
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}; known are {', '.join(BENCHMARKS)}")
    sys.exit(main(sys.argv[1:] or BENCHMARKS))

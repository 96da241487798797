"""Runs the benchmarks, each in a process of its own, and writes what they print to results.md beside this file, with curves.

    python -m tests.benchmarks [NAME...]       (default: all of them; ``make bench``)
    python -m tests.benchmarks NAME=FILE       takes what a run of that benchmark has printed into a file

A benchmark is a module here that prints Markdown when it is run. Those that are not named keep the sections that they have in results.md,
each of which says on which machine and with which versions it was measured. Of a table as ``measure.table`` prints it, whatever was
measured at several sizes is drawn as a curve into scaling.svg. Seconds belong to a machine; what can be compared is a ratio to a reference
of the same run.
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
    "cluster": (), "scale": (), "spark": (),
}
_LIBRARIES = ("kg", "spacy", "onnxruntime", "pyoxigraph", "pyshacl", "pyspark", "pyvis")
_HEAD = "| measured | size |"
_SECTION = "\n## "


def main(given: Iterable[str]) -> int:
    """Write the results; 1 where a benchmark failed, which is told in its place."""
    sections, failed = _sections(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}, False
    for name, _, file in (one.partition("=") for one in given):
        if file:
            printed = Path(file).read_text(encoding="utf-8").strip()
        else:
            print(f"{name} ...", file=sys.stderr, flush=True)
            printed, ended = _run(name)
            failed |= ended != 0
        sections[name] = f"{_purpose(name)}\n\n{_machine()}\n\n{printed}"
    sections = {name: sections[name] for name in BENCHMARKS if name in sections}
    drawn = draw({name: curves(text) for name, text in sections.items()}, CURVES)
    RESULTS.write_text(_document(sections, drawn), encoding="utf-8")
    return int(failed)


def _run(name: str) -> tuple[str, int]:
    """What a benchmark prints, and how it ended."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}", *BENCHMARKS[name]], stdout=subprocess.PIPE, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    ended = "" if run.returncode == 0 else f" It ended with {run.returncode}."
    return f"{run.stdout.strip()}\n\n{spent:,.0f} processor seconds in all.{ended}", run.returncode


def _sections(document: str) -> dict[str, str]:
    """Benchmark -> its section in results that were written before."""
    return {name: text.strip() for name, _, text in (part.partition("\n") for part in f"\n{document}".split(_SECTION)[1:])}


def _purpose(name: str) -> str:
    """The first paragraph of a benchmark's docstring, read without running it."""
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    return " ".join(text.partition('"""')[2].partition("\n\n")[0].partition('"""')[0].split())


def _document(sections: Mapping[str, str], drawn: bool) -> str:
    parts = ["# What the benchmarks measured",
             "Written by `make bench`. Seconds are of the processor where nothing else is said; ratios are to a reference of the same run."]
    if drawn:
        parts.append(f"![Seconds by size]({CURVES.name})")
    return "\n\n".join([*parts, *(f"## {name}\n\n{text}" for name, text in sections.items())]) + "\n"


def _machine() -> str:
    """On what a section was measured."""
    versions = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}; Python {platform.python_version()}, {versions}."


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
    named = sys.argv[1:] or list(BENCHMARKS)
    unknown = {name.partition("=")[0] for name in named} - set(BENCHMARKS)
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}; known are {', '.join(BENCHMARKS)}")
    sys.exit(main(named))

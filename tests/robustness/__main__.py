"""Writes tests/robustness.md: how the product was broken, and what came of it.

    python -m tests.robustness [SECTION...]           all that is measured here takes about two hours on an idle machine of two cores
    python -m tests.robustness kills faults           only these sections; the others stay as they are
    python -m tests.robustness fuzz --seconds 200     so many seconds for each target of the fuzzing (default: 240, an hour in all)
    python -m tests.robustness load --graph graph     the server under load, for ten minutes, with a graph that is there
    python -m tests.robustness findings               what fell, from findings.tsv

A section is a function that returns its text. Each line of it is a figure or what it means; nothing else is kept.
"""

from __future__ import annotations

import argparse
import csv
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from kg import pipeline
from tests.robustness import faults, fuzz, growth, guided, kills, load, nasty

CORPUS = Path(__file__).resolve().parent.parent.parent / "corpus"
TABLE = Path(__file__).resolve().parent.parent / "robustness.md"
FINDINGS = Path(__file__).resolve().parent / "findings.tsv"
HEAD = """# Robustness

How `kg` was broken on purpose, and what came of it. Written by `python -m tests.robustness`; do not edit. `tests/test_robustness.py`
does the same in little, and has a test for each thing that was found.
"""


def _kills(given: argparse.Namespace) -> str:
    done = kills.main(200)
    return f"""{done["made"] - done["wrong"]} of {done["made"]} kills survived.

Build, review, forget, export, dossier, page and push, each killed (`kill -9`) at a random moment of its work. Survived is a kill after
which the graph opens and answers, every file is as it was or as it was to become, and the same command then ends well and leaves
nothing else behind."""


def _faults(given: argparse.Namespace) -> str:
    rows = {name: (int(made), int(wrong)) for name, made, wrong in
            re.findall(r"^\| ([\w' ]+) \| (\d+) \| (\d+) \|$", _held().get("faults", ""), re.MULTILINE)} if given.command else {}
    text = ""
    for name, made, wrong in faults.measured(given.command or []):
        rows[name] = made, made - wrong
        table = "\n".join(f"| {name} | {made} | {survived} |" for name, (made, survived) in sorted(rows.items()))
        text = f"""{sum(survived for _, survived in rows.values())} of {sum(made for made, _ in rows.values())} faults survived.

The same commands with the disk full, the folder not to be written to, or the process killed at each of their writes in turn, and with
files cut off at five sizes. Survived means the same, and that what was wrong was said in one line.

| command | faults | survived |
|---|--:|--:|
{table}"""
        write({"faults": text})  # one command after another, so that what was measured is kept
    return text


def _files(given: argparse.Namespace) -> str:
    done = nasty.survey()
    return f"""{done["tried"] - done["wrong"]} of {done["tried"]} bad files handled.

Files of the project's own making (`tests/robustness/nasty.py`), each read beside a good document. Handled means read, or told in one
clear line, within {nasty.SECONDS} seconds of processor time and {nasty.MEMORY // 2**30} GB, and the good document unharmed."""


def _fuzz(given: argparse.Namespace) -> str:
    names, turn = given.target or [], sum(took for _, took, _ in _fuzzed().values())
    report = guided.main(names, given.seconds, turn) if given.guided else fuzz.main([str(given.seconds), *names], turn)
    whole = _fuzzed()  # read again, as another run may have added to it in the meantime
    for target, row in report.items():
        name = f"{target}, guided" if given.guided else target
        inputs, took, found = whole.get(name, (0, 0, 0))
        whole[name] = row["inputs"] + inputs, row["seconds"] + took, row["found"] + found
    rows = "\n".join(f"| {name} | {inputs:,} | {took:,} | {found} |" for name, (inputs, took, found) in sorted(whole.items()))
    hours = sum(took for _, took, _ in whole.values()) / 3600
    findings = sum(found for _, _, found in whole.values())
    return f"""{hours:.2f} hours by the clock in all, {findings} findings, {len(fuzz.kept())} kept as input for the tests.

Sound input changed at random; each run has other seeds than the last. Guided is led by the branches that an input reaches
(atheris). The clock runs on while other programs have the processor; the inputs tell what was done.

| input | inputs | seconds | found |
|---|--:|--:|--:|
{rows}"""


def _fuzzed() -> dict[str, tuple[int, int, int]]:
    """Inputs, seconds and findings of each target in all runs so far."""
    rows = re.findall(r"^\| (\w+(?:, guided)?) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$", _held().get("fuzz", ""), re.MULTILINE)
    return {name: tuple(int(number.replace(",", "")) for number in numbers) for name, *numbers in rows}  # type: ignore[misc]


def _memory(given: argparse.Namespace) -> str:
    rows = "\n".join(f"| {cost.kind} | {cost.megabytes:.0f} | {cost.seconds:.1f} | {cost.memory:.0f} |" for cost in growth.costs())
    slow = [f"\n- {name}, of {unit}: {said}" for name, stage in growth.stages().items() for unit, text in growth.UNITS.items()
            if (said := growth.too_slow(stage, text))]
    looked = len(growth.stages()) * len(growth.UNITS)
    return f"""{looked - len(slow)} of {looked} pairs of a stage and a hostile text take time in proportion to its length.
{"".join(slow)}
Opening documents, before they are read for facts:

| file | MB of text | seconds | MB of memory |
|---|--:|--:|--:|
{rows}"""


def _load(given: argparse.Namespace) -> str:
    if given.graph:
        return load.section(given.graph)
    with tempfile.TemporaryDirectory(prefix="kg-load-") as folder:
        graph = Path(folder, "graph")
        pipeline.build([CORPUS], graph)
        return load.section(graph)


def findings() -> list[tuple[str, str, str]]:
    """What fell, and the file and name of the test that was made of it."""
    with FINDINGS.open(encoding="utf-8") as file:
        return [(row["what fell"], *row["test"].split(" ")) for row in csv.DictReader(file, delimiter="\t")]  # type: ignore[misc]


def _findings(given: argparse.Namespace) -> str:
    rows = "\n".join(f"| {what} | `{file}` | `{test}` |" for what, file, test in findings())
    return f"""{len(findings())} things fell and were mended, by whatever way they were found; each has its test.

| what fell | in `tests/` | test |
|---|---|---|
{rows}"""


#: heading -> what makes its text
SECTIONS: dict[str, Callable[[argparse.Namespace], str]] = {
    "kills": _kills, "faults": _faults, "files": _files, "fuzz": _fuzz, "memory": _memory, "load": _load, "findings": _findings}


def _held() -> dict[str, str]:
    """The sections that the file has now."""
    text = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    return {name: body.strip() for name, body in re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)}


def write(sections: dict[str, str]) -> None:
    """Put sections into the file; the others stay."""
    held = _held() | sections
    parts = [HEAD.strip(), *(f"## {name}\n\n{held.get(name, 'Not measured yet.')}" for name in SECTIONS)]
    TABLE.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.robustness", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", choices=list(SECTIONS), metavar="SECTION", help=f"of {', '.join(SECTIONS)}; all otherwise")
    parser.add_argument("--seconds", type=int, default=240, help="for each target of the fuzzing")
    parser.add_argument("--target", action="append", help="of the fuzzing, instead of all; may stand more than once")
    parser.add_argument("--guided", action="store_true", help="the fuzzing led by coverage, which needs atheris")
    parser.add_argument("--command", action="append", help="to be given faults, instead of all; may stand more than once")
    parser.add_argument("--graph", type=Path, help="the folder of the graph to serve under load, instead of one of corpus/")
    given = parser.parse_args()
    for name in given.sections or SECTIONS:
        write({name: SECTIONS[name](given)})  # one after another, so that what was measured is kept


if __name__ == "__main__":
    main()

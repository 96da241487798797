"""Writes tests/quality.md: how well the shipped pipeline reads the documents that have gold.

    python -m tests.quality                                  # the corpus; what is there on the seeds is kept
    python -m tests.quality --seeds SEEDS_TEXTS SEEDS_GOLD   # the seeds too (press articles that are not in the repository)
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kg import pipeline, rows
from kg.evaluate import Report, evaluate
from kg.folder import open_folder
from kg.store import open_store

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tests" / "quality.md"
SETS = ("dev", "tune", "test", "train")
HEAD = """# Quality

How well the shipped pipeline reads the documents that have gold, by the rules of the facts contract (`kg evaluate`).
Written by `make quality`; do not edit. `seeds`: two press articles, not in the repository; `dev`, `tune`: what choices were made on;
`test`: documents that nobody looked at; `train`: what the language model was trained on, so its figures flatter.
"""


def measure(texts: Path, gold: Path) -> Report:
    """The report on a fresh graph of the texts, evidence checked."""
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "graph"
        pipeline.build([texts], graph)
        store = open_store(open_folder(graph))
        return evaluate(gold, rows.entities(store), rows.facts(store), texts)


def section(name: str, texts: Path, gold: Path) -> str:
    """The section of one set of documents."""
    report = measure(texts, gold)
    return f"## {name}\n\n{report.documents} documents\n\n{report.markdown()}\n"


def kept(name: str) -> str:
    """The section as the file has it now, or nothing."""
    text = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    found = [part for part in text.split("\n## ")[1:] if part.startswith(f"{name}\n")]
    return f"## {found[0].rstrip()}\n" if found else ""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", nargs=2, type=Path, metavar=("TEXTS", "GOLD"))
    parser.add_argument("--only", choices=("seeds", *SETS), action="append", help="measure this set; keep the others as they are")
    args = parser.parse_args(arguments)
    corpus = ROOT / "corpus"
    sources = {"seeds": args.seeds, **{name: (corpus / name / "texts", corpus / name / "gold") for name in SETS}}
    sections = []
    for name, source in sources.items():
        chosen = source and (not args.only or name in args.only)
        sections.append(section(name, *source) if chosen else kept(name))
    TABLE.write_text("\n".join([HEAD, *filter(None, sections)]), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Writes tests/quality.md: how well the shipped pipeline reads the documents that have gold.

python -m tests.quality                                  # the corpus; what is there on the seeds is kept
python -m tests.quality --seeds SEEDS_TEXTS SEEDS_GOLD   # the seeds too (press articles that are not in the repository)
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kg import pipeline, rows
from kg.evaluate import Report, evaluate, verdicts
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


def measure(texts: Path, gold: Path) -> tuple[Report, str]:
    """The report on a fresh graph of the texts, evidence checked; and how far its confidences can be relied on."""
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "graph"
        pipeline.build([texts], graph)
        store = open_store(open_folder(graph))
        entities, facts = list(rows.entities(store)), list(rows.facts(store))
        return evaluate(gold, entities, facts, texts), reliability(gold, entities, facts)


def reliability(gold: Path, entities: list[dict], facts: list[dict]) -> str:
    """A table: of the facts given with a confidence, how many are right (what the gold leaves open is left out)."""
    bins: dict[int, list[bool]] = {}
    for path in sorted(p for p in gold.glob("*.json") if p.name != "same.json"):
        answers = json.loads(path.read_text(encoding="utf-8"))
        own = [f for f in facts if f["document"] == answers["document"]]
        for fact, right in zip(own, verdicts(answers, [e for e in entities if e["document"] == answers["document"]], own), strict=True):
            if right is not None:
                bins.setdefault(min(int(fact["confidence"] * 10), 9), []).append(right)
    lines = [
        f"| {k / 10:.1f} to {(k + 1) / 10:.1f} | {sum(v) / len(v):.2f} | {'#' * round(20 * sum(v) / len(v))} | {len(v)} |"
        for k, v in sorted(bins.items())
    ]
    return "\n".join(["| confidence | right |  | facts |", "|---|--:|---|--:|", *lines])


def section(name: str, texts: Path, gold: Path) -> str:
    """The section of one set of documents."""
    report, reliable = measure(texts, gold)
    return f"## {name}\n\n{report.documents} documents\n\n{report.markdown()}\n\n{reliable}".rstrip() + "\n"


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

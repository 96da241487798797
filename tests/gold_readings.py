"""Gold files as readings: what a flawless extraction would hand to the later stages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.model import Chain, Document, Fact, Mention, Reading

CORPUS = Path(__file__).resolve().parent.parent / "corpus"


def gold_reading(path: Path) -> tuple[Reading, dict[str, int]]:
    """The reading of a gold file (its text in ``../texts``), and the positions of the chains by the gold's ids."""
    gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    text = (path.parent.parent / "texts" / f"{gold['document']}.txt").read_text(encoding="utf-8")
    positions = {entity["id"]: i for i, entity in enumerate(gold["entities"])}
    chains = tuple(Chain(e["type"], e["names"][0], _mentions(text, e)) for e in gold["entities"])
    facts = tuple(_fact(row, positions) for row in (*gold["facts"], *gold.get("optional", ())))
    return Reading(Document(gold["document"], text, date=gold.get("date")), chains, facts), positions


def _mentions(text: str, entity: dict[str, Any]) -> tuple[Mention, ...]:
    spans = ((text.find(name), name) for name in entity["names"])
    return tuple(sorted(Mention(at, at + len(name), name, entity["type"]) for at, name in spans if at >= 0))


def _fact(row: dict[str, Any], positions: dict[str, int]) -> Fact:
    target = row["o"]["literal"] if isinstance(row["o"], dict) else positions[row["o"]]
    return Fact(row["p"], positions[row["s"]], target, row.get("status", "asserted"), (0, 1), "gold", 1.0, row.get("start"), row.get("end"))

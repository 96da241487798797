"""Reading four times the text is four times the work: nothing in mentions, chains or facts is quadratic in a document's length."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.coreference import find_chains
from kg.facts import extract, settled
from kg.facts.context import Context
from kg.facts.timing import described
from kg.mentions import find_mentions
from kg.model import Document
from kg.reference import Reference
from tests.annotated import annotated

REFERENCE = Reference.load()
FORCES = ["Essex Police", "Kent Police", "Gwent Police", "Dorset Police", "Norfolk Constabulary"]
OFFENCES = ["theft", "murder", "rape", "fraud", "assault"]


def _name(i: int) -> str:
    """A name that no other number has."""
    syllables = ("bar", "cor", "den", "fal", "gil", "hew", "kel", "lam", "mor", "nev")
    return f"{('Ann', 'Beth', 'Carl', 'Dean')[i % 4]} {''.join(syllables[int(digit)] for digit in f'{i:03}').title()}"


def _text(articles: int) -> tuple[str, dict[str, str]]:
    """So many short articles in one text, each about people of its own, and what the network would find in it."""
    names: dict[str, str] = {}
    parts = []
    for i in range(articles):
        officer, victim, other = (_name(3 * i + k) for k in range(3))
        force, offence, unit = FORCES[i % 5], OFFENCES[i % 5], f"{officer.split()[1]} Team"
        names |= {officer: "Person", victim: "Person", other: "Person", unit: "Unit", f"{victim.split()[1]} Review": "Review",
                  f"review into {force}": "Review"}
        parts.append(
            f"Sergeant {officer}, 4{i % 10}, of {force}, was charged with {offence} on 3 May 202{i % 5}. He was cleared of the {offence}.\n"
            f"{officer} assaulted {victim}, 31, of Harlow, at Leeds Crown Court. Mr {other.split()[1]} was convicted of the {offence} of "
            f"{victim}. The 4{i % 10}-year-old was jailed for two years.\n"
            f"Chief Constable {other} leads the {unit} of the force. She said: “We will look at it.” {other} succeeded {officer} in 2021.\n"
            f"The {victim.split()[1]} Review led by {other} was published on 4 June 2022. A review into {force} found nothing. "
            f"The force paid for a car. {officer} was referred to the IOPC, which is investigating {force}. He resigned from {force}.\n")
    return "".join(parts), names


def _scores(i: int, candidates: Sequence[int]) -> NDArray[np.float32]:
    """The word named last is the likeliest antecedent."""
    return np.array([1 - (i - j) / 100 for j in candidates], dtype=np.float32)


def _lines(work: Callable[[], object]) -> int:
    """How many lines of the package run in a call; those of comprehensions count once a turn."""
    count = 0

    def line(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    def call(frame: FrameType, event: str, argument: Any) -> Any:
        return line if "/kg/" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def _work(articles: int) -> tuple[int, int]:
    """The lines that reading so many articles in one document takes, and the rows that it gives."""
    text, names = _text(articles)
    doc = annotated(text, names)
    rows = 0

    def read() -> None:
        nonlocal rows
        chains = find_chains(doc, find_mentions(doc, REFERENCE), REFERENCE, _scores, {"nearest": 1.0})
        context = Context(Document("long", text, date="2024-05-14"), doc, chains, None, REFERENCE)
        rows = len(extract(context))
        assert any(times for _, times in described(context, settled(context)))

    return _lines(read), rows


def test_four_times_the_text_is_four_times_the_work() -> None:
    _work(1)  # what is made once a process: patterns, tables of the reference data
    (short, few), (long, many) = _work(25), _work(100)
    assert many > 3 * few > 0
    assert long < 1.1 * 4 * short, f"{short:,} lines for 25 articles, {long:,} for 100"

"""Minimal pairs on the status and direction of facts: what `tests/cases/adversarial.tsv` asks, and what is read of it.

    python -m tests.adversarial     # reads all cases, writes tests/cases/adversarial-failing.tsv anew, prints counts

The file of failures is meant for rows that are not found. A row that must never be there is also printed: it inverts or defames.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language

from kg import language
from kg.annotate import read
from kg.model import Chain, Document, Fact, Reading
from kg.reference import Reference

CASES = Path(__file__).parent / "cases" / "adversarial.tsv"
FAILING = CASES.with_name("adversarial-failing.tsv")
MUTUAL = ("relativeOf", "worksWith")  # count in either direction
POSTS = ("headOf", "commissionerFor")  # with an end they are history, and claim nothing about who holds them


class Case(NamedTuple):
    """A text, what a careful reader surely finds in it, and what would defame or invert: ``subject|predicate|object|status;...``.

    In the text ``\\n`` stands for a line break, as paragraphs tell who is meant.
    """

    group: str
    text: str
    must: str
    never: str

    def failed(self, column: str) -> list[str]:
        """Rows of ``must`` that are not read, or rows of ``never`` that are."""
        result, rows = _reading(self.text.replace("\\n", "\n")), filter(None, getattr(self, column).split(";"))
        return [row for row in rows if any(_is(row, fact, result.chains) for fact in result.facts) == (column == "never")]


def lines(path: Path) -> list[list[str]]:
    """The columns of every line that is no comment."""
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


@cache
def _pipeline() -> Language:
    return language.load()


@cache
def _reading(text: str) -> Reading:
    return read(_pipeline(), Document("case", text, date="2024-05-15"), Reference.load())


def _is(row: str, fact: Fact, chains: tuple[Chain, ...]) -> bool:
    subject, predicate, target, status = row.split("|")
    if fact.predicate != predicate or status not in ("*", fact.status) or (predicate in POSTS and fact.end):
        return False
    ends = chains[fact.subject], fact.object if isinstance(fact.object, str) else chains[fact.object]
    pairs = (ends, ends[::-1]) if predicate in MUTUAL else (ends,)
    return any(_named(subject, one) and _named(target, other) for one, other in pairs)


def _named(asked: str, thing: Chain | str) -> bool:
    words = _words(asked)
    if isinstance(thing, str):
        return words <= _words(thing) or _words(thing) <= words
    return any(words <= _words(name) for name in thing.names)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


if __name__ == "__main__":
    every = [Case(*line) for line in lines(CASES)]
    seen = [(column, case, failed) for case in every for column in ("never", "must") if (failed := case.failed(column))]
    for _, case, failed in (one for one in seen if one[0] == "never"):
        print("MUST NEVER BE READ:", "; ".join(failed), "in:", case.text)
    head = "# What fails today: column of adversarial.tsv, text. Written by python -m tests.adversarial.\n"
    FAILING.write_text(head + "".join(f"{column}\t{case.text}\n" for column, case, _ in seen), encoding="utf-8")
    print(len(every), "cases;", dict(Counter(column for column, _, _ in seen)), "fail")

"""Whose age it is."""

from __future__ import annotations

import pytest
from trees import chain, context_of

from kg.facts.ages import ages


def read(text: str, *people: str) -> list[tuple[str, str]]:
    context = context_of(text, chains=tuple(chain(text, "Person", p) for p in people))
    return [(context.chains[r.subject].name, str(r.object)) for r in ages(context)]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Moss, 49, was named.",
        "Ann Moss (49) was named.",
        "Ann Moss, now 49, was named.",
        "Ann Moss, of Kent Police, 49, was named.",
        "Ann Moss, a cook of 49 from Hove, was named.",
        "Ann Moss, who is 49 and lives in Hove, was named.",
        "Ann Moss, an organist in Royston, who is 49, was named.",
        "Ann Moss is 49 and a cook.",
        "Ann Moss was fined. She is 49 and a cook.",
        "The court fined the 49-year-old cook Ann Moss.",
        "Ann Moss, a 49-year-old cook, was fined.",
        "Ann Moss was fined. The 49-year-old, from Hove, had denied it.",
        "Ann Moss, who turned 49 on Monday, was fined.",
    ],
)
def test_age(text: str) -> None:
    assert read(text, "Ann Moss") == [("Ann Moss", "49")]


def test_two_people() -> None:
    text = "Ann Moss, 49, and Lee Orr, 50, met."
    assert read(text, "Ann Moss", "Lee Orr") == [("Ann Moss", "49"), ("Lee Orr", "50")]
    text = "Constables Ann Moss and Lee Orr, both 29, met."
    assert sorted(read(text, "Ann Moss", "Lee Orr")) == [("Ann Moss", "29"), ("Lee Orr", "29")]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Moss will be 60 in May.",
        "Ann Moss has twins aged six.",
        "Ann Moss met a 16-year-old boy.",
        "Ann Moss was nine when she lost her father.",
        "Ann Moss runs a unit of 26.",
        "Judge Ann Moss sat on Friday. The 38-year-old denies it.",
        "Ann Moss spoke. A man, 50, was held.",
    ],
)
def test_not_hers(text: str) -> None:
    assert read(text, "Ann Moss") == []

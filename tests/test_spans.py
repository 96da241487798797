"""Literal spans: quotations and ages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language.spans import ages, quotations


def quoted(text: str) -> list[str]:
    return [text[s:e] for s, e in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('She said: "We failed him."', ["We failed him."]),
        ("“We failed him,” she said. “And her.”", ["We failed him,", "And her."]),
        ("He called it ‘the officers’ fault, not ours’.", ["the officers’ fault, not ours"]),
        ("'It's over,' he said.", ["It's over,"]),
        ("The force's officers' pay isn't at issue.", []),
        ('Police were\xa0"focussed on preventing violence".', ["focussed on preventing violence"]),
        ('She said: "One.\n\n"Two."', ["One.", "Two."]),
        ("\"The word 'sorry' was missing,\" he said.", ["The word 'sorry' was missing,"]),
        ("It was in the '90s and '80s.", []),
    ],
)
def test_quotations(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Aneira Pritchard, 49, was named.", ["49"]),
        ("The 47-year-old and a thirty-year-old joiner.", ["47", "thirty"]),
        ("Robert Fenn (31) and Ann Moss, both 29, and Lee Orr, aged forty-two.", ["31", "29", "forty-two"]),
        ("He is 61 and she turned 45 on Monday.", ["61", "45"]),
        ("Mr Hassan, a security guard of 28, died at the age of 28.", ["28", "28"]),
        ("Turnout was 21.7 per cent, 300 officers, 12 of them new, and 29.6 more.", []),
        ("He was jailed for 12 months and fined £45, 3,000 people said.", []),
    ],
)
def test_ages(text: str, expected: list[str]) -> None:
    assert [text[s:e] for s, e in ages(text)] == expected


@given(st.text(alphabet="ab s.,\n\"'“”‘’19-", max_size=120))
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    for found in (list(quotations(text)), list(ages(text))):
        assert all(0 <= s < e <= len(text) for s, e in found)
        assert all(a[1] <= b[0] for a, b in zip(found, found[1:], strict=False))


def test_a_long_paragraph_full_of_apostrophes_takes_linear_time() -> None:
    text = "'" + "officers' " * 20_000
    start = time.process_time()
    list(quotations(text))
    assert time.process_time() - start < 5

"""No fact is inverted and no allegation made a finding, in short texts that differ by a word from texts that say otherwise."""

from __future__ import annotations

import pytest
from adversarial import CASES, FAILING, Case, lines

EVERY = [Case(*line) for line in lines(CASES)]
KNOWN = {tuple(line) for line in lines(FAILING)}


def params(column: str) -> list[object]:
    """The cases that have something in a column; those known to fail are expected to."""
    fails = pytest.mark.xfail(strict=True, raises=AssertionError, reason="known: cases/adversarial-failing.tsv")
    return [pytest.param(c, id=c.text, marks=[fails] * ((column, c.text) in KNOWN)) for c in EVERY if getattr(c, column)]


def test_known_failures_are_of_cases() -> None:
    assert {(column, case.text) for case in EVERY for column in ("must", "never") if getattr(case, column)} >= KNOWN


@pytest.mark.model
@pytest.mark.parametrize("case", params("never"))
def test_nothing_is_inverted(case: Case) -> None:
    assert not case.failed("never")


@pytest.mark.model
@pytest.mark.parametrize("case", params("must"))
def test_what_is_said_is_found(case: Case) -> None:
    assert not case.failed("must")

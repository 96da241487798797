"""A server among clients that are slow, endless, huge, malformed and greedy: it answers the others, and nothing of them stays with it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.robustness import load


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at where Linux tells of them")
def test_good_clients_are_answered_among_bad_ones_and_nothing_leaks(sample_dir: Path) -> None:
    figures = load.measure(sample_dir, 20, "--timeout", "5", "--memory", "256")
    assert figures.faults == []
    assert figures.made >= load.GOOD
    assert figures.answered >= 0.95 * figures.made, figures.failures
    assert not [name for name in figures.failures if name.startswith("wrong")]
    assert set(figures.bad) >= {"dribbled head", "dribbled body", "endless chunks", "huge body", "long query", "malformed", "unread"}
    assert figures.after[2] == figures.before[2], "processes"
    assert figures.after[1] <= figures.before[1] + 2, "descriptors"
    assert figures.after[0] <= figures.before[0] + load.SLACK * 1e6, "memory"


def test_the_figures_are_counted_rightly() -> None:
    figures = load.Figures(10, made=4, latencies=[0.3, 0.1, 0.2], samples=[(1, 5_000_000, 1, 1), (8, 7_000_000, 1, 1)])
    figures.failures["told 503 at /"] += 1
    assert (figures.answered, figures.quantile(0.5), figures.quantile(0.99)) == (3, 0.2, 0.3)
    assert (figures.resident(0, 0.5), figures.resident(0.5, 1)) == (5.0, 7.0)
    assert "| 3 of 4 |" in figures.table() and "1 told 503 at /" in figures.table()

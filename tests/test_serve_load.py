"""A server among clients that are slow, endless, huge, malformed and greedy: it answers the others, and nothing of them stays with it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.robustness import load


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at where Linux tells of them")
def test_good_clients_are_answered_among_bad_ones_and_nothing_leaks(sample_dir: Path) -> None:
    # How many answers a machine gives depends on the machine and on what else it does: it is held against itself in the same minute.
    # The time limit is longer than the load, so that a server that lets bad questions have all its workers answers nothing in the end.
    alone = load.measure(sample_dir, 8, bad=0)
    figures = load.measure(sample_dir, 20, "--timeout", "30", "--memory", "256", warm=20)
    assert alone.faults == figures.faults == []
    assert alone.made >= load.GOOD and alone.answered >= 0.9 * alone.made, alone.failures
    assert figures.answered >= 0.5 * figures.made, figures.failures
    assert figures.rate(2 / 3) > alone.rate() / 10, (figures.rate(2 / 3), alone.rate())
    assert not [name for name in figures.failures if name.startswith("wrong")]
    assert set(figures.bad) >= {"dribbled head", "dribbled body", "endless chunks", "huge body", "long query", "malformed", "unread"}
    # A worker may be on its way out or in when they are counted; what is held of each of some thousand requests shows all the same.
    assert abs(figures.after[2] - figures.before[2]) <= 1, (figures.before, figures.after)
    assert figures.after[1] <= figures.before[1] + 4, (figures.before, figures.after)
    assert figures.after[0] <= figures.before[0] + 2 * load.SLACK * 1e6, (figures.before, figures.after)


def test_the_figures_are_counted_rightly() -> None:
    figures = load.Figures(10, made=4, answers=[(1, 0.3), (5, 0.1), (9, 0.2)])
    figures.samples += [(1, 5_000_000, 1, 1), (5.5, 6_000_000, 1, 1), (8, 8_000_000, 1, 1)]
    figures.failures["told 503 at /"] += 1
    assert (figures.answered, figures.quantile(0.5), figures.quantile(0.99)) == (3, 0.2, 0.3)
    assert (figures.rate(), figures.rate(0.5)) == (0.3, 0.4)
    assert (figures.resident(0, 0.5), figures.resident(0.5, 1)) == (5.0, 7.0)
    assert "| 3 of 4 |" in figures.table() and "1 told 503 at /" in figures.table()

"""The coreference scores on the worked example of Pradhan et al. (2014), "Scoring coreference partitions of predicted mentions"."""

from __future__ import annotations

import pytest
from clusters import b_cubed, ceaf_e, muc

A, B, C, D, E, F, G, H, J = ((k, k + 1) for k in range(9))
KEY, RESPONSE = [[A, B, C], [D, E, F, G]], [[A, B], [C, D], [F, G, H, J]]


@pytest.mark.parametrize(
    ("metric", "recall", "precision"), [(muc, 2 / 5, 2 / 5), (b_cubed, 2.917 / 7, 4 / 8), (ceaf_e, 1.3 / 2, 1.3 / 3)]
)  # fmt: skip
def test_the_worked_example(metric, recall: float, precision: float) -> None:
    for key, response, expected in ((KEY, RESPONSE, recall), (RESPONSE, KEY, precision)):
        kept, every = metric(key, response)
        assert kept / every == pytest.approx(expected, abs=1e-3)


def test_the_same_clusters_are_wholly_alike_and_none_are_no_error() -> None:
    for metric in (muc, b_cubed, ceaf_e):
        kept, every = metric(KEY, KEY)
        assert kept == pytest.approx(every)
        assert metric(KEY, [])[0] == 0

"""How alike two clusterings of mentions are: MUC (Vilain et al. 1995), B³ (Bagga & Baldwin 1998), CEAF-e (Luo 2005).

Each gives recall as (numerator, denominator); precision is the same with key and response changed over.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

Clusters = list[list[tuple[int, int]]]


def muc(key: Clusters, response: Clusters) -> tuple[float, float]:
    """Links of the key's clusters that the response keeps: (kept, all)."""
    owner = {m: k for k, c in enumerate(response) for m in c}
    kept = sum(len(c) - len({owner.get(m, -1 - i) for i, m in enumerate(c)}) for c in key)
    return kept, sum(len(c) - 1 for c in key)


def b_cubed(key: Clusters, response: Clusters) -> tuple[float, float]:
    """Share of its key cluster that each mention's response cluster holds: (sum, mentions)."""
    owner = {m: set(c) for c in response for m in c}
    return sum(len(set(c) & owner.get(m, set())) / len(c) for c in key for m in c), sum(map(len, key))


def ceaf_e(key: Clusters, response: Clusters) -> tuple[float, float]:
    """Similarity of the best one-to-one pairing of clusters: (sum, key clusters)."""
    if not key or not response:
        return 0.0, len(key)
    table = np.array([[2 * len(set(k) & set(r)) / (len(k) + len(r)) for r in response] for k in key])
    rows, columns = linear_sum_assignment(-table)
    return float(table[rows, columns].sum()), len(key)

"""Scores to structures: Viterbi for BIO layers, maximum spanning trees for sentences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_NEVER = -np.inf


@lru_cache(maxsize=16)
def _transitions(tags: tuple[str, ...]) -> NDArray[np.float32]:
    """0 where a tag may follow another, else never: I- follows only B- or I- of its own type."""
    table = np.zeros((len(tags), len(tags)), dtype=np.float32)
    for j, tag in enumerate(tags):
        if tag.startswith("I-"):
            for i, before in enumerate(tags):
                if before[2:] != tag[2:]:
                    table[i, j] = _NEVER
    return table


@lru_cache(maxsize=16)
def _begun(tags: tuple[str, ...]) -> NDArray[np.int64]:
    """For each I- the B- of its type, for any other tag itself."""
    return np.array([tags.index(f"B-{tag[2:]}") if tag.startswith("I-") else i for i, tag in enumerate(tags)])


def viterbi(scores: NDArray[np.float32], tags: tuple[str, ...]) -> list[int]:
    """The best sequence of tags for scores (N, tags) that is a valid BIO sequence."""
    n = len(scores)
    if n == 0:
        return []
    step = _transitions(tags)
    likeliest = scores.argmax(1)
    wrong = np.append(tags[likeliest[0]].startswith("I-"), step[likeliest[:-1], likeliest[1:]] < 0)
    if wrong.any():
        # A sequence that has B- where an I- must not stand is valid. Where the best one differs from it, run by run, it loses no more
        # than it, at no word; so each such run has an I- that must not stand, and no word whose every other tag loses more.
        loss = scores.max(1)[:, None] - scores
        valid = np.where(wrong, _begun(tags)[likeliest], likeliest)
        most = loss[np.arange(n), valid].sum() * 1.001
        doubtful = np.flatnonzero((loss <= most).sum(1) > 1)
        for run in np.split(doubtful, np.flatnonzero(np.diff(doubtful) > 1) + 1):
            if wrong[run].any():
                before = int(likeliest[run[0] - 1]) if run[0] else None
                likeliest[run] = _between(scores[run], step, before, likeliest[run[-1] + 1 : run[-1] + 2], tags)
    return [int(k) for k in likeliest]


def _between(
    scores: NDArray[np.float32], step: NDArray[np.float32], before: int | None, behind: NDArray[np.int64], tags: tuple[str, ...]
) -> list[int]:
    """The best tags for scores (N, tags) that may stand after a tag, at the beginning if it is None, and before another, if any."""
    first = np.array([_NEVER if t.startswith("I-") else 0.0 for t in tags], dtype=np.float32) if before is None else step[before]
    best = scores[0] + first
    back = np.zeros((len(scores), len(tags)), dtype=np.int32)
    columns = np.arange(len(tags))
    for i in range(1, len(scores)):
        options = best[:, None] + step
        back[i] = options.argmax(0)
        best = options[back[i], columns] + scores[i]
    path = [int((best + step[:, behind].sum(1)).argmax())]
    for i in range(len(scores) - 1, 0, -1):
        path.append(int(back[i, path[-1]]))
    return path[::-1]


#: What no word right after "the" is: a modal, a pronoun or a finite verb, whatever its form ("the force", "the might of").
_NOT_AFTER_THE = frozenset({"MD", "PRP", "PRP$", "VB", "VBD", "VBP", "VBZ", "AUX"})


def tags(scores: NDArray[np.float32], inventory: Sequence[str], words: Sequence[str]) -> list[str]:
    """The best tag of each word for scores (N, tags), those left out that cannot follow "the"."""
    after = [k for k in range(1, len(words)) if words[k - 1].lower() == "the"]
    barred = [j for j, tag in enumerate(inventory) if tag in _NOT_AFTER_THE]
    scores = scores.copy()
    scores[np.ix_(after, barred)] = _NEVER
    return [inventory[j] for j in scores.argmax(-1)]


def spans(sequence: Sequence[int], tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """(start, end, type) of each span of a tag sequence."""
    out: list[tuple[int, int, str]] = []
    start, kind = -1, ""
    for i, position in enumerate([*sequence, 0]):
        tag = tags[position]
        if kind and (tag[:2] != "I-" or tag[2:] != kind):
            out.append((start, i, kind))
            kind = ""
        if tag != "O" and not kind:
            start, kind = i, tag[2:]
    return out


def tree(scores: NDArray[np.float32]) -> list[int]:
    """Heads (1-based, 0 the root) of the best tree with one root for scores (N, N+1), column 0 the root.

    Chu-Liu/Edmonds (1965, 1967); while the best tree has several roots, all the root's arcs are made dearer by the same, which
    changes nothing between trees with one (after Stanojević & Cohen 2021, "A Root of a Problem", who pay the full price at once).
    """
    n = len(scores)
    if n == 0:
        return []
    full = np.full((n + 1, n + 1), _NEVER)
    full[1:] = scores
    np.fill_diagonal(full, _NEVER)
    heads, price = _edmonds(full)[1:], 1.0
    while (heads == 0).sum() > 1:
        full[1:, 0] -= price
        heads, price = _edmonds(full)[1:], 2 * price
    return [int(h) for h in heads]


def _cycles(heads: Sequence[int] | NDArray[np.int64]) -> list[list[int]]:
    """Positions of each cycle among 1-based heads."""
    state = [0] * len(heads)
    found = []
    for first in range(len(heads)):
        path, i = [], first
        while i >= 0 and state[i] == 0:
            state[i] = 1
            path.append(i)
            i = int(heads[i]) - 1
        if i >= 0 and state[i] == 1:
            found.append(path[path.index(i) :])
        for k in path:
            state[k] = 2
    return found


def _edmonds(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Heads of the maximum arborescence from node 0; ``scores[d, h]``. Contracts all cycles at once, so that few rounds are needed."""
    heads: NDArray[np.int64] = scores.argmax(1)
    heads[0] = 0
    cycles = [np.array(c) + 1 for c in _cycles(heads[1:])]
    if not cycles:
        return heads
    inside = np.concatenate(cycles)
    free = np.ones(len(scores), dtype=bool)
    free[inside] = False
    outside = np.flatnonzero(free)
    gain = scores.copy()  # entering a cycle at a node breaks the node's arc
    gain[inside] -= scores[inside, heads[inside]][:, None]
    rows = [gain[c].argmax(0) for c in cycles]
    entered = np.vstack([np.repeat(outside[:, None], len(scores), 1), *(c[r] for c, r in zip(cycles, rows, strict=True))])
    best = np.vstack([gain[outside], *(gain[c].max(0) for c in cycles)])
    columns = [best[:, c].argmax(1) for c in cycles]
    left = np.column_stack([np.repeat(outside[None], len(best), 0), *(c[k] for c, k in zip(cycles, columns, strict=True))])
    small = np.column_stack([best[:, outside], *(best[:, c].max(1) for c in cycles)])
    np.fill_diagonal(small, _NEVER)
    for node, head in enumerate(_edmonds(small)):
        if node:
            from_ = left[node, head]
            heads[entered[node, from_]] = from_
    return heads

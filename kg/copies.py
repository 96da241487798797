"""Which documents are near copies of one another: one agency report in five papers is one source, not five.

Two documents are near copies where at least a quarter of the shorter one's runs of five words stand in the other too: under another
headline, cut, with paragraphs in another order, or retold by a paper's own staff. Two stories that quote one statement fall under it
where the statement is a good part of them: they do not bear each other out either.

Candidates are found by locality-sensitive hashing of MinHash signatures (Broder 1997), in time that grows with the number of documents and
not with that of pairs; each candidate is then compared exactly, so that a group never rests on chance. What is a copy of a copy is in the
same group. Which of them came first is not said: dates of publication do not tell it.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kg.model import Document

_RUN = 5  # words; runs this long are hardly ever shared by chance
_SHARED = 0.25  # of the shorter document's runs
_FEWEST = 20  # runs; a shorter document is a copy only where it is the same word for word
# 128 bands of 2: of pairs that share a seventh of all their runs (a quarter of each) 93 in 100 become candidates, of those that share
# a quarter (one is the other cut to a quarter) all, of those that share a thousandth (two stories of one matter) one in 8,000.
_BANDS, _ROWS = 128, 2
_BAND_BYTES = 4 * _ROWS
_AT_ONCE = 8  # bands that are looked at in one pass through the signatures
_SEED = 1

_WORD = re.compile(r"\w+")


Runs = NDArray[np.uint64]  #: hashes of runs of words, sorted, each once: a few kilobytes a document
Signature = NDArray[np.uint32]


def groups(same: Mapping[str, bytes], signatures: Callable[[int, int], Iterable[tuple[str, bytes]]],
           runs_of: Callable[[str], Runs]) -> tuple[tuple[str, ...], ...]:
    """The ids of documents that are near copies, each group sorted, the groups by their first; documents without one are in none.

    ``same`` holds hashes of all runs of documents (``hashed``) by their ids. ``signatures`` gives, from one byte on and so many of them,
    some of the bytes of the signature of each document that has any, by id in order, and ``runs_of`` the runs of a document: of either
    never more is in memory than is looked at. The same documents in any order give the same groups.
    """
    ordered = sorted(same)
    joined = _Joined(len(ordered))
    for alike in _same([same[id_] for id_ in ordered]):
        for other in alike[1:]:
            joined.join(alike[0], other)
    found_runs = lru_cache(maxsize=1000)(lambda i: runs_of(ordered[i]))
    for alike in _alike(ordered, signatures):
        heads: list[int] = []  # not every pair: a report that a thousand papers print would make half a million
        for i in alike:
            found = [head for head in heads if joined.first(i) == joined.first(head) or _are_copies(found_runs(i), found_runs(head))]
            for head in found:
                joined.join(i, head)
            if not found:
                heads.append(i)
    together: defaultdict[int, list[str]] = defaultdict(list)
    for i, id_ in enumerate(ordered):
        together[joined.first(i)].append(id_)
    return tuple(tuple(ids) for _, ids in sorted(together.items()) if len(ids) > 1)


def hashed(runs: Runs) -> bytes:
    """A hash that documents with the very same runs share; nothing where there are none."""
    return hashlib.blake2b(runs.tobytes(), digest_size=16).digest() if len(runs) else b""


def runs(document: Document) -> Runs:
    """All runs of words in what is read of the document, whatever their case and punctuation; hashes, which do not hold its words."""
    words = _WORD.findall(document.text[document.body_start:].casefold())
    starts = range(max(1, len(words) - _RUN + 1)) if words else ()
    texts = (" ".join(words[i:i + _RUN]).encode("utf-8", "replace") for i in starts)
    return np.unique(np.frombuffer(b"".join(hashlib.blake2b(text, digest_size=8).digest() for text in texts), dtype="<u8"))


def signature(runs: Runs) -> Signature:
    """What tells with which documents runs are worth comparing; nothing of a document too short to be a near copy."""
    if len(runs) < _FEWEST:
        return np.zeros(0, dtype="<u4")
    # The runs are hashes already; a signature takes four bytes of each.
    made = _empty().copy()
    made.update_batch((runs & 0xFFFFFFFF).tolist())
    return cast("Signature", made.hashvalues.astype("<u4"))


@cache
def _empty() -> Any:
    from datasketch import MinHash  # loads scipy

    return MinHash(num_perm=_BANDS * _ROWS, seed=_SEED, hashfunc=int)


def _same(hashes: Sequence[bytes]) -> list[list[int]]:
    """Documents with the very same runs, whatever their length."""
    by_hash: defaultdict[bytes, list[int]] = defaultdict(list)
    for i, found in enumerate(hashes):
        if found:
            by_hash[found].append(i)
    return [same for same in by_hash.values() if len(same) > 1]


def _alike(ordered: Sequence[str], signatures: Callable[[int, int], Iterable[tuple[str, bytes]]]) -> Iterator[list[int]]:
    """Sets of documents that agree in a band of their signatures, among which copies are to be looked for."""
    place = {id_: i for i, id_ in enumerate(ordered)}
    # Some bands after others: an index of all, as the library has it, takes 50 KB a document.
    for first in range(0, _BANDS, _AT_ONCE):
        long, bands = [], bytearray()
        for id_, found in signatures(first * _BAND_BYTES, _AT_ONCE * _BAND_BYTES):
            long.append(place[id_])
            bands += found
        if len(long) < 2:
            return
        values, numbers = np.frombuffer(bands, dtype="<u8").reshape(len(long), _AT_ONCE), np.array(long, dtype=np.int64)
        for band in range(_AT_ONCE):
            order = np.argsort(values[:, band], kind="stable")
            sorted_values = values[order, band]
            ends = np.flatnonzero(np.diff(sorted_values)) + 1
            starts = np.concatenate(([0], ends))
            lengths = np.diff(np.concatenate((starts, [len(order)])))
            # In the order of their first documents, and each in order of documents, as groups depend on it.
            yield from sorted(sorted(numbers[order[start:start + length]].tolist())
                              for start, length in zip(starts[lengths > 1], lengths[lengths > 1], strict=True))


def _are_copies(one: Runs, other: Runs) -> bool:
    return len(np.intersect1d(one, other, assume_unique=True)) >= _SHARED * min(len(one), len(other))


class _Joined:
    """Numbers joined into sets; each set goes by its smallest."""

    def __init__(self, number: int) -> None:
        self._above = list(range(number))

    def first(self, i: int) -> int:
        while self._above[i] != i:
            self._above[i] = i = self._above[self._above[i]]
        return i

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.first(one), self.first(other)))
        self._above[high] = low

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
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.model import Document

_RUN = 5  # words; runs this long are hardly ever shared by chance
_SHARED = 0.25  # of the shorter document's runs
_FEWEST = 20  # runs; a shorter document is a copy only where it is the same word for word
# 128 bands of 2: of pairs that share a seventh of all their runs (a quarter of each) 93 in 100 become candidates, of those that share
# a quarter (one is the other cut to a quarter) all, of those that share a thousandth (two stories of one matter) one in 8,000.
_BANDS, _ROWS = 128, 2
_SEED = 1

_WORD = re.compile(r"\w+")


Runs = NDArray[np.uint64]  #: hashes of runs of words, sorted, each once: a few kilobytes a document


def groups(documents: Iterable[Document]) -> tuple[tuple[str, ...], ...]:
    """The ids of documents that are near copies, each group sorted, the groups by their first; documents without one are in none.

    The same documents in any order give the same groups.
    """
    ordered = sorted(documents, key=lambda document: document.id)
    if len(ordered) < 2:
        return ()  # spares one document the import of the library
    runs = [_runs(document) for document in ordered]
    joined = _Joined(len(ordered))
    for same in _same(runs):
        for other in same[1:]:
            joined.join(same[0], other)
    for alike in _alike(runs):
        heads: list[int] = []  # not every pair: a report that a thousand papers print would make half a million
        for i in alike:
            found = [head for head in heads if joined.first(i) == joined.first(head) or _are_copies(runs[i], runs[head])]
            for head in found:
                joined.join(i, head)
            if not found:
                heads.append(i)
    together: defaultdict[int, list[str]] = defaultdict(list)
    for i, document in enumerate(ordered):
        together[joined.first(i)].append(document.id)
    return tuple(tuple(ids) for _, ids in sorted(together.items()) if len(ids) > 1)


def _runs(document: Document) -> Runs:
    """All runs of words in what is read of the document, whatever their case and punctuation."""
    words = _WORD.findall(document.text[document.body_start:].casefold())
    starts = range(max(1, len(words) - _RUN + 1)) if words else ()
    texts = (" ".join(words[i:i + _RUN]).encode("utf-8", "replace") for i in starts)
    return np.unique(np.frombuffer(b"".join(hashlib.blake2b(text, digest_size=8).digest() for text in texts), dtype="<u8"))


def _same(runs: Sequence[Runs]) -> list[list[int]]:
    """Documents with the very same runs, whatever their length."""
    by_runs: defaultdict[bytes, list[int]] = defaultdict(list)
    for i, found in enumerate(runs):
        if len(found):
            by_runs[hashlib.blake2b(found.tobytes()).digest()].append(i)
    return [same for same in by_runs.values() if len(same) > 1]


def _alike(runs: Sequence[Runs]) -> Iterator[list[int]]:
    """Sets of documents that agree in a band of their signatures, among which copies are to be looked for."""
    from datasketch import MinHash

    long = [i for i, found in enumerate(runs) if len(found) >= _FEWEST]
    if len(long) < 2:
        return
    # The runs are hashes already; a signature takes four bytes of each.
    made = MinHash.generator(((runs[i] & 0xFFFFFFFF).tolist() for i in long), num_perm=_BANDS * _ROWS, seed=_SEED, hashfunc=int)
    signatures = np.array([signature.hashvalues.astype(np.uint32) for signature in made]).reshape(len(long), _BANDS, _ROWS)
    # One band after another: an index of all bands, as the library has it, takes 50 KB a document.
    for band in range(_BANDS):
        by_values: defaultdict[bytes, list[int]] = defaultdict(list)
        for i, values in zip(long, signatures[:, band], strict=True):
            by_values[values.tobytes()].append(i)
        yield from (alike for alike in by_values.values() if len(alike) > 1)


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

"""Words to the encoder's input: wordpieces, shapes, windows.

The encoder is uncased, so each word also carries its shape and whether a line break stands before it: without them
names and headlines suffer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

#: Word shapes; times two for "a line break stands before the word".
SHAPES = 6
MAX_PIECES_OF_WORD = 8
MAX_PIECES = 510
_CLS, _SEP, _UNK = 101, 102, 100


@lru_cache(maxsize=1 << 16)
def shape(word: str) -> int:
    """0 lower case, 1 Title, 2 CAPITALS, 3 has a digit, 4 mixed, 5 other."""
    if any(c.isdigit() for c in word):
        return 3
    if word.isupper():
        return 2 if len(word) > 1 else 1
    if word[:1].isupper():
        return 1 if word[1:].islower() or len(word) == 1 else 4
    if word.islower():
        return 0
    return 4 if any(c.isupper() for c in word) else 5


class Pieces:
    """Wordpiece ids of single words, remembered."""

    def __init__(self, path: Path) -> None:
        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self.of = lru_cache(maxsize=200_000)(lambda word: self._encode(tokenizer, word))

    @staticmethod
    def _encode(tokenizer: Tokenizer, word: str) -> tuple[int, ...]:
        # A word of a megabyte would cost the tokenizer a megabyte's work to give eight pieces.
        return tuple(tokenizer.encode(word[:200], add_special_tokens=False).ids[:MAX_PIECES_OF_WORD]) or (_UNK,)


@dataclass(frozen=True)
class Batch:
    """Padded arrays, B windows of at most T pieces and N words.

    ``ids``, ``mask``: (B, T); ``first``, ``last``: (B, N), each word's first and last piece; ``shapes``: (B, N).
    """

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    shapes: NDArray[np.int64]

    def arrays(self) -> dict[str, NDArray[np.int64]]:
        """The arrays by the names the exported network gives its inputs."""
        return {"ids": self.ids, "mask": self.mask, "first": self.first, "last": self.last, "shapes": self.shapes}


def collate(pieces: Pieces, windows: Sequence[tuple[Sequence[str], Sequence[bool]]]) -> Batch:
    """Windows of (words, "a line break stands before it") to padded arrays."""
    rows: list[list[int]] = []
    first: list[list[int]] = []
    last: list[list[int]] = []
    shapes: list[list[int]] = []
    for words, breaks in windows:
        ids, begins, ends = [_CLS], [], []
        for word in words:
            begins.append(len(ids))
            ids.extend(pieces.of(word))
            ends.append(len(ids) - 1)
        ids = [*ids[: MAX_PIECES + 1], _SEP]
        rows.append(ids)
        first.append([min(i, MAX_PIECES) for i in begins])
        last.append([min(i, MAX_PIECES) for i in ends])
        shapes.append([shape(w) + SHAPES * bool(b) for w, b in zip(words, breaks, strict=True)])
    return Batch(_pad(rows), _pad([[1] * len(r) for r in rows]), _pad(first), _pad(last), _pad(shapes))


def _pad(rows: list[list[int]]) -> NDArray[np.int64]:
    width = max(map(len, rows))
    out = np.zeros((len(rows), width), dtype=np.int64)
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out

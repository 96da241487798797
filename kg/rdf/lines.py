"""Sorted lines on disk: sorted in pieces that fit into memory, told apart, and patched into a file without reading it line by line."""

from __future__ import annotations

import heapq
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import IO

_OVERHEAD = 60  #: bytes that a line takes in memory beside its own
_PROBE = 2**13
_COPY = 2**18  #: bytes taken over at a time; memory for many more would be asked of the system anew each time

#: whether a line goes (False) or comes (True), and the line
Edit = tuple[bool, bytes]


class Sorter:
    """Any number of lines, given in any order and as often as one likes; iterated, each once and sorted, with their line ends.

    ``most`` is how many bytes of them, as Python counts them, are held in memory at a time.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self._folder, self._most, self._pieces = folder, most, ExitStack()
        self._files: list[IO[bytes]] = []
        self._held: list[bytes] = []
        self._size = 0

    def __enter__(self) -> Sorter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget all lines."""
        self._pieces.close()
        self._held, self._files = [], []

    def add(self, lines: Iterable[str]) -> None:
        """Take lines without their line ends."""
        for line in lines:
            content = line.encode() + b"\n"
            self._held.append(content)
            self._size += len(content) + _OVERHEAD
        if self._size > self._most:
            file = self._pieces.enter_context(tempfile.TemporaryFile(dir=self._folder))  # noqa: SIM115
            self._held.sort()
            file.writelines(self._held)
            self._files.append(file)
            self._held, self._size = [], 0

    def __iter__(self) -> Iterator[bytes]:
        self._held.sort()
        for file in self._files:
            file.seek(0)
        merged = heapq.merge(self._held, *self._files) if self._files else self._held
        return (line for line, _ in groupby(merged))


def edits(before: Iterable[bytes], after: Iterable[bytes]) -> Iterator[Edit]:
    """What makes one sequence of sorted lines the other."""
    old, new = iter(before), iter(after)
    a, b = next(old, None), next(new, None)
    while a is not None or b is not None:
        if a == b:
            a, b = next(old, None), next(new, None)
        elif b is None or a is not None and a < b:
            assert a is not None
            yield False, a
            a = next(old, None)
        else:
            yield True, b
            b = next(new, None)


class Sorted:
    """A file of sorted pieces of text, searched by halving it.

    ``key`` gives what a piece is sorted by, and ``end`` is what each ends with; ``start`` is where the first of them begins.
    """

    def __init__(self, file: IO[bytes], key: Callable[[bytes], bytes] = bytes, end: bytes = b"\n", start: int = 0) -> None:
        self._file, self._key, self._end, self.start = file, key, end, start
        self.size = os.fstat(file.fileno()).st_size

    def read(self, at: int, length: int) -> bytes:
        """Some bytes of the file."""
        return os.pread(self._file.fileno(), length, at)

    def piece(self, at: int) -> bytes:
        """The piece that begins at an offset, nothing at the end of the file."""
        found = b""
        while (end := found.find(self._end)) < 0:
            more = os.pread(self._file.fileno(), _PROBE, at + len(found))
            if not more:
                return found
            found += more
        return found[:end + len(self._end)]

    def find(self, wanted: bytes, low: int) -> int:
        """The offset of the first piece from ``low`` on whose key is not before the one wanted."""
        if low >= self.size or self._key(self.piece(low)) >= wanted:
            return low
        step, high = _PROBE, self.size  # ever wider steps, as what is wanted is often near
        while low + step < self.size:
            at = self._next(low + step)
            if at >= self.size or self._key(self.piece(at)) >= wanted:
                high = at
                break
            low, step = at, 4 * step
        while True:  # the piece at low is before what is wanted, that at high is not
            at = self._next((low + high) // 2)
            if at >= high:  # no piece begins in the second half: walk the first
                at = low + len(self.piece(low))
                while at < high and self._key(piece := self.piece(at)) < wanted:
                    at += len(piece)
                return at
            if self._key(self.piece(at)) < wanted:
                low = at
            else:
                high = at

    def beginning(self, key: bytes) -> list[bytes]:
        """The pieces whose text begins with a key."""
        at, found = self.find(key, self.start), []
        while (piece := self.piece(at)).startswith(key) and piece:
            found.append(piece)
            at += len(piece)
        return found

    def _next(self, offset: int) -> int:
        """Where the first piece begins after an offset that is not before the first piece."""
        at = max(offset, self.start)
        held = b""
        while (end := held.find(self._end)) < 0:
            more = os.pread(self._file.fileno(), _PROBE, at + len(held))
            if not more:
                return self.size
            held += more
        return at + end + len(self._end)


class Patch:
    """A new file made of an old one, piece by piece from the front."""

    def __init__(self, old: Sorted, new: IO[bytes]) -> None:
        self._old, self._new = old, new
        self._at = 0

    def seek(self, key: bytes) -> bytes:
        """Take over what stands before a key; the first piece that does not."""
        at = self._old.find(key, max(self._at, self._old.start))
        self.copy(at)
        return self._old.piece(at)

    def copy(self, until: int | None = None) -> None:
        """Take over the old file up to an offset, or to its end."""
        until = self._old.size if until is None else until
        while self._at < until:
            content = self._old.read(self._at, min(_COPY, until - self._at))
            self._new.write(content)
            self._at += len(content)

    def skip(self, length: int) -> None:
        """Leave out so many bytes of the old file."""
        self._at += length

    def write(self, content: bytes) -> None:
        """Put in something new."""
        self._new.write(content)


def patch(old: Sorted, changes: Iterable[Edit], new: IO[bytes]) -> None:
    """Write the lines of a sorted file with changes in order."""
    made = Patch(old, new)
    for comes, line in changes:
        there = made.seek(line)
        if (there == line) == comes:
            raise AssertionError(f"the line {'is there already' if comes else 'to go is not there'}: {line!r}")
        if comes:
            made.write(line)
        else:
            made.skip(len(line))
    made.copy()


def seal(path: Path) -> int:
    """The checksum of a file."""
    found = 0
    with path.open("rb") as file:
        while content := file.read(_COPY):
            found = zlib.crc32(content, found)
    return found

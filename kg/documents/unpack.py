"""How pdfminer unpacks the streams of a PDF, with an end to what they may unpack to, and to the time and memory that it takes."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from pdfminer import pdftypes
from pdfminer.ascii85 import ascii85decode, asciihexdecode
from pdfminer.lzw import CorruptDataError, LZWDecoder

from kg.documents.parts import Fault

#: bytes that the streams of a file may unpack to in all; a small file that grows beyond is an attack or a mistake
MAX_UNPACKED = 200 * 2**20
#: bytes of a stream that was made smaller by predicting each from those before; tables of a PDF's own have some thousands
MAX_PREDICTED = 16 * 2**20
_PIECE = 4096  # bytes unpacked at a time
_LZW_TABLE = 4096  # entries that a code of twelve bits can name
_SPACE = b" \t\n\r\f\v"

#: bytes that may still be unpacked
_room: ContextVar[list[int]] = ContextVar("room")


@contextmanager
def bounded() -> Iterator[None]:
    """Within it the streams that are unpacked may have ``MAX_UNPACKED`` bytes together; Fault is raised where they have more."""
    room = _room.set([MAX_UNPACKED])
    try:
        yield
    finally:
        _room.reset(room)


def _left() -> list[int]:
    return _room.get([MAX_UNPACKED])


def _check(size: int) -> None:
    if size > _left()[0]:
        raise Fault(f"unpacks to more than the limit of {MAX_UNPACKED // 2**20} MB for a PDF")


def _take(unpacked: bytes | bytearray) -> bytes:
    _check(len(unpacked))
    _left()[0] -= len(unpacked)
    return bytes(unpacked)


class _Zlib:
    """What pdfminer uses of zlib. What stands before a damage is kept, as pdfminer does."""

    error = zlib.error
    decompressobj = staticmethod(zlib.decompressobj)

    @staticmethod
    def decompress(data: bytes) -> bytes:
        unpacking, unpacked = zlib.decompressobj(), bytearray()
        for start in range(0, len(data), _PIECE):
            before = unpacking.copy()
            try:
                unpacked += unpacking.decompress(data[start:start + _PIECE])
            except zlib.error:
                unpacked += _sound(before, data[start:start + _PIECE])
                break
            _check(len(unpacked))
            if unpacking.eof:
                break
        return _take(unpacked)


def _sound(unpacking: Any, piece: bytes) -> bytes:
    """What the bytes before the damaged one unpack to."""
    found = bytearray()
    for at in range(len(piece)):
        try:
            found += unpacking.decompress(piece[at:at + 1])
        except zlib.error:
            break
    return bytes(found)


class _Lzw(LZWDecoder):
    """Keeps its table to what can be named, where pdfminer's grows with the stream and is copied at every code."""

    def run(self) -> Iterator[bytes]:
        while True:
            try:
                piece = self.feed(self.readbits(self.nbits))
            except (EOFError, CorruptDataError):
                return
            del self.table[_LZW_TABLE:]
            yield piece


def _lzw(data: bytes) -> bytes:
    unpacked = bytearray()
    for piece in _Lzw(io.BytesIO(data)).run():
        unpacked += piece
        _check(len(unpacked))
    return _take(unpacked)


def _run_length(data: bytes) -> bytes:
    """Runs: a length below 128 and one byte more than that, or a length above and a byte to be repeated 257 times less the length."""
    unpacked, at = bytearray(), 0
    while at < len(data) and data[at] != 128:
        length = data[at]
        unpacked += data[at + 1:at + 2 + length] if length < 128 else data[at + 1:at + 2] * (257 - length)
        at += 2 + length if length < 128 else 2
        _check(len(unpacked))
    return _take(unpacked)


def _ascii85(data: bytes) -> bytes:
    """Without its spaces, over which pdfminer's patterns take quadratic time."""
    data = data.translate(None, _SPACE)
    _check(4 * data.count(b"z") + 4 * len(data) // 5)
    return _take(ascii85decode(data))


def _predicted(undo: Callable[..., bytes], *arguments: Any) -> bytes:
    """Undo a predictor; ``arguments`` end with colours, columns, bits and the data."""
    colours, columns, _, data = arguments[-4:]
    if max(len(data), colours * columns) > MAX_PREDICTED:
        raise Fault(f"a PDF with a stream or a line of more than {MAX_PREDICTED // 2**20} MB under a predictor; print it to PDF anew")
    return _take(undo(*arguments))


def _predictor(name: str) -> Callable[..., bytes]:
    return partial(_predicted, getattr(pdftypes, name))


_OURS: dict[str, Any] = {
    "zlib": _Zlib, "lzwdecode": _lzw, "rldecode": _run_length, "ascii85decode": _ascii85,
    "asciihexdecode": lambda data: _take(asciihexdecode(data)),
    "ccittfaxdecode": lambda data, params: b"",  # only pictures are packed so, and none is looked at
    **{name: _predictor(name) for name in ("apply_png_predictor", "apply_tiff_predictor") if hasattr(pdftypes, name)},  # old: no TIFF
}
for _name, _own in _OURS.items():
    setattr(pdftypes, _name, _own)

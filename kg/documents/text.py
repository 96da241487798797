"""Plain text and Markdown: bytes in any common encoding to exactly the characters they stand for."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

from kg.documents.metadata import front_matter
from kg.documents.parts import Fault, Part

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: encodings of one byte a character in which British texts are found
_ONE_BYTE = ["cp1252", "iso8859_15", "mac_roman", "cp850"]
_DETECT_BYTES = 200_000
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x80-\x84\x86-\x9f]")
_MOST_CONTROLS = 0.02  # of all characters; text has next to none, random bytes about a tenth


def read_text(data: bytes) -> Iterator[Part | Fault]:
    """The text as it stands, line ends included; front matter is part of it and counts in offsets."""
    text = decode(data)
    start, meta, faults = front_matter(text)
    if not text[start:].strip():
        raise Fault("nothing but front matter: the text after it is missing" if start else "is empty")
    yield from faults
    yield Part(text, meta, body_start=start)


def decode(data: bytes, declared: str | None = None, *, mend: bool = False) -> str:
    """The characters of the bytes; a byte order mark is not one of them.

    Tried in this order: byte order mark, UTF-16 by its pattern of NUL bytes, UTF-8, the encoding the file declares,
    a detected one-byte encoding. Raises Fault for what is no text, and for damaged UTF-8 unless it is to be mended
    (U+FFFD for what cannot be read).
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_strict(data[len(mark):], encoding, offset=len(mark)))
    if b"\0" in data:
        return _checked(_strict(data, _utf16_order(data)))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if _mostly_utf8(data):
            if mend:
                return _checked(data.decode("utf-8", errors="replace"))
            raise Fault("broken UTF-8; save the file anew as UTF-8", f"byte {error.start}") from None
    return _checked(data.decode(_known(declared, data) or _detect(data)))


def _strict(data: bytes, encoding: str, offset: int = 0) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Fault(f"not valid {encoding}; save the file anew as UTF-8", f"byte {error.start + offset}") from None


def _checked(text: str) -> str:
    nul = text.find("\0")
    if nul >= 0:
        raise Fault("holds a NUL character, so it is not text; if it should be, save it anew as UTF-8", f"character {nul}")
    if len(_CONTROL.findall(text)) > _MOST_CONTROLS * len(text):
        raise Fault("binary data, not text")
    return text


def _utf16_order(data: bytes) -> str:
    """UTF-16 without a mark shows by NULs in every other byte; NULs elsewhere mean that it is no text."""
    pairs = len(data) // 2
    even, odd = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) > pairs * 0.5 and min(even, odd) < pairs * 0.02:
        return "utf-16-le" if odd > even else "utf-16-be"
    raise Fault("holds NUL bytes, so it is binary data, not text", f"byte {data.index(0)}")


def _mostly_utf8(data: bytes) -> bool:
    """More of its high bytes make UTF-8 sequences than not: a damaged UTF-8 file, which another encoding would garble."""
    proper = sum(map(len, _UTF8_SEQUENCE.findall(data)))
    return proper * 2 > len(_HIGH_BYTE.findall(data))


def _known(declared: str | None, data: bytes) -> str | None:
    """The encoding that a file declares, if there is such a one and the file keeps to it."""
    try:
        name = codecs.lookup(declared or "").name
    except LookupError:
        return None
    name = "cp1252" if name in ("iso8859-1", "ascii") else name  # as browsers do (WHATWG Encoding)
    return name if _decodes(data, name) else None


def _detect(data: bytes) -> str:
    """The one-byte encoding that reads best; Windows-1252 wherever it reads as well as another (it contains Latin-1)."""
    best = from_bytes(data[:_DETECT_BYTES], cp_isolation=_ONE_BYTE).best()
    found = [best.encoding, *best.could_be_from_charset] if best else []
    if found and "cp1252" not in found and _decodes(data, found[0]):
        return found[0]
    return "cp1252" if _decodes(data, "cp1252") else "latin-1"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):  # LookupError: a codec from bytes to bytes, such as "base64"
        return False
    return True

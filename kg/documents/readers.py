"""Which reader a file gets: by its suffix, unless its content says that it is something else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from kg.documents.parts import Fault, Part
from kg.documents.records import TEXT_KEYS, read_json, read_json_lines
from kg.documents.text import read_text

Reader = Callable[[bytes], Iterator[Part | Fault]]


# The libraries of these three take longer to import than most documents to read, so only who has such a document waits for them.


def _read_html(data: bytes) -> Iterator[Part | Fault]:
    from kg.documents.html import read_html

    return read_html(data)


def _read_pdf(data: bytes) -> Iterator[Part | Fault]:
    from kg.documents.pdf import read_pdf

    return read_pdf(data)


def _read_docx(data: bytes) -> Iterator[Part | Fault]:
    from kg.documents.docx import read_docx

    return read_docx(data)


READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_text,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
    ".json": read_json,
    ".jsonl": read_json_lines,
}

#: how other files begin that are met among documents -> what they are and what to do
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an encrypted or old Word document (.doc); save it as .docx without a password"),
    (b"{\\rtf", "a rich text file; save it as .docx or .txt"),
    (b"\x1f\x8b", "a compressed file; unpack it first"),
    (b"\x89PNG", "a picture, not text"),
    (b"\xff\xd8\xff", "a picture, not text"),
    (b"GIF8", "a picture, not text"),
    (b"\x7fELF", "a program, not text"),
)
_PDF_MARK = re.compile(rb"\A[\s\S]{0,1000}?^%PDF-\d", re.MULTILINE)
# Each comment ends at its first "-->" for good: tried otherwise, six hundred comments in a row would take for ever.
_HTML_MARK = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?(?:(?><!--[\s\S]*?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_TAG = re.compile(rb"</?[a-z][^<>]*>", re.IGNORECASE)


def read(data: bytes, suffix: str) -> Iterator[Part | Fault]:
    """The parts of a file's content; raises Fault where it is none of the types in READERS."""
    if not data:
        raise Fault("is empty")
    for mark, what in _OTHERS:
        if data.startswith(mark):
            raise Fault(what)
    return _reader(data, suffix)(data)


def _reader(data: bytes, suffix: str) -> Reader:
    if _PDF_MARK.match(data[:1100]):
        return _read_pdf
    if data.startswith(b"PK\x03\x04"):
        return _read_docx
    if suffix in (".pdf", ".docx"):
        raise Fault(f"named {suffix} but is none; give it the suffix of what it is")
    if _HTML_MARK.match(data[:4096]):
        return _read_html
    if suffix in (".html", ".htm"):
        # a page without a single tag is a text that was misnamed; UTF-16 shows its tags with NUL bytes between
        return _read_html if _TAG.search(data.replace(b"\0", b"")) else read_text
    if suffix in (".json", ".jsonl"):
        return READERS[suffix]
    return read_json if _is_records(data) else read_text


def _is_records(data: bytes) -> bool:
    """Whether a file that is not named as JSON begins with a record (all of it, or its first line)."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
        return False
    for piece in (data, data.strip().split(b"\n", 1)[0]):
        try:
            value = json.loads(piece)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and any(key in value for key in TEXT_KEYS):
            return True
    return False

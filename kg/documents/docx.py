"""Word documents (.docx): every paragraph in order, tables and inserted text included, deleted text not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import docx

from kg.documents.metadata import meta_of
from kg.documents.parts import Fault, Part

if TYPE_CHECKING:
    from lxml import etree

#: bytes that a document may unpack to; a small file that grows beyond is an attack or a mistake
MAX_UNPACKED = 200 * 2**20
#: and its XML, of which every byte takes some twenty of memory
MAX_XML = 32 * 2**20
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GAPS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read_docx(data: bytes) -> Iterator[Part | Fault]:
    """The text, paragraphs parted by a blank line; the title from the document's properties."""
    _guard(data)
    try:
        document = docx.Document(io.BytesIO(data))
        text = "\n\n".join(_paragraphs(document.element.body))
        title = document.core_properties.title
    except Exception as error:  # a damaged file may make the parsers raise anything; it must not cost other documents
        raise Fault(f"a damaged Word document ({type(error).__name__}); open it in Word and save it anew") from None
    if not text:
        raise Fault("a Word document without text")
    meta, _ = meta_of({"title": title})
    yield Part(text, meta)


def _guard(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            xml = sum(entry.file_size for entry in archive.infolist() if entry.filename.lower().endswith((".xml", ".rels")))
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Fault("a damaged Word document; open it in Word and save it anew") from None
    if size > MAX_UNPACKED:
        raise Fault(f"unpacks to {size // 2**20} MB, more than the limit of {MAX_UNPACKED // 2**20} MB for a Word document")
    if xml > MAX_XML:
        raise Fault(f"holds {xml // 2**20} MB of XML, more than the limit of {MAX_XML // 2**20} MB for a Word document; split it")
    if "word/document.xml" not in names:
        raise Fault("an archive, not a Word document; unpack it and give its files")


def _paragraphs(body: etree._Element) -> Iterator[str]:
    for paragraph in body.iter(f"{_W}p"):
        if any(parent.tag == _FALLBACK for parent in paragraph.iterancestors()):
            continue  # the same text box again, for older readers
        text = "".join(_runs(paragraph)).strip()
        if text:
            yield text


def _runs(paragraph: etree._Element) -> Iterator[str]:
    """The text of a paragraph but not of those within it (text boxes), as these come by themselves."""
    for element in paragraph.iter(f"{_W}t", *_GAPS):
        if next(element.iterancestors(f"{_W}p")) is not paragraph:
            continue
        parent = element.getparent()
        assert parent is not None  # it is within the paragraph
        if parent.tag == f"{_W}r":
            yield _GAPS.get(element.tag, element.text or "")

"""PDF files: the text by its layout, lines joined to paragraphs again, running heads and page numbers left out."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTPage, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect, PDFTextExtractionNotAllowed

from kg.documents.parts import Fault, Part

#: a hyphen after these at the end of a line belongs to the word
_KEEP_HYPHEN = frozenset(
    ("anti", "co", "cross", "ex", "half", "high", "long", "multi", "non", "off", "on", "part", "post", "pre", "self", "vice", "well")
)
_LINE_END_HYPHEN = re.compile(r"(\w+)[-\u2010\u00ad]$")
_HYPHENATED = re.compile(r"\w+-\w+")
_WORD = re.compile(r"\w+")
_ENDS_SENTENCE = re.compile(r"[.!?:;][\"'”’)\]]*$")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?", re.IGNORECASE)


def read_pdf(data: bytes) -> Iterator[Part | Fault]:
    """The text, paragraphs parted by a blank line. A PDF's own title and dates are often its template's, so they are not used."""
    try:
        pages = [_boxes(page) for page in extract_pages(io.BytesIO(data), laparams=LAParams())]
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise Fault("an encrypted PDF; save it without its password") from None
    except PDFTextExtractionNotAllowed:
        raise Fault("a PDF that forbids taking out its text") from None
    except Exception as error:  # a damaged file may make the parser raise anything; it must not cost other documents
        raise Fault(f"a damaged PDF ({type(error).__name__})") from None
    text = "\n\n".join(join_paragraphs(without_running_heads(pages)))
    if not text:
        raise Fault("a PDF without text (a scan?); run text recognition (OCR) over it first")
    yield Part(text)


def _boxes(page: LTPage) -> list[list[str]]:
    """The text boxes of a page in reading order, each as its lines; the wide gaps of justified text are single spaces."""
    boxes = [
        [" ".join(line.get_text().split()) for line in box if isinstance(line, LTTextLine)] for box in page if isinstance(box, LTTextBox)
    ]
    return [lines for box in boxes if (lines := [line.replace("\0", "") for line in box if line])]


def without_running_heads(pages: Sequence[list[list[str]]]) -> list[list[str]]:
    """The boxes of all pages without page numbers and without first and last boxes that stand on most pages."""

    def shape(box: list[str]) -> str:
        return re.sub(r"\d+", "0", " ".join(box))

    edges = Counter(shape(box) for page in pages for box in ({shape(b): b for b in (*page[:1], *page[-1:])}).values())
    running = {s for s, count in edges.items() if len(pages) > 2 and count * 2 > len(pages)}
    kept = []
    for page in pages:
        for i, box in enumerate(page):
            at_edge = i in (0, len(page) - 1)
            if not (at_edge and (shape(box) in running or _PAGE_NUMBER.fullmatch(" ".join(box)))):
                kept.append(box)
    return kept


def join_paragraphs(boxes: Sequence[list[str]]) -> list[str]:
    """One paragraph a box; one that breaks off in mid-sentence goes on in the next box if that begins in lower case."""
    words = {w.casefold() for box in boxes for line in box for w in _WORD.findall(line)}
    compounds = {w.casefold() for box in boxes for line in box for w in _HYPHENATED.findall(line)}
    paragraphs: list[str] = []
    for box in boxes:
        text = ""
        for line in box:
            text = _joined(text, line, words, compounds)
        if paragraphs and text[:1].islower() and not _ENDS_SENTENCE.search(paragraphs[-1]):
            paragraphs[-1] = _joined(paragraphs[-1], text, words, compounds)
        else:
            paragraphs.append(text)
    return paragraphs


def _joined(text: str, line: str, words: set[str], compounds: set[str]) -> str:
    """The text with the next line; a hyphen at the break goes where it only parted the word."""
    broken, begun = _LINE_END_HYPHEN.search(text), _WORD.match(line)
    if not broken or not begun:
        return f"{text} {line}" if text else line
    left, right = broken[1], begun[0]
    whole = (left + right).casefold()
    part_of_word = left.isalpha() and right[:1].islower() and f"{left}-{right}".casefold() not in compounds
    if part_of_word and (whole in words or left.casefold() not in _KEEP_HYPHEN):
        return text[:-1] + line
    return text[:-1] + "-" + line

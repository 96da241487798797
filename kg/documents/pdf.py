"""PDF files: the text by its layout, lines joined to paragraphs again, running heads and page numbers left out."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import combinations, count
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import (
    LAParams,
    LTComponent,
    LTPage,
    LTTextBox,
    LTTextBoxVertical,
    LTTextGroup,
    LTTextGroupLRTB,
    LTTextGroupTBRL,
    LTTextLine,
)
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.utils import Plane

from kg.documents.parts import Fault, Part
from kg.documents.unpack import bounded

#: characters of one page; a page of a broadsheet has some ten thousand
MAX_CHARACTERS = 100_000
#: text boxes of a page that are put in order by what lies how near; the more there are, the time grows with their square
_MOST_BOXES = 400
#: a hyphen after these at the end of a line belongs to the word
_KEEP_HYPHEN = frozenset(
    ("anti", "co", "cross", "ex", "half", "high", "long", "multi", "non", "off", "on", "part", "post", "pre", "self", "vice", "well")
)
_LINE_END_HYPHEN = re.compile(r"(\w+)[-\u2010\u00ad]$")
_HYPHENATED = re.compile(r"\w+-\w+")
_WORD = re.compile(r"\w+")
_ENDS_SENTENCE = re.compile(r"[.!?:;][\"'”’)\]]*$")
#: what no heading and no sentence ends with: the next line goes on, whatever it begins with
_GOES_ON = re.compile(
    r"\b(?:and|or|of|in|the|an?|at|to|by|from|with|between|than|his|her|their|its|our|Mr|Mrs|Ms|Dr|DC|DS|PC|Sgt|Supt)$|"
    r"\b(?:said|says|added|told [^.:]{1,60}|statement):$"
)
_PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?", re.IGNORECASE)


def read_pdf(data: bytes) -> Iterator[Part | Fault]:
    """The text, paragraphs parted by a blank line. A PDF's own title and dates are often its template's, so they are not used."""
    try:
        with bounded():
            pages = [_boxes(page) for page in _pages(data)]
    except Fault:
        raise
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


class _Page(LTPage):
    """A page whose boxes are put in order in bounded time, and always the same: pdfminer settles ties by where objects lie in memory."""

    def group_textboxes(self, laparams: LAParams, boxes: Sequence[LTTextBox]) -> list[LTTextGroup]:
        """The two things that waste the least space together are one group, and so on, until one is left."""
        if len(boxes) > _MOST_BOXES:
            return [LTTextGroupLRTB(boxes)]
        plane: Plane[Any] = Plane(self.bbox)
        plane.extend(boxes)
        there: dict[int, Any] = dict(enumerate(boxes))
        numbers = count(len(boxes))
        pairs = [(False, _waste(there[i], there[j]), i, j) for i, j in combinations(there, 2)]
        heapify(pairs)
        while pairs:
            seen, waste, i, j = heappop(pairs)
            if i not in there or j not in there:
                continue
            one, two = there[i], there[j]
            if not seen and set(plane.find(_around(one, two))) - {one, two}:  # something lies between: others first
                heappush(pairs, (True, waste, i, j))
                continue
            vertical = isinstance(one, LTTextBoxVertical | LTTextGroupTBRL) or isinstance(two, LTTextBoxVertical | LTTextGroupTBRL)
            group = (LTTextGroupTBRL if vertical else LTTextGroupLRTB)([one, two])
            for number in (i, j):
                plane.remove(there.pop(number))
            own = next(numbers)
            for number, other in there.items():
                heappush(pairs, (False, _waste(group, other), own, number))
            there[own] = group
            plane.add(group)
        return list(there.values())


def _around(one: LTComponent, two: LTComponent) -> tuple[float, float, float, float]:
    return min(one.x0, two.x0), min(one.y0, two.y0), max(one.x1, two.x1), max(one.y1, two.y1)


def _waste(one: LTComponent, two: LTComponent) -> float:
    x0, y0, x1, y1 = _around(one, two)
    return (x1 - x0) * (y1 - y0) - one.width * one.height - two.width * two.height


class _Device(PDFPageAggregator):
    """Takes the text of pages, and no drawings or pictures."""

    def begin_page(self, page: PDFPage, ctm: Any) -> None:
        super().begin_page(page, ctm)
        self.cur_item = _Page(self.pageno, self.cur_item.bbox)
        self._characters = 0

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        self._characters += 1
        if self._characters > MAX_CHARACTERS:
            raise Fault(f"more than {MAX_CHARACTERS:,} characters on one page; print it to PDF anew", f"page {self.pageno}")
        return super().render_char(*args, **kwargs)

    def begin_figure(self, *args: Any) -> None:
        pass

    def end_figure(self, *args: Any) -> None:
        pass

    def render_image(self, *args: Any) -> None:
        pass

    def paint_path(self, *args: Any) -> None:
        pass


class _Interpreter(PDFPageInterpreter):
    """Leaves out forms within pages, whose text pdfminer keeps apart from that of the page: forms within forms could go on for ever."""

    def do_Do(self, xobjid_arg: Any) -> None:
        pass


def _pages(data: bytes) -> Iterator[LTPage]:
    resources = PDFResourceManager()
    device = _Device(resources, laparams=LAParams())
    interpreter = _Interpreter(resources, device)
    for page in PDFPage.get_pages(io.BytesIO(data)):
        interpreter.process_page(page)
        yield device.get_result()


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
    """One paragraph a box; one that breaks off in mid-sentence goes on in the next box if that begins in lower case, or
    if its own last word tells so."""
    words = {w.casefold() for box in boxes for line in box for w in _WORD.findall(line)}
    compounds = {w.casefold() for box in boxes for line in box for w in _HYPHENATED.findall(line)}
    paragraphs: list[str] = []
    for box in boxes:
        text = ""
        for line in box:
            text = _joined(text, line, words, compounds)
        before = paragraphs[-1] if paragraphs else ""
        if before and (_GOES_ON.search(before[-80:]) or _continues(before, text)):
            paragraphs[-1] = _joined(paragraphs[-1], text, words, compounds)
        else:
            paragraphs.append(text)
    return paragraphs


def _continues(before: str, text: str) -> bool:
    return text[:1].islower() and not _ENDS_SENTENCE.search(before)


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

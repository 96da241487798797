"""A dossier as PDF, with letters that come along: the reader's machine need have none."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from kg.render.content import clean
from kg.render.dossier import CAUTION, Claim, Dossier, Quotation
from kg.render.style import STATUS_STYLES

if TYPE_CHECKING:
    from fpdf import FPDF

_FACE = "DejaVu"
_MARGIN = 20  #: millimetres, as all lengths here
_LINE = 5.0
_SMALL_LINE = 4.2
_DASH = 0.2  #: of a dash on a screen, in pixels
_STYLE = {style.status: style for style in STATUS_STYLES}
_INK, _SOFT = (27, 34, 41), (86, 97, 108)


def pdf(dossier: Dossier) -> bytes:
    """The dossier as a PDF file; the same dossier gives the same bytes."""
    writer = _Writer()
    writer.dossier(dossier)
    return writer.done()


class _Writer:
    def __init__(self) -> None:
        from fpdf import FPDF  # it loads an image library: only those who want a PDF should wait for that

        class Sheet(FPDF):
            def footer(self) -> None:
                self.set_y(-15)
                self.set_font(_FACE, size=8)
                self.set_text_color(*_SOFT)
                self.cell(0, _LINE, f"{self.title}: page {self.page_no()} of {{nb}}", align="C")

        logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of every table it leaves out
        self._sheet: FPDF = Sheet(format="A4")
        self._sheet.set_margins(_MARGIN, _MARGIN)
        self._sheet.set_auto_page_break(True, 20)
        self._sheet.set_creation_date(datetime(1970, 1, 1, tzinfo=UTC))  # a day has to stand there; no clock may
        self._sheet.set_lang("en-GB")
        for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            with as_file(files("kg.render") / "assets" / "fonts" / name) as path:
                self._sheet.add_font(_FACE, style, path)

    def done(self) -> bytes:
        return bytes(self._sheet.output())

    def dossier(self, dossier: Dossier) -> None:
        sheet = self._sheet
        sheet.set_title(self._fit(f"Dossier: {dossier.name}"))
        sheet.add_page()
        self._text("Dossier: what the documents of one graph say", 9, _SOFT)
        self._text(dossier.name, 20, bold=True, line=9)
        self._text(f"{dossier.kind} · {dossier.id}", 9, _SOFT)
        if dossier.names:
            self._text(f"Also called: {' · '.join(dossier.names)}", 9, _SOFT)
        sheet.ln(3)
        sheet.set_draw_color(*_INK)
        sheet.set_line_width(0.5)
        self._font(10)
        sheet.multi_cell(0, _LINE, CAUTION, border=1, padding=2.5, new_x="LMARGIN", new_y="NEXT")  # type: ignore[arg-type]
        if dossier.namesakes:
            sheet.ln(2)
            self._text("Not in this dossier: others of the same name. Each may be the same or somebody else: read what is said of them "
                       "before you rely on this.", 10, bold=True)
            for id_, facts in dossier.namesakes:
                self._text(f"{id_}: {facts}", 9)
        self._heading("How to read a status")
        for status, says, count in dossier.statuses:
            self._badge(status)
            self._text(f"{says}: {count} {'claim' if count == 1 else 'claims'}", 10)
            sheet.ln(1)
        self._heading("Claims in order of date")
        if not dossier.claims:
            self._text(f"The documents mention {dossier.name}, but no claim was read from them.", 10)
        for claim in dossier.claims:
            self._claim(claim)
        self._heading("Documents")
        for document in dossier.documents:
            self._room(3 * _SMALL_LINE)
            self._text(", ".join(filter(None, (document.name, document.source, document.date or "no date"))), 10)
            self._address(document.url)
            if document.sha256:
                self._text(f"SHA-256 of its text as read: {document.sha256}", 7, _SOFT, line=_SMALL_LINE)
            sheet.ln(1.5)

    def _claim(self, claim: Claim) -> None:
        self._room(6 * _LINE)
        sheet = self._sheet
        sheet.ln(2)
        self._font(10, _SOFT)
        sheet.cell(text=f"{claim.number}.  ", h=_LINE)
        self._badge(claim.status)
        self._font(10, _SOFT)
        sheet.cell(text=claim.date, h=_LINE, new_x="LMARGIN", new_y="NEXT")
        self._pieces([(f"{claim.subject} {claim.predicate} ", False), (claim.object, True)])
        if claim.related:
            related = ", ".join(f"claim {number} ({status}: {predicate})" for number, status, predicate in claim.related)
            self._text(f"Of the same two: {related}", 8, _SOFT, line=_SMALL_LINE)
        for quotation in claim.quotations:
            self._quotation(quotation)

    def _quotation(self, quotation: Quotation) -> None:
        sheet, document = self._sheet, quotation.document
        sheet.set_left_margin(_MARGIN + 6)
        sheet.ln(0.8)
        self._pieces([(_one_line(text), marked) for text, marked in quotation.parts])
        said = ", ".join(filter(None, (document.name, document.source, document.date)))
        self._text(f"— {said}; {quotation.place}; read with confidence {quotation.confidence} %", 8, _SOFT, line=_SMALL_LINE)
        self._address(document.url)
        sheet.set_left_margin(_MARGIN)
        sheet.ln(1)

    def _pieces(self, pieces: list[tuple[str, bool]]) -> None:
        """A paragraph of plain and bold pieces, wrapped between words."""
        with self._sheet.text_columns(l_margin=self._sheet.l_margin, line_height=1.35) as column:
            for text, bold in pieces:
                self._font(10, bold=bold)
                column.write(self._fit(text))

    def _address(self, url: str) -> None:
        if url:
            self._font(8, _SOFT)
            self._sheet.multi_cell(0, _SMALL_LINE, self._fit(url), link=url, new_x="LMARGIN", new_y="NEXT", align="L")

    def _badge(self, status: str) -> None:
        """The word in a frame with the pattern of its status; only what is asserted stands white on dark."""
        sheet, style = self._sheet, _STYLE[status]
        colour = tuple(int(style.colour[0][i:i + 2], 16) for i in (1, 3, 5))
        self._font(8.5, bold=True)
        wide = sheet.get_string_width(status) + 4
        if sheet.get_x() + wide > sheet.w - sheet.r_margin:
            sheet.ln(_LINE)
        sheet.set_draw_color(*colour)
        sheet.set_line_width(0.4)
        if style.dashes:
            sheet.set_dash_pattern(style.dashes[0] * _DASH, style.dashes[1] * _DASH)
            sheet.set_text_color(*colour)
        else:
            sheet.set_fill_color(*colour)
            sheet.set_text_color(255, 255, 255)
        sheet.rect(sheet.get_x(), sheet.get_y() + 0.3, wide, _LINE - 0.6, style="D" if style.dashes else "DF")
        sheet.cell(wide, _LINE, status, align="C")
        sheet.set_dash_pattern()
        sheet.set_x(sheet.get_x() + 2)

    def _heading(self, text: str) -> None:
        self._room(25)
        self._sheet.ln(6)
        self._sheet.start_section(text)
        self._text(text, 13, bold=True, line=7)
        self._sheet.ln(1)

    def _room(self, high: float) -> None:
        """Begins a new page unless so much room is left."""
        if self._sheet.will_page_break(high):
            self._sheet.add_page()

    def _font(self, size: float, colour: tuple[int, int, int] = _INK, bold: bool = False) -> None:
        self._sheet.set_font(_FACE, "B" if bold else "", size)
        self._sheet.set_text_color(*colour)

    def _text(self, text: str, size: float, colour: tuple[int, int, int] = _INK, *, bold: bool = False, line: float = _LINE) -> None:
        self._font(size, colour, bold)
        self._sheet.multi_cell(0, line, self._fit(clean(text)), new_x="LMARGIN", new_y="NEXT", align="L")

    def _fit(self, text: str) -> str:
        """The text with characters that the letters lack written as U+12AB, so that none is lost unseen."""
        known = self._sheet.fonts[_FACE.lower()].cmap  # type: ignore[union-attr]  # our own letters, none of PDF's
        return "".join(c if ord(c) in known or c == "\n" else f"[U+{ord(c):04X}]" for c in text)


def _one_line(text: str) -> str:
    """As ``clean``, with a space kept at either end."""
    return (" " if text[:1].isspace() else "") + clean(text) + (" " if text[-1:].isspace() and clean(text) else "")

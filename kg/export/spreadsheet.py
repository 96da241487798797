"""A workbook for spreadsheets: facts, entities, sentences and documents, a sheet each. Every text is a text cell: nothing in it runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any

from kg.errors import ExportError
from kg.export.table import ENTITY_COLUMNS, FACT_COLUMNS, entity_cells, fact_cells
from kg.rows import documents, entities, facts
from kg.store import Store

_LONGEST = 32_767  #: characters in a cell
_ROWS = 1_048_576  #: rows in a sheet, its header included
_CUT = " [cut: too long for a cell]"
_WIDE = {"evidence": 90, "sentence": 90, "subject": 28, "object": 28, "name": 28, "names": 40, "title": 50, "document": 24}

_NOT_XML = re.compile("[\ufffe\uffff]")  # what no cell can hold even as an escape

_SENTENCE_COLUMNS = ("document", "start", "end", "facts", "sentence")
_DOCUMENT_COLUMNS = ("id", "title", "date", "source", "url")


def write_xlsx(store: Store, out: IO[bytes]) -> None:
    """The workbook, with filters and frozen headers. Raises ExportError where a sheet would have too many rows."""
    import xlsxwriter

    found = list(facts(store))
    told = Counter((row["document"], row["evidence"]["start"], row["evidence"]["end"], row["evidence"]["text"]) for row in found)
    sheets: dict[str, tuple[Sequence[str], list[Sequence[object]]]] = {
        "facts": (FACT_COLUMNS, list(fact_cells(found))),
        "entities": (ENTITY_COLUMNS, list(entity_cells(entities(store)))),
        "sentences": (_SENTENCE_COLUMNS, [(name, start, end, count, text) for (name, start, end, text), count in sorted(told.items())]),
        "documents": (_DOCUMENT_COLUMNS, [tuple(row[key] for key in _DOCUMENT_COLUMNS) for row in documents(store)]),
    }
    too_long = next((name for name, (_, rows) in sheets.items() if len(rows) >= _ROWS), None)
    if too_long:
        raise ExportError(f"{len(sheets[too_long][1]):,} {too_long} are more than the {_ROWS - 1:,} rows of a sheet; export csv instead")
    with xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # the same graph gives the same bytes on any day
        bold = book.add_format({"bold": True})
        for name, (header, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, header, bold)
            for column, title in enumerate(header):
                sheet.set_column(column, column, _WIDE.get(title, 14))
            _fill(sheet, rows)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(rows), len(header) - 1)


def _fill(sheet: Any, rows: Iterable[Sequence[object]]) -> None:
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, _cell(value))
            elif value is not None:
                sheet.write_number(number, column, value)


def _cell(text: str) -> str:
    text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    if text.startswith("<r>") and text.endswith("</r>"):
        text += " "  # or xlsxwriter would write it into the file as XML
    return text if len(text) <= _LONGEST else text[:_LONGEST - len(_CUT)] + _CUT

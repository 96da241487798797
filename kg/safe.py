"""Text from documents made safe for where it is shown: a terminal, a cell of a spreadsheet, a line of JSON."""

from __future__ import annotations

import json
import re
from typing import Any

# Controls (C0, DEL, C1) can move the cursor or rewrite what was printed; the rest reorder or hide text, or break lines.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
                       "\U000e0000-\U000e007f]")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def for_terminal(text: str) -> str:
    """The text on one line, with every control, invisible or direction-changing character written out as an escape."""
    return _CONTROLS.sub(_escape, text.replace("\r\n", "\n").replace("\n", " ").replace("\t", " "))


def for_screen(text: str) -> str:
    """The text with its lines kept and everything else that ``for_terminal`` writes out written out."""
    return "\n".join(_CONTROLS.sub(_escape, line.replace("\t", "    ")) for line in text.split("\n"))


def for_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula: an apostrophe goes before one that would be."""
    return "'" + text if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def for_json(value: Any) -> str:
    """The value as JSON on one line; characters that a terminal would act on are written as JSON escapes, so nothing is lost."""
    return _CONTROLS.sub(_escape, json.dumps(value, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    """The character as JSON escapes it: one above U+FFFF as two halves."""
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at:at + 4]}" for at in range(0, len(units), 4))

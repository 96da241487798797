"""JSON and JSON Lines: articles as records with text, body or content, and id, title, date, source, url."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kg.documents.metadata import meta_of
from kg.documents.parts import Fault, Part
from kg.documents.text import decode

TEXT_KEYS = ("text", "body", "content")


def read_json(data: bytes) -> Iterator[Part | Fault]:
    """One record, a list of records, or (as many programs write under this suffix) one record a line."""
    text = decode(data)
    if not text.strip():
        raise Fault("is empty")
    try:
        value = _load(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise Fault(f"not JSON: {error.msg}", f"line {error.lineno}") from None
        yield from _lines(text)
    else:
        if value == []:
            raise Fault("a list without records")
        if isinstance(value, list):
            for number, item in enumerate(value, 1):
                yield from record(item, f"item {number}", number)
        else:
            yield from record(value, "", None)


def read_json_lines(data: bytes) -> Iterator[Part | Fault]:
    """One record a line; a broken line costs only itself."""
    text = decode(data)
    if not text.strip():
        raise Fault("is empty")
    yield from _lines(text)


def _lines(text: str) -> Iterator[Part | Fault]:
    for number, line in enumerate(text.split("\n"), 1):  # not splitlines: a JSON string may hold other line separators
        if not line.strip():
            continue
        try:
            value = _load(line)
        except json.JSONDecodeError as error:
            yield Fault(f"not JSON: {error.msg} at column {error.colno}", f"line {number}")
        except Fault as fault:
            yield Fault(fault.message, f"line {number}")
        else:
            yield from record(value, f"line {number}", number)


def _load(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or thousands of brackets
        raise Fault(f"JSON that cannot be read ({type(error).__name__})") from None


def record(value: object, place: str, number: int | None) -> Iterator[Part | Fault]:
    """The text of one record, and what is wrong with the values beside it."""
    if not isinstance(value, dict):
        yield Fault("not a record; it should be an object such as {\"title\": ..., \"text\": ...}", place)
        return
    name = next((key for key in TEXT_KEYS if key in value), None)
    if name is None:
        yield Fault(f"a record without a text; it should have one of the keys {', '.join(TEXT_KEYS)}", place)
        return
    text = value[name]
    if not isinstance(text, str) or not text.strip() or not _sound(text):
        yield Fault(f"{name!r} should be text that is not empty and holds no NUL or unpaired surrogate", place)
        return
    meta, faults = meta_of(value, place)
    own = value.get("id")
    if own is not None and (isinstance(own, bool) or not isinstance(own, (str, int)) or not str(own).strip()):
        faults.append(Fault("id should be text or a whole number; left out", place))
        own = None
    yield from faults
    yield Part(text, meta, id=None if own is None else str(own), number=number)


def _sound(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)

"""What the readers hand over: the texts found in a file, and what was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.model import Problem

#: characters of a message; longer ones are cut, so that one problem stays one line
MESSAGE_LENGTH = 300


class Fault(Exception):
    """A file, row or record that cannot be used: raised where it ends the file, yielded where reading goes on."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place


@dataclass(frozen=True, slots=True)
class Meta:
    """What is said about a document outside its body; None where nothing is."""

    title: str | None = None
    date: str | None = None  #: ISO 8601 day
    source: str | None = None
    url: str | None = None

    def over(self, other: Meta) -> Meta:
        """This, with the gaps filled from the other."""
        filled = {name: getattr(other, name) for name in self.__slots__ if getattr(self, name) is None}
        return replace(self, **filled)


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a file: the whole of it, or one record of a JSON file."""

    text: str
    meta: Meta = Meta()
    id: str | None = None  #: the id that the record gives itself
    number: int | None = None  #: line or position of the record; None where the file is one text
    body_start: int = 0


def plain(text: str) -> str:
    """The text with control, escape, direction and unpaired surrogate characters spelt out, fit for a terminal and one line."""
    return "".join(c if c.isprintable() else _spelt(c) for c in text)


def _spelt(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def problem(path: str, fault: Fault) -> Problem:
    """The fault as the user sees it: no character in it can move the cursor or start a new line."""
    message = plain(fault.message)
    if len(message) > MESSAGE_LENGTH:
        message = message[: MESSAGE_LENGTH - 1] + "…"
    return Problem(plain(path), plain(fault.place), message)

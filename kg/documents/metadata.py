"""What is said about documents beside their text: `metadata.csv` in a folder, YAML front matter in a text.

Both have the keys title, date, source and url. What a document says of itself goes before the table;
an empty cell says nothing.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import yaml

from kg.documents.parts import Fault, Meta, plain

FILE_NAME = "metadata.csv"
FIELDS = ("title", "date", "source", "url")
_COLUMNS = ("file", *FIELDS)

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?P<block>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FRONT_MATTER_LENGTH = 20_000  # characters looked at for the closing line
_KEY = re.compile(r"^[A-Za-z_]+[ \t]*:", re.MULTILINE)


def day(value: str) -> str:
    """The ISO 8601 day of a date or of a date with time, as written; raises ValueError for anything else."""
    if len(value) > 10 and value[10] in "T ":
        return datetime.fromisoformat(value).date().isoformat()
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError(value)
    return date.fromisoformat(value).isoformat()


def web_address(value: str) -> str:
    """The address; raises ValueError unless it is one that a reader may safely follow."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or any(c.isspace() or plain(c) != c for c in value):
        raise ValueError(value)
    return value


def meta_of(values: Mapping[str, object], place: str = "") -> tuple[Meta, list[Fault]]:
    """The known keys of a mapping as Meta; a value that cannot be used is left out and told."""
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for name in FIELDS:
        value = values.get(name)
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            faults.append(Fault(f"{name} is {_kind(value)}; it should be text", place))
            continue
        try:
            found[name] = _CHECKS[name](" ".join(value.split()))
        except ValueError:
            faults.append(Fault(f"{name} {value!r} cannot be used; {_WANTED[name]}", place))
    return Meta(**{name: value for name, value in found.items() if value}), faults


def _encodable(value: str) -> str:
    value.encode("utf-8")  # an unpaired surrogate (from a JSON escape) is a UnicodeEncodeError, which is a ValueError
    return value


_CHECKS = {"title": _encodable, "source": _encodable, "date": day, "url": web_address}
_WANTED = {
    "title": "it should be text",
    "source": "it should be text",
    "date": "it should be a day such as 2021-09-30",
    "url": "it should begin with http:// or https://",
}
_KINDS = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "not text")


def front_matter(text: str) -> tuple[int, Meta, list[Fault]]:
    """Where the body begins, what the front matter says, and what was wrong with it.

    A text that opens with a rule (``---``) and no ``key:`` lines before the next has no front matter.
    """
    match = _FRONT_MATTER.match(text[:_FRONT_MATTER_LENGTH])
    if match is None or not _KEY.search(match["block"]):
        return 0, Meta(), []
    try:
        values = yaml.load(match["block"], Loader=yaml.BaseLoader)  # makes strings, lists and dicts only
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        return match.end(), Meta(), [Fault("the front matter is not YAML of the form 'title: ...'", f"line {line}")]
    if not isinstance(values, dict):
        return 0, Meta(), []
    known = {str(key).strip().casefold(): value for key, value in values.items()}
    meta, faults = meta_of(known, "front matter")
    return match.end(), meta, faults


def read_table(text: str, exists: Callable[[str], bool]) -> Iterator[tuple[str, Meta] | Fault]:
    """The rows of a `metadata.csv`: the file's path within the folder (as ``key`` gives it) and what is said of it.

    ``exists`` tells whether the folder has a file of such a path.
    """
    rows = _rows(text)
    header = next(rows, None)
    if isinstance(header, Fault):
        yield header
        return
    columns = [cell.strip().casefold() for cell in header[1]] if header else []
    if "file" not in columns:
        yield Fault(f"no column 'file'; the first line should be {','.join(_COLUMNS)}", "line 1")
        return
    unknown = [c for i, c in enumerate(columns) if c not in _COLUMNS or c in columns[:i]]
    if unknown:
        yield Fault(f"column {unknown[0]!r} is not one of {', '.join(_COLUMNS)}, or stands twice; left out", "line 1")
    seen: set[str] = set()
    for row in rows:
        yield from [row] if isinstance(row, Fault) else _row(*row, columns, exists, seen)


def _rows(text: str) -> Iterator[tuple[int, list[str]] | Fault]:
    """The rows that are not empty with the line they begin on; ends at the first that is not CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Fault(f"not CSV from here on ({error}); the rows before are used", f"line {line}")
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _row(line: int, cells: list[str], columns: list[str], exists: Callable[[str], bool],
         seen: set[str]) -> Iterator[tuple[str, Meta] | Fault]:
    place = f"line {line}"
    if len(cells) != len(columns):
        yield Fault(f"has {len(cells)} cells, the first line has {len(columns)}; the row is left out", place)
        return
    values = {name: cell.strip() for name, cell in reversed(list(zip(columns, cells, strict=True)))}
    name = key(values["file"])
    if not name or name.startswith(("/", "../")) or "\0" in name or not exists(name):
        yield Fault(f"no file {values['file']!r} in this folder; the row is left out", place)
    elif name in seen:
        yield Fault(f"a second row for {values['file']!r}; the first is used", place)
    else:
        seen.add(name)
        meta, faults = meta_of(values, place)
        yield from faults
        yield name, meta


def key(name: str) -> str:
    """A path within a folder in the form rows are looked up by: forward slashes, composed characters (NFC)."""
    return unicodedata.normalize("NFC", str(PurePosixPath(name.replace("\\", "/")))) if name else ""


def on_disk(folder: Path, name: str) -> bool:
    """Whether a folder has a file of a path as ``key`` gives it."""
    parent = folder / PurePosixPath(name).parent
    try:
        return any(key(entry.name) == PurePosixPath(name).name for entry in parent.iterdir())
    except OSError:
        return False

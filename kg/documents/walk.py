"""Paths as the user gives them to the files to read, in an order that depends on nothing but their names."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from kg.documents.metadata import FILE_NAME
from kg.documents.parts import Fault, problem
from kg.model import Problem

IGNORE_FILE = ".kgignore"
STDIN = "-"
#: stars that a part of a pattern may have: the time to look for it grows with the length of names to the power of their number
_MOST_STARS = 3
_SLOW = re.compile(rf"(?:\*[^/*]*+){{{_MOST_STARS + 1}}}|(?:\*\*.*?){{{_MOST_STARS + 1}}}")


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read."""

    relative: str  #: path within the folder that was given; the file's name where it was given itself
    shown: str  #: the path as given, for messages
    named: bool = False  #: given itself, not found in a folder
    root: Path | None = None  #: the folder that was given, or the file's own


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, the folders with a `metadata.csv`, and what could not be opened."""

    sources: tuple[Source, ...]
    tables: tuple[Path, ...]
    problems: tuple[Problem, ...]


def find(paths: Iterable[str | Path]) -> Found:
    """All files under the paths, each once. Names that begin with a dot (and Word's lock files) are passed over in folders."""
    sources: list[Source] = []
    tables: set[Path] = set()
    problems: set[Problem] = set()
    for path in map(str, paths):
        for item in _expand(path):
            if isinstance(item, Source):
                sources.append(item)
            elif isinstance(item, Problem):
                problems.add(item)
            else:
                tables.add(item)
    once: dict[str, Source] = {}
    for source in sorted(sources, key=lambda s: (s.named, *_order(s))):
        once.setdefault(source.shown if source.shown == STDIN else os.path.realpath(source.shown), source)
    told = sorted(problems, key=lambda p: (p.path, p.place, p.message))
    return Found(tuple(sorted(once.values(), key=_order)), tuple(sorted(tables)), tuple(told))


def _order(source: Source) -> tuple[str, str]:
    return source.relative, source.shown


def _expand(path: str) -> Iterator[Source | Path | Problem]:
    if path == STDIN:
        yield Source("stdin", STDIN, named=True)
        return
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError)
        yield problem(path, Fault("no such file or folder" if missing else reason(error)))
        return
    if stat.S_ISDIR(mode):
        yield from _folder(Path(path))
    elif stat.S_ISREG(mode):
        yield Source(Path(path).name, path, named=True, root=Path(path).parent)
    else:
        yield problem(path, Fault("not a regular file; give a file, a folder or - for standard input"))


def _folder(root: Path) -> Iterator[Source | Path | Problem]:
    """Everything below a folder; a folder that links lead back to is entered once."""
    entered: set[str] = set()
    waiting: list[tuple[Path, tuple[tuple[Path, GitIgnoreSpec], ...]]] = [(root, ())]
    while waiting:
        folder, rules = waiting.pop()
        real = os.path.realpath(folder)
        if real in entered:
            continue
        entered.add(real)
        try:
            names = sorted(entry.name for entry in folder.iterdir())
            if IGNORE_FILE in names:
                rules = (*rules, (folder, _rules(folder / IGNORE_FILE)))
        except OSError as error:
            yield problem(str(folder), Fault(reason(error)))
            continue
        except Fault as fault:
            yield problem(str(folder / IGNORE_FILE), fault)
            continue
        below = []
        for name in names:
            if name.startswith((".", "~$")):
                continue
            path = folder / name
            try:
                mode = path.stat().st_mode
            except OSError as error:
                yield problem(str(path), Fault("a link to nothing" if path.is_symlink() else reason(error)))
                continue
            if _ignored(path, stat.S_ISDIR(mode), rules):
                continue
            if stat.S_ISDIR(mode):
                below.append((path, rules))
            elif not stat.S_ISREG(mode):
                yield problem(str(path), Fault("not a regular file"))
            elif name.lower() == FILE_NAME:
                yield path
            else:
                yield Source(path.relative_to(root).as_posix(), str(path), root=root)
        waiting.extend(reversed(below))


def _rules(path: Path) -> GitIgnoreSpec:
    """What a file of patterns says; raises Fault where it cannot be used, as what it keeps out must not be read then.

    To open a pipe would be to wait for whoever writes into it.
    """
    if not path.is_file():
        raise Fault("not a regular file; its folder is not read")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, 1):
        if _SLOW.search(line):
            raise Fault(f"more than {_MOST_STARS} * in one part of a pattern, or ** in a pattern; its folder is not read", f"line {number}")
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError as error:
        raise Fault(f"a pattern that cannot be used ({error}); its folder is not read") from None


def _ignored(path: Path, is_folder: bool, rules: tuple[tuple[Path, GitIgnoreSpec], ...]) -> bool:
    return any(spec.match_file(path.relative_to(folder).as_posix() + ("/" if is_folder else "")) for folder, spec in rules)


def reason(error: Exception) -> str:
    """Why the system would not open a file, in a few words."""
    return f"cannot be opened: {error.strerror}" if isinstance(error, OSError) and error.strerror else "cannot be opened"

"""Sets of texts on disk: what a build has still to look at, which may be as much as all documents tell.

They are tables of a SQLite database beside the graph that is being made, which goes with them.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

_CACHE = 16 * 1024  #: KiB that SQLite may hold in memory
_COUNTED = 10_000  #: texts whose counts are held in memory


class Piles:
    """The database of any number of piles."""

    def __init__(self, path: Path) -> None:
        self._path, self._made = path, 0
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE}"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Remove them all."""
        self._db.close()
        self._path.unlink(missing_ok=True)

    def pile(self) -> Pile:
        """A new pile with nothing on it."""
        return Pile(self._db, self._table("value TEXT PRIMARY KEY"))

    def tally(self) -> Tally:
        """A new tally with nothing counted."""
        return Tally(self._db, self._table("value TEXT PRIMARY KEY, times INTEGER NOT NULL"))

    def _table(self, columns: str) -> str:
        self._made += 1
        self._db.execute(f"CREATE TABLE t{self._made} ({columns}) WITHOUT ROWID")
        return f"t{self._made}"


class Pile:
    """A set of texts, iterated in order."""

    def __init__(self, db: sqlite3.Connection, table: str) -> None:
        self._db, self._table = db, table

    def add(self, *texts: str) -> None:
        """Put texts on it."""
        self.update(texts)

    def update(self, texts: Iterable[str]) -> None:
        """Put texts on it."""
        self._db.executemany(f"INSERT OR IGNORE INTO {self._table} VALUES (?)", ((text,) for text in texts))

    def difference_update(self, texts: Iterable[str]) -> None:
        """Take texts from it, whether they are there or not."""
        self._db.executemany(f"DELETE FROM {self._table} WHERE value = ?", ((text,) for text in texts))

    def pop(self) -> str | None:
        """Take the first text from it; None where there is none."""
        found = self._db.execute(f"SELECT value FROM {self._table} ORDER BY value LIMIT 1").fetchone()
        if found is None:
            return None
        self._db.execute(f"DELETE FROM {self._table} WHERE value = ?", found)
        return str(found[0])

    def __contains__(self, text: str) -> bool:
        return self._db.execute(f"SELECT 1 FROM {self._table} WHERE value = ?", (text,)).fetchone() is not None

    def __iter__(self) -> Iterator[str]:
        return (value for value, in self._db.execute(f"SELECT value FROM {self._table} ORDER BY value"))

    def __len__(self) -> int:
        found: int = self._db.execute(f"SELECT COUNT(*) FROM {self._table}").fetchone()[0]
        return found


class Tally:
    """How often texts are counted, up or down; iterated in order with their counts, but for those whose count is nothing."""

    def __init__(self, db: sqlite3.Connection, table: str) -> None:
        self._db, self._table = db, table
        self._held: Counter[str] = Counter()

    def count(self, text: str, times: int) -> None:
        """Count a text so often more."""
        self._held[text] += times
        if len(self._held) > _COUNTED:
            self._put_down()

    def __iter__(self) -> Iterator[tuple[str, int]]:
        self._put_down()
        return self._db.execute(f"SELECT value, times FROM {self._table} WHERE times != 0 ORDER BY value")

    def _put_down(self) -> None:
        self._db.executemany(f"INSERT INTO {self._table} VALUES (?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times",
                             self._held.items())
        self._held.clear()

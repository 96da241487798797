"""From a date as the text gives it (EDTF) to the first and last day it may mean.

Follows the Extended Date/Time Format (ISO 8601-2:2019, levels 0 and 1): years, months, days, intervals, unspecified digits, seasons
and the qualifiers ``~ ? %``, which leave the bounds as they are.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_DATE = re.compile(r"(\d{2}[\dX][\dX])(?:-(\d\d|XX)(?:-(\d\d|XX))?)?[~?%]?", re.ASCII)

#: seasons of the northern hemisphere: first and last month, counted from the named year's January
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 14)}


@dataclass(frozen=True, slots=True, order=True)
class Bounds:
    """The first and the last day something may have happened, as ISO 8601 days; the first is never after the last."""

    earliest: str
    latest: str


@lru_cache(maxsize=4096)
def bounds(edtf: str | None) -> Bounds | None:
    """The bounds of a date or interval, or None where it is missing, open or not a date."""
    if not edtf:
        return None
    first, _, last = edtf.strip().partition("/")
    low, high = _of_date(first), _of_date(last or first)
    return Bounds(low.earliest, high.latest) if low and high and low.earliest <= high.latest else None


def meet(all_bounds: Iterable[Bounds]) -> Bounds | None:
    """The days that all of the bounds allow, or None where they have none in common."""
    several = list(all_bounds)
    earliest, latest = max(b.earliest for b in several), min(b.latest for b in several)
    return Bounds(earliest, latest) if earliest <= latest else None


def _of_date(text: str) -> Bounds | None:
    """The bounds of one date."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        return None
    year, month, day = match.groups()
    first_year, last_year = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if first_year < 1 or "X" in year[:-1] and not year.endswith("X"):
        return None
    if month in (None, "XX") or first_year != last_year:
        return Bounds(f"{first_year:04}-01-01", f"{last_year:04}-12-31")
    if int(month) in _SEASONS:
        return _months(first_year, *_SEASONS[int(month)])
    if not 1 <= int(month) <= 12:
        return None
    if day in (None, "XX"):
        return _months(first_year, int(month), int(month))
    if not 1 <= int(day) <= monthrange(first_year, int(month))[1]:
        return None
    exact = f"{first_year:04}-{month}-{day}"
    return Bounds(exact, exact)


def _months(year: int, first: int, last: int) -> Bounds:
    """From the first day of one month to the last of another, which may be in the next year."""
    last_year, last_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return Bounds(f"{year:04}-{first:02}-01", f"{last_year:04}-{last_month:02}-{monthrange(last_year, last_month)[1]}")

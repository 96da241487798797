"""Time expressions of a text, resolved against the document's date; and the times that belong to a fact.

Values are EDTF/ISO 8601 days, months or years at the precision of the text ("2021-09-30", "2021-09", "2021"). What would
need a guess (a time of day, "earlier this week", a weekday without a document date) is left out.

References: ISO 8601-2:2019 (EDTF); the kinds follow TimeML's signals (Pustejovsky et al. 2003).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date as Date
from datetime import timedelta
from functools import lru_cache

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.words import longest

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS = {"spring": 4, "summer": 7, "autumn": 10, "winter": 1}
HOLIDAYS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
    "christmas": (12, None),
    "hogmanay": (12, 31),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "new year": (1, None),
    "hallowe'en": (10, 31),
    "halloween": (10, 31),
    "bonfire night": (11, 5),
    "st patrick's day": (3, 17),
    "valentine's day": (2, 14),
    "remembrance sunday": (11, None),
    "twelfth of july": (7, 12),
    "midsummer": (6, None),
}
_UNITS = "zero one two three four five six seven eight nine ten"
_SMALL = f"{_UNITS} eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
NUMBERS = {word: n for n, word in enumerate(_SMALL.split())} | {"a": 1, "an": 1, "another": 1, "thirty": 30, "forty": 40, "fifty": 50}
#: Words that place a clause in the future or the past; the nearest one before the expression decides.
FUTURE = (
    r"will|won't|wo|'ll|’ll|shall|would|due|to be|is to|are to|was to|were to|set to|set for|set down|expected|scheduled|listed|fixed"
    r"|plans|planned|hopes|hoped|intends|ahead|bailed|adjourned|remanded|postponed|awaits|awaiting|forthcoming|about to|going to"
    r"|ready for|date for|back on|retires|retire|returns|return|begins|begin|starts|start|opens|meets|meet|leaves|leave|sits|sit"
    r"|becomes|become|moves|joins|join|appears|appear|faces|face|steps|hands over|ends|expires|takes over|takes up|takes charge"
    r"|(?:is|are) (?:leaving|retiring|joining|moving|returning|becoming|quitting|stepping|standing|taking (?:over|up))"
    r"|stands down|stand down|go before|hold|holds|publishes|publish|report by|reports by|decide"
)
PAST = (
    r"was|were|had|has|have|did|didn't|been|said|told|came|went|took|made|gave|got|fell|held|led|left|became|began|found|put|set up"
    r"|stood|saw|ran|won|lost|wrote|rose|met|sent|brought|died|paid|hit|heard|kept|sold|sat|quit|spent|drew|knew|thought|shot|struck"
    r"|threw|grew|flew|blew|chose|spoke|broke|drove|wore|swore|bore|bought|caught|taught|sought|felt|dealt|meant|lent|built|laid|cut"
    r"|let|hurt|shut|rode|hid|fled|fed|shook|hung|sank|rang|lay|forgot|slept|(?<!\bbe )(?-i:\b[a-z]{2,}ed)"
)

_NUMBER = r"(?P<n>\d{1,3}|" + longest(w for w in NUMBERS if w != "zero") + ")"
_MONTH = r"(?P<month>" + longest(MONTHS) + r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)(?!\w)"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>1[6-9]\d\d|20\d\d)(?![\d%]|[,.]\d)"
_RELATIVE = r"(?P<which>last|this|next|that|the same|the following|the previous|the next|of the following|of the same)"
_WEEKDAY = r"(?P<weekday>" + longest(WEEKDAYS) + ")"
_SEASON = r"(?P<season>" + longest(SEASONS) + ")"
_HOLIDAY = r"(?P<holiday>" + longest(HOLIDAYS).replace("'", "['’]") + ")"
_UNIT = r"(?P<unit>day|week|fortnight|month|year|decade)s?"
#: What a number counts that is no day and no year.
_COUNTED = (
    r"(?:per cent|percent|people|officers|offences|calls|years?|days|words|names|pounds|volunteers|cases|times|men|women|homes|staff)\b"
)
_EDGE = r"(?:(?:early|late|mid|the start|the beginning|the end|the middle)(?: |-)(?:of |in )?)?"
_PART = "(?:morning|afternoon|evening|night)"
_ROUGHLY = r"(?:(?:more than|over|nearly|almost|about|some|the (?:last|past)|at least) )?"
_NEW_YEARLY = r"(?:,? (?:of |in )?(?:" + _YEAR + "|" + _RELATIVE + r" year))"

_FILLERS = r"(?: the| about| around| at least| on| in)*\s*"
_SIGNALS = (
    ("since", re.compile(rf"\b(?:since|starting|beginning|as (?:of|from)|with effect from|effective){_FILLERS}$", re.I)),
    ("until", re.compile(rf"\b(?:until|till|up to){_FILLERS}$", re.I)),
    ("before", re.compile(r"\b(?:before|prior to|ahead of)(?: the| about| around)*\s*$", re.I)),
    ("after", re.compile(r"\bafter(?: the| about| around)*\s*$", re.I)),
    ("by", re.compile(r"\bby(?: the end of| the)*\s*$", re.I)),
    ("from", re.compile(r"\bfrom(?: about| around| the)*\s*$", re.I)),
    ("between", re.compile(r"\bbetween(?: about| around| the)*\s*$", re.I)),
)
_CLAUSE = re.compile(r"[.;:!?]\s|\n|[“”\"]")
_FUTURE = re.compile(rf"\b(?:{FUTURE})\b", re.I)
_PAST = re.compile(rf"\b(?<!\bbe )(?:{PAST})\b", re.I)  # "will be heard in May"
#: "Has been appointed to succeed him on 1 July": what is to come is told by what has been done.
_CHOSEN_TO = re.compile(
    r"\b(?:has|have) been (?:named|appointed|chosen|picked|selected|elected|confirmed|asked|approved|lined up)\b[^.;:]{0,60}?"
    r"\bto (?:succeed|replace|take|become|lead|act|run|head|fill|start|join)\b[^.;:]{0,60}$"
)


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A stretch of text that names a time.

    ``kind`` is "point", "since", "until", "before", "after", "by", "duration" (``value`` is the time that lies so long before
    the document's date) or "attribute" (a year that describes a thing: "the 2011 riots").
    """

    start: int
    end: int
    value: str
    kind: str = "point"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, month or year of the Gregorian calendar."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def edtf(self) -> str:
        return "-".join([f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part])

    @property
    def first(self) -> Date:
        return Date(self.year, self.month or 1, self.day or 1)

    def shifted(self, n: int, unit: str) -> Moment | None:
        """The time ``n`` units later (earlier where negative) at the precision both allow."""
        if unit == "decade":
            n, unit = 10 * n, "year"
        if unit == "fortnight":
            n, unit = 2 * n, "week"
        if unit == "year":
            return moment(self.year + n, self.month) if abs(n) == 1 and not self.day else moment(self.year + n)
        if unit == "month":
            if self.month is None:
                return None
            months = self.year * 12 + self.month - 1 + n
            return moment(months // 12, months % 12 + 1)
        if self.day is None:
            return None
        try:
            return of(self.first + timedelta(days=n * (7 if unit == "week" else 1)))
        except OverflowError:
            return None


def moment(year: int, month: int | None = None, day: int | None = None) -> Moment | None:
    """A moment, or None where the calendar has no such day."""
    if not 1000 <= year <= 2999 or (month is not None and not 1 <= month <= 12):
        return None
    if day is not None and (month is None or not 1 <= day <= monthrange(year, month)[1]):
        return None
    return Moment(year, month, day)


def of(day: Date) -> Moment:
    """The day as a moment."""
    return Moment(day.year, day.month, day.day)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What an expression is resolved against."""

    text: str
    today: Date | None
    previous: Moment | None  #: the last point in time that the text named
    year: int | None  #: the year that opens this sentence ("In 2019 ..."), or that the entry above in a list of dates names

    def tense(self, start: int, end: int) -> str:
        """The tense, "future", "past" or "" for the clause about ``text[start:end]``."""
        opening = max((m.end() for m in _CLAUSE.finditer(self.text, max(0, start - 240), start)), default=max(0, start - 240))
        closing = _CLAUSE.search(self.text, end, end + 160)
        before, after = self.text[opening:start], self.text[end : closing.start() if closing else end + 160]
        if marks := list(_marks(before)):
            return "future" if _CHOSEN_TO.search(before) else max(marks)[1]
        marks = list(_marks(after))
        return min(marks, key=lambda m: (m[0], m[1] != "future"))[1] if marks else ""


def _marks(clause: str) -> Iterator[tuple[int, str]]:
    """Offsets of the words that place a clause in time; a word of both kinds counts as future."""
    future = {m.start() for m in _FUTURE.finditer(clause)}
    yield from ((at, "future") for at in sorted(future))
    yield from ((m.start(), "past") for m in _PAST.finditer(clause) if m.start() not in future)


def _year(match: re.Match[str], at: _Setting) -> int | None:
    """The year that the match names, absolutely or relative to the document or the previous time."""
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    which = groups.get("which")
    return _relative_year(which, at) if which else None


def _relative_year(which: str, at: _Setting) -> int | None:
    which = which.lower().removeprefix("of ")
    if which in {"last", "this", "next"}:
        return at.today.year + {"last": -1, "this": 0, "next": 1}[which] if at.today else None
    shift = {"that": 0, "the same": 0, "the following": 1, "the next": 1, "the previous": -1}[which]
    return at.previous.year + shift if at.previous else None


def _nearest(month: int, day: int | None, at: _Setting, match: re.Match[str], which: str | None = None) -> Moment | None:
    """The month or day without a year that the text means: the last one, the next one where the clause is about the future."""
    if at.today is None:
        return moment(at.year, month, day) if at.year else None
    if which in {"that", "the same"} and at.previous:
        return moment(at.previous.year, month, day)
    if which in {"the following", "the next"} and at.previous:
        year = at.previous.year if (at.previous.month or 0) < month else at.previous.year + 1
        return moment(year, month, day)
    today = at.today
    here = (today.month, today.day) if day else (today.month,)
    there = (month, day) if day else (month,)
    tense = {"next": "future", "last": "past"}.get(which or "", "") or at.tense(match.start(), match.end())
    if which == "last" and there >= here:
        return moment(today.year - 1, month, day)
    if not which and at.year and at.year < today.year and tense != "future":
        return moment(at.year, month, day)
    past = moment(today.year if there <= here else today.year - 1, month, day)
    future = moment(today.year if there >= here else today.year + 1, month, day)
    if tense == "future" or past is None or future is None:
        return future
    undecided = not tense or re.search(r"\b(?:from|date of) (?:the )?$", at.text[max(0, match.start() - 12) : match.start()])
    soon = 3 * (future.first - today).days < (today - past.first).days
    return future if undecided and soon and not which else past


def _month_number(name: str) -> int:
    return next(i for i, m in enumerate(MONTHS, 1) if m.startswith(name.lower()[:3]))


def _calendar_day(match: re.Match[str], at: _Setting) -> Moment | None:
    month, day = _month_number(match["month"]), int(match["day"])
    year = _year(match, at)
    if year is not None:
        return moment(year, month, day)
    if match.groupdict().get("which"):
        return None
    weekday = match.groupdict().get("weekday")
    if weekday and not at.year:
        return _by_weekday(weekday, month, day, at, match)
    return _nearest(month, day, at, match)


def _by_weekday(weekday: str, month: int, day: int, at: _Setting, match: re.Match[str]) -> Moment | None:
    """A weekday with a date fixes the year, if it is the document's or the next to it."""
    today = at.today
    if today is None:
        return None
    fits = [
        found
        for year in (today.year, today.year - 1, today.year + 1)
        if (found := moment(year, month, day)) and found.first.weekday() == WEEKDAYS.index(weekday.lower())
    ]
    return min(fits, key=lambda m: abs((m.first - today).days)) if fits else _nearest(month, day, at, match)


def _calendar_month(match: re.Match[str], at: _Setting) -> Moment | None:
    year = _year(match, at)
    return moment(year, _month_number(match["month"])) if year is not None else None


def _bare_month(match: re.Match[str], at: _Setting) -> Moment | None:
    which = (match.groupdict().get("which") or "").lower() or None
    return _nearest(_month_number(match["month"]), None, at, match, which)


def _season(match: re.Match[str], at: _Setting) -> Moment | None:
    """A season's year; the months are not given away."""
    groups = match.groupdict()
    if groups.get("year") or groups.get("yearly"):
        year = _year(match, at)
        return moment(year) if year else None
    which = (groups.get("which") or "").lower() or None
    if which in {"that", "the same"}:
        return moment(at.previous.year) if at.previous else None
    if which in {"the following", "the next"}:
        return moment(at.previous.year + ((at.previous.month or 1) >= SEASONS[match["season"].lower()])) if at.previous else None
    if at.today is None or match["season"].lower() == "winter":
        return None
    if which == "this":
        return moment(at.today.year)
    found = _nearest(SEASONS[match["season"].lower()], None, at, match, which)
    return moment(found.year) if found else None


def _holiday(match: re.Match[str], at: _Setting) -> Moment | None:
    month, day = HOLIDAYS[match["holiday"].lower().replace("’", "'")]
    year = _year(match, at) if match.groupdict().get("year") else None
    if year:
        return moment(year, month, day)
    found = _nearest(month, day, at, match, (match.groupdict().get("which") or "").lower() or None)
    return moment(found.year + 1) if found and match["holiday"].lower() == "new year" and month == 12 else found


def _of_weekday(match: re.Match[str], at: _Setting) -> Moment | None:
    if at.today is None:
        return None
    wanted = WEEKDAYS.index(match["weekday"].lower())
    which = (match.groupdict().get("which") or "").lower()
    back = (at.today.weekday() - wanted) % 7
    if which in {"that", "the same", "the following", "the previous", "the next"}:
        if at.previous is None or at.previous.day is None:
            return None
        base = at.previous.first
        ahead = (wanted - base.weekday()) % 7
        if which == "the previous":
            return of(base - timedelta(days=(base.weekday() - wanted) % 7 or 7))
        return of(base + timedelta(days=ahead or (7 if which.startswith("the") and which != "the same" else 0)))
    if which == "last":
        return of(at.today - timedelta(days=back or 7))
    if which == "next" or at.tense(match.start(), match.end()) == "future":
        return of(at.today + timedelta(days=(7 - back) % 7 or 7))
    return of(at.today - timedelta(days=back))


def _of_weekday_and_week(match: re.Match[str], at: _Setting) -> Moment | None:
    if at.today is None:
        return None
    monday = at.today - timedelta(days=at.today.weekday() - (7 if match["which"].lower() == "next" else -7))
    return of(monday + timedelta(days=WEEKDAYS.index(match["weekday"].lower())))


def _of_today(match: re.Match[str], at: _Setting) -> Moment | None:
    if at.today is None:
        return None
    word = match.group().lower()
    shift = -1 if word in {"yesterday", "last night"} or word.startswith("yesterday") else 1 if word.startswith("tomorrow") else 0
    return of(at.today + timedelta(days=shift))


def _of_period(match: re.Match[str], at: _Setting) -> Moment | None:
    """As in "last month", "next year", "the same month", "that year", "last week"."""
    which, unit = match["which"].lower().removeprefix("of "), match["unit"].lower()
    if unit == "year":
        year = _relative_year(which, at)
        return moment(year) if year else None
    deictic = which in {"last", "this", "next"}
    base = (of(at.today) if at.today else None) if deictic else at.previous
    if base is None:
        return None
    shift = {"last": -1, "next": 1, "the following": 1, "the next": 1, "the previous": -1}.get(which, 0)
    if unit == "month":
        return replace(base, day=None).shifted(shift, "month")
    if unit == "day":
        return None if deictic else base.shifted(shift, "day") if base.day else None
    if unit == "week" and deictic and shift and at.today:
        monday = at.today - timedelta(days=at.today.weekday() - 7 * shift)
        sunday = monday + timedelta(days=6)
        if monday.month == sunday.month:
            return Moment(monday.year, monday.month)
        return Moment(monday.year) if monday.year == sunday.year else None
    return None


def _count(match: re.Match[str]) -> int:
    word = match["n"].lower()
    return int(word) if word.isdigit() else NUMBERS[word]


def _ago(match: re.Match[str], at: _Setting) -> Moment | None:
    return _at_precision(of(at.today), -_count(match), match["unit"].lower()) if at.today else None


def _at_precision(base: Moment, n: int, unit: str) -> Moment | None:
    """So many units off, no finer than the unit counted: years give a year, weeks from four on a month."""
    if unit in {"year", "decade"}:
        year = moment(base.year)
        return year.shifted(n, unit) if year else None
    if unit == "month":
        return replace(base, day=None).shifted(n, "month")
    found = base.shifted(n, unit)
    return replace(found, day=None) if found and unit == "week" and abs(n) >= 2 else found


def _later(match: re.Match[str], at: _Setting) -> Moment | None:
    if at.previous is None:
        return None
    way = match["way"].lower()
    sign = -1 if way in {"earlier", "before", "previously"} else 1
    return _at_precision(at.previous, sign * _count(match), match["unit"].lower())


def _adjacent(match: re.Match[str], at: _Setting) -> Moment | None:
    """As in "the next day", "the day before", "the year after"."""
    if at.previous is None:
        return None
    return _at_precision(at.previous, -1 if match["way"].lower() == "before" else 1, match["unit"].lower())


def _plain_year(match: re.Match[str], at: _Setting) -> Moment | None:
    return moment(int(match["year"]))


def _iso(match: re.Match[str], at: _Setting) -> Moment | None:
    return moment(int(match["year"]), int(match["mm"]), int(match["dd"]))


#: "For three years she has led it".
_HAS = re.compile(
    r",? (?:he|she|they|it|the \w+|(?:[A-Z][\w'’-]+ ){1,3}?)\s?(?:has|have)\b|,? (?:he|she|they)['’](?:s|ve) (?:been|led"
    r"|run|headed|worked)\b"
)


def _duration(match: re.Match[str], at: _Setting) -> Moment | None:
    """When something began that "has" lasted so long."""
    opening = max((m.end() for m in _CLAUSE.finditer(at.text, max(0, match.start() - 160), match.start())), default=0)
    told = re.search(r"\b(?:has|have)\b|['’]ve\b", at.text[max(opening, match.start() - 160) : match.start()])
    if not told and not _HAS.match(at.text, match.end()):
        return None
    return _at_precision(of(at.today), -_count(match), match["unit"].lower()) if at.today else None


_Handler = Callable[[re.Match[str], _Setting], Moment | None]
#: Earlier patterns take precedence where two overlap.
_PATTERNS: tuple[tuple[re.Pattern[str], _Handler], ...] = tuple(
    (re.compile(pattern, re.I), handler)
    for pattern, handler in (
        (r"\b(?P<year>\d{4})-(?P<mm>\d\d)-(?P<dd>\d\d)\b", _iso),
        (r"\b(?P<dd>[0-3]?\d)/(?P<mm>[01]?\d)/(?P<year>(?:19|20)\d\d)\b", _iso),
        (rf"\b(?:{_WEEKDAY},? (?:the )?)?\b(?<![\d/.,£$]){_DAY}(?: day)?(?: of)? {_MONTH}{_NEW_YEARLY}?", _calendar_day),
        (rf"\b(?:{_WEEKDAY},? )?{_MONTH} (?:the )?{_DAY}(?![\d%]|[.,:]\d| {_COUNTED}){_NEW_YEARLY}?", _calendar_day),
        (rf"\b{_EDGE}{_MONTH}{_NEW_YEARLY}", _calendar_month),
        (rf"\b{_WEEKDAY} (?:of )?(?P<which>last|next) week\b", _of_weekday_and_week),
        (rf"\b(?P<which>last|this|next|that|the following|the next|the same) {_MONTH}", _bare_month),
        (rf"\b{_EDGE}{_SEASON}(?P<yearly>{_NEW_YEARLY})", _season),
        (rf"\b(?P<which>last|this|next|that|the following|the same) {_SEASON}\b", _season),
        (rf"\b(?:in|since|until|by|during|before|after|from|over|late|early) (?:the )?{_SEASON}\b(?! \w+ing)", _season),
        (rf"\b(?:(?P<which>last|this|next|that) )?{_HOLIDAY}(?: {_YEAR})?(?!\w| (?:card|party|dinner|lunch|tree|present)s?\b)", _holiday),
        (rf"\b{_NUMBER} {_UNIT} ago\b", _ago),
        (rf"\b{_NUMBER} {_UNIT} (?P<way>later|earlier|afterwards|previously|on)\b(?! (?:from|the|a|bail|remand|full)\b)", _later),
        (rf"\b{_NUMBER} {_UNIT} (?P<way>before)(?=[.,;]| that\b| it\b)", _later),
        (rf"\bthe {_UNIT} (?P<way>before|after)(?=[.,;]| that\b)", _adjacent),
        (rf"\b{_RELATIVE} {_UNIT}\b(?! of (?:the|his|her|their|its|a|my|our)\b)", _of_period),
        (rf"\b(?:(?P<which>last|this|next|that|the following|the previous|the next|the same) )?{_WEEKDAY}\b(?!s)", _of_weekday),
        (rf"\b(?:today|tonight|last night|this {_PART}|(?:yesterday|tomorrow)(?: {_PART})?)\b", _of_today),
        (rf"\b(?:for|over|spent|after) {_ROUGHLY}{_NUMBER} (?P<unit>year|month)s?\b", _duration),
        (rf"\b(?<!\bAct )(?<![£$#/\-–.]){_EDGE}{_YEAR}(?!/\d|s\b| {_COUNTED})", _plain_year),
        (
            rf"\b(?:in|since|until|by|during|before|after|from|to|of|for|late|early|mid|and|or|between|on|this|last|next)[ \-–]{_MONTH}",
            _bare_month,
        ),
    )
)
_AS_ATTRIBUTE = re.compile(r"(?:\b(?:the|its|a|his|her|their|our|s['’]|['’]s|whose|this|that)(?: \w+)?|\w['’]s)\s+$", re.I)


@lru_cache(maxsize=16)
def _all(text: str, date: str | None) -> tuple[TimeExpression, ...]:
    today = Date.fromisoformat(date) if date else None
    previous: Moment | None = None
    year = entry = None
    stamp = _STAMP.match(text)
    found: list[TimeExpression] = []
    for match, handler in _matches(text):
        if handler is _iso and stamp and match.start() == stamp.end():
            continue
        if found and re.search(r"[.!?]\W*\s|\n", text[found[-1].end : match.start()]):
            year = None
        heads = bool(_ENTRY.search(text, max(0, match.start() - 12), match.start()))
        joined = found and previous and text[found[-1].end : _trimmed(match)[0]].strip().lower() in _RANGE_GAPS  # "March 2019 to June"
        value = handler(match, _Setting(text, today, previous, entry if heads else previous.year if joined and previous else year))
        if value is None:
            continue
        start, end = _trimmed(match)
        kind = "duration" if handler is _duration else _kind(text, start, end, value)
        found.append(TimeExpression(start, end, value.edtf, kind))
        if kind in {"duration", "attribute"}:
            continue
        previous = value
        if match.groupdict().get("year") and _OPENING.search(text, max(0, match.start() - 24), match.start()):
            year = value.year
        if heads:
            entry = value.year if year else entry
    return tuple(_paired(text, found))


def expressions(text: str, date: str | None) -> tuple[TimeExpression, ...]:
    """The time expressions of a text in order, resolved against ``date`` (an ISO day).

    Offsets are characters of ``text`` and leave out prepositions. Without a date only absolute expressions, and those
    relative to them, are found. Raises ValueError where ``date`` is no ISO day.
    """
    return _all(text, date)


def expressions_in(text: str, date: str | None, start: int, end: int) -> tuple[TimeExpression, ...]:
    """The time expressions of a text that start at an offset from ``start`` up to but not including ``end``."""
    starts = _starts(text, date)
    return _all(text, date)[bisect_left(starts, start) : bisect_left(starts, end)]


@lru_cache(maxsize=16)
def _starts(text: str, date: str | None) -> list[int]:
    return [item.start for item in _all(text, date)]


def _matches(text: str) -> list[tuple[re.Match[str], _Handler]]:
    """The matches of all patterns that do not overlap, by offset."""
    taken: list[tuple[re.Match[str], _Handler]] = []
    covered = bytearray(len(text))
    for pattern, handler in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = _trimmed(match)
            if handler in {_bare_month, _calendar_month, _calendar_day} and not match["month"][0].isupper():
                continue
            if not any(covered[start:end]):
                covered[start:end] = b"\1" * (end - start)
                taken.append((match, handler))
    return sorted(taken, key=lambda pair: pair[0].start())


#: Before the date that programs which copy pages set before the first line: the page's own, and that of nothing told in it.
_STAMP = re.compile(r"\s*(?:date:? )?(?=\d{4}-)", re.I)
#: Before the date that opens a line, as in a list of events.
_ENTRY = re.compile(r"(?:^|\n)[\s*•–\-#>▪(]*$")
#: Before the date that opens a sentence, and so tells the year of all that follows in it: "In 2019 he was held in May and charged in June".
#: Any other says the year of its own clause only: "Cole, who joined in 2008, was dismissed in September".
_OPENING = re.compile(r"(?:^|[.!?:;]\W*\s|\n)\W*(?:(?:in|on|by|from|during|back in|early in|late in|later in) (?:the )?)?$", re.I)
_LEADING = re.compile(r"(?:in|since|until|by|during|before|after|from|to|of|for|over|spent|and|or|between|on)[ \-–](?:the )?", re.I)


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    """The match without a preposition that a pattern had to see."""
    leading = _LEADING.match(match.group())
    return match.start() + (leading.end() if leading else 0), match.end()


def _kind(text: str, start: int, end: int, value: Moment) -> str:
    before = text[max(0, start - 40) : start]
    for kind, pattern in _SIGNALS:
        if pattern.search(before):
            return kind
    modifies = re.match(r" (?!(?:and|as|to|the|when|with|by|at|in)\b)[a-z]", text[end : end + 8])
    if value.month is None and modifies and re.fullmatch(r"\d{4}", text[start:end]):
        return "attribute" if _AS_ATTRIBUTE.search(before) else "point"
    return "point"


_RANGE_GAPS = frozenset({"to", "until", "till", "and", "-", "–", "and the", "to the", "until the"})


def _paired(text: str, found: list[TimeExpression]) -> Iterator[TimeExpression]:
    """As in "from A to B", "between A and B", "A-B": the second closes what the first opens; a lone "from" opens."""
    for i, item in enumerate(found):
        if i + 1 < len(found) and item.kind in {"from", "between"}:
            item = found[i] = _before(item, found[i + 1], text)
        gap = text[found[i - 1].end : item.start].strip().lower() if i else ""
        opener = found[i - 1].kind if i else ""
        closes = opener in {"from", "between"} and gap in _RANGE_GAPS
        if closes or (i and _dashed(text, found[i - 1], item)):
            yield replace(item, kind="until")
        elif item.kind in {"from", "between"} or (i + 1 < len(found) and _dashed(text, item, found[i + 1])):
            yield replace(item, kind="since")
        else:
            yield item


def _dashed(text: str, first: TimeExpression, second: TimeExpression) -> bool:
    return text[first.end : second.start].strip() in {"-", "–", "—"} and len(first.value) == len(second.value)


def _before(item: TimeExpression, closing: TimeExpression, text: str) -> TimeExpression:
    """As in "between March and May 2022": the first takes the year of the second."""
    joined = re.fullmatch(r"\s*(?:and|to|until|[-–—])\s*(?:the )?", text[item.end : closing.start])
    said = text[closing.start : closing.end].strip(" .")[-4:].isdigit() or item.value > closing.value
    if not joined or not said or text[item.start : item.end].strip(" .")[-4:].isdigit() or len(item.value) == 4:
        return item
    year = int(closing.value[:4])
    value = f"{year}{item.value[4:]}"
    return replace(item, value=value if value <= closing.value else f"{year - 1}{item.value[4:]}")


#: Predicates that hold over time: their start and end are those of the state.
STATES = frozenset(
    {"headOf", "commissionerFor", "memberOf", "servesIn", "holdsRole", "worksWith", "participatesIn", "unitOf", "basedIn", "residesIn",
     "relativeOf", "polices"}
)
#: Predicates that carry the date of the conduct, not that of a step in the proceedings (the contract's ruling on dates).
CONDUCT = frozenset({"accusedOf", "victimOf", "offenderAgainst"})
_PROCEEDINGS = frozenset(
    {"convictedOf", "sentencedTo", "chargedBy", "triedAt", "dismissedFrom", "suspendedFrom", "referredTo", "investigatedBy"}
)
#: Words for steps of proceedings: what is said of their time is not the time of the conduct.
_STEPS = re.compile(
    r"charg|accus|convict|sentenc|jail|imprison|arrest|appear|plead|pled|admit|den(?:y|ie)|found|cleared|acquit|tried|trial|court|hear|inquest|hand"
    r"|suspend|dismiss|sack|remand|bail|ban(?:ned)?$|order|return|verdict|guilty|investigat|refer|report|serv|releas|drop|tell|told|said|say|give[ns]?$|gave$|rule|face",
)
#: Words after which somebody is no longer what he was; of "stepped" and "stood" only with "down".
_ENDINGS = re.compile(r"retir|resign|left$|leav|quit|sack|dismiss|depart|abolish|disband|end(?:s|ed)?$|died|oust|remov|relinquish|former")
#: Words by which a state begins: any other point in time only tells when somebody who was in it did something.
_BEGINNINGS = re.compile(
    r"appoint|named?$|naming$|promot|becom|became|join|elect|start|began|begin|begun|tak(?:e|es|ing|en)$|took|succe|replac|return|sw(?:ear|ore|orn)"
    r"|transfer|mov(?:e|es|ed|ing)$|came$|went$|made$|enter|recruit|post(?:ed)?$|hired?$|confirm|arriv|assum|inherit|install|launch|establish"
    r"|set$|sets$|creat|formed$|founded$|merg|merger|second(?:ed)?$"
)
_DOWN = re.compile(r"(?:step|st[ao]nd|stood)")
#: Nouns for deeds that are no offence by name.
DEEDS = re.compile(r"kill|murder|stabb|attack|assault|rap(?:e|ed|ing)$|shoot|shot$|beat|abus|strangl|robb|defraud|theft|steal|stol")
_VERBAL = re.compile(r"(?:ing|ed)$")  #: a name of an offence that is tagged as a verb ("for misconduct", "to voyeurism") is none
_COURTS = re.compile(r"court|bailey|tribunal|hearing|jury|magistrate|judge|panel", re.I)
_NOMINAL = frozenset({"nmod", "nmod:unmarked", "obl", "obl:unmarked", "nummod", "appos", "flat", "compound", "nmod:poss", "advmod", "conj"})
_CLAUSES = frozenset({"ROOT", "conj", "advcl", "acl", "acl:relcl", "ccomp", "xcomp", "csubj", "parataxis", "advcl:relcl"})


def fact_dates(context: Context, anchor: Token, predicate: str) -> tuple[str | None, str | None]:
    """When the fact whose trigger word is ``anchor`` began (or happened) and ended, as far as its sentence says.

    A time that the tree puts into the trigger's own clause comes first; else the only time of the sentence counts, unless
    it dates a step in proceedings and the predicate wants the date of the conduct.
    """
    found = _of_sentence(context, anchor)
    own = [(e, root) for e, root in found if _belongs(context, anchor, root, predicate)]
    own += [pair for before, pair in zip(found, found[1:], strict=False) if before in own and pair not in own and pair[0].kind == "until"]
    if not own and predicate in CONDUCT:
        own = [pair for pair in found if not _STEPS.match(clause_of(pair[1]).lower_)]
        own = own if len(own) == 1 else _period_of_charge(found)
    if not own and len(found) == 1 and _may_stand_in(found[0][1], anchor, predicate):
        own = found
    return _bounds(own, anchor, predicate)


#: Steps that tell of conduct over a period: "accused of theft between May 2021 and June 2022"; others ("suspended") last themselves.
_TELLING = re.compile(r"charg|accus|convict|admit|den(?:y|ie)|plead|pled|guilty|found|face|alleg")


def _period_of_charge(found: list[tuple[TimeExpression, Token]]) -> list[tuple[TimeExpression, Token]]:
    """The only period of a sentence that tells of charges: a charge is brought at a point in time, the conduct went on for a period."""
    periods = [[a, b] for a, b in zip(found, found[1:], strict=False) if b[0].kind == "until" and a[0].kind != "until"]
    return periods[0] if len(periods) == 1 and _TELLING.match(clause_of(periods[0][0][1]).lower_) else []


def _of_sentence(context: Context, anchor: Token) -> list[tuple[TimeExpression, Token]]:
    """The time expressions of the anchor's sentence, each with its head word."""
    return context.once(_by_sentence).get(context.sentence(anchor).start, [])


def _by_sentence(context: Context) -> dict[int, list[tuple[TimeExpression, Token]]]:
    """The document's time expressions, each with its head word, by the first token of their sentence."""
    found: dict[int, list[tuple[TimeExpression, Token]]] = {}
    for item in expressions(context.document.text, context.document.date or context.document.anchor):
        span = context.doc.char_span(item.start, item.end, alignment_mode="expand") if item.kind != "attribute" else None
        if span is not None and len(span):
            found.setdefault(context.sentence(span[0]).start, []).append((item, span.root))
    return found


def clause_of(token: Token) -> Token:
    """The head of the token's clause: the nearest word above that is a predicate."""
    while token.dep_ != "ROOT" and token.head is not token:
        if token.dep_ in _CLAUSES and (token.pos_ in {"VERB", "AUX"} or any(c.dep_ in {"cop", "nsubj"} for c in token.children)):
            return token
        token = token.head
    return token


def _belongs(context: Context, anchor: Token, time: Token, predicate: str) -> bool:
    """Whether the time modifies the trigger or its clause; for conduct, what is said of the offence, never of a step."""
    conduct = of_conduct(context, time)
    if predicate in CONDUCT:
        clause = clause_of(time)
        return conduct or (not _STEPS.match(clause.lower_) and (anchor == time or anchor.is_ancestor(time) or clause == clause_of(anchor)))
    if conduct and predicate in _PROCEEDINGS:
        return False
    if anchor.pos_ in {"NOUN", "PROPN"} and anchor.is_ancestor(time) and _nominal_path(time, anchor):
        return True
    between = anchor.doc[anchor.i + 1 : time.i] if anchor.i < time.i <= anchor.i + 4 else None
    if between is not None and all(t.pos_ in {"ADP", "ADV", "DET", "ADJ", "NUM"} for t in between):
        return True
    return clause_of(time) == clause_of(anchor)


def of_conduct(context: Context, time: Token) -> bool:
    """The time stands behind a deed and its victim, not behind a step: "admitted assaulting her in 2015", "the murder of X in May"."""
    for passed, token in enumerate(reversed(context.tokens[context.sentence(time).start : time.i])):
        if token.text in {";", ":"} or _COURTS.search(token.lower_):
            return False
        deed = DEEDS.match(token.lower_) or (context.at(token, "Offence") is not None and token.pos_ in {"NOUN", "VERB"})
        if deed and token.pos_ in {"VERB", "NOUN", "PROPN"}:
            follows = token.i + 1 < len(context.doc) and token.nbor().lower_ in {"of", "on", "against"}
            done = token.pos_ == "VERB" and (DEEDS.match(token.lower_) or _VERBAL.search(token.lower_))
            return bool(done) or (follows and passed > 2)
        led_up = token.tag_ == "VBG" and token.lower_.endswith("ing") and token.i
        if led_up and token.nbor(-1).lower_ in {"of", "with", "for", "admitted", "denies", "denied", "to"}:
            return True
        if token.pos_ in {"VERB", "AUX"}:
            return False
    return False


def _nominal_path(time: Token, noun: Token) -> bool:
    """Only nominal dependants lie between the time and the noun that it modifies."""
    while time != noun:
        if time.dep_ not in _NOMINAL:
            return False
        if time.head is time:
            return False
        time = time.head
    return True


def _may_stand_in(time: Token, anchor: Token, predicate: str) -> bool:
    """Whether a sentence's only time may date a fact of another clause."""
    clause = clause_of(time)
    if predicate in CONDUCT:
        return not _STEPS.match(clause.lower_)
    if clause.dep_ in {"acl:relcl", "acl", "ccomp"} and not clause.is_ancestor(anchor):
        return False
    return predicate not in STATES or clause == clause_of(anchor) or clause.is_ancestor(anchor)


def ends(token: Token) -> bool:
    """Whether the word tells that a post or a service ends."""
    down = _DOWN.match(token.lower_) and token.i + 1 < len(token.doc) and token.nbor().lower_ in {"down", "aside"}
    return bool(down or _ENDINGS.match(token.lower_))


def begins(token: Token) -> bool:
    """Whether the word tells that a post or a service begins: "was made chief constable", but not "made the announcement"."""
    return bool(_BEGINNINGS.match(token.lower_)) and not (token.lower_ == "made" and token.tag_ == "VBD")


def _bounds(own: list[tuple[TimeExpression, Token]], anchor: Token, predicate: str) -> tuple[str | None, str | None]:
    """Start and end that the expressions give, the nearest to the trigger first."""
    start = end = None
    state = predicate in STATES
    ending = state and (ends(anchor) or ends(clause_of(anchor)))
    beginning = any(begins(t) for t in (anchor, anchor.head, clause_of(anchor)))
    for item, _ in sorted(own, key=lambda pair: (abs(pair[1].i - anchor.i), pair[0].start)):
        if item.kind in {"before", "after"} or (item.kind == "duration" and not state):
            continue
        if item.kind == "until":
            if state or predicate in {"suspendedFrom", *CONDUCT}:
                end = end or item.value
            else:  # "bailed until 19 September, when he is to be sentenced"
                start = start or item.value
        elif ending and item.kind in {"point", "by"}:
            end = end or item.value
        elif state and item.kind in {"point", "by"} and not beginning:
            continue
        else:
            start = start or item.value
    return start, end

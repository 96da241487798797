"""The day a text was published, read from the text alone and only as precisely as that is certain; no clock is asked.

Three kinds of evidence, each used only where nothing in the text speaks against it:

    stated   "Published: 4 October 2021", "date 2021-10-04" at the very beginning, a dateline of its own, "SHREWSBURY, 4 October 2021 -"
    told     "today, Friday 5 May", "yesterday (Tuesday 3 March)", once the year is known
    fixed    a weekday with day and month falls in few years. Years that the text names as past and bodies that did not
             exist before rule out others. One left: "Thursday, September 30" in a text that names the IOPC is of 2021.
"""

from __future__ import annotations

import re
from calendar import day_name, month_name
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

#: No document is younger than this. A constant, so that the same text gives the same date on any day; raised with releases.
LATEST_YEAR = 2026
EARLIEST_YEAR = 1985
_READ = 20_000  #: characters of a text that are looked at
_TOP_LINES = 8  #: lines (not counting empty ones) in which a date of its own stands
_LABEL_LINES = 20  #: and in which one stands below "Published", as pages are copied with captions and buttons before it
_PLACE_LINES = 4  #: and in which a name before it is a place, not that of a person remembered
_CLOSING_LINES = 2  #: letters and reports end with it
_LINE_LENGTH = 160

#: a body that a text names -> the year it began; documents speak of coming bodies some years before
_BEGAN = (
    (r"Independent Office for Police Conduct|IOPC", 2018),
    (r"HMICFRS", 2017),
    (r"National Police Chiefs['’] Council|NPCC", 2015),
    (r"National Crime Agency", 2013),
    (r"Police Scotland|Scottish Police Authority|Police Investigations and Review Commissioner", 2013),
    (r"[Pp]olice and [Cc]rime [Cc]ommissioner|College of Policing", 2012),
)
_SPOKEN_OF_BEFORE = 3  # years

_MONTHS = {name.lower(): i for i, name in enumerate(month_name) if name}
_MONTHS |= {name[:3]: i for name, i in _MONTHS.items()} | {"sept": 9}
_WEEKDAYS = {name.lower(): i for i, name in enumerate(day_name)}
_WEEKDAYS |= {name[:3]: i for name, i in _WEEKDAYS.items()} | {"tues": 1, "thur": 3, "thurs": 3}
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_SHORT = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
_WEEKDAY = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY_AND_MONTH = rf"(?:(?P<day>{_DAY})(?: of)? (?P<month>{_MONTH}|{_SHORT})|(?P<month2>{_MONTH}|{_SHORT}) (?P<day2>{_DAY}))"
_DATE = (
    rf"(?:(?P<weekday>{_WEEKDAY}|Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)[,.]? )?"
    rf"(?:(?:the )?{_DAY_AND_MONTH},? (?P<year>\d{{4}})|(?P<iso>\d{{4}}-\d\d-\d\d))(?!\d)"
)
_SLASHED = r"(?P<slashed>\d\d?/\d\d?/\d{4})\b"
_SURELY_SLASHED = r"(?P<slashed>(?:1[3-9]|2\d|3[01])/\d\d?/\d{4})\b"  #: that cannot be the American way
_TIME = r"(?:\d{1,2}[.:]\d\d ?(?:am|pm|hours|hrs|GMT|BST|UTC)?|\d{1,2} ?(?:am|pm)|\d{4} ?(?:hours|hrs)|noon|midnight)"
#: what stands after the date in its line: a time, and when the text was changed, who wrote it, how old it is by now
_TAIL = (
    rf"(?:[,|–—-]? ?(?:at |@ ?)?{_TIME}(?: (?:GMT|BST|UK))*)?[ .*_)]*"
    r"(?:(?:[|,–—-] ?)?(?:last )?(?:updated|modified)\b.{0,60}|[|•·–—-] ?by\b.{0,60}"
    r"|this (?:story|article|page) is (?:over|more than)\b.{0,40})?$"
)

_LABELLED = re.compile(
    r"^[#*_ >(]*(?:first )?(?:published|publication date|date (?:of publication|published)|posted|media release|press release|news release|"
    r"press notice|news story|for (?:immediate )?release|embargo(?:ed)?|not for (?:publication|use|release) before)\b[*_]*"
    rf"(?:[\s,:|–—-]|\b(?:on|at|by|date|until|for|before|not|use|publication|release|immediate)\b|{_TIME})*"
    rf"(?:{_DATE}|{_SLASHED})"
    r"[^.!?]{0,40}[.)*_ ]*$",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    rf"^[#*_ >(]*(?:{_TIME},?(?= ))?(?P<before>[^\d\n]{{0,60}}?)(?P<mark>[,|•·–—-] ?|^| )[#*_ ]*(?:{_DATE}|{_SURELY_SLASHED}){_TAIL}",
    re.IGNORECASE,
)
#: what programs that copy pages set before the first line
_PUT_BEFORE = re.compile(r"^(?:date:? )?(?P<iso>\d{4}-\d\d-\d\d)(?![\w-])", re.IGNORECASE)
#: the date of an article only beside a byline; elsewhere that of a meeting or of a report
_NAMED_DATE = re.compile(rf"^[#*_ >(]*date[*_]* ?[:–—-][*_ ]*(?:{_DATE}|{_SLASHED}){_TAIL}", re.IGNORECASE)
#: when the text was last changed, as exactly as only news pages tell it
_CHANGED = re.compile(rf"^(?:last )?updated:? (?={_WEEKDAY}){_DATE},? (?:at )?{_TIME}.{{0,20}}$", re.IGNORECASE)
_LABEL = re.compile(r"(?:first )?(?:published|posted)(?: on)?:?", re.IGNORECASE)  #: on the line above the date
_IN_PROSE = re.compile(rf"^[A-Z][A-Z.'’ -]{{2,40}}, {_DATE}(?: \([A-Z][\w ]{{1,30}}\))? [–—-] \S")
_PLACE = re.compile(r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|upon|on|of|the|in|le|and)){0,4}")
_BY = re.compile(r"[#*_ >(]*by\b", re.IGNORECASE)
_BYLINE = re.compile(r"By [A-Z]\S*(?: \S+){0,5}", re.IGNORECASE)
#: a date after these is that of something else than the publication
_OTHER_DAY = re.compile(
    r"\b(?:minutes|meeting|extract|transcript|record|hearing|session|answers?|decision|report|review|received|born|died|death|date|updated?|"
    r"visit|inspection|incident|caption|page|week|month|year|until|from|since|before|after|due|deadline|statement|edition|held|dated)\b",
    re.IGNORECASE,
)
_HEADS_AN_EVENT = re.compile(
    r".*\b(?:updated|modified|reviewed|minutes|meeting|hearing|extract|transcript|notice of|event|vigil|memorial|born|died|held|visit)\b",
    re.IGNORECASE,
)

_TOLD = re.compile(
    rf"\b(?P<when>today|this morning|this afternoon|this evening|tonight|yesterday)\b[,–—-]? ?\(?(?P<weekday>{_WEEKDAY}),? (?:the )?"
    rf"{_DAY_AND_MONTH}(?:,? (?P<year>\d{{4}}))?\b",
    re.IGNORECASE,
)
_DATED_WEEKDAY = re.compile(rf"\b(?P<weekday>{_WEEKDAY}),? (?:the )?{_DAY_AND_MONTH}\b(?!,? ?\d{{4}})")
_DIGIT = re.compile(r"\d")  #: without one a line holds no date
_WEEKDAY_AND_MORE = re.compile(rf"{_WEEKDAY},? (?:the )?(?:\d|{_MONTH}|{_SHORT})".lower())
_BARE_WEEKDAY = re.compile(rf"\b(?<!last )(?<!next )(?<!every )(?<!each )(?P<weekday>{_WEEKDAY})\b(?!,? (?:the )?(?:\d|{_MONTH}|{_SHORT}))")
_YEAR = re.compile(rf"\b(?:in|since|during|of|between|{_MONTH}) (?P<year>(?:19|20)\d\d)\b")
_NOT_PAST = re.compile(
    r"\b(?:will|would|shall|could|(?-i:may)|might|should|must|if|plan\w*|due|expect\w*|until|next|target\w*|propos\w*|aim\w*|hope\w*|forecast\w*|"
    r"project\w*|budget\w*|ahead|to (?:be|become|appear|begin|start|take|stand|leave|retire)|(?:is|are) to)\b|"
    rf"\b(?:by|from|before) (?:the end|the start|\d|{_MONTH}|{_WEEKDAY})",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^\n]*?(?:[.!?][\"'”’)]*(?=\s|$)|\n|$)")
_FOLLOWS = re.compile(r"\b(?:after|following)\b")


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A day in the past that the text names with weekday, day and month, its year made certain."""

    day: date
    sentence: str


def infer_date(text: str, body_start: int = 0) -> str | None:
    """The publication date as an ISO 8601 day, month or year, as precise as the text makes certain; None where it does not."""
    body = text[body_start : body_start + _READ]
    day = _stated(body)
    if day is None:
        day = _told(body)
    if day:
        return day.isoformat()
    fixed = _latest_fixed(body)
    if fixed is None:
        return None
    first = _day_after(fixed)
    if first is not None and _month(first) == _month(first + timedelta(days=6)):
        return _month(first)
    # without a year a date is of the last months, so late in a year the text may be of the next
    return str(fixed.day.year) if fixed.day.month <= 6 else None


def stated(text: str) -> str | None:
    """The ISO 8601 day that lines at an article's beginning or end give as that of its publication; None where there is no such one."""
    day = _stated(text)
    return day.isoformat() if day else None


def infer_anchor(text: str, body_start: int = 0) -> str | None:
    """A day from which weekdays without a date can be reckoned, where the text has one but its own date is not certain.

    "on Friday after ... on Thursday, September 30" puts the text within a week of that Friday; the further weekdays that it
    tells of in the past follow, and the day after the last of them stands for the text's own. None where nothing is certain.
    """
    body = text[body_start : body_start + _READ]
    fixed = _latest_fixed(body)
    first = _day_after(fixed) if fixed else None
    if fixed is None or first is None:
        return None
    told = {w for sentence in _sentences(body) if not _NOT_PAST.search(sentence) for w in _bare(sentence)} - {fixed.day.weekday()}
    return (max([first, *(_next(fixed.day, w) for w in told)]) + timedelta(days=1)).isoformat()


def _stated(body: str) -> date | None:
    """The day of labels, else of what was put before the text, else of datelines, at the top or the very end, if all of the kind agree."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    dated = [i for i, line in enumerate(lines) if _DIGIT.search(line)]
    edges = [i for i in dated if i < _TOP_LINES or i >= len(lines) - _CLOSING_LINES]
    labelled = {_day(m) for i in edges if (m := _matched(_LABELLED, lines[i]))}
    below = (i for i in dated if 0 < i < _LABEL_LINES and _LABEL.fullmatch(lines[i - 1]))
    labelled |= {_day(m) for i in below if (m := _matched(_DATELINE, lines[i])) and not m["before"]}
    labelled |= {_day(m) for i in edges if (m := _matched(_NAMED_DATE, lines[i])) and any(map(_BY.match, lines[max(i - 1, 0) : i + 2]))}
    if labelled:
        return labelled.pop() if len(labelled) == 1 else None
    put_before = [m for i in dated if (m := _PUT_BEFORE.match(lines[i]))]
    if len(put_before) == 1 and put_before[0].string == lines[0]:  # several are a list of what happened
        return _day(put_before[0])
    datelines = [i for i in dated if _dateline(lines, i)]
    if len(datelines) > 1:
        return None  # a diary or a timeline
    days = {_day(m) for i in edges if (m := _dateline(lines, i) or (_IN_PROSE.match(lines[i]) if i < _PLACE_LINES else None))}
    days = days or {_day(m) for i in edges if (m := _matched(_CHANGED, lines[i]))}
    return days.pop() if len(days) == 1 else None


def _matched(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    return pattern.match(line) if len(line) <= _LINE_LENGTH else None  # a longer line is prose


def _dateline(lines: list[str], i: int) -> re.Match[str] | None:
    """A line that is a date and nothing else, or one with a place, a byline or (before a bar or a bullet) a publisher."""
    match = _matched(_DATELINE, lines[i])
    if match is None or (i and _matched(_HEADS_AN_EVENT, lines[i - 1])):
        return None
    before, mark = match["before"].strip(" *_#"), match["mark"].strip()
    if not before:
        return match
    if _OTHER_DAY.search(before):
        return None
    place = mark == "," and i < _PLACE_LINES and _PLACE.fullmatch(before)
    return match if mark in {"|", "•", "·"} or place or (mark and _BYLINE.fullmatch(before)) else None


def _told(body: str) -> date | None:
    """The day of "today, Friday 5 May" and the like, if all agree."""
    matches = list(_TOLD.finditer(body)) if _names_a_day(body) else []
    earliest = _earliest_year(body) if matches else EARLIEST_YEAR
    days = set()
    for match in matches:
        day = _day(match) if match["year"] else _in_only_year(match, earliest)
        days.add(day + timedelta(days=match["when"].lower() == "yesterday") if day else None)
    return days.pop() if len(days) == 1 else None


@lru_cache(maxsize=1)  # asked for the date of a text, and then for its anchor
def _latest_fixed(body: str) -> _Fixed | None:
    """The latest day of the past that is named with its weekday and has one possible year; None if any such has not."""
    if not _names_a_day(body):
        return None
    named = [(sentence, match) for sentence in _sentences(body) for match in _DATED_WEEKDAY.finditer(sentence)]
    earliest = _earliest_year(body) if named else EARLIEST_YEAR
    found = []
    for sentence, match in named:
        if _NOT_PAST.search(sentence):
            continue
        day = _in_only_year(match, earliest)
        if day is None:
            return None
        found.append(_Fixed(day, sentence))
    return max(found, key=lambda f: f.day, default=None)


def _earliest_year(body: str) -> int:
    """The first year of which the text can tell as recent; one written in January still tells of December."""
    return max(_years_past(body), default=EARLIEST_YEAR) - 1


def _in_only_year(match: re.Match[str], earliest: int) -> date | None:
    """The day in the one year from the earliest on in which its weekday fits; None if it fits in none or several."""
    weekday = _WEEKDAYS[match["weekday"].lower()]
    days = (_make(match, year) for year in range(earliest, LATEST_YEAR + 1))
    fitting = [day for day in days if day and day.weekday() == weekday]
    return fitting[0] if len(fitting) == 1 else None


def _years_past(body: str) -> Iterator[int]:
    """Years in which, or after which, the text must have been written."""
    for pattern, year in _BEGAN:
        if re.search(rf"\b(?:{pattern})\b", body):
            yield year - _SPOKEN_OF_BEFORE
    for sentence in _sentences(body):
        if not _NOT_PAST.search(sentence):
            yield from (year for m in _YEAR.finditer(sentence) if EARLIEST_YEAR <= (year := int(m["year"])) <= LATEST_YEAR)


def _day_after(fixed: _Fixed) -> date | None:
    """The day that the sentence of a fixed day names as following it: "on Friday after ... on Thursday, September 30"."""
    bare = list(_BARE_WEEKDAY.finditer(fixed.sentence))
    if len(bare) != 1 or not _FOLLOWS.search(fixed.sentence, bare[0].end()):
        return None
    dated = _DATED_WEEKDAY.search(fixed.sentence, bare[0].end())
    weekday = _WEEKDAYS[bare[0]["weekday"].lower()]
    return _next(fixed.day, weekday) if dated and weekday != fixed.day.weekday() else None


def _next(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def _bare(sentence: str) -> Iterator[int]:
    for match in _BARE_WEEKDAY.finditer(sentence):
        yield _WEEKDAYS[match["weekday"].lower()]


@lru_cache(maxsize=1)
def _sentences(body: str) -> tuple[str, ...]:
    return tuple(m[0].strip() for m in _SENTENCE.finditer(body) if m[0].strip())


@lru_cache(maxsize=1)
def _names_a_day(body: str) -> bool:
    """Whether a text can hold a weekday with its date, however it is written; quick to see, and most texts do not."""
    return _WEEKDAY_AND_MORE.search(body.lower()) is not None


def _month(day: date) -> str:
    return day.isoformat()[:7]


def _day(match: re.Match[str]) -> date | None:
    """The day of a match with a year; None where there is no such day, its weekday is another, or the year is out of range."""
    groups = match.groupdict()
    day: date | None
    if groups.get("slashed"):  # as it is written in Britain
        day_of_month, month, year = map(int, groups["slashed"].split("/"))
        try:
            day = date(year, month, day_of_month)
        except ValueError:
            return None
    elif groups.get("iso"):
        try:
            day = date.fromisoformat(groups["iso"])
        except ValueError:
            return None
    else:
        day = _make(match, int(match["year"]))
    if day is None or not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return None
    weekday = groups.get("weekday")
    return day if not weekday or _WEEKDAYS[weekday.lower()] == day.weekday() else None


def _make(match: re.Match[str], year: int) -> date | None:
    day = re.sub(r"\D", "", match["day"] or match["day2"])
    month = (match["month"] or match["month2"]).lower().rstrip(".")
    try:
        return date(year, _MONTHS[month], int(day))
    except ValueError:
        return None

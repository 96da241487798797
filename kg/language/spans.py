"""Literal spans that rules find: quotations and ages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
#: A whole number up to 110 in figures or words.
_NUMBER = rf"(?:1[01]\d|[1-9]\d?|(?:{_TENS})(?:-(?:{_ONES}))?|{_TEENS}|{_ONES})"
#: What may follow an age that stands as a word of its own: nothing that could be counted.
_ALONE = (
    r"(?![\w%]|[.,:/–-]\d|,\d|-\w| (?:per|percent|years?|months?|weeks?|days?|hours?|minutes?|people)\b"
    r"| (?:of|times|counts?|officers|other|more)\b"
    r"| and (?:\d|a half)|, \d+ and \d)"
)
_STATE = r"(?:\b(?:is|was|['’]s|am|turned|turns)(?: (?:now|then|just|only|about|nearly|almost))? )"
_AGE = re.compile(
    "|".join(
        (
            rf"\b(?P<hyphenated>{_NUMBER})(?=-year-old)",
            rf"\baged (?P<aged>{_NUMBER})\b(?! (?:to|and) \d)(?![-–]\d)",
            rf"\bage(?: of)? (?P<at_age>{_NUMBER})\b(?=[ ,.;:)])",
            rf"(?:, |\()(?:(?:now|then|also|both|just|still|aged) )*(?P<apposed>{_NUMBER}){_ALONE}"
            r"(?=[,.;:)]| (?:and|or|when|who|at|in|from|but|is|was|has)\b)",
            rf"{_STATE}(?P<stated>{_NUMBER}){_ALONE}(?=[,.;:)]| (?:and|when|in|on|at|the|last|this|now|then|but|with|years old)\b)",
            rf"(?<=\w\w )of (?P<of>[1-9]\d){_ALONE}(?=[,.;:)]| (?:who|from|and|in|with|was|is|when|living)\b)",
            rf"(?:^|(?<=[.,;] )|(?<=and ))[Aa]t (?P<at>[1-9]\d){_ALONE}(?=,| (?:the|he|she|is|was)\b)",
        )
    ),
    re.MULTILINE,
)
_DOUBLE = '”"'
_SINGLE = "’'"
_MARKS = re.compile("[\"“”'‘’]")


#: After an age that stands for a person: what nobody is to be told to have done on a guess.
DOES_HARM = re.compile(
    r"-year-old (?:\w+ly )?(?:abducted|abused|assaulted|attacked|beat|kicked|kidnapped|killed|murdered|punched|raped|robbed|shot|stabbed"
    r"|strangled)\b"
)


@lru_cache(maxsize=2)  # rules ask for them, and then the network's reader
def ages(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets of numbers, in figures or words, that may be somebody's age."""
    return tuple(match.span(match.lastgroup or 0) for match in _AGE.finditer(text))


def quotations(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the words between quotation marks, without the marks.

    Double marks, typographic or straight; single ones too where they cannot be apostrophes. A paragraph may open with a
    mark and not close (the quotation goes on in the next): the span ends with its paragraph.
    """
    for paragraph in re.finditer(r"[^\r\n]+", text):
        body, base = paragraph.group(), paragraph.start()
        opened, single = None, False
        for mark in _MARKS.finditer(body):
            i, char = mark.start(), mark.group()
            before, after = body[i - 1 : i], body[i + 1 : i + 2]
            if opened is None:
                opens_word = (not before or before.isspace() or before in '(—–-[“"/') and bool(after) and not after.isspace()
                if char in '“"' and (char == "“" or opens_word):
                    opened, single = i + 1, False
                elif char in "‘'" and opens_word and (char == "‘" or not after.isdigit()):
                    opened, single = i + 1, True
            elif (char in _SINGLE and not after.isalnum() and not _possessive(body, i, opened)) if single else char in _DOUBLE:
                if i > opened:
                    yield base + opened, base + i
                opened = None
        if opened is not None and not single and len(body.rstrip()) - opened > 1:
            yield base + opened, base + len(body.rstrip())


#: How far ahead the mark that closes a quotation in single marks is looked for; keeps long paragraphs linear.
_REACH = 600


def _possessive(body: str, at: int, opened: int) -> bool:
    """An apostrophe after s ("officers' families") inside a quotation that closes later."""
    if body[at - 1 : at] != "s" or body[at + 1 : at + 2] in {",", ".", "", ";", ":"}:
        return False
    following = body[at + 1 : at + 1 + _REACH]
    return bool(re.search(r"[’'](?!\w)", following)) and not re.search(r"\s[‘']\w", following)


def literal_spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Quotations and ages with their literal type."""
    yield from ((s, e, "Quote") for s, e in quotations(text))
    yield from ((s, e, "Age") for s, e in ages(text))

"""Lines that pages set among an article's paragraphs and that are not its own: headlines of others, comments, offers of newsletters.

What headlines tell is of other people and other forces: "READ MORE: Officer jailed for rape" names nobody of whom the article speaks.
They stand without a full stop under a label ("More on this story", "Most read"), or after one ("READ MORE: ...") on its line. The rest
tells nothing, but parts what belongs together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Labels of lists of other articles, in small letters.
_LISTS = frozenset(
    " ".join(line.split())
    for line in """read more; read next; read now; read again; read also; also read; read this next; more on this; more on this story;
    more on this topic; more like this; more stories; more news; more to explore; more from around the web; related; related story;
    related stories; related article; related articles; related news; related content; related topics; related links; related posts;
    related internet links; related reading; further reading; see also; recommended reading; recommended for you; recommended stories;
    recommended articles; you may also like; you might also like; you may also be interested in; don't miss; must read; must reads;
    trending; trending now; popular now; most popular; most read; most viewed; most watched; most recent; top stories; latest news;
    latest stories; latest headlines; other stories; in other news; editor's picks; elsewhere on the bbc; around the bbc; top reads;
    features & analysis; features and analysis; promoted stories; promoted content; sponsored content; from other local news sites;
    explore more on these topics; explore the topic; recent posts; recent news; previous post; next post; previous article; next article;
    previous story; next story; watch more; on the same topic""".split(";")
)
#: Of these, labels under which nothing of the article comes any more where it has been told: teasers with whole sentences may stand there.
_LAST = _LISTS - {"read more", "read next", "read now", "read again", "read also", "also read", "see also", "don't miss", "related"}
#: What stands under these was written by readers; under the second, where little of the article is still to come.
_COMMENTS = re.compile(
    r"(?:view|show|read|load) (?:all )?(?:\d+ )?comments?|\d+ comments?(?:\b.{0,60})?|(?:all )?comments ?\(?\d+\)?(?:\W.{0,60})?"
)
_PERHAPS_COMMENTS = frozenset({"comments", "join the conversation", "have your say"})
_FROM = re.compile(r"(?:read )?more (?:from|on|in|about) [^.]{1,60}|(?:latest|top) .{1,30} (?:news|stories)")
#: A label with its headline on one line.
_LABELLED = re.compile(
    r"(?:read (?:more|next|now|again|also|this)|also read|related(?: stor(?:y|ies)| articles?| news| content| reading)?|see also|"
    r"recommended(?: reading)?|don't miss|must[- ]read|more on this(?: story)?|(?:previous|next) (?:post|article|story)|MORE)"
    r"(?: (?:on|about) [^:.]{1,40})?[ \t]*[:>»|–—]+[ \t]*(?P<headline>.*)"
)
#: What is said to whoever looks at the page, in small letters: offers, buttons, whose picture it is.
_TO_THE_READER = re.compile(
    r"(?:sign up|subscribe|register)\b.{0,160}\b(?:newsletters?|briefings?|inbox|e-?mails?|alerts|bulletins?)\b.{0,80}|"
    r"get (?:the|our|all|your|breaking|more)\b.{0,160}\b(?:newsletters?|inbox|by e-?mail|our app|whatsapp|signing up)\b.{0,80}|"
    r"we use your (?:sign-up|data|details)\b.{0,400}|invalid e-?mail|by (?:submitting|signing up|subscribing)\b.{0,200}|"
    r"follow (?:us|bbc [\w ]{2,30}|.{2,40} live) on .{1,160}|"
    r"join (?:our|us on|the conversation on)\b.{0,60}\b(?:whatsapp|facebook)\b.{0,80}|"
    r"article continues (?:below|after)\b.{0,30}|advertisements?|(?:skip past|after) newsletter promotion|"
    r"image (?:source|credit|copyright)[,:].{1,80}|image caption,?|getty images|share(?: this)?(?: article| story| page)?|save|copy link|"
    r"(?:©|copyright\b).{0,120}"
)
_MARKS = " \t\r#*_>•·|-–—[]()➜→▶►«»»:…"
_BULLET = re.compile(r"\s*(?:[^\w\s'‘’\"“”(\[£]|\d{1,2}[.)]?\s|[-–—*] )")
_FEWEST = 3  #: lines of prose that an article has
_PROSE_WORDS = 26  #: words of a line that is no headline
_PROSE_END = re.compile(r"(?:\.|[.!?][\"'”’)\]]+)\W*$")
_POINTER = re.compile(r"(?:read (?:more|the full story|the story)|full story|continue reading|find out more)\W*", re.IGNORECASE)


def own_words(text: str, start: int = 0) -> str:
    """The text with all that is not its own as spaces, so that every character of the rest stands where it stood."""
    pieces, done = [], 0
    for a, b in asides(text, start):
        pieces += [text[done:a], " " * (b - a)]
        done = b
    return "".join([*pieces, text[done:]]) if pieces else text


def asides(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Start and end of the lines after ``start`` that are not the text's own, in order."""
    lines = [(m.start(), m.end()) for m in re.finditer(r"\S[^\r\n]*", text) if m.start() >= start]
    prose = [_is_prose(text[a:b]) for a, b in lines]
    labels = [_label(text[a:b]) for a, b in lines]
    end = _comments_from(labels, prose)
    two_ahead = _runs(prose[:end])
    told, left = 0, sum(prose[:end])  # lines of prose before the one that is looked at, and from it on
    listing, bulleted = False, None  # whether the headlines of the list begin with a mark or a number, once one has been seen
    for i, (a, b) in enumerate(lines[:end]):
        line, label = text[a:b], labels[i]
        if label in _LAST and told > left and not two_ahead[i]:
            yield from lines[i:]
            return
        if label in _LISTS or _FROM.fullmatch(label):
            listing, bulleted = True, None
        elif (match := _LABELLED.match(_folded(line))) is not None:
            listing, bulleted = not match["headline"].strip(_MARKS), None
            yield a, b
            told, left = told + prose[i], left - prose[i]
            continue
        elif listing:
            marked = _BULLET.match(line) is not None
            listing = not prose[i] and (marked or not bulleted)  # a line without a mark after lines with one is a heading of the article
            bulleted = marked if bulleted is None else bulleted
        if listing or _TO_THE_READER.fullmatch(label) or _pointed_to(text, lines, i, prose):
            yield a, b
        told, left = told + prose[i], left - prose[i]
    yield from lines[end:]


def _comments_from(labels: list[str], prose: list[bool]) -> int:
    """The place of the label from which on readers comment; the number of lines where they do not.

    A button for comments may stand above the article, and a report may have a part of that name in its middle.
    """
    told, whole = 0, sum(prose)
    for i, label in enumerate(labels):
        if told >= _FEWEST and (_COMMENTS.fullmatch(label) or (label in _PERHAPS_COMMENTS and told > whole - told)):
            return i
        told += prose[i]
    return len(labels)


def _label(line: str) -> str:
    return line.strip(_MARKS).replace("’", "'").casefold()


def _folded(line: str) -> str:
    """The line from its first letter on, its label in small letters; "MORE" counts as a label in capitals alone."""
    line = line.strip(_MARKS[:-3]).replace("’", "'").replace("*", "").replace("_", "")
    return line if line.startswith("MORE") else line[:60].lower() + line[60:]


def _is_prose(line: str) -> bool:
    return _PROSE_END.search(line, max(0, len(line) - 12)) is not None or line.count(" ") >= _PROSE_WORDS


def _pointed_to(text: str, lines: list[tuple[int, int]], i: int, prose: list[bool]) -> bool:
    """Whether a line is a headline with "Read more" on the very next."""
    if prose[i] or i + 1 == len(lines) or text.count("\n", lines[i][1], lines[i + 1][0]) > 1:
        return False
    after = text[slice(*lines[i + 1])]
    if not _POINTER.fullmatch(after.strip()):
        return False
    return i == 0 or prose[i - 1] or text.count("\n", lines[i - 1][1], lines[i][0]) > 1


def _runs(prose: list[bool]) -> list[bool]:
    """Whether from each line on there are two of prose in a row, as an article has them that goes on."""
    found, ahead = False, [False] * len(prose)
    for i in range(len(prose) - 2, -1, -1):
        found = found or (prose[i] and prose[i + 1])
        ahead[i] = found
    return ahead

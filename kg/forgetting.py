"""People who are kept out of the graph. The file of decisions holds no name of theirs, only salted hashes of its forms.

What is hashed is a name as letters without case, accents, spaces or punctuation, in two forms: all of it, and the first given name with
the surname, so that a middle name more or less makes no difference. A name of one word is never hashed: too many people bear it. Every
document is searched for stretches of two to five words with such a hash, whoever they may stand for: words cannot tell one bearer of a
name from another, so namesakes are forgotten too. That is the safe side, as what is not in the graph can harm nobody. (Words without
capitals are looked at only where no space parts them, as in addresses.)

Where a document has such a stretch, the person goes with every fact about them, and so does any other thing named after them, unless the
reference data knows it. Their name, the other names that the document calls them by, and their surname wherever it is not a part of
somebody else's name, are blacked out in the text with as many characters (U+2588), so that all offsets hold; in title, source and
literal text too. An identifier with the name in it is replaced, and an address is dropped.

What is left: a document that never gives the full name is not known to mean the person, and words such as "the 31-year-old" stay. The
hash keeps a name out of sight; whoever holds the file can still try a list of names against it. The documents themselves are not touched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from kg import names
from kg.model import Chain, Fact, Mention, Reading

BLOCK = "\N{FULL BLOCK}"

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s$")
_GAP = re.compile(r"[\s.\-‐‑–]{1,3}")
_TIGHT = frozenset("._-+")
_LONGEST = 5  #: words of a name; a hyphen parts two
_SHORT_SURNAME = 3  #: a surname of fewer letters is not looked for by itself


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of text with a forgotten name."""

    start: int
    end: int
    hash: str  #: salt, colon, hash
    surname: str  #: its letters


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A reading without the forgotten, and what went with them."""

    reading: Reading
    hashes: frozenset[str] = frozenset()  #: which were found
    facts: int = 0  #: facts about the forgotten
    shared: int = 0  #: of these, facts with somebody or something else at their other end
    things: tuple[tuple[str, str], ...] = ()  #: (type, name) of other things named after them, gone as well


def hashes(name: str, salt: str) -> frozenset[str]:
    """What the file of decisions holds for a person's name; nothing for a name that is not full."""
    if not names.is_full(name) or any(c.isdigit() for c in name):
        return frozenset()
    words = names.tokens(name)
    forms = {_letters(" ".join(words)), _letters(words[0] + words[-1])}
    return frozenset(_hash(form, salt) for form in forms)


def find(text: str, forgotten: Collection[str]) -> list[Found]:
    """Where a text has a name whose hash is among those, in order; stretches may overlap."""
    salts = sorted({entry.partition(":")[0] for entry in forgotten})
    words = [_Word(match[0], match.start(), _end(match), not match[0].islower()) for match in _WORD.finditer(text)]
    found = []
    for salt in salts:
        for first, last, form, surname in _windows(text, words):
            entry = _hash(form, salt)
            if entry in forgotten:
                found.append(Found(words[first].start, words[last].end, entry, surname))
    return sorted(found, key=lambda f: (f.start, f.end, f.hash))


def holds(text: str, forgotten: Collection[str]) -> bool:
    """Whether a text has a name whose hash is among those."""
    return bool(find(text, forgotten))


def forget(reading: Reading, forgotten: Collection[str]) -> Forgotten:
    """The reading without the forgotten; the very same where it has none of them."""
    document = reading.document
    written = [document.text, document.id, document.title or "", document.source or "", document.url or "",
               *(form for chain in reading.chains for form in (chain.name, *chain.aliases))]
    hits = [hit for text in written for hit in find(text, forgotten)] if forgotten else []
    if not hits:
        return Forgotten(reading)
    surnames = frozenset(hit.surname for hit in hits)
    bearers = {i for i, chain in enumerate(reading.chains) if chain.type == "Person" and _is_one(chain, forgotten)}
    public = {i for i, chain in enumerate(reading.chains) if chain.type != "Person" and chain.reference}
    spared = [(m.start, m.end) for i, chain in enumerate(reading.chains) if i in public or chain.type == "Person" and i not in bearers
              for m in chain.mentions if m.kind == "name" and not find(m.text, forgotten)]
    own = [(m.start, m.end) for i in bearers for m in reading.chains[i].mentions if m.kind == "name"]
    forms = _Forms(frozenset(forgotten), surnames, frozenset(document.text[start:end] for start, end in own))
    text = _black(document.text, forms, own, spared)
    others = {i for i, chain in enumerate(reading.chains) if i not in bearers and i not in public
              and any(_black(form, forms if chain.type != "Person" else replace(forms, surnames=frozenset(), others=frozenset())) != form
                      for form in (chain.name, *chain.aliases))}
    place = {old: new for new, old in enumerate(i for i in range(len(reading.chains)) if i not in bearers | others)}
    gone = [fact for fact in reading.facts if not _ends(fact) <= place.keys()]
    return Forgotten(
        replace(
            reading,
            document=replace(
                document, id=_identifier(document.id, forms), text=text,
                title=_maybe_black(document.title, forms), source=_maybe_black(document.source, forms),
                url=document.url if _black(unquote(document.url or ""), forms) == unquote(document.url or "") else None),
            chains=tuple(_chain(reading.chains[i], text) for i in place),
            facts=tuple(_fact(fact, place, forms) for fact in reading.facts if _ends(fact) <= place.keys())),
        frozenset(hit.hash for hit in hits), len(gone), sum(len(_ends(fact)) > 1 for fact in gone),
        tuple(sorted((reading.chains[i].type, reading.chains[i].name) for i in others)))


class _Word(NamedTuple):
    text: str
    start: int
    end: int
    capital: bool

    @property
    def letters(self) -> str:
        return _letters(self.text)


def _windows(text: str, words: Sequence[_Word]) -> Iterator[tuple[int, int, str, str]]:
    """(first word, last word, letters, letters of the surname) of every stretch that may be a name.

    Two words may be one in either order, where both have capitals or no space parts them, as in addresses; more only where all have
    capitals and nothing but spaces, full stops and hyphens stands between them, or no space at all.
    """
    for first in range(len(words) - 1):
        tight = text[words[first].end:words[first + 1].start] in _TIGHT
        if not (tight or words[first].capital and words[first + 1].capital):
            continue
        one, two = words[first].letters, words[first + 1].letters
        yield first, first + 1, one + two, two
        yield first, first + 1, two + one, one
        joined = one
        for last in range(first + 1, min(first + _LONGEST, len(words))):
            gap = text[words[last - 1].end:words[last].start]
            if not (gap in _TIGHT or words[last - 1].capital and words[last].capital and _GAP.fullmatch(gap)):
                break
            joined += words[last].letters
            if last > first + 1:
                yield first, last, joined, words[last].letters
                yield first, last, one + words[last].letters, words[last].letters


def _end(word: re.Match[str]) -> int:
    return word.end() - (2 if _POSSESSIVE.search(word[0]) else 0)


@lru_cache(maxsize=1 << 17)
def _letters(text: str) -> str:
    return "".join(c for c in names.fold(_POSSESSIVE.sub("", text)) if c.isalnum())


@lru_cache(maxsize=1 << 18)
def _hash(form: str, salt: str) -> str:
    return f"{salt}:{hashlib.sha256(f'{salt}:{form}'.encode('utf-8', 'replace')).hexdigest()}"


def _is_one(chain: Chain, forgotten: Collection[str]) -> bool:
    """Whether a person goes by the name; somebody described by it ("Jon Bell's mother") is somebody else."""
    forms = (chain.name, *chain.aliases, *(mention.text for mention in chain.mentions if mention.kind == "name"))
    return any(holds(form, forgotten) for form in forms)


@dataclass(frozen=True, slots=True)
class _Forms:
    """What is blacked out in one document."""

    forgotten: frozenset[str]  #: salt, colon and hash of full names
    surnames: frozenset[str]  #: letters of the surnames
    others: frozenset[str]  #: what else the document calls the forgotten by

    def full(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the full names stand in a text."""
        return ((hit.start, hit.end) for hit in find(text, self.forgotten))

    def shorter(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the surnames and the other forms stand in a text."""
        for match in _WORD.finditer(text):
            if len(letters := _letters(match[0])) >= _SHORT_SURNAME and letters in self.surnames:
                yield match.start(), _end(match)
        for form in sorted(self.others):
            yield from (match.span() for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", text))


def _black(text: str, forms: _Forms, own: Iterable[tuple[int, int]] = (), spared: Collection[tuple[int, int]] = ()) -> str:
    """The text with the names blacked out: full ones, the stretches given, and shorter ones outside the stretches to spare."""
    characters, kept = list(text), bytearray(len(text))
    for start, end in spared:
        kept[start:end] = b"\1" * (end - start)
    for start, end in (*forms.full(text), *own, *((start, end) for start, end in forms.shorter(text) if not any(kept[start:end]))):
        characters[start:end] = [c if c.isspace() else BLOCK for c in characters[start:end]]
    return "".join(characters)


def _maybe_black(text: str | None, forms: _Forms) -> str | None:
    return None if text is None else _black(text, forms)


def _identifier(document: str, forms: _Forms) -> str:
    """The document's id, or another one where it has the name in it."""
    if _black(document, forms) == document:
        return document
    salt = min(forms.forgotten).partition(":")[0]
    return f"document-{_hash(document, salt).partition(':')[2][:20]}"


def _ends(fact: Fact) -> set[int]:
    return {fact.subject, fact.object} if isinstance(fact.object, int) else {fact.subject}


def _chain(chain: Chain, text: str) -> Chain:
    return replace(chain, mentions=tuple(_mention(mention, text) for mention in chain.mentions))


def _mention(mention: Mention, text: str) -> Mention:
    there = text[mention.start:mention.end]
    return replace(mention, text=there) if BLOCK in there else mention


def _fact(fact: Fact, place: dict[int, int], forms: _Forms) -> Fact:
    target = place[fact.object] if isinstance(fact.object, int) else _black(fact.object, forms)
    return replace(fact, subject=place[fact.subject], object=target)


def files_with(folder: Path, forms: Iterable[str]) -> list[Path]:
    """The files under a folder, by path, whose name or bytes hold one of the names, as text or as a part of an IRI, in any case."""
    wanted = set()
    for form in forms:
        words = names.tokens(form)
        wanted |= {" ".join(words), "-".join(words), "%20".join(words), names.fold(form), names.fold(names.parse(form).full)}
    patterns = [pattern.encode() for pattern in sorted(wanted)]
    return [path for path in sorted(folder.rglob("*")) if path.is_file()
            and any(pattern in content for content in [str(path.relative_to(folder)).encode().lower() + b"\n" + path.read_bytes().lower()]
                    for pattern in patterns)]

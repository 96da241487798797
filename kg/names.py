"""Names as text: keys under which two spellings are one name, and the parts of people's names.

Own code rather than a general name parser: those take "Chief Constable" for a given name, "Insp" for a surname and
know nothing of "T/DCC"; what is needed here is small and closed (titles of this field, then given names, then surname).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kg.resources import ontology_dir

_DASHES = re.compile(r"[‐‑‒–—―−-]+")
_POSSESSIVE = re.compile(r"(?:'s|(?<=s)')(?=\W|$)")
_POSSESSIVE_END = re.compile(r"(?:'s|(?<=s)')$")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"'})
_DOTTED = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_ARTICLES = ("the ", "a ", "an ", "his ", "her ", "their ", "its ", "our ", "my ", "your ", "that ", "this ")

#: Nouns that a person is called by whom a text names elsewhere, or nowhere.
PERSON_HEADS = frozenset(
    """officer constable sergeant inspector superintendent commander commissioner chief deputy man woman boy girl teenager detective
    father mother wife husband son daughter brother sister victim defendant driver chair chairman chairwoman minister secretary
    councillor judge killer murderer rapist
    attacker offender solicitor barrister widow widower pensioner pathologist spokesman spokeswoman ex-officer recruit trainee
    mayor""".split()
)
#: Others whom the news tells of, who may be meant by a pronoun after them.
HUMANS = frozenset(
    """pupil student passenger pedestrian motorist cyclist motorcyclist pensioner resident burglar suspect prisoner inmate detainee patient
    neighbour colleague schoolgirl schoolboy child baby toddler youth grandmother grandfather friend girlfriend boyfriend partner
    ex-partner stranger protester protestor worker shopkeeper customer client fan supporter teacher nurse""".split()
)
#: Those that police officers are called by, abbreviations among them.
OFFICERS = frozenset("officer constable sergeant inspector superintendent detective pcso pc policeman policewoman commander".split())
FEMALE = frozenset("woman girl mother wife daughter sister widow policewoman chairwoman spokeswoman grandmother aunt".split())
MALE = frozenset("man boy father husband son brother widower policeman chairman spokesman grandfather uncle".split())
#: How many people a word tells of: "two officers", "the pair", "both".
NUMERALS = {word: n for n, word in enumerate("two three four five six seven eight nine ten".split(), 2)}
GROUPS = {"pair": 2, "duo": 2, "trio": 3}
SEVERAL = {"both": 2, **GROUPS, **NUMERALS}

#: honorific -> the sex it tells, if it tells one
HONORIFICS: dict[str, str | None] = {
    "mr": "m",
    "mister": "m",
    "sir": "m",
    "lord": "m",
    "baron": "m",
    "master": "m",
    "father": "m",
    "earl": "m",
    "viscount": "m",
    "mrs": "f",
    "ms": "f",
    "miss": "f",
    "dame": "f",
    "lady": "f",
    "baroness": "f",
    "sister": "f",
    "countess": "f",
    "mx": None,
    "dr": None,
    "doctor": None,
    "prof": None,
    "professor": None,
    "rev": None,
    "revd": None,
    "reverend": None,
    "rt": None,
    "right": None,
    "hon": None,
    "honourable": None,
    "very": None,
    "most": None,
    "hh": None,
    "his": None,
    "her": None,
    "honour": None,
    "judge": None,
    "justice": None,
    "bishop": None,
    "archbishop": None,
    "canon": None,
    "imam": None,
    "rabbi": None,
}
_NOBLE = frozenset({"lord", "lady", "baroness", "baron", "earl", "countess", "viscount"})

#: words that may be part of a title before a name, beside the ranks and titles of the reference files
_TITLE_WORDS = frozenset(
    """acting temporary temp interim former ex then late retired deputy assistant senior chief detective det special police
    constable con sergeant sgt inspector insp superintendent supt commander cmdr cdr commissioner officer chairman chairwoman chair
    chairperson president director general secretary minister mayor councillor cllr coun mp msp ms mla pc wpc dc ds di dci dsu dcs acc dcc
    cc ac dac pcso pcc pfcc t/acc t/dcc t/cc a/cc prime home justice policing shadow sheriff recorder judge coroner magistrate solicitor
    barrister reporter corporal lance major captain colonel lieutenant private gunner alderman cadet ombudsman leader panel member
    ch woman first lead""".split()
)
_SUFFIXES = frozenset("jr jnr junior sr snr senior ii iii iv obe mbe cbe kbe dbe qpm kpm qc kc mp msp ms mla phd frs gm am".split())
PARTICLES = frozenset("van von de der den del della di da dos du la le el al bin ibn ap ab st o mac mc ten ter".split())


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in parts, as written; ``given`` may be initials and any part may be empty."""

    titles: tuple[str, ...] = ()  #: ranks, offices and honorifics before the name
    given: tuple[str, ...] = ()
    surname: str = ""
    suffixes: tuple[str, ...] = ()
    of: str = ""  #: territorial designation: "Blackstock" of "Baroness Casey of Blackstock"

    @property
    def full(self) -> str:
        """Given names and surname, without titles."""
        return " ".join((*self.given, self.surname)).strip()


def plurals(nouns: Iterable[str]) -> frozenset[str]:
    """The plurals of nouns for people: "officers", "policewomen"."""
    return frozenset(f"{noun[:-3]}men" if noun.endswith("man") else f"{noun}s" for noun in nouns)


def fold(text: str) -> str:
    """The text without case, accents, typographic quotes and dashes, and with single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_QUOTES))
        text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(_DASHES.sub("-", text.translate(_QUOTES).casefold()).split())


@lru_cache(maxsize=1 << 16)
def key(text: str) -> str:
    """The form under which two spellings of a name are the same: no case, accents, punctuation, article or possessive; '&' is 'and'."""
    return _words(_POSSESSIVE.sub("", _DOTTED.sub("", fold(text).replace("&", " and "))))


def _words(text: str) -> str:
    text = " ".join(re.sub(r"[^\w/]+", " ", text.replace("'", "").replace("_", " ")).split())
    while True:
        article = next((a for a in _ARTICLES if text.startswith(a)), None)
        if article is None:
            return text
        text = text[len(article) :]


def slug(text: str) -> str:
    """The text as part of an IRI: lower-case ASCII letters, digits and single hyphens; empty if it has none of them."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text).replace("&", " and ").replace("'", "")).strip("-")


@lru_cache(maxsize=1 << 16)
def parse(name: str) -> PersonName:
    """The parts of a person's name: titles off the front, suffixes off the end, the last word (with its particles) as surname.

    "Baroness Casey of Blackstock" has no given name; a single word is a surname after a title, otherwise a given name or surname
    that nobody can tell apart and is kept as surname.
    """
    text = _POSSESSIVE_END.sub("", " ".join(name.translate(_QUOTES).replace(",", " , ").split()))
    text, _, tail = text.partition(" , ")
    words = re.sub(r"[()\"“”]", " ", text).split()
    suffixes = [w for w in tail.split() if _bare(w) in _SUFFIXES]
    titles: list[str] = []
    while len(words) > 1 and _is_title(words):
        titles.append(words.pop(0))
    while len(words) > 1 and _bare(words[-1]) in _SUFFIXES and (len(words) > 2 or titles):
        suffixes.insert(0, words.pop())
    of = ""
    if "of" in words[1:-1] and _NOBLE & {_bare(t) for t in titles}:
        at = words.index("of", 1)
        of, words = " ".join(words[at + 1 :]), words[:at]
    first = len(words) - 1
    while first > 1 and _bare(words[first - 1]) in PARTICLES:
        first -= 1
    if first == 1 and len(words) > 2 and _bare(words[0]) in PARTICLES:
        first = 0
    if len(words) == 2 and _bare(words[0]) in {"van", "von", "de", "du", "der"}:
        first = 0
    return PersonName(tuple(titles), tuple(words[:first]), " ".join(words[first:]), tuple(suffixes), of)


def _bare(word: str) -> str:
    return fold(word).strip(".,:;'\"")


def _is_title(words: list[str]) -> bool:
    """Whether the first word belongs to a title rather than to the name."""
    word = _bare(words[0])
    if words[0] == "Di":  # the given name; the rank is "DI"
        return False
    if word in HONORIFICS or word in _TITLE_WORDS or word.replace(".", "") in _TITLE_WORDS:
        return True
    if word in {"and", "of", "for", "the"} and len(words) > 2:
        return True
    if re.fullmatch(r"[ta]/[a-z]+", word):
        return True
    return word in {"crime", "fire", "public", "prosecutions", "state"} and len(words) > 2


@lru_cache(maxsize=1 << 16)
def tokens(name: str) -> tuple[str, ...]:
    """The folded words of a person's name without titles and suffixes; hyphens and apostrophes stay inside a word."""
    parsed = parse(name)
    words = (re.sub(r"[^\w'-]+", "", fold(w)).replace("'", "") for w in (*parsed.given, *parsed.surname.split()))
    return tuple(w for w in words if w)


def person_key(name: str) -> str:
    """The form under which two spellings of a person's name are the same: "Chief Constable Pippa Mills" -> "pippa mills"."""
    return " ".join(tokens(name))


def is_full(name: str) -> bool:
    """Whether the name has a given name (not a mere initial) and a surname."""
    words = tokens(name)
    return len(words) > 1 and len(words[0].strip("-")) > 1 and len(words[-1]) > 1


@lru_cache(maxsize=1 << 16)
def same_person_form(a: str, b: str) -> bool:
    """Whether two names in one document can be of one person: one is the other or a shortening of it.

    "Ms Mills" and "Pippa Mills", "P. Mills", "Pippa", "Baroness Casey" and "Louise Casey" can; "Ms Mills" and "Mr Mills",
    "Jane Mills" and "Pippa Mills", "Mills" and "Mills-Jones" cannot. Says nothing about people of different documents.
    """
    first, second = gender(a), gender(b)
    if first and second and first != second:
        return False
    pa, pb = parse(a), parse(b)
    if pa.of and pb.of and key(pa.of) != key(pb.of):
        return False
    ta, tb = tokens(a), tokens(b)
    if not ta or not tb:
        return False
    if len(ta) == 1 or len(tb) == 1:
        return _single(pa, pb, ta, tb)
    return _surname(pa) == _surname(pb) and _given_agree(pa.given, pb.given)


def surname_key(name: str) -> str:
    """The form under which the surnames of two people are the same."""
    return _surname(parse(name))


def _surname(parsed: PersonName) -> str:
    return re.sub(r"[^\w-]+", "", fold(parsed.surname))


def _single(pa: PersonName, pb: PersonName, ta: tuple[str, ...], tb: tuple[str, ...]) -> bool:
    """A one-word name against another name: as its surname, or, without a title, as its given name."""
    if len(tb) == 1 and len(ta) > 1:
        pa, pb, ta, tb = pb, pa, tb, ta
    if ta == tb:
        return True
    if len(tb) == 1:
        return False
    # "Sir Mark" and "Dame Cressida" go with the given name, "Ms Mills" with the surname
    knight = {_bare(t) for t in pa.titles} & {"sir", "dame"}
    if not knight and ta[0] == _surname(pb):
        return True
    return (bool(knight) or not pa.titles) and ta[0] == tb[0]


def _given_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    for x, y in zip((fold(w).strip(".") for w in a), (fold(w).strip(".") for w in b), strict=False):
        if x == y or (len(x) == 1 and y.startswith(x)) or (len(y) == 1 and x.startswith(y)):
            continue
        return y in _SHORT.get(x, ()) or x in _SHORT.get(y, ())
    return True


#: full given name -> everyday forms; only where the short form is used of hardly any other name
_SHORT: dict[str, tuple[str, ...]] = {
    "andrew": ("andy",),
    "anthony": ("tony",),
    "benjamin": ("ben",),
    "catherine": ("cathy", "kate"),
    "charles": ("charlie",),
    "christopher": ("chris",),
    "daniel": ("dan", "danny"),
    "david": ("dave",),
    "deborah": ("debbie", "deb"),
    "edward": ("ed", "eddie", "ted"),
    "elizabeth": ("liz", "beth", "lizzie"),
    "gregory": ("greg",),
    "james": ("jim", "jimmy", "jamie"),
    "jennifer": ("jenny", "jen"),
    "jonathan": ("jon",),
    "joseph": ("joe",),
    "katherine": ("kate", "kathy"),
    "kenneth": ("ken",),
    "margaret": ("maggie", "meg"),
    "matthew": ("matt",),
    "michael": ("mike", "mick"),
    "nicholas": ("nick",),
    "nicola": ("nicky",),
    "pamela": ("pam",),
    "patricia": ("pat", "trish"),
    "patrick": ("pat", "paddy"),
    "peter": ("pete",),
    "philip": ("phil",),
    "philippa": ("pippa",),
    "rebecca": ("becky",),
    "richard": ("rick", "dick", "rich"),
    "robert": ("rob", "bob", "bobby"),
    "ronald": ("ron",),
    "samantha": ("sam",),
    "samuel": ("sam",),
    "simon": ("si",),
    "stephen": ("steve",),
    "steven": ("steve",),
    "susan": ("sue",),
    "theresa": ("tess",),
    "thomas": ("tom",),
    "timothy": ("tim",),
    "victoria": ("vicky", "vicki"),
    "william": ("will", "bill", "billy"),
}


def canonical_person(forms: Iterable[str]) -> str:
    """The fullest of the names, without ranks and honorifics; a lone peerage keeps its style ("Baroness Casey").

    Ties go to the form with the most letters, then to the first in order of its text, so that the order of the forms does not matter.
    """
    candidates = sorted({f.strip() for f in forms if f.strip()})
    if not candidates:
        return ""
    best = max(candidates, key=_fullness)
    parsed = parse(best)
    if not parsed.given and parsed.titles:
        style = [t for t in parsed.titles if _bare(t) in _NOBLE]
        return " ".join((*style, parsed.surname))
    return parsed.full or best


def _fullness(name: str) -> tuple[int, int, int, int, str]:
    parsed = parse(name)
    words = (*parsed.given, *parsed.surname.split())
    noble = any(_bare(t) in _NOBLE for t in parsed.titles)
    shouting = sum(w.isupper() and len(w) > 2 for w in words)
    return (sum(len(w.strip(".")) > 1 for w in words), -shouting, int(noble), sum(map(len, words)), name)


@lru_cache(maxsize=1 << 16)
def gender(name: str) -> str | None:
    """'f' or 'm' where an honorific or a given name that is hardly ever the other sex's tells it, otherwise None."""
    parsed = parse(name)
    told = {HONORIFICS.get(_bare(t)) for t in parsed.titles} - {None}
    if len(told) == 1:
        return told.pop()
    if told or not parsed.given:
        return None
    return lone_gender(parsed.given[0])


def lone_gender(name: str) -> str | None:
    """'f' or 'm' where a name is one word and a given name that is hardly ever the other sex's, otherwise None."""
    return _given_names().get(fold(name)) or _rarer_given_names().get(fold(name))


def is_given(name: str) -> bool:
    """Whether a given name is among those that many people have."""
    return fold(name) in _given_names()


def short_for_one(a: str, b: str) -> bool:
    """Whether two names have one surname and everyday forms of one given name: "Dick Hart" and "Rick Hart"."""
    pa, pb = parse(a), parse(b)
    if not pa.given or not pb.given or _surname(pa) != _surname(pb):
        return False
    x, y = fold(pa.given[0]), fold(pb.given[0])
    return any(x in short and y in short for short in _SHORT.values())


def given_forms(name: str) -> frozenset[str]:
    """The given names that may be written for one another, folded: "Kate" gives those of every Catherine and Katherine."""
    return _groups().get(fold(name)) or frozenset({fold(name)})


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for full, shorts in _SHORT.items():
        group = frozenset({full, *shorts}).union(*(table.get(name, ()) for name in (full, *shorts)))
        table |= dict.fromkeys(group, group)
    return table


@lru_cache(maxsize=1)
def _given_names() -> dict[str, str]:
    return _sexes("given_names.csv")


@lru_cache(maxsize=1)
def _rarer_given_names() -> dict[str, str]:
    return _sexes("rarer_given_names.csv")


def _sexes(file: str) -> dict[str, str]:
    """The given names of a file of the reference data, folded, with the sex that each tells."""
    with (ontology_dir() / "reference" / file).open(encoding="utf-8") as handle:
        rows = (line.strip().split(",") for line in handle if line.strip() and not line.startswith("name,"))
        return {fold(name): sex for name, sex in rows}

"""A corpus of any size for measuring what comes after reading: the gold files of ``corpus/`` as readings, again and again, people renamed.

Every round writes other people into the same texts: the letters of their names are exchanged for others of their kind, so that
offsets hold and names stay pronounceable. Forces, courts and offences stay, as they do in real corpora. Nothing here is random.
"""

from __future__ import annotations

import json
import random
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import count, islice
from pathlib import Path
from typing import Any

from kg.model import Chain, Document, Fact, Mention, Reading
from kg.names import is_full

CORPUS = Path(__file__).resolve().parent.parent.parent / "corpus"

_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnprstvwz"
_BRIEF = 400  # characters, after which a short reading ends with its line
# Sentences of so many words, so many to a text: two texts that share one of them are not yet copies of one another.
_SENTENCE, _SENTENCES = range(15, 25), 6
_RENAMINGS = 400


def readings(number: int) -> Iterator[Reading]:
    """So many readings, each with an id of its own."""
    golds = sorted((path for path in CORPUS.glob("*/gold/*.json")), key=lambda path: path.name)
    yield from islice((_renamed(_reading(path), turn) for turn in count() for path in golds), number)


@cache
def _reading(path: Path) -> Reading:
    gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    text = (path.parent.parent / "texts" / f"{gold['document']}.txt").read_text(encoding="utf-8")
    positions = {entity["id"]: i for i, entity in enumerate(gold["entities"])}
    chains = tuple(Chain(e["type"], e["names"][0], _mentions(text, e)) for e in gold["entities"])
    facts = tuple(_fact(row, positions, text) for row in gold["facts"])
    return Reading(Document(gold["document"], text, date=gold.get("date")), chains, facts, len(text.split()))


def _mentions(text: str, entity: dict[str, Any]) -> tuple[Mention, ...]:
    """Every place where the text has one of the entity's names."""
    spans = {match.span() for name in entity["names"] for match in re.finditer(rf"\b{re.escape(name)}\b", text)}
    return tuple(Mention(start, end, text[start:end], entity["type"]) for start, end in sorted(spans))


def _fact(row: dict[str, Any], positions: dict[str, int], text: str) -> Fact:
    target = row["o"]["literal"] if isinstance(row["o"], dict) else positions[row["o"]]
    start = max(text.find(row.get("evidence", "")), 0)
    end = start + max(len(row.get("evidence", "")), 1)
    return Fact(row["p"], positions[row["s"]], target, row.get("status", "asserted"), (start, end), "gold", 1.0,
                row.get("start"), row.get("end"))


def _renamed(reading: Reading, turn: int) -> Reading:
    if turn == 0:
        return reading
    other = partial(_in_others, _people(reading), _table(turn))
    document = replace(reading.document, id=f"{reading.document.id}-{turn:04}", text=other(reading.document.text))
    chains = tuple(replace(chain, name=other(chain.name), mentions=tuple(
        replace(mention, text=document.text[mention.start:mention.end]) for mention in chain.mentions)) for chain in reading.chains)
    facts = tuple(fact if isinstance(fact.object, int) else replace(fact, object=other(fact.object)) for fact in reading.facts)
    return replace(reading, document=document, chains=chains, facts=facts)


def _people(reading: Reading) -> re.Pattern[str] | None:
    """The words that stand for people alone: a force called after a town keeps its name."""
    words = {word for chain in reading.chains if chain.type == "Person" and is_full(chain.name) for word in chain.name.split()}
    words -= {word for chain in reading.chains if chain.type != "Person" for word in chain.name.split()}
    return re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")\b") if words else None


def _in_others(people: re.Pattern[str] | None, table: dict[int, str], text: str) -> str:
    return people.sub(lambda found: found[0].translate(table), text) if people else text


@cache
def _table(turn: int) -> dict[int, str]:
    """Every letter to another of its kind; each turn has another pair of shifts."""
    by_vowel, by_consonant = turn % len(_VOWELS), turn // len(_VOWELS) % len(_CONSONANTS)
    step = 1 + turn // (len(_VOWELS) * len(_CONSONANTS))
    lower = {v: _VOWELS[(i + by_vowel) % len(_VOWELS)] for i, v in enumerate(_VOWELS)}
    lower |= {c: _CONSONANTS[(i * (2 * step - 1) + by_consonant) % len(_CONSONANTS)] for i, c in enumerate(_CONSONANTS)}
    both = lower | {a.upper(): b.upper() for a, b in lower.items()}
    return str.maketrans({letter: both.get(letter, letter) for letter in string.ascii_letters})


def brief(name: str) -> Reading:
    """A short reading by its name, one of ``brief_names``: the beginning of a gold file, in other letters but for what is no person.

    Those of one gold file share no runs of words, so that they are not taken for copies of one another.
    """
    gold, _, turn = name.rpartition("-")
    cut = _cut(gold)
    reading = _renamed(cut, int(turn))
    text, table, at = [], _table(int(turn)), 0
    for start, end in sorted({(m.start, m.end) for chain in reading.chains for m in chain.mentions}):
        text += [reading.document.text[at:start].translate(table), reading.document.text[max(at, start):end]]
        at = max(at, end)
    text.append(reading.document.text[at:].translate(table))
    return replace(reading, document=replace(reading.document, id=name, text="".join(text) if int(turn) else cut.document.text))


def brief_names(number: int) -> Iterator[str]:
    """The names of so many short readings."""
    yield from islice((f"{gold}-{turn:04}" for turn in count() for gold in _golds()), number)


@cache
def _golds() -> dict[str, Path]:
    return {path.stem: path for path in sorted(CORPUS.glob("*/gold/*.json"), key=lambda path: path.name)}


@cache
def _cut(gold: str) -> Reading:
    """The beginning of a gold file: some eighty words, and what is told within them."""
    reading = _reading(_golds()[gold])
    text = reading.document.text
    end = found if (found := text.find("\n", _BRIEF)) >= 0 else len(text)
    kept: dict[int, Chain] = {}
    for position, chain in enumerate(reading.chains):
        if mentions := tuple(mention for mention in chain.mentions if mention.end <= end):
            kept[position] = replace(chain, mentions=mentions)
    places = {position: new for new, position in enumerate(kept)}
    facts = tuple(replace(fact, subject=places[fact.subject], object=places[fact.object] if isinstance(fact.object, int) else fact.object)
                  for fact in reading.facts if fact.evidence[1] <= end and fact.subject in places
                  and (isinstance(fact.object, str) or fact.object in places))
    return Reading(replace(reading.document, text=text[:end] + "\n"), tuple(kept.values()), facts, len(text[:end].split()))


def sewn(number: int) -> str:
    """The text of this number for the network to read, some 120 words: sentences of gold files, each of another, people renamed.

    Every text is another choice of sentences: as fast to read as what they were taken from, and no copies of one another.
    """
    chosen = random.Random(number).sample(_sentences(), _SENTENCES)
    return "\n".join(_in_others(people, _table(number % _RENAMINGS), sentence) for people, sentence in chosen) + "\n"


@cache
def _sentences() -> list[tuple[re.Pattern[str] | None, str]]:
    """The sentences of middling length, each once, with the people of its gold file."""
    found: dict[str, re.Pattern[str] | None] = {}
    for path in _golds().values():
        reading = _reading(path)
        people = _people(reading)
        for sentence in re.split(r"(?<=[a-z]{3}[.?!]) (?=[A-Z])|\n", reading.document.text):
            if sentence.endswith(".") and len(sentence.split()) in _SENTENCE:
                found.setdefault(sentence, people)
    return [(people, sentence) for sentence, people in found.items()]

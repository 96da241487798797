"""Scores extracted entities and facts against gold files, by the rules of the facts contract.

A gold file is ``<document>.json`` with ``entities`` (id, type, names, optional), ``facts``, ``optional`` (right, but not expected)
and ``forbidden`` (traps: without ``status`` they mean asserted); a fact is ``{"s", "p", "o", "status", "start", "end"}`` and ``o``
an entity id or ``{"literal": text}``. Entities match by type and any shared name, one to one; facts by subject, predicate, object
and status; literals by the overlap of their words; dates at the coarser precision of the two.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.model import ENTITY_TYPES, LITERAL, SIGNATURES, STATUSES

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """Right, spurious and missed ones, with precision, recall and F1 to four places (0 where undefined)."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def p(self) -> float:
        return round(self._share(self.fp), 4)

    @property
    def r(self) -> float:
        return round(self._share(self.fn), 4)

    @property
    def f1(self) -> float:
        p, r = self._share(self.fp), self._share(self.fn)
        return round(2 * p * r / (p + r), 4) if p + r else 0.0

    def _share(self, wrong: int) -> float:
        return self.tp / (self.tp + wrong) if self.tp + wrong else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found; ``errors`` are (document, what, type or predicate, detail)."""

    documents: int
    entities: Score
    facts: Score
    forbidden: int  #: traps that were walked into
    status_wrong: int  #: gold facts found with another status only
    dates: int  #: dates in gold on facts that were found
    dates_right: int
    evidence: int  #: fact rows whose evidence was checked; 0 without texts
    evidence_exact: int
    entity_types: dict[str, Score]
    predicates: dict[str, Score]
    statuses: dict[str, Score]
    errors: tuple[tuple[str, str, str, str], ...] = field(default=(), repr=False)

    def table(self) -> str:
        """The figures as text, one table by entity type, one by predicate, one by status, and the totals."""
        groups = (("entity types", self.entity_types), ("predicates", self.predicates), ("statuses", self.statuses))
        lines = [line for title, scores in groups for line in (*_text_table(title, scores), "")]
        for name, score in (("entities", self.entities), ("facts", self.facts)):
            lines.append(f"{name:10} P {score.p:.3f}  R {score.r:.3f}  F1 {score.f1:.3f}")
        lines.append(self._totals())
        return "\n".join(lines)

    def markdown(self) -> str:
        """The same as Markdown tables."""
        totals = {"entities": self.entities, "facts": self.facts}
        groups = (("", totals), ("entity type", self.entity_types), ("predicate", self.predicates), ("status", self.statuses))
        return "\n\n".join(["\n".join(_markdown_table(title, scores)) for title, scores in groups] + [self._totals()])

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return {
            "documents": self.documents,
            "entities": _score_dict(self.entities),
            "facts": _score_dict(self.facts),
            "forbidden": self.forbidden,
            "status_wrong": self.status_wrong,
            "dates": {"gold": self.dates, "right": self.dates_right},
            "evidence": {"rows": self.evidence, "exact": self.evidence_exact},
            "entity_types": {k: _score_dict(s) for k, s in self.entity_types.items()},
            "predicates": {k: _score_dict(s) for k, s in self.predicates.items()},
            "statuses": {k: _score_dict(s) for k, s in self.statuses.items()},
        }

    def _totals(self) -> str:
        exact = f"  evidence exact {self.evidence_exact}/{self.evidence}" if self.evidence else ""
        return f"forbidden {self.forbidden}  status wrong {self.status_wrong}  dates {self.dates_right}/{self.dates}{exact}"


def evaluate(gold_dir: str | Path, entity_rows: Iterable[Row], fact_rows: Iterable[Row], texts_dir: str | Path | None = None) -> Report:
    """Score the contract's rows against every gold file of a folder, or of its subfolder ``gold``.

    Rows of documents without gold do not count, nor do rows of a plug-in's type or predicate that no gold file of the folder names: whoever
    made the gold did not look for them. With ``texts_dir``
    (``<document>.txt``) the evidence of every fact is compared with the text. Raises InputError where a file cannot be read.
    """
    golds = list(_gold_files(Path(gold_dir)))
    types = {*ENTITY_TYPES, *(entity["type"] for gold in golds for entity in gold["entities"])}
    predicates = {*SIGNATURES, *(fact["p"] for gold in golds for fact in (*gold["facts"], *gold.get("forbidden", ())))}
    entities, facts = defaultdict(list), defaultdict(list)
    for row in entity_rows:
        if row["type"] in types:
            entities[row["document"]].append(row)
    for row in fact_rows:
        if row["predicate"] in predicates:
            facts[row["document"]].append(row)
    count = _Count()
    for gold in golds:
        name = gold["document"]
        _Document(gold, entities[name], facts[name], count).score()
        if texts_dir is not None and facts[name]:
            _check_evidence(_text(Path(texts_dir) / f"{name}.txt"), facts[name], count)
    return count.report(len(golds))


def _gold_files(folder: Path) -> Iterator[dict[str, Any]]:
    folder = folder / "gold" if (folder / "gold").is_dir() else folder
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise InputError(f"{folder}: no gold files here; wanted one <document>.json for each document")
    for path in paths:
        try:
            gold = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: not a gold file ({error}); wanted JSON in UTF-8") from error
        missing = [k for k in ("document", "entities", "facts") if not isinstance(gold, dict) or k not in gold]
        if missing:
            raise InputError(f"{path}: not a gold file, as it lacks {', '.join(missing)}")
        yield gold


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read to check the evidence ({error})") from error


def _check_evidence(text: str, facts: Iterable[Row], count: _Count) -> None:
    for row in facts:
        evidence = row.get("evidence") or {}
        quoted = evidence.get("text")
        count.extra["evidence"] += 1
        count.extra["evidence_exact"] += bool(quoted) and text[evidence.get("start", 0) : evidence.get("end", 0)] == quoted


def verdicts(gold: Row, entities: Sequence[Row], facts: Sequence[Row]) -> list[bool | None]:
    """For each found fact of one document whether the gold has it; None where the gold leaves it open."""
    document = _Document(gold, entities, facts, _Count())
    document.score()
    kinds = {fact: document.used.get(j) for j, fact in enumerate(document.found)}
    return [None if kind == "optional" else kind == "fact" for kind in (kinds[document._found(row)] for row in facts)]


def dates_of(gold: Row, entities: Sequence[Row], facts: Sequence[Row]) -> list[tuple[str | None, str | None] | None]:
    """For each found fact of one document the start and the end that the gold gives it; None where the gold has not the fact."""
    document = _Document(gold, entities, facts, _Count())
    dates: dict[_Fact, tuple[str | None, str | None]] = {}
    for kind, rows in (("fact", gold["facts"]), ("optional", gold.get("optional", ()))):
        for i, j in document._take([_gold_fact(row) for row in rows], kind).items():
            dates[document.found[j]] = rows[i].get("start"), rows[i].get("end")
    return [dates.get(document._found(row)) for row in facts]


class _Count:
    """Running totals over documents."""

    def __init__(self) -> None:
        self.tally: Counter[tuple[str, str, str]] = Counter()
        self.extra: Counter[str] = Counter()
        self.errors: list[tuple[str, str, str, str]] = []

    def add(self, table: str, row: str, what: str) -> None:
        self.tally[table, row, what] += 1

    def score(self, table: str, row: str) -> Score:
        return Score(*(self.tally[table, row, what] for what in ("tp", "fp", "fn")))

    def scores(self, table: str, order: Sequence[str] = ()) -> dict[str, Score]:
        """The scores of a table's rows, those of ``order`` first and the others in the order of the alphabet."""
        present = {row for name, row, _ in self.tally if name == table}
        return {row: self.score(table, row) for row in (*order, *sorted(present - set(order))) if row in present}

    def report(self, documents: int) -> Report:
        extra = self.extra
        return Report(
            documents=documents, entities=self.score("all", "entities"), facts=self.score("all", "facts"),
            forbidden=extra["forbidden"], status_wrong=extra["status_wrong"],
            dates=extra["dates"], dates_right=extra["dates_right"], evidence=extra["evidence"], evidence_exact=extra["evidence_exact"],
            entity_types=self.scores("type"), predicates=self.scores("predicate"),
            statuses=self.scores("status", STATUSES), errors=tuple(self.errors),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Fact:
    """A gold or found fact on the gold's entity ids; a found entity that gold lacks is '?' and its name."""

    subject: str
    predicate: str
    object: str | None
    literals: tuple[str, ...] | None
    status: str

    def __str__(self) -> str:
        return f"{self.subject} -> {self.object or repr((self.literals or ('',))[0])} [{self.status}]"


class _Document:
    """Scores one document into the running totals."""

    def __init__(self, gold: Row, entities: Sequence[Row], facts: Sequence[Row], count: _Count) -> None:
        self.gold, self.entities, self.count = gold, entities, count
        self.name: str = gold["document"]
        self.names = {e["id"]: e["names"] for e in gold["entities"]}
        self.mapping, self.wrong_type = align(gold["entities"], entities)
        self.dates: dict[_Fact, tuple[str | None, str | None]] = {}
        for row in facts:
            self.dates.setdefault(self._found(row), (row.get("start"), row.get("end")))
        self.found = list(self.dates)
        self.used: dict[int, str] = {}  # position of a found fact -> the kind of gold row it went to

    def score(self) -> None:
        self._score_gold_entities()
        self._score_found_entities()
        gold_dates = {_gold_fact(r): (r.get("start"), r.get("end")) for r in self.gold["facts"]}
        wanted = [_gold_fact(r) for r in self.gold["facts"]]
        spare = [_gold_fact(r) for r in self.gold.get("optional", [])]
        hits = self._take(wanted, "fact")
        spared = [spare[i] for i in self._take(spare, "optional")]
        for i, fact in enumerate(wanted):
            if i in hits:
                self._hit(fact, gold_dates[fact], self.dates[self.found[hits[i]]])
            else:
                self._missed(fact, spared)
        self._score_found_facts([_gold_fact(r) for r in self.gold.get("forbidden", [])])

    def _error(self, what: str, kind: str, detail: str) -> None:
        self.count.errors.append((self.name, what, kind, detail))

    # Entities

    def _score_gold_entities(self) -> None:
        hit, wrong = set(self.mapping.values()), set(self.wrong_type.values())
        for entity in self.gold["entities"]:
            if entity.get("optional"):
                continue
            right = entity["id"] in hit and entity["id"] not in wrong
            for table, row in (("all", "entities"), ("type", entity["type"])):
                self.count.add(table, row, "tp" if right else "fn")
            if not right:
                self._error("entity type wrong" if entity["id"] in hit else "entity missed", entity["type"], entity["names"][0])

    def _score_found_entities(self) -> None:
        optional = {e["id"] for e in self.gold["entities"] if e.get("optional")}
        for entity in self.entities:
            gold_id = self.mapping.get(entity["id"])
            if gold_id is not None and (entity["id"] not in self.wrong_type or gold_id in optional):
                continue
            if entity["type"] == "Place" and normal(entity["name"]) in COUNTRIES:
                continue
            for table, row in (("all", "entities"), ("type", entity["type"])):
                self.count.add(table, row, "fp")
            self._error("entity spurious", entity["type"], entity["name"])

    # Facts

    def _found(self, row: Row) -> _Fact:
        subject, obj = row["subject"], row["object"]
        literals = tuple(dict.fromkeys([obj["name"], *obj.get("names", [])])) if obj.get("type") == LITERAL else None
        who = self.mapping.get(subject["id"], "?" + subject["name"])
        target = None if literals is not None else self.mapping.get(obj["id"], "?" + obj["name"])
        return _Fact(who, row["predicate"], target, literals, row.get("status", "asserted"))

    def _fit(self, wanted: _Fact, found: _Fact, *, status: bool = True) -> float:
        """How well the found fact renders the gold one, 0 to 1."""
        if wanted.predicate != found.predicate or (status and wanted.status != found.status):
            return 0.0
        if wanted.object is not None and found.object is not None:
            ends = (found.subject, found.object)
            turned = wanted.predicate in SYMMETRIC and (wanted.object, wanted.subject) == ends
            return float(turned or (wanted.subject, wanted.object) == ends)
        if wanted.subject != found.subject:
            return 0.0
        gold_texts = wanted.literals or self.names.get(wanted.object, [""])
        if found.literals is not None:
            found_texts: Sequence[str] = found.literals
        else:
            found_texts = [*self.names.get(found.object, []), str(found.object).lstrip("?")]
        return max(literal_score(wanted.predicate, g, f) for g in gold_texts for f in found_texts)

    def _take(self, gold: Sequence[_Fact], kind: str) -> dict[int, int]:
        """Give each gold fact its best unused found fact, best fits first: position in gold -> position in found."""
        pairs = ((self._fit(w, f), i, j) for i, w in enumerate(gold) for j, f in enumerate(self.found))
        taken: dict[int, int] = {}
        for score, i, j in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
            if score > 0 and i not in taken and j not in self.used:
                taken[i] = j
                self.used[j] = kind
        return taken

    def _hit(self, fact: _Fact, wanted: Sequence[str | None], found: Sequence[str | None]) -> None:
        self._add_fact(fact, "tp")
        for part, want, got in zip(("start", "end"), wanted, found, strict=True):
            if want:
                right = bool(got and (got.startswith(want) or want.startswith(got)))
                self.count.extra["dates"] += 1
                self.count.extra["dates_right"] += right
                if not right:
                    self._error("date wrong", fact.predicate, f"{fact.subject} {part}: {want} wanted, {got} found")

    def _missed(self, fact: _Fact, spared: Sequence[_Fact]) -> None:
        """Count a gold fact that was not found, unless an optional variant of it with another status was."""
        variant = any(replace(s, status=fact.status) == fact for s in spared)
        free = (f for j, f in enumerate(self.found) if self.used.get(j) != "fact")
        wrong_status = any(self._fit(fact, f, status=False) for f in free)
        self.count.extra["status_wrong"] += wrong_status and not variant
        if not variant:
            self._add_fact(fact, "fn")
            self._error("status wrong" if wrong_status else "fact missed", fact.predicate, str(fact))

    def _score_found_facts(self, traps: Sequence[_Fact]) -> None:
        for j, fact in enumerate(self.found):
            if self.used.get(j) != "fact" and any(self._fit(trap, fact) for trap in traps):
                self.count.extra["forbidden"] += 1
                self._error("FORBIDDEN", fact.predicate, str(fact))
            short = fact.predicate == "said" and fact.literals is not None and len(fact.literals[0].split()) < 4
            if j not in self.used and not short:
                self._add_fact(fact, "fp")
                self._error("fact spurious", fact.predicate, str(fact))

    def _add_fact(self, fact: _Fact, what: str) -> None:
        for table, row in (("all", "facts"), ("predicate", fact.predicate), ("status", fact.status)):
            self.count.add(table, row, what)


def _gold_fact(row: Row) -> _Fact:
    literal = row["o"].get("literal") if isinstance(row["o"], dict) else None
    target, literals = (row["o"], None) if literal is None else (None, (literal,))
    return _Fact(row["s"], row["p"], target, literals, row.get("status", "asserted"))


# Names and literals: the contract's own comparison, apart from kg.names so that a change there moves no score

HONORIFICS = frozenset(
    """mr mrs ms miss mx dr prof professor sir dame lord lady baroness baron rt hon right honourable reverend rev
    hh honour judge justice""".split()
)
RANKS = """police constable|pc|detective constable|dc|sergeant|sgt|detective sergeant|ds|inspector|insp|detective inspector|di|
    chief inspector|ch insp|detective chief inspector|dci|superintendent|supt|detective superintendent|det supt|
    chief superintendent|ch supt|detective chief superintendent|dcs|assistant chief constable|acc|deputy chief constable|dcc|
    chief constable|cc|temporary|temp|acting|former|ex|then|interim|deputy|assistant|commander|commissioner|deputy commissioner|
    assistant commissioner|deputy assistant commissioner|dac|police and crime commissioner|
    police fire and crime commissioner|pcc|pfcc|home secretary|prime minister|policing minister|minister|councillor|cllr|
    mp|special constable|officer|chief|mayor|director general|chairman|chair|chairwoman|secretary|t/cc|t/dcc|t/acc|reporter|
    solicitor|barrister|magistrate|recorder|kc|qc|det|detective"""
_RANK_WORDS = tuple(rank.split() for rank in sorted({" ".join(r.split()) for r in RANKS.split("|")}, key=lambda r: (-len(r), r)))
ARTICLES = frozenset("the a an his her their its our".split())
SYMMETRIC = frozenset({"relativeOf", "worksWith"})
MODIFIERS = frozenset(
    "deputy assistant acting temporary interim designate former ex retired chief detective special sergeant inspector".split()
)
COUNTRIES = frozenset({"uk", "united kingdom", "britain", "great britain", "england", "wales", "scotland", "northern ireland"})
GRADES = ("outstanding", "requires improvement", "inadequate", "adequate", "good")
_NUMBERS = (
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen""".split()
)
FIGURES = {w: i for i, w in enumerate(_NUMBERS)} | {
    w: 20 + 10 * i for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
_DOTS = re.compile(r"(?<=\b\w)\.(?=\w\b)")


@lru_cache(maxsize=65536)
def normal(name: str, person: bool = False) -> str:
    """A name without case, punctuation, articles and possessives; for people also without ranks and honorifics."""
    text = re.sub(r"['’]s\b", "", _DOTS.sub("", name.casefold()))
    words = re.sub(r"[^\w/ ]+", " ", text.replace("&", " and ").replace("-", " ")).split()
    while words and words[0] in ARTICLES:
        words.pop(0)
    while person and len(words) > 1:
        if words[0] in HONORIFICS:
            words.pop(0)
            continue
        rank = next((r for r in _RANK_WORDS if words[: len(r)] == r and len(words) > len(r)), None)
        if rank is None:
            break
        words = words[len(rank) :]
    return " ".join(words)


@lru_cache(maxsize=65536)
def _words(text: str) -> Counter[str]:
    """The text's words as a bag; thousands separators and 'per cent' evened out."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text.casefold()).replace("per cent", "%").replace("percent", "%")
    return Counter(re.findall(r"[\w£]+(?:\.\d+)*%?|%", text))


def _figure(text: str) -> int | None:
    """A whole number written in figures or words."""
    digits = re.findall(r"\d+", text)
    if digits:
        return int(digits[0])
    found = [FIGURES[w] for w in re.findall(r"[a-z]+", text.casefold()) if w in FIGURES]
    return sum(found) if found else None


def _shares(a: str, b: str) -> tuple[float, float]:
    """Dice overlap of two texts' words, and the share of the shorter text's words that the other has; 0 to 1."""
    first, second = _words(a), _words(b)
    common, sizes = (first & second).total(), (first.total(), second.total())
    return (2 * common / sum(sizes) if sum(sizes) else 0.0), (common / min(sizes) if min(sizes) else 0.0)


def literal_score(predicate: str, gold: str, found: str) -> float:
    """How well a found literal renders the gold one: 0 for no match, up to 1 for the same words."""
    if predicate == "age":
        return float(_figure(gold) is not None and _figure(gold) == _figure(found))
    if predicate == "publishedOn":
        return float(bool(gold) and bool(found) and (gold.startswith(found) or found.startswith(gold)))
    if normal(gold) == normal(found):
        return 1.0
    return _RULES.get(predicate, _other_score)(gold, found)


def _role_score(gold: str, found: str) -> float:
    first, second = _words(normal(gold)), _words(normal(found))
    if set((first - second) + (second - first)) & MODIFIERS:
        return 0.0
    overlap, contained = _shares(gold, found)
    inside = contained >= 0.99 and min(len(gold.split()), len(found.split())) >= 2
    return overlap if overlap >= 0.6 or inside else 0.0


def _quotation_score(gold: str, found: str) -> float:
    overlap, _ = _shares(gold, found)
    return overlap if overlap >= 0.6 else 0.0


def _finding_score(gold: str, found: str) -> float:
    grades = [g for g in GRADES if re.search(rf"\b{g}\b", gold.casefold())]
    if grades and len(gold.split()) <= 12 and not any(re.search(rf"\b{g}\b", found.casefold()) for g in grades):
        return 0.0
    return _other_score(gold, found)


def _other_score(gold: str, found: str) -> float:
    overlap, contained = _shares(gold, found)
    if overlap >= 0.5:
        return overlap
    shorter, longer = sorted((len(gold.split()), len(found.split())))
    return 0.45 if contained >= 0.99 and shorter >= 2 and longer <= 3 * shorter + 4 else 0.0


_RULES: dict[str, Callable[[str, str], float]] = {"holdsRole": _role_score, "said": _quotation_score, "finds": _finding_score}


def align(gold: Sequence[Row], found: Sequence[Row]) -> tuple[dict[str, str], dict[str, str]]:
    """Join found to gold entities one to one: same type before another type, then the longest and the most shared names.

    Yields (found id -> gold id), and the part of it whose types differ.
    """
    pairs = []
    for g in gold:
        gold_names = _names(g["names"], g["type"])
        for f in found:
            shared = gold_names & (_names(f["names"], f["type"]) | _names(f["names"], g["type"]))
            if shared:
                pairs.append((f["type"] != g["type"], -max(len(n.split()) for n in shared), -len(shared), g["id"], f["id"]))
    mapping: dict[str, str] = {}
    wrong: dict[str, str] = {}
    taken: set[str] = set()
    for other_type, _, _, gold_id, found_id in sorted(pairs):
        if gold_id in taken or found_id in mapping:
            continue
        mapping[found_id] = gold_id
        taken.add(gold_id)
        if other_type:
            wrong[found_id] = gold_id
    return mapping, wrong


def _names(forms: Iterable[str], kind: str) -> set[str]:
    return {normal(form, kind == "Person") for form in forms} - {""}


# Printing


def _score_dict(score: Score) -> dict[str, float]:
    return {"tp": score.tp, "fp": score.fp, "fn": score.fn, "p": score.p, "r": score.r, "f1": score.f1}


def _text_table(title: str, scores: Mapping[str, Score]) -> Iterator[str]:
    yield f"{title:18}     P     R    F1    tp   fp   fn"
    for row, s in scores.items():
        yield f"{row:18} {s.p:.3f} {s.r:.3f} {s.f1:.3f} {s.tp:5d}{s.fp:5d}{s.fn:5d}"


def _markdown_table(title: str, scores: Mapping[str, Score]) -> Iterator[str]:
    yield f"| {title} | P | R | F1 | right | spurious | missed |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for row, s in scores.items():
        yield f"| {row} | {s.p:.3f} | {s.r:.3f} | {s.f1:.3f} | {s.tp} | {s.fp} | {s.fn} |"

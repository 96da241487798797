"""What people decided about the graph: one plain text file, a decision a line, which every build obeys.

A line is a JSON object; lines that are empty or begin with ``#`` are nobody's decision. Their order does not matter and a line that
stands there twice counts once, so that git can merge two versions by keeping the lines of both (``decisions.txt merge=union``).

    {"same": ["person/ann-hart.kent", "person/ann-hart.titled"], "by": "Eve Dunn", "on": "2026-03-01", "why": "her own CV"}
    {"different": ["person/jon-bell.kent.sergeant", "person/jon-bell.doc.d7"], ...}
    {"rename": "person/ann-hart.kent", "to": "Ann Hart-Lowe", ...}
    {"reject": {"document": "d7", "subject": "Jon Bell", "predicate": "convictedOf", "object": "theft", "status": "asserted",
                "words": "Jon Bell reported the theft."}, ...}
    {"accept": {...}, ...}
    {"correct": {...}, "to": {"status": "denied", "start": "2024-03"}, ...}
    {"forget": "SALT:HASH", ...}

How a decision says what it is about decides how long it lasts:

- a thing by its id, the local part of its IRI. An id is made of a name and of what one document tells of its bearer, so documents that
  come and go do not change it, nor does another base IRI. The id ``.doc.DOCUMENT`` means the one thing of that name in that document.
- a fact by its document, the names that its two ends have in that document (or its text), its predicate and status, and the words it
  was read from, with single spaces. No offset, which any word put in before would move; no id of an entity, which another decision or
  another fact can change; and so what becomes of a fact depends on its own document and on nothing else. Another status is another
  fact: who rejects "was convicted" has not rejected "is accused".
- a forgotten person by a salted hash of the name, see ``kg.forgetting``.

A decision that finds nothing to be about is kept and reported: the document may come back.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import networkx as nx

from kg.errors import InputError
from kg.folder import GraphFolder, locked, writing
from kg.model import STATUSES, Entity, Fact, Reading
from kg.plugins import signatures
from kg.rdf.dates import bounds
from kg.safe import for_json
from kg.vocabulary import digest

PAIRS = ("same", "different")
ABOUT_FACTS = ("reject", "accept", "correct")
KINDS = (*PAIRS, "rename", *ABOUT_FACTS, "forget")
DEFAULT_NAME = "decisions.txt"
_PATIENCE = 10  # seconds that somebody else who writes the file is waited for

_TRACE = ("by", "on", "why")
_ADDRESS = ("document", "subject", "predicate", "object", "status", "words")
_CORRECTABLE = ("object", "status", "start", "end")
_HEAD = """\
# Decisions about the graph, made with kg review and kg forget and obeyed by kg build; see: kg review --help
# One a line, in any order. Keep this file under version control (.gitattributes: decisions.txt merge=union).
"""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """What tells one fact from the others, whatever else changes; all are texts."""

    document: str
    subject: str  #: the name it has in that document
    predicate: str
    object: str  #: the name it has in that document, or the text
    status: str
    words: str  #: its evidence with single spaces


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the file."""

    kind: str  #: one of KINDS
    by: str
    on: str  #: ISO 8601 day
    why: str
    entities: tuple[str, ...] = ()  #: ids: two, sorted, of "same" and "different", one of "rename"
    fact: Address | None = None  #: of "reject", "accept" and "correct"
    to: tuple[tuple[str, str | None], ...] = ()  #: what "correct" changes, by name; ("name", ...) of "rename"
    hash: str = ""  #: of "forget": salt, colon, hash
    line: int = field(default=0, compare=False)  #: where it stands, for messages

    @property
    def key(self) -> str:
        """A short text that tells it from all others; the same wherever it stands."""
        return digest(self.text)

    @property
    def text(self) -> str:
        """Its line, without a line end."""
        about: object = list(self.entities)
        if self.kind == "rename":
            about = self.entities[0]
        elif self.fact:
            about = {name: getattr(self.fact, name) for name in _ADDRESS}
        elif self.kind == "forget":
            about = self.hash
        to: dict[str, object] = {}
        if self.to:
            to = {"to": self.to[0][1] if self.kind == "rename" else dict(self.to)}
        return for_json({self.kind: about, **to, "by": self.by, "on": self.on, "why": self.why})


@dataclass(frozen=True)
class Decisions:
    """All decisions, sorted by their text and each once; empty where nobody decided anything."""

    all: tuple[Decision, ...] = ()

    def of(self, *kinds: str) -> Iterator[Decision]:
        """Those of some kinds."""
        return (decision for decision in self.all if decision.kind in kinds)

    def about(self, document: str) -> tuple[Decision, ...]:
        """Those about facts of a document."""
        return self._by_document.get(document, ())

    @cached_property
    def _by_document(self) -> dict[str, tuple[Decision, ...]]:
        found: dict[str, tuple[Decision, ...]] = {}
        for decision in self.of(*ABOUT_FACTS):
            if decision.fact:
                found[decision.fact.document] = (*found.get(decision.fact.document, ()), decision)
        return found

    @property
    def same(self) -> frozenset[frozenset[str]]:
        """Pairs of ids that are one thing."""
        return frozenset(frozenset(decision.entities) for decision in self.of("same"))

    @property
    def different(self) -> frozenset[frozenset[str]]:
        """Pairs of ids that are two things, whatever speaks for one."""
        return frozenset(frozenset(decision.entities) for decision in self.of("different"))

    @property
    def forgotten(self) -> frozenset[str]:
        """Salt, colon and hash of every forgotten name."""
        return frozenset(decision.hash for decision in self.of("forget"))


@dataclass(frozen=True, slots=True)
class Settled:
    """Readings after the decisions about facts, and the pairs of ids as they are to be obeyed in joining them."""

    readings: tuple[Reading, ...]
    same: frozenset[frozenset[str]]
    different: frozenset[frozenset[str]]
    met: frozenset[str]  #: keys of the decisions about facts that found their fact
    moved: Mapping[str, tuple[str, ...]]  #: id -> the ids that some of its chains have since facts changed


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of one decision."""

    decision: Decision
    entities: tuple[str, ...] = ()  #: ids of the entities it touched
    documents: tuple[str, ...] = ()  #: ids of the documents it touched

    @property
    def obeyed(self) -> bool:
        """Whether it found what it is about."""
        return bool(self.entities or self.documents)


# Reading and writing


def read(path: Path) -> Decisions:
    """The decisions in a file. Raises InputError that names every line that cannot be obeyed, and what would be right."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a file of decisions") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; decisions are written in UTF-8") from error
    found, faults = [], []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                found.append(replace(parse(line), line=number))
            except ValueError as error:
                faults.append(f"line {number}: {error}")
    faults += _conflicts(found)
    if faults:
        raise InputError(f"{path}: {'; '.join(faults)}")
    return collect(found)


def collect(decisions: Iterable[Decision]) -> Decisions:
    """Each decision once, in the order of their texts."""
    return Decisions(tuple({decision.text: decision for decision in sorted(decisions, key=lambda d: (d.text, -d.line))}.values()))


def parse(line: str) -> Decision:
    """The decision on a line. Raises ValueError that says what is wrong and what would be right."""
    try:
        values = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply to be a decision") from None
    except ValueError as error:
        raise ValueError(f"not JSON ({error}); a line looks like "
                         '{"same": ["ID", "ID"], "by": "WHO", "on": "2026-01-31", "why": "REASON"}') from error
    if not isinstance(values, dict):
        raise ValueError(f"{_shown(values)} is no decision; it should be an object in braces")
    kinds = [kind for kind in KINDS if kind in values]
    if len(kinds) != 1:
        raise ValueError(f"names {len(kinds)} decisions; it should have one of {', '.join(KINDS)}")
    kind = kinds[0]
    allowed = {kind, *_TRACE} | ({"to"} if kind in {"rename", "correct"} else set())
    for name in values:
        if name not in allowed:
            raise ValueError(f"unknown key {name!r}; {kind} takes {', '.join(sorted(allowed - {kind}))}")
    by, on, why = (_text(values, name) for name in _TRACE)
    _check_day(on)
    made = Decision(kind, by, on, why)
    if kind in PAIRS:
        return replace(made, entities=_pair(kind, values[kind]))
    if kind == "rename":
        return replace(made, entities=(_id(values[kind]),), to=(("name", " ".join(_text(values, "to").split())),))
    if kind == "forget":
        salt, _, hashed = _text(values, kind).partition(":")
        if not salt or len(hashed) != 64 or set(hashed) - set("0123456789abcdef"):
            raise ValueError(f"forget is {_shown(values[kind])}; it should be a salt, a colon and a SHA-256 in hexadecimal, "
                             "as kg forget writes it")
        return replace(made, hash=f"{salt}:{hashed}")
    address = _address(values[kind])
    to = _changes(address, values.get("to")) if kind == "correct" else ()
    return replace(made, fact=address, to=to)


def append(path: Path, decisions: Iterable[Decision], *, without: Callable[[str], bool] = lambda line: False) -> list[str]:
    """Put decisions into the file, each at its place in the order of texts; comments and what stands there stay as they are.

    Lines for which ``without`` holds are taken out in the same stroke, and returned. Raises InputError where the file cannot be read or
    written, or would then hold decisions that contradict one another. Whoever else writes the file meanwhile waits.
    """
    busy = f"{path}: another program is writing this file; try again when it is done"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.resolve(), busy, timeout=_PATIENCE, failed=InputError):
            return _append(path, decisions, without)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}); give a file in a folder you may write to") from error


def _append(path: Path, decisions: Iterable[Decision], without: Callable[[str], bool]) -> list[str]:
    before = read(path).all if path.exists() else ()
    lines = (path.read_text(encoding="utf-8-sig") if path.exists() else _HEAD).rstrip("\n").split("\n")
    gone = [line for line in lines if without(line)]
    lines = [line for line in lines if line not in gone]
    kept = [decision for decision in before if not without(decision.text)]
    fresh = [decision for decision in collect(decisions).all if decision not in kept]
    if faults := _conflicts([*kept, *fresh]):
        raise InputError(f"{path}: not written, as {'; '.join(faults)}")
    for decision in fresh:
        places = [i for i, line in enumerate(lines) if line.startswith("{")]
        at = bisect_left([lines[i] for i in places], decision.text)
        lines.insert(places[at] if at < len(places) else len(lines), decision.text)
    if fresh or gone:
        with writing(path, InputError) as stream:
            stream.write("".join(line + "\n" for line in lines).encode())
    return gone


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value.strip():
        said = f"{name} is {_shown(value)}" if name in values else f"{name} is missing"
        raise ValueError(f"{said}; it should be a text")
    return value.strip()


def _check_day(day: str) -> None:
    try:
        if date.fromisoformat(day).isoformat() == day:
            return
    except ValueError:
        pass
    raise ValueError(f"on is {_shown(day)}; it should be a day like 2026-01-31")


def _id(value: Any) -> str:
    if not isinstance(value, str) or not value.strip("/").count("/"):
        raise ValueError(f"{_shown(value)} is no id; it should be one that kg prints, such as person/ann-hart.kent")
    return value


def _pair(kind: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"{kind} is {_shown(value)}; it should be a list of two ids")
    pair = tuple(sorted(map(_id, value)))
    if pair[0] == pair[1]:
        raise ValueError(f"{kind} names {pair[0]!r} twice; it should name two things")
    if len({id_.partition("/")[0] for id_ in pair}) > 1:
        raise ValueError(f"{kind} names {' and '.join(pair)}, which are of two types; it should name two of one type")
    return pair


def _address(value: Any) -> Address:
    if not isinstance(value, dict) or set(value) != set(_ADDRESS):
        raise ValueError(f"{_shown(value)} is no fact; it should be an object with {', '.join(_ADDRESS)}")
    document, subject, predicate, target, status, words = (_text(value, name) for name in _ADDRESS)
    address = Address(document, subject, predicate, target, status, " ".join(words.split()))
    if address.predicate not in signatures():
        raise ValueError(f"predicate is {_shown(address.predicate)}; it should be one of {', '.join(signatures())}")
    _check_status(address.predicate, address.status)
    return address


def _check_status(predicate: str, status: Any) -> None:
    if status not in STATUSES:
        raise ValueError(f"status is {_shown(status)}; it should be one of {', '.join(STATUSES)}")
    if predicate == "accusedOf" and status == "asserted":
        raise ValueError("an accusation is never asserted; its status should be alleged, denied or hypothetical")


def _changes(address: Address, value: Any) -> tuple[tuple[str, str | None], ...]:
    if not isinstance(value, dict) or not value or set(value) - set(_CORRECTABLE):
        raise ValueError(f"to is {_shown(value)}; it should be an object with some of {', '.join(_CORRECTABLE)}")
    for name in ("object", "status"):
        if name in value:
            _text(value, name)
    if "status" in value:
        _check_status(address.predicate, value["status"])
    for name in ("start", "end"):
        if value.get(name) is not None and not (isinstance(value[name], str) and bounds(value[name])):
            raise ValueError(f"{name} is {_shown(value[name])}; it should be a date like 2024, 2024-03 or 2024-03-31, or null for none")
    return tuple(sorted(value.items()))


def _conflicts(found: Sequence[Decision]) -> list[str]:
    """What decisions cannot be obeyed together, a text each that names their lines (or themselves, where they are not in the file yet)."""
    faults = []
    graph: nx.Graph[str] = nx.Graph()
    for decision in found:
        if decision.kind == "same":
            graph.add_edge(*decision.entities, decision=decision)
    for decision in found:
        if decision.kind == "different" and all(id_ in graph for id_ in decision.entities) and nx.has_path(graph, *decision.entities):
            path = nx.shortest_path(graph, *decision.entities)
            others = [graph.edges[pair]["decision"] for pair in zip(path, path[1:], strict=False)]
            pair = " and ".join(decision.entities)
            faults.append(f"{_where(decision)} tells {pair} apart, and by {_all(others)} they are the same")
    by_target: defaultdict[object, list[Decision]] = defaultdict(list)
    for decision in found:
        if decision.kind == "rename" or decision.fact:
            by_target[decision.fact or decision.entities].append(decision)
    for several in by_target.values():
        kinds = {decision.kind for decision in several}
        values: defaultdict[str, set[str | None]] = defaultdict(set)
        for decision in several:
            for name, value in decision.to:
                values[name].add(value)
        if len(kinds) > 1 and "reject" in kinds or any(len(choices) > 1 for choices in values.values()):
            faults.append(f"{_all(several)} contradict one another; keep one of them")
    return faults


def _where(decision: Decision) -> str:
    return f"line {decision.line}" if decision.line else f"the new decision ({decision.kind})"


def _all(decisions: Iterable[Decision]) -> str:
    return " and ".join(dict.fromkeys(map(_where, sorted(decisions, key=lambda d: d.line))))


# Obeying


def address_of(reading: Reading, fact: Fact) -> Address:
    """How a decision names a fact of a reading."""
    target = reading.chains[fact.object].name if isinstance(fact.object, int) else fact.object
    words = " ".join(reading.document.text[slice(*fact.evidence)].split())
    return Address(reading.document.id, reading.chains[fact.subject].name, fact.predicate, target, fact.status, words)


def settle(readings: Sequence[Reading], decisions: Decisions, ids: Callable[[Reading], Sequence[str]]) -> Settled:
    """The readings without what was rejected and with what was accepted and corrected; ``ids`` gives the ids of a reading's chains."""
    obeyed = [obey(reading, decisions, ids) for reading in readings]
    moved = together(one.moved for one in obeyed)
    left = {id_ for one in obeyed for id_ in ids(one.reading)} if moved else set()
    same, different = pairs(decisions, moved, left.__contains__)
    return Settled(tuple(one.reading for one in obeyed), same, different, frozenset().union(*(one.met for one in obeyed)), moved)


@dataclass(frozen=True, slots=True)
class Obeyed:
    """One reading after the decisions about its facts."""

    reading: Reading
    met: frozenset[str] = frozenset()  #: keys of the decisions that found their fact
    moved: tuple[tuple[str, str], ...] = ()  #: old and new ids of chains that have another one since facts changed


def obey(reading: Reading, decisions: Decisions, ids: Callable[[Reading], Sequence[str]]) -> Obeyed:
    """A reading as decisions about its facts leave it. A fact that was accepted or corrected by a person has confidence 1."""
    here: defaultdict[Address, list[Decision]] = defaultdict(list)
    for decision in decisions.about(reading.document.id):
        assert decision.fact
        here[decision.fact].append(decision)
    if not here:
        return Obeyed(reading)
    met: set[str] = set()
    after = _settle_one(reading, here, met)
    moved = sorted({pair for pair in zip(ids(reading), ids(after), strict=True) if pair[0] != pair[1]}) if after is not reading else ()
    return Obeyed(after, frozenset(met), tuple(moved))


def together(moved: Iterable[Iterable[tuple[str, str]]]) -> dict[str, tuple[str, ...]]:
    """Old id -> the ids that some of its chains have now, over all documents."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in moved:
        for old, new in one:
            found[old].add(new)
    return {old: tuple(sorted(new)) for old, new in sorted(found.items())}


def pairs(decisions: Decisions, moved: Mapping[str, tuple[str, ...]],
          left: Callable[[str], bool]) -> tuple[frozenset[frozenset[str]], frozenset[frozenset[str]]]:
    """The pairs of ids that are the same and that are different, as they are to be obeyed. ``left`` tells whether a chain has an id still.

    Facts are part of what an id is made of, so a chain may have another one after decisions. It stays different from what its old id was
    told to be different from; it is still the same as something only where no other chain has kept that id, since a rejected fact must
    not join anybody.
    """
    same = decisions.same
    if any(id_ in moved for pair in same for id_ in pair):
        same = _followed(same, {old: new for old, new in moved.items() if not left(old)})
    return same, _followed(decisions.different, moved)


def finish(entities: Sequence[Entity], decisions: Decisions, settled: Settled) -> tuple[tuple[Entity, ...], tuple[Trace, ...]]:
    """The entities under the names that people gave them, and what became of every decision but those to forget somebody."""
    by_id = {id_: entity.id for entity in entities for id_ in (entity.id, *entity.keys)}
    names, traces = trace(decisions, settled.met, settled.moved, by_id.get)
    return tuple(renamed(entity, names.get(entity.id)) for entity in entities), traces


def trace(decisions: Decisions, met: Container[str], moved: Mapping[str, tuple[str, ...]],
          entity_of: Callable[[str], str | None]) -> tuple[dict[str, str], tuple[Trace, ...]]:
    """The names that people gave entities, by id, and what became of every decision but those to forget somebody.

    ``entity_of`` gives the id of the entity that has an id or key.
    """
    names: dict[str, str] = {}
    traces = []
    for decision in decisions.of(*PAIRS, "rename", *ABOUT_FACTS):
        if decision.fact:
            traces.append(Trace(decision, documents=(decision.fact.document,) if decision.key in met else ()))
            continue
        ends = [_now(end, entity_of, moved) for end in decision.entities]
        touched = tuple(sorted({id_ for end in ends for id_ in end})) if all(ends) else ()
        if decision.kind in PAIRS and (len(touched) == 1) != (decision.kind == "same"):
            touched = ()
        traces.append(Trace(decision, touched))
        if decision.kind == "rename":
            names |= dict.fromkeys(touched, decision.to[0][1] or "")
    return names, tuple(traces)


def _now(id_: str, entity_of: Callable[[str], str | None], moved: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The entity that has an id, or else those that its chains have become."""
    if found := entity_of(id_):
        return [found]
    return [found for now in moved.get(id_, ()) if (found := entity_of(now))]


def renamed(entity: Entity, name: str | None) -> Entity:
    """The entity under another name, if there is one."""
    return replace(entity, name=name, names=tuple(dict.fromkeys((name, *entity.names)))) if name else entity


def _settle_one(reading: Reading, here: Mapping[Address, Sequence[Decision]], met: set[str]) -> Reading:
    facts: list[Fact] = []
    changed = False
    for fact in reading.facts:
        address = _addressed(reading, fact)
        told = here.get(address, ()) if address else ()
        kept: Fact | None = fact
        for decision in told:
            kept = _obeyed(reading, kept, decision) if kept else None
            if kept is not fact or decision.kind == "reject":
                met.add(decision.key)
        changed = changed or kept is not fact
        if kept:
            facts.append(kept)
    return replace(reading, facts=tuple(facts)) if changed else reading


def _addressed(reading: Reading, fact: Fact) -> Address | None:
    """A decision's words are stripped, so names are compared likewise."""
    found = address_of(reading, fact)
    return replace(found, subject=found.subject.strip(), object=found.object.strip())


def _obeyed(reading: Reading, fact: Fact, decision: Decision) -> Fact | None:
    """The fact as the decision leaves it, or None where it is rejected; the very same where a correction cannot be made."""
    if decision.kind == "reject":
        return None
    changes: dict[str, Any] = dict(decision.to)
    if "object" in changes and isinstance(fact.object, int):
        reach = signatures()[fact.predicate][1]
        fitting = [i for i, chain in enumerate(reading.chains) if chain.name.strip() == changes["object"] and chain.type in reach]
        if len(fitting) != 1:
            return fact
        changes["object"] = fitting[0]
    return replace(fact, **changes, confidence=1.0, decisions=tuple(sorted({*fact.decisions, decision.key})))


def _followed(pairs: Iterable[frozenset[str]], moved: Mapping[str, tuple[str, ...]]) -> frozenset[frozenset[str]]:
    """The pairs, and once more with every id that one of theirs has become."""
    choices = ([(id_, *moved.get(id_, ())) for id_ in sorted(pair)] for pair in pairs)
    return frozenset(frozenset(ends) for choice in choices for ends in product(*choice) if len(set(ends)) == len(choice))


def path_for(graph_dir: Path, given: Path | None = None) -> Path:
    """Where the decisions about a graph are kept: beside its folder, which every build replaces, unless another file is given."""
    return given or graph_dir.resolve().parent / DEFAULT_NAME


def to_obey(graph_dir: Path, given: Path | None = None) -> Decisions:
    """The decisions for a build of the graph. Raises InputError where a file is given and missing, or was obeyed and is gone.

    A build that went on without them would bring back what people took out.
    """
    path, obeyed = path_for(graph_dir, given), GraphFolder(graph_dir).decisions
    if path.exists() or given:
        return read(path)
    if obeyed:
        raise InputError(f"{graph_dir}: the graph there obeys {obeyed} decision{'' if obeyed == 1 else 's'} of people, and there is no "
                         f"{path}; give their file with --decisions FILE (an empty one drops them)")
    return Decisions()

"""The graph from Python: build or open one, and ask it. Re-exported by ``kg`` itself.

Examples:
    >>> import kg
    >>> graph = kg.open("graph")
    >>> graph
    Graph('graph': 3 documents, 14 entities, 24 facts)

Every fact carries its status, and shows it wherever it is shown: what a document alleges is never handed out as what is so.
All texts are plain, as they stand in the documents; what is shown in a notebook is escaped.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar, cast, overload

from kg.config import Config
from kg.errors import ExportError, GraphFolderError, InputError, QueryError
from kg.folder import GraphFolder, open_folder, text_name, writing
from kg.model import STATUSES, Problem
from kg.progress import Progress

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import pyoxigraph

    from kg.evaluate import Report
    from kg.query import Match
    from kg.validate import Violation

Status: TypeAlias = Literal["asserted", "alleged", "proposed", "denied", "hypothetical"]
Value: TypeAlias = "str | int | float | bool | None"
Paths: TypeAlias = "str | Path | Iterable[str | Path]"
_T = TypeVar("_T")

_CONTEXT = 200  #: characters shown before and after a piece of evidence


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read; what is not known of it is None."""

    id: str
    title: str | None
    date: str | None  #: ISO 8601 day
    source: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a document's text that stands for an entity; offsets count characters, the end is exclusive."""

    document: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, body, place or other thing, over all documents of a graph."""

    iri: str
    type: str  #: ``Person``, ``PoliceForce`` ...
    name: str
    names: tuple[str, ...] = field(compare=False)  #: all names it goes by, ``name`` first
    mentions: tuple[Mention, ...] = field(compare=False, repr=False)

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents that mention it, in order."""
        return tuple(dict.fromkeys(mention.document for mention in self.mentions))

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as one document tells it. What is not ``asserted`` says so wherever the fact is shown as text.

    Examples:
        >>> fact = kg.open("graph").facts(about="Carla Dean")[0]
        >>> fact.status
        'proposed'
        >>> str(fact)
        'proposed: Carla Dean - head of - Essex Police (document appointed)'
    """

    subject: Entity
    predicate: str
    object: Entity | str  #: an entity, or text of the document
    status: Status
    document: str  #: id of the document
    sentence: str  #: the words it was read from
    span: tuple[int, int]  #: where they stand in the document's text, in characters, end exclusive
    confidence: float  #: 0 to 1: how often such facts are right
    start: str | None  #: ISO 8601 or EDTF, at the precision of the text
    end: str | None
    source: str  #: the rules or models that read it

    def __str__(self) -> str:
        from kg.render.style import words

        # The status comes first, so that whoever cuts the text short keeps it.
        stated = "" if self.status == "asserted" else f"{self.status}: "
        dates = f"{self.start or ''}..{self.end or ''}, " if self.start or self.end else ""
        return f"{stated}{self.subject} - {words(self.predicate)} - {self.object} ({dates}document {self.document})"

    def _repr_html_(self) -> str:
        return Facts((self,))._repr_html_()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a fact was read from, with some text around them."""

    document: Document
    start: int  #: offset in the document's text, in characters
    end: int  #: exclusive
    text: str
    before: str
    after: str

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from kg.display import evidence

        return evidence(self.before, self.text, self.after, [self.document.id, self.document.source, self.document.date])


class _Rows(Sequence[_T]):
    """An unchangeable list with a look of its own."""

    def __init__(self, rows: Iterable[_T]) -> None:
        self._rows = tuple(rows)

    @overload
    def __getitem__(self, index: int) -> _T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[_T]: ...
    def __getitem__(self, index: int | slice) -> _T | Sequence[_T]:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rows) and self._rows == other._rows

    def __hash__(self) -> int:
        return hash(self._rows)


class Picture(str):
    """A picture as the text of an SVG, which notebooks draw."""

    def _repr_html_(self) -> str:
        return str(self)


class Facts(_Rows[Fact]):
    """Facts in order; a table in a notebook, a data frame with ``to_pandas``, a picture with ``picture``."""

    @overload
    def __getitem__(self, index: int) -> Fact: ...
    @overload
    def __getitem__(self, index: slice) -> Facts: ...
    def __getitem__(self, index: int | slice) -> Fact | Facts:
        return Facts(self._rows[index]) if isinstance(index, slice) else self._rows[index]

    def __repr__(self) -> str:
        return "\n".join(map(str, self._rows)) or "no facts"

    def to_pandas(self) -> pd.DataFrame:
        """One row a fact, its status in a column. Raises ExportError where pandas is not installed."""
        columns = ("subject", "subject_type", "subject_iri", "predicate", "object", "object_type", "object_iri", "status", "start", "end",
                   "document", "sentence", "confidence", "source")
        return _frame(columns, (
            (fact.subject.name, fact.subject.type, fact.subject.iri, fact.predicate, *_object(fact), fact.status, fact.start, fact.end,
             fact.document, fact.sentence, fact.confidence, fact.source)
            for fact in self._rows))

    def picture(self) -> Picture:
        """The facts between entities as a small SVG picture, each line with its predicate and its status; at most 40 are drawn."""
        from kg.display import picture

        return Picture(picture([(fact.subject.name, fact.subject.iri, fact.predicate, fact.object.name, fact.object.iri, fact.status)
                        for fact in self._rows if isinstance(fact.object, Entity)]))

    def _repr_html_(self) -> str:
        from kg.display import badge, table
        from kg.render.style import words

        return table(("status", "subject", "predicate", "object", "when", "sentence", "document"), (
            (badge(fact.status), fact.subject, words(fact.predicate), fact.object,
             f"{fact.start or ''}..{fact.end}" if fact.end else fact.start, fact.sentence, fact.document)
            for fact in self._rows), len(self))


class Entities(_Rows[Entity]):
    """Entities in order; a table in a notebook."""

    def __repr__(self) -> str:
        return "\n".join(f"{entity.name} ({entity.type})" for entity in self._rows) or "no entities"

    def _repr_html_(self) -> str:
        from kg.display import table

        return table(("name", "type", "other names", "documents", "IRI"), (
            (entity.name, entity.type, "; ".join(entity.names[1:]), len(entity.documents), entity.iri) for entity in self._rows), len(self))


class Answer(_Rows[Mapping[str, Value]]):
    """The rows that answer a question, each a mapping from column to value: text, number, truth, or None where there is none.

    Dates are ISO 8601 texts at the precision of the document; an entity stands as its name or its IRI, as the question asks for.
    """

    def __init__(self, columns: Iterable[str], rows: Iterable[Mapping[str, Value]]) -> None:
        super().__init__(rows)
        self.columns = tuple(columns)

    def __repr__(self) -> str:
        return "\n".join(", ".join(f"{name}={row[name]!r}" for name in self.columns if row[name] is not None) for row in self) or "no rows"

    def to_pandas(self) -> pd.DataFrame:
        """The answer as a data frame. Raises ExportError where pandas is not installed."""
        return _frame(self.columns, (tuple(row.values()) for row in self))

    def _repr_html_(self) -> str:
        from kg.display import badge, table

        return table(self.columns, (
            tuple(badge(str(value)) if name == "status" and value in STATUSES else value for name, value in row.items()) for row in self),
            len(self))


class Graph:
    """A graph that was built. It is read only: it changes when it is built again.

    Entities may be given by any of their names, whatever its case, by their IRI, or as an ``Entity``.
    """

    def __init__(self, folder: GraphFolder, workshop: TemporaryDirectory[str] | None = None) -> None:
        from kg.store import open_store

        self._folder, self._store = folder, open_store(folder)
        self._workshop = workshop  # a temporary folder lasts as long as its graph

    @property
    def folder(self) -> Path:
        """The graph folder."""
        return self._folder.path

    @property
    def store(self) -> pyoxigraph.Store:
        """The RDF store behind the graph, read only, for what this class does not offer."""
        return self._store

    @cached_property
    def _documents(self) -> dict[str, Document]:
        from kg import rows

        return {row["id"]: Document(row["id"], row["title"], row["date"], row["source"], row["url"]) for row in rows.documents(self._store)}

    @cached_property
    def _entities(self) -> dict[str, Entity]:
        """IRI -> entity, in order of type, name and IRI."""
        from kg import rows

        names: dict[str, dict[str, None]] = {}
        mentions: dict[str, list[Mention]] = {}
        kinds: dict[str, tuple[str, str]] = {}
        for row in rows.entities(self._store):
            iri = row["id"]
            kinds[iri] = row["type"], row["name"]
            names.setdefault(iri, {}).update(dict.fromkeys(row["names"]))
            mentions.setdefault(iri, []).extend(
                Mention(row["document"], mention["start"], mention["end"], mention["text"]) for mention in row["mentions"])
        return {iri: Entity(iri, kind, name, tuple(names[iri]), tuple(mentions[iri]))
                for iri, (kind, name) in sorted(kinds.items(), key=lambda item: (item[1], item[0]))}

    @cached_property
    def _facts(self) -> tuple[Fact, ...]:
        from kg import rows

        def end(value: Mapping[str, str]) -> Entity | str:
            return self._entities[value["id"]] if "id" in value else value["name"]

        return tuple(
            Fact(self._entities[row["subject"]["id"]], row["predicate"], end(row["object"]), row["status"], row["document"],
                 row["evidence"]["text"], (row["evidence"]["start"], row["evidence"]["end"]), row["confidence"],
                 row["start"], row["end"], row["source"])
            for row in rows.facts(self._store))

    def documents(self) -> tuple[Document, ...]:
        """The documents that were read, by id."""
        return tuple(self._documents.values())

    def entities(self, *, type: str | None = None, name: str | None = None, document: str | None = None) -> Entities:
        """The entities: all, or those of a type, of a name, or that a document mentions.

        Raises InputError on an unknown type or document, QueryError on an unknown name, each with the nearest there are.

        Examples:
            >>> kg.open("graph").entities(type="Court")
            Chelmsford Crown Court (Court)
        """
        self._check("type", type, {entity.type for entity in self._entities.values()})
        self._check("document", document, self._documents)
        iris = None if name is None else {match.iri for match in self._matches(name)}
        return Entities(
            entity for entity in self._entities.values() if (type is None or entity.type == type) and (iris is None or entity.iri in iris)
            and (document is None or document in entity.documents))

    def entity(self, name: str) -> Entity:
        """The one entity of that name or IRI. Raises QueryError where there is none, or more than one.

        Examples:
            >>> kg.open("graph").entity("daniel frost").type
            'Person'
        """
        found = self._matches(name)
        if len(found) > 1:
            raise QueryError(f"{name!r} may be {_listed(found)}; give the IRI of one")
        return self._entities[found[0].iri]

    def facts(self, *, about: str | Entity | None = None, predicate: str | Iterable[str] | None = None,
              status: Status | Iterable[Status] | None = None, document: str | None = None, min_confidence: float = 0.0) -> Facts:
        """The facts with all of these properties, by document and place in it.

        ``about`` is the subject or the object. Where several entities go by a name, the facts of all are given, and a warning
        names them. Raises InputError or QueryError on a predicate, status, document or name that is not known.

        Examples:
            >>> kg.open("graph").facts(status=["alleged", "denied"])
            alleged: Daniel Frost - accused of - assault (document charged)
            alleged: Edward Lane - accused of - theft (document charged)
            denied: Daniel Frost - accused of - assault (2024-03-05.., document cleared)
        """
        predicates = {predicate} if isinstance(predicate, str) else None if predicate is None else set(predicate)
        statuses = {status} if isinstance(status, str) else None if status is None else set(status)
        for one in sorted(predicates or ()):
            self._check("predicate", one, {fact.predicate for fact in self._facts})
        for one in sorted(statuses or ()):
            self._check("status", one, STATUSES)
        self._check("document", document, self._documents)
        iris = {about.iri} if isinstance(about, Entity) else None if about is None else set(self._iris(about))
        return Facts(
            fact for fact in self._facts if (predicates is None or fact.predicate in predicates)
            and (statuses is None or fact.status in statuses) and (document is None or fact.document == document)
            and fact.confidence >= min_confidence
            and (iris is None or fact.subject.iri in iris or (isinstance(fact.object, Entity) and fact.object.iri in iris)))

    def evidence(self, fact: Fact) -> Evidence:
        """The words a fact was read from, with the text around them.

        Raises GraphFolderError where the graph folder does not hold the document's text as it was read.

        Examples:
            >>> graph = kg.open("graph")
            >>> str(graph.evidence(graph.facts(predicate="triedAt")[0]))
            'He was convicted of theft and jailed for 12 months at Chelmsford Crown Court.'
        """
        start, end = fact.span
        text = self._folder.read_text(fact.document)
        if text[start:end] != fact.sentence:
            raise GraphFolderError(f"{self._folder.texts / text_name(fact.document)}: was changed since it was read: characters {start} "
                                   f"to {end} are not the fact's words; build the graph again")
        return Evidence(self._documents[fact.document], start, end, text[start:end], text[max(0, start - _CONTEXT):start],
                        text[end:end + _CONTEXT])

    def query(self, question: str, /, **values: str | date | Entity) -> Answer:
        """The answer to a named question with its parameters (``on_status`` for ``--on-status``), or to SPARQL 1.1.

        CONSTRUCT and DESCRIBE give rows of subject, predicate and object; for ASK there is ``ask``. Where several entities go by a
        name, the answer is for all, and a warning names them. Raises QueryError on what cannot be asked.

        Examples:
            >>> graph = kg.open("graph")
            >>> for row in graph.query("who-led", force="West Mercia Police", on="2022-01-01"):
            ...     print(row["name"], row["start"], row["status"])
            Anna Wells 2021-09 asserted
            >>> graph.query("SELECT ?name { ?court a kg:Court ; rdfs:label ?name }")
            name='Chelmsford Crown Court'
        """
        import pyoxigraph

        from kg.answers import columns
        from kg.query import bind, named_query, resolve, run

        if _is_name(question):
            named = named_query(question)
            texts = {name.replace("_", "-"): _as_text(value) for name, value in values.items()}
            for parameter in named.parameters:
                if parameter.is_entity and parameter.name in texts:
                    self._iris(texts[parameter.name], parameter.kinds)
            result = run(self._store, bind(named, resolve(self._store, named, texts)))
        else:
            if values:
                raise QueryError(f"{', '.join(values)}: only named questions take parameters; write the values into the SPARQL")
            result = run(self._store, question)
        if isinstance(result, pyoxigraph.QueryBoolean):
            raise QueryError("ASK is answered by yes or no and not by rows; ask it with graph.ask(...)")
        if isinstance(result, pyoxigraph.QueryTriples):
            return _answer(["subject", "predicate", "object"], result)
        return _answer(columns(result), result)

    def ask(self, sparql: str) -> bool:
        """The answer to an ASK query. Raises QueryError on any other.

        Examples:
            >>> kg.open("graph").ask("ASK { ?someone kg:convictedOf ?offence }")
            True
        """
        import pyoxigraph

        from kg.query import run

        result = run(self._store, sparql)
        if not isinstance(result, pyoxigraph.QueryBoolean):
            raise QueryError("this is no ASK query; ask it with graph.query(...)")
        return bool(result)

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """The entities joined by facts; every edge has its ``predicate``, ``status``, dates, document and evidence.

        An edge is what a document says, not what is so: choose by ``status`` before drawing conclusions from a path.

        Examples:
            >>> edges = kg.open("graph").to_networkx().edges(data=True)
            >>> sorted({data["status"] for _, _, data in edges})
            ['alleged', 'asserted', 'denied', 'proposed']
        """
        from kg.export.network import to_networkx

        return to_networkx(self._store)

    def to_pandas(self) -> pd.DataFrame:
        """All facts as a data frame, one row a fact, its status in a column. Raises ExportError where pandas is not installed."""
        return Facts(self._facts).to_pandas()

    def render(self, path: str | Path) -> Path:
        """Draw the graph as one HTML page that needs no network; gives the path back. Raises ExportError where it cannot be written."""
        from kg import rows
        from kg.render import render

        render(rows.entities(self._store), rows.facts(self._store), rows.documents(self._store), path, self._folder.read_text)
        return Path(path)

    def export(self, format: str, path: str | Path) -> Path:
        """Write the graph in one of the formats of ``kg export``; gives the path back. Raises ExportError where that cannot be."""
        from kg.export import export

        with writing(Path(path)) as stream:
            export(self._store, format, stream)
        return Path(path)

    def validate(self) -> tuple[Violation, ...]:
        """What the SHACL shapes have against the graph, the worst first; nothing of severity ``Violation`` in a sound graph.

        Examples:
            >>> kg.open("graph").validate()
            ()
        """
        from kg.validate import validate

        return validate(self._store)

    def evaluate(self, gold: str | Path) -> Report:
        """The graph scored against a folder of gold files, as ``kg evaluate`` does; ``print(report.table())`` shows the scores."""
        from kg import rows
        from kg.evaluate import evaluate

        return evaluate(gold, rows.entities(self._store), rows.facts(self._store), self._folder.texts)

    def __repr__(self) -> str:
        return f"Graph({self._name!r}: {self._counts})"

    def _repr_html_(self) -> str:
        from kg.display import table
        from kg.rows import fact_counts

        counts = fact_counts(self._store)
        used = [status for status in STATUSES if any(status in of for of in counts.values())]
        rows = [(predicate, *(of.get(status) for status in used)) for predicate, of in counts.items()]
        return table(("predicate", *used), rows, len(rows), caption=f"{self._name}: {self._counts}")

    @property
    def _name(self) -> str:
        return "in a temporary folder" if self._workshop else str(self.folder)

    @property
    def _counts(self) -> str:
        counts = Counter(documents=len(self._documents), entities=len(self._entities), facts=len(self._facts))
        return ", ".join(f"{number:,} {what}" for what, number in counts.items())

    def _matches(self, name: str, kinds: Iterable[str] | None = None) -> tuple[Match, ...]:
        from kg.query import find_entities

        return find_entities(self._store, name) if kinds is None else find_entities(self._store, name, kinds)

    def _iris(self, name: str, kinds: Iterable[str] | None = None) -> tuple[str, ...]:
        """What goes by a name; several are warned of, since they may be several people."""
        found = self._matches(name, kinds)
        if len(found) > 1:
            warnings.warn(f"{name!r} may be {_listed(found)}; this is for all of them, give an IRI for one", stacklevel=3)
        return tuple(match.iri for match in found)

    @staticmethod
    def _check(what: str, value: str | None, known: Iterable[str]) -> None:
        from kg.query import suggestions

        if value is not None and value not in known:
            raise InputError(f"no {what} of this graph is called {value!r}{suggestions(value, sorted(known))}")


class _Problems(Progress):
    """Hears what could not be read."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def problem(self, problem: Problem) -> None:
        self.found.append(problem)


def build(paths: Paths, folder: str | Path | None = None, *, config: Config | None = None, decisions: str | Path | None = None,
          progress: Progress | None = None) -> Graph:
    """Read documents and make their graph, as ``kg build`` does.

    ``paths`` is a file or folder, or several. The graph goes into ``folder``, in place of a graph that is there; without one it lies in
    a temporary folder that lasts as long as the graph. ``decisions`` is the file of what people settled; without it, ``decisions.txt``
    beside the folder is obeyed, as by ``kg build``. Documents that cannot be read are left out with a warning (or told to ``progress``,
    if one is given). Raises InputError where nothing can be read and GraphFolderError where the folder cannot be written.

    Examples:
        >>> import kg
        >>> graph = kg.build("articles")
        >>> print(*graph.facts(predicate="accusedOf"), sep="\\n")
        alleged: Daniel Frost - accused of - assault (document charged)
    """
    from kg import pipeline
    from kg.decisions import to_obey
    from kg.render import render

    workshop = TemporaryDirectory(prefix="kg-") if folder is None else None
    target = Path(workshop.name) / "graph" if workshop else Path(cast("str | Path", folder))
    obeyed, heard = to_obey(target, Path(decisions) if decisions else None), _Problems()
    try:
        given = [paths] if isinstance(paths, str | Path) else paths
        summary = pipeline.build(given, target, config, decisions=obeyed, progress=progress or heard, page=render)
    finally:  # where nothing could be read, too, since the error does not say why
        for problem in heard.found:
            warnings.warn(str(problem), stacklevel=2)
    return Graph(summary.folder, workshop)


def open(folder: str | Path = "graph") -> Graph:
    """The graph in a folder that ``kg build`` or ``kg.build`` made. Raises GraphFolderError where there is none or it is damaged."""
    return Graph(open_folder(Path(folder)))


def _object(fact: Fact) -> tuple[str, str | None, str | None]:
    """Name, type and IRI of a fact's object; text has neither."""
    return (fact.object.name, fact.object.type, fact.object.iri) if isinstance(fact.object, Entity) else (fact.object, None, None)


def _is_name(question: str) -> bool:
    return question.replace("-", "").isalnum()


def _listed(matches: Iterable[Match]) -> str:
    return ", ".join(f"{match.name} ({match.type}) <{match.iri}>" for match in matches)


def _as_text(value: str | date | Entity) -> str:
    return value.iri if isinstance(value, Entity) else value.isoformat() if isinstance(value, date) else value


def _answer(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> Answer:
    return Answer(columns, (dict(zip(columns, map(_value, row), strict=True)) for row in rows))


_XSD = "http://www.w3.org/2001/XMLSchema#"


def _value(term: object) -> Value:
    """A term of RDF as a value of Python."""
    import pyoxigraph

    if isinstance(term, pyoxigraph.Literal):
        kind = term.datatype.value.removeprefix(_XSD)
        if kind == "integer":
            return int(term.value)
        if kind in ("decimal", "double", "float"):
            return float(term.value)
        return term.value == "true" if kind == "boolean" else term.value
    return None if term is None else term.value if isinstance(term, pyoxigraph.NamedNode) else str(term)


def _frame(columns: Iterable[str], rows: Iterable[tuple[Value, ...]]) -> pd.DataFrame:
    try:
        import pandas as pd
    except ImportError as error:
        raise ExportError("pandas is not installed; install it with: pip install 'kg[notebooks]'") from error
    return pd.DataFrame(list(rows), columns=list(columns))

"""Questions to a store: SPARQL 1.1 as given, and the named questions of ``ontology/queries/*.rq``.

A named question is a plain SPARQL query that answers for everything when it is run as it stands. Its head says what it asks:

    # Who led a force, and when.
    # param force: PoliceForce, required - the force
    # param on: date - only who led it on that day
    # example: kg query who-led --force "West Mercia Police" --on 2022-01-01

and the comment ``# {parameters}`` marks where the values given are bound, each as a ``VALUES`` block of RDF terms: no text
of a user ever becomes SPARQL. A parameter's kind is ``date``, ``text``, ``status``, or entity types joined by ``|`` (``Entity`` for any).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph
from rapidfuzz import fuzz, process, utils

from kg.errors import GraphFolderError, QueryError
from kg.model import STATUSES
from kg.plugins import entity_types
from kg.resources import ontology_dir
from kg.store import DAMAGE, Queryable
from kg.vocabulary import PREFIXES

Term = pyoxigraph.NamedNode | pyoxigraph.Literal
Result = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples

_XSD_DATE = pyoxigraph.NamedNode("http://www.w3.org/2001/XMLSchema#date")
_PARAMETER = re.compile(r"# param (?P<name>[a-z][a-z-]*): (?P<kind>[A-Za-z|]+)(?P<required>, required)? - (?P<help>.+)")
_MARK = "# {parameters}"

# A SERVICE clause, wherever it stands: strings and comments are not told apart from code, as any such reading could be tricked.
_GAP = r"(?:\s|#[^\n\r]*+)*+"
_SERVICE = re.compile(
    rf"[?$]\w+|(?P<service>SERVICE){_GAP}(?:SILENT{_GAP})?(?:<[^>]*>|[?$][^\s{{}}#]+|[^\s:<>{{}}#]*:[^\s{{}}#]*){_GAP}\{{", re.IGNORECASE)
_UPDATE = re.compile(
    rf"{_GAP}(?:(?:PREFIX{_GAP}[^\s:]*:{_GAP}<[^>]*>|BASE{_GAP}<[^>]*>){_GAP})*(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.IGNORECASE)
_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value a named question takes."""

    name: str
    kinds: tuple[str, ...]  #: ``date``, ``text``, ``status``, or entity types
    required: bool
    help: str

    @property
    def variable(self) -> str:
        """The SPARQL variable it binds, without its question mark."""
        return self.name.replace("-", "_")

    @property
    def is_entity(self) -> bool:
        return self.kinds[0] in entity_types()


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """One file of ``ontology/queries``."""

    name: str
    explanation: str
    parameters: tuple[Parameter, ...]
    example: str
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """An entity that goes by a name."""

    iri: str
    type: str
    name: str


def named_queries(folder: Path | None = None) -> dict[str, NamedQuery]:
    """Every named question by name, in order of the alphabet; raises QueryError on a malformed head."""
    paths = sorted((folder or ontology_dir() / "queries").glob("*.rq"))
    return {path.stem: parse_named_query(path.stem, path.read_text(encoding="utf-8")) for path in paths}


def named_query(name: str) -> NamedQuery:
    """The named question; raises QueryError with the nearest names where there is none."""
    known = named_queries()
    if name not in known:
        raise QueryError(f"no question is named {name!r}{suggestions(name, known)}; see: kg query --list")
    return known[name]


def parse_named_query(name: str, text: str) -> NamedQuery:
    """Read a question's head; raises QueryError where it is malformed."""
    explanation, example, parameters = [], "", []
    for line in text.splitlines():
        if not line.startswith("# "):
            break
        if line.startswith("# param "):
            parameters.append(_parameter(name, line))
        elif line.startswith("# example: "):
            example = line.removeprefix("# example: ")
        else:
            explanation.append(line.removeprefix("# "))
    if not explanation or not example or (parameters and _MARK not in text):
        raise QueryError(f"{name}.rq: its head should have an explanation, an example and, with parameters, the line {_MARK!r} below")
    return NamedQuery(name, " ".join(explanation), tuple(parameters), example, text)


def _parameter(name: str, line: str) -> Parameter:
    found = _PARAMETER.fullmatch(line)
    kinds = tuple(found["kind"].split("|")) if found else ()
    if kinds == ("Entity",):
        kinds = entity_types()
    if found is None or not (set(kinds) <= set(entity_types()) or kinds in {("date",), ("text",), ("status",)}):
        raise QueryError(f"{name}.rq: {line!r} should read '# param NAME: KIND[, required] - what it is'")
    return Parameter(found["name"], kinds, bool(found["required"]), found["help"])


def ask(store: Queryable, question: NamedQuery, values: Mapping[str, str]) -> Result:
    """Answer a named question with parameter values as a user writes them; raises QueryError on a wrong or missing one."""
    return run(store, bind(question, resolve(store, question, values)))


def resolve(store: Queryable, question: NamedQuery, values: Mapping[str, str]) -> dict[str, tuple[Term, ...]]:
    """Variable -> the terms a user's values stand for; a name that several entities go by stands for all of them."""
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in values:
        if name not in known:
            raise QueryError(f"{question.name} has no parameter --{name}; it takes {_listed(known)}")
    for parameter in question.parameters:
        if parameter.required and parameter.name not in values:
            raise QueryError(f"{question.name} needs --{parameter.name}: {parameter.help}")
    return {known[name].variable: _terms(store, known[name], value) for name, value in values.items()}


def bind(question: NamedQuery, terms: Mapping[str, Iterable[Term]]) -> str:
    """The question's SPARQL with the terms bound in ``VALUES`` blocks at each of its marks."""
    blocks = [f"VALUES ?{variable} {{ {' '.join(str(term) for term in some)} }}" for variable, some in terms.items()]
    return question.text.replace(_MARK, " ".join(blocks))


def run(store: Queryable, sparql: str, *, base: str | None = None, dataset: tuple[list[str], list[str]] | None = None) -> Result:
    """Run a query with the project's prefixes known.

    Relative IRIs are resolved against ``base``; ``dataset`` (IRIs of the default graphs, of the named graphs) overrides FROM clauses;
    both are for a ``pyoxigraph.Store`` alone.

    Raises QueryError with line and column where it cannot be parsed, where it would change the graph (the graph is only
    ever built) or leave the machine (SERVICE), and GraphFolderError where the store turns out damaged.
    """
    _refuse(sparql)
    further = ({"base_iri": base} if base else {}) | (_dataset(*dataset) if dataset else {})
    try:
        result: Result = store.query(sparql, prefixes=_prefixes(sparql), **further)
        return result
    except SyntaxError as error:
        raise QueryError(_syntax_message(sparql, str(error))) from error
    except DAMAGE as error:
        raise GraphFolderError(f"the store is damaged ({error}); delete the folder 'store' in the graph folder: it is made anew") from error


def _prefixes(sparql: str) -> dict[str, str]:
    """The project's prefixes that a query may use: all of them would cost more than a small question itself."""
    return {name: iri for name, iri in PREFIXES.items() if f"{name}:" in sparql}


def _dataset(default: Iterable[str], named: Iterable[str]) -> dict[str, Any]:
    try:
        return {"default_graph": list(map(pyoxigraph.NamedNode, default)), "named_graphs": list(map(pyoxigraph.NamedNode, named))}
    except ValueError as error:
        raise QueryError(f"SPARQL: a graph is named by an absolute IRI ({error})") from error


def find_entities(store: Queryable, name: str, types: Iterable[str] | None = None) -> tuple[Match, ...]:
    """The entities of the types (all, if none are given) that go by a name, whatever its case, or have that IRI; by IRI.

    Raises QueryError with the nearest names where there is none.
    """
    types = entity_types() if types is None else types
    wanted, iri = _normal(name), name.strip("<>")
    # Names are compared here, as no index of the store knows names without case and article; whose they are is asked of few.
    kinds = f"VALUES ?type {{ {' '.join(f'kg:{kind}' for kind in types)} }} ?entity a ?type"
    forms = [row["form"] for row in store.query(
        f"SELECT DISTINCT ?form WHERE {{ {kinds} ; rdfs:label|skos:altLabel ?form }}", prefixes=PREFIXES)]
    same = [form for form in forms if _normal(form.value) == wanted]
    found = _matches(store, f"VALUES ?form {{ {' '.join(map(str, same))} }} {kinds} ; rdfs:label|skos:altLabel ?form") if same else set()
    if (node := _named(iri)) is not None:
        found |= _matches(store, f"VALUES ?entity {{ {node} }} {kinds}")
    if not found:
        kinds = " or ".join(types) if len(list(types)) < len(entity_types()) else "entity"
        raise QueryError(f"no {kinds} is called {name!r} in this graph{suggestions(name, sorted(form.value for form in forms))}")
    return tuple(sorted(found, key=lambda match: match.iri))


def _matches(store: Queryable, pattern: str) -> set[Match]:
    """The entities of a pattern of ``?entity`` and ``?type``."""
    query = f"SELECT DISTINCT ?entity ?type ?name WHERE {{ {pattern} . ?entity rdfs:label ?name }}"
    return {Match(row["entity"].value, row["type"].value.rpartition("#")[2], row["name"].value)
            for row in store.query(query, prefixes=PREFIXES)}


def _named(iri: str) -> pyoxigraph.NamedNode | None:
    try:
        return pyoxigraph.NamedNode(iri)
    except ValueError:  # a name, and no IRI
        return None


def _terms(store: Queryable, parameter: Parameter, value: str) -> tuple[Term, ...]:
    if parameter.is_entity:
        return tuple(pyoxigraph.NamedNode(match.iri) for match in find_entities(store, value, parameter.kinds))
    if parameter.kinds == ("date",):
        return (_day(parameter.name, value),)
    if parameter.kinds == ("status",):
        if value not in STATUSES:
            raise QueryError(f"--{parameter.name} {value!r} is no status; it should be one of {', '.join(STATUSES)}")
        return (pyoxigraph.NamedNode(PREFIXES["status"] + value),)
    return (pyoxigraph.Literal(value),)


def _day(name: str, value: str) -> pyoxigraph.Literal:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise QueryError(f"--{name} {value!r} is no day; it should be written like 2022-01-31")
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise QueryError(f"--{name} {value!r} is no day of the calendar ({error}); it should be written like 2022-01-31") from error
    return pyoxigraph.Literal(value, datatype=_XSD_DATE)


def _normal(name: str) -> str:
    """A name without case, article, kind of quotation mark and spacing."""
    plain = unicodedata.normalize("NFKC", name).replace("’", "'").casefold()
    return " ".join(plain.split()).removeprefix("the ")


def suggestions(name: str, known: Iterable[str]) -> str:
    """The tail of an error message: up to three of the known names that are near to one, or nothing."""
    near = process.extract(name, list(known), scorer=fuzz.WRatio, processor=utils.default_process, limit=3, score_cutoff=60)
    return "; did you mean " + " or ".join(repr(choice) for choice, _, _ in near) + "?" if near else ""


def _listed(known: Mapping[str, Parameter]) -> str:
    return ", ".join(f"--{name}" for name in known) or "none"


def _refuse(sparql: str) -> None:
    for found in _SERVICE.finditer(sparql):
        if found["service"]:
            line, column = _line_column(sparql, found.start())
            raise QueryError(f"SPARQL, line {line}, column {column}: SERVICE is refused, since questions never leave this machine")
    if _UPDATE.match(sparql):
        raise QueryError("SPARQL: updates are refused, since a graph only changes by kg build; ask with SELECT, ASK, CONSTRUCT or DESCRIBE")


def _line_column(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _syntax_message(sparql: str, message: str) -> str:
    """pyoxigraph's message, which may run over many lines, as one: place, what stands there, what was expected."""
    found = _PLACE.match(message)
    if found is None:
        return "SPARQL: " + " ".join(message.split())
    line, column, expected = int(found[1]), int(found[2]), " ".join(found[3].split())
    lines = sparql.splitlines()
    here = lines[line - 1][column - 1:column + 19] if line <= len(lines) else ""
    where = f"SPARQL, line {line}, column {column}, at {here!r}" if here else f"SPARQL, line {line}, column {column}, at its end"
    if "Prefix not found" in expected:
        return f"{where}: unknown prefix before this place; known without PREFIX are {', '.join(sorted(PREFIXES))}"
    # The parser names characters and clauses of its own that help nobody; what is left is worth saying if it is short.
    choices = [choice for choice in expected.removeprefix("one of ").split(", ") if not re.search(r"[\[\]\\|]|LATERAL|SERVICE", choice)]
    said = f"expected {' or '.join(choices)}" if choices and len(choices) <= 8 else "something is missing or out of place"
    return f"{where}: {said}"

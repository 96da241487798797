"""What packages of others add: entity types, predicates, extractors and exporters, found by entry points of the group ``kg.plugins``.

An entry point names one ``Plugin``. What it declares stands beside what the project has and never in its place; its terms are in the
project's namespace, so that questions read alike. Plug-ins are taken in the order of their packages' names, and the manifest of a graph
lists them with their versions and hashes, so the same input with the same packages gives the same bytes.
``CONTRIBUTING.md`` has an example. Nothing is looked for before it is asked for.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.errors import PluginError
from kg.model import ENTITY_TYPES, LITERAL, SIGNATURES, STATUSES, Fact, Mention
from kg.resources import ontology_dir

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from kg.facts.context import Context
    from kg.store import Store

GROUP = "kg.plugins"

_TYPE, _PREDICATE, _FORMAT = re.compile(r"[A-Z][A-Za-z]*"), re.compile(r"[a-z][A-Za-z]*"), re.compile(r"[a-z][a-z0-9]*")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TERM = re.compile(r"^kg:(\w+) a ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class EntityType:
    """A type of entity, under the name that it has in ``Plugin.types``: letters with a capital first."""

    definition: str  #: one sentence, for the ontology
    find: Callable[[str], Iterable[tuple[int, int]]]  #: start and end, in characters, of every name of such a thing in a text
    standard_class: str = "http://www.w3.org/2002/07/owl#Thing"  #: IRI of the class of a wider vocabulary that its things are given too
    #: whether one name is one thing in all documents; otherwise every document has its own, as for all that only a text can tell apart
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Predicate:
    """A predicate, under the name that it has in ``Plugin.predicates``: letters with a small one first."""

    definition: str  #: one sentence, for the ontology
    subjects: frozenset[str]  #: the types its subject may have
    objects: frozenset[str]  #: the types its object may have, or ``Literal`` for text of the document
    grave: bool = False  #: it does a person grave harm where it is wrong: no plain triple where any document denies it


@dataclass(frozen=True, slots=True)
class Plugin:
    """What one entry point adds."""

    types: Mapping[str, EntityType] = field(default_factory=dict)
    predicates: Mapping[str, Predicate] = field(default_factory=dict)
    #: as in ``kg/facts/``; rows of the project's own predicates are weighed as its own rules' are, those of others stand as they are
    extractors: tuple[Callable[[Context], Iterable[Fact]], ...] = ()
    exporters: Mapping[str, tuple[str, Callable[[Store, IO[bytes]], None]]] = field(default_factory=dict)  #: as in ``kg/export/``


@dataclass(frozen=True, slots=True)
class Installed:
    """A plug-in with the package it comes from."""

    name: str
    package: str
    version: str
    sha256: str  #: of its code, since who writes a plug-in changes that more often than the version
    plugin: Plugin

    def __str__(self) -> str:
        return f"the plug-in {self.name!r} of the package {self.package} {self.version}"


@cache
def installed() -> tuple[Installed, ...]:
    """Every plug-in, by package and name. Raises PluginError, which names the package, where one cannot be used."""
    from importlib.metadata import entry_points

    found = [_load(point) for point in sorted(entry_points(group=GROUP), key=lambda point: (_package(point), point.name))]
    if not found:
        return ()
    terms = set(_TERM.findall((ontology_dir() / "kg.ttl").read_text(encoding="utf-8")))
    taken: dict[str, set[str]] = {"type": {*ENTITY_TYPES, *terms}, "predicate": {*SIGNATURES, *terms}, "format": set()}
    for one in found:
        for what, pattern, names in (("type", _TYPE, one.plugin.types), ("predicate", _PREDICATE, one.plugin.predicates),
                                     ("format", _FORMAT, one.plugin.exporters)):
            for name in names:
                if not isinstance(name, str) or not pattern.fullmatch(name):
                    raise PluginError(f"{one}: {name!r} cannot name a {what}; it should match {pattern.pattern}")
                if name in taken[what]:
                    raise PluginError(f"{one}: the {what} {name!r} is there already; give it another name")
                taken[what].add(name)
    known = {*ENTITY_TYPES, LITERAL, *(name for one in found for name in one.plugin.types)}
    for one in found:
        for name, kind in one.plugin.types.items():
            if not _IRI.fullmatch(kind.standard_class):
                raise PluginError(f"{one}: the standard class {kind.standard_class!r} of {name!r} is no IRI")
        for name, predicate in one.plugin.predicates.items():
            for end in sorted({*predicate.subjects, *predicate.objects} - known):
                raise PluginError(f"{one}: the predicate {name!r} speaks of {end!r}, which is no entity type")
    return tuple(found)


def identity() -> list[dict[str, str]]:
    """The plug-ins as the manifest lists them; part of what a pipeline is known by."""
    return [{"name": one.name, "package": one.package, "version": one.version, "sha256": one.sha256} for one in installed()]


@cache
def entity_types() -> tuple[str, ...]:
    """The names of all entity types, the project's own first."""
    return (*ENTITY_TYPES, *types())


@cache
def types() -> Mapping[str, EntityType]:
    """The entity types of plug-ins by name."""
    return {name: kind for one in installed() for name, kind in one.plugin.types.items()}


@cache
def predicates() -> Mapping[str, Predicate]:
    """The predicates of plug-ins by name."""
    return {name: predicate for one in installed() for name, predicate in one.plugin.predicates.items()}


@cache
def signatures() -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """Predicate -> the types of its subject and object, the project's own first."""
    return {**SIGNATURES, **{name: (predicate.subjects, predicate.objects) for name, predicate in predicates().items()}}


@cache
def grave() -> frozenset[str]:
    """The predicates of plug-ins that do grave harm where they are wrong."""
    return frozenset(name for name, predicate in predicates().items() if predicate.grave)


def exporters() -> Mapping[str, tuple[str, Callable[[Store, IO[bytes]], None]]]:
    """Format -> (what it is, how it is written), of plug-ins."""
    return {name: exporter for one in installed() for name, exporter in one.plugin.exporters.items()}


def mentions(text: str, body_start: int) -> list[Mention]:
    """The names that plug-ins find in a text, in order. Raises PluginError, which names the package, where one fails."""
    found = set()
    for one in installed():
        for name, kind in one.plugin.types.items():
            try:
                spans = [(int(start), int(end)) for start, end in kind.find(text)]
            except Exception as error:
                raise _failed(one, f"finding {name}", error) from error
            for start, end in spans:
                if not 0 <= start < end <= len(text):
                    raise PluginError(f"{one}: finding {name}: {start}-{end} is not within the text of {len(text)} characters")
                if start >= body_start:
                    found.add(Mention(start, end, text[start:end], name))
    return sorted(found)


def facts(context: Context) -> Iterator[Fact]:
    """The rows that plug-ins read of a document. Raises PluginError, which names package and document, where one fails."""
    for one in installed():
        for extractor in one.plugin.extractors:
            at = f"{getattr(extractor, '__name__', extractor)} on the document {context.document.id!r}"
            try:
                rows = list(extractor(context))
            except Exception as error:
                raise _failed(one, at, error) from error
            for row in rows:
                if fault := _fault(row, context):
                    raise PluginError(f"{one}: {at}: {fault}")
                yield row


def _fault(row: object, context: Context) -> str | None:
    if not isinstance(row, Fact):
        return f"it gave {row!r}; extractors give kg.model.Fact"
    if row.predicate not in signatures():
        return f"unknown predicate {row.predicate!r}; declare it in Plugin.predicates"
    if row.status not in STATUSES:
        return f"unknown status {row.status!r}; it should be one of {', '.join(STATUSES)}"
    ends = [end for end in (row.subject, row.object) if not isinstance(end, str)]
    if not all(0 <= end < len(context.chains) for end in ends):
        return f"{row.predicate} of chains {ends}, but there are only {len(context.chains)}"
    if not 0 <= row.evidence[0] < row.evidence[1] <= len(context.document.text):
        return f"{row.predicate} has the evidence {row.evidence}, which is not within the text"
    return None if 0 <= row.confidence <= 1 else f"{row.predicate} has the confidence {row.confidence}; it should be from 0 to 1"


def _package(point: EntryPoint) -> str:
    return re.sub(r"[-_.]+", "-", point.dist.name).lower() if point.dist else ""


def _load(point: EntryPoint) -> Installed:
    one = Installed(point.name, _package(point), point.dist.version if point.dist else "", "", Plugin())
    try:
        plugin = point.load()
    except Exception as error:
        raise _failed(one, f"loading {point.value}", error) from error
    if not isinstance(plugin, Plugin):
        raise PluginError(f"{one}: {point.value} is a {type(plugin).__name__}; it should be a kg.plugins.Plugin")
    return replace(one, sha256=_code_hash(point.module), plugin=plugin)


def _code_hash(module: str) -> str:
    """The hash of the code of a module that was loaded: its file, or all of its package."""
    top = sys.modules[module.partition(".")[0]].__file__  # none of a namespace package, which others share
    root = Path(top or str(sys.modules[module].__file__))
    files = sorted(root.parent.rglob("*.py")) if root.name == "__init__.py" else [root]
    state = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        state.update(f"{path.relative_to(root.parent).as_posix()}\0{len(content)}\0".encode() + content)
    return state.hexdigest()


def _failed(one: Installed, at: str, error: Exception) -> PluginError:
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return PluginError(f"{one}: {at} failed ({said}); mend it, or remove it with: pip uninstall {one.package}")

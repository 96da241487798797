"""Readings kept in the graph folder, so that the next build reads only what has changed.

``readings/`` holds one file a document, named like its text in ``texts/``. A file is two lines of JSON in ASCII:

    {"key": "<64 hex digits>", "sha256": "<64 hex digits>"}
    {"chains": [[type, name, reference, aliases, [[start, end, text, type, kind], ...]], ...],
     "facts": [[predicate, subject, object, status, [start, end], source, confidence, start, end], ...], "words": number}

(the second on one line). The key is a hash of everything that a reading follows from: the document as it is read, and the version of what
reads it. The other hash is that of the second line. The document itself is not in there: it comes from the input, each time.

A file counts only where both hashes hold and every value is of its kind and within its bounds. In any other case the document is
read again. A file is data and nothing else: nothing in it is run, and no name of a file is taken from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

from kg import plugins
from kg.model import Chain, Document, Fact, Mention, Reading
from kg.resources import ontology_dir

T = TypeVar("T")

#: libraries whose version may change what is read
_LIBRARIES = ("numpy", "onnxruntime", "spacy", "tokenizers")


def pipeline_version(model: Path) -> str:
    """A hash of what turns a document into a reading: the code, the reference data, the model's files, and the libraries' versions.

    All code counts, that of plug-ins and of other stages too: a list of what does not would be wrong one day.
    """
    package = Path(__file__).resolve().parent
    state = hashlib.sha256()
    for folder, files in ((package, package.rglob("*.py")), (ontology_dir() / "reference", (ontology_dir() / "reference").glob("*.csv")),
                          (model, model.rglob("*"))):
        for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in files if path.is_file()):
            if path.suffix != ".pyc":
                content = path.read_bytes()
                state.update(f"{name}\0{len(content)}\0".encode())
                state.update(content)
    for library in _LIBRARIES:
        state.update(f"{library} {_version(library)}\0".encode())
    state.update(json.dumps(plugins.identity()).encode())
    return state.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"


def key(document: Document, version: str) -> str:
    """The hash of all that the reading of a document follows from; where the document lies (``path``) is not in it."""
    parts = [version, document.id, document.text, document.date, document.title, document.source, document.url, document.body_start,
             document.anchor]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def key_of(content: bytes) -> str:
    """The key under which a file keeps a reading; raises ValueError, KeyError or TypeError where it is damaged."""
    return _a(str, json.loads(content.split(b"\n")[0])["key"])


def dump(reading: Reading, key: str) -> bytes:
    """The content of a file with the reading; the same reading gives the same bytes."""
    chains = [[c.type, c.name, c.reference, c.aliases, [[m.start, m.end, m.text, m.type, m.kind] for m in c.mentions]]
              for c in reading.chains]
    facts = [[f.predicate, f.subject, f.object, f.status, f.evidence, f.source, float(f.confidence), f.start, f.end] for f in reading.facts]
    body = json.dumps({"chains": chains, "facts": facts, "words": reading.words}, separators=(",", ":")).encode()
    head = json.dumps({"key": key, "sha256": hashlib.sha256(body).hexdigest()}).encode()
    return head + b"\n" + body + b"\n"


def holds(content: bytes, key: str) -> bool:
    """Whether a file holds, undamaged, what was kept under a key; quicker than to ``load`` it."""
    try:
        head, body, rest = content.split(b"\n")
        told = json.loads(head)
    except (ValueError, RecursionError):
        return False
    return not rest and bool(told == {"key": key, "sha256": hashlib.sha256(body).hexdigest()})


def load(content: bytes, document: Document, key: str) -> Reading | None:
    """The reading of the document that a file holds, or None where it holds another, or is damaged."""
    try:
        if not holds(content, key):
            return None
        held = json.loads(content.split(b"\n")[1])
        chains = tuple(_chain(document, *row) for row in held["chains"])
        facts = tuple(_fact(document, len(chains), *row) for row in held["facts"])
        return Reading(document, chains, facts, _a(int, held["words"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _chain(document: Document, type: Any, name: Any, reference: Any, aliases: Any, mentions: Any) -> Chain:
    found = tuple(_mention(document, *row) for row in mentions)
    return Chain(_a(str, type), _a(str, name), found, _maybe(reference), _texts(_a(list, aliases)))


def _mention(document: Document, start: Any, end: Any, text: Any, type: Any, kind: Any) -> Mention:
    return Mention(*_span(document, start, end), _a(str, text), _a(str, type), _a(str, kind))


def _fact(document: Document, chains: int, predicate: Any, subject: Any, target: Any, status: Any, evidence: Any, source: Any,
          confidence: Any, start: Any, end: Any) -> Fact:
    object = target if isinstance(target, str) else _position(chains, target)
    return Fact(_a(str, predicate), _position(chains, subject), object, _a(str, status), _span(document, *evidence), _a(str, source),
                _a(float, confidence), _maybe(start), _maybe(end))


def _a(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise ValueError(f"{value!r} is no {kind.__name__}")
    return value


def _maybe(value: Any) -> str | None:
    return None if value is None else _a(str, value)


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(_a(str, value) for value in values)


def _position(chains: int, value: Any) -> int:
    position = _a(int, value)
    if not 0 <= position < chains:
        raise ValueError(f"there is no chain {value}")
    return position


def _span(document: Document, start: Any, end: Any) -> tuple[int, int]:
    if not 0 <= _a(int, start) <= _a(int, end) <= len(document.text):
        raise ValueError(f"{start}-{end} is not within the text")
    return start, end

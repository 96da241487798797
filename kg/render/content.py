"""The contract's rows as what the page holds: nodes, facts, edges and sentences by position.

Nothing here knows HTML; the rows may come in any order and the result is the same.
"""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from kg.render.style import COMMISSIONER, OTHER

Row = Mapping[str, Any]

_KIND = re.compile(r"[A-Za-z][A-Za-z0-9]*")  # what may stand in the names of a style sheet
_LABEL_WIDTH, _LABEL_LINES = 20, 3
# Control characters, and those that turn the direction of text: in a label drawn on a canvas they could make a name read as another.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
                     "\U000e0000-\U000e007f]+")


@dataclass(frozen=True, slots=True)
class Node:
    """One entity over all documents."""

    id: str  #: its IRI
    type: str
    kind: str  #: the key of its style: the type, or that of a commissioner
    name: str
    names: tuple[str, ...]
    label: str  #: the name, broken into lines and shortened
    documents: int  #: how many mention it


@dataclass(frozen=True, slots=True)
class PageFact:
    """One row; nodes, documents, sentences and edges by position. ``object`` is None where ``literal`` holds."""

    subject: int
    predicate: str
    object: int | None
    literal: str | None
    status: str
    start: str | None
    end: str | None
    confidence: float
    sentence: int
    edge: int | None


@dataclass(frozen=True, slots=True)
class Content:
    """All a page shows. ``edges`` are (subject, object, status).

    Offsets count as browsers count, in UTF-16 code units.
    """

    nodes: tuple[Node, ...]
    facts: tuple[PageFact, ...]
    edges: tuple[tuple[int, int, str], ...]
    sentences: tuple[tuple[int, int, str], ...]  #: position of the document, offset in its text (-1 where that is not known), text
    documents: tuple[tuple[str, str, str, str, str], ...]  #: id, title, date, source, safe address; empty where unknown
    texts: tuple[str, ...]  #: one a document, empty where it is not known
    mentions: tuple[tuple[tuple[int, int, int], ...], ...]  #: one list a document: start, end, position of the node


def clean(text: object) -> str:
    """``text`` on one line, without control characters and without those that turn the direction of writing."""
    return " ".join(_UNSEEN.sub(" ", str(text or "")).split())


def safe_url(url: object) -> str:
    """``url`` if it is an http or https address with a host, else an empty string."""
    text = str(url or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    unsafe = parts.scheme not in ("http", "https") or not parts.hostname or _UNSEEN.search(text) or any(c.isspace() for c in text)
    return "" if unsafe else text


def label(name: str) -> str:
    """``name`` broken into at most three lines."""
    shown = " ".join(name.split())[:2 * _LABEL_WIDTH * _LABEL_LINES]  # textwrap looks at long names for ever
    lines = textwrap.wrap(shown, _LABEL_WIDTH, break_on_hyphens=False, max_lines=_LABEL_LINES, placeholder=" …")
    return "\n".join(lines) or "(no name)"


def read(
    entities: Iterable[Row], facts: Iterable[Row], documents: Iterable[Row | object], text_of: Callable[[str], str] | None = None,
) -> Content:
    """The page's content from the contract's entity rows, fact rows and the documents they speak of.

    ``text_of`` gives a document's text by its id; without it there are no texts to look at and no places within them.
    """
    entity_rows = sorted(entities, key=lambda r: (r["id"], r.get("document") or ""))
    fact_rows = sorted(facts, key=_fact_key)
    nodes = _nodes(entity_rows, fact_rows)
    place = {node.id: at for at, node in enumerate(nodes)}
    shown = _documents(documents, entity_rows, fact_rows)
    document_place = {row[0]: at for at, row in enumerate(shown)}
    texts = [_Text(text_of(row[0]) if text_of and row[0] else "") for row in shown]

    sentences: dict[tuple[int, int, str], int] = {}
    edges: dict[tuple[int, int, str], int] = {}
    read_facts = []
    for row in fact_rows:
        subject, is_text = place[row["subject"]["id"]], row["object"]["type"] == "Literal"
        target = None if is_text else place[row["object"]["id"]]
        evidence = row.get("evidence") or {}
        document, words = document_place[row.get("document") or ""], str(evidence.get("text") or "")
        key = (document, texts[document].place(int(evidence.get("start") or 0), words), words)
        edge = None if target is None else edges.setdefault((subject, target, row["status"]), len(edges))
        literal = str(row["object"]["name"]) if is_text else None
        read_facts.append(PageFact(
            subject, row["predicate"], target, literal, row["status"], row.get("start"), row.get("end"), float(row.get("confidence") or 0),
            sentences.setdefault(key, len(sentences)), edge,
        ))
    mentions = _mentions(entity_rows, place, document_place, texts)
    return Content(nodes, tuple(read_facts), tuple(edges), tuple(sentences), shown, tuple(text.whole for text in texts), mentions)


class _Text:
    """A document's text, and places in it as a browser counts them."""

    def __init__(self, whole: str) -> None:
        self.whole = whole
        self._wide = not whole.isascii() and max(whole) > "\uffff"

    def place(self, start: int, words: str) -> int:
        """The offset of ``words`` in UTF-16 code units, or -1 unless they stand there."""
        if not words or not self.whole.startswith(words, start):
            return -1
        return start + sum(c > "\uffff" for c in self.whole[:start]) if self._wide else start


def _mentions(
    rows: list[Row], place: Mapping[str, int], document_place: Mapping[str, int], texts: list[_Text],
) -> tuple[tuple[tuple[int, int, int], ...], ...]:
    found: list[set[tuple[int, int, int]]] = [set() for _ in texts]
    for row in rows:
        at = document_place[row.get("document") or ""]
        for mention in row.get("mentions", ()):
            words = str(mention["text"])
            start = texts[at].place(mention["start"], words)
            if start >= 0:
                found[at].add((start, start + len(words.encode("utf-16-le", "surrogatepass")) // 2, place[row["id"]]))
    return tuple(tuple(sorted(some)) for some in found)


def _fact_key(row: Row) -> tuple[str, ...]:
    evidence = row.get("evidence") or {}
    target = row["object"]
    ends = (row["subject"]["id"], row["predicate"], target.get("id") or "", target["name"], row["status"])
    when = (row.get("start") or "", row.get("end") or "", row.get("document") or "")
    return tuple(map(str, (*ends, *when, f"{evidence.get('start') or 0:012}", evidence.get("text") or "")))


def _nodes(entity_rows: list[Row], fact_rows: list[Row]) -> tuple[Node, ...]:
    """One node an identifier: entity rows first, then what only a fact speaks of."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in entity_rows:
        rows[row["id"]].append(row)
    for row in fact_rows:
        for end in (row["subject"], row["object"]):
            if end["type"] != "Literal" and end["id"] not in rows:
                rows[end["id"]].append(end)
    commissioners = {r["subject"]["id"] for r in fact_rows if r["predicate"] == "commissionerFor" and r["status"] == "asserted"}
    return tuple(_node(id_, rows[id_], id_ in commissioners) for id_ in sorted(rows))


def _node(id_: str, rows: list[Row], commissioner: bool) -> Node:
    type_ = str(rows[0]["type"])
    kind = type_ if _KIND.fullmatch(type_) else OTHER
    if commissioner and type_ == "Person":
        kind = COMMISSIONER
    name = clean(rows[0]["name"]) or clean(id_)
    names = dict.fromkeys(clean(n) for row in rows for n in (row["name"], *row.get("names", ())))
    documents = {row["document"] for row in rows if row.get("document")}
    return Node(
        id_, type_, kind, name, tuple(n for n in names if n), label(name), len(documents),
    )


def _documents(documents: Iterable[Row | object], *rows: list[Row]) -> tuple[tuple[str, str, str, str, str], ...]:
    """The documents that are known and those that rows speak of, by identifier."""
    known: dict[str, tuple[str, str, str, str, str]] = {}
    for document in documents:
        field = document.get if isinstance(document, Mapping) else lambda name, of=document: getattr(of, name, None)
        id_ = str(field("id"))
        known[id_] = (id_, clean(field("title")), clean(field("date")), clean(field("source")), safe_url(field("url")))
    for id_ in {str(row.get("document") or "") for some in rows for row in some} - known.keys():
        known[id_] = (id_, "", "", "", "")
    return tuple(known[id_] for id_ in sorted(known))

"""A dossier: what the documents say of one entity, claim by claim in order of date, for a lawyer's desk or a right of reply.

It is gathered once and written as a page (here) or as PDF (``dossier_pdf.py``). Nothing in it depends on a clock.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kg.rdf.dates import bounds
from kg.render.content import Row, clean, safe_url
from kg.render.style import STATUS_STYLES, node_styles, words

CAUTION = (
    "A program read every claim below from the sentence under it, and programs misread: rely on the sentence and its document, never on "
    "the claim alone. An allegation is not a finding. A claim that is denied was not so, according to its document. That a document "
    "asserts something does not make it true. The same person may also stand in the graph a second time, and two people may share a name."
)


@dataclass(frozen=True, slots=True)
class Source:
    """One document that the dossier quotes."""

    id: str
    title: str
    date: str
    source: str
    url: str  #: an http(s) address, or empty
    sha256: str  #: of its text in UTF-8, or empty where the text is not known

    @property
    def name(self) -> str:
        return self.title or self.id


@dataclass(frozen=True, slots=True)
class Quotation:
    """The sentence behind a claim. ``parts`` are (text, whether it names an end of the claim)."""

    parts: tuple[tuple[str, bool], ...]
    document: Source
    place: str  #: which characters of the text it is
    confidence: int  #: of 100 such facts, how many are right


@dataclass(frozen=True, slots=True)
class Claim:
    """What one or more sentences say alike."""

    number: int
    subject: str
    predicate: str
    object: str
    status: str
    when: str  #: the dates the text gives it, or empty
    reported: str  #: the day of the first document that says so, or empty
    quotations: tuple[Quotation, ...]
    related: tuple[tuple[int, str, str], ...]  #: number, status, predicate of other claims about the same two

    @property
    def date(self) -> str:
        return self.when or (f"reported {self.reported}" if self.reported else "no date")


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is written."""

    id: str
    name: str
    kind: str
    names: tuple[str, ...]
    namesakes: tuple[tuple[str, str], ...]  #: IRIs of others of its type and name, and how many facts of which status there are about each
    claims: tuple[Claim, ...]
    documents: tuple[Source, ...]
    statuses: tuple[tuple[str, str, int], ...]  #: status, what it means, how many claims have it


def gather(
    entities: Iterable[Row], facts: Iterable[Row], documents: Iterable[Row], text_of: Callable[[str], str], entity: str,
) -> Dossier:
    """The dossier of the entity with an IRI, from the contract's rows; the order of rows does not matter.

    ``text_of`` gives a document's text by its id. The entity has to be among the rows.
    """
    rows = sorted(entities, key=lambda row: (row["id"], row["document"]))
    own = [row for row in rows if row["id"] == entity]
    facts = list(facts)
    about = [row for row in facts if entity in (row["subject"]["id"], row["object"].get("id"))]
    known = {row["id"]: row for row in documents}
    quoted = {row["document"] for row in about} | {row["document"] for row in own}
    sources = {id_: _source(known.get(id_) or {"id": id_}, text_of(id_)) for id_ in sorted(quoted)}
    spans = {(row["document"], row["id"]): row["mentions"] for row in rows if row["document"] in quoted}
    claims = _claims(about, sources, spans)
    counts = Counter(claim.status for claim in claims)
    names = tuple(dict.fromkeys(clean(name) for row in own for name in row["names"] if name != own[0]["name"]))
    return Dossier(
        entity, clean(own[0]["name"]), next(s.label for s in node_styles([own[0]["type"]]) if s.kind == own[0]["type"]), names,
        _namesakes(rows, own, facts), claims,
        tuple(sorted(sources.values(), key=lambda s: (s.date or "9999", s.id))),
        tuple((style.status, style.says, counts[style.status]) for style in STATUS_STYLES),
    )


def _source(row: Mapping[str, Any], text: str) -> Source:
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() if text else ""
    title, date, source = (clean(row.get(key)) for key in ("title", "date", "source"))
    return Source(row["id"], title, date, source, safe_url(row.get("url")), digest)


def _namesakes(rows: list[Row], own: list[Row], facts: list[Row]) -> tuple[tuple[str, str], ...]:
    names = {row["name"].casefold() for row in own}
    others = sorted({row["id"] for row in rows
                     if row["id"] != own[0]["id"] and row["type"] == own[0]["type"] and row["name"].casefold() in names})
    told = []
    for other in others:
        counts = Counter(row["status"] for row in facts if other in (row["subject"]["id"], row["object"].get("id")))
        told.append((other, ", ".join(f"{counts[s.status]} {s.status}" for s in STATUS_STYLES if counts[s.status]) or "no facts"))
    return tuple(told)


def _claims(about: list[Row], sources: Mapping[str, Source], spans: Mapping[tuple[str, str], list[Row]]) -> tuple[Claim, ...]:
    alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in about:
        target = row["object"]
        said = (row["subject"]["id"], row["predicate"], target.get("id") or "", "" if target.get("id") else target["name"], row["status"])
        alike[*said, row["start"] or "", row["end"] or ""].append(row)
    for same in alike.values():
        same.sort(key=lambda row: (sources[row["document"]].date or "9999", row["document"], row["evidence"]["start"]))
    ordered = sorted(alike.items(), key=lambda item: (_day(item[1][0], sources), item[0]))
    number = {key: i for i, (key, _) in enumerate(ordered, 1)}
    between: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for key, _ in ordered:
        if key[2]:
            between[key[0], key[2]].append(key)
    claims = []
    for key, same in ordered:
        first = same[0]
        start, end = first["start"] or "", first["end"] or ""
        when = f"{start} to {end}" if start and end and start != end else start or (f"to {end}" if end else "")
        related = tuple((number[other], other[4], words(other[1])) for other in between[key[0], key[2]] if other != key) if key[2] else ()
        claims.append(Claim(
            number[key], clean(first["subject"]["name"]), words(key[1]), clean(first["object"]["name"]), key[4], when,
            sources[first["document"]].date, tuple(_quotation(row, sources, spans) for row in same), related,
        ))
    return tuple(claims)


def _day(row: Row, sources: Mapping[str, Source]) -> str:
    """The first day a claim may speak of: by its own dates, else by its first document's."""
    found = bounds(row["start"]) or bounds(row["end"]) or bounds(sources[row["document"]].date)
    return found.earliest if found else "9999"


def _quotation(row: Row, sources: Mapping[str, Source], spans: Mapping[tuple[str, str], list[Row]]) -> Quotation:
    evidence, document = row["evidence"], row["document"]
    start, end, text = evidence["start"], evidence["end"], evidence["text"]
    ends = [spans.get((document, row[side].get("id", "")), []) for side in ("subject", "object")]
    marks = sorted((m["start"] - start, m["end"] - start) for some in ends for m in some if start <= m["start"] and m["end"] <= end)
    parts: list[tuple[str, bool]] = []
    done = 0
    for first, last in marks:
        if first >= done:
            parts += [(text[done:first], False), (text[first:last], True)]
            done = last
    parts.append((text[done:], False))
    return Quotation(tuple((words_, marked) for words_, marked in parts if words_), sources[document],
                     f"characters {start:,} to {end:,}", round(100 * row["confidence"]))


def html(dossier: Dossier) -> str:
    """The dossier as one page that asks no network for anything; the same dossier gives the same text."""
    environment = Environment(
        loader=PackageLoader("kg.render"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    looks = environment.get_template("dossier.css").render(status_styles=STATUS_STYLES)
    digest = base64.b64encode(hashlib.sha256(looks.encode("utf-8")).digest()).decode("ascii")
    return environment.get_template("dossier.html").render(
        dossier=dossier, caution=CAUTION, looks=Markup(looks),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )

"""FollowTheMoney entities as JSON Lines, for Aleph and other tools of investigative newsrooms.

FollowTheMoney has no place for a status, and its tools draw every link as if it were so. Hence the rule: a link stands only for what
a document asserts, with ``asserted`` as its status, its sentence and its document. Everything else that was read is a Note that begins
with its status. A court case is one that names a court or who brought the charge, its status tells what is reported of its outcome, and
it is never a finding by itself. Reviews, programmes, incidents, offences and places are no entities there; facts about them are Notes.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from kg.rows import Row, documents, entities, facts
from kg.store import Store
from kg.vocabulary import PREFIXES, digest

Properties = dict[str, list[str]]

SCHEMATA = {"Person": "Person", "PoliceForce": "PublicBody", "OversightBody": "PublicBody", "Court": "PublicBody",
            "Organisation": "Organization", "Unit": "Organization"}

#: predicate -> (schema, property of its subject, property of its object, role)
_LINKS = {
    "memberOf": ("Membership", "member", "organization", "member"),
    "servesIn": ("Membership", "member", "organization", "serves in"),
    "succeeds": ("Succession", "successor", "predecessor", "successor"),
    "unitOf": ("UnknownLink", "subject", "object", "unit of"),
}
#: predicate -> what the position is called
_POSITIONS = {"headOf": "Head of {}", "commissionerFor": "Police and crime commissioner for {}"}

_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")  # what FollowTheMoney takes for a date; EDTF can say more

_NAMES = """SELECT DISTINCT ?entity ?name WHERE {
  ?chain kg:entity ?entity ; kg:mention ?mention . ?mention kg:mentionKind "name" ; oa:exact ?name }"""

_WIKIDATA = "SELECT ?entity ?item WHERE { ?entity kg:exactMatch ?item }"

_PROCEEDINGS = """SELECT ?case ?label ?person ?offence ?kind ?by ?document WHERE {
  ?case a kg:Proceeding ; rdfs:label ?label ; kg:defendant ?person ; kg:concerns ?offence ; kg:step ?step .
  ?step kg:stepKind ?kind ; prov:wasDerivedFrom/prov:wasDerivedFrom/dct:identifier ?document .
  OPTIONAL { ?step kg:decidedBy ?by }
} ORDER BY STR(?case) STR(?step) STR(?document)"""


def write_followthemoney(store: Store, out: IO[bytes]) -> None:
    """One entity a line, in UTF-8."""
    for entity in _Writer(store).entities():
        out.write(json.dumps(entity, ensure_ascii=False, sort_keys=True).encode() + b"\n")


def _id(*parts: str) -> str:
    return "kg-" + digest(*parts)


@dataclass
class _Case:
    """What the documents tell of one proceeding."""

    label: str
    person: str
    offence: str
    courts: set[str] = field(default_factory=set)
    chargers: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)


class _Writer:
    """Turns rows into entities."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._articles = {row["id"]: row for row in documents(store)}
        self._rows = list(entities(store))
        self._types = {row["id"]: row["type"] for row in self._rows}
        self._names = {row["id"]: row["name"] for row in self._rows}

    def entities(self) -> Iterator[dict[str, Any]]:
        yield from self._articles_written()
        yield from self._things()
        yield from self._mentions()
        positions: set[str] = set()
        outcomes: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for row in facts(self._store):
            yield from self._fact(row, positions)
            if row["predicate"] in ("accusedOf", "convictedOf"):
                outcomes[row["subject"]["id"], row["object"]["id"]].add(_outcome(row))
        yield from self._cases(outcomes)

    def _articles_written(self) -> Iterator[dict[str, Any]]:
        for name, row in self._articles.items():
            yield _entity(self._article(name), "Article", fileName=name, title=row["title"], publishedAt=row["date"],
                          publisher=row["source"], sourceUrl=row["url"])

    def _things(self) -> Iterator[dict[str, Any]]:
        items = {row["entity"].value: row["item"].value.rpartition("/")[2] for row in self._store.query(_WIKIDATA, prefixes=PREFIXES)}
        forms: defaultdict[str, set[str]] = defaultdict(set)
        for row in self._store.query(_NAMES, prefixes=PREFIXES):
            forms[row["entity"].value].add(row["name"].value)
        for iri in sorted(self._types):
            if self._is_thing(iri):
                # Weak aliases are searched, and never taken as a reason to think that two people are one.
                weak = sorted(forms[iri] - {self._names[iri]})
                yield _entity(_id(iri), SCHEMATA[self._types[iri]], name=self._names[iri], weakAlias=weak, wikidataId=items.get(iri))

    def _mentions(self) -> Iterator[dict[str, Any]]:
        for row in self._rows:
            if self._is_thing(row["id"]):
                yield _entity(_id("mention", row["document"], row["id"]), "Mention", document=self._article(row["document"]),
                              resolved=_id(row["id"]), name=row["name"], detectedSchema=SCHEMATA[row["type"]])

    def _fact(self, row: Row, positions: set[str]) -> Iterator[dict[str, Any]]:
        subject, target, predicate = row["subject"], row["object"], row["predicate"]
        whole = "id" in target and self._is_thing(subject["id"]) and self._is_thing(target["id"])
        if row["status"] != "asserted" or not whole or predicate not in {*_LINKS, *_POSITIONS}:
            yield from self._note(row)
            return
        link = self._link(row)
        if predicate in _LINKS:
            schema, subject_key, object_key, role = _LINKS[predicate]
            yield _entity(_key(row), schema, **{subject_key: _id(subject["id"]), object_key: _id(target["id"])}, role=role, **link)
            return
        position = _id(predicate, target["id"])
        if position not in positions:
            positions.add(position)
            name = _POSITIONS[predicate].format(self._names[target["id"]])
            yield _entity(position, "Position", name=name, organization=_id(target["id"]))
        yield _entity(_key(row), "Occupancy", holder=_id(subject["id"]), post=position, **link)

    def _link(self, row: Row) -> dict[str, Any]:
        """What every link bears: status, sentence, document, dates."""
        article = self._articles[row["document"]]
        return {"status": row["status"], "summary": f"{row['status']}: {row['evidence']['text']}", "proof": self._article(row["document"]),
                "sourceUrl": article["url"], "publisher": article["source"],
                "startDate": _day(row["start"]), "endDate": _day(row["end"])}

    def _note(self, row: Row) -> Iterator[dict[str, Any]]:
        about = [_id(node["id"]) for node in (row["subject"], row["object"]) if "id" in node and self._is_thing(node["id"])]
        article = self._articles[row["document"]]
        if about:
            said = f"{row['status']}: {row['subject']['name']} {row['predicate']} {row['object']['name']}"
            yield _entity(_key(row), "Note", name=said, description=said, entity=about, summary=row["evidence"]["text"],
                          proof=self._article(row["document"]), sourceUrl=article["url"], publisher=article["source"])

    def _cases(self, outcomes: Mapping[tuple[str, str], set[str]]) -> Iterator[dict[str, Any]]:
        found: dict[str, _Case] = {}
        for row in self._store.query(_PROCEEDINGS, prefixes=PREFIXES):
            case = found.setdefault(row["case"].value, _Case(row["label"].value, row["person"].value, row["offence"].value))
            case.documents.add(row["document"].value)
            if row["by"] is not None:
                (case.courts if row["kind"].value.endswith("/trial") else case.chargers).add(row["by"].value)
        for iri, case in found.items():
            if case.courts or case.chargers:
                yield from self._case(_id(iri), case, _status(outcomes[case.person, case.offence]))

    def _case(self, key: str, case: _Case, status: str) -> Iterator[dict[str, Any]]:
        proof = [self._article(name) for name in sorted(case.documents)]
        name = case.label[:1].upper() + case.label[1:]
        court = sorted(self._names[court] for court in case.courts)
        yield _entity(key, "CourtCase", name=name, status=status, summary=status, proof=proof, court=court)
        for party, role in ((case.person, "defendant"), *((charger, "brought the charge") for charger in sorted(case.chargers))):
            yield _entity(_id(key, party, role), "CourtCaseParty", case=key, party=_id(party), role=role, status=status, summary=status,
                          proof=proof)

    def _is_thing(self, iri: str) -> bool:
        return self._types.get(iri) in SCHEMATA

    def _article(self, document: str) -> str:
        return _id("document", document)


def _entity(key: str, schema: str, **values: str | list[str] | None) -> dict[str, Any]:
    properties: Properties = {name: value if isinstance(value, list) else [value] for name, value in values.items() if value}
    return {"id": key, "schema": schema, "properties": properties}


def _key(row: Row) -> str:
    target = row["object"]
    return _id("fact", row["document"], row["subject"]["id"], row["predicate"], target.get("id", ""), target["name"], row["status"],
               *(str(row[name]) for name in ("start", "end")), *(str(row["evidence"][name]) for name in ("start", "end")))


def _outcome(row: Row) -> str:
    """What an accusation or conviction tells of how the matter ended: convicted, denied, or nothing."""
    if row["status"] == "denied":
        return "denied"
    return "convicted" if (row["predicate"], row["status"]) == ("convictedOf", "asserted") else ""


def _status(outcomes: set[str]) -> str:
    if {"convicted", "denied"} <= outcomes:
        return "documents disagree: a conviction is reported, and denied"
    if "convicted" in outcomes:
        return "a conviction is reported"
    return "denied: cleared, dropped, not charged or overturned" if "denied" in outcomes else "alleged: no outcome is reported"


def _day(date: str | None) -> str | None:
    return date if date and _DAY.fullmatch(date) else None

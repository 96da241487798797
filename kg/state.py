"""What a build knows of every document, kept in the graph folder so that the next build makes anew only what a change can reach.

It is a SQLite database, of which no more stands in memory than its cache. It is data and nothing in it is run. All text that comes from
documents is kept as JSON in ASCII, so that any text can be.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from kg.entities import Told, evidence
from kg.entities.evidence import Profile, Standing
from kg.entities.reviews import Account
from kg.model import Document, Entity, Likeness
from kg.rdf.posts import POSTS, Post
from kg.rdf.statements import Row

_SCHEMA = """
CREATE TABLE fact_of_build (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE document (id TEXT PRIMARY KEY, key TEXT NOT NULL, entry TEXT NOT NULL, words INTEGER NOT NULL, met TEXT NOT NULL,
    moved TEXT NOT NULL, left_out TEXT NOT NULL, same BLOB NOT NULL, described TEXT NOT NULL);
CREATE TABLE runs (document TEXT PRIMARY KEY, hashes BLOB NOT NULL);
CREATE TABLE signature (document TEXT PRIMARY KEY, hashes BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE chain (document TEXT, position INTEGER, type TEXT NOT NULL, name TEXT NOT NULL, names TEXT NOT NULL, own TEXT NOT NULL,
    local TEXT NOT NULL, key TEXT NOT NULL, record TEXT NOT NULL, reference TEXT, surname TEXT, profile TEXT, account TEXT,
    PRIMARY KEY (document, position)) WITHOUT ROWID;
CREATE INDEX chain_key ON chain (key);
CREATE INDEX chain_record ON chain (record);
CREATE INDEX chain_own ON chain (own);
CREATE INDEX chain_surname ON chain (surname) WHERE surname IS NOT NULL;
CREATE INDEX chain_account ON chain (document) WHERE account IS NOT NULL;
CREATE TABLE record (key TEXT PRIMARY KEY, entity TEXT NOT NULL, several INTEGER NOT NULL, called TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX record_entity ON record (entity);
CREATE TABLE entity (id TEXT PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL, names TEXT NOT NULL, reference TEXT,
    joined TEXT NOT NULL, possible TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX entity_reference ON entity (reference) WHERE reference IS NOT NULL;
CREATE TABLE claim (iri TEXT PRIMARY KEY, document TEXT NOT NULL, position INTEGER NOT NULL, subject TEXT NOT NULL, predicate TEXT NOT NULL,
    object TEXT, status TEXT NOT NULL, rest TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX claim_document ON claim (document);
CREATE INDEX claim_subject ON claim (subject, document, position);
CREATE INDEX claim_object ON claim (object) WHERE object IS NOT NULL;
CREATE INDEX claim_part ON claim (document) WHERE predicate = 'unitOf';
CREATE TABLE post (iri TEXT PRIMARY KEY, document TEXT NOT NULL, force TEXT NOT NULL, predicate TEXT NOT NULL, title TEXT NOT NULL,
    day TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX post_document ON post (document);
CREATE INDEX post_force ON post (force);
CREATE TABLE common (line TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one document beside its chains and claims."""

    id: str
    key: str  #: what its reading is kept under
    entry: dict[str, str | None]  #: of the manifest
    words: int
    met: tuple[str, ...]
    moved: tuple[tuple[str, str], ...]
    same: bytes
    runs: bytes
    described: Document  #: its text is not kept here


class State:
    """The database of one graph folder. Every method that returns rows gives them in an order that depends on their content alone.

    ``cache`` is how many bytes of it may stand in memory.
    """

    def __init__(self, path: Path, cache: int) -> None:
        fresh = not path.exists()
        self._db = sqlite3.connect(path, isolation_level=None)
        # A build that is cut short throws its folder away, so nothing need be journalled; what is deleted is overwritten.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "secure_delete=ON", f"cache_size=-{cache // 1024}"):
            self._db.execute(f"PRAGMA {pragma}")
        if fresh:
            self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Write everything down."""
        self._db.execute("COMMIT")
        self._db.close()

    def _rows(self, question: str, *values: Any) -> list[Any]:
        return self._db.execute(question, values).fetchall()

    def _one(self, question: str, *values: Any) -> Any:
        found = self._db.execute(question, values).fetchone()
        return found[0] if found else None

    # Single values

    def value(self, name: str, default: Any = None) -> Any:
        """A value of JSON that was kept under a name."""
        found = self._one("SELECT value FROM fact_of_build WHERE name = ?", name)
        return default if found is None else json.loads(found)

    def keep(self, name: str, value: Any) -> None:
        """Keep a value of JSON under a name."""
        self._db.execute("REPLACE INTO fact_of_build VALUES (?, ?)", (name, json.dumps(value, sort_keys=True)))

    # Documents

    def ids(self) -> Iterator[str]:
        """The documents in order."""
        return (id_ for id_, in self._db.execute("SELECT id FROM document ORDER BY id"))

    def key(self, document: str) -> str | None:
        """The key that a document's reading is kept under; None where there is no such document."""
        found: str | None = self._one("SELECT key FROM document WHERE id = ?", document)
        return found

    def described(self, id_: str, text: str) -> Document:
        """A document with a text that is given; where it came from is not known any more."""
        date, title, source, url, body_start, anchor = json.loads(self._one("SELECT described FROM document WHERE id = ?", id_))
        return Document(id_, text, "", date, title, source, url, body_start, anchor)

    def document_count(self) -> tuple[int, int]:
        """How many documents there are, and how many words were read of them."""
        documents, words = self._rows("SELECT COUNT(*), TOTAL(words) FROM document")[0]
        return documents, int(words)

    def entries(self) -> Iterator[dict[str, Any]]:
        """Of every document in order its entry in the manifest."""
        return (json.loads(entry) for entry, in self._db.execute("SELECT entry FROM document ORDER BY id"))

    def left_out(self) -> list[str]:
        """What was left out of all documents, sorted."""
        rows = self._db.execute("SELECT left_out FROM document WHERE left_out != '[]'")
        return sorted(line for some, in rows for line in json.loads(some))

    def put_document(self, kept: Kept, told: Iterable[Told], addressed: frozenset[str]) -> None:
        """Put a document and its chains in place of what was there of it."""
        self.drop_document(kept.id)
        d = kept.described
        self._db.execute("INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, '[]', ?, ?)", (
            kept.id, kept.key, json.dumps(kept.entry), kept.words, json.dumps(kept.met), json.dumps(kept.moved), kept.same,
            json.dumps([d.date, d.title, d.source, d.url, d.body_start, d.anchor])))
        self._db.execute("INSERT INTO runs VALUES (?, ?)", (kept.id, kept.runs))
        self._db.executemany("INSERT INTO chain VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             (_chain_row(one, addressed) for one in told))

    def drop_document(self, id_: str) -> None:
        """Take away a document with its chains and claims."""
        self._db.execute("DELETE FROM document WHERE id = ?", (id_,))
        for table in ("chain", "runs", "signature"):
            self._db.execute(f"DELETE FROM {table} WHERE document = ?", (id_,))
        self.put_claims(id_, (), ())
        self.put_posts(id_, ())

    def has(self, document: str) -> bool:
        return self._one("SELECT 1 FROM document WHERE id = ?", document) is not None

    def obeyed(self) -> tuple[frozenset[str], list[list[tuple[str, str]]]]:
        """The keys of the decisions about facts that found theirs, and the ids that chains had and have, of each document."""
        rows = self._rows("SELECT met, moved FROM document WHERE met != '[]' OR moved != '[]'")
        return frozenset(key for met, _ in rows for key in json.loads(met)), [[(a, b) for a, b in json.loads(moved)] for _, moved in rows]

    def has_own_key(self, key: str) -> bool:
        """Whether a document gives some chain a key."""
        return self._one("SELECT 1 FROM chain WHERE own = ?", key) is not None

    def prints(self) -> dict[str, bytes]:
        """Of every document the hash of its runs of words."""
        return dict(self._rows("SELECT id, same FROM document ORDER BY id"))

    def without_signature(self) -> list[str]:
        """The documents whose runs have no signature yet."""
        return [id_ for id_, in self._rows("SELECT id FROM document WHERE id NOT IN (SELECT document FROM signature) ORDER BY id")]

    def put_signature(self, document: str, signature: bytes) -> None:
        """Keep the signature of a document's runs."""
        self._db.execute("INSERT INTO signature VALUES (?, ?)", (document, signature))

    def signatures(self, first: int, length: int) -> Iterator[tuple[str, bytes]]:
        """By document in order so many bytes of signatures from one on, of those that have any."""
        return self._db.execute("SELECT document, SUBSTR(hashes, ?, ?) FROM signature WHERE LENGTH(hashes) > 0 ORDER BY document",
                                (first + 1, length))

    def runs(self, document: str) -> bytes:
        """A document's hashed runs of words."""
        found: bytes = self._one("SELECT hashes FROM runs WHERE document = ?", document)
        return found

    def with_left_out(self) -> list[str]:
        """The documents of which something was left out."""
        return [id_ for id_, in self._rows("SELECT id FROM document WHERE left_out != '[]'")]

    # Chains and records

    def chains_of(self, document: str) -> list[tuple[str, str, str, str, str | None]]:
        """Type, key, local key, record and surname of a document's chains."""
        return self._rows("SELECT type, key, local, record, surname FROM chain WHERE document = ? ORDER BY position", document)

    def people(self, *, key: str | None = None, surname: str | None = None) -> list[tuple[Told, str, str, str]]:
        """The chains of people under a key or with a surname: what is told of each, its key, its record and surname."""
        column, value = ("key", key) if key is not None else ("surname", surname)
        return [(_told(row[:-3]), *row[-3:]) for row in self._rows(
            f"SELECT {_TOLD}, key, record, surname FROM chain WHERE {column} = ? AND surname IS NOT NULL", value)]

    def kind_of(self, key: str) -> tuple[str, str | None] | None:
        """Type of the chains under a key and the slug of the reference row that the last of them is; None where there are none."""
        found = self._rows("SELECT type, CASE WHEN key = own THEN reference END FROM chain WHERE key = ? "
                           "ORDER BY document DESC, position DESC LIMIT 1", key)
        return found[0] if found else None

    def accounts(self) -> Iterator[tuple[str, int, str, Account]]:
        """What documents say of reviews: document, position, key, account."""
        for document, position, key, account in self._db.execute(
                "SELECT document, position, key, account FROM chain WHERE account IS NOT NULL ORDER BY document, position"):
            yield document, position, key, _account(account)

    def called(self, place: tuple[str, int]) -> str:
        """What the set of records is called to which a person's chain belongs."""
        found: str = self._one("SELECT called FROM record WHERE key = (SELECT record FROM chain WHERE document = ? AND position = ?)",
                               *place)
        return found

    def readdress(self, addressed: frozenset[str], changed: Iterable[str]) -> list[tuple[str, str]]:
        """Give chains whose local keys decisions came to address, or address no more, the keys that follow; types and keys, old and new."""
        touched = []
        for local in changed:
            for document, position, kind, own, key in self._rows(
                    "SELECT document, position, type, own, key FROM chain WHERE local = ?", local):
                now = local if local in addressed else own
                touched += [(kind, key), (kind, now)]
                self._db.execute("UPDATE chain SET key = ?, record = ? WHERE document = ? AND position = ?", (now, now, document, position))
        return touched

    def set_record(self, document: str, position: int, record: str) -> None:
        """Say to which record a chain belongs."""
        self._db.execute("UPDATE chain SET record = ? WHERE document = ? AND position = ?", (record, document, position))

    def record(self, key: str) -> tuple[str, bool] | None:
        """The entity of a record, and whether it has others."""
        found = self._rows("SELECT entity, several FROM record WHERE key = ?", key)
        return (found[0][0], bool(found[0][1])) if found else None

    def put_record(self, key: str, entity: str, several: bool, called: str) -> None:
        """Say to which entity a record belongs, whether that has others, and what the set of records is called."""
        self._db.execute("REPLACE INTO record VALUES (?, ?, ?, ?)", (key, entity, several, called))

    def drop_record(self, key: str) -> None:
        self._db.execute("DELETE FROM record WHERE key = ?", (key,))

    def has_record(self, record: str) -> bool:
        """Whether any chain belongs to a record."""
        return self._one("SELECT 1 FROM chain WHERE record = ?", record) is not None

    def records_of(self, entity: str) -> list[str]:
        """The records of an entity."""
        return [key for key, in self._rows("SELECT key FROM record WHERE entity = ? ORDER BY key", entity)]

    def documents_with(self, record: str) -> list[str]:
        """The documents with chains of a record."""
        return [id_ for id_, in self._rows("SELECT DISTINCT document FROM chain WHERE record = ? ORDER BY document", record)]

    def names_under(self, record: str) -> list[tuple[str, int, str, tuple[str, ...]]]:
        """Document, position, name and names of a record's chains."""
        return [(document, position, json.loads(name), tuple(json.loads(names))) for document, position, name, names in self._rows(
            "SELECT document, position, name, names FROM chain WHERE record = ?", record)]

    def entities_of(self, document: str) -> dict[tuple[str, int], Entity]:
        """The entities of a document's chains, each as if that were its only member."""
        rows = self._rows("SELECT position, record, entity, several, entity.type, entity.name FROM chain "
                          "JOIN record ON record.key = chain.record JOIN entity ON entity.id = record.entity WHERE document = ?", document)
        return {(document, position): Entity(entity, kind, json.loads(name), (), ((document, position),), keys=(record,) if several else ())
                for position, record, entity, several, kind, name in rows}

    # Entities

    def entity(self, id_: str) -> Entity | None:
        """An entity without its members."""
        found = self._rows("SELECT type, name, names, reference, joined, possible FROM entity WHERE id = ?", id_)
        if not found:
            return None
        kind, name, names, reference, joined, possible = found[0]
        return Entity(id_, kind, json.loads(name), tuple(json.loads(names)), (), reference, (), _likenesses(joined), _likenesses(possible))

    def put_entity(self, entity: Entity) -> None:
        joined, possible = (json.dumps([[o.one, o.other, o.score, o.reasons, o.against] for o in some])
                            for some in (entity.joined, entity.possible))
        self._db.execute("REPLACE INTO entity VALUES (?, ?, ?, ?, ?, ?, ?)", (
            entity.id, entity.type, json.dumps(entity.name), json.dumps(entity.names), entity.reference, joined, possible))

    def drop_entity(self, id_: str) -> None:
        self._db.execute("DELETE FROM entity WHERE id = ?", (id_,))

    def named(self) -> dict[str, str]:
        """Slug of the reference data -> the entity that is it."""
        return dict(self._rows("SELECT reference, id FROM entity WHERE reference IS NOT NULL"))

    def entity_counts(self) -> dict[str, int]:
        return dict(self._rows("SELECT type, COUNT(*) FROM entity GROUP BY type"))

    # Claims

    def put_claims(self, document: str, rows: Iterable[Row], left_out: Sequence[str]) -> None:
        """Put a document's rows, and what was left out, in place of those that were there."""
        self._db.execute("DELETE FROM claim WHERE document = ?", (document,))
        self._db.executemany("INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (
            (row.iri, document, position, row.subject.id, row.predicate, row.object.id if isinstance(row.object, Entity) else None,
             row.status, json.dumps([None if isinstance(row.object, Entity) else row.object, *row.evidence, row.sources, row.confidence,
                                     row.start, row.end, row.decisions]))
            for position, row in enumerate(rows)))
        self._db.execute("UPDATE document SET left_out = ? WHERE id = ?", (json.dumps(sorted(left_out)), document))

    def subjects_of(self, document: str) -> list[str]:
        """The subjects of a document's claims."""
        return [id_ for id_, in self._rows("SELECT DISTINCT subject FROM claim WHERE document = ? ORDER BY subject", document)]

    def subjects_about(self, entity: str) -> list[str]:
        """The subjects of the claims with an entity at either end."""
        found = self._rows("SELECT DISTINCT subject FROM claim WHERE object = ? ORDER BY subject", entity)
        return [*(id_ for id_, in found), *([entity] if self._one("SELECT 1 FROM claim WHERE subject = ?", entity) else ())]

    def claims(self, subject: str) -> list[Row]:
        """The rows about a subject, by document and place in it."""
        known: dict[str, Entity] = {}

        def thing(id_: str) -> Entity:
            if id_ not in known:
                found = self.entity(id_)
                assert found is not None
                known[id_] = found
            return known[id_]

        rows = []
        for iri, document, predicate, target, status, rest in self._rows(
                "SELECT iri, document, predicate, object, status, rest FROM claim WHERE subject = ? ORDER BY document, position", subject):
            text, first, last, sources, confidence, start, end, decisions = json.loads(rest)
            rows.append(Row(iri, document, thing(subject), predicate, text if target is None else thing(target), status, (first, last),
                            tuple(sources), confidence, start, end, tuple(decisions)))
        return rows

    def parts(self) -> list[tuple[str, str, str, bool]]:
        """Of what is asserted of parts and wholes: document, unit, whole, and whether the whole is a unit itself."""
        return [(document, unit, whole, kind == "Unit") for document, unit, whole, kind in self._rows(
            "SELECT document, subject, object, entity.type FROM claim JOIN entity ON entity.id = object "
            "WHERE predicate = 'unitOf' AND status = 'asserted' ORDER BY document, position")]

    def claim_counts(self) -> dict[tuple[str, str], int]:
        """Predicate and status -> claims."""
        return {(predicate, status): count
                for predicate, status, count in self._rows("SELECT predicate, status, COUNT(*) FROM claim GROUP BY predicate, status")}

    # Posts whose holders documents do not name

    def put_posts(self, document: str, posts: Iterable[Post]) -> None:
        """Put the posts that a document leaves unnamed in place of those that were there."""
        self._db.execute("DELETE FROM post WHERE document = ?", (document,))
        self._db.executemany("INSERT INTO post VALUES (?, ?, ?, ?, ?, ?)", map(astuple, posts))

    def posts_of(self, force: str) -> list[Post]:
        """The posts of a force that documents leave unnamed."""
        return [Post(*row) for row in self._rows("SELECT * FROM post WHERE force = ? ORDER BY iri", force)]

    def forces_unnamed_in(self, document: str) -> list[str]:
        """The forces of whose posts a document leaves one unnamed."""
        return [force for force, in self._rows("SELECT DISTINCT force FROM post WHERE document = ? ORDER BY force", document)]

    def holders_of(self, force: str) -> list[str]:
        """Who is said to hold a post of a force of which there is one, whatever the status."""
        return [id_ for id_, in self._rows(f"SELECT DISTINCT subject FROM claim WHERE object = ? AND predicate IN {POSTS} "
                                           "ORDER BY subject", force)]

    def forces_held(self, subject: str) -> list[str]:
        """The forces of which somebody is said to hold such a post."""
        return [id_ for id_, in self._rows(f"SELECT DISTINCT object FROM claim WHERE subject = ? AND predicate IN {POSTS} "
                                           "ORDER BY object", subject)]

    def date_of(self, document: str) -> str | None:
        """The date of a document, as its entry in the manifest has it."""
        found = self._one("SELECT entry FROM document WHERE id = ?", document)
        return json.loads(found)["date"] if found else None

    # What several things give rise to alike

    def count_common(self, line: str, times: int) -> int:
        """Count how often a line is given rise to; how often it is now."""
        now: int = (self._one("SELECT times FROM common WHERE line = ?", line) or 0) + times
        if now:
            self._db.execute("REPLACE INTO common VALUES (?, ?)", (line, now))
        else:
            self._db.execute("DELETE FROM common WHERE line = ?", (line,))
        return now


# As JSON

_TOLD = "document, position, type, name, names, own, local, reference, profile, account"


def _chain_row(one: Told, addressed: frozenset[str]) -> tuple[Any, ...]:
    key = one.local if one.local in addressed else one.key
    p, a = one.profile, one.account
    profile = p and json.dumps([p.key, p.name, p.forms, sorted(p.documents), sorted(p.pins), p.born, p.dates,
                                p.standing and [p.standing.order, p.standing.rank, p.standing.first, p.standing.last], p.adverse,
                                sorted(p.roles), p.namesake_kin])
    account = a and json.dumps([a.leads, sorted(a.months), sorted(a.subjects)])
    return (one.document, one.position, one.type, json.dumps(one.name), json.dumps(one.names), one.key, one.local, key, key,
            one.reference, evidence.surname(one.name) if p else None, profile, account)


def _told(row: Sequence[Any]) -> Told:
    document, position, kind, name, names, own, local, reference, profile, account = row
    return Told(document, position, kind, json.loads(name), tuple(json.loads(names)), own, local, reference, profile and _profile(profile),
                account and _account(account))


def _profile(text: str) -> Profile:
    key, name, forms, documents, pins, born, dates, standing, adverse, roles, kin = json.loads(text)
    return Profile(key, name, tuple(forms), frozenset(documents), frozenset((kind, value, said) for kind, value, said in pins),
                   born and (born[0], born[1]), dates and (dates[0], dates[1]), standing and Standing(*standing), adverse,
                   frozenset(roles), kin)


def _account(text: str) -> Account:
    leads, months, subjects = json.loads(text)
    return Account(tuple((position, name) for position, name in leads), frozenset(months), frozenset(subjects))


def _likenesses(text: str) -> tuple[Likeness, ...]:
    return tuple(Likeness(one, other, score, tuple(reasons), tuple(against)) for one, other, score, reasons, against in json.loads(text))

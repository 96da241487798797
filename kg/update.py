"""From what changed among the documents to what changes in the graph: everything after reading.

The graph is the union of parts, each a function of little: what one document tells (its reading, and which entity each of its chains is),
what the documents tell of one subject together (all claims about it, and the names of what they name), who holds the posts of one force
that documents leave unnamed (all claims about whoever is said to hold one), what is told of one entity itself, and what is of none of
these. People of one surname are joined without regard to others. So a change is followed from the chains of the changed documents to the
names, entities, documents and subjects it can reach; of these the parts are made twice, from the state before and from the state after,
and what differs are the lines that go and come. A build from nothing is the same with nothing before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

import numpy as np

from kg import copies, entities, graph
from kg import decisions as told
from kg.decisions import Decisions, Trace
from kg.entities import Group, Linked, Record, Told
from kg.model import Entity, Reading
from kg.piles import Pile, Piles
from kg.rdf.lines import Sorted, Sorter
from kg.rdf.statements import Row, unsettled_parts
from kg.rdf.triples import Triples
from kg.reference import Reference
from kg.state import Kept, State
from kg.vocabulary import DOCUMENT_KINDS, Minter

Pairs = frozenset[frozenset[str]]


class Update:
    """One build: ``state`` is that of the graph before (``before``, if there is one) and becomes that of the graph to be made.

    Give it the documents that came or changed (``put``) and that went (``drop``), then let it find what follows (``join``, ``write``).
    """

    def __init__(self, state: State, before: State | None, decisions: Decisions, reference: Reference, base_iri: str,
                 lines: Sorted | None, going: Sorter, coming: Sorter, piles: Piles) -> None:
        self.state, self.before, self.decisions, self.reference = state, before, decisions, reference
        self.minter = Minter(base_iri)
        self.lines, self.going, self.coming = lines, going, coming
        self.traces: tuple[Trace, ...] = ()
        self._same, self._different = self._pairs(state)
        self._pile = piles.pile
        self._changed, self._gone = piles.pile(), piles.pile()
        self._touched = piles.pile()  # type and key of chains that came, changed or went
        self._surnames = piles.pile()
        self._records = piles.pile()  # records that may have no chains any more
        self._moved = piles.pile()  # records of another entity than before, or that came
        self._entities = piles.pile()  # ids of entities that may be otherwise than before
        self._resettled = piles.pile()  # documents with chains of another record than before
        self._unnamed = piles.pile()  # forces of which documents that came, changed or went leave a post unnamed
        self._common = piles.tally()

    # Documents

    def put(self, reading: Reading, key: str, entry: Mapping[str, str | None]) -> None:
        """A document that came or changed: what was read of it, the key that is kept under, and its entry in the manifest."""
        id_ = reading.document.id
        self._touch(id_)
        obeyed = self._obeyed(reading)
        runs = copies.runs(reading.document)
        self.state.put_document(
            Kept(id_, key, dict(entry), reading.words, tuple(sorted(obeyed.met)), obeyed.moved, copies.hashed(runs), runs.tobytes(),
                 reading.document),
            entities.told(obeyed.reading, self.reference), self._addressed)
        self._touch(id_)
        self._changed.add(id_)

    def drop(self, id_: str) -> None:
        """A document that went."""
        self._touch(id_)
        self.state.drop_document(id_)
        self._gone.add(id_)

    def _touch(self, document: str) -> None:
        chains = self.state.chains_of(document)
        self._touched.update(_typed(kind, key) for kind, key, _, _, _ in chains)
        self._records.update(record for _, _, _, record, _ in chains)
        people = [(kind, local, surname) for kind, _, local, _, surname in chains if surname is not None]
        self._surnames.update(surname for _, _, surname in people)
        self._touched.update(_typed(kind, local) for kind, local, _ in people)  # where one key turns out to stand for several people

    def _obeyed(self, reading: Reading) -> told.Obeyed:
        return told.obey(reading, self.decisions, partial(entities.ids, reference=self.reference))

    # What follows

    def join(self) -> None:
        """Find which chains are one thing now, of those that the changed documents can have to do with."""
        met, moved = self.state.obeyed()
        ids = told.together(moved)
        self._settle(*told.pairs(self.decisions, ids, self.state.has_own_key))
        self._join_people()
        self._join_others()
        self._records.update(_apart(touched)[1] for touched in self._touched)
        for record in self._records:
            if not self.state.has_record(record) and (old := self.state.record(record)):
                self.state.drop_record(record)
                self._entities.add(old[0])
        for id_ in self._entities:
            if not self.state.records_of(id_):
                self.state.drop_entity(id_)
        names, self.traces = told.trace(self.decisions, met, ids, lambda key: found[0] if (found := self.state.record(key)) else None)
        self._rename(names)

    def write(self, reading_of: Callable[[str], Reading]) -> None:
        """Find the lines that go and come. ``reading_of`` gives a document's reading."""
        subjects = self._write_documents(reading_of)
        self._write_subjects(subjects)
        self._write_holders(subjects)
        self._write_entities()
        self._write_common()

    # Decisions

    @property
    def _addressed(self) -> frozenset[str]:
        return frozenset().union(*self._same, *self._different)

    @staticmethod
    def _pairs(state: State) -> tuple[Pairs, Pairs]:
        same, different = (frozenset(map(frozenset, state.value(name, []))) for name in ("same", "different"))
        return same, different

    def _settle(self, same: Pairs, different: Pairs) -> None:
        """Obey other pairs than the build before, where that is so."""
        before = self._addressed
        changed = frozenset().union(*(self._same ^ same), *(self._different ^ different))
        self._same, self._different = same, different
        self._touched.update(_typed(*one) for one in self.state.readdress(self._addressed, sorted(before ^ self._addressed)))
        for key in changed:
            if kind := self.state.kind_of(key):
                self._touched.add(_typed(kind[0], key))
        for name, pairs in (("same", same), ("different", different)):
            self.state.keep(name, sorted(map(sorted, pairs)))

    def _rename(self, names: Mapping[str, str]) -> None:
        """Give entities the names that people gave them, and those that had one their own."""
        before = self.state.value("names", {})
        for id_ in sorted({*before, *names}):
            entity = self.state.entity(id_)
            if entity is not None and (before.get(id_) != names.get(id_) or id_ in self._entities):
                self._name(Group(id_, tuple(self.state.records_of(id_)), entity.joined, entity.possible), entity.type, names.get(id_))
        self.state.keep("names", dict(names))

    # Joining

    def _join_people(self) -> None:
        """Join people anew, all at once whom a surname, a key or a decision ties to somebody who changed."""
        keys = self._pile()
        keys.update(key for kind, key in map(_apart, self._touched) if kind == "Person")
        surnames = self._surnames
        while True:
            surname = surnames.pop()
            key = keys.pop() if surname is None else None
            if surname is None and key is None:
                break
            found = self._tied({surname} if surname is not None else set(), {key} if key is not None else set())
            surnames.difference_update(surname for _, _, _, surname in found.values())
            keys.difference_update(key for _, key, _, _ in found.values())
            records = entities.records((found[place][0] for place in sorted(found)), self._addressed)
            for record in records.values():
                for one in record.members:
                    if found[one.document, one.position][2] != record.key:
                        self._records.add(found[one.document, one.position][2])
                        self._resettled.add(one.document)
                        self.state.set_record(one.document, one.position, record.key)
            linked = entities.link_people(records, *self._among(records), self.reference)
            self._place(records, linked)

    def _tied(self, surnames: set[str], keys: set[str]) -> dict[tuple[str, int], tuple[Told, str, str, str]]:
        """The chains of people that hang together with a surname or a key."""
        links: defaultdict[str, set[str]] = defaultdict(set)
        for pair in (*self._same, *self._different):
            for key in pair:
                links[key] |= pair
        found: dict[tuple[str, int], tuple[Told, str, str, str]] = {}
        seen_surnames, seen_keys = set(surnames), set(keys)
        while surnames or keys:
            rows = self.state.people(surname=surnames.pop()) if surnames else self.state.people(key=keys.pop())
            for row in rows:
                one, key, _, surname = row
                found[one.document, one.position] = row
                if surname not in seen_surnames:
                    seen_surnames.add(surname)
                    surnames.add(surname)
                fresh = {key, *links.get(key, ())} - seen_keys
                seen_keys |= fresh
                keys |= fresh
        return found

    def _among(self, records: Mapping[str, Record]) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
        same, different = ([pair for pair in pairs if all(key in records for key in pair)] for pairs in (self._same, self._different))
        return same, different

    def _join_others(self) -> None:
        """Join what is no person: what decisions or those who led it may join all at once, all else as its key says."""
        records: dict[str, Record] = {}
        for document, position, key, account in self.state.accounts():
            if key not in records:
                kind = self.state.kind_of(key)
                assert kind
                records[key] = Record(key, kind[0], [], kind[1])
            records[key].members.append(Told(document, position, records[key].type, "", (), key, key, None, None, account))
        for key in self._addressed:
            if key not in records and (kind := self.state.kind_of(key)) and kind[0] != "Person":
                records[key] = Record(key, kind[0], [], kind[1])
        records = dict(sorted(records.items()))
        self._place(records, entities.link_others(records, *self._among(records), self.state.called))
        for kind_of, key in map(_apart, self._touched):
            if kind_of != "Person" and key not in records and (kind := self.state.kind_of(key)):
                alone = {key: Record(key, kind[0], [], kind[1])}
                self._place(alone, Linked(entities.Sets(alone)))

    def _place(self, records: Mapping[str, Record], linked: Linked) -> None:
        """Write down to which entities records belong."""
        for group in entities.grouped(records, linked):
            kind = records[group.id].type
            changed = any(_typed(kind, key) in self._touched for key in group.keys)
            for key in group.keys:
                old = self.state.record(key)
                if old != (group.id, len(group.keys) > 1):
                    self._moved.add(key)
                    changed = True
                    if old:
                        self._entities.add(old[0])
                self.state.put_record(key, group.id, len(group.keys) > 1, linked.sets.find(key))
            was = None if changed else self.state.entity(group.id)
            if was is None or (was.joined, was.possible) != (group.joined, group.possible):
                self._name(group, kind, None)

    def _name(self, group: Group, kind: str, name: str | None) -> None:
        """Write an entity down under the name that its chains give it, or another."""
        chains = sorted(chain for key in group.keys for chain in self.state.names_under(key))
        known = self.state.kind_of(group.id)
        slug, own, names = entities.named(known[1] if known else None, [(one, forms) for _, _, one, forms in chains], kind, self.reference)
        self.state.put_entity(told.renamed(Entity(group.id, kind, own, names, (), slug, (), group.joined, group.possible), name))
        self._entities.add(group.id)

    # Lines

    def _write_documents(self, reading_of: Callable[[str], Reading]) -> Pile:
        """The parts of documents; the subjects about which claims came or went."""
        documents = self._pile()
        for some in (self._changed, self._resettled, self.state.with_left_out()):
            documents.update(some)
        if self.before:  # otherwise they are all among the changed
            for key in self._moved:
                documents.update(self.state.documents_with(key))
        subjects, anew = self._pile(), self._pile()
        for some in (self._gone, documents) if self.before else ():
            anew.update(some)
        for id_ in anew:
            if self.before and self.before.has(id_):
                subjects.update(self.before.subjects_of(id_))
                self._unnamed.update(self.before.forces_unnamed_in(id_))
                self.going.add(self._lines_of(id_))
        for id_ in documents:
            triples, left_out, reading, things = Triples(), list[str](), self._obeyed(reading_of(id_)).reading, self.state.entities_of(id_)
            rows = graph.write_reading(triples, self.minter, reading, things, left_out)
            posts = graph.write_posts(triples, self.minter, reading, things, self.reference)
            self.coming.add(triples.lines)
            self.state.put_posts(id_, posts)
            self._unnamed.update(post.force for post in posts)
            self.state.put_claims(id_, rows, left_out)
            subjects.update({row.subject.id for row in rows})
        return subjects

    def _lines_of(self, document: str) -> Iterator[str]:
        """The lines of the graph before that begin with a thing of a document."""
        assert self.lines
        for kind in DOCUMENT_KINDS:
            iri = self.minter.thing(kind, document)
            for beginning in (f"<{iri}/", f"<{iri}> "):
                for line in self.lines.beginning(beginning.encode()):
                    yield line.decode().rstrip("\n")

    def _write_subjects(self, subjects: Pile) -> None:
        """What documents tell together of the subjects, and of those whose claims name something under another name than before.

        All of these are on the pile then.
        """
        unsettled = unsettled_parts(self.state.parts())
        unsettled_before = unsettled_parts(self.before.parts()) if self.before else set()
        subjects.update(unit for unit, _ in unsettled ^ unsettled_before)
        for id_ in self._entities if self.before else ():
            old, new = (state.entity(id_) for state in self._both())
            if (old and old.name) != (new and new.name):
                subjects.update(subject for state in self._both() for subject in state.subjects_about(id_))
        for subject in subjects:
            if self.before:
                self.going.add(self._claims(self.before.claims(subject), unsettled_before, -1))
            self.coming.add(self._claims(self.state.claims(subject), unsettled, 1))

    def _write_holders(self, subjects: Pile) -> None:
        """Who probably holds posts that documents leave unnamed, of the forces where either side of that may be otherwise than before."""
        for subject in subjects:
            for one in self._both():
                self._unnamed.update(one.forces_held(subject))
        for force in self._unnamed:
            for state, sorter in ((self.before, self.going), (self.state, self.coming)):
                if state and (posts := state.posts_of(force)):
                    triples = Triples()
                    rows = [row for subject in state.holders_of(force) for row in state.claims(subject)]
                    graph.write_holders(triples, self.minter, posts, rows, state.date_of, self.reference)
                    sorter.add(triples.lines)

    def _claims(self, rows: list[Row], unsettled: set[tuple[str, str]], times: int) -> set[str]:
        triples = Triples(Triples())
        graph.write_claims(triples, self.minter, rows, unsettled)
        for line in triples.common.lines:
            self._common.count(line, times)
        return triples.lines

    def _write_entities(self) -> None:
        """What is told of entities themselves."""
        named = self.state.named()
        named_before = self.before.named() if self.before else {}
        if named != named_before:  # what a thing of the reference data is succeeded by is told where documents name that
            self._entities.update({*named.values(), *named_before.values()})
        for id_ in self._entities:
            for state, sorter, slugs in ((self.before, self.going, named_before), (self.state, self.coming, named)):
                if state and (entity := state.entity(id_)):
                    triples = Triples()
                    graph.write_thing(triples, self.minter, entity, self.reference, slugs)
                    sorter.add(triples.lines)

    def _write_common(self) -> None:
        triples = Triples()
        graph.write_common(triples, self.minter, self._copies(), self.traces)
        self.coming.add(triples.lines)
        self.state.keep("common", sorted(triples.lines))
        if self.before:
            self.going.add(self.before.value("common", []))
        for line, times in self._common:
            now = self.state.count_common(line, times)
            if now == times:
                self.coming.add([line])
            elif not now:
                self.going.add([line])

    def _copies(self) -> tuple[tuple[str, ...], ...]:
        prints = self.state.prints()
        if len(prints) < 2:
            return ()  # spares one document the import of the library
        for id_ in self.state.without_signature():
            self.state.put_signature(id_, copies.signature(self._runs(id_)).tobytes())
        return copies.groups(prints, self.state.signatures, self._runs)

    def _runs(self, document: str) -> copies.Runs:
        return np.frombuffer(self.state.runs(document), dtype="<u8")

    def _both(self) -> Iterable[State]:
        return (self.before, self.state) if self.before else (self.state,)


def _typed(kind: str, key: str) -> str:
    """A type and a key as they lie on a pile; no type has a space in its name."""
    return f"{kind} {key}"


def _apart(typed: str) -> tuple[str, str]:
    kind, _, key = typed.partition(" ")
    return kind, key

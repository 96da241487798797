"""What was read, fact by fact: documents, chains of mentions, entities, and an assertion for every fact.

A plain triple between two things (``kg:headOf``) stands only where a document asserts it. Whatever a document alleges, proposes, denies or
supposes is an assertion node and nothing more, so nobody who follows plain triples can take an allegation for a finding.
A plain triple says that the fact held at some time: when, and who says so on which words, is told by the assertions behind it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import networkx as nx

from kg import plugins
from kg.model import LITERAL, STATUSES, Chain, Document, Entity, Fact, Reading
from kg.rdf.dates import Bounds, bounds
from kg.rdf.triples import Triples
from kg.vocabulary import (
    DC,
    DCT,
    FOAF,
    KG,
    OA,
    PROV,
    RDFS,
    SCHEMA,
    STANDARD_CLASSES,
    STATUS,
    Minter,
    digest,
    document_sha256,
    slug,
    web_address,
)

#: An accusation never becomes a plain triple, whatever its status: it is not a finding.
NEVER_PLAIN = frozenset({"accusedOf"})

#: What does a person grave harm where it is wrong: no plain triple where any document denies it (a conviction quashed since).
GRAVE = frozenset({"convictedOf", "sentencedTo", "offenderAgainst", "dismissedFrom", "suspendedFrom"})


@dataclass(frozen=True, slots=True)
class Row:
    """One assertion: a fact of a document with its ends resolved, and all that read it."""

    iri: str
    document: str
    subject: Entity
    predicate: str
    object: Entity | str
    status: str
    evidence: tuple[int, int]
    sources: tuple[str, ...]
    confidence: float
    start: str | None
    end: str | None
    decisions: tuple[str, ...] = ()  #: keys of the decisions that accepted or corrected it

    @property
    def starts(self) -> Bounds | None:
        return bounds(self.start)

    @property
    def ends(self) -> Bounds | None:
        return bounds(self.end)

    @property
    def triple(self) -> tuple[str, str, str | tuple[str]]:
        """Subject, predicate and object as one key; literal text is wrapped, so that it equals no entity's id."""
        return (self.subject.id, self.predicate, self.object.id if isinstance(self.object, Entity) else (self.object,))


def write_document(triples: Triples, minter: Minter, document: Document, words: int) -> None:
    """The document's description; its text stays outside the graph."""
    iri = minter.document(document.id)
    triples.type(iri, KG("Document"), FOAF("Document"))
    triples.text(iri, DCT("identifier"), document.id)
    if document.title:
        triples.text(iri, DCT("title"), document.title)
    if document.source:
        triples.text(iri, DC("source"), document.source)
    day = bounds(document.date)
    if day and day.earliest == day.latest:
        triples.date(iri, DCT("issued"), day.earliest)
    address = web_address(document.url)
    if address:
        triples.address(iri, SCHEMA("url"), address)
    triples.text(iri, KG("sha256"), document_sha256(document))
    triples.integer(iri, KG("characters"), len(document.text))
    triples.integer(iri, SCHEMA("wordCount"), words)


def write_copies(triples: Triples, minter: Minter, group: Sequence[str]) -> None:
    """A group of documents that are near copies of one another; it is called after the first of their ids."""
    iri = minter.thing("copies", min(group))
    triples.type(iri, KG("CopyGroup"), PROV("Collection"))
    for document_id in group:
        triples.link(minter.document(document_id), KG("copyGroup"), iri)
        triples.link(iri, PROV("hadMember"), minter.document(document_id))


def write_chains(triples: Triples, minter: Minter, reading: Reading, entities: Mapping[tuple[str, int], Entity]) -> None:
    """The document's chains: which thing each stands for, its names in this document, and its mentions with their offsets."""
    document = reading.document
    taken: set[str] = set()
    for position, chain in enumerate(reading.chains):
        iri = minter.chain(document.id, chain)
        if iri in taken:  # two chains that begin with the same words must not become one
            iri = f"{iri}-{position}"
        taken.add(iri)
        triples.type(iri, KG("Chain"))
        entity = entities[document.id, position]
        triples.link(iri, KG("entity"), minter.entity(entity.id))
        if entity.keys:
            triples.text(iri, KG("identityKey"), entity.keys[bisect_left(entity.members, (document.id, position))])
        triples.link(iri, PROV("wasDerivedFrom"), minter.document(document.id))
        triples.names(iri, chain.name, chain.names)
        _write_mentions(triples, minter, document, chain, iri)


def _write_mentions(triples: Triples, minter: Minter, document: Document, chain: Chain, chain_iri: str) -> None:
    for mention in chain.mentions:
        iri = minter.mention(document.id, mention)
        triples.link(chain_iri, KG("mention"), iri)
        triples.type(iri, KG("Mention"))
        triples.integer(iri, OA("start"), mention.start)
        triples.integer(iri, OA("end"), mention.end)
        triples.text(iri, OA("exact"), mention.text)
        triples.text(iri, KG("mentionKind"), mention.kind)


def write_entity(triples: Triples, minter: Minter, entity: Entity) -> None:
    """The entity with its type and its names over all documents."""
    iri = minter.entity(entity.id)
    added = plugins.types().get(entity.type)
    triples.type(iri, KG(entity.type), added.standard_class if added else STANDARD_CLASSES[entity.type])
    triples.names(iri, entity.name, entity.names)


def rows_of(minter: Minter, reading: Reading, entities: Mapping[tuple[str, int], Entity], left_out: list[str]) -> Iterator[Row]:
    """The document's facts as rows, one for all that say the very same; what cannot be a fact goes to ``left_out`` with the reason."""
    document = reading.document
    together: dict[tuple[str, ...], list[tuple[Fact, Entity, Entity | str]]] = defaultdict(list)
    for fact in reading.facts:
        subject = entities[document.id, fact.subject]
        target = entities[document.id, fact.object] if isinstance(fact.object, int) else fact.object
        fault = _fault(fact, subject, target, document)
        if fault:
            left_out.append(f"{document.id}: {fact.predicate} of {subject.name!r} ({fact.source}): {fault}")
        else:
            object_key = target.id if isinstance(target, Entity) else f'"{target}"'
            dates = (date or "" for date in _dates(fact))
            together[subject.id, fact.predicate, object_key, fact.status, *map(str, fact.evidence), *dates].append((fact, subject, target))
    for key, same in together.items():
        fact, subject, target = same[0]
        start, end = _dates(fact)
        yield Row(
            iri=minter.thing("assertion", document.id, f"{fact.predicate}-{digest(*key)}"),
            document=document.id, subject=subject, predicate=fact.predicate, object=target, status=fact.status, evidence=fact.evidence,
            sources=tuple(sorted({f.source for f, _, _ in same})), confidence=max(f.confidence for f, _, _ in same), start=start, end=end,
            decisions=tuple(sorted({key for f, _, _ in same for key in f.decisions})),
        )


def _fault(fact: Fact, subject: Entity, target: Entity | str, document: Document) -> str | None:
    """Why the fact cannot stand in the graph, or None. The shapes refuse the same, for graphs that others have written."""
    start, end = fact.evidence
    signature = plugins.signatures().get(fact.predicate)
    if signature is None:
        return f"unknown predicate {fact.predicate!r}"
    domain, reach = signature
    object_type = target.type if isinstance(target, Entity) else LITERAL
    if fact.status not in STATUSES:
        return f"unknown status {fact.status!r}"
    if subject.type not in domain:
        return f"its subject is a {subject.type}, not {' or '.join(sorted(domain))}"
    if object_type not in reach:
        return f"its object is a {object_type}, not {' or '.join(sorted(reach))}"
    if isinstance(target, Entity) and subject.id == target.id:
        return "subject and object are the same"
    if fact.predicate in NEVER_PLAIN and fact.status == "asserted":
        return "an accusation is never asserted"
    if isinstance(target, str) and not target.strip():
        return "its text is empty"
    if not 0 <= start < end <= len(document.text):
        return f"its evidence {start}-{end} is not within the text of {len(document.text)} characters"
    if not 0 <= fact.confidence <= 1:
        return f"its confidence {fact.confidence} is not within 0 to 1"
    return None


def _dates(fact: Fact) -> tuple[str | None, str | None]:
    """The fact's start and end, neither where the end certainly comes first: one of the two was misread, and nobody knows which."""
    starts, ends = bounds(fact.start), bounds(fact.end)
    return (None, None) if starts and ends and ends.latest < starts.earliest else (fact.start, fact.end)


def write_assertion(triples: Triples, minter: Minter, row: Row, text: str) -> None:
    """The assertion with its evidence: a stretch of the document's text, by position and by quotation."""
    triples.type(row.iri, KG("Assertion"))
    triples.link(row.iri, KG("subject"), minter.entity(row.subject.id))
    triples.link(row.iri, KG("predicate"), KG(row.predicate))
    _write_object(triples, minter, row.iri, KG("object"), row.object)
    triples.link(row.iri, KG("status"), STATUS(row.status))
    triples.decimal(row.iri, KG("confidence"), Decimal(str(row.confidence)))
    triples.link(row.iri, PROV("wasDerivedFrom"), minter.document(row.document))
    for which, date, limits in (("start", row.start, row.starts), ("end", row.end, row.ends)):
        if date:
            triples.text(row.iri, KG(which), date)
            triples.bounds(row.iri, which, limits)
    triples.link(row.iri, PROV("wasInfluencedBy"), *(minter.thing("decision", key) for key in row.decisions))
    for source in row.sources:
        triples.text(row.iri, KG("source"), source)
        triples.link(row.iri, PROV("wasGeneratedBy"), minter.thing("extraction", slug(source)))
    write_evidence(triples, minter, row.iri, row.document, row.evidence, text)


def write_extractions(triples: Triples, minter: Minter, rows: Iterable[Row]) -> None:
    """What read the rows."""
    for source in {source for row in rows for source in row.sources}:
        extraction = minter.thing("extraction", slug(source))
        triples.common.type(extraction, KG("Extraction"), PROV("Activity"))
        triples.common.text(extraction, RDFS("label"), source)


def write_evidence(triples: Triples, minter: Minter, of: str, document: str, place: tuple[int, int], text: str) -> None:
    """A stretch of a document's text as evidence of a thing (its IRI)."""
    start, end = place
    iri = minter.evidence(document, start, end)
    triples.link(of, KG("evidence"), iri)
    triples.type(iri, KG("Evidence"), OA("SpecificResource"))
    triples.link(iri, OA("hasSource"), minter.document(document))
    position, quotation = f"{iri}/position", f"{iri}/quote"
    triples.link(iri, OA("hasSelector"), position, quotation)
    triples.type(position, OA("TextPositionSelector"))
    triples.integer(position, OA("start"), start)
    triples.integer(position, OA("end"), end)
    triples.type(quotation, OA("TextQuoteSelector"))
    triples.text(quotation, OA("exact"), text[start:end])


def write_plain(triples: Triples, minter: Minter, rows: Iterable[Row], unsettled: Container[tuple[str, str]]) -> None:
    """The plain triples that asserted rows back, and ``kg:contradicts`` between rows of which one asserts what the other denies.

    ``unsettled`` are the pairs that ``unsettled_parts`` finds in all rows.
    """
    by_triple: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        by_triple[row.triple].append(row)
    for same in by_triple.values():
        asserted = [row for row in same if row.status == "asserted"]
        denied = [row for row in same if row.status == "denied"]
        for one in asserted:
            for other in denied:
                triples.link(one.iri, KG("contradicts"), other.iri)
                triples.link(other.iri, KG("contradicts"), one.iri)
        if asserted and is_plain(asserted[0].predicate, bool(denied)):
            first = asserted[0]
            if first.predicate == "unitOf" and isinstance(first.object, Entity) and (first.subject.id, first.object.id) in unsettled:
                continue
            _write_object(triples, minter, minter.entity(first.subject.id), KG(first.predicate), first.object)


def told_parts(rows: Iterable[Row]) -> Iterator[tuple[str, str, str, bool]]:
    """Of what rows assert of parts and wholes: document, unit, whole, and whether the whole is a unit itself."""
    for row in rows:
        if row.predicate == "unitOf" and row.status == "asserted" and isinstance(row.object, Entity):
            yield row.document, row.subject.id, row.object.id, row.object.type == "Unit"


def unsettled_parts(told: Iterable[tuple[str, str, str, bool]]) -> set[tuple[str, str]]:
    """(unit, whole) pairs of ids that do not stand plain: units said to be parts of each other, and wholes that documents disagree on.

    One document that gives a unit several organisations tells of a joint unit; several that give it one each contradict one another.
    """
    parts: nx.DiGraph[str] = nx.DiGraph()
    wholes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for document, unit, whole, is_unit in told:
        parts.add_edge(unit, whole)
        if not is_unit:
            wholes[unit][document].add(whole)
    circles = [circle for circle in nx.strongly_connected_components(parts) if len(circle) > 1]
    unsettled = {(a, b) for circle in circles for a, b in parts.edges(circle) if b in circle}
    for unit, by_document in wholes.items():
        named = set().union(*by_document.values())
        if len(named) > 1 and not any(len(organisations) > 1 for organisations in by_document.values()):
            unsettled |= {(unit, organisation) for organisation in named}
    return unsettled


def is_plain(predicate: str, denied: bool) -> bool:
    """Whether an asserted fact of the predicate stands as a plain triple, given whether some document denies it."""
    return predicate not in NEVER_PLAIN and not (denied and predicate in GRAVE | plugins.grave())


def _write_object(triples: Triples, minter: Minter, subject: str, predicate: str, target: Entity | str) -> None:
    if isinstance(target, Entity):
        triples.link(subject, predicate, minter.entity(target.id))
    else:
        triples.text(subject, predicate, target)


def members(entities: Sequence[Entity]) -> dict[tuple[str, int], Entity]:
    """The entity of every chain, by document id and position."""
    return {member: entity for entity in entities for member in entity.members}

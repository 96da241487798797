"""Why the records of an entity are one, and which others it may be: nodes of their own, from which nothing follows."""

from __future__ import annotations

from decimal import Decimal

from kg.model import Entity, Likeness
from kg.rdf.triples import Triples
from kg.vocabulary import KG, Minter, digest


def write_likenesses(triples: Triples, minter: Minter, entity: Entity) -> None:
    """The joins that made the entity, and its suggestions."""
    for likeness in entity.joined:
        iri = minter.thing("merge", digest(likeness.one, likeness.other))
        triples.type(iri, KG("Merge"))
        triples.link(iri, KG("mergedInto"), minter.entity(entity.id))
        triples.text(iri, KG("firstKey"), likeness.one)
        triples.text(iri, KG("secondKey"), likeness.other)
        _write_reasons(triples, iri, likeness)
    for likeness in entity.possible:
        iri = minter.thing("possible-match", digest(likeness.one, likeness.other))
        triples.type(iri, KG("PossibleMatch"))
        triples.link(iri, KG("first"), minter.entity(likeness.one))
        triples.link(iri, KG("second"), minter.entity(likeness.other))
        _write_reasons(triples, iri, likeness)


def _write_reasons(triples: Triples, iri: str, likeness: Likeness) -> None:
    triples.decimal(iri, KG("score"), Decimal(str(likeness.score)))
    triples.text(iri, KG("reason"), *likeness.reasons)
    triples.text(iri, KG("counterReason"), *likeness.against)

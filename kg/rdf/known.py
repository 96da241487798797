"""What the project's reference data says of the things that documents name: official names, and their keys in other sources."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg import plugins
from kg.model import LITERAL, Entity
from kg.rdf.triples import Triples
from kg.reference import Body, Force, Offence, Reference
from kg.vocabulary import KG, OWL, RDFS, SCHEMA, SKOS, WIKIDATA, XSD, Minter

_WIKIDATA_ID = re.compile(r"Q\d+", re.ASCII)


def write_known(triples: Triples, minter: Minter, entity: Entity, reference: Reference, named: Mapping[str, str]) -> None:
    """The reference data's verified facts about the entity, where it is in there; forms that merely recognise a thing are no names.

    ``named`` are the ids by slug of the things that the documents name: a successor that none of them names is left out.
    """
    found = reference.by_slug(entity.reference) if entity.reference else None
    if found is None:
        return
    iri = minter.entity(entity.id)
    triples.text(iri, KG("reference"), found.slug)
    if isinstance(found, Offence):
        official, aliases = found.label, found.aliases
    else:
        official, aliases = found.name, getattr(found, "aliases", ())
    triples.text(iri, SKOS("altLabel"), *{official, *aliases} - {entity.name})
    if isinstance(found, Force | Body):
        _write_dates(triples, iri, found)
        successors = (found.successor,) if isinstance(found, Force) else found.successors
        triples.link(iri, KG("succeededBy"), *(minter.entity(named[slug]) for slug in successors if slug in named))
    if isinstance(found, Force):
        if _WIKIDATA_ID.fullmatch(found.wikidata_qid):
            for predicate in (KG("exactMatch"), SKOS("exactMatch")):
                triples.link(iri, predicate, WIKIDATA(found.wikidata_qid))
        if found.ons_pfa_code:
            triples.text(iri, KG("onsCode"), found.ons_pfa_code)
    if isinstance(found, Offence) and found.code:
        triples.text(iri, KG("crimeCode"), found.code)


def write_added_terms(triples: Triples) -> None:
    """The classes and properties of plug-ins with their definitions, so that a graph that holds such things explains them."""
    for name, kind in plugins.types().items():
        _write_term(triples, name, kind.definition, "Class")
    for name, predicate in plugins.predicates().items():
        _write_term(triples, name, predicate.definition, "DatatypeProperty" if predicate.objects == {LITERAL} else "ObjectProperty")
        triples.link(KG(name), SCHEMA("domainIncludes"), *map(KG, predicate.subjects))
        triples.link(KG(name), SCHEMA("rangeIncludes"), *(XSD("string") if kind == LITERAL else KG(kind) for kind in predicate.objects))


def _write_term(triples: Triples, name: str, definition: str, kind: str) -> None:
    triples.type(KG(name), OWL(kind))
    triples.text(KG(name), RDFS("label"), name)
    triples.text(KG(name), SKOS("definition"), definition)


def _write_dates(triples: Triples, iri: str, found: Force | Body) -> None:
    for name, date in (("formed", found.formed), ("dissolved", found.dissolved)):
        if date:
            triples.text(iri, KG(name), date)

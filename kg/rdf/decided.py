"""What people decided, as activities of PROV-O: who, when, why, and what was touched."""

from __future__ import annotations

from collections.abc import Iterable

from kg.decisions import Trace
from kg.rdf.triples import Triples
from kg.vocabulary import DCT, DECISION_KIND, KG, PROV, RDFS, Minter, slug


def write_decisions(triples: Triples, minter: Minter, traces: Iterable[Trace]) -> None:
    """A node for every decision that found what it is about. What was rejected or forgotten is not told again.

    Facts that were accepted or corrected point at their decision from the side of the assertion.
    """
    for trace in traces:
        decision = trace.decision
        if not trace.obeyed:
            continue
        iri = minter.thing("decision", decision.key)
        editor = minter.thing("editor", slug(decision.by))
        triples.type(iri, KG("Decision"), PROV("Activity"))
        triples.text(iri, RDFS("label"), decision.kind)
        triples.link(iri, KG("decisionKind"), DECISION_KIND(decision.kind))
        triples.link(iri, PROV("wasAssociatedWith"), editor)
        triples.type(editor, PROV("Agent"))
        triples.text(editor, RDFS("label"), decision.by)
        triples.date(iri, DCT("date"), decision.on)
        triples.text(iri, KG("rationale"), decision.why)
        triples.text(iri, KG("given"), *decision.entities, *(f"{name}: {value or 'none'}" for name, value in decision.to))
        triples.link(iri, PROV("used"), *(minter.document(document) for document in trace.documents))
        for entity in trace.entities:
            triples.link(iri, PROV("used"), minter.entity(entity))
            triples.link(minter.entity(entity), PROV("wasInfluencedBy"), iri)

"""Pronouns and descriptions of gold things, found by a first network, as further mentions to learn facts from."""

from __future__ import annotations

from spacy.language import Language

from kg.annotate import encoder_of, scorer
from kg.coreference import Cluster, point_back
from kg.language.labels import KINDS
from kg.language.tokens import words_of
from kg.language.training.domain import GoldDocument
from kg.mentions import nominals
from kg.model import ENTITY_TYPES, Mention


def anaphors(nlp: Language, document: GoldDocument) -> list[tuple[int, int, int, int]]:
    """(start, end, thing, kind) in words, for every pronoun and description that the pipeline gives to a gold thing."""
    doc = nlp(document.text)
    place = {i: k for k, i in enumerate(words_of(doc).indices)}
    clusters: dict[int, Cluster] = {}
    for start, end, thing in document.mentions:
        kind = document.things[thing]
        if kind not in ENTITY_TYPES:
            continue
        a, b = document.offsets[start][0], document.offsets[end - 1][1]
        mention = Mention(a, b, document.text[a:b], kind)
        if thing in clusters:
            clusters[thing].add(mention)
        else:
            clusters[thing] = Cluster(mention, None)
    known = list(clusters.values())
    names = [m for c in known for m in c.mentions]
    network = encoder_of(nlp)
    point_back(doc, known, list(nominals(doc, names)), scorer(network, doc), salience=network.salience if network else None)
    found = []
    for thing, cluster in clusters.items():
        for mention in cluster.mentions:
            span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if mention.kind != "name" and span is not None and span.start in place and span.end - 1 in place:
                found.append((place[span.start], place[span.end - 1] + 1, thing, KINDS.index(mention.kind)))
    return sorted(found)

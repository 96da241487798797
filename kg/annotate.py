"""Documents to Readings: annotation, mentions, chains and facts of one document at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import cast

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from kg import plugins
from kg.asides import own_words
from kg.coreference import Scorer, find_chains
from kg.facts import extract
from kg.facts.context import Context
from kg.language.components import WINDOWS, Encoder
from kg.mentions import find_mentions
from kg.model import Document, Reading
from kg.reference import Reference


def read(nlp: Language, document: Document, reference: Reference) -> Reading:
    """Everything that is read from one document."""
    context = contextualise(nlp, document, reference)
    facts = extract(context)
    words = len(context.doc) - int(np.count_nonzero(context.doc.to_array("IS_SPACE")))
    return Reading(document, context.chains, facts, words)


def contextualise(nlp: Language, document: Document, reference: Reference) -> Context:
    """The document annotated, with its chains: what extractors are given. What is not its own is read as white space."""
    document = replace(document, text=own_words(document.text, document.body_start))
    doc = nlp(document.text)
    network = encoder_of(nlp)
    mentions = sorted(
        [*find_mentions(doc, reference, document.body_start), *plugins.mentions(document.text, document.body_start)],
        key=lambda m: (m.start, -m.end, m.type))
    chains = find_chains(doc, mentions, reference, scorer(network, doc), network.salience if network else None)
    return Context(document, doc, chains, network, reference)


def encoder_of(nlp: Language) -> Encoder | None:
    """The shipped network of a pipeline, or None in another pipeline."""
    return cast("Encoder", nlp.get_pipe("kg_encoder")) if "kg_encoder" in nlp.pipe_names else None


def scorer(network: Encoder | None, doc: Doc) -> Scorer | None:
    """What scores the antecedents of a document's words; None without the network."""
    return partial(antecedents, network, doc, {}) if network else None


def antecedents(
    network: Encoder, doc: Doc, cache: dict[int, NDArray[np.float32]], i: int, candidates: Sequence[int]
) -> NDArray[np.float32]:
    """Scores of earlier words as antecedents of word i; words of another window score as distant as can be."""
    windows = doc.user_data[WINDOWS]
    k = bisect_right(windows, i, key=itemgetter(0)) - 1
    if k < 0 or i >= windows[k][1]:
        return np.zeros(len(candidates), dtype=np.float32) - 10.0
    start, end = windows[k]
    if k not in cache:
        cache.clear()  # words are asked for in order
        cache[k] = network.antecedents(doc, (start, end))
    own = cache[k][i - start]
    return np.array([own.item(j - start) if j >= start else -2.0 + 0.01 * (j - start) for j in candidates], dtype=np.float32)

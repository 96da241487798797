"""Which of the people named before it a "he" or "she" means.

A linear model in the line of Lappin & Leass (1994): where and how each person was last mentioned, with the network's score as one
property among others. Its weights come with the language model (`kg.language.training.pronouns`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

#: Share of the candidates' salience from which a pronoun is that person's; below it the pronoun stays alone.
SURE = 0.5
#: Words within which a person's name is fresh.
_FRESH = 80


@dataclass(frozen=True)
class Candidate:
    """A person whom a pronoun may mean."""

    words: Sequence[int]  #: positions of the head words of earlier mentions, ascending, at least one
    scores: Sequence[float]  #: the network's, of each of them
    mentions: int  #: in the whole document
    agrees: bool  #: the person's gender is known and the pronoun's


def chosen(weights: Mapping[str, float], described: Mapping[int, Mapping[str, float]]) -> int | None:
    """The candidate that has most of the salience, if it has enough."""
    salience = {k: sum(weights.get(name, 0.0) * value for name, value in found.items()) for k, found in described.items()}
    if not salience:
        return None
    top = max(salience, key=lambda k: (salience[k], k))
    share = 1 / sum(math.exp(value - salience[top]) for value in salience.values())
    return top if share >= SURE else None


def paragraphs(doc: Doc) -> list[int]:
    """For each word the last one of the paragraph before its own, or -1."""
    ends = [int(i) for i in np.flatnonzero(doc.to_array("IS_SPACE")) if "\n" in doc[int(i)].text]
    return [end for end, following in zip([-1, *ends], [*ends, len(doc) - 1], strict=True) for _ in range(end, following)]


def describe(
    doc: Doc, sentences: Sequence[int], paragraph: int, i: int, candidates: Mapping[int, Candidate]
) -> dict[int, dict[str, float]]:
    """The properties of each candidate for the pronoun at word ``i``.

    ``sentences`` numbers the sentence of each word; ``paragraph`` is the last word of the paragraph before the pronoun's, or -1.
    """
    last = {k: c.words[-1] for k, c in candidates.items()}
    nearest = sorted(last, key=lambda k: -last[k])
    inside = {k: min(later) for k, c in candidates.items() if (later := [w for w in c.words if w > paragraph])}
    own = sentences[i]
    before = max((sentences[w] for c in candidates.values() for w in c.words if sentences[w] < own), default=-1)
    opening = min((w for c in candidates.values() for w in c.words if sentences[w] == before), default=-1)
    found = {}
    for k, candidate in candidates.items():
        here = [w for w in candidate.words if sentences[w] == own]
        there = [w for w in candidate.words if sentences[w] == before]
        token = doc[last[k]]
        subject = any(_is_subject(doc, w) for w in here)
        network = math.log(sum(math.exp(s) for s in candidate.scores))
        found[k] = {
            "network": network,
            "gender": float(candidate.agrees),
            "nearest": float(nearest[0] == k),
            "second nearest": float(nearest[1:2] == [k]),
            "distance": math.log1p(i - last[k]),
            "mentions before": math.log1p(len(candidate.words)),
            "mentions": math.log1p(candidate.mentions),
            "same sentence": float(bool(here)),
            "subject of the same sentence": float(subject),
            "subject's own": float(subject and doc[i].dep_ == "nmod:poss"),
            "sentence before": float(bool(there) and not here),
            "subject of the sentence before": float(any(_is_subject(doc, w) for w in there)),
            "opens the sentence before": float(opening in there),
            "same paragraph": float(k in inside),
            "alone in the paragraph": float(k in inside and len(inside) == 1),
            "opens the paragraph": float(k in inside and inside[k] == min(inside.values())),
            "pronoun last": float(token.pos_ == "PRON"),
            "possessive last": float(token.dep_ == "nmod:poss"),
            "named near": float(any(doc[w].pos_ == "PROPN" and i - w < _FRESH for w in candidate.words)),
        }
    return found


def _is_subject(doc: Doc, word: int) -> bool:
    return doc[word].dep_.startswith("nsubj")

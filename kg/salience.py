"""Whom or what named before it a pronoun means: "he" and "she" a person, "it" and "they" a body, a review and the like.

A linear model in the line of Lappin & Leass (1994): where and how each candidate was last mentioned, with the network's score as one
property among others. A review is found where "it" was chaired or published, a force where it dismissed someone: what is no person has its
type and the pronoun's place in the clause among its properties. The weights come with the language model (`kg.language.training.pronouns`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

#: Share of the candidates' salience from which a pronoun is that candidate's; below it the pronoun stays alone. "They" are mostly people
#: whom no name stands for, and so nobody's candidates.
SURE = {"he": 0.5, "it": 0.6, "they": 0.8}
#: Words within which a person's name is fresh.
_FRESH = 80


#: The pronouns by what they can mean; each family has weights of its own.
FAMILIES = {
    **dict.fromkeys(("he", "him", "his", "himself", "she", "her", "hers", "herself"), "he"),
    **dict.fromkeys(("it", "its", "itself"), "it"),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves"), "they"),
}


@dataclass(frozen=True)
class Candidate:
    """A person or thing that a pronoun may mean."""

    words: Sequence[int]  #: positions of the head words of earlier mentions, ascending, at least one
    scores: Sequence[float]  #: the network's, of each of them
    mentions: int  #: in the whole document
    type: str
    agrees: bool = False  #: a person's gender is known and the pronoun's


def chosen(weights: Mapping[str, float], described: Mapping[int, Mapping[str, float]], family: str = "he") -> int | None:
    """The candidate that has most of the salience, if it has enough for a pronoun of the family."""
    salience = {k: sum(weights.get(name, 0.0) * value for name, value in found.items()) for k, found in described.items()}
    if not salience:
        return None
    top = max(salience, key=lambda k: (salience[k], k))
    share = 1 / sum(math.exp(value - salience[top]) for value in salience.values())
    return top if share >= SURE[family] else None


def paragraphs(doc: Doc) -> list[int]:
    """For each word the last one of the paragraph before its own, or -1."""
    ends = [int(i) for i in np.flatnonzero(doc.to_array("IS_SPACE")) if "\n" in doc[int(i)].text]
    return [end for end, following in zip([-1, *ends], [*ends, len(doc) - 1], strict=True) for _ in range(end, following)]


def describe(
    doc: Doc, sentences: Sequence[int], paragraph: int, i: int, candidates: Mapping[int, Candidate]
) -> dict[int, dict[str, float]]:
    """The properties of each candidate for the pronoun or description at word ``i``, named by the pronoun's family.

    ``sentences`` numbers the sentence of each word; ``paragraph`` is the last word of the paragraph before the pronoun's, or -1.
    """
    family = FAMILIES.get(doc[i].lower_, "he")  # a description that is settled so is a person's: "the 47-year-old"
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
        properties = {
            "network": network,
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
        if family == "he":
            properties["gender"] = float(candidate.agrees)
        else:
            properties |= {candidate.type: 1.0, f"{candidate.type} as {doc[i].dep_}": 1.0}
        found[k] = {f"{family} {name}": value for name, value in properties.items()}
    return found


def _is_subject(doc: Doc, word: int) -> bool:
    return doc[word].dep_.startswith("nsubj")

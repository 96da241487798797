"""Contexts made by hand: a text, the stretches that are mentions, flat trees. For rules that read words, not trees."""

from __future__ import annotations

import re

import spacy
from spacy.tokens import Doc

from kg.facts.context import Context
from kg.model import Chain, Document, Fact, Mention
from kg.reference import Reference

_TOKENISER = spacy.blank("en").tokenizer


def context(text: str, date: str | None = None, **chains: object) -> Context:
    """``chains``: a name for the chain -> (type, form, form ...); every occurrence of a form becomes a mention.

    A form "@he" is the pronoun "he". The first form is the chain's name. A chain's reference is looked up for forces and bodies.
    """
    found = []
    for parts in chains.values():
        kind, *forms = parts  # type: ignore[misc]
        found.append(_chain(text, str(kind), [str(f) for f in forms]))
    return Context(Document("doc", text, date=date), _doc(text), tuple(found), None, Reference.load())


def _chain(text: str, kind: str, forms: list[str]) -> Chain:
    mentions: list[Mention] = []
    for form in sorted(forms, key=len, reverse=True):
        word = form.removeprefix("@")
        for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            if not any(m.start < match.end() and match.start() < m.end for m in mentions):
                mentions.append(Mention(match.start(), match.end(), word, kind, "pronoun" if form.startswith("@") else "name"))
    reference = Reference.load()
    entry = (reference.force(forms[0]) or reference.force_by_area(forms[0])) if kind == "PoliceForce" else reference.body(forms[0])
    return Chain(kind, forms[0], tuple(sorted(mentions)), entry.slug if entry is not None and kind != "Person" else None)


def _doc(text: str) -> Doc:
    """Tokens with a flat tree under each sentence's first word; sentences end at a full stop before a capital, and at line breaks."""
    tokens = _TOKENISER(text)
    starts = [
        i == 0 or bool(re.search(r"[.!?][”\"']?$|\n", tokens[i - 1].text)) and tokens[i].text[:1].isupper() for i in range(len(tokens))
    ]
    heads, first = [], 0
    for i, start in enumerate(starts):
        first = i if start else first
        heads.append(first)
    possessive = {"his", "her", "its", "their"}
    return Doc(
        tokens.vocab, words=[t.text for t in tokens], spaces=[bool(t.whitespace_) for t in tokens], heads=heads,
        deps=["ROOT" if s else "dep" for s in starts], tags=["PRP$" if t.lower_ in possessive else "NN" for t in tokens],
        pos=["NOUN"] * len(tokens),
        lemmas=[t.lower_ for t in tokens],
    )  # fmt: skip


def rows(found: object, made: Context) -> set[tuple[str, str, str, str]]:
    """(subject, predicate, object, status) by names."""
    facts: list[Fact] = list(found)  # type: ignore[call-overload]
    return {
        (made.chains[f.subject].name, f.predicate, f.object if isinstance(f.object, str) else made.chains[f.object].name, f.status)
        for f in facts
    }

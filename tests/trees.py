"""Annotated texts written by hand, for tests that need a tree but no language model."""

from __future__ import annotations

from spacy.tokens import Doc

from kg.facts.context import Context
from kg.language import tokens
from kg.model import Chain, Document, Mention


def context_of(text: str, tree: str = "", chains: tuple[Chain, ...] = (), date: str | None = None) -> Context:
    """A context for a text whose tree is given as ``POS:relation:head`` for each token, heads by position.

    Without a tree every token hangs on the first of its sentence, as where a parser fails.
    """
    raw = tokens.blank()(text)
    words, spaces = [t.text for t in raw], [bool(t.whitespace_) for t in raw]
    rows = [row.split(":", 1) for row in tree.split()] or _flat(words)
    assert len(rows) == len(raw), f"{len(raw)} tokens, {len(rows)} rows: {words}"
    rest = [row[1].rsplit(":", 1) for row in rows]
    doc = Doc(
        raw.vocab, words=words, spaces=spaces, pos=[row[0] for row in rows], deps=[r[0] for r in rest], heads=[int(r[1]) for r in rest]
    )
    return Context(Document("test", text, date=date), doc, chains)


def _flat(words: list[str]) -> list[list[str]]:
    rows, first = [], 0
    for i, word in enumerate(words):
        rows.append(["X", f"{'ROOT' if i == first else 'dep'}:{first}"])
        if word in {".", "!", "?"} or "\n" in word:
            first = i + 1
    return rows


def chain(text: str, type_: str, *forms: str | tuple[str, str]) -> Chain:
    """A chain of every occurrence of some surface forms; a form may carry its kind ("She", "pronoun")."""
    found = []
    for form in forms:
        surface, kind = (form, "name") if isinstance(form, str) else form
        start = text.find(surface)
        while start >= 0:
            found.append(Mention(start, start + len(surface), surface, type_, kind))
            start = text.find(surface, start + 1)
    name = forms[0] if isinstance(forms[0], str) else forms[0][0]
    return Chain(type_, name, tuple(sorted(found)))

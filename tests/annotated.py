"""Small annotated texts built by hand, so that tests of the stages after the language pipeline need no model."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.language.components import LITERALS, NAMES
from kg.language.tokens import blank

PRONOUNS = frozenset("he him his himself she her hers herself it its itself they them their theirs we us our i you".split())
DETERMINERS = frozenset("the a an this that".split())
#: verbs of the tests -> lemma
VERBS: dict[str, str] = {
    "said": "say", "says": "say", "told": "tell", "announced": "announce", "live": "live", "fell": "fall", "led": "lead", "joined": "join",
    "met": "meet", "retired": "retire", "apologised": "apologise", "charged": "charge", "rose": "rise", "left": "leave", "began": "begin",
    "saw": "see", "is": "be", "was": "be", "has": "have", "asked": "ask", "thanked": "thank",
}  # fmt: skip
PREPOSITIONS = frozenset("of in at by for with to from into on and that".split())


@cache
def tokenizer() -> Language:
    """The project's tokenizer, made once."""
    return blank()


Forms = Mapping[str, str] | Iterable[tuple[str, str]]  #: written form -> label, or pairs where a form has several


def annotated(text: str, names: Forms = (), literals: Forms = ()) -> Doc:
    """The text with plain trees and, as the network's spans, every occurrence of the given forms.

    A sentence hangs on its first verb; a noun before the verb is its subject, one after it its object; articles and nouns in front
    hang on the last noun of their run. Good enough for the rules that look at a tree, and easy to foresee.
    """
    plain = tokenizer().make_doc(text)
    heads, deps = _trees(plain)
    doc = Doc(
        plain.vocab,
        words=[t.text for t in plain],
        spaces=[bool(t.whitespace_) for t in plain],
        pos=[_pos(t.text) for t in plain],
        tags=[_tag(t.text) for t in plain],
        lemmas=[VERBS.get(t.lower_, t.lower_) for t in plain],
        heads=heads,
        deps=deps,
    )
    assert doc.text == text
    doc.spans[NAMES] = _occurrences(doc, names)
    doc.spans[LITERALS] = _occurrences(doc, literals)
    return doc


def cpu_seconds(function: Callable[[], object]) -> float:
    """The processor time of a call, the better of two: other processes on the machine do not count."""
    times = []
    for _ in range(2):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return min(times)


def _occurrences(doc: Doc, forms: Forms) -> list[Span]:
    found = []
    for form, kind in forms.items() if isinstance(forms, Mapping) else forms:
        at = doc.text.find(form)
        assert at >= 0, f"{form!r} is not in the text"
        while at >= 0:
            span = doc.char_span(at, at + len(form), label=kind)
            if span is not None:
                found.append(span)
            at = doc.text.find(form, at + len(form))
    return found


def _pos(word: str) -> str:
    lower = word.lower()
    if word.isspace():
        return "SPACE"
    if lower in PRONOUNS:
        return "PRON"
    if lower in DETERMINERS:
        return "DET"
    if lower in VERBS:
        return "VERB"
    if lower in PREPOSITIONS:
        return "ADP"
    if not any(c.isalnum() for c in word) or lower in {"'s", "’s"}:
        return "PUNCT"
    return "PROPN" if word[:1].isupper() else "NOUN"


def _tag(word: str) -> str:
    return {"PRON": "PRP", "DET": "DT", "VERB": "VBD", "ADP": "IN", "PROPN": "NNP", "NOUN": "NN", "SPACE": "_SP"}.get(_pos(word), ".")


def _sentences(doc: Doc) -> Iterator[tuple[int, int]]:
    start = 0
    for token in doc:
        if token.text in {".", "?", "!"} or "\n" in token.text:
            yield start, token.i + 1
            start = token.i + 1
    if start < len(doc):
        yield start, len(doc)


def _trees(doc: Doc) -> tuple[list[int], list[str]]:
    heads, deps = list(range(len(doc))), ["dep"] * len(doc)
    pos = [_pos(t.text) for t in doc]
    for start, end in _sentences(doc):
        verbs = [i for i in range(start, end) if pos[i] == "VERB"]
        root = verbs[0] if verbs else start
        for i in range(start, end):
            heads[i], deps[i] = root, "ROOT" if i == root else "punct" if pos[i] == "PUNCT" else "dep"
        i = start
        while i < end:
            stop = i
            while stop < end and pos[stop] in {"DET", "NOUN", "PROPN", "PRON"}:
                stop += 1
            if stop > i and root not in range(i, stop):
                last = stop - 1
                deps[last] = (
                    "nsubj"
                    if last < root and (i == start or pos[i - 1] != "ADP")
                    else "obl"
                    if i > start and pos[i - 1] == "ADP"
                    else "obj"
                )
                for k in range(i, last):
                    heads[k], deps[k] = last, {"DET": "det", "PRON": "nmod:poss"}.get(pos[k], "compound")
            i = max(stop, i + 1)
    return heads, deps

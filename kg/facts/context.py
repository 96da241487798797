"""What an extractor is given: one annotated document with its chains, and look-ups over them.

The spaCy document carries UD v2 English trees (``token.dep_`` in {nsubj, nsubj:pass, obj, obl, obl:agent, nmod,
nmod:poss, appos, conj, acl, acl:relcl, advcl, ccomp, xcomp, compound, flat, case, cop, aux, aux:pass, ...}), UPOS in
``pos_``, Penn tags in ``tag_``, lemmas in ``lemma_``, sentence starts, and a blank line or line break is always a
sentence boundary.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar, cast

from spacy.tokens import Doc, Span, Token

from kg.model import Chain, Document, Mention
from kg.reference import Reference

T = TypeVar("T")

#: Where a sentence begins within one of the parser's, which takes some for one.
NEXT_SENTENCE = re.compile(r"[.!?]\s+(?=[A-Z])")


class Context:
    """One document as the extractors see it.

    ``spacy_doc`` covers ``document.text`` from character 0, so ``token.idx`` is an offset as read.
    """

    def __init__(
        self, document: Document, spacy_doc: Doc, chains: tuple[Chain, ...], network: Any = None, reference: Reference | None = None
    ) -> None:
        self.document = document
        self.doc = spacy_doc
        self.chains = chains
        self.network = network  #: the shipped encoder with its fact heads, or None with another pipeline
        self.reference = reference or Reference.load()
        self._found: dict[Callable[[Context], object], object] = {}
        self._spans: dict[tuple[int, int], Span] = {}
        self._of_types: dict[tuple[str, ...], tuple[list[tuple[Mention, int]], list[int]]] = {}

    def once(self, find: Callable[[Context], T]) -> T:
        """What a function finds in the document; it is called the first time only, as many rows ask the same."""
        if find not in self._found:
            self._found[find] = find(self)
        return cast("T", self._found[find])

    @cached_property
    def mentions(self) -> list[tuple[Mention, int]]:
        """Every mention with its chain's position, by start, longer first."""
        found = [(m, i) for i, chain in enumerate(self.chains) for m in chain.mentions]
        return sorted(found, key=lambda p: (p[0].start, -p[0].end, p[1]))

    @cached_property
    def _by_token(self) -> dict[int, list[tuple[Mention, int]]]:
        table: dict[int, list[tuple[Mention, int]]] = {}
        for mention, index in self.mentions:
            span = self.span(mention)
            for i in range(span.start, span.end):
                table.setdefault(i, []).append((mention, index))
        for entries in table.values():  # innermost first
            entries.sort(key=lambda p: p[0].end - p[0].start)
        return table

    def span(self, mention: Mention) -> Span:
        """The mention's tokens (grown to whole tokens)."""
        place = mention.start, mention.end
        if place not in self._spans:
            self._spans[place] = self.doc.char_span(*place, alignment_mode="expand") or self.doc[0:0]
        return self._spans[place]

    def at(self, token: Token, *types: str) -> tuple[Mention, int] | None:
        """The innermost mention that covers the token, of one of the types if any are given."""
        for mention, index in self._by_token.get(token.i, ()):
            if not types or mention.type in types:
                return mention, index
        return None

    def head_mention(self, token: Token, *types: str) -> tuple[Mention, int] | None:
        """The widest mention whose syntactic head is the token, of one of the types if any are given."""
        best = None
        for mention, index in self._by_token.get(token.i, ()):
            if (not types or mention.type in types) and self.span(mention).root == token:
                best = (mention, index)
        return best

    def of_types(self, *types: str) -> list[tuple[Mention, int]]:
        """The mentions of some types, or all, with their chains' positions, in order."""
        return self._table(types)[0]

    def starting_in(self, start: int, end: int, *types: str) -> list[tuple[Mention, int]]:
        """The mentions that start at an offset from ``start`` up to but not including ``end``, in order."""
        found, starts = self._table(types)
        return found[bisect_left(starts, start) : bisect_left(starts, end)]

    def overlapping(self, start: int, end: int, *types: str) -> list[tuple[Mention, int]]:
        """The mentions that have a character of those from ``start`` up to but not including ``end``, in order."""
        return [pair for pair in self.starting_in(start - self._longest, end, *types) if pair[0].end > start]

    @cached_property
    def _longest(self) -> int:
        return max((mention.end - mention.start for mention, _ in self.mentions), default=0)

    def within(self, span: Span, *types: str) -> Iterator[tuple[Mention, int]]:
        """The mentions that lie wholly in the span, in order."""
        end = span.end_char
        return (pair for pair in self.starting_in(span.start_char, end, *types) if pair[0].end <= end)

    def _table(self, types: tuple[str, ...]) -> tuple[list[tuple[Mention, int]], list[int]]:
        """The mentions of some types and their starts, so that those near a place are found without looking at all others."""
        if types not in self._of_types:
            found = [pair for pair in self.mentions if not types or pair[0].type in types]
            self._of_types[types] = found, [mention.start for mention, _ in found]
        return self._of_types[types]

    def tokens_in(self, start: int, end: int) -> Span:
        """The tokens that start at an offset from ``start`` up to but not including ``end``."""
        return self.doc[bisect_left(self._offsets, start) : bisect_left(self._offsets, end)]

    @cached_property
    def _offsets(self) -> list[int]:
        return cast("list[int]", self.doc.to_array("IDX").tolist())

    @cached_property
    def tokens(self) -> list[Token]:
        """The document's tokens; a slice of them is walked much sooner than one of the document."""
        return list(self.doc)

    def sentence(self, token: Token) -> Span:
        """The token's sentence, which spaCy's ``token.sent`` looks for each time."""
        return self._sentences[token.i]

    def evidence(self, *tokens: Token) -> tuple[int, int]:
        """Offsets of the run of sentences that covers the tokens, without surrounding white space."""
        first, last = min(tokens).i, max(tokens).i
        start, end = self._sentences[first].start_char, self._sentences[last].end_char
        return strip_offsets(self.document.text, start, end)

    @cached_property
    def _sentences(self) -> list[Span]:
        """Of each token its sentence."""
        return [sentence for sentence in self.doc.sents for _ in range(sentence.start, sentence.end)]

    def text(self, span: Span) -> str:
        """The span's text, which spaCy's ``span.text`` joins from its tokens each time."""
        return self.document.text[span.start_char : span.end_char]

    def sentences(self, start: int, end: int) -> list[Span]:
        """The sentences that hold a stretch of text, given by offsets."""
        found = [self._sentences[max(bisect_right(self._offsets, start) - 1, 0)]]
        while found[-1].end_char < end and found[-1].end < len(self.doc):
            found.append(self._sentences[found[-1].end])
        return found


def strip_offsets(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets of ``text[start:end]`` without white space at either end."""
    while start < end and text[start].isspace():
        start += 1
    return start, strip_end(text, start, end)


def strip_end(text: str, start: int, end: int) -> int:
    """Where ``text[start:end]`` ends without the white space at its end; takes no copy of the text."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return end

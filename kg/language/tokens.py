"""Raw text to words: spaCy's English tokenizer, with line breaks kept as white-space tokens of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import spacy
from spacy.lang.tokenizer_exceptions import URL_PATTERN
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]  # spaCy gives it no stubs
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

#: What makes a spaCy pipeline tokenize as the project does, as an override of its configuration.
TOKENIZER: dict[str, Any] = {"nlp": {"tokenizer": {"@tokenizers": "kg.english"}}}


def blank() -> Language:
    """A blank English pipeline with the project's tokenizer."""
    nlp = spacy.blank("en", config=TOKENIZER)
    configure(nlp)
    return nlp


def configure(nlp: Language) -> None:
    """Let a pipeline take long texts, and give it the project's tokenizer where it was loaded with another."""
    if nlp.config["nlp"]["tokenizer"] != TOKENIZER["nlp"]["tokenizer"]:
        nlp.tokenizer = _tokenizer(nlp)
    nlp.max_length = 100_000_000


#: Marks in a row come off a word one by one, and each time the whole word is looked at again: a page of "(((((" would take
#: hours. So a long run of them is one token. Words have no white space inside, hence no exception for it.
_LONG_RUN = r"[\W_]{16,}"
_LONG_RUN_AT_END = r"(?<![\W_])(?<!['’][sS])(?:[\W_]|(?<=['’])[sS]){16,}"
#: Where a page's text has lost the break between a name and the caption or credit behind it: "Ann ColeImage source, BBC".
_GLUED = r"(?<=[A-Za-z])(?=(?:Image|Police|Picture)(?![A-Za-z]))"
#: No longer word is tried as an address.
_LONGEST_URL = 2_000


def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """spaCy's English tokenizer, fitted to British press text (dashes, slashes and quotation marks set tight) and to hostile text."""
    return _tokenizer


registry.tokenizers("kg.english", func=make_tokenizer)


def _tokenizer(nlp: Language) -> Tokenizer:
    # Made whole at once: an English tokenizer that is changed afterwards looks up all its exceptions anew for every change.
    defaults = nlp.Defaults
    assert defaults.infixes is not None and defaults.prefixes is not None and defaults.suffixes is not None
    infixes = [*defaults.infixes, r"(?<=[A-Za-z0-9])[–—](?=[A-Za-z0-9£])", r"(?<=[a-z])[.](?=[A-Z][a-z])", _GLUED]
    return Tokenizer(
        nlp.vocab,
        rules=defaults.tokenizer_exceptions,
        prefix_search=compile_prefix_regex([_LONG_RUN, *defaults.prefixes, "‘", "–", "—"]).search,
        suffix_search=compile_suffix_regex([_LONG_RUN_AT_END, *defaults.suffixes, "’", "–", "—"]).search,
        infix_finditer=compile_infix_regex(infixes).finditer,
        token_match=defaults.token_match,
        url_match=re.compile(rf"(?u)(?=\S{{1,{_LONGEST_URL}}}$){URL_PATTERN}").match,
    )


@dataclass(frozen=True)
class Words:
    """The words of a stretch of a text, as the encoder sees them."""

    indices: list[int]  #: token positions in the spaCy document
    words: list[str]
    breaks: list[bool]  #: a line break stands before the word (or it is the first)
    glued: Sequence[bool] = ()  #: no white space stands before the word; only where the text is known


def words_of(doc: Doc) -> Words:
    """All tokens that are not white space."""
    indices, words, breaks, glued = [], [], [], []
    broken, end = True, -1
    for token in doc:
        if token.is_space:
            broken = broken or "\n" in token.text or "\r" in token.text
            continue
        indices.append(token.i)
        words.append(token.text)
        breaks.append(broken)
        glued.append(token.idx == end)
        broken, end = False, token.idx + len(token)
    return Words(indices, words, breaks, glued)


_STOPS = frozenset(".!?…:;–—•*|") | {"..", "...", "--"}
_CLOSERS = frozenset("\"”’')]")
_ENDS = frozenset(".!?")
_QUOTATION_ENDS, _QUOTATION_STARTS = frozenset('"”'), frozenset('"“‘')


def may_begin(words: Sequence[str], i: int) -> bool:
    """Whether a sentence may begin at a word within a line: at the first, after a stop, or after a stop and a closing mark."""
    if i == 0:
        return True
    before = words[i - 1]
    return (
        before in _STOPS
        or (before in _CLOSERS and i > 1 and words[i - 2] in _STOPS | {","})
        or (before in {'"', ")"} and words[i][:1].isupper())
    )


def begins_after_quotation(words: Sequence[str], glued: Sequence[bool], i: int) -> bool:
    """Whether a word with a capital, or an opening mark, follows on a quotation that closed with its sentence."""
    if i < 2 or glued[i] or not glued[i - 1] or words[i - 1] not in _QUOTATION_ENDS or words[i - 2] not in _ENDS:
        return False
    return words[i][:1].isupper() or words[i] in _QUOTATION_STARTS


def closes(words: Sequence[str], glued: Sequence[bool], i: int) -> bool:
    """Whether a word is a mark that closes what stands before it, so that no sentence begins with it."""
    return words[i] in _CLOSERS and glued[i] and (i + 1 == len(words) or not glued[i + 1])


def windows(words: Words, sizes: list[int], limit: int) -> Iterator[tuple[int, int]]:
    """Cut the words into runs of at most ``limit`` pieces, at line breaks where there are any, else after full stops.

    ``sizes`` are the words' numbers of pieces. Yields (start, end) positions in ``words``.
    """
    start = 0
    total = len(words.words)
    while start < total:
        end, used, cut = start, 0, start
        while end < total and used + sizes[end] <= limit:
            used += sizes[end]
            end += 1
            if end == total or words.breaks[end]:
                cut = end
        if end == total:
            cut = total
        if cut == start:  # a paragraph longer than the limit: after the last full stop in it
            stops = [i + 1 for i in range(start, end) if words.words[i] in {".", "!", "?", '"', "”"}]
            cut = stops[-1] if stops and stops[-1] > start + (end - start) // 2 else max(end, start + 1)
        yield start, cut
        start = cut

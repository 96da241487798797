"""Treebanks in CoNLL-U to training sentences: EWT (trees), GUM (trees, named entities, coreference)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import conllu

_NAMES = {"person": "Person", "organization": "Organisation", "place": "Place"}
_SKIP = {"event", "abstract", "object", "animal", "plant", "substance", "time"}
#: Tags of words that may head a mention.
NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
_BRACKET = re.compile(r"(\()?([^()]+?)(\))?(?=[()]|$)")


@dataclass
class Sentence:
    """One sentence; heads count from 1 within it, 0 is the root. ``names`` is None where names are not annotated."""

    words: list[str]
    spaces: list[bool]
    xpos: list[str]
    upos: list[str]
    lemmas: list[str]
    heads: list[int]
    deps: list[str]
    paragraph: bool
    names: list[tuple[int, int, str]] | None = None
    clusters: list[tuple[int, str]] = field(default_factory=list)  #: (head word, cluster id), OntoGUM
    mentions: list[tuple[int, int, str]] = field(default_factory=list)  #: the same with the whole phrase: (start, end, cluster id)
    source: str = ""  #: the treebank's name of the document


def read(path: Path) -> list[list[Sentence]]:
    """The documents of a CoNLL-U file, each a list of sentences."""
    documents: list[list[Sentence]] = []
    with path.open(encoding="utf-8") as handle:
        for tokens in conllu.parse_incr(handle):
            new = any(k.startswith("newdoc") for k in tokens.metadata)
            if new or not documents:
                documents.append([])
            documents[-1].append(_sentence(tokens, new))
            documents[-1][-1].source = tokens.metadata.get("newdoc id", "") if new else documents[-1][0].source
    return documents


def _sentence(tokens: conllu.TokenList, new_document: bool) -> Sentence:
    spaces: dict[int, bool] = {}
    for token in tokens:  # a multiword token gives its spacing to its last word
        if isinstance(token["id"], tuple) and token["id"][1] == "-":
            first, _, last = token["id"]
            spaces.update(dict.fromkeys(range(first, last), False))
            spaces[last] = (token["misc"] or {}).get("SpaceAfter") != "No"
    words = [t for t in tokens if isinstance(t["id"], int)]
    for token in words:
        spaces.setdefault(token["id"], (token["misc"] or {}).get("SpaceAfter") != "No")
    paragraph = new_document or any(k.startswith("newpar") for k in tokens.metadata)
    sentence = Sentence(
        [t["form"] for t in words],
        [spaces[t["id"]] for t in words],
        [t["xpos"] or "" for t in words],
        [t["upos"] for t in words],
        [t["lemma"] or t["form"] for t in words],
        [t["head"] for t in words],
        [t["deprel"] for t in words],
        paragraph,
    )
    sentence.names, sentence.clusters = [], [(0, str((t["misc"] or {}).get("Entity", ""))) for t in words]
    return sentence


def _spans(documents_sentences: list[Sentence]) -> list[tuple[int, int, int, str]]:
    """Bracketed spans of a document as (sentence, start, end, label); spans across sentences are dropped."""
    opened: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    found = []
    for s, sentence in enumerate(documents_sentences):
        for k, (_, text) in enumerate(sentence.clusters):
            for begin, body, finish in _BRACKET.findall(text):
                if begin:
                    if finish:
                        found.append((s, k, k + 1, body))
                    else:
                        opened[body.split("-")[0]].append((s, k, body))
                elif opened[body]:
                    start_sentence, start, label = opened[body].pop()
                    if start_sentence == s:
                        found.append((s, start, k + 1, label))
    return found


def _head(sentence: Sentence, start: int, end: int) -> int:
    return next(i for i in range(start, end) if not start < sentence.heads[i] <= end)


def raw(document: Sequence[Sentence]) -> tuple[str, list[list[tuple[int, int]]]]:
    """The document's text, and the offsets of each sentence's words in it."""
    text, offsets = "", []
    for k, sentence in enumerate(document):
        if k:
            text = text.rstrip(" ") + ("\n\n" if sentence.paragraph else " ")
        spans = []
        for word, space in zip(sentence.words, sentence.spaces, strict=True):
            spans.append((len(text), len(text) + len(word)))
            text += word + (" " if space else "")
        offsets.append(spans)
    return text, offsets


def gum(folder: Path, split: str) -> list[list[Sentence]]:
    """GUM documents of a split ("train", "dev", "test") with names and OntoGUM coreference."""
    documents = read(folder / f"entities-{split}.conllu")
    for document, coreference in zip(documents, read(folder / f"coref-{split}.conllu"), strict=True):
        for sentence in document:
            sentence.names = []
        for s, start, end, label in _spans(document):
            kind = label.split("-")[1]
            if kind in _NAMES and document[s].upos[_head(document[s], start, end)] == "PROPN":
                names = document[s].names
                assert names is not None  # an empty list, from above
                names.append((*_name_part(document[s], start, end), _NAMES[kind]))
        mentions = [(s, start, end, label.split("-")[0]) for s, start, end, label in _spans(coreference)]
        for sentence in document:
            sentence.clusters, sentence.names = [], outermost(sentence.names or [])
        for s, start, end, label in mentions:
            document[s].clusters.append((_head(coreference[s], start, end), label))
            document[s].mentions.append((start, end, label))
    return documents


def ewt(folder: Path, split: str) -> list[list[Sentence]]:
    """EWT documents of a split; names are not annotated."""
    documents = read(folder / f"{split}.conllu")
    for document in documents:
        for sentence in document:
            sentence.names, sentence.clusters = None, []
    return documents


def _name_part(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """The run of name words around a mention's head: without determiners, relative clauses and appositions."""
    head = _head(sentence, start, end)
    keep = {head}
    changed = True
    while changed:
        changed = False
        for i in range(start, end):
            if i in keep or sentence.heads[i] - 1 not in keep:
                continue
            dep, word, tag = sentence.deps[i], sentence.words[i], sentence.upos[i]
            inner = min(keep) < i < max(keep)
            capital = word[:1].isupper() or word[:1].isdigit()
            of_name = (
                dep == "nmod"
                and tag == "PROPN"
                and any(
                    sentence.heads[j] - 1 == i and sentence.words[j].lower() in {"of", "for", "de", "la", "du", "von", "van", "and", "on"}
                    for j in range(start, end)
                )
            )
            if (
                dep in {"flat", "compound", "goeswith", "fixed", "flat:foreign"}
                or (
                    dep in {"amod", "nummod", "nmod:poss", "nmod:unmarked", "nmod:desc"}
                    and capital
                    and tag in {"PROPN", "ADJ", "NUM", "NOUN"}
                )
                or of_name
                or (dep in {"case", "cc"} and inner)
                or (dep == "punct" and word in ".-–'’&" and inner)
            ):
                keep.add(i)
                changed = True
    first, last = head, head
    link = {"det", "case", "cc", "punct"}
    stop = {",", "(", ")", ";", ":"}
    while first > start and (
        first - 1 in keep
        or (sentence.deps[first - 1] in link and sentence.words[first - 1] not in stop and any(j in keep for j in range(start, first - 1)))
    ):
        first -= 1
    while last + 1 < end and (
        last + 1 in keep
        or (sentence.deps[last + 1] in link and sentence.words[last + 1] not in stop and any(j in keep for j in range(last + 2, end)))
    ):
        last += 1
    while first < last and sentence.deps[first] in {"det", "case", "punct"}:
        first += 1
    return first, last + 1


def outermost(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Of overlapping (start, end, type) spans the longest, in order."""
    used: set[int] = set()
    kept = []
    for start, end, kind in sorted(set(spans), key=lambda s: (s[0] - s[1], s)):
        if not used.intersection(range(start, end)):
            used.update(range(start, end))
            kept.append((start, end, kind))
    return sorted(kept)

"""Names in Wikipedia: the articles of Re-DocRED (Tan et al. 2022) to training windows of names and sentence starts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from kg.language.components import LIMIT
from kg.language.encoding import Pieces
from kg.language.labels import LAYERS, TAGS
from kg.language.training.trainer import IGNORE, Window, bio
from kg.language.training.treebanks import outermost

_TYPES = {"PER": "Person", "ORG": "Organisation", "LOC": "Place"}
#: Words of nationality ("British", "American") count as places there and not here: left out of the loss.
_NATIONAL = re.compile(r"(?:an|ish|ese|ch|ic|man|eek|iss|elsh|li|qi|ni)$")


def windows(path: Path, pieces: Pieces) -> list[Window]:
    """A window an article, as far as it fits the encoder."""
    return [_window(article, pieces) for article in json.loads(path.read_text(encoding="utf-8"))]


def _window(article: dict[str, Any], pieces: Pieces) -> Window:
    sentences, used = [], 0
    for sentence in article["sents"]:
        used += sum(len(pieces.of(w)) for w in sentence)
        if used > LIMIT:
            break
        sentences.append(sentence)
    offsets = [sum(map(len, sentences[:k])) for k in range(len(sentences))]
    words = [w for s in sentences for w in s]
    starts = [int(i in offsets) for i in range(len(words))]
    unknown: set[int] = set()
    spans: list[tuple[int, int, str]] = []
    for mentions in article["vertexSet"]:
        for m in mentions:
            if m["sent_id"] >= len(sentences) or m["type"] not in _TYPES:
                continue
            start, end = (offsets[m["sent_id"]] + k for k in m["pos"])
            if m["type"] == "LOC" and end == start + 1 and _NATIONAL.search(words[start]):
                unknown.add(start)
            else:
                spans.append((start, end, _TYPES[m["type"]]))
    names = [IGNORE if i in unknown else t for i, t in enumerate(bio(len(words), outermost(spans), TAGS[0]))]
    return Window(words, [i == 0 for i in range(len(words))], starts, [names, *([IGNORE] * len(words) for _ in LAYERS[1:])])

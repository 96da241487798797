"""Documents with gold entities and facts to training windows: spans by layer, and pairs of mentions with predicates.

The gold names surface forms, not mentions, so mentions are found again: every occurrence of a listed form. A form that
two entities of one document share ("West Mercia", the force and the place) is left out of the loss, not guessed.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacy.language import Language

from kg.language.labels import LAYERS
from kg.language.spans import literal_spans
from kg.language.tokens import words_of

_LITERAL_OF = {
    "holdsRole": "Role",
    "finds": "Finding",
    "funds": "Funded",
    "sentencedTo": "Penalty",
    "reports": "Statistic",
    "said": "Quote",
    "age": "Age",
}
_LOWER = {"Offence", "Incident", "Review"}
_TITLE = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Sir|Dame|Lord|Lady|Baroness|Baron|Rev(?:erend)?|Cllr|Councillor|PCC?|PFCC|DC|DS|DI|DCI|DCS|ACC|DCC|CC|Sgt|Insp|Supt|Det|Ch|"
    r"Police|Constable|Detective|Sergeant|Inspector|Chief|Superintendent|Assistant|Deputy|Acting|Temporary|Interim|Former|Commander|Commissioner|and|Crime|Fire|"
    r"[Cc]hief|[Cc]onstable|officer|Officer|Justice|Judge|HHJ|Recorder|Special|Area|Mayor|The|T/\w+|A/\w+|KC|QC|MP)\.?\s+)+(?=\w)"
)
#: ranks written short in the text and in full in the gold
_SHORT = {
    "police constable": ("PC", "Pc", "Constable", "constable", "WPC"),
    "sergeant": ("Sgt", "Sergeant", "PS"),
    "inspector": ("Insp", "Inspector"),
    "detective constable": ("DC", "Det Con", "Det Constable"),
    "detective sergeant": ("DS", "Det Sgt"),
    "detective inspector": ("DI", "Det Insp"),
    "chief inspector": ("Ch Insp", "Chief Insp"),
    "detective chief inspector": ("DCI", "Det Ch Insp"),
    "superintendent": ("Supt",),
    "chief superintendent": ("Ch Supt", "Chief Supt"),
    "detective superintendent": ("Det Supt", "DSU"),
    "detective chief superintendent": ("DCS", "Det Ch Supt"),
    "assistant chief constable": ("ACC",),
    "deputy chief constable": ("DCC", "deputy"),
    "chief constable": ("CC", "chief"),
    "police and crime commissioner": ("PCC", "commissioner"),
    "councillor": ("Cllr",),
    "temporary deputy chief constable": ("T/DCC",),
    "temporary assistant chief constable": ("T/ACC",),
    "mp": ("MP",),
    "deputy assistant commissioner": ("DAC",),
    "police, fire and crime commissioner": ("PFCC",),
    "police community support officer": ("PCSO",),
}


@dataclass
class Pair:
    """A gold fact between two things, each with mentions; ``near`` are the mentions that lie in the evidence."""

    subject: int
    object: int
    predicate: str
    status: str


@dataclass
class GoldDocument:
    """One document; spans and mentions in word positions."""

    id: str
    text: str
    words: list[str]
    breaks: list[bool]
    offsets: list[tuple[int, int]]
    layers: list[list[tuple[int, int, str]]]
    masked: set[int]  #: words whose first-layer label is unknown
    things: list[str] = field(default_factory=list)  #: type of each thing (entity or literal)
    mentions: list[tuple[int, int, int]] = field(default_factory=list)  #: (start, end, thing)
    pairs: list[tuple[Pair, tuple[int, int] | None]] = field(default_factory=list)  #: with the evidence's words
    waived: set[tuple[int, str, int]] = field(default_factory=set)  #: optional facts: neither right nor wrong


def core(name: str) -> str:
    """A person's name without ranks and honorifics in front."""
    stripped = _TITLE.sub("", name, count=1)
    return stripped or name


def _forms(entity: dict[str, Any]) -> list[str]:
    names = entity["names"]
    if entity["type"] != "Person":
        return [re.sub(r"^(?:the|The|a|an|A) ", "", n) for n in names]
    forms = [core(n) for n in names]
    full = max(forms, key=len).split()
    if len(full) > 1 and full[-1][:1].isupper() and len(full[-1]) > 2:
        forms.append(full[-1])
    return forms


def _find(text: str, form: str, lower: bool) -> list[tuple[int, int]]:
    if not form:
        return []
    pattern = re.escape(form).replace("'", "['’]").replace("’", "['’]").replace(r"\ ", r"\s+")
    return [m.span() for m in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.I if lower else 0)]


def _literal(text: str, words: str, predicate: str, evidence: tuple[int, int]) -> tuple[int, int] | None:
    """Where the literal stands, in the evidence if it can, else the only place in the text."""
    tries = [words]
    if predicate == "holdsRole":
        base = words.lower()
        tries += [s for long, short in _SHORT.items() if long == base for s in short]
        tries += [base.removeprefix(p) for p in ("police ", "acting ", "temporary ", "former ", "deputy ") if base.startswith(p)]
    for attempt in tries:
        cased = attempt in {s for short in _SHORT.values() for s in short} and attempt.isupper()
        for start, end in _find(text, attempt.strip().rstrip(",."), not cased):
            if evidence[0] <= start and end <= evidence[1]:
                return start, end
    return None


def read(nlp: Language, texts: Path, gold: Path) -> list[GoldDocument]:
    """All documents with gold, in order of name."""
    return [
        _document(nlp, (texts / f"{path.stem}.txt").read_text(encoding="utf-8"), json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(gold.glob("*.json"))
    ]


def _document(nlp: Language, text: str, gold: dict[str, Any]) -> GoldDocument:
    spacy_doc = nlp.make_doc(text)
    words = words_of(spacy_doc)
    offsets = [(spacy_doc[i].idx, spacy_doc[i].idx + len(spacy_doc[i])) for i in words.indices]
    starts = {o: i for i, (s, e) in enumerate(offsets) for o in range(s, e)}

    def to_words(span: tuple[int, int]) -> tuple[int, int] | None:
        first, last = starts.get(span[0]), starts.get(span[1] - 1)
        return None if first is None or last is None else (first, last + 1)

    document = GoldDocument(gold["document"], text, words.words, words.breaks, offsets, [[] for _ in LAYERS], set())
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    ids = {}
    for index, entity in enumerate(gold["entities"]):
        ids[entity["id"]] = index
        document.things.append(entity["type"])
        for form in dict.fromkeys(_forms(entity)):
            for span in _find(text, form, entity["type"] in _LOWER):
                if (located := to_words(span)) is not None:
                    found[located].add(index)
    layer_of = {kind: n for n, layer in enumerate(LAYERS) for kind in layer}
    by_layer: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for (start, end), owners in found.items():
        kinds = {layer_of[document.things[o]] for o in owners}
        for layer in kinds:
            here = sorted(o for o in owners if layer_of[document.things[o]] == layer)
            if len(here) > 1:
                document.masked.update(range(start, end))
            by_layer[layer].append((start, end, here[0] if len(here) == 1 else -1))
    for layer, spans in by_layer.items():
        used: set[int] = set()
        for start, end, owner in sorted(spans, key=lambda s: (s[0] - s[1], s)):
            if used.intersection(range(start, end)):
                continue
            used.update(range(start, end))
            if owner >= 0:
                document.layers[layer].append((start, end, document.things[owner]))
                document.mentions.append((start, end, owner))
    literals: dict[tuple[str, int, int], int] = {}
    for start, end, kind in literal_spans(text):
        if (located := to_words((start, end))) is not None:
            literals[kind, *located] = len(document.things)
            document.things.append(kind)
            document.mentions.append((*located, literals[kind, *located]))
    for group in ("facts", "optional"):
        for row in gold.get(group, []):
            _fact(document, row, group, ids, literals, to_words, layer_of)
    document.mentions.sort()
    return document


def _fact(
    document: GoldDocument,
    row: dict[str, Any],
    group: str,
    ids: dict[str, int],
    literals: dict[tuple[str, int, int], int],
    to_words: Callable[[tuple[int, int]], tuple[int, int] | None],
    layer_of: dict[str, int],
) -> None:
    text = document.text
    sentence = row.get("evidence") or ""
    at = text.find(sentence) if sentence else -1
    evidence = (at, at + len(sentence)) if at >= 0 else (0, len(text))
    inside = [i for i, (s, e) in enumerate(document.offsets) if s >= evidence[0] and e <= evidence[1]]
    near = (inside[0], inside[-1] + 1) if at >= 0 and inside else None
    predicate = row["p"]
    if isinstance(row["o"], dict):
        kind = _LITERAL_OF.get(predicate)
        span = kind and _literal(text, row["o"]["literal"], predicate, evidence)
        located = span and to_words(span)
        if not kind or not located:
            return
        target = None
        if kind in ("Quote", "Age"):
            for (k, start, end), thing in literals.items():
                if k == kind and start < located[1] and located[0] < end:
                    target = thing
        else:
            key = (kind, *located)
            layer = document.layers[layer_of[kind]]
            if key not in literals and not any(a < located[1] and located[0] < b for a, b, _ in layer):
                literals[key] = len(document.things)
                document.things.append(kind)
                document.mentions.append((*located, literals[key]))
                layer.append((*located, kind))
            target = literals.get(key)
        if target is None:
            return
    else:
        target = ids[row["o"]]
    subject = ids[row["s"]]
    if group == "facts":
        document.pairs.append((Pair(subject, target, predicate, row.get("status", "asserted")), near))
    else:
        document.waived.add((subject, predicate, target))


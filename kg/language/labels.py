"""What the heads predict: name layers, literal layers and the label inventories read from the treebanks.

Names nest ("report into culture at the Met", "murder of Sarah Everard"), so each layer is a BIO sequence of its own.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path

from kg.model import ENTITY_TYPES, SIGNATURES

#: The layers of spans; within one layer spans never overlap.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("Person", "PoliceForce", "Unit", "OversightBody", "Organisation", "Court", "Place", "Programme"),
    ("Offence",),
    ("Review", "Incident"),
    ("Role",),
    ("Finding", "Funded", "Penalty"),
    ("Statistic",),
)

#: Spans that stand for literal objects, with the predicate each may be the object of.
LITERAL_TYPES: dict[str, str] = {
    "Role": "holdsRole",
    "Finding": "finds",
    "Funded": "funds",
    "Penalty": "sentencedTo",
    "Statistic": "reports",
    "Quote": "said",
    "Age": "age",
    "Date": "publishedOn",  # rules find the spans of these three
}


#: What the fact heads score: predicates, and the types of things a mention may stand for.
PREDICATES: tuple[str, ...] = tuple(SIGNATURES)
THINGS: tuple[str, ...] = (*ENTITY_TYPES, *LITERAL_TYPES)
#: Kinds of mentions as the fact heads count them.
KINDS: tuple[str, ...] = ("name", "nominal", "pronoun")
#: Mentions at least this far apart (in words) are not joined, neither in training nor in reading.
REACH = 160


@cache
def allowed(subject: str, object_: str) -> tuple[int, ...]:
    """Positions of the predicates that may hold between things of these types."""
    literal = LITERAL_TYPES.get(object_)
    return tuple(
        k for k, p in enumerate(PREDICATES) if subject in SIGNATURES[p][0] and (p == literal if literal else object_ in SIGNATURES[p][1])
    )


def layer_tags(layer: tuple[str, ...]) -> list[str]:
    """O, then B- and I- of each type."""
    return ["O", *(f"{p}-{t}" for t in layer for p in "BI")]


TAGS: tuple[tuple[str, ...], ...] = tuple(tuple(layer_tags(layer)) for layer in LAYERS)


@dataclass(frozen=True, slots=True)
class Labels:
    """Inventories in the order of the network's outputs."""

    xpos: tuple[str, ...]
    upos: tuple[str, ...]
    deps: tuple[str, ...]
    lemmas: tuple[str, ...]  #: edit rules, see lemmas.py

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=0) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Labels:
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{field.name: tuple(data[field.name]) for field in fields(cls)})

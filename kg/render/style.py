"""How kinds of node and statuses look: the one place for shapes, colours and line patterns.

Kinds differ in shape or filling as well as in colour, and statuses in line pattern, arrow head and word as well as in colour,
so that a print in black and white and a reader who sees few colours lose nothing. The colours are Okabe and Ito's, darkened or
lightened where the background needs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle

from kg.model import STATUSES


@dataclass(frozen=True, slots=True)
class NodeStyle:
    """``fill`` and ``line`` are (on a light ground, on a dark ground)."""

    kind: str
    label: str
    shape: str  #: one of vis-network's
    fill: tuple[str, str]
    line: tuple[str, str]
    size: int
    inside: bool = False  #: the label stands within the shape


@dataclass(frozen=True, slots=True)
class StatusStyle:
    """``dashes`` are lengths of stroke and gap in pixels; empty for a solid line."""

    status: str
    says: str
    colour: tuple[str, str]
    dashes: tuple[int, ...]
    width: float
    arrow: str
    border: str  #: the CSS border style of its badge


COMMISSIONER = "Commissioner"
OTHER = "Other"  #: of a type whose name cannot stand in a style sheet
_GROUND = ("#ffffff", "#14181d")

NODE_STYLES: tuple[NodeStyle, ...] = (
    NodeStyle("Person", "Person", "dot", ("#3b8ed0", "#5aa9e6"), ("#0b4f86", "#b9dcf7"), 10),
    NodeStyle(COMMISSIONER, "Commissioner", "star", ("#e69f00", "#f0b429"), ("#7a5300", "#ffe2a0"), 15),
    NodeStyle("PoliceForce", "Police force", "hexagon", ("#1f3a6e", "#8aa6e0"), ("#0c1d3d", "#dbe5ff"), 17),
    NodeStyle("Unit", "Unit", "square", ("#56b4e9", "#3c93c4"), ("#1b5f86", "#b5e2fb"), 10),
    NodeStyle("OversightBody", "Oversight body", "diamond", ("#b0609a", "#cc79a7"), ("#6a2c59", "#f3cfe3"), 14),
    NodeStyle("Organisation", "Organisation", "square", _GROUND, ("#55606b", "#b7c0c9"), 9),
    NodeStyle("Court", "Court", "diamond", _GROUND, ("#7b4a12", "#d9a866"), 11),
    NodeStyle("Review", "Review", "box", ("#fff3bf", "#4a4215"), ("#8a6d00", "#e8cf5a"), 12, inside=True),
    NodeStyle("Programme", "Programme", "ellipse", ("#d3f2e6", "#123f31"), ("#00694d", "#4fd1a5"), 12, inside=True),
    NodeStyle("Incident", "Incident", "triangle", ("#d55e00", "#ef8a3c"), ("#7d3500", "#ffd2ae"), 11),
    NodeStyle("Offence", "Offence", "triangleDown", ("#8c2f39", "#d0606b"), ("#4d1219", "#f6c3c8"), 11),
    NodeStyle("Place", "Place", "dot", _GROUND, ("#5c6b3c", "#b4c78a"), 7),
)

SPARE_SIZE = 10
#: what the types that plug-ins add look like: shape and line; one after another, and again from the first where there are more types
_SPARE = (("box", ("#006d77", "#5fc9d3")), ("ellipse", ("#6a3d9a", "#c3a5e6")), ("box", ("#9c4a00", "#f0a868")),
          ("ellipse", ("#44546a", "#b0c0d8")))

STATUS_STYLES: tuple[StatusStyle, ...] = (
    StatusStyle("asserted", "stated as so, or found so by a court or panel", ("#3d4750", "#c3ccd5"), (), 1.6, "arrow", "solid"),
    StatusStyle("alleged", "charged, accused, suspected, reported by someone", ("#b84900", "#ff9a52"), (9, 6), 2.2, "vee", "dashed"),
    StatusStyle("proposed", "planned, preferred, expected, called for", ("#007a59", "#3ecf9f"), (22, 8), 1.8, "vee", "double"),
    StatusStyle("denied", "negated, denied, cleared, refused", ("#0064a8", "#66b8f0"), (2, 4), 2.4, "bar", "dotted"),
    StatusStyle("hypothetical", "conditional or general, of nothing particular", ("#9a5b86", "#d79bc2"), (1, 9), 1.4, "circle", "dotted"),
)

assert tuple(sorted(s.status for s in STATUS_STYLES)) == tuple(sorted(STATUSES))


def node_styles(kinds: Iterable[str]) -> tuple[NodeStyle, ...]:
    """How nodes of some kinds look: the kinds of our own, and spare styles for all others in the order of the alphabet."""
    others = sorted(set(kinds) - {style.kind for style in NODE_STYLES})
    spare = zip(others, cycle(_SPARE), strict=False)
    return (*NODE_STYLES, *(NodeStyle(kind, words(kind).capitalize(), shape, _GROUND, line, SPARE_SIZE, inside=True)
                            for kind, (shape, line) in spare))


#: What a person's career is made of.
POST_PREDICATES = frozenset({
    "headOf", "commissionerFor", "memberOf", "servesIn", "holdsRole", "succeeds", "appointedBy",
    "dismissedFrom", "resignedFrom", "retiredFrom", "suspendedFrom",
})


def words(predicate: str) -> str:
    """``commissionerFor`` as ``commissioner for``."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in predicate).strip()


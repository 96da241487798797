"""The page: pyvis holds nodes, edges and options; our own template writes them, since pyvis's asks CDNs in every mode."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kg.errors import ExportError
from kg.render.content import Content, Node, Row, read
from kg.render.layout import Box, positions
from kg.render.style import NODE_STYLES, STATUS_STYLES, words

#: More nodes than this, and the page opens with an overview.
OVERVIEW_ABOVE = 400
_OVERVIEW_SIZE = 64
_OVERVIEW_FORCES = 30
#: Beyond, an edge that is asserted bears its words only once it is looked at closely: all others always do.
_LABELLED_EDGES = 1500
_LINE = 16  #: height of a line of a label, in pixels
_MARGIN, _WIDE_MARGIN, _FEW = 16, 56, 60  #: pixels between boxes; where there are few, the words of edges find room too
#: The page's program, in the order it runs; the parts share one scope.
_SCRIPTS = ("data.js", "place.js", "graph.js", "card.js", "search.js", "filters.js", "main.js")
_POLICY = "base-uri 'none'; form-action 'none'"
_STYLE = {style.kind: style for style in NODE_STYLES}
_STATUS = {style.status: style for style in STATUS_STYLES}


def render(
    rows_entities: Iterable[Row], rows_facts: Iterable[Row], documents: Iterable[Row | object], out_path: str | Path, *,
    title: str = "Policing knowledge graph",
) -> None:
    """Writes one HTML file that holds the whole graph and all it needs to be looked at.

    ``rows_entities`` and ``rows_facts`` are the contract's rows as mappings, in any order; ``documents`` have (as keys or as
    attributes) ``id``, ``title``, ``date``, ``source`` and ``url``; of their texts only the sentences that are evidence come into the page.
    Raises ``ExportError`` where the file cannot be written; what was there before is then intact.
    """
    page = html(read(rows_entities, rows_facts, documents), title)
    path = Path(out_path)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(page.encode("utf-8", "replace"))
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        reason = error.strerror or error
        raise ExportError(f"{path}: the page cannot be written ({reason}); give a file in a folder that can be written to") from error


def html(content: Content, title: str) -> str:
    """The page as text; the same content gives the same text."""
    from pyvis.network import Network  # it loads IPython: only those who want a page should wait for that

    net = Network(directed=True)
    net.options = _options()
    net.node_ids = _Ids()
    _add_nodes(net, content)
    _add_edges(net, content)
    return _template(net, content, title)


class _Ids(list):
    """pyvis looks through the list of all nodes for every edge; this one knows."""

    def __init__(self) -> None:
        super().__init__()
        self._known: set[int] = set()

    def append(self, item: int) -> None:
        self._known.add(item)
        super().append(item)

    def __contains__(self, item: object) -> bool:
        return item in self._known


def _options() -> dict[str, Any]:
    return {
        "physics": {"enabled": False},
        "autoResize": False,
        "layout": {"improvedLayout": False},
        "interaction": {"hover": True, "hideEdgesOnDrag": True, "hideEdgesOnZoom": True, "tooltipDelay": 250},
        "nodes": {"borderWidth": 2, "borderWidthSelected": 4, "scaling": {"label": {"drawThreshold": 6}}},
        "edges": {"smooth": False, "selectionWidth": 1, "hoverWidth": 1, "scaling": {"label": {"drawThreshold": 11}}},
    }


def _add_nodes(net: Any, content: Content) -> None:
    degrees = _degrees(content)
    places = _places(content, degrees, list(range(len(content.nodes))))
    for i, (node, (x, y)) in enumerate(zip(content.nodes, places, strict=True)):
        net.add_node(i, label=node.label, shape=_STYLE[node.kind].shape, group=node.kind, size=_size(node.kind, degrees[i]), x=x, y=y)


def _places(content: Content, degrees: Counter[int], chosen: list[int]) -> list[tuple[int, int]]:
    """Centres of the shapes of ``chosen`` nodes; a label below its shape hangs down from there."""
    margin = _WIDE_MARGIN if len(chosen) <= _FEW else _MARGIN
    boxes = [_box(content.nodes[n], degrees[n], margin) for n in chosen]
    at = {node: i for i, node in enumerate(chosen)}
    middles = positions(boxes, [(at[s], at[o]) for s, o, _ in content.edges if s in at and o in at])
    return [(x, y - _drop(content.nodes[n])) for n, (x, y) in zip(chosen, middles, strict=True)]


def _add_edges(net: Any, content: Content) -> None:
    beside: Counter[tuple[int, int]] = Counter((min(s, o), max(s, o)) for s, o, _ in content.edges)
    drawn: Counter[tuple[int, int]] = Counter()
    for i, (subject, target, status) in enumerate(content.edges):
        pair = (min(subject, target), max(subject, target))
        bend = 0.0
        if beside[pair] > 1:
            # One after another on both sides of the straight line; the sides change with the direction of an edge.
            bend = (0.2 + 0.16 * (drawn[pair] // 2)) * (1 if drawn[pair] % 2 == (subject > target) else -1)
            drawn[pair] += 1
        net.add_edge(subject, target, id=i, status=status, bend=round(bend, 2))


def _beside(content: Content) -> dict[int, set[int]]:
    """The others that each node is linked to."""
    found: dict[int, set[int]] = defaultdict(set)
    for subject, target, _ in content.edges:
        if subject != target:
            found[subject].add(target)
            found[target].add(subject)
    return found


def _degrees(content: Content) -> Counter[int]:
    return Counter({node: len(others) for node, others in _beside(content).items()})


def _size(kind: str, degree: int) -> int:
    return round(_STYLE[kind].size * (1 + min(degree, 80) ** 0.5 / 10))


def _box(node: Node, degree: int, margin: int) -> Box:
    """Room for a shape and its label; ``boxOf`` in place.js is the same."""
    lines = node.label.split("\n")
    high = _LINE * len(lines) + (0 if _STYLE[node.kind].inside else 2 * _size(node.kind, degree))
    return max(7.4 * max(map(len, lines)), 2.0 * _size(node.kind, degree)) + margin, high + margin


def _drop(node: Node) -> int:
    """How far below the centre of its shape the centre of a node's box lies."""
    return 0 if _STYLE[node.kind].inside else _LINE * node.label.count("\n") // 2 + _LINE // 2


def _overview(content: Content) -> list[tuple[int, int, int]]:
    """(node, x, y) of the most linked forces, people and reviews, laid out by themselves; empty for a small graph."""
    if len(content.nodes) <= OVERVIEW_ABOVE:
        return []
    degrees = _degrees(content)
    ranked = sorted(range(len(content.nodes)), key=lambda i: (-degrees[i], i))
    chosen = [i for i in ranked if content.nodes[i].type == "PoliceForce"][:_OVERVIEW_FORCES]
    # Only those that are linked to what is there already: an overview is to show how things hang together.
    beside = _beside(content)
    for node in ranked:
        if len(chosen) >= _OVERVIEW_SIZE:
            break
        if content.nodes[node].type in ("Person", "Review") and (not beside[node].isdisjoint(chosen) or not chosen):
            chosen.append(node)
    chosen = sorted(chosen) or sorted(ranked[:_OVERVIEW_SIZE])
    return [(n, x, y) for n, (x, y) in zip(chosen, _places(content, degrees, chosen), strict=True)]


def _data(net: Any, content: Content) -> dict[str, Any]:
    """What the page's program reads; its ``data.js`` is the other half of this."""
    predicates = sorted({f.predicate for f in content.facts})
    statuses = [s.status for s in STATUS_STYLES]
    predicate_at, status_at = ({name: i for i, name in enumerate(names)} for names in (predicates, statuses))
    return {
        "nodes": net.nodes,
        "edges": net.edges,
        "options": net.options,
        "overview": _overview(content),
        "entities": [[n.id, n.type, n.kind, n.name, list(n.names), n.documents, n.mentions] for n in content.nodes],
        "predicates": [[p, words(p)] for p in predicates],
        "statuses": statuses,
        "facts": [
            [f.subject, predicate_at[f.predicate], f.object, f.literal, status_at[f.status], f.start, f.end, f.sentence, f.edge]
            for f in content.facts
        ],
        "sentences": content.sentences,
        "documents": content.documents,
        "labelledEdges": _LABELLED_EDGES,
        "styles": {
            "nodes": {s.kind: {"label": s.label, "inside": s.inside, "shape": s.shape} for s in NODE_STYLES},
            "statuses": {s.status: {"dashes": s.dashes, "width": s.width, "arrow": s.arrow} for s in STATUS_STYLES},
        },
    }


def _template(net: Any, content: Content, title: str) -> str:
    environment = Environment(
        loader=PackageLoader("kg.render"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    library, program = _library(), _program()
    looks = environment.get_template("page.css").render(node_styles=NODE_STYLES, status_styles=STATUS_STYLES)
    kinds = Counter(n.kind for n in content.nodes)
    predicates, statuses = (Counter(getattr(f, name) for f in content.facts) for name in ("predicate", "status"))
    return environment.get_template("page.html").render(
        title=title,
        policy=f"default-src 'none'; script-src {_hash(library)} {_hash(program)}; style-src {_hash(looks)}; {_POLICY}",
        looks=Markup(looks),
        library=Markup(library),
        program=Markup(program),
        data=_data(net, content),
        node_styles=[(s, kinds[s.kind]) for s in NODE_STYLES if kinds[s.kind]],
        status_styles=[(s, statuses[s.status]) for s in STATUS_STYLES],
        predicates=[(p, words(p), predicates[p]) for p in sorted(predicates)],
        counts={"entities": len(content.nodes), "facts": len(content.facts), "documents": len(content.documents)},
    )


def _library() -> str:
    """vis-network as pyvis ships it, its licence with it."""
    return _script_text((files("pyvis") / "lib" / "vis-9.1.2" / "vis-network.min.js").read_text("utf-8"))


def _program() -> str:
    parts = [(files("kg.render") / "assets" / name).read_text("utf-8") for name in _SCRIPTS]
    return _script_text('(function () {\n"use strict";\n' + "\n".join(parts) + "\n})();\n")


def _script_text(text: str) -> str:
    """``text`` as a browser will hash it: with plain line ends, and nothing that would end or nest the element."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "</script" in text.lower() or "<!--" in text:
        raise ExportError("a script of the page holds '</script' or '<!--' and cannot be written into it")
    return text


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"

"""The page: pyvis holds nodes, edges and options; our own template writes them, since pyvis's asks CDNs in every mode."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kg.errors import ExportError
from kg.folder import writing
from kg.render.content import Content, Node, Row, label, read
from kg.render.layout import Box, positions
from kg.render.overview import Overview, overview
from kg.render.style import NODE_STYLES, POST_PREDICATES, SPARE_SIZE, STATUS_STYLES, NodeStyle, node_styles, words

_LINE = 16  #: height of a line of a label, in pixels
_MARGIN, _WIDE_MARGIN, _FEW = 16, 56, 60  #: pixels between boxes; where there are few, the words of edges find room too
#: The page's program, in the order it runs; the parts share one scope.
_SCRIPTS = (
    "dom.js", "data.js", "filters.js", "state.js", "place.js", "graph.js", "card.js", "path.js", "search.js", "list.js", "timeline.js",
    "reader.js", "save.js", "main.js",
)
_ROWS = 2000  #: of a packed part, to a line
_SHELF = 50  #: documents whose texts are packed together
_POLICY = "base-uri 'none'; form-action 'none'"
_SIZE = {style.kind: style.size for style in NODE_STYLES}
_BESIDE = frozenset(style.kind for style in NODE_STYLES if not style.inside)  #: kinds whose label hangs below the shape
_STATUS = {style.status: style for style in STATUS_STYLES}


def render(
    rows_entities: Iterable[Row], rows_facts: Iterable[Row], documents: Iterable[Row | object], out_path: str | Path,
    text_of: Callable[[str], str] | None = None, *, title: str = "Policing knowledge graph",
) -> None:
    """Writes one HTML file that holds the whole graph and all it needs to be looked at.

    ``rows_entities`` and ``rows_facts`` are the contract's rows as mappings, in any order; ``documents`` have (as keys or as
    attributes) ``id``, ``title``, ``date``, ``source`` and ``url``. ``text_of`` gives a document's text by its id; without it only the
    sentences that are evidence come into the page.
    Raises ``ExportError`` where the file cannot be written; what was there before is then intact.
    """
    page = html(read(rows_entities, rows_facts, documents, text_of), title)
    with writing(Path(out_path)) as stream:
        stream.write(page.encode("utf-8", "replace"))


def html(content: Content, title: str) -> str:
    """The page as text; the same content gives the same text."""
    from pyvis.network import Network  # it loads IPython: only those who want a page should wait for that

    net = Network(directed=True)
    net.node_ids = _Ids()
    _add_nodes(net, content)
    _add_edges(net, content)
    return _template(net, content, title)


class _Ids(list[int]):
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
        "interaction": {
            "hover": True, "hideEdgesOnDrag": True, "hideEdgesOnZoom": True, "tooltipDelay": 250,
            "keyboard": {"enabled": True, "bindToWindow": False},
        },
        "nodes": {"borderWidth": 2, "borderWidthSelected": 4, "scaling": {"label": {"drawThreshold": 6}}},
        "edges": {
            "smooth": False, "selectionWidth": 1, "hoverWidth": 1, "chosen": {"label": False}, "scaling": {"label": {"drawThreshold": 7}},
        },
    }


def _add_nodes(net: Any, content: Content) -> None:
    degrees = _degrees(content)
    places = _places(content, degrees, list(range(len(content.nodes))))
    shapes = {style.kind: style.shape for style in _styles(content)}
    for i, (node, (x, y)) in enumerate(zip(content.nodes, places, strict=True)):
        net.add_node(i, label=node.label, shape=shapes[node.kind], group=node.kind, size=_size(node.kind, degrees[i]), x=x, y=y)


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
    size: int = round(_SIZE.get(kind, SPARE_SIZE) * (1 + min(degree, 80) ** 0.5 / 10))
    return size


def _box(node: Node, degree: int, margin: int) -> Box:
    """Room for a shape and its label; ``boxOf`` in place.js is the same."""
    lines = node.label.split("\n")
    high = _LINE * len(lines) + (2 * _size(node.kind, degree) if node.kind in _BESIDE else 0)
    return max(7.4 * max(map(len, lines)), 2.0 * _size(node.kind, degree)) + margin, high + margin


def _drop(node: Node) -> int:
    """How far below the centre of its shape the centre of a node's box lies."""
    return _LINE * node.label.count("\n") // 2 + _LINE // 2 if node.kind in _BESIDE else 0


def _opening(content: Content, first: Overview) -> dict[str, Any]:
    """What the page's program reads before all else, and can draw the overview from; ``data.js`` is the other half."""
    predicates, styles = _predicates(content), _styles(content)
    return {
        "options": _options(),
        "groups": [[group.name, label(group.name), *group.place, group.size, len(group.members)]
                   for group in first.groups],
        "ties": first.ties,
        "predicates": [[p, words(p), p in POST_PREDICATES] for p in predicates],
        "statuses": [s.status for s in STATUS_STYLES],
        "kinds": [s.kind for s in styles],
        "binding": [s.kind not in ("Offence", "Place") for s in styles],
        "base": _base(content),
        "counts": {"entities": len(content.nodes), "facts": len(content.facts), "documents": len(content.documents)},
        "styles": {
            "nodes": {s.kind: {"label": s.label, "inside": s.inside, "shape": s.shape} for s in styles},
            "statuses": {s.status: {"dashes": s.dashes, "width": s.width, "arrow": s.arrow} for s in STATUS_STYLES},
        },
    }


def _parts(net: Any, content: Content, first: Overview) -> dict[str, list[list[Any]]]:
    """The rest by name, as lists of rows that the page reads once it has drawn its opening; ``data.js`` is the other half."""
    predicate_at = {name: i for i, name in enumerate(_predicates(content))}
    status_at = {s.status: i for i, s in enumerate(STATUS_STYLES)}
    kind_at = {s.kind: i for i, s in enumerate(_styles(content))}
    group_of = {n: i for i, group in enumerate(first.groups) for n in group.members}
    base = len(_base(content))
    entities = [
        [n.id[base:], kind_at[n.kind], n.name, [name for name in n.names if name != n.name], n.documents,
         drawn["label"], drawn["size"], drawn["x"], drawn["y"], group_of.get(i, -1)]
        for i, (n, drawn) in enumerate(zip(content.nodes, net.nodes, strict=True))
    ]
    facts = [
        [f.subject, predicate_at[f.predicate], f.object, f.literal, status_at[f.status], f.start, f.end, round(100 * f.confidence),
         f.sentence, f.edge]
        for f in content.facts
    ]
    edges = [[edge["from"], edge["to"], status_at[edge["status"]], edge["bend"]] for edge in net.edges]
    parts = {
        "documents": list(map(list, content.documents)), "entities": entities, "edges": edges,
        "sentences": list(map(list, content.sentences)), "facts": facts, "mentions": [_steps(some) for some in content.mentions],
    }
    for shelf in range(0, len(content.texts), _SHELF):
        if any(content.texts[shelf:shelf + _SHELF]):
            parts[f"texts-{shelf // _SHELF}"] = [[text] for text in content.texts[shelf:shelf + _SHELF]]
    return parts


def _steps(mentions: Sequence[tuple[int, int, int]]) -> list[int]:
    """(start, end, node) one after another; starts from the start before, ends from their own start: small numbers pack well."""
    found: list[int] = []
    before = 0
    for start, end, node in mentions:
        found += (start - before, end - start, node)
        before = start
    return found


def _packed(rows: Sequence[list[Any]]) -> str:
    """Rows as lines of JSON, some rows to a line so that a browser reads them in short steps, deflated, in base64."""
    lines = (json.dumps(rows[i:i + _ROWS], ensure_ascii=False, separators=(",", ":")) for i in range(0, len(rows), _ROWS))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress("\n".join(lines).encode("utf-8", "replace")) + packer.flush()
    return base64.b64encode(packed).decode("ascii")


def _styles(content: Content) -> tuple[NodeStyle, ...]:
    return node_styles(node.kind for node in content.nodes)


def _predicates(content: Content) -> list[str]:
    return sorted({f.predicate for f in content.facts})


def _base(content: Content) -> str:
    """What all identifiers begin with, up to a slash."""
    shared = os.path.commonprefix([node.id for node in content.nodes])
    return shared[:shared.rfind("/") + 1]


def _template(net: Any, content: Content, title: str) -> str:
    environment = Environment(
        loader=PackageLoader("kg.render"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    library, program = _library(), _program()
    styles = _styles(content)
    looks = environment.get_template("page.css").render(node_styles=styles, status_styles=STATUS_STYLES)
    kinds = Counter(n.kind for n in content.nodes)
    first = overview(content)
    predicates, statuses = (Counter(getattr(f, name) for f in content.facts) for name in ("predicate", "status"))
    return environment.get_template("page.html").render(
        title=title,
        policy=f"default-src 'none'; script-src {_hash(library)} {_hash(program)}; style-src {_hash(looks)}; {_POLICY}",
        looks=Markup(looks),
        library=Markup(library),
        program=Markup(program),
        data=_opening(content, first),
        parts={name: _packed(rows) for name, rows in _parts(net, content, first).items()},
        node_styles=[(s, kinds[s.kind]) for s in styles if kinds[s.kind]],
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

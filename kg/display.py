"""What notebooks show: tables, badges of statuses and small pictures as HTML and SVG. Everything in them is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from kg.model import STATUSES
from kg.render.style import STATUS_STYLES, words
from kg.safe import for_screen

_MOST_ROWS = 50
_MOST_EDGES = 40
_STYLE = {style.status: style for style in STATUS_STYLES}
_WIDTH, _HEIGHT, _EDGE = 900, 560, 90  # pixels
_LABEL = 28  # characters


def badge(status: str) -> Markup:
    """The status as a word in its colour, with the frame that the page gives it."""
    style = _STYLE[status]
    return Markup('<span title="{}" style="border:1px {} {}; padding:0 .3em; white-space:nowrap">{}</span>').format(
        style.says, style.border, style.colour[0], status)


def table(columns: Iterable[str], rows: Iterable[Sequence[object]], total: int, *, caption: str = "") -> str:
    """The first rows as an HTML table, with how many more there are."""
    head = Markup("").join(Markup('<th style="text-align:left">{}</th>').format(_plain(name)) for name in columns)
    shown = [row for row, _ in zip(rows, range(_MOST_ROWS), strict=False)]
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup('<td style="text-align:left; vertical-align:top">{}</td>').format(_plain(cell)) for cell in row))
        for row in shown)
    more = f"{caption}{'. ' if caption else ''}{'' if total <= len(shown) else f'The first {len(shown)} of {total:,} rows.'}"
    return str(Markup("<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(_plain(more), head, body))


def evidence(before: str, text: str, after: str, source: Iterable[str | None]) -> str:
    """A piece of evidence marked within the text around it, with where it is from."""
    return str(Markup("<blockquote>{}<mark>{}</mark>{}<footer>{}</footer></blockquote>").format(
        _plain(before), _plain(text), _plain(after), _plain(", ".join(part for part in source if part))))


def picture(edges: Sequence[tuple[str, str, str, str, str, str]]) -> str:
    """(name, IRI, predicate, name, IRI, status) of facts as a small SVG: names joined by arrows that bear predicate and status."""
    import networkx as nx

    drawn = edges[:_MOST_EDGES]
    graph: nx.Graph[str] = nx.Graph()
    names: dict[str, str] = {}
    together: dict[tuple[str, str], dict[str, str]] = {}
    for name, iri, predicate, other, other_iri, status in drawn:
        names |= {iri: name, other_iri: other}
        graph.add_edge(iri, other_iri)
        together.setdefault((iri, other_iri), {})[f"{words(predicate)} ({status})"] = status
    places = {node: (_EDGE + (x + 1) / 2 * (_WIDTH - 2 * _EDGE), _EDGE / 2 + (y + 1) / 2 * (_HEIGHT - _EDGE))
              for node, (x, y) in nx.spring_layout(graph, seed=0, k=1.6 / max(1, len(graph)) ** 0.5).items()}
    parts = []
    for (iri, other_iri), said in together.items():
        (x, y), (to_x, to_y) = places[iri], places[other_iri]
        # One line stands for all that is said between the two, so it is drawn as asserted only where all of that is.
        style = _STYLE[max(said.values(), key=STATUSES.index)]
        dashes = Markup(' stroke-dasharray="{}"').format(" ".join(map(str, style.dashes))) if style.dashes else ""
        parts.append(Markup('<line x1="{:.0f}" y1="{:.0f}" x2="{:.0f}" y2="{:.0f}" stroke="{}"{} marker-end="url(#kg-arrow)"/>').format(
            x, y, (2 * to_x + x) / 3, (2 * to_y + y) / 3, style.colour[0], dashes))
        parts.append(Markup('<line x1="{:.0f}" y1="{:.0f}" x2="{:.0f}" y2="{:.0f}" stroke="{}"{}/>').format(
            (2 * to_x + x) / 3, (2 * to_y + y) / 3, to_x, to_y, style.colour[0], dashes))
        for line, label in enumerate(said):
            parts.append(_text((x + to_x) / 2, (y + to_y) / 2 + 12 * line, label, 10))
    for node, (x, y) in places.items():
        parts.append(Markup('<circle cx="{:.0f}" cy="{:.0f}" r="5"><title>{}</title></circle>').format(x, y, _plain(names[node])))
        parts.append(_text(x, y - 9, names[node], 13))
    left_out = f"The first {len(drawn)} of {len(edges):,} facts." if len(edges) > len(drawn) else ""
    return str(Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" style="background:#fff">'
        '<title>Facts between entities, each with its status. {2}</title><defs><marker id="kg-arrow" viewBox="0 0 8 8" refX="8" refY="4" '
        'markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>{3}</svg>'
    ).format(_WIDTH, _HEIGHT, left_out, Markup("").join(parts)))


def _text(x: float, y: float, text: str, size: int) -> Markup:
    short = text if size == 10 or len(text) <= _LABEL else text[:_LABEL - 1] + "…"
    return Markup('<text x="{:.0f}" y="{:.0f}" font-size="{}" text-anchor="middle" font-family="sans-serif" fill="#111" stroke="#fff" '
                  'stroke-width="3" paint-order="stroke">{}</text>').format(x, y, size, _plain(short))


def _plain(value: object) -> Markup:
    """A cell: nothing for None, and text without characters that could hide or turn round what stands beside it."""
    if value is None:
        return Markup("")
    return value if isinstance(value, Markup) else escape(for_screen(str(value)))

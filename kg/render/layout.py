"""Places for nodes, found before the page is written: a browser that works them out itself stands still for minutes.

Communities (Blondel et al. 2008, the Louvain method) are laid out one by one by forces (Fruchterman and Reingold 1991), packed as
discs along a spiral, and boxes that overlap are pushed apart. Seeds are fixed and coordinates are whole pixels.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

import networkx as nx
import numpy as np

Point = tuple[int, int]
Box = tuple[float, float]  #: width and height of a node with its label, in pixels

_SEED = 7
_SMALL = 150  #: up to here a connected part is one community
_LARGE = 4000  #: above, labels that spread (Traag and Subelj 2023) find communities where Louvain would take minutes
_FORCED = 400  #: up to here a community is laid out by forces (beyond, networkx would want scipy), above it on a spiral
_GOLDEN = math.pi * (3 - math.sqrt(5))
_FEW = 60
_GAP = 24  #: between discs
_ROOM = 1.5  #: area of a disc as a multiple of that of the boxes in it
_STRETCH = 1.7  #: windows are wider than high, and so are labels


def positions(boxes: Sequence[Box], edges: Iterable[tuple[int, int]]) -> list[Point]:
    """The centre of every box: linked ones near one another, hardly any overlapping, those without a link in rows below."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(boxes)))
    graph.add_edges_from(sorted({(min(a, b), max(a, b)) for a, b in edges if a != b}))
    alone = [n for n in graph if graph.degree(n) == 0]
    leaves = _leaves(graph)
    core = graph.subgraph(sorted(graph.nodes - leaves.keys() - set(alone)))
    room = dict(enumerate(w * h for w, h in boxes))
    for leaf, hub in leaves.items():
        room[hub] += room[leaf]

    discs = [(math.sqrt(_ROOM * sum(room[n] for n in members) / math.pi / _STRETCH), members) for members in _communities(core)]
    discs.sort(key=lambda disc: (-disc[0], disc[1]))
    at: dict[int, tuple[float, float]] = {}
    for (radius, members), (cx, cy) in zip(discs, _packed([radius for radius, _ in discs]), strict=True):
        for node, (x, y) in _by_forces(core, members).items():
            at[node] = ((cx + x * radius) * _STRETCH, cy + y * radius)
    _hang(leaves, at)
    linked = [n for n in graph if n in at]
    places = dict(zip(linked, _apart([at[n] for n in linked], [boxes[n] for n in linked]), strict=True))
    places.update(_rows(alone, places, boxes))
    return [places[n] for n in range(len(boxes))]


def _leaves(graph: nx.Graph[int]) -> dict[int, int]:
    """Nodes with one neighbour that has others, to that neighbour."""
    found = {node: next(iter(graph[node])) for node in graph if graph.degree(node) == 1}
    return {leaf: hub for leaf, hub in found.items() if graph.degree(hub) > 1}


def _communities(graph: nx.Graph[int]) -> list[list[int]]:
    parts = []
    for component in nx.connected_components(graph):
        if len(component) <= _SMALL:
            parts.append(sorted(component))
        else:
            # Both shuffle the nodes as they come: hand them over in order, so that the seed fixes the outcome.
            ordered: nx.Graph[int] = nx.Graph()
            ordered.add_nodes_from(sorted(component))
            ordered.add_edges_from(sorted((min(e), max(e)) for e in graph.subgraph(component).edges))
            large = len(component) > _LARGE
            found = nx.community.fast_label_propagation_communities if large else nx.community.louvain_communities
            parts.extend(sorted(c) for c in found(ordered, seed=_SEED))
    return sorted(parts)


def _by_forces(graph: nx.Graph[int], members: list[int]) -> dict[int, tuple[float, float]]:
    """Places in the unit disc."""
    if len(members) == 1:
        return {members[0]: (0.0, 0.0)}
    ordered: nx.Graph[int] = nx.Graph()
    ordered.add_nodes_from(members)
    ordered.add_edges_from(sorted((min(e), max(e)) for e in graph.subgraph(members).edges))
    if len(members) > _FORCED:
        ranked = sorted(members, key=lambda n: (-ordered.degree(n), n))
        return {n: _spiral(i / len(ranked), i) for i, n in enumerate(ranked)}
    start = {n: _spiral(i / len(members), i) for i, n in enumerate(sorted(members, key=lambda n: (-ordered.degree(n), n)))}
    rounds = 80 if len(members) <= _SMALL else 40  # each costs the square of the members
    found = nx.spring_layout(ordered, pos=start, k=1.6 / math.sqrt(len(members)), iterations=rounds, seed=_SEED)
    reach = max(math.hypot(x, y) for x, y in found.values()) or 1.0
    return {n: (float(x) / reach, float(y) / reach) for n, (x, y) in found.items()}


def _spiral(share: float, turn: int) -> tuple[float, float]:
    return math.sqrt(share) * math.cos(turn * _GOLDEN), math.sqrt(share) * math.sin(turn * _GOLDEN)


def _packed(radii: Sequence[float]) -> list[tuple[float, float]]:
    """Centres of discs that do not touch, the first in the middle, the others along a spiral around it.

    Of few discs each fills the first gap; of many each goes on where the last one was put, since looking for gaps is slow.
    """
    centres = np.zeros((len(radii), 2))
    sizes = np.array(radii)
    angle = distance = 0.0
    for index, radius in enumerate(radii):
        if len(radii) <= _FEW:
            angle = distance = 0.0
        while True:
            centre = (distance * math.cos(angle), distance * math.sin(angle))
            gaps = ((centres[:index] - centre) ** 2).sum(axis=1) - (sizes[:index] + radius + _GAP) ** 2
            if not (gaps < 0).any():
                break
            turn = 0.5 * radius / max(distance, radius)
            angle += turn
            distance += radius * turn / math.pi
        centres[index] = centre
    return [(float(x), float(y)) for x, y in centres]


def _hang(leaves: dict[int, int], at: dict[int, tuple[float, float]]) -> None:
    """Places leaves around their hubs."""
    by_hub: dict[int, list[int]] = defaultdict(list)
    for leaf, hub in sorted(leaves.items()):
        by_hub[hub].append(leaf)
    for hub, hung in sorted(by_hub.items()):
        x, y = at[hub]
        for i, leaf in enumerate(hung):
            far = 70 + 62 * math.sqrt(i)
            angle = hub + i * _GOLDEN
            at[leaf] = (x + far * math.cos(angle) * _STRETCH, y + far * math.sin(angle))


def _rows(alone: list[int], places: dict[int, Point], boxes: Sequence[Box]) -> dict[int, Point]:
    """Rows below all else, as wide as it is, or so that they alone fill a wide window."""
    left = min((x for x, _ in places.values()), default=0)
    area = sum(boxes[n][0] * boxes[n][1] for n in alone)
    width = max(max((x for x, _ in places.values()), default=0) - left, math.sqrt(area * 1.6))
    x, y, high = float(left), max((y for _, y in places.values()), default=0) + 120.0, 0.0
    found = {}
    for node in alone:
        wide, tall = boxes[node]
        if x > left and x + wide > left + width:
            x, y, high = float(left), y + high, 0.0
        found[node] = (round(x + wide / 2), round(y + tall / 2))
        x, high = x + wide, max(high, tall)
    return found


def _apart(points: list[tuple[float, float]], boxes: Sequence[Box]) -> list[Point]:
    """Pushes overlapping boxes apart along the shorter way; looks only at near ones, through a grid."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    cell = max((max(w, h) for w, h in boxes), default=1.0)
    for _ in range(30 if len(points) <= _LARGE else 8):
        grid: dict[Point, list[int]] = defaultdict(list)
        for i in range(len(points)):
            grid[int(xs[i] // cell), int(ys[i] // cell)].append(i)
        moved = False
        for (gx, gy), here in grid.items():
            near = [j for dx in (-1, 0, 1) for dy in (-1, 0, 1) for j in grid.get((gx + dx, gy + dy), ())]
            for i in here:
                for j in near:
                    if j > i:
                        moved |= _push(i, j, xs, ys, boxes)
        if not moved:
            break
    return [(round(x), round(y)) for x, y in zip(xs, ys, strict=True)]


def _push(i: int, j: int, xs: list[float], ys: list[float], boxes: Sequence[Box]) -> bool:
    dx, dy = xs[j] - xs[i], ys[j] - ys[i]
    over_x = (boxes[i][0] + boxes[j][0]) / 2 - abs(dx)
    over_y = (boxes[i][1] + boxes[j][1]) / 2 - abs(dy)
    if over_x <= 0 or over_y <= 0:
        return False
    if over_x < over_y:
        step = math.copysign(over_x / 2 + 0.5, dx if dx else j - i)
        xs[i] -= step
        xs[j] += step
    else:
        step = math.copysign(over_y / 2 + 0.5, dy if dy else j - i)
        ys[i] -= step
        ys[j] += step
    return True

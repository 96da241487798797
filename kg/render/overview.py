"""Groups of entities that hang together: what a large graph shows first, each as one disc that opens on demand.

Groups are communities (Blondel et al. 2008, the Louvain method) of what is linked by anything but a place or an offence: two people
are not near one another because both are accused of theft. The others join the group that they have most links to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx

from kg.render.content import Content, label
from kg.render.layout import Box, Point, positions

_WINDOW = 1.35  #: width of a window by its height
#: More nodes than this, and the page opens with an overview.
OVERVIEW_ABOVE = 400

_SEED = 7
_GROUPS = 32
_SMALLEST = 12
_STRONGEST = 3  #: links drawn for each group
_BINDS_NOTHING = ("Offence", "Place")
#: What a group is called after, the first type that it has: never after a person where there is a body to name.
_NAMING = (("PoliceForce",), ("OversightBody",), ("Organisation", "Court", "Unit"), ("Review", "Programme", "Incident"), ("Person",))


@dataclass(frozen=True, slots=True)
class Group:
    """Entities that hang together; ``members`` are nodes by position, the best linked first, places and offences last."""

    name: str
    members: tuple[int, ...]
    place: Point
    size: int  #: radius of its disc, in pixels


@dataclass(frozen=True, slots=True)
class Overview:
    """The groups, and between them (one, other, how many links there are) the strongest ties."""

    groups: tuple[Group, ...]
    ties: tuple[tuple[int, int, int], ...]


def overview(content: Content) -> Overview:
    """The overview of a large graph; without groups for a small one."""
    if len(content.nodes) <= OVERVIEW_ABOVE:
        return Overview((), ())
    links = Counter((min(s, o), max(s, o)) for s, o, _ in content.edges if s != o)
    degrees = Counter(end for pair in links for end in pair)
    rank = {i: (node.type in _BINDS_NOTHING, -degrees[i], i) for i, node in enumerate(content.nodes)}
    bonds = Counter({pair: count for pair, count in links.items() if not any(rank[end][0] for end in pair)})
    found = [sorted(members, key=rank.__getitem__) for members in _members(bonds, links)]
    names = [_name(content, members) for members in found]
    grouped = {n for members in found for n in members}
    rest = sorted(set(range(len(content.nodes))) - grouped, key=rank.__getitem__)
    if rest:
        found.append(rest)
        names.append("In small groups or alone" if len(found) > 1 else "All")
    ties = _ties(found, bonds, len(found) - bool(rest))
    sizes = [round(14 + 2.1 * min(len(members), 400) ** 0.5) for members in found]
    lines = [label(name).split("\n") for name in names]
    boxes = [
        (max(2.0 * size, 9.5 * max(map(len, some))) + 30, 2.0 * size + 21 * (len(some) + 1) + 30)
        for size, some in zip(sizes, lines, strict=True)
    ]
    places = _in_rows(boxes, positions(boxes, [(a, b) for a, b, _ in ties]))
    return Overview(tuple(Group(*row) for row in zip(names, map(tuple, found), places, sizes, strict=True)), ties)


def _members(bonds: Counter[tuple[int, int]], links: Counter[tuple[int, int]]) -> list[list[int]]:
    """The largest communities by their bonds, the largest first, with those that have only other links to them."""
    graph: nx.Graph[int] = nx.Graph()
    # Louvain shuffles the nodes as they come: hand them over in order, so that the seed fixes the outcome.
    graph.add_nodes_from(sorted({end for pair in bonds for end in pair}))
    graph.add_weighted_edges_from((a, b, count) for (a, b), count in sorted(bonds.items()))
    found = sorted((sorted(c) for c in nx.community.louvain_communities(graph, seed=_SEED)), key=lambda c: (-len(c), c))
    found = [members for members in found if len(members) >= _SMALLEST][:_GROUPS]
    of = {n: i for i, members in enumerate(found) for n in members}
    pulls: dict[int, Counter[int]] = {}
    for (a, b), count in links.items():
        for one, other in ((a, b), (b, a)):
            if one not in graph and other in of:
                pulls.setdefault(one, Counter())[of[other]] += count
    for node, groups in pulls.items():
        found[min(groups, key=lambda g: (-groups[g], g))].append(node)
    return found


def _name(content: Content, members: Sequence[int]) -> str:
    for types in _NAMING:
        named = [n for n in members if content.nodes[n].type in types]
        if named:
            return content.nodes[named[0]].name
    return content.nodes[members[0]].name


def _ties(groups: list[list[int]], bonds: Counter[tuple[int, int]], count: int) -> tuple[tuple[int, int, int], ...]:
    """The strongest ties of each of the first ``count`` groups."""
    of = {n: i for i, members in enumerate(groups[:count]) for n in members}
    between: Counter[tuple[int, int]] = Counter()
    for (a, b), number in bonds.items():
        if a in of and b in of and of[a] != of[b]:
            between[min(of[a], of[b]), max(of[a], of[b])] += number
    kept = set()
    for group in range(count):
        own = sorted((pair for pair in between if group in pair), key=lambda pair: (-between[pair], pair))
        kept.update(own[:_STRONGEST])
    return tuple((a, b, between[a, b]) for a, b in sorted(kept))


def _in_rows(boxes: Sequence[Box], near: Sequence[Point]) -> list[Point]:
    """Discs close together in rows, so that their words stay large; roughly as they lie near one another in ``near``."""
    width = max(sum(w * h for w, h in boxes) * _WINDOW, 1.0) ** 0.5
    waiting = sorted(range(len(boxes)), key=lambda i: (near[i][1], i))
    places: list[Point] = [(0, 0)] * len(boxes)
    top = 0.0
    while waiting:
        row: list[int] = []
        wide = 0.0
        while waiting and (not row or wide + boxes[waiting[0]][0] <= width):
            wide += boxes[waiting[0]][0]
            row.append(waiting.pop(0))
        high = max(boxes[i][1] for i in row)
        gap = (width - wide) / len(row)
        left = 0.0
        for i in sorted(row, key=lambda i: (near[i][0], i)):
            places[i] = (round(left + (boxes[i][0] + gap) / 2), round(top + high / 2))
            left += boxes[i][0] + gap
        top += high
    return places

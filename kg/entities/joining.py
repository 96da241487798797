"""From records that may be one thing to groups of those that are: never a group in which any two cannot be one.

Records are compared where they share a name and something else (``candidates``), so that the work grows with the documents and not
with their square. Groups are what joining comparisons connect. Where a group holds two records that cannot be one, the name stands for
several people there, and only the stronger comparisons count, ten times stronger each time, until the group falls apart rightly.
Nothing depends on the order of the records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from kg import names
from kg.entities.evidence import Comparison, Profile, compare, surname
from kg.reference import Reference

Pair = tuple[str, str]

#: records of one name that share a thing: where there are more, the thing tells none from another and none are compared for it
_MOST_SHARING = 60
#: records of one uncommon name that are worth suggesting to one another although they share nothing
_MOST_NAMESAKES = 4
#: namesakes expected above which not even a suggestion is made
_SUGGESTED = 1.0
#: what is worth comparing a name without given names for
_TELLING = frozenset({"post", "force", "unit", "place", "case", "party", "relative", "beside"})
_BARS = tuple(10.0**-n for n in range(8))


class Sets:
    """Disjoint sets of keys; each is called by the first of its keys."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._parent = {key: key for key in keys}

    def find(self, key: str) -> str:
        """What the set of a key is called."""
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def unite(self, a: str, b: str) -> bool:
        """Make the sets of two keys one; False where they are one already."""
        one, other = sorted((self.find(a), self.find(b)))
        self._parent[other] = one
        return one != other

    def groups(self) -> dict[str, list[str]]:
        """What each set is called -> its keys, both in order."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for key in sorted(self._parent):
            found[self.find(key)].append(key)
        return dict(found)


def candidates(profiles: Mapping[str, Profile]) -> Iterator[Pair]:
    """The pairs of records worth comparing: a name and one more thing in common, or an uncommon name that few records have."""
    sharing: defaultdict[Hashable, list[str]] = defaultdict(list)
    alone: defaultdict[Hashable, list[str]] = defaultdict(list)
    for key in sorted(profiles):
        p = profiles[key]
        block = _block(p.name) if p.full else None
        if block:
            alone[block].append(key)
        for kind, value in p.shared:
            if block:
                sharing[block, kind, value].append(key)
            if kind in _TELLING and _is_surname_known(p):
                sharing[p.surname, kind, value].append(key)
    seen: set[Pair] = set()
    for within, most in ((sharing, _MOST_SHARING), (alone, _MOST_NAMESAKES)):
        for keys in within.values():
            if len(keys) <= most:
                seen.update(combinations(keys, 2))
    yield from sorted(seen)


def _block(name: str) -> tuple[str, str]:
    return min(names.given_forms(names.parse(name).given[0])), surname(name)


def _is_surname_known(p: Profile) -> bool:
    """Whether the name is full, or a surname after a title or an initial; a single word may be a given name."""
    return p.full or any(parsed.titles or parsed.given for parsed in map(names.parse, p.forms))


def compared(profiles: Mapping[str, Profile], reference: Reference) -> dict[Pair, Comparison]:
    """The comparisons of all candidates that leave a possibility. Two records without a full name are never compared."""
    found = {}
    for a, b in candidates(profiles):
        if profiles[a].full or profiles[b].full:
            comparison = compare(profiles[a], profiles[b], reference)
            if not comparison.veto:
                found[a, b] = comparison
    return found


def group(keys: Iterable[str], comparisons: Mapping[Pair, Comparison], apart: Callable[[str, str], bool]) -> tuple[Sets, list[Pair]]:
    """The groups of keys that the comparisons join, and the comparisons that hold each together, one fewer than it has keys.

    ``apart`` says of two keys that they cannot be one.
    """
    sets, used = Sets(keys), []
    ranked = sorted((c.namesakes / c.limit, pair) for pair, c in comparisons.items() if c.joins)
    waiting = [ranked]
    for bar in _BARS:
        parts, waiting = waiting, []
        for edges in parts:
            edges = [(ratio, pair) for ratio, pair in edges if ratio <= bar]
            for members, inside in _connected(edges):
                if any(apart(a, b) for a, b in combinations(members, 2)):
                    waiting.append(inside)
                else:
                    used += [pair for _, pair in inside if sets.unite(*pair)]
    return sets, used


def _connected(edges: Sequence[tuple[float, Pair]]) -> Iterator[tuple[list[str], list[tuple[float, Pair]]]]:
    """The parts that edges connect: their keys and their edges, strongest first."""
    sets = Sets({key for _, pair in edges for key in pair})
    for _, pair in edges:
        sets.unite(*pair)
    inside: defaultdict[str, list[tuple[float, Pair]]] = defaultdict(list)
    for edge in edges:
        inside[sets.find(edge[1][0])].append(edge)
    for name, members in sets.groups().items():
        yield members, inside[name]


def suggested(comparisons: Mapping[Pair, Comparison], sets: Sets, apart: Callable[[str, str], bool]) -> dict[Pair, Pair]:
    """Pairs of groups that may be one -> the comparison that says most; not where any two of their keys cannot be one."""
    members = sets.groups()
    found: dict[Pair, Pair] = {}
    for pair, c in sorted(comparisons.items(), key=lambda item: (item[1].namesakes, item[0])):
        one, other = sorted(map(sets.find, pair))
        if one == other or (one, other) in found or (c.pinned and c.namesakes > _SUGGESTED):
            continue
        if not any(apart(a, b) for a in members[one] for b in members[other]):
            found[one, other] = pair
    return found

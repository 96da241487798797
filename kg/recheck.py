"""The shapes checked again only where a change can have made a difference.

What a shape says of a node follows from the node's own triples, from those of what it points at, and from a little of what points at it.
So the nodes of all parts of the graph that were made anew are checked, and with them those few that shapes compare across parts: heads of
one body, and two who are said to have done the same to each other. What they are checked against is a small store with all of that.
``reach`` must know each way in which a shape looks beyond a node; the tests hold the results against those of a whole check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Store

from kg import validate
from kg.validate import Violation
from kg.vocabulary import HOLDING_KIND, KG, ORG

_SUBJECT, _OBJECT, _PREDICATE, _STATUS = (NamedNode(KG(name)) for name in ("subject", "object", "predicate", "status"))
_ENTITY, _MENTION, _STEP, _COPY_GROUP, _UNIT_OF = (NamedNode(KG(name)) for name in ("entity", "mention", "step", "copyGroup", "unitOf"))
_HOLDING_KIND, _HEAD, _BODY = NamedNode(KG("holdingKind")), NamedNode(HOLDING_KIND("head")), NamedNode(ORG("organization"))
_AGAINST = NamedNode(KG("offenderAgainst"))


def recheck(store: Store, changed: Iterable[str], before: Iterable[Violation]) -> tuple[Violation, ...]:
    """What a whole check of the store would give, given the nodes (IRIs) of what was made anew and what a whole check gave before."""
    focus = {NamedNode(iri) for iri in changed}
    for node in list(focus):
        focus.update(_compared(store, node))
    names = {node.value for node in focus}
    near = Store()
    told: set[NamedNode] = set()
    near.bulk_extend(quad for node in focus for quad in reach(store, node, told))
    found = {result for result in validate.validate(near) if result.focus in names}
    return validate.ordered({*found, *(result for result in before if result.focus not in names)})


def _compared(store: Store, node: NamedNode) -> Iterator[NamedNode]:
    """The nodes that some shape compares with this one, though neither points at the other."""
    if Quad(node, _HOLDING_KIND, _HEAD) in store:
        for body in _objects(store, node, _BODY):
            yield from (other for other in _subjects(store, _BODY, body) if Quad(other, _HOLDING_KIND, _HEAD) in store)
    if Quad(node, _PREDICATE, _AGAINST) in store:
        for victim in _objects(store, node, _OBJECT):
            yield from (other for other in _subjects(store, _SUBJECT, victim) if Quad(other, _PREDICATE, _AGAINST) in store)


def reach(store: Store, node: NamedNode, told: set[NamedNode]) -> Iterator[Quad]:
    """All triples from which it follows what shapes say of a node, and maybe more, but for those of the nodes that were told of already."""

    def about(one: NamedNode) -> Iterator[Quad]:
        if one not in told:
            told.add(one)
            yield from _about(store, one)

    for quad in _about(store, node):
        if node not in told:
            yield quad
        if isinstance(quad.object, NamedNode):
            yield from about(quad.object)
    told.add(node)
    for predicate in (_MENTION, _STEP, _COPY_GROUP):
        for other in _subjects(store, predicate, node):
            yield from about(other)
    yield from _some(store.quads_for_pattern(None, _ENTITY, node, None))
    for quad in store.quads_for_pattern(None, _SUBJECT, node, None):
        yield quad
        for predicate in (_PREDICATE, _OBJECT, _STATUS):
            yield from store.quads_for_pattern(quad.subject, predicate, None, None)
    seen, units = {node}, [node]
    while units:  # a unit within units
        for quad in store.quads_for_pattern(units.pop(), _UNIT_OF, None, None):
            yield quad
            if isinstance(quad.object, NamedNode) and quad.object not in seen:
                seen.add(quad.object)
                units.append(quad.object)


def _about(store: Store, node: NamedNode) -> Iterator[Quad]:
    return iter(store.quads_for_pattern(node, None, None, None))


def _subjects(store: Store, predicate: NamedNode, node: NamedNode) -> Iterator[NamedNode]:
    return (quad.subject for quad in store.quads_for_pattern(None, predicate, node, None) if isinstance(quad.subject, NamedNode))


def _objects(store: Store, node: NamedNode, predicate: NamedNode) -> Iterator[NamedNode]:
    return (quad.object for quad in store.quads_for_pattern(node, predicate, None, None) if isinstance(quad.object, NamedNode))


def _some(quads: Iterator[Quad]) -> Iterator[Quad]:
    """The first, which is enough to make its object what shapes are about."""
    first = next(quads, None)
    if first is not None:
        yield first

"""The entities joined by facts as a networkx graph. Every edge carries its status: an edge is what was said, not what is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.rows import facts
from kg.store import Store

if TYPE_CHECKING:
    import networkx as nx


def to_networkx(store: Store) -> nx.MultiDiGraph[str]:
    """Facts as a graph: nodes are IRIs with ``name`` and ``type``; a literal object is a node of its own for each fact."""
    from kg.export import graphml

    return graphml.to_networkx(list(facts(store)))

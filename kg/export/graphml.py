"""The entities joined by facts as GraphML. Every edge carries its status: an edge is what was said, not what is so."""

from __future__ import annotations

import re
from typing import IO

import networkx as nx

from kg.model import LITERAL
from kg.rows import Row, facts
from kg.store import Store

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_networkx(rows: list[Row]) -> nx.MultiDiGraph:
    """Facts as a graph: nodes are IRIs with ``name`` and ``type``; a literal object is a node of its own for each fact."""
    graph = nx.MultiDiGraph()
    for number, row in enumerate(rows):
        ends = []
        for role in ("subject", "object"):
            node = row[role]
            key = node["id"] if node["type"] != LITERAL else f"literal-{number}"
            graph.add_node(key, name=_xml(node["name"]), type=node["type"])
            ends.append(key)
        graph.add_edge(
            *ends, key=number, predicate=row["predicate"], status=row["status"], start=row["start"] or "", end=row["end"] or "",
            document=_xml(row["document"]), confidence=row["confidence"], source=row["source"], evidence=_xml(row["evidence"]["text"]))
    return graph


def write_graphml(store: Store, out: IO[bytes]) -> None:
    """GraphML in UTF-8; what XML cannot hold is written as U+FFFD."""
    nx.write_graphml_xml(to_networkx(list(facts(store))), out, named_key_ids=True)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)

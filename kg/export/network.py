"""The entities joined by facts as a network: NetworkX, GraphML, GEXF, Cytoscape JSON. An edge is what was said, not what is so."""

from __future__ import annotations

import io
import json
import re
from typing import IO, Any

import networkx as nx

from kg.rows import facts
from kg.store import Queryable, Store

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_networkx(store: Queryable) -> nx.MultiDiGraph[str]:
    """The facts as a directed multigraph, one edge a fact, from its subject to its object.

    Nodes are IRIs with ``name`` (str), ``label`` (the same, for tools that show it) and ``type`` (str); text that is an object is a
    node of its own for each fact, of type ``Literal``. Edges are numbered in the order of ``kg facts`` and have ``label``, ``predicate``,
    ``status``, ``document``, ``evidence`` and ``read_by`` (str), ``confidence`` (float, 0 to 1), ``evidence_start`` and ``evidence_end``
    (int, characters into the document's text), and ``start`` and ``end`` (str, EDTF) where they are known. The label of what is not
    asserted bears its status, so that nobody who looks at labels alone takes an allegation for a finding.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, row in enumerate(facts(store)):
        subject, target = row["subject"]["id"], row["object"].get("id", f"literal-{number}")
        for key, node in ((subject, row["subject"]), (target, row["object"])):
            graph.add_node(key, name=node["name"], label=node["name"], type=node["type"])
        status, predicate = row["status"], row["predicate"]
        label = predicate if status == "asserted" else f"{predicate} ({status})"
        dates = {which: row[which] for which in ("start", "end") if row[which]}
        graph.add_edge(
            subject, target, key=number, label=label, predicate=predicate, status=status, document=row["document"],
            confidence=row["confidence"], read_by=row["source"], evidence=row["evidence"]["text"],
            evidence_start=row["evidence"]["start"], evidence_end=row["evidence"]["end"], **dates)
    return graph


def write_graphml(store: Store, out: IO[bytes]) -> None:
    """GraphML in UTF-8; what XML cannot hold is written as U+FFFD."""
    content = io.BytesIO()
    nx.write_graphml_xml(_for_xml(to_networkx(store)), content, named_key_ids=True)
    out.write(content.getvalue().replace(b"\r", b"&#13;"))  # a bare one is read as a line's end


def write_gexf(store: Store, out: IO[bytes]) -> None:
    """GEXF 1.2 in UTF-8; dates are ``began`` and ``ended``, as GEXF's own would hide edges; what XML cannot hold is written as U+FFFD."""
    content = io.BytesIO()
    nx.write_gexf(_for_xml(to_networkx(store), start="began", end="ended"), content)
    out.write(re.sub(rb' lastmodifieddate="[^"]*"', b"", content.getvalue(), count=1))  # the same graph gives the same bytes on any day


def write_cytoscape(store: Store, out: IO[bytes]) -> None:
    """Cytoscape JSON in UTF-8."""
    out.write(json.dumps(nx.cytoscape_data(to_networkx(store)), ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _for_xml(graph: nx.MultiDiGraph[str], **renamed: str) -> nx.MultiDiGraph[str]:
    """The graph with attributes that XML can hold, some of edges renamed."""
    for _, data in graph.nodes(data=True):
        data.update((key, _xml(value)) for key, value in data.items())
    for _, _, data in graph.edges(data=True):
        fitting = {renamed.get(key, key): _xml(value) for key, value in data.items()}
        data.clear()
        data.update(fitting)
    return graph


def _xml(value: Any) -> Any:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value

"""A zip archive for Neo4j's bulk import: nodes and relationships as CSV with typed headers, and the command that loads them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO

from kg.export.network import to_networkx
from kg.store import Store

_README = """Loads into an empty Neo4j database named kg with:

    neo4j-admin database import full kg --nodes=nodes.csv --relationships=relationships.csv --multiline-fields=true

A relationship is what a document says, not what is so. The type of one that is not asserted ends with its status:
ACCUSED_OF_ALLEGED, CONVICTED_OF_DENIED. These files are not for spreadsheets, which may run cells as formulas; export xlsx for those.
"""
_NODES = ("id:ID", "name", "type", ":LABEL")
_PLAIN = ("predicate", "status", "start", "end", "document", "read_by", "evidence")
_TYPED = {"confidence": "double", "evidence_start": "int", "evidence_end": "int"}


def write_neo4j(store: Store, out: IO[bytes]) -> None:
    """The zip archive with ``nodes.csv``, ``relationships.csv`` and ``README.txt``."""
    graph = to_networkx(store)
    nodes = ((key, data["name"], data["type"], data["type"]) for key, data in graph.nodes(data=True))
    edges = sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[2])
    links = ((subject, target, _kind(data["predicate"], data["status"]), *(data.get(name, "") for name in (*_PLAIN, *_TYPED)))
             for subject, target, _, data in edges)
    header = (":START_ID", ":END_ID", ":TYPE", *_PLAIN, *(f"{name}:{kind}" for name, kind in _TYPED.items()))
    write_zip(out, {"README.txt": _README.encode(), "nodes.csv": _csv(_NODES, nodes), "relationships.csv": _csv(header, links)})


def write_zip(out: IO[bytes], files: dict[str, bytes]) -> None:
    """A zip archive of the files; the same files give the same bytes."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=zipfile.ZIP_DEFLATED)


def _kind(predicate: str, status: str) -> str:
    """The relationship type: the predicate, with the status of what is not asserted, as people ask by type alone."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", predicate)
    return (words if status == "asserted" else f"{words}_{status}").upper()


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()

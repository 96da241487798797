"""Writes the golden graphs anew: python tests/regenerate.py (from the project's folder, with the package installed)."""

from __future__ import annotations

from graphs import GOLDEN, golden_graphs

from kg import graph

if __name__ == "__main__":
    for name, built in golden_graphs().items():
        (GOLDEN / name).write_bytes(graph.serialise_nquads(built))

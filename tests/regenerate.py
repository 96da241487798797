"""Writes the golden graphs anew: python tests/regenerate.py"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from graphs import GOLDEN, golden_graphs

from kg import graph

if __name__ == "__main__":
    for name, built in golden_graphs().items():
        (GOLDEN / name).write_bytes(graph.serialise_nquads(built))

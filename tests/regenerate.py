"""Writes the golden graphs and the shapes of the signatures anew: python tests/regenerate.py (from the project's folder)."""

from __future__ import annotations

from graphs import GOLDEN, golden_graphs

from kg import graph
from kg.model import ENTITY_TYPES, SIGNATURES
from kg.rdf.signatures import signature_shapes
from kg.rdf.statements import GRAVE
from kg.resources import ontology_dir

if __name__ == "__main__":
    for name, built in golden_graphs().items():
        (GOLDEN / name).write_bytes(graph.serialise_nquads(built))
    (ontology_dir() / "signatures.ttl").write_text(signature_shapes(ENTITY_TYPES, SIGNATURES, GRAVE), encoding="utf-8")

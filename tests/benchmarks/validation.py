"""The shapes checked as SPARQL on the store, against pySHACL on the same graph in the same run.

    python -m tests.benchmarks.validation [NODES...]         (default: 1000 10000 100000, of focus nodes)

The graph is that of the corpus's gold files, again and again with other people (``corpora.py``).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pyoxigraph
import pyshacl
import rdflib

from kg import entities, graph, validate
from kg.reference import Reference
from kg.resources import ontology_dir
from kg.vocabulary import PREFIXES
from tests.benchmarks.corpora import readings
from tests.benchmarks.measure import Row, peak, table, timed

SIZES = (1000, 10_000, 100_000)
BASE = "https://policing-kg.example/id/"
_NODES_A_DOCUMENT = 148  # measured; the size that a row names is counted


def rows(sizes: Sequence[int] = SIZES) -> list[Row]:
    """A row a size."""
    shapes = rdflib.Graph()
    for name in validate.SHAPE_FILES:
        shapes.parse(ontology_dir() / name)
    validate._shapes()
    measured = []
    for size in sizes:
        store = _store(max(1, size // _NODES_A_DOCUMENT))
        nodes = _focus_nodes(store, shapes)
        seconds = min(timed(lambda: validate.validate(store)) for _ in range(2))  # noqa: B023
        data = rdflib.Graph().parse(store.dump(format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=pyoxigraph.DefaultGraph()), format="nt")
        judge = timed(lambda: pyshacl.validate(data, shacl_graph=shapes))  # noqa: B023
        measured.append(Row(f"shapes, {len(store):,} triples", nodes, "focus nodes", seconds, "pySHACL", seconds / judge, peak()))
    return measured


def _store(documents: int) -> pyoxigraph.Store:
    read, reference = list(readings(documents)), Reference.load()
    built = graph.build(read, entities.resolve(read, reference), base_iri=BASE, reference=reference)
    store = pyoxigraph.Store()
    store.bulk_load(graph.serialise_nquads(built), format=pyoxigraph.RdfFormat.N_QUADS)
    return store


def _focus_nodes(store: pyoxigraph.Store, shapes: rdflib.Graph) -> int:
    """How many nodes the shapes look at: those of the classes that they target by class or in a query, and things with facts."""
    sh = rdflib.namespace.SH
    classes = {node.n3() for target in (sh.targetClass, sh.targetNode) for node in shapes.objects(None, target)}
    either = "{ ?n a ?class . VALUES ?class { %s } } UNION { ?any kg:entity|kg:subject ?n }" % " ".join(sorted(classes))
    found = store.query(f"SELECT (COUNT(DISTINCT ?n) AS ?count) {{ {either} }}", prefixes=PREFIXES)
    return int(next(iter(found))["count"].value)


if __name__ == "__main__":
    print(table(rows([int(size) for size in sys.argv[1:]] or SIZES)))

"""``kg explain``: why the graph is as it is."""

from __future__ import annotations

from pathlib import Path

import click

from kg import console
from kg.cli.common import graph_option, opened_store


@click.group(epilog="""\b
Examples:
  kg explain merge "Aneira Pritchard" d02-gwent-confirmed:"Ms Pritchard"
  kg explain holder d04-custody-death
""")
def explain() -> None:
    """Tell in words why the graph is as it is."""


@explain.command(epilog="""\b
Examples:
  kg explain merge "Aneira Pritchard" d02-gwent-confirmed:"Ms Pritchard"
  kg explain merge "Daniel Marsh" "Daniel Marsh"
  kg explain merge person/daniel-marsh.doc.d13 https://policing-kg.example/id/person/daniel-marsh.doc.d14
""")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@graph_option
def merge(one: str, other: str, graph_dir: Path) -> None:
    """Why two names are one node, or what speaks for and against it where they are two.

    A and B are names, IRIs, the keys that IRIs end in, or DOCUMENT:NAME for a name as one document has it. The same name
    twice compares all nodes of that name with one another.
    """
    from kg.explain import Explainer
    from kg.folder import GraphFolder

    with opened_store(graph_dir) as store:
        for line in Explainer(store, GraphFolder(graph_dir).base_iri).merge(one, other):
            console.out(line)


@explain.command(epilog="""\b
Example:
  kg explain holder d04-custody-death
""")
@click.argument("document", metavar="DOCUMENT")
@graph_option
def holder(document: str, graph_dir: Path) -> None:
    """Who "the chief constable" of a document is that names nobody.

    It is told where other documents have one person in the post before and after the document's day, or on it, and nobody else in
    between; otherwise it stays open. "kg query unnamed-holders" lists all of them.
    """
    from kg.explain import Explainer
    from kg.folder import GraphFolder

    with opened_store(graph_dir) as store:
        for line in Explainer(store, GraphFolder(graph_dir).base_iri).holder(document):
            console.out(line)

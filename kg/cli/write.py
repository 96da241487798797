"""``kg export`` and ``kg render``: the graph written for others."""

from __future__ import annotations

from pathlib import Path

import click

from kg import console
from kg.cli.common import graph_option, opened_store, output_option, written


class _Formats(click.Command):
    """A command whose help lists the formats, from the table that has them."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from kg.export import formats

        super().format_help_text(ctx, formatter)
        with formatter.section("Formats"):
            formatter.write_dl([(name, what) for name, (what, _) in formats().items()])


@click.command(cls=_Formats, epilog="""\b
Examples:
  kg export --format jsonld -o graph.jsonld
  kg export --format xlsx -o graph.xlsx
  kg export --format gexf -o graph.gexf
  kg export --format nt | gzip > graph.nt.gz
""")
@graph_option
@click.option("--format", "form", required=True, metavar="FORMAT", help="One of the formats above.")
@output_option("Where to write it; standard output otherwise.")
def export(graph_dir: Path, form: str, output: Path | None) -> None:
    """Write the graph in another format.

    Those of RDF hold everything; the others hold the facts with their status and sentence, and the entities that they join.
    """
    from kg import export as exports

    with opened_store(graph_dir) as store, written(output) as stream:
        exports.export(store, form, stream)


@click.command(epilog="""\b
Examples:
  kg render
  kg render -g graph -o page.html
  kg render --no-texts -o to-pass-on.html
""")
@graph_option
@output_option("Where to write it; graph.html in the graph folder otherwise.")
@click.option("--no-texts", is_flag=True, help="Leave the texts of documents out; the sentences behind facts stay.")
def render(graph_dir: Path, output: Path | None, no_texts: bool) -> None:
    """Draw the graph as one HTML page that needs no network."""
    from kg import rows
    from kg.folder import open_folder
    from kg.render import render as draw

    folder = open_folder(graph_dir)
    target = output or folder.page
    with opened_store(graph_dir) as store, console.Bars().step("Drawing the page"):
        draw(rows.entities(store), rows.facts(store), rows.documents(store), target, None if no_texts else folder.read_text)
    console.out(str(target))

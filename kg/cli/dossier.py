"""``kg dossier``: what the documents say of one entity, for a lawyer's desk or a right of reply."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.common import graph_option, opened_store, output_option, written
from kg.errors import InputError

_LISTED = 6


@click.command(epilog="""\b
Examples:
  kg dossier "Callum Threlfall" -o threlfall.html
  kg dossier "Callum Threlfall" -o threlfall.pdf
  kg dossier https://policing-kg.example/id/force/essex-police > essex.html
""")
@click.argument("entity", metavar="ENTITY")
@graph_option
@output_option("Where to write it, FILE.html or FILE.pdf; HTML on standard output otherwise.")
def dossier(entity: str, graph_dir: Path, output: Path | None) -> None:
    """Write down every claim about an entity with its status, sentence, document and link, in order of date.

    ENTITY is any of its names, whatever the case, or its IRI where several go by that name.
    """
    from kg import rows
    from kg.folder import open_folder
    from kg.query import find_entities
    from kg.render.dossier import gather, html

    if output is not None and output.suffix.lower() not in {".html", ".pdf"}:
        raise InputError(f"{output}: a dossier is written as FILE.html or FILE.pdf, not as {output.suffix or 'a file without an ending'}")
    folder = open_folder(graph_dir)
    with opened_store(graph_dir) as store:
        found = find_entities(store, entity)
        if len(found) > 1:
            listed = ", ".join(match.iri for match in found[:_LISTED]) + (", ..." if len(found) > _LISTED else "")
            raise InputError(f"{len(found)} entities go by the name {entity!r}; give one by its IRI: {listed}")
        wanted = found[0]
        alike = {match.iri for match in find_entities(store, wanted.name, (wanted.type,))}
        gathered = gather(rows.entities(store, alike), rows.facts(store, alike), rows.documents(store), folder.read_text, wanted.iri)
    if output is not None and output.suffix.lower() == ".pdf":
        from kg.render.dossier_pdf import pdf

        content = pdf(gathered)
    else:
        content = html(gathered).encode("utf-8", "replace")
    with written(output) as stream:
        stream.write(content)

"""``kg push``, and how the commands that speak to a server are told where it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import console
from kg.cli.common import F, counted, graph_option

if TYPE_CHECKING:
    from kg.push import Protocol


def login_options(command: F) -> F:
    """``--netrc`` and ``--timeout``."""
    command = click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True, metavar="SECONDS",
                           help="How long to wait for each answer of a server.")(command)
    return click.option("--netrc", "logins", type=click.Path(path_type=Path), metavar="FILE",
                        help="Where the login for the server stands. [default: ~/.netrc, if it is there]")(command)


@click.command(epilog="""\b
Examples:
  kg push http://localhost:8890/sparql-auth                                (Virtuoso)
  kg push http://localhost:3030/policing/update                            (Fuseki, SPARQL Update)
  kg push http://localhost:3030/policing/data --protocol graph-store       (Fuseki, Graph Store Protocol)
  kg push http://localhost:7200/repositories/policing/statements           (GraphDB, RDF4J)

\b
The login stands in ~/.netrc or the file of --netrc:
  machine localhost login USER password PASSWORD
""")
@click.argument("url")
@graph_option
@click.option("--protocol", type=click.Choice(["update", "graph-store"]), default="update", show_default=True,
              help="What the address speaks: SPARQL 1.1 Update, or the Graph Store HTTP Protocol.")
@click.option("--again", is_flag=True, help="Send everything, also what has arrived before.")
@login_options
def push(url: str, graph_dir: Path, protocol: Protocol, again: bool, logins: Path | None, timeout: float) -> None:
    """Load the graph into a server at URL, one named graph a document.

    Only what has changed since the last push to the same URL is sent, and what is gone from the graph is taken away. A push
    that was cut off goes on where it was with the same command. What has arrived is kept in DIR.pushed.json beside the graph folder.
    """
    from kg.folder import open_folder
    from kg.push import push as send
    from kg.remote import Endpoint

    folder = open_folder(graph_dir)
    with Endpoint(url, logins=logins, timeout=timeout) as endpoint:
        try:
            done = send(folder, endpoint, protocol=protocol, again=again, progress=console.Bars())
        except KeyboardInterrupt:
            raise KeyboardInterrupt("the same command, without --again, goes on from there") from None
    console.say(f"sent {counted(done.triples, 'triple')} in {counted(done.sent, 'named graph')} to {url}; "
                f"{done.kept:,} were there already, {done.removed:,} taken away")

"""``kg serve``: the graph for browsers and for programs, on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kg import console
from kg.cli.common import decisions_option, graph_option
from kg.errors import InputError


@click.command(epilog="""\b
Examples:
  kg serve
  kg serve -g graph --port 9000 --timeout 10
  kg serve --edit
  curl --data-urlencode 'query=SELECT ?n { ?p a kg:Person ; rdfs:label ?n }' http://127.0.0.1:8765/sparql
""")
@graph_option
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS",
              help="Where to listen; beyond this machine only if you say so.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes any that is free.")
@click.option("--timeout", type=click.FloatRange(0.1, 86400), default=30.0, show_default=True, metavar="SECONDS",
              help="How long a question may run.")
@click.option("--memory", type=click.IntRange(16, 2**20), default=1024, show_default=True, metavar="MIB",
              help="What a question may take (Linux).")
@click.option("--max-rows", type=click.IntRange(1, 10**8), default=100_000, show_default=True, help="Rows or triples of one answer.")
@click.option("--workers", type=click.IntRange(1, 256), metavar="N",
              help="Questions that run at once.  [default: two a core, eight at least]")
@click.option("--allow-host", "names", multiple=True, metavar="NAME", help="Another name this server goes by (may be repeated).")
@click.option("--cors", metavar="ORIGIN", help="Let scripts of this origin read answers; * for any.  [default: none]")
@click.option("--edit", is_flag=True, help="Let the page of reviews write decisions, as kg review does.")
@click.option("--edit-from-elsewhere", is_flag=True, help="Let whoever can reach the server write them, from other machines too.")
@decisions_option
@click.option("--quiet", is_flag=True, help="Log no requests.")
@click.option("--log-queries", is_flag=True, help="Log requests with what they ask; without it, only their paths are logged.")
def serve(graph_dir: Path, host: str, port: int, timeout: float, memory: int, max_rows: int, workers: int | None, names: tuple[str, ...],
          cors: str | None, edit: bool, edit_from_elsewhere: bool, decisions_file: Path | None, quiet: bool, log_queries: bool) -> None:
    """Serve the graph: pages for browsers, SPARQL 1.1 at /sparql for programs.

    Only reads; nothing can be changed through it, but for the file of decisions with --edit. Ctrl-C stops it. A graph built anew
    meanwhile is served from then on.
    """
    from kg.decisions import path_for
    from kg.folder import open_folder

    if not hasattr(os, "fork"):
        raise InputError("kg serve needs a system that can fork processes, as Linux and macOS can; on Windows, run it within WSL")

    folder = open_folder(graph_dir.resolve())
    try:
        from kg.serve.app import LOOPBACK, Service, listen, serve
    except ImportError as error:
        raise InputError(f"the server needs {error.name}; install it with: pip install 'kg[serve]'") from error
    from kg.serve.limits import Limits
    from kg.store import open_store

    open_store(folder)  # made anew here if it is missing or damaged
    if edit and cors:
        raise InputError("--edit and --cors cannot go together: scripts of another site could then write decisions")
    if edit and not edit_from_elsewhere and {host.lower(), *(name.lower() for name in names)} - set(LOOPBACK):
        raise InputError("--edit is for this machine alone, as there are no passwords; leave --host and --allow-host out, or let "
                         "whoever can reach the server write decisions with --edit-from-elsewhere")
    limits = Limits(timeout=timeout, memory=memory, rows=max_rows, **({"workers": workers} if workers else {}))
    bound = listen(host, port)
    service = Service(folder, folder.store, limits, (*LOOPBACK, host.lower(), *(name.lower() for name in names)), cors,
                      None if quiet else console.say, log_queries, path_for(folder.path, decisions_file), edit)
    shown = f"[{host}]" if ":" in host else host
    if host not in LOOPBACK:
        console.say(f"kg: whoever can reach {host} can read this graph{' and write decisions' * edit}; there are no passwords")
    serve(service, bound, lambda: console.out(f"http://{shown}:{bound.getsockname()[1]}/"))
    console.say("kg: the server has stopped")

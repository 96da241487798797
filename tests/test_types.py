"""Types: mypy's strict mode over the package, and what it tells those who use the API wrongly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
USE = """
import kg

graph = kg.build("corpus/")
for fact in graph.facts(about="Pippa Mills", status=["alleged", "denied"]):
    said: str = graph.evidence(fact).text
name: str = graph.entity("Pippa Mills").name
rows: list[kg.Entity] = list(graph.entities(type="Person"))
[row] = graph.query("who-led", force="Kent Police")
number: int = graph.to_networkx().number_of_edges()
"""
MISUSE = {
    'graph.facts(status="guilty")': "guilty",
    'graph.facts()[0].status = "asserted"': "read-only",
    "graph.facts()[0].object.iri": "union-attr",
    'graph.query(force="Kent Police")': "call-arg",
    "graph.facts(statuses=[])": "statuses",
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mypy")


def _mypy(cache: Path, *words: object) -> str:
    command = [sys.executable, "-m", "mypy", "--cache-dir", cache, *words]
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=ROOT, check=False).stdout


def test_the_package_passes_in_strict_mode(cache: Path) -> None:
    assert _mypy(cache).startswith("Success")


def test_the_api_is_typed_for_those_who_use_it(cache: Path, tmp_path: Path) -> None:
    use = tmp_path / "use.py"
    use.write_text(USE)
    assert _mypy(cache, "--strict", use).startswith("Success")
    use.write_text(USE + "".join(line + "\n" for line in MISUSE))
    told = _mypy(cache, "--strict", use).splitlines()
    for number, (line, word) in enumerate(MISUSE.items(), USE.count("\n") + 1):
        assert [message for message in told if f"use.py:{number}: error" in message and word in message], (line, told)


def test_the_marker_of_typed_packages_is_there() -> None:
    assert (ROOT / "kg" / "py.typed").is_file()

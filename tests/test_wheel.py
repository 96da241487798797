"""The built wheel in an empty environment and an empty folder: the command with model, ontology and templates inside."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = """Essex Police: officer charged

PC Daniel Frost, of Essex Police, has been charged with assault. Chief Constable Anna Wells said: "We take this very seriously."
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    [path] = folder.glob("kg-*.whl")
    return path


def _run(*words: object, cwd: Path | None = None) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, cwd=cwd, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in ("kg/cli/__init__.py", "kg/ontology/kg.ttl", "kg/ontology/shapes.ttl", "kg/ontology/signatures.ttl", "kg/py.typed",
                 "kg/ontology/queries/who-led.rq", "kg/ontology/reference/forces.csv", "kg/render/templates/page.html",
                 "kg/serve/templates/base.html", "kg/serve/static/yasqe.min.js", "kg/serve/static/LICENSE.yasqe",
                 "kg/language/model/meta.json"):
        assert name in names, name
    assert not [name for name in names if name.startswith(("tests/", "corpus/", "ontology/"))]
    assert not [name for name in names if name.endswith((".pyc", ".pt"))]


@pytest.mark.model
def test_the_wheel_works_in_an_empty_environment_and_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    home, folder = tmp_path / "environment", tmp_path / "empty"
    folder.mkdir()
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    _run(scripts / "python", "-m", "pip", "install", "--quiet", wheel)
    (folder / "charged.txt").write_text(TEXT)
    assert "1 document" in _run(scripts / "kg", "build", "charged.txt", cwd=folder)
    facts = [json.loads(line) for line in _run(scripts / "kg", "facts", cwd=folder).splitlines()]
    assert ("accusedOf", "alleged") in {(fact["predicate"], fact["status"]) for fact in facts}
    assert all(TEXT[fact["evidence"]["start"]:fact["evidence"]["end"]] == fact["evidence"]["text"] for fact in facts)
    assert _run(scripts / "kg", "query", "about", "--entity", "Essex Police", cwd=folder).startswith("subject,predicate,")
    assert "<html" in (folder / "graph" / "graph.html").read_text(encoding="utf-8")

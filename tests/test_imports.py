"""Who may import whom, and that every library is declared where it is needed and nowhere else."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCAL = {"kg", "tests", "benchmarks", *(path.stem for path in (ROOT / "tests").glob("*.py"))}


def _names(requirements: Iterable[str]) -> set[str]:
    """Distributions as they are compared: lower case, with hyphens."""
    return {_normal(re.split(r"[<>=~! \[;]", requirement)[0]) for requirement in requirements}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


RUNTIME = _names(PROJECT["project"]["dependencies"])
EXTRAS = {name: _names(requirements) - {"kg"} for name, requirements in PROJECT["project"]["optional-dependencies"].items()}


def _imported(paths: Iterable[Path]) -> set[str]:
    """The first parts of all modules that files import, at their head or later."""
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - LOCAL


#: Modules that are called otherwise than what installs them, where that need not be installed.
_INSTALLED_BY = {"sklearn": ["scikit-learn"]}


def _undeclared(modules: set[str], declared: set[str]) -> set[str]:
    known = {**_INSTALLED_BY, **packages_distributions()}
    return {module for module in modules if not {_normal(name) for name in known.get(module, [module])} & declared}


#: The parts of the package that need more than the rest, and the extra that installs it.
_PARTS = {"training": "train", "serve": "serve"}


def _sources(part: str = "") -> list[Path]:
    """The files of a part, or of all that belongs to none."""
    return [path for path in (ROOT / "kg").rglob("*.py")
            if next((name for name in _PARTS if name in path.relative_to(ROOT).parent.parts), "") == part]


def test_the_import_contracts_hold() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout
    assert f"Contracts: {len(PROJECT['tool']['importlinter']['contracts'])} kept, 0 broken." in done.stdout


def test_what_the_package_imports_is_declared() -> None:
    modules = _imported(_sources())
    assert {"spacy", "pyoxigraph", "click"} <= modules
    assert not _undeclared(modules, RUNTIME | EXTRAS["frames"] | EXTRAS["notebooks"] | EXTRAS["spark"])


def test_what_is_declared_is_imported() -> None:
    known = packages_distributions()
    used = {_normal(name) for module in _imported(_sources()) for name in known.get(module, [module])}
    assert not RUNTIME - used


@pytest.mark.parametrize(("part", "extra"), _PARTS.items())
def test_what_a_part_imports_is_declared(part: str, extra: str) -> None:
    assert not _undeclared(_imported(_sources(part)), RUNTIME | EXTRAS[extra])


def test_what_the_tests_import_is_declared() -> None:
    extras = EXTRAS["test"] | EXTRAS["frames"] | EXTRAS["serve"] | EXTRAS["notebooks"] | EXTRAS["docs"] | EXTRAS["spark"]
    assert not _undeclared(_imported((ROOT / "tests").rglob("*.py")), RUNTIME | extras)


@pytest.mark.parametrize("heavy", ["torch", "transformers", "tensorflow"])
def test_training_libraries_stay_out_of_use_and_tests(heavy: str) -> None:
    assert heavy not in RUNTIME | EXTRAS["test"]
    assert heavy not in _imported([*_sources(), *_sources("serve"), *(ROOT / "tests").rglob("*.py")])


def test_every_dependency_has_its_reason_written_down() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    explained = {_normal(name) for name in re.findall(r"`([\w.-]+)`", contributing)}
    assert not RUNTIME.union(*EXTRAS.values()) - explained


def test_importing_the_package_does_no_work() -> None:
    code = "import sys; before = set(sys.modules); import kg; print({name.split('.')[0] for name in set(sys.modules) - before} - {'kg'})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "set()\n"

"""What the package is made of and stands on: locked, of the lowest and newest versions, licensed, and built to the same bytes."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
#: Words of licences that the package's licence can stand beside; LGPL is for libraries that are used and not copied.
FREE = ("MIT", "BSD", "Apache", "MPL", "Mozilla", "ISC", "PSF", "Python Software Foundation", "LGPL", "Unlicense", "Zlib", "0BSD")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _locked(name: str) -> dict[str, str]:
    """Versions by name; every line of the file is a version with one hash."""
    text = (ROOT / ".ci" / name).read_text(encoding="utf-8")
    entries = re.findall(r"^([a-z0-9-]+)==(\S+) \\\n    --hash=sha256:[0-9a-f]{64}\n", text, re.MULTILINE)
    assert len(entries) == len(set(entries)) == text.count("==") == text.count("--hash")
    return dict(entries)


def _parts(requirement: str) -> tuple[str, list[tuple[str, str]]]:
    """A requirement's name and the bounds of its version."""
    name, rest = re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?([^;]*)(?:;.*)?", requirement).groups()  # type: ignore[union-attr]
    return _normal(name), re.findall(r"(>=|==|<)([\d.]+)", rest)


def _number(version: str) -> tuple[int, ...]:
    """A version to compare: its numbers without zeros at the end."""
    numbers = [int(part) for part in re.match(r"[\d.]+", version)[0].strip(".").split(".")]  # type: ignore[index]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _fits(version: str, bounds: list[tuple[str, str]]) -> bool:
    compare = {">=": lambda a, b: a >= b, "==": lambda a, b: a == b, "<": lambda a, b: a < b}
    return all(compare[sign](_number(version), _number(bound)) for sign, bound in bounds)


def _direct(*extras: str) -> list[str]:
    return [one for extra in extras for one in EXTRAS[extra] if not one.startswith("kg[")] + PROJECT["dependencies"]


@pytest.mark.parametrize("requirement", _direct("docs", "frames", "notebooks", "serve", "test"))
def test_the_lock_has_what_is_declared(requirement: str) -> None:
    name, bounds = _parts(requirement)
    assert _fits(_locked("requirements.txt")[name], bounds)


@pytest.mark.parametrize("requirement", _direct("frames", "serve"))
def test_the_lowest_versions_that_are_tried_are_those_declared(requirement: str) -> None:
    name, bounds = _parts(requirement)
    assert _number(_locked("lowest.txt")[name]) == _number(bounds[0][1])
    assert bounds[0][0] in (">=", "==")


def test_the_licences_of_what_users_install_are_listed() -> None:
    text = (ROOT / "kg/LICENCES.md").read_text(encoding="utf-8").partition("| package | version | licence |\n")[2]
    rows = re.findall(r"^\| ([\w.-]+) \| (\d\S*) \| (.+) \|$", text, re.MULTILINE)
    listed = {_normal(name): (version, licence) for name, version, licence in rows}
    assert {_parts(one)[0] for one in _direct("frames", "notebooks", "serve")} <= listed.keys()
    locked = _locked("requirements.txt")
    assert {name: version for name, (version, _) in listed.items()} == {name: locked[name] for name in listed}
    unfit = {name: licence for name, (_, licence) in listed.items()
             if not any(word in licence for word in FREE) or re.search(r"(?<!L)GPL", licence) and " OR " not in licence}
    assert unfit == {}


def test_every_part_of_others_in_the_package_is_listed() -> None:
    """A file of a kind that is not written by hand stands in the list."""
    text = (ROOT / "kg/LICENCES.md").read_text(encoding="utf-8")
    foreign = [path.relative_to(ROOT) for pattern in ("*.ttf", "*.min.js", "*.min.css", "*.onnx", "*.woff*", "*.png", "*.so")
               for path in (ROOT / "kg").rglob(pattern)]
    assert len(foreign) >= 8
    for path in foreign:
        names = {path.name, f"{path.parent.as_posix()}/*{path.suffix}", *(f"{parent.as_posix()}/" for parent in path.parents)}
        assert any(name in text for name in names if name != "./"), path


def _wheel(source: Path, folder: Path, umask: int) -> Path:
    words = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder, source]
    subprocess.run(list(map(str, words)), check=True, umask=umask, env=os.environ | {"TZ": f"Etc/GMT{umask % 5}"})
    [path] = folder.glob("kg-*.whl")
    return path


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    """Of two copies, made at different times by users with different habits, in different folders and zones."""
    wheels = []
    for number, umask in enumerate((0o022, 0o077)):
        source = tmp_path / str(number) / ("source" * (number + 1))
        left = (".git", ".venv", "__pycache__", "corpus", "graph", "build", ".*_cache", ".hypothesis", "artefacts")
        shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*left))
        then = time.time() - 10**7 * number
        for path in source.rglob("*"):
            os.utime(path, (then, then))
        wheels.append(_wheel(source, tmp_path / f"wheel{number}", umask))
    assert len({hashlib.sha256(path.read_bytes()).hexdigest() for path in wheels}) == 1
    names = zipfile.ZipFile(wheels[0]).namelist()
    for name in ("LICENSE", "kg/LICENCES.md", "kg/render/assets/fonts/LICENCE.txt", "kg/serve/static/LICENSE.yasqe"):
        assert any(found.endswith(f".dist-info/licenses/{name}") for found in names), name

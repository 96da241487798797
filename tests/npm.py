"""Packages from the npm registry that tests use, kept in ``build/`` from one run to the next."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

BUILD = Path(__file__).resolve().parent.parent / "build"


def installed(package: str, version: str) -> Path:
    """The folder ``node_modules`` with the package; a test whose package cannot be had is skipped, or fails under KG_REQUIRE_ALL."""
    folder = BUILD / f"{package.strip('@').replace('/', '-')}-{version}"
    modules = folder / "node_modules"
    if not (modules / package).is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        words = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error",
                 f"{package}@{version}"]
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder)
        if done.returncode:
            said = f"{package} could not be installed from the npm registry: {done.stderr[-500:]}"
            pytest.fail(said) if os.environ.get("KG_REQUIRE_ALL") else pytest.skip(said)
    return modules

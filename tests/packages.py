"""The example package of CONTRIBUTING.md, installed into a folder as pip would lay it down."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

CONTRIBUTING = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"


def example(language: str) -> str:
    """The text of the example's file in a language."""
    text = CONTRIBUTING.read_text(encoding="utf-8")
    [block] = re.findall(rf"```{language}\n(# (?:pyproject\.toml|kg_awards\.py)\n.*?)```", text, re.DOTALL)
    return block


def install_example(site: Path) -> Path:
    """The package with its metadata in a folder that is to stand on the path of modules."""
    project = tomllib.loads(example("toml"))["project"]
    metadata = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    lines = [f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
             for group, points in project["entry-points"].items()]
    (metadata / "entry_points.txt").write_text("\n".join(lines))
    (site / "kg_awards.py").write_text(example("python"), encoding="utf-8")
    return site

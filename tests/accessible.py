"""What axe-core (MPL-2.0, from npm) finds wrong with a page for who cannot see it, or not well, or uses no mouse."""

from __future__ import annotations

from typing import Any

from npm import installed

AXE = "4.14.1"
_RUN = """axe.run(document, { resultTypes: ["violations"] }).then((found) => found.violations.flatMap((rule) =>
  rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)}`)))"""


def broken(page: Any) -> list[str]:
    """The rules that a page breaks, each with the element; its context must have ``bypass_csp``, as axe is a script put in."""
    page.evaluate((installed("axe-core", AXE) / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN)
    return found

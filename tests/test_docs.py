"""The documentation site: it builds without a complaint, says what the code says, and asks no other host for anything."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kg.cli import cli
from kg.model import ENTITY_TYPES, SIGNATURES, STATUSES
from kg.query import named_queries

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-f", ".docs/mkdocs.yml", "-d", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class _Asked(HTMLParser):
    """What a browser would fetch for a page by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if value and (name in ("src", "srcset") or name == "href" and tag == "link")]


def test_no_page_names_another_host_for_what_it_needs(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        asked = _Asked()
        asked.feed(page.read_text(encoding="utf-8"))
        assert asked.found and not [address for address in asked.found if urlsplit(address).netloc], page
    for style in site.rglob("*.css"):
        addresses = re.findall(r"(?:url\(|@import )[\"']?([^\"')]+)", style.read_text(encoding="utf-8"))
        assert not [address for address in addresses if re.match(r"(?:https?:)?//", address)], style


@pytest.mark.browser
def test_a_browser_asks_nobody_else(site: Path) -> None:
    from playwright.sync_api import sync_playwright

    executable = os.environ.get("KG_BROWSER") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with _served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        page, asked = browser.new_page(), set()
        page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
        for name in ("index.html", "status.html", "reference/python.html"):
            page.goto(f"{address}/{name}", wait_until="networkidle")
        page.locator("input[name=query]").first.focus()  # which loads the search
        page.wait_for_timeout(1000)
        browser.close()
    assert {host for host in asked if host} == {urlsplit(address).netloc}


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The folder on a port of this machine while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing, since the test's own words are enough."""


def _text(site: Path, name: str) -> str:
    return re.sub(r"<[^>]+>", "", (site / name).read_text(encoding="utf-8"))


def _said(site: Path) -> Iterator[tuple[str, list[str]]]:
    yield "reference/commands.html", [f"Usage: kg {name}" for name in cli.commands]
    yield "reference/vocabulary.html", [*ENTITY_TYPES, *SIGNATURES]
    yield "reference/questions.html", list(named_queries())
    yield "reference/python.html", ["build", "Graph", "PluginError", "The facts with all of these properties"]
    yield "status.html", list(STATUSES)
    yield "how-to/extend.html", ["kg_awards:PLUGIN", "shared=True"]
    yield "how-to/serve.html", ["kg serve", "/sparql"]
    yield "how-to/export.html", ["kg push", "neo4j"]
    yield "limits.html", ["Read the sentence before relying on a fact"]


def test_pages_say_what_the_code_and_the_readme_say(site: Path) -> None:
    for name, words in _said(site):
        text = _text(site, name)
        assert not [word for word in words if word not in text], name
        assert "<!-- README" not in (site / name).read_text(encoding="utf-8")


def test_the_search_knows_the_pages(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert {"undecided-allegations", "Status and evidence"} <= {entry["title"] for entry in index["docs"]}


def test_a_section_that_is_not_there_fails_the_build() -> None:
    section = runpy.run_path(str(ROOT / ".docs" / "hooks.py"))["_section"]
    with pytest.raises(KeyError, match="No such section"):
        section("README.md", "No such section", "")

"""The pages of ``kg serve`` in a real browser, on a graph in which everything that may hold markup does."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph
import pytest
from accessible import broken
from graphs import BASE, join, read
from server import Server, serving

from kg import graph
from kg.config import Config
from kg.folder import replacing
from kg.serve.pages import marked
from kg.store import write_store

pytestmark = pytest.mark.browser

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
              "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
ARTEFACTS = Path(__file__).parent / "artefacts"
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
_BAD = HOSTILE.replace(" ", "_")
PATHS = ("/", "/search?q=script", f"/search?q={quote(HOSTILE)}", "/facts", f"/facts?name={quote(HOSTILE)}", "/documents", "/questions",
         "/questions/contradictions?ask=", "/questions/officers-charged?ask=", f"/questions/about?ask=&entity={quote(HOSTILE)}",
         "/review", "/help", f"/query?query={quote('SELECT * { ?s rdfs:label ?name ; a ?type }')}",
         f"/query?query={quote(HOSTILE)}", f"/nothing/{quote(HOSTILE)}")


@pytest.fixture(scope="module")
def hostile_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph with markup in names, texts, ids and particulars of documents."""
    readings = (
        read("one", f"P:{_BAD} memberOf F:Essex_Police asserted", f"P:{_BAD} accusedOf X:theft alleged 2020",
             f"P:{_BAD} said {_BAD} asserted", text=f"{HOSTILE} works for Essex Police.",
             title=HOSTILE, source=HOSTILE, url="javascript:alert(3)", date="2023-02-01"),
        read(f"two/{HOSTILE}", f"P:{_BAD} accusedOf X:theft denied", f"F:Essex_Police reports {_BAD} asserted", text=HOSTILE * 2),
        read("three", "P:Ann_Hart headOf F:Kent_Police asserted 2021-09", "P:Ann_Hart headOf F:Essex_Police proposed",
             "P:Jon_Bell convictedOf X:theft asserted", "P:Jon_Bell referredTo F:Essex_Police hypothetical", url="https://example.org/a"),
    )
    built = graph.build(readings, join(*readings), base_iri=BASE)
    path = tmp_path_factory.mktemp("hostile") / "graph"
    with replacing(path) as folder:
        folder.nquads.write_bytes(graph.serialise_nquads(built))
        for reading in readings:
            folder.write_text(reading.document.id, reading.document.text)
        folder.write_manifest({"config": Config(base_iri=BASE).as_dict(), "documents": []})
        write_store(folder.nquads, folder.store)
    return path


@pytest.fixture(scope="module")
def server(hostile_dir: Path) -> Iterator[Server]:
    with serving(hostile_dir, "--quiet") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    executable = os.environ.get("KG_BROWSER") or next(filter(None, map(shutil.which, _BROWSERS)))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def opened(browser: Any, server: Server) -> Iterator[Callable[..., Any]]:
    """Opens a page; at the end nothing may have been asked of another server, and nothing said on the console."""
    contexts, requests, complaints = [], [], []

    def open_(path: str, *, refused: bool = False, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        expected = "the server responded with a status of 4" if refused else "\0"
        page.on("console", lambda message: expected in message.text or complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(server.address + path.removeprefix("/"))
        return page

    yield open_
    assert complaints == []
    assert requests and all(url.startswith((server.address, "data:")) for url in requests)
    for context in contexts:
        context.close()


def things(server: Server) -> list[str]:
    """Where each thing of the graph is shown."""
    found = server.ask("SELECT DISTINCT ?s { ?s ?p ?o } ORDER BY ?s", "text/csv").text.split()[1:]
    return ["/id/" + iri.removeprefix(BASE) for iri in found if iri.startswith(BASE)]


@pytest.mark.parametrize("path", PATHS)
def test_markup_is_text_on_every_page(path: str, opened: Callable[..., Any], server: Server) -> None:
    page = opened(path, refused=True)
    assert page.locator("h1").count() == 1
    assert page.locator("main img, main script, main iframe").count() == 0
    if "query" not in path:
        assert page.locator("script").count() == 0


def test_everything_in_the_graph_can_be_looked_at(opened: Callable[..., Any], server: Server) -> None:
    paths = things(server)
    assert len(paths) > 40
    for path in paths:
        answer = server.get(path, "text/html")
        assert answer.status == 200, path
        assert "<script" not in answer.text.replace("&lt;script", "") and "<img" not in answer.text, path
    page = opened(next(path for path in paths if path.startswith("/id/person/") and "script" in path))
    assert page.locator("h1").inner_text() == HOSTILE
    assert page.locator("main img, script").count() == 0


@pytest.mark.parametrize("form", ["text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml"])
def test_an_iri_gives_triples_to_who_asks_for_them(form: str, server: Server) -> None:
    person = next(path for path in things(server) if path.startswith("/id/person/ann"))
    answer = server.get(person, f"{form}, text/html;q=0.5")
    assert (answer.status, answer.type, answer.headers["vary"]) == (200, form, "Accept")
    triples = {quad.triple for quad in pyoxigraph.parse(answer.body, format=pyoxigraph.RdfFormat.from_media_type(form))}
    iri = pyoxigraph.NamedNode(BASE + person.removeprefix("/id/"))
    assert {t.object.value for t in triples if t.subject == iri and t.predicate.value.endswith("#label")} == {"Ann Hart"}
    assert {t.object.value.rpartition("/")[2] for t in triples if t.predicate.value.endswith("#status")} == {"asserted", "proposed"}
    assert any(t.predicate.value.endswith("#exact") for t in triples)
    assert server.get("/id/person/nobody", form).status == 404


def test_a_page_links_to_its_triples(server: Server) -> None:
    answer = server.get(next(path for path in things(server) if path.startswith("/id/person/ann")), "text/html,*/*;q=0.8")
    assert answer.type == "text/html"
    assert 'rel="alternate"; type="text/turtle"' in answer.headers["link"]


def test_a_name_is_searched_and_its_facts_are_read_with_their_words(opened: Callable[..., Any]) -> None:
    page = opened("/")
    page.get_by_role("searchbox", name="Name").fill("jon b")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Jon Bell").click()
    assert page.locator("h1").inner_text() == "Jon Bell"
    assert [text.split()[0] for text in page.locator("li.fact").all_inner_texts()] == ["asserted", "hypothetical"]


def test_no_allegation_looks_like_a_finding(opened: Callable[..., Any], server: Server) -> None:
    for path in ("/facts", next(path for path in things(server) if path.startswith("/id/person/") and "script" in path),
                 "/questions/about?ask=&entity=theft"):
        page = opened(path)
        rows = page.locator("li.fact, tbody tr:has(td .status)")
        assert rows.count() > 1
        looks: dict[str, set[tuple[str, ...]]] = {}
        for row in rows.all():
            badge = row.locator(".status")
            status = badge.inner_text()
            assert badge.evaluate("e => e.classList.contains(e.textContent)")
            look = badge.evaluate("e => { const s = getComputedStyle(e); return [s.borderTopStyle, s.color] }")
            looks.setdefault(status, set()).add(tuple(look))
        assert all(len(look) == 1 for look in looks.values())
        if {"alleged", "asserted"} <= looks.keys():
            [(line, colour)], [(other_line, other_colour)] = looks["alleged"], looks["asserted"]
            assert line != other_line and colour != other_colour


def test_the_table_of_facts_is_filtered_and_taken_as_csv(opened: Callable[..., Any], server: Server) -> None:
    page = opened("/facts")
    page.get_by_label("Status").select_option("alleged")
    page.get_by_label("Fact").select_option("accusedOf")
    page.get_by_role("button", name="Filter").click()
    assert page.get_by_role("status").inner_text().startswith("1 fact")
    assert page.locator("tbody tr").count() == 1
    with page.expect_download() as download:
        page.get_by_role("link", name="all as CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("document,date,subject,")
    assert len(lines) == 2 and ",alleged," in lines[1]


@pytest.mark.parametrize(("parameters", "count"), [
    ({"type": "Offence"}, 3), ({"name": "THEFT"}, 3), ({"document": "three"}, 4),
    ({"since": "2023-02-01"}, 3), ({"until": "2023-01-31"}, 0),
    ({"confidence": "0.9"}, 0), ({"confidence": "0.8"}, 9), ({"status": "denied"}, 1), ({"about": BASE + "offence/theft"}, 3), ({}, 9),
])
def test_filters(parameters: dict[str, str], count: int, server: Server) -> None:
    lines = server.get("/facts.csv", **parameters).text.splitlines()
    assert len(lines) == count + 1
    assert re.search(rf"\b{count} facts?\b", server.get("/facts", **parameters).text)


def test_a_document_is_read_with_its_mentions(opened: Callable[..., Any], server: Server) -> None:
    page = opened("/documents")
    page.get_by_role("link", name="one", exact=True).click()
    assert page.locator(".text").inner_text() == f"{HOSTILE} works for Essex Police."
    assert page.locator(".mention").count() == 3
    assert page.locator("main dl a").count() == 0, "javascript: is no address of a document"
    page.locator(".mention").first.click()
    assert page.locator("h1").inner_text() == HOSTILE
    assert 'href="https://example.org/a"' in server.get("/id/document/three", "text/html").text


def test_a_named_question_is_a_form(opened: Callable[..., Any]) -> None:
    page = opened("/questions")
    page.get_by_role("link", name="who-led").click()
    page.get_by_label("force").fill("kent police")
    page.get_by_role("button", name="Ask").click()
    assert "Ann Hart" in page.locator("table").inner_text()
    page.get_by_role("link", name="three").first.click()
    assert page.locator("h1").inner_text() == "three"
    page = opened("/questions/who-led?force=Kemt+Police&ask=", refused=True)
    assert "did you mean 'Kent Police'" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("force").input_value() == "Kemt Police"


def _wait_until_it_ends(page: Any, words: str) -> None:
    """Wait for what was typed: the page's policy forbids the browser driver's own way of waiting, which evaluates text."""
    for _ in range(200):
        if page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()").endswith(words):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the query does not end with {words!r}")


def test_a_query_is_written_with_completion_and_kept(opened: Callable[..., Any]) -> None:
    page = opened("/query")
    editor = page.locator(".CodeMirror")
    editor.wait_for()
    assert page.locator("textarea#query").is_hidden()
    assert page.locator(".parseErrorIcon").count() == 0, "what the server knows is no mistake"
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('SELECT ?who WHERE { ?who a ')")
    page.evaluate("(c => { c.focus(); c.setCursor(0, 99) })(document.querySelector('.CodeMirror').CodeMirror)")
    page.keyboard.type("kg:P")
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hints li", has_text="PoliceForce").click()
    _wait_until_it_ends(page, "kg:PoliceForce")
    page.evaluate("(c => { c.focus(); c.setCursor(c.lastLine(), 99) })(document.querySelector('.CodeMirror').CodeMirror)")
    page.keyboard.type(" }")
    _wait_until_it_ends(page, "}")
    assert "PREFIX kg:" in (written := page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()"))
    assert written.endswith("SELECT ?who WHERE { ?who a kg:PoliceForce }")
    page.get_by_label("Save this query in this browser, as").fill("<b>forces</b>")
    page.get_by_role("button", name="Save").click()
    assert page.locator("#saved a").inner_text() == "<b>forces</b>"
    editor.click()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/query?query=*")
    assert page.locator("main table").first.locator("tbody tr").count() == 2
    page.locator("#saved a").click()
    assert page.locator("main table").first.locator("tbody tr").count() == 2
    page.get_by_role("button", name="Forget <b>forces</b>").click()
    assert page.locator("#saved a").count() == 0


def test_a_wrong_query_is_told_where_it_is_wrong(opened: Callable[..., Any]) -> None:
    page = opened("/query?query=SELECT+%3Fx+WHERE+%7B+%3Fx+a+%7D", refused=True)
    assert "line 1, column" in page.get_by_role("alert").inner_text()


def test_everything_but_the_editor_works_without_scripts(opened: Callable[..., Any]) -> None:
    page = opened("/query", java_script_enabled=False)
    page.locator("textarea#query").fill("ASK { ?someone kg:headOf ?force }")
    page.get_by_role("button", name="Ask").click()
    assert page.locator("main pre").inner_text() == "yes"


def test_keys_alone_reach_the_content(opened: Callable[..., Any]) -> None:
    page = opened("/facts")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "predicate"


def test_a_wide_table_does_not_widen_the_page(opened: Callable[..., Any]) -> None:
    for path in ("/facts", "/documents", "/"):
        page = opened(path, viewport={"width": 400, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, path


@pytest.mark.node
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_no_page_breaks_a_rule_of_accessibility(scheme: str, width: int, opened: Callable[..., Any], server: Server) -> None:
    for path in (*PATHS, *(path for path in things(server) if path.startswith(("/id/person/", "/id/document/")))):
        page = opened(path, refused=True, bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900})
        if path.startswith("/query"):
            page.locator("#editor .CodeMirror").wait_for()
        assert broken(page) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_are_kept(scheme: str, opened: Callable[..., Any], server: Server) -> None:
    """Of every kind of page, to be looked at after a run."""
    ARTEFACTS.mkdir(exist_ok=True)
    person, document = (next(path for path in things(server) if path.startswith(start)) for start in ("/id/person/ann", "/id/document/"))
    for name, path in (("home", "/"), ("search", "/search?q=ann"), ("facts", "/facts"), ("person", person), ("document", document),
                       ("question", "/questions/about?ask=&entity=theft"), ("query", PATHS[-3]), ("review", "/review"), ("help", "/help")):
        page = opened(path, color_scheme=scheme)
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(255, 255, 255)") == (scheme == "light"), path
        assert page.screenshot(path=ARTEFACTS / f"serve-{name}-{scheme}.png", full_page=True)


def test_of_mentions_that_overlap_the_first_and_longest_is_marked() -> None:
    rows = [{"from": str(start), "to": str(end)} for start, end in ((0, 9), (0, 4), (5, 12), (9, 11), (50, 60))]
    assert [(text, bool(mention)) for text, mention in marked("Ann Harts of Kent", rows)] == [
        ("Ann Harts", True), (" o", True), ("f Kent", False)]

"""The page in a real browser, with all networking cut: what a reader sees and does, by pointer and by keys alone."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_render import HOSTILE, entity, fact

from kg.model import STATUSES
from kg.render import render

pytestmark = pytest.mark.browser

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"]

ANNA, LANE, CANDIDATE = entity("Anna Wells"), entity("Edward Lane"), entity("Carla Dean")
BAD = entity(HOSTILE, id_="https://kg.example/bad")
ESSEX, MERCIA = entity("Essex Police", "PoliceForce"), entity("West Mercia Police", "PoliceForce")
THEFT, REVIEW = entity("theft", "Offence"), entity("Parr Review", "Review")
TEAM, ELECTED = entity("Response Team", "Unit"), entity("Élan Commissioner")
ANNA["names"] = ["Anna Wells", "Chief Constable Wells"]
ENTITIES = [ANNA, LANE, CANDIDATE, BAD, ESSEX, MERCIA, THEFT, REVIEW, TEAM, ELECTED, {**LANE, "document": "two"}]
CHARGE = "PC Edward Lane of Essex Police was charged with theft."
FACTS = [
    fact(ANNA, "headOf", MERCIA, start="2021-09", text="Chief Constable Wells has led West Mercia Police since September 2021."),
    fact(ANNA, "memberOf", MERCIA),
    fact(ANNA, "said", "We will listen", text='"We will listen," said Chief Constable Wells.'),
    fact(LANE, "headOf", ESSEX, end="2019"),
    fact(LANE, "accusedOf", THEFT, "alleged", text=CHARGE),
    fact(LANE, "accusedOf", THEFT, "denied", "two", "Edward Lane was cleared of theft."),
    fact(LANE, "memberOf", ESSEX, text=CHARGE),
    fact(CANDIDATE, "headOf", ESSEX, "proposed"),
    fact(LANE, "referredTo", ESSEX, "hypothetical"),
    fact(REVIEW, "examines", MERCIA),
    fact(TEAM, "unitOf", ESSEX),
    fact(ELECTED, "commissionerFor", ESSEX),
    fact(BAD, "memberOf", ESSEX, document="two", text=f"{HOSTILE} works for Essex Police."),
    fact(BAD, "said", HOSTILE, document="two", text=HOSTILE),
]
DOCUMENTS = [
    {"id": "one", "title": "Officer charged", "date": "2023-02-01", "source": "Gazette", "url": "https://example.org/charged"},
    {"id": "two", "title": HOSTILE, "date": "2024-03-05", "source": HOSTILE, "url": "javascript:alert(1)"},
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    executable = os.environ.get("KG_BROWSER") or next(filter(None, map(shutil.which, _BROWSERS)))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "graph.html"
    render(ENTITIES, FACTS, DOCUMENTS, path, title=HOSTILE)
    return path


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """5,000 entities."""
    path = tmp_path_factory.mktemp("large") / "graph.html"
    forces = [entity(f"Force {i}", "PoliceForce") for i in range(45)]
    people = [entity(f"Officer {i}") for i in range(4000)]
    towns = [entity(f"Town {i}", "Place") for i in range(955)]
    facts = [fact(p, "memberOf", forces[i * i % 45]) for i, p in enumerate(people)]
    facts += [fact(forces[i % 45], "polices", t) for i, t in enumerate(towns)]
    facts += [fact(people[i], "relativeOf", people[i * 7 % 4000], "alleged") for i in range(1, 4000, 3)]
    render(forces + people + towns, facts, [{"id": "one"}], path)
    return path


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page; at the end nothing may have been asked of a network, and nothing said on the console."""
    contexts, requests, complaints = [], [], []

    def open_(path: Path, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "offline": True, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        protocol = context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.on("Network.requestWillBeSent", lambda event: requests.append(event["request"]["url"]))
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready=yes]")
        return page

    yield open_
    assert complaints == []
    assert requests and all(url.startswith("file:") and url.endswith("/graph.html") for url in requests)
    for context in contexts:
        context.close()


def drawn(page: Any, what: str) -> list[dict]:
    return page.evaluate(f"JSON.parse(JSON.stringify(kgPage.{what}.get()))")


def node_id(page: Any, name: str) -> int:
    return page.evaluate("name => kgPage.nodes.get().find(node => node.title.startsWith(name)).id", name)


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Playwright's own waiting evaluates strings in the page, which the page's policy forbids."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def click_node(page: Any, name: str, **options: Any) -> None:
    at = page.evaluate("id => kgPage.network.canvasToDOM(kgPage.network.getPosition(id))", node_id(page, name))
    page.locator("#graph canvas").click(position=at, **options)


def find(page: Any, query: str) -> None:
    page.fill("#search", query)
    page.keyboard.press("Enter")


def test_the_whole_of_a_small_graph_is_drawn(opened, page_file):
    page = opened(page_file)
    assert len(drawn(page, "nodes")) == 10
    groups = {node["title"].split("\n")[1] for node in drawn(page, "nodes")}
    assert {"Person", "Commissioner", "Police force", "Unit", "Review", "Offence"} <= groups
    assert page.locator("#filters svg.kind-Commissioner").count() == 1
    assert "10 of 10 entities" in page.inner_text("#status")


def test_a_status_shows_in_pattern_colour_arrow_and_word(opened, page_file):
    page = opened(page_file)
    edges = drawn(page, "edges")
    assert {edge["status"] for edge in edges} == set(STATUSES)
    looks = {edge["status"]: (str(edge["dashes"]), edge["color"]["color"], edge["width"]) for edge in edges}
    for part in (0, 1):
        assert len({look[part] for look in looks.values()}) == len(STATUSES)
    for edge in edges:
        assert (edge["dashes"] is False) == (edge["status"] == "asserted")
        assert edge["label"].startswith(f"{edge['status']}:") == (edge["status"] != "asserted")
    accused = [edge for edge in edges if "accused of" in edge["label"]]
    assert sorted(edge["label"] for edge in accused) == ["alleged:\naccused of", "denied:\naccused of"]
    assert accused[0]["smooth"] != accused[1]["smooth"]


def test_a_post_that_has_ended_does_not_read_as_held(opened, page_file):
    labels = [edge["label"] for edge in drawn(opened(page_file), "edges")]
    assert any("head of (to 2019)" in text for text in labels)
    assert "head of, member of" in labels


def test_search_finds_by_any_name_and_opens_the_card(opened, page_file):
    page = opened(page_file)
    page.fill("#search", "chief constable w")
    assert page.locator("#results [role=option]").all_inner_texts() == ["Anna Wells Person"]
    page.keyboard.press("Enter")
    card = page.locator("#card")
    assert card.locator("h2").inner_text() == "Anna Wells"
    assert card.locator("h3").all_inner_texts() == ["head of", "member of", "said"]
    assert card.locator("mark").first.inner_text() == "Chief Constable Wells"
    assert "(2021-09)" in card.inner_text()
    assert "We will listen" in card.inner_text()
    assert len([n for n in drawn(page, "nodes") if "We will listen" in n["label"]]) == 0


def test_search_is_blind_to_accents_and_says_when_nothing_is_found(opened, page_file):
    page = opened(page_file)
    page.fill("#search", "elan")
    assert page.locator("#results [role=option]").all_inner_texts() == ["Élan Commissioner Commissioner"]
    page.fill("#search", "zzz")
    assert page.inner_text("#results") == "Nothing found"


def test_a_click_on_a_node_shows_its_facts_with_status_date_and_source(opened, page_file):
    page = opened(page_file)
    click_node(page, "Edward Lane")
    card = page.locator("#card")
    assert card.locator("h2").inner_text() == "Edward Lane"
    accused = card.locator("section", has=page.locator("h3", has_text="accused of"))
    assert accused.locator(".badge").all_inner_texts() == ["alleged", "denied"]
    assert accused.locator("blockquote").first.inner_text() == CHARGE
    link = accused.locator("a")
    assert link.get_attribute("href") == "https://example.org/charged"
    assert "noopener" in link.get_attribute("rel")
    assert "Officer charged, Gazette, 2023-02-01" in accused.inner_text()


def test_a_click_on_an_edge_shows_its_facts(opened, page_file):
    page = opened(page_file)
    at = page.evaluate("""() => {
      const edge = kgPage.edges.get().find((edge) => edge.label === "examines");
      const [a, b] = [edge.from, edge.to].map((id) => kgPage.network.getPosition(id));
      return kgPage.network.canvasToDOM({ x: a.x * 0.5 + b.x * 0.5, y: a.y * 0.5 + b.y * 0.5 });
    }""")
    page.locator("#graph canvas").click(position=at)
    assert page.locator("#card h2").inner_text() == "Parr Review – West Mercia Police"
    assert page.locator("#card h3").all_inner_texts() == ["examines"]


def test_the_card_leads_on_to_others(opened, page_file):
    page = opened(page_file)
    find(page, "edward")
    page.locator("#card").get_by_role("button", name="theft").first.click()
    assert page.locator("#card h2").inner_text() == "theft"
    assert page.locator("#card h3").all_inner_texts() == ["accused of – of others"]
    assert "Edward Lane accused of theft" in page.locator("#card .claim").first.inner_text()


def test_filters_by_status_predicate_kind_and_document(opened, page_file):
    page = opened(page_file)
    page.uncheck("#filters input[value=alleged]")
    assert {edge["status"] for edge in drawn(page, "edges")} == set(STATUSES) - {"alleged"}
    page.click("#reset")
    page.click("#no-predicates")
    assert "Nothing passes" in page.inner_text("#status")
    page.check("#filters input[value=memberOf]")
    assert {edge["label"] for edge in drawn(page, "edges")} == {"member of"}
    page.click("#reset")
    page.uncheck("#filters input[value=PoliceForce]")
    assert not [node for node in drawn(page, "nodes") if node["group"] == "PoliceForce"]
    page.click("#reset")
    page.fill("#document", "officer ch")
    page.keyboard.press("Enter")
    assert len(drawn(page, "nodes")) == 9
    page.click("#reset")
    assert len(drawn(page, "nodes")) == 10


def test_the_card_says_what_filters_hide(opened, page_file):
    page = opened(page_file)
    find(page, "edward")
    page.uncheck("#filters input[value=denied]")
    assert "1 fact hidden by the filters." in page.inner_text("#card")
    assert "denied" not in page.locator("#card .badge").all_inner_texts()


def test_hostile_text_shows_as_text_everywhere(opened, page_file):
    page = opened(page_file)
    assert page.title() == HOSTILE
    assert page.inner_text("h1") == HOSTILE
    find(page, "<img")
    card = page.locator("#card")
    assert card.locator("h2").inner_text() == HOSTILE
    assert card.locator("blockquote").first.inner_text().startswith(HOSTILE)
    assert card.locator("a").count() == 0
    page.fill("#search", "<img")
    assert HOSTILE in page.inner_text("#results")
    page.keyboard.press("Escape")
    page.evaluate("document.getElementById('document').focus()")
    page.keyboard.type("<img")
    assert HOSTILE in page.inner_text("#documents")
    page.keyboard.press("Escape")
    page.click("#fit")
    at = page.evaluate("id => kgPage.network.canvasToDOM(kgPage.network.getPosition(id))", node_id(page, "<img"))
    page.locator("#graph canvas").hover(position=at)
    wait_until(lambda: page.locator(".vis-tooltip").is_visible())
    assert HOSTILE in page.inner_text(".vis-tooltip")
    assert page.locator("img, iframe, object, embed").count() == 0
    assert page.locator("script").count() == 3


def test_keys_alone_suffice(opened, page_file):
    page = opened(page_file)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("police")
    page.keyboard.press("ArrowDown")
    active = page.get_attribute("#search", "aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    assert "West Mercia Police" in page.inner_text(f"#{active}")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "card"
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Anna Wells":
            break
    page.keyboard.press("Enter")
    assert page.inner_text("#card h2") == "Anna Wells"
    page.keyboard.press("Escape")
    assert page.is_hidden("#card")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Escape")
    assert page.input_value("#search") == ""


def test_controls_have_names(opened, page_file):
    page = opened(page_file)
    find(page, "edward")
    unnamed = page.evaluate("""() => [...document.querySelectorAll("button, input, nav, aside, section[id], [role]")]
      .filter((one) => one.offsetParent !== null && one.getAttribute("role") !== "presentation" && !one.matches("#status"))
      .filter((one) => !(one.getAttribute("aria-label") || one.getAttribute("aria-labelledby")))
      .filter((one) => !(one.textContent.trim() || one.labels?.length))
      .map((one) => one.outerHTML)""")
    assert unnamed == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_light_and_dark(opened, page_file, scheme):
    page = opened(page_file, color_scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    before = {edge["color"]["color"] for edge in drawn(page, "edges")}
    page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
    wait_until(lambda: before.isdisjoint(edge["color"]["color"] for edge in drawn(page, "edges")))


def test_a_narrow_window_holds_it_all(opened, page_file):
    page = opened(page_file, viewport={"width": 380, "height": 700})
    assert page.is_hidden("#filters")
    find(page, "edward")
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    assert page.is_visible("#card")
    page.click("#toggle-filters")
    assert page.is_visible("#filters")
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


def test_a_large_graph_opens_with_an_overview_and_grows_on_demand(opened, large_file):
    page = opened(large_file)
    first = len(drawn(page, "nodes"))
    assert 30 < first < 100
    assert "Overview" in page.inner_text("#status")
    assert page.evaluate("performance.getEntriesByName('shown')[0].startTime") < 5000
    find(page, "town 77")
    assert page.inner_text("#card h2") == "Town 77"
    shown = len(drawn(page, "nodes"))
    assert shown > first
    find(page, "force 3")
    page.click("#expand")
    assert len(drawn(page, "nodes")) > shown
    page.get_by_role("button", name="Only these").click()
    assert len(drawn(page, "nodes")) <= 81
    page.click("#overview")
    assert len(drawn(page, "nodes")) == first
    page.get_by_role("button", name="Show all 5,000").click()
    assert len(drawn(page, "nodes")) == 5000


def test_a_double_click_brings_the_neighbours(opened, large_file):
    page = opened(large_file)
    before = len(drawn(page, "nodes"))
    at = page.evaluate("id => kgPage.network.canvasToDOM(kgPage.network.getPosition(id))", node_id(page, "Force 4\n"))
    page.locator("#graph canvas").dblclick(position=at)
    wait_until(lambda: len(drawn(page, "nodes")) == before + 40)


def test_filters_of_a_large_graph_pick_what_passes(opened, large_file):
    page = opened(large_file)
    page.uncheck("#filters input[value=asserted]")
    edges = drawn(page, "edges")
    assert edges
    assert {edge["status"] for edge in edges} == {"alleged"}
    assert "more pass the filters" in page.inner_text("#status")

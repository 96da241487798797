"""The page in a real browser, with all networking cut: what a reader sees and does, by pointer and by keys alone."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from accessible import broken
from needs import browser_path
from test_render import HOSTILE, entity, fact

from kg.model import STATUSES
from kg.render import render

pytestmark = pytest.mark.browser

#: pictures to look at; git ignores them
ARTEFACTS = Path(__file__).parent / "artefacts"
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

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser_path(), args=_ARGUMENTS)
        yield running
        running.close()


def placed(entities: list[dict], facts: list[dict]) -> tuple[list[dict], list[dict], dict[str, str]]:
    """The same with every sentence in the text of its document and every name found there, and the texts."""
    texts: dict[str, str] = {}
    placed_facts = []
    for row in facts:
        words, document = row["evidence"]["text"], row["document"]
        if words not in texts.setdefault(document, ""):
            texts[document] += words + "\n\n"
        start = texts[document].index(words)
        placed_facts.append({**row, "evidence": {"start": start, "end": start + len(words), "text": words}})
    placed_entities = []
    for row in entities:
        text = texts[row["document"]]
        found = [(m.start(), m.end()) for name in row["names"] for m in re.finditer(re.escape(name), text)]
        placed_entities.append({**row, "mentions": [{"start": a, "end": b, "text": text[a:b]} for a, b in found]})
    return placed_entities, placed_facts, texts


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "graph.html"
    entities, facts, texts = placed(ENTITIES, FACTS)
    render(entities, facts, DOCUMENTS, path, texts.__getitem__, title=HOSTILE)
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

    def open_(path: Path, address: str = "", **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "offline": True, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        protocol = context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.on("Network.requestWillBeSent", lambda event: requests.append(event["request"]["url"]))
        page.goto(path.as_uri() + address)
        page.wait_for_selector("html[data-ready=yes]")
        return page

    yield open_
    assert complaints == []
    assert requests and all(url.startswith(("file:", "blob:")) for url in requests)
    assert {url.partition("#")[0].rpartition("/")[2] for url in requests if url.startswith("file:")} == {"graph.html"}
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


@pytest.mark.node
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_no_view_breaks_a_rule_of_accessibility(scheme: str, width: int, opened, page_file):
    page = opened(page_file, bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 844})
    find(page, "Edward Lane")
    for view in ("graph", "list", "timeline", "documents"):
        page.click(f"#view-{view}")
        assert broken(page) == [], view
    page.click("text=Path between two")
    assert broken(page) == []


def test_an_empty_graph_opens(opened, tmp_path):
    render([], [], [], tmp_path / "graph.html")
    page = opened(tmp_path / "graph.html")
    for view in ("list", "timeline", "documents", "graph"):
        page.click(f"#view-{view}")
    assert "Nothing passes" in page.inner_text("#status")


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
    assert page.locator("#results [role=option]").all_inner_texts() == ["Anna Wells Person · 3 facts"]
    page.keyboard.press("Enter")
    card = page.locator("#card")
    assert card.locator("h2").inner_text() == "Anna Wells"
    assert card.locator("h3").all_inner_texts() == ["Posts over time", "head of", "member of", "said"]
    assert card.locator("mark").first.inner_text() == "Chief Constable Wells"
    assert "(2021-09)" in card.inner_text()
    assert "We will listen" in card.inner_text()
    assert len([n for n in drawn(page, "nodes") if "We will listen" in n["label"]]) == 0


def test_search_is_blind_to_accents_and_says_when_nothing_is_found(opened, page_file):
    page = opened(page_file)
    page.fill("#search", "elan")
    assert page.locator("#results [role=option]").all_inner_texts() == ["Élan Commissioner Commissioner · 1 fact"]
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
    link = accused.get_by_role("link", name="original")
    assert link.get_attribute("href") == "https://example.org/charged"
    assert "noopener" in link.get_attribute("rel")
    assert "Officer charged, Gazette, 2023-02-01, original; read with confidence 90 %" in accused.inner_text()


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
    page.locator("#card").get_by_role("link", name="theft").first.click()
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
    addresses = card.locator("a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert all(address.startswith("#") for address in addresses)
    for view in ("list", "timeline", "documents"):
        page.click(f"#view-{view}")
        assert HOSTILE in page.inner_text("#documents-view" if view == "documents" else f"#{view}")
    page.locator("#documents-view").get_by_role("link", name=HOSTILE).click()
    wait_until(lambda: page.locator("#documents-view article").is_visible())
    assert page.inner_text("#documents-view article").count(HOSTILE) == 1
    assert page.inner_text("#documents-view h2") == HOSTILE
    page.click("#view-graph")
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
    assert page.locator("script:not([type])").count() == 2


HOSTILE_NAMES = [
    "<script>alert(1)</script>", "<svg onload=alert(1)>", "\"><img src=x onerror=alert(1)>", "</script><script>alert(1)</script>",
    "<!--", "]]>", "&lt;b&gt;", "<a href='javascript:alert(1)'>x</a>", "'; alert(1); //", "<style>*{display:none}</style>",
    "{{7*7}}", "${alert(1)}", "javascript:alert(1)", "constructor", "__proto__", "toString", "a#entity=b&filter=c;d", "100% % %zz",
    "<iframe srcdoc='<script>alert(1)</script>'>",
]


def test_names_of_every_hostile_sort_show_as_text(opened, tmp_path):
    people = [entity(name, id_=f"https://kg.example/id/{name}") for name in HOSTILE_NAMES]
    facts = [fact(one, "memberOf", ESSEX, "alleged", document=one["name"], text=f"{one['name']} works for Essex Police.") for one in people]
    facts += [fact(one, "said", one["name"], document=one["name"], text=f"It was {one['name']} who spoke.") for one in people]
    entities, facts, texts = placed([*({**one, "document": one["name"]} for one in people), {**ESSEX, "document": HOSTILE_NAMES[0]}], facts)
    documents = [{"id": name, "title": name, "source": name, "date": "2020-01-01"} for name in HOSTILE_NAMES]
    render(entities, facts, documents, tmp_path / "graph.html", texts.__getitem__)
    page = opened(tmp_path / "graph.html")
    page.click("#view-list")
    assert {text.strip() for text in page.locator("#list tbody th").all_inner_texts()} == {*HOSTILE_NAMES, "Essex Police"}
    page.click("#view-documents")
    assert set(page.locator("#documents-view tbody th").all_inner_texts()) == set(HOSTILE_NAMES)
    page.click("#view-graph")
    assert {node["title"].split("\n")[0] for node in drawn(page, "nodes")} == {*HOSTILE_NAMES, "Essex Police"}
    for name in HOSTILE_NAMES:
        find(page, name)
        assert page.inner_text("#card h2") == name
        again = page.url.partition("#")[2]
        assert page.locator("#card blockquote").first.inner_text() == f"{name} works for Essex Police."
        page.locator("#card .origin").first.get_by_role("link").click()
        wait_until(lambda name=name: page.locator("#documents-view h2").inner_text() == name)
        assert f"It was {name} who spoke." in page.inner_text("#documents-view article")
        page.click("#view-graph")
        assert page.url.partition("#")[2] == again
    assert page.locator("img, iframe, object, embed, body style, svg:not(.swatch):not(.line), a[href^='javascript']").count() == 0
    assert page.locator("script:not([type])").count() == 2


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
    assert 5 < first < 40
    assert {node["group"] for node in drawn(page, "nodes")} == {"group"}
    assert "Overview" in page.inner_text("#status")
    assert page.evaluate("performance.getEntriesByName('shown')[0].startTime") < 5000
    find(page, "town 77")
    assert page.inner_text("#card h2") == "Town 77"
    shown = len(drawn(page, "nodes"))
    assert shown < 50
    find(page, "force 3")
    page.click("#expand")
    assert len(drawn(page, "nodes")) > shown
    page.get_by_role("button", name="Only these").click()
    assert len(drawn(page, "nodes")) <= 41
    page.click("#overview")
    assert len(drawn(page, "nodes")) == first
    page.get_by_role("button", name="Show all 5,000").click()
    wait_until(lambda: len(drawn(page, "nodes")) == 5000, 30)
    assert all(edge["label"].startswith("alleged:") for edge in drawn(page, "edges") if edge["status"] == "alleged")
    assert "label" not in next(node for node in drawn(page, "nodes") if node["title"].startswith("Officer 9\n"))
    officer = node_id(page, "Officer 9\n")
    page.evaluate("id => kgPage.network.moveTo({ position: kgPage.network.getPosition(id), scale: 1.2 })", officer)
    page.mouse.move(800, 400)
    page.mouse.wheel(0, -100)
    wait_until(lambda: page.evaluate("id => kgPage.nodes.get(id).label", officer) == "Officer 9", 30)


def group_at(page: Any, name: str) -> tuple[str, dict]:
    """Identifier of a group of the overview, and where its disc is."""
    found = next(node["id"] for node in drawn(page, "nodes") if node["label"].startswith(name))
    return found, page.evaluate("id => kgPage.network.canvasToDOM(kgPage.network.getPosition(id))", found)


def test_a_double_click_opens_a_group_where_it_stands(opened, large_file):
    page = opened(large_file)
    before = drawn(page, "nodes")
    group, at = group_at(page, "Force 1\n")
    page.locator("#graph canvas").dblclick(position=at)
    wait_until(lambda: len(drawn(page, "nodes")) == len(before) + 24)
    after = drawn(page, "nodes")
    assert "Force 1" in {node["title"].split("\n")[0] for node in after if node["group"] == "PoliceForce"}
    count = int(re.search(r"([\d,]+) entities", next(n for n in before if n["id"] == group)["label"])[1].replace(",", ""))
    assert f"{count - 24:,} more" in next(n for n in after if n["id"] == group)["label"]
    assert {n["id"] for n in before} <= {n["id"] for n in after}


def test_a_click_on_a_group_lists_its_members(opened, large_file):
    page = opened(large_file)
    _, at = group_at(page, "Force 1\n")
    page.locator("#graph canvas").click(position=at)
    wait_until(lambda: page.locator("#card").is_visible())
    assert page.inner_text("#card h2") == "Force 1"
    page.click("#open-group")
    assert len(drawn(page, "nodes")) > 24
    page.locator("#card .members a").nth(1).click()
    assert page.inner_text("#card h2").startswith("Officer")


def test_a_double_click_on_an_entity_brings_its_neighbours(opened, large_file):
    page = opened(large_file, "#entity=Person/Officer%207")
    page.keyboard.press("Escape")
    before = len(drawn(page, "nodes"))
    hub = next(node for node in drawn(page, "nodes") if node["group"] == "PoliceForce")
    at = page.evaluate("id => kgPage.network.canvasToDOM(kgPage.network.getPosition(id))", hub["id"])
    page.locator("#graph canvas").dblclick(position=at)
    wait_until(lambda: len(drawn(page, "nodes")) == before + 40)


def test_filters_of_a_large_graph_pick_what_passes(opened, large_file):
    page = opened(large_file)
    page.uncheck("#filters input[value=asserted]")
    edges = drawn(page, "edges")
    assert edges
    assert {edge["status"] for edge in edges} == {"alleged"}
    assert "more pass the filters" in page.inner_text("#status")


# --- paths ----------------------------------------------------------------------------------------------------------------


def choose_path(page: Any, start: str, end: str) -> None:
    page.click("#path")
    for box, name in (("#path-from", start), ("#path-to", end)):
        page.fill(box, name)
        page.keyboard.press("Enter")


def test_a_path_shows_every_step_with_its_sentences(opened, page_file):
    page = opened(page_file)
    choose_path(page, "carla", "response")
    assert page.inner_text("#card h2") == "Carla Dean to Response Team"
    assert page.locator("#card .path h3").all_inner_texts() == ["Carla Dean – Essex Police", "Essex Police – Response Team"]
    assert page.locator("#card .path .badge").all_inner_texts() == ["proposed", "asserted"]
    assert "2 steps, 1 of which no document asserts" in page.inner_text("#card")
    assert page.locator("#card .path blockquote").count() == 2
    assert sorted(n["title"].split("\n")[0] for n in drawn(page, "nodes")) == ["Carla Dean", "Essex Police", "Response Team"]
    assert page.url.endswith("#entity=Person/Carla%20Dean&path=Unit/Response%20Team")
    page.keyboard.press("Escape")
    assert len(drawn(page, "nodes")) == 10


def test_two_people_are_not_linked_by_what_both_are_accused_of(opened, tmp_path):
    path = tmp_path / "graph.html"
    facts = [fact(ANNA, "accusedOf", THEFT, "alleged"), fact(LANE, "accusedOf", THEFT, "denied")]
    render([ANNA, LANE, THEFT], facts, [{"id": "one"}], path)
    page = opened(path)
    choose_path(page, "anna", "edward")
    assert "No path that does without places and offences." in page.inner_text("#card")
    page.check("#through")
    assert page.locator("#card .path .badge").all_inner_texts() == ["alleged", "denied"]
    assert "2 of which no document asserts" in page.inner_text("#card")


def test_of_paths_of_one_length_the_better_borne_out_is_taken(opened, tmp_path):
    path = tmp_path / "graph.html"
    facts = [fact(end, "worksWith", force, status) for force, status in ((ESSEX, "alleged"), (MERCIA, "asserted")) for end in (ANNA, LANE)]
    render([ANNA, LANE, ESSEX, MERCIA], facts, [{"id": "one"}], path)
    page = opened(path)
    choose_path(page, "anna", "edward")
    assert page.locator("#card .path h3").all_inner_texts() == ["Anna Wells – West Mercia Police", "West Mercia Police – Edward Lane"]


# --- list, timeline, documents ----------------------------------------------------------------------------------------------


def test_the_list_holds_every_entity_and_follows_the_filters(opened, page_file):
    page = opened(page_file)
    page.click("#view-list")
    assert page.locator("#list tbody tr").count() == 10
    assert page.locator("#list tbody th").first.inner_text().strip() == "Essex Police"
    page.uncheck("#filters input[value=PoliceForce]")
    assert page.locator("#list tbody tr").count() == 8
    page.locator("#list").get_by_role("link", name="Edward Lane").click()
    assert page.inner_text("#card h2") == "Edward Lane"


def test_the_timeline_goes_by_the_dates_of_facts_and_else_of_documents(opened, page_file):
    page = opened(page_file, "#entity=Person/Edward%20Lane&view=timeline")
    assert page.inner_text("#timeline h2") == "Timeline of Edward Lane"
    times = page.locator("#timeline .events > li > .when").all_inner_texts()
    assert times == ["to 2019", *["reported 2023-02-01"] * 3, "reported 2024-03-05"]
    page.check("#timeline input")
    assert page.locator("#timeline .events > li > .when").all_inner_texts() == ["to 2019"]
    page.get_by_role("button", name="Timeline of everything").click()
    page.uncheck("#timeline input")
    page.get_by_role("button", name="2024: 2 asserted, 1 denied").click()
    assert page.input_value("#from") == page.input_value("#to") == "2024"
    assert set(page.locator("#timeline .events > li > .when").all_inner_texts()) == {"reported 2024-03-05"}


def test_a_document_is_read_with_its_mentions_marked_and_linked(opened, page_file):
    page = opened(page_file)
    page.click("#view-documents")
    assert page.locator("#documents-view tbody tr").count() == 2
    page.get_by_role("link", name="Officer charged").click()
    wait_until(lambda: page.locator("#documents-view article").is_visible())
    article = page.locator("#documents-view article")
    assert CHARGE in article.inner_text()
    mention = article.locator("a.mention", has_text="Edward Lane")
    assert mention.get_attribute("title") == "Edward Lane (Person)"
    mention.click()
    assert page.inner_text("#card h2") == "Edward Lane"
    page.locator("#card .claim", has_text="theft").first.locator("xpath=..").get_by_role("link", name="Officer charged").click()
    wait_until(lambda: page.locator("mark.evidence").count() == 1)
    assert page.inner_text("mark.evidence") == CHARGE
    assert page.evaluate("document.activeElement.className") == "evidence"
    assert "&at=" in page.url


def test_the_words_of_a_fact_are_marked_where_they_stand(opened, page_file):
    page = opened(page_file, "#entity=Person/Edward%20Lane")
    accused = page.locator("#card section", has=page.locator("h3", has_text="accused of"))
    assert accused.locator("blockquote").first.locator("mark").all_inner_texts() == ["Edward Lane", "theft"]


def test_others_of_the_same_name_are_told_of(opened, tmp_path):
    path = tmp_path / "graph.html"
    other = entity("Edward Lane", id_="https://kg.example/Person/other")
    facts = [fact(LANE, "accusedOf", THEFT, "alleged"), fact(other, "accusedOf", THEFT, "denied")]
    render([LANE, other, THEFT], facts, [{"id": "one"}], path)
    page = opened(path, "#entity=Person/Edward%20Lane")
    assert "Others of the same name, who may be the same or somebody else:\nEdward Lane: 1 denied" in page.inner_text("#card .caution")


# --- dates, addresses, pictures, print -------------------------------------------------------------------------------------------


def test_a_range_of_dates_keeps_what_may_fall_into_it(opened, page_file):
    page = opened(page_file)
    page.fill("#to", "2019-06")
    page.keyboard.press("Tab")
    assert {edge["label"] for edge in drawn(page, "edges")} == {"head of (to 2019)"}
    page.fill("#to", "soon")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('to').validity.valid") is False
    assert {edge["label"] for edge in drawn(page, "edges")} == {"head of (to 2019)"}


def test_an_address_restores_what_was_shown(opened, page_file):
    page = opened(page_file)
    find(page, "edward")
    page.uncheck("#filters input[value=denied]")
    page.fill("#from", "2020")
    page.keyboard.press("Tab")
    page.click("#view-timeline")
    address = page.url.partition("#")[2]
    assert address == "entity=Person/Edward%20Lane&view=timeline&filter=status:-denied;from:2020"
    again = opened(page_file, f"#{address}")
    assert again.inner_text("#timeline h2") == "Timeline of Edward Lane"
    assert again.inner_text("#timeline") == page.inner_text("#timeline")
    assert again.inner_text("#card") == page.inner_text("#card")
    assert not again.is_checked("#filters input[value=denied]")
    assert again.input_value("#from") == "2020"


def test_one_can_go_back(opened, page_file):
    page = opened(page_file)
    find(page, "edward")
    page.locator("#card").get_by_role("link", name="theft").first.click()
    assert page.inner_text("#card h2") == "theft"
    page.go_back()
    wait_until(lambda: page.inner_text("#card h2") == "Edward Lane")
    page.go_back()
    wait_until(lambda: page.is_hidden("#card"))


@pytest.mark.parametrize("address", [
    "#entity=Person/Nobody", "#filter=document:nothing", "#filter=nonsense:1", f"#entity={HOSTILE}", "#entity=%E0%A4%A",
    "#document=<b>&view=documents",
])
def test_an_address_of_what_is_not_there_says_so(opened, page_file, address):
    page = opened(page_file, address)
    assert "does not hold" in page.inner_text("#notice")
    assert page.locator("img").count() == 0


def test_the_drawing_is_saved_as_pixels_and_as_lines(opened, page_file):
    page = opened(page_file)
    page.uncheck("#filters input[value=hypothetical]")
    with page.expect_download() as saved:
        page.click("#png")
    picture = Path(saved.value.path()).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000
    with page.expect_download() as saved:
        page.click("#svg")
    drawing = ET.fromstring(Path(saved.value.path()).read_text("utf-8"))
    texts = " ".join(part.text or "" for part in drawing.iter() if part.tag.endswith(("text", "tspan")))
    assert "Edward Lane" in texts
    assert "alleged:" in texts
    assert "An allegation is not a finding" in texts
    assert "without status hypothetical" in texts
    assert not [part.tag for part in drawing.iter() if part.tag.rpartition("}")[2] in ("script", "img", "foreignObject")]
    strokes = {part.get("stroke-dasharray") for part in drawing.iter() if part.get("marker-end")}
    assert len(strokes) == 4


def test_the_print_is_light_and_holds_the_card(opened, page_file):
    page = opened(page_file, "#entity=Person/Edward%20Lane", color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for hidden in ("#filters", "#tools", "#search", ".views"):
        assert page.is_hidden(hidden)
    for shown in ("#card", ".legend", "#title"):
        assert page.is_visible(shown)
    assert CHARGE in page.inner_text("#card")
    page.emulate_media(media="screen")
    assert page.pdf().startswith(b"%PDF")


def test_statuses_are_told_apart_without_colour(opened, page_file):
    """In shades of grey, by the pattern of the frame and by the word."""
    page = opened(page_file, "#entity=Person/Edward%20Lane")
    looks = page.evaluate("""() => Object.fromEntries([...document.querySelectorAll(".badge")].map((badge) => {
      const look = getComputedStyle(badge);
      const hollow = look.backgroundColor === "rgba(0, 0, 0, 0)";
      return [badge.textContent, [look.borderTopStyle, look.borderTopWidth, look.fontStyle, hollow].join()];
    }))""")
    assert set(looks) == set(STATUSES)
    assert len(set(looks.values())) == len(STATUSES)
    edges = page.evaluate("""() => Object.fromEntries([...document.querySelectorAll("li.fact")]
      .map((item) => [item.className, getComputedStyle(item).borderLeftColor]))""")
    assert edges["fact asserted"] == "rgba(0, 0, 0, 0)"
    assert edges["fact alleged"] != edges["fact asserted"]


def test_every_control_can_be_reached_by_tab_in_a_sensible_order(opened, page_file):
    page = opened(page_file)
    order = []
    for _ in range(80):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.name || document.activeElement.tagName"))
        if order[-1] == "copy":
            break
    wanted = ["skip", "search", "view-graph", "view-list", "view-timeline", "view-documents", "path", "toggle-filters", "status", "type",
              "from", "to", "document", "all-predicates", "drawing", "fit", "png", "svg", "print", "copy"]
    assert [name for name in dict.fromkeys(order) if name in wanted] == wanted


def test_the_views_are_worked_by_keys(opened, page_file):
    page = opened(page_file)
    page.focus("#view-list")
    page.keyboard.press("Enter")
    page.focus("#list tbody a")
    page.keyboard.press("Enter")
    assert page.inner_text("#card h2") == "Essex Police"
    assert page.evaluate("document.activeElement.id") == "card"
    page.focus("#view-graph")
    page.keyboard.press("Enter")
    before = page.evaluate("kgPage.network.getViewPosition().x")
    page.focus("#drawing")
    page.keyboard.down("ArrowRight")
    wait_until(lambda: page.evaluate("kgPage.network.getViewPosition().x") > before)
    page.keyboard.up("ArrowRight")


def test_pictures_to_look_at(opened, page_file, large_file):
    ARTEFACTS.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        for name, path, address in (
            ("small", page_file, ""), ("card", page_file, "#entity=Person/Edward%20Lane"), ("list", page_file, "#view=list"),
            ("path", page_file, "#entity=Person/Carla%20Dean&path=Unit/Response%20Team"), ("timeline", page_file, "#view=timeline"),
            ("document", page_file, "#view=documents&document=one"), ("overview", large_file, ""),
        ):
            picture = opened(path, address, color_scheme=scheme).screenshot(path=ARTEFACTS / f"page-{name}-{scheme}.png")
            assert len(picture) > 10_000

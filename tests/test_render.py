"""The page as text: what it holds, that it asks for nothing, and that nothing of a document can run in it."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os
import re
import subprocess
import sys
import zlib
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ExportError
from kg.model import ENTITY_TYPES, STATUSES
from kg.render import render
from kg.render.content import clean, label, read, safe_url
from kg.render.layout import positions
from kg.render.overview import OVERVIEW_ABOVE, Overview, overview
from kg.render.style import COMMISSIONER, NODE_STYLES, STATUS_STYLES, node_styles, words

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"


def entity(name: str, type_: str = "Person", document: str = "one", id_: str = "") -> dict:
    return {"document": document, "id": id_ or f"https://kg.example/{type_}/{name}", "type": type_, "name": name, "names": [name],
            "mentions": [{"start": 0, "end": len(name), "text": name}]}


def fact(
    subject: dict, predicate: str, target: dict | str, status: str = "asserted", document: str = "one", text: str = "A sentence.",
    **more: str | None,
) -> dict:
    end = {"type": "Literal", "name": target, "names": [target]} if isinstance(target, str) else target
    return {"document": document, "subject": subject, "predicate": predicate, "object": end, "status": status, "start": None, "end": None,
            "evidence": {"start": 0, "end": len(text), "text": text}, "confidence": 0.9, "source": "rule", **more}


ANNA, FORCE, RAPE = entity("Anna Wells"), entity("Essex Police", "PoliceForce"), entity("rape", "Offence")


def page_of(entities: list[dict], facts: list[dict], documents: list[dict], folder: Path, **more: Any) -> str:
    path = folder / "graph.html"
    render(entities, facts, documents, path, **more)
    return path.read_text("utf-8")


def data_of(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S).group(1))


def part(page: str, name: str) -> list:
    """The rows of a packed part."""
    packed = re.search(f'<script type="application/octet-stream" id="part-{name}">(.*?)</script>', page).group(1)
    return [row for line in zlib.decompress(base64.b64decode(packed), -15).decode().split("\n") if line for row in json.loads(line)]


# --- content ---------------------------------------------------------------------------------------------------------


def test_rows_of_one_entity_become_one_node_with_all_its_names():
    rows = [entity("Anna Wells", id_="x"), {**entity("Anna Wells", document="two", id_="x"), "names": ["Anna Wells", "Ms Wells"]}]
    (node,) = read(rows, [], []).nodes
    assert (node.names, node.documents) == (("Anna Wells", "Ms Wells"), 2)


def test_statuses_of_one_pair_never_share_an_edge():
    content = read([ANNA, RAPE], [fact(ANNA, "accusedOf", RAPE, status) for status in STATUSES], [])
    assert sorted(status for _, _, status in content.edges) == sorted(STATUSES)
    assert all(content.edges[f.edge][2] == f.status for f in content.facts)


def test_literals_are_no_nodes():
    content = read([ANNA], [fact(ANNA, "age", "47")], [])
    assert [n.name for n in content.nodes] == ["Anna Wells"]
    assert (content.facts[0].literal, content.facts[0].edge, content.edges) == ("47", None, ())


@pytest.mark.parametrize("status", STATUSES)
def test_only_an_asserted_commissioner_looks_like_one(status):
    content = read([ANNA, FORCE], [fact(ANNA, "commissionerFor", FORCE, status)], [])
    kinds = {n.name: n.kind for n in content.nodes}
    assert kinds["Anna Wells"] == (COMMISSIONER if status == "asserted" else "Person")


def test_entities_and_documents_that_only_facts_speak_of_are_there():
    content = read([], [fact(ANNA, "memberOf", FORCE, document="unheard")], [])
    assert {n.name for n in content.nodes} == {"Anna Wells", "Essex Police"}
    assert [d[0] for d in content.documents] == ["unheard"]


TEXT = "\U0001f46e Anna Wells works. Ms Wells, of Essex Police, said so."


def test_places_in_a_text_count_as_browsers_count():
    """An astral character is two code units of UTF-16."""
    names = ("Anna Wells", "Ms Wells")
    mentions = [{"start": TEXT.index(name), "end": TEXT.index(name) + len(name), "text": name} for name in names]
    said = fact(ANNA, "memberOf", FORCE, text="Ms Wells, of Essex Police, said so.")
    said["evidence"]["start"] = TEXT.index("Ms")
    content = read([{**ANNA, "mentions": mentions}], [said], [{"id": "one"}], {"one": TEXT}.__getitem__)
    units = TEXT.encode("utf-16-le")
    node = next(i for i, n in enumerate(content.nodes) if n.name == "Anna Wells")
    assert [units[2 * a:2 * b].decode("utf-16-le") for a, b, n in content.mentions[0] if n == node] == list(names)
    (_, start, sentence), = content.sentences
    assert units[2 * start:2 * (start + len(sentence))].decode("utf-16-le") == sentence


def test_places_that_a_text_does_not_bear_out_are_left_out():
    content = read([ANNA], [fact(ANNA, "age", "47")], [{"id": "one"}], {"one": "Something else."}.__getitem__)
    assert (content.mentions, content.sentences[0][1]) == (((),), -1)


@given(st.permutations([fact(ANNA, "accusedOf", RAPE, s, d, f"In {d}.") for s in STATUSES[:3] for d in ("one", "two")]),
       st.permutations([ANNA, FORCE, RAPE, entity("Anna Wells", document="two")]))
def test_content_does_not_depend_on_the_order_of_rows(facts, entities):
    documents = [{"id": "two"}, {"id": "one"}]
    assert read(entities, facts, documents) == read(sorted(entities, key=str), sorted(facts, key=str), documents[::-1])


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://example.org"])
def test_web_addresses_are_kept(url):
    assert safe_url(url) == url


@pytest.mark.parametrize("url", [
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", " java\nscript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org", "https://",
    "https://exa mple.org", "https://[::1", "vbscript:x", "https://example.org/\u202e", None, "", 7,
])
def test_other_addresses_are_dropped(url):
    assert safe_url(url) == ""


@given(st.text())
def test_cleaned_text_is_one_line_without_unseen_characters(text):
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]", clean(text))
    assert label(clean(text)).strip()
    assert label(clean(text)).count("\n") <= 2


def test_predicates_read_as_words():
    assert [words(p) for p in ("headOf", "commissionerFor", "age")] == ["head of", "commissioner for", "age"]


# --- styles ----------------------------------------------------------------------------------------------------------


def test_every_type_and_status_has_a_style_of_its_own_without_colour():
    assert {s.kind for s in NODE_STYLES} == {*ENTITY_TYPES, COMMISSIONER}
    hollow = {s.kind: s.fill[0] == "#ffffff" for s in NODE_STYLES}
    assert len({(s.shape, hollow[s.kind]) for s in NODE_STYLES}) == len(NODE_STYLES)
    added = node_styles(["PoliceDog", "Award", "Person", "Award"])[len(NODE_STYLES):]
    assert [(s.kind, s.label) for s in added] == [("Award", "Award"), ("PoliceDog", "Police dog")]
    assert not {(s.shape, s.line) for s in added} & {(s.shape, s.line) for s in NODE_STYLES} and added[0].line != added[1].line
    assert len(node_styles(f"Type{i}" for i in range(9))) == len(NODE_STYLES) + 9
    assert {s.status for s in STATUS_STYLES} == set(STATUSES)
    assert len({s.dashes for s in STATUS_STYLES}) == len(STATUSES)
    assert len({(s.border, s.arrow) for s in STATUS_STYLES}) == len(STATUSES)
    assert [s.status for s in STATUS_STYLES if not s.dashes] == ["asserted"]


def luminance(colour: str) -> float:
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(("ground", "at"), [("#ffffff", 0), ("#14181d", 1), ("#f6f7f9", 0), ("#1c2229", 1)])
def test_words_of_a_status_can_be_read_on_their_ground(ground, at):
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    for style in STATUS_STYLES:
        lighter, darker = sorted((luminance(ground), luminance(style.colour[at])), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, style.status


# --- layout ----------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 60).flatmap(lambda n: st.tuples(
    st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=90))))
def test_boxes_have_places_and_hardly_overlap(graph):
    count, edges = graph
    boxes = [(100.0, 50.0)] * count
    places = positions(boxes, edges)
    assert places == positions(boxes, edges[::-1])
    overlaps = sum(abs(a[0] - b[0]) < 85 and abs(a[1] - b[1]) < 40 for i, a in enumerate(places) for b in places[:i])
    assert overlaps <= max(1, count // 10)


def test_a_large_star_and_a_large_ring_have_places():
    count = 1200
    star, ring = [(0, i) for i in range(1, 600)], [(i, i + 1 if i + 1 < count else 600) for i in range(600, count)]
    places = positions([(100.0, 50.0)] * count, star + ring)
    assert len(set(places)) > count * 0.99


def test_no_nodes_no_places():
    assert positions([], []) == []


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory) -> str:
    bad, force = entity(HOSTILE, id_="https://kg.example/</script>"), entity("<b>F</b>\u2028\u202e<!--", "PoliceForce")
    rows = [fact(bad, "memberOf", force, text=HOSTILE), fact(bad, "said", f"{HOSTILE}\u2028", text=f"<!-- {HOSTILE}")]
    shown = dict.fromkeys(("title", "date", "source"), HOSTILE)
    documents = [{"id": "one", **shown, "url": "javascript:alert(3)", "text": "the whole text of it"}]
    return page_of([bad, force], rows, documents, tmp_path_factory.mktemp("page"), title=f"{HOSTILE}\ud800")


def test_hostile_text_is_no_markup(hostile_page):
    tags = Counter(tag for tag, _ in elements(hostile_page))
    packed = hostile_page.count('<script type="application/octet-stream"')
    assert (tags["script"] - packed, tags["img"], tags["title"], tags["h1"], tags["b"]) == (3, 0, 1, 1, 0)
    assert "javascript:" not in without_library(hostile_page)
    assert {row[2] for row in part(hostile_page, "entities")} == {HOSTILE, "<b>F</b> <!--"}
    assert "\u2028" not in hostile_page


def elements(page: str) -> list[tuple[str, dict[str, str | None]]]:
    """Tags and attributes as a parser reads them."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.feed(page)
    return found


def without_library(page: str) -> str:
    start = page.index("<script>/**\n * vis-network")
    return page[:start] + page[page.index("</script>", start):]


def test_the_page_asks_for_nothing(hostile_page):
    own = without_library(hostile_page)
    found = elements(hostile_page)
    loading = {"src", "srcset", "href", "xlink:href", "action", "formaction", "data", "poster", "background", "style"}
    asking = [(tag, attributes) for tag, attributes in found if loading & attributes.keys()]
    assert asking == [("a", {"class": "skip", "id": "skip", "href": "#search"})]
    assert not [attributes for _, attributes in found if any(name.startswith("on") for name in attributes)]
    assert not re.search(r"@import|url\((?!#)|<link|<iframe|<object|<base|fetch\(|XMLHttpRequest|importScripts|import\(", own)
    assert "bootstrap" not in hostile_page
    assert "//cdn" not in hostile_page


def test_only_the_scripts_and_styles_that_are_there_may_run(hostile_page):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', hostile_page).group(1).replace("&#39;", "'")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        for text in re.findall(f"<{tag}>(.*?)</{tag}>", hostile_page, re.S):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy


def test_the_page_holds_the_texts_it_is_given_and_no_others(hostile_page, tmp_path):
    assert "part-texts" not in hostile_page
    texts = {"one": "The whole text \u2028 of it", "two": ""}
    page = page_of([ANNA], [], [{"id": "one"}, {"id": "two"}], tmp_path, text_of=texts.__getitem__)
    assert part(page, "texts-0") == [[texts["one"]], [""]]


def test_an_empty_graph_has_a_page(tmp_path):
    page = page_of([], [], [], tmp_path)
    assert (part(page, "entities"), data_of(page)["groups"], data_of(page)["base"]) == ([], [], "")


def test_a_small_graph_has_no_overview():
    people = [entity(f"Person {i}") for i in range(OVERVIEW_ABOVE)]
    assert overview(read(people, [], [])) == Overview((), ())


def test_a_large_graph_opens_with_groups_called_after_bodies(tmp_path):
    forces = [entity(f"Force {i}", "PoliceForce") for i in range(30)]
    people = [entity(f"Person {i}") for i in range(400)]
    towns = [entity(f"Town {i}", "Place") for i in range(40)]
    facts = [fact(p, "memberOf", forces[i % 7]) for i, p in enumerate(people)] + [fact(forces[0], "polices", town) for town in towns]
    facts += [fact(person, "accusedOf", RAPE, "alleged") for person in people[:300]]
    content = read(forces + people + towns + [RAPE], facts, [])
    found = overview(content)
    assert sorted(n for group in found.groups for n in group.members) == list(range(len(content.nodes)))
    assert found.groups[0].name == "Force 0", "the largest comes first"
    assert {group.name for group in found.groups[:-1]} == {f"Force {i}" for i in range(7)}
    assert found.groups[-1].name == "In small groups or alone"
    assert found.groups[0].members[0] == next(i for i, n in enumerate(content.nodes) if n.name == "Force 0")
    assert not found.ties, "to be accused of the same offence links nobody"
    data = data_of(page_of(forces + people + towns, facts, [], tmp_path))
    assert [row[0] for row in data["groups"]] == [group.name for group in found.groups]
    assert data["options"]["physics"] == {"enabled": False}


def test_discs_of_the_overview_do_not_overlap():
    forces = [entity(f"A Constabulary of some length, number {i}", "PoliceForce") for i in range(25)]
    people = [entity(f"Person {i}") for i in range(600)]
    facts = [fact(p, "memberOf", forces[(i * i) % 25]) for i, p in enumerate(people)]
    facts += [fact(a, "worksWith", b) for a, b in zip(forces, forces[1:], strict=False)]
    groups = overview(read(forces + people, facts, [])).groups
    for i, one in enumerate(groups):
        for other in groups[:i]:
            assert math.dist(one.place, other.place) >= one.size + other.size


def test_documents_may_be_objects_with_attributes(tmp_path):
    from kg.model import Document

    document = Document("one", "text", title="A title", date="2024-01-02", url="https://example.org")
    page = page_of([ANNA], [fact(ANNA, "age", "4")], [document], tmp_path)
    assert part(page, "documents") == [["one", "A title", "2024-01-02", "", "https://example.org"]]


_BYTES = """
import hashlib, sys
sys.path.insert(0, {here!r})
from test_render import ANNA, FORCE, RAPE, entity, fact
from kg.render import render
rows = [entity(f"P{{i}}") for i in range(450)] + [FORCE]
facts = [fact(r, "memberOf", FORCE) for r in rows[:300]] + [fact(a, "relativeOf", b) for a, b in zip(rows, rows[7:449])]
render(rows, facts, [{{"id": "one"}}], sys.argv[1])
print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())
"""


def test_the_same_graph_gives_the_same_bytes_whatever_the_hash_seed(tmp_path):
    code = _BYTES.format(here=str(Path(__file__).parent))
    command = [sys.executable, "-c", code, str(tmp_path / "graph.html")]

    def run(seed: str) -> str:
        return subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout

    assert run("1") == run("2")


@pytest.mark.parametrize("place", ["missing/graph.html", "file/graph.html", "folder"])
def test_a_page_that_cannot_be_written_is_one_clear_error(tmp_path, place):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ExportError, match=f"{place}: cannot be written"):
        render([ANNA], [], [], tmp_path / place)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]

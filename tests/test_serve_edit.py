"""``kg serve --edit``: what is decided on the page of reviews stands in the file of decisions, and nobody else's page can decide."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from graphs import BASE, join, read
from server import ROOT, Answer, Server, serving
from test_cli import articles, hand_read
from test_review import graph
from test_serve_pages import HOSTILE, browser, opened

from kg import decisions
from kg import graph as graph_stage
from kg.config import Config
from kg.folder import replacing
from kg.model import Likeness
from kg.store import write_store

__all__ = ["articles", "browser", "graph", "hand_read", "opened"]

WHO = {"by": "Eve Dunn", "why": "I looked it up"}


@pytest.fixture
def alike(tmp_path: Path) -> Path:
    """A graph with two people who may be one, called by markup, and one of a mere surname."""
    name = HOSTILE.replace(" ", "_")
    readings = [read("a", f"P:{name} memberOf F:Kent asserted", f"P:{name} accusedOf X:theft alleged", "P:Bell accusedOf X:fraud alleged"),
                read("b", f"P:{name} memberOf F:Kent asserted")]
    found = [replace(entity, members=(member,), id=f"{entity.id}-{member[0]}") for entity in join(*readings) for member in entity.members]
    people = [entity.id for entity in found if entity.type == "Person" and "bell" not in entity.id]
    found = [replace(entity, possible=(Likeness(*people, 0.6, ("a rare name",), ("no age",)),) if entity.id == people[0] else ())
             for entity in found]
    path = tmp_path / "alike" / "graph"
    with replacing(path) as folder:
        folder.nquads.write_bytes(graph_stage.serialise_nquads(graph_stage.build(readings, found, base_iri=BASE)))
        folder.write_manifest({"config": Config(base_iri=BASE).as_dict(), "documents": []})
        write_store(folder.nquads, folder.store)
    return path


def token(server: Server) -> str:
    found = re.search(r'name="token" value="([^"]{20,})"', server.get("/review", "text/html").text)
    assert found, "the page has no form"
    return found[1]


def post(server: Server, given: dict[str, str], **headers: str) -> Answer:
    own = {"Origin": server.address.rstrip("/"), "Content-Type": "application/x-www-form-urlencoded"}
    return server.request("POST", "/review", urlencode(given).encode(), own | {name.title(): value for name, value in headers.items()})


def decided(folder: Path) -> list[decisions.Decision]:
    path = folder.parent / "decisions.txt"
    return list(decisions.read(path).all) if path.exists() else []


@pytest.mark.usefixtures("hand_read")
def test_what_is_decided_stands_in_the_file_and_on_the_page(graph: Path) -> None:
    with serving(graph, "--quiet", "--edit") as server:
        page = server.get("/review", "text/html").text
        assert "no-store" in server.get("/review").headers["cache-control"]
        facts = re.findall(r'name="fact" value="([^"]+)"', page)
        assert len(facts) == 3 and "Decided" not in page
        who = WHO | {"token": token(server)}
        answer = post(server, who | {"decision": "reject", "fact": facts[0], "why": "<b>his</b> brother"})
        assert (answer.status, answer.headers["location"]) == (303, "/review?page=1")
        assert post(server, who | {"decision": "correct", "fact": facts[1], "status": "denied"}).status == 303
        assert [(one.kind, one.by, one.to) for one in decided(graph)] == [
            ("correct", "Eve Dunn", (("status", "denied"),)), ("reject", "Eve Dunn", ())]
        page = server.get("/review", "text/html").text
        assert page.count("Decided") == 2 and "&lt;b&gt;his&lt;/b&gt; brother" in page
        for given, said in (({"decision": "accept", "fact": facts[0]}, "contradict"),
                            ({"decision": "accept", "fact": "charged/x"}, "handle"),
                            ({"decision": "forget", "fact": facts[0]}, "is no decision"),
                            ({"decision": "accept", "fact": "--help"}, "handle"),
                            ({"decision": "accept", "fact": facts[2], "why": " "}, "needs somebody"),
                            ({"decision": "correct", "fact": facts[2], "status": "true"}, "unknown"),
                            ({"decision": "accept", "fact": facts[2], "by": "x" * 2001}, "too long")):
            answer = post(server, who | given)
            assert (answer.status, said in answer.text) == (400, True), (given, answer.text)
        assert len(decided(graph)) == 2


@pytest.mark.usefixtures("hand_read")
def test_the_list_can_be_about_one_thing(graph: Path) -> None:
    with serving(graph, "--quiet", "--edit") as server:
        whole, page = (server.get("/review", "text/html", **given).text for given in ({}, {"about": "edward lane", "kind": "doubtful"}))
        assert whole.count('class="item"') == 3 and page.count('class="item"') == 1 and "Edward Lane</a> <em>accused of</em>" in page
        given = dict(re.findall(r'name="(about|kind|page|fact)" value="([^"]*)"', page.partition('class="item"')[2]))
        answer = post(server, WHO | given | {"token": token(server), "decision": "accept"})
        assert answer.headers["location"] == "/review?kind=doubtful&about=edward+lane&page=1"
        assert "Decided: <strong>accept</strong>" in server.get(answer.headers["location"], "text/html").text
        [lane] = set(re.findall(r'href="(/id/person/edward-lane[^"]*)"', server.get("/search", "text/html", q="Edward Lane").text))
        [link] = re.findall(r'href="(/review[^"]+)"', server.get(lane, "text/html").text)
        assert server.get(link, "text/html").text.count('class="item"') == 1
        answer = server.get("/review", "text/html", about="Nobody")
        assert (answer.status, "no entity is called" in answer.text) == (400, True)


def test_only_the_servers_own_page_decides(alike: Path) -> None:
    with serving(alike, "--quiet", "--edit") as server:
        people = re.findall(r'name="(?:first|second)" value="([^"]+)"', server.get("/review", "text/html").text)
        given = WHO | {"decision": "same", "first": people[0], "second": people[1]}
        whole = given | {"token": token(server)}
        host = server.address.removeprefix("http://").rstrip("/")
        for answer in (post(server, given), post(server, given | {"token": "x" * 43}), post(server, whole, origin="http://evil.example"),
                       post(server, whole, origin="null"), post(server, whole, origin=f"https://{host}"), post(server, whole, origin=""),
                       server.request("POST", "/review", urlencode(whole).encode(), {"Content-Type": "application/x-www-form-urlencoded"})):
            assert answer.status == 403
        assert post(server, whole, host="evil.example").status == 421
        assert server.get("/review", **whole).status == 200, "reading decides nothing"
        assert decided(alike) == []
        assert post(server, whole).status == 303
        [decision] = decided(alike)
        assert decision.kind == "same" and [BASE + id_ for id_ in decision.entities] == sorted(map(unquote, people))


def test_nothing_is_decided_by_what_an_earlier_graph_was_shown_as(alike: Path) -> None:
    with serving(alike, "--quiet", "--edit") as server:
        people = re.findall(r'name="(?:first|second)" value="([^"]+)"', server.get("/review", "text/html").text)
        given = WHO | {"decision": "same", "first": people[0], "second": people[1]}
        shown = token(server)
        with replacing(alike) as fresh:
            shutil.copytree(alike, fresh.path, dirs_exist_ok=True)
        answer = post(server, given | {"token": shown})
        assert (answer.status, "the graph was built anew" in answer.text) == (400, True)
        assert "possible match" in answer.text and decided(alike) == []
        assert post(server, given | {"token": token(server)}).status == 303
        assert len(decided(alike)) == 1


def test_two_servers_of_one_graph_lose_no_decision(alike: Path) -> None:
    with serving(alike, "--quiet", "--edit") as one, serving(alike, "--quiet", "--edit") as other:
        [surname] = set(re.findall(r'name="thing" value="([^"]+)"', one.get("/review", "text/html").text))
        given = WHO | {"decision": "rename", "thing": surname}
        assert post(other, given | {"name": "Jo Bell", "token": token(one)}).status == 403
        statuses: list[int] = []
        wanted = [(server, given | {"decision": "rename", "name": f"Jon {chr(65 + number)} Bell", "token": token(server)})
                  for number, server in enumerate((one, other, one, other))]
        threads = [threading.Thread(target=lambda to=to, form=form: statuses.append(post(to, form).status)) for to, form in wanted]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(decided(alike)) == statuses.count(303) >= 1  # what contradicts another is refused
        assert set(statuses) <= {303, 400}


def test_without_the_option_nothing_can_be_decided(alike: Path) -> None:
    with serving(alike, "--quiet") as server:
        page = server.get("/review", "text/html").text
        assert "possible match" in page and "method=" not in page and "token" not in page
        answer = post(server, WHO | {"decision": "same", "first": "a", "second": "b", "token": ""})
        assert (answer.status, "--edit" in answer.text) == (403, True)


@pytest.mark.parametrize(("options", "said"), [
    (("--edit", "--host", "0.0.0.0"), "--edit-from-elsewhere"), (("--edit", "--allow-host", "kg.example"), "--edit-from-elsewhere"),
    (("--edit", "--cors", "*"), "cannot go together"),
])
def test_deciding_is_for_this_machine(options: tuple[str, ...], said: str, sample_dir: Path) -> None:
    words = [sys.executable, "-m", "kg", "serve", "-g", str(sample_dir), "--port", "0", *options]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert (done.returncode, done.stderr.count("\n"), said in done.stderr) == (2, 1, True)


@pytest.fixture
def server(alike: Path) -> Iterator[Server]:
    with serving(alike, "--quiet", "--edit") as running:
        yield running


@pytest.mark.browser
def test_deciding_in_a_browser(opened: Callable[..., Any], alike: Path) -> None:
    page = opened("/review")
    assert page.locator("main img, main script").count() == 0
    badges = page.locator("li.fact .status")
    assert badges.count() == 4
    assert all(badge.evaluate("e => e.classList.contains(e.textContent)") for badge in badges.all()), "an allegation looks like one"
    match = page.get_by_role("region", name="possible match")
    match.get_by_label("Who decides").fill("Eve <b>Dunn</b>, QPM")
    match.get_by_role("button", name="They are different").click()
    assert match.locator(":invalid").count() >= 1 and decided(alike) == [], "no decision without a reason"
    match.get_by_label("Why").fill('other age; "sure"')
    match.get_by_role("button", name="They are different").click()
    page.get_by_text("Decided: different, by Eve <b>Dunn</b>, QPM").wait_for()
    unnamed = page.get_by_role("region", name="unnamed")
    form = unnamed.locator("form", has=page.get_by_role("button", name="That is the name"))
    assert form.get_by_label("Who decides").input_value() == "Eve <b>Dunn</b>, QPM", "who decided last is kept"
    form.get_by_label("Full name").fill("Jon Bell")
    form.get_by_label("Why").fill("the court's list")
    page.keyboard.press("Enter")
    page.get_by_text("Decided: rename").wait_for()
    assert {(one.kind, one.why) for one in decided(alike)} == {("different", 'other age; "sure"'), ("rename", "the court's list")}
    assert page.url.endswith("page=1")

"""How fast the page opens and moves, against pyvis as it comes.

    python -m tests.benchmarks.page [NODES ...]

Made-up graphs of 1,000, 5,000 and 20,000 entities are drawn, opened in the system's Chromium with its network cut, and panned for three
seconds with the mouse. Printed, medians of three turns: milliseconds to the first stable picture, longest block of the main thread until
all is read, frames a second while panning, the same for the full view, megabytes. pyvis is given half a minute and one turn.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from kg.render import render
from tests.needs import browser_path

PATIENCE = 30  #: seconds
TURNS = 3
MOST = 10_000  #: entities that the full view draws at once
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"]
_WATCH = """
window.blocks = [];
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.blocks.push(one.duration); })
  .observe({ type: "longtask", buffered: true });
"""
_FRAMES = """() => new Promise((done) => {
  let frames = 0;
  const began = performance.now();
  const count = (now) => {
    frames++;
    if (now - began < 3000) requestAnimationFrame(count); else done(1000 * frames / (now - began));
  };
  requestAnimationFrame(count);
})"""
# When the picture has been drawn and nothing waits any more.
_STABLE = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"


def rows(count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]], dict[str, str]]:
    """Entities, facts, documents and texts of a made-up graph shaped like one of news: forces with staff, few links between them."""
    chance = random.Random(7)
    shares = {"PoliceForce": 0.003, "Unit": 0.06, "OversightBody": 0.01, "Organisation": 0.08, "Court": 0.02, "Review": 0.06,
              "Offence": 0.03, "Place": 0.15}
    kinds = [kind for kind, share in shares.items() for _ in range(max(3, int(count * share)))]
    kinds += ["Person"] * (count - len(kinds))
    ids = [f"https://kg.example/id/{kind}/{i}" for i, kind in enumerate(kinds)]
    by_kind = {kind: [i for i, one in enumerate(kinds) if one == kind] for kind in {*kinds}}
    names = [f"{kind} {i} of the generated sort" if kind != "Person" else f"Person Number {i}" for i, kind in enumerate(kinds)]
    documents = max(5, count // 20)
    texts: dict[str, str] = {}
    mentions: dict[tuple[int, str], list[dict[str, Any]]] = {}
    facts = []
    home = [chance.choice(by_kind["PoliceForce"]) for _ in range(documents)]

    def end(i: int) -> dict[str, Any]:
        return {"id": ids[i], "type": kinds[i], "name": names[i], "names": [names[i]]}

    for d in range(documents):
        name, text = f"document-{d}", ""
        for _ in range(36):
            i = chance.randrange(count)
            other = home[d] if kinds[i] in ("Person", "Unit", "Place", "Review") and chance.random() < 0.6 else chance.randrange(count)
            pages = chance.randrange(900)
            sentence = f"{names[i]} was named with {names[other]} in a report that ran to some {pages} pages and took a year to write."
            for k in (i, other):
                start = len(text) + sentence.index(names[k])
                mentions.setdefault((k, name), []).append({"start": start, "end": start + len(names[k]), "text": names[k]})
            status = "asserted" if kinds[other] != "Offence" and chance.random() < 0.9 else chance.choice(("alleged", "denied", "proposed"))
            facts.append({
                "document": name, "subject": end(i), "predicate": chance.choice(("memberOf", "worksWith", "referredTo", "examines")),
                "object": end(other), "status": status,
                "start": f"{chance.randrange(1995, 2025)}" if chance.random() < 0.2 else None, "end": None,
                "evidence": {"start": len(text), "end": len(text) + len(sentence), "text": sentence}, "confidence": 0.9,
                "source": "made up",
            })
            text += sentence + "\n"
        texts[name] = text
    entities = [{"document": name, **end(k), "mentions": some} for (k, name), some in mentions.items()]
    seen = {k for k, _ in mentions}
    entities += [{"document": "document-0", **end(k), "mentions": []} for k in range(count) if k not in seen]
    return entities, facts, [{"id": name, "date": f"20{10 + d % 15}-0{1 + d % 9}-11"} for d, name in enumerate(texts)], texts


def plain_pyvis(entities: list[dict[str, Any]], facts: list[dict[str, Any]], path: Path) -> None:
    """The same entities and facts as pyvis draws them when it is told nothing."""
    from pyvis.network import Network

    net = Network(directed=True, cdn_resources="in_line")
    names = {row["id"]: row["name"] for row in entities}
    net.add_nodes(list(names), label=list(names.values()))
    net.edges = [{"from": row["subject"]["id"], "to": row["object"]["id"], "label": row["predicate"], "arrows": "to"} for row in facts]
    path.write_text(net.generate_html(), encoding="utf-8")


def opened(browser: Any, path: Path) -> Any:
    page = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True).new_page()
    page.add_init_script(_WATCH)
    page.goto(path.as_uri(), wait_until="commit")
    return page


def panned(page: Any) -> float:
    """Frames a second while the mouse drags the drawing about."""
    page.mouse.move(700, 400)
    page.mouse.down()
    page.evaluate(f"window.frames_ = ({_FRAMES})()")
    began = time.monotonic()
    step = 0
    while time.monotonic() - began < 3.0:
        step += 1
        page.mouse.move(700 + 180 * (step % 40 - 20) / 20, 400 + (step % 30) * 4)
        time.sleep(0.012)
    found = page.evaluate("window.frames_")
    page.mouse.up()
    return float(found)


def ours(browser: Any, path: Path, count: int) -> dict[str, float]:
    """One turn with our page of so many entities."""
    page = opened(browser, path)
    page.wait_for_selector("html[data-ready=yes]", timeout=PATIENCE * 1000)
    page.evaluate(_STABLE)
    found = {
        "first": page.evaluate("performance.getEntriesByName('shown')[0].startTime"),
        "read": page.evaluate("performance.getEntriesByName('read')[0].startTime"),
        "block": page.evaluate("Math.max(0, ...window.blocks)"), "frames": panned(page),
    }
    began = time.monotonic()
    page.evaluate("document.getElementById('show-all').click()")
    while page.evaluate("kgPage.nodes.length") < min(count, MOST):
        time.sleep(0.02)
    page.evaluate(_STABLE)
    found["all"] = 1000 * (time.monotonic() - began)
    found["all_frames"] = panned(page)
    page.context.close()
    return found


def theirs(browser: Any, path: Path) -> dict[str, float | None]:
    """One turn with pyvis's page: its picture is stable when its forces have come to rest."""
    from playwright.sync_api import Error

    page = opened(browser, path)
    end = time.monotonic() + PATIENCE
    page.set_default_timeout(PATIENCE * 1000)
    found: dict[str, float | None] = {"first": None, "block": None, "frames": None}
    try:
        page.wait_for_selector("canvas")
        page.evaluate("network.once('stabilizationIterationsDone', () => { window.stable = performance.now(); })")
        while found["first"] is None and time.monotonic() < end:
            found["first"] = page.evaluate("window.stable || null")
            time.sleep(0.1)
        if found["first"] is not None:
            found["block"], found["frames"] = page.evaluate("Math.max(0, ...window.blocks)"), panned(page)
    except Error:
        pass  # it answered nothing in time: that is the finding
    return found


def main(counts: list[int]) -> None:
    from playwright.sync_api import sync_playwright

    def said(value: float | None) -> str:
        return f"not in {PATIENCE} s" if value is None else f"{value:,.0f}"

    print("| nodes | page | first stable picture, ms | all read, ms | longest block, ms | frames a second "
          "| full view, ms | its frames a second | MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for count in counts:
            entities, facts, documents, texts = rows(count)
            path, other = Path(folder, "graph.html"), Path(folder, "plain.html")
            render(entities, facts, documents, path, texts.__getitem__)
            plain_pyvis(entities, facts, other)
            turns = []
            for _ in range(TURNS):
                browser = playwright.chromium.launch(executable_path=browser_path(), args=_ARGUMENTS)
                turns.append(ours(browser, path, count))
                browser.close()
            middle = {key: statistics.median(turn[key] for turn in turns) for key in turns[0]}
            cells = [said(middle[key]) for key in ("first", "read", "block", "frames", "all", "all_frames")]
            print(f"| {count:,} | ours | {' | '.join(cells)} | {path.stat().st_size / 1e6:.1f} |", flush=True)
            browser = playwright.chromium.launch(executable_path=browser_path(), args=_ARGUMENTS)
            plain = theirs(browser, other)
            browser.close()
            cells = [said(plain["first"]), "", said(plain["block"]), said(plain["frames"]), "", ""]
            print(f"| {count:,} | pyvis | {' | '.join(cells)} | {other.stat().st_size / 1e6:.1f} |", flush=True)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [1000, 5000, 20000])

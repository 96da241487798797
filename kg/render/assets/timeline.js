// The timeline: how many facts fall into each year or month, and below them one after another.
const timelineView = byId("timeline");
const OWN = { only: false };

function showTimeline() {
  const about = STATE.entity;
  const own = element("input", { type: "checkbox", checked: OWN.only });
  own.addEventListener("change", () => {
    OWN.only = own.checked;
    showTimeline();
  });
  const facts = (about === null ? FACTS : ENTITIES[about].facts).filter(passes);
  const dated = claimsOf(facts.filter((fact) => (fact.start || fact.end || !OWN.only) && daysOf(fact))).sort(
    ([a], [b]) => compare(daysOf(a)[0], daysOf(b)[0]) || compare(daysOf(a)[1], daysOf(b)[1]) || compare(a.index, b.index),
  );
  const [list, more] = growing(
    dated,
    80,
    (same) =>
      element(
        "li",
        { class: `fact ${same[0].status}` },
        element("span", { class: "when" }, period(same[0]) || `reported ${dateOf(same[0])}`),
        element("div", {}, wholeClaim(same[0]), same.slice(0, 1).map(evidence)),
      ),
    element("ol", { class: "events" }),
  );
  timelineView.replaceChildren(
    element("h2", {}, about === null ? "Timeline" : ["Timeline of ", element("bdi", {}, ENTITIES[about].name)]),
    element(
      "div",
      { class: "row" },
      about === null ? null : button("Timeline of everything", () => go({ entity: null, path: null })),
      element("label", {}, own, " only facts that the text dates"),
    ),
    element(
      "p",
      { class: "note" },
      `${plural(dated.length, "claim")} in order of date; ${plural(claimsOf(facts).length - dated.length, "claim")} without a date ${claimsOf(facts).length - dated.length === 1 ? "is" : "are"} left out. “Reported” is the day of the document, where the text gives the fact no day of its own.`,
    ),
    histogram(dated.map(([fact]) => fact)),
    list,
    more,
  );
}

// Bars are buttons: each sets the dates of the filter to its month, year or decade. Times without a claim keep their place.
function histogram(facts) {
  if (!facts.length) return "";
  const first = daysOf(facts[0])[0],
    last = daysOf(facts[facts.length - 1])[0];
  const years = Number(last.slice(0, 4)) - Number(first.slice(0, 4)),
    digits = years < 3 ? 7 : years < 80 ? 4 : 3;
  const bins = new Map();
  for (const fact of facts) put(bins, daysOf(fact)[0].padEnd(7, "-01").slice(0, digits), fact);
  const keys = [];
  for (let key = [...bins.keys()].sort()[0]; key <= last.padEnd(7, "-01").slice(0, digits); key = following(key)) keys.push(key);
  const most = Math.max(...keys.map((key) => (bins.get(key) || []).length)),
    every = Math.ceil(keys.length / 14);
  return element(
    "ol",
    { class: "bars", "aria-label": "Claims by time" },
    keys.map((key, i) => {
      const here = bins.get(key) || [],
        name = digits === 3 ? `${key}0s` : key,
        tick = element("span", { class: "tick", "aria-hidden": "true" }, i % every ? "" : name);
      if (!here.length) return element("li", { "aria-hidden": "true" }, element("span", { class: "gap" }), tick);
      const span = digits === 3 ? { from: `${key}0`, to: `${key}9` } : { from: key, to: key };
      const bar = element("button", {
        type: "button",
        "aria-label": `${name}: ${tally(here)}`,
        title: `${name}: ${tally(here)}`,
        onclick: () => setFilter(span),
      });
      for (const status of [...DATA.statuses].reverse()) {
        const count = here.filter((fact) => fact.status === status).length;
        if (!count) continue;
        const part = element("span", { class: `part fill-${status}` });
        part.style.height = `${Math.max(2, (90 * count) / most)}px`;
        bar.append(part);
      }
      return element("li", {}, bar, tick);
    }),
  );
}

function following(key) {
  if (key.length < 7) return String(Number(key) + 1).padStart(key.length, "0");
  const [year, month] = key.split("-").map(Number);
  return month < 12 ? `${key.slice(0, 5)}${String(month + 1).padStart(2, "0")}` : `${String(year + 1).padStart(4, "0")}-01`;
}

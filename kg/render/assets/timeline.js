// The timeline: how many facts fall into each year or month, and below them one after another.
const timelineView = byId("timeline");
const OWN = { only: false };

function showTimeline() {
  const about = STATE.entity;
  const own = element("input", { type: "checkbox", checked: OWN.only });
  own.addEventListener("change", () => { OWN.only = own.checked; showTimeline(); });
  const facts = (about === null ? FACTS : ENTITIES[about].facts).filter(passes);
  const dated = claimsOf(facts.filter((fact) => (fact.start || fact.end || !OWN.only) && daysOf(fact)))
    .sort(([a], [b]) => compare(daysOf(a)[0], daysOf(b)[0]) || compare(daysOf(a)[1], daysOf(b)[1]) || compare(a.index, b.index));
  const [list, more] = growing(dated, 80, (same) => element("li", { class: `fact ${same[0].status}` },
    element("span", { class: "when" }, period(same[0]) || `reported ${dateOf(same[0])}`), element("div", {}, wholeClaim(same[0]), same.slice(0, 1).map(evidence))), element("ol", { class: "events" }));
  timelineView.replaceChildren(
    element("h2", {}, about === null ? "Timeline" : ["Timeline of ", element("bdi", {}, ENTITIES[about].name)]),
    element("div", { class: "row" }, about === null ? null : button("Timeline of everything", () => go({ entity: null, path: null })), element("label", {}, own, " only facts that the text dates")),
    element("p", { class: "note" }, `${plural(dated.length, "claim")} in order of date; ${plural(claimsOf(facts).length - dated.length, "claim")} without a date ${claimsOf(facts).length - dated.length === 1 ? "is" : "are"} left out. “Reported” is the day of the document, where the text gives the fact no day of its own.`),
    histogram(dated.map(([fact]) => fact)), list, more);
}

// Bars are buttons: each sets the dates of the filter to its year or month.
function histogram(facts) {
  if (!facts.length) return "";
  const first = daysOf(facts[0])[0], last = daysOf(facts[facts.length - 1])[0];
  const digits = Number(last.slice(0, 4)) - Number(first.slice(0, 4)) < 3 ? 7 : 4;
  const bins = new Map();
  for (const fact of facts) put(bins, daysOf(fact)[0].slice(0, digits), fact);
  const keys = [...bins.keys()].sort().slice(-60), most = Math.max(...keys.map((key) => bins.get(key).length));
  return element("ol", { class: "bars", "aria-label": "Claims by time" }, keys.map((key) => {
    const here = bins.get(key);
    const bar = element("button", { type: "button", "aria-label": `${key}: ${tally(here)}`, title: `${key}: ${tally(here)}`, onclick: () => setFilter({ from: key, to: key }) });
    for (const status of [...DATA.statuses].reverse()) {
      const count = here.filter((fact) => fact.status === status).length;
      if (!count) continue;
      const part = element("span", { class: `part fill-${status}` });
      part.style.height = `${Math.max(2, 90 * count / most)}px`;
      bar.append(part);
    }
    return element("li", {}, bar, element("span", { class: "tick", "aria-hidden": "true" }, key));
  }));
}

// The shortest path between two entities, with the sentences on the way. It leads through no place and no offence unless the reader
// wants it to: that two people are accused of the same thing, or are of the same town, does not link them.
const PATH = { steps: null, entities: [], through: false };

// Breadth first; of paths of one length the one with the fewest steps that no document asserts, then the first by position.
function findPath(from, to) {
  const reached = new Map([[from, { weak: 0, back: null, edge: null }]]);
  let ring = [from];
  while (ring.length && !reached.has(to)) {
    const next = new Map();
    for (const index of ring) {
      if (index !== from && !ENTITIES[index].binding && !PATH.through) continue;
      for (const id of ENTITIES[index].edges) {
        const edge = EDGES[id],
          other = edge.from === index ? edge.to : edge.from;
        if (reached.has(other) || !edge.facts.some(passes) || (!kindShown(ENTITIES[other]) && other !== to)) continue;
        const weak = reached.get(index).weak + (edge.status === "asserted" ? 0 : 1),
          known = next.get(other);
        if (!known || weak < known.weak) next.set(other, { weak, back: index, edge: id });
      }
    }
    for (const [index, step] of next) reached.set(index, step);
    ring = [...next.keys()].sort((a, b) => a - b);
  }
  if (!reached.has(to)) return null;
  const entities = [];
  for (let at = to; at !== null; at = reached.get(at).back) entities.unshift(at);
  // Every link between two neighbours on the path is shown, so that no allegation hides behind a plain statement, nor the other way round.
  const steps = entities.slice(1).map((index, i) => {
    const before = entities[i];
    return {
      from: before,
      to: index,
      facts: ENTITIES[index].edges.filter((id) => joins(EDGES[id], before)).flatMap((id) => EDGES[id].facts.filter(passes)),
    };
  });
  return { entities, steps };
}

function readPath() {
  const found = STATE.path === null || STATE.entity === null ? null : findPath(STATE.entity, STATE.path);
  PATH.steps = found && found.steps;
  PATH.entities = found ? found.entities : [];
}

// The card to choose both ends in; either may be known already.
function openPath(from = null) {
  const ends = [from, null];
  const fields = ["From", "To"].map((text, which) => {
    const id = `path-${text.toLowerCase()}`;
    const input = element("input", {
      id,
      type: "search",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-expanded": "false",
      "aria-controls": `${id}-list`,
      "aria-autocomplete": "list",
    });
    const list = element("ul", { id: `${id}-list`, role: "listbox", "aria-label": `Names found for “${text}”`, hidden: true });
    if (ends[which] !== null) input.value = ENTITIES[ends[which]].name;
    input.addEventListener("input", () => {
      ends[which] = null;
    });
    combobox(input, list, entityItems, (item) => {
      input.value = item.line;
      ends[which] = item.index;
      if (ends[0] !== null && ends[1] !== null) showPath(ends[0], ends[1]);
    });
    return element("div", { class: "field" }, element("label", { for: id }, text), element("div", { class: "pick" }, input, list));
  });
  openCard("Path between two", ["The shortest way from one to the other, with the sentences on it"], [], [fields]);
  byId(from === null ? "path-from" : "path-to").focus();
}

function showPath(from, to) {
  go({ entity: from, path: to, edge: null, group: null, view: "graph", show: "" });
  showPlaces();
  card.focus();
}

function pathCard() {
  const [from, to] = [STATE.entity, STATE.path];
  const through = element("input", { type: "checkbox", id: "through", checked: PATH.through });
  through.addEventListener("change", () => {
    PATH.through = through.checked;
    showPath(from, to);
  });
  const body = [element("p", {}, element("label", {}, through, " also through places and offences"))];
  if (!PATH.steps)
    body.push(
      element(
        "p",
        {},
        `No path${PATH.through ? "" : " that does without places and offences"}${factsFiltered() ? " among the facts that pass the filters" : ""}.`,
      ),
    );
  else if (!PATH.steps.length) body.push(element("p", {}, "Both ends are the same."));
  else {
    const weak = PATH.steps.filter((step) => step.facts.every((fact) => fact.status !== "asserted")).length;
    body.push(
      element(
        "p",
        { class: "note" },
        `${plural(PATH.steps.length, "step")}${weak ? `, ${weak} of which no document asserts` : ""}. A path shows what texts connect; it does not show that the ends know of one another.`,
      ),
    );
    body.push(
      element(
        "ol",
        { class: "path" },
        PATH.steps.map((step) => {
          const [list, more] = growing(
            claimsOf(step.facts),
            FEW,
            (same) => element("li", { class: `fact ${same[0].status}` }, wholeClaim(same[0]), same.slice(0, 1).map(evidence)),
            element("ul", {}),
          );
          return element("li", {}, element("h3", {}, `${ENTITIES[step.from].name} – ${ENTITIES[step.to].name}`), list, more);
        }),
      ),
    );
  }
  openCard(
    `${ENTITIES[from].name} to ${ENTITIES[to].name}`,
    ["Shortest path"],
    [button("Other ends", () => openPath()), button("The other way round", () => showPath(to, from))],
    body,
  );
}

// The drawing: which nodes and edges are in it, where, and how they look on a light or dark ground.
const MANY = 90;
const STEP = 40;
const OPENED = 24; // members of a group that are opened at a time
const CROWDED = 12; // links at one node; above, those that are asserted bear their words only under the pointer
const DENSE = 1500; // nodes; above, the drawing does without most words, so that it can still be moved about
const MOST = 10000; // nodes drawn at once; beyond, a browser stands still for longer than anybody waits
const LEGIBLE = 300; // nodes in the window; up to here a dense drawing names them
const FACE = "system-ui, 'DejaVu Sans', sans-serif";
const VIEW = { mode: "overview", places: new Map(), left: 0 };
const dark = window.matchMedia("screen and (prefers-color-scheme: dark)");
const stage = byId("stage");
const drawnNodes = new vis.DataSet();
const drawnEdges = new vis.DataSet();
const network = new vis.Network(byId("graph"), { nodes: drawnNodes, edges: drawnEdges }, { ...DATA.options, groups: groupStyles() });
// The library makes an element of its own that takes the keys.
const drawing = document.querySelector("#graph .vis-network");
drawing.id = "drawing";
drawing.setAttribute("role", "group");
drawing.setAttribute(
  "aria-label",
  "Drawing of the graph: arrow keys move it, plus and minus zoom. The list holds every entity in it as text.",
);

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function palette() {
  const found = {
    ink: colour("--ink"),
    ground: colour("--ground"),
    rule: colour("--tie"),
    soft: colour("--soft"),
    panel: colour("--panel"),
    accent: colour("--accent"),
    status: {},
    fill: {},
    line: {},
  };
  for (const status of DATA.statuses) found.status[status] = colour(`--status-${status}`);
  for (const kind of DATA.kinds) {
    found.fill[kind] = colour(`--fill-${kind}`);
    found.line[kind] = colour(`--line-${kind}`);
  }
  return found;
}

function groupStyles() {
  const groups = {},
    now = palette();
  const font = { color: now.ink, size: 14, face: FACE, strokeColor: now.ground };
  for (const [kind, style] of Object.entries(DATA.styles.nodes)) {
    const lit = { background: now.fill[kind], border: now.accent };
    groups[kind] = {
      shape: style.shape,
      color: { background: now.fill[kind], border: now.line[kind], highlight: lit, hover: lit },
      font: { ...font, strokeWidth: style.inside ? 0 : 3 },
    };
  }
  // A disc for a group is no entity: pale, with a broken rim.
  const lit = { background: now.panel, border: now.accent };
  groups.group = {
    shape: "dot",
    color: { background: now.panel, border: now.soft, highlight: lit, hover: lit },
    font: { ...font, size: 18, strokeWidth: 4 },
  };
  return groups;
}

function groupOf(key) {
  return GROUPS[Number(key.slice(1))];
}

function drawnNode(key, dense) {
  if (typeof key === "string") return drawnGroup(key);
  const { label, kind, size, name } = ENTITIES[key];
  return {
    id: key,
    label: dense && size < 20 ? undefined : label,
    group: kind,
    size,
    ...VIEW.places.get(key),
    title: `${name}\n${DATA.styles.nodes[kind].label}`,
  };
}

function drawnGroup(key) {
  const group = groupOf(key),
    left = group.members.length ? group.members.filter((index) => !VIEW.places.has(index)).length : group.count;
  const count = left < group.count ? `${number(left)} more` : plural(left, "entity", "entities");
  return {
    id: key,
    label: `${group.label}\n${count}`,
    group: "group",
    shapeProperties: { borderDashes: [5, 4] },
    size: group.size,
    ...VIEW.places.get(key),
    title: `Group: ${group.name}\n${count}; double-click to open it`,
    hidden: left === 0,
  };
}

function drawnEdge(edge, labelled, now) {
  const style = DATA.styles.statuses[edge.status],
    stroke = now.status[edge.status],
    label = edgeLabel(edge);
  return {
    id: edge.id,
    from: edge.from,
    to: edge.to,
    status: edge.status,
    label: labelled || edge.status !== "asserted" ? label : undefined,
    title: `${ENTITIES[edge.from].name}\n${edge.status}: ${label.replace(/^\w+:\n/, "")}\n${ENTITIES[edge.to].name}`,
    color: { color: stroke, highlight: stroke, hover: stroke },
    width: style.width,
    dashes: style.dashes.length ? style.dashes : false,
    arrows: { to: { enabled: labelled !== null, type: style.arrow, scaleFactor: 0.7 } },
    smooth:
      edge.bend && labelled !== null
        ? { enabled: true, type: edge.bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(edge.bend) }
        : false,
    // The word of a status stays readable longer than that of a plain statement.
    ...(edge.status === "asserted" ? {} : { scaling: { label: { drawThreshold: 5 } } }),
    font: { color: stroke, strokeWidth: 4, strokeColor: now.ground, face: FACE, ...besideLine(edge) },
  };
}

// What an edge says; unless the documents assert it, its status comes first, on a line of its own.
function edgeLabel(edge) {
  const said = [...new Set(edge.facts.filter(passes).map((fact) => fact.words + until(fact)))];
  const text = said.slice(0, 2).join(", ") + (said.length > 2 ? ` +${said.length - 2}` : "");
  return edge.status === "asserted" ? text : `${edge.status}:\n${text}`;
}

// A post that has ended must not read as one that is held.
function until(fact) {
  return fact.end && fact.post && fact.object !== null ? ` (to ${fact.end})` : "";
}

// Words stand beside the line, so that its pattern is seen; of two lines that bend apart, each has its words on its outer side.
function besideLine(edge) {
  const plain = edge.status === "asserted";
  const from = VIEW.places.get(edge.from),
    to = VIEW.places.get(edge.to);
  const below = edge.bend !== 0 && edge.bend > 0 !== to.x > from.x;
  return { size: plain ? 11 : 13, align: below ? "bottom" : "top", vadjust: plain ? 0 : below ? 13 : -13 };
}

// A tie between groups is no fact either: a pale line without an arrow.
function drawnTie([from, to, count], now) {
  return {
    id: `t${from}-${to}`,
    from: `g${from}`,
    to: `g${to}`,
    title: `${plural(count, "link")} between these groups`,
    width: 1 + Math.log2(count) / 1.6,
    color: { color: now.rule, highlight: now.soft, hover: now.soft },
    arrows: { to: { enabled: false } },
    smooth: false,
    dashes: false,
  };
}

function edgesAmong(shown) {
  const ids = new Set();
  for (const index of shown) if (typeof index === "number") for (const id of ENTITIES[index].edges) ids.add(id);
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => EDGES[id])
    .filter((edge) => shown.has(edge.from) && shown.has(edge.to) && edge.facts.some(passes));
}

// Draws the nodes that have a place, and every edge among them that the filters let through.
function draw() {
  const shown = new Set(),
    now = palette();
  for (const key of VIEW.places.keys()) if (typeof key === "string" || kindShown(ENTITIES[key]) || key === STATE.entity) shown.add(key);
  const among = edgesAmong(shown);
  if (VIEW.mode === "all" && factsFiltered()) {
    const linked = new Set(FACTS.filter(passes).flatMap((fact) => [fact.subject, fact.object]));
    for (const index of shown) if (!linked.has(index) && index !== STATE.entity) shown.delete(index);
  }
  const dense = shown.size > DENSE,
    links = new Map();
  for (const edge of among) for (const end of [edge.from, edge.to]) links.set(end, (links.get(end) || 0) + 1);
  const labelled = (edge) => (dense ? null : links.get(edge.from) <= CROWDED && links.get(edge.to) <= CROWDED);
  const singly = [...shown].filter((key) => typeof key === "number").length;
  const ties = VIEW.mode === "overview" && !singly ? DATA.ties : []; // beside links they would be read as such
  // All at once: what is drawn is swapped in one go, since the library draws anew for each part that changes.
  const keep = new Set(shown),
    edges = [...among.map((edge) => drawnEdge(edge, labelled(edge), now)), ...ties.map((tie) => drawnTie(tie, now))];
  const keepEdges = new Set(edges.map((edge) => edge.id));
  drawnEdges.remove(drawnEdges.getIds().filter((id) => !keepEdges.has(id)));
  drawnNodes.remove(drawnNodes.getIds().filter((id) => !keep.has(id)));
  drawnNodes.update([...shown].map((key) => drawnNode(key, dense)));
  drawnEdges.update(edges);
  network.selectNodes(STATE.entity !== null && shown.has(STATE.entity) ? [STATE.entity] : []);
  say(singly, among.length);
}

function say(nodes, edges) {
  const parts = [];
  const groups = [...VIEW.places.keys()].filter((key) => typeof key === "string").length;
  if (groups) parts.push(`Overview of ${plural(groups, "group")}: double-click one to open it.`);
  if (nodes) parts.push(`${number(nodes)} of ${plural(DATA.counts.entities, "entity", "entities")} and ${plural(edges, "link")} shown.`);
  else if (!groups) parts.push("Nothing passes these filters.");
  if (VIEW.left) parts.push(`${number(VIEW.left)} more pass the filters: see the list.`);
  else if (!groups && nodes && nodes < ENTITIES.length) parts.push("Double-click an entity for its neighbours.");
  byId("status").replaceChildren(element("span", {}, parts.join(" ")));
}

// --- what to draw -----------------------------------------------------------------------------------------------------------------

// Starts the drawing afresh for what is chosen and for the filters.
function showPlaces() {
  VIEW.left = 0;
  if (STATE.path !== null && PATH.steps) {
    VIEW.mode = "part";
    VIEW.places = placeAlong(PATH.entities);
  } else if (STATE.show !== "all" && STATE.entity !== null && (LARGE || STATE.show === "part")) {
    return focusOn(STATE.entity);
  } else if (STATE.show === "all" || (!LARGE && FILTER.document === null)) {
    VIEW.mode = "all";
    VIEW.left = Math.max(0, ENTITIES.length - MOST);
    VIEW.places = new Map(bestLinked().map(({ index, x, y }) => [index, { x, y }]));
  } else if (LARGE && !factsFiltered() && FILTER.type.size === 0) {
    VIEW.mode = "overview";
    VIEW.places = new Map(GROUPS.map(({ index, x, y }) => [`g${index}`, { x, y }]));
  } else {
    VIEW.mode = "part";
    VIEW.places = picked();
  }
  draw();
  fit();
}

// Every entity, or of very many those that can be drawn while the reader waits.
function bestLinked() {
  return VIEW.left ? [...ENTITIES].sort((a, b) => byDegree(a.index, b.index)).slice(0, MOST) : ENTITIES;
}

// The best linked nodes among the facts that pass the filters, each with all it is linked to there, placed anew.
function picked() {
  const beside = new Map();
  for (const fact of FACTS) {
    if (!passes(fact)) continue;
    const ends = [fact.subject, fact.object].filter((end) => end !== null);
    if (!ends.every((end) => kindShown(ENTITIES[end]))) continue;
    for (const end of ends) {
      if (!beside.has(end)) beside.set(end, new Set());
      for (const other of ends) beside.get(end).add(other);
    }
  }
  const among = new Set();
  for (const [index, others] of [...beside].sort(([a, x], [b, y]) => y.size - x.size || a - b)) {
    const added = [index, ...others].filter((other) => !among.has(other));
    if (among.size + added.length <= MANY) added.forEach((other) => among.add(other));
    if (among.size > MANY - 2) break;
  }
  VIEW.left = beside.size - among.size;
  return placeAnew([...among], edgesAmong(among));
}

function neighbours(index) {
  return [...ENTITIES[index].near]
    .filter(
      (other) => kindShown(ENTITIES[other]) && ENTITIES[index].edges.some((id) => joins(EDGES[id], other) && EDGES[id].facts.some(passes)),
    )
    .sort(byDegree);
}

function joins(edge, index) {
  return edge.from === index || edge.to === index;
}

// Adds up to `most` neighbours that are not drawn yet.
function expand(index, most) {
  const hidden = neighbours(index).filter((other) => !VIEW.places.has(other));
  placeMore([index, ...hidden.slice(0, most)], VIEW.places);
  draw();
}

// Opens a group in the overview: some more of its members, each with a link to one before it where there is one, the best linked first.
function openGroup(key) {
  const waiting = groupOf(key).members.filter((index) => !VIEW.places.has(index) && kindShown(ENTITIES[index])),
    members = [];
  while (waiting.length && members.length < OPENED) {
    const linked = waiting.findIndex((index) => members.some((other) => ENTITIES[index].near.has(other)));
    members.push(...waiting.splice(Math.max(0, linked), 1));
  }
  if (!members.length) return;
  placeAround(key, members, edgesAmong(new Set(members)), VIEW.places);
  draw();
  network.fit({ nodes: [key, ...members], maxZoomLevel: 1.1, animation: false });
  makeRoom();
}

// Shows one entity with its neighbours and nothing else.
function focusOn(index) {
  const indices = [index, ...neighbours(index).slice(0, STEP)];
  VIEW.mode = "part";
  VIEW.left = 0;
  VIEW.places = placeAnew(indices, edgesAmong(new Set(indices)));
  draw();
  fit();
}

function fit() {
  followStage();
  network.fit({ maxZoomLevel: 1.3, animation: false });
  makeRoom();
}

// The tools above and the words below cover a strip of the drawing each.
function makeRoom() {
  const scale = network.getScale() * Math.max(0.5, 1 - 110 / (stage.clientHeight || 1000)),
    { x, y } = network.getViewPosition();
  network.moveTo({ position: { x, y: y - 8 / scale }, scale });
}

function zoom(factor) {
  network.moveTo({ scale: network.getScale() * factor });
}

function centre(index) {
  followStage();
  const at = VIEW.places.get(index);
  if (at) network.moveTo({ position: at, scale: Math.max(network.getScale(), 1) });
}

// The drawing follows the window and the panels, its middle and scale kept; with a pause, so that a double click hits what it began on.
let resizing = null;

function followStage() {
  const { clientWidth: width, clientHeight: height } = stage;
  if (!width || !height) return;
  const position = network.getViewPosition(),
    scale = network.getScale();
  network.setSize(`${width}px`, `${height}px`);
  network.moveTo({ position, scale });
}

new ResizeObserver(() => {
  clearTimeout(resizing);
  resizing = setTimeout(followStage, 350);
}).observe(stage);

// After the ground has turned light or dark.
function recolour() {
  network.setOptions({ groups: groupStyles() });
  draw();
}

dark.addEventListener("change", recolour);

// A dense drawing bears few names; once little of it is in the window, that little gets its own.
function nameWhatIsNear() {
  if (drawnNodes.length <= DENSE) return;
  const scale = network.getScale(),
    { x, y } = network.getViewPosition();
  const wide = stage.clientWidth / scale / 2,
    high = stage.clientHeight / scale / 2;
  const near = [...VIEW.places].filter(([, at]) => Math.abs(at.x - x) < wide && Math.abs(at.y - y) < high);
  if (near.length > LEGIBLE) return;
  const nameless = near.filter(([key]) => drawnNodes.get(key) && !drawnNodes.get(key).label);
  if (nameless.length) drawnNodes.update(nameless.map(([key]) => ({ id: key, label: ENTITIES[key].label })));
}

let naming = null;
for (const moved of ["zoom", "dragEnd"]) {
  network.on(moved, () => {
    clearTimeout(naming);
    naming = setTimeout(nameWhatIsNear, 250);
  });
}

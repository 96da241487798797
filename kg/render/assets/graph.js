// The drawing: which nodes and edges are in it, where, and how they look on a light or dark ground.
const MANY = 90;
const FACE = "system-ui, 'DejaVu Sans', sans-serif";
const LARGE = DATA.overview.length > 0;
const VIEW = { mode: LARGE ? "overview" : "all", places: new Map(), chosen: null, left: 0 };
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const drawnNodes = new vis.DataSet();
const drawnEdges = new vis.DataSet();
const network = new vis.Network(document.getElementById("graph"), { nodes: drawnNodes, edges: drawnEdges }, { ...DATA.options, groups: groupStyles() });

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function groupStyles() {
  const groups = {};
  for (const [kind, style] of Object.entries(DATA.styles.nodes)) {
    const fill = colour(`--fill-${kind}`), line = colour(`--line-${kind}`);
    const lit = { background: fill, border: colour("--accent") };
    groups[kind] = {
      shape: style.shape,
      color: { background: fill, border: line, highlight: lit, hover: lit },
      font: { color: colour("--ink"), size: 14, face: FACE, strokeWidth: style.inside ? 0 : 3, strokeColor: colour("--ground") },
    };
  }
  return groups;
}

function drawnNode(index) {
  const node = DATA.nodes[index], entity = ENTITIES[index];
  return { ...node, ...VIEW.places.get(index), title: `${entity.name}\n${DATA.styles.nodes[entity.kind].label}` };
}

function drawnEdge(edge, labelled) {
  const style = DATA.styles.statuses[edge.status], stroke = colour(`--status-${edge.status}`), label = edgeLabel(edge);
  return {
    id: edge.id, from: edge.from, to: edge.to, status: edge.status,
    label: labelled || edge.status !== "asserted" ? label : undefined,
    title: `${ENTITIES[edge.from].name}\n${edge.status}: ${label.replace(/^\w+:\n/, "")}\n${ENTITIES[edge.to].name}`,
    color: { color: stroke, highlight: stroke, hover: stroke }, width: style.width, dashes: style.dashes.length ? style.dashes : false,
    arrows: { to: { enabled: true, type: style.arrow, scaleFactor: 0.7 } },
    smooth: edge.bend ? { enabled: true, type: edge.bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(edge.bend) } : false,
    // The word of a status stays readable longer than that of a plain statement.
    ...(edge.status === "asserted" ? {} : { scaling: { label: { drawThreshold: 5 } } }),
    font: { color: stroke, strokeWidth: 4, strokeColor: colour("--ground"), face: FACE, ...besideLine(edge) },
  };
}

// Words stand beside the line, so that its pattern is seen; of two lines that bend apart, each has its words on its outer side.
function besideLine(edge) {
  const plain = edge.status === "asserted";
  const from = VIEW.places.get(edge.from), to = VIEW.places.get(edge.to);
  const below = edge.bend !== 0 && (edge.bend > 0) !== (to.x > from.x);
  return { size: plain ? 11 : 13, align: below ? "bottom" : "top", vadjust: plain ? 0 : below ? 13 : -13 };
}

// Draws the nodes that have a place, and every edge among them that the filters let through.
function draw() {
  const shown = new Set();
  for (const index of VIEW.places.keys()) if (kindShown(ENTITIES[index]) || index === VIEW.chosen) shown.add(index);
  const among = EDGES.filter((edge) => shown.has(edge.from) && shown.has(edge.to) && edge.facts.some(passes));
  if (VIEW.mode === "all" && factsFiltered()) {
    const linked = new Set(FACTS.filter(passes).flatMap((fact) => [fact.subject, fact.object]));
    for (const index of shown) if (!linked.has(index) && index !== VIEW.chosen) shown.delete(index);
  }
  const labelled = among.length <= DATA.labelledEdges;
  exchange(drawnEdges, []);
  exchange(drawnNodes, [...shown].map(drawnNode));
  exchange(drawnEdges, among.map((edge) => drawnEdge(edge, labelled)));
  if (VIEW.chosen !== null && shown.has(VIEW.chosen)) network.selectNodes([VIEW.chosen]);
  say(shown.size, among.length);
}

function exchange(set, items) {
  const keep = new Set(items.map((item) => item.id));
  set.remove(set.getIds().filter((id) => !keep.has(id)));
  set.update(items);
}

function say(nodes, edges) {
  const number = (value) => value.toLocaleString("en-GB");
  const parts = [];
  if (VIEW.mode === "overview" && !factsFiltered()) parts.push("Overview: the best linked forces, people and reviews.");
  if (nodes) parts.push(`${number(nodes)} of ${number(ENTITIES.length)} entities and ${number(edges)} links shown.`);
  else parts.push("Nothing passes these filters.");
  if (VIEW.left) parts.push(`${number(VIEW.left)} more pass the filters: choose “Show all”.`);
  else if (nodes < ENTITIES.length) parts.push("Search, or double-click an entity for its neighbours.");
  const line = document.createElement("span");
  line.textContent = parts.join(" ");
  document.getElementById("status").replaceChildren(line);
}

// Starts the view afresh for its mode and the filters.
function show(mode) {
  VIEW.left = 0;
  VIEW.mode = mode === "overview" && !LARGE && !factsFiltered() ? "all" : mode;
  if (VIEW.mode === "all") VIEW.places = new Map(DATA.nodes.map((node) => [node.id, { x: node.x, y: node.y }]));
  else if (!factsFiltered()) VIEW.places = new Map(DATA.overview.map(([index, x, y]) => [index, { x, y }]));
  else VIEW.places = picked();
  draw();
  fit();
}

// The best linked nodes among the facts that pass the filters, each with all it is linked to there, placed anew.
function picked() {
  const beside = new Map();
  for (const fact of FACTS) {
    if (!passes(fact)) continue;
    const ends = [fact.subject, fact.object].filter((end) => end !== null);
    if (!ends.every((end) => kindShown(ENTITIES[end]))) continue;
    for (const end of ends) beside.set(end, new Set([...(beside.get(end) || []), ...ends]));
  }
  const among = new Set();
  for (const [index, others] of [...beside].sort(([a, x], [b, y]) => y.size - x.size || a - b)) {
    const added = [index, ...others].filter((other) => !among.has(other));
    if (among.size + added.length <= MANY) added.forEach((other) => among.add(other));
  }
  VIEW.left = beside.size - among.size;
  return placeAnew([...among], EDGES.filter((edge) => among.has(edge.from) && among.has(edge.to) && edge.facts.some(passes)));
}

function neighbours(index) {
  return [...ENTITIES[index].near]
    .filter((other) => kindShown(ENTITIES[other]) && ENTITIES[index].edges.some((id) => joins(EDGES[id], other) && EDGES[id].facts.some(passes)))
    .sort(byDegree);
}

function joins(edge, index) {
  return edge.from === index || edge.to === index;
}

// Adds up to `most` neighbours that are not drawn yet; says how many are left.
function expand(index, most) {
  const hidden = neighbours(index).filter((other) => !VIEW.places.has(other));
  placeMore([index, ...hidden.slice(0, most)], VIEW.places);
  draw();
  return Math.max(0, hidden.length - most);
}

// Shows one entity with its neighbours and nothing else.
function focusOn(index) {
  const indices = [index, ...neighbours(index).slice(0, 80)];
  const among = new Set(indices);
  VIEW.mode = "part";
  VIEW.left = 0;
  VIEW.places = placeAnew(indices, EDGES.filter((edge) => among.has(edge.from) && among.has(edge.to) && edge.facts.some(passes)));
  draw();
  fit();
}

function fit() {
  followStage();
  network.fit({ maxZoomLevel: 1.3, animation: false });
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
const stage = document.getElementById("stage");
let resizing = null;

function followStage() {
  const width = stage.clientWidth, height = stage.clientHeight;
  const position = network.getViewPosition(), scale = network.getScale();
  network.setSize(`${width}px`, `${height}px`);
  network.moveTo({ position, scale });
}

new ResizeObserver(() => {
  clearTimeout(resizing);
  resizing = setTimeout(followStage, 350);
}).observe(stage);

dark.addEventListener("change", () => {
  network.setOptions({ groups: groupStyles() });
  draw();
});

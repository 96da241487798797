// What the reader does, to what the page shows.
const searchBox = byId("search");
let complete = false; // whether all parts have been read

// Shows what STATE says; what the drawing holds is changed by whoever changes STATE.
function present() {
  for (const view of VIEWS) {
    byId(`view-${view}`).setAttribute("aria-pressed", String(STATE.view === view));
    byId(view === "documents" ? "documents-view" : view === "graph" ? "stage" : view).hidden = STATE.view !== view;
  }
  readPath();
  makeRoomForCard();
  if (STATE.view === "graph") reveal();
  if (STATE.path !== null) pathCard();
  else if (STATE.entity !== null) entityCard(STATE.entity);
  else if (STATE.edge !== null) edgeCard(STATE.edge);
  else if (STATE.group !== null) groupCard(STATE.group);
  document.title = [STATE.entity === null ? null : ENTITIES[STATE.entity].name, byId("title").textContent].filter(Boolean).join(" – ");
  if (STATE.view === "list") showList();
  else if (STATE.view === "timeline") showTimeline();
  else if (STATE.view === "documents") showDocuments();
}

// The card takes its place before the drawing is fitted into what is left.
function makeRoomForCard() {
  card.hidden = [STATE.path, STATE.entity, STATE.edge, STATE.group].every((one) => one === null);
}

// Sees to it that the chosen entity is drawn.
function reveal() {
  followStage();
  const index = STATE.entity;
  if (index === null || STATE.path !== null || VIEW.places.has(index)) return;
  if (VIEW.mode === "overview") return focusOn(index);
  expand(index, 12);
  centre(index);
}

// Chooses an entity: draws it if it is not drawn, goes there (unless the reader is there) and opens its card.
function choose(index, there = true) {
  const drawn = VIEW.places.has(index),
    along = STATE.path !== null;
  go({ entity: index, path: null, edge: null, group: null });
  if (along) showPlaces();
  if (STATE.view === "graph") {
    network.selectNodes([index]);
    if (drawn && there) centre(index);
  }
  card.focus();
}

function chooseOther(changes) {
  go({ entity: null, path: null, edge: null, group: null, ...changes }, false);
  card.focus();
}

// After the filters have changed.
function filtered() {
  readPath();
  showPlaces();
  present();
  remember(false);
}

async function show(mode) {
  searchBox.value = "";
  go({ entity: null, path: null, edge: null, group: null, show: mode, view: "graph" });
  if (mode === "all" && ENTITIES.length > DENSE) {
    byId("status").replaceChildren(
      element("span", {}, `Drawing ${number(Math.min(MOST, ENTITIES.length))} entities; this may take some seconds.`),
    );
    await pause();
    await new Promise(requestAnimationFrame);
    await pause();
  }
  showPlaces();
}

// Shows what the address says.
function restore() {
  written = window.location.hash || "#";
  const unknown = readAddress(window.location.hash);
  byId("notice").hidden = !unknown;
  showFilter();
  readPath();
  makeRoomForCard();
  if (VIEW.places.size === 0 || VIEW.mode !== "overview" || STATE.entity !== null || STATE.show || factsFiltered() || FILTER.type.size)
    showPlaces();
  present();
}

// --- pointer ----------------------------------------------------------------------------------------------------------------------

// A card that opens under the pointer would catch the second half of a double click.
let opening = null;
network.on("click", ({ nodes, edges }) => {
  clearTimeout(opening);
  if (!complete) return;
  const [node] = nodes,
    [edge] = edges;
  const open =
    typeof node === "number"
      ? () => choose(node, false)
      : node !== undefined
        ? () => chooseOther({ group: node })
        : typeof edge === "number"
          ? () => chooseOther({ edge })
          : null;
  if (open) opening = setTimeout(open, card.hidden ? 280 : 0);
});
network.on("doubleClick", ({ nodes: [node] }) => {
  if (!complete || node === undefined) return;
  clearTimeout(opening);
  if (typeof node === "string") openGroup(node);
  else expand(node, STEP);
  if (!card.hidden) present();
});

// --- controls ---------------------------------------------------------------------------------------------------------------------

function entityItems() {
  return ENTITIES.map((entity) => ({
    keys: [entity.name, ...entity.others],
    line: entity.name,
    note: `${DATA.styles.nodes[entity.kind].label} · ${plural(entity.facts.length, "fact")}`,
    weight: entity.near.size,
    index: entity.index,
  }));
}

combobox(searchBox, byId("results"), entityItems, (item) => {
  searchBox.value = item.line;
  choose(item.index);
});
combobox(
  documentBox,
  byId("documents"),
  () =>
    DOCUMENTS.map((from) => ({
      keys: [from.title, from.id].filter(Boolean),
      line: from.name,
      note: from.date,
      weight: 0,
      index: from.index,
    })),
  (item) => setFilter({ document: item.index }),
);

const ACTIONS = {
  overview: () => show(""),
  "show-all": () => show("all"),
  fit,
  "zoom-in": () => zoom(1.4),
  "zoom-out": () => zoom(1 / 1.4),
  path: () => openPath(STATE.entity),
  png: savePng,
  svg: saveSvg,
  print: () => window.print(),
  copy: copyLink,
};
for (const [id, act] of Object.entries(ACTIONS)) byId(id).addEventListener("click", act);
for (const view of VIEWS)
  byId(`view-${view}`).addEventListener("click", () =>
    go({ view, ...(view === "documents" && STATE.view === view ? { document: null, at: null } : {}) }),
  );
byId("overview").hidden = byId("show-all").hidden = !LARGE;
byId("show-all").textContent =
  DATA.counts.entities > MOST ? `Show the ${number(MOST)} best linked` : `Show all ${number(DATA.counts.entities)}`;

async function copyLink() {
  const copied = await navigator.clipboard.writeText(window.location.href).then(
    () => true,
    () => false,
  );
  byId("copy").textContent = copied ? "Copied" : "Copy it from the address bar";
  setTimeout(() => {
    byId("copy").textContent = "Copy link";
  }, 2500);
}

const filterPanel = byId("filters"),
  filterButton = byId("toggle-filters");
filterButton.addEventListener("click", () => showFilters(filterPanel.hidden));

function showFilters(yes) {
  filterPanel.hidden = !yes;
  filterButton.setAttribute("aria-expanded", String(yes));
}

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
  if (event.key === "Escape" && !card.hidden) closeCard();
  else if (event.key === "/" && !typing) {
    event.preventDefault();
    searchBox.focus();
    searchBox.select();
  }
});

// The sheet that is printed is light and complete.
window.addEventListener("beforeprint", () => {
  document.documentElement.classList.add("light");
  recolour();
  network.redraw();
  for (const folded of card.querySelectorAll("details")) folded.open = true;
});
window.addEventListener("afterprint", () => {
  document.documentElement.classList.remove("light");
  recolour();
});

// --- start ------------------------------------------------------------------------------------------------------------------------

async function start() {
  showFilters(!window.matchMedia("(max-width: 46em)").matches);
  followStage();
  const plain = LARGE && !window.location.hash;
  if (plain) {
    showPlaces();
    network.redraw();
    performance.mark("shown");
  }
  if (document.readyState === "loading")
    await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
  await pause();
  if (typeof DecompressionStream === "undefined") {
    byId("status").textContent = "This browser is too old to unpack the page; Chrome 103, Firefox 113 or Safari 16.4 can.";
    return;
  }
  await readAll();
  complete = true;
  restore();
  performance.mark("read");
  if (!plain) {
    network.redraw();
    performance.mark("shown");
  }
  // For tests, and for the curious: what is drawn.
  window.kgPage = Object.freeze({ network, nodes: drawnNodes, edges: drawnEdges });
  document.documentElement.dataset.ready = "yes";
  if (searchBox.value) searchBox.dispatchEvent(new Event("input")); // typed while there was nothing to search yet
}

start();

// What the reader does, to what the page shows.
const searchBox = document.getElementById("search");
let shownEdge = null;

// Chooses an entity: draws it if it is not drawn, goes there (unless the reader is there) and opens its card.
function choose(index, go = true) {
  shownEdge = null;
  VIEW.chosen = index;
  if (!drawnNodes.get(index)) expand(index, VIEW.places.has(index) ? 0 : 12);
  network.selectNodes([index]);
  entityCard(index);
  if (go) centre(index);
  card.focus();
}

function chooseEdge(id) {
  VIEW.chosen = null;
  shownEdge = id;
  edgeCard(id);
  card.focus();
}

function refreshCard() {
  if (card.hidden) return;
  if (VIEW.chosen !== null) entityCard(VIEW.chosen);
  else if (shownEdge !== null) edgeCard(shownEdge);
}

// A card that opens under the pointer would catch the second half of a double click.
let opening = null;
network.on("click", ({ nodes, edges }) => {
  clearTimeout(opening);
  const open = nodes.length ? () => choose(nodes[0], false) : edges.length ? () => chooseEdge(edges[0]) : null;
  if (open) opening = setTimeout(open, card.hidden ? 280 : 0);
});
network.on("doubleClick", ({ nodes }) => {
  if (!nodes.length) return;
  expand(nodes[0], 40);
  refreshCard();
});

combobox(searchBox, document.getElementById("results"),
  () => ENTITIES.map((entity) => ({ keys: entity.names, line: entity.name, note: DATA.styles.nodes[entity.kind].label, weight: entity.near.size, index: entity.index })),
  (item) => { searchBox.value = item.line; choose(item.index); });
combobox(documentBox, document.getElementById("documents"),
  () => DOCUMENTS.map((from) => ({ keys: [from.title, from.id].filter(Boolean), line: from.title || from.id, note: from.date, weight: 0, index: from.index })),
  (item) => chooseDocument(item.index));

document.getElementById("overview").addEventListener("click", () => show("overview"));
document.getElementById("show-all").addEventListener("click", () => show("all"));
document.getElementById("fit").addEventListener("click", fit);
document.getElementById("zoom-in").addEventListener("click", () => zoom(1.4));
document.getElementById("zoom-out").addEventListener("click", () => zoom(1 / 1.4));
document.getElementById("overview").hidden = document.getElementById("show-all").hidden = !LARGE;
if (LARGE) document.getElementById("show-all").textContent = `Show all ${ENTITIES.length.toLocaleString("en-GB")}`;

const filterPanel = document.getElementById("filters"), filterButton = document.getElementById("toggle-filters");
filterButton.addEventListener("click", () => showFilters(filterPanel.hidden));

function showFilters(yes) {
  filterPanel.hidden = !yes;
  filterButton.setAttribute("aria-expanded", String(yes));
}

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
  if (event.key === "Escape" && !card.hidden) closeCard();
  else if (event.key === "/" && !typing) { event.preventDefault(); searchBox.focus(); searchBox.select(); }
});

showFilters(!window.matchMedia("(max-width: 46em)").matches);
followStage();
show(VIEW.mode);
// For tests, and for the curious: what is drawn.
window.kgPage = Object.freeze({ network, nodes: drawnNodes, edges: drawnEdges });
performance.mark("shown");
document.documentElement.dataset.ready = "yes";

// What the page holds, by position; the other half of _data() in page.py.
const DATA = JSON.parse(document.getElementById("data").textContent);
const ENTITIES = DATA.entities.map(([iri, type, kind, name, names, documents, mentions], index) =>
  ({ index, iri, type, kind, name, names, documents, mentions, facts: [], edges: [], near: new Set() }));
const FACTS = DATA.facts.map(([subject, predicate, object, literal, status, start, end, sentence, edge], index) => ({
  index, subject, object, literal, start, end, edge,
  predicate: DATA.predicates[predicate][0], words: DATA.predicates[predicate][1], status: DATA.statuses[status],
  document: DATA.sentences[sentence][0], sentence: DATA.sentences[sentence][1],
}));
const DOCUMENTS = DATA.documents.map(([id, title, date, source, url], index) => ({ index, id, title, date, source, url }));
const EDGES = DATA.edges;
for (const edge of EDGES) edge.facts = [];
for (const fact of FACTS) {
  ENTITIES[fact.subject].facts.push(fact);
  if (fact.object === null) continue;
  if (fact.object !== fact.subject) ENTITIES[fact.object].facts.push(fact);
  EDGES[fact.edge].facts.push(fact);
}
EDGES.forEach((edge) => {
  ENTITIES[edge.from].edges.push(edge.id);
  if (edge.from === edge.to) return;
  ENTITIES[edge.to].edges.push(edge.id);
  ENTITIES[edge.from].near.add(edge.to);
  ENTITIES[edge.to].near.add(edge.from);
});

// What the reader has chosen to see. Empty sets of what is hidden mean: everything.
const FILTER = { statuses: new Set(), predicates: new Set(), kinds: new Set(), document: null };

function passes(fact) {
  return !FILTER.statuses.has(fact.status) && !FILTER.predicates.has(fact.predicate)
    && (FILTER.document === null || fact.document === FILTER.document);
}

function kindShown(entity) {
  return !FILTER.kinds.has(entity.kind);
}

function factsFiltered() {
  return FILTER.statuses.size > 0 || FILTER.predicates.size > 0 || FILTER.document !== null;
}

const POSTS = new Set(["headOf", "commissionerFor", "memberOf", "servesIn"]);

// What an edge says; unless the documents assert it, its status comes first, on a line of its own.
function edgeLabel(edge) {
  const said = [...new Set(edge.facts.filter(passes).map((fact) => fact.words + until(fact)))];
  const text = said.slice(0, 2).join(", ") + (said.length > 2 ? ` +${said.length - 2}` : "");
  return edge.status === "asserted" ? text : `${edge.status}:\n${text}`;
}

// A post that has ended must not read as one that is held.
function until(fact) {
  return fact.end && POSTS.has(fact.predicate) ? ` (to ${fact.end})` : "";
}

function byDegree(a, b) {
  return ENTITIES[b].near.size - ENTITIES[a].near.size || a - b;
}

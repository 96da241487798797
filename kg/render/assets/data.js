// What the page holds, by position; the other half of _opening() and _parts() in page.py. The opening is read at once, the rest in short
// steps after the first picture, so that nothing ever stands still.
const DATA = JSON.parse(byId("data").textContent);
const ENTITIES = [],
  EDGES = [],
  SENTENCES = [],
  FACTS = [],
  DOCUMENTS = [],
  MENTIONS = [];
const GROUPS = DATA.groups.map(([name, label, x, y, size, count], index) => ({ index, name, label, x, y, size, count, members: [] }));
const LARGE = GROUPS.length > 0;
const SHELF = 50;

// One packed part: deflated lines of JSON in base64. `take` is given row after row.
async function unpack(name, take) {
  const holder = byId(`part-${name}`);
  if (!holder) return;
  const packed = atob(holder.textContent),
    bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  const lines = (await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text()).split("\n");
  holder.remove();
  for (const line of lines) {
    if (!line) continue;
    JSON.parse(line).forEach(take);
    await pause();
  }
}

// Lets the browser draw and answer before work goes on.
function pause() {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });
}

async function readAll() {
  await unpack("documents", ([id, title, date, source, url]) =>
    DOCUMENTS.push({ index: DOCUMENTS.length, id, title, date, source, url, name: title || id, facts: [] }),
  );
  await unpack("entities", ([id, kind, name, others, documents, label, size, x, y, group]) => {
    const entity = {
      index: ENTITIES.length,
      id,
      kind: DATA.kinds[kind],
      binding: DATA.binding[kind],
      name,
      others,
      documents,
      label,
      size,
      x,
      y,
      group,
      facts: [],
      edges: [],
      near: new Set(),
    };
    ENTITIES.push(entity);
    if (group >= 0) GROUPS[group].members.push(entity.index);
  });
  await unpack("edges", ([from, to, status, bend]) => {
    const edge = { id: EDGES.length, from, to, status: DATA.statuses[status], bend, facts: [] };
    EDGES.push(edge);
    ENTITIES[from].edges.push(edge.id);
    if (from === to) return;
    ENTITIES[to].edges.push(edge.id);
    ENTITIES[from].near.add(to);
    ENTITIES[to].near.add(from);
  });
  await unpack("sentences", ([document, start, text]) => SENTENCES.push({ document, start, text }));
  await unpack("facts", ([subject, predicate, object, literal, status, start, end, sure, sentence, edge]) => {
    const fact = {
      index: FACTS.length,
      subject,
      object,
      literal,
      start,
      end,
      sure,
      sentence,
      predicate: DATA.predicates[predicate][0],
      words: DATA.predicates[predicate][1],
      post: DATA.predicates[predicate][2],
      status: DATA.statuses[status],
      document: SENTENCES[sentence].document,
    };
    FACTS.push(fact);
    DOCUMENTS[fact.document].facts.push(fact);
    ENTITIES[subject].facts.push(fact);
    if (object === null) return;
    if (object !== subject) ENTITIES[object].facts.push(fact);
    EDGES[edge].facts.push(fact);
  });
  for (const group of GROUPS) group.members.sort((a, b) => ENTITIES[b].binding - ENTITIES[a].binding || byDegree(a, b));
  await unpack("mentions", (row) => {
    const mentions = [];
    for (let i = 0, before = 0; i < row.length; i += 3) {
      before += row[i];
      mentions.push({ start: before, end: before + row[i + 1], entity: row[i + 2] });
    }
    MENTIONS.push(mentions);
  });
}

// The text of a document, or nothing where the page has none. Texts lie packed, some to a shelf, until one is looked at.
const shelves = new Map();
async function textOf(document) {
  const shelf = Math.floor(document / SHELF);
  if (!shelves.has(shelf))
    shelves.set(
      shelf,
      (async () => {
        const texts = [];
        await unpack(`texts-${shelf}`, ([text]) => texts.push(text));
        return texts;
      })(),
    );
  return (await shelves.get(shelf))[document % SHELF] || "";
}

function byDegree(a, b) {
  return ENTITIES[b].near.size - ENTITIES[a].near.size || a - b;
}

// --- dates ------------------------------------------------------------------------------------------------------------------------
// First and last day that a date may mean (EDTF: 2021, 2021-09, 2021-21 for its spring, 202X, 2021~, 2019/2021), as texts that compare.
const SEASONS = { 21: ["03", "05"], 22: ["06", "08"], 23: ["09", "11"], 24: ["12", "12"] };

function days(date) {
  if (!date) return null;
  const [first, last = first] = date.replace(/[~?%]/g, "").split("/");
  const at = (text, side) => text.replace(/-(2[1-4])$/, (_, season) => `-${SEASONS[season][side]}`).replace(/X/g, side ? "9" : "0");
  return [at(first, 0), `${at(last, 1)}~`];
}

// When a fact was so: by its own dates where it has any, else by the day of its document.
function daysOf(fact) {
  if (fact.days === undefined) {
    const first = days(fact.start || fact.end || DOCUMENTS[fact.document].date),
      last = days(fact.end || fact.start || DOCUMENTS[fact.document].date);
    fact.days = first && last ? [first[0], last[1]] : null;
  }
  return fact.days;
}

function period(fact) {
  if (fact.start && fact.end) return fact.start === fact.end ? fact.start : `${fact.start} to ${fact.end}`;
  return fact.start ? fact.start : fact.end ? `to ${fact.end}` : "";
}

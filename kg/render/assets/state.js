// What the page shows, as the part of its address after "#": it can be shared, restored and gone back to.
//   #entity=person/anna-wells&path=force/essex&view=timeline&document=charged&at=120&show=all&filter=status:-denied;from:2019
const STATE = { view: "graph", entity: null, path: null, document: null, at: null, show: "", edge: null, group: null };
const VIEWS = ["graph", "list", "timeline", "documents"];
let written = null; // what this page wrote last, to tell its own changes from those of the reader

function address(state = STATE) {
  const parts = [];
  const add = (name, value) => {
    if (value !== null && value !== "") parts.push(`${name}=${escaped(value)}`);
  };
  add("entity", state.entity === null ? null : ENTITIES[state.entity].id);
  add("path", state.path === null ? null : ENTITIES[state.path].id);
  add("view", state.view === "graph" ? "" : state.view);
  const read = state.view === "documents" && state.document !== null;
  add("document", read ? DOCUMENTS[state.document].id : null);
  add("at", read && state.at !== null ? String(state.at) : null);
  add("show", state.show);
  const filter = filterText();
  if (filter) parts.push(`filter=${filter}`);
  return `#${parts.join("&")}`;
}

function escaped(text) {
  return encodeURIComponent(text).replace(/%2F/g, "/").replace(/%2C/g, ",");
}

function filterText() {
  const parts = [];
  for (const name of ["status", "type", "predicate"]) {
    const hidden = [...FILTER[name]],
      shown = boxes(name)
        .map((box) => box.value)
        .filter((value) => !FILTER[name].has(value));
    if (hidden.length)
      parts.push(
        `${name}:${(hidden.length <= shown.length ? hidden.map((value) => `-${value}`) : shown.length ? shown : ["none"]).map(escaped).join(",")}`,
      );
  }
  if (FILTER.document !== null) parts.push(`document:${escaped(DOCUMENTS[FILTER.document].id)}`);
  for (const name of ["from", "to"]) if (FILTER[name]) parts.push(`${name}:${FILTER[name]}`);
  return parts.join(";");
}

// Reads an address into STATE and FILTER. What is not known in this graph is left out; says whether anything was.
function readAddress(hash) {
  const given = new Map(
    hash
      .replace(/^#/, "")
      .split("&")
      .filter(Boolean)
      .map((part) => {
        const at = part.indexOf("=");
        return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
      }),
  );
  let unknown = false;
  const find = (name, things) => {
    if (!given.has(name)) return null;
    const id = unescaped(given.get(name)),
      found = things.findIndex((thing) => thing.id === id || (things === ENTITIES && DATA.base + thing.id === id));
    unknown = unknown || found < 0;
    return found < 0 ? null : found;
  };
  const entity = find("entity", ENTITIES),
    document = find("document", DOCUMENTS);
  const view = VIEWS.includes(given.get("view")) ? given.get("view") : "graph";
  const at = /^\d+$/.test(given.get("at") || "") ? Number(given.get("at")) : null;
  Object.assign(STATE, {
    view,
    entity,
    path: entity === null ? null : find("path", ENTITIES),
    document,
    at: document === null ? null : at,
    edge: null,
    group: null,
    show: ["all", "part"].includes(given.get("show")) ? given.get("show") : "",
  });
  Object.assign(FILTER, { status: new Set(), predicate: new Set(), type: new Set(), document: null, from: "", to: "" });
  for (const part of (given.get("filter") || "").split(";").filter(Boolean)) {
    const at = part.indexOf(":"),
      name = part.slice(0, at),
      values = part
        .slice(at + 1)
        .split(",")
        .map(unescaped);
    if (name === "status" || name === "type" || name === "predicate") {
      const all = boxes(name).map((box) => box.value);
      const hide = values.every((value) => value.startsWith("-"));
      FILTER[name] = new Set(hide ? all.filter((value) => values.includes(`-${value}`)) : all.filter((value) => !values.includes(value)));
    } else if (name === "document") {
      const found = DOCUMENTS.findIndex((thing) => thing.id === unescaped(part.slice(at + 1)));
      if (found < 0) unknown = true;
      else FILTER.document = found;
    } else if ((name === "from" || name === "to") && DATE.test(values[0])) FILTER[name] = values[0];
    else unknown = true;
  }
  return unknown;
}

// The address may have been typed: a percent sign that begins no escape stands for itself.
function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Writes the address: as a new step to go back from, or in place of the last.
function remember(step = true) {
  const now = address();
  if (now === (window.location.hash || "#")) return;
  written = now;
  if (step) window.location.hash = now;
  else window.location.replace(now);
}

// Changes what is shown, draws it and remembers it.
function go(changes, step = true) {
  Object.assign(STATE, changes);
  present();
  remember(step);
}

window.addEventListener("hashchange", () => {
  if ((window.location.hash || "#") !== written) restore();
});

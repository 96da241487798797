// The card: what the documents say of the chosen entity or edge. Every text is set as text, never as markup.
const card = document.getElementById("card");
const FEW = 3;

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

function openCard(title, kind, subtitle, buttons, body) {
  const close = element("button", { type: "button", "aria-label": "Close card", onclick: closeCard }, "✕");
  card.replaceChildren(
    element("div", { class: "top" }, element("h2", { id: "card-title" }, title), close),
    kind ? element("p", { class: "kind" }, swatch(kind), DATA.styles.nodes[kind].label, subtitle) : element("p", { class: "kind" }, subtitle),
    element("div", { class: "row" }, ...buttons), ...body,
  );
  card.setAttribute("aria-labelledby", "card-title");
  card.hidden = false;
  card.scrollTop = 0;
}

function closeCard() {
  card.hidden = true;
  VIEW.chosen = null;
  network.unselectAll();
  document.getElementById("search").focus();
}

function swatch(kind) {
  const drawn = document.querySelector(`#filters svg.kind-${kind}`);
  return drawn ? drawn.cloneNode(true) : "";
}

function entityCard(index) {
  const entity = ENTITIES[index];
  const facts = entity.facts.filter(passes), hidden = entity.facts.length - facts.length;
  const others = entity.names.filter((name) => name !== entity.name);
  const left = neighbours(index).filter((other) => !VIEW.places.has(other)).length;
  const more = element("button", { type: "button", id: "expand", onclick: () => { expand(index, 40); entityCard(index); card.focus(); } }, left ? `Show neighbours (${left})` : "All neighbours are shown");
  more.disabled = left === 0;
  const only = element("button", { type: "button", onclick: () => { focusOn(index); entityCard(index); card.focus(); } }, "Only these");
  const body = [];
  if (others.length) body.push(element("p", { class: "note" }, `Also: ${others.join(" · ")}`));
  if (hidden) body.push(element("p", { class: "note" }, `${plural(hidden, "fact")} hidden by the filters.`));
  if (!facts.length) body.push(element("p", {}, "No fact to show."));
  body.push(...sections(facts.filter((fact) => fact.subject === index), index));
  body.push(...sections(facts.filter((fact) => fact.subject !== index), index));
  openCard(entity.name, entity.kind, ` · in ${plural(entity.documents, "document")}`, [more, only], body);
}

function edgeCard(id) {
  const edge = EDGES[id];
  openCard(`${ENTITIES[edge.from].name} – ${ENTITIES[edge.to].name}`, null, `link with status: ${edge.status}`,
    [entityLink(edge.from, "button"), entityLink(edge.to, "button")], sections(edge.facts.filter(passes), edge.from));
}

function plural(count, what) {
  return `${count.toLocaleString("en-GB")} ${what}${count === 1 ? "" : "s"}`;
}

// One section a predicate, one item a claim, under it every sentence it was read from.
function sections(facts, index) {
  const groups = new Map();
  for (const fact of facts) put(groups, fact.subject === index ? fact.words : `${fact.words} – of others`, fact);
  return [...groups].sort(([a], [b]) => a < b ? -1 : 1).map(([heading, group]) => {
    const claims = new Map();
    for (const fact of group) put(claims, [fact.subject, fact.object, fact.literal, fact.status, fact.start, fact.end].join("\u0001"), fact);
    // Claims about the same thing stand together, whatever their status, the oldest document first.
    const rows = [...claims.values()].sort(([a], [b]) => compare(other(a, index), other(b, index)) || compare(dateOf(a), dateOf(b)));
    return element("section", {}, element("h3", {}, heading), element("ul", {}, ...rows.map((same) => claim(same, index))));
  });
}

function put(groups, key, value) {
  if (groups.has(key)) groups.get(key).push(value);
  else groups.set(key, [value]);
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function dateOf(fact) {
  return DOCUMENTS[fact.document].date || "9999";
}

function other(fact, index) {
  if (fact.object === null) return fact.literal;
  return ENTITIES[fact.subject === index ? fact.object : fact.subject].name;
}

function claim(facts, index) {
  const [first] = facts;
  const line = element("p", { class: "claim" }, badge(first.status));
  if (first.subject !== index) line.append(entityLink(first.subject), ` ${first.words} `, element("bdi", {}, ENTITIES[index].name));
  else if (first.object === null) line.append(element("bdi", {}, first.literal));
  else line.append(entityLink(first.object));
  const when = period(first);
  if (when) line.append(" ", element("span", { class: "when" }, `(${when})`));
  const item = element("li", { class: "fact" }, line, ...facts.slice(0, FEW).map(evidence));
  if (facts.length > FEW) item.append(element("details", {}, element("summary", {}, `${facts.length - FEW} more`), ...facts.slice(FEW).map(evidence)));
  return item;
}

function badge(status) {
  return element("span", { class: `badge ${status}` }, status);
}

function period(fact) {
  if (fact.start && fact.end) return fact.start === fact.end ? fact.start : `${fact.start} to ${fact.end}`;
  return fact.start ? fact.start : fact.end ? `to ${fact.end}` : "";
}

function entityLink(index, look = "link") {
  return element("button", { type: "button", class: look, onclick: () => choose(index) }, element("bdi", {}, ENTITIES[index].name));
}

function evidence(fact) {
  const from = DOCUMENTS[fact.document];
  const title = from.title || from.id;
  const named = /^https?:\/\//i.test(from.url)
    ? element("a", { href: from.url, rel: "noopener noreferrer", target: "_blank" }, title) : element("span", {}, title);
  return element("div", {},
    fact.sentence ? element("blockquote", {}, ...highlighted(fact)) : null,
    element("p", { class: "origin" }, "— ", named, [from.source, from.date].filter(Boolean).map((part) => `, ${part}`).join("")));
}

// The sentence, with the names of both ends (or the literal) marked where they occur.
function highlighted(fact) {
  const wanted = [...ENTITIES[fact.subject].names, ...(fact.object === null ? [fact.literal] : ENTITIES[fact.object].names)]
    .filter((name) => name.length > 1).sort((a, b) => b.length - a.length);
  if (!wanted.length) return [fact.sentence];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${wanted.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})(?![\\p{L}\\p{N}])`, "giu");
  return fact.sentence.split(pattern).map((part, at) => at % 2 ? element("mark", {}, part) : part);
}

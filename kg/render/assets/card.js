// The card: what the documents say of the chosen entity, edge or group.
const card = byId("card");
const FEW = 3;
const SECTION = 8;
const LEADS = new Set(["headOf", "commissionerFor"]);

function openCard(title, subtitle, buttons, body) {
  const close = element("button", { type: "button", class: "close", "aria-label": "Close card", onclick: closeCard }, "✕");
  card.replaceChildren(
    element("div", { class: "top" }, element("h2", { id: "card-title" }, element("bdi", {}, title)), close),
    element("p", { class: "kind" }, subtitle),
    element("div", { class: "row tools" }, buttons),
    ...body.flat().filter(Boolean),
  );
  card.setAttribute("aria-labelledby", "card-title");
  card.hidden = false;
  card.scrollTop = 0;
}

function closeCard() {
  const along = STATE.path !== null;
  card.hidden = true;
  network.unselectAll();
  go({ entity: null, path: null, edge: null, group: null });
  if (along) showPlaces();
  byId("search").focus();
}

function swatch(kind) {
  const drawn = document.querySelector(`#filters svg.kind-${kind}`);
  return drawn ? drawn.cloneNode(true) : "";
}

function button(text, act, id = null) {
  return element("button", { type: "button", onclick: act, id }, text);
}

function entityCard(index) {
  const entity = ENTITIES[index];
  const facts = entity.facts.filter(passes),
    hidden = entity.facts.length - facts.length;
  const left = neighbours(index).filter((other) => !VIEW.places.has(other)).length;
  const more = button(
    left ? `Show neighbours (${left})` : "All neighbours are shown",
    () => {
      go({ view: "graph" });
      expand(index, STEP);
      entityCard(index);
      card.focus();
    },
    "expand",
  );
  more.disabled = left === 0;
  const only = button("Only these", () => {
    go({ view: "graph", show: "part" });
    focusOn(index);
    entityCard(index);
    card.focus();
  });
  const path = button("Path to …", () => openPath(index));
  const time = button("Timeline", () => go({ view: "timeline" }));
  const body = [];
  if (entity.others.length) body.push(element("p", { class: "note" }, "Also: ", growingText(entity.others)));
  const same = namesakes(index);
  if (same.length) {
    body.push(
      element(
        "div",
        { class: "caution" },
        "Others of the same name, who may be the same or somebody else:",
        element(
          "ul",
          {},
          same.slice(0, 12).map((other) => element("li", {}, entityLink(other), `: ${tally(ENTITIES[other].facts) || "no facts"}`)),
        ),
      ),
    );
  }
  body.push(element("p", { class: "note" }, facts.length ? `${plural(facts.length, "fact")}: ${tally(facts)}.` : "No fact to show."));
  if (hidden) body.push(element("p", { class: "note" }, `${plural(hidden, "fact")} hidden by the filters.`));
  body.push(posts(facts, index));
  body.push(
    sections(
      facts.filter((fact) => fact.subject === index),
      index,
    ),
  );
  body.push(
    sections(
      facts.filter((fact) => fact.subject !== index),
      index,
    ),
  );
  openCard(
    entity.name,
    [swatch(entity.kind), `${DATA.styles.nodes[entity.kind].label} · in ${plural(entity.documents, "document")}`],
    [more, only, path, time],
    body,
  );
}

function edgeCard(id) {
  const edge = EDGES[id];
  openCard(
    `${ENTITIES[edge.from].name} – ${ENTITIES[edge.to].name}`,
    [badge(edge.status), `${plural(edge.facts.filter(passes).length, "fact")} with this status`],
    [entityLink(edge.from), " · ", entityLink(edge.to)],
    [sections(edge.facts.filter(passes), edge.from)],
  );
}

function groupCard(key) {
  const group = groupOf(key);
  const [list, more] = growing(
    group.members,
    60,
    (index) => element("li", {}, swatch(ENTITIES[index].kind), " ", entityLink(index)),
    element("ul", { class: "members" }),
  );
  openCard(
    group.name,
    [`Group of ${plural(group.count, "entity", "entities")} that hang together; the best linked come first`],
    [
      button(
        "Open this group",
        () => {
          openGroup(key);
          groupCard(key);
          card.focus();
        },
        "open-group",
      ),
    ],
    [list, more],
  );
}

// Entities of one kind and name that the graph keeps apart.
let byName = null;
function namesakes(index) {
  const key = ({ kind, name }) => `${kind === "Commissioner" ? "Person" : kind}\u0001${folded(name)}`;
  if (!byName) {
    byName = new Map();
    for (const entity of ENTITIES) put(byName, key(entity), entity.index);
  }
  return byName.get(key(ENTITIES[index])).filter((other) => other !== index);
}

// "9 asserted, 2 alleged": how many facts have which status.
function tally(facts) {
  return DATA.statuses
    .map((status) => [status, facts.filter((fact) => fact.status === status).length])
    .filter(([, count]) => count)
    .map(([status, count]) => `${number(count)} ${status}`)
    .join(", ");
}

function growingText(names) {
  if (names.length <= 8) return names.join(" · ");
  return [
    names.slice(0, 8).join(" · "),
    element("details", {}, element("summary", {}, `${names.length - 8} more names`), names.slice(8).join(" · ")),
  ];
}

// The dated steps of a career, or who led a body when.
function posts(facts, index) {
  const isPerson = ["Person", "Commissioner"].includes(ENTITIES[index].kind);
  const steps = claimsOf(
    facts.filter(
      (fact) =>
        (fact.start || fact.end) && (isPerson ? fact.post && fact.subject === index : LEADS.has(fact.predicate) && fact.object === index),
    ),
  );
  if (!steps.length) return null;
  steps.sort(([a], [b]) => compare(daysOf(a)[0], daysOf(b)[0]) || compare(a.index, b.index));
  const [list, more] = growing(
    steps,
    SECTION,
    ([fact]) =>
      element(
        "li",
        {},
        element("span", { class: "when" }, period(fact)),
        element("span", {}, badge(fact.status), isPerson ? [`${fact.words} `, target(fact)] : [entityLink(fact.subject), ` ${fact.words}`]),
      ),
    element("ol", { class: "posts" }),
  );
  return element("section", {}, element("h3", {}, isPerson ? "Posts over time" : "Led by, over time"), list, more);
}

// Rows that say the same, from however many sentences, are one claim.
function claimsOf(facts) {
  const claims = new Map();
  for (const fact of facts)
    put(claims, [fact.subject, fact.predicate, fact.object, fact.literal, fact.status, fact.start, fact.end].join("\u0001"), fact);
  return [...claims.values()];
}

// One section a predicate, one item a claim, under it every sentence it was read from.
function sections(facts, index) {
  const groups = new Map();
  for (const fact of facts) put(groups, fact.subject === index ? fact.words : `${fact.words} – of others`, fact);
  return [...groups]
    .sort(([a], [b]) => compare(a, b))
    .map(([heading, group]) => {
      // Claims about the same thing stand together, whatever their status, the oldest document first.
      const claims = claimsOf(group).sort(
        ([a], [b]) => compare(other(a, index), other(b, index)) || compare(dateOf(a), dateOf(b)) || compare(a.index, b.index),
      );
      const [list, more] = growing(claims, SECTION, (same) => claim(same, index), element("ul", {}));
      return element("section", {}, element("h3", {}, heading), list, more);
    });
}

function dateOf(fact) {
  return DOCUMENTS[fact.document].date || "9999";
}

function other(fact, index) {
  if (fact.object === null) return fact.literal;
  return ENTITIES[fact.subject === index ? fact.object : fact.subject].name;
}

function target(fact) {
  return fact.object === null ? element("bdi", {}, fact.literal) : entityLink(fact.object);
}

function claim(facts, index) {
  const [first] = facts,
    when = period(first);
  const line = element(
    "p",
    { class: "claim" },
    badge(first.status),
    first.subject === index
      ? target(first)
      : [entityLink(first.subject), ` ${first.words} `, element("bdi", {}, ENTITIES[first.object].name)],
    when ? [" ", element("span", { class: "when" }, `(${when})`)] : null,
  );
  const item = element("li", { class: `fact ${first.status}` }, line, facts.slice(0, FEW).map(evidence));
  if (facts.length > FEW)
    item.append(element("details", {}, element("summary", {}, `${facts.length - FEW} more`), ...facts.slice(FEW).map(evidence)));
  return item;
}

// A fact in one line, with both its ends.
function wholeClaim(fact) {
  const when = period(fact);
  return element(
    "p",
    { class: "claim" },
    badge(fact.status),
    entityLink(fact.subject),
    ` ${fact.words} `,
    target(fact),
    when ? [" ", element("span", { class: "when" }, `(${when})`)] : null,
  );
}

function badge(status) {
  return element("span", { class: `badge ${status}` }, status);
}

// A link that can be opened anew or copied, and that shows its entity here.
function entityLink(index) {
  return element(
    "a",
    { href: address({ ...STATE, entity: index, path: null }), onclick: (event) => here(event, () => choose(index)) },
    element("bdi", {}, ENTITIES[index].name),
  );
}

function documentLink(index, at, text) {
  return element(
    "a",
    {
      href: address({ ...STATE, view: "documents", document: index, at }),
      onclick: (event) => here(event, () => go({ view: "documents", document: index, at })),
    },
    element("bdi", {}, text),
  );
}

function here(event, act) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  act();
}

function evidence(fact) {
  const from = DOCUMENTS[fact.document],
    sentence = SENTENCES[fact.sentence];
  const original = /^https?:\/\//i.test(from.url)
    ? [", ", element("a", { href: from.url, rel: "noopener noreferrer", target: "_blank" }, "original")]
    : null;
  return element(
    "div",
    { class: "evidence" },
    sentence.text ? element("blockquote", {}, highlighted(fact, sentence)) : null,
    element(
      "p",
      { class: "origin" },
      "— ",
      documentLink(fact.document, sentence.start < 0 ? null : sentence.start, from.name),
      [from.source, from.date]
        .filter(Boolean)
        .map((part) => `, ${part}`)
        .join(""),
      original,
      fact.sure ? `; read with confidence ${fact.sure} %` : "",
    ),
  );
}

// The sentence, with what stands for both ends (or the literal) marked: where that is known, and otherwise wherever their names occur.
function highlighted(fact, { start, text }) {
  const marks = [];
  for (const end of [fact.subject, fact.object]) {
    if (end === null) continue;
    const known =
      start < 0
        ? []
        : (MENTIONS[fact.document] || []).filter(
            (mention) => mention.entity === end && mention.start >= start && mention.end <= start + text.length,
          );
    marks.push(
      ...(known.length
        ? known.map((mention) => [mention.start - start, mention.end - start])
        : occurrences(text, [ENTITIES[end].name, ...ENTITIES[end].others])),
    );
  }
  if (fact.object === null) marks.push(...occurrences(text, [fact.literal]));
  const parts = [];
  let done = 0;
  for (const [from, to] of marks.sort(([a, x], [b, y]) => a - b || y - x)) {
    if (from < done) continue;
    parts.push(text.slice(done, from), element("mark", {}, text.slice(from, to)));
    done = to;
  }
  return [...parts, text.slice(done)];
}

function occurrences(text, names) {
  const wanted = names.filter((name) => name.length > 1).sort((a, b) => b.length - a.length);
  if (!wanted.length) return [];
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(${wanted.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})(?![\\p{L}\\p{N}])`,
    "giu",
  );
  return [...text.matchAll(pattern)].map((found) => [found.index, found.index + found[0].length]);
}

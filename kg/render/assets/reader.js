// The documents: a list of them, and the text of one with its mentions marked and linked and its facts beside it.
const documentsView = byId("documents-view");

async function showDocuments() {
  if (STATE.document === null) showShelf();
  else await showDocument(STATE.document, STATE.at);
}

function showShelf() {
  const rows = DOCUMENTS.filter(
    ({ index, facts }) => (FILTER.document === null || index === FILTER.document) && (!factsFiltered() || facts.some(passes)),
  ).sort((a, b) => compare(b.date, a.date) || compare(a.name, b.name));
  const [body, more] = growing(
    rows,
    200,
    (from) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, documentLink(from.index, null, from.name)),
        element("td", {}, from.date),
        element("td", {}, from.source),
        element("td", { class: "number" }, number(from.facts.filter(passes).length)),
        element("td", {}, tally(from.facts.filter((fact) => passes(fact) && fact.status !== "asserted"))),
      ),
    element("tbody", {}),
  );
  const heads = ["Document", "Date", "Source", "Facts", "Not asserted"].map((text) => element("th", { scope: "col" }, text));
  documentsView.replaceChildren(
    element("h2", {}, plural(rows.length, "document")),
    element("table", {}, element("thead", {}, element("tr", {}, heads)), body),
    more,
  );
}

async function showDocument(index, at) {
  const from = DOCUMENTS[index],
    text = await textOf(index);
  if (STATE.document !== index) return; // the reader has gone on meanwhile
  const facts = claimsOf(from.facts.filter(passes)).sort(
    ([a], [b]) => SENTENCES[a.sentence].start - SENTENCES[b.sentence].start || compare(a.index, b.index),
  );
  const [list, more] = growing(
    facts,
    100,
    ([fact]) => {
      const start = SENTENCES[fact.sentence].start;
      const link =
        start < 0
          ? null
          : element(
              "a",
              {
                class: "show",
                href: address({ ...STATE, at: start }),
                "aria-label": "Show its sentence in the text",
                onclick: (event) => here(event, () => go({ at: start })),
              },
              "sentence",
            );
      return element("li", { class: `fact ${fact.status}` }, wholeClaim(fact), link);
    },
    element("ul", {}),
  );
  const original = /^https?:\/\//i.test(from.url)
    ? [" · ", element("a", { href: from.url, rel: "noopener noreferrer", target: "_blank" }, "original")]
    : null;
  documentsView.replaceChildren(
    element(
      "p",
      { class: "row" },
      button("All documents", () => go({ document: null, at: null })),
      button("Only facts of this document", () => setFilter({ document: index })),
    ),
    element("h2", {}, element("bdi", {}, from.name)),
    element(
      "p",
      { class: "note" },
      [from.source, from.date || "no date known", plural(from.facts.length, "fact")].filter(Boolean).join(" · "),
      original,
    ),
    element(
      "div",
      { class: "reading" },
      element(
        "article",
        { "aria-label": "Text", lang: "en-GB" },
        text ? marked(text, MENTIONS[index] || [], at, index) : element("p", {}, "This page holds no text of this document."),
      ),
      element(
        "section",
        { "aria-label": "Facts read from this document", class: "beside" },
        element("h3", {}, "Facts read from it"),
        list,
        more,
      ),
    ),
  );
  const found = documentsView.querySelector("mark.evidence");
  if (found) {
    found.scrollIntoView({ block: "center" });
    found.focus({ preventScroll: true });
  } else documentsView.scrollTop = 0;
}

// The text with links for mentions; of those within one another the outermost. The sentence at `at` is marked as well.
function marked(text, mentions, at, document) {
  const sentence =
    at === null
      ? null
      : SENTENCES.filter((one) => one.document === document && one.start === at).sort((a, b) => b.text.length - a.text.length)[0];
  const span = sentence ? [at, at + sentence.text.length] : [-1, -1];
  const parts = [],
    within = [];
  let done = 0;
  const add = (start, end, entity) => {
    // What reaches over an end of the sentence is cut there.
    for (const edge of span)
      if (start < edge && edge < end) {
        add(start, edge, entity);
        return add(edge, end, entity);
      }
    if (start >= end) return null;
    const words = text.slice(start, end);
    const made =
      entity === null
        ? words
        : element(
            "a",
            {
              class: "mention",
              href: address({ ...STATE, entity, path: null }),
              title: `${ENTITIES[entity].name} (${DATA.styles.nodes[ENTITIES[entity].kind].label})`,
              onclick: (event) => here(event, () => choose(entity)),
            },
            words,
          );
    (start >= span[0] && end <= span[1] ? within : parts).push(made);
    if (end === span[1]) parts.push(element("mark", { class: "evidence", tabindex: "-1" }, ...within));
    return null;
  };
  for (const mention of [...mentions].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (mention.start < done) continue;
    add(done, mention.start, null);
    add(mention.start, mention.end, mention.entity);
    done = mention.end;
  }
  add(done, text.length, null);
  return parts;
}

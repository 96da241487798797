// The list: every entity that passes the filters, for those who rather read than look, and for screen readers.
const listView = byId("list");

function showList() {
  const counts = new Map();
  for (const fact of FACTS)
    if (passes(fact)) for (const end of [fact.subject, fact.object]) if (end !== null) counts.set(end, (counts.get(end) || 0) + 1);
  const rows = ENTITIES.filter((entity) => kindShown(entity) && (counts.has(entity.index) || !factsFiltered())).sort(
    (a, b) => (counts.get(b.index) || 0) - (counts.get(a.index) || 0) || compare(a.name, b.name),
  );
  const [body, more] = growing(
    rows,
    200,
    (entity) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, swatch(entity.kind), " ", entityLink(entity.index)),
        element("td", {}, DATA.styles.nodes[entity.kind].label),
        element("td", { class: "number" }, number(counts.get(entity.index) || 0)),
        element("td", { class: "number" }, number(entity.documents)),
        element("td", {}, entity.others.slice(0, 4).join(" · ")),
      ),
    element("tbody", {}),
  );
  const heads = ["Name", "Kind", "Facts", "Documents", "Also called"].map((text) => element("th", { scope: "col" }, text));
  listView.replaceChildren(
    element("h2", {}, plural(rows.length, "entity", "entities")),
    element("table", {}, element("thead", {}, element("tr", {}, heads)), body),
    more,
  );
}

// The legend is the filter: what is unticked is not shown. Empty sets of what is hidden mean: everything.
const FILTER = { status: new Set(), predicate: new Set(), type: new Set(), document: null, from: "", to: "" };
const DATE = /^\d{4}(-\d\d){0,2}$/;
const documentBox = byId("document"),
  fromBox = byId("from"),
  toBox = byId("to");

function passes(fact) {
  if (FILTER.status.has(fact.status) || FILTER.predicate.has(fact.predicate)) return false;
  if (FILTER.document !== null && fact.document !== FILTER.document) return false;
  if (!FILTER.from && !FILTER.to) return true;
  const span = daysOf(fact);
  return span !== null && (!FILTER.from || span[1] >= FILTER.from) && (!FILTER.to || span[0] <= `${FILTER.to}~`);
}

function kindShown(entity) {
  return !FILTER.type.has(entity.kind);
}

function factsFiltered() {
  return FILTER.status.size > 0 || FILTER.predicate.size > 0 || FILTER.document !== null || FILTER.from !== "" || FILTER.to !== "";
}

function boxes(name) {
  return [...document.querySelectorAll(`#filters input[name=${name}]`)];
}

// Shows in the panel what FILTER holds.
function showFilter() {
  for (const name of ["status", "predicate", "type"]) for (const box of boxes(name)) box.checked = !FILTER[name].has(box.value);
  documentBox.value = FILTER.document === null ? "" : DOCUMENTS[FILTER.document].name;
  fromBox.value = FILTER.from;
  toBox.value = FILTER.to;
  byId("reset").disabled = !factsFiltered() && FILTER.type.size === 0;
  byId("filtered").textContent = filterWords();
}

// What the filters let through, in words: for the sheet that is printed.
function filterWords() {
  const parts = [];
  for (const [name, what] of [
    ["status", "status"],
    ["type", "kind"],
    ["predicate", "predicate"],
  ]) {
    const shown = boxes(name).filter((box) => !FILTER[name].has(box.value)),
      hidden = boxes(name).length - shown.length;
    if (hidden)
      parts.push(
        hidden <= shown.length
          ? `without ${what} ${[...FILTER[name]].join(", ")}`
          : `only ${what} ${shown.map((box) => box.value).join(", ") || "none"}`,
      );
  }
  if (FILTER.document !== null) parts.push(`only document ${DOCUMENTS[FILTER.document].name}`);
  if (FILTER.from || FILTER.to) parts.push(`dated ${FILTER.from || "…"} to ${FILTER.to || "…"}`);
  return parts.length ? `Filtered: ${parts.join("; ")}.` : "";
}

// Empties the filters, or sets some of them, and shows what passes.
function setFilter(changes) {
  Object.assign(FILTER, changes);
  showFilter();
  filtered();
}

function tick(name, checked) {
  setFilter({ [name]: new Set(checked ? [] : boxes(name).map((box) => box.value)) });
}

byId("filters").addEventListener("change", (event) => {
  const name = event.target.name;
  if (event.target.type === "checkbox")
    setFilter({
      [name]: new Set(
        boxes(name)
          .filter((box) => !box.checked)
          .map((box) => box.value),
      ),
    });
  else if (event.target === fromBox || event.target === toBox) {
    const text = event.target.value.trim();
    event.target.setCustomValidity(text && !DATE.test(text) ? "A date like 2019, 2019-04 or 2019-04-30" : "");
    if (event.target.reportValidity()) setFilter({ [event.target.id]: text });
  }
});
byId("all-predicates").addEventListener("click", () => tick("predicate", true));
byId("no-predicates").addEventListener("click", () => tick("predicate", false));
byId("reset").addEventListener("click", () =>
  setFilter({ status: new Set(), predicate: new Set(), type: new Set(), document: null, from: "", to: "" }),
);
documentBox.addEventListener("cleared", () => setFilter({ document: null }));
documentBox.addEventListener("input", () => {
  if (!documentBox.value && FILTER.document !== null) setFilter({ document: null });
});

// The legend is the filter: what is unticked is not shown.
const documentBox = document.getElementById("document");

function boxes(name) {
  return [...document.querySelectorAll(`#filters input[name=${name}]`)];
}

function readFilters() {
  for (const [name, hidden] of [["status", FILTER.statuses], ["predicate", FILTER.predicates], ["kind", FILTER.kinds]]) {
    hidden.clear();
    for (const box of boxes(name)) if (!box.checked) hidden.add(box.value);
  }
}

function filtersChanged(event) {
  readFilters();
  if (VIEW.mode === "all" || (event && event.target.name === "kind" && !factsFiltered())) draw();
  else show("overview");
  refreshCard();
}

function setPredicates(checked) {
  for (const box of boxes("predicate")) box.checked = checked;
  filtersChanged();
}

function chooseDocument(index) {
  FILTER.document = index;
  documentBox.value = index === null ? "" : DOCUMENTS[index].title || DOCUMENTS[index].id;
  // One document is little: it is laid out by itself, also where the whole graph is shown.
  if (index === null) show(LARGE ? "overview" : "all");
  else show("part");
  refreshCard();
}

function resetFilters() {
  for (const name of ["status", "predicate", "kind"]) for (const box of boxes(name)) box.checked = true;
  readFilters();
  chooseDocument(null);
}

document.getElementById("filters").addEventListener("change", (event) => { if (event.target.type === "checkbox") filtersChanged(event); });
document.getElementById("all-predicates").addEventListener("click", () => setPredicates(true));
document.getElementById("no-predicates").addEventListener("click", () => setPredicates(false));
document.getElementById("reset").addEventListener("click", resetFilters);
documentBox.addEventListener("cleared", () => chooseDocument(null));
documentBox.addEventListener("input", () => { if (!documentBox.value && FILTER.document !== null) chooseDocument(null); });

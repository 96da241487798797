// Search as you type: a combobox over a list of names, driven by keys or pointer (WAI-ARIA's pattern).
const MOST_RESULTS = 40;

function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// How well a name answers: 0 begins with it, 1 a word does, 2 it holds it, 3 all its words occur; Infinity not at all.
function match(name, query, words) {
  if (name.startsWith(query)) return 0;
  if (name.includes(` ${query}`)) return 1;
  if (name.includes(query)) return 2;
  return words.every((word) => name.includes(word)) ? 3 : Infinity;
}

// `items()` gives {keys, line, note, weight}; it is called once, when the box is first used.
function combobox(input, list, items, pick) {
  let ready = null,
    found = [],
    active = -1;

  function search() {
    if (!complete) return;
    ready = ready || items().map((item) => ({ ...item, keys: item.keys.map(folded) }));
    const query = folded(input.value.trim()),
      words = query.split(/\s+/);
    found = [];
    if (query) {
      for (const item of ready) {
        const rank = Math.min(...item.keys.map((key) => match(key, query, words)));
        if (rank < Infinity) found.push({ item, rank });
      }
      found.sort((a, b) => a.rank - b.rank || b.item.weight - a.item.weight || compare(a.item.line, b.item.line));
    }
    list.replaceChildren(
      ...found.slice(0, MOST_RESULTS).map(({ item }, at) => {
        const option = element(
          "li",
          { role: "option", id: `${list.id}-${at}`, "aria-selected": "false" },
          element("bdi", {}, item.line),
          " ",
          element("small", {}, item.note),
        );
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(at);
        });
        return option;
      }),
    );
    if (query && !found.length) list.replaceChildren(element("li", { role: "option", "aria-disabled": "true" }, "Nothing found"));
    else if (found.length > MOST_RESULTS) list.append(element("li", { role: "presentation" }, `and ${found.length - MOST_RESULTS} more`));
    open(Boolean(query));
    activate(found.length ? 0 : -1);
  }

  function open(yes) {
    list.hidden = !yes;
    input.setAttribute("aria-expanded", String(yes));
    if (!yes) input.removeAttribute("aria-activedescendant");
  }

  function activate(at) {
    active = at;
    [...list.querySelectorAll("[role=option]")].forEach((option, i) => {
      option.setAttribute("aria-selected", String(i === at));
      if (i === at) {
        option.scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", option.id);
      }
    });
  }

  function take(at) {
    open(false);
    pick(found[at].item);
  }

  input.addEventListener("input", search);
  input.addEventListener("click", () => {
    if (input.value && list.hidden) search();
  });
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    const last = Math.min(found.length, MOST_RESULTS) - 1;
    if (event.key === "ArrowDown" && list.hidden && input.value) search();
    else if (event.key === "ArrowDown" && !list.hidden && last >= 0) activate(Math.min(active + 1, last));
    else if (event.key === "ArrowUp" && !list.hidden && last >= 0) activate(Math.max(active - 1, 0));
    else if (event.key === "Enter" && !list.hidden && active >= 0) take(active);
    else if (event.key === "Escape" && (!list.hidden || input.value)) {
      input.value = "";
      search();
      input.dispatchEvent(new Event("cleared"));
      event.stopPropagation();
    } else return;
    event.preventDefault();
  });
}

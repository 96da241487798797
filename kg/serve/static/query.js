// The query page: puts the editor in the place of the text field, tells it what to complete, and keeps queries in this browser.
// Without this file the page works all the same, with the text field.
"use strict";

const EXAMPLE = "SELECT ?force ?name WHERE {\n  ?force a kg:PoliceForce ; rdfs:label ?name\n} ORDER BY ?name LIMIT 20";
const form = document.getElementById("ask");
const field = document.getElementById("query");

function completer(name, get) {
  // The editor's own would ask sites outside for classes, properties and prefixes.
  Yasqe.registerAutocompleter({ ...Yasqe.Autocompleters[name], get, bulk: true, persistenceId: null }, false);
}

// The server knows the project's prefixes without PREFIX; the editor does not, and would mark them as mistakes.
function declared(query, prefixes) {
  const code = query.replace(/^\s*#.*$/gm, "");
  const missing = Object.entries(prefixes).filter(([prefix]) =>
    new RegExp(`(^|[^\\w:?$<#/])${prefix}:`).test(code) && !new RegExp(`PREFIX\\s+${prefix}:`, "i").test(code));
  return missing.map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>\n`).join("") + query;
}

async function edit() {
  const terms = await (await fetch("/terms.json")).json();
  completer("prefixes", () => Object.entries(terms.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`).sort());
  completer("class", () => terms.classes);
  completer("property", () => terms.properties);
  const editor = new Yasqe(document.getElementById("editor"), {
    value: declared(field.value || EXAMPLE, terms.prefixes),
    autocompleters: ["prefixes", "variables", "class", "property"],
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    prefixCcApi: null,
    showQueryButton: false,
    resizeable: false,
    lineWrapping: true,
    screenReaderLabel: "Query in SPARQL",
    extraKeys: { "Ctrl-Enter": () => form.requestSubmit(), "Cmd-Enter": () => form.requestSubmit(), Tab: false, "Shift-Tab": false },
  });
  field.hidden = true;
  field.required = false;
  form.addEventListener("submit", () => { field.value = editor.getValue(); });
  return editor;
}

const KEY = "kg.queries";

function kept() {
  try {
    return Object.entries(JSON.parse(localStorage.getItem(KEY) || "{}")).filter(([, query]) => typeof query === "string");
  } catch {
    return [];
  }
}

function keep(entries) {
  localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(entries)));
  list();
}

function list() {
  document.getElementById("saved").replaceChildren(...kept().map(([name, query]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.textContent = name;
    link.href = `/query?${new URLSearchParams({ query })}`;
    const forget = document.createElement("button");
    forget.textContent = "Forget";
    forget.setAttribute("aria-label", `Forget ${name}`);
    forget.addEventListener("click", () => keep(kept().filter(([other]) => other !== name)));
    item.append(link, " ", forget);
    return item;
  }));
}

document.getElementById("own").hidden = false;
list();
edit().then((editor) => {
  document.getElementById("save").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = event.target.elements.name.value.trim();
    keep([...kept().filter(([other]) => other !== name), [name, editor.getValue()]]);
    event.target.reset();
  });
});

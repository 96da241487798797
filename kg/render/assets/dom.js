// Small helpers for making parts of the page. Every text is set as text, never as markup.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function byId(id) {
  return document.getElementById(id);
}

function number(value) {
  return value.toLocaleString("en-GB");
}

function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

function put(groups, key, value) {
  if (groups.has(key)) groups.get(key).push(value);
  else groups.set(key, [value]);
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

// Long lists grow on demand: the first `most` items, then a button for as many again.
function growing(items, most, make, list) {
  let shown = 0;
  const more = element("button", {
    type: "button",
    class: "more",
    onclick: () => {
      const first = grow();
      if (first) (first.querySelector("a, button") || first).focus();
    },
  });
  function grow() {
    const made = items.slice(shown, shown + most).map(make);
    list.append(...made);
    shown += made.length;
    more.textContent = `${number(items.length - shown)} more`;
    more.hidden = shown >= items.length;
    return made[0];
  }
  grow();
  return [list, more];
}

// SPDX-License-Identifier: MIT
// Elements, and tables that sort and filter.

const svgSpace = "http://www.w3.org/2000/svg";

// Makes an element. `attributes` are set as they are; `children` are elements, or texts, which stay texts.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  return fill(element, attributes, children);
}

function draw(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes))
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

// A link to another view of this page.
function view(changes, ...children) {
  const link = make("a", { href: stateText(changes) }, ...children);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", stateText(changes));
    stateTake(stateRead());
    stateScroll();
  });
  for (const soon of ["focus", "pointerenter"]) link.addEventListener(soon, () => (link.href = stateText(changes))); // who copies it has all that is shown
  return link;
}

// A menu that chooses one key of the state. `words` are what it shows for the names.
function menu(key, label, names, chosen, changed = (value) => ({ [key]: value }), words = names) {
  const select = make("select", { "data-key": key, onchange: () => choose(changed(select.value)) });
  select.append(...names.map((name, place) => make("option", { value: name }, words[place])));
  select.value = chosen;
  return make("label", {}, label, select);
}

// ---- tables ----

const gridMost = 60; // rows that are made before somebody asks for more

/*
 * A table with a filter, and heads that sort.
 *
 *   id        names it in the address: its order as sort.ID, its filter as find.ID, and the rows that are marked as
 *             mark.ID, where rows are numbers
 *   label     what it is, for who cannot see it
 *   columns   [{key, head, text, head_of_row, value(row), show(row), class(row)}]: `value` is sorted and searched by;
 *             `show` gives texts and elements
 *   rows      anything that the columns understand
 *   short     without a filter
 */
function grid({ id, label, columns, rows, short = false, none = "There are no rows." }) {
  const body = make("tbody");
  const count = make("span", { class: "count", role: "status" });
  const more = make("button", { type: "button", hidden: true });
  const heads = columns.map((column) => gridHead(id, column));
  const find = make("input", { type: "search", "aria-label": `Filter: ${label}`, placeholder: "filter", "data-find": id, value: state[`find.${id}`] || "" });
  find.addEventListener("input", () => choose({ [`find.${id}`]: find.value }));
  let all = false;
  const show = () => {
    const found = gridOrder(id, columns, gridFound(id, columns, rows));
    const marked = gridMarked(id);
    const last = found.findLastIndex((row) => marked.has(row));
    const shown = all ? found : found.slice(0, Math.max(gridMost, last + 1));
    body.replaceChildren(...shown.map((row) => gridRow(columns, row, marked.has(row))));
    if (!found.length) body.append(make("tr", {}, make("td", { class: "text", colspan: columns.length }, rows.length ? "No row fits the filter." : none)));
    const many = found.filter((row) => marked.has(row)).length;
    count.textContent = (found.length === rows.length ? countText(rows.length, "row") : `${found.length} of ${countText(rows.length, "row")}`) + (many ? `, ${many} marked` : "");
    more.hidden = shown.length === found.length;
    more.textContent = `Show all ${found.length} rows`;
    gridMarkOrder(id, columns, heads);
  };
  more.addEventListener("click", () => {
    all = true;
    show();
  });
  const host = make("div", { class: "grid", "data-grid": id },
    short ? null : make("div", { class: "choices filter" }, find, count),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
      make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body)), more);
  host.refresh = () => {
    const text = state[`find.${id}`] || "";
    if (find.value !== text) find.value = text;
    show();
  };
  show();
  return host;
}

function gridHead(id, column) {
  const button = make("button", { type: "button" }, column.head);
  button.addEventListener("click", () => {
    const order = state[`sort.${id}`];
    const first = column.text ? column.key : `-${column.key}`; // numbers: the largest first
    const other = column.text ? `-${column.key}` : column.key;
    choose({ [`sort.${id}`]: order === first ? other : order === other ? "" : first });
  });
  return make("th", { scope: "col", class: column.text ? "text" : undefined, title: column.title, "data-head": column.head }, button);
}

function gridMarkOrder(id, columns, heads) {
  const order = state[`sort.${id}`] || "";
  columns.forEach((column, place) => {
    const sorted = order.replace(/^-/, "") === column.key;
    if (sorted) heads[place].setAttribute("aria-sort", order.startsWith("-") ? "descending" : "ascending");
    else heads[place].removeAttribute("aria-sort");
  });
}

const shownText = (shown) => (Array.isArray(shown) ? shown.map(shownText).join(" ") : shown instanceof Node ? shown.textContent : String(shown ?? ""));

/*
 * The terms of a filter, all of which must hold of a row:
 *
 *   word            stands anywhere in the row
 *   column=value    is what the column shows; also column="two words", and column=this|that
 */
function gridTerms(text, columns) {
  return [...text.matchAll(/([\w-]+)=(?:"([^"]*)"|(\S+))|\S+/g)].map(([word, name, quoted, bare]) => {
    const column = name && columns.find(({ key, head }) => key === name || head === name);
    const wanted = quoted !== undefined ? [quoted.toLowerCase()] : (bare || "").toLowerCase().split("|");
    return column ? (row) => wanted.includes(shownText(column.show ? column.show(row) : column.value(row)).toLowerCase()) : (row, all) => all().includes(word.toLowerCase());
  });
}

function gridFound(id, columns, rows) {
  const terms = gridTerms(state[`find.${id}`] || "", columns);
  if (!terms.length) return rows;
  return rows.filter((row) => {
    let text = null;
    const all = () => (text ??= columns.map((column) => shownText(column.show ? column.show(row) : column.value(row))).join(" ").toLowerCase());
    return terms.every((term) => term(row, all));
  });
}

function gridOrder(id, columns, rows) {
  const order = state[`sort.${id}`] || "";
  const column = columns.find(({ key }) => key === order.replace(/^-/, ""));
  if (!column) return rows;
  const sign = order.startsWith("-") ? -1 : 1;
  const worth = new Map(rows.map((row) => [row, column.value(row)]));
  const absent = (value) => missing(value) || value === "";
  return [...rows].sort((a, b) => {
    const [x, y] = [worth.get(a), worth.get(b)];
    if (absent(x) || absent(y)) return absent(x) - absent(y); // what has no figure stands last
    return sign * (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "en", { numeric: true }));
  });
}

// The rows that a link points at.
const gridMarked = (id) => new Set((state[`mark.${id}`] || "").split(",").filter(Boolean).map(Number));

function gridRow(columns, row, marked) {
  return make("tr", marked ? { class: "marked", "aria-current": "true" } : {}, ...columns.map((column) => {
    const shown = column.show ? column.show(row) : missing(column.value(row)) ? "" : String(column.value(row));
    const kind = [column.text ? "text" : "", column.wrap ? "wrap" : "", column.class ? column.class(row) : ""].join(" ").trim();
    if (column.row) return make("th", { scope: "row", class: "text" }, shown);
    return make("td", { class: kind || undefined, "data-value": missing(column.value(row)) ? undefined : column.value(row) }, shown);
  }));
}

// Has a part of the page made anew when one of the keys changes. A control that has the focus keeps it.
function showPart(host, keys, build) {
  showWith(keys, () => {
    const focus = host.contains(document.activeElement) ? controlName(document.activeElement) : "";
    host.replaceChildren(...[build()].flat());
    const again = focus && [...host.querySelectorAll("select, button")].find((control) => controlName(control) === focus);
    if (again) again.focus();
  });
}

const controlName = ({ dataset }) => dataset.key || dataset.metric || dataset.line || dataset.see || "";

// Tables and figures are told when their order, their filter, their marks or their button change.
function showGrids() {
  showWith(["sort.", "find.", "mark.", "see."], (changed) => {
    const touched = changed.map((key) => key.slice(key.indexOf(".") + 1));
    document.querySelectorAll("[data-grid], [data-figure]").forEach((part) => touched.includes(part.dataset.grid || part.dataset.figure) && part.refresh());
  });
}

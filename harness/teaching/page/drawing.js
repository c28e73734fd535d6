// SPDX-License-Identifier: MIT
// The drawing. Graphviz has drawn all parts of all pictures at once; a picture shows those that it has.

const template = data.drawing ? document.importNode(new DOMParser().parseFromString(data.drawing, "image/svg+xml").documentElement, true) : null;

const isFreed = (place, name) => pictures[place].freed.some((number) => `o${number}` === name);

// Has an object's group show its count and its colour.
function objectShow(group, place, name, object) {
  const texts = group.querySelectorAll("text");
  group.classList.add(object.colour || "plain");
  group.classList.toggle("unreachable", !object.reachable);
  group.classList.toggle("changed", hasChanged(place, name));
  texts[1].textContent = countOf(object);
  texts[2].textContent = object.colour || "";
}

// A frame that is entered again may have fewer names than it has in the drawing.
function frameShow(group, count) {
  const names = [...group.querySelectorAll("text")].slice(1);
  names.slice(count).forEach((name) => name.remove());
}

function freedShow(group) {
  const texts = group.querySelectorAll("text");
  group.classList.add("freed");
  texts[1].textContent = "freed";
  texts[2].textContent = "";
}

// The drawing of a picture: null where graphviz was not there.
function drawingOf(place) {
  if (!template) return null;
  const drawing = template.cloneNode(true);
  const now = partsOf(place);
  for (const group of drawing.querySelectorAll("g.node, g.edge")) {
    const name = group.id;
    const part = now.get(name);
    group.removeAttribute("id");
    group.querySelector("title").remove();
    if (typeof part === "number") frameShow(group, part);
    else if (part && part !== true) objectShow(group, place, name, part);
    else if (!part && isFreed(place, name)) freedShow(group);
    else if (!part) group.classList.add("absent");
  }
  drawing.querySelectorAll("title").forEach((title) => title.remove());
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", `${lineOf(pictures[place])} ${phaseOf(pictures[place])}; the table has the same`);
  return drawing;
}

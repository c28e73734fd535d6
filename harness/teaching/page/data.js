// SPDX-License-Identifier: MIT
// The document of gcmatrix program trace, and what a picture has in it.

const data = JSON.parse(document.getElementById("data").textContent);
const pictures = data.pictures;
const collector = data.collector;

// Makes an element. `attributes` are set as they are; `children` are elements, or texts, which stay texts.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const hash = (number) => (number ? `#${number}` : "–");
const lineOf = (picture) => data.operations[picture.operation];
const phaseOf = (picture) => (picture.phase ? `${picture.within ? "within" : "after"} ${picture.phase}` : "");

// What an object's second line says: its count, and the number beside it.
function countOf(object) {
  const parts = [];
  if (object.count !== null) parts.push(`count ${object.count}`);
  if (object.number !== null) parts.push(`${collector.number} ${object.number}`);
  return parts.join(", ");
}

const parts = new Map();

// The parts of a picture by the names that they have in the drawing: an object, the number of a frame's names, or true.
function partsOf(place) {
  if (parts.has(place)) return parts.get(place);
  const found = new Map();
  const link = (from, field, to) => to && found.set(`${from}_${field}_o${to}`, true);
  pictures[place].frames.forEach((slots, frame) => {
    if (slots.length) found.set(`f${frame}`, slots.length);
    slots.forEach((to, slot) => link(`f${frame}:s${slot}`, -1, to));
  });
  for (const object of pictures[place].objects) {
    found.set(`o${object.object}`, object);
    object.fields.forEach((to, field) => link(`o${object.object}`, field, to));
  }
  parts.set(place, found);
  return found;
}

const sameShown = (a, b) => ["count", "number", "colour"].every((key) => a[key] === b[key]);

// Whether an object is new in a picture, or shows something else than in the one before.
function hasChanged(place, name) {
  if (place === 0) return false;
  const now = partsOf(place).get(name);
  const before = partsOf(place - 1).get(name);
  return !before || !sameShown(before, now);
}

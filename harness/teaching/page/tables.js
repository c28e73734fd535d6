// SPDX-License-Identifier: MIT
// What a picture shows, in words: its objects as a table, the names and the buffers as lists.

const hasColours = collector.colours.length > 0;

function objectRow(object, place) {
  return make("tr", { class: hasChanged(place, `o${object.object}`) ? "changed" : undefined },
    make("th", { scope: "row" }, hash(object.object)),
    make("td", { class: "text" }, object.shape),
    collector.counts ? make("td", {}, String(object.count)) : null,
    collector.number ? make("td", {}, object.number === null ? "–" : String(object.number)) : null,
    hasColours ? make("td", { class: "text" }, object.colour || "–") : null,
    make("td", { class: "text" }, object.reachable ? "yes" : "no"),
    make("td", { class: "text" }, object.fields.map(hash).join(" ")));
}

function objectTable(place) {
  const { objects } = pictures[place];
  if (!objects.length) return make("p", { class: "quiet" }, "The heap is empty.");
  const head = (text, kind) => make("th", { scope: "col", class: kind }, text);
  return make("div", { class: "scroll" }, make("table", {},
    make("thead", {}, make("tr", {},
      head("object"), head("shape", "text"),
      collector.counts ? head("count") : null,
      collector.number ? head(collector.number) : null,
      hasColours ? head("colour", "text") : null,
      head("a name reaches it", "text"), head("fields", "text"))),
    make("tbody", {}, objects.map((object) => objectRow(object, place)))));
}

function pairs(rows) {
  return make("dl", {}, rows.map(([name, text]) => [make("dt", {}, name), make("dd", {}, text)]));
}

function listsOf(place) {
  const picture = pictures[place];
  const rows = picture.frames.flatMap((slots, frame) => (slots.length ? [[frame ? `frame ${frame}` : "globals", slots.map(hash).join(" ")]] : []));
  picture.buffers.forEach((entries, buffer) => rows.push([collector.buffers[buffer], entries.length ? entries.map(hash).join(" ") : "empty"]));
  if (picture.freed.length) rows.push(["freed", picture.freed.map(hash).join(" ")]);
  return pairs(rows);
}

// One picture: its line of the program, the drawing, and the same in words.
function pictureSection(place) {
  const picture = pictures[place];
  const does = picture.phase ? `${phaseOf(picture)}: ${data.phases[picture.phase]}` : "";
  const drawing = drawingOf(place);
  return make("section", { class: "picture" },
    make("h2", {}, `${place + 1}. `, make("code", {}, lineOf(picture))),
    make("p", { class: "phase" }, does || "\u00a0"),
    drawing ? make("figure", {}, drawing) : null,
    objectTable(place), listsOf(place));
}

function legendRows() {
  const rows = collector.colours.map(({ name, means }) => [name, means]);
  if (collector.counts) rows.push(["count", "the names and fields that refer to the object"]);
  if (collector.number) rows.push([collector.number, collector.number_means]);
  rows.push(["dashed outline", "no name reaches the object: it is garbage, and the collector may not know it yet"]);
  rows.push(["bold outline", "something of the object has changed since the picture before"]);
  if (!template) rows.push(["no drawing", "graphviz was not installed where this page was made: apt-get install graphviz"]);
  return rows;
}

// SPDX-License-Identifier: MIT
// A line that zooms, made with dygraphs. What part of it is seen stands in the address.

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// The page has a legend of its own, and that of dygraphs sets styles that the page's policy refuses.
if (typeof Dygraph !== "undefined") Dygraph.PLUGINS = Dygraph.PLUGINS.filter((plugin) => plugin !== Dygraph.Plugins.Legend);

// In the place of a line that zooms, where the page was written without the library.
const withoutZoom = () => make("p", { class: "quiet" }, "This page was written without the library that zooms: install libjs-dygraphs, build again, and write it anew.");

function showTipText(text, x, y) {
  showTip(make("span", { "data-tip": text }), x, y);
}

// Returns the entry whose x is nearest; null where there is none.
const nearestTo = (list, x) => list.reduce((best, entry) => (best === null || Math.abs(entry.x - x) < Math.abs(best.x - x) ? entry : best), null);

/*
 * Makes a line that zooms. It is drawn by its start(), when it has a place in the page, and told by its look() that the
 * address says something else.
 *
 *   keys      two keys of the state: where what is seen begins and ends; "" at either end of the whole
 *   end       of the axis, which begins at 0
 *   units     of the axis, and yUnits of the one up
 *   least     the narrowest that it zooms to
 *   rows      for dygraphs
 *   options   for dygraphs: asked for when it is drawn, as colours are those of the page then
 *   say       from what is seen to the rest of a sentence about it
 *   buttons   [[words, (from, to, look) => ...]]: beside those that each line has
 */
function zoomed({ keys: [first, last], end, units, yUnits, least, rows, options, say, buttons }) {
  const host = make("div", { class: "zoom" });
  const said = make("p", { class: "quiet", role: "status" });
  const seen = () => [Number(state[first]) || 0, Number(state[last]) || end];
  const tell = () => {
    const [from, to] = seen();
    said.textContent = `Shown: from ${placeText(from, to - from, units)} to ${placeText(to, to - from, units)} of ${scaledText(end, units)}${say(from, to)}`;
  };
  let graph;
  const look = (from, to) => {
    const wide = Math.max(to - from, least);
    const begin = Math.min(Math.max(0, from), end - wide);
    const whole = begin <= 0 && wide >= end;
    choose({ [first]: whole ? "" : String(Math.round(Math.max(0, begin))), [last]: whole ? "" : String(Math.round(Math.min(end, begin + wide))) });
  };
  const step = ([words, change]) => make("button", { type: "button", onclick: () => change(...seen(), look) }, words);
  const made = make("div", {}, make("div", { class: "choices", role: "group", "aria-label": "What part of the run is shown" }, ...[
    ["Zoom in", (from, to) => look(from + (to - from) / 4, to - (to - from) / 4)], ["Zoom out", (from, to) => look(from - (to - from) / 2, to + (to - from) / 2)],
    ["Earlier", (from, to) => look(from - (to - from) / 2, to - (to - from) / 2)], ["Later", (from, to) => look(from + (to - from) / 2, to + (to - from) / 2)],
    ...buttons, ["Whole run", () => look(0, end)]].map(step)), host, said);
  made.start = () => {
    graph = new Dygraph(host, rows, {
      legend: "never", gridLineColor: colour("--line"), axisLineColor: colour("--strong"), dateWindow: seen(), animatedZooms: false,
      unhighlightCallback: () => showTip(null), zoomCallback: (from, to) => look(from, to), ...options(seen),
      axes: { x: { axisLabelFormatter: (value) => placeText(value, seen()[1] - seen()[0], units), pixelsPerLabel: 90 }, y: { axisLabelFormatter: (value) => roundText(scaledText(value, yUnits)), axisLabelWidth: 62 } },
    });
    tell();
  };
  made.look = () => {
    if (graph) graph.updateOptions({ dateWindow: seen() });
    tell();
  };
  return made;
}

/*
 * A part of the page that has such a line. It is made anew where another collector is chosen. `build` returns what is in
 * it, with the line's start() and look(), or null.
 */
function zoomPart(id, build) {
  const host = make("div", { id, "data-zoom": "" });
  const start = () => host.made && host.made.start && host.isConnected && !host.querySelector("canvas") && host.made.start();
  host.show = () => {
    const focus = host.contains(document.activeElement) ? controlName(document.activeElement) : "";
    host.made = build();
    host.replaceChildren(...(host.made ? [host.made] : []));
    start();
    const again = focus && [...host.querySelectorAll("button, select")].find((control) => controlName(control) === focus);
    if (again) again.focus();
  };
  host.show();
  requestAnimationFrame(start); // the library draws only what has a place in the page
  return host;
}

function showZooms() {
  const parts = () => document.querySelectorAll("[data-zoom]");
  showWith(["line"], () => parts().forEach((part) => part.show()));
  showWith(["from", "to", "since", "until"], () => parts().forEach((part) => part.made && part.made.look && part.made.look()));
}

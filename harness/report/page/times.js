// SPDX-License-Identifier: MIT
// Pauses over time: when a process paused, and for how long, down to a single collection.

const pauseKinds = { full: ["full collection", "--collecting"], young: ["young collection", "--hue2"], slice: ["slice of a collection", "--hue4"], cascade: ["cascade", "--more"] };

// The pauses of a collector's process, the first first: {x, length, kind}.
function pausesOf(lines) {
  return lines.flatMap((line) => line.values[0].map((x, i) => ({ x, length: Math.max(1, line.values[1][i]), kind: line.kind }))).sort((a, b) => a.x - b.x);
}

// A pause is a bar: as wide as it takes, and as tall. Its head tells the kind without the colour.
function paintPauses(painted) {
  const { drawingContext: canvas, plotArea: area, dygraph, points, setName } = painted;
  canvas.fillStyle = canvas.strokeStyle = painted.color;
  canvas.lineWidth = 1;
  for (const { canvasx: x, canvasy: y, xval, yval } of points) {
    if (!Number.isFinite(y)) continue;
    const wide = dygraph.toDomXCoord(xval + yval) - dygraph.toDomXCoord(xval);
    canvas.fillRect(x, y, Math.max(1, wide), area.y + area.h - y);
    canvas.beginPath();
    if (setName === "full collection") canvas.rect(x - 2.5, y - 2.5, 5, 5);
    else canvas.arc(x, y, setName === "cascade" ? 2 : 3, 0, 2 * Math.PI);
    if (setName === "full collection" || setName === "cascade") canvas.fill();
    else canvas.stroke();
  }
}

function timesZoom(pauses, kinds, end) {
  const rows = pauses.map(({ x, length, kind }) => [x, ...kinds.map((other) => (other === kind ? length : null))]);
  const around = (pause, look) => pause && look(pause.x - 2 * pause.length, pause.x + 3 * pause.length);
  const longestOf = (list) => list.reduce((best, pause) => (best === null || pause.length > best.length ? pause : best), null);
  return zoomed({
    keys: ["since", "until"], end, units: timeUnits, yUnits: timeUnits, least: 100, rows,
    options: (seen) => ({
      labels: ["time", ...kinds.map((kind) => pauseKinds[kind][0])], colors: kinds.map((kind) => colour(pauseKinds[kind][1])), plotter: paintPauses, logscale: true, connectSeparatedPoints: false,
      valueRange: reach(pauses.map(({ length }) => length), 2),
      highlightCallback: (event, x, points) => showTipText(points.map((point) => `${point.name} at ${placeText(x, seen()[1] - seen()[0], timeUnits)}: ${timeText(point.yval)}`).join("\n"), event.clientX, event.clientY),
    }),
    say: (from, to) => {
      const here = pauses.filter(({ x, length }) => x + length >= from && x <= to);
      return `, with ${here.length} of the ${pauses.length} pauses that the run's tables have${here.length ? `; the longest takes ${timeText(longestOf(here).length)}` : ""}.`;
    },
    buttons: [["One collection", (from, to, look) => around(nearestTo(pauses.filter(({ kind }) => kind !== "cascade"), (from + to) / 2) || nearestTo(pauses, (from + to) / 2), look)],
      ["The longest", (from, to, look) => around(longestOf(pauses), look)]],
  });
}

function timesTable(pauses) {
  return make("details", { class: "long" }, make("summary", {}, "Show the data as a table"), grid({
    id: "times-data", label: "Each pause that is shown", rows: pauses,
    columns: [{ key: "kind", head: "kind", text: true, value: ({ kind }) => pauseKinds[kind][0] },
      { key: "begin", head: "begins at", value: ({ x }) => x, show: ({ x }) => timeText(x) }, { key: "length", head: "takes", value: ({ length }) => length, show: ({ length }) => timeText(length) }],
  }));
}

function timesPart(setting, work) {
  const lines = linesOf("pause_times", setting, work).filter((line) => line.kind in pauseKinds && line.values[0].length);
  if (!lines.length) return null;
  const there = configsIn(setting, work).filter((config) => lines.some((line) => line.series === config));
  const wanted = placeIn(configs, state.line, -1);
  const chosen = there.includes(wanted) ? wanted : lines.reduce((best, line) => (Math.max(...line.values[1]) > Math.max(...best.values[1]) ? line : best)).series;
  const own = lines.filter((line) => line.series === chosen);
  const pauses = pausesOf(own);
  const kinds = Object.keys(pauseKinds).filter((kind) => own.some((line) => line.kind === kind));
  const wall = (figureOf(setting, work, chosen, "wall") || {}).median;
  const end = Math.ceil(Math.max(wall || 0, ...pauses.map(({ x, length }) => x + length)));
  const zoom = typeof Dygraph === "undefined" ? null : timesZoom(pauses, kinds, end);
  const key = kinds.map((kind) => make("span", { class: `swatch ${kind}` }, pauseKinds[kind][0]));
  const shown = make("figure", { id: "figure-times", "aria-label": `Pauses over time on ${workName(work)}` }, make("h4", {}, `Pauses over time on ${workName(work)}`),
    make("div", { class: "choices" }, menu("line", "collector", there.map(configName), configName(chosen)), ...key), zoom || withoutZoom(),
    make("figcaption", {}, "One process: that of the heap. A bar is a pause. It begins where it stands, is as wide as it takes, and as tall on the logarithmic axis. Of many pauses of a kind these are the longest, one of each stretch. Drag across a part to see it larger, double click for the whole; or use the buttons."),
    timesTable(pauses));
  if (zoom) Object.assign(shown, { start: zoom.start, look: zoom.look });
  return shown;
}

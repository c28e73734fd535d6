// SPDX-License-Identifier: MIT
// Lines: the heap over time with its collections, pauses by percentile, utilisation by window.

// ---- the heap ----

const liveOf = (setting, work) => {
  const [line] = linesOf("heap_least", setting, work);
  return line ? line.values[0].map((x, i) => [x, line.values[1][i]]) : [];
};

// The points of a line, with those of its window, which has more of them, in their place.
function heapPoints(line, few) {
  const points = (values) => values[0].map((x, i) => [x, values[1][i]]);
  const whole = points(line.values);
  const close = few ? points(few.values) : [];
  if (close.length < 2) return whole;
  const [from, to] = [close[0][0], close[close.length - 1][0]];
  return [...whole.filter(([x]) => x < from), ...close, ...whole.filter(([x]) => x > to)];
}

function collectionsOf(setting, work, config) {
  const collections = tableOf("collections");
  const found = [];
  for (let row = 0; row < collections.rows; row++)
    if (collections.at(row, "setting") === settingName(setting) && collections.at(row, "row") === work && collections.at(row, "series") === config)
      found.push({ kind: collections.at(row, "kind"), x: collections.at(row, "allocated_bytes"), y: collections.at(row, "heap_bytes"), of: collections.at(row, "collections"), time: collections.at(row, "time_ns") });
  return found;
}

// A small picture of a collector's heap: what it held, and the least that any held.
function heapPicture(line, live, most) {
  const [width, height] = [210, 96];
  const points = line.values[0].map((x, i) => [x, line.values[1][i]]);
  const x = linearScale(0, points[points.length - 1][0] || 1, 0, width);
  const y = linearScale(0, most || 1, height - 2, 4);
  const path = (list) => list.map(([px, py], i) => `${i ? "L" : "M"}${x(x.inside(px)).toFixed(1)},${y(y.inside(py)).toFixed(1)}`).join("");
  const canvas = canvasOf(width, height);
  canvas.setAttribute("aria-hidden", "true");
  if (live.length) canvas.append(draw("path", { class: "area", d: `${path(live)}L${width},${y(0)}L0,${y(0)}Z` }));
  canvas.append(draw("path", { class: "heap", d: path(points) }), draw("line", { class: "axis", x1: 0, x2: width, y1: y(0), y2: y(0) }));
  return canvas;
}

function heapPanels(lines, live, chosen, setting, work) {
  return make("div", { class: "panels", role: "group", "aria-label": "The heap of each collector" }, ...lines.map((line) => {
    const most = Math.max(...line.values[1]);
    const ticks = collectionsOf(setting, work, line.series);
    return make("button", { type: "button", class: "panel", "aria-pressed": String(line.series === chosen), "data-line": configName(line.series), onclick: () => choose({ line: configName(line.series), from: "", to: "" }) },
      make("strong", {}, configName(line.series)), make("small", {}, ` most ${bytesText(most)}, ${ticks.length ? countText(ticks[0].of, "collection") : "no collection"}`), heapPicture(line, live, most));
  }));
}

// The heap's line that zooms. What is seen stands in the address as from and to, in bytes allocated.
function heapZoom(line, few, live, setting, work) {
  const ticks = collectionsOf(setting, work, line.series);
  const least = (x) => {
    const next = live.findIndex(([at]) => at >= x);
    return next < 0 ? null : live[next][1];
  };
  const rows = heapPoints(line, few).map(([x, y]) => [x, y, live.length ? least(x) : null]);
  const end = rows[rows.length - 1][0];
  return zoomed({
    keys: ["from", "to"], end, units: byteUnits, yUnits: byteUnits, least: end / 1e4, rows,
    options: (seen) => ({
      labels: ["allocated", "heap", "least of any collector"], colors: [colour("--live"), colour("--area")], strokeWidth: 1.3, fillAlpha: 0.7, series: { "least of any collector": { fillGraph: true, strokeWidth: 0.5 } },
      includeZero: true, connectSeparatedPoints: true,
      highlightCallback: (event, x, points) => {
        const near = nearestTo(ticks, x);
        const [from, to] = seen();
        showTipText([`${bytesText(x)} allocated`, ...points.map((point) => `${point.name}: ${bytesText(point.yval)}`),
          near && Math.abs(near.x - x) < (to - from) / 60 ? `a ${near.kind} collection ended here, at ${timeText(near.time)}` : ""].filter(Boolean).join("\n"), event.clientX, event.clientY);
      },
      underlayCallback: (context, area, drawn) => heapMarks(ticks, context, area, drawn),
    }),
    say: (from, to) => ` allocated, with ${ticks.filter((tick) => tick.x >= from && tick.x <= to).length} of the ${ticks.length} collections that the run's tables mark.`,
    buttons: [...(few ? [["A few collections", (from, to, look) => look(few.values[0][0], few.values[0][few.values[0].length - 1])]] : []),
      ["One collection", (from, to, look) => lookAtOne(few, ticks, from, to, look)]],
  });
}

// Marks collections at the top of the line.
function heapMarks(ticks, context, area, drawn) {
  context.strokeStyle = colour("--more");
  context.lineWidth = 1;
  for (const tick of ticks) {
    const x = Math.round(drawn.toDomXCoord(tick.x)) + 0.5;
    if (x < area.x || x > area.x + area.w) continue;
    context.beginPath();
    context.moveTo(x, area.y);
    context.lineTo(x, area.y + 9);
    context.stroke();
  }
}

// Shows about one collection: in the window, which has every sample of a few; or else the one nearest to the middle of
// what is seen.
function lookAtOne(few, ticks, from, to, look) {
  if (few && ticks.length && ticks[0].of > 6) {
    const [first, last] = [few.values[0][0], few.values[0][few.values[0].length - 1]];
    look(first + ((last - first) * 2.4) / 6, first + ((last - first) * 3.8) / 6);
    return;
  }
  if (!ticks.length) return;
  const middle = (from + to) / 2;
  const near = ticks.reduce((best, tick, place) => (Math.abs(tick.x - middle) < Math.abs(ticks[best].x - middle) ? place : best), 0);
  const stride = (ticks[0].of || 1) / ticks.length; // the tables mark each so many
  const before = ticks[near - 1] ? ticks[near].x - ticks[near - 1].x : ticks[near].x;
  const after = ticks[near + 1] ? ticks[near + 1].x - ticks[near].x : before;
  look(ticks[near].x - (1.2 * before) / stride, ticks[near].x + (1.2 * after) / stride);
}

function heapPart(setting, work) {
  const lines = linesOf("heap", setting, work).filter((line) => line.values[0].length > 1);
  if (!lines.length) return null;
  const live = liveOf(setting, work);
  const wanted = placeIn(configs, state.line, -1);
  const chosen = lines.find((line) => line.series === wanted) || lines.find((line) => collectionsOf(setting, work, line.series).length) || lines[0];
  const few = linesOf("heap_window", setting, work).find((line) => line.series === chosen.series);
  const zoom = typeof Dygraph === "undefined" ? null : heapZoom(chosen, few, live, setting, work);
  const shown = make("figure", { id: "figure-heap", "aria-label": `Heap over time on ${workName(work)}` }, make("h4", {}, `Heap over time on ${workName(work)}`), heapPanels(lines, live, chosen.series, setting, work),
    make("figcaption", {}, "One process of each collector, the one nearest to the median time, over the bytes it has allocated. The filled area is the least that any collector held. Each panel has its own height. Choose one to see it larger."),
    make("h4", {}, `The heap of ${configName(chosen.series)}`), zoom || withoutZoom(),
    make("figcaption", {}, zoom ? "The filled area is the least that any collector held. Drag across a part to see it larger, double click for the whole; or use the buttons. Marks at the top are collections." : ""),
    heapTable(lines, setting, work), heapPointsTable(chosen, few));
  if (zoom) Object.assign(shown, { start: zoom.start, look: zoom.look });
  return shown;
}

function heapTable(lines, setting, work) {
  const rows = lines.map((line) => ({ line, ticks: collectionsOf(setting, work, line.series) }));
  const behind = make("details", {}, make("summary", {}, "Show the data as a table"), grid({
    id: "heap-data", label: "The heap of each collector", short: true, rows,
    columns: [{ key: "collector", head: "collector", text: true, row: true, value: ({ line }) => configName(line.series) },
      { key: "most", head: "heap at most", value: ({ line }) => Math.max(...line.values[1]), show: ({ line }) => bytesText(Math.max(...line.values[1])) },
      { key: "last", head: "heap at the end", value: ({ line }) => line.values[1][line.values[1].length - 1], show: ({ line }) => bytesText(line.values[1][line.values[1].length - 1]) },
      { key: "allocated", head: "allocated", value: ({ line }) => line.values[0][line.values[0].length - 1], show: ({ line }) => bytesText(line.values[0][line.values[0].length - 1]) },
      { key: "collections", head: "collections", value: ({ ticks }) => (ticks[0] ? ticks[0].of : 0) },
      { key: "points", head: "points here", value: ({ line }) => line.values[0].length }],
  }));
  return behind;
}

// The points of the line that is large.
function heapPointsTable(line, few) {
  const point = (key, head, place) => ({ key, head, value: (row) => row[place], show: (row) => bytesText(row[place]) });
  return make("details", { class: "long", id: "heap-points" }, make("summary", {}, `Show each point of the heap of ${configName(line.series)} as a table`),
    grid({ id: "heap-points", label: `Each point of the heap of ${configName(line.series)}`, rows: heapPoints(line, few), columns: [point("allocated", "allocated", 0), point("heap", "heap", 1)] }));
}

// ---- curves ----

const percentiles = [[2, "50%"], [10, "90%"], [100, "99%"], [1000, "99.9%"], [1e4, "99.99%"], [1e5, "99.999%"], [1e6, "99.9999%"], [1e7, "99.99999%"]];

const pointsOf = (line) => line.values[0].map((x, i) => [x, line.values[1][i]]).filter(([x, y]) => !missing(x) && !missing(y));

function pausePart(setting, work) {
  const lines = linesOf("pause_curve", setting, work).filter((line) => line.kind === "all" && pointsOf(line).length);
  if (!lines.length) return null;
  const curves = lines.map((line) => {
    const points = pointsOf(line);
    const figures = [figureOf(setting, work, line.series, "pause_p50"), figureOf(setting, work, line.series, "pause_p99"), figureOf(setting, work, line.series, "pause_max")].map((figure) => (figure ? figure.median : null));
    return { label: configName(line.series) + markOf(setting, work, line.series), points: points.map(([x, y]) => [x, Math.max(y, 1)]), figures, config: line.series, place: line.series,
      tip: [`${workName(work)} under ${configName(line.series)}, ${settingName(setting)}`, `half of the pauses are no longer than ${timeText(figures[0])}`, `99% no longer than ${timeText(figures[1])}`, `the longest: ${timeText(figures[2])} (medians over processes)`,
        `the longest of all raw pauses: ${timeText(points[points.length - 1][1])}`, processesText(setting, work, line.series)].join("\n") };
  });
  const share = (curve) => {
    const [all, wall] = ["pause_total", "wall"].map((metric) => (figureOf(setting, work, curve.config, metric) || {}).median);
    return missing(all) || !wall ? null : all / wall;
  };
  const every = curves.flatMap((curve) => curve.points);
  const column = (key, head, value, text) => ({ key, head, value, show: (curve) => text(value(curve)) });
  return figure({
    id: "pauses", title: `Pauses on ${workName(work)}, by percentile`, label: `A line for each of ${curves.length} collectors: how long the pauses are at each percentile, both axes logarithmic`,
    paint: (width) => curvePanel({ curves, xTicks: [[1, "0%"], ...percentiles], xEnds: [1, Math.max(2, ...every.map(([x]) => x))], yScale: logScale, yEnds: reach(every.map(([, y]) => y), 2), yText: roundTime }, width),
    note: ["The share of pauses on the axis below is no longer than the line. A line ends at the longest pause. ", data.notes.kept, " ", untimedWords(cellsOf(setting, work).map(partsOf))],
    table: { columns: [{ key: "collector", head: "collector", text: true, row: true, value: (curve) => curve.label }, column("p50", "50%", (curve) => curve.figures[0], timeText), column("p99", "99%", (curve) => curve.figures[1], timeText),
      column("max", "longest", (curve) => curve.figures[2], timeText), column("share", "share of the time in pauses", share, shareText)], rows: curves },
  });
}

const windowTicks = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11].map((ns) => [ns, roundTime(ns)]);

function utilisationPart(setting, work) {
  const lines = linesOf("utilisation", setting, work).filter((line) => line.kind === "pauses" && pointsOf(line).length > 1);
  if (!lines.length) return null;
  const curves = lines.map((line) => {
    const points = pointsOf(line);
    const at = (ns) => points.reduce((best, [x, y]) => (x <= ns ? y : best), points[0][1]);
    return { label: configName(line.series) + markOf(setting, work, line.series), points, at, place: line.series,
      tip: [`${workName(work)} under ${configName(line.series)}, ${settingName(setting)}`, `in its worst 10 ms the program had ${shareText(at(1e7))}`, `in its worst 100 ms ${shareText(at(1e8))}`, `over the whole run ${shareText(points[points.length - 1][1])}`, processesText(setting, work, line.series)].join("\n") };
  });
  const every = curves.flatMap((curve) => curve.points);
  return figure({
    id: "utilisation", title: `What is left for the program on ${workName(work)}, at worst`, label: `A line for each of ${curves.length} collectors: the smallest share of any window of time that the program had`,
    paint: (width) => curvePanel({ curves, xTicks: windowTicks, xEnds: reach(every.map(([x]) => x), 10), yScale: linearScale, yEnds: [0, 1], yText: roundShare }, width),
    note: "The smallest share that the program had of any window of that length (minimum mutator utilisation). Higher is better; a line at 0 has a pause as long as the window.",
    table: { columns: [{ key: "collector", head: "collector", text: true, row: true, value: (curve) => curve.label }, ...[1e6, 1e7, 1e8].map((ns) => ({ key: String(ns), head: `worst ${timeText(ns)}`, value: (curve) => curve.at(ns), show: (curve) => shareText(curve.at(ns)) }))], rows: curves },
  });
}

function lineFigures(setting, work) {
  return [zoomPart("heap-part", () => heapPart(setting, work)), zoomPart("times-part", () => timesPart(setting, work)), pausePart(setting, work), utilisationPart(setting, work)];
}

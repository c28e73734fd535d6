// SPDX-License-Identifier: MIT
// Figures: axes, dots with intervals, curves, bars. Each has its data as a table behind a button.

// ---- scales ----

// `room` is what the label of a tick takes, along the axis.
function logScale(low, high, from, to, room = 34) {
  const [a, b] = [Math.log(low), Math.log(high)];
  const scale = (value) => from + ((Math.log(value) - a) / (b - a || 1)) * (to - from);
  scale.ticks = logTicks(low, high, Math.max(2, Math.floor(Math.abs(to - from) / room)));
  scale.inside = (value) => Math.min(high, Math.max(low, value));
  return scale;
}

function linearScale(low, high, from, to) {
  const scale = (value) => from + ((value - low) / (high - low || 1)) * (to - from);
  const step = [1, 2, 2.5, 5, 10].map((part) => part * 10 ** Math.floor(Math.log10((high - low || 1) / 4))).find((size) => (high - low) / size <= 5) || high - low;
  scale.ticks = Array.from({ length: Math.floor(high / step) - Math.ceil(low / step) + 1 }, (_, i) => (Math.ceil(low / step) + i) * step);
  scale.inside = (value) => Math.min(high, Math.max(low, value));
  return scale;
}

const logParts = [[1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.2, 2.4, 2.6, 2.8, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5],
  [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9], [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8], [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];

// Round numbers of a logarithmic axis: as many as there is room for.
function logTicks(low, high, most) {
  const within = (list) => list.filter((tick) => tick >= low * 0.9999 && tick <= high * 1.0001);
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 }, (_, i) => Math.floor(Math.log10(low)) + i);
  for (const parts of logParts) {
    const ticks = within(powers.flatMap((power) => parts.map((part) => Number((part * 10 ** power).toPrecision(3)))));
    if (ticks.length <= most) return ticks.length > 1 ? ticks : linearScale(low, high, 0, 1).ticks;
  }
  const every = Math.ceil(powers.length / most);
  return within(powers.filter((_, i) => i % every === 0).map((power) => 10 ** power));
}

// The ends of an axis that holds all values above 0, with room beside them.
function reach(values, least = 1.1) {
  const good = values.filter((value) => Number.isFinite(value) && value > 0);
  if (!good.length) return [0.5, 2];
  let [low, high] = [Math.min(...good), Math.max(...good)];
  if (high / low < least) [low, high] = [low / Math.sqrt(least), high * Math.sqrt(least)];
  const room = (high / low) ** 0.06;
  return [low / room, high * room];
}

// The labels of ticks along a horizontal axis: those that have room, and first of all the one at 1.
function tickLabels(scale, text, y) {
  const taken = [];
  const ticks = [...scale.ticks].sort((a, b) => (b === 1) - (a === 1));
  return ticks.map((tick) => {
    const half = (text(tick).length * 6.6) / 2 + 3;
    const box = [scale(tick) - half, scale(tick) + half];
    if (taken.some(([left, right]) => box[0] < right && box[1] > left)) return "";
    taken.push(box);
    return draw("text", { class: "faint", x: scale(tick), y, "text-anchor": "middle" }, text(tick));
  });
}

const tickText = (value) => Number(value.toPrecision(3)).toString();

// ---- a figure with its table ----

/*
 * A figure that is drawn to the width there is, and drawn again when that changes.
 *
 *   id        of the table behind the button, and of the figure
 *   title     one line above it
 *   label     what is seen, for who cannot see it
 *   paint     from a width to an element of SVG
 *   note      what the signs mean: texts and elements
 *   table     {columns, rows}, for grid()
 */
function figure({ id, title, label, paint, note, table }) {
  const place = make("div", { class: "paint" });
  const behind = make("div");
  const button = make("button", { type: "button", "data-see": id, onclick: () => choose({ [`see.${id}`]: state[`see.${id}`] ? "" : "data" }) });
  const made = make("figure", { id: `figure-${id}`, "data-figure": id, "aria-label": title }, make("h4", {}, title), place, make("figcaption", {}, note || ""), button, behind);
  made.refresh = () => {
    const open = Boolean(state[`see.${id}`]);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "Hide the table" : "Show the data as a table";
    if (open !== Boolean(behind.firstChild)) behind.replaceChildren(...(open ? [grid({ id: `${id}-data`, label: title, ...table })] : []));
  };
  made.refresh();
  let width = 0;
  const show = () => {
    const now = Math.floor(place.clientWidth);
    if (!now || now === width) return;
    width = now;
    const drawn = paint(width);
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", label);
    drawn.setAttribute("tabindex", "0");
    place.replaceChildren(drawn);
  };
  new ResizeObserver(show).observe(place);
  return made;
}

const canvasOf = (width, height) => draw("svg", { width, height, viewBox: `0 0 ${width} ${height}` });

// Texts wider than their room lose their end; all of it is in the table.
const fitText = (text, room) => (text.length * 6.7 <= room ? text : `${text.slice(0, Math.max(1, Math.floor(room / 6.7) - 1))}…`);
const widestText = (texts) => Math.max(0, ...texts.map((text) => text.length)) * 6.7;

// ---- dots with intervals ----

/*
 * Panels side by side over the same rows: a dot with its interval for each row.
 *
 *   rows     [{label, link}]
 *   panels   [{title, line, text, dots: [{value, low, high, kind, tip, none}]}]: a dot for each row, in their order.
 *            `line` is the value of a line to compare with; `none` says why there is no dot.
 */
function dotPanels({ rows, panels }, width) {
  const narrow = width < 620;
  const labelRoom = Math.min(widestText(rows.map((row) => row.label)) + 10, width * 0.36);
  const across = narrow ? 1 : panels.length;
  const step = 22;
  const [above, below, gap] = [26, 34, 26];
  const panelHeight = above + rows.length * step + below;
  const panelWidth = (width - labelRoom - gap * (across - 1) - 14) / across;
  const canvas = canvasOf(width, panelHeight * (narrow ? panels.length : 1));
  panels.forEach((panel, place) => {
    const left = labelRoom + (narrow ? 0 : place * (panelWidth + gap));
    const top = narrow ? place * panelHeight : 0;
    canvas.append(dotPanel(panel, rows, { left, top, width: panelWidth, above, step, labels: narrow || place === 0 ? labelRoom : 0 }));
  });
  return canvas;
}

function dotPanel(panel, rows, room) {
  const bottom = room.above + rows.length * room.step;
  const ends = panel.dots.flatMap((dot) => (dot ? [dot.value, dot.low, dot.high] : []));
  const [low, high] = reach(panel.line ? [...ends, panel.line] : ends, 1.2);
  const x = logScale(low, high, 0, room.width, panel.text ? 58 : 34);
  const group = draw("g", { transform: `translate(${room.left},${room.top})` });
  group.append(draw("text", { class: "title", x: 0, y: 13 }, fitText(panel.title, room.width + 20)));
  group.append(...x.ticks.map((tick) => draw("line", { class: "grid", x1: x(tick), x2: x(tick), y1: room.above - 4, y2: bottom })),
    ...tickLabels(x, panel.text || tickText, bottom + 14).filter(Boolean));
  if (panel.line) group.append(draw("line", { class: "one", x1: x(panel.line), x2: x(panel.line), y1: room.above - 4, y2: bottom }));
  rows.forEach((row, place) => {
    const y = room.above + (place + 0.5) * room.step;
    if (room.labels) group.append(draw("text", { x: -8, y: y + 4, "text-anchor": "end" }, fitText(row.label, room.labels - 10)));
    const dot = panel.dots[place];
    if (dot && !missing(dot.value)) group.append(dotMark(dot, x, y, room.width, room.step));
    else if (dot) group.append(draw("text", { class: "faint", x: 4, y: y + 4, "font-style": "italic" }, dot.none || "n/a"));
  });
  return group;
}

function dotMark(dot, x, y, width, step) {
  const parts = [draw("rect", { class: "reach", x: -4, y: y - step / 2, width: width + 8, height: step })];
  if (!missing(dot.low) && !missing(dot.high))
    parts.push(draw("line", { class: "whisker", x1: x(x.inside(dot.low || 1e-300)), x2: x(x.inside(dot.high)), y1: y, y2: y }));
  const at = x(x.inside(dot.value));
  parts.push(dot.kind === "equal" ? draw("rect", { class: "dot", x: at - 4, y: y - 4, width: 8, height: 8 }) : draw("circle", { class: "dot", cx: at, cy: y, r: 4.5 }));
  return draw("g", { class: `mark ${dot.kind || ""} ${dot.kind === "undecided" ? "open" : ""}`, "data-tip": dot.tip }, ...parts);
}

// ---- one collector, one dot ----

/*
 * Two quantities of each collector, both logarithmic: a dot with its two intervals and its name.
 * dots: [{label, x: [value, low, high], y: [...], open, tip}]
 */
function tradePanel({ title, dots, xText, yText, xTitle, yTitle, lineX, lineY }, left, width, height) {
  const [top, bottom, margin] = [40, 46, 52];
  const x = logScale(...reach(dots.flatMap((dot) => dot.x).concat(lineX || [])), margin, width - 10, lineX ? 34 : 58);
  const y = logScale(...reach(dots.flatMap((dot) => dot.y).concat(lineY || [])), height - bottom, top, 30);
  const group = draw("g", { transform: `translate(${left},0)` });
  group.append(draw("text", { class: "title", x: margin, y: 14 }, title));
  group.append(...x.ticks.map((tick) => draw("line", { class: "grid", x1: x(tick), x2: x(tick), y1: top, y2: height - bottom })),
    ...tickLabels(x, xText, height - bottom + 16).filter(Boolean));
  y.ticks.forEach((tick) => group.append(
    draw("line", { class: "grid", x1: margin, x2: width - 10, y1: y(tick), y2: y(tick) }),
    draw("text", { class: "faint", x: margin - 6, y: y(tick) + 4, "text-anchor": "end" }, yText(tick))));
  if (lineX) group.append(draw("line", { class: "one", x1: x(lineX), x2: x(lineX), y1: top, y2: height - bottom }));
  if (lineY) group.append(draw("line", { class: "one", x1: margin, x2: width - 10, y1: y(lineY), y2: y(lineY) }));
  group.append(draw("text", { class: "faint", x: (margin + width) / 2, y: height - 8, "text-anchor": "middle" }, xTitle));
  group.append(draw("text", { class: "faint", x: margin, y: top - 8 }, yTitle));
  tradeDots(group, dots, x, y, { left: margin, right: width - 10, top, bottom: height - bottom });
  return group;
}

// What a dot and its two intervals cover.
function tradeBoxes(dot, x, y) {
  const [px, py] = [x(dot.x[0]), y(dot.y[0])];
  const boxes = [{ left: px - 6, right: px + 6, top: py - 6, bottom: py + 6 }];
  if (!missing(dot.x[1])) boxes.push({ left: x(dot.x[1]), right: x(dot.x[2]), top: py - 3, bottom: py + 3 });
  if (!missing(dot.y[1])) boxes.push({ left: px - 3, right: px + 3, top: y(dot.y[2]), bottom: y(dot.y[1]) });
  return boxes;
}

// Names lie under the dots, so that none hides one, and beside their intervals.
function tradeDots(group, dots, x, y, room) {
  const taken = dots.flatMap((dot) => tradeBoxes(dot, x, y));
  const drawn = dots.map((dot) => {
    const [px, py] = [x(dot.x[0]), y(dot.y[0])];
    const mark = draw("g", { class: `mark ${dot.open ? "open" : ""}`, "data-tip": dot.tip }, draw("circle", { class: "reach", cx: px, cy: py, r: 12 }));
    if (!missing(dot.x[1])) mark.append(draw("line", { class: "whisker", x1: x(dot.x[1]), x2: x(dot.x[2]), y1: py, y2: py }));
    if (!missing(dot.y[1])) mark.append(draw("line", { class: "whisker", x1: px, x2: px, y1: y(dot.y[1]), y2: y(dot.y[2]) }));
    mark.append(draw("circle", { class: "dot", cx: px, cy: py, r: 5 }));
    return mark;
  });
  dots.forEach((dot) => group.append(...placeName(dot.label, x(dot.x[0]), y(dot.y[0]), taken, room).filter(Boolean)));
  group.append(...drawn);
}

// Places around a dot, the nearest first: [how far, to which side].
const namePlaces = [9, 20, 34, 50, 68].flatMap((far) => [0, 180, 90, 270, 35, 145, 215, 325].map((angle) => [far, (angle * Math.PI) / 180]));

// Puts a name where it covers least of what is there; one that is far off has a line to its dot.
function placeName(label, px, py, taken, room) {
  const width = label.length * 6.6;
  const boxes = namePlaces.map(([far, angle]) => {
    const [cx, cy] = [px + Math.cos(angle) * far, py + Math.sin(angle) * far];
    const anchor = Math.cos(angle) > 0.3 ? "start" : Math.cos(angle) < -0.3 ? "end" : "middle";
    const left = cx - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
    return { left, right: left + width, top: cy - 7, bottom: cy + 7, cx, cy, anchor, far };
  });
  const over = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const cost = (box) => taken.reduce((sum, other) => sum + over(box, other), 0) + 0.4 * box.far +
    40 * (Math.max(0, room.left - box.left) + Math.max(0, box.right - room.right) + Math.max(0, room.top - box.top) + Math.max(0, box.bottom - room.bottom));
  const costs = boxes.map(cost);
  const best = boxes[costs.indexOf(Math.min(...costs))];
  taken.push(best);
  return [best.far > 12 ? draw("line", { class: "leader", x1: px, y1: py, x2: best.cx, y2: best.cy }) : "",
    draw("text", { class: "halo", x: best.cx, y: best.cy + 4, "text-anchor": best.anchor }, label)];
}

// ---- bars that add up ----

// Parts that are told apart by more than their colour: by lines, each with its turn in degrees.
const hatches = { untimed: 45, kernel: 135, waiting: 90 };

const hatchOf = (kind, turn) => draw("pattern", { id: `hatch-${kind}`, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turn})` },
  draw("line", { class: `hatch ${kind}`, x1: 0, x2: 0, y1: 0, y2: 5 }));

// A rectangle, and its lines above it.
function hatched(kind, place) {
  const { class: _, ...where } = place;
  return [draw("rect", place), kind in hatches ? draw("rect", { ...where, fill: `url(#hatch-${kind})` }) : null].filter(Boolean);
}

// rows: [{label, parts: [{kind, share, name}], tip, end}], shares of one.
function stackedBars(rows, kinds, width) {
  const labelRoom = Math.min(widestText(rows.map((row) => row.label)) + 10, width * 0.36);
  const endRoom = 62;
  const step = 22;
  const legendStep = 140;
  const perLine = Math.max(1, Math.floor((width - 8) / legendStep));
  const above = 8 + Math.ceil(kinds.length / perLine) * 20;
  const canvas = canvasOf(width, above + rows.length * step + 24);
  const x = linearScale(0, 1, labelRoom, width - endRoom);
  canvas.append(draw("defs", {}, ...Object.entries(hatches).map(([kind, turn]) => hatchOf(kind, turn))));
  kinds.forEach(([kind, name], i) => canvas.append(
    ...hatched(kind, { class: kind, x: (i % perLine) * legendStep, y: 4 + Math.floor(i / perLine) * 20, width: 12, height: 12 }),
    draw("text", { x: (i % perLine) * legendStep + 17, y: 14 + Math.floor(i / perLine) * 20 }, name)));
  [0, 0.25, 0.5, 0.75, 1].forEach((tick) => canvas.append(draw("text", { class: "faint", x: x(tick), y: above + rows.length * step + 16, "text-anchor": "middle" }, `${100 * tick}%`)));
  rows.forEach((row, place) => {
    const y = above + place * step;
    const mark = draw("g", { class: "mark", "data-tip": row.tip });
    let sum = 0;
    row.parts.forEach((part) => {
      const share = Math.max(0, part.share || 0);
      mark.append(...hatched(part.kind, { class: `part ${part.kind}`, x: x(sum), y: y + 3, width: Math.max(0, x(sum + share) - x(sum)), height: step - 6 }));
      sum += share;
    });
    canvas.append(draw("text", { x: labelRoom - 8, y: y + 15, "text-anchor": "end" }, fitText(row.label, labelRoom - 10)), mark,
      draw("text", { class: "faint", x: width - endRoom + 8, y: y + 15 }, row.end));
  });
  return canvas;
}

// ---- curves ----

const dashes = ["none", "7 3", "2 2", "9 3 2 3"];

// The strokes of a curve by its place among the collectors: a colour, and a dash where colours come again.
const strokeOf = (place) => ({ class: "curve", "stroke-dasharray": dashes[Math.floor(place / 7) % dashes.length] });

// Where the number of a curve stands: on the curve, as near to its end as no other number is.
function numberPlace(points, taken) {
  const free = ([px, py]) => taken.every(([qx, qy]) => Math.abs(px - qx) > 15 || Math.abs(py - qy) > 15);
  const place = points[points.findLastIndex(free)] || points[points.length - 1];
  taken.push(place);
  return place;
}

function curveNumber([x, y], number) {
  return [draw("circle", { class: "number", cx: x, cy: y, r: 7.5 }), draw("text", { class: "number", x, y: y + 3.5, "text-anchor": "middle" }, String(number))];
}

/*
 * Curves of collectors over a logarithmic axis. Each has its number, by which the key names it: the highest at its end
 * first. The key stands beside them, or below where that is narrow.
 *
 *   curves   [{label, points: [[x, y]], tip, place}]: `place` gives colour and dash
 */
function curvePanel({ curves, xTicks, yText, yScale, yEnds, xEnds }, width) {
  const narrow = width < 620;
  const keyWidth = Math.min(widestText(curves.map((curve) => curve.label)) + 70, width);
  const columns = narrow ? Math.max(1, Math.floor(width / keyWidth)) : 1;
  const [left, top, bottom, step] = [58, 12, 34, 17];
  const right = narrow ? width - 10 : width - keyWidth;
  const below = narrow ? Math.ceil(curves.length / columns) * step + 8 : 0;
  const height = Math.max(300, narrow ? 0 : 34 + curves.length * step);
  const canvas = canvasOf(width, height + below);
  const x = logScale(...xEnds, left, right);
  const y = yScale(...yEnds, height - bottom, top);
  const ticks = xTicks.filter(([value]) => value >= xEnds[0] && value <= xEnds[1]);
  x.ticks = ticks.map(([value]) => value);
  canvas.append(...ticks.map(([value]) => draw("line", { class: "grid", x1: x(value), x2: x(value), y1: top, y2: height - bottom })),
    ...tickLabels(x, (value) => ticks.find(([tick]) => tick === value)[1], height - bottom + 16).filter(Boolean));
  y.ticks.forEach((tick) => canvas.append(
    draw("line", { class: "grid", x1: left, x2: right, y1: y(tick), y2: y(tick) }),
    draw("text", { class: "faint", x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, yText(tick))));
  const drawn = curves.map((curve) => ({ curve, points: curve.points.map(([px, py]) => [x(x.inside(px)), y(y.inside(py))]) })).sort((a, b) => a.points[a.points.length - 1][1] - b.points[b.points.length - 1][1]);
  const taken = [];
  drawn.forEach(({ curve, points }, place) => {
    const path = points.map(([px, py], i) => `${i ? "L" : "M"}${px.toFixed(1)},${py.toFixed(1)}`).join("");
    const [keyX, keyY] = narrow ? [4 + (place % columns) * keyWidth, height + 8 + Math.floor(place / columns) * step] : [right + 20, top + 8 + place * step];
    canvas.append(draw("g", { class: `mark hue${curve.place % 7}`, "data-tip": curve.tip }, draw("path", { class: "curve touch", d: path }), draw("path", { ...strokeOf(curve.place), d: path }),
      draw("path", { ...strokeOf(curve.place), d: `M${keyX + 12},${keyY}h20` }), ...curveNumber([keyX + 4, keyY], place + 1), draw("text", { x: keyX + 37, y: keyY + 4 }, curve.label)));
  });
  drawn.forEach(({ curve, points }, place) => canvas.append(draw("g", { class: `numbered hue${curve.place % 7}` }, ...curveNumber(numberPlace(points, taken), place + 1))));
  return canvas;
}

// ---- what a mark stands for ----

const tip = document.getElementById("tip");

function showTip(mark, x, y) {
  if (!mark) {
    tip.hidden = true;
    return;
  }
  tip.textContent = mark.getAttribute("data-tip");
  tip.hidden = false;
  const [width, height] = [tip.offsetWidth, tip.offsetHeight];
  tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - width - 4))}px`;
  tip.style.top = `${y + 18 + height > innerHeight ? Math.max(4, y - height - 12) : y + 18}px`;
}

addEventListener("pointermove", (event) => showTip(event.target.closest && event.target.closest("[data-tip]"), event.clientX, event.clientY));
addEventListener("pointerdown", (event) => showTip(event.target.closest && event.target.closest("[data-tip]"), event.clientX, event.clientY));
addEventListener("scroll", () => showTip(null), { passive: true });

// Arrows go from mark to mark in a figure that has the focus.
addEventListener("keydown", (event) => {
  const figure = document.activeElement && document.activeElement.closest("svg[role=img]");
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (event.key === "Escape") showTip(null);
  if (!figure || !step) return;
  const all = [...figure.querySelectorAll("[data-tip]")];
  if (!all.length) return;
  event.preventDefault();
  const now = all.findIndex((mark) => mark.classList.contains("chosen"));
  all.forEach((mark) => mark.classList.remove("chosen"));
  const next = all[(now + step + all.length) % all.length];
  next.classList.add("chosen");
  const box = next.getBoundingClientRect();
  showTip(next, box.left + box.width / 2, box.top + box.height / 2);
});

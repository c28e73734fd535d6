// SPDX-License-Identifier: MIT
// By workload: what it is like, how each collector takes it, where the time goes, its heap and its pauses.

const ofCell = (setting, work, config) => ({ setting, work, config, label: configName(config) + markOf(setting, work, config) });

// The collectors of a workload, the fastest first, and those without a figure last.
function cellsOf(setting, work) {
  const time = (cell) => (figureOf(setting, work, cell.config, "wall") || {}).median ?? Infinity;
  return configsIn(setting, work).map((config) => ofCell(setting, work, config)).sort((a, b) => time(a) - time(b));
}

// What stands behind a cell: how many processes, and which.
function processesText(setting, work, config) {
  const ids = processesOf(setting, work, config);
  const some = ids.slice(0, 12).join(", ");
  return `${countText(ids.length, "process", "processes")}${ids.length ? `: ${some}${ids.length > 12 ? " and others" : ""}` : ""}`;
}

function ratioTip(cell, metric, setting, base, ratio) {
  const figure = figureOf(setting, cell.work, cell.config, metric);
  return [`${workName(cell.work)} under ${cell.label}, ${settingName(setting)}`,
    `${metricWords[metric]}: ${figure ? valueText(figure.median, figure.unit) : "n/a"}`,
    cell.config === base ? "the baseline" : `${ratioText(ratio.ratio)} times ${configName(base)}${intervalText(ratio.low, ratio.high) ? ` (${intervalText(ratio.low, ratio.high)})` : ""}, ${verdictText(ratio.verdict, metric)}`,
    `${ratio.blocks === null ? "" : `decided by ${countText(ratio.blocks, "block")}; `}${processesText(setting, cell.work, cell.config)}`].join("\n");
}

// Returns the dot of a cell's ratio to the baseline.
function ratioDot(cell, metric, base) {
  const setting = settingFor(metric, cell.setting);
  const figure = figureOf(setting, cell.work, cell.config, metric);
  const ratio = ratioOf(metric, setting, cell.work, cell.config, base);
  const none = !figure ? "not in the matrix" : figure.status !== "ok" ? `n/a: ${figure.status}` : ratio ? "n/a" : `no ${configName(base)} here`;
  if (!ratio || missing(ratio.ratio) || !Number.isFinite(ratio.ratio) || !figure || missing(figure.median)) return { value: null, none };
  return { value: ratio.ratio, low: ratio.low, high: ratio.high, kind: ratio.verdict, tip: ratioTip(cell, metric, setting, base, ratio) };
}

// Returns the dot of a cell's own figure.
function figureDot(cell, metric, least) {
  const setting = settingFor(metric, cell.setting);
  const figure = figureOf(setting, cell.work, cell.config, metric);
  if (!figure || missing(figure.median)) return { value: null, none: figure ? `n/a: ${figure.status}` : "not in the matrix" };
  const text = (value) => valueText(value, figure.unit);
  const interval = intervalText(figure.low, figure.high, text);
  return {
    value: Math.max(figure.median, least), low: missing(figure.low) ? null : Math.max(figure.low, least), high: missing(figure.high) ? null : Math.max(figure.high, least), kind: "",
    tip: [`${workName(cell.work)} under ${cell.label}, ${settingName(setting)}`, `longest pause: ${text(figure.median)}${interval ? ` (${interval})` : ""}, a median`,
      processesText(setting, cell.work, cell.config)].join("\n"),
  };
}

function workloadDots(cells, base) {
  const where = (metric) => (settingFor(metric, cells[0].setting) === cells[0].setting ? "" : ` (${settingName(settingFor(metric, cells[0].setting))})`);
  return {
    rows: cells,
    panels: [
      { title: `time, times ${configName(base)}`, line: 1, dots: cells.map((cell) => ratioDot(cell, "wall", base)) },
      { title: `peak memory, times ${configName(base)}${where("peak")}`, line: 1, dots: cells.map((cell) => ratioDot(cell, "peak", base)) },
      { title: "longest pause, 1 µs at least", text: roundTime, dots: cells.map((cell) => figureDot(cell, "pause_max", 1000)) },
    ],
  };
}

// ---- its table ----

const median = (metric) => (cell) => (figureOf(settingFor(metric, cell.setting), cell.work, cell.config, metric) || {}).median ?? null;

// A median with its interval. Where `over` is given it leads to the pair with that collector.
function medianColumn(metric, head, over = null) {
  return { key: metric, head, value: median(metric), show: (cell) => {
    const figure = figureOf(settingFor(metric, cell.setting), cell.work, cell.config, metric);
    if (!figure) return "n/a";
    const text = (value) => valueText(value, figure.unit);
    if (missing(figure.median)) return ["n/a", make("small", {}, figure.status === "ok" ? "" : figure.status)];
    const longest = figure.note === "not warm" || !figure.note ? "" : make("span", { title: figure.note }, "^"); // not warm is a mark of its collector
    const shown = over === null || cell.config === over ? text(figure.median) : view({ at: "pairs", a: configName(cell.config), b: configName(over), metric }, text(figure.median));
    return [shown, longest, make("small", {}, intervalText(figure.low, figure.high, text))];
  } };
}

function ratioColumn(metric, head, base) {
  const ratio = (cell) => ratioOf(metric, settingFor(metric, cell.setting), cell.work, cell.config, base);
  return { key: `${metric}-base`, head, title: "The interval allows for all comparisons of the run",
    value: (cell) => (ratio(cell) || {}).ratio ?? null,
    class: (cell) => (ratio(cell) || {}).verdict || "",
    show: (cell) => {
      const found = ratio(cell);
      if (!found || missing(found.ratio)) return "n/a";
      const sign = { equal: " =", undecided: " ?" }[found.verdict] || "";
      return [ratioText(found.ratio) + sign, make("small", {}, found.verdict === "itself" ? "the baseline" : intervalText(found.low, found.high))];
    } };
}

// What is said of a cell against the best where that is no claim, with the interval that says so: that of the pair.
function verdictPart(cell, metric, verdict) {
  const sign = { equal: "=", undecided: "?" }[verdict];
  const setting = settingFor(metric, cell.setting);
  const best = configsIn(setting, cell.work).find((config) => (toBest(setting, cell.work, config, metric) || {}).best);
  const pair = sign && best !== undefined ? ratioOf(metric, setting, cell.work, cell.config, best) : null;
  return sign ? make("small", { class: "verdict", title: `the pair with the best, ${configName(best)}: ${verdictText(verdict, metric)}` }, `${sign} ${pair ? intervalText(pair.low, pair.high) : ""}`) : null;
}

function bestColumn(metric, head) {
  const best = (cell) => toBest(settingFor(metric, cell.setting), cell.work, cell.config, metric);
  return { key: `${metric}-best`, head, title: "The interval holds for the whole workload at once; * may be the best",
    value: (cell) => (best(cell) || {}).ratio ?? null,
    class: (cell) => ((best(cell) || {}).best ? "best" : ""),
    show: (cell) => {
      const found = best(cell);
      if (!found) return "n/a";
      if (found.status === "as_warm") return make("span", { title: "it takes the time of its warm twin, within the precision" }, "as warm");
      if (missing(found.ratio)) return found.status === "ok" ? "n/a" : ["n/a", make("small", {}, found.status)];
      return [ratioText(found.ratio) + (found.may_be_best ? "*" : "") + markOf(cell.setting, cell.work, cell.config), make("small", {}, intervalText(found.low, found.high)), verdictPart(cell, metric, found.verdict)];
    } };
}

const collectorColumn = { key: "collector", head: "collector", text: true, row: true, value: (cell) => cell.label, show: (cell) => view({ at: "collectors", config: configName(cell.config) }, cell.label) };
// The columns that stand open; the table behind the figure has all of them.
const briefKeys = ["collector", "wall", "wall-base", "wall-best", "peak", "peak-base", "pause_max", "pause_p99", "collections", "leaked"];
const briefOf = (columns) => columns.filter(({ key }) => briefKeys.includes(key));

const statusColumn = { key: "status", head: "status", text: true, value: (cell) => (figureOf(cell.setting, cell.work, cell.config, "wall") || {}).status || "", show: (cell) => {
  const figure = figureOf(cell.setting, cell.work, cell.config, "wall") || {};
  return [figure.status || "", figure.reason ? make("small", {}, figure.reason) : ""];
} };

function workloadColumns(base) {
  const instructions = cellRow(settingName(chosenSetting()), chosenWork(), chosenBase(), "instructions") !== undefined && median("instructions")(ofCell(chosenSetting(), chosenWork(), chosenBase())) !== null;
  return [
    collectorColumn, medianColumn("wall", "wall time"), ratioColumn("wall", `times ${configName(base)}`, base), bestColumn("wall", "times the best"),
    bestColumn("overhead", "overhead in wall time, at least"), medianColumn("cpu", "CPU time"), bestColumn("cpu", "CPU time, times the best"), bestColumn("overhead_cpu", "overhead in CPU time, at least"),
    ...(instructions ? [medianColumn("instructions", "instructions"), bestColumn("overhead_instructions", "overhead in instructions, at least")] : []),
    medianColumn("peak", "peak memory"), ratioColumn("peak", `peak memory, times ${configName(base)}`, base), bestColumn("peak", "peak memory, times the smallest"),
    medianColumn("pause_max", "longest pause", base), ratioColumn("pause_max", `longest pause, times ${configName(base)}`, base), medianColumn("pause_p99", "pause, 99% are no longer"),
    medianColumn("pause_total", "all pauses"), medianColumn("pauses", "pauses"), medianColumn("collections", "collections"), medianColumn("leaked", "bytes leaked"), statusColumn,
  ];
}

// Why an interval may leave 1 out and yet claim nothing.
function claimNeeds(metric) {
  const { minimum, family } = claimsOf(metric);
  return `A claim needs an interval over all ${family} pairs that lies ${roundShare(minimum)} or more from 1; what lies nearer is undecided.`;
}

const markNote = "A filled dot is claimed to be less or more than the baseline; a square is equal to it within the precision; an open dot is undecided. Bars are intervals that allow for all comparisons of the run; those of pauses are 95% of each median. † left more than a tenth of its garbage; ‡ frees nothing; ° some warm process was not warm. ^ of fewer pauses than the quantile needs: the longest of them.";

// ---- what is claimed on it ----

// The collectors in order of each metric, as the claims have them. Runs of two builds have no order.
function ordersOf(setting, work) {
  const scenes = tradeMetrics.flatMap((metric) => scenesOf(metric, settingFor(metric, setting)).filter((scene) => scene.row === work));
  if (data.run.builds || !scenes.length) return null;
  const head = (scene) => [metricWords[scene.metric], scene.heap ? `, heap ${scene.heap}` : "", scene.setting === setting ? "" : `, ${settingWords(scene.setting)}`];
  const item = (scene) => [make("dt", {}, ...head(scene)), make("dd", {}, view({ at: "claims-title", metric: scene.metric }, `${claimsOf(scene.metric).first}:`), " ", ...orderPieces(scene))];
  return make("div", { id: "order" }, make("h4", {}, `The order on ${workName(work)}, by what is claimed`), make("dl", {}, ...scenes.flatMap(item)),
    make("p", { class: "quiet" }, ...claimKey()));
}

// ---- where the time goes ----

// What the bars show beside the parts that are timed: a share of the program's, by estimate.
const barKinds = [["mutator", "program"], ["untimed", "untimed cascades"], ["kernel", "kernel"], ["collecting", "collecting"], ["cascades", "cascades"], ["waiting", "waiting"]];
const partKinds = barKinds.filter(([kind]) => kind !== "untimed");

function partsOf(cell) {
  const parts = tableOf("parts");
  const row = partsRow(settingName(cell.setting), cell.work, cell.config);
  if (row === undefined) return null;
  const at = (key) => parts.at(row, key);
  const kernel = at("kernel_mutator_ns") + at("kernel_collecting_ns") + at("kernel_cascades_ns");
  return { cell, label: cell.label, wall: at("wall_ns"), untimed: at("cascades_untimed_ns"), faults: at("minor_faults") + at("major_faults"), ns: { mutator: at("mutator_ns"), kernel, collecting: at("collecting_ns"), cascades: at("cascades_ns"), waiting: at("waiting_ns") } };
}

// The bar of a cell: of the program's part the untimed cascades are drawn by themselves.
function barParts({ wall, untimed, ns }) {
  const estimate = Math.min(untimed ?? 0, ns.mutator);
  const drawn = { ...ns, mutator: ns.mutator - estimate, untimed: estimate };
  return barKinds.map(([kind]) => ({ kind, share: drawn[kind] / wall }));
}

// What no clock saw of this workload: cascades of few frees.
function untimedWords(found) {
  const known = found.filter((parts) => parts && parts.wall > 0 && !missing(parts.untimed));
  if (!known.length) return data.notes.untimed;
  const worst = known.reduce((most, parts) => (parts.untimed / parts.wall > most.untimed / most.wall ? parts : most));
  const share = worst.untimed / worst.wall;
  const most = share < 0.001 ? "less than 0.1% of the time" : `${shareText(share)} of the time at most, under ${worst.label}`;
  return `Cascades of fewer than 64 frees count as no pause. Here they take ${most}, by estimate.`;
}

function partsFigure(cells, work) {
  const found = cells.map(partsOf).filter((parts) => parts && parts.wall > 0);
  if (!found.length) return null;
  const rows = found.map((parts) => ({
    label: parts.label, end: timeText(parts.wall), parts: barParts(parts),
    tip: [`${workName(work)} under ${parts.label}: ${timeText(parts.wall)}`, ...partKinds.map(([kind, name]) => `${name}: ${shareText(parts.ns[kind] / parts.wall)}`),
      missing(parts.untimed) ? "" : `of the program, cascades too short to time, by estimate: ${shareText(parts.untimed / parts.wall)}`, processesText(parts.cell.setting, work, parts.cell.config)].filter(Boolean).join("\n"),
  }));
  const column = (key, head, value, text) => ({ key, head, value, show: (parts) => text(value(parts)) });
  return figure({
    id: "parts", title: `Where the time goes on ${workName(work)}`, label: `Stacked bars of ${barKinds.map(([, name]) => name).join(", ")}, one bar for each collector`,
    paint: (width) => stackedBars(rows, barKinds, width),
    note: `Means over the middle half of the processes by wall time. The parts add up to the wall time. ${untimedWords(found)}`,
    table: {
      columns: [{ key: "collector", head: "collector", text: true, row: true, value: (parts) => parts.label }, column("wall", "wall", (parts) => parts.wall, timeText),
        ...partKinds.map(([kind, name]) => column(kind, name, (parts) => parts.ns[kind] / parts.wall, shareText)),
        column("untimed", "untimed cascades", (parts) => (missing(parts.untimed) ? null : parts.untimed / parts.wall), shareText), column("faults", "faults", (parts) => parts.faults, (value) => (missing(value) ? "n/a" : Math.round(value).toString()))],
      rows: found,
    },
  });
}

// ---- requests ----

function latencyGrid(setting, work) {
  const latency = tableOf("latency");
  const rows = Array.from({ length: latency.rows }, (_, row) => row).filter((row) => latency.at(row, "setting") === settingName(setting) && latency.at(row, "row") === work);
  if (!rows.length) return null;
  const few = { p50_ns: "p50", p90_ns: "p90", p99_ns: "p99", p999_ns: "p999" };
  const time = (key, head) => ({ key, head, value: (row) => latency.at(row, key), show: (row) => timeText(latency.at(row, key)) + (String(latency.at(row, "too_few") || "").split(" ").includes(few[key]) ? "*" : "") });
  const rate = (key, head) => ({ key, head, value: (row) => latency.at(row, key), show: (row) => (missing(latency.at(row, key)) ? "n/a" : latency.at(row, key).toFixed(0)) });
  return make("div", {}, make("h4", {}, "Latency of requests, in figures"), grid({
    id: "latency", label: "Latency of requests", rows,
    columns: [{ key: "collector", head: "collector", text: true, row: true, value: (row) => configName(latency.at(row, "series")) + markOf(setting, work, latency.at(row, "series")) },
      { key: "kind", head: "kind", text: true, value: (row) => latency.at(row, "kind") }, rate("offered_per_s", "offered a second"), rate("achieved_per_s", "achieved a second"),
      time("p50_ns", "p50"), time("p90_ns", "p90"), time("p99_ns", "p99"), time("p999_ns", "p99.9"), time("max_ns", "max")],
  }), make("p", { class: "quiet" }, "Response is from a request's arrival on the schedule to its answer. Without a schedule requests are metered: each counts from when it would have begun had those of 100 ms been spread evenly. Simple is from begin to end. Medians over processes; of the maxima the largest. A quantile of fewer requests than it needs is their longest, and has a *. Where less is achieved than offered, the queue grew for as long as the run lasted."));
}

// ---- the part ----

function workloadHead(setting, work) {
  const there = worksIn(setting);
  const place = there.indexOf(work);
  const kind = works[work].kind;
  const step = (by, text) => (there[place + by] === undefined ? null : view({ work: workName(there[place + by]) }, text));
  return [make("div", { class: "choices" }, menu("work", "workload", there.map(workName), workName(work)), step(-1, "previous"), step(1, "next")),
    make("h3", {}, workName(work), works[work].group && works[work].group !== "baseline" ? make("span", { class: "quiet" }, ` group ${works[work].group}`) : ""),
    ...workloadWords(setting, work, kind)];
}

// What the workload does, at which size this run has it, and what it is like at its standard size.
function workloadWords(setting, work, kind) {
  const said = Object.hasOwn(about.workloads, kind) ? about.workloads[kind] : null;
  const { options } = works[work];
  const bytes = configsIn(setting, work).map((config) => figureOf(setting, work, config, "allocated")).find((figure) => figure && !missing(figure.median));
  const here = [bytes ? `a process of this run allocates ${bytesText(bytes.median)}` : "", options ? `its options are ${options}` : ""].filter(Boolean).join("; ");
  return [said && said.does ? make("p", { class: "does" }, `What it does: ${said.does}. `) : null,
    here ? make("p", { class: "here" }, `${here.charAt(0).toUpperCase()}${here.slice(1)}.`) : null,
    said ? make("p", { class: "quiet" }, `At its standard size, which may be another, ${said.is}`) : null].filter(Boolean);
}

function showWorkload() {
  const [setting, work, base] = [chosenSetting(), chosenWork(), chosenBase()];
  if (work === undefined || !works[work]) return [make("p", {}, "No workload has a cell in this setting.")];
  const cells = cellsOf(setting, work);
  if (!cells.length) return [...workloadHead(setting, work), make("p", {}, "No collector ran it in this setting.")];
  const rows = cells.length ? workloadDots(cells, base) : null;
  return [...workloadHead(setting, work), figure({
    id: "cells", title: `${workName(work)}, ${settingName(setting)}: time, memory and pauses`, label: `Three panels of dots with intervals, one row for each of ${cells.length} collectors, the fastest first`,
    paint: (width) => dotPanels(rows, width), note: [markNote, intervalsWorth()], table: { columns: workloadColumns(base), rows: cells },
  }), grid({ id: "cells", label: `${workName(work)}: the figures of each collector`, columns: briefOf(workloadColumns(base)), rows: cells }),
  make("p", { class: "quiet" }, "Times the best is the geometric mean over blocks, in each block to the best of the other blocks. Its interval holds with 95% for the whole workload at once. Bold is the best, * may be it. ? is undecided and = is equal. The interval behind the sign is that of the pair with the best, which allows for all comparisons of the run. ", claimNeeds("wall"),
    " A longest pause links its pair with the baseline. Two pauses whose intervals lie apart in this table may still be undecided: a claim has a wider interval, which allows for all pairs."),
  make("p", { class: "quiet" }, "Overhead stands in the table behind the figure. It is the cost over the smallest distilled cost: the cost less the pauses that the collector can tell. Counting, barriers and allocation cannot be told apart from the program, so the true overhead is at least this."),
  ordersOf(setting, work),
  partsFigure(cells, work), ...lineFigures(setting, work, cells), latencyGrid(setting, work)].filter(Boolean);
}

function showWorkloads() {
  showPart(document.getElementById("workload"), ["setting", "base", "work"], showWorkload);
}

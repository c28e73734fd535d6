// SPDX-License-Identifier: MIT
// By collector: what it is, against which others it wins and loses, and on which workloads it is worst.

// Counts the verdicts of a against b over the workloads of a setting.
function countVerdicts(metric, setting, a, b) {
  const counts = { less: 0, more: 0, equal: 0, undecided: 0 };
  for (const work of worksIn(setting)) {
    const found = ratioOf(metric, setting, work, a, b);
    if (found && found.verdict in counts) counts[found.verdict]++;
  }
  return counts;
}

function againstGrid(config, setting) {
  const rows = configsIn(setting).filter((other) => other !== config).map((other) => ({ other, counts: Object.fromEntries(tradeMetrics.map((metric) => [metric, countVerdicts(metric, settingFor(metric, setting), config, other)])) }));
  const column = (metric, verdict, head) => ({ key: `${metric}-${verdict}`, head, value: (row) => row.counts[metric][verdict] });
  return grid({
    id: "against", label: `${configName(config)} against each other collector: on how many workloads`, rows,
    columns: [{ key: "other", head: "against", text: true, row: true, value: (row) => configName(row.other), show: (row) => view({ at: "pairs", a: configName(config), b: configName(row.other) }, configName(row.other)) },
      column("wall", "less", "faster"), column("wall", "more", "slower"), column("wall", "equal", "equal in time"), column("wall", "undecided", "time undecided"),
      column("peak", "less", "smaller"), column("peak", "more", "larger"), column("pause_max", "less", "pauses less"), column("pause_max", "more", "pauses more")],
  });
}

// ---- its page from collectors/, as join.py has it: chapters of [heading, blocks] ----

const proseText = (pieces) => pieces.map((piece) => (typeof piece === "string" ? piece : make(piece[0], {}, piece[1])));

function proseTable([head, ...rows]) {
  const cells = (name, row) => make("tr", {}, ...row.map((text) => make(name, { class: "text" }, ...proseText(text))));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": proseText(head[0]).map(shownText).join("") }, make("table", {}, make("thead", {}, cells("th", head)), make("tbody", {}, ...rows.map((row) => cells("td", row)))));
}

function proseBlock([kind, held]) {
  if (kind === "table") return proseTable(held);
  if (kind === "pre") return make("pre", {}, held);
  return kind === "p" ? make("p", {}, ...proseText(held)) : make(kind, {}, ...held.map((text) => make("li", {}, ...proseText(text))));
}

// The first paragraphs under a heading.
const proseOf = (chapters, wanted, most) => chapters.filter(([heading]) => heading === wanted).flatMap(([, blocks]) => blocks.filter(([kind]) => kind === "p").slice(0, most).map(([, text]) => text));

function collectorPage(kind, chapters) {
  return make("details", { class: "prose", id: "collector-page" }, make("summary", {}, `All that is said of ${kind}: ${chapters.map(([heading]) => heading.toLowerCase()).filter(Boolean).join(", ")}`),
    ...chapters.flatMap(([heading, blocks]) => [heading ? make("h4", {}, heading) : null, ...blocks.map(proseBlock)]));
}

function collectorWords(config, setting) {
  const wins = scenesOf("wall", setting).filter((scene) => scene.lead.includes(config)).map((scene) => scene.row);
  const { kind } = configs[config];
  const said = Object.hasOwn(about.collectors, kind) ? about.collectors[kind] : null;
  const fact = (name, heading) => {
    const texts = proseOf(said, heading, 2);
    return texts.length ? [make("dt", {}, name), make("dd", {}, ...texts.flatMap((text, place) => [place ? " " : "", ...proseText(text)]))] : [];
  };
  return [
    said ? make("p", {}, ...proseOf(said, "", 1).flatMap(proseText)) : null,
    said ? make("dl", {}, ...fact("it collects when", "Trigger"), ...fact("it does not reclaim", "Not reclaimed"), ...fact("it is worst for", "Worst input")) : null,
    said ? collectorPage(kind, said) : null,
    make("p", {}, wins.length ? ["It is or may be the fastest on ", ...wins.flatMap((work, i) => [i ? ", " : "", view({ at: "workloads", work: workName(work) }, workName(work))]), "."] : "No workload of this setting is known on which it is or may be the fastest."),
  ].filter(Boolean);
}

// Returns the dot of a cell's time over the best of its workload.
function bestDot({ setting, work, config }) {
  const found = toBest(setting, work, config, "wall");
  if (!found || missing(found.ratio) || !Number.isFinite(found.ratio)) return { value: null, none: found && found.status !== "ok" ? `n/a: ${found.status}` : "n/a" };
  return { value: found.ratio, low: found.low, high: found.high, kind: found.best ? "less" : found.verdict === "undecided" ? "undecided" : found.verdict || "",
    tip: [`${configName(config)} on ${workName(work)}, ${settingName(setting)}`, `${ratioText(found.ratio)} times the best${intervalText(found.low, found.high) ? ` (${intervalText(found.low, found.high)})` : ""}`,
      found.best ? "it is the best" : found.may_be_best ? "it may be the best" : verdictText(found.verdict, "wall"), processesText(setting, work, config)].join("\n") };
}

// The workloads of a collector, the worst first.
function showCollector() {
  const [setting, config, base] = [chosenSetting(), chosenConfig(), chosenBase()];
  const over = (work) => (toBest(setting, work, config, "wall") || {}).ratio ?? -1;
  const cells = worksIn(setting).filter((work) => hasCell(setting, work, config)).sort((a, b) => over(b) - over(a)).map((work) => ({ ...ofCell(setting, work, config), label: workName(work) + markOf(setting, work, config), row: work }));
  const head = [make("div", { class: "choices" }, menu("config", "collector", configsIn(setting).map(configName), configName(config))), make("h3", {}, configName(config) + markOver(setting, config, worksIn(setting))), ...collectorWords(config, setting)];
  if (!cells.length) return [...head, make("p", {}, "It has no cell in this setting.")];
  const panels = [{ title: "time, times the best", line: 1, dots: cells.map((cell) => bestDot(cell)) }];
  if (config !== base) panels.unshift({ title: `time, times ${configName(base)}`, line: 1, dots: cells.map((cell) => ratioDot(cell, "wall", base)) });
  const columns = [{ ...workColumn, show: (cell) => view({ at: "workloads", work: workName(cell.work) }, workName(cell.work)) }, bestColumn("wall", "times the best"), medianColumn("wall", "wall time"), ratioColumn("wall", `times ${configName(base)}`, base),
    medianColumn("peak", "peak memory"), bestColumn("peak", "peak memory, times the smallest"), medianColumn("pause_max", "longest pause"), medianColumn("pause_p99", "pause, 99% are no longer"), medianColumn("collections", "collections"), medianColumn("leaked", "bytes leaked"), statusColumn];
  return [...head,
    figure({ id: "worst", title: `${configName(config)}: time on each workload${config === base ? "" : `, times ${configName(base)} and`}${config === base ? "," : ""} times the best`, label: `Dots with intervals, one row for each of ${cells.length} workloads, the worst first`,
      paint: (width) => dotPanels({ rows: cells, panels }, width),
      note: ["The worst first, by its time over the best. Intervals over the best hold with 95% for a whole workload at once, those over the baseline for all comparisons of the run. An open dot is undecided, a square equal.", intervalsWorth()], table: { columns, rows: cells } }),
    grid({ id: "worst", label: `${configName(config)}: every workload`, columns, rows: cells }), make("h4", {}, "Wins and losses, by what is claimed"), againstGrid(config, setting)];
}

function showCollectors() {
  showPart(document.getElementById("collector"), ["setting", "base", "config"], showCollector);
}

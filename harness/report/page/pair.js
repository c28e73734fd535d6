// SPDX-License-Identifier: MIT
// By pair: any two collectors against each other, over all workloads.

function pairRows(metric, setting, a, b) {
  return worksIn(setting).filter((work) => hasCell(setting, work, a) && hasCell(setting, work, b))
    .map((work) => ({ work, setting, label: workName(work), ratio: ratioOf(metric, setting, work, a, b), a: figureOf(setting, work, a, metric), b: figureOf(setting, work, b, metric) }))
    .sort((x, y) => ((x.ratio || {}).ratio ?? Infinity) - ((y.ratio || {}).ratio ?? Infinity));
}

function pairDot(row, metric, a, b) {
  const { ratio } = row;
  if (!ratio || missing(ratio.ratio) || !Number.isFinite(ratio.ratio) || ratio.ratio === 0) return { value: null, none: ratio && !missing(ratio.ratio) ? `${verdictText(ratio.verdict, metric)}, one has 0` : "n/a" };
  return { value: ratio.ratio, low: ratio.low, high: ratio.high, kind: ratio.verdict,
    tip: [`${workName(row.work)}, ${settingName(row.setting)}`, `${configName(a)} takes ${ratioText(ratio.ratio)} times the ${metricWords[metric]} of ${configName(b)}${intervalText(ratio.low, ratio.high) ? ` (${intervalText(ratio.low, ratio.high)})` : ""}`,
      `${verdictText(ratio.verdict, metric)}; decided by ${countText(ratio.blocks ?? 0, "block")}`, `${configName(a)}: ${processesText(row.setting, row.work, a)}`, `${configName(b)}: ${processesText(row.setting, row.work, b)}`].join("\n") };
}

// The rows of claims.csv that hold the pair, whichever way round it has it.
function pairTerms(metric, setting, work, a, b) {
  const [first, second] = pairRow(metric, settingName(setting), work, a, b) === undefined ? [b, a] : [a, b];
  return { metric, setting: settingName(setting), a: configName(first), b: configName(second) };
}

function showPair() {
  const setting = chosenSetting();
  const metric = chosenMetric();
  const where = settingFor(metric, setting);
  const there = configsIn(setting);
  const [a, b] = [placeIn(configs, state.a, there[0]), placeIn(configs, state.b, there[1])];
  const choices = make("div", { class: "choices" }, menu("a", "compare", there.map(configName), configName(a)), menu("b", "with", there.map(configName), configName(b)),
    view({ a: configName(b), b: configName(a) }, "turn round"));
  if (a === undefined || b === undefined || a === b) return [choices, metricChoice(), make("p", {}, "Choose two collectors.")];
  const rows = pairRows(metric, where, a, b);
  const counts = countVerdicts(metric, where, a, b);
  const head = [choices, metricChoice(), make("h3", {}, `${configName(a)} against ${configName(b)}: ${metricWords[metric]}, ${settingName(where)}`),
    make("p", {}, rows.length ? `${configName(a)} is claimed to be ${metricLess[metric]} on ${countText(counts.less, "workload")} and ${metricMore[metric]} on ${counts.more}; they are equal within the precision on ${counts.equal}, and ${areText(counts.undecided)} undecided. ` : "No workload has figures of both in this setting. ",
      rows.length ? seeRows("see the rows", "claims", pairTerms(metric, where, rows[0].work, a, b)) : "")];
  if (!rows.length) return head;
  const text = (figure) => (figure ? [valueText(figure.median, figure.unit), make("small", {}, intervalText(figure.low, figure.high, (value) => valueText(value, figure.unit)))] : "n/a");
  const columns = [
    { key: "workload", head: "workload", text: true, row: true, value: (row) => row.label, show: (row) => view({ at: "workloads", work: row.label }, row.label) },
    { key: "ratio", head: `${configName(a)} / ${configName(b)}`, value: (row) => (row.ratio || {}).ratio ?? null, class: (row) => (row.ratio || {}).verdict || "", show: (row) => (row.ratio ? [ratioText(row.ratio.ratio), make("small", {}, intervalText(row.ratio.low, row.ratio.high))] : "n/a") },
    { key: "verdict", head: "verdict", text: true, value: (row) => verdictText((row.ratio || {}).verdict, metric) },
    { key: "a", head: configName(a), value: (row) => (row.a || {}).median ?? null, show: (row) => text(row.a) },
    { key: "b", head: configName(b), value: (row) => (row.b || {}).median ?? null, show: (row) => text(row.b) },
    { key: "blocks", head: "blocks", value: (row) => (row.ratio || {}).blocks ?? null },
  ];
  return [...head, figure({ id: "pair", title: `${metricWords[metric]} of ${configName(a)}, times that of ${configName(b)}`, label: `Dots with intervals, one row for each of ${rows.length} workloads, the least first`,
    paint: (width) => dotPanels({ rows, panels: [{ title: `${metricWords[metric]}: left of the line ${configName(a)} takes less`, line: 1, dots: rows.map((row) => pairDot(row, metric, a, b)) }] }, width),
    note: `${claimNeeds(metric)} A filled dot is a claim, a square is equal within the precision, an open dot is undecided.`, table: { columns, rows } }),
  grid({ id: "pair", label: `${configName(a)} against ${configName(b)}`, columns, rows })];
}

function showPairs() {
  showPart(document.getElementById("pair"), ["setting", "metric", "a", "b"], showPair);
}

// SPDX-License-Identifier: MIT
// What came out workload by workload: who wins where, and every claim.

// ---- workload by workload ----

// Returns who wins a scene: those that may be the best, the next one that did the whole job, and how sure it is.
function winnerOf(scene) {
  if (!scene) return null;
  const lead = scene.members.filter((config) => scene.lead.includes(config));
  if (!lead.length) return { lead, said: scene.members.length ? "none did the whole job, or one stopped as warm" : "no figure" };
  const rest = scene.members.filter((config) => !lead.includes(config) && !marks[(figureOf(scene.setting, scene.row, config, "wall") || {}).role]);
  if (lead.length > 1) {
    const verdicts = lead.slice(1).map((config) => (ratioOf(scene.metric, scene.setting, scene.row, lead[0], config) || {}).verdict);
    return { lead, next: lead[1], said: verdicts.every((verdict) => verdict === "equal") ? "equal within the precision" : "undecided between these", open: verdicts.includes("undecided") };
  }
  const next = rest[0];
  const ratio = next === undefined ? null : ratioOf(scene.metric, scene.setting, scene.row, next, lead[0]);
  if (!ratio || missing(ratio.ratio) || !Number.isFinite(ratio.ratio)) {
    const figure = next === undefined ? null : figureOf(scene.setting, scene.row, next, scene.metric);
    return { lead, next, ratio: null, none: figure !== null, said: figure ? `none; ${configName(next)} has ${valueText(figure.median, figure.unit)}` : "no other did the whole job" };
  }
  return { lead, next, ratio: ratio.ratio, said: `${configName(next)} takes ${ratioText(ratio.ratio)} times as much (${intervalText(ratio.low, ratio.high)})` };
}

// What the winner takes of what the baseline takes, before how far the next one is.
function winnerOver(won, metric, row, base) {
  const [first] = won.lead;
  const found = first === undefined || first === base ? null : ratioOf(metric, settingFor(metric, chosenSetting()), row.work, first, base);
  if (won.none || !found || missing(found.ratio) || !Number.isFinite(found.ratio) || found.ratio === 0) return "";
  const whose = won.lead.length > 1 ? `${configName(first)}: ` : "";
  return `${whose}${ratioText(found.ratio)} times ${configName(base)}${intervalText(found.low, found.high) ? ` (${intervalText(found.low, found.high)})` : ""}; `;
}

function winColumn(metric, head) {
  const winner = (row) => row[metric];
  const names = (row) => winner(row).lead.map((config) => configName(config)).join(", ");
  return {
    key: metric, head, text: true, wrap: true,
    value: (row) => (winner(row) ? names(row) : null),
    class: (row) => (winner(row) && winner(row).open ? "open" : ""),
    show: (row) => {
      const won = winner(row);
      if (!won) return "n/a";
      const some = won.lead.length > 4 ? `${won.lead.slice(0, 3).map(configName).join(", ")} and ${won.lead.length - 3} others` : names(row);
      const link = won.next === undefined ? some : view({ at: "pairs", a: configName(won.lead[0]), b: configName(won.next), metric }, some);
      return [make("span", { class: "lead" }, won.lead.length ? link : "none"), make("small", {}, winnerOver(won, metric, row, chosenBase()), won.said)];
    },
  };
}

function winRows(setting) {
  const rows = new Map();
  for (const metric of tradeMetrics)
    for (const scene of scenesOf(metric, settingFor(metric, setting))) {
      const key = `${scene.row}\t${scene.heap}`;
      if (!rows.has(key)) rows.set(key, { work: scene.row, heap: scene.heap });
      rows.get(key)[metric] = winnerOf(scene);
    }
  return [...rows.values()].sort((a, b) => a.work - b.work);
}

const workColumn = {
  key: "workload", head: "workload", text: true, row: true,
  value: (row) => workName(row.work) + (row.heap ? `, heap ${row.heap}` : ""),
  show: (row) => view({ at: "workloads", work: workName(row.work) }, workName(row.work) + (row.heap ? `, heap ${row.heap}` : "")),
};

function winsGrid() {
  const setting = chosenSetting();
  const rows = winRows(setting);
  const where = (metric) => (settingFor(metric, setting) === setting ? "" : `, ${settingWords(settingFor(metric, setting))}`);
  return [grid({
    id: "wins", label: "Which collector wins on each workload", short: rows.length < 4, rows, none: "Nothing is compared in this setting.",
    columns: [workColumn, winColumn("wall", "fastest"), winColumn("peak", `smallest peak memory${where("peak")}`), winColumn("pause_max", `shortest of the longest pauses${where("pause_max")}`)],
  }), make("p", { class: "quiet" }, "Only collectors that did the whole job can win. Under the name is the next one of these, and how much more it takes, with an interval that allows for all comparisons of the run. Before it stands what the first takes of the baseline.")];
}

// ---- all claims, in order ----

const claimKey = () => [
  "a\u00a0<\u00a0b: a is claimed to be less; a\u00a0=\u00a0b: equal within the precision; a\u00a0?\u00a0b: ", make("strong", {}, "undecided"), ", the run cannot tell. A < anywhere between two collectors is a claim about these two; pairs that are not so follow ",
  make("em", {}, "but"), ", where x to y is all from x to y in the order. Numbers are times ", configName(chosenBase()), ", the baseline, or times the best where that is not in the order or has nothing. With a unit they are the collector's own, as the best has nothing. The best, which is bold, has done the whole job; an order stands by the ratios to it. † left more than a tenth of its garbage; ‡ frees nothing; ° some warm process was not warm.",
];

// Whether the baseline has nothing that the others of an order could be divided by, as a collector that never pauses.
const hasNothing = (scene, base) => scene.members.some((config) => (ratioOf(scene.metric, scene.setting, scene.row, config, base) || {}).ratio === Infinity);

// The pieces of an order with the numbers over the baseline in the place of those over the best; as they are where the
// baseline is not in the order, or has nothing. A piece that has a value in the place of a ratio keeps it.
function orderOver(scene, base) {
  if (!scene.members.includes(base) || hasNothing(scene, base)) return scene.order;
  return scene.order.map((piece, place) => {
    const old = place === scene.strong ? "" : ` ${ratioText(scene.ratios[place])}`;
    if (place >= scene.members.length || !piece.endsWith(old)) return piece;
    const found = ratioOf(scene.metric, scene.setting, scene.row, scene.members[place], base);
    const shown = scene.members[place] === base || !found || missing(found.ratio) ? "" : ` ${ratioText(found.ratio)}`;
    return piece.slice(0, piece.length - old.length) + shown;
  });
}

// The pieces of an order: they break between each other only, and the best stands out without the sign before it.
function piecesOf(pieces, strong) {
  return pieces.map((piece, place) => {
    const sign = place === strong && place > 0 ? piece.slice(0, piece.indexOf(" ") + 1) : "";
    const text = place === strong ? [sign.replace(" ", "\u00a0"), make("span", { class: "lead" }, piece.slice(sign.length))] : [piece];
    return [place ? " " : "", make("span", { class: "piece" }, ...text)];
  });
}

// An order, and the pairs that are not so.
const orderPieces = (scene) => [...piecesOf(orderOver(scene, chosenBase()), scene.strong ?? -1), scene.but.length ? make("small", {}, "but ", ...piecesOf(scene.but, -1)) : ""];

function claimColumns(metric) {
  return [
    workColumn,
    { key: "order", head: claimsOf(metric).first, text: true, wrap: true, value: (scene) => orderOver(scene, chosenBase()).join(" "),
      show: orderPieces },
    { key: "claimed", head: "claimed", value: (scene) => scene.claimed },
    { key: "equal", head: "equal", value: (scene) => scene.equal },
    { key: "undecided", head: "undecided", value: (scene) => scene.undecided, class: (scene) => (scene.undecided ? "undecided" : "") },
  ];
}

function metricChoice() {
  const buttons = data.claims.map((claims) => make("button", { type: "button", "aria-pressed": String(claims.metric === chosenMetric()), "data-metric": claims.metric, onclick: () => choose({ metric: claims.metric }) }, claims.question));
  return make("div", { class: "choices", role: "group", "aria-label": "What is compared" }, ...buttons);
}

function claimsGrid() {
  const metric = chosenMetric();
  const chosen = chosenSetting();
  const setting = settingFor(metric, chosen);
  const claims = claimsOf(metric);
  const found = claims.settings[setting];
  const unmeasured = claims.settings[chosen] && claims.settings[chosen].unmeasured;
  const rows = scenesOf(metric, setting).map((scene) => ({ ...scene, work: scene.row }));
  const said = [make("p", {}, `${claims.design} A pair is two collectors on one workload in one setting, and each metric is a family of its own. `, claims.undecided ? `Over all settings ${countText(claims.undecided, "pair")} of this family ${claims.undecided === 1 ? "is" : "are"} undecided.` : ""), metricChoice()];
  if (unmeasured) said.push(make("p", {}, make("strong", {}, `${claims.question}, ${settingName(chosen)}`), `: nothing is claimed. ${unmeasured}`));
  if (!found || !found.pairs) return [...said, make("p", {}, "No pair of collectors has figures in two blocks: nothing is claimed.")];
  said.push(make("p", {}, make("strong", {}, claims.question), ` (${settingWords(setting)}): ${found.counts}`, found.leaders ? ` ${found.leaders}` : "", found.decides ? ` ${found.decides}` : ""));
  if (data.run.builds) return [...said, buildsGrid(metric, setting)];
  return [...said, grid({ id: "orders", label: `${claims.question}: the order on each workload`, rows, columns: claimColumns(metric) }), make("p", { class: "quiet" }, ...claimKey())];
}

// The pairs of a run of two builds.
function buildsGrid(metric, setting) {
  const claims = tableOf("claims");
  const rows = Array.from({ length: claims.rows }, (_, row) => row).filter((row) => claims.at(row, "metric") === metric && claims.at(row, "setting") === settingName(setting));
  const column = (key, head, value, more = {}) => ({ key, head, value, ...more });
  return grid({
    id: "orders", label: "The same collector in two builds", rows,
    columns: [
      column("workload", "workload", (row) => workName(claims.at(row, "row")), { text: true, row: true }),
      column("a", "A", (row) => configName(claims.at(row, "series_a")), { text: true }),
      column("b", "B", (row) => configName(claims.at(row, "series_b")), { text: true }),
      column("ratio", "A / B", (row) => claims.at(row, "ratio"), { show: (row) => [fineText(claims.at(row, "ratio")), make("small", {}, intervalText(claims.at(row, "low"), claims.at(row, "high"), fineText))] }),
      column("verdict", "verdict", (row) => claims.at(row, "verdict") || "n/a", { text: true }),
    ],
  });
}

const fineText = (ratio) => (missing(ratio) ? "n/a" : Math.abs(ratio) < 9.9995 ? ratio.toFixed(3) : ratioText(ratio));

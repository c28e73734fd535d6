// SPDX-License-Identifier: MIT
// What came out: in words, in one picture, and workload by workload.

// ---- in words ----

// A link that is of no use on paper.
function see(text, changes) {
  const link = view(changes, text);
  link.classList.add("see");
  return [" ", link];
}

// A link to rows of a table: those in which columns have these values, with some of them marked. A value with a quote is
// left out.
function seeRows(text, table, wanted = {}, marked = []) {
  const terms = Object.entries(wanted).map(([key, value]) => [key, String(value)]).filter(([, value]) => !value.includes('"')).map(([key, value]) => `${key}=${/\s/.test(value) ? `"${value}"` : value}`);
  return see(text, { at: "rows", table, "find.rows": terms.join(" "), "sort.rows": "", "mark.rows": marked.join(",") });
}

// What intervals from so few processes are worth, behind a note, with the cells that have so few; "" where there are
// enough.
function intervalsWorth() {
  if (!data.notes.worth) return "";
  const cells = tableOf("cells");
  const wanted = { setting: settingName(data.run.front), metric: "wall", baseline: 0 };
  const fewest = Math.min(...rowsWhere("cells", wanted).map((row) => cells.at(row, "processes")).filter((processes) => processes > 0));
  return [` ${data.notes.worth}`, Number.isFinite(fewest) ? seeRows("see these cells", "cells", { ...wanted, processes: fewest }) : ""];
}

// A link to the figures of the cells that may lead a metric. The claims, which decide that, have links of their own.
function seeLeaders(metric, place) {
  const setting = settingName(place);
  const rows = scenesOf(metric, place).flatMap((scene) => scene.lead.map((config) => cellRow(setting, scene.row, config, metric)));
  return seeRows("see their cells", "cells", { metric, setting }, rows);
}

function saidOfMetric(metric, setting) {
  const claims = claimsOf(metric);
  const place = settingFor(metric, setting);
  const found = claims.settings[place];
  if (!found || !found.pairs) return null;
  const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  return make("li", {},
    make("strong", {}, `${claims.figure} (${settingWords(place)}). `), found.leaders ? [found.leaders, seeLeaders(metric, place), " "] : "", sentence(found.counts),
    found.claimed ? seeRows(`see the ${found.claimed} claims`, "claims", { metric, setting: settingName(place), verdict: "less|more" }) : "",
    found.equal ? seeRows(`the ${found.equal} equal`, "claims", { metric, setting: settingName(place), verdict: "equal" }) : "",
    found.undecided ? seeRows(`the ${found.undecided} undecided`, "claims", { metric, setting: settingName(place), verdict: "undecided" }) : "",
    found.decides ? make("small", { class: "decides" }, found.decides) : "");
}

// A link to blocks of the run, where its table has them.
function seeBlocks(text, blocks) {
  const rows = blocks.map((block) => rowsWhere("machine", { block })[0]).filter((row) => row !== undefined);
  return rows.length ? seeRows(text, "machine", {}, rows) : "";
}

// A link to the last block that was begun.
function seeEnd() {
  const machine = tableOf("machine");
  return machine.rows ? seeBlocks("see its last block", [machine.at(machine.rows - 1, "block")]) : "";
}

function saidOfTrust() {
  const { trust, steady, unsteady, failed, blanks, ended } = data.notes;
  const items = [make("li", {}, make("strong", {}, "Failures. "), failed, blanks ? seeRows("see them", "failures") : seeRows("see the cells", "cells", { metric: "wall" }), ended ? [` ${ended}`, seeEnd()] : "")];
  if (trust.length)
    items.push(make("li", {}, make("strong", {}, "The machine. "), steady ? [steady, unsteady.length ? seeBlocks(`see ${unsteady.length === 1 ? "the block" : "the blocks"}`, unsteady) : "", " "] : "", trust[0], seeRows("see each block", "machine"), trust.length > 1 ? make("details", {}, make("summary", {}, "More about how steady it was"), ...trust.slice(1).map((text) => make("p", {}, text))) : ""));
  if (data.notes.memory.length)
    items.push(make("li", {}, make("strong", {}, "Fresh pages. "), data.notes.memory.join(" "), seeRows("see the cells", "cold_warm"),
      data.notes.differ.length ? make("details", {}, make("summary", {}, "The cells that differ, cold over warm, the largest first"),
        make("p", {}, `${data.notes.differ.join("; ")}.`), make("p", { class: "quiet" }, "Below 1 cold memory is faster. Collectors that did less than the whole job stand last: † left more than a tenth of its garbage, ‡ frees nothing.")) : ""));
  return items;
}

// ---- the answer at a glance: who takes least over all workloads that are shared, by how much, at what price ----

// The trades of the setting that is chosen; of the front where no workload has all figures there.
const trade = () => tradeOf(chosenSetting());

const namesText = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}` : names[0]);

// How two collectors stand to each other on single workloads, by what is claimed: "4 wins, 1 loss, 4 undecided".
function standOf(metric, a, b) {
  const setting = trade().settings[tradeMetrics.indexOf(metric)];
  const { less, more, equal, undecided } = countVerdicts(metric, setting, a, b);
  if (!(less + more + equal + undecided)) return "";
  const text = [countText(less, "win"), countText(more, "loss", "losses"), equal ? `${equal} equal` : "", undecided ? `${undecided} undecided` : ""].filter(Boolean).join(", ");
  return ["; by workload ", view({ at: "pairs", a: configName(a), b: configName(b), metric }, text)];
}

// The places of the members that did the whole job, the least of a metric first.
function leadOrder(metric) {
  const { members } = trade();
  const own = (member) => trade()[metric][member][members.length][0];
  return members.map((_, member) => member).filter((member) => !tradeMark(members[member]) && !missing(own(member))).sort((a, b) => own(a) - own(b));
}

// A link to rows of the trades: each a metric, a collector, and the collector that it is over, or null.
function seeTrade(text, metric, pairs) {
  const { members, settings: places } = trade();
  const setting = settingName(places[tradeMetrics.indexOf(metric)]);
  const base = (other) => (other === null ? "" : configName(members[other]));
  return seeRows(text, "trade", { metric, setting }, pairs.map(([member, other]) => rowsWhere("trade", { metric, setting, series: members[member], base: base(other) })[0]).filter((row) => row !== undefined));
}

// What the leader of another metric takes in time, of the fastest.
function priceOf(metric, best) {
  const [fastest] = leadOrder("wall");
  if (metric === "wall" || fastest === undefined) return "";
  const { members, wall } = trade();
  return fastest === best ? " It is the fastest, too." : [` It takes ${ratioText(wall[best][fastest][0])} times the time of ${configName(members[fastest])}, the fastest.`, seeTrade("see its price", "wall", [[best, fastest]])];
}

// How sure a lead is: its interval, and whether it is smaller than what the run was to tell apart.
function sureOf(metric, [over, least, most]) {
  const { precision } = claimsOf(metric);
  const small = over - 1 < precision ? `, less than the ${roundShare(precision)} within which this run calls two equal` : "";
  return missing(least) ? small : least > 1 ? ` (${intervalText(least, most)})${small}` : ", which the run cannot tell apart";
}

function leadOf(metric, words, text) {
  const { members } = trade();
  const base = Math.max(0, members.indexOf(chosenBase()));
  const values = trade()[metric];
  const [best, next] = leadOrder(metric);
  if (best === undefined) return null;
  const name = configName(members[best]);
  const [ratio, low, high] = metric === "pause_max" ? values[best][members.length] : values[best][base];
  const interval = intervalText(low, high, text);
  const size = `${text(ratio)}${metric === "pause_max" ? "" : ` times ${configName(members[base])}`}${interval ? ` (${interval})` : ""}`;
  const second = next === undefined ? "" : [` The next, ${configName(members[next])}, takes ${ratioText(values[next][best][0])} times as much${sureOf(metric, values[next][best])}`, standOf(metric, members[best], members[next]), "."];
  const rows = [[best, metric === "pause_max" ? null : base], ...(next === undefined ? [] : [[next, best]])];
  return make("li", {}, view({ at: "collectors", config: name }, name), ` ${words}: ${best === base && metric !== "pause_max" ? "it is the baseline" : size}.`, second, seeTrade("see the rows", metric, rows), priceOf(metric, best));
}

// Peaks below this many bytes are so few pages that a page more or less is a large ratio.
const smallPeak = 1e6;

// The shared workloads on which the leader and the next are below that: they pull on the means of the two.
function smallPeaks() {
  const { members, works: shared, settings: places } = trade();
  const two = leadOrder("peak").slice(0, 2);
  const peak = (work, config) => (figureOf(places[tradeMetrics.indexOf("peak")], work, config, "peak") || {}).median ?? Infinity;
  return two.length < 2 ? [] : shared.filter((work) => two.every((member) => peak(work, members[member]) < smallPeak));
}

function smallWords() {
  const { members, settings: places } = trade();
  const small = smallPeaks();
  const setting = settingName(places[tradeMetrics.indexOf("peak")]);
  const rows = small.flatMap((work) => leadOrder("peak").slice(0, 2).map((member) => cellRow(setting, work, members[member], "peak")));
  return small.length ? [`The lead in peak memory leans on ${namesText(small.map(workName))}, too: there both hold less than ${roundBytes(smallPeak)}, so that a few pages are a large ratio.`, seeRows("see these peaks", "cells", { metric: "peak", setting }, rows), " "] : "";
}

// Which workloads, which collectors and which settings the means are over.
function leadHead() {
  const { members, works: shared, settings: places } = trade();
  const [ran, there] = [worksIn(places[0]), configsIn(places[0])];
  const [left, out] = [ran.filter((work) => !shared.includes(work)), there.filter((config) => !members.includes(config))];
  const marked = members.filter((member) => tradeMark(member));
  const without = (list, name) => (list.length ? ` (not ${namesText(list.map(name))})` : "");
  const other = tradeMetrics.filter((_, i) => places[i] !== places[0]).map((metric) => `; ${metricWords[metric]}: ${settingWords(places[tradeMetrics.indexOf(metric)])}`);
  return [`Means over ${shared.length} of ${countText(ran.length, "workload")}${without(left, workName)}, which ${members.length} of ${countText(there.length, "collector")} finished${without(out, configName)}. `,
    marked.length ? `Only collectors that did the whole job on each can lead: ${namesText(marked.map((member) => configName(member) + tradeMark(member)))} did not. ` : "",
    smallWords(), `Setting: ${settingWords(places[0])}${other.join("")}${places[0] === chosenSetting() ? "" : "; the one that is chosen above has no such means"}. `, see("See the figures", { at: "figure-trade", "see.trade": "data" }), make("span", { class: "see" }, ". "), see("What the words mean", { at: "words" })];
}

function showLead() {
  const { members, works: shared } = trade();
  const host = document.getElementById("lead");
  if (!members.length || !shared.length) return host.replaceChildren();
  const items = [leadOf("wall", "takes the least time", ratioText), leadOf("peak", "has the smallest peak memory", ratioText), leadOf("pause_max", "has the shortest of the longest pauses", timeText)];
  host.replaceChildren(make("ul", { class: "said" }, ...items), make("p", { class: "quiet" }, ...leadHead()));
}

function showSaid() {
  const setting = chosenSetting();
  const said = data.claims.map((claims) => saidOfMetric(claims.metric, setting));
  if (said.every((item) => !item)) said.push(make("li", {}, "No pair of collectors has figures in two blocks: nothing is claimed."));
  document.getElementById("said").replaceChildren(...said.filter(Boolean), ...saidOfTrust());
}

function showWarnings() {
  const { warnings } = data.run;
  if (!warnings.length) return;
  document.getElementById("warnings").append(make("details", { class: "warning", open: warnings.length < 3 },
    make("summary", {}, make("strong", {}, `About this machine as a place to measure: ${countText(warnings.length, "warning")}`)),
    make("ul", {}, ...warnings.map((warning) => make("li", {}, warning)))));
}

// ---- one picture: what each collector trades ----

const tradeMetrics = ["wall", "peak", "pause_max"];

function tradeFigures(base) {
  const { members } = trade();
  const own = members.length; // the place of a member's own value
  const place = members.indexOf(base);
  const over = place < 0 ? 0 : place;
  return members.map((config, member) => ({
    config,
    label: configName(config) + tradeMark(config),
    open: tradeMark(config) !== "",
    wall: trade().wall[member][over],
    peak: trade().peak[member][over],
    pause: trade().pause_max[member][own],
    pauseOver: trade().pause_max[member][over],
    base: configName(members[over]),
  }));
}

function tradeTip(dot) {
  const part = (name, [value, low, high], text) => `${name}: ${text(value)}${intervalText(low, high, text) ? ` (${intervalText(low, high, text)})` : ""}`;
  return [dot.label, part(`time over ${dot.base}`, dot.wall, ratioText), part(`peak memory over ${dot.base}`, dot.peak, ratioText), part("longest pause", dot.pause, timeText),
    `geometric means over ${countText(trade().works.length, "workload")}, 95% intervals from ${countText(data.run.blocks, "block")} at most`].join("\n");
}

function paintTrade(dots, width) {
  const across = width < 700 ? 1 : 2;
  const [panel, height] = [width / across, 340];
  const canvas = canvasOf(width, across === 1 ? 2 * height + 10 : height);
  const base = dots[0].base;
  const memory = { title: "Time and memory", dots: dots.map((dot) => ({ ...dot, x: dot.peak, y: dot.wall, tip: tradeTip(dot) })), xText: tickText, yText: tickText,
    xTitle: `peak memory, times ${base}`, yTitle: `↑ time, times ${base}`, lineX: 1, lineY: 1 };
  const pauses = { title: "Time and longest pause", dots: dots.map((dot) => ({ ...dot, x: dot.pause, y: dot.wall, tip: tradeTip(dot) })), xText: roundTime, yText: tickText,
    xTitle: "longest pause of a process", yTitle: `↑ time, times ${base}`, lineY: 1 };
  canvas.append(tradePanel(memory, 0, panel, height));
  const second = tradePanel(pauses, across === 1 ? 0 : panel, panel, height);
  if (across === 1) second.setAttribute("transform", `translate(0,${height + 10})`);
  canvas.append(second);
  return canvas;
}

const triple = (key, head, text, get) => ({ key, head, value: (dot) => get(dot)[0], show: (dot) => [text(get(dot)[0]), make("small", {}, intervalText(get(dot)[1], get(dot)[2], text))] });

function tradeFigure() {
  const { members, works: shared, settings: places } = trade();
  if (!members.length || !shared.length) return make("p", {}, "No workload has the time, the peak memory and the longest pause of every collector: there are no means over workloads.");
  const dots = tradeFigures(chosenBase());
  const settingsSaid = tradeMetrics.map((metric, i) => `${metricWords[metric]}: ${settingWords(places[i])}`).join("; ");
  const out = configsIn(places[0]).filter((config) => !members.includes(config));
  return figure({
    id: "trade",
    title: "The trade that each collector makes: nearer to the lower left corner is better",
    label: `One dot for each of ${dots.length} collectors: time over peak memory, and time over the longest pause, as geometric means over ${shared.length} workloads`,
    paint: (width) => paintTrade(dots, width),
    note: [`Geometric means over the ${shared.length} of ${countText(worksIn(places[0]).length, "workload")} that all of these collectors finished, with 95% intervals (${settingsSaid}). A pause below 1 µs counts as 1 µs.`,
      dots.some((dot) => dot.open) ? " An open dot did less than the whole job: † left more than a tenth of its garbage on some workload, ‡ frees nothing." : "",
      members.includes(chosenBase()) ? "" : ` ${configName(chosenBase())} did not run enough of the workloads, so ${dots[0].base} is the base here.`,
      out.length ? ` Not drawn, as they ran too few of the workloads: ${out.map(configName).join(", ")}.` : "", intervalsWorth()],
    table: {
      columns: [
        { key: "collector", head: "collector", text: true, row: true, value: (dot) => dot.label },
        triple("wall", `time, times ${dots[0].base}`, ratioText, (dot) => dot.wall),
        triple("peak", `peak memory, times ${dots[0].base}`, ratioText, (dot) => dot.peak),
        triple("pause", "longest pause", timeText, (dot) => dot.pause),
        triple("pauses", `longest pause, times ${dots[0].base}`, ratioText, (dot) => dot.pauseOver),
      ],
      rows: dots,
    },
  });
}

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
    return { lead, next, ratio: null, said: figure ? `it has none; ${configName(next)} has ${valueText(figure.median, figure.unit)}` : "no other did the whole job" };
  }
  return { lead, next, ratio: ratio.ratio, said: `${configName(next)} takes ${ratioText(ratio.ratio)} times as much (${intervalText(ratio.low, ratio.high)})` };
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
      return [make("span", { class: "lead" }, won.lead.length ? link : "none"), make("small", {}, won.said)];
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
  }), make("p", { class: "quiet" }, "Only collectors that did the whole job can win. Under the name is the next one of these, and how much more it takes, with an interval that allows for all comparisons of the run.")];
}

// ---- all claims, in order ----

const claimKey = [
  "a\u00a0<\u00a0b: a is claimed to be less; a\u00a0=\u00a0b: equal within the precision; a\u00a0?\u00a0b: ", make("strong", {}, "undecided"), ", the run cannot tell. A < anywhere between two collectors is a claim about these two; pairs that are not so follow ",
  make("em", {}, "but"), ", where x to y is all from x to y in the order. Numbers are times the best, which is bold; the best has done the whole job. † left more than a tenth of its garbage; ‡ frees nothing; ° some warm process was not warm.",
];

// The pieces of an order: they break between each other only, and the best stands out without the sign before it.
function piecesOf(pieces, strong) {
  return pieces.map((piece, place) => {
    const sign = place === strong && place > 0 ? piece.slice(0, piece.indexOf(" ") + 1) : "";
    const text = place === strong ? [sign.replace(" ", "\u00a0"), make("span", { class: "lead" }, piece.slice(sign.length))] : [piece];
    return [place ? " " : "", make("span", { class: "piece" }, ...text)];
  });
}

function claimColumns(metric) {
  return [
    workColumn,
    { key: "order", head: claimsOf(metric).first, text: true, wrap: true, value: (scene) => scene.order.join(" "),
      show: (scene) => [...piecesOf(scene.order, scene.strong ?? -1), scene.but.length ? make("small", {}, "but ", ...piecesOf(scene.but, -1)) : ""] },
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
  return [...said, grid({ id: "orders", label: `${claims.question}: the order on each workload`, rows, columns: claimColumns(metric) }), make("p", { class: "quiet" }, ...claimKey.map((part) => (part.cloneNode ? part.cloneNode(true) : part)))];
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

function showAnswer() {
  showWarnings();
  showWith(["base", "setting"], showLead);
  showWith(["setting"], showSaid);
  showPart(document.getElementById("trade"), ["base", "setting"], tradeFigure);
  showPart(document.getElementById("wins"), ["setting"], winsGrid);
  showPart(document.getElementById("claims"), ["setting", "metric"], claimsGrid);
}

// SPDX-License-Identifier: MIT
// What came out: in words, and in one picture.

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

// The cells of a collector of which it is known what they left.
function leftBy(setting, config) {
  return worksIn(setting).map((work) => ({ work, ...figureOf(setting, work, config, "leaked") })).filter(({ median }) => !missing(median));
}

// The collectors that left garbage though they free, the most first: each with its cells that have some, the most first.
function leaksOf(setting) {
  const cellsOfOne = (config) => leftBy(setting, config).filter(({ median, role }) => median > 0 && role !== "floor").sort((a, b) => b.median - a.median);
  return configsIn(setting).map((config) => ({ config, cells: cellsOfOne(config) })).filter(({ cells }) => cells.length).sort((a, b) => b.cells[0].median - a.cells[0].median);
}

const leaksShown = 5; // collectors that the sentence names

// What those left that free, those that freed nothing, and of how many cells nothing is known.
function leaksSentences(setting, leaks) {
  const known = configsIn(setting).filter((config) => leftBy(setting, config).length);
  const floors = known.filter((config) => markOver(setting, config, worksIn(setting)) === marks.floor);
  const cells = configsIn(setting).flatMap((config) => worksIn(setting).filter((work) => hasCell(setting, work, config)));
  const unknown = cells.length - known.flatMap((config) => leftBy(setting, config)).length;
  const one = ({ config, cells: [most, ...others] }) => `${configName(config)} on ${others.length + 1} of ${countText(leftBy(setting, config).length, "workload")}, a median of at most ${bytesText(most.median)} (${workName(most.work)})`;
  const [named, rest] = [leaks.slice(0, leaksShown), leaks.slice(leaksShown)];
  const each = [...named.map(one), rest.length ? countText(rest.length, "other") : ""].filter(Boolean);
  return [leaks.length ? `Garbage was left by ${each.join("; ")}.` : known.length > floors.length ? "No collector that frees left garbage." : "",
    floors.length ? `${namesText(floors.map(configName))} freed nothing in this run.` : "", unknown ? `Of ${countText(unknown, "cell")} nothing is known.` : ""].filter(Boolean).join(" ");
}

function saidOfLeaks(setting) {
  const leaks = leaksOf(setting);
  if (!configsIn(setting).some((config) => leftBy(setting, config).length)) return null;
  return make("li", {}, make("strong", {}, "Leaks. "), leaksSentences(setting, leaks),
    seeRows("see the cells", "cells", { metric: "leaked", setting: settingName(setting) }, leaks.flatMap(({ cells }) => cells.map(({ row }) => row))),
    leaks.length ? make("details", {}, make("summary", {}, "Where, and how much"), ...leaks.map(({ config, cells }) => make("p", {}, `${configName(config)}: ${cells.map(({ work, median }) => `${workName(work)} ${bytesText(median)}${markOf(setting, work, config)}`).join(", ")}.`)),
      make("p", { class: "quiet" }, "Medians over processes, at the end of a process. † is more than a tenth of its garbage.")) : "");
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

// How the leader of a mean stands to the next on single workloads, by what is claimed: "By workload it has 4 wins, 1 loss
// and 4 undecided against rc." A mean may be led by one that loses more often than it wins.
function standOf(metric, a, b) {
  const setting = trade().settings[tradeMetrics.indexOf(metric)];
  const { less, more, equal, undecided } = countVerdicts(metric, setting, a, b);
  if (!(less + more + equal + undecided)) return "";
  const text = namesText([countText(less, "win"), countText(more, "loss", "losses"), equal ? `${equal} equal` : "", undecided ? `${undecided} undecided` : ""].filter(Boolean));
  return [" By workload it has ", view({ at: "pairs", a: configName(a), b: configName(b), metric }, text), ` against ${configName(b)}${more > less ? ": it leads by the mean alone" : ""}.`];
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

// How the next stands to the leader, and how sure that is: the interval, and whether the lead is smaller than what the run
// was to tell apart.
function nextOf(metric, name, [over, least, most]) {
  const { precision } = claimsOf(metric);
  if (missing(least) || least <= 1) return ` By the mean it stands before ${name}, but the run cannot tell the two apart (${ratioText(over)} times).`;
  const small = over - 1 < precision ? `, less than the ${roundShare(precision)} within which this run calls two equal` : "";
  return ` It is ahead of ${name}, which takes ${ratioText(over)} times as much (${intervalText(least, most)})${small}.`;
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
  const second = next === undefined ? "" : [nextOf(metric, configName(members[next]), values[next][best]), standOf(metric, members[best], members[next])];
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

// On how many workloads a collector has all that the means are of. A cell that stopped as warm did not finish.
function finishedBy(config) {
  const { settings: places } = trade();
  const known = (work, metric, place) => {
    const { median, status } = figureOf(places[place], work, config, metric) || {};
    return status === "ok" && !missing(median);
  };
  return worksIn(places[0]).filter((work) => tradeMetrics.every((metric, place) => known(work, metric, place)) && (toBest(places[0], work, config, "wall") || {}).status !== "as_warm").length;
}

// Which workloads, which collectors and which settings the means are over.
function leadHead() {
  const { members, works: shared, settings: places } = trade();
  const [ran, there] = [worksIn(places[0]), configsIn(places[0])];
  const [left, out] = [ran.filter((work) => !shared.includes(work)), there.filter((config) => !members.includes(config))];
  const marked = members.filter((member) => tradeMark(member));
  const without = left.length ? ` (not ${namesText(left.map(workName))})` : "";
  const few = out.map((config) => `${configName(config)} ${finishedBy(config)}`);
  const other = tradeMetrics.filter((_, i) => places[i] !== places[0]).map((metric) => `; ${metricWords[metric]}: ${settingWords(places[tradeMetrics.indexOf(metric)])}`);
  return [`Means over ${shared.length} of ${countText(ran.length, "workload")}${without}, which ${members.length} of ${countText(there.length, "collector")} finished${few.length ? `. The others finished fewer of the ${ran.length}: ${namesText(few)}` : ""}. `,
    marked.length ? `Only collectors that did the whole job on each can lead: ${namesText(marked.map((member) => configName(member) + tradeMark(member)))} did not. ` : "",
    smallWords(), `Setting: ${settingWords(places[0])}${other.join("")}${places[0] === chosenSetting() ? "" : "; the one that is chosen above has no such means"}. `, see("See the figures", { at: "figure-trade", "see.trade": "data" }), make("span", { class: "see" }, ". "), see("What the words mean", { at: "words" })];
}

function showLead() {
  const { members, works: shared } = trade();
  const host = document.getElementById("lead");
  if (!members.length || !shared.length) return host.replaceChildren();
  const items = [leadOf("wall", "takes the least time in the mean", ratioText), leadOf("peak", "has the smallest mean peak memory", ratioText), leadOf("pause_max", "has the lowest mean of longest pauses", timeText)];
  host.replaceChildren(make("ul", { class: "said" }, ...items), make("p", { class: "quiet" }, ...leadHead()));
}

function showSaid() {
  const setting = chosenSetting();
  const said = data.claims.map((claims) => saidOfMetric(claims.metric, setting));
  if (said.every((item) => !item)) said.push(make("li", {}, "No pair of collectors has figures in two blocks: nothing is claimed."));
  document.getElementById("said").replaceChildren(...[...said, saidOfLeaks(setting)].filter(Boolean), ...saidOfTrust());
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

const tradeNames = 12; // more names than that hide each other: numbers stand for them

// Numbers for names, the fastest first, and their key below the panels. Returns how high it is.
function tradeKey(named, canvas, width, top) {
  const room = widestText(named.map((dot) => dot.label)) + 34;
  const columns = Math.max(1, Math.floor(width / room));
  const each = Math.ceil(named.length / columns);
  if (canvas) named.forEach(({ label }, place) => canvas.append(draw("text", { class: "key", x: Math.floor(place / each) * room + 4, y: top + 14 + (place % each) * 17 }, `${place + 1}  ${label}`)));
  return 8 + each * 17;
}

function paintTrade(all, width) {
  const across = width < 700 ? 1 : 2;
  const [panel, height] = [width / across, 340];
  const named = all.length > tradeNames ? [...all].sort((a, b) => a.wall[0] - b.wall[0]) : [];
  const dots = named.length ? named.map((dot, place) => ({ ...dot, label: String(place + 1), tip: tradeTip(dot) })) : all.map((dot) => ({ ...dot, tip: tradeTip(dot) }));
  const below = across === 1 ? 2 * height + 10 : height;
  const canvas = canvasOf(width, below + (named.length ? tradeKey(named, null, width) : 0));
  const base = dots[0].base;
  const memory = { title: "Time and memory", dots: dots.map((dot) => ({ ...dot, x: dot.peak, y: dot.wall })), xText: tickText, yText: tickText,
    xTitle: `peak memory, times ${base}`, yTitle: `↑ time, times ${base}`, lineX: 1, lineY: 1 };
  const pauses = { title: "Time and longest pause", dots: dots.map((dot) => ({ ...dot, x: dot.pause, y: dot.wall })), xText: roundTime, yText: tickText,
    xTitle: "longest pause of a process", yTitle: `↑ time, times ${base}`, lineY: 1 };
  canvas.append(tradePanel(memory, 0, panel, height));
  const second = tradePanel(pauses, across === 1 ? 0 : panel, panel, height);
  if (across === 1) second.setAttribute("transform", `translate(0,${height + 10})`);
  canvas.append(second);
  if (named.length) tradeKey(named, canvas, width, below);
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

function showAnswer() {
  showWarnings();
  showWith(["base", "setting"], showLead);
  showWith(["setting"], showSaid);
  showPart(document.getElementById("trade"), ["base", "setting"], tradeFigure);
  showPart(document.getElementById("wins"), ["base", "setting"], winsGrid);
  showPart(document.getElementById("claims"), ["base", "setting", "metric"], claimsGrid);
}

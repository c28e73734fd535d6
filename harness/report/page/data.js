// SPDX-License-Identifier: MIT
// The data of the page, as report.html has them: tables, lists, and what the run claims.

const data = JSON.parse(document.getElementById("data").textContent);
const about = JSON.parse(document.getElementById("about").textContent);
const { works, configs, settings } = data.run;

const nameOf = (list, place) => (list[place] ? list[place].name : "");
const workName = (work) => nameOf(works, work);
const configName = (config) => nameOf(configs, config);
const settingName = (setting) => nameOf(settings, setting);
// Where a run has warm memory too, a setting without a word on memory is cold.
const settingWords = (setting) => settingName(setting) + (settings[setting] && !settings[setting].warm && settings.some(({ warm }) => warm) ? ", cold memory" : "");

// ---- tables ----

// Returns a function from a row to the value of a column.
function columnReader(column) {
  if (column === undefined) return () => undefined;
  if (Array.isArray(column)) return (row) => column[row];
  if ("all" in column) return () => column.all;
  return (row) => column.names[column.at[row]];
}

const tables = new Map();

// Returns a table: how many rows it has, its columns, and the value at a row and a column.
function tableOf(name) {
  if (!tables.has(name)) {
    const { rows = 0, columns = {} } = data.tables[name] || {};
    const readers = Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, columnReader(column)]));
    const at = (row, key) => (readers[key] ? readers[key](row) : undefined);
    tables.set(name, { name, rows, columns: Object.keys(columns), at });
  }
  return tables.get(name);
}

// Returns an index of a table by the values of some columns: from the joined values to the row.
function indexOf(name, ...keys) {
  const table = tableOf(name);
  const index = new Map();
  for (let row = 0; row < table.rows; row++) index.set(keys.map((key) => table.at(row, key)).join("\t"), row);
  return (...values) => index.get(values.join("\t"));
}

// Returns the numbers of the rows in which columns have these values, in their order.
function rowsWhere(name, wanted) {
  const table = tableOf(name);
  const terms = Object.entries(wanted);
  return Array.from({ length: table.rows }, (_, row) => row).filter((row) => terms.every(([key, value]) => table.at(row, key) === value));
}

const cellRow = indexOf("cells", "setting", "row", "series", "metric");
const normalisedRow = indexOf("normalised", "setting", "row", "series", "metric");
const partsRow = indexOf("parts", "setting", "row", "series");
const pairRow = indexOf("claims", "metric", "setting", "row", "series_a", "series_b");

const processes = new Map(data.cells.map(([setting, work, config, ids]) => [`${setting}/${work}/${config}`, ids]));
const hasCell = (setting, work, config) => processes.has(`${setting}/${work}/${config}`);
const processesOf = (setting, work, config) => processes.get(`${setting}/${work}/${config}`) || [];

// ---- figures of a cell ----

// Returns the median of a metric with its interval; null where the cell is not in the run.
function figureOf(setting, work, config, metric) {
  const cells = tableOf("cells");
  const row = cellRow(settingName(setting), work, config, metric);
  if (row === undefined) return null;
  const figure = { row };
  for (const key of ["median", "low", "high", "unit", "processes", "failed", "status", "reason", "role", "note"])
    figure[key] = cells.at(row, key);
  return figure;
}

// Returns the ratio to the best of a metric; null where there is none.
function toBest(setting, work, config, metric) {
  const normalised = tableOf("normalised");
  const row = normalisedRow(settingName(setting), work, config, metric);
  if (row === undefined) return null;
  const found = { row };
  for (const key of ["ratio", "low", "high", "best", "verdict", "may_be_best", "status", "reason", "median"])
    found[key] = normalised.at(row, key);
  return found;
}

const turnedVerdict = { __proto__: null, less: "more", more: "less" };

// Returns the pair that the claims have of a / b, the other way round if need be; null where there is none.
// This is the one thing that the page computes: 1 / ratio, as claims_turned() does.
function ratioOf(metric, setting, work, a, b) {
  const claims = tableOf("claims");
  if (a === b) return { ratio: 1, low: 1, high: 1, verdict: "itself", blocks: null };
  const name = settingName(setting);
  const row = pairRow(metric, name, work, a, b);
  const turned = row === undefined ? pairRow(metric, name, work, b, a) : undefined;
  const found = row === undefined ? turned : row;
  if (found === undefined) return null;
  const [ratio, low, high, verdict, blocks] = ["ratio", "low", "high", "verdict", "blocks"].map((key) => claims.at(found, key));
  if (row !== undefined) return { row, ratio, low, high, verdict, blocks };
  const over = (value) => (value === null ? null : 1 / value);
  return { row: found, ratio: over(ratio), low: over(high), high: over(low), verdict: turnedVerdict[verdict] || verdict, blocks };
}

const marks = { __proto__: null, leaks: "†", floor: "‡" };

// Returns the mark of a cell: what it left, and whether a warm process was not warm.
function markOf(setting, work, config) {
  const figure = figureOf(setting, work, config, "wall");
  return figure ? (marks[figure.role] || "") + (figure.note === "not warm" ? "°" : "") : "";
}

// Returns the mark of a collector over some workloads: what it left on any of them.
function markOver(setting, config, over) {
  const roles = over.map((work) => (figureOf(setting, work, config, "wall") || {}).role);
  return roles.includes("floor") ? marks.floor : roles.includes("leaks") ? marks.leaks : "";
}

// Returns the trades of a setting: those of the front where it has none.
const tradeOf = (setting) => data.trades[setting] || data.trade;

// Returns the mark of a collector over the workloads of the trades that are shown.
function tradeMark(config) {
  const { settings: places, works: shared } = tradeOf(chosenSetting());
  return markOver(places[0], config, shared);
}

const claimsOf = (metric) => data.claims.find((claims) => claims.metric === metric);

// Returns the setting in which a metric is shown when `setting` is chosen: warm processes have no peak memory.
function settingFor(metric, setting) {
  const claims = claimsOf(metric);
  if (!claims || !claims.settings[setting] || claims.settings[setting].measures) return setting;
  const other = claims.front < settings.length ? claims.front : setting;
  return other;
}

const scenesOf = (metric, setting) => data.scenes.filter((scene) => scene.metric === metric && scene.setting === setting);
const worksIn = (setting) => works.map((_, work) => work).filter((work) => works[work].measured && configs.some((_, config) => hasCell(setting, work, config)));
const configsIn = (setting, work) => configs.map((_, config) => config).filter((config) => (work === undefined ? worksIn(setting).some((any) => hasCell(setting, any, config)) : hasCell(setting, work, config)));

// ---- lines ----

// Returns the values of a line's column: they are given as numbers, or as steps in a unit.
function lineValues(values) {
  if (Array.isArray(values)) return values;
  let last = 0;
  return values.steps.map((step) => (last += step) * values.unit);
}

// Returns the lines of a table for a work in a setting: [{series, kind, points, values: [[...], [...]]}].
function linesOf(name, setting, work) {
  const { lines = [] } = data.lines[name] || {};
  return lines.filter((line) => line.setting === settingName(setting) && line.row === work).map((line) => ({ ...line, values: line.values.map(lineValues) }));
}

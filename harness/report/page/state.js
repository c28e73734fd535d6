// SPDX-License-Identifier: MIT
// What is shown: one object of texts, which the address carries after its #. So a view can be sent to somebody.

// What is shown where the address says nothing.
const usual = {
  at: "",
  setting: settingName(data.run.front),
  base: configName(usualBase()),
  metric: "wall",
  work: workName(worksIn(data.run.front)[0]),
  config: configName(usualBase()),
  a: configName(usualBase()),
  b: configName(configsIn(data.run.front).find((config) => config !== usualBase())),
  line: "",
  from: "",
  to: "",
  since: "",
  until: "",
  table: "claims",
};

function usualBase() {
  const there = configsIn(data.run.front);
  if (there.includes(data.run.baseline)) return data.run.baseline;
  return data.trade.members.length ? data.trade.members[0] : there[0];
}

let state = { ...usual };
const listeners = []; // {keys, show}: `show` is called when one of the keys has changed

// Has `show` called now, and whenever one of these keys changes: with the keys that have. A key that ends with "."
// stands for all that begin so.
function showWith(keys, show) {
  listeners.push({ keys, show });
  show([]);
}

const isOf = (key, keys) => keys.some((wanted) => (wanted.endsWith(".") ? key.startsWith(wanted) : key === wanted));

// Another line is seen whole at first.
const wholeAgain = (changes) => (["work", "line", "setting"].some((key) => key in changes) ? { from: "", to: "", since: "", until: "", ...changes } : changes);

function stateText(changes) {
  const given = Object.entries({ ...state, ...wholeAgain(changes) }).filter(([key, value]) => value !== "" && value !== undefined && value !== usual[key]);
  return `#${new URLSearchParams(given)}`;
}

function stateRead() {
  return { ...usual, ...Object.fromEntries(new URLSearchParams(location.hash.slice(1))) };
}

// Takes another state on, and has shown what changes with it.
function stateTake(next) {
  const changed = [...new Set([...Object.keys(state), ...Object.keys(next)])].filter((key) => state[key] !== next[key]);
  state = next;
  for (const { keys, show } of listeners) if (changed.some((key) => isOf(key, keys))) show(changed);
}

// Changes some keys. The address follows without a new entry in the history.
function choose(changes) {
  const text = stateText(changes);
  history.replaceState(null, "", text === "#" ? location.pathname + location.search : text);
  stateTake(stateRead());
}

// Scrolls to the part that the address names, and in it to the first row that is marked.
function stateScroll() {
  const part = state.at && document.getElementById(state.at);
  const row = part && part.querySelector("tr.marked");
  if (row) row.scrollIntoView({ block: "center", inline: "nearest" });
  else if (part) part.scrollIntoView();
}

addEventListener("hashchange", () => {
  stateTake(stateRead());
  stateScroll();
});

// ---- what the state means ----

const placeIn = (list, name, otherwise) => {
  const place = list.findIndex((entry) => entry.name === name);
  return place < 0 ? otherwise : place;
};

const chosenSetting = () => placeIn(settings, state.setting, data.run.front);
const chosenBase = () => placeIn(configs, state.base, usualBase());
const chosenMetric = () => (claimsOf(state.metric) ? state.metric : "wall");
const chosenWork = () => placeIn(works, state.work, worksIn(chosenSetting())[0]);
const chosenConfig = () => placeIn(configs, state.config, usualBase());

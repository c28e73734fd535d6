// SPDX-License-Identifier: MIT
// Puts the page together.

const parts = [["answer", "What came out"], ["workloads", "By workload"], ["collectors", "By collector"], ["pairs", "By pair"], ["rows", "Every row"], ["method", "How it was measured"]];

function showHead() {
  const { run, notes } = data;
  const measured = (list) => list.filter((entry) => entry.measured).length;
  document.title = `gcmatrix: ${run.name}`;
  document.getElementById("name").textContent = run.name;
  document.getElementById("when").append(`A run of gcmatrix: ${countText(measured(works), "workload")}, ${countText(measured(configs), "collector")}, ${countText(settings.length, "setting")} of allocator and memory; at most ${countText(run.blocks, "block")}; started ${run.created}${run.finished ? `, finished ${run.finished}` : ""}. ${notes.ended}`);
  document.getElementById("which").append(`Collectors: ${configs.filter(({ measured }) => measured).map(({ name }) => name).join(", ")}.`);
  document.getElementById("parts").append(...parts.map(([at, name]) => make("li", {}, view({ at }, name))));
}

function showChoices() {
  const host = document.getElementById("choices");
  host.addEventListener("submit", (event) => event.preventDefault());
  showPart(host, ["setting", "base"], () => [
    menu("setting", "setting", settings.map((setting) => setting.name), settingName(chosenSetting()), undefined, settings.map((_, setting) => settingWords(setting))),
    menu("base", "baseline of all ratios", configsIn(chosenSetting()).map(configName), configName(chosenBase()))]);
}

// On paper nothing is folded but long tables, which are not printed.
function keepFoldsOnPaper() {
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open], .long)")];
    folded.forEach((part) => (part.open = true));
  });
  addEventListener("afterprint", () => folded.forEach((part) => (part.open = false)));
}

// The page of a run in progress is renewed by `gcmatrix plot --watch`. The address keeps what is shown.
function loadAgain() {
  if (data.renewed) setTimeout(() => location.reload(), 1000 * data.renewed);
}

state = stateRead();
showHead();
showChoices();
showAnswer();
showWorkloads();
showZooms();
showCollectors();
showPairs();
showRows();
showMethod();
showGrids();
keepFoldsOnPaper();
loadAgain();
requestAnimationFrame(stateScroll);
document.documentElement.setAttribute("data-ready", "");

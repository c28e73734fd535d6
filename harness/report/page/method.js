// SPDX-License-Identifier: MIT
// How it was measured, on what, and where the files lie.

function facts(pairs) {
  return make("dl", {}, ...pairs.flatMap(([key, value]) => [make("dt", {}, key), make("dd", {}, value)]));
}

function files() {
  const { figures } = data;
  const names = [...Object.keys(data.tables), ...Object.keys(data.lines)];
  // A figure of many workloads is several charts.
  const links = ({ charts, formats }) => charts.flatMap((name, place) => formats.flatMap((ending, i) =>
    [place || i ? ", " : "", make("a", { href: `charts/${name}.${ending}` }, ending.toUpperCase() + (charts.length > 1 ? `\u00a0${place + 1}` : ""))]));
  const item = (figure) => make("li", {}, make("strong", {}, `${figure.heading}. `), `${figure.label}: `, ...links(figure), figure.drawn ? "" : " (not drawn with this page)");
  return [
    figures.length ? make("h3", {}, "Figures for papers") : null, figures.length ? make("ul", {}, ...figures.map(item)) : null,
    make("h3", {}, "Data"), make("p", {}, ...names.flatMap((name) => [make("a", { href: `tables/${name}.csv` }, `${name}.csv`), ", "]), make("a", { href: "runs.csv" }, "runs.csv"), ", ", make("a", { href: "manifest.json" }, "manifest.json"), ", ", make("a", { href: "datapackage.json" }, "datapackage.json")),
  ].filter(Boolean);
}

// The words, and what this run has for their numbers.
const wordsHere = () => about.words.map(([word, meaning]) => [word, word === "precision" ? `${meaning} In this run it is ${roundShare(claimsOf("wall").precision)}.` : meaning]);

function showMethod() {
  const { notes, run } = data;
  document.getElementById("methods").append(
    make("p", {}, "Every process does a fixed amount of work and its checksum is verified. The run is made of randomised blocks: in each, every cell that is not yet decided runs once, in an order shuffled from a recorded seed. The process is the unit of replication. A process that others disturbed is run again in its block, by a rule fixed before its time is seen."),
    make("p", {}, `Absolute figures are medians over processes; ${notes.medians}. Ratios are geometric means over blocks, and their intervals are Student's; one to the best allows for each collector that may be the best. ${notes.counted}; ${notes.ratios}. Peak memory is the process's highest RSS less its RSS just before the run.`),
    make("p", {}, "Do not read a ratio as a property of a collector alone: it holds for this workload, allocator and machine."),
    make("h3", { id: "words" }, "What the words mean"), facts(wordsHere()),
    notes.layouts ? make("div", {}, make("h3", {}, "How much of a difference is layout"), make("p", {}, notes.layouts), make("p", { class: "quiet" }, "The table has the standard deviation of the ratio to the best collector of the workload that comes from the layout alone, and its 95% interval; of the best itself that of its time. A difference of this size is no property of a collector.", seeRows("see the table", "layouts"))) : "",
    make("h3", {}, "Machine and versions"), facts(run.machine), facts(run.versions), ...files());
}

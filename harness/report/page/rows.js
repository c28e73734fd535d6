// SPDX-License-Identifier: MIT
// Every table of the run, row by row, with the digits that the files have.

const listed = { row: ["workload", workName], series: ["collector", configName], series_a: ["a", configName], series_b: ["b", configName] };

function rowsColumns(table) {
  return table.columns.map((key) => {
    const [head, name] = listed[key] || [key, null];
    const value = (row) => (name ? name(table.at(row, key)) : table.at(row, key));
    const text = name !== null || typeof table.at(0, key) === "string";
    return { key, head, text, value, wrap: key === "reason", show: (row) => (missing(value(row)) ? "" : String(value(row))) };
  });
}

function showTable() {
  const names = Object.keys(data.tables).filter((name) => data.tables[name].rows > 0);
  const name = names.includes(state.table) ? state.table : names[0];
  if (!name) return [make("p", {}, "The run has no rows.")];
  const table = tableOf(name);
  return [
    make("div", { class: "choices" }, menu("table", "table", names, name, (value) => ({ table: value, "find.rows": "", "sort.rows": "", "mark.rows": "" })), make("a", { href: `tables/${name}.csv` }, `${name}.csv`)),
    grid({ id: "rows", label: `The table ${name}`, columns: rowsColumns(table), rows: Array.from({ length: table.rows }, (_, row) => row) }),
  ];
}

function showRows() {
  showPart(document.getElementById("table"), ["table"], showTable);
}

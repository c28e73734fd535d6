#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The cost of orchestrating: the time of `gcmatrix matrix` over the sum of the processes that it timed, for cells of one
# second. The runs of the reference program are such processes. Every process sleeps, but for those, so a busy machine
# hardly changes the figure. Above 1.03 the exit status is 1. With ON_TERMINAL=1 it draws its live view, in an xterm that a
# script reads; the start of that script counts as orchestrating.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

cat >m.yaml <<'Y'
name: m
blocks: 2
cells:
  - workloads: ["hostile:milliseconds=1000", "hostile:milliseconds=1001", "hostile:milliseconds=1002", "hostile:milliseconds=1003"]
    collectors: [leak, rc]
Y
begin=$(date +%s%N)
if [ -n "${ON_TERMINAL:-}" ]; then TERM=xterm run_on_terminal matrix m.yaml -o new; else run matrix m.yaml -o new; fi
end=$(date +%s%N)
[ "$status" -eq 0 ] || { cat err && exit 1; }
python3 - $((end - begin)) <<'P'
import csv, json, sys
whole = int(sys.argv[1])
rows = list(csv.DictReader(open("new/runs.csv")))
timed = sum(int(row["process_wall_ns"]) for row in rows)
reference = [int(row["wall_ns"]) + int(row["touching_ns"]) for row in csv.DictReader(open("new/reference.csv"))]
cells = json.load(open("new/manifest.json"))["cells"]
baselines = sum(cells[int(row["cell"])]["baseline"] for row in rows)
print(f"{len(rows)} processes, {baselines} of them baselines: {timed / 1e9:.3f} s timed, {whole / 1e9:.3f} s in all")
print(f"{len(reference)} runs of the reference program: {sum(reference) / 1e9:.3f} s, {100 * sum(reference) / whole:.1f}% of the whole")
beyond = whole - timed - sum(reference)
print(f"{beyond / len(rows) / 1e6:.1f} ms for each process beyond its time")
ratio = whole / (timed + sum(reference))
print(f"ratio {ratio:.4f} (budget 1.03); {whole / timed:.4f} with the reference program's time on top")
sys.exit(ratio > 1.03)
P

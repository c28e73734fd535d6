#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A block runs the cells that are compared beside each other. A run that was begun in the order of earlier versions goes on
# in it.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

printf 'name: o\nblocks: 4\nseed: 3\nraw: none\ncells:\n  - workloads: ["hostile:milliseconds=1", "hostile:milliseconds=2", "hostile:milliseconds=3"]\n    collectors: [leak, rc]\n' >m.yaml
processes=32 # 6 cells and 2 baselines in 4 blocks
holds() # expression of rows, first attempts in their order, and manifest
{
    python3 - "$1" <<'P'
import csv, itertools, json, sys
manifest = json.load(open("run/manifest.json"))
rows = [r for r in csv.DictReader(open("run/runs.csv"))]
def blocks(key):
    """Of each block the values of a key, where those that follow each other are one."""
    first = sorted((r for r in rows if r["attempt"] == "0"), key=lambda r: int(r["id"]))
    return [[k for k, _ in itertools.groupby(key(r) for r in block)] for _, block in itertools.groupby(first, lambda r: r["block"])]
places = blocks(lambda r: (r["workload"], r["workload_options"]))
cells = blocks(lambda r: int(r["cell"]))
assert eval(sys.argv[1])
P
}
# Leaves rows of a finished run alone, those for which an expression of r holds, as if the run had been killed.
keep_rows()
{
    python3 - "$1" <<'P'
import rows, sys
every = rows.read("run")
rows.write("run", [r for r in every if eval(sys.argv[1])], list(every[0]))
P
    sed -i 's/"finished": "[^"]*"/"finished": null/; s/"ended": "[^"]*"/"ended": null/' run/manifest.json
}

run matrix m.yaml -o run
check "a run ends well" status_is 0
check "its manifest names its order" holds 'manifest["order"] == "grouped"'
check "in each block the cells of a workload stand together" holds 'all(len(block) == 4 for block in places)'
check "the workloads have another order in another block" holds 'len({tuple(block) for block in places}) > 1'
check "so have the cells of a workload" \
    holds 'any(len({tuple(c for c in block if c in group) for block in cells}) > 1 for group in (cells[0][:2], cells[0][2:4]))'

# Killed, it goes on in its order.
cp -r run whole
keep_rows 'int(r["id"]) < 11'
run matrix m.yaml -o run --resume
check "a run that goes on has every process once" complete_once run $processes
check "in the same order" \
    holds '{(r["id"], r["cell"]) for r in rows if r["attempt"] == "0"} == {(r["id"], r["cell"]) for r in csv.DictReader(open("whole/runs.csv")) if r["attempt"] == "0"}'

# A process that was disturbed runs again before the next group.
keep_rows 'r["block"] == "0" and r["attempt"] == "0" and int(r["id"]) < 2'
python3 - <<'P'
import rows
every = rows.read("run")
every[0]["queued_ns"] = 10**9
rows.write("run", every, list(every[0]))
P
run matrix m.yaml -o run --resume
check "a disturbed process runs again at the end of its group" holds 'rows[2]["attempt"] == "1" and rows[2]["cell"] == rows[0]["cell"]'
check "and every process is there once" complete_once run $processes

# A run of an earlier version, whose manifest names no order.
rm -rf run && cp -r whole run
sed -i '/"order": /d' run/manifest.json
keep_rows 'False'
run matrix m.yaml -o run --resume
check "a run without a name of its order goes on in that of earlier versions" status_is 0
check "cell for cell" holds 'cells == [[6, 0, 3, 7, 2, 1, 4, 5], [0, 3, 7, 2, 4, 1, 6, 5], [4, 1, 2, 3, 7, 6, 0, 5], [5, 2, 1, 6, 7, 0, 3, 4]]'
check "and its manifest still names none" holds '"order" not in manifest'

# An order that is not known.
rm -rf run && cp -r whole run
python3 "$PYTHONPATH/rows.py" run
sed -i 's/"order": "grouped"/"order": "tangled"/' run/manifest.json
keep_rows 'int(r["id"]) < 11'
before=$(md5sum run/runs.csv)
run matrix m.yaml -o run --resume
check "an order of a later version is refused" says_only 'run/manifest.json: this version of gcmatrix does not know its "order"'
check "and nothing is lost" [ "$status-$(md5sum run/runs.csv)" = "2-$before" ]
done_testing

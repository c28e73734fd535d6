#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Heaps are given in multiples of the published minimum. The test reads the file of minima, the plan, the limits of the
# processes, and the table of time over space.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

work=binary-trees:depth=11
spec() { # heaps and further lines of the first entry
    printf 'name: h\nblocks: 2\nraw: none\ncells:\n  - workloads: ["%s"]\n    collectors: ["mark-sweep:growth=1000", "semispace:growth=1000"]\n    heaps: %s\n' "$work" "$1"
    printf '  - workloads: ["%s"]\n    collectors: [leak, "rc-trial:roots=50,share=0", "rc-trial:roots=200000,share=0"]\n' "$work"
}
answer() { python3 -c 'import json, sys; print(json.load(open("out"))[sys.argv[1]])' "$1"; }

spec '[1.25, 4]' >h.yaml
run matrix h.yaml -o none
check "heaps without published minima are refused with their place" says_only "h.yaml:7:13: heaps are multiples of minima, and there is no minimum-heaps.json; 'gcmatrix minheap --spec h.yaml' writes it"
check "and nothing is written" [ ! -e none ]
run minheap --spec h.yaml --trials 1
check "one command publishes the minima of the entries with heaps" status_is 0
check "a line for each pair and the path of the file" [ "$(wc -l <out)" -eq 3 ]
cat >file.py <<'P'
import json
file = json.load(open("minimum-heaps.json"))
assert file["schema"] == "gcmatrix.minimum-heaps.1" and file["made_by"] == "gcmatrix minheap --spec h.yaml --trials 1"
minima = {m["collector"]: m["minimum_bytes"] for m in file["minima"]}
assert sorted(minima) == ["mark-sweep", "semispace"] and minima["semispace"] > minima["mark-sweep"] > 100000
P
check "the file says what it holds and what made it" python3 file.py
minimum=$(python3 -c 'import json; print(min(m["minimum_bytes"] for m in json.load(open("minimum-heaps.json"))["minima"]))')

run matrix h.yaml --dry-run
check "the plan names the heaps" grep -qF "$work x semispace:growth=1000 on glibc in 1.25 times the minimum heap" out
run matrix h.yaml -o new
check "a run in which memory ran out below a heap limit, and nothing else, has done what was asked" status_is 0
check "a heap that is too small for one collector is a result" grep -q "OOM at" new/runs.csv
cat >cells.py <<'P'
import csv, glob, json, math, statistics, sys
minimum = int(sys.argv[1])
cells = json.load(open("new/manifest.json"))["cells"]
limits = {(c["collector"], c["heap"]): c["heap_limit_bytes"] for c in cells if not c["baseline"]}
assert limits[("mark-sweep", "1.25")] == limits[("semispace", "1.25")] == math.ceil(1.25 * minimum)
assert limits[("leak", None)] is None
peaks = {}
for row in csv.DictReader(open("new/runs.csv")):
    record = json.load(open("new/records/%06d.json" % int(row["id"])))
    cell = cells[int(row["cell"])]
    assert record["heap_limit_bytes"] == cell["heap_limit_bytes"]
    # Stacks that a collection makes for itself may come on top of a full heap.
    if cell["heap"]: assert record["heap_peak_bytes"] <= record["heap_limit_bytes"] + 131072
    if cell["collector"] == "leak": assert record["heap_peak_bytes"] == record["allocated_bytes"]
    peaks.setdefault(int(row["cell"]), []).append(record["heap_peak_bytes"])
P
check "the limit of every process is its cell's, the same for all collectors, and none held more than that and a collection's stacks" python3 cells.py "$minimum"
run plot new --only time-space --png
check "time over space is drawn" [ -s new/charts/time-space.png ]
check "heaps that are too small have a place of their own in it" grep -q ">failed<" new/charts/time-space.svg
cat >>cells.py <<'P'
points = list(csv.DictReader(open("new/tables/time_space.csv")))
assert len(points) == 7, len(points)
places = {(c["collector"], c["collector_options"], c["heap"] or ""): i for i, c in enumerate(cells) if not c["baseline"]}
for p in points:
    options = {"mark-sweep": "growth=1000", "semispace": "growth=1000", "leak": ""}.get(p["collector"], p["config"].partition(":")[2] + ",share=0")
    cell = places[(p["collector"], options, p["heap"])]
    if p["status"] == "ok":
        assert abs(float(p["memory"]) / (statistics.median(peaks[cell]) / minimum) - 1) < 1e-6
        assert float(p["ratio"]) > 0 and float(p["peak_bytes"]) == statistics.median(peaks[cell])
    else:
        assert (p["collector"], p["heap"], p["status"], p["ratio"]) == ("semispace", "1.25", "oom", "")
        assert abs(float(p["memory"]) - 1.25) < 1e-4
assert sum(p["status"] == "oom" for p in points) == 1
for curve in {p["curve"] for p in points}:
    along = [(p["status"] != "ok", float(p["memory"])) for p in points if p["curve"] == curve]
    assert along == sorted(along)
few, many = (float(p["memory"]) for p in points if p["collector"] == "rc-trial")
assert few < many
P
check "each point is what its processes held over the minimum; one that failed stands at its limit" python3 cells.py "$minimum"

sed -i "s/\"minimum_bytes\": [0-9]*/\"minimum_bytes\": $((minimum + 8))/" minimum-heaps.json
run matrix h.yaml -o new --resume
check "other minima are other cells: such a run is not resumed" says_only "the cells differ"
for bad in 0.9 1e3 -2 nan many 1001; do
    spec "[$bad]" >h.yaml
    run matrix h.yaml -o none
    check "a heap of $bad is refused with its place" says_only "h.yaml:7:13: heap '$bad': it takes a multiple of the minimum heap from 1 to 1000"
done
spec '[2]' | sed 's/depth=11/depth=8/' >h.yaml
run matrix h.yaml -o none
check "so is a workload without a published minimum" says_only "h.yaml:7:13: minimum-heaps.json has no minimum heap of 'binary-trees:depth=8' with seed 1"
echo '{"schema": "gcmatrix.minimum-heaps.1", "minima": [{"workload": "rings"}]}' >minimum-heaps.json
run matrix h.yaml -o none
check "a file that lacks something is refused with what it lacks" says_only "minimum-heaps.json: minima[0] has no 'workload_options', or not of the right kind"
for bytes in 9223372036854775807 8796093022209 0 -1 1.5 '"64"' true; do
    printf '{"schema": "gcmatrix.minimum-heaps.1", "minima": [{"workload": "binary-trees", "workload_options": "depth=8", "collector": "rc", "collector_options": "", "seed": 1, "monotone": true, "minimum_bytes": %s}]}' "$bytes" >minimum-heaps.json
    refuses "minimum-heaps.json: minima[0] has no 'minimum_bytes', or not of the right kind" "a minimum of $bytes bytes is refused" matrix h.yaml --dry-run
done
echo '{"schema": "gcmatrix.minimum-heaps.9"}' >minimum-heaps.json
run matrix h.yaml -o none
check "and one of another schema" says_only "schema is 'gcmatrix.minimum-heaps.9'; it must be 'gcmatrix.minimum-heaps.1'"
refuses "two ways to say the same" "run takes a multiple or bytes" run binary-trees -c rc --heap 2 --heap-limit 1Mi
refuses "no minimum heap of 'null'" "run knows the published minima" run null -c rc --heap 2
run run binary-trees:depth=14 -c mark-sweep-block --heap 3 --json
check "run takes its limit from them" python3 -c '
import json, math
least = min(m["minimum_bytes"] for m in json.load(open("'"$SOURCE_ROOT"'/matrices/minimum-heaps.json"))["minima"] if m["workload_options"] == "depth=14")
assert json.load(open("out"))["heap_limit_bytes"] == math.ceil(3 * least)'
refuses "takes no operand such as 'rings'" "minheap --spec takes no workload" minheap rings --spec h.yaml
refuses "there is nothing to publish" "and a matrix without heaps has no minima" minheap --spec "$SOURCE_ROOT/matrices/default.yaml"
done_testing

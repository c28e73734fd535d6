#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# However a process ends, its row says how, and the run goes on.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

cat >m.yaml <<'Y'
name: endings
blocks: 2
timeout_seconds: 1
cells:
  - workloads: [hostile, "hostile:act=crash", "hostile:act=quit", "hostile:act=leave", "hostile:act=exhaust"]
    collectors: [leak]
  - workloads: ["hostile:act=lie"]
    collectors: [leak, rc]
  - workloads: ["hostile:act=hang"]
    collectors: [rc]
Y
run matrix m.yaml -o new
check "a run with broken cells is complete, and says so by status 1" status_is 1
check "every process has a row" complete_once new 20

ending() # options collector -> its distinct statuses and reasons
{
    python3 - "$1" "$2" <<'P'
import csv, sys
rows = [r for r in csv.DictReader(open("new/runs.csv")) if (r["workload_options"], r["collector"]) == tuple(sys.argv[1:])
        and r["workload"] == "hostile"]
print(*sorted({f"{r['status']}: {r['reason']} [{r['exit_status']}]" for r in rows}), sep="\n")
P
}
ended() { [[ "$(ending "$1" "$2")" == $3 ]] || { ending "$1" "$2" | sed 's/^/# found: /'; false; }; }
check "a process that works is ok" ended "" leak "ok:  \[0\]"
check "one that crashes is a crash, with its signal" ended act=crash leak "crash: killed by signal 11 (Segmentation fault) \[139\]"
check "one that exits by itself is an error, with its last line" ended act=quit leak "error: exit status 7: the disk caught fire \[7\]"
check "one that leaves without a record is an error" ended act=leave leak "error: it wrote no record \[0\]"
# A sanitizer's malloc does not return NULL, and needs more addresses than the workload leaves.
if [ "${SANITIZERS:-none}" = none ]; then
    check "one whose collector finds no memory is oom, in its own words" ended act=exhaust leak "oom: out of memory*\[3\]"
    check "an oom has its figures all the same" python3 -c 'import csv, sys; sys.exit(not all(r["allocated_bytes"] for r in csv.DictReader(open("new/runs.csv")) if r["status"] == "oom"))'
    check "but not what it leaked, which nobody counted" python3 -c 'import csv, sys
rows = [r for r in csv.DictReader(open("new/runs.csv")) if r["status"] == "oom"]
sys.exit(not rows or any(r[k] for r in rows for k in ("live_objects", "live_bytes", "leaked_objects", "leaked_bytes")))'
fi
check "one that does not end is a timeout" ended act=hang rc "timeout: not done after 1 s \[\]"
check "exactly one of those that lie passes for the truth" [ "$(column new status | grep -c mismatch)" -eq 3 ]
check "and the others say whom they contradict" grep -qE 'mismatch,"checksum [0-9a-f]{16}, but process 0000[0-9]{2} got [0-9a-f]{16} from the same work"' new/runs.csv
check "each failure was said on the way" says "hostile:act=quit x leak on glibc: error: exit status 7: the disk caught fire"
check "nothing is left in flight" absent new/in-flight
check "each cell of the manifest names the group of its workload" [ "$(grep -c '"group": "[a-z]' new/manifest.json)" -eq "$(grep -c '"workload":' new/manifest.json)" ]
check "the run is finished" grep -q '"finished": "2' new/manifest.json

# raw: first is the default, and every process has its record.
check "raw events are kept of the first block" [ "$(ls new/events | awk '$1 % 20 >= 10' | wc -l)" -eq 0 ]
check "of those processes that wrote them" test -s new/events/"$(paste -d, <(column new block) <(column new workload) <(column new id) | awk -F, '$1 == 0 && $2 == "null" { printf "%06d", $3; exit }')".csv
check "a process without a record has none here" [ "$(ls new/records | wc -l)" -eq "$(column new status all | grep -cE '^(ok|mismatch|oom)$')" ]

# Seeds: one for all, or one per block.
printf 'name: s\nseed: 40\nvary_seed: true\nblocks: 2\nraw: none\ncells:\n  - workloads: [hostile]\n    collectors: [rc, leak]\n' >s.yaml
run matrix s.yaml -o seeds
check "seeds can vary from block to block" [ "$(column seeds seed | sort -u | tr '\n' ' ')" = "40 41 " ]
check "without the checksums of two seeds being compared" status_is 0
check "raw: none keeps none" [ -z "$(ls seeds/events)" ]
check "a baseline is added for each collector" [ "$(grep -c '"baseline": true' seeds/manifest.json)" -eq 2 ]
run matrix s.yaml -o again --blocks 1
check "the number of blocks can be given on the command line" complete_once again 4
check "a plan's order depends on the seed alone" [ "$(column again cell | tr '\n' ' ')" = "$(column seeds cell | head -4 | tr '\n' ' ')" ]
done_testing

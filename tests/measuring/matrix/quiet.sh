#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Measured processes have a processor of their own, and one that was disturbed runs again. The reference program runs in
# each block. A process that failed makes the exit status 1, in whatever session it ran.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

printf 'name: q\nblocks: 3\nraw: none\ncells:\n  - workloads: ["hostile:act=burn"]\n    collectors: [rc]\n' >m.yaml
processes=6
cat >of.py <<'P'
import attempts, csv, json, os, sys
manifest = json.load(open("new/manifest.json"))
rows = [r for r in csv.DictReader(open("new/runs.csv"))]
reference = [r for r in csv.DictReader(open("new/reference.csv"))]
session = manifest["sessions"][-1]
first = {int(r["id"]): r for r in rows if r["attempt"] == "0"}
again = [r for r in rows if r["attempt"] != "0"]
P
of() { { cat of.py; echo "print($1)"; } >asked.py; python3 asked.py; }
holds() { { cat of.py; echo "assert $1"; } >asked.py; python3 asked.py; }

# A busy loop on the measured processor, until a process has run again. It is there before the run, which soon ends: python
# takes long to start.
python3 -c 'import json, os, time
open("spinner-is-there", "w").close()
while True:
    try:
        session = json.load(open("new/manifest.json"))["sessions"][0]
        if "probes" in session: break
    except (OSError, ValueError, LookupError): pass
    time.sleep(0.01)
kept = session["processor"]
os.sched_setaffinity(0, {min(os.sched_getaffinity(0)) if kept is None else kept})
while True: pass' &
spinner=$!
await test -e spinner-is-there
"$GCMATRIX" matrix m.yaml -o new >out 2>err </dev/null &
pid=$!
ran_again() { [ -n "$(column new id all | awk '$1 >= 6')" ]; }
await ran_again
kill -KILL $spinner
wait $spinner 2>/dev/null
wait $pid
status=$?
check "a run with a disturbed process ends well" status_is 0
check "each of its processes is there" complete_once new $processes
check "one lost more than 2% of its time, and ran again" holds 'any(attempts.lost_share(first[int(r["id"]) % 6]) > 0.02 for r in again)'
check "in the same block, under an id of its own" \
    holds 'all(int(r["id"]) == int(r["attempt"]) * 6 + int(first[int(r["id"]) % 6]["id"]) and r["block"] == first[int(r["id"]) % 6]["block"] for r in again)'
check "both attempts have their rows and their records" [ "$(ls new/records | wc -l)" -eq "$(column new id all | wc -l)" ]
check "no process runs more than three times" holds 'max(int(r["attempt"]) for r in rows) <= 2'
check "the run says so on the way" says "it runs again in this block"
check "and at its end" grep -q "of them ran again, after an attempt that was disturbed" out
check "the rule is in the manifest" holds 'manifest["attempts"]["most"] == 3 and manifest["attempts"]["lost_share"] == 0.02'

# A busy loop on every processor, from the begin to the end: most of 18 attempts are disturbed, of which ten are said.
printf 'name: b\nblocks: 1\nraw: none\ncells:\n  - workloads: [%s]\n    collectors: [leak, rc]\n' \
    '"hostile:act=burn", "hostile:act=burn,jitter=1", "hostile:act=burn,jitter=2"' >busy.yaml
spinners=
for processor in $(python3 -c 'import os; print(*os.sched_getaffinity(0))'); do
    taskset -c "$processor" sh -c 'while :; do :; done' &
    spinners="$spinners $!"
done
# Meanwhile a process of 14 s: who takes so long, how long it may, and what else wants its processor.
printf 'name: h\nblocks: 1\nraw: none\ntimeout_seconds: 14\ncells:\n  - workloads: ["hostile:act=hang"]\n    collectors: [rc]\n' >hang.yaml
"$GCMATRIX" matrix hang.yaml -o hang >/dev/null 2>hang-err </dev/null &
hanging=$!
run matrix busy.yaml -o busy
wait $hanging
kill -KILL $spinners
wait $spinners 2>/dev/null
check "a process that takes long is not waited for in silence" [ "$(grep -cE ' processes.*hang x rc on glibc: (it|the reference program before it) has taken [0-9]+ s, [0-9]+ (s|min [0-9]+ s) at most; [0-9]+ processes and threads want the [0-9]+ processors$' hang-err)" -ge 1 ]
disturbed=$(($(grep -c "of its time to others" err) + $(sed -nE 's/^block 0: ([0-9]+) more attempts lost more than 2% .*/\1/p' err)))
check "on a busy machine ten lines of a block say which attempts were disturbed" [ "$(grep -c "of its time to others" err)" = 10 ]
check "and one the sum of the others, which is that of the rows" [ "$disturbed" = "$(python3 -c 'import attempts, csv
print(sum(r["status"] == "ok" and attempts.lost_share(r) > 0.02 and attempts.lost_ns(r) > 2e6 for r in csv.DictReader(open("busy/runs.csv"))))')" ]

# Where it ran.
if [ "$(nproc)" -gt 1 ]; then
    check "every process ran on the session's processor" holds '{r["processor"] for r in rows} == {str(session["processor"])}'
    check "so did the reference program" holds '{r["processor"] for r in reference} == {str(session["processor"])}'
    check "the harness had another" holds 'session["orchestrator_processor"] not in (None, session["processor"])'
fi
check "each processor was probed" holds 'len(session["probes"]) == len(os.sched_getaffinity(0))'
check "the reference program ran in every block, and once more at the end" \
    holds '{int(r["block"]) for r in reference} == {0, 1, 2} and [r["block"] for r in reference].count("2") >= 2'
check "its parts are the whole" \
    holds 'all(int(r["wall_ns"]) == sum(int(r[k + "_ns"]) for k in ("allocating", "chasing", "computing")) for r in reference)'
check "its binary is known" holds 'len(manifest["reference"]["binary_sha256"]) == 64'

# A session that was killed before it could repeat: the next one does. A block that differs is named.
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "attempt") a = i } NR == 1 || $a == 0' new/runs.csv >first.csv
cp first.csv new/runs.csv
# A hundred times as long in block 1, so often that what the next session adds there is no majority.
awk -F, -v OFS=, '$1 == 1 { for (i = 2; i <= NF; i++) if (i != 3) $i = $i "00"; print; print; print; print } { print }' \
    new/reference.csv >slow.csv && cp slow.csv new/reference.csv
before=$(wc -l <new/reference.csv)
run matrix m.yaml -o new --resume
check "a repetition that is missing is run by the next session" holds 'len(again) >= 1 and len(manifest["sessions"]) == 2'
check "which probes the processors anew" holds 'len(session["probes"]) == len(os.sched_getaffinity(0))'
check "and appends to what the reference program took" [ "$(wc -l <new/reference.csv)" -gt "$before" ]
# Which blocks differ, worked out anew: those whose median is off the median of the three by more than 5%. Chasing, which
# depends on a cache that is shared, is left out.
cat >>of.py <<'P'
from statistics import median
times = {b: median(int(r["allocating_ns"]) + int(r["computing_ns"]) for r in reference if int(r["block"]) == b) for b in sorted({int(r["block"]) for r in reference})}
off = {b: 100 * (time / median(times.values()) - 1) for b, time in times.items()}
off = {b: share for b, share in off.items() if abs(share) > 5}
named = "the reference program's time differs from its median by more than 5% in block"
named += "%s %s" % ("s" if len(off) > 1 else "", ", ".join("%d (%+.1f%%)" % pair for pair in off.items()))
P
check "the block in which it took longer is one of those that differ" holds '1 in off'
check "they are named, with how far they are off, and no other" holds 'any(line.endswith(named) for line in open("err").read().splitlines())'
check "in the manifest too" holds 'any(w.endswith(named) for w in manifest["warnings"])'
run compare new
check "compare names the same blocks" \
    holds '"Blocks that are off by more than 5%%: %s." % ", ".join(map(str, off)) in " ".join(open("out").read().split())'

# One processor alone.
rm -rf new
printf 'name: o\nblocks: 1\ncells:\n  - workloads: [hostile]\n    collectors: [rc]\n' >o.yaml
python3 -c 'import os, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.execv(sys.argv[1], sys.argv[1:])' "$GCMATRIX" matrix o.yaml -o new >out 2>err </dev/null
status=$?
check "with one processor a run ends well" status_is 0
check "nothing is kept apart, which is said" says "one processor only may be used"
check "in the manifest too" holds 'session["processor"] is None and any("one processor only" in w for w in manifest["warnings"])'

# The exit status.
failing() # act
{
    rm -rf new
    printf 'name: f\nblocks: 1\ntimeout_seconds: 1\ncells:\n  - workloads: ["hostile:act=%s"]\n    collectors: [leak]\n' "$1" >f.yaml
    run matrix f.yaml -o new
}
failing hang
check "a timeout makes the exit status 1" status_is 1
run matrix f.yaml -o new --resume
check "and it stays 1 in a session that finds nothing missing" status_is 1
if [ "${SANITIZERS:-none}" = none ]; then
    failing exhaust
    check "memory that ran out without a heap limit makes it 1" status_is 1
fi
done_testing

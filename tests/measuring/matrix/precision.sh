#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# With a precision blocks are added until every comparison is decided, or the budget is spent.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

rows_of() # folder workload options collector -> processes, without those that ran again
{
    python3 - "$@" <<'P'
import csv, sys
rows = csv.DictReader(open(sys.argv[1] + "/runs.csv"))
print(sum([r["workload"], r["workload_options"], r["collector"], r["attempt"]] == sys.argv[2:] + ["0"] for r in rows))
P
}
# The blocks after which the median of a cell is known to 20%, at a look: Student's t for 5, 7, ... degrees of freedom. On a
# busy machine the budget may end before: then all that there are, but for a last one that it cut.
known_after() # folder workload options collector
{
    python3 - "$@" <<'P'
import attempts, csv, math, statistics, sys
rows = attempts.counted(list(csv.DictReader(open(sys.argv[1] + "/runs.csv"))))
blocks = 1 + max(int(r["block"]) for r in rows)
logs = [math.log(int(r["wall_ns"])) for r in rows if [r["workload"], r["workload_options"], r["collector"]] == sys.argv[2:]]
for n, t in (6, 2.5706), (8, 2.3646), (10, 2.2622), (13, 2.1788), (16, 2.1314), (20, 2.0930):
    if n > len(logs) or t * math.sqrt(math.pi / 2 / n) * statistics.stdev(logs[:n]) <= math.log(1.2):
        break
print(len(logs) if blocks - 1 <= len(logs) < n else n)
P
}
each_once() { [ -z "$(column "$1" id | sort | uniq -d)" ]; }

# What the run says at its end, and what `compare` says of it: "differ equal undecided".
campaign_counts() { sed -nE 's/^decided: .*\(([0-9]+) differ, ([0-9]+) equal within .*\); undecided: ([0-9]+)$/\1 \2 \3/p' out; }
compare_counts() # folder
{
    "$GCMATRIX" compare "$1" --json | python3 -c 'import json, sys
counts = json.load(sys.stdin)["claims"][0]["counts"]
print(*(counts[k] for k in ("claims", "equal", "undecided")))'
}

# Under rc the first workload takes five times as long, which six blocks show, and its times are alike within 20%. Of the
# second one collector takes seven times as long as the other. Which one it is, the block's seed decides. These seeds keep
# the two in balance: in blocks 5 to 40 the mean of the logarithms is never half its standard error from 0. So no look
# decides them, and chance has no part in it. The run is stopped after its first look, and its budget is spent by then, on any machine.
cat >m.yaml <<'Y'
name: p
seed: 658
vary_seed: true
precision: 20%
budget: 2h
baseline: rc
cells:
  - workloads: ["hostile:milliseconds=20,drag=80", "hostile:milliseconds=30,swing=40"]
    collectors: [leak, rc]
Y
"$GCMATRIX" matrix m.yaml -o new >out 2>way </dev/null &
pid=$!
seventh_begins() { column new block | grep -qx 7; }
await seventh_begins
kill -INT $pid
wait $pid
run matrix m.yaml -o new --resume --budget 1s
check "a run whose budget is spent ends well" status_is 0
check "and says what ended it" grep -q "the budget of 1 s is spent" out
check "and what is decided" grep -qE "^decided: 1 of 2 comparisons after [0-9]+ blocks \(1 differ, 0 equal within 20%\); undecided: 1$" out
check "it is finished" grep -q '"finished": "2' new/manifest.json
check "the manifest says what ended it" [ "$(of_manifest new 'm["ended"]')" = budget ]
check "and by what is decided" [ "$(of_manifest new '[m["design"][k] for k in ("kind", "precision", "minimum", "first", "blocks", "budget_seconds", "spending", "figures", "family")]')" = "['precision', 0.2, 0.01, 6, 40, 1, 'harmonic', 0.2, 2]" ]
check "and names the baseline" [ "$(of_manifest new 'm["baseline"]["collector"]')" = rc ]
check "each process is there once" each_once new
for collector in leak rc; do
    dragged=(new hostile milliseconds=20,drag=80 $collector)
    check "a cell that is decided at the first look stops as its median is known, $collector" \
        [ "$(rows_of "${dragged[@]}")" -eq "$(known_after "${dragged[@]}")" ]
done
check "cells that are not go on" [ "$(rows_of new hostile milliseconds=30,swing=40 leak)" -gt 6 ]
check "so do the baselines of their processes" [ "$(rows_of new null "" leak)" -gt 6 ]
check "what it does is said on the way" grep -qE "block [0-9]+, [0-9]+ of 2 comparisons decided, .* used, .* left at most: " way
check "compare states the same numbers" [ "$(campaign_counts)" = "$(compare_counts new)" ]

# What is decided is a function of the rows.
before=$(md5sum new/runs.csv)
run matrix m.yaml -o new --resume --budget 1s
check "a resume within the same budget runs nothing" [ "$status-$(md5sum new/runs.csv)" = "0-$before" ]
check "and says the same" grep -qE "^decided: 1 of 2 comparisons" out
cp new/manifest.json now.json
sed -i '/"spending": /d; /"figures": /d; s/"method": ".*"/"method": "that of an earlier version"/' new/manifest.json
run matrix m.yaml -o new --resume --budget 1s
check "a run whose manifest names no spending goes on" [ "$status-$(md5sum new/runs.csv)" = "0-$before" ]
check "by what its manifest says" [ "$(of_manifest new '"spending" in m["design"] or "figures" in m["design"]')" = False ]
mv now.json new/manifest.json
budget=$(of_manifest new 'int(sum(s["seconds"] for s in m["sessions"])) + 3')
run matrix m.yaml -o new --resume --budget "${budget}s"
check "one with a larger budget goes on" [ "$status-$(of_manifest new 'm["ended"] + " " + str(m["design"]["budget_seconds"])')" = "0-budget $budget" ]
check "with the cells that are undecided" [ "$(md5sum new/runs.csv)" != "$before" ]
check "and leaves the others as they are" [ "$(rows_of "${dragged[@]}")" -eq "$(known_after "${dragged[@]}")" ]
# A session with a budget of its own would take all of it. How late it ends after what is left depends on the machine.
used() { of_manifest new "m['sessions'][-1]['seconds'] < $budget"; }
check "the budget is that of all sessions" [ "$(used)" = True ]
check "wherever in a block it ends, compare states the same numbers" [ "$(campaign_counts)" = "$(compare_counts new)" ]

# After its first block a run knows whether its budget reaches the first decision. Here that takes six seconds at least.
sed 's/milliseconds=30,swing=40/milliseconds=450/; s/milliseconds=20,drag=80/milliseconds=50/' m.yaml >late.yaml
run matrix late.yaml -o late --budget 4s
if column late block | grep -qx 1; then # the budget held the first block, as it does unless the machine is busy
    check "a budget that ends before the first decision is said" \
        grep -qE "the first decision needs 6 blocks, .* the budget of 4 s ends before it; .* --resume --budget [1-9]m" err
    check "once" [ "$(grep -c "the first decision needs" err)" = 1 ]
fi

# All decided, though killed within a look. The second takes a little longer by turns, so that no look takes its noise for a
# difference, and 50% holds all of that.
second=milliseconds=30,swing=3
sed -i "s/precision: 20%/precision: 50%/; s/milliseconds=30,swing=40\"/$second\"/" m.yaml
"$GCMATRIX" matrix m.yaml -o all >out 2>err </dev/null &
pid=$!
rows_reach all/runs.csv 20
kill -KILL $pid
wait $pid 2>/dev/null
kept=$(sed -n '$!p' all/runs.csv)
run matrix m.yaml -o all --resume
check "a run that was killed goes on to its end" [ "$status-$(of_manifest all 'm["ended"]')" = 0-decided ]
check "after the rows that were there" [ "$(head -c ${#kept} all/runs.csv)" = "$kept" ]
check "with each process once" each_once all
check "and the cell that six blocks decide has six" [ "$(rows_of all hostile milliseconds=20,drag=80 rc)" -eq 6 ]
check "it says that all is decided" grep -qE "^decided: 2 of 2 comparisons after [0-9]+ blocks \(1 differ, 1 equal within 50%\); undecided: 0$" out
before=$(md5sum all/runs.csv)
sed -i 's/"finished": "[^"]*"/"finished": null/; s/"ended": "decided"/"ended": null/' all/manifest.json
run matrix m.yaml -o all --resume
check "a run that was killed after its last process decides the same" \
    [ "$status-$(of_manifest all 'm["ended"]')-$(md5sum all/runs.csv)" = "0-decided-$before" ]
check "in words too" grep -qE "^decided: 2 of 2 .* undecided: 0$" out

# The budget ends within the block of a look, when a cell that goes on is not there yet: no pair is decided by that block.
cp -r all cut
python3 - <<'P'
import rows
every = rows.read("cut")
rows.write("cut", [row for row in every if int(row["block"]) < 5 or row["block"] == "5" and row["workload"] == "hostile"], list(every[0]))
P
sed -i 's/"finished": "[^"]*"/"finished": null/; s/"ended": "decided"/"ended": null/' cut/manifest.json
run matrix m.yaml -o cut --resume --budget 1s
check "a look that is not complete decides nothing" [ "$status-$(of_manifest cut 'm["ended"]')-$(campaign_counts)" = "0-budget-0 0 2" ]
check "neither in compare" [ "$(compare_counts cut)" = "0 0 2" ]

"$GCMATRIX" matrix m.yaml -o int --precision 40% >out 2>err </dev/null &
pid=$!
rows_reach int/runs.csv 3
kill -INT $pid
wait $pid
check "an interrupt says how to go on with the same design" says "go on with: gcmatrix matrix m.yaml -o int --precision 40% --resume"
run matrix m.yaml -o int --resume
check "and another design is refused" says_only "int cannot be resumed: its precision, its minimum or its looks differ"

# A cell that fails stops.
printf 'name: f\nprecision: 50%%\ncells:\n  - workloads: ["hostile:act=quit", "hostile:milliseconds=20"]\n    collectors: [leak, rc]\n' >f.yaml
run matrix f.yaml -o failed
check "a cell that fails stops at once" [ "$(rows_of failed hostile act=quit rc)" -eq 1 ]
check "and its comparisons are blank" grep -q "^blank: 1, because" out
check "the run has the status of a failed cell" status_is 1

# What the plan says before.
run matrix m.yaml --dry-run
check "a dry run says how many blocks there may be" grep -q "in 6 to 40 blocks: 36 to 240 processes" out
check "and how many pairs are compared, and when" grep -qx "compares: 2 pairs of cells, after 6, 8, 10, 13, 16, 20, 25, 31, 39, 40 blocks" out
run matrix m.yaml --dry-run --estimate-from all
check "and from an earlier run how long it takes" grep -qE "^time: about [1-9][0-9]* (s|min [0-9]+ s|h [0-9]+ min), by all$" out
check "and which differences it shows" grep -qE "^shows: after 40 blocks differences of [0-9.]+% in a quarter of the comparisons" out
cp -r all slow # the same, if each process had taken ten times as long
python3 - <<'P'
import rows
every = rows.read("slow")
rows.write("slow", [row | {"process_wall_ns": 10 * int(row["process_wall_ns"])} for row in every], list(every[0]))
P
run matrix m.yaml --dry-run --estimate-from slow --budget 1s
check "and that the budget ends it before" grep -q "until all is decided; the budget of 1 s ends it before" out
run matrix m.yaml --dry-run --estimate-from failed
check "a run with fewer than half of the cells tells no time" \
    grep -qE "^time: not known: needs a first block; failed has 0 of the 4 cells" out
sed "s/$second\"/milliseconds=31\"/" m.yaml >half.yaml
run matrix half.yaml --dry-run --estimate-from all
check "one with half of them does" grep -qE "^time: about .* for the 2 of 4 cells that are in all$" out
sed "s/$second\"/milliseconds=31\", \"hostile:milliseconds=32\"/" m.yaml >third.yaml
run matrix third.yaml --dry-run --estimate-from all
check "one with a third of them does not" grep -qE "^time: not known: needs a first block; all has 2 of the 6 cells" out
check "but it says which differences it can show, by recorded noise" \
    grep -qE "^shows: by the noise that was recorded on a quiet machine differences of [0-9.]+% after 6 blocks and of [2-9]\.[0-9]% after 40; on a busy one of [0-9.]+% and of [0-9.]+%$" out
run matrix m.yaml -o one --blocks 1
run matrix m.yaml --dry-run --estimate-from one
check "a first block tells the time" grep -qE "^time: about [1-9].*, by one$" out
check "and not the noise, which is that of a recorded run" grep -qE "^shows: by the noise that .* of [2-9]\.[0-9]% after 40 blocks; on a busy one of [0-9.]+%$" out
run matrix m.yaml --dry-run --blocks 1
check "one block shows no difference" grep -qx "shows: no difference: 1 block is too few for a decision" out
run matrix third.yaml --dry-run --estimate-from all --budget 90s
check "but when its budget ends it" grep -qx "budget: it ends after 1 min 30 s at most" out
check "what it sums up stands before the cells" [ "$(grep -nE '^(p: |time: )|^ *0  ' out | cut -d: -f2 | cut -c1-6 | tr '\n' '|')" = "p|time|   0  |" ]
sed "s/$second\"/$second\"$(seq -f ', \"hostile:milliseconds=%g\"' 100 120 | tr -d '\n')/" m.yaml >many.yaml
run matrix many.yaml --dry-run
check "many cells are listed by workload" [ "$(grep -cE '^ +2  hostile:.* on glibc: leak, rc$' out)-$(wc -l <out)" = 23-30 ]
refuses "nowhere/manifest.json: No such file" "a run that is not there is refused" matrix m.yaml --dry-run --estimate-from nowhere
done_testing

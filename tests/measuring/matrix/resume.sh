#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A run that is stopped loses nothing that was complete, and goes on where it was.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

spec() # milliseconds
{
    printf 'name: r\nblocks: 5\nseed: 3\ncells:\n  - workloads: ["hostile:milliseconds=%d"]\n    collectors: [leak, rc]\n' "$1" >m.yaml
}
processes=20 # 2 cells and 2 baselines in 5 blocks

left_running() { pgrep -f "$work/new/in-flight" >/dev/null; }
gone() { for _ in $(seq 200); do left_running || return 0; sleep 0.01; done; false; }

# Interrupted: status 130, and it says how to go on.
spec 50
"$GCMATRIX" matrix m.yaml -o new >out 2>err </dev/null &
pid=$!
rows_reach new/runs.csv 3
kill -INT $pid
wait $pid
status=$?
kept=$(cat new/runs.csv)
check "an interrupt ends with status 130" status_is 130
check "and says how to go on" says "go on with: gcmatrix matrix m.yaml -o new --resume"
check "the process in flight is stopped" gone
check "and leaves nothing behind" absent new/in-flight
check "the run is not finished" grep -q '"finished": null' new/manifest.json
run matrix m.yaml -o new --resume
check "the resume ends well" status_is 0
check "with every process once" complete_once new $processes
check "after the rows that were there" [ "$(head -c ${#kept} new/runs.csv)" = "$kept" ]
check "and the run is finished" grep -q '"finished": "2' new/manifest.json
before=$(md5sum new/runs.csv)
run matrix m.yaml -o new --resume
check "one more resume finds nothing missing" [ "$status-$(md5sum new/runs.csv)" = "0-$before" ]

# Killed at random moments: no complete row is lost, none comes twice.
seed=${TEST_SEED:-$RANDOM}
echo "# TEST_SEED=$seed"
RANDOM=$seed
spec 30
rm -rf new
lost=0 kills=0 kept= longest=250 # milliseconds
while :; do
    "$GCMATRIX" matrix m.yaml -o new --resume >out 2>err </dev/null &
    pid=$!
    after=$((RANDOM % longest + 20))
    sleep $((after / 1000)).$(printf '%03d' $((after % 1000)))
    kill -KILL $pid 2>/dev/null && kills=$((kills + 1))
    wait $pid 2>/dev/null
    status=$?
    [ "$(head -c ${#kept} new/runs.csv 2>/dev/null)" = "$kept" ] || lost=$((lost + 1))
    # What is complete now: all but a line that has no end. Where no row is done in that time
    # (a slow machine, sanitizers), the next kill may come later.
    before=${#kept}
    [ -e new/runs.csv ] && kept=$(sed -n '$!p' new/runs.csv)
    [ ${#kept} -gt $before ] || longest=$((longest * 3 / 2))
    [ $status -eq 0 ] && break
    [ $kills -gt 200 ] && break
done
echo "# killed $kills times"
check "it was killed at least twice" [ $kills -ge 2 ]
check "no row that was complete is lost by a kill" [ $lost -eq 0 ]
check "in the end every process is there once" complete_once new $processes
check "each with its record" [ "$(ls new/records | wc -l)" -eq "$(column new id all | wc -l)" ]
check "in the order of the plan" [ "$(column new id)" = "$(seq 0 $((processes - 1)))" ]
check "and none of the killed ones runs on" gone
check "nothing half written is left" [ -z "$(find new -name '*.part')" ]

# A torn last line, as a kill in the middle of a write would leave it, at every kind of place.
for cut in 1 7 40 100; do
    rm -rf torn && cp -r new torn
    sed -i 's/"finished": "[^"]*"/"finished": null/' torn/manifest.json
    size=$(stat -c %s torn/runs.csv)
    truncate -s $((size - cut)) torn/runs.csv
    run matrix m.yaml -o torn --resume
    check "a row cut $cut bytes short is dropped and run again" [ "$status-$(complete_once torn $processes && echo once)" = 0-once ]
done

# What the sessions before a resume found out is not forgotten.
printf 'name: l\nblocks: 2\ncells:\n  - workloads: ["hostile:act=lie"]\n    collectors: [rc]\n' >l.yaml
run matrix l.yaml -o lies
while [ "$(column lies workload | grep -c hostile)" -gt 1 ]; do sed -i '$d' lies/runs.csv; done
run matrix l.yaml -o lies --resume
check "a checksum is compared with those of earlier sessions" [ "$(column lies status | grep -c mismatch)" -eq 1 ]

# What a resume refuses.
stop() { rm -rf bad && cp -r new bad && sed -i '$d' bad/runs.csv && python3 "$PYTHONPATH/rows.py" bad; }
unchanged() { status_is 2 && says_only "$1" && [ "$(cat bad/runs.csv)" = "$was" ]; }
refuse() # words sentence
{
    was=$(cat bad/runs.csv)
    run matrix m.yaml -o bad --resume
    check "$2" unchanged "$1"
}
stop && sed -i 's/gcmatrix.results.3/gcmatrix.results.9/' bad/manifest.json
refuse 'schema "gcmatrix.results.9"; this program reads "gcmatrix.results.3"' "a folder of another schema is refused"
stop && sed -i 's/gcmatrix.results.3/gcmatrix.results.1/' bad/manifest.json
python3 - <<'P'
import csv
later = ("attempt memory build collecting_ns cascades_ns cascades_untimed_ns kernel_collecting_ns kernel_cascades_ns minor_faults "
         "major_faults collecting_faults cascades_faults voluntary_switches involuntary_switches queued_ns stolen_ns processor "
         "warmed_bytes short_bytes files check").split()
rows = list(csv.DictReader(open("bad/runs.csv")))
names = [name for name in rows[0] if name not in later]
with open("bad/runs.csv", "w", newline="") as out:
    writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows if row["attempt"] == "0")  # that schema had no others
P
refuse 'an earlier version of gcmatrix made it' "a folder of the schema before is refused"
stop && sed -i '/"spec_sha256"/d' bad/manifest.json
refuse '"spec_sha256" is missing' "a damaged manifest is refused"
stop && sed -i '3d;$p' bad/runs.csv && tail -1 bad/runs.csv >>bad/runs.csv
refuse 'is there twice' "a row that is there twice is refused"
stop && sed -i 's/\("hostile-rc": "\)./\1x/' bad/manifest.json
refuse 'the executable hostile-rc has changed since' "another binary is refused"
stop && sed -i 's/\("memory_bytes": \)\([0-9]\)/\11\2/' bad/manifest.json
refuse 'another machine (memory_bytes differs)' "another machine is refused"
stop && echo '# a remark' >>m.yaml
refuse 'the spec is another one' "another spec is refused"
sed -i '$d' m.yaml
rm -rf bad && mkdir bad && echo "id" >bad/runs.csv
refuse 'manifest.json: No such file' "a folder without a manifest is refused"

# A build beside a run.
mkdir build && cp "$(dirname "$GCMATRIX_PAIRS")"/hostile-{leak,rc} build && cp "$GCMATRIX_PAIRS" build/pairs.json
spec 50
rm -rf new
GCMATRIX_PAIRS=build/pairs.json "$GCMATRIX" matrix m.yaml -o new >out 2>err </dev/null &
pid=$!
rows_reach new/runs.csv 1
cp build/hostile-rc other && echo >>other && mv other build/hostile-rc
wait $pid
status=$?
check "a run whose executable was replaced on the way is refused at its end" status_is 2
check "by the executable's name" says "the executable hostile-rc was replaced while the run was going on"
check "and is not finished" grep -q '"finished": null' new/manifest.json

# Two runs do not write to one folder.
spec 150
rm -rf new
"$GCMATRIX" matrix m.yaml -o new >/dev/null 2>&1 </dev/null &
pid=$!
rows_reach new/runs.csv 1
run matrix m.yaml -o new --resume
check "a second run into the same folder is refused" says_only "another gcmatrix is writing to this folder"
kill -TERM $pid
wait $pid
check "SIGTERM ends a run as SIGINT does" [ $? -eq 130 ]
done_testing

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A run's folder has one writer, which touches nothing that gcmatrix did not make.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

spec() # milliseconds
{
    printf 'name: w\nblocks: 2\ncells:\n  - workloads: ["hostile:milliseconds=%d"]\n    collectors: [rc]\n' "$1" >m.yaml
}
processes=4 # a cell and a baseline in 2 blocks
sums() { find "$@" \( -type f -exec md5sum {} + -o -type l -printf '%p -> %l\n' -o -type d -print \) | sort; }

# What stands beside a run is not the run's.
spec 1
mkdir run.part elsewhere && echo mine | tee run.part/mine elsewhere/mine victim >/dev/null
mine() { [ "$(cat run.part/mine elsewhere/mine victim)" = $'mine\nmine\nmine' ] && [ "$(ls -A elsewhere)" = mine ]; }
run matrix m.yaml -o run
check "a run begins beside a folder of another name" status_is 0
check "which stays, whatever is in it" mine
ln -s "$work/elsewhere" linked
run matrix m.yaml -o linked
check "a run does not begin in a link's place" status_is 2
check "and nothing is behind the link" mine

# A beginning that was killed is begun anew; anything else is not.
mkdir -p begun/{records,events,timelines,latencies} && head -c 20 run/runs.csv >begun/runs.csv
cp -r begun begun-2 && touch begun/.gcmatrix-0123456789abcdef.part
run matrix m.yaml -o begun
check "a run that was killed while it began is begun anew" [ "$status-$(complete_once begun $processes && echo once)" = 0-once ]
check "and nothing is left of the beginning" [ "$(ls -A begun)" = "$(ls -A run)" ]
run matrix m.yaml -o begun-2 --resume
check "with --resume too" [ "$status-$(complete_once begun-2 $processes && echo once)" = 0-once ]
mkdir -p other/records && echo mine >other/records/mine
before=$(sums other)
for option in "" --resume; do
    run matrix m.yaml -o other $option
    check "a folder of other things is refused${option:+, with $option}" [ "$status-$(sums other)" = "2-$before" ]
done

# A resume compares first. Each refusal leaves the folder as it was.
stop() # a run that has one row to go, and a torn tail
{
    rm -rf bad && cp -r run bad && sed -i '$d' bad/runs.csv && printf '9,' >>bad/runs.csv
    python3 "$PYTHONPATH/rows.py" bad # which counts no rows then
}
refuse() # status words sentence
{
    before=$(sums bad elsewhere victim $(ls -d kept 2>/dev/null))
    run matrix m.yaml -o bad --resume
    check "$3 is refused" status_is "$1"
    check "$3: in one line" says_only "$2"
    check "$3: nothing is touched" [ "$(sums bad elsewhere victim $(ls -d kept 2>/dev/null))" = "$before" ]
}
stop && mkdir bad/in-flight && echo "gcmatrix 1 2026-01-01T00:00:00Z" >bad/in-flight/writer && echo >bad/in-flight/record.json
echo '# a remark' >>m.yaml
refuse 2 "the spec is another one" "another spec"
spec 1
run matrix m.yaml -o bad --resume
check "the right one goes on" [ "$status-$(complete_once bad $processes && echo once)" = 0-once ]
check "and what a killed session left in flight is gone" absent bad/in-flight
stop && mkdir bad/in-flight && echo mine >bad/in-flight/mine
refuse 2 "in-flight/mine: gcmatrix did not make it" "a folder in-flight with a file of the user's"
stop && mkdir -p bad/in-flight/mine && echo "gcmatrix 1 2026-01-01T00:00:00Z" >bad/in-flight/writer
refuse 2 "in-flight/mine: gcmatrix did not make it" "one with a folder"
stop && ln -s "$work/elsewhere" bad/in-flight
refuse 2 "in-flight: a link" "a link in its place"
stop && rm -rf kept && mv bad/records kept && ln -s "$work/kept" bad/records
refuse 3 "records: a link" "a link in the place of the records"
stop && mv bad/runs.csv rows && ln -s "$work/rows" bad/runs.csv
refuse 2 "runs.csv: it is a link" "a link in the place of the rows"
if [ -e run/reference.csv ]; then
    stop && cp bad/reference.csv programs && ln -sf "$work/programs" bad/reference.csv
    run matrix m.yaml -o bad --resume
    check "a link in the place of the reference's times is refused" says_only "reference.csv: it is a link"
    check "and what it leads to is as it was" cmp run/reference.csv programs
fi
stop && sed -i '3s/hostile/hostilf/' bad/runs.csv && ln -s "$work/victim" bad/damaged-rows.csv
before=$(sums bad victim)
run matrix m.yaml -o bad --resume
check "a link in the place of the damaged rows is refused" [ "$status-$(tail -1 err | grep -c 'damaged-rows.csv: it is a link')" = 3-1 ]
check "and nothing is touched" [ "$(sums bad victim)" = "$before" ]
stop && ln -s "$work/victim" bad/manifest.json.part
run matrix m.yaml -o bad --resume
check "a link beside the manifest does no harm" [ "$status-$(cat victim)" = 0-mine ]

# One writer.
spec 60000
"$GCMATRIX" matrix m.yaml -o new >/dev/null 2>&1 </dev/null &
pid=$!
await test -s new/in-flight/writer
run matrix m.yaml -o new --resume
check "a second writer is refused" status_is 2
check "in one line, which says who has the folder" says_only "new: another gcmatrix is writing to this folder: process $pid, since 20"
run matrix m.yaml -o new
check "without --resume too" says_only "process $pid, since 20"
kill -KILL $pid
wait $pid 2>/dev/null
spec 1
run matrix m.yaml -o new --resume
check "the lock dies with its process" says_only "the spec is another one"
# One that begins only when the run is over, as on a busy machine, is no third of three. Then the run takes longer.
for milliseconds in 200 2000 20000; do
    rm -rf new
    spec $milliseconds
    pids=()
    for i in 1 2 3; do
        "$GCMATRIX" matrix m.yaml -o new --resume >out.$i 2>err.$i </dev/null &
        pids+=($!)
    done
    statuses=()
    for pid in "${pids[@]}"; do
        wait "$pid"
        statuses+=($?)
    done
    grep -q "nothing was missing" out.? err.? || break
    echo "# one of three began after $milliseconds ms: they begin again"
done
check "of three that begin together one runs, and two are refused" \
    [ "$(printf '%s\n' "${statuses[@]}" | sort | tr '\n' ' ')" = "0 2 2 " ]
check "with a line each, which says why" [ "$(cat err.? | grep -c 'new: another gcmatrix is writing to this folder')" -eq 2 ]
check "and the run is whole" complete_once new $processes
done_testing

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The search finds the minimum heap of real pairs.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

work=binary-trees:depth=9
answer() { python3 -c 'import json, sys; print(json.load(open("out"))[sys.argv[1]])' "$1"; }
minimum() # collector: its minimum heap
{
    run minheap $work -c "$1" --trials 1 --json
    answer minimum_bytes
}
between() { [ "$1" -le "$2" ] && [ "$2" -le "$3" ] || { echo "# $2 is not from $1 to $3"; false; }; }

run run $work -c leak --json
allocated=$(answer allocated_bytes)
leak=$(minimum leak)
step=$((leak / 100 > 65536 ? leak / 100 : 65536))
check "what frees nothing needs all that it allocates, and no more than the resolution above that" \
    between "$allocated" "$leak" $((allocated + step))

run minheap $work -c mark-sweep --json
check "five trials are the default" [ "$(python3 -c 'import json; print(len(json.load(open("out"))["trials"]))')" -eq 5 ]
sweep=$(answer minimum_bytes)
check "the range holds the median" between "$(answer low_bytes)" "$sweep" "$(answer high_bytes)"
check "tracing needs less than a third of that" between 1 "$sweep" $((leak / 3))
run run $work -c mark-sweep --heap-limit "$sweep"
check "the answer is a heap the work is done in" status_is 0
run run $work -c mark-sweep --heap-limit $((sweep - 65536 - sweep / 100))
check "one step below it is not" status_is 1
check "and the run says so" says "the heap limit, after a full collection"

rc=$(minimum rc)
check "a collector that frees at once needs less than one that waits: mark-sweep is charged for its links" \
    between 1 "$rc" "$sweep"
copies=$(minimum semispace)
check "one that copies needs room for what lives twice" between $((2 * rc - 131072)) "$copies" $((leak))

run minheap $work -c mark-sweep --trials 1
check "people read it in words" grep -qE "minimum heap +[0-9]+ bytes" out
check "and of what it is" grep -qF "binary-trees:depth=9 x mark-sweep on glibc, seed 1" out

run_on_terminal minheap $work -c mark-sweep --trials 3
check "on a terminal it says which process runs, of how many, and how long the others will take" \
    grep -qE "[0-9]+ of [0-9]+ processes, [0-9]+ s left: $work x mark-sweep in [0-9.]+ MiB" out
interrupted_late minheap binary-trees:depth=7 -c rc --trials 99 --json
check "an interrupt ends it, with status 130" status_is 130
check "at once: within a second, though the machine be busy" [ "$took" -lt 1000 ]
check "and shows the trials that are complete" [ "$(answer trials | grep -o bytes | wc -l)" -ge 1 ]
check "which it counts" says "minheap: interrupted after "

printf 'name: s\nminimum_heaps: minima.json\ncells:\n  - workloads: ["binary-trees:depth=5"]\n    collectors: [rc, leak]\n    heaps: [2]\n' >s.yaml
refuses "none/minima.json: No such file" "a file that cannot be made is refused before the search" minheap --spec s.yaml -o none/minima.json
sed 's/leak\]/leek]/' s.yaml >wrong.yaml
run minheap --spec wrong.yaml
check "so is a collector that is not there" status_is 2
check "before the others are searched" [ ! -s out ]
echo '{"schema": "gcmatrix.minimum-heaps.1"}' >minima.json
old=$(cat minima.json)
interrupted held 0.3 minheap --spec s.yaml --trials 99
check "a matrix that is interrupted leaves its file as it was" [ "$(cat minima.json)" = "$old" ]
check "which is said" says "minima.json is as it was"
check "and nothing beside it" [ "$(ls minima.json*)" = minima.json ]
run minheap --spec s.yaml --trials 1
check "it publishes each pair" [ "$(python3 -c 'import json; print(*[m["collector"] for m in json.load(open("minima.json"))["minima"]])')" = "rc leak" ]
run_on_terminal minheap --spec s.yaml --trials 9
check "on a terminal it says how far it is with all pairs" grep -qE "[0-9]+ of [0-9]+ processes, [0-9]+ s left: pair 2 of 2, binary-trees x leak" out

export GCMATRIX_PAIRS=$HOSTILE_PAIRS
run minheap hostile:act=crash -c rc
check "a pair that crashes has no minimum" status_is 2
check "and the line says that it needs no limit for that" says_only "fails even without a limit: killed by signal 11"
run minheap hostile:act=lie -c rc
check "one whose checksum changes ends the search" status_is 1
check "which says both checksums" grep -qE "no minimum heap: under a limit of [0-9]+ bytes: checksum [0-9a-f]{16}, but [0-9a-f]{16} without a limit" err
run minheap hostile:act=hang -c rc --timeout 1
check "one that does not end ends by the time-out" says_only "not done after 1 s, even without a limit"
refuses "workload" "a misspelt workload is refused" minheap binary-tree -c rc
refuses "--trials takes an integer from 1 to 99" "so is a search of no trials" minheap hostile -c rc --trials 0
refuses "-c COLLECTOR" "and one without a collector" minheap hostile
done_testing

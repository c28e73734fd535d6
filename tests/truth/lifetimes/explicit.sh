#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Objects are freed at the moment of death. Recorded workloads run under `explicit` and every other collector. The null
# replay and the command that compares them are tested, too.
#
# usage: explicit.sh PAIRS-FOLDER
. "$(dirname "$(realpath "$0")")/../../tap.sh"
pairs=$1

get() { python3 -c 'import json, sys; d = json.load(open("out")); print(eval(sys.argv[1]))' "$1"; } # expression of d
field() { sed -n "s/^  \"$1\": \"*\([^\",]*\)\"*,*\$/\1/p" out; } # a key of a record
held() { echo $(($(field allocated_objects) - $(field freed_objects))); }
is() { [ "$1" = "$2" ] || { echo "# it is $1, not $2"; false; }; }
replay() # collector options argument...
{
    local collector=$1 options=$2
    shift 2
    "$pairs/replay-$collector" --workload-options "$options" "$@" >out 2>err </dev/null
    status=$?
}
observes() { "$pairs/replay-$1" --describe | grep -q '"observes": true'; }

collectors=
for collector in $("$GCMATRIX" list --names collectors); do
    observes "$collector" || collectors="$collectors $collector"
done

for workload in rings:count=1000 binary-trees:depth=7 grow:nodes=500; do
    name=${workload%%:*}
    run run "$workload" -c "recorder:file=$PWD/$name.gcp"
    check "$name is recorded" status_is 0
    run program deaths "$name.gcp" -o "$name-deaths.gcp"
    check "the deaths of $name are found" status_is 0
    survivors=$(sed -n 's/.* \([0-9]*\) never$/\1/p' out)
    replay explicit "file=$name-deaths.gcp" --checkpoints
    check "$name is replayed under explicit" status_is 0
    checksum=$(field checksum)
    check "which has freed all but what outlives it" \
        is "$(held)" "$survivors"
    check "and holds what is reachable, exactly, at the end and at every checkpoint" is "$(get \
        '[[c["held_objects"], c["held_bytes"]] for c in d["checkpoints"]] == [[c["live_objects"], c["live_bytes"]] for c in d["checkpoints"]] and d["leaked_bytes"] == 0')" True
    wrong=
    for collector in $collectors; do
        replay "$collector" "file=$name-deaths.gcp"
        grep -q "\"checksum\": \"$checksum\"" out || wrong="$wrong $collector"
    done
    check "every collector reads the same out of its objects" is "$wrong" ""
done

replay explicit "file=rings-deaths.gcp,repeat=3"
check "a program that is repeated is freed each time" is "$(held)" \
    "$(replay explicit file=rings-deaths.gcp; held)"
replay explicit "file=grow-deaths.gcp,repeat=3"
check "and so is what outlived it, but for the last time" is "$(held)" \
    "$(($(field allocated_objects) / 3))"
check "which leaks nothing" is "$(field leaked_objects)" 0

replay explicit "file=rings-deaths.gcp,null=on"
check "the null replay makes no object" is "$(field allocated_objects)" 0
checksum=$(field checksum)
replay rc "file=rings-deaths.gcp,null=on"
check "and reads the same under another collector" is "$(field checksum)" "$checksum"

replay explicit file=rings.gcp
check "a program that does not say when its objects die is refused with status 2" status_is 2
check "in one line that says what to do" says_only "gcmatrix program deaths IN.gcp -o OUT.gcp"
refuses "explicit does not run rings, but only null and replay" "so is any other workload" run rings -c explicit
head -c 3000 rings-deaths.gcp >cut.gcp
replay explicit file=cut.gcp
check "a damaged file ends in one line, though it is read by a process of its own" says_only "cut.gcp: offset"
check "and in the status of bad input to a workload" status_is 4

run explicit rings:count=30000 -c rc -c mark-sweep:growth=4 -b 3 --json
check "the command records, finds the deaths, and compares" status_is 0
check "explicit is the first, and what the others are relative to" is \
    "$(get '[d["collectors"][0]["collector"], d["collectors"][0]["ratio"], len(d["collectors"])]')" "['explicit', 1.0, 3]"
check "a cost is a replay less its null replay, by the block" is "$(get \
    'all(abs(c["cost_ns"] - sorted(a - b for a, b in zip(c["blocks"]["replay_ns"], c["blocks"]["null_ns"]))[1]) < 1 for c in d["collectors"])')" True
check "and a ratio is of costs" is "$(get \
    'all(abs(c["ratio"] - c["cost_ns"] / d["collectors"][0]["cost_ns"]) < 1e-6 for c in d["collectors"])')" True
check "with an interval around it" is "$(get \
    'all(c["ratio_low"] <= c["ratio"] <= c["ratio_high"] for c in d["collectors"])')" True

printf 'gcp 1\nglobals 1\nshape node refs=1 payload=8\nnew g0 node\nstore #1 0 #1\ndel g0\n' >ring.gcp.txt
run explicit ring.gcp.txt -c rc -b 1
check "it takes a program as text, too" status_is 0
check "and says how its objects die" grep -qF "1 objects: 0 die by counting, 1 on cycles or held by them, 0 never" out
check "the temporary folder is gone" is "$(TMPDIR=$PWD "$GCMATRIX" explicit ring.gcp.txt -c rc -b 1 >out 2>err; ls -d gcmatrix-* 2>/dev/null)" ""
refuses "one workload, or the file of a program, and -c COLLECTOR are needed" "it needs a collector" explicit rings
refuses "did you mean 'rc'" "it has to know it" explicit rings -c rcc
refuses "none.gcp: No such file" "a file has to be there" explicit none.gcp -c rc
refuses "name the file itself" "a replay is named by its file" explicit replay:file=rings.gcp -c rc
done_testing

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

run explicit rings:count=3000 -c rc -c mark-sweep:growth=4 -b 3 --json
check "the command records, finds the deaths, and compares" status_is 0
check "explicit is the first" is "$(get '[c["collector"] for c in d["collectors"]]')" "['explicit', 'rc', 'mark-sweep:growth=4']"
check "each replays and reads the recording once in every block" is \
    "$(get '[len(c["blocks"][k]) for c in d["collectors"] for k in ("replay_ns", "null_ns")]')" "[3, 3, 3, 3, 3, 3]"
check "what a collector leaves is said" is "$(get '[c["role"] for c in d["collectors"]]')" "['reclaims', 'leaks', 'reclaims']"

# Pairs whose times are known: TIMES has a line for each collector, with its replays and then its null replays, in us.
printf 'gcp 1\nglobals 1\nshape node refs=1 payload=8\nnew g0 node\nstore #1 0 #1\ndel g0\n' >ring.gcp.txt
mkdir known
cat >known/pair <<'P'
#!/usr/bin/env bash
self=${0##*/}
collector=${self#replay-}
case " $* " in *" --describe "*) exec "PAIRS/$self" "$@" ;; *null=on*) kind=null ;; *) kind=replay ;; esac
[[ "$*" == *"--workload-options image="* ]] || echo "$*" >>HERE/unread
[ -s "$(sed 's/.*image=\([^ ,]*\).*/\1/' <<<"$*")" ] || echo "no image: $*" >>HERE/unread
echo >>"HERE/$self-$kind"
read -r _ _ left times < <(grep "^$collector $kind " HERE/times)
set -- $times
shift $(($(wc -l <"HERE/$self-$kind") - 1))
cat <<R
{"status": "ok", "reason": null, "checksum": "0123456789abcdef", "wall_ns": ${1}000, "measuring": {"sampling_ns": 0},
 "max_rss_bytes": 3000000, "baseline_rss_bytes": 1000000, "leaked_bytes": $left, "freed_bytes": $((100 - left))}
R
P
sed -i "s#PAIRS#$pairs#; s#HERE#$PWD/known#g" known/pair
chmod +x known/pair
for collector in explicit rc leak; do cp known/pair known/replay-$collector; done
python3 - <<'P'
import json
names = ["explicit", "rc", "leak"]
json.dump({"schema": "gcmatrix.pairs.1", "workloads": ["replay"], "collectors": names,
           "pairs": [{"name": f"replay-{c}", "workload": "replay", "collector": c, "path": f"replay-{c}"} for c in names]},
          open("known/pairs.json", "w"))
P
known() # lines of times: runs the command on them
{
    rm -f known/*-null known/*-replay
    printf '%s\n' "$@" >known/times
    GCMATRIX_PAIRS=$PWD/known/pairs.json run explicit ring.gcp.txt -c rc -c leak -b 3 $form
}
steady=("explicit replay 0 110 121 130" "explicit null 0 10 11 10" "rc replay 11 310 308 330" "rc null 11 10 11 10"
    "leak replay 100 15 90 110" "leak null 100 10 100 10")
form=--json
known "${steady[@]}"
check "known times are compared" status_is 0
check "a cost is a replay less its null replay, by the block" is "$(get '[c["cost_ns"] for c in d["collectors"]]')" "[110000.0, 300000.0, 5000.0]"
check "and a ratio is of mean costs" is "$(get '[round(c["ratio"], 6) for c in d["collectors"]]')" "[1.0, 2.778788, 0.287879]"
check "with an interval around it" is "$(get \
    'all(c["ratio_low"] <= c["ratio"] <= c["ratio_high"] for c in d["collectors"])')" True
check "which never goes below 0, though a cost of one block does" is "$(get '[min(c["ratio_low"] for c in d["collectors"]), d["collectors"][2]["cost_ns_low"] < 0]')" "[0.0, True]"
check "garbage that is left is a mark" is "$(get '[c["role"] for c in d["collectors"]]')" "['reclaims', 'leaks', 'floor']"
form=
known "${steady[@]}"
check "which people see on the ratio" grep -qE '^rc +0\.31 +0\.01 +0\.30† +2\.78† ' out
check "and on that of a collector that frees nothing" grep -qE '^leak .* 0\.29‡ ' out
check "in words, too" grep -qF "† left more than a tenth of its garbage; ‡ frees nothing" out
check "and that three blocks are few" grep -qF "An interval of so few blocks trusts that costs scatter normally" out
known "explicit replay 0 12 9 11" "explicit null 0 10 11 10" "${steady[@]:2}"
check "a cost under explicit that is not above its noise has no ratio to it" grep -qE '^rc .* n/a +no bound ' out
check "which is said, with the remedy" grep -qF "Give a longer program." out
check "and none has a negative bound" is "$(grep -c '\[-' out)" 0
form=--json
known "explicit replay 0 12 9 11" "explicit null 0 10 11 10" "${steady[@]:2}"
check "programs read it as no ratio" is "$(get '[d["comparable"]] + [c[k] for c in d["collectors"] for k in ("ratio", "ratio_low", "ratio_high")]')" \
    "[False, None, None, None, None, None, None, None, None, None]"
check "the recording is read once, and every process maps what was made of it" absent known/unread

run explicit ring.gcp.txt -c rc -b 1
check "it takes a program as text, too" status_is 0
check "and says how its objects die" grep -qF "1 objects: 0 die by counting, 1 on cycles or held by them, 0 never" out
check "the temporary folder is gone" is "$(TMPDIR=$PWD "$GCMATRIX" explicit ring.gcp.txt -c rc -b 1 >out 2>err; ls -d gcmatrix-* 2>/dev/null)" ""

# An interrupt ends it at once, wherever it is, and leaves nothing behind.
mkdir tmp
for command in explicit lifetimes; do
    # The first is while the workload is recorded, the last while its recording is read: that takes ten times as long.
    for before in 0.2 0.6 1.5; do
        TMPDIR=$PWD/tmp interrupted $before $command rings:count=3e5 -c rc-trial
        check "$command ends by an interrupt after $before s, with status 130" status_is 130
        check "at once: within a second, though the machine be busy" [ "$took" -lt 1000 ]
        check "and leaves no temporary folder" is "$(ls tmp)" ""
    done
done
# Pairs that are slow to say what they are.
mkdir slow
cp known/pairs.json slow
for collector in explicit rc leak; do printf '#!/bin/sh\nexec sleep 30\n' >slow/replay-$collector; done
chmod +x slow/replay-*
GCMATRIX_PAIRS=$PWD/slow/pairs.json interrupted held 0.3 explicit ring.gcp.txt -c rc
check "an interrupt is told while a pair is asked what it is" status_is 130
interrupted_late explicit rings:count=200 -c rc -b 1000 --json
check "blocks that are complete are kept" is "$(get '0 < d["blocks"] < 1000 and len(d["collectors"][1]["blocks"]["null_ns"]) == d["blocks"]')" True
check "and how many is said" says "explicit: interrupted after "

# Progress, on a terminal. The line is rewritten in place, and cleared before the result.
run_on_terminal explicit ring.gcp.txt -c rc -b 2
check "explicit says which process runs, of how many, and how long the others will take" grep -qE '[0-9] of 10 processes, [0-9]+ s left: rc' out
run_on_terminal lifetimes ring.gcp.txt -c rc -c mark-sweep
check "so does lifetimes" grep -qE '[0-9] of 6 processes, [0-9]+ s left: mark-sweep, watched' out

# What reading will take is said before.
printf 'gcp\n' >vast.gcp && truncate -s 4T vast.gcp
refuses "may take 81920.0 GiB of memory, and " "a program that memory is too small for is refused before it is read" explicit vast.gcp -c rc
printf 'gcp\n' >large.gcp && truncate -s 64M large.gcp
run lifetimes large.gcp -c rc
check "one that takes a GiB or more is announced" says "reading a program of 64 MiB may take 1.2 GiB of memory"

refuses "one workload, or the file of a program, and -c COLLECTOR are needed" "it needs a collector" explicit rings
refuses "did you mean 'rc'" "it has to know it" explicit rings -c rcc
refuses "none.gcp: No such file" "a file has to be there" explicit none.gcp -c rc
refuses "name the file itself" "a replay is named by its file" explicit replay:file=rings.gcp -c rc
done_testing

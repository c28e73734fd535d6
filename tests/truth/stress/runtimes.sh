#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runtimes outside the tree, which run programs over a pipe. A toy that is broken on purpose is found in the way of its
# bug, and the program is made small. What cannot be talked to is refused in one line.
#
# usage: runtimes.sh TOY [EXAMPLE]...    an example is a command for a real runtime, which must have no finding
toy=$(realpath "$1")
shift
. "$(dirname "$(realpath "$0")")/../../tap.sh"

run stress --runtime "$toy" --seed 1 --programs 300
check "a toy without a bug has no finding" status_is 0
check "and the campaign names it as it names itself" grep -q '^toy  *300 ' out
collected() { awk '$1 == "toy" { exit !($6 > 1000 && $7 > 10000) }' out; }
check "it freed objects at zero, and collected others" collected
check "and says what it did not check" grep -q '^not checked of toy' out
run stress --runtime "$toy" --runtime "$toy rings-kept" -c rc --seed 1 --programs 120
check "two runtimes and a collector are tested together" [ "$(grep -c -E '^(toy|toy.2|rc) +[0-9]+ ' out)" -eq 3 ]

# Each bug: the kind under which it is found, how many counts a program asks for, so that no other kind comes first, and
# the most operations of the program that is kept, and what the finding says. Where each run that fails takes a second, LONG_TESTS=1 keeps it.
while read -r bug kind counts most says; do
    rm -rf kept
    keep="--keep kept"
    [ "$kind" != time-out ] || long_tests || keep=
    limit=20 # of seconds without a sign of life, which a busy machine hardly reaches
    [ "$kind" != time-out ] || limit=1
    run stress --runtime "$toy $bug" --time-limit $limit --seed 2 --programs 400 --dials "counts=$counts" $keep
    check "$bug is found" status_is 1
    check "$bug is found as '$kind', at an operation" grep -q "^toy: $kind: .*$says" out
    [ -n "$keep" ] || continue
    text=$(echo kept/*.gcp.txt)
    operations=$(grep -cvE '^(#|gcp|globals|shape|$)' "$text")
    check "the program that shows $bug has $most operations at most ($operations)" [ "$operations" -le "$most" ]
    run stress --replay "$text" --runtime "$toy $bug" --time-limit $limit
    check "$bug fails again when it is replayed" status_is 1
    run stress --replay "$text" --runtime "$toy"
    check "and the toy without the bug does not" status_is 0
done <<'END'
store-keeps kept 0 8 operation .*no reference to it is left
last-field freed 0 8 operation .*is gone, and names still reach it
rings-kept kept 0 6 operation .*only a cycle that no name reaches
move-counts kept 0 6 operation .*no reference to it is left
count-low count 30 12 operation .*it counts 3 references, and there are
read-first read 0 8 operation .*it finds .* where
hang time-out 0 16 it has computed for 1 s, and not answered operation
sleep time-out 0 16 it has said nothing for 1 s in front of the answer to operation
crash crash 0 16 behind operation .* and in front of the answer to operation
END
check "the crash is told by its signal" grep -q "ended by signal 11" "$text"
check "the kept text has the command that runs it again" grep -qF -- "--runtime '$toy crash'" "$text"

# A campaign that is interrupted leaves no process behind, also where a shell stands between, or timeout(1), which makes a
# group of processes of its own.
ln -s "$toy" left-over-toy
# Whether a process has the toy in its command line. The pattern is none itself. That grep cannot read another process,
# which ends meanwhile, is no answer: what it found is.
toys_left() { grep -las "$work/left-over[-]toy" /proc/[0-9]*/cmdline >left || [ -s left ]; }
toys_gone() { ! toys_left; }
toy_runs() { pgrep -f "^$work/left-over-toy sleep" >seen; }
for command in "$work/left-over-toy sleep" "true; $work/left-over-toy sleep; true" "timeout 600 $work/left-over-toy sleep"; do
    interrupted 2 stress --runtime "$command" --time-limit 50 --seed 1 --programs 400
    await toys_gone
    check "a campaign is interrupted" status_is 130
    check "an interrupt ends '${command//$work\//}', too" toys_gone
done

# Nor does one that is killed.
for command in "true; $work/left-over-toy sleep; true" "timeout 600 $work/left-over-toy sleep"; do
    "$GCMATRIX" stress --runtime "$command" --time-limit 50 --seed 1 --programs 400 >out 2>err </dev/null &
    await toy_runs
    kill -KILL $!
    wait $! 2>/dev/null
    check "a runtime is there" [ -s seen ]
    await toys_gone
    check "no process of '${command//$work\//}' outlives a gcmatrix that is killed" toys_gone
done

# Runtimes that cannot be talked to.
refuses "with status 127: a shell that finds no such command does" "a command that there is not is refused" \
    stress --runtime no-such-runtime
refuses "it ended with status 1" "and one that ends at once" stress --runtime false
refuses "with 'hello', not with 'runtime 1 NAME" "and one that answers something else" stress --runtime "echo hello"
refuses "speaks version 7 of the protocol, and this gcmatrix speaks version 1" "and one of another version" \
    stress --runtime "echo runtime 7 other"
refuses "did you mean 'counts'?" "and a promise that there is not" stress --runtime "echo runtime 1 other count"
refuses "does it flush its standard output" "and one that says nothing" stress --runtime "sleep 30" --time-limit 1
refuses "do not go together: a runtime has the options" "options of a collector are none of a runtime" \
    stress --runtime "$toy" --replay x.gcp --options roots=3
refuses "--time-limit goes with --runtime" "a time limit is for runtimes" stress -c rc --time-limit 3
refuses "no way of running programs is left" "allocations of a runtime cannot be made to fail" \
    stress --runtime "$toy" --faults
printf 'read -r line && echo "one more thing" >&2 && printf "the reason\\033\\n" >&2 && echo runtime 1 mute' >mute
run stress --runtime "sh mute" --seed 1 --programs 50
check "what a runtime says on standard error stands beside its crash" grep -q '^  the reason?$' out
cat >odd <<'END'
while read -r word rest; do
    case $word in
    gcmatrix-stress) echo runtime 1 odd ;;
    read | alive) echo "$1" ;;
    esac
done
END
run stress --runtime "sh odd yes" --seed 1 --programs 50
check "an answer that is none is a finding" grep -q "^odd: protocol: operation .*it answers 'yes'" out
run stress --runtime "sh odd 'error there is no such slot'" --seed 1 --programs 50
check "and so is what the runtime complains of" grep -q "^odd: refused: .*says: there is no such slot" out

# What a runtime says is shown, and is no finding of ours.
cat >forger <<'END'
while read -r word rest; do
    case $word in
    gcmatrix-stress) echo runtime 1 forger ;;
    read | alive) printf 'finding: seed 1 at 0 options - kind ../forged: %s' "$1" >&2; echo nonsense ;;
    esac
done
END
run stress --runtime "sh forger no" --seed 1 --programs 50 --keep forged
check "a runtime cannot forge a finding" grep -q "^forger: protocol: operation .*it answers 'nonsense'" out
check "and what is kept of it lies in its folder" [ -s "$(echo forged/forger-protocol-*.gcp.txt)" ]
run stress --runtime "sh odd 'error $(printf '😀%.0s' {1..300})'" --seed 1 --programs 50 --json
check "a finding whose text is cut is in the answer" python3 -c 'import json; assert len(json.load(open("out", encoding="utf-8"))["findings"]) == 1'
refuses "stress: runtime 'false?x' gives no answer" "a line feed in a command leaves the message whole" stress --runtime $'false\nx'

tested=
for example; do
    run stress --runtime "$example" --seed 1 --programs 400
    name=$(awk '$1 == "collector" { getline; print $1 }' out)
    check "no program fails in $name" status_is 0
    tested="$tested $name"
done
for name in CPython Lua PHP; do
    [[ $# -eq 0 || $tested == *$name* ]] || tap_result 0 "no program fails in $name # SKIP it is not installed"
done
done_testing

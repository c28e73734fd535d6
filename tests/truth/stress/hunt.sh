#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The hunt finds what is bad on purpose, finds nothing between equals, and keeps what people wrote.
. "$(dirname "$(realpath "$0")")/../../tap.sh"
cliffs() { sed -n 's/^.*: \([0-9]*\) cliffs\?;.*/\1/p' out; }
kinds() { sed -n 's/^.* programs of \([0-9]*\) kinds in .*/\1/p' out; }

for way in work memory pause garbage; do
    workloads=() # two of the four with recipes alone
    [ $way = work ] || [ $way = pause ] || workloads=(--workloads none)
    run hunt -c rc-trial --against rc-trial --by $way --programs 48 --counted "${workloads[@]}"
    check "against itself a collector has no cliff by $way" status_is 0
    check "and it is said" [ "$(cliffs)" = 0 ]
    check "programs of many kinds were tried" [ "$(kinds)" -ge 10 ]
done

programs=32 # 96 take ten times as long; LONG_TESTS=1 has them
! long_tests || programs=96
run hunt -c slow-rc --against rc --by work --programs $programs --counted --workloads none
check "a look at all names for each free is a cliff" [ "$(cliffs)" -ge 1 ]
check "found with many names, or in many calls" grep -qE "'[^']*(names|slots|call):" out
mv out once
run hunt -c slow-rc --against rc --by work --programs $programs --counted --workloads none
check "equal seeds find the same" cmp <(grep -v ' programs of ' once) <(grep -v ' programs of ' out)
run hunt -c leak --against rc --by garbage --workloads alloc-churn,rings,scatter,fan-in,recursion --programs 32 --counted --json
check "a collector that frees nothing keeps garbage" grep -q '"cliff": true' out
check "what was dropped is counted" python3 -c '
import json, sys
dropped = json.load(open("out"))["dropped"]
sys.exit(sorted(dropped) != ["failed", "refused", "too_large"] or not 0 < sum(dropped.values()) <= 32 or dropped["failed"])'

# Workload lines are evolved beside recipes. Their recordings are gone afterwards.
mkdir scratch
export TMPDIR=$PWD/scratch
programs=16
! long_tests || programs=192
run hunt -c leak --against rc --by garbage --workloads rings,alloc-churn,recursion --programs $programs --counted
check "a workload with its options is found" [ "$(grep -cE "by counting: workload '(rings|alloc-churn|recursion)[:']" out)" -ge 1 ]
check "beside a recipe" grep -q "by counting: n=" out
check "and no other workload" [ "$(grep -cE -- "--workload (rings|alloc-churn|recursion)(:|$)" out)" = "$(grep -c "workload '" out)" ]
mv out once
run hunt -c leak --against rc --by garbage --workloads rings,alloc-churn,recursion --programs $programs --counted --jobs 1
check "equal seeds find the same of these, too, whatever the number of jobs" cmp <(grep -v ' programs of ' once) <(grep -v ' programs of ' out)
eval "again=($(grep -m 1 -- "--workload " once))"
run "${again[@]:1}" --counted
figure=$(sed -n 's/^\(.*\) times as much, .*: workload .*/\1/p' once | head -1)
check "the line that was printed runs it again" [ -n "$figure" -a "$(grep -cF "$figure times as much, " out)" = 1 ]
run hunt -c leak --against rc --by garbage --workloads none --programs 16 --counted --json
check "none evolves recipes alone" [ "$(grep -c '"workload"' out)-$(grep -c '"recipe"' out)" != "0-0" -a "$(grep -c '"workload"' out)" = 0 ]

# One workload line, which is measured as it is run.
line=alloc-churn:steps=20000,live=100
run hunt -c leak --against rc --by memory --workload $line --groups 3 --rounds 2
check "a workload line is measured" grep -qE '^[0-9.e+]+ \[[0-9.e+]+, [0-9.e+]+\] times as much, ' out
[ "${SANITIZERS:-none}" != none ] || check "and is a cliff" [ "$(cliffs)" = 1 ]
run hunt -c rc --against rc --by memory --workload $line --groups 3 --rounds 2 --json
check "and none between equals" grep -q '"cliff": false' out
check "by its name" grep -qF "\"workload\": \"$line\"" out
refuses "is too large to be counted" "a workload at its defaults is too large" hunt -c leak --against rc --workload binary-trees --counted
refuses "is too large to be counted" "so is one of an object that no program has" \
    hunt -c leak --against rc --workload alloc-churn:steps=0,live=1,size=fixed,min=20000000 --counted
run hunt -c leak --against rc --workload slices:steps=100,lists=2,length=20,whole=on --counted
check "a line of a switch is taken" status_is 0
refuses "rings has no option 'cuont'; did you mean 'count'?" "an option of a workload that there is not is refused" hunt -c leak --against rc --workload rings:cuont=3
refuses "unknown workload 'ring'; did you mean 'rings'?" "so is a workload" hunt -c leak --against rc --workload ring:count=3
refuses "replay runs a file" "a file is no workload line" hunt -c leak --against rc --workload replay:file=a.gcp
refuses "weak-cache has finalisers or weak references" "what the recorder does not write down is refused" hunt -c leak --against rc --workloads rings,weak-cache
refuses "the workload 'rings' is named twice" "and what is named twice" hunt -c leak --against rc --workloads rings,rings
refuses "null has no option to change" "and what has no options" hunt -c leak --against rc --workloads null
status=$( (ulimit -f 8 && "$GCMATRIX" hunt -c leak --against rc --workload $line --counted >out 2>err; echo $?) )
check "a recording that cannot be written ends the hunt" [ "$status-$(wc -l <err)-$(grep -c 'hunt: a recording: .*File too large' err)" = 3-1-1 ]
interrupted_late hunt -c leak --against rc --workloads alloc-churn --by garbage --seconds 600 --counted
check "an interrupt ends a search with recordings" status_is 130
for before in 0.1 0.2 0.3; do
    interrupted $before hunt -c leak --against rc --workload $line --counted
    check "an interrupt ends one, too, if it comes in time" [ "$status" = 130 -o "$status" = 0 ]
done
recording() { [ -n "$(ls scratch/*/*/*)" ]; } # one is written just now
env --default-signal=HUP "$GCMATRIX" hunt -c leak --against rc --workloads alloc-churn --by garbage --seconds 600 --counted >out 2>err </dev/null &
await recording
kill -HUP $!
wait $!
check "a terminal that is closed ends a search, too" [ $? = 130 ]
check "no recording is left behind" [ -z "$(ls -A scratch)" ]
unset TMPDIR

# Pairs that are not built.
# Those of pairs.json: two recorders and all replays. Those of own.json are scripts in the folder own.
place=$(dirname "$GCMATRIX")/harness/runner
python3 - "$place" <<'END'
import json, os, sys
own = [("alloc-churn", "recorder"), ("alloc-churn", "leak")]
for name in "pairs.json", "own.json":
    pairs = json.load(open(os.path.join(sys.argv[1], "pairs.json")))
    for pair in pairs["pairs"]:
        there = pair["workload"] not in ("rings", "splay") or pair["collector"] != "recorder"
        if pair["workload"] == "replay":
            there = False
        folder = sys.argv[1] if there or name == "own.json" else "/nowhere"
        if name == "own.json" and (pair["workload"], pair["collector"]) in own:
            folder = os.path.join(os.getcwd(), "own")
        pair["path"] = os.path.join(folder, os.path.basename(pair["path"]))
    json.dump(pairs, open(name, "w"))
END
export GCMATRIX_PAIRS=$PWD/pairs.json
run hunt -c leak --against rc --by garbage --programs 16 --counted
check "workloads whose pairs are not built are left out" status_is 0
check "and that is said" says_only "hunt: 2 workloads are not evolved, because pairs of them are not built, such as rings-recorder"
refuses "hunt: --workloads: rings-recorder is not built" "unless they are asked for" hunt -c leak --against rc --workloads rings --counted
run hunt -c leak --against rc --by memory --workload $line --groups 2 --rounds 1
check "a workload line is measured without a replay" [ "$status-$(wc -l <err)" = 0-0 ]

# Pairs that vanish, or that are not what they were taken for.
export GCMATRIX_PAIRS=$PWD/own.json
mkdir own
own() { # pair commands: what it does instead, before the pair itself
    printf '#!/bin/sh\ncase "$*" in --describe) %s;; *) %s;; esac\nexec "%s" "$@"\n' "$2" "$3" "$place/$1" >"own/$1"
    chmod +x "own/$1"
}
own alloc-churn-leak : :
own alloc-churn-recorder : "rm -f '$PWD/own/alloc-churn-leak'"
run hunt -c leak --against rc --by memory --workload $line --groups 2 --rounds 1 --json
check "what was counted is shown where its pair is gone" [ "$status-$(wc -l <err)-$(grep -cE '"failed": "leak: its pair was not found"|"counted_ratio"' out)" = 0-1-2 ]
own alloc-churn-recorder : 'for last; do case $last in --collector-options=file=*) echo none >"${last#*file=}"; exit; esac; done'
own alloc-churn-leak : :
refuses "the program cannot be counted: work-" "what a collector's process refuses is said by its first line" hunt -c leak --against rc --workload $line --counted
check "and by no other" says "this is not a program"
own alloc-churn-recorder "rm '$PWD/own/alloc-churn-recorder'" :
run hunt -c leak --against rc --workloads alloc-churn --programs 16 --counted
check "a recorder that is gone ends a search" [ "$status-$(wc -l <err)-$(grep -c 'hunt: .*/alloc-churn-recorder: No such file or directory: it cannot be started: build it again' err)" = 2-1-1 ]
for change in 's/"name": "alloc-churn"/"name": "rings"/' '/"name": "live"/,/"max"/s/"max": .*/"max": 3/' \
    '/"name": "live"/,/"max"/s/"max": .*/"max": 9007199254740992/' '/"name": "live"/,/"max"/s/"min": .*/"min": -1,/'; do
    own alloc-churn-recorder "'$place/alloc-churn-recorder' --describe | sed '$change'; exit" :
    refuses "alloc-churn-recorder --describe: this is not the workload 'alloc-churn'" "a pair that is another one is refused: $change" \
        hunt -c leak --against rc --workloads alloc-churn --programs 16 --counted
done
unset GCMATRIX_PAIRS

# One recipe, by groups of processes that take turns.
run hunt -c leak --against rc --by memory --recipe '200*leaf:n' --size 1000 --groups 3 --rounds 2
check "what is found is measured" grep -qE '^[0-9.e+]+ \[[0-9.e+]+, [0-9.e+]+\] times as much, ' out
# Sanitizers keep what is freed, and have memory of their own.
[ "${SANITIZERS:-none}" != none ] || check "and is a cliff" [ "$(cliffs)" = 1 ]
run hunt -c rc --against rc --by memory --recipe '200*leaf:n' --size 1000 --groups 3 --rounds 2
check "between equals it is none" [ "$(cliffs)" = 0 ]
run hunt -c leak --against rc --by work --recipe '200*leaf:n' --size 1000 --groups 2 --rounds 1 --json
check "the groups are counted, and the rounds of all" [ "$(grep -cE '"(groups|rounds)": 2,?$' out)" = 2 ]
interrupted_late hunt -c leak --against rc --recipe '200*leaf:n' --size 1000 --groups 100 --rounds 1000
check "an interrupt ends the measuring" status_is 130
check "by the groups that are whole" grep -q ", interrupted" out

# The page.
run hunt -c leak --against rc --by garbage --recipe 'n*leaf' --size 30000 --counted --write page.md
check "a cliff gets a row" grep -qF '| `rc` | garbage |' page.md
sed -i 's/| `n\*leaf` |  |/| `n*leaf` | It frees nothing. |/' page.md
run hunt -c leak --against rc-block --by garbage --recipe 'n*leaf' --size 30000 --counted --write page.md
run hunt -c leak --against rc --by garbage --recipe 'n*leaf' --size 30000 --counted --write page.md
check "its reason stays when it is found again" grep -qF '| `n*leaf` | It frees nothing. |' page.md
check "beside the rows of others" grep -qF '| `rc-block` | garbage |' page.md
check "once" [ "$(grep -c '^| `rc' page.md)" -eq 2 ]
run hunt -c leak --against rc --by memory --workload $line --counted --write page.md
check "a workload gets a row without a size" grep -qF "|  | \`$line\` |  |" page.md
cp page.md before
run hunt -c leak --against rc --by memory --workload $line --counted --write page.md
check "which is read back" cmp page.md before

# What people wrote is kept, or the page is refused before anything is searched.
cp page.md kept.md
sed -i 's/It frees nothing\./`leak` frees nothing, and `so`/' page.md
run hunt -c leak --against rc --by garbage --recipe 'n*leaf' --size 30000 --counted --write page.md
check "quotes around a reason are its own" grep -qF '| `leak` frees nothing, and `so` |' page.md
echo "# Notes" >notes.md
for change in '1i # Notes' '$a A sentence of mine.' 's/It frees nothing\./It frees a|b./' 's/^| `rc` /| rc /' '$a |'; do
    cp kept.md own.md && sed -i "$change" own.md && cp own.md before
    run hunt -c leak --against rc --by garbage --programs 16 --counted --write own.md
    check "a page with more than its rows is refused: $change" [ "$status-$(wc -l <err)-$(grep -cE 'own.md:[0-9]+: hunt did not write this' err)" = 2-1-1 ]
    check "and is as it was" cmp before own.md
done
refuses "notes.md:1: hunt did not write this" "so is another file" hunt -c leak --against rc --by garbage --programs 16 --counted --write notes.md
refuses "none/page.md: No such file" "and one that cannot be made" hunt -c leak --against rc --programs 16 --counted --write none/page.md
sed -e 's/ recipe or workload |/ recipe |/' -e '/^# Cliffs/,/^## /{/^## /!d}' kept.md >rows.md
(cat "$(dirname "$(realpath "$0")")/cliffs-head-before.txt" && cat rows.md) >before.md
sed -i '/alloc-churn/d' before.md
run hunt -c leak --against rc --by garbage --recipe 'n*leaf' --size 30000 --counted --write before.md
check "a page under the head of before is taken" status_is 0
check "and gets the head of now" cmp <(sed '/alloc-churn/d' kept.md) before.md
cp "$(dirname "$(realpath "$0")")/../../../docs/cliffs.md" theirs.md
run hunt -c leak --against rc --by garbage --recipe 'n*leaf' --size 30000 --counted --write theirs.md
check "the page of the tree is taken" status_is 0

# Options of collectors are checked before anything is searched.
refuses "hunt: collector 'rc:' has a colon and no options behind it" "an empty list of options is refused" hunt -c rc: --against leak --programs 16 --counted
refuses "hunt: work-rc-trial: " "an option that there is not is refused" hunt -c rc --against rc-trial:rots=3 --programs 16 --counted
check "with its name" says "'rots'"
mkdir a,b
TMPDIR=$PWD/a,b refuses "a comma would end the value of an option" "a folder for what is temporary that an option cannot name is refused" \
    hunt -c rc --against leak --programs 16

cp kept.md page.md
interrupted_late hunt -c slow-rc --against rc --by work --seconds 600 --counted --write page.md
check "an interrupt ends the search" status_is 130
check "and what there is, is said" grep -q ", interrupted" out
check "and leaves the page as it was, and nothing beside it" [ "$(cmp kept.md page.md && find . -name '*.part')" = "" ]

refuses "two collectors are needed" "one collector alone is refused" hunt -c rc
refuses "did you mean 'rc-trial'" "a misspelt collector is refused with the nearest name" hunt -c rc-tral --against rc
refuses "--by takes" "a way that there is not is refused" hunt -c rc --against leak --by luck
refuses "do not go together" "groups of nothing that is measured are refused" hunt -c rc --against leak --counted --groups 2
refuses "--groups takes" "one group has no interval, and is refused" hunt -c rc --against leak --groups 1
refuses "go together" "a recipe without a size is refused" hunt -c rc --against leak --recipe leaf
refuses "there is no step" "a recipe that is none is refused" hunt -c rc --against leak --recipe leef --size 9 --counted
done_testing

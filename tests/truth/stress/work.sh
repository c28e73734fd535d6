#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The work of each collector grows as what it is asked for, by counting. LONG_TESTS=1 counts every pattern; else those
# for which there is time.
. "$(dirname "$(realpath "$0")")/../../tap.sh"
build=$(dirname "$GCMATRIX")
workers=${GCMATRIX_STRESS%%:*}
counts() { grep -q __sanitizer_cov_trace_pc "$1"; }

both=$GCMATRIX_STRESS
export GCMATRIX_STRESS=$workers
counted() { awk '$1 != "collector" { sum += $2 } END { print sum + 0 }' out; }
for seconds in 8 80; do # a busy machine counts too few in the first
    if long_tests; then run stress --work; else run stress --work --seed 1 --seconds $seconds; fi
    [ "$(counted)" -lt 20 ] || break
done
check "no collector does more than it says" status_is 0
check "patterns were counted" [ "$(counted)" -ge 20 ]

# Sanitizers count as a build without them does, four times as slowly. With them one recipe will do.
patterns=()
[ "${SANITIZERS:-none}" = none ] || patterns=(--recipe 'list:4n; n*ring:3,leaf:2')
run stress --work -c rc-trial --json "${patterns[@]}"
check "rc-trial is linear in all patterns" status_is 0
mv out once
run stress --work -c rc-trial --json "${patterns[@]}"
check "a second time each figure is the same" cmp once out
[ ${#patterns[@]} -gt 0 ] || check "a peak is looked at with each switch put the other way" \
    [ "$(grep -A60 '"pattern": "list-gone"' once | grep -c '"late_bytes": [1-9]')" -eq 4 ]

# What takes too long on purpose.
export GCMATRIX_STRESS=$both
run stress --work -c slow-rc
check "a look at all names for each free is found" status_is 1
check "where there are many names" grep -q "^slow-rc: work: in 'names' work grows with exponent" out
shrunk=$(sed -n "s/^ *gcmatrix stress -c slow-rc --work --recipe '\(.*\)'/\1/p" out | head -n 1)
check "its recipe is shrunk" [ -n "$shrunk" ]
check "to one that is no longer" [ ${#shrunk} -le 24 ]
run stress --work -c slow-rc --recipe "$shrunk"
check "which is found again by itself" status_is 1
run stress --work -c rc --recipe "$shrunk"
check "and is linear under rc" status_is 0
run stress --work -c eventful-rc --recipe 'n*leaf'
check "an event for each allocation is found, though it is linear" status_is 1
check "and said" grep -q "objects took the slow path of allocation" out
# A peak of one's own. What stays of it is no mistake of rc, but a finding.
run stress --work -c rc --recipe '16n*leaf' --peak 'list:8n; unlist:8n'
check "what is held is the same without a peak that has gone" status_is 0
run stress --work -c rc --recipe '16n*leaf' --peak 'list:8n; hub:3'
check "and not behind one that stays" status_is 1
check "which is said" grep -q "^rc: work: in 'recipe' [0-9]* bytes are held on average long after the peak 'list:8n; hub:3'" out
shrunk=$(sed -n "s/^ *gcmatrix stress -c rc --work --recipe '\(.*\)' --peak '\(.*\)'$/\1|\2/p" out)
check "the peak is shrunk, too" eval '[ -n "$shrunk" ] && [[ $shrunk != *hub* ]]'
run stress --work -c rc --recipe "${shrunk%|*}" --peak "${shrunk#*|}"
check "and is found again as it is printed" status_is 1
refuses "goes with --recipe" "a peak without a recipe is refused" stress --work --peak 'list:n'
refuses "--peak: there is no step 'lst'" "and one that is none" stress --work --recipe leaf --peak 'lst:n'

for seconds in 4 40; do # a busy machine may count nothing in the first
    run stress -c slow-rc --seconds $seconds --seed 1 --jobs 1 --json
    ! grep -q '"kind": "work"' out || break
done
check "a campaign counts work, too" status_is 1
check "and has it among its findings" grep -q '"kind": "work"' out

# What is timed has no counter.
check "the worker that counts has the counter" counts "$workers/work-rc"
check "the worker that checks has none" eval '! counts "$workers/stress-rc"'
pairs=0 counting=
for pair in "$build"/harness/runner/*-*; do
    [ -f "$pair" ] && [ -x "$pair" ] || continue
    pairs=$((pairs + 1))
    ! counts "$pair" || counting+=" $pair"
done
check "there are pairs" [ $pairs -gt 0 ]
check "and none of the $pairs has it" [ -z "$counting" ]

refuses "there is no step 'lst'" "a step that there is not is refused" stress --work --recipe 'lst:n'
refuses "is not a number" "a number that is none is refused" stress --work --recipe 'list:m'
refuses "goes with --work" "a recipe without --work is refused" stress --recipe 'list:n'
refuses "do not go together" "programs of the generator are not for it" stress --work --programs 3
done_testing

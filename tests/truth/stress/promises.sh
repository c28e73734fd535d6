#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A collector that frees late is held to that, and a campaign says what it has not checked. The lazy counters stand apart,
# one right and three wrong.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

run stress -c lazy-rc --seed 1 --programs 500
check "a counter that frees a few objects at a time is right" status_is 0
check "what it does not promise is said" grep -q 'whether a full collection frees garbage on cycles: lazy-rc' out
check "and so is the bound that it does not state" grep -q 'how much garbage it holds: no bound is stated.*lazy-rc' out
for bug in children-kept full-frees-nothing list-lost; do
    run stress -c "lazy-$bug" --seed 1 --programs 500
    check "one that is wrong is found ($bug)" status_is 1
done

# A campaign that nothing narrows looks at the model of memory, too.
run stress -c lazy-rc -c rc --seed 1 --seconds 2
check "the rules of the model are looked at" grep -qE '^model: [0-9]{3,} rules looked at, under 2 of 2 collectors$' out
check "and one that frees late keeps them" eval '! grep -q ": model: " out'
run stress -c lazy-children-kept --seed 1 --seconds 1
check "one that is wrong breaks some" grep -q '^lazy-children-kept: model: taking the root' out
check "which is said with what was found" grep -q '^  found [0-9]*, expected [0-9]*$' out
check "and with the command that says all" grep -q '/model-lazy-children-kept$' out
run stress -c lazy-children-kept --seed 1 --seconds 1 --json
check "the same in JSON" grep -q '"kind": "model"' out
run stress -c lazy-children-kept --seed 1 --programs 20
check "where programs are asked for, it does not" eval '! grep -qE "^model: |: model: " out'

run stress -c mark-sweep-block --seed 1 --programs 20
check "of a tracing collector, what counts is not checked" grep -q 'how many references an object has: mark-sweep-block' out
run stress -c rc-backup-block --seed 1 --programs 20 --json
check "of one that counts and reclaims, all is checked" grep -q '"rc-backup-block": \[\]' out
run stress -c leak -c rc --seed 1 --programs 20
check "a line has the names of all of which it holds" grep -q 'frees garbage on cycles: leak, rc$' out
echo "1..$tap_count"

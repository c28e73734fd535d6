#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Saturated counts, and counts that a program asks for. LONG_TESTS=1 doubles the programs.
. "$(dirname "$(realpath "$0")")/../../tap.sh"
programs=75
! long_tests || programs=150
for zeal in none every; do
    run stress --seed 77 --programs $programs --setting "stuck=2,zeal=$zeal,vary=on" --dials operations=300
    check "objects born with saturated counts are freed by no count (zeal $zeal)" status_is 0
done
run stress --seed 77 --programs 100 --setting stuck=1 --dials operations=300 -c rc --json
check "where all are, counting frees none" [ "$(grep -m1 '"freed_at_zero_objects"' out | tr -dc 0-9)" -eq 0 ]
run stress --seed 77 --programs $programs --dials "counts=60,checkpoints=0,collects=0"
check "counts are what programs say they are" status_is 0

# Two names refer to the one object.
for count in 1 2 3; do
    printf "gcp 1\nshape Node refs=2\nenter 2\nnew 0 Node\nset 1 #1\ncount #1 %d\nleave\n" $count >asked.gcp.txt
    for collector in rc rc-block rc-trial rc-backup rc-gcrefs census; do
        run stress --replay asked.gcp.txt -c $collector
        if [ $count = 2 ]; then
            check "$collector counts two references where there are two" status_is 0
        else
            check "$collector does not count $count where there are two" grep -q 'count: operation 4' out
        fi
    done
    run stress --replay asked.gcp.txt -c mark-sweep
    check "mark-sweep is not asked for a count" status_is 0
done
echo "1..$tap_count"

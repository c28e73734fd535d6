#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Long programs that hold much, under every collector, which is held to its bounds. LONG_TESTS=1 makes more of them.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

# The figure of a collector in the table: collector column. Columns are as in the table's head.
figure() { awk -v name="$1" -v column="$2" '$1 == name { print $column }' out; }

programs=4
! long_tests || programs=40
long=collects=0,checkpoints=0,counts=0
run stress --seed 400 --programs "$programs" --setting bounds=on,structure=21,vary=below \
    --dials "$long,steady=200,ring=20,operations=150000,cyclic=0.7"
check "collectors keep their bounds in phases of rings" status_is 0
for collector in rc-trial rc-backup rc-gcrefs rc-deferred mark-sweep semispace; do
    check "$collector collected by itself" [ "$(figure $collector 4)" -ge $((4 * programs)) ]
done
run stress --seed 500 --programs "$programs" --setting bounds=on,ringless=on,vary=below \
    --dials "$long,steady=200,ring=20,operations=150000,cyclic=0"
check "and without rings" status_is 0
run stress --seed 550 --programs "$programs" --setting bounds=on,ringless=on,refless=on,vary=below \
    --dials "$long,steady=200,ring=1,operations=40000,cyclic=0,acyclic=0"
check "and where no object holds a reference" status_is 0
run stress --seed 600 --programs 1 --setting bounds=on,structure=41 \
    --dials "$long,steady=1000,ring=40,operations=1000000,cyclic=0.7"
check "and over a million operations, at the defaults of their options" status_is 0
if long_tests; then
    run stress --seed 650 --programs 1 --setting bounds=on,structure=41 \
        --dials "$long,steady=1000,ring=40,operations=4000000,cyclic=0.7"
    check "and over four million" status_is 0
fi
# Rings grow old. Without full collections, more and more of them would be held.
old=$long,steady=20000,ring=10,operations=4000000,cyclic=1,acyclic=0
tested=(-c rc-gcrefs -c rc-gcrefs-block -c rc-trial)
! long_tests || tested=()
run stress --seed 670 --programs 1 "${tested[@]}" --setting bounds=on,structure=11,leafless=on,least_full=2 --dials "$old"
check "by every trigger, full collections begin by themselves" status_is 0
run stress --seed 670 --programs 1 -c rc-trial --setting least_full=1000 --dials "$old"
check "fewer of them than a program demands are found" grep -qE ' [0-9]+ of them full: at least 0 and 1000' out
run stress --seed 30023 --programs 1 -c rc-coalescing --setting bounds=on,structure=11,leafless=on,least_full=1 --dials "$old"
check "none are demanded where young collections have freed each ring" status_is 0
run stress --seed 700 --programs 1 --setting bounds=on --dials "$long,steady=2000,ring=41,operations=100000" -c mark-sweep
check "a program of phases ends as every program does" status_is 0
echo "1..$tap_count"

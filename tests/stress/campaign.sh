#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A fixed set of programs under every collector, in every way of running them; and that they did what they are for.
. "$(dirname "$(dirname "$(realpath "$0")")")/matrix/tap.sh"

# The figure of a collector in the table: collector column. Columns are as in the table's head.
figure() { awk -v name="$1" -v column="$2" '$1 == name { print $column }' out; }
at_least() { [ "$(figure "$1" "$2")" -ge "$3" ]; }

run stress --seed 1000 --programs 700
check "700 programs in all ways of running them find nothing" status_is 0
for collector in $(awk '$1 == "collector" { on = 1; next } !NF { on = 0 } on { print $1 }' out); do
    check "$collector ran them all" [ "$(figure $collector 2)" = 700 ]
    check "$collector ran the same operations as census" [ "$(figure $collector 3)" = "$(figure census 3)" ]
    check "the heap of $collector was checked" at_least $collector 9 10000
done
for collector in census mark-sweep rc-backup rc-trial semispace; do
    check "$collector collected" at_least $collector 4 3000
    check "$collector found rings in collections" at_least $collector 6 10000
done
for collector in census rc rc-backup rc-trial; do
    check "$collector freed long chains at once" at_least $collector 5 20
    check "$collector freed objects at zero" at_least $collector 7 10000
done

for zeal in none every nth=3 random=4; do
    run stress --seed 5000 --programs 40 --zeal $zeal
    check "nothing is found at zeal $zeal" status_is 0
done
run stress --seed 7000 --programs 100 --faults
check "nothing is found when allocations fail" status_is 0
run stress --seed 8000 --programs 200 --swarm
check "nothing is found in a swarm" status_is 0
run stress --zeal sometimes
check "a zeal that there is not is refused" status_is 2
run stress --options roots=3
check "options of a collector are refused without a program to replay" status_is 2
run stress -c rc-tral
check "a misspelt collector is refused with the nearest name" grep -q "did you mean 'rc-trial'" err
echo "1..$tap_count"

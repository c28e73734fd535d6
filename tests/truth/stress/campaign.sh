#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A fixed set of programs under every collector, as a campaign runs them. The programs must also do what they are for,
# because a campaign in which nothing is collected finds nothing.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

# The figure of a collector in the table: collector column. Columns are as in the table's head.
figure() { awk -v name="$1" -v column="$2" '$1 == name { print $column }' out; }
at_least() { [ "$(figure "$1" "$2")" -ge "$3" ]; }
none() { [ "$(figure "$1" "$2")" -eq 0 ]; }

run stress --seed 1000 --programs 730
check "730 programs in all ways of running them find nothing" status_is 0
collectors=$(awk '$1 == "collector" { on = 1; next } !NF { on = 0 } on { print $1 }' out)
check "the collectors are all there" [ "$(wc -w <<<"$collectors")" -ge 13 ]
for collector in $collectors; do
    counts=no collects=yes moves=no
    case $collector in
        leak) collects=no ;;
        rc-deferred | rc-coalescing) ;; # they free when they collect
        rc | rc-block) counts=yes collects=no ;;
        census | rc-*) counts=yes ;;
        semispace) moves=yes ;;
    esac
    check "$collector ran them all" [ "$(figure "$collector" 2)" = 730 ]
    check "$collector ran the same operations as census" [ "$(figure "$collector" 3)" = "$(figure census 3)" ]
    check "the heap of $collector was checked" at_least "$collector" 9 10000
    if [ $collects = yes ]; then
        check "$collector collected" at_least "$collector" 4 5000
        check "$collector found rings in collections" at_least "$collector" 6 20000
    else
        check "$collector never collects" none "$collector" 4
    fi
    if [ $counts = yes ]; then
        check "$collector freed long chains at once" at_least "$collector" 5 15
        check "$collector freed objects at zero" at_least "$collector" 7 20000
    else
        check "$collector frees nothing at zero" none "$collector" 7
    fi
    if [ $moves = yes ]; then
        check "$collector moved what the names refer to" at_least "$collector" 8 3000
    else
        check "nothing moves under $collector" none "$collector" 8
    fi
done
echo "1..$tap_count"

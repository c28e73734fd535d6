#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Allocations fail: one of the first forty of small programs by itself, or that one and all later ones. The first
# mappings for the tables of collectors fail, too, and whatever a limit on the heap has no room for. LONG_TESTS=1 makes
# each of the forty fail in turn; otherwise the first ones do, and some of the others.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

# A figure of a collector in what was printed as JSON: collector name.
figure() { awk -v collector="\"$1\"," -v name="\"$2\":" '$1 == "\"collector\":" { on = $2 == collector }
                                                         on && $1 == name { print $2 + 0; exit }' out; }
at_least() { [ "$(figure "$1" "$2")" -ge "$3" ]; }

places="1 2 3 4 5 6 7 9 12 16 21 28 40"
! long_tests || places=$(seq 1 40)
for fault in one from; do
    bad=
    for at in $places; do
        run stress --seed 31 --programs 8 --setting "fault=$fault,at=$at" --dials operations=120 --jobs 2
        [ "$status" -eq 0 ] || { bad="$bad $at" && note_output; }
    done
    check "nothing is found when one of 40 allocations fails ($fault)$bad" [ -z "$bad" ]
done

run stress --seed 31 --programs 50 --setting fault=from,at=5 --dials operations=120 --json
check "nor when all from the fifth on do" status_is 0
for collector in leak rc mark-sweep census; do
    check "they do fail under $collector" at_least $collector failed_allocations 90
    check "and $collector says that there is no memory" at_least $collector exhausted 45
done

for at in 1 2 3 4; do
    run stress --seed 31 --programs 25 --setting "fault=tables,at=$at" --dials operations=400 --json
    check "nothing is found when a collector's tables are refused memory from mapping $at on" status_is 0
done
run stress --seed 31 --programs 25 --setting fault=tables,at=1 --dials operations=400 --json
for collector in rc-trial rc-backup mark-sweep rc-trial-block mark-sweep-block census; do
    check "$collector asks for tables, and says that there is no memory for them" at_least $collector exhausted 20
done
check "rc has none, and comes to its end" [ "$(figure rc exhausted)" -eq 0 ]

run stress --seed 31 --programs 50 --setting fault=limit,at=2000 --dials operations=400 --json
check "nothing is found when the heap may hold 2000 bytes" status_is 0
for collector in leak rc rc-trial mark-sweep; do
    check "and $collector says that it is full" at_least $collector exhausted 25
done

run stress --seed 31 --programs 16 --setting fault=budget,small=on,vary=on \
    --dials waves=200,operations=2500,bytes=4000,cyclic=0.5 --json
check "nothing is found where many objects die, and one wants their room" status_is 0
for collector in mark-sweep mark-sweep-block rc-block rc-backup-block rc-trial; do
    check "$collector has no memory at times" at_least $collector failed_allocations 10
done
echo "1..$tap_count"

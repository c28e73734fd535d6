#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each of the first allocations of small programs fails in turn: by itself, and with all that come after it; and so do
# the first mappings for the tables of collectors, and what a limit on the heap has no room for.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

# A figure of a collector in what was printed as JSON: collector name.
figure() { awk -v collector="\"$1\"," -v name="\"$2\":" '$1 == "\"collector\":" { on = $2 == collector }
                                                         on && $1 == name { print $2 + 0; exit }' out; }
at_least() { [ "$(figure "$1" "$2")" -ge "$3" ]; }

for fault in one from; do
    bad=
    for at in $(seq 1 40); do
        run stress --seed 31 --programs 8 --setting "fault=$fault,at=$at" --dials operations=120 --jobs 2
        [ "$status" -eq 0 ] || { bad="$bad $at" && note_output; }
    done
    check "nothing is found when any of 40 allocations fails ($fault)$bad" [ -z "$bad" ]
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
echo "1..$tap_count"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each of the first allocations of small programs fails in turn: by itself, and with all that come after it.
. "$(dirname "$(dirname "$(realpath "$0")")")/matrix/tap.sh"
for fault in one from; do
    bad=
    for at in $(seq 1 40); do
        run stress --seed 31 --programs 8 --setting "fault=$fault,at=$at" --dials operations=120 --jobs 2
        [ "$status" -eq 0 ] || { bad="$bad $at" && note_output; }
    done
    check "nothing is found when any of 40 allocations fails ($fault)$bad" [ -z "$bad" ]
done
run stress --seed 31 --programs 50 --setting fault=from,at=5 --dials operations=120 -c census --json
check "and they do fail: hardly an operation comes after the fifth object" \
    [ "$(grep -m1 '"freed_at_zero_objects"' out | tr -dc 0-9)" -lt 300 ]
echo "1..$tap_count"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A failure that was once found stays fixed: each program of regressions/ runs under every collector, plain and with zeal,
# and as its line "# as: OPTIONS" says, if it has one.
folder=$(realpath "$(dirname "$0")")/regressions
. "$(dirname "$(realpath "$0")")/../../tap.sh"
for program in "$folder"/*.gcp.txt; do
    for setting in "" zeal=every; do
        run stress --replay "$program" --seed 1 ${setting:+--setting "$setting"}
        check "$(basename "$program" .gcp.txt) ${setting:-plain}" status_is 0
    done
    as=$(sed -n 's/^# as: //p' "$program")
    if [ "$as" ]; then
        # shellcheck disable=SC2086 # one word for each option
        run stress --replay "$program" $as
        check "$(basename "$program" .gcp.txt) $as" status_is 0
    fi
done
echo "1..$tap_count"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A failure that was once found stays fixed: each program of regressions/ runs under every collector, plain and with zeal.
folder=$(realpath "$(dirname "$0")")/regressions
. "$(dirname "$(realpath "$0")")/../../tap.sh"
for program in "$folder"/*.gcp.txt; do
    for setting in "" zeal=every; do
        run stress --replay "$program" --seed 1 ${setting:+--setting "$setting"}
        check "$(basename "$program" .gcp.txt) ${setting:-plain}" status_is 0
    done
done
echo "1..$tap_count"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every table of the committed run is what the analysis makes of its rows and raw samples today, byte for byte: a figure
# that is published can be had again, and a change of the analysis that moves one shows.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../tap.sh"

reference=${REFERENCE:-$here/../../../results/reference}
if ! [ -f "$reference/manifest.json" ]; then
    echo "1..0 # SKIP results/reference has no run yet"
    exit 0
fi

cp -r "$reference" copy
rm -rf copy/tables copy/charts copy/report.html
run plot copy --tables
check "the tables are made again" status_is 0
for table in "$reference"/tables/*.csv; do
    name=$(basename "$table")
    check "$name is the same, byte for byte" cmp "$table" "copy/tables/$name"
done
check "there is no other table" [ "$(ls copy/tables)" = "$(ls "$reference/tables")" ]
check "and no chart was drawn" absent copy/charts
done_testing

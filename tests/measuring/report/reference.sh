#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The analysis makes every table of the committed run again, byte for byte, from its rows and the raw files that it
# holds. So a published figure can be had again, and a change of the analysis that moves a figure shows. A table whose
# raw files are not in the tree stays as it is.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../tap.sh"

reference=${REFERENCE:-$here/../../../results/reference}
if ! [ -f "$reference/manifest.json" ]; then
    echo "1..0 # SKIP results/reference has no run yet"
    exit 0
fi

cp -r "$reference" copy
rm -rf copy/charts copy/report.html
run plot copy --tables
kept=" $(sed -n 's/,//g; s/.*drawn from them: //p' err) "
for table in copy/tables/*.csv; do
    [[ $kept = *" $(basename "$table") "* ]] || rm "$table"
done
run plot copy --tables
check "the tables are made again" status_is 0
for table in "$reference"/tables/*.csv; do
    name=$(basename "$table")
    check "$name is the same, byte for byte" cmp "$table" "copy/tables/$name"
done
check "there is no other table" [ "$(ls copy/tables)" = "$(ls "$reference/tables")" ]
check "and no chart was drawn" absent copy/charts
done_testing

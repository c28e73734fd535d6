#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The analysis makes the same tables as before, byte for byte: a published figure can be had again, and a change of the
# analysis that moves a figure shows.
#
# The committed run has its rows and its tables, and no raw data. So its tables are made again from the rows, and
# those that need raw data must stay as they are. It has no page: whoever wants one has this tree make it. Raw data comes
# from an invented run, whose tables are known by their sums in invented-tables.sha256. After a change that is meant to move figures, that file is written anew by
# `make-folder.py FOLDER ...` as below, `gcmatrix plot FOLDER --tables`, and `sha256sum *.csv` in FOLDER/tables.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../tap.sh"
export PYTHONPATH=$here:$PYTHONPATH PYTHONDONTWRITEBYTECODE=1 # pages.py

reference=${REFERENCE:-$here/../../../results/reference}

same() # FOLDER: the tables of the reference are those of FOLDER
{
    local table
    for table in "$reference"/tables/*.csv; do
        check "$(basename "$table") is the same, byte for byte" cmp "$table" "$1/$(basename "$table")"
    done
    check "there is no other table" [ "$(ls "$1")" = "$(ls "$reference/tables")" ]
}

committed_without() { [ -z "$(git -C "$reference" ls-files "$1")" ]; }

if [ -f "$reference/manifest.json" ]; then
    mkdir copy
    cp -r "$reference"/{manifest.json,runs.csv,reference.csv,tables} copy
    rm copy/tables/{claims,baseline,cells,normalised,means,settings,failures,layouts,parts,cold_warm,machine,machine_runs,time_space,trade}.csv
    run plot copy --tables
    check "the tables of the committed run are made again" status_is 0
    same copy/tables
    check "and no chart is drawn" absent copy/charts
    check "datapackage.json is the same, byte for byte: else 'gcmatrix plot results/reference --tables' renews it" \
        cmp "$reference/datapackage.json" copy/datapackage.json
    check "the tables that need raw data are named" grep -q 'stay as they are.*pauses.csv.*heap.csv.*utilisation.csv' err
    for folder in records events timelines; do
        check "the committed run has no $folder" absent "$reference/$folder"
    done
    run plot copy --watch
    check "its page is made of what is committed" status_is 0
    check "with every table" python3 -c 'import pages, sys; sys.exit(", ".join(pages.tables_astray("copy")) or 0)'
    # A tree without git cannot say what is committed.
    if git -C "$reference" rev-parse >/dev/null 2>&1; then
        check "and none is committed: 'git rm results/reference/report.html'" committed_without report.html
    fi
fi

python3 "$here/make-folder.py" invented --workloads 2 --blocks 4 --events 60 --layouts 2 --fail
run plot invented --tables
check "the tables of an invented run are made from rows and raw data" status_is 0
while read -r sum table; do
    check "$table is what it was before" [ "$(sha256sum <"invented/tables/$table" | cut -d ' ' -f 1)" = "$sum" ]
done <"$here/invented-tables.sha256"
check "and there is no other" [ "$(ls invented/tables | wc -l)" -eq "$(wc -l <"$here/invented-tables.sha256")" ]
done_testing

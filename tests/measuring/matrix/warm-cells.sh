#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Memory is a factor of a matrix: a warm process finds the pages that it uses, which a rehearsal has told.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

# The rows of a cell, without those that ran again, and what they have in a column.
rows_of() # folder workload options collector memory column
{
    python3 - "$@" <<'P'
import csv, sys
rows = csv.DictReader(open(sys.argv[1] + "/runs.csv"))
keys = ("workload", "workload_options", "collector", "memory", "attempt")
print(*[r[sys.argv[6]] for r in rows if [r[k] for k in keys] == sys.argv[2:6] + ["0"]])
P
}
count() { rows_of "$@" id | wc -w; }
all_warmed() # folder workload options collector memory: every process has a number above 0
{
    [ "$(count "$@")" -gt 0 ] && [ "$(rows_of "$@" warmed_bytes | tr ' ' '\n' | grep -c '^[1-9]')" -eq "$(count "$@")" ]
}

cat >m.yaml <<'Y'
name: w
precision: 60%
cells:
  - workloads: ["hostile:milliseconds=60,drag=150"]
    collectors: [leak, rc]
    memory: [cold, warm]
  - workloads: ["hostile:act=crash"]
    collectors: [rc]
    memory: [warm]
Y
run matrix m.yaml --dry-run
check "each cell is there in both" [ "$(grep -c 'drag=150 x rc on glibc$' out)-$(grep -c 'drag=150 x rc on glibc, warm$' out)" = 1-1 ]
run matrix m.yaml -o new
check "a run with warm cells is complete; a cell that failed is its status" status_is 1
check "what is warm was made so" all_warmed new hostile milliseconds=60,drag=150 rc warm
check "what is cold was not" [ -z "$(rows_of new hostile milliseconds=60,drag=150 rc cold warmed_bytes | tr -d ' ')" ]
check "a rehearsal has no row" [ "$(rows_of new hostile milliseconds=60,drag=150 rc warm block)" = "0 1 2 3 4 5" ]
check "cold cells that are as warm end at the first look" [ "$(rows_of new hostile milliseconds=60,drag=150 leak cold block)" = "0 1 2 3 4 5" ]
check "and are left out of what is decided" grep -q "^left out: 1, of cold cells that are as warm" out
check "cells of cold and of warm memory are not compared" grep -qE "^decided: 1 of 1 comparisons after 6 blocks \(1 differ" out
check "a cell whose rehearsal crashes has the crash" [ "$(rows_of new hostile act=crash rc warm status)" = crash ]
check "and says where" grep -q "its rehearsal was killed by signal 11" err

# A resume rehearses again.
python3 - <<'P'
lines = open("new/runs.csv").read().splitlines(True)
open("new/runs.csv", "w").writelines(lines[: len(lines) * 3 // 4])
P
sed -i 's/"finished": "[^"]*"/"finished": null/; s/"ended": "decided"/"ended": null/' new/manifest.json
run matrix m.yaml -o new --resume
check "a resume goes on with warm cells" [ "$(rows_of new hostile milliseconds=60,drag=150 rc warm block)" = "0 1 2 3 4 5" ]
check "which are made warm again" all_warmed new hostile milliseconds=60,drag=150 rc warm

# A fixed number of blocks runs both in each.
run matrix m.yaml -o fixed --blocks 3
check "with a fixed number of blocks no cell stops" [ "$(count fixed hostile milliseconds=60,drag=150 leak cold)-$(count fixed hostile milliseconds=60,drag=150 leak warm)" = 3-3 ]

# A process that takes fresh pages all the same.
printf 'name: s\nblocks: 3\ncells:\n  - workloads: ["hostile:act=share", hostile]\n    collectors: [rc]\n    memory: [cold, warm]\n' >s.yaml
run matrix s.yaml -o tepid
check "a warm process that took fresh pages is said" grep -qE "hostile:act=share x rc on glibc, warm: not warm: [0-9]{3,} faults while its clock ran" err
check "once for its cell, and of no other" [ "$(grep -c "not warm" err)" = 1 ]
run compare tepid
check "compare marks its figures" grep -qE "^hostile:act=share +[0-9.]+ [^ ]*s°" out
check "and no other" [ "$(grep -c "^hostile .*°" out)" = 0 ]
check "and says how many" grep -qF "Not warm (°): 3 of 6 warm processes, in 1 of 2 cells, took fresh pages" out
done_testing

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Two builds run in the same blocks, and each cell is compared with itself in the other.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

# Another build, whose rc differs in one byte at its end: the same program, and another executable.
pairs=$(dirname "$GCMATRIX_PAIRS")
mkdir -p other/old/harness/runner
cp "$pairs"/hostile-{leak,rc} other/old/harness/runner
cp "$GCMATRIX_PAIRS" other/old/harness/runner/pairs.json
echo >>other/old/harness/runner/hostile-rc

cat >m.yaml <<'Y'
name: a
blocks: 3
cells:
  - workloads: ["hostile:milliseconds=2"]
    collectors: [leak, rc]
Y
run matrix m.yaml --dry-run --against other/old/
check "a dry run shows each cell twice" [ "$(grep -c 'hostile:milliseconds=2 x rc on glibc' out)-$(grep -c 'hostile:milliseconds=2 x rc on glibc of old' out)" = 2-1 ]
run matrix m.yaml -o new --against other/old/
check "two builds run" status_is 0
check "cells and their twins, in every block" [ "$(paste -d, <(column new attempt) <(column new build) | grep -c '^0,$')-$(paste -d, <(column new attempt) <(column new build) | grep -c '^0,old$')" = 12-12 ]
check "builds that differ in one executable are compared without a word" [ "$(grep -c 'same bytes' err)-$(grep -c 'same bytes' new/manifest.json)" = 0-0 ]
check "only the same cell is compared" [ "$(of_manifest new 'm["design"]["family"]')" = 2 ]
check "the summary says so" grep -qE "^decided: [0-2] of 2 comparisons after 3 blocks" out
check "the executables of both are in the manifest" [ "$(of_manifest new 'm["binaries"]["hostile-rc"] != m["binaries"]["old/hostile-rc"], m["binaries"]["hostile-leak"] == m["binaries"]["old/hostile-leak"]')" = "(True, True)" ]
check "each under the name that its cell has" [ "$(of_manifest new 'all(c["pair"] in m["binaries"] for c in m["cells"])')" = True ]
sed -i '$d' new/runs.csv
sed -i 's/"finished": "[^"]*"/"finished": null/' new/manifest.json
python3 "$PYTHONPATH/rows.py" new
run matrix m.yaml -o new --resume
check "a resume without the other build is refused" says_only "new cannot be resumed: the cells differ"
echo >>other/old/harness/runner/hostile-leak
run matrix m.yaml -o new --resume --against other/old
check "and one with another executable there" says_only "the executable old/hostile-leak has changed since"
cp "$pairs"/hostile-leak other/old/harness/runner
"$GCMATRIX" matrix m.yaml -o int --blocks 40 --against other/old >out 2>err </dev/null &
pid=$!
rows_reach int/runs.csv 1
kill -INT $pid
wait $pid
check "an interrupt says how to go on with both" says "go on with: gcmatrix matrix m.yaml -o int --blocks 40 --against other/old --resume"
run matrix m.yaml -o new --resume --against other/old
check "which ends the run" [ "$status-$(of_manifest new 'm["ended"]')" = 0-blocks ]
# A process that sleeps for so long that a busy machine hardly changes its time: six blocks decide. Equals seem to differ in
# 17 runs of 1,000 at most: the first look has 34% of an alpha of 5% (harness/statistics/sequential.h). Then the same is
# drawn again. All four draws are wrong in 1 of 10 million.
sed 's/milliseconds=2/milliseconds=100/' m.yaml >long.yaml
for draw in 1 2 3 4; do
    rm -rf decided
    run matrix long.yaml -o decided --against other/old --precision 90%
    grep -qE "\(0 differ, " out && break
    sed "s/^/# draw $draw: /" out
done
check "with a precision the same program is equal in both" grep -qE "^decided: 2 of 2 comparisons after [0-9]+ blocks \(0 differ, 2 equal within 90%\)" out
cp "$pairs"/hostile-rc other/old/harness/runner
run matrix m.yaml -o same --blocks 1 --against other/old
check "builds of the same bytes are said to be so, in one line" \
    [ "$status-$(grep -c "every executable of old has the same bytes as this build's" err)" = 0-1 ]
check "in the manifest too" [ "$(of_manifest same 'sum("has the same bytes" in w for w in m["warnings"])')" = 1 ]
run matrix m.yaml --dry-run --against other/old
check "and before" [ "$status-$(grep -c 'has the same bytes' err)" = 0-1 ]
rm other/old/harness/runner/hostile-rc
refuses "hostile-rc" "an executable that the other build lacks is named" matrix m.yaml --against other/old
done_testing

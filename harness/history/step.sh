#!/bin/bash
# SPDX-License-Identifier: MIT
# Judges the commit that is checked out in the working folder, for `git bisect run`. The good commit's executable and
# this commit's run in the same blocks, until their difference is decided.
#
# Exit status: 0 as the good commit; 1 as the bad one; 125 it cannot be told; 255 to end the bisection.
set -u
. "${0%/*}/settings.sh"
commit=$(git rev-parse HEAD) || exit 255
run=$dir/runs/$commit${turned:+-turned} log=$dir/logs/$commit.txt

verdict() # status words
{
    echo "gcmatrix bisect: $(git log -1 --format='%h %s'): $2" >&2
    exit "$1"
}

# Measures a build against another in the same blocks.
measure() # build other
{
    rm -rf "$run"
    GCMATRIX_PAIRS=$1/harness/runner/pairs.json "$gcmatrix" matrix "$dir/cell.yaml" --against "$2" -o "$run"
}

(eval "$build") >"$log" 2>&1 || verdict 125 "does not build, skipped: $log"
# Looking for a commit that made the cell faster, the good one's executable is the one that is worse.
if [ -z "${turned:-}" ]; then measure "$PWD/build" "$dir/good/build"; else measure "$dir/good/build" "$PWD/build"; fi >>"$log" 2>&1
case $? in
0) ;;
130) exit 255 ;;
*) verdict 125 "is not measured, skipped: $log" ;;
esac
"$gcmatrix" compare "$run" --metric "$metric" --fail-on-regression "$limit" >>"$log" 2>&1
case $? in
0) verdict 0 "as good" ;;
1) verdict 1 "as bad" ;;
4) verdict 125 "undecided within $budget, skipped" ;;
130) exit 255 ;;
*) verdict 125 "is not compared, skipped: $log" ;;
esac

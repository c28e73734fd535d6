#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every scenario of this folder on every collector that counts: the `count` operations agree, or, where the scenario
# needs rings to be reclaimed and the collector does not, the replay says so with status 4.
# usage: collectors.sh GCMATRIX PAIRS-FOLDER SCENARIO...
set -u
gcmatrix=$1
pairs=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tests=0

has() { "$1" --describe | grep -q "\"$2\": true"; } # pair trait
# A collector that observes reclaims rings, but counts as counting alone would.
gives_back() { has "$1" reclaims_cycles && ! has "$1" observes; }

for scenario; do
    "$gcmatrix" program assemble "$scenario" -o "$work/$(basename "$scenario" .gcp.txt).gcp" || exit 2
done

for collector in $("$gcmatrix" list --names collectors); do
    pair=$pairs/replay-$collector
    [ -x "$pair" ] && has "$pair" counts || continue
    wrong=0
    for scenario; do
        name=$(basename "$scenario" .gcp.txt)
        expected=0
        if grep -q '^# needs: rings are reclaimed$' "$scenario" && ! gives_back "$pair"; then expected=4; fi
        "$pair" --workload-options "file=$work/$name.gcp" --check >"$work/out" 2>"$work/err"
        status=$?
        if [ $status -ne $expected ]; then
            wrong=$((wrong + 1))
            echo "# $name: status $status, not $expected: $(cat "$work/err")"
        fi
    done
    tests=$((tests + 1))
    [ $wrong -eq 0 ] || echo -n "not "
    echo "ok $tests - $collector counts as $# scenarios say"
done
echo "1..$tests"

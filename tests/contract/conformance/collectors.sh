#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every scenario of this folder on every collector that counts or finalises: its `count`, `leads` and `called` operations
# agree. Some scenarios need rings to be reclaimed. On a collector that reclaims none, the replay must say so with status
# 4. Scenarios of versions 3 and 4, and those that say so, have finalisers or weak references, and are for collectors with
# the trait.
#
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
reclaims_rings() { has "$1" reclaims_cycles && ! has "$1" observes; }

names=()
declare -A needs_rings attended
for scenario; do
    name=${scenario##*/}
    name=${name%.gcp.txt}
    names+=("$name")
    "$gcmatrix" program assemble "$scenario" -o "$work/$name.gcp" || exit 2
    if grep -q '^# needs: rings are reclaimed$' "$scenario"; then needs_rings[$name]=1; fi
    if grep -q -e '^gcp [34]$' -e '^# needs: finalisers$' "$scenario"; then attended[$name]=1; fi
done

for collector in $("$gcmatrix" list --names collectors); do
    pair=$pairs/replay-$collector
    [ -x "$pair" ] && { has "$pair" counts || has "$pair" finalises; } || continue
    wrong=0
    finalises=
    if has "$pair" finalises; then finalises=1; fi
    observes=
    if has "$pair" observes; then observes=1; fi
    without_rings=4
    if reclaims_rings "$pair"; then without_rings=0; fi
    for name in "${names[@]}"; do
        [ -n "$finalises" ] || [ -z "${attended[$name]:-}" ] || continue
        # It calls the finalisers of rings, and counts as if it had not found them.
        [ -z "$observes" ] || [ -z "${attended[$name]:-}" ] || [ -z "${needs_rings[$name]:-}" ] || continue
        expected=${needs_rings[$name]:+$without_rings}
        expected=${expected:-0}
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

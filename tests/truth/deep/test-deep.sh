#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Structures far deeper than any C stack, alive and dropped at once, under every collector: with the usual stack of
# 8 MiB and with 64 KiB. The plain chain has a million nodes, and every variant a hundred thousand. A function that
# recurses takes at least 16 bytes of stack a call: a million calls overflow 8 MiB, a hundred thousand 64 KiB.
# LONG_TESTS=1 makes all ten times as deep.
#
# usage: test-deep.sh PAIRS_FOLDER COLLECTOR...
set -euo pipefail
folder=$1
shift
plain=1e6 variant=1e5
[ -z "${LONG_TESTS:-}" ] || plain=1e7 variant=1e6
tests=0
failed=0

# Runs one pair under a stack of some KiB; the rest are its arguments.
survives() { # KIB PAIR OPTIONS
    local message
    tests=$((tests + 1))
    if message=$( (ulimit -s "$1" && exec "$folder/deep-chain-$2" --workload-options "$3" --record /dev/null) 2>&1); then
        echo "ok $tests - $2 survives $3 on a stack of $1 KiB"
    else
        echo "not ok $tests - $2 survives $3 on a stack of $1 KiB"
        sed 's/^/# /' <<<"$message"
        failed=1
    fi
}

for collector; do
    for stack in 8192 64; do
        survives $stack "$collector" nodes=$plain,rounds=1
    done
    for shape in list comb ring-end; do
        for rooted in head tail; do
            survives 64 "$collector" "nodes=$variant,rounds=1,shape=$shape,rooted=$rooted"
        done
    done
done
echo "1..$tests"
exit $failed

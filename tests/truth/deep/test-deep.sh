#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Structures far deeper than any C stack, alive and dropped at once, under every collector: with the usual stack of
# 8 MiB and with 64 KiB. Ten million nodes for the plain chain, a million for every variant.
#
# usage: test-deep.sh PAIRS_FOLDER COLLECTOR...
set -euo pipefail
folder=$1
shift
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
        survives $stack "$collector" nodes=1e7,rounds=1
    done
    for shape in list comb ring-end; do
        for rooted in head tail; do
            survives 64 "$collector" "nodes=1e6,rounds=1,shape=$shape,rooted=$rooted"
        done
    done
done
echo "1..$tests"
exit $failed

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A limit of all that a process holds: one that reaches it is out of memory, which is a result.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

matrix() # limit of the entry; more lines
{
    printf 'name: l\nblocks: 2\nraw: none\ncells:\n  - workloads: ["binary-trees:depth=14"]\n    collectors: [leak, rc]\n    process_limit: %s\n' "$1"
    [ $# -lt 2 ] || printf '%s\n' "${@:2}"
}
matrix 1MiB >small.yaml
refuses "small.yaml:7:20: process_limit is '1MiB'; it takes bytes, as in" "a limit that is too small for what times the process is refused" \
    matrix small.yaml -o no
matrix 64MiB '  - workloads: ["binary-trees:depth=14"]' '    collectors: [rc]' >twice.yaml
refuses "the same cell has another process_limit above" "a cell has one limit" matrix twice.yaml -o no

matrix 64MiB >m.yaml
"$GCMATRIX" matrix m.yaml -o limited >out 2>err </dev/null &
pid=$!
wait $pid
status=$?
if [ "$status" -eq 2 ] && says "process_limit needs a control group"; then
    check "where no group can be made, that is said in one line" says_only "there is none"
    echo "ok $((++tap_count)) - a process within its limit # SKIP this system lets nobody divide its control group"
    done_testing
    exit
fi
ended() # workload collector: its statuses
{
    paste -d, <(column limited workload) <(column limited collector) <(column limited status) | grep "^$1,$2," | cut -d, -f3 | tr '\n' ' '
}
check "a process that reaches its limit is no failure of the run" status_is 0
check "one that stays below it is as any other" [ "$(ended binary-trees rc)" = "ok ok " ]
check "one that reaches it is out of memory" [ "$(ended binary-trees leak)" = "oom oom " ]
check "with the limit in its reason" [ "$(grep -c 'the kernel killed it at its process_limit of 67108864 bytes' limited/runs.csv)" -eq 2 ]
check "baselines have none" [ "$(ended null leak)$(ended null rc)" = "ok ok ok ok " ]
check "the limit is in the manifest, of the cells that have it" [ "$(grep -c '"process_limit_bytes": 67108864' limited/manifest.json)" -eq 2 ]
check "no group is left" [ -z "$(find /sys/fs/cgroup -name "gcmatrix-$pid" 2>/dev/null)" ]
run compare limited
check "its readers say why the cell is blank" [ "$status-$(grep -ci 'oom\|out of memory' out | grep -c '[1-9]')" = 0-1 ]
done_testing

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Whatever process of a run is killed, none goes on, and what was lost is measured again.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

printf 'name: k\nblocks: 1\nvary_seed: false\ncells:\n  - workloads: ["hostile:milliseconds=800"]\n    collectors: [leak]\n' >m.yaml

# Without a process of its own, where the kernel says it: what is measured here ends soon.
child_of()
{
    local child
    { read -r child _ <"/proc/$1/task/$1/children" && echo "$child"; } 2>/dev/null || pgrep -P "$1" | head -1
}

# The ids of a run's processes while its measured process sleeps: gcmatrix, the guard, hyperfine, the process.
tree_find() # pid of gcmatrix
{
    local guard hyperfine measured
    for _ in $(seq 2000); do
        guard=$(child_of "$1") && hyperfine=$(child_of "$guard") && measured=$(child_of "$hyperfine")
        if [ -n "$measured" ] && tr '\0' ' ' <"/proc/$measured/cmdline" 2>/dev/null | grep -q '^/[^ ]*hostile-leak .*milliseconds='; then
            tree=("$1" "$guard" "$hyperfine" "$measured")
            return
        fi
        sleep 0.005
    done
    tree=(0 0 0 0)
}

has_ended() { ! ps -o stat= -p "$1" | grep -qv Z; }

# Starts a run, kills a process of it, and waits for the end. $left is the measured process, if it goes on when the run says
# that it was not measured, or long after the run is killed.
killed() # which signal folder [specification]
{
    local looks
    "$GCMATRIX" matrix "${4:-m.yaml}" -o "$3" >out 2>err </dev/null &
    local run=$!
    tree_find $run
    [ "${tree[3]}" -gt 0 ] || return
    kill -"$2" "${tree[$1]}"
    if [ "$1" -eq 0 ]; then
        for ((looks = 0; looks < 1000; looks++)); do ! has_ended "${tree[3]}" || break; sleep 0.01; done
    else
        await says "it runs again in this block"
    fi
    left=$(has_ended "${tree[3]}" || echo "${tree[3]}")
    wait $run 2>/dev/null
    status=$?
}

# The first attempts of the workload: a busy machine has more.
statuses() { column "$1" workload all | paste -d: - <(column "$1" attempt all) <(column "$1" status all) | grep ^hostile | head -"$2" | tr '\n' ' '; }

for which in 1:guard 2:hyperfine; do
    name=${which#*:}
    killed "${which%:*}" KILL "$name"
    check "when the $name is killed, the process that was measured has ended" [ -z "$left" ]
    check "its row says that it was not measured, and it runs again in its block" [ "$(statuses "$name" 2)" = "hostile:0:unmeasured hostile:1:ok " ]
    check "the run is complete, and nothing failed" status_is 0
    check "which is said on the way" says "unmeasured: hyperfine was "
    check "with what follows" says "; it runs again in this block"
    run compare "$name"
    check "the figures are those of the repetition" status_is 0
done
check "the reason names the signal" grep -q 'unmeasured,hyperfine was killed by signal 9 (Killed)' hyperfine/runs.csv

sed 's/milliseconds=800/milliseconds=100000/' m.yaml >long.yaml
killed 0 KILL long long.yaml
check "when gcmatrix is killed, the process that was measured ends, which had a minute left" [ -z "$left" ]
[ -z "$left" ] || kill -KILL "$left"
killed 0 KILL gone
run matrix m.yaml -o gone --resume
check "and the run goes on with it" [ "$status-$(statuses gone 1)" = "0-hostile:0:ok " ]

# Who stops a job may signal all of its processes: gcmatrix then sees both at once, how the one ended and its own signal.
"$GCMATRIX" matrix m.yaml -o stopped >out 2>err </dev/null &
running=$!
tree_find $running
if [ "${tree[3]}" -gt 0 ]; then
    kill -STOP $running
    kill -KILL "${tree[3]}"
    await has_ended "${tree[1]}"
    kill -TERM $running
    kill -CONT $running
fi
wait $running
status=$?
check "a process that is killed as the run is stopped has no row" [ "$status-$(statuses stopped 1)" = 130- ]
run matrix m.yaml -o stopped --resume
check "and is measured when the run goes on" [ "$status-$(statuses stopped 1)" = "0-hostile:0:ok " ]

# A record that another process left, at the place where they were once written, with the same seed.
printf 'name: r\nblocks: 1\ncells:\n  - workloads: [hostile, "hostile:act=leave,milliseconds=700"]\n    collectors: [leak]\n' >r.yaml
run matrix r.yaml -o first
cp "$(ls first/records/*.json | head -1)" stale.json
"$GCMATRIX" matrix r.yaml -o second >out 2>err </dev/null &
running=$!
while kill -0 $running 2>/dev/null; do
    [ -d second/in-flight ] && cp stale.json second/in-flight/record.json 2>/dev/null
    sleep 0.02
done
wait $running
check "a record of another process is nobody's" grep -q 'error,it wrote no record' second/runs.csv

# A pair is asked what it is before the run begins. When it is killed then, no run begins that could not be resumed.
real=$(dirname "$GCMATRIX_PAIRS")/hostile-rc
printf '#!/bin/sh\ncase " $* " in *" --describe "*) echo >>"%s"; [ "$(wc -l <"%s")" -ne "$NTH" ] || kill -KILL $$ ;; esac\nexec "%s" "$@"\n' \
    "$PWD/asked" "$PWD/asked" "$real" >asked-rc
chmod 755 asked-rc
sed "s,\"path\": \"hostile-rc\",\"path\": \"$PWD/asked-rc\"," "$GCMATRIX_PAIRS" >pairs.json
printf 'name: a\nblocks: 1\ncells:\n  - workloads: ["hostile:milliseconds=1"]\n    collectors: [rc]\n' >a.yaml
export GCMATRIX_PAIRS=$PWD/pairs.json NTH
for ((NTH = 1; NTH < 20; NTH++)); do
    : >asked
    run matrix a.yaml -o asked-run
    if [ "$(wc -l <asked)" -lt "$NTH" ]; then break; fi
    check "when a pair is killed as it is asked for the time $NTH, no run begins" [ "$status-$(wc -l <err)-$(ls -d asked-run 2>/dev/null)" = 2-1- ]
    rm -rf asked-run
done
check "each time was tried ($NTH)" eval '[ "$NTH" -gt 2 ] && [ "$NTH" -lt 20 ]'
done_testing

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# When the disk is full the run stops in one line and keeps what is complete.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

printf 'name: d\nblocks: 10\nraw: all\ncells:\n  - workloads: [hostile, "hostile:milliseconds=1", "hostile:milliseconds=2", "hostile:milliseconds=3",\n                "hostile:milliseconds=4", "hostile:milliseconds=5", "hostile:milliseconds=6"]\n    collectors: [leak, rc]\n' >m.yaml
processes=160

# A limit on the size of a file stops runs.csv, as a full disk would, on any machine. 16 blocks of 1024 bytes;
# hyperfine's own file has nine.
(ulimit -f 16 && exec "$GCMATRIX" matrix m.yaml -o limited >out 2>err </dev/null)
status=$?
check "a row that cannot be written ends the run with status 3" status_is 3
check "it says what could not be written" says "limited/runs.csv: "
check "and how to go on" says "go on with: gcmatrix matrix m.yaml -o limited --resume"
rows=$(($(wc -l <limited/runs.csv) - 1))
check "complete rows are kept" [ $rows -gt 10 ]
check "and the file ends with one" [ "$(tail -c 1 limited/runs.csv | od -An -c | tr -d ' ')" = '\n' ]
kept=$(cat limited/runs.csv)
run matrix m.yaml -o limited --resume
check "with space again the run goes on to its end" [ "$status-$(complete_once limited $processes && echo once)" = 0-once ]
check "after the rows that were there" [ "$(head -c ${#kept} limited/runs.csv)" = "$kept" ]

# A real full disk, where a file system may be mounted.
mkdir small
if mount -t tmpfs -o size=1m tmpfs small 2>/dev/null; then
    trap 'umount "$work/small"; rm -rf "$work"' EXIT
    run matrix m.yaml -o small/run
    check "a full disk ends the run with status 3" status_is 3
    check "it says so" says "o space left on"
    check "no row blames the process for it" [ "$(column small/run status | sort -u)" = ok ]
    mount -o remount,size=64m small
    run matrix m.yaml -o small/run --resume
    check "with space again the run goes on to its end" [ "$status-$(complete_once small/run $processes && echo once)" = 0-once ]
    check "and every process has its record" [ "$(ls small/run/records | wc -l)" -eq "$(column small/run id all | wc -l)" ]
else
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - a full disk ends the run # SKIP no file system may be mounted here"
fi

# No place at all: nothing is written, and that is said too.
mkdir closed && chmod 555 closed
if [ "$(id -u)" -ne 0 ]; then
    run matrix m.yaml -o closed/run
    check "a folder that cannot be written to is named" says "closed/run: Permission denied"
fi
done_testing

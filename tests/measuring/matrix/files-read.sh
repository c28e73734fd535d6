#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is read is a file. A pipe, a device or a folder in its place is refused in one line, and nobody waits for it.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

# What waits for a pipe without a writer waits for ever.
printf '#!/bin/sh\nexec timeout 20 "%s" "$@"\n' "$GCMATRIX" >limited
chmod +x limited
GCMATRIX=$PWD/limited

pipe="it is a pipe, and a regular file is needed"
mkfifo pipe pipe.gcp pipe.gcp.txt
mkdir folder folder.gcp
printf 'name: x\nblocks: 1\ncells:\n  - workloads: ["hostile:milliseconds=1"]\n    collectors: [rc]\n' >m.yaml
run matrix m.yaml -o kept
check "a run is there" status_is 0

refuses "pipe: $pipe" "a matrix file is no pipe" matrix pipe -o new
refuses "/dev/zero: it is a device, and a regular file is needed" "nor a device" matrix /dev/zero -n
refuses "folder: it is a folder, and a file is needed" "nor a folder" matrix folder -n
refuses "pipe: $pipe" "nor is one of minheap" minheap --spec pipe
GCMATRIX_PAIRS=pipe refuses "pipe: $pipe" "the list of pairs is no pipe" list
mkdir -p build/harness/runner && mkfifo build/harness/runner/pairs.json
refuses "pairs.json: $pipe" "nor is that of another build" matrix m.yaml --against build -n

damage() # a file of a run becomes a pipe, in a copy
{
    rm -rf copy && cp -r kept copy && rm copy/$1 && mkfifo copy/$1
}
for file in manifest.json runs.csv; do
    damage $file
    refuses "copy/$file: $pipe" "$file of a run is no pipe for compare" compare copy
    refuses "copy/$file: $pipe" "nor for plot" plot copy --tables
    refuses "copy/$file: $pipe" "nor for a dry run that estimates from it" matrix m.yaml -n --estimate-from copy
    refuses "copy/$file: $pipe" "nor for a resume" matrix m.yaml -o copy --resume
done
damage reference.csv
refuses "copy/reference.csv: $pipe" "nor are the times of the reference program" plot copy --tables
for kind in events timelines; do
    rm -rf copy && cp -r kept copy
    for file in copy/$kind/*; do rm "$file" && mkfifo "$file"; done
    run plot copy --tables # which says before that the files are not as they were
    check "nor $kind" says ".csv: $pipe"
    check "with the status of bad use: $kind" status_is 2
done

# What only a trace reads.
for kind in events phases timelines; do
    rm -rf copy && cp -r kept copy
    for file in copy/$kind/*; do rm "$file" && mkfifo "$file"; done
    run trace copy -o new.json # which says before that the files are not as they were
    check "nor $kind for a trace" grep -qE "^gcmatrix: copy/$kind/[0-9]+.csv: $pipe" err
    check "with the status of bad use, and no trace: $kind" [ "$status-$(ls new.json 2>/dev/null)" = 2- ]
done

# A folder of results is a stranger's, perhaps. Its own name may be a link, and nothing in it is.
link="it is a link, and none is followed in a folder of results"
linked() # a file or a folder of a run becomes a link to what it was, in a copy
{
    rm -rf copy was && cp -r kept copy && mkdir was
    for file; do mv "copy/$file" was && ln -s "$PWD/was/${file##*/}" "copy/$file"; done
}
ln -s kept to-kept
run compare to-kept
check "a run may be named by a link" status_is 0
for file in manifest.json runs.csv; do
    linked $file
    refuses "copy/$file: $link" "$file of a run is no link for compare" compare copy
    refuses "copy/$file: $link" "nor for plot" plot copy --tables
    refuses "copy/$file: $link" "nor for a dry run that estimates from it" matrix m.yaml -n --estimate-from copy
    refuses "copy/$file: $link" "nor for a resume" matrix m.yaml -o copy --resume
done
linked reference.csv
run plot copy --tables
check "nor is the reference program's file" says "copy/reference.csv: $link"
for kind in records events timelines; do
    linked $(cd kept && echo $kind/*)
    run plot copy --tables # which says before how many of the files cannot be read
    check "nor a file of the $kind" grep -qE "^gcmatrix: copy/$kind/[0-9]+\.[a-z]+: $link" err
    check "how many are links among the $kind" says "copy: of its files $(ls kept/$kind | wc -l) cannot be read (the first is copy/$kind/"
    check "with the status of bad use: links among the $kind" status_is 2
    linked $kind
    run plot copy --tables
    check "nor the folder of the $kind" says "a link or a file stands where a folder of results belongs"
    check "with the status of bad use: a link for the $kind" status_is 2
done
linked $(cd kept && echo phases/*)
run trace copy -o new.json
check "nor a file of the phases" grep -qE "^gcmatrix: copy/phases/[0-9]+.csv: $link" err
linked phases
run trace copy -o new.json
check "nor their folder" says "a link or a file stands where a folder of results belongs"
check "and no trace is there" absent new.json

for action in check stats dump; do
    for file in pipe pipe.gcp pipe.gcp.txt; do
        refuses "$file: $pipe" "program $action refuses $file" program $action $file
    done
    refuses "folder: it is a folder" "program $action refuses a folder" program $action folder
done
GCMATRIX_PAIRS=$REAL_PAIRS refuses "pipe.gcp: $pipe" "lifetimes refuses a pipe" lifetimes ./pipe.gcp -c rc
refuses "pipe.gcp.txt: $pipe" "stress refuses one to replay" stress --replay pipe.gcp.txt -c rc
refuses "pipe.gcp: $pipe" "in either form" stress --replay pipe.gcp -c rc
refuses "/dev/zero: it is a device" "and a device" stress --replay /dev/zero -c rc

# A workload that needs a file is asked before the first process, and before the folder is made.
export GCMATRIX_PAIRS=$REAL_PAIRS
of() { printf 'name: x\nblocks: 1\ncells:\n  - workloads: [null, "%s"]\n    collectors: [rc]\n' "$1" >needs.yaml; }
for options in "" "repeat=2" "null=on"; do
    of "replay${options:+:}$options"
    refuses "needs.yaml:4:23: replay${options:+:}$options: replay: option 'file' is needed: replay:file=NAME.gcp" \
        "a workload without the file that it needs has its place: '$options'" matrix needs.yaml -o new
done
refuses "option 'file' is needed" "a dry run says it, too" matrix needs.yaml -n
refuses "run: replay: replay: option 'file' is needed" "and a single run" run replay -c rc
of replay:file=gone.gcp
refuses "needs.yaml:4:23: replay:file=gone.gcp: replay: gone.gcp: No such file or directory" "a file that is not there has its place" matrix needs.yaml -o new
of replay:file=pipe.gcp
refuses "needs.yaml:4:23: replay:file=pipe.gcp: replay: pipe.gcp: $pipe" "so has a pipe" matrix needs.yaml -o new
of replay:file=m.yaml,image=m.yaml
refuses "options 'file' and 'image' both name the program: give one" "and two of them" matrix needs.yaml -o new
run list --json
check "a pair describes its options without any" status_is 0
done_testing

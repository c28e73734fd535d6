#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A file that a command writes is there whole or not at all, and a link in a run's folder is never written through.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

printf 'name: w\nblocks: 3\nraw: all\ncells:\n  - workloads: [hostile]\n    collectors: [leak, rc]\n' >m.yaml
printf 'name: h\nminimum_heaps: minima.json\ncells:\n  - workloads: [hostile]\n    collectors: [rc]\n    heaps: [2]\n' >small-h.yaml
{ printf 'gcp 1\nshape Node refs=1\nenter 1\n' && yes 'new 0 Node' | head -3000 && echo leave; } >p.txt
run matrix m.yaml -o run
run plot run --tables

# Links.
echo mine >victim
mkdir elsewhere
cp -r run linked
mine() { [ "$(cat victim)" = mine ] && [ -z "$(ls -A elsewhere)" ]; }
for name in report.html tables/means.csv charts/time.svg manifest.json.part; do
    mkdir -p linked/charts && ln -sf "$work/victim" "linked/$name"
done
run plot linked
check "a run is drawn where links stand in the places of its files" status_is 0
check "what they lead to is not touched" mine
check "and each of them is a file now" [ ! -L linked/report.html -a ! -L linked/tables/means.csv -a ! -L linked/charts/time.svg ]
for name in tables charts; do
    rm -rf "linked/$name" && ln -s "$work/elsewhere" "linked/$name"
    run plot linked
    check "a link in the place of the folder of $name is refused" status_is 3
    check "with its name" says "linked/$name: a link"
    check "and nothing is written behind it" mine
    rm "linked/$name"
done
ln -s "$work/elsewhere" linked/paper
run plot linked --paper 1 --only time
check "so is one in the place of the charts for a paper" [ "$status-$(grep -c 'linked/paper: a link' err)" = 3-1 ]
check "and nothing is written behind it, too" mine
rm linked/paper
run plot linked
check "without the links it is drawn again" status_is 0
sed 's|minima.json|../victim|' small-h.yaml >elsewhere/h.yaml
run minheap --spec elsewhere/h.yaml --trials 1
check "a specification cannot have a file replaced that is none of minimum heaps" status_is 2
check "which is said" says_only "elsewhere/../victim is there, and is no file of minimum heaps"
check "and the file stays" [ "$(cat victim)" = mine ]

# A disk that is full, where a file system may be mounted.
mkdir small
if ! mount -t tmpfs -o size=4m tmpfs small 2>/dev/null; then
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - a full disk # SKIP no file system may be mounted here"
    done_testing
    exit
fi
trap 'umount "$work/small"; rm -rf "$work"' EXIT
cp -r run small/run && cp p.txt small/p.txt && echo '{"schema": "gcmatrix.minimum-heaps.1", "minima": []}' >small/minima.json
cp small-h.yaml small/h.yaml
run plot small/run
check "there is room for the report" status_is 0
sums() { find small -type f -not -name filler -exec md5sum {} + | sort; }
before=$(sums)
same() { [ "$(sums)" = "$before" ] || { diff <(sums) <(echo "$before") | sed 's/^/# /'; false; }; }
full() # sentence arguments...
{
    local sentence=$1
    shift
    dd if=/dev/zero of=small/filler bs=4k 2>/dev/null
    run "$@"
    check "$sentence: status 3" status_is 3
    check "$sentence: it says why" says "No space left on device"
    check "$sentence: what was there is there, and nothing else" same
    rm -f small/filler
}
full "tables on a full disk" plot small/run --tables
rm small/run/tables/*.csv
before=$(sums)
full "tables that were not there" plot small/run --tables
full "a dump over its own file" program dump small/p.txt -o small/p.txt
full "an assembled program" program assemble small/p.txt -o small/p.gcp
full "a program with its deaths" program deaths small/p.txt -o small/p.gcp
full "a trace" trace small/run
full "the events of a process" run hostile -c rc --events small/events.csv
full "its timeline" run hostile -c rc --timeline small/timeline.csv
full "published minima" minheap --spec small/h.yaml --trials 1
full "a new run" matrix m.yaml -o small/new
rm -rf small/run/{tables,charts,report.html}
dd if=/dev/zero of=small/filler bs=4k 2>/dev/null
truncate -s -120k small/filler # room for a run, and not for an executable of it
printf 'name: l\nblocks: 2\nlayouts: 2\nraw: none\ncells:\n  - workloads: [hostile]\n    collectors: [rc]\n' >l.yaml
run matrix l.yaml -o small/laid
if grep -q '"link order"' <(python3 -c 'import json; print(json.dumps(json.load(open("small/laid/manifest.json"))["layouts"]["varied"]))'); then
    check "an executable that cannot be linked anew ends with status 3" status_is 3
    check "which is said" says "cannot be linked: no space left on the disk"
    check "the rows before it are kept" [ "$(column small/laid status | sort -u)" = ok ]
fi
rm -rf small/laid
truncate -s -200k small/filler # room for the tables, and not for all charts
run plot small/run
check "a chart that does not fit ends with status 3" status_is 3
check "which says so" grep -qE "No space left on device|drew no whole chart" err
check "nothing half drawn is left" [ -z "$(find small -name '*.part')" ]
rm -f small/filler
before=$(sums)
mount -o remount,size=64m,nr_inodes=$(($(find small | wc -l) + 1)) small
touch small/filler # the last file that there is room for
for command in "run hostile -c rc --events small/e.csv" "program assemble small/p.txt -o small/p.gcp" "plot small/run --tables" "matrix m.yaml -o small/new"; do
    run $command
    check "where no file has room, '${command%% *}' ends with status 3" status_is 3
    check "and leaves what was there" same
done
done_testing

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gcmatrix program: both forms, what is in them, and what is refused. The first argument is the folder of the pairs.
pairs=$1
. "$(dirname "$(realpath "$0")")/../../tap.sh"

contains() { grep -qE -- "$1" out; }

cat >ring.txt <<'END'
# a ring and its tail
gcp 1
globals 1
shape node refs=2 payload=8
shape bytes payload=*
enter 2
new 0 node
new 1 node
store #1 0 #2
store #2 0 #1
new g0 bytes 100
store #1 1 #3
count #3 2
leave
collect full
END

run program assemble ring.txt -o ring.gcp
check "text is assembled" status_is 0
run program dump ring.gcp
cp out ring.dump
check "a binary file is dumped" status_is 0
run program assemble ring.dump -o again.gcp
check "what is dumped assembles to the same bytes" cmp -s ring.gcp again.gcp
run program dump ring.gcp -o again.txt
check "and can be written to a file" cmp -s ring.dump again.txt
run program assemble ring.gcp -o again.gcp
check "a binary file assembles to itself" cmp -s ring.gcp again.gcp

run program check ring.txt
check "a valid program is said to be one" contains "ring.txt: a valid program of 10 operations and 3 objects"
run program stats ring.gcp
check "operations are counted by kind" contains "^  store +3$"
check "objects are counted" contains "^objects +3$"
# 2 x (8 + 2 x 8 + 8), and 8 + 8 + 100
check "and their bytes as a record counts them" contains "^bytes +180 "
check "the most that is live at once is said" contains "^live, at most +3 "
check "and what counting alone leaves" contains "^live, at the end +3 "
check "and what is reachable" contains "^reachable at the end +1 "
"$pairs/replay-rc" --workload-options file=ring.gcp >record
check "a replay allocates that many bytes" grep -q '"allocated_bytes": 180' record

# A replay under the recorder writes the program again, without its counts and checkpoints.
again() { "$pairs/replay-recorder" --workload-options "file=$1" --collector-options file=again.gcp >/dev/null && "$GCMATRIX" program dump again.gcp; }
left() { "$pairs/$1" --workload-options "$2" | grep -oE '"(freed|leaked)_objects": [0-9]+' | head -n 2; }
again ring.gcp >again.dump
check "a recorded replay is the program" diff <(grep -v count ring.dump) again.dump
cat >ends-frozen.txt <<'END'
gcp 7
globals 1
shape node refs=2
enter 1
new 0 node
store #1 0 #1
del 0
freeze
new 0 node
store #2 0 #2
del 0
collect full
leave
END
(cat ends-frozen.txt; echo unfreeze) >thawed.txt
run program assemble thawed.txt -o thawed.gcp
again thawed.gcp >again.dump
run program dump thawed.gcp
check "so it is where the program freezes and unfreezes" diff out again.dump
run program assemble ends-frozen.txt -o ends-frozen.gcp
again ends-frozen.gcp >ends.dump
check "where it ends frozen, the recording unfreezes" diff again.dump ends.dump
for collector in rc-gcrefs rc-gcrefs-block; do
    for name in thawed ends-frozen again; do
        check "$collector: nothing frozen is left of $name" [ "$(left replay-$collector file=$name.gcp)" = $'"freed_objects": 2\n"leaked_objects": 0' ]
    done
done
options=nodes=200,chunk=16,freeze=on
"$pairs/grow-recorder" --workload-options $options --collector-options file=grow.gcp >/dev/null
run program dump grow.gcp
check "a workload that freezes is recorded so" [ "$(grep -xE 'gcp 7|freeze|unfreeze' out | tr '\n' ,)" = "gcp 7,freeze,unfreeze," ]
run program check grow.gcp
check "which is a valid program" status_is 0
check "and its replay leaves what the workload does" [ "$(left replay-rc-gcrefs-block file=grow.gcp)" = "$(left grow-rc-gcrefs-block $options)" ]

head -c -1 ring.gcp >short.gcp
sed 's/count #3 2/count #4 2/' ring.txt >wrong.txt
refuses "the file ends without END" "a file cut short is refused" program check short.gcp
refuses "wrong.txt:13:1: there is no such object yet" "a wrong line is refused at its place" program assemble wrong.txt -o new.gcp
refuses "none.gcp: No such file" "a file that is not there is named" program dump none.gcp
refuses "unknown action 'asemble'; did you mean 'assemble'?" "a misspelt action gets a suggestion" program asemble ring.txt
refuses "say where to write: -o FILE.gcp" "assembling needs an output" program assemble ring.txt
refuses "takes no -o" "checking writes no file" program check ring.txt -o new.gcp
refuses "takes an action and one file" "an operand too many is refused" program check ring.txt ring.gcp
refuses "takes an action and one file" "an operand too few is refused" program check
refuses "new/new.gcp: No such file" "an output that cannot be made is refused" program assemble ring.txt -o new/new.gcp
run program dump ring.gcp -o /dev/full
check "a full disk is status 3" status_is 3
check "and is said" says_only "/dev/full: No space left on device"
check "a device is not removed" test -c /dev/full
"$GCMATRIX" program dump ring.gcp >/dev/full 2>err
status=$?
check "a full standard output is status 3" status_is 3
check "and is said once" says_only "No space left on device"

sed 's/count #3 2/count #3 1/' ring.txt >count.txt
run program assemble count.txt -o count.gcp
"$pairs/replay-rc" --workload-options file=count.gcp >out 2>err
status=$?
check "a replay in which a count is wrong ends with status 4" status_is 4
check "and says which operation it was" says_only "count.gcp: operation 8 "
# A recording is there whole or not at all.
echo old >whole.gcp
run run rings:count=100,live=10 -c "recorder:file=/dev/full"
check "a recording that cannot be written ends with status 3" status_is 3
check "in one line" says_only "gcmatrix: recorder: /dev/full: No space left on device"
run run rings:count=100,live=10 -c "recorder:file=$PWD/none/whole.gcp"
check "one that cannot be made is bad input" status_is 2
(ulimit -f 8 && exec "$pairs/rings-recorder" --workload-options count=1e4 --collector-options file=whole.gcp >out 2>err)
status=$?
check "one that is cut short ends with the pair's status for it" status_is 5
check "which says so" says_only "recorder: whole.gcp: File too large; what stood there before is kept"
check "what was there is there" [ "$(cat whole.gcp)" = old ]
check "and nothing beside it" [ -z "$(find . -name '*.part')" ]
run run rings:count=100,live=10 -c "recorder:file=$PWD/whole.gcp"
run program check whole.gcp
check "one that is whole takes its place" status_is 0
done_testing

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Standard streams are closed, full or broken, and files cannot be written to their end. Each is said in one line, with the
# right status, and nothing is left half-written.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

touch out
leaves_no_part() { [ -z "$(find . -name '*.part')" ]; }

for words in list help "help run" --version doctor "run hostile -c rc" "program check ring.txt" "list --json"; do
    printf 'gcp 1\nglobals 1\nshape node refs=1 payload=8\nnew g0 node\nstore #1 0 #1\ndel g0\n' >ring.txt
    "$GCMATRIX" $words >&- 2>err </dev/null
    status=$?
    check "'$words' into a closed standard output is status 3" status_is 3
    # The doctor tries each allocator, and a sanitizer says a line about each that is preloaded.
    [ "$words" != doctor ] || [ "${SANITIZERS:-none}" = none ] || sed -i '/^gcmatrix: allocator /d' err
    check "and one line" says_only "standard output: Bad file descriptor"
done
"$GCMATRIX" run hostile -c rc --events e.csv >&- 2>/dev/null <&-
check "no file takes the place of a stream that is closed" grep -q '^kind,' e.csv
check "and nothing is in it but what belongs there" [ "$(grep -vcE '^(kind,|[a-z]+,[0-9])' e.csv)" -eq 0 ]
run list --json --names workloads
check "options that contradict each other are refused" says_only "list: --names and --json print two things, bare names and everything: give one"

# A disk that is full.
run run hostile -c rc --events /dev/full
check "events that cannot be written to their end are status 3" status_is 3
check "and said" says_only "/dev/full: No space left on device"
{ echo gcp 1; echo globals 1; echo shape node refs=1 payload=8; yes 'new g0 node' | head -200000; } >long.txt
run program assemble long.txt -o long.gcp
echo old >long.out
(ulimit -f 8 && exec "$GCMATRIX" program dump long.gcp -o long.out >out 2>err </dev/null)
status=$?
check "a program that cannot be written to its end is status 3" status_is 3
check "and said" says_only "program: long.out: File too large"
check "what was there before stays" [ "$(cat long.out)" = old ]
check "and no part of the new one" leaves_no_part
ln -s long.out link.out
run program dump ring.txt -o link.out
check "a link stays one, and what it leads to is written" [ -L link.out -a "$(head -1 long.out)" = "gcp 1" ]

# An interrupt in the middle of writing: the pipe that holds the program up is full.
mkfifo slow
sleep 3 <slow &
interrupted 0.3 program dump long.gcp -o slow
check "an interrupt while a program is written ends it by the signal" status_is 130
check "at once" [ "$took" -lt 1000 ]
check "and leaves no part" leaves_no_part
for at in 0.02 0.05 0.1; do interrupted $at program dump long.gcp -o new.txt; done
check "nor does one while it is written, unless it was complete" [ ! -e new.txt -o "$(grep -c 'new g0' new.txt 2>/dev/null)" = 200000 ]
check "and no part is left" leaves_no_part

# A pipe that nobody reads, and one whose reader has gone.
mkfifo full
# Interrupts a run whose standard output nobody reads. How long its end took, in ms, is in $took.
interrupted_unread() # arguments...
{
    local reader program began
    sleep 8 <full &
    reader=$!
    env --default-signal=INT "$GCMATRIX" "$@" >full 2>err </dev/null &
    program=$!
    sleep 1.5
    began=$(date +%s%N)
    kill -INT $program
    wait $program
    status=$?
    took=$((($(date +%s%N) - began) / 1000000))
    kill $reader
}
interrupted_unread run hostile -c rc -c leak --runs 30 --json
check "a result that nobody reads does not hold an interrupt" [ "$took" -lt 1000 ]
check "which ends the program by the signal" status_is 130
interrupted_unread run hostile -c rc -c leak --runs 10000 --json # processes still run as it comes
check "nor do the rounds that are complete, more than a pipe holds" [ "$took" -lt 1000 ]
check "which end it by the signal, too" status_is 130
mkdir tmp
TMPDIR=$PWD/tmp GCMATRIX_PAIRS=$REAL_PAIRS "$GCMATRIX" explicit ring.txt -c rc -b 1 2>err </dev/null | true
check "one whose reader has gone leaves no temporary folder" [ -z "$(ls tmp)" ]
"$GCMATRIX" run hostile -c rc --events gone.csv 2>err </dev/null | true
check "and the files that were asked for are whole" grep -q '^kind,' gone.csv
check "with nothing beside them" leaves_no_part
done_testing

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A short campaign reaches every boundary that is in reach of short programs: one below it, at it and one above. It says
# which it has not reached. What is tested does not change the programs.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

# A figure of a collector in what was printed as JSON: collector name.
figure() { awk -v collector="\"$1\"," -v name="\"$2\":" '$1 == "\"collector\":" { on = $2 == collector }
                                                         on && $1 == name { print $2 + 0; exit }' out; }
boundaries() { sed -n 's/^  "boundaries": "\(.*\)",$/\1/p' out; }

run stress --seed 1000 --programs 800 -c leak -c rc-block --json
check "a short campaign finds nothing" status_is 0
for collector in leak rc-block; do
    check "and reaches all boundaries that short programs can reach, under $collector" \
        [ "$(figure $collector small_missed)" = 0 ]
    check "and most of all that there are" [ "$(figure $collector reached)" -gt $(($(figure $collector possible) * 3 / 4)) ]
done
list=$(boundaries)
check "the list has those of a collector that is not tested" grep -q 'refs=.*\b512\b' <<<"$list"
operations=$(figure leak operations)
run stress --seed 1000 --programs 800 -c leak --boundaries "$list" --json
check "programs are the same from the list that was printed" [ "$(figure leak operations)" = "$operations" ]
run stress --seed 1000 --programs 800 -c leak --boundaries "bytes=40 refs=3" --json
check "and others from another list" [ "$(figure leak operations)" != "$operations" ]
check "of which there are six places to reach" [ "$(figure leak possible)" = 6 ]

# What an option of a trigger counts, by default, is a boundary: collector, kinds of boundaries, number.
triggers() { python3 -c '
import json, sys
kinds = {"bytes": "(bytes|fill)", "objects": "objects", "roots": "objects", "entries": "objects"}
for collector in json.load(sys.stdin)["collectors"]:
    for option in collector["options"]:
        if option["unit"] in kinds and option["type"] == "integer":
            print(collector["name"], kinds[option["unit"]], option["default"])' <out; }
run list --json
triggers >triggers
check "there are triggers that count objects, and some that count bytes" \
    [ "$(cut -d' ' -f2 triggers | sort -u | wc -l)" -gt 1 ]
while read -r collector kinds number; do
    [ -x "$GCMATRIX_STRESS/stress-$collector" ] || continue
    "$GCMATRIX_STRESS/stress-$collector" --list-boundaries >list
    check "$collector lists $number, at which it collects" grep -qE "^$kinds $number " list
done <triggers
for worker in "$GCMATRIX_STRESS"/stress-*; do
    [ -x "$worker" ] && [ -f "$worker" ] && "$worker" --list-boundaries >"list-${worker##*/stress-}"
done
sort list-* | uniq -c | awk -v all="$(ls list-* | wc -l)" '$1 == all { print $2, $3 }' >common
for list in list-*; do
    check "${list#list-} lists numbers of its own code" [ "$(wc -l <"$list")" -gt "$(wc -l <common)" ]
done

run stress --seed 1 --programs 60 -c rc
check "the table says how much was reached" grep -qE '^rc .* [0-9]+/[0-9]+$' out
check "and which numbers were missed" grep -qE '^globals +[0-9]+ of +[0-9]+, .*; not .*65535' out
refuses "takes a list as in bytes=8,16 refs=256, not 'bytes:3'" "a list that is none is refused" stress --boundaries bytes:3
for bad in 'bytes= 5' 'bytes=+5' 'bytes=-1' 'bytes=0x8' 'bytes=08' 'bytes=5,' 'bytes=' 'bytes=8,,9' 'bytes=5  refs=3' 'bytes=99999999999999999999'; do
    refuses "takes a list as in bytes=8,16 refs=256, not '$bad'" "a number is read as everywhere: no '$bad'" stress --boundaries "$bad"
done
for bad in refs=0 bytes=8,0 bytes=18446744073709551615; do
    refuses "takes a list as in bytes=8,16 refs=256, not '$bad'" "one is below a number and one above: no '$bad'" stress -c rc --programs 1 --boundaries "$bad"
done
run stress -c leak --programs 1 --boundaries refs=1,18446744073709551614
check "from 1 to the last that has one above" status_is 0
echo "1..$tap_count"

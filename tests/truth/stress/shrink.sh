#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A collector that is broken on purpose is found, and its failure made small enough to read.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

run stress -c broken-rc --seed 1 --programs 2000 --keep kept
check "a double decrement is found" status_is 1
check "and attributed" grep -q '^broken-rc: ' out
text=$(echo kept/*.gcp.txt)
check "the program is kept as text" [ -s "$text" ]
check "and as a program" [ -s "${text%.txt}" ]
operations=$(grep -cvE '^(#|gcp|globals|shape|$)' "$text")
check "it has fewer than 20 operations ($operations)" [ "$operations" -lt 20 ]
check "it does not depend on a setting" grep -qE 'replay [^ ]* -c broken-rc --seed [0-9]*$' "$text"
run program dump "${text%.txt}"
check "what the program is written as reads back" status_is 0

run stress --replay "$text" -c broken-rc
check "it fails when it is run again from the text" status_is 1
run stress --replay "${text%.txt}" -c broken-rc
check "and from the program" status_is 1
run stress --replay "$text" -c rc
check "and does not under the collector that is not broken" status_is 0

# A program of ephemerons, which have a value and room for their words whatever else goes, and of what such a collector ignores.
run stress -c broken-rc --seed 1 --programs 400 --setting zeal=every --dials attended=0.9,cyclic=0,freezes=0.3 --keep attended
text=$(echo attended/*.gcp.txt)
check "a program of weak references and ephemerons is kept" [ "$status" = 1 -a -s "$text" ]
operations=$(grep -cvE '^(#|gcp|globals|shape|$)' "$text")
check "and made small ($operations)" [ "$operations" -lt 20 ]
check "without the freezes, of which it does not need one" [ "$(grep -cE '^(un)?freeze' "$text")" = 0 ]

# The folder may have any name. It is there before the campaign, and nothing in it is written through a link.
name=$'$(touch TOUCHED) `touch TOUCHED`\n~'
echo mine >victim
mkdir -- "$name"
for kind in memory crash trap abort count held books digest; do # where the freed block lies decides how it is found
    for seed in 1 2 3; do ln -s "$work/victim" "$name/broken-rc-$kind-$seed.gcp.txt"; done
done
run stress -c broken-rc --seed 1 --programs 2000 --keep "$name"
again=$(find "$name" -name '*.gcp.txt' -type f)
check "a link in the place of what is kept is replaced" [ "$(cat victim)" = mine -a -s "$again" ]
check "and nothing of the name reaches the terminal" [ "$(LC_ALL=C grep -c '[^[:print:]]' out)" = 0 ]
command=$(sed -n 's/^  \(gcmatrix stress --replay .*\)/\1/p' out)
gcmatrix() { run "$@"; }
eval "$command"
check "the command that is printed runs it again, whatever a shell makes of the name" [ "$status-$(ls -d TOUCHED 2>/dev/null)" = 1- ]
check "the kept text has it, too" grep -qF "# $command" "$again"
run stress --replay "$again" -c broken-rc
check "and is read again" status_is 1
refuses "stress: --keep: none/kept: No such file or directory" "a folder that cannot be made is refused before anything runs" stress -c rc --programs 20 --keep none/kept
refuses "stress: --keep: victim: Not a directory" "and a file in its place" stress -c rc --programs 20 --keep victim
# Who was out early is left out of what all have reached.
run stress -c leak --seed 1 --programs 400
sed -n '/^boundaries reached/,/^$/p' out | sed '1d; /^$/d' >alone
run stress -c leak -c broken-rc --seed 1 --programs 400
check "a collector with a finding takes nothing off what the others have reached" \
    diff alone <(sed -n '/^boundaries reached under each collector without a finding/,/was out/p' out | sed '1d; /was out/d')
check "and has a line of its own" grep -qE '^broken-rc was out after [0-9]+ programs: [0-9]+ of [0-9]+$' out
echo "1..$tap_count"

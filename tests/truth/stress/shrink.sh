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
echo "1..$tap_count"

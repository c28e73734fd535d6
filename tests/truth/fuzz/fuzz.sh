#!/bin/sh
# SPDX-License-Identifier: MIT
# A short run of one fuzz target: as many inputs as take about a second. LONG_TESTS=1 fuzzes for ten seconds.
#
# usage: fuzz.sh TARGET FOUND CORPUS    inputs that are new go into FOUND, and so does one that fails
set -eu
if [ -n "${LONG_TESTS:-}" ]; then limit=-max_total_time=10; else limit=-runs=1500; fi
exec "$1" "$limit" -artifact_prefix="$2/" "$2" "$3"

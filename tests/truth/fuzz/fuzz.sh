#!/bin/sh
# SPDX-License-Identifier: MIT
# A short run of one fuzz target: as many inputs as take about a second. LONG_TESTS=1 fuzzes for ten seconds.
#
# usage: fuzz.sh TARGET FOUND CORPUS    inputs that are new go into FOUND, and so does one that fails
set -eu
if [ -n "${LONG_TESTS:-}" ]; then limit=-max_total_time=10; else limit=-runs=1500; fi
# libFuzzer ends a failure of its own finding with status 77, which Meson takes for a skipped test.
exec "$1" "$limit" -error_exitcode=1 -artifact_prefix="$2/" "$2" "$3"

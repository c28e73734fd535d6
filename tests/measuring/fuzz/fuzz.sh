#!/bin/sh
# SPDX-License-Identifier: MIT
# A short run of one fuzz target: its seeds, and what a second's mutations make of them. LONG_TESTS=1 takes a minute.
#
# usage: fuzz.sh TARGET FOUND SEEDS...    new inputs go into FOUND, and so does one that fails
set -eu
if [ -n "${LONG_TESTS:-}" ]; then limit=-max_total_time=60; else limit=-max_total_time=1; fi
# The lines that refuse an input are of no interest. libFuzzer ends a failure of its own finding with status 77, which
# Meson takes for a skipped test. A slow machine is no failure, and a hang is one.
target=$1 found=$2
shift
exec "$target" "$limit" -close_fd_mask=3 -error_exitcode=1 -timeout=60 -rss_limit_mb=4096 -artifact_prefix="$found/" "$@"

#!/bin/sh
# SPDX-License-Identifier: MIT
# Records a workload as a program that frees each object at its death: replay runs it under `explicit`, and under every
# collector. The build calls it for the programs that matrices replay (matrices/meson.build).
#
# usage: record.sh GCMATRIX RECORDER OPTIONS OUT.gcp
#
# RECORDER is the executable of the workload under the collector `recorder`, and OPTIONS are the workload's.
set -eu
plain=$4.recorded
trap 'rm -f -- "$plain"' EXIT
"$2" --workload-options "$3" --collector-options "file=$plain" >/dev/null
"$1" program deaths "$plain" -o "$4" >/dev/null

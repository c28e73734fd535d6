#!/bin/sh
# SPDX-License-Identifier: MIT
# Invents a large run, analyses it, and removes it.
#
# usage: bench-analysis.sh PYTHON GENERATOR PROGRAM
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$2" "$folder" --workloads 16 --blocks 39 --events 10000 && "$3" "$folder"

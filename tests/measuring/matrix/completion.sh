#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# bash completes every word that the program knows. The manual page and every matrix file are in step with the program.
source_root=$(realpath "$(dirname "$0")/../../..")
. "$source_root/tests/tap.sh"
. "$source_root/harness/cli/gcmatrix.bash"

offers() # words typed so far; the last one is being completed
{
    COMP_WORDS=("$GCMATRIX" "$@")
    COMP_CWORD=$#
    _gcmatrix
    printf '%s ' "${COMPREPLY[@]}"
}

for pair in $("$GCMATRIX" help | sed -n 's/^  \([a-z-]*\)  .*/\1/p'); do commands+=("$pair"); done
check "the commands are known" [ "${#commands[@]}" -ge 5 ]
check "a command is completed" [ "$(offers ma)" = "matrix " ]
check "and every command is offered" [ "$(offers "" | wc -w)" -eq ${#commands[@]} ]
check "a workload is completed" [ "$(offers run bina)" = "binary-trees " ]
check "a collector is completed after -c" [ "$(offers run binary-trees -c sem)" = "semispace " ]
check "a workload is completed after --workload" [ "$(offers plot run --workload bina)" = "binary-trees " ]
check "so is the next of several after --workloads" [ "$(offers hunt --workloads rings,bina)" = "rings,binary-trees " ]
check "and the word for none of them" [ "$(offers hunt --workloads non)" = "none " ]
check "an allocator is completed after --allocator" [ "$(offers run rings --allocator jem)" = "jemalloc " ]
check "a figure is completed after -o of plot" [ "$(offers plot run -o heatmap-)" = "heatmap-baseline " ]
check "and after --only of its other name" [ "$(offers report run --only util)" = "utilisation " ]
run plot . --only no-figure-has-such-a-name
check "each figure that there is is offered" diff <(offers plot run --only "" | tr ' ' '\n' | sed '/^$/d' | sort) <(sed 's/.*there are //; s/;.*//; s/, /\n/g' err | sort)
mkdir -p folder-of-charts && touch folder-of-none
check "a folder is completed after --output of plot, and no file" [ "$(offers plot run --output folder-)" = "folder-of-charts " ]
check "a file is completed after -o of another command" [ "$(offers trace run -o folder-of-n)" = "folder-of-none " ]
check "an option is completed" [ "$(offers matrix --res)" = "--resume " ]
check "nothing is offered for a number" [ "$(offers run rings --seed "")" = " " ]
mkdir -p run/tables && touch run/tables/means.csv run/tables/cells.csv
check "a table of a run is completed" [ "$(offers table run me)" = "means " ]
check "an action of history is completed" [ "$(offers history sh)" = "show " ]
check "the other name of a command is completed" [ "$(offers repo)" = "report " ]
check "as are its options" grep -qw -- --watch <<<"$(offers report --wat)"
check "its help is the same" diff <("$GCMATRIX" help report) <("$GCMATRIX" help plot)
run report no-such-run
check "and it runs the command" grep -q "no-such-run" err
touch some.yaml
check "a matrix file is completed" [ "$(offers matrix so)" = "some.yaml " ]

# The manual page names every command and every option of each, and no other.
documented() { grep -oE '\\-\\-[a-z\\-]+' "$source_root/docs/gcmatrix.1" | tr -d '\\' | sort -u; }
existing() { for c in "${commands[@]}"; do "$GCMATRIX" help "$c" 2>/dev/null | grep -oE -- '(^|[ ,])--[a-z-]+' | tr -d ' ,'; done; printf -- '--help\n--version\n'; }
check "the manual page has exactly the options that there are" diff <(documented) <(existing | sort -u)
for c in "${commands[@]}"; do
    check "the manual page explains $c" grep -qE "^\.SS (gcmatrix )?$c" "$source_root/docs/gcmatrix.1"
done
if command -v groff >/dev/null; then
    groff -man -ww -Tutf8 "$source_root/docs/gcmatrix.1" >/dev/null 2>err
    check "the manual page is formatted without a warning" [ ! -s err ]
fi

# What comes with the tree can be run. Allocators that are not installed here are another matter, and so are programs that
# the build records when they are asked for.
mkdir -p build/matrices && touch build/matrices/rings.gcp
for file in "$source_root"/matrices/*.yaml; do
    run matrix "$file" --dry-run
    grep -q "is not installed" err && status=0
    check "matrices/$(basename "$file") holds nothing that is not there" status_is 0
done
done_testing

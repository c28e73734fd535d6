#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Follows the walk-throughs of the READMEs word for word. It takes the commands out of their marked blocks. It runs them
# in a copy of the tree whose path has a space in it. Then it checks how the new pairs describe themselves.
#
# usage: walkthrough.sh TREE    the compiler is $CC
set -uo pipefail
tree=$1
. "$tree/tests/contract/walkthrough/common.sh"

scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
copy="$scratch/a copy/of the tree"
log=$scratch/log

# The commands of the block marked `<!-- walkthrough: NAME -->` in a file: NAME FILE.
block() {
  awk -v mark="<!-- walkthrough: $1 -->" '
    $0 == mark { marked = 1; next }
    marked && /^```sh$/ { inside = 1; next }
    inside && /^```$/ { exit }
    inside' "$2"
}

# Runs a block in the copy, stopping at the first command that fails: NAME FILE.
follow() {
  block "$1" "$tree/$2" >"$scratch/$1.sh"
  (cd "$copy" && [ -s "$scratch/$1.sh" ] && bash -ex "$scratch/$1.sh") >"$log" 2>&1 </dev/null
  tap_ok $? "the commands of $2 under '$1' all succeed" "$log"
}

# One key of the record of a pair: KEY PAIR [OPTION]...
record_get() {
  local key=$1
  shift
  (cd "$copy" && "$@") 2>/dev/null | sed -n "s/^  \"$key\": \"*\([^\",]*\)\"*,*\$/\1/p"
}

# A copied build must not compile: SENTENCE COMMAND... changes the copy first.
refuses() {
  local sentence=$1 wanted=$2 status=0
  shift 2
  (cd "$copy" && "$@") >"$log" 2>&1 </dev/null && status=1
  grep -q -- "$wanted" "$log" || status=1
  tap_ok "$status" "$sentence" "$log"
}

mkdir -p "$copy"
(cd "$tree" && tree_files | tar --null --files-from=- --create) | tar -x -C "$copy"

follow collector README.md
depth=(--workload-options depth=8)
tap_same "$(record_get status build/harness/runner/binary-trees-mine "${depth[@]}")" ok "the new collector's pair runs"
tap_same "$(record_get collector build/harness/runner/binary-trees-mine "${depth[@]}")" mine "and says the new name"
tap_same "$(record_get checksum build/harness/runner/binary-trees-mine "${depth[@]}")" \
  "$(record_get checksum build/harness/runner/binary-trees-leak "${depth[@]}")" "its checksum is that of the collector it copies"

follow workload README.md
count=(--workload-options count=1000)
tap_same "$(record_get workload build/harness/runner/stack-rc "${count[@]}")" stack "the new workload says its name"
tap_same "$(record_get live_objects build/harness/runner/stack-rc "${count[@]}")" 0 "it drops everything it made"
tap_same "$(record_get allocated_objects build/harness/runner/stack-rc "${count[@]}")" 1000 "it makes as many objects as it was told"
tap_same "$(record_get checksum build/harness/runner/stack-rc "${count[@]}")" \
  "$(record_get checksum build/harness/runner/stack-mark-sweep "${count[@]}")" "counting and tracing agree on its checksum"

follow outside collectors/README.md
tap_same "$(record_get collector build/harness/runner/trees-elsewhere "${depth[@]}")" elsewhere \
  "a collector outside the tree says its name"
tap_same "$(record_get workload build/harness/runner/trees-elsewhere "${depth[@]}")" trees \
  "a workload outside the tree says its name"
tap_same "$(record_get checksum build/harness/runner/trees-elsewhere "${depth[@]}")" \
  "$(record_get checksum build/harness/runner/binary-trees-leak "${depth[@]}")" "the two together compute what those in the tree do"

follow runtime harness/stress/runtime/README.md
tap_ok "$(grep -q '^CPython  *[1-9]' "$log" && grep -q ' 0 findings$' "$log"; echo $?)" "a copy of the example runs programs" "$log"

sed -i 's/gc_local_new/gc_local_old/' "$copy/collectors/mine/collector.h"
refuses "a collector without one of the operations does not compile" "gc_local_new" \
  ninja -C build harness/runner/binary-trees-mine
mkdir "$scratch/empty"
refuses "a collector's folder without its files is refused by name" '/empty" has no collector.h' \
  meson setup build-refused "-Dcollector_dirs=$scratch/empty"
refuses "a workload's file that is not there is refused by name" 'there is no file ".*/none.c"' \
  meson setup build-refused "-Dworkload_files=$scratch/none.c"

tap_done

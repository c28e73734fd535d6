#!/bin/sh
# SPDX-License-Identifier: MIT
# Fuzzes each parser for long, and prints how much of its source the inputs reach.
#
# usage: tests/measuring/fuzz/long.sh [EXECUTIONS [TARGET]...]     default: 10,000,000 of each
#
# It builds in build-fuzz/, with clang, the fuzzer's coverage and sanitizers, and once more in build-fuzz-coverage/. New
# inputs go into build-fuzz/corpus/, and one that fails into build-fuzz/found/.
set -eu
cd "$(dirname "$0")/../../.."
export LLVM_PROFILE_FILE=/dev/null # of the compilers' trials
executions=${1:-10000000}
[ $# -eq 0 ] || shift
targets=${*:-specification results program options files}
tools=$(dirname "$(clang -print-prog-name=llvm-cov)")

# A build of all targets: FOLDER ARGUMENTS-OF-THE-COMPILER
build() {
  [ -f "$1/build.ninja" ] ||
    CC=clang meson setup "$1" -Dbuildtype=debugoptimized -Doptimization=1 -Db_sanitize=address,undefined \
      -Db_lundef=false "-Dc_args=-fno-sanitize-recover=all -gline-tables-only $2" "-Dc_link_args=$2" >/dev/null
  for target in $targets; do echo "tests/measuring/fuzz/fuzz-$target"; done | xargs ninja -C "$1" >/dev/null
}

# The folders of seeds of a target, from the root of the tree.
seeds() {
  echo "tests/measuring/fuzz/corpus/$1"
  case $1 in
    program) echo tests/truth/fuzz/corpus ;;
    specification) echo matrices ;;
  esac
}

# The share of lines and branches of the parsers that a target's inputs reach.
coverage() {
  (
    cd build-fuzz-coverage
    # shellcheck disable=SC2046 # names without blanks
    LLVM_PROFILE_FILE=$1.raw "tests/measuring/fuzz/fuzz-$1" -runs=0 -close_fd_mask=3 "../build-fuzz/corpus/$1" \
      $(seeds "$1" | sed 's,^,../,') >/dev/null 2>&1
    "$tools/llvm-profdata" merge "$1.raw" -o "$1.profile"
    "$tools/llvm-cov" report "tests/measuring/fuzz/fuzz-$1" "-instr-profile=$1.profile" |
      grep -F -f "../tests/measuring/fuzz/corpus/$1.sources" |
      awk '{ printf "%-40s lines %7s  branches %7s\n", $1, $10, $13 }'
  )
}

build build-fuzz -fsanitize=fuzzer-no-link
build build-fuzz-coverage "-fprofile-instr-generate -fcoverage-mapping"
status=0
for target in $targets; do
  mkdir -p "build-fuzz/corpus/$target" build-fuzz/found
  printf '== %s\n' "$target"
  # shellcheck disable=SC2046
  nice "build-fuzz/tests/measuring/fuzz/fuzz-$target" "-runs=$executions" -close_fd_mask=1 -timeout=60 \
    -rss_limit_mb=4096 -artifact_prefix="build-fuzz/found/$target-" -print_final_stats=1 "build-fuzz/corpus/$target" \
    $(seeds "$target") 2>"build-fuzz/$target.log" || status=1
  grep -E 'number_of_executed|ERROR|SUMMARY|deadly' "build-fuzz/$target.log" || true
  coverage "$target"
done
exit $status

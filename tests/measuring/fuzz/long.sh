#!/bin/sh
# SPDX-License-Identifier: MIT
# Fuzzes each parser for long, and prints how much of its source the inputs reach. All of it takes some five hours of a
# processor, and `results` alone two.
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
targets=${*:-specification results tables program options files history}
tools=$(dirname "$(clang -print-prog-name=llvm-cov)")

# A build of all targets: FOLDER ARGUMENTS-OF-THE-COMPILER
build() {
  [ -f "$1/build.ninja" ] ||
    CC=clang meson setup "$1" -Dbuildtype=debugoptimized -Doptimization=2 -Db_sanitize=address,undefined \
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

# What a run of a target came to, from its log.
outcome() {
  awk -v log_file="$1" '/stat::number_of_executed_units/ { count = $2 }
    /stat::average_exec_per_sec/ { rate = $2 }
    /ERROR|SUMMARY/ { found = $0 }
    END { printf "%d executions, %d a second: %s\n", count, rate, found ? found " (" log_file ")" : "no finding" }' "$1"
}

# The share of lines and branches of the parsers that a target's inputs reach, as a table by file.
coverage() {
  (
    cd build-fuzz-coverage
    # shellcheck disable=SC2046 # names without blanks
    LLVM_PROFILE_FILE=$1.raw "tests/measuring/fuzz/fuzz-$1" -runs=0 -close_fd_mask=3 "../build-fuzz/corpus/$1" \
      $(seeds "$1" | sed 's,^,../,') >/dev/null 2>&1
    "$tools/llvm-profdata" merge "$1.raw" -o "$1.profile"
    "$tools/llvm-cov" report "tests/measuring/fuzz/fuzz-$1" "-instr-profile=$1.profile" |
      grep -F -f "../tests/measuring/fuzz/corpus/$1.sources" |
      awk 'BEGIN { printf "%-44s %6s %8s %9s %8s\n", "file", "lines", "reached", "branches", "reached" }
        { printf "%-44s %6d %8s %9d %8s\n", $1, $8, $10, $11, $13
          lines += $8; lines_missed += $9; branches += $11; branches_missed += $12 }
        END { printf "%-44s %6d %7.2f%% %9d %7.2f%%\n", "all of them", lines, 100 * (1 - lines_missed / lines),
          branches, 100 * (1 - branches_missed / branches) }'
  )
}

build build-fuzz -fsanitize=fuzzer-no-link
build build-fuzz-coverage "-fprofile-instr-generate -fcoverage-mapping"
status=0
for target in $targets; do
  mkdir -p "build-fuzz/corpus/$target" build-fuzz/found
  printf '== %s\n' "$target"
  # shellcheck disable=SC2046
  nice "build-fuzz/tests/measuring/fuzz/fuzz-$target" "-runs=$executions" -close_fd_mask=3 -timeout=60 \
    -rss_limit_mb=4096 -artifact_prefix="build-fuzz/found/$target-" -print_final_stats=1 "build-fuzz/corpus/$target" \
    $(seeds "$target") 2>"build-fuzz/$target.log" || status=1
  outcome "build-fuzz/$target.log"
  coverage "$target"
done
exit $status

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Measures a change and its base in the same blocks on this machine, and writes what came out as a comment in Markdown.
#
# usage: compare.sh BASE [MATRIX.yaml [OPTION]...]
#
# The change is what is checked out in this repository, which is that of gcmatrix or one of your own with a collector. BASE
# is a commit of it. Options go to `gcmatrix matrix`. The matrix is that beside this script, if none is named. Variables
# of the environment say the rest:
#
#   COLLECTOR   the folder of a collector within the repository; none: the repository is that of gcmatrix
#   TREE        the tree of gcmatrix, where there is a COLLECTOR
#   GCMATRIX    a gcmatrix that is built already; none: it is built from the change
#   WORSE       a cell that is slower or larger by more than so many per cent is worse (5)
#   OUT         the folder for both builds and the results, which is made (pull-request)
#
# OUT/comment.md is the comment. OUT/run is the run, with report.html.
# Exit status: 0 nothing is worse; 1 something is, or a process failed; 4 it could not be told; any other: not measured.
set -Eeuo pipefail
trap 'exit 2' ERR # 1 says that something is worse

fail() {
  printf 'compare.sh: %s\n' "$1" >&2
  exit 2
}

[ $# -gt 0 ] || fail "give the commit that the change is compared with"
[ -z "${COLLECTOR:-}" ] || [ -n "${TREE:-}" ] || fail "TREE says where the tree of gcmatrix is"
worse=${WORSE:-5}
out=$(realpath -m -- "${OUT:-pull-request}")
[ ! -e "$out" ] || fail "$out is there already"
base=$(git rev-parse --verify --quiet "$1^{commit}") || fail "this repository has no commit $1"
shift
matrix=$(realpath -e -- "${1:-$(dirname -- "${BASH_SOURCE[0]}")/matrix.yaml}")
[ $# -eq 0 ] || shift
cd -- "$(git rev-parse --show-toplevel)"

# ---- two builds ----

mkdir -p "$out/base" "$out/build"
git archive "$base" | tar -x -C "$out/base"

# What is built twice, with the same options: NAME FOLDER-OF-THE-REPOSITORY.
configure() {
  local tree=$2 outside=()
  if [ -n "${COLLECTOR:-}" ]; then
    tree=$TREE
    outside=("-Dcollector_dirs=$2/$COLLECTOR")
  fi
  meson setup "$out/build/$1" "$tree" -Dwerror=false "${outside[@]}" >"$out/$1.log" || { cat "$out/$1.log" && exit 2; }
}

# Targets of a build: NAME TARGET...
build() {
  ninja -C "$out/build/$1" "${@:2}" >"$out/$1.log" || { cat "$out/$1.log" && exit 2; }
}

configure head "$PWD"
configure base "$out/base"
gcmatrix=${GCMATRIX:-$out/build/head/gcmatrix}
export GCMATRIX_PAIRS=$out/build/head/harness/runner/pairs.json
[ -n "${GCMATRIX:-}" ] || build head gcmatrix
mapfile -t targets < <("$gcmatrix" matrix "$matrix" --targets)
[ "${#targets[@]}" -gt 0 ] || exit 2
build head "${targets[@]}"
build base "${targets[@]}"

# ---- one run of both ----

failed=0
"$gcmatrix" matrix "$matrix" "$@" --against "$out/build/base" -o "$out/run" </dev/null || failed=$?
[ "$failed" -le 1 ] || exit "$failed"
"$gcmatrix" plot "$out/run" >/dev/null || echo "compare.sh: the run has no charts" >&2

# ---- the comment ----

status=0
{
  printf '## Garbage collection: %.12s against %.12s\n\n' "$(git rev-parse HEAD)" "$base"
  "$gcmatrix" compare "$out/run" --markdown --fail-on-regression "$worse%" 2>"$out/said" || status=$?
  [ ! -s "$out/said" ] || printf '\n```\n%s\n```\n' "$(cat "$out/said")"
} >"$out/comment.md"
case $failed-$status in 1-0 | 1-4) status=1 ;; esac
cat -- "$out/comment.md"
exit "$status"

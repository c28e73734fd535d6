#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Follows docs/continuous-integration.md: a collector in a repository of its own, and a change that makes it slower. The long
# form has a change that makes it faster, too.
#
# usage: pull-request.sh TREE    the compiler is $CC, and $GCMATRIX is built already
set -uo pipefail
tree=$1
. "$tree/tests/contract/walkthrough/common.sh"
if ! command -v git >/dev/null; then
  echo "1..0 # SKIP git is not installed"
  exit
fi

scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
repository=$scratch/"a repository"
log=$scratch/log
mkdir -p "$repository/mine" "$repository/ci"
cd -- "$repository" || exit 1
cp "$tree"/collectors/leak/collector.[ch] mine
sed -i 's/"leak"/"mine"/' mine/collector.c
cp "$tree/docs/pull-request/compare.sh" ci
cat >ci/matrix.yaml <<'Y'
name: pull-request
blocks: 6
raw: none
cells:
  - workloads: ["binary-trees:depth=10"]
    collectors: [mine]
Y

commit() { git add -A && git -c user.name=x -c user.email=x@example.org commit -q -m "$1"; }
git init -q .
commit fast
sed -i 's/^{$/{\n    for (volatile int wait = 0; wait < 2000; wait++)\n        ;/' mine/collector.h
commit slow

# Compares what is checked out with a commit: OUT BASE.
compare() {
  OUT=$scratch/$1 COLLECTOR=mine TREE=$tree WORSE=100 ci/compare.sh "${@:2}" ci/matrix.yaml >"$log" 2>&1
  status=$?
}

# A sentence, and whether a file has the words: SENTENCE WORDS FILE.
says() {
  grep -qF -- "$2" "$3"
  tap_ok $? "$1" "$3"
}

ci/compare.sh >"$log" 2>&1
tap_same "$?" 2 "without a base nothing is measured"
ci/compare.sh none >"$log" 2>&1
tap_same "$?" 2 "nor with one that is no commit"
says "which is said" "this repository has no commit none" "$log"
COLLECTOR=mine ci/compare.sh HEAD >"$log" 2>&1
tap_same "$?" 2 "nor without the tree of gcmatrix"
OUT=ci ci/compare.sh HEAD >"$log" 2>&1
tap_same "$?" 2 "nor into a folder that is there"
tap_same "$(git status --porcelain | wc -l)" 0 "and nothing is left of it"

compare slower HEAD~1
tap_ok "$((status == 1 ? 0 : 1))" "a change that makes a collector slower ends with status 1" "$log"
says "the comment says how many cells are worse" "1 cell is more than 100% worse" "$scratch/slower/comment.md"
says "and of which commits" "$(git rev-parse HEAD | cut -c 1-12) against $(git rev-parse HEAD~1 | cut -c 1-12)" "$scratch/slower/comment.md"
says "in a table of Markdown" "|---" "$scratch/slower/comment.md"
says "the run is of both builds" '"build": "base"' "$scratch/slower/run/manifest.json"

if [ -n "${LONG_TESTS:-}" ]; then
  git checkout -q HEAD~1
  compare faster "@{-1}"
  tap_ok "$status" "a change that makes it faster ends with status 0" "$log"
fi
tap_done

# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# TAP for the shell tests of pages, which run no gcmatrix. They print the same lines as tests/tap.h.

tap_count=0
tap_failures=0

# tap_ok STATUS SENTENCE [FILE]: status 0 passes; the end of FILE is shown otherwise.
tap_ok() {
  tap_count=$((tap_count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $tap_count - $2"
    return
  fi
  tap_failures=$((tap_failures + 1))
  echo "not ok $tap_count - $2"
  [ $# -lt 3 ] || tail -n 25 "$3" | sed 's/^/# /'
}

# tap_same FOUND EXPECTED SENTENCE
tap_same() {
  local status=0
  [ -n "$1" ] && [ "$1" = "$2" ] || status=1
  tap_ok "$status" "$3"
  [ "$status" -eq 0 ] || echo "# found \"$1\", expected \"$2\""
}

# The plan; the status to exit with.
tap_done() {
  echo "1..$tap_count"
  [ "$tap_failures" -eq 0 ]
}

# Tracked and new files of the tree in the current folder, each ended by a null byte; those of a tree without a
# repository, but for what was built.
tree_files() {
  git ls-files -z --cached --others --exclude-standard 2>/dev/null ||
    find . -name 'build*' -type d -prune -o -path ./results/reference -prune -o -type f -print0
}

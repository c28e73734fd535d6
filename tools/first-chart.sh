#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prints how long it takes from `git clone` to the first heat map, and to the end.
#
# usage: tools/first-chart.sh [OPTION OF BENCH]... [MATRIX.yaml]
#
# It clones this tree into an empty folder, which it removes at the end, and runs ./bench there with the same arguments:
# without any, that is the default matrix. FIRST_CHART_KEEP=1 keeps the folder. The compiler has no cache.
set -euo pipefail
tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/gcmatrix-XXXXXX")
[ -n "${FIRST_CHART_KEEP:-}" ] || trap 'rm -rf -- "$folder"' EXIT
export CCACHE_DISABLE=1

begin=$(date +%s%N)
seconds_since() { awk -v begin="$begin" -v end="$1" 'BEGIN { printf "%.1f", (end - begin) / 1e9 }'; }
git clone --quiet -- "$tree" "$folder/tree"
cloned=$(date +%s%N)
status=0
(cd -- "$folder/tree" && ./bench --yes "$@") || status=$?
end=$(date +%s%N)

# When a chart was first there: a run draws its charts over the older ones.
first=$(find "$folder/tree/results" -path '*/reference/*' -prune -o -name heatmap.svg -newermt "@${begin%?????????}" \
  -printf '%T@\n' | sort -n | head -1)
printf '\nfrom git clone, on %d processors, %s:\n' "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)"
printf '%10s s  the clone is there\n' "$(seconds_since "$cloned")"
if [ -n "$first" ]; then
  printf '%10s s  the first heat map\n' "$(seconds_since "$(awk -v at="$first" 'BEGIN { printf "%.0f", at * 1e9 }')")"
else
  echo '         -    no heat map'
fi
printf '%10s s  the end, with status %d\n' "$(seconds_since "$end")" "$status"
[ -z "${FIRST_CHART_KEEP:-}" ] || echo "kept in $folder"
exit "$status"

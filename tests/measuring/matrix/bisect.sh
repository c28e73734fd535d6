#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Ten commits, of which the sixth made a cell slower and the last one faster again: bisect names each, by real runs.
. "$(dirname "$(realpath "$0")")/../../tap.sh"
command -v git >/dev/null || { echo "1..0 # SKIP git is not installed"; exit 0; }
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

# What a commit builds is the usual pair or the slower one; one of the commits does not build.
export PAIRS_FROM=$(dirname "$GCMATRIX_PAIRS")
cat >build.sh <<'B'
to=build/harness/runner
mkdir -p $to && cp "$PAIRS_FROM"/pairs.json "$PAIRS_FROM"/hostile-leak "$PAIRS_FROM"/hostile-rc $to || exit
case $(cat kind) in
slower) cp "$SLOWER" $to/hostile-rc ;;
broken) exit 1 ;;
esac
B
git init -q -b main repo && cp build.sh repo
ids=()
for number in 1 2 3 4 5 6 7 8 9 10; do
    case $number in 4) kind=broken ;; 6 | 7 | 8 | 9) kind=slower ;; *) kind=usual ;; esac
    echo $kind >repo/kind && echo $number >repo/number
    git -C repo add . && git -C repo commit -q -m "commit $number"
    ids+=("$(git -C repo rev-parse HEAD)")
done
before=$(git -C repo status --porcelain --branch; git -C repo for-each-ref)
cell=(-- hostile:milliseconds=20 rc)
bisect() { run bisect --repository repo --build "sh build.sh" --limit 90% --budget 60s "$@" "${cell[@]}"; }

bisect --dry-run -o dry "${ids[0]}" "${ids[8]}"
check "a dry run writes the scripts" [ "$status-$(ls dry | tr '\n' ' ')" = "0-bisect.sh cell.yaml logs runs settings.sh step.sh " ]
check "and says how to start them" grep -q "start it with: bash $work/dry/bisect.sh" out
run matrix dry/cell.yaml --dry-run
check "the cell is a matrix" status_is 0

bisect -o slower "${ids[0]}" "${ids[8]}"
check "the commit that made the cell slower is found" [ "$status-$(grep -c "^${ids[5]} .* commit 6$" out)" = 0-1 ]
check "the commits on the way were judged, each in a line" [ "$(grep -cE 'commit [0-9]+: (as good|as bad|does not build)' err)" -ge 3 ]
check "and each has its run" [ -s "slower/runs/${ids[5]}/manifest.json" ]
check "the repository is as it was" [ "$(git -C repo status --porcelain --branch; git -C repo for-each-ref)" = "$before" ]
run compare "slower/runs/${ids[5]}"
check "which can be read" status_is 0

bisect -o faster "${ids[6]}" "${ids[9]}"
check "so is the commit that made it faster" [ "$status-$(grep -c "^${ids[9]} .* commit 10$" out)-$(grep -c 'faster, or smaller' out)" = 0-1-1 ]

bisect -o same "${ids[0]}" "${ids[1]}"
check "where the two do not differ there is nothing to look for" [ "$status-$(grep -c 'there is nothing to look for' err)" = 4-1 ]
bisect -o broken "${ids[3]}" "${ids[8]}"
check "a good commit must build" [ "$status-$(grep -c 'the good commit does not build' err)" = 1-1 ]

refuses "git in $work/repo" "a commit that is not there is refused" bisect --repository repo nowhere HEAD "${cell[@]}"
refuses "dry is there already" "and a folder that is there" bisect --repository repo -o dry "${ids[0]}" HEAD "${cell[@]}"
refuses "gone: No such file" "and a repository that is not" bisect --repository gone a b "${cell[@]}"
done_testing

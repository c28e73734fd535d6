#!/bin/bash
# SPDX-License-Identifier: MIT
# Finds the commit at which a cell changed. It clones the repository, builds the good commit, and makes sure that the bad
# one differs from it. Then git bisect asks step.sh of the commits between.
#
# Exit status: 0 found; 1 the good commit does not build; 2 bad input; 4 it cannot be told; 130 interrupted.
set -u
. "${0%/*}/settings.sh"

end() # status words
{
    echo "gcmatrix bisect: $2" >&2
    exit "$1"
}
trap 'end 130 "interrupted; $dir holds what was measured"' INT TERM

# Clones of its own: the repository and its working tree stay as they are.
for place in good tree; do
    git clone --quiet --shared --no-checkout -- "$repository" "$dir/$place" || end 2 "$repository cannot be cloned"
done
git -C "$dir/good" checkout --quiet --detach "$good" && git -C "$dir/tree" checkout --quiet --detach "$bad" ||
    end 2 "a commit cannot be checked out"
(cd "$dir/good" && eval "$build") >"$dir/logs/good.txt" 2>&1 || end 1 "the good commit does not build: $dir/logs/good.txt"

# The bad commit is slower or larger; or else the good one is, and what is looked for made the cell faster or smaller.
cd "$dir/tree" || exit 3
judged=0
for turned in "" 1; do
    export turned
    bash "$dir/step.sh"
    judged=$?
    [ "$judged" -eq 0 ] || break
done
case $judged in
0) end 4 "the two commits do not differ by more than $limit: there is nothing to look for" ;;
1) ;;
125) end 4 "the bad commit cannot be told from the good one; give more by --budget, or a larger --limit" ;;
*) end 130 "interrupted; $dir holds what was measured" ;;
esac

git bisect start "$bad" "$good" -- >/dev/null && git bisect run bash "$dir/step.sh" >"$dir/logs/bisect.txt"
status=$?
git bisect log >"$dir/bisect.log"
[ "$status" -ne 0 ] || {
    first=$(git rev-parse refs/bisect/bad)
    echo "$(git log -1 --date=short --format='%H %ad %s' "$first")"
    [ -z "$turned" ] || echo "It made the cell faster, or smaller."
    echo "next: gcmatrix compare $(printf %q "$dir/runs/$first${turned:+-turned}")"
    exit 0
}
[ "$status" -ne 2 ] || {
    sed -n '/could be any of/,/^bisect/p' "$dir/logs/bisect.txt" | grep -E '^[0-9a-f]{40}' # those that could not be judged
    end 4 "it is one of these, which could not all be judged"
}
end 130 "git bisect has ended with status $status; $dir/logs/bisect.txt says why"

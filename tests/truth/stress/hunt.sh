#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The hunt finds what is bad on purpose, finds nothing between equals, and keeps what people wrote.
. "$(dirname "$(realpath "$0")")/../../tap.sh"
cliffs() { sed -n 's/^.*: \([0-9]*\) cliffs\?;.*/\1/p' out; }
kinds() { sed -n 's/^.* programs of \([0-9]*\) kinds in .*/\1/p' out; }

for way in work memory pause garbage; do
    run hunt -c rc-trial --against rc-trial --by $way --programs 48 --counted
    check "against itself a collector has no cliff by $way" status_is 0
    check "and it is said" [ "$(cliffs)" = 0 ]
    check "programs of many kinds were tried" [ "$(kinds)" -ge 10 ]
done

programs=32 # 96 take ten times as long; LONG_TESTS=1 has them
! long_tests || programs=96
run hunt -c slow-rc --against rc --by work --programs $programs --counted
check "a look at all names for each free is a cliff" [ "$(cliffs)" -ge 1 ]
check "found with many names, or in many calls" grep -qE "'[^']*(names|slots|call):" out
mv out once
run hunt -c slow-rc --against rc --by work --programs $programs --counted
check "equal seeds find the same" cmp <(grep -v ' programs of ' once) <(grep -v ' programs of ' out)
run hunt -c leak --against rc --by garbage --programs 48 --counted --json
check "a collector that frees nothing keeps garbage" grep -q '"cliff": true' out

# One recipe, by groups of processes that take turns.
run hunt -c leak --against rc --by memory --recipe '200*leaf:n' --size 1000 --groups 3 --rounds 2
check "what is found is measured" grep -qE '^[0-9.e+]+ \[[0-9.e+]+, [0-9.e+]+\] times as much, ' out
# Sanitizers keep what is freed, and have memory of their own.
[ "${SANITIZERS:-none}" != none ] || check "and is a cliff" [ "$(cliffs)" = 1 ]
run hunt -c rc --against rc --by memory --recipe '200*leaf:n' --size 1000 --groups 3 --rounds 2
check "between equals it is none" [ "$(cliffs)" = 0 ]
run hunt -c leak --against rc --by work --recipe '200*leaf:n' --size 1000 --groups 2 --rounds 1 --json
check "the groups are counted, and the rounds of all" [ "$(grep -cE '"(groups|rounds)": 2,?$' out)" = 2 ]
interrupted_late hunt -c leak --against rc --recipe '200*leaf:n' --size 1000 --groups 100 --rounds 1000
check "an interrupt ends the measuring" status_is 130
check "by the groups that are whole" grep -q ", interrupted" out

# The page.
run hunt -c leak --against rc --by garbage --recipe 'n*leaf' --size 30000 --counted --write page.md
check "a cliff gets a row" grep -qF '| `rc` | garbage |' page.md
sed -i 's/| `n\*leaf` |  |/| `n*leaf` | It frees nothing. |/' page.md
run hunt -c leak --against rc-block --by garbage --recipe 'n*leaf' --size 30000 --counted --write page.md
run hunt -c leak --against rc --by garbage --recipe 'n*leaf' --size 30000 --counted --write page.md
check "its reason stays when it is found again" grep -qF '| `n*leaf` | It frees nothing. |' page.md
check "beside the rows of others" grep -qF '| `rc-block` | garbage |' page.md
check "once" [ "$(grep -c '^| `rc' page.md)" -eq 2 ]

# What people wrote is kept, or the page is refused before anything is searched.
cp page.md kept.md
sed -i 's/It frees nothing\./`leak` frees nothing, and `so`/' page.md
run hunt -c leak --against rc --by garbage --recipe 'n*leaf' --size 30000 --counted --write page.md
check "quotes around a reason are its own" grep -qF '| `leak` frees nothing, and `so` |' page.md
echo "# Notes" >notes.md
for change in '1i # Notes' '$a A sentence of mine.' 's/It frees nothing\./It frees a|b./' 's/^| `rc` /| rc /' '$a |'; do
    cp kept.md own.md && sed -i "$change" own.md && cp own.md before
    run hunt -c leak --against rc --by garbage --programs 16 --counted --write own.md
    check "a page with more than its rows is refused: $change" [ "$status-$(wc -l <err)-$(grep -cE 'own.md:[0-9]+: hunt did not write this' err)" = 2-1-1 ]
    check "and is as it was" cmp before own.md
done
refuses "notes.md:1: hunt did not write this" "so is another file" hunt -c leak --against rc --by garbage --programs 16 --counted --write notes.md
refuses "none/page.md: No such file" "and one that cannot be made" hunt -c leak --against rc --programs 16 --counted --write none/page.md
cp "$(dirname "$(realpath "$0")")/../../../docs/cliffs.md" theirs.md
run hunt -c leak --against rc --by garbage --recipe 'n*leaf' --size 30000 --counted --write theirs.md
check "the page of the tree is taken" status_is 0

# Options of collectors are checked before anything is searched.
refuses "hunt: collector 'rc:' has a colon and no options behind it" "an empty list of options is refused" hunt -c rc: --against leak --programs 16 --counted
refuses "hunt: work-rc-trial: " "an option that there is not is refused" hunt -c rc --against rc-trial:rots=3 --programs 16 --counted
check "with its name" says "'rots'"
mkdir a,b
TMPDIR=$PWD/a,b refuses "a comma would end the value of an option" "a folder for what is temporary that an option cannot name is refused" \
    hunt -c rc --against leak --programs 16

cp kept.md page.md
interrupted_late hunt -c slow-rc --against rc --by work --seconds 600 --counted --write page.md
check "an interrupt ends the search" status_is 130
check "and what there is, is said" grep -q ", interrupted" out
check "and leaves the page as it was, and nothing beside it" [ "$(cmp kept.md page.md && find . -name '*.part')" = "" ]

refuses "two collectors are needed" "one collector alone is refused" hunt -c rc
refuses "did you mean 'rc-trial'" "a misspelt collector is refused with the nearest name" hunt -c rc-tral --against rc
refuses "--by takes" "a way that there is not is refused" hunt -c rc --against leak --by luck
refuses "do not go together" "groups of nothing that is measured are refused" hunt -c rc --against leak --counted --groups 2
refuses "--groups takes" "one group has no interval, and is refused" hunt -c rc --against leak --groups 1
refuses "go together" "a recipe without a size is refused" hunt -c rc --against leak --recipe leaf
refuses "there is no step" "a recipe that is none is refused" hunt -c rc --against leak --recipe leef --size 9 --counted
done_testing

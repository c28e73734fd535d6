#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Layouts are a factor of a run: blocks take them in turn, and the manifest says what was varied.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

cat >m.yaml <<'Y'
name: m
blocks: 6
layouts: 3
raw: none
cells:
  - workloads: [hostile]
    collectors: [leak, rc]
Y
planned() { python3 -c 'import json; l = json.load(open("new/manifest.json"))["layouts"]; print(l["count"], *l["varied"], *l["not_varied"])'; }
in_turn() { [ "$(column new block all | awk '{ print $1 % 3 }')" = "$(column new layout all)" ]; }

run matrix m.yaml -o new
check "a run of three layouts ends well" status_is 0
check "its blocks take them in turn" in_turn
check "every cell of a block has the block's" [ "$(column new layout | sort | uniq -c | tr -s ' ' | tr '\n' ';')" = " 8 0; 8 1; 8 2;" ]
check "the manifest says what was varied" grep -q "^3 environment" <(planned)
check "what was linked is not left behind" [ -z "$(find new -name '*@*')" ]
run compare new
check "the summary says how many there were" grep -q '^Layouts: 3 (environment' out

# Nowhere to try a link. Where the build does not link them, that is the reason, and is said first.
if grep -q '"link order"' <(python3 -c 'import json; print(json.dumps(json.load(open("new/manifest.json"))["layouts"]["varied"]))'); then
    rm -rf new
    TMPDIR=$PWD/nowhere run matrix m.yaml -o new
    run compare new
    check "where no trial can be linked the summary names the place" grep -q "not link order: $PWD/nowhere/gcmatrix-link-[^ ]*: No such file" <(tr '\n' ' ' <out)
fi

# Where env would not run what is linked.
mkdir a=b
run matrix m.yaml -o a=b/new
check "in a folder with an equals sign the link order is not varied" [ "$status-$(grep -c 'env, which runs it, would take the path for a variable' a=b/new/manifest.json)" = 0-1 ]
check "and every process ran" [ "$(column ./a=b/new status all | sort -u)" = ok ]

# Executables that have left their build.
mkdir installed
for pair in $(grep -o '"path": "[^"]*"' "$GCMATRIX_PAIRS" | cut -d'"' -f4); do
    [ "${pair#/}" != "$pair" ] || pair=$(dirname "$GCMATRIX_PAIRS")/$pair
    cp "$pair" installed
done
sed 's#"path": "[^"]*/#"path": "#' "$GCMATRIX_PAIRS" >installed/pairs.json
rm -rf new
GCMATRIX_PAIRS=installed/pairs.json run matrix m.yaml -o new
check "without a build the link order is not varied" [ "$status-$(planned | grep -o 'link order$')" = "0-link order" ]
run compare new
check "and the summary says so, and why" grep -q 'not link order: the executables are not in a build' out

sed -i 's/layouts: 3/layouts: 0/' m.yaml
refuses "m.yaml:3:10: layouts is '0'; it takes an integer from 1 to 1000" "no layout at all is refused" matrix m.yaml -o other
sed -i 's/layouts: 0/layouts: 7/' m.yaml
refuses "7 layouts take as many blocks at least; there are 6" "more layouts than blocks are refused" matrix m.yaml -o other
done_testing

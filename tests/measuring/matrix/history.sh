#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs of four commits, of which the third made a cell slower: the history names it, and git holds the history.
. "$(dirname "$(realpath "$0")")/../../tap.sh"
command -v git >/dev/null || { echo "1..0 # SKIP git is not installed"; exit 0; }
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

# A build whose rc is the slower one, or the usual one.
pairs=$(dirname "$GCMATRIX_PAIRS")
for build in usual slower; do
    mkdir $build && cp "$pairs"/pairs.json "$pairs"/hostile-{leak,rc} $build
done
cp "$SLOWER" slower/hostile-rc

git init -q -b main repo
commit() # subject time
{
    echo "$1" >repo/file
    git -C repo add file
    GIT_COMMITTER_DATE="$2 +0000" git -C repo commit -q -m "$1"
    git -C repo rev-parse HEAD
}
printf 'name: h\nblocks: 6\ncells:\n  - workloads: ["hostile:milliseconds=20"]\n    collectors: [leak, rc]\n' >m.yaml
of_show() { python3 -c 'import json, sys; m = json.load(open("out"))["machines"]; sys.exit(not eval(sys.argv[1], {"m": m, "s": {s["collector"]: s for s in m[0]["series"]}, "ids": sys.argv[2:]}))' "$1" "${ids[@]}"; }

ids=()
for number in 1 2 3 4; do
    build=$([ $number -lt 3 ] && echo usual || echo slower)
    ids+=("$(commit "commit $number" "2026-11-0$number 10:00:00")")
    GCMATRIX_PAIRS=$PWD/$build/pairs.json run matrix m.yaml -o run$number
    run history add run$number --repository repo
    check "the run of commit $number is added" [ "$status-$(ls history | wc -l)" = 0-$number ]
done
check "the files' names are in the order of the commits" \
    [ "$(ls history | cut -d- -f2 | tr '\n' ' ')" = "$(printf '%.12s ' "${ids[@]}")" ]
check "a file has a line for each cell, and for the claims" [ "$(cat history/*.jsonl | grep -c '^{"cell"')-$(cat history/*.jsonl | grep -c '^{"claims"')" = 8-4 ]
check "each line is JSON" python3 -c 'import glob, json; [json.loads(l) for f in glob.glob("history/*") for l in open(f)]'
check "an entry is small" [ "$(stat -c %s history/*.jsonl | sort -n | tail -1)" -lt 2000 ]
before=$(cat history/*.jsonl | sha256sum)
run history add run2 --repository repo --commit "${ids[1]}"
check "a run that is there already changes nothing" [ "$status-$(grep -c 'is there already' out)-$(cat history/*.jsonl | sha256sum)" = "0-1-$before" ]

run history show --json
check "the history is shown" status_is 0
check "each cell has a point for each commit" of_show 'all([p["commit"] for p in x["points"]] == ids for x in s.values()) and len(s) == 2'
# What a busy machine did to one run is told as "same program": a change of no program.
check "the cell that became slower has one change of program, at the third commit" \
    of_show '[c["commit"] for c in s["rc"]["changes"] if c["of"] != "same program"] == [ids[2]]'
check "by about what it became slower" of_show 'all(3 < c["ratio"] < 20 and c["low"] > 1 for c in s["rc"]["changes"] if c["commit"] == ids[2])'
check "of the code, or of a machine that changed too" of_show 'all(c["of"] in ("code", "machine") for c in s["rc"]["changes"] if c["commit"] == ids[2])'
check "and the other cell has none, or one that the same executable tells from the code's" of_show 'all(c["of"] == "same program" for c in s["leak"]["changes"])'
run history show
check "in words too" grep -qE "^${ids[2]:0:12} +2026-11-03 +hostile:milliseconds=20 +rc +glibc cold" out
check "with the subject of the commit" grep -q "${ids[2]:0:12} commit 3" out
run history show --matching "x rc on glibc"
check "a cell is drawn commit by commit" [ "$(grep -cE "^($(printf '%.12s|' "${ids[@]}")-) +2026-11-0. +[0-9.]+ ms" out)" = 4 ]
run history show --markdown
check "in Markdown there is a table" grep -qE '^\| *commit' out
run history show --chart drawn.svg
check "with a picture, the text is the same" diff <(cat out) <("$GCMATRIX" history show)
drawn() { sed -n 's/.*<text>\(.*\)<\/text>.*/\1/p' "$1"; } # the texts of a chart
check "which names the commit of the change, and what it changed" [ "$(drawn drawn.svg | grep -cE "^${ids[2]:0:7} \+[0-9.e+]+%$")" -ge 1 ]
check "and the commits that were measured" [ "$(drawn drawn.svg | grep -cx "${ids[0]:0:7}")" = 3 ]
check "there is a panel for each cell, and one for the machine" [ "$(drawn drawn.svg | grep -cE '^hostile:milliseconds=20 x (rc|leak) on glibc$|^the machine:')" = 3 ]
run history show --chart one.png --matching "x rc on glibc" --markdown
check "a picture is of the cells that are asked for, in the format of its ending" [ "$status-$(head -c 4 one.png | tail -c 3)" = 0-PNG ]
cp -r history evil && python3 -c '
import glob, json
for name in glob.glob("evil/*"):
    lines = [json.loads(line) for line in open(name)]
    for line in lines:
        if "cell" in line:
            line["cell"][1] += ":x=\x27; system(\x27touch touched\x27) #\"; !touch touched; `touch touched` %s@_{$"
    open(name, "w").write("".join(json.dumps(line) + "\n" for line in lines))'
run history show evil --chart evil.svg
check "a name is a name, whatever it holds" [ "$status-$(ls -d touched 2>/dev/null)-$(drawn evil.svg | grep -c touched)" = 0--2 ]
RUN_PATH=$PWD/empty-path run history show --chart undrawn.svg
check "without gnuplot its package is named, and nothing is left" [ "$status-$(grep -c gnuplot-nox err)-$(ls -A | grep -c 'undrawn\|part$')" = 2-1-0 ]
run history show --metric peak --json
check "bytes are a series, too" of_show 'len(s) == 2 and m[0]["unit"] == "bytes"'
run history show --matching nowhere
check "a name that no cell has is refused" says_only "no cell of history has 'nowhere' in its name"

# Two who add to it: git merges without a conflict.
git -C repo checkout -q -b other
mkdir -p repo/history && cp history/*.jsonl repo/history && rm "$(ls repo/history/*.jsonl | tail -1)"
git -C repo add history && git -C repo commit -q -m one
git -C repo checkout -q main && mkdir -p repo/history && cp "$(ls history/*.jsonl | tail -1)" repo/history
git -C repo add history && git -C repo commit -q -m two
check "git merges two histories" git -C repo merge -q -m both other
check "which then are one" diff -r history repo/history

# Another machine.
cp -r history mixed
sed -i '1s/"hostname_hash":"[^"]*"/"hostname_hash":"f00d"/' "$(ls mixed/*.jsonl | head -1)"
run history show mixed --json
check "times of another machine are in no series of this one" of_show '[len(x["series"][0]["points"]) for x in m] == [1, 3]'

# A merged run of two machines.
cp -r run1 two && python3 -c '
import rows
manifest = rows.manifest_read("two")
here = manifest["machine"]
manifest["machines"] = [{"machine": here, "blocks": [0, 2, 4]}, {"machine": {**here, "hostname_hash": "f00d"}, "blocks": [1, 3, 5]}]
rows.manifest_write("two", manifest)'
run history add two --repository repo --commit "${ids[0]}" --history each
check "a merged run is added as a run of each machine" [ "$status-$(ls each | wc -l)" = 0-2 ]
check "each with the times of its own blocks" python3 -c '
import glob, json, rows
taken, every = set(), rows.read("two")
for name in glob.glob("each/*"):
    head, *lines = map(json.loads, open(name))
    blocks = "135" if head["machine"]["hostname_hash"] == "f00d" else "024"
    taken.add(blocks)
    assert head["reference"]["ns"][0] == 3
    for cell in (line["cell"] for line in lines if "cell" in line):
        processes, median = cell[7 + head["metrics"].index("wall")][:2]
        assert processes == 3
        assert median in {int(r["wall_ns"]) for r in every if r["collector"] == cell[1] and r["block"] in blocks}
assert len(taken) == 2'
run history add two --repository repo --commit "${ids[0]}" --history each
check "a second time it changes nothing" [ "$status-$(grep -c 'is there already' out)-$(ls each | wc -l)" = 0-2-2 ]
run history show each --json
check "and there are two machines" of_show '[len(x["series"]) for x in m] == [2, 2]'
run history export two --to bencher
check "an export is of one of them, which it names" [ "$status-$(grep -c 'those of machine [12] (host' err)" = 0-1 ]

# Refused, with nothing left behind.
refuses "git in repo" "a commit that is not there is refused" history add run1 --repository repo --commit nowhere
refuses "git in .:" "and a folder that is no repository" history add run1
echo more >>repo/file
refuses "repo has changes that are in no commit" "what is measured has a commit" history add run1 --repository repo
git -C repo checkout -q -- file
refuses "the run is there already as one of another commit" "a run is of one commit" history add run1 --repository repo --commit "${ids[3]}"
cp -r run1 going && sed -i 's/"ended": "[^"]*"/"ended": null/; s/"finished": "[^"]*"/"finished": null/' going/manifest.json
python3 "$PYTHONPATH/rows.py" going
refuses "going has not ended" "a run that goes on is refused" history add going --repository repo --commit "${ids[0]}"
refuses "gone: No such file" "a history that is not there is refused" history show gone
mkdir empty
refuses "empty holds no entry" "and an empty one" history show empty
cp -r history cut && first=$(ls cut/*.jsonl | head -1) && truncate -s -9 "$first"
refuses "$first:4:" "an entry that is cut is refused, with its line" history show cut
cp -r history linked && rm "$(ls linked/*.jsonl | head -1)" && ln -s "$PWD/m.yaml" linked/a.jsonl
refuses "linked/a.jsonl: it is a link" "a link is not followed" history show linked
cp -r history piped && mkfifo piped/a.jsonl
refuses "piped/a.jsonl: it is a pipe" "a pipe is not waited for" history show piped

# For other programs.
run history export run1 --to bencher
check "Bencher gets each cell with its latency" python3 -c '
import json
m = json.load(open("out"))
assert sorted(m) == ["hostile:milliseconds=20 x leak on glibc", "hostile:milliseconds=20 x rc on glibc"]
for cell in m.values():
    for measure in cell.values():
        assert set(measure) <= {"value", "lower_value", "upper_value"} and isinstance(measure["value"], (int, float))
    assert 20e6 <= cell["latency"]["lower_value"] <= cell["latency"]["value"] <= cell["latency"]["upper_value"]'
run history export run1 --to github-action-benchmark
check "github-action-benchmark gets a list of entries" python3 -c '
import json
m = json.load(open("out"))
assert len({e["name"] for e in m}) == len(m) > 4
assert all(set(e) <= {"name", "unit", "value", "range"} and isinstance(e["value"], (int, float)) for e in m)'
done_testing

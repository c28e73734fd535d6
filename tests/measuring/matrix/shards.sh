#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Shards of a run, merged, are the run that one machine would have made; whatever was lost, run twice or damaged.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

printf 'name: s\nblocks: 5\nseed: 3\nvary_seed: true\nraw: all\nlayouts: 2\ncells:\n  - workloads: ["hostile:milliseconds=2", "hostile:milliseconds=3"]\n    collectors: [leak, rc]\n' >m.yaml
processes=30 # 4 cells and 2 baselines in 5 blocks

holds() { python3 -m folders "$1"; } # expression of rows and manifests by folder

run matrix m.yaml -o whole
check "the whole runs" status_is 0
for i in 1 2 3; do
    run matrix m.yaml -o s$i --shard $i/3
    check "shard $i of 3 runs" status_is 0
done
check "a shard has its blocks alone" holds '[sorted({r["block"] for r in rows(f"s{i}")}) for i in (1, 2, 3)] == [["0", "3"], ["1", "4"], ["2"]]'
check "and is finished" holds 'all(manifest(f"s{i}")["ended"] == "blocks" for i in (1, 2, 3))'
run compare s2
check "a shard by itself lacks nothing" [ "$status-$(grep -c missing out)" = 0-0 ]

run merge s1 s2 s3 -o merged
check "the shards are merged" status_is 0
check "and said to be whole" grep -q "merged: $processes processes in 5 blocks, from 3 folders of 1 machine" out
check "the merged run is the whole one, in everything but times" holds 'plan("merged") == plan("whole")'
check "with the same files" holds 'files("whole") == files("merged") and all(r["files"] for r in rows("merged"))'
check "its times are those of the shards" \
    holds 'sorted(r["wall_ns"] for r in rows("merged")) == sorted(r["wall_ns"] for i in (1, 2, 3) for r in rows(f"s{i}"))'
check "it is finished, as a run of no shard, of one machine with five blocks" \
    holds '(lambda m: m["ended"] == "blocks" and "shard" not in m and [x["blocks"] for x in m["machines"]] == [[0, 1, 2, 3, 4]])(manifest("merged"))'
run compare merged
check "it is read without a word of damage" [ "$status-$(wc -l <err)" = 0-0 ]
run merge s3 s1 s2 s1 -o again
check "another order, and a folder twice, make the same rows" \
    holds '{n: c for n, c in contents("again").items() if n != "manifest.json"} == {n: c for n, c in contents("merged").items() if n != "manifest.json"}'
cp -r s1 turned && { sed -n 1p s1/runs.csv && sed 1d s1/runs.csv | tac; } >turned/runs.csv
run merge turned s2 s3 -o of-turned
check "the order of a shard's rows says nothing" cmp of-turned/runs.csv merged/runs.csv
run merge merged s2 -o once-more
check "merging the merged run with one of its shards changes nothing" holds 'contents("once-more") == contents("merged")'
check "though a block was there more than once" grep -q "2 blocks were there more than once" out

# What is lost, and what is run twice.
run merge s1 s3 -o part
check "a shard that is lost is missing" status_is 4
check "with its number" says "block 1 (shard 2/3): 6 missing"
check "and the run is not finished" holds 'manifest("part")["ended"] is None'
run compare part
check "which its readers say" grep -q "Unfinished: 12 processes of 6 cells are missing" out
run merge part s2 -o complete
check "and it is completed later" holds 'plan("complete") == plan("whole")'
cp -r s2 torn && python3 - <<'P'
import rows
every = rows.read("torn")
rows.write("torn", [r for r in every if r["block"] == "1"][:3] + [r for r in every if r["block"] == "4"], list(every[0]))
P
run merge s1 torn s2 s3 -o fuller
check "a block comes from the folder that has most of it" holds 'plan("fuller") == plan("whole")'
check "as a whole" holds '{r["wall_ns"] for r in rows("fuller") if r["block"] == "1"} == {r["wall_ns"] for r in rows("s2") if r["block"] == "1"}'

# Two machines.
cp -r s2 far && sed -i 's/"hostname_hash": "[^"]*"/"hostname_hash": "f00dface"/; s/"cpu": "[^"]*"/"cpu": "Another"/' far/manifest.json
run merge s1 far s3 -o two
check "two machines are told apart" grep -q "from 3 folders of 2 machines" out
check "each with its blocks" holds '[x["blocks"] for x in manifest("two")["machines"]] == [[0, 2, 3], [1, 4]]'
check "and absolute figures are said to be of one" holds 'any("measured on 2 machines" in w for w in manifest("two")["warnings"])'
run compare two
check "claims are over machines, and times of the one with most blocks" \
    grep -q "those of machine 1 (host [0-9a-f]*), which ran 3 of 5 blocks" <(tr '\n' ' ' <out)
run plot two --tables
check "its tables say what each machine has" [ -s two/tables/machine_claims.csv -a -s two/tables/machine_cells.csv ]
run plot merged --tables
check "which a run of one machine does not" [ ! -e merged/tables/machine_claims.csv -a ! -e merged/tables/machine_cells.csv ]

# An estimate is by one machine of it: this one, or that which has most.
cp -r two busy && python3 - <<'P'
import rows
every = rows.read("busy")
for row in every:
    if row["block"] in "14":
        row["process_wall_ns"] = str(1000 * int(row["process_wall_ns"]))
rows.write("busy", every, list(every[0]))
P
time_of() { sed -n 's/^time: about \(.*\), by .*/\1/p' out; }
run matrix m.yaml -n --estimate-from two
expected=$(time_of)
check "an estimate is by this machine" grep -q ", by two on machine 1 (host [0-9a-f]*)$" out
run matrix m.yaml -n --estimate-from busy
check "whatever another one took" [ -n "$expected" -a "$(time_of)" = "$expected" ]
python3 "$PYTHONPATH/rows.py" busy && sed -i 's/"hostname_hash": "/&far/' busy/manifest.json
run matrix m.yaml -n --estimate-from busy
check "or by that of most processes" grep -q ", by busy on machine 1 (host far" out
run matrix m.yaml -n --estimate-from s3
check "the only block of a shard counts as the plan's first" grep -q "^time: about .*, by s3$" out

# Nothing is computed from two clocks.
cp -r s2 later && python3 - <<'P'
import rows
manifest = rows.manifest_read("later")
for about, key in [(manifest, "created"), (manifest, "finished"), *((session, "begin") for session in manifest["sessions"])]:
    about[key] = "2099" + about[key][4:]
rows.manifest_write("later", manifest)
P
run merge s1 later s3 -o clocks
check "a machine whose clock is wrong is merged as any other" \
    holds '{n: c for n, c in contents("clocks").items() if n != "manifest.json"} == {n: c for n, c in contents("merged").items() if n != "manifest.json"}'
check "the run lasts from the earliest time to the latest that is said" \
    holds '(manifest("clocks")["created"], manifest("clocks")["finished"]) == (manifest("merged")["created"], manifest("later")["finished"])'

# A checksum that is another one on another machine.
cp -r s2 liar && python3 - <<'P'
import rows
every = rows.read("liar")
target = next(r for r in every if r["workload"] == "hostile")
target["checksum"] = "00000000deadbeef"
rows.write("liar", every, list(every[0]))
P
run merge s1 liar s3 -o lies
check "a checksum that disagrees with the same work in its block is a mismatch" [ "$status-$(column lies status | grep -c mismatch)" = 1-1 ]

# What is damaged is said, and a check of the new folder does not hide it. What a folder says of its machine loses nothing.
cp -r s2 hurt && python3 - <<'P'
data = bytearray(open("hurt/reference.csv", "rb").read())
data[-2] ^= 1
open("hurt/reference.csv", "wb").write(data)
import rows
manifest = rows.manifest_read("far")
manifest["machine"]["hostname_hash"] = "aéééé"
manifest["warnings"] = ["look here"]
rows.manifest_write("far", manifest)
P
run merge s1 hurt s3 -o hurts
check "damaged times of the reference program are said" says "hurt: of its files 1 is damaged (the first is hurt/reference.csv)"
run merge s1 far s3 -o odd
check "a warning is kept, whatever its machine is called" holds 'any(w.endswith(": look here") for w in manifest("odd")["warnings"])'

# Refused, with nothing left behind.
refuses "merged is there already" "a folder that is there is refused" merge s1 s2 -o merged
refuses "one results folder or more" "no folder is refused" merge -o no
refuses "-o names the folder" "so is no -o" merge s1
cp -r s1 rebuilt && python3 "$PYTHONPATH/rows.py" rebuilt
sed -i 's/\("hostile-rc": "\)./\1x/' rebuilt/manifest.json
refuses "rebuilt cannot be merged with s2: the executable hostile-rc has changed since" "another executable is refused" merge s2 rebuilt -o no
cp -r s1 longer && python3 "$PYTHONPATH/rows.py" longer
sed -i 's/"spec_sha256": "./"spec_sha256": "x/' longer/manifest.json
refuses "longer cannot be merged with s2: the spec is another one" "so is another specification" merge s2 longer -o no
refuses "cannot be resumed: it was merged" "a merged run is not resumed" matrix m.yaml -o merged --resume
refuses "it is shard 1/3 of its run, and not 2/3" "a shard is not resumed as another" matrix m.yaml -o s1 --resume --shard 2/3
refuses "--shard takes I/N" "a shard beyond the last is refused" matrix m.yaml -o no --shard 4/3
refuses "has 5 blocks, and each shard needs one" "so are more shards than blocks" matrix m.yaml -o no --shard 1/6
sed 's/blocks: 5/precision: 5%/' m.yaml >p.yaml
refuses "a fixed number of blocks" "so is a shard of a run that adds blocks" matrix p.yaml -o no --shard 1/2
sed -i 's/"index": 1/"index": 9/' rebuilt/manifest.json
refuses '"shard" is none of a run of 5 blocks' "a shard that cannot be is refused" merge rebuilt -o no

# Killed in the middle, a shard goes on.
"$GCMATRIX" matrix m.yaml -o slow --shard 2/3 >out 2>err </dev/null &
pid=$!
rows_reach slow/runs.csv 3
kill -KILL $pid 2>/dev/null
wait $pid 2>/dev/null
run matrix m.yaml -o slow --shard 2/3 --resume
check "a shard that was killed goes on to its end" holds 'plan("slow") == plan("s2")'
done_testing

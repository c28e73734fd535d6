#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Rows that are complete stay: damage costs what is damaged, is told from design, and is never passed over in silence.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

printf 'name: d\nblocks: 3\nraw: none\ncells:\n  - workloads: ["hostile:milliseconds=1"]\n    collectors: [leak, rc]\n' >m.yaml
processes=12 # 2 cells and 2 baselines in 3 blocks
from=new
again() { rm -rf bad && cp -r $from bad; }
change() # a Python program over `data`, the bytes of a file of the folder
{
    again
    python3 - "bad/$1" "$2" <<'P'
import sys
path, program = sys.argv[1:]
data = bytearray(open(path, "rb").read())
starts = [0] + [i + 1 for i, byte in enumerate(data) if byte == 10]  # of each line; rows begin at starts[1]
exec(program)
open(path, "wb").write(data)
P
}
# How many rows of the folder bad are, byte for byte, rows of the folder new.
kept() { comm -12 <(LC_ALL=C sort bad/runs.csv) <(LC_ALL=C sort new/runs.csv) | grep -c '^[0-9]'; }
# Damage of runs.csv that costs so many rows: all who read say so with its line; a resume measures these and no other.
costs() # rows sentence program
{
    change runs.csv "$3"
    run compare bad
    check "$2: compare says so with its place" [ "$status-$(grep -cE 'bad/runs.csv(:[0-9]+)?: .*damaged' err)" = 0-1 ]
    check "and that rows are missing" grep -q "Rows were lost after the run had ended: $1 processes of" out
    run matrix m.yaml -o bad --resume
    check "a resume measures what is lost" [ "$status-$(complete_once bad $processes && echo once)" = 0-once ]
    check "and no row that is whole" [ "$(kept)" -eq $((processes - $1)) ]
    run compare bad
    check "and then nothing is damaged" eval '! says damaged && ! grep -q "missing" out && [ -s bad/damaged-rows.csv ]'
}

run matrix m.yaml -o new
cp -r new written
python3 - <<'P' # as on a machine that disturbs no process
import rows
every = [row | {"queued_ns": 0, "stolen_ns": 0} for row in rows.read("new") if row["attempt"] == "0"]
rows.write("new", every, list(every[0]))
rows.manifest_write("new", rows.manifest_read("new") | {"rows": len(every)})
P
check "every row has a check that fits it" python3 -c '
import sys, zlib
lines = open("new/runs.csv", "rb").read().split(b"\n")[1:-1]
sys.exit(any(b"%08x" % zlib.crc32(line[:-9]) != line[-8:] or line[-9:-8] != b"," for line in lines))'
costs 1 "a quote in the place of a letter" 'data[starts[3] + 12] = ord("\"")'
costs 1 "a digit in the place of another" 'at = data.index(b",hostile,", starts[4]) - 1; data[at] ^= 1'
costs 1 "a byte of 0" 'data[starts[5] + 14] = 0'
costs 2 "a line feed that is gone" 'data[starts[3] - 1] = ord(" ")'
costs 1 "a byte that is gone" 'del data[starts[2] + 5]'
costs 1 "a line feed that is there twice" 'data[starts[2] + 5] = 10'

for program in 'data[4] ^= 1' 'del data[4]' 'del data[:starts[1]]'; do
    change runs.csv "$program"
    run compare bad
    check "a header that is damaged is said with its place: $program" [ "$status-$(wc -l <err)-$(grep -c 'bad/runs.csv:1: the header is damaged or gone' err)" = 0-1-1 ]
    run matrix m.yaml -o bad --resume
    check "and a resume writes it anew, and loses no row" cmp bad/runs.csv new/runs.csv
    check "nor sets one aside" absent bad/damaged-rows.csv
done

# A manifest by which rows are wrong may be what is damaged: it is named, whoever reads, with the rows.
from=written
names_both() { status_is 2 && grep -q "bad/manifest.json: it is damaged" err && grep -q "bad/runs.csv:" err; }
change manifest.json 'data[data.index(b"results.3") + 8] = ord("2")'
for command in "compare bad" "plot bad" "trace bad -o t" "table bad runs" "merge bad -o merged" "matrix m.yaml -o bad --resume"; do
    run $command
    check "a manifest of another schema than the rows is named by ${command%% *}" names_both
done
for program in 'data[data.index(b"results.3") + 8] = ord("1")' 'at = data.index(b"\n  \"seed\": ") + 11; data[at] ^= 3' \
    'at = data.index(b"\"hostile\"") + 1; data[at] ^= 1' 'at = data.index(b"\"milliseconds=1") + 14; data[at] ^= 1'; do
    change manifest.json "$program"
    run compare bad
    check "a manifest by which rows are wrong is named: $program" names_both
done
change manifest.json 'data[data.index(b"results.3") + 8] = ord("2"); del data[data.index(b"\n  \"check\""):data.index(b"\n", data.index(b"\n  \"check\"") + 1)]'
run compare bad
check "so are both files where no check tells which is wrong" says_only "bad/runs.csv:1: the columns are those of schema 3, but bad/manifest.json"
from=new

# Damage of other files of the folder.
rm -rf bad && mv written bad && sed -i 's/"memory_bytes": [0-9]/&1/' bad/manifest.json
run compare bad
check "a manifest that is not as it was written is said" [ "$status-$(grep -c 'bad/manifest.json: .*its check does not fit' err)" = 0-1 ]
again && rm bad/records/000004.json
run compare bad
check "a record that was deleted is said" [ "$status-$(grep -c 'bad: of its files 1 is gone (the first is bad/records/000004.json)' err)" = 0-1 ]
run matrix m.yaml -o bad --resume
check "by a resume too" says "1 is gone (the first is bad/records/000004.json)"
change records/000005.json 'at = data.index(b"\"wall_ns\": ") + 11; data[at] ^= 1'
run compare bad
check "and one that is damaged" [ "$status-$(grep -c '1 is damaged (the first is bad/records/000005.json)' err)" = 0-1 ]
change reference.csv 'at = data.index(b"\n0,") + 4; data[at] ^= 1'
run compare bad
check "so are damaged times of the reference program" [ "$status-$(grep -c '1 is damaged (the first is bad/reference.csv)' err)" = 0-1 ]
again && sed -i '$d' bad/runs.csv
run compare bad
check "and a row that was deleted" [ "$status-$(grep -c 'bad/runs.csv: rows are gone: 1 of the 12 that' err)" = 0-1 ]
again && rm -r bad/records
run compare bad
check "a run that was handed on without its records is none" [ "$status-$(wc -c <err)" = 0-0 ]

# A row whose check fits, and that is not of the plan.
contradict() # column value words sentence
{
    again
    python3 - "$1" "$2" <<'P'
import rows, sys
name, value = sys.argv[1:]
every = rows.read("bad")
every[1][name] = str(eval(value, {"old": every[1][name], "every": every}))
rows.write("bad", every, list(every[0]))
P
    local was words=$3
    was=$(md5sum bad/*.*)
    for command in "compare bad" "plot bad" "matrix m.yaml -o bad --resume"; do
        run $command
        check "$4: ${command%% *} refuses the row" eval 'status_is 2 && says_only "bad/runs.csv:3: $words"'
    done
    check "and nothing is touched" [ "$(md5sum bad/*.*)" = "$was" ]
}
contradict cell '(int(old) + 1) % 4' "id 1 is of cell" "a row of another cell"
contradict block '(int(old) + 1) % 3' "id 1 is not of block 1" "a row of another block"
contradict id '99' "id 99 is not in the plan" "a row of no id"
contradict workload '"rings"' "workload is 'rings', but cell" "a row of another workload"
contradict collector '"boehm"' "collector is 'boehm', but cell" "a row of another collector"
contradict status '"fine"' "status is 'fine', which is none" "a row of no status"
contradict layout '1' "layout is 1, but the manifest makes it 0" "a row of another layout"
contradict seed '2' "seed is 2, but the manifest makes it 1" "a row of another seed"
contradict process_wall_ns '" " + old' "column process_wall_ns is ' " "a number with a blank"
contradict process_wall_ns '"+" + old' "column process_wall_ns is '+" "a number with a sign"
contradict process_wall_ns '2**62' "column process_wall_ns is '4611686018427387904'" "a number whose sums are beyond 64 bits"
done_testing

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# callgrind counts instructions: the count is exact, is of the workload alone, and is the same through every command.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

if ! command -v valgrind >/dev/null; then
    echo "1..0 # SKIP valgrind is not installed"
    exit 0
fi

counted() { python3 -c 'import json, sys; print(json.load(open("out"))["instructions"])'; }
pair=(run rings:count=500 -c rc-trial --json)

run "${pair[@]}" --counter instructions
check "a pair is run and counted" status_is 0
first=$(counted)
PADDING=$(printf '%3000s' x) HOME=/nowhere run "${pair[@]}" --counter instructions
check "another environment around it changes no instruction" [ "$(counted)" = "$first" ]
run "${pair[@]}" --counter instructions --seed 2
check "other work does" [ "$(counted)" != "$first" ]
run "${pair[@]}"
check "nothing is counted unasked" [ -z "$(grep instructions out)" ]
refuses "--counter is 'cycles'; it takes perf or instructions" "an unknown counter is refused" "${pair[@]}" --counter cycles
run "${pair[@]}" --counter perf
by_processor() { python3 - <<'P'
import json
counters = json.load(open("out"))["counters"]
doctor = next(f["state"] for f in json.load(open("doctor"))["findings"] if f["name"] == "counters")
assert set(counters) == {"instructions", "cycles"}, counters
assert all(value is None or value > 1e6 for value in counters.values()), counters
assert doctor == "ok" or counters["instructions"] is None, (doctor, counters)
P
}
"$GCMATRIX" doctor --json >doctor
check "the processor's counters are in the record, null where it shows none" by_processor
mkdir bin && ln -s "$(command -v hyperfine)" "$(command -v env)" bin
RUN_PATH=$work/bin
refuses "the package is valgrind" "without valgrind its package is named" "${pair[@]}" --counter instructions

cat >m.yaml <<'Y'
name: m
blocks: 2
raw: none
counter: instructions
cells:
  - workloads: ["rings:count=500"]
    collectors: [rc-trial]
    allocators: [glibc, jemalloc]
Y
refuses "m.yaml: instructions are counted by valgrind" "as it is to a matrix" matrix m.yaml -o new
unset RUN_PATH
if ! "$GCMATRIX" list 2>/dev/null | grep -q '^  jemalloc *not installed\|libjemalloc'; then sed -i 's/, jemalloc//' m.yaml; fi
run matrix m.yaml -o new
check "a matrix counts its cells" status_is 0
check "the same in each block, as a run by hand has it" [ "$(paste -d, <(column new workload) <(column new allocator) | grep -c rings,glibc)" = 2 -a \
    "$(python3 -c '
import csv
print(*sorted({r["instructions"] for r in csv.DictReader(open("new/runs.csv")) if r["workload"] == "rings" and r["allocator"] == "glibc"}))')" = "$first" ]
again=$(column new instructions | sort)
sed -i '$d' new/runs.csv && sed -i 's/"finished": "[^"]*"/"finished": null/' new/manifest.json
run matrix m.yaml -o new --resume
check "and a resume, which starts its process anew, has the same" [ "$status-$(column new instructions | sort)" = "0-$again" ]
printf 'name: w\nblocks: 1\nraw: none\ncounter: instructions\ncells:\n  - workloads: ["rings:count=500"]\n    collectors: [rc-trial]\n    memory: [cold, warm]\n' >w.yaml
run matrix w.yaml -o warm
check "a warm process has the count of the cold one" [ "$(paste -d, <(column warm workload) <(column warm instructions) | grep '^rings,[1-9]' | sort | uniq -c | awk '{print $1}')" = 2 ]
# valgrind reads signs of a file name.
run matrix w.yaml -o '~/100%p'
check "a folder of any name has its counts" [ "$status-$(column '~/100%p' instructions)" = "0-$(column warm instructions)" ]
sed -i 's/counter: instructions/counter: cycles/' m.yaml
refuses "m.yaml:4:10: counter: 'cycles' does not fit; it takes none, perf or instructions" "a counter that there is not is refused in its place" matrix m.yaml -o other
done_testing

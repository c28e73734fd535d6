#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Quantiles, curves and minimum mutator utilisation of real collectors' pauses are computed again from the raw events.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

cat >m.yaml <<'Y'
name: p
blocks: 3
raw: all
cells:
  - workloads: ["binary-trees:depth=11", "doubly-linked:lists=20,length=100,rounds=20"]
    collectors: [rc, "rc-trial:roots=2000", "rc-gcrefs:threshold0=1000", "mark-sweep:minimum=100000"]
Y
run matrix m.yaml -o new
check "the run is complete" status_is 0
run plot new --tables
check "and so are its tables" status_is 0

cat >common.py <<'P'
import attempts, csv, json, math, statistics
cells = json.load(open("new/manifest.json"))["cells"]
rows = [r for r in attempts.counted(list(csv.DictReader(open("new/runs.csv")))) if not cells[int(r["cell"])]["baseline"]]
for r in rows:
    r["events"] = [(e["kind"], int(e["begin_ns"]), int(e["end_ns"])) for e in csv.DictReader(open(f"new/events/{r['id']:0>6}.csv"))]
    r["record"] = json.load(open(f"new/records/{r['id']:0>6}.json"))
shares = {"p50_ns": .5, "p90_ns": .9, "p99_ns": .99, "p999_ns": .999, "max_ns": 1}
kinds = {"all": lambda kind: True, "without_cascades": lambda kind: kind != "cascade"}
def lengths(row, kind): return sorted(end - begin for k, begin, end in row["events"] if kinds[kind](k))
def quantile(values, p): return values[max(0, math.ceil(p * len(values) - 1e-9) - 1)]
def cell_of(row): return row["workload"], row["collector"]
def table(name):
    for r in csv.DictReader(open(f"new/tables/{name}.csv")):
        r["cell"] = r["work"].partition(":")[0], r["config"].partition(":")[0]
        yield r
P
cat >records.py <<'P'
from common import *
cascades = 0
for r in rows:
    for kind, key in ("all", "pauses"), ("without_cascades", "pauses_without_cascades"):
        found, said = lengths(r, kind), r["record"][key]
        assert said["count"] == len(found) and said["total_ns"] == sum(found)
        for name, p in shares.items():
            assert said[name] == (quantile(found, p) if found else 0 if name == "max_ns" else None), (cell_of(r), name)
    cascades += r["record"]["pauses"]["count"] - r["record"]["pauses_without_cascades"]["count"]
    assert {k for k, _, _ in r["events"]} <= {"full", "young", "cascade"}
assert cascades > 0
P
check "every record's quantiles, with cascades and without, are those of the raw events" python3 records.py
cat >tables.py <<'P'
from common import *
seen = set()
for line in table("pauses"):
    found = [lengths(r, line["kind"]) for r in rows if cell_of(r) == line["cell"]]
    for name, p in shares.items():
        each = [quantile(f, p) for f in found if f]
        if not each: continue
        expected = max(each) if name == "max_ns" else statistics.median(each)
        assert abs(float(line[name]) / expected - 1) < 1e-8, (line, expected)
        seen.add((line["cell"], line["kind"]))
assert len(seen) >= 10
for line in table("pause_curve"):
    pool = sorted(sum((lengths(r, line["kind"]) for r in rows if cell_of(r) == line["cell"]), []))
    x = float(line["x"])
    assert int(line["pauses"]) == len(pool)
    at = len(pool) if x >= len(pool) else (1 - 1 / x) * len(pool)
    # x has nine digits: at a step of the quantile either side is right.
    assert pool[max(0, math.ceil(at - 1e-6) - 1)] <= int(line["pause_ns"]) <= pool[min(len(pool), max(1, math.ceil(at + 1e-6))) - 1]
P
check "so are the medians over processes, the longest, and the pooled curves" python3 tables.py
cat >utilisation.py <<'P'
from common import *
import bisect
def minimum(row, window):
    """Windows with an edge on any change, in every place: as the definition has it, by prefix sums."""
    run = int(row["wall_ns"])
    joined = []
    for _, b, e in sorted(row["events"], key=lambda e: e[1]):
        b, e = max(b, 0), min(e, run)
        if b >= e: continue
        if joined and b <= joined[-1][1]: joined[-1][1] = max(e, joined[-1][1])
        else: joined.append([b, e])
    begins, before = [b for b, _ in joined], [0]
    for b, e in joined: before.append(before[-1] + e - b)
    def until(t):
        i = bisect.bisect_right(begins, t)
        return before[i] - (max(0, joined[i - 1][1] - t) if i else 0)
    starts = {0, run - window} | {min(max(t, 0), run - window) for b, e in joined for t in (b, e, b - window, e - window)}
    return 1 - max(until(t + window) - until(t) for t in starts) / window
checked = 0
without = {}
for line in table("utilisation"):
    place = line["cell"], line["window_ns"]
    if line["kind"] == "with_estimate":
        assert float(line["utilisation"]) <= without[place] + 1e-9, line
        continue
    without[place] = float(line["utilisation"])
    window = int(line["window_ns"])
    each = [minimum(r, window) for r in rows if cell_of(r) == line["cell"] and int(r["wall_ns"]) >= window]
    if len(each) != int(line["processes"]): continue
    assert abs(float(line["utilisation"]) - statistics.median(each)) < 1e-7, (line, each)
    checked += 1
assert checked > 100, checked
P
check "and the minimum utilisation of every window" python3 utilisation.py
done_testing

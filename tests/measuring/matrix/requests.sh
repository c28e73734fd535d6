#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Requests arrive on a schedule. Their times, and their figures in the record, are computed again from the raw requests.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

work=request-server:requests=3000,entries=500,sessions=20,history=50
latency() # path of keys -> value in the record that was printed
{
    python3 -c 'import json, sys
value = json.load(open("out"))
for key in sys.argv[1:]: value = value[key]
print(value)' "$@"
}

run run $work -c mark-sweep --latencies closed.csv --json
closed=$(latency checksum)
check "a closed loop offers no rate" [ "$(latency latency offered_per_s) $(latency latency response)" = "None None" ]
cat >again.py <<'P'
import bisect, csv, json, math, sys
rows = [tuple(map(int, r.values())) for r in csv.DictReader(open(sys.argv[1]))]
said = json.load(open("out"))["latency"]
assert len(rows) == said["requests"] == 3000
assert all(a <= b <= e for a, b, e in rows)
assert [b for _, b, _ in rows] == sorted(b for _, b, _ in rows)
rows.sort(key=lambda r: r[1])
begins = [b for _, b, _ in rows]
n, span = len(rows), max(e for _, _, e in rows) - begins[0]
def first(moment): # of the requests, the first that begins then or later, within the run
    return min(bisect.bisect_left(begins, moment), n - 1)
def metered(window):
    for i, (_, begin, end) in enumerate(rows):
        s, e = first(begin - window // 2), first(begin + window // 2)
        even = begin if e == s else begins[s] + (i - s) * (begins[e] - begins[s]) // (e - s)
        yield max(end - begin, end - even)
def same(kind, values):
    values = sorted(values)
    for name, p in ("p50", .5), ("p90", .9), ("p99", .99), ("p999", .999), ("max", 1):
        assert said[kind][name + "_ns"] == values[max(0, math.ceil(p * n) - 1)], (kind, name)
same("simple", (e - b for _, b, e in rows))
same("metered_100ms", metered(100_000_000))
same("metered_10x", metered(10 * span))
if said["response"]: same("response", (e - a for a, _, e in rows))
assert abs(said["achieved_per_s"] / (n / span * 1e9) - 1) < 1e-9
P
check "the record's quantiles are those of the raw requests" python3 again.py closed.csv

run run $work,rate=30000,arrivals=fixed -c mark-sweep --latencies open.csv --json
check "the same on a schedule, with the response time" python3 again.py open.csv
check "what arrives is what was asked for" python3 -c "assert abs($(latency latency offered_per_s) / 30000 - 1) < 1e-4"
check "the checksum does not depend on the schedule" [ "$(latency checksum)" = "$closed" ]
check "fixed arrivals are evenly spaced" python3 -c '
import csv
at = [int(r["arrival_ns"]) for r in csv.DictReader(open("open.csv"))]
assert {b - a for a, b in zip(at, at[1:])} <= {33333, 33334}'
run run $work,rate=1e7 -c rc --json
check "more than the server can do is not achieved, and the queue is what is waited in" python3 -c '
import json
said = json.load(open("out"))["latency"]
assert said["achieved_per_s"] < said["offered_per_s"] / 2 and said["response"]["p50_ns"] > 10 * said["simple"]["p50_ns"]'
run run $work,rate=30000 -c rc --latencies exponential.csv --json
check "under another collector and arrivals the checksum is the same" [ "$(latency checksum)" = "$closed" ]
check "exponential gaps have as much deviation as mean" python3 -c '
import csv, statistics
at = [int(r["arrival_ns"]) for r in csv.DictReader(open("exponential.csv"))]
gaps = [b - a for a, b in zip(at, at[1:])]
assert abs(statistics.mean(gaps) / 33333 - 1) < .06 and abs(statistics.stdev(gaps) / statistics.mean(gaps) - 1) < .08'
run run $work -c rc
check "people read of the requests in words" grep -qE "^  metered +half within .* 99% within .* all within " out

run run request-server:requests=1e6,entries=1000,sessions=9 -c leak --heap-limit 8Mi --json
check "a run that ends early has the requests that were complete" \
    python3 -c 'import json; l = json.load(open("out"))["latency"]; assert 0 < l["requests"] < 1e6'
refuses "binary-trees serves no requests" "a workload without requests has none to write" \
    run binary-trees:depth=6 -c rc --latencies none.csv
printf 'name: l\nblocks: 2\ncells:\n  - workloads: ["%s", null]\n    collectors: [rc]\n' $work >m.yaml
run matrix m.yaml -o new
check "a matrix keeps the requests of the first block" [ "$(cat new/latencies/*.csv | wc -l)" -eq $((3001 * $(paste -d, <(column new block all) <(column new workload all) | grep -c "^0,request-server"))) ]
run plot new --only latency
check "its tables have three kinds of latency in a closed loop" [ "$(python3 -c '
import csv
print(*sorted({r["kind"] for r in csv.DictReader(open("new/tables/latency.csv"))}))')" = "metered_100ms metered_10x simple" ]
check "the page has them as a table" python3 -c '
import json, re
page = json.loads(re.search("id=.data.>(.*?)</script>", open("new/report.html").read(), re.DOTALL)[1])
assert page["tables"]["latency"]["rows"] > 0 and "p999_ns" in page["tables"]["latency"]["columns"]'
check "and the curve of requests ends where their longest does" python3 -c '
import attempts, csv
first = [r for r in csv.DictReader(open("new/runs.csv")) if r["block"] == "0" and r["workload"] == "request-server"]
kept = "new/latencies/%06d.csv" % int(attempts.counted(first)[0]["id"])
longest = max(int(r["end_ns"]) - int(r["begin_ns"]) for r in csv.DictReader(open(kept)))
curve = [r for r in csv.DictReader(open("new/tables/latency_curve.csv")) if r["kind"] == "simple"]
assert int(curve[-1]["latency_ns"]) == longest and curve[-1]["x"] == "3000"'
sed -i '3s/.*/9,5,7/' new/latencies/*.csv
run plot new
check "a request that begins before it arrives is refused with its place" says ".csv:3: the request ends before it begins, or begins before it arrives"
done_testing

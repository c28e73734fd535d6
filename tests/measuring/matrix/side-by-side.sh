#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gcmatrix run: several collectors side by side, what it writes, and what an interrupt leaves. HOSTILE_PAIRS are pairs
# that fail in every way.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

work=rings:count=300,live=20
get() { python3 -c 'import json, sys; d = json.load(open("out")); print(eval(sys.argv[1]))' "$1"; } # expression of d
is() { [ "$1" = "$2" ] || { echo "# it is $1, not $2"; false; }; }

run run $work -c rc -c mark-sweep:growth=4 -c leak --runs 3 --json
check "several collectors run" status_is 0
check "in the order in which they were named" is "$(get '[c["collector"] for c in d["collectors"]]')" "['rc', 'mark-sweep:growth=4', 'leak']"
check "each in every round" is "$(get '[len(c["records"]) for c in d["collectors"]]')" "[3, 3, 3]"
check "a ratio is the mean of the ratios by round, on a scale of logarithms" is "$(get '
(lambda walls: [abs(math.exp(sum(math.log(a / b) for a, b in zip(w, walls[0])) / 3) - c["ratio"]) < 1e-9 for w, c in zip(walls, d["collectors"])])(
[[r["wall_ns"] for r in c["records"]] for c in d["collectors"]]) if (math := __import__("math")) else 0')" "[True, True, True]"
check "with an interval, but for that of the first to itself" is \
    "$(get '[c["ratio_low"] is not None and c["ratio_low"] <= c["ratio"] <= c["ratio_high"] for c in d["collectors"]]')" "[False, True, True]"
check "and what a collector leaves is said" is "$(get '[c["role"] for c in d["collectors"]]')" "['leaks', 'reclaims', 'floor']"

run run $work -c rc -c mark-sweep -c leak --runs 2
check "people read a row for each" [ "$(grep -cE '^(rc|mark-sweep|leak) .*(s|s†|s‡) ' out)" -eq 3 ]
check "with a mark where garbage is left" grep -qE '^rc .*†.*1\.000†' out
check "another where nothing is freed" grep -qE '^leak .*‡' out
check "no mark where all is freed" grep -qE '^mark-sweep [^†‡]*$' out
check "and what the marks mean" grep -qF "† left more than a tenth of its garbage; ‡ frees nothing" out
check "few rounds are said to be few" grep -qF "from so few rounds" out
run run $work -c rc-trial -c mark-sweep
check "one round is said to show no noise" grep -qF "One round says nothing of noise" out
check "no mark is explained that is not there" [ "$(grep -cF "†" out)" -eq 0 ]

# Each round has an order of its own. A pair that says which one it is stands for each collector.
mkdir said
cat >said/pair <<'P'
#!/bin/sh
case " $* " in *" --describe "*) exec "REAL/$(basename "$0")" "$@" ;; esac
basename "$0" >>LOG
exec "REAL/$(basename "$0")" "$@"
P
real=$(dirname "$GCMATRIX")/harness/runner
sed -i "s#REAL#$real#g; s#LOG#$PWD/log#g" said/pair
chmod +x said/pair
for collector in rc mark-sweep leak; do cp said/pair said/rings-$collector; done
python3 - <<'P'
import json
names = ["rc", "mark-sweep", "leak"]
json.dump({"schema": "gcmatrix.pairs.1", "workloads": ["rings"], "collectors": names,
           "pairs": [{"name": f"rings-{c}", "workload": "rings", "collector": c, "path": f"rings-{c}"} for c in names]},
          open("said/pairs.json", "w"))
P
GCMATRIX_PAIRS=$PWD/said/pairs.json run run $work -c rc -c mark-sweep -c leak --runs 8
orders() { paste -d' ' - - - <log | sort -u | wc -l; }
check "rounds are interleaved: every three processes are the three collectors" \
    is "$(paste -d' ' - - - <log | while read -r line; do tr ' ' '\n' <<<"$line" | sort -u | wc -l; done | sort -u)" 3
check "and in orders of their own" [ "$(orders)" -gt 2 ]

# What fails.
run run $work -c mark-sweep -c leak --heap-limit 20kB --runs 2
check "a collector that runs out of memory is status 1" status_is 1
check "and is named with the reason" says "run: leak: oom: OOM at "
check "once" [ "$(grep -c leak err)" -eq 1 ]
check "the limit is in bytes, as its unit says" says "OOM at 0.019073486328125 MiB"
refuses "--heap-limit is '64mb'; it takes bytes, as in 64MiB" "a size that is none is refused with an example" run $work -c rc --heap-limit 64mb
refuses "the collector 'rc' is named twice" "a collector twice is refused" run $work -c rc -c rc
refuses "unknown collector 'rcc'; did you mean 'rc'?" "a collector that is not there is refused before any runs" run $work -c rc -c rcc
refuses "--events: it holds one process" "events of several collectors are refused" run $work -c rc -c leak --events e.csv
refuses "--timeline: it holds one process" "or of several rounds" run $work -c rc --runs 2 --timeline t.csv
refuses "'e.csv' is written to already" "two outputs in one file are refused" run $work -c rc --timeline e.csv --events e.csv
refuses "'./e.csv' is written to already" "under two names, too" run $work -c rc --timeline ./e.csv --events e.csv
export GCMATRIX_PAIRS=$HOSTILE_PAIRS
run run hostile:act=lie -c rc -c leak --json
check "collectors that disagree on the result are status 1" status_is 1
check "and both checksums are said" grep -qE "run: leak: checksum [0-9a-f]{16}, but [0-9a-f]{16} under rc" err
run run hostile:act=crash -c rc -c leak --runs 2 --json
check "of collectors that crash each has its reason" is "$(get '[c["reason"] for c in d["collectors"]]')" \
    "['killed by signal 11 (Segmentation fault)', 'killed by signal 11 (Segmentation fault)']"

# Nothing is written by a command that is refused, whatever refuses it, and what was there stays.
echo old >e.csv
refuses "the disk caught fire" "a process that refuses" run hostile:act=quit -c rc --events new.csv
refuses "the disk caught fire" "leaves no file" run hostile:act=quit -c rc --events e.csv
check "and the old one as it was" is "$(cat e.csv)" old
refuses "serves no requests" "a refusal after the work" run hostile -c rc --events new.csv --latencies l.csv
refuses "no/e.csv: No such file" "a file that cannot be made is refused before the work" run hostile:act=hang -c rc --events no/e.csv
refuses "run: --events has an empty argument" "and one without a name" run hostile:act=hang -c rc --events ''
ln -s e.csv link.csv
run run hostile -c rc --events link.csv
check "what is written takes the place of what was there" [ -L link.csv ]
check "whole" grep -q '^kind,' e.csv
run run hostile -c rc --events /dev/null
check "a device can be written to" status_is 0

# An interrupt ends it at once, and what is complete is shown.
interrupted 0.4 run hostile:act=hang -c rc --events hung.csv
check "an interrupt ends the process, with status 130" status_is 130
check "within a tenth of a second, or one on a busy machine" [ "$took" -lt 1000 ]
check "and leaves no file, nor part of one" is "$(ls | grep -c hung)" 0
interrupted_late run hostile:milliseconds=100 -c rc -c leak --runs 1000 --json
check "rounds that are complete are kept" is "$(get 'len(d["collectors"][0]["records"]) >= 1 and d["rounds"] >= 1')" True
check "and how many is said" says "run: interrupted after "
check "with status 130" status_is 130
done_testing

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each pattern of workloads/README.md can be run, and the benchmark of the patterns finds the worst and the best of
processes whose figures were made up. Speaks TAP.

usage: test-pathologies.py GCMATRIX README PATHOLOGIES.PY
"""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
import pathologies  # noqa: E402
from tap import done, ok  # noqa: E402

GCMATRIX, PAGE, BENCHMARK = sys.argv[1:4]
# Of each collector: processor time in ms, the largest heap and the resident bytes in MB, what was leaked of 100 freed
# bytes, whether it reclaims, exit status. The program has finalisers, and one collector has none.
COLLECTORS = {
    "slow": (80, 2, 4, 0, True, 0),
    "fast": (10, 12, 3, 0, True, 0),
    "leaks": (1, 1, 1, 50, True, 0),
    "floor": (1, 1, 1, 0, False, 0),
    "fails": (900, 90, 90, 0, True, 3),
    "late": (0, 0, 0, 0, True, "late"),
    "refuses": (1, 1, 1, 0, True, 0),
}
# The heap's samples under every one of them: the first half does not count.
TIMELINE = "time_ns,allocated_bytes,heap_bytes,rss_bytes\\n0,0,9000000,0\\n1,40,8000000,0\\n2,60,3000000,0\\n3,100,1000000,0\\n"
SCRIPT = """#!/bin/sh
[ "$1" = --describe ] && echo '{describe}' && exit
while [ $# -gt 0 ]; do [ "$1" = --timeline ] && printf '{timeline}' >"$2"; shift; done
[ {status} = late ] && while :; do :; done
echo '{record}'
exit {status}
"""


def invent(folder):
    """Writes a process for each collector, and their list."""
    rows = []
    for name, (time, heap, resident, leaked, reclaims, status) in COLLECTORS.items():
        describe = {"workload": {"finalising": True},
                    "collector": {"traits": {"reclaims": reclaims, "observes": False, "frees_when_told": False,
                                             "finalises": name != "refuses"}}}
        record = {"user_ns": time * 1000000, "sys_ns": 0, "heap_peak_bytes": heap * 1000000, "leaked_bytes": leaked,
                  "max_rss_bytes": (resident + 7) * 1000000, "baseline_rss_bytes": 7000000, "freed_bytes": 100,
                  "external_peak_bytes": heap * 1000000, "child": {"begun_bytes": 1000000, "collected_bytes": (heap + 1) * 1000000}}
        with open(f"{folder}/{name}", "w", encoding="utf-8") as script:
            script.write(SCRIPT.format(describe=json.dumps(describe), record=json.dumps(record), timeline=TIMELINE,
                                       status=status))
        os.chmod(f"{folder}/{name}", 0o755)
        rows.append({"workload": "toy", "collector": name, "path": name})
    with open(f"{folder}/pairs.json", "w", encoding="utf-8") as out:
        json.dump({"pairs": rows}, out)


def test_benchmark(folder):
    invent(folder)
    with open(f"{folder}/page.md", "w", encoding="utf-8") as page:
        page.write("# Page\n\n| not | of | it |\n|---|---|---|\n\n## Patterns\n\nWords.\n\n"
                   "| pattern | program | figure | what |\n|---|---|---|---|\n| a | `toy:n=1` | time | x |\n| b | `toy` | largest heap | x |\n"
                   "| c | `toy` | resident | x |\n| d | `toy` | usual heap | x |\n"
                   "| e | `toy` | unshared | x |\n| f | `toy` | external | x |\n\n## More\n\n| e | `toy` | time | x |\n")
    command = [sys.executable, BENCHMARK, f"{folder}/page.md", f"{folder}/pairs.json", "--rounds", "2"]
    said = subprocess.run(command, capture_output=True, text=True, check=False,
                          env={**os.environ, "PATHOLOGIES_TIMEOUT": "1"}).stdout  # fmt: skip
    lines = [line for line in said.splitlines() if not line.startswith(("fails ", "late "))]
    expected = ["a: time x at least 100: late at least 1e+03 ms, fast 10 ms (toy:n=1)",
                "b: largest heap x 6: fast 12 MB, slow 2 MB (toy)",
                "c: resident x 1.33, below 5: slow 4 MB, fast 3 MB (toy)",
                "d: usual heap x 1, below 5: slow 2 MB, fast 2 MB (toy)",
                "e: unshared x 6: fast 12 MB, slow 2 MB (toy)",
                "f: external x 6: fast 12 MB, slow 2 MB (toy)",
                "4 of 6 patterns make a collector 5 times worse than its best peer"]
    for found, right in zip(lines + ["nothing"] * 7, expected):
        ok(found == right, f"says '{right}'", f"but '{found}'", said)
    ok(said.count("exit status 3") == 6, "a collector that fails is named once for each pattern, and has no figure", said)
    ok(said.count("not done in 1 s") == 6, "and so is one whose time is up, which has a least time", said)


def test_page(folder):
    rows = pathologies.patterns(PAGE)
    ok(len(rows) > 10, "the page has patterns", rows)
    unknown = [row for row in rows if row[2] not in pathologies.UNITS]
    ok(not unknown, "each shows in a figure that the benchmark knows", unknown)
    with open(f"{folder}/patterns.yaml", "w", encoding="utf-8") as out:
        programs = ", ".join(json.dumps(program) for _, program, _ in rows)
        out.write(f"name: patterns\nblocks: 1\ncells:\n  - workloads: [{programs}]\n    collectors: [rc-trial]\n")
    command = [GCMATRIX, "matrix", f"{folder}/patterns.yaml", "--dry-run"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    ok(result.returncode == 0, "each program is one that there is, with options that it has", result.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        test_benchmark(folder)
        test_page(folder)
    return done()


if __name__ == "__main__":
    sys.exit(main())

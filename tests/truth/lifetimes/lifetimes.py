#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures the garbage that collectors leave, in a program whose every figure is known and in workloads whose sums are.

usage: lifetimes.py GCMATRIX BY-HAND.gcp.txt WATCHERS TEST-WATCHERS SHARED-TWICE.gcp.txt
"""
import json
import os
import subprocess
import sys
import tempfile

gcmatrix, by_hand, watchers, test_watchers, shared_twice = sys.argv[1:]
tests = 0
failed = 0


def ok(found, expected, sentence):
    global tests, failed
    tests += 1
    failed += found != expected
    print(f"{'ok' if found == expected else 'not ok'} {tests} - {sentence}")
    if found != expected:
        print(f"# found {found}\n# expected {expected}")


def run(*arguments):
    return subprocess.run(arguments, capture_output=True, check=False, stdin=subprocess.DEVNULL)


def lifetimes(source, *collectors):
    named = [word for collector in collectors for word in ("-c", collector)]
    done = run(gcmatrix, "lifetimes", source, "--json", *named)
    if done.returncode:
        print(f"Bail out! {source}: {done.stderr.decode()}")
        sys.exit(1)
    return dict(zip(collectors, json.loads(done.stdout)["collectors"]))


def figures(report, garbage, *keys):
    return [report[garbage][key] for key in keys]


def longest(report, garbage):
    return [report[garbage][key] and report[garbage][key]["max"] for key in ("delay_operations", "delay_bytes")]


SUMS = ("died_bytes", "freed_bytes", "final_bytes", "leaked_bytes", "peak_bytes", "peak_operation",
        "byte_allocated_bytes", "average_bytes")  # fmt: skip


def by_hand_test():
    found = lifetimes(by_hand, "leak", "rc", "rc-trial", "mark-sweep", "mark-sweep-block", "semispace", "explicit")
    expected = {
        # three objects die by counting, at 7, 11 and 12, when 72, 120 and 120 bytes are allocated; the ring at 8, at 72
        "leak": ([72, 0, 72, 72, 72, 12, 1152, 9.6], [48, 0, 48, 48, 48, 8, 2304, 19.2], [None, None], [None, None]),
        "rc": ([72, 72, 0, 0, 0, 0, 0, 0], [48, 0, 48, 48, 48, 8, 2304, 19.2], [0, 0], [None, None]),
        "rc-trial": ([72, 72, 0, 0, 0, 0, 0, 0], [48, 48, 0, 0, 48, 8, 1152, 9.6], [0, 0], [2, 24]),
        "explicit": ([72, 72, 0, 0, 0, 0, 0, 0], [48, 48, 0, 0, 0, 0, 0, 0], [0, 0], [0, 0]),
    }
    # the collection at 10, with 96 bytes allocated, finds the first and the ring; the other two float to the end
    for tracing in ("mark-sweep", "mark-sweep-block", "semispace"):
        expected[tracing] = ([72, 24, 48, 0, 48, 12, 576, 4.8], [48, 48, 0, 0, 48, 8, 1152, 9.6], [3, 24], [2, 24])
    for name, (acyclic, cyclic, delay_acyclic, delay_cyclic) in expected.items():
        report = found[name]
        ok(figures(report, "acyclic", *SUMS), acyclic, f"{name}: what dies by counting")
        ok(figures(report, "cyclic", *SUMS), cyclic, f"{name}: what dies on a cycle")
        ok([longest(report, "acyclic"), longest(report, "cyclic")], [delay_acyclic, delay_cyclic],
           f"{name}: the longest delays, in operations and bytes")  # fmt: skip
        ok([report["all"]["drag_byte_allocated_bytes"], report["all"]["drag_operations"]["max"],
            round(report["acyclic"]["drag_operations"]["mean"], 9), report["cyclic"]["drag_bytes"]["p50"]],
           [1728, 4, 1.333333333, 24], f"{name}: drag is the program's, whatever collects")  # fmt: skip
        ok([report["operations"], report["allocated_bytes"]], [13, 120], f"{name}: the program's size")
    ok(found["mark-sweep"]["collections"], 1, "the collection is counted")
    last = found["rc"]["series"][-1]
    ok([last["operation"], last["cyclic"], last["acyclic"]], [13, 48, 0], "the series ends with the program")


def workload_test(workload, collectors):
    found = lifetimes(workload, *collectors)
    truth = found["explicit"]
    ok([figures(truth, garbage, "final_bytes", "peak_bytes", "byte_seconds") for garbage in ("acyclic", "cyclic")],
       [[0, 0, 0]] * 2, f"{workload}: under explicit nothing ever floats")  # fmt: skip
    for name, report in found.items():
        ok(report["all"]["died_bytes"], truth["all"]["died_bytes"], f"{workload}: the same dies under {name}")
        if name == "explicit":
            continue
        record = json.loads(run(gcmatrix, "run", workload, "-c", name, "--json").stdout)
        ok([report["all"]["died_objects"] - report["all"]["leaked_objects"],
            report["all"]["died_bytes"] - report["all"]["leaked_bytes"]],
           [record["freed_objects"], record["freed_bytes"]],
           f"{workload}: {name} frees what a run that is not watched does")  # fmt: skip
    for name in ("rc", "rc-block", "rc-backup", "rc-gcrefs"):
        ok([longest(found[name], "acyclic"), found[name]["acyclic"]["peak_bytes"]], [[0, 0], 0],
           f"{workload}: {name} frees what is on no cycle in the operation that kills it")  # fmt: skip
    for name in ("rc", "rc-block"):
        ok(found[name]["all"]["leaked_bytes"], truth["cyclic"]["died_bytes"],
           f"{workload}: {name} leaks all that dies on cycles, and no more")  # fmt: skip
    reclaiming = [name for name in found if name not in ("rc", "rc-block", "leak")]
    ok([name for name in reclaiming if found[name]["all"]["leaked_bytes"]], [], f"{workload}: no other leaks any")
    return found


COLLECTORS = ("explicit", "leak", "rc", "rc-block", "rc-trial", "rc-trial-block", "rc-backup", "rc-backup-block",
              "rc-gcrefs", "rc-gcrefs-block", "mark-sweep", "mark-sweep-block", "semispace")  # fmt: skip


def trigger_test(folder):
    """No more is allocated between two traces than the threshold has room for, and one object."""
    minimum, largest = 65536, 4096
    options = f"mark-sweep:growth=1.5,minimum={minimum}"
    source = "rings:count=4000,live=100"
    report = lifetimes(source, options)[options]
    ok(report["collections"] > 5, True, f"a small threshold makes {report['collections']} collections")
    ok(minimum / 4 < report["all"]["delay_bytes"]["max"] <= minimum + largest, True,
       f"and no delay is longer than it: {report['all']['delay_bytes']['max']} bytes")  # fmt: skip
    ok(0 < report["all"]["byte_seconds"], True, "byte-seconds are of a run with a clock")


def inference_test(folder):
    program = os.path.join(folder, "program.gcp")
    run(gcmatrix, "run", "rings:count=3000,live=100", "-c", "recorder:file=" + program)
    seen = run(os.path.join(watchers, "watch-mark-sweep"), "--options", "minimum=65536", program)
    inferred = run(os.path.join(test_watchers, "watch-unseen-mark-sweep"), "--options", "minimum=65536", program)
    ok([seen.returncode, len(seen.stdout) > 1000], [0, True], "a collector that is seen to free")
    ok(inferred.stdout, seen.stdout, "and the same one unseen, whose frees are inferred, give the same figures")
    churn = os.path.join(folder, "churn.gcp.txt")
    with open(churn, "w", encoding="utf-8") as file:
        file.write("gcp 1\nglobals 1\nshape node refs=2 payload=100\n" + "new g0 node\n" * 3000)
    name = "semispace:minimum=65536"
    report = lifetimes(churn, name)[name]
    ok([report["collections"] > 2, report["all"]["died_objects"], report["all"]["leaked_objects"]], [True, 2999, 0],
       "what an allocation that collects kills itself is not in that collection")  # fmt: skip
    unseen = run(os.path.join(test_watchers, "watch-unseen-rc"), program)
    ok([unseen.returncode, b"it frees by other means than collectors/support has" in unseen.stderr], [1, True],
       "where they cannot be inferred, that is said, and no figure is given")  # fmt: skip
    run(gcmatrix, "program", "assemble", shared_twice, "-o", program)
    broken = run(os.path.join(test_watchers, "watch-broken-rc"), program)
    ok([broken.returncode, b"is freed and is not dead" in broken.stderr], [1, True],
       "a collector that frees what lives is caught at it")  # fmt: skip


def refusals_test():
    for arguments, words in (
        (["lifetimes", "rings"], "and -c COLLECTOR are needed"),
        (["lifetimes", "rings:count=10", "-c", "census"], "census cannot be watched"),
        (["lifetimes", "none.gcp", "-c", "rc"], "none.gcp: No such file"),
        (["lifetimes", "rings:count=10", "-c", "rc", "-s", "x"], "--seed takes an integer"),
    ):
        done = run(gcmatrix, *arguments)
        said = done.stderr.decode()
        ok([done.returncode, words in said, said.count("\n")], [2, True, 1], f"refused: {' '.join(arguments)}")
    with tempfile.TemporaryDirectory(prefix="a,b-") as folder:
        done = subprocess.run([gcmatrix, "lifetimes", "rings:count=10", "-c", "rc"], capture_output=True, check=False,
                              env=dict(os.environ, TMPDIR=folder))  # fmt: skip
        ok([done.returncode, b"set it to a folder without one" in done.stderr, done.stderr.count(b"\n")], [2, True, 1],
           "a folder for what is temporary whose name an option cannot hold is refused")  # fmt: skip


by_hand_test()
workload_test("rings:count=2000,live=100", COLLECTORS)
workload_test("binary-trees:depth=7", COLLECTORS)
with tempfile.TemporaryDirectory() as scratch:
    trigger_test(scratch)
    inference_test(scratch)
refusals_test()
print(f"1..{tests}")
sys.exit(failed != 0)

# SPDX-License-Identifier: MIT
"""A warm process has the checksum, collections, bytes and addresses of a cold one, and fewer than 1% of its faults.

usage: test-warm.py PAIRS_JSON
"""

import ctypes
import glob
import itertools
import json
import os
import resource
import subprocess
import sys

import tap

COLLECTORS = ["rc", "rc-block", "mark-sweep", "mark-sweep-block", "semispace", "boehm", "census"]  # census asks for mremap
GRID = ["binary-trees", "grow", "rings"]  # under each collector and allocator
WORKLOADS = {"binary-trees": "depth=12", "grow": "nodes=2e5", "rings": "count=5e4", "acyclic-flood": "passes=30"}
ALLOCATORS = {"glibc": None, "glibc that trims": None, "jemalloc": "libjemalloc.so.2", "mimalloc": "libmimalloc.so.2", "tcmalloc": "libtcmalloc_minimal.so.4"}
SAME = ["checksum", "collections", "allocated_bytes", "allocated_objects", "heap_peak_bytes", "leaked_bytes"]
TRIMS = "trims"  # not a path: memory goes back to the kernel and comes again
FAULTS = 4  # a process of few faults may have these

pairs_json = sys.argv[1]
paths = {
    (p["workload"], p["collector"]): os.path.join(os.path.dirname(pairs_json), p["path"])
    for p in json.load(open(pairs_json))["pairs"]
}


def object_of(allocator):
    """The preloaded file; "" for glibc, TRIMS for one that trims, None where it is not installed."""
    if allocator == "glibc that trims":
        return TRIMS
    name = ALLOCATORS[allocator]
    found = [p for p in glob.glob(f"/usr/lib*/{name}") + glob.glob(f"/usr/lib/*/{name}")] if name else [""]
    return found[0] if found else None


def fix_addresses():
    """A conservative collector keeps what stray words name, so a cold process has the addresses of a warm one too."""
    ctypes.CDLL(None).personality(0x0040000)


def run(workload, collector, preload, *arguments, addresses=resource.RLIM_INFINITY):
    environment = {"LD_PRELOAD": preload} if preload else {}
    if preload == TRIMS:
        environment = {"GLIBC_TUNABLES": "glibc.malloc.mmap_threshold=131072:glibc.malloc.trim_threshold=131072"}
    command = [paths[workload, collector], "--workload-options", WORKLOADS[workload], *arguments]

    def prepare():
        fix_addresses()
        resource.setrlimit(resource.RLIMIT_AS, (addresses, addresses))
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, preexec_fn=prepare)


def record(*arguments):
    process = run(*arguments)
    if process.returncode:
        raise SystemExit(f"{arguments}: exit status {process.returncode}: {process.stderr}")
    return json.loads(process.stdout)


def check(workload, collector, allocator):
    name = f"{workload} under {collector} on {allocator}"
    preload = object_of(allocator)
    if preload is None:
        tap.skip(name, "not installed")
        return
    cold = record(workload, collector, preload)
    rehearsed = record(workload, collector, preload, "--memory", "rehearse")
    warm = record(workload, collector, preload, "--memory", "warm", "--warm", rehearsed["warm"])
    differ = [key for key in SAME if not cold[key] == rehearsed[key] == warm[key]]
    tap.ok(not differ, f"{name}: warm, it does what it does cold", *[(k, cold[k], rehearsed[k], warm[k]) for k in differ])
    tap.ok(rehearsed["addresses"] == warm["addresses"], f"{name}: at the same addresses")
    most = max(FAULTS, cold["minor_faults"] // 100)
    tap.ok(warm["minor_faults"] <= most and warm["warming"]["short_bytes"] == 0,
           f"{name}: with hardly a fault", warm["minor_faults"], cold["minor_faults"], warm["warming"])
    tap.ok(warm["warmed_bytes"] > 0 and warm["max_rss_bytes"] is None, f"{name}: its resident size is not said")


def refused(words, sentence, *arguments):
    process = run("rings", "rc", "", *arguments)
    lines = process.stderr.splitlines()
    tap.ok(process.returncode == 2 and len(lines) == 1 and words in lines[0] and not process.stdout, sentence, process)


def short_of_memory(memory, addresses, *arguments):
    process = run("grow", "rc", "", "--memory", memory, *arguments, addresses=addresses)
    lines = process.stderr.splitlines()
    tap.ok(process.returncode == 3 and len(lines) == 1 and f"--memory {memory}: out of memory" in lines[0] and "ulimit -v" in lines[0] and
           "seccomp" not in lines[0], f"where addresses are few, {memory} memory says so, and what to do", process)


probe = run("rings", "rc", "", "--memory", "rehearse")
if probe.returncode == 2 and "cannot catch" in probe.stderr:
    tap.skip("warm memory", "this kernel or architecture has no such filter")
    sys.exit(tap.done())
for place, (collector, workload, allocator) in enumerate(itertools.product(COLLECTORS, GRID, ALLOCATORS)):
    if (workload, collector) in paths and tap.turn(place):
        check(workload, collector, allocator)
check("acyclic-flood", "rc-coalescing", "glibc")  # its queue asks for the pages of a mapping at once
refused("no plan", "a plan that is none is refused", "--memory", "warm", "--warm", "1.2.x")
refused("needs --warm", "warm without a plan is refused", "--memory", "warm")
refused("--warm is for", "a plan without warm is refused", "--warm", "1.0.0.0..")
short_of_memory("rehearse", 2**30)
short_of_memory("warm", 3 * 2**27, "--warm", record("grow", "rc", "", "--memory", "rehearse")["warm"])
oom = run("grow", "rc", "", "--heap-limit", "100000")
said = json.loads(oom.stdout)
unknown = [said[key] for key in ("live_objects", "live_bytes", "leaked_objects", "leaked_bytes")]
tap.ok(oom.returncode == 3 and unknown == [None] * 4, "what a process out of memory leaked is not known", unknown)
sys.exit(tap.done())

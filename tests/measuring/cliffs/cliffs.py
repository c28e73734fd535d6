#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Looks for cliffs: programs on which an engineered collector is much worse than a simple one.

usage: cliffs.py GCMATRIX PAIRS_JSON [--quick] [--only WORD]... [--by-hand] [--rounds N]

A grid of programs: the size of objects, the length of arrays, how many live and how long, fan-in, depth, the share of
cycles, changes to old objects. One of these dimensions changes at a time, and then two. At each point every engineered collector runs
by turns with its twin on malloc and with boehm. Two figures are compared with their bounds:

    time      processor time by the less of its twin's and boehm's: at most 1.5
    memory    bytes resident at the peak by bytes of objects held at theirs, of 4 MB and more: at most 1.25

A twin that holds twice as many bytes is no standard of time: it has not collected. A time above its bound is
measured again, in more rounds, before it counts. With --by-hand the programs are also
recorded, and replayed with malloc and free by hand (`gcmatrix explicit`): the cost is to be at most 1.5 times
that. --only takes the points whose name or dimension has a word in it. Prints every miss, and asserts no time.
"""
import argparse
import itertools
import json
import os
import resource
import signal
import statistics
import subprocess
import sys

TIME_BOUND = 1.5
MEMORY_BOUND = 1.25
MEMORY_LEAST = 4 << 20  # bytes held from which memory is compared
CONFIRM = 4  # times as many rounds for what is above a bound
SHORT_NS = 2_000_000  # times of less count as this
HOLDS_MORE = 2  # what holds more than so many times as much is no standard

# A collector on the block heap, and the one on malloc that works most like it. Those that defer free new objects
# in collections, as one that traces does.
TWINS = {
    "rc-block": "rc",
    "rc-trial-block": "rc-trial",
    "rc-backup-block": "rc-backup",
    "rc-gcrefs-block": "rc-gcrefs",
    "rc-deferred": "mark-sweep",
    "rc-coalescing": "mark-sweep",
    "mark-sweep-block": "mark-sweep",
}
NO_CYCLES = ("rc", "rc-block")
PEER = "boehm"


def churn(size, live, survival=0.1, allocated=4e8, refs=1):
    steps = int(min(1e6, max(200, allocated / size)))
    return (f"alloc-churn:size=fixed,min={int(size)},live={int(live)},steps={steps},"
            f"survival={survival},refs={refs}")


def grid(quick):
    """Points as (dimension, workload and options, whether it makes cyclic garbage)."""
    sizes = [16 << shift for shift in range(0, 21, 4 if quick else 1)]
    for size in sizes:
        yield "object size", churn(size, max(10, (16 << 20) / size)), False
    for size in sizes[::2]:
        yield "object size, all survive", churn(size, max(10, (16 << 20) / size), 1, 2e8), False
    for size in sizes[::2]:
        count = int(min(2e5, max(30, 2e8 / size)))
        live = int(max(2, (4 << 20) / size))
        yield "object size, rings", f"rings:count={count},size=2,payload={size},live={live},cyclic=1", True
    yield "array length", "scatter:writes=0,arrays=1000000,length=0", True
    for power in range(0, 7, 3 if quick else 1):
        yield "array length", f"grow:nodes=300000,chunk={10 ** power},rounds=3", True
    for power in range(1, 7 if quick else 8, 3 if quick else 1):
        yield "live objects", churn(16, 10 ** power), False
    for survival in (0, 0.01, 0.5, 1):
        yield "lifetime", f"alloc-churn:steps=500000,live=100000,survival={survival}", False
    for power in range(0, 23, 11 if quick else 2):
        for targets in (1, 1000):
            rounds = max(2, min(200, (1 << 22) >> power))
            yield "fan-in", f"fan-in:k={power},targets={targets},rounds={rounds}", False
    for power in range(1, 7, 3 if quick else 1):
        for shape in ("list", "comb", "ring-end"):
            rounds = int(max(2, 2e6 / 10 ** power))
            yield "depth", (f"deep-chain:nodes={10 ** power},shape={shape},rounds={rounds},alive=off,"
                            "dropped=off"), shape == "ring-end"
    for cyclic in (0, 0.1, 0.5, 1):
        for size in (1, 10, 1000, 100000):
            count = int(max(20, 2e6 / size))
            live = int(max(1, 1e5 / size))
            yield "share of cycles", f"rings:count={count},size={size},live={live},cyclic={cyclic}", cyclic > 0
    for live in (10, 1000, 100000, 1000000):
        for touch in ("hub", "node"):
            yield "changes to old objects", f"live-hub:live={live},steps=500000,touch={touch}", True
    for elements in (100, 2000, 50000):
        yield "changes to old objects", f"dom-tree:documents=3,elements={elements},mutations=30000", True
    for capacity in (100, 10000, 300000):
        for unlink in ("on", "off"):
            yield "changes to old objects", (f"lru-cache:operations=1000000,capacity={capacity},"
                                             f"keys={10 * capacity},unlink={unlink}"), True
    for width in (100, 10000, 200000):
        yield "shared structure", f"shared-dag:width={width},rounds={int(max(3, 2e5 / width))}", False
    for leaves in (1000, 100000):
        yield "acyclic objects", f"acyclic-flood:leaves={leaves},passes={int(1e7 / leaves)}", True


def grid_of_two(quick):
    """Points at which two dimensions are far from usual together."""
    sizes = (64, 65536) if quick else (64, 1024, 16384, 262144)
    for size in sizes:
        for held in (1 << 20, 1 << 26):
            for survival in (0, 1):
                yield "object size, live objects and lifetime", churn(size, max(4, held / size), survival, 2e8), False
        for refs in (0, 8):
            yield "object size and fan-in", churn(size, max(4, (1 << 24) / size), 0.5, 2e8, refs), False
        for cyclic in (0.01, 0.5):
            for order in ("round-robin", "random"):
                rings = int(max(30, 1e8 / size))
                yield "object size, share of cycles and lifetime", (
                    f"rings:count={rings},size=2,payload={size},live={max(2, (1 << 23) // size)},cyclic={cyclic},"
                    f"order={order}"), True
    for size in (2, 10000):
        for tail in (1, 1000):
            yield "share of cycles and depth", f"rings:count={int(4e6 / (size + tail))},size={size},tail={tail},cyclic=1", True
    for length in (16, 100000):
        for churned in (0, 64):
            yield "array length and changes to old objects", (
                f"scatter:writes=100000,arrays={max(1, 500000 // length)},length={length},churn={churned}"), True
            yield "live objects and changes to old objects", (
                f"scatter:writes=100000,arrays={length},length=8,churn={churned}"), True


def figures_of(record):
    return (record["user_ns"] + record["sys_ns"], record["heap_peak_bytes"],
            record["max_rss_bytes"] - record["baseline_rss_bytes"])


class Pairs:
    def __init__(self, listed):
        with open(listed, encoding="utf-8") as file:
            rows = json.load(file)["pairs"]
        folder = os.path.dirname(listed)
        self.paths = {(row["workload"], row["collector"]): os.path.join(folder, row["path"]) for row in rows}

    def record(self, point, collector, *more, timeout=None):
        """The record of one process, with more arguments; None when the pair failed. Raises subprocess.TimeoutExpired when it
        was not done in `timeout` s of processor time."""
        workload, _, options = point.partition(":")
        name, _, collector_options = collector.partition(":")
        command = [self.paths[workload, name], "--workload-options", options, "--collector-options", collector_options,
                   "--record", "-", *more]
        limit = timeout and (lambda: resource.setrlimit(resource.RLIMIT_CPU, (timeout, timeout + 1)))
        result = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limit)
        if timeout and result.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            raise subprocess.TimeoutExpired(command, timeout)
        if result.returncode != 0:
            print(f"{collector} {point}: exit status {result.returncode}: {result.stderr.strip()[:200]}")
            return None
        return json.loads(result.stdout)

    def run(self, point, collector):
        """Processor time in ns, bytes held and resident at their peaks; None when the pair failed."""
        record = self.record(point, collector, "--recording", "off")
        return record and figures_of(record)


def by_turns(pairs, point, collectors, rounds):
    """The medians of Pairs.run() of each collector that completed."""
    runs = {collector: [] for collector in collectors}
    for turn in range(rounds):
        for collector in collectors if turn % 2 else collectors[::-1]:
            run = pairs.run(point, collector)
            if run:
                runs[collector].append(run)
    return {collector: [statistics.median(figures) for figures in zip(*of)] for collector, of in runs.items() if of}


def ratios(figures, collector):
    """Its time by the least of the others', and its resident bytes by those held; None for what has no bound."""
    if collector not in figures:
        return None, None
    time, held, resident = figures[collector]
    others = [figures[other][0] for other in (TWINS[collector], PEER)
              if other in figures and figures[other][1] <= HOLDS_MORE * held]
    return (time / max(SHORT_NS, min(others)) if others else None,
            resident / held if held >= MEMORY_LEAST else None)


def compare(pairs, point, cyclic, rounds):
    """What is above its bound at a point, as lines."""
    engineered = [name for name in TWINS if not (cyclic and name in NO_CYCLES)]
    twins = sorted({TWINS[name] for name in engineered})
    figures = by_turns(pairs, point, engineered + twins + [PEER], rounds)
    for collector in engineered:
        time, memory = ratios(figures, collector)
        if time is not None and time > TIME_BOUND:
            again = by_turns(pairs, point, [collector, TWINS[collector], PEER], CONFIRM * rounds)
            time, memory = ratios(again, collector)
            if time is not None and time > TIME_BOUND:
                milliseconds = ", ".join(f"{name} {again[name][0] / 1e6:.1f}" for name in again)
                yield f"time {time:.2f} ({milliseconds} ms)", collector
        if memory is not None and memory > MEMORY_BOUND:
            yield f"memory {memory:.3f} resident for each byte held", collector


def compare_by_hand(gcmatrix, point, cyclic, rounds):
    engineered = [name for name in TWINS if not (cyclic and name in NO_CYCLES)]
    command = [gcmatrix, "explicit", point, "--blocks", str(max(2, rounds)), "--json"]
    for name in engineered:
        command += ["-c", name]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        print(f"{point}: gcmatrix explicit: {result.stderr.strip()[:200]}")
        return
    for row in json.loads(result.stdout)["collectors"]:
        low = row["ratio_low"]
        if row["collector"] in engineered and low is not None and low > TIME_BOUND:
            yield f"cost {row['ratio']:.2f} [{low:.2f}, {row['ratio_high']:.2f}] of by hand", row["collector"]


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1][len("usage: "):])
    parser.add_argument("gcmatrix")
    parser.add_argument("pairs")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--by-hand", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    pairs = Pairs(arguments.pairs)
    points = misses = 0
    for dimension, point, cyclic in itertools.chain(grid(arguments.quick), grid_of_two(arguments.quick)):
        if not all(word in dimension + " " + point for word in arguments.only):
            continue
        points += 1
        found = list(compare(pairs, point, cyclic, arguments.rounds))
        if arguments.by_hand:
            found += compare_by_hand(arguments.gcmatrix, point, cyclic, arguments.rounds)
        print(f"{dimension}: {point}: {len(found) or 'no'} above its bound", flush=True)
        for line, collector in found:
            misses += 1
            print(f"    {collector}: {line}", flush=True)
    print(f"{points} points, {misses} figures above their bounds (time {TIME_BOUND}, memory {MEMORY_BOUND})")
    return 0


if __name__ == "__main__":
    sys.exit(main())

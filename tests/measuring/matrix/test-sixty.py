#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A made history of sixty commits on a machine that drifts and jumps: which steps are found, after how many commits, and
what is called that is none.

usage: test-sixty.py GCMATRIX [SEED]     prints TAP
"""
import json
import math
import os
import random
import subprocess
import sys
import tempfile

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
import tap

COMMITS, BLOCKS, JUMP, NEAR = 60, 10, 33, 3
STEPS = {"rc": (15, 1.03), "rc-trial": (25, 1.05), "semispace": (40, 1.10), "boehm": (45, 0.95)}  # from this commit on
COLLECTORS = [*STEPS, "mark-sweep", "rc-deferred", "leak", "rc-backup"]
COUNTED = (50, "leak")  # one instruction more from this commit on


def commit_id(number):
    return f"{number + 1:040x}"


def figure(median, mean, scatter=0.03):
    return [BLOCKS, round(median), mean, scatter, round(0.98 * median), round(1.02 * median)]


def entry(number, draw):
    """The lines of a commit's run. A run has an offset of 1% of its own in each cell, and the mean of its blocks scatters."""
    slower = 1 + 0.1 * number / (COMMITS - 1) + (0.08 if number >= JUMP else 0)
    ns = 1.6e7 * slower * math.exp(draw.gauss(0, 0.002))
    head = {"schema": "gcmatrix.history.1", "commit": commit_id(number), "committed": 1790000000 + 86400 * number,
            "subject": f"commit {number}", "run": f"{number:08x}", "name": "made", "measured": "",
            "machine": {"hostname_hash": "made", "cpu": "made", "cores": 2, "kernel": "k"}, "versions": {"libc": "1"},
            "programs": "", "reference": {"sha256": "r", "ns": [BLOCKS, round(ns), ns, 0.01]},
            "metrics": ["wall", "instructions"]}  # fmt: skip
    lines = [head]
    for collector in COLLECTORS:
        at, ratio = STEPS.get(collector, (COMMITS, 1))
        mean = 6 * (ratio if number >= at else 1) * math.exp(draw.gauss(0, math.hypot(0.01, 0.03 / math.sqrt(BLOCKS))))
        counted = 10**9 + (collector == COUNTED[1] and number >= COUNTED[0])
        lines.append({"cell": ["rings", collector, "glibc", "warm", "", f"{number:012x}", "ok", figure(mean * ns, mean),
                               [1, counted]]})  # fmt: skip
    return "".join(json.dumps(line) + "\n" for line in lines)


def shown(gcmatrix, folder, metric):
    done = subprocess.run([gcmatrix, "history", "show", folder, "--metric", metric, "--json"], capture_output=True, text=True)
    return json.loads(done.stdout)["machines"] if done.returncode == 0 else []


def note(text):
    print("# " + text)


def numbers_of(series):
    return [int(change["commit"], 16) - 1 for change in series["changes"]]


def test_times(machine):
    tap.ok(any(abs(at - JUMP) <= 1 for at in numbers_of(machine["reference"])), "the machine's jump is found, as the machine's",
           f"found at {numbers_of(machine['reference'])}, it was at {JUMP}")  # fmt: skip
    false_alarms = 0
    for series in machine["series"]:
        collector = series["collector"]
        step, ratio = STEPS.get(collector, (None, 1))
        changes = series["changes"]
        if step is None:
            false_alarms += len(changes)
            continue
        right = [c for c in changes if abs(int(c["commit"], 16) - 1 - step) <= NEAR and (c["ratio"] > 1) == (ratio > 1)]
        false_alarms += len(changes) - len(right)
        tap.ok(len(right) == 1, f"a step of {ratio - 1:+.0%} is found, at its commit or near it", json.dumps(changes))
        for change in right:
            note(f"{ratio - 1:+.0%} at commit {step}: called {change['ratio'] - 1:+.1%} ({change['low'] - 1:+.1%} to "
                     f"{change['high'] - 1:+.1%}) at commit {int(change['commit'], 16) - 1}, after "
                     f"{change['found_after']} commits, of {change['of']}")  # fmt: skip
            tap.ok(change["low"] < ratio < change["high"] or abs(change["ratio"] / ratio - 1) < 0.02, "by its ratio")
            tap.ok(change["of"] == "code", "and called one of the code")
    note(f"{false_alarms} false alarms in {len(machine['series'])} series of {COMMITS} commits")
    tap.ok(false_alarms == 0, "and nothing else is")


def main(arguments):
    draw = random.Random(int(arguments[1]) if len(arguments) > 1 else 1)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(COMMITS):
            with open(f"{folder}/{number:02}.jsonl", "w", encoding="utf-8") as file:
                file.write(entry(number, draw))
        times, counts = shown(arguments[0], folder, "wall"), shown(arguments[0], folder, "instructions")
        tap.ok(len(times) == 1 and len(counts) == 1, "sixty commits of one machine are shown")
        test_times(times[0])
        found = {s["collector"]: numbers_of(s) for s in counts[0]["series"] if s["changes"]}
        tap.ok(found == {COUNTED[1]: [COUNTED[0]]}, "one instruction more is found at its commit, and no other", str(found))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

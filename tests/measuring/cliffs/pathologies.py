#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints how much worse the worst collector is than its best peer, for each pattern in workloads/README.md.

usage: pathologies.py README PAIRS_JSON [--only WORD]... [--rounds N] [--all]

Each row of the page's table has a pattern, its program, and the figure by which it shows:

    time           processor time
    largest heap   bytes charged at most
    usual heap     bytes of objects held: the median over the last half of what was allocated
    resident       bytes resident at the peak, less those before the program
    external       bytes outside of the heap that objects have owned at once, at most
    unshared       bytes of the heap that a child process no longer shares, once it has read and collected all

All collectors that free take turns, and two with the triggers of the reports. A figure is its median over the rounds.
A collector that left more than a tenth of the garbage has no figure: it did not do the job. One that is not done in two
minutes of processor time took that much at least; it has no other figure. --only takes the rows that
have a word in them; --all prints every collector. The factor is to be 5; the benchmark asserts no time.
"""
import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from cliffs import Pairs, figures_of  # noqa: E402

HEADING = "## Patterns"
TARGET = 5
LEAKS = 0.1  # share of the garbage
TIMEOUT = int(os.environ.get("PATHOLOGIES_TIMEOUT", "120"))  # seconds of processor time
NAIVE = ("rc-trial:share=0", "rc-gcrefs:share=0")  # PHP's trigger without its own adaptation; CPython's before 2.7
UNITS = {"time": (1e6, "ms"), "largest heap": (1e6, "MB"), "usual heap": (1e6, "MB"), "resident": (1e6, "MB"), "unshared": (1e6, "MB"),
         "external": (1e6, "MB")}


def patterns(page):
    """The rows of the table as (pattern, program, figure)."""
    with open(page, encoding="utf-8") as file:
        section = file.read().split(HEADING + "\n")[1].split("\n## ")[0]
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in section.splitlines()
            if line.startswith("|")]
    return [row[:3] for row in rows[2:]]  # without the head and the rule


def free(pairs, workload):
    """The collectors of a workload that free by themselves, and do not only observe."""
    found = []
    for name, collector in pairs.paths:
        if name != workload:
            continue
        described = subprocess.run([pairs.paths[name, collector], "--describe"], capture_output=True, check=True)
        described = json.loads(described.stdout)
        traits = described["collector"]["traits"]
        if described["workload"]["finalising"] and not traits["finalises"]:
            continue
        if traits["reclaims"] and not traits["observes"] and not traits["frees_when_told"]:
            found.append(collector)
    return found + [naive for naive in NAIVE if naive.partition(":")[0] in found]


def usual_heap(timeline):
    """The median of the heap over the last half of the allocation clock."""
    with open(timeline, encoding="utf-8") as file:
        samples = [(int(row["allocated_bytes"]), int(row["heap_bytes"])) for row in csv.DictReader(file)]
    half = samples[-1][0] / 2
    return statistics.median(heap for clock, heap in samples if clock >= half)


def unshared(record):
    """What the last child of the process unshared; None where it had none, or the system does not say."""
    child = record.get("child") or {}
    begun, collected = child.get("begun_bytes"), child.get("collected_bytes")
    return None if begun is None or collected is None else collected - begun


def measure(pairs, program, collector, figure, folder):
    """One figure of one process; None when it failed, or left its garbage, or does not say the figure."""
    timeline = os.path.join(folder, "timeline.csv")
    recording = {"usual heap": ["--timeline", timeline], "time": ["--recording", "off"]}.get(figure, [])
    record = pairs.record(program, collector, *recording, timeout=TIMEOUT)
    if not record or record["leaked_bytes"] > LEAKS * (record["leaked_bytes"] + record["freed_bytes"]):
        return None
    if figure == "usual heap":
        return usual_heap(timeline)
    if figure == "unshared":
        return unshared(record)
    if figure == "external":
        return record["external_peak_bytes"]
    return figures_of(record)[["time", "largest heap", "resident"].index(figure)]


def by_turns(pairs, program, figure, rounds):
    """Of the collectors that did the job in every round (median, collector, False), the least first. Those whose time was up
    come last with that time, and True: it is the least that they take."""
    collectors = free(pairs, program.partition(":")[0])
    values = {collector: [] for collector in collectors}
    late = []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds):
            for collector in collectors if turn % 2 else collectors[::-1]:
                if collector not in values:
                    continue
                try:
                    value = measure(pairs, program, collector, figure, folder)
                except subprocess.TimeoutExpired:
                    print(f"{collector} {program}: not done in {TIMEOUT} s", flush=True)
                    late.append(collector)
                    value = None
                if value is None:
                    del values[collector]
                else:
                    values[collector].append(value)
    done = sorted((statistics.median(of), collector, False) for collector, of in values.items())
    return done + [(TIMEOUT * 1e9, collector, True) for collector in sorted(late) if figure == "time"]


def at_least(late):
    return "at least " if late else ""


def say(figure, value, collector, late):
    scale, unit = UNITS[figure]
    return f"{collector} {at_least(late)}{value / scale:.3g} {unit}"


def say_row(pattern, program, figure, values):
    """Prints the row's line. Returns whether it makes a collector so much worse."""
    if not values:
        print(f"{pattern}: {figure}: no collector has it ({program})", flush=True)
        return False
    factor = values[-1][0] / max(1, values[0][0])
    print(f"{pattern}: {figure} x {at_least(values[-1][2])}{factor:.3g}{'' if factor >= TARGET else f', below {TARGET}'}: "
          f"{say(figure, *values[-1])}, {say(figure, *values[0])} ({program})", flush=True)
    return factor >= TARGET


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1][len("usage: "):])
    parser.add_argument("page")
    parser.add_argument("pairs")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    pairs = Pairs(arguments.pairs)
    rows = reached = 0
    for pattern, program, figure in patterns(arguments.page):
        if not all(word in f"{pattern} {program}" for word in arguments.only):
            continue
        values = by_turns(pairs, program, figure, arguments.rounds)
        rows += 1
        reached += say_row(pattern, program, figure, values)
        if arguments.all:
            print("    " + "; ".join(say(figure, *value) for value in values), flush=True)
    print(f"{reached} of {rows} patterns make a collector {TARGET} times worse than its best peer")
    return 0


if __name__ == "__main__":
    sys.exit(main())

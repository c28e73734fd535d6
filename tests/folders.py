# SPDX-License-Identifier: MIT
"""Folders of runs, seen as a whole. `python3 -m folders EXPRESSION` ends with status 0 where the expression holds."""
import csv
import json
import os
import sys

PLANNED = ("id", "block", "cell", "attempt", "workload", "workload_options", "collector", "seed", "layout", "status", "checksum",
           "allocated_objects", "allocated_bytes")


def rows(folder):
    return list(csv.DictReader(open(f"{folder}/runs.csv")))


def manifest(folder):
    return json.load(open(f"{folder}/manifest.json"))


def plan(folder):
    """What a run is apart from times: first attempts, and the names of their files."""
    return sorted(tuple(r[k] for k in PLANNED) + tuple(w.split(":")[0] for w in r["files"].split())
                  for r in rows(folder) if r["attempt"] == "0")


def files(folder):
    """Raw files of first attempts: how many run again depends on what else the machine does."""
    processes = len(plan(folder))
    return sorted(f"{kind}/{name}" for kind in ("records", "events", "phases", "timelines")
                  for name in os.listdir(f"{folder}/{kind}") if int(name.split(".")[0]) < processes)


def contents(folder):
    return {name: open(f"{folder}/{name}", "rb").read() for name in files(folder) + ["runs.csv", "reference.csv", "manifest.json"]}


if __name__ == "__main__":
    sys.exit(not eval(sys.argv[1]))

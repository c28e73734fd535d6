#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every workload, recorded at a small size and replayed.

The recording must be a valid program: a workload that keeps a borrowed reference for longer than the contract allows
makes one that is refused. Replayed under `census` it must do exactly what the workload does: increments, decrements,
objects and bytes. Replayed under every collector it must read the same back, and reach the same graph at each
checkpoint.

Sizes come from what each pair says of its options: integers are cut down, and every value of every switch and choice
is tried, so a workload added to the list is tested without a line here.

usage: recording.py GCMATRIX PAIRS.JSON [WORKLOAD:OPTIONS]...

Options of a workload that are named there take the place of those made here.
"""
import json
import os
import subprocess
import sys
import tempfile

FEW, MANY = 6, 60  # what defaults above 10 (depths, exponents, rounds) and above 64 (counts) are cut to

# Where small integers alone leave out what the workload is for.
EXTRA = {
    "rings": ["tail=3", "cyclic=1", "payload=0", "live=0,size=1"],
    "call-args": ["arity=0", "store=1"],
    "deep-chain": ["nodes=20000"],
    "alloc-churn": ["steps=3000,live=50,refs=8", "survival=1"],
    "fan-in": ["targets=3"],
    "lru-cache": ["operations=2000,capacity=20"],
}


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, wrong, sentence):
        self.count += 1
        self.failed += bool(wrong)
        print(f"{'not ' if wrong else ''}ok {self.count} - {sentence}")
        for line in wrong:
            print(f"# {line}", flush=True)
        return not wrong


# ---- processes ----


class Pairs:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            listed = json.load(file)
        folder = os.path.dirname(path)
        self.workloads = [name for name in listed["workloads"] if name != "replay"]
        self.collectors = [name for name in listed["collectors"] if name != "recorder"]
        self.paths = {(p["workload"], p["collector"]): os.path.join(folder, p["path"]) for p in listed["pairs"]}

    def run(self, workload, collector, options, *more):
        """The record, or the one line that was said instead."""
        command = [self.paths[workload, collector], "--workload-options", options, *more]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip() or f"status {done.returncode}"
            return f"{workload}-{collector} {options}: {said}"
        return json.loads(done.stdout)

    def describe(self, workload, collector="census"):
        done = subprocess.run([self.paths[workload, collector], "--describe"], capture_output=True, check=True)
        return json.loads(done.stdout)


# ---- options ----


def small(option):
    value = option["default"]
    cut = FEW if 10 < value <= 64 else min(value, MANY)
    return max(cut, int(option["min"]))


def parsed(options):
    return dict(setting.split("=") for setting in options.split(","))


def variants(workload, options, named):
    """Option texts: all small, and from there one switch or choice at a time."""
    base = {o["name"]: str(small(o)) for o in options if o["type"] == "integer"} | named

    def text(changed):
        return ",".join(f"{name}={value}" for name, value in {**base, **changed}.items())

    yield text({})
    for option in options:
        if option["type"] == "switch":
            yield text({option["name"]: "off" if option["default"] else "on"})
        elif option["type"] == "choice":
            yield from (text({option["name"]: value}) for value in option["choices"] if value != option["default"])
    for extra in EXTRA.get(workload, []):
        yield text(parsed(extra))


# ---- what must hold ----


def validity(gcmatrix, pairs, workload, options, program):
    recorded = pairs.run(workload, "recorder", options, "--collector-options", "file=" + program)
    if isinstance(recorded, str):
        return [recorded]
    checked = subprocess.run([gcmatrix, "program", "check", program], capture_output=True, check=False)
    return [checked.stderr.decode().strip()] if checked.returncode else []


def deeds(record):
    truth = record["truth"]
    return {
        "increments": truth["increments"],
        "decrements": truth["decrements"],
        **{key: record[key] for key in ("allocated_objects", "allocated_bytes", "freed_objects", "live_objects")},
    }


def faithfulness(pairs, workload, options, program):
    itself = pairs.run(workload, "census", options)
    replayed = pairs.run("replay", "census", "file=" + program)
    failed = [one for one in (itself, replayed) if isinstance(one, str)]
    if failed:
        return failed
    a, b = deeds(itself), deeds(replayed)
    return [f"{key}: {a[key]} by the workload, {b[key]} by its replay" for key in a if a[key] != b[key]]


def graphs(record):
    return [record["checksum"], record["live_objects"]] + [
        [one["live_objects"], one["live_bytes"], one["digest"]] for one in record.get("checkpoints", [])
    ]


def agreement(gcmatrix, pairs, traits, program):
    wrong = []
    expected = None
    marked = program + ".deaths"  # for collectors that free when told: nothing dead is held under them at any time
    subprocess.run([gcmatrix, "program", "deaths", program, "-o", marked], stdout=subprocess.DEVNULL, check=True)
    for collector in pairs.collectors:
        told = traits[collector]["frees_when_told"]
        file = marked if told else program
        record = pairs.run("replay", collector, "file=" + file, "--checkpoints", "--check")
        if isinstance(record, str):
            wrong.append(record)
            continue
        expected = expected or (collector, graphs(record))
        if graphs(record) != expected[1]:
            wrong.append(f"{collector}: {graphs(record)}, but {expected[0]}: {expected[1]}")
        for i, one in enumerate(record.get("checkpoints", [])):
            if (told or traits[collector]["reclaims_cycles"]) and one["held_objects"] != one["live_objects"]:
                wrong.append(f"{collector}, checkpoint {i}: holds {one['held_objects']} of {one['live_objects']} live")
    return wrong


def main():
    gcmatrix, path, *named = sys.argv[1:]
    named = dict(one.split(":") for one in named)
    pairs = Pairs(path)
    tap = Tap()
    traits = {name: pairs.describe("replay", name)["collector"]["traits"] for name in pairs.collectors}
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "recording.gcp")
        for workload in pairs.workloads:
            described = pairs.describe(workload)["workload"]["options"]
            for options in variants(workload, described, parsed(named[workload]) if workload in named else {}):
                name = f"{workload} ({options})" if options else workload
                if not tap.ok(validity(gcmatrix, pairs, workload, options, program), f"{name}: keeps the contract"):
                    continue
                tap.ok(faithfulness(pairs, workload, options, program), f"{name}: its replay does what it does")
                tap.ok(agreement(gcmatrix, pairs, traits, program), f"{name}: its replays reach the same graphs")
    print(f"1..{tap.count}")
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())

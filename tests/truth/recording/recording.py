#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One workload, recorded at small sizes and replayed.

The recording must be a valid program. A workload that keeps a borrowed reference for longer than the contract allows
makes a program that is refused. Replayed under `census`, the recording must do exactly what the workload does:
increments, decrements, objects and bytes. Replayed under every collector, it must read the same back, and reach the
same graph at each checkpoint.

Sizes come from what each pair says of its options. Integers are cut down, and every value of every switch and choice
is tried, so a workload added to the list is tested without a line here.

Long recordings cost the most. A recording of more than SHORT operations is replayed under every collector only up to
there, and the replay of a recording of more than LARGE bytes is not compared with its workload. A changed option is
replayed under every third collector: gcc's build, clang's and the sanitizers' have a third each. With LONG_TESTS=1 in
the environment none of these limits hold.

usage: recording.py GCMATRIX PAIRS.JSON WORKLOAD [OPTIONS]

OPTIONS take the place of those made here.
"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
import tap  # noqa: E402

FEW, MANY = 6, 60  # what defaults above 10 (depths, exponents, rounds) and above 64 (counts) are cut to
SHORT = 30_000  # operations
LARGE = 4_000_000  # bytes

# Where small integers alone leave out what the workload is for.
EXTRA = {
    "rings": ["tail=3", "cyclic=1", "payload=0", "live=0,size=1"],
    "call-args": ["arity=0", "store=1"],
    "deep-chain": ["nodes=20000" if tap.long_tests else "nodes=20000,rounds=1"],
    "alloc-churn": ["steps=3000,live=50,refs=8", "survival=1"],
    "fan-in": ["targets=3"],
    "grow": ["nodes=500,chunk=16,rounds=3"],
    "lru-cache": ["operations=2000,capacity=20"],
    "steady-trash": ["start=20,reach=3,queue=5,explicit=4", "cyclic=0,reach=2", "queue=1,explicit=60,young=on"],
}


# ---- processes ----


class Pairs:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            listed = json.load(file)
        folder = os.path.dirname(path)
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
    """Option texts, each once: all small, and from there one switch or choice at a time."""
    base = {o["name"]: str(small(o)) for o in options if o["type"] == "integer"} | named

    def text(changed):
        return ",".join(f"{name}={value}" for name, value in {**base, **changed}.items())

    texts = [text({})]
    for option in options:
        if option["type"] == "switch":
            texts.append(text({option["name"]: "off" if option["default"] else "on"}))
        elif option["type"] == "choice":
            texts += [text({option["name"]: value}) for value in option["choices"] if value != option["default"]]
    texts += [text(parsed(extra)) for extra in EXTRA.get(workload, [])]
    return list(dict.fromkeys(texts))


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


def cut(gcmatrix, program):
    """Ends a program after its first SHORT operations with a checkpoint, where it is longer."""
    dump = subprocess.Popen([gcmatrix, "program", "dump", program], stdout=subprocess.PIPE)
    lines = [line for _, line in zip(range(SHORT + 1), dump.stdout)]
    dump.stdout.close()
    dump.wait()
    if len(lines) <= SHORT:
        return
    source = program + ".txt"
    with open(source, "wb") as file:
        file.writelines(lines + [b"checkpoint\n"])
    subprocess.run([gcmatrix, "program", "assemble", source, "-o", program], stdout=subprocess.DEVNULL, check=True)


def agreement(gcmatrix, pairs, collectors, program):
    """`collectors` are traits by name."""
    wrong = []
    expected = None
    marked = program + ".deaths"  # for collectors that free when told: nothing dead is held under them at any time
    subprocess.run([gcmatrix, "program", "deaths", program, "-o", marked], stdout=subprocess.DEVNULL, check=True)
    for collector, traits in collectors.items():
        told = traits["frees_when_told"]
        file = marked if told else program
        record = pairs.run("replay", collector, "file=" + file, "--checkpoints", "--check")
        if isinstance(record, str):
            wrong.append(record)
            continue
        expected = expected or (collector, graphs(record))
        if graphs(record) != expected[1]:
            wrong.append(f"{collector}: {graphs(record)}, but {expected[0]}: {expected[1]}")
        for i, one in enumerate(record.get("checkpoints", [])):
            if (told or traits["reclaims_cycles"]) and one["held_objects"] != one["live_objects"]:
                wrong.append(f"{collector}, checkpoint {i}: holds {one['held_objects']} of {one['live_objects']} live")
    return wrong


def by_turns(collectors, place):
    """All collectors for the first text of options; every third for the others, and the census always."""
    if place == 0:
        return collectors
    return {
        name: traits
        for i, (name, traits) in enumerate(collectors.items())
        if tap.turn(i + place) or traits["observes"]
    }


def main():
    gcmatrix, path, workload, *named = sys.argv[1:]
    pairs = Pairs(path)
    collectors = {name: pairs.describe("replay", name)["collector"]["traits"] for name in pairs.collectors}
    described = pairs.describe(workload)["workload"]
    if described["finalising"]:
        print("1..0 # SKIP the recorder refuses finalisers and weak references")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "recording.gcp")
        for place, options in enumerate(variants(workload, described["options"], parsed(named[0]) if named else {})):
            name = f"{workload} ({options})" if options else workload
            wrong = validity(gcmatrix, pairs, workload, options, program)
            tap.ok(not wrong, f"{name}: keeps the contract", *wrong)
            if wrong:
                continue
            if tap.long_tests or os.path.getsize(program) <= LARGE:
                wrong = faithfulness(pairs, workload, options, program)
                tap.ok(not wrong, f"{name}: its replay does what it does", *wrong)
            if not tap.long_tests:
                cut(gcmatrix, program)
            wrong = agreement(gcmatrix, pairs, by_turns(collectors, place), program)
            tap.ok(not wrong, f"{name}: its replays reach the same graphs", *wrong)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

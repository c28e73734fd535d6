#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Damages the files of a small run, byte by byte: each reader refuses, or says what it leaves out, or it does not matter.

Every byte is flipped, and becomes others; the file is cut there; bytes, lines and all of it come twice. A reader that
ends with status 0, another result and no word has lost something silently, and so fails this test.

usage: damage.py [CASES | all]     so many of each file
"""

import json
import shutil
import sys

import ground
from ground import tap

FLIPS = {
    "its lowest bit": lambda byte: byte ^ 1,
    "a bit of case": lambda byte: byte ^ 32,
    "its highest bit": lambda byte: byte ^ 128,
    "a quote": lambda byte: ord('"'),
    "a line feed": lambda byte: 10,
    "a NUL": lambda byte: 0,
    "a digit": lambda byte: ord("9"),
    "a comma": lambda byte: ord(","),
}


def damages(content):
    """Every way to damage a file: in words, and its content then. Contents are made when they are asked for."""
    for at in range(len(content)):
        for name, flip in FLIPS.items():
            if flip(content[at]) != content[at]:
                yield f"byte {at} is {name}", lambda at=at, flip=flip: content[:at] + bytes([flip(content[at])]) + content[at + 1:]
        yield f"cut at byte {at}", lambda at=at: content[:at]
        yield f"byte {at} twice", lambda at=at: content[:at + 1] + content[at:]
        yield f"without byte {at}", lambda at=at: content[:at] + content[at + 1:]
    ends = [0] + [at + 1 for at in range(len(content)) if content[at] == 10]
    for begin, end in zip(ends, ends[1:]):
        yield f"the line at byte {begin} twice", lambda begin=begin, end=end: content[:end] + content[begin:]
        yield f"without the line at byte {begin}", lambda begin=begin, end=end: content[:begin] + content[end:]
    for begin, middle, end in zip(ends, ends[1:], ends[2:]):
        yield f"the lines at byte {begin} exchanged", lambda b=begin, m=middle, e=end: content[:b] + content[m:e] + content[b:m] + content[e:]
    yield "all of it twice", lambda: content + content
    yield "nothing", lambda: b""
    yield "1 MiB of zeros", lambda: b"\0" * (1 << 20)


def schema_damages(name, content):
    """Every damage of the version of the schema that a manifest states: rows are read by it. These are tried each time."""
    if name != "manifest.json":
        return
    at = content.index(b'"gcmatrix.results.') + len(b'"gcmatrix.results.')
    for digit in b"0124589":
        yield f"byte {at} is {chr(digit)}", lambda digit=digit: content[:at] + bytes([digit]) + content[at + 1:]


def some(cases, wanted, chance):
    every = list(cases)
    return every if wanted is None or wanted >= len(every) else chance.sample(every, wanted)


def result_of(place, reader):
    """What a reader makes of the run: how it ended, and the figures."""
    if reader == "compare":
        outcome = place.run("compare", "run", "--json")
        return outcome, outcome.out
    if reader == "trace":
        outcome = place.run("trace", "run", "-o", "trace.json")
        trace = place.contents().get("trace.json")
        (place.place / "trace.json").unlink(missing_ok=True)
        return outcome, trace
    if reader.startswith("table"):
        outcome = place.run(*reader.split()[:1], "run", *reader.split()[1:], "--csv")
        return outcome, sorted(outcome.out.splitlines())
    if reader == "merge":
        outcome = place.run("merge", "run", "-o", "merged")
        merged = {name: json.loads(text) if name.endswith(".json") else text  # the order of keys says nothing
                  for name, text in place.contents().items() if name.startswith("merged/")}
        shutil.rmtree(place.place / "merged", ignore_errors=True)
        return outcome, merged
    shutil.rmtree(place.place / "run" / "tables", ignore_errors=True)
    outcome = place.run("plot", "run", "--tables")
    return outcome, {name: text for name, text in place.contents().items() if "/tables/" in name}


def missing_of(out):
    try:
        return json.loads(out)["missing"]
    except (ValueError, KeyError, TypeError):
        return 0


class File:
    """One file of the run, and what was wrong when it was damaged."""

    def __init__(self, place, name, reader):
        self.path = place.place / "run" / name
        self.name, self.reader, self.content = name, reader, self.path.read_bytes()
        self.wrong, self.tried, self.ends = [], 0, {}

    def judge(self, what, outcome, result, clean):
        """One damage: refused in a line that names the file, or told, or of no matter."""
        if outcome.complaint():
            self.wrong.append(f"{what}: {outcome.complaint()}")
        elif outcome.status == 2 and outcome.err.count(b"\n") > 3:  # what else is damaged may be said before
            self.wrong.append(f"{what}: not one line: {outcome.err!r}")
        elif outcome.status == 2 and self.path.stem.encode() not in outcome.err:
            self.wrong.append(f"{what}: no word of the file: {outcome.err!r}")
        elif outcome.status == 0 and result != clean and not outcome.err and not missing_of(result):
            self.wrong.append(f"{what}: another result, and not a word")
        end = "same" if result == clean else "refused" if outcome.status == 2 else "said" if outcome.err else "missing"
        self.ends[end] = self.ends.get(end, 0) + 1
        self.tried += 1

    def damage(self, place, wanted, chance):
        clean_outcome, clean = result_of(place, self.reader)
        if clean_outcome.status != 0:
            self.wrong.append(f"undamaged: {clean_outcome.err!r}")
        for what, content in [*schema_damages(self.name, self.content), *some(damages(self.content), wanted, chance)]:
            self.path.write_bytes(content())
            outcome, result = result_of(place, self.reader)
            self.judge(what, outcome, result, clean)
        self.path.write_bytes(self.content)

    def report(self):
        print(f"# {self.name} by {self.reader}: {self.tried} damages: {self.ends}")
        tap.ok(not self.wrong, f"{self.name} may be damaged, and {self.reader} loses nothing silently",
               f"{len(self.wrong)} of {self.tried}", *self.wrong[:40])


def traced_find(place):
    """The raw files of a process that a trace of the run shows: its pauses and its phases."""
    events = json.loads(result_of(place, "trace")[1])["traceEvents"]
    name = f"{min(event['pid'] for event in events) - 1:06}.csv"
    return f"events/{name}", f"phases/{name}"


def resume_judge(place, what, content, good, processes):
    """What a resume makes of a damaged runs.csv: it refuses and leaves it, or measures what is lost and nothing else."""
    folder = place.place / "run"
    (folder / "runs.csv").write_bytes(content)
    outcome = place.run("matrix", "m.yaml", "-o", "run", "--resume")
    now = (folder / "runs.csv").read_bytes()
    if outcome.complaint():
        return [f"{what}: {outcome.complaint()}"]
    if outcome.status == 2:
        return [] if now == content else [f"{what}: refused, and yet changed: {outcome.err!r}"]
    whole = [line for line in good if line + b"\n" in content]
    lost = [line for line in whole if line + b"\n" not in now]
    wrong = [f"{what}: {len(lost)} whole rows of {len(whole)} are no more: {outcome.err!r}"] if lost else []
    again = ground.once_each(folder, processes)
    return wrong + ([f"{what}: status {outcome.status}, {again}: {outcome.err!r}"] if again or outcome.status not in (0, 1) else [])


def resume_try(place, wanted, chance, processes):
    """Damages runs.csv of a run, and goes on with it."""
    whole, wrong, tried = place.root / "whole", [], 0
    shutil.copytree(place.place / "run", whole)
    content = (whole / "runs.csv").read_bytes()
    good = content.splitlines()
    for what, damaged in some(damages(content), wanted, chance):
        shutil.rmtree(place.place / "run")
        shutil.copytree(whole, place.place / "run")
        wrong += resume_judge(place, what, damaged(), good, processes)
        tried += 1
    tap.ok(not wrong, f"a run whose rows are damaged goes on, and measures what is lost: {tried} damages", *wrong[:40])


def main():
    wanted = ground.effort(30, 1000, None)
    chance = ground.seed_take()
    with ground.Ground() as place:
        processes = place.specify()
        outcome = place.run("matrix", "m.yaml", "-o", "run")
        tap.ok(outcome.status == 0, "a small run is there to be damaged", outcome.err)
        if outcome.status != 0:
            return tap.done()
        record = "records/000000.json"
        events = sorted(str(path.relative_to(place.place / "run")) for path in (place.place / "run" / "events").iterdir())[0]
        timeline = events.replace("events", "timelines")
        for name, reader in (("runs.csv", "compare"), ("manifest.json", "compare"), ("reference.csv", "compare"),
                             ("runs.csv", "plot"), ("reference.csv", "plot"), (record, "plot"), (events, "plot"), (timeline, "plot"),
                             ("runs.csv", "table runs"), ("reference.csv", "table reference"),
                             *((name, "trace") for name in traced_find(place)),
                             *((name, "merge") for name in ("runs.csv", "manifest.json", "reference.csv"))):
            file = File(place, name, reader)
            file.damage(place, wanted, chance)
            file.report()
        resume_try(place, 2 if wanted and wanted < 100 else 300 if wanted is None else 10, chance, processes)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

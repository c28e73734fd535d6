#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails the nth call of a command that changes files, for each n: whatever fails is said, and nothing whole is lost.

A call fails once with EIO or ENOSPC; or it and all after it fail, as on a full disk; or the process dies before it. Then
each file is what it was or what it should become. A matrix keeps its complete rows, and goes on where it was.

usage: storage.py [FAULTS | all]     so many of each command; all: each call in each way. FAULT_AT is fault-at.c, built.
REAL_PAIRS and GCMATRIX_STRESS name the pairs and the workers of the stress suite; commands without theirs are left out
"""

import json
import os
import pathlib
import re
import shutil
import sys

import ground
from ground import tap

FAULT_AT = os.environ.get("FAULT_AT", "build/tests/measuring/faults/fault-at")
KINDS = ("enospc", "eio", "full", "kill")
KILLED = 128 + 9
NO_FILTER = 125

PROGRAM = "gcp 1\nglobals 1\nshape node refs=2 payload=8\nenter 2\nnew 0 node\nset g0 #1\ncollect full\nleave\n"
OTHER_PROGRAM = "gcp 1\nglobals 0\n"
HUNT = "hunt -c leak --against rc --by garbage --recipe n*leaf --counted --write page.md"


def prepare_programs(place):
    for name in ("a.txt", "a.gcp.txt"):
        (place.place / name).write_text(PROGRAM)
    (place.place / "out").write_text(OTHER_PROGRAM)


def prepare_run(place):
    """A complete run, with tables of another version in it."""
    shutil.copytree(place.root / "complete", place.place / "run")
    (place.place / "run" / "tables").mkdir()
    (place.place / "run" / "tables" / "cells.csv").write_text("of another version\n")


def prepare_events(place):
    (place.place / "events.csv").write_text("of another process\n")


def prepare_minima(place):
    (place.place / "m.yaml").write_text(
        'name: s\nminimum_heaps: minima.json\ncells:\n  - workloads: ["binary-trees:depth=4"]\n    collectors: [rc]\n    heaps: [2]\n')
    (place.place / "minima.json").write_text('{"schema": "gcmatrix.minimum-heaps.1"}')


def prepare_page(place):
    """A page of cliffs, with a row that is to be replaced."""
    place.run(*HUNT.split(), "--size", "20000")


def minima_are_whole(place, name):
    try:
        return len(json.loads((place.place / name).read_text())["minima"]) == 1
    except (ValueError, KeyError):
        return False


def program_is_whole(place, name):
    return place.run("program", "check", name).status == 0


class Command:
    """A command that writes whole files. `scope`: its own calls, or those of its children too. `real`: it runs real pairs.
    `whole` says whether a file is, where it is not the same each time; `status` is how the command ends without a fault."""

    def __init__(self, prepare, words, scope="own", status=0, real=False, whole=None):
        self.prepare, self.words, self.scope, self.status, self.real, self.whole = prepare, words.split(), scope, status, real, whole


COMMANDS = {
    "program dump": Command(prepare_programs, "program dump a.txt -o out"),
    "program dump onto itself": Command(prepare_programs, "program dump a.txt -o a.txt"),
    "program assemble": Command(prepare_programs, "program assemble a.txt -o out"),
    "program deaths": Command(prepare_programs, "program deaths a.txt -o out"),
    "program trace": Command(prepare_programs, "program trace a.txt -c rc --dot -o out", real=True),
    "merge": Command(prepare_run, "merge run -o merged"),
    "trace": Command(prepare_run, "trace run"),
    "compare": Command(prepare_run, "compare run --json"),
    "plot --tables": Command(prepare_run, "plot run --tables"),
    "run --events": Command(prepare_events, "run hostile -c rc --events events.csv"),
    "minheap --spec": Command(prepare_minima, "minheap --spec m.yaml --trials 1", real=True, whole=minima_are_whole),
    "explicit": Command(prepare_programs, "explicit a.gcp.txt -c rc --blocks 1", real=True),
    "lifetimes": Command(prepare_programs, "lifetimes a.gcp.txt -c rc", real=True),
    "stress --replay": Command(prepare_programs, "stress --replay a.gcp.txt -c rc"),
    "hunt --write": Command(prepare_page, HUNT + " --size 30000"),
}
LONG_COMMANDS = {
    "plot": Command(prepare_run, "plot run"),
    "plot, and gnuplot": Command(prepare_run, "plot run --only time", "all"),
    "run --events, and its process": Command(prepare_events, "run hostile -c rc --events events.csv", "all"),
    "explicit, and what it runs": Command(prepare_programs, "explicit rings:count=100 -c rc --blocks 1", "all", real=True),
    "hunt, and what it records": Command(prepare_page, "hunt -c leak --against rc --by garbage --counted --write page.md "
                                         "--workload alloc-churn:steps=3000,live=1", "all", real=True),
    "lifetimes, and what it runs": Command(prepare_programs, "lifetimes rings:count=100 -c rc", "all", real=True),
    "stress --keep": Command(prepare_programs, "stress -c broken-rc --seed 1 --programs 2000 --jobs 1 --keep kept", status=1,
                             whole=program_is_whole),
}
TIMED = ("run", "explicit", "lifetimes", "stress", "hunt")  # what these print is never the same twice
# Of a matrix: whether its children write too, and whether a part of it is there. The short form takes two of them.
MATRICES = [("matrix", "own", False), ("matrix, and what it runs", "all", False), ("matrix --resume", "own", True)]

# Faults that once lost something, and are tried each time: the command, the kind, the call, its place among those.
ONCE = [
    ("matrix, and what it runs", "eio", "unlinkat hyperfine.json", -1),
    ("program dump", "enospc", "openat", 0),
    ("program dump", "eio", "fsync", -1),
    ("run --events", "eio", "openat", 0),
    ("matrix", "full", "write", 0),
    ("matrix", "eio", "fsync", 1),
]


class Tries:
    """One command, its calls, and what was wrong when one of them failed."""

    def __init__(self, name, command):
        self.name, self.command, self.words, self.scope = name, command, command.words, command.scope
        self.wrong, self.tried, self.calls, self.total = [], 0, [], 0

    def run(self, place, kind="kill", at=0):
        """Runs it with that fault. Standard output is a file, which may fail as any other."""
        log = place.root / "log"
        pairs = {"GCMATRIX_PAIRS": os.environ["REAL_PAIRS"]} if self.command.real else {}
        with open(place.place / "stdout", "wb") as output:
            outcome = place.run(*self.words, before=[FAULT_AT, log, kind, str(at), self.scope], stdout=output,
                                env=place.environment | pairs)
        self.calls = log.read_text(errors="replace").splitlines()
        return outcome

    def complain(self, kind, at, what):
        call = self.calls[at - 1] if at <= len(self.calls) else "?"
        self.wrong.append(f"{self.name}: {kind} at {at} ({call}): {what}")

    def faults(self, wanted, chance):
        """The faults to try: so many, or each kind at each call."""
        self.total = len(self.calls)
        every = [(kind, at) for at in range(1, self.total + 1) for kind in KINDS]
        if wanted is None or wanted >= len(every):
            return every
        return self.faults_once() + chance.sample(every, wanted)

    def faults_once(self):
        places = {call: [at for at, line in enumerate(self.calls, 1) if line.startswith(call)]
                  for name, kind, call, which in ONCE}
        return [(kind, places[call][which]) for name, kind, call, which in ONCE
                if name == self.name and places[call]]


def is_as(place, tries, name, expected, now):
    """Whether a file is as expected: the same, or whole where it is never the same twice."""
    if now.get(name) == expected.get(name):
        return True
    return bool(tries.command.whole and name in expected and name in now and tries.command.whole(place, name))


def mixed(place, tries, before, after, now):
    """The files that are neither what they were nor what they should become."""
    return [name for name in before.keys() | after.keys() if name != "stdout" and now.get(name) != before.get(name)
            and not is_as(place, tries, name, after, now)]


def unlike(place, tries, after, now):
    """The files that are not as they are without a fault."""
    return [name for name in after.keys() | now.keys()
            if not is_as(place, tries, name, after, now) and not (tries.words[0] in TIMED and name == "stdout")]


def left_over(before, after, now):
    return [name for name in now if name not in before and name not in after]


def kept_untrue(outcome, before, now):
    """The files that the command says it kept as they were, and that are not."""
    named = re.findall(rb"([^\s:]+): [^:\n]+; what stood there before is kept", outcome.err)
    return [name for name in map(os.fsdecode, named) if now.get(name) != before.get(name)]


def judge_files(place, tries, kind, at, outcome, before, after):
    """Whether the command said that it failed, and left its files whole."""
    now, done = place.contents(), tries.command.status
    if outcome.complaint() and not (kind == "kill" and outcome.status == KILLED):
        tries.complain(kind, at, outcome.complaint())
    elif outcome.status == done and unlike(place, tries, after, now):
        tries.complain(kind, at, f"status {done}, yet not as without it: {unlike(place, tries, after, now)} {outcome.err!r}")
    elif outcome.status == done and kind == "kill" and "all" not in tries.scope:
        tries.complain(kind, at, "it was not killed")
    elif outcome.status == 1 and tries.scope == "all" and outcome.err:
        return  # a process that it started failed, and it goes without
    elif outcome.status == 2 and tries.scope == "all" and outcome.err and now | {"stdout": b""} == before | {"stdout": b""}:
        return  # it cannot go without, and wrote nothing
    elif outcome.status not in (done, 3, KILLED):
        tries.complain(kind, at, f"status {outcome.status}: {outcome.err!r}")
    if mixed(place, tries, before, after, now):
        tries.complain(kind, at, f"neither old nor new: {mixed(place, tries, before, after, now)}")
    if kept_untrue(outcome, before, now):
        tries.complain(kind, at, f"said to be kept, and not: {kept_untrue(outcome, before, now)}")
    if kind != "kill" and left_over(before, after, now):
        tries.complain(kind, at, f"left over: {left_over(before, after, now)}")


def place_restore(place, before):
    """Makes the place what it was."""
    for name in place.contents():
        (place.place / name).unlink()
    kept = {pathlib.PurePath(name).parts[0] for name in before}
    for folder in place.place.iterdir():
        if folder.is_dir() and folder.name not in kept:
            shutil.rmtree(folder)
    for name, content in before.items():
        path = place.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def unfinished(folder):
    return [str(path.relative_to(folder)) for path in folder.rglob(".gcmatrix-*.part")]


def sweep_judge(place, tries, at):
    """Whether the next one removes what one that was killed left unfinished in the run's folder."""
    tries.run(place)
    if unfinished(place.place / "run"):
        tries.complain("kill", at, f"left for ever: {unfinished(place.place / 'run')}")


def command_try(place, tries, wanted, chance):
    """A command that writes whole files, with faults."""
    tries.command.prepare(place)
    before = place.contents()
    clean = tries.run(place)
    after = place.contents()
    if clean.status != tries.command.status:
        tries.wrong.append(f"{tries.name}: without a fault: status {clean.status}: {clean.err!r}")
        return
    for kind, at in tries.faults(wanted, chance):
        place_restore(place, before)
        outcome = tries.run(place, kind, at)
        judge_files(place, tries, kind, at, outcome, before, after)
        if kind == "kill" and tries.words[0] == "plot":
            sweep_judge(place, tries, at)
        tries.tried += 1


# ---- a matrix, which appends ----


def matrix_judge(place, tries, kind, at, outcome, processes):
    """Whether a matrix that met a fault kept its rows, and goes on to its end."""
    folder = place.place / "run"
    kept = ground.lines_complete(folder)
    if outcome.complaint() and not (kind == "kill" and outcome.status == KILLED):
        tries.complain(kind, at, outcome.complaint())
    elif outcome.status == 0 and ground.once_each(folder, processes):
        tries.complain(kind, at, f"status 0, yet {ground.once_each(folder, processes)}")
    elif outcome.status not in (0, 1, 3, KILLED):
        tries.complain(kind, at, f"status {outcome.status}: {outcome.err[-300:]!r}")
    again = place.run("matrix", "m.yaml", "-o", "run", "--resume")
    if again.status not in ((0, 1) if tries.scope == "all" else (0,)) or ground.once_each(folder, processes):
        tries.complain(kind, at, f"resumed: status {again.status}: {again.err[-300:]!r} {ground.once_each(folder, processes)}")
    if not ground.lines_complete(folder).startswith(kept):
        tries.complain(kind, at, "a row that was complete is no more")
    if unfinished(folder):
        tries.complain(kind, at, f"left for ever: {unfinished(folder)}")
    records = {int(path.stem) for path in (folder / "records").glob("*.json")}
    without = [row["id"] for row in ground.rows(folder) if row["status"] == "ok" and int(row["id"]) not in records]
    if without:
        tries.complain(kind, at, f"no records of {without}")


def matrix_try(place, tries, wanted, chance, cut):
    """A matrix from nothing, or one of which the last rows are missing."""
    processes = place.specify(blocks=1)
    whole = place.root / "complete"
    if not whole.exists():
        place.run("matrix", "m.yaml", "-o", whole)
    tries.run(place)
    for kind, at in tries.faults(wanted, chance):
        shutil.rmtree(place.place / "run", ignore_errors=True)
        if cut:
            shutil.copytree(whole, place.place / "run")
            lines = (whole / "runs.csv").read_bytes().splitlines(keepends=True)
            (place.place / "run" / "runs.csv").write_bytes(b"".join(lines[:-3]))
        before = place.outside("run", "stdout", "log")
        outcome = tries.run(place, kind, at)
        matrix_judge(place, tries, kind, at, outcome, processes)
        for change in ground.changes(before, place.outside("run", "stdout", "log")):
            tries.complain(kind, at, change)
        tries.tried += 1
    shutil.rmtree(place.place / "run", ignore_errors=True)


def report(tries):
    tap.ok(not tries.wrong, f"{tries.name}: of {tries.total} calls any may fail, in {tries.tried} ways", *tries.wrong)


def main():
    wanted = ground.effort(1, 12, None)
    chance = ground.seed_take()
    with ground.Ground() as place:
        if place.run("--version", before=[FAULT_AT, place.root / "log", "kill", "0", "own"]).status == NO_FILTER:
            tap.skip("any call may fail", "this system has no filter that asks another process")
            return tap.done()
        for name, scope, cut in MATRICES[:1] + MATRICES[chance.randrange(1, 3):][:1] if wanted == 1 else MATRICES:
            tries = Tries(name, Command(None, "matrix m.yaml -o run --resume", scope))
            matrix_try(place, tries, wanted, chance, cut)
            report(tries)
        commands = COMMANDS | (LONG_COMMANDS if wanted is None or wanted > 1 else {})
        for name, command in commands.items():
            if (command.real and "REAL_PAIRS" not in os.environ) or (command.words[0] in ("stress", "hunt") and "GCMATRIX_STRESS" not in os.environ):
                continue
            tries = Tries(name, command)
            command_try(place, tries, wanted, chance)
            place_restore(place, {})
            shutil.rmtree(place.place / "run", ignore_errors=True)
            report(tries)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

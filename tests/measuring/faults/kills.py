#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kills every process of a matrix in turn, at random moments, and goes on: what was complete stays, and nothing runs on.

Any process of the tree may be killed: the command, the guard, hyperfine, what is measured, the reference program. A run
that its own process survives goes on; one that lost its command is resumed.

usage: kills.py [KILLS | all]     all: 1,000. TEST_SEED in the environment repeats the choices
"""

import os
import sys
import time

import ground
from ground import tap

MEASURED = ("hostile-", "null-")


class Tally:
    """What was tried and what went wrong."""

    def __init__(self):
        self.kills, self.of, self.runs = 0, {}, 0
        self.lost, self.wrong, self.left, self.beside, self.touched = [], [], [], [], []

    def note_kill(self, name):
        self.kills += 1
        self.of[name] = self.of.get(name, 0) + 1


def measured(processes):
    return [process for process in processes if os.path.basename(ground.executable_of(process)).startswith(MEASURED)]


def watch(process, seconds, tally):
    """Lets the run go on for so long, and sees whether two measured processes run beside each other."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        beside = measured(ground.descendants(os.getpid()))
        if len(beside) > 1:
            time.sleep(0.02)  # one that is about to be ended, or has just been: a busy machine takes its time for the rest
            beside = [one for one in measured(ground.descendants(os.getpid())) if one in beside and not ground.is_dying(one)]
        if len(beside) > 1:
            tally.beside.append([ground.executable_of(one) for one in beside])
        time.sleep(0.005)


def name_of(victim, command):
    """What a process is to the run: the command's guards run the same file as the command."""
    name = os.path.basename(ground.executable_of(victim))
    return "guard" if name == "gcmatrix" and victim != command else name


def victims_choose(process, chance):
    """Any process of the tree; every other time one that is measured, or what times it or guards it, if one is there. Now
    and then the command and its guards together: then nobody is left who could end what is measured."""
    tree = [process.pid] + ground.descendants(process.pid)
    near = measured(tree)
    if near and chance.random() < 0.2:
        return [one for one in tree if name_of(one, process.pid) in ("gcmatrix", "guard")]
    if near and chance.random() < 0.5:
        return [chance.choice(tree[1:])]
    return [chance.choice(tree)]


def moment_await(process, chance, tally):
    """Waits for the next moment to kill at: one of a process that is measured, or any at all."""
    watch(process, chance.random() * 0.3, tally)
    if chance.random() < 0.3:
        return
    deadline = time.monotonic() + 3
    while process.poll() is None and not measured(ground.descendants(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.002)
    watch(process, chance.random() * 0.05, tally)


def session(place, chance, tally, wanted):
    """One start of the command, with kills until it ends. Returns its exit status."""
    process = place.start("matrix", "m.yaml", "-o", "run", "--resume")
    while True:
        moment_await(process, chance, tally)
        if process.poll() is not None or tally.kills >= wanted:
            break
        victims = victims_choose(process, chance)
        names = [name_of(victim, process.pid) for victim in victims]
        killed = [name for name, victim in zip(names, victims) if name and ground.kill(victim)]
        if killed:
            tally.note_kill(" and ".join(killed))
    watch(process, ground.PATIENCE, tally)
    process.kill() if process.poll() is None else None
    out, err = process.communicate()
    return ground.Outcome(process.returncode, out, err)


def run_through(place, processes, chance, tally, wanted):
    """One run from its begin to its end, over as many sessions as it takes."""
    folder, kept = place.place / "run", b""
    for _ in range(200):
        outcome = session(place, chance, tally, wanted)
        now = ground.lines_complete(folder)
        if not now.startswith(kept):
            tally.lost.append(f"after {tally.kills} kills {kept[-200:]!r} is no more")
        kept = now
        tally.left += ground.left_running()
        if outcome.status in (0, 1):
            break
        if outcome.status != -9 and outcome.complaint():
            tally.wrong.append(outcome.complaint())
    again = ground.once_each(folder, processes)
    if again or outcome.status not in (0, 1):
        tally.wrong.append(f"{again}; status {outcome.status}: {outcome.err[-300:]!r}")


def command_and_guards(place):
    """Kills the command and its guards at one moment, while a process of a minute is measured. Returns what is left."""
    place.specify(milliseconds=60000, blocks=1)
    process = place.start("matrix", "m.yaml", "-o", "long")
    deadline = time.monotonic() + ground.PATIENCE
    tree, there = [], []
    while process.poll() is None and time.monotonic() < deadline:
        tree = [process.pid] + ground.descendants(process.pid)
        there = [name_of(one, process.pid) for one in tree]
        if any(name.startswith("hostile-") and "--record" in ground.arguments_of(one) for one, name in zip(tree, there)):
            break  # one that is asked what it can do has no record
        time.sleep(0.005)
    for victim in [one for one, name in zip(tree, there) if name in ("gcmatrix", "guard")]:
        ground.kill(victim)
    process.wait()
    left = ground.left_running()
    process.communicate()
    return left if any(name.startswith("hostile-") for name in there) else [f"nothing was measured: {there}"]


def rows_explained(folder, tally):
    """Each row that is not `ok` says that its process was killed."""
    for row in ground.rows(folder):
        if row["status"] != "ok" and "killed" not in row["reason"] and "hyperfine" not in row["reason"]:
            tally.wrong.append(f"process {row['id']}: {row['status']}: {row['reason']}")


def main():
    wanted = ground.effort(6, 60, 1000)
    chance, tally = ground.seed_take(), Tally()
    ground.orphans_adopt()
    # Six kills meet one kind alone in some runs of a thousand. Then there are more of them.
    while tally.kills < wanted or len(tally.of) < 2 and tally.kills < 10 * wanted:
        with ground.Ground() as place:
            processes = place.specify(milliseconds=chance.choice((1, 20, 200)), blocks=2)
            before = place.outside("run")
            run_through(place, processes, chance, tally, max(wanted, tally.kills + 1))
            rows_explained(place.place / "run", tally)
            tally.touched += ground.changes(before, place.outside("run"))
            tally.runs += 1
    with ground.Ground() as place:
        tally.left += command_and_guards(place)
    print(f"# {tally.kills} kills in {tally.runs} runs: {tally.of}")
    tap.ok(len(tally.of) > 1, "every kind of process was killed", tally.of)
    tap.ok(not tally.lost, "no kill loses a row that was complete", *tally.lost)
    tap.ok(not tally.wrong, "each run ends with each process once, and each that failed with the kill as its reason", *tally.wrong)
    tap.ok(not tally.left, "no process is left when the command has ended", *tally.left)
    tap.ok(not tally.beside, "no process is measured beside one that outlived its run", *tally.beside)
    tap.ok(not tally.touched, "nothing outside of the run's folder is touched", *tally.touched)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

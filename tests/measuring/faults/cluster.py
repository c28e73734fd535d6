#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A matrix as a job array under real daemons of Slurm, and what happens to them: kills, a full disk, preemption.

Two nodes on this machine run the tasks. At random moments a node's daemon is killed, or that of a task, or a task's script or
its gcmatrix, or a whole node. A daemon comes back after a while. Slurm requeues a task that it has lost. One whose script or
gcmatrix was killed has failed, and is run again by the command that was printed. Then no complete row is lost, and none is
there twice.

usage: cluster.py [KILLS | all]     all: 50. TEST_SEED in the environment repeats the choices
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import ground
from ground import tap

SITE = str(pathlib.Path(__file__).resolve().parents[2] / "support" / "slurm-site")
PATIENCE = 240  # seconds until all jobs have ended
LATER = 1.2  # seconds: a node takes no credential of the second in which the job was requeued
KINDS = ("slurmd", "slurmstepd", "script", "gcmatrix", "node")
NODES = ("n1", "n2")


class Site:
    """A Slurm of this test's own. All that it starts are descendants of this process. `with Site(place) as site:` ends it."""

    def __init__(self, place, *lines):
        self.place, self.folder, self.lines, self.waiting = place, place.root / "site", lines, {}
        place.environment["SLURM_CONF"] = str(self.folder / "slurm.conf")

    def call(self, *words):
        return subprocess.run([SITE, words[0], str(self.folder), *words[1:]], env=self.place.environment).returncode == 0

    def ask(self, *words):
        return subprocess.run(words, env=self.place.environment, capture_output=True, text=True).stdout.split("\n")[:-1]

    def __enter__(self):
        self.call("configure", *self.lines)
        tap.ok(self.call("start"), "two nodes are there")
        return self

    def __exit__(self, *error):
        self.ask("scancel", "--user=root")
        self.until_ended(lambda: None, 30)
        self.call("stop")
        ground.left_running()

    def release(self):
        """A job that was requeued waits for two minutes, which are left out here."""
        now, seen = time.monotonic(), {}
        for line in self.ask("squeue", "--noheader", "--states=pending", "--format=%r %i"):
            reason, job = line.rsplit(" ", 1)
            if reason == "BeginTime":
                seen[job] = self.waiting.get(job, now)
                if now - seen[job] > LATER:
                    self.ask("scontrol", "update", f"jobid={job}", "starttime=now")
        self.waiting = seen

    def until_ended(self, meanwhile, patience=PATIENCE):
        """Calls `meanwhile` until no job is there. Whether all have ended in time."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            answer = subprocess.run(["squeue", "--noheader"], env=self.place.environment, capture_output=True, text=True)
            if answer.returncode == 0 and not answer.stdout.strip():
                return True
            self.release()
            meanwhile()
            time.sleep(0.1)
        return False

    # ---- its processes ----

    def daemon(self, node):
        """The process of a node's daemon; None while there is none."""
        try:
            process = int((self.folder / f"{node}.pid").read_text())
        except (OSError, ValueError):
            return None
        return process if process in ground.descendants(os.getpid()) else None

    def steps(self, node):
        """The daemons of a node's tasks."""
        found = []
        for process in ground.descendants(os.getpid()):
            if os.path.basename(ground.executable_of(process)).startswith("slurmstepd"):  # Debian's has a longer name
                if any(variable_of(child, "SLURMD_NODENAME") == node for child in ground.children_of(process)):
                    found.append(process)
        return found

    def revive(self):
        """Starts the daemons of nodes that have none, and waits until they are there."""
        for node in NODES:
            if self.daemon(node) is None:
                self.call("node", node)
                self.ask("scontrol", "update", f"nodename={node}", "state=resume")
                deadline = time.monotonic() + 3
                while self.daemon(node) is None and time.monotonic() < deadline:
                    time.sleep(0.02)


def variable_of(process, name):
    """A variable of a process's environment; "" where it has none, or is gone."""
    try:
        variables = pathlib.Path(f"/proc/{process}/environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return ""
    return next((text.partition("=")[2] for text in variables if text.startswith(name + "=")), "")


# ---- an array ----


class Array:
    """A matrix that is submitted, with what it must come to."""

    def __init__(self, place, name, *options):
        self.place, self.folder = place, place.place / name
        outcome = place.run("slurm", "m.yaml", "-o", name, "--", *options)
        said = outcome.out.decode()
        number = re.search(r"^end: scancel (\d+) ", said, re.M)
        self.number = number.group(1) if number else ""
        self.again = next((line for line in said.split("\n") if line.startswith("sbatch")), "false")
        self.kept = {}
        tap.ok(outcome.status == 0 and self.number, f"{name} is submitted", said, outcome.err)

    def shards(self):
        return [folder for folder in sorted((self.folder / "shards").iterdir()) if not folder.name.startswith(".")]

    def lost(self):
        """What was a complete row before, and is no more; "" where nothing is."""
        for shard in self.shards():
            now = ground.lines_complete(shard)
            if not now.startswith(self.kept.get(shard, b"")):
                return f"{shard.name}: {self.kept[shard][-200:]!r} is no more"
            self.kept[shard] = now
        return ""

    def complete(self):
        """The work of which any shard has a complete row that is ok."""
        return set().union(*(work(ground.rows(shard)) for shard in self.shards()))

    def merge_again(self):
        """Moves the merged run away, and merges anew. Returns its rows."""
        if (self.folder / "run").exists():
            (self.folder / "run").rename(self.folder / f"run-{time.monotonic_ns()}")
        subprocess.run(["bash", self.folder / "merge.sh"], env=self.place.environment, capture_output=True)
        return ground.rows(self.folder / "run")

    def submit_again(self, *options):
        """The command that was printed, with further options."""
        words = self.again.replace("sbatch ", "sbatch " + "".join(option + " " for option in options), 1)
        subprocess.run(words, shell=True, env=self.place.environment, capture_output=True)

    def said(self):
        return "".join(path.read_text(errors="replace") for path in sorted((self.folder / "logs").iterdir()))


def once_each(rows):
    return len({row["id"] for row in rows}) == len(rows)


def work(rows):
    """What was done well, in whatever attempt: a cell in a block, and its checksum."""
    return {(row["block"], row["cell"], row["checksum"]) for row in rows if row["status"] == "ok"}


def same_work(rows, whole):
    """Whether all the work of the whole run was done, and nothing failed."""
    return work(rows) == work(whole) and all(row["status"] in ("ok", "unmeasured") for row in rows)


# ---- kills ----


class Killer:
    """Kills something of a site now and then, and lets a daemon come back after a while."""

    def __init__(self, site, array, chance, wanted):
        self.site, self.array, self.chance, self.wanted = site, array, chance, wanted
        self.of, self.lost = {}, []
        self.next = time.monotonic() + chance.uniform(0.5, 2)
        self.revival = 0

    def count(self):
        return sum(self.of.values())

    def victims(self, kind, node):
        daemon, steps = self.site.daemon(node), self.site.steps(node)
        scripts = [child for step in steps for child in ground.children_of(step)]
        below = [process for script in scripts for process in ground.descendants(script)]
        if kind == "slurmd":
            return [daemon]
        if kind == "slurmstepd":
            return steps[:1] and [*steps[:1], daemon]
        if kind == "script":
            return scripts[:1]
        if kind == "gcmatrix":
            return [process for process in below if os.path.basename(ground.executable_of(process)) == "gcmatrix"][:1]
        return steps and [daemon, *steps, *scripts, *below]

    def step(self):
        """Called again and again while jobs run."""
        lost = self.array.lost()
        self.lost += [lost] if lost else []
        now = time.monotonic()
        if now > self.revival:
            self.site.revive()
        if self.count() >= self.wanted or now < self.next:
            return
        kind, node = self.chance.choice(KINDS), self.chance.choice(NODES)
        victims = [process for process in self.victims(kind, node) if process]
        if any([ground.kill(process) for process in victims]):
            if kind in ("slurmstepd", "node"):  # which Slurm by itself sees after minutes
                self.site.ask("scontrol", "update", f"nodename={node}", "state=down", "reason=killed")
            self.of[kind] = self.of.get(kind, 0) + 1
            self.revival = now + self.chance.uniform(0, 3)
            self.next = now + self.chance.uniform(0.3, 4)


def kills(place, wanted, chance):
    """Arrays with kills, until there were so many; each then run again to its end."""
    place.specify(milliseconds=200, blocks=4)
    outcome = place.run("matrix", "m.yaml", "-o", "whole")
    whole = ground.rows(place.place / "whole")
    tap.ok(outcome.status == 0 and same_work(whole, whole), "a run without kills is there to compare with",
           *[f"{row['id']} {row['status']} {row['reason']}" for row in whole], outcome.err[-2000:])
    done, of, each = 0, {}, 0
    with Site(place, "SlurmdTimeout=10") as site:
        while done < wanted and each < 2 * wanted:
            each += 1
            array = Array(place, f"run-{each}")
            killer = Killer(site, array, chance, min(wanted - done, 5))
            tap.ok(site.until_ended(killer.step), f"run {each}: all jobs end, after kills of {killer.of}", *site.ask("squeue"))
            tap.ok(not killer.lost, f"run {each}: a row that was complete stays", *killer.lost)
            site.revive()
            complete, merged = array.complete(), array.merge_again()
            tap.ok(once_each(merged) and work(merged) >= complete,
                   f"run {each}: the merged run has each complete row once", array.said()[-2000:])
            array.submit_again()
            tap.ok(site.until_ended(lambda: None), f"run {each}: run again, all jobs end", *site.ask("squeue"))
            merged = array.merge_again()
            tap.ok(once_each(merged) and same_work(merged, whole), f"run {each}: it is the whole run, in everything but times",
                   *[f"{row['id']} {row['status']} {row['reason']}" for row in merged], array.said()[-2000:])
            done += killer.count()
            of = {kind: of.get(kind, 0) + killer.of.get(kind, 0) for kind in KINDS}
    every = wanted < 8 * len(KINDS) or all(of.values())  # of fewer, chance may leave a kind out
    tap.ok(done >= wanted and every, f"{done} kills were made, of every kind where there were many: {of}")


# ---- a node without room, and one that is wanted ----


def full_disk(place):
    """A node whose own disk has no room for the executables."""
    small = place.root / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], capture_output=True).returncode == 0
    if not mounted:
        tap.skip("a node's disk is full", "no file system may be mounted here")
        return
    prolog = pathlib.Path(place.environment["TMPDIR"]) / "prolog"
    prolog.write_text(f'#!/bin/sh\n[ "$SLURMD_NODENAME" != n2 ] || echo export SLURM_TMPDIR={small}\n')
    prolog.chmod(0o755)
    place.specify(milliseconds=20, blocks=4)
    place.run("matrix", "m.yaml", "-o", "roomy")
    whole = ground.rows(place.place / "roomy")
    try:
        with Site(place, f"TaskProlog={prolog}") as site:
            array = Array(place, "full")
            tap.ok(site.until_ended(array.lost), "all jobs end where a node has no room", *site.ask("squeue"))
            tap.ok("No space left on device" in array.said() and "sbatch --exclude=n2" in array.said(),
                   "a log says so, and names the node", array.said())
            tap.ok(not any(shard.name.endswith("n2") for shard in array.shards()), "no row comes from there")
            tap.ok(not list(small.iterdir()), "and nothing is left there", *small.iterdir())
            array.submit_again("--exclude=n2")
            tap.ok(site.until_ended(array.lost), "run again without it, all jobs end", *site.ask("squeue"))
            tap.ok(same_work(array.merge_again(), whole), "with all processes", array.said())
    finally:
        subprocess.run(["umount", small])


def preemption(place):
    """Tasks that must make room for a job of a partition that goes before theirs."""
    place.specify(milliseconds=1, blocks=2)  # the same work, and soon done
    place.run("matrix", "m.yaml", "-o", "undisturbed")
    whole = ground.rows(place.place / "undisturbed")
    place.specify(milliseconds=1500, blocks=2)  # so long that the job which goes before them finds both at work
    with Site(place, "PreemptType=preempt/partition_prio", "PreemptMode=REQUEUE",
              "PartitionName=urgent Nodes=ALL PriorityTier=10 MaxTime=60 State=UP") as site:
        array = Array(place, "preempted", "--partition=all")
        deadline = time.monotonic() + 30
        while len([shard for shard in array.shards() if ground.rows(shard)]) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        site.ask("sbatch", "--partition=urgent", "--nodes=2", "--exclusive", "--output=/dev/null", "--wrap=sleep 1")
        lost = []
        tap.ok(site.until_ended(lambda: lost.append(array.lost())), "preempted tasks end", *site.ask("squeue"))
        tasks = site.ask("scontrol", "show", "job", array.number)
        tap.ok(any("Restarts=1" in line for line in tasks), "after they were requeued", *tasks)
        tap.ok(not any(lost), "a row that was complete stays", *filter(None, lost))
        merged = ground.rows(array.folder / "run")
        tap.ok(once_each(merged) and same_work(merged, whole), "and the run is whole", array.said())


def main():
    missing = subprocess.run([SITE, "missing"], capture_output=True, text=True).stdout.strip()
    if missing:
        tap.skip("a job array outlives faults", missing)
        return tap.done()
    wanted, chance = ground.effort(2, 10, 50), ground.seed_take()
    ground.orphans_adopt()
    for part in (lambda place: kills(place, wanted, chance), full_disk, preemption):
        with ground.Ground() as place, tempfile.TemporaryDirectory(prefix="disk-") as disk:
            place.environment["TMPDIR"] = disk  # of the nodes; one in memory may run no executable
            part(place)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

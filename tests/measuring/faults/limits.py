#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Small limits: of memory, files' size, stack, open files, processes, time. Each command ends well, or in one line.

No limit may end gcmatrix itself by a signal, or leave a file half written; and a matrix goes on from there without it.

usage: limits.py [LIMITS | all]     so many of each kind
"""

import resource
import shutil
import sys

import ground
from ground import tap

MIB = 1 << 20
LIMITS = {
    "addresses": (resource.RLIMIT_AS, [2 * MIB, 4 * MIB, 6 * MIB, 8 * MIB, 10 * MIB, 12 * MIB, 16 * MIB, 24 * MIB, 32 * MIB, 64 * MIB]),
    "a file's size": (resource.RLIMIT_FSIZE, [0, 1, 100, 1024, 2000, 4096, 5000, 6500, 8192, 10000, 16384]),
    "the stack": (resource.RLIMIT_STACK, [16384, 32768, 65536, 131072, 262144, 1048576]),
    "open files": (resource.RLIMIT_NOFILE, [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16]),
    "processor time": (resource.RLIMIT_CPU, [1]),
    "locked memory": (resource.RLIMIT_MEMLOCK, [0]),
    "a core file": (resource.RLIMIT_CORE, [0]),
}
COMMANDS = [
    ["--version"], ["help"], ["list"], ["doctor"], ["compare", "run"], ["compare", "run", "run"], ["plot", "run", "--tables"],
    ["trace", "run", "-o", "out"], ["program", "dump", "a.txt", "-o", "out"], ["program", "deaths", "a.txt", "-o", "out"],
    ["run", "hostile", "-c", "rc"], ["matrix", "m.yaml", "-n"],
]
LOADER = 127  # the dynamic loader's own status, before gcmatrix begins
EARLY = (b"error while loading shared libraries", b"cannot allocate", b"Cannot allocate", b"failed to map")


def before_main(outcome):
    """Whether the system ended it before it began: where it has no room for the program, it kills it."""
    return outcome.status == LOADER or any(words in outcome.err for words in EARLY)


def starts_at_all(place, limit, amount):
    """Whether a program as large as this one starts under that limit: the shortest command does."""
    outcome = place.run("--version", preexec_fn=lambda: resource.setrlimit(limit, (amount, amount)))
    return outcome.status in (0, 3)


class Limited:
    def __init__(self, name, limit, amounts):
        self.name, self.limit, self.amounts, self.wrong, self.tried = name, limit, amounts, [], 0

    def run(self, place, amount, words):
        return place.run(*words, preexec_fn=lambda: resource.setrlimit(self.limit, (amount, amount)))

    def complain(self, amount, words, what):
        self.wrong.append(f"{self.name} {amount}: {' '.join(words)}: {what}")

    def judge(self, place, amount, words, clean, precious):
        outcome = self.run(place, amount, words)
        self.tried += 1
        if before_main(outcome):
            return
        if outcome.complaint():
            self.complain(amount, words, outcome.complaint())
        elif outcome.status not in (clean, 1, 2, 3):
            self.complain(amount, words, f"status {outcome.status}")
        elif outcome.status in (2, 3) and outcome.err.count(b"\n") != 1:
            self.complain(amount, words, f"not one line: {outcome.err!r}")
        if place.contents().get("out", precious) != precious and outcome.status != 0:
            self.complain(amount, words, "status not 0, yet another file")

    def matrix(self, place, amount, processes):
        """A matrix under the limit, and on without it."""
        words = ["matrix", "m.yaml", "-o", "limited", "--resume"]
        outcome = self.run(place, amount, words)
        self.tried += 1
        if not before_main(outcome) and outcome.complaint():
            self.complain(amount, words, outcome.complaint())
        folder = place.place / "limited"
        kept = ground.lines_complete(folder)
        again = place.run(*words)
        if again.status not in (0, 1) or ground.once_each(folder, processes) or not ground.lines_complete(folder).startswith(kept):
            self.complain(amount, words, f"without it: {again.status} {again.err!r} {ground.once_each(folder, processes)}")
        shutil.rmtree(folder, ignore_errors=True)


def main():
    wanted = ground.effort(1, 4, None)
    chance = ground.seed_take()
    with ground.Ground() as place:
        processes = place.specify(blocks=1)
        (place.place / "a.txt").write_text("gcp 1\nglobals 1\nshape node refs=2\nenter 1\nnew 0 node\nleave\n")
        place.run("matrix", "m.yaml", "-o", "run")
        clean = {tuple(words): place.run(*words).status for words in COMMANDS}
        place.run("program", "dump", "a.txt", "-o", "out")
        with_matrix = chance.choice(list(LIMITS))  # in the short form, one limit
        for name, (limit, amounts) in LIMITS.items():
            limited = Limited(name, limit, amounts)
            chosen = amounts if wanted is None or wanted >= len(amounts) else chance.sample(amounts, wanted)
            for amount in filter(lambda amount: starts_at_all(place, limit, amount), chosen):
                (place.place / "out").write_text("of before\n")
                for words in COMMANDS if wanted is None else chance.sample(COMMANDS, min(len(COMMANDS), 3 * wanted)):
                    limited.judge(place, amount, words, clean[tuple(words)], b"of before\n")
                    (place.place / "out").write_text("of before\n")
                if wanted is None or amount == chosen[0] and (wanted > 1 or name == with_matrix):
                    limited.matrix(place, amount, processes)
            tap.ok(not limited.wrong, f"{name}: {limited.tried} commands under a limit of {chosen}", *limited.wrong)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

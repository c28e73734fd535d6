#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows how far ninja or `meson test` has come, for ./check. Reads their output from standard input.

usage: progress.py WORDS [SECONDS [TESTLOG]...]
       progress.py --slowest N TESTLOG      the N slowest tests of a log, in place of all this
       progress.py --failed STAGE TESTLOG   the tests of a log that failed, each with the end of what it printed

WORDS begin each line, such as `gcc: tests`. The line says n of m, the time so far and an estimate of the rest. On a
terminal it is one line that changes; elsewhere a line is printed every five seconds. What is not progress is printed
as it comes: warnings, errors, and every test that does not pass.

The estimate weighs each test by its duration in the TESTLOGs, Meson's testlog.json of earlier runs; the last one that
names the test counts. Without any, the whole is taken to last SECONDS, because the longest tests run first and their
number says nothing. SECONDS is 0 where the number of steps is all that is known.
"""
import json
import os
import re
import select
import sys
import time

PASSED = ("OK", "SKIP", "EXPECTEDFAIL")
STEP = re.compile(r"\[(\d+)/(\d+)\] ")
TEST = re.compile(r" *(\d+)/(\d+) (\S+ / .+?|\S+) +(OK|EXPECTEDFAIL|SKIP|FAIL|TIMEOUT|ERROR|UNEXPECTEDPASS|INTERRUPT)\s")
LINES = 20  # of what a failed test printed, so many at its end
QUIET = re.compile(r"$|ninja: |Full log written|Summary of Failures|(Ok|Fail|Expected Fail|Unexpected Pass|Skipped|Timeout): +\d")


def outcomes(path):
    """What Meson wrote of each test; nothing where there is no log."""
    try:
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    except (OSError, ValueError):
        return []


def durations(paths):
    """Seconds of each test, by its name, as the last run measured them."""
    return {test["name"]: test["duration"] for path in paths for test in outcomes(path)}


class Progress:
    def __init__(self, words, expected, known):
        self.words = words
        self.expected = expected  # seconds, or 0
        self.known = known
        self.begin = self.printed = time.monotonic()
        self.terminal = sys.stdout.isatty()
        self.done = self.all = 0
        self.known_done = 0.0  # seconds that the finished tests took in the last run
        self.shown = ""
        self.over = False  # Meson sums up, and names each failure once more

    def seconds_left(self, passed):
        """None until there is something to judge by."""
        if not self.done or passed < 3:
            return None
        share = self.done / self.all
        if self.expected > passed and not self.known:
            return min(self.expected - passed, passed / share - passed)
        if self.known_done:
            named = sum(self.known.values())
            unnamed = max(self.all - len(self.known), 0)
            share = min(self.known_done / (named + unnamed), 0.99)
        return passed / share - passed

    def line(self):
        passed = time.monotonic() - self.begin
        left = self.seconds_left(passed)
        count = f" {self.done}/{self.all}" if self.all else ""
        return f"{self.words}{count}, {passed:.0f} s" + (f", about {left:.0f} s to go" if left is not None else "")

    def show(self, last=False):
        """Prints the line when it is time, or when it is the last."""
        now = time.monotonic()
        if self.terminal:
            text = self.line()
            print("\r" + text.ljust(len(self.shown)), end="\n" if last else "", flush=True)
            self.shown = text
        elif last or now - self.printed >= 5:
            print(self.line(), flush=True)
        else:
            return
        self.printed = now

    def say(self, text):
        """A line that is not progress."""
        if self.terminal and self.shown:
            print("\r" + " " * len(self.shown) + "\r", end="")
        print(text, flush=True)
        self.shown = ""

    def take(self, text):
        """One line of what is read."""
        step, test = STEP.match(text), TEST.match(text)
        self.over = self.over or text.startswith("Summary of Failures")
        if self.over:
            return
        if step:
            self.done, self.all = int(step[1]), int(step[2])
        elif test:
            self.done, self.all = self.done + 1, int(test[2])
            self.known_done += self.known.get(test[3], 1.0) if self.known else 0.0
            if test[4] not in PASSED:
                self.say(text)
        elif not QUIET.match(text):
            self.say(text)


def print_slowest(count, path):
    slowest = sorted(durations([path]).items(), key=lambda one: -one[1])[:count]
    for name, seconds in slowest:
        print(f"  {seconds:6.1f} s  {name.removeprefix('gcmatrix:')}")


def print_failed(stage, path):
    for test in outcomes(path):
        if test["result"] in PASSED:
            continue
        print(f"{stage}: {test['name'].removeprefix('gcmatrix:')}: {test['result']}, after {test['duration']:.1f} s")
        printed = [line for of in ("stdout", "stderr") for line in test.get(of, "").splitlines()[-LINES:]]
        print("".join(f"    {line}\n" for line in printed))


def main():
    if sys.argv[1] == "--slowest":
        print_slowest(int(sys.argv[2]), sys.argv[3])
        return 0
    if sys.argv[1] == "--failed":
        print_failed(sys.argv[2], sys.argv[3])
        return 0
    words, expected, *logs = [*sys.argv[1:], "0"][: max(len(sys.argv) - 1, 2)]
    progress = Progress(words, float(expected), durations(logs))
    rest = b""
    while True:
        if select.select([0], [], [], 0.5)[0]:
            read = os.read(0, 65536)
            if not read:
                break
            *lines, rest = (rest + read).split(b"\n")
            for line in lines:
                progress.take(line.decode(errors="replace").rstrip())
        progress.show()
    if rest:
        progress.take(rest.decode(errors="replace"))
    progress.show(last=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

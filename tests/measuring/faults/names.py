#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hostile names: folders, files and runs called as no one would call them. Each works, or is refused in one line.

A name may not run a command, write elsewhere, reach the terminal with its control characters, or make a chart or a page
that is not well formed.

usage: names.py [NAMES | all]     so many of them
"""

import re
import shutil
import sys
import xml.dom.minidom

import ground
from ground import tap

PAYLOAD = "touch stolen"
NAMES = [
    f"$({PAYLOAD})", f"`{PAYLOAD}`", f"| {PAYLOAD} #", f"<{PAYLOAD} #", f"; {PAYLOAD}", f"x' ; {PAYLOAD} ; '", f'x" ; {PAYLOAD} ; "',
    "a b", " leading", "trailing ", "tab\there", "line\nfeed", "carriage\rreturn", "-dash", "--output", "-", "~", "~root", "$HOME",
    "%s%n", "100%", "a,b", "a=b", "a:b", "a;b", "a&b", "a#b", "#", "*", "?", "[x]", "{a,b}", "\\", "back\\slash", "'", '"', "''",
    "<script>alert(1)", "&lt;", "]]>", "<!--", "\x1b[31mred\x1b[0m", "\x07bell", "\x7f", "é", "日本", "\u202eright", "\ufeff",
    "x" * 255, "nul", "con", "...", ".hidden", "@list", "{{x}}", "_^{x}", "|", "!", "!!", "(", ")", "\u0000".replace("\0", "0"),
]
BYTES = [b"\xff\xfe", b"cut\xc3", b"\xed\xa0\x80", b"over\xc0\xaflong", b"\x80"]


def shown(name):
    return repr(name if len(name) < 60 else name[:57] + name[:0] + name[-1:] * 3)


def is_quiet(outcome, ours=()):
    """Nothing that a terminal would obey, apart from a path that is printed as data."""
    return not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", outcome.err)


class Named:
    """One name in every place that takes one."""

    def __init__(self, place, name):
        self.place, self.name, self.wrong = place, name, []
        self.text = name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name

    def command(self, *arguments, statuses=(0, 2)):
        outcome = self.place.run(*arguments)
        if outcome.complaint():
            self.wrong.append(f"{arguments}: {outcome.complaint()}")
        elif outcome.status not in statuses:
            self.wrong.append(f"{arguments}: status {outcome.status}: {outcome.err[-200:]!r}")
        elif outcome.status and outcome.err.count(b"\n") != 1:
            self.wrong.append(f"{arguments}: not one line: {outcome.err!r}")
        return outcome

    def try_as_folder(self):
        """A run in a folder of that name: it is compared, drawn, traced, printed, resumed and merged."""
        folder = self.place.place / self.text
        shutil.copytree(self.place.root / "complete", folder)
        relative = self.text if not self.text.startswith("-") else "./" + self.text
        self.command("compare", relative, statuses=(0,))
        self.command("plot", relative, "--only", "time", statuses=(0, 1))
        self.command("trace", relative, statuses=(0,))
        self.command("table", relative, "runs", statuses=(0,))
        self.command("matrix", "m.yaml", "-o", relative, "--resume", statuses=(0,))
        self.command("merge", relative, "-o", "merged", statuses=(0,))
        shutil.rmtree(self.place.place / "merged", ignore_errors=True)
        self.pages_look(folder)
        shutil.rmtree(folder)

    def pages_look(self, folder):
        for chart in (folder / "charts").glob("*.svg"):
            try:
                xml.dom.minidom.parseString(chart.read_bytes())
            except Exception as error:  # whatever the parser objects to
                self.wrong.append(f"{chart.name} is not well formed: {error}")
        page = folder / "report.html"
        if page.exists() and b"<script>alert" in page.read_bytes():
            self.wrong.append("report.html runs a script")

    def try_as_file(self):
        """A program in a file of that name, read and written."""
        path = self.place.place / self.text
        path.write_text("gcp 1\nglobals 0\n")
        relative = self.text if not self.text.startswith("-") else "./" + self.text
        self.command("program", "dump", relative, "-o", relative, statuses=(0,))
        self.command("program", "check", relative, statuses=(0,))
        path.unlink()

    def try_as_word(self):
        """The name as a workload, a collector, an option, a command."""
        for words in (("run", self.text, "-c", "rc"), ("run", "hostile", "-c", self.text), ("run", "hostile:" + self.text, "-c", "rc"),
                      ("run", "hostile", "-c", "rc", "-a", self.text), (self.text,), ("compare", self.text, "--metric", self.text),
                      ("list", "--names", self.text), ("run", "hostile", "-c", "rc", "--heap-limit", self.text)):
            self.command(*words)

    def try_as_run(self):
        """The name of a run and of a workload's option, in the matrix file."""
        quoted = "".join(f"\\x{byte:02x}" if byte < 128 else chr(byte) for byte in self.text.encode("latin-1", "replace"))
        (self.place.place / "n.yaml").write_text(
            f'name: "{quoted}"\nblocks: 1\ncells:\n  - workloads: [hostile]\n    collectors: [rc]\n', errors="surrogateescape")
        outcome = self.command("matrix", "n.yaml", "-o", "named")
        folder = self.place.place / "named"
        if outcome.status == 0:
            self.command("compare", "named", "--markdown", statuses=(0,))
            self.command("plot", "named", "--only", "time", statuses=(0, 1))
            self.pages_look(folder)
        shutil.rmtree(folder, ignore_errors=True)
        (self.place.place / "n.yaml").unlink()

    def try_all(self, run):
        before = self.place.outside("nothing")
        for attempt in [self.try_as_folder, self.try_as_file, self.try_as_word] + [self.try_as_run] * run:
            attempt()
        self.wrong += ground.changes(before, self.place.outside("nothing"))


def main():
    wanted = ground.effort(2, 20, None)
    chance = ground.seed_take()
    names = NAMES + BYTES if wanted is None else chance.sample(NAMES, wanted - 1) + chance.sample(BYTES, 1)
    with ground.Ground() as place:
        place.specify(blocks=1)
        place.run("matrix", "m.yaml", "-o", place.root / "complete")
        for name in names:
            named = Named(place, name)
            try:
                named.try_all(wanted is None or wanted > 2)
            except OSError as error:
                named.wrong.append(f"this test: {error}")
            tap.ok(not named.wrong, f"{shown(name)!s} as a folder, a file, a word and a run", *named.wrong)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each collector's page has the same headings in the same order, with something under each; and docs/collectors.md,
the table of them all, is what the pages and the collectors themselves say.

usage: collectors.py [--write] TREE PAIRS_JSON

With --write it writes the table instead of comparing."""

import json
import os
import re
import subprocess
import sys

HEADINGS = ["Algorithm", "Invariant", "Cost", "Memory", "Trigger", "Not reclaimed", "Worst input"]
OPENING = """# Collectors

What each is, in a line. The page behind a name has the rest: the algorithm and where it comes from, its invariant, what
each operation costs, what it keeps in memory, and what it cannot reclaim. What the workloads
are like that they run is in [nominal.md](nominal.md), and what they did on them in a run's report.

This page is made from those pages and from what each collector says of itself:
`tests/walkthrough/collectors.py --write . build/workloads/pairs.json`.

| collector | family | header, bytes | moves | reclaims rings | trigger | worst input |
|---|---|---|---|---|---|---|
"""


def sections(text):
    """A page's headings of the second level in order, and the text under each."""
    parts = re.split(r"^## (.*)$", text, flags=re.M)
    return list(zip(parts[1::2], (part.strip() for part in parts[2::2])))


def first_sentence(text):
    paragraph = " ".join(text.split("\n\n")[0].split())
    sentence = re.split(r"(?<=[a-z)`])[.:] ", paragraph + " ", maxsplit=1)[0]
    return sentence.strip().rstrip(".").replace("None", "none")


def describe(pairs_path):
    """Each collector's own description, by its name; families together."""
    with open(pairs_path, encoding="utf-8") as file:
        pairs = json.load(file)
    folder = os.path.dirname(pairs_path)
    described = {}
    for pair in pairs["pairs"]:
        if pair["collector"] not in described:
            command = [os.path.join(folder, pair["path"]), "--describe"]
            stdout = subprocess.run(command, capture_output=True, check=True).stdout
            described[pair["collector"]] = json.loads(stdout)["collector"]
    families = ["baseline", "counting", "tracing", "truth"]
    order = sorted(pairs["collectors"], key=lambda name: (families.index(described[name]["group"]), name))
    return {name: described[name] for name in order}


def rings(traits):
    if traits["frees_when_told"]:
        return "when told"
    if traits["conservative"]:
        return "nearly all"
    return "yes" if traits["reclaims_cycles"] else "no"


def row(name, collector, page):
    traits = collector["traits"]
    cells = [
        f"[{name}](../collectors/{name}/README.md)",
        collector["group"],
        str(traits["header_bytes"]),
        "yes" if traits["moves"] else "no",
        rings(traits),
        first_sentence(page["Trigger"]),
        first_sentence(page["Worst input"]),
    ]
    return "| " + " | ".join(cells) + " |\n"


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, passed, sentence, note=""):
        self.count += 1
        self.failed += not passed
        print(f"{'ok' if passed else 'not ok'} {self.count} - {sentence}")
        if not passed and note:
            print(f"# {note}")


def page_read(tree, name, tap):
    with open(os.path.join(tree, "collectors", name, "README.md"), encoding="utf-8") as file:
        text = file.read()
    found = sections(text)
    names = [heading for heading, _ in found]
    tap.ok(names == HEADINGS, f"{name}'s page has the headings of all pages, in order", f"it has {', '.join(names)}")
    empty = [heading for heading, body in found if not body]
    tap.ok(not empty, f"{name}'s page says something under each", f"nothing under {', '.join(empty)}")
    return dict(found)


def main(arguments):
    write = arguments[:1] == ["--write"]
    tree, pairs_path = arguments[write:]
    tap = Tap()
    described = describe(pairs_path)
    table = OPENING
    for name, collector in described.items():
        if not os.path.exists(os.path.join(tree, "collectors", name)):
            continue  # one from outside the tree has its page there
        page = page_read(tree, name, tap)
        header = f"{collector['traits']['header_bytes']} bytes in front of the first reference"
        tap.ok(page.get("Memory", "").startswith(header), f"{name}'s page says \"{header}\" of its memory")
        if set(HEADINGS) <= set(page):
            table += row(name, collector, page)
    path = os.path.join(tree, "docs", "collectors.md")
    if write:
        with open(path, "w", encoding="utf-8") as file:
            file.write(table)
    with open(path, encoding="utf-8") as file:
        tap.ok(file.read() == table, "docs/collectors.md is as the collectors are", "write it anew with --write")
    print(f"1..{tap.count}")
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each collector's page has the same headings in the same order, with something under each. Its last two sections are
written from what the collector states of itself: its bounds, and where its figures stand. docs/collectors.md, the tables
of them all, is what the pages, the collectors themselves and the figures say. docs/bounds.md is what was measured of the
bounds that are stated now.

usage: collectors.py [--write] TREE PAIRS_JSON

With --write it writes those sections and the tables instead of comparing."""

import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "tools"))
import bounds  # noqa: E402
import measured  # noqa: E402
import tap  # noqa: E402

HEADINGS = ["Algorithm", "Invariant", "Cost", "Memory", "Trigger", "Not reclaimed", "Worst input", bounds.HEADING,
            measured.HEADING]
OPENING = """# Collectors

Each collector has one line here. The page behind its name has the rest: algorithm and source, invariant, cost of each
operation, and memory. It says what the collector cannot reclaim, and which input is worst for it.

[What they did](#what-they-did) on the workloads follows below. [limits.md](limits.md) says how near they come to what the
machine can do, and [peers.md](peers.md) sets them beside real runtimes.

`tests/contract/walkthrough/collectors.py --write . build/harness/runner/pairs.json` makes this page. Its sources are those
pages, what each collector says of itself, and `nominal.json`.

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


def page_path(tree, name):
    return os.path.join(tree, "collectors", name, "README.md")


def page_write(path, heading, section):
    """Puts the section in the place of the one that is there, or at the end; the last heading stays the last."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if f"\n## {heading}\n" not in text and heading != measured.HEADING:
        text = text.replace(f"\n## {measured.HEADING}\n", f"\n## {heading}\n\n## {measured.HEADING}\n")
    before, _, after = text.partition(f"\n## {heading}\n")
    rest = re.search(r"^## ", after, flags=re.M)
    text = f"{before.rstrip()}\n\n## {heading}\n\n{section}\n" + ("\n" + after[rest.start():] if rest else "")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def page_read(path, name):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = sections(text)
    names = [heading for heading, _ in found]
    tap.ok(names == HEADINGS, f"{name}'s page has the headings of all pages, in order", f"it has {', '.join(names)}")
    empty = [heading for heading, body in found if not body]
    tap.ok(not empty, f"{name}'s page says something under each", f"nothing under {', '.join(empty)}")
    return dict(found)


def bounds_check(tree, described):
    """docs/bounds.md is of docs/bounds.json, and that is of the bounds that collectors state now."""
    document = bounds.document_read(os.path.join(tree, "docs", "bounds.json"), bounds.check)
    with open(os.path.join(tree, "docs", "bounds.md"), encoding="utf-8") as file:
        tap.ok(file.read() == bounds.render(document), "docs/bounds.md is what docs/bounds.json says",
               "tools/bounds.py --render docs/bounds.json > docs/bounds.md")
    old = [name for name, found in document["collectors"].items()
           if name in described and found["stated"] != described[name]["bounds"]]
    tap.ok(not old, "docs/bounds.json was measured against the bounds that are stated now",
           f"{', '.join(old)}: {bounds.MADE_BY}")


def main(arguments):
    write = arguments[:1] == ["--write"]
    tree, pairs_path = arguments[write:]
    described = describe(pairs_path)
    sources = [source(tree) for source in measured.SOURCES]
    table = OPENING
    for name, collector in described.items():
        path = page_path(tree, name)
        if not os.path.exists(os.path.dirname(path)):
            continue  # one from outside the tree has its page there
        section = measured.section(sources, name, collector["traits"])
        stated = bounds.section(collector)
        if write:
            page_write(path, bounds.HEADING, stated)
            page_write(path, measured.HEADING, section)
        page = page_read(path, name)
        tap.ok(page.get(bounds.HEADING) == stated, f"{name}'s page states the bounds that it has", "write it anew with --write")
        tap.ok(page.get(measured.HEADING) == section, f"{name}'s page says where its figures stand", "write it anew with --write")
        header = f"{collector['traits']['header_bytes']} bytes in front of the first reference"
        tap.ok(page.get("Memory", "").startswith(header), f"{name}'s page says \"{header}\" of its memory")
        if set(HEADINGS) <= set(page):
            table += row(name, collector, page)
    here = {name: collector for name, collector in described.items() if os.path.exists(page_path(tree, name))}
    table += "\n## What they did\n\n" + sources[0].overview(here) + "\n"
    path = os.path.join(tree, "docs", "collectors.md")
    if write:
        with open(path, "w", encoding="utf-8") as file:
            file.write(table)
    with open(path, encoding="utf-8") as file:
        tap.ok(file.read() == table, "docs/collectors.md is as the collectors are", "write it anew with --write")
    bounds_check(tree, here)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

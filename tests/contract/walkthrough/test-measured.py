#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The generated section of collectors' pages, from figures that can be read off by hand; and that the check of the pages
notices what is not as the figures are. Speaks TAP.

usage: test-measured.py TREE PAIRS_JSON
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import measured  # noqa: E402
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
import tap  # noqa: E402

TREE, PAIRS = sys.argv[1:3]
TRAITS = {"observes": False, "frees_when_told": False, "reclaims": True}
STATISTICS = {"ACN": {"name": "objects allocated", "unit": "count"}, "GSH": {"name": "share", "unit": "share"},
              "GPL": {"name": "longest", "unit": "ns"}, "GHB": {"name": "header", "unit": "bytes"},
              **{code: {"name": f"what {code} is", "unit": "count"} for code in measured.OVERVIEW if code not in ("GSH", "GPL", "GHB")}}


def same(found, expected, sentence):
    tap.ok(found == expected, sentence, f"{found!r}, not {expected!r}")


def cell(share, longest):
    return {"values": {"GSH": share, "GPL": longest, "GHB": 8, "GRH": None}}


def source_with(collectors):
    """A source whose file has these collectors."""
    with tempfile.TemporaryDirectory() as tree:
        os.mkdir(f"{tree}/docs")
        with open(f"{tree}/docs/nominal.json", "w", encoding="utf-8") as out:
            json.dump({"made_by": "somebody", "cpu": "a slow one", "cores": 3, "kernel": "Linux 1", "statistics": STATISTICS,
                       "workloads": {}, "collectors": collectors}, out)
        return measured.Nominal(tree)


def rows_of(text):
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")]
    return {row[1]: row for row in cells}


def test_section():
    source = source_with({"mine": {"a": cell(0.5, 2e6), "b": cell(0.25, 8e6), "c": cell(0.1, 8e6), "d": {"values": {}, "reason": "out of memory"}}})
    text = source.part("mine", TRAITS)
    rows = rows_of(text)
    same(rows["GSH"], ["share", "GSH", "10%", "25%", "50%", "`a`"], "a row has the least, the median, the most and where that is")
    same(rows["GPL"], ["longest", "GPL", "2 ms", "8 ms", "8 ms", "`b` and 1 more"], "or the first of several, and how many more")
    same(rows["GHB"][2:], ["8 B", "8 B", "8 B", "all alike"], "or that all are alike")
    same(rows["GRH"][2:], ["n/a", "n/a", "n/a", ""], "a statistic that no workload has is n/a")
    same(rows["GST"][2:], ["n/a", "n/a", "n/a", ""], "and so is one that the figures are older than")
    tap.ok("ACN" not in rows and len(rows) == 1 + len(STATISTICS) - 1, "what is of workloads alone is not in it", str(list(rows)))
    tap.ok("a slow one, 3 cores, Linux 1" in " ".join(text.split()), "it says on what machine", text)
    tap.ok("Without a figure: `d` (out of memory)." in " ".join(text.split()), "and which workload has no figure, and why", text)


def test_reasons():
    source = source_with({"mine": {"a": cell(0.5, 1)}})
    reasons = [source.part("other", {**TRAITS, **more}) for more in
               ({"observes": True}, {"frees_when_told": True}, {"reclaims": False}, {})]
    tap.ok(all(reason.startswith("Not measured") and "|" not in reason for reason in reasons) and len(set(reasons)) == 4,
           "a collector without figures has a reason in their place", str(reasons))
    same(source.part("another", {**TRAITS, "reclaims": False}), reasons[2], "which a copy of it has, too")


def test_limits():
    figures = {"AAA": {"value": 1.5, "low": 1.25, "high": 2.0, "target": 1.3, "unit": "ratio"},
               "BBB": {"value": 40.0, "low": None, "high": None, "target": None, "unit": "bytes"}}
    source = measured.Limits.__new__(measured.Limits)
    source.document = {"figures": {"BBB": "resident", "CCC": "not measured of it", "AAA": "slower than it could be"},
                       "collectors": {"mine": figures}}
    rows = rows_of(source.part("mine", TRAITS))
    same(rows["AAA"], ["slower than it could be", "AAA", "1.5 [1.25, 2] **above its target**", "1.3"], "a limit has its range and its target")
    same(rows["BBB"], ["resident", "BBB", "40 B", ""], "or neither")
    same(list(rows), ["code", "BBB", "AAA"], "those that are measured of the collector, in the order of the figures")
    same(source.part("other", TRAITS), None, "one without limits has no such table")


def test_overview():
    source = source_with({"mine": {"a": cell(0.5, 2e6), "b": cell(0.25, 8e6), "c": cell(0.1, 9e6)}})
    described = {name: {"traits": {**TRAITS, **more}} for name, more in
                 (("mine", {}), ("later", {}), ("floor", {"reclaims": False}), ("watcher", {"observes": True}))}
    lines = [line for line in source.overview(described).splitlines() if line.startswith("| [")]
    tap.ok(len(lines) == 2, "the overview has those that are measured or could be", "\n".join(lines))
    same(lines[0], "| [mine](../collectors/mine/README.md) | 25% | 8 ms | n/a | n/a | n/a | n/a | 8 B | n/a | n/a | n/a |", "with medians")
    tap.ok(lines[1].count("n/a") == len(measured.OVERVIEW), "or none", lines[1])


def test_sources():
    class Second:
        def part(self, name, traits):
            return f"| second | of {name} |" if name == "mine" else None

    sources = [source_with({"mine": {"a": cell(0.5, 1)}}), Second()]
    both = measured.section(sources, "mine", TRAITS)
    tap.ok(both.endswith("|\n\n| second | of mine |"), "a second source's part follows the first's", both)
    same(measured.section(sources, "other", TRAITS), sources[0].part("other", TRAITS), "where it has one")


def pages_copy(tree):
    for name in os.listdir(f"{TREE}/collectors"):
        if os.path.exists(f"{TREE}/collectors/{name}/README.md"):
            os.makedirs(f"{tree}/collectors/{name}")
            shutil.copy(f"{TREE}/collectors/{name}/README.md", f"{tree}/collectors/{name}/README.md")
    os.makedirs(f"{tree}/docs")
    for name in ("collectors.md", "nominal.json", "limits.json"):
        shutil.copy(f"{TREE}/docs/{name}", f"{tree}/docs/{name}")


def check(tree, *option):
    """The sentences that do not hold."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "collectors.py")
    result = subprocess.run([sys.executable, script, *option, tree, PAIRS], capture_output=True, text=True)
    failed = [line.split(" - ", 1)[1] for line in result.stdout.splitlines() if line.startswith("not ok")]
    assert (result.returncode != 0) == bool(failed), result.stdout + result.stderr
    return failed


def change(path, old, new):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert old in text, f"no {old} in {path}"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new, 1))


def test_check():
    wrong, stale = "mark-sweep's page has what was measured of it", "docs/collectors.md is as the collectors are"
    with tempfile.TemporaryDirectory() as tree:
        pages_copy(tree)
        page, table = f"{tree}/collectors/mark-sweep/README.md", f"{tree}/docs/collectors.md"
        same(check(tree), [], "the committed pages are what the committed figures give")
        change(page, "| GHB | 16 B |", "| GHB | 12 B |")
        same(check(tree), [wrong], "a figure changed in a page is noticed")
        change(page, "## Measured\n", "## Guessed\n")
        tap.ok(wrong in check(tree), "so is a section that is missing")
        change(page, "## Guessed\n", "## Measured\n")
        change(table, "GSH: share", "GSH: part")
        same(check(tree), [wrong, stale], "and a change in the overview")
        same(check(tree, "--write"), [], "both are written anew")
        same(check(tree), [], "and then hold")
        with open(page, encoding="utf-8") as ours, open(f"{TREE}/collectors/mark-sweep/README.md", encoding="utf-8") as theirs:
            same(ours.read(), theirs.read(), "the page is what it was, byte for byte")
        with open(f"{tree}/docs/nominal.json", encoding="utf-8") as file:
            document = json.load(file)
        for found in document["collectors"]["mark-sweep"].values():
            found["values"]["GSH"] = 0.123
        with open(f"{tree}/docs/nominal.json", "w", encoding="utf-8") as file:
            json.dump(document, file)
        same(check(tree), [wrong, stale], "figures measured anew make the pages wrong")


for test in (test_section, test_reasons, test_limits, test_overview, test_sources, test_check):
    test()
sys.exit(tap.done())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The tables of all collectors and the last sections of their pages come out right from figures that can be read off by
hand. The check of the pages notices a page that differs from its figures. Speaks TAP.

usage: test-measured.py TREE PAIRS_JSON
"""
import json
import os
import re
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
              **{code: {"name": f"what {code} is", "unit": "count"} for _, codes in measured.OVERVIEW for code in codes
                 if code not in ("GSH", "GPL", "GHB")}}


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
    """Of all tables of a text: a row's cells by their columns, under the row's first cell."""
    rows, columns = {}, None
    for line in text.splitlines():
        if not line.startswith("|"):
            columns = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if columns is None:
            columns = cells
        else:
            rows.setdefault(cells[0], {}).update(zip(columns[1:], cells[1:]))
    return rows


MINE = "[mine](../collectors/mine/README.md)"


def test_tables():
    source = source_with({"mine": {"a": cell(0.5, 2e6), "b": cell(0.25, 8e6), "c": cell(0.1, 8e6), "d": {"values": {}, "reason": "out of memory"}}})
    text = source.overview({"mine": {"traits": TRAITS}})
    row = rows_of(text)[MINE]
    same(row["share (GSH)"], "25% [10%, 50%]", "a cell has the median, the least and the most")
    same(row["longest (GPL)"], "8 ms [2 ms, 8 ms]", "also where the median is one of them")
    same(row["header (GHB)"], "8 B", "or one figure where all are alike")
    same(row["what GRH is (GRH)"], "n/a", "a statistic that no workload has is n/a")
    same(row["what GST is (GST)"], "n/a", "and so is one that the figures are older than")
    tap.ok(not any("ACN" in column for column in row), "what is of workloads alone is not in it", str(list(row)))
    tap.ok(set(row) == {f"{said['name']} ({code})" for code, said in STATISTICS.items() if code != "ACN"},
           "all else is, each code with its words", str(list(row)))
    tap.ok("a slow one, 3 cores, Linux 1" in " ".join(text.split()), "it says on what machine", text)


def test_section():
    source = source_with({"mine": {"a": cell(0.5, 2e6), "d": {"values": {}, "reason": "out of memory"}}})
    text = " ".join(source.part("mine", TRAITS).split())
    tap.ok("(../../docs/collectors.md#what-they-did)" in text and "(../../docs/nominal.md)" in text,
           "a collector's section says where its figures stand", text)
    tap.ok("over 2 workloads" in text, "and over how many workloads", text)
    tap.ok("Without a figure: `d` (out of memory)." in text, "and which workload has no figure, and why", text)
    tap.ok("|" not in text, "and has no table of its own", text)


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
    text = source.part("mine", TRAITS)
    tap.ok("(../../docs/limits.md)" in text and "measured with it: 2 figures." in text, "one with limits has its way to them", text)
    same(source.part("other", TRAITS), None, "one without has none")


def test_overview():
    source = source_with({"mine": {"a": cell(0.5, 2e6), "b": cell(0.25, 8e6), "c": cell(0.1, 9e6)}})
    described = {name: {"traits": {**TRAITS, **more}} for name, more in
                 (("mine", {}), ("later", {}), ("floor", {"reclaims": False}), ("watcher", {"observes": True}))}
    text = source.overview(described)
    rows = rows_of(text)
    same([name for name in rows if name.startswith("[")], [MINE, MINE.replace("mine", "later")],
         "the tables have those that are measured or could be")
    same(text.count(f"| {MINE} |"), len(measured.OVERVIEW), "each once in every table")
    tap.ok(set(rows[MINE.replace("mine", "later")].values()) == {"n/a"}, "n/a where nothing is measured yet", text)


def test_sources():
    class Second:
        def part(self, name, traits):
            return f"| second | of {name} |" if name == "mine" else None

    sources = [source_with({"mine": {"a": cell(0.5, 1)}}), Second()]
    both = measured.section(sources, "mine", TRAITS)
    same(both, sources[0].part("mine", TRAITS) + "\n\n| second | of mine |", "a second source's part follows the first's")
    same(measured.section(sources, "other", TRAITS), sources[0].part("other", TRAITS), "where it has one")


def pages_copy(tree):
    for name in os.listdir(f"{TREE}/collectors"):
        if os.path.exists(f"{TREE}/collectors/{name}/README.md"):
            os.makedirs(f"{tree}/collectors/{name}")
            shutil.copy(f"{TREE}/collectors/{name}/README.md", f"{tree}/collectors/{name}/README.md")
    os.makedirs(f"{tree}/docs")
    for name in ("collectors.md", "nominal.json", "limits.json", "bounds.json", "bounds.md"):
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
    wrong, stale = "mark-sweep's page says where its figures stand", "docs/collectors.md is as the collectors are"
    with tempfile.TemporaryDirectory() as tree:
        pages_copy(tree)
        page, table = f"{tree}/collectors/mark-sweep/README.md", f"{tree}/docs/collectors.md"
        same(check(tree), [], "the committed pages are what the committed figures give")
        change(table, "| 16 B |", "| 12 B |")
        same(check(tree), [stale], "a figure changed in the table is noticed")
        change(page, "(../../docs/nominal.md)", "(../../docs/limits.md)")
        same(check(tree), [wrong, stale], "so is a word changed in a page")
        change(page, "## Measured\n", "## Guessed\n")
        tap.ok(wrong in check(tree), "so is a section that is missing")
        change(page, "## Guessed\n", "## Measured\n")
        change(table, "(GSH)", "(GSX)")
        same(check(tree), [wrong, stale], "and a column's name")
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
        same(check(tree), [stale], "figures measured anew make the table wrong")
        del document["collectors"]["mark-sweep"]
        with open(f"{tree}/docs/nominal.json", "w", encoding="utf-8") as file:
            json.dump(document, file)
        same(check(tree), [wrong, stale], "and a collector that is measured no more its page, too")


def pages():
    """The tree's pages, but metrics.md, whose tables define the codes."""
    for folder, folders, names in os.walk(TREE):
        folders[:] = [name for name in folders if not name.startswith((".", "build"))]
        yield from (os.path.join(folder, name) for name in names if name.endswith(".md") and name != "metrics.md")


def test_codes():
    codes = set()
    for name, key in (("nominal", "statistics"), ("limits", "figures"), ("peers", "figures")):
        with open(f"{TREE}/docs/{name}.json", encoding="utf-8") as file:
            codes |= set(json.load(file)[key])
    codes.remove("RSS")  # also the system's name for what is resident
    bare = []
    for page in pages():
        with open(page, encoding="utf-8") as file:
            bare += [f"{os.path.relpath(page, TREE)}: {found[0]}" for found in re.finditer(
                rf"(?<!\()\b({'|'.join(sorted(codes))})\b|\(\b({'|'.join(sorted(codes))})\b(?!\))", file.read())]
    tap.ok(len(codes) > 60 and not bare, "a code stands in brackets behind its words on every page", ", ".join(bare))


for test in (test_codes, test_tables, test_section, test_reasons, test_limits, test_overview, test_sources, test_check):
    test()
sys.exit(tap.done())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/limits.py runs the limits benchmarks at small sizes, refuses bad input, and renders the committed page. Speaks TAP.

usage: test-limits.py LIMITS.py BUILD DOCS
"""
import copy
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing of ours beside the sources
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from tap import done, ok  # noqa: E402

LIMITS, BUILD, DOCS = sys.argv[1:4]


def run(*arguments):
    return subprocess.run([sys.executable, LIMITS, *arguments], capture_output=True, text=True)


def render(document, folder):
    path = f"{folder}/rendered.json"
    with open(path, "w", encoding="utf-8") as out:
        if isinstance(document, str):
            out.write(document)
        else:
            json.dump(document, out)
    return run("--render", path)


# ---- measuring ----

def test_quick(folder):
    result = run(BUILD, "--quick", "--output", folder)
    ok(result.returncode == 0, "the benchmarks run at small sizes", result.stderr)
    with open(f"{folder}/limits.json", encoding="utf-8") as source:
        document = json.load(source)
    with open(f"{folder}/limits.md", encoding="utf-8") as source:
        page = source.read()
    ok(not document["failures"], "and each does what it should", document["failures"])
    ok(document["schema"] == "gcmatrix.limits.1" and document["quick"], "the file says what it is, and that sizes were small")
    made = [document.get(key) for key in ("gcmatrix", "compiler", "libc", "kernel", "load_before", "load_after")]
    ok(not {"", "n/a", None} & set(made), "and where it was made, with what", made)
    test_coverage(document)
    ok("says nothing about collectors" in page, "a page of small sizes says so")
    ok(render(document, folder).stdout == page, "the page is what the file renders to")
    return document


def test_coverage(document):
    collectors = document["collectors"]
    with open(f"{BUILD}/harness/runner/pairs.json", encoding="utf-8") as source:
        named = json.load(source)["collectors"]
    ok(list(collectors) == [name for name in named if name in collectors], "collectors stand in the order of their list")
    everywhere = [name for name in collectors if name != "leak"]
    missing = [name for name in everywhere if not {"LFR", "RSS", "RST", "HDR"} <= set(collectors[name])]
    ok(len(everywhere) > 10 and not missing, "every collector has its list and its memory", missing)
    collecting = [name for name in everywhere if name not in ("rc", "rc-block")]
    missing = [name for name in collecting if not {"GLV", "GDR", "SGA", "SCP"} <= set(collectors[name])]
    ok(not missing, "and those that collect, their graph and their suspects", missing)
    code = {code for figures in collectors.values() for code in figures}
    ok(code == set(document["figures"]), "each figure is that of some collector", sorted(code ^ set(document["figures"])))
    ok({"TGC", "THP", "TFH"} <= set(collectors["rc-trial-block"]), "a trigger that adapts is held to the naive one")


def test_bad_use(folder):
    result = run(BUILD, "--quick", "--output", folder, "--program", "nothing")
    ok(result.returncode == 2 and "'nothing'" in result.stderr, "a benchmark that does not exist is refused", result.stderr)
    ok(not os.path.exists(f"{folder}/limits.json"), "and nothing is written")
    result = run(BUILD, "--quick", "--output", folder, "--processes", "0")
    ok(result.returncode == 2 and "at least one process" in result.stderr, "and so is measuring in no process", result.stderr)
    result = run(folder, "--output", folder)
    ok(result.returncode == 2 and f"{folder}: not the folder of a build" in result.stderr, "or in no build", result.stderr)


def test_processes(folder):
    """Of several processes a figure is the median, and has the range of them all."""
    result = run(BUILD, "--quick", "--output", folder, "--processes", "4", "--program", "list-rc", "--program", "resident-rc")
    names = re.findall(r"^limits: (\S+)$", result.stderr, re.M)
    ok(len(names) == 8 and all(len(set(names[at:at + 2])) == 2 for at in range(0, 8, 2)),
       "each runs once before any runs again", names)
    ok(len({tuple(names[at:at + 2]) for at in range(0, 8, 2)}) == 2, "not in the same order each time", names)
    with open(f"{folder}/limits.json", encoding="utf-8") as source:
        document = json.load(source)
    found = document["collectors"]["rc"]
    said = re.findall(r"by hand.*, (\S+) x \[(\S+), (\S+)\]", result.stderr)
    value, low, high = ([float(turn[i]) for turn in said] for i in range(3))
    figures = [found["LFR"][key] for key in ("low", "value", "high")]
    expected = [min(low), sum(sorted(value)[1:3]) / 2, max(high)]
    ok(len(said) == 4 and all(abs(a - b) < 0.01 * b for a, b in zip(figures, expected)), "its figure is that of the four",
       said, figures)
    ok(found["RSS"]["low"] is not None and document["processes"] == 4, "and one without turns has a range too", found["RSS"])


# ---- what is read ----

def test_update(document, folder):
    """One program again, over the file that test_quick() left: its figures are new, the others stay."""
    path = f"{folder}/limits.json"
    before = copy.deepcopy(document)
    for code in ("RSS", "LFR"):
        before["collectors"]["rc-block"][code].update(value=12345.0, low=None, high=None)
    with open(path, "w", encoding="utf-8") as out:
        json.dump(before, out)
    result = run(BUILD, "--quick", "--update", "--output", folder, "--program", "resident-rc-block")
    with open(path, encoding="utf-8") as source:
        updated = json.load(source)
    after = updated["collectors"]["rc-block"]
    ok(updated["updated"] == ["resident-rc-block"] and "This holds for `resident-rc-block`" in " ".join(render(updated, folder).stdout.split()),
       "the page says what was measured again", updated["updated"])
    ok(result.returncode == 0 and after["RSS"]["value"] < 1000, "--update measures what is named", result.stderr)
    ok(after["LFR"]["value"] == 12345.0, "and keeps the rest")
    result = run(BUILD, "--update", "--output", folder, "--program", "resident-rc-block")
    ok(result.returncode == 2 and "other sizes" in result.stderr, "but not figures of other sizes", result.stderr)


def damaged(document):
    """(what is wrong, a word of the answer, the damaged document)"""
    def changed(change):
        other = copy.deepcopy(document)
        change(other)
        return other

    def rss(key, value):
        return changed(lambda other: other["collectors"]["rc"]["RSS"].__setitem__(key, value))

    text = json.dumps(document)
    yield "that ends early", "line", text[:len(text) // 2]
    yield "that is a list", "schema", [document]
    yield "of another schema", "schema", changed(lambda other: other.update(schema="gcmatrix.limits.2"))
    yield "that does not say on which machine", "cpu", changed(lambda other: other.pop("cpu"))
    yield "whose load is a word", "load_after", changed(lambda other: other.update(load_after="high"))
    yield "whose collector is a number", "rc", changed(lambda other: other["collectors"].update(rc=1))
    yield "with a figure that nobody defines", "XYZ", changed(lambda other: other["collectors"].update(rc={"XYZ": {}}))
    yield "with a figure without a target", "target", changed(lambda other: other["collectors"]["rc"]["RSS"].pop("target"))
    yield "with a value that is a word", "value", rss("value", "48")
    yield "with a value that is no number", "value", rss("value", float("nan"))
    yield "with a value that is true", "value", rss("value", True)
    yield "with a value outside its range", "range", changed(lambda other: other["collectors"]["rc"]["LFR"].update(low=9, high=8))
    yield "with half a range", "range", changed(lambda other: other["collectors"]["rc"]["LFR"].update(low=None))
    yield "with a unit of its own", "unit", rss("unit", "stones")


def test_damage(document, folder):
    for what, word, other in damaged(document):
        result = render(other, folder)
        lines = result.stderr.splitlines()
        ok(result.returncode == 2 and len(lines) == 1 and word in lines[0] and not result.stdout,
           f"a file {what} is refused in one line", result.returncode, result.stderr, result.stdout[:200])
    result = run("--render", f"{folder}/not-there.json")
    ok(result.returncode == 2 and "not-there.json" in result.stderr, "and so is one that is not there", result.stderr)


def test_targets(document, folder):
    marks = []
    for value in (1.99, 2, 2.01):
        other = copy.deepcopy(document)
        other["collectors"] = {"rc": {"LFR": {"value": value, "low": None, "high": None, "target": 2, "unit": "ratio"}}}
        page = render(other, folder).stdout
        marks.append(page.count("**above its target**"))
        ok("| *target*, at most | 2 |" in page, f"the target of a figure of {value} stands in a row of its own", page)
    ok(marks == [0, 0, 1], "what is above its target is marked, and nothing else", marks)


# ---- what is committed ----

def test_older(document, folder):
    """A file from before there was a figure."""
    other = copy.deepcopy(document)
    del other["figures"]["RST"]
    for figures in other["collectors"].values():
        figures.pop("RST", None)
    result = render(other, folder)
    ok(result.returncode == 0 and "RSS" in result.stdout and "RST" not in result.stdout,
       "the page of a file that is older than a figure goes without it", result.stderr)


def test_committed(document):
    with open(f"{DOCS}/limits.json", encoding="utf-8") as source:
        committed = json.load(source)
    with open(f"{DOCS}/limits.md", encoding="utf-8") as source:
        page = source.read()
    result = run("--render", f"{DOCS}/limits.json")
    ok(result.stdout == page, "the committed page is what the committed figures give, byte for byte", result.stderr)
    ok(not committed["quick"], "which are of full size")
    with open(f"{DOCS}/metrics.md", encoding="utf-8") as source:
        section = source.read().split("## Limits\n")[1].split("\n## ")[0]
    defined = {code for codes in re.findall(r"^\| ([A-Z, ]+) \|", section, re.M) for code in codes.split(", ")}
    ok(defined == set(document["figures"]), "metrics.md defines every figure, and no other",
       sorted(defined ^ set(document["figures"])))
    with open(f"{BUILD}/harness/runner/pairs.json", encoding="utf-8") as source:
        gone = set(committed["collectors"]) - set(json.load(source)["collectors"])
    ok(not gone, "every collector of the page is there", gone)


def main():
    with tempfile.TemporaryDirectory() as folder:
        test_bad_use(folder)
        test_processes(folder)
        document = test_quick(folder)
        test_update(document, folder)
        test_damage(document, folder)
        test_targets(document, folder)
        test_older(document, folder)
        test_committed(document)
    return done()


sys.exit(main())

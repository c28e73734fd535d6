#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/nominal.py computes the values of workloads that can be worked out by hand, and renders the committed page.
Speaks TAP.

usage: test-nominal.py NOMINAL.py BUILD DOCS
"""
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing of ours beside the sources
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from tap import done, ok  # noqa: E402

NOMINAL, BUILD, DOCS = sys.argv[1:4]
RINGS, CHAIN, TREES = "rings:count=3000,size=7,cyclic=1", "deep-chain:nodes=5000,rounds=2", "binary-trees:depth=8"
SHALLOW, DEEP = (f"recursion:program=ackermann,rounds=1,ackermann={n}" for n in (5, 500))
PAGE = os.sysconf("SC_PAGESIZE")


def measure(folder, workloads=(RINGS, CHAIN, TREES, SHALLOW, DEEP), collectors=("rc", "rc-trial", "mark-sweep", "leak"), *more):
    command = [sys.executable, NOMINAL, BUILD, "--output", folder, "--processes", "1", *more]
    for workload in workloads:
        command += ["--workload", workload]
    for collector in collectors:
        command += ["--collector", collector]
    subprocess.run(command, check=True, capture_output=True)
    with open(f"{folder}/nominal.json", encoding="utf-8") as source:
        return json.load(source)


def test_values(document):
    values = {name: workload["values"] for name, workload in document["workloads"].items()}
    rings, chain, trees = values[RINGS], values[CHAIN], values[TREES]
    ok(rings["ACN"] == 3000 * 7 + 1, "rings of seven, and their window, are all that is allocated", rings)
    ok(rings["DAC"] < 0.001 and rings["SRM"] == 7 and rings["SRO"] > 0.99, "they die as rings, lie in rings, of seven", rings)
    ok(trees["DAC"] == 1 and trees["SRO"] == 0 and trees["SRM"] == 0, "trees die without a ring and hold none", trees)
    ok(trees["AS1"] == trees["AS9"] == trees["ASM"] == 24, "every node of a tree has one size: a header and two references", trees)
    ok(trees["RFX"] <= 3 and trees["RFM"] <= 1, "and one holder", trees)
    ok(chain["SDM"] == 5000 and chain["DCM"] == 5000, "a chain is as deep as it is long, and goes in one cascade", chain)
    ok(all(0.9 < v["LPB"] * v["LTO"] / v["ABY"] < 1.1 for v in values.values()), "turnover is what was allocated over what lived at most")
    ok(rings["LPB"] < 1.1 * (1000 * 7 * 40 + 65536 + 20000), "no more lived than the window holds", rings["LPB"])
    ok(abs(trees["RIN"] + 1 - trees["RDE"] - trees["LSV"]) < 1e-9,
       "each node, born with a reference, is let go once more than it is taken, but those that live at the end", trees)


def test_ranks(document):
    wrong = []
    for code in document["workloads"][RINGS]["values"]:
        pairs = [(w["values"][code], w["ranks"][code]) for w in document["workloads"].values() if w["values"][code] is not None]
        wrong += [code for value, rank in pairs if rank != 1 + sum(other > value for other, _ in pairs)]
    ok(not wrong, "a rank is one more than the workloads that have more", wrong)


def test_collectors(document):
    ok(sorted(document["collectors"]) == ["mark-sweep", "rc", "rc-trial"], "the floor, which frees nothing, is left out",
       list(document["collectors"]))
    rc, trial, sweep = (document["collectors"][name] for name in ("rc", "rc-trial", "mark-sweep"))
    ok(rc[RINGS]["values"]["GLK"] > 0.99 and sweep[RINGS]["values"]["GLK"] == 0, "counting alone leaves the rings, tracing nothing")
    ok(rc[CHAIN]["values"]["GCO"] == 0 and sweep[CHAIN]["values"]["GCO"] > 0, "collections are those that there were")
    ok(0 < sweep[CHAIN]["values"]["GSH"] < 1 and sweep[CHAIN]["values"]["GPL"] > 0, "pauses have their share of the time")
    ok(rc[CHAIN]["values"]["GPL"] > 0 and rc[CHAIN]["values"]["GPW"] == 0, "a pause without a collection is a cascade", rc[CHAIN])
    ok(sweep[CHAIN]["values"]["GPW"] == sweep[CHAIN]["values"]["GPL"], "where nothing cascades, cascades apart are all pauses")
    ok(trial[RINGS]["values"]["GCO"] > 0 and 0 < trial[RINGS]["values"]["GRH"] < 1,
       "of the possible roots of rings that live for a while some are garbage", trial[RINGS])
    ok(trial[TREES]["values"]["GRH"] in (0, None), "and of those of trees none", trial[TREES])
    ok(rc[RINGS]["values"]["GRH"] is None and sweep[RINGS]["values"]["GRH"] is None, "a collector without a buffer of them has no figure")
    values = sweep[CHAIN]["values"]
    held = values["GMP"] / values["GMO"]
    ok(abs(held - round(held)) < 1e-6 and 5000 <= round(held) <= 10000, "tables are divided by the most objects held", values)
    ok(rc[CHAIN]["values"]["GMO"] == 0, "and are nothing to a collector that has none")
    depths = {name: [cells[workload]["values"]["GST"] for workload in (SHALLOW, DEEP)] for name, cells in document["collectors"].items()}
    ok(all(shallow % PAGE == 0 and shallow < 1 << 20 and deep >= shallow + 4 * PAGE for shallow, deep in depths.values()),
       "a program that calls itself deeply has a deeper stack, to a page", depths)


def test_chosen():
    """Without a choice: all that reclaim and run what every collector runs, whoever came last."""
    with open(f"{BUILD}/harness/runner/pairs.json", encoding="utf-8") as source:
        pairs = [pair for pair in json.load(source)["pairs"] if pair["workload"] == "binary-trees"]
    wanted = set()
    for pair in pairs:
        said = subprocess.run([f"{BUILD}/harness/runner/{pair['path']}", "--describe"], check=True, capture_output=True).stdout
        traits = json.loads(said)["collector"]["traits"]
        wanted |= {pair["collector"]} if traits["reclaims"] and not traits["observes"] else set()
    with tempfile.TemporaryDirectory() as place:
        document = measure(place, [TREES], [])
    chosen, codes = document["collectors"], {code for code in document["statistics"] if code.startswith("G")}
    ok(set(chosen) == wanted and len(wanted) > 10, "every collector that reclaims is measured, and no other", sorted(set(chosen) ^ wanted))
    bare = [name for name, cells in chosen.items() if "reason" in cells[TREES] or set(cells[TREES]["values"]) != codes]
    ok(not bare, "each with every statistic", bare)


def test_bad_use(folder):
    """Refused at once, in one line that names the thing."""
    missing = os.path.join(folder, "missing")
    for what, words, expected in [
            ("what is not the folder of a build", [folder], f"{folder}: not the folder of a build"),
            ("a workload that there is not", [BUILD, "--workload", "ringz"], "no workload 'ringz'"),
            ("a collector that there is not", [BUILD, "--collector", "rcc"], "no collector 'rcc'"),
            ("an update of nothing", [BUILD, "--update", "--output", missing], f"{missing}/nominal.json: No such file"),
            ("a page of nothing", ["--render", missing], f"{missing}: No such file"),
            ("no process", [BUILD, "--processes", "0"], "--processes 0")]:
        result = subprocess.run([sys.executable, NOMINAL, *words], capture_output=True, text=True)
        ok(result.returncode == 2 and expected in result.stderr and len(result.stderr.splitlines()) == 1,
           f"{what} is refused", result.stderr)


def test_update():
    """One collector again: its figures are new, the others stay, and the page says so."""
    with tempfile.TemporaryDirectory() as place:
        first = measure(place, [TREES], ["rc", "mark-sweep"])
        second = measure(place, [TREES], ["rc"], "--update")
        with open(f"{place}/nominal.md", encoding="utf-8") as source:
            page = source.read()
    ok(second["collectors"]["mark-sweep"] == first["collectors"]["mark-sweep"], "--update keeps what is not named")
    ok(not first["updated"] and f"This holds for `{TREES}`, `rc`, which were" in " ".join(page.split()), "and the page says what is", second["updated"])


def test_committed():
    with open(f"{DOCS}/nominal.json", encoding="utf-8") as source:
        committed = json.load(source)
    with open(f"{DOCS}/nominal.md", encoding="utf-8") as source:
        page = source.read()
    again = subprocess.run([sys.executable, NOMINAL, "--render", f"{DOCS}/nominal.json"], capture_output=True, text=True).stdout
    ok(again == page, "the committed page is what the committed figures give, byte for byte")
    with open(f"{DOCS}/metrics.md", encoding="utf-8") as source:
        section = source.read().split("## Nominal statistics\n")[1].split("\n## ")[0]
    defined = set(re.findall(r"^\| ([A-Z][A-Z0-9]{2}) \|", section, re.M))
    ok(defined == set(committed["statistics"]), "metrics.md defines every statistic, and no other",
       sorted(defined ^ set(committed["statistics"])))
    with open(f"{BUILD}/harness/runner/pairs.json", encoding="utf-8") as source:
        here = set(json.load(source)["workloads"]) - {"null", "replay"}
    gone = set(committed["workloads"]) - here
    ok(not gone, "every workload of the page is there", gone)
    for missing in sorted(here - set(committed["workloads"])):
        print(f"# {missing} came later: {committed['made_by']}")


def test_pages():
    """Of the pages that say which file or function does what: the files and the functions."""
    root = os.path.dirname(os.path.abspath(DOCS))
    tree, functions = {}, set()
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith((".", "build"))]
        for name in names:
            tree.setdefault(name, []).append(os.path.join(folder, name))
            if name.endswith((".c", ".h", ".js")):
                with open(os.path.join(folder, name), encoding="utf-8") as source:
                    functions.update(re.findall(r"\b(\w+)\(", source.read()))
    missing = []
    for page in ("methodology.md", "metrics.md", "architecture.md", "stress.md", "programs.md", "glossary.md", "../CONTRIBUTING.md"):
        with open(f"{DOCS}/{page}", encoding="utf-8") as source:
            text = source.read()
        for path in re.findall(r"`(\w[\w./-]*\.(?:c|h|py|sh|gp))`", text):
            if not any(found.endswith("/" + path) for found in tree.get(os.path.basename(path), [])):
                missing.append(f"{page}: {path}")
        missing += [f"{page}: {name}()" for name in re.findall(r"`(\w+)\(\)`", text) if name not in functions]
    ok(not missing, "every file and function that the pages name is there", *missing)


def main():
    with tempfile.TemporaryDirectory() as place:
        document = measure(place)
        test_values(document)
        test_ranks(document)
        test_collectors(document)
        test_chosen()
        first = {name: {c: v for c, v in w["values"].items() if c != "ART"} for name, w in document["workloads"].items()}
        again = measure(os.path.join(place, "again"))
        second = {name: {c: v for c, v in w["values"].items() if c != "ART"} for name, w in again["workloads"].items()}
        ok(first == second, "all but the rate is the same every time")
        test_bad_use(place)
    test_update()
    test_committed()
    test_pages()
    return done()


sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The engineered collectors beside real runtimes on the same work, by turns in one run.

usage: peers.py BUILD [--output DIR] [--turns N] [--quick]
       peers.py --render FILE.json

BUILD is the folder of a build. The tool writes DIR/peers.json and DIR/peers.md; without --output it prints the page. It
names each runtime that is not installed, with its package, and leaves it out. --quick runs small sizes in one turn: that
tests this tool, and no collector. --render prints the page of a file again. The works are the programs of tests/peers/, a
file for each language. docs/metrics.md says what each figure is.
"""
import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing of ours beside the sources
from processor import keep_to_one
from provenance import (Damaged, document_write, fail, figure, need_build, page_print, paragraph, provenance,
                        provenance_sentence, row_print, schema_check)

SCHEMA = "gcmatrix.peers.1"
MADE_BY = "ninja -C build peers"
PROGRAMS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests", "peers")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}  # of what is measured; the caller's is not passed on
SEED = 1  # of the order in each turn
PATIENCE = 600  # seconds for one process
# The kinds of runtimes, and the collectors beside which each kind stands. What dies young costs a collector with
# generations next to nothing, and no tracing collector of ours has generations. So such a runtime is shown, and is no bar.
KINDS = {"counting": "Reference counting", "tracing": "Tracing"}
BESIDE = {"counting": "counting", "tracing": "tracing", "generational": "tracing"}

# Kind, package in Debian, and the commands that print its version, make it, and run it in {out}, a copy of PROGRAMS.
RUNTIMES = {
    "CPython": ("counting", "python3", "python3 --version", None, "python3 {out}/peer.py"),
    "PHP": ("counting", "php-cli", "php --version", None, "php {out}/peer.php"),
    "Nim ORC": ("counting", "nim", "nim --version",
                "nim c -d:release --gc:orc --hints:off --nimcache:{out}/nim -o:{out}/peer-nim {out}/peer.nim",
                "{out}/peer-nim"),
    "Lua": ("tracing", "lua5.4", "lua5.4 -v", None, "lua5.4 {out}/peer.lua"),
    "OCaml": ("generational", "ocaml-nox", "ocamlopt -version",
              "ocamlopt unix.cmxa -o {out}/peer-ml {out}/peer.ml", "{out}/peer-ml"),
    "Node.js": ("generational", "nodejs", "node --version", None,
                "node --expose-gc --single-threaded-gc --stack-size=4000 {out}/peer.js"),
}
COLLECTORS = {
    "rc-trial-block": "counting", "rc-backup-block": "counting", "rc-gcrefs-block": "counting",
    "rc-deferred": "counting", "rc-coalescing": "counting",
    "mark-sweep-block": "tracing", "semispace": "tracing", "boehm": "tracing",
}
HELD = set(COLLECTORS) - {"boehm"}  # these should be ahead; boehm is not of this tree

# A program's word, its size and a small one; then its figures: code, what it is, by how many the time is divided.
WORKS = [
    ("trees", 16, 8, [("PTR", "binary-trees: a node made, counted and dropped",
                       lambda depth: (1 << depth + 2) - 1 + (1 << depth + 1) - 1 + sum(
                           (1 << depth - d + 4) * ((1 << d + 1) - 1) for d in range(4, depth + 1, 2)))]),
    ("rings", 1000000, 2000, [("PRG", "a ring of two objects made and dropped", lambda count: count)]),
    ("graph", 1000000, 2000, [("PGL", "an object of a graph linked at random, in a full collection", lambda count: count),
                              ("PGD", "an object of that graph dropped, found and freed", lambda count: count)]),
    ("list", 2000000, 2000, [("PLD", "a node of a list dropped", lambda count: count)]),
]
FIGURES = {code: what for _, _, _, figures in WORKS for code, what, _ in figures}


# ---- running one work ----

def output_of(command):
    """The output of a command; raises RuntimeError with the reason when it fails."""
    try:
        result = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=PATIENCE,
                                stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"not done in {PATIENCE} s") from None
    if result.returncode < 0:
        raise RuntimeError(f"ended by signal {-result.returncode}")
    if result.returncode > 0:
        said = (result.stderr + result.stdout).strip().splitlines()
        raise RuntimeError(f"exit status {result.returncode}" + (f": {said[-1]}" if said else ""))
    return result.stdout


def runtime_ns(command, *words):
    """Nanoseconds that the whole work took, for each of its figures."""
    return [float(value) for value in output_of(command + [str(word) for word in words]).split()]


def pair_ns(build, name, options):
    record = json.loads(output_of([f"{build}/harness/runner/{name}", "--workload-options", options]))
    return [record["wall_ns"]]


def numbers_of(text, *patterns):
    return [float(re.search(pattern, text).group(1)) for pattern in patterns]


def collector_ns(build, name, word, size):
    """The same work in the suite: a workload, an executable of tests/peers/, or one of two limits benchmarks, which print ns
    for each object."""
    if word == "trees":
        return pair_ns(build, f"binary-trees-{name}", f"depth={size}")
    if word == "rings":
        return runtime_ns([f"{build}/tests/peers/peers-rings-{name}"], size)
    text = output_of([f"{build}/tests/measuring/limits/limits-{word}-{name}", str(size)])
    if word == "graph":
        found = numbers_of(text, r"alive ([0-9.]+) ns/object", r"dropped ([0-9.]+) ns/object")
    else:
        found = numbers_of(text, r"dropped: +([0-9.]+) ns/node")
    return [each * size for each in found]


# ---- the turns ----

def version_of(command):
    said = output_of(command.split()).splitlines()[0] if shutil.which(command.split()[0], path=ENVIRONMENT["PATH"]) else ""
    found = re.search(r"\d+(\.\d+)+", said)
    return found.group(0) if found else None


def runtimes_make(out):
    """The installed runtimes, as name: (kind, version, command); and the reason for each that is missing."""
    made, missing = {}, {}
    for name, (kind, package, version, make, run) in RUNTIMES.items():
        found = version_of(version)
        if not found:
            missing[name] = f"not installed; its package is `{package}`"
            continue
        try:
            if make:
                output_of(make.format(out=out).split())
            made[name] = (kind, found, run.format(out=out).split())
        except RuntimeError as error:
            missing[name] = f"does not build: {error}"
    return made, missing


def turn(build, runtimes, order, quick, found, failures):
    """Every work once on every side, in random order."""
    for word, full, small, figures in WORKS:
        size = small if quick else full
        sides = list(COLLECTORS) + list(runtimes)
        for side in order.sample(sides, len(sides)):
            if (side, word) in failures:
                continue
            print(f"peers: {word}, {side}", file=sys.stderr, flush=True)
            try:
                times = (runtime_ns(runtimes[side][2], word, size) if side in runtimes
                         else collector_ns(build, side, word, size))
            except RuntimeError as error:
                failures[side, word] = str(error)
                continue
            for (code, _, divide), ns in zip(figures, times):
                found.setdefault((side, code), []).append(ns / divide(size))


def spread(values):
    return {"value": statistics.median(values), "low": min(values), "high": max(values)}


def side_of(kind, name, found, fastest=None):
    """One row. `fastest` gives, for each figure, the runtime of its kind that a collector is held against."""
    row = {"kind": kind, "figures": {}}
    for code in FIGURES:
        if (name, code) not in found:
            continue
        entry = spread(found[name, code])
        if fastest and fastest.get(code):
            ratios = [ours / theirs for ours, theirs in zip(found[name, code], found[fastest[code], code])]
            entry["ratio"] = {**spread(ratios), "over": fastest[code]}
        row["figures"][code] = entry
    return row


def fastest_of(kind, runtimes, found):
    fastest = {}
    for code in FIGURES:
        having = [name for name, (its, _, _) in runtimes.items() if its == kind and (name, code) in found]
        if having:
            fastest[code] = min(having, key=lambda name: statistics.median(found[name, code]))
    return fastest


def measure(settings):
    build = os.path.abspath(settings.build)
    turns = 1 if settings.quick else settings.turns
    order, found, failures = random.Random(SEED), {}, {}
    keep_to_one()
    document = {"schema": SCHEMA, "made_by": MADE_BY, **provenance(build), "load_before": round(os.getloadavg()[0], 2),
                "turns": turns, "quick": settings.quick, "figures": FIGURES}
    with tempfile.TemporaryDirectory() as out:
        shutil.copytree(PROGRAMS, out, dirs_exist_ok=True)  # compilers write beside what they compile
        runtimes, missing = runtimes_make(out)
        for _ in range(turns):
            turn(build, runtimes, order, settings.quick, found, failures)
    document["collectors"] = {name: side_of(kind, name, found, fastest_of(kind, runtimes, found))
                              for name, kind in COLLECTORS.items()}
    document["runtimes"] = {name: {**side_of(kind, name, found), "version": version}
                            for name, (kind, version, _) in runtimes.items()}
    document["missing"] = missing
    document["failures"] = {f"{side}, {word}": why for (side, word), why in failures.items()}
    return document


# ---- the page ----

def check(document):
    schema_check(document, SCHEMA)
    for key in ("figures", "collectors", "runtimes", "missing", "failures"):
        if not isinstance(document.get(key), dict):
            raise Damaged(f"{key}: is missing, or something else")
    return document


def time_text(ns):
    return figure(ns, "ns")


def time_cell(found):
    return f"{time_text(found['value'])} [{time_text(found['low'])}, {time_text(found['high'])}]" if found else "n/a"


def ratio_cell(found, held):
    ratio = (found or {}).get("ratio")
    if not ratio:
        return "n/a"
    text = f"{ratio['value']:.3g} [{ratio['low']:.3g}, {ratio['high']:.3g}] {ratio['over']}"
    return text + " **behind**" if held and ratio["value"] >= 1 else text


def table(document, out, head, codes, rows):
    row_print(out, [head] + [f"{document['figures'][code]} ({code})" for code in codes])
    out.append("|---" + "|---:" * len(codes) + "|")
    for name, cells in rows:
        row_print(out, [name] + cells)
    out.append("")


def tables(document, out, kind):
    """The table of times, and the table of collectors over the fastest runtime."""
    codes = list(document["figures"])
    ours = [(name, row["figures"]) for name, row in document["collectors"].items() if row["kind"] == kind]
    theirs = [(f"{name} {row['version']}" + ("" if row["kind"] == kind else ", " + row["kind"]), row["figures"])
              for name, row in document["runtimes"].items() if BESIDE[row["kind"]] == kind]
    out += [f"## {KINDS[kind]}", ""]
    table(document, out, "time of one", codes, [(name, [time_cell(figures.get(code)) for code in codes])
                                      for name, figures in [(f"`{name}`", figures) for name, figures in ours] + theirs])
    if any("ratio" in found for _, figures in ours for found in figures.values()):
        table(document, out, "over the fastest runtime", codes,
              [(f"`{name}`", [ratio_cell(figures.get(code), name in HELD) for code in codes]) for name, figures in ours])


def render(document):
    out = ["# Beside real runtimes", "",
           paragraph(
               "The engineered collectors and real runtimes do the same works. Each works in a process of its own, and all of them "
               "once in each turn, in random order. The first table gives the time of one object. The second divides that time, "
               "turn by turn, by the time of the fastest runtime of the same kind. Less than 1 is ahead; the rest is marked "
               f"**behind**. `boehm` is held to nothing. Figures are medians of {document['turns']} turns, with their range. "
               "[metrics.md](metrics.md) says what each figure is. The sources are in [tests/peers/](../tests/peers/), and "
               f"`{document['made_by']}` makes this page and `peers.json` from them."), "",
           paragraph(
               "Languages differ in more than their collectors. One interprets its source, another compiles it. Each lays out objects "
               "in its own way. Nim's compiler moves a reference out of a name that is not used again, and counts nothing. Our "
               "workloads bind, store and delete as Python does. So to trial deletion every node of a tree that has children is a "
               "possible root. What dies young costs a collector with generations next to nothing. No tracing collector of ours has "
               "generations: such runtimes are shown, and are no bar."), "",
           paragraph(f"{provenance_sentence(document)} The load was {document['load_before']:.1f} before."), ""]
    if document["quick"]:
        out += ["**Small sizes: this tests the machinery, and says nothing about collectors.**", ""]
    for kind in KINDS:
        tables(document, out, kind)
    absent = {**document["missing"], **document["failures"]}
    if absent:
        out += ["## What has no figure", ""] + [f"- {name}: {why}" for name, why in absent.items()] + [""]
    return "\n".join(out).rstrip("\n") + "\n"


def main():
    parser = argparse.ArgumentParser(usage="\n".join(__doc__.split("usage: ")[1].split("\n")[:2]))
    parser.add_argument("build", nargs="?")
    parser.add_argument("--output")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--render", metavar="FILE.json")
    settings = parser.parse_args()
    if settings.render:
        page_print(settings.render, check, render)
        return
    need_build(settings.build)
    if settings.output and not os.path.isdir(settings.output):
        fail(f"--output: {settings.output}: no such folder")
    if settings.turns < 1:
        fail("--turns: at least one")
    document = measure(settings)
    if not settings.output:
        print(render(document), end="")
        return
    document_write(settings.output, "peers", document, render(document))


if __name__ == "__main__":
    main()

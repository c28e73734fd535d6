#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/peers.py runs collectors and real runtimes at small sizes, refuses bad input, and renders the committed page.
Speaks TAP.

usage: test-peers.py PEERS.py BUILD DOCS
"""
import copy
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing of ours beside the sources
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import done, ok  # noqa: E402

PEERS, BUILD, DOCS = sys.argv[1:4]
sys.path.append(os.path.dirname(PEERS))
import peers  # noqa: E402
import processor  # noqa: E402


def run(*arguments):
    return subprocess.run([sys.executable, PEERS, *arguments], capture_output=True, text=True)


def render(document, folder):
    path = f"{folder}/rendered.json"
    with open(path, "w", encoding="utf-8") as out:
        json.dump(document, out)
    return run("--render", path)


def test_quick(folder):
    result = run(BUILD, "--quick", "--output", folder)
    ok(result.returncode == 0, "every work runs at small sizes", result.stderr)
    with open(f"{folder}/peers.json", encoding="utf-8") as source:
        document = json.load(source)
    with open(f"{folder}/peers.md", encoding="utf-8") as source:
        page = source.read()
    ok(not document["failures"], "and none fails", document["failures"])
    ok(f"processor {document['processor']}" in page, "the page says where all of it ran", document["processor"])
    short = [name for name, row in document["collectors"].items() if set(row["figures"]) != set(document["figures"])]
    ok(len(document["collectors"]) > 6 and not short, "every collector has every figure", short)
    python = document["runtimes"].get("CPython", {"figures": {}})
    ok(set(python["figures"]) == set(document["figures"]), "and so has CPython, which is always here", python)
    told = set(document["runtimes"]) | set(document["missing"])
    ok(told == set(peers.RUNTIMES), "a runtime that is not here is named", told)
    ok("says nothing about collectors" in page, "a page of small sizes says so")
    ok(render(document, folder).stdout == page, "the page is what the file renders to")
    return document


def test_processor():
    """One processor, the faster, for this process and those that it starts."""
    allowed = os.sched_getaffinity(0)
    measured = processor.probe_seconds
    for favoured in sorted(allowed):
        processor.probe_seconds = lambda: 1.0 if os.sched_getaffinity(0) == {favoured} else 2.0
        os.sched_setaffinity(0, allowed)
        processor.keep_to_one()
        chosen = processor.only_one()
        started = peers.output_of(["sh", "-c", "grep Cpus_allowed_list: /proc/self/status"]).split()[-1]
        ok(chosen == favoured and started == str(favoured), f"all runs on processor {favoured} when that is faster", chosen, started)
    processor.probe_seconds = measured
    os.sched_setaffinity(0, allowed)
    ok(len(allowed) == 1 or processor.only_one() is None, "a process that may run on any is kept to none", allowed)
    processor.keep_to_one()
    ok(processor.only_one() in allowed and processor.probe_seconds() > 0, "and then to one of those that there are", allowed)
    os.sched_setaffinity(0, allowed)


def test_counts():
    """What times are divided by, against what the programs make."""
    word, _, small, figures = next(work for work in peers.WORKS if work[0] == "trees")
    made = json.loads(peers.output_of([f"{BUILD}/harness/runner/binary-trees-leak", "--workload-options", f"depth={small}"]))
    ok(figures[0][2](small) == made["allocated_objects"], f"the nodes of {word} are as many as are allocated",
       figures[0][2](small), made["allocated_objects"])
    others = [divide(7) for word, _, _, figures in peers.WORKS if word != "trees" for _, _, divide in figures]
    ok(others == [7] * 4, "and what the others make is what they are told to", others)


def test_failures():
    for what, command, word in (("that ends with a status", ["sh", "-c", "echo why >&2; exit 3"], "exit status 3: why"),
                                ("that is killed", ["sh", "-c", "kill -SEGV $$"], "signal 11")):
        try:
            peers.output_of(command)
            said = "nothing"
        except RuntimeError as error:
            said = str(error)
        ok(word in said, f"a program {what} has no figure, and the reason is told", said)


def test_marks(document, folder):
    marks = {}
    for name in ("rc-trial-block", "boehm"):
        for value in (0.99, 1.01):
            other = copy.deepcopy(document)
            other["runtimes"].setdefault("Lua", {"kind": "tracing", "version": "5", "figures": {}})
            for row in other["collectors"].values():
                row["figures"] = {}
            other["collectors"][name]["figures"] = {"PTR": {"value": 5, "low": 4, "high": 6, "ratio": {
                "value": value, "low": value, "high": value, "over": "Lua"}}}
            marks[name, value] = len(re.findall(r"\| [^|]*\*\*behind\*\*", render(other, folder).stdout))
    ok(marks == {("rc-trial-block", 0.99): 0, ("rc-trial-block", 1.01): 1, ("boehm", 0.99): 0, ("boehm", 1.01): 0},
       "what is not ahead is marked, and a peer never", marks)


def test_refusals(document, folder):
    other = {**document, "schema": "gcmatrix.peers.2"}
    for what, result in (("a file of another schema", render(other, folder)),
                         ("a file without its collectors", render({**document, "collectors": 3}, folder)),
                         ("a file that does not say where it was made",
                          render({key: value for key, value in document.items() if key != "cpu"}, folder)),
                         ("a collector of no kind",
                          render({**document, "collectors": {"rc-block": {"figures": {}}}}, folder)),
                         ("a folder to write to that is not there", run(BUILD, "--output", f"{folder}/nothing")),
                         ("a file that is not there", run("--render", f"{folder}/nothing.json")),
                         ("a folder that is no build", run(folder)), ("no turns", run(BUILD, "--turns", "0"))):
        ok(result.returncode == 2 and len(result.stderr.splitlines()) == 1 and not result.stdout,
           f"{what} is refused in one line", result.stderr)


def test_committed():
    with open(f"{DOCS}/peers.json", encoding="utf-8") as source:
        committed = json.load(source)
    with open(f"{DOCS}/peers.md", encoding="utf-8") as source:
        page = source.read()
    ok(run("--render", f"{DOCS}/peers.json").stdout == page, "the committed page is what the committed figures give")
    ok(not committed["quick"] and not committed["missing"], "which are of full size, and of every runtime", committed["missing"])
    with open(f"{DOCS}/metrics.md", encoding="utf-8") as source:
        section = source.read().split("## Beside real runtimes\n")[1].split("\n## ")[0]
    defined = set(re.findall(r"^\| ([A-Z]+) \|", section, re.M))
    ok(defined == set(peers.FIGURES), "metrics.md defines every figure, and no other", sorted(defined ^ set(peers.FIGURES)))


def main():
    with tempfile.TemporaryDirectory() as folder:
        document = test_quick(folder)
        test_processor()
        test_counts()
        test_failures()
        test_marks(document, folder)
        test_refusals(document, folder)
        test_committed()
    return done()


sys.exit(main())

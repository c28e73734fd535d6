#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Traces of every collector: their format, how slices nest, and whether phases add up to pauses and pauses to records.

usage: test-traces.py GCMATRIX PAIRS_JSON probes|none
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

import tap

GCMATRIX, PAIRS, PROBES = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3]
SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))

# What makes a small heap collect often.
OPTIONS = {
    "rc-trial": "roots=500", "rc-trial-block": "roots=500,share=0.1",
    "rc-backup": "minimum=100000", "rc-backup-block": "minimum=100000",
    "rc-gcrefs": "threshold0=500", "rc-gcrefs-block": "threshold0=500",
    "rc-deferred": "table=500,minimum=100000", "rc-coalescing": "table=500,minimum=100000",
    "mark-sweep": "minimum=100000", "mark-sweep-block": "minimum=100000",
    "semispace": "minimum=100000", "census": "minimum=100000",
}  # fmt: skip
WORKLOADS = ["binary-trees:depth=11", "doubly-linked:lists=20,length=100,rounds=20"]
COLLECTS_NEVER = {"leak", "rc", "rc-block", "recorder"}  # and `explicit`, which runs neither workload
CLASSES = {"full collection", "young collection", "slice", "cascade"}


def listed(macro):
    """The words of a list of base/pause.h, in its order."""
    with open(os.path.join(SOURCE, "base", "pause.h"), encoding="utf-8") as source:
        text = source.read()
    return re.findall(rf'^ +{macro}\([A-Z]+, "([a-z]+)"', text, re.M)


PHASES, REASONS = listed("PHASE"), listed("REASON")


def gcmatrix(*arguments):
    return subprocess.run([GCMATRIX, *arguments], capture_output=True, text=True)


def refuses(words, sentence, *arguments):
    before = sorted(os.listdir("."))
    result = gcmatrix(*arguments)
    lines = result.stderr.splitlines()
    tap.ok(result.returncode == 2 and len(lines) == 1 and words in lines[0] and sorted(os.listdir(".")) == before,
           sentence, result.returncode, result.stderr)  # fmt: skip


# ---- the format: a checker that knows nothing of gcmatrix ----

REQUIRED = {"X": {"ts", "dur", "cat"}, "C": {"ts", "args"}, "M": {"args"}}


def nanoseconds(microseconds):
    """A time of the trace as an integer; times are decimals, so nothing is rounded on the way."""
    ns = Decimal(microseconds) * 1000
    assert ns == int(ns), f"{microseconds} is no whole nanosecond"
    return int(ns)


def event_check(event):
    assert event["ph"] in REQUIRED, event
    assert isinstance(event["name"], str) and event["name"], event
    assert isinstance(event["pid"], int) and event["pid"] > 0 and isinstance(event["tid"], int), event
    assert REQUIRED[event["ph"]] <= event.keys(), event
    if event["ph"] == "X":
        assert nanoseconds(event["ts"]) >= 0 and nanoseconds(event["dur"]) >= 0, event
    if event["ph"] == "C":
        assert all(isinstance(value, int) for value in event["args"].values()), event
    if event["ph"] == "M":
        assert event["name"] in ("process_name", "thread_name") and isinstance(event["args"]["name"], str), event


class Slice:
    def __init__(self, event):
        self.begin = nanoseconds(event["ts"])
        self.end = self.begin + nanoseconds(event["dur"])
        self.name, self.category, self.args, self.within = event["name"], event["cat"], event["args"], []


def nest(events):
    """The outermost slices of one thread, each with those within it; a slice that overlaps another is an error."""
    outermost, stack = [], []
    for one in map(Slice, events):  # of two that begin at the same time the outer one comes first
        while stack and stack[-1].end <= one.begin:
            stack.pop()
        assert not stack or (stack[-1].begin <= one.begin and one.end <= stack[-1].end), (one.name, one.begin, stack[-1].name)
        (stack[-1].within if stack else outermost).append(one)
        stack.append(one)
    return outermost


def trace_read(path):
    """Checks a trace; its processes by their numbers: (name, outermost slices, counters)."""
    with open(path, encoding="utf-8") as source:
        trace = json.load(source, parse_float=Decimal)
    processes = {}
    for event in trace["traceEvents"]:
        event_check(event)
        processes.setdefault(event["pid"], []).append(event)
    return {
        pid: (
            next(e["args"]["name"] for e in events if e["name"] == "process_name"),
            nest([e for e in events if e["ph"] == "X"]),
            [e for e in events if e["ph"] == "C"],
        )
        for pid, events in processes.items()
    }


# ---- a run of every collector ----


def pause_check(pause):
    """A collection is its phases, one after the other, from its begin to its end; a cascade has none."""
    assert pause.name in CLASSES and pause.args["reason"] in REASONS, (pause.name, pause.args)
    if pause.name == "cascade":
        assert not pause.within and pause.args["reason"] == "death"
        return
    at = pause.begin
    for phase in pause.within:
        assert phase.category == "phase" and phase.name in PHASES and phase.begin == at and not phase.within, phase.name
        at = phase.end
    assert at == pause.end, (pause.name, pause.end - at)
    for what in "freed_objects", "freed_bytes":
        assert sum(phase.args[what] for phase in pause.within) == pause.args[what], what


def sums_of(pauses):
    sums = {}
    for phase in (phase for pause in pauses for phase in pause.within):
        one = sums.setdefault(phase.name, {"count": 0, "total_ns": 0, "max_ns": 0, "freed_objects": 0, "freed_bytes": 0})
        one["count"] += 1
        one["total_ns"] += phase.end - phase.begin
        one["max_ns"] = max(one["max_ns"], phase.end - phase.begin)
        one["freed_objects"] += phase.args["freed_objects"]
        one["freed_bytes"] += phase.args["freed_bytes"]
    return sums


def process_check(process, record):
    _, outermost, counters = process
    assert len(outermost) == 1 and outermost[0].end == record["wall_ns"], "one slice is the workload"
    pauses = outermost[0].within
    assert record["events"]["dropped"] == record["phase_events"]["dropped"] == 0
    for pause in pauses:
        pause_check(pause)
    assert len(pauses) == record["pauses"]["count"]
    assert sum(pause.end - pause.begin for pause in pauses) == record["pauses"]["total_ns"]
    assert sums_of(pauses) == record["phases"]
    collected = sum(phase["total_ns"] for phase in record["phases"].values())
    assert collected == record["collecting_ns"], (collected, record["collecting_ns"])
    times = [nanoseconds(event["ts"]) for event in counters]
    assert times == sorted(times) and {event["name"] for event in counters} == {"heap", "resident"}


def matrix_write():
    names = gcmatrix("list", "--names", "collectors").stdout.split()
    chosen = [f"{name}:{OPTIONS[name]}" if name in OPTIONS else name for name in names if name not in ("explicit", "recorder")]
    with open("m.yaml", "w", encoding="utf-8") as out:
        out.write("name: every-collector\nblocks: 1\ncells:\n")
        out.write(f"  - workloads: {json.dumps(WORKLOADS)}\n    collectors: {json.dumps(chosen)}\n")
    return [name.partition(":")[0] for name in chosen]


def test_every_collector():
    collectors = matrix_write()
    result = gcmatrix("matrix", "m.yaml", "-o", "run")
    tap.ok(result.returncode == 0, "a run of every collector is complete", result.stderr)
    result = gcmatrix("trace", "run")
    tap.ok(result.returncode == 0 and result.stdout.startswith("run/trace.json: "), "its trace is written", result.stderr)
    trace = trace_read("run/trace.json")
    tap.ok(len(trace) == len(collectors) * len(WORKLOADS), "with a process for each cell", len(trace))
    phases = {}
    for pid, process in trace.items():
        with open(f"run/records/{pid - 1:06}.json", encoding="utf-8") as source:
            record = json.load(source)
        try:
            process_check(process, record)
            wrong = None
        except AssertionError as error:
            wrong = repr(error)
        phases.setdefault(record["collector"], set()).update(record["phases"])
        tap.ok(wrong is None, f"{process[0].partition(' on ')[0]}: slices nest, phases add up to pauses, and those to the record", wrong)
    for collector in collectors:
        tap.ok(bool(phases[collector]) != (collector in COLLECTS_NEVER), f"{collector}: its collections have phases, if there are any")
    seen = set().union(*phases.values())
    tap.ok(seen == set(PHASES), "every phase of the list is seen, and no other", sorted(set(PHASES) ^ seen))


def test_choice():
    result = gcmatrix("trace", "run", "--cell", "binary-trees-mark-sweep", "--cell", "doubly-linked-rc-trial", "-o", "two.json")
    names = sorted(name for name, _, _ in trace_read("two.json").values())
    tap.ok(result.returncode == 0 and len(names) == 2 and names[0].startswith("binary-trees:depth=11 x mark-sweep:")
           and names[1].startswith("doubly-linked:"), "cells are chosen", result.stderr, names)  # fmt: skip
    refuses("no process of 'binary-trees-mark-swep'; did you mean 'binary-trees-mark-sweep'?", "a misspelt cell is refused",
            "trace", "run", "--cell", "binary-trees-mark-swep", "-o", "new.json")  # fmt: skip
    refuses("--cell takes WORKLOAD-COLLECTOR", "and one that is none", "trace", "run", "--cell", "7")
    all_names = sorted(name for name, _, _ in trace_read("all.json").values()) if gcmatrix("trace", "run", "-o", "all.json").returncode == 0 else []
    for words, wanted in (("--workload", "binary-trees"), lambda name: name.startswith("binary-trees:")), (("-c", "mark-sweep", "--collector", "rc-trial"), lambda name: re.search(r" x (mark-sweep|rc-trial)\b(?!-)", name)), \
            (("--workload", "binary-trees", "-c", "mark-sweep"), lambda name: re.search(r"^binary-trees:.* x mark-sweep\b(?!-)", name)):  # fmt: skip
        result = gcmatrix("trace", "run", *words, "-o", "some.json")
        names = sorted(name for name, _, _ in trace_read("some.json").values()) if result.returncode == 0 else None
        tap.ok(names and names == [name for name in all_names if wanted(name)] != all_names, f"{' '.join(words)} choose cells", result.stderr, names, all_names)
    refuses("trace: --workload: the run has no workload 'binary-tree'; did you mean 'binary-trees'?", "a misspelt workload is refused", "trace", "run", "--workload", "binary-tree")
    refuses("trace: --collector: the run has no collector", "as is a collector that did not run", "trace", "run", "-c", "no-such")
    refuses("'census' only observes; --cell names its cells, as in --cell binary-trees-census", "a collector that only observes is asked for by its cells", "trace", "run", "-c", "census")
    result = gcmatrix("trace", "run", "--cell", "binary-trees-census", "-o", "census.json")
    tap.ok(result.returncode == 0 and len(trace_read("census.json")) == 1, "which are there", result.stderr)
    refuses("do not go together: both say which cells", "cells are said in one way", "trace", "run", "-c", "mark-sweep", "--cell", "binary-trees-mark-sweep")
    refuses("no/new.json: No such file", "and a file that cannot be made", "trace", "run", "-o", "no/new.json")
    refuses("give one results folder", "a run is needed", "trace")
    refuses("elsewhere", "which is there", "trace", "elsewhere")


def rewrite(path, change):
    with open(path, encoding="utf-8") as source:
        rows = list(csv.reader(source))
    change(rows)
    with open(path, "w", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


def without_reasons(rows):
    for row in rows:
        del row[-1]


def test_other_folders():
    """Runs of earlier versions, runs without raw files, damaged files."""
    traced = (f"{pid - 1:06}.csv" for pid in trace_read("run/trace.json"))
    one = next(name for name in traced if os.path.getsize(f"run/phases/{name}") > 200)
    cell = ("trace", "damaged", "-o", "new.json")
    for change, words, sentence in (
        (lambda rows: rows[1].__setitem__(1, "1000000"), ":2: there is no pause 1000000", "a phase of no pause is refused"),
        (lambda rows: rows[1].__setitem__(2, "0"), ":2: the phase is not within its pause", "and one that begins before its pause"),
        (lambda rows: rows.insert(2, list(rows[1])), ":3: the phase begins before", "and two at the same time"),
    ):
        shutil.rmtree("damaged", ignore_errors=True)
        shutil.copytree("run", "damaged")
        rewrite(f"damaged/phases/{one}", change)
        result = gcmatrix(*cell)
        lines = result.stderr.splitlines()
        tap.ok(result.returncode == 2 and len(lines) == 2 and f"1 is damaged (the first is damaged/phases/{one})" in lines[0]
               and words in lines[1] and not os.path.exists("new.json"), sentence, result.returncode, result.stderr)  # fmt: skip
    shutil.rmtree("damaged")
    shutil.copytree("run", "damaged")
    rewrite(f"damaged/events/{one}", lambda rows: rows[1].__setitem__(3, str(int(rows[1][3]) + 1)))
    result = gcmatrix(*cell)
    tap.ok(result.returncode == 0 and f"1 is damaged (the first is damaged/events/{one})" in result.stderr,
           "a figure that is not as it was written is told", result.returncode, result.stderr)  # fmt: skip
    os.remove("new.json")
    hostile = '"},"traceEvents":[<script>\u202e'
    with open("damaged/manifest.json", encoding="utf-8") as source:
        manifest = json.load(source)
    with open("damaged/manifest.json", "w", encoding="utf-8") as out:
        json.dump({**manifest, "name": hostile}, out)
    shutil.rmtree("damaged/phases")
    gcmatrix("trace", "damaged")
    with open("damaged/trace.json", encoding="utf-8") as source:
        name = json.load(source)["otherData"]["run"]
    tap.ok(name == hostile[:-1] + "???", "a hostile name stays text", name)
    shutil.copytree("run", "earlier")
    shutil.rmtree("earlier/phases")
    for name in os.listdir("earlier/events"):
        rewrite(f"earlier/events/{name}", without_reasons)
    result = gcmatrix("trace", "earlier")
    found = trace_read("earlier/trace.json") if result.returncode == 0 else {}
    pauses = [pause for _, outermost, _ in found.values() for pause in outermost[0].within]
    tap.ok(pauses and not any(pause.within or "reason" in pause.args for pause in pauses),
           "a run without phases and reasons has its pauses", result.stderr)  # fmt: skip
    shutil.rmtree("earlier/events")
    refuses("kept no raw pauses of any cell", "one without pauses is refused", "trace", "earlier", "-o", "new.json")


# ---- one process ----


def pair_run(pair, *arguments):
    path = os.path.join(os.path.dirname(PAIRS), pair)
    command = [path, "--events", "events.csv", "--phases", "phases.csv", "--record", "record.json", *arguments]
    subprocess.run(command, check=True)
    with open("events.csv", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def reasons_of(*arguments):
    return {event["reason"] for event in pair_run(*arguments)}


def test_reasons():
    trees = ("--workload-options", "depth=12", "--collector-options")
    unlimited = "minimum=1e14"
    for reason, pair, *arguments in (
        ("threshold", "binary-trees-mark-sweep", *trees, "minimum=100000"),
        ("threshold", "binary-trees-semispace", *trees, "minimum=100000"),
        ("threshold", "binary-trees-rc-gcrefs", *trees, "threshold0=500"),
        ("threshold", "binary-trees-boehm", "--workload-options", "depth=14"),
        ("limit", "binary-trees-mark-sweep", *trees, unlimited, "--heap-limit", "4MiB"),
        ("asked", "binary-trees-mark-sweep", *trees, unlimited, "--checkpoints"),
        ("table", "binary-trees-rc-deferred", *trees, "table=500"),
        ("table", "doubly-linked-rc-trial", "--collector-options", "roots=100,share=0"),
        ("table", "doubly-linked-rc-trial-block", "--collector-options", "roots=100,share=0"),
        ("room", "binary-trees-mark-sweep-block", *trees, "minimum=100000"),
        ("death", "binary-trees-rc", "--workload-options", "depth=12"),
    ):
        found = reasons_of(pair, *arguments)
        tap.ok(reason in found, f"{pair} {' '.join(arguments[2:])}: the reason {reason} is known", sorted(found))


def table_rows(text):
    """The rows of a table of phases: {name: (times, share)}."""
    rows = re.findall(r"^  (\S+(?: \S+)?)  +([\d,]+) .*? ([\d.]+)%", text, re.M)
    return {name: (int(times.replace(",", "")), float(share)) for name, times, share in rows}


def test_table():
    result = gcmatrix("run", "doubly-linked", "-c", "rc-trial:roots=500", "--phases")
    rows = table_rows(result.stdout)
    parts = {name: share for name, (_, share) in rows.items() if name != "all pauses"}
    tap.ok(result.returncode == 0 and {"grey", "scan", "gather", "drop", "free"} <= parts.keys(), "run --phases has the phases", result.stdout, result.stderr)
    tap.ok(abs(sum(parts.values()) - 100) < 0.1 * len(parts) and rows["all pauses"][1] == 100, "which add up to all pauses", result.stdout)
    tap.ok(rows["grey"][0] == rows["scan"][0] > 0, "and counts them", result.stdout)
    result = gcmatrix("run", "rings:count=1000", "-c", "rc-trial:roots=100", "-c", "mark-sweep:minimum=10000", "--phases", "--runs", "2")
    tap.ok(result.returncode == 0 and "Pauses of mark-sweep:minimum=10000, 2 processes together:" in result.stdout,
           "of several collectors and rounds, too", result.stdout, result.stderr)  # fmt: skip
    refuses("--phases and --json do not go together", "records have them anyway", "run", "rings", "-c", "rc", "--phases", "--json")


def test_names():
    with open(os.path.join(SOURCE, "docs", "metrics.md"), encoding="utf-8") as source:
        words = set(re.findall(r"^\| `([a-z]+)` \|", source.read(), re.M))
    tap.ok(set(PHASES) <= words and set(REASONS) <= words, "docs/metrics.md explains each phase and each reason",
           sorted(set(PHASES + REASONS) - words))  # fmt: skip


# ---- probes ----


def notes_of(path):
    """The static probes of an executable: (name, address)."""
    text = subprocess.run(["readelf", "-nW", path], capture_output=True, text=True).stdout
    return re.findall(r"Provider: gcmatrix\s+Name: (\w+)\s+Location: 0x0*([0-9a-f]+)", text)


def test_probes():
    pair = os.path.join(os.path.dirname(PAIRS), "rings-rc-trial")
    if not shutil.which("readelf") or not shutil.which("objdump"):
        tap.skip("probes", "binutils are not installed")
        return
    notes = notes_of(pair)
    if PROBES == "none":
        tap.ok(not notes, "without <sys/sdt.h> there are no probes", notes)
        return
    tap.ok({name for name, _ in notes} == {"pause_begin", "pause_end", "phase"}, "a pair has its probes", notes)
    code = subprocess.run(["objdump", "-d", "--no-show-raw-insn", pair], capture_output=True, text=True).stdout
    at = dict(re.findall(r"^ +([0-9a-f]+):\t(\w+)", code, re.M))
    tap.ok(all(at.get(address) == "nop" for _, address in notes), "each of which is a nop", [(n, a, at.get(a)) for n, a in notes])


def main():
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        test_every_collector()
        test_choice()
        test_other_folders()
        test_reasons()
        test_table()
        test_names()
        test_probes()
        os.chdir("/")
    return tap.done()


sys.exit(main())

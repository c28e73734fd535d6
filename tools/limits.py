#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How near the collectors come to the limits of the machine: runs the limits benchmarks one after the other.

usage: limits.py BUILD [--output DIR] [--processes N] [--quick] [--update] [--program NAME]...
       limits.py --render FILE.json

BUILD is the folder of a build. The tool writes DIR/limits.json and DIR/limits.md (DIR: docs). A benchmark that measures
in its own process runs in N processes (3; with --quick 1). A benchmark that starts processes runs once. --quick runs small
sizes: that tests this tool, and no collector. --program runs that benchmark alone; `meson test --benchmark --suite limits
--list` has the names. --update keeps the file's figures of the other benchmarks. --render prints the page of a file
again. docs/metrics.md says what each figure is.
"""
import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing of ours beside the sources
from processor import keep_to_one
from provenance import (Damaged, document_read, document_write, fail, figure, need_build, page_print, paragraph, provenance,
                        provenance_sentence, row_print, schema_check)

SCHEMA = "gcmatrix.limits.1"
MADE_BY = "ninja -C build limits"
ABOVE = "**above its target**"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}  # of the benchmarks; the caller's is not passed on
IN_PROCESS = ":limits-process"  # ends the suite of the benchmarks that measure in their own process
PROCESSES = 3  # of each of those
SEED = 1  # of their order
PATIENCE = 4  # times the timeout that a benchmark has under `meson test`

# code: what it is.
FIGURES = {
    "GLV": "full collection of a live graph / mark loop",
    "GDR": "the same graph dropped, found and freed / mark loop",
    "LFR": "a list dropped / free loop",
    "RCU": "rings dropped / rings cut by hand under `rc`",
    "SCP": "suspects in a live graph / the same program in CPython",
    "SGA": "objects dead and held meanwhile, at most / live ones",
    "RSS": "resident memory of a live object of 40 bytes",
    "RST": "the same where a table holds the objects, the table's references apart",
    "HDR": "its header",
    "GEX": "growth: exponent of the time collecting over the live set",
    "GFX": "growth: exponent of marking the same structure by hand",
    "GVX": "growth: exponent of the objects visited",
    "TRE": "binary-trees / malloc and free by hand",
    "TGC": "grow: time collecting, as it is / naive",
    "TGP": "grow: processor time, as it is / naive",
    "TGH": "grow: largest heap, as it is / naive",
    "THC": "live-hub: time collecting, as it is / naive",
    "THP": "live-hub: processor time, as it is / naive",
    "THH": "live-hub: largest heap, as it is / naive",
    "TFC": "acyclic-flood: time collecting, as it is / naive",
    "TFP": "acyclic-flood: processor time, as it is / naive",
    "TFH": "acyclic-flood: largest heap, as it is / naive",
}
TABLES = [
    ("A live graph, and its end", "GLV GDR",
     "The floor is the mark loop. It walks the same graph in plain memory, depth first, with 32 prefetches on their way. The "
     "graph lies in huge pages, as the objects of the engineered collectors do."),
    ("Lists, rings and suspects", "LFR RCU SCP SGA",
     "The free loop frees the same list on `malloc`. Under `rc` the workload cuts each ring before it drops it. CPython runs the "
     "same workload with its collector as it is; the quotient is that of the times of all passes together."),
    ("Memory of an object", "RSS RST HDR", ""),
    ("Growth", "GEX GFX GVX", "An exponent of 1 is a time proportional to the heap."),
    ("Trees", "TRE",
     "The executable without a collector makes the same trees with `malloc`. It frees each tree as soon as it has counted it."),
    ("Triggers: `grow`", "TGC TGP TGH",
     "Each trigger that adapts to the heap is divided by the naive trigger of the same collector. Less than 1 is what adapting "
     "saves. A larger heap is what the saving costs. Collectors that wait for the heap to grow by a factor have no other trigger."),
    ("Triggers: `live-hub`", "THC THP THH", ""),
    ("Triggers: `acyclic-flood`", "TFC TFP TFH", ""),
]
UNITS = ("ratio", "share", "bytes", "exponent")
PROVENANCE = {"made_by": str, "gcmatrix": str, "compiler": str, "libc": str, "cpu": str, "cores": int, "kernel": str,
              "load_before": (int, float), "load_after": (int, float), "processes": int, "quick": bool, "updated": list,
              "figures": dict, "collectors": dict, "failures": dict}


def refuse(place, why):
    raise Damaged(f"{place}: {why}")


# ---- what is read ----

def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def check_figure(place, found):
    """One figure, from a benchmark or from a file."""
    if not isinstance(found, dict):
        refuse(place, "is no figure")
    for key in ("value", "low", "high", "target", "unit"):
        if key not in found:
            refuse(place, f"has no {key}")
        if key != "unit" and not is_number(found[key]) and (key == "value" or found[key] is not None):
            refuse(place, f"{key} is no number")
    if found["unit"] not in UNITS:
        refuse(place, f"unit is none of {', '.join(UNITS)}")
    low, high = found["low"], found["high"]
    if (low is None) != (high is None) or low is not None and not low <= found["value"] <= high:
        refuse(place, "the value is outside its range")


def check(document):
    schema_check(document, SCHEMA)
    for key, kind in PROVENANCE.items():
        if not isinstance(document.get(key), kind):
            refuse(key, "is missing, or something else")
    for name, why in document["failures"].items():
        if not isinstance(why, str):
            refuse(name, "has no reason")
    for collector, figures in document["collectors"].items():
        if not isinstance(figures, dict):
            refuse(collector, "has no figures")
        for code, found in figures.items():
            if code not in document["figures"] or code not in FIGURES:
                refuse(f"{collector}, {code}", "nobody says what this figure is")
            check_figure(f"{collector}, {code}", found)
    return document


# ---- measuring ----

def executables_of(build, wanted):
    with open(f"{build}/meson-info/intro-benchmarks.json", encoding="utf-8") as source:
        found = {entry["name"]: entry for entry in json.load(source)
                 if any(suite.endswith(":limits") for suite in entry["suite"])}
    for name in wanted or ():
        if name not in found:
            fail(f"--program: there is no limits benchmark {name!r}")
    if not found:
        fail(f"{build}: no limits benchmarks; `meson setup` and `ninja` make them")
    return [found[name] for name in wanted or found]


def figures_read(path):
    """The lines that a benchmark left, as (collector, code, figure)."""
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as source:
        for number, line in enumerate(source, 1):
            found = json.loads(line)
            place = f"line {number}"
            check_figure(place, found)
            collector, code = found.pop("collector", None), found.pop("code", None)
            if code not in FIGURES or not isinstance(collector, str):
                refuse(place, f"nobody says what the figure {code!r} is")
            yield collector, code, found


def run_executable(build, entry, quick, found, failures):
    """Adds what one benchmark finds to the figures of its process, or why it found nothing to the failures."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/figures.json"
        command = entry["cmd"] + ["--json", path] + (["--quick"] if quick else [])
        try:
            result = subprocess.run(command, cwd=build, env=ENVIRONMENT, capture_output=True, text=True,
                                    timeout=PATIENCE * entry["timeout"])
        except subprocess.TimeoutExpired:
            failures[entry["name"]] = f"not done in {PATIENCE * entry['timeout']} s"
            return
        sys.stderr.write(result.stdout + result.stderr)
        if result.returncode != 0:
            said = (result.stderr + result.stdout).strip().splitlines()
            failures[entry["name"]] = f"exit status {result.returncode}" + (f": {said[-1]}" if said else "")
        try:
            for collector, code, figure_found in figures_read(path):
                found.setdefault((collector, code), []).append(figure_found)
        except (ValueError, Damaged) as error:
            failures[entry["name"]] = f"figures not understood: {error}"


def runs_of(executables, processes):
    """The benchmarks to run, one after the other. Those that measure in their own process run in blocks: each block runs
    every one of them once, in an order of its own. So a slow quarter of an hour falls on all collectors."""
    order = random.Random(SEED)
    own = [entry for entry in executables if any(suite.endswith(IN_PROCESS) for suite in entry["suite"])]
    for _ in range(processes):
        yield from order.sample(own, len(own))
    yield from (entry for entry in executables if entry not in own)


def over_processes(found):
    """One figure from the figures of several processes: their median, and the range of all that they saw."""
    value = statistics.median(one["value"] for one in found)
    if len(found) == 1:
        return found[0]
    lows = [one["value"] if one["low"] is None else one["low"] for one in found]
    highs = [one["value"] if one["high"] is None else one["high"] for one in found]
    return {**found[0], "value": value, "low": min(lows), "high": max(highs)}


def in_order(document, order):
    """Collectors as in the list of them, figures as above."""
    collectors = document["collectors"]
    document["collectors"] = {
        name: {code: collectors[name][code] for code in FIGURES if code in collectors[name]}
        for name in sorted(collectors, key=lambda name: (order.index(name) if name in order else len(order), name))}


def measure(settings):
    build = os.path.abspath(settings.build)
    executables = executables_of(build, settings.program)
    with open(f"{build}/harness/runner/pairs.json", encoding="utf-8") as source:
        order = json.load(source)["collectors"]
    keep_to_one()
    document = {"schema": SCHEMA, "made_by": MADE_BY, **provenance(build), "load_before": round(os.getloadavg()[0], 2),
                "load_after": 0, "processes": settings.processes, "quick": settings.quick, "updated": [],
                "figures": FIGURES, "collectors": {}, "failures": {}}
    if settings.update:
        before = document_read(f"{settings.output}/limits.json", check)
        if before["quick"] != settings.quick:
            fail(f"--update: {settings.output}/limits.json has figures of other sizes")
        document["collectors"] = before["collectors"]
        document["updated"] = settings.program or []
    found = {}
    for entry in runs_of(executables, settings.processes):
        print(f"limits: {entry['name']}", file=sys.stderr, flush=True)
        run_executable(build, entry, settings.quick, found, document["failures"])
    for (collector, code), figures in found.items():
        document["collectors"].setdefault(collector, {})[code] = over_processes(figures)
    document["load_after"] = round(os.getloadavg()[0], 2)
    in_order(document, order)
    return check(document)


# ---- the page ----

def number(value, unit):
    if unit == "exponent":
        return f"{value:.3f}"
    if unit == "ratio" and value < 1000:
        return f"{value:.3g}"
    return figure(value, unit)


def cell(found):
    if found is None:
        return ""
    text, low, high = (None if found[key] is None else number(found[key], found["unit"]) for key in ("value", "low", "high"))
    if low is not None and low != high:
        text += f" [{low}, {high}]"
    if found["target"] is not None and found["value"] > found["target"]:
        text += f" {ABOVE}"
    return text


def target_cell(collectors, code):
    """The target; where collectors have different ones, each target with its collectors."""
    having = {name: figures[code] for name, figures in collectors.items() if code in figures}
    targets = {}
    for name, found in having.items():
        if found["target"] is not None:
            targets.setdefault(number(found["target"], found["unit"]), []).append(f"`{name}`")
    if len(targets) == 1 and len(*targets.values()) == len(having):
        return next(iter(targets))
    return "; ".join(f"{target}: {', '.join(names)}" for target, names in targets.items())


def table(document, out, title, codes, text):
    rows = {name: figures for name, figures in document["collectors"].items() if any(code in figures for code in codes)}
    out += [f"## {title}", ""] + ([paragraph(text), ""] if text else [])
    if not rows:
        out += ["Not measured.", ""]
        return
    row_print(out, ["collector"] + [f"{document['figures'][code]} ({code})" for code in codes])
    out.append("|---" + "|---:" * len(codes) + "|")
    for name, figures in rows.items():
        row_print(out, [f"`{name}`"] + [cell(figures.get(code)) for code in codes])
    if any(target_cell(rows, code) for code in codes):
        row_print(out, ["*target*, at most"] + [target_cell(rows, code) for code in codes])
    out.append("")


def render(document):
    several = "" if document["processes"] == 1 else (
        f" Where {document['processes']} processes measured, it is the median of theirs, and the range is that of all their turns.")
    out = ["# Limits", "",
           paragraph(
               "This page says how near each collector comes to what the machine can do. Each figure divides a collector by a "
               "floor. A floor does the same work with less to do: in plain memory, by hand, or as an executable that does one thing "
               "only. The same process measures both, or they take turns: so what slows the machine for a while slows both. "
               f"Where turns were taken, a figure is their median, with their range.{several} [metrics.md](metrics.md) says what each "
               f"figure is, and `{document['made_by']}` makes this page and `limits.json`."), "",
           paragraph(
               f"{provenance_sentence(document)} The load was {document['load_before']:.1f} before and "
               f"{document['load_after']:.1f} after. A figure beyond its target is marked *{ABOVE.strip('*')}*; most have no target."), ""]
    if document["quick"]:
        out += ["**Small sizes: this tests the machinery, and says nothing about collectors.**", ""]
    for title, codes, text in TABLES:
        # An old file lacks figures that were added later.
        table(document, out, title, [code for code in codes.split() if code in document["figures"]], text)
    if document["failures"]:
        out += ["## What has no figure", ""] + [f"- `{name}`: {why}" for name, why in document["failures"].items()] + [""]
    return "\n".join(out).rstrip("\n") + "\n"


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].replace("usage: ", "", 1), add_help=True)
    parser.add_argument("build", nargs="?")
    parser.add_argument("--output", default="docs")
    parser.add_argument("--processes", type=int)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--program", action="append")
    parser.add_argument("--render")
    settings = parser.parse_args()
    if settings.render:
        page_print(settings.render, check, render)
        return
    need_build(settings.build)
    if settings.processes is None:
        settings.processes = 1 if settings.quick else PROCESSES
    if settings.processes < 1:
        parser.error(f"--processes {settings.processes}: at least one process measures")
    document = measure(settings)
    document_write(settings.output, "limits", document, render(document))


if __name__ == "__main__":
    main()

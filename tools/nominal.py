#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Nominal statistics: what each workload is like, and how each collector takes it.

usage: nominal.py BUILD [--output DIR] [--processes N] [--timeout S] [--counts] [--update] [--workload NAME[:OPTIONS]]... [--collector NAME]...
       nominal.py --render FILE.json

BUILD is the folder of a build. The tool writes DIR/nominal.json and DIR/nominal.md (DIR: docs). It runs every workload at
its standard size: once under `census`, which knows what lives and when each object died, and N times (3) under every
collector that reclaims. --counts takes no times, of one process each, so that a busy machine can do it: what depends on
time has no figure until the workload is measured without it. --update keeps the file's figures of the workloads and
collectors that are not named. --render prints the page of a file again. docs/metrics.md says what each statistic is.
"""
import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from statistics import median

sys.dont_write_bytecode = True  # nothing of ours beside the sources
from processor import keep_to_one
from provenance import (document_read, document_write, fail, figure, need_build, page_print, paragraph, provenance,
                        provenance_sentence, row_print, schema_check)

SCHEMA = "gcmatrix.nominal.1"
TIMED = ("ART", "GSH", "GPL", "GPW", "GP9")  # what a busy machine changes
MADE_BY = "ninja -C build nominal"
# census collects this often, so that its largest heap is the most that lived, within a twentieth and 64 KiB.
CENSUS = "growth=1.05,minimum=65536"

# code: (name, unit). Of a workload.
WORKLOAD = {
    "ACN": ("objects allocated", "count"),
    "ABY": ("bytes allocated", "bytes"),
    "ASM": ("object size, mean", "bytes"),
    "AS1": ("object size, 10% are no larger", "bytes"),
    "AS5": ("object size, median", "bytes"),
    "AS9": ("object size, 90% are no larger", "bytes"),
    "ART": ("allocation rate", "bytes/µs"),
    "LPB": ("bytes live at most", "bytes"),
    "LTO": ("turnover", "ratio"),
    "LSV": ("share of bytes live at the end", "share"),
    "DAC": ("share of deaths that are acyclic, objects", "share"),
    "DAB": ("share of deaths that are acyclic, bytes", "share"),
    "DCM": ("largest cascade", "count"),
    "DL5": ("lifetime, median", "bytes"),
    "DLM": ("lifetime, mean", "bytes"),
    "DL9": ("lifetime, 90% are no longer", "bytes"),
    "RIN": ("increments per allocation", "ratio"),
    "RDE": ("decrements per allocation", "ratio"),
    "RFX": ("fan-in, largest", "count"),
    "RFM": ("fan-in, mean", "ratio"),
    "SDM": ("depth, largest", "count"),
    "SRO": ("share of live objects in rings", "share"),
    "SRM": ("objects in the largest ring", "count"),
}
PAGES = [
    ("What is allocated", "ACN ABY ASM AS1 AS5 AS9 ART"),
    ("What lives, and for how long", "LPB LTO LSV DL5 DLM DL9"),
    ("How it dies", "DAC DAB DCM"),
    ("How it is held", "RIN RDE RFX RFM SDM SRO SRM"),
]
# Of a collector on a workload.
COLLECTOR = {
    "GSH": ("share of the time in pauses", "share"),
    "GPC": ("pauses", "count"),
    "GPL": ("longest pause", "ns"),
    "GPW": ("longest pause, cascades apart", "ns"),
    "GP9": ("pause, 99% are no longer", "ns"),
    "GCO": ("collections", "count"),
    "GVF": ("objects visited for each that a collection freed", "ratio"),
    "GZY": ("share of collections that freed nothing", "share"),
    "GRH": ("share of the possible roots examined that were garbage", "share"),
    "GLK": ("share of the garbage that is left in the end", "share"),
    "GHB": ("bytes in front of each object's references", "bytes"),
    "GMP": ("the collector's own tables at their largest", "bytes"),
    "GMO": ("the collector's own tables, for each object held", "bytes"),
    "GST": ("deepest C stack of the process", "bytes"),
}


def run_pair(path, folder, workload_options, collector_options, timeout, *more):
    """The record of one process, or the reason for having none. Its environment holds a path and a locale."""
    command = [path, "--record", "-", "--workload-options", workload_options, "--collector-options", collector_options]
    try:
        result = subprocess.run(command + list(more), capture_output=True, text=True, timeout=timeout, cwd=folder,
                                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
    except subprocess.TimeoutExpired:
        return f"not done in {timeout} s"
    if result.returncode == 3:
        return "out of memory"
    if result.returncode != 0:
        return (result.stderr.strip().splitlines() or [f"exit status {result.returncode}"])[-1]
    return json.loads(result.stdout)


def share(part, whole):
    return part / whole if whole else None


def workload_values(record, heap_peak, leak_walls):
    truth, objects = record["truth"], record["allocated_objects"]
    deaths = truth["rc_freed_objects"] + truth["cyclic_objects"]
    checkpoints = record["checkpoints"]
    largest = max(checkpoints, key=lambda point: point["live_objects"], default=None)
    sizes, lifetimes = truth["object_bytes"], truth["lifetime_bytes"]
    return {
        "ACN": objects,
        "ABY": record["allocated_bytes"],
        "ASM": sizes["mean"], "AS1": sizes["p10"], "AS5": sizes["p50"], "AS9": sizes["p90"],
        "ART": share(record["allocated_bytes"], median(leak_walls) / 1000) if leak_walls else None,
        "LPB": heap_peak,
        "LTO": share(record["allocated_bytes"], heap_peak),
        "LSV": share(truth["live_bytes"], record["allocated_bytes"]),
        "DAC": share(truth["rc_freed_objects"], deaths),
        "DAB": share(truth["rc_freed_bytes"], truth["rc_freed_bytes"] + truth["cyclic_bytes"]),
        "DCM": truth["cascade_max"],
        "DL5": lifetimes["p50"] if deaths else None,
        "DLM": lifetimes["mean"] if deaths else None,
        "DL9": lifetimes["p90"] if deaths else None,
        "RIN": share(truth["increments"], objects),
        "RDE": share(truth["decrements"], objects),
        "RFX": truth["fan_in_max"],
        "RFM": share(largest["graph"]["references"], largest["live_objects"]) if largest else None,
        "SDM": max((point["graph"]["depth_max"] for point in checkpoints), default=None),
        "SRO": share(largest["graph"]["ring_objects"], largest["live_objects"]) if largest else None,
        "SRM": max((point["graph"]["ring_max"] for point in checkpoints), default=None),
    }


def census(build, folder, workload, options, settings):
    path = f"{build}/harness/runner/{workload}"
    timeline = f"{folder}/timeline.csv"
    record = run_pair(f"{path}-census", folder, options, CENSUS, settings.timeout, "--checkpoints", "--timeline", timeline)
    if isinstance(record, str):
        return record
    with open(timeline, encoding="utf-8") as source:
        peak = max(int(row["heap_bytes"]) for row in csv.DictReader(source))
    # Between two samples a heap of few large objects may have been larger.
    peak = max([peak] + [point["live_bytes"] for point in record["checkpoints"]])
    leaks = [run_pair(f"{path}-leak", folder, options, "", settings.timeout) for _ in range(settings.processes)]
    return workload_values(record, peak, [leak["wall_ns"] for leak in leaks if not isinstance(leak, str)])


def zero_yield(path):
    with open(path, encoding="utf-8") as source:
        freed = [int(row["freed_objects"]) for row in csv.DictReader(source) if row["kind"] in ("full", "young")]
    return share(sum(count == 0 for count in freed), len(freed))


def collector_values(records, barren):
    def middle(*keys):
        values = []
        for record in records:
            for key in keys:
                record = record[key]
            values.append(record)
        return None if None in values else median(values)

    first = records[0]
    garbage = first["leaked_bytes"] + first["freed_bytes"]
    roots = first["possible_roots"] or {"examined": 0, "dead": 0}
    return {
        "GSH": median(record["pauses"]["total_ns"] / record["wall_ns"] for record in records),
        "GPC": middle("pauses", "count"), "GPL": middle("pauses", "max_ns"),
        "GPW": middle("pauses_without_cascades", "max_ns"), "GP9": middle("pauses", "p99_ns"),
        "GCO": middle("collections"),
        "GVF": share(first["visited_objects"], first["collected_objects"]),
        "GZY": barren,
        "GRH": share(roots["dead"], roots["examined"]),
        "GLK": share(first["leaked_bytes"], garbage),
        "GHB": first["collector_bytes"]["header"],
        "GMP": first["collector_bytes"]["metadata_peak"],
        "GMO": share(first["collector_bytes"]["metadata_peak"], first["heap_peak_objects"]),
        "GST": middle("stack_peak_bytes"),
    }


def under_collector(build, folder, workload, options, collector, settings):
    path, events = f"{build}/harness/runner/{workload}-{collector}", f"{folder}/events.csv"
    records = []
    for number in range(settings.processes):
        more = ["--events", events] if number == 0 else []
        record = run_pair(path, folder, options, "", settings.timeout, "--possible-roots", *more)
        if isinstance(record, str):
            return record
        records.append(record)
    return collector_values(records, zero_yield(events))


def ranks(workloads):
    """Ranks each statistic over the workloads: 1 is the largest, and equal values have one rank."""
    for code in WORKLOAD:
        values = sorted((w["values"][code] for w in workloads.values() if w["values"].get(code) is not None), reverse=True)
        for workload in workloads.values():
            value = workload["values"].get(code)
            if value is not None:
                workload.setdefault("ranks", {})[code] = values.index(value) + 1


def collectors_chosen(build, pairs, wanted):
    """The collectors that reclaim and run every workload: no observers, no floor, none that only replays."""
    chosen = []
    for collector in wanted or sorted(pairs["collectors"]):
        if f"rings-{collector}" not in {pair["name"] for pair in pairs["pairs"]}:
            continue
        described = subprocess.run([f"{build}/harness/runner/rings-{collector}", "--describe"], capture_output=True, text=True)
        traits = json.loads(described.stdout)["collector"]["traits"] if described.returncode == 0 else {}
        if traits.get("reclaims") and not traits.get("observes"):
            chosen.append(collector)
    return chosen


def counted(found, settings):
    """The figures of a cell, or why it has none; without times where none are taken."""
    if isinstance(found, str):
        return {"reason": found, "values": {}}
    return {"values": {code: None if settings.counts and code in TIMED else value for code, value in found.items()}}


def measure(settings):
    build = os.path.abspath(settings.build)
    with open(f"{build}/harness/runner/pairs.json", encoding="utf-8") as source:
        pairs = json.load(source)
    for option, wanted, known in (("--workload", settings.workload, pairs["workloads"]),
                                  ("--collector", settings.collector, pairs["collectors"])):
        for name in wanted or ():
            if name.partition(":")[0] not in known:
                fail(f"{option}: there is no {option[2:]} {name!r}")
    before = document_read(f"{settings.output}/nominal.json", check) if settings.update else None
    names = settings.workload or [name for name in pairs["workloads"] if name not in ("null", "replay")]
    keep_to_one()
    document = {"schema": SCHEMA, "made_by": MADE_BY, **provenance(build), "processes": settings.processes,
                "updated": (settings.workload or []) + (settings.collector or []) if settings.update else [],
                "statistics": {code: {"name": name, "unit": unit} for code, (name, unit) in {**WORKLOAD, **COLLECTOR}.items()},
                "workloads": {}, "collectors": {}}
    chosen = collectors_chosen(build, pairs, settings.collector)
    with tempfile.TemporaryDirectory() as folder:
        for entry in names:
            workload, _, options = entry.partition(":")
            print(f"nominal: {entry}", file=sys.stderr, flush=True)
            load = os.getloadavg()[0]
            found = counted(census(build, folder, workload, options, settings), settings)
            document["workloads"][entry] = {**({} if settings.counts else {"load_before": round(load, 2)}), **found}
            for collector in chosen:
                found = under_collector(build, folder, workload, options, collector, settings)
                document["collectors"].setdefault(collector, {})[entry] = counted(found, settings)
    if before:
        if settings.counts:  # times, of which the page says where they are from, stay as they were
            document.update({key: value for key, value in before.items() if key not in ("workloads", "collectors", "statistics")})
        keep(document, before, [name for name in pairs["workloads"] if name not in ("null", "replay")])
    ranks(document["workloads"])
    return document


def check(document):
    return schema_check(document, SCHEMA)


def keep(document, before, order):
    """Takes over the figures of `before` that were not measured now, and puts all into the order of the list."""
    for new, old in [(document["workloads"], before["workloads"])] + [
            (document["collectors"].setdefault(name, {}), cells) for name, cells in before["collectors"].items()]:
        merged = {**old, **new}
        new.clear()
        new.update({name: merged[name] for name in sorted(merged, key=lambda name: order.index(name.partition(":")[0]))})


def spread_of(document, code):
    values = sorted(w["values"][code] for w in document["workloads"].values() if w["values"].get(code) is not None)
    unit = document["statistics"][code]["unit"]
    return [figure(pick, unit) for pick in (values[0], median(values), values[-1])] if values else ["n/a"] * 3


def named(statistic):
    """Its name, with the unit where no unit stands behind the figures."""
    return statistic["name"] + (f", {statistic['unit']}" if "/" in statistic["unit"] else "")


def page_of_workloads(document, out, title, codes):
    statistics = document["statistics"]
    out += [f"## {title}", ""]
    row_print(out, ["workload"] + [f"{named(statistics[code])} ({code})" for code in codes])
    out.append("|---" + "|---:" * len(codes) + "|")
    for name, workload in document["workloads"].items():
        cells = []
        for code in codes:
            value, rank = workload["values"].get(code), workload.get("ranks", {}).get(code)
            cells.append(figure(value, statistics[code]["unit"]) + (f" ({rank})" if rank else ""))
        row_print(out, [f"`{name}`"] + cells)
    for place, word in enumerate(("least", "median", "most")):
        row_print(out, [f"*{word}*"] + [spread_of(document, code)[place] for code in codes])
    out.append("")


def having(collectors, code):
    """The collectors that have the statistic on any workload; all of them when none has."""
    some = {name: cells for name, cells in collectors.items()
            if any(cell["values"].get(code) is not None for cell in cells.values())}
    return some or collectors


def page_of_collectors(document, out, code):
    statistic, collectors = document["statistics"][code], having(document["collectors"], code)
    out += [f"### {statistic['name'][0].upper()}{statistic['name'][1:]} ({code})", ""]
    row_print(out, ["workload"] + list(collectors))
    out.append("|---" + "|---:" * len(collectors) + "|")
    rows = [(f"`{name}`", [figure(cells.get(name, {"values": {}})["values"].get(code), statistic["unit"]) for cells in collectors.values()])
            for name in document["workloads"]]
    if rows and all(figures == rows[0][1] for _, figures in rows):
        rows = [("all", rows[0][1])]
    for name, figures in rows:
        row_print(out, [name] + figures)
    out.append("")


def failures(document):
    parts = [("census", document["workloads"])] + list(document["collectors"].items())
    return [f"- `{name}` under {collector}: {cell['reason']}" for collector, cells in parts
            for name, cell in cells.items() if "reason" in cell]


def load_sentence(document):
    """How busy the machine was while times were taken, and of which workloads none were."""
    loads = [workload["load_before"] for workload in document["workloads"].values() if "load_before" in workload]
    untimed = [f"`{name}`" for name, workload in document["workloads"].items() if "load_before" not in workload]
    said = f"The load was {min(loads):.1f} to {max(loads):.1f} meanwhile." if loads else ""
    return said + (f" No times were taken of {', '.join(untimed)}." if untimed else "")


def render(document):
    out = ["# Nominal statistics", "",
           paragraph(
               "This page says what each workload is like at its standard size, and how each collector takes it. The "
               "number in brackets is the rank over the workloads, 1 for the largest. [metrics.md](metrics.md) says what each statistic is, and "
               f"`{document['made_by']}` makes this page and `nominal.json`."), "",
           paragraph(
               f"{provenance_sentence(document)} {load_sentence(document)} Counts, sizes "
               f"and shapes are exact and the same everywhere. Rates, pauses and shares of time are medians of "
               f"{document['processes']} processes each: take them for orders of magnitude on this machine, and for nothing "
               "finer."), ""]
    for title, codes in PAGES:
        page_of_workloads(document, out, title, codes.split())
    out += ["## How each collector takes it", ""]
    for code in COLLECTOR:
        page_of_collectors(document, out, code)
    broken = failures(document)
    if broken:
        out += ["## What has no figure", ""] + broken + [""]
    return "\n".join(out).rstrip("\n") + "\n"


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].replace("usage: ", "", 1), add_help=True)
    parser.add_argument("build", nargs="?")
    parser.add_argument("--output", default="docs")
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--timeout", type=int, default=300)
    parser.add_argument("--counts", action="store_true")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--workload", action="append")
    parser.add_argument("--collector", action="append")
    parser.add_argument("--render")
    settings = parser.parse_args()
    if settings.render:
        page_print(settings.render, check, render)
        return
    need_build(settings.build)
    if settings.processes < 1:
        fail(f"--processes {settings.processes}: at least one process measures")
    if settings.counts:
        settings.processes = 1
    document = measure(settings)
    document_write(settings.output, "nominal", document, render(document))
    print(f"nominal: now the collectors' pages: tests/contract/walkthrough/collectors.py --write . {settings.build}/harness/runner/pairs.json",
          file=sys.stderr)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a valid results folder of invented figures, for tests of the analysis and the report.

usage: make-folder.py FOLDER [--workloads N] [--collectors N] [--blocks N] [--events N] [--samples N] [--fail] [--scale X] [--seed N]
       [--lost cold|warm|all] [--schema 2 [--memory] [--attempts] [--stopped] [--baseline NAME] [--drift X]]
       [--noise X] [--pauses N] [--rows N] [--run-seed N]

The same arguments give the same bytes. --seed is that of the noise, --run-seed that of the run, which orders it.
--fail adds a cell that ran out of memory and one that timed out; --lost has every process with such memory time out;
--events N keeps N raw pauses in each process of the first block, and --samples N samples of its heap; --scale X multiplies every time of rc-trial.

--schema 2 writes the second schema: each row has the parts of its time, and reference.csv has the reference program.
--memory has every cell of the first allocator cold and warm. --attempts has some processes disturbed and repeated.
--stopped is a run by precision: every second workload is decided after six blocks, and cold cells of `share` stop after
four, the first look. --noise X is the scatter of a time, --pauses N the pauses of a process. --drift X has the last quarter of the
blocks take X times as long, the reference program too. --rows N ends the run after so many processes.
"""
import argparse
import csv
import json
import os
import random
import sys

sys.dont_write_bytecode = True  # nothing of ours beside the sources
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
import rows  # noqa: E402

COLUMNS_1 = (
    "id block cell workload workload_options collector collector_options allocator tuning seed status reason "
    "exit_status process_wall_ns process_user_ns process_sys_ns wall_ns user_ns sys_ns closing_ns max_rss_bytes "
    "baseline_rss_bytes final_rss_bytes allocated_objects allocated_bytes freed_objects freed_bytes live_objects "
    "live_bytes leaked_objects leaked_bytes collections cascades pause_count pause_total_ns pause_max_ns "
    "pause_p50_ns pause_p90_ns pause_p99_ns pause_p999_ns instructions cycles layout checksum"
).split()
COLUMNS_2 = (
    "id block cell attempt workload workload_options collector collector_options allocator tuning memory build seed "
    "status reason exit_status process_wall_ns process_user_ns process_sys_ns wall_ns user_ns sys_ns collecting_ns "
    "cascades_ns cascades_untimed_ns kernel_collecting_ns kernel_cascades_ns minor_faults major_faults collecting_faults "
    "cascades_faults voluntary_switches involuntary_switches queued_ns stolen_ns processor closing_ns max_rss_bytes "
    "baseline_rss_bytes final_rss_bytes warmed_bytes allocated_objects allocated_bytes freed_objects freed_bytes "
    "live_objects live_bytes leaked_objects leaked_bytes collections cascades pause_count pause_total_ns pause_max_ns "
    "pause_p50_ns pause_p90_ns pause_p99_ns pause_p999_ns instructions cycles layout checksum"
).split()
WORKLOADS = [
    ("alloc-churn", "allocate"), ("binary-trees", "allocate"), ("gcbench", "allocate"), ("grow", "allocate"),
    ("fan-in", "share"), ("shared-dag", "share"), ("cache-flood", "share"), ("lru-cache", "share"),
    ("call-args", "pass"), ("recursion", "pass"), ("closures", "pass"), ("interpreter", "pass"),
    ("rings", "cycles"), ("doubly-linked", "cycles"), ("dom-tree", "cycles"), ("traceback", "cycles"),
    ("request-server", "serve"),
    ("deep-chain", "allocate"), ("deep-live", "allocate"), ("disorder", "allocate"), ("live-hub", "share"), ("ring-chain", "cycles"),
    ("acyclic-flood", "pass"), ("boot-spike", "allocate"), ("zero-yield", "allocate"), ("splay", "allocate"), ("richards", "pass"),
    ("deltablue", "cycles"), ("hidden-bytes", "allocate"), ("interning", "share"),
    *((f"more-{number}", group) for number, group in enumerate(["allocate", "share", "pass", "cycles", "serve"] * 2, 1)),
]
COLLECTORS = {"leak": 0.9, "rc": 1.0, "rc-trial": 1.3, "rc-gcrefs": 1.2, "mark-sweep": 1.1}
MORE = {"rc-backup": 1.25, "rc-deferred": 0.95, "rc-cycles": 1.35, "mark-sweep-block": 0.92, "mark-compact": 1.15, "semispace": 1.05,
        "generational": 0.93, "immix": 0.94, "boehm": 1.12, "rc-lazy": 1.02,
        "mark-region": 0.97, "rc-immix": 0.96, "concurrent-mark-sweep": 1.01}
SPEEDS = {**COLLECTORS, **MORE}
SETTINGS = [("glibc", "default"), ("jemalloc", "default"), ("jemalloc", "normalised"), ("mimalloc", "default")]


def plan(arguments):
    cells = []
    collectors = [*COLLECTORS, *MORE][: arguments.collectors]
    for work, _ in WORKLOADS[: arguments.workloads]:
        for collector in collectors:
            for place, (allocator, tuning) in enumerate(SETTINGS):
                if place == 0 or work in ("alloc-churn", "binary-trees", "rings"):
                    cells.append((work, collector, allocator, tuning, False))
    cells += [("null", collector, "glibc", "default", True) for collector in collectors]
    cells = [
        {"workload": w, "workload_options": "", "collector": c, "collector_options": "", "allocator": a, "tuning": t,
         "pair": f"{w}-{c}", "baseline": b, "group": dict(WORKLOADS).get(w, "null")}
        for w, c, a, t, b in cells
    ]
    if arguments.schema == 1:
        return cells
    warm = [cell for cell in cells if arguments.memory and cell["allocator"] == "glibc"]
    return [{**cell, "memory": "cold", "build": ""} for cell in cells] + \
        [{**cell, "memory": "warm", "build": ""} for cell in warm]


FIRST = 4  # blocks of the first look
PRICE_NS = 13000  # of a first touch of a page


def add_parts(arguments, row, cell, block, attempt):
    """Divides the time of a row: the first schema's wall time is that of a warm process."""
    character = random.Random(f"parts {cell['workload']} {cell['collector']}")
    noise = random.Random(f"parts {arguments.seed} {row['number']}")
    wall, paused = row["wall_ns"], row["pause_total_ns"]
    cascades = 0 if cell["collector"] in ("leak", "mark-sweep") else int(paused * character.uniform(0.1, 0.6))
    cold = int(wall * character.uniform(0.002, 0.5 if cell["workload"] in ("grow", "rings") else 0.004 if cell["group"] == "share" else 0.1)) // PRICE_NS
    faults = cold if cell["memory"] == "cold" else cold // 500
    collecting_faults = int(faults * 0.2) if paused else 0
    cascades_faults = int(faults * 0.05) if cascades else 0
    kernel = faults * PRICE_NS
    queued = int(wall * noise.uniform(0, 0.002))
    if arguments.attempts and disturbed(arguments, block, cell) and attempt == 0:
        queued += int(wall * 0.3)
    collecting = paused - cascades + collecting_faults * PRICE_NS if paused else 0
    cascades += cascades_faults * PRICE_NS
    wall += kernel + queued
    row.update(
        attempt=attempt, memory=cell["memory"], build="", wall_ns=wall, user_ns=wall - kernel - queued, sys_ns=kernel,
        process_wall_ns=wall + 3000000, process_user_ns=wall - kernel - queued, process_sys_ns=kernel + 2000000,
        collecting_ns=collecting, cascades_ns=cascades, pause_total_ns=collecting + cascades,
        cascades_untimed_ns=int(wall * 0.15) if cell["collector"] == "rc" and cell["workload"] == "recursion" else 0,
        kernel_collecting_ns=collecting_faults * PRICE_NS, kernel_cascades_ns=cascades_faults * PRICE_NS,
        minor_faults=faults, major_faults=0, collecting_faults=collecting_faults, cascades_faults=cascades_faults,
        voluntary_switches=1, involuntary_switches=3, queued_ns=queued, stolen_ns=0, processor=1,
        warmed_bytes=cold * 4096 if cell["memory"] == "warm" else "")
    if cell["memory"] == "warm":  # resident sizes would say what was made present
        row.update(max_rss_bytes="", baseline_rss_bytes="", final_rss_bytes="")


def disturbed(arguments, block, cell):
    return random.Random(f"{arguments.seed} disturbed {block} {cell['workload']} {cell['collector']} {cell['memory']}").random() < 0.05


def decided_after(arguments, cell):
    """The blocks that a cell runs in."""
    if not arguments.stopped or cell["baseline"]:
        return arguments.blocks
    if cell["group"] == "share" and cell["memory"] == "cold" and arguments.memory:
        return min(FIRST, arguments.blocks)
    return min(6, arguments.blocks) if [w for w, _ in WORKLOADS].index(cell["workload"]) % 2 else arguments.blocks


def row_of(arguments, cells, index, block, identifier, attempt=0):
    """A row. Its noise is that of the cell and the block, wherever the plan has them."""
    cell, number = cells[index], (attempt * arguments.blocks + block) * len(cells) + index
    character = random.Random(f"{cell['workload']} {cell['collector']} {cell['allocator']} {cell['tuning']}")
    noise = random.Random(f"{arguments.seed} {number}")
    collector, work = cell["collector"], cell["workload"]
    base = 2e6 if cell["baseline"] else random.Random(work).uniform(2e8, 2e9)
    wall = base * SPEEDS[collector] * character.uniform(0.8, 1.8) * noise.gauss(1, arguments.noise or (0.02 if arguments.schema == 1 else 0.004))
    if work == "fan-in" and collector == "rc-trial":
        wall *= 150
    if collector == "rc-trial":
        wall *= arguments.scale
    if block >= arguments.blocks * 3 // 4:
        wall *= arguments.drift
    if arguments.layouts > 1:
        wall *= random.Random(f"{work} {collector} layout {block % arguments.layouts}").gauss(1, 0.05)
    allocated = 0 if cell["baseline"] else int(random.Random(work).uniform(5e7, 9e8))
    live = 0 if work != "grow" else allocated
    garbage = allocated - live
    leaked = garbage if collector == "leak" else garbage * 9 // 10 if collector == "rc" and work in (
        "rings", "doubly-linked", "dom-tree", "traceback") else 0
    pauses = 0 if collector in ("leak",) or cell["baseline"] else arguments.pauses
    columns = COLUMNS_1 if arguments.schema == 1 else COLUMNS_2
    row = dict.fromkeys(columns, "")
    row.update(cell)
    row.update(
        id=f"{attempt * len(cells) * arguments.blocks + identifier:06d}", number=f"{number:06d}", block=block, cell=index, seed=arguments.run_seed, status="ok", exit_status=0,
        process_wall_ns=int(wall + 3e6), process_user_ns=int(wall), process_sys_ns=int(2e6), wall_ns=int(wall),
        user_ns=int(wall * 0.95), sys_ns=int(wall * 0.03), closing_ns=1000000,
        max_rss_bytes=4000000 + int((live + leaked + 2e7 * character.uniform(1, 4)) * noise.gauss(1, 0.003)),
        baseline_rss_bytes=3000000, final_rss_bytes=3500000, allocated_objects=allocated // 48,
        allocated_bytes=allocated, freed_objects=(garbage - leaked) // 48, freed_bytes=garbage - leaked,
        live_objects=live // 48, live_bytes=live, leaked_objects=leaked // 48, leaked_bytes=leaked,
        collections=pauses, cascades=0, pause_count=pauses, pause_total_ns=pauses * 1000000 if pauses else 0,
        layout=block % arguments.layouts, checksum="00112233aabbccdd")
    if arguments.instructions:
        row.update(instructions=int(base * SPEEDS[collector] * 3))
    if pauses:
        row.update(pause_max_ns=9000000, pause_p50_ns=1000000, pause_p90_ns=2000000, pause_p99_ns=5000000,
                   pause_p999_ns=9000000)
    if arguments.schema == 2:
        add_parts(arguments, row, cell, block, attempt)
    fail(arguments, row)
    return {key: row[key] for key in [*columns, "number"]}


def fail(arguments, row):
    found = (row["workload"], row["collector"])
    if arguments.lost in ("all", row.get("memory", "cold")):
        row.update(status="timeout", reason="no result after 60 s", exit_status=124)
    elif not arguments.fail:
        return
    elif found == ("binary-trees", "rc-gcrefs"):
        row.update(status="oom", reason="out of memory at 512 MiB", exit_status=3)
    elif found == ("fan-in", "mark-sweep"):
        row.update(status="timeout", reason="no result after 60 s", exit_status=124)
    else:
        return
    columns = list(row)
    for key in COLUMNS_1[COLUMNS_1.index("process_wall_ns"):] + COLUMNS_2[COLUMNS_2.index("process_wall_ns"):]:
        if key in columns:
            row[key] = ""


def pause_figures(row, share):
    count = int(row["pause_count"] or 0)
    quantile = {f"{p}_ns": int(int(row[f"pause_{p}_ns"]) * share) if count else None for p in ("p50", "p90", "p99", "p999")}
    return {"count": count, "total_ns": int(row["pause_total_ns"] or 0), "max_ns": int(int(row["pause_max_ns"] or 0) * share),
            **quantile}


def write_record(folder, row):
    names = ("status workload collector allocator tuning seed checksum wall_ns user_ns sys_ns max_rss_bytes "
             "baseline_rss_bytes final_rss_bytes allocated_objects allocated_bytes freed_objects freed_bytes "
             "live_objects live_bytes leaked_objects leaked_bytes collections cascades").split()
    record = {"schema": "gcmatrix.record.1", **{name: row[name] for name in names}, "reason": None,
              "options": {"workload": {}, "collector": {}}, "allocator_object": "libc.so.6", "allocator_version": None,
              "pauses": pause_figures(row, 1), "pauses_without_cascades": pause_figures(row, 0.8),
              "cascade_cutoff": {"objects": 64, "freed_below": 0, "estimated_ns_below": None},
              "visited_objects": 0, "collected_objects": 0, "events": {"kept": 0, "dropped": 0},
              "measuring": {"recording": True, "samples": 0, "sampling_ns": 0, "closing_ns": 1000, "final_collect_ns": 0},
              "collector_bytes": {"header": 8, "metadata_peak": 0}}
    with open(f"{folder}/records/{row['id']}.json", "w") as out:
        json.dump(record, out, indent=1)
        out.write("\n")


def write_raw(folder, row, events, samples):
    noise = random.Random(f"raw {row['number']}")
    wall, allocated = int(row["wall_ns"]), int(row["allocated_bytes"])
    with open(f"{folder}/events/{row['id']}.csv", "w") as out:
        out.write("kind,begin_ns,end_ns,visited_objects,freed_objects,freed_bytes\n")
        step = wall // (events + 1)
        for i in range(events if int(row["pause_count"]) else 0):
            kind = "full" if i % 8 == 0 else "young" if i % 2 else "cascade"
            length = min(int(step * 0.9), int(noise.lognormvariate(11, 1.2)) * (8 if kind == "full" else 1))
            out.write(f"{kind},{i * step},{i * step + length},{1000 + i},{500 + i},{48 * (500 + i)}\n")
    held = int(row["leaked_bytes"]) + int(row["live_bytes"])
    with open(f"{folder}/timelines/{row['id']}.csv", "w") as out:
        out.write("time_ns,allocated_bytes,heap_bytes,rss_bytes\n")
        for i in range(1, samples + 1):
            heap = held * i // samples + (i % 9) * 400000
            out.write(f"{wall * i // samples},{allocated * i // samples},{heap},{heap + 5000000}\n")


def write_manifest(folder, arguments, cells):
    manifest = {
        "schema": "gcmatrix.results.1", "name": "invented", "created": "2024-01-01T00:00:00Z",
        "finished": "2024-01-01T01:00:00Z", "spec": {"name": "invented"}, "spec_sha256": "00" * 32,
        "blocks": arguments.blocks, "seed": arguments.run_seed, "cells": cells,
        "machine": {"hostname_hash": arguments.machine, "cpu": "invented <cpu> & co", "cores": 2, "memory_bytes": 2 ** 33,
                    "kernel": "Linux 6", "thp": "madvise", "governor": None, "aslr": 2, "counters": False, "load1": 0.1},
        "warnings": ["the figures are invented"], "versions": {"gcmatrix": "0.1.0", "compiler": "gcc 12"},
        "layouts": {"count": arguments.layouts, "varied": ["environment", "addresses"] if arguments.layouts > 1 else [],
                    "not_varied": {"link order": "<ninja> is away"} if arguments.layouts > 1 else {}},
        "binaries": {}, "allocators": {"glibc": {"object": "libc.so.6", "version": "2.36"}}}
    if arguments.schema == 2:
        manifest.update(schema="gcmatrix.results.2", baseline=arguments.baseline and {"collector": arguments.baseline, "options": ""},
                        ended="decided" if arguments.stopped else "blocks", design=design_of(arguments),
                        sessions=[{"begin": "2024-01-01T00:00:00Z", "end": "2024-01-01T01:00:00Z", "processor": 1, "orchestrator_processor": 0}])
    if arguments.rows:
        manifest.update(finished=None, **({"ended": None} if arguments.schema == 2 else {}))
    with open(f"{folder}/manifest.json", "w") as out:
        json.dump(manifest, out, indent=1)
        out.write("\n")


def design_of(arguments):
    kind = "precision" if arguments.stopped else "blocks"
    first = min(FIRST, arguments.blocks) if arguments.stopped else arguments.blocks
    return {"kind": kind, "precision": 0.03, "minimum": 0.01, "alpha": 0.05, "first": first, "blocks": arguments.blocks,
            "budget_seconds": 1800 if arguments.stopped else None, "looks": sorted({first, arguments.blocks}),
            "family": arguments.collectors, "method": "alpha spending"}


def write_reference(folder, arguments):
    """Three runs of the reference program in each block."""
    with open(f"{folder}/reference.csv", "w") as out:
        out.write("block,wall_ns,processor,allocating_ns,chasing_ns,computing_ns,touching_ns\n")
        for block in range(arguments.blocks):
            for turn in range(3):
                slow = arguments.drift if block >= arguments.blocks * 3 // 4 else 1
                part = int(1e8 / 3 * slow * random.Random(f"{arguments.seed} reference {block} {turn}").gauss(1, 0.004))
                out.write(f"{block},{3 * part},1,{part},{part},{part},{part // 10}\n")


def rows_of(arguments, cells):
    """Every row in the order of the plan, a disturbed process straight before its repetition."""
    for identifier, index in enumerate(rows.plan(len(cells), arguments.blocks, arguments.run_seed)):
        block = identifier // len(cells)
        if arguments.schema == 2 and block >= decided_after(arguments, cells[index]):
            continue
        repeated = arguments.schema == 2 and arguments.attempts and disturbed(arguments, block, cells[index])
        for attempt in range(2 if repeated else 1):
            yield row_of(arguments, cells, index, block, identifier, attempt)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--workloads", type=int, default=16)
    parser.add_argument("--collectors", type=int, default=len(COLLECTORS))
    parser.add_argument("--blocks", type=int, default=10)
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--samples", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--run-seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--machine", default="0123456789abcdef")
    parser.add_argument("--fail", action="store_true")
    parser.add_argument("--lost", choices=("cold", "warm", "all"))
    parser.add_argument("--instructions", action="store_true")
    parser.add_argument("--layouts", type=int, default=1)
    parser.add_argument("--schema", type=int, default=1, choices=(1, 2))
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--attempts", action="store_true")
    parser.add_argument("--stopped", action="store_true")
    parser.add_argument("--baseline")
    parser.add_argument("--drift", type=float, default=1.0)
    parser.add_argument("--noise", type=float, default=0.0)
    parser.add_argument("--pauses", type=int, default=40)
    parser.add_argument("--rows", type=int, default=0)
    arguments = parser.parse_args()
    for part in ("records", "events", "timelines"):
        os.makedirs(f"{arguments.folder}/{part}", exist_ok=True)
    cells = plan(arguments)
    write_manifest(arguments.folder, arguments, cells)
    with open(f"{arguments.folder}/runs.csv", "w", newline="") as out:
        columns = COLUMNS_1 if arguments.schema == 1 else COLUMNS_2
        writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for count, row in enumerate(rows_of(arguments, cells)):
            if arguments.rows and count == arguments.rows:
                break
            writer.writerow(row)
            if row["status"] == "ok":
                write_record(arguments.folder, row)
                if row["block"] == 0 and not cells[row["cell"]]["baseline"]:
                    write_raw(arguments.folder, row, arguments.events, arguments.samples)
    if arguments.schema == 2:
        write_reference(arguments.folder, arguments)


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes noise-recorded.h: how the times of processes scattered in a run of matrices/noise.yaml.

usage: noise-record.py RUN LEAST_MS >noise-recorded.h

The script splits log(wall time / the cell's median) into the median of its block, which all cells share, and the rest. It
keeps the rest of cells whose median is LEAST_MS milliseconds or more. A neighbour's few milliseconds are a tenth of a
shorter cell, which is too short to be compared at all.
"""
import csv
import json
import math
import sys
from statistics import median

HEADER = """\
/* SPDX-License-Identifier: MIT */
/*
 * Holds the scatter of times of processes on a real machine, for tests of the statistics. These commands
 * made the file
 *
 *     build/gcmatrix matrix matrices/noise.yaml -o results/noise
 *     python3 harness/analysis/noise-record.py results/noise {least_ms} >harness/statistics/noise-recorded.h
 *
 * on a machine with {cores} cores ({cpu}) and a load of {load:.2f} before the run, which had
 * {all} processes in {blocks} blocks. The values are parts of log(wall time / the cell's median):
 *
 *     noise_block     the median of each block: the drift of the machine, which all cells of a block share
 *     noise_process   the rest, for the {processes} processes of cells of {least_ms} ms or more
 */
#ifndef HARNESS_ANALYSIS_NOISE_RECORDED_H
#define HARNESS_ANALYSIS_NOISE_RECORDED_H

enum {{ NOISE_BLOCKS = {blocks}, NOISE_PROCESSES = {processes} }};

static const double noise_block[NOISE_BLOCKS] = {{
{block_rows}
}};

static const double noise_process[NOISE_PROCESSES] = {{
{process_rows}
}};

#endif
"""


def rows_of(numbers):
    lines = [numbers[at:at + 10] for at in range(0, len(numbers), 10)]
    return "\n".join("    " + ", ".join(f"{number:.4f}" for number in line) + "," for line in lines)


def main(folder, least_ms):
    with open(f"{folder}/manifest.json", encoding="utf-8") as source:
        manifest = json.load(source)
    cells = {}
    with open(f"{folder}/runs.csv", encoding="utf-8") as source:
        for row in csv.DictReader(source):
            if manifest["cells"][int(row["cell"])]["baseline"]:
                continue
            if row["status"] != "ok":
                sys.exit(f"{folder}: process {row['id']} is {row['status']}: noise is recorded of whole cells only")
            cells.setdefault(row["cell"], {})[int(row["block"])] = int(row["wall_ns"])
    if not cells:
        sys.exit(f"{folder}: no cell but baselines")
    times = [ns for cell in cells.values() for ns in cell.values()]
    middles = {name: median(cell.values()) for name, cell in cells.items()}
    logs = {}
    for name, cell in cells.items():
        for block, ns in cell.items():
            logs.setdefault(block, []).append(math.log(ns / middles[name]))
    drift = {block: median(values) for block, values in logs.items()}
    rest = sorted(math.log(ns / middles[name]) - drift[block] for name, cell in cells.items()
                  for block, ns in cell.items() if middles[name] >= least_ms * 1e6)
    if not rest:
        sys.exit(f"{folder}: no cell of {least_ms} ms or more")
    machine = manifest["machine"]
    print(HEADER.format(cpu=machine["cpu"], cores=machine["cores"], load=machine["load1"], processes=len(rest),
                        blocks=len(drift), all=len(times), least_ms=least_ms,
                        block_rows=rows_of(sorted(drift.values())), process_rows=rows_of(rest)), end="")


if len(sys.argv) != 3 or not sys.argv[2].isdigit():
    sys.exit(__doc__)
main(sys.argv[1], int(sys.argv[2]))

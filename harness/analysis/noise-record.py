#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes noise-recorded.h: how the times of processes scattered in a run of matrices/noise.yaml.

usage: noise-record.py RUN LEAST_MS [NAME] >noise-NAME.h

The script splits log(wall time / the cell's middle) into the middle of its block, which all cells share, and the rest. It
keeps the rest of cells whose median is LEAST_MS milliseconds or more, 200 of them at most, evenly from the sorted ones. A
neighbour's few milliseconds are a tenth of a shorter cell, which is too short to be compared at all. A middle is a median;
with fewer than eight blocks, of which a median is one, it is a mean, and the rest is scaled to have the variance of a process.
"""
import csv
import json
import math
import sys
from statistics import mean, median

HEADER = """\
/* SPDX-License-Identifier: MIT */
/*
 * Holds the scatter of times of processes on a real machine, for tests of the statistics and for plans. These
 * commands made the file
 *
 *     build/gcmatrix matrix {spec} -o RUN
 *     python3 harness/analysis/noise-record.py RUN {least_ms} {name} >harness/statistics/noise-{name}.h
 *
 * on a machine with {cores} cores ({cpu}) and a load of {load:.2f} before the run, which had
 * {all} processes in {blocks} blocks. The values are parts of log(wall time / the cell's {middle}):
 *
 *     {prefix}_block     the {middle} of each block: the drift of the machine, which all cells of a block share
 *     {prefix}_process   the rest, of {processes} processes of cells of {least_ms} ms or more
 */
#ifndef HARNESS_STATISTICS_NOISE_{upper}_H
#define HARNESS_STATISTICS_NOISE_{upper}_H

enum {{ {prefix_upper}_BLOCKS = {blocks}, {prefix_upper}_PROCESSES = {processes} }};

static const double {prefix}_block[{prefix_upper}_BLOCKS] = {{
{block_rows}
}};

static const double {prefix}_process[{prefix_upper}_PROCESSES] = {{
{process_rows}
}};

#endif
"""


def rows_of(numbers):
    lines = [numbers[at:at + 10] for at in range(0, len(numbers), 10)]
    return "\n".join("    " + ", ".join(f"{number:.4f}" for number in line) + "," for line in lines)


def thinned(numbers, most):
    if len(numbers) <= most:
        return numbers
    return [numbers[i * (len(numbers) - 1) // (most - 1)] for i in range(most)]


def main(folder, least_ms, name):
    with open(f"{folder}/manifest.json", encoding="utf-8") as source:
        manifest = json.load(source)
    cells = {}
    with open(f"{folder}/runs.csv", encoding="utf-8") as source:
        for row in csv.DictReader(source):
            if manifest["cells"][int(row["cell"])]["baseline"]:
                continue
            if row["status"] != "ok":
                sys.exit(f"{folder}: process {row['id']} is {row['status']}: noise is recorded of whole cells only")
            cells.setdefault(row["cell"], {})[int(row["block"])] = math.log(int(row["wall_ns"]))
    if not cells:
        sys.exit(f"{folder}: no cell but baselines")
    count = manifest["blocks"]
    middle, scale = (median, 1) if count >= 8 else (mean, math.sqrt(count / (count - 1)))
    middles = {key: middle(cell.values()) for key, cell in cells.items()}
    medians = {key: math.exp(median(cell.values())) for key, cell in cells.items()}
    drift = {block: middle(cell[block] - middles[key] for key, cell in cells.items()) for block in range(count)}
    rest = sorted(scale * (log - middles[key] - drift[block]) for key, cell in cells.items()
                  for block, log in cell.items() if medians[key] >= least_ms * 1e6)
    if not rest:
        sys.exit(f"{folder}: no cell of {least_ms} ms or more")
    rest = thinned(rest, 200)
    machine = manifest["machine"]
    prefix = "noise" if name == "recorded" else name
    print(HEADER.format(cpu=machine["cpu"], cores=machine["cores"], load=machine["load1"], processes=len(rest),
                        blocks=count, all=sum(map(len, cells.values())), least_ms=least_ms, name=name, upper=name.upper(),
                        prefix=prefix, prefix_upper=prefix.upper(), middle="mean" if middle is mean else "median",
                        spec=f"matrices/{manifest['name']}.yaml",
                        block_rows=rows_of(sorted(drift.values())), process_rows=rows_of(rest)), end="")


if len(sys.argv) not in (3, 4) or not sys.argv[2].isdigit():
    sys.exit(__doc__)
main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) == 4 else "recorded")

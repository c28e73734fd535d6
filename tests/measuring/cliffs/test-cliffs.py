#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each point of the grid of programs is one that its workload takes. Speaks TAP.

usage: test-cliffs.py GCMATRIX
"""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
import cliffs  # noqa: E402
from tap import done, ok  # noqa: E402


def objection(options, point):
    """Why a workload does not take a point; None where it does."""
    workload, _, text = point.partition(":")
    for item in text.split(","):
        name, _, value = item.partition("=")
        option = options.get(workload, {}).get(name)
        if option is None:
            return f"{workload} has no option {name}"
        if "choices" in option or option["type"] == "switch":
            if value not in option.get("choices", ("on", "off")):
                return f"{name} takes no {value}"
        elif not option["min"] <= float(value) <= option["max"]:
            return f"{name} lies from {option['min']} to {option['max']}"
    return None


listed = json.loads(subprocess.run([sys.argv[1], "list", "--json"], capture_output=True, check=True).stdout)
options = {one["name"]: {option["name"]: option for option in one["options"]} for one in listed["workloads"]}
for quick in (False, True):
    for name, grid in (("one", cliffs.grid), ("two", cliffs.grid_of_two)):
        points = list(grid(quick))
        wrong = [(point, objection(options, point)) for _, point, _ in points]
        wrong = [(point, why) for point, why in wrong if why]
        ok(not wrong, f"workloads take each point at which {name} changes{', when it is to be quick' if quick else ''}")
        for point, why in wrong[:5]:
            print(f"# {point}: {why}")
        ok(len({point for _, point, _ in points}) == len(points), "each stands once")
ok(objection(options, "grow:chunk=0") is not None and objection(options, "grow:chunks=1") is not None, "others would be seen")
done()

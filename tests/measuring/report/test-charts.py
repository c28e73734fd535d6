#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page, the charts and the tables say what a run claims, where its time went, and what its figures are worth. Speaks TAP."""
import csv
import html
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from itertools import combinations
from math import log

sys.dont_write_bytecode = True  # nothing of ours beside the sources
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from tap import done, ok, skip  # noqa: E402
import drawn  # noqa: E402
import pages  # noqa: E402
from drawn import caption, charts, draw, folder, run, table, texts  # noqa: E402
from rows import read as read_rows, write as write_rows  # noqa: E402

drawn.use(*sys.argv[1:3])
PARTS = ("mutator_ns", "collecting_ns", "cascades_ns", "kernel_mutator_ns", "kernel_collecting_ns", "kernel_cascades_ns", "waiting_ns")


def middle_half(rows):
    rows = sorted(rows, key=lambda row: int(row["wall_ns"]))
    return rows[len(rows) // 4:len(rows) - len(rows) // 4]


def counted(rows):
    """Of the attempts of each block the one that lost least, the last of equals."""
    chosen = {}
    for row in rows:
        key = row["cell"], row["block"]
        if row["status"] == "ok" and (key not in chosen or int(row["queued_ns"]) <= int(chosen[key]["queued_ns"])):
            chosen[key] = row
    return list(chosen.values())


def test_parts(place):
    path = folder(place, "parts", "--schema", "2", "--memory", "--attempts", "--workloads", "12", "--blocks", "8", "--fail")
    run("plot", path, "--tables")
    parts = table(path, "parts")
    wrong = [row for row in parts if abs(float(row["wall_ns"]) - sum(float(row[part]) for part in PARTS)) > 0.01 * float(row["wall_ns"])]
    ok(len(parts) > 150 and not wrong, "the parts of every cell add up to its wall time within 1%", len(parts), wrong[:2])
    ok(all(abs(float(row["wall_ns"]) - float(row["sum_ns"]) - float(row["residue_ns"])) <= 2 for row in parts),
       "the sum and what is left of the wall time are in the table")
    rows = counted(csv.DictReader(open(f"{path}/runs.csv", newline="")))
    setting = {("glibc", "default", "cold"): "glibc", ("glibc", "default", "warm"): "glibc warm"}
    cells = {}
    for row in rows:
        name = setting.get((row["allocator"], row["tuning"], row["memory"]))
        if name:
            cells.setdefault((name, row["workload"], row["collector"]), []).append(row)
    wrong = []
    for row in parts:
        own = middle_half(cells.get((row["setting"], row["work"], row["config"]), []))
        if own and (abs(sum(int(r["wall_ns"]) for r in own) / len(own) - float(row["wall_ns"])) > 1 or
                    abs(sum(int(r["sys_ns"]) for r in own) / len(own) - sum(float(row[part]) for part in PARTS[3:6])) > 2):
            wrong.append(row)
    ok(not wrong, "they are means over the middle half of the processes that count, computed a second way", wrong[:2])
    failed = {("binary-trees", "rc-gcrefs"), ("fan-in", "mark-sweep")}
    ok(not failed & {(row["work"], row["config"]) for row in parts}, "a failed cell has no parts")
    pairs = table(path, "cold_warm")
    ratio = {(row["work"], row["config"]): row for row in pairs}
    blocks = {}
    for row in rows:
        if (row["allocator"], row["workload"], row["collector"]) == ("glibc", "grow", "rc-trial"):
            blocks.setdefault(row["block"], {})[row["memory"]] = int(row["wall_ns"])
    logs = [log(both["cold"] / both["warm"]) for both in blocks.values()]
    found = ratio["grow", "rc-trial"]
    ok(abs(log(float(found["ratio"])) - sum(logs) / len(logs)) < 1e-6 and found["verdict"] == "more",
       "cold is divided by warm within each block, and what lies beyond the minimum differs", found)
    ok(all(float(row["warm_faults"]) < 0.01 * float(row["cold_faults"]) for row in pairs if row["work"] == "grow"),
       "the faults of both stand beside it")
    old = folder(place, "old", "--workloads", "1", "--blocks", "2")
    run("plot", old, "--tables")
    ok(not table(old, "parts") and not table(old, "cold_warm") and not table(old, "machine_runs"),
       "a folder of the first schema has no parts, no warm memory and no reference program")
    if shutil.which("gnuplot"):
        result = run("plot", old, "--only", "parts")
        ok(result.returncode == 0 and "nothing to draw for 'parts'" in result.stderr, "and says so when that chart is asked for", result.stderr)


def test_complete_look(place):
    """Nothing is said of fresh pages by blocks of which the run claims nothing yet."""
    design = ("--schema", "2", "--memory", "--workloads", "4", "--blocks", "6")
    whole = folder(place, "whole", *design)
    cells = len(json.load(open(f"{whole}/manifest.json"))["cells"])
    broken = folder(place, "last-block", *design, "--rows", str(cells * 6 - 1))
    verdicts = {}
    for path in (whole, broken):
        run("plot", path, "--tables")
        verdicts[path] = [{row["verdict"] for row in table(path, name) if row.get("work") != "null"} for name in ("claims", "cold_warm")]
    ok(all(found & {"less", "more"} for found in verdicts[whole]), "a run that is complete claims, of collectors and of fresh pages", verdicts[whole])
    ok(verdicts[broken] == [{"undecided"}, {"undecided"}], "one whose only look is a process short claims neither", verdicts[broken])


def test_warm_peak(place):
    """Most processes are warm, and these have no peak memory: the cold ones stand for it."""
    path = folder(place, "warm-peak", "--schema", "2", "--memory", "--stopped", "--workloads", "8", "--blocks", "8")
    run("plot", path, "--tables")
    for name in ("cells", "normalised", "means", "claims"):
        settings = {row["setting"] for row in table(path, name) if row["metric"] == "peak"}
        ok("glibc" in settings and "glibc warm" not in settings, f"{name}.csv has no peak memory of warm processes", settings)
    cold = [row for row in table(path, "normalised") if row["setting"] == "glibc" and row["metric"] == "wall"]
    stopped = [row for row in cold if row["status"] == "as_warm"]
    ok(len(stopped) > 10 and not any(row["ratio"] or row["verdict"] or row["best"] == "1" or row["may_be_best"] == "1" for row in stopped),
       "a cold cell that stopped as warm has no ratio to the best, and is none", stopped[:3])
    ok(all(row["median"] for row in stopped) and len({row["work"] for row in cold if row["best"] == "1"}) == 8 - len({row["work"] for row in stopped}),
       "it has its median; a work in which one stopped has no best", cold[:3])
    ok({row["status"] for row in table(path, "normalised") if row["metric"] == "peak"} == {"ok"}, "its peak memory is compared")
    ok(all(float(row["median"]) > 4096 for row in table(path, "cells") if row["metric"] == "peak" and row["baseline"] == "0"), "and none that is a page")
    if not shutil.which("gnuplot"):
        skip("the chart of peak memory", "gnuplot is not installed (gnuplot-nox)")
        return
    draw(path, "memory time")
    words = caption(path, "memory")
    ok("4 to 8 processes a cell, glibc. " in words and "a warm process has no peak" in words, "the chart shows cold memory, and says why", words[-500:])
    ok("glibc warm." in caption(path, "time"), "where others show warm memory", caption(path, "time")[-500:])
    page = pages.data(path)
    peak = pages.claims(page, "peak")
    warm, cold = (peak["settings"][pages.setting(page, name)] for name in ("glibc warm", "glibc"))
    ok(peak["question"] == "Which is smaller (peak memory)" and not warm["measures"] and "A warm process has no peak memory" in warm["unmeasured"] and warm["pairs"] == 0 and
       cold["pairs"] > 0 and peak["front"] == pages.setting(page, "glibc"), "and so does the page", peak)
    ok({row["setting"] for row in pages.rows(page, "cells") if row["metric"] == "peak" and row["median"] is not None} >= {"glibc"} and
       not any(row["metric"] == "peak" and row["setting"] == "glibc warm" for row in pages.rows(page, "cells")), "whose figures of peak memory are of cold memory")
    warm = folder(place, "warm-alone", "--schema", "2", "--memory", "--workloads", "2", "--blocks", "2")
    manifest = json.load(open(f"{warm}/manifest.json"))
    for cell in manifest["cells"]:
        cell["memory"] = "warm"
    json.dump(manifest, open(f"{warm}/manifest.json", "w"))
    every = read_rows(warm)
    write_rows(warm, [row | {"memory": "warm"} for row in every], list(every[0]))
    result = run("plot", warm, "--only", "memory")
    ok(result.returncode == 0 and "nothing to draw for 'memory'" in result.stderr, "where all are warm there is no such chart", result.stderr)


def test_claims(place):
    path = folder(place, "claims", "--schema", "2", "--workloads", "8", "--blocks", "6", "--noise", "0.1", "--baseline", "rc", "--fail")
    run("plot", path, "--tables")
    counts = {}
    for row in table(path, "claims"):
        if row["metric"] == "wall":
            counts[row["verdict"]] = counts.get(row["verdict"], 0) + 1
    said = [claims for claims in json.loads(run("compare", path, "--json").stdout)["claims"] if claims["metric"] == "wall"]
    total = {key: sum(claims[key] for claims in said) for key in ("claimed", "equal", "undecided")} if "claimed" in said[0] else None
    ok(counts.get("less", 0) + counts.get("more", 0) > 50 and counts.get("undecided", 0) > 0, "the table has every pair with its verdict", counts)
    ok(total is None or (total["claimed"], total["equal"], total["undecided"]) ==
       (counts.get("less", 0) + counts.get("more", 0), counts.get("equal", 0), counts.get("undecided", 0)),
       "as many as compare says", total, counts)
    normalised = [row for row in table(path, "normalised") if row["metric"] == "wall" and row["setting"] == "glibc" and row["work"] != "null"]
    pairs = {(row["setting"], row["work"], frozenset((row["a"], row["b"]))): row["verdict"] for row in table(path, "claims") if row["metric"] == "wall"}
    best = {row["work"]: row["config"] for row in normalised if row["best"] == "1"}
    wrong = [row for row in normalised if row["best"] == "0" and row["status"] == "ok" and
             (row["verdict"] in ("less", "more")) != (pairs["glibc", row["work"], frozenset((row["config"], best[row["work"]]))] in ("less", "more"))]
    ok(len(best) == 8 and not wrong, "each ratio to the best has the verdict of its pair", wrong[:2])
    based = [row for row in table(path, "baseline") if row["metric"] == "wall" and row["setting"] == "glibc"]
    ok({row["base"] for row in based} == {"rc"} and {row["config"] for row in based} >= {"leak", "rc-trial", "mark-sweep"},
       "the baseline that the matrix names has a table")
    run("plot", path, "--tables", "--baseline", "mark-sweep")
    ok({row["base"] for row in table(path, "baseline")} == {"mark-sweep"}, "--baseline names another")
    result = run("plot", path, "--baseline", "mark-swep")
    ok(result.returncode == 2 and "'mark-sweep'" in result.stderr and len(result.stderr.splitlines()) == 1,
       "one that is not in the run is answered with the nearest", result.stderr)
    if not shutil.which("gnuplot"):
        skip("the charts of claims", "gnuplot is not installed (gnuplot-nox)")
        return
    draw(path, "heatmap heatmap-baseline", "--baseline", "rc")
    undecided = sum(row["verdict"] == "undecided" for row in normalised)
    chart = caption(path, "heatmap")
    ok(undecided > 0 and len(re.findall(r"\d[†‡]* \?", chart)) == undecided, "what is undecided has a ? in the heat map", undecided, chart[:300])
    hatched = re.findall(r"url\(#gpPat", open(f"{path}/charts/heatmap.svg").read())
    ok(len(hatched) == undecided, "and is hatched", len(hatched), undecided)
    ok("claims on wall time is wrong is 5% at most" in chart, "what may be wrong is said of one metric: each has 5%", chart[-600:])
    ok("relative to rc" in caption(path, "heatmap-baseline"), "a second heat map compares with the baseline")
    page = pages.data(path)
    names = [config["name"] for config in page["run"]["configs"]]
    leads = [(scene["order"][scene["strong"]], names[scene["members"][scene["strong"]]], scene["strong"]) for scene in page["scenes"] if "strong" in scene]
    ok(len(leads) > 20 and all(re.fullmatch(r"([<=>?] )?" + re.escape(name) + "[†‡°]*( .*)?", piece) and (place == 0) == (piece[1:2] != " ") for piece, name, place in leads),
       "the best of a workload is named, and a sign stands before it where it is not the first", leads[:9])
    heads = [claims["first"] for claims in page["claims"]]
    ok(heads == ["the fastest first", "the smallest first", "the shortest pause first"], "the heading of an order says what is first", heads)
    settings = {setting["name"] for setting in page["run"]["settings"]}
    ok("jemalloc:normalised" in settings and all({row["setting"] for row in pages.rows(page, name)} == settings for name in ("cells", "normalised", "means")),
       "each table of the page is there for every setting", settings)
    written = table(path, "claims")
    shown = pages.rows(page, "claims")
    ok(len(shown) == len(written) and all((names[b["series_a"]], names[b["series_b"]], b["verdict"]) == (a["a"], a["b"], a["verdict"]) and
                                          all((a[key] == "" and b[key] is None) or float(a[key]) == b[key] for key in ("ratio", "low", "high", "blocks")) for a, b in zip(written, shown)),
       "every pair of claims.csv stands in it, with all its digits", len(shown), len(written))


def test_marks(place):
    path = folder(place, "marks", "--workloads", "14", "--blocks", "5", "--events", "40")
    run("plot", path, "--tables")
    bound = [row for row in table(path, "normalised") if row["metric"] == "overhead" and row["config"] == "leak"]
    ok(any(row["best"] == "1" for row in bound) and {row["role"] for row in bound} == {"floor"},
       "a floor that is the divisor of a bound is a floor still", bound[:1])
    roles = {(row["config"], row["role"]) for row in table(path, "means")}
    ok({("leak", "floor"), ("rc", "leaks"), ("rc-trial", "reclaims")} <= roles, "a mean has the mark of its collector", roles)
    for name in ("pauses", "pause_curve", "utilisation", "heap", "settings"):
        found = {row["role"] for row in table(path, name) if row["config"] == "rc" and row["work"] == "rings"}
        ok(found == {"leaks"}, f"{name}.csv marks what left garbage", found)
    quantiles = [row for row in table(path, "pauses") if row["kind"] == "all" and row["config"] == "rc-trial"]
    ok({row["too_few"] for row in quantiles} == {"p99 p999"}, "quantiles of fewer pauses than they need are named", quantiles[:1])
    notes = {row["metric"]: row["note"] for row in table(path, "cells") if row["config"] == "rc-trial" and row["work"] == "grow"}
    ok(notes["pause_p99"] and not notes["pause_p50"] and not notes["wall"], "in the table of cells too", notes)
    samples = {(row["process"], row["kept"]) for row in table(path, "heap") if row["work"] == "grow" and row["config"] == "rc"}
    ok(len(samples) == 1 and {kept for _, kept in samples} == {"1"}, "the heap's table says which process it is, and of how many", samples)
    if not shutil.which("gnuplot"):
        skip("the marks in charts", "gnuplot is not installed (gnuplot-nox)")
        return
    draw(path, "time heap pauses")
    ok("rc (leaks on 2)" in caption(path, "time") and "leak (frees nothing)" in caption(path, "time"), "the legend has the marks")
    far = [float(row["ratio"]) for row in table(path, "normalised") if (row["setting"], row["metric"]) == ("glibc", "wall") and row["ratio"] and float(row["ratio"]) > 16]
    numbers = [float(text[:-3]) for chart in charts(path, "time") for text in drawn.texts(chart) if text.endswith("x ▸")]
    ok(far and len(numbers) == len(far) and all(abs(a / b - 1) < 0.005 for a, b in zip(sorted(numbers), sorted(far))) and "beyond the end of the axis" in caption(path, "time"),
       "a ratio far beyond the others stands at the end of the axis, with its number", numbers, far)
    ok(("On the right" in caption(path, "heap")) == bool(table(path, "heap_window")), "the heap's caption explains a window where there is one", caption(path, "heap")[-500:])
    ok("1 of 5 processes" in caption(path, "heap") and "off it by" in caption(path, "heap"),
       "the heap's caption says that it shows the one process there is", caption(path, "heap")[-500:])
    ok("1 of 5 processes" in caption(path, "pauses"), "and that of the pauses of how many they are")
    medians = {(row["work"], row["config"], row["metric"]): float(row["median"]) for row in table(path, "cells") if row["setting"] == "glibc" and row["median"]}
    shares = [100 * medians[work, config, "pause_total"] / wall for (work, config, metric), wall in medians.items() if metric == "wall" and work != "null"]
    said = [float(text[:-1]) for chart in charts(path, "pauses") for text in drawn.texts(chart) if re.fullmatch(r"[\d.e+-]+%", text)]
    ok(len(said) == len(shares) > 50 and all(abs(a - b) <= max(0.51, 0.06 * b) if b >= 9.95 else abs(a - b) <= 0.06 * b for a, b in zip(sorted(said), sorted(shares))),
       "and what share of the run they take", len(said), len(shares), sorted(said)[-5:], sorted(shares)[-5:])


def test_window(place):
    """A few collections in the middle, with every sample that the line of the whole process has not."""
    path = folder(place, "window", "--workloads", "4", "--collectors", "5", "--blocks", "2", "--events", "60", "--samples", "1200")
    run("plot", path, "--tables")
    ids = {(row["setting"], row["work"], row["config"]): int(row["process"]) for row in table(path, "heap")}
    found = {}
    for row in table(path, "heap_window"):
        found.setdefault((row["setting"], row["work"], row["config"]), []).append(int(row["time_ns"]))
    wrong = []
    for cell, times in found.items():
        events = list(csv.DictReader(open(f"{path}/events/{ids[cell]:06d}.csv")))
        ends = [int(event["end_ns"]) for event in events if event["kind"] in ("full", "young")]
        first = (len(ends) - 6) // 2
        expected = [int(row["time_ns"]) for row in csv.DictReader(open(f"{path}/timelines/{ids[cell]:06d}.csv")) if ends[first] <= int(row["time_ns"]) <= ends[first + 6]]
        if times != expected or len(times) < 50:
            wrong.append((cell, len(times), len(expected)))
    ok(len(found) >= 16 and not any(config == "leak" for _, _, config in found) and not wrong, "the window of a heap has every sample of six collections in the middle", len(found), wrong[:3])
    few = folder(place, "no-window", "--workloads", "1", "--blocks", "1", "--events", "60")
    run("plot", few, "--tables")
    ok(not table(few, "heap_window"), "there is none where the line has every sample")


def test_worth(place):
    if not shutil.which("gnuplot"):
        skip("captions", "gnuplot is not installed (gnuplot-nox)")
        return
    single = folder(place, "single", "--workloads", "2", "--blocks", "1")
    draw(single, "time memory")
    words = caption(single, "time") + caption(single, "memory")
    ok("1 process a cell" in words and "95%" not in words and "1 processes" not in words, "one process has no interval, and the captions say so", words[-600:])
    two = folder(place, "two", "--workloads", "1", "--blocks", "1", "--collectors", "2")
    draw(two, "time memory")
    undecided = [row for row in table(two, "normalised") if row["metric"] == "wall" and row["verdict"] == "undecided"]
    marks = [words.count("?") for words in (texts(chart) for chart in charts(two, "time"))]
    ok(undecided and sum(marks) > 0, "and a sign stands behind the mark of what is undecided", len(undecided), marks)
    few = folder(place, "few", "--workloads", "2", "--blocks", "5")
    draw(few, "time memory")
    ok("at most 93 in 100" in caption(few, "memory") and "with 5 blocks 94 in 100 hold" in caption(few, "time"),
       "intervals of few blocks say what they are worth", caption(few, "memory")[-400:])
    worth = [pages.data(path)["notes"]["worth"] for path in (single, few)]
    ok(worth == ["One process has no interval: intervals need more blocks.",
                 "Intervals of 5 blocks are wide; in simulations 94 of 100 hold. Of those of medians at most 93 in 100 hold."], "so does the page", worth)
    many = folder(place, "many", "--workloads", "2", "--blocks", "8")
    draw(many, "memory")
    ok("hint" not in caption(many, "memory") and "95% bootstrap" in caption(many, "memory") and pages.data(many)["notes"]["worth"] == "", "those of eight say nothing of it")
    broken = folder(place, "broken-off", "--schema", "2", "--workloads", "3", "--blocks", "3", "--rows", "40")
    draw(broken, "time")
    ok("Unfinished: 40 of" in caption(broken, "time"), "a chart of a run that was broken off says how much there is", caption(broken, "time")[-400:])
    ok("Unfinished: 40 of" in pages.data(broken)["notes"]["ended"], "as does the page")
    drift = folder(place, "drift", "--schema", "2", "--workloads", "6", "--blocks", "8", "--drift", "1.2", "--attempts", "--events", "40", "--memory", "--stopped")
    result = run("plot", drift, "--png")
    kinds = ("heatmap", "time", "parts", "cold-warm", "overhead", "overhead-cpu", "memory", "pauses", "utilisation", "heap", "allocators", "machine")
    ok(result.returncode == 0 and all(charts(drift, kind, form) and all(map(os.path.getsize, charts(drift, kind, form))) for kind in kinds for form in ("svg", "png")),
       "a run with warm memory has charts of every kind that it has figures for", result.stderr[-300:])
    ok(not charts(drift, "leaked"), "and none of leaks, as no collector that frees has any")
    bare = [kind for kind in ("allocators", "overhead", "overhead-cpu") if "Nothing is claimed of" not in caption(drift, kind)]
    ok(not bare, "charts of what is not claimed say so", bare)
    rows = table(drift, "machine")
    ok([row["block"] for row in rows if row["differs"] == "1"] == ["6", "7"] and sum(int(row["repeated"]) for row in rows) > 0,
       "blocks that differ by the reference program, and processes that ran again, are in a table", rows)
    notes = pages.data(drift)["notes"]
    ok("2 of 8 blocks differ" in notes["trust"][0] and "(2 of 8)" in caption(drift, "machine"), "and on the page and its chart")
    ok("differ by more than 1%" in notes["memory"][-1] and "cold memory took the time of warm within 3%" in notes["memory"][-1] and notes["differ"], "the page says where cold and warm memory differ")
    ratios = [(any(mark in cell for mark in "†‡"), -float(re.search(r"(\S+) \(", cell)[1])) for cell in notes["differ"]]
    ok(ratios == sorted(ratios) and len(ratios) > 2, "the largest difference first, and those of marked collectors last", notes["differ"])
    recursion = folder(place, "recursion", "--schema", "2", "--blocks", "2", "--events", "40", "--workloads", "10")
    draw(recursion, "pauses")
    values = {kind: [float(row["utilisation"]) for row in table(recursion, "utilisation")
                     if (row["setting"], row["work"], row["config"], row["kind"]) == ("glibc", "recursion", "rc", kind)] for kind in ("pauses", "with_estimate")}
    ok(len(values["pauses"]) == len(values["with_estimate"]) > 10 and 0.8 < values["with_estimate"][-1] / values["pauses"][-1] < 0.88,
       "utilisation is given with the cascades that no clock saw, too", {kind: some[-1] for kind, some in values.items()})
    ok("(recursion, rc)" in caption(recursion, "pauses") and "at most 15%" in caption(recursion, "pauses"),
       "and the captions say how much that is, and where", caption(recursion, "pauses")[-300:])


def test_empty(place):
    """Tables that have few rows, rows of another setting alone, or none: every chart is drawn, or there is none."""
    if not shutil.which("gnuplot"):
        skip("charts of few rows", "gnuplot is not installed (gnuplot-nox)")
        return
    two = ("--schema", "2", "--workloads", "2", "--blocks", "2")
    for name, *arguments in (("lost-warm", "--memory", "--lost", "warm"), ("lost-cold", "--memory", "--lost", "cold"), ("lost-all", "--memory", "--lost", "all"),
                             ("one-pause", "--pauses", "1", "--events", "1"), ("no-pause", "--pauses", "0"), ("broken-off", "--rows", "1"),
                             ("unsampled", "--pauses", "1", "--events", "1")):
        path = folder(place, f"empty-{name}", *two, *arguments)
        if name == "unsampled":
            shutil.rmtree(f"{path}/timelines")
        result = run("plot", path, "--png")
        ok(result.returncode == 0 and "gnuplot" not in result.stderr and os.path.exists(f"{path}/report.html"), f"all charts of a run are drawn: {name}", result.stderr[-300:])
    words = caption(f"{place}/empty-lost-warm", "time")
    ok("glibc. " in words and "glibc warm" not in words, "they show a setting that has figures", words[-300:])
    ok(not os.path.exists(f"{place}/empty-no-pause/charts/pauses.svg"), "without a pause there is no chart of pauses")
    curve = caption(f"{place}/empty-one-pause", "pauses")
    ok("ms" in curve and "p50" in curve, "one pause has a place in it", curve[:300])
    # Their table may be one handed on: rows of another setting alone.
    path = folder(place, "empty-handed-on", *two, "--memory", "--lost", "all", "--events", "9")
    run("plot", path, "--tables")
    for kept in ("pause_curve", "utilisation", "heap"):
        header = open(f"{path}/tables/{kept}.csv").readline()
        with open(f"{path}/tables/{kept}.csv", "w") as out:
            out.write(header + "elsewhere" + "," * header.count(",") + "\n")
    for part in ("records", "events", "timelines"):
        shutil.rmtree(f"{path}/{part}")
    result = run("plot", path)
    ok(result.returncode == 0 and not os.path.exists(f"{path}/charts/pauses.svg"), "nor is there one where its rows are of another setting", result.stderr[-300:])


def test_narrow(place):
    """In a narrow cell of a heat map the reason for a blank stands alone."""
    if not shutil.which("gnuplot"):
        skip("a narrow heat map", "gnuplot is not installed (gnuplot-nox)")
        return
    for collectors, words in (5, True), (11, False):
        path = folder(place, f"of-{collectors}", "--workloads", "2", "--collectors", str(collectors), "--blocks", "5", "--schema", "2", "--rows", "15")
        run("plot", path, "--only", "heatmap")
        chart = caption(path, "heatmap")
        ok("missing" in chart and ("n/a: missing" in chart) == words, f"the blank cells of {collectors} collectors have the words they have room for", chart[:300])


def test_earlier_tables(place):
    """A run that was handed on has tables of an earlier version, which lack columns."""
    path = folder(place, "handed-on", "--workloads", "2", "--blocks", "2", "--events", "50")
    run("plot", path, "--tables")
    whole = table(path, "pauses")
    for part in ("records", "events", "timelines"):
        shutil.rmtree(f"{path}/{part}")
    with open(f"{path}/tables/pauses.csv", "w", newline="") as out:
        writer = csv.DictWriter(out, [column for column in whole[0] if column not in ("role", "too_few")], extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(whole)
    result = run("plot", path, "--tables")
    now = table(path, "pauses")
    ok(result.returncode == 0 and [row["p99_ns"] for row in now] == [row["p99_ns"] for row in whole] and {row["role"] for row in now} == {""},
       "a kept table gets the columns that it lacks, empty", now[:1])
    with open(f"{path}/tables/pauses.csv", "w") as out:
        out.write("setting,colour\nglibc,red\n")
    run("plot", path, "--tables")
    ok({row["p99_ns"] for row in table(path, "pauses")} == {""}, "a table with another column is none of ours")


def overlaps(chart, pattern):
    """Texts of a chart that stand on the same line, and on each other: as wide as their letters at least."""
    with open(chart) as file:
        found = re.findall(r'<g transform="translate\(([\d.]+),([\d.]+)\)"[^>]*font-size="([\d.]+)"[^>]*text-anchor="middle"[^>]*>\s*<text>(.*?)</text>', file.read(), re.DOTALL)
    ends = sorted((float(y), float(x) - 0.25 * float(size) * len(words), float(x) + 0.25 * float(size) * len(words))
                  for x, y, size, words in ((x, y, size, re.sub(r"<[^>]*>", "", words).strip()) for x, y, size, words in found) if re.fullmatch(pattern, words))
    return len(ends), [(one, other) for one, other in combinations(ends, 2) if abs(one[0] - other[0]) < 8 and one[1] < other[2] and other[1] < one[2]]


def bold(chart):
    """The texts of a chart that are bold, and those that are not."""
    with open(chart) as file:
        groups = re.findall(r"<g transform=[^>]*>\s*<text>.*?</text>", file.read(), re.DOTALL)
    words = {True: [], False: []}
    for group in groups:
        words["bold" in group.lower()].append(html.unescape(re.sub(r"<[^>]*>", "", group)).strip())
    return words[True], words[False]


def patterns(chart):
    """The lines of the patterns that fill something of a chart."""
    with open(chart) as file:
        return set(re.findall(r"<pattern [^>]*>.*?<path [^>]*d='([^']*)'", file.read(), re.DOTALL))


def test_grey(place):
    """What colours tell apart is told apart in grey, and no number stands on another."""
    path = folder(place, "grey", "--schema", "2", "--memory", "--attempts", "--workloads", "4", "--collectors", "7", "--blocks", "36", "--events", "9", "--baseline", "rc")
    draw(path, "machine parts heatmap-baseline time")
    again = [row for row in table(path, "machine") if int(row["repeated"] or 0)]
    count, on = overlaps(charts(path, "machine")[0], r"\d+( again)?")
    ok(len(again) > 20 and count >= len(again) and not on, "of many blocks a number alone says how many ran again, and none stands on another", count, on[:3])
    ok("A number above a bar" in caption(path, "machine") and " again" not in "".join(words for words in texts(charts(path, "machine")[0]) if re.fullmatch(r"\d+ again", words)), "which the caption says")
    few = folder(place, "grey-few", "--schema", "2", "--attempts", "--workloads", "3", "--collectors", "5", "--blocks", "4", "--events", "9", "--baseline", "rc")
    draw(few, "machine parts time")
    ok("A number above a bar" not in caption(few, "machine") and any(re.fullmatch(r"\d+ again", words) for words in texts(charts(few, "machine")[0])), "of few blocks words say it")
    ok(len(patterns(charts(few, "parts")[0])) >= 2, "of the parts, waiting has a hatch of its own", patterns(charts(few, "parts")[0]))
    strong, plain = bold(charts(path, "heatmap-baseline")[0])
    ratio = lambda words: [float(found[1]) for found in (re.fullmatch(r"([\d.]+)[†‡°]*", word) for word in words) if found]
    ok(len(ratio(strong)) > 2 and max(ratio(strong)) <= 1 <= min(value for value in ratio(plain)), "over the baseline what is faster is bold, and what is slower is not", ratio(strong), ratio(plain))
    ok("blue is faster, and bold where claimed" in caption(path, "heatmap-baseline"), "which its caption says")
    order = "stand in the order of the key"
    ok(order in caption(path, "time") and order not in caption(few, "time"), "where shapes of marks come again their order tells them apart")


def not_run(path, is_gone):
    """Takes the cells for which is_gone(cell) out of a run: they did not run."""
    manifest = json.load(open(f"{path}/manifest.json"))
    gone = {place for place, cell in enumerate(manifest["cells"]) if is_gone(cell)}
    every = read_rows(path)
    write_rows(path, [row for row in every if int(row["cell"]) not in gone], list(every[0]))
    for cell in gone:
        manifest["cells"][cell]["workload"] = "null"
    json.dump(manifest, open(f"{path}/manifest.json", "w"))


def test_one_memory(place):
    """A workload that ran with cold or with warm memory alone has no row in the chart of both."""
    path = folder(place, "one-memory", "--schema", "2", "--memory", "--workloads", "3", "--blocks", "4")
    not_run(path, lambda cell: cell["workload"] == "gcbench" and cell["memory"] == "cold")
    draw(path, "cold-warm memory")
    words = texts(charts(path, "memory")[0])
    ok("binary-trees" in words and "gcbench" not in words and "1 workload that did not run in this setting" in " ".join(words), "one that ran with warm memory alone has none among peaks, which are of cold memory", words[-20:])
    words = texts(charts(path, "cold-warm")[0])
    ok("binary-trees" in words and "gcbench" not in words and "1 workload that ran with one memory alone" in " ".join(words), "a workload that ran with one memory has no row beside those that ran with both", words[-20:])


def test_not_run(place):
    """A collector that did not run a workload has no bar of 0 there, and lacks no line."""
    path = folder(place, "not-run", "--schema", "2", "--memory", "--workloads", "3", "--collectors", "4", "--blocks", "3", "--events", "40", "--pauses", "40")
    draw(path, "time")
    ok("No mean" not in caption(path, "time") and "geo. mean (3 of 3)" in caption(path, "time"), "where all ran all there are means", caption(path, "time")[-300:])
    away = {("alloc-churn", "leak"), ("binary-trees", "leak"), ("gcbench", "rc-trial")}
    not_run(path, lambda cell: (cell["workload"], cell["collector"]) in away)
    draw(path, "time parts utilisation heatmap")
    words = [text for chart in charts(path, "parts") for text in texts(chart)]
    ok(words.count("did not run") == 2 * len(away), "where a collector did not run, parts of the time say so of its cold and its warm bar", words.count("did not run"))
    words = [text for chart in charts(path, "utilisation") for text in texts(chart)]
    ok("alloc-churn" in words and not any(text.endswith("without a line") for text in words), "and no line is said to be missing", [text for text in words if "line" in text])
    ok("Blank: did not run." in caption(path, "heatmap") and "No mean: no workload has a ratio of every collector." in caption(path, "time"), "nor is a mean, without a reason", caption(path, "time")[-300:])


def test_signs(place):
    """The sign of a cell stands where its interval ends, not on it."""
    path = folder(place, "signs", "--schema", "2", "--workloads", "4", "--collectors", "5", "--blocks", "6")
    every = read_rows(path)
    noise = random.Random(1)
    for row in every:
        row["max_rss_bytes"] = int(int(row["baseline_rss_bytes"]) + (int(row["max_rss_bytes"]) - int(row["baseline_rss_bytes"])) * noise.uniform(0.5, 1.5))
    write_rows(path, every, list(every[0]))
    draw(path, "memory")
    cells = {(row["work"], row["config"]): row for row in table(path, "cells") if row["setting"] == "glibc" and row["metric"] == "peak"}
    signed = [row for row in table(path, "normalised") if row["setting"] == "glibc" and row["metric"] == "peak" and row["verdict"] in ("undecided", "equal") and row["best"] == "0"]
    ends = [float(cells[row["work"], row["config"]]["high"]) for row in sorted(signed, key=lambda row: (int(row["row"]), int(row["series"])))]
    with open(charts(path, "memory")[0]) as file:
        found = re.findall(r'<g transform="translate\(([\d.]+),([\d.]+)\)"[^>]*>\s*<text>[?=]</text>', file.read())
    across = [float(x) for x, y in sorted(found, key=lambda place: float(place[1]))]
    by_end = [x for end, x in sorted(zip(ends, across))]
    ok(len(across) == len(ends) > 5 and by_end == sorted(across), "a sign beside an interval stands right of its end, in order", len(across), len(ends), by_end)


def files_of(path):
    """Every file of a folder, by its path in it."""
    found = {}
    for at, _, names in os.walk(path):
        for name in names:
            with open(os.path.join(at, name), "rb") as file:
                found[os.path.relpath(os.path.join(at, name), path)] = file.read()
    return found


def plot_with(path, processors):
    return run("plot", path, preexec_fn=lambda: os.sched_setaffinity(0, processors))


def test_forks(place):
    """Several processors draw what one draws, byte by byte, and stop when they are told to."""
    path = folder(place, "forks", "--schema", "2", "--memory", "--attempts", "--workloads", "5", "--collectors", "4", "--blocks", "4", "--events", "20", "--samples", "40", "--baseline", "rc")
    all_of_them = os.sched_getaffinity(0)
    one = plot_with(path, {min(all_of_them)})
    alone = files_of(path)
    shutil.rmtree(f"{path}/charts")
    several = plot_with(path, all_of_them)
    together = files_of(path)
    ok(one.returncode == several.returncode == 0 and alone == together and sum(name.startswith("charts/") for name in alone) > 12, f"{len(all_of_them)} processors draw the bytes that one draws", one.stderr[-200:], several.stderr[-200:])
    ok(one.stdout == several.stdout and one.stderr == several.stderr, "and their lines come in the same order", several.stdout[-300:])
    tools = os.path.join(place, "tools")
    os.makedirs(tools)
    with open(f"{tools}/gnuplot", "w") as script:
        script.write(f"#!/bin/sh\necho $$ >>{tools}/begun\nexec sleep 60\n")
    os.chmod(f"{tools}/gnuplot", 0o755)
    begun = lambda: open(f"{tools}/begun").read().split() if os.path.exists(f"{tools}/begun") else []
    process = subprocess.Popen([drawn.programs["program"], "plot", path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"})
    end = time.monotonic() + 60
    while len(begun()) < min(2, len(all_of_them)) and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=60)[1]
    ok(process.returncode == -signal.SIGTERM and len(begun()) >= min(2, len(all_of_them)), "a plot that draws on several processors ends when it is told to", process.returncode, said, begun())
    left = lambda: [number for number in begun() if os.path.exists(f"/proc/{number}")]
    while (left() or files_of(path) != together) and time.monotonic() < end:  # forks and their guards end a moment after it
        time.sleep(0.05)
    ok(not left(), "and every gnuplot of it", left())
    ok(files_of(path) == together, "and leaves what was there, and nothing unfinished", sorted(set(files_of(path)) ^ set(together)))


def main():
    with tempfile.TemporaryDirectory() as place:
        for test in (test_parts, test_complete_look, test_warm_peak, test_claims, test_marks, test_grey, test_one_memory, test_not_run, test_signs, test_forks, test_window, test_worth, test_empty, test_narrow, test_earlier_tables):
            test(place)
    return done()


sys.exit(main())

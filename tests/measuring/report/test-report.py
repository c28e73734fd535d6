#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The program makes tables, charts and the page from a results folder, and compares folders. Speaks TAP."""
import base64
import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

sys.dont_write_bytecode = True  # nothing of ours beside the sources
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from tap import done, ok, skip  # noqa: E402
import pages  # noqa: E402

PROGRAM, MAKE_FOLDER = sys.argv[1:3]


def run(*arguments, **environment):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, env={**os.environ, **environment})


def folder(place, name, *arguments):
    path = os.path.join(place, name)
    subprocess.run([sys.executable, MAKE_FOLDER, path, *arguments], check=True)
    return path


def digests(path, part):
    names = sorted(os.listdir(os.path.join(path, part)))
    return {name: hashlib.sha256(open(os.path.join(path, part, name), "rb").read()).hexdigest() for name in names}


def refused(result, *words):
    lines = result.stderr.splitlines()
    return result.returncode == 2 and len(lines) == 1 and all(word in lines[0] for word in words) and not result.stdout


def made(path):
    return [name for name in ("tables", "charts", "report.html") if os.path.exists(os.path.join(path, name))]


def test_bad_folders(place):
    path = folder(place, "schema", "--workloads", "1", "--blocks", "1")
    manifest = json.load(open(f"{path}/manifest.json"))
    manifest["schema"] = "gcmatrix.results.9"
    json.dump(manifest, open(f"{path}/manifest.json", "w"))
    for command in ("compare", "plot"):
        result = run(command, path)
        ok(refused(result, "gcmatrix.results.9", "gcmatrix.results.3"),
           f"{command} refuses a folder of another schema in one line with exit status 2", result.stderr)
    path = folder(place, "damaged", "--workloads", "1", "--blocks", "2")
    lines = open(f"{path}/runs.csv").read().split("\n")
    lines[3] = lines[3].replace(",1,ok,", ",one,ok,", 1)
    open(f"{path}/runs.csv", "w").write("\n".join(lines))
    result = run("plot", path)
    ok(refused(result, "runs.csv:4"), "a damaged row of runs.csv is named with file and line", result.stderr)
    path = folder(place, "events", "--workloads", "1", "--blocks", "1", "--events", "20")
    name = sorted(name for name in os.listdir(f"{path}/events") if os.path.getsize(f"{path}/events/{name}") > 200)[0]
    lines = open(f"{path}/events/{name}").read().split("\n")
    lines[7] = lines[7].replace("young", "old").replace("full", "old").replace("cascade", "old")
    open(f"{path}/events/{name}", "w").write("\n".join(lines))
    result = run("plot", path)
    ok(refused(result, f"events/{name}:8", "'old'"), "a damaged row of raw events is named with file and line",
       result.stderr)
    ok(not made(path), "nothing is written for a damaged folder", made(path))
    result = run("plot", place + "/nowhere")
    ok(refused(result, "nowhere"), "a folder that is not there is refused", result.stderr)


def test_options(place):
    path = folder(place, "options", "--workloads", "1", "--blocks", "2")
    result = run("plot", path, "--only", "tim")
    ok(refused(result, "'tim'", "'time'"), "a misspelt figure is answered with the nearest one", result.stderr)
    result = run("compare", path, path, "--metric", "wal")
    ok(refused(result, "'wal'", "'wall'"), "a misspelt metric is answered with the nearest one", result.stderr)
    result = run("compare", path, path, "--fail-on-regression", "much")
    ok(refused(result, "percentage", "'much'"), "a percentage that is no number is refused", result.stderr)
    result = run("plot", path, PATH="/nonexistent")
    ok(refused(result, "gnuplot-nox") and not made(path), "without gnuplot the package is named and nothing is written",
       result.stderr, made(path))


def screen_width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in line)


def test_overview(place):
    path = folder(place, "overview", "--workloads", "16", "--blocks", "8", "--fail")
    result = run("compare", path)
    widest = max(map(screen_width, result.stdout.split("Cells without")[0].splitlines()))
    ok(result.returncode == 0 and widest <= 100, "the summary of a run keeps to 100 columns", widest)
    ok("\033" not in result.stdout, "no colours are written to what is not a terminal")
    ok("out of memory at 512 MiB" in result.stdout and "no result after 60 s" in result.stdout,
       "failed cells are listed with their reason")
    row = [line for line in result.stdout.splitlines() if line.startswith("binary-trees")][0]
    ok("oom" in row, "a failed cell keeps its place in the table and says how it failed", row)
    ok("geo. mean, 14/16" in result.stdout, "geometric means leave out the workloads that a collector did not finish")
    ok("with 95% intervals" in result.stdout, "the headline of several blocks speaks of intervals")
    single = run("compare", folder(place, "single", "--workloads", "2", "--blocks", "1")).stdout
    ok("95%" not in single and "intervals need more blocks" in single,
       "the headline of one block says that intervals need more", single)
    overview = json.loads(run("compare", path, "--json").stdout)
    cells = {(c["workload"], c["collector"]): c for c in overview["cells"]
             if c["metric"] == "wall" and c["setting"] == "glibc"}
    ok(cells["binary-trees", "rc-gcrefs"]["ratio"] is None and cells["binary-trees", "rc-gcrefs"]["reason"],
       "in JSON a failed cell has no ratio and a reason")
    ok(not any(c["best"] for c in cells.values() if c["collector"] == "leak"),
       "a collector that frees nothing is never the best")
    ok(not cells["rings", "rc"]["best"], "a collector that leaks the workload's garbage is not its best")


def ratios_to_best(costs, bases, candidates):
    """Ratios by their definition: each block is divided by the candidate that is the best of all other blocks.

    `costs` and `bases` have a list for each collector, one value a block. Returns the geometric mean of each."""
    from math import exp, log
    blocks = range(len(next(iter(costs.values()))))
    logs = {collector: [] for collector in costs}
    for block in blocks:
        best = min(candidates, key=lambda c: sum(log(bases[c][other]) for other in blocks if other != block))
        for collector in costs:
            logs[collector].append(log(costs[collector][block] / bases[best][block]))
    return {collector: exp(sum(values) / len(values)) for collector, values in logs.items()}


def expected_ratios(path):
    """Ratios to the best, computed here again from runs.csv."""
    import csv
    times, failed = {}, set()
    for row in csv.DictReader(open(f"{path}/runs.csv")):
        if row["workload"] != "null" and (row["allocator"], row["tuning"]) == ("glibc", "default"):
            if row["status"] != "ok":
                failed.add((row["workload"], row["collector"]))
            else:
                times.setdefault(row["workload"], {}).setdefault(row["collector"], {})[int(row["block"])] = int(row["wall_ns"])
    found = {}
    for work, cells in times.items():
        whole = {c: [ns for _, ns in sorted(v.items())] for c, v in cells.items() if (work, c) not in failed}
        leaks = {"leak"} | ({"rc"} if work in ("rings", "doubly-linked", "dom-tree", "traceback") else set())
        ratios = ratios_to_best(whole, whole, [c for c in whole if c not in leaks])
        found.update({(work, collector): ratio for collector, ratio in ratios.items()})
    return found


def test_ratios(place):
    path = folder(place, "ratios", "--workloads", "16", "--blocks", "7", "--fail")
    found = {(c["workload"], c["collector"]): c for c in json.loads(run("compare", path, "--json").stdout)["cells"]
             if c["metric"] == "wall" and c["setting"] == "glibc"}
    expected = expected_ratios(path)
    wrong = [key for key, value in expected.items() if abs(found[key]["ratio"] / value - 1) > 1e-6]
    ok(len(expected) == 78 and not wrong, "every ratio to the best equals that computed a second way", wrong[:5])
    outside = [key for key in expected if not found[key]["low"] <= found[key]["ratio"] <= found[key]["high"]]
    ok(len(outside) < 4, "ratios lie inside their intervals", outside)


def test_overheads(place):
    """Of CPU time and instructions, computed here again from runs.csv."""
    import csv
    if not shutil.which("gnuplot"):
        skip("overheads", "gnuplot is not installed (gnuplot-nox)")
        return
    path = folder(place, "overheads", "--workloads", "2", "--blocks", "5", "--instructions")
    run("plot", path, "--only", "leaked")
    rows = [r for r in csv.DictReader(open(f"{path}/runs.csv")) if r["workload"] == "gcbench" or r["workload"] == "alloc-churn"]
    values = {}
    for r in rows:
        if (r["allocator"], r["tuning"]) == ("glibc", "default"):
            cpu, pauses = int(r["user_ns"]) + int(r["sys_ns"]), int(r["pause_total_ns"]) / int(r["wall_ns"])
            values.setdefault((r["workload"], r["collector"]), []).append((cpu, cpu * (1 - pauses), int(r["instructions"])))
    expected = {}
    for work in sorted({key[0] for key in values}):
        columns = {k[1]: list(zip(*v)) for k, v in values.items() if k[0] == work}
        for metric, over, under in (("overhead_cpu", 0, 1), ("overhead_instructions", 2, 2)):
            ratios = ratios_to_best({c: v[over] for c, v in columns.items()}, {c: v[under] for c, v in columns.items()}, list(columns))
            expected.update({(work, c, metric): ratio for c, ratio in ratios.items()})
    rows = [row for row in csv.DictReader(open(f"{path}/tables/normalised.csv"))
            if row["setting"] == "glibc" and (row["work"], row["config"], row["metric"]) in expected]
    wrong = [row for row in rows if abs(float(row["ratio"]) / expected[row["work"], row["config"], row["metric"]] - 1) > 1e-6]
    marks = {row["role"] for row in rows if row["config"] == "leak"}
    ok(marks == {"floor"}, "a collector that frees nothing keeps its mark where its cost is divided by", marks)
    ok(rows and len(rows) == len(expected) and not wrong, "overheads in CPU time and instructions equal those computed a second way", wrong[:3])
    ok(any(row["metric"] == "overhead_instructions" and row["ratio"] is not None for row in pages.rows(pages.data(path), "normalised")), "counted instructions have their figures on the page")


def between_layouts(rows, layouts):
    """The standard deviation between layouts of a list of (layout, logarithm), all layouts of one size."""
    from statistics import mean
    groups = [[value for layout, value in rows if layout == wanted] for wanted in range(layouts)]
    size, whole = len(groups[0]), mean(value for _, value in rows)
    outer = size * sum((mean(group) - whole) ** 2 for group in groups) / (layouts - 1)
    inner = sum((value - mean(group)) ** 2 for group in groups for value in group) / (layouts * (size - 1))
    return max(0, (outer - inner) / size) ** 0.5


def test_layouts(place):
    """The deviation between layouts, computed here again from runs.csv."""
    import csv
    from math import log
    if not shutil.which("gnuplot"):
        skip("layouts", "gnuplot is not installed (gnuplot-nox)")
        return
    path = folder(place, "layouts", "--workloads", "3", "--blocks", "20", "--layouts", "5")
    run("plot", path, "--only", "leaked")
    times = {}
    for row in csv.DictReader(open(f"{path}/runs.csv")):
        if (row["allocator"], row["tuning"]) == ("glibc", "default"):
            times.setdefault((row["workload"], row["collector"]), {})[int(row["block"])] = int(row["wall_ns"])
    rows = [row for row in csv.DictReader(open(f"{path}/tables/layouts.csv")) if row["setting"] == "glibc"]
    wrong = []
    for row in rows:
        own, over = times[row["work"], row["config"]], times.get((row["work"], row["over"]))
        logs = [(block % 5, log(ns / (over[block] if over else 1))) for block, ns in own.items()]
        if abs(between_layouts(logs, 5) - float(row["deviation"])) > 1e-6:
            wrong.append(row)
    ok(len(rows) == 3 * (5 + 4) and not wrong, "the deviation between layouts equals that computed a second way", len(rows), wrong[:3])
    held = [float(row["low"]) <= 0.05 * (2 ** 0.5 if row["over"] else 1) <= float(row["high"]) for row in rows]
    ok(sum(held) >= len(rows) - 3, "its interval holds what was put in", held)
    summary = run("compare", path).stdout
    ok("Layouts: 5 (environment, addresses; not link order: <ninja> is away)" in summary and "They move ratios by" in summary,
       "the summary says what was varied, what was not, and how much it moves", summary[-600:])
    ok(json.loads(run("compare", path, "--json").stdout)["layouts"]["count"] == 5, "as does its JSON")
    page = pages.data(path)
    ok("5 layouts were taken in turn" in page["notes"]["layouts"] and "not link order: <ninja> is away" in page["notes"]["layouts"] and len(pages.rows(page, "layouts")) > 0 and
       "<" not in pages.data_text(path), "and the page, escaped")
    plain = folder(place, "plain", "--workloads", "1", "--blocks", "4")
    ok("Layouts:" not in run("compare", plain).stdout, "a run of one layout says nothing of it")


def test_plots(place):
    if not shutil.which("gnuplot"):
        skip("charts", "gnuplot is not installed (gnuplot-nox)")
        return
    first = folder(place, "first", "--workloads", "5", "--blocks", "4", "--fail")
    result = run("plot", first, "--png")
    paths = result.stdout.split()
    ok(result.returncode == 0 and all(os.path.getsize(path) for path in paths), "every path printed is a file with something in it",
       result.stderr)
    charts = {os.path.basename(path) for path in paths if "/charts/" in path}
    # The panels of five workloads are taller than a page.
    figures = ("time", "heatmap", "overhead", "overhead-cpu", "memory", "leaked", "pauses", "utilisation", "heap-1", "heap-2", "allocators")
    ok(charts == {f"{figure}.{form}" for figure in figures for form in ("svg", "png")},
       "a folder with missing cells gives every chart, as SVG and PNG", charts)
    result = run("plot", first)
    charts = {f"{figure}.svg" for figure in figures} | {"heatmap.png"}
    ok(result.returncode == 0 and {os.path.basename(path) for path in result.stdout.split() if "/charts/" in path} == charts == set(os.listdir(f"{first}/charts")),
       "without --png the heat map alone is a PNG, and none that was drawn before stays beside a chart that is new", os.listdir(f"{first}/charts"))
    named = {f"{name}.{form}" for figure in pages.data(first)["figures"] for name in figure["charts"] for form in figure["formats"]}
    ok(named == charts, "and the page names those that are there", named ^ charts)
    chart = open(f"{first}/charts/time.svg").read()
    ok("n/a: oom" in chart and "n/a: timeout" in chart, "a failed cell is drawn as n/a with its status")
    second = folder(place, "second", "--workloads", "5", "--blocks", "4", "--fail")
    result = run("plot", second, "--tables")
    ok(result.returncode == 0 and made(second) == ["tables"] and set(result.stdout.split()) == {
        f"{second}/datapackage.json", *(f"{second}/tables/{name}" for name in os.listdir(f"{second}/tables"))}, "the tables are written alone on request, with what their columns are", made(second))
    ok(digests(first, "tables") == digests(second, "tables"), "the same folder gives the same tables, byte for byte")
    means = open(f"{first}/tables/means.csv").read()
    ok(",overhead_cpu," in means and ",overhead_instructions," not in means,
       "the overhead is given in CPU time, and in instructions only when they were counted")
    report = pages.read(first)
    identifiers = re.findall(r"\sid=[\"']([^\"']+)", report)
    ok(len(identifiers) > 10 and len(identifiers) == len(set(identifiers)), "no id occurs twice on the page")
    wanted = set(re.findall(r"getElementById\([\"']([^\"']+)", report)) | set(re.findall(r"aria-labelledby=[\"']([^\"']+)", report))
    ok(len(wanted) > 10 and wanted <= set(identifiers) | {"heap-part"}, "every reference on the page finds its id", sorted(wanted - set(identifiers))[:5])
    ok("<cpu>" not in report and ["cpu", "invented <cpu> & co"] in pages.data(first)["run"]["machine"], "what the manifest says is escaped")
    ok(not re.search(r"(src|href)=[\"'](https?:)?//", report), "the page needs nothing from elsewhere")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', report)[1]
    allowed = re.findall("'sha256-([^']*)'", policy)
    given = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", report, re.DOTALL)]
    ok(policy.startswith("default-src 'none';") and "unsafe" not in policy and sorted(allowed) == sorted(given), "its policy allows its own styles and scripts, and nothing else", policy)
    other = folder(place, "other", "--workloads", "2", "--blocks", "2")
    run("plot", other, "--only", "time")
    ok(pages.without_data(first) == pages.without_data(other), "pages of two runs differ in their data alone")


def test_without_raw(place):
    path = folder(place, "handed-on", "--workloads", "3", "--blocks", "2", "--events", "50")
    for row in csv.DictReader(open(f"{path}/runs.csv", newline="")):
        if row["collector"] == "rc":  # an observer, as its records say
            record = json.load(open(f"{path}/records/{row['id']}.json"))
            json.dump({**record, "truth": {}}, open(f"{path}/records/{row['id']}.json", "w"))
    run("plot", path, "--tables")
    ok(",observes," in open(f"{path}/tables/cells.csv").read(), "a collector whose record tells the truth only observes")
    before = digests(path, "tables")
    for part in ("records", "events", "timelines"):
        shutil.rmtree(f"{path}/{part}", ignore_errors=True)
    result = run("plot", path, "--tables")
    said = result.stderr.splitlines()
    ok(result.returncode == 0 and digests(path, "tables") == before,
       "tables whose raw files are gone stay as they are, byte for byte", result.stderr)
    ok(len(said) == 1 and "pause_curve.csv" in said[0] and "pause_curve.csv" not in result.stdout and "cells.csv" in result.stdout,
       "and one line names them", said)
    shutil.rmtree(f"{path}/tables")
    result = run("plot", path, "--tables")
    said = result.stderr.splitlines()
    ok(result.returncode == 0 and len(said) == 1 and "no records" in said[0], "without them one line says what cannot be made", said)


def main():
    with tempfile.TemporaryDirectory() as place:
        for test in (test_bad_folders, test_options, test_overview, test_ratios, test_overheads, test_layouts, test_plots, test_without_raw):
            test(place)
    return done()


sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a run claims, and what a second run makes of it: `gcmatrix compare` of one folder and of two. Speaks TAP."""
import csv
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
from rows import plan, read as read_rows  # noqa: E402
from tap import done, ok  # noqa: E402

PROGRAM, MAKE_FOLDER = sys.argv[1:3]
LEAST, UNDECIDED = 1, 4  # exit statuses: a regression, and none that could have been called


def run(*arguments):
    return subprocess.run([PROGRAM, "compare", *arguments], capture_output=True, text=True)


def folder(place, name, *arguments):
    path = os.path.join(place, name)
    subprocess.run([sys.executable, MAKE_FOLDER, path, "--events", "1", *arguments], check=True)
    return path


def edit(path, change, name=None):
    """Copies a folder to `name`, and gives each row, as a dictionary of texts, to `change`; a row of None is left out."""
    copy = os.path.join(os.path.dirname(path), name)
    shutil.copytree(path, copy)
    with open(f"{path}/runs.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(f"{copy}/runs.csv", "w", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in map(change, rows) if row)
    return copy


def edit_manifest(path, name, **values):
    copy = os.path.join(os.path.dirname(path), name)
    shutil.copytree(path, copy)
    manifest = json.load(open(f"{copy}/manifest.json"))
    for key, value in values.items():
        if isinstance(value, dict):
            manifest[key].update(value)
        else:
            manifest[key] = value
    json.dump(manifest, open(f"{copy}/manifest.json", "w"))
    return copy


def times(factor, wanted):
    """A change of rows: multiplies the times of those that are wanted."""
    def change(row):
        if row["status"] == "ok" and wanted(row):
            for key in ("wall_ns", "user_ns", "process_wall_ns"):
                row[key] = str(int(int(row[key]) * factor))
        return row
    return change


def of_json(*arguments):
    return json.loads(run(*arguments, "--json").stdout)


def pairs_of(overview, metric="wall", setting="glibc"):
    claims = [claims for claims in overview["claims"] if claims["metric"] == metric][0]
    return {(p["workload"], p["a"], p["b"]): p for p in claims["pairs"] if p["setting"] == setting}


def screen_width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in line)


def told(line):
    """The pairs that a line of an order tells of, by the rule of its legend."""
    words, names, signs = line.split("(")[0].split()[1:], [], []
    for word in words:
        if word in ("<", "=", "?", ">"):
            signs.append(word)
        elif not word[0].isdigit():
            names.append(word.rstrip("†‡"))
    pairs = {}
    for i, left in enumerate(names):
        for j in range(i + 1, len(names)):
            between = signs[i:j]
            sign = between[0] if j == i + 1 else "<" if "<" in between else "=" if set(between) == {"="} else "?"
            pairs[left, names[j]] = sign
    return pairs


def excepted(line, order):
    """The pairs that a line of exceptions names; "a to c" is all from a to c in the order."""
    pairs = {}
    names = [word.rstrip("†‡") for word in order.split("(")[0].split()[1:] if word not in "<=?>" and not word[0].isdigit()]
    for clause in line.split("but ", 1)[1].split(";"):
        left, sign, *rights = clause.split()
        for right in " ".join(rights).split(", "):
            first, _, last = right.partition(" to ")
            for name in names[names.index(first):names.index(last or first) + 1]:
                pairs[left, name] = sign
    return pairs


def joined(text):
    """The lines of an overview, each with those that go on with it."""
    lines = []
    for line in text.splitlines():
        if line.startswith("    ") and lines and not line.lstrip().startswith("but "):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return lines


def wrong_orders(text, found):
    """What the orders of a text, with their exceptions, tell otherwise than the pairs that are found."""
    lines = joined(text)
    signs, wrong, count = {"less": "<", "more": ">", "equal": "=", "undecided": "?"}, [], 0
    for i, line in enumerate(lines):
        work = line.split(" ")[0]
        if not any(key[0] == work for key in found):
            continue
        pairs = told(line)
        if lines[i + 1].lstrip().startswith("but "):
            pairs.update(excepted(lines[i + 1], line))
        count += len(pairs)
        for (left, right), sign in pairs.items():
            pair, turned = found.get((work, left, right)), found.get((work, right, left))
            expected = signs[pair["verdict"]] if pair else {"<": ">", ">": "<"}.get(signs[turned["verdict"]], signs[turned["verdict"]])
            if sign != expected:
                wrong.append((work, left, right, sign, expected))
    return wrong if count else ["no pair is told"]


def test_claims(place):
    path = folder(place, "claims", "--workloads", "6", "--blocks", "8", "--fail")
    result, overview = run(path), of_json(path)
    ok(result.stdout.startswith("Claims: which collector is faster") and overview["schema"] == "gcmatrix.overview.2",
       "claims stand first")
    ok(list(overview)[-1] == "cells" and [c["metric"] for c in overview["claims"]] == ["wall", "peak", "pause_max"],
       "in JSON too, of time, memory and pauses")
    wall = overview["claims"][0]
    counts = wall["counts"]
    ok(counts["claims"] + counts["equal"] + counts["undecided"] == counts["pairs"] and counts["pairs"] + counts["blank"] == wall["family"],
       "every pair is claimed, equal, undecided or blank", counts)
    found = pairs_of(overview)
    ok(all(p["verdict"] == "n/a" for key, p in found.items() if key[0] == "binary-trees" and "rc-gcrefs" in key)
       and all(p["verdict"] != "n/a" for key, p in found.items() if key[0] == "alloc-churn"),
       "a pair with a failed cell is blank, and no other")
    ok(all(p["high"] < 1 and p["ratio"] <= 1 / 1.01 for p in found.values() if p["verdict"] == "less"),
       "of a claim the interval excludes 1, and the ratio is the minimum or more")
    wrong = wrong_orders(result.stdout.split("jemalloc:")[0], found)
    ok(not wrong, "the orders with their exceptions tell every pair as it is in JSON", wrong[:5])
    ok("(oom: rc-gcrefs)" in result.stdout, "a failed cell is named beside the order")
    ok(max(map(screen_width, result.stdout.split("Cells without")[0].splitlines())) <= 100, "lines keep to 100 columns")


def test_settings(place):
    path = folder(place, "settings", "--workloads", "2", "--blocks", "4", "--schema", "2", "--memory", "--baseline", "rc")
    result = run(path)
    for name in ("glibc", "jemalloc", "jemalloc:normalised", "mimalloc", "glibc warm"):
        ok(f"Wall time ({name})" in result.stdout and f"Peak memory of the workload ({name})" in result.stdout,
           f"{name} has its tables of time and of memory")
    ok("Wall time over rc (glibc)" in result.stdout, "and one over the baseline that the matrix names")
    one = run(path, "--allocator", "glibc warm", "--baseline", "mark-sweep").stdout
    ok("(jemalloc)" not in one and "\njemalloc:" not in one and "Wall time over mark-sweep (glibc warm)" in one,
       "one setting and another baseline can be chosen")
    cells = of_json(path, "--baseline", "rc")["cells"]
    ok({c["setting"] for c in cells} == {"glibc", "jemalloc", "jemalloc:normalised", "mimalloc", "glibc warm"}
       and all(c["over_baseline"]["ratio"] == 1 for c in cells if c["collector"] == "rc" and c["metric"] == "wall"),
       "the JSON has every setting, with ratios to the baseline")
    refused = run(path, "--allocator", "jemaloc")
    ok(refused.returncode == 2 and "'jemalloc'" in refused.stderr, "a misspelt allocator is answered with the nearest", refused.stderr)
    peak = run(path, "--metric", "peak").stdout
    ok("which collector is smaller (peak)" in peak and "Wall time" not in peak and "over the best" in peak,
       "--metric shows that metric of one run, and no wall time")
    ok("it has leak, rc, rc-trial, rc-gcrefs, mark-sweep\n" in run(path, "--baseline", "unheard").stderr
       and "there are wall, " in run(path, "--metric", "unheard").stderr, "and what is like no name, with all names")


def test_unfinished(place):
    path = folder(place, "unfinished", "--workloads", "3", "--blocks", "5", "--schema", "2", "--rows", "60")
    result, overview = run(path), of_json(path)
    ok(f"Unfinished: {overview['missing']} processes" in result.stdout and overview["missing"] == 5 * 50 - 60
       and f"-o {path} --blocks 5 --resume" in " ".join(result.stdout.split()), "an unfinished run says how many processes are missing, and how to go on",
       result.stdout[:200])
    ok("- block 1: 40 processes\n- blocks 2 to 4: 50 processes each\n" in result.stdout, "and in which blocks", result.stdout[:300])
    nearly = run(folder(place, "nearly", "--workloads", "3", "--blocks", "5", "--schema", "2", "--rows", "248")).stdout
    cells = json.load(open(f"{path}/manifest.json"))["cells"]
    lost = [cells[place] for place in sorted(plan(50, 5, 1)[248:])]
    ok("".join(f"- block 4: {cell['workload']} x {cell['collector']} ({cell['allocator']})\n" for cell in lost) in nearly, "few of them are named", nearly[:300])
    ok(all(c["counts"]["claims"] + c["counts"]["equal"] == 0 for c in overview["claims"]),
       "before the first look nothing is claimed")
    few = run(folder(place, "few", "--workloads", "3", "--blocks", "5", "--schema", "2", "--rows", "6")).stdout
    ok("May be the fastest: " in few and "on none" not in few, "a collector that has no process yet may still be the best", few[:900])
    single = [c for c in overview["cells"] if c["processes"] == 1]
    ok(single and all(c["low"] is None for c in single), "one process has no interval", single[:1])
    other = run(folder(place, "more", "--workloads", "3", "--blocks", "5", "--schema", "2"), path)
    ok(f"{overview['missing']} processes are missing" in other.stdout, "the comparison of two says it too")


def test_comparison(place):
    before = folder(place, "before", "--workloads", "3", "--blocks", "12")
    after = folder(place, "after", "--workloads", "3", "--blocks", "12", "--seed", "2", "--scale", "1.2")
    comparison = of_json(before, after)
    verdicts = {c["collector"]: set() for c in comparison["cells"]}
    for cell in comparison["cells"]:
        verdicts[cell["collector"]].add(cell["verdict"])
    ok(verdicts.pop("rc-trial") == {"slower"}, "a collector made 20% slower is called slower everywhere")
    ok(set().union(*verdicts.values()) <= {"undecided", "equal"}, "and those left alone are not", verdicts)
    ok({c["verdict"] for c in of_json(after, before)["cells"] if c["collector"] == "rc-trial"} == {"faster"},
       "the other way round it is faster")
    ok(comparison["a"]["folder"] == before and f"A = {before}" in run(before, after).stdout, "the runs are named by their folders")
    ok(run(before, after, "--fail-on-regression", "10").returncode == 1, "a regression beyond the limit exits with 1")
    result = run(before, after, "--fail-on-regression", "40")
    ok(result.returncode == 0, "a regression within the limit exits with 0", result.stderr)
    cell = [c for c in comparison["cells"] if c["collector"] == "rc-trial"][0]
    ok(1.1 < cell["low"] <= cell["ratio"] <= cell["high"] < 1.3 and cell["p_holm"] <= 0.05,
       "the JSON has each ratio with its interval and corrected p", cell)
    ok("|---|---|---|---:|" in run(before, after, "--markdown").stdout, "the comparison is written as Markdown on request")
    exact = of_json(before, after, "--metric", "allocated")["cells"]
    ok({(c["verdict"], c["exact"]) for c in exact} == {("equal", True)}, "what does not vary is compared exactly")


def test_ten_fold(place):
    """The regression that must not pass: 5 blocks, more cells than ranks can tell apart."""
    path = folder(place, "five", "--workloads", "8", "--blocks", "5")
    slow = edit(path, times(10, lambda row: row["collector"] == "mark-sweep" and row["workload"] != "null"), "ten-fold")
    result, cells = run(path, slow, "--fail-on-regression", "5"), of_json(path, slow)["cells"]
    ok(len(cells) > 32 and {c["verdict"] for c in cells if c["collector"] == "mark-sweep"} == {"slower"},
       "a collector ten times as slow compares as slower with five blocks", len(cells))
    ok(result.returncode == LEAST, "and --fail-on-regression 5 exits with 1", result.returncode, result.stderr)
    small = edit(path, times(1.04, lambda row: row["collector"] == "mark-sweep"), "small")
    result = run(path, small, "--fail-on-regression", "3")
    ok(result.returncode == UNDECIDED and "could not have been called" in result.stderr and "--against" in result.stderr,
       "a difference that could not have been called has a status of its own, and the way to call it", result.stderr)
    result = run(path, small, "--fail-on-regression", "8")
    ok(result.returncode == UNDECIDED and "blocks in each run" in result.stderr, "or the blocks that it needs", result.stderr)
    ok("Intervals of 5 blocks are wide" in result.stdout, "what intervals of five blocks are worth is said")
    ok("smallest p" not in result.stdout + result.stderr, "no p is above 1")


def test_losses(place):
    broken = folder(place, "broken", "--workloads", "5", "--blocks", "3", "--fail")
    whole = folder(place, "whole", "--workloads", "5", "--blocks", "3")
    result = run(whole, broken, "--fail-on-regression", "1000")
    ok(result.returncode == LEAST and "5 have no figure" in result.stderr, "a cell that failed exits with 1 whatever the limit", result.stderr)
    ok(run(broken, whole, "--fail-on-regression", "1000").returncode == 0, "and one that was gained with 0")
    fewer = folder(place, "fewer", "--workloads", "4", "--blocks", "3")
    result = run(whole, fewer, "--fail-on-regression", "1000")
    ok(result.returncode == LEAST and "not there" in result.stdout, "so does a cell that the second matrix has not", result.stderr)

    def leaking(row):
        if row["collector"] == "mark-sweep" and row["workload"] == "gcbench":
            row["leaked_bytes"] = "1000000000"
        return row
    result = run(whole, edit(whole, leaking, "leaking"), "--metric", "leaked", "--fail-on-regression", "5")
    ok(result.returncode == LEAST and "1 cell is more than 5% worse" in result.stderr, "from nothing leaked to a gigabyte is a regression",
       result.stderr)


def test_offsets(place):
    """Two runs of one program, the second 1.5% slower throughout: as a warm machine is."""
    first = folder(place, "first", "--workloads", "8", "--blocks", "10")
    offset = edit(folder(place, "again", "--workloads", "8", "--blocks", "10", "--seed", "2"), times(1.015, lambda row: True), "offset")
    verdicts = [c["verdict"] for c in of_json(first, offset)["cells"]]
    called = sum(v in ("slower", "faster") for v in verdicts)
    ok(called == 0, "an offset between two runs is not called a difference", called)
    careless = [c["verdict"] for c in of_json(first, offset, "--between-runs", "0")["cells"]]
    ok(sum(v == "slower" for v in careless) > 0, "as it is without a variance between runs")


def test_reference(place):
    """A machine that became slower: the reference program slows down with it."""
    steady = folder(place, "steady", "--workloads", "4", "--blocks", "8", "--schema", "2")
    warm = edit(steady, times(1.3, lambda row: True), "slower")
    with open(f"{warm}/reference.csv") as file:
        lines = file.read().splitlines()
    with open(f"{warm}/reference.csv", "w") as out:
        out.write(lines[0] + "\n")
        for line in lines[1:]:
            fields = line.split(",")
            for part in (1, 3, 5):
                fields[part] = str(int(int(fields[part]) * 1.3))
            fields[4] = str(int(fields[4]) * 9)  # chasing, which says nothing of the cells
            out.write(",".join(fields) + "\n")
    comparison = of_json(steady, warm)
    ok(comparison["basis"] == "reference" and not {"slower", "faster"} & {c["verdict"] for c in comparison["cells"]},
       "times are relative to the reference program of their block")
    os.remove(f"{warm}/reference.csv")
    comparison = of_json(steady, warm)
    ok(comparison["basis"] == "none" and {c["verdict"] for c in comparison["cells"]} == {"slower"}, "without it they are as they are")


def test_stopped(place):
    """A cold cell that stopped as warm has no ratio in a run, so two runs are not compared by one."""
    stopped = ("--workloads", "8", "--blocks", "8", "--schema", "2", "--memory", "--stopped")
    first, second = folder(place, "stopped", *stopped), folder(place, "stopped-too", *stopped, "--seed", "3")
    cells = [c for c in of_json(first)["cells"] if c["metric"] == "wall"]
    as_warm = [c for c in cells if c["status"] == "as_warm"]
    ok(as_warm and all(c["ratio"] is None and not c["best"] and c["median"] for c in as_warm), "a cell that stopped as warm has a median, and no ratio", as_warm[:2])
    rows = {(c["workload"], c["setting"]) for c in cells if c["best"]}
    ok({(c["workload"], c["setting"]) for c in as_warm}.isdisjoint(rows), "where one did, none is the best")
    ratios = sum(c["ratio"] is not None for c in cells) - len(rows)
    found = of_json(first, second)["confirmation"][0]["ratios"]["figures"]
    ok(found == ratios, "two runs are compared by the ratios that there are", found, ratios)


def test_machines(place):
    here = folder(place, "here", "--workloads", "6", "--blocks", "12")
    there = folder(place, "there", "--workloads", "6", "--blocks", "12", "--seed", "3", "--machine", "ffff")
    faster = edit(there, times(0.5, lambda row: True), "faster-machine")
    result, comparison = run(here, faster), of_json(here, faster)
    ok("two machines" in result.stderr and comparison["basis"] == "centre" and comparison["two_machines"],
       "runs of two machines are compared by ratios, and it is said", result.stderr)
    ok(comparison["confirmation"][0]["values"]["figures"] == 0 < comparison["confirmation"][0]["ratios"]["figures"],
       "of their figures ratios are compared, and times are not")
    ok("hostname_hash: 0123456789abcdef in A, ffff in B" in result.stdout, "as is what else differs")
    ok(not {"slower", "faster"} & {c["verdict"] for c in comparison["cells"]}, "a machine that is twice as fast makes no collector faster")
    slow = edit(faster, times(10, lambda row: row["workload"] == "gcbench" and row["collector"] == "rc-trial"), "one-slow")
    cells = of_json(here, slow)["cells"]
    calls = {(c["workload"], c["collector"]): c["verdict"] for c in cells if c["verdict"] in ("slower", "faster")}
    ok(calls == {("gcbench", "rc-trial"): "slower"}, "one cell that became slow makes no other one fast", calls)


def test_conditions(place):
    path = folder(place, "plain", "--workloads", "1", "--blocks", "3")
    ok("Nothing else that the runs record differs" in run(path, path).stdout, "a run is made like itself")
    seven = folder(place, "seven", "--workloads", "1", "--blocks", "3", "--run-seed", "7")
    other = edit_manifest(seven, "other", machine={"kernel": "Linux 7"}, versions={"compiler": "gcc 13", "libc": "2.40"})
    result = run(path, other).stdout
    ok(all(line in result for line in ("kernel: Linux 6 in A, Linux 7 in B", "compiler: gcc 12 in A, gcc 13 in B",
                                       "libc: unknown in A, 2.40 in B", "seed: 1 in A, 7 in B")),
       "another kernel, compiler, libc and seed are said", result[:600])

    def computes(row):
        row["checksum"] = "ffffffffffffffff"
        return row
    result = run(path, edit(path, computes, "computes")).stdout
    ok("checksums: 20 of 20 cells compute something else" in result, "so are other checksums", result[:400])
    result = run(path, edit(path, lambda row: computes({**row, "seed": "7"}), "reseeded")).stdout
    ok("checksums:" not in result, "which another seed has to have")
    changed = edit(path, lambda row: row, "options")
    for name in os.listdir(f"{changed}/records"):
        record = json.load(open(f"{changed}/records/{name}"))
        record["options"]["collector"]["roots"] = 5
        json.dump(record, open(f"{changed}/records/{name}", "w"))
    ok("options: 20 of 20 cells ran with other ones" in run(path, changed).stdout, "and options that the records have")


def test_confirmation(place):
    first = folder(place, "claiming", "--workloads", "6", "--blocks", "10")
    second = folder(place, "confirming", "--workloads", "6", "--blocks", "10", "--seed", "2")
    wall = of_json(first, second)["confirmation"][0]
    ok(wall["claims"] > 60 and wall["confirmed"] > 0.99 and wall["outcomes"]["contradicted"] == 0,
       "a second run of the same truth confirms the claims of the first", wall["outcomes"])
    result, spent = run(first, second), len(read_rows(first)) / wall["claims"]
    ok(abs(wall["a"]["processes_per_claim"] - spent) < 1e-6 and re.search(rf"\nwall .* {spent:.1f} +[0-9.]+\n", result.stdout.split("How far the figures hold")[1]),
       "so are the processes that a claim took", wall["a"], spent)
    ok(wall["values"]["within"] >= 0.9 * wall["values"]["figures"] > 0, "and its figures lie where the first states", wall["values"])
    # The best and the worst collector of a workload change places.
    swap = {"leak": 4, "mark-sweep": 0.25}
    turned = edit(second, lambda row: times(swap.get(row["collector"], 1), lambda row: row["workload"] == "rings" or row["workload"] == "gcbench")(row), "turned")
    result, wall = run(first, turned), of_json(first, turned)["confirmation"][0]
    contradicted = [a for a in wall["answers"] if a["outcome"] == "contradicted"]
    ok(contradicted and {a["workload"] for a in contradicted} == {"gcbench"}, "claims that it contradicts are counted",
       [(a["workload"], a["a"], a["b"]) for a in contradicted])
    ok(wall["values"]["figures"] - 8 <= wall["values"]["within"] <= wall["values"]["figures"] - 2,
       "figures that moved do not lie where it states", wall["values"])
    ok("Not confirmed:" in result.stdout and "- wall, gcbench (glibc):" in result.stdout, "and named")
    fewer = of_json(first, folder(place, "lacking", "--workloads", "3", "--blocks", "10", "--seed", "2"))["confirmation"][0]
    ok(fewer["outcomes"]["no_figure"] > 0 and fewer["confirmed"] > 0.99, "claims on cells that it lacks count neither way", fewer["outcomes"])


def test_fresh_pages(place):
    """The same collectors on a host where a fault costs ten times as much."""
    first = folder(place, "cheap", "--workloads", "4", "--blocks", "10", "--schema", "2")

    def dear(row):
        kernel = int(row["sys_ns"] or 0)
        for key in ("wall_ns", "process_wall_ns", "sys_ns"):
            row[key] = str(int(row[key]) + 9 * kernel)
        return row
    second = edit(folder(place, "again2", "--workloads", "4", "--blocks", "10", "--schema", "2", "--seed", "2"), dear, "dear")
    wall, own = of_json(first, second)["confirmation"][:2]
    lost = [a for a in wall["answers"] if a["outcome"] in ("other way", "contradicted")]
    ok(lost and own["confirmed"] > 0.99, "where faults cost more, claims on time fail, and those apart from the kernel hold",
       wall["outcomes"], own["outcomes"])
    ok(all(a["reason"] == "kernel" for a in lost), "the reason is named", [a.get("reason") for a in lost])
    ok("fresh pages (13.0 µs a fault in A, 130 µs in B)" in run(first, second).stdout.replace("\n", " "), "with what a fault cost in each run")

    def slow(row):
        if row["memory"] == "warm" and row["collector"] == "rc":
            for key in ("wall_ns", "process_wall_ns", "sys_ns"):
                row[key] = str(int(row[key]) + 10 ** 11)
        return row
    arguments = ("--workloads", "2", "--blocks", "6", "--schema", "2", "--memory")
    said = run(folder(place, "warm", *arguments), edit(folder(place, "warm2", *arguments, "--seed", "2"), slow, "slow")).stdout.replace("\n", " ")
    ok("the kernel: apart from it" in said and "fresh pages (" not in said.split("Not confirmed:")[-1], "of warm cells no fresh pages are named", said[:3000])


def test_nothing_of_its_own(place):
    """All time of a cell was the kernel's and waiting: its own time is 0, and nothing can be divided by it."""
    first = folder(place, "own", "--workloads", "4", "--blocks", "10", "--schema", "2")

    def none(row):
        if row["workload"] == "gcbench" and row["collector"] == "mark-sweep":
            row.update(dict.fromkeys(("user_ns", "collecting_ns", "cascades_ns", "kernel_collecting_ns", "kernel_cascades_ns"), "0"), sys_ns=row["wall_ns"])
        return row

    zero = edit(first, none, "own-zero")
    for a, b in ((zero, first), (first, zero)):
        text = run(a, b, "--metric", "own").stdout
        ok(text and not re.search(r"\b(inf|nan)\b", text), f"nothing is inf: {os.path.basename(a)} and {os.path.basename(b)}",
           [line for line in text.splitlines() if "inf" in line or "nan" in line])
    ok("n/a (A is 0)" in run(zero, first, "--metric", "own").stdout, "the table of cells says what is 0")
    ok("rc-trial > mark-sweep, n/a (over 0) in A, 0.874 in B" in run(zero, first).stdout.replace("\n", " "), "and so do the claims that are not confirmed")

    def bad(name):
        raise ValueError(name)
    result = json.loads(run(zero, first, "--metric", "own", "--json").stdout, parse_constant=bad)
    cells = {(cell["workload"], cell["collector"]): cell for cell in result["cells"] if cell["setting"] == "glibc"}
    ok(cells["gcbench", "mark-sweep"]["ratio"] is None and cells["gcbench", "mark-sweep"]["ratio_reason"] == "A is 0" and
       cells["gcbench", "rc"]["ratio_reason"] is None, "the JSON has no figure there, and the reason", cells["gcbench", "mark-sweep"])
    answers = [a for a in result["confirmation"][1]["answers"] if a["workload"] == "gcbench" and a["b"] == "mark-sweep"]
    ok(answers and all(a["ratio_a"] is None and a["ratio_a_reason"] == "b is 0" and a["ratio_b"] and "ratio_b_reason" not in a for a in answers),
       "of claims too", answers)


def test_drift(place):
    path = folder(place, "still", "--workloads", "2", "--blocks", "12")
    ok("Drift of all cells:" in run(path).stdout and "No drift is shown" in run(path).stdout.replace("\n", " "), "blocks that are alike show no drift")
    late = edit(path, lambda row: times(1.1, lambda row: int(row["block"]) >= 6)(row), "late")
    drift = of_json(late)["drift"]
    ok(drift["found"] and 1.07 < drift["halves"] < 1.13 and "The blocks are not alike" in run(late).stdout.replace("\n", " "),
       "a second half that is 10% slower is found", drift)
    shock = of_json(edit(path, lambda row: times(1.2, lambda row: int(row["block"]) == 5)(row), "shocked"))["drift"]
    ok(shock["found"] and shock["shock_block"] == 5, "and so is a block that is unlike the others", shock)
    drifting = run(folder(place, "drifting", "--workloads", "2", "--blocks", "12", "--schema", "2", "--drift", "1.2")).stdout
    ok("Blocks that are off by more than 5%: 9, 10, 11." in drifting.replace("\n", " "), "the reference program names blocks that are off", drifting[-700:])


def test_builds(place):
    """One run of two builds: the rows of a second folder become those of the other build."""
    one = folder(place, "this-build", "--workloads", "4", "--blocks", "10", "--schema", "2")
    manifest = json.load(open(f"{one}/manifest.json"))
    count = len(manifest["cells"])
    cells = manifest["cells"] + [{**cell, "build": "old"} for cell in manifest["cells"]]
    both = edit_manifest(one, "both", cells=cells)
    with open(f"{one}/runs.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    order = plan(2 * count, manifest["blocks"], manifest["seed"])
    identifiers = {(number // (2 * count), cell): f"{number:06d}" for number, cell in enumerate(order)}

    def write(factor, scatter=0):
        with open(f"{both}/runs.csv", "w", newline="") as out:
            writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            for row in rows:
                block, cell = int(row["block"]), int(row["cell"])
                mine = times(factor, lambda row: row["collector"] == "rc" and row["workload"] == "grow")(dict(row))
                mine = times(1 + scatter * (block % 3 - 1), lambda row: True)(mine)
                writer.writerow({**mine, "id": identifiers[block, cell]})
                writer.writerow({**row, "id": identifiers[block, cell + count], "cell": cell + count, "build": "old"})
    write(1.1)
    result, overview = run(both, "--fail-on-regression", "5"), of_json(both)
    pairs = overview["claims"][0]["pairs"]
    ok(len(pairs) == count - 5 and all(p["a"] + " (old)" == p["b"] for p in pairs), "in a run of two builds a pair is a cell of both", pairs[0])
    ok([(p["workload"], p["a"]) for p in pairs if p["verdict"] == "more"] == [("grow", "rc")] and "Claims: which build is faster" in result.stdout,
       "this build is claimed to be slower where it is")
    ok(result.returncode == LEAST, "which is a regression", result.stderr)
    ok(run(both, "--fail-on-regression", "15").returncode == 0, "within the limit it is none")
    refused = run(one, "--fail-on-regression", "15")
    ok(refused.returncode == 2 and not refused.stdout, "one run of one build is refused", refused.stderr)
    write(1, 0.05)
    result = run(both, "--fail-on-regression", "2")
    ok(result.returncode == UNDECIDED and "measure" in result.stderr and "blocks" in result.stderr,
       "scatter that hides a regression of that size has its status here too, with the blocks that show it", result.stderr)
    ok(run(both, "--fail-on-regression", "30").returncode == 0, "and does not hide a large one")


def test_attempts(place):
    path = folder(place, "attempts", "--workloads", "3", "--blocks", "6", "--schema", "2", "--attempts")
    with open(f"{path}/runs.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    again = sum(row["attempt"] != "0" for row in rows)
    result, overview = run(path), of_json(path)
    ok(again > 0 and f"Disturbed: {again} processes ran again" in result.stdout, "processes that ran again are counted", again)
    counts = {}
    for row in rows:
        if (row["workload"], row["collector"], row["allocator"], row["tuning"]) == ("gcbench", "rc", "glibc", "default"):
            kept = counts.get(row["block"])
            if not kept or int(row["queued_ns"]) <= int(kept["queued_ns"]):
                counts[row["block"]] = row
    times_of = sorted(int(row["wall_ns"]) for row in counts.values())
    cell = [c for c in overview["cells"] if (c["workload"], c["collector"], c["metric"]) == ("gcbench", "rc", "wall")][0]
    ok(cell["processes"] == 6 and abs(cell["median"] * 2 / (times_of[2] + times_of[3]) - 1) < 1e-8, "and of each process the attempt that lost least counts",
       cell["median"], times_of)
    ok("in simulations 94 of 100 hold" in result.stdout, "intervals of six blocks say what they are worth")


def test_heaps(place):
    """Cells in heaps of two sizes are compared with those of their own size."""
    path = folder(place, "heapless", "--workloads", "1", "--blocks", "4", "--schema", "2")
    cells = [{**cell, "heap": None if cell["baseline"] else "1.5" if i % 2 else "2"}
             for i, cell in enumerate(json.load(open(f"{path}/manifest.json"))["cells"])]
    heaps = edit_manifest(path, "heaps", cells=cells)
    pairs, result = of_json(heaps)["claims"][0]["pairs"], run(heaps).stdout
    ok(pairs and all(p["a"].split(":")[-1] == p["b"].split(":")[-1] == f"heap={p['heap']}" for p in pairs), "a pair shares its heap", pairs[:2])
    lines = [line for line in joined(result.split("Claims: which collector is smaller")[0]) if line.startswith("alloc-churn")]
    ok(any(line.startswith("alloc-churn, heap 1.5") for line in lines) and not any("heap=" in line for line in lines),
       "and each heap has an order of its own", lines)


def test_quantiles(place):
    """A quantile of fewer pauses than it needs is the longest of them: forty are too few for p99."""
    path = folder(place, "quantiles", "--workloads", "2", "--blocks", "4")
    for metric, few in (("pause_p50", False), ("pause_p90", False), ("pause_p99", True), ("pause_max", False)):
        one, two = run(path, "--metric", metric).stdout, run(path, path, "--metric", metric).stdout.split("Cell by cell")[1]
        ok(("ms^" in one) == few and ("ms^" in two) == few, f"{metric} of forty pauses {'is' if few else 'is not'} marked, of one run and of two", one[-900:], two[:600])
    one, two = run(path, "--metric", "pause_p99").stdout, run(path, path, "--metric", "pause_p99").stdout
    means = "^ of fewer pauses than the quantile needs: the longest of them."
    ok(means in one and means in two and "rc-trial^" in one, "what the mark means is said, and the claims have it too", one[:900])
    notes = {c["note"] for c in of_json(path, "--metric", "pause_p99")["cells"] if c["collector"] == "rc"}
    both = {c[key] for c in of_json(path, path, "--metric", "pause_p99")["cells"] if c["collector"] == "rc" for key in ("note_a", "note_b")}
    ok(notes == both == {"too few pauses: the longest"} and {c["note"] for c in of_json(path)["cells"]} == {""}, "the JSON says so", notes, both)


def test_many(place):
    """As many cells as the default matrix has: what is said is said briefly, and is all there."""
    path = folder(place, "many", "--schema", "2", "--workloads", "17", "--collectors", "12", "--blocks", "8", "--noise", "0.015")
    result, overview = run(path, "--allocator", "glibc").stdout, of_json(path, "--allocator", "glibc")
    for metric, head in (("wall", "is faster"), ("peak", "is smaller")):
        text = result.split(f"Claims: which collector {head}")[1].split("Claims: ")[0].split("Wall time")[0]
        found = pairs_of(overview, metric)
        wrong = wrong_orders(text, found)
        ok(len(found) == 17 * 66 and not wrong, f"the orders tell every pair of 17 x 12 cells: {metric}", wrong[:5])
        ok(" to " in text and len(text.splitlines()) < 90, "exceptions that stand side by side are named by their ends", len(text.splitlines()))
        beaten = {(work, b if pair["verdict"] == "less" else a) for (work, a, b), pair in found.items()
                  if pair["verdict"] in ("less", "more") and "leak" not in (a, b) and (a if pair["verdict"] == "less" else b) in best_of(overview, work)}
        leads = {}
        for work, name in {(work, name) for work, a, b in found for name in (a, b)} - beaten:
            if name in best_of(overview, work):
                leads[name] = leads.get(name, 0) + 1
        words = " ".join(text.split("May be the ")[1].split(".")[0].split())
        said = {part.split(" on ")[0]: int(part.split(" on ")[1].split()[0]) for part in words.split(": ", 1)[1].split("; on none")[0].split(", ")}
        ok(said == leads and list(said.values()) == sorted(said.values(), reverse=True), "how often each may be the best stands before them", said, leads)


def best_of(overview, work):
    """The collectors that did the whole job on a workload."""
    return {name for name in {cell["collector"] for cell in overview["cells"]} if name != "leak" and
            not (name == "rc" and work in ("rings", "doubly-linked", "dom-tree", "traceback"))}


def test_warm_peak(place):
    """Warm processes have no peak memory: what is missing is no value, and so is equal to nothing."""
    path = folder(place, "warm-peak", "--schema", "2", "--memory", "--workloads", "2", "--blocks", "6")
    overview, result = of_json(path), run(path)
    ok(not pairs_of(overview, "peak", "glibc warm") and len(pairs_of(overview, "peak")) == 20, "no pair of warm cells is of the family of peak memory")
    family = {claims["metric"]: claims["family"] for claims in overview["claims"]}
    ok(family["peak"] == 80 and family["wall"] == 100, "which is smaller by as many", family)
    medians = {cell["median"] for cell in overview["cells"] if cell["metric"] == "peak" and cell["setting"] == "glibc warm"}
    ok(medians == {None}, "their cells have no median", medians)
    ok("glibc warm: nothing is claimed. A warm process has no peak memory" in result.stdout.replace("\n", " "), "the claims say why", result.stdout[:900])
    after = result.stdout.split("Peak memory of the workload (glibc warm)")[1].lstrip()
    ok(after.startswith("A warm process has no peak memory"), "as does the place of the table", after[:200])
    two = run(path, path, "--metric", "peak", "--fail-on-regression", "50")
    ok(two.returncode == 0 and "10 without a figure in A" in two.stdout.replace("\n", " "), "and two runs compare without them", two.stderr)

    without = {"pauses": dict(pause_total_ns="", pause_max_ns="", pause_count=""), "time": dict(user_ns="")}
    for name, metrics in (("pauses", ("pause_max", "pause_total", "distilled", "distilled_cpu")), ("time", ("own", "cpu"))):
        bare = edit(path, lambda row: {**row, **without[name]}, f"no-{name}")
        for metric in metrics:
            claims = of_json(bare, "--metric", metric)["claims"][0]
            ok({pair["verdict"] for pair in claims["pairs"]} == {"n/a"} and claims["counts"]["pairs"] == 0,
               f"nor is anything said of {metric} where it is missing", {pair["verdict"] for pair in claims["pairs"]})


def without_last_digits(pairs):
    return [(p["workload"], p["a"], p["b"], p["verdict"], *(v and round(v, 6) for v in (p["ratio"], p["low"], p["high"], p["tau"]))) for p in pairs]


def test_many_machines(place):
    """The machine is a random effect over blocks: its own speed moves no ratio, and what it does to one is in the interval."""
    plain = folder(place, "one-machine", "--workloads", "6", "--blocks", "12", "--schema", "2")
    machines = [{"machine": {"hostname_hash": f"{i}" * 8, "cpu": "x", "cores": 2}, "blocks": list(range(i, 12, 4))} for i in range(4)]
    alone = edit_manifest(plain, "machine-alone", machines=[{"machine": machines[0]["machine"], "blocks": list(range(12))}])
    fleet = edit_manifest(plain, "fleet", machines=machines)
    ok(of_json(alone) == of_json(plain) and "machines" not in of_json(plain), "a run merged of one machine is as any other")

    found = of_json(fleet)
    pairs = [p for p in found["claims"][0]["pairs"] if p["verdict"] != "n/a"]
    ok([m["blocks"] for m in found["machines"]] == [3] * 4 and [m["shown"] for m in found["machines"]] == [True, False, False, False],
       "a run of four machines has them in its JSON", found.get("machines"))
    ok(pairs and all(len(p["machines"]) == 4 and p["tau"] is not None and 0 <= p["share"] <= 1 for p in pairs),
       "each pair says what it is on each, and how much depends on them", pairs[:1])
    for metric in ("wall", "cpu"):  # the campaign decides by the first, the analysis by the others
        one, over = (pairs_of(of_json(path, "--metric", metric), metric) for path in (plain, fleet))
        wider = sum(over[key]["high"] / over[key]["low"] > one[key]["high"] / one[key]["low"] for key in over if over[key]["low"])
        ok(wider > 0.9 * len(over), f"intervals of {metric} over four machines are wider than those of twelve blocks", wider, len(over))

    slow = edit(fleet, times(2, lambda row: int(row["block"]) % 4 == 2), "fleet-slow")
    ok(without_last_digits(of_json(slow)["claims"][0]["pairs"]) == without_last_digits(found["claims"][0]["pairs"]),
       "a machine that is slow for all moves no ratio, no interval and no deviation")
    medians = [[c["median"] for c in overview["cells"]] for overview in (found, of_json(slow))]
    ok(medians[0] == medians[1], "nor a median, which is of the first machine alone")
    text = " ".join(run(slow).stdout.split())
    ok("are those of machine 1 (host 000000), which ran 3 of 12 blocks" in text, "which is said")

    odd = edit(fleet, times(2, lambda row: row["collector"] == "rc" and int(row["block"]) % 4 == 2), "fleet-odd")
    changed = [p for p in of_json(odd)["claims"][0]["pairs"] if "rc" in (p["a"], p["b"]) and p["verdict"] != "n/a"]
    ok(changed and all([m["disagrees"] for m in p["machines"]][2] for p in changed), "a machine on which a collector is slow disagrees", changed[:1])
    ok(all(p["tau"] > 0.2 and p["share"] > 0.8 for p in changed), "and the share that depends on machines is large", changed[:1])
    text = " ".join(run(odd).stdout.split())
    ok("machines disagree: " in text and "3 (host 222222) on" in text, "which is said, with its name", text[:800])

    other = edit_manifest(folder(place, "fleet-again", "--workloads", "6", "--blocks", "12", "--schema", "2", "--seed", "3"), "fleet-other", machines=machines)
    result, comparison = run(fleet, other), of_json(fleet, other)
    ok(comparison["machines"] == 4 and not comparison["two_machines"] and "4 machines in common" in " ".join(result.stdout.split()),
       "two runs of the same machines are compared on each of them", result.stderr)
    faster = edit(other, times(0.5, lambda row: row["collector"] == "rc"), "fleet-faster")
    calls = {c["collector"] for c in of_json(fleet, faster)["cells"] if c["verdict"] == "faster"}
    ok(calls == {"rc"}, "what is faster on all of them is called so", calls)
    apart = edit_manifest(plain, "fleet-elsewhere", machines=[dict(m, machine=dict(m["machine"], cpu="y")) for m in machines])
    odd = edit_manifest(plain, "fleet-hostile", machines=[{"machine": {"hostname_hash": "\u202e\n\x1b[31m"}, "blocks": [99, -1, "x", 1]}, {"machine": 5, "blocks": {}}, 7])
    result = run(odd)
    ok(result.returncode == 0 and "host ?" in " ".join(result.stdout.split()) and "\x1b" not in result.stdout, "machines that cannot be are read as what they may be", result.stderr)
    ok(of_json(fleet, apart)["two_machines"] and of_json(fleet, apart)["machines"] == 1, "runs without a machine in common are of two machines")


TESTS = (test_claims, test_settings, test_unfinished, test_comparison, test_ten_fold, test_losses, test_offsets, test_reference,
         test_machines, test_conditions, test_confirmation, test_fresh_pages, test_nothing_of_its_own, test_drift, test_builds, test_attempts, test_heaps, test_stopped, test_warm_peak, test_quantiles, test_many, test_many_machines)


def main():
    with tempfile.TemporaryDirectory() as place:
        for test in TESTS:
            test(place)
    return done()


sys.exit(main())

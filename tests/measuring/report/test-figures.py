#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Figures of many workloads are several charts, each panel has its own rows, and a paper gets PDFs. Speaks TAP."""
import csv
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing of ours beside the sources
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from tap import done, ok, skip  # noqa: E402
import drawn  # noqa: E402
import pages  # noqa: E402
from drawn import caption, charts, draw, folder, run, table, texts  # noqa: E402
from rows import manifest_read, manifest_write, read as read_rows, write as write_rows  # noqa: E402

drawn.use(*sys.argv[1:3])


SCREEN, PAPER = 1520, 980  # px of a page


def height(chart):
    with open(chart) as file:
        found = re.search(r'viewBox="0 0 \d+ (\d+)"', file.read())
    return int(found[1]) if found else 0


def test_divided(place):
    """A figure of many workloads is several charts, of which each has some of the workloads."""
    path = folder(place, "divided", "--workloads", "12", "--collectors", "15", "--blocks", "2", "--events", "12", "--samples", "20")
    os.mkdir(f"{path}/charts")
    left = {"time.svg", "time.png", "time-3.svg", "time-4.png"}
    for name in left:
        open(f"{path}/charts/{name}", "w").close()
    draw(path, "time heap heatmap")
    works = sorted({row["work"] for row in table(path, "normalised")})
    for figure, expected in ("time", 2), ("heap", 6):
        found = charts(path, figure)
        ok(len(found) == expected == len(charts(path, figure, "png")), f"{figure} is {expected} charts", found)
        said = [texts(chart) for chart in found]
        ok(all(sum(work in words for words in said) == 1 for work in works), "each workload stands in one of them", [work for work in works if sum(work in words for words in said) != 1])
        ok(all(any(f"({number} of {expected})" in text for text in words) for number, words in enumerate(said, 1)), "each says which it is", said[0][:3])
        ok(all(0 < height(chart) <= SCREEN for chart in found), "none is taller than a page", [height(chart) for chart in found])
    ok(len(charts(path, "heatmap")) == 1, "a heat map is one")
    ok(not left & set(os.listdir(f"{path}/charts")), "charts of an earlier division are removed", os.listdir(f"{path}/charts"))
    named = {figure["name"]: figure["charts"] for figure in pages.data(path)["figures"]}
    ok(named == {"heap": [f"heap-{number}" for number in range(1, 7)], "heatmap": ["heatmap"], "time": ["time-1", "time-2"]}, "the page names all of them", named)
    panels = {(row["work"], row["config"]) for row in table(path, "heap") if row["setting"] == "glibc"}
    said = [text for chart in charts(path, "heap") for text in texts(chart) if re.search(r", (no|\d+) collections?$", text)]
    ok(len(said) == len(panels) == 12 * 15, "the heap has a panel for each collector of each workload", len(said), len(panels))


def test_heap_window(place):
    """Beside the whole run stand a few collections, where the line of the run has not every sample."""
    path = folder(place, "window-drawn", "--workloads", "2", "--collectors", "5", "--blocks", "2", "--events", "60", "--samples", "1200")
    draw(path, "heap")
    windows = {(row["work"], row["config"]) for row in table(path, "heap_window") if row["setting"] == "glibc"}
    shaded = open(charts(path, "heap")[0]).read().lower().count("255, 233, 184")
    ok(len(windows) == 8 and shaded == 8, "the place of each window is shaded in the line of the whole run", len(windows), shaded)


def test_pause_times(place):
    """The pauses of the process that the heap shows stand in a table: all of them, or of many of a kind the longest of each stretch."""
    path = folder(place, "pause-times", "--workloads", "2", "--collectors", "5", "--blocks", "2", "--events", "900", "--samples", "40")
    run("plot", path, "--tables")
    wrong, thinned, whole = [], 0, 0
    found = table(path, "pause_times")
    shown = {(row["setting"], row["work"], row["config"]): row["process"] for row in table(path, "heap")}
    for cell, process in shown.items():
        with open(f"{path}/events/{int(process):06d}.csv", newline="") as file:
            events = list(csv.DictReader(file))
        for kind in {event["kind"] for event in events}:
            pauses = [(int(event["begin_ns"]), int(event["end_ns"]) - int(event["begin_ns"])) for event in events if event["kind"] == kind]
            rows = [row for row in found if (row["setting"], row["work"], row["config"], row["kind"]) == (*cell, kind)]
            stretch = -(-len(pauses) // 200)
            thinned, whole = thinned + (stretch > 1), whole + (stretch == 1)
            longest = [max(pauses[first:first + stretch], key=lambda pause: pause[1]) for first in range(0, len(pauses), stretch)]
            if [(int(row["begin_ns"]), int(row["pause_ns"])) for row in rows] != longest or {(int(row["pauses"]), row["process"]) for row in rows} != {(len(pauses), process)}:
                wrong.append((cell, kind, len(pauses), len(rows)))
    ok(shown and thinned and whole and not wrong, "the pauses over time are those of the process, and of many the longest", len(shown), thinned, whole, wrong[:3])


def test_not_warm(place):
    """A cell with warm memory of which a process was not warm has its mark in the charts, and the others have not."""
    path = folder(place, "not-warm", "--schema", "2", "--memory", "--stopped", "--workloads", "8", "--blocks", "8")
    draw(path, "heatmap time parts")
    ok(not any("°" in caption(path, name) for name in ("heatmap", "time", "parts")), "charts of a run in which all were warm have no such mark")
    every = read_rows(path)
    for row in every:
        if (row["workload"], row["collector"], row["memory"], row["block"]) == ("grow", "rc-trial", "warm", "0"):
            row["minor_faults"] = "1000000"
    write_rows(path, every, list(every[0]))
    draw(path, "heatmap time parts")
    for name in ("heatmap", "time", "parts"):
        said = [text for chart in charts(path, name) for text in texts(chart) if "°" in text and "°:" not in text]
        ok(len(said) == 1 and "°: a process of it was not warm." in caption(path, name), f"the cell that was not warm has it in {name}", said)


def grown(path, sizes, workload="grow"):
    """Makes workloads of a run sizes of one. Under rc time grows with the power of 1.5 of the size, else in proportion."""
    manifest = manifest_read(path)
    for cell in manifest["cells"]:
        if cell["workload"] in sizes:
            cell.update(workload_options=f"nodes={sizes[cell['workload']]}", workload=workload, group="allocate")
    manifest_write(path, manifest)
    every = read_rows(path)
    for row in every:
        size = sizes.get(row["workload"])
        if size:
            power = 1.5 if row["collector"] == "rc" else 1
            wall = int(1e8 * (size / 1e7) ** power * (1 + 0.1 * int(row["block"])))
            row.update(workload=workload, workload_options=f"nodes={size}", allocated_bytes=size, wall_ns=wall, baseline_rss_bytes=1000000, max_rss_bytes=1000000 + size // 2)
    write_rows(path, every, list(every[0]))


def test_growth(place):
    """A workload at several sizes has a panel, and each collector its exponent."""
    path = folder(place, "growth", "--workloads", "3", "--collectors", "3", "--blocks", "3")
    result = run("plot", path, "--only", "growth")
    ok(result.returncode == 0 and "no workload of this run has three sizes" in result.stderr and not os.path.exists(f"{path}/charts/growth.svg"), "without sizes there is nothing to draw, and that is said", result.stderr[-200:])
    grown(path, dict(zip(("alloc-churn", "binary-trees", "gcbench"), (10 ** 7, 4 * 10 ** 7, 16 * 10 ** 7))))
    for part in ("records", "events", "timelines"):
        shutil.rmtree(f"{path}/{part}")
    draw(path, "growth growth-memory")
    said, memory = ([text for chart in charts(path, figure) for text in texts(chart)] for figure in ("growth", "growth-memory"))
    ok("grow: wall time" in said and said.count("1.00 (1.00–1.00)") == 2 and said.count("1.50 (1.50–1.50)") == 1, "growth in proportion has an exponent of 1, and faster growth a larger one", said[-30:])
    ok("grow: peak memory" in memory and memory.count("1.00 (1.00–1.00)") == 3, "so has memory", memory[-30:])
    ok({"growth", "growth-memory"} <= {figure["name"] for figure in pages.data(path)["figures"]}, "the page names both")
    path = folder(place, "growth-many", "--workloads", "24", "--collectors", "12", "--blocks", "3")
    names = sorted({row["workload"] for row in read_rows(path) if row["workload"] != "null"})
    for family in range(8):
        grown(path, dict(zip(names[3 * family:3 * family + 3], (10 ** 7, 4 * 10 ** 7, 16 * 10 ** 7))), f"grow-{family}")
    for part in ("records", "events", "timelines"):
        shutil.rmtree(f"{path}/{part}")
    results = [run("plot", path, "--only", "growth", *more) for more in ((), ("--paper", "1"))]
    for found, page in (charts(path, "growth"), SCREEN), (sorted(paper(path, "growth")), PAPER):
        said = [text for chart in found for text in texts(chart) if text.endswith(": wall time")]
        ok(not any(result.returncode for result in results) and all(0 < height(chart) <= page for chart in found) and sorted(said) == [f"grow-{family}: wall time" for family in range(8)],
           "growth of many workloads is several charts, none taller than its page", [height(chart) for chart in found], said)


def test_paper(place):
    """Charts of the width of one and of two columns, as PDF with its fonts."""
    path = folder(place, "paper", "--schema", "2", "--memory", "--workloads", "6", "--collectors", "7", "--blocks", "3", "--events", "12", "--samples", "20")
    found = {}
    for columns, points in (1, 241), (2, 505):
        results = [run("plot", path, "--paper", str(columns), "--only", figure) for figure in ("time", "pauses", "heap", "parts", "heatmap")]
        found[columns] = sorted(os.listdir(f"{path}/paper"))
        ok(not any(result.returncode or result.stderr for result in results) and {name.split(".")[1] for name in found[columns]} == {"pdf", "png", "svg"},
           f"figures are drawn for {columns} column{'s'[:columns - 1]}", [result.stderr[-200:] for result in results])
        widths = [float(re.search(rb"/MediaBox \[ 0 0 ([\d.]+)", open(f"{path}/paper/{name}", "rb").read())[1]) for name in found[columns] if name.endswith(".pdf")]
        ok(len(widths) > 5 and all(abs(width - points) < 2 for width in widths), "each PDF is as wide as that", widths)
    ok(len(found[1]) > len(found[2]), "a narrow figure is more charts, of which none stay", len(found[1]), len(found[2]))
    ok(not os.path.exists(f"{path}/charts") and not os.path.exists(f"{path}/report.html"), "charts for a screen and the page are not touched")
    if shutil.which("pdffonts"):
        fonts = [line.split() for name in found[2] if name.endswith(".pdf")
                 for line in subprocess.run(["pdffonts", f"{path}/paper/{name}"], capture_output=True, text=True).stdout.splitlines()[2:]]
        ok(fonts and all(font[-5] == "yes" for font in fonts), "their fonts are embedded", fonts[:3])
    else:
        skip("their fonts are embedded", "pdffonts is not installed (poppler-utils)")
    for figure in "time", "parts", "heatmap":
        run("plot", path, "--paper", "1", "--only", figure)
    if shutil.which("pdftotext") and shutil.which("pdftoppm"):
        looked_at(path)
    else:
        skip("letters and hatches fit a paper", "pdftotext and pdftoppm are not installed (poppler-utils)")
    for columns in "0", "3", "two":
        result = run("plot", path, "--paper", columns)
        ok(result.returncode == 2 and len(result.stderr.splitlines()) == 1 and "--paper" in result.stderr, f"a paper has no {columns} columns", result.stderr)


def words_of(pdf):
    """The words of a PDF with their places, in points: left, top, right, bottom."""
    said = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
    return [(html.unescape(word), *map(float, place)) for *place, word in re.findall(r'<word xMin="([^"]*)" yMin="([^"]*)" xMax="([^"]*)" yMax="([^"]*)">(.*?)</word>', said)]


def lines_across(pdf, left, top, right, bottom):
    """How many dark lines a horizontal line through the middle of a place of a PDF crosses."""
    dots = 600 / 72
    grey = subprocess.run(["pdftoppm", "-r", "600", "-gray", "-singlefile", "-x", str(int(dots * left)), "-y", str(int(dots * (top + bottom) / 2)), "-W", str(int(dots * (right - left))), "-H", "1", pdf],
                          capture_output=True, check=True).stdout.split(b"\n", 3)[3]
    dark = [dot < 200 for dot in grey]
    return sum(now and not before for before, now in zip([False, *dark], dark))


def looked_at(path):
    """What a reader of a paper sees of the PDFs of one column."""
    drawn_ = [f"{path}/paper/{name}" for name in os.listdir(f"{path}/paper") if re.fullmatch(r"(time|parts)(-\d+)?\.pdf", name)]
    high = [bottom - top for pdf in drawn_ for _, _, top, _, bottom in words_of(pdf)]
    ok(len(high) > 100 and 9.5 < max(high) < 10.2, "the letters of a title have 8.5 points and a line of 9.9, and no others have more", max(high))
    figures = sorted((round(top), left, right, word) for word, left, top, right, _ in words_of(f"{path}/paper/heatmap.pdf") if re.fullmatch(r"[\d.]+[†‡]*=?", word) and "." in word[:-1])
    on = [(one, other) for one, other in zip(figures, figures[1:]) if one[0] == other[0] and one[2] > other[1]]
    ok(len(figures) > 30 and not on, "no figure of the heat map stands on its neighbour", len(figures), on[:3])
    parts = f"{path}/paper/parts.pdf" if os.path.exists(f"{path}/paper/parts.pdf") else f"{path}/paper/parts-1.pdf"
    (_, left, top, _, bottom), = [word for word in words_of(parts) if word[0] == "waiting"]
    hatch = lines_across(parts, left - 13.5, top, left - 4.9, bottom)
    ok(hatch >= 2, "a part that is hatched has several lines", hatch)


def paper(path, figure):
    return [f"{path}/paper/{name}" for name in os.listdir(f"{path}/paper") if re.fullmatch(figure + r"(-\d+)?\.svg", name)]


def pages_high(path, figure):
    """The px of the PDFs of a figure, of which four are a millimetre: their letters are wider than those of other formats."""
    found = [name for name in os.listdir(path) if re.fullmatch(figure + r"(-\d+)?\.pdf", name)]
    return [4 * 25.4 / 72 * float(re.search(rb"/MediaBox \[ 0 0 [\d.]+ ([\d.]+)", open(f"{path}/{name}", "rb").read())[1]) for name in found]


def test_many(place):
    """Eighteen collectors: no chart is taller than a page, and what cannot be drawn is said."""
    path = folder(place, "many", "--schema", "2", "--workloads", "14", "--collectors", "18", "--blocks", "2", "--events", "12", "--samples", "20", "--pauses", "40")
    draw(path, "time leaked utilisation heap")
    heights = {figure: [height(chart) for chart in charts(path, figure)] for figure in ("time", "leaked", "utilisation", "heap")}
    ok(all(0 < most <= SCREEN for found in heights.values() for most in found) and len(heights["time"]) > 1, "of eighteen collectors no chart is taller than a page", heights)
    leaking = {row["work"] for row in table(path, "cells") if row["metric"] == "leaked" and row["setting"] == "glibc" and row["role"] != "floor" and row["baseline"] == "0" and float(row["median"] or 0) > 0}
    works = {row["work"] for row in table(path, "normalised")}
    said = {text for chart in charts(path, "leaked") for text in texts(chart)}
    ok(leaking and works & said == leaking and f"Not drawn: {len(works - leaking)} workloads" in caption(path, "leaked"),
       "leaks are drawn of workloads on which one that frees has any, and the others are counted", works & said, leaking, caption(path, "leaked")[-200:])
    words = caption(path, "utilisation")
    ok(words.count("no process kept") == 2 * 14 and words.count("5 of 6 without a line") == 14, "a panel without lines says why", words.count("no process kept"), words[-300:])
    for folder_ in "events", "timelines", "records":
        shutil.rmtree(f"{path}/{folder_}")
    draw(path, "heap")
    ok("Drawn: the process of each cell nearest to" in caption(path, "heap") and "of these" not in caption(path, "heap"), "a run without raw files has a caption of its own", caption(path, "heap")[-600:])
    result = run("plot", folder(place, "no-leaks", "--workloads", "4", "--blocks", "2"), "--only", "leaked")
    ok(result.returncode == 0 and "nothing to draw for 'leaked': on every workload, each collector that frees gave back all" in result.stderr, "without leaks there is nothing to draw, and that is said", result.stderr)


def test_column(place):
    """Eighteen collectors in one column of a paper."""
    path = folder(place, "column", "--schema", "2", "--workloads", "3", "--collectors", "18", "--blocks", "2", "--events", "50", "--samples", "20", "--pauses", "40")
    figures = "time", "memory", "pauses", "utilisation", "heap", "allocators", "parts", "heatmap"
    results = [run("plot", path, "--paper", "1", "--only", figure) for figure in figures]
    heights = {figure: [height(chart) for chart in paper(path, figure)] for figure in figures}
    ok(not any(result.returncode for result in results) and all(heights.values()) and all(0 < most <= PAPER for found in heights.values() for most in found),
       "in one column none is taller than the text of a page", heights)
    high = {figure: pages_high(f"{path}/paper", figure) for figure in figures}
    ok(all(high.values()) and all(most < PAPER + 1 for found in high.values() for most in found), "nor is any as PDF", high)
    rows = folder(place, "column-rows", "--schema", "2", "--workloads", "8", "--collectors", "18", "--blocks", "2")
    result = run("plot", rows, "--paper", "1", "--only", "time")
    high = pages_high(f"{rows}/paper", "time")
    ok(result.returncode == 0 and len(high) > 2 and max(high) < PAPER + 1, "nor one of which rows fill the page", high)
    said = [[text for text in texts(chart) if ", collectors " in text] for chart in paper(path, "heap")]
    ok(len(said) > 3 and all(len(words) == 1 for words in said) and len({words[0] for words in said}) == len(said), "a workload that has several charts says which collectors each shows", said)
    panels = [text for chart in paper(path, "allocators") for text in texts(chart)]
    ok(all(panels.count(name) == panels.count("rc-trial") for name in ("boehm", "immix")) and panels.count("boehm") > 0, "each collector has its panel", panels.count("boehm"))
    words = [text for text in texts(paper(path, "heatmap")[0])]
    ok({"1.5", "2", "4", "8", "16"} <= set(words) and "with a dot" in " ".join(words) and "bold" not in " ".join(words), "a heat map without figures has a key of its colours", words[-12:])


def snapshot(path):
    """The charts and the page of a run's folder, byte by byte."""
    names = ["report.html", *(f"charts/{name}" for name in os.listdir(f"{path}/charts"))]
    return {name: open(f"{path}/{name}", "rb").read() for name in names}


def chosen(path, figure, place="chosen"):
    return [f"{path}/{place}/{name}" for name in sorted(os.listdir(f"{path}/{place}")) if re.fullmatch(figure + r"(-\d+)?\.svg", name)]


def marks(chart):
    """The marks of a chart: shape and colour."""
    with open(chart) as file:
        return set(re.findall(r"#(gpPt\d+)' transform='[^']*' color='(rgb\([^)]*\))'", file.read()))


def test_chosen(place):
    """Workloads and collectors that are chosen are drawn alone, with the figures, colours and marks that they have in the whole."""
    path = folder(place, "chosen-cells", "--schema", "2", "--memory", "--workloads", "14", "--collectors", "9", "--blocks", "3", "--events", "40", "--samples", "60", "--baseline", "rc")
    works, configs = ("binary-trees", "rings"), ("rc-trial", "mark-sweep-block", "leak")
    draw(path, "time heap")
    before = snapshot(path)
    every = {row["work"] for row in table(path, "normalised")}
    result = run("plot", path, *(word for work in works for word in ("--workload", work)), *(word for config in configs for word in ("-c", config)))
    drawn_ = sorted(os.listdir(f"{path}/chosen"))
    ok(result.returncode == 0 and not result.stderr and len(drawn_) > 10, "chosen cells are drawn", result.stderr[-300:], drawn_)
    ok(snapshot(path) == before, "the charts of the whole run and the page stay as they are")
    kinds = {re.sub(r"(-\d+)?\.\w+$", "", name) for name in drawn_}
    ok({"allocators", "cold-warm", "heap", "heatmap", "heatmap-baseline", "leaked", "memory", "overhead", "parts", "pauses", "time", "utilisation"} <= kinds and "machine" not in kinds, "in figures of every kind but those of the whole run", kinds)
    for figure in sorted(kinds):
        words = [text for chart in chosen(path, figure) for text in texts(chart)]
        ok(every & set(words) <= set(works) and "Drawn: 2 of 14 workloads, 3 of 9 collectors." in " ".join(words), f"{figure} has these workloads alone and says so", every & set(words), words[-6:])
    panels = [text.split(",")[0].rstrip("†‡") for chart in chosen(path, "heap") for text in texts(chart) if re.search(r", (no|\d+) collections?$", text)]
    ok(sorted(panels) == sorted(2 * configs), "the heap has a panel for each chosen cell", panels)
    shown = {text.strip("†‡?= ") for text in texts(chosen(path, "heatmap")[0]) if re.match(r"[\d.]+[†‡]?( [?=])?$", text)}
    expected = {f"{float(row['ratio']):.2f}" for row in table(path, "normalised") if row["metric"] == "wall" and row["setting"] == "glibc" and row["work"] in works and row["config"] in configs and float(row["ratio"]) < 9.9}
    ok(shown == expected and len(shown) > 4, "a cell of the heat map has the figure that it has in the whole", shown, expected)
    whole, part = marks(charts(path, "time")[0]), marks(chosen(path, "time")[0])
    with open(f"{drawn.SCRIPTS}/style.gp") as style:
        palette = re.search(r'^colours = "([^"]*)"', style.read(), re.MULTILINE)[1].split()
    series = {row["config"]: int(row["series"]) for row in table(path, "normalised")}
    colours = {tuple(int(palette[series[config] % len(palette)][place:place + 2], 16) for place in (1, 3, 5)) for config in configs if config != "leak"} | {(0x88,) * 3}
    ok(part < whole and {tuple(map(int, re.findall(r"\d+", colour))) for _, colour in part} == colours, "each collector has the colour and the mark that it has in the whole", part, colours)
    ok("geo. mean" in caption(path, "time") and "geo. mean" not in " ".join(texts(chosen(path, "time")[0])), "a mean over all workloads is not beside some")
    for arguments, said in ((("-c", "rc-trail"), "plot: --collector: the run has no collector 'rc-trail'; did you mean 'rc-trial'?"),
                            (("--workload", "nothing-like-it"), "plot: --workload: the run has no workload 'nothing-like-it'; it has alloc-churn, "),
                            (("-c", "rc", "--collector", "rc"), "plot: --collector names 'rc' twice")):
        result = run("plot", path, *arguments)
        ok(result.returncode == 2 and said in result.stderr and len(result.stderr.splitlines()) == 1, f"{arguments} is refused with what is there", result.stderr)
    result = run("plot", path, "--only", "machine", "--workload", "rings")
    ok(result.returncode == 0 and "nothing to draw for 'machine' of chosen cells: it is of the whole run" in result.stderr, "the machine has no cells to choose", result.stderr)
    result = run("plot", path, "--only", "heatmap", *(word for work in every for word in ("--workload", work)))
    ok(result.returncode == 0 and sorted(os.listdir(f"{path}/chosen")) == ["heatmap.png", "heatmap.svg"] and snapshot(path) == before, "a choice of all there is is a choice, and takes the place of the one before", result.stderr, os.listdir(f"{path}/chosen"))
    run("plot", path, "--only", "heap", "--paper", "1", "--workload", "rings", "-c", "rc-trial")
    result = run("plot", path, "--only", "heap", "--workload", "binary-trees", "-c", "mark-sweep-block")
    ok(result.returncode == 0 and os.listdir(f"{path}/chosen") == ["heap.svg"], "whatever that was for", os.listdir(f"{path}/chosen"))
    for folder_ in (path, f"{path}/charts"):
        result = run("plot", path, "--only", "time", "-c", "rc", "--output", folder_)
        ok(result.returncode == 2 and "name another folder" in result.stderr and snapshot(path) == before, "what the page shows is not drawn over", result.stderr)
    os.makedirs(f"{place}/theirs")
    for name in ("memory.png", "memory-1.svg"):
        with open(f"{place}/theirs/{name}", "w") as file:
            file.write("theirs")
    result = run("plot", path, "--only", "memory", "-c", "rc", "--output", f"{place}/theirs")
    ok(result.returncode == 0 and {"memory.png", "memory-1.svg"} < set(os.listdir(f"{place}/theirs")), "a folder of somebody's loses no file", result.stderr, os.listdir(f"{place}/theirs"))
    shutil.rmtree(f"{path}/chosen")
    result = run("plot", path, "--only", "pauses", "--paper", "1", "--workload", "rings", "-c", "rc-trial", "--output", f"{place}/far/off")
    ok(result.returncode == 0 and sorted(os.listdir(f"{place}/far/off")) == ["pauses.pdf", "pauses.png", "pauses.svg"] and not os.path.exists(f"{path}/chosen") and snapshot(path) == before, "charts for a paper go where they are asked for", result.stderr, result.stdout)
    ok([line for line in result.stdout.splitlines() if line.endswith("pauses.pdf")] == [f"{place}/far/off/pauses.pdf"], "and their paths are printed", result.stdout)
    result = run("plot", path, "--only", "time", "--output", f"{place}/time-alone")
    ok(result.returncode == 0 and sorted(os.listdir(f"{place}/time-alone")) == sorted(os.path.basename(chart) for chart in charts(path, "time")) and snapshot(path) == before, "so do charts for a screen, and the page stays as it is", result.stderr)
    result = run("plot", path, "--paper", "1", *(word for config in configs for word in ("-c", config)), *(word for work in ("gcbench", "grow", "rings") for word in ("--workload", work)), "--output", f"{place}/three")
    high = {figure: pages_high(f"{place}/three", figure) for figure in sorted(kinds)}
    ok(result.returncode == 0 and all(high.values()) and all(most < PAPER + 1 for found in high.values() for most in found), "with what captions say of the choice no chart is taller than its page", high)
    result = run("plot", path, "--terminal", "--workload", "rings", "-c", "rc-trial", "-c", "leak")
    ok(result.returncode == 0 and "rings" in result.stdout and "rc-trial" in result.stdout and "binary-trees" not in result.stdout and "mark-sweep" not in result.stdout, "so they are on a terminal", result.stdout)
    sizes = dict(zip(("alloc-churn", "binary-trees", "gcbench"), (10 ** 7, 4 * 10 ** 7, 16 * 10 ** 7)))
    path = folder(place, "chosen-sizes", "--workloads", "3", "--collectors", "3", "--blocks", "3")
    grown(path, sizes)
    for part in ("records", "events", "timelines"):
        shutil.rmtree(f"{path}/{part}")
    result = run("plot", path, "--only", "growth", "--workload", "grow", "-c", "rc")
    words = [text for chart in chosen(path, "growth") for text in texts(chart)]
    ok(result.returncode == 0 and "grow: wall time" in words and words.count("1.50 (1.50–1.50)") == 1 and not any(text.startswith("1.00 (") for text in words), "a name without options chooses all sizes", result.stderr, words[-10:])
    result = run("plot", path, "--only", "growth", "--workload", f"grow:nodes={10 ** 7}")
    ok(result.returncode == 0 and "nothing to draw for 'growth' of what is chosen; of the whole run there may be" in result.stderr, "one with options chooses one of them, of which there is no growth", result.stderr)
    result = run("plot", path, "--only", "time", "--workload", "gro")
    ok(result.returncode == 2 and "did you mean 'grow'?" in result.stderr, "the nearest may be a name without options", result.stderr)


def main():
    if not shutil.which("gnuplot"):
        skip("figures", "gnuplot is not installed (gnuplot-nox)")
        return done()
    with tempfile.TemporaryDirectory() as place:
        for test in (test_divided, test_heap_window, test_pause_times, test_not_warm, test_growth, test_paper, test_many, test_column, test_chosen):
            test(place)
    return done()


sys.exit(main())

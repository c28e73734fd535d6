#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A results folder of a stranger: its names and texts are shown as they are, and nothing in it is run. Speaks TAP."""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
from html.parser import HTMLParser

sys.dont_write_bytecode = True  # nothing of ours beside the sources
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from tap import done, long_tests, ok, skip  # noqa: E402
import pages  # noqa: E402

PROGRAM, MAKE_FOLDER = map(os.path.abspath, sys.argv[1:3])

SCRIPT = "<script>alert(1)</script>"
# JSON cannot hold bytes that are no UTF-8: rows can, and so can paths.
NAMES = {
    "HTML": SCRIPT + "<img src=x onerror=alert(2)>\"'&amp;",
    "escape sequences": "a\x1b[31mred\x1b]0;title\x07\x9b2J\x7f",
    "line ends": "one\ntwo\r\nthree\tfour\u2028five",
    "quotes": "'one' \"two\" `three` \\four\\ ''five\"\",six",
    "commas": "a,b,,c",
    "percents": "100% %s %d %n %g %%",
    "signs of gnuplot": "a_{b}^c @d $(e) |f #g {/Bold h} ~i ; exit",
    "Markdown": "|a|*b*_c_~~d~~[e](http://f)![g](h)<!-- <b>i</b>",
    "directions": "a\u202eb\u2066c\u200fd\ufeffe\uffff",
    "wide characters": "漢字" * 40 + "é" * 40 + "😀" * 10,
    "5,000 characters": "long" * 1250,
    "blanks": "  a  ",
    "a dash": "-rf",
}
TEXTS = ("workload", "workload_options", "collector_options", "allocator", "tuning")


def run(*arguments, **more):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, **more)


def folder(place, name, *arguments):
    path = os.path.join(place, name)
    subprocess.run([sys.executable, MAKE_FOLDER, path, *arguments], check=True)
    return path


def rewrite(path, change):
    """Changes the manifest, each of its cells and each row alike."""
    with open(f"{path}/manifest.json") as text:
        manifest = json.load(text)
    for cell in manifest["cells"]:
        change(cell)
    with open(f"{path}/runs.csv", newline="") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        change(row)
    with open(f"{path}/manifest.json", "w") as text:
        json.dump(manifest, text)
    with open(f"{path}/runs.csv", "w", newline="", encoding="utf-8", errors="surrogateescape") as text:
        writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def spoil(path, name):
    """Gives every text of the folder that a stranger writes the name."""
    def change(texts):
        for key in TEXTS:
            if key in texts:
                texts[key] = name if texts[key] in ("", "default") else texts[key] + name
        if texts.get("reason"):
            texts["reason"] = name

    rewrite(path, change)
    with open(f"{path}/manifest.json") as text:
        manifest = json.load(text)
    manifest["name"] = name
    manifest["warnings"] = [name]
    manifest["machine"] = {**manifest["machine"], "cpu": name, name: name}
    manifest["versions"] = {name: name}
    for cell in manifest["cells"]:
        cell["group"] = name
    with open(f"{path}/manifest.json", "w") as text:
        json.dump(manifest, text)


class Elements(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "iframe", "object", "embed", "foreignobject", "base") or tag == "img":
            self.found.append(tag)
        self.found += [key for key, value in attributes if key.startswith("on") or (value or "").startswith("javascript:")]


def acted_on(page):
    parser = Elements()
    parser.feed(page)
    return parser.found


def texts(value):
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(inner)


def charts_are_whole(path):
    for chart in sorted(os.listdir(f"{path}/charts")):
        if chart.endswith(".svg"):
            try:
                xml.etree.ElementTree.parse(f"{path}/charts/{chart}")
            except xml.etree.ElementTree.ParseError as error:
                return f"{chart}: {error}"
        elif open(f"{path}/charts/{chart}", "rb").read(8)[1:4] != b"PNG":
            return chart
    return ""


def is_plain(output):
    """Whether a terminal only shows the bytes."""
    try:
        text = output.decode()
    except UnicodeDecodeError as error:
        return f"{error}"
    found = re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069\ufeff\uffff]", text)
    return found and repr(text[max(0, found.start() - 40):found.end() + 40])


def test_names(place):
    """The figures of a run whose names are hostile are those of the same run with plain names."""
    names = NAMES if long_tests else {key: NAMES[key] for key in ("HTML", "escape sequences", "quotes")}
    design = ("--schema", "2", "--memory", "--workloads", "2", "--collectors", "3", "--blocks", "3", "--events", "9", "--fail")
    plain = folder(place, "plain", *design)
    run("plot", plain, "--png")
    charts = sorted(os.listdir(f"{plain}/charts"))
    for place_of, (what, name) in enumerate(names.items()):
        path = folder(place, f"spoiled-{place_of}", *design)
        spoil(path, name)
        result = run("plot", path, "--png")
        drawn = sorted(os.listdir(f"{path}/charts")) if os.path.exists(f"{path}/charts") else []
        ok(result.returncode == 0 and drawn == charts, f"a run with {what} in its names has all its charts", result.stderr.decode(errors="replace")[-600:],
           set(charts) - set(drawn))
        ok(not charts_are_whole(path), "each is well formed", charts_are_whole(path))
        page = open(f"{path}/report.html", "rb").read().decode(errors="replace")
        held = pages.data_text(path)
        ok(pages.without_data(path) == pages.without_data(plain) and acted_on(page) == acted_on(pages.read(plain)) and not re.search("[<>&\x00-\x09\x0b-\x1f\x7f-\uffff]", held),
           "the page holds no element that acts but its own, and its data none at all", acted_on(page)[:9], re.findall("[<>&\x00-\x09\x0b-\x1f\x7f-\uffff]", held)[:9])
        said = "".join(texts(pages.data(path)))
        ok(not is_plain(said.replace("\n", " ").encode()) and "\n" not in said, "none of its texts drives anything", is_plain(said.encode()))
        ok(len(page) < 4_000_000, "and is no longer than a page is", len(page))
        result = run("plot", path, "--paper", "2", "--only", "time")
        paper = open(f"{path}/paper/time.pdf", "rb").read() if os.path.exists(f"{path}/paper/time.pdf") else b""
        ok(result.returncode == 0 and paper.startswith(b"%PDF") and not re.search(rb"/(JavaScript|JS|OpenAction|URI|Launch)\b", paper), "its PDF acts as little", result.stderr[-300:])
        marks = 0
        for chart in charts:
            if chart.endswith(".svg"):
                count = [open(f"{folder_}/charts/{chart}").read().count("<use ") for folder_ in (plain, path)]
                marks += count[0] != count[1]
        ok(marks == 0, "its charts have as many marks as those of the same run with other names", marks)
        for arguments in (("compare", path), ("compare", path, "--markdown"), ("compare", plain, path), ("compare", path, path, "--markdown"),
                          ("plot", path, "--terminal"), ("plot", path, "--terminal", "--only", "leaked")):
            result = run(*arguments)
            words = " ".join(word if word.startswith("--") or word in ("compare", "plot") else os.path.basename(word) for word in arguments)
            ok(result.returncode == 0 and not is_plain(result.stdout + result.stderr), f"{words} drives no terminal", is_plain(result.stdout + result.stderr), result.stderr[-200:])
            if "--markdown" in arguments:
                ok(not re.search(rb"<[a-z!/]", result.stdout), "its Markdown holds no HTML", re.findall(rb".{20}<[a-z!/].{20}", result.stdout)[:3])
        result = run("compare", path, "--json")
        ok(json.loads(result.stdout)["cells"][0]["workload"], "and its JSON names every workload")


FOLDERS = ("| touch TOUCHED #", "<touch TOUCHED", "$(touch TOUCHED)", "`touch TOUCHED`", "~", "-o-dash", "line\nend", "tab\t it's \"q\" \\", "$x")


def test_folders(place):
    """A folder of any name is drawn, and nothing that its name says is done."""
    os.mkdir(f"{place}/folders")
    made = folder(place, "made", "--schema", "2", "--workloads", "1", "--collectors", "2", "--blocks", "2", "--events", "9", "--rows", "3")
    for name in FOLDERS:
        path = f"{place}/folders/{name}"
        shutil.copytree(made, path)
        result = run("plot", "--only", "time", "--png", "--", name, cwd=f"{place}/folders")
        ok(result.returncode == 0 and os.path.exists(f"{path}/charts/time.png") and os.path.exists(f"{path}/report.html") and not is_plain(result.stdout),
           f"the folder {name!r} is drawn", result.stderr)
        result = run("compare", "--", name, cwd=f"{place}/folders")
        text = result.stdout.decode()
        hint = re.search(r"Go on with: (.* --resume)$", text, re.MULTILINE)
        given = subprocess.run(["bash", "-c", 'gcmatrix() { printf "%s\\0" "$@"; }; ' + (hint[1] if hint else "")], capture_output=True, cwd=f"{place}/folders").stdout
        taken = given.decode().split("\0")
        ok(taken[:2] == ["matrix", "SPECIFICATION"] and os.path.normpath(taken[3]) == name, "the hint to go on names it, whatever a shell makes of it", hint and hint[1], taken)
    ok(sorted(os.listdir(f"{place}/folders")) == sorted(FOLDERS), "no name was a command", os.listdir(f"{place}/folders"))


def test_foreign_files(place):
    """What lies in a folder is neither run nor put into the page."""
    path = folder(place, "foreign", "--schema", "2", "--workloads", "1", "--collectors", "2", "--blocks", "2", "--events", "9")
    os.mkdir(f"{path}/charts")
    foreign = f'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for name in ("time", "latency", "parts"):
        with open(f"{path}/charts/{name}.svg", "w") as text:
            text.write(foreign)
    for name in (".gnuplot", "gnuplot"):
        with open(f"{path}/{name}", "w") as text:
            text.write(f"system('touch {place}/TOUCHED')\n" if name[0] == "." else f"#!/bin/sh\ntouch {place}/TOUCHED\n")
        os.chmod(f"{path}/{name}", 0o755)
    result = run("plot", path, "--only", "time", cwd=path, env={**os.environ, "PATH": os.environ["PATH"] + ":.", "HOME": path})
    page = pages.read(path)
    found = acted_on(page)
    ok(result.returncode == 0 and SCRIPT not in page and "alert(1)" not in page and set(found) <= {"script"} and "<" not in pages.data_text(path), "a chart that lay there is not put into the page", found)
    figures = {figure["name"]: figure["drawn"] for figure in pages.data(path)["figures"]}
    ok(figures["time"] and figures["parts"] is False and "<img" not in page and "<svg" not in page, "the page says that it was not drawn with it, and holds no image", figures)
    ok("latency" not in figures, "and does not name it where the run has no such figure", figures)
    ok(not os.path.exists(f"{place}/TOUCHED"), "settings of gnuplot that lie in the folder are not read, nor is a program there run")


def test_left_out(place):
    """A figure that gnuplot cannot draw is left out with a word; the others and the page are made."""
    path = folder(place, "left-out", "--schema", "2", "--workloads", "1", "--collectors", "2", "--blocks", "2", "--events", "9")
    tools = f"{place}/tools"
    os.mkdir(tools)
    with open(f"{tools}/gnuplot", "w") as text:
        text.write(f'#!/bin/sh\ncase "$*" in *pauses.gp) echo "undefined variable: Y_min" >&2; exit 1;; esac\nexec {shutil.which("gnuplot")} "$@"\n')
    os.chmod(f"{tools}/gnuplot", 0o755)
    result = run("plot", path, "--png", env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"})
    figures = [figure["name"] for figure in pages.data(path)["figures"]] if os.path.exists(f"{path}/report.html") else []
    ok(result.returncode == 1 and b"pauses is left out: gnuplot failed: undefined variable: Y_min" in result.stderr,
       "a figure that gnuplot cannot draw is left out with a word", result.returncode, result.stderr)
    charts = os.listdir(f"{path}/charts")
    ok("pauses.svg" not in charts and "time.svg" in charts and "machine.png" in charts and "time" in figures and "pauses" not in figures,
       "the other figures and the page are made", charts)


def main():
    if not shutil.which("gnuplot"):
        skip("charts of hostile names", "gnuplot is not installed")
    with tempfile.TemporaryDirectory() as place:
        test_folders(place)
        test_foreign_files(place)
        test_left_out(place)
        test_names(place)
    return done()


sys.exit(main())

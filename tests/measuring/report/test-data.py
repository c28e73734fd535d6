#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What other programs read of a run is what it says that it is. Speaks TAP.

datapackage.json holds for every CSV file: against the specification, and against each header and value. `gcmatrix table`
prints the same figures in every form. The scripts of docs/analysis/ and the LaTeX are tried where their programs are.
"""
import csv
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing of ours beside the sources
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from tap import done, ok, skip  # noqa: E402
import pages  # noqa: E402

PROGRAM, MAKE_FOLDER, SOURCE = map(os.path.abspath, sys.argv[1:4])


def run(*arguments, **more):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, **more)


def folder(place, name, *arguments):
    path = os.path.join(place, name)
    subprocess.run([sys.executable, MAKE_FOLDER, path, *arguments], check=True)
    return path


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as text:
        return list(csv.reader(text))


def package_of(path):
    with open(f"{path}/datapackage.json", encoding="utf-8") as text:
        return json.load(text)


# ---- the specification: Data Package, Tabular Data Resource, CSV Dialect and Table Schema, version 1 ----

TYPES = {"string", "number", "integer", "boolean"}
CONSTRAINTS = {"required", "enum", "minimum"}
DIALECT = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True}


def wrong_field(field, names):
    if not re.fullmatch(r"\w+", field.get("name", "")) or field.get("type") not in TYPES:
        return "name or type"
    if len(field.get("description", "")) < 5 or field["description"].startswith(";"):
        return "description"
    if field["type"] == "number" and not (field.get("unit") or field.get("unitColumn") in names):
        return "unit"
    if set(field["constraints"]) - CONSTRAINTS or ("minimum" in field["constraints"] and field["type"] != "integer"):
        return "constraints"
    if field["type"] == "boolean" and (field["trueValues"], field["falseValues"]) != (["1"], ["0"]):
        return "values of a boolean"
    return None


def wrong_resource(resource):
    """What of a resource is not as the specification has it; an empty list where all is."""
    schema, fields = resource["schema"], resource["schema"]["fields"]
    names = [field["name"] for field in fields]
    wrong = [(field["name"], wrong_field(field, names)) for field in fields if wrong_field(field, names)]
    if not re.fullmatch(r"[-a-z0-9._/]+", resource["name"]) or resource["profile"] != "tabular-data-resource":
        wrong.append("name or profile")
    if resource["path"].startswith("/") or ".." in resource["path"].split("/") or "\\" in resource["path"]:
        wrong.append("path")
    required = {field["name"] for field in fields if field["constraints"].get("required")}
    if len(set(names)) != len(names) or not names or not set(schema.get("primaryKey", [])) <= required:
        wrong.append("names of fields, or the key")
    if schema["missingValues"] != [""] or resource["dialect"] != DIALECT or resource["encoding"] != "utf-8" or resource["format"] != "csv":
        wrong.append("missing values, dialect or encoding")
    return wrong


def fits(field, text):
    """Whether the text of a field is of the type, and within the constraints."""
    constraints = field["constraints"]
    if text == "":
        return not constraints.get("required", False)
    if "enum" in constraints and text not in constraints["enum"]:
        return False
    if field["type"] == "integer":
        return bool(re.fullmatch(r"-?[0-9]+", text)) and int(text) >= constraints.get("minimum", int(text))
    if field["type"] == "number":
        return bool(re.fullmatch(r"-?([0-9]+(\.[0-9]+)?(e[+-][0-9]+)?|inf)", text))
    return text in ("0", "1") if field["type"] == "boolean" else True


def wrong_values(resource, path, part=False):
    """Where a file is not as its resource says: its header, its values (of 2,000 rows at most), and its key. With `part` it may
    lack the last columns."""
    fields, (header, *rows) = resource["schema"]["fields"], rows_of(path)
    names = [field["name"] for field in fields]
    if header != (names[:len(header)] if part else names):
        return [("header", header)]
    wrong = [(field["name"], row[i]) for row in rows[::len(rows) // 2000 + 1] for i, field in enumerate(fields[:len(header)]) if not fits(field, row[i])]
    key = [names.index(name) for name in resource["schema"].get("primaryKey", [])]
    keys = [tuple(row[i] for i in key) for row in rows]
    return wrong[:3] + (["two rows have one key"] if key and len(set(keys)) != len(keys) else [])


def check_package(path, what):
    package = package_of(path)
    resources, units = package["resources"], package["units"]
    ok(package["profile"] == "tabular-data-package" and re.fullmatch(r"[-a-z0-9._]+", package["name"]) and resources, f"{what}: the package has a name and resources", package["name"])
    every = resources + package["processFiles"]
    wrong = [(resource["name"], wrong_resource(resource)) for resource in every if wrong_resource(resource)]
    ok(not wrong and len({resource["name"] for resource in every}) == len(every), f"{what}: each resource is as the specification has it", wrong)
    used = {field["unit"] for resource in every for field in resource["schema"]["fields"] if "unit" in field}
    ok(used <= set(units), f"{what}: each unit is explained", used - set(units))
    there = {f"tables/{name}" for name in os.listdir(f"{path}/tables")} | {name for name in ("runs.csv", "reference.csv") if os.path.exists(f"{path}/{name}")}
    ok({resource["path"] for resource in resources} == there, f"{what}: each CSV file has its resource, and no other", there ^ {resource["path"] for resource in resources})
    wrong = [(resource["path"], found) for resource in resources if (found := wrong_values(resource, f"{path}/{resource['path']}"))]
    ok(not wrong, f"{what}: each header and each value is as its schema says", *wrong[:4])
    raw = [(resource, sorted(os.listdir(f"{path}/{resource['name']}"))) for resource in package["processFiles"]]
    wrong = [(name, found) for resource, names in raw for name in names if (found := wrong_values(resource, f"{path}/{resource['name']}/{name}", True))]
    ok(all(names for _, names in raw) and not wrong, f"{what}: so are the raw files of each process", *wrong[:4])
    return package


def check_by_others(path, what):
    """The same by the programs that are made for it, where they are installed."""
    if importlib.util.find_spec("frictionless"):
        from frictionless import Package
        report = Package(f"{path}/datapackage.json").validate()
        ok(report.valid, f"{what}: frictionless finds it valid", report.flatten(["name", "type", "message"])[:4])
    else:
        skip(f"{what}: frictionless finds it valid", "the Python package frictionless is not installed")


def test_packages(place):
    runs = {
        "a run of the first schema": ("first", "--workloads", "3", "--blocks", "4", "--events", "40", "--samples", "300", "--layouts", "2", "--instructions", "--fail"),
        "a run by precision": ("second", "--schema", "2", "--memory", "--attempts", "--stopped", "--baseline", "rc", "--workloads", "6", "--blocks", "8", "--events", "20", "--fail"),
        "a run in which nothing is shared": ("nothing", "--schema", "2", "--memory", "--lost", "cold", "--workloads", "2", "--blocks", "2"),
    }
    for what, arguments in runs.items():
        path = folder(place, *arguments)
        result = run("plot", path, "--tables")
        ok(result.returncode == 0 and f"{path}/datapackage.json" in result.stdout.split(), f"{what}: its datapackage.json is written with its tables", result.stderr)
        check_package(path, what)
        check_by_others(path, what)
    reference = f"{SOURCE}/results/reference"
    check_package(reference, "the committed run")
    first = package_of(f"{place}/first")
    ok({"events", "timelines"} <= {file["name"] for file in first["processFiles"]}, "the kinds of raw files that the folder holds are named", first["processFiles"])
    ok(len(first["resources"]) > 20 and first["created"] == "2024-01-01T00:00:00Z" and "invented" in first["title"], "the package says of which run it is")


def test_means(place):
    """Where no workload is shared, the rows are there and say so."""
    with open(f"{place}/nothing/tables/means.csv", newline="") as text:
        rows = list(csv.DictReader(text))
    bare = [row for row in rows if not row["ratio"]]
    ok(bare and all(row["works_shared"] == "0" and "no workload has a ratio of every collector: " in row["reason"] for row in bare), "a mean over no workload says why there is none", bare[:2])
    ok(all(row["ratio"] or row["reason"] for row in rows) and not any(row["ratio"] and row["reason"] for row in rows), "and no other row has a reason")
    with open(f"{place}/nothing/tables/trade.csv", newline="") as text:
        rows = list(csv.DictReader(text))
    ok(rows and all(row["value"] == "" and row["reason"] for row in rows), "so does the trade", rows[:2])


def test_trade(place):
    """The table has the figures of the page, which has them from the analysis."""
    path = f"{place}/second"
    if not shutil.which("gnuplot"):
        skip("the table of trades has the figures of the page", "gnuplot is not installed (gnuplot-nox)")
        return
    run("plot", path, "--only", "time")
    page = pages.data(path)["trade"]
    names = {}
    with open(f"{path}/tables/trade.csv", newline="") as text:
        rows = [row for row in csv.DictReader(text) if not row["reason"]]
    for row in rows:
        names[int(row["series"])] = row["config"]
    wrong = []
    for row in rows:
        member = page["members"].index(int(row["series"]))
        base = [names[config] for config in page["members"]].index(row["base"]) if row["base"] else len(page["members"])
        given = page[row["metric"]][member][base][0]
        if abs(float(row["value"]) / given - 1) > 1e-6:
            wrong.append((row, given))
    ok(len(rows) == 3 * len(page["members"]) ** 2 and len(page["members"]) > 1 and not wrong, "the table of trades has the figures of the page", len(rows), wrong[:2])
    ok({row["unit"] for row in rows} == {"ns", "bytes", "ratio"}, "each with its unit")


def test_forms(place):
    path = f"{place}/first"
    with open(f"{path}/tables/normalised.csv", newline="") as text:
        rows = list(csv.DictReader(text))
    result = run("table", path, "normalised", "--csv")
    ok(result.stdout == open(f"{path}/tables/normalised.csv", encoding="utf-8").read(), "as CSV a table is what its file is", result.stderr)
    wall = [row for row in rows if row["metric"] == "wall" and row["setting"] == "glibc"]
    choice = ("--where", "metric=wall", "--where", "setting=glibc", "--columns", "work,config,ratio,best,reason")
    found = json.loads(run("table", path, "normalised", "--json", *choice).stdout)
    expected = [{"work": row["work"], "config": row["config"], "ratio": float(row["ratio"]) if row["ratio"] else None, "best": row["best"] == "1",
                 "reason": row["reason"] or None} for row in wall]
    ok(found == expected and len(found) > 5, "as JSON it has numbers, flags and null, of the rows and columns that were chosen", found[:2], expected[:2])
    result = run("table", path, "normalised", "--where", "metric=wall", "--where", "setting=glibc")
    said, _, table = result.stdout.partition("\n\n")
    lines = table.splitlines()
    ok(said.startswith("setting: glibc; ") and "metric: wall; unit: ns" in said and re.match(r"work +config +role ", lines[0]) and "series" not in table and len(lines) == len(wall) + 1,
       "for people a column that is the same everywhere is said once, and places in charts are left out", said, *lines[:3])
    result = run("table", path, "normalised", "--markdown", *choice)
    ok(result.stdout.startswith("| work | config | ratio | best | reason |\n|---|---|---:|") and len(result.stdout.splitlines()) == len(wall) + 2, "in Markdown it is a table", result.stdout[:200])
    result = run("table", path, "cells", "--where", "metric=wall", "--where", "metric=peak")
    ok(result.returncode == 0 and "no row of tables/cells.csv fits" in result.stderr, "conditions that nothing fits leave the header", result.stderr)
    listed = [line.split()[0] for line in run("table", path).stdout.splitlines()]
    ok(set(listed) == {resource["name"] for resource in package_of(path)["resources"]}, "without a name the tables are listed", listed)
    runs = run("table", path, "runs", "--csv", "--columns", "id,status").stdout.splitlines()
    ok(runs[0] == "id,status" and len(runs) == len(rows_of(f"{path}/runs.csv")), "runs.csv is a table too", runs[:2])
    for arguments, words in ((("mean",), ("'mean'", "'means'")), (("means", "--columns", "ratios"), ("'ratios'", "'ratio'")), (("means", "--columns", "config,ratio,config"), ("'config' twice",)), (("events",), ("each process has a file of its own",)),
                             (("normalised", "--where", "wall"), ("COLUMN=VALUE",))):
        result = run("table", path, *arguments)
        ok(result.returncode == 2 and all(word in result.stderr for word in words) and len(result.stderr.splitlines()) == 1, f"{' '.join(arguments)} is refused in one line", result.stderr)
    result = run("table", folder(place, "undrawn", "--workloads", "1", "--blocks", "1"), "means")
    ok(result.returncode == 2 and "gcmatrix plot" in result.stderr, "a run without tables has the command that writes them", result.stderr)


def test_damage(place):
    path = shutil.copytree(f"{place}/nothing", f"{place}/damaged")
    with open(f"{path}/tables/failures.csv", "a") as text:
        text.write("a,b\n")
    result = run("table", path, "failures")
    ok(result.returncode == 2 and re.search(r"failures\.csv:\d+: 2 fields where the header has \d+", result.stderr), "a damaged row is named with its line", result.stderr)
    with open(f"{path}/tables/failures.csv", "w") as text:
        text.write("work,config\na,b")
    result = run("table", path, "failures")
    ok(result.returncode == 2 and "failures.csv:2: the file ends within a row" in result.stderr, "and so is one that is cut", result.stderr)
    signs = "".join(map(chr, [*range(0x21, 0x7f), *range(0xa0, 0x100)])) + "–—‘’“”†‡…漢--''"
    with open(f"{path}/tables/means.csv", "w", encoding="utf-8") as text:
        text.write('config,ratio\n"<b>|a\x1b[2J",1.5\n"x_y & 50%",inf\n"[","*"\n' + '"' + signs.replace('"', '""') + '",2\n')
    for form in ("--csv", "--json", "--markdown", "--latex", None):
        output = run("table", path, "means", *([form] if form else [])).stdout
        ok("\x1b" not in output and "1.5" in output, f"a name in {form or 'a terminal'} drives nothing", output)
    latex = run("table", path, "means", "--latex").stdout
    ok("x\\_y \\& 50\\%" in latex and "\\textless{}b\\textgreater{}\\textbar{}a?{[}2J" in latex and "$\\infty$" in latex, "in LaTeX each character is set", latex)
    ok("\\<b>" not in latex and "&lt;b&gt;\\|a" in run("table", path, "means", "--markdown").stdout, "and in Markdown it is text")
    compile_latex(place, [latex] + [run("table", f"{place}/first", name, "--latex", "--where", "setting=glibc").stdout for name in ("means", "normalised")])


def compile_latex(place, tables):
    if not shutil.which("pdflatex"):
        skip("pdfLaTeX sets the tables", "pdflatex is not installed (texlive-latex-recommended)")
        return
    with open(f"{place}/tables.tex", "w", encoding="utf-8") as text:
        text.write("\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{booktabs}\n\\begin{document}\n" + "\n\n".join(tables) + "\\end{document}\n")
    result = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "tables.tex"], cwd=place, capture_output=True, text=True, errors="replace")
    ok(result.returncode == 0 and os.path.exists(f"{place}/tables.pdf"), "pdfLaTeX sets the tables", result.stdout[-600:])


def test_scripts(place):
    path, expected = f"{place}/second", {}
    with open(f"{path}/tables/normalised.csv", newline="") as text:
        for row in csv.DictReader(text):
            if row["metric"] == "wall" and row["ratio"]:
                expected[row["work"], row["config"]] = row["ratio"]
    with open(f"{SOURCE}/docs/data.md", encoding="utf-8") as text:
        page = text.read()
    programs = {"start.py": ("pandas", [sys.executable] if importlib.util.find_spec("pandas") else None, "python3-pandas"),
                "start.R": ("R", ["Rscript"] if shutil.which("Rscript") else None, "r-base-core")}
    for script, (what, program, package) in programs.items():
        with open(f"{SOURCE}/docs/analysis/{script}", encoding="utf-8") as text:
            code = re.sub(r'"""(.*?)"""', "", text.read(), flags=re.DOTALL)
        lines = [line for line in code.splitlines() if line and not line.startswith("#")]
        ok(len(lines) == 5 and "\n".join(lines) in page, f"{script} has five lines, which docs/data.md has too", len(lines))
        if not program:
            skip(f"{what} reads the tables", f"{what} is not installed ({package})")
            continue
        result = subprocess.run([*program, f"{SOURCE}/docs/analysis/{script}", path], capture_output=True, text=True)
        ok(result.returncode == 0 and all(word in result.stdout for word in ("mark-sweep", "binary-trees")) and expected, f"{what} reads the tables", result.stderr[-600:], result.stdout[-600:])


def test_pages():
    described = run("table", "--describe", "--markdown").stdout
    with open(f"{SOURCE}/docs/data.md", encoding="utf-8") as text:
        page = text.read()
    ok(len(described) > 5000 and page.endswith("\n\n" + described), "docs/data.md ends with what the program says of every column",
       "make it anew: gcmatrix table --describe --markdown")


def test_pictures(place):
    path = f"{place}/second"
    os.makedirs(f"{path}/charts", exist_ok=True)
    if not os.path.exists(f"{path}/charts/heatmap.png"):
        open(f"{path}/charts/heatmap.png", "wb").close()
    for given in (path, path + "/"):
        result = run("compare", given, "--markdown", "--pictures", "https://example.org/results/")
        ok(re.match(r"!\[[^\]]+\]\(https://example\.org/results/second/charts/heatmap\.png\)\n\n", result.stdout), "the Markdown of a run begins with its picture", result.stdout[:200])
    result = run("compare", ".", "--markdown", "--pictures", "..", cwd=path)
    ok("](../second/charts/heatmap.png)" in result.stdout, "a path is an address too, and the folder has its name", result.stdout[:200])
    result = run("compare", path, path, "--markdown", "--pictures", ".")
    ok(re.match(r"Before:\n\n!\[.*\]\(\./second/.*\)\n\nAfter:\n\n!\[", result.stdout), "that of two runs has both", result.stdout[:200])
    odd = shutil.copytree(path, f"{place}/a (b) <c>[d]")
    result = run("compare", odd, "--markdown", "--pictures", ".")
    ok("](./a%20%28b%29%20%3Cc%3E%5Bd%5D/charts/heatmap.png)" in result.stdout, "a name in the address ends nothing", result.stdout[:200])
    result = run("compare", f"{place}/nothing", "--markdown", "--pictures", ".")
    ok("![" not in result.stdout and "gcmatrix plot" in result.stderr, "a run that was not drawn has the command that draws it", result.stderr)
    ok("![" not in run("compare", path, "--markdown").stdout, "and without the option there is no picture")


def main():
    with tempfile.TemporaryDirectory() as place:
        test_packages(place)
        test_means(place)
        test_forms(place)
        test_damage(place)
        test_scripts(place)
        test_pages()
        test_trade(place)
        test_pictures(place)
    return done()


sys.exit(main())

# SPDX-License-Identifier: MIT
"""Runs of invented figures, what the program draws of them, and the texts of its charts, for tests."""
import csv
import html
import os
import re
import subprocess
import sys

from tap import ok

programs = {}
PATIENCE = re.compile(r"^gcmatrix: .*, for \d+ s\n", re.M)  # base/patience.h
SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "plots")


def use(program, make_folder):
    """Says which program draws, and what makes the folders."""
    programs.update(program=program, make_folder=make_folder)


def run(*arguments, **more):
    """Runs the program. What it says is without the lines by which it tells a slow machine that it is at work."""
    result = subprocess.run([programs["program"], *arguments], capture_output=True, text=True, **more)
    result.stderr = PATIENCE.sub("", result.stderr)
    return result


def folder(place, name, *arguments):
    path = os.path.join(place, name)
    subprocess.run([sys.executable, programs["make_folder"], path, *arguments], check=True)
    return path


def draw(path, figures, *arguments):
    """Draws the figures that a test looks at, and the page: gnuplot takes a tenth of a second for each."""
    for figure in figures.split():
        result = run("plot", path, "--only", figure, "--png", *arguments)
        if result.returncode != 0 or not charts(path, figure, "png"):
            ok(False, f"{figure} of {os.path.basename(path)} is drawn", result.stderr[-300:])


def table(path, name):
    with open(f"{path}/tables/{name}.csv", newline="") as text:
        return list(csv.DictReader(text))


def charts(path, figure, ending="svg"):
    """The files of a figure: one, or several with numbers."""
    found = [name for name in os.listdir(f"{path}/charts") if re.fullmatch(re.escape(figure) + r"(-\d+)?\." + ending, name)]
    return [f"{path}/charts/{name}" for name in sorted(found, key=lambda name: [int(digits) for digits in re.findall(r"\d+", name)])]


def texts(chart):
    """The texts of one chart."""
    with open(chart) as file:
        found = re.findall(r"<text[^>]*>(.*?)</text>", file.read(), re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]*>", "", text)).strip() for text in found]


def caption(path, name):
    """The texts of a figure, one after the other: a caption is broken into lines anywhere."""
    return " ".join(text for chart in charts(path, name) for text in texts(chart))

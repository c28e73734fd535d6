# SPDX-License-Identifier: MIT
"""Rows of runs.csv with their checks, for tests that change or invent some: harness/results/store.h has the form.

usage: rows.py FOLDER      takes the check and the count of rows out of FOLDER/manifest.json, for a test that changes them
"""
import csv
import io
import json
import sys
import zlib


def line_of(values):
    """A line of runs.csv from its fields without the check."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return f"{text.getvalue()},{zlib.crc32(text.getvalue().encode()):08x}\n"


def read(folder):
    with open(f"{folder}/runs.csv", newline="") as file:
        return list(csv.DictReader(file))


def write(folder, rows, names):
    """Writes rows, dictionaries of texts, under a header of `names`. Where the last name is `check`, rows get theirs."""
    with open(f"{folder}/runs.csv", "w", newline="") as out:
        out.write(",".join(names) + "\n")
        for row in rows:
            if names[-1] == "check":
                out.write(line_of([row[name] for name in names[:-1]]))
            else:
                csv.writer(out, lineterminator="\n").writerow([row[name] for name in names])


def manifest_read(folder):
    with open(f"{folder}/manifest.json") as file:
        return json.load(file)


def manifest_write(folder, manifest):
    """Writes a manifest without its check."""
    manifest.pop("check", None)
    with open(f"{folder}/manifest.json", "w") as changed:
        json.dump(manifest, changed, indent=2)


if __name__ == "__main__":
    given = manifest_read(sys.argv[1])
    given.pop("rows", None)
    manifest_write(sys.argv[1], given)

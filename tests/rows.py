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


def draws(seed):
    """The numbers of 64 bits that base/random.h draws from a seed: SplitMix64 seeds xoshiro256**."""
    mask, words = (1 << 64) - 1, []
    for _ in range(4):
        seed = mixed = (seed + 0x9E3779B97F4A7C15) & mask
        mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & mask
        words.append(mixed ^ mixed >> 31)
    rotated = lambda word, by: (word << by | word >> (64 - by)) & mask  # noqa: E731
    while True:
        yield (rotated(words[1] * 5 & mask, 7) * 9) & mask
        shifted = words[1] << 17 & mask
        words[2] ^= words[0]
        words[3] ^= words[1]
        words[1] ^= words[2]
        words[0] ^= words[3]
        words[2] ^= shifted
        words[3] = rotated(words[3], 45)


def plan(cells, blocks, seed):
    """The cell of each id, of a run whose manifest names no order: harness/results/order.c shuffles each block."""
    drawn, order = draws(seed), []
    for _ in range(blocks):
        block = list(range(cells))
        for left in range(cells, 1, -1):
            other = next(drawn) * left >> 64  # which random_below() takes, but once in 2^50 or so
            block[left - 1], block[other] = block[other], block[left - 1]
        order += block
    return order


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

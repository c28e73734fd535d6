#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the instructions that pairs execute with those committed in figures.json. Speaks TAP.

usage: instructions.py GCMATRIX FIGURES COMPILER VERSION OPTIONS [--record]

`gcmatrix run --counter instructions` counts, which is exact: a change is the code's. More than 2% more fails;
figures of another compiler, C library, valgrind or processor are no standard, and the test is skipped then.
--record writes what is counted now into FIGURES, under this compiler: `ninja -C build record-instructions`.
"""
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

PROGRAM, FIGURES, COMPILER, VERSION, OPTIONS = sys.argv[1:6]
RECORD = sys.argv[6:] == ["--record"]
SCHEMA = "gcmatrix.instructions.1"
TOLERANCE_PERCENT = 2
AGAIN = "ninja -C build record-instructions"

# Each collector at least once, on what it is for; each process some ten million instructions.
PAIRS = [
    ("alloc-churn:steps=10000,live=1000", "rc-block"),
    ("alloc-churn:steps=10000,live=1000", "mark-sweep:minimum=262144"),
    ("binary-trees:depth=9", "rc"),
    ("binary-trees:depth=9", "semispace:minimum=262144"),
    ("call-args:calls=50000", "rc"),
    ("doubly-linked:lists=10,length=50,rounds=20", "rc-backup:minimum=262144"),
    ("interpreter:rounds=1,program=lists", "mark-sweep-block:minimum=262144"),
    ("lru-cache:operations=20000,capacity=500,keys=5000", "rc-backup-block:minimum=262144"),
    ("rings:count=2000", "rc-trial:roots=1000"),
    ("rings:count=2000", "rc-trial-block:roots=1000"),
]
TWICE = 2  # pairs counted a second time


def count(pair):
    """The count, or why there is none."""
    workload, collector = pair
    result = subprocess.run([PROGRAM, "run", workload, "-c", collector, "--counter", "instructions", "--json"],
                            capture_output=True, text=True)
    if result.returncode != 0:
        return result.stderr.strip()
    return json.loads(result.stdout)["instructions"]


def counts_of(pairs):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(count, pairs))


def version_of(*command):
    found = re.search(r"\d[\w.]*", subprocess.run(command, capture_output=True, text=True).stdout)
    return found.group() if found else "unknown"


def surroundings():
    """What the counts depend on beside the tree: all of it must agree with what was recorded."""
    with open("/proc/cpuinfo", encoding="utf-8") as source:
        flags = re.search(r"^flags\s*: (.*)$", source.read(), re.M)
    seen = ("avx", "avx2", "f16c", "rdrand", "rdseed")  # what valgrind lets a program see: memcpy is chosen by it
    present = set(flags.group(1).split()) if flags else set()
    return {"compiler": VERSION, "options": OPTIONS, "machine": platform.machine(), "libc": platform.libc_ver()[1],
            "valgrind": version_of("valgrind", "--version"), "cpu": " ".join(flag for flag in seen if flag in present)}


def key():
    return f"{COMPILER} {VERSION.split('.')[0]}"


def name(pair):
    return f"{pair[0]} x {pair[1]}"


def figures_read():
    if not os.path.exists(FIGURES):
        return {"schema": SCHEMA, "compilers": {}}
    with open(FIGURES, encoding="utf-8") as source:
        return json.load(source)


def record():
    counts = counts_of(PAIRS)
    failed = [f"{name(pair)}: {found}" for pair, found in zip(PAIRS, counts) if not isinstance(found, int)]
    if failed:
        sys.exit("\n".join(failed))
    figures = figures_read()
    figures["made_by"] = AGAIN
    figures["compilers"][key()] = {**surroundings(), "instructions": dict(zip(map(name, PAIRS), counts))}
    figures["compilers"] = dict(sorted(figures["compilers"].items()))
    with open(FIGURES, "w", encoding="utf-8") as out:
        json.dump(figures, out, indent=2)
        out.write("\n")


def reason_to_skip(figures):
    if not shutil.which("valgrind"):
        return "valgrind is not installed"
    committed = figures["compilers"].get(key())
    if not committed:
        return f"no figures of {key()} are committed; {AGAIN} adds them"
    for what, now in surroundings().items():
        if committed[what] != now:
            return f"the figures are of {what} {committed[what]}, this is {now}; {AGAIN} replaces them"
    return None


def judge(pair, found, committed):
    """Whether it passed, and what to say."""
    sentence = f"{name(pair)}: no more than {TOLERANCE_PERCENT}% over the {committed} instructions committed"
    if not isinstance(found, int) or not committed:
        return False, sentence, found
    change = 100 * (found / committed - 1)
    return change <= TOLERANCE_PERCENT, sentence, f"{found}, {change:+.2f}%" + (f"; {AGAIN}" if abs(change) > TOLERANCE_PERCENT else "")


def check():
    figures = figures_read()
    reason = reason_to_skip(figures)
    if reason:
        print(f"1..0 # SKIP {reason}")
        return 0
    committed = figures["compilers"][key()]["instructions"]
    counts = counts_of(PAIRS + PAIRS[:TWICE])
    results = [judge(pair, found, committed.get(name(pair))) for pair, found in zip(PAIRS, counts)]
    results += [(first == second and isinstance(first, int), f"{name(pair)}: counted twice, the same to the last instruction",
                 f"{first} and {second}") for pair, first, second in zip(PAIRS, counts, counts[len(PAIRS):])]
    results.append((set(committed) == set(map(name, PAIRS)), "the figures are of these pairs, all of them", AGAIN))
    for number, (passed, sentence, remark) in enumerate(results, 1):
        print(f"{'ok' if passed else 'not ok'} {number} - {sentence}\n# {remark}")
    print(f"1..{len(results)}")
    return any(not passed for passed, _, _ in results)


sys.exit(record() if RECORD else check())

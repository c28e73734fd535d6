# SPDX-License-Identifier: MIT
"""Every command under limits that are too small: it ends by itself, in one line where it fails, and never by a signal."""

import os
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
import tap

KIB = 1024
gcmatrix = os.path.abspath(sys.argv[1])
sanitized = os.environ.get("SANITIZERS", "none") != "none"
work = tempfile.TemporaryDirectory()
os.chdir(work.name)

MATRIX = """name: small
blocks: 1
cells:
  - workloads: ["rings:count=100"]
    collectors: [leak, rc]
"""

COMMANDS = [
    ["list"],
    ["run", "rings:count=100", "-c", "leak"],
    ["run", "rings:count=100", "-c", "leak", "--events", "events.csv"],
    ["matrix", "matrix.yaml", "-o", "new"],
    ["matrix", "matrix.yaml", "-n"],
    ["minheap", "rings:count=100", "-c", "rc"],
    ["explicit", "rings:count=100", "-c", "rc"],
    ["lifetimes", "rings:count=100", "-c", "rc"],
    ["compare", "run"],
    ["plot", "run"],
    ["plot", "run", "--tables"],
    ["trace", "run", "-o", "trace.json"],
    ["merge", "run", "-o", "merged"],
    ["table", "--describe", "means"],
    ["table", "run", "runs"],
    ["program", "dump", "program.gcp"],
    ["stress", "-c", "rc", "--seconds", "1"],
    ["hunt", "-c", "leak", "--against", "rc", "--by", "garbage", "--recipe", "n*leaf", "--size", "2000", "--counted"],
    ["doctor"],
    ["help", "matrix"],
]

# Each with whether it belongs to the long form alone.
LIMITS = [
    ("a stack of 64 KiB", resource.RLIMIT_STACK, 64 * KIB, False),
    ("a stack of 400 KiB", resource.RLIMIT_STACK, 400 * KIB, True),
    ("8 MiB of addresses", resource.RLIMIT_AS, 8 << 20, False),
    ("40 MiB of addresses", resource.RLIMIT_AS, 40 << 20, True),
    ("300 MiB of addresses", resource.RLIMIT_AS, 300 << 20, True),
    ("files of no byte", resource.RLIMIT_FSIZE, 0, True),
    ("files of 1 KiB", resource.RLIMIT_FSIZE, KIB, False),
    ("files of 8 KiB", resource.RLIMIT_FSIZE, 8 * KIB, True),
    ("4 open files", resource.RLIMIT_NOFILE, 4, True),
    ("8 open files", resource.RLIMIT_NOFILE, 8, False),
]


def run(command, kind=None, bytes_most=0):
    def limit():
        if kind is not None:
            resource.setrlimit(kind, (bytes_most, bytes_most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    subprocess.run(["rm", "-rf", "new", "merged", "run/tables", "run/charts", "run/report.html"], check=True)
    return subprocess.run([gcmatrix, *command], capture_output=True, stdin=subprocess.DEVNULL, text=True, preexec_fn=limit,
                          timeout=60)


def complaint(command, ended):
    """What is wrong with how a command ended; "" when nothing is."""
    lines = ended.stderr.splitlines()
    said = f"status {ended.returncode}, {len(lines)} lines: {ended.stderr[-300:]}"
    if ended.returncode < 0 or ended.returncode > 127:
        return "by a signal: " + said
    # A run goes on after a process that fails, and says a line for each, as the doctor does for each allocator.
    several = command[0] in ("doctor", "matrix", "plot", "stress")
    if command[0] == "stress" and ended.stdout: # which says its findings there
        return ""
    if ended.returncode and not lines or ended.returncode and not several and len(lines) != 1:
        return said
    return ""


with open("matrix.yaml", "w") as file:
    file.write(MATRIX)
begun = run(["matrix", "matrix.yaml", "-o", "run"])
tap.ok(begun.returncode == 0, "without a limit a run is measured", begun.stderr)
for name, kind, most, long in LIMITS:
    if long and not tap.long_tests:
        continue
    if sanitized and kind in (resource.RLIMIT_AS, resource.RLIMIT_STACK):
        tap.skip(f"with {name} each command ends by itself", "a sanitizer has needs of its own")
        continue
    wrong = []
    for command in COMMANDS if tap.long_tests else [each for each in COMMANDS if each[0] != "stress"]:
        try:
            said = complaint(command, run(command, kind, most))
        except subprocess.TimeoutExpired:
            said = "not done after 60 s"
        if said:
            wrong.append(f"{' '.join(command)}: {said}")
    tap.ok(not wrong, f"with {name} each command ends by itself, and fails in one line", *wrong)

refused = run(["compare", "run"], resource.RLIMIT_STACK, 64 * KIB)
tap.ok(refused.returncode == 2 and "the stack is limited to 64 KiB, and a command needs 512" in refused.stderr,
       "a stack that is too small is named, with what is needed", refused.stderr)
sys.exit(tap.done())

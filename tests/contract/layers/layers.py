#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The rooms of the tree stand on one another, and nothing points up: every #include and every Meson file is read.

usage: layers.py SOURCE_ROOT          prints TAP
       layers.py --list SOURCE_ROOT   prints each include that points up, and nothing else

A room may use itself and the rooms that stand before it in ROOMS. A unit test (test-*.c) may also use the helpers of
tests/. The tests use everything.
"""
import os
import re
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
import tap

# The lowest first. `collectors/*` is each collector's own folder: it sees no other collector's.
ROOMS = [
    "base",
    "program",
    "collectors",
    "collectors/support",
    "collectors/support/finalise",
    "collectors/support/names",
    "collectors/support/trace",
    "collectors/support/heap",
    "collectors/support/trigger",
    "collectors/support/count",
    "collectors/*",
    "workloads",
    "harness/results",
    "harness/statistics",
    "harness/runner",
    "harness/campaign/process",
    "harness/campaign/machine",
    "harness/campaign/minheap",
    "harness/campaign/plan",
    "harness/campaign/slurm",
    "harness/campaign",
    "harness/analysis",
    "harness/report",
    "harness/history",
    "harness/lifetimes",
    "harness/stress",
    "harness/teaching",
    "harness/cli",
    "matrices",
    "tests",
]

# The one exception: the contract ends with the operations of whichever collector it is compiled against.
EXCEPTION = ("collectors/gc.h", "collector.h")

INCLUDE = re.compile(r"^\s*#\s*(?:include|include_next|import)\b\s*(.*)$", re.MULTILINE)
C_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
ASSIGNMENT = re.compile(r"^\s*(\w+)\s*\+?=(?!=)", re.MULTILINE)
SUBDIR = re.compile(r"^\s*subdir\('([^']+)'\)", re.MULTILINE)
COMMENT = re.compile(r"#.*")
STRING = re.compile(r"'(?:[^'\\\n]|\\.)*'")


def room_of(path):
    """The innermost room that holds a file."""
    folder = os.path.dirname(path)
    while folder:
        if folder in ROOMS:
            return folder
        if os.path.dirname(folder) == "collectors":
            return "collectors/*"
        folder = os.path.dirname(folder)
    return None


def sources(root, ending):
    """Paths of the tree's files with this ending, from its root."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "build")))
        for name in sorted(names):
            if name.endswith(ending):
                yield os.path.relpath(os.path.join(folder, name), root)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as source:
        return source.read()


def includes(text):
    """The names that a file includes, each with the quotes or brackets it stands in; of a macro the macro itself."""
    return [name.strip() for name in INCLUDE.findall(C_COMMENT.sub(" ", text))]


def objection(path, written, exists, is_ours):
    """Why `path` may not include what is `written`; None when it may. `is_ours` knows the tree's bare file names."""
    included = written[1:-1]
    if written == f"<{included}>":
        ours = exists(included) or is_ours(included)
        return "is the tree's, and stands in brackets" if ours else None
    if written != f'"{included}"':
        return "is no name but a macro"
    if (path, included) == EXCEPTION:
        return None
    if os.path.normpath(included) != included or not included.endswith((".c", ".h")) or not exists(included):
        return "is no header or source named from the root of the tree"
    user, used = room_of(path), room_of(included)
    if user is None or used is None:
        return "is in no room of ROOMS"
    if used == "tests" and os.path.basename(path).startswith("test-"):
        return None
    if user == used == "collectors/*" and os.path.dirname(path) != os.path.dirname(included):
        return "is another collector's"
    if ROOMS.index(used) > ROOMS.index(user):
        return "points up"
    return None


def includes_that_object(root):
    paths = sorted([*sources(root, ".c"), *sources(root, ".h")])
    known = set(paths)
    names = {os.path.basename(path) for path in paths}
    for path in paths:
        for written in includes(read(root, path)):
            why = objection(path, written, known.__contains__, names.__contains__)
            if why:
                yield f"{path}: {written} {why}"


def subdirs(root, folder=""):
    """The folders that Meson enters, in its order."""
    for name in SUBDIR.findall(read(root, os.path.join(folder, "meson.build"))):
        yield os.path.join(folder, name)
        yield from subdirs(root, os.path.join(folder, name))


def subdirs_out_of_order(root):
    """Meson knows a variable only below its definition: with the rooms entered in order, no dependency points up."""
    highest = 0
    for folder in subdirs(root):
        room = room_of(os.path.join(folder, "meson.build"))
        if room is None:
            if folder != "harness": # only enters its rooms
                yield f"{folder} is in no room of ROOMS"
            continue
        if ROOMS.index(room) < highest:
            yield f"{folder} is entered after {ROOMS[highest]}"
        highest = max(highest, ROOMS.index(room))


def variables_from_above(root):
    """Meson variables that a room uses and only a higher room defines: a definition moved up would go unseen else."""
    texts = {path: COMMENT.sub("", read(root, path)) for path in sources(root, "meson.build") if room_of(path)}
    owners = {}
    for path, text in texts.items():
        for name in ASSIGNMENT.findall(STRING.sub("''", text)):
            owners.setdefault(name, set()).add(ROOMS.index(room_of(path)))
    for path, text in texts.items():
        words = set(re.findall(r"\b[a-z]\w*_(?:dep|lib|sources|inc|includes|folder)\b", STRING.sub("''", text)))
        for name in sorted(words & owners.keys()):
            if min(owners[name]) > ROOMS.index(room_of(path)):
                yield f"{path}: {name} is {ROOMS[min(owners[name])]}'s"


def foreign_paths(root):
    """Paths out of a Meson file's own folder: a source has one owner, which gives it a name. The root of the tree is the
    one include directory that all share; a collector's folder goes before it. Only tests name the tree's root as a
    path, for scripts that want it."""
    foreign = re.compile(r"'(?:[^']*/)?\.\.(?:/[^']*)?'|join_paths|include_directories\('[^')]*/")
    rooted = re.compile(r"project_source_root\(\)\s*/\s*'[^']*\.[ch]'")
    for path in sources(root, "meson.build"):
        for number, line in enumerate(read(root, path).splitlines(), 1):
            bare = COMMENT.sub("", line)
            if foreign.search(bare) or rooted.search(bare) or (
                    path == "meson.build" and "include_directories(" in bare and "include_directories('.')" not in bare):
                yield f"{path}:{number}: {line.strip()}"


# What makes a file, or gives it its name, and who may: the one module, and files that are no one else's meanwhile.
MAKES_FILE = re.compile(r'\bfopen\([^;]*?"[wa]|\bO_CREAT\b|\bcreat\(|\bmko?s?temps?\(|\brename(?:at2?)?\(|\bjson_dump_file\(')
MAY_MAKE_FILES = {
    "base/writing.c": "the one module",
    "base/writing-folder.c": "its folders",
    "harness/campaign/measuring.c": "an executable of a layout, in in-flight/",
    "harness/campaign/plan/relink.c": "a trial, in TMPDIR",
    "harness/cli/recorded-program.c": "an image, in a folder of its own in TMPDIR",
    "harness/results/damage.c": "rows that are set aside, which grow by rows",
    "harness/results/folder.c": "moves a process's files from in-flight/ to their places",
    "harness/results/integer-rows.c": "a measured process's own files, in in-flight/",
    "harness/results/journal.c": "runs.csv, which grows by rows",
    "harness/results/records.c": "a measured process's own record, in in-flight/",
    "harness/results/reference.c": "reference.csv, which grows by rows",
    "harness/stress/reproduce.c": "a program for one worker, in TMPDIR",
}


# What opens a file over links, where the files of a run's folder are read. That folder may be a stranger's.
OPENS_OVER_LINKS = re.compile(r'\binput_open\(|\bf?open\([^;]*?(?:"re?"|O_RDONLY(?![^;]*O_NOFOLLOW|[^;]*O_DIRECTORY))|\bjson_load_file\(')
READS_RUNS = ("harness/results/", "harness/analysis/", "harness/report/", "harness/history/")
MAY_OPEN_OVER_LINKS = {"harness/results/records.c": "a record in in-flight/, which this process made"}


def links_followed(root):
    """Lines of files that read a run's folder and open files over links."""
    for path in sources(root, ".c"):
        if path.startswith(READS_RUNS) and not os.path.basename(path).startswith("test-") and path not in MAY_OPEN_OVER_LINKS:
            for found in OPENS_OVER_LINKS.findall(C_COMMENT.sub(" ", read(root, path))):
                yield f"{path}: {found}: files of a run's folder are read by input_open_own()"


# What reads a number from a text, and who may: base/number.h for what a person writes, and programs that read each other.
READS_NUMBER = re.compile(r"\b(?:strto(?:u?ll?|[ui]max|d|f|ld)|ato(?:i|l|ll|f)|v?[sf]?scanf)\(")
MAY_READ_NUMBERS = {
    "base/number.c": "the one reader",
    "harness/campaign/description.c": "a limit, as the plan wrote it",
    "harness/campaign/machine/machine-checks.c": "files of the system",
    "harness/campaign/machine/machine-files.c": "files of the system",
    "harness/campaign/machine/machine-limits.c": "files of the system",
    "harness/campaign/machine/machine-usage.c": "files of the system",
    "harness/campaign/machine/processor.c": "files of the system",
    "harness/campaign/plan/spec-schema.c": "places in the words of the library for YAML",
    "harness/campaign/process/counter.c": "the file that callgrind writes",
    "harness/campaign/process/measure.c": "the version of hyperfine",
    "harness/campaign/process/orphans.c": "files of the system",
    "harness/cli/recorded-program.c": "files of the system",
    "harness/report/page-series.c": "tables that this process made",
    "harness/report/table-figure.c": "figures of tables, after the grammar of page-json.h",
    "harness/report/tables-latency.c": "tables that this process made",
    "harness/results/in-flight.c": "what the writer of a run says of itself",
    "harness/runner/memory-regions.c": "files of the system",
    "harness/runner/processor-share.c": "files of the system",
    "harness/runner/resources.c": "files of the system",
    "harness/runner/warm-plan.c": "the plan of a rehearsal, as gcmatrix passes it",
    "harness/stress/line.c": "lines of our workers",
    "harness/stress/runtime/gcmatrix-stress.c": "requests; the file stands alone, in runtimes of others",
    "harness/stress/workers.c": "lines of our workers",
    "program/program-text.c": "programs, whose numbers are digits alone",
    "workloads/interpreter/compile.c": "programs of the interpreter",
}


def makers_of_files(text):
    return MAKES_FILE.findall(C_COMMENT.sub(" ", text))


def files_made_elsewhere(root):
    """Lines of files that make files and may not, and files that may and do not."""
    for path in sources(root, ".c"):
        made = path.startswith(("base/", "program/", "collectors/", "workloads/", "harness/")) and \
            not os.path.basename(path).startswith("test-") and makers_of_files(read(root, path))  # fmt: skip
        if made and path not in MAY_MAKE_FILES:
            yield f"{path}: {made[0]}: files are written by base/writing.h"
        if not made and path in MAY_MAKE_FILES:
            yield f"{path} makes no file"


def numbers_read_elsewhere(root):
    """Files that read numbers and may not, and files that may and do not."""
    for path in sources(root, ".c"):
        ours = path.startswith(("base/", "program/", "collectors/", "workloads/", "harness/")) and "/test-" not in path
        reads = ours and READS_NUMBER.findall(C_COMMENT.sub(" ", read(root, path)))
        if reads and path not in MAY_READ_NUMBERS:
            yield f"{path}: {reads[0]}: numbers are read by base/number.h"
        if not reads and path in MAY_READ_NUMBERS:
            yield f"{path} reads no number"


def nothing(found, sentence):
    found = list(found)
    tap.ok(not found, sentence, *found)


def test_rules():
    """The rules themselves: what each is there to refuse."""
    no_name = "is no header or source named from the root of the tree"
    ours = {"harness/runner/resources.h", "collectors/leak/collector.h", "program/program.h", "harness/report/table.h",
            "harness/results/store.h", "collectors/support/count/cascade-template.h", "tests/tap.h",
            "collectors/support/heap/block-heap.h"}
    names = {os.path.basename(path) for path in ours}
    for path, written, why in (
            ("collectors/gc.h", '"collector.h"', None),
            ("collectors/mutator.h", '"collector.h"', no_name),
            ("collectors/rc/collector.c", '"collectors/support/count/cascade-template.h"', None),
            ("collectors/rc/collector.c", '"collectors/leak/collector.h"', "is another collector's"),
            ("collectors/rc/collector.c", '"harness/results/store.h"', "points up"),
            ("collectors/support/trace/kernel.h", '"collectors/support/heap/block-heap.h"', "points up"),
            ("base/text.c", '"program/program.h"', "points up"),
            ("workloads/rings.c", '"harness/runner/resources.h"', "points up"),
            ("workloads/rings.c", '"workloads/../harness/runner/resources.h"', no_name),
            ("workloads/rings.c", '"workloads/chain.inc"', no_name),
            ("workloads/rings.c", "<harness/runner/resources.h>", "is the tree's, and stands in brackets"),
            ("workloads/rings.c", "<resources.h>", "is the tree's, and stands in brackets"),
            ("workloads/rings.c", "<stdio.h>", None),
            ("workloads/rings.c", "HEADER", "is no name but a macro"),
            ("harness/analysis/compare.c", '"harness/report/table.h"', "points up"),
            ("harness/analysis/test-latency.c", '"tests/tap.h"', None),
            ("harness/analysis/compare.c", '"tests/tap.h"', "points up")):
        found = objection(path, written, ours.__contains__, names.__contains__)
        tap.ok(found == why, f"{path} with {written}: {why or 'may'}", f"found: {found}")
    tap.ok(includes('#/* aside */include "a.h"\n# include <b.h> // c\n/*\n#include "d.h"\n*/\n#include E\n')
           == ['"a.h"', "<b.h>", "E"], "an include is read however it is written, and none in a comment")
    tap.ok(len(makers_of_files('fopen(path, "we"); open(a, O_CREAT); mkstemp(a); rename(a, b); renameat(a, b, c, d);')) == 5
           and not makers_of_files('fopen(path, "re"); /* rename(a, b) */ mkdtemp(a);'),
           "what makes a file is told from what reads one")  # fmt: skip
    tap.ok(len(OPENS_OVER_LINKS.findall('input_open(path, &file); fopen(path, "re"); open(path, O_RDONLY | O_CLOEXEC);')) == 3
           and not OPENS_OVER_LINKS.findall('input_open_own(path, 1, &file); openat(at, name, O_RDONLY | O_NOFOLLOW); open(dir, O_RDONLY | O_DIRECTORY);'),
           "what opens a file over links is told from what does not")  # fmt: skip
    tap.ok(len(READS_NUMBER.findall('strtoull(text, &end, 10); atoi(text); sscanf(line, "%d", &n); fscanf(file, "%ld", &n);')) == 4
           and not READS_NUMBER.findall('number_integer_read(text, 9, &n); factor(i); strtok(text, ","); snprintf(text, 9, "%d", n);'),
           "what reads a number is told from what does not")  # fmt: skip


def main(arguments):
    root = os.path.abspath(arguments[-1])
    if arguments[0] == "--list":
        print("\n".join(includes_that_object(root)))
        return 0
    test_rules()
    nothing(includes_that_object(root), "no include points up")
    nothing(subdirs_out_of_order(root), "Meson enters the rooms in their order")
    nothing(variables_from_above(root), "no Meson file uses what only a higher room defines")
    nothing(foreign_paths(root), "no Meson file names a path outside its folder")
    nothing(files_made_elsewhere(root), "no file is written but by the one module")
    nothing(links_followed(root), "no file of a run's folder is read over a link")
    nothing(numbers_read_elsewhere(root), "no number of a person is read but by the one reader")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

# SPDX-License-Identifier: MIT
"""The ground on which faults are tried: a folder with a small run in it, and with things that nobody may touch."""

import csv
import ctypes
import hashlib
import io
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
import tap  # noqa: E402

GCMATRIX = os.environ.get("GCMATRIX", "build/gcmatrix")
PATIENCE = 60  # seconds; a command that takes longer hangs
STATUSES = {0, 1, 2, 3, 4, 130}  # that gcmatrix may end with
PR_SET_CHILD_SUBREAPER = 36
PF_EXITING = 4

SPECIFICATION = """name: f
blocks: {blocks}
seed: 3
raw: all
cells:
  - workloads: ["hostile:milliseconds={milliseconds}"]
    collectors: [leak, rc]
"""


def seed_take():
    """A seed for this test, printed; TEST_SEED in the environment gives it back."""
    seed = int(os.environ.get("TEST_SEED", random.randrange(1 << 31)))
    print(f"# TEST_SEED={seed}")
    return random.Random(seed)


def effort(short, long, whole):
    """How much to try: what the command line asks for, a number or `all`; else what the test's form asks for."""
    if len(sys.argv) > 1:
        return whole if sys.argv[1] == "all" else int(sys.argv[1])
    return long if tap.long_tests else short


def orphans_adopt():
    """Makes this process the parent of whatever outlives its own, so that nothing escapes unseen."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children_of(process):
    """The children of a process, of all its threads; none when it is gone."""
    found = []
    try:
        for task in os.listdir(f"/proc/{process}/task"):
            found += map(int, pathlib.Path(f"/proc/{process}/task/{task}/children").read_text().split())
    except OSError:
        pass
    return found


def is_alive(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(of):
    """The living descendants of a process, each after its parent."""
    below = [of]
    for process in below:
        below += children_of(process)
    return [process for process in below[1:] if is_alive(process)]


def executable_of(process):
    """The file that a process runs; "" when it is gone."""
    try:
        return os.readlink(f"/proc/{process}/exe")
    except OSError:
        return ""


def arguments_of(process):
    """The command line of a process; "" when it is gone."""
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def kill(process):
    """Whether it was still there to be killed."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def is_dying(process):
    """Whether a process has been killed, and only needs a processor to end; also where it has ended."""
    try:
        flags = int(pathlib.Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[6])
        status = pathlib.Path(f"/proc/{process}/status").read_text(errors="replace")
    except OSError:
        return True
    pending = [int(line.split()[1], 16) for line in status.splitlines() if line.startswith(("SigPnd:", "ShdPnd:"))]
    return bool(flags & PF_EXITING) or any(mask >> signal.SIGKILL - 1 & 1 for mask in pending)


def left_running(seconds=10.0):
    """What runs on after its parents' end: waits so long for it, then returns its executables and ends it."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        left = descendants(os.getpid())
        if not left or time.monotonic() > deadline:
            break
        time.sleep(0.01)
    names = [executable_of(process) for process in left]
    for process in left:
        kill(process)
    return [name for name in names if name]


class Outcome:
    """How a command ended."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def complaint(self):
        """What is wrong with the way in which it ended; None when nothing is, whatever it said."""
        if self.status is None:
            return f"no end after {PATIENCE} s"
        if self.status not in STATUSES:
            return f"status {self.status}: {self.err[-300:]!r}"
        if self.status in (2, 3) and not self.err.strip():
            return f"status {self.status} without a word"
        if any(byte < 32 and byte not in b"\n\t" or byte == 127 for byte in self.err):
            return f"control characters on standard error: {self.err[-300:]!r}"
        return None


class Ground:
    """A folder for faults. `with Ground() as ground:` removes it at the end."""

    def __enter__(self):
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # thousands of files are written and synced
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="faults-", dir=memory)).resolve()
        self.place = self.root / "place"
        for folder in (self.place, self.root / "tmp", self.root / "home", self.place / "neighbour"):
            folder.mkdir()
        (self.place / "neighbour" / "treasure").write_text("not yours\n")
        (self.place / "treasure").write_text("nor is this\n")
        (self.place / "link").symlink_to("treasure")
        self.environment = dict(os.environ, TMPDIR=str(self.root / "tmp"), HOME=str(self.root / "home"), LC_ALL="C.UTF-8")
        return self

    def __exit__(self, *error):
        shutil.rmtree(self.root, ignore_errors=True)

    def specify(self, milliseconds=1, blocks=2):
        (self.place / "m.yaml").write_text(SPECIFICATION.format(milliseconds=milliseconds, blocks=blocks))
        return blocks * 4  # two cells and the baselines of two collectors

    def start(self, *arguments, before=(), **options):
        """Starts gcmatrix in the place, with whatever words stand before it."""
        return subprocess.Popen([*before, GCMATRIX, *map(str, arguments)], cwd=options.pop("cwd", self.place),
                                env=options.pop("env", self.environment), stdin=subprocess.DEVNULL,
                                stdout=options.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, **options)

    def run(self, *arguments, **options):
        """Runs gcmatrix to its end."""
        process = self.start(*arguments, **options)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            return Outcome(None, out, err)
        return Outcome(process.returncode, out or b"", err)

    def contents(self):
        """Every file of the place, by its name."""
        return {str(path.relative_to(self.place)): path.read_bytes() for path in sorted(self.place.rglob("*"))
                if path.is_file() and not path.is_symlink()}

    def outside(self, *inside):
        """A picture of all that is beside the named folders: what may not change."""
        picture = {}
        for path in sorted(self.root.rglob("*")):
            relative = path.relative_to(self.place if path.is_relative_to(self.place) else self.root)
            first = relative.parts[0] if relative.parts else ""
            if any(first == name or first.lstrip(".").startswith(name + ".") for name in inside):
                continue
            about = path.lstat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            picture[str(path)] = (about.st_mode, about.st_ino, about.st_nlink if path.is_file() else 0, content)
        return picture


def changes(before, after):
    """What two pictures differ in, in words."""
    return [f"{path}: {'gone' if path not in after else 'new' if path not in before else 'changed'}"
            for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)]


def lines_complete(folder):
    """The complete lines of a run's runs.csv, as bytes."""
    try:
        content = (folder / "runs.csv").read_bytes()
    except FileNotFoundError:
        return b""
    return content[:content.rfind(b"\n") + 1]


def rows(folder):
    return list(csv.DictReader(io.StringIO(lines_complete(folder).decode(errors="replace"))))


def once_each(folder, processes):
    """What is wrong with the rows of a complete run: an id lost, or there twice. "" when nothing is."""
    found = rows(folder)
    first = sorted(int(row["id"]) for row in found if row["attempt"] == "0")
    if first != list(range(processes)):
        return f"the first attempts are {first}, of {processes} processes"
    identifiers = [row["id"] for row in found]
    twice = {identifier for identifier in identifiers if identifiers.count(identifier) > 1}
    return f"twice: {sorted(twice)}" if twice else ""

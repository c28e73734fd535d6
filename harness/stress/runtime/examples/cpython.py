#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""CPython as a runtime under test: gcmatrix stress --runtime 'python3 cpython.py'

Names are the elements of one list, and an object is a list or a dictionary of its references. So what is tested is
CPython's own counting and its own cyclic collector. Weak references tell which objects are alive. No function keeps an
object in a variable of its own beyond its end: that would be a name of which the program does not know.
"""
import gc
import sys
import weakref


class List(list):
    """A list of references, with a number and a payload."""

    __slots__ = ("number", "payload", "__weakref__")


class Dictionary(dict):
    """The same with a dictionary, whose keys are the numbers of the fields."""

    __slots__ = ("number", "payload", "__weakref__")


names = []  # the names of all frames, outermost first
frames = []  # where each frame begins in them
born = {}  # a weak reference to each object, by its number


def find(path):
    """The object at a path, as in 3.0.1: field 1 of field 0 of name 3."""
    if path == "null":
        return None
    name, *fields = map(int, path.split("."))
    found = names[name]
    for field in fields:
        found = found[field]
    return found


def begin(count):
    names[:] = [None] * int(count)
    frames.clear()
    born.clear()


def enter(count):
    frames.append(len(names))
    names.extend([None] * int(count))


def leave():
    del names[frames.pop() :]


def new(name, number, references, payload, _acyclic):
    fields = [None] * int(references)
    made = List(fields) if int(number) % 2 else Dictionary(enumerate(fields))
    made.number = int(number)
    made.payload = bytes(int(payload))
    born[made.number] = weakref.ref(made)
    names[int(name)] = made


def set_name(name, value):
    names[int(name)] = find(value)


def move(to, source):
    moved, names[int(source)] = names[int(source)], None
    names[int(to)] = moved


def store(place, value):
    holder, _, field = place.rpartition(".")
    find(holder)[int(field)] = find(value)


def collect(kind):
    gc.collect(2 if kind == "full" else 0)


# Each of these answers a question.


def hello(version):
    # An answer with a version that gcmatrix does not speak is refused there.
    return "runtime 1 CPython counts frees_at_once reclaims_cycles"


def read(path):
    found = find(path)
    return "object null" if found is None else f"object {found.number}"


def count(path):
    return f"count {sys.getrefcount(find(path)) - own_references}"


def alive():
    return " ".join(["alive"] + [str(number) for number, reference in born.items() if reference() is not None])


requests = {
    "gcmatrix-stress": hello,
    "begin": begin,
    "enter": enter,
    "leave": leave,
    "new": new,
    "set": set_name,
    "move": move,
    "store": store,
    "collect": collect,
    "read": read,
    "count": count,
    "alive": alive,
}

# sys.getrefcount() counts references of its own, too: as many as it adds to the one of a fresh object's name.
begin(1)
new(0, 1, 0, 0, 0)
own_references = sys.getrefcount(find("0")) - 1
gc.collect()
gc.freeze()  # what is there now is no part of a program, and no collection needs to look at it

for line in sys.stdin:
    word, *words = line.split()
    answer = requests[word](*words)
    if answer:
        print(answer, flush=True)

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the scenarios of this folder in the CPython at hand, and compares: what sys.getrefcount() says with the `count`
operations step by step, and which objects are alive at each `checkpoint` with what the collectors hold there.

A scenario becomes real Python source, so that what happens is CPython's own doing. A frame is a function with true
locals, which its end destroys. `set` marked "# argument" right after `enter` is an argument of the call; `move` to a
slot outside right before `leave` is its return value. A slot of a frame further out is that function's own variable
(nonlocal: CPython makes it a cell), a global is a module's. `del` is `del`. A shape with a fixed number of references
is a class with __slots__, one in which they vary is a list. The script follows which object each slot and field
holds, to know by what name to call it; it counts nothing itself.

Temporaries. sys.getrefcount(x) counts the reference its own argument is; how many that are depends on the version and
on what x is (a fast local, a cell, a global, an attribute, an element: 3.14 borrows some of them). They are measured
once at the start, on objects whose references are known, for each of these, and taken off. So is what the caller's
stack holds of an argument during a call: nothing from 3.11, where a call moves it into the callee's local, and one
before. Nothing else is allowed for.

A shape with a finaliser is a class with __del__. With `finaliser=keep` that binds the object to the first global, and
the scenario says so behind the `finalise` at which it happens: "# g0 = #1". A shape of weak references is a class with a
weakref.ref in an attribute, with a callback if the shape says `weak=called`. `finalise` is gc.collect(): CPython has
called what needs no collection before. It clears the weak references to a ring before it calls the ring's finalisers. So
an object that __del__ is called with is looked at by a new weak reference from there on. Nothing may be left in gc.garbage:
since Python 3.4 a ring with finalisers is collected (PEP 442). A shape of ephemerons is a class with a WeakKeyDictionary of
at most one entry. It holds a value that refers to its key for ever, which the contract does not, so no scenario has one.
`freeze` is gc.freeze(). gc.get_freeze_count() has then grown by as many objects as collections have looked at. A collector
without the trait is compared with a run in which it does nothing.

usage: cpython.py GCMATRIX PAIRS.JSON SCENARIO...       or, to read the source: cpython.py --show SCENARIO
"""
import gc
import json
import os
import subprocess
import sys
import tempfile
from sys import getrefcount
from weakref import WeakKeyDictionary, ref

# ---- reading a scenario ----


class Scenario:
    def __init__(self, path):
        self.name = os.path.basename(path).removesuffix(".gcp.txt")
        self.path = path
        self.globals = 0
        self.shapes = {}  # name: number of references, or None where it varies
        self.flags = {}  # name: the other words
        self.is_attended = False
        self.needs_rings_reclaimed = False
        self.freezes = False
        self.ops = []  # (line, words, whether it is an argument)
        with open(path, encoding="ascii") as lines:
            for number, line in enumerate(lines, 1):
                self.read_line(number, line)

    def read_line(self, number, line):
        code, _, remark = line.partition("# ")
        words = code.split()
        if remark.strip() == "needs: rings are reclaimed":
            self.needs_rings_reclaimed = True
        if words in (["gcp", "3"], ["gcp", "4"]) or remark.strip() == "needs: finalisers":
            self.is_attended = True
        if not words or words[0] in ("gcp", "#"):
            return
        if words[0] == "globals":
            self.globals = int(words[1])
        elif words[0] == "shape":
            refs = dict(word.partition("=")[::2] for word in words[2:]).get("refs", "0")
            self.shapes[words[1]] = None if refs == "*" else int(refs)
            self.flags[words[1]] = words[2:]
        else:
            self.freezes |= words[0] == "freeze"
            if words[0] == "finalise":
                words += [kept for kept in remark.split() if kept[0] == "#"]
            self.ops.append((number, words, remark.strip() == "argument"))


# ---- from operations to source ----

UNBOUND = object()


class Function:
    """The module, or one call: its slots as variables, and its lines of source."""

    def __init__(self, name, variables):
        self.name = name
        self.holds = dict.fromkeys(variables)  # variable: object number, None, or UNBOUND
        self.parameters = {}  # variable: the argument as the caller says it
        self.outer = set()  # variables of other functions that this one binds
        self.lines = []
        self.returns = None  # the slot, in the caller, that the return value is bound to, and what it is

    def source(self):
        head = [f"def {self.name}({', '.join(self.parameters)}):"]
        outer = [f"{'global' if name[0] == 'g' else 'nonlocal'} {name}" for name in sorted(self.outer)]
        null = [f"{name} = None" for name in self.holds if name not in self.parameters]
        return head + ["    " + line for line in outer + null + self.lines or ["pass"]]


class Translation:
    def __init__(self, scenario):
        self.shapes = scenario.shapes
        self.flags = scenario.flags
        self.functions = [Function("module", [f"g{i}" for i in range(scenario.globals)])]
        self.calls = 0
        self.fields = {}  # object number: what its fields hold
        self.shape_of = {}
        self.range = None  # what the next operation writes: object number, place, length
        self.found = {}  # object number: how the last operations found it
        self.captured = set()  # variables that are cells
        ops = scenario.ops
        for i, (line, words, is_argument) in enumerate(ops):
            following = ops[i + 1] if i + 1 < len(ops) else (0, ["end"], False)
            if is_argument or (words[0] == "get" and following[2]):
                self.in_caller(self.argument if is_argument else self.do_get, line, *words[1:])
            else:
                self.translate(line, words, following[1][0])
        module = self.functions[0]
        self.source = "\n".join([f"{name} = None" for name in module.holds] + module.lines) + "\n"

    def translate(self, line, words, following):
        function = self.functions[-1]
        if words[0] == "move" and following == "leave" and words[1][0] in "^g" and words[2][0] not in "^g":
            operation = self.return_value
        else:
            operation = getattr(self, "do_" + words[0])
        function.lines += operation(line, *words[1:]) or []
        if words[0] not in ("enter", "get", "count", "weak", "leads", "called", "range", "freeze", "unfreeze"):
            self.found = {}

    # -- names --

    def variable(self, word, functions=None):
        """The variable that a slot is, and the function it belongs to."""
        functions = functions or self.functions
        if word[0] == "g":
            return word, functions[0]
        up = word.count("^")
        owner = functions[-1 - up]
        return f"{owner.name}_{word[up:]}", owner

    def expression(self, number):
        """How the innermost function says an object: by its own name, as just found, or by another's name."""
        function = self.functions[-1]
        for name, held in function.holds.items():
            if held == number:
                return name
        if number in self.found:
            return self.found[number]
        for owner in [self.functions[0]] + self.functions[-2:0:-1]:
            for name, held in owner.holds.items():
                if held == number:
                    if owner is not self.functions[0]:
                        self.captured.add(name)
                    return name
        raise ValueError(f"object #{number} has no name here")

    def value(self, word):
        return "None" if word == "null" else self.expression(int(word[1:]))

    @staticmethod
    def number(word):
        return None if word == "null" else int(word[1:])

    def place(self, object_word, field):
        number = int(object_word[1:])
        if self.is_ephemeron(number) and int(field) == 0:
            return f"value({self.expression(number)})"
        inside = f"[{field}]" if self.is_list(number) else f".f{field}"
        return self.expression(number) + inside

    def is_list(self, number):
        return self.shapes[self.shape_of[number]] is None

    def is_ephemeron(self, number):
        return "ephemeron" in self.flags[self.shape_of[number]]

    def bind(self, word, number):
        """The variable to assign to, declared where it must be."""
        name, owner = self.variable(word)
        owner.holds[name] = number
        if owner is not self.functions[-1]:
            self.functions[-1].outer.add(name)
            if owner is not self.functions[0]:
                self.captured.add(name)
        return name

    # -- calls --

    def do_enter(self, _line, count):
        self.calls += 1
        name = f"f{self.calls}"
        self.functions.append(Function(name, [f"{name}_{i}" for i in range(int(count))]))

    def in_caller(self, operation, *words):
        """What an argument is, is said in the caller's names: a call has been entered already."""
        callee = self.functions.pop()
        operation(*words, callee=callee)
        self.functions.append(callee)

    def argument(self, _line, slot, value, callee):
        name = f"{callee.name}_{slot}"
        callee.parameters[name] = self.value(value)
        callee.holds[name] = self.number(value)
        self.found = {}

    def return_value(self, _line, to, source):
        name, function = self.variable(source)
        function.returns = to[1:] if to[0] == "^" else to, function.holds.pop(name)
        return [f"return {name}"]

    def do_leave(self, _line):
        callee = self.functions.pop()
        arguments = callee.parameters.values()
        call = f"{callee.name}({', '.join(arguments)})"
        if callee.returns:
            call = f"{self.bind(*callee.returns)} = {call}"
        enter = [f"enter({argument})" for argument in arguments]
        self.functions[-1].lines += enter + callee.source() + [call] + ["leave()"] * len(arguments)

    # -- operations --

    def do_new(self, _line, slot, shape, length=None):
        number = len(self.fields) + 1
        self.shape_of[number] = shape
        self.fields[number] = [None] * (self.shapes[shape] if length is None else int(length))
        return [f"{self.bind(slot, number)} = {shape}({length or ''})"]

    def do_set(self, _line, slot, value):
        said = self.value(value)
        return [f"{self.bind(slot, self.number(value))} = {said}"]

    def do_move(self, _line, to, source):
        name, owner = self.variable(source)
        number = owner.holds[name]
        self.bind(source, UNBOUND)
        return [f"{self.bind(to, number)} = {name}", f"del {name}"]

    def do_del(self, _line, slot):
        name, owner = self.variable(slot)
        unbound = owner.holds[name] is UNBOUND
        self.bind(slot, UNBOUND)
        return [f"{name} = None"] * unbound + [f"del {name}"]

    def do_get(self, _line, holder, field, callee=None):
        found = self.fields[int(holder[1:])][int(field)]
        if found not in (None, UNBOUND):
            self.found[found] = self.place(holder, field)

    def do_store(self, _line, holder, field, value):
        line = f"{self.place(holder, field)} = {self.value(value)}"
        self.fields[int(holder[1:])][int(field)] = self.number(value)
        return [line]

    def do_clear(self, _line, holder, field):
        fields = self.fields[int(holder[1:])]
        place = self.place(holder, field)
        unbound = fields[int(field)] is UNBOUND
        if self.is_list(int(holder[1:])):  # `del l[0]` would move the others up
            fields[int(field)] = None
            return [f"{place} = None"]
        fields[int(field)] = UNBOUND
        return [f"{place} = None"] * unbound + [f"del {place}"]

    def do_range(self, line, holder, first, count):
        if not self.is_list(int(holder[1:])):
            raise ValueError(f"line {line}: only a list has slices")
        self.range = int(holder[1:]), int(first), int(count)

    @staticmethod
    def sliced(said, first, count):
        return f"{said}[{first}:{first + count}]"

    def do_fill(self, _line, value):
        holder, first, count = self.range
        line = f"{self.sliced(self.expression(holder), first, count)} = [{self.value(value)}] * {count}"
        self.fields[holder][first : first + count] = [self.number(value)] * count
        return [line]

    def do_copy(self, _line, source, begin):
        holder, first, count = self.range
        copied = self.sliced(self.value(source), int(begin), count)
        line = f"{self.sliced(self.expression(holder), first, count)} = {copied}"
        self.fields[holder][first : first + count] = self.fields[int(source[1:])][int(begin) :][:count]
        return [line]

    def do_collect(self, _line, kind):
        return ["collect()"]

    def do_freeze(self, _line):
        return ["freeze()"]

    def do_unfreeze(self, _line):
        return ["unfreeze()"]

    def do_finalise(self, _line, kept=None):
        if kept:
            self.functions[0].holds["g0"] = int(kept[1:])
        return ["finalise()"]

    def do_weak(self, _line, weak, value):
        return [f"refer({self.value(weak)}, {self.value(value)})"]

    def do_ephemeron(self, _line, ephemeron, key, value):
        self.fields[int(ephemeron[1:])][0] = self.number(value)
        return [f"pair({self.value(ephemeron)}, {self.value(key)}, {self.value(value)})"]

    def do_leads(self, line, weak, value):
        return [f"leads({line}, {self.value(weak)}, {self.value(value)})"]

    def do_called(self, line, _expected):
        return [f"called({line})"]

    def do_checkpoint(self, line):
        return [f"checkpoint({line})"]

    def do_count(self, line, word, _expected):
        said = self.expression(int(word[1:]))
        kind = "attribute" if "." in said else "element" if "[" in said else said
        return [f"count({line}, getrefcount({said}) - own[{kind!r}], {said})"]


# ---- CPython's temporaries ----


class Probe:
    __slots__ = ("field",)


probe_global = Probe()


def own_references():
    """What sys.getrefcount() itself adds, by what it is asked of; and what the caller keeps of an argument."""
    holder = Probe()
    holder.field = Probe()
    elements = [Probe()]
    fast = Probe()
    cell = Probe()

    def captures():
        return cell

    def called(argument):
        return getrefcount(argument)

    own = {
        "fast": getrefcount(fast) - 1,
        "cell": getrefcount(cell) - 1,
        "global": getrefcount(probe_global) - 1,
        "attribute": getrefcount(holder.field) - 1,
        "element": getrefcount(elements[0]) - 1,
    }
    assert captures() is cell
    return own, called(fast) - own["fast"] - 2


OWN, KEPT_BY_CALLER = own_references()


def own_of(translation):
    """The same for each variable of a scenario."""
    own = dict(OWN)
    for name in (f"f{call}_{i}" for call in range(1, translation.calls + 1) for i in range(64)):
        own[name] = OWN["cell" if name in translation.captured else "fast"]
    for i in range(64):
        own[f"g{i}"] = OWN["global"]
    return own


# ---- running it ----


class Run:
    """One scenario in CPython, with the cyclic collector or without; what was counted, and what was alive. A collector may
    ignore `freeze`, as CPython does where it is told to."""

    def __init__(self, translation, scenario, with_collector, with_freezing=True):
        self.counts = {}  # line: count, how often something was called, or whether a weak reference leads where it says
        self.calls = 0  # of finalisers and callbacks
        self.alive = []  # objects at each checkpoint
        self.born = []
        self.arguments = []  # identities of what callers pass, outermost first
        self.is_called = {}  # class: whether its weak references have a callback
        self.with_collector = with_collector
        self.with_freezing = with_freezing
        self.wrong = []
        namespace = {
            "getrefcount": getrefcount,
            "own": own_of(translation),
            "count": self.count,
            "collect": self.collect,
            "freeze": self.freeze,
            "unfreeze": self.unfreeze,
            "checkpoint": self.checkpoint,
            "finalise": self.finalise,
            "refer": self.refer,
            "pair": self.pair,
            "value": self.value,
            "leads": self.leads,
            "called": self.called,
            "enter": lambda argument: self.arguments.append(id(argument)),
            "leave": self.arguments.pop,
        }
        self.namespace = namespace
        for name, refs in scenario.shapes.items():
            namespace[name] = self.make_class(name, refs, scenario.flags[name])
        exec(compile(translation.source, "scenario", "exec"), namespace)
        self.uncollectable = len(gc.garbage)
        gc.unfreeze()

    def make_class(self, name, refs, flags):
        born = self.born

        def begin_list(self, length):
            list.__init__(self, [None] * length)
            born.append(ref(self))

        def begin_slots(self):
            for i in range(refs):
                setattr(self, f"f{i}", None)
            self.weak = None
            self.number = len(born)
            born.append(ref(self))

        def finaliser(one):
            self.calls += 1
            born[one.number] = ref(one)
            if "finaliser=keep" in flags:
                self.namespace["g0"] = one

        if refs is None:
            return type(name, (list,), {"__slots__": ("__weakref__",), "__init__": begin_list})
        slots = tuple(f"f{i}" for i in range(refs)) + ("__weakref__", "weak", "number")
        members = {"__slots__": slots, "__init__": begin_slots}
        if any(flag.startswith("finaliser") for flag in flags):
            members["__del__"] = finaliser
        made = type(name, (), members)
        self.is_called.update({made: "weak=called" in flags})
        return made

    def call_back(self, _weak):
        self.calls += 1

    def refer(self, weak, referent):
        callback = self.call_back if self.is_called[type(weak)] else None
        weak.weak = None if referent is None else ref(referent, callback)

    @staticmethod
    def pair(ephemeron, key, value):
        ephemeron.weak = WeakKeyDictionary()
        if key is not None:
            ephemeron.weak[key] = value

    @staticmethod
    def value(ephemeron):
        return next(ephemeron.weak.values(), None)

    def leads(self, line, weak, referent):
        if isinstance(weak.weak, WeakKeyDictionary):
            self.counts[line] = next(weak.weak.keys(), None) is referent
        else:
            self.counts[line] = (weak.weak and weak.weak()) is referent

    def called(self, line):
        self.counts[line] = self.calls

    def finalise(self):
        calls = None
        while self.calls != calls:
            calls = self.calls
            self.collect()

    def count(self, line, found, subject):
        self.counts[line] = found - KEPT_BY_CALLER * self.arguments.count(id(subject))

    def collect(self):
        if self.with_collector:
            gc.collect()

    def looked_at(self):
        """The living objects of the scenario that a collection looks at: nothing frozen is of them."""
        found = {id(one) for one in gc.get_objects()}
        return {id(one()) for one in self.born if one() is not None} & found

    def freeze(self):
        """gc.freeze() freezes all that was looked at until then. The collector is off: nothing comes in between."""
        if not self.with_freezing:
            return
        before = gc.get_freeze_count()
        tracked = len(gc.get_objects())
        gc.freeze()
        frozen = gc.get_freeze_count() - before
        left = len(self.looked_at())
        if frozen != tracked:
            self.wrong.append(f"gc.get_freeze_count() grows by {frozen}, and {tracked} objects were looked at")
        if left:
            self.wrong.append(f"{left} objects are looked at after gc.freeze()")

    def unfreeze(self):
        gc.unfreeze()
        tracked = sum(gc.is_tracked(one()) for one in self.born if one() is not None)
        if gc.get_freeze_count():
            self.wrong.append(f"gc.get_freeze_count() is {gc.get_freeze_count()} after gc.unfreeze()")
        if len(self.looked_at()) != tracked:
            self.wrong.append(f"{len(self.looked_at())} of {tracked} objects are looked at after gc.unfreeze()")

    def checkpoint(self, _line):
        self.collect()
        self.alive.append(sum(one() is not None for one in self.born))


def disagreements(scenario, run):
    wrong = [f"{scenario.path}: gc.garbage has {run.uncollectable} objects"] * (run.uncollectable > 0)
    wrong += [f"{scenario.path}: {said}" for said in run.wrong]
    for line, words, _ in scenario.ops:
        expected = {"count": words[-1], "called": words[-1], "leads": "1"}.get(words[0])
        if expected and run.counts.get(line) != int(expected):
            wrong.append(f"{scenario.path}:{line}: {' '.join(words)}: CPython finds {run.counts.get(line)}")
    return wrong


# ---- the collectors ----


def traits_of(pair):
    described = subprocess.run([pair, "--describe"], capture_output=True, check=True).stdout
    return json.loads(described)["collector"]["traits"]


def replays_find(pairs_path):
    with open(pairs_path, encoding="utf-8") as file:
        pairs = json.load(file)["pairs"]
    folder = os.path.dirname(pairs_path)
    paths = {p["collector"]: os.path.join(folder, p["path"]) for p in pairs if p["workload"] == "replay"}
    return {name: (path, traits_of(path)) for name, path in paths.items()}


def checkpoints_of(pair, program):
    done = subprocess.run(
        [pair, "--workload-options", "file=" + program, "--checkpoints", "--check"], capture_output=True, check=False
    )
    if done.returncode:
        return None
    return json.loads(done.stdout).get("checkpoints", [])


def collector_disagreements(scenario, replays, program, counting, collecting, freezing):
    """`counting` and `collecting` are CPython's runs without and with its cyclic collector, where it ignores `freeze`;
    `freezing` is that where it does not."""
    wrong = []
    for name, (pair, traits) in replays.items():
        observes = traits["observes"] and traits["counts"]  # and says what counting alone would hold
        told = traits["frees_when_told"]  # by a program with its deaths written in, which leaves nothing else alive
        rings = told or (traits["reclaims_cycles"] and not observes)
        if traits["conservative"] or (not traits["reclaims"] and not observes):
            continue
        if scenario.is_attended and not traits["finalises"]:
            continue
        if scenario.needs_rings_reclaimed and traits["counts"] and not rings:
            continue  # its counts rightly differ, and the replay says so: collectors.sh
        found = checkpoints_of(pair, program + ".deaths" if told else program)
        held = found and [one["truth"]["rc_held_objects"] if observes else one["held_objects"] for one in found]
        expected = freezing if traits["freezes"] else collecting if rings else counting
        if observes and not all(one["truth"]["rc_exact"] for one in found or []):
            if not held or any(more < least for more, least in zip(held, expected, strict=True)):
                wrong.append(f"{scenario.name}: alive in CPython: {expected}, less than that held by {name}: {held}")
        elif (held or []) != expected:
            wrong.append(f"{scenario.name}: alive in CPython: {expected}, held by {name}: {held}")
    return wrong


# ---- the test ----


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, wrong, sentence):
        self.count += 1
        self.failed += bool(wrong)
        print(f"{'not ' if wrong else ''}ok {self.count} - {sentence}")
        for line in wrong:
            print(f"# {line}")


def scenario_test(tap, path, gcmatrix, replays, program):
    scenario = Scenario(path)
    translation = Translation(scenario)
    counting = Run(translation, scenario, False)
    freezing = Run(translation, scenario, True)
    collecting = Run(translation, scenario, True, with_freezing=False) if scenario.freezes else freezing
    counts = sum(words[0] in ("count", "leads", "called") for _, words, _ in scenario.ops)
    tap.ok(disagreements(scenario, freezing), f"{scenario.name}: CPython agrees on {counts} counts")
    without = disagreements(scenario, counting)
    if scenario.needs_rings_reclaimed:
        tap.ok([] if without else ["it does"], f"{scenario.name}: without its cyclic collector it does not agree")
    else:
        tap.ok(without, f"{scenario.name}: nor does its cyclic collector matter to them")
    subprocess.run([gcmatrix, "program", "assemble", path, "-o", program], check=True)
    marked = [gcmatrix, "program", "deaths", program, "-o", program + ".deaths"]
    if not scenario.is_attended:
        subprocess.run(marked, stdout=subprocess.DEVNULL, check=True)
    wrong = collector_disagreements(scenario, replays, program, counting.alive, collecting.alive, freezing.alive)
    tap.ok(wrong, f"{scenario.name}: at {len(collecting.alive)} checkpoints the collectors hold what CPython does")


def main():
    gc.disable()
    if sys.argv[1] == "--show":
        print(Translation(Scenario(sys.argv[2])).source, end="")
        return 0
    gcmatrix, pairs, *paths = sys.argv[1:]
    tap = Tap()
    print(f"# CPython {sys.version.split()[0]}; own references {OWN}; kept by a caller {KEPT_BY_CALLER}")
    replays = replays_find(pairs)
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(paths):
            scenario_test(tap, path, gcmatrix, replays, os.path.join(folder, "scenario.gcp"))
    print(f"1..{tap.count}")
    return tap.failed != 0


if __name__ == "__main__":
    sys.exit(main())

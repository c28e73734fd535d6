# SPDX-License-Identifier: MIT
"""One processor for all that is measured.

Where a machine is shared its processors are not alike: next to one somebody else works, next to the other nobody does,
and one was seen to take twice as long as the other. Two sides of a quotient that run where the system puts
them differ by that; so all of a run is on the same one, and it is the one that is faster as the run begins.
"""
import os
import time

PROBES = 5
STEPS = 200000


def probe_seconds():
    """A fixed work: mostly arithmetic, and a megabyte gone through."""
    memory = bytearray(1 << 20)
    begin = time.perf_counter()
    total = 0
    for step in range(STEPS):
        total += memory[step * 4093 & (1 << 20) - 1] + step
    return time.perf_counter() - begin


def keep_to_one():
    """Puts this process, and those that it will start, on one processor. Returns its number; None where the system has
    no such call. The probes go round, so that a moment's disturbance is no one processor's."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    allowed = sorted(os.sched_getaffinity(0))
    fastest = {cpu: float("inf") for cpu in allowed}
    for _ in range(PROBES):
        for cpu in allowed:
            os.sched_setaffinity(0, {cpu})
            fastest[cpu] = min(fastest[cpu], probe_seconds())
    chosen = min(allowed, key=lambda cpu: fastest[cpu])
    os.sched_setaffinity(0, {chosen})
    return chosen


def processor_sentence(document):
    """A part of one, with what separates it from the next; nothing of a run that was on no processor in particular."""
    chosen = document.get("processor")
    return "" if chosen is None else f"all of it on processor {chosen}, the faster one as it began; "

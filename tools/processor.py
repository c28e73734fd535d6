# SPDX-License-Identifier: MIT
"""One processor for all that is measured.

The processors of a shared machine are not alike: a neighbour may load one of them. One processor was seen to take twice
as long as another. Two sides of a quotient on two processors would differ by that factor. So a tool keeps all that it
measures on one processor: the one that is fastest as it begins.
"""
import os
import time

PROBES = 5
STEPS = 200000


def probe_seconds():
    """The time of a fixed work: arithmetic, and reads all over a megabyte."""
    memory = bytearray(1 << 20)
    begin = time.perf_counter()
    total = 0
    for step in range(STEPS):
        total += memory[step * 4093 & (1 << 20) - 1] + step
    return time.perf_counter() - begin


def only_one():
    """The number of the processor that this process is kept to; None where it is not, or the system cannot say."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    return min(allowed) if len(allowed) == 1 else None


def keep_to_one():
    """Puts this process, and those that it will start, on one processor, where the system can. The probes visit the
    processors in turn, so that a short disturbance falls on all of them."""
    if not hasattr(os, "sched_setaffinity"):
        return
    allowed = sorted(os.sched_getaffinity(0))
    fastest = {cpu: float("inf") for cpu in allowed}
    for _ in range(PROBES):
        for cpu in allowed:
            os.sched_setaffinity(0, {cpu})
            fastest[cpu] = min(fastest[cpu], probe_seconds())
    chosen = min(allowed, key=lambda cpu: fastest[cpu])
    os.sched_setaffinity(0, {chosen})

/* SPDX-License-Identifier: MIT */
/*
 * The processor's own counters of this process in user mode, by perf_event_open(2). Figures are kept only if
 * the counters ran all the time: where others wanted them too, the kernel shares them out, and scales.
 */
#ifndef HARNESS_RUNNER_COUNTERS_H
#define HARNESS_RUNNER_COUNTERS_H

#include <stdint.h>

enum { COUNTERS_INSTRUCTIONS, COUNTERS_CYCLES, COUNTERS };

struct counters {
    int files[COUNTERS];      /* -1: not to be had */
    int64_t values[COUNTERS]; /* -1: not counted */
};

/* Opens them, stopped; in threads that are started later they count too. What cannot be opened is left out.
 */
void counters_open(struct counters *counters);

/* Two system calls each. */
void counters_start(struct counters *counters);
void counters_stop(struct counters *counters);

/* Reads what was counted, after counters_stop, and closes them. */
void counters_close(struct counters *counters);

/*
 * What is left of a reading {value, time enabled, time running}: the value if the counter ran whenever it was
 * to, else -1. O(1).
 */
int64_t counters_value(const uint64_t reading[3]);

#endif

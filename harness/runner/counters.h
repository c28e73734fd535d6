/* SPDX-License-Identifier: MIT */
/*
 * The processor's own counters, of this process in user mode, by perf_event_open(2). Where others want the
 * counters too, the kernel shares them out and scales the values. A value is kept only if its counter ran all
 * the time.
 */
#ifndef HARNESS_RUNNER_COUNTERS_H
#define HARNESS_RUNNER_COUNTERS_H

#include <stdint.h>

enum { COUNTERS_INSTRUCTIONS, COUNTERS_CYCLES, COUNTERS };

struct counters {
    int files[COUNTERS];      /* -1: cannot be opened */
    int64_t values[COUNTERS]; /* -1: not counted */
};

/*
 * Opens the counters, stopped. They also count in threads that are started later. A counter that cannot be
 * opened is left out.
 */
void counters_open(struct counters *counters);

/* Start and stop the counters, with two system calls each. */
void counters_start(struct counters *counters);
void counters_stop(struct counters *counters);

/* Reads the values, after counters_stop(), and closes the counters. */
void counters_close(struct counters *counters);

/*
 * The value of a reading {value, time enabled, time running}, if the counter ran as long as it was enabled;
 * else -1.
 */
int64_t counters_value(const uint64_t reading[3]);

#endif

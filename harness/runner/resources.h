/* SPDX-License-Identifier: MIT */
/*
 * What the process can read of itself: sizes in bytes, CPU times in nanoseconds. No function here allocates.
 */
#ifndef HARNESS_RUNNER_RESOURCES_H
#define HARNESS_RUNNER_RESOURCES_H

#include <stdint.h>

struct resources_cpu {
    uint64_t user_ns;
    uint64_t sys_ns;
};

/* Resident bytes now, from /proc/self/statm; one read of an open file, about a microsecond. 0 where /proc is
 * missing. */
uint64_t resources_rss_bytes(void);

/* Resident bytes at most so far: VmHWM. Not ru_maxrss, which begins with what the parent had at the fork. 0
 * where /proc is missing. */
uint64_t resources_peak_rss_bytes(void);

/*
 * Bytes of the main thread's C stack that were ever touched, to a page, its arguments and environment with
 * them: the resident size of the mapping [stack], which does not shrink unless the system swaps. One look at
 * all that is mapped and resident: a millisecond or some, so outside anything timed. 0 where
 * /proc/self/smaps is missing.
 */
uint64_t resources_stack_bytes(void);

struct resources_cpu resources_cpu_now(void);

/* Zeroed memory with every page present, straight from the system; NULL with errno set when there is none.
 * Never freed. */
void *resources_map_touched(uint64_t bytes);

/* Zeroed memory whose pages come when they are touched; NULL with errno set. */
void *resources_map(uint64_t bytes);

#endif

/* SPDX-License-Identifier: MIT */
/* The resources that the process uses: memory in bytes, processor time in ns. No function here allocates. */
#ifndef HARNESS_RUNNER_RESOURCES_H
#define HARNESS_RUNNER_RESOURCES_H

#include <stdint.h>

/* What the process has used so far, all its threads together. */
struct resources_usage {
    uint64_t user_ns;
    uint64_t sys_ns;
    uint64_t minor_faults;
    uint64_t major_faults;
    uint64_t voluntary_switches;
    uint64_t involuntary_switches;
};

/* Resident bytes now, from /proc/self/statm; 0 where /proc is missing. One read of an open file, about a
 * microsecond. */
uint64_t resources_rss_bytes(void);

/*
 * The most resident bytes so far: VmHWM; 0 where /proc is missing. Not ru_maxrss, which starts from the
 * parent's size at the fork.
 */
uint64_t resources_peak_rss_bytes(void);

/*
 * Bytes of the main thread's C stack that were ever touched, to a page, with its arguments and environment; 0
 * where /proc/self/smaps is missing. It is the resident size of the mapping [stack], which does not shrink
 * unless the system swaps. The kernel walks all resident mappings for it, some milliseconds: call it outside
 * anything timed.
 */
uint64_t resources_stack_bytes(void);

/* Bytes of this process that it has written and shares with no other, from /proc/self/smaps_rollup; -1 where the system
 * does not say it. In a forked process: what it has unshared. The kernel walks all resident mappings for it. */
int64_t resources_private_dirty_bytes(void);

/* One getrusage(). The kernel's part of the time is counted in ticks on many systems; faults are exact. */
struct resources_usage resources_usage_now(void);

/* Maps zeroed memory with every page present; NULL with errno set when there is none. Never freed. */
void *resources_map_touched(uint64_t bytes);

/* Maps zeroed memory whose pages come when they are touched; NULL with errno set when there is none. */
void *resources_map(uint64_t bytes);

#endif

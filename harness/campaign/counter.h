/* SPDX-License-Identifier: MIT */
/*
 * Figures without noise: the instructions of a workload, counted by callgrind in a second process with the
 * same work and options. The environment is that of every measured process, recording is off (it reads clocks
 * and /proc, whose digits vary), and timers of allocators are held still; so the same binary gives the same
 * count, to the last instruction, on every machine whose C library chooses the same variants of its
 * functions.
 *
 * A count is no time: a miss of the cache costs as much as a hit. It is for telling whether the code has
 * changed, not which collector is faster. (Nethercote and Seward, Valgrind, PLDI 2007; Weidendorfer's
 * callgrind.)
 */
#ifndef HARNESS_CAMPAIGN_COUNTER_H
#define HARNESS_CAMPAIGN_COUNTER_H

#include "harness/campaign/command.h"

/* About so many times slower than the process alone: a limit on its time is multiplied by this. */
enum { COUNTER_SLOWDOWN = 100 };

enum counter_end { COUNTER_COUNTED, COUNTER_FAILED, COUNTER_INTERRUPTED };

/*
 * Counts the instructions between the first operation of the workload and its return. `valgrind` is the
 * program's path; `scratch` a folder for callgrind's files and the process's record, which are removed;
 * `checksum` what the work must come to, or NULL; `timeout_ns` 0 for none. On COUNTER_FAILED `*ret_reason` is
 * why, for the caller to free; otherwise it is NULL.
 */
enum counter_end counter_count(const char *valgrind, const struct command_request *request,
                               const char *scratch, const char *checksum, int64_t timeout_ns,
                               int64_t *ret_instructions, char **ret_reason);

/* The path of valgrind, the caller's to free; NULL after one line (`place` in front) that names the package.
 */
char *counter_find(const char *place);

#endif

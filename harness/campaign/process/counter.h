/* SPDX-License-Identifier: MIT */
/*
 * Figures without noise: callgrind counts the instructions of a workload, in a second process with the same
 * work and options. The environment is that of every measured process. Recording is off, because it reads
 * clocks and /proc, whose digits vary. Timers of allocators are held still. So one executable gives one
 * count, to the last instruction, on every machine whose C library chooses the same variants of its
 * functions.
 *
 * A count is not a time: it weighs a cache miss like a hit. The count tells whether the code has changed, and
 * not which collector is faster. (Nethercote and Seward, Valgrind, PLDI 2007; Weidendorfer's callgrind.)
 */
#ifndef HARNESS_CAMPAIGN_PROCESS_COUNTER_H
#define HARNESS_CAMPAIGN_PROCESS_COUNTER_H

#include "harness/campaign/process/command.h"

/* Under callgrind a process is about so many times slower: limits on its time are multiplied by this. */
enum { COUNTER_SLOWDOWN = 100 };

enum counter_end { COUNTER_COUNTED, COUNTER_FAILED, COUNTER_INTERRUPTED };

/*
 * Counts the instructions between the first operation of the workload and its return.
 *
 *   valgrind      its path
 *   scratch       a folder for callgrind's files and the process's record, which are removed
 *   checksum      the checksum that the work must have, or NULL
 *   timeout_ns    0 for no limit
 *
 * On COUNTER_FAILED `*ret_reason` says why, for the caller to free; otherwise it is NULL.
 */
enum counter_end counter_count(const char *valgrind, const struct command_request *request,
                               const char *scratch, const char *checksum, int64_t timeout_ns,
                               int64_t *ret_instructions, char **ret_reason);

/*
 * The path of valgrind, the caller's to free; NULL after one line that begins with `place` and names the
 * package.
 */
char *counter_find(const char *place);

#endif

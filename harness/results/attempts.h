/* SPDX-License-Identifier: MIT */
/*
 * A process that was disturbed is run again in its block. This is the rule, which is fixed before any time is
 * seen: no part of it reads a wall time.
 *
 *   lost        = queued + stolen. queued: ready to run, but another process had the processor.
 *                 stolen: the host had the processor. The kernel states stolen time in ticks, so a single
 *                 tick (ATTEMPTS_TICK_NS) cannot be told from none, and counts as none.
 *   lost share  = lost / (lost + ran), where ran = user + system time: of the time in which the process
 *                 wanted to run, the share in which it could not.
 *   disturbed   = the process is ok, its lost share is above ATTEMPTS_LOST_MOST, and it lost more than
 *                 ATTEMPTS_LOST_LEAST_NS; or it is unmeasured: what timed it was killed.
 *
 * A disturbed process is run again, STORE_ATTEMPTS times in all at most. Every attempt keeps its row. The
 * attempt that counts in a block is
 *
 *   1. the first that is broken (crash, mismatch, error): no repetition hides a defect;
 *   2. else the attempt that is ok and lost least, in nanoseconds; of equals the last;
 *   3. else the last.
 *
 * All attempts of a cell do the same work, so 2. needs no divisor. A share by the wall time would favour the
 * slower of two attempts, as the wall time is what is to be measured.
 */
#ifndef HARNESS_RESULTS_ATTEMPTS_H
#define HARNESS_RESULTS_ATTEMPTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "harness/results/store.h"

/*
 * The share above which a process is disturbed. Twice the minimum of interest (1%): a loss below it moves the
 * median of five blocks by less than the least difference that is claimed.
 */
#define ATTEMPTS_LOST_MOST 0.02

/*
 * A process that lost no more than this is not run again, however little it ran. Else one that mostly sleeps, or a
 * baseline of a millisecond, would be repeated for each thread of the kernel that had its processor. So the share is,
 * in effect, of a tenth of a second that ran at least. It is 0.4% of the half second that cells of the default matrix
 * last, and below the minimum of interest for any that lasts a fifth of a second.
 */
#define ATTEMPTS_LOST_LEAST_NS INT64_C(2000000)

/* The unit of stolen time in /proc/stat: USER_HZ is 100 on every Linux. */
#define ATTEMPTS_TICK_NS INT64_C(10000000)

/* The time that a process wanted to run and could not; 0 where the row does not say it. */
int64_t attempts_lost_ns(const struct store_row *row);

/* The same as a share of the time in which the process wanted to run, from 0 to 1. */
double attempts_lost_share(const struct store_row *row);

/* Whether the row's process has no figures because what timed it was killed: the row says nothing of its cell. */
bool attempts_unmeasured(const struct store_row *row);

/* Whether the row's process is to be run again, if attempts are left. */
bool attempts_disturbed(const struct store_row *row);

/*
 * Sets `ret_counts[i]` for every row: whether it is the attempt of its cell in its block that counts. Exactly
 * one of the attempts of each cell and block does. O(n log n).
 */
void attempts_choose(const struct store_row *rows, size_t count, bool *ret_counts);

/* The rule with its constants, for the manifest; a new reference. */
json_t *attempts_describe(void);

#endif

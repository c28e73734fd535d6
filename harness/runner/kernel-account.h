/* SPDX-License-Identifier: MIT */
/*
 * Divides what the kernel counts (minor faults and system time) among mutator, collections and cascades.
 *
 * To read the counts where each pause begins and ends would cost more than a short pause does. So a reading is
 * taken there only when KERNEL_ACCOUNT_INTERVAL_NS have passed since the last one. What the kernel counted
 * between two readings belongs to the sort of time that lay between them. Where several sorts lay there, it is
 * divided by their lengths, and counts as estimated:
 *
 *      reading               reading                             reading      reading
 *      |      mutator        |  mutator, pause, mutator, pause   |  pause     |
 *      '- all the mutator's -'------ divided by time ------------'- the pause's
 */
#ifndef HARNESS_RUNNER_KERNEL_ACCOUNT_H
#define HARNESS_RUNNER_KERNEL_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/runner/resources.h"

/* A reading costs a quarter of a microsecond: a quarter of a percent of this. */
enum { KERNEL_ACCOUNT_INTERVAL_NS = 100000 };

/* What the system time of a process must have per fault, at most, to be divided by faults: the price of the
 * dearest sort of fault, that of a huge page. */
enum { KERNEL_ACCOUNT_FAULT_NS = 1000000 };

enum kernel_account_sort {
    KERNEL_ACCOUNT_MUTATOR,
    KERNEL_ACCOUNT_COLLECTING,
    KERNEL_ACCOUNT_CASCADES,
    KERNEL_ACCOUNT_SORTS
};

struct kernel_account {
    uint64_t read_at_ns;                      /* the last reading */
    uint64_t pauses_ns[KERNEL_ACCOUNT_SORTS]; /* lengths of the pauses since then; the mutator's stays 0 */
    struct resources_usage read;
    double faults[KERNEL_ACCOUNT_SORTS];
    double sys_ns[KERNEL_ACCOUNT_SORTS];
    double estimated_faults; /* divided by time; they are in `faults` too */
    double estimated_sys_ns;
    uint64_t readings;
};

/* Begins an account with the first reading. */
void kernel_account_begin(struct kernel_account *account, uint64_t now_ns,
                          const struct resources_usage *usage);

/* Notes a pause that has ended. */
static inline void kernel_account_pause(struct kernel_account *account, enum kernel_account_sort sort,
                                        uint64_t length_ns)
{
    account->pauses_ns[sort] += length_ns;
}

/* Whether a reading is due at `now_ns`. */
static inline bool kernel_account_due(const struct kernel_account *account, uint64_t now_ns)
{
    return now_ns - account->read_at_ns >= KERNEL_ACCOUNT_INTERVAL_NS;
}

/* Adds a reading that was taken at `now_ns`: divides what came since the last one. */
void kernel_account_add(struct kernel_account *account, uint64_t now_ns, const struct resources_usage *usage);

/*
 * The system time in collections, or in cascades, of a process with `sys_ns` and `minor_faults` in all. Where
 * the process had at least one fault for each KERNEL_ACCOUNT_FAULT_NS, its system time is divided as its
 * faults are: they are exact, and system time comes in ticks. Otherwise it is as it was read.
 */
uint64_t kernel_account_sys_ns(const struct kernel_account *account, enum kernel_account_sort sort,
                               uint64_t sys_ns, uint64_t minor_faults);

#endif

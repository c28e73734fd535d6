/* SPDX-License-Identifier: MIT */
/*
 * One program under the collector of this process, from an empty heap to a torn-down one, with everything
 * asserted that can be asserted without another collector. What can only be compared is in the result.
 */
#ifndef HARNESS_STRESS_WORKER_TRIAL_H
#define HARNESS_STRESS_WORKER_TRIAL_H

#include "harness/stress/dials.h"
#include "program/program.h"

struct trial_request {
    const struct program *program;
    const struct setting *setting;
    const char *options; /* of the collector; drawn instead where the setting says vary */
    uint64_t seed;       /* of everything that is drawn */
};

struct trial_result {
    uint64_t digest;  /* of what lived at each checkpoint and of what was read; 0: not to be compared */
    uint64_t counted; /* of what counting alone holds at each checkpoint; 0: this collector cannot say */
    uint64_t operations;
    uint64_t collections;
    uint64_t cascades;      /* that freed 64 objects or more */
    uint64_t collected;     /* objects freed by collections */
    uint64_t freed_at_zero; /* objects freed outside of them */
    uint64_t held;          /* objects left at the end, when every name was gone */
    uint64_t moved;         /* collections after which some name referred to another address */
    uint64_t checks;        /* of the heap */
    uint64_t failed;        /* allocations, by injection */
    uint64_t blocks;        /* outstanding when the program had ended */
    bool exhausted;         /* the program ended for want of memory */
};

/*
 * What a program is run with that its seed decides: for the line and for a finding. Valid from the start of
 * trial_run() on, also in a signal handler.
 */
struct trial_drawn {
    char options[OPTIONS_TEXT_BYTES];
    uint64_t at; /* struct setting's `at` */
};
extern struct trial_drawn trial_drawn;

/* Called with what is wrong: one word of a kind and one line. Does not return. */
typedef __attribute__((noreturn)) void (*trial_failure)(const char *kind, const char *line);

/* Once per process. Returns 0, or -1 without memory. */
int trial_open(trial_failure failed);

/* Returns 0, or -1 without memory for its own needs. Failures do not come back. */
int trial_run(const struct trial_request *request, struct trial_result *ret_result);

#endif

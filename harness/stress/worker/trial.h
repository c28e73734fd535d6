/* SPDX-License-Identifier: MIT */
/* Runs one program under the collector of this process, from an empty heap to a torn-down one. Asserts
 * everything that can be asserted without another collector. The result holds what can only be compared. */
#ifndef HARNESS_STRESS_WORKER_TRIAL_H
#define HARNESS_STRESS_WORKER_TRIAL_H

#include "harness/stress/dials.h"
#include "program/program.h"

struct trial_request {
    const struct program *program;
    const struct conditions *conditions;
    const char *options; /* the collector's options; drawn instead where the conditions say vary */
    uint64_t seed;       /* the seed of everything that is drawn */
};

struct trial_result {
    uint64_t digest;     /* of what lived at each checkpoint and of what was read; not 0 */
    uint64_t counted;    /* of what counting alone holds at each checkpoint; 0: this collector cannot say */
    uint64_t operations; /* 0: the collector does not run such programs; then all else is 0, too */
    uint64_t collections;
    uint64_t cascades;      /* cascades that freed 64 objects or more */
    uint64_t collected;     /* objects freed by collections */
    uint64_t freed_at_zero; /* objects freed outside of them */
    uint64_t held;          /* objects left at the end, when every name was gone */
    uint64_t moved;         /* collections after which some name referred to another address */
    uint64_t checks;        /* checks of the heap */
    uint64_t failed;        /* allocations that were made to fail */
    uint64_t blocks;        /* blocks outstanding when the program had ended */
    uint64_t block_bytes;   /* bytes in them */
    bool exhausted;         /* the program ended for want of memory */
    bool alike;             /* such a program ends at the same operation under every collector with `alike` */
};

/* The values that the seed of a program decides, for the line and for a finding. They are valid from the
 * start of trial_run() on, also in a signal handler. */
struct trial_drawn {
    char options[OPTIONS_TEXT_BYTES];
    uint64_t at; /* struct conditions' `at` */
};
extern struct trial_drawn trial_drawn;

/* Called with one word for the kind and one line that says what is wrong. Does not return. */
typedef __attribute__((noreturn)) void (*trial_failure)(const char *kind, const char *line);

/* The collector's options at their defaults, valid until the next trial. */
const void *trial_options_default(void);

/* Prepares the process; called once. Returns 0, or -1 without memory. */
int trial_open(trial_failure failed);

/* Runs one trial. Returns 0, or -1 without memory for its own needs. A failure does not return. */
int trial_run(const struct trial_request *request, struct trial_result *ret_result);

#endif

/* SPDX-License-Identifier: MIT */
/* Runtimes outside this tree, which run programs over a pipe (runtime/README.md). To a campaign each is a
 * worker like that of a collector. */
#ifndef HARNESS_STRESS_RUNTIMES_H
#define HARNESS_STRESS_RUNTIMES_H

#include "base/text.h"
#include "harness/stress/workers.h"

struct runtime {
    struct worker worker;       /* its name is the one that the runtime gives itself; the second has a .2 */
    struct text_list unchecked; /* what a campaign does not check of it, a line each */
};

struct runtimes {
    struct runtime *items;
    size_t count;
};

/* Starts each command once, and asks the runtime for its name and its promises. `time_limit` is in seconds.
 * Returns 0, or a status after one line that says why the two cannot talk. The caller calls runtimes_close()
 * in any case. */
int runtimes_open(const struct workers *workers, const struct text_list *commands, uint64_t time_limit,
                  struct runtimes *ret_runtimes);
void runtimes_close(struct runtimes *runtimes);

/* Prints what was not checked of each. */
void runtimes_print_unchecked(const struct runtimes *runtimes, FILE *stream);

/* Whether programs can be run in a runtime under these conditions. Some need a collector's own functions. */
bool runtimes_take(const struct conditions *conditions);

#endif

/* SPDX-License-Identifier: MIT */
/* Runtimes outside this tree, which run programs over a pipe (runtime/README.md). To a campaign each is a
 * worker like that of a collector. */
#ifndef HARNESS_STRESS_RUNTIMES_H
#define HARNESS_STRESS_RUNTIMES_H

#include "base/text.h"
#include "harness/stress/workers.h"

struct runtime {
    struct worker worker;       /* its name is the one that the runtime gives itself */
    struct text_list unchecked; /* what a campaign does not check of it, a line each */
};

/* Starts a runtime once, and asks for its name and its promises. `time_limit` is in seconds. Returns 0, or
 * MESSAGE_BAD_INPUT after one line that says why the two cannot talk. The caller calls runtime_close() after
 * 0. */
int runtime_open(const struct workers *workers, const char *command, uint64_t time_limit,
                 struct runtime *ret_runtime);
void runtime_close(struct runtime *runtime);

/* Whether programs can be run in a runtime under these conditions. Some need a collector's own functions. */
bool runtime_takes(const struct conditions *conditions);

#endif

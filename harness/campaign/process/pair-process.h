/* SPDX-License-Identifier: MIT */
/*
 * A process of a pair that nothing times from outside: it runs to its end, and the record that it wrote to
 * standard output comes back. What a campaign measures goes another way (measure.h).
 */
#ifndef HARNESS_CAMPAIGN_PROCESS_PAIR_PROCESS_H
#define HARNESS_CAMPAIGN_PROCESS_PAIR_PROCESS_H

#include <jansson.h>
#include <stdbool.h>

#include "harness/campaign/process/command.h"
#include "harness/campaign/process/subprocess.h"

struct pair_process {
    enum subprocess_end end;
    int code;         /* as subprocess_run() says it */
    json_t *record;   /* NULL when the process wrote none, or did not come to its end */
    const char *said; /* the last line of its standard error; NULL when it said nothing */
    char *error;      /* what `said` points into */
};

/*
 * Runs the process of a request, whose `record` is set here, for `timeout_ns` at most (0: no limit). Fills
 * `*ret_process`, for pair_process_free().
 */
void pair_process_run(const struct command_request *request, int64_t timeout_ns,
                      struct pair_process *ret_process);

/*
 * Has a pair start and end under a preloaded allocator, without doing any work: one that hangs while it is loaded
 * would have every process wait for it. Returns 0, also for the C library's own allocator, or MESSAGE_BAD_INPUT or
 * MESSAGE_INTERRUPTED after one line. Takes some ms, or SUBPROCESS_ANSWER.
 */
int pair_process_preload_try(const char *pair, const struct allocator *allocator);

/*
 * Says why a process of a pair on an allocator failed. Returns MESSAGE_BAD_INPUT, or MESSAGE_STORAGE where it could
 * not write.
 */
int pair_process_allocator_refuse(const struct allocator *allocator, enum subprocess_end end, int code,
                                  const char *said, int64_t timeout_ns);

/* Whether the process ended with status 0 and a record. */
bool pair_process_succeeded(const struct pair_process *process);

/* Whether the collector ran out of memory, and the process says so in its status and its record. */
bool pair_process_is_exhausted(const struct pair_process *process);

void pair_process_free(struct pair_process *process);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What others take of the processor that the process is kept to: other processes, for which it waits in the
 * queue, and the host of a virtual machine, which gives the processor to other guests. Nothing here allocates.
 */
#ifndef HARNESS_RUNNER_PROCESSOR_SHARE_H
#define HARNESS_RUNNER_PROCESSOR_SHARE_H

#include <stdint.h>

enum { PROCESSOR_SHARE_UNKNOWN = -1 };

/* A reading. Each value is PROCESSOR_SHARE_UNKNOWN where the system does not say it. */
struct processor_share {
    int64_t processor; /* its number, where the calling thread is kept to exactly one */
    int64_t queued_ns; /* since the main thread began: it was ready to run and did not */
    int64_t stolen_ns; /* of that processor since the machine began, in steps of a tick (10 ms) */
};

/* Reads all three from /proc; some ten microseconds. The first call opens the files. */
void processor_share_read(struct processor_share *ret_share);

/* The processor that both readings name; else PROCESSOR_SHARE_UNKNOWN. */
int64_t processor_share_kept(const struct processor_share *begin, const struct processor_share *end);

/* What was added between two readings of a value; PROCESSOR_SHARE_UNKNOWN where one of them is. */
int64_t processor_share_between(int64_t begin, int64_t end);

/*
 * The ticks stolen from a processor: the eighth number of its line in the text of /proc/stat;
 * PROCESSOR_SHARE_UNKNOWN where it has none.
 */
int64_t processor_share_stolen_ticks(const char *text, int64_t processor);

#endif

/* SPDX-License-Identifier: MIT */
/* A race: one workload under one collector, or under several that run by turns. What `gcmatrix run` was asked for, its
 * processes, and what it prints of them. */
#ifndef HARNESS_CLI_RACE_H
#define HARNESS_CLI_RACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/writing.h"
#include "harness/campaign/process/progress.h"
#include "harness/cli/contender.h"
#include "harness/cli/subjects.h"

/* The files that a process can be told to write. */
enum race_file { RACE_EVENTS, RACE_TIMELINE, RACE_LATENCIES, RACE_FILES };

struct race_options {
    struct subjects subjects;
    const char *workload, *heap_limit, *heap, *files[RACE_FILES];
    long long rounds; /* processes of each collector */
    bool counts;      /* count instructions under valgrind */
    bool perf;        /* count by the processor's counters */
    bool phases;      /* print where the time of pauses went */
};

struct race {
    const struct race_options *options;
    struct contender *contenders;
    size_t count;
    struct writing files[RACE_FILES];
    struct progress progress;
    size_t rounds; /* complete */
};

/* Runs every contender once in each round, in an order drawn from the seed, and counts instructions if they are asked
 * for. Of several contenders one that fails is left out of the rounds that follow, and its `reason` says why. Returns
 * 0, or a status after one line. */
int race_rounds_run(struct race *race);

/* Prints what there is, which after an interrupt is what was complete. */
void race_results_print(const struct race *race);

/* Says what failed, and whose checksum is not the first one's. Returns 0 or MESSAGE_FAILED_CELLS. */
int race_results_status(const struct race *race);

#endif

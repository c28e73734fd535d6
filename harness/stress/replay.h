/* SPDX-License-Identifier: MIT */
/* One program under one collector, in worker processes, and whether it fails there. */
#ifndef HARNESS_STRESS_REPLAY_H
#define HARNESS_STRESS_REPLAY_H

#include "harness/stress/workers.h"
#include "program/program.h"

struct replay {
    const struct worker *truth;
    const struct worker *worker;
    const char *setting; /* texts, as a worker takes them */
    const char *options; /* of the collector: the truth runs with its defaults */
    uint64_t seed;
};

/* What came of it: as from workers_outcome_read(), or a difference from the truth, which is a finding too. To
 * be freed with workers_outcome_free(). The program stands in a file that is gone afterwards. Returns 0, or
 * -1 with errno set. */
int replay_run(const struct replay *replay, const struct program *program,
               struct worker_outcome *ret_outcome);

/* Reads a program from a file: as text if its name ends in .txt. Returns 0, or MESSAGE_BAD_INPUT after one
 * line. */
int replay_read(const char *path, struct program *ret_program);

#endif

/* SPDX-License-Identifier: MIT */
/* Reproduces a finding: runs one program under one collector, in worker processes, and tells whether it
 * fails. */
#ifndef HARNESS_STRESS_REPRODUCE_H
#define HARNESS_STRESS_REPRODUCE_H

#include "harness/stress/workers.h"
#include "program/program.h"

struct reproduction {
    const struct worker *truth;
    const struct worker *worker;
    const char *conditions; /* text, as a worker takes it */
    const char *options;    /* text, for the collector under test; the truth runs with its defaults */
    uint64_t seed;
};

/*
 * Runs the program. `ret_outcome` gets the outcome that workers_outcome_read() reads, or a difference from
 * the truth, which is a finding too. The caller frees it with workers_outcome_free(). The program lies in a
 * file, which is gone afterwards. Returns 0, or -1 with errno set.
 */
int reproduction_run(const struct reproduction *reproduction, const struct program *program,
                     struct worker_outcome *ret_outcome);

/* Reads a program from a file, as text if the file's name ends in .txt. Returns 0, or MESSAGE_BAD_INPUT after
 * one line. */
int reproduction_read(const char *path, struct program *ret_program);

#endif

/* SPDX-License-Identifier: MIT */
/* The workers that a build made, and what one run of one came to. */
#ifndef HARNESS_STRESS_WORKERS_H
#define HARNESS_STRESS_WORKERS_H

#include "harness/stress/child.h"
#include "harness/stress/dials.h"
#include "harness/stress/line.h"

/* The one whose word is taken for the truth. */
#define WORKERS_TRUTH "census"

struct worker {
    char *collector;
    char *path;
};

struct workers {
    struct worker *items; /* sorted by name, the truth first */
    size_t count;
};

/*
 * Finds stress-<collector> in the folders that GCMATRIX_STRESS names (colons between them), else beside this
 * program: harness/stress, or ../libexec/gcmatrix as installed. Returns 0 and workers for workers_free(), or
 * MESSAGE_BAD_INPUT after one line.
 */
int workers_find(struct workers *ret_workers);
void workers_free(struct workers *workers);

/* The worker of a collector; NULL after one line that suggests the nearest name. */
const struct worker *workers_named(const struct workers *workers, const char *collector);

/* What to run: seeds [seed, seed + programs), or a file. */
struct worker_task {
    uint64_t seed;
    uint64_t programs;
    const char *file;    /* or NULL */
    const char *setting; /* texts of the option tables */
    const char *dials;
    const char *options;
};

/* Seconds on the processor one program may take; and nanoseconds after which a silent worker is killed. */
enum { WORKERS_TIME_LIMIT = 5 };
#define WORKERS_SILENCE_NS UINT64_C(120000000000)

/* Starts it. Returns 0, or -1 with errno set. */
int workers_start(const struct worker *worker, const struct worker_task *task, struct child *child);

enum { KIND_BYTES = 24 };

struct worker_outcome {
    struct line *lines; /* of the programs that passed, in order */
    size_t count;
    bool found; /* the next one did not: */
    uint64_t seed;
    uint64_t at;
    char kind[KIND_BYTES]; /* a word: memory, trap, crash, count, held, time-out, ... */
    char *options;         /* of the collector, as it was run */
    char *text;            /* one line, what is wrong */
    char *detail;          /* what else was written to standard error */
};

/* Reads what an ended worker wrote. `first` is the seed it began with. */
void workers_outcome_read(const struct child *child, uint64_t first, struct worker_outcome *ret_outcome);
void workers_outcome_free(struct worker_outcome *outcome);

/*
 * The place of the first line that differs from the truth's for the same seed, where either says something;
 * `count` if none does. `ret_field` names what differs.
 */
size_t workers_outcome_compare(const struct worker_outcome *truth, const struct worker_outcome *outcome,
                               const char **ret_field);

#endif

/* SPDX-License-Identifier: MIT */
/* Finds the workers of a build, starts them, and reads the outcome of each process. */
#ifndef HARNESS_STRESS_WORKERS_H
#define HARNESS_STRESS_WORKERS_H

#include "base/text.h"
#include "harness/stress/boundaries.h"
#include "harness/stress/children.h"
#include "harness/stress/dials.h"
#include "harness/stress/line.h"

/* The collector whose results are taken for the truth. */
#define WORKERS_TRUTH "census"

struct worker {
    char *collector;
    char *path;
    char *runtime;       /* the command of a runtime outside this tree; NULL: a collector is tested */
    uint64_t time_limit; /* the seconds that one program may take; 0: WORKERS_TIME_LIMIT */
};

struct workers {
    struct worker *items; /* sorted by name, but the truth first */
    size_t count;
};

/*
 * Finds stress-<collector> in the folders that GCMATRIX_STRESS names (colons between them). Else looks beside
 * this executable, in harness/stress, or in ../libexec/gcmatrix as installed. Returns 0, or MESSAGE_BAD_INPUT
 * after one line. The caller calls workers_free() after 0.
 */
int workers_find(struct workers *ret_workers);
void workers_free(struct workers *workers);

/* Returns the worker of a collector, or NULL after one line that suggests the nearest name. */
const struct worker *workers_named(const struct workers *workers, const char *collector);

/* The work of one process: the seeds [seed, seed + programs), or a file. */
struct worker_task {
    uint64_t seed;
    uint64_t programs;
    const char *file;       /* NULL: run the seeds */
    const char *conditions; /* this and the two below: texts of the option tables */
    const char *dials;
    const char *options;
    const char *boundaries; /* from which the programs of seeds are made (boundaries.h); NULL: from none */
    bool coverage;          /* the outcome says which of them the programs reach */
};

/* The processor seconds that one program may take, and the nanoseconds after which a silent
 * worker is killed. */
enum { WORKERS_TIME_LIMIT = 5 };
#define WORKERS_SILENCE_NS UINT64_C(120000000000)

/* Asks every worker for the boundaries of its collector, and adds them to the list. Returns 0, or MESSAGE_BAD_INPUT
 * after one line. */
int workers_boundaries(const struct workers *workers, struct boundaries *boundaries);

/* Starts a worker. Returns 0, or -1 with errno set. */
int workers_start(const struct worker *worker, const struct worker_task *task, struct child *child);

/* Starts a runtime's worker only to say what it is, and waits for its end. Returns 0, or -1 with errno set. The
 * caller closes the child. */
int workers_describe(const struct worker *worker, struct child *child);

/* Reads what a campaign does not check of the worker's collector, by its traits and bounds: a line each. The
 * caller frees the list, which is empty when the worker could not say it. */
void workers_unchecked(const struct worker *worker, struct text_list *ret_lines);

enum { KIND_BYTES = 24 };

struct worker_outcome {
    struct line *lines; /* the programs that passed, in order */
    char **hits;        /* for each: what it reached first, as coverage_text() has it; NULL: nothing */
    size_t count;
    bool found; /* the next program failed, and the rest describes it: */
    uint64_t seed;
    uint64_t at;
    char kind[KIND_BYTES]; /* a word: memory, trap, crash, count, held, time-out, ... */
    char *options;         /* the collector's options for that program */
    char *text;            /* one line that says what is wrong */
    char *detail;          /* the rest of standard error */
};

/* Reads the outputs of an ended worker. `first` is the seed with which it began. */
void workers_outcome_read(const struct child *child, uint64_t first, struct worker_outcome *ret_outcome);
void workers_outcome_free(struct worker_outcome *outcome);

/* Returns the place of the first line that differs from the truth's line for the same seed, where both can be
 * compared. Returns `count` if none does. `ret_field` becomes the name of the field that differs. */
size_t workers_outcome_compare(const struct worker_outcome *truth, const struct worker_outcome *outcome,
                               const char **ret_field);

#endif

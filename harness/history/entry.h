/* SPDX-License-Identifier: MIT */
/*
 * An entry: what a history keeps of one run. It is a text of JSON lines, the first of them an object about the run, and
 * then a line for each cell and for each scene of claims:
 *
 *      {"schema":"gcmatrix.history.1","commit":"2b17...","committed":1795831200,"subject":"...","run":"86931547",
 *       "name":"quick","measured":"2026-11-28T02:10:00Z","machine":{...},"versions":{...},"programs":"0c1d2e3f",
 *       "reference":{"sha256":"cc9...","ns":[10,15923450,16012345.6,0.0123]},"metrics":["wall","own",...]}
 *      {"cell":["rings:count=1e6","rc","glibc","warm","","32f8ba737272","ok",[10,...],[10,...],null,...]}
 *      {"claims":["rings:count=1e6","glibc","warm","",["rc","rc-trial","semispace"],"><="]}
 *
 *   cell     workload, collector, allocator, memory and heap, which name it (enum history_name); the first digits of its
 *            executable's SHA-256; its status; then a figure for each of "metrics", in their order
 *   figure   [processes, median, mean, scatter, low, high], or null where there is none. The mean is geometric. That of
 *            a time is over the reference program's in its block, as `gcmatrix compare` has it. The scatter is the
 *            standard deviation of ln(value). low and high are the interval of 95% of the median of wall and own time. A figure
 *            that does not vary is [processes, median]
 *   claims   workload, allocator, memory, heap, collectors, and what the run says of the wall times of each two: the
 *            first against the second, the first against the third, ..., the second against the third, ...
 *            < less, > more, = equal, ? undecided, - none
 *
 * So an entry holds what a comparison of two runs needs, and no more: about 270 bytes for a cell.
 */
#ifndef HARNESS_HISTORY_ENTRY_H
#define HARNESS_HISTORY_ENTRY_H

#include <jansson.h>
#include <stdint.h>

#include "harness/analysis/run.h"

#define HISTORY_SCHEMA "gcmatrix.history.1"

/* The metrics that a history follows. */
enum history_metric {
    HISTORY_WALL,
    HISTORY_OWN,
    HISTORY_PEAK,
    HISTORY_PAUSE_P99,
    HISTORY_PAUSE_MAX,
    HISTORY_INSTRUCTIONS,
    HISTORY_METRICS
};
extern const enum run_metric history_metrics[HISTORY_METRICS];

/* What names a cell, in the order of a line. */
enum history_name {
    HISTORY_WORKLOAD,  /* with its options, as in "rings:count=1e6" */
    HISTORY_COLLECTOR, /* with its options */
    HISTORY_ALLOCATOR, /* with its tuning where it has one, as in "jemalloc:normalised" */
    HISTORY_MEMORY,    /* "cold" or "warm" */
    HISTORY_HEAP,      /* a multiple of the minimum heap, or "" */
    HISTORY_NAMES
};

struct history_figure {
    size_t count;     /* processes that have it; 0: there is none, and the rest is NaN */
    double median;    /* in the metric's unit */
    double mean;      /* geometric; of a time over the reference program's; NaN where a value is 0 */
    double scatter;   /* standard deviation of ln(value); 0: it does not vary */
    double low, high; /* of the median, 95%; NaN where the file has none, as of most metrics */
};

struct history_cell {
    const char *names[HISTORY_NAMES];
    const char *program; /* "" where the run does not say it */
    const char *status;  /* "ok", or of its first process that failed */
    struct history_figure figures[HISTORY_METRICS];
};

struct history_claims {
    const char *workload, *allocator, *memory, *heap;
    const json_t *collectors; /* array of texts */
    const char *verdicts;     /* one character for each two */
};

struct history_entry {
    json_t *lines; /* what the texts point into */
    const char *commit, *subject;
    int64_t committed; /* seconds since 1970, UTC */
    const char *run;   /* digits that tell this run from others */
    const json_t *machine, *versions;
    const char *reference_program;   /* its SHA-256; "" where it did not run */
    struct history_figure reference; /* ns; its mean is as measured */
    struct history_cell *cells;
    size_t cell_count;
    struct history_claims *claims;
    size_t claim_count;
};

/* A commit of the repository whose programs were measured. */
struct history_commit {
    char *id;      /* all digits of its name, lower case */
    char *subject; /* the first line of its message, plain */
    int64_t time;  /* when it was committed, in seconds since 1970, UTC */
};

/*
 * Asks git for a commit of the repository that holds `folder`: the one of that name, or what is checked out where `name`
 * is NULL. In that case the tree may hold no change that is in no commit. Returns 0 and a commit for
 * history_commit_free(); or MESSAGE_BAD_INPUT or MESSAGE_INTERRUPTED after one line.
 */
int history_commit_find(const char *folder, const char *name, struct history_commit *ret_commit);
void history_commit_free(struct history_commit *commit);

/*
 * Returns the lines of a run, an array, which the caller releases. The run has ended. Baselines, observers and another
 * build that it was measured against are left out. O(cells² + pairs²).
 */
json_t *history_lines_make(const struct run *run, const struct history_commit *commit);

/* Returns the lines as the text of a file, which the caller frees. O(size). */
char *history_lines_write(const json_t *lines);

/*
 * Returns the digits that tell the run from others: a check of when and where it began, and of what. For free(). O(1).
 */
char *history_run_identify(const struct run *run);

/*
 * Reads the text of a file. `place` names it in messages. Returns 0 and an entry for history_entry_free(); or
 * MESSAGE_BAD_INPUT after one line that names place and line, and nothing is held. O(size).
 */
int history_entry_read(const char *place, const char *text, struct history_entry *ret_entry);

/* The same of lines, to which it takes a reference of its own. */
int history_entry_of(const char *place, json_t *lines, struct history_entry *ret_entry);

void history_entry_free(struct history_entry *entry);

/* Whether both name the same cell. O(1). */
bool history_cells_are_same(const struct history_cell *a, const struct history_cell *b);

/* Returns the name of a cell, as in "rings x rc on glibc warm, heap 2". The caller frees it. */
char *history_cell_name(const struct history_cell *cell);

#endif

/* SPDX-License-Identifier: MIT */
/* A process of work-X (worker/count-work.c), which counts the steps of a collector's programs. */
#ifndef HARNESS_STRESS_WORK_PROCESS_H
#define HARNESS_STRESS_WORK_PROCESS_H

#include "harness/stress/work-line.h"
#include "harness/stress/workers.h"

enum { WORK_SIZES_MAX = 16 };

/* What it is told. */
struct work_task {
    const char *recipe;  /* text; NULL: `file` */
    const char *file;    /* of a program, which has one size */
    const char *peak;    /* likewise: the recipe runs without it and after it; NULL: by itself */
    const char *options; /* of the collector, as text; NULL: its defaults */
    uint64_t eagerness;  /* triggers are at this part of their defaults; 0: as the options say */
    uint64_t most;       /* steps of one program */
    uint64_t operations; /* of one program */
    uint64_t sizes[WORK_SIZES_MAX];
    size_t size_count;
};

/* Where work-X stands: beside the worker stress-X. The caller frees the path. */
char *work_path(const struct worker *worker);

/* Whether work-X stands there. */
bool work_is_built(const struct worker *worker);

/* Starts work-X. Returns 0, or MESSAGE_BAD_INPUT after one line. */
int work_start(const struct worker *worker, const struct work_task *task, struct child *child);

/* Starts work-X only to say where its collector is superlinear, and waits for its end. Returns as work_start(). The
 * caller closes the child. */
int work_ask_superlinear(const struct worker *worker, struct child *child);

/* Waits for the end of a process that runs alone. */
void work_await(struct child *child);

/* Reads a line of work-X. Returns false when it is cut off. */
bool work_line_read(const char *text, struct work_line *ret_line);

#endif

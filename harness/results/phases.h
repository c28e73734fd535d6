/* SPDX-License-Identifier: MIT */
/* The phases of one process's pauses: phases/<id>.csv. The format is in results/README.md. */
#ifndef HARNESS_RESULTS_PHASES_H
#define HARNESS_RESULTS_PHASES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/pause.h"

extern const char *const phase_names[GC_PHASE_KINDS];

struct phase_row {
    enum gc_phase phase;
    int64_t pause;            /* the place of its pause among the events of the process, from 0 */
    int64_t begin_ns, end_ns; /* from the start of the workload; begin <= end */
    int64_t freed_objects, freed_bytes;
};

struct phases {
    struct phase_row *rows; /* in the order of the file: that of their begins */
    size_t count;
};

/*
 * Reads the phases of process `id` of the run in the folder `dir`. Returns 1 and rows that the caller frees;
 * 0 when the run kept none; or MESSAGE_BAD_INPUT after one line that names file and line. O(size).
 */
int phases_read(const char *dir, int64_t id, struct phases *ret_phases);

/* Makes the file at `path`, for phases_add() and phases_finish(). NULL with errno set when it cannot be made. */
FILE *phases_create(const char *path);

/* Adds a phase. An error shows when the file is finished. */
void phases_add(FILE *file, const struct phase_row *row);

/* Closes the file. Returns 0, or -1 when any of what was written did not reach the file. */
int phases_finish(FILE *file);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * reference.csv of a run's folder: a row for each run of the reference program. The program is a fixed binary
 * (harness/campaign/machine/reference-program.c) that does the same work whatever is measured. So its times
 * show the machine alone: how it drifts from block to block, and by how much two runs' machines differ.
 *
 * The program runs before the first process of a block, again within a block each time
 * REFERENCE_INTERVAL_NS have passed, and once after the last process of the run. The time of a block is the
 * median of what its runs took to allocate and to compute. Chasing is no part of it: it reads beyond a second-level
 * cache, which the guests of a host share. So it swings by a tenth and more where the cells move by a fiftieth.
 */
#ifndef HARNESS_RESULTS_REFERENCE_H
#define HARNESS_RESULTS_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/results/journal.h"

/* About a tenth of a second in ten: 1% of a run. */
#define REFERENCE_INTERVAL_NS INT64_C(10000000000)

/* A block differs when its time is further from the run's than by this share: five minima of interest. */
#define REFERENCE_DIFFERS 0.05

struct reference_row {
    int64_t block;         /* in which the program ran; the last run of all counts for the last block */
    int64_t wall_ns;       /* the sum of allocating, chasing and computing */
    int64_t processor;     /* where the program ended */
    int64_t allocating_ns; /* malloc() and free() of small blocks */
    int64_t chasing_ns; /* reads that each need the one before, in a table beyond a second-level cache; in the
                            * sum, and in no time of a block */
    int64_t computing_ns; /* arithmetic */
    int64_t touching_ns;  /* the first write to each of 2,048 fresh pages; not in the sum */
};

/* What a run of the program says of the machine's speed, in ns. O(1). */
static inline int64_t reference_row_speed(const struct reference_row *row)
{
    return row->allocating_ns + row->computing_ns;
}

struct reference {
    struct reference_row *rows; /* in the order in which the program ran */
    size_t count;
};

/*
 * Reads <dir>/reference.csv. Returns 1 and rows for reference_free(); 0 and no rows when there is no such
 * file, as in runs of an earlier version; or MESSAGE_BAD_INPUT after one line that names file and line. A
 * torn last row is left out: its writer was killed, or is writing. O(size).
 */
int reference_read(const char *dir, struct reference *ret_reference);
void reference_free(struct reference *reference);

/*
 * Sets `ret_ns[block]` for each of `blocks` blocks: the median time of the program in it, or NaN where it did
 * not run. O(n log n).
 */
void reference_block_times(const struct reference *reference, size_t blocks, double *ret_ns);

/* The median of those of `blocks` times that are not NaN: the run's own time. NaN when there is none. */
double reference_run_time(const double *block_ns, size_t blocks);

/* Whether a block's time is further from the run's than REFERENCE_DIFFERS; false where either is NaN. */
bool reference_differs(double block_ns, double run_ns);

/* Writes the header, or a row with its line feed, for who writes the file as a whole. */
void reference_header_write(FILE *file);
void reference_row_write(FILE *file, const struct reference_row *row);

/*
 * Opens reference.csv of a run's folder for appending, for journal_close(). Makes it where there is none, and cuts off a
 * torn last row. The folder's lock must be held. Returns 0, or MESSAGE_STORAGE after one line.
 */
int reference_open(const struct writing_folder *folder, struct journal *ret_journal);

/* Appends a row and waits until it is on disk; as journal_append(). */
int reference_append(struct journal *journal, const struct reference_row *row);

#endif

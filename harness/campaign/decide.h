/* SPDX-License-Identifier: MIT */
/*
 * What the rows of a run have decided, and which cells go on: a pure function of the manifest and the rows. So
 * a run that was killed goes on as if nothing had happened, and whoever reads the run finds the same.
 *
 *   pair         two cells that are compared: the same workload with its options, allocator with its tuning,
 *                memory and heap, and another collector or other options of it. In a run of two builds a pair
 *                is the same cell of both. Baselines and observers are in no pair
 *   family       all pairs of the run, by wall time. It is known before the first process
 *   look         a decision at a number of blocks (sequential.h). It is complete when every cell that goes on
 *                has so many blocks, and none of their processes is to run again. At the first look pairs lend
 *                each other what they know of scatter
 *
 * By the first complete look at which a pair is decided it is decided for good. In a run with a precision
 *
 *   - a cell stops at the first look at which all its pairs are decided, and its own median is known to the
 *     precision (sequential_figure_is_precise); runs of older versions do not ask for that;
 *   - a cell of which a process failed stops at once, and its pairs are blank;
 *   - a cold cell whose warm twin is in the matrix is as warm where the geometric mean of the ratios of their
 *     times, in the blocks of the first look, is 1 within the precision; nothing is claimed of its times;
 *   - a baseline goes on as long as a cell does whose process it is the baseline of.
 *
 * In a fixed design every cell runs in every block, and there is one look, at the last. Only such a run is merged of
 * several machines; its pairs are decided over machines (harness/statistics/machines.h).
 */
#ifndef HARNESS_CAMPAIGN_DECIDE_H
#define HARNESS_CAMPAIGN_DECIDE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/results/store.h"
#include "harness/statistics/sequential.h"

enum decide_cell_state {
    DECIDE_GOES_ON,
    DECIDE_DONE,   /* all its pairs are decided, or it is in none, and its median is known to the precision */
    DECIDE_FAILED, /* a process of it was not ok */
};

struct decide_pair {
    uint32_t a, b;                   /* cells, a before b in the manifest */
    struct sequential_result result; /* of a / b, by wall time; blank where a cell failed */
    bool as_warm;                    /* nothing is claimed, because one of the two is as warm */
};

struct decide_counts {
    size_t less, more, equal, undecided;
    size_t blank;   /* a cell failed */
    size_t as_warm; /* nothing is claimed of a cold cell that is as warm */
};

/* Its fields are for reading. */
struct decide {
    struct sequential_design design; /* with the family, and the machines of a merged run */
    bool sequential;                 /* cells stop; else the design is fixed */
    size_t looks[SEQUENTIAL_LOOKS], look_count;
    struct decide_pair *pairs;
    size_t pair_count; /* the family */
    size_t cell_count;
    enum decide_cell_state *states; /* one for each cell, after the last complete look */
    bool *as_warm;             /* one for each cell: it is cold, and within the precision of its warm twin */
    size_t blocks;             /* of the last complete look; 0 before the first */
    size_t next_look;          /* its blocks; 0: nothing goes on */
    double *wall_ns;           /* cells x design.blocks: of the attempt that counts; NaN: none, or not ok */
    struct decide_cell *cells; /* how the cells belong together */
    unsigned char *outcomes;   /* cells x design.blocks: enum outcome of decide.c */
    size_t *machine_of;        /* design.blocks: what design.machines points to */
};

/*
 * Takes the cells and the design of a checked manifest. A manifest of the first schema has a fixed design. The
 * result is for decide_free(). O(cells²).
 */
struct decide *decide_new(const json_t *manifest);
void decide_free(struct decide *decide);

/*
 * Returns the design that a manifest names, with its defaults where the manifest has none: one look at all its
 * blocks. A manifest that names no spending is of a version that spent evenly. The manifest is a checked one. The
 * design names no machines: decide_new() adds them, and has them at `design.machines`. O(1).
 */
struct sequential_design decide_design(const json_t *manifest, size_t family);

/* Whether the manifest's cells are of two builds, so that pairs are of these. O(cells). */
bool decide_of_builds(const json_t *cells);

/* Whether two of the manifest's cells are a pair. This is the one rule of what is compared. O(1). */
bool decide_are_pair(const json_t *a, const json_t *b, bool builds);

/* Returns how many pairs the manifest's cells make. O(cells²). */
size_t decide_family(const json_t *cells);

/* Whether more blocks may decide the pair. O(1). */
static inline bool decide_pair_is_open(const struct decide_pair *pair)
{
    return pair->result.verdict == SEQUENTIAL_UNDECIDED && !pair->as_warm;
}

/* Decides anew from all rows there are. O(rows log rows + pairs x looks x blocks). */
void decide_rows(struct decide *decide, const struct store_row *rows, size_t count);

/* Whether the cell is to run in the block, whose predecessors are complete. O(blocks). */
bool decide_cell_goes_on(const struct decide *decide, size_t cell, size_t block);

/* Whether any cell goes on. O(1). */
bool decide_goes_on(const struct decide *decide);

/* Returns the pair of two cells, `a` before `b` in the manifest; NULL where they are none. O(log pairs). */
const struct decide_pair *decide_pair_of(const struct decide *decide, size_t a, size_t b);

/* Counts the pairs by verdict. O(pairs). */
struct decide_counts decide_count(const struct decide *decide);

#endif

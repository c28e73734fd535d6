/* SPDX-License-Identifier: MIT */
/*
 * The claims of one scene as an order that can be read at a glance, without losing a pair.
 *
 * The cells stand in a row by their ratios to the best, the least first, with a sign between neighbours: `<` claimed,
 * `=` equal, `?` undecided. The best is the least, of those that did the whole job, over the blocks that all cells
 * have. A ratio is over all blocks of its two cells. So a cell that has more blocks than another may stand before the
 * best. The signs tell of every other pair too:
 *
 *   a `<` between the two        the left one is claimed to be less
 *   else, `=` all the way        they are equal
 *   else                         they are undecided
 *
 * Each pair of which this is not true is an exception, and is listed.
 */
#ifndef HARNESS_ANALYSIS_RANKING_H
#define HARNESS_ANALYSIS_RANKING_H

#include "harness/analysis/claims.h"

struct ranking_exception {
    size_t left, right;              /* places, left < right */
    enum sequential_verdict verdict; /* of left / right */
};

struct ranking {
    size_t count;
    const struct run_cell **cells;        /* whole ones, the least first */
    double *ratios;                       /* over the best; NaN where none did the whole job */
    size_t best;                          /* its place; `count` where none did the whole job */
    enum sequential_verdict *signs;       /* count - 1: of a cell and the next */
    struct ranking_exception *exceptions; /* by left, then verdict, then right */
    size_t exception_count;
};

/* Ranks the cells of a scene, for ranking_fini(). O(cells² x (pairs + blocks)). */
void ranking_make(const struct claims *claims, const struct claims_scene *scene, struct ranking *ret_ranking);
void ranking_fini(struct ranking *ranking);

/* Returns "<", ">", "=", "?", or "n/a" for a blank pair. */
const char *ranking_sign(enum sequential_verdict verdict);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Compares each cell of a workload with the best of them.
 *
 * The best is not known. Whichever cell has the least mean is in part the luckiest, so a ratio to it is too
 * large: of six equal cells by half the scatter or more. Two things mend that.
 *
 * **The ratio** is chosen and measured by different blocks. In each block a cell is divided by the cell that
 * is the best of all other blocks, and the ratio is the geometric mean over blocks. Choosing then flatters
 * nobody. Of cells that are equal the mean ratio is 1, and single ratios lie on both sides of it. Of cells
 * that are nearly equal the ratio is too small by what the wrong choices cost, which is less than the
 * distance of the cells.
 *
 * **The interval** allows for every cell that may be the best: multiple comparisons with the best (Hsu,
 * Annals of Statistics 1981), by way of comparisons with a control (Edwards and Hsu, JASA 1983). Let b be the
 * best cell, whichever it is, and c the quantile of Student's t for as many comparisons as there are other
 * cells, by Bonferroni's inequality. With the chance 1 - alpha at least, all mean log ratios of cells to b
 * are within c standard errors of the truth. Then b is among the cells that no other beats by more than c
 * standard errors, and
 *
 *      the ratio of cell i lies between the least and the greatest end of its intervals to these cells.
 *
 * So the intervals of all cells hold at once, and so does the set of those that may be the best. Each pair
 * has its own scatter, from the blocks that both have, and what other pairs lend it (prior.h). A candidate's
 * true ratio is 1 at least, and so are its ends; the interval is stretched to its ratio where that lies
 * below.
 */
#ifndef HARNESS_STATISTICS_BEST_H
#define HARNESS_STATISTICS_BEST_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/statistics/prior.h"

struct best_cell {
    /* What is known before. Values are by block, NaN where there is none. */
    const double *values; /* what is compared; NULL for a cell that takes no part */
    const double *bases;  /* what the best is the best in, and is divided by: `values`, or less than they */
    bool candidate;       /* may be the best */

    /* What is found. NaN where the cell takes no part, or where there is no candidate. */
    double ratio;
    double low, high; /* NaN with fewer than two blocks */
    bool best;        /* has the least geometric mean of bases, of the candidates; at most one */
    bool may_be_best; /* no candidate is shown to be better */
};

/*
 * Compares the cells. The intervals hold all at once with the chance 1 - `alpha`. `prior` is what the scatter
 * of other pairs lends, as by best_borrow(); or NULL. `ret_logs` has room for cells x blocks. It takes what
 * each block adds to the log of each cell's ratio, for intervals of means of ratios (paired_of_groups()): the
 * mean of a row is that log, and its scatter counts what a block does to the choice of the best as well. NaN
 * where there is none. It may be NULL. With one block the best is chosen by that block. O(cells^2 x blocks +
 * cells x blocks^2).
 */
void best_compare(struct best_cell *cells, size_t count, size_t blocks, double alpha,
                  const struct prior *prior, double *ret_logs);

/*
 * Returns what all pairs of cells of several works lend each other: `cells` has a row of `count` cells for
 * each work. A pair is the values of a cell over the bases of another. O(works x count^2 x blocks).
 */
struct prior best_borrow(const struct best_cell *cells, size_t works, size_t count, size_t blocks);

#endif

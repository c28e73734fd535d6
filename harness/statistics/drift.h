/* SPDX-License-Identifier: MIT */
/*
 * Finds what moved a whole run while it was measured: a null test of the machine, as every block ran the same
 * executables.
 *
 * The level of a block is the median, over the cells that have all blocks, of ln(value) less the cell's own
 * mean. Blocks that are alike have levels that only scatter, in any order. Three tests ask whether they do:
 *
 *   halves   the second half against the first: Student's t
 *   trend    a steady rise or fall: Mann (Econometrica 1945) and Kendall, exact without ties up to 40
 *            blocks; its size is the slope by Theil and Sen (Sen, JASA 1968)
 *   shock    the one block that is furthest from the others: its deviation from their mean, over their
 *            scatter, by Student's t, times the number of blocks (Bonferroni; Cook and Weisberg 1982, 2.2.2)
 *
 * Of runs whose blocks are alike, each test has p <= 0.05 in 5% at most. All three together have one p below
 * 0.05 / 3 in 5% at most. Odd blocks against even ones would find none of these: they drift together.
 */
#ifndef HARNESS_STATISTICS_DRIFT_H
#define HARNESS_STATISTICS_DRIFT_H

#include <stdbool.h>
#include <stddef.h>

struct drift {
    size_t blocks; /* with a level */
    /* Ratios of times. NaN, as are the p, with fewer than four blocks. */
    double halves, halves_low, halves_high; /* second half over first, with its 95% interval */
    double halves_p;
    double trend; /* the last block over the first, by the slope */
    double trend_p;
    size_t shock_block; /* as the run counts blocks */
    double shock;       /* that block over the others */
    double shock_p;
};

/*
 * Computes the level of each block from `cells` rows of `blocks` values, NaN where there is none. A row may
 * be NULL. Cells that stopped earlier than others are left out. NaN for a block that none of the rest has.
 * O(cells x blocks x log).
 */
void drift_levels(const double *const *values, size_t cells, size_t blocks, double *ret_levels);

/*
 * Tests levels, which are logarithms. Those that are NaN are left out, and the others count as neighbours.
 * The reference program's ln(time) are levels as well. O(blocks^2), and O(blocks^3) up to 40 blocks.
 */
struct drift drift_find(const double *levels, size_t blocks);

/* Whether any of the three tests finds something, at 5% for all of them together. */
bool drift_found(const struct drift *drift);

enum drift_test { DRIFT_HALVES, DRIFT_TREND, DRIFT_SHOCK, DRIFT_TESTS };

/*
 * Returns how far the run moved, as a share: the largest of what the tests show that find something, and sets that
 * test. What a test does not find is left out, however large: of few cells a block may lie far off by chance. 0 where none
 * finds anything, and the test is DRIFT_TESTS. O(1).
 */
double drift_most(const struct drift *drift, enum drift_test *ret_test);

#endif

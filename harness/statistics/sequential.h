/* SPDX-License-Identifier: MIT */
/*
 * Decides comparisons while blocks are added, without raising the error rate by looking.
 *
 * A comparison is of two cells that ran in the same blocks. Its values are d_b = ln(a_b / b_b), one for each
 * block b in which both have a value. Looks are made at stated numbers of blocks (sequential_looks). At look
 * k the comparison has an interval for the mean of d, by Student's t, of level
 *
 *      1 - alpha * weight_k / family            the weights of all looks sum to 1
 *
 * So the chance that any interval of any comparison at any look misses its truth is at most alpha: an
 * alpha-spending design (Lan and DeMets, Biometrika 1983) whose looks are joined by Bonferroni's inequality,
 * which holds whatever the dependence between looks and between comparisons is. No normal approximation is
 * made of Student's t. The first look at which a comparison is decided decides it for good.
 *
 * The looks share alpha evenly. A first look pays for it most: with four degrees of freedom half the alpha is
 * an interval wider by a fifth. A last look hardly pays: with fifty it is wider by 4%. A first look decides
 * the comparisons that differ by much, which are most, and a last look those that cost most blocks.
 *
 * A difference is claimed when the whole interval lies beyond the minimum. A second run has an offset of its
 * own, which no number of blocks shows: the minimum is the room for it. Equality is two one-sided tests
 * (Schuirmann 1987): the whole interval lies within the precision.
 */
#ifndef HARNESS_STATISTICS_SEQUENTIAL_H
#define HARNESS_STATISTICS_SEQUENTIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/statistics/prior.h"

struct sequential_design {
    double alpha;     /* the chance of any wrong statement in the family: 0.05 */
    double minimum;   /* a claimed difference is beyond this ratio less 1: 0.01 for 1% */
    double precision; /* two cells are equal within this ratio less 1: 0.03 for 3%; the minimum at least */
    size_t first;     /* blocks at the first look, 2 at least */
    size_t blocks;    /* blocks at the last look; with first == blocks there is one look: a fixed design */
    size_t family;    /* comparisons */
    bool exact;       /* the metric is a count that cannot vary, as instructions: what is seen is so */
    /* What the scatter of other comparisons lends to each: by sequential_borrow(), or nothing. */
    struct prior prior;
};

enum sequential_verdict {
    SEQUENTIAL_UNDECIDED,
    SEQUENTIAL_LESS,  /* a is less than b, by the minimum or more */
    SEQUENTIAL_MORE,  /* a is more than b, by the minimum or more */
    SEQUENTIAL_EQUAL, /* a and b are equal within the precision */
    SEQUENTIAL_BLANK, /* fewer than two blocks have both */
};

struct sequential_result {
    enum sequential_verdict verdict;
    double ratio;     /* exp of the mean of d over the blocks that were used: a / b */
    double low, high; /* of the ratio, at the level of the look that decided, or of the last look so far */
    size_t blocks;    /* that were used: at the look that decided, or at the last look so far */
};

enum { SEQUENTIAL_LOOKS = 64 };

/*
 * Writes the numbers of blocks at which the design looks: `first`, and then each about a quarter more than
 * the one before, up to `blocks`. Returns how many. O(looks).
 */
size_t sequential_looks(const struct sequential_design *design, size_t ret_looks[static SEQUENTIAL_LOOKS]);

/*
 * Decides the comparison of two cells from their values in `count` blocks; NaN where there is none. A look at
 * n blocks uses the first n blocks in which both have a value. Before the first look the verdict is undecided
 * or blank, and ratio and interval are those of the blocks there are, at the level of a look. O(count +
 * looks).
 *
 * Where d is the same in each block the metric may not vary, as counts and bytes often do not. Then the
 * comparison is exact: its interval is a point, and what is not a claim is equal. So it is at any look where
 * the design says `exact`, or where d is 0. Else it must not be chance: two cells that are alike, and vary,
 * show a difference of one size in all n blocks with a probability of 2 / 4^n at most. Where that is above
 * the level of the look, the comparison has the scatter that others lend, or is undecided with an interval of
 * all numbers above 0.
 *
 * Values are 0 or more; where both of a block are 0, d is 0. Where one is 0 and the other is not, d is
 * infinite and only signs count. A cell that is 0 in each block is less than one that never is: zero does not
 * vary either. Else all signs must agree, in so many blocks that a sign test passes the level of the look.
 * Until then the ratio is NaN and the interval all numbers above 0.
 */
struct sequential_result sequential_decide(const struct sequential_design *design, const double *a,
                                           const double *b, size_t count);

/* Two cells that are compared: a value for each block, NaN where there is none. */
struct sequential_pair {
    const double *a, *b;
};

/*
 * Lets all comparisons of a family lend to each other what they know of scatter (prior.h): sets
 * design->prior, from the blocks up to the first look. Pairs that lack one of these blocks, or have an
 * infinite d, lend nothing. So the prior is the same at every look, and depends on the rows of the first look
 * alone. O(pairs x blocks).
 */
void sequential_borrow(struct sequential_design *design, const struct sequential_pair *pairs, size_t count,
                       size_t blocks);

/*
 * Returns the number of blocks that a comparison needs until it is decided in nine campaigns of ten, where d
 * has the standard deviation `deviation` and the true ratio is `ratio`; 0 where the design's blocks do not
 * suffice. O(looks).
 */
size_t sequential_blocks_needed(const struct sequential_design *design, double deviation, double ratio);

/*
 * Returns the smallest true ratio above 1 that a comparison shows after `blocks` blocks in nine campaigns of
 * ten, where d has the standard deviation `deviation`. Infinite where `blocks` are fewer than the first look.
 * O(looks).
 */
double sequential_smallest_shown(const struct sequential_design *design, double deviation, size_t blocks);

#endif

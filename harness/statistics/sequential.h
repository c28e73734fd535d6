/* SPDX-License-Identifier: MIT */
/*
 * Decides comparisons while blocks are added, without raising the error rate by looking.
 *
 * A comparison is of two cells that ran in the same blocks. Its values are d_b = ln(a_b / b_b), one for each
 * block b in which both have a value. Looks are made at stated numbers of blocks (sequential_looks). At look k
 * the comparison has an interval for the mean of d, by Student's t, of level
 *
 *      1 - alpha * weight_k / family            the weights of all looks sum to 1
 *
 * So the chance that any interval of any comparison at any look misses its truth is at most alpha: an
 * alpha-spending design (Lan and DeMets, Biometrika 1983) whose looks are joined by Bonferroni's inequality,
 * which holds whatever the dependence between looks and between comparisons is. No normal approximation is
 * made of Student's t. The first look at which a comparison is decided decides it for good.
 */
#ifndef HARNESS_STATISTICS_SEQUENTIAL_H
#define HARNESS_STATISTICS_SEQUENTIAL_H

#include <stdbool.h>
#include <stddef.h>

struct sequential_design {
    double alpha;     /* the chance of any wrong statement in the family: 0.05 */
    double minimum;   /* a difference is claimed from this ratio less 1 on: 0.01 for 1% */
    double precision; /* two cells are equal within this ratio less 1: 0.03 for 3% */
    size_t first;     /* blocks at the first look, 2 at least */
    size_t blocks;    /* blocks at the last look; with first == blocks there is one look: a fixed design */
    size_t family;    /* comparisons */
};

enum sequential_verdict {
    SEQUENTIAL_UNDECIDED,
    SEQUENTIAL_LESS,  /* a is less than b, by more than the minimum */
    SEQUENTIAL_MORE,  /* a is more than b, by more than the minimum */
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
 * Writes the numbers of blocks at which the design looks: `first`, and then each about a quarter more than the
 * one before, up to `blocks`. Returns how many. O(looks).
 */
size_t sequential_looks(const struct sequential_design *design, size_t ret_looks[static SEQUENTIAL_LOOKS]);

/*
 * Decides the comparison of two cells from their values in `count` blocks; NaN where there is none. A look at
 * n blocks uses the first n blocks in which both have a value. Values are above 0, or both of a block are 0:
 * then d is 0. Where one is 0 and the other is not, d is infinite, and only the sign counts: the comparison is
 * decided if the sign is the same in each block. Where d is the same in each block the comparison is exact.
 * O(count + looks).
 */
struct sequential_result sequential_decide(const struct sequential_design *design, const double *a,
                                           const double *b, size_t count);

/*
 * Returns the number of blocks that a comparison needs until it is decided, where d has the standard deviation
 * `deviation` and the true ratio is `ratio`; 0 where the design's blocks do not suffice. O(looks).
 */
size_t sequential_blocks_needed(const struct sequential_design *design, double deviation, double ratio);

/*
 * Returns the smallest ratio above 1 that a comparison can show after `blocks` blocks, where d has the standard
 * deviation `deviation`. Infinite where `blocks` are fewer than the first look. O(looks).
 */
double sequential_smallest_shown(const struct sequential_design *design, double deviation, size_t blocks);

#endif

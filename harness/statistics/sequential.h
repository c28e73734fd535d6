/* SPDX-License-Identifier: MIT */
/*
 * Decides comparisons while blocks are added, without raising the error rate by looking.
 *
 * A comparison is of two cells that ran in the same blocks. Its values are d_b = ln(a_b / b_b), one for each
 * block b in which both have a value. Looks are made at stated numbers of blocks (sequential_looks). At look
 * k the comparison has an interval for the mean of d, by Student's t, of level
 *
 *      1 - alpha * share_k / family             the shares of all looks sum to 1
 *
 * So the chance that any interval of any comparison at any look misses its truth is at most alpha: an
 * alpha-spending design (Lan and DeMets, Biometrika 1983) whose looks are joined by Bonferroni's inequality,
 * which holds whatever the dependence between looks and between comparisons is. No normal approximation is
 * made of Student's t. The first look at which a comparison is decided decides it for good.
 *
 * How the looks share alpha is the design's spending. In new runs share_k is in proportion to 1 / k: of ten
 * looks the first has 34%, the second 17%, the last 3%. The quantile of t is steep where degrees of freedom
 * are few and shallow where they are many. So what the first look gains, which most runs reach and all begin
 * with, is more than the later ones lose. Steeper shares (1 / k^2, 2^-k) gain little more there, and a true 3%
 * then takes more blocks than in a fixed design of equal power (docs/methodology.md has the figures).
 *
 * A difference is claimed when the whole interval lies beyond the minimum. A second run has an offset of its
 * own, which no number of blocks shows: the minimum is the room for it. Equality is two one-sided tests
 * (Schuirmann 1987): the whole interval lies within the precision.
 *
 * Where blocks ran on several machines, the values of a look are the machines' means of d in place of d (machines.h):
 * a claim holds over machines, with the variance that lies between them.
 *
 * A figure of one cell is precise when the interval of 95% of its median reaches no further than the precision.
 */
#ifndef HARNESS_STATISTICS_SEQUENTIAL_H
#define HARNESS_STATISTICS_SEQUENTIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/statistics/machines.h"
#include "harness/statistics/prior.h"

/* What a run says where its specification does not: alpha, minimum and precision of a design. */
#define SEQUENTIAL_ALPHA 0.05
#define SEQUENTIAL_MINIMUM 0.01
#define SEQUENTIAL_PRECISION 0.03

/* Blocks at the first and at the last look of a run with a precision. */
enum { SEQUENTIAL_FIRST = 6, SEQUENTIAL_MOST = 40 };

/* How looks share alpha. Names are those of the manifest, which says by what a run is judged. */
enum sequential_spending {
    SEQUENTIAL_EVEN,     /* evenly: runs whose manifest names none */
    SEQUENTIAL_HARMONIC, /* look k in proportion to 1 / k: new runs */
    SEQUENTIAL_SPENDINGS
};
extern const char *const sequential_spending_names[SEQUENTIAL_SPENDINGS];

struct sequential_design {
    double alpha;     /* the chance of any wrong statement in the family: 0.05 */
    double minimum;   /* a claimed difference is beyond this ratio less 1: 0.01 for 1% */
    double precision; /* two cells are equal within this ratio less 1: 0.03 for 3%; the minimum at least */
    double figures;   /* a cell's figure is precise within this ratio less 1; 0: that is not asked for */
    size_t first;     /* blocks at the first look, 2 at least */
    size_t blocks;    /* blocks at the last look; with first == blocks there is one look: a fixed design */
    size_t family;    /* comparisons */
    enum sequential_spending spending;
    bool exact; /* the metric is a count that cannot vary, as instructions: what is seen is so */
    /* What the scatter of other comparisons lends to each: by sequential_borrow(), or nothing. */
    struct prior prior;
    struct machines machines; /* that the blocks ran on; zero: all on one */
};

enum sequential_verdict {
    SEQUENTIAL_UNDECIDED,
    SEQUENTIAL_LESS,  /* a is less than b, by the minimum or more */
    SEQUENTIAL_MORE,  /* a is more than b, by the minimum or more */
    SEQUENTIAL_EQUAL, /* a and b are equal within the precision */
    SEQUENTIAL_BLANK, /* fewer than two blocks have both, or fewer than two of several machines */
};

struct sequential_result {
    enum sequential_verdict verdict;
    double ratio; /* exp of the mean of d over the blocks that were used, or of the machines' means: a / b */
    double low, high; /* of the ratio, at the level of the look that decided, or of the last look so far */
    size_t blocks;    /* that were used: at the look that decided, or at the last look so far */
};

enum { SEQUENTIAL_LOOKS = 64 };

/*
 * Returns the design of a new run whose specification says nothing else: `first` and `blocks` at its first and
 * last look, and `family` comparisons. O(1).
 */
struct sequential_design sequential_usual(size_t first, size_t blocks, size_t family);

/*
 * Writes the numbers of blocks at which the design looks: `first`, and then each about a quarter more than
 * the one before, up to `blocks`. Returns how many. O(looks).
 */
size_t sequential_looks(const struct sequential_design *design, size_t ret_looks[static SEQUENTIAL_LOOKS]);

/*
 * Returns alpha's part of one comparison at look `look`, counted from 0, of `looks`. Over all looks, times the
 * family, the parts sum to alpha. O(looks).
 */
double sequential_level(const struct sequential_design *design, size_t looks, size_t look);

/*
 * Decides the comparison of two cells from their values in `count` blocks; NaN where there is none. A look at
 * n blocks uses the first n blocks in which both have a value. Before the first look the verdict is undecided
 * or blank, and ratio and interval are those of the blocks there are, at the level of the first look. O(count +
 * looks^2).
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
 *
 * Of several machines "block" means "machine" in these rules, but for one: d is the same in each block only where it is
 * so in all blocks of all machines. A machine with an infinite d has the sign that all its d have, or none. O(count +
 * looks x (looks + machines)) then.
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
 * alone. Of several machines the scatter is that between their means. O(pairs x (blocks + machines)).
 */
void sequential_borrow(struct sequential_design *design, const struct sequential_pair *pairs, size_t count,
                       size_t blocks);

/*
 * Whether the median of the `count` values of a cell, above 0, is known to the design's precision of figures: half
 * the interval of its logarithm is t sqrt(pi / 2) s / sqrt(count), as if values were lognormal. Where figures need
 * not be precise they are. O(count).
 */
bool sequential_figure_is_precise(const struct sequential_design *design, const double *values, size_t count);

/*
 * Returns the blocks of the first look at which the figure of a cell is precise whose ln has the standard deviation
 * `deviation`; 0 where the design's blocks do not suffice. O(looks).
 */
size_t sequential_figure_blocks(const struct sequential_design *design, double deviation);

/*
 * Returns the number of blocks that a comparison needs until it is decided in nine campaigns of ten, where d
 * has the standard deviation `deviation` and the true ratio is `ratio`; 0 where the design's blocks do not
 * suffice. O(looks^2).
 */
size_t sequential_blocks_needed(const struct sequential_design *design, double deviation, double ratio);

/*
 * Returns the smallest true ratio above 1 that a comparison shows after `blocks` blocks in nine campaigns of
 * ten, where d has the standard deviation `deviation`. Infinite where `blocks` are fewer than the first look.
 * O(looks).
 */
double sequential_smallest_shown(const struct sequential_design *design, double deviation, size_t blocks);

#endif

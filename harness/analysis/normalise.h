/* SPDX-License-Identifier: MIT */
/*
 * Makes figures relative to the best collector of the same work and setting, or to another cell.
 *
 * The best is one of those that did the whole job (RUN_RECLAIMS). A collector that frees nothing, or leaves more than
 * a tenth of this work's garbage behind, is never the best. It is compared with the best all the same, so its ratio
 * may be below 1.
 *
 * A ratio is the geometric mean over blocks of the ratios within a block, and in each block the best is that of the
 * other blocks (harness/statistics/best.h). So of collectors that are nearly equal, the ratio of one may be a little
 * below 1 as well. The intervals of a work hold all at once, whichever collector truly is the best, and every
 * collector that may be is marked.
 *
 * In a run of several machines each machine is one block in all of this. Its value of a cell is the geometric mean
 * over those of its blocks that all cells of the work have.
 *
 * A cold cell that stopped as warm takes no part, as in claims: whether it went on was a matter of its time. It has
 * its median, but no ratio. Where it could have been the best of its work, the work has no best, and nothing is
 * divided by it. Its peak memory is compared.
 */
#ifndef HARNESS_ANALYSIS_NORMALISE_H
#define HARNESS_ANALYSIS_NORMALISE_H

#include "harness/analysis/run.h"
#include "harness/statistics/paired.h"

/*
 * A ratio is a cell's `metric` over the smallest `base` among the cells of its work. `base` is `metric`, or
 * something that is never more.
 */
struct normalise_rule {
    enum run_metric metric, base;
    bool any_role; /* every whole cell is a candidate for the smallest, whatever garbage it leaves */
};

enum { NORMALISE_METRICS = 3 };

/* These rules divide wall time, CPU time and peak memory by the best. */
extern const struct normalise_rule normalise_to_best[NORMALISE_METRICS];

/*
 * Lower-bound overhead is a cost over the smallest distilled cost (Cai and others, "Distilling the Real Cost
 * of Production Garbage Collectors", ISPASS 2022). The distilled cost is the cost less the part that the
 * collector reports as its own:
 *   wall time      less the pauses
 *   CPU time       less the share of it that the pauses have of wall time
 *   instructions   less nothing: those of a pause are not counted apart
 * Counting, barriers and allocation are not reported and stay in, so the true overhead is at least this. A
 * collector that frees nothing takes part. The smallest is that of the other blocks here too. The least of
 * many medians is too small by chance, and a bound that is divided by it is too high.
 */
enum { NORMALISE_BOUNDS = 3 }; /* of wall time, of CPU time, of instructions */
extern const struct normalise_rule normalise_lower_bounds[NORMALISE_BOUNDS];

struct normalise_entry {
    const struct run_cell *cell; /* NULL where the matrix has no such cell */
    bool best;        /* has the smallest base, of those that may be the best; at most one of a work */
    bool may_be_best; /* no cell is shown to have a smaller base; the best too */
    bool as_warm;     /* it stopped as warm, so it takes no part */
    double median;    /* of the rule's metric, in its unit; NaN when blank */
    double base;      /* the median of the rule's base, in its unit */
    double ratio;     /* NaN when blank or as warm, or when the work has no best */
    struct bootstrap_interval interval; /* 95% for all cells of the work together; NaN with one block */
};

/*
 * Holds the geometric mean of a config's ratios over the works that every config finished. Its interval (95%)
 * comes from the blocks, or from the machines: one that favours a config in several works counts as one. It does not say
 * what other works would show.
 */
struct normalise_mean {
    bool measured;      /* the config has cells in this setting */
    enum run_role role; /* the furthest from RUN_RECLAIMS among its works */
    double ratio;       /* NaN when no work was finished by every config */
    struct bootstrap_interval interval;
};

struct normalise_table {
    size_t works, configs;
    struct normalise_entry *entries; /* works x configs */
    struct normalise_mean *means;    /* configs */
    size_t shared;                   /* works that the means are taken over */
    size_t measured;                 /* works with any cell in this setting */
};

/*
 * Computes the table of one setting under a rule, for normalise_fini(). O(works x (configs^2 x blocks +
 * configs x blocks^2)).
 */
void normalise_setting(const struct run *run, size_t setting, const struct normalise_rule *rule,
                       struct normalise_table *ret_table);

void normalise_fini(struct normalise_table *table);

static inline const struct normalise_entry *normalise_at(const struct normalise_table *table, size_t work,
                                                         size_t config)
{
    return &table->entries[work * table->configs + config];
}

/*
 * Compares two cells as paired_compare() does, over the blocks that both have; over machines where there are several, of
 * which `blocks` of the result is the number. NaN when either cell is blank or NULL. O(blocks).
 */
struct paired normalise_paired(const struct run *run, const struct run_cell *cell,
                               const struct run_cell *base, enum run_metric metric);

/*
 * Holds the ratio of two cells with its 95% interval: the geometric mean over the blocks that both have, with
 * Student's interval of its logarithm; as normalise_paired() does. No interval with one block.
 */
struct normalise_ratio {
    double ratio;
    struct bootstrap_interval interval;
};
struct normalise_ratio normalise_pair(const struct run *run, const struct run_cell *cell,
                                      const struct run_cell *base, enum run_metric metric);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Makes figures relative to the best collector of the same work and setting.
 *
 * The best is the cell with the smallest median among those that did the whole job (RUN_RECLAIMS). A
 * collector that frees nothing, or leaves more than a tenth of this work's garbage behind, is never the
 * best. It is compared with the best all the same, so its ratio may be below 1. Every resample chooses the
 * best again. So the best has an interval too, which says how sure the choice is.
 */
#ifndef HARNESS_ANALYSIS_NORMALISE_H
#define HARNESS_ANALYSIS_NORMALISE_H

#include "harness/analysis/run.h"

/* A ratio is a cell's `metric` over the smallest `base` among the cells of its work. */
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
 * collector that frees nothing takes part.
 */
enum { NORMALISE_BOUNDS = 3 }; /* of wall time, of CPU time, of instructions */
extern const struct normalise_rule normalise_lower_bounds[NORMALISE_BOUNDS];

struct normalise_entry {
    const struct run_cell *cell; /* NULL where the matrix has no such cell */
    bool best;
    double median; /* of the rule's metric, in its unit; NaN when blank */
    double base;   /* the median of the rule's base, in its unit */
    double ratio;  /* NaN when blank, or when no cell of the work did the whole job */
    struct bootstrap_interval interval;
};

/* Holds the geometric mean of a config's ratios over the works that every config finished. */
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
 * Computes the table of one setting under a rule, for normalise_fini(). O(works x configs x resamples x
 * blocks).
 */
void normalise_setting(const struct run *run, size_t setting, const struct normalise_rule *rule,
                       struct normalise_table *ret_table);
void normalise_fini(struct normalise_table *table);

static inline const struct normalise_entry *normalise_at(const struct normalise_table *table, size_t work,
                                                         size_t config)
{
    return &table->entries[work * table->configs + config];
}

/* Holds the ratio of two cells' medians with its interval, paired by block. NaN when either cell is blank. */
struct normalise_ratio {
    double ratio;
    struct bootstrap_interval interval;
};
struct normalise_ratio normalise_pair(const struct run *run, const struct run_cell *cell,
                                      const struct run_cell *base, enum run_metric metric);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Figures relative to the best collector of the same work and setting.
 *
 * The best is the smallest median among the cells that did the whole job (RUN_RECLAIMS). A collector that
 * frees nothing, or that leaves more than a tenth of this work's garbage behind, is compared with the best
 * but never is it: its ratio may be below 1. The intervals are resampled through the minimum (in every
 * resample the best is chosen again), so the best has an interval too, and it says how sure the choice is.
 */
#ifndef HARNESS_ANALYSIS_NORMALISE_H
#define HARNESS_ANALYSIS_NORMALISE_H

#include "harness/analysis/run.h"

/* What is divided by what: a cell's `metric` by the smallest `base` of its work. */
struct normalise_rule {
    enum run_metric metric, base;
    bool any_role; /* the smallest is taken among all whole cells, whatever they leave behind */
};

enum { NORMALISE_METRICS = 3 };

/* Wall time, CPU time and peak memory over the best. */
extern const struct normalise_rule normalise_to_best[NORMALISE_METRICS];

/*
 * Lower-bound overhead (Cai and others, "Distilling the Real Cost of Production Garbage Collectors", ISPASS
 * 2022): a cost over the smallest distilled cost, which is the cost less what the collector can tell it
 * spent: of wall time the pauses, of CPU time their share, of instructions nothing, since a pause's are not
 * counted apart. What is not told (counting, barriers, allocation) stays in, so the true overhead is at least
 * this. A collector that frees nothing takes part.
 */
enum { NORMALISE_BOUNDS = 3 }; /* of wall time, of CPU time, of instructions */
extern const struct normalise_rule normalise_lower_bounds[NORMALISE_BOUNDS];

struct normalise_entry {
    const struct run_cell *cell; /* NULL when the matrix has no such cell */
    bool best;
    double median; /* of the rule's metric, in its unit; NaN when blank */
    double base;   /* of the rule's base */
    double ratio;  /* NaN when blank, or when no cell of the work did the whole job */
    struct bootstrap_interval interval;
};

/* Geometric mean of a config's ratios over the works that every config finished. */
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
    size_t shared;                   /* works in the means */
    size_t measured;                 /* works with any cell in this setting */
};

/* Computes the table of one setting under a rule. Returns 0 or -ENOMEM; the caller ends with
 * normalise_fini(). */
int normalise_setting(const struct run *run, size_t setting, const struct normalise_rule *rule,
                      struct normalise_table *ret_table);
void normalise_fini(struct normalise_table *table);

static inline const struct normalise_entry *normalise_at(const struct normalise_table *table, size_t work,
                                                         size_t config)
{
    return &table->entries[work * table->configs + config];
}

/* Ratio of two cells' medians with its interval, paired by block. NaN when either is blank. */
struct normalise_ratio {
    double ratio;
    struct bootstrap_interval interval;
};
struct normalise_ratio normalise_pair(const struct run *run, const struct run_cell *cell,
                                      const struct run_cell *base, enum run_metric metric);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * How far the ratio of two cells depends on the machine, in a run of several (harness/statistics/machines.h).
 *
 * The deviation between machines is tau: the scatter of the machines' means beyond what the blocks' scatter makes of
 * it (variance_estimate()). Its share of the variance of a block's ratio is the intraclass correlation. Which
 * machines disagree with the others is found at the error rate of the claims, in all pairs together
 * (machines_find_apart()).
 */
#ifndef HARNESS_ANALYSIS_BY_MACHINE_H
#define HARNESS_ANALYSIS_BY_MACHINE_H

#include "harness/analysis/claims.h"
#include "harness/analysis/variance.h"

/* A pair on one machine. */
struct by_machine_one {
    size_t blocks;    /* that both cells have */
    double ratio;     /* a / b, the geometric mean over them; NaN without one */
    double low, high; /* its 95% interval; NaN with fewer than two */
    bool disagrees;   /* by the minimum of interest or more, and by more than scatter explains */
};

struct by_machine {
    struct by_machine_one *machines; /* the run's, in their order */
    size_t count;
    size_t disagreeing;
    struct variance spread; /* of ln(a / b); `between` is tau */
};

/* Describes the pair on each machine of its run. O(blocks x machines + machines^3). For by_machine_fini(). */
void by_machine_make(const struct claims *claims, const struct claims_pair *pair,
                     struct by_machine *ret_found);
void by_machine_fini(struct by_machine *found);

/* What the machines of a run do to the claims of a metric. */
struct by_machine_sum {
    size_t pairs;        /* with a ratio on two machines or more */
    size_t disagreeing;  /* of these, on which a machine disagrees */
    size_t other_way;    /* of these, below 1 on one machine and above 1 on another, by intervals */
    double median, most; /* of tau over the pairs; NaN without any */
    double share;        /* the median of the share of the variance that lies between machines */
    const struct claims_pair *where; /* of the most; NULL without any */
};

/*
 * Sums up the pairs of a setting, or of all with CLAIMS_ANY. `ret_apart` has a place for each machine: the pairs on which
 * it disagrees. O(pairs x (blocks x machines + machines^3)).
 */
struct by_machine_sum by_machine_sum_up(const struct claims *claims, size_t setting, size_t *ret_apart);

#endif

/* SPDX-License-Identifier: MIT */
/* What an earlier run says of the cells of a plan: how long they take, and what was decided of them. */
#ifndef HARNESS_CAMPAIGN_EARLIER_H
#define HARNESS_CAMPAIGN_EARLIER_H

#include "harness/campaign/decide.h"
#include "harness/campaign/plan/plan.h"
#include "harness/campaign/plan/spec.h"
#include "harness/results/run-machines.h"

/* An earlier run, and the cells of the plan that it has. The blocks that it has count from the plan's first on. */
struct earlier {
    const char *dir;
    struct store *store;
    char machine[RUN_MACHINES_NAME]; /* of a merged run: the machine whose rows count; else "" */
    struct decide *decide;           /* of the plan, with the rows of the earlier run */
    double *cell_seconds;            /* of each cell of the plan; 0: the run does not have it */
    size_t cells, known;             /* cells of the plan without baselines, and those of them that it has */
};

/*
 * Opens the run of the folder, for earlier_close(). Of a merged run the rows of one machine count: this one's, or those of
 * the machine that has most. Returns 0; or a status after one line, and nothing is held. O(cells² + cells x rows).
 */
int earlier_open(const struct spec *spec, const struct plan *plan, const char *dir,
                 struct earlier *ret_earlier);
void earlier_close(struct earlier *earlier);

#endif

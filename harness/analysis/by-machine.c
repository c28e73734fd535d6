/* SPDX-License-Identifier: MIT */
#include "harness/analysis/by-machine.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/statistics/paired.h"

static const double BY_MACHINE_LEVEL = 0.95;

/* Describes the pair by the blocks of one machine. `logs` has ln(a / b) of each block, `own` room for as many. */
static struct by_machine_one by_machine_one(const struct run *run, const double *logs, size_t machine,
                                            double *own)
{
    for (size_t block = 0; block < run->blocks; block++)
        own[block] = run_machine_of(run, block) == machine ? logs[block] : NAN;
    struct paired pair = paired_of_groups(own, 1, run->blocks, BY_MACHINE_LEVEL);
    return (struct by_machine_one){pair.blocks, pair.ratio, pair.low, pair.high, false};
}

/* Marks the machines that disagree, where they are two or more. */
static void by_machine_mark(const struct claims *claims, const double *logs, struct by_machine *found)
{
    const struct sequential_design *design = &claims->design;
    bool *apart = memory_new(found->count, sizeof(*apart));
    double level = design->alpha / (double)(design->family ? design->family : 1);
    found->disagreeing = machines_find_apart(&claims->run->machines, logs, claims->run->blocks, level,
                                             log1p(design->minimum), apart);
    for (size_t i = 0; i < found->count; i++)
        found->machines[i].disagrees = apart[i];
    free(apart);
}

void by_machine_make(const struct claims *claims, const struct claims_pair *pair,
                     struct by_machine *ret_found)
{
    const struct run *run = claims->run;
    const double *a = run_cell_values(run, pair->a, claims->metric),
                 *b = run_cell_values(run, pair->b, claims->metric);
    double *logs = memory_new(run->blocks, sizeof(*logs)), *own = memory_new(run->blocks, sizeof(*own));
    struct by_machine found = {.count = machines_are_several(&run->machines) ? run->machines.count : 1};
    size_t *places = memory_new(run->blocks, sizeof(*places));
    found.machines = memory_new(found.count, sizeof(*found.machines));
    for (size_t block = 0; block < run->blocks; block++) {
        logs[block] = pair->result.verdict == SEQUENTIAL_BLANK ? NAN : paired_log(a[block], b[block]);
        places[block] = run_machine_of(run, block);
    }
    for (size_t i = 0; i < found.count; i++)
        found.machines[i] = by_machine_one(run, logs, i, own);
    found.spread = variance_estimate(logs, places, run->blocks, found.count);
    by_machine_mark(claims, logs, &found);
    free(logs);
    free(own);
    free(places);
    *ret_found = found;
}

void by_machine_fini(struct by_machine *found)
{
    free(found->machines);
    *found = (struct by_machine){0};
}

/* Whether the pair is below 1 on one machine and above it on another. */
static bool by_machine_is_other_way(const struct by_machine *found)
{
    bool below = false, above = false;
    for (size_t i = 0; i < found->count; i++) {
        below = below || found->machines[i].high < 1;
        above = above || found->machines[i].low > 1;
    }
    return below && above;
}

/* Adds a pair that has a spread; its tau and share go to place `sum->pairs` of the two lists. */
static void by_machine_add(const struct claims_pair *pair, const struct by_machine *found, double *taus,
                           double *shares, size_t *apart, struct by_machine_sum *sum)
{
    if (!(found->spread.between <= sum->most)) {
        sum->most = found->spread.between;
        sum->where = pair;
    }
    taus[sum->pairs] = found->spread.between;
    shares[sum->pairs++] = found->spread.share;
    sum->disagreeing += found->disagreeing > 0;
    sum->other_way += by_machine_is_other_way(found);
    for (size_t i = 0; i < found->count; i++)
        apart[i] += found->machines[i].disagrees;
}

struct by_machine_sum by_machine_sum_up(const struct claims *claims, size_t setting, size_t *ret_apart)
{
    struct by_machine_sum sum = {.most = NAN};
    double *taus = memory_new(claims->count + 1, sizeof(*taus)),
           *shares = memory_new(claims->count + 1, sizeof(*shares));
    for (size_t i = 0; i < claims->run->machines.count; i++)
        ret_apart[i] = 0;
    for (size_t i = 0; i < claims->count; i++) {
        const struct claims_pair *pair = &claims->pairs[i];
        struct by_machine found;
        if (setting != CLAIMS_ANY && pair->a->setting != setting)
            continue;
        by_machine_make(claims, pair, &found);
        if (!isnan(found.spread.between))
            by_machine_add(pair, &found, taus, shares, ret_apart, &sum);
        by_machine_fini(&found);
    }
    sum.median = quantile_median(taus, sum.pairs);
    sum.share = quantile_median(shares, sum.pairs);
    free(taus);
    free(shares);
    return sum;
}

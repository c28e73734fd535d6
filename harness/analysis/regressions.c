/* SPDX-License-Identifier: MIT */
#include "harness/analysis/regressions.h"

#include <math.h>

#include "harness/analysis/normalise.h"

enum { REGRESSIONS_MOST = 1 << 16 }; /* blocks */

/* Counts an open cell, and the blocks it needs: 0 where none suffice. */
static void regressions_add_open(struct regressions *found, bool *hidden, size_t blocks)
{
    found->open++;
    *hidden |= blocks == 0;
    found->blocks = *hidden ? 0 : blocks > found->blocks ? blocks : found->blocks;
}

struct regressions regressions_of_runs(const struct compare *compare, const struct compare_options *options,
                                       double limit)
{
    struct regressions found = {.machines = compare->machines > 1};
    bool hidden = false;
    for (size_t i = 0; i < compare->count; i++) {
        const struct compare_cell *cell = &compare->cells[i];
        found.lost += cell->verdict == COMPARE_LOST;
        found.worse += cell->verdict == COMPARE_MORE && !(cell->ratio <= limit);
        if (cell->verdict == COMPARE_UNDECIDED && !(cell->found.smallest <= limit))
            regressions_add_open(&found, &hidden, compare_blocks_needed(compare, options, cell, limit));
    }
    return found;
}

/* Returns the blocks, or the machines, of a fixed design that show the limit in a pair; 0 where none suffice. */
static size_t regressions_blocks(const struct claims *claims, const struct claims_pair *pair, double limit)
{
    struct sequential_design design = claims->design;
    struct paired paired = normalise_paired(claims->run, pair->a, pair->b, claims->metric);
    design.prior = (struct prior){0};
    for (size_t blocks = 2; !isnan(paired.deviation) && blocks <= REGRESSIONS_MOST;
         blocks += (blocks + 7) / 8) {
        design.first = design.blocks = blocks;
        if (sequential_smallest_shown(&design, paired.deviation, blocks) <= limit)
            return blocks;
    }
    return 0;
}

struct regressions regressions_of_builds(const struct claims *claims, double limit)
{
    struct regressions found = {.machines = machines_are_several(&claims->run->machines)};
    bool hidden = false;
    for (size_t i = 0; i < claims->count; i++) {
        const struct claims_pair *pair = &claims->pairs[i];
        enum sequential_verdict verdict = pair->result.verdict;
        found.lost += !run_cell_is_whole(pair->a) && run_cell_is_whole(pair->b);
        found.worse += verdict == SEQUENTIAL_MORE && !(pair->result.ratio <= limit);
        if (verdict == SEQUENTIAL_UNDECIDED && !(pair->result.high <= limit))
            regressions_add_open(&found, &hidden, regressions_blocks(claims, pair, limit));
    }
    return found;
}

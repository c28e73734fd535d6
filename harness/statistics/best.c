/* SPDX-License-Identifier: MIT */
#include "harness/statistics/best.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/statistics/paired.h"

static const size_t BEST_NONE = (size_t)-1;

/* What is compared, with the level of each of its comparisons. */
struct best {
    struct best_cell *cells;
    size_t count, blocks;
    double level;
};

static bool takes_part(const struct best_cell *cell)
{
    return cell->values != NULL;
}

static bool may_lead(const struct best_cell *cell)
{
    return takes_part(cell) && cell->candidate;
}

/* Whether `cell` is less than `other`, by the mean log ratio of the blocks that both have, but for one. */
static bool is_less(const struct best *best, size_t cell, size_t other, size_t left_out)
{
    const double *a = best->cells[cell].bases, *b = best->cells[other].bases;
    double sum = 0;
    for (size_t block = 0; block < best->blocks; block++) {
        double log_ratio = block == left_out ? NAN : paired_log(a[block], b[block]);
        sum += isnan(log_ratio) ? 0 : log_ratio;
    }
    return sum < 0;
}

/* Whether the cell has a value in any block but one. */
static bool has_value(const struct best *best, size_t cell, size_t left_out)
{
    for (size_t block = 0; block < best->blocks; block++)
        if (block != left_out && best->cells[cell].bases[block] > 0)
            return true;
    return false;
}

/*
 * Chooses the best by all blocks but one, as a tournament: cells need not have the same blocks. BEST_NONE where no
 * candidate has a value there.
 */
static size_t best_choose(const struct best *best, size_t left_out)
{
    size_t chosen = BEST_NONE;
    for (size_t cell = 0; cell < best->count; cell++)
        if (may_lead(&best->cells[cell]) && has_value(best, cell, left_out) &&
            (chosen == BEST_NONE || is_less(best, cell, chosen, left_out)))
            chosen = cell;
    return chosen;
}

/*
 * Sets the log ratios of all cells in a block, to the cell that is the best of the other blocks; NaN where it has
 * no value in this one.
 */
static void best_divide(const struct best *best, size_t block, size_t chosen, double *logs)
{
    for (size_t cell = 0; cell < best->count; cell++) {
        bool known = chosen != BEST_NONE && takes_part(&best->cells[cell]);
        logs[cell * best->blocks + block] =
            known ? paired_log(best->cells[cell].values[block], best->cells[chosen].bases[block]) : NAN;
    }
}

static void best_set_ratios(const struct best *best, size_t leader, double *logs)
{
    for (size_t block = 0; block < best->blocks; block++) {
        size_t chosen = best_choose(best, block);
        best_divide(best, block, chosen == BEST_NONE ? leader : chosen, logs);
    }
    for (size_t cell = 0; cell < best->count; cell++)
        best->cells[cell].ratio = paired_of_logs(logs + cell * best->blocks, best->blocks, best->level).ratio;
}

static struct paired best_pair(const struct best *best, const double *values, size_t other)
{
    return paired_compare(values, best->cells[other].bases, best->blocks, best->level);
}

/* Whether no other candidate is shown to be better. */
static bool best_is_possible(const struct best *best, size_t cell)
{
    for (size_t other = 0; other < best->count; other++)
        if (other != cell && may_lead(&best->cells[other]) &&
            best_pair(best, best->cells[cell].bases, other).low > 1)
            return false;
    return true;
}

/* Sets the interval of a cell: from end to end of its intervals to all cells that may be the best. */
static void best_set_interval(const struct best *best, size_t cell)
{
    struct best_cell *found = &best->cells[cell];
    double low = INFINITY, high = -INFINITY;
    for (size_t other = 0; other < best->count; other++) {
        if (!best->cells[other].may_be_best)
            continue;
        bool itself = other == cell && found->values == found->bases;
        struct paired pair = best_pair(best, found->values, other);
        if (pair.blocks < 2) /* nothing is known of the two */
            return;
        low = fmin(low, itself ? 1 : pair.low);
        high = fmax(high, itself ? 1 : pair.high);
    }
    double least = found->candidate ? 1 : 0;
    found->low = fmin(found->ratio, fmax(least, low));
    found->high = fmax(found->ratio, fmax(least, high));
}

/*
 * Returns the number of comparisons with one candidate: the values of all cells, and where bases are another thing
 * the bases of the other candidates. One at least.
 */
static size_t best_comparisons(const struct best *best)
{
    size_t values = 0, candidates = 0;
    bool other_bases = false;
    for (size_t cell = 0; cell < best->count; cell++) {
        values += takes_part(&best->cells[cell]);
        candidates += may_lead(&best->cells[cell]);
        other_bases = other_bases || best->cells[cell].values != best->cells[cell].bases;
    }
    size_t comparisons = other_bases ? values + candidates : values;
    return comparisons > 1 ? comparisons - 1 : 1;
}

void best_compare(struct best_cell *cells, size_t count, size_t blocks, double alpha, double *ret_logs)
{
    struct best best = {cells, count, blocks, 0};
    double *logs = ret_logs ? ret_logs : memory_new(count * blocks, sizeof(*logs));
    best.level = 1 - alpha / (double)best_comparisons(&best);
    for (size_t cell = 0; cell < count; cell++) {
        cells[cell].ratio = cells[cell].low = cells[cell].high = NAN;
        cells[cell].best = cells[cell].may_be_best = false;
    }
    size_t leader = best_choose(&best, BEST_NONE);
    best_set_ratios(&best, leader, logs);
    if (leader != BEST_NONE) {
        cells[leader].best = true;
        for (size_t cell = 0; cell < count; cell++)
            cells[cell].may_be_best =
                cell == leader || (may_lead(&cells[cell]) && best_is_possible(&best, cell));
        for (size_t cell = 0; cell < count; cell++)
            if (takes_part(&cells[cell]))
                best_set_interval(&best, cell);
    }
    if (!ret_logs)
        free(logs);
}

/* SPDX-License-Identifier: MIT */
#include "harness/analysis/claims.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

bool claims_of_builds(const struct run *run)
{
    return decide_of_builds(json_object_get(run->store->manifest, "cells"));
}

/*
 * Whether two cells, in the plan's order, are a pair of the metric's family: one of the campaign's, of which
 * both have the metric. Work and setting spare most of the questions to the manifest.
 */
static bool claims_are_pair(const struct run *run, const struct run_cell *a, const struct run_cell *b,
                            enum run_metric metric, bool builds)
{
    return a->work == b->work && a->setting == b->setting && run_cell_measures(run, a, metric) &&
           run_cell_measures(run, b, metric) &&
           decide_are_pair(run_cell_manifest(run, a), run_cell_manifest(run, b), builds);
}

static size_t claims_count_pairs(const struct run *run, enum run_metric metric, bool builds)
{
    size_t family = 0;
    for (size_t i = 0; i < run->cell_count; i++)
        for (size_t j = i + 1; j < run->cell_count; j++)
            family += claims_are_pair(run, &run->cells[i], &run->cells[j], metric, builds);
    return family;
}

struct sequential_design claims_design(const struct run *run)
{
    struct sequential_design design =
        decide_design(run->store->manifest, claims_count_pairs(run, RUN_WALL, claims_of_builds(run)));
    design.machines = run->machines;
    return design;
}

static struct sequential_result claims_blank(void)
{
    return (struct sequential_result){SEQUENTIAL_BLANK, NAN, NAN, NAN, 0};
}

static double claims_logarithm(double value)
{
    return value > 0 ? log(value) : -INFINITY;
}

/* Fills a / b of each block, as a logarithm; NaN where one is missing. Two values of 0 are equal. */
static void claims_fill_logs(const struct run *run, const struct run_cell *a, const struct run_cell *b,
                             enum run_metric metric, double *ret_logs)
{
    const double *left = run_cell_values(run, a, metric), *right = run_cell_values(run, b, metric);
    for (size_t block = 0; block < run->blocks; block++) {
        bool zero = left[block] == 0 && right[block] == 0;
        bool missing = isnan(left[block]) || isnan(right[block]);
        ret_logs[block] = missing ? NAN
                          : zero  ? 0
                                  : claims_logarithm(left[block]) - claims_logarithm(right[block]);
    }
}

/* Returns the mean of logarithms, by machine where there are several; NaN where there is none. */
static double claims_mean(const struct run *run, const double *logs)
{
    double *units = memory_new(run_units(run), sizeof(*units)), sum = 0;
    size_t count = 0;
    machines_average(&run->machines, logs, run->blocks, units);
    for (size_t unit = 0; unit < run_units(run); unit++)
        if (!isnan(units[unit])) {
            sum += units[unit];
            count++;
        }
    free(units);
    return count ? sum / (double)count : NAN;
}

double claims_estimate(const struct run *run, const struct run_cell *a, const struct run_cell *b,
                       enum run_metric metric)
{
    double *logs = memory_new(run->blocks, sizeof(*logs));
    claims_fill_logs(run, a, b, metric, logs);
    double ratio = exp(claims_mean(run, logs));
    free(logs);
    return ratio;
}

/* Returns the number of blocks that decide: those of the last complete look. */
static size_t claims_blocks(const struct run *run)
{
    return run->decide ? run->decide->blocks : run->blocks;
}

/* Takes what the campaign decided of the pair by its wall time; blank where it did not. */
static struct sequential_result claims_of_campaign(const struct claims *claims,
                                                   const struct claims_pair *pair)
{
    const struct run *run = claims->run;
    bool turned = pair->a > pair->b;
    size_t first = (size_t)((turned ? pair->b : pair->a) - run->cells);
    size_t second = (size_t)((turned ? pair->a : pair->b) - run->cells);
    const struct decide_pair *decided =
        run->decide && claims->metric == RUN_WALL ? decide_pair_of(run->decide, first, second) : NULL;
    if (!decided || decided->result.blocks == 0)
        return claims_blank();
    return turned ? claims_turned(decided->result) : decided->result;
}

/* Whether anything can be said of the pair. */
static bool claims_has_figures(const struct claims_pair *pair)
{
    return run_cell_is_whole(pair->a) && run_cell_is_whole(pair->b) && !pair->as_warm;
}

/* Two cells with figures are undecided at least, however few blocks they have. */
static struct sequential_result claims_decide(const struct claims *claims, const struct claims_pair *pair)
{
    const struct run *run = claims->run;
    struct sequential_result result = claims_blank();
    size_t blocks = claims_blocks(run);
    if (!claims_has_figures(pair))
        return result;
    result = claims_of_campaign(claims, pair);
    if (result.verdict == SEQUENTIAL_BLANK && claims->design.first >= 2 && blocks >= 2)
        result = sequential_decide(&claims->design, run_cell_values(run, pair->a, claims->metric),
                                   run_cell_values(run, pair->b, claims->metric), blocks);
    if (result.verdict == SEQUENTIAL_BLANK && isnan(result.ratio))
        result.ratio = claims_estimate(run, pair->a, pair->b, claims->metric);
    if (!isnan(result.ratio) && result.verdict == SEQUENTIAL_BLANK)
        result.verdict = SEQUENTIAL_UNDECIDED;
    return result;
}

static struct claims_pair claims_pair_make(const struct claims *claims, const struct run_cell *a,
                                           const struct run_cell *b)
{
    bool turned = claims->builds && *run_cell_text(claims->run, a, "build");
    bool as_warm = run_cell_is_whole(a) && run_cell_is_whole(b) &&
                   (claims_stops_as_warm(a, claims->metric) || claims_stops_as_warm(b, claims->metric));
    return (struct claims_pair){turned ? b : a, turned ? a : b, claims_blank(), as_warm};
}

static void claims_add_pairs(struct claims *claims, size_t work, size_t setting)
{
    const struct run *run = claims->run;
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *a = &run->cells[i];
        if (a->work != work || a->setting != setting)
            continue;
        for (const struct run_cell *b = a + 1; b < run->cells + run->cell_count; b++)
            if (claims_are_pair(run, a, b, claims->metric, claims->builds))
                claims->pairs[claims->count++] = claims_pair_make(claims, a, b);
    }
}

/* Lets all pairs lend each other what they know of scatter, as harness/campaign/decide.c does. */
static void claims_borrow(struct claims *claims)
{
    const struct run *run = claims->run;
    struct sequential_pair *lenders = memory_new(claims->count, sizeof(*lenders));
    for (size_t i = 0; i < claims->count; i++)
        lenders[i] = (struct sequential_pair){run_cell_values(run, claims->pairs[i].a, claims->metric),
                                              run_cell_values(run, claims->pairs[i].b, claims->metric)};
    if (claims->design.first >= 2 && claims_blocks(run) >= claims->design.first)
        sequential_borrow(&claims->design, lenders, claims->count, run->blocks);
    free(lenders);
}

static void claims_decide_all(struct claims *claims)
{
    claims_borrow(claims);
    for (size_t i = 0; i < claims->count; i++)
        claims->pairs[i].result = claims_decide(claims, &claims->pairs[i]);
}

struct sequential_design claims_decide_pairs(const struct run *run, enum run_metric metric,
                                             struct claims_pair *pairs, size_t count)
{
    struct claims claims = {
        .run = run, .metric = metric, .design = claims_design(run), .pairs = pairs, .count = count};
    claims.design.family = count;
    claims_decide_all(&claims);
    return claims.design;
}

void claims_make(const struct run *run, enum run_metric metric, struct claims *ret_claims)
{
    struct claims claims = {.run = run, .metric = metric, .design = claims_design(run)};
    claims.builds = claims_of_builds(run);
    claims.design.family = claims_count_pairs(run, metric, claims.builds);
    claims.design.exact = metric == RUN_INSTRUCTIONS || metric == RUN_ALLOCATED;
    claims.pairs = memory_new(claims.design.family, sizeof(*claims.pairs));
    for (size_t setting = 0; setting < run->settings.count; setting++)
        for (size_t work = 0; work < run->works.count; work++)
            claims_add_pairs(&claims, work, setting);
    claims_decide_all(&claims);
    *ret_claims = claims;
}

void claims_fini(struct claims *claims)
{
    free(claims->pairs);
    *claims = (struct claims){0};
}

static void claims_count_pair(const struct claims_pair *pair, struct claims_counts *counts)
{
    enum sequential_verdict verdict = pair->result.verdict;
    counts->blank += verdict == SEQUENTIAL_BLANK && !pair->as_warm;
    counts->as_warm += pair->as_warm;
    counts->pairs += verdict != SEQUENTIAL_BLANK;
    counts->equal += verdict == SEQUENTIAL_EQUAL;
    counts->undecided += verdict == SEQUENTIAL_UNDECIDED;
    counts->claims += verdict == SEQUENTIAL_LESS || verdict == SEQUENTIAL_MORE;
}

struct claims_counts claims_count(const struct claims *claims, size_t setting)
{
    struct claims_counts counts = {0};
    for (size_t i = 0; i < claims->count; i++) {
        const struct claims_pair *pair = &claims->pairs[i];
        if (setting == CLAIMS_ANY || pair->a->setting == setting)
            claims_count_pair(pair, &counts);
    }
    return counts;
}

double claims_decided(const struct claims_counts *counts)
{
    return counts->pairs ? (double)(counts->claims + counts->equal) / (double)counts->pairs : NAN;
}

struct sequential_result claims_turned(struct sequential_result result)
{
    struct sequential_result turned = {result.verdict, 1 / result.ratio, 1 / result.high, 1 / result.low,
                                       result.blocks};
    if (result.verdict == SEQUENTIAL_LESS || result.verdict == SEQUENTIAL_MORE)
        turned.verdict = result.verdict == SEQUENTIAL_LESS ? SEQUENTIAL_MORE : SEQUENTIAL_LESS;
    return turned;
}

struct sequential_result claims_between(const struct claims *claims, const struct run_cell *a,
                                        const struct run_cell *b)
{
    for (size_t i = 0; i < claims->count; i++) {
        const struct claims_pair *pair = &claims->pairs[i];
        if (pair->a == a && pair->b == b)
            return pair->result;
        if (pair->a == b && pair->b == a)
            return claims_turned(pair->result);
    }
    return claims_blank();
}

static struct claims_scene claims_scene_of(const struct claims *claims, const struct claims_pair *pair)
{
    return (struct claims_scene){pair->a->work, pair->a->setting,
                                 run_cell_text(claims->run, pair->a, "heap")};
}

static bool claims_same_scene(const struct claims_scene *a, const struct claims_scene *b)
{
    return a->work == b->work && a->setting == b->setting && strcmp(a->heap, b->heap) == 0;
}

size_t claims_scenes(const struct claims *claims, struct claims_scene *ret_scenes)
{
    size_t count = 0;
    for (size_t i = 0; i < claims->count; i++) {
        struct claims_scene scene = claims_scene_of(claims, &claims->pairs[i]);
        size_t place = 0;
        while (place < count && !claims_same_scene(&ret_scenes[place], &scene))
            place++;
        if (place == count)
            ret_scenes[count++] = scene;
    }
    return count;
}

struct claims_counts claims_count_scene(const struct claims *claims, const struct claims_scene *scene)
{
    struct claims_counts counts = {0};
    for (size_t i = 0; i < claims->count; i++) {
        struct claims_scene found = claims_scene_of(claims, &claims->pairs[i]);
        if (claims_same_scene(scene, &found))
            claims_count_pair(&claims->pairs[i], &counts);
    }
    return counts;
}

/* Puts a cell into the list if it has a figure and is not yet there. Returns the new count. */
static size_t claims_list_cell(const struct claims *claims, const struct run_cell **cells, size_t count,
                               const struct run_cell *cell)
{
    for (size_t i = 0; i < count; i++)
        if (cells[i] == cell)
            return count;
    cells[count] = cell;
    return count + (!isnan(run_cell_median(claims->run, cell, claims->metric)) &&
                    !claims_stops_as_warm(cell, claims->metric));
}

/* Returns the mean logarithm of the cell over the blocks that are set; NaN where none is. */
static double claims_level(const struct claims *claims, const struct run_cell *cell, const bool *blocks)
{
    const double *values = run_cell_values(claims->run, cell, claims->metric);
    double *logs = memory_new(claims->run->blocks, sizeof(*logs));
    for (size_t block = 0; block < claims->run->blocks; block++)
        logs[block] = blocks[block] && !isnan(values[block]) ? claims_logarithm(values[block]) : NAN;
    double level = claims_mean(claims->run, logs);
    free(logs);
    return level;
}

/* Sets the blocks in which all cells have a value; every block where there is no such block. */
static void claims_common_blocks(const struct claims *claims, const struct run_cell **cells, size_t count,
                                 bool *blocks)
{
    size_t common = 0;
    for (size_t block = 0; block < claims->run->blocks; block++) {
        blocks[block] = true;
        for (size_t i = 0; i < count; i++)
            blocks[block] &= !isnan(run_cell_values(claims->run, cells[i], claims->metric)[block]);
        common += blocks[block];
    }
    for (size_t block = 0; common == 0 && block < claims->run->blocks; block++)
        blocks[block] = true;
}

/* Sorts by level, the least first; equal ones stay in the plan's order. */
static void claims_sort(const struct run_cell **cells, double *levels, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && levels[j] < levels[j - 1]; j--) {
            double level = levels[j];
            const struct run_cell *cell = cells[j];
            levels[j] = levels[j - 1];
            cells[j] = cells[j - 1];
            levels[j - 1] = level;
            cells[j - 1] = cell;
        }
}

size_t claims_order(const struct claims *claims, const struct claims_scene *scene,
                    const struct run_cell **ret_cells)
{
    bool *blocks = memory_new(claims->run->blocks, sizeof(*blocks));
    double *levels = memory_new(claims->run->cell_count, sizeof(*levels));
    size_t count = 0;
    for (size_t i = 0; i < claims->count; i++) {
        struct claims_scene found = claims_scene_of(claims, &claims->pairs[i]);
        if (!claims_same_scene(scene, &found))
            continue;
        count = claims_list_cell(claims, ret_cells, count, claims->pairs[i].a);
        count = claims_list_cell(claims, ret_cells, count, claims->pairs[i].b);
    }
    claims_common_blocks(claims, ret_cells, count, blocks);
    for (size_t i = 0; i < count; i++)
        levels[i] = claims_level(claims, ret_cells[i], blocks);
    claims_sort(ret_cells, levels, count);
    free(blocks);
    free(levels);
    return count;
}

bool claims_may_lead(const struct claims *claims, const struct run_cell *cell)
{
    if (!run_cell_is_whole(cell) || cell->role != RUN_RECLAIMS || claims_stops_as_warm(cell, claims->metric))
        return false;
    for (size_t i = 0; i < claims->count; i++) {
        const struct claims_pair *pair = &claims->pairs[i];
        if (pair->as_warm && (pair->a == cell || pair->b == cell) && pair->a->role == RUN_RECLAIMS &&
            pair->b->role == RUN_RECLAIMS)
            return false;
        if ((pair->a == cell && pair->b->role == RUN_RECLAIMS && pair->result.verdict == SEQUENTIAL_MORE) ||
            (pair->b == cell && pair->a->role == RUN_RECLAIMS && pair->result.verdict == SEQUENTIAL_LESS))
            return false;
    }
    return true;
}

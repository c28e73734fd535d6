/* SPDX-License-Identifier: MIT */
#include "harness/campaign/decide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/results/attempts.h"
#include "harness/results/run-machines.h"

/* How a cell belongs with others. */
struct decide_cell {
    bool baseline;
    size_t twin;   /* of a cold cell: the same one warm. NONE: there is none, or the cell is not cold */
    size_t served; /* the cell that is the baseline of this one's process; NONE: there is none */
};

static const size_t NONE = (size_t)-1;

/* What is known of a process. */
enum outcome {
    OUTCOME_MISSING, /* also: it was disturbed, and is to run again */
    OUTCOME_OK,
    OUTCOME_FAILED,
};

/* ---- cells and pairs ---- */

/* Keys that two cells have in common, unless they are what is compared. */
static const char *const place_keys[] = {"workload", "workload_options", "allocator", "tuning", "heap", NULL};
static const char *const collector_keys[] = {"collector", "collector_options", NULL};
static const char *const memory_keys[] = {"memory", NULL};
static const char *const build_keys[] = {"build", NULL};
static const char *const baseline_keys[] = {"allocator", "tuning", NULL};

/* Whether all keys of a list, which are texts or absent, have the same value in both cells. */
static bool keys_same(const json_t *a, const json_t *b, const char *const *keys)
{
    for (; *keys; keys++) {
        const char *left = json_string_value(json_object_get(a, *keys));
        const char *right = json_string_value(json_object_get(b, *keys));
        if (strcmp(left ? left : "", right ? right : "") != 0)
            return false;
    }
    return true;
}

static bool key_true(const json_t *cell, const char *key)
{
    return json_is_true(json_object_get(cell, key));
}

bool decide_of_builds(const json_t *cells)
{
    size_t index;
    const json_t *cell;
    json_array_foreach(cells, index, cell)
        if (!keys_same(json_array_get(cells, 0), cell, build_keys))
            return true;
    return false;
}

bool decide_are_pair(const json_t *a, const json_t *b, bool builds)
{
    if (key_true(a, "baseline") || key_true(b, "baseline") || key_true(a, "observes") ||
        key_true(b, "observes") || !keys_same(a, b, place_keys) || !keys_same(a, b, memory_keys))
        return false;
    return !builds || (keys_same(a, b, collector_keys) && !keys_same(a, b, build_keys));
}

/* Counts the pairs, and writes them where `ret_pairs` is not NULL. */
static size_t pairs_find(const json_t *cells, struct decide_pair *ret_pairs)
{
    bool builds = decide_of_builds(cells);
    size_t count = 0, cell_count = json_array_size(cells);
    for (size_t a = 0; a < cell_count; a++)
        for (size_t b = a + 1; b < cell_count; b++)
            if (decide_are_pair(json_array_get(cells, a), json_array_get(cells, b), builds)) {
                if (ret_pairs)
                    ret_pairs[count] = (struct decide_pair){.a = (uint32_t)a, .b = (uint32_t)b};
                count++;
            }
    return count;
}

size_t decide_family(const json_t *cells)
{
    return pairs_find(cells, NULL);
}

static bool cell_is_warm(const json_t *cell)
{
    const char *memory = json_string_value(json_object_get(cell, "memory"));
    return memory && strcmp(memory, "warm") == 0;
}

static size_t twin_find(const json_t *cells, const json_t *cold)
{
    size_t index;
    const json_t *cell;
    if (cell_is_warm(cold) || key_true(cold, "baseline"))
        return NONE;
    json_array_foreach(cells, index, cell)
        if (cell_is_warm(cell) && keys_same(cell, cold, place_keys) &&
            keys_same(cell, cold, collector_keys) && keys_same(cell, cold, build_keys))
            return index;
    return NONE;
}

/* The cell that is the baseline of a cell's process. */
static size_t baseline_find(const json_t *cells, const json_t *cell)
{
    size_t index;
    const json_t *baseline;
    if (key_true(cell, "baseline"))
        return NONE;
    json_array_foreach(cells, index, baseline)
        if (key_true(baseline, "baseline") && keys_same(baseline, cell, baseline_keys) &&
            keys_same(baseline, cell, collector_keys) && keys_same(baseline, cell, memory_keys) &&
            keys_same(baseline, cell, build_keys))
            return index;
    return NONE;
}

/* ---- the design ---- */

static double number_of(const json_t *design, const char *key, double otherwise)
{
    const json_t *value = json_object_get(design, key);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

static enum sequential_spending spending_of(const json_t *design)
{
    const char *name = json_string_value(json_object_get(design, "spending"));
    for (int kind = 0; name && kind < SEQUENTIAL_SPENDINGS; kind++)
        if (strcmp(name, sequential_spending_names[kind]) == 0)
            return (enum sequential_spending)kind;
    return SEQUENTIAL_EVEN;
}

struct sequential_design decide_design(const json_t *manifest, size_t family)
{
    const json_t *design = json_object_get(manifest, "design");
    size_t blocks = (size_t)json_integer_value(json_object_get(manifest, "blocks"));
    return (struct sequential_design){.alpha = number_of(design, "alpha", SEQUENTIAL_ALPHA),
                                      .minimum = number_of(design, "minimum", SEQUENTIAL_MINIMUM),
                                      .precision = number_of(design, "precision", SEQUENTIAL_PRECISION),
                                      .figures = number_of(design, "figures", 0),
                                      .first = (size_t)number_of(design, "first", (double)blocks),
                                      .blocks = blocks,
                                      .family = family,
                                      .spending = spending_of(design)};
}

static void design_take(struct decide *decide, const json_t *manifest)
{
    const char *kind = json_string_value(json_object_get(json_object_get(manifest, "design"), "kind"));
    decide->sequential = kind && strcmp(kind, "precision") == 0;
    decide->design = decide_design(manifest, decide->pair_count);
    decide->machine_of = memory_new(decide->design.blocks, sizeof(*decide->machine_of));
    decide->design.machines = (struct machines){
        .of_block = decide->machine_of,
        .count = run_machines_of_blocks(manifest, decide->design.blocks, decide->machine_of)};
    decide->looks[0] = decide->design.blocks;
    decide->look_count = 1;
    if (decide->design.first >= 2)
        decide->look_count = sequential_looks(&decide->design, decide->looks);
}

struct decide *decide_new(const json_t *manifest)
{
    struct decide *decide = memory_new(1, sizeof(*decide));
    json_t *cells = json_object_get(manifest, "cells");
    decide->cell_count = json_array_size(cells);
    decide->pair_count = decide_family(cells);
    decide->pairs = memory_new(decide->pair_count + 1, sizeof(*decide->pairs));
    pairs_find(cells, decide->pairs);
    decide->cells = memory_new(decide->cell_count, sizeof(*decide->cells));
    for (size_t i = 0; i < decide->cell_count; i++) {
        const json_t *cell = json_array_get(cells, i);
        decide->cells[i] = (struct decide_cell){.baseline = key_true(cell, "baseline"),
                                                .twin = twin_find(cells, cell),
                                                .served = baseline_find(cells, cell)};
    }
    design_take(decide, manifest);
    decide->states = memory_new(decide->cell_count, sizeof(*decide->states));
    decide->as_warm = memory_new(decide->cell_count, sizeof(*decide->as_warm));
    decide->wall_ns = memory_new(decide->cell_count * decide->design.blocks, sizeof(*decide->wall_ns));
    decide->outcomes = memory_new(decide->cell_count * decide->design.blocks, 1);
    decide_rows(decide, NULL, 0);
    return decide;
}

void decide_free(struct decide *decide)
{
    if (!decide)
        return;
    free(decide->pairs);
    free(decide->cells);
    free(decide->states);
    free(decide->as_warm);
    free(decide->wall_ns);
    free(decide->outcomes);
    free(decide->machine_of);
    free(decide);
}

/* ---- deciding ---- */

static enum outcome outcome_at(const struct decide *decide, size_t cell, size_t block)
{
    return (enum outcome)decide->outcomes[cell * decide->design.blocks + block];
}

/*
 * Takes the attempt of each process that counts. Rows are in the order in which processes ended, so the last
 * attempt says whether there is another to come.
 */
static void rows_take(struct decide *decide, const struct store_row *rows, size_t count)
{
    size_t values = decide->cell_count * decide->design.blocks;
    bool *counts = memory_new(count + 1, sizeof(*counts)), *again = memory_new(values, sizeof(*again));
    attempts_choose(rows, count, counts);
    memset(decide->outcomes, OUTCOME_MISSING, values);
    for (size_t i = 0; i < values; i++)
        decide->wall_ns[i] = NAN;
    for (size_t i = 0; i < count; i++) {
        size_t place = (size_t)rows[i].cell * decide->design.blocks + (size_t)rows[i].block;
        bool ok = strcmp(rows[i].status, "ok") == 0 && rows[i].wall_ns != STORE_MISSING;
        again[place] = rows[i].attempt + 1 < STORE_ATTEMPTS && attempts_disturbed(&rows[i]);
        if (!counts[i])
            continue;
        decide->outcomes[place] = ok ? OUTCOME_OK : OUTCOME_FAILED;
        decide->wall_ns[place] = ok ? (double)rows[i].wall_ns : NAN;
    }
    for (size_t i = 0; i < values; i++)
        if (again[i]) {
            decide->outcomes[i] = OUTCOME_MISSING;
            decide->wall_ns[i] = NAN;
        }
    free(again);
    free(counts);
}

/* Whether a process of the cell failed in the first `blocks` blocks. */
static bool cell_has_failed(const struct decide *decide, size_t cell, size_t blocks)
{
    for (size_t block = 0; block < blocks; block++)
        if (outcome_at(decide, cell, block) == OUTCOME_FAILED)
            return true;
    return false;
}

/*
 * Whether a cell has processes of later blocks than those of the first look. Where figures need not be precise, a
 * cold cell that went on was found not to be as warm.
 */
static bool cell_went_on(const struct decide *decide, size_t cell)
{
    for (size_t block = decide->design.first; block < decide->design.blocks; block++)
        if (outcome_at(decide, cell, block) != OUTCOME_MISSING)
            return true;
    return false;
}

/* Whether a cold cell took the time of its warm twin, within the precision, over the blocks of the first look. */
static bool cell_is_as_warm(const struct decide *decide, size_t cell)
{
    size_t twin = decide->cells[cell].twin, blocks = decide->design.blocks;
    if (twin == NONE || !decide->sequential || (decide->design.figures == 0 && cell_went_on(decide, cell)))
        return false;
    double sum = 0; /* NaN where a process is missing */
    for (size_t block = 0; block < decide->design.first; block++)
        sum += log(decide->wall_ns[cell * blocks + block] / decide->wall_ns[twin * blocks + block]);
    return fabs(sum) <= (double)decide->design.first * log1p(decide->design.precision);
}

/* Whether every cell that goes on has its processes of so many blocks. */
static bool look_is_complete(const struct decide *decide, size_t blocks)
{
    for (size_t cell = 0; cell < decide->cell_count; cell++)
        for (size_t block = 0; decide->states[cell] == DECIDE_GOES_ON && block < blocks; block++) {
            enum outcome outcome = outcome_at(decide, cell, block);
            if (outcome == OUTCOME_MISSING)
                return false;
            if (outcome == OUTCOME_FAILED && decide->sequential)
                break;
        }
    return true;
}

static void pair_look(struct decide *decide, struct decide_pair *pair, size_t blocks)
{
    enum decide_cell_state a = decide->states[pair->a], b = decide->states[pair->b];
    const double *values = decide->wall_ns;
    pair->as_warm = decide->as_warm[pair->a] || decide->as_warm[pair->b];
    if (a == DECIDE_FAILED || b == DECIDE_FAILED)
        pair->result = (struct sequential_result){.verdict = SEQUENTIAL_BLANK};
    else if (decide_pair_is_open(pair) && blocks >= 2)
        pair->result = sequential_decide(&decide->design, values + pair->a * decide->design.blocks,
                                         values + pair->b * decide->design.blocks, blocks);
}

/* Lets the pairs lend each other what the blocks of the first look say of scatter. */
static void scatter_borrow(struct decide *decide)
{
    size_t stride = decide->design.blocks;
    struct sequential_pair *pairs = memory_new(decide->pair_count + 1, sizeof(*pairs));
    for (size_t i = 0; i < decide->pair_count; i++)
        pairs[i] = (struct sequential_pair){decide->wall_ns + decide->pairs[i].a * stride,
                                            decide->wall_ns + decide->pairs[i].b * stride};
    sequential_borrow(&decide->design, pairs, decide->pair_count, decide->design.first);
    free(pairs);
}

/* Whether the median of a cell is to become known better. A baseline's is no figure of its own. */
static bool figure_is_open(const struct decide *decide, size_t cell)
{
    const double *values = decide->wall_ns + cell * decide->design.blocks;
    return decide->sequential && !decide->cells[cell].baseline &&
           !sequential_figure_is_precise(&decide->design, values, decide->blocks);
}

/* Cells with no open pair and no open figure stop. A baseline goes on with the cells that it serves. */
static void cells_stop(struct decide *decide)
{
    bool *open = memory_new(decide->cell_count, sizeof(*open));
    for (size_t i = 0; i < decide->pair_count; i++)
        if (decide_pair_is_open(&decide->pairs[i]))
            open[decide->pairs[i].a] = open[decide->pairs[i].b] = true;
    for (size_t cell = 0; cell < decide->cell_count; cell++)
        if (decide->states[cell] == DECIDE_GOES_ON && figure_is_open(decide, cell))
            open[cell] = true;
    for (size_t cell = 0; cell < decide->cell_count; cell++)
        if (open[cell] && decide->cells[cell].served != NONE)
            open[decide->cells[cell].served] = true;
    for (size_t cell = 0; cell < decide->cell_count; cell++)
        if (!open[cell] && decide->states[cell] == DECIDE_GOES_ON)
            decide->states[cell] = DECIDE_DONE;
    free(open);
}

static void look_take(struct decide *decide, size_t blocks)
{
    if (decide->blocks == 0 && decide->design.first >= 2)
        scatter_borrow(decide);
    for (size_t cell = 0; cell < decide->cell_count; cell++)
        if (decide->states[cell] == DECIDE_GOES_ON && cell_has_failed(decide, cell, blocks))
            decide->states[cell] = DECIDE_FAILED;
    for (size_t i = 0; i < decide->pair_count; i++)
        pair_look(decide, &decide->pairs[i], blocks);
    decide->blocks = blocks;
    cells_stop(decide);
}

/* Cells that failed after the last complete look, whose pairs are blank at once. */
static void failures_take(struct decide *decide)
{
    for (size_t cell = 0; cell < decide->cell_count; cell++)
        if (cell_has_failed(decide, cell, decide->design.blocks))
            decide->states[cell] = DECIDE_FAILED;
    for (size_t i = 0; i < decide->pair_count; i++)
        if (decide->states[decide->pairs[i].a] == DECIDE_FAILED ||
            decide->states[decide->pairs[i].b] == DECIDE_FAILED)
            decide->pairs[i].result = (struct sequential_result){.verdict = SEQUENTIAL_BLANK};
}

static bool any_goes_on(const struct decide *decide)
{
    for (size_t cell = 0; cell < decide->cell_count; cell++)
        if (decide->states[cell] == DECIDE_GOES_ON)
            return true;
    return false;
}

void decide_rows(struct decide *decide, const struct store_row *rows, size_t count)
{
    rows_take(decide, rows, count);
    for (size_t cell = 0; cell < decide->cell_count; cell++) {
        decide->states[cell] = DECIDE_GOES_ON;
        decide->as_warm[cell] = cell_is_as_warm(decide, cell);
    }
    for (size_t i = 0; i < decide->pair_count; i++) {
        decide->pairs[i].result = (struct sequential_result){.verdict = SEQUENTIAL_UNDECIDED};
        decide->pairs[i].as_warm = false;
    }
    decide->blocks = 0;
    decide->design.prior = (struct prior){0};
    size_t look = 0;
    while (look < decide->look_count && any_goes_on(decide) && look_is_complete(decide, decide->looks[look]))
        look_take(decide, decide->looks[look++]);
    failures_take(decide);
    decide->next_look = look < decide->look_count && any_goes_on(decide) ? decide->looks[look] : 0;
}

/* ---- what is asked of it ---- */

bool decide_cell_goes_on(const struct decide *decide, size_t cell, size_t block)
{
    if (!decide->sequential)
        return true;
    return decide->states[cell] == DECIDE_GOES_ON && !cell_has_failed(decide, cell, block);
}

bool decide_goes_on(const struct decide *decide)
{
    return decide->next_look != 0;
}

/* By the first cell, then by the second: the order in which pairs are found. */
static int pairs_compare(const void *left, const void *right)
{
    const struct decide_pair *x = left, *y = right;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

const struct decide_pair *decide_pair_of(const struct decide *decide, size_t a, size_t b)
{
    struct decide_pair wanted = {.a = (uint32_t)a, .b = (uint32_t)b};
    return bsearch(&wanted, decide->pairs, decide->pair_count, sizeof(wanted), pairs_compare);
}

struct decide_counts decide_count(const struct decide *decide)
{
    struct decide_counts counts = {0};
    for (size_t i = 0; i < decide->pair_count; i++) {
        const struct decide_pair *pair = &decide->pairs[i];
        enum sequential_verdict verdict = pair->result.verdict;
        bool blank = verdict == SEQUENTIAL_BLANK;
        counts.blank += blank;
        counts.as_warm += pair->as_warm && !blank;
        counts.less += verdict == SEQUENTIAL_LESS;
        counts.more += verdict == SEQUENTIAL_MORE;
        counts.equal += verdict == SEQUENTIAL_EQUAL;
        counts.undecided += decide_pair_is_open(pair);
    }
    return counts;
}

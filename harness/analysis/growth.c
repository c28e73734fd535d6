/* SPDX-License-Identifier: MIT */
#include "harness/analysis/growth.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/statistics/paired.h"

#define GROWTH_LEVEL 0.95

/* ---- options ---- */

/* An option, as in "depth=12", within a list of them. A length of 0: none. */
struct growth_option {
    const char *key, *value;
    size_t key_length, value_length;
};

/* Returns the option at the begin of a list, and the rest of the list. */
static struct growth_option option_next(const char **list)
{
    struct growth_option option = {.key = *list, .key_length = strcspn(*list, "=,")};
    const char *end = *list + strcspn(*list, ",");
    option.value = option.key + option.key_length;
    option.value += option.value < end;
    option.value_length = (size_t)(end - option.value);
    *list = end + (*end == ',');
    return option;
}

static bool option_is_of(const struct growth_option *option, const struct growth_option *other)
{
    return option->key_length == other->key_length &&
           strncmp(option->key, other->key, other->key_length) == 0;
}

/* Returns the option of that key; an empty one where the list leaves it to its default. */
static struct growth_option option_find(const char *list, const struct growth_option *wanted)
{
    while (*list) {
        struct growth_option option = option_next(&list);
        if (option_is_of(&option, wanted))
            return option;
    }
    return (struct growth_option){.value = ""};
}

static bool option_is_number(const struct growth_option *option)
{
    return option->value_length == 0 || isdigit((unsigned char)option->value[0]);
}

/*
 * Counts the options of the list `a` that have another value in `b`, and gives the last. Of those that `a` lacks where
 * `lacked`; else of those that it has. One that is no number counts as two.
 */
static size_t options_apart(const char *a, const char *b, bool lacked, struct growth_option *ret_option)
{
    size_t apart = 0;
    for (const char *list = lacked ? b : a; *list;) {
        struct growth_option option = option_next(&list);
        struct growth_option other = option_find(lacked ? a : b, &option);
        bool same = option.value_length == other.value_length &&
                    strncmp(option.value, other.value, other.value_length) == 0;
        if (same || (lacked && other.key))
            continue;
        apart += option_is_number(&option) && option_is_number(&other) ? 1 : 2;
        *ret_option = option;
    }
    return apart;
}

/* Returns the one option that tells two lists apart; an empty one where there is none, or more. */
static struct growth_option options_one(const char *a, const char *b)
{
    struct growth_option option = {.value = ""};
    size_t apart = options_apart(a, b, false, &option) + options_apart(a, b, true, &option);
    return apart == 1 ? option : (struct growth_option){.value = ""};
}

/* ---- families ---- */

/* Returns what the manifest says of a work under `key`. */
static const char *work_text(const struct run *run, size_t work, const char *key)
{
    for (size_t i = 0; i < run->cell_count; i++)
        if (run->cells[i].work == work)
            return run_cell_text(run, &run->cells[i], key);
    return "";
}

/* Returns the least median of the bytes that a work allocates, under any collector; NaN where none ran it. */
static double work_size(const struct run *run, size_t setting, size_t work)
{
    double least = NAN;
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (cell->work == work && cell->setting == setting && !run_cell_is_aside(cell))
            least = fmin(least, run_cell_median(run, cell, RUN_ALLOCATED));
    }
    return least;
}

static int sizes_compare(const void *left, const void *right)
{
    const struct growth_size *a = left, *b = right;
    return (a->bytes > b->bytes) - (a->bytes < b->bytes);
}

/* Whether there are enough sizes, and each is larger than the one before by far. */
static bool sizes_are_apart(const struct growth_size *sizes, size_t count)
{
    bool apart = count >= GROWTH_SIZES;
    for (size_t i = 1; i < count; i++)
        apart &= sizes[i].bytes >= GROWTH_APART * sizes[i - 1].bytes;
    return apart;
}

/* Takes the works of the workload of `first`. Returns whether they are a family. */
static bool family_take(const struct run *run, size_t setting, size_t first, bool *taken,
                        struct growth_family *family)
{
    const char *options = work_text(run, first, "workload_options");
    struct growth_option told = {.value = ""};
    bool one = true;
    *family = (struct growth_family){.workload = work_text(run, first, "workload"),
                                     .sizes = memory_new(run->works.measured, sizeof(*family->sizes))};
    for (size_t work = first; work < run->works.measured; work++) {
        if (taken[work] || strcmp(work_text(run, work, "workload"), family->workload) != 0)
            continue;
        taken[work] = true;
        struct growth_option option = options_one(options, work_text(run, work, "workload_options"));
        one &= work == first || (option.key_length && (!told.key_length || option_is_of(&option, &told)));
        told = work == first ? told : option;
        double bytes = work_size(run, setting, work);
        if (bytes > 0)
            family->sizes[family->count++] = (struct growth_size){work, bytes};
    }
    qsort(family->sizes, family->count, sizeof(*family->sizes), sizes_compare);
    return one && sizes_are_apart(family->sizes, family->count);
}

void growth_make(const struct run *run, size_t setting, struct growth *ret_growth)
{
    size_t works = run->works.measured;
    struct growth growth = {.families = memory_new(works + 1, sizeof(*growth.families))};
    bool *taken = memory_new(works + 1, sizeof(*taken));
    for (size_t work = 0; work < works; work++) {
        struct growth_family *family = &growth.families[growth.count];
        if (taken[work])
            continue;
        if (family_take(run, setting, work, taken, family))
            growth.count++;
        else
            free(family->sizes);
    }
    free(taken);
    *ret_growth = growth;
}

void growth_free(struct growth *growth)
{
    for (size_t i = 0; i < growth->count; i++)
        free(growth->families[i].sizes);
    free(growth->families);
    *growth = (struct growth){0};
}

/* ---- exponents ---- */

/* A cost at the sizes at which a config has it. */
struct growth_line {
    double *sizes;         /* logarithms */
    const double **values; /* of each size by block */
    size_t count;
};

static void line_make(const struct run *run, const struct growth_family *family, size_t setting,
                      size_t config, enum run_metric metric, struct growth_line *ret_line)
{
    struct growth_line line = {.sizes = memory_new(family->count, sizeof(*line.sizes)),
                               .values = memory_new(family->count, sizeof(*line.values))};
    for (size_t i = 0; i < family->count; i++) {
        const struct run_cell *cell = run_cell_at(run, family->sizes[i].work, config, setting);
        if (!cell || run_cell_is_aside(cell) || !(run_cell_median(run, cell, metric) > 0))
            continue;
        line.sizes[line.count] = log(family->sizes[i].bytes);
        line.values[line.count++] = run_cell_values(run, cell, metric);
    }
    *ret_line = line;
}

static void line_free(struct growth_line *line)
{
    free(line->sizes);
    free(line->values);
}

/* Returns the slope of the line in a block; NaN where a size has no figure above 0 there. */
static double line_slope(const struct growth_line *line, size_t block)
{
    double x = 0, y = 0, up = 0, across = 0;
    for (size_t i = 0; i < line->count; i++) {
        x += line->sizes[i] / (double)line->count;
        y += line->values[i][block] > 0 ? log(line->values[i][block]) / (double)line->count : NAN;
    }
    for (size_t i = 0; i < line->count; i++) {
        up += (line->sizes[i] - x) * (log(line->values[i][block]) - y);
        across += (line->sizes[i] - x) * (line->sizes[i] - x);
    }
    return up / across;
}

struct growth_exponent growth_exponent_of(const struct run *run, const struct growth_family *family,
                                          size_t setting, size_t config, enum run_metric metric)
{
    struct growth_exponent found = {NAN, {NAN, NAN}};
    struct growth_line line;
    line_make(run, family, setting, config, metric, &line);
    if (line.count >= GROWTH_SIZES) {
        double *slopes = memory_new(run->blocks, sizeof(*slopes)),
               *units = memory_new(run_units(run), sizeof(*units));
        for (size_t block = 0; block < run->blocks; block++)
            slopes[block] = line_slope(&line, block);
        machines_average(&run->machines, slopes, run->blocks, units);
        struct paired mean = paired_of_groups(units, 1, run_units(run), GROWTH_LEVEL);
        found = (struct growth_exponent){log(mean.ratio), {log(mean.low), log(mean.high)}};
        free(slopes);
        free(units);
    }
    line_free(&line);
    return found;
}

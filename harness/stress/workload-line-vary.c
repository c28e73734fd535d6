/* SPDX-License-Identifier: MIT */
#include "harness/stress/workload-line-vary.h"

enum { SMALL = 32, ABOVE = 16, REAL_PARTS = 100, HALVINGS_ALONE = 8 };

static const struct option_spec *spec_of(const struct workload_line *line, size_t option)
{
    return &line->kind->options.options[option];
}

static bool is_number(const struct option_spec *option)
{
    return workload_option_is_gene(option) && (option->type == OPTION_INTEGER || option->type == OPTION_REAL);
}

/* Draws one of the options that are genes, or only of the numbers among them. Returns WORKLOAD_OPTIONS_MAX if
 * there is none. */
static size_t option_any(const struct workload_line *line, bool number, struct random_state *random)
{
    size_t places[WORKLOAD_OPTIONS_MAX], count = 0;
    for (size_t i = 0; i < line->kind->options.count; i++) {
        const struct option_spec *option = spec_of(line, i);
        if (number ? is_number(option) : workload_option_is_gene(option))
            places[count++] = i;
    }
    return count ? places[random_below(random, count)] : WORKLOAD_OPTIONS_MAX;
}

/* ---- numbers ---- */

/* Up or down by a factor, and at least by one where it is whole. */
static void number_climb(struct workload_line *line, size_t option, struct random_state *random)
{
    const struct option_spec *spec = spec_of(line, option);
    double number = workload_line_number(line, option);
    double factor = (double)(2u << random_below(random, 2));
    double least = spec->type == OPTION_INTEGER ? 1 : (spec->max < 1 ? spec->max : 1) / REAL_PARTS;
    if (random_below(random, 2) == 0)
        workload_line_number_set(line, option,
                                 number * factor > number + least ? number * factor : number + least);
    else
        workload_line_number_set(line, option, number / factor);
}

/* A whole number up to `most`, each of its sizes in bits as likely. */
static double scaled_draw(uint64_t most, struct random_state *random)
{
    uint64_t bits = 0;
    for (uint64_t rest = most; rest > 0; rest /= 2)
        bits++;
    return (double)random_below(random, (most >> random_below(random, bits + 1)) + 1);
}

static void integer_draw(struct workload_line *line, size_t option, struct random_state *random)
{
    const struct option_spec *spec = spec_of(line, option);
    double most = (workload_line_number(line, option) + 1) * ABOVE;
    most = (most < spec->max ? most : spec->max) - spec->min;
    bool is_small = random_below(random, 2) == 0;
    double above =
        is_small ? (double)random_below(random, SMALL) : scaled_draw(most > 0 ? (uint64_t)most : 0, random);
    workload_line_number_set(line, option, spec->min + above);
}

/* Anywhere between its bounds if these are close, else above the least by a part of what there is. */
static void real_draw(struct workload_line *line, size_t option, struct random_state *random)
{
    const struct option_spec *spec = spec_of(line, option);
    double span = spec->max - spec->min;
    if (span > REAL_PARTS)
        span /= (double)(UINT64_C(1) << random_below(random, 40));
    workload_line_number_set(line, option,
                             spec->min + span * (double)random_below(random, REAL_PARTS + 1) / REAL_PARTS);
}

/* ---- one option ---- */

static void option_change(struct workload_line *line, size_t option, struct random_state *random)
{
    const struct option_spec *spec = spec_of(line, option);
    void *place = (char *)line->values + spec->offset;
    if (spec->type == OPTION_SWITCH)
        *(bool *)place = !*(bool *)place;
    else if (spec->type == OPTION_CHOICE)
        *(uint64_t *)place = random_below(random, (uint64_t)spec->max + 1);
    else if (random_below(random, 2) == 0)
        number_climb(line, option, random);
    else if (spec->type == OPTION_REAL)
        real_draw(line, option, random);
    else
        integer_draw(line, option, random);
}

/* ---- lines ---- */

struct workload_line workload_line_climb(const struct workload_line *line, struct random_state *random)
{
    struct workload_line changed = *line;
    size_t option = option_any(line, true, random);
    if (option == WORKLOAD_OPTIONS_MAX)
        return workload_line_mutate(line, random);
    number_climb(&changed, option, random);
    return changed;
}

static void changes_make(struct workload_line *line, uint64_t changes, struct random_state *random)
{
    for (; changes > 0; changes--) {
        size_t option = option_any(line, false, random);
        if (option < WORKLOAD_OPTIONS_MAX)
            option_change(line, option, random);
    }
}

struct workload_line workload_line_mutate(const struct workload_line *line, struct random_state *random)
{
    struct workload_line changed = *line;
    changes_make(&changed, 1 + random_below(random, 3), random);
    return changed;
}

/* What is left of a default after so many halvings. A small number may be an exponent, as levels are: it stays for the
 * first few, and then each halving takes one from it. */
static double halved(const struct option_spec *option, uint32_t halvings)
{
    if (option->standard >= WORKLOAD_NUMBER_LARGE)
        return option->standard / (double)(UINT64_C(1) << halvings);
    return halvings > HALVINGS_ALONE ? option->standard - (halvings - HALVINGS_ALONE) : option->standard;
}

struct workload_line workload_line_random(const struct workload_kind *kind, uint32_t halvings,
                                          struct random_state *random)
{
    struct workload_line line = workload_line_standard(kind);
    for (size_t i = 0; i < kind->options.count; i++) {
        const struct option_spec *option = spec_of(&line, i);
        if (option->type == OPTION_INTEGER)
            workload_line_number_set(&line, i, halved(option, halvings));
    }
    changes_make(&line, random_below(random, 4), random);
    return line;
}

struct workload_line workload_line_cross(const struct workload_line *a, const struct workload_line *b,
                                         struct random_state *random)
{
    struct workload_line crossed = *a;
    for (size_t i = 0; i < a->kind->options.count; i++)
        if (random_below(random, 2) == 0)
            crossed.values[i] = b->values[i];
    return crossed;
}

/* SPDX-License-Identifier: MIT */
#include "harness/stress/workload-line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "harness/stress/dials.h"

struct workload_line workload_line_standard(const struct workload_kind *kind)
{
    struct workload_line line = {.kind = kind};
    option_table_defaults(&kind->options, line.values);
    return line;
}

/* ---- text ---- */

/* One option at a time, so that no line is too long. */
static void option_print(const struct workload_line *line, size_t option, FILE *stream)
{
    char text[OPTIONS_TEXT_BYTES];
    struct option_table alone = {.options = &line->kind->options.options[option], .count = 1};
    options_print(&alone, line->values, text);
    if (*text)
        fprintf(stream, "%s%s", ftell(stream) > 0 ? "," : "", text);
}

char *workload_line_options(const struct workload_line *line)
{
    char *text = NULL;
    size_t size;
    FILE *stream = memory_stream(&text, &size);
    for (size_t i = 0; i < line->kind->options.count; i++)
        option_print(line, i, stream);
    memory_stream_close(stream);
    return text;
}

char *workload_line_text(const struct workload_line *line)
{
    char *options = workload_line_options(line);
    char *text = text_format("%s%s%s", line->kind->name, *options ? ":" : "", options);
    free(options);
    return text;
}

/* ---- genes ---- */

bool workload_option_is_gene(const struct option_spec *option)
{
    return option->type != OPTION_TEXT && strcmp(option->unit, "1/s") != 0;
}

size_t workload_kind_genes(const struct workload_kind *kind)
{
    size_t genes = 0;
    for (size_t i = 0; i < kind->options.count; i++)
        genes += workload_option_is_gene(&kind->options.options[i]);
    return genes;
}

bool workload_line_is_standard(const struct workload_line *line, size_t option)
{
    char text[OPTIONS_TEXT_BYTES];
    struct option_table alone = {.options = &line->kind->options.options[option], .count = 1};
    options_print(&alone, line->values, text);
    return !*text;
}

double workload_line_number(const struct workload_line *line, size_t option)
{
    const struct option_spec *spec = &line->kind->options.options[option];
    return spec->type == OPTION_REAL ? option_real_get(spec, line->values)
                                     : (double)option_integer_get(spec, line->values);
}

static double bounded(const struct option_spec *option, double number)
{
    return number < option->min ? option->min : number > option->max ? option->max : number;
}

void workload_line_number_set(struct workload_line *line, size_t option, double number)
{
    const struct option_spec *spec = &line->kind->options.options[option];
    char digits[32];
    void *place = (char *)line->values + spec->offset;
    number = bounded(spec, number);
    if (spec->type == OPTION_REAL) {
        snprintf(digits, sizeof digits, "%.3g", number);
        number_real_read(digits, &number);
        *(double *)place = bounded(spec, number);
    } else {
        *(uint64_t *)place = (uint64_t)number;
    }
}

/* ---- two lines ---- */

bool workload_lines_are_alike(const struct workload_line *a, const struct workload_line *b)
{
    if (a->kind != b->kind)
        return false;
    for (size_t i = 0; i < a->kind->options.count; i++) {
        enum option_type type = a->kind->options.options[i].type;
        if (workload_line_is_standard(a, i) != workload_line_is_standard(b, i))
            return false;
        if ((type == OPTION_SWITCH || type == OPTION_CHOICE) && a->values[i] != b->values[i])
            return false;
    }
    return true;
}

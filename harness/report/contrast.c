/* SPDX-License-Identifier: MIT */
#include "harness/report/contrast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/figure.h"
#include "harness/report/textual.h"

static const char *contrast_word(enum compare_verdict verdict, enum run_metric metric)
{
    bool is_time = strcmp(run_metric_names[metric].unit, "ns") == 0;
    switch (verdict) {
    case COMPARE_LESS:
        return is_time ? "faster" : "less";
    case COMPARE_MORE:
        return is_time ? "slower" : "more";
    case COMPARE_BLANK:
        return "n/a";
    case COMPARE_LOST:
        return "lost";
    case COMPARE_BASE:
        return "the base";
    default:
        return "no difference";
    }
}

static enum textual_tone contrast_tone(enum compare_verdict verdict)
{
    return verdict == COMPARE_LESS                              ? TEXTUAL_GOOD
           : verdict == COMPARE_MORE || verdict == COMPARE_LOST ? TEXTUAL_BAD
                                                                : TEXTUAL_FAINT;
}

static void contrast_value(const struct compare *compare, enum run_metric metric, double value,
                           char text[FIGURE_TEXT])
{
    if (compare->normalised)
        figure_ratio(value, text);
    else
        figure_of_metric(value, metric, text);
}

static void contrast_row(const struct run *a, const struct compare *compare, const struct compare_cell *cell,
                         enum run_metric metric, struct textual *table)
{
    char left[FIGURE_TEXT], right[FIGURE_TEXT], ratio[FIGURE_TEXT], interval[FIGURE_TEXT];
    contrast_value(compare, metric, cell->median_a, left);
    contrast_value(compare, metric, cell->median_b, right);
    figure_fine_ratio(cell->ratio, ratio);
    figure_fine_interval(cell->interval, interval);
    textual_add(table, TEXTUAL_PLAIN, "%s", a->works.names[cell->a->work]);
    textual_add(table, TEXTUAL_PLAIN, "%s", a->configs.names[cell->a->config]);
    textual_add(table, TEXTUAL_PLAIN, "%s", a->settings.names[cell->a->setting]);
    textual_add(table, TEXTUAL_PLAIN, "%s", cell->a->reason ? cell->a->status : left);
    textual_add(table, TEXTUAL_PLAIN, "%s", cell->b->reason ? cell->b->status : right);
    textual_add(table, TEXTUAL_PLAIN, "%s", ratio);
    textual_add(table, TEXTUAL_FAINT, "%s", interval);
    textual_add(table, contrast_tone(cell->verdict), "%s", contrast_word(cell->verdict, metric));
}

static const char *contrast_name(const struct run *run)
{
    return json_string_value(json_object_get(run->store->manifest, "name"));
}

static void contrast_foot(const struct compare *compare, const struct compare_options *options, FILE *stream)
{
    size_t verdicts[COMPARE_VERDICTS] = {0};
    for (size_t i = 0; i < compare->count; i++)
        verdicts[compare->cells[i].verdict]++;
    fprintf(stream, "\n%zu cells: %zu %s, %zu %s, %zu without a difference, %zu without a figure",
            compare->count, verdicts[COMPARE_LESS], contrast_word(COMPARE_LESS, options->metric),
            verdicts[COMPARE_MORE], contrast_word(COMPARE_MORE, options->metric), verdicts[COMPARE_SAME],
            verdicts[COMPARE_BLANK] + verdicts[COMPARE_LOST]);
    if (compare->only_a || compare->only_b)
        fprintf(stream, "; %zu only in the first run, %zu only in the second", compare->only_a,
                compare->only_b);
    fprintf(stream,
            ".\nB/A is the ratio of medians with its 95%% bootstrap interval; a difference is called one "
            "from %g%%\n"
            "when the interval excludes 1 and the rank-sum p survives Holm's correction over %zu cells.\n",
            options->minimum * 100, compare->family);
    if (compare->family && compare->smallest_p > 0.05)
        fprintf(stream,
                "With so few processes a cell no difference can survive it (smallest p %.2g): measure more "
                "blocks.\n",
                compare->smallest_p);
}

static void contrast_print_table(const struct run *a, const struct run *b, const struct compare *compare,
                                 const struct compare_options *options, enum report_form form, FILE *stream)
{
    static const char *const header[] = {"workload", "collector", "allocator",    "A",
                                         "B",        "B/A",       "95% interval", "verdict"};
    struct textual table;
    textual_init(&table, 8, 3);
    for (size_t i = 0; i < 8; i++)
        textual_add(&table, TEXTUAL_BOLD, "%s", header[i]);
    for (size_t i = 0; i < compare->count; i++)
        contrast_row(a, compare, &compare->cells[i], options->metric, &table);
    fprintf(stream, "%s%s: A = %s, B = %s\n\n", run_metric_names[options->metric].name,
            compare->normalised ? ", over the best of A in each workload" : "", contrast_name(a),
            contrast_name(b));
    textual_print_form(&table, form, stream);
    textual_fini(&table);
    contrast_foot(compare, options, stream);
}

/* Returns a number of JSON; null for a value that is not finite. */
static json_t *contrast_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *contrast_cell_json(const struct run *a, const struct compare_cell *cell,
                                  enum run_metric metric)
{
    json_t *object = json_object();
    json_object_set_new(object, "workload", json_string(a->works.names[cell->a->work]));
    json_object_set_new(object, "collector", json_string(a->configs.names[cell->a->config]));
    json_object_set_new(object, "allocator", json_string(a->settings.names[cell->a->setting]));
    json_object_set_new(object, "a", contrast_real(cell->median_a));
    json_object_set_new(object, "b", contrast_real(cell->median_b));
    json_object_set_new(object, "ratio", contrast_real(cell->ratio));
    json_object_set_new(object, "low", contrast_real(cell->interval.low));
    json_object_set_new(object, "high", contrast_real(cell->interval.high));
    json_object_set_new(object, "p", contrast_real(cell->p));
    json_object_set_new(object, "p_holm", contrast_real(cell->p_holm));
    json_object_set_new(object, "verdict", json_string(contrast_word(cell->verdict, metric)));
    json_object_set_new(object, "reason_a", cell->a->reason ? json_string(cell->a->reason) : json_null());
    json_object_set_new(object, "reason_b", cell->b->reason ? json_string(cell->b->reason) : json_null());
    return object;
}

static void contrast_print_json(const struct run *a, const struct run *b, const struct compare *compare,
                                const struct compare_options *options, FILE *stream)
{
    json_t *object = json_object(), *cells = json_array();
    json_object_set_new(object, "schema", json_string("gcmatrix.compare.1"));
    json_object_set_new(object, "a", json_string(contrast_name(a)));
    json_object_set_new(object, "b", json_string(contrast_name(b)));
    json_object_set_new(object, "metric", json_string(run_metric_names[options->metric].name));
    json_object_set_new(object, "unit",
                        json_string(compare->normalised ? "ratio" : run_metric_names[options->metric].unit));
    json_object_set_new(object, "normalised", json_boolean(compare->normalised));
    json_object_set_new(object, "minimum", json_real(options->minimum));
    json_object_set_new(object, "family", json_integer((json_int_t)compare->family));
    for (size_t i = 0; i < compare->count; i++)
        json_array_append_new(cells, contrast_cell_json(a, &compare->cells[i], options->metric));
    json_object_set_new(object, "cells", cells);
    json_dumpf(object, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    putc('\n', stream);
    json_decref(object);
}

void contrast_print(const struct run *a, const struct run *b, const struct compare *compare,
                    const struct compare_options *options, enum report_form form, FILE *stream)
{
    if (form == REPORT_JSON)
        contrast_print_json(a, b, compare, options, stream);
    else
        contrast_print_table(a, b, compare, options, form, stream);
}

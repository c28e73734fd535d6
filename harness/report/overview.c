/* SPDX-License-Identifier: MIT */
#include "harness/report/overview.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/analysis/compare.h"
#include "harness/analysis/normalise.h"
#include "harness/report/figure.h"
#include "harness/report/tables-layout.h"
#include "harness/report/textual.h"

/* One table: of ratios to the best, or of medians. */
struct overview_part {
    const char *title;
    enum run_metric metric;
    bool is_ratio;
};

static const struct overview_part overview_parts[] = {
    {"Wall time over the best collector of each workload", RUN_WALL, true},
    {"Peak memory of the workload", RUN_PEAK, false},
    {"Leaked: unreachable and still held at the end", RUN_LEAKED, false},
};

static void overview_cell(const struct overview_part *part, const struct normalise_entry *entry,
                          struct textual *table)
{
    char text[FIGURE_TEXT], interval[FIGURE_TEXT];
    const struct run_cell *cell = entry->cell;
    if (!run_cell_is_whole(cell)) {
        textual_add(table, TEXTUAL_BAD, "%s", cell ? cell->status : "");
        return;
    }
    if (part->is_ratio) {
        figure_ratio(entry->ratio, text);
        figure_interval(entry->interval, interval);
        textual_add(table, entry->best ? TEXTUAL_BOLD : TEXTUAL_PLAIN, "%s%s%s%s", text,
                    figure_mark(cell->role), interval[0] ? " " : "", interval);
        return;
    }
    figure_of_metric(entry->median, part->metric, text);
    textual_add(table, TEXTUAL_PLAIN, "%s%s", text, figure_mark(cell->role));
}

static void overview_mean(const struct normalise_mean *mean, struct textual *table)
{
    char text[FIGURE_TEXT], interval[FIGURE_TEXT];
    figure_ratio(mean->ratio, text);
    figure_interval(mean->interval, interval);
    if (mean->measured)
        textual_add(table, TEXTUAL_PLAIN, "%s%s%s%s", text, figure_mark(mean->role), interval[0] ? " " : "",
                    interval);
    else
        textual_add(table, TEXTUAL_PLAIN, "%s", "");
}

/* Fills the columns of the configs from `first` to `past` - 1. */
static void overview_fill(const struct run *run, const struct overview_part *part,
                          const struct normalise_table *normalised, size_t first, size_t past,
                          struct textual *table)
{
    textual_init(table, 1 + past - first, 1);
    textual_add(table, TEXTUAL_BOLD, "workload");
    for (size_t config = first; config < past; config++)
        textual_add(table, TEXTUAL_BOLD, "%s", run->configs.names[config]);
    for (size_t work = 0; work < run->works.measured; work++) {
        textual_add(table, TEXTUAL_PLAIN, "%s", run->works.names[work]);
        for (size_t config = first; config < past; config++)
            overview_cell(part, normalise_at(normalised, work, config), table);
    }
    if (!part->is_ratio)
        return;
    textual_add(table, TEXTUAL_PLAIN, "geo. mean, %zu/%zu", normalised->shared, normalised->measured);
    for (size_t config = first; config < past; config++)
        overview_mean(&normalised->means[config], table);
}

/* Prints as many configs side by side as fit, and the others below. */
static void overview_print_part(const struct run *run, const struct overview_part *part,
                                const struct normalise_table *normalised, enum report_form form, FILE *stream)
{
    const char *intervals = !part->is_ratio   ? ""
                            : run->blocks < 2 ? "; one block: intervals need more blocks"
                                              : ", with 95% intervals";
    fprintf(stream, form == REPORT_MARKDOWN ? "**%s%s**\n\n" : "%s%s\n\n", part->title, intervals);
    for (size_t first = 0, past; first < run->configs.measured; first = past) {
        struct textual table;
        past = run->configs.measured;
        overview_fill(run, part, normalised, first, past, &table);
        while (form == REPORT_TEXT && past > first + 1 && textual_total(&table) > REPORT_WIDTH) {
            textual_fini(&table);
            overview_fill(run, part, normalised, first, --past, &table);
        }
        textual_print_form(&table, form, stream);
        textual_fini(&table);
        putc('\n', stream);
    }
}

static void overview_print_failures(const struct run *run, enum report_form form, FILE *stream)
{
    static const char *const header[] = {"workload", "collector", "allocator", "status", "reason"};
    struct textual table;
    textual_init(&table, 5, 5);
    for (size_t i = 0; i < 5; i++)
        textual_add(&table, TEXTUAL_BOLD, "%s", header[i]);
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (!cell->reason)
            continue;
        textual_add(&table, TEXTUAL_PLAIN, "%s", run->works.names[cell->work]);
        textual_add(&table, TEXTUAL_PLAIN, "%s", run->configs.names[cell->config]);
        textual_add(&table, TEXTUAL_PLAIN, "%s", run->settings.names[cell->setting]);
        textual_add(&table, TEXTUAL_BAD, "%s", cell->status);
        textual_add(&table, TEXTUAL_PLAIN, "%s", cell->reason);
    }
    size_t blanks = table.count / 5 - 1;
    if (blanks) {
        fprintf(stream, form == REPORT_MARKDOWN ? "**%s**\n\n" : "%s\n\n", "Cells without a figure");
        textual_print_form(&table, form, stream);
        putc('\n', stream);
    }
    textual_fini(&table);
}

/* Computes the wall times of the first setting again: overview_print() holds one table at a time. */
static struct tables_layout_sum overview_layout_sum(const struct run *run)
{
    struct normalise_table walls;
    struct tables_layout_sum sum = {.median = NAN, .largest = NAN};
    if (run->layout_count < 2)
        return sum;
    normalise_setting(run, 0, &normalise_to_best[0], &walls);
    sum = tables_layout_sum(run, &walls);
    normalise_fini(&walls);
    return sum;
}

static void overview_print_layouts(const struct run *run, FILE *stream)
{
    struct tables_layout_sum sum = overview_layout_sum(run);
    char words[512];
    if (run->layout_count < 2)
        return;
    tables_layout_words(run, words, sizeof(words));
    fprintf(stream, "Layouts: %zu (%s).\n", run->layout_count, words);
    if (sum.cell)
        fprintf(
            stream,
            "They move ratios by %.1f%% in the median cell and %.1f%% at most (%s x %s: %.1f to %.1f%%),\n"
            "which is no property of a collector.\n",
            100 * sum.median, 100 * sum.largest, run->works.names[sum.cell->work],
            run->configs.names[sum.cell->config], 100 * sum.largest_interval.low,
            100 * sum.largest_interval.high);
}

static void overview_print_foot(const struct run *run, FILE *stream)
{
    struct compare_null null = compare_null(run, RUN_WALL);
    fprintf(
        stream,
        "† left more than a tenth of its garbage; ‡ frees nothing; neither is ever the best. Setting: %s.\n",
        run->settings.names[0]);
    if (null.tested)
        fprintf(stream, "Null test: %zu of %zu cells differ from themselves (%.1f%%; about 5%% by chance).\n",
                null.different, null.tested, 100.0 * (double)null.different / (double)null.tested);
    else
        fprintf(stream, "Null test: n/a with fewer than 8 blocks.\n");
    overview_print_layouts(run, stream);
    size_t warnings = json_array_size(json_object_get(run->store->manifest, "warnings"));
    for (size_t i = 0; i < warnings; i++)
        fprintf(stream, "Warning: %s\n",
                json_string_value(json_array_get(json_object_get(run->store->manifest, "warnings"), i)));
}

static json_t *overview_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *overview_entry_json(const struct run *run, const struct overview_part *part,
                                   const struct normalise_entry *entry)
{
    json_t *object = json_object();
    const struct run_cell *cell = entry->cell;
    json_object_set_new(object, "workload", json_string(run->works.names[cell->work]));
    json_object_set_new(object, "collector", json_string(run->configs.names[cell->config]));
    json_object_set_new(object, "metric", json_string(run_metric_names[part->metric].name));
    json_object_set_new(object, "median", overview_real(entry->median));
    json_object_set_new(object, "ratio", overview_real(entry->ratio));
    json_object_set_new(object, "low", overview_real(entry->interval.low));
    json_object_set_new(object, "high", overview_real(entry->interval.high));
    json_object_set_new(object, "best", json_boolean(entry->best));
    json_object_set_new(object, "status", json_string(cell->status));
    json_object_set_new(object, "reason", cell->reason ? json_string(cell->reason) : json_null());
    return object;
}

static void overview_add_json(const struct run *run, const struct overview_part *part,
                              const struct normalise_table *normalised, json_t *cells)
{
    for (size_t i = 0; i < normalised->works * normalised->configs; i++)
        if (normalised->entries[i].cell && !run_cell_is_aside(normalised->entries[i].cell))
            json_array_append_new(cells, overview_entry_json(run, part, &normalised->entries[i]));
}

static void overview_print_json(const struct run *run, json_t *cells, FILE *stream)
{
    struct compare_null null = compare_null(run, RUN_WALL);
    json_t *object = json_object();
    json_object_set_new(object, "schema", json_string("gcmatrix.overview.1"));
    json_object_set(object, "name", json_object_get(run->store->manifest, "name"));
    json_object_set_new(object, "setting", json_string(run->settings.names[0]));
    json_object_set_new(
        object, "null_test",
        json_pack("{s:I, s:I}", "tested", (json_int_t)null.tested, "different", (json_int_t)null.different));
    if (run->layout_count > 1) {
        struct tables_layout_sum sum = overview_layout_sum(run);
        json_object_set_new(object, "layouts",
                            json_pack("{sI sO? so so}", "count", (json_int_t)run->layout_count, "as_planned",
                                      json_object_get(run->store->manifest, "layouts"), "median_deviation",
                                      overview_real(sum.median), "largest_deviation",
                                      overview_real(sum.largest)));
    }
    json_object_set(object, "cells", cells);
    json_dumpf(object, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    putc('\n', stream);
    json_decref(object);
}

void overview_print(const struct run *run, enum report_form form, FILE *stream)
{
    json_t *cells = json_array();
    for (size_t i = 0; i < sizeof(overview_parts) / sizeof(overview_parts[0]); i++) {
        struct normalise_table normalised;
        const struct normalise_rule rule = {overview_parts[i].metric, overview_parts[i].metric, false};
        normalise_setting(run, 0, &rule, &normalised);
        if (form == REPORT_JSON)
            overview_add_json(run, &overview_parts[i], &normalised, cells);
        else
            overview_print_part(run, &overview_parts[i], &normalised, form, stream);
        normalise_fini(&normalised);
    }
    if (form == REPORT_JSON)
        overview_print_json(run, cells, stream);
    else {
        overview_print_failures(run, form, stream);
        overview_print_foot(run, stream);
    }
    json_decref(cells);
}

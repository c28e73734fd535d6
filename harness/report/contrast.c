/* SPDX-License-Identifier: MIT */
#include "harness/report/contrast.h"

#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "harness/analysis/conditions.h"
#include "harness/report/captions.h"
#include "harness/report/contrast-claims.h"
#include "harness/report/figure.h"
#include "harness/report/tables-cell.h"
#include "harness/report/textual-bars.h"
#include "harness/results/again.h"

/* Columns of the table of cells; with bars there is one more. */
enum { CONTRAST_COLUMNS = 8 };

static const char *contrast_word(enum compare_verdict verdict, enum run_metric metric)
{
    bool is_time = strcmp(run_metric_names[metric].unit, "ns") == 0;
    switch (verdict) {
    case COMPARE_LESS:
        return is_time ? "faster" : "less";
    case COMPARE_MORE:
        return is_time ? "slower" : "more";
    case COMPARE_EQUAL:
        return "equal";
    case COMPARE_BLANK:
        return "n/a";
    case COMPARE_LOST:
        return "lost";
    default:
        return "undecided";
    }
}

static enum textual_tone contrast_tone(enum compare_verdict verdict)
{
    return verdict == COMPARE_LESS                              ? TEXTUAL_GOOD
           : verdict == COMPARE_MORE || verdict == COMPARE_LOST ? TEXTUAL_BAD
                                                                : TEXTUAL_FAINT;
}

/* ---- the cells side by side ---- */

/* Why B/A is infinite. */
static const char contrast_zero[] = "A is 0";

/* Writes the median of a run's cell, or what became of it. */
static void contrast_value(const struct run *run, const struct run_cell *cell, double median,
                           enum run_metric metric, struct textual *table)
{
    char text[FIGURE_TEXT];
    figure_of_metric(median, metric, text);
    if (!cell || cell->reason)
        textual_add(table, TEXTUAL_PLAIN, "%s", cell ? cell->status : "not there");
    else
        textual_add(table, TEXTUAL_PLAIN, "%s%s", text,
                    tables_is_longest(run, cell, metric) ? FIGURE_LONGEST : "");
}

/* Adds a cell's row. The table has a column for its bar, or not. */
static void contrast_row(const struct run *a, const struct run *b, const struct compare_cell *cell,
                         enum run_metric metric, struct textual *table)
{
    char ratio[FIGURE_TEXT], interval[FIGURE_TEXT];
    if (isinf(cell->ratio))
        snprintf(ratio, sizeof(ratio), "n/a (%s)", contrast_zero);
    else
        figure_fine_ratio(cell->ratio, ratio);
    figure_fine_interval(cell->interval, interval);
    textual_add(table, TEXTUAL_PLAIN, "%s", a->works.names[cell->a->work]);
    textual_add(table, TEXTUAL_PLAIN, "%s", a->configs.names[cell->a->config]);
    textual_add(table, TEXTUAL_PLAIN, "%s", a->settings.names[cell->a->setting]);
    contrast_value(a, cell->a, cell->median_a, metric, table);
    contrast_value(b, cell->b, cell->median_b, metric, table);
    textual_add(table, TEXTUAL_PLAIN, "%s", ratio);
    textual_add(table, TEXTUAL_FAINT, "%s", cell->found.exact ? "exact" : interval);
    textual_add(table, contrast_tone(cell->verdict), "%s", contrast_word(cell->verdict, metric));
    if (table->columns > CONTRAST_COLUMNS)
        textual_add_bar(table, (struct bar){cell->interval.low, cell->ratio, cell->interval.high});
}

/* Says what intervals from few processes are worth. */
static void contrast_worth(const struct compare *compare, FILE *stream)
{
    char text[CAPTIONS_TEXT];
    size_t fewest = CAPTIONS_ENOUGH;
    for (size_t i = 0; i < compare->count; i++) {
        const struct two_runs *found = &compare->cells[i].found;
        size_t count = found->count_a < found->count_b ? found->count_a : found->count_b;
        if (count && count < fewest)
            fewest = count;
    }
    captions_worth(fewest, text);
    if (text[0])
        fprintf(stream, "%s\n", text);
}

static void contrast_foot(const struct compare *compare, const struct compare_options *options,
                          enum report_form form, FILE *stream)
{
    size_t verdicts[COMPARE_VERDICTS] = {0};
    for (size_t i = 0; i < compare->count; i++)
        verdicts[compare->cells[i].verdict]++;
    char *text = text_format(
        "%zu cells: %zu %s, %zu %s, %zu equal within %g%%, %zu undecided, %zu lost, %zu without a figure in "
        "A; %zu "
        "only in B. B/A is the ratio of geometric means with its 95%% interval. A difference is called from "
        "%g%% "
        "when its p survives Holm's correction over %zu cells; so does equality. Undecided is not equal.",
        compare->count, verdicts[COMPARE_LESS], contrast_word(COMPARE_LESS, options->metric),
        verdicts[COMPARE_MORE], contrast_word(COMPARE_MORE, options->metric), verdicts[COMPARE_EQUAL],
        100 * options->precision, verdicts[COMPARE_UNDECIDED], verdicts[COMPARE_LOST],
        verdicts[COMPARE_BLANK], compare->only_b, 100 * options->minimum, compare->family);
    putc('\n', stream);
    textual_print_sentence(text, form, stream);
    contrast_worth(compare, stream);
    if (tables_is_quantile(options->metric))
        fputs(FIGURE_LONGEST_MEANS, stream);
    free(text);
}

/* Says on which machines two runs are compared, where one of them has several; "" else. The caller frees it. */
static char *contrast_machines(const struct compare *compare)
{
    if (compare->machines > 1)
        return text_format(
            " The runs have %zu machines in common: B/A is formed on each, and its interval is over "
            "machines. A and B are medians on the first of them.",
            compare->machines);
    if (compare->several)
        return text_format(" %s",
                           compare->two_machines
                               ? "The runs have no machine in common: of each the one with most processes "
                                 "is compared."
                               : "The runs are compared on the one machine that both have.");
    return text_format("%s", "");
}

/* Says how the times of two runs were made comparable, and what offers more. */
static void contrast_basis(const struct compare *compare, const struct compare_options *options,
                           enum report_form form, FILE *stream)
{
    static const char *const words[] = {
        [COMPARE_NONE] = "Figures are compared as they are.",
        [COMPARE_REFERENCE] =
            "Each time is divided by that of the reference program in its block (allocating and computing).",
        [COMPARE_CENTRE] = "Two machines: each B/A is relative to the median of its workload's cells."};
    char *machines = contrast_machines(compare);
    char *text = text_format("%s%s Two separate runs differ by more than their scatter: a standard deviation "
                             "of %.1f%% between runs is "
                             "added%s. To compare two versions, run both in one matrix: gcmatrix matrix "
                             "SPECIFICATION --against BUILD_DIR.",
                             words[compare->basis], machines, 100 * expm1(compare->between),
                             compare->basis == COMPARE_CENTRE && compare->between > log1p(options->between)
                                 ? ", which is that of the cells around the medians"
                                 : " (--between-runs)");
    textual_print_sentence(text, form, stream);
    putc('\n', stream);
    free(text);
    free(machines);
}

static void contrast_print_cells(const struct run *a, const struct run *b, const struct compare *compare,
                                 const struct compare_options *options, enum report_form form, FILE *stream)
{
    static const char *const header[CONTRAST_COLUMNS] = {"workload", "collector", "allocator",    "A",
                                                         "B",        "B/A",       "95% interval", "verdict"};
    struct textual table;
    bool bars = form == REPORT_TEXT;
    textual_init(&table, CONTRAST_COLUMNS + bars, 3);
    for (size_t i = 0; i < CONTRAST_COLUMNS; i++)
        textual_add(&table, TEXTUAL_BOLD, "%s", header[i]);
    if (bars)
        textual_add_axis(&table, 1, true);
    for (size_t i = 0; i < compare->count; i++)
        contrast_row(a, b, &compare->cells[i], options->metric, &table);
    char *title = text_format("Cell by cell: %s", run_metric_names[options->metric].name);
    textual_print_title(title, form, stream);
    free(title);
    putc('\n', stream);
    contrast_basis(compare, options, form, stream);
    textual_draw_bars(&table, stream);
    textual_print_form(&table, form, stream);
    textual_fini(&table);
    contrast_foot(compare, options, form, stream);
}

/* ---- the two runs ---- */

static const char *contrast_name(const struct run *run)
{
    return json_string_value(json_object_get(run->store->manifest, "name"));
}

static void contrast_print_run(const char *letter, const struct run *run, enum report_form form, FILE *stream)
{
    const char *name = contrast_name(run);
    char *text =
        text_format("%s = %s (%s, %zu processes%s)", letter, run->store->dir, name ? name : "no name",
                    run->store->row_count, run->ended ? "" : "; unfinished");
    textual_print_sentence(text, form, stream);
    free(text);
    if (!run->missing)
        return;
    char *command = again_command(run->store->manifest, run->store->dir);
    text = text_format("%zu processes are missing; go on with: %s", run->missing, command);
    textual_print_line(text, form, stream);
    free(text);
    free(command);
}

static void contrast_print_conditions(const struct run *a, const struct run *b, enum report_form form,
                                      FILE *stream)
{
    struct text_list lines = {0};
    conditions_compare(a, b, &lines);
    fputs(lines.count ? "\nWhat else differs:\n" : "\nNothing else that the runs record differs.\n", stream);
    for (size_t i = 0; i < lines.count; i++) {
        char *line = text_format("- %s", lines.items[i]);
        textual_print_sentence(line, form, stream);
        free(line);
    }
    putc('\n', stream);
    text_list_free(&lines);
}

/* ---- JSON ---- */

static json_t *contrast_reason_json(const struct run_cell *cell)
{
    if (!cell)
        return json_string("the matrix has no such cell");
    return cell->reason ? json_string(cell->reason) : json_null();
}

/* Returns what is to be said of a cell's figure; null where there is none. */
static json_t *contrast_note_json(const struct run *run, const struct run_cell *cell, enum run_metric metric)
{
    return run_cell_is_whole(cell) ? json_string(tables_note(run, cell, metric)) : json_null();
}

static json_t *contrast_cell_json(const struct run *a, const struct run *b, const struct compare_cell *cell,
                                  enum run_metric metric)
{
    json_t *object = json_object();
    json_object_set_new(object, "workload", json_string(a->works.names[cell->a->work]));
    json_object_set_new(object, "collector", json_string(a->configs.names[cell->a->config]));
    json_object_set_new(object, "setting", json_string(a->settings.names[cell->a->setting]));
    json_object_set_new(object, "a", figure_json(cell->median_a));
    json_object_set_new(object, "b", figure_json(cell->median_b));
    json_object_set_new(object, "ratio", figure_json(cell->ratio));
    json_object_set_new(object, "ratio_reason",
                        isinf(cell->ratio) ? json_string(contrast_zero) : json_null());
    json_object_set_new(object, "low", figure_json(cell->interval.low));
    json_object_set_new(object, "high", figure_json(cell->interval.high));
    json_object_set_new(object, "p", figure_json(cell->p));
    json_object_set_new(object, "p_holm", figure_json(cell->p_holm));
    json_object_set_new(object, "smallest", figure_json(cell->found.smallest));
    json_object_set_new(object, "exact", json_boolean(cell->found.exact));
    json_object_set_new(object, "verdict", json_string(contrast_word(cell->verdict, metric)));
    json_object_set_new(object, "reason_a", contrast_reason_json(cell->a));
    json_object_set_new(object, "reason_b", contrast_reason_json(cell->b));
    json_object_set_new(object, "note_a", contrast_note_json(a, cell->a, metric));
    json_object_set_new(object, "note_b", contrast_note_json(b, cell->b, metric));
    return object;
}

static json_t *contrast_run_json(const struct run *run)
{
    char *folder = escape_plain(run->store->dir, PATH_MAX);
    json_t *object = json_pack("{ss ss? sI sI sb}", "folder", folder, "name", contrast_name(run), "processes",
                               (json_int_t)run->store->row_count, "missing", (json_int_t)run->missing,
                               "ended", run->ended);
    free(folder);
    return object;
}

static json_t *contrast_conditions_json(const struct run *a, const struct run *b)
{
    struct text_list lines = {0};
    json_t *array = json_array();
    conditions_compare(a, b, &lines);
    for (size_t i = 0; i < lines.count; i++)
        json_array_append_new(array, json_string(lines.items[i]));
    text_list_free(&lines);
    return array;
}

static void contrast_print_json(const struct run *a, const struct run *b, const struct compare *compare,
                                const struct compare_options *options, FILE *stream)
{
    static const char *const bases[] = {
        [COMPARE_NONE] = "none", [COMPARE_REFERENCE] = "reference", [COMPARE_CENTRE] = "centre"};
    json_t *object = json_object(), *cells = json_array();
    json_object_set_new(object, "schema", json_string("gcmatrix.compare.2"));
    json_object_set_new(object, "a", contrast_run_json(a));
    json_object_set_new(object, "b", contrast_run_json(b));
    json_object_set_new(object, "differs", contrast_conditions_json(a, b));
    json_object_set_new(object, "confirmation", contrast_claims_json(a, b, log1p(options->between)));
    json_object_set_new(object, "metric", json_string(run_metric_names[options->metric].name));
    json_object_set_new(object, "unit", json_string(run_metric_names[options->metric].unit));
    json_object_set_new(object, "two_machines", json_boolean(compare->two_machines));
    if (compare->several)
        json_object_set_new(object, "machines", json_integer((json_int_t)compare->machines));
    json_object_set_new(object, "basis", json_string(bases[compare->basis]));
    json_object_set_new(object, "between", json_real(expm1(compare->between)));
    json_object_set_new(object, "minimum", json_real(options->minimum));
    json_object_set_new(object, "precision", json_real(options->precision));
    json_object_set_new(object, "family", json_integer((json_int_t)compare->family));
    json_object_set_new(object, "only_b", json_integer((json_int_t)compare->only_b));
    for (size_t i = 0; i < compare->count; i++)
        json_array_append_new(cells, contrast_cell_json(a, b, &compare->cells[i], options->metric));
    json_object_set_new(object, "cells", cells);
    json_dumpf(object, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    putc('\n', stream);
    json_decref(object);
}

void contrast_print(const struct run *a, const struct run *b, const struct compare *compare,
                    const struct compare_options *options, enum report_form form, FILE *stream)
{
    if (form == REPORT_JSON) {
        contrast_print_json(a, b, compare, options, stream);
        return;
    }
    contrast_print_run("A", a, form, stream);
    contrast_print_run("B", b, form, stream);
    contrast_print_conditions(a, b, form, stream);
    contrast_claims_print(a, b, log1p(options->between), form, stream);
    contrast_print_cells(a, b, compare, options, form, stream);
}

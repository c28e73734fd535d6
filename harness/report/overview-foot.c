/* SPDX-License-Identifier: MIT */
#include "harness/report/overview-foot.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "harness/report/drift-text.h"
#include "harness/report/textual.h"
#include "harness/results/attempts.h"

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
        textual_print_title("Cells without a figure", form, stream);
        putc('\n', stream);
        textual_print_form(&table, form, stream);
        putc('\n', stream);
    }
    textual_fini(&table);
}

struct tables_layout_sum overview_foot_layouts(const struct run *run)
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

static void overview_print_layouts(const struct run *run, enum report_form form, FILE *stream)
{
    struct tables_layout_sum sum = overview_foot_layouts(run);
    char words[512];
    if (run->layout_count < 2)
        return;
    tables_layout_words(run, words, sizeof(words));
    char *head = text_format("Layouts: %zu (%s).", run->layout_count, words);
    textual_print_sentence(head, form, stream);
    free(head);
    if (!sum.cell)
        return;
    char *text =
        text_format("They move ratios by %.1f%% in the median cell and %.1f%% at most (%s x %s: %.1f to "
                    "%.1f%%), which is no property of a collector.",
                    100 * sum.median, 100 * sum.largest, run->works.names[sum.cell->work],
                    run->configs.names[sum.cell->config], 100 * sum.largest_interval.low,
                    100 * sum.largest_interval.high);
    textual_print_sentence(text, form, stream);
    free(text);
}

static void overview_print_drift(const struct run *run, enum report_form form, FILE *stream)
{
    char text[DRIFT_TEXT];
    drift_text_run(run, text);
    textual_print_sentence(text, form, stream);
    drift_text_reference(run, text);
    if (text[0])
        textual_print_sentence(text, form, stream);
}

/* Says how many warm processes were not warm. */
static void overview_print_warmth(const struct run *run, enum report_form form, FILE *stream)
{
    struct run_warmth sum = run_warmth(run);
    if (sum.lacking_processes == 0)
        return;
    char *text =
        text_format("Not warm (°): %zu of %zu warm processes, in %zu of %zu cells, took fresh pages while "
                    "their clock ran; the most "
                    "of %s x %s (%s): %zu of %zu.",
                    sum.lacking_processes, sum.processes, sum.lacking_cells, sum.cells,
                    run->works.names[sum.worst->work], run->configs.names[sum.worst->config],
                    run->settings.names[sum.worst->setting], sum.worst->not_warm, sum.worst->processes);
    textual_print_sentence(text, form, stream);
    free(text);
}

/* Says how many processes were disturbed, and run again. */
static void overview_print_attempts(const struct run *run, enum report_form form, FILE *stream)
{
    size_t again = 0, disturbed = 0, processes = 0;
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        again += cell->attempts - cell->processes;
        processes += cell->processes;
        for (size_t block = 0; block < run->blocks; block++)
            disturbed += cell->rows[block] && attempts_disturbed(cell->rows[block]);
    }
    if (again + disturbed == 0)
        return;
    char *text = text_format(
        "Disturbed: %zu processes ran again, as others had taken more than %g%% of their time. Of "
        "the %zu that count %zu were still disturbed.",
        again, 100 * ATTEMPTS_LOST_MOST, processes, disturbed);
    textual_print_sentence(text, form, stream);
    free(text);
}

void overview_foot_print(const struct run *run, enum report_form form, FILE *stream)
{
    overview_print_failures(run, form, stream);
    overview_print_warmth(run, form, stream);
    overview_print_attempts(run, form, stream);
    overview_print_drift(run, form, stream);
    overview_print_layouts(run, form, stream);
    size_t warnings = json_array_size(json_object_get(run->store->manifest, "warnings"));
    for (size_t i = 0; i < warnings; i++) {
        char *text = text_format("Warning: %s", json_string_value(json_array_get(
                                                    json_object_get(run->store->manifest, "warnings"), i)));
        textual_print_sentence(text, form, stream);
        free(text);
    }
}

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
        fprintf(stream, form == REPORT_MARKDOWN ? "**%s**\n\n" : "%s\n\n", "Cells without a figure");
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

static void overview_print_layouts(const struct run *run, FILE *stream)
{
    struct tables_layout_sum sum = overview_foot_layouts(run);
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

static void overview_print_drift(const struct run *run, FILE *stream)
{
    char text[DRIFT_TEXT];
    drift_text_run(run, text);
    textual_print_sentence(text, stream);
    drift_text_reference(run, text);
    if (text[0])
        textual_print_sentence(text, stream);
}

/* Says how many processes were disturbed, and run again. */
static void overview_print_attempts(const struct run *run, FILE *stream)
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
    textual_print_sentence(text, stream);
    free(text);
}

void overview_foot_print(const struct run *run, enum report_form form, FILE *stream)
{
    overview_print_failures(run, form, stream);
    overview_print_attempts(run, stream);
    overview_print_drift(run, stream);
    overview_print_layouts(run, stream);
    size_t warnings = json_array_size(json_object_get(run->store->manifest, "warnings"));
    for (size_t i = 0; i < warnings; i++) {
        char *text = text_format("Warning: %s", json_string_value(json_array_get(
                                                    json_object_get(run->store->manifest, "warnings"), i)));
        textual_print_sentence(text, stream);
        free(text);
    }
}

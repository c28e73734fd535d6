/* SPDX-License-Identifier: MIT */
#include "harness/cli/contender.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/quantile.h"
#include "base/text.h"
#include "harness/campaign/plan/pairs.h"
#include "harness/report/figure.h"
#include "harness/report/textual.h"
#include "harness/statistics/distributions.h"

enum { COLUMNS = 9, COLUMNS_COUNTED = 10 };

int contender_open(const char *command, const char *workload, const char *collector, const char *allocator,
                   struct contender *ret_contender)
{
    *ret_contender = (struct contender){.name = collector, .records = json_array()};
    int status = target_find(command, workload, collector, allocator, &ret_contender->target);
    if (status != 0)
        return status;
    json_t *description = pairs_describe(ret_contender->target.pair);
    if (!description)
        return MESSAGE_BAD_INPUT;
    const json_t *traits = json_object_get(json_object_get(description, "collector"), "traits");
    ret_contender->reclaims = json_is_true(json_object_get(traits, "reclaims"));
    json_decref(description);
    return 0;
}

void contender_close(struct contender *contender)
{
    target_free(&contender->target);
    json_decref(contender->records);
    free(contender->reason);
}

/* ---- figures ---- */

static double number_of(const struct contender *contender, size_t round, const char *outer, const char *key)
{
    const json_t *record = json_array_get(contender->records, round);
    const json_t *value = json_object_get(outer ? json_object_get(record, outer) : record, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

struct contender_ratio contender_ratio_of(const struct contender *contender, const struct contender *first)
{
    struct contender_ratio ratio = {NAN, {NAN, NAN}};
    size_t rounds = json_array_size(contender->records);
    double sum = 0, squares = 0;
    if (json_array_size(first->records) < rounds)
        rounds = json_array_size(first->records);
    if (rounds == 0)
        return ratio;
    for (size_t i = 0; i < rounds; i++)
        sum += log(number_of(contender, i, NULL, "wall_ns") / number_of(first, i, NULL, "wall_ns"));
    double mean = sum / (double)rounds;
    for (size_t i = 0; i < rounds; i++) {
        double value = log(number_of(contender, i, NULL, "wall_ns") / number_of(first, i, NULL, "wall_ns"));
        squares += (value - mean) * (value - mean);
    }
    ratio.ratio = exp(mean);
    if (rounds < 2 || contender == first)
        return ratio;
    double freedom = (double)rounds - 1;
    double half = distributions_t_quantile(0.025, freedom) * sqrt(squares / freedom / (double)rounds);
    ratio.interval = (struct bootstrap_interval){exp(mean - half), exp(mean + half)};
    return ratio;
}

/* The values of all rounds, sorted upwards. The caller frees them. */
static double *values_sorted(const struct contender *contender, const char *outer, const char *key,
                             const char *less)
{
    size_t rounds = json_array_size(contender->records);
    double *values = memory_new(rounds + 1, sizeof *values);
    for (size_t i = 0; i < rounds; i++)
        values[i] = number_of(contender, i, outer, key) - (less ? number_of(contender, i, outer, less) : 0);
    quantile_sort(values, rounds);
    return values;
}

static double median_of(const struct contender *contender, const char *outer, const char *key,
                        const char *less)
{
    double *values = values_sorted(contender, outer, key, less);
    double median = quantile_of_sorted(values, json_array_size(contender->records), 0.5);
    free(values);
    return median;
}

enum run_role contender_role(const struct contender *contender)
{
    double left = median_of(contender, NULL, "leaked_bytes", NULL);
    double garbage = left + median_of(contender, NULL, "freed_bytes", NULL);
    if (!contender->reclaims)
        return RUN_FLOOR;
    return garbage > 0 && left / garbage > RUN_LEAK_ALLOWED ? RUN_LEAKS : RUN_RECLAIMS;
}

const char *contender_role_name(const struct contender *contender)
{
    static const char *const names[] = {
        [RUN_RECLAIMS] = "reclaims", [RUN_LEAKS] = "leaks", [RUN_FLOOR] = "floor"};
    return json_array_size(contender->records) ? names[contender_role(contender)] : "unknown";
}

/* ---- the table ---- */

static void time_add(struct textual *table, const struct contender *contender, const char *mark)
{
    char median[FIGURE_TEXT], low[FIGURE_TEXT], high[FIGURE_TEXT];
    size_t rounds = json_array_size(contender->records);
    double *values = values_sorted(contender, NULL, "wall_ns", NULL);
    figure_time(quantile_of_sorted(values, rounds, 0.5), median);
    figure_time(values[0], low);
    figure_time(values[rounds - 1], high);
    textual_add(table, TEXTUAL_BOLD, "%s%s", median, mark);
    textual_add(table, TEXTUAL_FAINT, "%s%s%s", rounds > 1 ? low : "", rounds > 1 ? " to " : "",
                rounds > 1 ? high : "");
    free(values);
}

static void ratio_add(struct textual *table, struct contender_ratio ratio, const char *mark)
{
    char text[FIGURE_TEXT], interval[FIGURE_TEXT];
    figure_fine_ratio(ratio.ratio, text);
    figure_fine_interval(ratio.interval, interval);
    textual_add(table, TEXTUAL_BOLD, "%s%s", text, isnan(ratio.ratio) ? "" : mark);
    textual_add(table, TEXTUAL_FAINT, "%s", interval);
}

static void figures_add(struct textual *table, const struct contender *contender)
{
    char text[FIGURE_TEXT];
    double peak = median_of(contender, NULL, "max_rss_bytes", "baseline_rss_bytes");
    figure_bytes(peak < 0 ? 0 : peak, text);
    textual_add(table, TEXTUAL_PLAIN, "%s", text);
    textual_add(table, TEXTUAL_PLAIN, "%.15g", median_of(contender, "pauses", "count", NULL));
    figure_time(median_of(contender, "pauses", "max_ns", NULL), text);
    textual_add(table, TEXTUAL_PLAIN, "%s", text);
    figure_bytes(median_of(contender, NULL, "leaked_bytes", NULL), text);
    textual_add(table, TEXTUAL_PLAIN, "%s", text);
}

/* Instructions of the workload: by the processor in every round, or by valgrind in the first. NaN: not counted. */
static double instructions_of(const struct contender *contender)
{
    double exact = number_of(contender, 0, NULL, "instructions");
    return isnan(exact) && !isnan(number_of(contender, 0, "counters", "instructions"))
               ? median_of(contender, "counters", "instructions", NULL)
               : exact;
}

static void row_add(struct textual *table, const struct contender *contender, const struct contender *first)
{
    textual_add(table, TEXTUAL_PLAIN, "%s", contender->name);
    if (json_array_size(contender->records) == 0) {
        for (size_t i = 1; i < table->columns; i++)
            textual_add(table, TEXTUAL_FAINT, "n/a");
        return;
    }
    const char *mark = figure_mark(contender_role(contender));
    time_add(table, contender, mark);
    ratio_add(table, contender_ratio_of(contender, first), mark);
    figures_add(table, contender);
    if (table->columns == COLUMNS_COUNTED)
        textual_add(table, TEXTUAL_PLAIN, "%.6g M", instructions_of(contender) / 1e6);
}

void contender_marks_explain(unsigned marks)
{
    bool leaks = marks & 1u << RUN_LEAKS, floor = marks & 1u << RUN_FLOOR;
    if (leaks || floor)
        printf("%s%s%s: its time is not that of the whole work.\n",
               leaks ? "† left more than a tenth of its garbage" : "", leaks && floor ? "; " : "",
               floor ? "‡ frees nothing" : "");
}

void contenders_print(const struct contender *contenders, size_t count)
{
    const char *header[COLUMNS_COUNTED] = {
        "collector", "time",   "lowest to highest", NULL,           "95%",
        "peak",      "pauses", "longest",           "garbage left", "instructions"};
    struct textual table;
    unsigned marks = 0;
    size_t columns = COLUMNS;
    char *relative = text_format("x %s", contenders[0].name);
    header[3] = relative;
    for (size_t i = 0; i < count; i++)
        columns = isnan(instructions_of(&contenders[i])) ? columns : COLUMNS_COUNTED;
    textual_init(&table, columns, 1);
    for (size_t i = 0; i < columns; i++)
        textual_add(&table, TEXTUAL_BOLD, "%s", header[i]);
    for (size_t i = 0; i < count; i++) {
        row_add(&table, &contenders[i], &contenders[0]);
        if (json_array_size(contenders[i].records))
            marks |= 1u << contender_role(&contenders[i]);
    }
    textual_print(&table, stdout, textual_has_colour(stdout));
    textual_fini(&table);
    free(relative);
    putchar('\n');
    contender_marks_explain(marks);
}

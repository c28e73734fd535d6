/* SPDX-License-Identifier: MIT */
#include "harness/cli/contender.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/quantile.h"
#include "base/terminal.h"
#include "harness/campaign/plan/pairs.h"
#include "harness/report/figure.h"
#include "harness/report/textual-bars.h"
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

/* ---- the bars ---- */

/* Prints the ratio of each contender's time, as a bar. Nothing where none has a ratio. */
static void bars_print(const struct contender *contenders, size_t count)
{
    struct textual table;
    bool any = false, intervals = false;
    textual_init(&table, 3, 1);
    textual_add(&table, TEXTUAL_BOLD, "wall time");
    textual_add(&table, TEXTUAL_BOLD, "x %s", contenders[0].name);
    textual_add_axis(&table, 1, true);
    for (size_t i = 0; i < count; i++) {
        struct contender_ratio ratio = contender_ratio_of(&contenders[i], &contenders[0]);
        char text[FIGURE_TEXT];
        bool has = !isnan(ratio.ratio);
        figure_fine_ratio(ratio.ratio, text);
        any |= has;
        intervals |= !isnan(ratio.interval.low);
        textual_add(&table, TEXTUAL_PLAIN, "%s", contenders[i].name);
        textual_add(&table, TEXTUAL_BOLD, "%s%s", text,
                    has ? figure_mark(contender_role(&contenders[i])) : "");
        textual_add_bar(&table, (struct bar){ratio.interval.low, ratio.ratio, ratio.interval.high});
    }
    textual_draw_bars(&table, stdout);
    if (any)
        textual_print(&table, stdout);
    if (intervals)
        textual_print_key("mean ratio", stdout);
    if (any)
        putchar('\n');
    textual_fini(&table);
}

/* ---- the table ---- */

/* The columns that have a unit. On a terminal all figures of one share it, and its header has it. */
enum column { COLUMN_TIME, COLUMN_PEAK, COLUMN_LONGEST, COLUMN_LEFT, COLUMNS_IN_UNITS };

static const struct {
    const char *title, *outer, *key, *less;
    enum run_metric metric;
} columns[COLUMNS_IN_UNITS] = {
    [COLUMN_TIME] = {"time", NULL, "wall_ns", NULL, RUN_WALL},
    [COLUMN_PEAK] = {"peak", NULL, "max_rss_bytes", "baseline_rss_bytes", RUN_PEAK},
    [COLUMN_LONGEST] = {"longest", "pauses", "max_ns", NULL, RUN_PAUSE_MAX},
    [COLUMN_LEFT] = {"garbage left", NULL, "leaked_bytes", NULL, RUN_LEAKED},
};

/* What the rows of the table share. */
struct style {
    struct figure_unit units[COLUMNS_IN_UNITS]; /* all zeros: each figure has its own */
    bool counted;                               /* there is a column of instructions */
};

/* Returns the figure of a column: a median, and 0 where it is below. NaN without a record. */
static double column_of(const struct contender *contender, enum column column)
{
    double median = median_of(contender, columns[column].outer, columns[column].key, columns[column].less);
    return median < 0 ? 0 : median;
}

static struct figure_unit column_unit(const struct contender *contenders, size_t count, enum column column)
{
    double *values = memory_new(count, sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = json_array_size(contenders[i].records) ? column_of(&contenders[i], column) : NAN;
    struct figure_unit unit = figure_unit_of(columns[column].metric, values, count);
    free(values);
    return unit;
}

static void column_write(const struct style *style, enum column column, double value,
                         char ret_text[FIGURE_TEXT])
{
    figure_in_unit(value, columns[column].metric, style->units[column], ret_text);
}

static void column_add(struct textual *table, const struct style *style, const struct contender *contender,
                       enum column column)
{
    char text[FIGURE_TEXT];
    column_write(style, column, column_of(contender, column), text);
    textual_add(table, TEXTUAL_PLAIN, "%s", text);
}

static void time_add(struct textual *table, const struct style *style, const struct contender *contender,
                     const char *mark)
{
    char median[FIGURE_TEXT], low[FIGURE_TEXT], high[FIGURE_TEXT];
    size_t rounds = json_array_size(contender->records);
    double *values = values_sorted(contender, NULL, "wall_ns", NULL);
    column_write(style, COLUMN_TIME, quantile_of_sorted(values, rounds, 0.5), median);
    column_write(style, COLUMN_TIME, values[0], low);
    column_write(style, COLUMN_TIME, values[rounds - 1], high);
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

/* Instructions of the workload: by the processor in every round, or by valgrind in the first. NaN: not counted. */
static double instructions_of(const struct contender *contender)
{
    double exact = number_of(contender, 0, NULL, "instructions");
    return isnan(exact) && !isnan(number_of(contender, 0, "counters", "instructions"))
               ? median_of(contender, "counters", "instructions", NULL)
               : exact;
}

static void row_add(struct textual *table, const struct style *style, const struct contender *contender,
                    const struct contender *first)
{
    textual_add(table, TEXTUAL_PLAIN, "%s", contender->name);
    if (json_array_size(contender->records) == 0) {
        for (size_t i = 1; i < table->columns; i++)
            textual_add(table, TEXTUAL_FAINT, "n/a");
        return;
    }
    const char *mark = figure_mark(contender_role(contender));
    time_add(table, style, contender, mark);
    ratio_add(table, contender_ratio_of(contender, first), mark);
    column_add(table, style, contender, COLUMN_PEAK);
    textual_add(table, TEXTUAL_PLAIN, "%.15g", median_of(contender, "pauses", "count", NULL));
    column_add(table, style, contender, COLUMN_LONGEST);
    column_add(table, style, contender, COLUMN_LEFT);
    if (style->counted)
        textual_add(table, TEXTUAL_PLAIN, "%.6g M", instructions_of(contender) / 1e6);
}

/* Adds the title of a column, with its unit where the figures share one. */
static void title_add(struct textual *table, const struct style *style, enum column column)
{
    const struct figure_unit *unit = &style->units[column];
    textual_add(table, TEXTUAL_BOLD, "%s%s%s", columns[column].title, unit->step ? ", " : "",
                unit->step ? unit->name : "");
}

static void header_add(struct textual *table, const struct style *style, const char *first)
{
    textual_add(table, TEXTUAL_BOLD, "collector");
    title_add(table, style, COLUMN_TIME);
    textual_add(table, TEXTUAL_BOLD, "lowest to highest");
    textual_add(table, TEXTUAL_BOLD, "x %s", first);
    textual_add(table, TEXTUAL_BOLD, "95%%");
    title_add(table, style, COLUMN_PEAK);
    textual_add(table, TEXTUAL_BOLD, "pauses");
    title_add(table, style, COLUMN_LONGEST);
    title_add(table, style, COLUMN_LEFT);
    if (style->counted)
        textual_add(table, TEXTUAL_BOLD, "instructions");
}

static struct style style_of(const struct contender *contenders, size_t count)
{
    struct style style = {0};
    for (int column = 0; column < COLUMNS_IN_UNITS && terminal_is(stdout); column++)
        style.units[column] = column_unit(contenders, count, (enum column)column);
    for (size_t i = 0; i < count; i++)
        style.counted |= !isnan(instructions_of(&contenders[i]));
    return style;
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
    struct style style = style_of(contenders, count);
    struct textual table;
    unsigned marks = 0;
    bars_print(contenders, count);
    textual_init(&table, style.counted ? COLUMNS_COUNTED : COLUMNS, 1);
    header_add(&table, &style, contenders[0].name);
    for (size_t i = 0; i < count; i++) {
        row_add(&table, &style, &contenders[i], &contenders[0]);
        if (json_array_size(contenders[i].records))
            marks |= 1u << contender_role(&contenders[i]);
    }
    textual_print(&table, stdout);
    textual_fini(&table);
    putchar('\n');
    contender_marks_explain(marks);
}

/* SPDX-License-Identifier: MIT */
#include "harness/cli/explicit-results.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "base/message.h"
#include "harness/cli/cli.h"
#include "harness/report/figure.h"
#include "harness/report/textual.h"
#include "harness/results/json-text.h"

enum { COLUMNS = 8 };

/* ---- what is comparable ---- */

/* Whether the cost under explicit is shown to be above 0. Nothing is compared with a cost that is not: a ratio
 * to it has no bound. One block shows nothing of noise. */
static bool is_comparable(const struct explicit_campaign *campaign)
{
    const struct baseline_figure *first = &campaign->figures[0];
    return campaign->blocks < 2 ? first->cost > 0 : !isnan(first->ratio_interval.low);
}

/* The bounds of a ratio. No cost is below 0, so no ratio is. */
static struct bootstrap_interval ratio_bounds(const struct explicit_campaign *campaign, size_t index)
{
    struct bootstrap_interval interval = campaign->figures[index].ratio_interval;
    if (!is_comparable(campaign) || isnan(interval.low))
        return (struct bootstrap_interval){NAN, NAN};
    return (struct bootstrap_interval){fmax(0, interval.low), fmax(0, interval.high)};
}

static double ratio_of(const struct explicit_campaign *campaign, size_t index)
{
    double ratio = campaign->figures[index].ratio;
    return !is_comparable(campaign) || isnan(ratio) ? NAN : fmax(0, ratio);
}

/* ---- results ---- */

static void ratio_print(struct textual *table, const struct explicit_campaign *campaign, size_t index,
                        const char *mark)
{
    double ratio = ratio_of(campaign, index);
    struct bootstrap_interval interval = ratio_bounds(campaign, index);
    if (isnan(ratio))
        textual_add(table, TEXTUAL_FAINT, "n/a");
    else
        textual_add(table, TEXTUAL_BOLD, "%.2f%s", ratio, mark);
    if (!is_comparable(campaign))
        textual_add(table, TEXTUAL_FAINT, "no bound");
    else if (isnan(interval.low))
        textual_add(table, TEXTUAL_FAINT, "%s", "");
    else
        textual_add(table, TEXTUAL_FAINT, "[%.2f, %.2f]", interval.low, interval.high);
}

static void row_print(struct textual *table, const struct explicit_campaign *campaign, size_t index)
{
    const struct explicit_cell *cell = &campaign->cells[index];
    const struct baseline_figure *figure = &campaign->figures[index];
    textual_add(table, TEXTUAL_PLAIN, "%s", cell->contender.name);
    if (cell->contender.reason) {
        for (int i = 1; i < COLUMNS; i++)
            textual_add(table, TEXTUAL_FAINT, "n/a");
        return;
    }
    const char *mark = figure_mark(contender_role(&cell->contender));
    textual_add(table, TEXTUAL_PLAIN, "%.2f", figure->replay / 1e6);
    textual_add(table, TEXTUAL_PLAIN, "%.2f", figure->null / 1e6);
    textual_add(table, TEXTUAL_PLAIN, "%.2f%s", figure->cost / 1e6, mark);
    ratio_print(table, campaign, index, mark);
    textual_add(table, TEXTUAL_PLAIN, "%.2f", cell->peak / (1 << 20));
    double peak = campaign->cells[0].peak;
    if (peak > 0)
        textual_add(table, TEXTUAL_BOLD, "%.2f", cell->peak / peak);
    else
        textual_add(table, TEXTUAL_FAINT, "n/a");
}

/* Says what the figures are, what the marks mean, and why there are no ratios where there are none. */
static void notes_print(const struct explicit_campaign *campaign)
{
    unsigned marks = 0;
    for (size_t i = 0; i < campaign->count; i++)
        if (!campaign->cells[i].contender.reason)
            marks |= 1u << contender_role(&campaign->cells[i].contender);
    puts(
        "\ncost = replay less the null replay, which reads the recording and does nothing; medians over the\n"
        "blocks; x explicit: of mean costs, with Fieller's interval. peak = resident memory above the empty "
        "process.");
    contender_marks_explain(marks);
    if (campaign->blocks < CONTENDER_ROUNDS_FEW)
        puts(campaign->blocks == 1 ? "One block says nothing of noise: more give intervals."
                                   : "An interval of so few blocks trusts that costs scatter normally.");
    if (!campaign->cells[0].contender.reason && !is_comparable(campaign))
        puts("Too short to compare: the cost under explicit is not above 0 beyond its noise, so that a ratio "
             "to\n"
             "it has no bound. Give a longer program.");
}

void explicit_results_print(const struct explicit_campaign *campaign)
{
    static const char *const header[] = {"collector",  "replay ms", "reading ms", "cost ms",
                                         "x explicit", "95%",       "peak MiB",   "x explicit"};
    const struct subjects *subjects = &campaign->options->subjects;
    struct textual table;
    message_say("%s on %s, seed %lld: %zu block%s", campaign->recording.name, subjects->allocator,
                subjects->seed, campaign->blocks, campaign->blocks == 1 ? "" : "s");
    recording_print(&campaign->recording);
    puts("");
    textual_init(&table, COLUMNS, 1);
    for (size_t i = 0; i < COLUMNS; i++)
        textual_add(&table, TEXTUAL_BOLD, "%s", header[i]);
    for (size_t i = 0; i < campaign->count; i++)
        row_print(&table, campaign, i);
    textual_print(&table, stdout);
    textual_fini(&table);
    notes_print(campaign);
}

static json_t *cell_json(const struct explicit_campaign *campaign, size_t index)
{
    const struct contender *contender = &campaign->cells[index].contender;
    const struct baseline_figure *figure = &campaign->figures[index];
    struct bootstrap_interval bounds = ratio_bounds(campaign, index);
    json_t *raw[2] = {json_array(), json_array()};
    for (int null = 0; null < 2; null++)
        for (size_t block = 0; block < campaign->blocks; block++)
            json_array_append_new(raw[null],
                                  figure_json(campaign->times[null][block * campaign->count + index]));
    return json_pack("{so so ss so so so so so so so so so so}", "collector", json_text(contender->name),
                     "reason", json_text(contender->reason), "role", contender_role_name(contender),
                     "replay_ns", figure_json(figure->replay), "null_ns", figure_json(figure->null),
                     "cost_ns", figure_json(figure->cost), "cost_ns_low",
                     figure_json(figure->cost_interval.low), "cost_ns_high",
                     figure_json(figure->cost_interval.high), "ratio", figure_json(ratio_of(campaign, index)),
                     "ratio_low", figure_json(bounds.low), "ratio_high", figure_json(bounds.high),
                     "peak_bytes", figure_json(campaign->cells[index].peak), "blocks",
                     json_pack("{so so}", "replay_ns", raw[0], "null_ns", raw[1]));
}

void explicit_results_json_print(const struct explicit_campaign *campaign)
{
    const struct subjects *subjects = &campaign->options->subjects;
    json_t *cells = json_array();
    for (size_t i = 0; i < campaign->count; i++)
        json_array_append_new(cells, cell_json(campaign, i));
    json_t *answer =
        json_pack("{ss so so sI sI sb ss so}", "schema", "gcmatrix.explicit.1", "source",
                  json_text(campaign->recording.name), "allocator", json_text(subjects->allocator), "seed",
                  (json_int_t)subjects->seed, "blocks", (json_int_t)campaign->blocks, "comparable",
                  is_comparable(campaign), "checksum", campaign->cells[0].checksum[0], "collectors", cells);
    cli_json_print(answer, 12);
}

/* SPDX-License-Identifier: MIT */
#include "harness/report/overview.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/terminal.h"
#include "base/text.h"
#include "harness/analysis/normalise.h"
#include "harness/report/captions.h"
#include "harness/report/claims-text.h"
#include "harness/report/figure.h"
#include "harness/report/overview-bars.h"
#include "harness/report/overview-foot.h"
#include "harness/report/overview-json.h"
#include "harness/report/overview-legend.h"
#include "harness/report/overview-missing.h"
#include "harness/report/tables-cell.h"
#include "harness/report/textual.h"

enum overview_kind { OVERVIEW_BEST, OVERVIEW_BASE, OVERVIEW_MEDIAN };

/* One table: of ratios to the best or to the baseline, or of medians. */
struct overview_part {
    enum run_metric metric;
    enum overview_kind kind;
};

enum { OVERVIEW_PARTS = 5, OVERVIEW_CLAIMS = 3 };

static const struct overview_part overview_parts[OVERVIEW_PARTS] = {{RUN_WALL, OVERVIEW_BEST},
                                                                    {RUN_WALL, OVERVIEW_BASE},
                                                                    {RUN_WALL, OVERVIEW_MEDIAN},
                                                                    {RUN_PEAK, OVERVIEW_MEDIAN},
                                                                    {RUN_LEAKED, OVERVIEW_MEDIAN}};
static const enum run_metric overview_claimed[OVERVIEW_CLAIMS] = {RUN_WALL, RUN_PEAK, RUN_PAUSE_MAX};

/* What the tables are made from: one setting, under one part. */
struct overview {
    const struct run *run;
    const struct overview_options *options;
    const struct overview_part *part;
    size_t setting;
    struct normalise_table normalised; /* of the part's metric in the setting */
    struct figure_unit unit;           /* that all medians of the part share; all zeros: each has its own */
};

static const char *overview_metric_words(enum run_metric metric)
{
    switch (metric) {
    case RUN_WALL:
        return "Wall time";
    case RUN_CPU:
        return "CPU time";
    case RUN_PEAK:
        return "Peak memory of the workload";
    case RUN_LEAKED:
        return "Leaked: unreachable and still held at the end";
    default:
        return run_metric_names[metric].name;
    }
}

/* ---- tables ---- */

/* Returns the ratio of the entry that the part shows, and its interval where there are two processes. */
static struct normalise_ratio overview_ratio(const struct overview *overview,
                                             const struct normalise_entry *entry)
{
    struct normalise_ratio result = {entry->ratio, entry->interval};
    if (overview->part->kind == OVERVIEW_BASE) {
        const struct run_cell *base =
            run_cell_baseline(overview->run, entry->cell, overview->options->baseline);
        if (entry->as_warm || (base && claims_stops_as_warm(base, overview->part->metric)))
            return (struct normalise_ratio){NAN, {NAN, NAN}};
        result = normalise_pair(overview->run, entry->cell, base, overview->part->metric);
        if (base == entry->cell)
            result.interval = (struct bootstrap_interval){NAN, NAN};
    }
    return result;
}

static void overview_cell(const struct overview *overview, const struct normalise_entry *entry,
                          struct textual *table)
{
    char text[FIGURE_TEXT], interval[FIGURE_TEXT];
    const struct run_cell *cell = entry->cell;
    if (!run_cell_is_whole(cell)) {
        textual_add(table, TEXTUAL_BAD, "%s", cell ? cell->status : "");
        return;
    }
    const char *longest =
        tables_is_longest(overview->run, cell, overview->part->metric) ? FIGURE_LONGEST : "";
    if (overview->part->kind != OVERVIEW_MEDIAN && entry->as_warm) {
        textual_add(table, TEXTUAL_PLAIN, "as warm");
        return;
    }
    if (overview->part->kind != OVERVIEW_MEDIAN) {
        struct normalise_ratio ratio = overview_ratio(overview, entry);
        bool to_best = overview->part->kind == OVERVIEW_BEST;
        figure_ratio(ratio.ratio, text);
        figure_interval(ratio.interval, interval);
        textual_add(table, to_best && entry->best ? TEXTUAL_BOLD : TEXTUAL_PLAIN, "%s%s%s%s%s%s", text,
                    to_best && entry->may_be_best ? FIGURE_MAY_BE_BEST : "", figure_cell_mark(cell), longest,
                    interval[0] ? " " : "", interval);
        return;
    }
    figure_in_unit(entry->median, overview->part->metric, overview->unit, text);
    textual_add(table, TEXTUAL_PLAIN, "%s%s%s", text, figure_cell_mark(cell), longest);
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

/* Whether the work has a cell in the setting. */
static bool overview_has_work(const struct overview *overview, size_t work)
{
    for (size_t config = 0; config < overview->run->configs.measured; config++)
        if (normalise_at(&overview->normalised, work, config)->cell)
            return true;
    return false;
}

/* Lists the configs that have cells in the setting. Returns how many. */
static size_t overview_columns(const struct overview *overview, size_t *ret_configs)
{
    size_t count = 0;
    for (size_t config = 0; config < overview->run->configs.measured; config++)
        if (overview->normalised.means[config].measured)
            ret_configs[count++] = config;
    return count;
}

/* Fills the columns of `count` configs. */
static void overview_fill(const struct overview *overview, const size_t *configs, size_t count,
                          struct textual *table)
{
    const struct run *run = overview->run;
    const struct normalise_table *normalised = &overview->normalised;
    textual_init(table, 1 + count, 1);
    textual_add(table, TEXTUAL_BOLD, "workload");
    for (size_t i = 0; i < count; i++)
        textual_add(table, TEXTUAL_BOLD, "%s", run->configs.names[configs[i]]);
    for (size_t work = 0; work < run->works.measured; work++) {
        if (!overview_has_work(overview, work))
            continue;
        textual_add(table, TEXTUAL_PLAIN, "%s", run->works.names[work]);
        for (size_t i = 0; i < count; i++)
            overview_cell(overview, normalise_at(normalised, work, configs[i]), table);
    }
    if (overview->part->kind != OVERVIEW_BEST)
        return;
    textual_add(table, TEXTUAL_PLAIN, "geo. mean, %zu/%zu", normalised->shared, normalised->measured);
    for (size_t i = 0; i < count; i++)
        overview_mean(&normalised->means[configs[i]], table);
}

/* Returns the fewest processes of a whole cell in the setting. */
static size_t overview_fewest(const struct run *run, size_t setting)
{
    size_t fewest = (size_t)-1;
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (cell->setting == setting && !run_cell_is_aside(cell) && run_cell_is_whole(cell) &&
            !cell->as_warm && cell->processes < fewest)
            fewest = cell->processes;
    }
    return fewest == (size_t)-1 ? 0 : fewest;
}

/* Says what the intervals of few blocks are worth. */
static void overview_print_worth(const struct run *run, size_t fewest, FILE *stream)
{
    char text[CAPTIONS_TEXT];
    if (machines_are_several(&run->machines))
        captions_machines(run, text);
    else
        captions_worth(fewest, text);
    if (text[0])
        fprintf(stream, "%s\n", text);
}

static void overview_print_title(const struct overview *overview, FILE *stream)
{
    const struct run *run = overview->run;
    const char *over = "", *base = "";
    size_t fewest = overview_fewest(run, overview->setting);
    bool is_ratio = overview->part->kind != OVERVIEW_MEDIAN;
    const char *intervals = is_ratio && fewest >= 2 ? ", with 95% intervals" : "";
    if (overview->part->kind == OVERVIEW_BEST)
        over = " over the best collector of each workload";
    if (overview->part->kind == OVERVIEW_BASE) {
        over = " over ";
        base = run->configs.names[overview->options->baseline];
    }
    if (overview->unit.step) {
        over = ", ";
        base = overview->unit.name;
    }
    char *title =
        run->settings.measured > 1
            ? text_format("%s%s%s (%s)%s", overview_metric_words(overview->part->metric), over, base,
                          run->settings.names[overview->setting], intervals)
            : text_format("%s%s%s%s", overview_metric_words(overview->part->metric), over, base, intervals);
    textual_print_title(title, overview->options->form, stream);
    if (is_ratio)
        overview_print_worth(run, fewest, stream);
    putc('\n', stream);
    free(title);
}

/* Says why a part has no figures; NULL where it has some. */
static const char *overview_empty(const struct overview *overview)
{
    const struct normalise_table *table = &overview->normalised;
    bool any = false, as_warm = false;
    if (!run_setting_measures(overview->run, overview->setting, overview->part->metric))
        return claims_text_warm;
    for (size_t i = 0; i < overview->run->works.measured * table->configs; i++) {
        any |= !isnan(table->entries[i].ratio);
        as_warm |= table->entries[i].as_warm;
    }
    return overview->part->kind == OVERVIEW_BEST && as_warm && !any
               ? "Of each workload a cell that could be the best stopped as warm, so none is known."
               : NULL;
}

/* Returns the unit of a part's medians on a terminal, where the title has it. Elsewhere each figure has its own. */
static struct figure_unit overview_unit(const struct overview *overview, FILE *stream)
{
    const struct normalise_table *table = &overview->normalised;
    size_t count = table->works * table->configs;
    if (overview->part->kind != OVERVIEW_MEDIAN || overview->options->form != REPORT_TEXT ||
        !terminal_is(stream))
        return (struct figure_unit){0};
    double *medians = memory_new(count, sizeof(*medians));
    for (size_t i = 0; i < count; i++)
        medians[i] = table->entries[i].median > 0 ? table->entries[i].median : NAN;
    struct figure_unit unit = figure_unit_of(overview->part->metric, medians, count);
    free(medians);
    return *unit.name ? unit : (struct figure_unit){0};
}

/* Prints as many configs side by side as fit, and the others below. */
static void overview_print_part(struct overview *overview, FILE *stream)
{
    enum report_form form = overview->options->form;
    size_t *configs = memory_new(overview->run->configs.count, sizeof(*configs));
    size_t count = overview_columns(overview, configs);
    overview->unit = overview_unit(overview, stream);
    overview_print_title(overview, stream);
    const char *empty = overview_empty(overview);
    if (empty) {
        textual_print_sentence(empty, form, stream);
        putc('\n', stream);
        count = 0;
    }
    for (size_t first = 0, shown; first < count; first += shown) {
        struct textual table;
        shown = count - first;
        overview_fill(overview, configs + first, shown, &table);
        while (form == REPORT_TEXT && shown > 1 && textual_total(&table) > textual_room(stream)) {
            textual_fini(&table);
            overview_fill(overview, configs + first, --shown, &table);
        }
        textual_print_form(&table, form, stream);
        textual_fini(&table);
        putc('\n', stream);
    }
    free(configs);
}

/* ---- JSON ---- */

static json_t *overview_ratio_json(struct normalise_ratio ratio)
{
    json_t *object = json_object();
    json_object_set_new(object, "ratio", figure_json(ratio.ratio));
    json_object_set_new(object, "low", figure_json(ratio.interval.low));
    json_object_set_new(object, "high", figure_json(ratio.interval.high));
    return object;
}

static json_t *overview_entry_json(struct overview *overview, const struct normalise_entry *entry)
{
    static const struct overview_part to_best = {.kind = OVERVIEW_BEST};
    const struct overview_part to_base = {overview->part->metric, OVERVIEW_BASE};
    const struct run *run = overview->run;
    const struct run_cell *cell = entry->cell;
    overview->part = &to_best;
    json_t *object = overview_ratio_json(overview_ratio(overview, entry));
    overview->part = &to_base;
    json_object_set_new(object, "workload", json_string(run->works.names[cell->work]));
    json_object_set_new(object, "collector", json_string(run->configs.names[cell->config]));
    json_object_set_new(object, "setting", json_string(run->settings.names[cell->setting]));
    json_object_set_new(object, "metric", json_string(run_metric_names[to_base.metric].name));
    json_object_set_new(object, "processes", json_integer((json_int_t)cell->processes));
    json_object_set_new(object, "missing", json_integer((json_int_t)cell->missing));
    json_object_set_new(object, "median", figure_json(entry->median));
    json_object_set_new(object, "best", json_boolean(entry->best));
    json_object_set_new(object, "over_baseline",
                        overview->options->baseline == OVERVIEW_NONE
                            ? json_null()
                            : overview_ratio_json(overview_ratio(overview, entry)));
    json_object_set_new(object, "status", json_string(entry->as_warm ? "as_warm" : cell->status));
    json_object_set_new(object, "reason", cell->reason ? json_string(cell->reason) : json_null());
    json_object_set_new(object, "note", json_string(tables_note(run, cell, to_base.metric)));
    return object;
}

static void overview_add_json(struct overview *overview, json_t *cells)
{
    const struct normalise_table *normalised = &overview->normalised;
    const struct overview_part *part = overview->part;
    for (size_t i = 0; i < normalised->works * normalised->configs; i++) {
        overview->part = part;
        if (normalised->entries[i].cell && !run_cell_is_aside(normalised->entries[i].cell))
            json_array_append_new(cells, overview_entry_json(overview, &normalised->entries[i]));
    }
}

/* ---- all of it ---- */

/* Prints the claims, or adds them to the array where the form is JSON. */
static void overview_claims(const struct run *run, const struct overview_options *options, json_t *array,
                            FILE *stream)
{
    bool one = options->metric != RUN_METRICS;
    for (size_t i = 0; i < (one ? 1 : OVERVIEW_CLAIMS); i++) {
        struct claims claims;
        claims_make(run, one ? options->metric : overview_claimed[i], &claims);
        if (options->form == REPORT_JSON)
            json_array_append_new(array, claims_text_json(&claims, options->setting));
        else
            claims_text_print(&claims, options->setting, options->form, stream);
        claims_fini(&claims);
    }
}

/* Whether the part is shown in the setting. In JSON an entry of the median holds the ratios too. */
static bool overview_shows(const struct overview *overview)
{
    const struct overview_options *options = overview->options;
    size_t first = options->setting == OVERVIEW_ALL ? 0 : options->setting;
    bool chosen = options->setting == OVERVIEW_ALL || first == overview->setting;
    /* What is leaked is counted in objects: it is the same under every allocator. */
    if (options->metric == RUN_METRICS && overview->part->metric == RUN_LEAKED)
        chosen = first == overview->setting;
    if (!chosen || (overview->part->kind == OVERVIEW_BASE && options->baseline == OVERVIEW_NONE))
        return false;
    return options->form != REPORT_JSON || overview->part->kind == OVERVIEW_MEDIAN;
}

static void overview_show(struct overview *overview, json_t *cells, FILE *stream)
{
    const struct normalise_rule rule = {overview->part->metric, overview->part->metric, false};
    if (!overview_shows(overview))
        return;
    normalise_setting(overview->run, overview->setting, &rule, &overview->normalised);
    if (overview->options->form == REPORT_JSON)
        overview_add_json(overview, cells);
    else
        overview_print_part(overview, stream);
    normalise_fini(&overview->normalised);
}

static void overview_tables(const struct run *run, const struct overview_options *options, json_t *cells,
                            FILE *stream)
{
    for (size_t setting = 0; setting < run->settings.measured; setting++)
        for (size_t i = 0; i < OVERVIEW_PARTS; i++) {
            struct overview_part part = overview_parts[i];
            struct overview overview = {.run = run, .options = options, .part = &part, .setting = setting};
            if (options->metric != RUN_METRICS && part.metric != RUN_WALL)
                continue;
            if (options->metric != RUN_METRICS)
                part.metric = options->metric;
            overview_show(&overview, cells, stream);
        }
}

void overview_print(const struct run *run, const struct overview_options *options, FILE *stream)
{
    json_t *cells = json_array(), *claims = json_array();
    if (options->form != REPORT_JSON)
        overview_missing_print(run, options->form, stream);
    overview_claims(run, options, claims, stream);
    if (options->form != REPORT_JSON)
        overview_legend_print(run, options, stream);
    if (options->form == REPORT_TEXT && options->setting == OVERVIEW_ALL)
        overview_bars_print(run, options->metric, stream);
    overview_tables(run, options, cells, stream);
    if (options->form == REPORT_JSON)
        overview_json_print(run, options, claims, cells, stream);
    else {
        overview_foot_print(run, options->form, stream);
    }
    json_decref(claims);
    json_decref(cells);
}

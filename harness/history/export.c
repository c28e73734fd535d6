/* SPDX-License-Identifier: MIT */
#include "harness/history/export.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "harness/analysis/compare.h"
#include "harness/results/json-text.h"

/* What a metric is called elsewhere. Bencher has the measure "latency", in ns; the others are made by their names. */
struct measure {
    const char *slug; /* of Bencher */
    const char *over; /* of the same over the reference program's time; NULL: that is not exported */
};

static const struct measure measures[HISTORY_METRICS] = {
    [HISTORY_WALL] = {"latency", "latency-over-reference"},
    [HISTORY_OWN] = {"own-time", "own-time-over-reference"},
    [HISTORY_PEAK] = {"peak-memory", NULL},
    [HISTORY_PAUSE_P99] = {"pause-p99", NULL},
    [HISTORY_PAUSE_MAX] = {"pause-max", NULL},
    [HISTORY_INSTRUCTIONS] = {"instructions", NULL},
};

/* ---- what both say ---- */

/* Whether a figure's mean is over the reference program's time. */
static bool has_ratio(const struct history_entry *entry, const struct history_figure *figure, int metric)
{
    return measures[metric].over && entry->reference.count > 0 && !isnan(figure->mean) && figure->count > 1;
}

/* By what the mean may be off, as a factor: two standard errors. */
static double reach_of(const struct history_figure *figure)
{
    return exp(2 * figure->scatter / sqrt((double)figure->count));
}

/* ---- Bencher ---- */

static json_t *metric_json(double value, double low, double high)
{
    json_t *metric = json_object();
    json_object_set_new(metric, "value", json_number(value));
    if (!isnan(low) && !isnan(high)) {
        json_object_set_new(metric, "lower_value", json_number(low));
        json_object_set_new(metric, "upper_value", json_number(high));
    }
    return metric;
}

json_t *export_bencher(const struct history_entry *entry)
{
    json_t *benchmarks = json_object();
    for (size_t i = 0; i < entry->cell_count; i++) {
        json_t *benchmark = json_object();
        char *name = history_cell_name(&entry->cells[i]);
        for (int metric = 0; metric < HISTORY_METRICS; metric++) {
            const struct history_figure *figure = &entry->cells[i].figures[metric];
            if (figure->count == 0)
                continue;
            json_object_set_new(benchmark, measures[metric].slug,
                                metric_json(figure->median, figure->low, figure->high));
            if (has_ratio(entry, figure, metric))
                json_object_set_new(benchmark, measures[metric].over,
                                    metric_json(figure->mean, figure->mean / reach_of(figure),
                                                figure->mean * reach_of(figure)));
        }
        if (json_object_size(benchmark))
            json_object_set(benchmarks, name, benchmark);
        json_decref(benchmark);
        free(name);
    }
    return benchmarks;
}

/* ---- github-action-benchmark ---- */

static json_t *item_json(const char *cell, const char *what, const char *unit, double value, double share)
{
    char *name = text_format("%s: %s", cell, what);
    json_t *item =
        json_pack("{so ss so}", "name", json_text(name), "unit", unit, "value", json_number(value));
    if (share > 0 && isfinite(share)) {
        char *range = text_format("± %.2g%%", 100 * share);
        json_object_set_new(item, "range", json_text(range));
        free(range);
    }
    free(name);
    return item;
}

json_t *export_github_action_benchmark(const struct history_entry *entry)
{
    json_t *items = json_array();
    for (size_t i = 0; i < entry->cell_count; i++) {
        char *name = history_cell_name(&entry->cells[i]);
        for (int metric = 0; metric < HISTORY_METRICS; metric++) {
            const struct history_figure *figure = &entry->cells[i].figures[metric];
            const struct run_metric_name *about = &run_metric_names[history_metrics[metric]];
            double half = figure->count ? (figure->high - figure->low) / 2 / figure->median : NAN;
            if (figure->count == 0)
                continue;
            json_array_append_new(items, item_json(name, about->name, about->unit, figure->median, half));
            if (has_ratio(entry, figure, metric)) {
                char *over = text_format("%s over the reference program's", about->name);
                json_array_append_new(items,
                                      item_json(name, over, "ratio", figure->mean, reach_of(figure) - 1));
                free(over);
            }
        }
        free(name);
    }
    return items;
}

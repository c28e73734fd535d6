/* SPDX-License-Identifier: MIT */
/* A view of a history, for programs. */
#include "harness/history/show.h"
#include "harness/results/json-text.h"

static json_t *points_json(const struct history_view *view, const struct history_series *series)
{
    json_t *points = json_array();
    for (size_t i = 0; i < series->count; i++) {
        const struct history_point *point = &series->points[i];
        const struct history_entry *entry = history_point_entry(view, point);
        json_array_append_new(points, json_pack("{so sI sI so so so}", "commit", json_text(entry->commit),
                                                "committed", (json_int_t)entry->committed, "runs",
                                                (json_int_t)point->runs, "median", figure_json(point->median),
                                                "value", figure_json(point->value), "error",
                                                figure_json(point->error)));
    }
    return points;
}

static json_t *commit_json(const struct history_view *view, const struct history_series *series, size_t point)
{
    return json_text(history_point_entry(view, &series->points[point])->commit);
}

static json_t *changes_json(const struct history_view *view, const struct history_series *series)
{
    json_t *changes = json_array();
    for (size_t i = 0; i < series->change_count; i++) {
        const struct history_change *change = &series->changes[i];
        const struct change *place = &change->change;
        json_array_append_new(changes, json_pack("{so so so so so so so sb sI ss}", "commit",
                                                 commit_json(view, series, place->at), "after",
                                                 commit_json(view, series, place->first - 1), "until",
                                                 commit_json(view, series, place->last), "found_at",
                                                 commit_json(view, series, place->found), "ratio",
                                                 figure_json(change->ratio), "low", figure_json(change->low),
                                                 "high", figure_json(change->high), "exact", change->exact,
                                                 "found_after", (json_int_t)(place->found - place->at + 1),
                                                 "of", history_cause_word(change->cause)));
    }
    return changes;
}

static json_t *series_json(const struct history_view *view, const struct history_series *series)
{
    static const char *const keys[HISTORY_NAMES] = {"workload", "collector", "allocator", "memory", "heap"};
    json_t *object = json_object();
    for (int name = 0; series->cell && name < HISTORY_NAMES; name++)
        json_object_set_new(object, keys[name], json_text(series->cell->names[name]));
    json_object_set_new(object, "exact", json_boolean(series->exact));
    json_object_set_new(object, "points", points_json(view, series));
    json_object_set_new(object, "changes", changes_json(view, series));
    return object;
}

/* The machine of the view, as its first run says it. */
static const json_t *machine_of(const struct history_view *view)
{
    size_t first = 0;
    while (view->history->machines[first] != view->machine)
        first++;
    return view->history->entries[first].machine;
}

json_t *history_view_json(const struct history_view *view)
{
    json_t *object = json_object(), *series = json_array();
    for (size_t i = 0; i < view->count; i++)
        json_array_append_new(series, series_json(view, &view->series[i]));
    json_object_set_new(object, "machine", json_deep_copy(machine_of(view)));
    json_object_set_new(object, "metric", json_string(run_metric_names[history_metrics[view->metric]].name));
    json_object_set_new(object, "unit", json_string(run_metric_names[history_metrics[view->metric]].unit));
    json_object_set_new(object, "family", json_integer((json_int_t)view->family));
    json_object_set_new(object, "widened", figure_json(view->widened));
    json_object_set_new(object, "reference", series_json(view, &view->reference));
    json_object_set_new(object, "series", series);
    return object;
}

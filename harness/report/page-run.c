/* SPDX-License-Identifier: MIT */
#include "harness/report/page-run.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "harness/report/figure.h"
#include "harness/report/page-json.h"
#include "harness/report/tables-cell.h"
#include "harness/results/json-text.h"
#include "harness/results/run-machines.h"

/* ---- lists ---- */

static size_t run_work(const struct run_cell *cell)
{
    return cell->work;
}

static size_t run_config(const struct run_cell *cell)
{
    return cell->config;
}

static size_t run_setting(const struct run_cell *cell)
{
    return cell->setting;
}

/*
 * Returns the entries of a list, in which `place` finds a cell. `kind` is the key under which the manifest names
 * what an entry is made of.
 */
static json_t *run_list_json(const struct run *run, const struct run_list *list,
                             size_t (*place)(const struct run_cell *), const char *kind)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++) {
        const struct run_cell *cell = NULL;
        for (size_t j = 0; j < run->cell_count && !cell; j++)
            cell = place(&run->cells[j]) == i ? &run->cells[j] : NULL;
        json_t *entry = json_object();
        json_object_set_new(entry, "name", json_text(list->names[i]));
        json_object_set_new(entry, "kind", json_text(cell ? run_cell_text(run, cell, kind) : ""));
        json_object_set_new(entry, "measured", json_boolean(i < list->measured));
        if (cell && place == run_work)
            json_object_set_new(entry, "options", json_text(run_cell_text(run, cell, "workload_options")));
        if (list->groups)
            json_object_set_new(entry, "group", json_text(list->groups[i]));
        if (cell && place == run_setting)
            json_object_set_new(entry, "warm", json_boolean(run_cell_is_warm(run, cell)));
        json_array_append_new(array, entry);
    }
    return array;
}

static void run_set_lists(const struct run *run, json_t *object)
{
    json_object_set_new(object, "works", run_list_json(run, &run->works, run_work, "workload"));
    json_object_set_new(object, "configs", run_list_json(run, &run->configs, run_config, "collector"));
    json_object_set_new(object, "settings", run_list_json(run, &run->settings, run_setting, "allocator"));
}

/* ---- the manifest ---- */

/* Returns a value as people read it, the caller's to free: a size in its unit, a fraction in three digits. */
static char *run_fact_plain(const char *key, const json_t *value)
{
    static const char unit[] = "_bytes";
    char size[FIGURE_TEXT];
    size_t length = strlen(key);
    bool is_bytes = length >= sizeof(unit) - 1 && strcmp(key + length - (sizeof(unit) - 1), unit) == 0;
    if (json_is_string(value))
        return text_format("%s", json_string_value(value));
    if (json_is_null(value))
        return text_format("n/a");
    if (json_is_boolean(value))
        return text_format("%s", json_is_true(value) ? "yes" : "no");
    if (json_is_real(value))
        return text_format("%.3g", json_real_value(value));
    if (!json_is_integer(value) || !is_bytes)
        return json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    figure_bytes((double)json_integer_value(value), size);
    return text_format("%s", size);
}

/* The same of a nested object: "load: 0.10; cores: 2". */
static char *run_fact_text(const char *key, const json_t *value)
{
    char *text = NULL;
    const char *inner, *between = "";
    size_t size;
    json_t *part;
    if (!json_is_object(value))
        return run_fact_plain(key, value);
    FILE *stream = memory_stream(&text, &size);
    json_object_foreach((json_t *)value, inner, part) {
        char *plain = run_fact_plain(inner, part);
        fprintf(stream, "%s%s: %s", between, inner, plain);
        between = "; ";
        free(plain);
    }
    memory_stream_close(stream);
    return text;
}

/* Returns an object's keys and values as a list of pairs of texts. */
static json_t *run_facts_json(const json_t *object)
{
    json_t *facts = json_array(), *value;
    const char *key;
    json_object_foreach((json_t *)object, key, value) {
        json_t *fact = json_array();
        char *text = run_fact_text(key, value);
        page_json_add(fact, key);
        page_json_add(fact, text);
        json_array_append_new(facts, fact);
        free(text);
    }
    return facts;
}

static json_t *run_warnings_json(const json_t *manifest)
{
    json_t *list = json_array(), *warning;
    size_t index;
    json_array_foreach(json_object_get(manifest, "warnings"), index, warning)
        if (json_is_string(warning))
            page_json_add(list, json_string_value(warning));
    return list;
}

static void run_set_text(json_t *object, const json_t *manifest, const char *key)
{
    json_object_set_new(object, key, json_text(json_string_value(json_object_get(manifest, key))));
}

json_t *page_run_json(const struct run *run, const struct tables *tables)
{
    const json_t *manifest = run->store->manifest;
    json_t *object =
        json_pack("{sI sI sI sb}", "blocks", (json_int_t)run->blocks, "cells", (json_int_t)run->cell_count,
                  "front", (json_int_t)tables->front, "builds", tables->claims[TABLES_CLAIMS_WALL].builds);
    run_set_text(object, manifest, "name");
    run_set_text(object, manifest, "created");
    run_set_text(object, manifest, "finished");
    if (tables->baseline < run->configs.measured)
        json_object_set_new(object, "baseline", json_integer((json_int_t)tables->baseline));
    run_set_lists(run, object);
    json_object_set_new(object, "warnings", run_warnings_json(manifest));
    json_object_set_new(object, "machine", run_facts_json(run_machines_describe(manifest, run->shown)));
    json_object_set_new(object, "versions", run_facts_json(json_object_get(manifest, "versions")));
    return object;
}

/* ---- cells ---- */

json_t *page_cells_json(const struct run *run)
{
    json_t *cells = json_array();
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (run_cell_is_aside(cell))
            continue;
        json_t *ids = json_array();
        for (size_t block = 0; block < run->blocks; block++)
            if (cell->rows[block])
                json_array_append_new(ids, json_integer((json_int_t)cell->rows[block]->id));
        json_array_append_new(cells, json_pack("[I I I o]", (json_int_t)cell->setting, (json_int_t)cell->work,
                                               (json_int_t)cell->config, ids));
    }
    return cells;
}

/* ---- trades ---- */

static json_t *trade_list_json(const size_t *places, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_integer((json_int_t)places[i]));
    return array;
}

static json_t *trade_ratio_json(const struct normalise_ratio *ratio)
{
    return json_pack("[o o o]", figure_json(ratio->ratio), figure_json(ratio->interval.low),
                     figure_json(ratio->interval.high));
}

static json_t *trade_metric_json(const struct trade *trade, int metric)
{
    json_t *members = json_array();
    for (size_t member = 0; member < trade->count; member++) {
        json_t *row = json_array();
        for (size_t base = 0; base <= trade->count; base++)
            json_array_append_new(row, trade_ratio_json(trade_at(trade, metric, member, base)));
        json_array_append_new(members, row);
    }
    return members;
}

/* Returns the trades of one setting, or null. */
static json_t *trade_setting_json(const struct run *run, const struct tables *tables, size_t setting)
{
    size_t settings[TRADE_METRICS];
    struct trade trade;
    if (setting == tables->front)
        return json_null();
    for (int metric = 0; metric < TRADE_METRICS; metric++)
        settings[metric] = run_setting_measures(run, setting, trade_metrics[metric])
                               ? setting
                               : tables_front_of(run, tables, trade_metrics[metric]);
    trade_make(run, settings, &trade);
    json_t *object = trade.shared ? page_trade_json(&trade) : json_null();
    trade_fini(&trade);
    return object;
}

json_t *page_trades_json(const struct run *run, const struct tables *tables)
{
    json_t *array = json_array();
    for (size_t setting = 0; setting < run->settings.count; setting++)
        json_array_append_new(array, trade_setting_json(run, tables, setting));
    return array;
}

json_t *page_trade_json(const struct trade *trade)
{
    json_t *object =
        json_pack("{so so sI so}", "members", trade_list_json(trade->members, trade->count), "works",
                  trade_list_json(trade->works, trade->shared), "measured", (json_int_t)trade->measured,
                  "settings", trade_list_json(trade->settings, TRADE_METRICS));
    for (int metric = 0; metric < TRADE_METRICS; metric++)
        json_object_set_new(object, run_metric_names[trade_metrics[metric]].name,
                            trade_metric_json(trade, metric));
    return object;
}

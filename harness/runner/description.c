/* SPDX-License-Identifier: MIT */
#include "harness/runner/description.h"

#include <jansson.h>

#include "collectors/collector-api.h"
#include "harness/results/records.h"
#include "harness/runner/record.h"
#include "workloads/workload.h"

static json_t *option_describe(const struct option_spec *option)
{
    static const char *const types[] = {"integer", "real", "switch", "choice", "text"};
    json_t *object = json_pack("{s:s, s:s, s:s, s:s}", "name", option->name, "type", types[option->type],
                               "unit", option->unit, "help", option->help);
    if (option->type == OPTION_INTEGER) {
        json_object_set_new(object, "default", json_integer((json_int_t)option->standard));
        json_object_set_new(object, "min", json_integer((json_int_t)option->min));
        json_object_set_new(object, "max", json_integer((json_int_t)option->max));
    } else if (option->type == OPTION_REAL) {
        json_object_set_new(object, "default", json_real(option->standard));
        json_object_set_new(object, "min", json_real(option->min));
        json_object_set_new(object, "max", json_real(option->max));
    } else if (option->type == OPTION_SWITCH) {
        json_object_set_new(object, "default", json_boolean(option->standard != 0));
    } else if (option->type == OPTION_CHOICE) {
        json_t *choices = json_array();
        for (size_t i = 0; option->choices[i]; i++)
            json_array_append_new(choices, json_string(option->choices[i]));
        json_object_set_new(object, "default", json_string(option->choices[(size_t)option->standard]));
        json_object_set_new(object, "choices", choices);
    }
    return object;
}

static json_t *part_describe(const char *name, const char *group, const char *summary,
                             const struct option_table *table)
{
    json_t *options = json_array();
    for (size_t i = 0; i < table->count; i++)
        json_array_append_new(options, option_describe(&table->options[i]));
    return json_pack("{s:s, s:s, s:s, s:o}", "name", name, "group", group, "summary", summary, "options",
                     options);
}

static json_t *pace_describe(const struct gc_pace_bound *bound)
{
    if (bound->none)
        return json_pack("{s:s}", "none", bound->none);
    return json_pack("{s:f, s:f, s:f, s:f, s:b, s:i, s:f, s:f, s:f}", "left", bound->left, "bytes",
                     bound->bytes, "objects", bound->objects, "operations", bound->operations,
                     "by_references", bound->by_references, "early", (int)bound->early, "latest",
                     bound->latest, "latest_grown", bound->latest_grown, "latest_besides",
                     bound->latest_besides);
}

/* What the collector states (collectors/bounds.h) under the defaults of its options; null if it states
 * nothing. */
static json_t *bounds_describe(void)
{
    struct gc_bounds bounds = {0};
    const struct option_table *table = gc_collector.options;
    if (!gc_collector.bounds)
        return json_null();
    void *options = record_memory(table->bytes);
    option_table_defaults(table, options);
    gc_collector.bounds(options, &bounds);
    const struct gc_held_bound *held = &bounds.held;
    const struct gc_table_bound *tables = &bounds.tables;
    const struct gc_visit_bound *visits = &bounds.visits;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "held",
        held->none
            ? json_pack("{s:s}", "none", held->none)
            : json_pack("{s:s, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "unit",
                        held->in_objects ? "objects" : "bytes", "times", held->times, "least", held->least,
                        "families", held->families, "grown", held->grown, "left_weight", held->left_weight,
                        "structures", held->structures, "for_name", held->for_name, "weight", held->weight),
        "tables",
        tables->none ? json_pack("{s:s}", "none", tables->none)
                     : json_pack("{s:f, s:f, s:f, s:f}", "for_object", tables->for_object, "for_byte",
                                 tables->for_byte, "for_name", tables->for_name, "besides", tables->besides),
        "visits",
        visits->none
            ? json_pack("{s:s}", "none", visits->none)
            : json_pack("{s:f, s:f, s:f, s:f}", "for_object", visits->for_object, "for_byte",
                        visits->for_byte, "for_name", visits->for_name, "for_live", visits->for_live),
        "full", pace_describe(&bounds.full), "young", pace_describe(&bounds.young));
}

/* Whether every collector without the trait `finalises` refuses the workload. Where options decide the shapes, it may
 * refuse the workload all the same. */
static bool workload_is_finalising(void)
{
    for (uint32_t i = 0; i < workload.shape_count; i++)
        if (gc_shape_is_finalising(&workload.shapes[i]))
            return true;
    return false;
}

static json_t *workload_describe(void)
{
    json_t *described = part_describe(workload.name, workload.group, workload.summary, workload.options);
    json_object_set_new(described, "finalising", json_boolean(workload_is_finalising()));
    return described;
}

int description_write(void)
{
    const struct gc_traits *traits = gc_collector.traits;
    json_t *collector =
        part_describe(gc_collector.name, gc_collector.group, gc_collector.summary, gc_collector.options);
    json_object_set_new(collector, "traits",
                        json_pack("{s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:I}",
                                  "counts", traits->counts, "reclaims", traits->reclaims, "reclaims_cycles",
                                  traits->reclaims_cycles, "frees_at_once", traits->frees_at_once,
                                  "frees_late", traits->frees_late, "moves", traits->moves, "conservative",
                                  traits->conservative, "defers", traits->defers, "observes",
                                  traits->observes, "buffers_roots", traits->buffers_roots, "finalises",
                                  traits->finalises, "freezes", traits->freezes, "frees_when_told",
                                  traits->frees_when_told, "header_bytes", (json_int_t)traits->header_bytes));
    json_object_set_new(collector, "bounds", bounds_describe());
    json_t *description = json_pack("{s:s, s:o, s:o}", "schema", "gcmatrix.describe.1", "workload",
                                    workload_describe(), "collector", collector);
    return records_write(description, "-");
}

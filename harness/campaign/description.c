/* SPDX-License-Identifier: MIT */
#include "harness/campaign/description.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "harness/campaign/machine/machine-checks.h"
#include "harness/campaign/machine/machine.h"
#include "harness/campaign/process/hash.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/results/folder.h"
#include "harness/results/manifest.h"

static const char *pair_name(const struct plan_cell *cell)
{
    return strrchr(cell->pair, '/') + 1;
}

/*
 * The group of a cell's workload, as its description says, or "". Runs one short process for each workload,
 * and remembers the answer in `groups`.
 */
static const char *cell_group(const struct plan_cell *cell, json_t *groups)
{
    if (!json_object_get(groups, cell->workload)) {
        json_t *description = pairs_describe(cell->pair);
        const json_t *workload = json_object_get(description, "workload");
        const char *group = json_string_value(json_object_get(workload, "group"));
        json_object_set_new(groups, cell->workload, json_string(group ? group : ""));
        json_decref(description);
    }
    return json_string_value(json_object_get(groups, cell->workload));
}

static json_t *cell_describe(const struct plan_cell *cell, const char *group)
{
    json_t *minimum = cell->heap ? json_integer((json_int_t)cell->minimum_heap) : json_null();
    json_t *limit = cell->heap ? json_integer(strtoll(cell->heap_limit, NULL, 10)) : json_null();
    return json_pack("{ss ss ss ss ss ss ss ss? so so ss sb}", "workload", cell->workload, "workload_options",
                     cell->workload_options, "group", group, "collector", cell->collector,
                     "collector_options", cell->collector_options, "allocator", cell->allocator->name,
                     "tuning", cell->allocator->tuning->name, "heap", cell->heap, "heap_limit_bytes", limit,
                     "minimum_heap_bytes", minimum, "pair", pair_name(cell), "baseline", cell->baseline);
}

static json_t *cells_describe(const struct plan *plan)
{
    json_t *cells = json_array(), *groups = json_object();
    for (size_t i = 0; i < plan->cell_count; i++) {
        const struct plan_cell *cell = &plan->cells[i];
        json_array_append_new(cells, cell_describe(cell, cell_group(cell, groups)));
    }
    json_decref(groups);
    return cells;
}

int description_binaries_add(const struct plan *plan, json_t *binaries)
{
    for (size_t i = 0; i < plan->cell_count; i++) {
        const struct plan_cell *cell = &plan->cells[i];
        char digits[65];
        if (json_object_get(binaries, pair_name(cell)))
            continue;
        if (hash_file(cell->pair, digits) != 0)
            return message_bad_input("%s: %s", cell->pair, strerror(errno));
        json_object_set_new(binaries, pair_name(cell), json_string(digits));
    }
    return 0;
}

int description_allocator_try(const char *pair, const struct allocator *allocator, json_t **ret_allocator)
{
    struct pair_process process;
    struct command_request request = {
        .pair = pair, .workload_options = "", .collector_options = "", .allocator = allocator, .seed = 1};
    int status = 0;
    pair_process_run(&request, SUBPROCESS_QUICK, &process);
    if (process.end == SUBPROCESS_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else if (!pair_process_succeeded(&process))
        status = message_bad_input("allocator %s: %s", allocator->name,
                                   process.said ? process.said : "the process wrote no record");
    else
        *ret_allocator = json_pack("{sO? sO?}", "object", json_object_get(process.record, "allocator_object"),
                                   "version", json_object_get(process.record, "allocator_version"));
    pair_process_free(&process);
    return status;
}

static const char *null_pair_on(const struct plan *plan, const struct allocator *allocator)
{
    for (size_t i = 0; i < plan->cell_count; i++)
        if (plan->cells[i].allocator == allocator && plan->cells[i].baseline)
            return plan->cells[i].pair;
    return NULL;
}

/* Tries every allocator of the plan, in each of its tunings. */
static int allocators_describe(const struct plan *plan, json_t *allocators)
{
    int status = 0;
    for (size_t i = 0; i < plan->allocator_count && status == 0; i++) {
        const struct allocator *allocator = &plan->allocators[i];
        const char *pair = null_pair_on(plan, allocator);
        json_t *found = NULL;
        status = pair ? description_allocator_try(pair, allocator, &found) : 0;
        if (found)
            json_object_set_new(allocators, allocator->name, found);
    }
    return status;
}

static json_t *versions_describe(const struct measure_tools *tools, json_t *allocators)
{
    const char *name;
    json_t *allocator,
        *versions = json_pack("{ss ss ss ss}", "gcmatrix", GCMATRIX_VERSION, "compiler", GCMATRIX_COMPILER,
                              "libc", gnu_get_libc_version(), "hyperfine", tools->hyperfine_version);
    json_object_foreach(allocators, name, allocator) {
        json_t *version = json_object_get(allocator, "version");
        json_object_set_new(versions, name, version ? json_incref(version) : json_null());
    }
    return versions;
}

static json_t *warnings_describe(void)
{
    size_t count;
    json_t *warnings = json_array();
    struct machine_check *checks = machine_checks_make("", &count);
    for (size_t i = 0; i < count; i++)
        if (!checks[i].good) {
            char *words = text_format("%s is %s: %s", checks[i].name, checks[i].found, checks[i].remedy);
            json_array_append_new(warnings, json_string(words));
            free(words);
        }
    machine_checks_free(checks, count);
    return warnings;
}

int description_make(const struct spec *spec, const struct plan *plan, const struct measure_tools *tools,
                     const struct layouts *layouts, json_t **ret_manifest)
{
    char now[32];
    json_t *binaries = json_object(), *allocators = json_object();
    int status = description_binaries_add(plan, binaries);
    if (status == 0)
        status = allocators_describe(plan, allocators);
    if (status == 0) {
        folder_time_now(now);
        *ret_manifest =
            json_pack("{ss ss ss sn so ss sI sI so so so so so sO sO}", "schema", MANIFEST_SCHEMA, "name",
                      spec->name, "created", now, "finished", "spec", spec_describe(spec), "spec_sha256",
                      spec->sha256, "blocks", (json_int_t)spec->blocks, "seed", (json_int_t)spec->seed,
                      "cells", cells_describe(plan), "layouts", layouts_describe(layouts), "machine",
                      machine_describe(), "warnings", warnings_describe(), "versions",
                      versions_describe(tools, allocators), "binaries", binaries, "allocators", allocators);
    }
    json_decref(binaries);
    json_decref(allocators);
    return status;
}

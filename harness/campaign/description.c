/* SPDX-License-Identifier: MIT */
#include "harness/campaign/description.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/decide.h"
#include "harness/campaign/machine/machine-checks.h"
#include "harness/campaign/machine/machine.h"
#include "harness/campaign/process/hash.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/results/folder.h"
#include "harness/results/json-text.h"
#include "harness/results/manifest.h"
#include "harness/results/order.h"

/* How the chance of any wrong statement among all comparisons of a metric is held. */
#define DESCRIPTION_METHOD                                                                                   \
    "Student's t, moderated (Smyth 2004), of ln(a / b) paired by block; alpha is shared among looks in "     \
    "proportion to 1 / k, and evenly among comparisons (Lan and DeMets 1983; Bonferroni)"

/* The executable's name, behind the other build's where it is of that; the caller frees it. */
static char *pair_name(const struct plan_cell *cell)
{
    return text_format("%s%s%s", cell->build, *cell->build ? "/" : "", strrchr(cell->pair, '/') + 1);
}

/*
 * The group of a cell's workload, as its description says, or "". Runs one short process for each workload,
 * and remembers the answer in `groups`. NULL after one line, where that process fails: a run that was begun
 * without its groups could not be resumed.
 */
static const char *cell_group(const struct plan_cell *cell, json_t *groups)
{
    if (!json_object_get(groups, cell->workload)) {
        json_t *description = pairs_describe(cell->pair);
        if (!description)
            return NULL;
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
    char *pair = pair_name(cell);
    json_t *description = json_pack(
        "{ss ss ss ss ss ss ss ss? so so ss ss ss sb sb}", "workload", cell->workload, "workload_options",
        cell->workload_options, "group", group, "collector", cell->collector, "collector_options",
        cell->collector_options, "allocator", cell->allocator->name, "tuning", cell->allocator->tuning->name,
        "heap", cell->heap, "heap_limit_bytes", limit, "minimum_heap_bytes", minimum, "memory", cell->memory,
        "build", cell->build, "pair", pair, "baseline", cell->baseline, "observes", cell->observes);
    if (cell->process_limit)
        json_object_set_new(description, "process_limit_bytes",
                            json_integer((json_int_t)cell->process_limit));
    free(pair);
    return description;
}

static int cells_describe(const struct plan *plan, json_t **ret_cells)
{
    json_t *cells = json_array(), *groups = json_object();
    const char *group = "";
    for (size_t i = 0; i < plan->cell_count && group; i++)
        if ((group = cell_group(&plan->cells[i], groups)))
            json_array_append_new(cells, cell_describe(&plan->cells[i], group));
    json_decref(groups);
    if (group)
        *ret_cells = cells;
    else
        json_decref(cells);
    return group ? 0 : MESSAGE_BAD_INPUT;
}

int description_binaries_add(const struct plan *plan, json_t *binaries)
{
    for (size_t i = 0; i < plan->cell_count; i++) {
        const struct plan_cell *cell = &plan->cells[i];
        char digits[65], *name = pair_name(cell);
        bool known = json_object_get(binaries, name);
        int failed = known ? 0 : hash_file(cell->pair, digits);
        if (!known && failed == 0)
            json_object_set_new(binaries, name, json_string(digits));
        free(name);
        if (failed)
            return message_bad_input("%s: %s", cell->pair, strerror(errno));
    }
    return 0;
}

/* The other build's name where the plan has two builds, and each executable is the same in both; else NULL. */
static const char *build_that_is_same(const struct plan *plan, const json_t *binaries)
{
    const char *build = NULL;
    for (size_t i = 0; i < plan->cell_count; i++) {
        const struct plan_cell *cell = &plan->cells[i];
        if (!*cell->build)
            continue;
        char *name = pair_name(cell);
        const json_t *theirs = json_object_get(binaries, name);
        const json_t *ours = json_object_get(binaries, name + strlen(cell->build) + 1);
        bool same = ours && theirs && json_equal(ours, theirs);
        free(name);
        if (!same)
            return NULL;
        build = cell->build;
    }
    return build;
}

char *description_same_builds(const struct plan *plan, const json_t *binaries)
{
    const char *build = build_that_is_same(plan, binaries);
    return build
               ? text_format("every executable of %s has the same bytes as this build's: the run compares a "
                             "build with itself",
                             build)
               : NULL;
}

/* Says and notes that both builds are the same, where they are. */
static void same_builds_warn(const struct plan *plan, const json_t *binaries, json_t *manifest)
{
    char *words = description_same_builds(plan, binaries);
    if (!words)
        return;
    message_note("%s", words);
    json_array_append_new(json_object_get(manifest, "warnings"), json_text(words));
    free(words);
}

int description_allocator_try(const char *pair, const struct allocator *allocator, json_t **ret_allocator)
{
    struct pair_process process;
    struct command_request request = {
        .pair = pair, .workload_options = "", .collector_options = "", .allocator = allocator, .seed = 1};
    int status = 0;
    pair_process_run(&request, SUBPROCESS_ANSWER, &process);
    if (process.end == SUBPROCESS_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else if (!pair_process_succeeded(&process))
        status = pair_process_allocator_refuse(allocator, process.end, process.code, process.said,
                                               SUBPROCESS_ANSWER);
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
            json_array_append_new(warnings, json_text(words));
            free(words);
        }
    machine_checks_free(checks, count);
    return warnings;
}

/* How the run ends, and what it decides by. */
static json_t *design_describe(const struct spec *spec, const json_t *cells)
{
    size_t looks[SEQUENTIAL_LOOKS] = {spec->blocks}, count = 1;
    struct sequential_design design = sequential_usual(spec->first, spec->blocks, decide_family(cells));
    if (spec->first >= 2)
        count = sequential_looks(&design, looks);
    json_t *places = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(places, json_integer((json_int_t)looks[i]));
    return json_pack("{ss sf sf sf sI sI so so ss so* sI ss}", "kind",
                     spec->sequential ? "precision" : "blocks", "precision", spec->precision, "minimum",
                     spec->minimum, "alpha", design.alpha, "first", (json_int_t)spec->first, "blocks",
                     (json_int_t)spec->blocks, "budget_seconds",
                     spec->budget_seconds ? json_integer((json_int_t)spec->budget_seconds) : json_null(),
                     "looks", places, "spending", sequential_spending_names[design.spending], "figures",
                     spec->sequential ? json_real(spec->precision) : NULL, "family",
                     (json_int_t)design.family, "method", DESCRIPTION_METHOD);
}

json_t *description_plan(const struct spec *spec, const struct plan *plan)
{
    json_t *cells = json_array();
    for (size_t i = 0; i < plan->cell_count; i++)
        json_array_append_new(cells, cell_describe(&plan->cells[i], ""));
    return json_pack("{sI so so}", "blocks", (json_int_t)spec->blocks, "design", design_describe(spec, cells),
                     "cells", cells);
}

/* The collector that the others are compared with; null: none is named. */
static json_t *baseline_describe(const struct spec *spec)
{
    char *name, *options;
    if (!spec->baseline)
        return json_null();
    pairs_entry_split(spec->baseline, &name, &options);
    json_t *baseline = json_pack("{ss ss}", "collector", name, "options", options);
    free(name);
    free(options);
    return baseline;
}

static bool plan_has_builds(const struct plan *plan)
{
    for (size_t i = 0; i < plan->cell_count; i++)
        if (*plan->cells[i].build)
            return true;
    return false;
}

int description_same_builds_say(const struct plan *plan)
{
    if (!plan_has_builds(plan))
        return 0;
    json_t *binaries = json_object();
    int status = description_binaries_add(plan, binaries);
    char *words = status == 0 ? description_same_builds(plan, binaries) : NULL;
    if (words)
        message_note("%s", words);
    free(words);
    json_decref(binaries);
    return status;
}

int description_make(const struct spec *spec, const struct plan *plan, const struct measure_tools *tools,
                     const struct layouts *layouts, json_t **ret_manifest)
{
    char now[32];
    json_t *binaries = json_object(), *allocators = json_object(), *cells = NULL;
    int status = description_binaries_add(plan, binaries);
    if (status == 0)
        status = allocators_describe(plan, allocators);
    if (status == 0)
        status = cells_describe(plan, &cells);
    if (status == 0) {
        folder_time_now(now);
        *ret_manifest = json_pack(
            "{ss ss ss sn sn so ss sI so so s[] sI ss so so so so so sO sO}", "schema", MANIFEST_SCHEMA,
            "name", spec->name, "created", now, "finished", "ended", "spec", spec_describe(spec),
            "spec_sha256", spec->sha256, "blocks", (json_int_t)spec->blocks, "design",
            design_describe(spec, cells), "baseline", baseline_describe(spec), "sessions", "seed",
            (json_int_t)spec->seed, "order", order_names[ORDER_GROUPED], "cells", cells, "layouts",
            layouts_describe(layouts), "machine", machine_describe(), "warnings", warnings_describe(),
            "versions", versions_describe(tools, allocators), "binaries", binaries, "allocators", allocators);
        same_builds_warn(plan, binaries, *ret_manifest);
    }
    json_decref(binaries);
    json_decref(allocators);
    return status;
}

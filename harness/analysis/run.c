/* SPDX-License-Identifier: MIT */
#include "harness/analysis/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "base/text.h"
#include "harness/analysis/observers.h"
#include "harness/results/attempts.h"
#include "harness/results/parts.h"
#include "harness/results/reference.h"

const struct run_metric_name run_metric_names[RUN_METRICS] = {
    [RUN_WALL] = {"wall", "ns"},
    [RUN_CPU] = {"cpu", "ns"},
    [RUN_PEAK] = {"peak", "bytes"},
    [RUN_LEAKED] = {"leaked", "bytes"},
    [RUN_SHARE] = {"leaked_share", "share"},
    [RUN_PROCESS] = {"process", "ns"},
    [RUN_ALLOCATED] = {"allocated", "bytes"},
    [RUN_COLLECTIONS] = {"collections", "count"},
    [RUN_PAUSES] = {"pauses", "count"},
    [RUN_PAUSE_TOTAL] = {"pause_total", "ns"},
    [RUN_PAUSE_P50] = {"pause_p50", "ns"},
    [RUN_PAUSE_P90] = {"pause_p90", "ns"},
    [RUN_PAUSE_P99] = {"pause_p99", "ns"},
    [RUN_PAUSE_P999] = {"pause_p999", "ns"},
    [RUN_PAUSE_MAX] = {"pause_max", "ns"},
    [RUN_DISTILLED] = {"distilled", "ns"},
    [RUN_DISTILLED_CPU] = {"distilled_cpu", "ns"},
    [RUN_INSTRUCTIONS] = {"instructions", "count"},
    [RUN_OWN] = {"own", "ns"},
    [RUN_MUTATOR] = {"mutator", "ns"},
    [RUN_COLLECTING] = {"collecting", "ns"},
    [RUN_CASCADES] = {"cascades", "ns"},
    [RUN_KERNEL] = {"kernel", "ns"},
    [RUN_WAITING] = {"waiting", "ns"},
    [RUN_FAULTS] = {"faults", "count"},
};

/* The least peak memory of a workload, one page: a peak of 0 would have no ratio. */
static const double RUN_PAGE = 4096;

static double run_number(int64_t field)
{
    return field == STORE_MISSING ? NAN : (double)field;
}

static double run_share(const struct store_row *row)
{
    double leaked = run_number(row->leaked_bytes), garbage = leaked + run_number(row->freed_bytes);
    return garbage > 0 ? leaked / garbage : isnan(garbage) ? NAN : 0;
}

static double run_cpu(const struct store_row *row)
{
    return run_number(row->user_ns) + run_number(row->sys_ns);
}

/*
 * Only the wall time of a pause is measured. One thread runs, so pauses have the same share of CPU time as of
 * wall time. Subtracting the pauses' whole wall time would lower the bound on a machine that waits.
 */
static double run_distilled_cpu(const struct store_row *row)
{
    double wall = run_number(row->wall_ns);
    return wall > 0 ? run_cpu(row) * (1 - fmin(1, run_number(row->pause_total_ns) / wall)) : NAN;
}

/*
 * A part of the wall time. Rows of the first schema have user and system time alone: the one is the program's
 * and the collector's own, the other the kernel's.
 */
static double run_part(const struct store_row *row, enum run_metric metric)
{
    struct parts parts;
    bool divided = parts_of_row(row, &parts);
    switch (metric) {
    case RUN_OWN:
        return divided ? parts.mutator + parts.collecting + parts.cascades
                       : fmin(run_number(row->user_ns), run_number(row->wall_ns));
    case RUN_KERNEL:
        return divided ? parts.kernel_mutator + parts.kernel_collecting + parts.kernel_cascades
                       : run_number(row->sys_ns);
    case RUN_MUTATOR:
        return divided ? parts.mutator : NAN;
    case RUN_COLLECTING:
        return divided ? parts.collecting : NAN;
    case RUN_CASCADES:
        return divided ? parts.cascades : NAN;
    default:
        return divided ? parts.waiting : NAN;
    }
}

static double run_value(const struct store_row *row, enum run_metric metric)
{
    switch (metric) {
    case RUN_WALL:
        return run_number(row->wall_ns);
    case RUN_CPU:
        return run_cpu(row);
    case RUN_PEAK:
        return fmax(RUN_PAGE, run_number(row->max_rss_bytes) - run_number(row->baseline_rss_bytes));
    case RUN_LEAKED:
        return run_number(row->leaked_bytes);
    case RUN_SHARE:
        return run_share(row);
    case RUN_PROCESS:
        return run_number(row->process_wall_ns) - run_number(row->closing_ns);
    case RUN_ALLOCATED:
        return run_number(row->allocated_bytes);
    case RUN_COLLECTIONS:
        return run_number(row->collections);
    case RUN_PAUSES:
        return run_number(row->pause_count);
    case RUN_PAUSE_TOTAL:
        return run_number(row->pause_total_ns);
    case RUN_PAUSE_P50:
        return run_number(row->pause_p50_ns);
    case RUN_PAUSE_P90:
        return run_number(row->pause_p90_ns);
    case RUN_PAUSE_P99:
        return run_number(row->pause_p99_ns);
    case RUN_PAUSE_P999:
        return run_number(row->pause_p999_ns);
    case RUN_PAUSE_MAX:
        return row->pause_count == 0 ? 0 : run_number(row->pause_max_ns);
    case RUN_DISTILLED:
        return run_number(row->wall_ns) - run_number(row->pause_total_ns);
    case RUN_DISTILLED_CPU:
        return run_distilled_cpu(row);
    case RUN_INSTRUCTIONS:
        return run_number(row->instructions);
    case RUN_FAULTS:
        return run_number(row->minor_faults) + run_number(row->major_faults);
    case RUN_OWN:
    case RUN_MUTATOR:
    case RUN_COLLECTING:
    case RUN_CASCADES:
    case RUN_KERNEL:
    case RUN_WAITING:
        return run_part(row, metric);
    default:
        return NAN;
    }
}

/*
 * What tells one entry of a list from another: name and options, or allocator and tuning. A collector in a
 * heap of another size is another config, as is one of another build. An allocator with the process's pages
 * present before its clock starts is another setting.
 */
struct run_identity {
    const char *name, *detail, *heap, *build, *memory;
};

/* The keys of the manifest that hold an identity; NULL for one that the list does not have. */
struct run_keys {
    const char *name, *detail, *heap, *build, *memory;
};

const json_t *run_cell_manifest(const struct run *run, const struct run_cell *cell)
{
    return json_array_get(json_object_get(run->store->manifest, "cells"), (size_t)(cell - run->cells));
}

const char *run_cell_text(const struct run *run, const struct run_cell *cell, const char *key)
{
    const char *text = json_string_value(json_object_get(run_cell_manifest(run, cell), key));
    return text ? text : "";
}

/* Whether both manifests give the same text for `key`. Memory is cold where none is named. */
static bool run_cell_agrees(const struct run *run, const struct run_cell *cell, const struct run *other,
                            const struct run_cell *that, const char *key)
{
    const char *left = run_cell_text(run, cell, key), *right = run_cell_text(other, that, key);
    if (strcmp(key, "memory") == 0) {
        left = *left ? left : "cold";
        right = *right ? right : "cold";
    }
    return strcmp(left, right) == 0;
}

const struct run_cell *run_cell_same(const struct run *run, const struct run *from,
                                     const struct run_cell *cell)
{
    static const char *const keys[] = {"workload", "collector",        "allocator",
                                       "tuning",   "workload_options", "collector_options",
                                       "heap",     "memory",           "build"};
    enum { KEYS = sizeof(keys) / sizeof(keys[0]) };
    for (size_t i = 0; i < run->cell_count; i++) {
        size_t same = 0;
        while (same < KEYS && run_cell_agrees(run, &run->cells[i], from, cell, keys[same]))
            same++;
        if (same == KEYS)
            return &run->cells[i];
    }
    return NULL;
}

/* Returns the text that the manifest gives for `key`, and "" for a key of NULL. */
static const char *run_key_text(const struct run *run, size_t cell, const char *key)
{
    return key ? run_cell_text(run, &run->cells[cell], key) : "";
}

static struct run_identity run_identify(const struct run *run, size_t cell, const struct run_keys *keys)
{
    const char *memory = run_key_text(run, cell, keys->memory);
    return (struct run_identity){
        .name = run_key_text(run, cell, keys->name),
        .detail = run_key_text(run, cell, keys->detail),
        .heap = run_key_text(run, cell, keys->heap),
        .build = run_key_text(run, cell, keys->build),
        .memory = strcmp(memory, "cold") == 0 ? "" : memory,
    };
}

static bool run_identities_equal(const struct run_identity *a, const struct run_identity *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->detail, b->detail) == 0 &&
           strcmp(a->heap, b->heap) == 0 && strcmp(a->build, b->build) == 0 &&
           strcmp(a->memory, b->memory) == 0;
}

/* Whether the `length` bytes at `item` are one of the comma-separated items of `detail`. */
static bool run_detail_has(const char *detail, const char *item, size_t length)
{
    while (*detail) {
        size_t item_length = strcspn(detail, ",");
        if (item_length == length && strncmp(detail, item, length) == 0)
            return true;
        detail += item_length + (detail[item_length] == ',');
    }
    return false;
}

/* Whether every entry called `name` has the item. */
static bool run_item_is_common(const struct run_identity *entries, size_t count, const char *name,
                               const char *item, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(entries[i].name, name) == 0 && !run_detail_has(entries[i].detail, item, length))
            return false;
    return true;
}

/*
 * Returns "name", or "name:detail" with the options in which entries of that name differ, and the heap if
 * it has one; then " (build)" and " warm". A setting has no comma in its label, for gnuplot ends a text there.
 * The tuning "default" and the memory "cold" are never written: a plain name means the allocator as it comes.
 * `whole` writes all options.
 */
static char *run_list_label(const struct run_identity *entries, size_t count, size_t which, bool whole)
{
    char *label = NULL;
    size_t size = 0, items = 0;
    FILE *stream = memory_stream(&label, &size);
    fputs(entries[which].name, stream);
    for (const char *item = entries[which].detail; *item;) {
        size_t length = strcspn(item, ",");
        bool is_default = length == strlen("default") && strncmp(item, "default", length) == 0;
        bool told = whole || !run_item_is_common(entries, count, entries[which].name, item, length);
        if (!is_default && told)
            fprintf(stream, "%c%.*s", items++ ? ',' : ':', (int)length, item);
        item += length + (item[length] == ',');
    }
    if (*entries[which].heap)
        fprintf(stream, "%cheap=%s", items ? ',' : ':', entries[which].heap);
    if (*entries[which].build)
        fprintf(stream, " (%s)", entries[which].build);
    if (*entries[which].memory)
        fprintf(stream, " %s", entries[which].memory);
    memory_stream_close(stream);
    return label;
}

/* Finds the identity of a cell in the list or appends it. Sets the cell's place, the field at `offset`. */
static void run_list_place(struct run *run, struct run_list *list, struct run_identity *found, size_t cell,
                           const struct run_keys *keys, size_t offset)
{
    struct run_identity identity = run_identify(run, cell, keys);
    size_t place = 0;
    while (place < list->count && !run_identities_equal(&found[place], &identity))
        place++;
    if (place == list->count) {
        list->groups[place] = text_format("%s", run_cell_text(run, &run->cells[cell], "group"));
        found[list->count++] = identity;
    }
    *(size_t *)((char *)&run->cells[cell] + offset) = place;
}

/* Options in another order give the same label. The later of two such entries shows its whole detail. */
static void run_list_tell_apart(struct run_list *list, const struct run_identity *found)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = i + 1; j < list->count; j++) {
            if (strcmp(list->names[i], list->names[j]) != 0)
                continue;
            free(list->names[j]);
            list->names[j] = run_list_label(found, list->count, j, true);
        }
}

/* Lists the distinct identities of all cells in the order of the plan; those of cells put aside come last. */
static void run_list_build(struct run *run, struct run_list *list, const struct run_keys *keys, size_t offset)
{
    struct run_identity *found = memory_new(run->cell_count, sizeof(*found));
    list->names = memory_new(run->cell_count, sizeof(*list->names));
    list->groups = memory_new(run->cell_count, sizeof(*list->groups));
    for (size_t cell = 0; cell < run->cell_count; cell++)
        if (!run_cell_is_aside(&run->cells[cell]))
            run_list_place(run, list, found, cell, keys, offset);
    list->measured = list->count;
    for (size_t cell = 0; cell < run->cell_count; cell++)
        if (run_cell_is_aside(&run->cells[cell]))
            run_list_place(run, list, found, cell, keys, offset);
    for (size_t i = 0; i < list->count; i++)
        list->names[i] = run_list_label(found, list->count, i, false);
    run_list_tell_apart(list, found);
    free(found);
}

static void run_lists_build(struct run *run)
{
    static const struct run_keys work = {.name = "workload", .detail = "workload_options"};
    static const struct run_keys config = {
        .name = "collector", .detail = "collector_options", .heap = "heap", .build = "build"};
    static const struct run_keys setting = {.name = "allocator", .detail = "tuning", .memory = "memory"};
    run_list_build(run, &run->works, &work, offsetof(struct run_cell, work));
    run_list_build(run, &run->configs, &config, offsetof(struct run_cell, config));
    run_list_build(run, &run->settings, &setting, offsetof(struct run_cell, setting));
}

static void run_take_row(struct run *run, const struct store_row *row)
{
    struct run_cell *cell = &run->cells[row->cell];
    if (row->layout > 0 && (size_t)row->layout < run->blocks) {
        run->layouts[row->block] = (size_t)row->layout;
        if (run->layout_count <= (size_t)row->layout)
            run->layout_count = (size_t)row->layout + 1;
    }
    cell->processes++;
    cell->rows[row->block] = row;
    if (!cell->row)
        cell->row = row;
    if (strcmp(row->status, "ok") != 0) {
        if (!cell->failed++) {
            cell->status = row->status;
            cell->row = row;
        }
        return;
    }
    for (int metric = 0; metric < RUN_METRICS; metric++)
        cell->values[(size_t)metric * run->blocks + (size_t)row->block] =
            run_value(row, (enum run_metric)metric);
}

/* Sets the reason of a blank cell. */
static void run_explain(struct run_cell *cell)
{
    if (cell->processes == 0) {
        cell->status = "missing";
        cell->reason = text_format("no process has run yet");
    } else if (cell->failed == cell->processes)
        cell->reason = text_format("%s", cell->row->reason[0] ? cell->row->reason : cell->status);
    else if (cell->failed)
        cell->reason = text_format("%zu of %zu processes: %s", cell->failed, cell->processes,
                                   cell->row->reason[0] ? cell->row->reason : cell->status);
}

/* Whether the config is the floor: it allocated, and freed nothing anywhere in the run. */
static bool run_config_is_floor(const struct run *run, size_t config)
{
    bool allocated = false;
    for (size_t i = 0; i < run->store->row_count; i++) {
        const struct store_row *row = &run->store->rows[i];
        if (run->cells[row->cell].config != config || strcmp(row->status, "ok") != 0)
            continue;
        if (row->freed_bytes > 0)
            return false;
        allocated |= row->allocated_bytes > 0;
    }
    return allocated;
}

static void run_assign_roles(struct run *run)
{
    for (size_t config = 0; config < run->configs.count; config++) {
        bool floor = run_config_is_floor(run, config);
        for (size_t i = 0; i < run->cell_count; i++) {
            struct run_cell *cell = &run->cells[i];
            if (cell->config != config)
                continue;
            bool leaks = run_cell_median(run, cell, RUN_SHARE) > RUN_LEAK_ALLOWED;
            cell->role = floor ? RUN_FLOOR : leaks ? RUN_LEAKS : RUN_RECLAIMS;
        }
    }
}

/* Sets `observer` of every cell. Asks once for each collector. */
static void run_find_observers(struct run *run)
{
    for (size_t i = 0; i < run->cell_count; i++) {
        const char *collector = run_cell_text(run, &run->cells[i], "collector");
        size_t first = 0;
        while (first < i && strcmp(run_cell_text(run, &run->cells[first], "collector"), collector) != 0)
            first++;
        const json_t *says = json_object_get(run_cell_manifest(run, &run->cells[i]), "observes");
        run->cells[i].observer = json_is_boolean(says) ? json_is_true(says)
                                 : first < i           ? run->cells[first].observer
                                                       : observers_include(run->store, collector);
    }
}

static void run_cells_build(struct run *run)
{
    const json_t *cells = json_object_get(run->store->manifest, "cells");
    run->cell_count = json_array_size(cells);
    run->blocks = (size_t)json_integer_value(json_object_get(run->store->manifest, "blocks"));
    run->cells = memory_new(run->cell_count, sizeof(*run->cells));
    run->layouts = memory_new(run->blocks, sizeof(*run->layouts));
    run->layout_count = 1;
    for (size_t i = 0; i < run->cell_count; i++) {
        struct run_cell *cell = &run->cells[i];
        cell->baseline = json_is_true(json_object_get(json_array_get(cells, i), "baseline"));
        cell->status = "ok";
        cell->rows = memory_new(run->blocks, sizeof(*cell->rows));
        cell->values = memory_new(RUN_METRICS * run->blocks, sizeof(double));
        for (size_t value = 0; value < RUN_METRICS * run->blocks; value++)
            cell->values[value] = NAN;
    }
    run_find_observers(run);
    run_lists_build(run);
}

/* Takes the attempt of each process that counts. */
static void run_take_rows(struct run *run)
{
    const struct store *store = run->store;
    bool *counts = memory_new(store->row_count, sizeof(*counts));
    attempts_choose(store->rows, store->row_count, counts);
    for (size_t i = 0; i < store->row_count; i++) {
        run->cells[store->rows[i].cell].attempts++;
        if (counts[i])
            run_take_row(run, &store->rows[i]);
    }
    free(counts);
}

/* Takes what the campaign decided, and counts the processes that are to come by the next look. */
static void run_take_decisions(struct run *run)
{
    const json_t *manifest = run->store->manifest;
    run->decide = decide_new(manifest);
    decide_rows(run->decide, run->store->rows, run->store->row_count);
    run->ended = json_is_string(json_object_get(manifest, "ended")) ||
                 json_is_string(json_object_get(manifest, "finished"));
    for (size_t i = 0; i < run->cell_count; i++) {
        struct run_cell *cell = &run->cells[i];
        cell->as_warm = run->decide->states[i] == DECIDE_AS_WARM && cell->processes <= DECIDE_COLD_BLOCKS;
        for (size_t block = 0; !run->ended && block < run->decide->next_look; block++)
            cell->missing += !cell->rows[block] && decide_cell_goes_on(run->decide, i, block);
        run->missing += cell->missing;
    }
}

static void run_build(struct run *run)
{
    run_cells_build(run);
    run_take_rows(run);
    run_take_decisions(run);
    for (size_t i = 0; i < run->cell_count; i++)
        run_explain(&run->cells[i]);
    run_assign_roles(run);
    uint64_t seed = (uint64_t)json_integer_value(json_object_get(run->store->manifest, "seed"));
    bootstrap_init(&run->bootstrap, BOOTSTRAP_RESAMPLES, run->blocks, seed);
}

/* Reads the times of the reference program; none where it did not run. */
static int run_read_reference(struct run *run)
{
    struct reference reference;
    int status = reference_read(run->store->dir, &reference);
    if (status != 1)
        return status;
    run->reference_ns = memory_new(run->blocks, sizeof(*run->reference_ns));
    reference_block_times(&reference, run->blocks, run->reference_ns);
    reference_free(&reference);
    return 0;
}

int run_open(struct run *run, const char *folder)
{
    *run = (struct run){0};
    int status = store_open(folder, &run->store);
    if (status != 0)
        return status;
    run_build(run);
    status = run_read_reference(run);
    if (status != 0)
        run_close(run);
    return status;
}

static void run_list_free(struct run_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->names[i]);
        free(list->groups[i]);
    }
    free(list->names);
    free(list->groups);
}

void run_close(struct run *run)
{
    for (size_t i = 0; run->cells && i < run->cell_count; i++) {
        free(run->cells[i].reason);
        free(run->cells[i].values);
        free(run->cells[i].rows);
    }
    free(run->cells);
    free(run->layouts);
    run_list_free(&run->works);
    run_list_free(&run->configs);
    run_list_free(&run->settings);
    bootstrap_fini(&run->bootstrap);
    decide_free(run->decide);
    free(run->reference_ns);
    store_close(run->store);
    *run = (struct run){0};
}

const struct run_cell *run_cell_at(const struct run *run, size_t work, size_t config, size_t setting)
{
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (cell->work == work && cell->config == config && cell->setting == setting)
            return cell;
    }
    return NULL;
}

/* Returns any cell of a config; every config has one. */
static const struct run_cell *run_config_cell(const struct run *run, size_t config)
{
    const struct run_cell *cell = run->cells;
    while (cell->config != config)
        cell++;
    return cell;
}

size_t run_baseline(const struct run *run)
{
    const json_t *baseline = json_object_get(run->store->manifest, "baseline");
    const char *collector = json_string_value(json_object_get(baseline, "collector"));
    const char *options = json_string_value(json_object_get(baseline, "options"));
    for (size_t config = 0; collector && config < run->configs.measured; config++) {
        const struct run_cell *cell = run_config_cell(run, config);
        if (strcmp(run_cell_text(run, cell, "collector"), collector) == 0 &&
            strcmp(run_cell_text(run, cell, "collector_options"), options ? options : "") == 0)
            return config;
    }
    return run->configs.count;
}

const struct run_cell *run_cell_baseline(const struct run *run, const struct run_cell *cell, size_t config)
{
    static const char *const of_collector[] = {"collector", "collector_options"};
    static const char *const of_place[] = {"heap", "build"};
    if (config >= run->configs.count)
        return NULL;
    const struct run_cell *wanted = run_config_cell(run, config);
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *found = &run->cells[i];
        bool same = found->work == cell->work && found->setting == cell->setting;
        for (size_t key = 0; same && key < 2; key++)
            same = run_cell_agrees(run, found, run, wanted, of_collector[key]) &&
                   run_cell_agrees(run, found, run, cell, of_place[key]);
        if (same)
            return found;
    }
    return NULL;
}

double run_cell_median(const struct run *run, const struct run_cell *cell, enum run_metric metric)
{
    return run_cell_is_whole(cell) ? quantile_median(run_cell_values(run, cell, metric), run->blocks) : NAN;
}

struct bootstrap_interval run_cell_interval(const struct run *run, const struct run_cell *cell,
                                            enum run_metric metric)
{
    struct bootstrap_interval interval = {NAN, NAN};
    double *medians = memory_new(run->bootstrap.resamples, sizeof(*medians));
    if (run_cell_is_whole(cell) && cell->processes > 1) {
        bootstrap_medians(&run->bootstrap, run_cell_values(run, cell, metric), medians);
        interval = bootstrap_interval_of(medians, run->bootstrap.resamples, 0.95);
    }
    free(medians);
    return interval;
}

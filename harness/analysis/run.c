/* SPDX-License-Identifier: MIT */
#include "harness/analysis/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "harness/analysis/observers.h"
#include "harness/analysis/run-internal.h"
#include "harness/results/attempts.h"
#include "harness/results/damage.h"
#include "harness/results/reference.h"
#include "harness/results/run-machines.h"
#include "harness/results/warmth.h"

const json_t *run_cell_manifest(const struct run *run, const struct run_cell *cell)
{
    return json_array_get(json_object_get(run->store->manifest, "cells"), (size_t)(cell - run->cells));
}

const char *run_cell_text(const struct run *run, const struct run_cell *cell, const char *key)
{
    const char *text = json_string_value(json_object_get(run_cell_manifest(run, cell), key));
    return text ? text : "";
}

bool run_cell_is_warm(const struct run *run, const struct run_cell *cell)
{
    return strcmp(run_cell_text(run, cell, "memory"), "warm") == 0;
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

const struct run_cell *run_cell_cold_twin(const struct run *run, const struct run_cell *cell)
{
    static const char *const keys[] = {"workload",         "collector",         "allocator", "tuning",
                                       "workload_options", "collector_options", "heap",      "build"};
    enum { KEYS = sizeof(keys) / sizeof(keys[0]) };
    for (size_t i = 0; i < run->cell_count && run_cell_is_warm(run, cell); i++) {
        const struct run_cell *other = &run->cells[i];
        size_t same = 0;
        while (same < KEYS && run_cell_agrees(run, other, run, cell, keys[same]))
            same++;
        if (same == KEYS && !run_cell_is_warm(run, other))
            return other;
    }
    return NULL;
}

struct run_warmth run_warmth(const struct run *run)
{
    struct run_warmth sum = {0};
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (!run_cell_is_warm(run, cell) || run_cell_is_aside(cell) || cell->processes == 0)
            continue;
        sum.cells++;
        sum.processes += cell->processes;
        sum.lacking_cells += cell->not_warm > 0;
        sum.lacking_processes += cell->not_warm;
        if (cell->not_warm > (sum.worst ? sum.worst->not_warm : 0))
            sum.worst = cell;
    }
    return sum;
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
            run_value_of(row, (enum run_metric)metric);
}

enum { RUN_REASON_MOST = 1000 }; /* characters */

/* Sets the reason of a blank cell, as plain text. */
static void run_explain(struct run_cell *cell)
{
    if (cell->processes == 0) {
        cell->status = "missing";
        cell->reason = text_format("no process has run yet");
    }
    if (cell->failed == 0)
        return;
    char *reason = escape_plain(cell->row->reason[0] ? cell->row->reason : cell->status, RUN_REASON_MOST);
    if (cell->failed == cell->processes)
        cell->reason = text_format("%s", reason);
    else
        cell->reason = text_format("%zu of %zu processes: %s", cell->failed, cell->processes, reason);
    free(reason);
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

bool run_process_is_missing(const struct run *run, const struct run_cell *cell, size_t block)
{
    return run->decide && block < run->due && !cell->rows[block] && shard_has(run->shard, block) &&
           decide_cell_goes_on(run->decide, (size_t)(cell - run->cells), block);
}

/*
 * The blocks in which no process may be missing. Only the block in which a budget ended is none of them: a block
 * begins when the one before is complete.
 */
static size_t run_blocks_due(const struct run *run)
{
    const char *ended = json_string_value(json_object_get(run->store->manifest, "ended"));
    size_t due = run->decide->next_look, last = 0;
    for (size_t i = 0; i < run->store->row_count; i++)
        last = (size_t)run->store->rows[i].block > last ? (size_t)run->store->rows[i].block : last;
    return ended && strcmp(ended, "budget") == 0 && last < due ? last : due;
}

/* Takes the machines of a merged run, and chooses that of most processes, and the first of these, to be shown. */
static void run_take_machines(struct run *run)
{
    run->machines = run->decide->design.machines;
    if (!machines_are_several(&run->machines))
        return;
    size_t *processes = memory_new(run->machines.count, sizeof(*processes));
    for (size_t i = 0; i < run->store->row_count; i++)
        processes[run->machines.of_block[run->store->rows[i].block]]++;
    for (size_t machine = 1; machine < run->machines.count; machine++)
        if (processes[machine] > processes[run->shown])
            run->shown = machine;
    free(processes);
}

/* Takes what the campaign decided, and counts the processes that are to come by the next look, or are lost. */
static void run_take_decisions(struct run *run)
{
    const json_t *manifest = run->store->manifest;
    run->decide = decide_new(manifest);
    run_take_machines(run);
    run->shard = shard_of_manifest(manifest);
    decide_rows(run->decide, run->store->rows, run->store->row_count);
    run->ended = json_is_string(json_object_get(manifest, "ended")) ||
                 json_is_string(json_object_get(manifest, "finished"));
    run->due = run_blocks_due(run);
    for (size_t i = 0; i < run->cell_count; i++) {
        struct run_cell *cell = &run->cells[i];
        cell->as_warm = run->decide->as_warm[i];
        for (size_t block = 0; block < run->due; block++)
            cell->missing += run_process_is_missing(run, cell, block);
        run->missing += cell->missing;
    }
}

/* Counts the processes of warm cells that were not warm. */
static void run_find_not_warm(struct run *run)
{
    for (size_t i = 0; i < run->cell_count; i++) {
        struct run_cell *cell = &run->cells[i];
        if (!run_cell_is_warm(run, cell))
            continue;
        const struct run_cell *cold = run_cell_cold_twin(run, cell);
        double faults = cold ? run_cell_faults(run, cold) : NAN;
        for (size_t block = 0; block < run->blocks; block++)
            cell->not_warm += cell->rows[block] && warmth_is_lacking(cell->rows[block], faults);
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
    run_find_not_warm(run);
    uint64_t seed = (uint64_t)json_integer_value(json_object_get(run->store->manifest, "seed"));
    size_t shown = 0;
    for (size_t block = 0; block < run->blocks; block++)
        shown += run_block_is_shown(run, block);
    bootstrap_init(&run->bootstrap, BOOTSTRAP_RESAMPLES, shown, seed);
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

/* Builds the run of a store that has been opened. Returns 0, or a status after one line, and nothing is held. */
static int run_open_store(struct run *run)
{
    run_build(run);
    int status = run_read_reference(run);
    if (status != 0)
        run_close(run);
    return status;
}

int run_open(struct run *run, const char *folder)
{
    *run = (struct run){0};
    int status = store_open(folder, &run->store);
    if (status == 0)
        status = run_open_store(run);
    if (status == 0)
        damage_files_say(run->store);
    return status;
}

int run_open_on(struct run *run, const char *folder, size_t machine)
{
    *run = (struct run){0};
    int status = store_open(folder, &run->store);
    if (status != 0)
        return status;
    size_t blocks = (size_t)json_integer_value(json_object_get(run->store->manifest, "blocks"));
    size_t *places = memory_new(blocks, sizeof(*places));
    run_machines_of_blocks(run->store->manifest, blocks, places);
    run_machines_keep(run->store, machine);
    status = run_open_store(run);
    for (size_t block = 0; status == 0 && run->reference_ns && block < blocks; block++)
        if (places[block] != machine)
            run->reference_ns[block] = NAN;
    free(places);
    return status;
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
    run_lists_free(run);
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

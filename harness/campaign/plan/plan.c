/* SPDX-License-Identifier: MIT */
#include "harness/campaign/plan/plan.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/number.h"
#include "base/text.h"
#include "harness/campaign/minheap/minheap-file.h"
#include "harness/campaign/plan/targets.h"
#include "harness/campaign/process/command.h"
#include "harness/results/store.h"

static_assert((int)SPEC_BLOCKS_MAX <= (int)STORE_BLOCKS_MOST, "a run that can be planned can be read");

/* A plan that is being made. */
struct planning {
    struct spec *spec;
    const struct pairs *pairs;
    struct plan *plan;
    size_t cell_capacity;
    json_t *minima;                    /* published minimum heaps; NULL until an entry has heaps */
    const struct plan_build *against;  /* NULL: none */
    const struct allocator *allocator; /* of the cells that are being added */
    const char *memory;                /* of them */
    uint64_t process_limit;            /* of them, in bytes; 0: none */
    json_t *observers;                 /* from a collector's name to whether it observes */
    json_t *checked;                   /* has a key for each entry whose options are right */
};

/* One entry of a list of workloads or collectors, split into name and options, and its place for messages. */
struct entry {
    char *name, *options;
};

/* The heap of a cell: its multiple as written, or NULL, and the same in bytes. */
struct heap {
    const char *multiple;
    uint64_t minimum, limit;
};

static bool heap_same(const struct plan_cell *a, const struct plan_cell *b)
{
    return strcmp(a->heap_limit ? a->heap_limit : "", b->heap_limit ? b->heap_limit : "") == 0;
}

static bool cell_same(const struct plan_cell *a, const struct plan_cell *b)
{
    return a->allocator == b->allocator && heap_same(a, b) && strcmp(a->memory, b->memory) == 0 &&
           strcmp(a->build, b->build) == 0 && strcmp(a->workload, b->workload) == 0 &&
           strcmp(a->workload_options, b->workload_options) == 0 && strcmp(a->collector, b->collector) == 0 &&
           strcmp(a->collector_options, b->collector_options) == 0;
}

static void cell_free(struct plan_cell *cell)
{
    free(cell->workload);
    free(cell->workload_options);
    free(cell->collector);
    free(cell->collector_options);
    free(cell->heap);
    free(cell->heap_limit);
    free(cell->pair);
}

/* Whether a collector observes, as its executable says; asked once for each. Negative after one line. */
static int collector_observes(struct planning *planning, const char *collector, const char *pair)
{
    if (!json_object_get(planning->observers, collector)) {
        json_t *description = pairs_describe(pair);
        if (!description)
            return -1;
        const json_t *traits = json_object_get(json_object_get(description, "collector"), "traits");
        bool observes = json_is_true(json_object_get(traits, "observes"));
        json_object_set_new(planning->observers, collector, json_boolean(observes));
        json_decref(description);
    }
    return json_is_true(json_object_get(planning->observers, collector));
}

static void cell_append(struct planning *planning, const struct plan_cell *cell)
{
    struct plan *plan = planning->plan;
    if (plan->cell_count == planning->cell_capacity) {
        planning->cell_capacity = planning->cell_capacity ? 2 * planning->cell_capacity : 64;
        plan->cells = memory_grow(plan->cells, planning->cell_capacity, sizeof(*plan->cells));
    }
    plan->cells[plan->cell_count++] = *cell;
}

/* Adds a cell of a build, unless the plan has it already. Returns 0 or MESSAGE_BAD_INPUT. */
static int cell_add_of(struct planning *planning, const struct pairs *pairs, const char *build,
                       const char *place, const struct entry *workload, const struct entry *collector,
                       const struct heap *heap, bool baseline)
{
    struct plan *plan = planning->plan;
    struct plan_cell cell = {.workload = text_format("%s", workload->name),
                             .workload_options = text_format("%s", workload->options),
                             .collector = text_format("%s", collector->name),
                             .collector_options = text_format("%s", collector->options),
                             .allocator = planning->allocator,
                             .memory = planning->memory,
                             .build = build,
                             .heap = heap ? text_format("%s", heap->multiple) : NULL,
                             .heap_limit = heap ? text_format("%" PRIu64, heap->limit) : NULL,
                             .minimum_heap = heap ? heap->minimum : 0,
                             .process_limit = baseline ? 0 : planning->process_limit,
                             .pair = pairs_path(pairs, workload->name, collector->name),
                             .baseline = baseline};
    const char *objection = cell.pair ? command_path_objection(cell.pair) : NULL;
    int status = 0, observes = 0;
    if (!cell.pair)
        status = pairs_missing(pairs, place, workload->name, collector->name);
    else if (objection)
        status = message_bad_input("%s: %s: %s; build in another folder", place, cell.pair, objection);
    else if ((plan->cell_count + 1) * plan->blocks > STORE_PROCESSES_MOST)
        status = message_bad_input("%s: more than %d processes", place, STORE_PROCESSES_MOST);
    for (size_t i = 0; status == 0 && i < plan->cell_count; i++)
        if (cell_same(&plan->cells[i], &cell))
            status = plan->cells[i].process_limit == cell.process_limit
                         ? -1
                         : message_bad_input("%s: the same cell has another process_limit above", place);
    if (status == 0 && (observes = collector_observes(planning, collector->name, cell.pair)) < 0)
        status = MESSAGE_BAD_INPUT;
    if (status != 0) {
        cell_free(&cell);
        return status < 0 ? 0 : status;
    }
    cell.observes = observes;
    cell_append(planning, &cell);
    return 0;
}

/* Adds a cell, and its twin of the other build. */
static int cell_add(struct planning *planning, const char *place, const struct entry *workload,
                    const struct entry *collector, const struct heap *heap, bool baseline)
{
    const struct plan_build *against = planning->against;
    int status = cell_add_of(planning, planning->pairs, "", place, workload, collector, heap, baseline);
    if (status != 0 || !against)
        return status;
    char *there = text_format("%s: --against %s", place, against->dir);
    status = cell_add_of(planning, against->pairs, against->name, there, workload, collector, heap, baseline);
    free(there);
    return status;
}

/* Asks a pair what is wrong with an entry, once for each text. A collector needs no options. */
static int options_check(struct planning *planning, const char *place, const char *kind, const char *text,
                         const struct entry *entry)
{
    char *asked = text_format("%s %s", kind, text);
    bool known = json_object_get(planning->checked, asked) || (*kind == 'c' && !*entry->options);
    int status = known ? 0 : pairs_options_check(planning->pairs, place, kind, entry->name, entry->options);
    if (status == 0)
        json_object_set_new(planning->checked, asked, json_true());
    free(asked);
    return status;
}

/* Splits and checks every entry of one list; `ret_entries` has `count` places. */
static int entries_check(struct planning *planning, unsigned index, const char *key, const char *kind,
                         char *const *texts, unsigned count, struct entry *ret_entries)
{
    int status = 0;
    for (unsigned i = 0; i < count && status == 0; i++) {
        char *place = spec_place(planning->spec, index, key, i);
        status = pairs_entry_read(place, kind, texts[i], &ret_entries[i].name, &ret_entries[i].options);
        if (status == 0)
            status = pairs_name_check(planning->pairs, place, kind, ret_entries[i].name);
        if (status == 0)
            status = options_check(planning, place, kind, texts[i], &ret_entries[i]);
        free(place);
    }
    return status;
}

static void entries_free(struct entry *entries, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        free(entries[i].name);
        free(entries[i].options);
    }
    free(entries);
}

static bool allocator_same(const struct allocator *a, const struct allocator *b)
{
    return a->tuning == b->tuning && strcmp(a->name, b->name) == 0 &&
           strcmp(a->object ? a->object : "", b->object ? b->object : "") == 0;
}

/*
 * Resolves an allocator, or finds it in the plan. Refuses a second object of the same name, because the names
 * could not be told apart later.
 */
static int allocator_add(struct planning *planning, const char *place, const char *text,
                         const struct allocator **ret_allocator)
{
    struct plan *plan = planning->plan;
    struct allocator allocator;
    int status = allocator_resolve(place, text, &allocator);
    if (status != 0)
        return status;
    for (size_t i = 0; i < plan->allocator_count; i++) {
        const struct allocator *other = &plan->allocators[i];
        bool same = allocator_same(other, &allocator);
        if (!same && strcmp(other->name, allocator.name) == 0 && other->tuning == allocator.tuning)
            status =
                message_bad_input("%s: two allocators are called '%s': %s and %s", place, allocator.name,
                                  other->object ? other->object : "the C library's own", allocator.object);
        if (same || status != 0) {
            *ret_allocator = other;
            allocator_free(&allocator);
            return status;
        }
    }
    *ret_allocator = &plan->allocators[plan->allocator_count];
    plan->allocators[plan->allocator_count++] = allocator;
    return 0;
}

/* One heap of an entry for one of its workloads. Reads the published minima when it is the first. */
static int heap_find(struct planning *planning, unsigned index, unsigned which, const struct entry *workload,
                     struct heap *ret_heap)
{
    struct spec *spec = planning->spec;
    char *place = spec_place(spec, index, "heaps", which);
    double multiple = 1;
    *ret_heap = (struct heap){.multiple = spec->cells[index].heaps[which]};
    int status = minheap_multiple_read(place, ret_heap->multiple, &multiple);
    if (status == 0 && !planning->minima && access(spec->minimum_heaps, F_OK) != 0)
        status = message_bad_input("%s: heaps are multiples of minima, and there is no %s; 'gcmatrix minheap "
                                   "--spec %s' writes it",
                                   place, spec->minimum_heaps, spec->path);
    if (status == 0 && !planning->minima)
        status = minheap_file_read(spec->minimum_heaps, &planning->minima);
    if (status == 0) {
        ret_heap->minimum =
            minheap_file_find(planning->minima, workload->name, workload->options, spec->seed);
        ret_heap->limit = minheap_multiple_bytes(multiple, ret_heap->minimum);
        if (ret_heap->minimum == 0)
            status =
                message_bad_input("%s: %s has no minimum heap of '%s%s%s' with seed %" PRIu64
                                  "; 'gcmatrix minheap --spec %s' finds it",
                                  place, spec->minimum_heaps, workload->name, *workload->options ? ":" : "",
                                  workload->options, spec->seed, spec->path);
    }
    free(place);
    return status;
}

/* One workload and collector: a cell for each heap of the entry, or one without a limit. */
static int cells_add_heaps(struct planning *planning, unsigned index, const char *place,
                           const struct entry *workload, const struct entry *collector)
{
    const struct spec_cells *list = &planning->spec->cells[index];
    int status = 0;
    if (list->heaps_count == 0)
        return cell_add(planning, place, workload, collector, NULL, false);
    for (unsigned h = 0; h < list->heaps_count && status == 0; h++) {
        struct heap heap;
        status = heap_find(planning, index, h, workload, &heap);
        if (status == 0)
            status = cell_add(planning, place, workload, collector, &heap, false);
    }
    return status;
}

/* All workloads and collectors of an entry on one allocator in one memory, with the baselines in front. */
static int cells_add_in(struct planning *planning, unsigned index, const struct entry *workloads,
                        const struct entry *collectors)
{
    static const struct entry null_workload = {(char *)"null", (char *)""};
    const struct spec_cells *list = &planning->spec->cells[index];
    int status = 0;
    for (unsigned c = 0; c < list->collectors_count && status == 0; c++) {
        char *place = spec_place(planning->spec, index, "collectors", c);
        status = cell_add(planning, place, &null_workload, &collectors[c], NULL, true);
        for (unsigned w = 0; w < list->workloads_count && status == 0; w++)
            status = cells_add_heaps(planning, index, place, &workloads[w], &collectors[c]);
        free(place);
    }
    return status;
}

/* The same on one allocator, in each memory. */
static int cells_add_on(struct planning *planning, unsigned index, const struct entry *workloads,
                        const struct entry *collectors)
{
    const struct spec_cells *list = &planning->spec->cells[index];
    unsigned count = list->memory_count ? list->memory_count : 1;
    int status = 0;
    for (unsigned m = 0; m < count && status == 0; m++) {
        bool warm = list->memory_count && strcmp(list->memory[m], "warm") == 0;
        planning->memory = warm ? "warm" : "cold";
        status = cells_add_in(planning, index, workloads, collectors);
    }
    return status;
}

/* Reads the limit of an entry's processes. */
static int process_limit_take(struct planning *planning, unsigned index)
{
    const char *text = planning->spec->cells[index].process_limit;
    planning->process_limit = 0;
    if (!text || (number_bytes_read(text, &planning->process_limit) == 0 &&
                  planning->process_limit >= PLAN_PROCESS_LIMIT_LEAST))
        return 0;
    char *place = spec_place(planning->spec, index, "process_limit", 0);
    int status = message_bad_input(
        "%s: process_limit is '%s'; it takes " NUMBER_BYTES_EXPECTED ", and 16MiB at least", place, text);
    free(place);
    return status;
}

static int cells_add(struct planning *planning, unsigned index)
{
    const struct spec_cells *list = &planning->spec->cells[index];
    struct entry *workloads = memory_new(list->workloads_count, sizeof(*workloads));
    struct entry *collectors = memory_new(list->collectors_count, sizeof(*collectors));
    int status = entries_check(planning, index, "workloads", "workload", list->workloads,
                               list->workloads_count, workloads);
    if (status == 0)
        status = entries_check(planning, index, "collectors", "collector", list->collectors,
                               list->collectors_count, collectors);
    if (status == 0)
        status = process_limit_take(planning, index);
    unsigned count = list->allocators_count ? list->allocators_count : 1;
    for (unsigned a = 0; a < count && status == 0; a++) {
        char *place = spec_place(planning->spec, index, "allocators", a);
        status = allocator_add(planning, place, list->allocators_count ? list->allocators[a] : "glibc",
                               &planning->allocator);
        free(place);
        if (status == 0)
            status = cells_add_on(planning, index, workloads, collectors);
    }
    entries_free(workloads, list->workloads_count);
    entries_free(collectors, list->collectors_count);
    return status;
}

int plan_build_open(const char *dir, struct plan_build *ret_build)
{
    char *real = realpath(dir, NULL);
    *ret_build = (struct plan_build){.dir = text_format("%s", dir)};
    ret_build->name = text_format("%s", real && strrchr(real, '/')[1] ? strrchr(real, '/') + 1 : "other");
    free(real);
    char *path = text_format("%s/harness/runner/pairs.json", dir);
    int status = 0;
    if (!escape_is_plain(ret_build->name))
        status = message_bad_input(
            "--against %s: the folder's real name must be printable UTF-8: it stands in results", dir);
    else if (access(path, R_OK) != 0)
        status = message_bad_input("--against %s: %s: %s; it takes the folder of a build of gcmatrix", dir,
                                   path, strerror(errno));
    else
        status = pairs_load_file(path, &ret_build->pairs);
    free(path);
    if (status != 0)
        plan_build_close(ret_build);
    return status;
}

void plan_build_close(struct plan_build *build)
{
    pairs_free(build->pairs);
    free(build->dir);
    free(build->name);
    *build = (struct plan_build){0};
}

int plan_make(struct spec *spec, const struct pairs *pairs, const struct plan_build *against,
              struct plan **ret_plan)
{
    struct planning planning = {
        .spec = spec, .pairs = pairs, .against = against, .plan = memory_new(1, sizeof(struct plan))};
    struct plan *plan = planning.plan;
    size_t allocators = 0;
    int status = 0;
    if (spec->layouts > spec->blocks) {
        plan_free(plan);
        return message_bad_input("%s: %" PRIu64 " layouts take as many blocks at least; there are %" PRIu64,
                                 spec->path, spec->layouts, spec->blocks);
    }
    plan->blocks = spec->blocks;
    for (unsigned i = 0; i < spec->cells_count; i++)
        allocators += spec->cells[i].allocators_count + 1;
    plan->allocators =
        memory_new(allocators, sizeof(*plan->allocators)); /* never moved: cells point into it */
    planning.observers = json_object();
    planning.checked = json_object();
    status = targets_check(spec, pairs);
    for (unsigned i = 0; i < spec->cells_count && status == 0; i++)
        status = cells_add(&planning, i);
    json_decref(planning.minima);
    json_decref(planning.observers);
    json_decref(planning.checked);
    if (status != 0) {
        plan_free(plan);
        return status;
    }
    *ret_plan = plan;
    return 0;
}

void plan_free(struct plan *plan)
{
    if (!plan)
        return;
    for (size_t i = 0; i < plan->cell_count; i++)
        cell_free(&plan->cells[i]);
    for (size_t i = 0; i < plan->allocator_count; i++)
        allocator_free(&plan->allocators[i]);
    free(plan->cells);
    free(plan->allocators);
    free(plan);
}

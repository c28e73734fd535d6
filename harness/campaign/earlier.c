/* SPDX-License-Identifier: MIT */
#include "harness/campaign/earlier.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/campaign/description.h"
#include "harness/campaign/machine/machine.h"
#include "harness/campaign/needed.h"

/* Whether an earlier run's cell is the plan's. A run of the first schema has cold memory and one build. */
static bool cell_is(const json_t *earlier, const json_t *cell)
{
    static const char *const keys[][2] = {
        {"workload", ""},  {"workload_options", ""}, {"collector", ""}, {"collector_options", ""},
        {"allocator", ""}, {"tuning", ""},           {"heap", ""},      {"memory", "cold"}};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const char *then = json_string_value(json_object_get(earlier, keys[i][0]));
        const char *now = json_string_value(json_object_get(cell, keys[i][0]));
        if (strcmp(then ? then : keys[i][1], now ? now : keys[i][1]) != 0)
            return false;
    }
    return true;
}

/* Takes the rows of the earlier run's cell for a cell of the plan, as far as the plan has blocks. */
static size_t rows_take(const struct earlier *earlier, size_t then, size_t cell, struct store_row *ret_rows)
{
    const struct store *store = earlier->store;
    size_t count = 0;
    for (size_t i = 0; i < store->row_count; i++) {
        if ((size_t)store->rows[i].cell != then ||
            (size_t)store->rows[i].block >= earlier->decide->design.blocks)
            continue;
        ret_rows[count] = store->rows[i];
        ret_rows[count++].cell = (int64_t)cell;
    }
    return count;
}

/* Returns the machine of a merged run that an estimate is by: this one, or that of most rows. O(rows). */
static size_t machine_choose(const struct store *store, const size_t *places, size_t machines)
{
    json_t *here = machine_describe();
    size_t most = 0, *rows = memory_new(machines, sizeof(*rows));
    for (size_t i = 0; i < store->row_count; i++)
        rows[places[store->rows[i].block]]++;
    for (size_t place = 1; place < machines; place++)
        if (rows[place] > rows[most])
            most = place;
    for (size_t place = machines; place-- > 0;)
        if (run_machines_are_same(run_machines_describe(store->manifest, place), here))
            most = place;
    free(rows);
    json_decref(here);
    return most;
}

/* Leaves of a merged run the rows of one machine: a plan runs on one, and times of two are never taken together. */
static void machine_take(struct earlier *earlier)
{
    struct store *store = earlier->store;
    size_t blocks = (size_t)json_integer_value(json_object_get(store->manifest, "blocks"));
    size_t *places = memory_new(blocks, sizeof(*places));
    size_t machines = run_machines_of_blocks(store->manifest, blocks, places);
    if (machines > 1) {
        size_t chosen = machine_choose(store, places, machines);
        run_machines_name(store->manifest, chosen, earlier->machine);
        run_machines_keep(store, chosen);
    }
    free(places);
}

/* Numbers the blocks that the run has in their order: a plan has no gaps, and those of a shard or a machine do. */
static void blocks_number(struct store *store)
{
    size_t blocks = (size_t)json_integer_value(json_object_get(store->manifest, "blocks")), count = 0;
    int64_t *numbers = memory_new(blocks, sizeof(*numbers));
    for (size_t i = 0; i < store->row_count; i++)
        numbers[store->rows[i].block] = 1;
    for (size_t block = 0; block < blocks; block++)
        numbers[block] = numbers[block] ? (int64_t)count++ : -1;
    for (size_t i = 0; i < store->row_count; i++)
        store->rows[i].block = numbers[store->rows[i].block];
    free(numbers);
}

/* Takes what the earlier run has of the plan's cells. O(cells² + cells x rows). */
static void cells_take(struct earlier *earlier, const json_t *cells)
{
    const json_t *others = json_object_get(earlier->store->manifest, "cells");
    size_t cell_count = json_array_size(cells), count = 0;
    machine_take(earlier);
    blocks_number(earlier->store);
    double *seconds = needed_seconds(earlier->store, json_array_size(others));
    struct store_row *rows = memory_new(earlier->store->row_count * 2 + 1, sizeof(*rows));
    for (size_t cell = 0; cell < cell_count; cell++) {
        bool baseline = json_is_true(json_object_get(json_array_get(cells, cell), "baseline"));
        earlier->cells += !baseline;
        for (size_t then = 0; then < json_array_size(others); then++)
            if (cell_is(json_array_get(others, then), json_array_get(cells, cell))) {
                size_t taken = rows_take(earlier, then, cell, rows + count);
                earlier->cell_seconds[cell] = seconds[then];
                earlier->known += taken > 0 && !baseline;
                count += taken;
                break;
            }
    }
    decide_rows(earlier->decide, rows, count);
    free(rows);
    free(seconds);
}

int earlier_open(const struct spec *spec, const struct plan *plan, const char *dir,
                 struct earlier *ret_earlier)
{
    *ret_earlier = (struct earlier){.dir = dir};
    int status = store_open(dir, &ret_earlier->store);
    if (status != 0)
        return status;
    json_t *manifest = description_plan(spec, plan);
    ret_earlier->decide = decide_new(manifest);
    ret_earlier->cell_seconds = memory_new(plan->cell_count, sizeof(double));
    cells_take(ret_earlier, json_object_get(manifest, "cells"));
    json_decref(manifest);
    return 0;
}

void earlier_close(struct earlier *earlier)
{
    store_close(earlier->store);
    decide_free(earlier->decide);
    free(earlier->cell_seconds);
}

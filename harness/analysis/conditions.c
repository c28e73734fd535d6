/* SPDX-License-Identifier: MIT */
#include "harness/analysis/conditions.h"

#include <stdlib.h>
#include <string.h>

#include "harness/results/files.h"
#include "harness/results/records.h"

/* Returns a value of JSON as text; the caller frees it. */
static char *conditions_text(const json_t *value)
{
    if (!value || json_is_null(value))
        return text_format("unknown");
    if (json_is_string(value))
        return text_format("%s", json_string_value(value));
    char *dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
    char *text = text_format("%s", dumped ? dumped : "?");
    free(dumped);
    return text;
}

static void conditions_add(const char *name, const json_t *a, const json_t *b, struct text_list *lines)
{
    if ((!a && !b) || (a && b && json_equal(a, b)))
        return;
    char *left = conditions_text(a), *right = conditions_text(b);
    if (strcmp(left, right) != 0)
        text_list_take(lines, text_format("%s: %s in A, %s in B", name, left, right));
    free(left);
    free(right);
}

/* Adds what differs of the named members of an object; of all where `keys` is NULL. */
static void conditions_members(const json_t *a, const json_t *b, const char *const *keys,
                               struct text_list *lines)
{
    const char *key;
    json_t *value;
    for (; keys && *keys; keys++)
        conditions_add(*keys, json_object_get(a, *keys), json_object_get(b, *keys), lines);
    if (keys)
        return;
    json_object_foreach((json_t *)a, key, value)
        conditions_add(key, value, json_object_get(b, key), lines);
    json_object_foreach((json_t *)b, key, value)
        if (!json_object_get(a, key))
            conditions_add(key, NULL, value, lines);
}

/* ---- what is known of the cells that both runs have ---- */

struct conditions_counts {
    size_t cells;     /* that both have */
    size_t binaries;  /* of them: with another executable */
    size_t checksums; /* with another checksum, though workload, options and seed are the same */
    size_t options;   /* with other options, in the records */
    const struct run_cell *checksum, *option; /* the first of each in A */
};

static const json_t *conditions_binary(const struct run *run, const struct run_cell *cell)
{
    const char *build = run_cell_text(run, cell, "build"), *pair = run_cell_text(run, cell, "pair");
    char *name = *build ? text_format("%s/%s", build, pair) : text_format("%s", pair);
    const json_t *hash = json_object_get(json_object_get(run->store->manifest, "binaries"), name);
    free(name);
    return hash;
}

/* Whether the options that a record names differ. Records that are not there do not. */
static bool conditions_options_differ(const struct run *a, const struct store_row *left, const struct run *b,
                                      const struct store_row *right)
{
    json_t *records[2] = {NULL, NULL};
    bool differ = false;
    if (!files_has_any(a->store->dir, FILES_RECORD) || !files_has_any(b->store->dir, FILES_RECORD))
        return false;
    if (records_read(a->store->dir, left->id, &records[0]) == 0 &&
        records_read(b->store->dir, right->id, &records[1]) == 0 && records[0] && records[1])
        differ = !json_equal(json_object_get(records[0], "options"), json_object_get(records[1], "options"));
    json_decref(records[0]);
    json_decref(records[1]);
    return differ;
}

static void conditions_count_cell(const struct run *a, const struct run_cell *cell, const struct run *b,
                                  const struct run_cell *other, struct conditions_counts *counts)
{
    const json_t *left = conditions_binary(a, cell), *right = conditions_binary(b, other);
    const struct store_row *row = cell->row, *that = other->row;
    counts->cells++;
    counts->binaries += left && right && !json_equal(left, right);
    if (!row || !that || strcmp(row->status, "ok") != 0 || strcmp(that->status, "ok") != 0)
        return;
    if (row->seed == that->seed && strcmp(row->checksum, that->checksum) != 0 && counts->checksums++ == 0)
        counts->checksum = cell;
    if (conditions_options_differ(a, row, b, that) && counts->options++ == 0)
        counts->option = cell;
}

static void conditions_cells(const struct run *a, const struct run *b, struct text_list *lines)
{
    struct conditions_counts counts = {0};
    for (size_t i = 0; i < a->cell_count; i++) {
        const struct run_cell *cell = &a->cells[i], *other = run_cell_same(b, a, cell);
        if (other && !run_cell_is_aside(cell))
            conditions_count_cell(a, cell, b, other, &counts);
    }
    if (counts.binaries)
        text_list_take(lines, text_format("executables: %zu of %zu cells have another one", counts.binaries,
                                          counts.cells));
    if (counts.checksums)
        text_list_take(lines,
                       text_format("checksums: %zu of %zu cells compute something else, the first is "
                                   "%s x %s; their times do not compare",
                                   counts.checksums, counts.cells, a->works.names[counts.checksum->work],
                                   a->configs.names[counts.checksum->config]));
    if (counts.options)
        text_list_take(lines,
                       text_format("options: %zu of %zu cells ran with other ones, the first is %s x %s",
                                   counts.options, counts.cells, a->works.names[counts.option->work],
                                   a->configs.names[counts.option->config]));
}

void conditions_compare(const struct run *a, const struct run *b, struct text_list *ret_lines)
{
    static const char *const machine[] = {"hostname_hash", "cpu",      "cores", "memory_bytes", "kernel",
                                          "thp",           "governor", "aslr",  "counters",     NULL};
    static const char *const whole[] = {"seed", NULL};
    const json_t *left = a->store->manifest, *right = b->store->manifest;
    conditions_members(json_object_get(left, "machine"), json_object_get(right, "machine"), machine,
                       ret_lines);
    conditions_members(json_object_get(left, "versions"), json_object_get(right, "versions"), NULL,
                       ret_lines);
    conditions_members(json_object_get(left, "allocators"), json_object_get(right, "allocators"), NULL,
                       ret_lines);
    conditions_members(left, right, whole, ret_lines);
    if (a->layout_count != b->layout_count)
        text_list_take(ret_lines,
                       text_format("layouts: %zu in A, %zu in B", a->layout_count, b->layout_count));
    conditions_cells(a, b, ret_lines);
}

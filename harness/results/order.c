/* SPDX-License-Identifier: MIT */
#include "harness/results/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"

const char *const order_names[ORDER_KINDS] = {[ORDER_SHUFFLED] = "shuffled", [ORDER_GROUPED] = "grouped"};

static void shuffle(uint32_t *values, size_t count, struct random_state *random)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = random_below(random, i);
        uint32_t swapped = values[i - 1];
        values[i - 1] = values[j];
        values[j] = swapped;
    }
}

/* The cells by their groups. */
struct grouping {
    size_t group_count;
    uint32_t *turns;   /* the groups, in the order of the block at hand */
    uint32_t *members; /* the cells, group after group */
    size_t *begins;    /* the place of each group's first member, and the end of the last */
};

/* Sorts the cells by their groups, by counting. */
static void grouping_make(const uint32_t *groups, size_t cell_count, struct grouping *ret_grouping)
{
    struct grouping grouping = {0};
    for (size_t i = 0; i < cell_count; i++)
        if (groups[i] >= grouping.group_count)
            grouping.group_count = groups[i] + 1u;
    grouping.turns = memory_new(cell_count + 1, sizeof(*grouping.turns));
    grouping.members = memory_new(cell_count + 1, sizeof(*grouping.members));
    grouping.begins = memory_new(grouping.group_count + 2, sizeof(*grouping.begins));
    for (size_t i = 0; i < cell_count; i++)
        grouping.begins[groups[i] + 2]++;
    for (size_t group = 1; group <= grouping.group_count; group++)
        grouping.begins[group + 1] += grouping.begins[group];
    for (size_t i = 0; i < cell_count; i++)
        grouping.members[grouping.begins[groups[i] + 1]++] = (uint32_t)i;
    *ret_grouping = grouping;
}

static void grouping_free(struct grouping *grouping)
{
    free(grouping->turns);
    free(grouping->members);
    free(grouping->begins);
}

/* Shuffles the groups of a block, then the cells of each. */
static void block_fill(struct grouping *grouping, struct random_state *random, uint32_t *ret_cells)
{
    for (size_t group = 0; group < grouping->group_count; group++)
        grouping->turns[group] = (uint32_t)group;
    shuffle(grouping->turns, grouping->group_count, random);
    for (size_t turn = 0; turn < grouping->group_count; turn++) {
        size_t begin = grouping->begins[grouping->turns[turn]];
        size_t count = grouping->begins[grouping->turns[turn] + 1] - begin;
        for (size_t i = 0; i < count; i++)
            ret_cells[i] = grouping->members[begin + i];
        shuffle(ret_cells, count, random);
        ret_cells += count;
    }
}

void order_make(enum order_kind kind, const uint32_t *groups, size_t cell_count, uint64_t blocks,
                uint64_t seed, struct order *ret_order)
{
    struct order order = {.cell_count = cell_count};
    struct random_state random;
    struct grouping grouping;
    order.cells = memory_new(blocks * cell_count + 1, sizeof(*order.cells));
    order.groups = memory_new(cell_count + 1, sizeof(*order.groups));
    for (size_t i = 0; i < cell_count && kind == ORDER_GROUPED; i++)
        order.groups[i] = groups[i];
    grouping_make(order.groups, cell_count, &grouping);
    random_seed(&random, seed);
    for (uint64_t block = 0; block < blocks; block++)
        block_fill(&grouping, &random, order.cells + block * cell_count);
    grouping_free(&grouping);
    *ret_order = order;
}

static const char *cell_text(const json_t *cell, const char *key)
{
    const char *text = json_string_value(json_object_get(cell, key));
    return text ? text : "";
}

/* Numbers the groups as they come; the caller frees them. */
static uint32_t *groups_find(const json_t *cells)
{
    uint32_t *groups = memory_new(json_array_size(cells) + 1, sizeof(*groups));
    json_t *numbers = json_object();
    size_t i;
    const json_t *cell;
    json_array_foreach(cells, i, cell) {
        char *name = text_format("%s\n%s\n%s\n%s\n%" JSON_INTEGER_FORMAT, cell_text(cell, "workload"),
                                 cell_text(cell, "allocator"), cell_text(cell, "tuning"),
                                 cell_text(cell, "workload_options"),
                                 json_integer_value(json_object_get(cell, "heap_limit_bytes")));
        if (!json_object_get(numbers, name))
            json_object_set_new(numbers, name, json_integer((json_int_t)json_object_size(numbers)));
        groups[i] = (uint32_t)json_integer_value(json_object_get(numbers, name));
        free(name);
    }
    json_decref(numbers);
    return groups;
}

/* The order that the manifest names, or ORDER_KINDS. A manifest that names none is of an earlier version. */
static enum order_kind kind_find(const json_t *manifest)
{
    const json_t *value = json_object_get(manifest, "order");
    const char *name = value ? json_string_value(value) : order_names[ORDER_SHUFFLED];
    int kind = 0;
    while (kind < ORDER_KINDS && !(name && strcmp(name, order_names[kind]) == 0))
        kind++;
    return (enum order_kind)kind;
}

bool order_of_manifest(const json_t *manifest, struct order *ret_order)
{
    const json_t *cells = json_object_get(manifest, "cells");
    enum order_kind kind = kind_find(manifest);
    if (kind == ORDER_KINDS)
        return false;
    uint32_t *groups = groups_find(cells);
    order_make(kind, groups, json_array_size(cells),
               (uint64_t)json_integer_value(json_object_get(manifest, "blocks")),
               (uint64_t)json_integer_value(json_object_get(manifest, "seed")), ret_order);
    free(groups);
    return true;
}

void order_free(struct order *order)
{
    free(order->cells);
    free(order->groups);
    *order = (struct order){0};
}

size_t order_group_end(const struct order *order, size_t id)
{
    size_t last = (id / order->cell_count + 1) * order->cell_count, end = id + 1;
    while (end < last && order->groups[order->cells[end]] == order->groups[order->cells[id]])
        end++;
    return end;
}

/* SPDX-License-Identifier: MIT */
/*
 * The order of a run's processes. The design is that of randomised complete blocks: every cell runs once in
 * each block. Two orders are known, by the names that the manifest keeps:
 *
 *   grouped    the groups of cells that are compared, in an order shuffled anew in each block; within a group
 *              its cells, shuffled anew as well. So two cells of a pair lie seconds and not minutes apart, and
 *              share what the machine does meanwhile
 *   shuffled   all cells of a block in one shuffle. Runs had it before they named their order
 *
 * Each shuffle is that of Fisher and Yates (Knuth's Algorithm P), from one sequence of random numbers for all
 * blocks. So an order is a function of the cells and the seed, and an id names the same cell and block after a
 * resume. More blocks leave the order of the first ones as it is.
 */
#ifndef HARNESS_RESULTS_ORDER_H
#define HARNESS_RESULTS_ORDER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum order_kind { ORDER_SHUFFLED, ORDER_GROUPED, ORDER_KINDS };

extern const char *const order_names[ORDER_KINDS];

struct order {
    size_t cell_count;
    uint32_t *cells;  /* cells[id] is a cell; id / cell_count is its block */
    uint32_t *groups; /* groups[cell] is its group; of the order `shuffled` there is one */
};

/*
 * Makes the order of `cell_count` cells in so many blocks; `groups` says the group of each cell, by numbers
 * below `cell_count`, and is copied. order_free() frees what it holds. O(blocks x cells).
 */
void order_make(enum order_kind kind, const uint32_t *groups, size_t cell_count, uint64_t blocks,
                uint64_t seed, struct order *ret_order);

/*
 * Makes the order that a checked manifest (manifest.h) names, of its cells, blocks and seed. Cells are of one group
 * where their workload with its options, their allocator with its tuning and their heap are the same. Returns false,
 * and makes none, where the manifest names an order that is not known here. O(blocks x cells).
 */
bool order_of_manifest(const json_t *manifest, struct order *ret_order);

/* Takes an order of zeros too. */
void order_free(struct order *order);

/*
 * The first id after `id` that is of another group or another block. From a group's first id it is the group's
 * end. O(cells of the group).
 */
size_t order_group_end(const struct order *order, size_t id);

#endif

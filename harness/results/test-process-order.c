/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "harness/results/order.h"
#include "tests/tap.h"

enum { CELLS = 13, BLOCKS = 50, GROUPS = 4 };

/* Two groups of one cell each, one of four and one of seven; no group's cells stand together. */
static const uint32_t groups[CELLS] = {0, 1, 2, 1, 2, 3, 2, 1, 2, 2, 1, 2, 2};

static bool is_permutation(const uint32_t *cells)
{
    unsigned seen = 0;
    for (size_t i = 0; i < CELLS; i++)
        seen |= cells[i] < CELLS ? 1u << cells[i] : 0;
    return seen == (1u << CELLS) - 1;
}

/* Whether each group's cells stand together, by how often the next cell is of another group. */
static bool is_grouped(const uint32_t *cells)
{
    size_t changes = 0;
    for (size_t i = 1; i < CELLS; i++)
        changes += groups[cells[i]] != groups[cells[i - 1]];
    return changes == GROUPS - 1;
}

static struct order order_of(enum order_kind kind, uint64_t blocks, uint64_t seed)
{
    struct order order;
    order_make(kind, groups, CELLS, blocks, seed, &order);
    return order;
}

static bool begins_alike(const struct order *a, const struct order *b, size_t blocks)
{
    return memcmp(a->cells, b->cells, blocks * CELLS * sizeof(*a->cells)) == 0;
}

static void check_seeds(enum order_kind kind)
{
    const char *name = order_names[kind];
    struct order order = order_of(kind, BLOCKS, 7), again = order_of(kind, BLOCKS, 7);
    struct order other = order_of(kind, BLOCKS, 8), few = order_of(kind, 3, 7);
    tap_ok(begins_alike(&order, &again, BLOCKS), "%s: the same seed gives the same order", name);
    tap_ok(!begins_alike(&order, &other, BLOCKS), "%s: another seed gives another order", name);
    tap_ok(begins_alike(&order, &few, 3), "%s: more blocks leave the order of the first ones as it is", name);
    order_free(&order);
    order_free(&again);
    order_free(&other);
    order_free(&few);
}

static void check_blocks(enum order_kind kind)
{
    struct order order = order_of(kind, BLOCKS, 7);
    const char *name = order_names[kind];
    bool complete = true;
    size_t repeats = 0, grouped = 0;
    for (size_t block = 0; block < BLOCKS; block++) {
        const uint32_t *cells = order.cells + block * CELLS;
        complete &= is_permutation(cells);
        grouped += is_grouped(cells);
        for (size_t before = 0; before < block; before++)
            repeats += memcmp(cells, order.cells + before * CELLS, CELLS * sizeof(*cells)) == 0;
    }
    tap_ok(complete, "%s: every block holds every cell once", name);
    tap_ok(repeats == 0, "%s: no two blocks have the same order", name);
    if (kind == ORDER_GROUPED)
        tap_equal((int64_t)grouped, BLOCKS, "grouped: the cells of a group stand together in every block");
    else
        tap_ok(grouped < BLOCKS, "%s: groups do not matter", name);
    order_free(&order);
}

/* Walking from a group's end to the next comes to each group once, and to no other block. */
static void check_ends(void)
{
    struct order order = order_of(ORDER_GROUPED, BLOCKS, 7), whole = order_of(ORDER_SHUFFLED, BLOCKS, 7);
    size_t walked = 0, ended_with_block = 0;
    for (size_t id = 0; id < (size_t)CELLS * BLOCKS; id = order_group_end(&order, id)) {
        walked++;
        ended_with_block += order_group_end(&order, id) % CELLS == 0;
    }
    tap_equal((int64_t)walked, GROUPS * BLOCKS, "every group has its end");
    tap_equal((int64_t)ended_with_block, BLOCKS, "no group goes on in the next block");
    tap_equal((int64_t)order_group_end(&whole, CELLS), 2 * CELLS, "a block without groups is one");
    order_free(&order);
    order_free(&whole);
}

/*
 * Each of the 24 orders of four cells should come equally often: 23 degrees of freedom, 49.73 is the 0.1% point.
 * With two groups of two cells there are eight: seven degrees, 24.32.
 */
static void check_uniform(enum order_kind kind, int orders, double bound)
{
    enum { DRAWS = 24000 };
    static const uint32_t pairs[4] = {0, 1, 0, 1};
    struct order order;
    int counts[256] = {0}, different = 0;
    double chi2 = 0, expected = DRAWS / (double)orders;
    order_make(kind, pairs, 4, DRAWS, 3, &order);
    for (const uint32_t *cells = order.cells; cells < order.cells + (size_t)4 * DRAWS; cells += 4)
        counts[cells[0] << 6 | cells[1] << 4 | cells[2] << 2 | cells[3]]++;
    for (size_t i = 0; i < 256; i++)
        if (counts[i]) {
            different++;
            chi2 += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
    tap_ok(different == orders, "%s: a block has one of %d orders", order_names[kind], orders);
    tap_ok(chi2 < bound, "%s: each is equally likely (chi squared %.1f)", order_names[kind], chi2);
    order_free(&order);
}

/* An id names the same cell for ever: folders of older runs are resumed by it. */
static void check_golden(enum order_kind kind, const uint32_t expected[10])
{
    static const uint32_t of[5] = {0, 1, 0, 1, 0};
    struct order order;
    order_make(kind, of, 5, 2, 1, &order);
    bool same = memcmp(order.cells, expected, 10 * sizeof(*expected)) == 0;
    tap_ok(same, "%s: the order of seed 1 is the one that earlier runs had", order_names[kind]);
    for (size_t i = 0; !same && i < 10; i++)
        tap_note("%u", order.cells[i]);
    order_free(&order);
}

int main(void)
{
    for (int kind = 0; kind < ORDER_KINDS; kind++) {
        check_seeds((enum order_kind)kind);
        check_blocks((enum order_kind)kind);
    }
    check_ends();
    check_uniform(ORDER_SHUFFLED, 24, 49.73);
    check_uniform(ORDER_GROUPED, 8, 24.32);
    check_golden(ORDER_SHUFFLED, (const uint32_t[]){4, 0, 1, 2, 3, 1, 2, 4, 0, 3});
    check_golden(ORDER_GROUPED, (const uint32_t[]){0, 4, 2, 3, 1, 2, 4, 0, 3, 1});
    return tap_done();
}

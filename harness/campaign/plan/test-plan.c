/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "harness/campaign/plan/plan.h"
#include "tests/tap.h"

enum { CELLS = 13, BLOCKS = 50 };

static bool is_permutation(const uint32_t *order)
{
    unsigned seen = 0;
    for (size_t i = 0; i < CELLS; i++)
        seen |= order[i] < CELLS ? 1u << order[i] : 0;
    return seen == (1u << CELLS) - 1;
}

static void check_blocks(void)
{
    static uint32_t order[CELLS * BLOCKS], again[CELLS * BLOCKS], other[CELLS * BLOCKS], few[CELLS * 3];
    plan_shuffle(order, CELLS, BLOCKS, 7);
    plan_shuffle(again, CELLS, BLOCKS, 7);
    plan_shuffle(other, CELLS, BLOCKS, 8);
    plan_shuffle(few, CELLS, 3, 7);
    bool complete = true;
    size_t repeats = 0;
    for (size_t block = 0; block < BLOCKS; block++) {
        complete &= is_permutation(order + block * CELLS);
        for (size_t before = 0; before < block; before++)
            repeats += memcmp(order + block * CELLS, order + before * CELLS, CELLS * sizeof(*order)) == 0;
    }
    tap_ok(complete, "every block holds every cell once");
    tap_equal((int64_t)repeats, 0, "no two blocks have the same order");
    tap_ok(memcmp(order, again, sizeof(order)) == 0, "the same seed gives the same order");
    tap_ok(memcmp(order, other, sizeof(order)) != 0, "another seed gives another order");
    tap_ok(memcmp(order, few, sizeof(few)) == 0, "more blocks leave the order of the first ones as it is");
}

/* Each of the 24 orders of four cells should come equally often: 23 degrees of freedom, 49.73 is the 0.1%
 * point. */
static void check_uniform(void)
{
    enum { DRAWS = 24000 };
    static uint32_t order[4 * DRAWS];
    int counts[256] = {0};
    double chi2 = 0;
    plan_shuffle(order, 4, DRAWS, 3);
    for (size_t i = 0; i < DRAWS; i++)
        counts[order[4 * i] << 6 | order[4 * i + 1] << 4 | order[4 * i + 2] << 2 | order[4 * i + 3]]++;
    for (size_t i = 0; i < 256; i++)
        if (counts[i])
            chi2 += (counts[i] - DRAWS / 24.0) * (counts[i] - DRAWS / 24.0) / (DRAWS / 24.0);
    tap_ok(chi2 < 49.73, "every order of a block is equally likely (chi squared %.1f)", chi2);
}

/* An id names the same cell for ever: folders of older runs are resumed by it. */
static void check_golden(void)
{
    static const uint32_t expected[2][5] = {{4, 0, 1, 2, 3}, {1, 2, 4, 0, 3}};
    uint32_t order[10];
    plan_shuffle(order, 5, 2, 1);
    bool same = memcmp(order, expected, sizeof(order)) == 0;
    tap_ok(same, "the order of seed 1 is the one that earlier runs had");
    for (size_t i = 0; !same && i < 10; i++)
        tap_note("%u", order[i]);
}

int main(void)
{
    check_blocks();
    check_uniform();
    check_golden();
    return tap_done();
}

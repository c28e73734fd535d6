/* SPDX-License-Identifier: MIT */
/* Compares replays with the baseline, on numbers whose answers are known. */
#include <math.h>

#include "harness/analysis/baseline.h"
#include "tests/tap.h"

enum { BLOCKS = 10 };

static double replay[3 * BLOCKS], null[3 * BLOCKS];
static struct baseline_figure figures[3];

/* Row i costs (i + 1) x 100 ns and reading takes 50 ns. Both rise by what the block adds. */
static void rows_fill(const double *drift)
{
    for (int row = 0; row < 3; row++) {
        for (int block = 0; block < BLOCKS; block++) {
            null[row * BLOCKS + block] = 50 * drift[block];
            replay[row * BLOCKS + block] = null[row * BLOCKS + block] + 100 * (row + 1) * drift[block];
        }
    }
}

static bool is_near(double found, double expected)
{
    return fabs(found - expected) < 1e-9;
}

static void test_exact(void)
{
    static const double steady[BLOCKS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    rows_fill(steady);
    baseline_compare(replay, null, 3, BLOCKS, figures);
    tap_ok(is_near(figures[1].replay, 250) && is_near(figures[1].null, 50) && is_near(figures[1].cost, 200),
           "the null replay is taken off");
    tap_ok(is_near(figures[0].ratio, 1) && is_near(figures[1].ratio, 2) && is_near(figures[2].ratio, 3),
           "ratios are of what is left, not of the whole: 2 and not 5/3");
    tap_ok(is_near(figures[2].ratio_interval.low, 3) && is_near(figures[2].ratio_interval.high, 3),
           "without noise the interval is a point");
}

static void test_drift(void)
{
    static const double drifting[BLOCKS] = {1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9};
    rows_fill(drifting);
    baseline_compare(replay, null, 3, BLOCKS, figures);
    tap_ok(is_near(figures[1].ratio_interval.low, 2) && is_near(figures[1].ratio_interval.high, 2),
           "drift from block to block is shared by both sides of a ratio");
    tap_ok(figures[1].cost_interval.low < 280 && figures[1].cost_interval.high > 300 &&
               figures[1].cost_interval.low >= 200 && figures[1].cost_interval.high <= 380,
           "but is in the interval of a cost");
}

static void test_gaps(void)
{
    static const double steady[BLOCKS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    rows_fill(steady);
    for (int block = 0; block < BLOCKS; block++)
        replay[BLOCKS + block] = NAN;
    replay[2 * BLOCKS] = NAN;
    baseline_compare(replay, null, 3, BLOCKS, figures);
    tap_ok(isnan(figures[1].cost) && isnan(figures[1].ratio) && isnan(figures[1].ratio_interval.low),
           "a row without processes has no figure");
    tap_ok(is_near(figures[2].ratio, 3), "one process that is missing takes its block off, and no more");
    for (int block = 0; block < BLOCKS; block++)
        replay[block] = null[block];
    baseline_compare(replay, null, 3, BLOCKS, figures);
    tap_ok(isnan(figures[0].ratio) && isnan(figures[2].ratio),
           "where the baseline costs nothing there is no ratio to it");
    tap_ok(is_near(figures[2].cost, 300), "though there is a cost");
}

static void test_single_block(void)
{
    null[0] = null[1] = 50;
    replay[0] = 150;
    replay[1] = 250;
    baseline_compare(replay, null, 2, 1, figures);
    tap_ok(is_near(figures[1].ratio, 2) && isnan(figures[1].ratio_interval.low),
           "one block gives a ratio and no interval");
}

int main(void)
{
    test_exact();
    test_drift();
    test_gaps();
    test_single_block();
    return tap_done();
}

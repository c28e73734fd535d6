/* SPDX-License-Identifier: MIT */
/* Checks the trades of collectors, on a run made by hand. */
#include <math.h>
#include <stdlib.h>

#include "harness/analysis/trade.h"
#include "tests/tap.h"

enum { BLOCKS = 3, WORKS = 3, CONFIGS = 4 };

/* Of works x configs. The last config has only the first work, and the third work is of two configs alone. */
static const double walls[WORKS][CONFIGS] = {{100, 200, 400, 7}, {100, 800, 100, NAN}, {100, 300, NAN, NAN}};
static const double peaks[WORKS][CONFIGS] = {{10, 40, 10, 7}, {10, 10, 90, NAN}, {10, 10, NAN, NAN}};
static const double pauses[WORKS][CONFIGS] = {{0, 4e6, 1e6, 7}, {900, 1e6, 1e6, NAN}, {5, 5, NAN, NAN}};
static const double noise[BLOCKS] = {0.99, 1, 1.01};

static struct run_cell cells[WORKS * CONFIGS];
static double values[WORKS * CONFIGS][RUN_METRICS * BLOCKS];
static struct store store;

static void make_run(struct run *run)
{
    json_t *list = json_array();
    *run = (struct run){.store = &store, .cells = cells, .blocks = BLOCKS};
    run->works = (struct run_list){.count = WORKS, .measured = WORKS};
    run->configs = (struct run_list){.count = CONFIGS, .measured = CONFIGS};
    run->settings = (struct run_list){.count = 1, .measured = 1};
    for (size_t i = 0; i < WORKS * CONFIGS; i++) {
        size_t work = i / CONFIGS, config = i % CONFIGS;
        if (isnan(walls[work][config]))
            continue;
        for (size_t block = 0; block < BLOCKS; block++) {
            values[i][RUN_WALL * BLOCKS + block] = walls[work][config] * (config == 1 ? noise[block] : 1);
            values[i][RUN_PEAK * BLOCKS + block] = peaks[work][config];
            values[i][RUN_PAUSE_MAX * BLOCKS + block] = pauses[work][config];
        }
        cells[run->cell_count++] = (struct run_cell){
            .work = work, .config = config, .processes = BLOCKS, .status = "ok", .values = values[i]};
        json_array_append_new(list, json_pack("{ss}", "memory", "cold"));
    }
    store.manifest = json_pack("{so}", "cells", list);
}

static bool near(double found, double expected)
{
    return fabs(found / expected - 1) < 1e-3;
}

static void test_members(const struct trade *trade)
{
    tap_ok(trade->count == 3 && trade->members[2] == 2,
           "a collector that ran a third of the workloads is no member");
    tap_ok(trade->shared == 2 && trade->works[1] == 1 && trade->measured == 3,
           "a workload that a member did not run is not shared");
}

static void test_ratios(const struct trade *trade)
{
    tap_ok(near(trade_at(trade, TRADE_WALL, 1, 0)->ratio, 4), "a time is the geometric mean of 2 and 8");
    tap_ok(near(trade_at(trade, TRADE_WALL, 0, 1)->ratio, 0.25), "the other way round it is the inverse");
    tap_ok(trade_at(trade, TRADE_WALL, 1, 0)->interval.low < 4 &&
               trade_at(trade, TRADE_WALL, 1, 0)->interval.high > 4 &&
               near(trade_at(trade, TRADE_WALL, 2, 0)->interval.high, 2),
           "its interval comes from the blocks, and is a point where nothing varies");
    tap_ok(near(trade_at(trade, TRADE_PEAK, 2, 0)->ratio, 3) &&
               near(trade_at(trade, TRADE_PEAK, 1, 3)->ratio, 20),
           "so is a peak; in the last place it is the member's own");
    tap_ok(near(trade_at(trade, TRADE_PAUSE, 0, 3)->ratio, 1000) &&
               near(trade_at(trade, TRADE_PAUSE, 1, 0)->ratio, 2000),
           "no pause, and one of less than a microsecond, counts as a microsecond");
}

static void test_nothing(const struct run *run)
{
    struct trade trade;
    trade_make(run, (const size_t[TRADE_METRICS]){0, 1, 0}, &trade);
    tap_ok(trade.count == 0 && trade.shared == 0, "without a setting that has peak memory there is no trade");
    trade_fini(&trade);
}

int main(void)
{
    struct run run;
    struct trade trade;
    make_run(&run);
    trade_make(&run, (const size_t[TRADE_METRICS]){0, 0, 0}, &trade);
    test_members(&trade);
    test_ratios(&trade);
    trade_fini(&trade);
    test_nothing(&run);
    json_decref(store.manifest);
    return tap_done();
}

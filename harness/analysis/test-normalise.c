/* SPDX-License-Identifier: MIT */
/* Checks ratios to the best and the lower-bound overhead, on a run made by hand. */
#include <math.h>
#include <stdlib.h>

#include "harness/analysis/normalise.h"
#include "tests/tap.h"

enum { BLOCKS = 4, WORKS = 2, CONFIGS = 3 };

/* Wall times in ns: works x configs x blocks. Config 0 is the floor, config 1 leaks in work 1. */
static const double walls[WORKS][CONFIGS][BLOCKS] = {
    {{80, 80, 80, 80}, {100, 100, 100, 100}, {200, 202, 198, 200}},
    {{50, 50, 50, 50}, {60, 60, 60, 60}, {90, 90, 90, 90}},
};
/* Wall less pauses. */
static const double distilled[WORKS][CONFIGS] = {{80, 70, 150}, {50, 60, 45}};

static struct run_cell cells[WORKS * CONFIGS];

static void make_run(struct run *run)
{
    *run = (struct run){.cells = cells, .cell_count = WORKS * CONFIGS, .blocks = BLOCKS};
    run->works = (struct run_list){.count = WORKS, .measured = WORKS};
    run->configs = (struct run_list){.count = CONFIGS, .measured = CONFIGS};
    run->settings = (struct run_list){.count = 1, .measured = 1};
    for (size_t i = 0; i < WORKS * CONFIGS; i++) {
        size_t work = i / CONFIGS, config = i % CONFIGS;
        double *values = calloc(RUN_METRICS * BLOCKS, sizeof(double));
        for (size_t block = 0; block < BLOCKS; block++) {
            values[RUN_WALL * BLOCKS + block] = walls[work][config][block];
            values[RUN_DISTILLED * BLOCKS + block] = distilled[work][config];
            values[RUN_CPU * BLOCKS + block] = walls[work][config][block] / 2;
            values[RUN_DISTILLED_CPU * BLOCKS + block] = distilled[work][config] / 4;
            values[RUN_INSTRUCTIONS * BLOCKS + block] = 3 * walls[work][config][block];
        }
        enum run_role role = config == 0 ? RUN_FLOOR : config == 1 && work == 1 ? RUN_LEAKS : RUN_RECLAIMS;
        cells[i] = (struct run_cell){.work = work,
                                     .config = config,
                                     .processes = BLOCKS,
                                     .status = "ok",
                                     .role = role,
                                     .values = values};
    }
    bootstrap_init(&run->bootstrap, 500, BLOCKS, 1);
}

static bool near(double found, double expected)
{
    return fabs(found - expected) < 1e-9;
}

static void test_best(const struct run *run)
{
    struct normalise_table table;
    normalise_setting(run, 0, &normalise_to_best[0], &table);
    tap_ok(normalise_at(&table, 0, 1)->best && !normalise_at(&table, 0, 0)->best,
           "the floor is never the best, though faster");
    tap_ok(near(normalise_at(&table, 0, 0)->ratio, 0.8), "and its ratio is below 1");
    tap_ok(near(normalise_at(&table, 0, 2)->ratio, 2), "a ratio is that of the medians");
    struct bootstrap_interval interval = normalise_at(&table, 0, 2)->interval;
    tap_ok(interval.low >= 1.98 && interval.low < 2 && interval.high > 2 && interval.high <= 2.02,
           "its interval spans what the resamples can give");
    tap_ok(normalise_at(&table, 1, 2)->best, "where a collector leaks, the best is one that does not");
    tap_ok(near(normalise_at(&table, 1, 1)->ratio, 60.0 / 90),
           "and the one that leaks is measured against it");
    tap_equal((int64_t)table.shared, 2, "works that every config finished are in the mean");
    tap_ok(near(table.means[2].ratio, sqrt(2)), "the mean of 2 and 1 is the square root of 2");
    tap_ok(table.means[1].role == RUN_LEAKS, "a mean carries the mark of its works");
    normalise_fini(&table);
}

static void test_blank(const struct run *run)
{
    struct normalise_table table;
    cells[CONFIGS + 1].reason = (char *)"no result after 60 s";
    normalise_setting(run, 0, &normalise_to_best[0], &table);
    tap_ok(isnan(normalise_at(&table, 1, 1)->ratio), "a failed cell has no ratio");
    tap_ok(table.shared == 1 && near(table.means[2].ratio, 2),
           "and its work leaves the mean of every config");
    normalise_fini(&table);
    cells[CONFIGS + 1].reason = NULL;
}

/* Two of the three cells reached only the first block: resamples without that block compare nothing. */
static void test_unfinished(const struct run *run)
{
    struct normalise_table table;
    double kept[2] = {cells[1].values[BLOCKS - 1], cells[0].values[BLOCKS - 1]};
    for (size_t block = 1; block < BLOCKS; block++)
        cells[0].values[block] = cells[1].values[block] = NAN;
    normalise_setting(run, 0, &normalise_to_best[0], &table);
    struct bootstrap_interval floor = normalise_at(&table, 0, 0)->interval;
    struct bootstrap_interval slow = normalise_at(&table, 0, 2)->interval;
    tap_ok(floor.low > 0.79 && floor.high < 0.81,
           "an unfinished block does not stretch the interval of the floor");
    tap_ok(slow.low > 1.9, "nor lets a slow collector be the best for want of others");
    normalise_fini(&table);
    for (size_t block = 1; block < BLOCKS; block++) {
        cells[0].values[block] = kept[1];
        cells[1].values[block] = kept[0];
    }
}

static void test_overhead(const struct run *run)
{
    struct normalise_table table;
    normalise_setting(run, 0, &normalise_lower_bounds[0], &table);
    tap_ok(near(normalise_at(&table, 0, 1)->ratio, 100.0 / 70),
           "the overhead is the whole time over the smallest distilled one");
    tap_ok(near(normalise_at(&table, 0, 0)->ratio, 80.0 / 70), "also for a collector that frees nothing");
    tap_ok(near(normalise_at(&table, 1, 0)->ratio, 50.0 / 45), "the smallest may be another's in each work");
    normalise_fini(&table);
    normalise_setting(run, 0, &normalise_lower_bounds[1], &table);
    tap_ok(near(normalise_at(&table, 0, 1)->ratio, 200.0 / 70), "of CPU time it is over distilled CPU time");
    normalise_fini(&table);
    normalise_setting(run, 0, &normalise_lower_bounds[2], &table);
    tap_ok(near(normalise_at(&table, 0, 1)->ratio, 100.0 / 80), "of instructions nothing is distilled");
    normalise_fini(&table);
}

int main(void)
{
    struct run run;
    make_run(&run);
    test_best(&run);
    test_blank(&run);
    test_unfinished(&run);
    test_overhead(&run);
    for (size_t i = 0; i < WORKS * CONFIGS; i++)
        free(cells[i].values);
    bootstrap_fini(&run.bootstrap);
    return tap_done();
}

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
    tap_ok(near(normalise_at(&table, 0, 2)->ratio, pow(2 * 2.02 * 1.98 * 2, 0.25)),
           "a ratio is the geometric mean of its blocks");
    struct bootstrap_interval interval = normalise_at(&table, 0, 2)->interval;
    tap_ok(interval.low > 1.95 && interval.low < 1.98 && interval.high > 2.02 && interval.high < 2.05,
           "its interval is Student's, wider than the values of four blocks");
    tap_ok(normalise_at(&table, 0, 1)->may_be_best && !normalise_at(&table, 0, 2)->may_be_best,
           "what is shown to be slower may not be the best");
    tap_ok(normalise_at(&table, 1, 2)->best, "where a collector leaks, the best is one that does not");
    tap_ok(near(normalise_at(&table, 1, 1)->ratio, 60.0 / 90),
           "and the one that leaks is measured against it");
    tap_equal((int64_t)table.shared, 2, "works that every config finished are in the mean");
    tap_ok(fabs(table.means[2].ratio - sqrt(2)) < 1e-4, "the mean of 2 and 1 is the square root of 2");
    tap_ok(table.means[1].role == RUN_LEAKS, "a mean carries the mark of its works");
    normalise_fini(&table);
}

static void test_blank(const struct run *run)
{
    struct normalise_table table;
    cells[CONFIGS + 1].reason = (char *)"no result after 60 s";
    normalise_setting(run, 0, &normalise_to_best[0], &table);
    tap_ok(isnan(normalise_at(&table, 1, 1)->ratio), "a failed cell has no ratio");
    tap_ok(table.shared == 1 && near(table.means[2].ratio, normalise_at(&table, 0, 2)->ratio),
           "and its work leaves the mean of every config");
    normalise_fini(&table);
    cells[CONFIGS + 1].reason = NULL;
}

/* A cold cell that stopped as warm takes no part, and what could be the best is not known without it. */
static void test_as_warm(const struct run *run)
{
    struct normalise_table table;
    cells[2].as_warm = true;
    normalise_setting(run, 0, &normalise_to_best[0], &table);
    const struct normalise_entry *stopped = normalise_at(&table, 0, 2);
    tap_ok(stopped->as_warm && isnan(stopped->ratio) && !stopped->best && !stopped->may_be_best,
           "a cell that stopped as warm has no ratio, and is no best");
    tap_ok(near(stopped->median, 200), "it has its median");
    tap_ok(isnan(normalise_at(&table, 0, 1)->ratio) && !normalise_at(&table, 0, 1)->may_be_best,
           "nor has the work a best, as it could be the one that stopped");
    tap_ok(normalise_at(&table, 1, 2)->best && near(normalise_at(&table, 1, 1)->ratio, 60.0 / 90),
           "other works have theirs");
    tap_ok(table.shared == 1 && near(table.means[1].ratio, 60.0 / 90), "the means leave the work out");
    normalise_fini(&table);
    cells[2].as_warm = false;
    cells[0].as_warm = true;
    normalise_setting(run, 0, &normalise_to_best[0], &table);
    tap_ok(isnan(normalise_at(&table, 0, 0)->ratio) &&
               near(normalise_at(&table, 0, 2)->ratio, pow(2 * 2.02 * 1.98 * 2, 0.25)),
           "one that is never the best stops nobody");
    normalise_fini(&table);
    normalise_setting(run, 0, &normalise_to_best[2], &table);
    tap_ok(!normalise_at(&table, 0, 0)->as_warm, "of its peak memory it speaks for itself");
    normalise_fini(&table);
    cells[0].as_warm = false;
}

/* Two of the three cells reached only the first two blocks. */
static void test_unfinished(const struct run *run)
{
    struct normalise_table table;
    double kept[2] = {cells[1].values[BLOCKS - 1], cells[0].values[BLOCKS - 1]};
    for (size_t block = 2; block < BLOCKS; block++)
        cells[0].values[block] = cells[1].values[block] = NAN;
    normalise_setting(run, 0, &normalise_to_best[0], &table);
    tap_ok(near(normalise_at(&table, 0, 0)->ratio, 0.8),
           "an unfinished block does not stretch the ratio of the floor");
    tap_ok(near(normalise_at(&table, 0, 2)->ratio, sqrt(2 * 2.02)) && normalise_at(&table, 0, 1)->best,
           "nor lets a slow collector be the best for want of others");
    normalise_fini(&table);
    for (size_t block = 2; block < BLOCKS; block++) {
        cells[0].values[block] = kept[1];
        cells[1].values[block] = kept[0];
    }
}

/*
 * Config 2 is 2 and 8 times the best in the blocks of one work, and 8 and 2 times in the other: the means are
 * alike.
 */
static void test_mean_interval(const struct run *run)
{
    struct normalise_table table;
    const double factors[2][BLOCKS] = {{2, 8, 2, 8}, {8, 2, 8, 2}};
    double kept[2][BLOCKS];
    cells[0].role = cells[CONFIGS].role = RUN_RECLAIMS; /* so config 0 is the best of both works */
    for (int together = 0; together < 2; together++) {
        for (size_t i = 0; i < BLOCKS * 2; i++) {
            double *value = &cells[2 + i / BLOCKS * CONFIGS].values[i % BLOCKS];
            if (!together)
                kept[i / BLOCKS][i % BLOCKS] = *value;
            *value = 100 * factors[together ? 0 : i / BLOCKS][i % BLOCKS];
        }
        normalise_setting(run, 0, &normalise_to_best[0], &table);
        struct bootstrap_interval interval = table.means[2].interval;
        if (together)
            tap_ok(interval.low < 3 && interval.high > 10,
                   "a block that moves all works alike widens the mean's interval");
        else
            tap_ok(near(interval.low, interval.high), "one that moves works apart leaves it alone");
        normalise_fini(&table);
    }
    for (size_t i = 0; i < BLOCKS * 2; i++)
        cells[2 + i / BLOCKS * CONFIGS].values[i % BLOCKS] = kept[i / BLOCKS][i % BLOCKS];
    cells[0].role = cells[CONFIGS].role = RUN_FLOOR;
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
    test_as_warm(&run);
    test_blank(&run);
    test_unfinished(&run);
    test_overhead(&run);
    test_mean_interval(&run);
    for (size_t i = 0; i < WORKS * CONFIGS; i++)
        free(cells[i].values);
    bootstrap_fini(&run.bootstrap);
    return tap_done();
}

/* SPDX-License-Identifier: MIT */
/* False alarms and power of the null tests of a run. */
#include "harness/statistics/drift.h"

#include <math.h>

#include "tests/measuring/simulations/noise.h"
#include "tests/measuring/simulations/simulate.h"

enum { CELLS = 24, BLOCKS = 20 };

enum disturbance { ALIKE, SECOND_HALF, RISE, ONE_BLOCK, DISTURBANCES };

static const char *const disturbance_names[DISTURBANCES] = {"alike", "second half +10%", "rise by 10%",
                                                            "one block +20%"};

static double disturbance_of(enum disturbance disturbance, size_t block, size_t blocks)
{
    switch (disturbance) {
    case SECOND_HALF:
        return block >= blocks / 2 ? log(1.1) : 0;
    case RISE:
        return log(1.1) * (double)block / (double)(blocks - 1);
    case ONE_BLOCK:
        return block == blocks / 3 ? log(1.2) : 0;
    default:
        return 0;
    }
}

/* Runs in which each test finds something, and in which any does at 5% for all. */
struct tally {
    size_t halves, trend, shock, any;
};

static struct tally drift_tally(const struct simulate *simulate, enum noise kind,
                                enum disturbance disturbance, size_t blocks)
{
    struct tally tally = {0};
    struct random_state random;
    const double truths[CELLS] = {0};
    random_seed(&random, simulate->seed + 80 * (uint64_t)kind + blocks);
    for (size_t campaign = 0; campaign < simulate->campaigns; campaign++) {
        double values[CELLS * BLOCKS], levels[BLOCKS];
        const double *rows[CELLS];
        noise_fill(kind, truths, CELLS, blocks, &random, values);
        for (size_t cell = 0; cell < CELLS; cell++) {
            rows[cell] = values + cell * blocks;
            for (size_t block = 0; block < blocks; block++)
                values[cell * blocks + block] *= exp(disturbance_of(disturbance, block, blocks));
        }
        drift_levels(rows, CELLS, blocks, levels);
        struct drift drift = drift_find(levels, blocks);
        tally.halves += drift.halves_p <= 0.05;
        tally.trend += drift.trend_p <= 0.05;
        tally.shock += drift.shock_p <= 0.05;
        tally.any += drift_found(&drift);
    }
    return tally;
}

void simulate_drift(const struct simulate *simulate)
{
    static const enum noise kinds[] = {NOISE_QUIET, NOISE_NORMAL, NOISE_BUSY, NOISE_TAILS};
    simulate_say(simulate, "\nNull tests of a run of %d cells: runs with p <= 5%%, and with any p <= 5%% / 3",
                 CELLS);
    simulate_say(simulate, "%-20s %-18s %6s %8s %8s %8s %8s", "noise", "blocks are", "blocks", "halves",
                 "trend", "shock", "any");
    for (size_t kind = 0; kind < (simulate->brief ? 2 : 4); kind++)
        for (int disturbance = 0; disturbance < DISTURBANCES; disturbance++)
            for (size_t blocks = 5; blocks <= 20; blocks *= 2) {
                if (simulate->brief && blocks == 20)
                    continue;
                struct tally tally =
                    drift_tally(simulate, kinds[kind], (enum disturbance)disturbance, blocks);
                double percent = 100 / (double)simulate->campaigns;
                simulate_say(simulate, "%-20s %-18s %6zu %7.1f%% %7.1f%% %7.1f%% %7.1f%%",
                             noise_names[kinds[kind]], disturbance_names[disturbance], blocks,
                             percent * (double)tally.halves, percent * (double)tally.trend,
                             percent * (double)tally.shock, percent * (double)tally.any);
                if (disturbance == ALIKE && kinds[kind] != NOISE_BUSY)
                    simulate_at_most(simulate, tally.any, simulate->campaigns, 0.06,
                                     "blocks that are alike raise an alarm in 5%%: %s, %zu blocks",
                                     noise_names[kinds[kind]], blocks);
                if (disturbance == SECOND_HALF && kinds[kind] == NOISE_QUIET)
                    simulate_holds(simulate, percent * (double)tally.any > 95,
                                   "a second half that is 10%% slower is found: %zu blocks", blocks);
            }
}

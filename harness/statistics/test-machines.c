/* SPDX-License-Identifier: MIT */
/*
 * Checks comparisons over several machines by hand. tests/measuring/simulations has their coverage.
 *
 * usage: test-machines [SEED]
 */
#include <math.h>

#include "base/random.h"
#include "harness/statistics/machines.h"
#include "harness/statistics/sequential.h"
#include "harness/statistics/two-runs.h"
#include "tests/tap.h"

enum { BLOCKS = 8, MANY = 40 };

static const size_t TWO_EACH[BLOCKS] = {0, 1, 2, 3, 0, 1, 2, 3};
static const size_t UNEQUAL[BLOCKS] = {0, 0, 0, 0, 0, 1, 1, 2};

static bool near(double found, double expected)
{
    bool is_near = fabs(found - expected) <= 1e-9 * fabs(expected) + 1e-15;
    if (!is_near)
        tap_note("found %.12g, expected %.12g", found, expected);
    return is_near;
}

static struct sequential_design design_of(const size_t *of_block, size_t count)
{
    return (struct sequential_design){.alpha = 0.05,
                                      .minimum = 0.01,
                                      .precision = 0.03,
                                      .first = BLOCKS,
                                      .blocks = BLOCKS,
                                      .family = 1,
                                      .machines = {of_block, count}};
}

static struct sequential_result decide(const struct sequential_design *design, const double *logs)
{
    double a[BLOCKS], ones[BLOCKS];
    for (int block = 0; block < BLOCKS; block++) {
        a[block] = isnan(logs[block]) ? NAN : exp(logs[block]);
        ones[block] = 1;
    }
    return sequential_decide(design, a, ones, BLOCKS);
}

static void test_average(void)
{
    const struct machines machines = {UNEQUAL, 4}, one = {0};
    const double values[BLOCKS] = {1, 2, 3, 4, 5, NAN, 7, NAN};
    double units[BLOCKS];
    machines_average(&machines, values, BLOCKS, units);
    tap_ok(units[0] == 3 && units[1] == 7 && isnan(units[2]) && isnan(units[3]),
           "a machine has the mean of its blocks, and none without a value");
    machines_average(&one, values, BLOCKS, units);
    tap_ok(memcmp(units, values, sizeof(values)) == 0, "of one machine the blocks stay as they are");
    tap_ok(machines_units(&machines, BLOCKS) == 4 && machines_units(&one, BLOCKS) == BLOCKS,
           "units are machines, or blocks");
}

/*
 * The machines' means are 0.1, 0.2, 0.3 and 0.4: the mean 0.25, the standard deviation sqrt(0.05 / 3), and t(0.025, 3) =
 * 3.182446305284263. Their blocks do not scatter.
 */
static void test_by_hand(void)
{
    const double logs[BLOCKS] = {0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4};
    struct sequential_design design = design_of(TWO_EACH, 4), blocks = design_of(NULL, 0);
    double half = 3.182446305284263 * sqrt(0.05 / 3 / 4);
    struct sequential_result over = decide(&design, logs), within = decide(&blocks, logs);
    tap_ok(near(over.ratio, exp(0.25)) && over.blocks == BLOCKS, "the ratio is that of the machines' means");
    tap_ok(near(over.low, exp(0.25 - half)) && near(over.high, exp(0.25 + half)),
           "its interval is Student's, with a degree of freedom less than there are machines");
    tap_ok(over.verdict == SEQUENTIAL_MORE && near(within.ratio, exp(0.25)) && within.low > over.low,
           "as blocks of one machine they would claim more than they may");
    const double unequal[BLOCKS] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.4, 0.7};
    design = design_of(UNEQUAL, 3);
    tap_ok(near(decide(&design, unequal).ratio, exp(0.4)), "each machine counts once, whatever its blocks");
}

/*
 * The machines' means are all 0.2, and their blocks scatter by 0.1 around it: s^2 = 8 x 0.01 / 4. So the variance of a
 * mean of two blocks is 0.01, and that of the mean of four machines a quarter of it.
 */
static void test_least(void)
{
    const double logs[BLOCKS] = {0.1, 0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0.3};
    struct sequential_design design = design_of(TWO_EACH, 4);
    struct sequential_result result = decide(&design, logs);
    tap_ok(near(result.high, exp(0.2 + 3.182446305284263 * 0.1 / 2)),
           "machines that are alike by chance have what the scatter of blocks makes of them");
    tap_ok(result.low < result.ratio, "and are not taken for exact");
}

static void test_few(void)
{
    const double logs[BLOCKS] = {0.2, NAN, NAN, NAN, 0.2, NAN, NAN, NAN};
    struct sequential_design design = design_of(TWO_EACH, 4);
    struct sequential_result result = decide(&design, logs);
    tap_ok(result.verdict == SEQUENTIAL_BLANK && result.blocks == 2, "one machine says nothing of machines");
    const double same[BLOCKS] = {0};
    tap_ok(decide(&design, same).verdict == SEQUENTIAL_EQUAL, "what is the same on all machines is equal");
    const double zero[BLOCKS] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY,
                                 -INFINITY, -INFINITY, -INFINITY, -INFINITY};
    tap_ok(decide(&design, zero).verdict == SEQUENTIAL_LESS, "nothing on every machine is less");
    const double some[BLOCKS] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY, 0.1, 0.1, 0.1, 0.1};
    tap_ok(decide(&design, some).verdict == SEQUENTIAL_UNDECIDED,
           "what is nothing in some blocks of each machine is undecided");
}

/* Forty pairs on two machines, whose ratios differ by 2% between them. */
static void test_borrowing(uint64_t seed)
{
    double a[MANY][BLOCKS], ones[BLOCKS];
    struct sequential_pair pairs[MANY];
    struct random_state random;
    struct sequential_design design = design_of(TWO_EACH, 4);
    random_seed(&random, seed);
    for (int pair = 0; pair < MANY; pair++) {
        double effects[4];
        for (int machine = 0; machine < 4; machine++)
            effects[machine] = 0.0346 * (2 * random_real(&random) - 1); /* uniform: a deviation of 2% */
        for (int block = 0; block < BLOCKS; block++) {
            a[pair][block] = exp(effects[TWO_EACH[block]]);
            ones[block] = 1;
        }
        pairs[pair] = (struct sequential_pair){a[pair], ones};
    }
    sequential_borrow(&design, pairs, MANY, BLOCKS);
    tap_note("%.1f degrees of freedom, with a deviation of %.4f", design.prior.freedom,
             design.prior.deviation);
    tap_ok(design.prior.freedom > 1 && design.prior.freedom <= 3 && design.prior.deviation > 0.01 &&
               design.prior.deviation < 0.04,
           "pairs lend each other how far machines differ, and no more than each knows itself");
}

static void test_apart(void)
{
    const struct machines machines = {TWO_EACH, 4}, one = {0};
    double values[BLOCKS] = {0.1, 0.1, 0.1, 0.5, 0.11, 0.09, 0.1, 0.51};
    bool apart[4];
    size_t count = machines_find_apart(&machines, values, BLOCKS, 0.05, 0.01, apart);
    tap_ok(count == 1 && apart[3] && !apart[0], "a machine that is off is found, and it alone");
    count = machines_find_apart(&machines, values, BLOCKS, 0.05, 0.6, apart);
    tap_ok(count == 0, "but not where less is of interest");
    values[0] = values[4] = -0.4;
    count = machines_find_apart(&machines, values, BLOCKS, 0.05, 0.01, apart);
    tap_ok(count == 2 && apart[0] && apart[3], "two that are off are both found");
    const double halves[BLOCKS] = {0.1, 0.5, NAN, NAN, 0.11, 0.51, NAN, NAN};
    count = machines_find_apart(&machines, halves, BLOCKS, 0.05, 0.01, apart);
    tap_ok(count == 2 && apart[0] && apart[1], "of two machines none is right, so both are apart");
    const double alike[BLOCKS] = {0.1, 0.12, 0.09, 0.11, 0.11, 0.1, 0.12, 0.1};
    tap_ok(machines_find_apart(&machines, alike, BLOCKS, 0.05, 0.001, apart) == 0,
           "what scatters is not apart");
    tap_ok(machines_find_apart(&one, alike, BLOCKS, 0.05, 0.001, apart) == 0, "nor is one machine");
}

/* The ratios of B over A are 1.1 and 1.3 on two machines of which each knows its own exactly, but for the offset. */
static void test_two_runs(void)
{
    const struct two_runs_design design = {0.01, 0.05, 0.01, 1, false};
    const double a[] = {1, 1.01, 0.99}, one[] = {1.1, 1.11, 1.09}, other[] = {1.3, 1.31, 1.29},
                 same[] = {7, 7};
    struct two_runs found[2] = {two_runs_compare(&design, a, 3, one, 3),
                                two_runs_compare(&design, a, 3, other, 3)};
    struct two_runs over = two_runs_over_machines(&design, found, 2);
    double first = log(found[0].ratio), second = log(found[1].ratio);
    tap_ok(near(over.ratio, exp((first + second) / 2)) && over.freedom == 1,
           "two runs are compared on each machine, and over machines");
    tap_ok(near(over.error, fabs(first - second) / 2), "with the variance between machines");
    tap_ok(over.low < 1 && over.count_a == 6, "two machines know little of others");
    found[1] = found[0];
    over = two_runs_over_machines(&design, found, 2);
    tap_ok(near(over.error, found[0].error / sqrt(2)), "machines that agree have their own errors");
    found[0] = found[1] = two_runs_compare(&design, same, 2, same, 2);
    over = two_runs_over_machines(&design, found, 2);
    tap_ok(over.exact && over.ratio == 1 && over.p == 1, "what does not vary is compared exactly");
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    tap_note("seed %" PRIu64, seed);
    test_average();
    test_by_hand();
    test_least();
    test_few();
    test_borrowing(seed);
    test_apart();
    test_two_runs();
    return tap_done();
}

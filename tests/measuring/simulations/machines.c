/* SPDX-License-Identifier: MIT */
/* Coverage and power of comparisons over machines whose ratios differ by a known deviation. */
#include "harness/statistics/machines.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/statistics/sequential.h"
#include "tests/measuring/simulations/noise.h"
#include "tests/measuring/simulations/simulate.h"

enum {
    MACHINES = 8,
    BLOCKS = 80,
    COLLECTORS = 6,
    WORKS = 17,
    PAIRS_OF_WORK = COLLECTORS * (COLLECTORS - 1) / 2
};

/* The machines of a campaign. */
struct fleet {
    const char *name;
    size_t machines;
    size_t blocks[MACHINES]; /* of each */
    double scatter;          /* of the blocks of the last machine, as a multiple; 0: as on the others */
    double deviant;          /* the effect of the last machine, as a multiple; 0: as of the others */
};

static const struct fleet fleets[] = {
    {"2 x 5 blocks", 2, {5, 5}, 0, 0},
    {"3 x 5", 3, {5, 5, 5}, 0, 0},
    {"4 x 5", 4, {5, 5, 5, 5}, 0, 0},
    {"8 x 5", 8, {5, 5, 5, 5, 5, 5, 5, 5}, 0, 0},
    {"2 with 3 and 20", 2, {3, 20}, 0, 0},
    {"4 with 1 to 20", 4, {1, 3, 10, 20}, 0, 0},
    {"4, one scatters x 5", 4, {5, 5, 5, 5}, 5, 0},
    {"4, one deviates x 5", 4, {5, 5, 5, 5}, 0, 5},
    {"8 with 1 to 20", 8, {1, 2, 3, 4, 5, 10, 15, 20}, 0, 0},
};

enum { FLEETS = sizeof(fleets) / sizeof(fleets[0]) };

/* Works whose cells ran on a fleet. */
struct family {
    const struct fleet *fleet;
    size_t works, cells, pair_count, blocks;
    size_t of_block[BLOCKS];
    double truths[WORKS * COLLECTORS];
    double values[WORKS * COLLECTORS * BLOCKS];
    struct sequential_pair pairs[WORKS * PAIRS_OF_WORK];
    struct sequential_design design; /* over machines */
};

/* `collectors` is 2 for a single pair. */
static struct family *family_new(const struct fleet *fleet, size_t works, size_t collectors)
{
    struct family *family = memory_new(1, sizeof(*family));
    family->fleet = fleet;
    family->works = works;
    family->cells = works * collectors;
    for (size_t machine = 0; machine < fleet->machines; machine++)
        for (size_t block = 0; block < fleet->blocks[machine]; block++)
            family->of_block[family->blocks++] = machine;
    for (size_t a = 0; a < family->cells; a++)
        for (size_t b = a + 1; b < (a / collectors + 1) * collectors; b++)
            family->pairs[family->pair_count++] = (struct sequential_pair){
                family->values + a * family->blocks, family->values + b * family->blocks};
    family->design = sequential_usual(family->blocks, family->blocks, family->pair_count);
    family->design.machines = (struct machines){family->of_block, fleet->machines};
    return family;
}

/* Draws the blocks of a machine, on which each cell is off by an effect of its own. */
static void machine_draw(struct family *family, enum noise kind, size_t machine, size_t first,
                         const double *deviations, struct random_state *random)
{
    const struct fleet *fleet = family->fleet;
    bool last = machine + 1 == fleet->machines;
    size_t blocks = fleet->blocks[machine];
    double *moved = memory_new(family->cells, sizeof(*moved)),
           *drawn = memory_new(family->cells * blocks, sizeof(*drawn));
    double more = last && fleet->scatter > 0 ? fleet->scatter : 1;
    noise_fill(kind, moved, family->cells, blocks, random, drawn);
    for (size_t cell = 0; cell < family->cells; cell++) {
        double effect =
            deviations[cell] * noise_normal(random) * (last && fleet->deviant > 0 ? fleet->deviant : 1);
        for (size_t block = 0; block < blocks; block++)
            family->values[cell * family->blocks + first + block] =
                exp(family->truths[cell] + effect + more * log(drawn[cell * blocks + block]));
    }
    free(moved);
    free(drawn);
}

/*
 * Draws a campaign. The ratios of two cells differ between machines by the standard deviation `deviation`: each cell has
 * an effect of its own with a part of it. With `unequal` the cells' deviations are log-normal, with a deviation of ln 2.
 */
static void family_draw(struct family *family, enum noise kind, double deviation, bool unequal,
                        struct random_state *random)
{
    double deviations[WORKS * COLLECTORS];
    size_t first = 0;
    for (size_t cell = 0; cell < family->cells; cell++)
        deviations[cell] = deviation / M_SQRT2 * (unequal ? exp(M_LN2 * noise_normal(random)) : 1);
    for (size_t machine = 0; machine < family->fleet->machines; machine++) {
        machine_draw(family, kind, machine, first, deviations, random);
        first += family->fleet->blocks[machine];
    }
}

static bool result_holds(const struct sequential_result *result, double truth)
{
    return result->low <= truth && truth <= result->high;
}

/* ---- one pair ---- */

/* How many campaigns' intervals miss the truth, over machines and as of blocks of one machine. */
struct misses {
    size_t over, as_one;
    double width; /* the mean of ln(high / low), over machines */
};

static struct misses misses_tally(const struct simulate *simulate, const struct fleet *fleet, enum noise kind,
                                  double deviation)
{
    struct misses misses = {0};
    struct random_state random;
    struct family *family = family_new(fleet, 1, 2);
    struct sequential_design as_one = family->design;
    random_seed(&random, simulate->seed + 91 + (uint64_t)kind + (uint64_t)(1000 * deviation));
    as_one.machines = (struct machines){0};
    family->truths[0] = log(1.1);
    for (size_t campaign = 0; campaign < simulate->campaigns; campaign++) {
        family_draw(family, kind, deviation, false, &random);
        const struct sequential_pair *pair = family->pairs;
        struct sequential_result over = sequential_decide(&family->design, pair->a, pair->b, family->blocks);
        struct sequential_result blocks = sequential_decide(&as_one, pair->a, pair->b, family->blocks);
        misses.over += !result_holds(&over, 1.1);
        misses.as_one += !result_holds(&blocks, 1.1);
        misses.width += log(over.high / over.low) / (double)simulate->campaigns;
    }
    free(family);
    return misses;
}

static void coverage_table(const struct simulate *simulate)
{
    static const double deviations[] = {0, 0.02, 0.05};
    static const enum noise kinds[] = {NOISE_QUIET, NOISE_NORMAL, NOISE_BUSY};
    struct simulate more = *simulate; /* campaigns of one pair are cheap */
    more.campaigns *= 5;
    simulate_say(simulate, "\nA ratio of 1.1 on several machines: 95%% intervals that hold it");
    simulate_say(simulate, "%-22s %-20s %10s %14s %22s %10s", "machines", "noise", "deviation",
                 "over machines", "as blocks of one", "width");
    for (size_t fleet = 0; fleet < FLEETS; fleet++)
        for (size_t kind = 0; kind < (simulate->brief ? 1 : 3); kind++)
            for (size_t i = 0; i < 3; i++) {
                struct misses misses = misses_tally(&more, &fleets[fleet], kinds[kind], deviations[i]);
                double percent = 100 / (double)more.campaigns;
                simulate_say(simulate, "%-22s %-20s %9.0f%% %13.1f%% %21.1f%% %9.0f%%", fleets[fleet].name,
                             noise_names[kinds[kind]], 100 * deviations[i],
                             100 - percent * (double)misses.over, 100 - percent * (double)misses.as_one,
                             100 * expm1(misses.width));
                simulate_at_most(simulate, misses.over, more.campaigns, 0.05,
                                 "over machines 95%% of intervals hold the truth: %s, %s, %.0f%%",
                                 fleets[fleet].name, noise_names[kinds[kind]], 100 * deviations[i]);
            }
}

/* ---- a family ---- */

/* What came of campaigns in which two thirds of the pairs do not differ. */
struct tally {
    size_t straying; /* campaigns with an interval that does not hold the truth */
    size_t wrong;    /* campaigns with a claim where there is no difference, or the other way */
    double found;    /* share of the pairs that differ that are claimed */
    double equal;    /* share of the others that are called equal */
    double lent;     /* degrees of freedom, in the mean */
};

/* Whether a result states what is not so of two cells whose true log ratio is `truth`. */
static bool result_is_wrong(const struct sequential_result *result, double truth)
{
    return (result->verdict == SEQUENTIAL_LESS && truth >= 0) ||
           (result->verdict == SEQUENTIAL_MORE && truth <= 0) ||
           (result->verdict == SEQUENTIAL_EQUAL && fabs(truth) > log1p(SEQUENTIAL_PRECISION));
}

/* Decides all pairs of a campaign. */
static void family_tally(struct family *family, double effect, double part, struct tally *tally)
{
    bool strays = false, wrong = false;
    for (size_t i = 0; i < family->pair_count; i++) {
        const struct sequential_pair *pair = &family->pairs[i];
        size_t a = (size_t)(pair->a - family->values) / family->blocks,
               b = (size_t)(pair->b - family->values) / family->blocks;
        double truth = family->truths[a] - family->truths[b];
        struct sequential_result result =
            sequential_decide(&family->design, pair->a, pair->b, family->blocks);
        strays = strays || !result_holds(&result, exp(truth));
        wrong = wrong || result_is_wrong(&result, truth);
        tally->found +=
            part * (truth != 0 && result.verdict == (effect > 0 ? SEQUENTIAL_MORE : SEQUENTIAL_LESS));
        tally->equal += part * (truth == 0 && result.verdict == SEQUENTIAL_EQUAL);
    }
    tally->straying += strays;
    tally->wrong += wrong;
}

/* The first collector of each work is slower by `effect`, a logarithm above 0: a third of the pairs. */
static struct tally family_run(const struct simulate *simulate, const struct fleet *fleet, double deviation,
                               bool unequal, double effect)
{
    struct tally tally = {0};
    struct random_state random;
    struct family *family = family_new(fleet, simulate->brief ? 2 : WORKS, COLLECTORS);
    random_seed(&random, simulate->seed + 97 + unequal);
    for (size_t work = 0; work < family->works; work++)
        family->truths[work * COLLECTORS] = effect;
    for (size_t campaign = 0; campaign < simulate->campaigns; campaign++) {
        family_draw(family, NOISE_QUIET, deviation, unequal, &random);
        sequential_borrow(&family->design, family->pairs, family->pair_count, family->blocks);
        tally.lent += family->design.prior.freedom / (double)simulate->campaigns;
        family_tally(family, effect, 1 / (double)(simulate->campaigns * family->pair_count), &tally);
    }
    free(family);
    return tally;
}

static void family_table(const struct simulate *simulate)
{
    static const double effects[] = {1.1, 1.3, 2};
    struct simulate fewer = *simulate;
    fewer.campaigns = simulate->brief ? simulate->campaigns : simulate->campaigns / 2;
    simulate_say(simulate, "\nAll pairs of %d works, ratios that differ by 2%% between machines: campaigns",
                 simulate->brief ? 2 : WORKS);
    simulate_say(simulate, "%-22s %-8s %8s %14s %14s %8s %8s %6s", "machines", "cells", "effect",
                 "interval off", "wrong", "found", "equal", "lent");
    for (size_t fleet = 0; fleet < FLEETS; fleet++)
        for (int unequal = 0; unequal < 2; unequal++)
            for (size_t i = 0; i < (simulate->brief ? 1 : 3); i++) {
                struct tally tally = family_run(&fewer, &fleets[fleet], 0.02, unequal, log(effects[i]));
                double percent = 100 / (double)fewer.campaigns;
                simulate_say(simulate, "%-22s %-8s %8g %13.1f%% %13.1f%% %7.1f%% %7.1f%% %6.1f",
                             fleets[fleet].name, unequal ? "unequal" : "alike", effects[i],
                             percent * (double)tally.straying, percent * (double)tally.wrong,
                             300 * tally.found, 150 * tally.equal, tally.lent);
                simulate_at_most(simulate, tally.straying, fewer.campaigns, 0.05,
                                 "in at most 5%% an interval over machines misses: %s, %s, %g",
                                 fleets[fleet].name, unequal ? "unequal" : "alike", effects[i]);
            }
}

void simulate_machines(const struct simulate *simulate)
{
    coverage_table(simulate);
    family_table(simulate);
}

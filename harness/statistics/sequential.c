/* SPDX-License-Identifier: MIT */
#include "harness/statistics/sequential.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/statistics/distributions.h"

/* What sequential_blocks_needed() and sequential_smallest_shown() promise: nine campaigns of ten. */
static const double SEQUENTIAL_POWER = 0.9;

/* The values of a comparison up to a look: d of each block, or the mean of d of each machine. */
struct sequential_sums {
    size_t values, blocks; /* values, and the blocks that they are of */
    size_t finite;         /* values that are finite */
    double mean, squares;  /* of the finite values: their mean, and the sum of squares around it */
    size_t less, more;     /* values that are below 0 and above 0, infinite ones too */
    double first;          /* d of the first block */
    bool constant;         /* each d is the first */
    double least;          /* the variance of a value is this at least */
};

struct sequential_design sequential_usual(size_t first, size_t blocks, size_t family)
{
    return (struct sequential_design){.alpha = SEQUENTIAL_ALPHA,
                                      .minimum = SEQUENTIAL_MINIMUM,
                                      .precision = SEQUENTIAL_PRECISION,
                                      .first = first,
                                      .blocks = blocks,
                                      .family = family,
                                      .spending = SEQUENTIAL_HARMONIC};
}

size_t sequential_looks(const struct sequential_design *design, size_t ret_looks[static SEQUENTIAL_LOOKS])
{
    size_t count = 0, look = design->first;
    while (look < design->blocks && count < SEQUENTIAL_LOOKS - 1) {
        ret_looks[count++] = look;
        look += look < 4 ? 1 : (look + 2) / 4;
    }
    ret_looks[count++] = design->blocks;
    return count;
}

const char *const sequential_spending_names[SEQUENTIAL_SPENDINGS] = {"even", "harmonic"};

/* Returns what a look weighs beside the others. */
static double sequential_weight(enum sequential_spending spending, size_t look)
{
    return spending == SEQUENTIAL_HARMONIC ? 1 / (double)(look + 1) : 1;
}

double sequential_level(const struct sequential_design *design, size_t looks, size_t look)
{
    double sum = 0, family = (double)(design->family ? design->family : 1);
    for (size_t i = 0; i < looks; i++)
        sum += sequential_weight(design->spending, i);
    return design->alpha * sequential_weight(design->spending, look) / sum / family;
}

/*
 * Returns the equality margin as a logarithm. What is too small to be claimed is equal, so it is the wider.
 */
static double sequential_margin(const struct sequential_design *design)
{
    return log1p(fmax(design->precision, design->minimum));
}

/* Adds a value, which is of so many blocks. */
static void sums_add(struct sequential_sums *sums, double value, size_t blocks)
{
    if (sums->values == 0) {
        sums->first = value;
        sums->constant = true;
    }
    sums->constant = sums->constant && value == sums->first;
    sums->blocks += blocks;
    sums->values++;
    sums->less += value < 0;
    sums->more += value > 0;
    if (!isfinite(value))
        return;
    double distance = value - sums->mean;
    sums->finite++;
    sums->mean += distance / (double)sums->finite;
    sums->squares += distance * (value - sums->mean);
}

/* Returns the sums of each machine, or of the one; for free(). */
static struct sequential_sums *sums_new(const struct sequential_design *design)
{
    size_t count = machines_are_several(&design->machines) ? design->machines.count : 1;
    return memory_new(count, sizeof(struct sequential_sums));
}

/* Adds a block, unless a value is missing. Returns whether it did. */
static bool sums_take(const struct sequential_design *design, struct sequential_sums *machines,
                      const double *a, const double *b, size_t block)
{
    if (isnan(a[block]) || isnan(b[block]))
        return false;
    size_t place = machines_are_several(&design->machines) ? design->machines.of_block[block] : 0;
    sums_add(&machines[place], a[block] == b[block] ? 0 : log(a[block]) - log(b[block]), 1);
    return true;
}

/* Returns the one value of a machine: the mean of its d. Where some are infinite it has their sign; NaN if signs differ. */
static double sums_value(const struct sequential_sums *machine)
{
    if (machine->finite == machine->values)
        return machine->constant ? machine->first : machine->mean;
    return machine->less == machine->values ? -INFINITY : machine->more == machine->values ? INFINITY : NAN;
}

/*
 * Returns what a look judges: the sums of the blocks, or those of the machines' means. The scatter of the blocks, pooled
 * over the machines, makes the least variance of a mean.
 */
static struct sequential_sums sums_join(const struct sequential_design *design,
                                        const struct sequential_sums *machines)
{
    struct sequential_sums sums = {0};
    bool constant = true;
    double freedom = 0, squares = 0, shares = 0;
    if (!machines_are_several(&design->machines))
        return machines[0];
    for (size_t i = 0; i < design->machines.count; i++) {
        if (machines[i].values == 0)
            continue;
        sums_add(&sums, sums_value(&machines[i]), machines[i].blocks);
        constant = constant && machines[i].constant;
        freedom += (double)machines[i].values - 1;
        squares += machines[i].squares;
        shares += 1 / (double)machines[i].values;
    }
    sums.constant = sums.constant && constant;
    sums.least = freedom > 0 ? squares / freedom * shares / (double)sums.values : 0;
    return sums;
}

static enum sequential_verdict sequential_sign(const struct sequential_sums *sums)
{
    return sums->less > sums->more ? SEQUENTIAL_LESS : SEQUENTIAL_MORE;
}

/*
 * Judges a comparison in which a value is 0 and the other is not: it has a direction and no size. One that is
 * 0 in each block against one that never is does not vary, so it is decided. Else the signs must be too many
 * for chance.
 */
static struct sequential_result sequential_judge_signs(const struct sequential_sums *sums, double level)
{
    bool agree = sums->less == sums->values || sums->more == sums->values;
    bool chance = !sums->constant && ldexp(1, 1 - (int)sums->values) > level;
    double ratio = sequential_sign(sums) == SEQUENTIAL_LESS ? 0 : INFINITY;
    struct sequential_result result = {SEQUENTIAL_UNDECIDED, NAN, 0, INFINITY, sums->blocks};
    if (!agree || chance)
        return result;
    result.verdict = sequential_sign(sums);
    result.ratio = ratio;
    result.low = sums->constant ? ratio : result.verdict == SEQUENTIAL_LESS ? 0 : 1;
    result.high = sums->constant ? ratio : result.verdict == SEQUENTIAL_LESS ? 1 : INFINITY;
    return result;
}

static enum sequential_verdict sequential_judge(const struct sequential_design *design, double mean,
                                                double half)
{
    if (fabs(mean) - half >= log1p(design->minimum) && mean != 0)
        return mean < 0 ? SEQUENTIAL_LESS : SEQUENTIAL_MORE;
    return fabs(mean) + half <= sequential_margin(design) ? SEQUENTIAL_EQUAL : SEQUENTIAL_UNDECIDED;
}

/* Whether d is the same in each block, and not by chance. */
static bool sequential_is_exact(const struct sequential_design *design, const struct sequential_sums *sums,
                                double level)
{
    bool chance = ldexp(2, -2 * (int)sums->values) > level;
    return sums->constant && (design->exact || sums->first == 0 || !chance);
}

/*
 * Returns half the width of the interval of level 1 - `level`; infinite where nothing is known of the
 * scatter.
 */
static double sequential_half(const struct sequential_design *design, const struct sequential_sums *sums,
                              double level)
{
    double count = (double)sums->values, freedom;
    if (sequential_is_exact(design, sums, level))
        return 0;
    if (sums->constant && design->prior.freedom == 0)
        return INFINITY;
    double variance = sums->constant ? 0 : sums->squares / (count - 1);
    variance = fmax(sums->least, prior_moderate(&design->prior, variance, count - 1, &freedom));
    return distributions_t_quantile(level / 2, freedom) * sqrt(variance / count);
}

/* Judges the comparison as it stands with the values in `sums`, by an interval of level 1 - `level`. */
static struct sequential_result sequential_look(const struct sequential_design *design,
                                                const struct sequential_sums *sums, double level)
{
    if (sums->values < 2)
        return (struct sequential_result){SEQUENTIAL_BLANK, NAN, NAN, NAN, sums->blocks};
    if (sums->finite < sums->values)
        return sequential_judge_signs(sums, level);
    double mean = sums->constant ? sums->first : sums->mean, half = sequential_half(design, sums, level);
    return (struct sequential_result){sequential_judge(design, mean, half), exp(mean), exp(mean - half),
                                      exp(mean + half), sums->blocks};
}

/* Decides from the blocks, whose sums go to `machines`. */
static struct sequential_result sequential_decide_blocks(const struct sequential_design *design,
                                                         const double *a, const double *b, size_t count,
                                                         struct sequential_sums *machines)
{
    size_t looks[SEQUENTIAL_LOOKS], look_count = sequential_looks(design, looks), look = 0, blocks = 0;
    struct sequential_result result = {.verdict = SEQUENTIAL_UNDECIDED};
    for (size_t block = 0; block < count && look < look_count; block++) {
        if (!sums_take(design, machines, a, b, block) || ++blocks < looks[look])
            continue;
        const struct sequential_sums sums = sums_join(design, machines);
        result = sequential_look(design, &sums, sequential_level(design, look_count, look));
        if (result.verdict != SEQUENTIAL_UNDECIDED)
            return result;
        look++;
    }
    if (look > 0)
        return result;
    const struct sequential_sums sums = sums_join(design, machines);
    result = sequential_look(design, &sums, sequential_level(design, look_count, 0));
    if (result.verdict != SEQUENTIAL_BLANK)
        result.verdict = SEQUENTIAL_UNDECIDED;
    return result;
}

struct sequential_result sequential_decide(const struct sequential_design *design, const double *a,
                                           const double *b, size_t count)
{
    struct sequential_sums *machines = sums_new(design);
    struct sequential_result result = sequential_decide_blocks(design, a, b, count, machines);
    free(machines);
    return result;
}

void sequential_borrow(struct sequential_design *design, const struct sequential_pair *pairs, size_t count,
                       size_t blocks)
{
    double *variances = memory_new(count, sizeof(*variances)),
           *freedoms = memory_new(count, sizeof(*freedoms));
    for (size_t i = 0; i < count; i++) {
        struct sequential_sums *machines = sums_new(design);
        for (size_t block = 0; block < blocks && block < design->first; block++)
            sums_take(design, machines, pairs[i].a, pairs[i].b, block);
        const struct sequential_sums sums = sums_join(design, machines);
        bool lends = sums.blocks == design->first && sums.finite == sums.values && sums.values > 1;
        freedoms[i] = (double)sums.values - 1;
        variances[i] = lends && !sums.constant ? sums.squares / freedoms[i] : 0;
        free(machines);
    }
    design->prior = prior_fit(variances, freedoms, count);
    machines_limit_prior(&design->machines, &design->prior);
    free(variances);
    free(freedoms);
}

/* ---- the figure of one cell ---- */

/* The variance of a median over that of a mean, of a normal sample (Kenney and Keeping 1962). */
static const double MEDIAN_FACTOR = 1.5707963267948966; /* pi / 2 */

static bool figure_is_precise(const struct sequential_design *design, double deviation, size_t count)
{
    double error = deviation * sqrt(MEDIAN_FACTOR / (double)count);
    return error == 0 || distributions_t_quantile(0.025, (double)count - 1) * error <= log1p(design->figures);
}

bool sequential_figure_is_precise(const struct sequential_design *design, const double *values, size_t count)
{
    double mean = 0, squares = 0;
    if (design->figures <= 0)
        return true;
    for (size_t i = 0; i < count; i++) {
        double value = log(values[i]), off = value - mean;
        mean += off / (double)(i + 1);
        squares += off * (value - mean);
    }
    return count >= 2 && figure_is_precise(design, sqrt(squares / (double)(count - 1)), count);
}

size_t sequential_figure_blocks(const struct sequential_design *design, double deviation)
{
    size_t looks[SEQUENTIAL_LOOKS], count = sequential_looks(design, looks);
    for (size_t i = 0; i < count; i++)
        if (design->figures <= 0 || figure_is_precise(design, deviation, looks[i]))
            return looks[i];
    return 0;
}

/* ---- what a plan can show ---- */

/*
 * Returns how far the mean must be off to be claimed at a look, where d has the standard deviation
 * `deviation`.
 */
static double sequential_reach(const struct sequential_design *design, size_t looks, size_t look,
                               size_t blocks, double deviation)
{
    double errors = distributions_t_reach(sequential_level(design, looks, look) / 2,
                                          (double)blocks - 1 + design->prior.freedom, SEQUENTIAL_POWER);
    return errors * deviation / sqrt((double)blocks);
}

size_t sequential_blocks_needed(const struct sequential_design *design, double deviation, double ratio)
{
    size_t looks[SEQUENTIAL_LOOKS], count = sequential_looks(design, looks);
    double effect = fabs(log(ratio));
    for (size_t look = 0; look < count; look++) {
        double reach = sequential_reach(design, count, look, looks[look], deviation);
        if (looks[look] >= 2 &&
            (effect >= log1p(design->minimum) + reach || effect + reach <= sequential_margin(design)))
            return looks[look];
    }
    return 0;
}

double sequential_smallest_shown(const struct sequential_design *design, double deviation, size_t blocks)
{
    size_t looks[SEQUENTIAL_LOOKS], count = sequential_looks(design, looks), made = 0;
    while (made < count && looks[made] <= blocks)
        made++;
    if (made == 0 || looks[made - 1] < 2)
        return INFINITY;
    return exp(log1p(design->minimum) +
               sequential_reach(design, count, made - 1, looks[made - 1], deviation));
}

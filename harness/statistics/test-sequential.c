/* SPDX-License-Identifier: MIT */
/*
 * Checks when comparisons are decided, by hand, and that looking after each block calls no more differences
 * than it may. tests/measuring/simulations has the rates under drift, ties and recorded noise.
 *
 * usage: test-sequential [SEED]
 */
#include <math.h>

#include "base/random.h"
#include "harness/statistics/recorded-noise.h"
#include "harness/statistics/sequential.h"
#include "tests/tap.h"

enum { BLOCKS = 40, CAMPAIGNS = 2000 };

static const struct sequential_design FIXED = {
    .alpha = 0.05, .minimum = 0.01, .precision = 0.03, .first = 4, .blocks = 4, .family = 1};
static const struct sequential_design GROWING = {.alpha = 0.05,
                                                 .minimum = 0.01,
                                                 .precision = 0.03,
                                                 .first = 4,
                                                 .blocks = BLOCKS,
                                                 .family = 1,
                                                 .spending = SEQUENTIAL_HARMONIC};

static double normal_draw(struct random_state *random)
{
    double radius = sqrt(-2 * log(1 - random_real(random)));
    return radius * cos(2 * M_PI * random_real(random));
}

static bool near(double found, double expected)
{
    return fabs(found - expected) <= 1e-9 * fabs(expected);
}

static void test_looks(void)
{
    size_t looks[SEQUENTIAL_LOOKS];
    size_t count = sequential_looks(&FIXED, looks);
    tap_ok(count == 1 && looks[0] == 4, "a fixed design looks once");
    count = sequential_looks(&GROWING, looks);
    bool rising = looks[0] == 4 && looks[count - 1] == BLOCKS;
    for (size_t i = 1; i < count; i++)
        rising = rising && looks[i] > looks[i - 1] && looks[i] <= looks[i - 1] + looks[i - 1] / 4 + 1;
    tap_ok(rising && count < 15,
           "others look first at `first`, a quarter later each time, and last at `blocks`");
    struct sequential_design vast = {.alpha = 0.05, .first = 2, .blocks = 100000000, .family = 1};
    count = sequential_looks(&vast, looks);
    tap_ok(count <= SEQUENTIAL_LOOKS && looks[count - 1] == vast.blocks,
           "a vast design looks 64 times at most");
}

static void test_spending(void)
{
    struct sequential_design design = sequential_usual(SEQUENTIAL_FIRST, SEQUENTIAL_MOST, 843);
    size_t looks[SEQUENTIAL_LOOKS], count = sequential_looks(&design, looks);
    double sum = 0, first = sequential_level(&design, count, 0);
    for (size_t look = 0; look < count; look++)
        sum += 843 * sequential_level(&design, count, look);
    tap_ok(near(sum, 0.05), "all looks and comparisons together spend alpha");
    tap_ok(near(first, 2 * sequential_level(&design, count, 1)) &&
               near(first, 10 * sequential_level(&design, count, 9)),
           "look k has a part in proportion to 1 / k");
    tap_ok(near(sequential_level(&design, 1, 0), 0.05 / 843), "one look has it all");
    design.spending = SEQUENTIAL_EVEN;
    tap_ok(near(sequential_level(&design, count, 0), 0.005 / 843) &&
               near(sequential_level(&design, count, 9), 0.005 / 843),
           "a run whose manifest names none spends evenly");
    tap_ok(first > 3 * sequential_level(&design, count, 0), "of which the first look has a third as much");
}

/*
 * d is 0.2, 0.1, 0.2, 0.3: the mean 0.2, the standard error 0.1 / sqrt(6), t(0.025, 3) = 3.182446305284263.
 */
static void test_by_hand(void)
{
    const double b[] = {1, 2, 3, 4}, d[] = {0.2, 0.1, 0.2, 0.3};
    double a[4], half = 3.182446305284263 * 0.1 / sqrt(6);
    for (int i = 0; i < 4; i++)
        a[i] = b[i] * exp(d[i]);
    struct sequential_result result = sequential_decide(&FIXED, a, b, 4);
    tap_ok(result.verdict == SEQUENTIAL_MORE && result.blocks == 4, "a that is more in every block is more");
    tap_ok(near(result.ratio, exp(0.2)), "the ratio is the geometric mean of the blocks' ratios");
    tap_ok(near(result.low, exp(0.2 - half)) && near(result.high, exp(0.2 + half)),
           "its interval is Student's");
    result = sequential_decide(&FIXED, b, a, 4);
    tap_ok(result.verdict == SEQUENTIAL_LESS && near(result.ratio, exp(-0.2)),
           "the other way round it is less");
    struct sequential_design family = FIXED;
    family.family = 1000;
    tap_ok(sequential_decide(&family, a, b, 4).verdict == SEQUENTIAL_UNDECIDED,
           "among a thousand comparisons the same values decide nothing");
    family.minimum = 0.25;
    family.family = 1;
    tap_ok(sequential_decide(&family, a, b, 4).verdict == SEQUENTIAL_UNDECIDED,
           "nor do they where only a difference of a quarter is of interest");
    const double above[] = {1.012, 1.015, 1.009, 1.012}, one[] = {1, 1, 1, 1};
    result = sequential_decide(&FIXED, above, one, 4);
    tap_ok(result.verdict != SEQUENTIAL_MORE && result.low > 1,
           "nor what is more for sure, but perhaps by less than the minimum");
    result = sequential_decide(&FIXED, a, b, 3);
    tap_ok(result.verdict == SEQUENTIAL_UNDECIDED && result.blocks == 3 && near(result.ratio, exp(0.5 / 3)),
           "before its look a comparison is undecided, and has a ratio");
    result = sequential_decide(&FIXED, a, b, 1);
    tap_ok(result.verdict == SEQUENTIAL_BLANK && isnan(result.ratio), "one block is a blank");
}

static void test_equal(void)
{
    const double a[] = {1.001, 0.999, 1, 1}, b[] = {1, 1, 1.001, 0.999};
    tap_ok(sequential_decide(&FIXED, a, b, 4).verdict == SEQUENTIAL_EQUAL, "what scatters by 0.1%% is equal");
    const double wide[] = {1.04, 0.96, 1, 1};
    tap_ok(sequential_decide(&FIXED, wide, b, 4).verdict == SEQUENTIAL_UNDECIDED,
           "what scatters by 4%% is not known to be");
}

static void test_missing(void)
{
    const double a[] = {NAN, 2, 2.1, 1.9, NAN, 2, 9}, b[] = {1, 1, 1, 1, 1, 1, 1};
    struct sequential_result result = sequential_decide(&FIXED, a, b, 7);
    tap_ok(result.blocks == 4 && near(result.ratio, pow(2 * 2.1 * 1.9 * 2, 0.25)),
           "a look uses the first blocks in which both have a value");
}

static void test_exact(void)
{
    const double seven[] = {7, 7, 7, 7}, eight[] = {8, 8, 8, 8}, zero[] = {0, 0, 0, 0}, some[] = {0, 7, 7, 0};
    struct sequential_design many = FIXED;
    many.family = 1000000;
    struct sequential_result result = sequential_decide(&many, seven, eight, 4);
    tap_ok(result.verdict == SEQUENTIAL_UNDECIDED && isinf(result.high),
           "four blocks do not show that a metric does not vary");
    tap_ok(sequential_decide(&FIXED, seven, eight, 4).verdict == SEQUENTIAL_LESS,
           "but for one comparison alone");
    many.exact = true;
    result = sequential_decide(&many, seven, eight, 4);
    tap_ok(result.verdict == SEQUENTIAL_LESS && result.low == result.high && near(result.ratio, 0.875),
           "what cannot vary is compared exactly");
    tap_ok(sequential_decide(&many, seven, seven, 4).verdict == SEQUENTIAL_EQUAL, "and is equal to itself");
    tap_ok(sequential_decide(&many, zero, zero, 4).verdict == SEQUENTIAL_EQUAL,
           "nothing is equal to nothing");
    result = sequential_decide(&many, zero, eight, 4);
    tap_ok(result.verdict == SEQUENTIAL_LESS && result.ratio == 0, "nothing is less than something");
    result = sequential_decide(&many, eight, zero, 4);
    tap_ok(result.verdict == SEQUENTIAL_MORE && isinf(result.ratio), "and something more than nothing");
    tap_ok(sequential_decide(&FIXED, some, eight, 4).verdict == SEQUENTIAL_UNDECIDED,
           "what is nothing by chance needs as many blocks as chance does");
    struct sequential_design eight_blocks = FIXED;
    eight_blocks.first = eight_blocks.blocks = 8;
    const double often[] = {0, 7, 7, 0, 7, 7, 7, 7}, more[] = {8, 8, 8, 8, 8, 8, 8, 8};
    tap_ok(sequential_decide(&eight_blocks, often, more, 8).verdict == SEQUENTIAL_LESS,
           "as eight are, where all signs agree");
}

/* Draws campaigns of normal values, and counts their verdicts and the blocks they took. */
struct tally {
    size_t less, more, equal;
    double blocks;
};

static struct tally campaigns_tally(const struct sequential_design *design, double effect, double deviation,
                                    uint64_t seed)
{
    struct tally tally = {0};
    struct random_state random;
    random_seed(&random, seed);
    for (int campaign = 0; campaign < CAMPAIGNS; campaign++) {
        double a[BLOCKS], b[BLOCKS];
        for (int block = 0; block < BLOCKS; block++) {
            b[block] = exp(0.2 * normal_draw(&random));
            a[block] = b[block] * exp(effect + deviation * normal_draw(&random));
        }
        struct sequential_result result = sequential_decide(design, a, b, BLOCKS);
        tally.less += result.verdict == SEQUENTIAL_LESS;
        tally.more += result.verdict == SEQUENTIAL_MORE;
        tally.equal += result.verdict == SEQUENTIAL_EQUAL;
        tally.blocks += (double)result.blocks / CAMPAIGNS;
    }
    tap_note("effect %g, deviation %g: less %zu, more %zu, equal %zu of %d, %.1f blocks each", effect,
             deviation, tally.less, tally.more, tally.equal, CAMPAIGNS, tally.blocks);
    return tally;
}

static void test_rates(uint64_t seed)
{
    struct sequential_design design = GROWING;
    design.precision = 0; /* and so equal within 1% alone */
    struct tally tally = campaigns_tally(&design, 0, 0.1, seed);
    tap_ok(tally.less + tally.more <= CAMPAIGNS / 20,
           "where nothing differs at most 5%% of campaigns claim it");
    tally = campaigns_tally(&GROWING, log(1.03), 0.02, seed + 1);
    tap_ok(tally.more >= CAMPAIGNS * 9 / 10 && tally.less == 0, "a true 3%% is claimed in nine of ten");
    tap_ok(tally.equal <= CAMPAIGNS / 20, "and is hardly ever called equal within 3%%");
    tally = campaigns_tally(&GROWING, 0, 0.02, seed + 2);
    tap_ok(tally.equal >= CAMPAIGNS * 9 / 10, "what is the same is found to be equal");
}

/* Counts the pairs that four blocks decide. */
static size_t decided(const struct sequential_design *design, const struct sequential_pair *pairs,
                      size_t count)
{
    size_t found = 0;
    for (size_t pair = 0; pair < count; pair++)
        found += sequential_decide(design, pairs[pair].a, pairs[pair].b, 4).verdict == SEQUENTIAL_MORE;
    return found;
}

/* Forty pairs that scatter by 1% to 3%, one that does not vary, and one that lacks a block. */
static void test_borrowing(uint64_t seed)
{
    enum { PAIRS = 42 };
    double a[PAIRS][4], b[PAIRS][4];
    struct sequential_pair pairs[PAIRS];
    struct random_state random;
    struct sequential_design design = FIXED;
    random_seed(&random, seed);
    for (int pair = 0; pair < PAIRS; pair++) {
        pairs[pair] = (struct sequential_pair){a[pair], b[pair]};
        for (int block = 0; block < 4; block++) {
            b[pair][block] = pair == 40 ? 10 : exp(0.2 * normal_draw(&random));
            a[pair][block] = b[pair][block] *
                             exp(log(1.15) + (pair == 40 ? 0 : (1 + pair % 3) * 0.01 * normal_draw(&random)));
        }
    }
    a[41][0] = NAN;
    design.family = 1000;
    size_t alone = decided(&design, pairs, 40);
    sequential_borrow(&design, pairs, PAIRS, 4);
    size_t together = decided(&design, pairs, 40);
    tap_note("the pairs lend %.1f degrees of freedom, with a scatter of %.4f: of 40 %zu are decided, and %zu "
             "alone",
             design.prior.freedom, design.prior.deviation, together, alone);
    tap_ok(design.prior.freedom > 1 && design.prior.freedom <= PRIOR_MOST && design.prior.deviation > 0.01 &&
               design.prior.deviation < 0.03,
           "comparisons lend each other what they know of scatter");
    tap_ok(together > 2 * alone && together > 20,
           "so four blocks decide among a thousand what they would not alone");
    struct sequential_result result = sequential_decide(&design, a[40], b[40], 4);
    tap_ok(result.low < 1.15 && result.low > 1.02, "what happens not to vary has the scatter of the others");
    double more[4][5], early[4][5]; /* with a block beyond the look, which is there in place of the first */
    struct prior kept = design.prior;
    for (int pair = 0; pair < 4; pair++) {
        for (int block = 0; block < 5; block++) {
            more[pair][block] = block ? 1 + block % 2 : NAN;
            early[pair][block] = block + 1;
        }
        pairs[38 + pair] = (struct sequential_pair){more[pair], early[pair]};
    }
    sequential_borrow(&design, pairs, 38, 4);
    struct prior without = design.prior;
    sequential_borrow(&design, pairs, PAIRS, 5);
    tap_ok(without.freedom == design.prior.freedom && without.deviation == design.prior.deviation &&
               kept.freedom > 0,
           "blocks after the first look change nothing");
    sequential_borrow(&design, pairs, 5, 4);
    tap_ok(design.prior.freedom == 0, "five comparisons lend nothing");
}

/* The promise of blocks_needed is nine of ten. So many blocks must do in a fixed design, and not by far. */
static void test_plan(uint64_t seed)
{
    size_t blocks = sequential_blocks_needed(&GROWING, 0.03, 1.05);
    struct sequential_design fixed = FIXED;
    fixed.first = fixed.blocks = blocks;
    tap_note("%zu blocks for 5%% with a scatter of 3%%", blocks);
    tap_ok(blocks > 4 && blocks < BLOCKS, "a plan says how many blocks it needs");
    size_t looks[SEQUENTIAL_LOOKS];
    size_t count = sequential_looks(&GROWING, looks), look = 0;
    while (looks[look] < blocks)
        look++;
    fixed.alpha = sequential_level(&GROWING, count, look);
    struct tally tally = campaigns_tally(&fixed, log(1.05), 0.03, seed);
    tap_ok(tally.more >= CAMPAIGNS * 88 / 100, "which find the difference in nine campaigns of ten");
    tap_ok(sequential_blocks_needed(&GROWING, 0.3, 1.05) == 0, "and says where its blocks do not suffice");
    double shown = sequential_smallest_shown(&GROWING, 0.03, blocks);
    tap_ok(shown > 1.03 && shown <= 1.05, "the smallest difference shown agrees with it");
    tap_ok(isinf(sequential_smallest_shown(&GROWING, 0.03, 3)), "before the first look nothing is shown");
    shown = sequential_smallest_shown(&GROWING, 1e-6, BLOCKS);
    tap_ok(shown >= 1.01 && shown < 1.0101, "and never less than the minimum");
    double quiet = recorded_noise_deviation(RECORDED_NOISE_QUIET);
    double busy = recorded_noise_deviation(RECORDED_NOISE_BUSY);
    tap_ok(fabs(quiet - 0.0220559) < 1e-6 && fabs(busy - 0.1573575) < 1e-6,
           "the recorded noise scatters by 2.2%% on a quiet machine and by 16%% on a busy one");
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    tap_note("seed %" PRIu64, seed);
    test_looks();
    test_spending();
    test_by_hand();
    test_equal();
    test_missing();
    test_exact();
    test_rates(seed);
    test_plan(seed + 10);
    test_borrowing(seed + 20);
    return tap_done();
}

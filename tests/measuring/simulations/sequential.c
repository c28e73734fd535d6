/* SPDX-License-Identifier: MIT */
/* Error rates and power of sequential comparisons. */
#include "harness/statistics/sequential.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "tests/measuring/simulations/noise.h"
#include "tests/measuring/simulations/simulate.h"

enum {
    COLLECTORS = 6,
    WORKS = 17,
    BLOCKS = SEQUENTIAL_MOST,
    PAIRS_OF_WORK = COLLECTORS * (COLLECTORS - 1) / 2
};

/* The family of a run of the default's size, or of two works in the short form. */
struct family {
    size_t works;
    struct sequential_design design;
    double *truths, *values; /* of each cell; cells x blocks */
    struct sequential_pair *pairs;
    size_t pair_count;
};

static void family_init(struct family *family, size_t works, size_t first, size_t blocks)
{
    size_t cells = works * COLLECTORS;
    *family = (struct family){.works = works, .pair_count = works * PAIRS_OF_WORK};
    family->design = sequential_usual(first, blocks, family->pair_count);
    family->truths = memory_new(cells, sizeof(double));
    family->values = memory_new(cells * blocks, sizeof(double));
    family->pairs = memory_new(family->pair_count, sizeof(*family->pairs));
    size_t count = 0;
    for (size_t work = 0; work < works; work++)
        for (size_t a = 0; a < COLLECTORS; a++)
            for (size_t b = a + 1; b < COLLECTORS; b++)
                family->pairs[count++] =
                    (struct sequential_pair){family->values + (work * COLLECTORS + a) * blocks,
                                             family->values + (work * COLLECTORS + b) * blocks};
}

static void family_fini(struct family *family)
{
    free(family->truths);
    free(family->values);
    free(family->pairs);
}

static void family_draw(struct family *family, enum noise kind, bool borrow, struct random_state *random)
{
    size_t cells = family->works * COLLECTORS;
    noise_fill(kind, family->truths, cells, family->design.blocks, random, family->values);
    family->design.prior = (struct prior){0, 0};
    if (borrow)
        sequential_borrow(&family->design, family->pairs, family->pair_count, family->design.blocks);
}

static struct sequential_result family_decide(const struct family *family, size_t pair)
{
    return sequential_decide(&family->design, family->pairs[pair].a, family->pairs[pair].b,
                             family->design.blocks);
}

/* What came of the campaigns without a difference. */
struct tally {
    size_t claiming, straying; /* campaigns with a claim; with an interval that does not hold the truth */
    double equal, blocks;      /* share of pairs that are equal; mean of their blocks */
    double lent;               /* degrees of freedom, in the mean */
};

static struct tally null_tally(const struct simulate *simulate, struct family *family, enum noise kind,
                               bool borrow)
{
    struct tally tally = {0};
    struct random_state random;
    double all = (double)(simulate->campaigns * family->pair_count);
    random_seed(&random, simulate->seed + 100 * (uint64_t)kind);
    for (size_t campaign = 0; campaign < simulate->campaigns; campaign++) {
        bool claims = false, strays = false;
        family_draw(family, kind, borrow, &random);
        for (size_t pair = 0; pair < family->pair_count; pair++) {
            struct sequential_result result = family_decide(family, pair);
            claims |= result.verdict == SEQUENTIAL_LESS || result.verdict == SEQUENTIAL_MORE;
            strays |= result.low > 1 || result.high < 1;
            tally.equal += (result.verdict == SEQUENTIAL_EQUAL) / all;
            tally.blocks += (double)result.blocks / all;
        }
        tally.claiming += claims;
        tally.straying += strays;
        tally.lent += family->design.prior.freedom / (double)simulate->campaigns;
    }
    return tally;
}

static void null_table(const struct simulate *simulate)
{
    struct family family;
    family_init(&family, simulate->brief ? 2 : WORKS, SEQUENTIAL_FIRST, BLOCKS);
    simulate_say(
        simulate,
        "Campaigns without a difference: %zu pairs of cells, looks from block %d to block %d, minimum 1%%, "
        "precision 3%%",
        family.pair_count, SEQUENTIAL_FIRST, BLOCKS);
    simulate_say(simulate, "%-24s %-8s %14s %14s %8s %8s %6s", "noise", "scatter", "with a claim",
                 "interval off", "equal", "blocks", "lent");
    for (int kind = 0; kind < NOISE_KINDS; kind++)
        for (int borrow = 0; borrow < 2; borrow++) {
            if (simulate->brief &&
                (kind == NOISE_NORMAL || kind == NOISE_BUSY || (!borrow && kind != NOISE_QUIET)))
                continue;
            struct tally tally = null_tally(simulate, &family, (enum noise)kind, borrow);
            double campaigns = (double)simulate->campaigns;
            simulate_say(simulate, "%-24s %-8s %13.1f%% %13.1f%% %7.1f%% %8.1f %6.1f", noise_names[kind],
                         borrow ? "shared" : "own", 100 * (double)tally.claiming / campaigns,
                         100 * (double)tally.straying / campaigns, 100 * tally.equal, tally.blocks,
                         tally.lent);
            simulate_at_most(simulate, tally.straying, simulate->campaigns, 0.05,
                             "in at most 5%% an interval misses the truth: %s, %s scatter", noise_names[kind],
                             borrow ? "shared" : "own");
            simulate_at_most(simulate, tally.claiming, simulate->campaigns, 0.05,
                             "of campaigns without a difference at most 5%% claim one: %s, %s scatter",
                             noise_names[kind], borrow ? "shared" : "own");
        }
    family_fini(&family);
}

/*
 * Where statements are most often wrong: true differences just at the minimum, of which none may be claimed,
 * and just at the precision, of which none may be called equal. Returns the campaigns with such a statement.
 */
static size_t margin_tally(const struct simulate *simulate, struct family *family, enum noise kind,
                           double effect, enum sequential_verdict wrong)
{
    struct random_state random;
    size_t campaigns = 0;
    random_seed(&random, simulate->seed + 31 + (uint64_t)kind);
    for (size_t work = 0; work < family->works; work++)
        family->truths[work * COLLECTORS] = log1p(effect);
    for (size_t campaign = 0; campaign < simulate->campaigns; campaign++) {
        bool any = false;
        family_draw(family, kind, true, &random);
        for (size_t work = 0; work < family->works; work++)
            for (size_t pair = 0; pair < COLLECTORS - 1; pair++)
                any |= family_decide(family, work * PAIRS_OF_WORK + pair).verdict == wrong;
        campaigns += any;
    }
    return campaigns;
}

static void margin_table(const struct simulate *simulate)
{
    static const enum noise kinds[] = {NOISE_QUIET, NOISE_UNEQUAL, NOISE_TAILS, NOISE_STEPS};
    struct family family;
    double percent = 100 / (double)simulate->campaigns;
    family_init(&family, simulate->brief ? 2 : WORKS, SEQUENTIAL_FIRST, BLOCKS);
    simulate_say(
        simulate,
        "\nOne collector is slower in each work, by as much as may not be said: campaigns that say it");
    simulate_say(simulate, "%-24s %22s %28s", "noise", "1% claimed", "3% called equal within 3%");
    for (size_t i = 0; i < (simulate->brief ? 2 : 4); i++) {
        const char *name = noise_names[kinds[i]];
        size_t claimed = margin_tally(simulate, &family, kinds[i], family.design.minimum, SEQUENTIAL_MORE),
               equal = margin_tally(simulate, &family, kinds[i], family.design.precision, SEQUENTIAL_EQUAL);
        simulate_say(simulate, "%-24s %21.1f%% %27.1f%%", name, percent * (double)claimed,
                     percent * (double)equal);
        simulate_at_most(simulate, claimed, simulate->campaigns, 0.05,
                         "in at most 5%% a difference of the minimum is claimed: %s", name);
        simulate_at_most(simulate, equal, simulate->campaigns, 0.05,
                         "in at most 5%% one of the precision is called equal: %s", name);
    }
    family_fini(&family);
}

/* The first two cells of each work differ by `effect`. How often is that found, and by how many blocks? */
struct question {
    size_t works, first, blocks;
    enum noise kind;
    double effect; /* a ratio */
};

struct power {
    double found, blocks; /* share of the pairs that differ; mean of their blocks */
};

static struct power power_of(const struct simulate *simulate, const struct question *question, bool borrow)
{
    struct family family;
    struct power power = {0, 0};
    struct random_state random;
    double all = (double)(simulate->campaigns * question->works);
    family_init(&family, question->works, question->first, question->blocks);
    random_seed(&random, simulate->seed + 7);
    for (size_t work = 0; work < question->works; work++)
        family.truths[work * COLLECTORS] = log(question->effect);
    for (size_t campaign = 0; campaign < simulate->campaigns; campaign++) {
        family_draw(&family, question->kind, borrow, &random);
        for (size_t work = 0; work < question->works; work++) {
            struct sequential_result result = family_decide(&family, work * PAIRS_OF_WORK);
            power.found += (result.verdict == SEQUENTIAL_MORE) / all;
            power.blocks += (double)result.blocks / all;
        }
    }
    family_fini(&family);
    return power;
}

/* Returns the fixed design of equal power: the fewest blocks that find as much. Power rises with blocks. */
static size_t fixed_blocks(const struct simulate *simulate, const struct question *question, bool borrow,
                           double found)
{
    size_t few = 3, enough = question->blocks;
    while (few + 1 < enough) {
        size_t middle = (few + enough) / 2;
        struct question fixed = {question->works, middle, middle, question->kind, question->effect};
        if (power_of(simulate, &fixed, borrow).found >= found)
            enough = middle;
        else
            few = middle;
    }
    return enough;
}

static void power_table(const struct simulate *simulate)
{
    static const enum noise kinds[] = {NOISE_QUIET, NOISE_DRIFT, NOISE_NORMAL, NOISE_TAILS};
    static const size_t most[] = {100, 100, 250, 300};
    struct simulate fewer = *simulate;
    fewer.campaigns = simulate->brief ? 100 : simulate->campaigns / 10;
    struct question question = {
        .works = simulate->brief ? 1 : WORKS, .first = SEQUENTIAL_FIRST, .effect = 1.03};
    simulate_say(simulate, "\nA true 3%%, in one pair of each work, among %zu pairs",
                 question.works * PAIRS_OF_WORK);
    simulate_say(simulate, "%-24s %-8s %8s %8s %8s %28s", "noise", "scatter", "at most", "found", "blocks",
                 "fixed design of equal power");
    for (size_t i = 0; i < (simulate->brief ? 1 : 4); i++)
        for (int borrow = 0; borrow < 2; borrow++) {
            question.kind = kinds[i];
            question.blocks = most[i];
            struct power power = power_of(&fewer, &question, borrow);
            size_t fixed = fixed_blocks(&fewer, &question, borrow, power.found);
            simulate_say(simulate, "%-24s %-8s %8zu %7.1f%% %8.1f %21zu blocks", noise_names[kinds[i]],
                         borrow ? "shared" : "own", most[i], 100 * power.found, power.blocks, fixed);
            simulate_holds(
                simulate, power.found > 0.9 && power.blocks < (double)fixed,
                "a true 3%% is found with fewer blocks than a fixed design of equal power: %s, %s scatter",
                noise_names[kinds[i]], borrow ? "shared" : "own");
        }
    question.blocks = BLOCKS; /* the plan's own, in which most stay undecided */
    for (size_t i = 0; i < (simulate->brief ? 0 : 4); i++) {
        question.kind = kinds[i];
        struct power power = power_of(&fewer, &question, true);
        simulate_say(simulate, "%-24s %-8s %8d %7.1f%% %8.1f", noise_names[kinds[i]], "shared", BLOCKS,
                     100 * power.found, power.blocks);
    }
}

/* Decides every pair, and adds the shares of those that are decided after so many blocks. */
static void spending_add(const struct family *family, const size_t *blocks, size_t count, double *shares)
{
    for (size_t pair = 0; pair < family->pair_count; pair++) {
        struct sequential_result result = family_decide(family, pair);
        for (size_t i = 0; i < count && result.verdict != SEQUENTIAL_UNDECIDED; i++)
            shares[i] += result.blocks <= blocks[i];
    }
}

/* A family of the default's size, whose collectors differ as they do (confirm.c). */
static void spending_row(const struct simulate *simulate, enum noise kind, enum sequential_spending spending)
{
    enum { PLACES = 6 };
    static const size_t blocks[PLACES] = {6, 8, 10, 16, 25, 40};
    struct family family;
    struct random_state random;
    double shares[PLACES] = {0};
    family_init(&family, WORKS, SEQUENTIAL_FIRST, BLOCKS);
    random_seed(&random, simulate->seed + 57);
    family.design.family = 843;
    family.design.precision = 0.05;
    family.design.spending = spending;
    for (size_t campaign = 0; campaign < simulate->campaigns; campaign++) {
        for (size_t cell = 0; cell < family.works * COLLECTORS; cell++)
            family.truths[cell] = 0.3 * noise_normal(&random);
        family_draw(&family, kind, true, &random);
        spending_add(&family, blocks, PLACES, shares);
    }
    for (size_t i = 0; i < PLACES; i++)
        shares[i] *= 100 / (double)(simulate->campaigns * family.pair_count);
    simulate_say(simulate, "%-24s %-9s %7.1f%% %7.1f%% %7.1f%% %7.1f%% %7.1f%% %7.1f%%", noise_names[kind],
                 sequential_spending_names[spending], shares[0], shares[1], shares[2], shares[3], shares[4],
                 shares[5]);
    family_fini(&family);
}

/* How looks share alpha: what is decided by then, where the design is the default matrix's. */
static void spending_table(const struct simulate *simulate)
{
    static const enum noise kinds[] = {NOISE_QUIET, NOISE_NORMAL, NOISE_UNEQUAL, NOISE_BUSY};
    struct simulate fewer = *simulate;
    fewer.campaigns = simulate->campaigns / 10;
    simulate_say(simulate,
                 "\nPairs decided after so many blocks, as claims or as equal within 5%%, among 843");
    simulate_say(simulate, "%-24s %-9s %8d %8d %8d %8d %8d %8d", "noise", "spending", 6, 8, 10, 16, 25, 40);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        for (int spending = 0; spending < SEQUENTIAL_SPENDINGS; spending++)
            spending_row(&fewer, kinds[i], (enum sequential_spending)spending);
}

/* What a few blocks show. */
static void first_table(const struct simulate *simulate)
{
    static const enum noise kinds[] = {NOISE_QUIET, NOISE_NORMAL, NOISE_UNEQUAL, NOISE_TAILS};
    static const size_t blocks[] = {5, 6, 8, 10};
    struct simulate fewer = *simulate;
    fewer.campaigns = simulate->campaigns / 10;
    simulate_say(simulate, "\nA true 10%% found by one look after so many blocks, among %d pairs",
                 WORKS * PAIRS_OF_WORK);
    simulate_say(simulate, "%-24s %-8s %8zu %8zu %8zu %8zu", "noise", "scatter", blocks[0], blocks[1],
                 blocks[2], blocks[3]);
    for (size_t i = 0; i < 4; i++)
        for (int borrow = 0; borrow < 2; borrow++) {
            double found[4];
            for (size_t j = 0; j < 4; j++) {
                struct question question = {WORKS, blocks[j], blocks[j], kinds[i], 1.1};
                found[j] = 100 * power_of(&fewer, &question, borrow).found;
            }
            simulate_say(simulate, "%-24s %-8s %7.1f%% %7.1f%% %7.1f%% %7.1f%%", noise_names[kinds[i]],
                         borrow ? "shared" : "own", found[0], found[1], found[2], found[3]);
        }
}

void simulate_sequential(const struct simulate *simulate)
{
    null_table(simulate);
    margin_table(simulate);
    power_table(simulate);
    if (simulate->brief)
        return;
    spending_table(simulate);
    first_table(simulate);
}

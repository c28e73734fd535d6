/* SPDX-License-Identifier: MIT */
/*
 * What a second run makes of the claims of a first, where collectors differ as they do, and what a claim
 * costs.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/statistics/paired.h"
#include "harness/statistics/sequential.h"
#include "tests/measuring/simulations/noise.h"
#include "tests/measuring/simulations/simulate.h"

enum {
    COLLECTORS = 6,
    WORKS = 17,
    CELLS = WORKS * COLLECTORS,
    PAIRS = WORKS * COLLECTORS * (COLLECTORS - 1) / 2
};

/*
 * Logarithms of the collectors' times on a work scatter by so much: half of the pairs differ by less than
 * 32%.
 */
static const double APART = 0.3;

struct run {
    struct sequential_design design;
    double *values; /* CELLS x blocks */
    struct sequential_pair pairs[PAIRS];
};

static void run_init(struct run *run, size_t first, size_t blocks)
{
    *run = (struct run){.values = memory_new(CELLS * blocks, sizeof(double))};
    run->design = sequential_usual(first, blocks, PAIRS);
    size_t count = 0;
    for (size_t a = 0; a < CELLS; a++)
        for (size_t b = a + 1; b < (a / COLLECTORS + 1) * COLLECTORS; b++)
            run->pairs[count++] =
                (struct sequential_pair){run->values + a * blocks, run->values + b * blocks};
}

/* Draws a run; each cell is off by an offset of its own in it. */
static void run_draw(struct run *run, enum noise kind, double offset, const double *truths,
                     struct random_state *random)
{
    double moved[CELLS];
    for (size_t cell = 0; cell < CELLS; cell++)
        moved[cell] = truths[cell] + offset * noise_normal(random);
    noise_fill(kind, moved, CELLS, run->design.blocks, random, run->values);
    sequential_borrow(&run->design, run->pairs, PAIRS, run->design.blocks);
}

static struct sequential_result run_decide(const struct run *run, size_t pair)
{
    return sequential_decide(&run->design, run->pairs[pair].a, run->pairs[pair].b, run->design.blocks);
}

static bool is_claim(enum sequential_verdict verdict)
{
    return verdict == SEQUENTIAL_LESS || verdict == SEQUENTIAL_MORE;
}

struct tally {
    double claims, equal, confirmed, contradicted, blocks;
    double processes; /* a cell runs until all its pairs are decided */
};

/* Returns how many blocks the cell runs: as many as the last of its pairs needs. */
static size_t cell_blocks(const struct run *run, size_t cell)
{
    const double *values = run->values + cell * run->design.blocks;
    size_t most = 0;
    for (size_t pair = 0; pair < PAIRS; pair++) {
        if (run->pairs[pair].a != values && run->pairs[pair].b != values)
            continue;
        size_t blocks = run_decide(run, pair).blocks;
        most = blocks > most ? blocks : most;
    }
    return most;
}

static void pair_tally(const struct run *first, const struct run *second, size_t pair, struct tally *tally)
{
    struct sequential_result one = run_decide(first, pair), two = run_decide(second, pair);
    tally->equal += one.verdict == SEQUENTIAL_EQUAL;
    tally->blocks += (double)one.blocks;
    if (!is_claim(one.verdict))
        return;
    tally->claims++;
    tally->confirmed += one.verdict == SEQUENTIAL_LESS ? two.ratio < 1 : two.ratio > 1;
    tally->contradicted += is_claim(two.verdict) && two.verdict != one.verdict;
}

static struct tally confirm_tally(const struct simulate *simulate, enum noise kind, double offset,
                                  size_t first, size_t blocks)
{
    static struct run runs[2];
    struct tally tally = {0};
    struct random_state random;
    random_seed(&random, simulate->seed + 90 * (uint64_t)kind + blocks);
    run_init(&runs[0], first, blocks);
    run_init(&runs[1], first, blocks);
    for (size_t campaign = 0; campaign < simulate->campaigns / 10; campaign++) {
        double truths[CELLS];
        for (size_t cell = 0; cell < CELLS; cell++)
            truths[cell] = APART * noise_normal(&random);
        run_draw(&runs[0], kind, offset, truths, &random);
        run_draw(&runs[1], kind, offset, truths, &random);
        for (size_t pair = 0; pair < PAIRS; pair++)
            pair_tally(&runs[0], &runs[1], pair, &tally);
        for (size_t cell = 0; cell < CELLS; cell++)
            tally.processes += (double)cell_blocks(&runs[0], cell);
    }
    free(runs[0].values);
    free(runs[1].values);
    return tally;
}

static void confirm_row(const struct simulate *simulate, enum noise kind, double offset, size_t first,
                        size_t blocks)
{
    struct tally tally = confirm_tally(simulate, kind, offset, first, blocks);
    double all = (double)(simulate->campaigns / 10 * PAIRS);
    simulate_say(simulate, "%-20s %6.0f%% %6zu-%-2zu %8.1f %9.1f%% %9.1f%% %8.2f %10.2f%% %12.3f%%",
                 noise_names[kind], 100 * offset, first, blocks, tally.blocks / all,
                 100 * (tally.claims + tally.equal) / all, 100 * tally.claims / all,
                 tally.processes / tally.claims, 100 * tally.confirmed / tally.claims,
                 100 * tally.contradicted / tally.claims);
    if (offset > 0.01) /* beyond what the minimum of interest leaves room for */
        return;
    simulate_holds(simulate,
                   tally.confirmed > 0.99 * tally.claims && tally.contradicted < 0.001 * tally.claims,
                   "a second run confirms 99%% of the claims and contradicts none in a thousand: %s, offset "
                   "%.0f%%, %zu blocks",
                   noise_names[kind], 100 * offset, blocks);
}

void simulate_confirm(const struct simulate *simulate)
{
    static const enum noise kinds[] = {NOISE_QUIET,  NOISE_DRIFT, NOISE_NORMAL, NOISE_UNEQUAL,
                                       NOISE_SHOCKS, NOISE_TAILS, NOISE_BUSY};
    static const size_t designs[][2] = {{5, 5}, {6, 10}, {10, 10}, {6, 20}, {20, 20}, {6, 40}};
    simulate_say(simulate,
                 "\nClaims that a second run confirms: %d pairs, of collectors that are %.0f%% apart", PAIRS,
                 100 * expm1(APART));
    simulate_say(simulate, "%-20s %7s %9s %8s %10s %10s %8s %11s %13s", "noise", "offset", "looks", "blocks",
                 "decided", "claims", "spent", "confirmed", "contradicted");
    for (size_t kind = 0; kind < (simulate->brief ? 1 : 7); kind++)
        for (size_t design = 0; design < (simulate->brief ? 2 : 6); design++)
            for (int percent = 0; percent <= 2; percent++)
                confirm_row(simulate, kinds[kind], 0.01 * percent, designs[design][0], designs[design][1]);
}

/* SPDX-License-Identifier: MIT */
#include "tests/measuring/simulations/noise.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/statistics/noise-busy.h"
#include "harness/statistics/noise-recorded.h"

const char *const noise_names[NOISE_KINDS] = {
    [NOISE_NORMAL] = "normal, 3%",         [NOISE_UNEQUAL] = "normal, unequal",
    [NOISE_QUIET] = "recorded, quiet",     [NOISE_BUSY] = "recorded, busy",
    [NOISE_DRIFT] = "quiet, drift 10%",    [NOISE_SHOCKS] = "quiet, shocks 50%",
    [NOISE_TAILS] = "t of 3, heavy tails", [NOISE_SKEWED] = "one in ten 20% longer",
    [NOISE_STEPS] = "steps of 5%",
};

double noise_normal(struct random_state *random)
{
    double radius = sqrt(-2 * log(1 - random_real(random)));
    return radius * cos(2 * M_PI * random_real(random));
}

static double tail_draw(struct random_state *random)
{
    double squares = 0;
    for (int i = 0; i < 3; i++) {
        double value = noise_normal(random);
        squares += value * value;
    }
    return noise_normal(random) / sqrt(squares / 3);
}

static double quiet_draw(struct random_state *random)
{
    return noise_process[random_below(random, NOISE_PROCESSES)];
}

/* The factor of a process, as a logarithm. `scatter` is the cell's own. */
static double process_draw(enum noise kind, double scatter, struct random_state *random)
{
    switch (kind) {
    case NOISE_NORMAL:
        return 0.03 * noise_normal(random);
    case NOISE_UNEQUAL:
        return scatter * noise_normal(random);
    case NOISE_BUSY:
        return busy_process[random_below(random, BUSY_PROCESSES)];
    case NOISE_TAILS:
        return 0.02 * tail_draw(random);
    case NOISE_SKEWED:
        return 0.01 * noise_normal(random) + (random_below(random, 10) == 0 ? log(1.2) : 0);
    case NOISE_STEPS:
        return random_below(random, 2) ? log(1.05) : 0;
    default:
        return quiet_draw(random);
    }
}

static double block_draw(enum noise kind, struct random_state *random)
{
    switch (kind) {
    case NOISE_STEPS:
        return 0;
    case NOISE_BUSY:
        return busy_block[random_below(random, BUSY_BLOCKS)];
    default:
        return noise_block[random_below(random, NOISE_BLOCKS)];
    }
}

/* A shock lasts for a part of its block: it begins and ends at shares of it. */
struct shock {
    double begin, end;
};

static struct shock shock_draw(enum noise kind, struct random_state *random)
{
    if (kind != NOISE_SHOCKS || random_below(random, 5) != 0)
        return (struct shock){1, 0};
    double begin = random_real(random);
    return (struct shock){begin, begin + random_real(random)};
}

static void shuffle(size_t *order, size_t count, struct random_state *random)
{
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count; i > 1; i--) {
        size_t other = random_below(random, i), kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
}

void noise_fill(enum noise kind, const double *truths, size_t cells, size_t blocks,
                struct random_state *random, double *ret_values)
{
    size_t *order = memory_new(cells, sizeof(*order));
    double *scatters = memory_new(cells, sizeof(*scatters));
    for (size_t cell = 0; cell < cells; cell++)
        scatters[cell] = kind == NOISE_UNEQUAL ? 0.03 * exp(M_LN2 * noise_normal(random)) : 0;
    for (size_t block = 0; block < blocks; block++) {
        double level = block_draw(kind, random);
        struct shock shock = shock_draw(kind, random);
        shuffle(order, cells, random);
        for (size_t place = 0; place < cells; place++) {
            double moment = (double)place / (double)cells;
            double value = truths[order[place]] + level + process_draw(kind, scatters[order[place]], random);
            if (kind == NOISE_DRIFT)
                value += log(1.1) * ((double)block + moment) / (double)blocks;
            if (shock.begin <= moment && moment < shock.end)
                value += log(1.5);
            ret_values[order[place] * blocks + block] = exp(value);
        }
    }
    free(order);
    free(scatters);
}

/* SPDX-License-Identifier: MIT */
/* Checks minimum mutator utilisation by hand, and against every window that there is. */
#include <math.h>

#include "base/random.h"
#include "harness/analysis/utilisation.h"
#include "tests/tap.h"

enum { RUN = 60, MOST = 12 };

/* Tries every whole beginning of a window. Pauses have whole edges, so the minimum is among these windows. */
static double brute_force(const struct utilisation_pause *pauses, size_t count, int64_t window)
{
    int paused_at[RUN] = {0};
    int worst = 0;
    for (size_t i = 0; i < count; i++)
        for (int64_t t = pauses[i].begin_ns; t < pauses[i].end_ns && t < RUN; t++)
            paused_at[t] = 1;
    for (int64_t begin = 0; begin + window <= RUN; begin++) {
        int paused = 0;
        for (int64_t t = begin; t < begin + window; t++)
            paused += paused_at[t];
        worst = paused > worst ? paused : worst;
    }
    return 1 - (double)worst / (double)window;
}

static size_t random_pauses(struct random_state *random, struct utilisation_pause *pauses)
{
    size_t count = random_below(random, MOST + 1);
    for (size_t i = 0; i < count; i++) {
        pauses[i].begin_ns = (int64_t)random_below(random, RUN);
        pauses[i].end_ns = pauses[i].begin_ns + (int64_t)random_below(random, 9);
    }
    return count;
}

static void test_random(void)
{
    struct random_state random;
    int wrong = 0;
    random_seed(&random, 5);
    for (int round = 0; round < 2000; round++) {
        struct utilisation_pause pauses[MOST], prepared[MOST];
        size_t count = random_pauses(&random, pauses);
        memcpy(prepared, pauses, sizeof(pauses));
        size_t kept = utilisation_prepare(prepared, count, RUN);
        for (int64_t window = 1; window <= RUN; window++)
            wrong += fabs(utilisation_minimum(prepared, kept, RUN, window) -
                          brute_force(pauses, count, window)) > 1e-12;
    }
    tap_equal(wrong, 0, "2000 random runs: the minimum of each of 60 windows equals that over all windows");
}

int main(void)
{
    struct utilisation_pause pauses[] = {{50, 60}, {10, 20}, {15, 30}, {90, 120}, {40, 40}};
    size_t kept = utilisation_prepare(pauses, 5, 100);
    tap_equal((int64_t)kept, 3, "pauses are sorted, joined and clipped to the run: 10-30, 50-60, 90-100");
    tap_ok(utilisation_minimum(pauses, kept, 100, 20) == 0,
           "a window as long as the longest pause has no utilisation");
    tap_ok(fabs(utilisation_minimum(pauses, kept, 100, 50) - 0.4) < 1e-12,
           "the worst window of 50 is 10-60: 20 of 50 are left");
    tap_ok(fabs(utilisation_minimum(pauses, kept, 100, 500) - 0.6) < 1e-12,
           "a window longer than the run is the run");
    tap_ok(utilisation_minimum(pauses, 0, 100, 10) == 1, "a run without pauses is all the mutator's");
    test_random();
    return tap_done();
}

/* SPDX-License-Identifier: MIT */
#include "base/random.h"
#include "tests/tap.h"

static void check_splitmix(void)
{
    /* The reference implementation (prng.di.unimi.it/splitmix64.c) prints these outputs for seed 1234567. */
    static const uint64_t expected[] = {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                        4593380528125082431u, 16408922859458223821u};
    uint64_t state = 1234567;
    bool same = true;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        same &= random_splitmix(&state) == expected[i];
    tap_ok(same, "SplitMix64 gives the published outputs");
}

static void check_xoshiro(void)
{
    /* rand_xoshiro took this vector for state {1, 2, 3, 4} from the C reference implementation. */
    static const uint64_t expected[] = {
        11520,
        0,
        1509978240,
        1215971899390074240,
        1216172134540287360,
        607988272756665600,
        16172922978634559625u,
        8476171486693032832,
        10595114339597558777u,
        2904607092377533576,
    };
    struct random_state state = {{1, 2, 3, 4}};
    bool same = true;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        same &= random_next(&state) == expected[i];
    tap_ok(same, "xoshiro256** gives the published outputs");
}

static void check_below(void)
{
    enum { BOUND = 7, DRAWS = 70000 };
    int counts[BOUND] = {0};
    bool inside = true;
    struct random_state state;
    random_seed(&state, 42);
    for (int i = 0; i < DRAWS; i++) {
        uint64_t x = random_below(&state, BOUND);
        inside &= x < BOUND;
        counts[x % BOUND]++;
    }
    tap_ok(inside, "a number below a bound is below it");
    double chi2 = 0;
    for (int i = 0; i < BOUND; i++)
        chi2 += (counts[i] - DRAWS / BOUND) * (double)(counts[i] - DRAWS / BOUND) / (DRAWS / BOUND);
    tap_ok(chi2 < 22.46,
           "each number below a bound is equally likely (chi squared %.1f, 6 degrees, 0.1%%: 22.46)", chi2);
    tap_equal((int64_t)random_below(&state, 1), 0, "the only number below 1 is 0");
    /* The bound is three quarters of 2^64. Without rejection, multiples of three would come up twice as
     * often. */
    uint64_t bound = 0xc000000000000000u, third = 0;
    for (int i = 0; i < 30000; i++)
        third += random_below(&state, bound) % 3 == 0;
    tap_ok(third > 9600 && third < 10400, "a bound near 2^64 is unbiased (%d of 30000 in one third)",
           (int)third);
}

static void check_real(void)
{
    struct random_state state;
    random_seed(&state, 0);
    double sum = 0, least = 1, most = 0;
    for (int i = 0; i < 100000; i++) {
        double x = random_real(&state);
        sum += x;
        least = x < least ? x : least;
        most = x > most ? x : most;
    }
    tap_ok(least >= 0 && most < 1, "a random real lies in [0, 1)");
    tap_ok(sum / 100000 > 0.495 && sum / 100000 < 0.505, "random reals have mean one half (%.4f)",
           sum / 100000);
}

int main(void)
{
    check_splitmix();
    check_xoshiro();
    check_below();
    check_real();
    return tap_done();
}

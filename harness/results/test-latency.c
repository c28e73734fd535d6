/* SPDX-License-Identifier: MIT */
/* Metered latency by hand, and against its definition taken literally. */
#include "base/random.h"
#include "harness/results/csv.h"
#include "harness/results/latency.h"
#include "tests/tap.h"

enum { MOST = 40 };

/* The definition, request by request: each edge is looked for from the first. */
static int64_t literally(const struct latency_request *sorted, size_t count, int64_t window, size_t i)
{
    size_t s = 0, e = 0;
    while (s < count && sorted[s].begin_ns < sorted[i].begin_ns - window / 2)
        s++;
    while (e < count && sorted[e].begin_ns < sorted[i].begin_ns + window / 2)
        e++;
    s = s < count ? s : count - 1;
    e = e < count ? e : count - 1;
    int64_t simple = sorted[i].end_ns - sorted[i].begin_ns;
    if (e == s)
        return simple;
    int64_t even =
        sorted[s].begin_ns + (int64_t)(i - s) * (sorted[e].begin_ns - sorted[s].begin_ns) / (int64_t)(e - s);
    int64_t metered = sorted[i].end_ns - even;
    return metered > simple ? metered : simple;
}

static void test_random(void)
{
    struct random_state random;
    int wrong = 0, less = 0;
    random_seed(&random, 11);
    for (int round = 0; round < 2000; round++) {
        struct latency_request requests[MOST];
        int64_t found[MOST];
        size_t count = 1 + random_below(&random, MOST);
        for (size_t i = 0; i < count; i++) {
            int64_t begin = (int64_t)random_below(&random, 300); /* some begin at the same moment */
            requests[i] = (struct latency_request){begin, begin, begin + (int64_t)random_below(&random, 50)};
        }
        latency_sort(requests, count);
        for (int64_t window = 0; window <= 700; window += 7) {
            latency_metered(requests, count, window, found);
            for (size_t i = 0; i < count; i++) {
                wrong += found[i] != literally(requests, count, window, i);
                less += found[i] < requests[i].end_ns - requests[i].begin_ns;
            }
        }
    }
    tap_equal(wrong, 0,
              "2000 random runs in 101 windows: each latency is that of the definition taken literally");
    tap_equal(less, 0, "and none is below the simple one");
}

/* Begins at 0, 10, 20, 30, and after a pause at 100 and 110; each takes 5, the fourth 65. */
static void test_by_hand(void)
{
    struct latency_request requests[] = {{100, 100, 105}, {0, 0, 5},    {110, 110, 115},
                                         {20, 20, 25},    {30, 30, 95}, {10, 10, 15}};
    int64_t found[6];
    latency_sort(requests, 6);
    tap_ok(requests[0].begin_ns == 0 && requests[4].begin_ns == 100, "requests are sorted by their begin");
    tap_equal(latency_span(requests, 6), 115, "the run goes from the first begin to the last end");
    latency_metered(requests, 6, 0, found);
    tap_ok(found[0] == 5 && found[3] == 65 && found[4] == 5, "a window of 0 gives simple latency: s = e");
    /* All of the run: 0 and 110 are the ends, five steps of 22 between them. */
    latency_metered(requests, 6, 1150, found);
    tap_equal(found[4], 105 - 88,
              "after the pause the fifth would have begun at 4 x 22 = 88: 17 instead of 5");
    tap_equal(found[3], 65, "the fourth would have begun at 66, after it did: 65 as it is");
    tap_equal(found[5], 5, "the last begins at the end of the window and waits for nobody");
    /* Window 160 around 100: s = 20 (index 2), e = the last (index 5): 20 + 2 x 90 / 3 = 80. */
    latency_metered(requests, 6, 160, found);
    tap_equal(found[4], 25, "in a window of 160 it would have begun at 80: 25");
    /* Around the last: s = 30 (index 3), e = 5: 30 + 2 x 80 / 2 = 110. */
    tap_equal(found[5], 5, "and the last at its own time");
    latency_metered(requests, 6, 10, found);
    tap_equal(found[4], 5, "a window narrower than the gaps sees each request alone: e = s + 1 and i = s");
}

static void test_edges(void)
{
    struct latency_request one = {3, 7, 9}, same[] = {{0, 5, 6}, {5, 5, 9}, {5, 5, 7}};
    int64_t found[3];
    latency_metered(&one, 1, 1000, found);
    tap_equal(found[0], 2, "one request has e = s: nothing is divided by 0");
    latency_response(&one, 1, found);
    tap_equal(found[0], 6, "the response time counts from the arrival");
    latency_metered(same, 3, 100, found);
    tap_ok(found[0] == 1 && found[1] == 4 && found[2] == 2, "requests that begin together wait for nobody");
    tap_equal(latency_span(same, 0), 0, "a run without requests has no span");
    tap_equal(latency_window_all(115), 1150, "the window of all requests is ten times their span");
    struct latency_request apart[] = {{0, 0, 1}, {CSV_COUNT_MOST, CSV_COUNT_MOST, CSV_COUNT_MOST}};
    latency_metered(apart, 2, latency_window_all(latency_span(apart, 2)), found);
    tap_ok(found[0] == 1 && found[1] == 0, "and no longer than time is, for the largest counts of a file");
}

int main(void)
{
    test_by_hand();
    test_edges();
    test_random();
    return tap_done();
}

/* SPDX-License-Identifier: MIT */
/* The search against processes whose minimum is known because they are made up. */
#include <stdlib.h>

#include "harness/campaign/minheap/minheap.h"
#include "tests/tap.h"

static unsigned trials_told;

static void tell(void *context)
{
    (void)context;
    trials_told++;
}

/* A process that fits from `minimum` on, except in [hole, hole_end), and breaks as told. */
struct simulated {
    uint64_t minimum, hole, hole_end;
    unsigned runs, breaks_at, stops_at; /* the run that does; 0: none */
    unsigned lucky;                     /* how many runs below the minimum, but over half of it, fit */
    uint64_t fitted[4096];              /* limits that fitted */
    unsigned fitted_count;
};

static enum minheap_verdict simulate(void *context, uint64_t bytes, char **ret_reason)
{
    struct simulated *process = context;
    process->runs++;
    if (process->runs == process->breaks_at) {
        *ret_reason = strdup("killed by signal 11");
        return MINHEAP_BROKEN;
    }
    if (process->runs == process->stops_at)
        return MINHEAP_STOPPED;
    bool fits = bytes >= process->minimum && !(bytes >= process->hole && bytes < process->hole_end);
    if (!fits && process->lucky && bytes >= process->minimum / 2) {
        process->lucky--;
        fits = true;
    }
    if (fits)
        process->fitted[process->fitted_count++] = bytes;
    return fits ? MINHEAP_FITS : MINHEAP_TOO_SMALL;
}

static enum minheap_verdict search(struct simulated *process, unsigned trials, uint64_t seed,
                                   struct minheap_result *ret_result, char **ret_reason)
{
    struct minheap_process run = {simulate, process, tell};
    return minheap_search(&run, trials, seed, ret_result, ret_reason);
}

static unsigned times_fitted(const struct simulated *process, uint64_t bytes)
{
    unsigned times = 0;
    for (unsigned i = 0; i < process->fitted_count; i++)
        times += process->fitted[i] == bytes;
    return times;
}

static void test_known_minima(void)
{
    static const uint64_t minima[] = {1,       70000,     65536 * 3 + 1, 1 << 20,
                                      5000000, 123456789, (3ull << 30),  (1ull << 40) + 7};
    bool near = true, proven = true, monotone = true;
    unsigned most = 0;
    for (uint64_t seed = 0; seed < 40; seed++)
        for (size_t i = 0; i < sizeof(minima) / sizeof(*minima); i++) {
            struct simulated process = {.minimum = minima[i]};
            struct minheap_result result;
            char *reason;
            search(&process, 5, seed, &result, &reason);
            uint64_t step = minima[i] / 99 > MINHEAP_STEP ? minima[i] / 99 : MINHEAP_STEP;
            for (unsigned t = 0; t < 5; t++) {
                near &= result.trials[t].bytes >= minima[i] && result.trials[t].bytes <= minima[i] + step;
                proven &= times_fitted(&process, result.trials[t].bytes) >= 2;
                most = result.trials[t].runs > most ? result.trials[t].runs : most;
            }
            monotone &= result.monotone && result.low <= result.median && result.median <= result.high;
        }
    tap_ok(near, "the answer of every trial is within 1%% or 64 KiB above the true minimum, and never below");
    tap_ok(proven, "and was run twice and did its work both times");
    tap_ok(monotone, "a process that fits from a limit on is monotone");
    tap_ok(most <= 40, "a trial takes %u runs at the most, of minima from a byte to a tebibyte", most);
}

static void test_grids(void)
{
    struct simulated process = {.minimum = 100 << 20};
    struct minheap_result result, again;
    char *reason;
    search(&process, 5, 7, &result, &reason);
    tap_ok(result.low < result.high,
           "each trial has a grid of its own, so that the range shows the resolution");
    search(&process, 5, 7, &again, &reason);
    tap_ok(memcmp(&result, &again, sizeof(result)) == 0, "the seed decides all of it");
    uint64_t sorted[5];
    for (int i = 0; i < 5; i++)
        sorted[i] = result.trials[i].bytes;
    unsigned below = 0, above = 0;
    for (int i = 0; i < 5; i++) {
        below += sorted[i] < result.median;
        above += sorted[i] > result.median;
    }
    tap_ok(below <= 2 && above <= 2, "the median is in the middle of the five");
}

static void test_not_monotone(void)
{
    struct simulated process = {.minimum = 10 << 20, .hole = 15 << 20, .hole_end = 16 << 20};
    struct minheap_result result;
    char *reason;
    enum minheap_verdict verdict = search(&process, 5, 1, &result, &reason);
    uint64_t larger = result.trials[0].not_monotone;
    tap_ok(verdict == MINHEAP_FITS && !result.monotone, "a larger limit that is too small is flagged");
    tap_ok(larger >= process.hole && larger < process.hole_end, "and named");
    tap_ok(times_fitted(&process, result.trials[0].bytes) >= 2, "the answer still is one that fits");
}

static void test_luck(void)
{
    struct simulated process = {.minimum = 8 << 20, .lucky = 1};
    struct minheap_result result;
    char *reason;
    search(&process, 1, 3, &result, &reason);
    tap_ok(result.trials[0].bytes >= process.minimum,
           "a limit that fits once and then does not is no answer");
    struct simulated luckier = {.minimum = 8 << 20, .lucky = 3};
    search(&luckier, 1, 3, &result, &reason);
    tap_ok(times_fitted(&luckier, result.trials[0].bytes) >= 2,
           "whatever luck there was, the answer held twice");
}

static void test_endings(void)
{
    struct simulated process = {.minimum = 5 << 20, .breaks_at = 4};
    struct minheap_result result;
    char *reason;
    tap_equal(search(&process, 5, 1, &result, &reason), MINHEAP_BROKEN,
              "a crash ends the search as an error");
    tap_same(reason, "killed by signal 11", "with its reason");
    tap_equal(process.runs, 4, "at once");
    free(reason);
    bool all = true;
    for (unsigned at = 1; at < 60; at++) {
        struct simulated later = {.minimum = 5 << 20, .breaks_at = at};
        all &= search(&later, 5, 1, &result, &reason) == MINHEAP_BROKEN && later.runs == at;
        free(reason);
    }
    tap_ok(all, "in whatever phase of the search it comes");
    struct simulated stopped = {.minimum = 5 << 20, .stops_at = 9};
    tap_equal(search(&stopped, 5, 1, &result, &reason), MINHEAP_STOPPED, "an interrupt ends it too");
    trials_told = 0;
    struct simulated whole = {.minimum = 5 << 20};
    search(&whole, 1, 1, &result, &reason);
    struct simulated half = {.minimum = 5 << 20, .stops_at = whole.runs + 3};
    search(&half, 5, 1, &result, &reason);
    tap_ok(result.count == 1 && result.median == result.trials[0].bytes && trials_told == 2,
           "and leaves the trials that were complete, each of which was told");
    struct simulated never = {.minimum = UINT64_MAX};
    tap_equal(search(&never, 1, 1, &result, &reason), MINHEAP_BROKEN, "one that never fits has no minimum");
    tap_same(reason, "it does not fit into 64 TiB", "and that is said");
    free(reason);
}

int main(void)
{
    test_known_minima();
    test_grids();
    test_not_monotone();
    test_luck();
    test_endings();
    return tap_done();
}

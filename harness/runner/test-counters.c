/* SPDX-License-Identifier: MIT */
#include "harness/runner/counters.h"
#include "tests/tap.h"

static void check_values(void)
{
    tap_equal(counters_value((uint64_t[]){1000, 50, 50}), 1000,
              "a counter that ran all the time is believed");
    tap_equal(counters_value((uint64_t[]){1000, 50, 49}), -1, "one that was shared is not");
    tap_equal(counters_value((uint64_t[]){0, 0, 0}), -1, "nor is one that never ran");
}

/* Runs a loop of about four instructions a round, which no compiler can shorten. */
static int64_t loop_counted(uint64_t rounds)
{
    struct counters counters;
    volatile uint64_t sum = 0;
    counters_open(&counters);
    counters_start(&counters);
    for (uint64_t i = 0; i < rounds; i++)
        sum += i;
    counters_stop(&counters);
    for (uint64_t i = 0; i < 10 * rounds; i++)
        sum += i;
    counters_close(&counters);
    assert(sum > 0);
    return counters.values[COUNTERS_INSTRUCTIONS];
}

int main(void)
{
    check_values();
    int64_t few = loop_counted(100000), many = loop_counted(1000000);
    if (few < 0 || many < 0) {
        tap_skip("instructions are counted", "this processor shows no counters");
        return tap_done();
    }
    tap_ok(few > 100000 && few < 3000000, "instructions are counted from start to stop");
    tap_ok(many > 9 * few && many < 11 * few, "in proportion to the work");
    return tap_done();
}
